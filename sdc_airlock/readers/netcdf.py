"""NetCDF classic (CDF-1, CDF-2, CDF-5). The header is walked by hand, and nothing is built that the bytes do not hold."""

from __future__ import annotations

import math
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sdc_airlock.errors import LimitReached, Malformed
from sdc_airlock.model.content import OddityKind, TextPart, TextRole
from sdc_airlock.model.filetype import FileType
from sdc_airlock.readers import Item, Reading, reader
from sdc_airlock.readers._arrays import ArrayParts, NamedArray
from sdc_airlock.readers._build import scalar_text
from sdc_airlock.readers._members import unaccounted
from sdc_airlock.source import Source

if TYPE_CHECKING:
    import numpy.typing as npt

_TYPES = {1: "i1", 2: "S1", 3: ">i2", 4: ">i4", 5: ">f4", 6: ">f8", 7: "u1", 8: ">u2", 9: ">u4", 10: ">i8", 11: ">u8"}
_CHAR = 2
_DIMENSIONS, _VARIABLES, _ATTRIBUTES = 10, 11, 12
_MOST = 100_000
_LONG_TEXT = 400
_SLACK = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class _Variable:
    name: str
    axes: tuple[int, ...]
    kind: int
    begin: int


class _Header:
    """The header, walked once."""

    def __init__(self, data: bytes) -> None:
        self._data, self._at = data, 4
        self._wide = data[3] == 5
        self._offsets = 4 if data[3] == 1 else 8
        self.lines: list[str] = []
        self.long: list[tuple[str, bytes]] = []
        self.records = self._count()
        self.axes = [(self._name(), self._count()) for _ in range(self._list(_DIMENSIONS))]
        self._attributes("")
        self.variables = [self._variable() for _ in range(self._list(_VARIABLES))]
        self.end = self._at

    def _number(self, width: int) -> int:
        if self._at + width > len(self._data):
            raise Malformed("a NetCDF header that ends early")
        self._at += width
        return int.from_bytes(self._data[self._at - width : self._at], "big")

    def _count(self) -> int:
        return self._number(8 if self._wide else 4)

    def _list(self, tag: int) -> int:
        found, count = self._number(4), self._count()
        if found not in (0, tag) or (found == 0 and count):
            raise Malformed("a NetCDF header with a list of another kind")
        if count > _MOST:
            raise LimitReached("members", _MOST, count)
        return count

    def _bytes(self, size: int) -> bytes:
        if size > len(self._data) - self._at:
            raise Malformed("a NetCDF header that ends early")
        found = self._data[self._at : self._at + size]
        self._at += size + -size % 4
        return found

    def _name(self) -> str:
        return scalar_text(self._bytes(self._count()).decode("utf-8", "replace"))

    def _attributes(self, owner: str) -> None:
        import numpy as np

        for _ in range(self._list(_ATTRIBUTES)):
            place = f"{owner}@{self._name()}"
            kind, count = self._number(4), self._count()
            if kind not in _TYPES:
                raise Malformed("a NetCDF attribute of no known type")
            raw = self._bytes(count * np.dtype(_TYPES[kind]).itemsize)
            if kind == _CHAR and len(raw) > _LONG_TEXT:
                self.long.append((place, raw))
            elif kind == _CHAR:
                self.lines.append(f"{place}: {scalar_text(raw.rstrip(bytes(1)).decode('utf-8', 'replace'))}")
            else:
                self.lines.append(f"{place}: {'; '.join(map(str, np.frombuffer(raw, _TYPES[kind]).tolist()))}")

    def _variable(self) -> _Variable:
        name = self._name()
        count = self._count()
        if count > 1024:
            raise Malformed("a NetCDF variable of too many axes")
        axes = tuple(self._count() for _ in range(count))
        if any(axis >= len(self.axes) for axis in axes):
            raise Malformed("a NetCDF variable with an axis that is not there")
        self._attributes(name)
        kind = self._number(4)
        if kind not in _TYPES:
            raise Malformed("a NetCDF variable of no known type")
        self._count()
        return _Variable(name=name, axes=axes, kind=kind, begin=self._number(self._offsets))


