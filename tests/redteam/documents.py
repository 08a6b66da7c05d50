"""Office documents, PDF and rich text that carry a text, rows or bytes where a reader of them looks, and where none does."""

from __future__ import annotations

import io
import random
import zipfile
import zlib
from collections.abc import Callable
from html import escape

from carriers import PROSE, b64
from population import CLINICAL, Item, Population, Rows

Carrier = Callable[[Item, random.Random], Item]
DOCUMENTS_OF_TEXT: dict[str, Carrier] = {}
DOCUMENTS_OF_BYTES: dict[str, Carrier] = {}
WORKBOOKS: dict[str, Callable[[Population], Item]] = {}

XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"
_SLIDES = "http://schemas.openxmlformats.org/presentationml/2006/main"


def package(parts: dict[str, str | bytes], *, stored: bool = False) -> bytes:
    """A zip of parts, whatever the clock says."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def _paragraphs(text: str, about: str = "") -> str:
    run = f"<w:rPr>{about}</w:rPr>" if about else ""
    return "".join(f'<w:p><w:r>{run}<w:t xml:space="preserve">{escape(line)}</w:t></w:r></w:p>' for line in text.splitlines())


def docx(body: str = "", parts: dict[str, str | bytes] | None = None, relations: dict[str, tuple[str, str]] | None = None) -> bytes:
    """A document of Word with two sentences, and a body and parts of choice."""
    links = "".join(
        f'<Relationship Id="{name}" Type="{_OFFICE}/{kind}" Target="{target}"/>' for name, (kind, target) in (relations or {}).items()
    )
    overrides = '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/>'
    return package(
        {
            "[Content_Types].xml": f'{XML}<Types xmlns="{_TYPES}"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Default Extension="xml" ContentType="application/xml"/><Default Extension="png" ContentType="image/png"/><Default Extension="bin" ContentType="application/octet-stream"/>{overrides}</Types>',
            "_rels/.rels": f'{XML}<Relationships xmlns="{_RELATIONS}"><Relationship Id="r1" Type="{_OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>',
            "word/document.xml": f'{XML}<w:document xmlns:w="{_WORD}" xmlns:r="{_OFFICE}"><w:body>{_paragraphs(PROSE[0])}{body}{_paragraphs(PROSE[1])}</w:body></w:document>',
            "word/_rels/document.xml.rels": f'{XML}<Relationships xmlns="{_RELATIONS}">{links}</Relationships>',
            **(parts or {}),
        }
    )


def of_text(name: str, extension: str) -> Callable[[Callable[[str], bytes | str]], Callable[[str], bytes | str]]:
    """Lists a function that carries a text."""

    def listed(write: Callable[[str], bytes | str]) -> Callable[[str], bytes | str]:
        DOCUMENTS_OF_TEXT[name] = lambda item, chance: item.wrapped(f"report{extension}", write(item.string), name)
        return write

    return listed


def of_bytes(name: str, extension: str) -> Callable[[Callable[[bytes], bytes | str]], Callable[[bytes], bytes | str]]:
    """Lists a function that carries bytes."""

    def listed(write: Callable[[bytes], bytes | str]) -> Callable[[bytes], bytes | str]:
        DOCUMENTS_OF_BYTES[name] = lambda item, chance: item.wrapped(f"report{extension}", write(item.data), name)
        return write

    return listed


def _word_part(tag: str, text: str, inner: str = "") -> str:
    return f'{XML}<w:{tag} xmlns:w="{_WORD}">{inner or _paragraphs(text)}</w:{tag}>'


def _cells(text: str) -> str:
    rows = "".join(
        "<w:tr>" + "".join(f"<w:tc>{_paragraphs(cell or ' ')}</w:tc>" for cell in line.replace("\t", ",").split(",")) + "</w:tr>"
        for line in text.splitlines()
    )
    return f"<w:tbl>{rows}</w:tbl>"


of_text("docx: paragraphs", ".docx")(lambda text: docx(_paragraphs(text)))
of_text("docx: table", ".docx")(lambda text: docx(_cells(text)))
of_text("docx: hidden text", ".docx")(lambda text: docx(_paragraphs(text, "<w:vanish/>")))
of_text("docx: white text", ".docx")(lambda text: docx(_paragraphs(text, '<w:color w:val="FFFFFF"/>')))
of_text("docx: tiny text", ".docx")(lambda text: docx(_paragraphs(text, '<w:sz w:val="2"/>')))
of_text("docx: deleted text", ".docx")(
    lambda text: docx(
        "".join(
            f'<w:p><w:del w:id="1" w:author="a"><w:r><w:delText>{escape(line)}</w:delText></w:r></w:del></w:p>'
            for line in text.splitlines()
        )
    )
)
of_text("docx: field code", ".docx")(
    lambda text: docx(
        f'<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>{escape(text)}</w:instrText></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'
    )
)
of_text("docx: comments", ".docx")(
    lambda text: docx(
        "",
        {"word/comments.xml": _word_part("comments", "", f'<w:comment w:id="0" w:author="a">{_paragraphs(text)}</w:comment>')},
        {"r2": ("comments", "comments.xml")},
    )
)
of_text("docx: footnotes", ".docx")(
    lambda text: docx(
        "",
        {"word/footnotes.xml": _word_part("footnotes", "", f'<w:footnote w:id="2">{_paragraphs(text)}</w:footnote>')},
        {"r2": ("footnotes", "footnotes.xml")},
    )
)
of_text("docx: header", ".docx")(lambda text: docx("", {"word/header1.xml": _word_part("hdr", text)}, {"r2": ("header", "header1.xml")}))
of_text("docx: custom xml", ".docx")(
    lambda text: docx(
        "", {"customXml/item1.xml": f"{XML}<state><v>{escape(text)}</v></state>"}, {"r2": ("customXml", "../customXml/item1.xml")}
    )
)
of_text("docx: properties", ".docx")(
    lambda text: docx(
        "",
        {
            "docProps/core.xml": f'{XML}<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:description>{escape(text)}</dc:description></cp:coreProperties>'
        },
    )
)
of_text("docx: custom properties", ".docx")(
    lambda text: docx(
        "",
        {
            "docProps/custom.xml": f'{XML}<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties" xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"><property fmtid="{{D5CDD505-2E9C-101B-9397-08002B2CF9AE}}" pid="2" name="s"><vt:lpwstr>{escape(text)}</vt:lpwstr></property></Properties>'
        },
    )
)
of_text("docx: document variables", ".docx")(
    lambda text: docx(
        "",
        {"word/settings.xml": _word_part("settings", "", f'<w:docVars><w:docVar w:name="s" w:val="{escape(text)}"/></w:docVars>')},
        {"r2": ("settings", "settings.xml")},
    )
)
of_text("docx: description of a picture", ".docx")(
    lambda text: docx(
        f'<w:p><w:r><w:drawing><wp:inline xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"><wp:docPr id="1" name="p" descr="{escape(text)}"/></wp:inline></w:drawing></w:r></w:p>'
    )
)
of_text("docx: part nobody asks for", ".docx")(lambda text: docx("", {"word/cache.txt": text}))
of_text("docx: alternative chunk", ".docx")(
    lambda text: docx('<w:altChunk r:id="r2"/>', {"word/a.txt": text}, {"r2": ("aFChunk", "a.txt")})
)
of_text("docx: comment in the xml", ".docx")(lambda text: docx(f"<!--{text.replace('--', '- -')}-->"))
of_bytes("docx: embedded object", ".docx")(
    lambda data: docx("", {"word/embeddings/oleObject1.bin": data}, {"r2": ("oleObject", "embeddings/oleObject1.bin")})
)
of_bytes("docx: embedded package", ".docx")(
    lambda data: docx("", {"word/embeddings/a.xlsx": data}, {"r2": ("package", "embeddings/a.xlsx")})
)
of_bytes("docx: said to be a picture", ".docx")(
    lambda data: docx("", {"word/media/image1.png": data}, {"r2": ("image", "media/image1.png")})
)
of_bytes("docx: base64 in a paragraph", ".docx")(lambda data: docx(_paragraphs(b64(data))))


def pptx(slide: str, parts: dict[str, str | bytes] | None = None) -> bytes:
    """A presentation of one slide."""
    shape = '<p:sp><p:nvSpPr><p:cNvPr id="2" name="t"/><p:cNvSpPr/><p:nvPr/></p:nvSpPr><p:spPr/><p:txBody><a:bodyPr/>{}</p:txBody></p:sp>'
    return package(
        {
            "[Content_Types].xml": f'{XML}<Types xmlns="{_TYPES}"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>'
            '<Override PartName="/ppt/presentation.xml" ContentType="application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"/></Types>',
            "_rels/.rels": f'{XML}<Relationships xmlns="{_RELATIONS}"><Relationship Id="r1" Type="{_OFFICE}/officeDocument" Target="ppt/presentation.xml"/></Relationships>',
            "ppt/presentation.xml": f'{XML}<p:presentation xmlns:p="{_SLIDES}" xmlns:r="{_OFFICE}"><p:sldIdLst><p:sldId id="256" r:id="r1"/></p:sldIdLst></p:presentation>',
            "ppt/_rels/presentation.xml.rels": f'{XML}<Relationships xmlns="{_RELATIONS}"><Relationship Id="r1" Type="{_OFFICE}/slide" Target="slides/slide1.xml"/></Relationships>',
            "ppt/slides/slide1.xml": f'{XML}<p:sld xmlns:p="{_SLIDES}" xmlns:a="{_DRAWING}"><p:cSld><p:spTree>{shape.format(slide)}</p:spTree></p:cSld></p:sld>',
            **(parts or {}),
        }
    )


def slide_lines(text: str) -> str:
    """Paragraphs of a slide."""
    return "".join(f"<a:p><a:r><a:t>{escape(line)}</a:t></a:r></a:p>" for line in text.splitlines())


of_text("pptx: slide", ".pptx")(lambda text: pptx(slide_lines(text)))
of_text("pptx: notes", ".pptx")(
    lambda text: pptx(
        slide_lines("Results"),
        {
            "ppt/slides/_rels/slide1.xml.rels": f'{XML}<Relationships xmlns="{_RELATIONS}"><Relationship Id="r1" Type="{_OFFICE}/notesSlide" Target="../notesSlides/notesSlide1.xml"/></Relationships>',
            "ppt/notesSlides/notesSlide1.xml": f'{XML}<p:notes xmlns:p="{_SLIDES}" xmlns:a="{_DRAWING}"><p:cSld><p:spTree><p:sp><p:txBody>{slide_lines(text)}</p:txBody></p:sp></p:spTree></p:cSld></p:notes>',
        },
    )
)
of_text("pptx: custom xml", ".pptx")(lambda text: pptx(slide_lines("Results"), {"customXml/item1.xml": f"{XML}<s>{escape(text)}</s>"}))


def odt(body: str, parts: dict[str, str | bytes] | None = None, kind: str = "text") -> bytes:
    """A document of OpenDocument."""
    spaces = (
        'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:meta="urn:oasis:names:tc:opendocument:xmlns:meta:1.0"'
    )
    mime = f"application/vnd.oasis.opendocument.{kind}"
    manifest = (
        f'{XML}<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><manifest:file-entry manifest:full-path="/" manifest:media-type="{mime}"/>'
        '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
    )
    return package(
        {
            "mimetype": mime,
            "content.xml": f"{XML}<office:document-content {spaces}><office:body><office:{kind}>{body}</office:{kind}></office:body></office:document-content>",
            "META-INF/manifest.xml": manifest,
            **{name: data.replace("SPACES", spaces) if isinstance(data, str) else data for name, data in (parts or {}).items()},
        },
        stored=True,
    )


def odt_lines(text: str) -> str:
    """Paragraphs of OpenDocument."""
    return "".join(f"<text:p>{escape(line)}</text:p>" for line in text.splitlines())


def ods_table(text: str, about: str = "") -> str:
    """A sheet of OpenDocument."""
    rows = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="string"><text:p>{escape(cell)}</text:p></table:table-cell>'
            for cell in line.replace("\t", ",").split(",")
        )
        + "</table:table-row>"
        for line in text.splitlines()
    )
    return f'<table:table table:name="S" {about}>{rows}</table:table>'


_FINE = "group,n,mean\na,40,1.5\nb,55,2.5\nc,61,2.1\n"
of_text("odt: paragraphs", ".odt")(lambda text: odt(odt_lines(PROSE[0]) + odt_lines(text)))
of_text("odt: hidden paragraph", ".odt")(
    lambda text: odt(
        odt_lines(PROSE[0])
        + "".join(f'<text:hidden-paragraph text:condition="true">{escape(line)}</text:hidden-paragraph>' for line in text.splitlines())
    )
)
of_text("odt: annotation", ".odt")(lambda text: odt(f"<text:p>{PROSE[0]}<office:annotation>{odt_lines(text)}</office:annotation></text:p>"))
of_text("odt: properties", ".odt")(
    lambda text: odt(
        odt_lines(PROSE[0]),
        {
            "meta.xml": f"{XML}<office:document-meta SPACES><office:meta><dc:description>{escape(text)}</dc:description></office:meta></office:document-meta>"
        },
    )
)
of_text("odt: part nobody asks for", ".odt")(lambda text: odt(odt_lines(PROSE[0]), {"Configurations2/x.txt": text.encode()}))
of_text("ods: rows", ".ods")(lambda text: odt(ods_table(text), kind="spreadsheet"))
of_text("ods: second sheet", ".ods")(lambda text: odt(ods_table(_FINE) + ods_table(text).replace('"S"', '"T"'), kind="spreadsheet"))
of_text("ods: comment", ".ods")(
    lambda text: odt(
        ods_table(_FINE).replace("<text:p>a</text:p>", f"<office:annotation>{odt_lines(text)}</office:annotation><text:p>a</text:p>"),
        kind="spreadsheet",
    )
)


# workbooks


def _workbook(fill: Callable[[object], None]) -> bytes:
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Results"
    for line in _FINE.splitlines():
        sheet.append([int(cell) if cell.isdigit() else cell for cell in line.split(",")])
    fill(book)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _fill(book, rows: Rows, name: str = "Data", state: str = "visible"):
    sheet = book.create_sheet(name)
    for row in (rows.header, *rows.rows):
        sheet.append(row)
    sheet.sheet_state = state
    return sheet


def workbook(name: str) -> Callable[[Callable[[object, Population], object]], None]:
    """Lists a function that hides a population in a workbook of openpyxl."""

    def listed(fill: Callable[[object, Population], object]) -> None:
        WORKBOOKS[name] = lambda people: Item(name="tables.xlsx", data=_workbook(lambda book: fill(book, people)), made=(name,))

    return listed


def _hidden_rows(book, people: Population) -> None:
    sheet = book["Results"]
    for row in people.table(CLINICAL).rows:
        sheet.append(row)
        sheet.row_dimensions[sheet.max_row].hidden = True


def _hidden_columns(book, people: Population) -> None:
    sheet = _fill(book, people.table(CLINICAL))
    for letter in "ABCDEFG":
        sheet.column_dimensions[letter].hidden = True


def _comments(book, people: Population) -> None:
    from openpyxl.comments import Comment

    book["Results"]["A1"].comment = Comment(people.table(CLINICAL).csv, "a")


def _defined_name(book, people: Population) -> None:
    from openpyxl.workbook.defined_name import DefinedName

    values = ",".join("{" + ",".join(f'"{value}"' for value in row) + "}" for row in people.table(CLINICAL).rows)
    book.defined_names["cache"] = DefinedName("cache", attr_text="{" + values.replace("{", "").replace("},", ";").replace("}", "") + "}")


def _validation(book, people: Population) -> None:
    from openpyxl.worksheet.datavalidation import DataValidation

    for place, row in enumerate(people.table().rows):
        validation = DataValidation(type="list", formula1='"' + ",".join(map(str, row)) + '"')
        validation.add(f"Z{place + 1}")
        book["Results"].add_data_validation(validation)


def _far(book, people: Population) -> None:
    for down, row in enumerate(people.table(CLINICAL).rows):
        for across, value in enumerate(row):
            book["Results"].cell(4000 + down, 300 + across, value)


def _white(book, people: Population) -> None:
    from openpyxl.styles import Font

    sheet = book["Results"]
    for row in people.table(CLINICAL).rows:
        sheet.append(row)
        for cell in sheet[sheet.max_row]:
            cell.font = Font(color="FFFFFFFF")


def _no_format(book, people: Population) -> None:
    sheet = _fill(book, people.table(CLINICAL))
    for row in sheet.iter_rows():
        for cell in row:
            cell.number_format = ";;;"


def _sheet_a_person(book, people: Population) -> None:
    rows = people.table(CLINICAL)
    for row in rows.rows[:40]:
        sheet = book.create_sheet(str(row[0]))
        for name, value in zip(rows.header, row, strict=True):
            sheet.append([name, value])


def _sheet_a_variable(book, people: Population) -> None:
    for name, values in people.table(CLINICAL).columns.items():
        sheet = book.create_sheet(name)
        for value in values:
            sheet.append([value])


def _genotypes_in_colours(book, people: Population) -> None:
    from openpyxl.styles import PatternFill

    fills = [PatternFill("solid", fgColor=colour) for colour in ("FFFFFFFF", "FFAAAAAA", "FF000000")]
    sheet = book.create_sheet("Map")
    for down, row in enumerate(people.counts.tolist()[:60]):
        for across, value in enumerate(row[:40]):
            sheet.cell(down + 1, across + 1).fill = fills[value]


def _header_footer(book, people: Population) -> None:
    book["Results"].oddHeader.center.text = people.table(CLINICAL).csv.replace("&", "")


def _chart_cache(book, people: Population) -> None:
    from openpyxl.chart import Reference, ScatterChart, Series

    sheet = _fill(book, people.table(("age", "bmi", "sbp")), state="hidden")
    chart = ScatterChart()
    chart.series.append(Series(Reference(sheet, min_col=2, min_row=2, max_row=81), Reference(sheet, min_col=1, min_row=2, max_row=81)))
    book["Results"].add_chart(chart, "F2")


workbook("xlsx: rows")(lambda book, people: _fill(book, people.table(CLINICAL)))
workbook("xlsx: hidden sheet")(lambda book, people: _fill(book, people.table(CLINICAL), state="hidden"))
workbook("xlsx: very hidden sheet")(lambda book, people: _fill(book, people.table(CLINICAL), state="veryHidden"))
workbook("xlsx: hidden rows")(_hidden_rows)
workbook("xlsx: hidden columns")(_hidden_columns)
workbook("xlsx: comment")(_comments)
workbook("xlsx: defined name")(_defined_name)
workbook("xlsx: validation lists")(_validation)
workbook("xlsx: far away")(_far)
workbook("xlsx: white text")(_white)
workbook("xlsx: format that shows nothing")(_no_format)
workbook("xlsx: one sheet a person")(_sheet_a_person)
workbook("xlsx: one sheet a variable")(_sheet_a_variable)
workbook("xlsx: genotypes as colours")(_genotypes_in_colours)
workbook("xlsx: header of the page")(_header_footer)
workbook("xlsx: behind a chart")(_chart_cache)
workbook("xlsx: title")(lambda book, people: setattr(book.properties, "title", people.table(CLINICAL).csv[:30000]))
workbook("xlsx: description")(lambda book, people: setattr(book.properties, "description", people.table(CLINICAL).csv[:30000]))
workbook("xlsx: one cell")(lambda book, people: book["Results"].append([people.table(CLINICAL).csv[:30000]]))
workbook("xlsx: formula")(
    lambda book, people: book["Results"].append(['=IF(FALSE,"' + people.table(CLINICAL).csv[:7000].replace("\n", ";") + '",1)'])
)
workbook("xlsx: genotypes")(
    lambda book, people: _fill(
        book,
        Rows(
            header=("id", *(site[2] for site in people.sites)),
            rows=tuple((name, *row) for name, row in zip(people.ids, people.counts.tolist(), strict=True)),
        ),
    )
)


def add_parts(data: bytes, parts: dict[str, str | bytes]) -> bytes:
    """A package with more parts."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return package({name: archive.read(name) for name in archive.namelist()} | parts)


