"""Images of discs."""

from __future__ import annotations

import random
import struct

from sdc_airlock.identify import identify
from sdc_airlock.limits import Limits
from sdc_airlock.model.content import Content, Grid, TextPart
from sdc_airlock.readers import read
from sdc_airlock.source import Source

CSV = b"sex,cases\nF,120\nM,131\n"
ROWS = (("sex", "cases"), ("F", "120"), ("M", "131"))
OTHER = b"region,cases\nnorth,40\nsouth,50\n"


def record(name: bytes, sector: int, size: int, flags: int = 0, long: bytes = b"") -> bytes:
    """A record of a folder."""
    body = bytes([0]) + struct.pack("<I", sector) + struct.pack(">I", sector) + struct.pack("<I", size) + struct.pack(">I", size)
    body += bytes(7) + bytes([flags, 0, 0]) + bytes(4) + bytes([len(name)]) + name + bytes(len(name) % 2 == 0)
    if long:
        body += b"NM" + bytes([5 + len(long), 1, 0]) + long
    body += bytes((len(body) + 1) % 2)
    return bytes([len(body) + 1]) + body


def image(after: bytes = b"", system: bytes = b"", *, loop: bool = False) -> bytes:
    """An image with a folder, two files, long names and some text."""
    root = record(b"\0", 20, 2048, 2) + record(b"\1", 20, 2048, 2)
    root += record(b"D", 20 if loop else 21, 2048, 2, b"docs") + record(b"B.CSV;1", 23, len(OTHER), 0, b"second table.csv")
    inner = record(b"\0", 21, 2048, 2) + record(b"\1", 20, 2048, 2) + record(b"A.CSV;1", 22, len(CSV), 0, b"table.csv")
    volume = bytearray(2048)
    volume[:7] = b"\x01CD001\x01"
    volume[40:45] = b"WORDS"
    volume[132:140] = struct.pack("<I", 10) + struct.pack(">I", 10)
    volume[140:144] = struct.pack("<I", 18)
    volume[148:152] = struct.pack(">I", 19)
    volume[156:190] = record(b"\0", 20, 2048, 2)
    end = b"\xffCD001\x01"
    sectors = {16: bytes(volume), 17: end, 18: b"path table", 19: b"path table", 20: root, 21: inner, 22: CSV, 23: OTHER}
    out = system.ljust(16 * 2048, b"\0")
    return out + b"".join(sectors[number].ljust(2048, b"\0") for number in range(16, 24)) + after


def opened(data: bytes) -> Content:
    """What the readers say of an image."""
    source = Source.of_bytes(data, part_id="x.iso", name="x.iso")
    return read(source, identify(source), file_id="", limits=Limits())


def grids(content: Content) -> dict[str, tuple[tuple[str, ...], ...]]:
    """Cells of every grid by its address."""
    return {part.part_id: part.rows for part in content.parts if isinstance(part, Grid)}


def test_files_are_read_under_their_long_names() -> None:
    """Names of Rock Ridge stand for the short ones."""
    content = opened(image())
    assert grids(content)["x.iso/docs/table.csv"] == ROWS
    assert "x.iso/second table.csv" in grids(content)
    assert content.complete
    assert "WORDS" in [part.text for part in content.parts if isinstance(part, TextPart)]


def test_bytes_that_belong_to_no_file_are_read() -> None:
    """What stands before the volume, behind the image or behind a file is found."""
    assert ROWS in grids(opened(image(after=CSV))).values()
    assert len([rows for rows in grids(opened(image(system=CSV))).values() if rows == ROWS]) == 2


def test_folders_that_hold_each_other_end() -> None:
    """A folder that is its own parent is entered once."""
    assert "x.iso/second table.csv" in grids(opened(image(loop=True)))


def test_damage_anywhere_ends_in_parts_or_gaps() -> None:
    """Cut off or bent anywhere, something is always said."""
    whole = image()
    for size in range(16 * 2048 + 64, len(whole) - 2048, 1024):
        assert opened(whole[:size]).unread or grids(opened(whole[:size]))
    chance = random.Random(2)
    for _ in range(60):
        bent = bytearray(whole)
        for _ in range(8):
            bent[chance.choice((16, 20, 21)) * 2048 + chance.randrange(250)] = chance.randrange(256)
        content = opened(bytes(bent))
        assert content.parts or content.unread
