"""MATLAB data of versions 4 and 5 (7.3 is HDF5): arrays, structures, cells, sparse matrices; objects and functions as far as they are data."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from sdc_airlock.errors import LimitReached, Malformed, ReadError
from sdc_airlock.model.content import OddityKind, Serialized, TextPart, TextRole, Unread, UnreadReason
from sdc_airlock.model.filetype import FileType
from sdc_airlock.readers import Item, Reading, gap, reader
from sdc_airlock.readers._arrays import ArrayParts, NamedArray
from sdc_airlock.readers._build import scalar_text
from sdc_airlock.readers._matwalk import Cells, MatWalker, Opaque, Struct, Text, Value, old_variables
from sdc_airlock.readers._members import metadata_bytes, unaccounted
from sdc_airlock.source import Source

if TYPE_CHECKING:
    import numpy.typing as npt

_HEADER = b"MATLAB 5.0 MAT-file"
_LONG_TEXT = 400
_MOST = 200_000


@reader("mat")
def matlab(source: Source, file_type: FileType, reading: Reading) -> Iterator[Item]:
    """All variables; what is no plain data is named, and the values stored with it are read."""
    del file_type
    data = source.read(reading.limits.member_bytes)
    walker = MatWalker(data, reading) if data.startswith(_HEADER) and len(data) >= 128 else None
    found = _Collected()
    error: ReadError | None = None
    try:
        for name, value in walker.variables() if walker else old_variables(data):
            stored = b"" if name or walker is None else _bytes_of(value)
            if walker is not None and stored:
                for _, inner in walker.inner(stored):
                    found.add(inner, "objects", "", 0)
            else:
                found.add(value, "", scalar_text(name), 0)
    except ReadError as caught:
        error = caught
    if error is None and found.empty:
        error = Malformed("a MATLAB file without variables")
    yield from ArrayParts(source, reading).items(found.arrays)
    yield from _texts(source, found, reading)
    if found.classes:
        yield Serialized(part_id=source.part_id, format="mat", classes=tuple(found.classes), runs_code="function handle" in found.classes)
        yield Unread(
            part_id=source.part_id, why=UnreadReason.UNSUPPORTED, detail="objects and functions, of which only the stored values are read"
        )
    if error is not None:
        yield gap(source.part_id, error)
    if walker:
        yield from metadata_bytes(f"{source.part_id}!header", data[len(_HEADER) : 116].strip(b"\0 ,"))
        if error is None and data[walker.rest :].strip(b"\0"):
            yield from unaccounted(
                source, walker.rest, len(data) - walker.rest, OddityKind.TRAILING_DATA, "bytes after the last variable", reading
            )


def _bytes_of(value: Value) -> bytes:
    """The bytes of an array of bytes, b"" for anything else."""
    if isinstance(value, Text | Cells | Struct | Opaque) or value.dtype.itemsize != 1 or value.size <= 8:
        return b""
    return value.tobytes(order="F")


def _texts(source: Source, found: _Collected, reading: Reading) -> Iterator[Item]:
    lines = []
    for path, text in found.texts:
        if len(text) <= _LONG_TEXT:
            lines.append(f"{path}: {text}")
            continue
        place = f"{source.part_id}!text{len(lines) + 1}"
        reading.spend(members=1)
        yield from reading.descend(Source.of_bytes(text.encode("utf-8", "replace"), part_id=place, name="", depth=source.depth + 1))
        lines.append(f"{path}: (text of its own)")
    if lines:
        yield TextPart(part_id=f"{source.part_id}!texts", text=scalar_text("\n".join(lines)), role=TextRole.METADATA)


class _Collected:
    """Arrays and texts of a file, with the place of each.

    Attributes:
        classes: Names of classes whose objects stand in it.
    """

    def __init__(self) -> None:
        self.arrays: list[NamedArray] = []
        self.texts: list[tuple[str, str]] = []
        self.classes: dict[str, None] = {}
        self._count = 0

    @property
    def empty(self) -> bool:
        """True where nothing was met at all."""
        return not self._count

    def add(self, value: Value, group: str, name: str, depth: int) -> None:
        """Put a value where it belongs.

        Raises:
            LimitReached: there are too many.
        """
        self._count += 1
        if self._count > _MOST:
            raise LimitReached("cells", _MOST, self._count)
        path = f"{group}.{name}" if group and name else group or name
        match value:
            case Text(rows=rows):
                self._text(rows, group, name)
            case Cells(shape=shape, values=values):
                self._cells(shape, values, group, name, depth)
            case Struct():
                if value.kind:
                    self.classes[scalar_text(value.kind)] = None
                self._struct(value, path, depth)
            case Opaque(kind=kind, values=values):
                if kind != "FileWrapper__":
                    self.classes[scalar_text(kind)] = None
                for place, each in enumerate(values, 1):
                    self.add(each, path, str(place) if len(values) > 1 else "", depth + 1)
            case _:
                if value.size:
                    self.arrays.append(NamedArray(group=group, name=name, values=value))

    def _text(self, rows: list[str], group: str, name: str) -> None:
        path = f"{group}.{name}" if group and name else group or name
        if len(rows) == 1:
            self.texts.append((path, rows[0]))
        elif rows:
            self.arrays.append(NamedArray(group=group, name=name, values=_objects(list(rows), (len(rows),))))

    def _cells(self, shape: tuple[int, ...], values: list[Value], group: str, name: str, depth: int) -> None:
        plain = [_plain(value) for value in values]
        if values and all(known for known, _ in plain):
            array = _objects([each for _, each in plain], shape)
            self.arrays.append(NamedArray(group=group, name=name, values=array))
            return
        path = f"{group}.{name}" if group and name else group or name
        for place, value in enumerate(values, 1):
            self.add(value, path, str(place), depth + 1)

    def _struct(self, value: Struct, path: str, depth: int) -> None:
        count = math.prod(value.shape)
        if count == 1:
            for name, found in value.fields.items():
                self.add(found[0], path, scalar_text(name), depth + 1)
            return
        for name, found in value.fields.items():
            plain = [_plain(each) for each in found]
            if found and all(known for known, _ in plain):
                self.arrays.append(NamedArray(group=path, name=scalar_text(name), values=_objects([each for _, each in plain], (count,))))
                continue
            for place, each in enumerate(found, 1):
                self.add(each, f"{path}.{place}", scalar_text(name), depth + 1)


def _plain(value: Value) -> tuple[bool, Any]:
    """Whether a value is one text or number, and which."""
    if isinstance(value, Text):
        return len(value.rows) <= 1, value.rows[0] if value.rows else None
    if isinstance(value, Cells | Struct | Opaque):
        return False, None
    if value.size > 1 or value.dtype.names:
        return False, None
    return True, value.reshape(-1)[0].item() if value.size else None


def _objects(values: list[Any], shape: tuple[int, ...]) -> npt.NDArray[Any]:
    """Values of one kind as numbers, of several as texts, in the shape of the cells."""
    import numpy as np

    kinds = {type(value) for value in values} - {type(None)}
    if kinds <= {int, float, bool} and kinds:
        array: npt.NDArray[Any] = np.array([np.nan if value is None else value for value in values], np.float64 if None in values else None)
    else:
        array = np.empty(len(values), object)
        array[:] = [None if value is None else scalar_text(value) for value in values]
    return array.reshape(shape, order="F")
