"""Prints of statistics programs that a cutter of columns misreads: overviews of a data frame that list it by column, boxed lists, sparse lines of learners."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest

from sdc_airlock.model.content import GridSource
from sdc_airlock.readers._block import Block
from sdc_airlock.readers._dialect import Row

# `$ age : num 61 66 56 ...` of str(), `$ age <dbl> 61, 66, 56...` of glimpse()
_COLUMN = re.compile(
    r"\s*(?:\.\. ?)*\$\s?(.{1,120}?)\s*(?::\s?('?[A-Za-z][\w./]*+'?|[A-Z]\w+ w/ [^:\"]+?:?)|<[\w\[\]+,: /]{1,30}>)\s++(\S.*)"
)
_TYPES = frozenset({"num", "int", "chr", "logi", "cplx", "factor", "ord.factor", "date", "posixct", "difftime", "dbl+lbl", "hms", "labelled", "raw", "list"})  # fmt: skip
_LEVELS = re.compile(r"(?:Factor|Ord\.factor) w/ [^:]*?:\s*")
_DIMENSION = re.compile(r"\[1:[\d, :]+\]\s*")
_CELL = re.compile(r"\"(?:[^\"\\]|\\.)*\"?|[^\s,]+")
_CUT_OFF = "\u2026."
_FEWEST_COLUMNS = 2
_FEWEST_VALUES = 2
# `  1. | P100  61  F |` between rulers of dashes, as Stata's `list` draws a box
_BOXED = re.compile(r"\s*+(?:\d++\.\s*+)?\|(?P<inside>[^|]*)\|\s*")
_EDGE = re.compile(r"\s*[+|][-+]{3,}[+|]\s*")
_FEWEST_BOXED = 3
# `1 3:0.5 7:1`: a label and the filled features of one record, as learners take them
_SPARSE = re.compile(
    r"\s*+[-+]?\d++(?:\.\d++)?(?:e[-+]?\d++)?(?:,\d++)*+(?:\s++(?:qid|\d++):[-+]?(?:\d++(?:\.\d*+)?|\.\d++)(?:e[-+]?\d++)?)++\s*+(?:#.*)?",
    re.IGNORECASE,
)
_PAIR = re.compile(r"(?:^|\s)(\d+):(\S+)")
_MOST_FEATURES = 2000
_NEARLY_ALL = 0.95


def frame_blocks(lines: Sequence[str]) -> list[Block]:
    """Data frames that are listed by column with their first values: a block each, with its header, the rows as they are in the frame."""
    found: list[Block] = []
    start = 0
    columns: list[Row] = []
    for place, line in enumerate([*lines, ""]):
        column = _column(line) if "$" in line else None
        if column is not None:
            start = start if columns else place
            columns.append(column)
        elif columns and not line.lstrip().startswith(("..-", "- attr", "..$")):
            if len(columns) >= _FEWEST_COLUMNS and max(len(column) for column in columns) > _FEWEST_VALUES:
                rows = tuple(zip_longest(*columns, fillvalue=""))
                found.append(Block(start, place, rows, GridSource.RECORDS, 1))
            columns = []
    return found


def _column(line: str) -> Row | None:
    """The name of a column and its first values; None for a line of another form."""
    match = _COLUMN.fullmatch(_LEVELS.sub("Factor ", line))
    if match is None or (match[2] is not None and match[2].split()[0].strip("':").lower() not in _TYPES):
        return None
    words = (match[2] or "").split()[1:]
    cells = [cell.strip('"') for cell in _CELL.findall(_DIMENSION.sub("", match[3])) if cell.strip(_CUT_OFF)]
    return (match[1], *words, *cells)


def unboxed(lines: Sequence[str]) -> list[str]:
    """The same lines with the one box around a list taken away, as Stata draws it; all other lines as they are."""
    inside = [_BOXED.fullmatch(line) for line in lines]
    if sum(match is not None for match in inside) < _FEWEST_BOXED or not any(_EDGE.fullmatch(line) for line in lines):
        return list(lines)
    out = []
    for line, match in zip(lines, inside, strict=True):
        out.append(match["inside"] if match else "" if _EDGE.fullmatch(line) else line)
    return out


@dataclass(frozen=True, slots=True)
class Sparse:
    """Lines of a label and its filled features, written out.

    Attributes:
        rows: A header, and one row a line.
        aside: Comments, and lines of any other form.
        features: How many features there are.
        shown: How many of them are columns.
    """

    rows: list[Row]
    aside: str
    features: int
    shown: int


def sparse_rows(lines: Sequence[str], most_cells: int) -> Sparse | None:
    """Lines of a label and its filled features written out as rows of one width; None where the lines are not of this form.

    Args:
        lines: All lines.
        most_cells: Cells that there may be when written out.
    """
    filled = [line for line in lines if line.strip()]
    matched = [bool(_SPARSE.fullmatch(line)) for line in filled]
    if not filled or sum(matched) < _NEARLY_ALL * len(filled):
        return None
    aside: list[str] = []
    records: list[tuple[str, dict[str, str]]] = []
    for line, fits in zip(filled, matched, strict=True):
        features, _, comment = line.partition("#")
        pairs = _PAIR.findall(features) if fits else []
        record = dict(pairs)
        if not fits or len(record) < len(pairs):
            aside.append(line)
        elif comment.strip():
            aside.append(comment)
        if fits:
            records.append((line.split(maxsplit=1)[0], record))
    names = sorted({name for _, record in records for name in record}, key=lambda name: (len(name), name))
    shown = names[: min(_MOST_FEATURES, most_cells // len(records))]
    rows = [("label", *(f"feature {name}" for name in shown))]
    rows += [(label, *(record.get(name, "0") for name in shown)) for label, record in records]
    return Sparse(rows, "\n".join(aside), len(names), len(shown))


__all__ = ["Sparse", "frame_blocks", "sparse_rows", "unboxed"]
