"""Zeros among counts of people, and counts that the profile wants rounded."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from sdc_airlock.checks._cell_counts import Mask, Numbers, bodies, count_columns, pairs_of, whole_counts
from sdc_airlock.checks._counted import Says
from sdc_airlock.model.content import Table
from sdc_airlock.model.recognised import Recognised

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


__all__ = ["Places", "unrounded", "zeros"]
