"""What is measured of one body, row by row: heights beside weights, pressures beside ages."""

from __future__ import annotations

import numpy as np

from sdc_airlock.model.recognised import Role
from sdc_airlock.recognise._keys import Typed
from sdc_airlock.recognise.columns import FEW_LEVELS, Profile

_FEWEST_MEASURES = 2
_FEWEST_ROWS = 20
_REPEATED = 0.5
# a table of areas, periods or groups has a row for each, and says what it gives of them
_OF_MANY = frozenset(
    {
        Role.COUNT, Role.PERSON_TIME, Role.MEAN, Role.STANDARD_DEVIATION, Role.STANDARD_ERROR, Role.CONFIDENCE_LIMIT, Role.PERCENTAGE, Role.RATE,
        Role.RATIO, Role.COEFFICIENT, Role.P_VALUE, Role.MARKER, Role.GENE,
    }
)  # fmt: skip


def measured(used: Typed, rows: int, found: dict[str, float]) -> float:
    """1 where two or more columns hold what is measured of a body, and neither places, periods, groups nor steps of a scale stand once each.

    Args:
        used: Columns with their roles.
        rows: Rows looked at.
        found: Evidence so far: `place_unique`, `period_unique` and `key_unique` are read.
    """
    if rows < _FEWEST_ROWS or any(role in _OF_MANY for _, role in used):
        return 0.0
    if max(found["place_unique"], found["period_unique"], found["key_unique"] * bool(found["keys"])) >= _REPEATED:
        return 0.0
    bodies = [one for one, _ in used if one.numeric and one.levels > FEW_LEVELS and "body" in one.named]
    return float(len(bodies) >= _FEWEST_MEASURES and not any(_is_scale(one) for one, _ in used))


def _is_scale(one: Profile) -> bool:
    """True for numbers that stand once each at equal steps: ages or heights of a chart, not of people."""
    if not one.numeric or one.unique < 1 or one.levels < _FEWEST_MEASURES:
        return False
    steps = np.diff(np.sort(one.numbers[np.isfinite(one.numbers)]))
    return len(steps) > 0 and bool(np.allclose(steps, steps[0], rtol=1e-6))


__all__ = ["measured"]
