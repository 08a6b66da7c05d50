"""DICOM and NIfTI: what the header says is read; a picture of a body is never judged and always held."""

from __future__ import annotations

import math
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from sdc_airlock.errors import LimitReached, Malformed
from sdc_airlock.model.content import Figure, OddityKind, TextPart, TextRole, Unread, UnreadReason
from sdc_airlock.model.filetype import FileType
from sdc_airlock.readers import Item, Reading, reader
from sdc_airlock.readers._build import scalar_text
from sdc_airlock.readers._members import unaccounted
from sdc_airlock.source import Source

_PREFIX = 132
_IMPLICIT, _BIG, _DEFLATED = "1.2.840.10008.1.2", "1.2.840.10008.1.2.2", "1.2.840.10008.1.2.1.99"
_LONG = frozenset({b"OB", b"OD", b"OF", b"OL", b"OV", b"OW", b"SQ", b"SV", b"UC", b"UN", b"UR", b"UT", b"UV"})
_NUMBERS = {b"US": "H", b"SS": "h", b"UL": "I", b"SL": "i", b"FL": "f", b"FD": "d", b"AT": "H"}
_BYTES = frozenset({b"OB", b"OD", b"OF", b"OL", b"OV", b"OW", b"UN"})
_PIXELS, _SYNTAX, _ROWS, _COLUMNS = (0x7FE0, 0x0010), (0x0002, 0x0010), (0x0028, 0x0010), (0x0028, 0x0011)
_UNKNOWN_LENGTH = 0xFFFFFFFF
_MOST_ELEMENTS = 200_000
_LONG_TEXT, _BLOB, _BLOBS = 2_000, 64, 20
_HELD = "the picture of a body is not judged"


@dataclass(slots=True)
class _Found:
    """What stands in a DICOM file."""

    lines: list[str] = field(default_factory=list)
    blobs: list[bytes] = field(default_factory=list)
    numbers: dict[tuple[int, int], int] = field(default_factory=dict)
    syntax: str = ""
    pixels: bool = False
    elements: int = 0


@reader("dicom")
def dicom(source: Source, file_type: FileType, reading: Reading) -> Iterator[Item]:
    """All elements as hidden text, values of bytes as files; the pixels are a gap."""
    del file_type
    data = source.read(reading.limits.member_bytes)
    found = _Found()
    error: Malformed | None = None
    try:
        at = _elements(data, _PREFIX, found, explicit=True, order="<", only=2)
        if found.syntax == _DEFLATED:
            data = _inflated(data[at:], reading)
            at = 0
        _elements(data, at, found, explicit=found.syntax != _IMPLICIT, order=">" if found.syntax == _BIG else "<")
    except (struct.error, IndexError):
        error = Malformed("a DICOM file that ends early")
    except Malformed as caught:
        error = caught
    if found.lines:
        yield TextPart(part_id=f"{source.part_id}!elements", text=scalar_text("\n".join(found.lines)), role=TextRole.METADATA, hidden=True)
    for number, blob in enumerate(found.blobs[:_BLOBS], 1):
        reading.spend(members=1)
        place = f"{source.part_id}!element{number}"
        yield from reading.descend(Source.of_bytes(blob, part_id=place, name="", depth=source.depth + 1))
    if len(found.blobs) > _BLOBS:
        yield Unread(part_id=source.part_id, why=UnreadReason.UNSUPPORTED, detail="elements of bytes")
    width, height = found.numbers.get(_COLUMNS, 0), found.numbers.get(_ROWS, 0)
    yield Figure(part_id=source.part_id, format="dicom", width=width, height=height)
    if found.pixels:
        yield Unread(part_id=f"{source.part_id}!pixels", why=UnreadReason.UNSUPPORTED, detail=_HELD)
    if error is not None:
        raise error


