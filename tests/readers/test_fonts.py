"""Web fonts in pages: one that is a font throughout is an ordinary thing, bytes that only claim to be one are held."""

from __future__ import annotations

import base64
import random
import struct
import zlib

import pytest

from sdc_airlock.model.content import Content, Grid, OddityKind, TextPart
from sdc_airlock.readers._fonts import font_of

OUTLINE = (
    struct.pack(">hhhhh", 1, 0, 0, 10, 10) + struct.pack(">HH", 2, 0) + bytes((0x37, 0x37, 0x37)) + bytes((1, 2, 3)) + bytes((1, 2, 3))
)


def _tables() -> dict[bytes, bytes]:
    """The tables of a font of one outline, three times."""
    outline = OUTLINE + bytes(-len(OUTLINE) % 4)
    name = "Example Sans".encode("utf-16-be")
    return {
        b"cmap": struct.pack(">HHHHL", 0, 1, 3, 1, 12) + bytes(8),
        b"glyf": outline * 3,
        b"head": bytes(8) + b"\1\2\3\4" + bytes(38) + struct.pack(">HH", 1, 0),
        b"hhea": bytes(36),
        b"hmtx": bytes(12),
        b"loca": struct.pack(">4L", *(len(outline) * place for place in range(4))),
        b"maxp": struct.pack(">LH", 0x10000, 3) + bytes(26),
        b"name": struct.pack(">HHH", 0, 1, 18) + struct.pack(">6H", 3, 1, 0x409, 1, len(name), 0) + name,
    }


RECORDS = "".join(f"{number},F,{number % 60 + 20},C50.{number % 9}\n" for number in range(4000, 4060)).encode()


def _compound(rest: bytes) -> dict[bytes, bytes]:
    """A font whose second outline is made of the first, twice, and goes on."""
    first = OUTLINE + bytes(-len(OUTLINE) % 4)
    second = struct.pack(">hhhhh", -1, 0, 0, 10, 10) + struct.pack(">HHbb", 34, 0, 0, 0) + struct.pack(">HHhh", 3, 0, 5, 5) + rest
    second += bytes(-len(second) % 4)
    places = (0, len(first), len(first) + len(second), len(first) + len(second))
    return {b"glyf": first + second, b"loca": struct.pack(">4L", *places)}


def _sum(tag: bytes, table: bytes) -> int:
    table = table[:8] + bytes(4) + table[12:] if tag == b"head" else table
    table += bytes(-len(table) % 4)
    return sum(struct.unpack(f">{len(table) // 4}L", table)) & 0xFFFFFFFF


def _plain(tables: dict[bytes, bytes]) -> bytes:
    place, heads, body = 12 + 16 * len(tables), b"", b""
    for tag, table in tables.items():
        heads += struct.pack(">4sLLL", tag, _sum(tag, table), place + len(body), len(table))
        body += table + bytes(-len(table) % 4)
    return b"\0\1\0\0" + struct.pack(">HHHH", len(tables), 0, 0, 0) + heads + body


def _woff(tables: dict[bytes, bytes]) -> bytes:
    place, heads, body = 44 + 20 * len(tables), b"", b""
    for tag, table in tables.items():
        packed = min(zlib.compress(table), table, key=len)
        heads += struct.pack(">4sLLLL", tag, place + len(body), len(packed), len(table), _sum(tag, table))
        body += packed + bytes(-len(packed) % 4)
    size = place + len(body)
    return struct.pack(">4sLLHHLHHLLLLL", b"wOFF", 0x10000, size, len(tables), 0, len(_plain(tables)), 1, 0, 0, 0, 0, 0, 0) + heads + body


@pytest.mark.parametrize("write", [_plain, _woff], ids=["truetype", "woff"])
def test_a_font_is_one_throughout(write) -> None:
    """A font is followed to its last byte, and says its name."""
    found = font_of(write(_tables()))
    assert found is not None
    assert found.names == "Example Sans"


