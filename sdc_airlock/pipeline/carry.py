"""The tables of an output in the form in which they are compared with those of other outputs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from sdc_airlock.checks._cell_counts import Body, Mask, body_of, count_columns, pairs_of, whole_counts
from sdc_airlock.checks._counted import Says, speaks_of_people
from sdc_airlock.limits import Limits
from sdc_airlock.model.carried import CarriedColumn, CarriedTable
from sdc_airlock.model.content import Table
from sdc_airlock.model.recognised import ColumnView, Kind, Recognised, Role
from sdc_airlock.recognise.cells import CellKind, Cells, read_cells
from sdc_airlock.recognise.structure import legend_bound, marker_bounds

_CARRIED = frozenset(
    {
        Kind.FREQUENCY_TABLE,
        Kind.MAGNITUDE_TABLE,
        Kind.SUMMARY_STATISTICS,
        Kind.SURVIVAL,
        Kind.DISTRIBUTION,
        Kind.SERIES,
        Kind.OTHER,
        Kind.LIST,
    }
)
_LABELS = frozenset({Role.CATEGORY, Role.TEXT, Role.PERIOD, Role.PLACE, Role.DATE, Role.INDEX, Role.IDENTIFIER, Role.MARKER, Role.GENE})
_NUMBERS = frozenset({CellKind.NUMBER, CellKind.PERCENT, CellKind.PAIR})
_OF_GROUPS = frozenset({Kind.FREQUENCY_TABLE, Kind.SERIES})
_LONGEST_LABEL = 200
_LONGEST_TITLE = 500


def carried(parts: Iterable[Recognised], limits: Limits) -> tuple[CarriedTable, ...]:
    """Tables that may count people, as far as `limits.carried_cells` goes; the others are marked."""
    found: list[CarriedTable] = []
    left = limits.carried_cells
    for part in parts:
        table = part.table
        if table is None or part.kind not in _CARRIED:
            continue
        size = (part.rows or table.sample_rows) * len(table.columns)
        if not table.whole or size > left:
            found.extend(too_many_to_carry((part,)))
            continue
        made = _carried(part, table)
        if made is not None:
            left -= size
            found.append(made)
    return tuple(found)


def too_many_to_carry(parts: Iterable[Recognised]) -> tuple[CarriedTable, ...]:
    """Marks for the tables among some parts that count people and were not carried."""
    return tuple(
        CarriedTable(part_id=part.part_id, overflow=True)
        for part in parts
        if part.table is not None and part.kind in _CARRIED and any(view.role is Role.COUNT and view.of_people for view in part.columns)
    )


def _carried(part: Recognised, table: Table) -> CarriedTable | None:
    body = body_of(part, [read_cells(column.values) for column in table.columns])
    columns = tuple(_columns(part, body, f"{table.title}\n{table.notes}"))
    if not columns or not body.rows:
        return None
    first = min(column.index for column in columns)
    kept = {column.index for column in columns}
    stub = [(view, cells) for view, cells in _labels(body) if view.index < first or view.index not in kept]
    if not stub and not columns[0].people and columns[0].index == 0 and body.cells[0].distinct == body.rows:
        # an axis of numbers, such as single years of age
        stub, columns = [(body.views[0], body.cells[0])], columns[1:]
    words = [[text[:_LONGEST_LABEL] for text in cells.text] for _, cells in stub]
    rows = tuple(tuple(text[cells.codes[row]] for text, (_, cells) in zip(words, stub, strict=True)) for row in range(body.rows))
    return CarriedTable(
        part_id=part.part_id,
        title=f"{table.title}\n{table.notes}".strip()[:_LONGEST_TITLE],
        rows=rows,
        places=tuple(table.row_number(row) for row in range(body.rows)),
        stub=tuple(view.name[:_LONGEST_LABEL] for view, _ in stub),
        width=len(table.columns),
        columns=columns,
        margins=tuple(row for row in part.margin_rows if row < body.rows),
    )


def _labels(body: Body) -> Iterator[tuple[ColumnView, Cells]]:
    """Columns that say what a row stands for; bands of age and years are numbers and labels at once."""
    for view, cells in zip(body.views, body.cells, strict=True):
        if view.role in _LABELS:
            yield view, cells


def _columns(part: Recognised, body: Body, notes: str) -> Iterator[CarriedColumn]:
    counted = {view.index for view, _ in count_columns(part, body)}
    for view, cells in zip(body.views, body.cells, strict=True):
        if view.role in _LABELS:
            continue
        shown = np.isin(cells.kinds, [int(kind) for kind in _NUMBERS])
        hidden = cells.kinds == CellKind.SUPPRESSED
        if not (shown | hidden).any():
            continue
        whole = whole_counts(cells)
        people = pairs_of(part, view, cells, body)
        if view.index in counted:
            people = people | (whole & (body.says != Says.OTHER))
        elif view.role is Role.MEASURE:
            told = body.says != Says.OTHER if _may_count(part, view, cells, whole) else body.says == Says.COUNT
            people = people | (whole & told)
        people &= np.isfinite(cells.first) & (cells.first >= 0)
        rows = np.flatnonzero(hidden).tolist()
        said = _said_of_markers(cells, rows, notes) if people.any() else []
        yield CarriedColumn(
            index=view.index,
            name=view.name[:_LONGEST_LABEL],
            label=view.label,
            people=tuple(number if good else None for number, good in zip(cells.first.tolist(), people.tolist(), strict=True))
            if people.any()
            else (),
            blank=tuple(np.flatnonzero(~shown).tolist()),
            hidden=tuple(rows),
            least=tuple(low for low, _ in said),
            most=tuple(high for _, high in said),
        )


def _said_of_markers(cells: Cells, rows: list[int], notes: str) -> list[tuple[float | None, float | None]]:
    """Least and largest number behind the marker of each of some rows, as far as the marker or the notes say it."""
    if not rows:
        return []
    legend = legend_bound(notes)
    known: dict[int, tuple[float | None, float | None]] = {}
    for code in set(cells.codes[rows].tolist()):
        low, high = marker_bounds(cells.text[code]) or (0.0, None)
        known[code] = low, legend if high is None else None if np.isinf(high) else high
    return [known[code] for code in cells.codes[rows].tolist()]


def _may_count(part: Recognised, view: ColumnView, cells: Cells, whole: Mask) -> bool:
    """True for a column of nothing but whole numbers of which nobody has said what they are, beside the labels of groups or periods."""
    numbers = cells.kinds == CellKind.NUMBER
    return part.kind in _OF_GROUPS and bool(numbers.any()) and np.array_equal(whole, numbers) and speaks_of_people(part, view)


__all__ = ["carried", "too_many_to_carry"]
