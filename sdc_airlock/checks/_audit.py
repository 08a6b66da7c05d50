"""From published cells to the hidden ones that are not safe: intervals, what gives them away, and the least that would mend it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum

import numpy as np

from sdc_airlock.model.published import Marker, Published, Relation
from sdc_airlock.stats.intervals import Caps, Intervals, System, attacker_intervals, giving_away, system_of, without

_EXPLAINED = 60
_OF_A_COLUMN = 2
# of the share that is asked for, what rounding of the printed amounts may leave open
_ROUNDING = 0.1
_CANDIDATES = 8
_MENDED = 3_000
_SUMS = frozenset({Relation.TOTAL, Relation.SUBTOTAL, Relation.SUM})
_QUICK = Caps(seconds=2.0, runs=200, whole_seconds=0.2)


class Given(Enum):
    """What a reader can know of a hidden cell."""

    EXACT = 0
    NARROW = 1
    IF_SMALL = 2
    UNSOLVED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Protection:
    """What the profile asks for.

    Attributes:
        suppressed: Least and largest count that must not be shown.
        range_share: Share of that range that must stay possible for a hidden count.
        amount_share: A hidden amount must stay unknown by more than this share of it.
    """

    suppressed: tuple[int, int]
    range_share: float
    amount_share: float


@dataclass(frozen=True, slots=True)
class Hidden:
    """A hidden cell that is not safe.

    Attributes:
        cell: Flat place.
        equations: Those that give it away, for the first few cells; by_share: a percentage is among them.
    """

    cell: int
    given: Given
    equations: tuple[int, ...] = ()
    by_share: bool = False


def audit(published: Published, protection: Protection, caps: Caps | None = None) -> list[Hidden]:
    """The hidden cells that are not safe, with what gives them away."""
    found, believed, freed = _looked_through(published, protection, caps or Caps())
    return _explained(believed, freed, found) if found else []


def unsafe(published: Published, protection: Protection, caps: Caps | None = None) -> list[Hidden]:
    """The same without saying what gives them away."""
    return _looked_through(published, protection, caps or Caps())[0]


def _looked_through(published: Published, protection: Protection, limits: Caps) -> tuple[list[Hidden], Published, System]:
    """The cells that are not safe, with the cells and equations as they were believed."""
    asked = _asked(published, protection)
    if not len(asked) or not len(published.equations):
        return [], published, system_of(published)
    published, system, answer = _believed(published, asked, limits)
    found = _unsafe(published, asked, answer, protection)
    named = {each.cell for each in found}
    found += [each for each in _if_small(published, system, asked, protection, limits) if each.cell not in named]
    return found, published, without(system, np.flatnonzero(answer.loosened))


def _asked(published: Published, protection: Protection) -> np.typing.NDArray[np.int64]:
    """Hidden counts of people that may be small, and hidden amounts, as far as some equation knows them."""
    known = np.zeros(len(published), np.bool_)
    known[published.equations.cells] = True
    counts = published.people & (published.low <= protection.suppressed[1])
    amounts = ~published.integral & (published.marker != Marker.BLANK)
    return np.flatnonzero(published.hidden & known & (counts | amounts))


def _believed(published: Published, asked: np.typing.NDArray[np.int64], caps: Caps) -> tuple[Published, System, Intervals]:
    """The answer with signs read as the notes say; read as any number where that contradicts the rest (other cells are hidden behind the same sign)."""
    system = system_of(published)
    answer = attacker_intervals(system, asked, caps)
    legend = published.marker == Marker.LEGEND
    if not answer.loosened.any() or not legend.any():
        return published, system, answer
    wider = replace(
        published,
        low=np.where(legend, 0.0, published.low),
        high=np.where(legend, np.inf, published.high),
        marker=np.where(legend, Marker.BARE, published.marker).astype(np.int8),
    )
    other = attacker_intervals(system_of(wider), asked, caps)
    if other.loosened.sum() < answer.loosened.sum():
        return wider, system_of(wider), other
    return published, system, answer


def _unsafe(published: Published, asked: np.typing.NDArray[np.int64], answer: Intervals, protection: Protection) -> list[Hidden]:
    least, most = protection.suppressed
    found = []
    for place, cell in enumerate(asked.tolist()):
        low, high = float(answer.low[place]), float(answer.high[place])
        blank = published.marker[cell] == Marker.BLANK
        if not published.integral[cell]:
            given = _amount(low, high, protection.amount_share)
        elif high < least or low > most:
            given = None
        elif low == high:
            given = Given.EXACT
        else:
            own = min(published.high[cell] - published.low[cell] + 1, most - least + 1)
            given = Given.NARROW if not blank and high - low + 1 <= protection.range_share * own else None
        if given is None and not answer.solved[place] and not blank and low <= most:
            given = Given.UNSOLVED
        if given is not None:
            found.append(Hidden(cell, given))
    return found


def _amount(low: float, high: float, share: float) -> Given | None:
    """Hidden amounts: known exactly, or to within a share of what they can be at most."""
    size = max(abs(low), abs(high))
    if not np.isfinite(size) or size == 0:
        return None
    if high - low <= _ROUNDING * share * size:
        return Given.EXACT
    return Given.NARROW if high - low < share * size else None


def _if_small(published: Published, system: System, asked: np.typing.NDArray[np.int64], protection: Protection, caps: Caps) -> list[Hidden]:
    """Counts behind bare signs that are exact once every such sign is taken for a small count; nothing where that cannot be."""
    least, most = protection.suppressed
    bare = (published.marker == Marker.BARE) & published.people & published.integral
    wanted = asked[bare[asked]]
    if not len(wanted):
        return []
    strict = replace(
        system,
        low=np.where(bare, np.maximum(system.low, least), system.low),
        high=np.where(bare, np.minimum(system.high, most), system.high),
    )
    answer = attacker_intervals(strict, wanted, caps)
    if answer.loosened.any():
        return []
    return [Hidden(cell, Given.IF_SMALL) for cell, low, high in zip(wanted.tolist(), answer.low, answer.high, strict=True) if low == high]


def _explained(published: Published, system: System, found: Sequence[Hidden]) -> list[Hidden]:
    """The cells with the equations that give them away, for the first few of each column; of the others only whether a percentage alone can have."""
    equations = published.equations
    shared, summed = np.zeros(len(published), np.bool_), np.zeros(len(published), np.bool_)
    of_entry = np.repeat(equations.relation, np.diff(equations.starts))
    shared[equations.cells[of_entry == Relation.SHARE]] = True
    summed[equations.cells[of_entry != Relation.SHARE]] = True
    done: dict[tuple[int, int, Given], int] = {}
    out = []
    for each in found:
        key = int(published.part[each.cell]), int(published.column[each.cell]), each.given
        done[key] = done.get(key, 0) + 1
        if each.given in (Given.IF_SMALL, Given.UNSOLVED):
            out.append(each)
        elif done[key] <= _OF_A_COLUMN and len(done) <= _EXPLAINED:
            rows = tuple(giving_away(system, each.cell).tolist())
            out.append(replace(each, equations=rows, by_share=any(equations.relation[row] == Relation.SHARE for row in rows)))
        else:
            out.append(replace(each, by_share=bool(shared[each.cell] and not summed[each.cell])))
    return out


def mend(published: Published, unsafe: Hidden, protection: Protection) -> tuple[int, ...]:
    """The least that must be hidden too for one cell to be safe; nothing where one, two or three more cells were not found to do.

    Tried are the smallest printed cells that add up with it and, with each of them, the rest of a rectangle: cells that add up with both.
    """
    if len(published) > _MENDED:
        return ()
    near = _beside(published, unsafe.cell, unsafe.equations)[:_CANDIDATES]
    for cell in near:
        if _safe_with(published, unsafe.cell, (cell,), protection):
            return (cell,)
    for cell in near[: _CANDIDATES // 2]:
        for other in _beside(published, cell, None)[: _CANDIDATES // 2]:
            if _safe_with(published, unsafe.cell, (cell, other), protection):
                return cell, other
    for cell in near[:2]:
        for other in _beside(published, unsafe.cell, None)[:_CANDIDATES]:
            crossing = sorted(set(_beside(published, cell, None)) & set(_beside(published, other, None)) - {cell, other, unsafe.cell})
            for third in crossing[:2]:
                if _safe_with(published, unsafe.cell, (cell, other, third), protection):
                    return cell, other, third
    return ()


def _beside(published: Published, cell: int, equations: Sequence[int] | None) -> list[int]:
    """Printed parts of the sums that a cell stands in (or of some of them), the smallest number first; zeros are left alone."""
    rows = published.equations
    if equations is None:
        equations = np.unique(np.searchsorted(rows.starts, np.flatnonzero(rows.cells == cell), side="right") - 1).tolist()
    found = {
        other
        for equation in equations
        if rows.relation[equation] in _SUMS
        for other in rows.members(equation)[1:].tolist()
        if other != cell and published.marker[other] == Marker.NUMBER and published.row[other] >= 0 and published.printed[other] > 0
    }
    return sorted(found, key=lambda other: (published.printed[other], other))


def _safe_with(published: Published, cell: int, further: Sequence[int], protection: Protection) -> bool:
    """True where a cell is safe once some others are hidden, and they are not given away themselves."""
    low, high, marker = published.low.copy(), published.high.copy(), published.marker.copy()
    low[list(further)], high[list(further)], marker[list(further)] = 0.0, np.inf, Marker.BARE
    other = replace(published, low=low, high=high, marker=marker)
    asked = np.array([cell, *further], np.int64)
    answer = attacker_intervals(system_of(other), asked, _QUICK)
    if not answer.solved.all():
        return False
    unsafe = {each.cell for each in _unsafe(other, asked, answer, protection)}
    return cell not in unsafe and bool(np.all(answer.low[1:] < answer.high[1:]))


__all__ = ["Given", "Hidden", "Protection", "audit", "mend", "unsafe"]
