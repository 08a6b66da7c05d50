"""Genotypes in lines that spell them shorter: lengths of runs, places of what is not nought, packed bytes as base64, members by site.

Each is undone and judged as states; lines that undo to one length each are hardly there by chance, but that alone decides nothing.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sdc_airlock.recognise._genotype_bytes import MOST_BYTES, keyed_states, states_of_bytes
from sdc_airlock.recognise._genotype_evidence import Evidence, laid
from sdc_airlock.recognise._genotype_records import ACCESSION
from sdc_airlock.recognise._genotype_states import folded, matrix_of, usable

if TYPE_CHECKING:
    import numpy.typing as npt

    from sdc_airlock.model.content import Table
    from sdc_airlock.recognise._genotype_cells import Cells

    Ints = npt.NDArray[np.int64]

LEAST_LINES = 6
MOST_LINES, MOST_CELLS = 5000, 1_000_000
PRICE = 2.0
_RUNS = (
    (re.compile(r"(?:\d{1,5} ?[x*:] ?[0-9A-Za-z][\s,;|]{0,2}){6,}"), re.compile(r"(?P<times>\d+) ?[x*:] ?(?P<sign>\w)")),
    (re.compile(r"(?:[0-9A-Za-z] ?[x*:=] ?\d{1,5}[\s,;|]{0,2}){6,}"), re.compile(r"(?P<sign>\w) ?[x*:=] ?(?P<times>\d+)")),
    (re.compile(r"(?:[A-Za-z]\d{1,5}[\s,;|]{0,2}){6,}"), re.compile(r"(?P<sign>[A-Za-z])(?P<times>\d+)")),
    (re.compile(r"(?:\d{1,5}[A-Za-z][\s,;|]{0,2}){6,}"), re.compile(r"(?P<times>\d+)(?P<sign>[A-Za-z])")),
)
_SPARSE = re.compile(r"(?:\d{1,6}:[12](?:\.0)?(?:[ ,;]|$)){4,}")
_PLACED = re.compile(r"(?<!\d)(\d{1,6}):([12])")
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{80,}={0,2}")
_HEXADECIMAL = re.compile(r"(?<![0-9A-Za-z])[0-9A-Fa-f]{6,64}(?![0-9A-Za-z])(?:-[0-9A-Fa-f]{4,12}(?![0-9A-Za-z])){0,4}")
_MEMBER = re.compile(r"^[A-Za-z][A-Za-z_-]{0,11}\d+$")
_MEMBERS_BESIDE = re.compile(r"(?:\b[A-Za-z][A-Za-z_-]{0,11}\d+[ \t,;|]+){2}")
_MOST_SIGNS, _SAME_LENGTH = 5, 0.9
_MOST_RUNS = 20
_PROBE, _LONG_CELL = 5, 12
# a quarter of what spells runs or places are digits, at least
_DIGITS = 4
_NO_DIGITS = {ord(digit): None for digit in "0123456789"}
_MEMBER_ROWS, _MEMBERS, _COMES, _VARY = 20, 20, 3, 0.25
_LISTED = 0.64
_TRIPLE_ROWS = 60
_TRIPLE_COLUMNS = (3, 4)


class Spelt(NamedTuple):
    """States that lines spell, in words how, the first line, and whether the order of the states is known."""

    codes: Ints
    words: str
    line: int
    known: bool = False


def spelt(lines: Sequence[str]) -> Iterator[Spelt]:
    """Matrices of states that some lines spell shorter; numbers of lines from 1."""
    told = [
        (number, line)
        for number, line in enumerate(lines, start=1)
        if len(line) >= _LONG_CELL and _DIGITS * (len(line) - len(line.translate(_NO_DIGITS))) >= len(line)
    ][:MOST_LINES]
    if len(told) >= LEAST_LINES:
        yield from _run_lengths(told)
        yield from _places(told)


def _run_lengths(lines: Sequence[tuple[int, str]]) -> Iterator[Spelt]:
    for whole, pair in _RUNS:
        found: list[tuple[int, list[tuple[str, int]]]] = []
        size = 0
        for number, line in lines:
            longest = max(whole.finditer(line), key=lambda match: len(match[0]), default=None)
            if longest is not None:
                runs = [(match["sign"], int(match["times"])) for match in pair.finditer(longest[0])]
                size += sum(times for _, times in runs)
                if size > MOST_CELLS:  # what is read so far has to do
                    break
                found.append((number, runs))
        # a name before the runs may look like one of them
        rows, length = max((_even(found, skip) for skip in (0, 1)), key=lambda one: sum(len(row) == one[1] for _, row in one[0]))
        if sum(len(row) == length for _, row in rows) < max(LEAST_LINES, _SAME_LENGTH * len(rows)):
            continue
        same = [row for _, row in rows if len(row) == length]
        if len(set().union(*map(set, same))) <= _MOST_SIGNS and (codes := matrix_of(same)) is not None:
            yield Spelt(codes, "lengths of runs undone, of the same length on every line", rows[0][0])


def _even(found: Sequence[tuple[int, list[tuple[str, int]]]], skip: int) -> tuple[list[tuple[int, str]], int]:
    """Lines of runs written out, without the first so many runs, and their commonest length."""
    rows = [(number, "".join(sign * times for sign, times in runs[skip:])) for number, runs in found]
    return rows, Counter(len(row) for _, row in rows).most_common(1)[0][0] if rows else 0


def _places(lines: Sequence[tuple[int, str]]) -> Iterator[Spelt]:
    """Lines of place and state of what is not nought, as libsvm has them."""
    rows = []
    first = 0
    for number, line in lines:
        if match := _SPARSE.search(line):
            found = [(int(place), int(state)) for place, state in _PLACED.findall(match[0])]
            if len(match[0]) > 0.7 * len(line.strip()) and all(one[0] < other[0] for one, other in pairwise(found)):
                rows.append(found)
                first = first or number
    width = max((row[-1][0] for row in rows), default=0) + 1
    if len(rows) >= LEAST_LINES and len(rows) * width <= MOST_CELLS:
        codes = np.zeros((len(rows), width), dtype=np.int64)
        for place, row in enumerate(rows):
            codes[place, [one for one, _ in row]] = [state for _, state in row]
        yield Spelt(codes, "places of what is not nought undone", first, known=True)


def packed_runs(text: str) -> Iterator[Spelt]:
    """States out of bytes that stand in a text as base64, one or four a byte."""
    for number, match in enumerate(_BASE64.finditer(text)):
        if number >= _MOST_RUNS:
            break
        try:
            data = base64.b64decode(match[0].rstrip("=").replace("-", "+").replace("_", "/") + "===")
        except binascii.Error:
            continue
        for codes in states_of_bytes(np.frombuffer(data, dtype=np.uint8).astype(np.int64)):
            if (found := folded(codes)) is not None:
                yield Spelt(found[0], "packed bytes in base64 undone", text.count("\n", 0, match.start()) + 1)
    yield from _hexadecimal(text)


def _hexadecimal(text: str) -> Iterator[Spelt]:
    """Hexadecimal numbers of one length (colours, keys), one after the other or each by itself, as two bits a state."""
    found = [match for _, match in zip(range(MOST_LINES), _HEXADECIMAL.finditer(text), strict=False)]
    words = [match[0].replace("-", "").lower() for match in found]
    length = Counter(map(len, words)).most_common(1)[0][0] if words else 0
    kept = [word for word in words if len(word) == length]
    if len(kept) < LEAST_LINES or length % 2 or not any(letter in word for word in kept for letter in "abcdef"):
        return
    data = np.frombuffer(bytes.fromhex("".join(kept)), dtype=np.uint8).astype(np.int64)
    for codes in states_of_bytes(data):
        for width in (0, length * 2):
            if (undone := folded(codes, width=width)) is not None:
                yield Spelt(undone[0], "hexadecimal numbers undone", text.count("\n", 0, found[0].start()) + 1)


def keyed_letters(text: str) -> Iterator[Spelt]:
    """States out of letters that a key turned, each place of it in its own way."""
    letters = np.frombuffer(text[:MOST_BYTES].encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.int64)
    codes = keyed_states(letters)
    if codes is not None and (found := folded(codes, known_order=True)) is not None:
        yield Spelt(found[0], "letters under a key that comes again and again undone", 1, known=True)


def members(lines: Sequence[str]) -> tuple[int, int, str, int] | None:
    """Lists of members by site: lines that name something and then some of the same numbered people each.

    Returns:
        People, sites, evidence and the number of the first line; None for other lines.
    """
    lists: list[list[str]] = []
    first = 0
    if not _MEMBERS_BESIDE.search("\n".join(lines[:MOST_LINES])):
        return None
    for number, line in enumerate(lines[:MOST_LINES], start=1):
        items = [item for item in re.split(r"[\s,;|]+", line.strip()) if item][1:]
        named = [item for item in items if _MEMBER.match(item) and not ACCESSION.match(item)]
        if len(items) > 1 and len(named) == len(items) and len({re.sub(r"\d", "", item) for item in named}) == 1:
            lists.append(named)
            first = first or number
    filled = sum(1 for line in lines[:MOST_LINES] if line.strip())
    if len(lists) < max(_MEMBER_ROWS, _LISTED * filled):
        return None
    times = Counter(item for items in lists for item in set(items))
    lengths = np.array([len(items) for items in lists])
    makes = Counter(re.sub(r"\d", "", item) for item in times)
    if len(makes) > 1 or len(times) < _MEMBERS or lengths.sum() < _COMES * len(times) or lengths.std() < _VARY * lengths.mean():
        return None
    return (
        len(times),
        len(lists),
        f"{len(lists)} lines list some of {len(times)} numbered people or samples each, as carriers of a variant",
        first,
    )


def in_lines(cells: Cells, table: Table) -> Evidence | None:
    """States that the cells of a column of text spell shorter, or whole rows do; and places of states in three columns."""
    if (sparse := _triples(table)) is not None:
        return sparse
    found = []
    for index, states in enumerate(cells.states):
        first = [cells.tokens[code] for code in cells.codes[index][:_PROBE] if code >= 0]
        if len(first) == _PROBE and all(_HEXADECIMAL.fullmatch(token.lstrip("#x")) for token in first[1:]):
            found += [_judged(one, (index,)) for one in _hexadecimal("\n".join(cells.column(index)))]
        if not first or max(map(len, first)) < _LONG_CELL:
            continue
        if states >= LEAST_LINES and states > 0.5 * cells.rows and (tokens := _long(cells.column(index))):
            found += [_judged(one, (index,)) for one in spelt(tokens)]
    if not found and cells.rows >= LEAST_LINES and any(":1" in token for token in cells.tokens[:50]):
        rows = [" ".join(row) for row in zip(*(cells.column(index) for index in range(len(cells.names))), strict=True)]
        found += [_judged(one, tuple(range(len(cells.names)))) for one in _places([(0, row.strip()) for row in rows])]
    return max((one for one in found if one), key=lambda one: one.log_odds, default=None)


def _long(tokens: Iterable[str]) -> list[str]:
    """The cells where most of them are long enough to spell a row."""
    kept = list(tokens)
    return kept if sum(len(token) >= _LONG_CELL for token in kept) > 0.5 * len(kept) else []


def _judged(one: Spelt, columns: tuple[int, ...]) -> Evidence | None:
    return laid(one.codes, known_order=one.known, columns=columns, words=one.words, price=PRICE)


def _triples(table: Table) -> Evidence | None:
    """Row, column and state of what is not nought, as a sparse matrix is written."""
    import pyarrow as pa

    if len(table.columns) not in _TRIPLE_COLUMNS or table.sample_rows < _TRIPLE_ROWS:
        return None
    try:
        numbers = [column.values.slice(0, MOST_CELLS).cast(pa.int64()).to_numpy(zero_copy_only=False) for column in table.columns[-3:]]
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError, TypeError):
        return None
    row, place, state = (np.nan_to_num(np.asarray(values, dtype=np.float64), nan=-1).astype(np.int64) for values in numbers)
    if set(np.unique(state).tolist()) != {1, 2} or min(row.min(), place.min()) < 0:
        return None
    rows, row = np.unique(row, return_inverse=True)
    places, place = np.unique(place, return_inverse=True)
    size = len(rows) * len(places)
    if min(len(rows), len(places)) < LEAST_LINES or size > MOST_CELLS or len(np.unique(row * len(places) + place)) < len(row):
        return None
    codes = np.zeros((len(rows), len(places)), dtype=np.int64)
    codes[row, place] = state
    if usable(codes) is None:
        return None
    columns = tuple(range(len(table.columns)))
    return laid(codes, known_order=True, columns=columns, words="places of what is not nought undone", price=PRICE)


__all__ = ["in_lines", "keyed_letters", "members", "packed_runs", "spelt"]
