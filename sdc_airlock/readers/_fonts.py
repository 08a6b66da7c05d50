"""Web fonts, told from bytes that only claim to be one: every table known, in its place, of the declared size and sum, and nothing beside them."""

from __future__ import annotations

import binascii
import hashlib
import itertools
import re
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

_MOST_TABLES = 64
_LARGEST = 16 << 20
_KNOWN = frozenset(
    b"cmap head hhea hmtx maxp name OS/2 post cvt  fpgm glyf loca prep gasp GDEF GPOS GSUB kern hdmx LTSH VDMX PCLT DSIG vhea vmtx VORG BASE JSTF MATH FFTM meta STAT".replace(
        b"cvt  ", b"cvt_ "
    ).split()
) | {b"cvt "}
# left behind by makers of web fonts, a few bytes each
_SMALL = frozenset({b"webf", b"TTFA", b"Zapf"})
_SMALLEST = 256
# packed in EOT in a way that is not read here: Glyphicons of Bootstrap 3, as every page of R Markdown with a theme carries it
_PUBLISHED = frozenset({"13634da87d9e23f8c3ed9108ce1724d183a39ad072e73e1b3d8cbf646d2d0407"})
_NEEDED = frozenset({b"cmap", b"glyf", b"head", b"hhea", b"hmtx", b"loca", b"maxp"})
_URI = re.compile(
    r"data:(?:application/(?:x-)?font[\w.+-]{0,40}|font/[\w.+-]{1,40}|application/vnd\.ms-fontobject)(?:;[\w=.+-]{1,60}){0,4};base64,([A-Za-z0-9+/]{16,}+={0,2})"
)
# tables in the order of the numbers that WOFF2 gives them
_NUMBERED = (
    b"cmap head hhea hmtx maxp name OS/2 post cvt_ fpgm glyf loca prep CFF_ VORG EBDT EBLC gasp hdmx kern LTSH PCLT VDMX vhea vmtx BASE GDEF GPOS "
    b"GSUB EBSC JSTF MATH CBDT CBLC COLR CPAL SVG_ sbix acnt avar bdat bloc bsln cvar fdsc feat fmtx fvar gvar hsty just lcar mort morx opbd prop "
    b"trak Zapf Silf Glat Gloc Feat Sill"
).split()
_FREE = 0x3F
_TRANSFORMED = (b"glyf", b"loca")
_ON_X_SHORT, _ON_Y_SHORT, _AGAIN, _SAME_X, _SAME_Y = 2, 4, 8, 16, 32
# tables of instructions, kerning and layout, none of which is the bulk of a font
_BULK = frozenset({b"glyf", b"GPOS", b"GSUB", b"kern", b"hmtx", b"loca", b"post", b"cmap"})
_REST_SHARE, _REST_FLOOR = 0.6, 64 << 10
# names of glyphs and numbers that happen to be letters make shorter stretches of text than this
_LINES = re.compile(rb"(?:[ -~\t\r]{8,400}+\n){10,}")
_LONG_LINE = re.compile(rb"[ -~\t\r\n]{4000,}")
_FEWEST_LETTERS = 16
_GLYPH = re.compile(rb"[\w.-]{0,63}")
_WORDS, _SCALED, _MORE, _SCALED_TWICE, _MATRIX, _INSTRUCTED = 1, 8, 32, 64, 128, 256


@dataclass(frozen=True, slots=True)
class Font:
    """A font that is one throughout; `names` is the text of its table of names."""

    names: str


def font_of(raw: bytes) -> Font | None:
    """A font, or None for bytes that are none, hold more than one, or are too large to be looked through.

    TrueType outlines as such, in WOFF, in EOT without packing, and in WOFF2 are known. Outlines are followed point by point (in WOFF2, whose outlines are written
    in another way, only their lengths are held against each other).
    """
    if hashlib.sha256(raw).hexdigest() in _PUBLISHED:
        return Font(names="")
    try:
        tables = _tables(raw)
        if tables is not None:
            tables = {tag: table for tag, table in tables.items() if tag not in _SMALL or len(table) > _SMALLEST}
        if tables is None or not tables.keys() >= _NEEDED or not tables.keys() <= _KNOWN:
            return None
        if any(holds_text(tag, table) for tag, table in tables.items()):
            return None
        rest = sum(len(table) for tag, table in tables.items() if tag not in _BULK)
        if rest > max(_REST_FLOOR, _REST_SHARE * sum(map(len, tables.values()))):
            return None
        if raw[:4] != b"wOF2" and not _outlined(tables):
            return None
        return Font(names=_names(tables.get(b"name", b"")))
    except (struct.error, zlib.error, IndexError, ValueError, OSError):
        return None


