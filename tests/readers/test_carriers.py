"""Text as a carrier: data in every notation and every channel, inside every kind of text, and look-alikes that stay quiet."""

from __future__ import annotations

import base64
import binascii
import bz2
import codecs
import gzip
import html
import io
import json
import lzma
import random
import struct
import tarfile
import zlib
from collections.abc import Callable
from urllib.parse import quote

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdc_airlock.identify import identify
from sdc_airlock.limits import Limits
from sdc_airlock.model.content import Content, Grid, OddityKind, Table
from sdc_airlock.readers import read
from sdc_airlock.readers._reveal import readable, reveal
from sdc_airlock.readers._symbols import message
from sdc_airlock.source import Source

CHANCE = random.Random(4)
ROWS = [
    ("1234567", "F", "61", "I10"),
    *((str(CHANCE.randrange(10**6, 10**7)), CHANCE.choice("MF"), str(CHANCE.randrange(18, 90)), "E11") for _ in range(60)),
]
CSV = ("id,sex,age,code\n" + "".join(",".join(row) + "\n" for row in ROWS)).encode()
PROSE = "We fitted a model of blood pressure and describe the results below.\n\n"


def opened(text: str | bytes, name: str = "notes.txt") -> Content:
    """What the readers say of a text."""
    data = text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")
    source = Source.of_bytes(data, part_id=name, name=name)
    return read(source, identify(source), file_id="", limits=Limits())


def found(content: Content) -> bool:
    """True where the rows came out as cells."""
    for part in content.parts:
        if isinstance(part, Grid) and any(row == ROWS[0] for row in part.rows):
            return True
        if isinstance(part, Table) and any("1234567" in map(str, column.values.to_pylist()) for column in part.columns):
            return True
    return False


def lines(letters: str, width: int) -> str:
    """Letters in lines of one width."""
    return "\n".join(letters[place : place + width] for place in range(0, len(letters), width))


def b64(data: bytes) -> str:
    """Base64 on one line."""
    return base64.b64encode(data).decode()


def around(before: str, letters: str, after: str, width: int = 60) -> str:
    """Lines of letters with the same words around each."""
    return "\n".join(before + line + after for line in lines(letters, width).split("\n"))


def uu(data: bytes) -> str:
    """The notation of uuencode."""
    body = "".join(binascii.b2a_uu(data[place : place + 45]).decode() for place in range(0, len(data), 45))
    return f"begin 644 f\n{body}`\nend\n"


def yenc(data: bytes) -> str:
    """Bytes as yEnc writes them, one letter each."""
    body = "".join(chr((byte + 42) % 256) if (byte + 42) % 256 not in (0, 10, 13, 61) else "=" + chr((byte + 106) % 256) for byte in data)
    return f"=ybegin line=128 size={len(data)} name=f\n{body}\n=yend size={len(data)}\n"


def xxd(data: bytes) -> str:
    """A dump with places and letters at its sides."""
    out = []
    for place in range(0, len(data), 16):
        row = data[place : place + 16]
        shown = "".join(chr(byte) if 32 <= byte < 127 else "." for byte in row)
        pairs = " ".join(row[at : at + 2].hex() for at in range(0, len(row), 2))
        out.append(f"{place:08x}: {pairs:<39}  {shown}")
    return "\n".join(out)


def words(data: bytes, form: str, places: str) -> str:
    """A dump of little-endian words."""
    data += bytes(len(data) % 2)
    out = []
    for place in range(0, len(data), 16):
        row = struct.unpack_from(f"<{len(data[place : place + 16]) // 2}H", data, place)
        out.append(format(place, places) + " " + " ".join(format(word, form) for word in row))
    return "\n".join(out)


def bits(data: bytes) -> str:
    """All bits, the highest first."""
    return "".join(f"{byte:08b}" for byte in data)


def wide(text: str) -> str:
    """Letters, digits and marks in the forms that stand as wide as they are high."""
    return "".join(chr(ord(letter) + 0xFEE0) if "!" <= letter <= "~" else letter for letter in text)


