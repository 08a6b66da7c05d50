"""What parts of any format carry in their text: every text and long cell that a reader yields is searched for encoded data, hidden text for tables."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from sdc_airlock.model.content import Grid, Table, TextPart, TextRole
from sdc_airlock.model.filetype import FileType
from sdc_airlock.readers._blobs import encoded_items
from sdc_airlock.readers._decode import decode
from sdc_airlock.source import Source

if TYPE_CHECKING:
    from sdc_airlock.readers import Item, Reading

_ESCAPED_JSON = frozenset({"json", "ndjson"})
_ESCAPED_XML = frozenset({"xml", "svg"})
_AS_THEY_ARE = frozenset({"yaml", "toml", "ini"})
_LONG_CELL = 60
_CELL = 12
_FEWEST_CELLS = 5
_ESCAPE = re.compile(r'\\(?:u([0-9a-fA-F]{4})|(["\\/bfnrt]))')
_LETTERS = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}


def carried_by(item: Item, reading: Reading, *, depth: int) -> Iterator[Item]:
    """What a part carries in its text or its long cells.

    Args:
        item: Anything a reader yields.
        reading: For limits, and to search nothing twice.
        depth: Containers around the part.
    """
    if isinstance(item, TextPart):
        yield from encoded_items(item.part_id, item.text, reading, depth=depth)
        if (item.hidden or item.role is TextRole.COMMENT) and reading.first_time(item.part_id, ("tables", item.text)):
            from sdc_airlock.readers.text import tables_in

            yield from tables_in(item.part_id, item.text, TextRole.PROSE, reading=reading, first_line=item.first_line, hidden=item.hidden)
    elif isinstance(item, Grid):
        if reading.first_time(item.part_id, (len(item.rows), item.rows[:1])):
            for column, cells in _grid_columns(item).items():
                yield from _cells(f"{item.part_id}!column{column + 1}", cells, reading, depth)
    elif isinstance(item, Table) and reading.first_time(item.part_id, (item.n_rows, len(item.columns))):
        for column, cells in _table_columns(item).items():
            yield from _cells(f"{item.part_id}!column{column + 1}", cells, reading, depth)


def _grid_columns(grid: Grid) -> dict[int, list[str]]:
    """Longer cells by column."""
    found: dict[int, list[str]] = {}
    for row in grid.rows:
        for column, cell in enumerate(row):
            if len(cell) >= _CELL:
                found.setdefault(column, []).append(cell)
    return found


def _table_columns(table: Table) -> dict[int, list[str]]:
    """Longer cells of text columns."""
    import pyarrow as pa

    found: dict[int, list[str]] = {}
    for column in table.columns:
        kind = column.values.type
        if not (pa.types.is_string(kind) or pa.types.is_large_string(kind)):
            continue
        cells = [cell for cell in column.values.to_pylist() if cell and len(cell) >= _CELL]
        if cells:
            found[column.index] = cells
    return found


def _cells(part_id: str, cells: list[str], reading: Reading, depth: int) -> Iterator[Item]:
    """Cells of one column as one text, a line each."""
    if len(cells) >= _FEWEST_CELLS or max(map(len, cells)) >= _LONG_CELL:
        yield from encoded_items(part_id, "\n".join(cells), reading, depth=depth)


def carried_raw(source: Source, file_type: FileType, reading: Reading) -> Iterator[Item]:
    """What the text of a format carries whose parts no longer show its line ends and blanks: the text itself, without its escapes."""
    label = file_type.label
    if label not in _ESCAPED_JSON | _ESCAPED_XML | _AS_THEY_ARE:
        return
    with source.opener() as stream:
        data = stream.read(reading.limits.text_bytes)
    text = decode(data).text
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
