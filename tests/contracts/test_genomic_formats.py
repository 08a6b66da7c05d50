"""The page of genomic formats says what the table of formats says."""

from __future__ import annotations

import re
from pathlib import Path

from sdc_airlock.checks._relatives.people import RULES
from sdc_airlock.model.recognised import Kind
from sdc_airlock.recognise.formats import formats
from sdc_airlock.recognise.formats._shapes import SHAPES

PAGE = Path(__file__).parents[2] / "docs" / "explanation" / "genomic-formats.md"


def rows(width: int) -> dict[str, list[str]]:
    """Cells of each row of the page's table with so many columns, by the word in its first."""
    lines = [line for line in PAGE.read_text("utf-8").splitlines() if line.startswith("| `")]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return {row[0].strip("` "): row for row in cells if len(row) == width}


def test_every_format_stands_on_the_page() -> None:
    """Each format has a row in the same order, with its title, columns, unit of record, kind and risk; no other row stands there."""
    page = rows(6)
    assert list(page) == [one.id for one in formats()]
    for one in formats():
        _, title, told, unit, kind, risk = page[one.id]
        assert (title, unit, risk) == (one.title, one.of, one.risk)
        assert Kind(kind.strip("`")) is one.kind
        columns = [name.upper() for name in re.findall(r"`([^`]+)`", told)]
        assert columns == ([one.shape.upper()] if one.shape else list(one.required))


def test_every_shape_stands_on_the_page() -> None:
    """Each shape has a row."""
    assert list(rows(2)) == list(SHAPES)


def test_every_format_of_people_has_a_rule_to_be_held_by() -> None:
    """No format of people is left without words for what it gives away."""
    assert {one.id for one in formats() if one.of_people} <= RULES.keys()
