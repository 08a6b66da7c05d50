"""Looks of cells, tiles and elements: people spelt in colours, classes, sizes or tags are found in every format; ordinary pictures are not."""

from __future__ import annotations

import io
import random
import zipfile

import numpy as np
import pytest

from sdc_airlock.identify import identify
from sdc_airlock.limits import Limits
from sdc_airlock.model.content import Content, Table
from sdc_airlock.readers import read
from sdc_airlock.source import Source

PEOPLE = np.random.default_rng(3).binomial(2, np.random.default_rng(4).uniform(0.06, 0.5, 40), (50, 40)).tolist()
DICE = random.Random(5)
LIGHTS = [[DICE.choice("gggar") for _ in range(12)] for _ in range(40)]


def content_of(data: bytes, name: str) -> Content:
    """What the registered readers make of a file."""
    source = Source.of_bytes(data, part_id=name, name=name)
    return read(source, identify(source), file_id="0" * 64, limits=Limits())


def spelt(data: bytes | str, name: str) -> bool:
    """True where looks of the file come out as a table of codes."""
    content = content_of(data.encode() if isinstance(data, str) else data, name)
    return any(isinstance(part, Table) and "!looks" in part.part_id for part in content.parts)


def rows_of(written: object) -> str:
    """A page with a table of these cells."""
    body = "".join(f"<tr>{''.join(written(value) for value in row)}</tr>\n" for row in PEOPLE)
    return f"<!DOCTYPE html><html><body><h1>Map</h1><p>Some words.</p><table>{body}</table></body></html>"


PAGES = {
    "background": lambda value: f'<td style="background:{("#fff", "#999", "#000")[value]}"></td>',
    "attribute": lambda value: f'<td bgcolor="{("white", "grey", "black")[value]}"></td>',
    "class": lambda value: f'<td class="cell c{("a", "b", "c")[value]}"></td>',
    "no look at all": lambda value: ("<td></td>", '<td class="on"></td>', '<td class="off"></td>')[value],
    "width": lambda value: f'<td style="width:{10 + value}px; color: red"></td>',
    "something inside": lambda value: f'<td><i class="{("x", "y", "z")[value]}"></i></td>',
    "another tag": lambda value: ("<td></td>", "<th></th>", "<td hidden></td>")[value],
}


@pytest.mark.parametrize("how", PAGES)
def test_cells_of_a_page(how: str) -> None:
    """Cells that differ in nothing but their look spell people."""
    assert spelt(rows_of(PAGES[how]), "map.html")


def test_elements_without_rows() -> None:
    """Elements one after the other, without any rows, spell people too."""
    body = "".join(f'<i class="m{value}"></i>' for row in PEOPLE for value in row)
    assert spelt(f"<!DOCTYPE html><html><body><div>{body}</div><p>Words.</p></body></html>", "strip.html")


def svg(body: str) -> str:
    """A drawing."""
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 300">{body}</svg>'


def tiles(written: str) -> str:
    """A drawing of tiles, drawn in no order."""
    drawn = [
        written.format(x=4 * across, y=4 * down, c=("#fff", "#888", "#000")[value], r=1 + value, o=value / 2)
        for down, row in enumerate(PEOPLE)
        for across, value in enumerate(row)
    ]
    random.Random(1).shuffle(drawn)
    return svg("".join(drawn))


@pytest.mark.parametrize(
    "written",
    [
        '<rect x="{x}" y="{y}" width="4" height="4" fill="{c}"/>',
        '<rect x="{x}" y="{y}" width="4" height="4" style="fill:{c};stroke:none"/>',
        '<circle cx="{x}" cy="{y}" r="{r}"/>',
        '<path d="M {x} {y} h 4 v 4 h -4 z" opacity="{o}"/>',
        '<use href="#m" x="{x}" y="{y}" class="k{r}"/>',
        '<path transform="translate({x},{y})" d="M0,0h4v4h-4Z" fill="{c}"/>',
    ],
)
def test_tiles_of_a_drawing(written: str) -> None:
    """Tiles on a grid spell people by fill, style, size, opacity or class, in whatever order they are drawn."""
    assert spelt(tiles(written), "tiles.svg")


def workbook(paint: object) -> bytes:
    """A workbook whose second sheet is painted and holds nothing."""
    from openpyxl import Workbook

    book = Workbook()
    book.active.append(["group", "n"])
    book.active.append(["a", 120])
    paint(book.create_sheet("Map"))
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


