"""Lines of logs and prose that say the same of one record after another: named values, short tokens, one sentence with other words in its gaps."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby

from sdc_airlock.model.content import GridSource
from sdc_airlock.readers._block import Block
from sdc_airlock.readers._columns import Row, is_number

_PAIR = re.compile(
    r"(?<![\w.])[\"']?([A-Za-z_][\w.-]{0,40})[\"']?(?:\s?=\s?|:(?![\\/])\s?|=>\s?)(\"[^\"\n]{0,200}\"|'[^'\n]{0,200}'|[^\s,;|\"'(){}\[\]=]{1,200})"
)
CLOCK = re.compile(
    r"\W{0,2}(?:\d{4}[-/]\d\d[-/]\d\d|\d{1,2}[-/]\w{2,3}[-/]\d{2,4}|[A-Z][a-z]{2} +\d{1,2})?[T ,]*\d\d:\d\d(?::\d\d)?[.,\d]*Z?\W{0,2}"
)
_WORD = re.compile(r"[^\s,;()\[\]{}|\"]+")
_ENDS = re.compile(r"(?<=[.;!?])\s+(?=[A-Z0-9])")
_CODE = re.compile(r"[A-Z0-9][A-Z0-9./_-]{0,15}")
_PEOPLE = re.compile(
    r"patient|participant|subject|person|volunteer|donor|proband|child|mother|father|infant|baby|wom[ae]n|m[ae]n|boy|girl|(?:fe)?male|aged?|born"
    r"|died|admitted|discharged|diagnosed|years?|he|she|his|her|case|carrier|sample|record|id|nhs|mrn|name",
    re.IGNORECASE,
)
_TOKEN = 24
_LONGEST = 2000
_PAIRED, _SHARED = 5, 2
# definitions by cases
_CASE, _MOST_CASES = re.compile(r"\s*(?:if|el(?:se)? ?if|when)\s", re.IGNORECASE), 12
_MOSTLY = 0.6
_ALIKE, _GAPS = 8, 3
_WIDEST = 12


def alike_blocks(lines: Sequence[str], taken: Sequence[bool]) -> list[Block]:
    """Records told line by line, from top to bottom.

    Args:
        lines: Lines of text.
        taken: True for lines that are part of a table, or of code.
    """
    left = [(place, line) for place, line in enumerate(lines) if not taken[place] and line.strip()]
    free = [(place, line) for place, line in left if len(line) <= _LONGEST]
    paired = list(_paired(free))
    inside = {place for block in paired for place in block.places}
    free = [(place, line) for place, line in free if place not in inside]
    tokens = list(_tokens(free))
    inside = {place for block in tokens for place in range(block.start, block.end)}
    told = _told([(place, line) for place, line in left if place not in inside])
    tokens.extend(_in_one_line(left))
    return sorted([*paired, *tokens, *told], key=lambda block: block.start)


# pairs of names and values


def paired_blocks(lines: Sequence[str]) -> list[Block]:
    """Lines that are little else than named values, `a=1, b=2`, which their commas would else cut into a table of the names too."""
    joined = ((place, line) for place, line in enumerate(lines) if len(line) <= _LONGEST and ("=" in line or ":" in line))
    return list(_paired([(place, line) for place, line in joined if _mostly_pairs(line)]))


def _mostly_pairs(line: str) -> bool:
    found = list(_PAIR.finditer(line))
    clock = CLOCK.match(line)
    body = line[clock.end() :] if clock else line
    return len(found) >= _SHARED and sum(len(match[0]) for match in found) >= _MOSTLY * len(body.strip())


def _paired(free: Sequence[tuple[int, str]]) -> Iterator[Block]:
    """Lines that share names of values: a grid with the names as header, the lines wherever they stand; a few cases of a definition are none."""
    groups: dict[tuple[str, ...], list[tuple[int, dict[str, str]]]] = {}
    cases = {place for place, line in free if _CASE.match(line)}
    for place, line in free:
        if place in cases and len(cases) <= _MOST_CASES:
            continue
        clock = CLOCK.match(line)
        pairs = {name: value.strip("\"'") for name, value in _PAIR.findall(line[clock.end() :] if clock else line)}
        if len(pairs) >= _SHARED:
            groups.setdefault(tuple(sorted(pairs)), []).append((place, pairs))
    for members in _merged(groups):
        if len(members) < _PAIRED:
            continue
        header = tuple(dict.fromkeys(name for _, pairs in members for name in pairs))
        rows = [header, *(tuple(pairs.get(name, "") for name in header) for _, pairs in members)]
        yield _scattered([place for place, _ in members], rows, header_rows=1)


def _merged(groups: dict[tuple[str, ...], list[tuple[int, dict[str, str]]]]) -> Iterator[list[tuple[int, dict[str, str]]]]:
    """Groups of one set of names; a group joins a larger one with which it shares most names."""
    kept: list[tuple[set[str], list[tuple[int, dict[str, str]]]]] = []
    for names, members in sorted(groups.items(), key=lambda item: -len(item[1])):
        here = set(names)
        home = next((rows for known, rows in kept[:50] if len(known & here) >= max(_SHARED, len(known | here) / 2)), None)
        if home is None:
            kept.append((here, list(members)))
        else:
            home.extend(members)
    for _, rows in kept:
        yield sorted(rows, key=lambda row: row[0])


# short tokens between blanks


def _tokens(free: Sequence[tuple[int, str]]) -> Iterator[Block]:
    """Neighbouring lines of the same number of short tokens, at least half of the columns numbers or codes."""

    def key(entry: tuple[int, tuple[int, str]]) -> tuple[int, int]:
        count, (place, line) = entry
        return place - count, _token_width(line)

    for (_, width), run in groupby(enumerate(free), key=key):
        members = [entry for _, entry in run]
        if not 2 <= width <= _WIDEST or len(members) < _ALIKE:
            continue
        rows = [tuple(cell.strip("\"'") for cell in line.split()) for _, line in members]
        if 2 * sum(map(_of_codes, zip(*rows, strict=True))) >= width and any(any(map(str.isdigit, cell)) for cell in rows[-1]):
            yield Block(members[0][0], members[-1][0] + 1, tuple(rows), GridSource.FIXED_WIDTH)


def _in_one_line(free: Sequence[tuple[int, str]]) -> Iterator[Block]:
    """Records of short tokens one behind the other in a line, parted by semicolons or bars."""
    for place, line in free:
        for mark in ";|":
            if line.count(mark) >= _ALIKE - 1:
                pieces = list(enumerate(piece for piece in line.split(mark) if piece.strip()))
                for block in _tokens(pieces):
                    yield Block(place, place + 1, block.rows, GridSource.RECORDS)


def _token_width(line: str) -> int:
    """Tokens of a line, 0 where it is a sentence."""
    cells = line.split()
    plain = all(len(cell) <= _TOKEN and (cell[-1] not in ",;:!?." or is_number(cell) or cell == ".") for cell in cells)
    return len(cells) if plain else 0


def _of_codes(cells: Sequence[str]) -> bool:
    """True where most cells of a column are numbers or codes, or a few words that come again and again."""
    coded = sum(is_number(cell) or bool(_CODE.fullmatch(cell)) or any(map(str.isdigit, cell)) for cell in cells)
    return coded >= 0.8 * len(cells) or 1 < len(set(cells)) <= len(cells) / 4


# one sentence again and again


def _told(free: Sequence[tuple[int, str]]) -> list[Block]:
    """Sentences with the same words around gaps that change: the gaps as the cells of a grid without header."""
    whole = [(place, _words(line)) for place, line in free if len(line) <= _LONGEST]
    found = list(_templates(whole))
    if found:
        return found
    return list(_templates([(place, _words(piece)) for place, line in free for piece in _ENDS.split(line)]))


def _words(line: str) -> tuple[str, ...]:
    clock = CLOCK.match(line)
    words = (word.rstrip(".:!?") for word in _WORD.findall(line[clock.end() :] if clock else line))
    return tuple(word for word in words if word)


def _templates(sentences: Sequence[tuple[int, tuple[str, ...]]]) -> Iterator[Block]:
    groups: dict[tuple[int, tuple[str, ...]], list[tuple[int, tuple[str, ...]]]] = {}
    common = Counter(word for _, words in sentences for word in set(words) if word.isalpha())
    for place, words in sentences:
        if _SHARED + _GAPS <= len(words) <= 80:
            frame = tuple(word for word in words if common[word] >= _ALIKE and word.islower())
            groups.setdefault((len(words), frame), []).append((place, words))
    for (_, frame), members in groups.items():
        if len(members) < _ALIKE or len(frame) < _SHARED:
            continue
        columns = list(zip(*(words for _, words in members), strict=True))
        gaps = [column for column in columns if len(set(column)) > 1]
        numbered = sum(sum(any(map(str.isdigit, cell)) for cell in column) >= 0.8 * len(column) for column in gaps)
        if len(gaps) < _GAPS or not numbered or not (any(map(wordy, gaps)) or any(map(_PEOPLE.fullmatch, members[0][1]))):
            continue
        rows: list[Row] = list(zip(*gaps, strict=True))
        if 2 * len(set(rows)) >= len(rows):
            yield _scattered([place for place, _ in members], rows, header_rows=0)


def wordy(cells: Sequence[str]) -> bool:
    """True for words, codes and dates; programs that report how far they are fill their gaps with numbers alone."""
    return 2 * sum(map(is_number, cells)) < len(cells)


def _scattered(places: Sequence[int], rows: Sequence[Row], *, header_rows: int) -> Block:
    """Rows told in lines between which others may lie."""
    return Block(min(places), max(places) + 1, tuple(rows), GridSource.RECORDS, header_rows, tuple(dict.fromkeys(places)))
