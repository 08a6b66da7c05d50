"""Compound files of older Office programs: text by the piece table, slides by their atoms, messages by their properties."""

from __future__ import annotations

import io
import random
import struct
import zipfile
import zlib
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdc_airlock.errors import Malformed
from sdc_airlock.identify import identify
from sdc_airlock.limits import Limits
from sdc_airlock.model.content import Content, Grid, OddityKind, TextPart, UnreadReason
from sdc_airlock.readers import read
from sdc_airlock.readers._legacy import first_object, native_file, readable, unpacked_rtf
from sdc_airlock.source import Source

SECTOR = 512
CSV = "\n".join(["id,sex,age", *(f"P{number:05d},{'MF'[number % 2]},{20 + number}" for number in range(40))]).encode()
END, FREE, TABLE = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD


def compound(streams: dict[str, bytes], spare: bytes = b"") -> bytes:
    """A compound file; names with "/" stand in storages, `spare` fills a sector that no stream uses."""
    data: list[bytes] = []
    following: list[int] = []

    def store(body: bytes) -> int:
        pieces = [body[place : place + SECTOR].ljust(SECTOR, b"\x00") for place in range(0, len(body), SECTOR)]
        start = len(data)
        data.extend(pieces)
        following.extend([*range(start + 1, start + len(pieces)), END])
        return start

    entries: list[tuple[str, int, list[int], bytes]] = [("Root Entry", 5, [], b"")]
    for path, body in streams.items():
        parent = 0
        *folders, name = path.split("/")
        for folder in folders:
            known = next((child for child in entries[parent][2] if entries[child][0] == folder), None)
            if known is None:
                entries.append((folder, 1, [], b""))
                known = len(entries) - 1
                entries[parent][2].append(known)
            parent = known
        entries.append((name, 2, [], body))
        entries[parent][2].append(len(entries) - 1)
    right = [FREE] * len(entries)
    for _, _, children, _ in entries:
        for before, after in pairwise(children):
            right[before] = after
    folder_bytes = b""
    for number, (name, kind, children, body) in enumerate(entries):
        padded = body.ljust(4096, b"\x00") if kind == 2 else b""
        start = store(padded) if padded else END
        title = name.encode("utf-16-le") + b"\x00\x00"
        folder_bytes += title.ljust(64, b"\x00") + struct.pack("<HBB", len(title), kind, 1)
        folder_bytes += struct.pack("<III", FREE, right[number], children[0] if children else FREE) + b"\x00" * 36
        folder_bytes += struct.pack("<IQ", start, len(padded))
    folder_start = store(folder_bytes)
    if spare:
        data.append(spare.ljust(SECTOR, b"\x00"))
        following.append(FREE)
    tables = 1
    while tables * 128 < len(following) + tables:
        tables += 1
    first = len(following)
    following += [TABLE] * tables
    following += [FREE] * (tables * 128 - len(following))
    packed = struct.pack(f"<{len(following)}I", *following)
    data += [packed[place : place + SECTOR] for place in range(0, len(packed), SECTOR)]
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 16 + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + b"\x00" * 6
    header += struct.pack("<IIIIIIIIII", 0, tables, folder_start, 0, 4096, END, 0, END, 0, first)
    header = header.ljust(76, b"\x00")[:76] + struct.pack("<109I", *range(first, first + tables), *([FREE] * (109 - tables)))
    return header + b"".join(data)


def native(name: bytes, body: bytes) -> bytes:
    """A stream that packs a file."""
    inner = b"\x02\x00" + name + b"\x00" + name + b"\x00\x00\x00\x03\x00" + struct.pack("<I", len(name) + 1) + name + b"\x00"
    inner += struct.pack("<I", len(body)) + body
    return struct.pack("<I", len(inner)) + inner


def word(text: str, rest: str = "", *, wide: bool = False, flags: int = 0) -> dict[str, bytes]:
    """Streams of a Word document of one piece."""
    raw = (text + rest).encode("utf-16-le" if wide else "cp1252")
    place = 0x800
    header = bytearray(place)
    struct.pack_into("<H8xH", header, 0, 0xA5EC, flags | 0x200)
    struct.pack_into("<i", header, 0x4C, len(text))
    plan = struct.pack("<II", 0, len(text + rest)) + struct.pack("<HIH", 0, place if wide else 2 * place | 0x40000000, 0)
    table = b"\x01\x02\x00\x00\x00\x02" + struct.pack("<I", len(plan)) + plan
    struct.pack_into("<II", header, 0x1A2, 0, len(table))
    return {"WordDocument": bytes(header) + raw, "1Table": table}


def atom(kind: int, body: bytes, version: int = 0) -> bytes:
    """A record of a presentation."""
    return struct.pack("<HHI", version, kind, len(body)) + body


def content_of(data: bytes) -> Content:
    """What the registered readers make of a compound file."""
    source = Source.of_bytes(data, part_id="old", name="old")
    return read(source, identify(source), file_id="0" * 64, limits=Limits())


def all_text(content: Content) -> str:
    """Text and cells, one after the other."""
    parts = [part.text for part in content.parts if isinstance(part, TextPart)]
    return "\n".join(parts + [" ".join(row) for part in content.parts if isinstance(part, Grid) for row in part.rows])


