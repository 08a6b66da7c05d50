"""What parts of any format carry in their text: every text and long cell that a reader yields is searched for encoded data, hidden text for tables."""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from sdc_airlock.errors import LimitReached
from sdc_airlock.model.content import Grid, Table, TextPart, TextRole
from sdc_airlock.model.filetype import FileType
from sdc_airlock.readers import gap
from sdc_airlock.readers._blobs import encoded_items
from sdc_airlock.readers._block import Block
from sdc_airlock.readers._crafted import crafted_grids
from sdc_airlock.readers._decode import decode
from sdc_airlock.readers._islands import WITH_VALUES
from sdc_airlock.readers._strings import LONGEST, SHORTEST, column_blocks, promising, promising_somewhere, shape, string_blocks
from sdc_airlock.readers._tidy import recorded_grid, undecorated, without_words
from sdc_airlock.source import Source

if TYPE_CHECKING:
    from sdc_airlock.readers import Item, Reading

_ESCAPED_JSON = frozenset({"json", "ndjson"})
_ESCAPED_XML = frozenset({"xml", "svg"})
_PAGES = frozenset({"html", "svg"})
_AS_THEY_ARE = frozenset({"yaml", "toml", "ini"})
_LONG_CELL = 60
_CELL = 12
_FEWEST_CELLS = 5
_FEWEST_RECORDS, _TWICE = 12, 2
_EACH_SHAPE = 4
_MOST_STRINGS = 400
_LONGEST_CODE = 300_000
_READ_AS_VALUES = frozenset({"yaml", "toml", "ini", "json", "arff", "bibtex", WITH_VALUES})
_ESCAPE = re.compile(r'\\(?:u([0-9a-fA-F]{4})|(["\\/bfnrt]))')
_FIELD, _MOST_FIELDS = re.compile(r"([A-Za-z]{1,20}(?:_[A-Za-z]{1,20}){0,6})="), 60
_LETTERS = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}


def carried_by(item: Item, reading: Reading, *, depth: int, codes: bool = False) -> Iterator[Item]:
    """What a part carries in its text or its long cells.

    Args:
        item: Anything a reader yields.
        reading: For limits, and to search nothing twice.
        depth: Containers around the part.
        codes: Its format writes several codes into one cell, as lists of variants do.
    """
    if isinstance(item, TextPart):
        yield from encoded_items(item.part_id, item.text, reading, depth=depth)
        if _unsearched(item, codes=codes) and reading.first_time(item.part_id, ("tables", item.text)):
            from sdc_airlock.readers.text import tables_in

            role = TextRole.CODE if item.role is TextRole.CODE else TextRole.PROSE
            expected = item.hidden or item.role is TextRole.COMMENT
            for found in tables_in(item.part_id, item.text, role, reading=reading, first_line=item.first_line, hidden=item.hidden):
                if expected or not isinstance(found, Grid) or recorded_grid(found):
                    yield found
    elif isinstance(item, Grid):
        if reading.first_time(item.part_id, (len(item.rows), item.rows[:1])):
            if not codes and (rows := without_words(item.rows)):
                yield replace(item, part_id=f"{item.part_id}!bare", rows=rows, header_rows=1, before="")
            elif not codes and (rows := undecorated(item.rows)):
                yield replace(item, part_id=f"{item.part_id}!bare", rows=rows, header_rows=None, before="")
            columns = _grid_columns(item)
            for column, cells in columns.items():
                yield from _cells(f"{item.part_id}!column{column + 1}", cells, reading, depth, hidden=item.hidden, codes=codes)
            if not codes and len(columns) > 1 and max(map(len, columns.values())) < _FEWEST_RECORDS:
                cells = [cell for row in item.rows for cell in row if cell]
                yield from _told(f"{item.part_id}!cells", cells, hidden=item.hidden)
    elif isinstance(item, Table) and reading.first_time(item.part_id, (item.n_rows, len(item.columns))):
        columns = _table_columns(item)
        for column, cells in columns.items():
            yield from _cells(f"{item.part_id}!column{column + 1}", cells, reading, depth, hidden=item.hidden, codes=codes)
        if not codes and len(columns) > 1 and max(map(len, columns.values())) < _FEWEST_RECORDS:
            yield from _told(f"{item.part_id}!cells", [cell for cells in columns.values() for cell in cells], hidden=item.hidden)
        names = [column.name for column in item.columns if len(column.name) >= SHORTEST]
        if names:
            yield from _strings(f"{item.part_id}!names", names, reading, hidden=item.hidden)


def _grid_columns(grid: Grid) -> dict[int, list[str]]:
    """Cells by column, the empty ones left out."""
    found: dict[int, list[str]] = {}
    for row in grid.rows:
        for column, cell in enumerate(row):
            if cell:
                found.setdefault(column, []).append(cell)
    return found


