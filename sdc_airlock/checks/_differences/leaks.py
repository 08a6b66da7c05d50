"""What a stack of groups of people gives away: groups between overlapping ones, rows that were left out, and cells that only one of several tables hides."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from sdc_airlock.recognise.overlaps import Stack, Stretches, within
from sdc_airlock.recognise.spans import Span
from sdc_airlock.stats.intervals import Caps, System, attacker_intervals, giving_away, without

_RUNS = 4_000
_CELLS = 20_000
_WHOLE_SECONDS = 0.3
_EXPLAINED = 200


@dataclass(frozen=True, slots=True)
class Range:
    """Counts that must not be shown, and the share of them that must stay possible for a hidden cell."""

    low: int
    high: int
    share: float


@dataclass(frozen=True, slots=True)
class Leak:
    """A group of people that the others give away.

    Attributes:
        rule: "implied" for a group between printed ones, "left_out" for a row that is not there, "linked" for a hidden cell that follows
            from others, "crossed" for a group of three properties that tables of two of them tell of, "shown_elsewhere" for one that another table prints, "not_solved" where it could not be told.
        group: Its place, -1 where it has none.
        givers: Places of the groups that give it away.
    """

    rule: str
    group: int
    givers: tuple[int, ...]


def leaks(stack: Stack, asked: Range, seconds: float) -> Iterator[Leak]:
    """Every group of people that is known to be in the range.

    Args:
        stack: Groups, and how they add up.
        asked: What must not be shown.
        seconds: Wall time in the solver.
    """
    for line in stack.stretches:
        yield from _between(stack, line, asked)
    hidden = [place for place, cells in enumerate(stack.cells) if any(cell.number is None and cell.rounded is None for cell in cells)]
    yield from (Leak("shown_elsewhere", place, (place,)) for place in hidden if stack.exact(place) is not None)
    unclear = [
        place for place, cells in enumerate(stack.cells) if stack.exact(place) is None and any(cell.number is None for cell in cells)
    ]
    unknown = [place for place in unclear if stack.low[place] <= asked.high]
    if stack.rounded:
        yield from (Leak("linked", place, (place,)) for place in _met(stack) if asked.low <= stack.low[place] <= asked.high)
    if stack.sums and (unknown or stack.left_out or stack.inner or (stack.rounded and stack.stretches)):
        yield from _solved(
            stack, unknown, asked, Caps(seconds=seconds, runs=_RUNS, cells=_CELLS, whole_seconds=min(seconds, _WHOLE_SECONDS))
        )


def _met(stack: Stack) -> Iterator[int]:
    """Groups that were rounded in several ways, which only one number fits."""
    for place, cells in enumerate(stack.cells):
        if len(cells) > 1 and stack.exact(place) is not None and all(cell.number is None and cell.low < cell.high for cell in cells):
            yield place


def _between(stack: Stack, line: Stretches, asked: Range) -> Iterator[Leak]:
    """Stretches that no table prints and that the printed ones determine: each is a step between two ends, and steps add up."""
    exact = {span: place for span, place in line.groups if stack.exact(place) is not None}
    steps: dict[float, list[tuple[float, float, int]]] = {}
    for span, place in exact.items():
        number = stack.low[place]
        steps.setdefault(span.low, []).append((span.high, number, place))
        steps.setdefault(span.high, []).append((span.low, -number, place))
    heights, behind = _heights(steps)
    known = {span for span, _ in line.groups}
    found: list[Leak] = []
    for component in heights:
        ends = sorted(component)
        for low, high in pairwise(ends):
            count = component[high] - component[low]
            if count < 0:
                return
            givers = _path(behind, low, high)
            if asked.low <= count <= asked.high and Span(line.axis, low, high) not in known and _large(stack, givers, asked):
                found.append(Leak("implied", stack.places.get(line.rest | {Span(line.axis, low, high)}, -1), givers))
    yield from found
    if not found:
        yield from _rests(stack, line._replace(groups=tuple(exact.items())), known, asked)


def _rests(stack: Stack, line: Stretches, known: set[Span], asked: Range) -> Iterator[Leak]:
    """What is left of a stretch once those within it are taken away, where it lies in several places and none of them is hidden."""
    for span, place in line.groups:
        inner = within(line, span)
        gaps = _gaps(span, [each for each, _ in inner])
        if (
            len(gaps) < 2
            or not inner
            or any(other.low < gap.high and gap.low < other.high and span != other and span.holds(other) for gap in gaps for other in known)
        ):
            continue
        count = stack.low[place] - sum(stack.low[other] for _, other in inner)
        givers = (place, *(other for _, other in inner))
        if asked.low <= count <= asked.high and _large(stack, givers, asked):
            yield Leak("implied", -1, givers)


def _gaps(span: Span, inner: Sequence[Span]) -> list[Span]:
    """The parts of a stretch that others leave."""
    found, at = [], span.low
    for other in sorted(inner):
        if other.low > at:
            found.append(Span(span.axis, at, other.low))
        at = other.high
    return [*found, *([Span(span.axis, at, span.high)] if at < span.high else [])]


def _heights(steps: dict[float, list[tuple[float, float, int]]]) -> tuple[list[dict[float, float]], dict[float, tuple[float, int]]]:
    """How many people are below each end, counted from one end of each set of connected ends; and from which end, by which group, each was reached."""
    components: list[dict[float, float]] = []
    behind: dict[float, tuple[float, int]] = {}
    seen: set[float] = set()
    for start in steps:
        if start in seen:
            continue
        seen.add(start)
        component = {start: 0.0}
        waiting = deque([start])
        while waiting:
            end = waiting.popleft()
            for other, number, place in steps[end]:
                if other not in seen:
                    seen.add(other)
                    component[other] = component[end] + number
                    behind[other] = end, place
                    waiting.append(other)
                elif abs(component[other] - component[end] - number) > 0:
                    component[other] = float("-inf")  # the numbers contradict each other: nothing follows
        components.append(component)
    return [component for component in components if float("-inf") not in component.values()], behind


def _path(behind: dict[float, tuple[float, int]], low: float, high: float) -> tuple[int, ...]:
    """The groups by which two ends are connected."""
    up: dict[float, list[int]] = {low: []}
    at, places = low, list[int]()
    while at in behind:
        at, place = behind[at]
        places = [*places, place]
        up[at] = places
    at, places = high, []
    while at not in up:
        at, place = behind[at]
        places = [*places, place]
    return tuple(dict.fromkeys([*up[at], *places]))


def _large(stack: Stack, givers: Sequence[int], asked: Range) -> bool:
    """True where no small count is among the groups: those are for other checks."""
    numbers = [stack.low[each] for place in givers for each in stack.printed(place)]
    return len(numbers) > 1 and all(number > asked.high for number in numbers if number)


def _solved(stack: Stack, unknown: Sequence[int], asked: Range, caps: Caps) -> Iterator[Leak]:
    """Hidden cells, rows left out and pieces of stretches, by what all equations together leave possible."""
    system = system_of_groups(stack)
    pieces = [place for line in stack.stretches for place in _pieces(stack, line)]
    places = np.array(list(dict.fromkeys([*unknown, *stack.left_out, *pieces, *sorted(stack.inner)])), np.int64)
    answer = attacker_intervals(system, places, caps)
    held = without(system, np.flatnonzero(answer.loosened))
    hidden = set(unknown)
    if not answer.loosened.any():
        yield from (Leak("not_solved", place, ()) for place in places[~answer.solved].tolist() if place in hidden)
    stack.uncrossed += any(place in stack.inner for place in places[~answer.solved].tolist())
    explained = 0
    for place, low, high, sure in zip(places.tolist(), answer.low.tolist(), answer.high.tolist(), answer.solved.tolist(), strict=True):
        inside = asked.low <= low and high <= asked.high
        room = stack.high[place] - stack.low[place] + 1 if place in hidden else asked.high - asked.low + 1
        narrow = high - low + 1 <= asked.share * min(room, asked.high - asked.low + 1)
        to_be_narrow = place in hidden or place in stack.inner or stack.rounded
        if not sure or not inside or (to_be_narrow and not narrow) or explained >= _EXPLAINED:
            continue
        explained += 1
        givers = _givers(stack, held, place)
        if givers and (place in hidden or _large(stack, [other for other in givers if _shown(stack, other)], asked)):
            rule = (
                "linked" if place in hidden else "left_out" if place in stack.left_out else "crossed" if place in stack.inner else "implied"
            )
            yield Leak(rule, place, givers)


def _shown(stack: Stack, place: int) -> bool:
    """True for a group that is printed, exactly or rounded."""
    return stack.exact(place) is not None or any(cell.rounded is not None for cell in stack.cells[place])


def _pieces(stack: Stack, line: Stretches) -> Iterator[int]:
    """Groups between overlapping ones that no cell counts and no printed numbers determine by themselves."""
    cuts = sorted({end for span, _ in line.groups for end in (span.low, span.high)})
    for low, high in pairwise(cuts):
        place = stack.places.get(line.rest | {Span(line.axis, low, high)})
        if place is not None and not stack.cells[place]:
            yield place


def system_of_groups(stack: Stack) -> System:
    """The groups as unknowns, in the order of their places, and how they add up."""
    from scipy import sparse

    count = len(stack.conditions)
    entries = [
        (row, place, sign)
        for row, each in enumerate(stack.sums)
        for place, sign in ((each.whole, 1.0), *((part, -1.0) for part in each.parts))
    ]
    rows, columns, signs = (np.array(each) for each in zip(*entries, strict=True))
    equations = len(stack.sums)
    return System(
        matrix=sparse.csr_array((signs.astype(np.float64), (rows.astype(np.int64), columns.astype(np.int64))), shape=(equations, count)),
        row_low=np.zeros(equations),
        row_high=np.zeros(equations),
        low=np.array(stack.low),
        high=np.array(stack.high),
        integral=np.ones(count, np.bool_),
    )


def _givers(stack: Stack, system: System, place: int) -> tuple[int, ...]:
    """The groups in the equations that hold a group within its interval."""
    rows = giving_away(system, place)
    found = {other for row in rows.tolist() for other in (stack.sums[row].whole, *stack.sums[row].parts)}
    return tuple(sorted(found - {place}))


__all__ = ["Leak", "Range", "leaks", "system_of_groups"]
