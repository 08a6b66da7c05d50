"""Differencing: two published tables of nearly the same people give away those in whom they differ."""

from __future__ import annotations

from collections.abc import Iterator

from sdc_airlock.checks import Params, RequestSubject, Subject, check
from sdc_airlock.checks._differences.candidates import MOST_PAIRS, pairs_of
from sdc_airlock.checks._differences.leaks import Range
from sdc_airlock.checks._differences.pairs import nested_inside, of_pair
from sdc_airlock.checks._differences.rounded import of_rounded_pair, told_apart
from sdc_airlock.checks._differences.stack import by_age, stacked
from sdc_airlock.checks._differences.tables import finding, told
from sdc_airlock.model.assessment import EARLIER_REPORT
from sdc_airlock.model.finding import Finding, Location, Severity, Statbarn


def _request(request: RequestSubject, params: Params) -> Iterator[Finding]:
    """The tables of a request with each other and with those of earlier releases."""
    yield from _not_compared(request)
    tables = list(told(request.assessments, 0))
    tables += told(request.earlier, 1, len(tables))
    if not tables:
        return
    low, high = params["suppressed_counts"]
    noted: dict[int, set[int]] = {}
    for table in tables:
        for found, seen in nested_inside(table, low, high) if table.release == 0 and not table.base else ():
            noted.setdefault(table.number, set()).update(seen.rows)
            yield found
    asked = Range(low, high, params["hidden_range_share"])
    pairs = pairs_of([table for table in tables if told_apart(asked, table)])
    if pairs.lost:
        severity = Severity.MEDIUM if request.earlier else Severity.LOW
        message = f"more pairs of tables share numbers or names than are compared with each other ({MOST_PAIRS:,})"
        yield finding("not_compared", severity, Location(part_id=""), message, "Submit fewer tables at a time.")
    for first, second in pairs.pairs:
        compared = of_rounded_pair(first, second, asked) if first.base or second.base else of_pair(first, second, low, high)
        for found, table, seen in compared:
            noted.setdefault(table.number, set()).update(seen.rows)
            yield found
    yield from stacked(tables, asked, noted)
    yield from by_age(tables, asked, noted)


def _not_alone(subject: Subject) -> bool:
    del subject
    return False


@check(
    id="differencing",
    version=3,
    rules=("suppressed_counts", "hidden_range_share"),
    severity=Severity.HIGH,
    statbarn=Statbarn.LINKED_MULTILEVEL_TABLES,
    on_request=_request,
    applies=_not_alone,
)
def differencing(subject: Subject, params: Params) -> Iterator[Finding]:
    """Two published tables differ by so few people that their difference describes those few.

    ## What it flags
    Tables of one request, and of a request and earlier releases of the project (`--earlier`), two by two where cells stand under the same labels and differ by a
    number in the suppressed range: the same table made again with a few people more or less (`same_table`); populations of which one holds the other (18 and over,
    21 and over; adults, all; all, and all but those excluded), also as columns of one table (`nested`); sums over groups, or over bands cut differently, against
    what another table prints (`sum`). The last periods of a series that have grown since are noted and no more (`revised`).

    And all tables of the same people together, as one system of equations: who stands in which cell is told by labels, wherever these stand; bands of age, dates and
    codes nest and overlap. Flagged are groups between overlapping ones (`implied`: 16-24 here, 16-22 there, 23 and 24 in neither), rows that a total gives away
    though they were left out (`left_out`), cells that one table suppresses and that follow from the others (`linked`) or stand in them (`shown_elsewhere`).
    Tables that could not be compared are named (`not_compared`). Three tables of two properties each are taken for the margins of one of all three, whose groups
    are unknowns as well (`crossed`), up to a thousand of them.

    Counts rounded to a base, or to midpoints of sixes, stand in the system as ranges: to the nearest multiple, or to either side where the numbers of two tables
    show that. Held is what is left of them when it is a few people, within fewer numbers than must stay possible (`linked`, `implied`; `rounded` for two tables of
    which the one is of all people of the other, and a few more).

    ## Why it discloses
    What is subtracted is a table of its own: of the people in the one group and not in the other. Each of the two tables may be safe, and their difference a
    single person, known to whoever knows what was changed.

    ## Example flagged
    A table of patients by region, released in spring, and the same table in summer with four patients fewer in one region, all other regions unchanged.

    ## Example passed
    The same layout for another year, another hospital or another disease: the numbers differ everywhere, and nobody is in both.

    ## Blind spots
    Tables under other words for the same groups are not aligned. Tables whose names, titles and numbers all leave open whether they are of the same people are
    taken for tables of different people. That nobody has two diagnoses, or comes in two years, is believed only where blocks of codes, or years taken together, are
    the sums of their parts. Means, sums of amounts and model estimates are not subtracted. Figures are not read. A table of which only some columns were rounded is taken for exact.

    ## Sources
    - Handbook on Statistical Disclosure Control for Outputs, sections on differencing and on linked tables, 2019.
    - SACRO statbarns: risk "Differencing", check PresenceOfLinkedTable (2026).
    - OpenSAFELY documentation: small differences between results of the same study run again are subject to small number suppression (2026).
    """
    del subject, params
    yield from ()


def _not_compared(request: RequestSubject) -> Iterator[Finding]:
    """Tables that were too large to be compared, and files of earlier releases that were not read to their end."""
    severity = Severity.MEDIUM if request.earlier else Severity.LOW
    several = len(request.assessments) + len(request.earlier) > 1
    for assessments, earlier in ((request.assessments, False), (request.earlier, True)):
        for assessment in assessments:
            if several and any(table.overflow for table in assessment.published):
                message = "a table of it is too large to be compared with other tables"
                yield finding(
                    "not_compared",
                    severity,
                    Location(part_id=assessment.path),
                    message,
                    "Submit a smaller table, or ask the checker to compare it.",
                )
            if earlier and assessment.file_type.label == EARLIER_REPORT:
                remedy = "Give the folder with the files of that release as well, as they left."
                yield finding("not_compared", severity, Location(part_id=assessment.path), assessment.failure, remedy)
            elif earlier and not assessment.complete:
                message = "this file of an earlier release was not read to its end, so nothing was compared with the rest of it"
                yield finding(
                    "not_compared",
                    severity,
                    Location(part_id=assessment.path),
                    message,
                    "Give the earlier release as it left, in formats that can be read.",
                )
