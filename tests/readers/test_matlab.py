"""MATLAB files as SciPy writes them, and objects and functions put together by hand."""

from __future__ import annotations

import io
import random
import struct
from typing import Any

import numpy as np
import pytest
import scipy.sparse
from scipy.io import savemat

from sdc_airlock.identify.types import TYPES
from sdc_airlock.limits import Limits
from sdc_airlock.model.content import Oddity, OddityKind, Serialized, Table, TextPart, Unread, UnreadReason
from sdc_airlock.model.filetype import FileType
from sdc_airlock.readers import Item, Reading
from sdc_airlock.source import Source

PEOPLE = np.array([(34, "P1"), (51, "P2"), (29, "P3")], [("age", object), ("id", object)])
VALUES = {
    "m": np.arange(6.0).reshape(2, 3),
    "age": np.arange(30, 34).reshape(-1, 1),
    "sex": np.array(["F", "M", "F", "M"], object).reshape(-1, 1),
    "note": "a cohort",
    "lines": np.array(["abc", "de"]),
    "study": {"n": 4, "sites": np.array([7, 8, 9])},
    "people": PEOPLE,
    "mixed": np.array([[1, "a"], [2, "b"]], object),
    "sparse": scipy.sparse.csc_matrix(np.eye(3)),
    "nested": np.array([np.arange(3), "x"], object),
}


def mat(values: dict[str, Any], **options: Any) -> bytes:
    """A MATLAB file."""
    stream = io.BytesIO()
    savemat(stream, values, **options)
    return stream.getvalue()


def read(data: bytes, limits: Limits | None = None) -> list[Item]:
    """All items of some bytes."""
    source = Source.of_bytes(data, part_id="f", name="f")
    return list(Reading(limits=limits or Limits()).open(source, FileType(label="mat", family=TYPES["mat"].family)))


def tables(items: list[Item]) -> dict[str, dict[str, list[Any]]]:
    """The tables among items, by address, as columns by name."""
    return {
        item.part_id: {column.name or str(place): column.values.to_pylist() for place, column in enumerate(item.columns)}
        for item in items
        if isinstance(item, Table)
    }


def gaps(items: list[Item]) -> list[UnreadReason]:
    """Reasons of the gaps among items."""
    return [item.why for item in items if isinstance(item, Unread)]


def texts(items: list[Item]) -> str:
    """All text among items."""
    return "\n".join(item.text for item in items if isinstance(item, TextPart))


@pytest.mark.parametrize("compressed", [False, True])
def test_everything_in_a_workspace_is_read(compressed: bool) -> None:  # noqa: FBT001
    """Vectors of one length are a table, structures and cells of simple values too; letters are text."""
    items = read(mat(VALUES, do_compression=compressed))
    found = tables(items)
    assert found["f!4"] == {"age": [30, 31, 32, 33], "sex": ["F", "M", "F", "M"]}
    assert found["f!people!3"] == {"age": [34, 51, 29], "id": ["P1", "P2", "P3"]}
    assert found["f!m"] == {"0": [0.0, 3.0], "1": [1.0, 4.0], "2": [2.0, 5.0]}
    assert found["f!mixed"] == {"0": ["1", "2"], "1": ["a", "b"]}
    assert found["f!study.sites"] == {"sites": [7, 8, 9]}
    assert found["f!sparse"] == {"0": [1.0, 0.0, 0.0], "1": [0.0, 1.0, 0.0], "2": [0.0, 0.0, 1.0]}
    assert found["f!nested.1"] == {"1": [0, 1, 2]}
    assert found["f!lines"] == {"lines": ["abc", "de"]}
    assert {"study.n"} == set(found["f!values"]["name"])
    assert "a cohort" in texts(items)
    assert not gaps(items)


