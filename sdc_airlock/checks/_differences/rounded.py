"""Two tables of which one at least is rounded, and one of people who are all in the other: what is left between their bounds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from sdc_airlock.checks._differences.leaks import Range, system_of_groups
from sdc_airlock.checks._differences.tables import Seen, Told, cells_in_words, finding, kin_of, location_of, where_of
from sdc_airlock.model.finding import Finding, Severity
from sdc_airlock.recognise.aligned import Kinship
from sdc_airlock.recognise.overlaps import Stack, Sum, stack_of
from sdc_airlock.recognise.populations import Cell, Condition, Family, Line, Listed
from sdc_airlock.stats.differences import behind_rounding, chance_of_closeness
from sdc_airlock.stats.intervals import Caps, attacker_intervals

_FEWEST = 2
_SHARED = 0.5
_FEWEST_UNSAID = 4
_HALF = 0.5
# how unlikely it has to be that numbers are as close as this by chance: more so where nothing but they says that tables belong together
_BY_CHANCE = {Kinship.NESTED: 1.0, Kinship.ALIKE: 0.02, Kinship.UNSAID: 1e-6}
_KEPT = "those in both"
_GONE = "those in one of them"
_MOST_CELLS = 4_000
_CAPS = Caps(seconds=0.5, runs=400, cells=2_000, whole_seconds=0.1)
_REMEDY = "Round both tables to the same base, or publish the table for one of the two groups of people only."


@dataclass(frozen=True, slots=True)
class _Nested:
    """Cells that two tables print under the same labels, of which the one may be all of the other and a few more."""

    wider: Told
    narrower: Told
    cells: dict[Condition, tuple[Cell, Cell]]


def of_rounded_pair(first: Told, second: Told, asked: Range) -> Iterator[tuple[Finding, Told, Seen]]:
    """Cells of which rounding leaves so little open that the people in one table and not in the other are known to be a few, and nearly how many.

    Only tables are looked at of which names, or numbers that are nearly all the same, say that they are of the same or of nested people.
    """
    most = asked.share * (asked.high - asked.low + 1)
    nested = _nested(first, second) if told_apart(asked, first, second) else None
    if nested is None:
        return
    stack, gone = _differences(nested)
    answer = attacker_intervals(system_of_groups(stack), np.array(list(gone.values()), np.int64), _CAPS)
    if answer.loosened.any():
        return
    inside = (answer.low >= asked.low) & (answer.high <= asked.high)
    narrow = answer.high - answer.low + 1 <= most
    seen = Seen()
    for condition, given in zip(gone, (inside & narrow).tolist(), strict=True):
        cells = nested.cells[condition]
        if given and all(cell.rounded is not None or (cell.number or 0) > asked.high for cell in cells):
            own = cells[0] if nested.wider is first else cells[1]
            seen.note(own.row, own.label)
    if seen.count:
        severity = Severity.HIGH if second.release else Severity.MEDIUM
        message = (
            f"its cells and those under the same labels in {where_of([second])} leave, for all rounding, no more open than that "
            f"{asked.low} to {asked.high} people are in the one and not in the other, in {cells_in_words(seen.count)}"
        )
        found = finding("rounded", severity, location_of(first, seen), message, _REMEDY, seen.count, (asked.low, asked.high))
        yield found, first, seen


def told_apart(asked: Range, *tables: Told) -> bool:
    """True where the rounding of tables leaves so few numbers open that what one of them holds more than another may be known."""
    return sum(_spread(table.base) for table in tables) + 1 <= asked.share * (asked.high - asked.low + 1)


def _spread(base: int) -> float:
    """By how much the numbers differ that a rounded count may stand for."""
    low, high = behind_rounding(6.0 * abs(base) + 3, base) if base else (0.0, 0.0)
    return high - low


def _nested(first: Told, second: Told) -> _Nested | None:
    """The cells that both tables print, the wider table first; None where nothing says that the one is of nearly the same people as the other."""
    kin = kin_of(first, second)
    if first.listed is None or second.listed is None or kin is Kinship.APART:
        return None
    cells = {
        condition: (cell, its)
        for condition, cell in first.listed.cells.items()
        if (its := second.listed.cells.get(condition)) is not None and _prints(cell) and _prints(its)
    }
    fewest = min(len(first.listed.cells), len(second.listed.cells))
    if not max(_FEWEST, _SHARED * fewest) <= len(cells) <= _MOST_CELLS:
        return None
    least = np.array([cell.low - its.high for cell, its in cells.values()])
    most = np.array([cell.high - its.low for cell, its in cells.values()])
    printed = np.array([[_printed(cell), _printed(its)] for cell, its in cells.values()])
    if chance_of_closeness(printed[:, 0], printed[:, 1]) > _BY_CHANCE[kin]:
        return None
    if kin is Kinship.UNSAID and (len(cells) < _FEWEST_UNSAID or np.mean((least <= 0) & (most >= 0)) < _HALF):
        return None
    if (most >= 0).all() and (least > 0).any():
        return _Nested(first, second, cells)
    if (least <= 0).all() and (most < 0).any():
        return _Nested(second, first, {condition: (its, cell) for condition, (cell, its) in cells.items()})
    return None


def _prints(cell: Cell) -> bool:
    return cell.number is not None or cell.rounded is not None


def _printed(cell: Cell) -> float:
    return cell.number if cell.number is not None else cell.rounded or 0.0


def _differences(nested: _Nested) -> tuple[Stack, dict[Condition, int]]:
    """Both tables as one system, with those who are in the wider one only as groups of their own; and the places of these."""
    wider, narrower = nested.wider.listed, nested.narrower.listed
    tables = [each for each in (wider, _only(narrower)) if each is not None]
    stack = stack_of(tables)
    gone = {}
    for condition in nested.cells:
        gone[condition] = stack.place(condition | {_GONE})
        stack.sums.append(Sum(stack.place(condition), (stack.place(condition | {_KEPT}), gone[condition])))
    return stack, gone


def _only(table: Listed | None) -> Listed | None:
    """The cells of a table as cells of those who are in both."""
    if table is None:
        return None
    cells = {condition | {_KEPT}: cell for condition, cell in table.cells.items()}
    families = tuple(
        Family(
            family.table,
            family.axis,
            tuple(Line(line.whole | {_KEPT}, tuple(part | {_KEPT} for part in line.parts)) for line in family.lines),
        )
        for family in table.families
    )
    return Listed(cells, families, table.axes)


__all__ = ["of_rounded_pair", "told_apart"]
