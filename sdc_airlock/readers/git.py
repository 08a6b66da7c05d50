"""Files of a version-control store: loose objects, packs, bundles and indexes hold every version of every file."""

from __future__ import annotations

import hashlib
import re
import struct
from collections.abc import Iterator, Sequence

from sdc_airlock.errors import LimitReached, Malformed, Unsupported
from sdc_airlock.model.content import Container, Oddity, OddityKind, TextPart, TextRole, Unread, UnreadReason
from sdc_airlock.model.filetype import FileType
from sdc_airlock.readers import Item, Reading, gap, reader
from sdc_airlock.readers._gitpack import objects, open_pack
from sdc_airlock.readers._members import metadata, metadata_bytes, unaccounted
from sdc_airlock.readers._names import name_items
from sdc_airlock.readers._streams import ZLIB, Meter, opened
from sdc_airlock.source import Source

_SHORT_NAME = 10
_ENTRY_BYTES = 62
_KNOWN_EXTENSIONS = frozenset({b"TREE", b"REUC", b"UNTR", b"FSMN", b"EOIE", b"IEOT", b"link", b"sdir"})
_BUNDLE = re.compile(rb"# v[23] git bundle\n(?:[^\n]{1,65536}\n){0,100000}?\n")


@reader("git_object")
def git_object(source: Source, _: FileType, reading: Reading) -> Iterator[Item]:
    """A file of a store: everything in it is read, and that it is there is said."""
    yield Oddity(part_id=source.part_id, kind=OddityKind.VERSION_CONTROL, detail="earlier versions of files can be in it")
    head = source.head
    if head[:1] == b"\x78":
        yield from _loose(source, reading)
    elif head.startswith(b"PACK"):
        yield from _pack(source, source.read(reading.limits.member_bytes), 0, 0, reading)
    elif head.startswith(b"# v"):
        yield from _bundle(source, reading)
    elif head.startswith(b"DIRC"):
        yield from _index(source, source.read(reading.limits.member_bytes))
    elif head.startswith(b"\xfftOc"):
        yield from _pack_index(source)
    else:
        raise Unsupported("an index of version control that is not opened")


def _loose(source: Source, reading: Reading) -> Iterator[Item]:
    meter = Meter(reading, stored=source.size or 0)
    with opened(source.opener(), ZLIB, meter) as stream:
        data = b""
        while len(data) <= reading.limits.member_bytes and (more := stream.read(1 << 20)):
            data += more
    if len(data) > reading.limits.member_bytes:
        raise LimitReached("member_bytes", reading.limits.member_bytes, len(data))
    header, _mark, body = data.partition(b"\0")
    kind, _blank, size = header.partition(b" ")
    if size.isdigit() and len(size) < 20 and int(size) != len(body):
        yield gap(source.part_id, Malformed("it holds another number of bytes than its header says"))
    yield from _Objects(source, reading).read(kind.decode("latin-1"), f"{source.part_id}/{kind.decode('latin-1')[:10]}", body)
    yield Container(part_id=source.part_id, format="git_object", members=1, stored_bytes=source.size or 0, expanded_bytes=len(data))
    if meter.trailing:
        yield from unaccounted(source, meter.trailing_at, meter.trailing, OddityKind.TRAILING_DATA, "bytes after the end", reading)
    if meter.damage:
        raise Malformed(meter.damage)


