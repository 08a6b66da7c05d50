"""Curves told as numbers: grids that somebody chose, steps that are whole numbers of people, and densities that imply counts.

Numbers come as they were printed, with half a unit of their last decimal.
"""

from __future__ import annotations

import math
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Numbers: TypeAlias = npt.NDArray[np.float64]

_FEWEST = 5
_MOST_PEOPLE = 20_000
_MOST_VALUES = 400
# of a step, what rounding may take up for a number of people to be told from it
_SHARP = 0.1
_CHANCE = 1e-7
# how many points people choose for a grid, with or without its first or last one
_LENGTHS = frozenset({5, 10, 20, 25, 30, 40, 50, 100, 200, 250, 256, 300, 400, 500, 512, 1000, 1024, 2000, 2500, 4000, 5000, 10_000})
# positions of n people in order are told as shares of n and a little more: (i - 1) / (n - 1), (i - 0.5) / n, (i - 0.375) / (n + 0.25), i / (n + 1)
_POSITIONS = (-1.0, 0.0, 0.12, 0.2, 0.25, 1 / 3, 0.4, 1.0)
# two steps together must be so many units of the last decimal to be compared; of one person each, the first is off the half of both by 0.25 on average, of two by 0.19
_CLEAR, _FEWEST_CLEAR, _UNEVEN = 6, 15, 0.2
_SMOOTH = 0.2
_FEWEST_SMOOTH = 16


def half_unit(places: int, scale: float = 1.0) -> float:
    """Half a unit of the last of so many decimals, for numbers divided by `scale`."""
    return float(0.5 * 10.0**-places / scale)


def chosen_length(rows: int) -> bool:
    """True for a number of points that somebody would choose for a grid: 50, 100, 101, 512."""
    return rows in _LENGTHS or rows - 1 in _LENGTHS


def is_even(values: Numbers, half: float) -> bool:
    """True for numbers that rise (or fall) by one and the same step, as far as rounding tells."""
    if len(values) < _FEWEST:
        return False
    step = (values[-1] - values[0]) / (len(values) - 1)
    if not math.isfinite(step) or abs(step) <= 4 * half:
        return False
    ideal = values[0] + step * np.arange(len(values))
    return bool(np.all(np.abs(values - ideal) <= 2.02 * half + 1e-9 * np.abs(values).max()))


def is_exactly_even(values: Numbers, half: float) -> bool:
    """True for numbers of which all steps are printed as one and the same, be it a single unit of the last decimal."""
    steps = np.diff(values)
    if len(values) < _FEWEST or abs(steps[0]) < 1.98 * half:
        return False
    return bool(np.all(np.abs(steps - steps[0]) <= 1e-6 * half + 1e-9 * abs(steps[0])))


def is_grid(values: Numbers, half: float) -> bool:
    """True for an even grid, of the numbers or of their logarithms."""
    if is_even(values, half):
        return True
    with np.errstate(all="ignore"):
        return bool(len(values) >= _FEWEST and values.min() > 0 and is_even(np.log(values), half / values.min()))


def one_a_row(shares: Numbers, half: float, *, any_length: bool = False) -> bool:
    """True for shares of 1 that rise (or fall) by 1/n in each of n rows, n being no number of steps that somebody chooses: positions of people in order.

    With `any_length` n may be such a number too: then something else has to say that the rows are people.
    """
    rows = len(shares)
    if rows < _FEWEST or not (is_even(shares, half) or is_exactly_even(shares, half)) or shares.min() < -1e-9 or shares.max() > 1 + 1e-9:
        return False
    step = abs(shares[-1] - shares[0]) / (rows - 1)
    people = round(1 / step)
    if not any_length and (people in _LENGTHS or (people + 1 in _LENGTHS and people + 1 == rows)):
        return False  # a grid, with one of its ends or with both
    slack = 2.02 * half / (rows - 1) + 1e-9
    return any(abs(step - 1 / (rows + more)) <= slack for more in _POSITIONS)


