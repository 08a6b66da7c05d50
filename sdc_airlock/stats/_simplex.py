"""One linear model kept warm in HiGHS: many objectives over the same equations."""

from __future__ import annotations

from enum import Enum
from typing import Any

import numpy as np

from sdc_airlock.stats._bounds import Mask, Numbers, Places, System

_OPTIONS: dict[str, Any] = {
    "output_flag": False,
    "threads": 1,
    "presolve": "off",
    "solver": "simplex",
    # only the objective changes from one run to the next, so the last basis stays feasible: primal simplex goes on from it
    "simplex_strategy": 4,
    "primal_feasibility_tolerance": 1e-9,
    "dual_feasibility_tolerance": 1e-9,
}


class Ended(Enum):
    """How a run of the solver ended."""

    OPTIMAL = "optimal"
    INFEASIBLE = "infeasible"
    STOPPED = "stopped"


class Model:
    """The equations of a system; bounds beyond `far` are taken for none."""

    def __init__(self, system: System, far: float, *, seconds: float, whole: bool = False, presolve: bool = False) -> None:
        """Hand the equations over.

        Args:
            system: Equations and bounds.
            far: Stands in for infinite bounds of cells, so that no run is unbounded.
            seconds: Wall time for all runs of the model together.
            whole: Cells that must be whole numbers are kept so (branch and bound).
            presolve: Let the solver simplify first; for models that run once.
        """
        import highspy

        self._solver: Any = highspy.Highs()  # type: ignore[no-untyped-call]
        for name, value in (_OPTIONS | ({"presolve": "on", "simplex_strategy": 1} if presolve or whole else {})).items():
            self._solver.setOptionValue(name, value)
        self._solver.setOptionValue("time_limit", float(seconds))
        self._status = highspy.HighsModelStatus
        self.far = far
        self.cells = system.shape[1]
        self._all = np.arange(self.cells, dtype=np.int32)
        self.iterations = 0
        self.runs = 0
        self._solver.passModel(self._linear(highspy, system, whole=whole))

    def _linear(self, highspy: Any, system: System, *, whole: bool) -> Any:
        model = highspy.HighsLp()
        model.num_row_, model.num_col_ = system.shape
        model.col_cost_ = np.zeros(self.cells)
        model.col_lower_ = np.clip(system.low, -self.far, self.far)
        model.col_upper_ = np.clip(system.high, -self.far, self.far)
        model.row_lower_ = np.where(np.isfinite(system.row_low), system.row_low, -highspy.kHighsInf)
        model.row_upper_ = np.where(np.isfinite(system.row_high), system.row_high, highspy.kHighsInf)
        model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        model.a_matrix_.start_ = system.matrix.indptr.astype(np.int32)
        model.a_matrix_.index_ = system.matrix.indices.astype(np.int32)
        model.a_matrix_.value_ = system.matrix.data.astype(np.float64)
        if whole:
            kinds = highspy.HighsVarType
            model.integrality_ = [kinds.kInteger if each else kinds.kContinuous for each in system.integral.tolist()]
        return model

    def minimise(self, cost: Numbers) -> tuple[Ended, Numbers]:
        """The cells at which an objective is least, and how the run ended."""
        self._solver.changeColsCost(self.cells, self._all, np.ascontiguousarray(cost, np.float64))
        self._solver.run()
        self.runs += 1
        status = self._solver.getModelStatus()
        self.iterations += max(0, int(self._solver.getInfo().simplex_iteration_count))
        if status == self._status.kOptimal:
            return Ended.OPTIMAL, np.asarray(self._solver.getSolution().col_value)
        if status in (self._status.kInfeasible, self._status.kUnboundedOrInfeasible):
            return Ended.INFEASIBLE, np.empty(0)
        return Ended.STOPPED, np.empty(0)

    def bound(self) -> float:
        """Best bound known of the objective of the last run with whole numbers, also where it was stopped."""
        return float(self._solver.getInfo().mip_dual_bound)

    def speaking(self) -> Mask:
        """Equations that hold the last optimum in its place (those with a price)."""
        return np.asarray(np.abs(np.asarray(self._solver.getSolution().row_dual)) > 1e-7, np.bool_)


def one_hot(size: int, places: Places, sign: float) -> Numbers:
    """An objective of a few cells."""
    cost = np.zeros(size)
    cost[places] = sign
    return cost


__all__ = ["Ended", "Model", "one_hot"]
