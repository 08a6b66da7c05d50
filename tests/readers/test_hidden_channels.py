"""Records of people hidden in every corner of documents and figures: whatever the corner, they come out as rows."""

from __future__ import annotations

import base64
import io
import json
import random
import struct
import zipfile
import zlib
from collections.abc import Callable

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation

from sdc_airlock.identify import identify
from sdc_airlock.limits import Limits
from sdc_airlock.model.content import Content, Grid, Table
from sdc_airlock.readers import read
from sdc_airlock.source import Source

_dice = random.Random(7)
HEAD = ["participant_id", "sex", "age", "bmi", "sbp"]
ROWS = [
    [
        f"P{_dice.randint(10_000, 99_999)}",
        _dice.choice("MF"),
        str(_dice.randint(19, 88)),
        f"{_dice.gauss(27, 4):.1f}",
        str(_dice.randint(98, 170)),
    ]
    for _ in range(40)
]
LINES = [",".join(row) for row in [HEAD, *ROWS]]
CSV = "\n".join(LINES)
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
M = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
P = "http://schemas.openxmlformats.org/presentationml/2006/main"
A = "http://schemas.openxmlformats.org/drawingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
ODF = "urn:oasis:names:tc:opendocument:xmlns"


def content_of(data: bytes, name: str) -> Content:
    """What the registered readers make of some bytes."""
    source = Source.of_bytes(data, part_id=name, name=name)
    return read(source, identify(source), file_id="0" * 64, limits=Limits())


def rows_found(content: Content) -> int:
    """Most people of `ROWS` that stand in one grid or table, one a row."""
    wanted = {row[0] for row in ROWS}
    most = 0
    for part in content.parts:
        if isinstance(part, Grid):
            texts = [" ".join(row) for row in part.rows]
        elif isinstance(part, Table):
            texts = [" ".join(map(str, row)) for row in zip(*(column.values.to_pylist() for column in part.columns), strict=True)]
        else:
            continue
        most = max(most, sum(any(person in text for person in wanted) for text in texts))
    return most


