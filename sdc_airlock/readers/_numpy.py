"""NumPy arrays as Arrow columns, whichever library they came from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sdc_airlock.errors import Unsupported
from sdc_airlock.readers._build import scalar_text

if TYPE_CHECKING:
    import numpy.typing as npt
    import pyarrow as pa


def columns_of(array: npt.NDArray[Any]) -> tuple[list[str], list[npt.NDArray[Any]]]:
    """Columns of a matrix without names, or the fields of records (their own axes become columns)."""
    if not array.dtype.names:
        return [""] * array.shape[1], [array[:, place] for place in range(array.shape[1])]
    names: list[str] = []
    columns: list[npt.NDArray[Any]] = []
    for name in array.dtype.names:
        field = array[name]
        if field.dtype.names and field.ndim > 1:
            flat = field.reshape(len(array), _width(field))
            for place in range(flat.shape[1]):
                inner, found = columns_of(flat[:, place])
                names += [f"{scalar_text(name)}.{place + 1}.{each}" for each in inner]
                columns += found
        elif field.dtype.names:
            inner, found = columns_of(field)
            names += [f"{scalar_text(name)}.{each}" for each in inner]
            columns += found
        elif field.ndim == 1:
            names.append(scalar_text(name))
            columns.append(field)
        else:
            flat = field.reshape(len(array), _width(field))
            names += [f"{scalar_text(name)}.{place}" for place in range(1, flat.shape[1] + 1)]
            columns += [flat[:, place] for place in range(flat.shape[1])]
    return names, columns


def _width(field: npt.NDArray[Any]) -> int:
    width = 1
    for size in field.shape[1:]:
        width *= size
    return width


def arrow_of(values: npt.NDArray[Any]) -> pa.Array[Any]:
    """A column in the machine's byte order; text where Arrow has no like type.

    Raises:
        Unsupported: raw bytes without a type.
    """
    import numpy as np
    import pyarrow as pa

    kind = values.dtype.kind
    if kind == "V":
        raise Unsupported("an array of raw bytes")
    if kind == "S":
        return pa.array([scalar_text(value.decode("utf-8", "replace")) for value in values.tolist()], pa.string())
    if kind == "O":
        return pa.array([None if value is None else _object_text(value) for value in values.tolist()], pa.string())
    if kind in "Uc":
        return pa.array([scalar_text(value) for value in values.tolist()], pa.string())
    if kind == "M":
        return pa.array([None if text == "NaT" else text for text in np.datetime_as_string(values).tolist()], pa.string())
    if kind == "m":
        values = values.astype(np.int64)
    if kind == "f" and values.dtype.itemsize not in (4, 8):
        values = values.astype(np.float64)
    native: pa.Array[Any] = pa.array(
        np.ascontiguousarray(values.astype(values.dtype.newbyteorder("="), copy=False)), from_pandas=kind == "f"
    )
    return native


def _object_text(value: Any) -> str:
    """A cell that is text, bytes or a list of values."""
    import numpy as np

    if isinstance(value, bytes):
        return scalar_text(value.decode("utf-8", "replace"))
    if isinstance(value, np.ndarray):
        return "; ".join(_object_text(each) for each in value.reshape(-1).tolist())
    return scalar_text(value)
