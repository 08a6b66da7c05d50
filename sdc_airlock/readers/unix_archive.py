"""Archives of Unix systems: ar (and Debian packages), cpio, RPM packages. Members are read where they lie."""

from __future__ import annotations

import re
import stat
import struct
from collections.abc import Iterator
from typing import BinaryIO

from sdc_airlock.errors import LimitReached, Malformed, Unsupported
from sdc_airlock.model.content import Container, Oddity, OddityKind
from sdc_airlock.model.filetype import FileType
from sdc_airlock.readers import Item, Reading, gap, reader
from sdc_airlock.readers._members import Names, between, metadata_bytes, odd_name, settled, stored_member
from sdc_airlock.readers._names import name_items
from sdc_airlock.readers._windows import window
from sdc_airlock.source import Source

_AR_START, _AR_ENTRY = 8, 60
_NEW_CPIO, _OLD_CPIO = 110, 76
_LONGEST_NAME = 65_536
_LEAD, _RPM_INTRO = 96, 16
_RPM_MAGIC = b"\x8e\xad\xe8"
_MOST_TAGS = 65_536
_TEXT_TAGS = (6, 8, 9)


@reader("ar")
def ar_archive(source: Source, _: FileType, reading: Reading) -> Iterator[Item]:
    """An ar archive or Debian package."""
    source = settled(source, reading)
    size, before = source.size or 0, reading.expanded
    names, listed, spans, table = Names(source.part_id), list[str](), [(0, _AR_START)], b""
    place, damage = _AR_START, ""
    while place + _AR_ENTRY <= size and not damage:
        with window(source, place, _AR_ENTRY) as stream:
            head = stream.read(_AR_ENTRY)
        length = head[48:58].strip()
        if head[58:60] != b"`\n" or not length.isdigit():
            damage = "a header is damaged"
            break
        start, taken = place + _AR_ENTRY, int(length)
        raw = head[:16].rstrip()
        place = start + taken + taken % 2
        spans.append((start - _AR_ENTRY, start + taken))
        if raw == b"//":
            with window(source, start, min(taken, reading.limits.text_bytes)) as stream:
                table = stream.read(reading.limits.text_bytes)
            yield from metadata_bytes(f"{source.part_id}!names", table)
            continue
        raw, start, taken = _ar_name(source, raw, table, start, taken)
        listed.append(raw.decode("utf-8", "replace"))
        yield from stored_member(source, names, raw, (start, taken), reading)
    if damage or not size <= place <= size + 1:
        yield gap(source.part_id, Malformed(damage or "it ends early"))
    yield from name_items(source.part_id, listed, reading, depth=source.depth)
    yield from between(source, spans, reading)
    yield Container(part_id=source.part_id, format="ar", members=len(listed), stored_bytes=size, expanded_bytes=reading.expanded - before)


def _ar_name(source: Source, raw: bytes, table: bytes, start: int, size: int) -> tuple[bytes, int, int]:
    """The name of a member, and where its bytes lie: long names stand in a table or before the bytes."""
    if re.fullmatch(rb"/\d{1,9}", raw):
        return table[int(raw[1:]) :].partition(b"\n")[0].rstrip(b"/"), start, size
    if re.fullmatch(rb"#1/\d{1,5}", raw):
        length = min(int(raw[3:]), size)
        with window(source, start, length) as stream:
            return stream.read(length).rstrip(b"\0"), start + length, size - length
    return raw.rstrip(b"/") or raw, start, size


@reader("cpio")
def cpio_archive(source: Source, _: FileType, reading: Reading) -> Iterator[Item]:
    """A cpio archive with headers of letters."""
    source = settled(source, reading)
    size, before = source.size or 0, reading.expanded
    names, listed, spans = Names(source.part_id), list[str](), list[tuple[int, int]]()
    place = 0
    while True:
        with window(source, place, _NEW_CPIO + _LONGEST_NAME) as stream:
            entry = _cpio_entry(stream, place)
        if entry is None:
            yield gap(source.part_id, Malformed("a header is damaged or the archive ends early"))
            break
        raw, mode, start, taken, after = entry
        spans.append((place, start + taken))
        if raw == b"TRAILER!!!":
            break
        place = after
        yield from _cpio_member(source, names, raw, mode, (start, taken), reading)
        listed.append(raw.decode("utf-8", "replace"))
    yield from name_items(source.part_id, listed, reading, depth=source.depth)
    yield from between(source, spans, reading)
    yield Container(part_id=source.part_id, format="cpio", members=len(listed), stored_bytes=size, expanded_bytes=reading.expanded - before)