class _Objects:
    """Objects of one file; messages and names are gathered, so that they are judged together."""

    def __init__(self, source: Source, reading: Reading) -> None:
        self._source, self._reading = source, reading
        self.messages: list[str] = []
        self.names: list[str] = []

    def read(self, kind: str, part_id: str, body: bytes) -> Iterator[Item]:
        """One object, and what was gathered before it."""
        yield from self.take(kind, part_id, body)
        yield from self.gathered()

    def take(self, kind: str, part_id: str, body: bytes) -> Iterator[Item]:
        """One object; a commit, tag or tree yields nothing yet."""
        if kind == "blob":
            if body:
                yield from self._reading.descend(Source.of_bytes(body, part_id=part_id, name="", depth=self._source.depth + 1))
        elif kind == "tree":
            try:
                self.names += tree_names(body)
            except Malformed as error:
                yield gap(part_id, error)
        elif kind in ("commit", "tag"):
            self.messages.append(body.decode("utf-8", "replace"))
        else:
            yield from metadata_bytes(part_id, body)

    def gathered(self) -> Iterator[Item]:
        """Messages of commits and tags as one text, names of trees as another."""
        text = "\n\n".join(self.messages)
        limit = self._reading.limits.text_bytes
        if len(text) > limit:
            yield gap(f"{self._source.part_id}!messages", LimitReached("text_bytes", limit, len(text)))
        if text.strip():
            from sdc_airlock.readers.text import text_parts

            yield from text_parts(
                f"{self._source.part_id}!messages",
                text[:limit],
                TextRole.PROSE,
                reading=self._reading,
                depth=self._source.depth,
                hidden=True,
            )
        names = sorted(set(self.names))
        if names:
            part_id = f"{self._source.part_id}!names"
            yield TextPart(part_id=part_id, text="\n".join(names)[:limit], role=TextRole.METADATA, hidden=True)
            yield from name_items(self._source.part_id, names, self._reading, depth=self._source.depth)


def tree_names(body: bytes) -> list[str]:
    """Names in a tree, with object names of 20 bytes, else of 32.

    Raises:
        Malformed: it is no tree.
    """
    for width in (20, 32):
        names, place = [], 0
        while place < len(body):
            end = body.find(b"\0", place)
            mode, blank, name = body[place:end].partition(b" ")
            if end < 0 or not blank or not re.fullmatch(rb"[0-7]{5,6}", mode) or end + 1 + width > len(body):
                break
            names.append(name.decode("utf-8", "surrogateescape").encode("utf-8", "replace").decode())
            place = end + 1 + width
        if place == len(body):
            return names
    raise Malformed("a tree is damaged")


def _pack(source: Source, data: bytes, start: int, width: int, reading: Reading) -> Iterator[Item]:
    """A pack that begins at a place of a file."""
    body = data[start:]
    if not width:
        width = 32 if len(body) > 44 and hashlib.sha256(body[:-32], usedforsecurity=False).digest() == body[-32:] else 20
    pack = open_pack(body, width=width, most=reading.limits.member_bytes, tick=lambda: reading.spend(members=1))
    gathered = _Objects(source, reading)
    expanded = missing = 0
    try:
        for kind, name, content in objects(pack):
            if kind == "missing":
                missing += 1
                continue
            expanded += len(content)
            reading.spend(expanded=len(content))
            yield from gathered.take(kind, f"{source.part_id}!{kind}-{name[:_SHORT_NAME]}", content)
    except (Malformed, LimitReached) as error:
        yield gap(source.part_id, error)
    yield from gathered.gathered()
    if missing:
        detail = "objects are differences to others that are not in the pack"
        yield Unread(part_id=source.part_id, why=UnreadReason.UNSUPPORTED, detail=detail, seen=missing)
    yield Container(part_id=source.part_id, format="git_object", members=len(pack.entries), stored_bytes=len(data), expanded_bytes=expanded)
    if pack.damage:
        yield Oddity(part_id=source.part_id, kind=OddityKind.DAMAGED, detail=pack.damage)
        yield gap(source.part_id, Malformed(pack.damage))
        return
    digest = (hashlib.sha256 if width == 32 else hashlib.sha1)(body[: pack.end], usedforsecurity=False).digest()
    after = pack.end + width
    if body[pack.end : after] != digest:
        yield Oddity(part_id=source.part_id, kind=OddityKind.DAMAGED, detail="the checksum of the pack is wrong")
        yield gap(source.part_id, Malformed("the checksum of the pack is wrong"))
    if len(body) > after:
        yield from unaccounted(source, start + after, len(body) - after, OddityKind.TRAILING_DATA, "bytes after the end", reading)


