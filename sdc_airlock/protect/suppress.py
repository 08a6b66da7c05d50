"""Which further cells to hide, so that nobody can work the hidden ones out: as little as can be found, proven by the audit of the check.

For every hidden cell that is not safe, a linear program looks for another table with the same printed cells in which this one differs by as much as the profile asks
for. Cells that must change for it are hidden; those that cost the least are preferred. What turns out not to be needed is shown again.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass, replace
from math import ceil

import numpy as np
import numpy.typing as npt

from sdc_airlock.checks._audit import Given, Hidden, Protection, unsafe
from sdc_airlock.model.mending import Loss, Wanted
from sdc_airlock.model.published import Equations, Marker, Published, Relation
from sdc_airlock.protect._tables import Place, Refused, Tables, beside, pieces
from sdc_airlock.stats.flows import cheapest_change, fitting
from sdc_airlock.stats.intervals import Caps, attacker_intervals, system_of, without

Numbers = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

_SUMS = (Relation.TOTAL, Relation.SUBTOTAL, Relation.SUM, Relation.REPEATED)
_ROUNDS = 60
_CAPS = Caps(seconds=5.0, runs=4_000, whole_seconds=0.3)
_FEW_CELLS = 400
_TRUST = 1e-6
# what a cell that is hidden anyway costs: enough to be left alone where it need not change
_HARDLY = 1e-4


@dataclass(frozen=True, slots=True)
class Choice:
    """What to hide.

    Attributes:
        primary: Counts that must not be shown; derived: what follows from a hidden count; secondary: what protects the others.
    """

    primary: frozenset[Place]
    derived: frozenset[Place]
    secondary: frozenset[Place]

    @property
    def places(self) -> frozenset[Place]:
        """All of them."""
        return self.primary | self.derived | self.secondary


def choose(tables: Tables, wanted: Wanted, *, seconds: float) -> Choice:
    """The cells to hide.

    Args:
        tables: The tables, as printed.
        wanted: What the profile asks for.
        seconds: Time for the search; what was found until then is proven all the same.

    Raises:
        Refused: no choice was found that could be proven safe.
    """
    until = time.monotonic() + seconds
    fixed = tables.primary | frozenset(place for each in tables.primary for place in beside(tables, each, small=True))
    hidden = set(fixed)
    for piece in pieces(replace(tables, primary=fixed)):
        hidden |= {piece.place(cell) for cell in _best(Search(piece, wanted, fixed, until))}
    along = frozenset(place for each in hidden for place in beside(tables, each, small=False))
    derived = (fixed | along) - tables.primary
    return Choice(primary=tables.primary, derived=derived, secondary=frozenset(hidden - tables.primary - derived))


def _best(search: Search) -> frozenset[int]:
    """The best of some starts.

    Raises:
        Refused: none of them came to an end that is safe.
    """
    best: frozenset[int] | None = None
    refused = Refused("no choice of cells could be proven safe")
    for number, (prices, ascending) in enumerate(search.starts()):
        if number and time.monotonic() > search.until:
            break
        try:
            found = search.shown_again(search.protected(prices, ascending=ascending))
        except Refused as refusal:
            refused = refusal
            continue
        if best is None or search.loss(found) < search.loss(best):
            best = found
    if best is None:
        raise refused
    return best


class Search:
    """The search for one piece of tables.

    Args:
        tables: The piece.
        wanted: What the profile asks for.
        first: Places that are hidden in any case, also elsewhere.
        until: When to stop looking for something better.
    """

    def __init__(self, tables: Tables, wanted: Wanted, first: frozenset[Place], until: float) -> None:
        self.tables = tables
        self.wanted = wanted
        self.first = first
        self.until = until
        self._asked: dict[frozenset[int], list[Hidden]] = {}
        self._with: dict[int, frozenset[Place]] = {}
        self.protection = Protection(suppressed=wanted.suppressed, range_share=wanted.range_share, amount_share=wanted.amount_share)
        assert tables.published is not None  # noqa: S101 - for the type checker; a piece has cells
        self._prepare(tables.published)

    def _prepare(self, published: Published) -> None:
        """Take out what does not add up, and lay the printed numbers down as the one table that is known."""
        self.published = published
        self.fixed = frozenset(self.tables.at[place] for place in self.first if place in self.tables.at)
        system = system_of(published)
        self.contradicting = np.flatnonzero(attacker_intervals(system, np.flatnonzero(published.hidden), _CAPS).loosened)
        truth = fitting(without(system, self.contradicting), np.where(published.marker == Marker.NUMBER, published.printed, np.nan))
        if truth is None:
            raise Refused("its numbers and the cells that are hidden in it already do not fit together")
        self.truth = truth
        hideable = (published.marker == Marker.NUMBER) & (published.row >= 0) & (np.abs(np.nan_to_num(published.printed)) > 0)
        self.hideable: Mask = np.asarray(hideable, np.bool_)

    def starts(self) -> list[tuple[Numbers, bool]]:
        """Prices to try, and in which order hidden cells are protected."""
        worth = np.abs(np.nan_to_num(self.truth))
        even = 1.0 + 0.2 * np.log1p(worth) / max(1.0, float(np.log1p(worth).max(initial=0.0)))
        usual = even if self.wanted.loss is Loss.CELLS else 1.0 + worth
        if len(self.published) > _FEW_CELLS:
            return [(usual, False)]
        prices = [usual, 1.0 + np.log1p(worth), 1.0 + worth if self.wanted.loss is Loss.CELLS else even]
        return [(price, ascending) for ascending in (False, True) for price in prices]

    def loss(self, hidden: Iterable[int]) -> float:
        """What hiding some cells costs."""
        cells = sorted(hidden)
        if self.wanted.loss is Loss.CELLS:
            return len(cells) + float(np.log1p(np.abs(np.nan_to_num(self.truth[cells]))).sum()) * 1e-6
        return float(np.abs(np.nan_to_num(self.truth[cells])).sum()) + 1e-6 * len(cells)

    def masked(self, hidden: Iterable[int]) -> Published:
        """What a reader of the copy has: the cells hidden, and the percentages that go with them."""
        cells = sorted(hidden)
        published = self.published
        low, high, marker, printed = published.low.copy(), published.high.copy(), published.marker.copy(), published.printed.copy()
        low[cells], high[cells], marker[cells], printed[cells] = 0.0, np.inf, Marker.BARE, np.nan
        gone = self.without_percentages(cells)
        return replace(
            published,
            low=low,
            high=high,
            marker=marker,
            printed=printed,
            equations=_dropped(published, gone | set(self.contradicting.tolist())),
        )

    def without_percentages(self, cells: Iterable[int]) -> set[int]:
        """Equations that go because their percentage is hidden."""
        places = self.first.union(*(self._hidden_with(cell) for cell in cells))
        return {equation for equation, place in self.tables.tied.items() if place in places}

    def _hidden_with(self, cell: int) -> frozenset[Place]:
        """Places that are hidden with a cell, its own too."""
        if cell not in self._with:
            place = self.tables.place(cell)
            self._with[cell] = frozenset((place, *beside(self.tables, place, small=False)))
        return self._with[cell]

    def unsafe(self, hidden: Iterable[int]) -> list[Hidden]:
        """Hidden cells that the audit finds not to be safe.

        Where zeros are printed, readers know that no hidden cell is one: they are never hidden here.
        """
        cells = frozenset(hidden)
        if cells not in self._asked:
            masked = self.masked(cells)
            if self.zeros_shown:
                own = (masked.marker == Marker.BARE) & masked.people & masked.integral
                masked = replace(masked, low=np.where(own, np.maximum(masked.low, 1.0), masked.low))
            self._asked[cells] = unsafe(masked, self.protection, _CAPS)
        return self._asked[cells]

    @property
    def zeros_shown(self) -> bool:
        """True where zeros are printed among the counts, so that no hidden cell is one."""
        return bool(np.any((self.published.printed == 0) & self.published.integral))

    def protected(self, prices: Numbers, *, ascending: bool) -> frozenset[int]:
        """Cells to hide that pass the audit.

        Raises:
            Refused: none were found.
        """
        hidden = set(self.fixed)
        order = sorted(hidden, key=lambda cell: (self.truth[cell], cell), reverse=not ascending)
        known = np.unique(self.published.equations.cells)
        for cell in order:
            if cell in known:
                hidden |= self.moved(cell, hidden, prices)
        for _ in range(_ROUNDS):
            bad = self.unsafe(hidden)
            if not bad:
                return frozenset(hidden)
            if time.monotonic() > self.until:
                raise Refused("no choice of cells could be proven safe within the time that it may take")
            if any(each.given is Given.UNSOLVED for each in bad):
                raise Refused("a table in it is too large to be proven safe")
            more: set[int] = set()
            for each in bad:
                more |= self.moved(each.cell, hidden | more, prices)
                if not more - hidden:
                    more |= self.nearest(each.cell, hidden | more, prices)
            if not more - hidden:
                raise Refused("hidden cells could be worked out however many others are hidden with them; merge categories instead")
            hidden |= more
        raise Refused("no choice of cells could be proven safe; merge categories instead")

    def width(self, cell: int) -> float:
        """By how much a hidden cell must be able to differ."""
        least, most = self.wanted.suppressed
        if self.published.integral[cell]:
            return float(max(1, ceil(self.wanted.range_share * (most - least + 1) - 1e-9) - 1))
        share = min(self.wanted.amount_share, 0.9)
        return float(1.02 * share * abs(self.truth[cell]) / (1 - share)) + _TRUST

    def moved(self, cell: int, hidden: set[int], prices: Numbers) -> set[int]:
        """Further cells to hide so that one cell may differ by its width: upwards, else as far down as can be and upwards for the rest."""
        width = self.width(cell)
        up = self._flow(cell, width, hidden, prices)
        if up is not None:
            return up
        down = min(width, max(0.0, float(self.truth[cell]) - float(self.zeros_shown)))
        first = self._flow(cell, -down, hidden, prices) if down else set()
        rest = self._flow(cell, width - down, hidden | (first or set()), prices) if first is not None and width > down else set()
        return (first or set()) | (rest or set())

    def _flow(self, cell: int, by: float, hidden: set[int], prices: Numbers) -> set[int] | None:
        """The cheapest printed cells that change when one cell changes by so much; None where nothing can make it change."""
        published, truth = self.published, self.truth
        free = published.marker != Marker.NUMBER
        free[sorted(hidden)] = True
        open_ = free | self.hideable
        drop = self.without_percentages(sorted(hidden)) | set(self.contradicting.tolist())
        system = without(system_of(published), np.array(sorted(drop), np.int64))
        least = np.where(published.integral | (truth >= 0), np.minimum(truth, float(self.zeros_shown)), -np.inf)
        down = np.where(open_, truth - least, np.maximum(truth - published.low, 0.0))
        up = np.where(open_, np.inf, np.maximum(published.high - truth, 0.0))
        changed = cheapest_change(system, truth, (cell, by), (down, up), np.where(free, _HARDLY, np.where(open_, prices, 0.0)))
        return None if changed is None else set(np.flatnonzero(changed & ~free & open_).tolist())

    def nearest(self, cell: int, hidden: set[int], prices: Numbers) -> set[int]:
        """The cheapest printed cell that stands in a sum with one that is not safe, else in one with any that is hidden."""
        rows = self.published.equations

        def near(at: int) -> list[int]:
            return [other for other in rows.members(at).tolist() if other not in hidden and self.hideable[other]]

        found = {other for at in self._equations_of(cell) for other in near(at)}
        if not found:
            found = {other for each in sorted(hidden) for at in self._equations_of(each) for other in near(at)}
        return {min(found, key=lambda other: (prices[other], other))} if found else set()

    def _equations_of(self, cell: int) -> list[int]:
        rows = self.published.equations
        found = np.unique(np.searchsorted(rows.starts, np.flatnonzero(rows.cells == cell), side="right") - 1)
        return [at for at in found.tolist() if rows.relation[at] in _SUMS]

    def shown_again(self, hidden: frozenset[int]) -> frozenset[int]:
        """The same without cells that are not needed, the dearest first."""
        kept = set(hidden)
        for cell in sorted(hidden - self.fixed, key=lambda each: (-abs(self.truth[each]), each)):
            if time.monotonic() > self.until:
                break
            if not self.unsafe(kept - {cell}):
                kept.discard(cell)
        return frozenset(kept)


def _dropped(published: Published, gone: set[int]) -> Equations:
    """The equations without some."""
    rows = published.equations
    if not gone:
        return rows
    kept = [at for at in range(len(rows)) if at not in gone]
    lengths = np.diff(rows.starts)
    entries = np.repeat(np.isin(np.arange(len(rows)), kept), lengths)
    return replace(
        rows,
        starts=np.concatenate([[0], np.cumsum(lengths[kept])]).astype(np.int64),
        cells=rows.cells[entries],
        coefficients=rows.coefficients[entries],
        low=rows.low[kept],
        high=rows.high[kept],
        relation=rows.relation[kept],
    )


__all__ = ["Choice", "choose"]
