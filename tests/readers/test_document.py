"""Word, PowerPoint, OpenDocument, rich text and EPUB: everything written in them comes out."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from sdc_airlock.identify import identify
from sdc_airlock.limits import Limits
from sdc_airlock.model.content import Content, Figure, Grid, OddityKind, TextPart, UnreadReason
from sdc_airlock.model.filetype import Family, FileType
from sdc_airlock.readers import read
from sdc_airlock.source import Source

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
A = "http://schemas.openxmlformats.org/drawingml/2006/main"
P = "http://schemas.openxmlformats.org/presentationml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELS = "http://schemas.openxmlformats.org/package/2006/relationships"


def content_of(data: bytes, name: str, label: str = "") -> Content:
    """What the registered readers make of some bytes."""
    source = Source.of_bytes(data, part_id=name, name=name)
    file_type = FileType(label=label, family=Family.DOCUMENT) if label else identify(source)
    return read(source, file_type, file_id="0" * 64, limits=Limits())


def package(members: dict[str, str | bytes]) -> bytes:
    """A zip of parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in members.items():
            archive.writestr(name, body)
    return out.getvalue()


def docx(body: str, **members: str | bytes) -> bytes:
    """A Word document with this body and more members (`word__media` stands for `word/media`)."""
    main = f'<w:document xmlns:w="{W}" xmlns:a="{A}" xmlns:r="{R}"><w:body>{body}</w:body></w:document>'
    types = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
    rels = f'<Relationships xmlns="{RELS}"><Relationship Id="rId1" Type="{R}/officeDocument" Target="word/document.xml"/></Relationships>'
    more = {name.replace("__", "/").replace("_DOT_", "."): text for name, text in members.items()}
    return package({"[Content_Types].xml": types, "_rels/.rels": rels, "word/document.xml": main, **more})


def paragraph(text: str, properties: str = "") -> str:
    """One paragraph of one run."""
    return f"<w:p><w:r><w:rPr>{properties}</w:rPr><w:t>{text}</w:t></w:r></w:p>"


def texts(content: Content) -> str:
    """All text, one part after the other."""
    return "\n".join(part.text for part in content.parts if isinstance(part, TextPart))


def grids(content: Content) -> list[Grid]:
    """All grids."""
    return [part for part in content.parts if isinstance(part, Grid)]


def kinds(content: Content) -> set[OddityKind]:
    """Kinds of all oddities."""
    return {oddity.kind for oddity in content.oddities}


def test_ordinary_document_is_complete() -> None:
    """Paragraphs and a table give text and a grid, no gap and no oddity."""
    row = "<w:tr>{}</w:tr>"
    cell = "<w:tc><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:tc>"
    rows = "".join(row.format("".join(cell.format(text) for text in line)) for line in (("region", "cases"), ("North", "120")))
    content = content_of(docx(paragraph("Table 1. Cases") + f"<w:tbl>{rows}</w:tbl>" + paragraph("Notes follow.")), "report.docx")
    assert content.complete
    assert not content.oddities
    assert grids(content)[0].rows == (("region", "cases"), ("North", "120"))
    assert grids(content)[0].before == "Table 1. Cases"
    assert grids(content)[0].part_id == "report.docx!table1"
    assert "Notes follow." in texts(content)


def test_merged_and_nested_tables() -> None:
    """A cell merged across or down stands in each place; a table inside a cell is a grid of its own."""
    inner = "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>inner</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
    rows = (
        '<w:tr><w:tc><w:p/></w:tc><w:tc><w:tcPr><w:gridSpan w:val="2"/></w:tcPr><w:p><w:r><w:t>cases</w:t></w:r></w:p></w:tc></w:tr>'
        '<w:tr><w:tc><w:tcPr><w:vMerge w:val="restart"/></w:tcPr><w:p><w:r><w:t>North</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>1</w:t></w:r></w:p></w:tc><w:tc><w:p/></w:tc></w:tr>'
        f"<w:tr><w:tc><w:tcPr><w:vMerge/></w:tcPr><w:p/></w:tc><w:tc>{inner}<w:p/></w:tc><w:tc><w:p/></w:tc></w:tr>"
    )
    found = grids(content_of(docx(f"<w:tbl>{rows}</w:tbl>"), "report.docx"))
    assert found[0].rows == (("", "cases", "cases"), ("North", "1", ""), ("North", "", ""))
    assert found[1].rows == (("inner",),)


