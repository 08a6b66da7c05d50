"""TIFF directories, in TIFF files and in EXIF: their text tags, and where the furthest byte they point to lies."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field

from sdc_airlock.errors import Malformed

_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 16: 8, 17: 8, 18: 8}
_TEXT_NAMES = {305: "software", 306: "date:modify", 36867: "date:create", 36868: "date:create", 315: "author", 269: "title"}
_SUB_DIRECTORIES = frozenset({34665, 34853, 40965, 330})
_KNOWN_OPAQUE = frozenset({34675, 37510, 40961, 37121, 36864, 40960, 347, 41730, 41728, 41729})
_STRIPS = ((273, 279), (324, 325), (513, 514))
_MAX_DIRECTORIES = 1000
_NOTES = frozenset({37500, 50341, 59932, 59933})
_VALUE = 8
_USER_COMMENT = 37510


@dataclass
class Directories:
    """What the directories hold.

    Attributes:
        end: The furthest byte pointed to.
        texts: As (key, value).
        private: Values of private tags.
        notes: What makers of cameras keep, which follows no common format.
        thumbnails: Pictures inside the picture.
    """

    end: int = 8
    texts: list[tuple[str, str]] = field(default_factory=list)
    private: list[bytes] = field(default_factory=list)
    notes: list[bytes] = field(default_factory=list)
    thumbnails: list[bytes] = field(default_factory=list)


def walk_tiff(data: bytes, *, whole: bool) -> Directories:
    """Follow all directories.

    Args:
        data: From the byte order mark on.
        whole: True for a TIFF file, whose picture data must lie inside.

    Raises:
        Malformed: no TIFF, or it breaks off.
    """
    if data[:2] not in (b"II", b"MM"):
        raise Malformed("byte order mark expected")
    order = "<" if data[:2] == b"II" else ">"
    (magic,) = struct.unpack_from(order + "H", data, 2)
    if magic != 42:
        raise Malformed("not a classic TIFF")
    waiting = [struct.unpack_from(order + "I", data, 4)[0]]
    seen: set[int] = set()
    found = Directories()
    while waiting:
        offset = waiting.pop()
        if not offset or offset in seen:
            continue
        seen.add(offset)
        if len(seen) > _MAX_DIRECTORIES:
            raise Malformed("too many directories")
        tags, after, reach = _directory(data, offset, order)
        found.end = max(found.end, reach)
        waiting.append(after)
        for tag, (kind, raw) in tags.items():
            if tag in _SUB_DIRECTORIES:
                waiting += _numbers(kind, raw, order)
            elif kind == 2 or tag == _USER_COMMENT:
                found.texts.append((_TEXT_NAMES.get(tag, ""), raw.decode("utf-8", "replace").strip("\x00 ")))
            elif tag == 700 or 40091 <= tag <= 40095:
                found.texts.append(("xmp", raw.decode("utf-16-le" if tag != 700 else "utf-8", "replace")))
            elif tag in _NOTES:
                found.notes.append(raw)
            elif kind in (1, 6, 7) and tag not in _KNOWN_OPAQUE and len(raw) > _VALUE:
                found.private.append(raw)
        found.end = max([found.end, *_strips(tags, order)])
        if 513 in tags and 514 in tags:
            starts, sizes = _numbers(*tags[513], order), _numbers(*tags[514], order)
            found.thumbnails += [data[start : start + size] for start, size in zip(starts, sizes, strict=False)]
    if whole and found.end > len(data):
        raise Malformed("picture breaks off")
    return found


def _directory(data: bytes, offset: int, order: str) -> tuple[dict[int, tuple[int, bytes]], int, int]:
    """Tags of one directory, where the next one lies, and the furthest byte used."""
    (count,) = struct.unpack_from(order + "H", data, offset)
    reach = offset + 2 + 12 * count + 4
    tags: dict[int, tuple[int, bytes]] = {}
    for number in range(count):
        start = offset + 2 + 12 * number
        tag, kind, length = struct.unpack_from(order + "HHI", data, start)
        size = _SIZES.get(kind, 1) * length
        if size <= 4:
            raw = data[start + 8 : start + 8 + size]
        else:
            (at,) = struct.unpack_from(order + "I", data, start + 8)
            if at + size > len(data):
                raise Malformed("picture breaks off")
            raw = data[at : at + size]
            reach = max(reach, at + size)
        tags[tag] = (kind, raw)
    after = struct.unpack_from(order + "I", data, offset + 2 + 12 * count)[0] if reach <= len(data) else 0
    return tags, after, reach


def _numbers(kind: int, raw: bytes, order: str) -> list[int]:
    code = {1: "B", 3: "H", 4: "I", 13: "I"}.get(kind)
    if code is None:
        return []
    return list(
        struct.unpack(f"{order}{len(raw) // struct.calcsize(code)}{code}", raw[: len(raw) // struct.calcsize(code) * struct.calcsize(code)])
    )


def _strips(tags: dict[int, tuple[int, bytes]], order: str) -> list[int]:
    ends = []
    for offsets, lengths in _STRIPS:
        if offsets in tags and lengths in tags:
            ends += [start + size for start, size in zip(_numbers(*tags[offsets], order), _numbers(*tags[lengths], order), strict=False)]
    return ends
