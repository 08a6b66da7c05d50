"""Where every byte of a zip belongs: directory, members, and what lies between them.

Programs believe the directory at the end. Bytes that it does not account for can hold anything, another zip included.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from sdc_airlock.errors import Malformed
from sdc_airlock.limits import Limits

_LOCAL, _CENTRAL, _END = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
_END64, _LOCATOR, _DESCRIPTOR = b"PK\x06\x06", b"PK\x06\x07", b"PK\x07\x08"
_LOCAL_BYTES, _CENTRAL_BYTES, _END_BYTES, _LOCATOR_BYTES, _END64_BYTES = 30, 46, 22, 20, 56
_LONGEST_COMMENT = 65535
_FULL32, _FULL16 = 0xFFFFFFFF, 0xFFFF
_DIRECTORY_PER_MEMBER = 46 + 3 * 65535
_SPAN_MARKS = (b"PK\x07\x08", b"PK00")
# identifier -> most bytes of an extra field that does no more than it should
_EXTRAS = {
    0x0001: 28, 0x000A: 36, 0x000D: 12, 0x5455: 13, 0x5855: 12, 0x7855: 4, 0x7875: 24, 0x9901: 7, 0x7075: 600, 0x6375: 600, 0xA11E: 64, 0xCAFE: 0,
    0x7865: 16, 0x4453: 64, 0x2605: 24, 0x334D: 64, 0x756E: 64,
}  # fmt: skip
_PADDING_EXTRAS = frozenset({0xA220, 0xD935})
ENCRYPTED_FLAG, _DESCRIPTOR_FLAG, _UTF8_FLAG = 1, 8, 0x800


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One member: what the directory says, where its bytes lie, and how its own header contradicts the directory."""

    name: bytes
    utf8: bool
    flags: int
    method: int
    crc: int
    stored: int
    size: int
    header_at: int
    data_at: int
    end: int
    mode: int = 0
    comment: bytes = b""
    extra: bytes = b""
    times: int = 0
    contradictions: tuple[str, ...] = ()

    @property
    def folder(self) -> bool:
        """True for an entry that only names a folder."""
        return self.name.endswith(b"/") and not self.stored


@dataclass(slots=True)
class Layout:
    """A zip taken apart.

    Attributes:
        members: In the order of the directory.
        gaps: Start and length of bytes that belong to nothing.
        comment: Comment of the archive.
        damage: What is wrong with it, in words.
        size: Bytes in all.
        directory_at: Where the directory begins; the end of the file where there is none.
        lost: Members beyond the limit, which are not listed.
    """

    members: list[Member] = field(default_factory=list)
    gaps: list[tuple[int, int]] = field(default_factory=list)
    comment: bytes = b""
    damage: list[str] = field(default_factory=list)
    size: int = 0
    directory_at: int = 0
    lost: int = 0


def _at(stream: BinaryIO, place: int, size: int) -> bytes:
    if place < 0:
        return b""
    stream.seek(place)
    return stream.read(size)


def lay_out(stream: BinaryIO, size: int, limits: Limits, tick: Callable[[], None]) -> Layout:
    """Take a zip apart.

    Args:
        stream: The zip, which can be sought.
        size: Its bytes.
        limits: More members than `members` are counted in `lost`.
        tick: Called while it goes on; raises where time is over.
    Raises:
        Malformed: there is neither a directory nor a local header.
    """
    layout = Layout(size=size, directory_at=size)
    end_at, tail = _find_end(stream, size)
    if end_at < 0:
        layout.damage.append("it has no directory at its end")
        _walk_locals(stream, layout, limits, tick)
        if not layout.members and not layout.lost:
            raise Malformed("neither a directory nor a member was found")
        _account(layout, stream, size, size)
        return layout
    directory_at, directory_bytes, entries, prefix = _directory_place(stream, end_at, tail, layout)
    comment_bytes = struct.unpack_from("<H", tail, 20)[0]
    layout.comment = tail[_END_BYTES : _END_BYTES + comment_bytes]
    after = end_at + _END_BYTES + len(layout.comment)
    layout.directory_at = directory_at
    directory = _at(stream, directory_at, min(directory_bytes, _DIRECTORY_PER_MEMBER * (limits.members + 1)))
    _read_directory(stream, directory, prefix, layout, limits)
    if len(layout.members) + layout.lost != entries & _FULL16 and len(layout.members) + layout.lost != entries:
        layout.damage.append("its directory does not hold as many members as it says")
    _account(layout, stream, directory_at, size, after)
    return layout


def _find_end(stream: BinaryIO, size: int) -> tuple[int, bytes]:
    """Place of the end record and the bytes from there on; -1 where there is none."""
    start = max(0, size - _END_BYTES - _LONGEST_COMMENT)
    tail = _at(stream, start, size - start)
    place = tail.rfind(_END)
    best = -1
    while place >= 0:
        if len(tail) - place >= _END_BYTES:
            length = struct.unpack_from("<H", tail, place + 20)[0]
            if place + _END_BYTES + length == len(tail):
                return start + place, tail[place:]
            best = place if best < 0 else best
        place = tail.rfind(_END, 0, place)
    return (start + best, tail[best:]) if best >= 0 else (-1, b"")


