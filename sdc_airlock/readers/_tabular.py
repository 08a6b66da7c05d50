"""Tables inside plain text: runs of lines cut by delimiters, aligned in columns, ruled with bars, or printed as one `name: value` block a record."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sdc_airlock.model.content import GridSource
from sdc_airlock.readers._block import Block
from sdc_airlock.readers._columns import (
    Row,
    Span,
    cut_columns,
    find_spans,
    fits,
    is_number,
    is_ruler,
    plain_box,
)
from sdc_airlock.readers._dialect import choose, cut
from sdc_airlock.readers._flat_tables import flat_tables
from sdc_airlock.readers._keyed_crosstabs import keyed_crosstabs
from sdc_airlock.readers._named_lines import marked, named_records
from sdc_airlock.readers._printed_values import named_values
from sdc_airlock.readers._ragged import ragged
from sdc_airlock.readers._right_aligned import right_aligned
from sdc_airlock.readers._stacked_cells import stacked_crosstabs

_CHUNKS = re.compile(r"\s*\|\s*|\s{2,}")
_PROMPT = re.compile(r"(?:[.>+] |[.>+]$|>>>|In \[|Out\[|#|//|\$ |%)")
_STAMP = re.compile(r"\W{0,2}(?:\d{4}-\d\d-\d\d|\d{2}/\d\d/\d{2,4}|[A-Z][a-z]{2} +\d{1,2})?[T ,]*\d\d:\d\d(?::\d\d)?")
_ENUMERATOR = re.compile(r"\(?(?:\d{1,3}|[a-zA-Z]|[ivxIVX]{1,4})[.)]|[-*\u2022\u25e6]")
_SENTENCE = re.compile(r"[.!?:;,]$|[.!?] [A-Z]")
_QUOTED, _PLAIN, _TWO_MARKS = re.compile(r'"[^"]*"'), re.compile(r"[\w.+\- ]*"), 2
_LABEL = 48
_RULERS = 4
_KNOWN_LINES = 12
_COMPARISONS = 1000
_HEADER_LINES = 3


def find_tables(lines: Sequence[str], *, skip: Sequence[bool] = ()) -> list[Block]:
    """The table-like blocks of some lines, from top to bottom, not overlapping.

    Args:
        lines: Lines of text.
        skip: True for lines that are no candidates (code, prompts); empty for none.
    """
    taken = list(skip) if skip else [False] * len(lines)
    blocks: list[Block] = []
    for finder in (_stacked, keyed_crosstabs, _delimited, flat_tables, right_aligned, ragged, _aligned, named_records, marked):
        for block in finder(lines, taken):
            blocks.append(block)
            taken[block.start : block.end] = [True] * (block.end - block.start)
    return sorted(blocks, key=lambda block: block.start)


def aligned_rows(lines: Sequence[str]) -> list[Row]:
    """Every line as a row of cells, cut where the text is blank from top to bottom, block by block."""
    boxed = [plain_box(line) for line in lines]
    crosstabs = list(_stacked(boxed, [False] * len(boxed)))
    taken = [False] * len(boxed)
    for block in crosstabs:
        taken[block.start : block.end] = [True] * (block.end - block.start)
    for finder in (keyed_crosstabs, flat_tables, right_aligned):
        for block in finder(boxed, taken):
            crosstabs.append(block)
            taken[block.start : block.end] = [True] * (block.end - block.start)
    blocks = [*crosstabs, *_aligned(boxed, taken)]
    filled = sum(1 for line in boxed if line.strip() and not is_ruler(line))
    covered = sum(1 for block in blocks for row in block.rows if row)
    if covered < 0.5 * filled and not crosstabs:
        return cut_columns(boxed, find_spans(boxed))
    rows: list[Row] = [(line.strip(),) if line.strip() else () for line in boxed]
    for block in blocks:
        rows[block.start : block.end] = block.rows
    return rows


def _stacked(lines: Sequence[str], taken: Sequence[bool]) -> Iterator[Block]:
    """Crosstabs with several numbers in every cell."""
    for start, end, rows in stacked_crosstabs(lines, taken):
        yield Block(start, end, rows, GridSource.TEXT, header_rows=1)


# delimited runs


def _delimited(lines: Sequence[str], taken: Sequence[bool]) -> Iterator[Block]:
    """Runs of lines with the same number of tabs, bars, semicolons, commas, or blanks between quoted words, and cells that are values."""
    found: list[tuple[int, int]] = []
    for delimiter in "\t|;, ":
        for start, end in _runs_with(lines, [*map(_unquoted, lines, taken)] if delimiter == " " else taken, delimiter):
            if any(begin < end and start < stop for begin, stop in found):
                continue
            block = _delimited_block(lines, start, end, delimiter)
            if block is not None:
                found.append((block.start, block.end))
                yield block


def _unquoted(line: str, taken: bool) -> bool:  # noqa: FBT001 - one of two sequences side by side
    """True for lines that are no candidates for words in quotes between blanks: what stands outside the quotes is no plain cell."""
    return taken or line.count('"') < _TWO_MARKS or not _PLAIN.fullmatch(_QUOTED.sub(" ", line))


def _runs_with(lines: Sequence[str], taken: Sequence[bool], delimiter: str) -> Iterator[tuple[int, int]]:
    """Runs of three or more neighbouring lines that hold a delimiter; rulers belong to them, blank lines end them."""
    start = None
    drawn = delimiter == "|"
    for place, (line, other) in enumerate(itertools.chain(zip(lines, taken, strict=True), [("", False)])):
        inside = not other and (delimiter in line or (drawn and ("\u2502" in line or "\u2551" in line)))
        if not inside and drawn and start is not None:
            inside = not other and bool(line.strip()) and is_ruler(plain_box(line))
        if inside and start is None:
            start = place
        elif not inside and start is not None:
            if place - start >= 3:
                yield start, place
            start = None


def _delimited_block(lines: Sequence[str], start: int, end: int, delimiter: str) -> Block | None:
    """The run as a table, None where its cells are no values or its lines are cut unevenly."""
    if delimiter == "|":
        return _barred(lines, start, end)
    body = list(lines[start:end])
    if delimiter == "\t" and sum(line.rstrip().lstrip("\t").count("\t") > 0 for line in body) < 0.6 * len(body):
        return None
    dialect = choose(body, (delimiter,))
    if dialect.score < (0.35 if delimiter == "\t" else 0.6):
        return None
    rows, _ = cut(body, dialect)
    if delimiter in ",;" and _sentences(body, delimiter):
        return None
    if len(rows) != len(body) or not _of_values(rows, strict=delimiter in ",;"):
        return None
    return Block(start, end, tuple(rows), GridSource.DELIMITED)


def _sentences(lines: Sequence[str], delimiter: str) -> bool:
    """True for lines in which commas part clauses: a blank behind most of them, and ends of sentences."""
    marks = sum(line.count(delimiter) for line in lines)
    spaced = sum(line.count(delimiter + " ") for line in lines)
    ended = sum(line.rstrip()[-1:] in ".!?:;," for line in lines)
    return 2 * spaced > marks and 3 * ended > len(lines)


def _of_values(rows: Sequence[Row], *, strict: bool) -> bool:
    """True where some column is numbers, or the cells are short and the rows several and even."""
    width = max(map(len, rows), default=0)
    if width < 2:
        return False
    cells = [cell for row in rows for cell in row if cell]
    numbers = sum(map(is_number, cells)) / max(1, len(cells))
    lengths = sum(map(len, cells)) / max(1, len(cells))
    wordy = sum(len(cell.split()) > 6 for cell in cells) / max(1, len(cells))
    if numbers >= 0.2 and wordy < 0.25:
        return True
    return wordy < 0.05 and lengths < 24 and (width >= 3 if strict else True) and len(rows) >= (4 if strict else 3)


def _barred(lines: Sequence[str], start: int, end: int) -> Block | None:
    """Lines ruled with bars: every bar parts two cells; where a cell under one bar holds several aligned numbers it is left to the aligned finder."""
    body = [plain_box(line) for line in lines[start:end]]
    counts = [line.count("|") for line in body if not is_ruler(line)]
    typical = max(set(counts), key=counts.count) if counts else 0
    outer = [line.strip().startswith("|") for line in body if not is_ruler(line)]
    if typical < 2 or counts.count(typical) < 0.7 * len(counts):
        return None
    if not all(outer) and any(re.search(r"\d\s{2,}\S*\d", line) for line in body):
        return None
    rows = tuple((line.strip(),) if is_ruler(line) else _bar_cells(line) for line in body)
    ruler = next((place for place, line in enumerate(body) if place and is_ruler(line)), None)
    header = sum(1 for row in rows[:ruler] if len(row) > 1) if ruler and not is_ruler(body[0]) else None
    return Block(start, end, rows, GridSource.TEXT, header if header and header < len(rows) - 1 else None)


def _bar_cells(line: str) -> Row:
    inner = line.strip()
    inner = inner.removeprefix("|")
    inner = inner.removesuffix("|")
    return tuple(cell.strip() for cell in inner.split("|"))


# aligned columns


def _tabular(line: str) -> bool:
    """True for a line that could be a row of aligned cells: several pieces of which one is a number, or mostly numbers."""
    stripped = line.strip()
    if not stripped or len(stripped) > 2000 or _PROMPT.match(line) or _STAMP.match(stripped):
        return False
    barred = "|" in stripped
    chunks = [chunk for chunk in _CHUNKS.split(stripped) if chunk]
    if chunks and _ENUMERATOR.fullmatch(chunks[0]) and not barred:
        chunks = chunks[1:]
    if len(chunks) >= 2 and any(any(is_number(token) for token in chunk.split()) and len(chunk.split()) <= 12 for chunk in chunks[1:]):
        return not (len(chunks) == 2 and len(chunks[0]) > 80)
    if barred and chunks and len(chunks) <= 40:
        return bool(re.search(r"\S\s+\|(\s|$)|^\|", stripped + " "))
    if len(chunks) >= 3 and max(map(len, chunks)) <= 24:
        return True
    tokens = stripped.split()
    numbers = sum(map(is_number, tokens))
    return numbers >= 2 and 2 * numbers >= len(tokens)


def _aligned(lines: Sequence[str], taken: Sequence[bool]) -> Iterator[Block]:
    """Runs of tabular lines that share blank columns."""
    boxed = [plain_box(line) if not skip else "" for line, skip in zip(lines, taken, strict=True)]
    marks = [_tabular(line) for line in boxed]
    rulers = [bool(line.strip()) and is_ruler(line) for line in boxed]
    floor = 0
    for start, end in _Page(boxed, marks, rulers).runs():
        begin = _with_header(boxed, rulers, taken, start, floor)
        block = _aligned_block(boxed, begin, start, end, marks, rulers)
        if block is not None:
            floor = block.end
            yield block


@dataclass(slots=True)
class _Page:
    """The lines of a text and what is known of each.

    Attributes:
        marks: Lines that could be rows; rulers: lines of dashes.
        compared: How often the columns above and below a blank line were compared; that is costly, so it is done so many times only.
    """

    lines: Sequence[str]
    marks: Sequence[bool]
    rulers: Sequence[bool]
    compared: int = 0

    def runs(self) -> Iterator[tuple[int, int]]:
        """Runs of tabular lines; a single label, blank or ruler between two of them does not end a run."""
        place, count = 0, len(self.lines)
        while place < count:
            if not self.marks[place]:
                place += 1
                continue
            start, end = place, place + 1
            known: list[Span] = []
            while end < count:
                if self.marks[end]:
                    end += 1
                    continue
                ahead, blank = self._ahead(end)
                if ahead is None:
                    break
                if blank and not known and end - start >= _KNOWN_LINES:
                    known = find_spans(self.lines[end - _KNOWN_LINES : end])
                if blank and not self._same_columns(start, end, ahead, known):
                    break
                end = ahead
            while end < count and self.rulers[end] and end - 1 > start:
                end += 1
            yield start, end
            place = end

    def _ahead(self, end: int) -> tuple[int | None, bool]:
        """Where the next row lies behind lines that are no rows (rulers, one short label, one blank line), and whether a blank one lies between."""
        ahead, blank, labels = end, 0, 0
        while ahead < len(self.lines) and not self.marks[ahead]:
            line = self.lines[ahead].strip()
            if not line:
                blank += 1
            elif not self.rulers[ahead]:
                if len(line) > _LABEL or _SENTENCE.search(line) or _PROMPT.match(self.lines[ahead]):
                    return None, False
                labels += 1
            if blank > 1 or labels > 1 or ahead - end > _RULERS:
                return None, False
            ahead += 1
        return (ahead if ahead < len(self.lines) else None), bool(blank)

    def _same_columns(self, start: int, end: int, ahead: int, known: list[Span]) -> bool:
        """True where the lines behind a blank one lie in the columns of those before it, and begin with a row of numbers, not with a new header."""
        lines, stop = self.lines, ahead
        while stop < len(lines) and self.marks[stop] and stop < ahead + 60:
            stop += 1
        if not any(is_number(token) for token in lines[ahead].replace("|", " ").split()):
            return False
        if len(known) > 1 and all(fits(line, known) for line in lines[ahead : ahead + 3]):
            return True
        self.compared += 1
        if self.compared > _COMPARISONS:
            return False
        above, below = lines[max(start, end - 60) : end], lines[ahead:stop]
        return len(find_spans([*above, *below])) >= max(2, len(find_spans(above)), len(find_spans(below)))


def _with_header(lines: Sequence[str], rulers: Sequence[bool], taken: Sequence[bool], start: int, floor: int) -> int:
    """Where the header above a run begins: up to three lines of short words or rulers that lie directly above."""
    begin = start
    while begin > floor and start - begin < _HEADER_LINES + 2 and not taken[begin - 1]:
        line = lines[begin - 1]
        if not line.strip() or _PROMPT.match(line):
            break
        words = line.split()
        indented = line.startswith("  ") and len(words) <= 12
        apart = bool(re.search(r"\S\s{2,}\S|\|", line.strip()))
        if not (rulers[begin - 1] or ((indented or apart) and not re.search(r"[.!?:]$|[.!?] ", line.strip()))):
            break
        begin -= 1
    return begin


def _aligned_block(lines: Sequence[str], begin: int, start: int, end: int, marks: Sequence[bool], rulers: Sequence[bool]) -> Block | None:
    """The run as a table, None where it has no two columns or hardly any numbers."""
    body = [lines[place] for place in range(start, end) if marks[place]]
    ruled = any(rulers[begin:end])
    if len(body) < (2 if ruled or begin < start else 3):
        return None
    numbered = [line for line in body if any(map(is_number, line.replace("|", " ").split()))]
    spans = find_spans(numbered if len(numbered) > 1 else body)
    if len(spans) < 2 or not _enough_numbers(body, spans):
        return None
    rows = cut_columns(lines[begin:end], spans)
    if named := named_values([line for line, ruler in zip(lines[begin:end], rulers[begin:end], strict=True) if not ruler]):
        return Block(begin, end, tuple(named), GridSource.FIXED_WIDTH, 0)
    header = _ruled_header(rows, rulers[begin:end])
    return Block(begin, end, tuple(rows), GridSource.FIXED_WIDTH, header)


def _enough_numbers(body: Sequence[str], spans: Sequence[Span]) -> bool:
    """True where cells behind the first column are numbers, or the rows are many, short and even."""
    cells = [cell for row in cut_columns(body[:400], spans) for cell in row[1:] if cell]
    share = sum(is_number(cell) or any(map(str.isdigit, cell[:3])) for cell in cells) / max(1, len(cells))
    if share >= 0.3:
        return True
    return len(spans) >= 3 and len(body) >= 4 and max(map(len, cells), default=99) <= 24


def _ruled_header(rows: Sequence[Row], rulers: Sequence[bool]) -> int | None:
    """How many rows lie above the first inner ruler, None where it parts off no header."""
    lines = [place for place, ruler in enumerate(rulers) if ruler and place]
    if not lines or lines[0] > _HEADER_LINES + 1:
        return None
    above = [row for row, ruler in zip(rows[: lines[0]], rulers, strict=False) if row and not ruler]
    return len(above) if above and lines[0] < len(rows) - 1 else None


# one block of `name: value` lines a record
