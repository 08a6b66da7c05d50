"""Headers that name estimates over cells that cannot be any: whole numbers throughout, and statistics that have nothing to do with the estimates beside them."""

from __future__ import annotations

import re
from itertools import product
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from sdc_airlock.model.recognised import Role
from sdc_airlock.recognise.lexicon import normalise

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sdc_airlock.recognise.columns import Profile

    Typed = Sequence[tuple[Profile, Role, tuple[str, ...]]]

_ESTIMATED = frozenset({Role.COEFFICIENT, Role.STANDARD_ERROR, Role.TEST_STATISTIC, Role.P_VALUE})
_EFFECTS = frozenset({Role.COEFFICIENT, Role.RATIO})
_SEVERAL = 8
# what is an estimate over its error, or the square of that
_QUOTIENT = re.compile(r"[tz]|[tz]_?(?:val(?:ue)?|stat(?:istic)?|score|ratio)|wald\w*|stat(?:istic)?", re.IGNORECASE)
_MOST = 4
_NEAR, _AGREEING = 0.1, 0.3


def belied(typed: Typed) -> bool:
    """True where no column that is named after an estimate can hold one, or statistics are not those of the estimates and errors in their rows."""
    estimates = [one for one, role, _ in typed if role in _ESTIMATED and one.numeric]
    wrong = [one for one in estimates if one.whole and one.levels >= _SEVERAL and np.abs(one.numbers).max(initial=0) >= _SEVERAL]
    return (bool(wrong) and len(wrong) == len(estimates)) or _contradicted(typed)


def _contradicted(typed: Typed) -> bool:
    """True where a table prints effects, errors and statistics, and in hardly any row one is the quotient of the others."""
    effects = [one for one, role, _ in typed if role in _EFFECTS and one.numeric][:_MOST]
    errors = [one for one, role, _ in typed if role is Role.STANDARD_ERROR and one.numeric][:_MOST]
    tests = [one for one, role, _ in typed if role is Role.TEST_STATISTIC and one.numeric and _QUOTIENT.fullmatch(normalise(one.name)[0])][
        :_MOST
    ]
    shares = [share for each in product(effects, errors, tests) if (share := _agreeing(*each)) is not None]
    return bool(shares) and max(shares) < _AGREEING


def _agreeing(effect: Profile, error: Profile, test: Profile) -> float | None:
    """Share of rows in which a statistic is the effect, or its logarithm, over its error, or the square of that; None for a few rows.

    Beside an odds ratio stands the error of its logarithm, or that times the ratio (Stata). Printed numbers are as far from that as their last digits are wide.
    """
    known = np.isfinite(effect.numbers) & np.isfinite(error.numbers) & np.isfinite(test.numbers) & (error.numbers > 0)
    if np.count_nonzero(known) < _SEVERAL:
        return None
    sizes, widths, told = effect.numbers[known], error.numbers[known], test.numbers[known]
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        loose = _NEAR + _half_digit(error) / widths
        beside = _NEAR + _half_digit(effect) / widths
        right = np.zeros(len(told), np.bool_)
        logs = np.log(np.abs(sizes))
        for quotient in (sizes / widths, logs / widths, logs * sizes / widths):
            for root in (told, np.sqrt(np.abs(told)), -np.sqrt(np.abs(told))):
                right |= np.abs(quotient - root) <= beside + loose * np.abs(root)
    return float(np.count_nonzero(right) / len(right))


def _half_digit(one: Profile) -> float:
    """Half the width of the last printed digit."""
    places: npt.NDArray[np.int16] = one.cells.places
    return float(0.5 * 10.0 ** -float(places.max(initial=0)))


__all__ = ["belied"]
