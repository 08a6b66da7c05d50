"""Zeros that no sample could fill (a widowed child, a man giving birth, a death before its diagnosis), told from zeros that say something of people."""

from __future__ import annotations

import re
from functools import lru_cache

import numpy as np

from sdc_airlock.checks._cell_counts import Mask
from sdc_airlock.recognise.lexicon import normalise

_ADULT = 18
_OLD = 60
_OLDEST = 150.0
_MEN = frozenset({"male", "males", "man", "men", "boy", "boys", "father", "fathers"})
_WOMEN = frozenset({"female", "females", "woman", "women", "girl", "girls", "mother", "mothers"})
_OF_WOMEN = re.compile(r"\b(?:pregnan|gravid|births?\b|childbirth|obstetric|matern|menopaus|uter(?:us|ine)|ovar|cervi(?:x|cal (?:cancer|screen|smear))|endometri|gyna?ecolog|hysterectom|miscarr|c(?:a?e)sarean|breastfe|postpartum|eclampsi|antenatal)", re.IGNORECASE)  # fmt: skip
_OF_MEN = re.compile(r"\b(?:prostat|testic|testis|vasectom|penile|penis|hypospadi)", re.IGNORECASE)
_OF_ADULTS = re.compile(r"\b(?:widow|divorc|married|separated|civil partner|retire|pension|degree|graduate|mortgage|veteran|menopaus|dementia|employed|self-employed)", re.IGNORECASE)  # fmt: skip
_OF_THE_YOUNG = re.compile(r"\b(?:pregnan|pupil|in school|neonat|newborn|infant|prematur|paediatric|pediatric|childbirth)", re.IGNORECASE)
_BAND = re.compile(r"(?<![\d.])(\d{1,3})\s?(?:-|\u2013|to)\s?(\d{1,3})(?![\d.])")
_OPEN = re.compile(r"(?<![\d.])(\d{1,3})\s?(?:\+|(?:and|or|years and) (?:over|older|above|more))|(?:over|above|aged|>=?|\u2265)\s?(\d{1,3})\+?$", re.IGNORECASE)  # fmt: skip
_BELOW = re.compile(
    r"(?:under|below|less than|younger than|<=?|\u2264)\s?(\d{1,3})(?![\d.])|(\d{1,3}) (?:and|or) (?:under|younger|below)", re.IGNORECASE
)
_AGE = re.compile(r"\b(?:age|aged|years?|yrs?|y)\b", re.IGNORECASE)
_FEWEST_STEPS = 3


@lru_cache(maxsize=20_000)
def ages(label: str) -> tuple[float, float] | None:
    """Youngest and oldest age of a label that names an age band; None where it names none."""
    if len(label) > 100:
        return None
    if match := _BAND.search(label):
        low, high = float(match[1]), float(match[2])
        return (low, high) if low <= high <= _OLDEST else None
    if match := _BELOW.search(label):
        return 0.0, float(match[1] or match[2])
    if match := _OPEN.search(label):
        return float(match[1] or match[2]), _OLDEST
    return None


@lru_cache(maxsize=50_000)
def impossible(one: str, other: str) -> bool:
    """True where nobody can be in both classes, by their labels."""
    return _never(one, other) or _never(other, one)


def _never(group: str, name: str) -> bool:
    words = set(normalise(group)[1])
    if words & _MEN and not words & _WOMEN and _OF_WOMEN.search(name):
        return True
    if words & _WOMEN and not words & _MEN and _OF_MEN.search(name):
        return True
    band = ages(group)
    if band is None:
        return False
    low, high = band
    beside = ages(name)
    if beside is not None and (_AGE.search(name) or _AGE.search(group)):
        return low > beside[1] or high < beside[0]
    return bool((high < _ADULT and _OF_ADULTS.search(name)) or (low >= _OLD and _OF_THE_YOUNG.search(name)))


def structural(groups: tuple[str, ...], classes: tuple[str, ...], zero: Mask) -> Mask:
    """Which zeros of a crosstab no sample could fill.

    Evidence: the labels exclude each other; the class (or the group) is empty for everybody; the zeros are exactly one side of a staircase, as where nobody
    dies before the year of diagnosis.

    Args:
        groups: Labels of the rows.
        classes: Labels of the columns.
        zero: True for zeros, shape (groups, classes).
    """
    found = np.zeros(zero.shape, np.bool_)
    found |= zero.all(axis=1, keepdims=True) | zero.all(axis=0, keepdims=True)
    rows, columns = ~zero.all(axis=1), ~zero.all(axis=0)
    if _staircase(zero[np.ix_(rows, columns)]):
        return zero.copy()
    for row, column in np.argwhere(zero & ~found).tolist():
        found[row, column] = impossible(groups[row], classes[column])
    return np.asarray(found & zero, np.bool_)


def _staircase(zero: Mask) -> bool:
    """True where the zeros of every row are one run from the same side, which grows (or shrinks) from row to row by at least three different lengths."""
    if min(zero.shape, default=0) < _FEWEST_STEPS:
        return False
    for side in (zero, zero[:, ::-1]):
        lengths = np.where(side.all(axis=1), side.shape[1], np.argmin(side, axis=1))
        if not np.array_equal(side.sum(axis=1), lengths) or len(np.unique(lengths)) < _FEWEST_STEPS:
            continue
        steps = np.diff(lengths)
        if np.all(steps >= 0) or np.all(steps <= 0):
            return True
    return False


__all__ = ["ages", "impossible", "structural"]
