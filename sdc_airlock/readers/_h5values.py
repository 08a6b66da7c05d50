"""Data sets of HDF5 as columns: types, axes and encodings told apart; nothing is unpickled."""

from __future__ import annotations

import io
import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from sdc_airlock.errors import Malformed, Unsupported
from sdc_airlock.readers import Reading
from sdc_airlock.readers._blocks import Block, matrix_block
from sdc_airlock.readers._build import scalar_text
from sdc_airlock.readers._h5store import DAMAGE, Entry, guard, h5
from sdc_airlock.readers._numpy import arrow_of, columns_of

if TYPE_CHECKING:
    import numpy.typing as npt
    import pyarrow as pa

_VARIABLE_STRETCH = 4_096
_PLAIN_PICKLE = frozenset(
    "PROTO FRAME MARK STOP LIST EMPTY_LIST APPEND APPENDS PUT BINPUT LONG_BINPUT MEMOIZE GET BINGET TUPLE EMPTY_TUPLE TUPLE1 TUPLE2 TUPLE3 DICT "
    "EMPTY_DICT SETITEM SETITEMS NONE NEWTRUE NEWFALSE INT LONG BININT BININT1 BININT2 LONG1 FLOAT BINFLOAT UNICODE BINUNICODE SHORT_BINUNICODE "
    "STRING BINSTRING SHORT_BINSTRING".split()
)
_LONGEST_PICKLE = 1 << 20


def is_text(dtype: Any) -> bool:
    """True for text of any kind."""
    return bool(dtype.kind in "SU" or h5().check_string_dtype(dtype) is not None)


def is_reference(dtype: Any) -> bool:
    """True for references to objects or regions of the same file."""
    return h5().check_ref_dtype(dtype) is not None


def vlen_of(dtype: Any) -> Any:
    """The type of the elements of lists of any length, None for anything else."""
    found = h5().check_vlen_dtype(dtype)
    return None if found in (str, bytes) else found


def fetch(entry: Entry, selection: Any, reading: Reading) -> npt.NDArray[Any]:
    """Cells of a data set.

    Raises:
        Malformed: the library cannot read them.
    """
    import numpy as np

    try:
        found: npt.NDArray[Any] = np.asarray(entry.thing[selection])
    except DAMAGE as error:
        raise Malformed(f"HDF5: {type(error).__name__}") from None
    if found.dtype.kind == "O":
        reading.spend(
            expanded=sum(getattr(value, "nbytes", 0) or len(value) if hasattr(value, "__len__") else 8 for value in found.reshape(-1))
        )
    return found


def cells(values: npt.NDArray[Any], dtype: Any) -> pa.Array[Any]:
    """A column, with the names of enumerations and without references."""
    import pyarrow as pa

    names = h5().check_enum_dtype(dtype)
    if names is not None:
        by_code = {int(code): scalar_text(name) for name, code in names.items()}
        return pa.array([by_code.get(code, str(code)) for code in values.tolist()], pa.string())
    if is_reference(dtype):
        return pa.nulls(len(values), pa.string())
    return arrow_of(values)


def vector(entry: Entry, reading: Reading, name: str = "") -> Block:
    """A data set with one axis (or one that is longer than 1) as a column.

    Raises:
        ReadError: see `guard`.
    """
    guard(entry, reading)
    dtype = entry.dtype
    if dtype.kind == "V" and not dtype.names:
        raise Unsupported("values of no known type")

    def read(start: int, stop: int) -> list[pa.Array[Any]]:
        import pyarrow as pa

        step = _VARIABLE_STRETCH if dtype.kind == "O" else max(stop - start, 1)
        pieces = [
            cells(_stretch(entry, first, min(first + step, stop), reading), dtype) for first in range(start, max(stop, start + 1), step)
        ]
        return [pieces[0] if len(pieces) == 1 else pa.concat_arrays(pieces)]

    return Block(names=(name or entry.name,), rows=math.prod(entry.shape), read=read)


def records(entry: Entry, reading: Reading) -> Block:
    """A data set of records; every field is a column, fields with axes are several.

    Raises:
        ReadError: see `guard`.
    """
    import numpy as np

    guard(entry, reading)
    names, kinds = columns_of(np.empty((0,), entry.dtype))

    def read(start: int, stop: int) -> list[pa.Array[Any]]:
        found = _stretch(entry, start, stop, reading)
        return [cells(column, kind.dtype) for column, kind in zip(columns_of(found)[1], kinds, strict=True)]

    return Block(names=tuple(_named_blocks(entry, names)), rows=math.prod(entry.shape), read=read)


