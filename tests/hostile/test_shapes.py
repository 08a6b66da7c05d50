"""Files that are too wide, too long or too deep, and texts on which careless patterns take for ever."""

from __future__ import annotations

import io
import json
import struct
import zipfile
from collections.abc import Callable

import pytest

from sdc_airlock.model.decision import Outcome

DEEP = 100_000


def columns() -> bytes:
    header = ",".join(f"c{number}" for number in range(1_000_000))
    row = ",".join(["1"] * 1_000_000)
    return f"{header}\n{row}\n{row}\n".encode()


def matryoshka(levels: int) -> bytes:
    data = b"a,b\n1,2\n"
    for _ in range(levels):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            archive.writestr("inner.zip", data)
        data = out.getvalue()
    return data


def rtf() -> bytes:
    return b"{\\rtf1 " + b"{\\b " * DEEP + b"x" + b"}" * DEEP + b"}"


def pdf(body: bytes) -> bytes:
    objects = [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>", body]
    out = b"%PDF-1.7\n" + b"".join(b"%d 0 obj%s endobj\n" % (number, each) for number, each in enumerate(objects, 1))
    return out + b"trailer<</Root 1 0 R/Size 4>>\n%%EOF\n"


def multipart() -> bytes:
    text = b"Content-Type: text/plain\n\nhello\n"
    for level in range(300):
        text = b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (level, level) + text + b"\n--b%d--\n" % level
    return b"From: a@example.org\nTo: b@example.org\nSubject: x\nDate: Mon, 1 Jan 2024 00:00:00 +0000\n" + text


def rds() -> bytes:
    """Lists in lists, one item each."""
    return b"X\n" + struct.pack(">3I", 2, 0x00040000, 0x00020300) + struct.pack(">2I", 19, 1) * DEEP + struct.pack(">I", 254)


def pairs() -> bytes:
    """One pair list in R, its cells on the left."""
    return b"X\n" + struct.pack(">3I", 2, 0x00040000, 0x00020300) + struct.pack(">I", 2) * DEEP + struct.pack(">I", 254)


def pickled() -> bytes:
    return b"\x80\x02" + b"(" * DEEP + b"N" + b"t" * DEEP + b"."


def loop_of_directories() -> bytes:
    """A TIFF whose directory leads to itself."""
    return b"II*\0" + struct.pack("<IH", 8, 1) + struct.pack("<HHII", 256, 4, 1, 10) + struct.pack("<I", 8)


def notebook() -> bytes:
    cell = {"cell_type": "markdown", "metadata": {}, "source": ["> " * 2_000 + "x\n"] * 10}
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [cell] * 20}).encode()


WIDE: dict[str, tuple[str, Callable[[], bytes]]] = {
    "a million columns": ("a.csv", columns),
    "one long line": ("a.csv", lambda: b"1," * (24 << 20)),
    "one long word": ("a.txt", lambda: b"x" * (40 << 20)),
    "a cell without end": ("a.csv", lambda: b'a,b\n1,"' + b"x" * (8 << 20)),
    "lines without text": ("a.csv", lambda: b"\n" * 500_000),
    "deep JSON": ("a.json", lambda: b"[" * DEEP + b"]" * DEEP),
    "deep JSON objects": ("a.json", lambda: b'{"a":' * DEEP + b"1" + b"}" * DEEP),
    "deep YAML": ("a.yaml", lambda: b"a: " + b"[" * DEEP + b"]" * DEEP),
    "deep YAML blocks": ("a.yaml", lambda: b"\n".join(b" " * level + b"a:" for level in range(2_000))),
    "deep TOML": ("a.toml", lambda: b"a = " + b"[" * DEEP + b"]" * DEEP),
    "deep HTML": ("a.html", lambda: b"<html><body>" + b"<div>" * DEEP + b"x"),
    "deep tables of HTML": ("a.html", lambda: b"<html><body>" + b"<table><tr><td>" * 20_000 + b"x"),
    "deep XML": ("a.xml", lambda: b"<?xml version='1.0'?>" + b"<a>" * DEEP + b"</a>" * DEEP),
    "deep SVG": ("a.svg", lambda: b"<svg xmlns='http://www.w3.org/2000/svg'>" + b"<g>" * DEEP + b"</g>" * DEEP + b"</svg>"),
    "deep rich text": ("a.rtf", rtf),
    "deep arrays of a PDF": ("a.pdf", lambda: pdf(b"<</Type/Page/Parent 2 0 R/A " + b"[" * DEEP + b"]" * DEEP + b">>")),
    "pages of a PDF that hold themselves": ("a.pdf", lambda: pdf(b"<</Type/Pages/Parent 2 0 R/Count 1/Kids[2 0 R 3 0 R]>>")),
    "deep mail": ("a.eml", multipart),
    "zip in zip, forty deep": ("a.zip", lambda: matryoshka(40)),
    "deep R": ("a.rds", rds),
    "deep pairs of R": ("a.rds", pairs),
    "deep pickle": ("a.pkl", pickled),
    "a TIFF that leads to itself": ("a.tif", loop_of_directories),
    "deep quotations": ("a.ipynb", notebook),
}

