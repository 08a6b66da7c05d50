"""Plots drawn with vectors: marks of single values are read back as points; ticks, series, grids and plots of variants are not."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdc_airlock.identify import identify
from sdc_airlock.limits import Limits
from sdc_airlock.model.content import Content, Figure, OddityKind, Table, TextPart
from sdc_airlock.readers import read
from sdc_airlock.readers._plots import content_marks, postscript_marks, scattered
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


def test_few_marks_are_ordinary() -> None:
    """A plot of a dozen points is a plot of groups."""
    marks = "".join(f'<circle cx="{x}" cy="{y}" r="3"/>' for x, y in POINTS[:20])
    content = content_of(svg(marks), "plot.svg")
    assert not told(content)
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
    content_marks(b"q 1 0 0 1 2 3 cm " + noise + b" 1 2 m 3 4 l S Q")[0]
    postscript_marks(noise.decode("latin-1"))[0]
    content = content_of(b"%!PS-Adobe-3.0 EPSF-3.0\n" + noise, "plot.eps")
    assert content.parts or content.unread
