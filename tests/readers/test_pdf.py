"""PDF: pages as they are laid out, what is hidden in them, and bytes that belong to nothing."""

from __future__ import annotations

import base64
import zlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sdc_airlock.limits import Limits
from sdc_airlock.model.content import Content, Figure, Grid, OddityKind, TextPart, UnreadReason
from sdc_airlock.model.filetype import Family, FileType
from sdc_airlock.readers import read
from sdc_airlock.readers._pdfscan import scan_pdf
from sdc_airlock.source import Source


def content_of(data: bytes, limits: Limits | None = None) -> Content:
    """What the registered readers make of a PDF."""
    source = Source.of_bytes(data, part_id="paper.pdf", name="paper.pdf")
    return read(source, FileType(label="pdf", family=Family.DOCUMENT), file_id="0" * 64, limits=limits or Limits())


def pdf(
    page: bytes = b"", *, catalogue: bytes = b"", annotations: bytes = b"", more: dict[int, bytes] | None = None, trailer: bytes = b""
) -> bytes:
    """A PDF of one page with this content stream; objects from 10 on may be added."""
    objects = {
        1: b"<< /Type /Catalog /Pages 2 0 R " + catalogue + b" >>",
        2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        3: b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 400 300] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> "
        + annotations
        + b" >>",
        4: b"<< /Length %d >>\nstream\n%s\nendstream" % (len(page), page),
        5: b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        **(more or {}),
    }
    out = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    places = {}
    for number, body in sorted(objects.items()):
        places[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    size = max(objects) + 1
    out += b"xref\n0 %d\n0000000000 65535 f \n" % size
    for number in range(1, size):
        out += b"%010d 00000 n \n" % places[number] if number in places else b"0000000000 00000 f \n"
    out += b"trailer\n<< /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n" % (size, trailer, start)
    return bytes(out)


def show(text: str, x: float, y: float, size: float = 12, before: str = "") -> bytes:
    """Content that writes a text at a place."""
    return f"BT {before} /F1 {size} Tf {x} {y} Td ({text}) Tj ET\n".encode("latin-1")


def stream(entries: bytes, body: bytes) -> bytes:
    """A stream object."""
    return b"<< %s /Length %d >>\nstream\n%s\nendstream" % (entries, len(body), body)


def texts(content: Content) -> str:
    """All text, one part after the other."""
    return "\n".join(part.text for part in content.parts if isinstance(part, TextPart))


def kinds(content: Content) -> set[OddityKind]:
    """Kinds of all oddities."""
    return {oddity.kind for oddity in content.oddities}


def test_ordinary_page_is_complete() -> None:
    """Lines of text come out in the order of the page, with no gap and no oddity."""
    content = content_of(pdf(show("Second line.", 50, 200) + show("First line.", 50, 220)))
    assert content.complete
    assert not content.oddities
    assert texts(content).index("First") < texts(content).index("Second")
    assert content.parts[0].part_id == "paper.pdf!page1"


def test_table_on_a_page_becomes_a_grid() -> None:
    """Columns keep their places, so that a table is found in the page."""
    rows = [("region", "cases", "deaths"), ("North", "120", "31"), ("South", "340", "28"), ("East", "95", "12"), ("West", "210", "44")]
    page = b"".join(show(text, 50 + 110 * column, 250 - 16 * row) for row, line in enumerate(rows) for column, text in enumerate(line))
    found = [part for part in content_of(pdf(page)).parts if isinstance(part, Grid)]
    assert found
    assert ("South", "340", "28") in found[0].rows


@pytest.mark.parametrize(
    "page",
    [
        show("invisible words", 50, 200, before="3 Tr"),
        show("white words", 50, 200, before="1 1 1 rg"),
        show("tiny words", 50, 200, size=0.4),
        show("far words " * 9, 50, 900),
    ],
)
def test_hidden_text_is_named(page: bytes) -> None:
    """Text that is invisible, white, tiny or outside the page is read, with an oddity."""
    content = content_of(pdf(show("Results.", 50, 250) + page))
    assert "words" in texts(content)
    assert OddityKind.HIDDEN_TEXT in kinds(content)


def test_white_text_on_a_dark_box_is_seen() -> None:
    """White text over a filled box is ordinary."""
    content = content_of(pdf(b"0 0 0.5 rg 40 190 200 30 re f\n" + show("Header", 50, 200, before="1 1 1 rg")))
    assert not content.oddities


def test_drawings_are_figures() -> None:
    """A page of many paths is a figure with its marks counted."""
    content = content_of(pdf(b"".join(b"%d %d 3 3 re f\n" % (10 + 5 * number, 20 + 3 * number) for number in range(40))))
    assert [part.marks for part in content.parts if isinstance(part, Figure)] == [40]


def test_attachments_are_opened() -> None:
    """An attached table is an oddity and is read."""
    rows = b"id,sex,age\n" + b"".join(b"P%04d,F,%d\n" % (number, 20 + number) for number in range(30))
    catalogue = b"/Names << /EmbeddedFiles << /Names [(data.csv) 10 0 R] >> >>"
    more = {10: b"<< /Type /Filespec /F (data.csv) /EF << /F 11 0 R >> >>", 11: stream(b"/Type /EmbeddedFile", rows)}
    content = content_of(pdf(show("x", 50, 200), catalogue=catalogue, more=more))
    assert OddityKind.EMBEDDED_OBJECT in kinds(content)
    assert any(part.part_id.startswith("paper.pdf!attachment1") for part in content.parts)


def test_embedded_file_that_nothing_names_is_a_gap() -> None:
    """An embedded file without an entry in the list of attachments is a gap."""
    content = content_of(pdf(show("x", 50, 200), more={11: stream(b"/Type /EmbeddedFile", b"rows")}))
    assert content.unread[0].why is UnreadReason.HIDDEN


@pytest.mark.parametrize(
    ("catalogue", "kind"),
    [
        (b"/OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >>", OddityKind.SCRIPT),
        (b"/OpenAction << /S /J#61vaScript /J#53 (x) >>", OddityKind.SCRIPT),
        (b"/OpenAction << /S /Launch /F (cmd.exe) >>", OddityKind.AUTOMATIC_ACTION),
        (b"/OpenAction << /S /URI /URI (http://example.org/) >>", OddityKind.AUTOMATIC_ACTION),
    ],
)
def test_actions_are_named(catalogue: bytes, kind: OddityKind) -> None:
    """Scripts and actions that act by themselves are oddities, also under escaped names."""
    assert kind in kinds(content_of(pdf(show("x", 50, 200), catalogue=catalogue)))


def test_actions_in_object_streams_are_found() -> None:
    """A script inside a compressed stream of objects is found."""
    inner = zlib.compress(b"12 0 << /S /JavaScript /JS (x) >>")
    content = content_of(pdf(show("x", 50, 200), more={11: stream(b"/Type /ObjStm /N 1 /First 5 /Filter /FlateDecode", inner)}))
    assert OddityKind.SCRIPT in kinds(content)


@pytest.mark.parametrize("packed", [False, True])
def test_addresses_called_on_opening_are_found(*, packed: bool) -> None:
    """What the document opens with may stand in an object of its own; a link that a reader follows is ordinary."""
    action = b"<< /S /URI /URI (http://example.org/?seen) >>"
    more = {11: stream(b"/Type /ObjStm /N 2 /First 11", b"12 0 13 45 " + action + b"<< /S /GoTo >>")} if packed else {12: action}
    for number, acts in ((b"12", True), (b"13", False)):
        content = content_of(pdf(show("x", 50, 200), catalogue=b"/OpenAction " + number + b" 0 R", more=more))
        assert (OddityKind.AUTOMATIC_ACTION in kinds(content)) == acts


def test_going_to_a_page_is_ordinary() -> None:
    """An action that shows a page when the file is opened is no oddity, nor is a link."""
    link = b"/Annots [<< /Type /Annot /Subtype /Link /Rect [0 0 9 9] /A << /S /URI /URI (http://example.org/) >> >>]"
    assert not content_of(pdf(show("x", 50, 200), catalogue=b"/OpenAction [3 0 R /Fit]", annotations=link)).oddities


def test_notes_and_form_fields_are_read() -> None:
    """Notes on a page and the values of a form come out."""
    annotations = b"/Annots [10 0 R 11 0 R]"
    more = {
        10: b"<< /Type /Annot /Subtype /Text /Rect [0 0 9 9] /Contents (a remark) >>",
        11: b"<< /Type /Annot /Subtype /Widget /FT /Tx /T (name) /V (filled in) /Rect [9 9 99 30] /P 3 0 R >>",
    }
    content = content_of(pdf(show("x", 50, 200), catalogue=b"/AcroForm << /Fields [11 0 R] >>", annotations=annotations, more=more))
    assert "a remark" in texts(content)
    assert "filled in" in texts(content)


def test_metadata_is_read() -> None:
    """Properties and metadata streams, compressed or not, come out as hidden text."""
    xmp = stream(
        b"/Type /Metadata /Subtype /XML /Filter /FlateDecode", zlib.compress(b"<x:xmpmeta><dc:title>deep title</dc:title></x:xmpmeta>")
    )
    content = content_of(pdf(show("x", 50, 200), more={10: b"<< /Title (my title) >>", 11: xmp}, trailer=b"/Info 10 0 R"))
    hidden = "\n".join(part.text for part in content.parts if isinstance(part, TextPart) and part.hidden)
    assert "my title" in hidden
    assert "deep title" in hidden


def test_bytes_around_and_inside_are_named() -> None:
    """Bytes before, behind, between objects and past a stream's length are oddities."""
    data = pdf(show("x", 50, 200))
    rows = b"P001,F,33\n" * 20
    assert OddityKind.TRAILING_DATA in kinds(content_of(data + rows))
    assert OddityKind.LEADING_DATA in kinds(content_of(rows + data))
    assert scan_pdf(data.replace(b"endobj\n3 0 obj", b"endobj\n" + rows + b"3 0 obj")).loose == len(rows.replace(b"\n", b""))
    assert scan_pdf(data.replace(b"\nendstream", b"\n" + rows + b"endstream")).loose >= len(rows)
    assert scan_pdf(data).loose == 0


def test_later_revisions_are_ordinary() -> None:
    """A PDF with an update appended in the proper way has no bytes that belong to nothing."""
    data = pdf(show("x", 50, 200))
    start = len(data)
    update = (
        b"6 0 obj\n<< /Note (x) >>\nendobj\nxref\n6 1\n%010d 00000 n \ntrailer\n<< /Size 7 /Root 1 0 R /Prev 9 >>\nstartxref\n%d\n%%%%EOF\n"
    )
    assert not content_of(data + update % (start, start)).oddities


def test_broken_and_sealed_files_are_gaps() -> None:
    """A file that is no PDF inside, and one whose objects are sealed, are gaps."""
    broken = content_of(b"%PDF-1.7\nnothing here")
    assert broken.unread[0].why is UnreadReason.MALFORMED
    assert OddityKind.DAMAGED in kinds(broken)


def test_page_limit_leaves_a_gap() -> None:
    """Pages past the limit are a gap."""
    content = content_of(pdf(show("x", 50, 200)), limits=Limits(pages=0))
    assert content.unread[0].limit_name == "pages"


def test_letters_without_codes_are_a_gap() -> None:
    """A page whose font says nothing of its letters cannot be read, and says so."""
    font = b"<< /Type /Font /Subtype /Type0 /BaseFont /X /Encoding /Identity-H /DescendantFonts [<< /Type /Font /Subtype /CIDFontType2 /BaseFont /X /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> >>] >>"
    page = b"BT /F1 12 Tf 50 200 Td <" + b"".join(b"%04x" % (0xE000 + number) for number in range(90)) + b"> Tj ET"
    content = content_of(pdf(page, more={5: font}))
    assert not content.complete


@settings(max_examples=40)
@given(st.binary(min_size=1, max_size=8), st.integers(0, 2000))
def test_damaged_files_never_crash(noise: bytes, where: int) -> None:
    """A PDF with some bytes overwritten gives parts or gaps, never an exception."""
    data = bytearray(pdf(show("x", 50, 200)))
    where %= len(data)
    data[where : where + len(noise)] = noise
    content = content_of(bytes(data))
    assert content.parts or content.unread


ROWS = "\n".join(f"P{number:05d},{'MF'[number % 2]},{20 + number},{number * 7 % 90}" for number in range(40))


def found_rows(content: Content) -> int:
    """Rows of the largest grid that name people."""
    return max((sum("P000" in " ".join(row) for row in part.rows) for part in content.parts if isinstance(part, Grid)), default=0)


@pytest.mark.parametrize(
    "item",
    [
        stream(b"", ROWS.encode()),
        stream(b"/Filter /FlateDecode", zlib.compress(ROWS.encode())),
        stream(b"/Filter /ASCIIHexDecode", ROWS.encode().hex().encode() + b">"),
        stream(b"/Filter [/ASCII85Decode /FlateDecode]", base64.a85encode(zlib.compress(ROWS.encode())) + b"~>"),
        stream(b"/N 3 /Filter /FlateDecode", zlib.compress(ROWS.encode())),
        stream(b"/Length1 900 /Filter /FlateDecode", zlib.compress(ROWS.encode())),
        b"(" + ROWS.encode() + b")",
        b"<" + ROWS.encode().hex().encode() + b">",
        b"<< " + b" ".join(b"/K%d (%s)" % (number, row.encode()) for number, row in enumerate(ROWS.split("\n"))) + b" >>",
        b"[ " + b" ".join(b"/" + row.replace(",", "#2C").encode() for row in ROWS.split("\n")) + b" ]",
        stream(
            b"/Type /ObjStm /N 1 /First 5 /Filter /FlateDecode",
            zlib.compress(b"90 0 (" + ROWS.encode() + b")"),
        ),
    ],
    ids=["plain", "packed", "hex", "two filters", "profile", "font", "string", "hex string", "dictionary", "names", "object stream"],
)
def test_objects_that_no_page_uses_are_read(item: bytes) -> None:
    """Whatever stands in an object of no page comes out, however it is packed."""
    assert found_rows(content_of(pdf(show("Results", 50, 250), more={10: item}))) >= 39


def test_text_of_earlier_revisions_is_read() -> None:
    """Text that a later revision took off the page is still in the file, and is read as hidden."""
    lines = b"".join(show(row, 50, 290 - 7 * number, 6) for number, row in enumerate(ROWS.split("\n")))
    old = pdf(lines)
    later = b"4 0 obj\n" + stream(b"", show("Results", 50, 250)) + b"\nendobj\n"
    update = b"xref\n4 1\n%010d 00000 n \ntrailer\n<< /Size 6 /Root 1 0 R /Prev %d >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(old),
        old.rindex(b"xref\n0"),
        len(old) + len(later),
    )
    content = content_of(old + later + update)
    hidden = [part for part in content.parts if isinstance(part, Grid) and part.hidden]
    assert max(len(grid.rows) for grid in hidden) == 40
    assert OddityKind.HIDDEN_TEXT in kinds(content)


