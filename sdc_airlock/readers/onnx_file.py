"""ONNX: the weights of the graph as tables, names, documentation and metadata as text. Walked field by field."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from sdc_airlock.errors import Malformed, ReadError, Unsupported
from sdc_airlock.model.filetype import FileType
from sdc_airlock.readers import Item, Reading, reader
from sdc_airlock.readers._model_parts import ModelParts
from sdc_airlock.readers._wire import BYTES, FIXED32, FIXED64, Field, Walk, double, numbers, signed, text
from sdc_airlock.source import Source

_GRAPH, _METADATA, _FUNCTION = 7, 14, 25
_TEXTS = {2: "producer_name", 3: "producer_version", 4: "domain", 6: "doc_string"}
_DTYPES = {
    1: "<f4", 2: "u1", 3: "i1", 4: "<u2", 5: "<i2", 6: "<i4", 7: "<i8", 8: "text", 9: "?", 10: "<f2", 11: "<f8", 12: "<u4", 13: "<u8", 14: "<c8",
    15: "<c16", 16: "bfloat16", 17: "float8", 18: "float8", 19: "float8", 20: "float8", 21: "uint4", 22: "int4", 23: "float4",
}  # fmt: skip
# operators of onnx-ml that hold what a model was fitted on
HOLDERS = {
    "SVMClassifier": "support_vectors", "SVMRegressor": "support_vectors", "LabelEncoder": "categories_", "StringNormalizer": "stop_words_",
    "TfIdfVectorizer": "vocabulary_", "OneHotEncoder": "categories_", "CategoryMapper": "categories_", "DictVectorizer": "vocabulary_",
}  # fmt: skip
_KNOWN_OPERATORS = frozenset(HOLDERS) | {
    "LSTM", "GRU", "RNN", "Attention", "MultiHeadAttention", "ConvTranspose",
    "TreeEnsembleClassifier", "TreeEnsembleRegressor", "TreeEnsemble", "LinearClassifier", "LinearRegressor", "Normalizer", "Scaler", "Imputer",
}  # fmt: skip


@reader("onnx")
def onnx_model(source: Source, file_type: FileType, reading: Reading) -> Iterator[Item]:
    """The weights and texts of an ONNX model."""
    parts = ModelParts(source, reading, file_type.label)
    parts.library("onnx")
    parts.runs_code = False
    walker = _Walker(parts)
    try:
        walker.model(memoryview(source.read(reading.limits.member_bytes)))
    except ReadError as error:
        parts.gap(error)
    yield from parts.items()


class _Walker:
    """Walks the messages of a model."""

    def __init__(self, parts: ModelParts) -> None:
        self.parts = parts
        self._each = Walk(parts.reading)

    def model(self, data: memoryview) -> None:
        """ModelProto."""
        for field in self._each(data):
            if field.number == _GRAPH and field.wire == BYTES:
                self._graph(field.value, 1)
            elif field.number == _METADATA and field.wire == BYTES:
                self._pair(field.value)
            elif field.number in _TEXTS:
                self.parts.text(_TEXTS[field.number], text(field.value))
            elif field.wire == BYTES:
                self._other(field.value, 1)

    def _pair(self, data: memoryview) -> None:
        found = {field.number: text(field.value) for field in self._each(data) if field.wire == BYTES}
        self.parts.text(found.get(1, ""), found.get(2, ""))

    def _graph(self, data: memoryview, level: int) -> None:
        """GraphProto: nodes, weights, documentation, and what is said of inputs and outputs."""
        for field in self._each(data, level):
            if field.wire != BYTES:
                continue
            if field.number == 1:
                self._node(field.value, level + 1)
            elif field.number == 5:
                self._tensor(field.value, level + 1)
            elif field.number == 15:
                for inner in self._each(field.value, level + 1):
                    if inner.number in (1, 2) and inner.wire == BYTES:
                        self._tensor(inner.value, level + 2)
            elif field.number in (2, 10):
                self.parts.text("name" if field.number == 2 else "doc_string", text(field.value))
            else:
                self._other(field.value, level + 1)

    def _node(self, data: memoryview, level: int) -> None:
        """NodeProto: its operator, its names, its attributes."""
        operator = ""
        for field in self._each(data, level):
            if field.wire != BYTES:
                continue
            if field.number == 4:
                operator = text(field.value)
                if operator in _KNOWN_OPERATORS:
                    self.parts.classes[operator] = None
                if operator in HOLDERS:
                    self.parts.judge(HOLDERS[operator], 1)
            elif field.number == 5:
                self._attribute(field.value, level + 1)
            else:
                self._words(text(field.value))

    def _attribute(self, data: memoryview, level: int) -> None:
        """AttributeProto: numbers, texts, tensors, graphs."""
        name, floats, whole, texts = "", list[Field](), list[Field](), list[str]()
        for field in self._each(data, level):
            if field.number == 1:
                name = text(field.value)
            elif field.number == 2 and field.wire == FIXED32:
                self.parts.number(name, double(field.value))
            elif field.number == 3 and field.wire != BYTES:
                self.parts.number(name, signed(field.value) if isinstance(field.value, int) else 0)
            elif field.number in (4, 9):
                texts.append(text(field.value))
            elif field.number in (5, 10) and field.wire == BYTES:
                self._tensor(field.value, level + 1)
            elif field.number in (6, 11) and field.wire == BYTES:
                self._graph(field.value, level + 1)
            elif field.number == 7:
                floats.append(field)
            elif field.number == 8:
                whole.append(field)
            elif field.wire == BYTES:
                self._other(field.value, level + 1)
        for found, code in ((floats, "<f4"), (whole, "varint")):
            if found:
                values = numbers(found, code)
                self.parts.array(name, name, values.dtype, values.shape, values)
        if len(texts) > 3:
            self.parts.columns(name, [(name, texts)])
        else:
            for each in texts:
                self.parts.text(name, each)

    def _tensor(self, data: memoryview, level: int) -> None:
        """TensorProto: a name, axes, and values in one of several places."""
        found: dict[int, list[Field]] = {}
        for field in self._each(data, level):
            found.setdefault(field.number, []).append(field)
        name = text(found[8][0].value) if 8 in found else ""
        shape = tuple(int(size) for size in numbers(found.get(1, []), "varint").tolist())
        kind = found[2][0].value if 2 in found and isinstance(found[2][0].value, int) else 0
        code = _DTYPES.get(kind, "unknown")
        if 12 in found:
            self.parts.text(name, text(found[12][0].value))
        if any(size < 0 for size in shape) or len(shape) > 32:
            raise Malformed("a tensor with an impossible shape")
        if 13 in found or (14 in found and found[14][0].value == 1):
            self.parts.gap(Unsupported("weights that lie in another file"))
            for field in found.get(13, []):
                self._pair(field.value)
            return
        if code == "text":
            texts = [text(field.value) for field in found.get(6, [])]
            if texts:
                self.parts.columns(name, [(name, texts)])
            return
        if 9 in found:
            self.parts.tensor(name, code, shape, bytes(found[9][0].value))
            return
        self._typed(name, code, shape, found)

    def _typed(self, name: str, code: str, shape: tuple[int, ...], found: dict[int, list[Field]]) -> None:
        """Values that stand in fields of their own type."""
        for number, kind in ((4, "<f4"), (10, "<f8"), (5, "varint"), (7, "varint"), (11, "varint")):
            if number in found:
                values: Any = numbers(found[number], kind)
                fits = len(values) == math.prod(shape)
                self.parts.array(name, name, values.dtype, shape if fits else values.shape, values.reshape(shape) if fits else values)
                return
        if math.prod(shape):
            self.parts.array(name, name, code, shape, None)

    def _other(self, data: memoryview, level: int) -> None:
        """A message that is not known by itself: whatever is text in it."""
        self._each.reach(level)
        try:
            inner = list(self._each(data, level))
        except Malformed:
            self._words(text(data))
            return
        if data and bytes(data[:64]).isascii() and text(data).isprintable():
            self._words(text(data))
            return
        for field in inner:
            if field.wire == BYTES and len(field.value):
                self._other(field.value, level + 1)
            elif field.wire in (FIXED32, FIXED64):
                self.parts.number("", double(field.value))

    def _words(self, words: str) -> None:
        if words.strip():
            self.parts.text("", words)
