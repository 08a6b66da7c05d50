"""Correlations between variants or other variables: the people behind them, where these are few."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from sdc_airlock.model.content import Table
from sdc_airlock.model.finding import DisclosureKind, Finding, Location, Redacted, Severity, Statbarn
from sdc_airlock.model.recognised import ColumnView, Kind, Recognised
from sdc_airlock.recognise.cells import read_cells
from sdc_airlock.stats.relatedness import carriers_error, carriers_of_both, correlation_of, people_behind, people_in_frequencies

_CHECK = "relatedness_or_scores"
_FEWEST = 10
_WIDEST = 4000
_PRINTED = 15
_SEARCHED = 2_000
_PLACES = 50
# alleles of which fewer homozygotes are expected
_HOMOZYGOTES = 0.1
_PAIRS = {
    "plink_ld": (("R", "R2"), ("MAF_A", "MAF_B")),
    "plink2_vcor": (("UNPHASED_R", "UNPHASED_R2"), ("NONMAJ_FREQ_A", "NONMAJ_FREQ_B")),
}
_PEOPLE = ("N", "NMISS", "OBS_CT", "N_OBS", "NOBS", "NCHROBS")


def few_people(part: Recognised, table: Table) -> Iterator[Finding]:
    """A matrix of correlations or covariances whose rank tells that fewer people stand behind it than it has variables."""
    if Kind.MATRIX not in part.kinds and part.kind is not Kind.INDIVIDUAL_ROWS:
        return
    numeric = [(place, view) for place, view in enumerate(part.columns) if view.numbers is not None]
    if not _FEWEST <= len(numeric) == table.sample_rows <= _WIDEST or not table.whole:
        return
    made = correlation_of(_filled(np.column_stack([view.numbers for _, view in numeric if view.numbers is not None])))
    if made is None:
        return
    people = people_behind(made, _error(table, [place for place, _ in numeric]))
    if people is None:
        return
    yield Finding(
        check_id=_CHECK,
        rule="few_people",
        severity=Severity.MEDIUM,
        kind=DisclosureKind.SECONDARY,
        statbarn=Statbarn.CORRELATION_COEFFICIENTS,
        location=Location(part_id=part.part_id, shape=(len(made), len(made))),
        message=f"a matrix of correlations between {len(made):,} variables of rank {people - 1:,}, so that it comes from about {people:,} people or fewer: but for a rotation it is the data of those people",
        remedy="Hand in correlations of fewer variables than people, print them to two digits, or use those of a public reference panel.",
        evidence=(Redacted(shape=f"rank {people - 1:,} of {len(made):,}"),),
    )


def _filled(matrix: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """A triangle made whole."""
    blank = ~np.isfinite(matrix)
    return np.where(blank & ~blank.T, matrix.T, matrix) if blank.any() else matrix


def _error(table: Table, places: list[int]) -> float:
    """Half a unit of the last digit that is printed anywhere; 0 for numbers that were never rounded."""
    digits = max(int(read_cells(table.columns[place].values).places.max(initial=0)) for place in places)
    return 0.5 * 10.0**-digits if digits < _PRINTED else 0.0


def pair_counts(part: Recognised, table: Table, suppressed: tuple[int, int]) -> Iterator[Finding]:
    """Pairs of rare variants of which correlation, frequencies and number of people tell how few carry both."""
    if part.format not in _PAIRS:
        return
    views = {view.name.strip().lstrip("#").upper(): (place, view) for place, view in enumerate(part.columns)}
    names, frequencies = _PAIRS[part.format]
    name = next((one for one in names if one in views), None)
    if name is None or any(one not in views for one in frequencies):
        return
    place, told = views[name]
    first, second = (_numbers(views[one][1]) for one in frequencies)
    people = _people(views, table, [views[one][0] for one in frequencies], np.concatenate([first, second]))
    if people is None:
        return
    r = _numbers(told)
    with np.errstate(all="ignore"):
        r = np.sqrt(r) if name.endswith("R2") else r
        counts = carriers_of_both(r, first, second, people)
        error = carriers_error(_error(table, [place]) / (np.maximum(2 * r, 1e-3) if name.endswith("R2") else 1), first, second, people)
    rare = (2 * people * first**2 < _HOMOZYGOTES) & (2 * people * second**2 < _HOMOZYGOTES) & (first > 0) & (second > 0)
    whole = np.round(counts)
    rows = np.flatnonzero(rare & (error < 0.5) & (whole >= suppressed[0]) & (whole <= suppressed[1]))
    if not len(rows):
        return
    yield Finding(
        check_id=_CHECK,
        rule="pair_counts",
        severity=Severity.MEDIUM,
        kind=DisclosureKind.SECONDARY,
        statbarn=Statbarn.CORRELATION_COEFFICIENTS,
        location=Location(
            part_id=part.part_id,
            rows=tuple(table.row_number(row) for row in rows[:_PLACES].tolist()),
            columns=(told.label,),
            shape=(part.rows or table.sample_rows, len(table.columns)),
        ),
        count=len(rows),
        message=f"{len(rows):,} pair(s) of rare variants: the correlation is printed to so many digits that, with the frequencies and the number of people, it tells how many carry both, which is in the suppressed range",
        remedy="Leave rare variants out, or print correlations to two digits and leave the frequencies out.",
    )


def _numbers(view: ColumnView) -> npt.NDArray[np.float64]:
    return view.numbers if view.numbers is not None else np.full(view.filled, np.nan)


def _people(
    views: dict[str, tuple[int, ColumnView]], table: Table, places: list[int], frequencies: npt.NDArray[np.float64]
) -> float | None:
    """How many people stand behind a list of pairs: as a column says, or as the denominators of frequencies tell."""
    for name in _PEOPLE:
        if name in views and (numbers := views[name][1].numbers) is not None and np.isfinite(numbers).any():
            return float(np.nanmedian(numbers)) / (2 if name in ("NCHROBS", "OBS_CT") else 1)
    return people_in_frequencies(frequencies, _error(table, places), _SEARCHED)


__all__ = ["few_people", "pair_counts"]
