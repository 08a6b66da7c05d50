"""Avro files put together by hand as the specification says, in every codec."""

from __future__ import annotations

import bz2
import json
import lzma
import random
import struct
import zlib
from collections.abc import Callable
from typing import Any

import pyarrow as pa
import pytest

from sdc_airlock.identify.types import TYPES
from sdc_airlock.limits import Limits
from sdc_airlock.model.content import Table, TextPart, Unread, UnreadReason
from sdc_airlock.model.filetype import FileType
from sdc_airlock.readers import Item, Reading
from sdc_airlock.source import Source

MARK = bytes(range(16))
PERSON = {
    "type": "record",
    "name": "Person",
    "namespace": "org.study",
    "doc": "one row a patient",
    "fields": [
        {"name": "id", "type": "string"},
        {"name": "age", "type": ["null", "int"]},
        {"name": "bmi", "type": "double"},
        {"name": "sex", "type": {"type": "enum", "name": "Sex", "symbols": ["F", "M"]}},
        {"name": "born", "type": {"type": "int", "logicalType": "date"}},
        {"name": "codes", "type": {"type": "array", "items": "string"}},
        {"name": "site", "type": {"type": "record", "name": "Site", "fields": [{"name": "sex", "type": "Sex"}]}},
        {"name": "cost", "type": {"type": "bytes", "logicalType": "decimal", "precision": 6, "scale": 2}},
        {"name": "any", "type": ["string", "long"]},
    ],
}


def number(value: int) -> bytes:
    """A number with its sign in the lowest bit."""
    left, found = (value << 1) ^ (value >> 63), bytearray()
    while left > 0x7F:
        found.append(left & 0x7F | 0x80)
        left >>= 7
    return bytes([*found, left])


def text(value: str | bytes) -> bytes:
    """A text or bytes."""
    raw = value.encode() if isinstance(value, str) else value
    return number(len(raw)) + raw


def person(place: int) -> bytes:
    """One record of the schema above."""
    age = number(0) if place % 3 == 0 else number(1) + number(30 + place)
    return b"".join(
        (
            text(f"P{place:05d}"),
            age,
            struct.pack("<d", 20 + place / 2),
            number(place % 2),
            number(-3650 + place),
            number(2) + text("E11") + text("I10") + number(0),
            number(1),
            text((125 + place).to_bytes(2, "big")),
            number(place % 2) + (number(place) if place % 2 else text("none")),
        )
    )


def container(schema: Any, *blocks: tuple[int, bytes], codec: str = "null", metadata: dict[str, bytes] | None = None) -> bytes:
    """An object container file."""
    found = {"avro.schema": json.dumps(schema).encode(), "avro.codec": codec.encode(), **(metadata or {})}
    head = b"Obj\1" + number(len(found)) + b"".join(text(key) + text(value) for key, value in found.items()) + number(0) + MARK
    return head + b"".join(number(count) + text(body) + MARK for count, body in blocks)


def people(count: int = 5, codec: str = "null", pack: Callable[[bytes], bytes] = bytes) -> bytes:
    """A file of people."""
    return container(PERSON, (count, pack(b"".join(map(person, range(count))))), codec=codec, metadata={"who": b"P00017"})


def read(data: bytes, limits: Limits | None = None) -> list[Item]:
    """All items of some bytes."""
    source = Source.of_bytes(data, part_id="f", name="f")
    return list(Reading(limits=limits or Limits()).open(source, FileType(label="avro", family=TYPES["avro"].family)))


def gaps(items: list[Item]) -> list[UnreadReason]:
    """Reasons of the gaps among items."""
    return [item.why for item in items if isinstance(item, Unread)]