@pytest.mark.parametrize("how", ["fill", "font", "number_format"])
def test_cells_of_a_workbook(how: str) -> None:
    """Fills, fonts and number formats of empty cells spell people."""
    from openpyxl.styles import Font, PatternFill

    looks = {
        "fill": [PatternFill("solid", fgColor=colour) for colour in ("FFFFFFFF", "FFAAAAAA", "FF000000")],
        "font": [Font(size=size) for size in (9, 10, 11)],
        "number_format": ["0", "0.0", "0.00"],
    }[how]

    def paint(sheet: object) -> None:
        for down, row in enumerate(PEOPLE, start=1):
            for across, value in enumerate(row, start=1):
                setattr(sheet.cell(down, across), how, looks[value])

    assert spelt(workbook(paint), "map.xlsx")


def opendocument(rows: str) -> bytes:
    """A spreadsheet in the open format with these rows."""
    spaces = " ".join(f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text", "style"))
    content = f'<office:document-content {spaces}><office:body><office:spreadsheet><table:table table:name="Map">{rows}</table:table></office:spreadsheet></office:body></office:document-content>'
    manifest = '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><manifest:file-entry manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/></manifest:manifest>'
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", manifest)
    return buffer.getvalue()


def test_cells_of_an_open_spreadsheet() -> None:
    """Styles of empty cells spell people."""
    rows = "".join(
        "<table:table-row>" + "".join(f'<table:table-cell table:style-name="ce{value}"/>' for value in row) + "</table:table-row>"
        for row in PEOPLE
    )
    assert spelt(opendocument(rows), "map.ods")


def test_shapes_of_postscript() -> None:
    """Tiles that a PostScript program fills spell people."""
    body = "".join(
        f"{(0, 0.5, 1)[value]} setgray {4 * across} {4 * down} 4 4 rectfill\n"
        for down, row in enumerate(PEOPLE)
        for across, value in enumerate(row)
    )
    assert spelt(f"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 200 200\n{body}showpage\n%%EOF\n", "tiles.eps")


def test_a_workbook_of_traffic_lights_is_left_alone() -> None:
    """A table of lights, with a bold header and shaded totals, spells nothing."""
    from openpyxl.styles import Font, PatternFill

    fills = {name: PatternFill("solid", fgColor=colour) for name, colour in (("g", "FF00B050"), ("a", "FFFFC000"), ("r", "FFFF0000"))}

    def paint(sheet: object) -> None:
        for across in range(1, 13):
            sheet.cell(1, across, f"Month {across}").font = Font(bold=True)
        for down, row in enumerate(LIGHTS, start=2):
            for across, value in enumerate(row, start=1):
                sheet.cell(down, across).fill = fills[value]

    assert not spelt(workbook(paint), "lights.xlsx")


def test_a_heat_map_is_left_alone() -> None:
    """Tiles of a smooth surface in three shades spell nothing, nor do pages with striped rows and code in colours."""
    surface = [[int((np.sin(across / 7) + np.cos(down / 9) + 2) * 0.74) for across in range(40)] for down in range(50)]
    drawn = "".join(
        f'<rect x="{4 * across}" y="{4 * down}" width="4" height="4" fill="{("#fee", "#f88", "#f00", "#a00")[value]}"/>'
        for down, row in enumerate(surface)
        for across, value in enumerate(row)
    )
    assert not spelt(svg(drawn), "map.svg")
    striped = "".join(
        f'<tr class="{("odd", "even")[number % 2]}">' + "".join(f'<td class="num">{number * place}</td>' for place in range(9)) + "</tr>"
        for number in range(60)
    )
    code = "".join(
        f'<span class="kw">for</span> <span class="va">x{number}</span> <span class="op">in</span> <span class="fu">range</span>\n'
        for number in range(90)
    )
    assert not spelt(f"<!DOCTYPE html><html><body><table>{striped}</table><pre>{code}</pre></body></html>", "page.html")


def test_more_things_than_are_compared_are_a_gap(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page with more elements of several looks than are kept is not complete; one whose elements all look alike says nothing by them."""
    monkeypatch.setattr("sdc_airlock.readers._looks._MOST", 30)
    page = "<!DOCTYPE html><html>{}</html>"
    many = content_of(page.format("".join(f'<i class="m{place % 3}"></i>' for place in range(90))).encode(), "map.html")
    assert [gap.limit_name for gap in many.unread] == ["looks"]
