"""Crosstabs of people: groups by classes, laid out wide (a total beside them), as percentages that add up to 100, or long (one row a cell)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sdc_airlock.checks._cell_counts import Body, Numbers, bodies, count_columns
from sdc_airlock.checks._counted import Says, speaks_of_people
from sdc_airlock.model.content import Table
from sdc_airlock.model.recognised import ColumnView, Kind, Recognised, Role
from sdc_airlock.recognise.cells import CellKind, Cells
from sdc_airlock.recognise.lexicon import is_total
from sdc_airlock.recognise.tables import LOOK_ROWS

# columns of percentages make a table look like one of summaries
_OF_SHARES = frozenset({Kind.FREQUENCY_TABLE, Kind.MAGNITUDE_TABLE, Kind.SUMMARY_STATISTICS, Kind.MATRIX})
_WHOLE = 100.0
_MOST_KEYS = 4
_MOST_CLASSES = 40
_MOSTLY = 0.75


@dataclass(frozen=True, slots=True)
class Crosstab:
    """Groups by classes; each group is split over the classes.

    Attributes:
        cells: People (or per cent) of each group and class, shape (groups, classes), NaN where hidden or not printed.
        totals: People (or 100) of each group, shape (groups,), NaN where not known.
        groups, classes: Their labels, text of the file.
        rows, columns: Place of each cell in the table, shape (groups, classes), counted from 0.
        percent: The cells are percentages.
    """

    cells: Numbers
    totals: Numbers
    groups: tuple[str, ...]
    classes: tuple[str, ...]
    rows: npt.NDArray[np.int64]
    columns: npt.NDArray[np.int64]
    percent: bool = False

    def turned(self, totals: Numbers) -> Crosstab:
        """The classes as groups and the groups as classes."""
        return Crosstab(
            cells=self.cells.T,
            totals=totals,
            groups=self.classes,
            classes=self.groups,
            rows=self.rows.T,
            columns=self.columns.T,
            percent=self.percent,
        )


def crosstabs(part: Recognised, table: Table) -> Iterator[Crosstab]:
    """Every reading of a table as groups of people split over classes; none where that is not sure."""
    if part.kind not in _OF_SHARES or not table.whole or table.sample_rows > LOOK_ROWS:
        return
    body = next((body for _, body in bodies(part, table)), None)
    if body is None or body.rows < 2:
        return
    yield from _percentages(part, body)
    if part.kind is Kind.FREQUENCY_TABLE:
        yield from _wide(part, body)
        yield from _long(part, body)


def _labels(body: Body) -> list[str]:
    """Words of the first columns of each row."""
    words = [""] * body.rows
    for view, cells in zip(body.views[:2], body.cells[:2], strict=True):
        if view.numbers is None:
            words = [f"{before} {cells.text[code]}".strip() for before, code in zip(words, cells.codes.tolist(), strict=True)]
    return words


def _kept_rows(part: Recognised, body: Body) -> npt.NDArray[np.int64]:
    kept = body.says != Says.OTHER
    kept[[row for row in part.margin_rows if row < body.rows]] = False
    return np.flatnonzero(kept)


def _wide(part: Recognised, body: Body) -> Iterator[Crosstab]:
    """One column a class; only a margin that is the sum of the others shows that they are classes of one variable."""
    if not (part.margin_rows or part.margin_columns):
        return
    counted = [(view, cells) for view, cells in count_columns(part, body) if _plain(cells)]
    inner = [(view, cells) for view, cells in counted if view.index not in part.margin_columns]
    rows = _kept_rows(part, body)
    if len(inner) < 2 or len(rows) < 2:
        return
    found = _square(body, rows, inner)
    for view, cells in counted:
        if view.index in part.margin_columns and _adds_up(found.cells.sum(axis=1), cells.first[rows]):
            yield Crosstab(
                cells=found.cells,
                totals=cells.first[rows],
                groups=found.groups,
                classes=found.classes,
                rows=found.rows,
                columns=found.columns,
            )
            break
    for row in part.margin_rows:
        sums = np.array([cells.first[row] for _, cells in inner]) if row < body.rows else np.empty(0)
        if len(sums) and _adds_up(found.cells.sum(axis=0), sums):
            yield found.turned(sums)
            break


def _plain(cells: Cells) -> bool:
    return bool(np.all((cells.kinds == CellKind.NUMBER) | (cells.kinds == CellKind.SUPPRESSED)))


def _square(body: Body, rows: npt.NDArray[np.int64], inner: list[tuple[ColumnView, Cells]]) -> Crosstab:
    labels = _labels(body)
    places = np.array([view.index for view, _ in inner], np.int64)
    shape = len(rows), len(inner)
    return Crosstab(
        cells=np.column_stack([cells.first[rows] for _, cells in inner]),
        totals=np.full(shape[0], np.nan),
        groups=tuple(labels[row] for row in rows.tolist()),
        classes=tuple(view.name for view, _ in inner),
        rows=np.broadcast_to(rows[:, None], shape),
        columns=np.broadcast_to(places, shape),
    )


def _adds_up(sums: Numbers, printed: Numbers) -> bool:
    """True where every sum that can be made is the printed one, and at least two (or all) can be made."""
    known = np.isfinite(sums) & np.isfinite(printed)
    return int(known.sum()) >= min(2, len(sums)) and np.array_equal(sums[known], printed[known])


def _percentages(part: Recognised, body: Body) -> Iterator[Crosstab]:
    """Columns of percentages that add up to 100 in (nearly) every row, or rows that do in every column."""
    inner = [
        (view, cells)
        for view, cells in zip(body.views, body.cells, strict=True)
        if view.role is Role.PERCENTAGE and view.index not in part.margin_columns and speaks_of_people(part, view)
    ]
    rows = _kept_rows(part, body)
    if len(inner) < 2 or len(rows) < 2:
        return
    found = _square(body, rows, inner)
    slack = 0.5 * 10.0 ** -max(int(cells.places.max()) for _, cells in inner)
    for axis, made in ((1, found), (0, found.turned(np.full(len(inner), _WHOLE)))):
        sums = found.cells.sum(axis=axis)
        if np.mean(np.abs(sums - _WHOLE) <= slack * found.cells.shape[axis]) >= _MOSTLY:
            yield Crosstab(
                cells=made.cells,
                totals=np.full(len(made.groups), _WHOLE),
                groups=made.groups,
                classes=made.classes,
                rows=made.rows,
                columns=made.columns,
                percent=True,
            )


def _long(part: Recognised, body: Body) -> Iterator[Crosstab]:
    """One row a cell: columns of categories whose every pair stands once, and one column that counts."""
    counted = count_columns(part, body)
    keys = [
        (view, cells)
        for view, cells in zip(body.views, body.cells, strict=True)
        if view.numbers is None and view.role in (Role.CATEGORY, Role.PLACE, Role.PERIOD)
    ]
    if len(counted) != 1 or not 2 <= len(keys) <= _MOST_KEYS or not _plain(counted[0][1]):
        return
    view, counts = counted[0]
    total = np.zeros(body.rows, np.bool_)
    for _, cells in keys:
        total |= np.array([is_total(word) for word in cells.text], np.bool_)[cells.codes]
    kept = np.flatnonzero(~total)
    for place, (key, cells) in enumerate(keys):
        if key.role is Role.CATEGORY:
            yield from _spread(counts, view, cells, [other for at, (_, other) in enumerate(keys) if at != place], kept)


def _spread(counts: Cells, view: ColumnView, attribute: Cells, others: list[Cells], kept: npt.NDArray[np.int64]) -> Iterator[Crosstab]:
    """A long table with one of its keys as classes and the rest as groups, where every group has every class once."""
    if not len(kept):
        return
    levels, classes = np.unique(attribute.codes[kept], return_inverse=True)
    combined = np.stack([cells.codes[kept] for cells in others], axis=1)
    members, groups = np.unique(combined, axis=0, return_inverse=True)
    groups = groups.reshape(-1)
    shape = len(members), len(levels)
    if not 2 <= shape[1] <= _MOST_CLASSES or shape[0] < 2 or shape[0] * shape[1] != len(kept):
        return
    flat = groups * shape[1] + classes.reshape(-1)
    if len(np.unique(flat)) != len(kept):
        return
    order = np.argsort(flat)
    cells = counts.first[kept][order].reshape(shape)
    yield Crosstab(
        cells=cells,
        totals=cells.sum(axis=1),
        groups=tuple(" ".join(other.text[code] for other, code in zip(others, codes, strict=True)) for codes in members.tolist()),
        classes=tuple(attribute.text[code] for code in levels.tolist()),
        rows=kept[order].reshape(shape),
        columns=np.full(shape, view.index, np.int64),
    )


__all__ = ["Crosstab", "crosstabs"]
