"""What the first rows of a table of results say: how many people, how the numbers were rounded, how many traits."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from sdc_airlock.checks._cohorts.columns import CASES, CONTROLS, OF_VARIANTS, PUBLISHED, TESTED, Meaning, Measure
from sdc_airlock.checks._cohorts.digits import EXACT, Digits, digits_of, numbers_of, texts_of
from sdc_airlock.checks._cohorts.sizes import Sizes
from sdc_airlock.checks._cohorts.survey import Survey
from sdc_airlock.model.content import Table
from sdc_airlock.model.recognised import Recognised, Role
from sdc_airlock.recognise.formats._ties import monotone
from sdc_airlock.stats.allele_counts import alleles_behind, people_behind_errors

Numbers = npt.NDArray[np.float64]

_MOST_ALLELES = 4000
# of so many variants most have a frequency this far from what their counts say, and no higher where counts are
_FEWEST, _NEAR, _MOSTLY, _RISES = 20, 0.02, 0.7, 0.3


def counting(part: Recognised, columns: tuple[Meaning, ...], table: Table) -> tuple[Meaning, ...]:
    """Columns as they are meant here.

    Left out is what only looks as if it counted people: METAL's weights without its scores, missing genotypes, bases that could not be told, sizes of sets of
    genes. The people beside a variant of which nothing else is published are those who carry it.
    """
    measures = {one.measure for one in columns}
    names = {one.place: table.columns[one.place].name.strip().lower() for one in columns}
    bases = {"a", "c", "g", "t"} <= {column.name.strip().lower() for column in table.columns}
    lacking = {"weight": Measure.SCORE not in measures, "nmiss": not measures & {Measure.EFFECT, Measure.ODDS}, "n": bases}
    kept = tuple(one for one in columns if not lacking.get(names[one.place], False))
    told = bool(measures & (PUBLISHED | TESTED)) or tested(part)
    if told or not any(one.measure is Measure.PEOPLE and not one.group for one in kept):
        return kept
    if part.kind not in OF_VARIANTS:
        return tuple(one for one in kept if one.measure is not Measure.PEOPLE or one.group)
    return tuple(replace(one, measure=Measure.CARRIERS) if one.measure is Measure.PEOPLE and not one.group else one for one in kept)


def tested(part: Recognised) -> bool:
    return any(view.role in (Role.P_VALUE, Role.TEST_STATISTIC) for view in part.columns)


class Sample:
    """What the rows held in memory say before all are read: sizes, digits, traits."""

    def __init__(self, survey: Survey, values: dict[int, Any]) -> None:
        self._survey = survey
        self._values = values

    def _first(self, measure: Measure, group: str = "") -> Meaning | None:
        return next((one for one in self._survey.columns if one.measure is measure and one.group == group), None)

    def _numbers(self, one: Meaning | None) -> Numbers:
        return numbers_of(self._values[one.place]) * one.scale if one is not None else np.zeros(0)

    def settle(self, around: Sizes) -> None:
        """Fill in what does not need all of the rows."""
        survey = self._survey
        survey.frequencies = tuple(
            dict.fromkeys(one.group for one in survey.columns if one.measure in (Measure.FREQUENCY, Measure.COPIES, Measure.TRIPLE, Measure.GENOTYPES))
        )  # fmt: skip
        survey.sizes = self._sizes().or_else(around)
        frequency = next((one for one in survey.columns if one.measure is Measure.FREQUENCY), None)
        digits = digits_of(self._values[frequency.place]) if frequency is not None else None
        survey.digits = Digits(step=digits.step * frequency.scale, relative=digits.relative) if digits and frequency else EXACT
        if frequency is not None and digits is not None and not survey.sizes.known:
            self._from_digits(frequency, digits)
        if not survey.sizes.known:
            self._from_errors(frequency)
        effect = self._first(Measure.EFFECT) or self._first(Measure.ODDS) or self._first(Measure.SCORE)
        survey.effects = effect is not None and survey.variants
        if effect is not None:
            survey.rounding = self._effect_rounding(effect)
        survey.traits = self._traits()
        survey.contradicted = survey.variants and self._contradicted()

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
        for one in self._survey.columns:
            if one.measure is Measure.ALLELES and one.group not in found:
                numbers = self._numbers(one)
                numbers = numbers[numbers >= 1]
                if len(numbers):
                    found[one.group] = float(np.median(numbers)) / 2
        if "" not in found and not {CASES, CONTROLS} <= found.keys() and (counted := self._divided()) is not None:
            found[""] = counted
        if "" not in found and not {CASES, CONTROLS} <= found.keys() and (counted := self._genotyped()) is not None:
            found[""] = counted
        self._survey.group_people = found
        told = {"people": found.get(""), "cases": found.get(CASES), "controls": found.get(CONTROLS)}
        if not any(told.values()):
            return Sizes()
        return Sizes(people=told["people"], cases=told["cases"], controls=told["controls"], told="its own columns").completed()

    def _contradicted(self) -> bool:
        """True where frequencies are far from what counts of the rarer allele make of the number of alleles, and do not even rise with it."""
        copies, alleles, frequencies = (self._numbers(self._first(each)) for each in (Measure.COPIES, Measure.ALLELES, Measure.FREQUENCY))
        if not len(copies) == len(alleles) == len(frequencies) > 0:
            return False
        with np.errstate(divide="ignore", invalid="ignore"):
            counted = copies / alleles
        known = np.isfinite(counted) & np.isfinite(frequencies) & (counted >= 0) & (counted <= 1) & (frequencies >= 0) & (frequencies <= 1)
        one, other = (np.minimum(each[known], 1 - each[known]) for each in (counted, frequencies))
        if len(one) < _FEWEST or np.mean(np.abs(one - other) > _NEAR) <= _MOSTLY:
            return False
        ranks = monotone(one, other)
        return ranks is None or ranks < _RISES

    def _divided(self) -> float | None:
        """People that counts of an allele and its frequencies give together."""
        copies, frequencies = self._numbers(self._first(Measure.COPIES)), self._numbers(self._first(Measure.FREQUENCY))
        if not len(copies) or len(copies) != len(frequencies):
            return None
        good = (frequencies > 0) & (copies > 0)
        people = float(np.median(copies[good] / frequencies[good])) / 2 if good.any() else 0.0
        return people if people >= 1 else None

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
        alleles = alleles_behind(numbers[np.isfinite(numbers)], max(digits.step * frequency.scale, 1e-9), _MOST_ALLELES)
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


__all__ = ["Sample", "counting", "tested"]
