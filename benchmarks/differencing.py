"""Tables of one request against each other: regions by ages that nest and overlap, and by months and quarters, of the same people.

usage: python benchmarks/differencing.py [--tables 40]

Printed are the seconds that the check takes, for so many tables and for half of them, and how many of the groups that were planted between two cuts it names.
"""

from __future__ import annotations

import argparse
import time
from itertools import pairwise

import numpy as np

from sdc_airlock.checks import RequestSubject, checks
from sdc_airlock.model.assessment import Assessment
from sdc_airlock.model.carried import CarriedColumn, CarriedTable
from sdc_airlock.model.filetype import Family, FileType
from sdc_airlock.policy import load_profile

REGIONS = [f"area {letter}" for letter in "ABCDEFGHIJ"]
FIRST, LAST = 16, 96


def table(name: str, rows: list[tuple[str, str]], counts: list[int], stub: tuple[str, str]) -> Assessment:
    """One output with a long table of counts."""
    column = CarriedColumn(index=2, name="n", label="n", people=tuple(map(float, counts)))
    carried = CarriedTable(part_id=name, rows=tuple(rows), places=tuple(range(2, len(rows) + 2)), stub=stub, columns=(column,), width=3)
    kind = FileType(label="csv", family=Family.DELIMITED)
    return Assessment(path=name, claimed_name=name, file_id=name, size_bytes=1, file_type=kind, published=(carried,))


def outputs(number: int, rng: np.random.Generator) -> tuple[list[Assessment], int]:
    """Tables by region and ages cut at other places each, and how many bounds lie beside a common one with one to nine people between."""
    ages = rng.integers(FIRST, LAST, 400_000)
    regions = rng.integers(0, len(REGIONS), len(ages))
    rare = 40
    ages[(ages == rare) & (rng.random(len(ages)) > 0.01)] += 1
    made, planted = [], 0
    for place in range(number):
        cuts = sorted({rare, *rng.choice(np.arange(20, 90, 5), 4, replace=False).tolist()} if place % 8 else {rare + 1, 30, 60})
        ends = [FIRST, *map(int, cuts), LAST]
        rows, counts = list[tuple[str, str]](), list[int]()
        for region, words in enumerate(REGIONS):
            for low, high in pairwise(ends):
                rows.append((words, f"{low}-{high - 1}"))
                counts.append(int(((regions == region) & (ages >= low) & (ages < high)).sum()))
        made.append(table(f"t{place}.csv", rows, counts, ("region", "age group")))
    for region in range(len(REGIONS)):
        planted += 1 <= int(((regions == region) & (ages == rare)).sum()) <= 9
    return made, planted


def report(asked: int = 40) -> None:
    """Measure, and print the figures."""
    check = checks()["differencing"]
    params = load_profile("default").params(check)
    if check.on_request is None:
        return
    for number in (asked // 2, asked):
        made, planted = outputs(number, np.random.default_rng(7))
        began = time.perf_counter()
        found = [each for each in check.on_request(RequestSubject(assessments=tuple(made)), params) if each.severity > 1]
        rows = {row for each in found for row in each.location.rows}
        print(
            f"differencing, {number} tables of nested ages: {time.perf_counter() - began:.2f} s; {planted} regions planted, {len(found)} findings in {len(rows)} rows"
        )


def main() -> None:
    """Read the command line."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--tables", type=int, default=40)
    report(options.parse_args().tables)


if __name__ == "__main__":
    main()
