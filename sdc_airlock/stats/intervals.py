"""What a reader can work out of the hidden cells of published tables: for each the least and the largest value that the rest allows.

First every equation narrows its own cells until nothing moves; where equations form no ring, that is the answer already. The rest goes to one linear
model that is kept warm. Independent groups of cells share each run, and every solution is a witness for all cells at once, so that far fewer runs are needed
than two a cell. Whole numbers are insisted on where the answer is narrow and the equations alone do not give them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from sdc_airlock.model.published import Published
from sdc_airlock.stats._bounds import TOLERANCE, Mask, Numbers, Places, System, compress, propagate, without
from sdc_airlock.stats._simplex import Ended, Model, one_hot


@dataclass(frozen=True, slots=True, kw_only=True)
class Caps:
    """What the answer may cost.

    Attributes:
        seconds: Wall time in the solver, over all its models.
        runs: Runs of the solver.
        cells: Undecided cells that one linear model may hold.
        narrow: Intervals with at most so many whole numbers are settled in whole numbers.
        whole_seconds: Wall time for one bound in whole numbers.
    """

    seconds: float = 10.0
    runs: int = 20_000
    cells: int = 60_000
    narrow: int = 24
    whole_seconds: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Intervals:
    """The answer, by asked cell.

    Attributes:
        low, high: Least and largest value; always wide enough, and as narrow as can be where `solved`.
        solved: False where a cap was reached before the answer was sure to be narrowest.
        loosened: By equation, whether it contradicts the others and was let go.
        runs: Runs of the solver.
    """

    low: Numbers
    high: Numbers
    solved: Mask
    loosened: Mask
    runs: int = 0


_USUAL = Caps()
_REPAIRS = 4


def system_of(published: Published) -> System:
    """The equations of published cells as a sparse system."""
    from scipy import sparse

    equations = published.equations
    return System(
        matrix=sparse.csr_array((equations.coefficients, equations.cells, equations.starts), shape=(len(equations), len(published))),
        row_low=equations.low,
        row_high=equations.high,
        low=published.low,
        high=published.high,
        integral=published.integral,
    )


def attacker_intervals(system: System, asked: Places, caps: Caps = _USUAL) -> Intervals:
    """The interval of each asked cell, given everything that is published.

    Args:
        system: Equations and bounds.
        asked: Flat places of the cells wanted.
        caps: What it may cost; where one is reached, cells are answered as not solved.

    Equations that contradict the rest (a table that does not add up) are let go and named in `loosened`; their cells count as not solved.
    """
    loosened = np.zeros(system.shape[0], np.bool_)
    for _ in range(_REPAIRS):
        tightened = propagate(system)
        answer = (
            None
            if tightened.contradicted
            else _answer(replace(system, low=tightened.low, high=tightened.high), asked, caps, settled=tightened.settled)
        )
        if answer is not None:
            sure = answer.solved & ~_touched(system, loosened)[asked]
            return replace(answer, low=answer.low + 0.0, high=answer.high + 0.0, solved=sure, loosened=loosened)
        bad = contradicting(system, caps)
        if not bad.any():
            break
        loosened |= bad
        system = without(system, np.flatnonzero(bad))
    return Intervals(
        low=system.low[asked], high=system.high[asked], solved=np.zeros(len(asked), np.bool_), loosened=np.ones(system.shape[0], np.bool_)
    )


def _touched(system: System, rows: Mask) -> Mask:
    """Cells that stand in some equations."""
    chosen = system.matrix[np.flatnonzero(rows)]
    found = np.zeros(system.shape[1], np.bool_)
    found[chosen.indices] = True
    return found


def contradicting(system: System, caps: Caps = _USUAL) -> Mask:
    """Equations that must be let go for the rest to hold: those with slack in the cheapest repair of all."""
    from scipy import sparse

    rows, cells = system.shape
    found = np.zeros(rows, np.bool_)
    if rows == 0:
        return found
    eye = sparse.eye_array(rows, format="csr")
    elastic = System(
        matrix=sparse.hstack([system.matrix, eye, -eye], format="csr"),
        row_low=system.row_low,
        row_high=system.row_high,
        low=np.concatenate([system.low, np.zeros(2 * rows)]),
        high=np.concatenate([system.high, np.full(2 * rows, np.inf)]),
        integral=np.concatenate([system.integral, np.zeros(2 * rows, np.bool_)]),
    )
    cost = np.concatenate([np.zeros(cells), np.ones(2 * rows)])
    ended, values = Model(elastic, _far(elastic), seconds=caps.seconds, presolve=True).minimise(cost)
    if ended is Ended.OPTIMAL:
        slack = values[cells : cells + rows] + values[cells + rows :]
        found = slack > 1e-5
    if not found.any() and system.integral.any():
        # only whole numbers contradict: let the equations of the cells go that cannot be whole
        found = _uneven(system)
    return found


def _uneven(system: System) -> Mask:
    """Equations among which whole numbers are impossible though numbers are not: found by letting one after the other go."""
    found = np.zeros(system.shape[0], np.bool_)
    for row in np.flatnonzero(np.isfinite(system.row_low) & np.isfinite(system.row_high)).tolist()[:200]:
        if not propagate(without(system, np.array([row]))).contradicted:
            found[row] = True
            return found
    found[:] = True
    return found


def _far(system: System) -> float:
    """A number far beyond what any cell can be, where some cell has no bound of its own."""
    known = [np.abs(each[np.isfinite(each)]) for each in (system.low, system.high, system.row_low, system.row_high)]
    return 100.0 * (1.0 + max((float(each.max(initial=0.0)) for each in known), default=0.0))


@dataclass(slots=True)
class _State:
    """Bounds that hold for sure (outer), and values that were seen to be possible (inner), by cell."""

    low: Numbers
    high: Numbers
    seen_low: Numbers
    seen_high: Numbers
    closed_low: Mask
    closed_high: Mask
    runs: int = 0


def _answer(system: System, asked: Places, caps: Caps, *, settled: bool) -> Intervals | None:
    """Intervals of a system whose bounds were narrowed already; None where it turns out to be contradictory."""
    small, _, cells = compress(system)
    low, high = system.low.copy(), system.high.copy()
    solved = np.ones(system.shape[1], np.bool_)
    runs = 0
    if len(cells):
        groups = _groups(small.matrix)
        wanted = np.zeros(system.shape[1], np.bool_)
        wanted[asked] = True
        hard = _rings(small, groups, settled=settled) & np.isin(groups, groups[wanted[cells]])
        if hard.any():
            if int(hard.sum()) > caps.cells:
                solved[cells[hard]] = False
            else:
                state = _solve(small, groups, hard, wanted[cells], caps)
                if state is None:
                    return None
                low[cells], high[cells] = state.low, state.high
                solved[cells] = ~hard | (state.closed_low & state.closed_high)
                runs = state.runs
    return Intervals(low=low[asked], high=high[asked], solved=solved[asked], loosened=np.zeros(0, np.bool_), runs=runs)


def _groups(matrix: Any) -> Places:
    """For each cell the number of the group of cells that equations tie together."""
    from scipy import sparse

    rows, cells = matrix.shape
    graph = sparse.block_array([[None, matrix], [matrix.T, None]], format="csr")
    labels = sparse.csgraph.connected_components(graph, directed=False)[1]
    return np.asarray(labels[rows : rows + cells], np.int64)


def _rings(small: System, groups: Places, *, settled: bool) -> Mask:
    """Cells of the groups that narrowing equation by equation does not settle: equations in a ring, or whole numbers times something."""
    count = int(groups.max(initial=0)) + 1
    cells = np.bincount(groups, minlength=count)
    matrix = small.matrix
    of_row = np.diff(matrix.indptr)
    filled = of_row > 0
    row_group = groups[matrix.indices[matrix.indptr[:-1][filled]]]
    edges = np.bincount(row_group, of_row[filled], minlength=count)
    ring = edges > cells + np.bincount(row_group, minlength=count) - 1
    factor_rows = np.repeat(np.arange(len(of_row)), of_row)
    odd = (np.abs(np.abs(matrix.data) - 1.0) > TOLERANCE) & small.integral[matrix.indices] & (of_row[factor_rows] > 1)
    ring[groups[matrix.indices[odd]]] = True
    if not settled:
        ring[:] = True
    return np.asarray(ring[groups], np.bool_)


def _solve(small: System, groups: Places, hard: Mask, wanted: Mask, caps: Caps) -> _State | None:
    """Run the linear model over the groups that need it; None where it cannot hold."""
    cells = np.flatnonzero(hard)
    rows = np.flatnonzero(np.asarray(np.abs(small.matrix[:, cells]).sum(axis=1)).reshape(-1) > 0)
    system = small.part(rows, cells)
    asked = wanted[cells]
    far = _far(system)
    model = Model(system, far, seconds=caps.seconds)
    size = len(cells)
    state = _State(
        low=system.low.copy(),
        high=system.high.copy(),
        seen_low=np.full(size, np.inf),
        seen_high=np.full(size, -np.inf),
        closed_low=~asked,
        closed_high=~asked,
    )
    group = np.unique(groups[cells], return_inverse=True)[1].reshape(-1)
    for sign in (1.0, -1.0):
        ended, values = model.minimise(one_hot(size, np.flatnonzero(asked), sign))
        if ended is Ended.INFEASIBLE:
            return None
        if ended is Ended.OPTIMAL:
            _witness(state, system, group, values)
    _rounds(model, system, group, state, far, caps)
    _insist_on_whole(system, group, asked, state, far, caps)
    state.runs += model.runs
    return _spread(state, small, cells)


def _spread(state: _State, small: System, cells: Places) -> _State:
    """The state of some cells as one of all cells."""
    total = small.shape[1]
    low, high = small.low.copy(), small.high.copy()
    low[cells], high[cells] = state.low, state.high
    closed_low, closed_high = np.ones(total, np.bool_), np.ones(total, np.bool_)
    closed_low[cells], closed_high[cells] = state.closed_low, state.closed_high
    return _State(low, high, low, high, closed_low, closed_high, state.runs)


def _rounds(model: Model, system: System, group: Places, state: _State, far: float, caps: Caps) -> None:
    """Ask for one open bound of every group at a time until none is open."""
    size = len(group)
    while not (state.closed_low.all() and state.closed_high.all()):
        if model.runs >= caps.runs:
            return
        going_up = bool(state.closed_low.all())
        open_ = np.flatnonzero(~(state.closed_high if going_up else state.closed_low))
        chosen = open_[np.unique(group[open_], return_index=True)[1]]
        ended, values = model.minimise(one_hot(size, chosen, -1.0 if going_up else 1.0))
        if ended is not Ended.OPTIMAL:
            return
        if going_up:
            best = np.where(values[chosen] >= far * (1 - 1e-6), np.inf, values[chosen])
            state.high[chosen] = np.minimum(state.high[chosen], _inward(best, system.integral[chosen], up=False))
            state.closed_high[chosen] = True
        else:
            best = np.where(values[chosen] <= -far * (1 - 1e-6), -np.inf, values[chosen])
            state.low[chosen] = np.maximum(state.low[chosen], _inward(best, system.integral[chosen], up=True))
            state.closed_low[chosen] = True
        _witness(state, system, group, values)


def _inward(values: Numbers, integral: Mask, *, up: bool) -> Numbers:
    """Bounds of whole numbers as whole numbers, with room for the arithmetic of the solver."""
    room = 1e-5 * np.maximum(1.0, np.abs(np.where(np.isfinite(values), values, 0.0)) * 1e-3)
    whole = np.ceil(values - room) if up else np.floor(values + room)
    return np.where(integral, whole, values)


def _witness(state: _State, system: System, group: Places, values: Numbers) -> None:
    """Take note of a solution: what it shows to be possible needs not be asked for. Only groups whose whole numbers came out whole count."""
    broken = system.integral & (np.abs(values - np.round(values)) > 1e-5)
    bad = np.zeros(int(group.max(initial=0)) + 1, np.bool_)
    bad[group[broken]] = True
    good = ~bad[group]
    near = np.where(system.integral, np.round(values), values)
    state.seen_low[good] = np.minimum(state.seen_low[good], near[good])
    state.seen_high[good] = np.maximum(state.seen_high[good], near[good])
    slack = TOLERANCE * (1 + np.abs(near))
    state.closed_low |= state.seen_low <= state.low + slack
    state.closed_high |= state.seen_high >= state.high - slack


def _insist_on_whole(system: System, group: Places, asked: Mask, state: _State, far: float, caps: Caps) -> None:
    """Settle narrow intervals of whole numbers whose ends no solution in whole numbers has shown.

    Where branch and bound does not come to an end the linear answer stays and the cell counts as not solved.
    """
    with np.errstate(invalid="ignore"):
        unsure = asked & system.integral & ((state.seen_low > state.low + 0.5) | (state.seen_high < state.high - 0.5))
        unsure &= (state.high - state.low < caps.narrow) & state.closed_low & state.closed_high
    budget = caps.seconds
    for number in np.unique(group[unsure]).tolist():
        members = np.flatnonzero(group == number)
        part = system.part(np.flatnonzero(np.asarray(np.abs(system.matrix[:, members]).sum(axis=1)).reshape(-1) > 0), members)
        part = replace(part, low=state.low[members], high=state.high[members])
        for place in np.flatnonzero(unsure[members]).tolist():
            for sign in (1.0, -1.0):
                if budget <= 0:
                    (state.closed_low if sign > 0 else state.closed_high)[members[place]] = False
                    continue
                budget -= _whole_bound(part, (members, place, sign), state, far, caps)


def _whole_bound(part: System, wanted: tuple[Places, int, float], state: _State, far: float, caps: Caps) -> float:
    """One end (1 for the least, -1 for the largest) of the interval of one of some cells in whole numbers; gives the seconds that were lost on it."""
    members, place, sign = wanted
    cell = members[place]
    if sign > 0 and state.seen_low[cell] <= state.low[cell] + 0.5:
        return 0.0
    if sign < 0 and state.seen_high[cell] >= state.high[cell] - 0.5:
        return 0.0
    model = Model(part, far, seconds=caps.whole_seconds, whole=True)
    ended, values = model.minimise(one_hot(len(members), np.array([place]), sign))
    state.runs += 1
    closed = state.closed_low if sign > 0 else state.closed_high
    if ended is Ended.OPTIMAL:
        best = float(np.round(values[place]))
        if sign > 0:
            state.low[cell] = max(state.low[cell], best)
        else:
            state.high[cell] = min(state.high[cell], best)
        whole = np.round(values)
        state.seen_low[members] = np.minimum(state.seen_low[members], np.where(part.integral, whole, values))
        state.seen_high[members] = np.maximum(state.seen_high[members], np.where(part.integral, whole, values))
        return 0.0
    closed[cell] = False
    return caps.whole_seconds


def giving_away(system: System, cell: int, caps: Caps = _USUAL) -> Places:
    """Equations that together hold a cell within its interval, few of them; none where its own bounds do.

    Args:
        system: The system as it was asked about, contradicting equations let go.
        cell: Flat place of the cell.
        caps: What it may cost.
    """
    small, rows, cells = compress(system)
    place = np.flatnonzero(cells == cell)
    if not len(place):
        return np.zeros(0, np.int64)
    groups = _groups(small.matrix)
    members = np.flatnonzero(groups == groups[place[0]])
    kept = np.flatnonzero(np.asarray(np.abs(small.matrix[:, members]).sum(axis=1)).reshape(-1) > 0)
    part = small.part(kept, members)
    if not len(kept) or len(members) > caps.cells:
        return rows[kept]
    model = Model(part, _far(part), seconds=caps.whole_seconds)
    found = np.zeros(len(kept), np.bool_)
    at = np.flatnonzero(members == place[0])
    for sign in (1.0, -1.0):
        ended, _ = model.minimise(one_hot(len(members), at, sign))
        if ended is Ended.OPTIMAL:
            found |= model.speaking()
    return rows[kept[found]]


__all__ = ["Caps", "Intervals", "System", "attacker_intervals", "contradicting", "giving_away", "system_of", "without"]
