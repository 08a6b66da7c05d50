"""Walks through the structure of raster formats by hand: where the picture ends, and what text and private data it carries.

Picture libraries skip what they do not know and stop at the end marker, so they show none of this.
"""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass, field

from sdc_airlock.errors import Malformed
from sdc_airlock.readers._asides import ordinary_name
from sdc_airlock.readers._pngscan import Scans
from sdc_airlock.readers._tiff import Directories, walk_tiff

_TEXT_LENGTH = 200  # tags of software, date, camera and author are shorter
_XMP_LENGTH = 8192
_XMP_KEY = "XML:com.adobe.xmp"
_TEXT_TOTAL = 4096
_PNG_KNOWN = frozenset(
    b"IHDR PLTE IDAT IEND tRNS cHRM gAMA iCCP sBIT sRGB bKGD hIST pHYs sPLT tIME acTL fcTL fdAT cICP mDCV cLLI oFFs sCAL pCAL sTER".split()
)
_PNG_SMALL = frozenset(
    {b"sPLT", b"hIST", b"sTER", b"oFFs", b"sCAL", b"pHYs", b"tIME", b"gAMA", b"cHRM", b"sBIT", b"bKGD", b"sRGB", b"acTL", b"fcTL"}
)
_SMALL_PRIVATE = 64  # private chunks of editors (vpAg, iDOT, caNv) and of GIF programs hold a few numbers
_PICTURE_LIST = 512
_PROFILE_BYTES = 4 << 20
_PRIVATE_TOTAL = 1024
_READABLE = 0.95
_SHORT = 8
_RUN = 8
_SPACES = frozenset(b"\t\n\r\x00")
_PROFILE_TEXTS = frozenset({b"text", b"desc", b"mluc", b"utf8", b"zut8"})
_LOOP_BLOCK = 16
_PROFILE_LINE = 120
_PROFILE_MARKS = 4


@dataclass
class Walk:
    """What the structure of a picture holds beside pixels.

    Attributes:
        end: Bytes up to and with the end marker.
        text: Texts found.
        short: Characters of the texts that are as short as ordinary tags.
        lengthy: Characters of the others.
        private: Data that belong to no known part of the format.
        inner: Pictures inside the picture (thumbnails), and whatever stands in their place.
        beyond: Bytes in the compressed lines of the picture that come after its last line.
        limited: True where compressed text or such bytes were longer than the limit.
    """

    end: int = 0
    text: list[str] = field(default_factory=list)
    short: int = 0
    lengthy: int = 0
    private: list[bytes] = field(default_factory=list)
    inner: list[bytes] = field(default_factory=list)
    beyond: list[bytes] = field(default_factory=list)
    limited: bool = False

    def add(self, key: str, value: str) -> None:
        """Keep a text under its key."""
        value = value.replace("\x00", " ").strip()
        key = "xmp" if key == _XMP_KEY else key
        if not value:
            return
        plain = not key or ordinary_name(key) or ":" in key
        self.text += [value] if plain else [f"{key} {value}"] if len(value) < _SHORT else [key, value]
        if len(value) > (_XMP_LENGTH if key in ("xmp", "profile") else _TEXT_LENGTH):
            self.lengthy += len(value)
        elif key != "xmp":
            self.short += len(value)

    def keep(self, data: bytes) -> None:
        """Keep private data: as text where they are text."""
        plain = sum(32 <= byte < 127 or byte in _SPACES for byte in data)
        if data and plain >= _READABLE * len(data):
            self.text.append(data.decode("latin-1").strip("\x00 "))
            if len(data) > _SMALL_PRIVATE:
                self.lengthy += len(data)
        elif data:
            self.private.append(data)
            if words := printable(data, _RUN):
                self.text.append(words)

    @property
    def opaque(self) -> int:
        """Bytes of private data that were not understood; a few numbers that editors leave do not count."""
        sizes = [len(piece) for piece in self.private]
        return sum(sizes) if max(sizes, default=0) > _SMALL_PRIVATE or sum(sizes) > _PRIVATE_TOTAL else 0

    @property
    def unusual(self) -> int:
        """Characters of text beyond the ordinary tags of software, date and camera."""
        return self.lengthy + (self.short if self.short > _TEXT_TOTAL else 0)


def walk_image(label: str, data: bytes, *, limit: int) -> Walk:
    """Walk a picture of a known format.

    Raises:
        Malformed: it breaks off before its end, or its structure is broken.
    """
    walk = Walk()
    walkers = {"png": _png, "jpeg": _jpeg, "gif": _gif, "webp": _webp, "bmp": _bmp, "tiff": _tiff}
    try:
        walkers[label](data, walk, limit)
    except (struct.error, IndexError):
        raise Malformed("picture breaks off") from None
    if walk.end > len(data):
        raise Malformed("picture breaks off")
    return walk


