"""Lines and bars that stand for one person each, drawn with vectors and in pixels, and those of groups, times and maps that do not."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image, ImageDraw

from sdc_airlock.identify import identify
from sdc_airlock.limits import Limits
from sdc_airlock.model.content import OddityKind
from sdc_airlock.readers import read
from sdc_airlock.readers._drawn_people import bars_in_order, lines_from_one_place, outlying
from sdc_airlock.source import Source

DICE = np.random.default_rng(12)
COURSES = [[(60 + 70.0 * visit, 180 + float(y)) for visit, y in enumerate(np.cumsum(DICE.normal(0, 25, 6)))] for _ in range(36)]
REGIONS = [[(60 + 18.0 * year, 60 + 30.0 * region + float(y)) for year, y in enumerate(DICE.normal(0, 4, 21))] for region in range(9)]
CHANGES = sorted(DICE.normal(-10, 45, 48).tolist(), reverse=True)
STAYS = sorted(DICE.exponential(90, 40).tolist())
MONTHS = [float(100 * np.sin(month / 6)) for month in range(60)]


def told(data: bytes, name: str) -> bool:
    """True where the readers say that the figure draws single people."""
    source = Source.of_bytes(data, part_id=name, name=name)
    content = read(source, identify(source), file_id="0" * 64, limits=Limits())
    return any(oddity.kind is OddityKind.POINT_MARKS for oddity in content.oddities)


def svg(body: str, *words: str) -> bytes:
    """A figure with these shapes and labels."""
    labels = "".join(f"<text>{word}</text>" for word in words)
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 500 400">{body}{labels}</svg>'.encode()


def polylines(lines: list[list[tuple[float, float]]]) -> str:
    """Lines as plotting programs write them."""
    return "".join(f'<polyline points="{" ".join(f"{x:.2f},{y:.2f}" for x, y in line)}"/>' for line in lines)


def standing(lengths: list[float]) -> list[tuple[float, float, float, float]]:
    """Bars above and below a line at height 200."""
    return [(70 + 7.0 * place, 200 - max(length, 0), 5.6, abs(length)) for place, length in enumerate(lengths)]


def lying(lengths: list[float]) -> list[tuple[float, float, float, float]]:
    """Bars to the right of a line at 60."""
    return [(60.0, 20 + 8.0 * place, length, 6.0) for place, length in enumerate(lengths)]


def rects(boxes: list[tuple[float, float, float, float]]) -> str:
    """Bars as plotting programs write them."""
    return "".join(f'<rect x="{x:.2f}" y="{y:.2f}" width="{width}" height="{height:.2f}"/>' for x, y, width, height in boxes)


def picture(lines: list[list[tuple[float, float]]] = (), boxes: list[tuple[float, float, float, float]] = (), names: int = 0) -> bytes:  # type: ignore[assignment]
    """The same in pixels, with a frame, and with a name beside some bars."""
    image = Image.new("RGB", (520, 400), "white")
    draw = ImageDraw.Draw(image)
    draw.rectangle((56, 10, 500, 390), outline="black")
    for line in lines:
        draw.line(line, fill="steelblue")
    for number, (x, y, width, height) in enumerate(boxes):
        draw.rectangle((x, y, x + max(width - 1, 0), y + height), fill="navy")
        if number < names:
            draw.text((4, y - 2), f"feature{number}", fill="black")
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def borders() -> list[list[tuple[float, float]]]:
    """Borders of the many districts of a country."""
    dice = np.random.default_rng(2)
    corners = {
        (column, row): (90 + 20 * column + 10 * (row % 2) + float(dice.normal(0, 5)), 40 + 20 * row + float(dice.normal(0, 5)))
        for column in range(20)
        for row in range(18)
    }
    around = ((0, 0), (1, 0), (1, 1), (0, 1), (0, 0))
    districts = [(column, row) for column in range(18) for row in range(16) if (column - 9) ** 2 + (row - 8) ** 2 < 70]
    return [[corners[column + right, row + down] for right, down in around] for column, row in districts]


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (svg(polylines(COURSES), "Visit", "Score"), "a.svg"),
        (svg(rects(standing(CHANGES)), "Best change from baseline (%)", "0", "50"), "a.svg"),
        (svg(rects(lying(STAYS)), "Months on treatment", "0", "12", "24"), "a.svg"),
        (picture(COURSES), "a.png"),
        (picture(boxes=standing(CHANGES)), "a.png"),
        (picture(boxes=lying(STAYS)), "a.png"),
    ],
    ids=["courses", "changes", "stays", "courses in pixels", "changes in pixels", "stays in pixels"],
)
def test_a_line_or_a_bar_a_person_is_told(data: bytes, name: str) -> None:
    """Spaghetti, waterfall and swimmer plots are told, with vectors and in pixels."""
    assert told(data, name)


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (svg(polylines(REGIONS), "Rate"), "a.svg"),
        (svg(polylines(COURSES), "Iteration", "Coefficient of the chain"), "a.svg"),
        (svg(rects(standing(MONTHS)), "Month"), "a.svg"),
        (svg(rects(lying(STAYS)), "Share", *(f"cause {number}" for number in range(40))), "a.svg"),
        (picture(REGIONS), "a.png"),
        (picture(borders()), "a.png"),
        (picture(boxes=standing(MONTHS)), "a.png"),
        (picture(boxes=lying(STAYS), names=40), "a.png"),
    ],
    ids=["regions", "chains", "months", "causes", "regions in pixels", "borders in pixels", "months in pixels", "features in pixels"],
)
def test_lines_and_bars_of_groups_are_not_told(data: bytes, name: str) -> None:
    """A few series, named bars, bars in order of time and the borders of a map are no people."""
    assert not told(data, name)


def test_level_lines_and_lines_that_turn_back_are_none() -> None:
    """Lines of a grid, and outlines of areas, start at one place too."""
    grid = [[(60.0, 10.0 * row), (480.0, 10.0 * row)] for row in range(30)]
    areas = [[(60.0, 10.0 * row), (90.0, 10.0 * row + 5), (60.0, 10.0 * row + 8)] for row in range(30)]
    assert lines_from_one_place(grid + areas) == 0


def test_bars_of_several_widths_and_at_uneven_steps_are_none() -> None:
    """Boxes of a chart of areas are no bars."""
    boxes = [(70 + 3.0 * place * place, 200 - max(length, 0), 5.6, abs(length)) for place, length in enumerate(CHANGES)]
    assert bars_in_order(boxes) == 0


def test_a_few_courses_without_a_name_each_are_told() -> None:
    """Eight patients are enough, or a dozen before and after; series with names, and fits beside their limits, are none."""
    few = [[(60 + 30 * step, 200 + 9 * line + 17 * ((line * 7 + step * 5) % 6)) for step in range(7)] for line in range(8)]
    assert told(svg(polylines(few), "eGFR", "visit"), "a.svg")
    pairs = [[(60, 100 + 11 * line), (300, 100 + 11 * (line * 5 % 12))] for line in range(12)]
    assert told(svg(polylines(pairs), "SBP", "before", "after"), "a.svg")
    assert not told(svg(polylines(few), "index", "visit", *(f"Area {letter}" for letter in "ABCDEFGH")), "a.svg")
    fits = [[(60 + 30 * step, 100 + 20 * line + 5 * step) for step in range(9)] for line in range(6)]
    assert not told(svg(polylines(fits), "score", "dose"), "a.svg")


def test_points_beyond_the_boxes_of_a_box_plot_are_told() -> None:
    """Outliers are people; the ticks below boxes, marks of means inside them, and marks on bars are not."""
    boxes = [(70.0, 100.0, 60.0, 50.0), (210.0, 115.0, 60.0, 64.0), (350.0, 96.0, 60.0, 41.0)]
    assert outlying([[(100.0, 60.0), (100.0, 51.0), (240.0, 201.0)]], boxes) == 3
    assert not outlying([[(100.0, 300.0), (240.0, 300.0), (380.0, 300.0)]], boxes)
    assert not outlying([[(100.0, 120.0), (240.0, 140.0), (380.0, 110.0)]], boxes)
    bars = [(70.0, 100.0, 60.0, 200.0), (210.0, 115.0, 60.0, 185.0), (350.0, 96.0, 60.0, 204.0)]
    assert not outlying([[(100.0, 60.0), (240.0, 51.0), (380.0, 80.0)]], bars)
