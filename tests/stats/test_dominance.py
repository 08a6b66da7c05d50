"""Rules of dominance: what is flagged from bounds surely fails with the contributions themselves."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdc_airlock.stats.dominance import Shares, dominated, largest_from_gini, largest_from_herfindahl, too_near

CONTRIBUTIONS = st.lists(st.integers(1, 10_000), min_size=3, max_size=40)


def exact(values: list[int]) -> tuple[list[float], float]:
    """Shares from the largest, and their total."""
    total = sum(values)
    return sorted((value / total for value in values), reverse=True), total


def gini(values: list[int]) -> float:
    """Gini coefficient from its definition."""
    return sum(abs(one - other) for one in values for other in values) / (2 * len(values) * sum(values))


@given(CONTRIBUTIONS)
def test_bounds_hold(values: list[int]) -> None:
    """Bounds from Herfindahl and Gini never pass the largest share."""
    shares, _ = exact(values)
    assert largest_from_herfindahl(sum(share**2 for share in shares)) <= shares[0] + 1e-9
    assert largest_from_gini(gini(values), len(values)) <= shares[0] + 1e-9


@given(CONTRIBUTIONS, st.integers(1, 4), st.floats(0.2, 0.95))
def test_nk_from_bounds_is_sure(values: list[int], number: int, limit: float) -> None:
    """Whatever is known (the largest, the top three, an index), a total called dominated is so by its contributions."""
    shares, _ = exact(values)
    top = sum(shares[:number])
    for known in (
        Shares(largest=shares[0], contributors=len(values)),
        Shares(tops={3: sum(shares[:3])}),
        Shares(largest=largest_from_herfindahl(sum(share**2 for share in shares))),
        Shares(largest=largest_from_gini(gini(values), len(values))),
    ):
        assert not dominated(known, number, limit) or top > limit - 1e-9


@given(CONTRIBUTIONS, st.floats(0.01, 0.5), st.floats(0.2, 1.0))
def test_pq_from_bounds_is_sure(values: list[int], percent: float, prior: float) -> None:
    """A total called too near is so by its contributions, and with the two largest known no other is missed."""
    shares, _ = exact(values)
    fails = 1 - shares[0] - shares[1] < percent / prior * shares[0] + 1e-9
    for known in (
        Shares(largest=shares[0]),
        Shares(tops={2: shares[0] + shares[1]}),
        Shares(largest=largest_from_gini(gini(values), len(values))),
    ):
        assert not too_near(known, percent, prior) or fails
    both = Shares(largest=shares[0], second=shares[1])
    if abs(1 - shares[0] - shares[1] - percent / prior * shares[0]) > 1e-6:
        assert too_near(both, percent, prior) == fails


def test_published_instance() -> None:
    """The textbook cell of 60, 35 and 5: (2, 90 %) fails, (1, 70 %) holds, p = 10 % fails and p = 5 % holds."""
    cell = Shares(largest=0.60, second=0.35, contributors=3)
    assert dominated(cell, 2, 0.90)
    assert not dominated(cell, 1, 0.70)
    assert too_near(cell, 0.10)
    assert not too_near(cell, 0.05)


@pytest.mark.parametrize("index", [1.0, 1.2, -0.1])
def test_odd_indices(index: float) -> None:
    """An index beyond its scale bounds nothing."""
    assert largest_from_gini(index, 30) == 0
    assert 0 <= largest_from_herfindahl(index) <= 1