def test_what_only_claims_to_be_a_font_is_none() -> None:
    """Bytes behind it, tables nobody knows, sums that are wrong and outlines that are none."""
    noise = random.Random(1).randbytes(3000)
    good = _tables()
    for bad in (
        _plain(good) + noise,
        _plain(good | {b"data": noise}),
        _plain(good)[:-9] + b"\1" + _plain(good)[-8:],
        _plain(good | {b"glyf": noise, b"loca": struct.pack(">4L", 0, 1000, 2000, 3000)}),
        _plain(good | {b"cvt ": noise * 30}),
        _plain(good | {b"GPOS": RECORDS}),
        _plain(good | {b"post": b"\0\2\0\0" + bytes(28) + struct.pack(">H", 1) + bytes(2) + b"\x1f" + RECORDS[:31]}),
        _plain(good | _compound(RECORDS)),
        _woff(good) + noise,
        b"wOFF" + noise,
        b"wOF2\0\1\0\0" + struct.pack(">L", 3000) + noise[:2988],
        noise,
    ):
        assert font_of(bad) is None


def test_an_outline_made_of_others_is_one() -> None:
    """Glyphs made of others, as letters with accents are, and names of glyphs belong to a font."""
    named = {b"post": b"\0\2\0\0" + bytes(28) + struct.pack(">H", 1) + bytes(2) + b"\x0aa.accented"}
    assert font_of(_plain(_tables() | _compound(b"") | named)) is not None


def _page(font: bytes) -> str:
    face = f"@font-face {{ font-family: 'E'; src: url(data:font/ttf;base64,{base64.b64encode(font).decode()}) format('truetype'); }}"
    return f"<html><head><style>{face}\nbody {{ margin: 0 }}</style></head><body><p>Rates fell in every region.</p></body></html>"


def test_fonts_of_a_page_are_taken_out_of_its_styles(content_of) -> None:
    """The style sheet is read without the font, whose name is read as text; a false font stays and is told."""
    true: Content = content_of(_page(_plain(_tables())))
    assert not any(each.kind is OddityKind.ENCODED_BLOB for each in true.oddities)
    assert any(isinstance(part, TextPart) and part.text == "Example Sans" for part in true.parts)
    false: Content = content_of(_page(random.Random(2).randbytes(4000)))
    assert any(each.kind is OddityKind.ENCODED_BLOB for each in false.oddities)


def test_code_of_a_library_is_no_markup_and_its_patterns_no_message(content_of) -> None:
    """Short names that minified code assigns values to are no attributes; patterns for dates in Chinese are written in escapes."""
    values = " ".join(f"J={place}.5,{place}.25,{place * 7}.125" for place in range(30))
    pattern = "".join(f"\\u{code:04x}" for code in range(0x4E00, 0x4E30)) + "?\\u6708/m"
    script = f"var {values};f=/{pattern}/;" + "function a(b){return b}" * 15_000
    found: Content = content_of(f"<html><body><p>Rates fell.</p><script>{script}</script></body></html>")
    assert not any(each.kind is OddityKind.ENCODED_BLOB for each in found.oddities)
    assert not any(isinstance(part, Grid) for part in found.parts)
    records = " ".join(f'K="{place},F,{20 + place}.5,I{place}"' for place in range(60))
    hidden: Content = content_of(f"<html><body><p>Rates fell.</p><script>{script};{records}</script></body></html>")
    assert any(isinstance(part, Grid) for part in hidden.parts)


@pytest.fixture
def content_of(tmp_path):
    """What a page holds."""
    from sdc_airlock.identify import identify
    from sdc_airlock.limits import Limits
    from sdc_airlock.readers import read
    from sdc_airlock.source import Source

    def run(text: str) -> Content:
        path = tmp_path / "page.html"
        path.write_text(text, encoding="utf-8")
        source = Source.of_file(str(path), part_id=path.name, name=path.name, size=path.stat().st_size)
        return read(source, identify(source), file_id="", limits=Limits())

    return run
