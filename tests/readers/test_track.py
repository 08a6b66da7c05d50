"""Binary tracks: bigBed items as a table, bigWig as a signal, and no byte that belongs to nothing."""

from __future__ import annotations

import random
import struct
import zlib

import pytest

from sdc_airlock.limits import Limits
from sdc_airlock.model.content import Content, GenomicPart, Table, TextPart, UnreadReason
from sdc_airlock.model.filetype import Family, FileType
from sdc_airlock.readers import read
from sdc_airlock.source import Source

AUTO = b'table genes\n"genes"\n(\nstring chrom; "c"\nuint start; "s"\nuint end; "e"\nstring gene; "g"\n)\n\0'
ITEMS = [(0, 100 * n, 100 * n + 50, f"gene{n}") for n in range(1, 60)]


def content(data: bytes, label: str, limits: Limits | None = None) -> Content:
    """What the reader of a label says of some bytes."""
    file_type = FileType(label=label, family=Family.GENOMIC)
    return read(Source.of_bytes(data, part_id="f", name="f"), file_type, file_id="", limits=limits or Limits())


def genomic(found: Content) -> GenomicPart:
    """The genomic part, of which there is one."""
    (part,) = [part for part in found.parts if isinstance(part, GenomicPart)]
    return part


def index(order: str, blocks: list[tuple[int, int]], items: int, end: int) -> bytes:
    """An index of one leaf."""
    leaves = b"".join(struct.pack(order + "IIIIQQ", 0, 0, 0, 9000, place, size) for place, size in blocks)
    head = struct.pack(order + "IIQIIIIQII", 0x2468ACE0, 256, items, 0, 0, 0, 9000, end, 512, 0)
    return head + struct.pack(order + "BBH", 1, 0, len(blocks)) + leaves


def track(
    blocks: list[bytes], *, kind: str, order: str = "<", auto: bytes = b"", fields: int = 4, packed: bool = True, zoom: bytes = b""
) -> bytes:
    """A bigBed or bigWig of some blocks of data."""
    magic = struct.pack(order + "I", 0x888FFC26 if kind == "bigwig" else 0x8789F2EB)
    stored = [zlib.compress(block) if packed else block for block in blocks]
    at = 64 + (24 if zoom else 0)
    auto_at, tree_at = at, at + len(auto)
    tree = struct.pack(order + "IIIIQQBBH", 0x78CA8C91, 1, 4, 8, 1, 0, 1, 0, 1) + b"chr1" + struct.pack(order + "II", 0, 9000)
    data_at = tree_at + len(tree)
    count = struct.pack(order + ("I" if kind == "bigwig" else "Q"), len(stored))
    places, place = [], data_at + len(count)
    for block in stored:
        places.append((place, len(block)))
        place += len(block)
    tail = index(order, places, len(ITEMS), place)
    zooms = b""
    if zoom:
        zoom_at = place + len(tail)
        body = zlib.compress(zoom) if packed else zoom
        zoom_index = index(order, [(zoom_at + 4, len(body))], 1, zoom_at + 4 + len(body))
        zooms = struct.pack(order + "IIQQ", 10, 0, zoom_at, zoom_at + 4 + len(body))
        tail += struct.pack(order + "I", 1) + body + zoom_index
    buffer = max((len(block) for block in [*blocks, zoom]), default=0) if packed else 0
    head = magic + struct.pack(
        order + "HHQQQHHQQIQ", 4, bool(zoom), tree_at, data_at, place, fields, min(fields, 4), auto_at if auto else 0, 0, buffer, 0
    )
    return head + zooms + auto + tree + count + b"".join(stored) + tail + magic


def bigbed(order: str = "<", rest: str = "{}", **more: object) -> bytes:
    """A bigBed of genes."""
    block = b"".join(struct.pack(order + "III", *item[:3]) + rest.format(item[3]).encode() + b"\0" for item in ITEMS)
    return track([block], kind="bigbed", order=order, auto=AUTO, **more)  # type: ignore[arg-type]


def bigwig(order: str = "<", **more: object) -> bytes:
    """A bigWig with a section of each kind."""
    head = order + "IIIIIBBH"
    graph = struct.pack(head, 0, 0, 90, 0, 0, 1, 0, 2) + struct.pack(order + "IIfIIf", 0, 10, 1.5, 10, 90, 2.5)
    steps = struct.pack(head, 0, 100, 200, 0, 5, 2, 0, 2) + struct.pack(order + "IfIf", 100, 3.0, 150, 4.0)
    fixed = struct.pack(head, 0, 300, 400, 50, 10, 3, 0, 2) + struct.pack(order + "ff", 5.0, 6.0)
    return track([graph, steps, fixed], kind="bigwig", order=order, fields=0, **more)  # type: ignore[arg-type]


