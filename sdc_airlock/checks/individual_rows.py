"""Individual rows: one record a person, or a unit that could be one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from sdc_airlock.checks import Params, Subject, check
from sdc_airlock.checks._lone_bodies import rows_differ_as_people
from sdc_airlock.checks._relatives.drawings import scatter_goes
from sdc_airlock.model.content import GenomicPart, Table
from sdc_airlock.model.finding import Finding, Location, Redacted, Severity
from sdc_airlock.model.recognised import Kind, Recognised, Role
from sdc_airlock.recognise.labels import read_as_ids

_REMEDY = "Take the table out, or replace it by counts or summaries of groups that are each above the threshold; if no row is a person, say in the request what a row is."
_REMEDY_HIDDEN = "Take the hidden table out (hiding a sheet, a row or a column does not remove it), and check that nothing else in the file still holds its rows."
_REMEDY_SAMPLES = (
    "Leave the list of samples inside; say in the request how many there are, by group, where each group is above the threshold."
)
_REASONS = 3
_TELLING = 4
_LOOKED_AT = 2000
_MARKS, _ON_PLANE = "marks of a plot", 2
# headers that count people off beside columns of results
_PERSON_COLUMN = re.compile(
    r"(?:p|pt|pat|id|patient|participant|person|subject|subj|sub|case|donor|proband|ind|individual)[ _.-]?0*(\d{1,4})", re.IGNORECASE
)
_FEWEST_COUNTED, _MOST_ROWS = 6, 0.7
_LABELS = frozenset({Role.IDENTIFIER, Role.CATEGORY, Role.TEXT})
# tables whose rows are named by codes
_OF_CODES = frozenset(
    {Kind.VARIANT_SITES, Kind.GWAS_SUMMARY_STATISTICS, Kind.SCORE_WEIGHTS, Kind.GENE_RESULTS, Kind.LIST, Kind.TEXT, Kind.INDIVIDUAL_ROWS}
)


@check(id="individual_rows", version=1, rules=("individual_review", "individual_certain", "component_scatter"), severity=Severity.CRITICAL)
def individual_rows(subject: Subject, params: Params) -> Iterator[Finding]:
    """Rows (or columns, in a table on its side) that each describe one person, or one unit that could be a person.

    ## What it flags
    Tables whose likeliest reading is one record a person, household, firm, animal or event: with or without an id, a header or telling
    names, wide, long or on their side, in any format. Lists of people (sample lists, mappings of pseudonyms) are such tables too. How likely that
    is comes from recognition, which weighs uniqueness, cardinality, arithmetic, order and names; the profile says from which probability a person
    has to look (`individual_review`) and from which nobody needs to (`individual_certain`). Where it lets plots of components of ancestry go (`component_scatter`), the places of
    their marks are noted. Rows that are labelled and counted as groups are held where three or more measures of a body (age, BMI, blood pressure) differ among them as among single people.

    ## Why it discloses
    A record of one person can be matched with what somebody knows about that person (an age, a place, a date), and then gives away all the rest. Leaving out
    names and numbers does not prevent that.

    ## Example flagged
    ```
    age,sex,bmi,hba1c
    61,F,27.4,48
    44,M,31.0,39
    ```

    ## Example passed
    ```
    age_group,sex,n
    40-59,F,112
    40-59,M,98
    ```

    ## Blind spots
    Rows about plants, machines or houses look the same as rows about people and are held. Labels of digits alone are not taken for ids. Very short tables (two or three rows) hold little
    evidence. A picture of a table is not read here.

    ## Sources
    - Genomics England, UK Biobank, Our Future Health, All of Us: no individual-level data leave (profiles of these names).
    - Safeguarding UK human genomic data, Department of Health and Social Care, 2 July 2026.
    - Handbook on Statistical Disclosure Control for Outputs, section on microdata, 2019.
    """
    for part in subject.recognised:
        if part.kind in (Kind.GENOTYPE_MATRIX, Kind.GENOTYPE_RECORDS, Kind.SEQUENCE_READS):
            continue
        if part.individual >= params["individual_review"] or part.kind is Kind.INDIVIDUAL_ROWS:
            found = _finding(part, likely=_likely(part, params), certain=part.individual >= params["individual_certain"])
            yield replace(found, severity=Severity.LOW) if _scatter_goes(subject, part, params["component_scatter"]) else found
        elif part.kind not in _OF_CODES and isinstance(part.part, Table):
            yield from _labelled(part, part.part)
            yield from _as_different_as_people(part, part.part)


def _scatter_goes(subject: Subject, part: Recognised, least: int) -> bool:
    """True for the places of marks in a plot of components that the profile lets go, each group of which has people enough."""
    table = part.part
    if not least or not isinstance(table, Table) or table.title != _MARKS or len(table.columns) > _ON_PLANE:
        return False
    return (part.rows or 0) >= least and scatter_goes(subject.content, least)


def _labelled(part: Recognised, table: Table) -> Iterator[Finding]:
    """Columns of a table of results, or their headers, that read as ids of people."""
    places = [
        view.label
        for view, column in zip(part.columns, table.columns, strict=False)
        if view.role in _LABELS and read_as_ids([str(cell) for cell in column.values.slice(0, _LOOKED_AT).to_pylist() if cell is not None])
    ]
    headers = read_as_ids([column.name.partition(" ")[0] for column in table.columns]) or _counted_off(part)
    if places or headers:
        yield Finding(
            check_id="individual_rows",
            rule="labels",
            severity=Severity.HIGH,
            location=Location(part_id=part.part_id, columns=tuple(places[:_TELLING]), shape=(part.rows or 0, part.n_columns or 0)),
            count=table.sample_rows if places else len(table.columns),
            message=f"{'headers' if headers else 'labels of the rows'} read as ids of people or samples (the same letters and a long number, never twice), so that each {'column' if headers else 'row'} may be one person, whatever the figures beside it say",
            remedy="Name groups instead of ids; if the labels are codes of a public catalogue, say in the request of which.",
            evidence=(Redacted(shape=f"{len(places) or len(table.columns)} column(s) of labels of one shape"),),
        )


def _counted_off(part: Recognised) -> bool:
    """True for columns headed by a word for a person (or `p`) and numbers in turn, whose values neither rise nor fall along them as percentiles do."""
    found = [
        (int(match[1]), view.numbers)
        for view in part.columns
        if (match := _PERSON_COLUMN.fullmatch(view.name.strip())) and view.numbers is not None
    ]
    numbers = [number for number, _ in found]
    if len(found) < _FEWEST_COUNTED or numbers != list(range(numbers[0], numbers[0] + len(numbers))):
        return False
    rows = np.column_stack([values for _, values in found])
    steps = np.diff(rows[np.isfinite(rows).all(axis=1)], axis=1)
    return len(steps) > 0 and float(np.mean((steps > 0).any(axis=1) & (steps < 0).any(axis=1))) >= _MOST_ROWS


def _as_different_as_people(part: Recognised, table: Table) -> Iterator[Finding]:
    """Means of groups, by what is said of them, that differ from row to row as single people do."""
    measures = rows_differ_as_people(part)
    if measures:
        first = tuple(table.row_number(row) for row in range(min(_REASONS, table.sample_rows)))
        yield Finding(
            check_id="individual_rows",
            rule="as_different_as_people",
            severity=Severity.HIGH,
            location=Location(
                part_id=part.part_id,
                rows=first,
                columns=tuple(view.label for view in measures[:_TELLING]),
                shape=(part.rows or table.sample_rows, part.n_columns or len(table.columns)),
            ),
            count=part.rows or table.sample_rows,
            message=f"{_size(part)}: {len(measures)} measures of a body differ from row to row as those of single people do, and not as means of groups, so that each row may be one person, whatever its label and its count say",
            remedy="Replace the rows by summaries of groups; if they are, say in the request how the groups were made so that they differ so much.",
            evidence=(Redacted(shape=f"{len(measures)} measures as spread as among people"),),
        )


def _likely(part: Recognised, params: Params) -> str:
    if part.individual >= params["individual_certain"]:
        return "very likely"
    return "likely" if part.individual >= params["individual_review"] else "possibly"


def _size(part: Recognised) -> str:
    """Rows and columns in words, as far as they are known."""
    if isinstance(part.part, GenomicPart):
        return "a list of samples" if part.part.samples is None else f"a list of {_many(part.part.samples, 'sample')}"
    rows, columns = part.rows, part.n_columns
    first = part.table.sample_rows if part.table is not None else 0
    high = _many(rows, "row") if rows is not None else f"rows (not counted; the first {first:,} decide)" if first else "rows (not counted)"
    return high if columns is None else f"{high} of {_many(columns, 'column')}"


def _many(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def _finding(part: Recognised, *, likely: str, certain: bool) -> Finding:
    telling = tuple(
        view.label for view in part.columns if view.role in (Role.IDENTIFIER, Role.DATE) and not view.label.startswith("column ")
    )[:_TELLING]
    hidden = isinstance(part.part, Table) and part.part.hidden
    size = _size(part)
    place = ", in a place that is hidden from who opens the file" if hidden else ""
    why = "; ".join(part.why[:_REASONS]) or "nothing in it names groups"
    table = part.part if isinstance(part.part, Table) else None
    first = tuple(table.row_number(row) for row in range(min(_REASONS, table.sample_rows))) if table is not None else ()
    return Finding(
        check_id="individual_rows",
        severity=Severity.CRITICAL if certain else Severity.HIGH,
        location=Location(part_id=part.part_id, rows=first, columns=telling, shape=(part.rows or len(first), part.n_columns or 0)),
        count=max(part.rows or 1, 1),
        message=f"{size}{place}: {likely} one record a person or other single unit ({why}); who knows something of a person can find the record and read the rest",
        remedy=_REMEDY_SAMPLES if isinstance(part.part, GenomicPart) else _REMEDY_HIDDEN if hidden else _REMEDY,
        evidence=(Redacted(shape=size), Redacted(shape=f"{likely} one record a person")),
    )
