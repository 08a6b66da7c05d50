"""All tables of a request, and of earlier releases, as one system: what they give away together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from sdc_airlock.checks._differences.leaks import Leak, Range, leaks
from sdc_airlock.checks._differences.tables import Seen, Told, cells_in_words, finding, kin_of, location_of, where_of
from sdc_airlock.model.finding import Finding, Severity
from sdc_airlock.recognise.aligned import Kinship, said_of
from sdc_airlock.recognise.crossings import cross
from sdc_airlock.recognise.overlaps import Stack, stack_of
from sdc_airlock.recognise.populations import Cell, Family, Listed
from sdc_airlock.recognise.same_people import facts_of, same_people, span_in
from sdc_airlock.recognise.spans import OLDEST, Span, ages_in

_MOST_CELLS = 60_000
_MOST_SECONDS = 4.0
_ALL_SECONDS = 20.0
_FEWEST_AGES = 2
_FEWEST_ROWS = 2
_MOST_OF_A_NAME = 40
_OF_ALL = frozenset("all overall total full everyone everybody whole ages age aged years old".split())
_REMEDIES = {
    "implied": "Cut all tables of these people at the same bounds; or merge the groups between which the difference lies, in whichever table has not left yet.",
    "left_out": "Merge the class that was left out with another one, or hide one more cell of the same row and column.",
    "crossed": "Merge classes of one of the properties, or leave one of the tables out.",
    "linked": "Suppress one more cell of the same row or column in the table with the suppressed cell, or the total in the other.",
    "shown_elsewhere": "Suppress the same cells in both tables.",
    "not_solved": "Submit fewer tables at a time, or leave out the totals that tie their cells together.",
}


def stacked(tables: Sequence[Told], asked: Range, noted: Mapping[int, set[int]]) -> Iterator[Finding]:
    """What tables of the same people give away together.

    Args:
        tables: All tables.
        asked: What must not be shown.
        noted: By table the rows that were reported already.
    """
    by_number = {table.number: table for table in tables}
    known = {table.number: table.listed for table in tables if table.listed is not None}
    facts = {number: facts_of(each) for number, each in known.items()} if len(known) > 1 else {}
    groups = (
        same_people(facts, lambda one, other: kin_of(by_number[one], by_number[other]) is Kinship.APART)
        if facts
        else [[number] for number in known]
    )
    wanted = [
        group for group in groups if any(by_number[each].release == 0 for each in group) and _worth_it([known[each] for each in group])
    ]
    seconds = min(_MOST_SECONDS, _ALL_SECONDS / max(1, len(wanted)))
    for group in wanted:
        members = [by_number[number] for number in group]
        if sum(len(known[number].cells) for number in group) > _MOST_CELLS:
            yield _not_compared(members, f"hold more cells than are put into one system ({_MOST_CELLS:,})")
            continue
        stack = stack_of([known[number] for number in group])
        cross(stack)
        if stack.uncut:
            yield _not_compared(members, "are divided at more bounds than are gone through")
        yield from _findings(stack, leaks(stack, asked, seconds), by_number, asked, noted)
        if stack.uncrossed:
            why = "divide people by three properties, of which the groups of all three together are more than are gone through"
            yield replace(_not_compared(members, why), severity=Severity.LOW)


def by_age(tables: Sequence[Told], asked: Range, noted: Mapping[int, set[int]]) -> Iterator[Finding]:
    """What tables give away of which the names are the same but for the ages that they say their people are of."""
    groups: dict[tuple[object, ...], list[tuple[Told, Span | None]]] = {}
    for table in tables:
        ages, rest = ages_in(table.text)
        words = set(said_of("", rest)) - _OF_ALL
        groups.setdefault((frozenset(words), table.folder if not table.release else ()), []).append((table, ages))
    by_number = {table.number: table for table in tables}
    for group in groups.values():
        if len({ages for _, ages in group if ages is not None}) < _FEWEST_AGES or len(group) > _MOST_OF_A_NAME:
            continue
        known = [of_ages for table, ages in group if (of_ages := _of_ages(table, ages)) is not None]
        stack = stack_of(known)
        if len(stack.stretches) >= _FEWEST_ROWS:
            yield from _findings(stack, leaks(stack, asked, _MOST_SECONDS), by_number, asked, noted)


def _of_ages(table: Told, ages: Span | None) -> Listed | None:
    """The cells of a table as cells of people of some ages; None where it divides by age itself."""
    found = table.listed
    if found is None or "age" in found.axes:
        return None
    atom = ages or Span("age", 0.0, OLDEST)
    return Listed({condition | {atom}: cell for condition, cell in found.cells.items()}, (), frozenset({"age"}))


def _worth_it(tables: Sequence[Listed]) -> bool:
    """True for several tables, and for one in which stretches overlap or rows are missing."""
    return len(tables) > 1 or any(_nests(tables[0], axis) for axis in tables[0].axes) or any(map(_uneven, tables[0].families))


def _nests(table: Listed, axis: str) -> bool:
    spans = sorted({span for condition in table.cells if (span := span_in(condition, axis)) is not None})
    return any(other.low < one.high for one, other in pairwise(spans))


def _uneven(family: Family) -> bool:
    """True where some line has fewer parts than another."""
    return len({len(line.parts) for line in family.lines}) > 1


def _not_compared(tables: Sequence[Told], why: str) -> Finding:
    severity = Severity.MEDIUM if any(table.release for table in tables) else Severity.LOW
    first = next(table for table in tables if table.release == 0)
    who = f"it and {len(tables) - 1:,} other tables of the same people" if len(tables) > 1 else "its rows or columns"
    return finding("not_compared", severity, location_of(first, Seen()), f"{who} {why}", "Submit fewer or smaller tables at a time.")


def _findings(
    stack: Stack, found: Iterator[Leak], tables: Mapping[int, Told], asked: Range, noted: Mapping[int, set[int]]
) -> Iterator[Finding]:
    """One finding for each table of the request, kind of leak and set of tables that it takes."""
    groups: dict[tuple[str, int, tuple[int, ...]], Seen] = {}
    for leak in found:
        used = _cells_of(stack, leak, tables)
        at = _place_of(stack, leak, used, tables)
        if at is None or (at.row in noted.get(at.table, ()) and leak.rule != "left_out"):
            continue
        others = tuple(sorted({cell.table for cell in used} - {at.table}))
        own = [cell for cell in used if cell.table == at.table] if leak.rule in ("implied", "left_out", "crossed") else [at]
        seen = groups.setdefault((leak.rule, at.table, others), Seen())
        for cell in own:
            seen.note(cell.row, cell.label)
        seen.count += 1 - len(own)
    for (rule, number, others), seen in groups.items():
        table, rest = tables[number], [tables[other] for other in others]
        severity = Severity.HIGH if any(each.release for each in (table, *rest)) else Severity.MEDIUM
        if rule == "not_solved":
            severity = Severity.MEDIUM if any(each.release for each in tables.values()) else Severity.LOW
        between = None if rule in ("shown_elsewhere", "not_solved") else (asked.low, asked.high)
        yield finding(
            rule, severity, location_of(table, seen), _message(rule, seen.count, rest, asked), _REMEDIES[rule], seen.count, between
        )


def _message(rule: str, count: int, others: Sequence[Told], asked: Range) -> str:
    where = f"this table and {where_of(others)}" if others else "this table"
    groups = f"{count:,} group{'' if count == 1 else 's'}"
    if rule == "implied":
        return f"groups in {where} overlap: subtracted from each other they leave {groups} of {asked.low} to {asked.high} people that no table shows"
    if rule == "left_out":
        return f"rows were left out, and totals in {where} give away that {groups} of {asked.low} to {asked.high} people would have stood there"
    if rule == "crossed":
        return f"{where} divide the same people by two properties each, and leave {groups} by all three open to nearly one number from {asked.low} to {asked.high}"
    if rule == "not_solved":
        return f"{cells_in_words(count)} suppressed here could not be shown to be safe beside the other tables within the time that an audit may take"
    if rule == "linked":
        return f"{cells_in_words(count)} suppressed in one of {where} follow from all of their cells together: the suppression is undone"
    return f"{cells_in_words(count)} suppressed in one of {where} stand as numbers in the other: the suppression is undone"


def _cells_of(stack: Stack, leak: Leak, tables: Mapping[int, Told]) -> list[Cell]:
    """The cells that a reader needs: of each group one, in a table of the request where there is one."""
    hidden = [cell for cell in stack.cells[leak.group] if cell.number is None] if leak.group >= 0 else []
    found = [_soonest(hidden, tables)] if hidden else []
    for place in (each for giver in leak.givers for each in stack.printed(giver)):
        numbers = [cell for cell in stack.cells[place] if (cell.number is not None or cell.rounded is not None) and cell not in found]
        near = [cell for cell in numbers if found and cell.table == found[0].table]
        if numbers:
            found.append(near[0] if near else _soonest(numbers, tables))
    return found


def _soonest(cells: Sequence[Cell], tables: Mapping[int, Told]) -> Cell:
    return min(cells, key=lambda cell: (tables[cell.table].release, cell.table))


def _place_of(stack: Stack, leak: Leak, used: Sequence[Cell], tables: Mapping[int, Told]) -> Cell | None:
    """The cell to name: the hidden one, or one that gives it away in the request; None where nothing is left to be done, or other checks see to it."""
    if not used or all(tables[cell.table].release for cell in used):
        return None
    if leak.rule == "not_solved":
        return None if tables[used[0].table].release else used[0]
    hidden = leak.group >= 0 and used[0].number is None
    if hidden and len({cell.table for cell in used}) < 2:
        return None  # within one table recoverable_suppression says so
    return used[0] if hidden and not tables[used[0].table].release else _soonest(used, tables)


__all__ = ["by_age", "stacked"]
