"""Records told in some disguise as plain rows: without what all of a column begin or end with, and only where they may be records."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from sdc_airlock.model.content import Grid
from sdc_airlock.readers._block import Block
from sdc_airlock.readers._columns import Row

_FEWEST_ROWS = 8
_FEWEST_COLUMNS = 2
_FEWEST_WORDED = 3
_FEWEST_REPEATS = 12
_DISTINCT = 0.8
_NEARLY_ALL = 0.95
_NUMBERED = re.compile(r"([A-Za-z_%=:'\"-]{0,6}?)(-?\d+(?:[.,p]\d+)?)([A-Za-z_%'\"]{0,6})")
# a number in marks or words; those of amounts, shares and bounds are read as they are, and letters close before it make a code
_DRESSED_NUMBER = re.compile(r"((?:[^\d\W]{0,12}[^\w.+-]{1,8})?|)(-?\d+(?:\.\d+)?)([A-Za-z]{0,5}[^\w.]{0,8}[A-Za-z]{0,2}[^\w.]{0,4})")
_PLAIN_DRESS = re.compile(r"[%\u00a3$\u20ac<>\u2264\u2265~*]*|\([%<]?\)|\[\]")
_BRACKETS = re.compile(r"[()\[\],;]+")
_OPENED, _CLOSED = frozenset("([{"), frozenset(")]}")
_DRESSED = 0.3
_LONG = 10
_MONTH = re.compile(
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}|(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6}|q[1-4]|(?:1[89]|20)\d\d",
    re.IGNORECASE,
)


def recorded(block: Block, fewest: int) -> Block | None:
    """A block without the columns that say nothing, or None where what is left is no table of records.

    Args:
        block: A table that was found where none is expected.
        fewest: Fewest columns in which rows differ; names of periods do not count.
    """
    head = block.header_rows or 0
    names, rows = block.rows[:head], block.rows[head:]
    usual = Counter(map(len, rows)).most_common(1)
    if not usual or len(rows) < _FEWEST_ROWS:
        return None
    width = max(usual[0][0], *(len(row) for row in names), 1)
    rows = tuple((*row, *("",) * (width - len(row)))[:width] for row in rows)
    columns = list(zip(*rows, strict=True))
    kept = [number for number, column in enumerate(columns) if len(set(column)) > 1]
    telling = [number for number in kept if not _same(columns[number]) and not _period(columns[number])]
    if len(telling) < fewest or len(set(rows)) < _DISTINCT * len(rows):
        return None
    bare = [_bare(columns[number]) for number in kept]
    if _laid_out(bare):
        return None
    above = tuple(tuple(row[number] if number < len(row) else "" for number in kept) for row in names)
    words = tuple(_word(columns[number]) for number in kept)
    if not above and 2 * sum(map(bool, words)) >= len(words) and len(set(filter(None, words))) > 1:
        return replace(block, rows=(words, *zip(*bare, strict=True)), header_rows=1)
    return replace(block, rows=(*above, *zip(*bare, strict=True)))


def _laid_out(columns: Sequence[Sequence[str]]) -> bool:
    """True for rows that a program counts through: every combination of a few levels once, or numbers that all rise or fall together."""
    levels = [len(set(column)) for column in columns]
    if math.prod(levels) == len(columns[0]) and max(levels) < len(columns[0]):
        return True
    return all(_monotone(column) for column in columns)


def _monotone(column: Sequence[str]) -> bool:
    try:
        numbers = [float(cell.strip("%")) for cell in column]
    except ValueError:
        return False
    steps = {later > earlier for earlier, later in pairwise(numbers) if later != earlier}
    return len(steps) == 1


def recorded_grid(grid: Grid) -> bool:
    """True for a grid that may be records; a header of its own is not told from the rows here."""
    return recorded(Block(0, len(grid.rows), grid.rows, grid.source, grid.header_rows), _FEWEST_COLUMNS) is not None


def without_words(rows: Sequence[Row]) -> tuple[Row, ...]:
    """Rows whose cells repeat a word in every row (`age 61, bmi 27`), with the words as their header; nothing where hardly any column does."""
    width = len(rows[-1]) if rows else 0
    several = [row for row in rows if len(row) > 1]
    rows = [row for row in several if len(row) == width]
    if len(rows) < max(_FEWEST_REPEATS, _NEARLY_ALL * len(several)) or width < _FEWEST_WORDED:
        return ()
    names, columns = [], []
    for column in zip(*rows, strict=True):
        first = _common(column)
        told = [cell[len(first) :].strip() for cell in column]
        worded = any(map(str.isalpha, first)) and len(set(told)) > 1 and all(told)
        names.append(first.strip(" :=-_") if worded else "")
        columns.append(told if worded else column)
    if 2 * sum(map(bool, names)) < width:
        return ()
    return (tuple(names), *zip(*columns, strict=True))


def undecorated(rows: Sequence[Row]) -> tuple[Row, ...]:
    """Rows without the brackets, quotes, ends of tags, letters of types and words that every number of a column stands in; nothing where hardly any does.

    A first row of other cells stays as it is: it may be a header.
    """
    width, count = Counter(map(len, rows)).most_common(1)[0] if rows else (0, 0)
    if count < max(_FEWEST_REPEATS, _DISTINCT * len(rows)) or width < _FEWEST_COLUMNS:
        return ()
    first, *body = [row for row in rows if len(row) == width]
    while width > _FEWEST_COLUMNS and not any(row[width - 1] for row in body):
        width -= 1
    first, body = first[:width], [row[:width] for row in body]
    if len(rows[0]) == width < len(rows[1]):  # rows end in a comma, and the names above them do not
        first, body = rows[0], [first, *body]
    columns = [_undressed(column) for column in zip(*body, strict=True)]
    if sum(row[0][:1] in _OPENED and row[-1].rstrip(",;")[-1:] in _CLOSED for row in body) < _NEARLY_ALL * len(body) - 1:
        columns = [
            None if column and _BRACKETS.fullmatch(_dress(cells)) else column
            for column, cells in zip(columns, zip(*body, strict=True), strict=True)
        ]
    dressed = sum(column is not None for column in columns)
    if dressed == 1 and columns[0] and _runs(columns[0]):  # rows that are named by a word and their number
        return ()
    if not dressed or dressed < _DRESSED * sum(any(map(str.isdigit, "".join(column[:_FEWEST_ROWS]))) for column in zip(*body, strict=True)):
        return ()
    told = [found or column for found, column in zip(columns, zip(*body, strict=True), strict=True)]
    if all((dressing := _DRESSED_NUMBER.fullmatch(cell)) for cell, column in zip(first, columns, strict=True) if column):
        first = tuple(
            dressing[2] if column and (dressing := _DRESSED_NUMBER.fullmatch(cell)) else cell
            for cell, column in zip(first, columns, strict=True)
        )
    else:  # names in brackets, as statements of a database have them
        first = tuple(cell.rpartition("(")[2].partition(")")[0].strip() for cell in first)
    return (first, *zip(*told, strict=True))


def _undressed(column: Sequence[str]) -> list[str] | None:
    """The numbers of a column all of which stand in the same marks or words, None for any other column and for plain numbers."""
    found = [_DRESSED_NUMBER.fullmatch(cell) for cell in column if cell]
    if len(found) < _NEARLY_ALL * len(column) or found.count(None) > (1 - _NEARLY_ALL) * len(found):
        return None
    common = _dress(column)
    if not common or _PLAIN_DRESS.fullmatch(common):
        return None
    return [match[2] if (match := _DRESSED_NUMBER.fullmatch(cell)) else "" for cell in column]


def _runs(numbers: Sequence[str]) -> bool:
    """True for numbers that go up by one."""
    return all(number.isdecimal() and len(number) < _LONG for number in numbers) and all(
        int(later) == int(earlier) + 1 for earlier, later in pairwise(numbers)
    )


def _dress(column: Sequence[str]) -> str:
    """What stands before and behind nearly all numbers of a column; "" where that differs."""
    found = Counter((match[1].strip(), match[3].strip()) for cell in column if cell and (match := _DRESSED_NUMBER.fullmatch(cell)))
    common, count = found.most_common(1)[0] if found else (("", ""), 0)
    return "".join(common) if count >= _NEARLY_ALL * sum(map(bool, column)) else ""


def _same(column: Sequence[str]) -> bool:
    """True where all cells but one, which may be a header, say the same."""
    return Counter(column).most_common(1)[0][1] >= len(column) - 1


def _period(column: Sequence[str]) -> bool:
    """True for names of months, days, quarters and years, but for one cell, which may be a header."""
    filled = [cell for cell in column if cell.strip()]
    return sum(bool(_MONTH.fullmatch(cell.strip())) for cell in filled) >= min(_NEARLY_ALL * len(filled), len(filled) - 1)


def _bare(column: Sequence[str]) -> Sequence[str]:
    """The cells of a column without the letters that stand before or behind the number in each (`age33`, `33y`, `24p5`)."""
    filled = [cell for cell in column if cell]
    found = [_NUMBERED.fullmatch(cell) for cell in filled]
    marks = {(match[1], match[3]) for match in found if match}
    if filled and None not in found and len(marks) == 1:
        before, behind = next(iter(marks))
        if (before or behind or any("p" in cell for cell in filled)) and not _id_like(before, filled):
            return [match[2].replace("p", ".") if (match := _NUMBERED.fullmatch(cell)) else cell for cell in column]
    first = _common(filled)
    return [cell[len(first) :] for cell in column] if first and all(len(cell) > len(first) for cell in filled) else column


def _word(column: Sequence[str]) -> str:
    """The word that all cells of a column begin with, "" where they begin with none."""
    first = _common([cell for cell in column if cell]).strip(" :=-_\"'")
    return first if len(first) > 1 and any(map(str.isalpha, first)) else ""


def _id_like(before: str, cells: Sequence[str]) -> bool:
    """True for letters and long numbers that never come twice: the letters are part of the name."""
    return bool(before) and len(set(cells)) == len(cells) and min(map(len, cells)) - len(before) >= 3


def _common(cells: Sequence[str]) -> str:
    """What all cells begin with, up to a mark."""
    if not cells:
        return ""
    first, last = min(cells), max(cells)
    same = next((place for place, letter in enumerate(first) if place >= len(last) or last[place] != letter), len(first))
    while same and (first[same - 1].isalnum() or (first[same - 1] == "." and first[same - 2 : same - 1].isdigit())):
        same -= 1
    return first[:same]
