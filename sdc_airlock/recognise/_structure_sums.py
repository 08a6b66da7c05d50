"""Which labels along one dimension are the sum of which others: by what they are called, how they are laid out, and whether the numbers agree."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from sdc_airlock.model.published import Relation
from sdc_airlock.recognise._structure_labels import covers, runs
from sdc_airlock.recognise._structure_values import Mask, Numbers

# evidence is counted in bits: how unlikely it is that numbers agree by chance
_FEWEST_NAMED = 2.5
_FEWEST_FOUND = 10.0
_FEWEST_SECTIONS = 2
_MOST_GROUPS = 100
_MOST_COMPARED = 5_000_000
_LANE_BITS = 12.0
_HOLDS = 0.97
_WINDOW = 64
_LONG_LINE = 400
_LONG_WINDOW = 24
_LANES_LOOKED_AT = 60
_PASSES = 5
_FEWEST_LANES = 2


@dataclass(frozen=True, slots=True)
class Line:
    """Labels along one dimension; every lane is one combination of everything else.

    Attributes:
        words: The labels in order.
        totals: Labels that name a total; maybe: labels that are empty, and total others only where the numbers say so.
        low, high: What is known of each cell, (labels, lanes); NaN where there is no cell.
        parents: Hierarchies read from the labels: for each label the place of the one that holds it, -1 for none.
        groups: Blocks of labels that stand under one heading.
        together: So many lanes in a row stand in the same rows of the table; where one of them does not add up, none of them is trusted.
    """

    words: tuple[str, ...]
    totals: tuple[bool, ...]
    maybe: tuple[bool, ...]
    low: Numbers
    high: Numbers
    parents: tuple[tuple[int, ...], ...] = ()
    groups: tuple[tuple[int, ...], ...] = ()
    together: int = 1


@dataclass(frozen=True, slots=True)
class Sum:
    """One label is the sum of others, in the lanes in which that can be."""

    total: int
    members: tuple[int, ...]
    relation: Relation
    lanes: Mask


@dataclass(frozen=True, slots=True)
class _Fit:
    holds: bool
    bits: float
    lanes: Mask


@dataclass(slots=True)
class _Found:
    sums: list[Sum] = field(default_factory=list)
    below: set[int] = field(default_factory=set)
    seen: set[tuple[int, frozenset[int]]] = field(default_factory=set)

    def add(self, total: int, members: Sequence[int], relation: Relation, fit: _Fit) -> bool:
        key = total, frozenset(members)
        if key in self.seen:
            return False
        self.seen.add(key)
        self.sums.append(Sum(total, tuple(members), relation, fit.lanes))
        self.below.update(members)
        return True


def fit(line: Line, total: int, members: Sequence[int]) -> _Fit:
    """Whether a label can be the sum of others in (nearly) every lane, and how surprising that would be if it were not."""
    rows = list(members)
    low, high = line.low[rows], line.high[rows]
    there = ~np.isnan(line.low[total]) & (~np.isnan(low)).any(axis=0)
    least, most = np.nansum(low, axis=0), np.nansum(high, axis=0)
    holds, bits, lanes = _judge(least[None], most[None], line.low[total], line.high[total], there[None])
    failing = (there & ~lanes[0]).reshape(-1, line.together).any(axis=1)
    return _Fit(bool(holds[0]), float(bits[0]), lanes[0] & ~np.repeat(failing, line.together))


def _judge(least: Numbers, most: Numbers, low: Numbers, high: Numbers, there: Mask) -> tuple[Mask, Numbers, Mask]:
    """The same for many sums already made (axis 0), over the lanes (axis 1)."""
    with np.errstate(invalid="ignore"):
        room = 1e-9 * (1 + np.abs(np.where(np.isfinite(high), high, 0.0)))
        lanes = there & (least <= high + room) & (most >= low - room)
        width = (most - least) + (high - low)
        size = np.where(np.isfinite(most), most, 0.0)
        bits = np.where(lanes & np.isfinite(width), np.log2((1 + np.abs(size)) / (1 + np.abs(width))), 0.0)
    bits = np.clip(np.nan_to_num(bits), 0.0, _LANE_BITS).sum(axis=-1)
    wanted = there.sum(axis=-1)
    holds = (wanted > 0) & (lanes.sum(axis=-1) >= _HOLDS * wanted)
    return holds, bits, lanes


def find_sums(line: Line) -> list[Sum]:
    """All sums of a line, hierarchies first, then what is called a total, then what only the numbers tell."""
    found = _Found()
    if len(line.words) < 2 or not line.low.size:
        return []
    _by_hierarchy(line, found)
    _by_name(line, found)
    _by_numbers(line, found)
    _by_siblings(line, found)
    return found.sums


def _by_hierarchy(line: Line, found: _Found) -> None:
    for parents in line.parents:
        children: dict[int, list[int]] = {}
        for place, parent in enumerate(parents):
            if parent >= 0:
                children.setdefault(parent, []).append(place)
        for parent, places in children.items():
            if len(places) < 2 or not covers(line.words[parent], [line.words[place] for place in places]):
                continue
            one = fit(line, parent, places)
            if one.holds and (one.bits >= _FEWEST_NAMED or not _testable(line, parent, places)):
                found.add(parent, places, Relation.SUBTOTAL, one)


def _testable(line: Line, total: int, members: Sequence[int]) -> bool:
    """True where some lane has all of its cells printed and is not empty."""
    high = line.high[[total, *members]]
    known = ~np.isinf(np.nansum(high, axis=0)) & ~np.isnan(line.high[total])
    return bool(np.any(known & (np.nan_to_num(line.low[total]) > 0)))


def _by_name(line: Line, found: _Found) -> None:
    """Labels that name a total, tried against every block they may stand for."""
    named = [place for place, flag in enumerate(line.totals) if flag]
    for total in sorted(named, key=lambda place: (len(line.words[place].split()) <= 1, place)):
        fallback = None
        any_fits = False
        for block in _blocks(line, found, total, named):
            one = fit(line, total, block)
            if not one.holds:
                continue
            if one.bits >= _FEWEST_NAMED:
                any_fits = True
                found.add(total, block, Relation.TOTAL, one)
            elif fallback is None and not _testable(line, total, block):
                fallback = block, one
        if not any_fits and fallback is not None:
            found.add(total, fallback[0], Relation.TOTAL, fallback[1])
        _by_sections(line, found, total)
    for total in (place for place, flag in enumerate(line.maybe) if flag):
        block = [place for place in range(len(line.words)) if place != total and not line.totals[place] and place not in found.below]
        if len(block) >= 2:
            one = fit(line, total, block)
            if one.holds and one.bits >= _FEWEST_FOUND / 2:
                found.add(total, block, Relation.TOTAL, one)


def _by_sections(line: Line, found: _Found, total: int) -> None:
    """Where a total is that of two blocks under headings, it is that of the blocks with hidden cells too, as far as it can be."""
    inside = [group for group in line.groups[:_MOST_GROUPS] if total not in group]
    fits = [(group, fit(line, total, group)) for group in inside]
    sure = sum(one.holds and one.bits >= _FEWEST_NAMED for _, one in fits)
    if sure < _FEWEST_SECTIONS:
        return
    for group, one in fits:
        if one.holds and not _testable(line, total, group):
            found.add(total, group, Relation.TOTAL, one)


def total_of_sections(line: Line) -> int:
    """The label that is the sum of at least two blocks under headings wherever all is printed, though nothing calls it a total; -1 where there is none."""
    count = len(line.groups)
    if count < _FEWEST_SECTIONS or count * line.low.size > _MOST_COMPARED:
        return -1
    least = np.stack([np.nansum(line.low[list(group)], axis=0) for group in line.groups])
    most = np.stack([np.nansum(line.high[list(group)], axis=0) for group in line.groups])
    there = np.stack([(~np.isnan(line.low[list(group)])).any(axis=0) for group in line.groups])
    inside = np.zeros((len(line.words), count), np.bool_)
    for at, group in enumerate(line.groups):
        inside[list(group), at] = True
    best = -1, _FEWEST_SECTIONS - 1
    for place in range(len(line.words)):
        holds, bits, _ = _judge(least, most, line.low[place], line.high[place], there & ~np.isnan(line.low[place]))
        sure = int((holds & (bits >= _FEWEST_FOUND) & ~inside[place]).sum())
        if sure > best[1]:
            best = place, sure
    return best[0]


def _blocks(line: Line, found: _Found, total: int, named: Sequence[int]) -> Iterator[list[int]]:
    """Blocks of labels that a total may stand for, likeliest first."""
    size = len(line.words)
    plain = [place for place in range(size) if not line.totals[place] and not line.maybe[place]]
    tops = [place for place in plain if place not in found.below]
    before = max((place for place in named if place < total), default=-1)
    after = min((place for place in named if place > total), default=size)
    options = [tops] if len(named) == 1 else []
    options += [[place for place in tops if before < place < total], [place for place in tops if total < place < after], tops]
    options += [[place for place in plain if before < place < total], [place for place in plain if total < place < after]]
    if len(named) <= _MOST_GROUPS:
        options += [[place for place in group if place != total] for group in line.groups[:_MOST_GROUPS]]
    options += [[place for place in named if place != total], plain]
    # sub-totals above stand for what they hold
    options += [
        [place for place in range(total) if place not in found.below],
        [place for place in range(total + 1, size) if place not in found.below],
    ]
    seen = set()
    for block in options:
        if len(block) >= 2 and tuple(block) not in seen:
            seen.add(tuple(block))
            yield block


def _by_numbers(line: Line, found: _Found) -> None:
    """Sums that no label announces: a label and the block beside it, when several lanes agree beyond chance."""
    lanes = _speaking_lanes(line)
    if len(lanes) < _FEWEST_LANES:
        return
    low, high = line.low[:, lanes], line.high[:, lanes]
    totals = {each.total for each in found.sums}
    for _ in range(_PASSES):
        order = [place for place in range(len(line.words)) if place not in found.below]
        best = []
        for at, total in enumerate(order):
            if total in totals:
                continue
            for block in (order[at + 1 :], order[:at][::-1]):
                length = _longest_match(low, high, total, block)
                if length:
                    best.append((length, total, sorted(block[:length])))
        grown = False
        # the shortest first: sub-totals before the totals that hold them
        for _, total, block in sorted(best):
            if total in totals or any(place in found.below for place in block):
                continue
            one = fit(line, total, block)
            if one.holds and one.bits >= _FEWEST_FOUND and found.add(total, block, Relation.SUM, one):
                totals.add(total)
                grown = True
        if not grown:
            return


def _by_siblings(line: Line, found: _Found) -> None:
    """Parts of a sum whose other parts hold the labels behind (or before) them hold theirs too, as far as the numbers allow."""
    blocks = {each.total: each.members for each in found.sums}
    for one in list(found.sums):
        for step in (1, -1):
            sure = [part for part in one.members if part in blocks and _beside(part, blocks[part], step)]
            if not sure:
                continue
            stops = {one.total, *one.members, *blocks}
            for part in one.members:
                block = _until(line, found, part, step, stops)
                if part in blocks or len(block) < 2:
                    continue
                fits = fit(line, part, block)
                if (
                    fits.holds
                    and (fits.bits >= _FEWEST_NAMED or not _testable(line, part, block))
                    and found.add(part, block, Relation.SUM, fits)
                ):
                    blocks[part] = tuple(block)


def _beside(part: int, members: Sequence[int], step: int) -> bool:
    """True where members follow (1) or precede (-1) what they add up to without a gap."""
    return min(members) == part + 1 if step > 0 else max(members) == part - 1


def _until(line: Line, found: _Found, part: int, step: int, stops: set[int]) -> list[int]:
    """Labels from one on in one direction up to the next one that is known to be something else."""
    block = []
    at = part + step
    while 0 <= at < len(line.words) and at not in stops and not line.totals[at]:
        if at not in found.below:
            block.append(at)
        at += step
    return sorted(block)


def _speaking_lanes(line: Line) -> list[int]:
    """The lanes that tell most: many cells printed, large numbers."""
    shown = np.isfinite(line.low) & (line.high - line.low < 1e6) & (line.low > 0)
    score = shown.sum(axis=0)
    order = np.argsort(-score, kind="stable")[:_LANES_LOOKED_AT]
    return [int(place) for place in order.tolist() if score[place] >= 3]  # a total and two parts


def _longest_match(low: Numbers, high: Numbers, total: int, block: Sequence[int]) -> int:
    """How many labels from the start of a block add up to a label; 0 where no number of them does beyond chance."""
    window = _WINDOW if len(low) <= _LONG_LINE else _LONG_WINDOW
    rows = list(block[: None if len(low) <= _LONG_LINE // 4 else window])
    if len(rows) < 2:
        return 0
    there = ~np.isnan(low[rows])
    least = np.cumsum(np.where(there, low[rows], 0.0), axis=0)
    most = np.cumsum(np.where(there, high[rows], 0.0), axis=0)
    known = ~np.isnan(low[total])[None, :] & np.cumsum(there, axis=0).astype(np.bool_)
    holds, bits, _ = _judge(least, most, low[total], high[total], known)
    # one label alone is no sum; all lanes that can speak must
    good = np.flatnonzero(holds & (bits >= _FEWEST_FOUND + 2 * np.log2(len(low))))
    good = good[good >= 1]
    return int(good[np.argmax(bits[good])]) + 1 if len(good) else 0


__all__ = ["Line", "Sum", "find_sums", "fit", "runs", "total_of_sections"]
