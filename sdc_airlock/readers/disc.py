"""Images of discs (ISO 9660): the files of every tree of names, and bytes of the image that belong to none of them."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from sdc_airlock.errors import Malformed
from sdc_airlock.model.content import Container, Oddity, OddityKind
from sdc_airlock.model.filetype import FileType
from sdc_airlock.readers import Item, Reading, gap, reader
from sdc_airlock.readers._members import Names, between, metadata_bytes, settled, stored_member
from sdc_airlock.readers._names import name_items
from sdc_airlock.readers._windows import window
from sdc_airlock.source import Source

_SECTOR = 2048
_FIRST = 16
_MOST_DESCRIPTORS = 64
_LARGEST_FOLDER = 16 << 20
_DEEPEST = 64
_PRIMARY, _SUPPLEMENTARY, _LAST = 1, 2, 255
_JOLIET = (b"%/@", b"%/C", b"%/E")
_TEXTS = ((8, 32), (40, 32), (190, 128), (318, 128), (446, 128), (574, 128), (883, 512))


@dataclass(slots=True)
class _Image:
    """What was found: files by place with their names, and the bytes that are accounted for."""

    files: dict[tuple[int, int], bytes | str] = field(default_factory=dict)
    spans: list[tuple[int, int]] = field(default_factory=list)
    folders: set[int] = field(default_factory=set)
    odd: list[str] = field(default_factory=list)
    texts: list[bytes] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Walk:
    """What a walk over folders needs at every step."""

    image: _Image
    reading: Reading
    joliet: bool


@reader("iso9660")
def disc_image(source: Source, _: FileType, reading: Reading) -> Iterator[Item]:
    """The image of a disc."""
    source = settled(source, reading)
    size, before = source.size or 0, reading.expanded
    image = _Image()
    for number in range(_FIRST, _FIRST + _MOST_DESCRIPTORS):
        block = _read(source, number * _SECTOR, _SECTOR)
        if block[1:6] != b"CD001" or len(block) < _SECTOR:
            if number == _FIRST:
                raise Malformed("no volume descriptor")
            break
        image.spans.append((number * _SECTOR, (number + 1) * _SECTOR))
        joliet = block[88:120].startswith(_JOLIET)
        if block[0] in (_PRIMARY, _SUPPLEMENTARY):
            _volume(source, block, image, reading, joliet=joliet)
        if block[0] == _LAST:
            break
    for number, text in enumerate(dict.fromkeys(image.texts), start=1):
        yield from metadata_bytes(f"{source.part_id}!volume{number}", text)
    for words in dict.fromkeys(image.odd):
        yield Oddity(part_id=source.part_id, kind=OddityKind.DAMAGED, detail=words)
        yield gap(source.part_id, Malformed(words))
    names = Names(source.part_id)
    for (start, length), raw in image.files.items():
        if length:
            image.spans.append((start, start + length))
        yield from stored_member(source, names, raw, (start, length), reading)
    listed = [raw if isinstance(raw, str) else raw.decode("utf-8", "replace") for raw in image.files.values()]
    yield from name_items(source.part_id, listed, reading, depth=source.depth)
    yield from between(source, image.spans, reading)
    yield Container(
        part_id=source.part_id, format="iso9660", members=len(listed), stored_bytes=size, expanded_bytes=reading.expanded - before
    )


def _read(source: Source, place: int, size: int) -> bytes:
    with window(source, place, size) as stream:
        return stream.read(size)


def _volume(source: Source, block: bytes, image: _Image, reading: Reading, *, joliet: bool) -> None:
    """One tree of names, its tables and the texts of its descriptor."""
    for at, length in _TEXTS:
        raw = block[at : at + length]
        text = raw.decode("utf-16-be", "replace").encode() if joliet and at != 883 else raw
        text = text.strip(b" \0")
        if text and text != b"CDROM":
            image.texts.append(text)
    table = struct.unpack_from("<I", block, 132)[0]
    for order, at in (("<", 140), ("<", 144), (">", 148), (">", 152)):
        sector = struct.unpack_from(f"{order}I", block, at)[0]
        if sector:
            image.spans.append((sector * _SECTOR, sector * _SECTOR + (table + _SECTOR - 1) // _SECTOR * _SECTOR))
    root = block[156:190]
    sector, size = struct.unpack_from("<I4xI", root, 2)
    _folder(source, (sector, size), _Walk(image=image, reading=reading, joliet=joliet), "", 0)


def _folder(source: Source, place: tuple[int, int], walk: _Walk, path: str, depth: int) -> None:
    """The records of one folder and of those in it; a folder that was seen is not entered again."""
    (sector, size), image = place, walk.image
    if sector in image.folders:
        return
    image.folders.add(sector)
    if depth > _DEEPEST or size > _LARGEST_FOLDER:
        image.odd.append("folders that are too deep or too large")
        return
    walk.reading.spend(members=1)
    data = _read(source, sector * _SECTOR, size)
    image.spans.append((sector * _SECTOR, sector * _SECTOR + size))
    if len(data) < size:
        image.odd.append("a folder that ends early")
    at = 0
    partial: list[tuple[int, int]] = []
    while at < len(data):
        length = data[at]
        if not length:
            at = (at // _SECTOR + 1) * _SECTOR
            continue
        record = data[at : at + length]
        at += length
        if len(record) < 34 or 33 + record[32] > len(record):
            image.odd.append("a record of a folder that is damaged")
            break
        raw = record[33 : 33 + record[32]]
        if raw in (b"\0", b"\1"):
            _continuations(record, image)
            continue
        start, taken = struct.unpack_from("<I4xI", record, 2)
        name = path + _name(source, raw, record, image, joliet=walk.joliet)
        if record[25] & 2:
            _folder(source, (start, taken), walk, name + "/", depth + 1)
        elif record[25] & 0x80:
            partial.append((start, taken))
        else:
            first = partial[0][0] if partial else start
            whole = sum(each for _, each in partial) + taken
            partial = []
            image.files.setdefault((first * _SECTOR, whole), name)


def _continuations(record: bytes, image: _Image) -> None:
    for kind, body in _system_use(record):
        if kind == b"CE" and len(body) >= 24:
            sector = struct.unpack_from("<I", body)[0]
            image.spans.append((sector * _SECTOR, (sector + 1) * _SECTOR))


def _name(source: Source, raw: bytes, record: bytes, image: _Image, *, joliet: bool) -> str:
    """The name: of Joliet, of Rock Ridge, else the plain one without its version."""
    if joliet:
        return raw.decode("utf-16-be", "replace").partition(";")[0]
    fields = list(_system_use(record))
    for kind, body in fields:
        if kind == b"CE" and len(body) >= 24:
            sector, offset, length = struct.unpack("<I4xI4xI4x", body[:24])
            image.spans.append((sector * _SECTOR, (sector + 1) * _SECTOR))
            fields += _fields(_read(source, sector * _SECTOR + offset, min(length, _SECTOR)))
            break
    long = b"".join(body[1:] for kind, body in fields if kind == b"NM")
    return (long or raw.partition(b";")[0]).decode("utf-8", "surrogateescape")


def _system_use(record: bytes) -> Iterator[tuple[bytes, bytes]]:
    start = 33 + record[32] + (record[32] % 2 == 0)
    yield from _fields(record[start:])


def _fields(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    place = 0
    while place + 4 <= len(data) and data[place + 2] >= 4:
        yield data[place : place + 2], data[place + 4 : place + data[place + 2]]
        place += data[place + 2]
