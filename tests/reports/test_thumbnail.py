"""Pictures of places."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdc_airlock.model.finding import Location
from sdc_airlock.reports.thumbnail import WIDTH, thumbnail


def table(shape: tuple[int, int], **place: object) -> Location:
    """A place in a table."""
    return Location(part_id="t.csv", shape=shape, **place)  # type: ignore[arg-type]


def marked(drawing: str) -> int:
    """Number of marked squares."""
    return drawing.count("M")


def test_each_cell_is_marked_where_it_lies() -> None:
    """In a small table one cell is one square, below the header and in its column."""
    drawing = thumbnail([table((4, 4), cells=((0, 0), (3, 2)))])
    assert drawing is not None
    assert drawing.hits == "M0 8h33v8h-33z" + "M66 32h33v8h-33z"
    assert drawing.label == "Table of 4 rows and 4 columns; 2 places marked"


def test_a_place_is_named_for_those_who_cannot_see_it() -> None:
    """A picture of one place says which in its name."""
    drawing = thumbnail([table((4, 4), rows=(3,), columns=("cases",), cells=((1, 2),))])
    assert drawing is not None
    assert drawing.label == "Table of 4 rows and 4 columns; 1 place marked: row 3, column cases"


def test_a_large_table_is_drawn_smaller() -> None:
    """Squares stand for many cells; the last row is in the last square."""
    drawing = thumbnail([table((100_000, 300), cells=((99_999, 299), (0, 0)))])
    assert drawing is not None
    assert (marked(drawing.hits), drawing.height) == (2, 8 * 15)
    assert "drawn smaller" in drawing.label


@pytest.mark.parametrize(
    ("place", "squares"),
    [
        ({}, 16),
        ({"rows": (2,)}, 4),
        ({"columns": ("column 2",)}, 4),
        ({"columns": ("column 2",), "rows": (5,)}, 1),
        ({"columns": ("cases",)}, 16),
        ({"rows": (900,)}, 16),
        ({"columns": ("column 900",)}, 16),
        ({"cells": ((9, 9),)}, 0),
    ],
)
def test_places_without_cells(place: dict[str, object], squares: int) -> None:
    """Rows and numbered columns become bands; what cannot be placed marks everything, and a cell outside marks nothing."""
    drawing = thumbnail([table((4, 4), **place)])
    assert drawing is not None
    assert marked(drawing.hits) == squares


def test_several_places_share_a_picture() -> None:
    """Findings in one table are drawn together."""
    drawing = thumbnail([table((4, 4), cells=((0, 0),)), table((4, 4), cells=((1, 1),))])
    assert drawing is not None
    assert marked(drawing.hits) == 2


@pytest.mark.parametrize("shape", [None, (0, 4), (4, 0)])
def test_no_shape_no_picture(shape: tuple[int, int] | None) -> None:
    """Where nothing can be drawn, nothing is."""
    assert thumbnail([Location(part_id="t.csv", shape=shape)]) is None
    assert thumbnail([]) is None


@pytest.mark.parametrize(
    ("lines", "shape", "label", "marks"),
    [
        ((1, 1), (28, 1), "Page of 28 lines; marked at line 1", 1),
        ((1, 28), (28, 1), "Page of 28 lines; marked at lines 1 to 28", 14),
        ((500, 500), None, "Page of unknown length; marked at line 500", 1),
        ((500, 600), (20, 1), "Page of 20 lines; marked at lines 500 to 600", 1),
    ],
)
def test_a_page_of_text(lines: tuple[int, int], shape: tuple[int, int] | None, label: str, marks: int) -> None:
    """Lines are marked on a page, scaled to its length where that is known."""
    drawing = thumbnail([Location(part_id="t.txt", lines=lines, shape=shape)])
    assert drawing is not None
    assert drawing.page
    assert (drawing.label, drawing.hits.count("M")) == (label, marks)


@given(
    shape=st.tuples(st.integers(1, 10**7), st.integers(1, 10**5)),
    cells=st.lists(st.tuples(st.integers(-3, 10**7), st.integers(-3, 10**5)), max_size=30),
)
def test_marks_stay_inside(shape: tuple[int, int], cells: list[tuple[int, int]]) -> None:
    """Whatever the shape and the cells, nothing is drawn outside the picture."""
    drawing = thumbnail([table(shape, cells=tuple(cells))])
    assert drawing is not None
    for across, down in re.findall(r"M([\d.]+) ([\d.]+)", drawing.hits + drawing.masked):
        assert 0 <= float(across) < WIDTH
        assert 0 < float(down) < drawing.height
