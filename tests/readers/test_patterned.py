"""Records of one build in lines or blocks of lines come out as grids; running text, code and lists do not."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdc_airlock.readers._patterned import embedded_blocks, patterned_blocks

_chance = random.Random(4)
PEOPLE = [
    (
        f"P{10_000 + 7 * number}",
        _chance.choice("FM"),
        _chance.randint(20, 90),
        round(_chance.gauss(27, 4), 1),
        _chance.choice(["I10", "E11", "J45"]),
    )
    for number in range(30)
]


def told(template: str) -> list[str]:
    """One record a person, in the lines of a template."""
    return "".join(template.format(*person) for person in PEOPLE).splitlines()


@pytest.mark.parametrize(
    "template",
    [
        "## {0} {1} {2} {3} {4}\n\nText.\n\n",
        "- {0}: {1}, {2} years, BMI {3}, {4}\n",
        "./run.sh --id {0} --sex {1} --age {2} --bmi {3} --dx {4}\n",
        "UserWarning: participant {0} (sex {1}, age {2}, bmi {3}) has missing {4}\n",
        "@misc{{{0},\n  year = {{{2}}},\n  note = {{{1}; {3}; {4}}}\n}}\n",
        ".{0} {{ --age: {2}; --sex: {1}; --bmi: {3}; --dx: '{4}'; }}\n",
        'replace bmi = {3} if id == "{0}" & age == {2}\n',
        "  OR (id = '{0}' AND sex = '{1}' AND age = {2} AND dx = '{4}')\n",
        '  n [label="{0} / {1} / {2} / {3} / {4}"];\n',
        "def f_{0}_{1}_{2}_{4}():\n    pass\n\n",
        "p.id = '{0}'\np.sex = '{1}'\np.age = {2}\np.dx = '{4}'\n",
    ],
)
def test_one_build_a_person(template: str) -> None:
    """The values that change are the cells, one row a person."""
    (block,) = patterned_blocks(told(template))
    rows = block.rows[block.header_rows or 0 :]
    assert len(rows) == len(PEOPLE)
    assert all({str(cell) for cell in person if isinstance(cell, int)} <= set(row) for person, row in zip(PEOPLE, rows, strict=True))


def test_words_before_values_are_their_names() -> None:
    """Where words tell what the values are, they are the header."""
    (block,) = patterned_blocks(told("--id {0} --sex {1} --age {2} --bmi {3} --dx {4}\n"))
    assert block.rows[0] == ("id", "sex", "age", "bmi", "dx")
    assert block.header_rows == 1


def test_other_lines_between() -> None:
    """Records are found wherever their lines stand."""
    lines = [
        line
        for pair in zip(told("{0} is {2} and weighs {3}\n"), ["begin " + "and so on " * (number % 7) for number in range(30)], strict=True)
        for line in pair
    ]
    (block,) = patterned_blocks(lines)
    assert block.places == tuple(range(0, 60, 2))


@pytest.mark.parametrize(
    "lines",
    [
        [f"numpy{place}=={place}.2.1" for place in range(40)],
        [f"from module{place} import name{place}" for place in range(40)],
        ["The estimate was robust to adjustment for age and smoking in all of the strata."] * 40,
        [f"x{place} = 1" for place in range(40)],
        [],
    ],
)
def test_what_is_no_record(lines: list[str]) -> None:
    """Few values a line, or nothing that changes."""
    assert patterned_blocks(lines) == []


def test_tables_hold_no_words_in_their_fields() -> None:
    """An ordinary delimited table is not told a second time, one whose fields are phrases is."""
    assert embedded_blocks(told("{0},{1},{2},{3},{4}\n")) == []
    assert embedded_blocks(told("{0}\t{1}\tADD\t{3}\t{4}\n")) == []
    assert len(embedded_blocks(told("{0}, {2} years, BMI {3}, {4}\n"))) == 1


@given(st.lists(st.text(max_size=60), max_size=60))
def test_any_lines(lines: list[str]) -> None:
    """No text makes it fail, and every grid is a rectangle of lines that exist."""
    for block in patterned_blocks(lines):
        assert len({len(row) for row in block.rows}) == 1
        assert set(block.places) <= set(range(len(lines)))
