"""Results by variant or gene, read once column by column: how many people, how many variants, and how few of them carry a rare allele.

Large tables are read again from their first row to their last, batch by batch; what the tables hold is looked for with whole columns. What two checks and the
request ask for is kept, so that it is read once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from sdc_airlock.checks import Subject
from sdc_airlock.checks._cohorts.columns import CASES, CONTROLS, OF_VARIANTS, Meaning, Measure, meanings
from sdc_airlock.checks._cohorts.digits import EXACT, Digits, digits_of, numbers_of, steps_of, texts_of
from sdc_airlock.checks._cohorts.places import BINS, bin_of, chromosomes_of, written_places
from sdc_airlock.checks._cohorts.sizes import Sizes, sizes_around
from sdc_airlock.model.content import Table
from sdc_airlock.model.recognised import Recognised, Role
from sdc_airlock.stats.allele_counts import (
    alleles_behind,
    minor_counts,
    minor_frequency,
    people_behind_errors,
    product_from_logistic,
    product_from_smallest_error,
)
from sdc_airlock.stats.membership import GENOME, STRETCH

Numbers = npt.NDArray[np.float64]

# larger counts than any profile suppresses are not told apart
LARGEST = 200
_ROWS = 50
_MOST_ALLELES = 4000
_FEWEST_ERRORS = 100
_COMMON = 0.01
_STRETCHES = 8192
_PUBLISHED = frozenset(
    {Measure.COPIES, Measure.GENOTYPES, Measure.TRIPLE, Measure.CARRIERS, Measure.FREQUENCY, Measure.LABELLED, Measure.ALLELES}
)
_TESTED = frozenset({Measure.EFFECT, Measure.ODDS, Measure.ERROR, Measure.SCORE})
_NUMBERS = frozenset({Measure.PEOPLE, Measure.ALLELES, Measure.COPIES, Measure.FREQUENCY, Measure.GENOTYPES, Measure.CARRIERS, Measure.ERROR, Measure.POSITION})  # fmt: skip
_KEPT = 4


@dataclass(slots=True)
class Tally:
    """How often each small count stands, or is implied, in one column.

    Attributes:
        rule: "copies", "genotypes", "carriers", "frequency", "error" or "size".
        group: Of whom ("cases"); "" for everybody.
        times: How often each count from 0 to `LARGEST` was met, and `rows` the first rows of each, counted from 0.
    """

    rule: str
    place: int
    label: str
    group: str = ""
    times: npt.NDArray[np.int64] = field(default_factory=lambda: np.zeros(LARGEST + 1, np.int64))
    rows: dict[int, list[int]] = field(default_factory=dict)

    def add(self, counts: Numbers, start: int) -> None:
        """Take in the counts of some rows, NaN where there is none."""
        near = np.flatnonzero((counts > 0) & (counts <= LARGEST))
        if not len(near):
            return
        whole = np.ceil(counts[near] - 1e-6).astype(np.int64)
        self.times += np.bincount(whole, minlength=LARGEST + 1)
        for count in np.unique(whole).tolist():
            kept = self.rows.setdefault(count, [])
            if len(kept) < _ROWS:
                kept += (near[whole == count][: _ROWS - len(kept)] + start).tolist()

    def between(self, low: int, high: int) -> tuple[int, tuple[int, ...]]:
        """How many counts lie in a range, and the first rows of them."""
        high = min(high, LARGEST)
        rows = sorted({row for count in range(low, high + 1) for row in self.rows.get(count, ())})
        return int(self.times[low : high + 1].sum()), tuple(rows[:_ROWS])


@dataclass(slots=True)
class Survey:
    """One table of results.

    Attributes:
        rows: Rows looked at, those of one test where a table lists several.
        sizes: People behind it, and `doubtful` where that follows from the digits of the file only up to a factor.
        small: Smallest number of people of the rows that state it, by group.
        stretches: Places of the genome with a variant in it, as flags; empty where no positions are given.
        markers: Different variants, as far as that could be counted.
        spectrum: Variants by frequency of the rarer allele, in `BINS` steps of its logarithm.
        digits: How frequencies were rounded.
        frequencies: Groups of which frequencies or counts of alleles are published.
        effects: True where estimates with a sign are published by variant; `rounding` is what their digits add to their variance.
        associated: True where results of tests are published.
        traits: Different traits.
        group_people: People of each group, as columns say it.
        plain: True for lists of variants without any number about people.
    """

    part: Recognised
    columns: tuple[Meaning, ...]
    sizes: Sizes = field(default_factory=Sizes)
    doubtful: bool = False
    rows: int = 0
    markers: int = 0
    tallies: list[Tally] = field(default_factory=list)
    stretches: npt.NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, np.bool_))
    spectrum: npt.NDArray[np.int64] = field(default_factory=lambda: np.zeros(BINS, np.int64))
    digits: Digits = EXACT
    frequencies: tuple[str, ...] = ()
    effects: bool = False
    rounding: float = 0.0
    associated: bool = False
    traits: int = 1
    group_people: dict[str, float] = field(default_factory=dict)
    variants: bool = False

    @property
    def plain(self) -> bool:
        """True for a list of variants with nothing about people."""
        return self.variants and not self.associated and not self.has(*_PUBLISHED)

    def has(self, *measures: Measure) -> bool:
        """True where a column holds one of these."""
        return any(one.measure in measures for one in self.columns)

    @property
    def independent(self) -> int:
        """Independent variants: the stretches of the genome that hold one, never more than there are variants."""
        occupied = int(self.stretches.sum())
        return min(occupied, self.markers) if occupied else min(self.markers, GENOME // STRETCH)


_kept: list[tuple[Table, str, Survey | None]] = []


def surveys(subject: Subject) -> Iterator[Survey]:
    """Every table of results of an output."""
    for part in subject.recognised:
        if part.table is not None and (survey := _remembered(subject, part, part.table)) is not None:
            yield survey


def _remembered(subject: Subject, part: Recognised, table: Table) -> Survey | None:
    for known, name, survey in _kept:
        if known is table and name == subject.claimed_name:
            return survey
    made = _survey(subject, part, table)
    _kept.append((table, subject.claimed_name, made))
    del _kept[:-_KEPT]
    return made


def concerns(subject: Subject) -> bool:
    """True where an output has a table of such results."""
    return any(part.table is not None and meanings(part) for part in subject.recognised)


def _survey(subject: Subject, part: Recognised, table: Table) -> Survey | None:
    columns = _counting(part, meanings(part), table)
    if not columns:
        return None
    survey = Survey(part=part, columns=columns, variants=part.kind in OF_VARIANTS)
    measures = {one.measure for one in columns}
    tested = any(view.role in (Role.P_VALUE, Role.TEST_STATISTIC) for view in part.columns)
    # a test of Hardy-Weinberg proportions is no result about a trait
    survey.associated = bool(measures & {Measure.EFFECT, Measure.ODDS, Measure.ERROR, Measure.SCORE}) or (
        tested and not survey.has(Measure.TRIPLE)
    )
    sample = {one.place: table.columns[one.place].values for one in columns}
    _Sample(survey, sample).settle(sizes_around(subject, table))
    _Pass(survey, table).run()
    return survey


def _counting(part: Recognised, columns: tuple[Meaning, ...], table: Table) -> tuple[Meaning, ...]:
    """Columns as they are meant here.

    Left out is what only looks as if it counted people: METAL's weights without its scores, missing genotypes, bases that could not be told, sizes of sets of
    genes. The people beside a variant of which nothing else is published are those who carry it.
    """
    measures = {one.measure for one in columns}
    names = {one.place: table.columns[one.place].name.strip().lower() for one in columns}
    bases = {"a", "c", "g", "t"} <= {column.name.strip().lower() for column in table.columns}
    lacking = {"weight": Measure.SCORE not in measures, "nmiss": not measures & {Measure.EFFECT, Measure.ODDS}, "n": bases}
    kept = tuple(one for one in columns if not lacking.get(names[one.place], False))
    told = bool(measures & (_PUBLISHED | _TESTED)) or _tested(part)
    if told or not any(one.measure is Measure.PEOPLE and not one.group for one in kept):
        return kept
    if part.kind not in OF_VARIANTS:
        return tuple(one for one in kept if one.measure is not Measure.PEOPLE or one.group)
    return tuple(replace(one, measure=Measure.CARRIERS) if one.measure is Measure.PEOPLE and not one.group else one for one in kept)


def _tested(part: Recognised) -> bool:
    return any(view.role in (Role.P_VALUE, Role.TEST_STATISTIC) for view in part.columns)


class _Sample:
    """What the rows held in memory say before all are read: sizes, digits, traits."""

    def __init__(self, survey: Survey, values: dict[int, Any]) -> None:
        self._survey = survey
        self._values = values

    def _first(self, measure: Measure, group: str = "") -> Meaning | None:
        return next((one for one in self._survey.columns if one.measure is measure and one.group == group), None)

    def _numbers(self, one: Meaning | None) -> Numbers:
        return numbers_of(self._values[one.place]) if one is not None else np.zeros(0)

    def settle(self, around: Sizes) -> None:
        """Fill in what does not need all of the rows."""
        survey = self._survey
        survey.frequencies = tuple(
            dict.fromkeys(one.group for one in survey.columns if one.measure in (Measure.FREQUENCY, Measure.COPIES, Measure.TRIPLE, Measure.GENOTYPES))
        )  # fmt: skip
        survey.sizes = self._sizes().or_else(around)
        frequency = next((one for one in survey.columns if one.measure is Measure.FREQUENCY), None)
        digits = digits_of(self._values[frequency.place]) if frequency is not None else None
        survey.digits = digits or EXACT
        if frequency is not None and digits is not None and not survey.sizes.known:
            self._from_digits(frequency, digits)
        if not survey.sizes.known:
            self._from_errors(frequency)
        effect = self._first(Measure.EFFECT) or self._first(Measure.ODDS) or self._first(Measure.SCORE)
        survey.effects = effect is not None and survey.variants
        if effect is not None:
            survey.rounding = self._effect_rounding(effect)
        survey.traits = self._traits()

    def _sizes(self) -> Sizes:
        """People by columns: the median of the rows, or what a header names."""
        found: dict[str, float] = {}
        for one in self._survey.columns:
            if one.size is not None:
                found.setdefault(one.group, float(one.size))
            if one.measure is Measure.PEOPLE:
                numbers = self._numbers(one)
                numbers = numbers[numbers >= 1]
                if len(numbers):
                    found.setdefault(one.group, float(np.median(numbers)))
        if "" not in found and (alleles := self._first(Measure.ALLELES)) is not None:
            numbers = self._numbers(alleles)
            numbers = numbers[numbers >= 1]
            if len(numbers):
                found[""] = float(np.median(numbers)) / 2
        if "" not in found and not {CASES, CONTROLS} <= found.keys() and (counted := self._genotyped()) is not None:
            found[""] = counted
        self._survey.group_people = found
        told = {"people": found.get(""), "cases": found.get(CASES), "controls": found.get(CONTROLS)}
        if not any(told.values()):
            return Sizes()
        return Sizes(people=told["people"], cases=told["cases"], controls=told["controls"], told="its own columns").completed()

    def _genotyped(self) -> float | None:
        """People that counts of genotypes add up to."""
        triple = self._first(Measure.TRIPLE)
        if triple is not None:
            sums = np.nansum(texts_of(self._values[triple.place]), axis=1)
            return float(np.median(sums)) if len(sums) and np.median(sums) >= 1 else None
        counts = [self._numbers(one) for one in self._survey.columns if one.measure is Measure.GENOTYPES and not one.group]
        if len(counts) >= 3:
            total = float(np.median(np.nansum(np.stack(counts), axis=0)))
            return total if total >= 1 else None
        return None

    def _from_digits(self, frequency: Meaning, digits: Digits) -> None:
        """People that the digits of frequencies betray."""
        numbers = self._numbers(frequency)
        alleles = alleles_behind(numbers[np.isfinite(numbers)], max(digits.step, 1e-9), _MOST_ALLELES)
        if alleles is not None and alleles >= 2:
            people = alleles / 2
            group = {frequency.group: people} if frequency.group in (CASES, CONTROLS) else {"": people}
            self._survey.sizes = Sizes(
                people=group.get(""), cases=group.get(CASES), controls=group.get(CONTROLS), told="the digits of its frequencies"
            )

    def _from_errors(self, frequency: Meaning | None) -> None:
        """People of the smaller group, up to a factor of two, where odds ratios come with errors and frequencies."""
        error, odds = self._first(Measure.ERROR), self._first(Measure.ODDS)
        if error is None or odds is None or frequency is None or not self._survey.variants:
            return
        smaller = people_behind_errors(self._numbers(error), self._numbers(frequency))
        if np.isfinite(smaller) and smaller >= 1:
            self._survey.sizes = Sizes(people=4 * smaller, told="its standard errors")
            self._survey.doubtful = True

    def _effect_rounding(self, effect: Meaning) -> float:
        digits = digits_of(self._values[effect.place])
        if effect.measure is Measure.SCORE:
            return digits.step**2 / 12
        errors = self._numbers(self._first(Measure.ERROR))
        errors = errors[errors > 0]
        return float(digits.step**2 / (12 * np.median(errors) ** 2)) if len(errors) else 0.0

    def _traits(self) -> int:
        """Different traits: by the column that names them, or columns of estimates side by side."""
        survey = self._survey
        wide = sum(one.measure is Measure.EFFECT for one in survey.columns)
        named = [survey.part.columns[one.place].distinct for one in survey.columns if one.measure is Measure.TRAIT]
        return max(1, wide, *named) if named else max(1, wide)


class _Pass:
    """One reading of all rows."""

    def __init__(self, survey: Survey, table: Table) -> None:
        self._survey = survey
        self._table = table
        self._flags = np.zeros(32 * _STRETCHES, np.bool_)
        self._tallies: dict[tuple[str, int, str], Tally] = {}
        self._digits = {one.place: digits_of(table.columns[one.place].values) for one in survey.columns if one.measure is Measure.FREQUENCY}
        self._smallest = self._common_error()

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
            one.place: np.where(kept, numbers_of(batch[one.place]), np.nan) for one in self._survey.columns if one.measure in _NUMBERS
        }
        self._places(batch, numbers, kept)
        for one in self._survey.columns:
            if one.measure is Measure.PEOPLE:
                self._tally("size", one).add(_whole(numbers[one.place]), start)
            elif one.measure in (Measure.GENOTYPES, Measure.CARRIERS):
                self._tally(one.measure.value, one).add(_whole(numbers[one.place]), start)
            elif one.measure is Measure.COPIES:
                self._copies(one, numbers, start)
            elif one.measure is Measure.FREQUENCY:
                self._frequency(one, numbers, start)
            elif one.measure in (Measure.TRIPLE, Measure.LABELLED):
                self._written(one, batch, numbers, kept, start)
            elif one.measure is Measure.ERROR:
                self._error(one, numbers, start)

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
        low, high = minor_counts(frequencies, alleles, steps_of(frequencies, self._digits[one.place]))
        self._tally("frequency", one).add(np.where(low >= 0.5, np.maximum(np.rint((low + high) / 2), high - 0.5), np.nan), start)

    def _error(self, one: Meaning, numbers: dict[int, Numbers], start: int) -> None:
        """Rare alleles that show in the standard errors, where neither counts nor frequencies are given."""
        if "" in self._survey.frequencies or self._survey.frequencies or not self._survey.variants:
            return
        alleles = self._alleles("", numbers)
        if alleles is None or one.group:
            return
        errors = numbers[one.place]
        sizes = self._survey.sizes
        product = None
        if sizes.cases and sizes.controls:
            product = product_from_logistic(errors, sizes.cases, sizes.controls)
            if np.nanmean(product > 0.3) > 0.1:  # coefficients of a linear regression on a disease
                product = None
        if product is None and self._smallest is not None:
            product = product_from_smallest_error(errors * np.sqrt(alleles), 1.0, self._smallest)
        if product is None:
            return
        counts = minor_frequency(product) * alleles
        self._tally("error", one).add(np.where(counts >= 0.5, np.rint(counts), np.nan), start)

    def _common_error(self) -> float | None:
        """Standard error of common variants among the first rows, times the root of the alleles looked at."""
        error = self._one(Measure.ERROR)
        if error is None or self._survey.frequencies:
            return None
        numbers = {
            one.place: numbers_of(self._table.columns[one.place].values)
            for one in self._survey.columns
            if one.measure in (Measure.ERROR, Measure.PEOPLE, Measure.ALLELES)
        }
        alleles = self._alleles("", numbers)
        test = self._one(Measure.TEST)
        kept = (
            self._tested({test.place: self._table.columns[test.place].values}, self._table.sample_rows)
            if test
            else np.ones(self._table.sample_rows, np.bool_)
        )
        if alleles is None:
            return None
        scaled = np.where(kept, numbers[error.place] * np.sqrt(alleles), np.nan)
        scaled = scaled[scaled > 0]
        return float(np.quantile(scaled, _COMMON)) if len(scaled) >= _FEWEST_ERRORS else None

    def _count_spectrum(self, minor: Numbers) -> None:
        good = minor[(minor > 0) & (minor <= 0.5)]
        if len(good):
            self._survey.spectrum += np.bincount(bin_of(good), minlength=BINS)

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


def _whole(numbers: Numbers) -> Numbers:
    return np.where(np.isfinite(numbers) & (numbers >= 1) & (numbers == np.floor(numbers)), numbers, np.nan)


__all__ = ["LARGEST", "Survey", "Tally", "concerns", "surveys"]
