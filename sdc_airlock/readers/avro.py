"""Avro object containers, block by block, by a reader of our own."""

from __future__ import annotations

import bz2
import io
import json
import lzma
import zlib
from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

from sdc_airlock.errors import LimitReached, Malformed, Unsupported
from sdc_airlock.model.content import TextPart, TextRole
from sdc_airlock.model.filetype import FileType
from sdc_airlock.readers import Item, Reading, reader
from sdc_airlock.readers._avroschema import Cursor, Decode, Schema
from sdc_airlock.readers._batches import Rows, table_items
from sdc_airlock.readers._build import scalar_text
from sdc_airlock.source import Source

if TYPE_CHECKING:
    import pyarrow as pa

_MARK = 16
_OWN = frozenset({"avro.schema", "avro.codec"})
_BATCH = 20_000


@reader("avro")
def avro(source: Source, file_type: FileType, reading: Reading) -> Iterator[Item]:
    """All records; metadata and the words that describe the fields as text."""
    del file_type
    import pyarrow as pa

    cursor = Cursor(source.read(reading.limits.member_bytes))
    cursor.take(4)
    header = _header(cursor)
    try:
        found = json.loads(header.get("avro.schema", b""))
    except (ValueError, RecursionError):
        raise Malformed("an Avro schema that is none") from None
    schema = Schema(found)
    codec = header.get("avro.codec", b"null").decode("latin-1")
    lines = [f"{scalar_text(key)}: {scalar_text(value.decode('utf-8', 'replace'))}" for key, value in header.items() if key not in _OWN]
    lines += _said(found)
    if lines:
        yield TextPart(part_id=f"{source.part_id}!metadata", text="\n".join(lines), role=TextRole.METADATA, hidden=True)
    kind: Any = schema.root.kind
    wrapped = not pa.types.is_struct(kind)
    arrow = pa.schema([pa.field("value", kind)]) if wrapped else pa.schema(list(kind))
    start = partial(_batches, cursor.data, cursor.at, codec, schema.root.decode, arrow, wrapped=wrapped, reading=reading)
    try:
        yield from table_items(source, Rows(start=start, names=arrow.names, count=None), reading)
    except pa.ArrowException as error:
        raise Malformed(type(error).__name__) from None


def _header(cursor: Cursor) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    while count := cursor.long():
        if count < 0:
            cursor.long()
            count = -count
        for _ in range(count):
            name = cursor.take(cursor.long()).decode("utf-8", "replace")
            found[name] = cursor.take(cursor.long())
    return found


def _said(found: Any, depth: int = 0) -> list[str]:
    """Words in a schema that are no part of its structure."""
    lines: list[str] = []
    if depth > 40:
        return lines
    if isinstance(found, list):
        for each in found:
            lines += _said(each, depth + 1)
    elif isinstance(found, dict):
        for key, value in found.items():
            if key in ("type", "fields", "items", "values"):
                lines += _said(value, depth + 1)
            elif key not in ("name", "namespace", "size", "logicalType", "precision", "scale", "order") and not (
                key == "default" and value is None
            ):
                lines.append(f"{scalar_text(key)}: {scalar_text(value if isinstance(value, str) else json.dumps(value))}")
    return lines


def _batches(
    data: bytes, at: int, codec: str, decode: Decode, schema: pa.Schema, *, wrapped: bool, reading: Reading
) -> Iterator[pa.RecordBatch]:
    """The records from the first block on.

    Raises:
        Malformed: a block is damaged. Unsupported: an unknown codec.
    """
    import pyarrow as pa

    cursor = Cursor(data)
    cursor.at = at
    mark = cursor.take(_MARK)
    rows: list[Any] = []
    while cursor.at < len(data):
        count, size = cursor.long(), cursor.long()
        block = Cursor(_decoded(cursor.take(size), codec, reading))
        if count < 0 or cursor.take(_MARK) != mark:
            raise Malformed("an Avro block without its mark")
        block.spend(count)
        for _ in range(count):
            value = decode(block, 0)
            rows.append({"value": value} if wrapped else value)
            if len(rows) >= _BATCH:
                reading.spend()
                yield pa.RecordBatch.from_pylist(rows, schema=schema)
                rows = []
        if block.at != len(block.data):
            raise Malformed("an Avro block with more bytes than records")
    if rows:
        yield pa.RecordBatch.from_pylist(rows, schema=schema)


def _decoded(block: bytes, codec: str, reading: Reading) -> bytes:
    most = reading.limits.member_bytes
    try:
        if codec == "null":
            return block
        if codec == "deflate":
            inflater = zlib.decompressobj(-15)
            found = inflater.decompress(block, most + 1)
        elif codec == "bzip2":
            found = bz2.BZ2Decompressor().decompress(block, most + 1)
        elif codec == "xz":
            found = lzma.LZMADecompressor(memlimit=most).decompress(block, most + 1)
        elif codec == "snappy":
            found = _snappy(block, most)
        elif codec == "zstandard":
            found = _zstandard(block, most)
        else:
            raise Unsupported("a codec of Avro that is not known")
    except (zlib.error, OSError, lzma.LZMAError, EOFError, ValueError):
        raise Malformed("an Avro block with a damaged stream") from None
    if len(found) > most:
        raise LimitReached("member_bytes", most, len(found))
    return found


def _snappy(block: bytes, most: int) -> bytes:
    """A block of Snappy, which is followed by its checksum."""
    import pyarrow as pa

    shift = size = 0
    for byte in block[:5]:
        size |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            break
    if size > most:
        raise LimitReached("member_bytes", most, size)
    found = bytes(pa.decompress(block[:-4], size, codec="snappy", asbytes=True))
    if zlib.crc32(found) != int.from_bytes(block[-4:], "big"):
        raise Malformed("an Avro block with a wrong checksum")
    return found


def _zstandard(block: bytes, most: int) -> bytes:
    import pyarrow as pa

    with pa.input_stream(io.BytesIO(block), compression="zstd") as stream:
        return bytes(stream.read(most + 1))
