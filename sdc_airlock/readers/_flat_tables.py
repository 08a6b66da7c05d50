"""Flat tables of R (`ftable`): groups of rows named once above their rows, groups of columns named in lines above the names of the rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from sdc_airlock.model.content import GridSource
from sdc_airlock.readers._block import Block
from sdc_airlock.readers._columns import Row, is_number, is_ruler

_FEWEST_LEVELS, _FEWEST_ROWS = 2, 3
_MOST_HEADS, _MOST_LEVELS = 4, 6
_LONGEST = 2000


@dataclass(frozen=True, slots=True)
class _Body:
    """Rows below the names: where their labels begin, where their numbers end, and the line behind the last of them."""

    labels: tuple[int, ...]
    ends: tuple[int, ...]
    first: int
    stop: int


def flat_tables(lines: Sequence[str], taken: Sequence[bool]) -> Iterator[Block]:
    """Tables of two or more groups in the rows, the outer of which is named in its first row only; groups stand in every row of what comes out.

    Args:
        lines: Lines of text.
        taken: Lines that are no candidates.
    """
    place = 1
    while place + _FEWEST_ROWS < len(lines):
        body = _body(lines, taken, place + 1) if _heads(lines, taken, place) else None
        rows = _rows(lines, place, body) if body is not None else ()
        if body is not None and rows:
            yield Block(place, body.stop, rows, GridSource.FIXED_WIDTH, header_rows=1)
            place = body.stop
        place += 1


def _heads(lines: Sequence[str], taken: Sequence[bool], place: int) -> list[int]:
    """Lines above a line of names that begin with blanks and name columns, top first."""
    found: list[int] = []
    above = place - 1
    while above >= 0 and len(found) < _MOST_HEADS and not taken[above] and lines[above][:1].isspace() and lines[above].strip():
        found.insert(0, above)
        above -= 1
    following = lines[place + 1]
    return found if following[:1].strip() and not any(is_ruler(lines[each]) for each in (*found, place, place + 1)) else []


def _body(lines: Sequence[str], taken: Sequence[bool], start: int) -> _Body | None:
    """The rows from a line on, where all of them end in as many numbers at the same places; None where the outer groups are not left out below."""
    stop = start
    while stop < len(lines) and not taken[stop] and lines[stop].strip() and len(lines[stop]) <= _LONGEST and "\t" not in lines[stop]:
        stop += 1
    if stop - start < _FEWEST_ROWS:
        return None
    labels = tuple(sorted({len(line) - len(line.lstrip()) for line in lines[start:stop]}))
    if labels[0] or not _FEWEST_LEVELS <= len(labels) <= _MOST_LEVELS:
        return None
    numbers = [_numbers(line.rstrip(), labels[-1]) for line in lines[start:stop]]
    ends = [tuple(end for _, end in row) for row in numbers]
    if not ends[0] or any(row != ends[0] for row in ends):
        return None
    return _Body(labels, ends[0], min(row[0][0] for row in numbers), stop)


def _numbers(line: str, label: int) -> list[tuple[int, int]]:
    """Where the numbers behind the last label of a line begin and end."""
    found: list[tuple[int, int]] = []
    stop = len(line)
    while stop > 0:
        begin = line.rfind(" ", 0, stop) + 1
        if begin <= label or not is_number(line[begin:stop]):
            break
        found.insert(0, (begin, stop))
        stop = len(line[:begin].rstrip())
    return found


def _rows(lines: Sequence[str], place: int, body: _Body) -> tuple[Row, ...]:
    """A header and the rows with all of their labels; nothing where a label runs into the next, or a row names an outer group and no inner one."""
    names = lines[place]
    edges = (*body.labels, body.first)
    heads = _columns(lines, place, body, named=bool(names.strip()))
    rows: list[Row] = [(*(names[at:to].strip() for at, to in pairwise(edges)), *heads)]
    last = [""] * len(body.labels)
    for line in lines[place + 1 : body.stop]:
        if any(at and line[at - 1 : at].strip() for at in body.labels):
            return ()
        own = [line[at:to].strip() for at, to in pairwise(edges)]
        outer = next((level for level, label in enumerate(own) if label), None)
        if outer is None or not all(own[outer:]):
            return ()
        last = [*last[:outer], *own[outer:]]
        cells = line.rstrip()
        starts = (body.first, *body.ends)
        rows.append((*last, *(cells[at:to].strip() for at, to in zip(starts, body.ends, strict=False))))
    return tuple(rows) if all(rows[1][: len(body.labels)]) and any(heads) else ()


def _columns(lines: Sequence[str], place: int, body: _Body, *, named: bool) -> list[str]:
    """Names of the columns, the labels of all lines above them joined; a label that is a number is told with its group."""
    found = [""] * len(body.ends)
    above = place - 1
    heads: list[str] = []
    while above >= 0 and len(heads) < _MOST_HEADS and lines[above][:1].isspace() and lines[above].strip():
        heads.insert(0, lines[above].rstrip())
        above -= 1
    for line in heads:
        group, start = "", body.labels[-1]
        if named:
            group = line.split()[0]
            start = line.index(group) + len(group)
        starts, last = (start, *body.ends), ""
        for column, (at, to) in enumerate(zip(starts, body.ends, strict=False)):
            last = line[at:to].strip() or last
            told = f"{group} {last}" if group and is_number(last) else last
            found[column] = f"{found[column]} {told}".strip()
    return found


__all__ = ["flat_tables"]