@pytest.mark.parametrize(
    "body",
    [
        '<w:p><w:del w:id="1"><w:r><w:delText>secret</w:delText></w:r></w:del></w:p>',
        '<w:p><w:moveFrom w:id="1"><w:r><w:t>secret</w:t></w:r></w:moveFrom></w:p>',
        paragraph("secret", "<w:vanish/>"),
        paragraph("secret", '<w:color w:val="FFFFFF"/>'),
        paragraph("secret", '<w:sz w:val="2"/>'),
    ],
)
def test_hidden_text_is_read_and_named(body: str) -> None:
    """Deletions, hidden, white and tiny text come out, in a hidden part, with an oddity."""
    content = content_of(docx(paragraph("Results.") + body), "report.docx")
    assert any(isinstance(part, TextPart) and part.hidden and "secret" in part.text for part in content.parts)
    assert OddityKind.HIDDEN_TEXT in kinds(content)


def test_white_text_on_a_dark_cell_is_seen() -> None:
    """White header text in a shaded cell is ordinary."""
    run = '<w:p><w:r><w:rPr><w:color w:val="FFFFFF"/></w:rPr><w:t>cases</w:t></w:r></w:p>'
    table = f'<w:tbl><w:tr><w:tc><w:tcPr><w:shd w:fill="1F4E79"/></w:tcPr>{run}</w:tc></w:tr></w:tbl>'
    assert not content_of(docx(table), "report.docx").oddities


def test_other_stories_are_read() -> None:
    """Headers, footnotes and comments are parts of the document."""
    content = content_of(
        docx(
            paragraph("Results."),
            word__header1_DOT_xml=f'<w:hdr xmlns:w="{W}">{paragraph("in the header")}</w:hdr>',
            word__footnotes_DOT_xml=f'<w:footnotes xmlns:w="{W}"><w:footnote>{paragraph("in a note")}</w:footnote></w:footnotes>',
            word__comments_DOT_xml=f'<w:comments xmlns:w="{W}"><w:comment>{paragraph("in a comment")}</w:comment></w:comments>',
        ),
        "report.docx",
    )
    assert all(words in texts(content) for words in ("in the header", "in a note", "in a comment"))
    assert kinds(content) == {OddityKind.HIDDEN_TEXT}
    assert content.complete


def test_text_boxes_and_alternatives() -> None:
    """Text in a drawing is read once, from either form of the drawing."""
    box = f"<w:txbxContent>{paragraph('in a box')}</w:txbxContent>"
    body = f'<w:p><w:r><mc:AlternateContent xmlns:mc="m"><mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback></mc:AlternateContent></w:r></w:p>'
    assert texts(content_of(docx(body), "report.docx")).count("in a box") == 1


def test_fields_that_fetch() -> None:
    """A DDE field is an external reference; page numbers are not."""

    def field(code: str) -> str:
        return f'<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>{code}</w:instrText></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'

    assert OddityKind.EXTERNAL_REFERENCE in kinds(content_of(docx(field(" DDEAUTO c:\\\\x.exe ")), "report.docx"))
    assert not content_of(docx(field(" PAGE \\* MERGEFORMAT ")), "report.docx").oddities


def test_external_relationships() -> None:
    """Hyperlinks are ordinary; a remote template or picture is an external reference."""

    def rels(kind: str, target: str) -> str:
        return f'<Relationships xmlns="{RELS}"><Relationship Id="r" Type="{R}/{kind}" Target="{target}" TargetMode="External"/></Relationships>'

    name = "word___rels__document_DOT_xml_DOT_rels"
    plain = content_of(docx(paragraph("x"), **{name: rels("hyperlink", "https://example.org/")}), "report.docx")
    remote = content_of(docx(paragraph("x"), **{name: rels("attachedTemplate", "https://example.org/t.dotm")}), "report.docx")
    own = content_of(docx(paragraph("x"), **{name: rels("attachedTemplate", "file:///C:\\Users\\me\\Normal.dotm")}), "report.docx")
    assert OddityKind.EXTERNAL_REFERENCE not in kinds(plain) | kinds(own)
    assert OddityKind.EXTERNAL_REFERENCE in kinds(remote)


