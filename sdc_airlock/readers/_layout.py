"""How the lines of a delimited file are laid out: one dialect for most of them, and others for the runs that clearly use another."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sdc_airlock.readers._columns import is_number
from sdc_airlock.readers._dialect import (
    DELIMITERS,
    WHOLE_LINES,
    Dialect,
    Row,
    choose,
    cut,
    headed_between_blanks,
    sample_lines,
    try_out,
)

_OTHERS = ("\t", ";", "|", ",")
_RUN = 3
_CLEARLY = 1.35
_GOOD = 0.3
_TRIALS = 400
_FEWEST_NAMED, _NARROWEST_NAMED = 2, 3
_SEPARATOR_LINE = re.compile(r"[\"']?sep=(.|\\t)[\"']?", re.IGNORECASE)
COMMENT = re.compile(r"\s*(?:#|%|//|!|>>)")
_SETTING = re.compile(r"\s*#+ [A-Za-z][\w ]{1,40} = \S")


@dataclass(frozen=True, slots=True)
class Stretch:
    """Lines from `start` up to `end` (not included) that use one dialect."""

    start: int
    end: int
    dialect: Dialect


def declared_delimiter(lines: Sequence[str]) -> str:
    """The delimiter that a first line `sep=;` declares, "" where there is no such line."""
    match = _SEPARATOR_LINE.fullmatch(lines[0].strip("\r\n\x00 ")) if lines else None
    if not match:
        return ""
    return "\t" if match[1] == "\\t" else match[1]


def lay_out(lines: Sequence[str]) -> list[Stretch]:
    """The dialect of each stretch of lines; the stretches cover every line."""
    declared = declared_delimiter(lines)
    uncommented = [line for line in lines if not COMMENT.match(line)]
    body = uncommented if len(uncommented) > 1 else lines
    if declared:
        main = choose(lines[1:], (declared,)) if declared in DELIMITERS else Dialect(declared)
        main = Dialect(declared) if main is WHOLE_LINES else main
        return [Stretch(0, 1, WHOLE_LINES), Stretch(1, len(lines), main)]
    main = choose(body)
    if main.delimiter == " " and headed_between_blanks([line for line in body if line.strip()]):
        return [Stretch(0, len(lines), main)]
    return _fill(lines, main, _exceptions(lines, main))


def _exceptions(lines: Sequence[str], main: Dialect) -> list[Stretch]:
    """Runs of lines that another delimiter cuts clearly better."""
    found: list[Stretch] = []
    trials = 0
    for delimiter in _OTHERS:
        if delimiter == main.delimiter:
            continue
        for start, end in _even_runs(lines, delimiter):
            trials += 1
            if trials > _TRIALS:
                return found
            sample = [line for line in sample_lines(lines[start:end]) if line.strip()][:60]
            other = choose(sample, (delimiter,))
            here = try_out(sample, main).score if main.delimiter else 0.0
            if other.score > _GOOD and other.score > here * _CLEARLY and not any(run.start < end and start < run.end for run in found):
                found.append(Stretch(start, end, other))
    return sorted(found, key=lambda run: run.start)


def _even_runs(lines: Sequence[str], delimiter: str) -> Iterator[tuple[int, int]]:
    """Runs of three or more lines that hold the delimiter equally often."""
    start, count = 0, 0
    for place, line in enumerate([*lines, ""]):
        here = line.count(delimiter) if place < len(lines) else 0
        if here != count:
            if count and place - start >= _RUN:
                yield start, place
            start, count = place, here


def _fill(lines: Sequence[str], main: Dialect, exceptions: Sequence[Stretch]) -> list[Stretch]:
    stretches: list[Stretch] = []
    place = 0
    for exception in exceptions:
        if exception.start > place:
            stretches.append(Stretch(place, exception.start, main))
        stretches.append(exception)
        place = exception.end
    if place < len(lines) or not stretches:
        stretches.append(Stretch(place, len(lines), main))
    return stretches


def rows_of(lines: Sequence[str]) -> tuple[list[Row], int]:
    """Rows of all lines, each stretch by its own dialect; comment lines that are no row of the table are one cell.

    Returns:
        The rows, and the number of quotes that were opened and not closed.
    """
    rows: list[Row] = []
    broken = 0
    for stretch in lay_out(lines):
        part = lines[stretch.start : stretch.end]
        cells, bad = cut(part, stretch.dialect)
        broken += bad
        if len(cells) == len(part):
            cells = [_comment(line, row, stretch.dialect) for line, row in zip(part, cells, strict=True)]
        rows.extend(_named_rows(cells))
    return rows, broken


def _named_rows(rows: list[Row]) -> list[Row]:
    """Rows under a header that is one cell short, because it does not name the names of the rows, as R writes it."""
    filled = [place for place, row in enumerate(rows) if row]
    if len(filled) <= _FEWEST_NAMED:
        return rows
    header, width = rows[filled[0]], len(rows[filled[1]])
    if width < _NARROWEST_NAMED or len(header) != width - 1 or not all(header) or any(len(rows[place]) != width for place in filled[1:]):
        return rows
    names = [rows[place][0] for place in filled[1:]]
    if len(set(names)) < len(names) or any(is_number(cell) for cell in header):
        return rows
    return [("", *row) if place == filled[0] else row for place, row in enumerate(rows)]


def _comment(line: str, row: Row, dialect: Dialect) -> Row:
    if len(row) > 1 and (len(row) != dialect.width or _SETTING.match(line)) and COMMENT.match(line):
        return (line.strip(),)
    return row
