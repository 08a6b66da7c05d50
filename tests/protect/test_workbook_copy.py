"""Copies of workbooks: styles, notes and other sheets stay; a hidden number is nowhere in the package."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill
from openpyxl.workbook.defined_name import DefinedName

ROWS = [
    ["region", "men", "women", "total"],
    ["North", 1203, 8017, 9220],
    ["South", 3, 6161, 6164],
    ["East", 9509, 1055, 10564],
    ["West", 8842, 7, 8849],
    ["Total", 19557, 15240, 34797],
]


def book(change: Callable[[Any], None] | None = None) -> bytes:
    """A workbook as a statistician makes it: title, table, source, a sheet of notes."""
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet.title = "Cases"
    sheet["A1"] = "Cases by region"
    sheet["A1"].font = Font(bold=True)
    for number, row in enumerate(ROWS, start=3):
        for place, cell in enumerate(row, start=2):
            sheet.cell(number, place, cell)
    sheet["C5"].fill = PatternFill("solid", fgColor="FFEE00")
    sheet.column_dimensions["B"].width = 30
    sheet["B10"] = "Source: a register of patients"
    workbook.create_sheet("Notes")["A1"] = "Patients of all ages."
    if change is not None:
        change(workbook)
    stream = io.BytesIO()
    workbook.save(stream)
    return stream.getvalue()


def repacked(data: bytes, changes: dict[str, Callable[[bytes], bytes]], more: dict[str, bytes] | None = None) -> bytes:
    """The same package with some members changed and others added."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            new.writestr(info.filename, changes.get(info.filename, lambda content: content)(old.read(info)))
        for name, content in (more or {}).items():
            new.writestr(name, content)
    return stream.getvalue()


def with_strings(data: bytes) -> bytes:
    """The package with the words of its first sheet, and one count, kept as shared strings, as Excel writes them."""
    words = [
        "region",
        "men",
        "women",
        "total",
        "North",
        "South",
        "East",
        "West",
        "Total",
        "Cases by region",
        "Source: a register of patients",
        "3",
    ]

    def sheet(content: bytes) -> bytes:
        text = content.decode()
        text = re.sub(r'(<c r="C5"[^>]*?)(?: t="n")?>\s*<v>3</v></c>', r'\1 t="s"><v>11</v></c>', text)

        def shared(match: re.Match[str]) -> str:
            return f'{match[1]} t="s"><v>{words.index(match[2])}</v></c>'

        return re.sub(r'(<c [^>]*?) t="inlineStr"><is><t[^>]*>([^<]*)</t></is></c>', shared, text).encode()

    strings = '<?xml version="1.0" encoding="UTF-8"?><sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    strings += "".join(f"<si><t>{word}</t></si>" for word in words) + "</sst>"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"
    return repacked(
        data,
        {
            "xl/worksheets/sheet1.xml": sheet,
            "[Content_Types].xml": lambda content: content.replace(
                b"</Types>", f'<Override PartName="/xl/sharedStrings.xml" ContentType="{kind}"/></Types>'.encode()
            ),
            "xl/_rels/workbook.xml.rels": lambda content: content.replace(
                b"</Relationships>", f'<Relationship Id="rId99" Type="{relation}" Target="sharedStrings.xml"/></Relationships>'.encode()
            ),
        },
        {"xl/sharedStrings.xml": strings.encode()},
    )


def cells(data: bytes, sheet: str = "Cases") -> dict[str, Any]:
    """What each used cell of a sheet holds."""
    opened = openpyxl.load_workbook(io.BytesIO(data))[sheet]
    return {cell.coordinate: cell.value for row in opened.iter_rows() for cell in row if cell.value is not None}


def test_only_hidden_cells_change(mending: Callable[..., Any], judged: Callable[..., list[Any]]) -> None:
    """Four cells are hidden; all others, their styles, widths and the other sheets are as they were."""
    before = book()
    after = mending(before, "cases.xlsx").data
    old, new = cells(before), cells(after)
    assert {place for place in old if old[place] != new[place]} == {"C5", "D5", "C7", "D7"}
    assert {new[place] for place in ("C5", "D5", "C7", "D7")} == {"[c]"}
    opened = openpyxl.load_workbook(io.BytesIO(after))
    assert opened["Cases"]["A1"].font.bold
    assert opened["Cases"]["C5"].fill.fgColor.rgb == "00FFEE00"
    assert opened["Cases"].column_dimensions["B"].width == 30
    assert cells(after, "Notes") == cells(before, "Notes")
    assert judged(after, "cases.xlsx") == []


