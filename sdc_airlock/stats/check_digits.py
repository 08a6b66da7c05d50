"""Check digits of numbers that name people in the United Kingdom, for whole columns at once, and how likely passes are by chance.

NHS numbers (England, Wales), CHI numbers (Scotland) and Health and Care numbers (Northern Ireland) share one scheme: ten digits, the last
of which follows from the others modulo 11. One in eleven numbers passes by chance, and every ISBN of ten digits passes by design.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    Ints = npt.NDArray[np.int64]
    Bools = npt.NDArray[np.bool_]

BY_CHANCE = 1 / 11
_TEN_DIGITS = 10**10
_DAYS = np.array([0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31], dtype=np.int64)


def passes_modulus_11(numbers: Ints) -> Bools:
    """Which numbers of up to ten digits (leading zeros may be lost) have the right last digit; zero has not."""
    rest, total = numbers // 10, np.zeros(len(numbers), dtype=np.int64)
    for weight in range(2, 11):
        total += (rest % 10) * weight
        rest //= 10
    wanted = (11 - total % 11) % 11
    return np.asarray((numbers > 0) & (numbers < _TEN_DIGITS) & (wanted == numbers % 10))


def begins_with_date(numbers: Ints) -> Bools:
    """Which ten-digit numbers begin with a day and a month, as CHI numbers do (the date of birth, DDMMYY)."""
    days, months = numbers // 10**8, numbers // 10**6 % 100
    fits = (months >= 1) & (months <= 12)
    return np.asarray(fits & (days >= 1) & (days <= _DAYS[np.where(fits, months, 0)]))


def in_issue(numbers: Ints) -> Bools:
    """Which numbers lie in a range from which NHS and Health and Care numbers are issued, or are set apart for tests (999)."""
    lead = numbers // 10**7
    return np.asarray(((lead >= 320) & (lead <= 499)) | ((lead >= 600) & (lead <= 799)) | (lead == 999))


def chance_of_passes(passed: int, tried: int, chance: float = BY_CHANCE) -> float:
    """Probability that so many or more of the numbers tried pass, where each does with the chance given (binomial tail)."""
    if passed <= 0:
        return 1.0
    if passed > tried:
        return 0.0
    log_chance, log_miss = math.log(chance), math.log1p(-chance)
    total = 0.0
    for count in range(passed, tried + 1):
        term = (
            math.lgamma(tried + 1)
            - math.lgamma(count + 1)
            - math.lgamma(tried - count + 1)
            + count * log_chance
            + (tried - count) * log_miss
        )
        total += math.exp(term)
        if count > passed + 10 and count > tried * chance and math.exp(term) < total * 1e-12:
            break
    return min(total, 1.0)


__all__ = ["BY_CHANCE", "begins_with_date", "chance_of_passes", "in_issue", "passes_modulus_11"]
