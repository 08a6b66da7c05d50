"""Bars of a histogram and sections of a pie, as figures carry them: columns called after places on the page, whose heights count."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from sdc_airlock.model.content import Table
from sdc_airlock.model.recognised import ColumnView, Kind, Recognised, Role, Unit
from sdc_airlock.recognise.cells import read_cells
from sdc_airlock.recognise.lexicon import normalise
from sdc_airlock.stats.curves import Numbers, half_unit

_FEWEST, _MOST = 3, 500
_MOST_COLUMNS = 4
_MANY_BARS, _MOST_BARS = 15, 100
_ALIKE, _TURNS = 0.4, 0.5
_MOST_SECTIONS = 30
_DOUBT = 0.35
_AT = frozenset({"x", "mid", "mids", "xmid", "breaks", "bin", "bins", "bin mid", "bin center", "bin centre", "left", "xmin"})
_HEIGHTS = frozenset({"y", "top", "height", "heights", "count", "counts", "freq", "frequency", "values", "n"})
_SECTIONS = ("labels", "values")
_KINDS = frozenset({Kind.INDIVIDUAL_ROWS, Kind.LIST, Kind.SUMMARY_STATISTICS, Kind.OTHER, Kind.SERIES, Kind.REGRESSION})


def as_bars(part: Recognised) -> Recognised:
    """The part, told for counts of groups where its rows are bars or sections; any other part as it is."""
    table = part.table
    if table is None or part.kind not in _KINDS or not table.whole or not _FEWEST <= table.sample_rows <= _MOST:
        return part
    if not 2 <= len(table.columns) <= _MOST_COLUMNS:
        return part
    names = {normalise(view.name)[0].replace("_", " "): view for view in part.columns}
    heights = [view for name, view in names.items() if name in _HEIGHTS and _counts(view)]
    if len(heights) != 1 or len(names) != len(part.columns):
        return part
    others = [view for view in part.columns if view is not heights[0]]
    bars = _edges(others, names) or _places(others, names, table)
    pie = part.individual < _DOUBT and _sections(names, others[0])
    if not pie and not (bars and _like_a_histogram(heights[0])):
        return part
    columns = tuple(replace(view, role=Role.COUNT, of_people=True) if view is heights[0] else view for view in part.columns)
    return replace(
        part,
        kinds=(Kind.FREQUENCY_TABLE, *(kind for kind in part.kinds if kind not in (Kind.INDIVIDUAL_ROWS, Kind.FREQUENCY_TABLE))),
        individual=min(part.individual, 0.05),
        probability=0.9,
        unit=Unit.GROUP,
        columns=columns,
        why=("the bars or sections of a figure, whose heights are whole numbers",),
    )


def _counts(view: ColumnView) -> bool:
    """True for whole numbers from 0 up."""
    numbers = view.numbers
    return numbers is not None and bool(np.all(np.isfinite(numbers) & (numbers >= 0) & (numbers == np.floor(numbers))))


def _sections(names: dict[str, ColumnView], other: ColumnView) -> bool:
    """True for the sections of a pie: labels that differ, each with its number."""
    return tuple(names) == _SECTIONS and other.numbers is None and 0 < other.distinct == other.filled <= _MOST_SECTIONS


def _edges(others: list[ColumnView], names: dict[str, ColumnView]) -> bool:
    """True for bars from edge to edge: each begins where the one before it ends."""
    by_name = {name: view.numbers for name, view in names.items() if view in others}
    for left, right in (("left", "right"), ("xmin", "xmax"), ("x0", "x1"), ("start", "end"), ("bottom", "top")):
        low, high = by_name.get(left), by_name.get(right)
        if low is not None and high is not None and np.all(high > low) and np.allclose(low[1:], high[:-1], rtol=1e-9, atol=1e-9):
            return True
    return False


def _places(others: list[ColumnView], names: dict[str, ColumnView], table: Table) -> bool:
    """True for bars at even steps that number neither rows nor people."""
    if len(others) != 1 or others[0].numbers is None or others[0] not in [names[name] for name in _AT & names.keys()]:
        return False
    numbers: Numbers = others[0].numbers
    places = int(read_cells(table.columns[others[0].index].values).places.max(initial=0))
    steps = np.diff(numbers)
    if not np.isfinite(numbers).all() or np.ptp(steps) > 4.04 * half_unit(places) or steps[0] <= 0:
        return False
    return bool(steps[0] != 1 and numbers[0] != 0)


def _like_a_histogram(view: ColumnView) -> bool:
    """True for bars whose neighbours are alike, as those of a distribution are and numbers of one person after another are not."""
    numbers = view.numbers
    if numbers is None or len(numbers) > _MOST_BARS:
        return False
    away, steps = numbers - numbers.mean(), np.diff(numbers)
    turns = int(np.sum(steps[1:] * steps[:-1] < 0))
    if len(numbers) < _MANY_BARS:
        return turns <= _TURNS * len(steps) and 2 * min(numbers[0], numbers[-1]) < numbers.max()
    return float((away[1:] * away[:-1]).sum()) > _ALIKE * float((away**2).sum())


__all__ = ["as_bars"]
