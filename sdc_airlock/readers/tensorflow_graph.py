"""TensorFlow: saved models and graphs in Protocol Buffers. Constants become tables, names and operators text; variables lie in other files."""

from __future__ import annotations

import math
from collections.abc import Iterator

from sdc_airlock.errors import Malformed, ReadError
from sdc_airlock.model.filetype import FileType
from sdc_airlock.readers import Item, Reading, reader
from sdc_airlock.readers._model_parts import ModelParts
from sdc_airlock.readers._wire import BYTES, VARINT, Field, Walk, numbers, signed, text
from sdc_airlock.source import Source

_DTYPES = {1: "<f4", 2: "<f8", 3: "<i4", 4: "u1", 5: "<i2", 6: "i1", 7: "text", 8: "<c8", 9: "<i8", 10: "?", 14: "bfloat16", 17: "<u2",
           18: "<c16", 19: "<f2", 22: "<u4", 23: "<u8"}  # fmt: skip
_VALUES = {5: "<f4", 6: "<f8", 7: "varint", 10: "varint", 11: "varint", 13: "varint"}
_CALLS_OUT = frozenset({"PyFunc", "PyFuncStateless", "EagerPyFunc", "ReadFile", "WriteFile", "ShellCommand", "LoadLibrary", "LoadDataset"})


@reader("tensorflow")
def tensorflow_graph(source: Source, file_type: FileType, reading: Reading) -> Iterator[Item]:
    """The constants and texts of a graph."""
    parts = ModelParts(source, reading, file_type.label)
    parts.library("tensorflow")
    walker = _Walker(parts)
    data = memoryview(source.read(reading.limits.member_bytes))
    try:
        if source.head[:1] == b"\x08":
            walker.saved_model(data)
        else:
            walker.graph(data, 0)
    except ReadError as error:
        parts.gap(error)
    parts.notes["variables of the model lie in other files"] = None
    yield from parts.items()


class _Walker:
    """Walks the messages of a graph."""

    def __init__(self, parts: ModelParts) -> None:
        self.parts = parts
        self._each = Walk(parts.reading)

    def saved_model(self, data: memoryview) -> None:
        """SavedModel: its graphs."""
        for field in self._each(data, 0):
            if field.number == 2 and field.wire == BYTES:
                for inner in self._each(field.value, 1):
                    if inner.number == 2 and inner.wire == BYTES:
                        self.graph(inner.value, 2)
                    elif inner.wire == BYTES:
                        self._other(inner.value, 2)
            elif field.wire == BYTES:
                self._other(field.value, 1)

    def graph(self, data: memoryview, level: int) -> None:
        """GraphDef: nodes, and functions with nodes of their own."""
        for field in self._each(data, level):
            if field.number == 1 and field.wire == BYTES:
                self._node(field.value, level + 1)
            elif field.number == 2 and field.wire == BYTES:
                for function in self._each(field.value, level + 1):
                    if function.wire == BYTES:
                        self._function(function.value, level + 2)
            elif field.wire == BYTES:
                self._other(field.value, level + 1)

    def _function(self, data: memoryview, level: int) -> None:
        for field in self._each(data, level):
            if field.number == 3 and field.wire == BYTES:
                self._node(field.value, level + 1)
            elif field.wire == BYTES:
                self._other(field.value, level + 1)

    def _node(self, data: memoryview, level: int) -> None:
        """NodeDef: name, operator, attributes."""
        name = ""
        for field in self._each(data, level):
            if field.wire != BYTES:
                continue
            if field.number == 1:
                name = text(field.value)
                self.parts.text("", name)
            elif field.number == 2 and text(field.value) in _CALLS_OUT:
                self.parts.runs_code = True
            elif field.number == 5:
                for inner in self._each(field.value, level + 1):
                    if inner.number == 2 and inner.wire == BYTES:
                        self._attribute(name, inner.value, level + 2)

    def _attribute(self, name: str, data: memoryview, level: int) -> None:
        for field in self._each(data, level):
            if field.number == 8 and field.wire == BYTES:
                self._tensor(name, field.value, level + 1)
            elif field.wire == BYTES:
                self._other(field.value, level + 1)

    def _tensor(self, name: str, data: memoryview, level: int) -> None:
        """TensorProto: type, axes, values."""
        found: dict[int, list[Field]] = {}
        for field in self._each(data, level):
            found.setdefault(field.number, []).append(field)
        kind = found[1][0].value if 1 in found and found[1][0].wire == VARINT else 0
        shape = self._shape(found[2][0].value, level + 1) if 2 in found and found[2][0].wire == BYTES else ()
        code = _DTYPES.get(kind, "unknown")
        if any(size < 0 for size in shape) or len(shape) > 32:
            raise Malformed("a tensor with an impossible shape")
        if 8 in found:
            texts = [text(field.value) for field in found[8]]
            if len(texts) > 3:
                self.parts.columns(name, [(name, texts)])
            else:
                for each in texts:
                    self.parts.text(name, each)
        elif 4 in found and found[4][0].wire == BYTES:
            self.parts.tensor(name, code, shape, bytes(found[4][0].value))
        else:
            self._typed(name, code, shape, found)

    def _typed(self, name: str, code: str, shape: tuple[int, ...], found: dict[int, list[Field]]) -> None:
        for number, kind in _VALUES.items():
            if number in found:
                values = numbers(found[number], kind)
                fits = len(values) == math.prod(shape)
                self.parts.array(name, name, values.dtype, shape if fits else values.shape, values.reshape(shape) if fits else values)
                return
        if math.prod(shape) > 1:
            self.parts.array(name, name, code, shape, None)

    def _shape(self, data: memoryview, level: int) -> tuple[int, ...]:
        axes = [field.value for field in self._each(data, level) if field.number == 2 and field.wire == BYTES]
        return tuple(self._size(axis, level + 1) for axis in axes)

    def _size(self, data: memoryview, level: int) -> int:
        return next((signed(field.value) for field in self._each(data, level) if field.number == 1 and field.wire == VARINT), 0)

    def _other(self, data: memoryview, level: int) -> None:
        """Whatever is text in a message that is not known by itself."""
        self._each.reach(level)
        words = text(data)
        if words.isprintable():
            self.parts.text("", words)
            return
        try:
            inner = list(self._each(data, level))
        except Malformed:
            self.parts.blob("", bytes(data))
            return
        for field in inner:
            if field.wire == BYTES and len(field.value):
                self._other(field.value, level + 1)
