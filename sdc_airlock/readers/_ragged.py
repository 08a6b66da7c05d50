"""Tables printed between single blanks with a column of several words: `write.table(..., quote = FALSE)` of R."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from sdc_airlock.model.content import GridSource
from sdc_airlock.readers._block import Block
from sdc_airlock.readers._columns import Row, is_number

_NAME = re.compile(r"[A-Za-z][\w.]{0,40}")
_FEWEST_COLUMNS, _MOST_COLUMNS = 3, 60
_FEWEST_ROWS = 4
_MOSTLY = 0.9
_LOOKED_AT = 400


def ragged(lines: Sequence[str], taken: Sequence[bool]) -> Iterator[Block]:
    """Runs of lines below a line of names, where all columns but one hold one word each and some column holds numbers."""
    place = 0
    while place < len(lines):
        names = lines[place].split()
        if taken[place] or not _FEWEST_COLUMNS <= len(names) <= _MOST_COLUMNS or not all(map(_NAME.fullmatch, names)):
            place += 1
            continue
        end = place + 1
        while end < len(lines) and not taken[end] and len(lines[end].split()) >= len(names):
            end += 1
        body = [line.split() for line in lines[place + 1 : end]]
        rows = _cut(names, body) if len(body) >= _FEWEST_ROWS else None
        if rows is None:
            place += 1
            continue
        yield Block(place, end, rows, GridSource.DELIMITED, header_rows=1)
        place = end


def _cut(names: list[str], body: list[list[str]]) -> tuple[Row, ...] | None:
    """The lines as rows under their names, None where no column can be the one that holds several words."""
    for width, header in ((len(names), names), (len(names) + 1, ["", *names])):
        if min(map(len, body)) < width or max(map(len, body)) == width:
            continue
        for wide in range(width - 1, -1, -1):
            rows = [
                (*line[:wide], " ".join(line[wide : len(line) - width + wide + 1]), *line[len(line) - width + wide + 1 :]) for line in body
            ]
            if _even(rows, wide):
                return (tuple(header), *rows)
    return None


def _even(rows: Sequence[Row], wide: int) -> bool:
    """True where every column of single words is numbers throughout, or hardly ever a number, and some column is numbers."""
    looked_at = rows[:_LOOKED_AT]
    shares = [sum(is_number(row[place]) for row in looked_at) / len(looked_at) for place in range(len(looked_at[0]))]
    return (
        any(share >= _MOSTLY for share in shares)
        and all(share >= _MOSTLY or share <= 1 - _MOSTLY for place, share in enumerate(shares) if place != wide)
        and shares[wide] <= 1 - _MOSTLY
    )


__all__ = ["ragged"]
