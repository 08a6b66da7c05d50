"""7z archives, built here byte by byte so that every field can be bent."""

from __future__ import annotations

import bz2
import lzma
import random
import struct
import zlib

import pytest

from sdc_airlock.identify import identify
from sdc_airlock.limits import Limits
from sdc_airlock.model.content import Container, Content, Grid, OddityKind, UnreadReason
from sdc_airlock.readers import read, seven_zip
from sdc_airlock.source import Source

CSV = b"sex,cases\nF,120\nM,131\n"
ROWS = (("sex", "cases"), ("F", "120"), ("M", "131"))
OTHER = b"region,cases\nnorth,40\nsouth,50\n"
LZMA2 = ((b"\x21", b"\x16"),)


def deflated(data: bytes) -> bytes:
    """Bare deflate."""
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


def raw(*filters: dict[str, int]) -> object:
    """A compressor of a chain of filters."""
    return lambda data: lzma.compress(data, lzma.FORMAT_RAW, filters=list(filters))


TWO = {"id": lzma.FILTER_LZMA2, "dict_size": 1 << 22}
ONE = {"id": lzma.FILTER_LZMA1, "lc": 3, "lp": 0, "pb": 2, "dict_size": 1 << 22}
ONE_SETTINGS = b"\x5d" + struct.pack("<I", 1 << 22)
CODERS = {
    "copy": (((b"\0", b""),), bytes),
    "lzma": (((b"\x03\x01\x01", ONE_SETTINGS),), raw(ONE)),
    "lzma2": (LZMA2, raw(TWO)),
    "deflate": (((b"\x04\x01\x08", b""),), deflated),
    "bzip2": (((b"\x04\x02\x02", b""),), bz2.compress),
    "delta": (((b"\x03", b"\x03"), (b"\x21", b"\x16")), raw({"id": lzma.FILTER_DELTA, "dist": 4}, TWO)),
    "x86": (((b"\x03\x03\x01\x03", b""), (b"\x21", b"\x16")), raw({"id": lzma.FILTER_X86}, TWO)),
    "arm": (((b"\x03\x03\x05\x01", b""), (b"\x21", b"\x16")), raw({"id": lzma.FILTER_ARM}, TWO)),
}


def number(value: int) -> bytes:
    """A number of the header, always in its longest form."""
    return b"\xff" + struct.pack("<Q", value)


def folder(coders: tuple[tuple[bytes, bytes], ...]) -> bytes:
    """A folder whose coders feed each other from the last to the first."""
    out = number(len(coders))
    for method, settings in coders:
        out += bytes([len(method) | (0x20 if settings else 0)]) + method + (number(len(settings)) + settings if settings else b"")
    return out + b"".join(number(place) + number(place + 1) for place in range(len(coders) - 1))


def streams(coders: tuple[tuple[bytes, bytes], ...], packed: bytes, sizes: list[int], crcs: list[int], at: int = 0) -> bytes:
    """One block and the files in it."""
    whole = sum(sizes)
    out = b"\x06" + number(at) + number(1) + b"\x09" + number(len(packed)) + b"\0"
    out += b"\x07\x0b" + number(1) + b"\0" + folder(coders) + b"\x0c" + number(whole) * len(coders) + b"\0"
    out += b"\x08\x0d" + number(len(sizes)) + (b"\x09" + b"".join(map(number, sizes[:-1])) if len(sizes) > 1 else b"")
    return out + b"\x0a\x01" + b"".join(struct.pack("<I", crc) for crc in crcs) + b"\0\0"


def seven(*files: tuple[str, bytes], kind: str = "lzma2", encode: bool = False, after: bytes = b"", extra: bytes = b"") -> bytes:
    """A solid 7z; a file without bytes is an empty one."""
    coders, pack = CODERS.get(kind, (((kind.encode("latin-1"), b""),), bytes))
    full = [data for _, data in files if data]
    packed = pack(b"".join(full)) if full else b""  # type: ignore[operator]
    header = b"\x01"
    if full:
        header += b"\x04" + streams(coders, packed, list(map(len, full)), [zlib.crc32(data) for data in full])
    names = b"\0" + b"".join(name.encode("utf-16-le") + b"\0\0" for name, _ in files)
    header += b"\x05" + number(len(files))
    empty = [not data for _, data in files]
    if any(empty):
        bits = sum(0x80 >> place for place, nothing in enumerate(empty) if nothing)
        header += b"\x0e\x01" + bytes([bits]) + b"\x0f\x01\xff"
    header += b"\x11" + number(len(names)) + names + extra + b"\0\0"
    if encode:
        inner = raw(TWO)(header)  # type: ignore[operator]
        told = streams(LZMA2, inner, [len(header)], [zlib.crc32(header)], at=len(packed))
        packed, header = packed + inner, b"\x17" + told
    start = struct.pack("<QQI", len(packed), len(header), zlib.crc32(header))
    return b"7z\xbc\xaf\x27\x1c\0\4" + struct.pack("<I", zlib.crc32(start)) + start + packed + header + after


def opened(data: bytes, limits: Limits | None = None) -> Content:
    """What the readers say of an archive."""
    source = Source.of_bytes(data, part_id="a.7z", name="a.7z")
    return read(source, identify(source), file_id="", limits=limits or Limits())