NOTATIONS: dict[str, Callable[[bytes], str]] = {
    "base64": b64,
    "base64 wrapped": lambda data: lines(b64(data), 76),
    "base64 in short lines": lambda data: lines(b64(data), 24),
    "base64 for addresses": lambda data: base64.urlsafe_b64encode(data).decode().rstrip("="),
    "base64 behind comment marks": lambda data: around("# ", b64(data), ""),
    "base64 in added strings": lambda data: around('x += "', b64(data), '"'),
    "base64 in a list": lambda data: "x = [" + ", ".join(f'"{line}"' for line in lines(b64(data), 24).split("\n")) + "]",
    "base64 backwards": lambda data: b64(data)[::-1],
    "base64 shifted": lambda data: codecs.encode(b64(data), "rot13"),
    "base64 twice": lambda data: b64(b64(data).encode()),
    "base32": lambda data: base64.b32encode(data).decode(),
    "base32 wrapped": lambda data: lines(base64.b32encode(data).decode(), 64),
    "base85": lambda data: base64.b85encode(data).decode(),
    "base85 wrapped": lambda data: lines(base64.b85encode(data).decode(), 76),
    "Ascii85": lambda data: base64.a85encode(data, adobe=True, wrapcol=72).decode(),
    "Ascii85 without marks": lambda data: base64.a85encode(data, wrapcol=72).decode(),
    "hexadecimal": lambda data: data.hex(),
    "hexadecimal capitals": lambda data: data.hex().upper(),
    "hexadecimal wrapped": lambda data: lines(data.hex(), 40),
    "hexadecimal apart": lambda data: lines(data.hex(" "), 48),
    "dump of xxd": xxd,
    "dump of od": lambda data: words(data, "06o", "07o"),
    "dump of hexdump": lambda data: words(data, "04x", "07x"),
    "uuencode": uu,
    "escapes": lambda data: 'x = b"' + "".join(f"\\x{byte:02x}" for byte in data) + '"',
    "octal escapes": lambda data: 'x = "' + "".join(f"\\{byte:03o}" for byte in data) + '"',
    "Unicode escapes": lambda data: 'x = "' + "".join(f"\\u{byte:04x}" for byte in data) + '"',
    "a literal of bytes": lambda data: f"x = {data!r}",
    "list of numbers": lambda data: "x = bytes([" + ", ".join(map(str, data)) + "])",
    "list of hexadecimal numbers": lambda data: "x <- as.raw(c(" + ", ".join(map(hex, data)) + "))",
    "binary digits": lambda data: lines(bits(data), 64),
    "percent": lambda data: "".join(f"%{byte:02X}" for byte in data),
    "percent where needed": quote,
    "entities": lambda data: "".join(f"&#{byte};" for byte in data),
    "hexadecimal entities": lambda data: "".join(f"&#x{byte:x};" for byte in data),
    "quoted-printable": lambda data: "".join(f"={byte:02X}" for byte in data),
    "data address": lambda data: "data:application/octet-stream;base64," + b64(data),
    "plain data address": lambda data: "data:text/plain," + "".join(f"%{byte:02x}" for byte in data),
    "no width, two kinds": lambda data: "Sum" + bits(data).replace("0", "\u200b").replace("1", "\u200c") + "mary",
    "no width, four kinds": lambda data: "Sum" + "".join("\u200b\u200c\u200d\u2060"[byte >> place & 3] for byte in data for place in (6, 4, 2, 0)),
    "no width, parted": lambda data: "Sum" + "\u200d".join(f"{byte:b}".replace("0", "\u200b").replace("1", "\u200c") for byte in data),
    "tag characters": lambda data: "Sum" + "".join(chr(0xE0000 + byte) for byte in data),
    "variation selectors": lambda data: "Sum" + "".join(chr(0xFE00 + byte if byte < 16 else 0xE0100 + byte - 16) for byte in data),
    "Braille": lambda data: "".join(chr(0x2800 + byte) for byte in data),
    "blanks at ends of lines": lambda data: "\n".join("A line of words" + bits(bytes([byte])).replace("0", " ").replace("1", "\t") for byte in data),
    "a blank or none": lambda data: "\n".join("A line of words" + " " * (bit == "1") for bit in bits(data)),
    "nothing but blanks": lambda data: bits(data).replace("0", " ").replace("1", "\t"),
    "letters that look alike": lambda data: " ".join("o" if bit == "0" else "\u043e" for bit in bits(data)),
    "kinds of blanks": lambda data: "".join("word" + (" " if bit == "0" else "\u2009") for bit in bits(data)),
    "capitals": lambda data: "".join("a" if bit == "0" else "A" for bit in bits(data)),
    "letters of full width": lambda data: wide(data.decode()),
    "base64 in letters of full width": lambda data: wide(b64(data)),
    "line ends": lambda data: "".join("words" + ("\n" if bit == "0" else "\r\n") for bit in bits(data)),
    "one or two blanks": lambda data: "".join("word" + ("  " if bit == "1" else " ") for bit in bits(data)) + "end",
}  # fmt: skip


