"""Arrow batches to tables: whole where they are small, a sample with a way to start again where they are large."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

from sdc_airlock.model.content import Table, Unread, UnreadReason
from sdc_airlock.readers import Item, Reading
from sdc_airlock.readers._build import columns_of_arrow, scalar_text, table_of
from sdc_airlock.source import Source

if TYPE_CHECKING:
    import pyarrow as pa

    Array: TypeAlias = pa.Array[Any] | pa.ChunkedArray[Any]

Batches: TypeAlias = "Callable[[], Iterator[pa.RecordBatch]]"

WIDEST_LIST = 20_000
BLOBS = 20  # binary cells that are opened as files; a column of more is a gap
DEEPEST_TYPE = 20


def batch_rows(columns: int) -> int:
    """Rows of a batch that keeps it small."""
    return max(64, min(65_536, 2_000_000 // max(columns, 1)))


def table_items(
    part_id: str,
    batches: Batches,
    reading: Reading,
    *,
    n_rows: int | None,
    names: Sequence[str],
    depth: int = 0,
    title: str = "",
    notes: str = "",
    schema_note: str = "",
) -> Iterator[Item]:
    """The table that some batches make up, and a part for what its nested and binary columns hold.

    Args:
        part_id: Address of the table.
        batches: Starts reading from the first row.
        reading: For limits; bytes held are counted.
        n_rows: Rows in all where the format says so.
        names: Its columns, for a table without rows.
        depth: Containers around the table.
        title: What it is called; notes: remarks that belong to it; schema_note: what is said of its fields.
    """
    import pyarrow as pa

    held: list[pa.RecordBatch] = []
    cells = size = 0
    whole = True
    for batch in batches():
        held.append(batch)
        cells += batch.num_rows * max(batch.num_columns, 1)
        size += batch.nbytes
        reading.spend(expanded=batch.nbytes)
        if cells > reading.limits.cells or size > reading.limits.member_bytes:
            whole = False
            break
    if not cells:
        yield table_of(part_id, [(name, ()) for name in names], title=title, schema_note=schema_note)
        return
    table = pa.Table.from_batches(held)
    if whole:
        flat, aside = flattened(table, part_id, reading, depth)
        yield Table(
            part_id=part_id,
            columns=columns_of_arrow(flat),
            n_rows=table.num_rows,
            named=True,
            title=title,
            notes=notes,
            schema_note=schema_note,
        )
        yield from aside
        return
    sample = plain_table(table.slice(0, reading.limits.sample_rows))

    def again() -> Iterator[pa.RecordBatch]:
        for batch in batches():
            yield from plain_table(pa.Table.from_batches([batch])).combine_chunks().to_batches()

    yield Table(
        part_id=part_id,
        columns=columns_of_arrow(sample),
        n_rows=n_rows,
        named=True,
        title=title,
        notes=notes,
        schema_note=schema_note,
        batches=again,
    )
    if any(_is_binary(field.type) for field in table.schema):
        yield Unread(part_id=part_id, why=UnreadReason.UNSUPPORTED, detail="binary columns")


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


def _simple(column: Array) -> Array:
    """A column as text, numbers, booleans or times."""
    import pyarrow as pa
    import pyarrow.types as pt

    kind = column.type
    if (
        pt.is_string(kind)
        or pt.is_boolean(kind)
        or pt.is_integer(kind)
        or pt.is_float64(kind)
        or pt.is_float32(kind)
        or pt.is_date(kind)
        or pt.is_timestamp(kind)
    ):
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
        return scalar_text(json.dumps(value, ensure_ascii=False, default=lambda inner: _text(inner)))
    return scalar_text(value)


def flattened(table: pa.Table, part_id: str, reading: Reading, depth: int) -> tuple[pa.Table, list[Item]]:
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
            aside += _list_table(inner, array, f"{part_id}!list{len(aside) + 1}", reading)
            aside += _blobs(array, part_id, len(aside), reading, depth)
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
    lengths = pc.list_value_length(column)
    width = pc.max(lengths).as_py()
    if width is None or not 0 < width <= WIDEST_LIST or pc.min(lengths).as_py() != width or width * len(column) > cells:
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


def _blobs(column: Array, part_id: str, made: int, reading: Reading, depth: int) -> list[Item]:
    """Binary cells that are no text: opened as files where they are few, a gap where they are many."""
    if not _is_binary(column.type):
        return []
    values = [value for value in column.to_pylist() if value]
    if all(_is_text(value) for value in values):
        return []
    if len(values) > BLOBS:
        return [Unread(part_id=part_id, why=UnreadReason.UNSUPPORTED, detail="a column of binary data")]
    items: list[Item] = []
    for number, value in enumerate(values, made + 1):
        items += reading.descend(Source.of_bytes(value, part_id=f"{part_id}!blob{number}", name="", depth=depth + 1))
    return items


def _is_text(value: bytes) -> bool:
    try:
        return value.decode("utf-8").isprintable()
    except UnicodeDecodeError:
        return False