def _cpio_member(source: Source, names: Names, raw: bytes, mode: int, span: tuple[int, int], reading: Reading) -> Iterator[Item]:
    if stat.S_ISDIR(mode):
        reading.spend(members=1)
        yield from odd_name(f"{source.part_id}/{names.address(raw)[0].rpartition('/')[2]}", raw) if raw not in (b".", b"..") else ()
        return
    if not stat.S_ISREG(mode):
        reading.spend(members=1)
        part_id, _again = names.address(raw)
        words = "a link" if stat.S_ISLNK(mode) else "neither a file nor a folder"
        yield Oddity(part_id=part_id, kind=OddityKind.SPECIAL_MEMBER, detail=words)
        with window(source, span[0], min(span[1], _LONGEST_NAME)) as stream:
            yield from metadata_bytes(f"{part_id}!target", stream.read(_LONGEST_NAME))
        return
    yield from stored_member(source, names, raw, span, reading)


def _cpio_entry(stream: BinaryIO, place: int) -> tuple[bytes, int, int, int, int] | None:
    """Name, mode, first byte and length of an entry, and where the next one begins; None where there is none."""
    head = stream.read(_NEW_CPIO)
    if re.fullmatch(rb"07070[12][0-9a-fA-F]{104}", head):
        fields = [int(head[6 + 8 * number : 14 + 8 * number], 16) for number in range(13)]
        mode, size, length = fields[1], fields[6], fields[11]
        if not 0 < length <= _LONGEST_NAME:
            return None
        raw = stream.read(length)
        start = place + (_NEW_CPIO + length + 3) // 4 * 4
        after = start + (size + 3) // 4 * 4
    elif re.match(rb"070707[0-7]{70}", head):
        mode, length, size = int(head[18:24], 8), int(head[59:65], 8), int(head[65:76], 8)
        if not 0 < length <= _LONGEST_NAME:
            return None
        raw = (head[_OLD_CPIO:] + stream.read(length))[:length]
        start = place + _OLD_CPIO + length
        after = start + size
    else:
        return None
    return (raw.rstrip(b"\0"), mode, start, size, after) if len(raw) == length else None


@reader("rpm")
def rpm_package(source: Source, _: FileType, reading: Reading) -> Iterator[Item]:
    """An RPM package: its headers as text, its payload as a member."""
    source = settled(source, reading)
    size = source.size or 0
    place = _LEAD
    for number in (1, 2):
        text, end = _rpm_header(source, place, reading)
        yield from metadata_bytes(f"{source.part_id}!header{number}", text)
        place = (end + 7) // 8 * 8 if number == 1 else end
    if place >= size:
        raise Malformed("it has no payload")
    yield from stored_member(source, Names(source.part_id), "payload", (place, size - place), reading)
    yield Container(part_id=source.part_id, format="rpm", members=1, stored_bytes=size, expanded_bytes=size - place)


def _rpm_header(source: Source, place: int, reading: Reading) -> tuple[bytes, int]:
    """All strings of a header, and where it ends.

    Raises:
        Malformed: it is no header.
        LimitReached, Unsupported: it is larger than may be read.
    """
    with window(source, place, 1 << 62) as stream:
        intro = stream.read(_RPM_INTRO)
        if not intro.startswith(_RPM_MAGIC) or len(intro) < _RPM_INTRO:
            raise Malformed("a header is damaged")
        count, length = struct.unpack_from(">II", intro, 8)
        if count > _MOST_TAGS:
            raise Unsupported("a header with too many tags")
        if length > reading.limits.text_bytes:
            raise LimitReached("text_bytes", reading.limits.text_bytes, length)
        index, store = stream.read(16 * count), stream.read(length)
    if len(index) < 16 * count or len(store) < length:
        raise Malformed("a header ends early")
    found: list[bytes] = []
    for number in range(count):
        _tag, kind, offset, items = struct.unpack_from(">IIII", index, 16 * number)
        if kind in _TEXT_TAGS and offset < length:
            found += store[offset:].split(b"\0", min(items, _MOST_TAGS))[: min(items, _MOST_TAGS)]
    return b"\n".join(found), place + _RPM_INTRO + 16 * count + length