def test_comments_between_objects_are_read() -> None:
    """Lines that a PDF carries as comments come out."""
    data = pdf(show("Results", 50, 250))
    remarks = b"".join(b"%" + row.encode() + b"\n" for row in ROWS.split("\n"))
    assert found_rows(content_of(data.replace(b"xref\n0", remarks + b"xref\n0"))) == 40


def test_pictures_of_pages_are_looked_at() -> None:
    """Genotypes as pixels of a picture on the page, and of one on no page, are found."""
    cells = np.random.default_rng(3).binomial(2, 0.35, (40, 60)).astype(np.uint8) * 120
    entries = b"/Type /XObject /Subtype /Image /Width 60 /Height 40 /BitsPerComponent 8 /ColorSpace /DeviceGray /Filter /FlateDecode"
    picture = stream(entries, zlib.compress(cells.tobytes()))
    unused = content_of(pdf(show("Results", 50, 250), more={10: picture}))
    used = pdf(b"q 100 0 0 80 50 50 cm /X Do Q", more={10: picture}).replace(b"/Resources <<", b"/Resources << /XObject << /X 10 0 R >>", 1)
    for content in (unused, content_of(used)):
        assert OddityKind.PIXEL_DATA in kinds(content)
        assert any(isinstance(part, Grid) and len(part.rows) == 40 for part in content.parts)


