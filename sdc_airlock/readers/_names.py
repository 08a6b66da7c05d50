"""Names that carry data: of members, sheets and files of earlier versions. They are read together, as the rows they may be.

A folder of results names its files by chromosome, gene or model: words, and one thing that counts. A name that is a record has an
identifier of its own, and several further values that differ from name to name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from sdc_airlock.model.content import Grid, GridSource, Oddity, OddityKind, TextPart, TextRole
from sdc_airlock.readers._blobs import encoded_items
from sdc_airlock.readers._letters import dense

if TYPE_CHECKING:
    from sdc_airlock.readers import Item, Reading

FEWEST_NAMES, _FEWEST_RECORDS = 20, 12
_LONG_NAME = 80
_LONGEST_TEXT = 4 << 20
_FEWEST_VALUES = 2
_MOST_FIELDS = 400
_EXTENSION = re.compile(r"(?:\.[A-Za-z][A-Za-z0-9]{0,7}){1,2}$")
_NUMBERED = re.compile(r"\D{0,12}?(\d{1,6})[_.\- ](.+)")
_LONG_TOKEN = re.compile(r"[A-Za-z0-9+/=\-]{80,}")
_STATES = re.compile(r"[0129]{16,}")
_FEWEST_RANDOM = 3
_ALLELES = 2
_MANY_LEVELS, _DISTINCT = 0.5, 0.95
_SETTINGS = frozenset(
    "lr bs seed fold epoch epochs batch run iter rep k n alpha beta lambda gamma c l1 l2 dropout depth layers hidden rank pc pcs step acc auc loss".split()
)
_PARTING = re.compile(r"[_\s;,|=+~@#&]+|(?<=\w)-(?=\w)")
_NUMERIC = re.compile(r"-?\d+(?:[.,]\d+)?")
_VALUE = re.compile(r"-?\d{1,6}(?:[.,]\d{1,6})?|[A-Za-z]{1,3}|[ACGTacgt01]{1,64}|\d(?:[/|]\d)?")


def name_items(part_id: str, names: Sequence[str], reading: Reading, *, depth: int) -> Iterator[Item]:
    """Names as a text where they are many or long, as a grid where they are records, and what they encode.

    Args:
        part_id: Address of what holds the names.
        names: All of them, with their folders.
        reading: For limits.
        depth: Containers around what holds them.
    """
    stems = [_EXTENSION.sub("", name.rstrip("/").rpartition("/")[2]) for name in names]
    paths = [_EXTENSION.sub("", name.rstrip("/")) for name in names]
    text = "\n".join(stems)[:_LONGEST_TEXT]
    reading.first_time(f"{part_id}!names", ("tables", "\n".join(names)[:_LONGEST_TEXT]))  # names follow rules of their own
    if len(stems) >= FEWEST_NAMES or max(map(len, stems), default=0) >= _LONG_NAME:
        yield TextPart(part_id=f"{part_id}!names", text="\n".join(names)[:_LONGEST_TEXT], role=TextRole.METADATA)
    yield from encoded_items(f"{part_id}!names", text, reading, depth=depth)
    pieces = _numbered(stems)
    if pieces:
        yield from encoded_items(f"{part_id}!names", "\n".join(pieces)[:_LONGEST_TEXT], reading, depth=depth)
    random = [stem for stem in stems if any(_random(token) for token in _LONG_TOKEN.findall(stem))]
    if len(random) >= _FEWEST_RANDOM:
        detail = "names that are long runs of encoded data"
        yield Oddity(part_id=f"{part_id}!names", kind=OddityKind.ENCODED_BLOB, detail=detail, size=len("".join(random)))
    if paths != stems:
        yield from encoded_items(f"{part_id}!paths", "\n".join(paths)[:_LONGEST_TEXT], reading, depth=depth)
    rows = name_records(stems) or name_records(paths)
    if rows:
        yield Grid(part_id=f"{part_id}!names", rows=rows, source=GridSource.TEXT, header_rows=0)


def _numbered(stems: Sequence[str]) -> list[str]:
    """What follows the numbers that names begin with, in their order; [] where most have none."""
    found = [match for stem in stems if (match := _NUMBERED.fullmatch(stem))]
    if not found or len(found) < 0.8 * len(stems):
        return []
    return [match[2] for match in sorted(found, key=lambda match: int(match[1]))]


def _random(token: str) -> bool:
    """True for a token that is no word, path or checksum."""
    return len(token) not in (96, 128) and dense(token[: len(token) // 2 * 2])


def name_records(stems: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    """The names as rows of values where they are records, else ()."""
    rows = [tuple(_PARTING.split(stem.replace("/", "_"))) for stem in stems]
    widths = [len(row) for row in rows]
    if len(rows) < _FEWEST_RECORDS or not widths:
        return ()
    usual = max(set(widths), key=widths.count)
    rows = [row for row in rows if len(row) == usual]
    if len(rows) < max(_FEWEST_RECORDS, 0.8 * len(stems)) or not _FEWEST_VALUES <= usual <= _MOST_FIELDS:
        return ()
    columns = list(zip(*rows, strict=True))
    own = [number for number, column in enumerate(columns) if len(set(column)) == len(column)]
    if not own and not _of_records(columns):
        return ()
    values = [
        number for number, column in enumerate(columns) if number not in own[:1] and _varied(column) and not _setting(columns, number)
    ]
    alleles = [number for number in values if set(columns[number]) <= set("ACGTacgt")]
    strings = [column for column in columns if all(_STATES.fullmatch(value) for value in column)]
    if len(values) - (len(alleles) if len(alleles) <= _ALLELES else 0) + _FEWEST_VALUES * len(strings) < _FEWEST_VALUES:
        return ()
    kept = sorted({*own[:1], *(number for number, column in enumerate(columns) if len(set(column)) > 1)})
    return tuple(tuple(row[number] for number in kept) for row in rows)


def _of_records(columns: Sequence[Sequence[str]]) -> bool:
    """True for names without an identifier that hardly any two share, with three values or more that vary, two of them over many numbers: no settings of runs."""
    rows = list(zip(*columns, strict=True))
    varied = [number for number, column in enumerate(columns) if _varied(column) and not _setting(columns, number)]
    many = sum(len({cell for cell in columns[number] if _NUMERIC.fullmatch(cell)}) >= _MANY_LEVELS * len(rows) for number in varied)
    return len(varied) > _FEWEST_VALUES <= many and len(set(rows)) >= _DISTINCT * len(rows)


def _setting(columns: Sequence[Sequence[str]], number: int) -> bool:
    """True for a value behind the name of a setting of a run (a seed, a rate, a fold)."""
    return number > 0 and len(set(columns[number - 1])) == 1 and columns[number - 1][0].lower() in _SETTINGS


def _varied(column: Sequence[str]) -> bool:
    """True for short values of which there are several, most of them more than once, in no order."""
    distinct = set(column)
    if len(distinct) < 2 or not all(_VALUE.fullmatch(value) for value in distinct):
        return False
    turns = sum(earlier != later for earlier, later in pairwise(column))
    if turns > len(distinct):
        return True
    numbers = [float(value.replace(",", ".")) for value in column if _NUMERIC.fullmatch(value)]
    steps = {later > earlier for earlier, later in pairwise(numbers)}
    return len(numbers) == len(column) and 2 * len(distinct) > len(column) and len(steps) == 2
