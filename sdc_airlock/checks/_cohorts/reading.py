"""One reading of all rows of a table of results, a batch of whole columns at a time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from sdc_airlock.checks._cohorts.columns import CASES, CONTROLS, Meaning, Measure
from sdc_airlock.checks._cohorts.digits import digits_of, numbers_of, steps_of, texts_of
from sdc_airlock.checks._cohorts.errors import Errors, errors_in
from sdc_airlock.checks._cohorts.places import BINS, bin_of, chromosomes_of, written_places
from sdc_airlock.checks._cohorts.survey import Survey, Tally
from sdc_airlock.model.content import Table
from sdc_airlock.stats.allele_counts import minor_counts, minor_frequency, product_from_logistic, product_from_smallest_error
from sdc_airlock.stats.assemblies import CHROMOSOMES
from sdc_airlock.stats.membership import STRETCH

Numbers = npt.NDArray[np.float64]

_FEWEST_ERRORS = 100
_COMMON = 0.01
_STRETCHES = 8192
# a frequency that leaves more counts than this open may be told better by the error beside it
_OPEN = 4.0
_NUMBERS = frozenset({Measure.PEOPLE, Measure.ALLELES, Measure.COPIES, Measure.FREQUENCY, Measure.GENOTYPES, Measure.CARRIERS, Measure.POSITION})  # fmt: skip


class Reading:
    """One reading of all rows."""

    def __init__(self, survey: Survey, table: Table) -> None:
        self._survey = survey
        self._table = table
        self._flags = np.zeros(32 * _STRETCHES, np.bool_)
        self._tallies: dict[tuple[str, int, str], Tally] = {}
        self._digits = {one.place: digits_of(table.columns[one.place].values) for one in survey.columns if one.measure is Measure.FREQUENCY}
        self._source = self._errors()
        self._smallest = self._common_error()
        self._needed = frozenset(one.place for one in survey.columns if one.measure in _NUMBERS) | frozenset(
            one.place for one in (self._source.of if self._source is not None else ())
        )

    def _one(self, measure: Measure, group: str = "") -> Meaning | None:
        return next((one for one in self._survey.columns if one.measure is measure and one.group == group), None)

    def run(self) -> None:
        """Read every row, and fill in what was counted."""
        survey, start = self._survey, 0
        for batch in self._batches():
            rows = len(next(iter(batch.values()))) if batch else 0
            kept = self._tested(batch, rows)
            self._take(batch, kept, start)
            survey.rows += int(kept.sum())
            start += rows
        survey.tallies = list(self._tallies.values())
        survey.stretches = self._flags if self._flags.any() else survey.stretches
        marker = self._one(Measure.MARKER)
        survey.markers = survey.rows
        if self._table.whole and marker is not None and len(self._table.columns[0].values) == survey.part.columns[marker.place].filled:
            survey.markers = min(survey.rows, max(survey.part.columns[marker.place].distinct, 1))
        if survey.traits > 1 and not survey.has(Measure.MARKER, Measure.POSITION):
            survey.markers = 1

    def _batches(self) -> Iterator[dict[int, Any]]:
        places = [one.place for one in self._survey.columns]
        if self._table.batches is None:
            yield {place: self._table.columns[place].values for place in places}
            return
        for batch in self._table.batches():
            yield {place: batch.column(place) for place in places}

    def _tested(self, batch: dict[int, Any], rows: int) -> npt.NDArray[np.bool_]:
        """Rows of the additive test of an allele, where a table lists other tests and covariates too."""
        test = self._one(Measure.TEST)
        if test is None:
            return np.ones(rows, np.bool_)
        import pyarrow.compute as pc

        additive = pc.starts_with(pc.utf8_upper(pc.fill_null(batch[test.place].cast("string"), "")), "ADD")
        mask = np.asarray(additive.to_numpy(zero_copy_only=False), np.bool_)
        return mask if mask.any() else np.ones(rows, np.bool_)

    def _take(self, batch: dict[int, Any], kept: npt.NDArray[np.bool_], start: int) -> None:
        numbers = {
            one.place: np.where(kept, numbers_of(batch[one.place]) * one.scale, np.nan)
            for one in self._survey.columns
            if one.place in self._needed
        }
        self._places(batch, numbers, kept)
        if self._source is not None:
            self._error(self._source, numbers, start)
        for one in self._survey.columns:
            if one.measure is Measure.PEOPLE:
                self._tally("size", one).add(_whole(numbers[one.place]), start)
                if not one.group:
                    self._survey.most_people = max(self._survey.most_people, float(np.nanmax(numbers[one.place], initial=0.0)))
            elif one.measure in (Measure.GENOTYPES, Measure.CARRIERS):
                self._tally(one.measure.value, one).add(_whole(numbers[one.place]), start)
            elif one.measure is Measure.COPIES:
                self._copies(one, numbers, start)
            elif one.measure is Measure.FREQUENCY:
                self._frequency(one, numbers, start)
            elif one.measure in (Measure.TRIPLE, Measure.LABELLED):
                self._written(one, batch, numbers, kept, start)

    def _written(self, one: Meaning, batch: dict[int, Any], numbers: dict[int, Numbers], kept: npt.NDArray[np.bool_], start: int) -> None:
        """Counts that one cell holds together."""
        alleles = self._alleles("", numbers) if one.measure is Measure.LABELLED else None
        for counts in texts_of(batch[one.place]).T:
            rarer = counts if alleles is None else np.where(counts <= alleles, np.minimum(counts, alleles - counts), counts)
            self._tally("genotypes" if one.measure is Measure.TRIPLE else "copies", one).add(np.where(kept, rarer, np.nan), start)

    def _tally(self, rule: str, one: Meaning) -> Tally:
        return self._tallies.setdefault((rule, one.place, one.group), Tally(rule, one.place, one.label, one.group))

    def _alleles(self, group: str, numbers: dict[int, Numbers]) -> Numbers | None:
        """Alleles looked at in each row of a group; None where nothing says how many."""
        alleles = self._one(Measure.ALLELES, group)
        if alleles is not None:
            return numbers[alleles.place]
        people = self._one(Measure.PEOPLE, group)
        if people is not None:
            return 2 * numbers[people.place]
        sizes = self._survey.sizes
        constant = {"": sizes.people, CASES: sizes.cases, CONTROLS: sizes.controls}.get(group)
        if constant is None or self._survey.doubtful:
            return None
        return np.full(len(next(iter(numbers.values()))), 2 * constant)

    def _copies(self, one: Meaning, numbers: dict[int, Numbers], start: int) -> None:
        """Printed counts of an allele, or of the other one where that is rarer."""
        counts, alleles = numbers[one.place], self._alleles(one.group, numbers)
        if alleles is not None:
            good = counts <= alleles
            counts = np.where(good, np.minimum(counts, alleles - counts), counts)
        self._tally("copies", one).add(np.where(counts >= 0.5, np.rint(counts), np.nan), start)
        if alleles is not None:
            with np.errstate(divide="ignore", invalid="ignore"):
                self._count_spectrum(counts / alleles)

    def _frequency(self, one: Meaning, numbers: dict[int, Numbers], start: int) -> None:
        frequencies = numbers[one.place]
        frequencies = np.where((frequencies >= 0) & (frequencies <= 1), frequencies, np.nan)
        if one is next(each for each in self._survey.columns if each.measure is Measure.FREQUENCY):
            self._count_spectrum(np.minimum(frequencies, 1 - frequencies))
        alleles = self._alleles(one.group, numbers)
        if alleles is None or self._one(Measure.COPIES, one.group) is not None:
            return
        low, high = minor_counts(frequencies, alleles, self._steps(one, frequencies))
        self._tally("frequency", one).add(np.where(low >= 0.5, np.maximum(np.rint((low + high) / 2), high - 0.5), np.nan), start)

    def _steps(self, one: Meaning, frequencies: Numbers) -> Numbers:
        """Width of the last digit of each frequency."""
        return steps_of(frequencies / one.scale, self._digits[one.place]) * one.scale

    def _error(self, errors: Errors, numbers: dict[int, Numbers], start: int) -> None:
        """Rare alleles that show in standard errors, where counts and frequencies do not tell them."""
        alleles = self._alleles("", numbers)
        if alleles is None:
            return
        found, sizes, product = errors.numbers(numbers), self._survey.sizes, None
        if sizes.cases and sizes.controls:
            product = product_from_logistic(found, sizes.cases, sizes.controls)
            if np.nanmean(product > 0.3) > 0.1:  # coefficients of a linear regression on a disease
                product = None
        if product is None and self._smallest is not None:
            product = product_from_smallest_error(found * np.sqrt(alleles), 1.0, self._smallest)
        if product is not None:
            counts = minor_frequency(product) * alleles
            self._tally("error", errors.shown).add(np.where(counts >= 0.5, np.rint(counts), np.nan), start)

    def _errors(self) -> Errors | None:
        """Where standard errors come from, where they tell more than what is printed beside them."""
        survey, columns = self._survey, self._table.columns
        if not survey.variants or survey.has(Measure.COPIES, Measure.GENOTYPES, Measure.TRIPLE, Measure.CARRIERS, Measure.LABELLED):
            return None
        people = survey.sizes.people
        if "" in survey.frequencies and (people is None or survey.digits.relative or survey.digits.step * 2 * people <= _OPEN):
            return None
        names = {one.place: columns[one.place].name for one in survey.columns}
        steps = {
            one.place: digits_of(columns[one.place].values).step
            for one in survey.columns
            if one.measure in (Measure.EFFECT, Measure.ODDS) and not survey.has(Measure.ERROR)
        }
        return errors_in(survey.columns, names, steps)

    def _common_error(self) -> float | None:
        """Standard error of common variants among the first rows, times the root of the alleles looked at."""
        errors = self._source
        if errors is None:
            return None
        held = self._table.columns
        numbers = {
            one.place: numbers_of(held[one.place].values)
            for one in self._survey.columns
            if one in errors.of or one.measure in (Measure.PEOPLE, Measure.ALLELES)
        }
        alleles = self._alleles("", numbers)
        if alleles is None:
            return None
        test = self._one(Measure.TEST)
        rows = self._table.sample_rows
        kept = self._tested({test.place: held[test.place].values}, rows) if test is not None else np.ones(rows, np.bool_)
        scaled = np.where(kept, errors.numbers(numbers) * np.sqrt(alleles), np.nan)
        scaled = scaled[np.isfinite(scaled) & (scaled > 0)]
        return float(np.quantile(scaled, _COMMON)) if len(scaled) >= _FEWEST_ERRORS else None

    def _count_spectrum(self, minor: Numbers) -> None:
        good = minor[(minor > 0) & (minor <= 0.5)]
        if len(good):
            self._survey.spectrum += np.bincount(bin_of(good), minlength=BINS)
            self._survey.least = min(self._survey.least, float(good.min()))

    def _places(self, batch: dict[int, Any], numbers: dict[int, Numbers], kept: npt.NDArray[np.bool_]) -> None:
        """Mark the stretches of the genome that hold a variant."""
        position, chromosome, marker = (self._one(each) for each in (Measure.POSITION, Measure.CHROMOSOME, Measure.MARKER))
        if position is not None and chromosome is not None:
            codes, places = chromosomes_of(batch[chromosome.place]), numbers[position.place]
        elif marker is not None:
            codes, places = written_places(batch[marker.place])
        else:
            return
        good = kept & np.isfinite(places) & (places >= 0) & (places < STRETCH * _STRETCHES) & (codes > 0)
        self._flags[codes[good] * _STRETCHES + (places[good] // STRETCH).astype(np.int64)] = True
        known = good & (codes <= CHROMOSOMES)
        np.maximum.at(self._survey.last, codes[known] - 1, places[known])
        self._survey.from_nought = self._survey.from_nought or bool((places[known] == 0).any())


def _whole(numbers: Numbers) -> Numbers:
    return np.where(np.isfinite(numbers) & (numbers >= 1) & (numbers == np.floor(numbers)), numbers, np.nan)


__all__ = ["Reading"]
