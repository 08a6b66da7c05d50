"""RAR archives of both versions, built here byte by byte."""

from __future__ import annotations

import random
import struct
import zlib

import pytest

from sdc_airlock.identify import identify
from sdc_airlock.limits import Limits
from sdc_airlock.model.content import Container, Content, Grid, OddityKind, TextPart, UnreadReason
from sdc_airlock.readers import read
from sdc_airlock.source import Source

CSV = b"sex,cases\nF,120\nM,131\n"
ROWS = (("sex", "cases"), ("F", "120"), ("M", "131"))


def vint(value: int) -> bytes:
    """A number of version 5."""
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes(out) + bytes([value])


def block5(kind: int, body: bytes, data: bytes = b"", extra: bytes = b"", flags: int = 0) -> bytes:
    """A block of version 5."""
    flags |= (1 if extra else 0) | (2 if data else 0)
    inner = vint(kind) + vint(flags) + (vint(len(extra)) if extra else b"") + (vint(len(data)) if data else b"") + body + extra
    told = vint(len(inner)) + inner
    return struct.pack("<I", zlib.crc32(told)) + told + data


def file5(name: str, data: bytes, method: int = 0, kind: int = 2, **more: bytes | int) -> bytes:
    """A member (or record) of version 5."""
    raw = name.encode()
    body = (
        vint(4) + vint(len(data)) + vint(0o644) + struct.pack("<I", zlib.crc32(data)) + vint(method << 7) + vint(1) + vint(len(raw)) + raw
    )
    return block5(kind, body, data, **more)  # type: ignore[arg-type]


def rar5(*blocks: bytes, end: bool = True) -> bytes:
    """An archive of version 5."""
    return b"Rar!\x1a\x07\x01\0" + block5(1, vint(0)) + b"".join(blocks) + (block5(5, vint(0)) if end else b"")


def block4(kind: int, flags: int, body: bytes) -> bytes:
    """A block of version 4."""
    inner = struct.pack("<BHH", kind, flags, 7 + len(body)) + body
    return struct.pack("<H", zlib.crc32(inner) & 0xFFFF) + inner


def file4(name: str, data: bytes, method: int = 0x30, flags: int = 0, kind: int = 0x74) -> bytes:
    """A member of version 4."""
    raw = name.encode()
    body = struct.pack("<IIBIIBBHI", len(data), len(data), 3, zlib.crc32(data), 0, 20, method, len(raw), 0o100644) + raw
    return block4(kind, 0x8000 | flags, body) + data


def rar4(*blocks: bytes, flags: int = 0) -> bytes:
    """An archive of version 4."""
    return b"Rar!\x1a\x07\0" + block4(0x73, flags, bytes(6)) + b"".join(blocks) + block4(0x7B, 0x4000, b"")


def opened(data: bytes) -> Content:
    """What the readers say of an archive."""
    source = Source.of_bytes(data, part_id="a.rar", name="a.rar")
    return read(source, identify(source), file_id="", limits=Limits())


def grids(content: Content) -> dict[str, tuple[tuple[str, ...], ...]]:
    """Cells of every grid by its address."""
    return {part.part_id: part.rows for part in content.parts if isinstance(part, Grid)}


def gaps(content: Content) -> dict[str, UnreadReason]:
    """Reasons of gaps by address."""
    return {gap.part_id: gap.why for gap in content.unread}


@pytest.mark.parametrize(
    ("made", "packed", "locked"),
    [
        (rar5(file5("d/a.csv", CSV)), rar5(file5("d/a.csv", CSV, method=3)), rar5(file5("d/a.csv", CSV, extra=b"\x02\x01\0"))),
        (rar4(file4("d\\a.csv", CSV)), rar4(file4("d\\a.csv", CSV, method=0x33)), rar4(file4("d\\a.csv", CSV, flags=4))),
    ],
    ids=["5", "4"],
)
def test_stored_members_are_read_and_others_named(made: bytes, packed: bytes, locked: bytes) -> None:
    """Compressed and encrypted members are gaps under their names."""
    assert grids(opened(made)) == {"a.rar/d/a.csv": ROWS}
    assert opened(made).complete
    assert gaps(opened(packed)) == {"a.rar/d/a.csv": UnreadReason.UNSUPPORTED}
    assert gaps(opened(locked)) == {"a.rar/d/a.csv": UnreadReason.ENCRYPTED}


@pytest.mark.parametrize("data", [rar4(flags=0x80), b"Rar!\x1a\x07\x01\0" + block5(4, bytes(20)) + bytes(50)], ids=["4", "5"])
def test_encrypted_headers_are_a_gap(data: bytes) -> None:
    """Where even the names are encrypted, that is said."""
    content = opened(data)
    assert UnreadReason.ENCRYPTED in gaps(content).values()
    assert OddityKind.ENCRYPTED in {oddity.kind for oddity in content.oddities}


def test_comments_are_shown() -> None:
    """The comment of an archive is hidden text."""
    content = opened(rar5(file5("CMT", b"a comment with words", kind=3), file5("a.csv", CSV)))
    assert [part.text for part in content.parts if isinstance(part, TextPart)] == ["a comment with words"]
    assert gaps(opened(rar4(file4("CMT", b"packed", method=0x33, kind=0x7A)))) != {}


def test_bytes_after_the_end_mark_are_read() -> None:
    """A table behind an archive is found."""
    assert ROWS in grids(opened(rar5() + CSV)).values()
    assert ROWS in grids(opened(rar4() + CSV)).values()


def test_a_volume_that_goes_on_elsewhere_is_a_gap() -> None:
    """A member that is split is not whole here."""
    assert gaps(opened(rar5(file5("a.csv", CSV, flags=0x10)))) == {"a.rar/a.csv": UnreadReason.UNSUPPORTED}


@pytest.mark.parametrize("whole", [rar5(file5("a.csv", CSV), file5("b.csv", CSV)), rar4(file4("a.csv", CSV), file4("b.csv", CSV))])
def test_damage_anywhere_ends_in_parts_or_gaps(whole: bytes) -> None:
    """Cut off anywhere it is never whole; bent anywhere it never breaks off."""
    for size in range(8, len(whole) - 1, 4):
        assert not opened(whole[:size]).complete
    chance = random.Random(3)
    for _ in range(200):
        bent = bytearray(whole)
        bent[chance.randrange(7, len(bent))] = chance.randrange(256)
        content = opened(bytes(bent))
        assert content.unread or any(isinstance(part, Container) for part in content.parts)