def _elements(data: bytes, at: int, found: _Found, *, explicit: bool, order: str, only: int | None = None) -> int:
    """Read elements from a place on; sequences are read as if their elements stood in the file itself.

    Returns:
        The place of the first element of another group, where only one group was asked for.

    Raises:
        Malformed: an element is longer than the file. LimitReached: too many.
    """
    while at + 8 <= len(data):
        group, number = struct.unpack_from(f"{order}HH", data, at)
        if only is not None and group != only:
            return at
        found.elements += 1
        if found.elements > _MOST_ELEMENTS:
            raise LimitReached("members", _MOST_ELEMENTS, found.elements)
        if group == 0xFFFE:
            length = struct.unpack_from(f"{order}I", data, at + 4)[0]
            at += 8
            if found.pixels and number == 0xE000:
                at += length
            continue
        kind, length, at = _head(data, at, explicit=explicit, order=order)
        if (group, number) == _PIXELS:
            found.pixels = True
        nested = data[at : at + 4] == struct.pack(f"{order}HH", 0xFFFE, 0xE000) and (kind in (b"", b"UN")) and not found.pixels
        if length == _UNKNOWN_LENGTH or kind == b"SQ" or nested:
            continue
        if length > len(data) - at:
            raise Malformed("a DICOM element that is longer than its file")
        _keep(found, (group, number), kind, data[at : at + length], order)
        at += length
    return at


def _head(data: bytes, at: int, *, explicit: bool, order: str) -> tuple[bytes, int, int]:
    """Type and length of an element, and where its value begins."""
    if not explicit:
        return b"", struct.unpack_from(f"{order}I", data, at + 4)[0], at + 8
    kind = data[at + 4 : at + 6]
    if not (kind.isalpha() and kind.isupper()):
        raise Malformed("a DICOM element of no known type")
    if kind in _LONG:
        return kind, struct.unpack_from(f"{order}I", data, at + 8)[0], at + 12
    return kind, struct.unpack_from(f"{order}H", data, at + 6)[0], at + 8


