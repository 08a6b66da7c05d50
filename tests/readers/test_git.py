"""Files of a version-control store."""

from __future__ import annotations

import hashlib
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
LATER = CSV + b"X,140\n"
TREE = b"100644 table.csv\0" + bytes(20) + b"40000 notes\0" + bytes(20)
COMMIT = b"tree " + b"0" * 40 + b"\nauthor A <a@example.org> 0 +0000\n\nRemove the table again\n"


def opened(data: bytes, name: str = "pack-1.pack", limits: Limits | None = None) -> Content:
    """What the readers say of some bytes."""
    source = Source.of_bytes(data, part_id=name, name=name)
    return read(source, identify(source), file_id="", limits=limits or Limits())


def head(kind: int, size: int) -> bytes:
    """The head of an object in a pack."""
    out, size = [kind << 4 | size & 15], size >> 4
    while size:
        out[-1] |= 0x80
        out.append(size & 0x7F)
        size >>= 7
    return bytes(out)


def small(size: int) -> bytes:
    """A size in a delta."""
    out = bytearray()
    while size > 0x7F:
        out.append(size & 0x7F | 0x80)
        size >>= 7
    return bytes(out) + bytes([size])


def delta(base: bytes, added: bytes) -> bytes:
    """The base, then some bytes more."""
    return small(len(base)) + small(len(base) + len(added)) + b"\x90" + bytes([len(base)]) + bytes([len(added)]) + added


def back(offset: int) -> bytes:
    """How far back the base lies."""
    out = [offset & 0x7F]
    while offset := offset >> 7:
        offset -= 1
        out.insert(0, offset & 0x7F | 0x80)
    return bytes(out)


def packed(*objects: bytes, count: int | None = None) -> bytes:
    """A pack with its checksum."""
    body = b"PACK" + struct.pack(">II", 2, len(objects) if count is None else count) + b"".join(objects)
    return body + hashlib.sha1(body, usedforsecurity=False).digest()


def entry(kind: int, data: bytes, link: bytes = b"") -> bytes:
    """An object of a pack."""
    return head(kind, len(data)) + link + zlib.compress(data)


def by_name(kind: str, data: bytes) -> bytes:
    """The name of an object."""
    return hashlib.sha1(f"{kind} {len(data)}\0".encode() + data, usedforsecurity=False).digest()


BLOB = entry(3, CSV)
CHANGE = delta(CSV, b"X,140\n")
PACK = packed(BLOB, entry(6, CHANGE, back(len(BLOB))), entry(2, TREE), entry(1, COMMIT), entry(4, b"object 0\n\nA tag with words\n"))
NAMED = packed(entry(7, CHANGE, by_name("blob", CSV)), BLOB)


def grids(content: Content) -> list[tuple[tuple[str, ...], ...]]:
    """Cells of every grid."""
    return [part.rows for part in content.parts if isinstance(part, Grid)]


def texts(content: Content) -> str:
    """All text."""
    return "\n".join(part.text for part in content.parts if isinstance(part, TextPart))


@pytest.mark.parametrize("pack", [PACK, NAMED], ids=["by place", "by name"])
def test_every_version_of_a_file_in_a_pack_is_read(pack: bytes) -> None:
    """A file that was changed is there twice, whole and put together from its change."""
    content = opened(pack)
    assert ROWS in grids(content)
    assert (*ROWS, ("X", "140")) in grids(content)
    assert content.complete
    assert OddityKind.VERSION_CONTROL in {oddity.kind for oddity in content.oddities}


def test_messages_and_names_are_text() -> None:
    """What commits and tags say and how files were called is hidden text."""
    content = opened(PACK)
    assert "Remove the table again" in texts(content)
    assert "A tag with words" in texts(content)
    assert "table.csv" in texts(content)


def test_a_bundle_is_its_references_and_its_pack() -> None:
    """A bundle holds a pack after some lines of text."""
    header = b"# v2 git bundle\n" + b"0" * 40 + b" refs/heads/main\n\n"
    content = opened(header + PACK, "all.bundle")
    assert ROWS in grids(content)
    assert "refs/heads/main" in texts(content)
    assert content.complete


def test_a_base_that_is_elsewhere_is_a_gap() -> None:
    """A thin pack names objects that only the other side has."""
    content = opened(packed(entry(7, CHANGE, bytes(20))))
    assert [gap.why for gap in content.unread] == [UnreadReason.UNSUPPORTED]


@pytest.mark.parametrize(("kind", "body"), [(b"blob", CSV), (b"tree", TREE), (b"commit", COMMIT)])
def test_loose_objects(kind: bytes, body: bytes) -> None:
    """A loose object is one object."""
    content = opened(zlib.compress(kind + b" %d\0" % len(body) + body), "3f786850e387550fdab836ed7e6dc881de23001b")
    assert content.complete
    assert grids(content) == [ROWS] if kind == b"blob" else texts(content)


def test_bytes_behind_a_pack_are_read() -> None:
    """A table after the checksum is found."""
    content = opened(packed(entry(1, COMMIT)) + CSV)
    assert ROWS in grids(content)


def test_the_index_shows_its_names() -> None:
    """The list of files of a working folder is text."""
    name = b"results/table.csv"
    one = bytes(60) + struct.pack(">H", len(name)) + name
    one += bytes(8 - len(one) % 8)
    data = b"DIRC" + struct.pack(">II", 2, 1) + one + bytes(20)
    content = opened(data, "index")
    assert "results/table.csv" in texts(content)
    assert content.complete


def test_the_index_of_a_pack_holds_checksums_only() -> None:
    """In order and of the right size, it is no place for data; else it is a gap."""
    names = sorted(hashlib.sha1(bytes([row]), usedforsecurity=False).digest() for row in range(9))
    fans = [sum(name[0] <= first for name in names) for first in range(256)]
    data = b"\xfftOc\0\0\0\x02" + struct.pack(">256I", *fans) + b"".join(names) + bytes(9 * 8) + bytes(40)
    assert opened(data, "pack-1.idx").complete
    assert not opened(data + b"hidden words", "pack-1.idx").complete


def test_objects_that_swell_stop_at_the_limits() -> None:
    """A delta that copies its base a thousand times is held to the bytes of one member."""
    base = bytes(60_000)
    copies = small(len(base)) + small(len(base) * 3000) + b"\xb0\x60\xea" * 3000
    content = opened(packed(entry(3, base), entry(7, copies, by_name("blob", base))), limits=Limits(member_bytes=1 << 20))
    assert UnreadReason.LIMIT in {gap.why for gap in content.unread}


def test_damage_anywhere_ends_in_parts_or_gaps() -> None:
    """Cut off or bent anywhere, a pack never passes for whole."""
    for size in range(12, len(PACK) - 1, 8):
        assert not opened(PACK[:size]).complete
    chance = random.Random(5)
    for _ in range(200):
        bent = bytearray(PACK)
        bent[chance.randrange(8, len(bent))] ^= 1 << chance.randrange(8)
        content = opened(bytes(bent))
        assert not content.complete or any(isinstance(part, Container) for part in content.parts)