def test_embedded_workbook_is_read() -> None:
    """The workbook behind a chart is opened and its rows come out."""
    import openpyxl

    book = openpyxl.Workbook()
    book.active.append(["patient", "age"])
    stream = io.BytesIO()
    book.save(stream)
    content = content_of(docx(paragraph("x"), word__embeddings__Sheet1_DOT_xlsx=stream.getvalue()), "report.docx")
    assert any("patient" in row for grid in grids(content) for row in grid.rows)
    assert OddityKind.EMBEDDED_OBJECT in kinds(content)


def test_pictures_are_figures() -> None:
    """A picture in the document is a figure and nothing odd."""
    stream = io.BytesIO()
    Image.new("RGB", (30, 20)).save(stream, "PNG")
    content = content_of(docx(paragraph("x"), word__media__image1_DOT_png=stream.getvalue()), "report.docx")
    assert [(part.width, part.height) for part in content.parts if isinstance(part, Figure)] == [(30, 20)]
    assert not content.oddities


def test_custom_xml_and_settings_are_searched() -> None:
    """Data in custom XML and in document variables does not ride along."""
    content = content_of(
        docx(
            paragraph("x"),
            customXml__item1_DOT_xml="<people><p>hidden person</p></people>",
            word__settings_DOT_xml=f'<w:settings xmlns:w="{W}"><w:docVars><w:docVar w:name="n" w:val="{"stowed away " * 12}"/></w:docVars></w:settings>',
        ),
        "report.docx",
    )
    everything = texts(content) + str(grids(content))
    assert "hidden person" in everything
    assert "stowed away" in everything


def pptx(slide: str, show: str = "", **members: str) -> bytes:
    """A presentation of one slide."""
    presentation = f'<p:presentation xmlns:p="{P}" xmlns:r="{R}"><p:sldIdLst><p:sldId id="256" r:id="rId2"/></p:sldIdLst><p:sldSz cx="9144000" cy="6858000"/></p:presentation>'
    links = f'<Relationships xmlns="{RELS}"><Relationship Id="rId2" Type="{R}/slide" Target="slides/slide1.xml"/></Relationships>'
    page = f'<p:sld xmlns:p="{P}" xmlns:a="{A}" {show}><p:cSld><p:spTree>{slide}</p:spTree></p:cSld></p:sld>'
    more = {name.replace("__", "/").replace("_DOT_", "."): text for name, text in members.items()}
    return package(
        {
            "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
            "_rels/.rels": f'<Relationships xmlns="{RELS}"/>',
            "ppt/presentation.xml": presentation,
            "ppt/_rels/presentation.xml.rels": links,
            "ppt/slides/slide1.xml": page,
            **more,
        }
    )


def shape(text: str, place: str = "") -> str:
    """A text shape."""
    return f"<p:sp><p:spPr>{place}</p:spPr><p:txBody><a:p><a:r><a:t>{text}</a:t></a:r></a:p></p:txBody></p:sp>"


def test_slides_tables_and_notes() -> None:
    """Slide text, a table and the notes come out, with nothing odd."""
    row = "<a:tr><a:tc><a:txBody><a:p><a:r><a:t>{}</a:t></a:r></a:p></a:txBody></a:tc><a:tc><a:txBody><a:p><a:r><a:t>{}</a:t></a:r></a:p></a:txBody></a:tc></a:tr>"
    table = f"<p:graphicFrame><a:graphic><a:graphicData><a:tbl>{row.format('sex', 'n')}{row.format('F', '12')}</a:tbl></a:graphicData></a:graphic></p:graphicFrame>"
    notes = f'<p:notes xmlns:p="{P}" xmlns:a="{A}"><p:cSld><p:spTree>{shape("what to say")}</p:spTree></p:cSld></p:notes>'
    content = content_of(pptx(shape("Results") + table, ppt__notesSlides__notesSlide1_DOT_xml=notes), "talk.pptx")
    assert content.complete
    assert not content.oddities
    assert grids(content)[0].rows == (("sex", "n"), ("F", "12"))
    assert "what to say" in texts(content)


