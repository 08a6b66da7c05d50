"""How likely it is that separate groups of people give counts so close to each other."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from sdc_airlock.stats.differences import chance_of_closeness, common_multiple, lower_tail


@given(st.floats(0, 400), st.integers(1, 300))
def test_the_lower_tail_is_that_of_chi_squared(value: float, freedom: int) -> None:
    """Up to just beyond the mean it is exact; well beyond, nothing is unlikely, and it says 1."""
    found = lower_tail(value, freedom)
    assert found == pytest.approx(stats.chi2.cdf(value, freedom), rel=1e-6, abs=1e-300) or (found == 1.0 and value > freedom + 2)


def test_separate_groups_are_seldom_close() -> None:
    """Over many pairs of tables of different people, closeness below one in a hundred comes about one time in a hundred."""
    rng = np.random.default_rng(7)
    rates = rng.uniform(20, 400, (2000, 8))
    chances = [chance_of_closeness(rng.poisson(rate).astype(float), rng.poisson(rate).astype(float)) for rate in rates]
    assert np.mean(np.array(chances) < 0.01) < 0.02


def test_the_same_people_but_for_a_few_are_close() -> None:
    """Three people fewer among thousands are no accident."""
    first = np.array([1207.0, 943.0, 1108.0, 871.0])
    assert chance_of_closeness(first, first - [0, 3, 0, 0]) < 1e-4
    assert chance_of_closeness(first, first * 1.1) > 0.5


def test_nothing_to_go_by() -> None:
    """Zeros say nothing."""
    assert chance_of_closeness(np.zeros(4), np.zeros(4)) == 1.0


@pytest.mark.parametrize(
    ("counts", "base"),
    [
        ([5, 20, 35, 65, 0], 5),
        ([6, 12, 33, 36, 39, 60], 3),
        ([6, 12, 33], 1),
        ([3324, 1390, 4012], 1),
        ([7, 15, 35, 65], 1),
        ([50, 100], 50),
        ([], 1),
    ],
)
def test_the_base_that_counts_were_rounded_to(counts: list[float], base: int) -> None:
    """A few counts can all be even by accident."""
    assert common_multiple(np.array(counts, dtype=float)) == base
