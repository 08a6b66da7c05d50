"""Zeros that disclose, and counts that the profile wants rounded."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from sdc_airlock.checks._cell_counts import Body, Mask, Numbers, bodies, count_columns, pairs_of, whole_counts
from sdc_airlock.checks._counted import Says
from sdc_airlock.model.content import Table
from sdc_airlock.model.recognised import ColumnView, Kind, Recognised
from sdc_airlock.recognise.cells import CellKind, Cells
from sdc_airlock.recognise.tables import LOOK_ROWS

_KEPT = 2000

Wanted: TypeAlias = Callable[[Numbers], Mask]


@dataclass(frozen=True, slots=True)
class Places:
    """Cells of a table that one rule names.

    Attributes:
        rows, columns: Places in the body, counted from 0, each once, in order.
        count: All cells.
    """

    rows: tuple[int, ...]
    columns: tuple[int, ...]
    count: int


def _gathered(cells: list[tuple[int, int]], count: int) -> Places | None:
    if not count:
        return None
    return Places(rows=tuple(sorted({row for row, _ in cells})), columns=tuple(sorted({column for _, column in cells})), count=count)


def zeros(part: Recognised, table: Table) -> Places | None:
    """Zeros among counts of people."""
    return _everywhere(part, table, lambda numbers: numbers == 0)


def unrounded(part: Recognised, table: Table, base: int) -> Places | None:
    """Counts of people that are no multiple of `base`."""
    return _everywhere(part, table, lambda numbers: numbers % base != 0)


def _everywhere(part: Recognised, table: Table, wanted: Wanted) -> Places | None:
    cells: list[tuple[int, int]] = []
    count = 0
    for start, body in bodies(part, table):
        counted = {view.index for view, _ in count_columns(part, body)}
        for view, column in zip(body.views, body.cells, strict=True):
            mask = pairs_of(part, view, column, body)
            if view.index in counted:
                mask = mask | (whole_counts(column) & (body.says != Says.OTHER))
            with np.errstate(all="ignore"):
                rows = np.flatnonzero(mask & np.isfinite(column.first) & wanted(column.first))
            count += len(rows)
            cells.extend((start + row, view.index) for row in rows[: max(0, _KEPT - len(cells))].tolist())
    return _gathered(cells, count)


def lone_classes(part: Recognised, table: Table) -> Places | None:
    """Groups of a crosstab that all fall into one class: every other cell of the row (or column) is a zero.

    Only a table whose last column is the sum of the others (or whose last row is) is sure to be a crosstab of one variable by another.
    """
    if (
        part.kind is not Kind.FREQUENCY_TABLE
        or not table.whole
        or table.sample_rows > LOOK_ROWS
        or not (part.margin_rows or part.margin_columns)
    ):
        return None
    body = next((body for _, body in bodies(part, table)), None)
    if body is None:
        return None
    found = _lone(part, body)
    return _gathered(found, len(found))


def _lone(part: Recognised, body: Body) -> list[tuple[int, int]]:
    columns = [
        (view, cells)
        for view, cells in count_columns(part, body)
        if np.all((cells.kinds == CellKind.NUMBER) | (cells.kinds == CellKind.SUPPRESSED))
    ]
    inner = [(view, cells) for view, cells in columns if view.index not in part.margin_columns]
    kept = body.says != Says.OTHER
    kept[[row for row in part.margin_rows if row < body.rows]] = False
    rows = np.flatnonzero(kept)
    if len(inner) < 2 or len(rows) < 2:  # no crosstab
        return []
    square = np.column_stack([cells.first[rows] for _, cells in inner])
    found = []
    for axis, margins in (
        (1, [cells.first[rows] for view, cells in columns if view.index in part.margin_columns]),
        (0, _sums(part, inner)),
    ):
        with np.errstate(all="ignore"):
            if not any(np.array_equal(square.sum(axis=axis), margin) for margin in margins):
                continue
        lone = (np.isfinite(square).all(axis=axis)) & ((square > 0).sum(axis=axis) == 1)
        for place in np.flatnonzero(lone).tolist():
            other = int(np.argmax(square[place] if axis == 1 else square[:, place]))
            row, column = (place, other) if axis == 1 else (other, place)
            found.append((int(rows[row]), inner[column][0].index))
    return found


def _sums(part: Recognised, inner: list[tuple[ColumnView, Cells]]) -> list[Numbers]:
    return [np.array([cells.first[row] for _, cells in inner]) for row in part.margin_rows]


__all__ = ["Places", "lone_classes", "unrounded", "zeros"]
