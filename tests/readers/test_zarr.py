"""Zarr stores in zips, versions 2 and 3, put together by hand as the specifications say."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import random
import struct
import zipfile
import zlib
from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from sdc_airlock.identify import identify
from sdc_airlock.limits import Limits
from sdc_airlock.model.content import Table, Unread, UnreadReason
from sdc_airlock.readers import Item, Reading
from sdc_airlock.source import Source

AGES = np.arange(40, 90, dtype="<i4")


def store(members: dict[str, bytes]) -> bytes:
    """A zip of some keys."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return stream.getvalue()


def second(values: np.ndarray[Any, Any], chunk: int, pack: Callable[[bytes], bytes] = bytes, **more: Any) -> dict[str, bytes]:
    """The keys of a one-dimensional array of version 2."""
    meta = {
        "zarr_format": 2,
        "shape": list(values.shape),
        "chunks": [chunk, *values.shape[1:]],
        "dtype": values.dtype.str,
        "compressor": None,
        "filters": None,
        "order": "C",
        "fill_value": 0,
        **more,
    }
    found = {".zarray": json.dumps(meta).encode()}
    for place in range(-(-len(values) // chunk)):
        part = np.zeros((chunk, *values.shape[1:]), values.dtype)
        held = values[place * chunk : (place + 1) * chunk]
        part[: len(held)] = held
        found[".".join(map(str, (place, *[0] * (values.ndim - 1))))] = pack(part.tobytes())
    return found


def under(path: str, keys: dict[str, bytes]) -> dict[str, bytes]:
    """Keys of an array at a path."""
    return {f"{path}/{name}": data for name, data in keys.items()}


def read(data: bytes, limits: Limits | None = None) -> list[Item]:
    """All items of some bytes, of whatever type they are found to be."""
    source = Source.of_bytes(data, part_id="f", name="f.zip")
    file_type = identify(source)
    assert file_type.label == "zarr"
    return list(Reading(limits=limits or Limits()).open(source, file_type))


def tables(items: list[Item]) -> dict[str, dict[str, list[Any]]]:
    """The tables made of arrays, by address, as columns by name."""
    return {
        item.part_id: {column.name or str(place): column.values.to_pylist() for place, column in enumerate(item.columns)}
        for item in items
        if isinstance(item, Table) and item.part_id.startswith("f!")
    }


def gaps(items: list[Item]) -> list[tuple[str, UnreadReason]]:
    """Places and reasons of the gaps among items."""
    return [(item.part_id, item.why) for item in items if isinstance(item, Unread)]


def blosc(codec: int, shuffle: int, pack: Callable[[bytes], bytes]) -> Callable[[bytes], bytes]:
    """A way to make a Blosc chunk of numbers of four bytes, in one block that is not split."""

    def packed(data: bytes) -> bytes:
        raw = np.frombuffer(data, np.uint8).reshape(-1, 4)
        if shuffle == 1:
            body = raw.T.tobytes()
        elif shuffle == 4:
            bits = np.unpackbits(raw.reshape(-1), bitorder="little").reshape(-1, 32)
            body = np.packbits(bits.T.reshape(-1), bitorder="little").tobytes()
        else:
            body = data
        small = pack(body)
        tail = struct.pack("<ii", 20, len(small)) + small
        return struct.pack("<BBBBIII", 2, 1, codec << 5 | 0x10 | shuffle, 4, len(data), len(data), 16 + len(tail)) + tail

    return packed


PACKERS: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "raw": ("", bytes),
    "zlib": ("zlib", zlib.compress),
    "gzip": ("gzip", gzip.compress),
    "bz2": ("bz2", bz2.compress),
    "lzma": ("lzma", lzma.compress),
    "zstd": ("zstd", lambda data: pa.compress(data, "zstd", asbytes=True)),
    "blosc-lz4": ("blosc", blosc(1, 1, lambda data: pa.compress(data, "lz4_raw", asbytes=True))),
    "blosc-zstd-bits": ("blosc", blosc(4, 4, lambda data: pa.compress(data, "zstd", asbytes=True))),
    "blosc-zlib": ("blosc", blosc(3, 0, zlib.compress)),
}


@pytest.mark.parametrize("name", PACKERS)
def test_chunks_are_put_together(name: str) -> None:
    """Every codec gives the same column, and its chunks are no gaps."""
    codec, pack = PACKERS[name]
    keys = under("obs/age", second(AGES, 16, pack, compressor={"id": codec} if codec else None))
    items = read(store({**keys, ".zgroup": b'{"zarr_format": 2}', **under("obs/n", second(AGES, 50))}))
    assert tables(items)["f!obs!50"] == {"age": AGES.tolist(), "n": AGES.tolist()}
    assert gaps(items) == []


def test_texts_of_any_length_and_matrices() -> None:
    """Texts stand behind their lengths; dimensions of xarray name rows and columns."""
    names = [f"P{place}" for place in range(4)]
    raw = struct.pack("<I", 4) + b"".join(struct.pack("<I", len(name)) + name.encode() for name in names)
    ids = {".zarray": second(np.zeros(4), 4, dtype="|O", filters=[{"id": "vlen-utf8"}])[".zarray"], "0": raw}
    ids[".zattrs"] = b'{"_ARRAY_DIMENSIONS": ["patient"]}'
    matrix = {**second(np.arange(8, dtype="<i2").reshape(4, 2), 2), ".zattrs": b'{"_ARRAY_DIMENSIONS": ["patient", "week"]}'}
    found = tables(read(store({**under("patient", ids), **under("weight", matrix)})))
    assert found["f!weight"] == {"patient": names, "1": [0, 2, 4, 6], "2": [1, 3, 5, 7]}


def test_version_3() -> None:
    """The third version has one document for each array, and other keys."""
    meta = {
        "zarr_format": 3,
        "node_type": "array",
        "shape": [3, 2],
        "data_type": "int16",
        "chunk_grid": {"name": "regular", "configuration": {"chunk_shape": [2, 2]}},
        "chunk_key_encoding": {"name": "default", "configuration": {"separator": "/"}},
        "fill_value": 0,
        "codecs": [{"name": "bytes", "configuration": {"endian": "big"}}, {"name": "gzip"}, {"name": "crc32c"}],
        "dimension_names": ["x", "y"],
    }
    pack = [gzip.compress(np.array(part, ">i2").tobytes()) + b"\1\2\3\4" for part in ([[1, 2], [3, 4]], [[5, 6], [0, 0]])]
    group = b'{"zarr_format": 3, "node_type": "group"}'
    items = read(store({"zarr.json": group, "a/zarr.json": json.dumps(meta).encode(), "a/c/0/0": pack[0], "a/c/1/0": pack[1]}))
    assert tables(items)["f!a"] == {"0": [1, 3, 5], "1": [2, 4, 6]}
    assert gaps(items) == []


def test_a_chunk_that_cannot_be_read_stays_held() -> None:
    """Unknown codecs leave the array and each of its chunks a gap; so does a chunk that belongs to no array."""
    noise = random.Random(3).randbytes(200)
    items = read(store({**under("a", second(AGES, 50, lambda _: noise, compressor={"id": "lzo"})), "b/0": noise}))
    assert {("f!a", UnreadReason.UNSUPPORTED), ("f/a/0", UnreadReason.UNSUPPORTED), ("f/b/0", UnreadReason.UNSUPPORTED)} <= set(gaps(items))


def test_objects_are_never_unpickled() -> None:
    """A filter that unpickles is refused."""
    keys = {".zarray": second(np.zeros(4), 4, dtype="|O", filters=[{"id": "pickle"}])[".zarray"], "0": b"cposix\nsystem\n."}
    assert ("f!a", UnreadReason.UNSUPPORTED) in gaps(read(store(under("a", keys))))


def test_declared_sizes_are_limits() -> None:
    """Arrays of terabytes, and of chunks without number, are refused before anything is allocated."""
    for shape, chunks in (([10**13], [10**12]), ([10**9], [1]), ([4], [10**12])):
        meta = json.loads(second(AGES, 50)[".zarray"]) | {"shape": shape, "chunks": chunks}
        assert ("f!a", UnreadReason.LIMIT) in gaps(read(store({"a/.zarray": json.dumps(meta).encode()})))


def test_values_beyond_the_edge_are_not_passed_over() -> None:
    """The last chunk is longer than its array; what is put there is never shown."""
    keys = second(AGES[:10], 8)
    hidden = np.arange(8, dtype="<i4")
    assert ("f!a", UnreadReason.MALFORMED) in gaps(read(store(under("a", {**keys, "1": hidden.tobytes()}))))


def test_damage_is_a_gap() -> None:
    """Flipped bytes of metadata and chunks end in items, never in an error."""
    chance = random.Random(5)
    members = under("a", second(AGES, 16, PACKERS["blosc-lz4"][1], compressor={"id": "blosc"}))
    for _ in range(60):
        name = chance.choice(list(members))
        mutant = bytearray(members[name])
        for _ in range(3):
            mutant[chance.randrange(len(mutant))] = chance.randrange(256)
        assert read(store({**members, name: bytes(mutant)}))
