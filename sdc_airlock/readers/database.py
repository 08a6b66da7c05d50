"""SQLite databases with all that remains in them, their logs, and dBase tables."""

from __future__ import annotations

import struct
import time
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from sdc_airlock.errors import LimitReached, Malformed
from sdc_airlock.model.content import Column, Oddity, OddityKind, Table, TextPart, TextRole, Unread, UnreadReason
from sdc_airlock.model.filetype import FileType
from sdc_airlock.readers import Item, Reading, gap, reader
from sdc_airlock.readers._batches import batch_rows, blob_items
from sdc_airlock.readers._build import scalar_text, table_of
from sdc_airlock.readers._sqliteremains import database_remains, log_remains
from sdc_airlock.source import Source

if TYPE_CHECKING:
    import sqlite3

    import pyarrow as pa

_PAGE_FIELDS = slice(18, 20)
_STEPS = 20_000
_LONGEST_VALUE = 64 << 20
_SCHEMA_TABLES = 5_000
_DBF_HEADER = 32
_SPARSE = 16
_SCHEMA_COLUMNS = ["type", "name", "tbl_name", "rootpage", "sql"]


@reader("sqlite")
def sqlite(source: Source, file_type: FileType, reading: Reading) -> Iterator[Item]:
    """All tables; views and triggers as their text; deleted rows as hidden tables."""
    del file_type
    import sqlite3

    try:
        with_data = _Database(source, reading)
        yield from with_data.items()
    except (sqlite3.Error, MemoryError) as error:
        raise Malformed(type(error).__name__) from None


