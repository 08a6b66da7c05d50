"""Rows of data in the lines of programs are told without the signs of the language; estimates with their intervals are left alone."""

from __future__ import annotations

import random

import pytest

from sdc_airlock.identify import identify
from sdc_airlock.limits import Limits
from sdc_airlock.readers import read
from sdc_airlock.recognise import recognise
from sdc_airlock.source import Source

DICE = random.Random(8)
PEOPLE = [(number, DICE.randint(35, 88), DICE.choice("FM"), round(DICE.gauss(27, 4), 1), DICE.randint(100, 180)) for number in range(40)]
WRITTEN = {
    "values": "SELECT * FROM (VALUES\n" + ",\n".join(f"  ({age}, '{sex}', {bmi}, {sbp})" for _, age, sex, bmi, sbp in PEOPLE) + "\n) AS t;\n",
    "insert all": "INSERT ALL\n" + "".join(f"  INTO p (id, age, sex) VALUES ({place}, {age}, '{sex}')\n" for place, age, sex, _, _ in PEOPLE),
    "union": "WITH p AS (\n" + " UNION ALL\n".join(f"  SELECT {age} AS age, '{sex}' AS sex, {bmi} AS bmi" for _, age, sex, bmi, _ in PEOPLE) + "\n)\nSELECT avg(age) FROM p;\n",
    "facts": "".join(f"patient({place}, {age}, {sex.lower()}, {bmi}).\n" for place, age, sex, bmi, _ in PEOPLE),
    "commands": "Results of the last run.\\par\n" + "".join(f"P{500100 + 7 * place}\\tab {sex}\\tab {age}\\tab {bmi}\\tab {sbp}\\par\n" for place, age, sex, bmi, sbp in PEOPLE),
    "lists": "(setq d '(" + "\n".join(f'("{sex}" {age} {bmi} {sbp})' for _, age, sex, bmi, sbp in PEOPLE) + "))\n",
}  # fmt: skip
LEFT = {
    "intervals": "term estimate interval\n"
    + "".join(
        f"covariate{place} {DICE.uniform(0.8, 1.4):.2f} ({DICE.uniform(0.5, 0.8):.2f}, {DICE.uniform(1.4, 2):.2f})\n" for place in range(20)
    ),
    "counts": "INSERT INTO deaths (year, sex, n) VALUES\n"
    + ",\n".join(f"  ({year}, '{sex}', {DICE.randint(900, 4000)})" for year in range(2000, 2020) for sex in "FM")
    + ";\n",
}


def individual(text: str) -> float:
    """How likely the likeliest part of a text has rows of single people."""
    source = Source.of_bytes(text.encode(), part_id="a.txt", name="a.txt")
    content = read(source, identify(source), file_id="0" * 64, limits=Limits())
    return max(part.individual for part in recognise(content, Limits()))


@pytest.mark.parametrize("name", WRITTEN)
def test_rows_of_people_in_programs(name: str) -> None:
    """Values between brackets and words of a language are rows of people all the same."""
    assert individual(WRITTEN[name]) > 0.5


@pytest.mark.parametrize("name", LEFT)
def test_summaries_in_brackets(name: str) -> None:
    """Intervals that were split at their comma, and counts in statements, are no people."""
    assert individual(LEFT[name]) < 0.5
