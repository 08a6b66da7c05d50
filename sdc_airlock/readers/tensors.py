"""Formats of bare tensors: safetensors, GGUF and TensorFlow Lite. Headers are walked, tensors laid out within what they declare."""

from __future__ import annotations

import json
import math
import struct
from collections.abc import Iterator
from typing import Any

from sdc_airlock.errors import LimitReached, Malformed, ReadError, Unsupported
from sdc_airlock.model.filetype import FileType
from sdc_airlock.model.learnt import ModelGroup
from sdc_airlock.readers import Item, Reading, reader
from sdc_airlock.readers._flatbuffer import Table, root_table
from sdc_airlock.readers._model_parts import ModelParts
from sdc_airlock.readers._values import leaves
from sdc_airlock.source import Source

_MOST_TENSORS = 200_000
_AXES = 16
_SAFE_DTYPES = {
    "F64": "<f8", "F32": "<f4", "F16": "<f2", "BF16": "bfloat16", "I64": "<i8", "I32": "<i4", "I16": "<i2", "I8": "i1", "U64": "<u8",
    "U32": "<u4", "U16": "<u2", "U8": "u1", "BOOL": "?", "C64": "<c8", "F8_E4M3": "float8", "F8_E5M2": "float8",
}  # fmt: skip


@reader("safetensors")
def safetensors(source: Source, file_type: FileType, reading: Reading) -> Iterator[Item]:
    """The tensors and the metadata of a safetensors file."""
    data = source.read(reading.limits.member_bytes)
    parts = ModelParts(source, reading, file_type.label)
    parts.runs_code = False
    try:
        _safetensors(data, parts)
    except ReadError as error:
        parts.gap(error)
    yield from parts.items()


def _safetensors(data: bytes, parts: ModelParts) -> None:
    length = int.from_bytes(data[:8], "little")
    if length > len(data) - 8:
        raise Malformed("a header longer than the file")
    try:
        header = json.loads(data[8 : 8 + length])
    except (ValueError, RecursionError):
        raise Malformed("a header that is no JSON") from None
    if not isinstance(header, dict) or len(header) > _MOST_TENSORS:
        raise Malformed("a header of another shape")
    for path, value in leaves(header.pop("__metadata__", {}), ""):
        parts.text(path, str(value))
    covered: list[tuple[int, int]] = []
    for name, about in header.items():
        if not isinstance(about, dict):
            raise Malformed("a header of another shape")
        shape, offsets = about.get("shape"), about.get("data_offsets")
        if (
            not isinstance(shape, list)
            or not isinstance(offsets, list)
            or not _is_shape(shape)
            or not _is_shape(offsets)
            or len(offsets) != 2
            or not offsets[0] <= offsets[1] <= len(data) - 8 - length
        ):
            raise Malformed("a tensor outside the file")
        start, end = 8 + length + offsets[0], 8 + length + offsets[1]
        covered.append((start, end))
        parts.tensor(name, _SAFE_DTYPES.get(str(about.get("dtype")), "unknown"), tuple(shape), data[start:end])
        for path, value in leaves({key: each for key, each in about.items() if key not in ("shape", "dtype", "data_offsets")}, name):
            parts.text(path, str(value))
    _uncovered(data, 8 + length, covered, parts)


def _uncovered(data: bytes, at: int, covered: list[tuple[int, int]], parts: ModelParts) -> None:
    """Bytes between and behind the tensors that belong to none."""
    for start, end in [*sorted(covered), (len(data), len(data))]:
        if start > at and data[at:start].strip(b"\0"):
            parts.gap(Malformed("bytes that belong to no tensor"))
            parts.blob("", data[at:start])
        at = max(at, end)


def _is_shape(value: Any) -> bool:
    return isinstance(value, list) and len(value) <= _AXES and all(type(each) is int and each >= 0 for each in value)


# GGUF

_GGUF_NUMBERS = {0: "<B", 1: "<b", 2: "<H", 3: "<h", 4: "<I", 5: "<i", 6: "<f", 7: "<?", 10: "<Q", 11: "<q", 12: "<d"}
_GGUF_TEXT, _GGUF_LIST = 8, 9
_GGUF_DTYPES = {0: "<f4", 1: "<f2", 24: "i1", 25: "<i2", 26: "<i4", 27: "<i8", 28: "<f8", 30: "bfloat16"}
_GGUF_NESTED = 4


@reader("gguf")
def gguf(source: Source, file_type: FileType, reading: Reading) -> Iterator[Item]:
    """The metadata and the tensors of a GGUF file; quantised tensors are named with their shape."""
    parts = ModelParts(source, reading, file_type.label)
    parts.runs_code = False
    parts.groups[ModelGroup.SEQUENCE] = None
    try:
        _Gguf(source.read(reading.limits.member_bytes), parts).read()
    except ReadError as error:
        parts.gap(error)
    except (struct.error, OverflowError):
        parts.gap(Malformed("a header that breaks off"))
    yield from parts.items()


