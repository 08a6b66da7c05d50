"""Percentages beside rounded counts: whether they follow from the rounded numbers, and what they may stand for where they do not."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from sdc_airlock.model.content import Column, Table
from sdc_airlock.model.recognised import ColumnView, Recognised, Role
from sdc_airlock.recognise._structure_keys import Keys, keys_of
from sdc_airlock.recognise._structure_shares import header_total
from sdc_airlock.recognise._structure_values import Mask, Numbers, Values, bases_of, values_of, with_rounding
from sdc_airlock.recognise.cells import CellKind, read_cells
from sdc_airlock.recognise.lexicon import is_total
from sdc_airlock.stats.curves import half_unit

_RATES = frozenset({Role.PERCENTAGE, Role.RATE, Role.FREQUENCY})
_SCALES = (100.0, 1.0, 1_000.0, 10_000.0, 100_000.0)
_FEWEST = 3
_AGREE = 0.9
_NEARLY_ALL = 0.97
_FEWEST_BITS = 12.0
_MOST_ROWS, _MOST_COLUMNS = 20_000, 200
_PEOPLE_ROWS = 0.5
_WHOLE = 100.0
_LARGEST = 1e12
_NEAREST = 4
_MOST_SHARES, _MOST_TOTALS, _MOST_NAMED = 40, 8, 200
_PER_CENT = re.compile(r"per ?cent|percent|%|\bpct\b|\bprop|\bshare", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundedShares:
    """A column of percentages (or rates) that was worked out from numbers before they were rounded.

    Attributes:
        rows: Rows of the data body, counted from 0.
        counts, shares: The two columns; one and the same for cells such as "25 (20.8%)".
        count_low, count_high: What each rounded count may have been.
        base_low, base_high: What each denominator may have been; `common` where it is one and the same for all rows.
        share_low, share_high: What each percentage may have been before it was rounded, as a share of 1.
        base: Multiple that the counts were rounded to; -6 for midpoints of sixes.
    """

    rows: npt.NDArray[np.int64]
    counts: ColumnView
    shares: ColumnView
    count_low: Numbers
    count_high: Numbers
    base_low: Numbers
    base_high: Numbers
    share_low: Numbers
    share_high: Numbers
    common: bool
    base: int


@dataclass(frozen=True, slots=True)
class _Whole:
    """A denominator by row: as printed, and the range it may come from."""

    printed: Numbers
    low: Numbers
    high: Numbers
    common: bool


def has_shares(part: Recognised, table: Table) -> bool:
    """True where a column of percentages, or of counts with percentages, may stand beside rounded counts in a table that is held whole."""
    return not _is_large(part, table) and _may_have_shares(part, table)


def has_shares_beyond(part: Recognised, table: Table) -> bool:
    """True where that may be so in a table that is too large to be gone through."""
    return _is_large(part, table) and _may_have_shares(part, table)


def _is_large(part: Recognised, table: Table) -> bool:
    """True for a table that is not held whole, or larger than is gone through."""
    return not table.whole or table.sample_rows > _MOST_ROWS or len(part.columns) > _MOST_COLUMNS


def _may_have_shares(part: Recognised, table: Table) -> bool:
    if part.individual >= _PEOPLE_ROWS:
        return False
    if not any(_perhaps_rounded(view) for view in part.columns):
        return False
    if any(view.role in _RATES or _may_be_share(view) for view in part.columns):
        return True
    return not _is_large(part, table) and any(read_cells(column.values).share(CellKind.PAIR) for column in table.columns)


def _perhaps_rounded(view: ColumnView) -> bool:
    """True where all numbers of a column are multiples of 3 or of 5, as those rounded to any base are."""
    if view.numbers is None:
        return False
    finite = view.numbers[np.isfinite(view.numbers) & (view.numbers != 0)]
    return bool(len(finite) and (np.all(finite % 5 == 0) or np.all(finite % 3 == 0)))


def _may_be_share(view: ColumnView) -> bool:
    """True for numbers with decimals from 0 to 1, or to 100, that nothing else is known of."""
    if view.role is not Role.MEASURE or view.numbers is None:
        return False
    finite = view.numbers[np.isfinite(view.numbers)]
    return len(finite) >= _FEWEST and bool(finite.min() >= 0 and finite.max() <= _WHOLE and np.any(finite != np.floor(finite)))


def _as_share(each: Values, column: Column) -> Values:
    """A column of a measure read as shares."""
    places = int(read_cells(column.values).places.max(initial=0))
    return replace(each, share=each.printed, half=np.full(len(each.printed), half_unit(places)), counts=False)


def unrounded_shares(part: Recognised, table: Table) -> Iterator[RoundedShares]:
    """The percentages of a table of rounded counts that do not follow from the rounded numbers, but from some that round to them."""
    keys, measured = keys_of(part, table)
    exact = [values_of(table.columns[place], part.columns[place], None) for place in measured]
    bases = bases_of(exact)
    if not any(bases):
        return
    exact = [_as_share(each, table.columns[each.view.index]) if _may_be_share(each.view) else each for each in exact]
    with np.errstate(invalid="ignore", over="ignore", divide="ignore"):
        totals = tuple(row for row in np.flatnonzero(_summed_up(keys, table.sample_rows)).tolist())[:_MOST_TOTALS]
        shares = [place for place, each in enumerate(exact) if int(np.isfinite(each.share).sum()) >= _FEWEST]
        for place in shares[:_MOST_SHARES]:
            found = _of_column(totals, exact, bases, place)
            if found is not None:
                yield found


def _summed_up(keys: Keys, rows: int) -> Mask:
    """Rows some label of which names a total, and then those in which no label says more."""
    named = np.zeros(rows, np.bool_)
    for column in keys.columns:
        named |= np.array([is_total(word) for word in column.words], np.bool_)[column.codes]
    found = np.zeros(rows, np.bool_)
    for row in np.flatnonzero(named)[:_MOST_NAMED].tolist():
        found[row] = keys.names_total(row)
    return found


def _of_column(totals: Sequence[int], exact: Sequence[Values], bases: Sequence[int], place: int) -> RoundedShares | None:
    """The first count column and denominator that a column of percentages may come from; None where the rounded numbers explain it."""
    shares = exact[place]
    numerators = [place] if shares.counts else [at for at, each in enumerate(exact) if each.counts and at != place]
    scales = _SCALES if shares.view.role is Role.RATE and not _PER_CENT.search(shares.view.name) else _SCALES[:2]
    options: list[tuple[int, float, _Whole]] = []
    for at in sorted(numerators, key=lambda at: (at > place, abs(at - place)))[:_NEAREST]:
        for whole in _wholes(totals, exact, bases, at, place):
            for scale in scales:
                if _follows(exact[at].printed, whole.printed, shares, scale):
                    return None
                if bases[at]:
                    options.append((at, scale, whole))
    for wide in (False, True):
        for at, scale, whole in options:
            found = _consistent(exact[at], bases[at], shares, scale, whole, wide=wide)
            if found is not None:
                return found
    return None


def _wholes(totals: Sequence[int], exact: Sequence[Values], bases: Sequence[int], at: int, place: int) -> Iterator[_Whole]:
    """Denominators that are printed: the number in a header, a row of totals, another count of the row."""
    rows = len(exact[at].printed)
    for name in (exact[at].view.name, exact[place].view.name):
        head = header_total(name)
        if np.isfinite(head):
            # a header may be as exact as it looks, or rounded like the cells
            slack = float(abs(bases[at]) // 2) if bases[at] and head % abs(bases[at]) in (0, 3) else 0.0
            yield _Whole(np.full(rows, head), np.full(rows, max(1.0, head - slack)), np.full(rows, head + slack), common=True)
    column = exact[at]
    rounded = with_rounding(column, bases[at])
    for row in [row for row in totals if np.isfinite(column.printed[row])][:2]:
        yield _Whole(np.full(rows, column.printed[row]), np.full(rows, rounded.low[row]), np.full(rows, rounded.high[row]), common=True)
    others = sorted((other for other, each in enumerate(exact) if other != at and each.counts), key=lambda other: abs(other - at))
    # a total stands beside its parts, or last
    for other in dict.fromkeys((*others[:_NEAREST], *others[-1:])):
        own = with_rounding(exact[other], bases[other])
        yield _Whole(exact[other].printed, own.low, own.high, common=False)


def _follows(counts: Numbers, whole: Numbers, shares: Values, scale: float) -> bool:
    """True where the percentages are those of the printed numbers, but for a few."""
    known = np.isfinite(counts) & np.isfinite(whole) & np.isfinite(shares.share) & (whole > 0) & (counts < whole)
    if int(known.sum()) < _FEWEST - 1:
        return False
    worth = scale * counts[known] / whole[known]
    agrees = np.abs(worth - shares.share[known]) <= shares.half[known] * 1.001 + 1e-9
    return bool(np.mean(agrees) >= _AGREE)


def _consistent(column: Values, base: int, shares: Values, scale: float, whole: _Whole, *, wide: bool) -> RoundedShares | None:
    """The rows, where the percentages are those of numbers that round to the printed ones, beyond chance."""
    rounded = with_rounding(column, base, wide=wide)
    known = np.isfinite(column.printed) & np.isfinite(shares.share) & np.isfinite(whole.printed) & (whole.printed > 0)
    known &= (column.printed < whole.printed) & (whole.printed < _LARGEST)
    rows = np.flatnonzero(known)
    if len(rows) < _FEWEST:
        return None
    low, high = shares.share[rows] - shares.half[rows], shares.share[rows] + shares.half[rows]
    least, most = scale * rounded.low[rows] / whole.high[rows], scale * rounded.high[rows] / np.maximum(whole.low[rows], 1)
    fits = (low <= most + 1e-9) & (high >= least - 1e-9)
    worth = -np.log2(np.clip((most - least + 2 * shares.half[rows]) / max(float(np.nanmax(shares.share[rows])), 1e-9), 1e-3, 1.0))
    if np.mean(fits) < _NEARLY_ALL or float(worth.sum()) < _FEWEST_BITS:
        return None
    kept = rows[fits]
    return RoundedShares(
        rows=kept,
        counts=column.view,
        shares=shares.view,
        count_low=rounded.low[kept],
        count_high=rounded.high[kept],
        base_low=whole.low[kept],
        base_high=whole.high[kept],
        share_low=np.maximum(low[fits], 0) / scale,
        share_high=high[fits] / scale,
        common=whole.common,
        base=base,
    )


__all__ = ["Mask", "RoundedShares", "has_shares", "has_shares_beyond", "unrounded_shares"]