def test_a_matrix_drawn_cell_by_cell_is_found() -> None:
    """A heat map of many small rectangles shows when the page is drawn."""
    cells = np.random.default_rng(3).binomial(2, 0.4, (30, 40))
    drawn = "".join(
        f"{level / 2:.1f} g {50 + 6 * column} {50 + 6 * row} 6 6 re f\n"
        for row, levels in enumerate(cells)
        for column, level in enumerate(levels)
    )
    assert OddityKind.PIXEL_DATA in kinds(content_of(pdf(drawn.encode())))


def test_attributes_of_metadata_are_read() -> None:
    """Records in attributes of the metadata come out like those in its text."""
    values = " ".join(f'a{number}="{row}"' for number, row in enumerate(ROWS.split("\n")))
    body = f"<x:xmpmeta><rdf:Description {values}/></x:xmpmeta>".encode()
    assert found_rows(content_of(pdf(more={10: stream(b"/Type /Metadata /Subtype /XML", body)}))) == 40


def test_streams_that_cannot_be_opened_are_gaps() -> None:
    """An unused stream with a filter that is not known, or damaged, is a gap."""
    for entries, body in ((b"/Filter /Secret", b"x" * 500), (b"/Filter /FlateDecode", b"x" * 500)):
        assert any("stream" in gap.part_id for gap in content_of(pdf(more={10: stream(entries, body)})).unread)
