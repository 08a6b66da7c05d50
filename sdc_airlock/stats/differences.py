"""Whether two sets of counts are of overlapping groups of people, judged by how close they are."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

_TERMS = 500
_NO_ACCIDENT = math.log(500)
# OpenSAFELY's rounding: 1 to 6 become 3, 7 to 12 become 9
_SIX, _BELOW_MIDPOINT, _ABOVE_MIDPOINT = 6, -2, 3


def chance_of_closeness(first: npt.NDArray[np.float64], second: npt.NDArray[np.float64]) -> float:
    """Probability that counts of two separate groups of people of the same size come out as close to each other as these, or closer.

    Each pair adds the square of its difference over its sum, as between two Poisson counts; pairs of zeros say nothing.

    Args:
        first: Counts, one a cell, shape (cells,).
        second: Those they are compared with, in the same order.

    Returns:
        From 0 to 1; 1 where there is no pair to go by.
    """
    told = first + second > 0
    cells = int(told.sum())
    if not cells:
        return 1.0
    squares = (first[told] - second[told]) ** 2 / (first[told] + second[told])
    return lower_tail(float(squares.sum()), cells)


def lower_tail(value: float, freedom: int) -> float:
    """Probability that a chi-squared variable is at most `value`; 1 where it is well beyond its mean."""
    half, point = freedom / 2, value / 2
    if point <= 0:
        return 0.0
    if point > half + 1:
        return 1.0
    term = total = 1.0
    for step in range(1, _TERMS):
        term *= point / (half + step)
        total += term
        if term < 1e-12 * total:
            break
    return min(1.0, math.exp(half * math.log(point) - point - math.lgamma(half + 1)) * total)


def common_multiple(counts: npt.NDArray[np.float64]) -> int:
    """The largest whole number that all counts are multiples of; 1 where so few different ones could all be multiples of it by accident."""
    different = np.unique(counts[counts > 0]).astype(np.int64)
    base = int(np.gcd.reduce(different)) if len(different) else 1
    return base if base > 1 and len(different) * math.log(base) > _NO_ACCIDENT else 1


def rounding_of(counts: npt.NDArray[np.float64]) -> int:
    """The multiple to which counts were rounded, as far as they show it: 0 where they were not, -6 for midpoints of sixes (3, 9, 15, ...)."""
    base = common_multiple(counts)
    if base > 1 and base % 3 == 0 and bool(np.all(counts[counts > 0] % _SIX == _SIX / 2)):
        return -_SIX
    return base if base > 1 else 0


def behind_rounding(number: float, base: int, *, either_way: bool = False) -> tuple[float, float]:
    """Least and largest count that a rounded one may stand for.

    Args:
        number: As printed.
        base: Multiple that was rounded to; -6 for midpoints of sixes.
        either_way: Up or down at random, not to the nearest.
    """
    if base < 0:
        return max(0.0, number + _BELOW_MIDPOINT), number + _ABOVE_MIDPOINT if number else 0.0
    reach = base - 1 if either_way else base // 2
    return max(0.0, number - reach), number + reach


__all__ = ["behind_rounding", "chance_of_closeness", "common_multiple", "lower_tail", "rounding_of"]