of_text("xlsx: custom xml", ".xlsx")(
    lambda text: add_parts(_workbook(lambda book: None), {"customXml/item1.xml": f"{XML}<s>{escape(text)}</s>"})
)
of_text("xlsx: part nobody asks for", ".xlsx")(lambda text: add_parts(_workbook(lambda book: None), {"xl/cache.dat": text}))
of_text("xlsx: unused shared strings", ".xlsx")(
    lambda text: add_parts(
        _workbook(lambda book: None),
        {
            "xl/sharedStrings.xml": f'{XML}<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
            + "".join(f"<si><t>{word}</t></si>" for word in ("group", "n", "mean", "a", "1.5", "b", "2.5", "c", "2.1"))
            + "".join(f"<si><t>{escape(line)}</t></si>" for line in text.splitlines())
            + "</sst>"
        },
    )
)
of_text("xlsx: external link cache", ".xlsx")(
    lambda text: add_parts(
        _workbook(lambda book: None),
        {
            "xl/externalLinks/externalLink1.xml": f'{XML}<externalLink xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><externalBook><sheetNames><sheetName val="S"/></sheetNames><sheetDataSet><sheetData sheetId="0">'
            + "".join(
                f'<row r="{down + 1}">'
                + "".join(
                    f'<cell r="{chr(65 + across)}{down + 1}" t="str"><v>{escape(cell)}</v></cell>'
                    for across, cell in enumerate(line.replace(chr(9), ",").split(",")[:26])
                )
                + "</row>"
                for down, line in enumerate(text.splitlines())
            )
            + "</sheetData></sheetDataSet></externalBook></externalLink>"
        },
    )
)
of_bytes("xlsx: embedded object", ".xlsx")(lambda data: add_parts(_workbook(lambda book: None), {"xl/embeddings/oleObject1.bin": data}))


