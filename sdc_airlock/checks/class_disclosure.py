"""Class disclosure: all members of a group, or all but a few, are told to be in one class."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from sdc_airlock.checks import Params, Subject, check
from sdc_airlock.checks._class_counts import zeros
from sdc_airlock.checks._crosstabs import Crosstab, crosstabs
from sdc_airlock.checks._structural_zeros import structural
from sdc_airlock.model.content import Table
from sdc_airlock.model.finding import DisclosureKind, Finding, Location, Severity, Statbarn
from sdc_airlock.model.recognised import Kind, Recognised

_NO_COUNTS = frozenset({Kind.GENOTYPE_MATRIX, Kind.GENOTYPE_RECORDS, Kind.SEQUENCE_READS})
_PLACES = 50
_CELLS = 300
_MERGE = "Merge the group or the class with a neighbouring one, or say why belonging to the class is no secret."


@dataclass(slots=True)
class _Places:
    """Cells that one rule names, each once."""

    cells: set[tuple[int, int]] = field(default_factory=set)


@check(
    id="class_disclosure",
    version=1,
    rules=("suppressed_counts", "zero_counts"),
    severity=Severity.MEDIUM,
    statbarn=Statbarn.FREQUENCIES,
)
def class_disclosure(subject: Subject, params: Params) -> Iterator[Finding]:
    """Groups of which everybody, or everybody but a few, falls into one class.

    ## What it flags
    Groups of a crosstab whose members are all in one class (`lone_class`), or all but a number in the suppressed range of the profile (`nearly_lone`), as counts
    with a margin, as percentages that add up to 100, or in a long table with a row for every pair. Where the profile calls every zero disclosive, each zero (`zero`).
    Zeros that nobody could fill are told apart and only noted (`structural_zero`): labels that exclude each other (men and pregnancy, ages 0-17 and widowed, age
    bands that do not meet), classes that are empty for everybody, and tables in steps (year of diagnosis by year of death). The rule `zero_counts` of the
    profile decides: `shown` asks nothing, `class_disclosure` the above, `disclosive` no zero at all. All places stand in one finding for each rule.

    ## Why it discloses
    Who knows that somebody belongs to the group then knows the class, however large the group is; no cell has to be small. With one member in another class, that
    member knows it of all others.

    ## Example flagged
    ```
    team,positive test,negative test,total
    A,12,0,12
    B,20,30,50
    C,40,22,62
    ```

    ## Example passed
    ```
    team,positive test,negative test,total
    A,12,15,27
    B,20,30,50
    C,40,22,62
    ```

    ## Blind spots
    Columns of counts without a margin are not taken for classes of one variable. Whether a class is sensitive is not known: every class counts. Zeros that
    follow from definitions other than those above are flagged. A class that only suppressed cells hide is for the check of recoverable suppression.

    ## Sources
    - ACRO at fe729ae, acro/default.yaml (zeros_are_disclosive) and its check of zeros, 2026.
    - ONS SRS output checking guidance v1.1, section on class disclosure, 2023.
    - OpenSAFELY documentation, docs/outputs/sdc.md: 0 % and 100 % may be disclosive, 2026.
    """
    if params["zero_counts"] == "shown":
        return
    for part in subject.recognised:
        if part.kind not in _NO_COUNTS and isinstance(part.part, Table):
            yield from _table(part, part.part, params)


def _table(part: Recognised, table: Table, params: Params) -> Iterator[Finding]:
    if params["zero_counts"] == "disclosive" and (places := zeros(part, table)) is not None:
        why = "the profile does not let zeros through, because they say that nobody of a group is in a class"
        remedy = "Merge the row or the column with a neighbouring one, or suppress the zeros and enough other cells."
        yield Finding(
            check_id="class_disclosure",
            rule="zero",
            severity=Severity.MEDIUM,
            statbarn=Statbarn.FREQUENCIES,
            location=_location(part, table, {(row, column) for row in places.rows[:_CELLS] for column in places.columns}, places.columns),
            count=places.count,
            message=f"{places.count:,} zero{'' if places.count == 1 else 's'}: {why}",
            remedy=remedy,
        )
    lone, nearly, noted = _Places(), _Places(), _Places()
    for crosstab in crosstabs(part, table):
        _classes(crosstab, params["suppressed_counts"], lone.cells, nearly.cells, noted.cells)
    nearly.cells -= lone.cells
    noted.cells -= lone.cells
    yield from _finding(part, table, lone, "lone_class")
    yield from _finding(part, table, nearly, "nearly_lone")
    yield from _finding(part, table, noted, "structural_zero")


def _classes(
    crosstab: Crosstab,
    suppressed: tuple[int, int],
    lone: set[tuple[int, int]],
    nearly: set[tuple[int, int]],
    noted: set[tuple[int, int]],
) -> None:
    """Add the cell of each group that holds (nearly) all of it, by rule."""
    cells = crosstab.cells
    low, high = suppressed
    zero = cells == 0
    possible = ~structural(crosstab.groups, crosstab.classes, zero)
    filled = np.nan_to_num(cells)
    most = filled.argmax(axis=1)
    least = np.arange(len(most)), most
    with np.errstate(all="ignore"):
        largest = filled[least]
        alone = np.isfinite(cells).all(axis=1) & ((cells > 0).sum(axis=1) == 1)
        rest = crosstab.totals - largest
        few = ~alone & (rest >= low) & (rest <= high) & (largest > high) & (not crosstab.percent)
    # a group whose other classes cannot be had by anybody in it is alone by definition
    by_nature = ~np.any(zero & possible, axis=1)
    for group in np.flatnonzero(alone | few).tolist():
        place = int(crosstab.rows[group, most[group]]), int(crosstab.columns[group, most[group]])
        (nearly if few[group] else noted if by_nature[group] else lone).add(place)


_MESSAGES = {
    "lone_class": (
        "every member falls into one class (all other cells are zero), so that belonging to the group tells the class",
        Severity.MEDIUM,
        DisclosureKind.PRIMARY,
        _MERGE,
    ),
    "nearly_lone": (
        "all members but a number in the suppressed range fall into one class, so that belonging to the group all but tells the class, and those few know it of all others",
        Severity.MEDIUM,
        DisclosureKind.SECONDARY,
        _MERGE,
    ),
    "structural_zero": (
        "every member falls into one class, and the zeros beside it are of the kind that nobody could fill (labels that exclude each other, an empty class, a table in steps)",
        Severity.LOW,
        DisclosureKind.PRIMARY,
        "Say in the request that these zeros follow from definitions.",
    ),
}


def _finding(part: Recognised, table: Table, places: _Places, rule: str) -> Iterator[Finding]:
    if not places.cells:
        return
    why, severity, kind, remedy = _MESSAGES[rule]
    count = len(places.cells)
    yield Finding(
        check_id="class_disclosure",
        rule=rule,
        severity=severity,
        kind=kind,
        statbarn=Statbarn.FREQUENCIES,
        location=_location(part, table, places.cells, tuple(sorted({column for _, column in places.cells}))),
        count=count,
        message=f"{count:,} group{'' if count == 1 else 's'}: {why}",
        remedy=remedy,
        labels=_row_labels(part, places.cells),
    )


def _location(part: Recognised, table: Table, cells: set[tuple[int, int]], columns: tuple[int, ...]) -> Location:
    labels = {view.index: view.label for view in part.columns}
    rows = sorted({row for row, _ in cells})
    return Location(
        part_id=part.part_id,
        rows=tuple(table.row_number(row) for row in rows[:_PLACES]),
        columns=tuple(labels.get(column, f"column {column + 1}") for column in columns[:_PLACES]),
        shape=(part.rows or table.sample_rows, part.n_columns or len(table.columns)),
        cells=tuple(sorted(cells)[:_CELLS]),
    )


def _row_labels(part: Recognised, cells: set[tuple[int, int]]) -> tuple[str, ...]:
    listed = sorted({row for row, _ in cells})[:_PLACES]
    return tuple(part.row_labels[row] for row in listed) if listed and max(listed) < len(part.row_labels) else ()
