"""Odds ratios of variants whose intervals give away how many cases and controls carry an allele."""

from __future__ import annotations

from sdc_airlock.checks._cohorts.columns import Measure
from sdc_airlock.checks._cohorts.results import Survey
from sdc_airlock.stats.odds import tables_that_fit

_MOST_ROWS = 400


def rows_with_small_tables(survey: Survey, highest: int) -> list[int]:
    """Rows of which every table of alleles or of carriers that fits the odds ratio and its interval has a count of at most `highest`.

    Only tables of a few hundred rows without frequencies are looked at: in others the count is known already.
    """
    table, sizes = survey.part.table, survey.sizes
    places = {one.measure: one.place for one in survey.columns}
    if table is None or not table.whole or table.sample_rows > _MOST_ROWS or survey.frequencies:
        return []
    if not {Measure.ODDS, Measure.LOW, Measure.HIGH} <= places.keys() or not sizes.cases or not sizes.controls or survey.doubtful:
        return []
    texts = [
        [str(cell or "") for cell in table.columns[places[each]].values.to_pylist()] for each in (Measure.ODDS, Measure.LOW, Measure.HIGH)
    ]
    found = []
    for row, cells in enumerate(zip(*texts, strict=True)):
        try:
            ratio, low, high = map(float, cells)
        except ValueError:
            continue
        decimals = max(len(cell.partition(".")[2]) for cell in cells)
        if decimals > 0 and _small(ratio, low, high, decimals, (round(sizes.cases), round(sizes.controls)), highest):
            found.append(row)
    return found


def _small(ratio: float, low: float, high: float, decimals: int, groups: tuple[int, int], highest: int) -> bool:
    """True where carriers, or else alleles (two a person), give a table that fits, and none without a small count does."""
    for times in (2, 1):
        fits = tables_that_fit(ratio, low, high, cases=times * groups[0], controls=times * groups[1], decimals=decimals)
        if fits.tables:
            return fits.smallest <= highest
    return False


__all__ = ["rows_with_small_tables"]
