"""Plots drawn with vectors: marks of single values are read back as points; ticks, series, grids and plots of variants are not."""

from __future__ import annotations

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdc_airlock.identify import identify
from sdc_airlock.limits import Limits
from sdc_airlock.model.content import Content, Figure, Grid, OddityKind, Table, TextPart
from sdc_airlock.readers import read
from sdc_airlock.readers._plots import content_marks, erratic, postscript_marks, scattered
from sdc_airlock.source import Source

_dice = random.Random(11)
POINTS = [(round(_dice.uniform(60, 400), 2), round(_dice.uniform(40, 290), 2)) for _ in range(60)]


def content_of(data: bytes, name: str) -> Content:
    """What the registered readers make of a figure."""
    source = Source.of_bytes(data, part_id=name, name=name)
    return read(source, identify(source), file_id="0" * 64, limits=Limits())


def svg(marks: str, words: str = "Age") -> bytes:
    """A figure with these marks and this label."""
    return f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 460 345">{marks}<text>{words}</text></svg>'.encode()


def eps(body: str) -> bytes:
    """An encapsulated PostScript figure."""
    return f"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 460 345\n%%EndComments\n{body}\nshowpage\n%%EOF\n".encode()


def pdf(content: str) -> bytes:
    """A PDF of one page with these instructions."""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 460 345] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content.encode()),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    out, places = bytearray(b"%PDF-1.7\n"), []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 6\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % place for place in places)
    return bytes(out + b"trailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % start)


def points_found(content: Content) -> set[tuple[float, float]]:
    """Points of all tables of marks."""
    return {
        point
        for part in content.parts
        if isinstance(part, Table) and "!marks" in part.part_id
        for point in zip(*(column.values.to_pylist() for column in part.columns), strict=True)
    }


def told(content: Content) -> bool:
    """True where the figure is said to draw single values."""
    return any(oddity.kind is OddityKind.POINT_MARKS for oddity in content.oddities)


DRAWN = {
    "circles.svg": svg("".join(f'<circle cx="{x}" cy="{y}" r="3"/>' for x, y in POINTS)),
    "uses.svg": svg("".join(f'<use xlink:href="#m1" x="{x}" y="{y}"/>' for x, y in POINTS)),
    "moved.svg": svg("".join(f'<path transform="translate({x},{y})" d="M2,0A2,2,0,1,1,-2,0"/>' for x, y in POINTS)),
    "shapes.svg": svg("".join(f'<path d="M {x} {y} L {x + 4} {y} L {x + 4} {y + 4} Z"/>' for x, y in POINTS)),
    "calls.eps": eps("/o {\nnewpath translate 0 0 m 1 1 l stroke\n} bind def\n" + "\n".join(f"{x} {y} o" for x, y in POINTS)),
    "circles.eps": eps("\n".join(f"{x} {y} 2.70 c p1" for x, y in POINTS)),
    "pieces.svg": svg('<path d="' + " ".join(f"M{x} {y}h0.1" for x, y in POINTS) + '" stroke="#000"/>'),
    "line.svg": svg('<polyline points="' + " ".join(f"{x},{y}" for x, y in POINTS) + '"/>'),
    "lines.svg": svg('<path d="M' + " L".join(f"{x:9.2f} {y:9.2f}" for x, y in POINTS) + '"/>'),
    "arcs.eps": eps("\n".join(f"newpath {x} {y} 2 0 360 arc fill" for x, y in POINTS)),
    "boxes.eps": eps("\n".join(f"gsave {x} {y} translate 0 0 3 3 rectfill grestore" for x, y in POINTS)),
    "words.eps": eps("\n".join(f"newpath {x} {y} moveto 3 0 rlineto 0 3 rlineto closepath fill" for x, y in POINTS)),
    "letters.pdf": pdf("".join(f"BT /F1 1 Tf 7 0 0 7 {x} {y} Tm (l) Tj 0 Tr ET\n" for x, y in POINTS)),
    "paths.pdf": pdf("".join(f"{x} {y} m {x + 2} {y} l {x + 2} {y + 2} l h f\n" for x, y in POINTS)),
}


@pytest.mark.parametrize("name", DRAWN)
def test_points_are_read_back(name: str) -> None:
    """Marks of a scatter plot come out as points, and the figure is said to draw single values."""
    content = content_of(DRAWN[name], name)
    assert told(content)
    assert {(round(x, 2), round(y, 2)) for x, y in points_found(content)} == set(POINTS)


@pytest.mark.parametrize("label", ["-log10(P)", "Chromosome", "log2 fold change", "Year", "Expected -log10 p"])
def test_plots_of_variants_and_time_are_ordinary(label: str) -> None:
    """Points whose axes speak of variants, genes or time are no people."""
    marks = "".join(f'<circle cx="{x}" cy="{y}" r="3"/>' for x, y in POINTS)
    assert not told(content_of(svg(marks, label), "plot.svg"))


@pytest.mark.parametrize(
    "points",
    [
        [(10 * step, 5.0) for step in range(40)],
        [(10 * step, _dice.random() * 90) for step in range(40)],
        [(_dice.random() * 90, 12 * step) for step in range(40)],
        [(10 * (step % 12), 10 * (step // 12)) for step in range(144)],
        [(float(step % 5), _dice.random()) for step in range(40)],
    ],
    ids=["ticks", "series", "rows of a forest plot", "grid", "few groups"],
)
def test_ticks_series_and_grids_are_no_scatter(points: list[tuple[float, float]]) -> None:
    """Marks in line, at even steps, on a grid or in a few groups are ordinary."""
    assert not scattered(points)


@pytest.mark.parametrize(
    "line",
    [
        [(10.0 * step, 50 * math.sin(step / 5)) for step in range(60)],
        [(10.0 * step, _dice.random() * 90) for step in range(60)],
        [(90 * math.cos(step / 9), 90 * math.sin(step / 9)) for step in range(60)],
        [(10.0 * step, 40.0 * (step % 2)) for step in range(60)],
        [(step**1.5, step + 5 * _dice.random()) for step in range(60)],
    ],
    ids=["curve", "noise over time", "outline", "hatching", "receiver"],
)
def test_curves_and_outlines_are_lines(line: list[tuple[float, float]]) -> None:
    """A line that goes on along one of its axes joins no people."""
    assert not erratic(line)


def bars(heights: list[float], words: str = "") -> bytes:
    """A figure of bars on one base line."""
    return svg(
        "".join(f'<rect x="{10 * place}" y="{300 - height}" width="8" height="{height}"/>' for place, height in enumerate(heights)) + words
    )


def test_bars_in_no_order_and_without_names_are_people() -> None:
    """Many bars in no order that nothing names are one a person; distributions, ranks, series and named bars are not."""
    heights = [round(_dice.gauss(130, 16), 1) for _ in range(60)]
    assert told(content_of(bars(heights), "bars.svg"))
    assert not told(content_of(bars(sorted(heights)), "ranks.svg"))
    assert not told(content_of(bars([200 * math.exp(-(((place - 30) / 9) ** 2)) for place in range(60)]), "distribution.svg"))
    assert not told(content_of(bars([100 + place + _dice.gauss(0, 5) for place in range(60)]), "series.svg"))
    assert not told(content_of(bars(heights, "".join(f"<text>Region {place}</text>" for place in range(60))), "named.svg"))


def test_attributes_of_marks_are_records() -> None:
    """Values that a drawing keeps with its marks come out as a table."""
    marks = "".join(f'<circle cx="50" cy="50" r="2" data-code="K{place}" data-bmi="{20 + place / 7:.1f}"/>' for place in range(40))
    content = content_of(svg(marks), "plot.svg")
    table = next(part for part in content.parts if isinstance(part, Table))
    assert [column.name for column in table.columns] == ["code", "bmi"]
    assert table.n_rows == 40


def test_lines_of_text_are_read_as_tables() -> None:
    """Texts of a drawing, one a line of a table, come out as that table."""
    lines = ["id,age,bmi", *(f"P{100 + place},{30 + place},{20 + place / 7:.1f}" for place in range(40))]
    content = content_of(svg("".join(f'<text fill="#fff">{line}</text>' for line in lines)), "plot.svg")
    assert any(isinstance(part, Table | Grid) and "!text" in part.part_id for part in content.parts)


def test_a_honeycomb_is_a_density() -> None:
    """The middles of cells of a honeycomb are no marks of people; the same places with one shifted each are."""
    cells = [(60 + 8 * across, 40 + 5 * down) for across in range(40) for down in range(40) if (across + down) % 2 == 0]
    drawn = _dice.sample(cells, 110)
    assert not scattered(drawn)
    assert scattered([(x + _dice.uniform(-3, 3), y + _dice.uniform(-2, 2)) for x, y in drawn])


def test_few_marks_are_ordinary() -> None:
    """A plot of a dozen points is a plot of groups, unless its words name what is measured of a body."""
    marks = "".join(f'<circle cx="{x}" cy="{y}" r="3"/>' for x, y in POINTS[:20])
    content = content_of(svg(marks, "Prevalence of asthma (%)"), "plot.svg")
    assert not told(content)
    assert not told(content_of(svg(marks, "Mean age by practice"), "plot.svg"))
    assert told(content_of(svg(marks), "plot.svg"))
    assert next(part for part in content.parts if isinstance(part, Figure)).marks == 20


def test_a_procedure_that_is_defined_anew_draws_other_marks() -> None:
    """Ticks and markers that are drawn under one name are told apart by what the name stands for."""
    text = "/o {\n0 0 m\n} bind def\n1 2 o\n/o {\n1 1 l\n} bind def\n3 4 o\n"
    assert [len(points) for points in postscript_marks(text)[0].values()] == [1, 1]


def test_texts_comments_and_data_of_postscript() -> None:
    """Strings, letters, comments, packed data and bytes behind the end of an EPS figure are read or named."""
    body = "0 0 m (Mean age) show\n0 0 m /B glyphshow\n3 0 m /M glyphshow\n% a remark that nobody sees, 12, 13\n" + "0123456789abcdef" * 40
    content = content_of(eps(body) + b"id,age\nP1,3\nP2,4\n", "plot.eps")
    text = "\n".join(part.text for part in content.parts if isinstance(part, TextPart))
    assert "Mean age" in text
    assert "BM" in text
    assert "a remark" in text
    assert any("packed" in gap.detail for gap in content.unread)
    assert any(oddity.kind is OddityKind.TRAILING_DATA for oddity in content.oddities)


def test_forms_are_marks_where_they_are_moved_to() -> None:
    """Marks kept as a form are counted where the page moves them, step by step, as plotting programs do."""
    steps = "q\n" + "1 0 0 1 3 4 cm /M0 Do\n" * 5 + "Q\n/M0 Do\n"
    assert content_marks(steps.encode())[0]["form", b"/M0"] == [(3, 4), (6, 8), (9, 12), (12, 16), (15, 20), (0, 0)]


@given(st.binary(max_size=300))
def test_any_instructions_are_walked(noise: bytes) -> None:
    """Damaged page instructions and programs never fail."""
    content_marks(b"q 1 0 0 1 2 3 cm " + noise + b" 1 2 m 3 4 l S Q")
    postscript_marks(noise.decode("latin-1"))
    content = content_of(b"%!PS-Adobe-3.0 EPSF-3.0\n" + noise, "plot.eps")
    assert content.parts or content.unread


def _strips(*, curved: bool) -> str:
    """Three groups of marks, each of a shape of its own: noise around a middle, or points of a curve."""
    dice = random.Random(14)
    drawn = []
    for group in range(3):
        for place in range(20):
            x = 60 + 100 * group + (4 * place if curved else dice.uniform(-25, 25))
            y = (300 - 12 * place + dice.uniform(-3, 3)) if curved else dice.gauss(180, 40)
            drawn.append(f'<use xlink:href="#mark{group}" x="{x + dice.uniform(-0.4, 0.4):.3f}" y="{y:.3f}"/>')
    return "".join(drawn)


def test_groups_of_few_marks_are_told_together() -> None:
    """Three strips of 20 people are 60 marks; three curves of 20 points are curves."""
    assert told(content_of(svg(_strips(curved=False)), "strips.svg"))
    assert not told(content_of(svg(_strips(curved=True)), "curves.svg"))
