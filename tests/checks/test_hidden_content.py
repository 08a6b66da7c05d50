"""What the worked examples cannot show of `hidden_content`: workbooks, documents, archives, gaps, and the switches of a profile."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import openpyxl
import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from sdc_airlock.checks import Subject, checks
from sdc_airlock.checks._format_facts import HIDDEN
from sdc_airlock.model.content import Grid, GridSource, Oddity, OddityKind, TextPart, TextRole, Unread, UnreadReason
from sdc_airlock.model.finding import Finding, Severity
from sdc_airlock.policy import Profile

TABLE = b"region,cases\nNorth,120\nSouth,95\nEast,210\n"
Judge = Callable[..., list[Finding]]


@pytest.fixture
def judge(default_profile: Profile) -> Judge:
    """Runs the check under the default profile, with other rules where they are given."""
    check = checks()["hidden_content"]
    assert check.on_output is not None
    run = check.on_output
    return lambda subject, **rules: list(run(subject, default_profile.params(check) | rules))


@pytest.fixture
def table(subject_of: Callable[[bytes, str], Subject]) -> Callable[..., Subject]:
    """A plain table, with more parts, oddities or gaps."""

    def make(*parts: Any, **changes: Any) -> Subject:
        subject = subject_of(TABLE, "table.csv")
        return replace(subject, content=replace(subject.content, parts=(*subject.content.parts, *parts), **changes))

    return make


def workbook(change: Callable[[openpyxl.Workbook], None]) -> bytes:
    """A workbook with a summary and a second sheet of made-up regions."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (("region", "cases"), ("North", 120), ("South", 95), ("East", 210)):
        sheet.append(row)
    other = book.create_sheet("more")
    other.append(("ward", "2021", "2022"))
    for number in range(11):
        other.append((f"ward {number}", 100 + 7 * number, 200 + 3 * number))
    change(book)
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def held(findings: list[Finding]) -> list[Finding]:
    """Findings that are more than a note."""
    return [finding for finding in findings if finding.severity > Severity.LOW]


def people(count: int = 30) -> list[tuple[Any, ...]]:
    """Made-up records, one a person."""
    chance = random.Random(7)
    rows: list[tuple[Any, ...]] = [("id", "sex", "age", "bmi", "smoker", "sbp")]
    rows += [
        (
            f"P{number:04}",
            chance.choice("MF"),
            chance.randint(18, 90),
            round(chance.gauss(27, 4), 1),
            chance.choice((0, 1)),
            chance.randint(95, 180),
        )
        for number in range(count)
    ]
    return rows


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
def test_hidden_sheets_are_held(state: str, subject_of: Callable[[bytes, str], Subject], judge: Judge) -> None:
    """A hidden sheet with a table is held, and named once."""

    def hide(book: openpyxl.Workbook) -> None:
        book["more"].sheet_state = state

    (finding,) = held(judge(subject_of(workbook(hide), "book.xlsx")))
    assert (finding.rule, finding.severity, finding.location.part_id) == ("hidden_sheet", Severity.MEDIUM, "book.xlsx!more")
    assert "36 cells" in finding.message


def test_a_hidden_sheet_without_content_is_a_note(subject_of: Callable[[bytes, str], Subject], judge: Judge) -> None:
    """What holds nothing is told and not held."""

    def hide(book: openpyxl.Workbook) -> None:
        book.create_sheet("empty").sheet_state = "hidden"

    findings = judge(subject_of(workbook(hide), "book.xlsx"))
    assert [finding.severity for finding in findings if finding.rule == "hidden_sheet"] == [Severity.LOW]


def test_hidden_records_of_people_are_serious(subject_of: Callable[[bytes, str], Subject], judge: Judge) -> None:
    """A hidden sheet of records weighs more than a hidden table of regions."""

    def hide(book: openpyxl.Workbook) -> None:
        sheet = book.create_sheet("raw")
        for row in people():
            sheet.append(row)
        sheet.sheet_state = "veryHidden"

    (finding,) = held(judge(subject_of(workbook(hide), "book.xlsx")))
    assert finding.severity is Severity.HIGH
    assert "single people" in finding.message


@pytest.mark.parametrize(("rows", "severity"), [(2, Severity.LOW), (12, Severity.MEDIUM)])
def test_hidden_rows(rows: int, severity: Severity, subject_of: Callable[[bytes, str], Subject], judge: Judge) -> None:
    """A hidden row or two is a note; many hidden cells are held."""

    def hide(book: openpyxl.Workbook) -> None:
        for row in range(1, rows + 1):
            book["more"].row_dimensions[row].hidden = True

    findings = [finding for finding in judge(subject_of(workbook(hide), "book.xlsx")) if finding.rule == "hidden_cells"]
    assert [finding.severity for finding in findings] == [severity]