@pytest.mark.parametrize("wide", [False, True])
def test_word_text_and_tables(wide: bool) -> None:  # noqa: FBT001 - a parameter of the test
    """Text comes out by the piece table, cells of a table as rows, notes apart from the text."""
    rows = [line.decode().split(",") for line in CSV.split(b"\n")]
    text = "Results\r" + "".join("\x07".join(row) + "\x07\x07" for row in rows) + "The end\r"
    content = content_of(compound(word(text, "a footnote\r", wide=wide)))
    assert content.file_type.label == "doc"
    assert content.complete
    grid = next(part for part in content.parts if isinstance(part, Grid))
    assert [list(row) for row in grid.rows][-3:] == rows[-3:]
    assert any(part.text == "a footnote" for part in content.parts if isinstance(part, TextPart))


def test_sealed_and_broken_word_documents_are_gaps() -> None:
    """A document that asks for a password, or whose tables lead nowhere, is a gap."""
    assert content_of(compound(word("text\r", flags=0x100))).unread[0].why is UnreadReason.ENCRYPTED
    streams = word("text\r")
    streams["1Table"] = b"\x07" * 20
    assert content_of(compound(streams)).unread[0].why is UnreadReason.MALFORMED


def test_fields_keep_result_and_code() -> None:
    """A field gives what it shows, and its code behind that."""
    assert readable("see \x13REF x\x14Table 1\x15 and \x13NESTED \x13A\x14b\x15\x14c\x15\r") == "see Table 1 REF x and c NESTED b A"


def test_slides_and_what_they_embed() -> None:
    """Texts of slides come out, and packed objects are opened."""
    inner = compound({"\x01Ole10Native": native(b"people.csv", CSV)})
    packed = struct.pack("<I", len(inner)) + zlib.compress(inner)
    slides = atom(0x03E8, atom(0x0FA0, "Mean age".encode("utf-16-le")) + atom(0x0FA8, b"in 2020\rand 2021"), version=0xF)
    content = content_of(compound({"PowerPoint Document": slides + atom(0x1011, packed, version=0x10)}))
    assert content.file_type.label == "ppt"
    assert "Mean age" in all_text(content)
    assert "P00039 F 59" in all_text(content).replace(",", " ")
    assert any(oddity.kind is OddityKind.EMBEDDED_OBJECT for oddity in content.oddities)


def test_messages_with_attachments() -> None:
    """Subject, body, packed rich text and attachments of a message are read."""
    rich = b"{\\rtf1\\ansi Hidden in rich text\\par}"
    raw = struct.pack("<II4sI", len(rich) + 12, len(rich), b"MELA", 0) + rich
    streams = {
        "__substg1.0_0037001F": "Numbers".encode("utf-16-le"),
        "__substg1.0_1000001E": b"See below",
        "__substg1.0_10090102": raw,
        "__attach_version1.0_#00000000/__substg1.0_37010102": CSV + b"\n" + CSV[12:] * 8,
    }
    text = all_text(content_of(compound(streams)))
    assert "Numbers" in text
    assert "See below" in text
    assert "Hidden in rich text" in text
    assert "P00039" in text


def test_rich_text_of_messages_unpacks() -> None:
    """Packed rich text, with references back into what came before, unpacks."""
    data = bytes.fromhex("2d0000002b0000004c5a4675f1c5c7a703000a00726370673132354232 0af86c 20627c".replace(" ", ""))
    assert unpacked_rtf(data).startswith(b"{\\rtf1\\ansi")
    with pytest.raises(Malformed):
        unpacked_rtf(b"\x00" * 8 + b"ABCD")


def test_packages_and_objects_of_the_first_kind() -> None:
    """Files packed into objects come out whole; other bytes stay as they are."""
    packed = native(b"a.csv", CSV)
    assert native_file(packed) == ("a.csv", CSV)
    assert native_file(packed[:40]) is None
    first = struct.pack("<III", 0x501, 2, 8) + b"Package\x00" + struct.pack("<III", 0, 0, len(packed) - 4) + packed[4:]
    assert first_object(first) == CSV
    assert first_object(b"short") == b"short"


def test_free_sectors_and_macros_and_pictures() -> None:
    """What stands in free sectors is read; macros are named; pictures are figures."""
    png = io.BytesIO()
    from PIL import Image

    Image.new("RGB", (9, 9), "red").save(png, "PNG")
    streams = {**word("text\r"), "Macros/VBA/dir": b"\x01macro", "Pictures": b"\x00" * 25 + png.getvalue()}
    content = content_of(compound(streams, spare=CSV[:500]))
    assert "P00010" in all_text(content)
    kinds = {oddity.kind for oddity in content.oddities}
    assert {OddityKind.MACRO, OddityKind.HIDDEN_TEXT} <= kinds
    assert any(part.part_id.endswith("picture1") for part in content.parts)


def test_embedded_workbooks_are_opened() -> None:
    """A package stream holds a file of its own, which is read."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("people.csv", CSV)
    assert "P00039" in all_text(content_of(compound({"Package": out.getvalue(), "\x01CompObj": b"Excel worksheet"})))


@given(st.integers(0, 2**32), st.integers(1, 12))
def test_damage_never_crashes(seed: int, flips: int) -> None:
    """Flipped and missing bytes end in parts or gaps, never in an error."""
    dice = random.Random(seed)
    data = bytearray(
        compound({**word("a\x07b\x07\x07"), "PowerPoint Document": atom(0x0FA0, b"t\x00"), "\x01Ole10Native": native(b"x", CSV[:90])})
    )
    for _ in range(flips):
        data[dice.randrange(len(data))] = dice.randrange(256)
    content = content_of(bytes(data[: dice.randrange(len(data) // 2, len(data))]))
    assert content.parts or content.unread
