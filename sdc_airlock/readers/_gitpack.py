"""Git packs: every object of every kind, with deltas put together, each held to the limits."""

from __future__ import annotations

import hashlib
import struct
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from sdc_airlock.errors import LimitReached, Malformed

KINDS = {1: "commit", 2: "tree", 3: "blob", 4: "tag"}
_OFFSET_DELTA, _REFERENCE_DELTA = 6, 7
_DEEPEST = 4096
_CACHED_BYTES = 64 << 20


@dataclass(frozen=True, slots=True)
class Entry:
    """An object of a pack as it is stored.

    Attributes:
        at: Where it begins.
        kind: 1 to 4, or 6 and 7 for a delta.
        size: Bytes of the object, or of the delta, as declared.
        data_at: Where its deflated bytes begin.
        base_at: Where the base of a delta begins, -1 where it is named.
        base_name: Name of the base of a delta, b"" where it is told by its place.
    """

    at: int
    kind: int
    size: int
    data_at: int
    base_at: int = -1
    base_name: bytes = b""


@dataclass(slots=True)
class Pack:
    """A pack taken apart.

    Attributes:
        data: All of it.
        entries: By place.
        end: Where the last object ends.
        damage: What is wrong with it, "" where nothing is.
    """

    data: bytes
    width: int
    most: int
    entries: dict[int, Entry] = field(default_factory=dict)
    end: int = 12
    damage: str = ""
    cache: dict[int, tuple[str, bytes]] = field(default_factory=dict)
    cached: int = 0
    places: dict[bytes, int] = field(default_factory=dict)


def open_pack(data: bytes, *, width: int, most: int, tick: Callable[[], None]) -> Pack:
    """Find every object of a pack.

    Args:
        data: The pack.
        width: Bytes of an object's name, 20 or 32.
        most: Bytes that one object may hold.
        tick: Called for every object; raises where a limit is passed.
    Raises:
        Malformed: it is no pack.
    """
    if len(data) < 12 or data[:4] != b"PACK":
        raise Malformed("no pack header")
    version, count = struct.unpack_from(">II", data, 4)
    if version not in (2, 3):
        raise Malformed("a pack of an unknown version")
    pack = Pack(data, width, most)
    for _ in range(count):
        tick()
        try:
            entry = _entry(pack, pack.end)
            _, pack.end = _inflate(pack, entry)
        except (Malformed, IndexError, struct.error):
            pack.damage = "an object of the pack is damaged or the pack ends early"
            break
        pack.entries[entry.at] = entry
    return pack


def _entry(pack: Pack, at: int) -> Entry:
    data, place = pack.data, at
    byte = data[place]
    kind, size, shift = byte >> 4 & 7, byte & 15, 4
    while byte & 0x80:
        place += 1
        byte = data[place]
        size |= (byte & 0x7F) << shift
        shift += 7
        if shift > 63:
            raise Malformed("a size of an object is too long")
    place += 1
    if kind == _OFFSET_DELTA:
        byte = data[place]
        back = byte & 0x7F
        while byte & 0x80:
            place += 1
            byte = data[place]
            back = (back + 1) << 7 | byte & 0x7F
        return Entry(at, kind, size, place + 1, base_at=at - back)
    if kind == _REFERENCE_DELTA:
        return Entry(at, kind, size, place + pack.width, base_name=data[place : place + pack.width])
    if kind not in KINDS:
        raise Malformed("an object of an unknown kind")
    return Entry(at, kind, size, place)


def _inflate(pack: Pack, entry: Entry) -> tuple[bytes, int]:
    """The bytes of an object or delta, and where its deflated bytes end."""
    if entry.size > pack.most:
        raise LimitReached("member_bytes", pack.most, entry.size)
    decoder = zlib.decompressobj()
    out, place = bytearray(), entry.data_at
    try:
        while not decoder.eof and place < len(pack.data):
            chunk = pack.data[place : place + 65536]
            out += decoder.decompress(chunk, entry.size + 1 - len(out) if len(out) <= entry.size else 1)
            if len(out) > entry.size:
                raise Malformed("an object holds more than it says")
            place += len(chunk) - len(decoder.unconsumed_tail) - len(decoder.unused_data)
            if not chunk or (decoder.unconsumed_tail and len(decoder.unconsumed_tail) == len(chunk)):
                break
    except zlib.error:
        raise Malformed("deflated bytes of an object are damaged") from None
    if not decoder.eof or len(out) != entry.size:
        raise Malformed("an object is cut off")
    return bytes(out), place


