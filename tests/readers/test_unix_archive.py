"""ar, Debian packages, cpio and RPM."""

from __future__ import annotations

import gzip
import random
import struct

import pytest

from sdc_airlock.identify import identify
from sdc_airlock.limits import Limits
from sdc_airlock.model.content import Content, Grid, OddityKind, TextPart, UnreadReason
from sdc_airlock.readers import read
from sdc_airlock.source import Source

CSV = b"sex,cases\nF,120\nM,131\n"
ROWS = (("sex", "cases"), ("F", "120"), ("M", "131"))
LONG = "a_name_that_does_not_fit_into_sixteen_letters.csv"


def ar(*members: tuple[str, bytes], after: bytes = b"") -> bytes:
    """An ar archive; a name that begins with # is written as BSD does."""
    table, out = b"", b""
    for name, content in members:
        shown, data = name, content
        if name.startswith("#"):
            raw = name[1:].encode()
            shown, data = f"#1/{len(raw)}", raw + content
        elif len(name) > 15:
            shown, table = f"/{len(table)}", table + name.encode() + b"/\n"
        out += f"{shown:<16}{0:<12}{0:<6}{0:<6}{'100644':<8}{len(data):<10}`\n".encode() + data + b"\n" * (len(data) % 2)
    long = f"{'//':<48}{len(table):<10}`\n".encode() + table + b"\n" * (len(table) % 2) if table else b""
    return b"!<arch>\n" + long + out + after


def cpio(*members: tuple[str, bytes, int], old: bool = False, end: bool = True) -> bytes:
    """A cpio archive of the new or the old kind."""
    out = b""
    for name, data, mode in (*members, *([("TRAILER!!!", b"", 0)] if end else [])):
        raw = name.encode() + b"\0"
        if old:
            fields = (0, 1, mode, 0, 0, 1, 0)
            out += b"070707" + b"".join(b"%06o" % field for field in fields) + b"%011o%06o%011o" % (0, len(raw), len(data)) + raw + data
            continue
        fields13 = (1, mode, 0, 0, 1, 0, len(data), 0, 0, 0, 0, len(raw), 0)
        out += b"070701" + b"".join(b"%08x" % field for field in fields13) + raw
        out += bytes(-len(out) % 4) + data
        out += bytes(-len(out) % 4)
    return out


def rpm(payload: bytes, text: bytes = b"a summary of the package") -> bytes:
    """An RPM package with one tag a header."""
    store = text + b"\0"
    header = b"\x8e\xad\xe8\x01" + bytes(4) + struct.pack(">II", 1, len(store)) + struct.pack(">IIII", 1004, 6, 0, 1) + store
    return b"\xed\xab\xee\xdb\x03\0" + bytes(90) + header + bytes(-(96 + len(header)) % 8) + header + payload


def opened(data: bytes, name: str) -> Content:
    """What the readers say of some bytes."""
    source = Source.of_bytes(data, part_id=name, name=name)
    return read(source, identify(source), file_id="", limits=Limits())


def grids(content: Content) -> dict[str, tuple[tuple[str, ...], ...]]:
    """Cells of every grid by its address."""
    return {part.part_id: part.rows for part in content.parts if isinstance(part, Grid)}


def kinds(content: Content) -> set[OddityKind]:
    """Kinds of everything odd."""
    return {oddity.kind for oddity in content.oddities}


@pytest.mark.parametrize("name", ["a.csv", LONG, "#" + LONG])
def test_members_of_an_ar_archive(name: str) -> None:
    """Short names, names in a table and names before the bytes."""
    content = opened(ar((name, CSV), ("b.csv", CSV)), "x.a")
    assert grids(content) == {f"x.a/{name.lstrip('#')}": ROWS, "x.a/b.csv": ROWS}
    assert content.complete


@pytest.mark.parametrize("old", [False, True])
def test_members_of_a_cpio_archive(old: bool) -> None:  # noqa: FBT001
    """Both kinds of header; a link is odd and its target is read."""
    content = opened(cpio(("d/a.csv", CSV, 0o100644), ("link", b"/etc/passwd", 0o120777), old=old), "x.cpio")
    assert grids(content) == {"x.cpio/d/a.csv": ROWS}
    assert OddityKind.SPECIAL_MEMBER in kinds(content)
    assert "/etc/passwd" in [part.text for part in content.parts if isinstance(part, TextPart)]
    assert content.complete


def test_an_rpm_package_is_its_texts_and_its_payload() -> None:
    """The payload is a compressed cpio archive like any other."""
    content = opened(rpm(gzip.compress(cpio(("a.csv", CSV, 0o100644)))), "x.rpm")
    assert ROWS in grids(content).values()
    assert "a summary of the package" in [part.text for part in content.parts if isinstance(part, TextPart)]
    assert content.complete


@pytest.mark.parametrize(("data", "name"), [(ar(("a.csv", CSV), after=b"x" + CSV), "x.a"), (cpio(("a", b"b", 0o100644)) + CSV, "x.cpio")])
def test_bytes_that_belong_to_no_member(data: bytes, name: str) -> None:
    """What stands behind the last member is read or a gap."""
    content = opened(data, name)
    assert ROWS in grids(content).values() or not content.complete


@pytest.mark.parametrize(
    ("whole", "name"),
    [(ar((LONG, CSV), ("b.csv", CSV)), "x.a"), (cpio(("d/a.csv", CSV, 0o100644)), "x.cpio"), (rpm(gzip.compress(CSV, mtime=0)), "x.rpm")],
    ids=["ar", "cpio", "rpm"],
)
def test_damage_anywhere_ends_in_parts_or_gaps(whole: bytes, name: str) -> None:
    """Cut off or bent anywhere, something is always said."""
    for size in range(112, len(whole) - 20, 16):
        content = opened(whole[:size], name)
        assert content.unread or grids(content)
    chance = random.Random(2)
    for _ in range(150):
        bent = bytearray(whole)
        bent[chance.randrange(8, len(bent))] = chance.randrange(256)
        content = opened(bytes(bent), name)
        assert content.parts or content.unread


def test_absurd_sizes_are_damage() -> None:
    """A member larger than its archive ends early."""
    data = bytearray(ar(("a.csv", CSV)))
    data[56:66] = b"9999999999"
    assert UnreadReason.MALFORMED in {gap.why for gap in opened(bytes(data), "x.a").unread}