@pytest.mark.parametrize(
    ("text", "severity"), [("Please check this one", Severity.LOW), ("A long remark about a person. " * 100, Severity.MEDIUM)]
)
def test_comments(text: str, severity: Severity, subject_of: Callable[[bytes, str], Subject], judge: Judge) -> None:
    """A short comment is a note, a story is held."""

    def comment(book: openpyxl.Workbook) -> None:
        book["more"]["A1"].comment = openpyxl.comments.Comment(text, "N")

    findings = [finding for finding in judge(subject_of(workbook(comment), "book.xlsx")) if finding.rule == "hidden_text"]
    assert [finding.severity for finding in findings] == [severity]


def picture(**texts: str) -> bytes:
    """A small picture with text chunks."""
    info = PngInfo()
    for name, text in texts.items():
        info.add_text(name, text)
    data = io.BytesIO()
    Image.new("RGB", (20, 10), "white").save(data, "png", pnginfo=info)
    return data.getvalue()


def test_metadata_of_a_picture(subject_of: Callable[[bytes, str], Subject], judge: Judge) -> None:
    """The name of the program is a note at most; a table in a text chunk is held."""
    assert held(judge(subject_of(picture(Software="Matplotlib version 3.9, https://matplotlib.org/"), "plot.png"))) == []
    lines = "\n".join(",".join(map(str, row)) for row in people())
    assert held(judge(subject_of(picture(Description=lines), "plot.png")))


def test_members_that_file_managers_leave_out(subject_of: Callable[[bytes, str], Subject], judge: Judge) -> None:
    """A table in a folder whose name begins with a dot is held; settings there are a note."""

    def packed(name: str, text: bytes) -> Subject:
        data = io.BytesIO()
        with zipfile.ZipFile(data, "w") as archive:
            archive.writestr("summary.txt", "The models converged after a few rounds.\n")
            archive.writestr(name, text)
        return subject_of(data.getvalue(), "results.zip")

    settings = judge(packed(".Rprofile", b"options(digits = 4)\nlibrary(survival)\n"))
    assert [(finding.rule, finding.severity) for finding in settings] == [("unlisted", Severity.LOW)]
    for name in (".cache/table.csv", "__MACOSX/table.csv"):
        (finding,) = judge(packed(name, b"region,cases\n" + b"".join(b"ward %d,%d\n" % (number, 100 + number) for number in range(20))))
        assert (finding.rule, finding.severity, finding.location.part_id) == ("unlisted", Severity.MEDIUM, f"results.zip/{name}")


def test_an_output_with_a_dot_is_told(subject_of: Callable[[bytes, str], Subject], judge: Judge) -> None:
    """The name of the output itself is a note: the report lists it."""
    assert [(finding.rule, finding.severity) for finding in judge(subject_of(TABLE, ".table.csv"))] == [("unlisted", Severity.LOW)]


@pytest.mark.parametrize("kind", sorted(HIDDEN))
def test_each_kind_is_told_once(kind: OddityKind, table: Callable[..., Subject], judge: Judge) -> None:
    """Each hidden kind gives one finding with words and a remedy, at its place."""
    (finding,) = judge(table(oddities=(Oddity(part_id="table.csv!x", kind=kind, detail="somewhere", size=1),)))
    assert (finding.rule, finding.location.part_id) == (kind.value, "table.csv!x")
    assert "somewhere" in finding.message
    assert finding.remedy


@pytest.mark.parametrize("kind", sorted(HIDDEN - {OddityKind.METADATA}))
def test_much_of_each_kind_is_held(kind: OddityKind, table: Callable[..., Subject], judge: Judge) -> None:
    """By the reader's own count or by the parts, much hidden is held, whatever hides it."""
    grid = Grid(part_id="table.csv!x", rows=(("a", "b"),) * 20, source=GridSource.SHEET, hidden=True)
    assert held(judge(table(grid, oddities=(Oddity(part_id="table.csv!x", kind=kind, size=4000),))))


def test_metadata_by_size(table: Callable[..., Subject], judge: Judge) -> None:
    """Properties are weighed by the reader's count of what is unusual in them."""
    long = TextPart(part_id="table.csv!metadata", text="setting " * 1000, role=TextRole.METADATA, hidden=True)
    for size, holds in ((0, False), (100, False), (5000, True)):
        assert (
            bool(held(judge(table(long, oddities=(Oddity(part_id="table.csv!metadata", kind=OddityKind.METADATA, size=size),))))) == holds
        )


