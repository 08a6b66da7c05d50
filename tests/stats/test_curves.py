"""Numbers of curves: grids, steps of whole people, areas."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sdc_airlock.stats.curves import half_unit, is_convex, is_cumulative, is_density, is_even, is_grid, one_a_row, people_of_steps


@given(people=st.integers(20, 300), places=st.integers(4, 8), seed=st.integers(0, 100))
@settings(max_examples=40)
def test_people_are_told_from_their_shares(people: int, places: int, seed: int) -> None:
    """The number found explains every share, and is that of the people, or one of its divisors where they happen to share one."""
    counts = np.random.default_rng(seed).integers(1, people, 40)
    found = people_of_steps(np.round(counts / people, places), half_unit(places))
    half = half_unit(places)
    if half * people < 0.02:
        assert found
        assert np.all(np.abs(np.round(counts / people, places) * found - np.round(counts / people * found)) <= half * found + 1e-6)
        assert found == people or people % found == 0
    else:
        assert found <= people


def test_shares_of_a_large_group_tell_no_number() -> None:
    """With few decimals any large number would do, so none is told."""
    shares = np.round(np.random.default_rng(1).random(50), 3)
    assert people_of_steps(shares, half_unit(3)) == 0


@pytest.mark.parametrize(
    ("rows", "start", "one_each"), [(87, 1.0, True), (87, 0.5, True), (41, 1.0, True), (100, 1.0, False), (512, 0.5, False)]
)
def test_positions_of_people_and_chosen_grids(rows: int, start: float, one_each: bool) -> None:  # noqa: FBT001
    """87 even steps of 1/87 are people; as many steps as people choose for a grid are a grid."""
    assert one_a_row(np.round((np.arange(rows) + start) / rows, 6), half_unit(6)) is one_each


@pytest.mark.parametrize("rows", [21, 50, 100, 101, 257])
def test_grids_with_both_ends(rows: int) -> None:
    """An even grid from none to all, of a length that people choose, is nobody's positions."""
    assert not one_a_row(np.round(np.linspace(0, 1, rows), 6), half_unit(6))


def test_grids() -> None:
    """Even steps, also of logarithms and rounded ones; numbers in order are no grid."""
    assert is_even(np.round(np.linspace(30, 95, 37), 2), half_unit(2))
    assert is_grid(np.logspace(-2, 3, 40), 1e-9)
    assert not is_grid(np.sort(np.random.default_rng(2).normal(50, 10, 60)), half_unit(1))


def test_densities_and_cumulative_curves() -> None:
    """A bell over a grid has an area of one; its sum goes from none to all; scattered numbers are neither."""
    at = np.linspace(-4, 4, 101)
    bell = np.exp(-(at**2) / 2) / np.sqrt(2 * np.pi)
    scattered = np.random.default_rng(3).random(101) / 8
    assert is_density(at, bell)
    assert not is_density(at, scattered)
    assert is_cumulative(np.cumsum(bell) * 0.08)
    assert not is_cumulative(scattered)
    assert is_convex(np.linspace(0, 1, 30) ** 2, 1e-9)
    assert not is_convex(np.linspace(0, 1, 30) ** 0.5, 1e-9)