# PDF, rich text


def pdf(contents: str, *more: bytes | str, catalogue: str = "", info: str = "", compress: bool = True, resources: str = "") -> bytes:
    """A PDF of one page, with more objects from number 6 on."""
    stream = zlib.compress(contents.encode("latin-1", "replace")) if compress else contents.encode("latin-1", "replace")
    objects: list[bytes] = [
        f"<< /Type /Catalog /Pages 2 0 R {catalogue} >>".encode(),
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> {resources} >> >>".encode(),
        f"<< /Length {len(stream)} {'/Filter /FlateDecode' if compress else ''} >>\nstream\n".encode() + stream + b"\nendstream",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Courier >>",
        *(entry if isinstance(entry, bytes) else entry.encode("latin-1", "replace") for entry in more),
    ]
    if info:
        objects.append(info.encode("latin-1", "replace"))
    out, places = bytearray(b"%PDF-1.7\n"), []
    for number, entry in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n".encode() + entry + b"\nendobj\n"
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode() + b"".join(f"{place:010d} 00000 n \n".encode() for place in places)
    out += f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R {f'/Info {len(objects)} 0 R' if info else ''} >>\nstartxref\n{start}\n%%EOF\n".encode()
    return bytes(out)


def pdf_string(text: str) -> str:
    """A string of PDF."""
    return "(" + text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)") + ")"


