"""Samples of whole numbers left by a mean and a standard deviation."""

from __future__ import annotations

import itertools
import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdc_airlock.stats.small_samples import samples_that_fit


def fits(sample: tuple[int, ...], mean: float, deviation: float, places: int) -> bool:
    """Whether a sample has the mean and deviation, rounded."""
    half = 0.5 * 10.0**-places + 1e-9
    return abs(statistics.mean(sample) - mean) <= half and abs(statistics.stdev(sample) - deviation) <= half


@given(st.lists(st.integers(1, 5), min_size=2, max_size=6), st.integers(1, 3))
def test_all_samples_are_counted(sample: list[int], places: int) -> None:
    """The count is that of trying every sample between the ends."""
    mean, deviation = round(statistics.mean(sample), places), round(statistics.stdev(sample), places)
    low, high = min(sample), max(sample)
    every = [
        other
        for other in itertools.combinations_with_replacement(range(low, high + 1), len(sample))
        if (min(other), max(other)) == (low, high) and fits(other, mean, deviation, places)
    ]
    assert samples_that_fit(len(sample), mean, deviation, places=(places, places), ends=(low, high), enough=1000) == len(every)


@given(st.lists(st.integers(0, 90), min_size=2, max_size=12))
def test_the_true_sample_fits(sample: list[int]) -> None:
    """Without ends, at least the sample itself is found, or there are more than enough."""
    found = samples_that_fit(len(sample), round(statistics.mean(sample), 2), round(statistics.stdev(sample), 2), places=(2, 2), enough=9)
    assert found is None or 1 <= found <= 9


def test_all_alike() -> None:
    """A deviation of nothing leaves one sample, however many people."""
    assert samples_that_fit(150, 3.0, 0.0, places=(2, 2), enough=9) == 1


@pytest.mark.parametrize(("people", "mean", "deviation"), [(1, 3.0, 0.0), (201, 3.0, 0.0), (10, float("nan"), 1.0), (10, 3.0, -1.0)])
def test_what_is_not_counted(people: int, mean: float, deviation: float) -> None:
    """Single people, large groups and numbers that are none are left alone."""
    assert samples_that_fit(people, mean, deviation, places=(2, 2), enough=9) is None


@pytest.mark.usefixtures("ends")
def test_a_hard_case_ends() -> None:
    """A large group on a wide scale gives up."""
    assert samples_that_fit(200, 512.37, 81.123456, places=(2, 6), enough=9) is None
