"""Records in attributes, names and style sheets that only programs read, and in one line of text or code; each was released once."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import openpyxl
import pytest

from sdc_airlock.model.decision import Outcome
from sdc_airlock.readers._ooxml import _structural

Lines = list[str]
ROWS = [("region", "n", "mean"), ("North", 320, 4.4), ("South", 210, 5.1), ("East", 330, 4.9), ("West", 410, 5.5)]


@pytest.fixture(scope="session")
def told(people) -> Lines:
    """A person a word."""
    return ["_".join(map(str, person[:5])) for person in people]


def workbook(change: Callable[[dict[str, str]], None]) -> bytes:
    """A workbook of means by region, with something changed in its parts."""
    book = openpyxl.Workbook()
    for row in ROWS:
        book.active.append(row)
    plain, changed = io.BytesIO(), io.BytesIO()
    book.save(plain)
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(changed, "w") as new:
        parts = {name: old.read(name).decode() for name in old.namelist()}
        change(parts)
        for name, text in parts.items():
            new.writestr(name, text)
    return changed.getvalue()


def _into(part: str, before: str, each: str) -> Callable[[Lines, dict[str, str]], None]:
    def change(told: Lines, parts: dict[str, str]) -> None:
        added = "".join(each.format(number=number, word=word) for number, word in enumerate(told))
        parts[part] = parts[part].replace(before, added + before, 1)

    return change


PARTS = {
    "fonts": _into("xl/styles.xml", "</fonts>", '<font><name val="{word}"/></font>'),
    "styles": _into("xl/styles.xml", "</cellStyles>", '<cellStyle name="{word}" xfId="0"/>'),
    "formats": _into("xl/styles.xml", "<fonts", '<numFmt numFmtId="9{number}" formatCode="0&quot;{word}&quot;"/>'),
    "types": _into("[Content_Types].xml", "</Types>", '<Default Extension="{word}" ContentType="text/plain"/>'),
    "links": _into("xl/_rels/workbook.xml.rels", "</Relationships>", '<Relationship Id="{word}" Type="t" Target="theme/theme1.xml"/>'),
    "rows": _into("xl/worksheets/sheet1.xml", "</sheetData>", '<row r="{number}0" note="{word}"/>'),
    "names": _into("xl/workbook.xml", "</workbook>", '<definedName name="k{number}">"{word}"</definedName>'),
    "choices": _into(
        "xl/worksheets/sheet1.xml",
        "<pageMargins",
        '<dataValidation type="list" sqref="H{number}"><formula1>"{word}"</formula1></dataValidation>',
    ),
}


@pytest.mark.parametrize("place", PARTS)
def test_parts_of_a_workbook(staged, judge, told: Lines, place: str) -> None:
    """Names of styles and fonts, formats, types of parts, links and lists to choose from are searched for records."""
    outcome, spoke = judge(staged(workbook(lambda parts: PARTS[place](told, parts)), "means.xlsx"))
    assert outcome is not Outcome.RELEASE
    assert "individual_rows" in spoke


def test_a_very_long_value(staged, judge, told: Lines) -> None:
    """Many people in one attribute are as many as in many attributes (values of more than 4,000 characters were not looked at)."""
    assert len("|".join(told * 5)) > 4_000
    page = PAGE.format(f"<p id='{'|'.join(told * 5)}'>text</p>")
    outcome, spoke = judge(staged(page.encode(), "means.html"))
    assert outcome is not Outcome.RELEASE
    assert "individual_rows" in spoke


def test_many_styles_pass(staged, judge) -> None:
    """Styles as programs name and number them are no records."""
    names = [f"{name} {first} {second}" for name in ("Normal", "Comma", "20% - Accent1") for first in range(2, 8) for second in (2, 3, 4)]
    change = _into("xl/styles.xml", "</cellStyles>", '<cellStyle name="{word}" xfId="0"/>')
    assert judge(staged(workbook(lambda parts: change(names, parts)), "means.xlsx"))[0] is Outcome.RELEASE


PAGE = "<!doctype html><title>Means</title>{}<table><tr><th>region<th>n<tr><td>North<td>320<tr><td>South<td>210</table>"
MARKUP = {
    "id.html": lambda told: PAGE.format("".join(f'<p id="{word}">text</p>' for word in told)),
    "class.html": lambda told: PAGE.format("".join(f"<p class='{word}'>text</p>" for word in told)),
    "long.html": lambda told: PAGE.format("".join(f'<p {"x" * 70}="{word}">text</p>' for word in told)),
    "sign.html": lambda told: PAGE.format("".join(f'<p @x="{word}">text</p>' for word in told)),
    "wide.html": lambda told: PAGE.format("".join(f'<p lang  =  "{word}">text</p>' for word in told)),
    "angle.html": lambda told: PAGE.format("".join(f'<p lang="{word} <">text</p>' for word in told)),
    "close.html": lambda told: PAGE.format("".join(f'<p id="a"lang="{word}">text</p>' for word in told)),
    "bare.html": lambda told: PAGE.format("".join(f"<p lang={word}>text</p>" for word in told)),
    "elements.html": lambda told: PAGE.format("".join(f"<x-{word.lower()}>t</x-{word.lower()}>" for word in told)),
    "selectors.html": lambda told: PAGE.format("<style>" + "".join(f".{word.replace('.', '-')}{{color:red}}" for word in told) + "</style>"),
    "properties.html": lambda told: PAGE.format("<style>:root{" + "".join(f"--k{place}:{word};" for place, word in enumerate(told)) + "}</style>"),
    "script.html": lambda told: PAGE.format(f"<script>var z = '{'|'.join(told)}';</script>"),
    "id.svg": lambda told: '<svg xmlns="http://www.w3.org/2000/svg">'
    + "".join(f'<rect id="{word}" x="{place}" y="5" width="4" height="9"/>' for place, word in enumerate(told))
    + "<text>Year</text></svg>",
}  # fmt: skip


@pytest.mark.parametrize("name", MARKUP)
def test_attributes_of_markup(staged, judge, told: Lines, name: str) -> None:
    """Ids, classes, selectors, names of elements and strings of scripts are searched for records."""
    outcome, spoke = judge(staged(MARKUP[name](told).encode(), name))
    assert outcome is not Outcome.RELEASE
    assert "individual_rows" in spoke


def test_one_comment_many_times(staged, judge) -> None:
    """The licence that each icon of a page carries is one comment."""
    icon = "<svg><!--! Icons Free 6.2.0 by icons.example License: Icons CC BY 4.0, Fonts SIL OFL 1.1, Code MIT License --><path d='M0 0'/></svg>"
    assert judge(staged(PAGE.format(icon * 14).encode(), "means.html"))[0] is Outcome.RELEASE


@pytest.mark.parametrize("field", [";", ",", ":", "_", "~", " "])
@pytest.mark.parametrize("record", ["|", "/", "#", "&", ", ", "\\n"])
def test_records_in_one_line(staged, judge, people, field: str, record: str) -> None:
    """However records and their fields are parted, a line of prose and a string in code are searched for them."""
    line = record.join(field.join(map(str, person[:5])) for person in people)
    for name, text in (
        ("notes.txt", f"The rates fell.\n{line}\nSo they did.\n"),
        ("plot.js", f"function f(x) {{\n  var z = '{line}';\n  return x;\n}}\n"),
    ):
        if field != record.strip():
            assert judge(staged(text.encode(), name))[0] is not Outcome.RELEASE


def test_styles_are_told_in_linear_time() -> None:
    """A long value that is nearly a style is looked at once (its time grew tenfold every two repeats)."""
    assert not _structural("a:" + "bbbb:" * 700 + "!")
    assert _structural("position:absolute;margin-left:0;margin-top: 3.5pt;z-index:-1")
