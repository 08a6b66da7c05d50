"""Rounding that percentages undo: which exact counts fit a rounded count, its denominator and a percentage worked out before rounding."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sdc_airlock.checks._counted import speaks_of_people
from sdc_airlock.model.content import Table
from sdc_airlock.model.recognised import Recognised
from sdc_airlock.recognise.rounding import RoundedShares, has_shares, unrounded_shares

_MOST_TRIED = 4_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Undone:
    """Rounded counts of one column that percentages give back.

    Attributes:
        rows: Rows of the data body whose count is one number only; small: those among them whose count, or rest, must not be shown.
        columns: Labels that are safe to show, of the counts and of the percentages.
        places: Place of the column of counts, counted from 0.
        base: Multiple that they were rounded to; -6 for midpoints of sixes.
    """

    rows: tuple[int, ...]
    small: tuple[int, ...]
    columns: tuple[str, ...]
    place: int
    base: int


def undone_rounding(part: Recognised, table: Table, low: int, high: int) -> Iterator[Undone]:
    """Columns of rounded counts of people that percentages give back exactly.

    Args:
        part: The table as it was recognised.
        table: The same as it was read.
        low: Least count that must not be shown.
        high: Largest count that must not be shown.
    """
    if not has_shares(part, table):
        return
    for shares in unrounded_shares(part, table):
        if not speaks_of_people(part, shares.counts):
            continue
        least, most, rest_least, rest_most = _ranges(shares)
        exact = least == most
        small = exact & (((least >= low) & (most <= high)) | ((rest_least == rest_most) & (rest_least >= low) & (rest_most <= high)))
        if exact.any():
            yield Undone(
                rows=tuple(shares.rows[exact].tolist()),
                small=tuple(shares.rows[small].tolist()),
                columns=tuple(dict.fromkeys((shares.counts.label, shares.shares.label))),
                place=shares.counts.index,
                base=shares.base,
            )


Numbers = npt.NDArray[np.float64]


def _ranges(shares: RoundedShares) -> tuple[Numbers, Numbers, Numbers, Numbers]:
    """Least and largest count of each row, and of what is left of its denominator; unequal where nothing fits or too much would have to be tried."""
    size = len(shares.rows)
    wide = int((shares.base_high - shares.base_low).max()) + 1
    if wide * size > _MOST_TRIED:
        return np.zeros(size), np.full(size, np.inf), np.zeros(size), np.full(size, np.inf)
    wholes = shares.base_low[:, None] + np.arange(wide)[None, :]
    first = np.maximum(np.ceil(shares.share_low[:, None] * wholes - 1e-9), shares.count_low[:, None])
    last = np.minimum(np.floor(shares.share_high[:, None] * wholes + 1e-9), shares.count_high[:, None])
    fits = (first <= last) & (wholes <= shares.base_high[:, None])
    if shares.common:
        everywhere = fits.all(axis=0)
        if everywhere.any():
            fits &= everywhere
    least = np.where(fits, first, np.inf).min(axis=1)
    most = np.where(fits, last, -np.inf).max(axis=1)
    rest_least = np.where(fits, wholes - last, np.inf).min(axis=1)
    rest_most = np.where(fits, wholes - first, -np.inf).max(axis=1)
    return least, most, rest_least, rest_most


__all__ = ["Undone", "undone_rounding"]