def objects(pack: Pack) -> Iterator[tuple[str, str, bytes]]:
    """Kind, name and bytes of every object, and ("missing", "", b"") for each delta whose base is not in the pack."""
    waiting = sorted(pack.entries)
    while waiting:
        later: list[int] = []
        for at in waiting:
            found = _object(pack, at)
            if found is None:
                later.append(at)
                continue
            kind, body = found
            name = _name(pack.width, kind, body)
            pack.places[name] = at
            yield kind, name.hex(), body
        if len(later) == len(waiting):
            yield from (("missing", "", b"") for _ in later)
            return
        waiting = later


def _name(width: int, kind: str, body: bytes) -> bytes:
    head = f"{kind} {len(body)}\0".encode()
    return (hashlib.sha256 if width == 32 else hashlib.sha1)(head + body, usedforsecurity=False).digest()


def _object(pack: Pack, at: int) -> tuple[str, bytes] | None:
    """Kind and bytes of the object at a place; None where the base of its chain is not known (yet)."""
    chain: list[Entry] = []
    seen: set[int] = set()
    place = at
    while place not in pack.cache:
        entry = pack.entries.get(place)
        if entry is None or place in seen or len(chain) > _DEEPEST:
            return None
        seen.add(place)
        chain.append(entry)
        if entry.kind in KINDS:
            break
        place = entry.base_at if entry.base_at >= 0 else pack.places.get(entry.base_name, -1)
    if place in pack.cache:
        kind, body = pack.cache[place]
    else:
        base = chain.pop()
        kind, body = KINDS[base.kind], _inflate(pack, base)[0]
        _keep(pack, base.at, kind, body)
    while chain:
        entry = chain.pop()
        body = _patched(body, _inflate(pack, entry)[0], pack.most)
        _keep(pack, entry.at, kind, body)
    return kind, body


def _keep(pack: Pack, at: int, kind: str, body: bytes) -> None:
    """Remember an object as the base of others, as long as there is room."""
    while pack.cache and pack.cached + len(body) > _CACHED_BYTES:
        oldest = next(iter(pack.cache))
        pack.cached -= len(pack.cache.pop(oldest)[1])
    pack.cache[at] = (kind, body)
    pack.cached += len(body)


def _patched(base: bytes, delta: bytes, most: int) -> bytes:
    """The object that a delta makes of its base.

    Raises:
        LimitReached: it would hold more than `most` bytes.
        Malformed: the delta does not fit the base.
    """
    base_size, place = _varint(delta, 0)
    size, place = _varint(delta, place)
    if base_size != len(base):
        raise Malformed("a delta does not fit its base")
    if size > most:
        raise LimitReached("member_bytes", most, size)
    out = bytearray()
    while place < len(delta):
        code = delta[place]
        place += 1
        if code & 0x80:
            offset = length = 0
            for bit in range(7):
                if code >> bit & 1:
                    if place >= len(delta):
                        raise Malformed("a delta is cut off")
                    if bit < 4:
                        offset |= delta[place] << 8 * bit
                    else:
                        length |= delta[place] << 8 * (bit - 4)
                    place += 1
            length = length or 0x10000
            if offset + length > len(base):
                raise Malformed("a delta copies beyond its base")
            out += base[offset : offset + length]
        elif code:
            out += delta[place : place + code]
            place += code
        else:
            raise Malformed("a delta holds an unknown instruction")
        if len(out) > size:
            raise Malformed("a delta makes more than it says")
    if len(out) != size:
        raise Malformed("a delta makes less than it says")
    return bytes(out)


def _varint(data: bytes, place: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        if place >= len(data) or shift > 63:
            raise Malformed("a delta is cut off")
        byte = data[place]
        place += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if not byte & 0x80:
            return value, place
