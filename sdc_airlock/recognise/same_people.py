"""Which tables are of the same people, told by the numbers that they share: printed ones, and sums that both allow."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import combinations, islice, pairwise, product

from sdc_airlock.recognise.populations import Condition, Listed
from sdc_airlock.recognise.spans import Span

# bits of evidence that two tables must share, and those that each doubling of the tables of a request adds on either side
_BITS = 7.0
_BITS_A_DOUBLING = 2.0
_MOST_DIFFERENT = 0.1
_NEIGHBOURS = 8
_ROUNDS = 4
_ASKED = 50
_MOST_NESTING = 20_000
_LOOKED_AT = 20
_SPREAD = 2.5 * math.sqrt(2)


@dataclass(slots=True)
class Facts:
    """What a table says of how many people there are under which condition.

    Attributes:
        firm: Numbers that it prints, and sums over labels that leave nobody out if they are all there are.
        loose: Sums over stretches, of everybody within them or of everybody; they speak for a likeness and not against one.
        spans: By axis and the rest of the condition, stretches with their numbers, None for hidden ones.
        ranges: What rounded numbers, and sums of them, may stand for.
    """

    firm: dict[Condition, float]
    loose: dict[Condition, float]
    spans: dict[tuple[str, Condition], dict[Span, float | None]]
    ranges: dict[Condition, tuple[float, float]] = field(default_factory=dict)


def facts_of(table: Listed) -> Facts:
    """The numbers of a table and the sums that it allows."""
    firm = {condition: cell.number for condition, cell in table.cells.items() if cell.number is not None}
    loose: dict[Condition, float] = {}
    for family in table.families:
        for line in family.lines:
            numbers = [firm.get(part) for part in line.parts]
            total = sum(number for number in numbers if number is not None)
            if any(number is None for number in numbers):
                continue
            if not family.axis:
                firm.setdefault(line.whole, total)
            elif (cover := cover_of(line.parts, family.axis)) is not None:
                loose[line.whole] = total
                loose[line.whole | {cover}] = total
    spans: dict[tuple[str, Condition], dict[Span, float | None]] = {}
    for condition, cell in table.cells.items() if table.axes else ():
        for atom in condition:
            if isinstance(atom, Span):
                spans.setdefault((atom.axis, condition - {atom}), {})[atom] = cell.number
    return Facts(firm=firm, loose=loose, spans=spans, ranges=_ranges(table))


def _ranges(table: Listed) -> dict[Condition, tuple[float, float]]:
    """What rounded cells may stand for, whichever way they were rounded, and sums of them over labels that leave nobody out if they are all there are."""
    own = {condition: cell.between(either_way=True) for condition, cell in table.cells.items() if cell.rounded is not None}
    found = dict(own)
    for family in table.families if own else ():
        for line in family.lines:
            ends = [own[part] for part in line.parts if part in own]
            if not family.axis and len(ends) == len(line.parts):
                found.setdefault(line.whole, (sum(low for low, _ in ends), sum(high for _, high in ends)))
    return found


def span_in(condition: Condition, axis: str) -> Span | None:
    """The stretch of an axis that a condition holds."""
    return next((atom for atom in condition if isinstance(atom, Span) and atom.axis == axis), None)


def cover_of(parts: Sequence[Condition], axis: str) -> Span | None:
    """The stretch that parts cover without gap or overlap; None where they do not."""
    spans = sorted(span for part in parts if (span := span_in(part, axis)) is not None)
    if len(spans) < len(parts) or any(one.high != other.low for one, other in pairwise(spans)):
        return None
    return Span(axis, spans[0].low, spans[-1].high)


def bits(number: float) -> float:
    """What it says that a number stands twice, in bits: the more, the larger it is."""
    return math.log2(1.0 + _SPREAD * math.sqrt(number)) if number > 0 else 0.0


def same_people(facts: Mapping[int, Facts], apart: Callable[[int, int], bool]) -> list[list[int]]:
    """Tables in groups, by number, each of the same people as far as their numbers tell; tables that stand alone are groups of one.

    Only tables that share numbers under the same labels are looked at, each with a few of those before it; then groups like single tables, by what their tables
    say together.

    Args:
        facts: What each table says.
        apart: Whether names say that two tables are of different people.
    """
    wanted = _BITS + _BITS_A_DOUBLING * math.log2(max(2, len(facts)))
    groups = {number: [number] for number in facts}
    known = dict(facts)
    for _ in range(_ROUNDS):
        joined = _joined(known, wanted, partial(_any_apart, apart, groups))
        if all(len(keys) == 1 for keys in joined):
            break
        groups = {keys[0]: [number for key in keys for number in groups[key]] for keys in joined}
        known = {keys[0]: _merged([known[key] for key in keys]) for keys in joined}
    return list(groups.values())


def _any_apart(apart: Callable[[int, int], bool], groups: Mapping[int, Sequence[int]], one: int, other: int) -> bool:
    """Whether names keep two groups apart, by the first few of their tables."""
    return any(apart(*pair) for pair in islice(product(groups[one], groups[other]), _ASKED))


def _merged(facts: Sequence[Facts]) -> Facts:
    """What several tables of the same people say together; where they differ, what the first of them says."""
    if len(facts) == 1:
        return facts[0]
    firm, loose, ranges = dict[Condition, float](), dict[Condition, float](), dict[Condition, tuple[float, float]]()
    spans: dict[tuple[str, Condition], dict[Span, float | None]] = {}
    for each in reversed(facts):
        firm |= each.firm
        loose |= each.loose
        ranges |= each.ranges
        for key, numbers in each.spans.items():
            spans[key] = spans.get(key, {}) | numbers
    return Facts(firm=firm, loose=loose, spans=spans, ranges=ranges)


def _joined(facts: Mapping[int, Facts], wanted: float, apart: Callable[[int, int], bool]) -> list[list[int]]:
    """Keys in groups, each of those whose numbers agree."""
    leader = {number: number for number in facts}

    def find(number: int) -> int:
        while leader[number] != number:
            leader[number] = leader[leader[number]]
            number = leader[number]
        return number

    for one, other in (*_candidates(facts, wanted), *_rounded(facts, wanted), *_nesting(facts)):
        if find(one) != find(other) and _agree(facts[one], facts[other], wanted) and not apart(one, other):
            leader[find(other)] = find(one)
    groups: dict[int, list[int]] = {}
    for number in facts:
        groups.setdefault(find(number), []).append(number)
    return list(groups.values())


def _candidates(facts: Mapping[int, Facts], wanted: float) -> Iterator[tuple[int, int]]:
    """Pairs of tables whose numbers in common say enough, those of which they say most first."""
    seen: dict[tuple[Condition, float], list[int]] = {}
    shared: dict[tuple[int, int], float] = {}
    for number, each in facts.items():
        for item in {**each.loose, **each.firm}.items():
            before = seen.setdefault(item, [])
            if before:
                said = bits(item[1])
                for other in before[-_NEIGHBOURS:]:
                    shared[other, number] = shared.get((other, number), 0.0) + said
            before.append(number)
    yield from sorted((pair for pair, said in shared.items() if said >= wanted), key=lambda pair: (-shared[pair], pair))


def _rounded(facts: Mapping[int, Facts], wanted: float) -> Iterator[tuple[int, int]]:
    """Pairs of tables, one of them rounded at least, whose numbers in common may be the same and say enough."""
    if not any(each.ranges for each in facts.values()):
        return
    seen: dict[tuple[Condition, int], list[int]] = {}
    shared: dict[tuple[int, int], float] = {}
    for number, each in facts.items():
        for condition, (low, high) in _as_ranges(each).items():
            for place in {_bin((low + high) / 2), _bin(low), _bin(high)}:
                before = seen.setdefault((condition, place), [])
                for other in before[-_NEIGHBOURS:]:
                    if facts[other].ranges or each.ranges:
                        shared[other, number] = shared.get((other, number), 0.0) + _said(low, high)
                before.append(number)
    yield from sorted((pair for pair, said in shared.items() if said >= wanted), key=lambda pair: (-shared[pair], pair))


def _as_ranges(facts: Facts) -> dict[Condition, tuple[float, float]]:
    return {condition: (number, number) for condition, number in facts.firm.items()} | facts.ranges


def _bin(number: float) -> int:
    """Numbers that may be one and the same, rounded, are mostly in one bin."""
    return round(8 * math.log2(1 + number))


def _said(low: float, high: float) -> float:
    """What it says, in bits, that a number lies in a range."""
    return max(0.0, bits((low + high) / 2) - math.log2(high - low + 1))


def _nesting(facts: Mapping[int, Facts]) -> Iterator[tuple[int, int]]:
    """Pairs of tables of which the one divides more finely what the other divides."""
    layouts: dict[str, dict[frozenset[Span], list[int]]] = {}
    for number, each in facts.items():
        for axis in {axis for axis, _ in each.spans}:
            own = frozenset(span for (other, _), spans in each.spans.items() if other == axis for span in spans)
            layouts.setdefault(axis, {}).setdefault(own, []).append(number)
    left = _MOST_NESTING
    for lists in layouts.values():
        for one, other in combinations(lists, 2):
            if left > 0 and (_nests(one, other) or _nests(other, one)):
                pairs = list(islice(product(lists[one], lists[other]), left))
                left -= len(pairs)
                yield from pairs


def _nests(wide: frozenset[Span], narrow: frozenset[Span]) -> bool:
    """True where several stretches lie within one of the others."""
    return any(
        sum(span.holds(other) and span != other for other in narrow) > 1 for span in sorted(wide, key=lambda span: -span.width)[:_LOOKED_AT]
    )


def _agree(one: Facts, other: Facts, wanted: float) -> bool:
    """True where the numbers that both tables give are equal, beyond chance."""
    equal, different, evidence = 0, 0, 0.0
    for condition, number in one.firm.items():
        its = other.firm.get(condition)
        if its is None:
            its = other.loose.get(condition)
            if its != number:
                continue
        if its == number:
            equal += 1
            evidence += bits(number)
        else:
            different += 1
    for condition, number in one.loose.items():
        if number == other.firm.get(condition, other.loose.get(condition)):
            equal += 1
            evidence += bits(number)
    for condition, (low, high) in _as_ranges(one).items() if one.ranges or other.ranges else ():
        between = other.ranges.get(condition)
        its = other.firm.get(condition, other.loose.get(condition))
        if (between is None and its is None) or (between is None and condition not in one.ranges):
            continue
        least, most = between or (its or 0.0, its or 0.0)
        if low <= most and least <= high:
            equal += 1
            evidence += min(_said(low, high), _said(least, most))
        else:
            different += 1
    if different > _MOST_DIFFERENT * (equal + different):
        return False
    return evidence >= wanted or evidence + _within(one, other) + _within(other, one) >= wanted


def _within(one: Facts, other: Facts) -> float:
    """What it says, in bits, that stretches of a table are the sums of those that another one puts in their place; far below 0 where some are less."""
    evidence = 0.0
    for key, spans in one.spans.items():
        inner = sorted(other.spans.get(key, {}).items())
        starts = [span.low for span, _ in inner]
        for span, whole in spans.items():
            held = [
                number
                for part, number in inner[bisect_left(starts, span.low) : bisect_left(starts, span.high)]
                if part != span and span.holds(part)
            ]
            if whole is None or len(held) < 2:
                continue
            total = sum(number for number in held if number is not None)
            if total > whole:
                return -math.inf
            if total == whole and None not in held:
                evidence += bits(whole)
    return evidence


__all__ = ["Facts", "bits", "cover_of", "facts_of", "same_people", "span_in"]
