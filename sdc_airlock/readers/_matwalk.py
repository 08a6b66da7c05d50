"""The files of MATLAB before 7.3 (versions 4 and 5) to plain values. Declared sizes are held against the bytes; nothing is run."""

from __future__ import annotations

import math
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

from sdc_airlock.errors import LimitReached, Malformed, Unsupported
from sdc_airlock.readers import Reading

if TYPE_CHECKING:
    import numpy.typing as npt

_MATRIX, _COMPRESSED = 14, 15
_KINDS = {1: "i1", 2: "u1", 3: "i2", 4: "u2", 5: "i4", 6: "u4", 7: "f4", 9: "f8", 12: "i8", 13: "u8", 16: "u1", 17: "u2", 18: "u4"}
_ENCODINGS = {16: "utf-8", 17: "utf-16", 18: "utf-32"}
_CELL, _STRUCT, _OBJECT, _CHAR, _SPARSE, _FUNCTION, _OPAQUE = 1, 2, 3, 4, 5, 16, 17
_COMPLEX = 0x0800
_NODES, _DEPTH, _AXES = 500_000, 60, 32
_CHUNK = 1 << 20
_FOUR = {0: "f8", 1: "f4", 2: "i4", 3: "i2", 4: "u2", 5: "u1"}


@dataclass(slots=True, eq=False)
class Text:
    """Letters, one row a line."""

    rows: list[str]


@dataclass(slots=True, eq=False)
class Cells:
    """A cell array, column by column."""

    shape: tuple[int, ...]
    values: list[Value]


@dataclass(slots=True, eq=False)
class Struct:
    """A structure, or an array of them: for each field the value of each structure. `kind` is the class of an object."""

    shape: tuple[int, ...]
    fields: dict[str, list[Value]]
    kind: str = ""


@dataclass(slots=True, eq=False)
class Opaque:
    """An object of a class, or a function: its name and what is stored with it."""

    kind: str
    values: list[Value] = field(default_factory=list)


Value: TypeAlias = "npt.NDArray[Any] | Text | Cells | Struct | Opaque"


