"""The tables of an output as one system of equations, with the place of every number and what hangs on it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from sdc_airlock.checks._cell_counts import counts_in_table
from sdc_airlock.checks._counted import speaks_of_people
from sdc_airlock.errors import AirlockError
from sdc_airlock.model.content import Table
from sdc_airlock.model.mending import Wanted
from sdc_airlock.model.published import Equations, Published, Relation
from sdc_airlock.model.recognised import ColumnView, Kind, Recognised, Role
from sdc_airlock.recognise.cells import CellKind, read_cells
from sdc_airlock.recognise.structure import stacked, structure

Place: TypeAlias = tuple[int, int, int]
_MOST_TABLES = 40
_MOST_CELLS = 60_000
_INDIVIDUAL = frozenset({Kind.INDIVIDUAL_ROWS, Kind.GENOTYPE_MATRIX, Kind.GENOTYPE_RECORDS, Kind.SEQUENCE_READS})
_ASIDE = frozenset({Kind.TEXT, Kind.METADATA, Kind.CONFIG, Kind.CODE})
_MENDABLE = frozenset({Kind.FREQUENCY_TABLE, Kind.MAGNITUDE_TABLE, Kind.SUMMARY_STATISTICS, Kind.SERIES, Kind.DISTRIBUTION, Kind.LIST, Kind.OTHER, Kind.MATRIX})  # fmt: skip
SUMS = (Relation.TOTAL, Relation.SUBTOTAL, Relation.SUM)
SHARES = frozenset({Role.PERCENTAGE, Role.RATE, Role.FREQUENCY})
_OF_A_GROUP = SHARES | {Role.MEAN, Role.STANDARD_DEVIATION, Role.MINIMUM, Role.MAXIMUM, Role.QUANTILE, Role.RATIO, Role.STANDARD_ERROR, Role.CONFIDENCE_LIMIT}  # fmt: skip
_WITH_AMOUNTS = frozenset({Kind.MAGNITUDE_TABLE, Kind.SUMMARY_STATISTICS})
_SAYS_NUMBER = (CellKind.NUMBER, CellKind.PERCENT, CellKind.PAIR, CellKind.INTERVAL)


class Refused(AirlockError):
    """A file cannot be mended; the message says why, in words."""


@dataclass(frozen=True, slots=True)
class Tables:
    """What is to be mended.

    Attributes:
        parts: The tables, in the order of the file.
        published: Their cells as one system; None where no number of them is known to add up.
        at: Flat cell of a place (table, body row, column).
        primary: Places that must not be shown.
        shares: By flat cell of a count, the places of its percentages.
        tied: By equation, the place of the percentage that it comes from.
        tied_columns: Tables and columns of percentages whose counts are known.
        suppressed: Least and largest count that must not be shown.
    """

    parts: tuple[Recognised, ...]
    published: Published | None
    at: Mapping[Place, int]
    primary: frozenset[Place]
    shares: Mapping[int, tuple[Place, ...]]
    tied: Mapping[int, Place]
    tied_columns: frozenset[tuple[int, int]]
    suppressed: tuple[int, int]

    def place(self, cell: int) -> Place:
        """Where a flat cell stands."""
        assert self.published is not None  # noqa: S101 - for the type checker; a flat cell is one of them
        return int(self.published.part[cell]), int(self.published.row[cell]), int(self.published.column[cell])

    def table(self, part: int) -> Table:
        """One table as it was read."""
        found = self.parts[part].part
        assert isinstance(found, Table)  # noqa: S101 - only tables are kept
        return found


def tables_of(recognised: Sequence[Recognised], wanted: Wanted) -> Tables:
    """The tables of an output.

    Raises:
        Refused: something in it is no aggregate table, or is too large.
    """
    parts = tuple(part for part in recognised if part.table is not None)
    _refuse_others(recognised, wanted)
    if len(parts) > _MOST_TABLES:
        raise Refused(f"it holds {len(parts)} tables; at most {_MOST_TABLES} are mended together")
    found: list[Published] = []
    owners: list[int] = []
    ties: list[tuple[list[tuple[int, Place]], dict[int, list[Place]]]] = []
    for number, part in enumerate(parts):
        one = structure(part)
        if one is None:
            continue
        owners.append(number)
        found.append(replace(one, people=one.people & _speaking(part)[one.column]))
        ties.append(_ties(part, one, number))
    published = stacked(found) if found else None
    if published is not None:
        if len(published) > _MOST_CELLS:
            raise Refused(f"its tables have {len(published):,} cells; at most {_MOST_CELLS:,} are mended")
        published = replace(published, part=np.array(owners, np.int64)[published.part])
    primary = frozenset(place for number, part in enumerate(parts) for place in _primary(part, number, wanted)) | _adding_up(
        published, wanted
    )
    tied, shares = _joined(found, ties)
    return Tables(
        parts=parts,
        published=published,
        at=_places(published),
        primary=primary,
        shares=shares,
        tied=tied,
        tied_columns=frozenset((place[0], place[2]) for place in tied.values()),
        suppressed=wanted.suppressed,
    )


def _refuse_others(recognised: Sequence[Recognised], wanted: Wanted) -> None:
    for part in recognised:
        if part.kind in _INDIVIDUAL or part.individual >= wanted.individual:
            raise Refused("rows in it may be one a person, or genotypes; only tables of groups can be made safe by hiding cells")
        if part.table is None and part.kind not in _ASIDE:
            raise Refused(f"it holds more than tables and text ({part.kind.value.replace('_', ' ')})")
        if part.table is not None and not part.table.whole:
            raise Refused("a table in it is too large to be mended")
    if not any(part.table is not None and part.kind in _MENDABLE for part in recognised):
        raise Refused("no table of groups was recognised in it")


def _speaking(part: Recognised) -> npt.NDArray[np.bool_]:
    return np.array([speaks_of_people(part, view) for view in part.columns], np.bool_)


def _primary(part: Recognised, number: int, wanted: Wanted) -> Iterator[Place]:
    """Places of small counts, of what implies them, and of their complements."""
    table = part.table
    if table is None:
        return
    for hit in counts_in_table(part, table, *wanted.suppressed):
        if hit.count > len(hit.rows):
            raise Refused(f"a column holds {hit.count:,} counts that are too small; it is better shown for larger groups")
        yield from ((number, row, hit.column) for row in hit.rows)


def _adding_up(published: Published | None, wanted: Wanted) -> frozenset[Place]:
    """Small counts of people that show themselves as counts by adding up with others, whatever their column looks like alone."""
    if published is None or not len(published.equations):
        return frozenset()
    rows = published.equations
    summed = np.zeros(len(published), np.bool_)
    summed[rows.cells[np.repeat(np.isin(rows.relation, SUMS), np.diff(rows.starts))]] = True
    least, most = wanted.suppressed
    with np.errstate(invalid="ignore"):
        small = summed & published.people & (published.row >= 0) & (published.printed >= least) & (published.printed <= most)
    cells = np.flatnonzero(small)
    return frozenset(zip(published.part[cells].tolist(), published.row[cells].tolist(), published.column[cells].tolist(), strict=True))


def _places(published: Published | None) -> dict[Place, int]:
    if published is None:
        return {}
    triples = zip(published.part.tolist(), published.row.tolist(), published.column.tolist(), strict=True)
    return {place: cell for cell, place in enumerate(triples) if place[1] >= 0}


Tied: TypeAlias = tuple[list[tuple[int, Place]], dict[int, list[Place]]]


def _ties(part: Recognised, one: Published, number: int) -> Tied:
    """For the equations of percentages, where the percentage stands; by count, its percentages.

    Which column an equation comes from shows when the column is taken out: the equation goes with it. What goes with no other column stands beside
    the count in its own cell.
    """
    rows = one.equations
    left = {at for at in range(len(rows)) if rows.relation[at] == Relation.SHARE}
    equations: list[tuple[int, Place]] = []
    shares: dict[int, list[Place]] = {}
    for view in part.columns:
        if not left or view.role not in SHARES:
            continue
        without = structure(_blanked(part, view))
        if without is None or int((without.row >= 0).sum()) != int((one.row >= 0).sum()):
            gone = set(left)
        else:
            kept = Counter(_keys(without))
            gone = set()
            for at, key in zip(range(len(rows)), _keys(one), strict=True):
                if kept[key] > 0:
                    kept[key] -= 1
                elif at in left:
                    gone.add(at)
        for at in sorted(gone):
            count = int(rows.members(at)[0])
            place = number, int(one.row[count]), view.index
            equations.append((at, place))
            shares.setdefault(count, []).append(place)
        left -= gone
    for at in sorted(left):
        count = int(rows.members(at)[0])
        equations.append((at, (number, int(one.row[count]), int(one.column[count]))))
    return equations, shares


def _keys(one: Published) -> list[tuple[object, ...]]:
    """What tells an equation from others, however cells that are nowhere printed are numbered."""
    rows = one.equations
    found: list[tuple[object, ...]] = []
    for at in range(len(rows)):
        span = slice(rows.starts[at], rows.starts[at + 1])
        cells = tuple(cell if one.row[cell] >= 0 else -1 for cell in rows.cells[span].tolist())
        found.append((int(rows.relation[at]), cells, tuple(rows.coefficients[span].tolist()), float(rows.low[at]), float(rows.high[at])))
    return found


def _blanked(part: Recognised, view: ColumnView) -> Recognised:
    """The same table with one column emptied."""
    import pyarrow as pa

    table = part.table
    assert table is not None  # noqa: S101 - only asked of tables
    columns = tuple(
        replace(column, values=pa.array([""] * len(column.values), pa.string())) if column.index == view.index else column
        for column in table.columns
    )
    return replace(part, part=replace(table, columns=columns))


def _joined(found: Sequence[Published], ties: Sequence[Tied]) -> tuple[dict[int, Place], dict[int, tuple[Place, ...]]]:
    """Ties of all tables, numbered as in the stacked system."""
    tied: dict[int, Place] = {}
    shares: dict[int, tuple[Place, ...]] = {}
    cells = equations = 0
    for one, (of_equation, of_count) in zip(found, ties, strict=True):
        tied |= {equations + at: place for at, place in of_equation}
        shares |= {cells + count: tuple(dict.fromkeys(places)) for count, places in of_count.items()}
        cells += len(one)
        equations += len(one.equations)
    return tied, shares


def pieces(tables: Tables) -> Iterator[Tables]:
    """The tables cut into pieces that no equation ties together, those in which something is or must be hidden."""
    from scipy import sparse

    published = tables.published
    if published is None or not len(published.equations):
        return
    rows, size = published.equations, len(published)
    of_entry = np.repeat(np.arange(len(rows)), np.diff(rows.starts))
    graph = sparse.coo_array((np.ones(len(of_entry)), (rows.cells, size + of_entry)), shape=(size + len(rows),) * 2)
    labels = sparse.csgraph.connected_components(graph.tocsr(), directed=False)[1]
    wanted = published.hidden.copy()
    wanted[[tables.at[place] for place in tables.primary if place in tables.at]] = True
    wanted &= np.isin(np.arange(size), rows.cells)
    for label in np.unique(labels[:size][wanted]).tolist():
        yield _piece(tables, published, np.flatnonzero(labels[:size] == label), np.flatnonzero(labels[size:] == label))


def _piece(tables: Tables, published: Published, cells: npt.NDArray[np.int64], kept: npt.NDArray[np.int64]) -> Tables:
    """Some cells and equations as tables of their own."""
    rows = published.equations
    lengths = np.diff(rows.starts)
    entries = np.repeat(np.isin(np.arange(len(rows)), kept), lengths)
    equations = Equations(
        starts=np.concatenate([[0], np.cumsum(lengths[kept])]).astype(np.int64),
        cells=np.searchsorted(cells, rows.cells[entries]).astype(np.int64),
        coefficients=rows.coefficients[entries],
        low=rows.low[kept],
        high=rows.high[kept],
        relation=rows.relation[kept],
    )
    names = ("part", "row", "column", "printed", "low", "high", "marker", "integral", "people", "measure")
    chosen: dict[str, Any] = {name: getattr(published, name)[cells] for name in names}
    one = replace(published, **chosen, dimensions=(), equations=equations)
    numbers = {cell: place for place, cell in enumerate(cells.tolist())}
    tied = {place: tables.tied[at] for place, at in enumerate(kept.tolist()) if at in tables.tied}
    shares = {numbers[cell]: places for cell, places in tables.shares.items() if cell in numbers}
    return replace(tables, published=one, at=_places(one), tied=tied, shares=shares)


def beside(tables: Tables, place: Place, *, small: bool) -> Iterator[Place]:
    """What must be hidden with a count: its percentages and, where it is small, what is said of its few people in the same row."""
    number, row, column = place
    cell = tables.at.get(place)
    if cell is not None:
        yield from tables.shares.get(cell, ())
    part, table = tables.parts[number], tables.table(number)
    for view in part.columns:
        derived = view.role in (_OF_A_GROUP if small else SHARES) or (small and view.role is Role.MEASURE and part.kind in _WITH_AMOUNTS)
        if (
            not derived
            or view.index == column
            or ((number, view.index) in tables.tied_columns and not small)
            or _owner(part, view.index) not in (column, -1)
        ):
            continue
        cells = read_cells(table.columns[view.index].values)
        if cells.kinds[row] in _SAYS_NUMBER:
            yield number, row, view.index


def _owner(part: Recognised, column: int) -> int:
    """The count that a derived number stands beside: the nearest to its left, else to its right; -1 where the table has none."""
    counts = [view.index for view in part.columns if view.role is Role.COUNT]
    before = [place for place in counts if place < column]
    return max(before) if before else min(counts, default=-1)


__all__ = ["SHARES", "SUMS", "Place", "Refused", "Tables", "beside", "pieces", "tables_of"]