def _png(data: bytes, walk: Walk, limit: int) -> None:
    position, scans = 8, Scans()
    while True:
        length, kind = struct.unpack_from(">I4s", data, position)
        body = data[position + 8 : position + 8 + length]
        position += 12 + length
        if position > len(data):
            raise Malformed("picture breaks off")
        if zlib.crc32(kind + body) != int.from_bytes(data[position - 4 : position], "big"):
            raise Malformed("checksum of a chunk is wrong")
        if kind == b"IEND":
            break
        if kind in (b"tEXt", b"zTXt", b"iTXt"):
            _png_text(kind, body, walk, limit)
        elif kind == b"eXIf":
            _exif(body, walk)
        elif kind == b"iCCP":
            _profile(_inflate(body.partition(b"\x00")[2][1:], walk, limit), walk)
        elif kind == b"pCAL":
            walk.add("", body.decode("latin-1"))
        elif kind not in _PNG_KNOWN or (kind in _PNG_SMALL and length > _SMALL_PRIVATE):
            walk.keep(body)
        scans.add(kind, body)
    walk.end = position
    for found in scans.beyond(limit):
        if found is None:
            walk.limited = True
        else:
            walk.beyond.append(found)


def _inflate(data: bytes, walk: Walk, limit: int) -> bytes:
    try:
        unpacker = zlib.decompressobj()
        out = unpacker.decompress(data, limit)
    except zlib.error:
        walk.keep(data)
        return b""
    if unpacker.unconsumed_tail:
        walk.limited = True
    return out


def _png_text(kind: bytes, body: bytes, walk: Walk, limit: int) -> None:
    key, _, rest = body.partition(b"\x00")
    if kind == b"tEXt":
        text = rest.decode("latin-1")
    elif kind == b"zTXt":
        text = _inflate(rest[1:], walk, limit).decode("latin-1")
    else:
        compressed, rest = rest[:1], rest[2:]
        _language, _, rest = rest.partition(b"\x00")
        _translated, _, rest = rest.partition(b"\x00")
        text = (_inflate(rest, walk, limit) if compressed == b"\x01" else rest).decode("utf-8", "replace")
    walk.add(key.decode("latin-1"), text)


def _profile(data: bytes, walk: Walk) -> None:
    """A colour profile: it must say its own length."""
    if not data:
        return
    if len(data) < 132 or data[36:40] != b"acsp" or int.from_bytes(data[:4], "big") != len(data) or len(data) > _PROFILE_BYTES:
        walk.keep(data)
        return
    (count,) = struct.unpack_from(">I", data, 128)
    reach = 132 + 12 * count
    for number in range(min(count, 200)):
        _, offset, length = struct.unpack_from(">4sII", data, 132 + 12 * number)
        body = data[offset : offset + length]
        reach = max(reach, offset + length)
        if body[:4] in _PROFILE_TEXTS:
            walk.add("profile", "\n".join(run for run in printable(body[8:].replace(b"\x00", b""), 2).split("\n") if _telling(run)))
    if len(data) - reach > _SMALL_PRIVATE:
        walk.keep(data[reach:])


def _telling(run: str) -> bool:
    """True for text of a colour profile that is more than its name, its maker and the light it is meant for."""
    return len(run) > _PROFILE_LINE or sum(run.count(mark) for mark in ",;|\t") >= _PROFILE_MARKS


def _jpeg(data: bytes, walk: Walk, _limit: int) -> None:
    position = 2
    icc = b""
    while True:
        if data[position] != 0xFF:
            raise Malformed("marker expected")
        while data[position] == 0xFF:
            position += 1
        marker = data[position]
        position += 1
        if marker == 0xD9:
            break
        if 0xD0 <= marker <= 0xD7 or marker == 0x01:
            continue
        (length,) = struct.unpack_from(">H", data, position)
        body = data[position + 2 : position + length]
        position += length
        if marker == 0xE2 and body.startswith(b"ICC_PROFILE\x00"):
            icc += body[14:]
        elif marker == 0xFE:
            walk.add("comment", body.decode("latin-1"))
        elif 0xE0 <= marker <= 0xEF:
            _jpeg_application(marker, body, walk)
        elif marker == 0xDA:
            position = _jpeg_scan(data, position)
    _profile(icc, walk)
    walk.end = position


def _jpeg_scan(data: bytes, position: int) -> int:
    """Position of the first marker after entropy-coded data."""
    while True:
        position = data.find(b"\xff", position)
        if position < 0 or position + 1 >= len(data):
            raise Malformed("picture breaks off")
        following = data[position + 1]
        if following == 0 or 0xD0 <= following <= 0xD7:
            position += 2
        elif following == 0xFF:
            position += 1
        else:
            return position


