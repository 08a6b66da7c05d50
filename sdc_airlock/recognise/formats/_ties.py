"""How the columns of a standard format hang together, so that other numbers under their names are found out."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from statistics import NormalDist

import numpy as np
import numpy.typing as npt

from sdc_airlock.recognise.cells import Cells

Numbers = npt.NDArray[np.float64]

FEWEST = 8
_MOST = 2000
_RELATIVE, _ABSOLUTE = 0.1, 0.15
_MONOTONE = 0.95
_WINDOW, _NEARLY, _MOSTLY = 40, 0.9, 0.6
# other rows stand among those that agree
STRAY = -1.0
_SPREAD = 1.5
# rank correlation of standard errors with what frequencies and numbers of people make of them
_FOLLOWS = 0.3
_SEVERAL, _LEANS, _MANY_SIGNS = 3, 0.25, 20
_NORMAL = NormalDist()


def agreement(rule: str, columns: Sequence[Cells]) -> float | None:
    """How well columns agree with each other, from 0 to 1; None where too few rows say anything, `STRAY` where they agree but for one stretch of rows.

    Args:
        rule: Word of the rule in the table of formats.
        columns: Its columns, in order; those of another number than the rule wants say nothing.
    """
    test, wanted = _RULES[rule]
    if len(columns) < wanted:
        return None
    step = max(1, len(columns[0].codes) // _MOST)
    return test([_Cut(column, step) for column in columns])


class _Cut:
    """Some of the rows of a column."""

    def __init__(self, cells: Cells, step: int) -> None:
        self.numbers: Numbers = cells.first[::step]
        self.places = cells.places[::step]
        self.codes = cells.codes[::step]
        self.text = cells.text

    @property
    def error(self) -> Numbers:
        """Half a unit of the last digit printed."""
        powered = np.array(["e" in word.lower() for word in self.text], np.bool_)[self.codes]
        with np.errstate(all="ignore"):
            power = np.where(powered & (self.numbers != 0), np.floor(np.log10(np.abs(self.numbers))), 0.0)
        return np.asarray(0.5 * 10.0 ** (power - self.places.astype(np.float64)))

    def words(self) -> list[str]:
        return [self.text[code] for code in self.codes.tolist()]


def _share(agreeing: npt.NDArray[np.bool_], known: npt.NDArray[np.bool_]) -> float | None:
    count = int(known.sum())
    return float((agreeing & known).sum() / count) if count >= FEWEST else None


def _deviates(chances: Numbers) -> Numbers:
    """Sizes of normal deviates with these two-sided probabilities."""
    return np.array([-_NORMAL.inv_cdf(chance / 2) if 0 < chance < 1 else math.nan if chance != 1 else 0.0 for chance in chances.tolist()])


def _rank(values: Numbers) -> Numbers:
    return np.unique(values, return_inverse=True)[1].astype(np.float64)


def monotone(one: Numbers, other: Numbers) -> float | None:
    """Rank correlation of two columns; None for too few rows or for constants."""
    known = np.isfinite(one) & np.isfinite(other)
    if known.sum() < FEWEST:
        return None
    ranks = [_rank(values[known]) for values in (one, other)]
    if min(float(rank.std()) for rank in ranks) == 0:
        return None
    return float(np.corrcoef(ranks[0], ranks[1])[0, 1])


def _estimate(columns: Sequence[_Cut]) -> float | None:
    effect, error, chance = columns
    return _estimated(effect, error, chance.numbers)


def _log_estimate(columns: Sequence[_Cut]) -> float | None:
    effect, error, log = columns
    return _estimated(effect, error, 10.0 ** -np.clip(log.numbers, 0, 300), log.numbers < 300)


def _estimated(effect: _Cut, error: _Cut, chances: Numbers, told: npt.NDArray[np.bool_] | None = None) -> float | None:
    """An effect over its error is the deviate of its p-value, within what was printed; or goes with it, where the test is another."""
    with np.errstate(all="ignore"):
        size = np.abs(effect.numbers)
        low = np.clip(size - effect.error, 0, None) / (error.numbers + error.error)
        high = (size + effect.error) / np.clip(error.numbers - error.error, 1e-300, None)
        ratio = size / error.numbers
    wanted = _deviates(chances)
    # digits too few to tell anything
    known = np.isfinite(ratio) & np.isfinite(wanted) & (error.numbers > 0) & (high - low <= 1 + ratio)
    known &= told if told is not None else True
    agreeing = (wanted >= low * (1 - _RELATIVE) - _ABSOLUTE) & (wanted <= high * (1 + _RELATIVE) + _ABSOLUTE)
    share = _share(agreeing, known)
    if share is not None and _run(agreeing[known]):
        return STRAY
    if share is None or share >= _MONOTONE:
        return share
    ranks = monotone(np.where(known, ratio, np.nan), np.where(known, wanted, np.nan))
    return max(share, ranks if ranks is not None and ranks > _MONOTONE else 0.0)


def _run(agreeing: npt.NDArray[np.bool_]) -> bool:
    """True where most rows agree, and in one place hardly any does for a while: other rows were put there."""
    if len(agreeing) < 2 * _WINDOW or agreeing.mean() < _MOSTLY:
        return False
    sums = np.cumsum(np.concatenate(([0], ~agreeing)))
    return bool((sums[_WINDOW:] - sums[:-_WINDOW]).max() >= _NEARLY * _WINDOW)


def _goes_with(columns: Sequence[_Cut]) -> float | None:
    """The larger a statistic, the smaller its p-value."""
    ranks = monotone(np.abs(columns[0].numbers), -columns[1].numbers)
    return None if ranks is None else max(ranks, 0.0)


def _goes_with_log(columns: Sequence[_Cut]) -> float | None:
    ranks = monotone(np.abs(columns[0].numbers), columns[1].numbers)
    return None if ranks is None else max(ranks, 0.0)


def _one_sided(columns: Sequence[_Cut]) -> float | None:
    ranks = monotone(columns[0].numbers, -columns[1].numbers)
    return None if ranks is None else max(ranks, 0.0)


def _order(columns: Sequence[_Cut]) -> float | None:
    """An adjusted p-value is never below the plain one."""
    plain, adjusted = columns
    known = np.isfinite(plain.numbers) & np.isfinite(adjusted.numbers)
    return _share(adjusted.numbers >= plain.numbers * (1 - 1e-6) - adjusted.error, known)


def _ratio(columns: Sequence[_Cut]) -> float | None:
    """A share is a part over its whole, or the rest of it."""
    share, part, whole = columns
    with np.errstate(all="ignore"):
        exact = part.numbers / whole.numbers
    near = 0.005 + 0.02 * exact
    known = np.isfinite(exact) & np.isfinite(share.numbers)
    return _share((np.abs(share.numbers - exact) <= near) | (np.abs(1 - share.numbers - exact) <= near), known)


def _alleles(columns: Sequence[_Cut]) -> float | None:
    """The two alleles of a variant differ; those of a person often do not."""
    one, other = (column.words() for column in columns)
    pairs = [(first.upper(), second.upper()) for first, second in zip(one, other, strict=True) if first and second]
    return sum(first != second for first, second in pairs) / len(pairs) if len(pairs) >= FEWEST else None


def _error(columns: Sequence[_Cut]) -> float | None:
    """Standard errors follow from frequency and number of people."""
    error, frequency, *rest = columns
    with np.errstate(all="ignore"):
        spread = np.log(frequency.numbers * (1 - frequency.numbers))
        known = np.isfinite(spread) & (error.numbers > 0)
        if known.sum() < FEWEST or spread[known].std() < _SPREAD / 2:
            return None
        people = (
            np.log(rest[0].numbers)
            if rest and np.isfinite(rest[0].numbers).all() and (rest[0].numbers > 0).all()
            else np.zeros(len(spread))
        )
        ranks = monotone(np.where(known, error.numbers, np.nan), np.where(known, -(spread + people), np.nan))
    return None if ranks is None else 1.0 if ranks >= _FOLLOWS else 0.0


def _direction(columns: Sequence[_Cut]) -> float | None:
    """Signs of the effects in single studies lean to the side of the effect in all of them."""
    effect, signs = columns
    words = signs.words()
    if max(map(len, words), default=0) < _SEVERAL:
        return None
    leaning = np.array([word.count("+") - word.count("-") for word in words], np.float64)
    ranks = monotone(effect.numbers, leaning)
    if ranks is None or ranks >= _LEANS:
        return None if ranks is None else 1.0
    # strings of so many signs that lean to no side are no studies
    return STRAY if max(map(len, words)) >= _MANY_SIGNS else 0.0


def _quotient(columns: Sequence[_Cut]) -> float | None:
    deviate, effect, error = columns
    with np.errstate(all="ignore"):
        ratio = effect.numbers / error.numbers
    known = np.isfinite(ratio) & np.isfinite(deviate.numbers)
    near = _ABSOLUTE + _RELATIVE * np.abs(ratio)
    return _share(np.abs(deviate.numbers - ratio) <= near, known)


def _minor(columns: Sequence[_Cut]) -> float | None:
    """The frequency of the rarer allele is that of either, or what is left of it."""
    rarer, either = columns
    known = np.isfinite(rarer.numbers) & np.isfinite(either.numbers)
    apart = np.abs(rarer.numbers - np.minimum(either.numbers, 1 - either.numbers))
    return _share(apart <= 1.01 * (rarer.error + either.error) + 1e-9, known)


def _whole(columns: Sequence[_Cut]) -> float | None:
    total = np.sum([column.numbers for column in columns], axis=0)
    known = np.isfinite(total)
    return float((np.abs(total[known] - 1) < 0.02).mean()) if known.any() else None


def _heterozygotes(columns: Sequence[_Cut]) -> float | None:
    """The share of heterozygotes is the middle of the three counts over their sum."""
    counts = [word.split("/") for word in columns[0].words()]
    made = [
        int(one[1]) / sum(map(int, one))
        if len(one) == 3 and all(part.isdigit() for part in one) and any(int(part) for part in one)
        else math.nan
        for one in counts
    ]
    known = np.isfinite(np.array(made)) & np.isfinite(columns[1].numbers)
    return _share(np.abs(np.array(made) - columns[1].numbers) <= 0.005, known)


_RULES: dict[str, tuple[Callable[[Sequence[_Cut]], float | None], int]] = {
    "estimate": (_estimate, 3),
    "log_estimate": (_log_estimate, 3),
    "statistic": (_goes_with, 2),
    "chi": (_goes_with, 2),
    "log_chi": (_goes_with_log, 2),
    "one_sided": (_one_sided, 2),
    "order": (_order, 2),
    "ratio": (_ratio, 3),
    "alleles": (_alleles, 2),
    "error": (_error, 2),
    "quotient": (_quotient, 3),
    "direction": (_direction, 2),
    "minor": (_minor, 2),
    "whole": (_whole, 5),
    "heterozygotes": (_heterozygotes, 3),
}
RULES = frozenset(_RULES)

__all__ = ["FEWEST", "RULES", "STRAY", "agreement", "monotone"]
