"""More, or something else, than the statement of the request declares."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from sdc_airlock.checks import Params, RequestSubject, Subject, check
from sdc_airlock.model.assessment import Assessment
from sdc_airlock.model.carried import CarriedTable
from sdc_airlock.model.finding import DisclosureKind, Finding, Location, Severity
from sdc_airlock.model.recognised import Kind
from sdc_airlock.recognise.statement import Declared, Family, read_statement

_ID = "undeclared_output"
_TABLES = frozenset(
    {
        Kind.FREQUENCY_TABLE,
        Kind.MAGNITUDE_TABLE,
        Kind.SUMMARY_STATISTICS,
        Kind.REGRESSION,
        Kind.SURVIVAL,
        Kind.DISTRIBUTION,
        Kind.SERIES,
        Kind.MATRIX,
        Kind.INDIVIDUAL_ROWS,
        Kind.GENOTYPE_MATRIX,
        Kind.GENOTYPE_RECORDS,
    }
)
_RAW = frozenset({Kind.INDIVIDUAL_ROWS, Kind.GENOTYPE_MATRIX, Kind.GENOTYPE_RECORDS, Kind.SEQUENCE_READS, Kind.MODEL})
# formats that hold nothing but cells; pages and pictures hold words and numbers beside what they show
_CELLS = frozenset(
    {
        "csv",
        "tsv",
        "fixed_width",
        "xlsx",
        "xls",
        "ods",
        "parquet",
        "feather1",
        "arrow",
        "stata",
        "spss",
        "sas7bdat",
        "rds",
        "dbf",
        "orc",
        "avro",
    }
)
_COMPANIONS = re.compile(
    r"(?:^|/)(?:read-?me[^/]*|licen[cs]e[^/]*|checksums/[^/]+|[^/]+\.(?:md5|sha256)|results\.json|config\.json)$", re.IGNORECASE
)
_FEWEST_ROWS = 3
_MOST_MORE = 2
_SPARE_ROWS = 10
_FEWEST_PEOPLE = 10
_ASK = "Declare it in the statement of the request, or take it out; the checker will ask what it is for."


def _request(request: RequestSubject, params: Params) -> Iterator[Finding]:
    """The statement of a request against its outputs."""
    del params
    statement = read_statement(request.statement)
    if not statement.outputs:
        return
    covered = {each.path: [declared for declared in statement.outputs if declared.covers(each.path)] for each in request.assessments}
    yield from _unnamed(request.assessments, covered, listed=statement.listed)
    for assessment in request.assessments:
        if len(covered[assessment.path]) == 1:
            yield from _of_output(assessment, covered[assessment.path][0])


def _not_alone(subject: Subject) -> bool:
    del subject
    return False


@check(id="undeclared_output", version=1, severity=Severity.MEDIUM, on_request=_request, applies=_not_alone)
def undeclared_output(subject: Subject, params: Params) -> Iterator[Finding]:
    """The request holds files, tables or detail that its statement does not declare.

    ## What it flags
    Where the statement lists the outputs (JSON, lines of `file:` and `description:`, a list of names): files that it does not list; files of another kind than
    declared (a figure that is a table, a table that holds records of single people, genotypes or a model); more tables or far more rows than declared; more
    columns of groups than the divisions that are named in `by`; counts of far more people than the population in `n`. A statement in free text is compared by
    the names of files in it, where it names most of them.

    ## Why it discloses
    A checker judges what they are told to look for. What nobody declared is looked at by nobody, and more detail than the purpose needs is a wider cut through
    the data than was agreed.

    ## Example flagged
    A statement that lists `table1.csv` and `figure1.png`, and a request that holds `table1.csv`, `figure1.png` and `cohort.csv`.

    ## Example passed
    The same statement with `table1.csv` and `figure1.png` alone; or a statement that says "tables for the paper" and names no file.

    ## Blind spots
    A vague statement declares nothing, so nothing can be missed in it. What the words of a description mean is not understood beyond figure, table, code, text
    and model. Members of archives are covered by the name of their archive.

    ## Sources
    - Our Future Health, airlock: every file is inspected and compared to its description (2026).
    - OpenSAFELY documentation, requesting file release: context for each file; unnecessarily wide tables (2026).
    - NHS England SDE, output rules: undeclared data in code as a cause of rejection (2026).
    """
    del subject, params
    yield from ()


def _unnamed(assessments: Sequence[Assessment], covered: dict[str, list[Declared]], *, listed: bool) -> Iterator[Finding]:
    """Outputs that a statement which names the others does not name."""
    named = sum(bool(found) for found in covered.values())
    if not named or (not listed and (named < _FEWEST_ROWS or 2 * named < len(assessments))):
        return
    for assessment in assessments:
        if not covered[assessment.path] and not _COMPANIONS.search(assessment.path):
            yield _finding("file", assessment.path, "the statement lists the outputs of the request, and not this one", _ASK)


def _of_output(assessment: Assessment, declared: Declared) -> Iterator[Finding]:
    """One output against its declaration."""
    tables = [part for part in assessment.recognised if part.kind in _TABLES and (part.rows or 0) >= _FEWEST_ROWS]
    raw = next((part.kind for part in assessment.recognised if part.kind in _RAW), None)
    if declared.families and raw is not None and Family.MODEL not in declared.families:
        what = raw.value.replace("_", " ")
        yield _finding("kind", assessment.path, f"the statement declares another kind of output, and it holds {what}", _ASK)
    elif declared.families == {Family.FIGURE} and tables and assessment.file_type.label in _CELLS:
        yield _finding("kind", assessment.path, "the statement declares a figure, and it is a table", _ASK)
    if declared.tables is not None and len(tables) > declared.tables:
        message = f"it holds {len(tables):,} tables, more than the {declared.tables:,} that the statement declares"
        yield _finding("tables", assessment.path, message, _ASK, len(tables) - declared.tables)
    rows = max((part.rows or 0 for part in assessment.recognised), default=0)
    if declared.rows is not None and rows > _MOST_MORE * declared.rows + _SPARE_ROWS:
        yield _finding(
            "rows", assessment.path, f"it holds {rows:,} rows, far more than the {declared.rows:,} that the statement declares", _ASK
        )
    yield from _detail(assessment, declared)


def _detail(assessment: Assessment, declared: Declared) -> Iterator[Finding]:
    """Divisions and people of its tables against those declared."""
    widest = max((_divisions(table) for table in assessment.published), default=0)
    if declared.by is not None and widest > declared.by:
        message = f"its rows are divided by {widest} columns of groups, more than the {declared.by} that the statement names: a finer cut than declared"
        yield _finding("detail", assessment.path, message, "Merge the further groups, or declare them and what they are needed for.")
    if declared.people is not None and declared.people >= _FEWEST_PEOPLE:
        counts = [number for table in assessment.published for column in table.columns for number in column.people if number is not None]
        above = sum(number > _MOST_MORE * declared.people for number in counts)
        if above:
            message = f"{above:,} of its counts are of far more people than the population that the statement declares"
            yield _finding(
                "population", assessment.path, message, "Say which population the table is of, or leave out the wider one.", above
            )


def _divisions(table: CarriedTable) -> int:
    """Columns of groups, without those that another one settles (a code beside its name, a region beside its districts)."""
    columns = [column for column in zip(*table.rows, strict=True) if len(set(column)) > 1]
    kept: list[tuple[str, ...]] = []
    for column in sorted(columns, key=lambda each: -len(set(each))):
        if not any(len(set(zip(other, column, strict=True))) == len(set(other)) for other in kept):
            kept.append(column)
    return len(kept)


def _finding(rule: str, path: str, message: str, remedy: str, count: int = 1) -> Finding:
    return Finding(
        check_id=_ID,
        rule=rule,
        severity=Severity.MEDIUM,
        kind=DisclosureKind.SECONDARY,
        location=Location(part_id=path),
        message=message,
        remedy=remedy,
        count=count,
    )
