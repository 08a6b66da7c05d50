"""Curves over a grid of equal steps, as thresholds, doses and ages of reference have them: what is told there was worked out, not measured of people."""

from __future__ import annotations

import re

import numpy as np
import numpy.typing as npt

from sdc_airlock.model.recognised import Role
from sdc_airlock.recognise._keys import Typed
from sdc_airlock.recognise.columns import Profile
from sdc_airlock.recognise.lexicon import matches, normalise

_FEWEST_STEPS, _MOST_STEPS = 8, 2000
# how far a curve may bend from one step to the next, of all that it spans; people scatter more, whatever they are sorted by
_BENT = 0.02
_SLACK = 1e-6
# the same, of a usual step: people in the order of what was measured bend at each
_UNEVEN = 0.5
# recordings of one body run smoothly too, over times
_TIMES = frozenset({"time", "t", "date", "sec", "secs", "second", "seconds", "s", "ms", "min", "mins", "minute", "minutes", "hour", "hours", "h", "day", "days", "sample", "frame", "timestamp", "x", ""})  # fmt: skip
_CENTILE = re.compile(r"(?:p|c|q|centile_?|percentile_?)?\d{1,2}(?:[._]\d)?(?:st|nd|rd|th)?|sd[0-4](?:neg)?|[lms]", re.IGNORECASE)


def smooth_over_grid(used: Typed, rows: int) -> float:
    """1 where the first column rises by equal steps and all others are smooth curves over it that say nothing of a body, or are centiles of one."""
    if not _FEWEST_STEPS <= rows <= _MOST_STEPS or len(used) < 2 or any(not one.numeric for one, _ in used):
        return 0.0
    (axis, _), *others = used
    if normalise(axis.name)[0] in _TIMES or {"date", "period"} & matches(axis.name).keys() or not _equal_steps(axis):
        return 0.0
    if any(role in (Role.IDENTIFIER, Role.DATE) for _, role in used):
        return 0.0
    centiles = all(_CENTILE.fullmatch(one.name.strip()) for one, _ in others)
    # chances by age are those of a table of mortality
    chances = all(bool(np.all((one.numbers >= 0) & (one.numbers <= 1))) and not one.whole for one, _ in others)
    if not centiles and any({"person_attribute", "body"} & one.named.keys() for one, _ in (others if chances else used)):
        return 0.0
    bends = [_bent(one) for one, _ in others]
    return float(all(bend <= _BENT for bend in bends) and any(one.levels > _FEWEST_STEPS / 2 for one, _ in others))


def _equal_steps(one: Profile) -> bool:
    numbers = one.numbers
    if not np.isfinite(numbers).all():
        return False
    steps = np.diff(numbers)
    slack = _SLACK * float(np.abs(numbers).max()) + 1.1 * 10.0 ** -float(one.cells.places.max(initial=0)) * (not one.whole)
    return bool(steps.min() > 0) and float(steps.max() - steps.min()) <= min(slack, float(steps.min()) / 2)


def _bent(one: Profile) -> float:
    """Root mean square of the second differences over the range, without what rounding to the printed decimals makes of it."""
    numbers: npt.NDArray[np.float64] = one.numbers
    if not np.isfinite(numbers).all():
        return float("inf")
    span = float(numbers.max() - numbers.min())
    if span == 0:
        return 0.0
    bends = np.diff(numbers, n=2)
    printed = 10.0 ** -float(one.cells.places.max(initial=0))
    square = float(np.mean(bends**2)) - printed**2 / 2
    if square > _UNEVEN**2 * float(np.mean(np.diff(numbers) ** 2)):
        return float("inf")
    return float(np.sqrt(max(square, 0.0)) / span) if printed < span / _FEWEST_STEPS else float("inf")


__all__ = ["smooth_over_grid"]