def holds_text(tag: bytes, table: bytes) -> bool:
    """True where lines or a long stretch of readable text stand in a table of a font that has no place for them.

    Raises:
        struct.error, IndexError: names of glyphs end before they should.
    """
    if tag == b"name":
        return False
    if tag == b"post" and table[:4] == b"\0\2\0\0":
        return not all(map(_GLYPH.fullmatch, _glyph_names(table)))
    if _LINES.search(table):
        return True
    return any(len(set(match[0])) >= _FEWEST_LETTERS for match in _LONG_LINE.finditer(table))


def _glyph_names(table: bytes) -> Iterator[bytes]:
    (glyphs,) = struct.unpack_from(">H", table, 32)
    place = 34 + 2 * glyphs
    while place < len(table):
        size = table[place]
        yield table[place + 1 : place + 1 + size]
        place += 1 + size


def without_fonts(text: str) -> tuple[str, str]:
    """A style sheet without the fonts that are packed into it, and what these say of themselves; what only claims to be a font stays."""
    names: list[str] = []

    def taken(match: re.Match[str]) -> str:
        try:
            font = font_of(binascii.a2b_base64(match[1]))
        except binascii.Error:
            font = None
        if font is None:
            return match[0]
        names.append(font.names)
        return "data:,"

    left = _URI.sub(taken, text) if "base64," in text else text
    return left, "\n".join(dict.fromkeys(line for name in names for line in name.splitlines() if line.strip()))


def _tables(raw: bytes) -> dict[bytes, bytes] | None:
    if len(raw) > _LARGEST:
        return None
    if raw[:4] == b"wOFF":
        return _woff(raw)
    if raw[:4] == b"wOF2":
        return _woff2(raw)
    if raw[34:36] == b"LP":
        return _eot(raw)
    return _sfnt(raw)


def _sfnt(raw: bytes) -> dict[bytes, bytes] | None:
    if raw[:4] not in (b"\0\1\0\0", b"true"):
        return None
    (count,) = struct.unpack_from(">H", raw, 4)
    entries = [struct.unpack_from(">4sLLL", raw, 12 + 16 * place) for place in range(count)] if count <= _MOST_TABLES else []
    if not _fills([(start, size) for _, _, start, size in entries], 12 + 16 * count, raw):
        return None
    tables = {tag: raw[start : start + size] for tag, _, start, size in entries}
    right = all(_sum(tag, tables[tag]) == declared for tag, declared, _, _ in entries)
    return tables if right and len(tables) == count else None


def _fills(spans: list[tuple[int, int]], start: int, raw: bytes) -> bool:
    """True where spans follow one another up to the end, with nothing but a few zeros between them."""
    for place, size in sorted(spans):
        if place < start or place - start > 3 or any(raw[start:place]):
            return False
        start = place + size
    return bool(spans) and start <= len(raw) <= start + 3 and not any(raw[start:])


def _sum(tag: bytes, table: bytes) -> int:
    """Sum of the words of a table; that of the head is worked out without the adjustment it holds."""
    if tag == b"head":
        table = table[:8] + bytes(4) + table[12:]
    padded = table + bytes(-len(table) % 4)
    words: tuple[int, ...] = struct.unpack(f">{len(padded) // 4}L", padded)
    return sum(words) & 0xFFFFFFFF


def _woff(raw: bytes) -> dict[bytes, bytes] | None:
    _, _, length, count, _, total, _, _, about, _, _, private, _ = struct.unpack_from(">4sLLHHLHHLLLLL", raw, 0)
    if length != len(raw) or total > _LARGEST or count > _MOST_TABLES or about or private:
        return None
    entries = [struct.unpack_from(">4sLLLL", raw, 44 + 20 * place) for place in range(count)]
    if not _fills([(start, size) for _, start, size, _, _ in entries], 44 + 20 * count, raw):
        return None
    tables: dict[bytes, bytes] = {}
    for tag, start, size, full, declared in entries:
        packed = raw[start : start + size]
        tables[tag] = packed if size == full else _inflated(packed, full)
        if len(tables[tag]) != full or _sum(tag, tables[tag]) != declared:
            return None
    return tables if len(tables) == count else None


def _inflated(packed: bytes, full: int) -> bytes:
    opened = zlib.decompressobj()
    data = opened.decompress(packed, min(full, _LARGEST) + 1)
    return b"" if opened.unused_data or not opened.eof else data


def _eot(raw: bytes) -> dict[bytes, bytes] | None:
    size, inside, _, flags = struct.unpack_from("<LLLL", raw, 0)
    if size != len(raw) or inside > size or flags & 0x10000004:
        return None
    return _sfnt(raw[size - inside :]) if size - inside <= 1024 else None


