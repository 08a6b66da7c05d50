"""Cabinet archives: members of stored and of MSZIP folders; LZX and Quantum are named and not undone."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from sdc_airlock.errors import LimitReached, Malformed, ReadError, Unsupported
from sdc_airlock.model.content import Container, Oddity, OddityKind
from sdc_airlock.model.filetype import FileType
from sdc_airlock.readers import Item, Reading, gap, reader
from sdc_airlock.readers._members import Names, between, last_name, metadata_bytes, odd_name
from sdc_airlock.readers._names import name_items
from sdc_airlock.source import Source

_HEAD, _FOLDER, _FILE, _DATA = 36, 8, 16, 8
_RESERVED, _PREVIOUS, _NEXT = 4, 1, 2
_METHODS = {2: "Quantum", 3: "LZX"}
_BLOCK = 32_768
_UTF8 = 0x80


@dataclass(frozen=True, slots=True)
class _Folder:
    start: int
    blocks: int
    method: int


@dataclass(frozen=True, slots=True)
class _File:
    name: str
    folder: int
    start: int
    size: int


@reader("cab")
def cabinet(source: Source, _: FileType, reading: Reading) -> Iterator[Item]:
    """A cabinet."""
    data = source.read(reading.limits.member_bytes)
    before = reading.expanded
    folders, files, reserve, spans = _layout(data)
    yield from metadata_bytes(f"{source.part_id}!reserved", reserve[0].strip(b"\0"))
    names = Names(source.part_id)
    for number, folder in enumerate(folders):
        inside = [file for file in files if file.folder == number]
        try:
            whole = _unpacked(data, folder, reserve[1], spans, reading)
        except ReadError as error:
            whole, failure = None, error
        for file in inside:
            reading.spend(members=1)
            part_id, again = names.address(file.name)
            yield from odd_name(part_id, file.name)
            if again:
                yield Oddity(part_id=part_id, kind=OddityKind.DUPLICATE_MEMBER, detail="another member has the same name")
            if whole is None:
                yield gap(part_id, failure)
                continue
            body = whole[file.start : file.start + file.size]
            yield from reading.descend(Source.of_bytes(body, part_id=part_id, name=last_name(file.name), depth=source.depth + 1))
            if len(body) < file.size:
                yield gap(part_id, Malformed("it ends early"))
        if whole is not None and len(whole) > max((file.start + file.size for file in inside), default=0):
            yield gap(source.part_id, Malformed("a folder holds more than its members"))
    for file in files:
        if file.folder >= len(folders):
            reading.spend(members=1)
            yield gap(names.address(file.name)[0], Unsupported("a member that goes on in another cabinet"))
    yield from name_items(source.part_id, [file.name for file in files], reading, depth=source.depth)
    settled = Source.of_bytes(data, part_id=source.part_id, name=source.name, depth=source.depth)
    yield from between(settled, spans, reading)
    yield Container(
        part_id=source.part_id, format="cab", members=len(files), stored_bytes=len(data), expanded_bytes=reading.expanded - before
    )


def _layout(data: bytes) -> tuple[list[_Folder], list[_File], tuple[bytes, int], list[tuple[int, int]]]:
    """Folders, files, the reserved bytes of the head and of each block, and the bytes that headers take.

    Raises:
        Malformed: it is no cabinet or ends early.
    """
    try:
        files_at, count, files, flags = struct.unpack_from("<16xI6xHHH", data)
        place, folder_reserve, block_reserve, reserved = _HEAD, 0, 0, b""
        if flags & _RESERVED:
            length, folder_reserve, block_reserve = struct.unpack_from("<HBB", data, place)
            reserved = data[place + 4 : place + 4 + length]
            place += 4 + length
        for flag in (_PREVIOUS, _NEXT):
            if flags & flag:
                for _ in range(2):
                    place = data.index(b"\0", place) + 1
        folders = []
        for _ in range(count):
            folders.append(_Folder(*struct.unpack_from("<IHH", data, place)))
            place += _FOLDER + folder_reserve
        spans = [(0, place)]
        place = files_at
        found = []
        for _ in range(files):
            size, start, folder, attributes = struct.unpack_from("<IIH4xH", data, place)
            end = data.index(b"\0", place + _FILE)
            raw = data[place + _FILE : end]
            name = raw.decode("utf-8" if attributes & _UTF8 else "cp1252", "replace").replace("\\", "/")
            found.append(_File(name, folder, start, size))
            place = end + 1
    except (struct.error, ValueError):
        raise Malformed("the header ends early") from None
    spans.append((files_at, place))
    return folders, found, (reserved, block_reserve), spans


def _unpacked(data: bytes, folder: _Folder, reserve: int, spans: list[tuple[int, int]], reading: Reading) -> bytes:
    """All bytes of a folder.

    Raises:
        Unsupported: its method is not undone.
        Malformed: a block is damaged.
        LimitReached: it is larger than may be held.
    """
    method = folder.method & 15
    out, place = bytearray(), folder.start
    blocks = []
    for _ in range(folder.blocks):
        if place + _DATA > len(data):
            raise Malformed("a block ends early")
        packed, size = struct.unpack_from("<4xHH", data, place)
        at = place + _DATA + reserve
        place = at + packed
        blocks.append((data[at:place], size))
    spans.append((folder.start, place))
    if method not in (0, 1):
        raise Unsupported(f"compression method {_METHODS.get(method, method)} of cabinets")
    for body, size in blocks:
        made = body if method == 0 else _mszip(body, bytes(out[-_BLOCK:]), size)
        if len(made) != size:
            raise Malformed("a block is damaged")
        reading.spend(expanded=len(made))
        out += made
        if len(out) > reading.limits.member_bytes:
            raise LimitReached("member_bytes", reading.limits.member_bytes, len(out))
    return bytes(out)


def _mszip(body: bytes, history: bytes, size: int) -> bytes:
    if not body.startswith(b"CK"):
        raise Malformed("a block is damaged")
    decoder = zlib.decompressobj(-15, zdict=history) if history else zlib.decompressobj(-15)
    try:
        return decoder.decompress(body[2:], size + 1)
    except zlib.error:
        raise Malformed("a block is damaged") from None
