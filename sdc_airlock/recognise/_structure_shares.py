"""Percentages and rates: of which count, on which base, and what they tell of both."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sdc_airlock.model.published import Relation
from sdc_airlock.recognise._structure_values import Mask, Numbers, Values
from sdc_airlock.recognise._structure_write import Writer

_SCALES = (100.0, 1.0, 1_000.0, 10_000.0, 100_000.0, 1_000_000.0)
_FEWEST = 3
_AGREE = 0.97
_FEWEST_BITS = 10.0
_HEADER_N = re.compile(r"\b[nN]\s*[=:]\s*(\d{1,3}(?:[,\u2009\u202f\u00a0 ]\d{3})+|\d{1,9})")


@dataclass(frozen=True, slots=True)
class _Base:
    """A base that percentages may have: by row the cell that holds it (-1 where it is a printed number without a cell), and its number."""

    cells: npt.NDArray[np.int64]
    numbers: Numbers


def header_total(header: str) -> float:
    """The number of people that a header prints ("Treated (N = 125)"), NaN where it prints none."""
    match = _HEADER_N.search(header)
    return float(re.sub(r"\D", "", match[1])) if match else float("nan")


def shares_of(values: Sequence[Values], places: npt.NDArray[np.int64], live: Mask, writer: Writer) -> None:
    """Write out what the percentages of a table say of its counts.

    Args:
        values: The measure columns.
        places: Flat index of the cell of a row and a measure column, -1 where there is none.
        live: Rows that are used.
        writer: Takes the equations. Totals among them are used to find the base of a percentage.
    """
    totals = _totals(writer)
    for place, each in enumerate(values):
        shares = np.where(live, each.share, np.nan)
        if np.isfinite(shares).sum() < 1:
            continue
        for numerator in _numerators(values, place):
            found = _base(values, places, numerator, place, totals, writer)
            if found is not None:
                _write(places[:, numerator], shares, each.half, found[0], found[1], writer)
                break
    _fractions(values, places, live, writer)


def _totals(writer: Writer) -> dict[int, list[int]]:
    """For each cell the totals that it is part of."""
    found: dict[int, list[int]] = {}
    for cells, _, _, _, relation in writer.sums:
        if relation in (Relation.TOTAL, Relation.SUBTOTAL, Relation.SUM):
            for cell in cells[1:]:
                found.setdefault(cell, []).append(cells[0])
            found.setdefault(cells[0], []).append(cells[0])
    return found


def _numerators(values: Sequence[Values], place: int) -> list[int]:
    """Count columns that a column of percentages may belong to: itself (pairs), then the nearest ones to the left, then to the right."""
    if values[place].counts:
        return [place]
    counts = [at for at, each in enumerate(values) if each.counts]
    return [at for at in reversed(counts) if at < place] + [at for at in counts if at > place]


def _base(
    values: Sequence[Values], places: npt.NDArray[np.int64], numerator: int, percentages: int, totals: dict[int, list[int]], writer: Writer
) -> tuple[_Base, float] | None:
    """The base that explains the percentages of a count column wherever both are printed, and the scale (100 for per cent)."""
    counts = values[numerator].printed
    shares, half = values[percentages].share, values[percentages].half
    for base in _candidates(values, places, numerator, totals):
        for scale in _SCALES:
            if _explains(counts, base.numbers, shares, half, scale):
                return base, scale
    return _unprinted(values[numerator], counts, shares, half, writer)


def _candidates(values: Sequence[Values], places: npt.NDArray[np.int64], numerator: int, totals: dict[int, list[int]]) -> Iterator[_Base]:
    """Bases that are printed: totals of the same column or row, the number in the header, other counts of the row."""
    column = places[:, numerator]
    flat = np.full(int(places.max(initial=-1)) + 1, np.nan)
    for place, each in enumerate(values):
        there = places[:, place] >= 0
        flat[places[there, place]] = each.printed[there]
    in_column = set(column[column >= 0].tolist())
    options = [[cell for cell in totals.get(int(at), []) if cell < len(flat)] if at >= 0 else [] for at in column.tolist()]
    for inside in (True, False):
        for last in (True, False):
            chosen = [[cell for cell in cells if (cell in in_column) == inside] for cells in options]
            cells = np.array([(cells[-1] if last else cells[0]) if cells else -1 for cells in chosen], np.int64)
            if (cells >= 0).any():
                yield _Base(cells, np.where(cells >= 0, flat[cells], np.nan))
    # the largest total of the column, for rows that no equation reaches
    tops = sorted(
        {cell for cells in options for cell in cells if cell in in_column and np.isfinite(flat[cell])}, key=lambda cell: -flat[cell]
    )[:3]
    for cell in tops:
        yield _Base(np.full(len(column), cell), np.full(len(column), flat[cell]))
    head = header_total(values[numerator].view.name)
    if np.isfinite(head):
        yield _Base(np.full(len(column), -1), np.full(len(column), head))
    for place, each in enumerate(values):
        if place != numerator and each.counts:
            yield _Base(places[:, place], each.printed)


def _explains(counts: Numbers, base: Numbers, shares: Numbers, half: Numbers, scale: float) -> bool:
    """True where shares follow from counts and base as printed, in nearly every row and beyond chance."""
    known = np.isfinite(counts) & np.isfinite(base) & np.isfinite(shares) & (base > 0)
    if int((known & (counts > 0)).sum()) < _FEWEST or not _telling(shares[known]):
        return False
    worth = scale * counts / base
    agrees = known & (np.abs(worth - shares) <= half + 1e-6 * np.maximum(1.0, np.abs(worth)))
    if agrees.sum() < _AGREE * known.sum():
        return False
    bits = np.log2(1 + np.abs(worth[known]) / np.maximum(2 * half[known], 1e-12)).clip(0, 8)
    return float(bits.sum()) >= _FEWEST_BITS


def _telling(shares: Numbers) -> bool:
    """False where all shares are alike (all 100, all 0)."""
    return len(np.unique(shares)) >= 2


def _unprinted(column: Values, counts: Numbers, shares: Numbers, half: Numbers, writer: Writer) -> tuple[_Base, float] | None:
    """A base that is nowhere printed but is one and the same for the whole column, as the printed pairs show."""
    known = np.isfinite(counts) & np.isfinite(shares) & (shares > half)
    if int(known.sum()) < _FEWEST or not _telling(shares[known]):
        return None
    least = np.ceil((100 * counts[known] / (shares[known] + half[known])).max() - 1e-6)
    most = np.floor((100 * counts[known] / (shares[known] - half[known])).min() + 1e-6)
    if least > most or least <= 0:
        return None
    bits = np.log2(1 + shares[known] / (2 * half[known])).clip(0, 8).sum()
    if bits < _FEWEST_BITS + 8:
        return None
    cell = writer.spare(float(least), float(most), column.view.index)
    return _Base(np.full(len(counts), cell), np.full(len(counts), np.nan)), 100.0


def _write(column: npt.NDArray[np.int64], shares: Numbers, half: Numbers, base: _Base, scale: float, writer: Writer) -> None:
    """`(share - half) base <= scale count <= (share + half) base`, row by row."""
    for row in np.flatnonzero(np.isfinite(shares) & (column >= 0)).tolist():
        low, high = max(0.0, shares[row] - half[row]) / scale, (shares[row] + half[row]) / scale
        count, cell = int(column[row]), int(base.cells[row])
        if cell == count:
            continue
        if cell >= 0:
            writer.equation([count, cell], [1.0, -high], -np.inf, 0.0, Relation.SHARE)
            if low > 0:
                writer.equation([count, cell], [1.0, -low], 0.0, np.inf, Relation.SHARE)
        elif np.isfinite(base.numbers[row]):
            writer.equation([count], [1.0], low * base.numbers[row], high * base.numbers[row], Relation.SHARE)


def _fractions(values: Sequence[Values], places: npt.NDArray[np.int64], live: Mask, writer: Writer) -> None:
    """`3/120`: a count is at most its denominator."""
    for place, each in enumerate(values):
        for row in np.flatnonzero(np.isfinite(each.whole) & live & (places[:, place] >= 0)).tolist():
            writer.equation([int(places[row, place])], [1.0], 0.0, float(each.whole[row]), Relation.SHARE)


__all__ = ["header_total", "shares_of"]
