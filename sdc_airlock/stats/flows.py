"""Other tables that fit the same printed numbers: how a cell can differ, and which others must differ with it at the least price."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from sdc_airlock.stats._bounds import Mask, Numbers, System
from sdc_airlock.stats._simplex import Ended, Model

_SECONDS = 5.0
_SLACK = 1e-6


def fitting(system: System, printed: Numbers) -> Numbers | None:
    """One table that fits: the printed numbers (NaN where none is), and for the other cells the least that do; None where nothing fits.

    Numbers that were rounded may differ from what is printed as far as their bounds allow, where nothing else fits.
    """
    known = np.isfinite(printed)
    if known.all():
        return np.asarray(printed, np.float64)
    exact = replace(system, low=np.where(known, printed, system.low), high=np.where(known, printed, system.high))
    for one in (exact, system):
        size = _size(one)
        ended, values = Model(one, size, seconds=_SECONDS, presolve=True).minimise(np.where(known, 0.0, 1.0))
        if ended is Ended.OPTIMAL:
            return values
    return None


def cheapest_change(
    system: System, truth: Numbers, change: tuple[int, float], room: tuple[Numbers, Numbers], prices: Numbers
) -> Mask | None:
    """Cells that differ when one of them differs by so much, those of the least price; None where it cannot.

    Args:
        system: What is printed, as equations.
        truth: A table that fits.
        change: The cell, and by how much it is to differ.
        room: How far each cell may differ downwards and upwards.
        prices: Of a difference of one, by cell.
    """
    from scipy import sparse

    cell, by = change
    down, up = (each.copy() for each in room)
    up[cell], down[cell] = max(by, 0.0), max(-by, 0.0)
    low = np.zeros(2 * len(truth))
    low[cell], low[len(truth) + cell] = up[cell], down[cell]
    now = system.matrix @ truth
    moves = System(
        matrix=sparse.hstack([system.matrix, -system.matrix], format="csr"),
        row_low=np.minimum(system.row_low - now, 0.0),
        row_high=np.maximum(system.row_high - now, 0.0),
        low=low,
        high=np.concatenate([up, down]),
        integral=np.zeros(2 * len(truth), np.bool_),
    )
    ended, values = Model(moves, _size(system), seconds=_SECONDS, presolve=True).minimise(np.concatenate([prices, prices]))
    if ended is not Ended.OPTIMAL:
        return None
    return np.asarray(np.abs(values[: len(truth)] - values[len(truth) :]) > _SLACK, np.bool_)


def _size(system: System) -> float:
    """Far beyond what any cell can be."""
    known = [np.abs(each[np.isfinite(each)]) for each in (system.low, system.high, system.row_low, system.row_high)]
    return 100.0 * (1.0 + max(float(each.max(initial=0.0)) for each in known))


__all__ = ["cheapest_change", "fitting"]
