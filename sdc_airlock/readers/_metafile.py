"""Windows metafiles (EMF, WMF), which office programs leave as previews: walked to their end for text and for bytes behind it."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from sdc_airlock.model.content import Figure, Oddity, OddityKind, TextPart, TextRole, Unread, UnreadReason
from sdc_airlock.readers import Item

_EMF_HEADER, _EMF_END, _EMF_COMMENT = 1, 14, 70
_EMF_TEXT = {84: 36, 83: 36}  # wide and narrow text: where the text object begins
_EMF_PICTURES = frozenset({76, 77, 78, 79, 80, 81})
_WMF_TEXT, _WMF_LONG_TEXT, _WMF_ESCAPE, _WMF_END = 0x0521, 0x0A32, 0x0626, 0x0000
_PLACEABLE = b"\xd7\xcd\xc6\x9a"
_SLACK = 64
_MAX_RECORDS = 1_000_000


def metafile(data: bytes, part_id: str) -> Iterator[Item] | None:
    """The parts of a metafile; None where the bytes are none."""
    if data[:4] == b"\x01\x00\x00\x00" and data[40:44] == b" EMF":
        return _emf(data, part_id)
    if data[:4] == _PLACEABLE or (
        data[:2] in (b"\x01\x00", b"\x02\x00") and data[2:4] == b"\x09\x00" and data[4:6] in (b"\x00\x01", b"\x00\x03")
    ):
        return _wmf(data, part_id)
    return None


def _emf(data: bytes, part_id: str) -> Iterator[Item]:
    texts: list[str] = []
    private = position = 0
    ended = False
    try:
        left, top, right, bottom = struct.unpack_from("<4i", data, 8)
        for _ in range(_MAX_RECORDS):
            kind, size = struct.unpack_from("<II", data, position)
            if size < 8 or position + size > len(data):
                break
            if kind in _EMF_TEXT:
                count, offset = struct.unpack_from("<II", data, position + _EMF_TEXT[kind] + 8)
                width = 2 if kind == 84 else 1
                raw = data[position + offset : position + min(size, offset + width * count)]
                texts.append(raw.decode("utf-16-le" if width == 2 else "latin-1", "replace"))
            elif kind == _EMF_COMMENT and data[position + 12 : position + 16] not in (b"EMF+", b"GDIC"):
                private += size
            position += size
            if kind == _EMF_END:
                ended = True
                break
    except struct.error:
        ended = False
    yield from _result(part_id, "emf", (abs(right - left), abs(bottom - top)), texts, ended=ended, private=private, rest=data[position:])


def _wmf(data: bytes, part_id: str) -> Iterator[Item]:
    texts: list[str] = []
    size = (0, 0)
    position = private = 0
    ended = False
    try:
        if data[:4] == _PLACEABLE:
            left, top, right, bottom = struct.unpack_from("<4h", data, 6)
            size, position = (abs(right - left), abs(bottom - top)), 22
        position += 2 * struct.unpack_from("<H", data, position + 2)[0]
        for _ in range(_MAX_RECORDS):
            words, kind = struct.unpack_from("<IH", data, position)
            if words < 3 or position + 2 * words > len(data):
                break
            if kind == _WMF_TEXT:
                count = struct.unpack_from("<H", data, position + 6)[0]
                texts.append(data[position + 8 : position + 8 + count].decode("latin-1"))
            elif kind == _WMF_LONG_TEXT:
                count, options = struct.unpack_from("<HH", data, position + 10)
                start = position + (22 if options & 6 else 14)
                texts.append(data[start : start + count].decode("latin-1"))
            elif kind == _WMF_ESCAPE and words > 512:
                private += 2 * words
            position += 2 * words
            if kind == _WMF_END:
                ended = True
                break
    except struct.error:
        ended = False
    yield from _result(part_id, "wmf", size, texts, ended=ended, private=private, rest=data[position:])


def _result(part_id: str, label: str, size: tuple[int, int], texts: list[str], *, ended: bool, private: int, rest: bytes) -> Iterator[Item]:
    yield Figure(part_id=part_id, format=label, width=size[0], height=size[1])
    if text := "\n".join(line for item in texts if (line := item.strip("\x00 "))):
        yield TextPart(part_id=f"{part_id}!text", text=text, role=TextRole.PROSE)
    if not ended:
        yield Oddity(part_id=part_id, kind=OddityKind.DAMAGED, detail="the picture breaks off or its structure is broken")
        yield Unread(part_id=part_id, why=UnreadReason.MALFORMED, detail="the picture breaks off")
    elif len(rest.strip(b"\x00")) > _SLACK:
        yield Oddity(part_id=part_id, kind=OddityKind.TRAILING_DATA, detail="bytes after the end of the picture", size=len(rest))
        yield Unread(part_id=part_id, why=UnreadReason.UNSUPPORTED, detail="bytes after the end of the picture")
    if private > _SLACK:
        yield Unread(part_id=part_id, why=UnreadReason.UNSUPPORTED, detail=f"{private} bytes of private data in the picture")