class _Gguf:
    """Reads one GGUF file, of version 2 or 3."""

    def __init__(self, data: bytes, parts: ModelParts) -> None:
        self.data = data
        self.parts = parts
        self.at = 4

    def _number(self, code: str) -> Any:
        (value,) = struct.unpack_from(code, self.data, self.at)
        self.at += struct.calcsize(code)
        return value

    def _text(self) -> str:
        size = self._number("<Q")
        if size > len(self.data) - self.at:
            raise Malformed("a text declares more bytes than there are")
        words = self.data[self.at : self.at + size].decode("utf-8", "replace")
        self.at += size
        return words

    def read(self) -> None:
        """The whole file."""
        if self._number("<I") not in (2, 3):
            raise Unsupported("this version of GGUF")
        tensors, pairs = self._number("<Q"), self._number("<Q")
        if tensors > _MOST_TENSORS or pairs > _MOST_TENSORS:
            raise LimitReached("members", _MOST_TENSORS, max(tensors, pairs))
        alignment = 32
        for _ in range(pairs):
            name = self._text()
            value = self._value(self._number("<I"), 0)
            if name == "general.alignment" and type(value) is int and 0 < value < 1 << 20:
                alignment = value
            self._noted(name, value)
        self._tensors([self._about() for _ in range(tensors)], alignment)

    def _value(self, kind: int, level: int) -> Any:
        if kind in _GGUF_NUMBERS:
            return self._number(_GGUF_NUMBERS[kind])
        if kind == _GGUF_TEXT:
            return self._text()
        if kind != _GGUF_LIST or level > _GGUF_NESTED:
            raise Malformed("a value of an unknown kind")
        inner, count = self._number("<I"), self._number("<Q")
        if count > len(self.data) - self.at:
            raise Malformed("a list declares more values than there are")
        self.parts.reading.spend()
        return [self._value(inner, level + 1) for _ in range(count)]

    def _noted(self, name: str, value: Any) -> None:
        if isinstance(value, list) and len(value) > 3 and not any(isinstance(each, list) for each in value):
            self.parts.columns(name, [(name, value)])
            if name.endswith("ggml.tokens"):
                self.parts.judge("vocabulary_", len(value))
            return
        for path, each in leaves(value, name):
            if isinstance(each, str):
                self.parts.text(path, each)
            else:
                self.parts.number(path, each)

    def _about(self) -> tuple[str, tuple[int, ...], int, int]:
        name, axes = self._text(), self._number("<I")
        if axes > _AXES:
            raise Malformed("a tensor with too many axes")
        shape = tuple(self._number("<Q") for _ in range(axes))
        return name, shape[::-1], self._number("<I"), self._number("<Q")

    def _tensors(self, found: list[tuple[str, tuple[int, ...], int, int]], alignment: int) -> None:
        import numpy as np

        base = -(-self.at // alignment) * alignment
        for name, shape, kind, offset in found:
            code = _GGUF_DTYPES.get(kind)
            if code is None:
                self.parts.array(name, name, f"quantised {kind}", shape, None)
                continue
            width = 2 if code == "bfloat16" else np.dtype(code).itemsize
            start, end = base + offset, base + offset + width * math.prod(shape)
            if end > len(self.data):
                raise Malformed("a tensor outside the file")
            self.parts.tensor(name, code, shape, self.data[start:end])


# TensorFlow Lite

_LITE_DTYPES = {
    0: "<f4", 1: "<f2", 2: "<i4", 3: "u1", 4: "<i8", 5: "text", 6: "?", 7: "<i2", 8: "<c8", 9: "i1", 10: "<f8", 11: "<c16", 12: "<u8", 15: "<u4",
    16: "<u2", 17: "int4", 18: "bfloat16",
}  # fmt: skip


@reader("tflite")
def tensorflow_lite(source: Source, file_type: FileType, reading: Reading) -> Iterator[Item]:
    """The tensors that hold weights, and the texts, of a TensorFlow Lite model."""
    data = source.read(reading.limits.member_bytes)
    parts = ModelParts(source, reading, file_type.label)
    parts.library("tensorflow")
    parts.runs_code = False
    try:
        _lite(root_table(data), data, parts)
    except ReadError as error:
        parts.gap(error)
    except (struct.error, IndexError):
        parts.gap(Malformed("a table that breaks off"))
    yield from parts.items()


def _lite(model: Table, data: bytes, parts: ModelParts) -> None:
    """Model: description, subgraphs of tensors, buffers, metadata."""
    parts.text("description", model.text(3))
    buffers = [_buffer(each, data) for each in model.tables(4)]
    used: set[int] = set()
    for graph in model.tables(2):
        parts.text("name", graph.text(4))
        for tensor in graph.tables(0):
            shape = tuple(tensor.numbers(0))
            place, name = tensor.number(2, "<I"), tensor.text(3)
            raw = buffers[place] if place < len(buffers) else b""
            if not raw or any(size < 0 for size in shape) or len(shape) > _AXES:
                parts.text("", name)
                continue
            used.add(place)
            code = _LITE_DTYPES.get(tensor.number(1, "<b"), "unknown")
            if code == "text":
                parts.blob(name, raw)
            else:
                parts.tensor(name, code, shape, raw)
    for place, raw in enumerate(buffers):
        if place not in used and raw:
            parts.blob("", raw)
    for about in model.tables(6):
        parts.text("metadata", about.text(0))


def _buffer(table: Table, data: bytes) -> bytes:
    """The bytes of a buffer, in the table or behind it."""
    start, size = table.number(1, "<Q"), table.number(2, "<Q")
    if start > 1 and size:
        if start + size > len(data):
            raise Malformed("a buffer outside the file")
        return data[start : start + size]
    return table.raw(0)
