"""Samples of whole numbers that a published mean and standard deviation leave."""

from __future__ import annotations

import math
from dataclasses import dataclass

_MOST_PEOPLE = 200
_MOST_STEPS = 20_000


@dataclass(slots=True)
class _Search:
    """A count of samples of numbers from `low` up, under way: `left` steps may still be taken, `found` samples were met, no more than `enough` are looked for."""

    low: int
    left: int
    enough: int
    found: int = 0


def samples_that_fit(
    people: int, mean: float, deviation: float, *, places: tuple[int, int], ends: tuple[int, int] | None = None, enough: int
) -> int | None:
    """Count the samples (in no order) of whole numbers with this mean and standard deviation, as printed; None where there are more than `enough`, or it could not be told.

    The sum S of n whole numbers is one of the whole numbers that n times the mean rounds from; the sum of squares Q lies between (n - 1) s^2 + S^2 / n for the two
    ends that s rounds from. Numbers are then chosen from the largest down, as long as S and Q can still be met.

    Args:
        people: n, at least 2.
        mean: Mean.
        deviation: Standard deviation s with divisor n - 1.
        places: Decimals of the mean and of the deviation.
        ends: Smallest and largest value, where they are printed; both are then taken.
        enough: More samples than this are not counted.

    Source: Derrick, Green, Ritchie, White, "The risk of disclosure when reporting commonly used univariate statistics", Privacy in Statistical Databases, 2022
    (R package uwedragon).
    """
    if not 2 <= people <= _MOST_PEOPLE or deviation < 0 or not math.isfinite(mean):
        return None
    half, half_deviation = (0.5 * 10.0**-place for place in places)
    reach = (deviation + half_deviation) * (people - 1) / math.sqrt(people)
    low, high = ends if ends is not None else (math.floor(mean - half - reach), math.ceil(mean + half + reach))
    search = _Search(low=low, left=_MOST_STEPS, enough=enough)
    fixed = [low, high] if ends is not None and low < high else []
    for total in range(math.ceil(people * (mean - half) - 1e-9), math.floor(people * (mean + half) + 1e-9) + 1):
        squares = [(people - 1) * (deviation + sign * half_deviation) ** 2 + total * total / people for sign in (-1, 1)]
        least = squares[0] if deviation >= half_deviation else total * total / people
        rest = people - len(fixed)
        _count(
            search,
            rest,
            total - sum(fixed),
            least - sum(value * value for value in fixed),
            squares[1] - sum(value * value for value in fixed),
            high,
        )
        if search.found > enough or search.left <= 0:
            return None
    return search.found


def _count(search: _Search, people: int, total: int, least: float, most: float, high: int) -> None:
    """Add the samples of `people` numbers up to `high` with this sum and a sum of squares from `least` to `most`."""
    low = search.low
    search.left -= 1
    if search.left <= 0 or search.found > search.enough:
        return
    if people == 0:
        search.found += total == 0 and least <= 1e-6 and most >= -1e-6
        return
    if not people * low <= total <= people * high or total * total / people > most + 1e-6:
        return
    # the sum of squares is largest with as many numbers as can be at the two ends
    above = 0 if high == low else (total - people * low) / (high - low)
    if above * high * high + (people - above) * low * low < least - 1e-6:
        return
    # the largest number is at least the mean of all
    for value in range(min(high, total - (people - 1) * low), math.ceil(total / people) - 1, -1):
        _count(search, people - 1, total - value, least - value * value, most - value * value, value)


__all__ = ["samples_that_fit"]