def pdf_lines(text: str, about: str = "", size: int = 8) -> str:
    """Lines of text on a page."""
    lines = "".join(f"{pdf_string(line)} Tj T*\n" for line in text.splitlines())
    return f"BT {about} /F1 {size} Tf 9 TL 40 800 Td\n{lines}ET\n"


def _pdf_stream(data: bytes, about: str) -> bytes:
    packed = zlib.compress(data)
    return f"<< {about} /Filter /FlateDecode /Length {len(packed)} >>\nstream\n".encode() + packed + b"\nendstream"


_COVER = pdf_lines("\n".join(PROSE))
of_text("pdf: text", ".pdf")(lambda text: pdf(pdf_lines(text)))
of_text("pdf: invisible text", ".pdf")(lambda text: pdf(_COVER + pdf_lines(text, "3 Tr")))
of_text("pdf: white text", ".pdf")(lambda text: pdf(_COVER + pdf_lines(text, "1 1 1 rg")))
of_text("pdf: tiny text", ".pdf")(lambda text: pdf(_COVER + pdf_lines(text, size=1).replace("9 TL", "0.1 TL")))
of_text("pdf: outside the page", ".pdf")(lambda text: pdf(_COVER + pdf_lines(text).replace("40 800 Td", "5000 9000 Td")))
of_text("pdf: information", ".pdf")(lambda text: pdf(_COVER, info=f"<< /Title (Report) /Subject {pdf_string(text)} >>"))
of_text("pdf: xmp", ".pdf")(
    lambda text: pdf(
        _COVER,
        _pdf_stream(f"<x:xmpmeta xmlns:x='adobe:ns:meta/'><d>{escape(text)}</d></x:xmpmeta>".encode(), "/Type /Metadata /Subtype /XML"),
        catalogue="/Metadata 6 0 R",
    )
)
of_text("pdf: comment in the file", ".pdf")(
    lambda text: pdf(_COVER).replace(b"%PDF-1.7\n", b"%PDF-1.7\n" + "".join(f"%{line}\n" for line in text.splitlines()).encode())
)
of_text("pdf: after the end", ".pdf")(lambda text: pdf(_COVER) + text.encode())
of_text("pdf: unused stream", ".pdf")(lambda text: pdf(_COVER, _pdf_stream(text.encode(), "")))
of_text("pdf: unused dictionary", ".pdf")(lambda text: pdf(_COVER, f"<< /PieceInfo << /State {pdf_string(text)} >> >>"))
of_text("pdf: annotation", ".pdf")(
    lambda text: pdf(_COVER, f"<< /Type /Annot /Subtype /Text /Rect [0 0 20 20] /Contents {pdf_string(text)} >>").replace(
        b"/Contents 4 0 R", b"/Contents 4 0 R /Annots [6 0 R]", 1
    )
)
of_text("pdf: form field", ".pdf")(
    lambda text: pdf(
        _COVER,
        f"<< /Type /Annot /Subtype /Widget /FT /Tx /T (state) /V {pdf_string(text)} /Rect [0 0 0 0] >>",
        catalogue="/AcroForm << /Fields [6 0 R] >>",
    )
)
of_text("pdf: earlier revision", ".pdf")(
    lambda text: (
        pdf(pdf_lines(text))
        + b"4 0 obj\n<< /Length "
        + str(len(_COVER)).encode()
        + b" >>\nstream\n"
        + _COVER.encode()
        + b"\nendstream\nendobj\n%%EOF\n"
    )
)
of_bytes("pdf: attachment", ".pdf")(
    lambda data: pdf(
        _COVER,
        "<< /Type /Filespec /F (a.bin) /EF << /F 7 0 R >> >>",
        _pdf_stream(data, "/Type /EmbeddedFile"),
        catalogue="/Names << /EmbeddedFiles << /Names [(a.bin) 6 0 R] >> >>",
    )
)
of_bytes("pdf: attachment nobody names", ".pdf")(lambda data: pdf(_COVER, _pdf_stream(data, "/Type /EmbeddedFile")))
of_bytes("pdf: hexadecimal stream", ".pdf")(
    lambda data: pdf(_COVER, f"<< /Filter /ASCIIHexDecode /Length {2 * len(data) + 1} >>\nstream\n{data.hex()}>\nendstream")
)