# what a pattern with a repeat inside a repeat would try in every way
SLOW = {
    "quotation marks": b'"' * 300_000,
    "quotation marks and commas": b'",' * 200_000,
    "commas": b"," * 500_000,
    "spaces": b" " * 500_000 + b"x",
    "tabs": b"\t" * 500_000 + b"x",
    "digits": b"1" * 500_000,
    "digits and points": b"1." * 250_000,
    "digits and spaces": b"1 " * 250_000,
    "digits and dashes": b"1-" * 250_000,
    "signs": b"-" * 500_000,
    "letters and at signs": b"a@" * 250_000,
    "letters and points": b"a." * 250_000,
    "addresses": b"a.a@a." * 80_000,
    "angles": b"<" * 300_000,
    "angles and exclamations": b"<!--" * 100_000,
    "square brackets": b"[" * 300_000,
    "links": b"[](" * 100_000,
    "pictures": b"![" * 150_000,
    "parentheses": b"(" * 300_000,
    "braces": b"{" * 300_000,
    "backslashes": b"\\" * 300_000,
    "beginnings": b"\\begin{tabular}" * 20_000,
    "ampersands": b"&" * 300_000,
    "entities": b"&amp;" * 80_000,
    "per cent": b"%41" * 120_000,
    "equals": b"=3D" * 120_000,
    "base64": b"QUJD" * 100_000,
    "almost base64": (b"QUJD" * 19 + b"\n") * 5_000 + b"!",
    "hex": b"4a" * 200_000,
    "hex with spaces": b"4a " * 120_000,
    "pipes": b"|" * 300_000,
    "table lines": b"|-" * 150_000,
    "underscores": b"_*" * 150_000,
    "backticks": b"`" * 300_000,
    "hashes": b"#" * 300_000,
    "quotations": b">" * 300_000,
    "colons": b"a:" * 150_000,
    "keys and values": b"a=" * 150_000,
    "slashes": b"/" * 300_000,
    "data addresses": b"data:;base64," * 8_000,
    "inserts": b"INSERT INTO t VALUES (" * 15_000,
    "tuples": b"(1,(" * 80_000,
    "lists in code": b"x = [" * 60_000,
    "calls in code": b"data.frame(" * 30_000,
    "alleles": b"0/1\t" * 100_000,
    "letters of sequences": b"ACGT" * 100_000,
    "returns": b"\r" * 300_000,
    "zero bytes": b"\0" * 300_000,
    "zero widths": "\u200b\u200c".encode() * 60_000,
    "combining marks": ("a" + "\u0301" * 100_000).encode(),
    "capitals and dots": b"A. " * 100_000,
    "uuencode": b"begin 644 x\n" * 20_000,
    "quoted-printable": b"=\n" * 100_000,
    "dates": b"2020-01-01T" * 30_000,
    "postcodes": b"AB1 " * 80_000,
    "numbers of people": b"n = 3 (" * 40_000,
    "headers of mail": b"Subject: x\n" * 30_000,
    "rst lines": b"=== === \n" * 30_000,
    "yaml anchors": b"- &a *a\n" * 30_000,
    "toml tables": b"[[a]]\n" * 40_000,
    "ini": b"[a]\nb=1\n" * 30_000,
}
HEADS = {
    ".txt": b"",
    ".md": b"# Title\n\nSome words.\n\n",
    ".csv": b"a,b\n1,2\n",
    ".html": b"<!DOCTYPE html><html><body><p>",
    ".json": b'{"a": "',
    ".py": b"import os\n\ndef f(x):\n    return x\n\n",
    ".tex": b"\\documentclass{article}\\begin{document}\n",
    ".log": b"2024-01-01 00:00:00 INFO started\n",
}


@pytest.mark.parametrize("shape", WIDE)
def test_a_shape_is_read_or_held(verdict, shape: str) -> None:
    """Width, length and depth break nothing: each file is judged in its time, and what was not read is said."""
    name, build = WIDE[shape]
    found = verdict(build(), name)
    assert not found.assessment.failure
    assert not [run.error for run in found.assessment.runs if run.error]


@pytest.mark.parametrize("text", SLOW)
def test_no_pattern_takes_for_ever(watched, tmp_path, thorough, text: str) -> None:
    """Texts that repeat one sign are read in their time, whatever kind of text they begin as."""
    heads = list(HEADS) if thorough else [sorted(HEADS)[sum(text.encode()) % len(HEADS)]]
    for ending in heads:
        repeated = SLOW[text] if thorough else SLOW[text][: len(SLOW[text]) // 3]
        (tmp_path / f"a{ending}").write_bytes(HEADS[ending] + repeated)
    result = watched.judge(tmp_path)
    assert len(result.assessments) == len(heads)
    slow = [each.path for each in result.assessments if "file_seconds" in {gap.limit_name for gap in each.unread}]
    broken = [(each.path, run.check_id, run.error) for each in result.assessments for run in each.runs if run.error]
    assert (slow, broken, [each.failure for each in result.assessments if each.failure]) == ([], [], [])
    assert all(decision.outcome in Outcome for decision in result.decisions)
