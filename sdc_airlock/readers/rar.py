"""RAR archives of versions 4 and 5: names of all members, and the bytes of those that are only stored."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from sdc_airlock.errors import Encrypted, Malformed, ReadError, Unsupported
from sdc_airlock.model.content import Container, Oddity, OddityKind
from sdc_airlock.model.filetype import FileType
from sdc_airlock.readers import Item, Reading, gap, reader
from sdc_airlock.readers._members import Names, between, metadata_bytes, odd_name, settled, stored_member
from sdc_airlock.readers._names import name_items
from sdc_airlock.readers._windows import window
from sdc_airlock.source import Source

_FOUR, _FIVE = b"Rar!\x1a\x07\0", b"Rar!\x1a\x07\x01\0"
_LARGEST_HEADER = 2 << 20
_MAIN4, _FILE4, _COMMENT4, _SERVICE4, _END4 = 0x73, 0x74, 0x75, 0x7A, 0x7B
_MAIN5, _FILE5, _SERVICE5, _KEY5, _END5 = 1, 2, 3, 4, 5
_STORED4 = 0x30
_ENCRYPTION_RECORD = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    """A block of an archive, and of a member its name and how it is kept."""

    start: int
    data_at: int
    data: int
    kind: str
    name: str = ""
    method: str = "stored"
    encrypted: bool = False
    split: bool = False
    folder: bool = False


@reader("rar")
def rar_archive(source: Source, _: FileType, reading: Reading) -> Iterator[Item]:
    """A RAR archive."""
    source = settled(source, reading)
    size, before = source.size or 0, reading.expanded
    five = source.head.startswith(_FIVE)
    place = len(_FIVE) if five else len(_FOUR)
    names, listed, spans = Names(source.part_id), list[str](), [(0, place)]
    try:
        while place < size:
            entry = _five(source, place) if five else _four(source, place)
            reading.spend()
            spans.append((place, entry.data_at + entry.data))
            place = entry.data_at + entry.data
            if entry.kind == "end":
                break
            if entry.kind == "file":
                listed.append(entry.name)
                yield from _member(source, names, entry, reading)
            elif entry.kind == "service" or (entry.kind == "other" and entry.data):
                yield from _service(source, entry, reading)
        else:
            yield gap(source.part_id, Malformed("it ends before its end mark"))
    except ReadError as error:
        if isinstance(error, Encrypted):
            yield Oddity(part_id=source.part_id, kind=OddityKind.ENCRYPTED, detail="encrypted headers")
        spans.append((place, size))
        yield gap(source.part_id, error)
    yield from name_items(source.part_id, listed, reading, depth=source.depth)
    yield from between(source, spans, reading)
    yield Container(part_id=source.part_id, format="rar", members=len(listed), stored_bytes=size, expanded_bytes=reading.expanded - before)


def _member(source: Source, names: Names, entry: _Entry, reading: Reading) -> Iterator[Item]:
    if entry.folder:
        reading.spend(members=1)
        return
    if entry.method == "stored" and not entry.encrypted and not entry.split:
        yield from stored_member(source, names, entry.name, (entry.data_at, entry.data), reading)
        return
    reading.spend(members=1)
    part_id, again = names.address(entry.name)
    yield from odd_name(part_id, entry.name)
    if again:
        yield Oddity(part_id=part_id, kind=OddityKind.DUPLICATE_MEMBER, detail="another member has the same name")
    if entry.encrypted:
        yield Oddity(part_id=part_id, kind=OddityKind.ENCRYPTED, detail="an encrypted member")
        yield gap(part_id, Encrypted("an encrypted member"))
    elif entry.split:
        yield gap(part_id, Unsupported("a member that goes on in another volume"))
    else:
        yield gap(part_id, Unsupported(f"compression method {entry.method} of RAR"))


def _service(source: Source, entry: _Entry, reading: Reading) -> Iterator[Item]:
    """Comments and the like beside the members."""
    part_id = f"{source.part_id}!service@{entry.start}"
    if entry.name in ("QO", "RR"):
        return
    if entry.method != "stored" or entry.encrypted:
        yield gap(part_id, Unsupported("a compressed comment or other record of RAR"))
        return
    with window(source, entry.data_at, min(entry.data, reading.limits.text_bytes)) as stream:
        yield from metadata_bytes(part_id, stream.read(reading.limits.text_bytes).rstrip(b"\0"))


def _read(source: Source, place: int, size: int) -> bytes:
    with window(source, place, size) as stream:
        return stream.read(size)


def _four(source: Source, place: int) -> _Entry:
    """A block of version 4.

    Raises:
        Encrypted: the blocks are.
        Malformed: there is none.
    """
    head = _read(source, place, 7)
    if len(head) < 7:
        raise Malformed("a header ends early")
    kind, flags, length = struct.unpack_from("<BHH", head, 2)
    data = _read(source, place, length)
    damaged = length < 7 or len(data) < length or zlib.crc32(data[2:]) & 0xFFFF != struct.unpack_from("<H", data)[0]
    # a main header with a comment inside counts its checksum over its own fields only
    if damaged and (kind != _MAIN4 or length < 13 or len(data) < 13):
        raise Malformed("a header is damaged")
    after = place + length
    if kind == _MAIN4:
        if flags & 0x80:
            raise Encrypted("encrypted headers")
        return _Entry(start=place, data_at=after, data=0, kind="main")
    if kind == _END4:
        return _Entry(start=place, data_at=after, data=0, kind="end")
    packed = struct.unpack_from("<I", data, 7)[0] if flags & 0x8000 and length >= 11 else 0
    if kind not in (_FILE4, _SERVICE4):
        return _Entry(start=place, data_at=after, data=packed, kind="other", method="stored" if kind != _COMMENT4 else "packed")
    if length < 32:
        raise Malformed("a header ends early")
    method, name_bytes = data[25], struct.unpack_from("<H", data, 26)[0]
    at = 32
    if flags & 0x100:
        packed |= struct.unpack_from("<I", data, 32)[0] << 32
        at = 40
    raw, _, unicode_part = data[at : at + name_bytes].partition(b"\0")
    name = raw.decode("utf-8", "surrogateescape") if not unicode_part else raw.decode("latin-1")
    return _Entry(
        start=place,
        data_at=after,
        data=packed,
        kind="file" if kind == _FILE4 else "service",
        name=name.replace("\\", "/"),
        method="stored" if method == _STORED4 else str(method - _STORED4),
        encrypted=bool(flags & 4),
        split=bool(flags & 3),
        folder=flags & 0xE0 == 0xE0,
    )


class _Fields:
    """Numbers of a header of version 5, one after the other."""

    def __init__(self, data: bytes) -> None:
        self.data, self.place = data, 0

    def number(self) -> int:
        value = shift = 0
        while True:
            if self.place >= len(self.data) or shift > 63:
                raise Malformed("a header ends early")
            byte = self.data[self.place]
            self.place += 1
            value |= (byte & 0x7F) << shift
            shift += 7
            if not byte & 0x80:
                return value

    def take(self, size: int) -> bytes:
        if self.place + size > len(self.data):
            raise Malformed("a header ends early")
        self.place += size
        return self.data[self.place - size : self.place]


def _five(source: Source, place: int) -> _Entry:
    """A block of version 5.

    Raises:
        Encrypted: the blocks after it are.
        Malformed: there is none.
    """
    start = _Fields(_read(source, place, 16))
    crc = struct.unpack("<I", start.take(4))[0]
    length = start.number()
    if not 0 < length <= _LARGEST_HEADER:
        raise Malformed("a header of an absurd size")
    data = _read(source, place + start.place, length)
    told = _read(source, place + 4, start.place - 4)
    if len(data) < length or zlib.crc32(told + data) != crc:
        raise Malformed("a header is damaged")
    fields = _Fields(data)
    kind, flags = fields.number(), fields.number()
    extra = fields.number() if flags & 1 else 0
    packed = fields.number() if flags & 2 else 0
    after = place + start.place + length
    if kind == _KEY5:
        raise Encrypted("encrypted headers")
    if kind not in (_FILE5, _SERVICE5):
        return _Entry(start=place, data_at=after, data=packed, kind={_MAIN5: "main", _END5: "end"}.get(kind, "other"))
    file_flags, _size, _attributes = fields.number(), fields.number(), fields.number()
    fields.take(4 * (bool(file_flags & 2) + bool(file_flags & 4)))
    method = fields.number() >> 7 & 7
    fields.number()
    name = fields.take(fields.number()).decode("utf-8", "surrogateescape")
    return _Entry(
        start=place,
        data_at=after,
        data=packed,
        kind="file" if kind == _FILE5 else "service",
        name=name,
        method="stored" if method == 0 else str(method),
        encrypted=_has_record(data[max(0, len(data) - extra) :] if extra else b"", _ENCRYPTION_RECORD),
        split=bool(flags & 0x18),
        folder=bool(file_flags & 1),
    )


def _has_record(extra: bytes, wanted: int) -> bool:
    fields = _Fields(extra)
    while fields.place < len(extra):
        size = fields.number()
        end = fields.place + size
        if fields.number() == wanted:
            return True
        fields.place = end
    return False
