"""Which columns of a table name groups, and whether their combinations are the rows."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from sdc_airlock.model.recognised import Role
from sdc_airlock.recognise.columns import FEW_LEVELS, Profile

Typed = Sequence[tuple[Profile, Role]]

_KEY_ROLES = frozenset({Role.CATEGORY, Role.PLACE, Role.PERIOD})

_LARGEST_CODE = 30


def key_columns(used: Typed, rows: int) -> list[Profile]:
    """Columns that may name groups: categories, places, periods, bands and few whole numbers, but no counts."""
    keys = []
    for one, role in used:
        few = (
            one.whole
            and one.levels <= FEW_LEVELS
            and one.levels < max(rows, 2)
            and one.numbers[np.isfinite(one.numbers)].max(initial=0) <= _LARGEST_CODE
        )
        if (role in _KEY_ROLES and one.levels < max(rows, 2)) or (
            role in (Role.MEASURE, Role.POSITION, Role.IDENTIFIER) and few and one.unique <= 0.5
        ):
            keys.append(one)
    return keys


def combined(keys: Sequence[Profile], rows: int) -> npt.NDArray[np.int64]:
    """One code a row for the combination of the cells of several columns."""
    code = np.zeros(rows, np.int64)
    for one in keys:
        code = code * (int(one.cells.codes.max(initial=0)) + 1) + one.cells.codes
        code = np.unique(code, return_inverse=True)[1].reshape(-1).astype(np.int64)
    return code


def keys_of(used: Typed, rows: int) -> dict[str, float]:
    found = {"keys": 0.0, "key_unique": 0.0, "key_complete": 0.0, "key_repeats": 0.0, "key_balance": 0.0, "row_repeats": 0.0}
    if rows < 2 or not used:
        return found
    everything = combined([one for one, _ in used], rows)
    found["row_repeats"] = 1 - len(np.unique(everything)) / rows
    keys = key_columns(used, rows)
    found["keys"] = min(1.0, len(keys) / 6)
    if not keys:
        found["key_complete"] = _complete_design(used, rows)
        return found
    different = len(np.unique(combined(keys, rows)))
    found["key_unique"] = different / rows
    found["key_repeats"] = 1 - different / rows
    product = math.prod(max(one.levels, 1) for one in keys)
    if different == rows:
        found["key_complete"] = min(1.0, rows / product)
    found["key_complete"] = max(found["key_complete"], _complete_design(used, rows))
    balances = []
    for one in keys:
        tallies = np.bincount(one.cells.codes)
        tallies = tallies[tallies > 0]
        balances.append(tallies.min() / tallies.max())
    found["key_balance"] = float(np.mean(balances))
    return found


def _complete_design(used: Typed, rows: int) -> float:
    """How nearly some adjacent columns list every combination of their levels once, as a table of groups does.

    Columns that never repeat are left out: a running number lists every one of its levels too.
    """
    best = 0.0
    for start in range(min(3, len(used))):
        product, window = 1, []
        for one, _ in used[start : start + 6]:
            if one.levels >= rows or one.levels < 2 or (one.numeric and not one.whole and one.levels > FEW_LEVELS):
                break
            product *= one.levels
            window.append(one)
            if product > 3 * rows:
                break
            if product >= rows and len(window) > 1 and len(np.unique(combined(window, rows))) == rows:
                best = max(best, rows / product)
                break
    return best