def _bundle(source: Source, reading: Reading) -> Iterator[Item]:
    """A bundle: references in text, then a pack."""
    data = source.read(reading.limits.member_bytes)
    found = _BUNDLE.match(data)
    if not found:
        raise Malformed("the header of the bundle does not end")
    header = found.group()
    yield from metadata_bytes(f"{source.part_id}!references", header)
    width = 32 if b"object-format=sha256" in header or re.search(rb"^-?[0-9a-f]{64} ", header, re.MULTILINE) else 20
    yield from _pack(source, data, found.end(), width, reading)


def _index(source: Source, data: bytes) -> Iterator[Item]:
    """The index of a working folder: names of files, and extensions."""
    version, count = struct.unpack_from(">II", data, 4)
    if version not in (2, 3, 4):
        raise Unsupported("an index of an unknown version")
    names: list[bytes] = []
    place = 12
    for _ in range(count):
        name, place = _index_entry(data, place, version, names[-1] if names else b"")
        names.append(name)
    text = "\n".join(name.decode("utf-8", "replace") for name in names)
    yield from metadata(f"{source.part_id}!names", text)
    yield Container(part_id=source.part_id, format="git_object", members=len(names), stored_bytes=len(data), expanded_bytes=0)
    while place + 8 <= len(data) - 20:
        kind, size = data[place : place + 4], int.from_bytes(data[place + 4 : place + 8], "big")
        if kind not in _KNOWN_EXTENSIONS:
            yield Unread(part_id=source.part_id, why=UnreadReason.UNSUPPORTED, detail="an extension of the index is not known")
        strings = re.findall(rb"[ -~]{6,}", data[place + 8 : place + 8 + size])
        yield from metadata_bytes(f"{source.part_id}!extension@{place}", b"\n".join(strings))
        place += 8 + size
    if len(data) - place not in (20, 32):
        raise Malformed("the index ends where it should not")


def _index_entry(data: bytes, place: int, version: int, before: bytes) -> tuple[bytes, int]:
    if place + _ENTRY_BYTES > len(data):
        raise Malformed("the index ends early")
    flags = struct.unpack_from(">H", data, place + 60)[0]
    at = place + _ENTRY_BYTES + (2 if version >= 3 and flags & 0x4000 else 0)
    if version == 4:
        cut, at = _varint(data, at)
        end = data.index(b"\0", at)
        return before[: max(0, len(before) - cut)] + data[at:end], end + 1
    end = data.index(b"\0", at)
    return data[at:end], place + (end - place + 8) // 8 * 8


def _varint(data: bytes, place: int) -> tuple[int, int]:
    byte = data[place]
    value = byte & 0x7F
    while byte & 0x80:
        place += 1
        byte = data[place]
        value = (value + 1) << 7 | byte & 0x7F
        if value > 1 << 32:
            raise Malformed("a name of the index is damaged")
    return value, place + 1


def _pack_index(source: Source) -> Iterator[Item]:
    """The index of a pack: checksums and places of its objects, and nothing else where its size and its order are right."""
    size = source.size
    with source.opener() as stream:
        head = stream.read(8 + 1024)
        fans: Sequence[int] = struct.unpack(">256I", head[8:]) if len(head) == 1032 else ()
        if not fans or list(fans) != sorted(fans) or size is None:
            raise Malformed("an index of a pack that is damaged")
        count = fans[-1]
        widths = [width for width in (20, 32) if 0 <= size - (1032 + count * (width + 8) + 2 * width) <= 8 * count]
        if not widths or (size - 1032 - count * (widths[0] + 8) - 2 * widths[0]) % 8:
            raise Malformed("an index of a pack that is larger or smaller than it says")
        last = b""
        for _ in range(count):
            name = stream.read(widths[0])
            if name <= last:
                raise Malformed("an index of a pack that is not in order")
            last = name
    yield Container(part_id=source.part_id, format="git_object", members=count, stored_bytes=size, expanded_bytes=0)