def test_what_is_hidden_and_unread_is_serious(table: Callable[..., Subject], judge: Judge) -> None:
    """A gap in a hidden place, or a gap that is hidden itself, is a finding."""
    gap = Unread(part_id="table.csv!x!bin", why=UnreadReason.UNSUPPORTED)
    (finding,) = judge(table(oddities=(Oddity(part_id="table.csv!x", kind=OddityKind.EMBEDDED_OBJECT),), unread=(gap,)))
    assert (finding.severity, finding.rule) == (Severity.HIGH, "embedded_object")
    (finding,) = judge(table(unread=(Unread(part_id="table.csv!y", why=UnreadReason.HIDDEN),)))
    assert (finding.severity, finding.rule) == (Severity.HIGH, "unread")


def test_comments_of_source_are_seen(subject_of: Callable[[bytes, str], Subject], judge: Judge) -> None:
    """A LaTeX source is opened as text, where its comments are seen, however long they are."""
    remarks = "".join(f"% remark {number} about table {number + 1}, to be seen by all 12 authors\n" for number in range(100))
    source = "\\documentclass{article}\n" + remarks + "\\begin{document}\nThe mean age was fifty-two years.\n\\end{document}\n"
    assert held(judge(subject_of(source.encode(), "paper.tex"))) == []


def test_formulas_weigh_what_they_hold(table: Callable[..., Subject], judge: Judge) -> None:
    """Formulas with empty texts say nothing however many they are; arrays written into them are held."""
    plain = "\n".join(f'=IF(A{row}="","",B{row}/C{row})' for row in range(500))
    array = "=SUM({" + ",".join(str(1000 + number) for number in range(900)) + "})"
    for text, holds in ((plain, False), (array, True)):
        part = TextPart(part_id="table.csv!formulas", text=text, role=TextRole.CODE, language="excel", hidden=True)
        assert bool(held(judge(table(part)))) == holds


def test_citations_weigh_nothing(table: Callable[..., Subject], judge: Judge) -> None:
    """What a citation program keeps with its marks is no hidden story."""
    text = "\n".join(
        f' ADDIN ZOTERO_ITEM CSL_CITATION {{"citationID":"a{number}","title":"A paper of many words"}}' for number in range(80)
    )
    assert held(judge(table(TextPart(part_id="table.csv!fields", text=text, role=TextRole.METADATA, hidden=True)))) == []


@pytest.mark.parametrize(
    ("rule", "part"),
    [
        ("hidden_cells", Grid(part_id="table.csv!x", rows=(("North", "South"),), source=GridSource.SHEET, hidden=True)),
        ("hidden_text", TextPart(part_id="table.csv!x", text="a few words", role=TextRole.PROSE, hidden=True)),
        ("hidden_asides", TextPart(part_id="table.csv!x", text="a few words", role=TextRole.COMMENT, hidden=True)),
        ("hidden_numbers", TextPart(part_id="table.csv!x", text="120 and 340", role=TextRole.PROSE, hidden=True)),
    ],
)
def test_a_profile_can_mind_everything(rule: str, part: Any, table: Callable[..., Subject], judge: Judge) -> None:
    """Each threshold is a rule of the profile: at nought nothing hidden goes."""
    assert held(judge(table(part))) == []
    assert held(judge(table(part), **{rule: 0}))


def test_many_places_do_not_flood_the_report(table: Callable[..., Subject], judge: Judge) -> None:
    """Notes are listed for the first twenty places of a sort; those without an oddity are one finding."""
    notes = tuple(Oddity(part_id=f"book!{number}", kind=OddityKind.HIDDEN_CELLS, size=1) for number in range(300))
    assert len(judge(table(oddities=notes))) == 20
    asides = [TextPart(part_id=f"doc!{number}", text="N. N.", role=TextRole.METADATA, hidden=True) for number in range(300)]
    (finding,) = judge(table(*asides))
    assert finding.count == 300


def test_messages_hold_no_value(subject_of: Callable[[bytes, str], Subject], judge: Judge) -> None:
    """What stands in the file never stands in a finding."""
    secret = "Zaphod"
    page = f'<html><body><p>Fine.</p><div style="display:none">{f"{secret} 311 " * 60}</div><!-- {secret} --></body></html>'
    findings = judge(subject_of(page.encode(), "page.html"))
    assert held(findings)
    assert all(secret not in repr(finding) for finding in findings)
