"""Genotypes in running text: matrices pasted into code and logs, strings of states under or beside a name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby, islice

from sdc_airlock.model.content import Column, Table

# one state, dosage or call as it is printed; what follows must be a separator or the end of the line
_STATE = r"(?:-9|-1|NA|NaN|nan|None|[01.][/|][01.]|[ACGT]/[ACGT]|[ACGT]{2}|[012](?:\.0)?|\.)"
_MARKS = r"[\"']{0,3}+"
# each cell can be read in one way only, so that a long line takes no longer than its length
_CELL = rf"{_MARKS}{_STATE}{_MARKS}"
_ROW = re.compile(
    rf"^[^\n]{{0,60}}?(?<![\w.])((?:{_CELL}[ \t,;]{{1,4}}+){{9,}}+(?:{_CELL})?+)[\"'\])}},; ]{{0,6}}$",
    re.MULTILINE,
)
_STRING = re.compile(r"^[^\n]{0,60}?(?<![\w.])([012][012\-9N?.]{19,})[\"'\])},; ]{0,6}$", re.MULTILINE)
_SYMBOLS = re.compile(r"^[ \t]{0,40}[\"']?([^\s\"',;]{20,})[\"'\])},; ]{0,6}$", re.MULTILINE)
_UNDER_NAME = re.compile(r"^>[^>\n][^\n]{0,200}\n[ \t]*([0-2\-?N.]{4,})[ \t]*$", re.MULTILINE)
LEAST_LINES = 5
LEAST_NAMED = 4
LEAST_SYMBOLS, MOST_DIFFERENT = 10, 6
MOST_LINES = 5000


def _table(part_id: str, rows: list[list[str]], first_row: int, title: str) -> Table:
    import pyarrow as pa

    columns = tuple(
        Column(index=index, name="", values=pa.array(list(cells), type=pa.string())) for index, cells in enumerate(zip(*rows, strict=True))
    )
    return Table(part_id=part_id, columns=columns, n_rows=len(rows), named=False, first_row=first_row, title=title)


def _runs(text: str, pattern: re.Pattern[str], least: int) -> Iterator[tuple[int, list[str]]]:
    """Lines that follow a pattern, in runs of one width: number of the first line (from 1), and what was matched."""
    for _, run in groupby(pattern.finditer(text), key=lambda match: _width(match[1])):
        lines = list(islice(run, MOST_LINES))
        if len(lines) >= least:
            yield text.count("\n", 0, lines[0].start()) + 1, [match[1] for match in lines]


def _width(matched: str) -> int:
    """Cells of a row, or letters of a string (as a negative number)."""
    cells = _cells(matched)
    return len(cells) if len(cells) > 1 else -len(matched)


def _cells(matched: str) -> list[str]:
    return [cell.strip("\"' ") for cell in re.split(r"[\s,;]+", matched.strip("\"' ")) if cell.strip("\"' ")]


def matrices(part_id: str, text: str, first_line: int = 1) -> Iterator[Table]:
    """Tables that could hold genotypes, from a text that is no table.

    Args:
        part_id: Address of the text.
        text: The text.
        first_line: Number of its first line in the file.

    Yields:
        Tables without names; whether they hold genotypes is for `genotype_shape`.
    """
    for start, lines in _runs(text, _ROW, LEAST_LINES):
        yield _table(part_id, [_cells(line) for line in lines], first_line + start - 1, "")
    for start, lines in _runs(text, _STRING, LEAST_LINES):
        yield _table(part_id, [[line] for line in lines], first_line + start - 1, "")
    for start, lines in _runs(text, _SYMBOLS, LEAST_SYMBOLS):
        if len(set().union(*map(set, lines))) <= MOST_DIFFERENT:
            yield _table(part_id, [[line] for line in lines], first_line + start - 1, "")


def strings_under_names(text: str) -> tuple[int, int] | None:
    """People and markers of a text in which each line that begins with ">" is followed by one string of states, all of one length."""
    found = [match[1] for _, match in zip(range(MOST_LINES), _UNDER_NAME.finditer(text), strict=False)]
    lengths = {len(states) for states in found}
    several = len(set("".join(found)) & set("012")) > 1
    return (len(found), lengths.pop()) if len(found) >= LEAST_NAMED and len(lengths) == 1 and several else None
