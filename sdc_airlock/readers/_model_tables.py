"""Arrays of models as tables: any number of axes as rows and columns, vectors as Arrow arrays, many alike as one."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sdc_airlock.errors import LimitReached
from sdc_airlock.model.content import Column, Table
from sdc_airlock.readers import Reading
from sdc_airlock.readers._batches import batch_rows
from sdc_airlock.readers._build import arrow_array, scalar_text

if TYPE_CHECKING:
    import numpy.typing as npt
    import pyarrow as pa

WIDEST = 5_000
MOST_TABLES = 150


@dataclass(slots=True, eq=False)
class Laid:
    """An array that waits to be written as a table."""

    name: str
    title: str
    shape: tuple[int, ...]
    values: Any
    holds: bool


@dataclass(slots=True, eq=False)
class SideBySide:
    """Vectors of one length that stand side by side."""

    title: str
    columns: list[tuple[str, Any]]
    named: bool
    holds: bool


def merged(arrays: list[Laid]) -> list[Laid]:
    """Arrays of one kind from the many trees of a forest as one."""
    import numpy as np

    if len(arrays) <= MOST_TABLES // 2:
        return arrays
    groups: dict[tuple[Any, ...], list[Laid]] = {}
    for place, array in enumerate(arrays):
        alike = isinstance(array.values, np.ndarray) and array.shape
        key = (array.name, array.values.dtype.str, str(array.values.dtype.descr), array.shape[1:], array.holds) if alike else (place,)
        groups.setdefault(key, []).append(array)
    merged = []
    for group in groups.values():
        first = group[0]
        if len(group) > 1:
            values = np.concatenate([array.values for array in group])
            first = Laid(first.name, first.title, values.shape, values, first.holds)
        merged.append(first)
    return merged


def two_axes(values: Any, shape: tuple[int, ...]) -> list[tuple[str, Any]]:
    """The columns of an array of any number of axes.

    Raises:
        LimitReached: it is wide in both directions.
    """
    import numpy as np

    if not isinstance(values, np.ndarray):
        width = shape[-1] if len(shape) > 1 else 1
        if width > WIDEST:
            raise LimitReached("cells", WIDEST, width)
        return [("", values[place::width]) for place in range(width)]
    if values.dtype.names:
        return _fields(values.reshape(-1), 0)
    flat = values.reshape(-1, 1) if values.ndim < 2 else values.reshape(math.prod(values.shape[:-1]), values.shape[-1])
    if flat.shape[1] > WIDEST:
        flat = flat.T
    if flat.shape[1] > WIDEST:
        raise LimitReached("cells", WIDEST, flat.shape[1])
    return [("", flat[:, place]) for place in range(flat.shape[1])]


def _fields(values: npt.NDArray[Any], level: int) -> list[tuple[str, Any]]:
    """The fields of records as columns."""
    columns: list[tuple[str, Any]] = []
    for name in values.dtype.names or ():
        inner = values[name]
        if inner.dtype.names and level < 5:
            columns += [(f"{name}.{each}", vector) for each, vector in _fields(inner.reshape(-1), level + 1)]
        elif inner.ndim == 1:
            columns.append((name, inner))
        else:
            wide = inner.reshape(len(values), -1)
            columns += [(f"{name}.{place + 1}", wide[:, place]) for place in range(min(wide.shape[1], WIDEST))]
    return columns


def plain(values: Any) -> list[Any]:
    import numpy as np

    listed: list[Any] = (
        (values.tolist() if values.dtype.kind in "biuf" else list(map(str, values))) if isinstance(values, np.ndarray) else list(values)
    )
    return listed


def vector(values: Any) -> pa.Array[Any]:
    """A vector as an Arrow array: numbers, booleans, times or text."""
    import numpy as np
    import pyarrow as pa

    if not isinstance(values, np.ndarray):
        return arrow_array([value if value is None or type(value) in (bool, int, float, str) else scalar_text(value) for value in values])
    kind = values.dtype.kind
    if kind == "S":
        return pa.array([scalar_text(value.decode("utf-8", "replace")) for value in values.tolist()], pa.string())
    if kind in "biu" or (kind == "f" and values.dtype.itemsize in (4, 8)):
        native = np.ascontiguousarray(values.astype(values.dtype.newbyteorder("="), copy=False))
        numbers: pa.Array[Any] = pa.array(native, from_pandas=kind == "f")
        return numbers
    if kind == "f":
        return pa.array(values.astype(np.float64), from_pandas=True)
    if kind in "mM" and np.datetime_data(values.dtype)[0] == "generic":
        return pa.array(values.view(np.int64))
    texts: pa.Array[Any] = pa.array([None if str(value) == "NaT" else scalar_text(value) for value in values], pa.string())
    return texts


def table(part_id: str, columns: Sequence[tuple[str, Any]], reading: Reading, *, title: str = "", named: bool = True) -> Table:
    """A table of vectors of one length; one of many cells is given as a sample and batches."""
    import pyarrow as pa

    rows = len(columns[0][1])
    names = [scalar_text(name) for name, _ in columns]
    large = rows * len(columns) > reading.limits.cells
    kept = reading.limits.sample_rows if large else rows
    held = tuple(Column(index=index, name=names[index], values=vector(values[:kept])) for index, (_, values) in enumerate(columns))
    if not large:
        return Table(part_id=part_id, columns=held, n_rows=rows, named=named, title=scalar_text(title))
    size = batch_rows(len(columns))

    def again() -> Iterator[pa.RecordBatch]:
        for start in range(0, rows, size):
            yield pa.RecordBatch.from_arrays([vector(values[start : start + size]) for _, values in columns], names=names)

    return Table(part_id=part_id, columns=held, n_rows=rows, named=named, title=scalar_text(title), batches=again)
