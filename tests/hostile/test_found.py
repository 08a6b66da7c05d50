"""Inputs that fuzzing and damaged files have shown to break something, each as small as it can be."""

from __future__ import annotations

import io
import struct
import zlib
from types import ModuleType

import pytest

from sdc_airlock.identify import identify
from sdc_airlock.limits import Limits
from sdc_airlock.model.content import Content, Grid, UnreadReason
from sdc_airlock.model.decision import Outcome
from sdc_airlock.readers import read
from sdc_airlock.readers._columns import is_number
from sdc_airlock.source import Source


def content_of(data: bytes, name: str) -> Content:
    """What the readers make of some bytes; an error that they let out fails the test."""
    source = Source.of_bytes(data, part_id=name, name=name)
    return read(source, identify(source), file_id="", limits=Limits())


@pytest.mark.usefixtures("ends")
@pytest.mark.parametrize("text", ["1" * 900_000 + "x", "\0" * 900_000 + "x", "." * 900_000 + "1e5x", "1e" * 400_000])
def test_long_words_are_told_from_numbers_at_once(text: str) -> None:
    """A long word of figures and signs is no number, and to see that takes no time."""
    assert not is_number(text)


def test_characters_beyond_unicode_are_a_gap() -> None:
    """A NumPy array of text may hold numbers that are no characters."""
    head = b"{'descr': '<U2', 'fortran_order': False, 'shape': (3,), }"
    head += b" " * (117 - len(head)) + b"\n"
    content = content_of(b"\x93NUMPY\1\0" + struct.pack("<H", len(head)) + head + b"\xff" * 24, "a.npy")
    assert [gap.why for gap in content.unread] == [UnreadReason.MALFORMED]


def test_an_encoding_that_nobody_knows_is_a_gap() -> None:
    """An XML declaration may name any encoding."""
    content = content_of(b"<?xml version='1.0' encoding='UTF-9'?><PMML xmlns='http://www.dmg.org/PMML-4_4'><Header/></PMML>", "a.pmml")
    assert UnreadReason.MALFORMED in {gap.why for gap in content.unread}


def test_words_of_an_orc_that_are_no_utf_8_are_a_gap() -> None:
    """ORC keeps words as bytes; those that are no text are said, and break nothing later."""
    import pyarrow as pa
    from pyarrow import orc

    out = io.BytesIO()
    words = pa.array([f"word{number}" for number in range(20)])
    orc.write_table(pa.table({"word": words}), out, compression="uncompressed", dictionary_key_size_threshold=0)
    data = out.getvalue()
    assert content_of(data, "a.orc").complete
    assert not content_of(data.replace(b"word7", b"wor\xff7", 1), "a.orc").complete


def test_an_error_in_a_compressed_page_is_a_gap(samples: ModuleType) -> None:
    """Viewers show a page up to the error; what follows it is lost, and that is said."""
    data = samples.BINARIES["people.pdf"](samples.people())
    place = data.index(b"stream\n") + 300
    content = content_of(data[:place] + bytes(byte ^ 0xFF for byte in data[place : place + 8]) + data[place + 8 :], "a.pdf")
    assert "an error in them" in " ".join(gap.detail for gap in content.unread)


def test_a_wrong_sum_of_a_compressed_page_is_none(samples: ModuleType) -> None:
    """Some programs leave the sum at the end of a stream away, and nothing is lost by it."""
    data = samples.BINARIES["people.pdf"](samples.people())
    place = data.index(b"\nendstream") - 2
    assert content_of(data[:place] + b"\0\0" + data[place + 2 :], "a.pdf").complete


def test_an_attachment_that_is_not_there_is_a_gap() -> None:
    """A PDF may name files that none of its objects holds."""
    objects = [
        b"<</Type/Catalog/Pages 2 0 R/Names<</EmbeddedFiles<</Names[(a.csv) 9 0 R (b.csv) 4 0 R]>>>>>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 500 500]>>",
        b"[]",
    ]
    data = b"%PDF-1.7\n" + b"".join(b"%d 0 obj%s endobj\n" % (number, each) for number, each in enumerate(objects, 1))
    content = content_of(data + b"trailer<</Root 1 0 R/Size 5>>\n%%EOF\n", "a.pdf")
    assert any("!attachment" in gap.part_id for gap in content.unread)


@pytest.mark.parametrize("before", [b"x", b"\x07\x81garbage\n", b"Some words first.\n\n", b'"'])
@pytest.mark.parametrize("name", ["people.html", "people.xml", "people.json", "people.ipynb", "people.ndjson"])
def test_a_sign_in_front_hides_no_table(verdict, samples: ModuleType, name: str, before: bytes) -> None:
    """Pages and records that do not begin as they have to are still seen, for browsers and people see them too."""
    write = samples.TEXTS.get(name) or samples.BINARIES[name]
    data = write(samples.people())
    found = verdict(before + (data if isinstance(data, bytes) else data.encode()), name)
    assert found.outcome >= Outcome.REVIEW


def test_tables_of_a_page_behind_words_are_read() -> None:
    """A page that begins with words is a page."""
    rows = "".join(f"<tr><td>{number}</td><td>{number * 7}</td></tr>" for number in range(40))
    content = content_of(f"The table follows.\n<table>{rows}</table>".encode(), "a.txt")
    assert content.file_type.label == "html"
    assert any(isinstance(part, Grid) and len(part.rows) == 40 for part in content.parts)


@pytest.mark.usefixtures("ends")
def test_zeros_behind_a_member_cost_nothing() -> None:
    """A tar in a gzip that breaks off is read to where it ends, in its time."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    head = b"a.csv".ljust(100, b"\0") + b"0000644\0" * 3 + b"00000000012\0" + b"00000000000\0" + b"        " + b"0"
    head = head.ljust(512, b"\0")
    head = head[:148] + b"%06o\0 " % sum(head) + head[156:]
    content = content_of(packer.compress(head + b"a,b\n1,2\n".ljust(512, b"\0") + b"1,\0" * 20_000) + packer.flush(), "a.tgz")
    assert content.parts