def _stretch(entry: Entry, start: int, stop: int, reading: Reading) -> npt.NDArray[Any]:
    """Cells from one place to another, all axes laid end to end."""
    shape = entry.shape
    inner = math.prod(shape[1:])
    if not shape:
        return fetch(entry, (), reading).reshape(-1)
    if not inner:
        return fetch(entry, slice(0, 0), reading).reshape(-1)
    low = start // inner
    return fetch(entry, slice(low, -(-stop // inner)), reading).reshape(-1)[start - low * inner : stop - low * inner]


def _named_blocks(entry: Entry, names: list[str]) -> list[str]:
    """The names of columns that pandas keeps in attributes beside a table of blocks."""
    shown: dict[str, list[str]] = {}
    for field in entry.dtype.names:
        words = pickled_texts(entry.attributes.get(f"{field}_kind"))
        if words:
            shown[field] = words
    found = []
    for name in names:
        field, _, place = name.rpartition(".")
        words = shown.get(field, [])
        found.append(words[int(place) - 1] if place.isdigit() and 0 < int(place) <= len(words) else name)
    return found


def matrix(
    entry: Entry, reading: Reading, *, turned: bool = False, columns: tuple[str, ...] = ()
) -> tuple[int, int, Callable[[int, int], Block]]:
    """Rows and columns of a data set of two axes or more, and a way to some of its columns.

    All axes but the last are rows; `turned` swaps the two axes of a matrix.

    Raises:
        ReadError: see `guard`.
    """
    guard(entry, reading)
    shape, dtype = entry.shape, entry.dtype
    rows, width = math.prod(shape[:-1]), shape[-1]
    if dtype.kind == "V":
        raise Unsupported("values of no known type")

    def stretch(start: int, stop: int, first: int, last: int) -> npt.NDArray[Any]:
        if turned:
            return fetch(entry, (slice(first, last), slice(start, stop)), reading).T
        if len(shape) == 2:
            return fetch(entry, (slice(start, stop), slice(first, last)), reading)
        inner = math.prod(shape[1:-1])
        if not inner:
            return fetch(entry, (slice(0, 0),), reading).reshape(0, last - first)
        low, high = start // inner, -(-stop // inner)
        found = fetch(entry, (slice(low, high), *[slice(None)] * (len(shape) - 2), slice(first, last)), reading)
        return found.reshape(-1, last - first)[start - low * inner : stop - low * inner]

    if turned:
        rows, width = width, rows

    def block(first: int, last: int) -> Block:
        plain = matrix_block(rows, first, last, columns, stretch)
        if h5().check_enum_dtype(dtype) is None and not is_reference(dtype):
            return plain

        def named(start: int, stop: int) -> list[pa.Array[Any]]:
            values = stretch(start, stop, first, last)
            return [cells(values[:, place], dtype) for place in range(values.shape[1])]

        return Block(names=plain.names, rows=rows, read=named)

    return rows, width, block


def pickled_texts(value: Any) -> list[str]:
    """The texts in a pickle of nothing but texts, numbers and lists; [] for anything else. Its words are read and never run."""
    words = plain_pickle(value)
    return [word for word in words if isinstance(word, str)] if words is not None else []


def plain_pickle(value: Any) -> list[str | float] | None:
    """Texts and numbers of a pickle that can build nothing else, None where it is no such pickle."""
    import pickletools

    data = bytes(value) if isinstance(value, bytes) else value.encode("latin-1", "replace") if isinstance(value, str) else b""
    if not data.endswith(b".") or len(data) > _LONGEST_PICKLE:
        return None
    words: list[str | float] = []
    stream = io.BytesIO(data)
    try:
        for opcode, argument, _ in pickletools.genops(stream):
            if opcode.name not in _PLAIN_PICKLE:
                return None
            if (
                isinstance(argument, str | int | float)
                and not isinstance(argument, bool)
                and "PUT" not in opcode.name
                and "GET" not in opcode.name
            ):
                words.append(argument)
    except (ValueError, IndexError, KeyError, TypeError, UnicodeDecodeError, OverflowError):
        return None
    return words if stream.tell() == len(data) else None
