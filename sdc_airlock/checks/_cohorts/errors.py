"""Standard errors of estimates, printed, or worked out of an interval, a score or a p-value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sdc_airlock.checks._cohorts.columns import Meaning, Measure

Numbers = npt.NDArray[np.float64]

_Z = 1.959964
# an estimate of so few steps of its last digit, or a score so near 0, says its error too roughly
_STEPS = 10
_FLAT = 0.3


@dataclass(frozen=True, slots=True, kw_only=True)
class Errors:
    """Where standard errors come from.

    Attributes:
        shown: The column that a finding names.
        of: The columns they are worked out of: the error; lower and upper limit of a ratio; estimate and score; estimate and p-value.
        logged: True where p-values are printed as logarithms.
        step: Width of the last digit of the estimate.
    """

    shown: Meaning
    of: tuple[Meaning, ...]
    logged: bool = False
    step: float = 0.0

    def numbers(self, columns: Mapping[int, Numbers]) -> Numbers:
        """Standard errors of some rows, NaN where there is none."""
        first = columns[self.of[0].place]
        if len(self.of) == 1:
            return first
        second = columns[self.of[1].place]
        with np.errstate(divide="ignore", invalid="ignore"):
            if self.of[0].measure is Measure.LOW:
                limits: Numbers = (np.log(second) - np.log(first)) / (2 * _Z)
                return limits
            estimates = np.log(first) if self.of[0].measure is Measure.ODDS else first
            scores = second if self.of[1].measure is Measure.SCORE else _scores(second, logged=self.logged)
            sure = (np.abs(estimates) >= _STEPS * self.step) & (np.abs(scores) >= _FLAT)
            return np.where(sure, np.abs(estimates / scores), np.nan)


def _scores(values: Numbers, *, logged: bool) -> Numbers:
    """Scores behind two-sided p-values."""
    from scipy.special import ndtri

    chances = 10.0 ** -np.abs(values) if logged else values
    result: Numbers = -ndtri(np.clip(chances, 1e-300, 1.0) / 2)
    return result


def errors_in(columns: Sequence[Meaning], names: Mapping[int, str], steps: Mapping[int, float]) -> Errors | None:
    """Where the standard errors of a table come from, the plainest way first; None where they cannot be known.

    Args:
        columns: What its columns hold.
        names: Their headers, by place.
        steps: Width of the last digit of estimates, by place.
    """
    there: dict[Measure, Meaning] = {}
    for one in columns:
        if not one.group:
            there.setdefault(one.measure, one)
    if Measure.ERROR in there:
        return Errors(shown=there[Measure.ERROR], of=(there[Measure.ERROR],))
    if {Measure.ODDS, Measure.LOW, Measure.HIGH} <= there.keys():
        return Errors(shown=there[Measure.ODDS], of=(there[Measure.LOW], there[Measure.HIGH]))
    estimate = there.get(Measure.EFFECT) or there.get(Measure.ODDS)
    second = there.get(Measure.SCORE) or there.get(Measure.P)
    if estimate is None or second is None:
        return None
    logged = "log" in names[second.place].lower()
    return Errors(shown=estimate, of=(estimate, second), logged=logged, step=steps.get(estimate.place, 0.0))


__all__ = ["Errors", "errors_in"]