@reader("netcdf")
def netcdf(source: Source, file_type: FileType, reading: Reading) -> Iterator[Item]:
    """All variables with their dimensions as coordinates; attributes as text."""
    del file_type
    data = source.read(reading.limits.member_bytes)
    if len(data) < 32 or not data.startswith(b"CDF") or data[3] not in (1, 2, 5):
        raise Malformed("no NetCDF header")
    try:
        header = _Header(data)
    except struct.error:
        raise Malformed("a NetCDF header that is damaged") from None
    names = [name for name, _ in header.axes]
    lines = [*header.lines, *(f"{variable.name} ({', '.join(names[axis] for axis in variable.axes)})" for variable in header.variables)]
    if lines:
        yield TextPart(part_id=f"{source.part_id}!structure", text="\n".join(lines), role=TextRole.METADATA, hidden=True)
    for number, (_, raw) in enumerate(header.long, 1):
        place = f"{source.part_id}!attribute{number}"
        yield from reading.descend(Source.of_bytes(raw, part_id=place, name="", depth=source.depth + 1))
    arrays, spans = _arrays(data, header)
    reading.spend(expanded=sum(array.values.nbytes for array in arrays), members=len(arrays))
    yield from ArrayParts(source, reading).items(arrays)
    yield from _between(source, data, [(0, header.end), *spans], reading)


def _arrays(data: bytes, header: _Header) -> tuple[list[NamedArray], list[tuple[int, int]]]:
    """The variables, and the bytes that they take.

    Raises:
        Malformed: a variable lies beyond the end of the file.
    """
    import numpy as np

    sizes = [size for _, size in header.axes]
    unlimited = [variable for variable in header.variables if variable.axes and sizes[variable.axes[0]] == 0]
    widths = {
        id(variable): math.prod(sizes[axis] for axis in variable.axes[1:]) * np.dtype(_TYPES[variable.kind]).itemsize
        for variable in unlimited
    }
    padded = [width + -width % 4 for width in widths.values()]
    step = sum(padded) if len(unlimited) > 1 else sum(widths.values())
    records = header.records
    if records in (0xFFFFFFFF, 0xFFFFFFFFFFFFFFFF):
        first = min((variable.begin for variable in unlimited), default=0)
        records = (len(data) - first) // step if step else 0
    arrays, spans = [], []
    for variable in header.variables:
        dtype = np.dtype(_TYPES[variable.kind])
        grows = id(variable) in widths
        shape = tuple(records if grows and place == 0 else sizes[axis] for place, axis in enumerate(variable.axes))
        inner = dtype.itemsize * math.prod(shape[1:])
        stride = step if grows else inner
        end = variable.begin + (stride * (shape[0] - 1) + inner if shape and all(shape) else 0 if shape else dtype.itemsize)
        if end > len(data):
            raise Malformed("a NetCDF variable that lies beyond the end")
        values = _view(data, dtype, shape, variable.begin, stride)
        spans.append((variable.begin, end + -end % 4))
        dims = tuple(header.axes[axis][0] for axis in variable.axes)
        if variable.kind == _CHAR and values.ndim and values.size:
            values, dims = _joined(values), dims[:-1]
        arrays.append(NamedArray(group="", name=variable.name, values=values, dims=dims))
    return arrays, spans


def _view(data: bytes, dtype: Any, shape: tuple[int, ...], begin: int, stride: int) -> npt.NDArray[Any]:
    import numpy as np

    if not shape or 0 in shape:
        return np.frombuffer(data, dtype, 1, begin).reshape(()) if not shape else np.empty(shape, dtype)
    strides = [dtype.itemsize] * len(shape)
    for axis in range(len(shape) - 2, -1, -1):
        strides[axis] = strides[axis + 1] * shape[axis + 1]
    strides[0] = stride if len(shape) > 1 or stride != dtype.itemsize else dtype.itemsize
    return np.ndarray(shape, dtype, data, begin, tuple(strides))


def _joined(values: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Letters along the last axis as texts."""
    import numpy as np

    whole = np.ascontiguousarray(values)
    return whole.view(f"S{whole.shape[-1]}").reshape(whole.shape[:-1])


def _between(source: Source, data: bytes, spans: list[tuple[int, int]], reading: Reading) -> Iterator[Item]:
    """Bytes that belong to no variable."""
    at = 0
    for start, end in [*sorted(spans), (len(data), len(data))]:
        if start - at > _SLACK and data[at:start].strip(b"\0"):
            last = start == len(data)
            words = "bytes after the last variable" if last else "bytes between variables"
            yield from unaccounted(source, at, start - at, OddityKind.TRAILING_DATA, words, reading)
        at = max(at, end)
