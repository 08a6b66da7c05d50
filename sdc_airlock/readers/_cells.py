"""Cells of a sheet, held sparsely, and the grids they make."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from sdc_airlock.errors import LimitReached
from sdc_airlock.model.content import Grid, GridSource
from sdc_airlock.readers import Item, gap

_DENSE_CELLS = 20_000  # a rectangle of this many cells costs nothing, however empty
_SPARSENESS = 20  # rectangles that hold fewer than one used cell in so many are cut up
_GAPS = ((20, 8), (1, 1))  # empty rows and columns at which a sparse sheet is cut, at first and then


@dataclass
class Cells:
    """Used cells by row and column, both counted from 1.

    Attributes:
        limit: Most cells that may be held.
    """

    limit: int
    rows: dict[int, dict[int, str]] = field(default_factory=dict)
    count: int = 0

    def put(self, row: int, column: int, text: str) -> None:
        """Set a cell; an empty text sets nothing.

        Raises:
            LimitReached: more than `limit` cells are used.
        """
        if not text:
            return
        cells = self.rows.get(row)
        if cells is None:
            cells = self.rows[row] = {}
        cells[column] = text
        self.count += 1
        if self.count > self.limit:
            raise LimitReached("cells", self.limit, self.count)

    def get(self, row: int, column: int) -> str:
        """Text of a cell, "" where it is not used."""
        return self.rows.get(row, {}).get(column, "")


def grids(cells: Cells, part_id: str, *, source: GridSource = GridSource.SHEET, hidden: bool = False, before: str = "") -> Iterator[Item]:
    """The grids of a sheet: one where the used range is well filled, else one for every block of cells that lie together."""
    used = sorted(row for row, columns in cells.rows.items() if columns)
    if not used:
        return
    for rows in _blocks(cells, used, None, 0):
        columns = _columns(cells, *rows)
        area = (rows[0][-1] - rows[0][0] + 1) * (columns[-1] - columns[0] + 1)
        if area > max(cells.limit, _DENSE_CELLS):
            yield _compact(cells, part_id, rows, source=source, hidden=hidden)
            yield gap(part_id, LimitReached("cells", cells.limit, area))
        else:
            yield _rectangle(cells, part_id, rows[0], columns, source=source, hidden=hidden, before=before)


Block = tuple[list[int], tuple[int, int] | None]


def _columns(cells: Cells, rows: list[int], within: tuple[int, int] | None) -> list[int]:
    if within is None:
        return sorted({column for row in rows for column in cells.rows[row]})
    low, high = within
    return sorted({column for row in rows for column in cells.rows[row] if low <= column <= high})


def _blocks(cells: Cells, rows: list[int], within: tuple[int, int] | None, level: int) -> Iterator[Block]:
    """Cut a sparse range at its empty rows, then at its empty columns, with ever smaller gaps."""
    columns = _columns(cells, rows, within)
    used = sum(1 for row in rows for column in cells.rows[row] if within is None or within[0] <= column <= within[1])
    area = (rows[-1] - rows[0] + 1) * (columns[-1] - columns[0] + 1)
    if area <= max(_DENSE_CELLS, _SPARSENESS * used) or level == len(_GAPS):
        yield rows, within
        return
    row_gap, column_gap = _GAPS[level]
    for band in _runs(rows, row_gap):
        for across in _runs(_columns(cells, band, within), column_gap):
            span = (across[0], across[-1])
            inside = [row for row in band if any(span[0] <= column <= span[1] for column in cells.rows[row])]
            yield from _blocks(cells, inside, span, level + 1)


def _runs(numbers: list[int], gap_size: int) -> Iterator[list[int]]:
    run = [numbers[0]]
    for number in numbers[1:]:
        if number - run[-1] > gap_size:
            yield run
            run = []
        run.append(number)
    yield run


def _rectangle(cells: Cells, part_id: str, rows: list[int], columns: list[int], *, source: GridSource, hidden: bool, before: str) -> Grid:
    across = range(columns[0], columns[-1] + 1)
    nothing: dict[int, str] = {}
    blank = ("",) * len(across)
    lines = []
    for row in range(rows[0], rows[-1] + 1):
        held = cells.rows.get(row, nothing)
        lines.append(tuple([held.get(column, "") for column in across]) if held else blank)
    return Grid(part_id=part_id, rows=tuple(lines), source=source, first_row=rows[0], first_column=columns[0], hidden=hidden, before=before)


def _compact(cells: Cells, part_id: str, block: Block, *, source: GridSource, hidden: bool) -> Grid:
    """Rows with their used cells only, for a range too large to be written out."""
    rows, within = block
    low, high = within or (0, 1 << 30)
    lines = tuple(tuple(text for column, text in sorted(cells.rows[row].items()) if low <= column <= high) for row in rows)
    return Grid(part_id=part_id, rows=lines, source=source, first_row=rows[0], first_column=max(1, low), hidden=hidden)