@pytest.mark.parametrize("notation", NOTATIONS)
def test_rows_are_read_whatever_carries_them(notation: str) -> None:
    """A table in any notation comes out as the table."""
    text = NOTATIONS[notation](CSV)
    content = opened(PROSE + text + "\n")
    assert found(content)


PACKED = {
    "gzip": gzip.compress,
    "zlib": zlib.compress,
    "deflate": lambda data: zlib.compress(data)[2:-4],
    "bzip2": bz2.compress,
    "xz": lzma.compress,
    "LZMA": lambda data: lzma.compress(data, lzma.FORMAT_ALONE),
}
SHIFTING = {
    "list of numbers",
    "percent where needed",
    "no width, four kinds",
    "variation selectors",
    "escapes",
    "data address",
    "base64",
    "base85",
}


@pytest.mark.parametrize("notation", sorted(SHIFTING))
@pytest.mark.parametrize("packing", PACKED)
def test_compressed_rows_are_read(notation: str, packing: str) -> None:
    """What is compressed before it is encoded is read too."""
    assert found(opened(PROSE + NOTATIONS[notation](PACKED[packing](CSV)) + "\n"))


def test_bytes_of_yenc_in_latin_letters() -> None:
    """Letters beyond ASCII are taken as bytes, in whatever encoding the file is."""
    assert found(opened((PROSE + yenc(CSV)).encode("latin-1")))


FRAMES: dict[str, Callable[[str], str]] = {
    "notes.md": lambda text: f"# Results\n\nWords.\n\n```\n{text}\n```\n",
    "comment.md": lambda text: f"# Results\n\n<!-- {text} -->\n\nWords.\n",
    "run.py": lambda text: f'import os\n\nDATA = """{text}"""\nprint(len(DATA))\n',
    "run.R": lambda text: f'library(stats)\nx <- "{text}"\nsummary(x)\n',
    "a.json": lambda text: json.dumps({"model": "glm", "note": text}),
    "a.yaml": lambda text: "model: glm\nnote: |\n" + "".join(f"  {line}\n" for line in text.split("\n")),
    "a.toml": lambda text: f'model = "glm"\nnote = """\n{text}\n"""\n',
    "a.xml": lambda text: f"<?xml version='1.0'?>\n<r><note>{html.escape(text)}</note></r>\n",
    "a.html": lambda text: f"<html><body><p>Words</p><pre>{html.escape(text)}</pre></body></html>",
    "a.svg": lambda text: f'<svg xmlns="http://www.w3.org/2000/svg"><desc>{html.escape(text)}</desc><rect width="5" height="5"/></svg>',
    "a.tex": lambda text: "\\documentclass{article}\n\\begin{document}\nWords.\n" + "".join(f"% {line}\n" for line in text.split("\n")) + "\\end{document}\n",
    "a.csv": lambda text: 'term,estimate,note\nage,0.1,"' + text.replace('"', '""') + '"\nsex,0.3,\nbmi,0.2,\n',
    "a.log": lambda text: f"2024-01-01 10:00:00 INFO start\n2024-01-01 10:00:01 INFO {text}\n2024-01-01 10:00:02 INFO end\n",
    "a.eml": lambda text: f"From: a@example.org\nTo: b@example.org\nSubject: Results\nMIME-Version: 1.0\nContent-Type: text/plain\n\nHello,\n\n{text}\n",
    "a.ipynb": lambda text: json.dumps(
        {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [{"cell_type": "markdown", "metadata": {}, "source": [text]}]}
    ),
}  # fmt: skip
INSIDE = ("base64 wrapped", "hexadecimal wrapped", "no width, two kinds", "tag characters", "base64 behind comment marks")