def grids(content: Content) -> dict[str, tuple[tuple[str, ...], ...]]:
    """Cells of every grid by its address."""
    return {part.part_id: part.rows for part in content.parts if isinstance(part, Grid)}


@pytest.mark.parametrize("kind", CODERS)
@pytest.mark.parametrize("encode", [False, True])
def test_members_of_a_solid_block_are_read(kind: str, encode: bool) -> None:  # noqa: FBT001
    """Every coder gives back the members, one after the other, and their checksums are right."""
    content = opened(seven(("d/a.csv", CSV), ("none.txt", b""), ("b.csv", OTHER), kind=kind, encode=encode))
    assert grids(content)["a.7z/d/a.csv"] == ROWS
    assert "a.7z/b.csv" in grids(content)
    assert content.complete
    assert [part.members for part in content.parts if isinstance(part, Container)] == [3]


def test_a_large_member_is_decoded_again_when_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """A member too large to hold is a table like any other."""
    monkeypatch.setattr(seven_zip, "HELD_BYTES", 1000)
    rows = b"id,count\n" + b"".join(b"%d,%d\n" % (row, row % 50 + 20) for row in range(900))
    content = opened(seven(("first.csv", OTHER), ("big.csv", rows), ("last.csv", CSV)))
    assert content.complete
    assert grids(content)["a.7z/last.csv"] == ROWS


def test_an_encrypted_block_is_a_gap_with_its_names() -> None:
    """AES is named and never tried."""
    content = opened(seven(("a.csv", CSV), kind="\x06\xf1\x07\x01"))
    assert [(gap.part_id, gap.why) for gap in content.unread] == [("a.7z/a.csv", UnreadReason.ENCRYPTED)]
    assert OddityKind.ENCRYPTED in {oddity.kind for oddity in content.oddities}


def test_a_coder_that_is_not_known_is_a_gap_for_each_member() -> None:
    """PPMd is not undone, and each member says so."""
    content = opened(seven(("a.csv", CSV), ("b.csv", OTHER), kind="\x03\x04\x01"))
    assert {gap.part_id: gap.detail for gap in content.unread} == {
        "a.7z/a.csv": "compression method PPMd",
        "a.7z/b.csv": "compression method PPMd",
    }


def test_bytes_behind_and_between_are_read() -> None:
    """A table after the end of the archive is found."""
    content = opened(seven(("a.csv", OTHER), after=CSV))
    assert ROWS in grids(content).values()
    assert OddityKind.TRAILING_DATA in {oddity.kind for oddity in content.oddities}


def test_padding_of_the_header_that_holds_text_is_shown() -> None:
    """A property that programs skip is read."""
    text = b"NHS 943 476 5919 and more words"
    content = opened(seven(("a.csv", CSV), extra=b"\x19" + number(len(text)) + text))
    assert any(getattr(part, "text", "") == text.decode() and part.hidden for part in content.parts)  # type: ignore[union-attr]


def test_names_are_escaped_and_said() -> None:
    """A name that leads out of the archive is odd."""
    content = opened(seven(("../a\x1b.csv", CSV)))
    assert OddityKind.UNSAFE_MEMBER_NAME in {oddity.kind for oddity in content.oddities}
    assert all("\x1b" not in part.part_id for part in content.parts)


def test_a_block_that_swells_stops_at_the_limits() -> None:
    """Zeros without end cost no more than the limits allow."""
    bomb = seven(("a.bin", bytes(3 << 20)))
    content = opened(bomb, Limits(expanded_bytes=1 << 20))
    assert [gap.limit_name for gap in content.unread] == ["expanded_bytes"]


def test_absurd_numbers_are_refused() -> None:
    """Counts and sizes beyond the header are damage, whatever they say."""
    good = seven(("a.csv", CSV))
    for value in (2**63, 2**40, 10**6):
        header = b"\x01\x05" + number(value) + b"\0\0"
        start = struct.pack("<QQI", 0, len(header), zlib.crc32(header))
        made = good[:8] + struct.pack("<I", zlib.crc32(start)) + start + header
        assert [gap.why for gap in opened(made).unread] == [UnreadReason.MALFORMED]


def test_damage_anywhere_ends_in_parts_or_gaps() -> None:
    """Cut off or bent anywhere, it never breaks off and never passes for whole."""
    whole = seven(("d/a.csv", CSV * 20), ("b.csv", OTHER), encode=False)
    for size in range(7, len(whole) - 1, 16):
        assert not opened(whole[:size]).complete
    chance = random.Random(7)
    for _ in range(60):
        bent = bytearray(whole)
        for _ in range(chance.randrange(1, 4)):
            bent[chance.randrange(6, len(bent))] = chance.randrange(256)
        start = bytes(bent[12:32])
        if chance.random() < 0.7:
            place, length = struct.unpack_from("<QQ", start)
            crc = zlib.crc32(bent[32 + place : 32 + place + length]) if place + length < 1 << 20 else 0
            struct.pack_into("<QQI", bent, 12, place, length, crc)
            struct.pack_into("<I", bent, 8, zlib.crc32(bent[12:32]))
        content = opened(bytes(bent))
        assert content.parts or content.unread
