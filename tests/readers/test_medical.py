"""DICOM and NIfTI files put together by hand: headers are read, pictures are held."""

from __future__ import annotations

import random
import struct
import zlib

import pytest

from sdc_airlock.identify import identify
from sdc_airlock.limits import Limits
from sdc_airlock.model.content import Figure, Oddity, OddityKind, TextPart, Unread, UnreadReason
from sdc_airlock.readers import Item, Reading
from sdc_airlock.source import Source

EXPLICIT, IMPLICIT, BIG, DEFLATED = "1.2.840.10008.1.2.1", "1.2.840.10008.1.2", "1.2.840.10008.1.2.2", "1.2.840.10008.1.2.1.99"


def element(group: int, number: int, kind: bytes, raw: bytes, *, explicit: bool = True, order: str = "<") -> bytes:
    """One element."""
    raw += bytes(len(raw) % 2)
    tag = struct.pack(f"{order}HH", group, number)
    if not explicit:
        return tag + struct.pack(f"{order}I", len(raw)) + raw
    if kind in (b"OB", b"OW", b"SQ", b"UN", b"UT"):
        return tag + kind + struct.pack(f"{order}HI", 0, len(raw)) + raw
    return tag + kind + struct.pack(f"{order}H", len(raw)) + raw


def dicom(syntax: str, *more: bytes) -> bytes:
    """A small picture of a person."""
    explicit, order = syntax != IMPLICIT, ">" if syntax == BIG else "<"
    inner = element(0x0008, 0x1030, b"LO", b"Knee of P00017", explicit=explicit, order=order)
    item = struct.pack(f"{order}HHI", 0xFFFE, 0xE000, len(inner)) + inner
    body = b"".join(
        (
            element(0x0008, 0x1110, b"SQ", item, explicit=explicit, order=order),
            element(0x0010, 0x0010, b"PN", b"Smith^Jane", explicit=explicit, order=order),
            element(0x0010, 0x0020, b"LO", b"9434765919", explicit=explicit, order=order),
            element(0x0028, 0x0010, b"US", struct.pack(f"{order}H", 4), explicit=explicit, order=order),
            element(0x0028, 0x0011, b"US", struct.pack(f"{order}H", 5), explicit=explicit, order=order),
            *more,
            element(0x7FE0, 0x0010, b"OW", bytes(20), explicit=explicit, order=order),
        )
    )
    if syntax == DEFLATED:
        packer = zlib.compressobj(9, zlib.DEFLATED, -15)
        body = packer.compress(body) + packer.flush()
    return bytes(128) + b"DICM" + element(0x0002, 0x0010, b"UI", syntax.encode()) + body


def nifti(version: int = 1, extension: bytes = b"", order: str = "<") -> bytes:
    """A small volume."""
    if version == 1:
        head = bytearray(348)
        struct.pack_into(f"{order}i", head, 0, 348)
        struct.pack_into(f"{order}8h", head, 40, 3, 4, 5, 6, 1, 1, 1, 1)
        struct.pack_into(f"{order}hh", head, 70, 4, 16)
        struct.pack_into(f"{order}f", head, 108, 352 + len(extension))
        head[148:168] = b"brain of P00017".ljust(20, b"\0")
        head[344:348] = b"n+1\0"
    else:
        head = bytearray(540)
        struct.pack_into(f"{order}i", head, 0, 540)
        head[4:12] = b"n+2\0\r\n\x1a\n"
        struct.pack_into(f"{order}hh", head, 12, 4, 16)
        struct.pack_into(f"{order}8q", head, 16, 3, 4, 5, 6, 1, 1, 1, 1)
        struct.pack_into(f"{order}q", head, 168, 544 + len(extension))
        head[240:260] = b"brain of P00017".ljust(20, b"\0")
    return bytes(head) + bytes([bool(extension), 0, 0, 0]) + extension + bytes(240)


def read(data: bytes) -> list[Item]:
    """All items of some bytes, of whatever type they are found to be."""
    source = Source.of_bytes(data, part_id="f", name="f")
    return list(Reading(limits=Limits()).open(source, identify(source)))


def texts(items: list[Item]) -> str:
    """All text among items; all of it is hidden."""
    found = [item for item in items if isinstance(item, TextPart)]
    assert all(item.hidden for item in found if item.part_id.startswith("f!"))
    return "\n".join(item.text for item in found)


def gaps(items: list[Item]) -> list[UnreadReason]:
    """Reasons of the gaps among items."""
    return [item.why for item in items if isinstance(item, Unread)]


@pytest.mark.parametrize("syntax", [EXPLICIT, IMPLICIT, BIG, DEFLATED])
def test_elements_are_text_and_pixels_are_held(syntax: str) -> None:
    """Whichever way the file is written, names and numbers of the person are seen, in sequences too."""
    items = read(dicom(syntax))
    said = texts(items)
    assert "Smith^Jane" in said
    assert "9434765919" in said
    assert "Knee of P00017" in said
    assert [(item.width, item.height) for item in items if isinstance(item, Figure)] == [(5, 4)]
    assert gaps(items) == [UnreadReason.UNSUPPORTED]


def test_values_of_bytes_are_read_like_files() -> None:
    """A private element can hold a table."""
    table = b"id,age,diagnosis\n" + b"".join(b"P%05d,%d,E11\n" % (number, number + 30) for number in range(20))
    items = read(dicom(EXPLICIT, element(0x0029, 0x1010, b"OB", table)))
    assert any(item.part_id.startswith("f!element1") for item in items)


@pytest.mark.parametrize("version", [1, 2])
@pytest.mark.parametrize("order", ["<", ">"])
def test_volumes_are_held(version: int, order: str) -> None:
    """The header is text, the voxels are a gap."""
    items = read(nifti(version, order=order))
    assert "4 x 5 x 6" in texts(items)
    assert "P00017" in texts(items)
    assert gaps(items) == [UnreadReason.UNSUPPORTED]
    assert not [item for item in items if isinstance(item, Oddity)]


def test_extensions_and_bytes_behind_a_volume_are_read() -> None:
    """What stands beside the voxels is read."""
    table = b"id,age,diagnosis\n" + b"".join(b"P%05d,%d,E11\n" % (number, number + 30) for number in range(20))
    extension = struct.pack("<ii", 8 + len(table), 6) + table
    items = read(nifti(1, extension) + table)
    assert any(item.part_id.startswith("f!extension1") for item in items)
    assert OddityKind.TRAILING_DATA in {item.kind for item in items if isinstance(item, Oddity)}


def test_damage_is_a_gap() -> None:
    """Truncations and flips end in gaps, never in an error: nothing of a picture is released."""
    chance = random.Random(5)
    for data in (dicom(EXPLICIT), dicom(IMPLICIT), nifti(1), nifti(2)):
        for place in range(400, len(data), 8):
            assert read(data[:place])
        for _ in range(60):
            mutant = bytearray(data)
            for _ in range(3):
                mutant[chance.randrange(len(mutant))] = chance.randrange(256)
            assert read(bytes(mutant))
