"""Tables inside one string, however its rows are parted: a cell, a key, a note, a line of prose, a comment of a style sheet."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

from sdc_airlock.model.content import GridSource
from sdc_airlock.readers._alike import alike_blocks
from sdc_airlock.readers._block import Block
from sdc_airlock.readers._lines import split_lines
from sdc_airlock.readers._patterned import patterned_blocks
from sdc_airlock.readers._tabular import find_tables
from sdc_airlock.readers._tidy import recorded

SHORTEST = 160
LONGEST = 1 << 20
_FEWEST_ROWS = 8
_FEWEST_FIELDS = 3
# records among other entries are as many, at least
_FEWEST_AMONG = 12
_LONGEST_ROW = 2000
_SHARE = 0.5
_STRETCH = 60
_PIECE = 240
_MOST_CELLS = 20_000
_WINDOW = 1 << 14
LONGEST_ENTRY = 20_000
LONGEST_TEXT = 4 << 20
_SAME = 0.8
_NUMBER = re.compile(r"[-+]?\d+(?:\.\d+)?")
# one number, its thousands parted by commas
_GROUPED = re.compile(r"\W*\d{1,3}(?:,\d{3})+(?:\.\d+)?\W*")
_PARTED = re.compile(r"[,;|&\t]")
_LONGEST_SCATTERED, _LONGEST_FIELD, _FEW_WORDS, _NUMBERS_OF_RECORD = 240, 30, 2, 2
_WORDS = re.compile(r"[A-Za-z0-9][A-Za-z0-9.]*")
_NEARLY = 0.9
_SPLITS = (re.compile(r"[,;|&\t]+"), re.compile(r"[^A-Za-z0-9.+]+"))
_ENTRIES = (
    re.compile(r"[\r\n]+"),
    re.compile(r"[\r\n;|]+"),
    re.compile(r"[\r\n,]+"),
    re.compile(r"[\r\n|]+"),
    re.compile(r"[\r\n/]+"),
    re.compile(r"[\r\n&]+"),
    re.compile(r"[\r\n#]+"),
    re.compile(r"(?:\\n|[\r\n])+"),
    re.compile(r"\s+"),
)
_FIELD = re.compile(r"[^\s,;|:/=_]+")
_APART = re.compile(r"[^\S\n]|[,;|:/=_]")
_PAIR = re.compile(r"\W{0,12}[A-Za-z_][\w .-]{0,40}\W{0,4}[:=].{1,200}")
_DIGITS = re.compile(r"\d")
_DIGITS_EVERY = 40
# what parts rows where no line ends do, the likeliest first
_PARTINGS = (
    re.compile(r"(?:\\r)?\\n|\\r"),
    re.compile(r"<br\s*/?>", re.IGNORECASE),
    re.compile(r"[\x1e\x0b\x0c\u2028\u2029\x85\u00b6\u2022\u23ce]"),
    re.compile(r"(?:(?<!\s)\s++)?;\s++|;"),
    re.compile(r"\|\|"),
    re.compile(r"(?:(?<!\s)\s++)?\|\s*+"),
    re.compile(r"[~^#@$*!]+\s*"),
    re.compile(r"\]\s*+(?:,\s*+)?\[|\)\s*+(?:,\s*+)?\(|\}\s*+(?:,\s*+)?\{"),
    re.compile(r"\s{2,}"),
    re.compile(r"(?:(?<!\s)\s++)?//++\s*+|(?<!\s)\s++(?:/|--?)\s++"),
    re.compile(r"\. (?=\S)"),
    re.compile(r" "),
)
_SIGNS = ("\\n", "\\r", "<br", *";&|~^#@$*!])}/\x1e\x0b\x0c\u2028\u2029\x85\u00b6\u2022\u23ce", "  ", " - ", " -- ", ", ", ". ", " ")
_MARKS = re.compile(r"\\n|\\r|<br|[;&|~^#@$*!\])}/\x1e\x0b\x0c\u2028\u2029\x85\u00b6\u2022\u23ce]|  | - | -- |, |\. | ")


def promising(text: str) -> bool:
    """True for a text long enough for several rows, with as many digits somewhere as rows of people have: a cheap test."""
    if not SHORTEST <= len(text) <= LONGEST:
        return False
    return any(
        len(_DIGITS.findall(text, start, start + _WINDOW)) * _DIGITS_EVERY >= min(len(text) - start, _WINDOW)
        for start in range(0, len(text), _WINDOW)
    )


def shape(text: str) -> tuple[int, ...]:
    """What decides whether the rows of a string can be told: how long it is, how much of it is digits, and how often each parting stands in it, in powers of two."""
    signs = Counter(_MARKS.findall(text))
    return (len(text).bit_length(), 8 * len(_DIGITS.findall(text)) // len(text), *(signs[sign].bit_length() for sign in _SIGNS))


def periodic(line: str) -> bool:
    """True for a line whose words and numbers come again and again in one order, as the fields of several records do."""
    kinds = "".join("0" if word[0].isdigit() else "a" for word in _WORDS.findall(line))
    if kinds.count("0") < _FEWEST_ROWS:
        return False
    for period in range(_FEWEST_FIELDS, len(kinds) // _FEWEST_ROWS + 1):
        again = sum(map(str.__eq__, kinds, kinds[period:]))
        if again >= _NEARLY * (len(kinds) - period):
            return True
    return False


def string_blocks(text: str) -> list[Block]:
    """The tables of a string that has no layout of its own, nothing where no parting makes most of it into rows.

    Args:
        text: The string; line ends part its rows where it has any.
    """
    if not promising(text):
        return []
    lines = split_lines(text)
    if len(lines) >= _FEWEST_ROWS:
        return _records(told_blocks(lines), _FEWEST_FIELDS - 1)
    return parted_blocks(text)


def promising_somewhere(text: str) -> bool:
    """True for a text of any length some piece of which is promising."""
    return any(promising(text[start : start + LONGEST]) for start in range(0, len(text), LONGEST))


def parted_blocks(text: str) -> list[Block]:
    """The tables of one line whose rows are parted by something else than line ends; a long line is searched piece by piece."""
    if len(text) > LONGEST:
        return [block for start in range(0, len(text), LONGEST) for block in parted_blocks(text[start : start + LONGEST])]
    if not promising(text) or len(_MARKS.findall(text[: 1 << 14])) < _FEWEST_ROWS - 1:
        return []
    for parting in _PARTINGS:
        pieces = [piece for piece in (piece.strip() for piece in parting.split(text)) if piece]
        if len(pieces) < _FEWEST_ROWS or max(map(len, pieces)) > _LONGEST_ROW:
            continue
        if found := _records(told_blocks(pieces), _FEWEST_FIELDS):
            return [replace(block, start=0, end=1, scattered=()) for block in found]
    rows = entry_rows(text, words=True)
    return [Block(0, 1, rows, GridSource.RECORDS)] if numbered(rows) else []


def entry_rows(text: str, *, words: bool = False) -> tuple[tuple[str, ...], ...]:
    """The entries of a text as rows, where nearly all of them split into the same number of fields; else nothing.

    Args:
        text: Some text.
        words: Only entries without blanks count, as citations and lists in prose have them.
    """
    if len(text) > LONGEST_TEXT:
        pieces = (entry_rows(text[start : start + LONGEST_TEXT], words=words) for start in range(0, len(text), LONGEST_TEXT))
        return next(filter(None, pieces), ())
    for between in _ENTRIES:
        entries = [entry for entry in between.split(text) if entry.strip()]
        if len(set(entries)) < _FEWEST_ROWS or max(map(len, entries)) > LONGEST_ENTRY:
            continue
        if words and sum(len(entry.split()) > 1 for entry in entries) > (1 - _SAME) * len(entries):
            continue
        for split in _SPLITS:
            rows = [tuple(filter(None, (field.strip(" '\"{}()[]=\t") for field in split.split(entry)))) for entry in entries]
            width, count = Counter(map(len, rows)).most_common(1)[0]
            if width >= _FEWEST_FIELDS and count >= _SAME * len(rows):
                return without_prefixes([row for row in rows if len(row) == width])
            if words and (among := _among_others(rows)):
                return among
    return ()


def _among_others(rows: Sequence[tuple[str, ...]]) -> tuple[tuple[str, ...], ...]:
    """Rows of one width that stand among other entries, where they are many, differ, and two of their columns are numbers."""
    widths = Counter(len(row) for row in rows if len(row) > _FEWEST_FIELDS)
    if not widths:
        return ()
    width, count = widths.most_common(1)[0]
    if count < _FEWEST_AMONG:
        return ()
    found = [row for row in rows if len(row) == width]
    numbers = sum(sum(bool(_NUMBER.fullmatch(field)) for field in column) >= _SAME * count for column in zip(*found, strict=True))
    return without_prefixes(found) if numbers >= _NUMBERS_OF_RECORD and len(set(found)) >= _SAME * count else ()


def without_prefixes(rows: list[tuple[str, ...]]) -> tuple[tuple[str, ...], ...]:
    """Rows without what all fields of a column begin with (`https://a.example/?`, `word/media/`)."""
    columns = []
    for column in zip(*rows, strict=True):
        first, last = min(column), max(column)
        same = next((place for place, letter in enumerate(first) if place >= len(last) or last[place] != letter), len(first))
        while same and first[same - 1].isalnum():
            same -= 1
        columns.append([field[same:] for field in column])
    return tuple(zip(*columns, strict=True))


def numbered(rows: Sequence[Sequence[str]]) -> bool:
    """True for rows one of whose columns is of numbers."""
    return any(sum(bool(_NUMBER.fullmatch(field)) for field in column) >= _SAME * len(rows) for column in zip(*rows, strict=True))


def column_blocks(cells: Sequence[str]) -> list[Block]:
    """Records that the cells of one column tell, one a cell or one a run of cells."""
    together = "\n".join(cells)
    if "&" not in together and not _APART.search(together):  # one word each, which is nothing but itself
        return []
    telling = [_telling(cells[start : start + _STRETCH]) for start in range(0, len(cells), _STRETCH)]
    found: list[Block] = []
    for tells, group in groupby(range(len(telling)), telling.__getitem__):
        if tells:
            stretches = list(group)
            lines = [_sole_line(cell) for cell in cells[stretches[0] * _STRETCH : (stretches[-1] + 1) * _STRETCH]]
            for start in range(0, len(lines), _MOST_CELLS):
                found += _told(lines[start : start + _MOST_CELLS])
    return found or _scattered(cells)


def _scattered(cells: Sequence[str]) -> list[Block]:
    """Records in cells of their own among other texts: short fields between commas or semicolons, the same number in each, and two of them numbers."""
    rows: dict[tuple[int, str], dict[tuple[str, ...], None]] = {}
    for cell in cells:
        if len(cell) > _LONGEST_SCATTERED or len(marks := _PARTED.findall(cell)) < _FEWEST_FIELDS - 1:
            continue
        if _GROUPED.fullmatch(cell):
            continue
        fields = tuple(field.strip() for field in cell.split(marks[0]))
        if all(len(field) <= _LONGEST_FIELD and field.count(" ") < _FEW_WORDS for field in fields) and (
            sum(bool(_NUMBER.fullmatch(field)) for field in fields) >= _NUMBERS_OF_RECORD
        ):
            rows.setdefault((len(fields), marks[0]), {})[fields] = None
    found = [tuple(block) for block in rows.values() if len(block) >= _FEWEST_ROWS and numbered(tuple(block))]
    return [block for told in found for block in _records([Block(0, len(told), told, GridSource.RECORDS)], _FEWEST_FIELDS)]


def _told(lines: Sequence[str]) -> list[Block]:
    """Records among lines, where they are most of all lines or of some that follow one another."""
    if (whole := _records(told_blocks(lines), _FEWEST_FIELDS)) or len(lines) <= _PIECE:
        return whole
    pieces = (lines[start : start + _PIECE] for start in range(0, len(lines), _PIECE))
    return [block for piece in pieces for block in _records(told_blocks(piece), _FEWEST_FIELDS)]


def _telling(cells: Sequence[str]) -> bool:
    """True for cells half of which hold several fields, or a name and a value."""
    together = "\n".join(cells)
    if sum(bool(_ALLELE.fullmatch(cell) or _GROUPED.fullmatch(cell) or _SEQUENCES.fullmatch(cell)) for cell in cells) > _SHARE * len(cells):
        return False
    if not promising(together) or len(_APART.findall(together)) < _SHARE * len(cells):
        return False
    several = sum(len(_FIELD.findall(cell)) >= _FEWEST_FIELDS for cell in cells)
    return max(several, sum(bool(_PAIR.fullmatch(cell)) for cell in cells)) >= _SHARE * len(cells)


# an allele and its share or number, as frequencies by allele are written
# names of sequences of a genome: chr1_KI270706v1_random; "1,CM000663.2,NC_000001.11"
_SEQUENCES = re.compile(
    r"(?:chr)?(?:\d{1,2}|[XYM]|Un)_[A-Z]{2}\d{6}(?:v\d)?(?:_(?:random|alt|fix))?|(?:[\w.-]{1,24},)?[A-Z]{2}_?\d{6,9}\.\d{1,2}(?:,[A-Z]{2}_?\d{6,9}\.\d{1,2})*"
)
_ALLELE = re.compile(r"[ACGTN*]{1,20}:(?:\d+|[01]?\.\d+(?:e-?\d+)?)")


def _sole_line(cell: str) -> str:
    return " ".join(cell.split()) if "\n" in cell or "\r" in cell else cell


def told_blocks(lines: Sequence[str]) -> list[Block]:
    """The tables of some lines where they are most of what the lines say."""
    blocks = find_tables(lines)
    taken = _taken(blocks, len(lines))
    more = alike_blocks(lines, taken)
    taken = [old or new for old, new in zip(taken, _taken(more, len(lines)), strict=True)]
    blocks += more + patterned_blocks(lines, taken)
    inside = {place for block in blocks for place in block.places}
    if sum(len(lines[place]) for place in inside) < _SHARE * sum(map(len, lines)):
        return []
    return sorted(blocks, key=lambda block: block.start)


def _records(blocks: Sequence[Block], fewest: int) -> list[Block]:
    """The blocks that may be records, told plainly."""
    return [told for block in blocks if (told := recorded(block, fewest)) is not None]


def _taken(blocks: Sequence[Block], count: int) -> list[bool]:
    taken = [False] * count
    for block in blocks:
        for place in block.places:
            taken[place] = True
    return taken
