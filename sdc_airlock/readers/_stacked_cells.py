"""Crosstabs as SAS prints them: several numbers below each other in every cell, what they are in a legend above the labels of the rows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import product

from sdc_airlock.readers._columns import Row, is_ruler, plain_box

_FIRST = re.compile(r"^\s*(?:Frequency|Count)\s*(?:\||$)")
_NAMES = re.compile(
    r"^(?:Frequency|Count|Expected|Deviation|Cell Chi-Square|(?:Cumulative|Tot|Row|Col|Column|Total) (?:Percent|Pct|%)|Percent|Pct|Residual|Std Residual)$"
)
_MOST_NAMES = 8
_TOTAL = re.compile(r"^\s*(?:Total|Sum)\b")


def stacked_crosstabs(lines: Sequence[str], taken: Sequence[bool]) -> Iterator[tuple[int, int, tuple[Row, ...]]]:
    """Where each crosstab begins and ends, and its cells: labels and counts, then the other statistics in columns of their own."""
    place = 0
    while place < len(lines):
        found = _crosstab(lines, place) if not taken[place] and _FIRST.match(lines[place].replace("\u2502", "|")) else None
        if found is None:
            place += 1
            continue
        end, rows = found
        yield place, end, rows
        place = end


def _crosstab(lines: Sequence[str], start: int) -> tuple[int, tuple[Row, ...]] | None:
    """The end of a crosstab and its cells; None where lines are none."""
    boxed = [plain_box(line) for line in lines[start : start + _MOST_NAMES]]
    names: list[str] = []
    columns: list[str] = []
    for line in boxed:
        first, *others = (cell.strip() for cell in line.split("|"))
        if not _NAMES.match(first):
            break
        names.append(first)
        columns = [other for other in others if other]
        if columns:
            break
    head = start + len(names)
    if len(names) < 2 or len(columns) < 2 or head >= len(lines) or not is_ruler(plain_box(lines[head])):
        return None
    end, stacks = _stacks(lines, head + 1)
    rows = [_row(stack, names, len(columns)) for _, stack in stacks]
    wide = [name if at == 0 else f"{names[at]} {name}" for at, name in product(range(len(names)), columns)]
    # one row a line, so that rows are named by the lines that they stand in
    page: list[Row] = [()] * (end - start)
    page[len(names) - 1] = ("", *wide)
    for (place, _), row in zip(stacks, rows, strict=True):
        page[place - start] = row
    return (end, tuple(page)) if rows else None


def _stacks(lines: Sequence[str], start: int) -> tuple[int, list[tuple[int, list[list[str]]]]]:
    """Where the rows end, and each of them with its first line, as lines of cells, the label first."""
    stacks: list[tuple[int, list[list[str]]]] = []
    stack: list[list[str]] = []
    place = start
    while place < len(lines):
        line = plain_box(lines[place])
        if is_ruler(line):
            stacks, stack = [*stacks, (place - len(stack), stack)], []
        elif line.count("|") > 1:
            stack.append([cell.strip() for cell in line.split("|")])
        elif _TOTAL.match(line) or (stack and stack[0][0] == "Total" and line.strip()):
            label = "Total" if _TOTAL.match(line) else ""
            stack.append([label, *re.sub(_TOTAL, "", line).split()])
        else:
            break
        place += 1
    return place, [each for each in [*stacks, (place - len(stack), stack)] if each[1]]


def _row(stack: Sequence[Sequence[str]], names: Sequence[str], width: int) -> Row:
    """One row: its label, and the numbers of its cells, statistic after statistic; lines beyond those that were named stand at its end."""
    label = " ".join(line[0] for line in stack if line[0])
    cells = [cell for line in stack[: len(names)] for cell in (*line[1 : width + 1], *("",) * (width + 1 - len(line)))]
    return (label, *cells, *(cell for line in stack[len(names) :] for cell in line[1:]))


__all__ = ["stacked_crosstabs"]
