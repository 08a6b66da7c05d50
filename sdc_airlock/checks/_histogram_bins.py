"""Histograms told as densities or shares: the counts that their areas imply, where the number of people is told or follows from the areas."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from sdc_airlock.checks._cell_counts import Hit
from sdc_airlock.model.content import Table
from sdc_airlock.model.recognised import ColumnView, Kind, Recognised, Role
from sdc_airlock.recognise.cells import CellKind, Cells, read_cells
from sdc_airlock.recognise.lexicon import normalise
from sdc_airlock.stats.curves import Numbers, half_unit, is_even, people_of_steps

_DENSITY = re.compile(r"^(?:densit(?:y|ies)|dens|probability density|pdf|y density)$")
_SHARE = re.compile(
    r"^(?:relative frequenc(?:y|ies)|rel freq|proportions?|shares?|probabilit(?:y|ies)|frac(?:tion)?|percent|percentage|pct)$"
)
_FROM = re.compile(
    r"^(?:(?:bin|class|interval|x)? ?(?:lower|from|left|start|min|low|lo|begin)(?: edge| bound| limit)?|xmin|binstart|left edge)$"
)
_TO = re.compile(r"^(?:(?:bin|class|interval|x)? ?(?:upper|to|right|end|max|high|hi)(?: edge| bound| limit)?|xmax|binend|right edge)$")
_AT = re.compile(
    r"^(?:(?:bin|class|x)? ?(?:mids?|midpoints?|middle|cent(?:er|re)s?)|breaks?|bins?|edges?|bin edges?|x|x ?mid|bin center|bin centre)$"
)
_PEOPLE = re.compile(r"^(?:n|total|n total|total n|count|sample size|n people|n patients|n obs|nobs)$")
_TOLD = re.compile(r"\b[nN]\s*[=:]\s*(\d{1,3}(?:[, ]\d{3})+|\d{1,9})")
_FEWEST, _MOST = 4, 2_000
_WHOLE = (0.97, 1.03)
_NOT_READ = frozenset({Kind.GENOTYPE_MATRIX, Kind.GENOTYPE_RECORDS, Kind.SEQUENCE_READS, Kind.GWAS_SUMMARY_STATISTICS, Kind.VARIANT_SITES})
_NEARLY_WHOLE = 0.005
_MOSTLY = 0.6
_NEAR = 0.2


def bins_in_table(part: Recognised, table: Table, low: int, high: int) -> list[Hit]:
    """Bins whose area is that of `low` to `high` people.

    The areas of all bins have to add up to one; then each is a number of people over n, which a column, the header or the title tells, or which is the
    only number that makes all of them whole.
    """
    if part.kind in _NOT_READ or not table.whole or not _FEWEST <= table.sample_rows <= _MOST:
        return []
    named = {view.index: normalise(view.name)[0].replace("_", " ") for view in part.columns if view.numbers is not None}
    told = [view for view in part.columns if _DENSITY.match(named.get(view.index, "")) or _SHARE.match(named.get(view.index, ""))]
    if not told:
        return []
    if not any(_FROM.match(name) or _AT.match(name) or _TO.match(name) for name in named.values()) and not _banded(part, table):
        return []
    found = []
    for view in told:
        cells = read_cells(table.columns[view.index].values)
        areas = _areas(part.columns, named, view, cells)
        if areas is None:
            continue
        rows = _few(areas[0], areas[1], _people(part, table, named), low, high)
        if len(rows):
            found.append(Hit(rule="implied", rows=tuple(rows.tolist()), column=view.index, label=view.label, count=len(rows)))
    return found


def _banded(part: Recognised, table: Table) -> bool:
    """True where a column of labels is one of bands ("20-29")."""
    return any(
        view.numbers is None and read_cells(table.columns[view.index].values).share(CellKind.BAND, CellKind.INTERVAL) > _MOSTLY
        for view in part.columns
    )


def _areas(views: Sequence[ColumnView], named: dict[int, str], view: ColumnView, cells: Cells) -> tuple[Numbers, float] | None:
    """The share of each bin, with half a unit of its last decimal; None where the bins do not make a whole."""
    numbers = np.nan_to_num(cells.first)
    half = half_unit(int(cells.places.max(initial=0)))
    width: Numbers | float = 1.0
    if _DENSITY.match(named[view.index]):
        found = _widths(views, named)
        if found is None:
            return None
        width = found
    elif numbers.max() > 1 + 1e-9:
        numbers, half = numbers / 100, half / 100
    shares = numbers * width
    whole, half = float(shares.sum()), half * float(np.max(width))
    if not _WHOLE[0] <= whole <= _WHOLE[1] or shares.min() < 0:
        return None
    # middles of bins are rounded, and widths with them; the sum is known to be one
    return (shares / whole, 2 * half) if abs(whole - 1) < _NEARLY_WHOLE else (shares, half)


def _widths(views: Sequence[ColumnView], named: dict[int, str]) -> Numbers | None:
    by_name = {name: view.numbers for view in views if (name := named.get(view.index)) and view.numbers is not None}
    left = next((numbers for name, numbers in by_name.items() if _FROM.match(name)), None)
    right = next((numbers for name, numbers in by_name.items() if _TO.match(name)), None)
    if left is not None and right is not None and np.all(right > left):
        return np.asarray(right - left)
    for name, numbers in by_name.items():
        if (_AT.match(name) or _FROM.match(name) or _TO.match(name)) and np.isfinite(numbers).all():
            step = float(np.median(np.diff(numbers)))
            if step > 0 and is_even(numbers, 0.02 * step):
                return np.full(len(numbers), (numbers[-1] - numbers[0]) / (len(numbers) - 1))
    return None


def _people(part: Recognised, table: Table, named: dict[int, str]) -> float:
    """How many people there are in all, 0 where it is not told."""
    for view in part.columns:
        numbers = view.numbers
        if numbers is not None and view.role is not Role.INDEX and _PEOPLE.match(named[view.index]) and len(np.unique(numbers)) == 1:
            return float(numbers[0])
    match = _TOLD.search(" ".join([table.title, table.notes, *(view.name for view in part.columns)]))
    return float(re.sub(r"\D", "", match[1])) if match else 0.0


def _few(shares: Numbers, half: float, people: float, low: int, high: int) -> npt.NDArray[np.int64]:
    if people and half * people > _NEAR + 0.3:
        return np.empty(0, np.int64)
    counted = people or float(people_of_steps(shares, half))
    counts = shares * counted
    whole = np.abs(counts - np.round(counts)) <= half * counted + _NEAR
    if not counted or not whole.all():
        return np.empty(0, np.int64)
    return np.flatnonzero((np.round(counts) >= low) & (np.round(counts) <= high))


__all__ = ["bins_in_table"]