def people_of_steps(shares: Numbers, half: float) -> int:
    """The smallest number of people n of which all shares are whole multiples of 1/n, beyond chance; 0 where none is.

    Args:
        shares: Shares of 1.
        half: Half a unit of their last decimal.
    """
    distinct = np.unique(shares[np.isfinite(shares)])
    distinct = distinct[(distinct > half) & (distinct < 1 - half)][:_MOST_VALUES]
    if len(distinct) < _FEWEST - 1 or half <= 0:
        return 0
    if (known := _of_a_multiple(distinct, half)) > 1:
        return known
    people = np.arange(2, min(_MOST_PEOPLE, int(_SHARP / half)) + 1)
    for start in range(0, len(people), 2000):
        some = people[start : start + 2000]
        times = distinct[:, None] * some[None, :]
        fits = np.all(np.abs(times - np.round(times)) <= 1.02 * half * some + 1e-9, axis=0)
        for found in some[fits].tolist():
            if found * (2 * half * found + 1e-9) ** len(distinct) < _CHANCE:
                return int(found)
    return 0


def _of_a_multiple(shares: Numbers, half: float) -> int:
    """The number of people of shares that are all multiples of several units of the last decimal, beyond chance (0.02, 0.06, 0.34, ... of fifty); 0 for others."""
    units = shares / (2 * half)
    whole = np.round(units).astype(np.int64)
    if not len(whole) or float(np.max(np.abs(units - whole))) > 1e-6 * max(1.0, float(whole.max())):
        return 0
    factor = int(np.gcd.reduce(whole))
    people = 1 / (2 * half * factor) if factor > 1 else 0.0
    return round(people) if people and abs(people - round(people)) < 1e-6 and float(factor) ** -len(whole) < _CHANCE else 0


def is_irregular(values: Numbers, half: float) -> bool:
    """True for numbers in order whose steps vary as those between single people do, and not less, as those of a smooth curve or of percentiles of many do.

    Of two steps side by side, between three people in order, the first takes any part of both with the same chance. Steps that are small beside the last decimal
    say nothing.
    """
    steps = np.abs(np.diff(values))
    both = steps[1:] + steps[:-1]
    clear = both >= _CLEAR * 2 * half
    if int(clear.sum()) < _FEWEST_CLEAR:
        return False
    return bool(np.mean(np.abs(steps[:-1][clear] / both[clear] - 0.5)) > _UNEVEN)


def is_cumulative(values: Numbers) -> bool:
    """True for numbers between 0 and 1 (or 100) that never fall or never rise, and go most of the way."""
    if len(values) < _FEWEST or not np.isfinite(values).all() or values.min() < -1e-9 or values.max() > 100 + 1e-9:
        return False
    steps = np.diff(values)
    scale = 100.0 if values.max() > 1 + 1e-9 else 1.0
    return bool((np.all(steps >= -1e-12) or np.all(steps <= 1e-12)) and (values.max() - values.min()) / scale >= 0.5)


def is_density(at: Numbers, values: Numbers) -> bool:
    """True for a smooth curve over a grid whose area is 1."""
    if len(values) < _FEWEST_SMOOTH or not np.isfinite(values).all() or values.min() < 0:
        return False
    area = abs(float(np.sum((values[1:] + values[:-1]) / 2 * np.diff(at))))
    return bool(0.9 <= area <= 1.03 and is_smooth(values))


def is_smooth(values: Numbers) -> bool:
    """True for numbers whose steps change little from one to the next."""
    steps = np.diff(values)
    way = float(np.abs(steps).sum())
    return len(values) >= _FEWEST_SMOOTH and (way == 0 or float(np.abs(np.diff(steps)).sum()) < _SMOOTH * way)


def normal_share(scores: Numbers) -> Numbers:
    """The share of a normal distribution below each score."""
    return np.array([0.5 * (1 + math.erf(score / math.sqrt(2))) for score in scores.tolist()])


def is_convex(shares: Numbers, half: float) -> bool:
    """True for a curve that rises ever faster up to 1, as shares do of what people own, the poorest first."""
    steps = np.diff(shares)
    return bool(
        len(shares) >= _FEWEST and np.all(steps >= -1e-12) and np.all(np.diff(steps) >= -4.04 * half) and abs(shares[-1] - 1) <= 2 * half
    )


__all__ = [
    "Numbers",
    "chosen_length",
    "half_unit",
    "is_convex",
    "is_cumulative",
    "is_density",
    "is_even",
    "is_exactly_even",
    "is_grid",
    "is_irregular",
    "is_smooth",
    "normal_share",
    "one_a_row",
    "people_of_steps",
]
