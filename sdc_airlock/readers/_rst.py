"""Tables of reStructuredText that are written as nested lists."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sdc_airlock.model.content import GridSource
from sdc_airlock.readers._block import Block

_START = re.compile(r"\s*\.\. list-table::")
_ROW = re.compile(r"(\s+)[*-] [-*](?: (.*))?$")
_CELL = re.compile(r"\s+[-*](?: (.*))?$")
_HEADER = re.compile(r"\s*:header-rows:\s*(\d{1,2})")
_FEWEST_ROWS = 2


def list_tables(lines: Sequence[str]) -> list[Block]:
    """The list tables of some lines, from top to bottom."""
    found = []
    place = 0
    while place < len(lines):
        if _START.match(lines[place]):
            block = _table(lines, place)
            if block is not None:
                found.append(block)
                place = block.end
                continue
        place += 1
    return found


def _table(lines: Sequence[str], start: int) -> Block | None:
    """The table whose directive stands in a line, None where no rows follow."""
    rows: list[list[str]] = []
    header = 0
    end = start + 1
    for place in range(start + 1, len(lines)):
        line = lines[place]
        if line.strip() and not line[0].isspace():
            break
        if told := _HEADER.match(line):
            header = int(told[1])
        elif row := _ROW.match(line):
            rows.append([row[2] or ""])
        elif rows and (cell := _CELL.match(line)):
            rows[-1].append(cell[1] or "")
        elif rows and line.strip():
            rows[-1][-1] += " " + line.strip()
        end = place + 1
    if len(rows) < _FEWEST_ROWS:
        return None
    cells = tuple(tuple(cell.strip() for cell in row) for row in rows)
    return Block(start=start, end=end, rows=cells, source=GridSource.MARKUP, header_rows=header)
