"""DuckDB databases, where the library is installed: tables are read, nothing stored in the file is run, nothing outside it is reached."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sdc_airlock.errors import Malformed, Unsupported
from sdc_airlock.intake import safe_name
from sdc_airlock.model.content import TextPart, TextRole, Unread, UnreadReason
from sdc_airlock.model.filetype import FileType
from sdc_airlock.readers import Item, Reading, reader
from sdc_airlock.readers._batches import Rows, batch_rows, table_items
from sdc_airlock.readers._build import scalar_text
from sdc_airlock.source import Source

if TYPE_CHECKING:
    import pyarrow as pa

_LOCKED = {
    "enable_external_access": "false",
    "autoload_known_extensions": "false",
    "autoinstall_known_extensions": "false",
    "allow_community_extensions": "false",
    "threads": "1",
    "memory_limit": "1GB",
    "temp_directory": "",
    "lock_configuration": "true",
}
_TABLES = "SELECT schema_name, table_name, column_count FROM duckdb_tables() WHERE NOT internal ORDER BY ALL"
_TEXTS = (
    "SELECT sql FROM duckdb_tables() WHERE NOT internal AND sql IS NOT NULL",
    "SELECT sql FROM duckdb_views() WHERE NOT internal AND sql IS NOT NULL",
    "SELECT sql FROM duckdb_indexes() WHERE sql IS NOT NULL",
    "SELECT macro_definition FROM duckdb_functions() WHERE NOT internal AND macro_definition IS NOT NULL",
    "SELECT comment FROM duckdb_tables() WHERE comment IS NOT NULL",
    "SELECT comment FROM duckdb_columns() WHERE comment IS NOT NULL",
)


@reader("duckdb")
def duckdb(source: Source, file_type: FileType, reading: Reading) -> Iterator[Item]:
    """All tables; views, macros and comments as their text."""
    del file_type
    try:
        import duckdb as library
    except ImportError:
        raise Unsupported("a DuckDB database cannot be read: the extra package duckdb is not installed") from None
    if source.path:
        yield from _read(library, source.path, source, reading)
        return
    data = source.read(reading.limits.member_bytes)
    try:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "database"
            path.write_bytes(data)
            yield from _read(library, str(path), source, reading, keep=False)
    except OSError:
        raise Unsupported("a DuckDB database inside a container cannot be read: there is no scratch folder") from None


def _read(library: Any, path: str, source: Source, reading: Reading, *, keep: bool = True) -> Iterator[Item]:
    connect = partial(library.connect, path, read_only=True, config=_LOCKED)
    try:
        link = connect()
        try:
            texts = [scalar_text(row[0]) for query in _TEXTS for row in link.execute(query).fetchall()]
            tables = link.execute(_TABLES).fetchall()
            free = link.execute("SELECT free_blocks FROM pragma_database_size()").fetchone()[0]
        finally:
            link.close()
        if texts:
            yield TextPart(part_id=f"{source.part_id}!schema", text="\n".join(texts), role=TextRole.CODE, language="sql")
        for schema, name, width in tables:
            yield from _table(connect, str(schema), str(name), int(width), source, reading, keep=keep)
        if free:
            detail = "free blocks, in which deleted rows may remain, are not read"
            yield Unread(part_id=source.part_id, why=UnreadReason.HIDDEN, seen=free, detail=detail)
    except (library.Error, RuntimeError, MemoryError) as error:
        raise Malformed(type(error).__name__) from None


def _table(
    connect: Callable[[], Any], schema: str, name: str, width: int, source: Source, reading: Reading, *, keep: bool
) -> Iterator[Item]:
    """One table. Of a copy in a scratch folder, which does not outlive its reading, rows beyond the caps are a gap."""
    part = Source(part_id=f"{source.part_id}!{safe_name(name)}", name="", opener=source.opener, depth=source.depth)
    query = f"SELECT * FROM {_quoted(schema)}.{_quoted(name)}"  # noqa: S608 - names are quoted, and the connection cannot write

    def start() -> Iterator[pa.RecordBatch]:
        link = connect()
        try:
            result = link.sql(query)
            stream = getattr(result, "to_arrow_reader", None) or result.fetch_record_batch
            yield from stream(batch_rows(width))
        finally:
            link.close()

    link = connect()
    try:
        names = [str(column[0]) for column in link.execute(f"{query} LIMIT 0").description]
        count = link.execute(f"SELECT count(*) FROM ({query})").fetchone()[0]  # noqa: S608 - as above
    finally:
        link.close()
    if not keep and count * max(width, 1) > reading.limits.cells:
        detail = "a large table of a database inside a container"
        yield Unread(
            part_id=part.part_id, why=UnreadReason.LIMIT, limit_name="cells", limit=reading.limits.cells, seen=count, detail=detail
        )
        return
    yield from table_items(part, Rows(start=start, names=names, count=count), reading)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