def rtf(body: str) -> str:
    """A rich text."""
    return "{\\rtf1\\ansi\\deff0{\\fonttbl{\\f0 Arial;}}{\\colortbl;\\red255\\green255\\blue255;}\n" + PROSE[0] + "\\par\n" + body + "}"


def rtf_text(text: str) -> str:
    """Lines of rich text."""
    return "".join(
        line.replace("\\", "\\\\").replace("{", "\\{").replace("}", "\\}").replace("\t", "\\tab ") + "\\par\n" for line in text.splitlines()
    )


of_text("rtf: text", ".rtf")(lambda text: rtf(rtf_text(text)))
of_text("rtf: hidden text", ".rtf")(lambda text: rtf("{\\v " + rtf_text(text) + "}"))
of_text("rtf: white text", ".rtf")(lambda text: rtf("{\\cf1 " + rtf_text(text) + "}"))
of_text("rtf: information", ".rtf")(lambda text: rtf("{\\info{\\doccomm " + rtf_text(text) + "}}"))
of_text("rtf: unknown destination", ".rtf")(lambda text: rtf("{\\*\\mystate " + rtf_text(text) + "}"))
of_text("rtf: table", ".rtf")(
    lambda text: rtf(
        "".join(
            "\\trowd\\cellx1000\\cellx2000 " + "".join(f"{cell}\\cell " for cell in line.replace("\t", ",").split(",")) + "\\row\n"
            for line in text.splitlines()
        )
    )
)
of_text("rtf: after the end", ".rtf")(lambda text: rtf("") + "\n" + text)
of_bytes("rtf: object", ".rtf")(lambda data: rtf("{\\object\\objemb{\\*\\objdata " + data.hex() + "}}"))
of_bytes("rtf: picture", ".rtf")(lambda data: rtf("{\\pict\\pngblip\n" + data.hex() + "}"))
