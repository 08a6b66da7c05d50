"""safetensors, GGUF and TensorFlow Lite, built byte by byte."""

from __future__ import annotations

import json
import random
import struct
from typing import Any

import numpy as np
import pytest

from sdc_airlock.identify import TYPES, identify
from sdc_airlock.limits import Limits
from sdc_airlock.model.content import Serialized, Table, TextPart, Unread
from sdc_airlock.model.filetype import FileType
from sdc_airlock.readers import Item, Reading
from sdc_airlock.source import Source

VALUES = np.arange(12, dtype="<f4").reshape(4, 3)


def read(data: bytes, label: str = "") -> list[Item]:
    """All items of some bytes, by way of identification unless a label is given."""
    source = Source.of_bytes(data, part_id="m", name="m")
    file_type = FileType(label=label, family=TYPES[label].family) if label else identify(source)
    return list(Reading(limits=Limits()).open(source, file_type))


def rows(items: list[Item]) -> list[list[Any]]:
    """Rows of the first table."""
    table = next(item for item in items if isinstance(item, Table))
    return [list(row) for row in zip(*(column.values.to_pylist() for column in table.columns), strict=True)]


def facts(items: list[Item]) -> Serialized:
    """What is said of the file."""
    return next(item for item in items if isinstance(item, Serialized) and item.part_id == "m")


def texts(items: list[Item]) -> str:
    """All text there is."""
    return "\n".join(item.text for item in items if isinstance(item, TextPart))


def safetensors(header: Any, body: bytes) -> bytes:
    """A length, a header, the tensors."""
    declared = json.dumps(header).encode()
    return struct.pack("<Q", len(declared)) + declared + body


def small_safetensors() -> bytes:
    """One tensor and a remark."""
    about = {"dtype": "F32", "shape": [4, 3], "data_offsets": [0, 48]}
    return safetensors({"__metadata__": {"note": "9434765919"}, "embed.weight": about}, VALUES.tobytes())


def gguf_text(text: str) -> bytes:
    """A text with its length."""
    return struct.pack("<Q", len(text)) + text.encode()


def small_gguf() -> bytes:
    """One remark, one list of words, one tensor."""
    pairs = gguf_text("note") + struct.pack("<I", 8) + gguf_text("9434765919")
    pairs += gguf_text("tokenizer.ggml.tokens") + struct.pack("<IIQ", 9, 8, 4) + b"".join(map(gguf_text, "abcd"))
    tensor = gguf_text("token_embd.weight") + struct.pack("<IQQIQ", 2, 3, 4, 0, 0)
    head = b"GGUF" + struct.pack("<IQQ", 3, 1, 2) + pairs + tensor
    return head + b"\0" * (-len(head) % 32) + VALUES.tobytes()