def _jpeg_application(marker: int, body: bytes, walk: Walk) -> None:
    if marker == 0xE0 and body[:4] == b"JFIF":
        thumbnail = 3 * body[12] * body[13] if len(body) > 13 else 0
        walk.keep(body[14 + thumbnail :])
        return
    if marker == 0xE0 and body[:4] == b"JFXX":
        walk.inner.append(body[6:])
        return
    if marker == 0xEE and body[:5] == b"Adobe" and len(body) <= 16:
        return
    if marker == 0xE1 and body.startswith(b"Exif\x00"):
        _exif(body[6:], walk)
    elif marker == 0xE1 and b"http://ns.adobe.com/x" in body[:64]:
        walk.add("xmp", body.decode("utf-8", "replace"))
    elif marker == 0xED and body.startswith(b"Photoshop"):
        walk.add("photoshop", printable(body, 4))
    elif (marker == 0xEC and body[:5] == b"Ducky" and len(body) < 64) or (
        marker == 0xE2 and body[:4] == b"MPF\x00" and body[4:6] in (b"II", b"MM") and len(body) < _PICTURE_LIST
    ):
        return
    else:
        walk.keep(body)


def _gif(data: bytes, walk: Walk, _limit: int) -> None:
    flags = data[10]
    position = 13 + (3 * (2 << (flags & 7)) if flags & 0x80 else 0)
    while True:
        kind = data[position]
        if kind == 0x3B:
            break
        if kind == 0x2C:
            flags = data[position + 9]
            position = _gif_blocks(data, position + 11 + (3 * (2 << (flags & 7)) if flags & 0x80 else 0))[0]
        elif kind == 0x21:
            label = data[position + 1]
            position, body = _gif_blocks(data, position + 2)
            if label in (0xFE, 0x01):
                walk.add("comment", body.decode("latin-1"))
            elif label == 0xFF and not (body.startswith((b"NETSCAPE2.0", b"ANIMEXTS1.0")) and len(body) <= _LOOP_BLOCK):
                _gif_application(body, walk)
            elif label not in (0xFF, 0xF9):
                walk.keep(body)
        else:
            raise Malformed("unknown block")
    walk.end = position + 1


def _gif_application(body: bytes, walk: Walk) -> None:
    if body.startswith(b"XMP DataXMP"):
        walk.add("xmp", body[11:-256].decode("utf-8", "replace"))
    else:
        walk.keep(body)


def _gif_blocks(data: bytes, position: int) -> tuple[int, bytes]:
    body = []
    while length := data[position]:
        body.append(data[position + 1 : position + 1 + length])
        position += 1 + length
    return position + 1, b"".join(body)


def _webp(data: bytes, walk: Walk, _limit: int) -> None:
    walk.end = 8 + struct.unpack_from("<I", data, 4)[0]
    walk.end += walk.end & 1 if walk.end < len(data) and data[walk.end] == 0 else 0
    position = 12
    while position + 8 <= walk.end:
        kind, length = struct.unpack_from("<4sI", data, position)
        body = data[position + 8 : position + 8 + length]
        position += 8 + length + (length & 1)
        if kind == b"EXIF":
            _exif(body.removeprefix(b"Exif\x00\x00"), walk)
        elif kind == b"XMP ":
            walk.add("xmp", body.decode("utf-8", "replace"))
        elif kind == b"ICCP":
            _profile(body, walk)
        elif kind not in (b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF"):
            walk.keep(body)


def _bmp(data: bytes, walk: Walk, _limit: int) -> None:
    declared, _, offset, header = struct.unpack_from("<IIII", data, 2)
    if header == 12:
        width, height, _planes, bits = struct.unpack_from("<HHHH", data, 18)
        compression, size = 0, 0
    else:
        width, height, _planes, bits, compression, size = struct.unpack_from("<iiHHII", data, 18)
    stride = (abs(width) * bits + 31) // 32 * 4
    pixels = size if compression in (1, 2, 4, 5) else stride * abs(height)
    walk.end = offset + pixels
    palette = 4 * (1 << bits) if bits <= 8 else 16 if compression in (3, 6) else 0
    if offset - 14 - header - palette > 0:
        walk.keep(data[14 + header + palette : offset].strip(b"\x00"))
    if declared and declared - walk.end in (0, 1, 2, 3):
        walk.end = declared


def _tiff(data: bytes, walk: Walk, _limit: int) -> None:
    found = walk_tiff(data, whole=True)
    walk.end = found.end
    _directories(found, walk)


def _exif(data: bytes, walk: Walk) -> None:
    try:
        found = walk_tiff(data, whole=False)
    except (struct.error, IndexError, Malformed):
        walk.keep(data)
        return
    _directories(found, walk)
    if rest := data[found.end :].strip(b"\x00"):
        walk.keep(rest)


def _directories(found: Directories, walk: Walk) -> None:
    for key, value in found.texts:
        walk.add(key, value)
    for piece in found.private:
        walk.keep(piece)
    walk.text += [words for piece in found.notes if (words := printable(piece, _RUN))]
    walk.inner += found.thumbnails


def printable(body: bytes, fewest: int) -> str:
    """Runs of at least so many printable characters, one a line."""
    text = "".join(chr(byte) if 32 <= byte < 127 or byte == 9 else "\n" for byte in body)
    return "\n".join(run for run in text.split("\n") if len(run) >= fewest)
