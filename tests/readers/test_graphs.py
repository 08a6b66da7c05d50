"""ONNX models and TensorFlow graphs, built field by field."""

from __future__ import annotations

import random
import struct

import numpy as np
import pytest

from sdc_airlock.identify import TYPES, identify
from sdc_airlock.limits import Limits
from sdc_airlock.model.content import Serialized, Table, TextPart, Unread
from sdc_airlock.model.filetype import FileType
from sdc_airlock.readers import Item, Reading
from sdc_airlock.source import Source

VALUES = np.arange(12, dtype="<f4").reshape(4, 3)


def varint(value: int) -> bytes:
    """A number of variable length."""
    out = b""
    while value > 0x7F:
        out += bytes([value & 0x7F | 0x80])
        value >>= 7
    return out + bytes([value])


def whole(number: int, value: int) -> bytes:
    """A field with a number."""
    return varint(number << 3) + varint(value)


def counted(number: int, value: bytes | str) -> bytes:
    """A field with counted bytes."""
    raw = value.encode() if isinstance(value, str) else value
    return varint(number << 3 | 2) + varint(len(raw)) + raw


def onnx(*initializers: bytes, nodes: bytes = b"") -> bytes:
    """A model with weights."""
    node = counted(1, counted(1, "x") + counted(1, "W") + counted(2, "y") + counted(4, "MatMul")) + nodes
    graph = (
        node + counted(2, "graph") + b"".join(counted(5, each) for each in initializers) + counted(10, "9434765919 in the documentation")
    )
    return (
        whole(1, 8)
        + counted(2, "made")
        + counted(7, graph)
        + counted(14, counted(1, "class_names") + counted(2, "yes,no"))
        + counted(8, whole(2, 17))
    )


def weight(raw: bytes = VALUES.tobytes(), shape: tuple[int, ...] = (4, 3)) -> bytes:
    """A tensor of raw bytes."""
    return b"".join(whole(1, size) for size in shape) + whole(2, 1) + counted(8, "W") + counted(9, raw)


def saved_model() -> bytes:
    """A saved model with one constant."""
    shape = b"".join(counted(2, whole(1, size)) for size in (4, 3))
    tensor = whole(1, 1) + counted(2, shape) + counted(4, VALUES.tobytes())
    constant = counted(1, "dense/kernel") + counted(2, "Const") + counted(5, counted(1, "value") + counted(2, counted(8, tensor)))
    other = counted(1, "9434765919") + counted(2, "Placeholder")
    return whole(1, 1) + counted(2, counted(1, counted(4, "serve")) + counted(2, counted(1, constant) + counted(1, other)))


def frozen_graph(operator: str = "Const") -> bytes:
    """A graph by itself."""
    return counted(1, counted(1, "9434765919") + counted(2, "Placeholder")) + counted(1, counted(1, "w") + counted(2, operator))


def read(data: bytes, label: str = "") -> list[Item]:
    """All items of some bytes, by way of identification unless a label is given."""
    source = Source.of_bytes(data, part_id="m", name="m")
    file_type = FileType(label=label, family=TYPES[label].family) if label else identify(source)
    return list(Reading(limits=Limits()).open(source, file_type))


def facts(items: list[Item]) -> Serialized:
    """What is said of the file."""
    return next(item for item in items if isinstance(item, Serialized) and item.part_id == "m")


def matrices(items: list[Item]) -> list[list[list[float]]]:
    """Rows of all tables."""
    tables = [item for item in items if isinstance(item, Table)]
    return [[list(row) for row in zip(*(column.values.to_pylist() for column in table.columns), strict=True)] for table in tables]


def texts(items: list[Item]) -> str:
    """All text there is."""
    return "\n".join(item.text for item in items if isinstance(item, TextPart))


@pytest.mark.parametrize(("label", "data"), [("onnx", onnx(weight())), ("tensorflow", saved_model())])
def test_weights_and_words_are_read(label: str, data: bytes) -> None:
    """Constants are tables; names, documentation and metadata are text."""
    items = read(data)
    assert VALUES.tolist() in matrices(items)
    assert "9434765919" in texts(items)
    assert facts(items).format == label
    assert not [item for item in items if isinstance(item, Unread)]


def test_values_in_fields_of_their_own_type() -> None:
    """Floats, whole numbers and texts that stand in typed fields."""
    floats = whole(1, 3) + whole(2, 1) + counted(8, "f") + counted(4, struct.pack("<3f", 1, 2, 3))
    numbers = whole(1, 3) + whole(2, 7) + counted(8, "n") + counted(7, varint(1) + varint(2) + varint(2**64 - 1))
    words = whole(1, 4) + whole(2, 8) + counted(8, "s") + b"".join(counted(6, f"P{place:04d}") for place in range(4))
    found = matrices(read(onnx(floats, numbers, words)))
    assert [[1.0], [2.0], [3.0]] in found
    assert [[1], [2], [-1]] in found
    assert [["P0000"], ["P0001"], ["P0002"], ["P0003"]] in found


def test_support_vectors_in_an_operator() -> None:
    """An operator of onnx-ml that keeps training records is said to."""
    node = counted(1, counted(4, "SVMClassifier") + counted(5, counted(1, "support_vectors") + counted(7, VALUES.tobytes()) + whole(20, 6)))
    items = read(onnx(nodes=node))
    assert "support vectors" in facts(items).why[0]
    assert facts(items).classes == ("SVMClassifier",)
    assert [[float(place)] for place in range(12)] in matrices(items)


def test_weights_elsewhere_are_a_gap() -> None:
    """Weights that lie in another file were not read; the name of that file is text."""
    items = read(
        onnx(whole(1, 4) + whole(2, 1) + counted(8, "W") + counted(13, counted(1, "location") + counted(2, "weights.bin")) + whole(14, 1))
    )
    assert any(isinstance(item, Unread) for item in items)
    assert "weights.bin" in texts(items)


@pytest.mark.parametrize("shape", [(2**40, 2**40), (2**63 + 5,), (4, 300)])
def test_shapes_that_do_not_fit_are_gaps(shape: tuple[int, ...]) -> None:
    """A shape beyond its bytes is not laid out."""
    items = read(onnx(weight(shape=shape)))
    assert any(isinstance(item, Unread) for item in items)


def test_graphs_that_call_out() -> None:
    """A graph with an operator that runs Python or reads files says so."""
    assert facts(read(frozen_graph())).runs_code is None
    assert facts(read(frozen_graph("PyFunc"))).runs_code is True


@pytest.mark.parametrize(("label", "data"), [("onnx", onnx(weight())), ("tensorflow", saved_model()), ("tensorflow", frozen_graph())])
def test_damage_is_a_gap(label: str, data: bytes) -> None:
    """Flipped and cut files never end the reader, and nest no deeper than allowed."""
    rng = random.Random(5)
    for end in range(1, len(data)):
        assert read(data[:end], label)
    for _ in range(150):
        flipped = bytearray(data)
        for _ in range(rng.randint(1, 4)):
            flipped[rng.randrange(len(data))] = rng.randrange(256)
        assert read(bytes(flipped), label)
    nested = b"9434765919"
    for _ in range(200):
        nested = counted(3, nested)
    assert any(isinstance(item, Unread) for item in read(whole(1, 8) + counted(7, nested), "onnx"))
