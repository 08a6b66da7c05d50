"""Encodings told from bytes."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdc_airlock.identify import decode, sniff_encoding

TEXT = "région;effectif\nîle;12\n" * 10


@pytest.mark.parametrize(
    ("data", "name", "bom"),
    [
        (TEXT.encode(), "utf-8", 0),
        (TEXT.encode("utf-8-sig"), "utf-8", 3),
        (TEXT.encode("utf-16"), "utf-16-le", 2),
        (b"\xfe\xff" + TEXT.encode("utf-16-be"), "utf-16-be", 2),
        (TEXT.encode("utf-16-le"), "utf-16-le", 0),
        (TEXT.encode("utf-16-be"), "utf-16-be", 0),
        (TEXT.encode("utf-32"), "utf-32-le", 4),
        (TEXT.encode("utf-32-be"), "utf-32-be", 0),
        (TEXT.encode("latin-1"), "latin-1", 0),
        ("price \x80 5\n".encode("latin-1") * 5, "cp1252", 0),
        (b"plain\n", "utf-8", 0),
        (b"", "", 0),
    ],
)
def test_known_encodings(data: bytes, name: str, bom: int) -> None:
    """The codec and the length of the byte-order mark are told."""
    found = sniff_encoding(data)
    assert (found.name, found.bom_bytes) == (name, bom)


def test_a_character_cut_off_at_the_end_is_dropped() -> None:
    """The sample may end within a character."""
    assert decode("né".encode()[:-1])[0] == "n"


def test_nul_bytes_in_text_are_noted_and_removed() -> None:
    """A few NUL bytes, or padding with them, do not make text binary, and are said."""
    text, encoding, notes = decode(b"a,b\n1,2\n" * 50 + b"\0" * 100)
    assert text == "a,b\n1,2\n" * 50
    assert encoding.text
    assert "NUL bytes" in notes


def test_random_bytes_are_no_text() -> None:
    """High-entropy bytes have no encoding."""
    assert not sniff_encoding(random.Random(2).randbytes(4000)).text


def test_a_mark_before_binary_data_is_no_promise() -> None:
    """A byte-order mark in front of noise does not make it text."""
    assert not sniff_encoding(b"\xff\xfe" + random.Random(3).randbytes(4000)).text


@given(st.text(alphabet=st.characters(codec="utf-8", categories=["L", "N", "P", "Zs"]), min_size=1, max_size=200))
def test_utf8_text_survives(text: str) -> None:
    """Whatever is valid UTF-8 comes back as it was."""
    assert decode(text.encode())[0] == text.removeprefix("\ufeff")
