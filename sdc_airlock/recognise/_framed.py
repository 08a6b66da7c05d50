"""Rows of data in the lines of a program: the signs and words of the language around each value, as in `(61,`, `VALUES (61`, `'I10'),` or `61 AS age`."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

import pyarrow as pa

from sdc_airlock.model.content import Column, Table

_FEWEST_ROWS = 4
_LOOKED_AT = 400
_MOSTLY = 0.9
_LONGEST = 60
_AT_LEAST = 2
_PAIRS = (("(", ")"), ("[", "]"), ("{", "}"))
_OPEN_END = re.compile(r"(?<![\w.+-])[\w.+-]*+\Z")
_OPEN_START = re.compile(r"\A[\w.+-]*")
_QUOTES = "'\"`"
_MARKS = frozenset("([{'\"`\\")
# of RTF, between cells
_COMMAND = re.compile(r"\\(?:tab|cell|par)\b")


def unframed(table: Table) -> Table | None:
    """The values of rows written in a programming language, without what stands around each in every row; None for other tables.

    Args:
        table: A table of text cells, as a reader of separated values took it.
    """
    if table.sample_rows < _FEWEST_ROWS:
        return None
    if not any(_MARKS & set(cell) for column in table.columns for cell in _cells(column, _FEWEST_ROWS)):
        return None
    columns: list[Column] = []
    frames: list[tuple[str, str]] = []
    for column in table.columns:
        cells = _cells(column, _LOOKED_AT)
        before, after = _frame(cells)
        frames.append((before, after))
        bare = [_bare(cell, before, after) for cell in cells]
        if len(set(bare)) > 1:
            columns.append(Column(index=len(columns), name="", values=pa.array(bare, pa.string())))
    if not _in_code(frames) or len(columns) < _AT_LEAST:
        return None
    return replace(table, columns=tuple(columns), n_rows=len(columns[0].values), named=False, row_numbers=())


def _cells(column: Column, count: int) -> list[str]:
    """The first cells of a column as text."""
    return ["" if cell is None else str(cell).strip() for cell in column.values.slice(0, count).to_pylist()]


def _in_code(frames: list[tuple[str, str]]) -> bool:
    """True for quotes around values, commands behind most of them, and a bracket that the first column opens and the last one closes; an interval opens one further on."""
    if any(quote in before and (quote in after or index == 0) for index, (before, after) in enumerate(frames) for quote in _QUOTES):
        return True
    if sum(_COMMAND.search(before + after) is not None for before, after in frames) > len(frames) / 2:
        return True
    start, end = frames[0][0], frames[-1][1]
    return any(start.count(opens) > start.count(closes) and end.count(closes) > end.count(opens) for opens, closes in _PAIRS)


def _frame(cells: list[str]) -> tuple[str, str]:
    """What nearly all cells begin and end with; the value between keeps its letters and digits."""
    filled = [cell for cell in cells if cell]
    for one, other in pairwise(filled[:4]):
        before = _OPEN_END.sub("", _shared(one, other))[:_LONGEST]
        after = _OPEN_START.sub("", _shared(one[::-1], other[::-1])[::-1])[-_LONGEST:]
        alike = sum(cell.startswith(before) and cell.endswith(after) and len(cell) > len(before) + len(after) for cell in filled)
        if (before or after) and alike >= _MOSTLY * len(filled):
            return before, after
    return "", ""


def _shared(one: str, other: str) -> str:
    """What two texts begin with."""
    length = next((place for place, (left, right) in enumerate(zip(one, other, strict=False)) if left != right), min(len(one), len(other)))
    return one[:length]


def _bare(cell: str, before: str, after: str) -> str:
    return cell.removeprefix(before).removesuffix(after).strip(f" {_QUOTES}()[]{{}};,") if before or after else cell.strip(_QUOTES)


__all__ = ["unframed"]
