"""Parquet, Arrow IPC, Feather and ORC. Budgets go by rows and columns, never by the sizes that a file declares."""

from __future__ import annotations

import io
import json
import warnings
from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

from sdc_airlock.errors import Encrypted, LimitReached, Malformed, Unsupported
from sdc_airlock.model.content import Oddity, OddityKind, TextPart, TextRole
from sdc_airlock.model.filetype import FileType
from sdc_airlock.readers import Item, Reading, reader
from sdc_airlock.readers._batches import Rows, batch_rows, table_items
from sdc_airlock.readers._build import scalar_text
from sdc_airlock.source import Source

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.parquet as pq

_ORDINARY = frozenset({b"pandas", b"ARROW:schema"})
_PANDAS = frozenset(
    {"index_columns", "column_indexes", "columns", "creator", "pandas_version", "partition_columns", "schema_version", "library"}
)
_COLUMNS = 20_000
_STRIPE_BYTES = 2 << 30
_SLACK = 0.1
_SLACK_FLOOR = 65_536


@reader("parquet")
def parquet(source: Source, file_type: FileType, reading: Reading) -> Iterator[Item]:
    """A Parquet file: its rows, and metadata beyond the ordinary."""
    del file_type
    import pyarrow as pa

    if source.tail.endswith(b"PARE"):
        raise Encrypted("Parquet with an encrypted footer")
    try:
        opened = _parquet_file(source, reading)
        columns = opened.metadata.num_columns
        if columns > _COLUMNS:
            raise LimitReached("cells", _COLUMNS, columns)
        yield from _metadata(opened.schema_arrow, source.part_id)
        yield from _unaccounted(opened.metadata, source)
        start = partial(_parquet_batches, source, reading, batch_rows(columns))
        yield from table_items(source, Rows(start=start, names=opened.schema_arrow.names, count=opened.metadata.num_rows), reading)
    except pa.ArrowNotImplementedError:
        raise Unsupported("an encoding of Parquet that is not known") from None
    except (pa.ArrowException, MemoryError) as error:
        raise Malformed(type(error).__name__) from None


def _parquet_file(source: Source, reading: Reading) -> pq.ParquetFile:
    import pyarrow as pa
    import pyarrow.parquet as pq

    handle: Any = pa.OSFile(source.path, "r") if source.path else pa.BufferReader(source.read(reading.limits.member_bytes))
    return pq.ParquetFile(handle, pre_buffer=False)


def _parquet_batches(source: Source, reading: Reading, size: int) -> Iterator[pa.RecordBatch]:
    yield from _parquet_file(source, reading).iter_batches(batch_size=size)


def _unaccounted(metadata: pq.FileMetaData, source: Source) -> Iterator[Item]:
    """Bytes that belong to no column."""
    used = metadata.serialized_size + 12
    for group in range(metadata.num_row_groups):
        used += sum(metadata.row_group(group).column(column).total_compressed_size for column in range(metadata.num_columns))
    spare = (source.size or used) - used
    if spare > _SLACK_FLOOR + _SLACK * used:
        yield Oddity(part_id=source.part_id, kind=OddityKind.EMBEDDED_OBJECT, detail="bytes that belong to no column", size=spare)


@reader("arrow")
def arrow(source: Source, file_type: FileType, reading: Reading) -> Iterator[Item]:
    """Arrow IPC, file or stream; every batch is validated whole before anything looks at it."""
    del file_type
    import pyarrow as pa

    data = source.read(reading.limits.member_bytes)
    try:
        schema = _ipc(data).schema
        if len(schema) > _COLUMNS:
            raise LimitReached("cells", _COLUMNS, len(schema))
        yield from _metadata(schema, source.part_id)
        yield from table_items(source, Rows(start=partial(_ipc_batches, data), names=schema.names, count=None), reading)
        yield from _after_stream(data, source.part_id)
    except pa.ArrowNotImplementedError:
        raise Unsupported("a kind of Arrow that is not known") from None
    except (pa.ArrowException, MemoryError) as error:
        raise Malformed(type(error).__name__) from None


def _is_file(data: bytes) -> bool:
    return data.startswith(b"ARROW1") and data.endswith(b"ARROW1")


def _ipc(data: bytes) -> Any:
    import pyarrow as pa

    buffer = pa.BufferReader(data)
    return pa.ipc.open_file(buffer) if _is_file(data) else pa.ipc.open_stream(buffer)


def _ipc_batches(data: bytes) -> Iterator[pa.RecordBatch]:
    opened = _ipc(data)
    batches = (opened.get_batch(number) for number in range(opened.num_record_batches)) if _is_file(data) else iter(opened)
    for batch in batches:
        batch.validate(full=True)
        size = batch_rows(batch.num_columns)
        for start in range(0, max(batch.num_rows, 1), size):
            yield batch.slice(start, size)


