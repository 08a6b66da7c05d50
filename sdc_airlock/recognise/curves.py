"""Curves on a grid that somebody chose: densities, cumulative distributions, fitted lines. Their rows are points, not people."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from sdc_airlock.model.content import Table
from sdc_airlock.model.recognised import ColumnView, Kind, Recognised, Role, Unit
from sdc_airlock.recognise.cells import Cells, read_cells
from sdc_airlock.recognise.lexicon import normalise
from sdc_airlock.stats.curves import (
    Numbers,
    half_unit,
    is_cumulative,
    is_density,
    is_grid,
    is_smooth,
    people_of_steps,
)

_FEWEST, _MOST = 8, 20_000
_MOST_COLUMNS = 6
_FROM = 0.2
_LEFT = 0.05
_NEAR = 0.5
_STEPS_TAKEN = 0.3
_SHARES = re.compile(r"cdf\b|\bcum|\bf ?x?\b|\bfn\b|\bprob|\bproportion|\bshare|\bsurv|\bpercent|\bpct\b|\bfraction|\bsensitivit|\bspecificit|\b[tf]pr\b|\bpositive rate\b")  # fmt: skip
_CENTILE = re.compile(
    r"(?:p|pct|perc|centile|percentile)[ _.]?(\d{1,2}(?:\.\d)?)(?:th)?|(\d{1,2}(?:\.\d)?)(?:st|nd|rd|th)?[ _.]?(?:percentile|centile|pct|%)"
)
_LEVELS = re.compile(r"(?:percentiles?|centiles?|quantiles?|probs?|pct|perc)(?: level)?")
_FEWEST_CENTILES, _MOST_CENTILES = 3, 21
_CHOSEN = 0.8
_MEDIAN = 50.0
_MOST_GROUPS = 12
_OF_LIFE_TABLES = frozenset({"lx", "l(x)", "qx", "q(x)", "nqx", "px", "mx", "nmx", "dx", "d(x)", "ndx", "ex", "e(x)", "tx", "nlx", "ax"})
_FEWEST_OF_LIFE = 3
_RADIXES = frozenset({1.0, 100.0, 1_000.0, 10_000.0, 100_000.0, 1_000_000.0})
# what centiles are told along
_ALONG = re.compile(r"\b(?:ages?|months?|weeks?|years?|days?|time|gestation\w*|height|length|ga|wk|yr)\b")
_MANY, _ROUGH = 30, 0.7
_ALL = (0.9, 1.0)


@dataclass(frozen=True, slots=True)
class _Column:
    """Numbers of one column with half a unit of their last decimal."""

    view: ColumnView
    numbers: Numbers
    half: float


def as_curve(part: Recognised) -> Recognised:
    """The part, told for a distribution where its rows are points of a curve on an even grid; any other part as it is."""
    table = part.table
    if table is None or part.individual < _FROM or not table.whole or not _FEWEST <= table.sample_rows <= _MOST:
        return part
    if len(table.columns) > _MOST_COLUMNS or Kind.INDIVIDUAL_ROWS not in part.kinds:
        return part
    curves = _curves(part.columns, table)
    told = [_centiles(columns) or _life_table(columns) or _why(columns) for columns in curves]
    if not told or not all(told):
        return part
    why = told[0]
    return replace(
        part,
        kinds=(Kind.DISTRIBUTION, *(kind for kind in part.kinds if kind not in (Kind.INDIVIDUAL_ROWS, Kind.DISTRIBUTION))),
        individual=min(part.individual, _LEFT),
        probability=0.9,
        unit=Unit.ESTIMATE,
        why=(why,),
    )


def _curves(views: Sequence[ColumnView], table: Table) -> list[list[_Column]]:
    """The columns of numbers, once for each level of a column of groups where there is one; nothing for tables that hold anything else."""
    found = []
    groups = None
    for view, column in zip(views, table.columns, strict=False):
        cells = read_cells(column.values)
        if view.role is Role.INDEX:
            continue
        if view.numbers is None and groups is None and 1 < view.distinct <= _MOST_GROUPS and view.filled == table.sample_rows:
            groups = cells.codes
            continue
        if view.numbers is None or not np.isfinite(cells.first).all():
            return []
        found.append(_Column(view, cells.first, _half(cells)))
    if len(found) < 2:
        return []
    if groups is None:
        return [found]
    rows = [np.flatnonzero(groups == code) for code in np.unique(groups).tolist()]
    if any(len(each) < _FEWEST for each in rows):
        return []
    return [[_Column(one.view, one.numbers[each], one.half) for one in found] for each in rows]


def _half(cells: Cells) -> float:
    return half_unit(int(cells.places.max(initial=0)))


def _why(columns: Sequence[_Column]) -> str:
    """What the columns are, "" where they are no curve."""
    for grid in columns:
        if not is_grid(grid.numbers, grid.half) or _counts_rows(grid):
            continue
        others = [one for one in columns if one is not grid]
        if all(is_density(grid.numbers, one.numbers) for one in others):
            return "a smooth curve over an even grid, with an area of one"
        if all(_is_share(one) and is_cumulative(one.numbers) and not steps_of_people(one.numbers, one.half) for one in others):
            return "shares that only rise or only fall, at the points of an even grid"
        if _within_bounds(others):
            return "a smooth line within its bounds, at the points of an even grid"
    return "logarithms of p-values against what they would be by chance" if _chances(columns) else ""


def _centiles(columns: Sequence[_Column]) -> str:
    """Percentiles that somebody chose: a few round ones with their values below each other, or columns of them that are in order in every row."""
    across = [(float(match[1] or match[2]), one) for one in columns if (match := _CENTILE.fullmatch(one.view.name.strip().lower()))]
    rest = [one for one in columns if all(one is not each for _, each in across)]
    along = len(rest) == 1 and _ALONG.search(normalise(rest[0].view.name)[0].replace("_", " ")) is not None
    if len(across) >= _FEWEST_CENTILES and along and _MEDIAN in {level for level, _ in across}:
        ordered = np.stack([one.numbers for _, one in sorted(across, key=lambda each: each[0])])
        if np.all(np.diff(ordered, axis=0) >= 0) and np.any(np.diff(ordered, axis=0) > 0):
            return "percentiles of a group side by side, in order in every row"
    first, others = columns[0], columns[1:]
    if not _LEVELS.fullmatch(normalise(first.view.name)[0].replace("_", " ")) or len(first.numbers) > _MOST_CENTILES:
        return ""
    levels = first.numbers * (100.0 if first.numbers.max() <= 1 else 1.0)
    chosen = np.abs(levels * 2 - np.round(levels * 2)) < 1e-6
    rising = np.all(np.diff(levels) > 0) and levels[0] > 0 and levels[-1] < 100
    if rising and chosen.mean() >= _CHOSEN and all(np.all(np.diff(one.numbers) >= 0) for one in others):
        return "values at percentiles that somebody chose"
    return ""


def _life_table(columns: Sequence[_Column]) -> str:
    """A life table: survivors of a birth cohort that never rise with age, beside what is worked out from them."""
    by_name = {one.view.name.strip().lower(): one for one in columns}
    alive = by_name.get("lx") or by_name.get("l(x)")
    if alive is None or len(by_name.keys() & _OF_LIFE_TABLES) < _FEWEST_OF_LIFE:
        return ""
    ages = columns[0].numbers
    falling = np.all(np.diff(alive.numbers) <= 0) and np.all(np.diff(ages) > 0)
    return "a life table" if falling and alive.numbers[0] in _RADIXES else ""


def _is_share(one: _Column) -> bool:
    """True for a column headed as shares (or, of a few points, as the height of a figure) whose steps change less than those between people in order do."""
    name = normalise(one.view.name)[0].replace("_", " ")
    steps = np.diff(one.numbers)
    whole = name == "y" and len(steps) < _MANY and _ALL[0] <= abs(float(steps.sum())) <= _ALL[1]
    if not whole and not _SHARES.search(name):
        return False
    way = float(np.abs(steps).sum())
    return len(steps) < _MANY or float(np.abs(np.diff(steps)).sum()) < _ROUGH * way


def _counts_rows(one: _Column) -> bool:
    """True for a column that only numbers the rows."""
    step = one.numbers[1] - one.numbers[0]
    return bool(step == 1 and one.numbers[0] in (0, 1))


def steps_of_people(values: Numbers, half: float) -> bool:
    """True for shares in whole multiples of 1/n, of which a good part is taken: each step is one person, or a few."""
    scale = 100.0 if len(values) and float(np.nanmax(values)) > 1 + 1e-9 else 1.0
    people = people_of_steps(values / scale, half / scale)
    return bool(people and len(np.unique(values)) >= _STEPS_TAKEN * people)


def _within_bounds(columns: Sequence[_Column]) -> bool:
    """True for a smooth line between a lower and an upper one that are smooth too."""
    if len(columns) != 3 or not all(is_smooth(one.numbers) for one in columns):
        return False
    low, line, high = np.sort(np.stack([one.numbers for one in columns]), axis=0)
    order = [next((at for at, one in enumerate(columns) if np.array_equal(one.numbers, each)), -1) for each in (low, line, high)]
    return -1 not in order and bool(np.any(high > low))


def _chances(columns: Sequence[_Column]) -> bool:
    """True for observed against expected logarithms of p-values: the expected ones are those of evenly spaced p-values, and the observed ones near them."""
    if len(columns) != 2 or not all("log" in normalise(one.view.name)[0] for one in columns):
        return False
    rows = len(columns[0].numbers)
    for expected, observed in (columns, list(reversed(columns))):
        even = np.sort(10.0**-expected.numbers)
        off = float(np.max(np.abs(even - (np.arange(rows) + 0.5) / rows)))
        near = float(np.median(np.abs(expected.numbers - observed.numbers)))
        if off <= 1.5 / rows + 3 * expected.half and near < _NEAR:
            return True
    return False


__all__ = ["as_curve", "steps_of_people"]
