"""Small counts: a cell describes fewer people than the profile lets through."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from sdc_airlock.checks import Params, Subject, check
from sdc_airlock.checks._cell_counts import Hit, counts_in_table
from sdc_airlock.checks._class_counts import Places, unrounded
from sdc_airlock.checks._histogram_bins import bins_in_table
from sdc_airlock.checks._mends import with_command
from sdc_airlock.checks._printed_counts import comments_of, histograms_in_text, series_in_text
from sdc_airlock.checks._prose_counts import counts_in_text
from sdc_airlock.checks._survival_steps import Steps, censor_marks, few_events
from sdc_airlock.model.content import Column, Table, TextPart, TextRole
from sdc_airlock.model.finding import DisclosureKind, Finding, Location, Redacted, Severity, Statbarn
from sdc_airlock.model.recognised import Kind, Recognised, Role

# parts whose numbers are calls, bases or scores of single samples: other checks speak of them
_NO_COUNTS = frozenset({Kind.GENOTYPE_MATRIX, Kind.GENOTYPE_RECORDS, Kind.SEQUENCE_READS})
# rows whose words are terms and names, not sentences about people
_NO_SENTENCES = frozenset(
    {Kind.LIST, Kind.GENE_RESULTS, Kind.VARIANT_SITES, Kind.GWAS_SUMMARY_STATISTICS, Kind.SCORE_WEIGHTS, Kind.INDIVIDUAL_ROWS}
)
_NOTES = re.compile(r"\b(?:notes?|comments?|remarks?|footnotes?|caveats?|explanations?|annotations?|reasons?)\b", re.IGNORECASE)
_LEVEL = re.compile(r"\s*(\d{1,2})\+?(?: or more| or over| and over| plus)?\s+(?:or more )?([A-Za-z]{3,})", re.IGNORECASE)
_FEWEST_LEVELS, _OTHER_ROWS, _FIRST_LEVEL = 3, 2, 2
_PROSE = frozenset({TextRole.PROSE, TextRole.MARKUP, TextRole.COMMENT, TextRole.LOG, TextRole.METADATA})
_PLACES = 50
_CELLS = 300
_WORDS_LOOKED_AT = 5000
_WORDS = {
    "count": ("count", "counts", "Merge the row with a neighbouring one, or suppress the cell and one more cell of its row and of its column, so that the totals do not give it away."),
    "pair": ("count with its percentage", "counts with their percentages", "Suppress the count and its percentage together, and one more cell of the row and of the column, or merge the row with a neighbouring one."),
    "complement": ("count whose complement is", "counts whose complements are", "Those who are left over are as few as if they had been printed: suppress the cell, leave out the number it is part of, or merge the row with a neighbouring one."),
    "implied": ("percentage whose denominator gives away a number", "percentages whose denominators give away numbers", "Leave the percentage or its denominator out, print it with fewer decimals, or merge the row with a neighbouring one."),
}  # fmt: skip


@check(
    id="small_counts",
    version=1,
    rules=("suppressed_counts", "rounding_base", "survival_steps"),
    severity=Severity.HIGH,
    statbarn=Statbarn.FREQUENCIES,
)
def small_counts(subject: Subject, params: Params) -> Iterator[Finding]:
    """Counts of people in the range that the profile suppresses.

    ## What it flags
    Cells in the suppressed range of the profile: in columns of counts, crosstabs, `n (%)` and `3/120` cells, rows labelled `n`, `cases` and the like; percentages
    whose denominator stands beside them, in a row of totals or in the header (`N = 25`), and counts whose complement falls in the range; `n = 3` and number words
    about people in prose ("three carriers"), captions, notes, headers and cells of text. Every place is named. Bins of a histogram told as densities or shares, where
    the number of people is told or is the only one that makes every bin whole. Steps of
    survival curves that so few people make, worked back from the numbers at risk, from the number at the start, or from steps that are 1/n one after the other
    (`survival_step`), and censor marks. Where the profile asks for it: counts that are not rounded. Zeros and groups of one class are for class_disclosure.

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
    tables together give away is for other checks. Counts written into a picture are not read. In the output of programs a bare `n = 5` is taken for a setting.

    ## Sources
    - Profiles name the range and source of each holder (for example SACRO default: below 10; All of Us: 1 to 20; Genomics England: below 5).
    - Handbook on Statistical Disclosure Control for Outputs, rule of thumb for frequency tables, 2019.
    """
    low, high = params["suppressed_counts"]
    for part in subject.recognised:
        if part.kind in _NO_COUNTS:
            continue
        if isinstance(part.part, Table):
            for finding in _table(part, part.part, params):
                yield finding if finding.rule == "prose" else with_command(finding, subject, part)
        elif isinstance(part.part, TextPart) and part.part.role in _PROSE:
            yield from _text(part.part, low, high)
            yield from _printed(part.part, low, high)
        elif isinstance(part.part, TextPart) and part.part.role is TextRole.CODE:
            yield from _text(replace(part.part, text=comments_of(part.part.text), role=TextRole.LOG), low, high)


def _table(part: Recognised, table: Table, params: Params) -> Iterator[Finding]:
    low, high = params["suppressed_counts"]
    hits = counts_in_table(part, table, low, high)
    told = {(hit.rule, hit.column) for hit in hits}
    hits += [hit for hit in bins_in_table(part, table, low, high) if (hit.rule, hit.column) not in told]
    for hit in hits:
        yield _finding(part, table, hit, low, high)
    yield from _other_rules(part, table, params)
    if params["survival_steps"] == "suppressed":
        for steps in (*few_events(part, table, low, high), *censor_marks(part, table, low, high)):
            yield _step(part, table, steps, low, high)
    yield from _sentences(part, table, low, high)
    around = f"{table.title}\n{table.notes}".strip()
    if around:
        yield from _text(TextPart(part_id=part.part_id, text=around, role=TextRole.PROSE), low, high, placed=False)


def _location(part: Recognised, table: Table, rows: tuple[int, ...], columns: tuple[int, ...]) -> Location:
    labels = {view.index: view.label for view in part.columns}
    return Location(
        part_id=part.part_id,
        rows=tuple(table.row_number(row) for row in rows[:_PLACES]),
        columns=tuple(labels.get(column, f"column {column + 1}") for column in columns[:_PLACES]),
        shape=(part.rows or table.sample_rows, part.n_columns or len(table.columns)),
        cells=tuple((row, column) for row in rows[:_CELLS] for column in columns)[:_CELLS],
    )


def _row_labels(part: Recognised, rows: tuple[int, ...]) -> tuple[str, ...]:
    """Labels of the rows that a location lists, in their order; none where some row has none."""
    listed = rows[:_PLACES]
    return tuple(part.row_labels[row] for row in listed) if listed and max(listed) < len(part.row_labels) else ()


def _finding(part: Recognised, table: Table, hit: Hit, low: int, high: int) -> Finding:
    one, many, remedy = _WORDS[hit.rule]
    hidden = ", in a place that is hidden from who opens the file" if table.hidden else ""
    return Finding(
        check_id="small_counts",
        rule=hit.rule,
        severity=Severity.HIGH,
        kind=DisclosureKind.SECONDARY if hit.rule in ("implied", "complement") else DisclosureKind.PRIMARY,
        statbarn=Statbarn.FREQUENCIES,
        location=_location(part, table, hit.rows, (hit.column,)),
        count=hit.count,
        message=f"{hit.count:,} {one if hit.count == 1 else many} from {low} to {high} in {_named(hit.label)}{hidden}: so few people may be known to a reader, who then learns what the table says of them",
        remedy=remedy,
        evidence=(Redacted(shape=f"whole number from {low} to {high}", count=hit.count),),
        labels=_row_labels(part, hit.rows),
    )


def _named(label: str) -> str:
    return label if label.startswith("column ") else f"column {label}"


def _other_rules(part: Recognised, table: Table, params: Params) -> Iterator[Finding]:
    """Counts that are not rounded, where the profile asks for it."""
    base = params["rounding_base"]
    if base > 1 and part.kind not in (Kind.INDIVIDUAL_ROWS, Kind.REGRESSION):
        why = f"not a multiple of {base}: the profile asks for counts rounded to {base}"
        remedy = f"Round every count to the nearest {base}, totals too, and work percentages out from the rounded counts."
        yield from _places(part, table, unrounded(part, table, base), rule="unrounded", noun="count", why=why, remedy=remedy)


def _places(part: Recognised, table: Table, places: Places | None, *, rule: str, noun: str, why: str, remedy: str) -> Iterator[Finding]:
    if places is None:
        return
    yield Finding(
        check_id="small_counts",
        rule=rule,
        severity=Severity.MEDIUM,
        statbarn=Statbarn.FREQUENCIES,
        location=_location(part, table, places.rows, places.columns),
        count=places.count,
        message=f"{places.count:,} {noun}{'' if places.count == 1 else 's'}: {why}",
        remedy=remedy,
        labels=_row_labels(part, places.rows),
    )


def _sentences(part: Recognised, table: Table, low: int, high: int) -> Iterator[Finding]:
    """Headers and cells of text that count people in words ("Cases (n = 4)", "three carriers were seen")."""
    if not table.whole:
        return
    # tables of terms and names hold sentences in their notes alone
    spoken = [column for column in table.columns if part.kind not in _NO_SENTENCES or _NOTES.search(column.name)]
    heads = {column.index for column in spoken if column.name and counts_in_text(column.name, low, high)}
    cells = {column.index: found for column in spoken if (found := _telling(part, column, low, high))}
    if not heads and not cells:
        return
    rows = tuple(sorted({row for found in cells.values() for row in found}))
    count = len(heads) + sum(len(found) for found in cells.values())
    yield Finding(
        check_id="small_counts",
        rule="prose",
        severity=Severity.HIGH,
        statbarn=Statbarn.FREQUENCIES,
        location=_location(part, table, rows, tuple(sorted(heads | cells.keys()))),
        count=count,
        message=_prose_message(count, low, high, "headers and cells of text"),
        remedy=_PROSE_REMEDY,
        evidence=(Redacted(shape="number about people", count=count),),
        labels=_row_labels(part, rows),
    )


def _telling(part: Recognised, column: Column, low: int, high: int) -> list[int]:
    """Rows of a column of words whose cell counts people."""
    view = part.columns[column.index] if column.index < len(part.columns) else None
    if view is not None and (view.numbers is not None or view.role not in (Role.TEXT, Role.CATEGORY)):
        return []
    words = [str(cell or "") for cell in column.values.to_pylist()[:_WORDS_LOOKED_AT]]
    # a note of few words is a sentence without its full stop
    end = "." if _NOTES.search(column.name) else ""
    telling = {word for word in set(words) if counts_in_text(word + end, low, high)}
    if telling and column.index == 0 and _levels(words):
        return []
    return [row for row, word in enumerate(words) if word in telling]


def _levels(words: Sequence[str]) -> bool:
    """True for labels that number one and the same thing from row to row ("1 child", "2 children", "3 or more children"): how many each has, not how many there are."""
    found = [match for word in words if (match := _LEVEL.match(word))]
    if len(found) < max(_FEWEST_LEVELS, len([word for word in words if word.strip()]) - _OTHER_ROWS):
        return False
    numbers = [int(match[1]) for match in found]
    steps = {after - before for before, after in pairwise(numbers)}
    return numbers[0] <= _FIRST_LEVEL and steps == {1} and len({match[2][:4].lower() for match in found}) == 1


def _step(part: Recognised, table: Table, steps: Steps, low: int, high: int) -> Finding:
    """Steps of a survival curve that few people make."""
    count = len(steps.rows)
    return Finding(
        check_id="small_counts",
        rule="survival_step",
        severity=Severity.MEDIUM,
        kind=DisclosureKind.SECONDARY,
        statbarn=Statbarn.HAZARD_SURVIVAL_TABLES,
        location=_location(part, table, steps.rows, (steps.column,)),
        count=count,
        message=f"{count:,} step{'' if count == 1 else 's'} of a survival curve made by {low} to {high} people, as the numbers at risk or the heights of the steps show: each tells when somebody had the event",
        remedy="Print survival at fixed times far enough apart that each step holds enough events, or round numbers at risk and events and work survival out again.",
        evidence=(Redacted(shape=f"step of {low} to {high} events", count=count),),
        labels=_row_labels(part, steps.rows),
    )


_PROSE_REMEDY = "Say 'fewer than' the threshold instead of the number, or describe a larger group."


def _prose_message(count: int, low: int, high: int, where: str) -> str:
    places = "place" if count == 1 else "places"
    return f"{where} count {low} to {high} people in {count:,} {places}: so few people may be known to a reader, who then learns what is said of them"


def _printed(part: TextPart, low: int, high: int) -> Iterator[Finding]:
    """Columns of whole numbers and histograms that a program printed."""
    lines = sorted({*series_in_text(part.text, low, high), *histograms_in_text(part.text, low, high)})
    if lines:
        yield Finding(
            check_id="small_counts",
            rule="count",
            severity=Severity.HIGH,
            statbarn=Statbarn.FREQUENCIES,
            location=Location(
                part_id=part.part_id,
                rows=tuple(part.first_line + line for line in lines[:_PLACES]),
                lines=(part.first_line + lines[0], part.first_line + lines[-1]),
            ),
            count=len(lines),
            message=f"{len(lines):,} printed {'count' if len(lines) == 1 else 'counts'} from {low} to {high}: so few people may be known to a reader, who then learns what is said of them",
            remedy=_WORDS["count"][2],
            evidence=(Redacted(shape=f"whole number from {low} to {high}", count=len(lines)),),
        )


def _text(part: TextPart, low: int, high: int, *, placed: bool = True) -> Iterator[Finding]:
    lines = counts_in_text(part.text, low, high, log=part.role is TextRole.LOG)
    if not lines:
        return
    yield Finding(
        check_id="small_counts",
        rule="prose",
        severity=Severity.HIGH,
        statbarn=Statbarn.FREQUENCIES,
        location=Location(
            part_id=part.part_id,
            rows=tuple(part.first_line + line for line in lines[:_PLACES]) if placed else (),
            lines=(part.first_line + lines[0], part.first_line + lines[-1]) if placed else None,
        ),
        count=len(lines),
        message=_prose_message(len(lines), low, high, "sentences" if placed else "title or notes of the table"),
        remedy=_PROSE_REMEDY,
        evidence=(Redacted(shape="number about people", count=len(lines)),),
    )