def _after_stream(data: bytes, part_id: str) -> Iterator[Item]:
    """Bytes after the end of a stream."""
    import pyarrow as pa

    if _is_file(data):
        return
    buffer = pa.BufferReader(data)
    for _ in pa.ipc.open_stream(buffer):
        pass
    rest = len(data) - buffer.tell()
    if rest > 8:
        yield Oddity(part_id=part_id, kind=OddityKind.TRAILING_DATA, detail="bytes after the end of the stream", size=rest)


@reader("feather1")
def feather(source: Source, file_type: FileType, reading: Reading) -> Iterator[Item]:
    """Feather of version 1."""
    del file_type
    import pyarrow as pa
    from pyarrow import feather as library

    data = source.read(reading.limits.member_bytes)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            table = library.read_table(io.BytesIO(data), memory_map=False)
        table.validate(full=True)
        size = batch_rows(table.num_columns)
        rows = Rows(start=lambda: iter(table.to_batches(max_chunksize=size)), names=table.schema.names, count=table.num_rows)
        yield from table_items(source, rows, reading)
    except (pa.ArrowException, MemoryError) as error:
        raise Malformed(type(error).__name__) from None


@reader("orc")
def orc(source: Source, file_type: FileType, reading: Reading) -> Iterator[Item]:
    """ORC, a stripe at a time."""
    del file_type
    import pyarrow as pa
    from pyarrow.orc import ORCFile

    data = source.read(reading.limits.member_bytes)
    try:
        opened = ORCFile(pa.BufferReader(data))
        schema = opened.schema
        if len(schema) > _COLUMNS:
            raise LimitReached("cells", _COLUMNS, len(schema))
        declared = opened.nrows * max(len(schema), 1) * 8
        if declared > reading.limits.expanded_bytes or declared > opened.nstripes * _STRIPE_BYTES:
            raise LimitReached("expanded_bytes", min(reading.limits.expanded_bytes, opened.nstripes * _STRIPE_BYTES), declared)
        yield from _metadata(schema, source.part_id)
        yield from _orc_metadata(opened.metadata, source.part_id)
        start = partial(_orc_batches, opened, batch_rows(len(schema)))
        yield from table_items(source, Rows(start=start, names=schema.names, count=opened.nrows), reading)
        length = opened.file_length
        if len(data) > length:
            detail = "bytes that belong to no stripe"
            yield Oddity(part_id=source.part_id, kind=OddityKind.TRAILING_DATA, detail=detail, size=len(data) - length)
    except pa.ArrowNotImplementedError:
        raise Unsupported("a kind of ORC that is not known") from None
    except (pa.ArrowException, MemoryError) as error:
        raise Malformed(type(error).__name__) from None


def _orc_batches(opened: Any, size: int) -> Iterator[pa.RecordBatch]:
    for number in range(opened.nstripes):
        stripe = opened.read_stripe(number)
        stripe.validate(full=True)
        for start in range(0, max(stripe.num_rows, 1), size):
            yield stripe.slice(start, size)


def _orc_metadata(found: Any, part_id: str) -> Iterator[Item]:
    """What its writer was told to keep beside the rows."""
    lines = [f"{_words(key)}: {_words(value)}" for key, value in (found or {}).items() if key not in _ORDINARY]
    if lines:
        yield TextPart(part_id=f"{part_id}!file-metadata", text="\n".join(lines), role=TextRole.METADATA, hidden=True)


def _metadata(schema: pa.Schema, part_id: str) -> Iterator[Item]:
    """What the file says beside its rows."""
    found = {key: value for key, value in (schema.metadata or {}).items() if key not in _ORDINARY}
    lines = [f"{_words(key)}: {_words(value)}" for key, value in found.items()]
    lines += _beyond_pandas((schema.metadata or {}).get(b"pandas", b""))
    for field in schema:
        lines += [
            f"{_words(key)}: {_words(value)}"
            for key, value in (field.metadata or {}).items()
            if not key.startswith((b"PARQUET:", b"ARROW:extension"))
        ]
    if lines:
        yield TextPart(part_id=f"{part_id}!metadata", text="\n".join(lines), role=TextRole.METADATA, hidden=True)


def _words(value: bytes) -> str:
    return scalar_text(value.decode("utf-8", "replace"))


def _beyond_pandas(value: bytes) -> list[str]:
    """What the metadata of pandas hold beyond the usual keys."""
    if not value:
        return []
    try:
        found = json.loads(value)
    except (ValueError, RecursionError):
        return [_words(value)]
    if not isinstance(found, dict):
        return [_words(value)]
    return [f"{scalar_text(name)}: {scalar_text(json.dumps(child))}" for name, child in found.items() if name not in _PANDAS and child]
