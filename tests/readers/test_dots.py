"""Plots in pixels that draw a mark for each person, and figures of few, joined or regular marks that do not."""

from __future__ import annotations

import base64
import io

import numpy as np
import pytest
from PIL import Image, ImageDraw

from sdc_airlock.identify import identify
from sdc_airlock.limits import Limits
from sdc_airlock.model.content import OddityKind
from sdc_airlock.readers import read
from sdc_airlock.source import Source

PEOPLE = np.random.default_rng(3).normal(0, 1, (70, 2))


def axes() -> tuple[Image.Image, ImageDraw.ImageDraw]:
    """An empty plot with a frame, ticks and their labels."""
    image = Image.new("RGB", (500, 400), "white")
    draw = ImageDraw.Draw(image)
    draw.rectangle((60, 30, 470, 340), outline="black")
    for tick in range(9):
        draw.line((70 + 48 * tick, 340, 70 + 48 * tick, 345), fill="black")
        draw.text((62 + 48 * tick, 350), f"{tick * 100}", fill="black")
        draw.text((25, 40 + 34 * tick), f"{tick * 20}", fill="black")
    return image, draw


def mark(draw: ImageDraw.ImageDraw, form: str, x: float, y: float, colour: str = "navy") -> None:
    """One mark of a plot."""
    if form == "disc":
        draw.ellipse((x - 4, y - 4, x + 4, y + 4), fill=colour)
    elif form == "ring":
        draw.ellipse((x - 4, y - 4, x + 4, y + 4), outline=colour)
    elif form == "cross":
        draw.line((x - 4, y - 4, x + 4, y + 4), fill=colour)
        draw.line((x - 4, y + 4, x + 4, y - 4), fill=colour)
    else:
        draw.rectangle((x - 3, y - 3, x + 3, y + 3), fill=colour)


def saved(image: Image.Image, label: str = "png") -> bytes:
    """The picture as a file."""
    out = io.BytesIO()
    image.save(out, label.upper())
    return out.getvalue()


def marks_told(data: bytes, name: str = "figure.png") -> int:
    """Marks that the readers told in a file, in all its parts."""
    source = Source.of_bytes(data, part_id=name, name=name)
    content = read(source, identify(source), file_id="0" * 64, limits=Limits())
    return sum(one.size or 0 for one in content.oddities if one.kind is OddityKind.POINT_MARKS)


def scatter(form: str = "disc", colours: tuple[str, ...] = ("navy",), ground: str = "white") -> Image.Image:
    """One mark a person."""
    image, draw = axes()
    if ground != "white":
        draw.rectangle((61, 31, 469, 339), fill=ground)
        for line in range(6):
            draw.line((61, 60 + 50 * line, 469, 60 + 50 * line), fill="white")
    for number, (x, y) in enumerate(PEOPLE):
        mark(draw, form, 265 + 80 * x, 185 + 55 * y, colours[number % len(colours)])
    return image


@pytest.mark.parametrize("form", ["disc", "ring", "cross", "square"])
def test_marks_of_people_are_told_in_any_form(form: str) -> None:
    """A scatter of 70 people is told by its marks, whatever their form."""
    assert marks_told(saved(scatter(form))) >= 30


@pytest.mark.parametrize("label", ["png", "jpeg", "tiff", "webp"])
def test_marks_of_people_are_told_in_any_format(label: str) -> None:
    """It is told however the pixels are stored."""
    assert marks_told(saved(scatter(), label), f"figure.{label}") >= 30


def test_marks_of_groups_are_told_on_a_grey_ground() -> None:
    """Marks of several colours on a grey panel with white lines are told."""
    assert marks_told(saved(scatter(colours=("red", "navy", "darkgreen"), ground="#ebebeb"))) >= 30


def test_marks_over_an_area_are_told() -> None:
    """Marks that lie over a band of colour are told by their own colour."""
    image, draw = axes()
    draw.rectangle((61, 100, 469, 300), fill="#fbd5b5")
    for x, y in PEOPLE:
        mark(draw, "disc", 265 + 80 * x, 185 + 55 * y)
    assert marks_told(saved(image)) >= 30


def test_strips_of_people_are_told() -> None:
    """Marks beside each other in three groups, each with a little noise across, are told."""
    image, draw = axes()
    dice = np.random.default_rng(5)
    for group in range(3):
        for _ in range(22):
            mark(draw, "disc", 130 + 120 * group + dice.uniform(-28, 28), 185 + 50 * dice.normal())
    assert marks_told(saved(image)) >= 30


def test_marks_are_told_in_a_page() -> None:
    """A picture inside a page is looked at as one by itself."""
    page = f'<html><body><p>Figure 1</p><img src="data:image/png;base64,{base64.b64encode(saved(scatter())).decode()}"></body></html>'
    assert marks_told(page.encode(), "report.html") >= 30


def series(*, joined: bool) -> Image.Image:
    """Five regions over 21 years."""
    image, draw = axes()
    dice = np.random.default_rng(6)
    for region in range(5):
        places = [(80 + 18 * year, 60 + 55 * region + 8 * dice.normal()) for year in range(21)]
        if joined:
            draw.line(places, fill="navy", width=2)
        for x, y in places:
            mark(draw, "disc", x, y)
    return image


def forest() -> Image.Image:
    """Forty estimates with their intervals."""
    image, draw = axes()
    dice = np.random.default_rng(7)
    for row in range(34):
        x = 260 + 40 * dice.normal()
        draw.line((x - 30, 40 + 9 * row, x + 30, 40 + 9 * row), fill="black")
        mark(draw, "square", x, 40 + 9 * row, "black")
    return image


def heat_map() -> Image.Image:
    """Correlations as circles on a lattice."""
    image, draw = axes()
    dice = np.random.default_rng(8)
    for row in range(10):
        for column in range(10):
            radius = dice.choice([3, 5, 8])
            x, y = 85 + 40 * column, 50 + 30 * row
            draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill="navy")
    return image


def skyline() -> Image.Image:
    """Minus the logarithm of the p-value of 4,000 variants."""
    image, draw = axes()
    dice = np.random.default_rng(9)
    for place, height in zip(np.linspace(66, 464, 4000), dice.exponential(28, 4000), strict=True):
        y = 334 - min(height, 290)
        draw.ellipse((place - 1.5, y - 1.5, place + 1.5, y + 1.5), fill="navy")
    return image


def words() -> Image.Image:
    """A table of numbers."""
    image = Image.new("RGB", (500, 400), "white")
    draw = ImageDraw.Draw(image)
    dice = np.random.default_rng(10)
    for row in range(7):
        for column in range(6):
            draw.text((20 + 75 * column, 20 + 50 * row), f"{dice.integers(100, 9000)} ({dice.integers(10, 99)})", fill="black")
    return image


def dotted() -> Image.Image:
    """A dotted line."""
    image, draw = axes()
    for step in range(100):
        draw.ellipse((80 + 3.7 * step, 180 - 80 * np.sin(step / 12), 83 + 3.7 * step, 183 - 80 * np.sin(step / 12)), fill="navy")
    return image


@pytest.mark.parametrize(
    "image",
    [series(joined=True), series(joined=False), forest(), heat_map(), skyline(), words(), dotted()],
    ids=["joined", "apart", "forest", "heat map", "skyline", "words", "dotted"],
)
def test_marks_of_summaries_are_not_told(image: Image.Image) -> None:
    """Marks on lines, whiskers, lattices, at even steps, in masses and in words are no people."""
    assert marks_told(saved(image)) == 0
