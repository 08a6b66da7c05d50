"""Records told in lines, or blocks of lines, of one build: the same words and marks in the same order, around values that change.

Where `_alike` looks for sentences, this looks for anything a program would print or a person would type again and again: items of a
list, headings, commands, warnings, entries of a bibliography, rules of a style sheet, blocks of a calendar.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

from sdc_airlock.model.content import GridSource
from sdc_airlock.readers._alike import CLOCK, wordy
from sdc_airlock.readers._block import Block
from sdc_airlock.readers._columns import Row

_TOKEN = re.compile(
    r"\"(?P<double>[^\"\n]{0,200})\"|'(?P<single>[^'\n]{0,200})'|(?P<date>\d{4}-\d\d-\d\d|\d\d/\d\d/\d{4})|(?P<unit>(?<![\w.])\d+(?:\.\d+)?)(?=[A-Za-z%]{1,5}\b)"
    r"|(?P<value>[^\W_]*\d[^\W_]*(?:[.:][^\W_]+)*)|(?P<word>[^\W\d_]+)|(?P<mark>[^\s\w]|_|\t)"
)
_DOTTED = re.compile(r"\d+(?:\.\d+){2,}")
_NUMBERED = re.compile(r"\d{4}")
_PARTED = re.compile(r"[\s,;|/]+")
_LONGEST_LINE = 2000
_FEWEST = 12
_GAPS = 3
_WIDEST = 60
_LONGEST_BLOCK = 24
_SAME_BLOCKS = 0.8
_DISTINCT = 0.8
_NAMED = 0.5
_FEW_WORDS = 3
_TOLD = 2
_JOINS = frozenset(":=")

Token = tuple[str, str]


def patterned_blocks(lines: Sequence[str], taken: Sequence[bool] = ()) -> list[Block]:
    """Records of one build, one a line or one a block of lines.

    Args:
        lines: Lines of text.
        taken: True for lines that are part of something else; empty for none.

    Returns:
        A grid for each build that comes often enough and has enough values that change; what is told of a value stands as its header.
    """
    free = [
        (place, line) for place, line in enumerate(lines) if line.strip() and len(line) <= _LONGEST_LINE and not (taken and taken[place])
    ]
    if len(free) < _FEWEST:
        return []
    told = [(place, tuple(_tokens(line))) for place, line in free]
    builds = [tuple("v" if kind == "v" else "w" if kind == "w" else text for kind, text in tokens) for _, tokens in told]
    found = list(_several(told, builds))
    inside = {place for block in found for place in block.places}
    left = [number for number, (place, _) in enumerate(told) if place not in inside]
    found += _single([told[number] for number in left], [builds[number] for number in left])
    return sorted(found, key=lambda block: block.start)


def embedded_blocks(lines: Sequence[str]) -> list[Block]:
    """The same for a text that passes for a table: records whose fields hold words that come again in every line (`45 years`, `BMI 22`)."""
    blocks = []
    for block in patterned_blocks(lines):
        told = [tuple(_tokens(lines[place])) for place in block.places[: 2 * _FEWEST]]
        if len({len(tokens) for tokens in told}) == 1 and _embedded(told) >= max(_TOLD, len(block.rows[-1]) / 3):
            blocks.append(block)
    return blocks


def _embedded(members: Sequence[tuple[Token, ...]]) -> int:
    """How many values that change stand beside a word that stays, with no mark between."""
    kinds = [
        tokens[0][1] if tokens[0][0] == "m" else ("stays" if tokens[0][0] == "w" else "m") if len(set(tokens)) == 1 else "changes"
        for tokens in zip(*members, strict=True)
    ]
    kinds = [kind for kind in kinds if kind not in _JOINS]
    return sum({first, second} == {"stays", "changes"} for first, second in pairwise(kinds))


def _tokens(line: str) -> Iterator[Token]:
    """Values, words and marks of a line, without the time that a log puts before it."""
    clock = CLOCK.match(line)
    last = ""
    for match in _TOKEN.finditer(line, clock.end() if clock else 0):
        kind = match.lastgroup or ""
        text = match[kind]
        if kind == "word":
            yield "w", text
        elif kind == "mark":
            yield "m", text
        elif kind in ("double", "single") and len(_PARTED.findall(text)) >= _GAPS - 1:
            yield from _tokens(text)
        elif kind in ("double", "single") and _NUMBERED.search(last) and _DOTTED.fullmatch(text):
            yield from (("v", piece) for piece in text.split("."))
        else:
            yield "v", text
            last = text


def _single(told: Sequence[tuple[int, tuple[Token, ...]]], builds: Sequence[tuple[str, ...]]) -> Iterator[Block]:
    groups: dict[tuple[str, ...], list[tuple[int, tuple[Token, ...]]]] = {}
    for entry, build in zip(told, builds, strict=True):
        if build.count("v") + build.count("w") >= _GAPS and len(build) <= 3 * _WIDEST:
            groups.setdefault(build, []).append(entry)
    for members in groups.values():
        if found := _rows([tokens for _, tokens in members]):
            yield _block(tuple(place for place, _ in members), *found)


def _several(told: Sequence[tuple[int, tuple[Token, ...]]], builds: Sequence[tuple[str, ...]]) -> Iterator[Block]:
    """Blocks of lines that begin with a line of one build and go on alike."""
    for build, count in Counter(builds).most_common(4):
        if count < _FEWEST:
            return
        starts = [number for number, other in enumerate(builds) if other == build]
        names = [tuple(text for kind, text in told[number][1] if kind == "w") for number in starts]
        if (period := len(set(names))) <= count / _FEWEST and names[period:] == names[:-period]:
            starts = starts[::period]  # one value a line, the names of values in turn
        spans = [(first, last) for first, last in pairwise([*starts, starts[-1] + _usual(starts)]) if 1 < last - first <= _LONGEST_BLOCK]
        groups: dict[tuple[tuple[str, ...], ...], list[tuple[int, int]]] = {}
        for first, last in spans:
            groups.setdefault(tuple(builds[first:last]), []).append((first, last))
        if not groups:
            continue
        members = max(groups.values(), key=len)
        if len(members) < max(_FEWEST, _SAME_BLOCKS * len(spans)):
            continue
        if found := _rows([tuple(token for _, tokens in told[first:last] for token in tokens) for first, last in members]):
            yield _block(tuple(place for first, last in members for place, _ in told[first:last]), *found)
            return


def _block(places: tuple[int, ...], header: Row, rows: list[Row]) -> Block:
    told = (header, *rows) if header else tuple(rows)
    return Block(places[0], places[-1] + 1, told, GridSource.RECORDS, 1 if header else 0, places)


def _usual(starts: Sequence[int]) -> int:
    """The usual distance of starts."""
    return Counter(last - first for first, last in pairwise(starts)).most_common(1)[0][0]


def _rows(members: Sequence[tuple[Token, ...]]) -> tuple[Row, list[Row]] | None:
    """Header (empty for none) and rows of records of one build, None where they are too few, too alike, or running text."""
    if len(members) < _FEWEST:
        return None
    names: list[str] = []
    columns: list[list[str]] = []
    last = ""
    words = 0
    for tokens in zip(*members, strict=True):
        kind = tokens[0][0]
        cells = [text for _, text in tokens]
        distinct = len(set(cells))
        if kind == "m":
            continue
        if distinct == 1:
            last = cells[0] if kind == "w" else last
            continue
        if kind == "w" and distinct > max(_FEW_WORDS, len(cells) / 3):
            words += 1
        names.append(last)
        columns.append(cells)
        last = ""
    values = sum(any(map(str.isdigit, cell)) for column in columns for cell in column[:1])
    if not _GAPS <= len(columns) <= _WIDEST or values < _TOLD or words > len(columns) / 3 or not any(map(wordy, columns)):
        return None  # programs that report how far they are fill their gaps with numbers alone
    rows: list[Row] = list(zip(*columns, strict=True))
    if len(set(rows)) < _DISTINCT * len(rows):
        return None
    given = [name for name in names if name]
    named = len(given) >= _NAMED * len(names) and len(set(given)) == len(given)
    return (tuple(names) if named else ()), rows
