"""Tables whose columns end where their headers end, behind the names of the rows, as R and pandas print them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from sdc_airlock.model.content import GridSource
from sdc_airlock.readers._block import Block
from sdc_airlock.readers._columns import Row, is_number, is_ruler

_WORD = re.compile(r"\S+")
_FEWEST_COLUMNS, _FEWEST_ROWS = 2, 2
_TRIED = 8
_MOSTLY, _HALF = 0.9, 0.5
_LONGEST = 2000

Words = list[tuple[int, int, str]]


def right_aligned(lines: Sequence[str], taken: Sequence[bool]) -> Iterator[Block]:
    """Runs of lines below a line of names, where every word but those of the row's name ends under the end of a name.

    Args:
        lines: Lines of text.
        taken: Lines that are no candidates.
    """
    place = 0
    while place + _FEWEST_ROWS < len(lines):
        header = _words(lines[place]) if not taken[place] else []
        at = place
        if header and lines[place + 1].isspace():  # where a flat table names the groups of its rows, which have no names
            place += 1
        ends = frozenset(end for _, end, _ in header)
        if len(header) >= _FEWEST_COLUMNS and _names(header) and not is_ruler(lines[at]):
            tried = _run(lines, taken, place + 1, min(len(lines), place + 1 + _TRIED), ends, header[0][1])
            columns = _columns(tried, ends, header[0][1])
            if columns:
                end = place + 1 + len(tried)
                known = frozenset(columns)
                rows = tried + (_run(lines, taken, end, len(lines), known, columns[0]) if len(tried) == _TRIED else [])
                cut = [_header(lines[at], columns), *(_row(words, columns) for words in rows)]
                if not any(row[0] for row in cut):
                    cut = [row[1:] for row in cut]
                yield Block(place, place + 1 + len(rows), tuple(cut), GridSource.FIXED_WIDTH, header_rows=1)
                place += len(rows)
        place += 1


def _words(line: str) -> Words:
    """The words of a line with where each begins and ends; none of a line with tabs or of one too long to be printed."""
    return [] if "\t" in line or len(line) > _LONGEST else [(each.start(), each.end(), each[0]) for each in _WORD.finditer(line)]


def _names(words: Words) -> bool:
    """True for a line that can be one of names: a record of the same width as those below it holds numbers."""
    numbers = [word for _, _, word in words if is_number(word)]
    return len(numbers) <= _HALF * len(words) and all(word.endswith("%") for word in numbers)


def _run(lines: Sequence[str], taken: Sequence[bool], start: int, stop: int, ends: frozenset[int], first: int) -> list[Words]:
    """Words of the lines from `start` on as far as those behind the first column end where names end."""
    rows: list[Words] = []
    for place in range(start, stop):
        words = [] if taken[place] else _words(lines[place])
        behind = [(begin, end) for begin, end, _ in words if end > first]
        if not words or any(end not in ends or begin < first for begin, end in behind) or not (behind or words[-1][1] == first):
            break
        rows.append(words)
    return rows


def _columns(rows: Sequence[Words], ends: frozenset[int], first: int) -> list[int]:
    """Where the columns end; none where the rows are few, no column is numbers, or the row's name is missing in some rows only."""
    if len(rows) < _FEWEST_ROWS:
        return []
    cells = [{end: word for _, end, word in words} for words in rows]
    columns = [end for end in sorted(ends) if sum(end in row for row in cells) >= _HALF * len(rows)]
    if len(columns) < _FEWEST_COLUMNS or columns[0] < first or any(end not in columns for row in cells for end in row if end > columns[0]):
        return []
    told = [[row[end] for row in cells if end in row] for end in columns]
    if not any(sum(map(is_number, column)) >= _MOSTLY * len(column) for column in told):
        return []
    named = sum(words[0][1] < columns[0] for words in rows)
    return columns if named in (0, len(rows)) else []


def _header(line: str, columns: Sequence[int]) -> Row:
    starts = (0, *columns)
    return ("", *(" ".join(line[start:end].split()) for start, end in zip(starts, columns, strict=False)))


def _row(words: Words, columns: Sequence[int]) -> Row:
    cells = {end: word for _, end, word in words}
    name = " ".join(word for _, end, word in words if end < columns[0])
    return (name, *(cells.get(end, "") for end in columns))


__all__ = ["right_aligned"]