def test_version_4() -> None:
    """The oldest format has matrices and letters only."""
    items = read(mat({"age": np.array([[34.0], [51.0]]), "z": np.array([[1 + 2j]]), "note": "a cohort"}, format="4"))
    assert tables(items) == {"f!age": {"age": [34.0, 51.0]}, "f!values": {"name": ["z"], "value": ["(1+2j)"]}}
    assert "a cohort" in texts(items)


def element(kind: int, body: bytes) -> bytes:
    """One element with its padding."""
    return struct.pack("<II", kind, len(body)) + body + bytes(-len(body) % 8)


def opaque(kind: bytes, inner: bytes) -> bytes:
    """An object of a class."""
    body = element(6, struct.pack("<II", 17, 0)) + element(1, b"t") + element(1, b"MCOS") + element(1, kind) + inner
    return element(14, body)


def variable(name: bytes, values: bytes, kind: int = 9, stored: int = 2) -> bytes:
    """An array of bytes."""
    shape = struct.pack("<ii", 1, len(values))
    return element(14, element(6, struct.pack("<II", kind, 0)) + element(5, shape) + element(1, name) + element(stored, values))


HEADER = b"MATLAB 5.0 MAT-file".ljust(124) + b"\0\1IM"


def test_objects_are_named_and_their_values_read() -> None:
    """A table object keeps its columns in an array of bytes that is a file of its own."""
    stored = b"\0\1IM\0\0\0\0" + variable(b"ages", bytes([34, 51, 29]))
    items = read(HEADER + opaque(b"table", variable(b"", b"\1")) + variable(b"", stored))
    assert [item.classes for item in items if isinstance(item, Serialized)] == [("table",)]
    assert gaps(items) == [UnreadReason.UNSUPPORTED]
    assert [34, 51, 29] in [column for table in tables(items).values() for column in table.values()]


def test_a_long_text_is_read_like_a_file() -> None:
    """A table may stand in a string."""
    csv = "id,age,diagnosis\n" + "".join(f"P{number:05d},{number + 30},E11\n" for number in range(30))
    assert any(item.part_id.startswith("f!text1") for item in read(mat({"x": csv})))


def test_large_sparse_matrices_are_places_and_values() -> None:
    """A sparse matrix too large to write out is a table of what it stores."""
    matrix = scipy.sparse.csc_matrix(([1.0, 2.0], ([0, 5], [3, 900])), shape=(1000, 1000))
    (found,) = tables(read(mat({"s": matrix}), Limits(cells=1000))).values()
    assert found == {"row": [1, 6], "column": [4, 901], "value": [1.0, 2.0]}


def test_bytes_after_the_last_variable_are_told() -> None:
    """What is no element is read and said."""
    items = read(mat({"x": np.arange(3)}) + b"id,age\nP1,34\nP2,35\n")
    assert OddityKind.TRAILING_DATA in {item.kind for item in items if isinstance(item, Oddity)} or gaps(items)


def test_a_bomb_is_a_limit() -> None:
    """A compressed variable is written out no further than the cap."""
    data = mat({"x": np.zeros(3_000_000)}, do_compression=True)
    assert gaps(read(data, Limits(member_bytes=1 << 20))) == [UnreadReason.LIMIT]


def test_declared_sizes_are_held_against_the_bytes() -> None:
    """A cell array of a billion cells that are not there is refused."""
    body = element(6, struct.pack("<II", 1, 0)) + element(5, struct.pack("<ii", 1 << 15, 1 << 15)) + element(1, b"c")
    assert gaps(read(HEADER + element(14, body))) == [UnreadReason.MALFORMED]


def test_damage_is_a_gap() -> None:
    """Every truncation and many flips end in items, never in an error."""
    for data in (mat(VALUES), mat(VALUES, do_compression=True)):
        chance = random.Random(5)
        for place in range(0, len(data), 64):
            assert read(data[:place])
        for _ in range(150):
            mutant = bytearray(data)
            for _ in range(3):
                mutant[chance.randrange(len(mutant))] = chance.randrange(256)
            assert read(bytes(mutant))
