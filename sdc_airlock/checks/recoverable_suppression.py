"""Recoverable suppression: a hidden cell can be worked out from what is printed around it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import cast

import numpy as np

from sdc_airlock.checks import Params, Subject, check
from sdc_airlock.checks._audit import Given, Hidden, Protection, audit, mend
from sdc_airlock.checks._counted import speaks_of_people
from sdc_airlock.checks._mends import with_command
from sdc_airlock.checks._undone_rounding import Undone, undone_rounding
from sdc_airlock.model.content import Table
from sdc_airlock.model.finding import DisclosureKind, Finding, Location, Redacted, Severity, Statbarn
from sdc_airlock.model.published import Marker, Published, Relation
from sdc_airlock.model.recognised import Kind, Recognised
from sdc_airlock.recognise.cells import CellKind, read_cells
from sdc_airlock.recognise.rounding import has_shares_beyond
from sdc_airlock.recognise.structure import stacked, structure, too_large

_PLACES = 50
_CELLS = 300
_TABLES = 200
_NAMED = 6
_SURELY_OTHER = frozenset({Kind.GENOTYPE_MATRIX, Kind.GENOTYPE_RECORDS, Kind.SEQUENCE_READS, Kind.INDIVIDUAL_ROWS, Kind.REGRESSION, Kind.VARIANT_SITES, Kind.GWAS_SUMMARY_STATISTICS, Kind.SCORE_WEIGHTS, Kind.GENE_RESULTS})  # fmt: skip
_HEADS = {
    Given.EXACT: "can be worked out exactly",
    Given.NARROW: "can be narrowed down to a few numbers",
    Given.IF_SMALL: "can be worked out exactly by who takes every sign for a small count",
    Given.UNSOLVED: "could not be shown to be safe within the time and size that an audit may take",
}
_SEVERITY = {Given.EXACT: Severity.HIGH, Given.NARROW: Severity.MEDIUM, Given.IF_SMALL: Severity.MEDIUM, Given.UNSOLVED: Severity.MEDIUM}
_RULES = {Given.EXACT: "exact", Given.NARROW: "narrow", Given.IF_SMALL: "exact_if_small", Given.UNSOLVED: "not_solved"}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Scene:
    """What an audit was about: the system, the tables it came from, and what the profile asks for."""

    published: Published
    known: Mapping[str, Recognised]
    protection: Protection

    def part(self, cell: int) -> Recognised:
        """The table of a cell."""
        return self.known[self.published.parts[int(self.published.part[cell])]]

    def table(self, cell: int) -> Table:
        """The same as it was read."""
        return cast("Table", self.part(cell).part)


@check(
    id="recoverable_suppression",
    version=1,
    rules=("suppressed_counts", "hidden_range_share", "hidden_amount_share"),
    severity=Severity.HIGH,
    statbarn=Statbarn.FREQUENCIES,
)
def recoverable_suppression(subject: Subject, params: Params) -> Iterator[Finding]:
    """Hidden cells that the published cells around them give away.

    ## What it flags
    A suppressed count whose value follows from what is printed: from totals and sub-totals of rows, columns and hierarchies, from a percentage or rate beside it,
    from the same cell in another table of the output, or from all of these together. All published cells of the output are taken as one system of equations, with
    `<5` as its range, `*` as any number, rounded numbers and percentages as intervals, and each hidden cell is asked for its least and its largest possible
    value. It is flagged where these are one number (`exact`), or leave less of the suppressed range than the profile asks for (`narrow`), or meet when every `*`
    is taken for a small count (`exact_if_small`). Hidden amounts are flagged where they are known to within the share that the profile names. An empty cell among
    numbers is treated like a `*`. Rounded counts are flagged (`rounding`) where percentages or rates were worked out before rounding and leave one number only
    that fits both. Tables too large, or too many, to solve are held (`not_solved`).

    ## Why it discloses
    A reader needs no more than subtraction to undo a suppression that is not backed by a second one in the same row and the same column.

    ## Example flagged
    ```
    region,men,women,total
    North,120,80,200
    South,*,61,64
    East,95,105,200
    ```

    ## Example passed
    ```
    region,men,women,total
    North,*,*,200
    South,*,*,164
    East,95,105,200
    ```

    ## Blind spots
    Sums that no label announces are believed only where at least two columns (or rows) of numbers agree with them beyond chance; in a single column they need a
    name, an indentation, a code or a band that says so. Cells that only an earlier release or another output gives away are for other checks. What a reader may know
    from elsewhere (the size of a village, a published total of the whole country) is not taken into account. Rounding is looked for where at least six counts show it,
    and is undone by percentages of printed denominators only; means and differences that undo it are not looked for.

    ## Sources
    - Hundepool et al., Statistical Disclosure Control, 2012, chapter 4: auditing of secondary suppression by linear programming, feasibility intervals.
    - Handbook on Statistical Disclosure Control for Outputs, 2019: secondary suppression in linked tables.
    - ABS DataLab output rules: no difference between tables below 10.
    - OpenSAFELY, output checking, 2026: derived figures are worked out from rounded counts.
    """
    tables = [(part, part.part) for part in subject.recognised if isinstance(part.part, Table) and part.kind not in _SURELY_OTHER]
    for part, table in tables:
        for undone in undone_rounding(part, table, *params["suppressed_counts"]):
            yield _rounded(part, table, undone)
        if has_shares_beyond(part, table):
            yield _rounding_not_tried(part, table)
    if not any(_hides(table) for _, table in tables):
        return
    known: dict[str, Recognised] = {}
    found: list[Published] = []
    for part, table in tables:
        one = structure(part) if len(found) < _TABLES else None
        if one is not None:
            found.append(_only_people(one, part))
            known[part.part_id] = part
        elif (_hides(table) and not table.whole) or ((len(found) >= _TABLES or too_large(table)) and _marks(table)):
            yield _too_large(part, table)
    if not found or not any(each.hidden.any() for each in found):
        return
    published = stacked(found)
    protection = Protection(
        suppressed=tuple(params["suppressed_counts"]), range_share=params["hidden_range_share"], amount_share=params["hidden_amount_share"]
    )
    scene = _Scene(published=published, known=known, protection=protection)
    for finding in _findings(scene, audit(published, protection)):
        yield with_command(finding, subject, known[finding.location.part_id])


def _rounded(part: Recognised, table: Table, undone: Undone) -> Finding:
    """Rounded counts that percentages give back."""
    rows = undone.small or undone.rows
    to = f"to {undone.base}" if undone.base > 0 else "to the middle of six"
    few = f"; {len(undone.small):,} of them, or what is left of the whole, are too small to be shown" if undone.small else ""
    return Finding(
        check_id="recoverable_suppression",
        rule="rounding",
        severity=Severity.HIGH if undone.small else Severity.MEDIUM,
        kind=DisclosureKind.SECONDARY,
        statbarn=Statbarn.FREQUENCIES,
        location=Location(
            part_id=part.part_id,
            rows=tuple(table.row_number(row) for row in rows[:_PLACES]),
            columns=undone.columns,
            shape=(part.rows or table.sample_rows, part.n_columns or len(table.columns)),
            cells=tuple((row, undone.place) for row in rows[:_CELLS]),
        ),
        count=len(undone.rows),
        message=f"counts are rounded {to}, but percentages beside them were worked out before rounding, and give {len(undone.rows):,} of them back exactly{few}",
        remedy="Work percentages and rates out from the rounded counts, or print them with fewer decimals.",
        evidence=(Redacted(shape="rounded count that its percentage gives back", count=len(undone.rows)),),
    )


def _hides(table: Table) -> bool:
    """True where some cell is a marker, or empty among whole numbers."""
    for column in table.columns:
        cells = read_cells(column.values)
        numbers = cells.share(CellKind.NUMBER, CellKind.PAIR, CellKind.PERCENT)
        marked = cells.share(CellKind.SUPPRESSED)
        if (marked and numbers) or marked > 0.9:
            return True
        if numbers > 0.5 and cells.filled < len(cells.codes):
            return True
    return False


def _marks(table: Table) -> bool:
    """True where some column of numbers holds a suppression marker."""
    return any(
        cells.share(CellKind.SUPPRESSED)
        for cells in (read_cells(column.values) for column in table.columns)
        if cells.share(CellKind.NUMBER)
    )


def _only_people(one: Published, part: Recognised) -> Published:
    """The cells, with people counted only where the column may speak of them."""
    speaking = np.array([speaks_of_people(part, view) for view in part.columns], np.bool_)
    return replace(one, people=one.people & speaking[one.column])


def _findings(scene: _Scene, given: Sequence[Hidden]) -> Iterator[Finding]:
    """One finding for each column, kind of knowledge and kind of giver."""
    groups: dict[tuple[int, int, int, bool], list[Hidden]] = {}
    for each in given:
        place = int(scene.published.part[each.cell]), int(scene.published.column[each.cell])
        groups.setdefault((*place, each.given.value, each.by_share), []).append(each)
    for _, cells in sorted(groups.items(), key=lambda item: item[0]):
        yield _finding(scene, cells)


def _finding(scene: _Scene, cells: Sequence[Hidden]) -> Finding:
    published, first = scene.published, cells[0]
    part, table = scene.part(first.cell), scene.table(first.cell)
    column = int(published.column[first.cell])
    rows = [int(published.row[each.cell]) for each in cells]
    label = part.columns[column].label
    people = bool(published.people[first.cell])
    noun = "empty cell" if published.marker[first.cell] == Marker.BLANK else "hidden count" if people else "hidden amount"
    named = label if label.startswith("column ") else f"column {label}"
    return Finding(
        check_id="recoverable_suppression",
        rule="percentage" if first.by_share and first.given is not Given.UNSOLVED else _RULES[first.given],
        severity=_SEVERITY[first.given],
        kind=DisclosureKind.SECONDARY,
        statbarn=Statbarn.FREQUENCIES if people else Statbarn.LINEAR_AGGREGATIONS,
        location=Location(
            part_id=part.part_id,
            rows=tuple(table.row_number(row) for row in rows[:_PLACES]),
            columns=(label,),
            shape=(part.rows or table.sample_rows, part.n_columns or len(table.columns)),
            cells=tuple((row, column) for row in rows[:_CELLS]),
        ),
        count=len(cells),
        message=f"{len(cells):,} {noun}{'' if len(cells) == 1 else 's'} in {named} {_HEADS[first.given]}{_givers(scene, cells)}",
        remedy=_remedy(scene, first),
        evidence=(Redacted(shape="cell that the others give away", count=len(cells)),),
        labels=tuple(part.row_labels[row] for row in rows[:_PLACES]) if part.row_labels and max(rows) < len(part.row_labels) else (),
    )


def _givers(scene: _Scene, cells: Sequence[Hidden]) -> str:
    """Which published cells give the first of them away, in words and places."""
    first = next((each for each in cells if each.equations), None)
    if first is None:
        return ""
    equations = scene.published.equations
    words = " and ".join(Relation(kind).words for kind in dict.fromkeys(equations.relation[list(first.equations)].tolist()))
    members = sorted({cell for equation in first.equations for cell in equations.members(equation).tolist()} - {first.cell})
    start = "; the first of them" if len(cells) > 1 else ","
    return f"{start} from {words}: {_places(scene, members)}"


def _places(scene: _Scene, cells: Sequence[int]) -> str:
    """Places of cells in words ("row 4 of men"), those of one row or of one column together."""
    columns: dict[tuple[str, str], list[int]] = {}
    headers = []
    for cell in cells:
        part, row = scene.part(cell), int(scene.published.row[cell])
        label = part.columns[int(scene.published.column[cell])].label
        if row < 0:
            headers.append(f"the number of all in {label} (printed in its header, or behind its percentages)")
        else:
            columns.setdefault((label, part.part_id if len(scene.published.parts) > 1 else ""), []).append(
                scene.table(cell).row_number(row)
            )
    found = [*headers, *(f"{_rows(sorted(rows))} of {label}{f' in {where}' if where else ''}" for (label, where), rows in columns.items())]
    return ", ".join(found[:_NAMED]) + (f" and {len(found) - _NAMED} more" if len(found) > _NAMED else "") if found else "what is printed"


def _rows(rows: Sequence[int]) -> str:
    listed = ", ".join(str(row) for row in rows[:_NAMED]) + (f" and {len(rows) - _NAMED} more" if len(rows) > _NAMED else "")
    return f"row {listed}" if len(rows) == 1 else f"rows {listed}"


def _remedy(scene: _Scene, first: Hidden) -> str:
    if first.given is Given.UNSOLVED:
        return "Split the table into smaller ones, or leave out the totals that tie its cells together."
    if first.by_share:
        return "Hide the percentage or rate together with the count it belongs to, or print it with fewer decimals."
    further = mend(scene.published, first, scene.protection)
    if further:
        return (
            f"Hide {_places(scene, further)} too, the least that protects the first of these cells; or leave out the total they add up to."
        )
    return (
        "Hide one more cell of the same row and one of the same column, and the cell where these cross, so that no total gives any of them away; "
        "or merge categories."
    )


def _rounding_not_tried(part: Recognised, table: Table) -> Finding:
    """A table too large for its percentages to be set against its rounded counts."""
    return Finding(
        check_id="recoverable_suppression",
        rule="rounding_not_tried",
        severity=Severity.LOW,
        kind=DisclosureKind.SECONDARY,
        statbarn=Statbarn.FREQUENCIES,
        location=Location(part_id=part.part_id, shape=(part.rows or table.sample_rows, len(table.columns))),
        message="a table with rounded counts and shares is too large for the shares to be set against the counts: whether they undo the rounding was not tried",
        remedy="Split the table into smaller ones, or work the shares out from the rounded counts.",
    )


def _too_large(part: Recognised, table: Table) -> Finding:
    return Finding(
        check_id="recoverable_suppression",
        rule="not_solved",
        severity=Severity.MEDIUM,
        kind=DisclosureKind.SECONDARY,
        statbarn=Statbarn.FREQUENCIES,
        location=Location(part_id=part.part_id, shape=(part.rows or table.sample_rows, len(table.columns))),
        message=f"a table with hidden cells {_HEADS[Given.UNSOLVED]}",
        remedy="Split the table into smaller ones.",
    )