def _directory_place(stream: BinaryIO, end_at: int, tail: bytes, layout: Layout) -> tuple[int, int, int, int]:
    """Where the directory really lies, its length, its number of entries, and how far places in it are off."""
    entries, length, offset = struct.unpack_from("<HII", tail, 10)
    stop = end_at
    locator = _at(stream, end_at - _LOCATOR_BYTES, _LOCATOR_BYTES)
    if locator.startswith(_LOCATOR) and (entries == _FULL16 or _FULL32 in (length, offset)):
        stop = end_at - _LOCATOR_BYTES
        claimed = struct.unpack_from("<Q", locator, 8)[0]
        for place in (stop - _END64_BYTES, claimed):
            record = _at(stream, place, _END64_BYTES)
            if record.startswith(_END64) and len(record) == _END64_BYTES:
                entries, length, offset = struct.unpack_from("<QQQ", record, 32)
                stop = place
                break
        else:
            layout.damage.append("its 64-bit end record is missing")
    place = stop - length
    if place < 0 or (length and not _at(stream, place, 4).startswith(_CENTRAL)):
        layout.damage.append("its directory is not where it should be")
        place = offset if _at(stream, offset, 4).startswith(_CENTRAL) else max(0, place)
    return place, length, entries, place - offset


def _read_directory(stream: BinaryIO, directory: bytes, prefix: int, layout: Layout, limits: Limits) -> None:
    place = 0
    while directory.startswith(_CENTRAL, place) and len(directory) >= place + _CENTRAL_BYTES:
        name, extra, comment = struct.unpack_from("<HHH", directory, place + 28)
        end = place + _CENTRAL_BYTES + name + extra + comment
        if len(layout.members) >= limits.members:
            layout.lost += 1
        else:
            member = _member(stream, directory[place:end], prefix)
            if member is None:
                layout.damage.append("a member of its directory is not there")
            else:
                layout.members.append(member)
        place = end
    if directory[place:].strip(b"\0") and not directory.startswith(b"PK\x05\x05", place):
        layout.damage.append("its directory is damaged")


def _member(stream: BinaryIO, entry: bytes, prefix: int) -> Member | None:
    """A member from its directory entry and its local header; None where there is no such header."""
    flags, method = struct.unpack_from("<HH", entry, 8)
    crc, stored, size, name_bytes, extra_bytes, comment_bytes = struct.unpack_from("<IIIHHH", entry, 16)
    attributes, offset = struct.unpack_from("<II", entry, 38)
    name = entry[_CENTRAL_BYTES : _CENTRAL_BYTES + name_bytes]
    extra = entry[_CENTRAL_BYTES + name_bytes : _CENTRAL_BYTES + name_bytes + extra_bytes]
    size, stored, offset = _widen(extra, size, stored, offset)
    place = offset + prefix
    local = _at(stream, place, _LOCAL_BYTES)
    if not local.startswith(_LOCAL) or len(local) < _LOCAL_BYTES:
        return None
    local_flags, local_method = struct.unpack_from("<HH", local, 6)
    local_crc, local_stored, local_size, local_name, local_extra = struct.unpack_from("<IIIHH", local, 14)
    names = stream.read(local_name + local_extra)
    contradictions = []
    if names[:local_name] != name:
        contradictions.append("its own header gives another name")
    if (local_flags ^ flags) & ENCRYPTED_FLAG or local_method != method:
        contradictions.append("its own header gives another method")
    told = not local_flags & _DESCRIPTOR_FLAG
    if told and local_stored != _FULL32 and (local_crc, local_stored, local_size) != (crc, stored & _FULL32, size & _FULL32):
        contradictions.append("its own header gives another size or checksum")
    data_at = place + _LOCAL_BYTES + local_name + local_extra
    return Member(
        name=name,
        utf8=bool(flags & _UTF8_FLAG),
        flags=flags | (local_flags & ENCRYPTED_FLAG),
        method=method,
        crc=crc,
        stored=stored,
        size=size,
        header_at=place,
        data_at=data_at,
        end=data_at + stored + _descriptor(stream, data_at + stored, crc, local_flags | flags),
        mode=attributes >> 16,
        comment=entry[_CENTRAL_BYTES + name_bytes + extra_bytes :][:comment_bytes],
        extra=_needless(extra, names[local_name:]),
        times=struct.unpack_from("<I", entry, 12)[0],
        contradictions=tuple(contradictions),
    )


