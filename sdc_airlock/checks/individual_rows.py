"""Individual rows: one record a person, or a unit that could be one."""

from __future__ import annotations

from collections.abc import Iterator

from sdc_airlock.checks import Params, Subject, check
from sdc_airlock.model.content import Table
from sdc_airlock.model.finding import Finding, Location, Redacted, Severity
from sdc_airlock.model.recognised import Kind, Recognised, Role


@check(id="individual_rows", version=1, rules=("individual_review", "individual_certain"), severity=Severity.CRITICAL)
def individual_rows(subject: Subject, params: Params) -> Iterator[Finding]:
    """Rows (or columns, in a table on its side) that each describe one person, or one unit that could be a person.

    ## What it flags
    Tables whose likeliest reading is one record a person, household, firm, animal or event: with or without an id, a header or telling
    names, wide, long or on their side, in any format. Lists of people (sample lists, mappings of pseudonyms) are such tables too. How likely that
    is comes from recognition, which weighs uniqueness, cardinality, arithmetic, order and names; the profile says from which probability a person
    has to look (`individual_review`) and from which nobody needs to (`individual_certain`).

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
    Rows about plants, machines or houses look the same as rows about people and are held. Very short tables (two or three rows) hold little
    evidence. A picture of a table is not read here.

    ## Sources
    - Genomics England, UK Biobank, Our Future Health, All of Us: no individual-level data leave (profiles of these names).
    - Safeguarding UK human genomic data, Department of Health and Social Care, 2 July 2026.
    - Handbook on Statistical Disclosure Control for Outputs, section on microdata, 2019.
    """
    for part in subject.recognised:
        if part.kind in (Kind.GENOTYPE_MATRIX, Kind.GENOTYPE_RECORDS):
            continue
        if part.individual >= params["individual_review"] or part.kind is Kind.INDIVIDUAL_ROWS:
            yield _finding(part, certain=part.individual >= params["individual_certain"])


def _finding(part: Recognised, *, certain: bool) -> Finding:
    rows, columns = part.rows, part.n_columns
    telling = tuple(view.label for view in part.columns if view.role in (Role.IDENTIFIER, Role.DATE) and not view.label.startswith("column "))[:4]
    size = f"{rows} rows" if rows is not None else "many rows"
    hidden = isinstance(part.part, Table) and part.part.hidden
    return Finding(
        check_id="individual_rows",
        severity=Severity.CRITICAL if certain else Severity.HIGH,
        location=Location(part_id=part.part_id, columns=telling, shape=(rows or 0, columns or 0)),
        message=(
            f"{size} of {columns} columns {'are' if certain else 'may be'} one record a person (or another single unit){', in a hidden place' if hidden else ''}: "
            + ("; ".join(part.why[:3]) or "nothing names groups")
        ),
        remedy="Take the table out, or replace it by counts or summaries of groups that are each above the threshold.",
        evidence=(Redacted(shape=f"{columns} columns by {size}"), Redacted(shape=f"probability {part.individual:.2f}")),
    )