@pytest.mark.parametrize("name", FRAMES)
@pytest.mark.parametrize("notation", INSIDE)
def test_every_kind_of_text_is_searched(name: str, notation: str) -> None:
    """Code, markup, records, messages and notebooks carry like plain text does."""
    assert found(opened(FRAMES[name](NOTATIONS[notation](CSV)), name))


def test_rows_encoded_one_by_one_are_put_together() -> None:
    """Each record encoded by itself is no run, but all of them are."""
    text = "\n".join(b64(",".join(row).encode()) for row in ROWS)
    assert found(opened(PROSE + text))


def test_cells_of_a_column_carry_together() -> None:
    """A column of a typed table is searched like text."""
    out = pa.BufferOutputStream()
    pieces = lines(b64(gzip.compress(CSV)), 60).split("\n")
    table = pa.table({"gene": [f"G{row}" for row in range(len(pieces))], "note": pieces})
    with pa.ipc.new_file(out, table.schema) as writer:
        writer.write_table(table)
    assert found(opened(out.getvalue().to_pybytes(), "a.arrow"))


SHA = "\n".join(CHANCE.randbytes(20).hex() for _ in range(80))
QUIET = {
    "hashes": SHA,
    "hashes with names": "\n".join(f"{CHANCE.randbytes(32).hex()}  results_{row}.csv" for row in range(60)),
    "identifiers": "\n".join(f"{CHANCE.randbytes(4).hex()}-{CHANCE.randbytes(2).hex()}-4{CHANCE.randbytes(2).hex()[1:]}-a{CHANCE.randbytes(2).hex()[1:]}-{CHANCE.randbytes(6).hex()}" for _ in range(60)),
    "primers": "\n".join(f"P{row} " + "".join(CHANCE.choices("ACGT", k=24)) for row in range(60)),
    "protein": "\n".join("".join(CHANCE.choices("ACDEFGHIKLMNPQRSTVWY", k=60)) for _ in range(20)),
    "ages": ", ".join(str(CHANCE.randrange(18, 90)) for _ in range(300)),
    "counts": "\n".join(str(CHANCE.randrange(256)) for _ in range(300)),
    "address": "see https://example.org/search?q=blood%20pressure%20and%20age%3A%2018-90&sort=year%20of%20publication&page=2 for more",
    "paths": "\n".join(f"/data/project/analysis/results/chromosome_{row}/summary_statistics_{row:02d}.tsv" for row in range(60)),
    "Russian": "\u041c\u044b \u043f\u043e\u0441\u0442\u0440\u043e\u0438\u043b\u0438 \u043c\u043e\u0434\u0435\u043b\u044c \u0430\u0440\u0442\u0435\u0440\u0438\u0430\u043b\u044c\u043d\u043e\u0433\u043e \u0434\u0430\u0432\u043b\u0435\u043d\u0438\u044f \u0438 \u043e\u043f\u0438\u0441\u044b\u0432\u0430\u0435\u043c \u0440\u0435\u0437\u0443\u043b\u044c\u0442\u0430\u0442\u044b \u043d\u0438\u0436\u0435. " * 20,
    "Chinese": "我们建立了血压模型并在下面描述结果。" * 40,
    "Thai": "เราสร้างแบบจำลองความดันโลหิตและอธิบายผลลัพธ์ด้านล่าง" * 20,
    "Greek letters": "TNF\u03b1, IL-1\u03b2, \u03bcg per ml, \u0394\u03c8 and \u03c7\u00b2 tests. " * 20,
    "wide text": "\n".join(f"{name:<40}{CHANCE.random():>10.4f}" + " " * 8 for name in ("age", "sex", "bmi", "smoker") * 10),
    "camel case": "camelCaseName anotherVariableName someFunctionThatDoesThings " * 60,
    "minified code": "function a(b,c){return b.map(function(d){return d*c+1}).filter(Boolean)};" * 60,
    "mixed line ends": "".join(f"line of words {row}" + ("\r\n" if row % 3 else "\n") for row in range(400)),
    "matrix of states": "\n".join(" ".join(CHANCE.choices("01", k=30)) for _ in range(30)),
    "signature": "DKIM-Signature: v=1; a=rsa-sha256; d=example.org;\n b=" + lines(b64(CHANCE.randbytes(256)), 70).replace("\n", "\n ") + "\nSubject: x\n",
}  # fmt: skip


