"""Results by variant or gene in an output, read once column by column.

Large tables are read again from their first row to their last, batch by batch. What two checks and the request ask for is kept, so that it is read once.
"""

from __future__ import annotations

from collections.abc import Iterator

from sdc_airlock.checks import Subject
from sdc_airlock.checks._cohorts.columns import OF_VARIANTS, TESTED, Measure, meanings
from sdc_airlock.checks._cohorts.reading import Reading
from sdc_airlock.checks._cohorts.sample import Sample, counting, tested
from sdc_airlock.checks._cohorts.sizes import sizes_around
from sdc_airlock.checks._cohorts.survey import LARGEST, Survey, Tally
from sdc_airlock.model.content import Table
from sdc_airlock.model.recognised import Recognised

_KEPT = 4

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
    columns = counting(part, meanings(part), table)
    if not columns:
        return None
    survey = Survey(part=part, columns=columns, variants=part.kind in OF_VARIANTS)
    # a test of Hardy-Weinberg proportions is no result about a trait
    survey.associated = survey.has(*TESTED) or (tested(part) and not survey.has(Measure.TRIPLE))
    sample = {one.place: table.columns[one.place].values for one in columns}
    Sample(survey, sample).settle(sizes_around(subject, table))
    Reading(survey, table).run()
    return survey


__all__ = ["LARGEST", "Survey", "Tally", "concerns", "surveys"]
