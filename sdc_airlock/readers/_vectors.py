"""Vectors that are written one below the other, each with all of its values: side by side they are a table.

R prints a vector in lines that begin with the number of their first value; people write `name: value value value`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sdc_airlock.model.content import GridSource
from sdc_airlock.readers._block import Block
from sdc_airlock.readers._columns import is_number

_FEWEST = 20  # `str` of R shows the first ten values of each variable
_MOST = 10_000_000
_LONGEST = 24
_PRINTED = re.compile(r"\W{0,4}\[(\d{1,7})\]\s+(\S.*)$")
_NAMED = re.compile(r"\W{0,6}([A-Za-z_][\w.$ \[\]\"'()-]{0,60}?)\s*(?:<-|[:=])\s*+(?:[\[({]\s*+)?(\S.*)$")
_VALUE = re.compile(r"\"[^\"\n]*\"|'[^'\n]*'|[^\s,;|]+")
_NAME = re.compile(r"[A-Za-z_][\w.]*")
_CODED = 0.8
_FEWEST_TIMES = 8
_TIME = re.compile(r"\d{1,9}(?:\.\d{1,9})?\+?|NA\+?")


@dataclass(frozen=True, slots=True)
class _Vector:
    name: str
    values: tuple[str, ...]
    start: int
    end: int


def vector_blocks(lines: Sequence[str]) -> list[Block]:
    """Tables of vectors of the same length, a column each; their names as the header.

    Args:
        lines: Lines of text.
    """
    return [*printed_blocks(lines), *named_blocks(lines)]


def printed_blocks(lines: Sequence[str]) -> list[Block]:
    """The same for vectors as R prints them alone; one that is like no other is a table of one column."""
    return _grouped(_printed(lines), 1)


def named_blocks(lines: Sequence[str]) -> list[Block]:
    """The same for lines of a name and its values."""
    return _grouped(_named(lines), 2)


def _grouped(vectors: Iterator[_Vector], fewest: int) -> list[Block]:
    groups: dict[int, list[_Vector]] = {}
    for vector in vectors:
        if (_FEWEST if not _survival(vector.values) else _FEWEST_TIMES) <= len(vector.values) <= _MOST:
            groups.setdefault(len(vector.values), []).append(vector)
    return [_block(found) for found in groups.values() if len(found) >= fewest]


def _block(vectors: Sequence[_Vector]) -> Block:
    ordered = sorted(vectors, key=lambda vector: vector.start)
    places = tuple(dict.fromkeys(place for vector in ordered for place in range(vector.start, vector.end)))
    columns = [column for vector in ordered for column in _columns(vector)]
    rows = (tuple(name for name, _ in columns), *zip(*(values for _, values in columns), strict=True))
    return Block(places[0], places[-1] + 1, rows, GridSource.RECORDS, 1, places)


def _columns(vector: _Vector) -> Iterator[tuple[str, tuple[str, ...]]]:
    """A column, or for times to an event three: the number of the person, the times, and whether each ended with the event."""
    if not _survival(vector.values):
        yield vector.name, vector.values
        return
    yield "patient", tuple(map(str, range(1, len(vector.values) + 1)))
    yield "survival_time", tuple(value.rstrip("+") for value in vector.values)
    yield "died", tuple("0" if value.endswith("+") else "1" for value in vector.values)


def _survival(values: Sequence[str]) -> bool:
    """True for times to an event as R prints them: a plus stands behind those that ended without it."""
    return any(value.endswith("+") for value in values) and all(_TIME.fullmatch(value) for value in values)


def _printed(lines: Sequence[str]) -> Iterator[_Vector]:
    """Vectors as R prints them."""
    name, start = "", 0
    values: list[str] = []
    for place, line in enumerate(lines):
        match = _PRINTED.match(line)
        if match and int(match[1]) == len(values) + 1 and (values or match[1] == "1"):
            start = start if values else place
            values += _values(match[2])
            continue
        if values:
            yield _Vector(name, tuple(values), start, place)
            values = []
        if "+" in line and len(told := tuple(line.split())) >= _FEWEST and _survival(told):
            yield _Vector(name, told, place, place + 1)
        if match and match[1] == "1":
            start, values = place, _values(match[2])
        elif line.strip():
            name = _last_name(line)
    if values:
        yield _Vector(name, tuple(values), start, len(lines))


def _bare(text: str) -> str:
    """What stands before a closing bracket, a semicolon or a comma at the end."""
    inner = text[:-1] if text[-1] in ";," else text
    inner = inner[:-1] if inner.endswith(("]", ")", "}")) else inner
    return inner.rstrip() or text


def _named(lines: Sequence[str]) -> Iterator[_Vector]:
    """Lines of a name and many short values that are numbers or codes."""
    for place, line in enumerate(lines):
        if len(line) < 2 * _FEWEST or not (match := _NAMED.match(line)):
            continue
        values = _values(_bare(match[2]))
        if len(values) < _FEWEST or max(map(len, values)) > _LONGEST:
            continue
        coded = sum(is_number(value) or any(map(str.isdigit, value)) for value in values) >= _CODED * len(values)
        if coded or len(set(values)) <= len(values) / 4:
            yield _Vector(_last_name(match[1]), tuple(values), place, place + 1)


def _values(text: str) -> list[str]:
    return [value.strip("\"'") for value in _VALUE.findall(text)]


def _last_name(text: str) -> str:
    """The name of what was printed: the last word of a path like `d$bmi`, the first word of a call."""
    names = _NAME.findall(text.partition("(")[0] or text)
    return names[-1] if names else ""
