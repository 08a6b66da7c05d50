"""Bounds that follow from one equation at a time, again and again until nothing moves: cheap, and exact where the equations form no ring."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

Numbers: TypeAlias = npt.NDArray[np.float64]
Mask: TypeAlias = npt.NDArray[np.bool_]
Places: TypeAlias = npt.NDArray[np.int64]

TOLERANCE = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class System:
    """`row_low <= matrix @ x <= row_high` and `low <= x <= high`.

    Attributes:
        matrix: SciPy sparse array in CSR form, one row an equation, one column a cell.
        integral: By cell, whether only whole numbers are possible.
    """

    matrix: Any
    row_low: Numbers
    row_high: Numbers
    low: Numbers
    high: Numbers
    integral: Mask

    @property
    def shape(self) -> tuple[int, int]:
        """Equations and cells."""
        return int(self.matrix.shape[0]), int(self.matrix.shape[1])

    def part(self, rows: Places, cells: Places) -> System:
        """Some equations over some cells; the other cells must be fixed, and are taken to the right-hand side."""
        chosen = self.matrix[rows]
        others = np.ones(self.shape[1], np.bool_)
        others[cells] = False
        known = chosen @ np.where(others, np.where(np.isfinite(self.low), self.low, 0.0), 0.0)
        return System(
            matrix=chosen[:, cells].tocsr(),
            row_low=self.row_low[rows] - known,
            row_high=self.row_high[rows] - known,
            low=self.low[cells],
            high=self.high[cells],
            integral=self.integral[cells],
        )


@dataclass(frozen=True, slots=True)
class Tightened:
    """Bounds after propagation.

    Attributes:
        settled: nothing moved in the last round.
        contradicted: some equation cannot hold.
    """

    low: Numbers
    high: Numbers
    settled: bool
    contradicted: bool


def propagate(system: System, rounds: int = 60) -> Tightened:
    """Narrow the bounds of every cell by every equation it stands in, until nothing moves or `rounds` are over.

    Time is linear in the number of entries a round.
    """
    matrix = system.matrix
    count = np.diff(matrix.indptr)
    rows = np.repeat(np.arange(len(count)), count)
    cells = np.asarray(matrix.indices, np.int64)
    factor = np.asarray(matrix.data, np.float64)
    low, high = _whole(system.low.copy(), system.high.copy(), system.integral)
    settled = False
    with np.errstate(invalid="ignore", over="ignore"):
        for _ in range(rounds):
            lower, upper = _implied((rows, cells, factor), system, low, high)
            new_low, new_high = low.copy(), high.copy()
            np.maximum.at(new_low, cells, lower)
            np.minimum.at(new_high, cells, upper)
            new_low, new_high = _whole(new_low, new_high, system.integral)
            slack = TOLERANCE * (1 + np.abs(np.where(np.isfinite(new_low), new_low, 0)))
            if np.any(new_low > new_high + slack):
                return Tightened(low, high, settled=False, contradicted=True)
            moved = _moved(low, new_low) | _moved(new_high, high)
            low, high = np.minimum(new_low, new_high), new_high
            if not moved.any():
                settled = True
                break
    return Tightened(low, high, settled=settled, contradicted=False)


def _moved(before: Numbers, after: Numbers) -> Mask:
    """Where a bound rose by more than arithmetic noise."""
    both = np.isfinite(before) & np.isfinite(after)
    step = np.where(both, after - before, 0.0)
    return np.asarray((step > TOLERANCE * (1 + np.abs(np.where(both, after, 0.0)))) | (np.isfinite(before) != np.isfinite(after)), np.bool_)


def _whole(low: Numbers, high: Numbers, integral: Mask) -> tuple[Numbers, Numbers]:
    """Bounds of whole numbers, moved inwards to whole numbers."""
    return (
        np.where(integral & np.isfinite(low), np.ceil(low - TOLERANCE), low),
        np.where(integral & np.isfinite(high), np.floor(high + TOLERANCE), high),
    )


def _implied(entries: tuple[Places, Places, Numbers], system: System, low: Numbers, high: Numbers) -> tuple[Numbers, Numbers]:
    """For every entry of the matrix, the bounds that its equation leaves to its cell."""
    rows, cells, factor = entries
    count = system.shape[0]
    positive = factor > 0
    least = factor * np.where(positive, low[cells], high[cells])
    most = factor * np.where(positive, high[cells], low[cells])
    top = system.row_high[rows] - _rest(rows, least, count, -np.inf)
    bottom = system.row_low[rows] - _rest(rows, most, count, np.inf)
    upper = np.where(positive, top, bottom) / factor
    lower = np.where(positive, bottom, top) / factor
    return np.nan_to_num(lower, nan=-np.inf, posinf=np.inf, neginf=-np.inf), np.nan_to_num(upper, nan=np.inf, posinf=np.inf, neginf=-np.inf)


def _rest(rows: Places, terms: Numbers, count: int, without: float) -> Numbers:
    """For every entry the sum of the other terms of its equation, `without` where one of them is infinite."""
    finite = np.isfinite(terms)
    kept = np.where(finite, terms, 0.0)
    sums = np.bincount(rows, kept, count)
    open_ = np.bincount(rows, ~finite, count)
    return np.where(open_[rows] - ~finite == 0, sums[rows] - kept, without)


def compress(system: System) -> tuple[System, Places, Places]:
    """The system over its undecided cells alone, with the places of its equations and cells in the whole."""
    width = system.high - system.low
    cells = np.flatnonzero(~(width <= TOLERANCE * (1 + np.abs(np.where(np.isfinite(system.low), system.low, 0.0)))))
    touched = np.asarray(np.abs(system.matrix[:, cells]).sum(axis=1)).reshape(-1) > 0 if len(cells) else np.zeros(system.shape[0], np.bool_)
    rows = np.flatnonzero(touched & (np.isfinite(system.row_low) | np.isfinite(system.row_high)))
    return system.part(rows, cells), rows, cells


def without(system: System, rows: Places) -> System:
    """The system with some equations let go."""
    row_low, row_high = system.row_low.copy(), system.row_high.copy()
    row_low[rows], row_high[rows] = -np.inf, np.inf
    return replace(system, row_low=row_low, row_high=row_high)


__all__ = ["TOLERANCE", "Mask", "Numbers", "Places", "System", "Tightened", "compress", "propagate", "without"]