def small_tflite() -> bytes:
    """A model of one tensor: tables are laid one behind another, each behind its layout."""
    out = bytearray(b"\0\0\0\0TFL3")

    def table(fields: list[bytes]) -> int:
        """Put a table; a field is its raw bytes of four, b"" where it is left out."""
        layout = struct.pack("<HH", 4 + 2 * len(fields), 4 + 4 * len(fields))
        layout += b"".join(struct.pack("<H", 4 + 4 * place if each else 0) for place, each in enumerate(fields))
        out.extend(b"\0" * (-len(out) % 4) + layout + b"\0" * (-len(layout) % 4))
        at = len(out)
        start = at - len(layout) - (-len(layout) % 4)
        out.extend(struct.pack("<i", at - start) + b"".join(each or b"\0\0\0\0" for each in fields))
        return at

    def pointer(table_at: int, field: int, target: int) -> None:
        """Let a field point at a place behind it."""
        place = table_at + 4 + 4 * field
        out[place : place + 4] = struct.pack("<I", target - place)

    def vector(content: bytes, count: int) -> int:
        """Put a vector."""
        out.extend(b"\0" * (-len(out) % 4))
        at = len(out)
        out.extend(struct.pack("<I", count) + content)
        return at

    mark = b"\xff\0\0\0"
    model = table([mark, b"", mark, mark, mark])
    out[:4] = struct.pack("<I", model)
    pointer(model, 3, vector(b"9434765919", 10))
    graphs, buffers = vector(b"\0" * 4, 1), vector(b"\0" * 8, 2)
    pointer(model, 2, graphs)
    pointer(model, 4, buffers)
    graph = table([mark])
    out[graphs + 4 : graphs + 8] = struct.pack("<I", graph - graphs - 4)
    tensors = vector(b"\0" * 4, 1)
    pointer(graph, 0, tensors)
    tensor = table([mark, b"\0\0\0\0", b"\x01\0\0\0", mark])
    out[tensors + 4 : tensors + 8] = struct.pack("<I", tensor - tensors - 4)
    pointer(tensor, 0, vector(struct.pack("<ii", 4, 3), 2))
    pointer(tensor, 3, vector(b"fc/kernel", 9))
    for place in range(2):
        buffer = table([mark] if place else [])
        out[buffers + 4 + 4 * place : buffers + 8 + 4 * place] = struct.pack("<I", buffer - buffers - 4 - 4 * place)
        if place:
            pointer(buffer, 0, vector(VALUES.tobytes(), 48))
    return bytes(out)


SAMPLES = {"safetensors": small_safetensors, "gguf": small_gguf, "tflite": small_tflite}


@pytest.mark.parametrize("label", SAMPLES)
def test_tensors_and_texts_are_read(label: str) -> None:
    """Weights are a table, remarks are text, and nothing would run."""
    items = read(SAMPLES[label]())
    assert VALUES.tolist() in [
        [list(row) for row in zip(*(column.values.to_pylist() for column in item.columns), strict=True)]
        for item in items
        if isinstance(item, Table)
    ]
    assert "9434765919" in texts(items)
    found = facts(items)
    assert (found.format, found.runs_code) == (label, False)
    assert (4, 3) in [array.shape for array in found.arrays]
    assert not [item for item in items if isinstance(item, Unread)]


def test_embeddings_are_said() -> None:
    """A table of embeddings may have a row a person."""
    assert any("embedding" in note for note in facts(read(small_safetensors())).notes)
    assert "vocabulary" in facts(read(small_gguf())).why[0]


def test_bytes_that_belong_to_no_tensor_are_read() -> None:
    """What lies behind or between the tensors is a gap, and read."""
    items = read(small_safetensors() + b"id,age\nP0001,41\nP0002,42\n")
    assert any(isinstance(item, Unread) for item in items)
    assert "P0001" in str(items)


@pytest.mark.parametrize(
    "about",
    [
        {"dtype": "F32", "shape": [4, 3], "data_offsets": [0, 4800]},
        {"dtype": "F32", "shape": [2**40, 2**40], "data_offsets": [0, 48]},
        {"dtype": "F8_E4M3", "shape": [48], "data_offsets": [0, 48]},
        {"dtype": "F32", "shape": "many", "data_offsets": [0, 48]},
    ],
)
def test_tensors_that_do_not_fit_are_gaps(about: dict[str, Any]) -> None:
    """Shapes and places beyond the file are not laid out."""
    items = read(safetensors({"w": about}, VALUES.tobytes()), "safetensors")
    assert any(isinstance(item, Unread) for item in items)
    assert not [item for item in items if isinstance(item, Table)]


@pytest.mark.parametrize("label", SAMPLES)
def test_damage_is_a_gap(label: str) -> None:
    """Cut files are gaps; flipped ones never end the reader."""
    data, rng = SAMPLES[label](), random.Random(5)
    for end in range(12, len(data) - 1, 7):
        assert any(isinstance(item, Unread) for item in read(data[:end], label))
    for _ in range(150):
        flipped = bytearray(data)
        for _ in range(rng.randint(1, 4)):
            flipped[rng.randrange(len(data))] = rng.randrange(256)
        assert read(bytes(flipped), label)
