"""Bars drawn with vectors: the counts that they stand for, where an axis counts people."""

from __future__ import annotations

import pytest

from sdc_airlock.model.content import Unread
from sdc_airlock.readers._drawn_bars import Box, bar_items, boxes_in, counts_of

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


PAGES = {
    "rectangles of a page": "".join("{x:.2f} {y:.2f} 40.00 {h:.4f} re f\n" for _ in COUNTS),
    "rectangles of a program": "".join("np\n{x:.2f} {y:.2f} 40.00 {h:.4f} r p2\n" for _ in COUNTS),
    "closed lines": "".join("{x:.2f} {y:.2f} m\n{r:.2f} {y:.2f} l\n{r:.2f} {t:.4f} l\n{x:.2f} {t:.4f} l\nh\nf\n" for _ in COUNTS),
}


@pytest.mark.parametrize("way", PAGES)
def test_bars_of_pages_and_programs(way: str) -> None:
    """Rectangles, and closed lines through four corners, are bars as much as those of a picture are."""
    piece = PAGES[way][: len(PAGES[way]) // len(COUNTS)]
    sizes = [(50 + 40.0 * place, 60.0, 300 * count / max(COUNTS)) for place, count in enumerate(COUNTS)]
    program = "".join(piece.format(x=x, y=y, h=high, r=x + 40, t=y + high) for x, y, high in sizes)
    (found,) = read(boxes_in(program), TICKS + "Number of patients")
    assert [int(count) for count in found] == COUNTS


def test_what_is_no_box_is_passed_over() -> None:
    """Triangles, curves and slanted lines are no bars."""
    assert not boxes_in("1 1 m 5 1 l 5 5 l h\n1 1 m 2 3 l 5 5 l 7 1 l h\n1 1 5 5 3 3 c\n")


def test_more_bars_than_are_read_are_a_gap() -> None:
    """A figure of counts with too many bars is not passed over."""
    many = [(float(place), 0.0, 1.0, 1.0 + place % 5) for place in range(50_001)]
    (gap,) = bar_items("figure", many, "number of patients\n0\n5\n10")
    assert isinstance(gap, Unread)
    assert gap.limit_name == "bars"