def package(members: dict[str, str | bytes]) -> bytes:
    """A zip of parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in members.items():
            archive.writestr(name, body)
    return out.getvalue()


def docx(body: str = "", **more: str | bytes) -> bytes:
    """A Word document with a plain paragraph, this body and more members (`word__comments_DOT_xml`)."""
    plain = "<w:p><w:r><w:t>The mean was 27.1 in both groups.</w:t></w:r></w:p>"
    return package(
        {
            "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
            "_rels/.rels": f'<Relationships xmlns="{RELS}"><Relationship Id="r1" Type="{R}/officeDocument" Target="word/document.xml"/></Relationships>',
            "word/document.xml": f'<w:document xmlns:w="{W}" xmlns:v="urn:schemas-microsoft-com:vml"><w:body>{plain}{body}</w:body></w:document>',
            **{name.replace("__", "/").replace("_DOT_", "."): text for name, text in more.items()},
        }
    )


def each(template: str) -> str:
    """The template once for every line; `@` stands for the line, `#` for its number."""
    return "".join(template.replace("@", line).replace("#", str(number)) for number, line in enumerate(LINES))


def xlsx(change: Callable[[openpyxl.Workbook], object] | None = None, **more: str | bytes) -> bytes:
    """A workbook of counts, changed, with more members."""
    book = openpyxl.Workbook()
    for row in (["group", "n"], ["control", 2310], ["treated", 2287]):
        book.active.append(row)
    if change is not None:
        change(book)
    out = io.BytesIO()
    book.save(out)
    added = {name.replace("__", "/").replace("_DOT_", "."): text for name, text in more.items()}
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
        for name, body in added.items():
            archive.writestr(name, body)
    return out.getvalue()


def put(sheet: object, row: int = 1, column: int = 1) -> None:
    """Write the records into a sheet."""
    for down, cells in enumerate([HEAD, *ROWS]):
        for across, text in enumerate(cells):
            sheet.cell(row + down, column + across, text)  # type: ignore[attr-defined]


def validations(book: openpyxl.Workbook) -> None:
    """A list of choices in each row."""
    for number, row in enumerate(ROWS, start=1):
        rule = DataValidation(type="list", formula1=f'"{",".join(row)}"')
        book.active.add_data_validation(rule)
        rule.add(f"H{number}")


def comments(book: openpyxl.Workbook) -> None:
    """A comment a cell."""
    for number, line in enumerate(LINES, start=1):
        book.active.cell(number, 5).comment = Comment(line, "a")


def names(book: openpyxl.Workbook) -> None:
    """A literal array a name."""
    for number, row in enumerate(ROWS):
        literal = ",".join(f'"{text}"' for text in row)
        book.defined_names[f"x{number}"] = DefinedName(f"x{number}", attr_text="{" + literal + "}")


def pptx(shapes: str = "", **more: str | bytes) -> bytes:
    """A presentation of one slide."""
    title = "<p:sp><p:txBody><a:p><a:r><a:t>Results</a:t></a:r></a:p></p:txBody></p:sp>"
    slide = f'<p:sld xmlns:p="{P}" xmlns:a="{A}"><p:cSld><p:spTree>{title}{shapes}</p:spTree></p:cSld></p:sld>'
    main = f'<p:presentation xmlns:p="{P}" xmlns:r="{R}"><p:sldIdLst><p:sldId id="256" r:id="r1"/></p:sldIdLst></p:presentation>'
    rels = f'<Relationships xmlns="{RELS}"><Relationship Id="r1" Type="{R}/slide" Target="slides/slide1.xml"/></Relationships>'
    return package(
        {
            "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
            "ppt/presentation.xml": main,
            "ppt/_rels/presentation.xml.rels": rels,
            "ppt/slides/slide1.xml": slide,
            **{name.replace("__", "/").replace("_DOT_", "."): text for name, text in more.items()},
        }
    )


def odt(body: str) -> bytes:
    """An OpenDocument text."""
    spaces = (
        f'xmlns:office="{ODF}:office:1.0" xmlns:text="{ODF}:text:1.0" xmlns:draw="{ODF}:drawing:1.0" xmlns:svg="{ODF}:svg-compatible:1.0"'
    )
    main = f"<office:document-content {spaces}><office:body><office:text><text:p>Results</text:p>{body}</office:text></office:body></office:document-content>"
    return package({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": main})


def rtf(body: str) -> bytes:
    """A rich text file."""
    return ("{\\rtf1\\ansi{\\fonttbl{\\f0 Arial;}}{\\colortbl;\\red255\\green255\\blue255;}\\f0 Results\\par " + body + "}").encode()


def with_zip(*, comment: bytes = b"", extra: bool = False, member_comments: bool = False) -> bytes:
    """A Word document whose zip carries the records beside its members."""
    old = zipfile.ZipFile(io.BytesIO(docx(**{f"word__media__image{n}_DOT_xml": "<a/>" for n in range(10)})))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as new:
        for number, info in enumerate(old.infolist()):
            piece = "\n".join(LINES[number * 4 : number * 4 + 4]).encode()
            fresh = zipfile.ZipInfo(info.filename)
            if extra:
                fresh.extra = struct.pack("<HH", 0x7777, len(piece)) + piece
            if member_comments:
                fresh.comment = piece
            new.writestr(fresh, old.read(info))
        new.comment = comment
    return out.getvalue()


def mashup() -> str:
    """Queries of a workbook, with a package inside."""
    inner = package({"Formulas/Section1.m": CSV})
    packed = struct.pack("<II", 0, len(inner)) + inner + struct.pack("<I", 0)
    return f'<DataMashup xmlns="http://schemas.microsoft.com/DataMashup">{base64.b64encode(packed).decode()}</DataMashup>'


def pivot(records: str) -> dict[str, str | bytes]:
    """A pivot cache whose records stand at some path."""
    fields = "".join(f'<cacheField name="{name}"><sharedItems/></cacheField>' for name in HEAD)
    rows = "".join("<r>" + "".join(f'<s v="{text}"/>' for text in row) + "</r>" for row in ROWS)
    rels = f'<Relationships xmlns="{RELS}"><Relationship Id="r1" Type="{R}/pivotCacheRecords" Target="{records}"/></Relationships>'
    return {
        "xl__pivotCache__definition_DOT_xml": f'<pivotCacheDefinition xmlns="{M}" xmlns:r="{R}" r:id="r1"><cacheFields>{fields}</cacheFields></pivotCacheDefinition>',
        f"xl__pivotCache__{records.replace('.', '_DOT_')}": f'<pivotCacheRecords xmlns="{M}">{rows}</pivotCacheRecords>',
        "xl__pivotCache___rels__definition_DOT_xml_DOT_rels": rels,
    }


def xml(text: str) -> str:
    """Text inside an attribute."""
    return text.replace("&", "&amp;").replace('"', "&quot;").replace("\n", "&#10;")


RUN = "<w:p><w:r><w:rPr>{}</w:rPr><w:t>@</w:t></w:r></w:p>"
CUSTOM = "http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"

CHANNELS: dict[str, Callable[[], bytes]] = {
    "hidden run.docx": lambda: docx(each(RUN.format("<w:vanish/>"))),
    "white run.docx": lambda: docx(each(RUN.format('<w:color w:val="FFFFFF"/>'))),
    "tiny run.docx": lambda: docx(each(RUN.format('<w:sz w:val="2"/>'))),
    "deletion.docx": lambda: docx(each("<w:p><w:del><w:r><w:delText>@</w:delText></w:r></w:del></w:p>")),
    "comments.docx": lambda: docx(
        word__comments_DOT_xml=f'<w:comments xmlns:w="{W}">'
        + each("<w:comment><w:p><w:r><w:t>@</w:t></w:r></w:p></w:comment>")
        + "</w:comments>"
    ),
    "bookmarks.docx": lambda: docx("<w:p>" + each('<w:bookmarkStart w:id="#" w:name="@"/>').replace(",", "_") + "</w:p>"),
    "choices.docx": lambda: docx(
        "<w:p><w:sdt><w:sdtPr>" + each('<w:listItem w:displayText="@" w:value="@"/>') + "</w:sdtPr></w:sdt></w:p>"
    ),
    "alternative text.docx": lambda: docx(f'<w:p><w:r><w:drawing><docPr id="1" name="p" descr="{xml(CSV)}"/></w:drawing></w:r></w:p>'),
    "names of drawings.docx": lambda: docx("<w:p>" + each('<w:r><w:drawing><docPr id="#" name="@"/></w:drawing></w:r>') + "</w:p>"),
    "properties.docx": lambda: docx(
        docProps__custom_DOT_xml=f'<Properties xmlns="{CUSTOM}">'
        + each('<property pid="#" name="k#"><lpwstr>@</lpwstr></property>')
        + "</Properties>"
    ),
    "variables.docx": lambda: docx(
        word__settings_DOT_xml=f'<w:settings xmlns:w="{W}"><w:docVars>'
        + each('<w:docVar w:name="v#" w:val="@"/>')
        + "</w:docVars></w:settings>"
    ),
    "styles.docx": lambda: docx(
        word__styles_DOT_xml=f'<w:styles xmlns:w="{W}">' + each('<w:style><w:name w:val="@"/></w:style>') + "</w:styles>"
    ),
    "links.docx": lambda: docx(
        word___rels__x_DOT_rels=f'<Relationships xmlns="{RELS}">'
        + each('<Relationship Id="r#" Type="t/hyperlink" Target="https://a.example/?q=@" TargetMode="External"/>')
        + "</Relationships>"
    ),
    "zip comment.docx": lambda: with_zip(comment=CSV.encode()),
    "extra fields.docx": lambda: with_zip(extra=True),
    "comments of members.docx": lambda: with_zip(member_comments=True),
    "after the zip.docx": lambda: docx() + CSV.encode(),
    "names of folders.docx": lambda: docx(**{f"word/media/{line}/": b"" for line in LINES[1:]}),
    "names of shapes.pptx": lambda: pptx(each('<p:sp><p:nvSpPr><p:cNvPr id="#" name="@"/></p:nvSpPr></p:sp>')),
    "tags.pptx": lambda: pptx(ppt__tags__tag1_DOT_xml=f'<p:tagLst xmlns:p="{P}">' + each('<p:tag name="k#" val="@"/>') + "</p:tagLst>"),
    "comments.xlsx": lambda: xlsx(comments),
    "one comment.xlsx": lambda: xlsx(lambda book: setattr(book.active["A1"], "comment", Comment(CSV, "a"))),
    "validation.xlsx": lambda: xlsx(validations),
    "arrays in names.xlsx": lambda: xlsx(names),
    "page header.xlsx": lambda: xlsx(lambda book: setattr(book.active.oddHeader.center, "text", CSV)),
    "sheet names.xlsx": lambda: xlsx(lambda book: [book.create_sheet("-".join(row)[:31]) for row in ROWS]),
    "beyond.xlsx": lambda: xlsx(lambda book: put(book.active, 4000, 200)),
    "pivot.xlsx": lambda: xlsx(**pivot("records.xml")),
    "pivot elsewhere.xlsx": lambda: xlsx(**pivot("data.xml")),
    "queries.xlsx": lambda: xlsx(customXml__item1_DOT_xml=mashup()),
    "printer.xlsx": lambda: xlsx(xl__printerSettings__p1_DOT_bin=b"\x00\x01" * 20 + CSV.encode("utf-16-le")),
    "section.odt": lambda: odt('<text:section display="none">' + each("<text:p>@</text:p>") + "</text:section>"),
    "description.odt": lambda: odt(f"<text:p><draw:frame><svg:desc>{CSV}</svg:desc></draw:frame></text:p>"),
    "variables.odt": lambda: odt(
        "<text:user-field-decls>" + each('<text:user-field-decl text:name="k#" office:string-value="@"/>') + "</text:user-field-decls>"
    ),
    "hidden.rtf": lambda: rtf("{\\v " + "\\par ".join(LINES) + "}"),
    "white.rtf": lambda: rtf("{\\cf1 " + "\\par ".join(LINES) + "}"),
    "tiny.rtf": lambda: rtf("{\\fs2 " + "\\par ".join(LINES) + "}"),
    "bookmarks.rtf": lambda: rtf(each("{\\*\\bkmkstart @}")),
    "fonts.rtf": lambda: rtf("{\\fonttbl" + each("{\\f# @;}") + "}"),
    "shape.rtf": lambda: rtf("{\\shp{\\*\\shpinst" + each("{\\sp{\\sn wzDescription}{\\sv @}}") + "}}"),
    "store.rtf": lambda: rtf("{\\*\\datastore " + CSV.encode().hex() + "}"),
    "comment.rtf": lambda: rtf("{\\*\\annotation " + "\\par ".join(LINES) + "}"),
    "columns.html": (
        '<html><body><script type="application/json">'
        + json.dumps({"x": {"data": [[row[place] for row in ROWS] for place in range(5)], "container": "<th>a</th>"}})
        + "</script></body></html>"
    ).encode,
    "attributes.html": ("<html><body>" + each('<span data-row="@"></span>') + "</body></html>").encode,
    "tooltips.svg": (
        '<svg xmlns="http://www.w3.org/2000/svg">' + each('<circle cx="#" cy="5" r="2"><title>@</title></circle>') + "</svg>"
    ).encode,
}


@pytest.mark.parametrize("channel", CHANNELS)
def test_records_come_out_as_rows(channel: str) -> None:
    """Records in this corner of the file become rows of a grid or table."""
    assert rows_found(content_of(CHANNELS[channel](), channel.replace(" ", "_"))) >= 0.75 * len(ROWS)


@pytest.mark.parametrize("name", ["plain.docx", "plain.pptx", "plain.xlsx", "plain.odt", "plain.rtf"])
def test_plain_documents_stay_plain(name: str) -> None:
    """A document with nothing in its corners gives no grid of them, no gap and no oddity."""
    data = {
        "plain.docx": lambda: docx(
            '<w:p><w:bookmarkStart w:id="1" w:name="_Toc1234"/><w:r><w:drawing><docPr id="2" name="Picture 2"/></w:drawing></w:r></w:p>'
        ),
        "plain.pptx": lambda: pptx(each('<p:sp><p:nvSpPr><p:cNvPr id="#" name="TextBox #"/></p:nvSpPr></p:sp>')),
        "plain.xlsx": xlsx,
        "plain.odt": lambda: odt('<text:p><text:bookmark text:name="Introduction"/></text:p>'),
        "plain.rtf": lambda: rtf("{\\*\\bkmkstart Table 1}The end."),
    }[name]()
    content = content_of(data, name)
    assert content.complete
    assert not content.oddities
    assert sum(isinstance(part, Grid) for part in content.parts) == (name == "plain.xlsx")


def test_style_names_are_no_records() -> None:
    """Names of styles as Word gives them, with numbers in them, are not taken for rows."""
    given = [
        f"{first} {second} {number} Accent {accent}"
        for first in ("Light", "Medium")
        for second in ("Grid", "List")
        for number in (1, 2)
        for accent in range(1, 7)
    ]
    styles = "".join(f'<w:style><w:name w:val="{name}"/></w:style>' for name in given)
    content = content_of(docx(word__styles_DOT_xml=f'<w:styles xmlns:w="{W}">{styles}</w:styles>'), "styles.docx")
    assert not [part for part in content.parts if isinstance(part, Grid)]


def test_unlinked_pivot_records_are_read_and_a_gap() -> None:
    """Records that no pivot definition points to are read, and said to lack their definition."""
    parts = pivot("records.xml")
    del parts["xl__pivotCache___rels__definition_DOT_xml_DOT_rels"]
    content = content_of(xlsx(**parts), "book.xlsx")
    assert rows_found(content) == len(ROWS)
    assert any("definition" in gap.detail for gap in content.unread)


def test_packed_arrays_in_scripts_are_a_gap() -> None:
    """Numbers that a script unpacks into a typed array are named as unread."""
    packed = base64.b64encode(struct.pack("<40d", *(float(row[3]) for row in ROWS))).decode()
    page = f'<html><body><script>const b = new Float64Array(Uint8Array.from(atob("{packed}"), c => c).buffer);</script></body></html>'
    assert any("packed" in gap.detail for gap in content_of(page.encode(), "page.html").unread)


def test_png_private_chunks_of_any_size_are_read() -> None:
    """Records in many small private chunks come out like records in one."""
    from PIL import Image, PngImagePlugin

    info = PngImagePlugin.PngInfo()
    for line in LINES:
        info.add(b"prVt", line.encode())
    out = io.BytesIO()
    Image.new("RGB", (20, 20)).save(out, "PNG", pnginfo=info)
    assert rows_found(content_of(out.getvalue(), "plot.png")) == len(ROWS)


def test_zlib_is_not_needed_to_hide_in_a_pdf() -> None:
    """An object that nothing points to is read, packed or plain."""
    for body, entries in ((CSV.encode(), b""), (zlib.compress(CSV.encode()), b"/Filter /FlateDecode")):
        page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 99 99] >>"
        objects = [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            page,
            b"<< %s /Length %d >>\nstream\n%s\nendstream" % (entries, len(body), body),
        ]
        out, places = bytearray(b"%PDF-1.7\n"), []
        for number, item in enumerate(objects, start=1):
            places.append(len(out))
            out += b"%d 0 obj\n%s\nendobj\n" % (number, item)
        start = len(out)
        out += b"xref\n0 5\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % place for place in places)
        out += b"trailer\n<< /Size 5 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % start
        assert rows_found(content_of(bytes(out), "paper.pdf")) == len(ROWS)
