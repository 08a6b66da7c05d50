"""One reading of all rows of a table of results, a batch of whole columns at a time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from sdc_airlock.ahead import in_order
from sdc_airlock.checks._cohorts.columns import CASES, CONTROLS, Meaning, Measure
from sdc_airlock.checks._cohorts.digits import digits_of, numbers_of, steps_of, texts_of
from sdc_airlock.checks._cohorts.errors import Errors, errors_in
from sdc_airlock.checks._cohorts.places import BINS, Order, bin_of, chromosomes_of, written_places
from sdc_airlock.checks._cohorts.survey import LARGEST, Survey, Tally
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


@dataclass(slots=True)
class _Counted:
    """What was counted in some rows, as the fields of `Survey` have it.

    Attributes:
        flags: Stretches of the genome with a variant in it.
        tallies: By rule, place of the column and group.
        order: How the rows lie on the genome.
    """

    rows: int = 0
    flags: npt.NDArray[np.bool_] = field(default_factory=lambda: np.zeros(32 * _STRETCHES, np.bool_))
    tallies: dict[tuple[str, int, str], Tally] = field(default_factory=dict)
    spectrum: npt.NDArray[np.int64] = field(default_factory=lambda: np.zeros(BINS, np.int64))
    last: Numbers = field(default_factory=lambda: np.zeros(CHROMOSOMES))
    from_nought: bool = False
    least: float = 1.0
    most_people: float = 0.0
    order: Order = field(default_factory=Order)

    def add(self, later: _Counted) -> None:
        """Take in what was counted in the rows below."""
        self.order.add(later.order)
        self.rows += later.rows
        self.flags |= later.flags
        self.spectrum += later.spectrum
        np.maximum(self.last, later.last, out=self.last)
        self.from_nought = self.from_nought or later.from_nought
        self.least = min(self.least, later.least)
        self.most_people = max(self.most_people, later.most_people)
        for key, tally in later.tallies.items():
            if key in self.tallies:
                self.tallies[key].take(tally)
            else:
                self.tallies[key] = tally

    def tally(self, rule: str, one: Meaning) -> Tally:
        """Small counts in a column, by what tells them."""
        return self.tallies.setdefault((rule, one.place, one.group), Tally(rule, one.place, one.label, one.group))

    def frequencies(self, minor: Numbers) -> None:
        """Take in frequencies of the rarer allele."""
        good = minor[(minor > 0) & (minor <= 0.5)]
        if len(good):
            self.spectrum += np.bincount(bin_of(good), minlength=BINS)
            self.least = min(self.least, float(good.min()))


class Reading:
    """One reading of all rows."""

    def __init__(self, survey: Survey, table: Table) -> None:
        self._survey = survey
        self._table = table
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
        survey, found = self._survey, _Counted()
        batches = self._batches()
        for counted in in_order(self._take, batches) if self._table.batches is not None else map(self._take, batches):
            found.add(counted)
        survey.rows += found.rows
        survey.spectrum += found.spectrum
        survey.last, survey.from_nought, survey.least, survey.most_people = found.last, found.from_nought, found.least, found.most_people
        survey.ordered = found.order.kept(int((found.last > 0).sum()))
        survey.tallies = list(found.tallies.values())
        survey.stretches = found.flags if found.flags.any() else survey.stretches
        marker = self._one(Measure.MARKER)
        survey.markers = survey.rows
        if self._table.whole and marker is not None and len(self._table.columns[0].values) == survey.part.columns[marker.place].filled:
            survey.markers = min(survey.rows, max(survey.part.columns[marker.place].distinct, 1))
        if survey.traits > 1 and not survey.has(Measure.MARKER, Measure.POSITION):
            survey.markers = 1

    def _batches(self) -> Iterator[tuple[int, dict[int, Any]]]:
        """The columns by their place, with the number of their first row."""
        places, table = [one.place for one in self._survey.columns], self._table
        if table.batches is None:
            yield 0, {place: table.columns[place].values for place in places}
            return
        start = 0
        for batch in table.batches() if table.rounded is None else table.rounded(self._needed):
            yield start, {place: batch.column(place) for place in places}
            start += batch.num_rows

    def _tested(self, batch: dict[int, Any]) -> npt.NDArray[np.bool_] | None:
        """Rows of the additive test of an allele, where a table lists other tests and covariates too; None for all rows."""
        test = self._one(Measure.TEST)
        if test is None:
            return None
        import pyarrow.compute as pc

        additive = pc.starts_with(pc.utf8_upper(pc.fill_null(batch[test.place].cast("string"), "")), "ADD")
        mask = np.asarray(additive.to_numpy(zero_copy_only=False), np.bool_)
        return mask if mask.any() and not mask.all() else None

    def _take(self, numbered: tuple[int, dict[int, Any]]) -> _Counted:
        """What some rows say; nothing outside is changed, so that batches can be taken side by side."""
        start, batch = numbered
        kept = self._tested(batch)
        rows = len(next(iter(batch.values()))) if batch else 0
        found = _Counted(rows=rows if kept is None else int(kept.sum()))
        numbers = {one.place: _scaled(batch[one.place], one.scale, kept) for one in self._survey.columns if one.place in self._needed}
        self._places(batch, numbers, kept, found)
        if self._source is not None:
            self._error(self._source, numbers, start, found)
        for one in self._survey.columns:
            if one.measure is Measure.PEOPLE:
                found.tally("size", one).add_whole(numbers[one.place], start)
                if not one.group:
                    found.most_people = max(found.most_people, float(np.nanmax(numbers[one.place], initial=0.0)))
            elif one.measure in (Measure.GENOTYPES, Measure.CARRIERS):
                found.tally(one.measure.value, one).add_whole(numbers[one.place], start)
            elif one.measure is Measure.COPIES:
                self._copies(one, numbers, start, found)
            elif one.measure is Measure.FREQUENCY:
                self._frequency(one, numbers, start, found)
            elif one.measure in (Measure.TRIPLE, Measure.LABELLED):
                texts = texts_of(batch[one.place])
                self._written(one, texts if kept is None else np.where(kept[:, None], texts, np.nan), numbers, start, found)
        return found

    def _written(self, one: Meaning, texts: Numbers, numbers: dict[int, Numbers], start: int, found: _Counted) -> None:
        """Counts that one cell holds together, shape (rows, counts)."""
        alleles = self._alleles("", numbers) if one.measure is Measure.LABELLED else None
        for counts in texts.T:
            rarer = counts if alleles is None else np.where(counts <= alleles, np.minimum(counts, alleles - counts), counts)
            found.tally("genotypes" if one.measure is Measure.TRIPLE else "copies", one).add(rarer, start)

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

    def _copies(self, one: Meaning, numbers: dict[int, Numbers], start: int, found: _Counted) -> None:
        """Printed counts of an allele, or of the other one where that is rarer."""
        counts, alleles = numbers[one.place], self._alleles(one.group, numbers)
        if alleles is not None:
            good = counts <= alleles
            counts = np.where(good, np.minimum(counts, alleles - counts), counts)
        found.tally("copies", one).add(np.where(counts >= 0.5, np.rint(counts), np.nan), start)
        if alleles is not None:
            with np.errstate(divide="ignore", invalid="ignore"):
                found.frequencies(counts / alleles)

    def _frequency(self, one: Meaning, numbers: dict[int, Numbers], start: int, found: _Counted) -> None:
        frequencies = numbers[one.place]
        frequencies = np.where((frequencies >= 0) & (frequencies <= 1), frequencies, np.nan)
        if one is next(each for each in self._survey.columns if each.measure is Measure.FREQUENCY):
            found.frequencies(np.minimum(frequencies, 1 - frequencies))
        alleles = self._alleles(one.group, numbers)
        if alleles is None or self._one(Measure.COPIES, one.group) is not None:
            return
        low, high = minor_counts(frequencies, alleles, self._steps(one, frequencies))
        near = np.flatnonzero((low >= 0.5) & (high <= LARGEST + 0.5))
        low, high = low[near], high[near]
        found.tally("frequency", one).add(np.maximum(np.rint((low + high) / 2), high - 0.5), start, near)

    def _steps(self, one: Meaning, frequencies: Numbers) -> Numbers:
        """Width of the last digit of each frequency."""
        return steps_of(frequencies / one.scale, self._digits[one.place]) * one.scale

    def _error(self, errors: Errors, numbers: dict[int, Numbers], start: int, into: _Counted) -> None:
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
            into.tally("error", errors.shown).add(np.where(counts >= 0.5, np.rint(counts), np.nan), start)

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
        scaled = errors.numbers(numbers) * np.sqrt(alleles)
        if test is not None and (kept := self._tested({test.place: held[test.place].values})) is not None:
            scaled = scaled[kept]
        scaled = scaled[np.isfinite(scaled) & (scaled > 0)]
        return float(np.quantile(scaled, _COMMON)) if len(scaled) >= _FEWEST_ERRORS else None

    def _places(self, batch: dict[int, Any], numbers: dict[int, Numbers], kept: npt.NDArray[np.bool_] | None, found: _Counted) -> None:
        """Mark the stretches of the genome that hold a variant."""
        position, chromosome, marker = (self._one(each) for each in (Measure.POSITION, Measure.CHROMOSOME, Measure.MARKER))
        if position is not None and chromosome is not None:
            codes, places = chromosomes_of(batch[chromosome.place]), numbers[position.place]
        elif marker is not None:
            codes, places = written_places(batch[marker.place])
        else:
            return
        good = (places >= 0) & (places < STRETCH * _STRETCHES) & (codes > 0)
        if kept is not None:
            good &= kept
        if not good.all():
            codes, places = codes[good], places[good]
        found.flags[codes * _STRETCHES + (places / STRETCH).astype(np.int64)] = True
        known = codes <= CHROMOSOMES
        if not known.all():
            codes, places = codes[known], places[known]
        np.maximum.at(found.last, codes - 1, places)
        found.from_nought = bool((places == 0).any())
        found.order = Order.of(codes, places)


def _scaled(values: Any, scale: float, kept: npt.NDArray[np.bool_] | None) -> Numbers:
    """The numbers of a column, NaN in rows that are not kept."""
    numbers = numbers_of(values)
    if scale != 1:
        numbers *= scale
    if kept is not None:
        numbers[~kept] = np.nan
    return numbers


__all__ = ["Reading"]