ZOOM = struct.pack("<4I4f", 0, 0, 500, 400, 0, 9, 100, 900)


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("packed", [True, False])
def test_intervals(order: str, *, packed: bool) -> None:
    """Items of a bigBed are a table with the columns it declares, and nobody's."""
    found = content(bigbed(order, packed=packed), "bigbed")
    assert not found.unread
    assert genomic(found).individual is False
    (table,) = [part for part in found.parts if isinstance(part, Table)]
    assert [column.name for column in table.columns] == ["chrom", "start", "end", "gene"]
    assert table.n_rows == len(ITEMS)
    assert [column.values[0].as_py() for column in table.columns] == ["chr1", "100", "150", "gene1"]
    assert any(isinstance(part, TextPart) and part.hidden and "genes" in part.text for part in found.parts)


@pytest.mark.parametrize("order", ["<", ">"])
def test_signal(order: str) -> None:
    """Values of a bigWig are a table; of whom they are the format does not say."""
    found = content(bigwig(order), "bigwig")
    assert not found.unread
    assert genomic(found).individual is None
    (table,) = [part for part in found.parts if isinstance(part, Table)]
    assert table.columns[3].values.to_pylist() == ["1.5", "2.5", "3", "4", "5", "6"]
    assert table.columns[1].values.to_pylist() == ["0", "10", "100", "150", "300", "350"]


def test_columns_that_are_not_declared() -> None:
    """Columns beyond the declared ones are kept, and put to the checker."""
    found = content(bigbed(rest="{}\tp1\t0/1"), "bigbed")
    assert genomic(found).individual is None
    assert [len(part.columns) for part in found.parts if isinstance(part, Table)] == [6]


def test_long_tracks_are_streamed() -> None:
    """More items than the sample are read again in batches."""
    (table,) = [part for part in content(bigbed(), "bigbed", Limits(sample_rows=20)).parts if isinstance(part, Table)]
    assert table.batches is not None
    assert sum(batch.num_rows for batch in table.batches()) == len(ITEMS)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (bigbed()[:-4] + b"hidden" + bigbed()[-4:], UnreadReason.HIDDEN),
        (bigbed() + b"name,age\nA,34\n", UnreadReason.HIDDEN),
        (bigbed(zoom=ZOOM[:-32] + struct.pack("<4I4f", 7, 1, 2, 3, 0, 0, 0, 0)), UnreadReason.HIDDEN),
        (bigbed(zoom=b"somebody"), UnreadReason.HIDDEN),
    ],
    ids=["before the end", "after the end", "summary of no place", "no summary"],
)
def test_bytes_of_nothing(data: bytes, why: UnreadReason) -> None:
    """Bytes beside the structure, or in summaries that are none, are gaps."""
    assert why in [gap.why for gap in content(data, "bigbed").unread]


def test_summaries_are_accounted_for() -> None:
    """Summaries for drawing from afar are part of the format."""
    assert not content(bigbed(zoom=ZOOM), "bigbed").unread


@pytest.mark.parametrize(("data", "label"), [(bigbed(zoom=ZOOM), "bigbed"), (bigwig(zoom=ZOOM), "bigwig")])
def test_damaged(data: bytes, label: str) -> None:
    """Cut anywhere it is a gap; flipped bytes are survived."""
    for size in range(0, len(data) - 1, 64):
        assert content(data[:size], label).unread
    generator = random.Random(5)
    for _ in range(150):
        damaged = bytearray(data)
        damaged[generator.randrange(len(damaged))] = generator.randrange(256)
        found = content(bytes(damaged), label)
        assert found.parts or found.unread


def test_index_that_turns_back() -> None:
    """An index whose node points to itself ends."""
    data = bytearray(bigbed(packed=False))
    at = data.index(struct.pack("<I", 0x2468ACE0)) + 48
    data[at : at + 4] = struct.pack("<BBH", 0, 0, 1)
    data[at + 20 : at + 28] = struct.pack("<Q", at)
    assert content(bytes(data), "bigbed").unread
