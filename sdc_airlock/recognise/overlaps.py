"""Tables of the same people as one system: every group of people that a cell counts is an unknown, and groups that others make up are equations.

Groups of different tables are the same unknown where their conditions are. Stretches that overlap are cut where any of them begins or ends, and each
is the sum of its pieces, so that a group between two of them is an unknown of its own.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

from sdc_airlock.recognise.populations import Atom, Cell, Condition, Family, Line, Listed
from sdc_airlock.recognise.same_people import bits, cover_of, span_in
from sdc_airlock.recognise.spans import Span

# bits of evidence that stretches add up, and that a way of dividing people leaves nobody out
_BITS = 10.0
_FAMILY_BITS = 6.0
_MOST_DIFFERENT = 0.05
_CROSSED = 0.5
_MOST_CUTS = 1_000
_OPPOSITES = frozenset(map(frozenset, (("women", "men"), ("girls", "boys"), ("yes", "no"))))
# nobody is in two bands side by side; a person may well have two diagnoses, and be counted in two years
_AGES = frozenset({"age", "band"})


class Sum(NamedTuple):
    """An equation: one group is made up of others, all by their places."""

    whole: int
    parts: tuple[int, ...]


class Stretches(NamedTuple):
    """Groups that differ in a stretch of one axis only, of which some overlap, and what the rest of their condition is."""

    axis: str
    rest: Condition
    groups: tuple[tuple[Span, int], ...]


@dataclass(slots=True)
class Stack:
    """Groups of people and how they add up.

    Attributes:
        conditions: What each group is; empty for a rest that has no name.
        low, high: What the cells say of its size.
        cells: The cells that count it; none for a group that is only implied.
        sums: The equations; `stretches` the overlapping stretches behind some of them.
        uncut: Lines of stretches with more ends than are gone through.
        left_out: Places of groups of which a table leaves the row out.
        added: Groups that nothing prints and that are the sum of printed ones, with these.
        rounded: True where some cells are rounded.
        divisions: Labels that, all together, are believed to leave nobody out.
        inner: Places of groups of three properties that only tables of two of them tell of; `uncrossed` ways of three that have too many of them.
    """

    conditions: list[Condition] = field(default_factory=list)
    low: list[float] = field(default_factory=list)
    high: list[float] = field(default_factory=list)
    cells: list[list[Cell]] = field(default_factory=list)
    sums: list[Sum] = field(default_factory=list)
    stretches: list[Stretches] = field(default_factory=list)
    uncut: int = 0
    left_out: set[int] = field(default_factory=set)
    added: dict[int, tuple[int, ...]] = field(default_factory=dict)
    rounded: bool = False
    divisions: set[frozenset[Atom]] = field(default_factory=set)
    inner: set[int] = field(default_factory=set)
    uncrossed: int = 0
    places: dict[Condition, int] = field(default_factory=dict)

    def place(self, condition: Condition) -> int:
        """The place of a group, made where there is none yet."""
        found = self.places.get(condition)
        if found is None:
            found = self.places[condition] = self.rest(condition)
        return found

    def rest(self, condition: Condition) -> int:
        """The place of a new group that nothing prints."""
        self.conditions.append(condition)
        self.low.append(0.0)
        self.high.append(float("inf"))
        self.cells.append([])
        return len(self.conditions) - 1

    def exact(self, place: int) -> float | None:
        """The size of a group where it is printed."""
        return self.low[place] if self.low[place] == self.high[place] else None

    def printed(self, place: int) -> tuple[int, ...]:
        """The printed groups that a group is the sum of: itself, where it is printed."""
        return tuple(each for part in self.added[place] for each in self.printed(part)) if place in self.added else (place,)


def stack_of(tables: Sequence[Listed], *, either_way: bool = False) -> Stack:
    """All cells of tables of the same people, and how they add up.

    Args:
        tables: Their cells.
        either_way: Counts were rounded up or down at random, not to the nearest; found out, where two cells of the same people show it.
    """
    stack = Stack(rounded=any(cell.rounded is not None for table in tables for cell in table.cells.values()))
    disputed = _fill(stack, tables, either_way=either_way)
    if stack.rounded and not either_way and _apart(stack, disputed):
        return stack_of(tables, either_way=True)
    covers: dict[tuple[str, Condition], list[tuple[Span, int]]] = {}
    for family, classes in _believed(stack, [family for table in tables for family in table.families], tables, disputed):
        _write(stack, family, classes, covers)
        stack.divisions.update(own for line in family.lines if (own := _own(line)) and (not classes or own == classes))
    _add_up(stack)
    _cut(stack, covers)
    return stack


def _apart(stack: Stack, disputed: set[int]) -> bool:
    """True where rounded cells contradict others of the same people."""
    return any(cell.rounded is not None for place in disputed for cell in stack.cells[place])


def _fill(stack: Stack, tables: Sequence[Listed], *, either_way: bool) -> set[int]:
    """Put in all cells; gives the places of groups of which two tables print different numbers: of these nothing is believed."""
    disputed = set()
    for table in tables:
        for condition, cell in table.cells.items():
            place = stack.place(condition)
            stack.cells[place].append(cell)
            low, high = cell.between(either_way=either_way)
            stack.low[place], stack.high[place] = max(stack.low[place], low), min(stack.high[place], high)
            if stack.low[place] > stack.high[place]:
                disputed.add(place)
    for place in disputed:
        stack.low[place], stack.high[place] = 0.0, float("inf")
    return disputed


def _believed(
    stack: Stack, families: Sequence[Family], tables: Sequence[Listed], disputed: set[int]
) -> Iterator[tuple[Family, frozenset[Atom]]]:
    """The ways of dividing people of which the sums agree with what other tables, or totals, say; with the labels that each of their lines should have."""
    printed = {number: table.cells for table in tables for number in {cell.table for cell in table.cells.values()}}
    totals = {id(family): [_total(stack, line, family.axis) for line in family.lines] for family in families}
    said: dict[Condition, dict[int, float]] = {}
    for family in families:
        for line, total in zip(family.lines, totals[id(family)], strict=True):
            if total is not None:
                said.setdefault(line.whole, {}).setdefault(family.table, total)
    rest: list[Family] = []
    divisions: set[frozenset[Atom]] = set()
    for family in families:
        classes = _classes(family)
        evidence, equal, different, named = 0.0, 0, 0, False
        for line, total in zip(family.lines, totals[id(family)], strict=True):
            place = stack.places.get(line.whole)
            whole = None if place is None else stack.exact(place)
            others = {number for table, number in said.get(line.whole, {}).items() if table != family.table}
            others |= {whole} if whole is not None else set()
            named = named or line.whole in printed[family.table]
            if total is None and stack.rounded and (around := _around(stack, line, family.axis, others)) is not None:
                equal += around > 0
                different += around < 0
                evidence += max(0.0, around)
            elif total is None:
                different += whole is not None and _known(stack, line) > whole
            elif total in others:
                equal += 1
                evidence += bits(total)
            elif others and place not in disputed and not (classes - _own(line) and total < max(others)):
                different += 1
        if different <= _MOST_DIFFERENT * (equal + different):
            if evidence >= (_BITS if different else _FAMILY_BITS) or (named and (equal or family.axis or _opposite(family))):
                divisions.update(_own(line) for line in family.lines)
                yield family, classes
            else:
                rest.append(family)
    # what adds up to everybody in one table does so in another
    for family in rest:
        if all(_own(line) in divisions for line in family.lines):
            yield family, frozenset()


def _around(stack: Stack, line: Line, axis: str, others: set[float]) -> float | None:
    """What it says, in bits, that the sum of rounded cells may be what is printed for all of them; -1 where it may not, None where nothing is to be told."""
    if axis and cover_of(line.parts, axis) is None:
        return None
    places = [stack.places.get(part) for part in (line.whole, *line.parts)]
    if any(place is None or math.isinf(stack.high[place]) for place in places[1:]):
        return None
    low, high = (sum(ends[place] for place in places[1:] if place is not None) for ends in (stack.low, stack.high))
    ends = [(number, number) for number in others]
    if (whole := places[0]) is not None and math.isfinite(stack.high[whole]):
        ends.append((stack.low[whole], stack.high[whole]))
    if not ends:
        return None
    fits = any(least <= high and low <= most for least, most in ends)
    return max(0.01, bits((low + high) / 2) - math.log2(high - low + 1)) if fits else -1.0


def _opposite(family: Family) -> bool:
    """True where it divides into two that leave nobody out."""
    return all(frozenset(str(atom).rpartition("=")[2] for atom in _own(line)) in _OPPOSITES for line in family.lines)


def _known(stack: Stack, line: Line) -> float:
    return sum(stack.low[stack.places[part]] for part in line.parts if part in stack.places)


def _total(stack: Stack, line: Line, axis: str) -> float | None:
    """The sum of the parts of a line, where all of them are printed."""
    if axis and cover_of(line.parts, axis) is None:
        return None
    total = 0.0
    for part in line.parts:
        place = stack.places.get(part)
        number = None if place is None else stack.exact(place)
        if number is None:
            return None
        total += number
    return total


def _classes(family: Family) -> frozenset[Atom]:
    """The labels that a family divides by, where most of its lines have all of them; else none."""
    if family.axis or len(family.lines) < 2:
        return frozenset()
    own = [_own(line) for line in family.lines]
    found = frozenset[Atom]().union(*own)
    return found if sum(each == found for each in own) >= _CROSSED * len(own) else frozenset()


def _own(line: Line) -> frozenset[Atom]:
    return frozenset(atom for part in line.parts for atom in part - line.whole)


def _write(stack: Stack, family: Family, classes: frozenset[Atom], covers: dict[tuple[str, Condition], list[tuple[Span, int]]]) -> None:
    """The equations of one way of dividing people; where a line lacks some of the labels, those who would be under them are one more part."""
    for line in family.lines:
        parts = [stack.place(part) for part in line.parts]
        if family.axis:
            cover = cover_of(line.parts, family.axis)
            if cover is None:
                continue
            covers.setdefault((family.axis, line.whole), []).append((cover, stack.place(line.whole)))
        if missing := classes - _own(line):
            place = stack.place(line.whole | missing) if len(missing) == 1 else stack.rest(frozenset())
            stack.left_out.add(place)
            parts.append(place)
        stack.sums.append(Sum(stack.place(line.whole), tuple(parts)))


def _add_up(stack: Stack) -> None:
    """Groups that nothing prints, as sums of printed ones."""
    waiting = [each for each in stack.sums if not stack.cells[each.whole]]
    while waiting:
        later = []
        for each in waiting:
            numbers = [stack.exact(part) for part in each.parts]
            if None in numbers:
                later.append(each)
            elif stack.exact(each.whole) is None:
                stack.low[each.whole] = stack.high[each.whole] = sum(number for number in numbers if number is not None)
                stack.added[each.whole] = each.parts
        if len(later) == len(waiting):
            break
        waiting = later


def _cut(stack: Stack, covers: Mapping[tuple[str, Condition], Sequence[tuple[Span, int]]]) -> None:
    """Stretches that overlap as sums of their pieces."""
    found: dict[tuple[str, Condition], dict[Span, int]] = {}
    for condition, place in list(stack.places.items()):
        for atom in condition:
            if isinstance(atom, Span):
                found.setdefault((atom.axis, condition - {atom}), {})[atom] = place
    lines = []
    for (axis, rest), spans in found.items():
        for cover, place in covers.get((axis, rest), ()):
            spans.setdefault(cover, place)
        cuts = sorted({end for span in spans for end in (span.low, span.high)})
        if len(spans) < 2 or not _overlap(sorted(spans)):
            continue
        if len(cuts) > _MOST_CUTS:
            stack.uncut += 1
        else:
            lines.append(Stretches(axis, rest, tuple(sorted(spans.items()))))
    for axis in {line.axis for line in lines}:
        own = [line for line in lines if line.axis == axis]
        evidence, complete = _adds_up(stack, own)
        if evidence >= (0.0 if axis in _AGES else _BITS):
            for line in own:
                _pieces(stack, line, nothing_else=complete and axis not in _AGES)
            stack.stretches.extend(own)


def _overlap(spans: Sequence[Span]) -> bool:
    return any(other.low < one.high for one, other in pairwise(spans))


def _adds_up(stack: Stack, lines: Sequence[Stretches]) -> tuple[float, bool]:
    """What it says, in bits, that stretches are the sums of those within them, -1 where some are less; and whether none is more."""
    evidence, complete = 0.0, True
    for line in lines:
        for span, place in line.groups:
            inner = within(line, span)
            numbers = [stack.exact(other) for _, other in inner]
            whole = stack.exact(place)
            if (whole is None or None in numbers) and stack.rounded and inner:
                if sum(stack.low[other] for _, other in inner) > stack.high[place]:
                    return -1.0, False
                complete = False
            if whole is None or not inner:
                continue
            total = sum(number for number in numbers if number is not None)
            if total > whole:
                return -1.0, False
            if None not in numbers:
                complete = complete and total == whole
                evidence += bits(whole) if total == whole and len(inner) > 1 else 0.0
    return evidence, complete


def within(line: Stretches, span: Span) -> list[tuple[Span, int]]:
    """Stretches inside another one that do not overlap, the widest first taken; in their order."""
    first, last = (bisect_left(line.groups, (end,), key=lambda group: (group[0].low,)) for end in (span.low, span.high))
    held = [group for group in line.groups[first:last] if group[0] != span and span.holds(group[0])]
    chosen: list[tuple[Span, int]] = []
    for group in sorted(held, key=lambda group: -group[0].width):
        at = bisect_left(chosen, group)
        before_ends = at == 0 or chosen[at - 1][0].high <= group[0].low
        if before_ends and (at == len(chosen) or group[0].high <= chosen[at][0].low):
            chosen.insert(at, group)
    return chosen


def _pieces(stack: Stack, line: Stretches, *, nothing_else: bool) -> None:
    """Each stretch as the sum of its pieces; where nothing is ever left out, nobody is in those that no cell counts."""
    cuts = sorted({end for span, _ in line.groups for end in (span.low, span.high)})
    pieces = [Span(line.axis, low, high) for low, high in pairwise(cuts)]
    known = dict(line.groups)
    places = [known[piece] if piece in known else stack.place(line.rest | {piece}) for piece in pieces]
    for piece, place in zip(pieces, places, strict=True) if nothing_else else ():
        if piece not in known:
            stack.high[place] = 0.0
    for span, place in line.groups:
        parts = tuple(at for piece, at in zip(pieces, places, strict=True) if span.holds(piece))
        if len(parts) > 1:
            stack.sums.append(Sum(place, parts))


__all__ = ["Stack", "Stretches", "Sum", "span_in", "stack_of", "within"]