def test_hidden_slides_and_shapes_off_the_page() -> None:
    """A hidden slide and a shape outside the slide are read and named."""
    away = '<a:xfrm><a:off x="99999999" y="0"/><a:ext cx="1" cy="1"/></a:xfrm>'
    for data in (pptx(shape("secret"), 'show="0"'), pptx(shape("secret", away))):
        content = content_of(data, "talk.pptx")
        assert "secret" in texts(content)
        assert OddityKind.HIDDEN_TEXT in kinds(content)


def odt(body: str, styles: str = "", **members: str | bytes) -> bytes:
    """An OpenDocument text."""
    names = 'xmlns:office="o" xmlns:text="t" xmlns:table="b" xmlns:style="s" xmlns:xlink="x" xmlns:draw="d"'
    content = f"<office:document-content {names}><office:automatic-styles>{styles}</office:automatic-styles><office:body><office:text>{body}</office:text></office:body></office:document-content>"
    more = {name.replace("__", "/").replace("_DOT_", "."): text for name, text in members.items()}
    return package({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": content, **more})


def test_opendocument_text() -> None:
    """Text, a table, a hidden span, a deletion and a comment of an odt file."""
    styles = '<style:style style:name="T1"><style:text-properties text:display="none"/></style:style>'
    body = (
        "<text:tracked-changes><text:changed-region><text:deletion><text:p>gone</text:p></text:deletion></text:changed-region></text:tracked-changes>"
        '<text:p>Shown<text:s text:c="2"/>text<text:span text:style-name="T1">unseen</text:span></text:p>'
        "<table:table><table:table-row><table:table-cell><text:p>a</text:p></table:table-cell><table:table-cell><text:p>b</text:p></table:table-cell></table:table-row></table:table>"
        "<text:p>x<office:annotation><text:p>remark</text:p></office:annotation></text:p>"
    )
    content = content_of(odt(body, styles), "report.odt")
    assert grids(content)[0].rows == (("a", "b"),)
    assert all(words in texts(content) for words in ("Shown  text", "unseen", "gone", "remark"))
    assert kinds(content) == {OddityKind.HIDDEN_TEXT}
    assert content.complete


def test_opendocument_macros_and_encryption() -> None:
    """A macro library is an oddity and a gap; encrypted parts are a gap."""
    macro = content_of(odt("<text:p>x</text:p>", Basic__Standard__Module1_DOT_xml="<module/>"), "report.odt")
    assert OddityKind.MACRO in kinds(macro)
    assert not macro.complete
    sealed = odt("<text:p>x</text:p>", **{"META-INF__manifest_DOT_xml": "<manifest><encryption-data/></manifest>"})
    assert content_of(sealed, "report.odt", "odt").unread[0].why is UnreadReason.ENCRYPTED


RTF = r"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0 Times;}}{\info{\author someone}}\f0 Caf\'e9 \u8211? text\par Table 1\par "


def test_rich_text() -> None:
    """Letters by code, paragraphs and table cells of a rich text file."""
    table = r"\trowd\intbl region\cell cases\cell\row\trowd\intbl North\cell 120\cell\row\pard after\par}"
    content = content_of((RTF + table).encode(), "report.rtf")
    assert "Caf\u00e9 \u2013 text" in texts(content)
    assert "after" in texts(content)
    assert grids(content)[0].rows == (("region", "cases"), ("North", "120"))
    assert grids(content)[0].before == "Table 1"
    assert content.complete
    assert not content.oddities


def test_rich_text_hides_nothing() -> None:
    """Hidden and deleted text, embedded objects, raw binary runs and bytes behind the end are found."""
    hidden = content_of((RTF + r"{\v unseen}{\deleted gone}}").encode(), "report.rtf")
    assert all(words in texts(hidden) for words in ("unseen", "gone"))
    assert OddityKind.HIDDEN_TEXT in kinds(hidden)
    held = content_of((RTF + r"{\object{\*\objdata d0cf11e0a1b11ae1" + "00" * 600 + "}}}").encode(), "report.rtf")
    assert OddityKind.EMBEDDED_OBJECT in kinds(held)
    assert not held.complete
    raw = content_of((RTF + r"{\object{\*\objdata \bin5 ").encode() + b"}}{{}" + b"}}}", "report.rtf")
    assert OddityKind.EMBEDDED_OBJECT in kinds(raw)
    assert OddityKind.TRAILING_DATA in kinds(content_of((RTF + "}").encode() + b"P001,F\n" * 30, "report.rtf"))


@pytest.mark.parametrize("tail", [r"{\b never closed", "{" * 5_000])
def test_broken_rich_text_is_a_gap(tail: str) -> None:
    """Text that breaks off or nests without end is a gap."""
    assert not content_of((RTF + tail).encode(), "report.rtf", "rtf").complete


def test_book() -> None:
    """Chapters of an EPUB are read as pages; sealed ones are a gap."""
    chapter = "<html xmlns='http://www.w3.org/1999/xhtml'><body><p>It was a dark night.</p></body></html>"
    members: dict[str, str | bytes] = {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": "<container/>",
        "book.opf": "<package><metadata><title>Nights</title></metadata></package>",
        "one.xhtml": chapter,
    }
    content = content_of(package(members), "book.epub", "epub")
    assert "dark night" in texts(content)
    assert content.complete
    sealed = content_of(package({**members, "META-INF/encryption.xml": "<encryption/>"}), "book.epub", "epub")
    assert sealed.unread[0].why is UnreadReason.ENCRYPTED


def test_encrypted_file_is_a_gap() -> None:
    """A file of the encrypted type is a gap with its reason."""
    content = content_of(b"\x00" * 64, "x.docx", "encrypted")
    assert content.unread[0].why is UnreadReason.ENCRYPTED
    assert kinds(content) == {OddityKind.ENCRYPTED}


@given(st.sampled_from(["docx", "pptx", "odt", "rtf"]), st.binary(min_size=1, max_size=6), st.integers(0, 5000))
def test_damaged_documents_never_crash(label: str, noise: bytes, where: int) -> None:
    """A document with some bytes overwritten gives parts or gaps, never an exception."""
    made = {"docx": docx(paragraph("x")), "pptx": pptx(shape("x")), "odt": odt("<text:p>x</text:p>"), "rtf": (RTF + "}").encode()}
    data = bytearray(made[label])
    where %= len(data)
    data[where : where + len(noise)] = noise
    content = content_of(bytes(data), f"x.{label}", label)
    assert content.parts or content.unread


@pytest.mark.parametrize("page", ["1", "0", "-1", "99999", "65001", "437"])
def test_any_code_page_of_rich_text_is_read(page: str) -> None:
    """A code page that nobody knows is read as the usual one."""
    content = content_of((r"{\rtf1\ansi\ansicpg" + page + r" caf\'65 results\par}").encode(), "x.rtf", "rtf")
    assert "cafe results" in "".join(part.text for part in content.parts if isinstance(part, TextPart))


def test_workbook_behind_a_chart_is_ordinary_and_read() -> None:
    """The workbook that a chart brings along is read like any other and is no oddity by itself."""
    import openpyxl

    book = openpyxl.Workbook()
    book.active.append(["region", "cases"])
    stream = io.BytesIO()
    book.save(stream)
    rels = f'<Relationships xmlns="{RELS}"><Relationship Id="r" Type="{R}/package" Target="../embeddings/Sheet1.xlsx"/></Relationships>'
    members = {
        "word__charts__chart1_DOT_xml": '<c:chartSpace xmlns:c="urn:c"/>',
        "word__charts___rels__chart1_DOT_xml_DOT_rels": rels,
        "word__embeddings__Sheet1_DOT_xlsx": stream.getvalue(),
    }
    content = content_of(docx(paragraph("x"), **members), "report.docx")
    assert any("region" in row for grid in grids(content) for row in grid.rows)
    assert not content.oddities


def test_printer_settings_are_searched_for_words() -> None:
    """Printer settings are opaque by nature; words in them come out as metadata and nothing is held."""
    blob = bytes(range(1, 32)) * 20 + b"stowed away in the settings" + "and here too".encode("utf-16-le") + b"\x00\x01"
    content = content_of(docx(paragraph("x"), word__printerSettings__printerSettings1_DOT_bin=blob), "report.docx")
    assert content.complete
    assert "stowed away in the settings" in texts(content)
    assert "and here too" in texts(content)
