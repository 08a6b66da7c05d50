"""A copy of a delimited text in which some cells say something else; every other character stays as it was.

The text is cut once more, this time with the place of each cell. Where that gives other cells than the reader saw, nothing is written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from sdc_airlock.model.content import Grid
from sdc_airlock.protect._tables import Refused
from sdc_airlock.readers._decode import decode, sniff
from sdc_airlock.readers._dialect import Dialect, Row
from sdc_airlock.readers._layout import lay_out
from sdc_airlock.readers._lines import split_lines
from sdc_airlock.readers.delimited import front_matter

_ENDS = re.compile(r"\r\r\n|\r\n|\r|\n")
Span: TypeAlias = tuple[int, int]


@dataclass(frozen=True, slots=True)
class _Record:
    """One row: where it begins and ends in the text (its line end left out, and where the next begins), and the place and words of its cells."""

    start: int
    end: int
    after: int
    cells: tuple[tuple[Span, str], ...]


def written(data: bytes, grid: Grid, edits: Mapping[tuple[int, int], str], gone: Sequence[int] = ()) -> bytes:
    """The bytes of the copy.

    Args:
        data: The file.
        grid: Its cells as the reader saw them.
        edits: New words by row and column of the grid, counted from 0.
        gone: Rows of the grid that are left out.

    Raises:
        Refused: the file cannot be written again exactly as it is.
    """
    encoding, mark = sniff(data)
    decoded = decode(data)
    text = decoded.text
    if decoded.bad or decoded.nuls or data[:mark] + text.encode(encoding) != data:
        raise Refused("its bytes are not plain text in one encoding, so that a copy could not keep them as they are")
    records = _records(text, grid)
    pieces: list[str] = []
    place = 0
    changes: list[tuple[int, int, str]] = [(records[row].start, records[row].after, "") for row in gone]
    for (row, column), words in edits.items():
        if row in gone:
            continue
        cells = records[row].cells
        if column >= len(cells):
            raise Refused("a row has fewer cells than its table")
        start, end = cells[column][0]
        changes.append((start, end, _in_place_of(text[start:end], words, _delimiter_around(text, start, end))))
    for start, end, words in sorted(changes):
        pieces += [text[place:start], words]
        place = end
    pieces.append(text[place:])
    try:
        return data[:mark] + "".join(pieces).encode(encoding)
    except UnicodeEncodeError as error:
        raise Refused("its encoding has no sign for what would be written") from error


def _delimiter_around(text: str, start: int, end: int) -> str:
    return text[start - 1 : start] + text[end : end + 1]


def _in_place_of(raw: str, words: str, around: str) -> str:
    """New words with the blanks and quotes that the cell had."""
    bare = raw.strip(" \t")
    before, after = raw[: len(raw) - len(raw.lstrip(" \t"))], raw[len(raw.rstrip(" \t")) :]
    if len(bare) > 1 and bare[0] == bare[-1] and bare[0] in "\"'":
        return f"{before}{bare[0]}{words.replace(bare[0], bare[0] * 2)}{bare[0]}{after}"
    if any(sign in words for sign in around.strip()) or '"' in words:
        return f'{before}"{words.replace(chr(34), chr(34) * 2)}"{after}'
    return f"{before}{words}{after}"


def _records(text: str, grid: Grid) -> list[_Record]:
    """The rows of the grid with their places in the text.

    Raises:
        Refused: the rows found are not those of the grid.
    """
    lines = split_lines(text)
    spans = _line_spans(text, len(lines))
    front = front_matter(lines)
    records: list[_Record] = []
    for stretch in lay_out(lines[front:]):
        records.extend(_cut(text, spans[front + stretch.start : front + stretch.end], stretch.dialect))
    if len(records) != len(grid.rows):
        raise Refused("its layout is not regular enough for an exact copy")
    return [_like(record, row, text) for record, row in zip(records, grid.rows, strict=True)]


def _like(record: _Record, row: Row, text: str) -> _Record:
    """The record, once it says what the reader saw."""
    found = tuple(words.strip() for _, words in record.cells)
    if found == row or (not any(found) and not any(row)):
        return record
    whole = text[record.start : record.end]
    if row == (whole.strip(),):
        return _Record(record.start, record.end, record.after, (((record.start, record.end), whole),))
    raise Refused("its layout is not regular enough for an exact copy")


def _line_spans(text: str, count: int) -> list[tuple[int, int, int]]:
    """Start, end and start of the next line of each line."""
    spans = []
    place = 0
    for match in _ENDS.finditer(text):
        spans.append((place, match.start(), match.end()))
        place = match.end()
    if place < len(text):
        spans.append((place, len(text), len(text)))
    if len(spans) != count:
        raise Refused("its line ends are not regular enough for an exact copy")
    return spans


def _cut(text: str, lines: Sequence[tuple[int, int, int]], dialect: Dialect) -> Iterator[_Record]:
    at = 0
    while at < len(lines):
        start, end, after = lines[at]
        if not dialect.delimiter or not text[start:end].strip():
            cells: tuple[tuple[Span, str], ...] = (((start, end), text[start:end]),) if text[start:end].strip() else ()
            at += 1
        elif dialect.delimiter == " ":
            cells = tuple(((match.start(), match.end()), match[0]) for match in re.compile(r"\S+").finditer(text, start, end))
            at += 1
        else:
            found, used = _quoted(text, lines[at:], dialect)
            cells = tuple(found)
            end, after = lines[at + used - 1][1:]
            at += used
        yield _Record(start, end, after, cells)


def _quoted(text: str, lines: Sequence[tuple[int, int, int]], dialect: Dialect) -> tuple[list[tuple[Span, str]], int]:
    """Cells of one record, which may take several lines where a quote is open; where it is never closed, quotes are ordinary characters."""
    limit = min(len(lines), 200)
    for used in range(1, limit + 1):
        cells = _cells(text, lines[0][0], lines[used - 1][1], dialect)
        if cells is not None:
            return cells, used
    plain = _cells(text, lines[0][0], lines[0][1], Dialect(dialect.delimiter, ""))
    return plain or [], 1


def _cells(text: str, start: int, end: int, dialect: Dialect) -> list[tuple[Span, str]] | None:
    """Cells between two places; None where a quote is open at the end."""
    found: list[tuple[Span, str]] = []
    place = start
    while True:
        first = place
        while place < end and text[place] == " ":
            place += 1
        words: list[str] = []
        if dialect.quote and place < end and text[place] == dialect.quote:
            place += 1
            while True:
                if place >= end:
                    return None
                sign = text[place]
                if dialect.escape and sign == dialect.escape and place + 1 < end:
                    words.append(text[place + 1])
                    place += 2
                elif sign == dialect.quote and text[place + 1 : place + 2] == dialect.quote and place + 1 < end and not dialect.escape:
                    words.append(sign)
                    place += 2
                elif sign == dialect.quote:
                    place += 1
                    break
                else:
                    words.append(sign)
                    place += 1
        while place < end and text[place] != dialect.delimiter:
            words.append(text[place])
            place += 1
        found.append(((first, place), _ENDS.sub("\n", "".join(words))))
        if place >= end:
            return found
        place += 1


__all__ = ["written"]