@pytest.mark.parametrize("name", QUIET)
def test_ordinary_text_is_quiet(name: str) -> None:
    """Checksums, sequences, numbers, addresses and other languages carry nothing."""
    odd = {oddity.kind for oddity in opened(PROSE + QUIET[name] + "\n").oddities}
    assert not odd & {OddityKind.ENCODED_BLOB, OddityKind.DISGUISED_TEXT, OddityKind.HIGH_ENTROPY}


def test_a_picture_in_a_page_is_quiet_and_a_table_that_claims_to_be_one_is_not() -> None:
    """What a data address claims is held against what it holds."""
    png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x08\0\0\0\0:~\x9bU\0\0\0\nIDATx\x9cc`\0\0\0\2\0\1H\xaf\xa4q\0\0\0\0IEND\xaeB`\x82"
    page = '<html><body><img src="data:image/png;base64,{}"></body></html>'
    assert OddityKind.ENCODED_BLOB not in {oddity.kind for oddity in opened(page.format(b64(png)), "a.html").oddities}
    text = PROSE + "data:image/png;base64," + b64(CSV)
    assert OddityKind.ENCODED_BLOB in {oddity.kind for oddity in opened(text).oddities}


def test_letters_of_two_alphabets_in_one_word_are_said() -> None:
    """Letters that look Latin and are not are odd inside Latin words, even where they carry nothing that can be read."""
    text = (
        "The p\u0430tient s\u0435t w\u0430s r\u0435duced and th\u0435 m\u043edel w\u0430s r\u0435fitted t\u043e th\u0435 c\u043ehort \u043ence m\u043ere. "
        * 3
    )
    assert OddityKind.DISGUISED_TEXT in {oddity.kind for oddity in opened(text).oddities}


def test_tabs_and_blanks_at_ends_of_lines_are_said() -> None:
    """No program ends its lines in a mixture of both."""
    text = "".join("words of a line" + "".join(CHANCE.choices(" \t", k=9)) + "\t \n" for _ in range(30))
    assert OddityKind.DISGUISED_TEXT in {oddity.kind for oddity in opened(text).oddities}


@given(st.binary(min_size=24, max_size=400))
def test_random_bytes_are_not_readable(data: bytes) -> None:
    """Only what is text passes for text."""
    if not all(byte in b"\t\n\r" or 32 <= byte < 127 for byte in data):
        assert not readable(data) or data.decode("utf-8", "ignore")


@given(st.lists(st.sampled_from("ab"), min_size=200, max_size=400))
def test_rows_of_symbols_say_nothing_by_chance(row: list[str]) -> None:
    """A random row of two symbols is no message."""
    assert message(row) == b"" or readable(message(row)) or reveal(message(row))


@pytest.mark.no_cover
@pytest.mark.parametrize(
    "text",
    ["x" * 60_000 + "a,b", "\\" * 50_000, "%41" * 20_000, "&#1;" * 20_000, " \t" * 50_000, "A" * 100_000, "0x1," * 30_000, "1 " * 50_000],
)
def test_long_runs_of_one_thing_cost_little(text: str) -> None:
    """What only looks like a notation is passed over in linear time."""
    assert opened(PROSE + text).parts


def _tar() -> bytes:
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w") as tar:
        entry = tarfile.TarInfo("rows.csv")
        entry.size = len(CSV)
        tar.addfile(entry, io.BytesIO(CSV))
    return archive.getvalue()


@pytest.mark.parametrize("encode", [lambda data: base64.b64encode(data).decode(), bytes.hex])
def test_uneven_bytes_of_any_type_in_letters(encode: Callable[[bytes], str]) -> None:
    """Zeros and small numbers encode to few different letters; what they are is read all the same."""
    assert found(opened(PROSE + encode(_tar()) + "\n"))
    states = struct.pack("<IIIII", 0, 3, 40, 0, 2) + b"G\0" + struct.pack("<120d", *(place % 3 for place in range(120)))
    content = opened(PROSE + encode(states) + "\n")
    assert any("!encoded1" in part.part_id for part in content.parts)


def test_octal_numbers_in_one_line() -> None:
    """Bytes as three octal digits each, on one line as in many."""
    assert found(opened(PROSE + " ".join(f"{byte:03o}" for byte in CSV) + "\n"))