def _keep(found: _Found, tag: tuple[int, int], kind: bytes, raw: bytes, order: str) -> None:
    place = f"({tag[0]:04x},{tag[1]:04x})"
    if tag == _PIXELS:
        return
    code = _NUMBERS.get(kind)
    if tag in (_ROWS, _COLUMNS) and len(raw) == 2:
        found.numbers[tag], code = struct.unpack(f"{order}H", raw)[0], "H"
    if code is not None:
        width = struct.calcsize(code)
        values = struct.unpack(f"{order}{len(raw) // width}{code}", raw[: len(raw) // width * width])
        found.lines.append(f"{place}: {'; '.join(map(str, values))}")
        return
    text = _text(raw)
    if tag == _SYNTAX:
        found.syntax = text
    if kind in _BYTES or not text.isprintable() or len(text) > _LONG_TEXT:
        if len(raw) >= _BLOB:
            found.blobs.append(raw)
        elif raw.strip(b"\0"):
            found.lines.append(f"{place}: {text if text.isprintable() else raw.hex()}")
    elif text:
        found.lines.append(f"{place}: {text}")


def _text(raw: bytes) -> str:
    try:
        return raw.decode("utf-8").strip("\0 ")
    except UnicodeDecodeError:
        return raw.decode("latin-1").strip("\0 ")


def _inflated(data: bytes, reading: Reading) -> bytes:
    most = reading.limits.member_bytes
    try:
        found = zlib.decompressobj(-15).decompress(data, most + 1)
    except zlib.error:
        raise Malformed("a DICOM file with a damaged stream") from None
    if len(found) > most:
        raise LimitReached("member_bytes", most, len(found))
    reading.spend(expanded=len(found))
    return found


@dataclass(frozen=True, slots=True)
class _Layout:
    """Where the two versions of NIfTI keep what is read: sizes, place of the voxels, bits of one, and the texts."""

    size: int
    dims: tuple[str, int]
    offset: tuple[str, int]
    bits: int
    texts: tuple[tuple[str, int, int], ...]


_FIRST = _Layout(
    348,
    ("8h", 40),
    ("f", 108),
    72,
    (("data_type", 4, 10), ("db_name", 14, 18), ("descrip", 148, 80), ("aux_file", 228, 24), ("intent_name", 328, 16)),
)
_SECOND = _Layout(540, ("8q", 16), ("q", 168), 14, (("descrip", 240, 80), ("aux_file", 320, 24), ("intent_name", 508, 16)))


@reader("nifti")
def nifti(source: Source, file_type: FileType, reading: Reading) -> Iterator[Item]:
    """The header and its extensions; the voxels are a gap."""
    del file_type
    head = source.head
    layout, order = next(
        ((each, mark) for each in (_FIRST, _SECOND) for mark in "<>" if head[:4] == struct.pack(f"{mark}i", each.size)), (None, "")
    )
    if layout is None or len(head) < layout.size:
        raise Malformed("a NIfTI header that is damaged")
    dims = struct.unpack_from(f"{order}{layout.dims[0]}", head, layout.dims[1])
    if not 0 <= dims[0] <= 7 or any(size < 0 for size in dims[1 : dims[0] + 1]):
        raise Malformed("a NIfTI header with an impossible shape")
    shape = dims[1 : dims[0] + 1]
    bits = struct.unpack_from(f"{order}h", head, layout.bits)[0]
    offset = struct.unpack_from(f"{order}{layout.offset[0]}", head, layout.offset[1])[0]
    lines = [f"shape: {' x '.join(map(str, shape))}"]
    lines += [f"{name}: {text}" for name, at, size in layout.texts if (text := _text(head[at : at + size].split(b"\0")[0]))]
    yield TextPart(part_id=f"{source.part_id}!header", text=scalar_text("\n".join(lines)), role=TextRole.METADATA, hidden=True)
    yield Figure(part_id=source.part_id, format="nifti", width=int(shape[0]) if shape else 0, height=int(shape[1]) if len(shape) > 1 else 0)
    if not math.isfinite(offset) or not 0 <= offset < 1 << 40:
        raise Malformed("a NIfTI header with an impossible offset")
    alone = head[344:348] == b"ni1\0" or head[4:8] == b"ni2\0"
    yield from _extensions(source, layout.size, int(offset), order, reading, alone=alone)
    if alone:
        return
    yield Unread(part_id=f"{source.part_id}!voxels", why=UnreadReason.UNSUPPORTED, detail=_HELD)
    end = int(offset) + math.prod(shape) * max(bits, 0) // 8
    if source.size is not None and end < source.size:
        yield from unaccounted(source, end, source.size - end, OddityKind.TRAILING_DATA, "bytes after the last voxel", reading)


def _extensions(source: Source, start: int, end: int, order: str, reading: Reading, *, alone: bool) -> Iterator[Item]:
    """What may stand between the header and the voxels."""
    head = source.head
    if len(head) <= start + 4 or not head[start]:
        if not alone and head[start + 4 : end].strip(b"\0"):
            yield from unaccounted(source, start + 4, end - start - 4, OddityKind.EMBEDDED_OBJECT, "bytes after the header", reading)
        return
    at, number = start + 4, 0
    most = min(len(head), len(head) if alone else end)
    while at + 8 <= most:
        size, _ = struct.unpack_from(f"{order}ii", head, at)
        if not 8 <= size <= most - at:
            yield Unread(
                part_id=source.part_id, why=UnreadReason.MALFORMED, detail="an extension of the header that is damaged or too long"
            )
            return
        number += 1
        body = head[at + 8 : at + size].rstrip(b"\0")
        place = f"{source.part_id}!extension{number}"
        reading.spend(members=1)
        yield from reading.descend(Source.of_bytes(body, part_id=place, name="", depth=source.depth + 1))
        at += size
    if not alone and end > len(head):
        yield Unread(part_id=source.part_id, why=UnreadReason.LIMIT, detail="extensions of the header beyond the first 64 KiB")
