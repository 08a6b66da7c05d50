"""Small pictures of where in a table or a page findings lie. They are drawn from places and shapes alone: nobody's value is in them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sdc_airlock.reports import words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sdc_airlock.model.finding import Location

WIDTH: Final = 132
_MOST_ROWS: Final = 14
_MOST_COLUMNS: Final = 12
_ROW: Final = 8
_SLOTS: Final = 14
_NUMBERED: Final = re.compile(r"column (\d{1,6})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Thumbnail:
    """A picture as SVG path data; the template gives it colours and `label` as its accessible name.

    Attributes:
        page: True for a page of text, False for a table.
        grid: Lines between cells (table), or the outline of the page.
        header: The header row, or "".
        masked: Bars that stand for values or lines of text.
        hits: What is marked.
    """

    label: str
    width: int
    height: int
    page: bool
    grid: str
    header: str
    masked: str
    hits: str


def thumbnail(locations: Sequence[Location]) -> Thumbnail | None:
    """One picture of several places in the same part; None where the places have no shape that could be drawn.

    Args:
        locations: Places in one part, of the same shape.
    """
    spans = [location.lines for location in locations if location.lines]
    shape = locations[0].shape if locations else None
    if spans:
        return _page(spans, shape[0] if shape else None)
    if shape is None or shape[0] < 1 or shape[1] < 1:
        return None
    return _table(locations, shape)


def _table(locations: Sequence[Location], shape: tuple[int, int]) -> Thumbnail:
    """A grid scaled down to a few rows and columns; a square is marked where any of its cells is."""
    rows, columns = min(shape[0], _MOST_ROWS), min(shape[1], _MOST_COLUMNS)
    step = WIDTH / columns
    marked = _squares(locations, shape, rows, columns)
    height = _ROW * (rows + 1)
    down = [f"M{_n(step * column)} 0V{height}" for column in range(1, columns)]
    across = [f"M0 {_ROW * row}H{WIDTH}" for row in range(1, rows + 1)]
    bars = [_bar(row, column, step) for row in range(rows) for column in range(columns) if (row, column) not in marked]
    return Thumbnail(
        label=_label(locations, shape, len(marked) == rows * columns, rows < shape[0] or columns < shape[1]),
        width=WIDTH,
        height=height,
        page=False,
        grid="".join(down + across),
        header=f"M0 0H{WIDTH}V{_ROW}H0Z",
        masked="".join(bars),
        hits="".join(f"M{_n(step * column)} {_ROW * (row + 1)}h{_n(step)}v{_ROW}h-{_n(step)}z" for row, column in sorted(marked)),
    )


def _bar(row: int, column: int, step: float) -> str:
    return f"M{_n(step * column + step * 0.25)} {_ROW * (row + 1) + _ROW // 2}h{_n(step * 0.5)}"


def _squares(locations: Iterable[Location], shape: tuple[int, int], rows: int, columns: int) -> set[tuple[int, int]]:
    """Squares of the small grid that hold a marked cell."""
    cells: set[tuple[int, int]] = set()
    for location in locations:
        if location.cells:
            cells.update(
                (row * rows // shape[0], column * columns // shape[1]) for row, column in location.cells if _fits(row, column, shape)
            )
        else:
            cells.update(_bands(location, shape, rows, columns))
    return cells


def _fits(row: int, column: int, shape: tuple[int, int]) -> bool:
    return 0 <= row < shape[0] and 0 <= column < shape[1]


def _bands(location: Location, shape: tuple[int, int], rows: int, columns: int) -> set[tuple[int, int]]:
    """Squares of a place that names no cell: whole columns where they are numbered, else whole rows, else everything.

    Rows are counted in the file, the header being row 1 there; where that cannot be so, everything is marked.
    """
    numbers = [int(match[1]) - 1 for column in location.columns if (match := _NUMBERED.fullmatch(column))]
    across = {number * columns // shape[1] for number in numbers if _fits(0, number, shape)} or set(range(columns))
    down = {(row - 2) * rows // shape[0] for row in location.rows if _fits(row - 2, 0, shape)} or set(range(rows))
    return {(row, column) for row in down for column in across}


def _label(locations: Sequence[Location], shape: tuple[int, int], everything: bool, scaled: bool) -> str:  # noqa: FBT001
    """The picture in words."""
    size = f"Table of {words.count(shape[0], 'row')} and {words.count(shape[1], 'column')}"
    scale = ", drawn smaller" if scaled else ""
    if everything:
        return f"{size}{scale}; all of it is marked"
    places = sum(max(len(location.cells), 1) for location in locations)
    where = words.place(locations[0]) if len(locations) == 1 else ""
    return f"{size}{scale}; {words.count(places, 'place')} marked{': ' + where if where else ''}"


def _page(spans: Sequence[tuple[int, int]], total: int | None) -> Thumbnail:
    """A page of text with marked lines; where its length is not known, the mark stands in the middle."""
    width, top, gap = 84, 12, 7
    height = top + gap * _SLOTS + 6
    if total:
        slots = {slot for first, last in spans for slot in range(_slot(first, total), _slot(last, total) + 1)}
        label = f"Page of {words.count(total, 'line')}"
    else:
        slots, label = {_SLOTS // 2}, "Page of unknown length"
    lines = {slot: f"M10 {top + gap * slot}H{width - 10 - (slot * 5) % 17}" for slot in range(_SLOTS)}
    marks = [f"M5 {top + gap * slot - 3}H{width - 5}v6H5z" for slot in sorted(slots)]
    where = words.listed([f"{first:,}" if first == last else f"{first:,} to {last:,}" for first, last in spans])
    noun = "line" if len(spans) == 1 and spans[0][0] == spans[0][1] else "lines"
    return Thumbnail(
        label=f"{label}; marked at {noun} {where}",
        width=width,
        height=height,
        page=True,
        grid=f"M.5 .5H{width - 14}L{width - 0.5} 14V{height - 0.5}H.5ZM{width - 14} .5V14H{width - 0.5}",
        header="",
        masked="".join(path for slot, path in lines.items() if slot not in slots),
        hits="".join(marks),
    )


def _slot(line: int, total: int) -> int:
    return min(max(line - 1, 0) * _SLOTS // max(total, 1), _SLOTS - 1)


def _n(number: float) -> str:
    """A number of path data, two decimals at most."""
    return f"{number:.2f}".rstrip("0").rstrip(".")
