"""Arrow batches to tables: whole where they are small, a sample with a way to start again where they are large."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from sdc_airlock.model.content import Table, Unread, UnreadReason
from sdc_airlock.readers import Item, Reading
from sdc_airlock.readers._build import columns_of_arrow, scalar_text, table_of
from sdc_airlock.source import Source

if TYPE_CHECKING:
    import pyarrow as pa

    Array: TypeAlias = pa.Array[Any] | pa.ChunkedArray[Any]

WIDEST_LIST = 20_000
BLOBS = 20  # binary cells that are opened as files; a column of more is a gap
DEEPEST_TYPE = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """Rows that can be read again from the first.

    Attributes:
        start: Starts reading.
        names: The columns, for a table without rows.
        count: Rows in all, None where the format does not say.
    """

    start: Callable[[], Iterator[pa.RecordBatch]]
    names: list[str]
    count: int | None


def batch_rows(columns: int) -> int:
    """Rows of a batch that keeps it small."""
    return max(64, min(65_536, 2_000_000 // max(columns, 1)))


def table_items(source: Source, rows: Rows, reading: Reading) -> Iterator[Item]:
    """The table that some rows make up, and a part for what its nested and binary columns hold."""
    import pyarrow as pa

    held: list[pa.RecordBatch] = []
    cells = size = 0
    whole = True
    for batch in rows.start():
        held.append(batch)
        cells += batch.num_rows * max(batch.num_columns, 1)
        written_out = _decoded_bytes(batch)
        size += written_out
        reading.spend(expanded=written_out)
        if cells > reading.limits.cells or size > reading.limits.member_bytes:
            whole = False
            break
    if not cells:
        yield table_of(source.part_id, [(name, ()) for name in rows.names])
        return
    table = pa.Table.from_batches(held)
    if whole:
        flat, aside = flattened(table, source, reading)
        yield Table(part_id=source.part_id, columns=columns_of_arrow(flat), n_rows=table.num_rows, named=True)
        yield from aside
        return
    sample = plain_table(table.slice(0, reading.limits.sample_rows))

    def again() -> Iterator[pa.RecordBatch]:
        for batch in rows.start():
            yield from plain_table(pa.Table.from_batches([batch])).combine_chunks().to_batches()

    yield Table(part_id=source.part_id, columns=columns_of_arrow(sample), n_rows=rows.count, named=True, batches=again)
    if any(_is_binary(field.type) for field in table.schema):
        yield Unread(part_id=source.part_id, why=UnreadReason.UNSUPPORTED, detail="binary columns")


def _decoded_bytes(batch: pa.RecordBatch) -> int:
    """Bytes of a batch with its dictionaries written out."""
    import pyarrow.compute as pc
    import pyarrow.types as pt

    size = int(batch.nbytes)
    for column in batch.columns:
        found: Any = column
        if pt.is_dictionary(found.type) and (pt.is_string(found.type.value_type) or pt.is_large_string(found.type.value_type)):
            size += pc.sum(pc.take(pc.binary_length(found.dictionary), found.indices)).as_py() or 0
    return size


def _is_binary(kind: pa.DataType) -> bool:
    import pyarrow.types as pt

    return pt.is_binary(kind) or pt.is_large_binary(kind) or pt.is_fixed_size_binary(kind)


def plain_table(table: pa.Table) -> pa.Table:
    """The table with simple columns only: structs become dotted columns, lists and everything odd become text."""
    import pyarrow as pa

    names: list[str] = []
    arrays: list[Array] = []
    for name, column in zip(table.schema.names, table.columns, strict=True):
        for inner, array in _spread(scalar_text(name), column, 0):
            names.append(inner)
            arrays.append(_simple(array))
    return pa.Table.from_arrays(arrays, names=names)


def _spread(name: str, column: Array, level: int) -> Iterator[tuple[str, Array]]:
    """A column, or the columns inside a struct."""
    import pyarrow as pa
    import pyarrow.types as pt

    if isinstance(column.type, pa.BaseExtensionType):
        column = column.cast(column.type.storage_type)
    if pt.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    if not pt.is_struct(column.type) or level >= DEEPEST_TYPE or not column.type.num_fields:
        yield name, column
        return
    flat = pa.Table.from_arrays([column], names=[""]).flatten()
    for field, inner in zip(flat.schema.names, flat.columns, strict=True):
        yield from _spread(f"{name}{scalar_text(field)}", inner, level + 1)


def _kept(kind: pa.DataType) -> bool:
    import pyarrow.types as pt

    tests = (pt.is_string, pt.is_boolean, pt.is_integer, pt.is_float64, pt.is_float32, pt.is_date, pt.is_timestamp)
    return any(test(kind) for test in tests)


def _simple(column: Array) -> Array:
    """A column as text, numbers, booleans or times."""
    import pyarrow as pa
    import pyarrow.types as pt

    kind = column.type
    if _kept(kind):
        return column
    if pt.is_floating(kind) or pt.is_decimal(kind):
        return column.cast(pa.float64(), safe=False)
    if pt.is_large_string(kind) or pt.is_null(kind) or pt.is_time(kind) or pt.is_string_view(kind):
        return column.cast(pa.string())
    return pa.array([None if value is None else _text(value) for value in column.to_pylist()], pa.string())


def _text(value: Any) -> str:
    if isinstance(value, bytes):
        return value.decode("utf-8", "backslashreplace")
    if isinstance(value, list | tuple | dict):
        return scalar_text(json.dumps(value, ensure_ascii=False, default=_text))
    return scalar_text(value)


def flattened(table: pa.Table, source: Source, reading: Reading) -> tuple[pa.Table, list[Item]]:
    """A whole table with simple columns, and parts of their own for its lists and binary cells.

    Lists of one length become columns; other lists become a table of record and value.
    """
    import pyarrow as pa

    names: list[str] = []
    arrays: list[Array] = []
    aside: list[Item] = []
    for name, column in zip(table.schema.names, table.columns, strict=True):
        for inner, array in _spread(scalar_text(name), column, 0):
            wide = _widened(array, reading.limits.cells)
            if wide is not None:
                names += [f"{inner}.{place}" for place in range(1, len(wide) + 1)]
                arrays += [_simple(each) for each in wide]
                continue
            aside += _list_table(inner, array, f"{source.part_id}!list{len(aside) + 1}", reading)
            aside += _blobs(array, source, len(aside), reading)
            names.append(inner)
            arrays.append(_simple(array))
    return pa.Table.from_arrays(arrays, names=names), aside


def _is_list(kind: pa.DataType) -> bool:
    import pyarrow.types as pt

    return pt.is_list(kind) or pt.is_large_list(kind) or pt.is_fixed_size_list(kind)


def _widened(column: Array, cells: int) -> list[Array] | None:
    """The columns that lists of one length make, None where this is no such column."""
    import pyarrow.compute as pc

    if not _is_list(column.type) or not len(column):
        return None
    lengths: list[Any] = pc.unique(pc.list_value_length(column)).to_pylist()
    if len(lengths) != 1 or not lengths[0]:
        return None
    width = int(lengths[0])
    if width > WIDEST_LIST or width * len(column) > cells:
        return None
    return [pc.list_element(column, place) for place in range(width)]


def _list_table(name: str, column: Array, part_id: str, reading: Reading) -> list[Item]:
    """Lists of different lengths of simple values as a table of record and value."""
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.types as pt

    kind: Any = column.type
    if not _is_list(kind) or pt.is_nested(kind.value_type):
        return []
    values = pc.list_flatten(column)
    if not len(values) or len(values) > reading.limits.cells:
        return []
    parents = pc.add(pc.list_parent_indices(column), 1)
    flat = pa.Table.from_arrays([parents, _simple(values)], names=["record", name])
    return [Table(part_id=part_id, columns=columns_of_arrow(flat), n_rows=len(values), named=True, title=name)]


def _blobs(column: Array, source: Source, made: int, reading: Reading) -> list[Item]:
    """Binary cells that are no text: opened as files where they are few, a gap where they are many."""
    if not _is_binary(column.type):
        return []
    return list(blob_items((value for value in column.to_pylist() if value), source, made, reading))


def blob_items(values: Iterator[bytes], source: Source, made: int, reading: Reading) -> Iterator[Item]:
    """Binary values of a table: text is passed over (it stands in the table), a few others are opened, many are a gap."""
    blobs = [value for value in values if not _is_text(value)]
    if len(blobs) > BLOBS:
        yield Unread(part_id=source.part_id, why=UnreadReason.UNSUPPORTED, detail="binary data in cells")
        return
    for number, blob in enumerate(blobs, made + 1):
        yield from reading.descend(Source.of_bytes(blob, part_id=f"{source.part_id}!blob{number}", name="", depth=source.depth + 1))


def _is_text(value: bytes) -> bool:
    try:
        return value.decode("utf-8").isprintable()
    except UnicodeDecodeError:
        return False
