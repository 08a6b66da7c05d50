"""Records as programs list them are told, however few they are; lists of groups and of things joined to each other are left alone."""

from __future__ import annotations

import random
import re

import pytest

from sdc_airlock.identify import identify
from sdc_airlock.limits import Limits
from sdc_airlock.readers import read
from sdc_airlock.readers._listed import listed_blocks
from sdc_airlock.recognise import recognise
from sdc_airlock.source import Source

DICE = random.Random(10)
SUMMARY = """. summarize age

    Variable |        Obs        Mean    Std. dev.       Min        Max
-------------+---------------------------------------------------------
         age |      4,210    54.33211    14.20099         18         97

"""


def boxed(command: str, header: list[str], rows: list[list[object]]) -> str:
    """What `list` of Stata prints."""
    widths = [max(len(str(cell)) for cell in (name, *column)) for name, column in zip(header, zip(*rows, strict=True), strict=True)]

    def line(cells: list[object]) -> str:
        return "| " + "   ".join(f"{cell!s:>{width}}" for cell, width in zip(cells, widths, strict=True)) + " |"

    rule = "-" * (len(line(list(header))) - 2)
    body = [f"{place:3}. {line(row)}" for place, row in enumerate(rows, start=1)]
    return "\n".join([f". {command}", "", f"     +{rule}+", f"     {line(list(header))}", f"     |{rule}|", *body, f"     +{rule}+", ""])


def graph(fields: list[str]) -> str:
    """A graph in GML whose nodes have these fields."""
    nodes = "".join(f"  node [\n    id {place}\n{''.join(f'    {field}{chr(10)}' for field in fields)}  ]\n" for place in range(40))
    edges = "".join(f"  edge [\n    source {DICE.randrange(40)}\n    target {DICE.randrange(40)}\n  ]\n" for _ in range(60))
    nodes = re.sub("AGE", lambda _: str(DICE.randint(20, 90)), nodes)
    nodes = re.sub("SEX", lambda _: DICE.choice("FM"), nodes)
    return f"graph [\n  directed 0\n{nodes}{edges}]\n"


def individual(text: str) -> float:
    """How likely the likeliest part of a text has rows of single people."""
    source = Source.of_bytes(text.encode(), part_id="out.log", name="out.log")
    return max(part.individual for part in recognise(read(source, identify(source), file_id="0" * 64, limits=Limits()), Limits()))


@pytest.mark.parametrize("count", [3, 6, 20])
def test_listed_people(count: int) -> None:
    """A few rows listed between summaries are people."""
    people = [
        [DICE.randint(35, 88), DICE.choice("FM"), round(DICE.gauss(27, 4), 1), DICE.choice(["I10", "E11.9", "C50.9"])] for _ in range(count)
    ]
    assert individual(SUMMARY + boxed(f"list age sex bmi dx in 1/{count}", ["age", "sex", "bmi", "dx"], people)) > 0.5


def test_listed_groups() -> None:
    """What `collapse` left, listed, is a table of groups."""
    groups = [
        [name, DICE.randint(200, 900), round(DICE.gauss(54, 2), 1), round(DICE.gauss(14, 1), 1)]
        for name in ("North", "South", "East", "West")
    ]
    assert individual(SUMMARY + boxed("list region n mean_age sd_age", ["region", "n", "mean_age", "sd_age"], groups)) < 0.5


def test_nodes_that_are_people() -> None:
    """Nodes of a graph with an age and a sex each are people."""
    assert individual(graph(["age AGE", 'sex "SEX"'])) > 0.5


def test_lines_between_nodes_are_no_records() -> None:
    """Pairs of nodes that are joined are no table of their own."""
    text = graph(["age AGE", 'sex "SEX"'])
    assert [block.rows[0] for block in listed_blocks(text.splitlines())] == [("id", "age", "sex")]
