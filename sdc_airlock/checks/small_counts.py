"""Small counts: a cell describes fewer people than the profile lets through."""

from __future__ import annotations

from collections.abc import Iterator

from sdc_airlock.checks import Params, Subject, check
from sdc_airlock.checks._cell_counts import Hit, counts_in_table
from sdc_airlock.checks._prose_counts import counts_in_text
from sdc_airlock.model.content import Table, TextPart, TextRole
from sdc_airlock.model.finding import Finding, Location, Redacted, Severity, Statbarn
from sdc_airlock.model.recognised import Kind, Recognised

# kinds whose numbers do not count people
_NOT_COUNTED = frozenset({Kind.INDIVIDUAL_ROWS, Kind.GENOTYPE_MATRIX, Kind.GENOTYPE_RECORDS, Kind.SEQUENCE_READS, Kind.MATRIX, Kind.GENE_RESULTS, Kind.LIST, Kind.VARIANT_SITES, Kind.GWAS_SUMMARY_STATISTICS, Kind.SCORE_WEIGHTS})  # fmt: skip
_PROSE = frozenset({TextRole.PROSE, TextRole.MARKUP, TextRole.COMMENT, TextRole.LOG})
_PLACES = 50
_REMEDY = {
    "count": "Merge the group with a neighbouring one, or suppress the cell and one more cell of its row and column so that it cannot be worked out from the totals.",
    "pair": "Suppress the count and its percentage together, and one more cell of its row and column, or merge the group with a neighbouring one.",
    "implied": "Leave the percentage out, round it so far that the count cannot be worked out, or merge the group with a neighbouring one.",
    "prose": "Say 'fewer than' the threshold, or describe a larger group.",
}
_WORDS = {
    "count": "counts",
    "pair": "counts with their percentage",
    "implied": "percentages whose denominator shows a count",
}


@check(
    id="small_counts",
    version=1,
    rules=("suppressed_counts",),
    severity=Severity.HIGH,
    statbarn=Statbarn.FREQUENCIES,
)
def small_counts(subject: Subject, params: Params) -> Iterator[Finding]:
    """Counts of people in the range that the profile suppresses.

    ## What it flags
    Cells in the suppressed range of the profile in columns of counts, crosstabs, `n (%)` cells and rows labelled `n`, `cases` and the like; percentages whose
    denominator stands beside them (or in the header, `N = 25`) where the numerator or its complement falls in the range; `n = 3` and number words
    about people in prose ("three carriers"), captions and notes. Every place is named.

    ## Why it discloses
    Who knows that one of a handful is their neighbour learns what the table says of the handful. The few can also be found by subtracting other tables.

    ## Example flagged
    ```
    region,cases
    North,120
    South,4
    ```

    ## Example passed
    ```
    region,cases
    North,120
    South,<10
    ```

    ## Blind spots
    Counts of things are told from counts of people by words alone; a header that says neither is taken for people in a table of groups. A count that only two
    tables together give away is for other checks. Counts written into a picture are not read.

    ## Sources
    - Profiles name the range and source of each holder (for example SACRO default: below 10; All of Us: 1 to 20; Genomics England: below 5).
    - Handbook on Statistical Disclosure Control for Outputs, rule of thumb for frequency tables, 2019.
    """
    low, high = params["suppressed_counts"]
    for part in subject.recognised:
        if isinstance(part.part, Table):
            if part.kind not in _NOT_COUNTED and part.individual < 0.9:  # noqa: PLR2004 - surely people: another check speaks
                yield from _table(part, low, high)
        elif isinstance(part.part, TextPart) and part.part.role in _PROSE:
            yield from _text(part.part, low, high)


def _table(part: Recognised, low: int, high: int) -> Iterator[Finding]:
    table = part.part
    if not isinstance(table, Table):
        return
    for hit in counts_in_table(part, table, low, high):
        yield _finding(part, table, hit, low, high)
    around = f"{table.title}\n{table.notes}".strip()
    if around:
        yield from _text(TextPart(part_id=part.part_id, text=around, role=TextRole.PROSE), low, high)


def _finding(part: Recognised, table: Table, hit: Hit, low: int, high: int) -> Finding:
    rows = tuple(table.row_number(row) for row in hit.rows[:_PLACES])
    labels = tuple(part.row_labels[row] for row in hit.rows[:5] if row < len(part.row_labels))
    return Finding(
        check_id="small_counts",
        rule=hit.rule,
        severity=Severity.HIGH,
        statbarn=Statbarn.FREQUENCIES,
        location=Location(
            part_id=part.part_id,
            rows=rows,
            columns=hit.labels,
            shape=(part.rows or table.sample_rows, part.n_columns or len(table.columns)),
            cells=tuple((row, column) for row in hit.rows[:200] for column in hit.columns[:1]) if len(hit.columns) == 1 else tuple(hit.cells[:300]),
        ),
        count=hit.count,
        message=f"{hit.count} {_WORDS[hit.rule]} from {low} to {high}" + ("" if hit.count > 1 else " (one place)"),
        remedy=_REMEDY[hit.rule],
        evidence=(Redacted(shape=f"whole number from {low} to {high}", count=hit.count),),
        labels=labels,
    )


def _text(part: TextPart, low: int, high: int) -> Iterator[Finding]:
    lines = counts_in_text(part.text, low, high)
    if not lines:
        return
    yield Finding(
        check_id="small_counts",
        rule="prose",
        severity=Severity.HIGH,
        statbarn=Statbarn.FREQUENCIES,
        location=Location(
            part_id=part.part_id,
            rows=tuple(part.first_line + line for line in lines[:_PLACES]),
            lines=(part.first_line + lines[0], part.first_line + lines[-1]),
        ),
        count=len(lines),
        message=f"the text counts {low} to {high} people in {len(lines)} place{'s' if len(lines) > 1 else ''}",
        remedy=_REMEDY["prose"],
        evidence=(Redacted(shape="number about people", count=len(lines)),),
    )
