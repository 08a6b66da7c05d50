"""Which delimiter and quote a text uses: tried out on its lines, never guessed from letters alone.

A candidate is better the more lines it cuts into the same number of clean cells. `csv.Sniffer` is not used: it is quadratic on quotes.
"""

from __future__ import annotations

import csv
import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

Row = tuple[str, ...]

SAMPLE_CHARACTERS = 64 * 1024
SAMPLE_LINES = 300
_LINE_CHARACTERS = 8192
# of lines longer than that the first few are tried whole: cut off at a length, no two of them have the same number of cells
_FEWEST_WHOLE, _WHOLE_CHARACTERS, _LONGEST_WHOLE = 4, 512 * 1024, 8 << 20
_CELLS = 64
QUOTED_LINES = 200
_REWINDS = 20
# how readily each candidate stands in ordinary text, and so how much less its presence proves
_TRUST = {"\t": 1.15, ";": 1.05, "|": 1.05, ",": 1.0, "^": 0.95, "~": 0.9, " ": 0.8, ":": 0.55}
DELIMITERS = tuple(_TRUST)

csv.field_size_limit(1 << 28)

_NUMBER = re.compile(
    r"[<>~=\u00a3$\u20ac]{0,2}\s*[(\[]?[+-]?(?:\d{1,3}(?:[ ,.'\u00a0\u202f]\d{3})*(?:[.,]\d+)?|\d+(?:[.,]\d+)?|[.,]\d+)(?:[eE][+-]?\d+)?\s*[%\])*]{0,4}"
)
_STRAY = re.compile(r"[;\t|^]|,\S|^[\"']|[\"']$|\S {3,}\S")
_WORDS = re.compile(r"[.!?]\s+[A-Z]|(?:\S+\s+){8,}")
# two alleles with a bar between, alone in a cell of another delimiter
_PHASED = re.compile(r"(?<![^,;\t\n \"'])([\dA-Z.])\|([\dA-Z.])(?![^,;\t\n \"':])")
_FEWEST_HEADS, _FEWEST_HEADED = 4, 5
_MOSTLY = 0.8


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a run of lines is cut.

    Attributes:
        delimiter: One character; " " stands for any run of blanks; "" for lines that are one cell each.
        quote: Quote character, "" where quotes are ordinary characters.
        escape: Character that escapes a quote inside a quoted cell, "" where a quote is doubled.
        score: 0 to about 1.3: how well it cuts the sample.
        width: Commonest number of cells.
    """

    delimiter: str
    quote: str = '"'
    escape: str = ""
    score: float = 0.0
    width: int = 1


WHOLE_LINES = Dialect("", "")


def sample_lines(lines: Sequence[str]) -> list[str]:
    """Lines to try candidates on: the first ones, and some from the middle and the end, at most 64 kB of them; of very long lines the first few, whole."""
    filled = [line for line in lines[:SAMPLE_LINES] if line.strip()]
    if sum(len(line) > _LINE_CHARACTERS for line in filled) * 2 > len(filled):
        return _whole_lines(filled)
    if len(lines) <= SAMPLE_LINES:
        picked = list(lines)
    else:
        third = SAMPLE_LINES // 3
        middle = len(lines) // 2
        picked = [*lines[:third], *lines[middle : middle + third], *lines[-third:]]
    room = SAMPLE_CHARACTERS
    kept = []
    for line in picked:
        kept.append(line[: min(_LINE_CHARACTERS, room)])
        room -= len(kept[-1])
        if room <= 0:
            break
    return kept


def _whole_lines(lines: Sequence[str]) -> list[str]:
    """The first very long lines, whole as far as that is affordable."""
    room = _WHOLE_CHARACTERS
    kept: list[str] = []
    for line in lines:
        if room <= 0 and len(kept) >= _FEWEST_WHOLE:
            break
        kept.append(line[:_LONGEST_WHOLE])
        room -= len(line)
    return kept


def choose(lines: Sequence[str], delimiters: Sequence[str] = DELIMITERS) -> Dialect:
    """The dialect that cuts the lines best; `WHOLE_LINES` where none gives two columns."""
    sample = [line for line in sample_lines(lines) if line.strip()]
    best = WHOLE_LINES
    if not sample:
        return best
    text = "\n".join(sample)
    bars = text.count("|")
    if bars and _phased(text, bars):
        sample = [_PHASED.sub(r"\1/\2", line) for line in sample]
        text = "\n".join(sample)
    if " " in delimiters and headed_between_blanks(sample):
        return try_out(sample, Dialect(" ", '"', ""))
    for delimiter in delimiters:
        present = " " in text or "\t" in text if delimiter == " " else delimiter in text
        if not present:
            continue
        for quote in _quotes(text, delimiter):
            candidate = try_out(sample, Dialect(delimiter, quote, _escape(text, quote)))
            if candidate.score > best.score:
                best = candidate
    return best


def headed_between_blanks(sample: Sequence[str]) -> bool:
    """True where different words between blanks, with no other delimiter among them, head as many fields in every line: lists in cells are cells."""
    header = sample[0].split()
    if (
        len(header) < _FEWEST_HEADS
        or len(set(header)) < len(header)
        or any(mark in sample[0] for mark in '",;|\t')
        or len(sample) < _FEWEST_HEADED
    ):
        return False
    if any(not head[0].isalpha() for head in header):
        return False
    return all(len(line.split()) == len(header) for line in sample) and not any('"' in line for line in sample)


def _phased(text: str, bars: int) -> bool:
    """True where bars stand between two alleles, and another delimiter between the cells."""
    calls = len(_PHASED.findall(text))
    return calls >= _MOSTLY * bars and any(2 * text.count(mark) >= calls for mark in ",;\t ")


def _quotes(text: str, delimiter: str) -> tuple[str, ...]:
    """Quote characters worth trying: those that stand directly beside a delimiter or line end."""
    edge = r"[ \t]" if delimiter == " " else re.escape(delimiter)
    found = [
        quote
        for quote in ('"', "'")
        if quote in text and re.search(rf"(?:^|{edge} ?){quote}[^\n{quote}]*{quote} ?(?:$|{edge})", text, re.MULTILINE)
    ]
    # a quote may stand behind the lines that were looked at
    return tuple(found) or ('"',)


def _escape(text: str, quote: str) -> str:
    """A backslash where it stands before quotes inside cells, as some databases write them."""
    return "\\" if quote and f"\\{quote}" in text and quote * 2 not in text.replace(f",{quote}{quote}", "") else ""


def try_out(sample: Sequence[str], dialect: Dialect) -> Dialect:
    """The dialect with its score on these lines."""
    rows, _ = cut(sample, dialect)
    widths = Counter(len(row) for row in rows if len(row) > 1)
    if not widths:
        return Dialect(dialect.delimiter, dialect.quote, dialect.escape)
    total = sum(1 for row in rows if any(row))
    width = max(widths, key=lambda wide: (widths[wide] * math.sqrt(wide), wide))
    even = _even_share(rows, total)
    clean = _clean_share(rows)
    breadth = 1 - 0.5 / max(1, width - 1) if width > 1 else 0.0
    score = even * clean * (0.6 + 0.4 * breadth) * _TRUST.get(dialect.delimiter, 0.9)
    if dialect.delimiter in " :" and (even < 0.8 or clean < 0.8):
        score *= 0.4
    if dialect.delimiter == " " and sum("\t" in line for line in sample) > len(sample) // 2:
        score *= 0.5
    return Dialect(dialect.delimiter, dialect.quote, dialect.escape, score, width)


def _even_share(rows: Sequence[Row], total: int) -> float:
    """Share of the filled rows that lie beside a row of the same width (two or more), give or take empty cells at the end."""
    even = 0
    widths = [len(row) if any(row) else 0 for row in rows]
    filled = [width for width in widths if width]
    for place, width in enumerate(filled):
        beside = filled[max(0, place - 2) : place] + filled[place + 1 : place + 3]
        if width > 1 and (width in beside or not beside):
            even += 1
    return even / total if total else 0.0


def _clean_share(rows: Sequence[Row]) -> float:
    """Share of the filled cells that look like one value: a number, or words without another delimiter or half a pair of quotes."""
    good = bad = 0
    for row in rows:
        if len(row) < 2:
            continue
        for cell in row[:_CELLS]:
            if not cell:
                continue
            whole = cell.count("[") == cell.count("]") and cell.count("(") == cell.count(")")
            if whole and (_NUMBER.fullmatch(cell) or not (_STRAY.search(cell) or _WORDS.search(cell[:200]))):
                good += 1
            else:
                bad += 1
    return (good + 0.5) / (good + bad + 0.5)


@dataclass(slots=True)
class _Feed:
    """Lines for `csv.reader`, with a place that can be set back."""

    lines: Sequence[str]
    place: int = 0

    def __iter__(self) -> _Feed:
        return self

    def __next__(self) -> str:
        if self.place >= len(self.lines):
            raise StopIteration
        self.place += 1
        return self.lines[self.place - 1] + "\n"


def cut(lines: Sequence[str], dialect: Dialect) -> tuple[list[Row], int]:
    """Rows of stripped cells; a blank line gives an empty row.

    Returns:
        The rows, and the number of places where a quote was opened and not closed: those lines are cut as if it were no quote.
    """
    if not dialect.delimiter:
        return [(line.strip(),) if line.strip() else () for line in lines], 0
    if not dialect.quote or not any(dialect.quote in line for line in lines):
        return [_plain(line, dialect.delimiter) for line in lines], 0
    rows: list[Row] = []
    feed = _Feed(lines)
    broken = 0
    while feed.place < len(lines):
        if broken > _REWINDS:
            rows.extend(_plain(line, dialect.delimiter) for line in lines[feed.place :])
            break
        broken += _cut_quoted(feed, dialect, rows)
    return rows, broken


def _cut_quoted(feed: _Feed, dialect: Dialect, rows: list[Row]) -> int:
    """Cut lines with quotes until the end, or until a quote turns out to be open. Returns 1 in that case, with the feed set behind the line."""
    blanks = dialect.delimiter == " "
    source = _stripped(feed) if blanks else feed
    reader = csv.reader(
        source, delimiter=dialect.delimiter, quotechar=dialect.quote, escapechar=dialect.escape or None, skipinitialspace=True
    )
    start = feed.place
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return 0
        except csv.Error:
            row = None
        taken = feed.place - start
        if row is None or (taken > 1 and _open_quote(feed.lines[start : feed.place], dialect)):
            rows.append(_plain(feed.lines[start], dialect.delimiter))
            feed.place = start + 1
            return 1
        rows.append(_strip(row))
        start = feed.place


def _stripped(feed: _Feed) -> _Blanks:
    return _Blanks(feed)


@dataclass(slots=True)
class _Blanks:
    """Lines whose tabs are blanks and which end in no blank, so that a run of blanks delimits."""

    feed: _Feed

    def __iter__(self) -> _Blanks:
        return self

    def __next__(self) -> str:
        return next(self.feed).replace("\t", " ").strip(" ")


def _open_quote(lines: Sequence[str], dialect: Dialect) -> bool:
    """True where a record of several lines is no properly quoted record: too long, odd quotes, or text behind a closing quote."""
    if len(lines) > QUOTED_LINES:
        return True
    raw = "\n".join(lines)
    if not dialect.escape and raw.count(dialect.quote) % 2:
        return True
    try:
        next(
            csv.reader(
                [line + "\n" for line in lines],
                delimiter=dialect.delimiter,
                quotechar=dialect.quote,
                escapechar=dialect.escape or None,
                skipinitialspace=True,
                strict=True,
            )
        )
    except csv.Error:
        return True
    return False


def _plain(line: str, delimiter: str) -> Row:
    """Cut without quotes."""
    if delimiter == " ":
        return tuple(line.split())
    cells = line.split(delimiter)
    if '"' not in line and line.split() == (cells if delimiter == "\t" else [line]):  # neither blanks nor quotes around any cell
        return tuple(cells)
    if not line.strip():
        return ()
    return tuple([cell.strip().strip('"') for cell in cells])


def _strip(row: list[str]) -> Row:
    """Cells without blanks around them; a row of nothing at all is empty."""
    return tuple([cell.strip() for cell in row]) if any(row) or len(row) > 1 else ()
