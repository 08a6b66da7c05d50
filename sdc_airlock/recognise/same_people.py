"""Which tables are of the same people, told by the numbers that they share: printed ones, and sums that both allow."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from sdc_airlock.recognise.populations import Condition, Listed
from sdc_airlock.recognise.spans import Span

# bits of evidence that two tables must share, and those that each doubling of the tables of a request adds on either side
_BITS = 12.0
_BITS_A_DOUBLING = 2.0
_MOST_DIFFERENT = 0.1
_NEIGHBOURS = 8
_SPREAD = 2.5 * math.sqrt(2)


@dataclass(slots=True)
class Facts:
    """What a table says of how many people there are under which condition.

    Attributes:
        firm: Numbers that it prints, and sums over labels that leave nobody out if they are all there are.
        loose: Sums over stretches, of everybody within them or of everybody; they speak for a likeness and not against one.
    """

    firm: dict[Condition, float]
    loose: dict[Condition, float]


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
    return Facts(firm=firm, loose=loose)


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

    Only tables that share numbers under the same labels are looked at, each with a few of those before it.

    Args:
        facts: What each table says.
        apart: Whether names say that two tables are of different people.
    """
    wanted = _BITS + _BITS_A_DOUBLING * math.log2(max(2, len(facts)))
    leader = {number: number for number in facts}

    def find(number: int) -> int:
        while leader[number] != number:
            leader[number] = leader[leader[number]]
            number = leader[number]
        return number

    for one, other in _candidates(facts):
        if find(one) != find(other) and _agree(facts[one], facts[other], wanted) and not apart(one, other):
            leader[find(other)] = find(one)
    groups: dict[int, list[int]] = {}
    for number in facts:
        groups.setdefault(find(number), []).append(number)
    return list(groups.values())


def _candidates(facts: Mapping[int, Facts]) -> Iterator[tuple[int, int]]:
    """Pairs of tables with at least two numbers in common, those with the most first."""
    seen: dict[tuple[Condition, float], list[int]] = {}
    shared: Counter[tuple[int, int]] = Counter()
    for number, each in facts.items():
        for item in {**each.loose, **each.firm}.items():
            before = seen.setdefault(item, [])
            shared.update((other, number) for other in before[-_NEIGHBOURS:])
            before.append(number)
    yield from (pair for pair, count in shared.most_common() if count > 1)


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
    return evidence >= wanted and different <= _MOST_DIFFERENT * (equal + different)


__all__ = ["Facts", "bits", "cover_of", "facts_of", "same_people", "span_in"]
