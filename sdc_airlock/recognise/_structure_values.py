"""The measure columns of a table cell by cell: what each printed cell, marker or gap tells a reader of the number behind it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from sdc_airlock.model.content import Column
from sdc_airlock.model.published import Marker
from sdc_airlock.model.recognised import ColumnView, Role
from sdc_airlock.recognise._numerals import plain, value
from sdc_airlock.recognise.cells import CellKind, Cells, read_cells

Numbers: TypeAlias = npt.NDArray[np.float64]
Mask: TypeAlias = npt.NDArray[np.bool_]

_N = r"(\d[\d,]*)"
_BELOW = re.compile(rf"[(\[]? ?(?:<|&lt;|lt|less than|fewer than|under|below) ?{_N}(?!\d|\.)")
_UP_TO = re.compile(rf"[(\[]? ?(?:\u2264|<=|&lt;=|up to|at most) ?{_N}(?!\d|\.)|{_N} or (?:fewer|less)")
_BETWEEN = re.compile(rf"[(\[]? ?{_N} ?(?:-|\u2013|\u2014|to) ?{_N} ?[)\]]?")
_ABOVE = re.compile(rf"[(\[]? ?(>|&gt;|\u2265|>=|&gt;=|more than|over|at least) ?{_N}(?!\d|\.)")
# what the notes say of a bare sign
_LEGEND = re.compile(
    r"(?P<below>fewer than|less than|below|under|smaller than|<) ?(?P<one>\d{1,3})\b(?! or)"
    r"|(?:\u2264|<=|up to|at most|between \d+ and|\b\d+ ?(?:-|\u2013|to)) ?(?P<two>\d{1,3})\b|\b(?P<three>\d{1,3}) or (?:fewer|less)",
    re.IGNORECASE,
)
_SAYS_HIDDEN = re.compile(
    r"suppress|redact|withh|hidden|replac|not shown|not (?:be )?(?:displayed|published|released|disclosed)|mask|confiden|disclos|denot|indicat|shown as|\*|\[[a-z]\]",
    re.IGNORECASE,
)
_SECONDARY = re.compile(
    r"secondar|complement|consequential|additional|other (?:cells|counts|values|figures|numbers)|also (?:been )?suppress|further|to prevent|to avoid|dedu|subtract|differenc",
    re.IGNORECASE,
)
# a percentage printed beside a marker: "<5 (2.3%)"
_BESIDE = re.compile(r"[(\[{] ?(\d{1,3}(?:[.,]\d{1,6})?) ?%? ?[)\]}]$")
_WHOLE_SHARE = 100.0
_BASES = (1000, 500, 250, 100, 50, 25, 20, 10, 6, 5, 3)
_FEWEST_ROUNDED = 6
_CHANCE = 1e-4


@dataclass(frozen=True, slots=True)
class Values:
    """One measure column.

    Attributes:
        view: The column as recognition sees it.
        exists: False for rows in which the column holds nothing that could be a number of the measure.
        printed: Number as printed, NaN where none is; low, high: what the cell alone tells.
        marker: `Marker` of each cell.
        share: A percentage printed in the cell or, for a column of percentages, as the cell; half: half a unit of its last decimal.
        whole: A denominator printed in the cell ("3/120").
        counts: True for whole numbers that count; False for amounts and for columns of percentages.
    """

    view: ColumnView
    exists: Mask
    printed: Numbers
    low: Numbers
    high: Numbers
    marker: npt.NDArray[np.int8]
    share: Numbers
    half: Numbers
    whole: Numbers
    counts: bool


def marker_bounds(text: str) -> tuple[float, float] | None:
    """Least and largest number that a marker says by itself ("<5" is 0 to 4), None for a sign that says nothing."""
    shown = plain(text).lower()
    if match := _BELOW.match(shown):
        return 0.0, value(match[1])[0] - 1
    if match := _UP_TO.match(shown):
        return 0.0, value(match[1] or match[2])[0]
    if match := _ABOVE.match(shown):
        return value(match[2])[0] + (match[1] in (">", "&gt;", "more than", "over")), np.inf
    if match := _BETWEEN.fullmatch(shown):
        low, high = value(match[1])[0], value(match[2])[0]
        return (low, high) if low < high else None
    return None


def legend_bound(text: str) -> float | None:
    """The largest number that the notes say a sign stands for; None where they do not say, or say that other numbers are hidden too."""
    if _SECONDARY.search(text):
        return None
    found = []
    for sentence in re.split(r"[\n;]|\. ", text):
        match = _LEGEND.search(sentence)
        if match and _SAYS_HIDDEN.search(sentence):
            found.append(float(match["one"] or match["two"] or match["three"]) - bool(match["below"]))
    return max(found, default=None)


def values_of(column: Column, view: ColumnView, legend: float | None) -> Values:
    """What each cell of a measure column tells.

    Args:
        column: Its cells.
        view: What it is.
        legend: Largest number that the notes say a bare sign stands for.
    """
    cells = read_cells(column.values)
    numbers = np.isin(cells.kinds, (CellKind.NUMBER, CellKind.PERCENT, CellKind.PAIR)) & np.isfinite(cells.first)
    if view.role in (Role.PERCENTAGE, Role.RATE, Role.FREQUENCY) and not _counts_first(cells, numbers):
        return _shares(cells, view, numbers)
    numbers &= cells.kinds != CellKind.PERCENT
    whole = cells.first[numbers & (cells.places == 0)]
    counts = bool(len(whole)) and bool(np.all(whole == np.floor(whole))) and len(whole) >= 0.5 * max(1, int(numbers.sum()))
    counts = counts or (not numbers.any() and bool((cells.kinds == CellKind.SUPPRESSED).any()))
    if counts:
        numbers &= (cells.first == np.floor(cells.first)) & (cells.places == 0) & (cells.first >= 0)
    marked = (cells.kinds == CellKind.SUPPRESSED) | (cells.kinds == CellKind.BAND)
    size = len(cells.codes)
    low, high = np.where(numbers, cells.first, 0.0), np.where(numbers, cells.first, np.inf)
    marker = np.where(numbers, Marker.NUMBER, np.where(marked, Marker.BARE, Marker.BLANK)).astype(np.int8)
    for place in np.unique(cells.codes[marked]).tolist():
        at = marked & (cells.codes == place)
        bounds = marker_bounds(cells.text[place])
        if bounds is not None:
            low[at], high[at], marker[at] = bounds[0], bounds[1], Marker.BOUND
        elif legend is not None and counts:
            high[at], marker[at] = legend, Marker.LEGEND
    second = np.where(numbers & (cells.kinds == CellKind.PAIR), cells.second, np.nan)
    for place in np.unique(cells.codes[marked]).tolist():
        beside = _BESIDE.search(cells.text[place])
        if beside and value(beside[1])[0] <= _WHOLE_SHARE:
            second[marked & (cells.codes == place)] = value(beside[1])[0]
    if not counts:
        half = _half(cells.first, int(cells.places[numbers].max(initial=0)))
        low, high = np.where(numbers, low - half, low), np.where(numbers, high + half, high)
    return Values(
        view=view,
        exists=numbers | marked | (cells.kinds == CellKind.MISSING),
        printed=np.where(numbers, cells.first, np.nan),
        low=low,
        high=high,
        marker=marker,
        share=np.where(cells.pair_percent | ~cells.fraction, second, np.nan),
        half=_half(second, _decimals_beside(cells)) if np.isfinite(second).any() else np.full(size, 0.5),
        whole=np.where(cells.fraction, second, np.nan),
        counts=counts,
    )


def _decimals_beside(cells: Cells) -> int:
    """Most decimals of the numbers in brackets."""
    found = (_BESIDE.search(text) for text in cells.text)
    return max((len(re.split(r"[.,]", match[1])[1]) for match in found if match and re.search(r"[.,]", match[1])), default=0)


def _counts_first(cells: Cells, numbers: Mask) -> bool:
    """True for a column headed as percentages whose cells print the count first ("12 (3.4%)" under "n (%)")."""
    pairs = (cells.kinds == CellKind.PAIR) & cells.pair_percent & (cells.places == 0)
    return 2 * int((pairs & numbers).sum()) > int(numbers.sum())


def _shares(cells: Cells, view: ColumnView, numbers: Mask) -> Values:
    """A column of percentages, proportions or rates."""
    size = len(cells.codes)
    shares = np.where(numbers, cells.first, np.nan)
    return Values(
        view=view,
        exists=np.zeros(size, np.bool_),
        printed=np.full(size, np.nan),
        low=np.zeros(size),
        high=np.full(size, np.inf),
        marker=np.full(size, Marker.BLANK, np.int8),
        share=shares,
        half=_half(shares, int(cells.places[numbers].max(initial=0))),
        whole=np.full(size, np.nan),
        counts=False,
    )


def _half(numbers: Numbers, printed: int = 0) -> Numbers:
    """Half a unit of the last decimal that a column was printed with, taken from all of its numbers (trailing zeros are often cut).

    Args:
        numbers: The numbers.
        printed: Decimals that some cell is known to have been printed with.
    """
    finite = numbers[np.isfinite(numbers)]
    for places in range(printed, 7):
        scaled = finite * 10.0**places
        if np.all(np.abs(scaled - np.round(scaled)) < 1e-6 * np.maximum(1.0, np.abs(scaled))):
            return np.full(len(numbers), 0.5 * 10.0**-places)
    return np.full(len(numbers), 0.5e-7)


def with_zeros_shown(columns: list[Values]) -> list[Values]:
    """The columns of one table; where zeros are printed, a marker for small numbers hides none."""
    if not any(bool(np.any(each.printed == 0)) for each in columns if each.counts):
        return columns
    changed = []
    for each in columns:
        small = ((each.marker == Marker.BOUND) | (each.marker == Marker.LEGEND)) & np.isfinite(each.high) & (each.low == 0)
        changed.append(replace(each, low=np.where(small, 1.0, each.low)))
    return changed


def bases_of(columns: list[Values]) -> list[int]:
    """By column, the number of which its printed counts are multiples beyond chance (see `rounded_to`); what most columns share holds for short ones too."""
    together = rounded_to(columns)
    if together:
        return [together] * len(columns)
    alone = [rounded_to([each]) for each in columns]
    known = [base for base in alone if base]
    usual = min(known, key=abs) if known and len(known) >= 0.5 * sum(each.counts for each in columns) else 0
    return [base or (usual if usual > 0 and _all_multiples(each, usual) else 0) for base, each in zip(alone, columns, strict=True)]


def _all_multiples(each: Values, base: int) -> bool:
    printed = each.printed[np.isfinite(each.printed)]
    return each.counts and bool(len(printed)) and bool(np.all(printed % base == 0))


def rounded_to(columns: list[Values]) -> int:
    """The number of which all printed counts of some columns are multiples, 0 where there is none beyond chance; -6 for counts rounded to the midpoints of sixes."""
    printed = [each.printed[np.isfinite(each.printed)] for each in columns if each.counts]
    numbers = np.concatenate(printed) if printed else np.zeros(0)
    numbers = numbers[numbers != 0]
    if len(numbers) < _FEWEST_ROUNDED or len(np.unique(numbers)) < _FEWEST_ROUNDED - 2:
        return 0
    distinct = len(np.unique(numbers))
    # midpoints of sixes are multiples of three too; the wider of the two readings leaves no possible number out
    if np.all(numbers % 6 == 3) and 6.0**-distinct < _CHANCE and not np.all(numbers % 5 == 0):
        return -6
    return next((base for base in _BASES if np.all(numbers % base == 0) and float(base) ** -distinct < _CHANCE), 0)


def with_rounding(each: Values, base: int, *, wide: bool = False) -> Values:
    """A column of rounded counts: each printed number stands for a range.

    Args:
        each: The column.
        base: Multiple that was rounded to; -6 for midpoints of sixes.
        wide: Rounding may have gone either way (random rounding).
    """
    if not base or not each.counts:
        return each
    shown = np.isfinite(each.printed)
    if base < 0:
        low, high = np.where(each.printed > 0, each.printed - 2, 0), np.where(each.printed > 0, each.printed + 3, 0)
    else:
        below, above = (base - 1, base - 1) if wide else (base // 2, base // 2)
        low, high = np.maximum(each.printed - below, 0), each.printed + above
    return replace(each, low=np.where(shown, low, each.low), high=np.where(shown, high, each.high))


__all__ = ["Mask", "Numbers", "Values", "bases_of", "legend_bound", "marker_bounds", "values_of", "with_rounding", "with_zeros_shown"]