def test_members_that_need_not_change_do_not(mending: Callable[..., Any]) -> None:
    """Every part of the package but the sheet is the same, byte for byte and in the same order."""
    before = book()
    with zipfile.ZipFile(io.BytesIO(before)) as old, zipfile.ZipFile(io.BytesIO(mending(before, "cases.xlsx").data)) as new:
        assert old.namelist() == new.namelist()
        assert {name for name in old.namelist() if old.read(name) != new.read(name)} == {"xl/worksheets/sheet1.xml"}


def test_a_count_among_the_shared_strings_goes(mending: Callable[..., Any]) -> None:
    """A count kept as text stands among the shared strings too; it is emptied there, and the numbers of other strings stay."""
    before = with_strings(book())
    assert cells(before)["C5"] == "3"
    after = mending(before, "cases.xlsx").data
    with zipfile.ZipFile(io.BytesIO(after)) as new:
        strings = new.read("xl/sharedStrings.xml").decode()
    assert "<si><t>3</t></si>" not in strings
    assert strings.count("<si>") == 12
    assert cells(after)["B5"] == "South"
    assert cells(after)["C5"] == "[c]"


def test_formulas_become_their_results(mending: Callable[..., Any]) -> None:
    """Totals by formula would be worked out anew from what is left; they are replaced by their results, and the log says so."""

    def formulas(content: bytes) -> bytes:
        return re.sub(rb'(<c r="E5"[^>]*>)<v>', rb"\1<f>SUM(C5:D5)</f><v>", content)

    before = repacked(book(), {"xl/worksheets/sheet1.xml": formulas})
    copy = mending(before, "cases.xlsx")
    with zipfile.ZipFile(io.BytesIO(copy.data)) as new:
        assert b"<f>" not in new.read("xl/worksheets/sheet1.xml")
    assert cells(copy.data)["E5"] == 6164
    assert [(step.done.value, step.count) for step in copy.mended.steps if step.done.value == "formulas"] == [("formulas", 1)]


def test_hidden_sheets_are_mended_too(mending: Callable[..., Any]) -> None:
    """The same table on a hidden sheet is hidden in the same places."""

    def twice(workbook: Any) -> None:
        other = workbook.create_sheet("Working")
        other.sheet_state = "hidden"
        for number, row in enumerate(ROWS, start=1):
            for place, cell in enumerate(row, start=1):
                other.cell(number, place, cell)

    after = mending(book(twice), "cases.xlsx").data
    assert {place for place, value in cells(after, "Working").items() if value == "[c]"} == {"B3", "C3", "B5", "C5"}


def _charted(workbook: Any) -> None:
    chart = BarChart()
    chart.add_data(Reference(workbook["Cases"], min_col=3, min_row=3, max_row=7), titles_from_data=True)
    workbook["Cases"].add_chart(chart, "H2")


def _commented(workbook: Any) -> None:
    workbook["Cases"]["C5"].comment = Comment("checked by hand", "author")


def _named(workbook: Any) -> None:
    workbook.defined_names["cases_south"] = DefinedName("cases_south", attr_text="3")


@pytest.mark.parametrize(("change", "words"), [(_charted, "chart"), (_commented, "comment"), (_named, "names")])
def test_what_may_still_carry_the_number_is_refused(change: Callable[[Any], None], words: str, mending: Callable[..., Any]) -> None:
    """Charts keep a copy of their data; a comment hangs on a cell for a reason; names can stand for numbers."""
    copy = mending(book(change), "cases.xlsx")
    assert words in copy.refusal
    assert not copy.data


def test_rows_of_a_workbook_are_not_merged(mending: Callable[..., Any]) -> None:
    """Taking rows out of a sheet would move everything below; that is refused."""
    assert "merged" in mending(book(), "cases.xlsx", method="merge").refusal


def test_rounded_workbooks_keep_numbers_as_numbers(mending: Callable[..., Any]) -> None:
    """Rounded counts are numbers again, not text."""
    after = cells(mending(book(), "cases.xlsx", base=5).data)
    assert after["C4"] == 1205
    assert after["C5"] == "[c]"
    assert after["E4"] == 1205 + after["D4"]
