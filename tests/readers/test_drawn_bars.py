"""Bars drawn with vectors: the counts that they stand for, where an axis counts people."""

from __future__ import annotations

import pytest

from sdc_airlock.readers._drawn_bars import Box, bar_items, counts_of

COUNTS = [2, 5, 11, 19, 14, 7, 1]
TICKS = "0\n5\n10\n15\n20\n40\n50\n60\nAge\n"


def boxes(counts: list[int], *, lying: bool = False) -> list[Box]:
    """Bars as a plotting program draws them."""
    tallest = max(counts)
    upright = [(50 + 40.0 * place, 350 - round(300 * count / tallest, 4), 40.0, round(300 * count / tallest, 4)) for place, count in enumerate(counts)]  # fmt: skip
    return [(350 - y - height, x, height, width) for x, y, width, height in upright] if lying else upright


def read(bars: list[Box], words: str) -> list[list[int]]:
    """Counts of all tables that come of a figure."""
    return [column.values.to_pylist() for item in bar_items("f.svg", bars, words) for column in item.columns if column.name == "count"]  # type: ignore[union-attr]


@pytest.mark.parametrize("lying", [False, True])
def test_heights_of_people(lying: bool) -> None:  # noqa: FBT001
    """Heights beside an axis of people give their counts."""
    (found,) = read(boxes(COUNTS, lying=lying), TICKS + "Number of patients")
    assert [int(count) for count in found] == COUNTS


def test_the_axis_tells_how_large_counts_are() -> None:
    """Counts that share a divisor, as rounded ones do, are not taken for the small ones in their proportion."""
    (found,) = read(boxes([5 * count for count in COUNTS]), "0\n20\n40\n60\n80\n100\nPatients")
    assert [int(count) for count in found] == [5 * count for count in COUNTS]


@pytest.mark.parametrize(
    "words", [TICKS + "Percent of patients", TICKS + "Mean age of patients", TICKS, "Number of patients", TICKS + "Number of genes"]
)
def test_axes_that_count_no_people(words: str) -> None:
    """Percentages, means, things, and axes without numbers are left alone."""
    assert not read(boxes(COUNTS), words)


def test_heights_that_are_no_counts() -> None:
    """Amounts are in no proportion of small whole numbers."""
    assert not counts_of([3.14159, 2.71828, 1.41421, 1.73205, 0.57722], {0.0, 1.0, 2.0, 3.0, 4.0})