class MatWalker:
    """Reads one file of version 5.

    Attributes:
        rest: Where the bytes begin that are no element.
    """

    def __init__(self, data: bytes, reading: Reading) -> None:
        self._reading = reading
        self._order = "<" if data[126:128] == b"IM" else ">"
        self._data = data
        self._nodes = 0
        self.rest = 128

    def variables(self, data: bytes | None = None, at: int = 128) -> Iterator[tuple[str, Value]]:
        """Names and values.

        Raises:
            Malformed: an element is damaged. LimitReached: too many or too deep values.
        """
        whole = self._data if data is None else data
        while at + 8 <= len(whole):
            kind, body, after = self._element(whole, at)
            if kind == _COMPRESSED:
                body = self._inflated(body)
                kind, body, _ = self._element(body, 0)
            if kind != _MATRIX:
                break
            yield self._matrix(body, 0)
            at = after
            if data is None:
                self.rest = at

    def inner(self, data: bytes) -> Iterator[tuple[str, Value]]:
        """The values of objects, which stand in a file of their own inside an array of bytes."""
        order, self._order = self._order, "<" if data[2:4] == b"IM" else ">"
        try:
            yield from self.variables(data, 8)
        finally:
            self._order = order

    def _inflated(self, data: bytes) -> bytes:
        limits = self._reading.limits
        inflater, pieces, size = zlib.decompressobj(), [], 0
        while data and not inflater.eof:
            try:
                piece = inflater.decompress(data, _CHUNK)
            except zlib.error:
                raise Malformed("a MATLAB variable with a damaged stream") from None
            data = inflater.unconsumed_tail
            size += len(piece)
            self._reading.spend(expanded=len(piece))
            if size > limits.member_bytes:
                raise LimitReached("member_bytes", limits.member_bytes, size)
            pieces.append(piece)
        return b"".join(pieces)

    def _element(self, data: bytes, at: int) -> tuple[int, bytes, int]:
        """Type, body and end of an element.

        Raises:
            Malformed: it ends early.
        """
        if at + 8 > len(data):
            raise Malformed("a MATLAB file that ends early")
        first, size = struct.unpack_from(f"{self._order}II", data, at)
        if first >> 16:
            small = first >> 16
            if small > 4:
                raise Malformed("a MATLAB element of an impossible size")
            return first & 0xFFFF, data[at + 4 : at + 4 + small], at + 8
        if size > len(data) - at - 8:
            raise Malformed("a MATLAB file that ends early")
        end = at + 8 + size
        return first, data[at + 8 : end], end if first == _COMPRESSED else end + -size % 8

    def _matrix(self, data: bytes, depth: int) -> tuple[str, Value]:
        import numpy as np

        self._nodes += 1
        if self._nodes > _NODES or depth > _DEPTH:
            raise LimitReached("depth" if depth > _DEPTH else "cells", _DEPTH if depth > _DEPTH else _NODES, max(self._nodes, depth))
        if not data:
            return "", np.empty((0, 0))
        _, flags, at = self._element(data, 0)
        if len(flags) < 8:
            raise Malformed("a MATLAB variable without flags")
        word = struct.unpack_from(f"{self._order}I", flags)[0]
        kind = word & 0xFF
        if kind == _OPAQUE:
            return self._opaque(data, at, depth)
        _, raw, at = self._element(data, at)
        shape = tuple(int(size) for size in np.frombuffer(raw[: len(raw) // 4 * 4], f"{self._order}i4"))
        if len(shape) > _AXES or any(size < 0 for size in shape):
            raise Malformed("a MATLAB variable of an impossible shape")
        _, raw, at = self._element(data, at)
        name = raw.split(b"\0")[0].decode("latin-1")
        return name, self._value(kind, bool(word & _COMPLEX), shape, data, at, depth)

    def _value(self, kind: int, complex_: bool, shape: tuple[int, ...], data: bytes, at: int, depth: int) -> Value:  # noqa: FBT001
        count = math.prod(shape)
        if kind == _CELL:
            return Cells(shape, self._several(data, at, count, depth)[0])
        if kind in (_STRUCT, _OBJECT):
            return self._struct(kind, shape, data, at, depth)
        if kind == _FUNCTION:
            return Opaque("function handle", self._several(data, at, 1, depth)[0])
        if kind == _SPARSE:
            return self._sparse(shape, data, at)
        if kind == _CHAR:
            return self._text(shape, data, at)
        if not 6 <= kind <= 15:
            raise Unsupported("a MATLAB value of no known class")
        values, at = self._numbers(data, at)
        if values.size != count:
            raise Malformed("a MATLAB array whose shape does not fit its bytes")
        if complex_:
            second, _ = self._numbers(data, at)
            values = values + 1j * second if second.size == count else values
        return values.reshape(shape, order="F")

    def _several(self, data: bytes, at: int, count: int, depth: int) -> tuple[list[Value], int]:
        if count * 8 > len(data) - at:
            raise Malformed("a MATLAB array that declares more than it holds")
        found: list[Value] = []
        for _ in range(count):
            kind, body, at = self._element(data, at)
            if kind != _MATRIX:
                raise Malformed("a MATLAB array with a member that is none")
            found.append(self._matrix(body, depth + 1)[1])
        return found, at

    def _struct(self, kind: int, shape: tuple[int, ...], data: bytes, at: int, depth: int) -> Struct:
        owner = ""
        if kind == _OBJECT:
            _, raw, at = self._element(data, at)
            owner = raw.rstrip(b"\0").decode("latin-1")
        _, raw, at = self._element(data, at)
        width = int.from_bytes(raw[:4], "little" if self._order == "<" else "big")
        _, raw, at = self._element(data, at)
        if not 0 < width <= 4096:
            raise Malformed("a MATLAB structure with impossible names")
        names = [raw[place : place + width].split(b"\0")[0].decode("latin-1") for place in range(0, len(raw) // width * width, width)]
        values, _ = self._several(data, at, math.prod(shape) * len(names), depth)
        return Struct(shape, {name: values[place :: len(names)] for place, name in enumerate(names)}, owner)

    def _opaque(self, data: bytes, at: int, depth: int) -> tuple[str, Value]:
        words = []
        for _ in range(3):
            _, raw, at = self._element(data, at)
            words.append(raw.rstrip(b"\0").decode("latin-1"))
        values: list[Value] = []
        while at + 8 <= len(data):
            kind, body, at = self._element(data, at)
            if kind == _MATRIX:
                values.append(self._matrix(body, depth + 1)[1])
        return words[0], Opaque(words[2], values)

    def _numbers(self, data: bytes, at: int) -> tuple[npt.NDArray[Any], int]:
        import numpy as np

        kind, raw, at = self._element(data, at)
        if kind not in _KINDS:
            raise Malformed("a MATLAB array of no known type")
        dtype = np.dtype(f"{self._order}{_KINDS[kind]}")
        return np.frombuffer(raw, dtype, len(raw) // dtype.itemsize), at

    def _text(self, shape: tuple[int, ...], data: bytes, at: int) -> Text:
        import numpy as np

        kind, raw, _ = self._element(data, at)
        if kind in _ENCODINGS:
            suffix = "" if kind == 16 else "-le" if self._order == "<" else "-be"
            text = raw.decode(_ENCODINGS[kind] + suffix, "replace")
        else:
            codes, _ = self._numbers(data, at)
            text = "".join(chr(code) if 0 <= code < 0x110000 else "?" for code in codes.tolist())
        rows = shape[0] if shape else 1
        if rows <= 1 or math.prod(shape) != len(text):
            return Text([text] if text else [])
        letters = np.array(list(text)).reshape(shape[0], -1, order="F")
        return Text(["".join(row).rstrip() for row in letters.tolist()])

    def _sparse(self, shape: tuple[int, ...], data: bytes, at: int) -> npt.NDArray[Any]:
        """A sparse matrix as rows of place and value, or written out where it is small.

        Raises:
            Malformed: its parts do not fit.
        """
        import numpy as np

        lines, at = self._numbers(data, at)
        starts, at = self._numbers(data, at)
        values, _ = self._numbers(data, at)
        if len(shape) != 2 or len(starts) != shape[1] + 1 or not len(values) <= len(lines):
            raise Malformed("a sparse matrix whose parts do not fit")
        lines, starts = lines[: len(values)].astype(np.int64), starts.astype(np.int64)
        fits = starts[0] == 0 and (np.diff(starts) >= 0).all() and starts[-1] <= len(values)
        if not fits or (len(lines) and not 0 <= lines.min() <= lines.max() < shape[0]):
            raise Malformed("a sparse matrix whose parts do not fit")
        places = np.repeat(np.arange(shape[1]), np.diff(starts))
        lines, values = lines[: len(places)], values[: len(places)]
        if math.prod(shape) <= self._reading.limits.cells:
            dense = np.zeros(shape, values.dtype)
            dense[lines, places] = values
            return dense
        kind = [("row", "i8"), ("column", "i8"), ("value", "f8")]
        return np.rec.fromarrays([lines + 1, places + 1, values.astype(np.float64)], dtype=kind).view(np.ndarray)


def old_variables(data: bytes) -> Iterator[tuple[str, Value]]:
    """The variables of a file of version 4.

    Raises:
        Malformed: it is damaged.
    """
    import numpy as np

    at = 0
    while at + 20 <= len(data):
        order = "<" if struct.unpack_from("<i", data, at)[0] < 10_000 else ">"
        kind, rows, columns, imaginary, length = struct.unpack_from(f"{order}5i", data, at)
        if not 0 <= kind < 5_000 or rows < 0 or columns < 0 or not 0 < length <= 4096 or imaginary not in (0, 1):
            raise Malformed("a MATLAB 4 header that is damaged")
        if kind % 10 > 2 or kind // 10 % 10 not in _FOUR:
            raise Malformed("a MATLAB 4 header that is damaged")
        dtype = np.dtype(order + _FOUR[kind // 10 % 10])
        start = at + 20 + length
        size = rows * columns * dtype.itemsize
        at = start + size * (1 + imaginary)
        if at > len(data):
            raise Malformed("a MATLAB 4 file that ends early")
        name = data[start - length : start].split(b"\0")[0].decode("latin-1")
        values = np.frombuffer(data, dtype, rows * columns, start).reshape((rows, columns), order="F")
        if kind % 10 == 1:
            yield name, Text(["".join(chr(int(code)) if 0 < code < 0x110000 else " " for code in row).rstrip() for row in values.tolist()])
        elif imaginary:
            yield name, values + 1j * np.frombuffer(data, dtype, rows * columns, start + size).reshape((rows, columns), order="F")
        else:
            yield name, values
    if at != len(data):
        raise Malformed("bytes after the last variable")