class _Database:
    """Opens one database as often as needed; nothing in it is trusted, nothing is written."""

    def __init__(self, source: Source, reading: Reading) -> None:
        self.source = source
        self.reading = reading
        self._data = b"" if source.path else source.read(reading.limits.member_bytes)

    def connect(self, deadline: float) -> sqlite3.Connection:
        """A connection that reads only, and stops at the deadline."""
        import sqlite3

        if self.source.path:
            link = sqlite3.connect(f"file:{quote(self.source.path)}?mode=ro&immutable=1", uri=True)
        else:
            link = sqlite3.connect(":memory:")
            image = bytearray(self._data)
            image[_PAGE_FIELDS] = b"\x01\x01"  # a write-ahead log, which a copy in memory cannot have
            link.deserialize(bytes(image))
        link.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST_VALUE)
        link.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
        link.set_progress_handler(lambda: int(time.monotonic() > deadline), _STEPS)
        link.text_factory = lambda raw: scalar_text(raw.decode("utf-8", "replace"))
        for setting in ("trusted_schema=OFF", "query_only=ON", "cell_size_check=ON"):
            link.execute(f"PRAGMA {setting}")
        link.set_authorizer(_permitted)
        return link

    def items(self) -> Iterator[Item]:
        """Tables, the text of the schema, what is hidden in the pages."""
        deadline = self.reading.deadline
        link = self.connect(deadline)
        try:
            schema = link.execute("SELECT type, name, rootpage, sql FROM sqlite_master LIMIT ?", (_SCHEMA_TABLES,)).fetchall()
            pages, size = (link.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_count", "page_size"))
            tables = [str(name) for kind, name, root, _ in schema if kind == "table" and root]
            names = {name: self._columns(link, name) for name in tables}
            for number, name in enumerate(tables, 1):
                self.reading.spend()
                yield from self._table(link, name, f"{self.source.part_id}!{_safe(name) or number}")
        finally:
            link.close()
        texts = "\n".join(str(sql) for *_, sql in schema if sql)
        if texts:
            yield TextPart(part_id=f"{self.source.part_id}!schema", text=texts, role=TextRole.CODE, language="sql")
        if len(schema) == _SCHEMA_TABLES:
            yield gap(self.source.part_id, LimitReached("sheets", _SCHEMA_TABLES, len(schema)))
        yield from self._remains(schema, names)
        if self.source.size and self.source.size > pages * size:
            yield Oddity(
                part_id=self.source.part_id,
                kind=OddityKind.TRAILING_DATA,
                detail="bytes after the last page",
                size=self.source.size - pages * size,
            )

    def _remains(self, schema: list[tuple[Any, ...]], names: dict[str, list[str]]) -> Iterator[Item]:
        """What no query shows."""
        roots = {int(root): str(name) if kind == "table" else "" for kind, name, root, _ in schema if isinstance(root, int) and root > 1}
        try:
            data = self._data or self.source.read(self.reading.limits.member_bytes)
            yield from database_remains(self.source, data, roots, {"": _SCHEMA_COLUMNS, **names}, self.reading)
        except (struct.error, IndexError):
            yield Unread(
                part_id=self.source.part_id, why=UnreadReason.HIDDEN, detail="free pages, in which deleted rows may remain, are not read"
            )
        except LimitReached as error:
            yield gap(self.source.part_id, error)

    @staticmethod
    def _columns(link: sqlite3.Connection, name: str) -> list[str]:
        return [str(column[0]) for column in link.execute(_select(name) + " LIMIT 0").description]

    def _table(self, link: sqlite3.Connection, name: str, part_id: str) -> Iterator[Item]:
        cursor = link.execute(_select(name, _telling_number(link, name)))
        names = [str(column[0]) for column in cursor.description]
        most = max(1, self.reading.limits.cells // len(names))
        rows = cursor.fetchmany(most + 1)
        if len(rows) <= most:
            columns = [list(column) for column in zip(*rows, strict=True)] if rows else [[] for _ in names]
            blobs = (value for column in columns for value in column if isinstance(value, bytes) and value)
            yield from blob_items(blobs, replace(self.source, part_id=part_id), 0, self.reading)
            yield table_of(part_id, list(zip(names, map(_readable, columns), strict=True)), title=name)
            return
        count = link.execute(_select(name, "count(*)")).fetchone()[0]
        sample = rows[: self.reading.limits.sample_rows]
        arrays = tuple(
            Column(index=index, name=scalar_text(each), values=_texts([row[index] for row in sample])) for index, each in enumerate(names)
        )
        again = partial(self._batches, name, names, _telling_number(link, name))
        yield Table(part_id=part_id, columns=arrays, n_rows=count, named=True, title=name, batches=again)
        if any(isinstance(value, bytes) for row in rows for value in row):
            yield Unread(part_id=part_id, why=UnreadReason.UNSUPPORTED, detail="a column of binary data")

    def _batches(self, name: str, names: list[str], what: str) -> Iterator[pa.RecordBatch]:
        import pyarrow as pa

        link = self.connect(float("inf"))
        try:
            cursor = link.execute(_select(name, what))
            size = batch_rows(len(names))
            while rows := cursor.fetchmany(size):
                yield pa.RecordBatch.from_arrays(
                    [_texts(column) for column in zip(*rows, strict=True)], names=[scalar_text(each) for each in names]
                )
        finally:
            link.close()


def _permitted(action: int, first: str | None, *_: object) -> int:
    import sqlite3

    return (
        sqlite3.SQLITE_DENY if action in (sqlite3.SQLITE_ATTACH, sqlite3.SQLITE_DETACH) or first == "load_extension" else sqlite3.SQLITE_OK
    )


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _select(name: str, what: str = "*") -> str:
    return f"SELECT {what} FROM {_quoted(name)}"  # noqa: S608 - the name is quoted, and the connection cannot write


def _telling_number(link: sqlite3.Connection, name: str) -> str:
    """What to select: all columns, and the number of the row where it says more than its place and no column shows it."""
    import sqlite3

    try:
        low, high, count = link.execute(_select(name, "min(_rowid_), max(_rowid_), count(*)")).fetchone()
        shown = (
            link.execute("SELECT count(*) FROM pragma_table_info(?) WHERE pk > 0 AND upper(type) = 'INTEGER'", (name,)).fetchone()[0] == 1
        )
    except sqlite3.Error:
        return "*"
    dense = not count or (isinstance(low, int) and isinstance(high, int) and low >= 0 and high <= _SPARSE * count + _SPARSE)
    return "*" if dense or shown else "_rowid_ AS rowid, *"


def _safe(name: str) -> str:
    """A name fit for an address."""
    return "".join(letter if letter.isalnum() or letter in "_-. " else "_" for letter in name)[:60].strip()


def _readable(values: list[Any]) -> list[Any]:
    return [value.decode("utf-8", "backslashreplace") if isinstance(value, bytes) else value for value in values]


def _texts(values: Any) -> pa.Array[Any]:
    import pyarrow as pa

    return pa.array([None if value is None else scalar_text(value) for value in _readable(list(values))], pa.string())


@reader("sqlite_wal")
def sqlite_log(source: Source, file_type: FileType, reading: Reading) -> Iterator[Item]:
    """A write-ahead log or a rollback journal: all rows on its pages, as hidden tables."""
    del file_type
    data = source.read(reading.limits.member_bytes)
    try:
        yield from log_remains(source, data, reading)
    except (struct.error, IndexError):
        raise Malformed("a log of SQLite that is damaged") from None
    names = ("log of writes", "write-ahead") if data[:2] == b"\x37\x7f" else ("journal", "rollback")
    yield TextPart(part_id=f"{source.part_id}!kind", text=f"SQLite {names[1]} {names[0]}", role=TextRole.METADATA)


@reader("dbf")
def dbf(source: Source, file_type: FileType, reading: Reading) -> Iterator[Item]:
    """A dBase table; records marked as deleted are still there, as a hidden table."""
    del file_type
    data = source.read(reading.limits.member_bytes)
    if len(data) < _DBF_HEADER:
        raise Malformed("too short for a dBase table")
    count, header, width = struct.unpack_from("<IHH", data, 4)
    fields = _dbf_fields(data, header)
    if width != 1 + sum(length for *_, length in fields) or header + count * width > len(data):
        raise Malformed("the header of the dBase table does not fit its records")
    if count * len(fields) > reading.limits.cells:
        raise LimitReached("cells", reading.limits.cells, count * len(fields))
    records = [data[header + number * width : header + (number + 1) * width] for number in range(count)]
    for hidden, chosen in ((False, [each for each in records if each[:1] != b"*"]), (True, [each for each in records if each[:1] == b"*"])):
        if chosen or not hidden:
            yield table_of(f"{source.part_id}!deleted" if hidden else source.part_id, _dbf_columns(chosen, fields), hidden=hidden)
        if chosen and hidden:
            yield Oddity(part_id=source.part_id, kind=OddityKind.HIDDEN_CELLS, detail="records marked as deleted", size=len(chosen))
    rest = data[header + count * width :].strip(b"\x1a\0")
    if rest:
        yield Oddity(part_id=source.part_id, kind=OddityKind.TRAILING_DATA, detail="bytes after the last record", size=len(rest))
    if any(kind == "M" for _, kind, _, _ in fields):
        yield Unread(part_id=source.part_id, why=UnreadReason.UNSUPPORTED, detail="memo fields stand in another file")


def _dbf_fields(data: bytes, header: int) -> list[tuple[str, str, int, int]]:
    """Name, type, place in the record and length of each field."""
    fields = []
    at, place = 32, 1
    while at + 32 <= min(header, len(data)) and data[at] != 0x0D:
        name = data[at : at + 11].split(b"\0")[0].decode("latin-1")
        length = data[at + 16]
        fields.append((name, chr(data[at + 11]), place, length))
        at, place = at + 32, place + length
    if not fields:
        raise Malformed("a dBase table without fields")
    return fields


def _dbf_columns(records: list[bytes], fields: list[tuple[str, str, int, int]]) -> list[tuple[str, list[Any]]]:
    return [(name, [_dbf_value(record[place : place + length], kind) for record in records]) for name, kind, place, length in fields]


def _dbf_value(raw: bytes, kind: str) -> str | int | float | None:
    if kind in "I+" and len(raw) == 4:
        return int.from_bytes(raw, "little", signed=True)
    if kind in "BO" and len(raw) == 8:
        return float(struct.unpack("<d", raw)[0])
    try:
        text = raw.decode("utf-8").strip("\0 ")
    except UnicodeDecodeError:
        text = raw.decode("cp1252", "replace").strip("\0 ")
    if not text:
        return None
    if kind in "NF":
        try:
            return int(text)
        except ValueError:
            pass
        try:
            return float(text)
        except ValueError:
            return text
    return text
