"""NumPy arrays. The header is read by hand and held against the size before anything is built; objects are never loaded."""

from __future__ import annotations

import ast
import math
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sdc_airlock.errors import LimitReached, Malformed, Unsupported
from sdc_airlock.identify.types import TYPES
from sdc_airlock.model.content import Column, Oddity, OddityKind, Table
from sdc_airlock.model.filetype import FileType
from sdc_airlock.readers import Item, Reading, reader
from sdc_airlock.readers._batches import batch_rows
from sdc_airlock.readers._numpy import arrow_of, columns_of
from sdc_airlock.recognise.states import LEAST_BYTES, byte_table
from sdc_airlock.source import Source

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pyarrow as pa

_HEADER_BYTES = 65_536
_COLUMNS = 5_000
_AXES = 32


@reader("npz")
def npz(source: Source, file_type: FileType, reading: Reading) -> Iterator[Item]:
    """Arrays in a zip: its members are read like those of any other zip."""
    yield from reading.open(source, replace(file_type, label="zip", family=TYPES["zip"].family))


@reader("npy")
def npy(source: Source, file_type: FileType, reading: Reading) -> Iterator[Item]:
    """One array as a table: rows are its first axis (or all but its last, where it has more than two)."""
    del file_type
    data = source.read(reading.limits.member_bytes)
    dtype, fortran, shape, start = _header(data)
    wanted = math.prod(shape) * dtype.itemsize
    if wanted > len(data) - start:
        raise Malformed("the header declares more bytes than there are")
    if wanted < len(data) - start:
        yield Oddity(part_id=source.part_id, kind=OddityKind.TRAILING_DATA, detail="bytes after the array", size=len(data) - start - wanted)
    yield _table(source.part_id, _laid_out(data, dtype, shape, start, fortran=fortran), reading)
    if dtype.itemsize == 1 and wanted >= LEAST_BYTES:
        found = byte_table(f"{source.part_id}!bytes", data[start : start + wanted], width=shape[-1] if shape else 0)
        if found is not None:
            yield found


def _header(data: bytes) -> tuple[np.dtype[Any], bool, tuple[int, ...], int]:
    """Type, order, shape and place of the first value.

    Raises:
        Malformed: the header is damaged. Unsupported: the array holds Python objects.
    """
    import numpy as np

    if not data.startswith(b"\x93NUMPY") or len(data) < 10:
        raise Malformed("no NumPy header")
    width = 2 if data[6] == 1 else 4
    length = int.from_bytes(data[8 : 8 + width], "little")
    start = 8 + width + length
    if length > _HEADER_BYTES or start > len(data):
        raise Malformed("a NumPy header that is too long")
    try:
        found = ast.literal_eval(data[8 + width : start].decode("utf-8").strip())
        descr, fortran, shape = found["descr"], bool(found["fortran_order"]), found["shape"]
        dtype = np.dtype([tuple(field) for field in descr] if isinstance(descr, list) else descr)
    except (ValueError, SyntaxError, KeyError, TypeError, MemoryError, RecursionError):
        raise Malformed("a NumPy header that is damaged") from None
    if not isinstance(shape, tuple) or len(shape) > _AXES or not all(isinstance(size, int) and size >= 0 for size in shape):
        raise Malformed("a NumPy header with an impossible shape")
    if dtype.hasobject:
        raise Unsupported("an array of Python objects")
    return dtype, fortran, shape, start


def _laid_out(data: bytes, dtype: np.dtype[Any], shape: tuple[int, ...], start: int, *, fortran: bool) -> npt.NDArray[Any]:
    """The values with two axes, or one where the values are records."""
    import numpy as np

    array: npt.NDArray[Any] = np.frombuffer(data, dtype, math.prod(shape), start) if dtype.itemsize else np.empty(math.prod(shape), dtype)
    array = array.reshape(shape, order="F" if fortran else "C")
    if dtype.names:
        return array.reshape(-1)
    if array.ndim < 2:
        array = array.reshape(-1, 1)
    array = array.reshape(math.prod(array.shape[:-1]), array.shape[-1])
    if array.shape[1] > _COLUMNS:
        array = array.T
    if array.shape[1] > _COLUMNS:
        raise LimitReached("cells", _COLUMNS, array.shape[1])
    return array


def _table(part_id: str, array: npt.NDArray[Any], reading: Reading) -> Table:
    names, columns = columns_of(array)
    rows = len(array)
    if rows * max(len(columns), 1) <= reading.limits.cells:
        return _of(part_id, names, [arrow_of(column) for column in columns], rows, named=bool(array.dtype.names))
    size = batch_rows(len(columns))

    def again() -> Iterator[pa.RecordBatch]:
        import pyarrow as pa

        for start in range(0, rows, size):
            yield pa.RecordBatch.from_arrays([arrow_of(column[start : start + size]) for column in columns], names=names)

    sample = [arrow_of(column[: reading.limits.sample_rows]) for column in columns]
    return replace(_of(part_id, names, sample, rows, named=bool(array.dtype.names)), batches=again)


def _of(part_id: str, names: list[str], arrays: list[pa.Array[Any]], rows: int, *, named: bool) -> Table:
    columns = tuple(Column(index=index, name=name, values=array) for index, (name, array) in enumerate(zip(names, arrays, strict=True)))
    return Table(part_id=part_id, columns=columns, n_rows=rows, named=named)
