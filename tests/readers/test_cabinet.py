"""Cabinets."""

from __future__ import annotations

import random
import struct
import zlib

import pytest

from sdc_airlock.identify import identify
from sdc_airlock.limits import Limits
from sdc_airlock.model.content import Content, Grid, UnreadReason
from sdc_airlock.readers import read
from sdc_airlock.source import Source

CSV = b"sex,cases\nF,120\nM,131\n"
ROWS = (("sex", "cases"), ("F", "120"), ("M", "131"))


def mszip(data: bytes, history: bytes) -> bytes:
    """A block of MSZIP."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15, zdict=history) if history else zlib.compressobj(9, zlib.DEFLATED, -15)
    return b"CK" + packer.compress(data) + packer.flush()


def cab(*members: tuple[str, bytes], method: int = 1, after: bytes = b"") -> bytes:
    """A cabinet of one folder."""
    whole = b"".join(data for _, data in members)
    blocks = b""
    pieces = [whole[place : place + 32768] for place in range(0, len(whole), 32768)]
    for number, piece in enumerate(pieces):
        packed = mszip(piece, whole[max(0, (number - 1) * 32768) : number * 32768]) if method == 1 else piece
        blocks += struct.pack("<IHH", 0, len(packed), len(piece)) + packed
    files, place = b"", 0
    for name, data in members:
        files += struct.pack("<IIHHHH", len(data), place, 0, 0, 0, 0x20) + name.encode() + b"\0"
        place += len(data)
    at = 36 + 8
    folder = struct.pack("<IHH", at + len(files), len(pieces), method)
    size = at + len(files) + len(blocks)
    head = b"MSCF" + struct.pack("<IIIIIBBHHHHH", 0, size, 0, at, 0, 3, 1, 1, len(members), 0, 1, 0)
    return head + folder + files + blocks + after


def opened(data: bytes) -> Content:
    """What the readers say of a cabinet."""
    source = Source.of_bytes(data, part_id="x.cab", name="x.cab")
    return read(source, identify(source), file_id="", limits=Limits())


def grids(content: Content) -> dict[str, tuple[tuple[str, ...], ...]]:
    """Cells of every grid by its address."""
    return {part.part_id: part.rows for part in content.parts if isinstance(part, Grid)}


@pytest.mark.parametrize("method", [0, 1])
def test_members_over_several_blocks(method: int) -> None:
    """Later blocks refer back to earlier ones."""
    filler = random.Random(1).randbytes(30_000).hex().encode()
    content = opened(cab(("long.txt", filler), ("d\\a.csv", CSV), method=method))
    assert grids(content)["x.cab/d/a.csv"] == ROWS
    assert all(gap.part_id != "x.cab/d/a.csv" for gap in content.unread)


@pytest.mark.parametrize("method", [2, 3, 0x1503])
def test_methods_that_are_not_undone(method: int) -> None:
    """LZX and Quantum are a gap for each member."""
    assert [(gap.part_id, gap.why) for gap in opened(cab(("a.csv", CSV), method=method)).unread] == [
        ("x.cab/a.csv", UnreadReason.UNSUPPORTED)
    ]


def test_bytes_behind_are_read() -> None:
    """A table behind a cabinet is found."""
    assert ROWS in grids(opened(cab(("a.txt", b"some words"), after=CSV))).values()


def test_damage_anywhere_ends_in_parts_or_gaps() -> None:
    """Cut off anywhere it is never whole; bent anywhere it never breaks off."""
    whole = cab(("a.csv", CSV), ("b.csv", CSV))
    for size in range(9, len(whole) - 1, 4):
        assert not opened(whole[:size]).complete
    chance = random.Random(2)
    for _ in range(200):
        bent = bytearray(whole)
        bent[chance.randrange(8, len(bent))] = chance.randrange(256)
        content = opened(bytes(bent))
        assert content.parts or content.unread