def _widen(extra: bytes, size: int, stored: int, offset: int) -> tuple[int, int, int]:
    """Sizes and place from the 64-bit extra field, for those that are full."""
    for identifier, data in _extras(extra):
        if identifier == 1:
            values = [struct.unpack_from("<Q", data, place)[0] for place in range(0, len(data) // 8 * 8, 8)]
            if size == _FULL32 and values:
                size = values.pop(0)
            if stored == _FULL32 and values:
                stored = values.pop(0)
            if offset == _FULL32 and values:
                offset = values.pop(0)
    return size, stored, offset


def _extras(extra: bytes) -> Iterator[tuple[int, bytes]]:
    place = 0
    while place + 4 <= len(extra):
        identifier, length = struct.unpack_from("<HH", extra, place)
        yield identifier, extra[place + 4 : place + 4 + length]
        place += 4 + length


def _needless(*extras: bytes) -> bytes:
    """Bytes of extra fields beyond what their purpose needs, each once."""
    needless: dict[bytes, None] = {}
    for extra in extras:
        place = 0
        for identifier, data in _extras(extra):
            place += 4 + len(data)
            rest = data[4:].strip(b"\0") if identifier in _PADDING_EXTRAS else data[_EXTRAS.get(identifier, 0) :]
            needless[rest] = None
        needless[extra[place:].strip(b"\0")] = None
    return b"".join(needless)


def _descriptor(stream: BinaryIO, place: int, crc: int, flags: int) -> int:
    """Length of the record of sizes after a member's data, 0 where there is none."""
    if not flags & _DESCRIPTOR_FLAG:
        return 0
    record = _at(stream, place, 24)
    if record.startswith(_DESCRIPTOR) and record[4:8] == struct.pack("<I", crc):
        return 16 if record[16:18] == b"PK" or len(record) < 24 else 24
    return 12 if record[:4] == struct.pack("<I", crc) else 0


def _walk_locals(stream: BinaryIO, layout: Layout, limits: Limits, tick: Callable[[], None]) -> None:
    """Members by their local headers alone, one after the other."""
    place, stop = 0, layout.size
    while place < stop:
        local = _at(stream, place, _LOCAL_BYTES)
        if not local.startswith(_LOCAL) or len(local) < _LOCAL_BYTES:
            return
        if len(layout.members) >= limits.members:
            layout.lost += 1
            return
        flags, method = struct.unpack_from("<HH", local, 6)
        crc, stored, size, name_bytes, extra_bytes = struct.unpack_from("<IIIHH", local, 14)
        name, extra = stream.read(name_bytes), stream.read(extra_bytes)
        size, stored, _ = _widen(extra, size, stored, 0)
        data_at = place + _LOCAL_BYTES + name_bytes + extra_bytes
        if flags & _DESCRIPTOR_FLAG and not stored:
            stored = _deflated_bytes(stream, data_at, stop, tick) if method == 8 else 0
        stored = min(stored, stop - data_at)
        end = data_at + stored
        if flags & _DESCRIPTOR_FLAG:
            end += 16 if _at(stream, end, 4) == _DESCRIPTOR else 12
        layout.members.append(
            Member(
                name=name,
                utf8=bool(flags & _UTF8_FLAG),
                flags=flags,
                method=method,
                crc=-1 if flags & _DESCRIPTOR_FLAG else crc,
                stored=stored,
                size=-1 if flags & _DESCRIPTOR_FLAG else size,
                header_at=place,
                data_at=data_at,
                end=min(end, stop),
            )
        )
        place = end


def _deflated_bytes(stream: BinaryIO, place: int, stop: int, tick: Callable[[], None]) -> int:
    """Length of a deflate stream of unknown length."""
    decoder = zlib.decompressobj(-15)
    stream.seek(place)
    taken = 0
    try:
        while not decoder.eof and place + taken < stop and (chunk := decoder.unconsumed_tail or stream.read(65536)):
            if not decoder.unconsumed_tail:
                taken += len(chunk)
            decoder.decompress(chunk, 1 << 20)
            tick()
    except zlib.error:
        return taken
    return taken - len(decoder.unused_data)


def _account(layout: Layout, stream: BinaryIO, directory_at: int, size: int, after: int | None = None) -> None:
    """Find the bytes before, between and after the members, and the members that lie upon each other."""
    place = 0
    for member in sorted(layout.members, key=lambda each: (each.header_at, each.end)):
        if member.header_at > place:
            layout.gaps.append((place, member.header_at - place))
        place = max(place, member.end)
    if directory_at > place:
        layout.gaps.append((place, directory_at - place))
    if after is not None and size > after:
        layout.gaps.append((after, size - after))
    layout.gaps = [gap for gap in layout.gaps if _means_something(stream, *gap)]


def _means_something(stream: BinaryIO, start: int, length: int) -> bool:
    """False for a few bytes of padding and for the mark of a zip that was once split."""
    if length > 4096:
        return True
    data = _at(stream, start, length)
    return bool(data.strip(b"\0")) and not (start == 0 and data in _SPAN_MARKS)


def overlapping(layout: Layout) -> set[int]:
    """Places in the list of members whose bytes lie upon another member's or upon the directory."""
    members, directory_at = layout.members, layout.directory_at
    order = sorted(range(len(members)), key=lambda number: (members[number].header_at, members[number].end))
    found: set[int] = set()
    place = 0
    for number in order:
        member = members[number]
        if member.header_at < place or member.end > directory_at:
            found.add(number)
        place = max(place, member.end)
    return found
