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
_LOOKED_AT = 40


def ragged(lines: Sequence[str], taken: Sequence[bool]) -> Iterator[Block]:
    """Runs of lines below a line of names, where all columns but one hold one word each and some column holds numbers."""
    tokens = [[] if used else line.split() for line, used in zip(lines, taken, strict=True)]
    numbers = _Numbers(tokens)
    place = 0
    while place < len(lines):
        names = tokens[place]
        if _FEWEST_COLUMNS <= len(names) <= _MOST_COLUMNS and all(map(_NAME.fullmatch, names)):
            for width, header in ((len(names), names), (len(names) + 1, ["", *names])):
                wide = _wide(tokens, numbers, place + 1, width)
                if wide is None:
                    continue
                end = _end(tokens, numbers, place + 1, width, wide)
                rows = [tuple(header), *(_row(line, width, wide) for line in tokens[place + 1 : end])]
                yield Block(place, end, tuple(rows), GridSource.DELIMITED, header_rows=1)
                place = end - 1
                break
        place += 1


def _end(tokens: Sequence[list[str]], numbers: _Numbers, start: int, width: int, wide: int) -> int:
    """Where the run ends: at a line that is too short, or where the columns that were numbers are so no longer."""
    first = range(start, min(start + _LOOKED_AT, len(tokens)))
    places = [*range(wide), *range(wide - width + 1, 0)]
    known = [
        place for place in places if sum(numbers[line][place] for line in first if len(tokens[line]) >= width) >= _MOSTLY * _FEWEST_ROWS
    ]
    end, others = start, 0
    while end < len(tokens) and len(tokens[end]) >= width:
        others = 0 if all(numbers[end][place] for place in known) else others + 1
        end += 1
        if others == _FEWEST_ROWS:
            return end - others
    return end


class _Numbers(dict[int, list[bool]]):
    """Which words of a line are numbers, found out when first asked."""

    def __init__(self, tokens: Sequence[list[str]]) -> None:
        super().__init__()
        self._tokens = tokens

    def __missing__(self, line: int) -> list[bool]:
        found = self[line] = [*map(is_number, self._tokens[line])]
        return found


def _row(line: list[str], width: int, wide: int) -> Row:
    """The words of a line as so many cells, one of which holds what is over."""
    rest = len(line) - width + wide + 1
    return (*line[:wide], " ".join(line[wide:rest]), *line[rest:])


def _wide(tokens: Sequence[list[str]], numbers: _Numbers, start: int, width: int) -> int | None:
    """The column that holds several words, judged by the first lines of a run; None where there is none.

    Every other column is numbers throughout, or hardly ever a number, and some column is numbers.
    """
    end = start
    while end < min(start + _LOOKED_AT, len(tokens)) and len(tokens[end]) >= width and (end - start >= _FEWEST_ROWS or any(numbers[end])):
        end += 1
    count = end - start
    if count < _FEWEST_ROWS or max(map(len, tokens[start:end])) == width:
        return None
    left = [sum(numbers[line][place] for line in range(start, end)) / count for place in range(width)]
    right = [sum(numbers[line][place - width] for line in range(start, end)) / count for place in range(width)]
    for wide in range(width - 1, -1, -1):
        shares = [*left[:wide], *right[wide + 1 :]]
        if any(share >= _MOSTLY for share in shares) and all(share >= _MOSTLY or share <= 1 - _MOSTLY for share in shares):
            return wide
    return None


__all__ = ["ragged"]
