"""How things are written, set, ordered and timed: people spelt in it are found in every format; ordinary documents are not."""

from __future__ import annotations

import io
import json
import random
import tarfile
import zipfile

import numpy as np
import pytest
from PIL import Image

from sdc_airlock.identify import identify
from sdc_airlock.limits import Limits
from sdc_airlock.model.content import Content, Table
from sdc_airlock.readers import read
from sdc_airlock.source import Source

PEOPLE = np.random.default_rng(3).binomial(2, np.random.default_rng(4).uniform(0.06, 0.5, 30), (40, 30)).tolist()
DICE = random.Random(5)
LIKE = [[DICE.choices(range(3), (8, 1, 1))[0] for _ in range(30)] for _ in range(40)]
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
States = list[list[int]]


def content_of(data: bytes, name: str) -> Content:
    """What the registered readers make of a file."""
    source = Source.of_bytes(data, part_id=name, name=name)
    return read(source, identify(source), file_id="0" * 64, limits=Limits())


def spelt(data: bytes | str, name: str) -> bool:
    """True where the way a file is written comes out as a table of codes."""
    content = content_of(data.encode() if isinstance(data, str) else data, name)
    return any(isinstance(part, Table) and part.title in ("looks of like things", "lengths of lines") for part in content.parts)


def docx(body: str) -> bytes:
    """A document of Word."""
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{TYPES}"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{MAIN}"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{RELATIONS}"><Relationship Id="r1" Type="{OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>',
        "word/document.xml": f'<w:document xmlns:w="{WORD}"><w:body>{body}</w:body></w:document>',
    }
    return zipped([(name, text.encode(), (1980, 1, 1, 0, 0, 0)) for name, text in parts.items()])


def zipped(members: list[tuple[str, bytes, tuple[int, ...]]]) -> bytes:
    """A zip of names, bytes and times."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data, when in members:
            archive.writestr(zipfile.ZipInfo(name, when), data)
    return buffer.getvalue()


def shaded(states: States) -> bytes:
    """Shades of the cells of a table."""
    cell = '<w:tc><w:tcPr><w:shd w:fill="{}"/></w:tcPr><w:p/></w:tc>'
    rows = ("".join(cell.format(("FFFFFF", "FFD966", "C00000")[value]) for value in row) for row in states)
    return docx(f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in rows)}</w:tbl>")


def letters(states: States) -> bytes:
    """Bold and slanted letters of a text."""
    run = "<w:r><w:rPr>{}</w:rPr><w:t>{}</w:t></w:r>"
    words = "there was no difference between the arms of the study at any visit"
    rows = ("".join(run.format(("", "<w:b/>", "<w:i/>")[value], words[place]) for place, value in enumerate(row)) for row in states)
    return docx("".join(f"<w:p>{row}</w:p>" for row in rows))


def latex(states: States) -> str:
    """Colours of empty cells of LaTeX."""
    rows = "\n".join(" & ".join(f"\\cellcolor{{{('white', 'red!25', 'red!75')[value]}}}" for value in row) + " \\\\" for row in states)
    return f"\\documentclass{{article}}\\begin{{document}}\n\\begin{{tabular}}{{{'c' * 30}}}\n{rows}\n\\end{{tabular}}\n\\end{{document}}\n"


def path(states: States) -> str:
    """Steps of paths."""
    lines = ("".join(f"h3v{value}" for value in row) for row in states)
    drawn = "".join(f'<path fill="none" d="M40 {10 + number}{line}"/>' for number, line in enumerate(lines))
    return f'<svg xmlns="http://www.w3.org/2000/svg" width="400" height="300">{drawn}</svg>'


def runs(states: States) -> str:
    """Numbers of runs of the cells of a notebook."""
    cells = [
        {"cell_type": "code", "metadata": {}, "execution_count": value + 1, "source": "fit()", "outputs": []}
        for row in states
        for value in row
    ]
    return json.dumps({"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": cells})


def names(states: States) -> str:
    """Names of the cells of a notebook."""
    cells = [
        {
            "cell_type": "code",
            "id": "".join("abc"[value] for value in row),
            "metadata": {},
            "execution_count": 1,
            "source": "fit()",
            "outputs": [],
        }
        for row in states
    ]
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells})


def frames(states: States) -> bytes:
    """How long the frames of a moving picture stand."""
    flat = [value for row in states[:30] for value in row[:20]]
    pictures = [Image.new("RGB", (2, 2), (place % 251, place % 7 * 30, 0)) for place in range(len(flat))]
    buffer = io.BytesIO()
    pictures[0].save(buffer, "GIF", save_all=True, append_images=pictures[1:], duration=[40 + 10 * value for value in flat])
    return buffer.getvalue()


def times(states: States) -> bytes:
    """Times of the members of a zip."""
    flat = [value for row in states[:30] for value in row[:20]]
    return zipped([(f"{place}.txt", b"ok\n", (2024, 5, 1, 9, 0, 2 * value)) for place, value in enumerate(flat)])


def owners(states: States) -> bytes:
    """Owners of the members of a tar."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for place, row in enumerate(states):
            about = tarfile.TarInfo(f"{place}.txt")
            about.uname = "".join("abc"[value] for value in row)
            archive.addfile(about)
    return buffer.getvalue()


