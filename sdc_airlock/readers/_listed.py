"""Records as programs list them: boxes of Stata's `list`, and nodes of a graph between brackets (GML)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from sdc_airlock.model.content import GridSource
from sdc_airlock.readers._block import Block

_ROW = re.compile(r"\s*(\d{1,7})\. \|(.*)\|\s*")
_HEAD = re.compile(r"\s*\|(.*)\|\s*")
_RULE = re.compile(r"\s*[|+]-[-|+]*\s*")
_FURTHEST = 3
_FEWEST_FIELDS = 2
_OPENED = re.compile(r"\s*([A-Za-z_]\w{0,30})\s*\[\s*")
_FIELD = re.compile(r"\s*([A-Za-z_]\w{0,30})\s+(\"[^\"\n]{0,200}\"|[^\s\[\]]{1,100})\s*")
_FEWEST_RECORDS = 3
_FILLED = 0.5
# fields of a record that only joins two others
_JOINING = frozenset({"id", "source", "target", "from", "to", "weight", "label"})


def listed_blocks(lines: Sequence[str]) -> list[Block]:
    """Tables of `list` of Stata, and records of one name between brackets.

    Args:
        lines: Lines of text.
    """
    return [*_boxes(lines), *_bracketed(lines)]


def _boxes(lines: Sequence[str]) -> Iterator[Block]:
    """Numbered rows between bars under a header of as many words."""
    place = 0
    while place < len(lines):
        if not _ROW.fullmatch(lines[place]):
            place += 1
            continue
        start = place
        rows = []
        while place < len(lines) and ((match := _ROW.fullmatch(lines[place])) or _RULE.fullmatch(lines[place])):
            if match:
                rows.append((match[1], *match[2].replace("|", " ").split()))
            place += 1
        header = next(
            (found[1].split() for back in range(start - 1, max(start - 1 - _FURTHEST, -1), -1) if (found := _named(lines[back]))), []
        )
        if len(header) >= _FEWEST_FIELDS and all(len(row) == len(header) + 1 for row in rows):
            yield Block(start, place, (("", *header), *rows), GridSource.RECORDS, 1)


def _named(line: str) -> re.Match[str] | None:
    """The names above a box, None for other lines."""
    return _HEAD.fullmatch(line) if not _RULE.fullmatch(line) else None


def _bracketed(lines: Sequence[str]) -> Iterator[Block]:
    """Fields of records `name [ ... ]`, a table for each name that comes often enough."""
    records: dict[str, list[tuple[int, int, dict[str, str]]]] = {}
    name, start = "", 0
    fields: dict[str, str] = {}
    for place, line in enumerate(lines):
        if opened := _OPENED.fullmatch(line):
            name, start, fields = opened[1], place, {}
        elif name and line.strip() == "]":
            if fields:
                records.setdefault(name, []).append((start, place + 1, fields))
            name = ""
        elif name and (field := _FIELD.fullmatch(line)):
            fields[field[1]] = field[2].strip('"')
        elif line.strip():
            name = ""
    for found in records.values():
        header = list(dict.fromkeys(key for _, _, each in found for key in each))
        if set(header) <= _JOINING:
            continue
        filled = sum(len(each) for _, _, each in found)
        if len(found) >= _FEWEST_RECORDS and len(header) >= _FEWEST_FIELDS and filled >= _FILLED * len(found) * len(header):
            rows = (tuple(header), *(tuple(each.get(key, "") for key in header) for _, _, each in found))
            places = tuple(place for first, last, _ in found for place in range(first, last))
            yield Block(found[0][0], found[-1][1], rows, GridSource.RECORDS, 1, places)


__all__ = ["listed_blocks"]