def deflated(data: bytes) -> bytes:
    """A stream without header."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(data) + packer.flush()


CODECS: dict[str, Callable[[bytes], bytes]] = {
    "null": bytes,
    "deflate": deflated,
    "bzip2": bz2.compress,
    "xz": lzma.compress,
    "snappy": lambda data: pa.compress(data, "snappy", asbytes=True) + zlib.crc32(data).to_bytes(4, "big"),
    "zstandard": lambda data: pa.compress(data, "zstd", asbytes=True),
}


@pytest.mark.parametrize("codec", CODECS)
def test_records_are_rows(codec: str) -> None:
    """Every codec gives the same rows; descriptions and metadata are hidden text."""
    items = read(people(5, codec, CODECS[codec]))
    table = next(item for item in items if isinstance(item, Table))
    found = {column.name: column.values.to_pylist() for column in table.columns}
    assert found["id"] == [f"P{place:05d}" for place in range(5)]
    assert found["age"] == [None, 31, 32, None, 34]
    assert found["bmi"] == [20.0, 20.5, 21.0, 21.5, 22.0]
    assert found["sex"] == ["F", "M", "F", "M", "F"]
    assert found["born"][0] == "1960-01-04"
    assert found["site.sex"] == ["M"] * 5
    assert found["cost"] == [1.25, 1.26, 1.27, 1.28, 1.29]
    assert found["any"] == ["none", "1", "none", "3", "none"]
    assert {"E11", "I10"} <= {value for column in table.columns if column.name.startswith("codes") for value in column.values.to_pylist()}
    (said,) = [item for item in items if isinstance(item, TextPart)]
    assert said.hidden
    assert "P00017" in said.text
    assert "one row a patient" in said.text
    assert not gaps(items)


def test_many_records_are_streamed() -> None:
    """Past the cap on cells every row is still read."""
    table = next(item for item in read(people(900), Limits(cells=1000, sample_rows=50)) if isinstance(item, Table))
    assert table.batches is not None
    assert sum(batch.num_rows for batch in table.batches()) == 900


def test_values_that_are_no_records_are_a_column() -> None:
    """A schema may be a plain type."""
    (table,) = read(container("long", (3, number(7) + number(-1) + number(1 << 40))))
    assert isinstance(table, Table)
    assert table.columns[0].values.to_pylist() == [7, -1, 1 << 40]


def test_what_is_not_known_is_unsupported() -> None:
    """Codecs of others and records that hold themselves are gaps."""
    tree = {"type": "record", "name": "T", "fields": [{"name": "next", "type": ["null", "T"]}]}
    assert gaps(read(people(1, "lzo"))) == [UnreadReason.UNSUPPORTED]
    assert gaps(read(container(tree, (1, number(1) + number(0))))) == [UnreadReason.UNSUPPORTED]


def test_bombs_are_limits() -> None:
    """Values that take no bytes, and streams that decode to much, are budgeted."""
    nothing = {"type": "record", "name": "N", "fields": [{"name": "x", "type": "null"}]}
    assert gaps(read(container(nothing, (1 << 40, b"")))) == [UnreadReason.LIMIT]
    assert gaps(read(container({"type": "array", "items": "null"}, (1, number(1 << 40))))) == [UnreadReason.LIMIT]
    packed = deflated(bytes(4 << 20))
    assert gaps(read(container("long", (1, packed), codec="deflate"), Limits(member_bytes=1 << 20))) == [UnreadReason.LIMIT]
    deep: Any = "int"
    for _ in range(100):
        deep = {"type": "array", "items": deep}
    assert gaps(read(container(deep, (0, b"")))) == [UnreadReason.LIMIT]


def test_damage_is_a_gap() -> None:
    """Every truncation and many flips end in items, never in an error."""
    data = people(4)
    chance = random.Random(5)
    for place in range(0, len(data), 16):
        assert read(data[:place])
    for _ in range(200):
        mutant = bytearray(data)
        for _ in range(3):
            mutant[chance.randrange(len(mutant))] = chance.randrange(256)
        assert read(bytes(mutant))
    assert gaps(read(data[:-17] + bytes(17))) == [UnreadReason.MALFORMED]