def cells(ways: tuple[str, str, str], states: States) -> str:
    """Numbers of one table, each written in one of three ways."""
    rows = (
        ",".join(ways[value].format((number * 97 + place * 31) % 89 + 10) for place, value in enumerate(row))
        for number, row in enumerate(states)
    )
    return ",".join(f"y{place}" for place in range(30)) + "\n" + "\n".join(rows) + "\n"


def lengths(states: States) -> str:
    """Lengths of lines of one mark."""
    return "".join("=" * (10 + value) + "\n" for row in states for value in row)


WAYS = {
    "shades of cells": (shaded, "a.docx"),
    "bold and slanted letters": (letters, "a.docx"),
    "colours of latex": (latex, "a.tex"),
    "steps of paths": (path, "a.svg"),
    "runs of a notebook": (runs, "a.ipynb"),
    "names of cells": (names, "a.ipynb"),
    "frames": (frames, "a.gif"),
    "times of members": (times, "a.zip"),
    "owners of members": (owners, "a.tar"),
    "trailing noughts": (lambda states: cells(("0.{}", "0.{}0", "0.{}00"), states), "a.csv"),
    "exponents": (lambda states: cells(("{}", "{}.0", "{}.0e+00"), states), "a.csv"),
    "quotes": (lambda states: cells(("{}", '"{}"', "'{}'"), states), "a.csv"),
    "blanks": (lambda states: cells(("{}", "{} ", "{}  "), states), "a.csv"),
    "lengths of lines": (lengths, "a.txt"),
}


@pytest.mark.parametrize("how", WAYS)
def test_people_in_the_way_of_writing(how: str) -> None:
    """People that nothing but the way of writing tells are laid out as states."""
    write, name = WAYS[how]
    assert spelt(write(PEOPLE), name)


@pytest.mark.parametrize("how", [how for how in WAYS if how not in ("frames", "times of members")])
def test_ways_without_people(how: str) -> None:
    """The same ways, drawn with one share of each in all places, are no people."""
    write, name = WAYS[how]
    assert not spelt(write(LIKE), name)


def packed(states: States, mask: int = 0) -> bytes:
    """Four states a byte."""
    quads = np.pad(np.array(states, dtype=np.uint8), ((0, 0), (0, 2))).reshape(len(states), -1, 4)
    return bytes(np.asarray((quads << np.arange(0, 8, 2, dtype=np.uint8)).sum(axis=2), dtype=np.uint8).ravel() ^ mask)


def npy(array: np.ndarray) -> bytes:
    """An array with its header."""
    buffer = io.BytesIO()
    np.save(buffer, array)
    return buffer.getvalue()


def planes(states: States) -> bytes:
    """The lower and the upper bits of all states, one after the other."""
    array = np.array(states)
    return npy(np.stack([np.packbits(array >> bit & 1, axis=1) for bit in (0, 1)]))


BYTES = {
    "a byte a state": (lambda states: b"\x00\x01\x02" + bytes(value for row in states for value in row), "a.bin"),
    "two bits": (packed, "a.bin"),
    "two bits under a mask": (lambda states: packed(states, 0x5A), "a.bin"),
    "planes of bits": (planes, "a.npy"),
}


@pytest.mark.parametrize("how", BYTES)
def test_people_in_bytes(how: str) -> None:
    """Bytes without a format, and planes of an array, are laid out as states where they spell people; random ones are not."""
    write, name = BYTES[how]
    noise = np.random.default_rng(8).integers(0, 3, (40, 30)).tolist()
    states = [
        any(isinstance(part, Table) and part.title == "states in bytes" for part in content_of(write(rows), name).parts)
        for rows in (PEOPLE, noise)
    ]
    assert states == [True, False]


def test_colours_have_no_order() -> None:
    """A picture with a pixel a person and marker is people, whichever of its colours is brightest."""
    for order in ((0, 1, 2), (1, 2, 0), (2, 0, 1)):
        buffer = io.BytesIO()
        Image.fromarray(np.array([20, 120, 220], dtype=np.uint8)[np.array(order)[np.array(PEOPLE)]]).save(buffer, "PNG")
        parts = content_of(buffer.getvalue(), "map.png").parts
        assert any(isinstance(part, Table) and "!pixels" in part.part_id for part in parts)
