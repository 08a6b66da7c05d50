"""Check digits of health service numbers."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdc_airlock.stats.check_digits import begins_with_date, chance_of_passes, in_issue, passes_modulus_11


def by_hand(number: int) -> bool:
    """The rule of the NHS Data Dictionary, digit by digit."""
    digits = [int(digit) for digit in f"{number:010d}"]
    check = 11 - sum(digit * weight for digit, weight in zip(digits, range(10, 1, -1), strict=False)) % 11
    return number > 0 and check != 10 and (0 if check == 11 else check) == digits[9]


@given(st.lists(st.integers(0, 10**10 - 1), min_size=1, max_size=50))
def test_same_as_by_hand(numbers: list[int]) -> None:
    """Whole columns pass where single numbers do."""
    assert passes_modulus_11(np.array(numbers)).tolist() == [by_hand(number) for number in numbers]


def test_share_that_passes_by_chance() -> None:
    """One in eleven numbers passes, or rather less: what ends in ten never does."""
    numbers = np.random.default_rng(3).integers(10**9, 10**10, 100_000)
    assert 0.085 < passes_modulus_11(numbers).mean() < 0.095


def test_numbers_of_eleven_digits_never_pass() -> None:
    """A longer number is none."""
    assert not passes_modulus_11(np.arange(10**10, 10**10 + 200)).any()


def test_ranges_and_dates() -> None:
    """Ranges in issue begin with 32 to 49 or 6 and 7; CHI numbers begin with a day and a month."""
    numbers = np.array([9_991_106_847, 4_010_000_000, 1_709_287_200, 101_601_522, 3_113_000_000, 3_102_000_000])
    assert in_issue(numbers).tolist() == [True, True, False, False, False, False]
    assert begins_with_date(numbers).tolist() == [False, False, True, True, False, False]


@pytest.mark.parametrize(
    ("passed", "tried", "low", "high"),
    [(0, 10, 1.0, 1.0), (10, 10, 0.0, 1e-9), (1, 1, 0.0909, 0.0910), (9, 100, 0.4, 0.7), (12, 10, 0.0, 0.0), (9_000, 100_000, 0.1, 1.0)],
)
def test_chance(passed: int, tried: int, low: float, high: float) -> None:
    """The tail of the binomial distribution, also for many numbers."""
    assert low <= chance_of_passes(passed, tried) <= high