def _table_columns(table: Table) -> dict[int, list[str]]:
    """Cells of text columns."""
    import pyarrow as pa

    found: dict[int, list[str]] = {}
    for column in table.columns:
        kind = column.values.type
        if not (pa.types.is_string(kind) or pa.types.is_large_string(kind)):
            continue
        cells = [cell for cell in column.values.to_pylist() if cell]
        if cells:
            found[column.index] = cells
    return found


def _unsearched(item: TextPart, *, codes: bool) -> bool:
    """True for text that its reader may not have searched for tables and that may hold some; what settings say is read as values."""
    if item.hidden or item.role is TextRole.COMMENT:
        return True
    return (
        not codes
        and item.language not in _READ_AS_VALUES
        and item.role is not TextRole.SEQUENCE
        and (item.role is not TextRole.CODE or len(item.text) <= _LONGEST_CODE)  # readers of code search it for literals themselves
        and promising_somewhere(item.text)
    )


def _cells(part_id: str, cells: list[str], reading: Reading, depth: int, *, hidden: bool, codes: bool) -> Iterator[Item]:
    """Cells of one column as one text, a line each; and those that hold a table each."""
    longer = [cell for cell in cells if len(cell) >= _CELL]
    if _TWICE * len(set(longer)) <= len(longer):
        longer = list(dict.fromkeys(longer))  # a code that comes again and again says no more than once
    if len(longer) >= _FEWEST_CELLS or max(map(len, longer), default=0) >= _LONG_CELL:
        yield from encoded_items(part_id, "\n".join(longer), reading, depth=depth)
    yield from _strings(part_id, [cell for cell in longer if len(cell) >= SHORTEST], reading, hidden=hidden, codes=codes)
    if not codes:
        yield from _told(part_id, cells, hidden=hidden)


def _told(part_id: str, cells: list[str], *, hidden: bool) -> Iterator[Grid]:
    """Records that cells tell, several fields in each."""
    if len(cells) >= _FEWEST_RECORDS:
        for count, block in enumerate(column_blocks(cells), 1):
            yield _grid(f"{part_id}!told{count}", block, hidden=hidden)


def _strings(part_id: str, strings: list[str], reading: Reading, *, hidden: bool, codes: bool = False) -> Iterator[Item]:
    """Tables inside long strings, each read alone: the longest of each shape. Named fields of one site are no table, unless their names are numbered."""
    if any(len(string) > LONGEST for string in strings):
        yield gap(part_id, LimitReached("string", LONGEST, max(map(len, strings))))
    found = searched = 0
    shapes: Counter[tuple[int, ...]] = Counter()
    for string in sorted(filter(promising, dict.fromkeys(strings)), key=len, reverse=True):
        key = shape(string)
        shapes[key] += 1
        if shapes[key] > _EACH_SHAPE:
            continue
        searched += 1
        if searched > _MOST_STRINGS:
            yield gap(part_id, LimitReached("strings", _MOST_STRINGS, len(strings)))
            return
        reading.spend()
        for block in string_blocks(string):
            if codes and _fields_of_a_site(block):
                continue
            found += 1
            yield _grid(f"{part_id}!table{found}", block, hidden=hidden)


def _fields_of_a_site(block: Block) -> bool:
    """True where each line is one named field with its figures, every name another word without digits, as no list of people has them."""
    names = [match[1] for row in block.rows if row and (match := _FIELD.match(row[0]))]
    return len(names) == len(block.rows) <= _MOST_FIELDS and len({name.lower() for name in names}) == len(names)


def _grid(part_id: str, block: Block, *, hidden: bool) -> Grid:
    return Grid(part_id=part_id, rows=block.rows, source=block.source, header_rows=block.header_rows, hidden=hidden)


def carried_raw(source: Source, file_type: FileType, reading: Reading) -> Iterator[Item]:
    """What the text of a format carries whose parts no longer show its line ends and blanks: the text itself, without its escapes."""
    label = file_type.label
    if label not in _ESCAPED_JSON | _ESCAPED_XML | _AS_THEY_ARE | _PAGES:
        return
    with source.opener() as stream:
        data = stream.read(reading.limits.text_bytes)
    text = decode(data).text
    if label in _PAGES:
        yield from crafted_grids(source.part_id, text)
    if label == "html":
        return
    if label in _ESCAPED_JSON and "\\" in text:
        text = _without_surrogates(_ESCAPE.sub(_unescaped, text))
    elif label in _ESCAPED_XML and "&" in text:
        text = html.unescape(text)
    yield from encoded_items(source.part_id, text, reading, depth=source.depth)


def _unescaped(match: re.Match[str]) -> str:
    return chr(int(match[1], 16)) if match[1] else _LETTERS.get(match[2], match[2])


def _without_surrogates(text: str) -> str:
    """Pairs of escapes that stand for one character beyond the first plane joined to it."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
