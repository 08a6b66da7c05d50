"""Merging: a category with small counts goes together with a neighbour, so that nothing need be hidden."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from sdc_airlock.model.published import Marker, Published
from sdc_airlock.protect._numbers import with_count
from sdc_airlock.protect._tables import SUMS, Place, Refused, Tables
from sdc_airlock.protect.rounding import shares_again, text_of
from sdc_airlock.recognise.cells import CellKind, read_cells

_JOINT = " + "
_SMALL = 0.5


@dataclass(frozen=True, slots=True)
class Merged:
    """What is written.

    Attributes:
        words: New words by place.
        gone: Rows that are left out: table and body row.
        kept: Rows that stand for several now.
    """

    words: Mapping[Place, str]
    gone: tuple[tuple[int, int], ...]
    kept: tuple[tuple[int, int], ...]


def merged(tables: Tables) -> Merged:
    """Rows with small counts merged with the smaller of their neighbours, again and again until no count is small.

    Raises:
        Refused: the table has more than labels, counts and their percentages, or no neighbour under the same total is left.
    """
    published = tables.published
    numbers = sorted({place[0] for place in tables.primary})
    if not numbers:
        return Merged({}, (), ())
    if published is None:
        raise Refused("no counts that add up were recognised in it")
    words: dict[Place, str] = {}
    gone: list[tuple[int, int]] = []
    kept: list[tuple[int, int]] = []
    values: dict[int, float] = {}
    for number in numbers:
        one = _Rows(tables, published, number)
        one.merge()
        words |= one.words()
        values |= one.values()
        gone += [(number, row) for group in one.groups for row in group[1:]]
        kept += [(number, group[0]) for group in one.groups if len(group) > 1]
    standing = set(kept)
    shares, _ = shares_again(tables, values, words, lambda place: place[:2] not in standing)
    words |= shares
    return Merged(words, tuple(gone), tuple(kept))


class _Rows:
    """The rows of one table, those that were merged as groups."""

    def __init__(self, tables: Tables, published: Published, number: int) -> None:
        self.tables = tables
        self.published = published
        self.number = number
        self.table = tables.table(number)
        self.part = tables.parts[number]
        self.cells = {place[1:]: cell for place, cell in tables.at.items() if place[0] == number}
        self.labels = self._labels()
        self.parents = self._parents()
        self.groups: list[list[int]] = [[row] for row in sorted(self.parents)]

    def _labels(self) -> list[int]:
        """Columns of words; every other one must hold counts, or percentages that are worked out again."""
        counts = {column for _, column in self.cells}
        tied = {place[2] for place in self.tables.tied.values() if place[0] == self.number}
        labels = []
        for view in self.part.columns:
            cells = read_cells(self.table.columns[view.index].values)
            if view.index in counts:
                if not all(self.published.integral[cell] for (_, column), cell in self.cells.items() if column == view.index):
                    raise Refused("it holds amounts, means or rates beside counts; only counts can be merged")
            elif view.index in tied or not cells.filled:
                continue
            elif cells.share(CellKind.NUMBER, CellKind.PERCENT, CellKind.PAIR, CellKind.INTERVAL) > _SMALL:
                raise Refused("it holds amounts, means or rates beside counts; only counts can be merged")
            else:
                labels.append(view.index)
        words = [tuple(text_of(self.tables, (self.number, row, column)) for column in labels) for row in range(self.table.sample_rows)]
        if not labels or len({each[0] for each in words}) < len({row for row, _ in self.cells}):
            raise Refused("its rows are combinations of several classifications, of which one cannot be merged alone")
        return labels

    def _parents(self) -> dict[int, tuple[int, ...]]:
        """Rows that are no totals of other rows, with the totals they are part of."""
        rows = self.published.equations
        above: dict[int, set[int]] = {row: set() for row, _ in self.cells}
        for at in range(len(rows)):
            if rows.relation[at] not in SUMS:
                continue
            total, *parts = rows.members(at).tolist()
            places = [self.tables.place(cell) for cell in (total, *parts)]
            if any(place[0] != self.number for place in places) or len({place[2] for place in places}) > 1:
                continue
            for place in places[1:]:
                if place[1] in above:
                    above[place[1]].add(places[0][1])
        totals = set().union(*above.values())
        return {row: tuple(sorted(found)) for row, found in above.items() if row not in totals}

    def merge(self) -> None:
        """Merge until no group is small."""
        small = {place[1] for place in self.tables.primary if place[0] == self.number}
        if not small <= self.parents.keys():
            raise Refused("a total in it is too small itself")
        while True:
            at = next((at for at, group in enumerate(self.groups) if self._is_small(group, small)), None)
            if at is None:
                return
            beside = [near for near in (at - 1, at + 1) if 0 <= near < len(self.groups)]
            alike = [near for near in beside if self.parents[self.groups[near][0]] == self.parents[self.groups[at][0]]]
            if not alike:
                raise Refused("a small category has no neighbour under the same total that it could be merged with")
            other = min(alike, key=lambda near: (self._size(self.groups[near]), near))
            first, second = min(at, other), max(at, other)
            self.groups[first] = self.groups[first] + self.groups[second]
            del self.groups[second]

    def _is_small(self, group: list[int], small: set[int]) -> bool:
        """True for a row that holds a small count, and for merged ones while some sum is small."""
        if len(group) == 1:
            return group[0] in small
        low, high = self.tables.suppressed
        return any(low <= number <= high for number in self._sums(group).values())

    def _size(self, group: list[int]) -> float:
        return sum(self._sums(group).values())

    def _sums(self, group: list[int]) -> dict[int, float]:
        """The sum of a group by column."""
        found: dict[int, float] = {}
        for row in group:
            for (at, column), cell in self.cells.items():
                if at == row:
                    if self.published.marker[cell] != Marker.NUMBER:
                        raise Refused("cells that are hidden already cannot be merged")
                    found[column] = found.get(column, 0.0) + float(self.published.printed[cell])
        return found

    def values(self) -> dict[int, float]:
        """The number of every count that stays, by flat cell."""
        found = {cell: float(self.published.printed[cell]) for cell in self.cells.values() if np.isfinite(self.published.printed[cell])}
        for group in self.groups:
            found |= {self.cells[group[0], column]: number for column, number in self._sums(group).items()}
        return found

    def words(self) -> dict[Place, str]:
        """New words of the rows that stand for several."""
        found: dict[Place, str] = {}
        for group in self.groups:
            if len(group) == 1:
                continue
            for column in self.labels:
                said = dict.fromkeys(text_of(self.tables, (self.number, row, column)).strip() for row in group)
                found[self.number, group[0], column] = _JOINT.join(word for word in said if word)
            for column, number in self._sums(group).items():
                place = self.number, group[0], column
                found[place] = with_count(text_of(self.tables, place), number)
        return found


__all__ = ["Merged", "merged"]
