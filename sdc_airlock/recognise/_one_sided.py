"""Estimates that cannot be any: all of one sign, though their errors say that many of them should have the other, or outside the intervals beside them."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from sdc_airlock.model.recognised import Role
from sdc_airlock.recognise.columns import Profile

# effects of variants and genes are often laid so that all are positive
_LAID = frozenset({Role.MARKER, Role.ALLELE, Role.GENE})
_FEWEST = 40
_ENDS, _FEWEST_INTERVALS, _OFTEN_OUTSIDE = 2, 12, 0.3
# so many estimates of the other sign are expected, and hardly any is there; chance gives none of six once in four hundred times
_EXPECTED, _SEEN = 6.0, 6
# scores of honest estimates vary by one at least, ratios lie on both sides of one
_SPREAD, _BESIDE_ONE = 1.0, 0.05


def one_sided(typed: Sequence[tuple[Profile, Role, tuple[str, ...]]]) -> bool:
    """True for a column of estimates beside one of their errors, all of one sign, though by the errors several should have the other.

    An estimate so many errors from nought has the wrong sign with a known probability. Numbers of people that are called estimates know nothing of the numbers
    that are called their errors.

    Args:
        typed: Columns with their roles, in order.
    """
    if any(role in _LAID for _, role, _ in typed):
        return False
    estimates = [one for one, role, _ in typed if role is Role.COEFFICIENT and one.numeric]
    errors = [one for one, role, _ in typed if role is Role.STANDARD_ERROR and one.numeric]
    limits = [one for one, role, _ in typed if role is Role.CONFIDENCE_LIMIT and one.numeric]
    if len(estimates) == 1 and len(limits) == _ENDS and not errors:
        return _outside(estimates[0], limits[0], limits[1])
    return len(estimates) == len(errors) == 1 and _strange(estimates[0], errors[0])


def _outside(estimate: Profile, low: Profile, high: Profile) -> bool:
    """True where many estimates lie outside their intervals, as they are and as logarithms of what the intervals are of."""
    known = np.isfinite(estimate.numbers) & (low.numbers < high.numbers)
    if known.sum() < _FEWEST_INTERVALS:
        return False
    numbers, lower, upper = estimate.numbers[known], low.numbers[known], high.numbers[known]
    with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
        ways = (numbers, np.exp(numbers), np.log(numbers))
        return min(float(((way < lower) | (way > upper)).mean()) for way in ways) >= _OFTEN_OUTSIDE


def _strange(estimate: Profile, error: Profile) -> bool:
    known = np.isfinite(estimate.numbers) & (error.numbers > 0)
    if known.sum() < _FEWEST:
        return False
    numbers = estimate.numbers[known]
    scores = numbers / error.numbers[known]
    beyond = float((numbers > 1).mean())
    if _BESIDE_ONE < beyond < 1 - _BESIDE_ONE or float(scores.std()) >= _SPREAD:
        return False
    expected = sum(math.erfc(abs(score) / math.sqrt(2)) / 2 for score in scores.tolist())
    seen = min(int((scores > 0).sum()), int((scores < 0).sum()))
    return expected >= _EXPECTED and seen * _SEEN <= expected


__all__ = ["one_sided"]