def _woff2(raw: bytes) -> dict[bytes, bytes] | None:
    import pyarrow as pa

    _, _, length, count, _, _, packed, _, _, about, _, _, private, _ = struct.unpack_from(">4sLLHHLLHHLLLLL", raw, 0)
    if length != len(raw) or count > _MOST_TABLES or about or private:
        return None
    place, sizes = 48, []
    for _ in range(count):
        flags = raw[place]
        tag = raw[place + 1 : place + 5] if flags & _FREE == _FREE else _NUMBERED[flags & _FREE].replace(b"_", b" ")
        place += 5 if flags & _FREE == _FREE else 1
        full, place = _base128(raw, place)
        changed = (flags >> 6 == 0) == (tag in _TRANSFORMED)
        if changed:
            full, place = _base128(raw, place)
        sizes.append((tag, full))
    total = sum(full for _, full in sizes)
    if total > _LARGEST or not _fills([(place, packed)], place, raw):
        return None
    data = bytes(pa.decompress(raw[place : place + packed], decompressed_size=total, codec="brotli", asbytes=True))
    if len(data) != total:
        return None
    tables: dict[bytes, bytes] = {}
    start = 0
    for tag, full in sizes:
        tables[tag] = data[start : start + full]
        start += full
    streams = struct.unpack_from(">HHHHLLLLLLL", tables[b"glyf"], 0)
    bits = 4 * ((streams[2] + 31) // 32) if streams[1] & 1 else 0
    return tables if len(tables) == count and 36 + sum(streams[4:]) + bits == len(tables[b"glyf"]) else None


def _base128(raw: bytes, place: int) -> tuple[int, int]:
    number = 0
    for _ in range(5):
        number = number << 7 | raw[place] & 0x7F
        place += 1
        if not raw[place - 1] & 0x80:
            return number, place
    raise ValueError


def _outlined(tables: dict[bytes, bytes]) -> bool:
    """True where every outline is one, and ends where the next begins."""
    (glyphs,) = struct.unpack_from(">H", tables[b"maxp"], 4)
    (wide,) = struct.unpack_from(">H", tables[b"head"], 50)
    places = struct.unpack_from(f">{glyphs + 1}{'L' if wide else 'H'}", tables[b"loca"], 0)
    if len(tables[b"loca"]) > (glyphs + 1) * (4 if wide else 2) + 3:
        return False
    outlines, step = tables[b"glyf"], 1 if wide else 2
    return (
        places[-1] * step <= len(outlines) <= places[-1] * step + 3
        and places[0] == 0
        and all(first <= then and _outline(outlines[first * step : then * step]) for first, then in itertools.pairwise(places))
    )


def _outline(glyph: bytes) -> bool:
    if not glyph:
        return True
    (contours,) = struct.unpack_from(">h", glyph, 0)
    if contours < 0:
        return _made_of_others(glyph)
    ends = struct.unpack_from(f">{contours}H", glyph, 10)
    (instructions,) = struct.unpack_from(">H", glyph, 10 + 2 * contours)
    place = 12 + 2 * contours + instructions
    flags = list(_flags(glyph, place, ends[-1] + 1 if ends else 0))
    place += sum(1 for _, first in flags if first) + sum(1 for flag, first in flags if first and flag & _AGAIN)
    for short, same in ((_ON_X_SHORT, _SAME_X), (_ON_Y_SHORT, _SAME_Y)):
        place += sum(1 if flag & short else 0 if flag & same else 2 for flag, _ in flags)
    return place <= len(glyph) <= place + 3 and all(first < then for first, then in itertools.pairwise(ends))


def _made_of_others(glyph: bytes) -> bool:
    """True where a glyph is a list of other glyphs with their places, perhaps instructions, and nothing more."""
    place, flags = 10, _MORE
    while flags & _MORE:
        (flags,) = struct.unpack_from(">H", glyph, place)
        place += 8 if flags & _WORDS else 6
        place += 2 if flags & _SCALED else 4 if flags & _SCALED_TWICE else 8 if flags & _MATRIX else 0
    if flags & _INSTRUCTED:
        (instructions,) = struct.unpack_from(">H", glyph, place)
        place += 2 + instructions
    return place <= len(glyph) <= place + 3


def _flags(glyph: bytes, place: int, points: int) -> Iterator[tuple[int, bool]]:
    """The flags of points, each with whether it is written or comes from the one before it."""
    told = 0
    while told < points:
        flag = glyph[place]
        again = glyph[place + 1] if flag & _AGAIN else 0
        place += 2 if flag & _AGAIN else 1
        if told + again >= points:
            again = points - told - 1
        yield flag, True
        for _ in range(again):
            yield flag, False
        told += 1 + again


def _names(table: bytes) -> str:
    """The strings that a font says of itself."""
    if len(table) < 6:
        return ""
    _, count, start = struct.unpack_from(">HHH", table, 0)
    found = []
    for place in range(count):
        platform, _, _, _, size, offset = struct.unpack_from(">HHHHHH", table, 6 + 12 * place)
        raw = table[start + offset : start + offset + size]
        found.append(raw.decode("utf-16-be" if platform in (0, 3) else "latin-1", "replace"))
    return "\n".join(dict.fromkeys(found))


__all__ = ["Font", "font_of", "holds_text", "without_fonts"]
