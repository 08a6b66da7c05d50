"""Honest outputs as programs write them are not taken for people, and people in the same dress are."""

from __future__ import annotations

import numpy as np
import pytest

from sdc_airlock.identify import identify
from sdc_airlock.limits import Limits
from sdc_airlock.readers import read
from sdc_airlock.recognise import recognise
from sdc_airlock.source import Source

HELD = 0.35


def likely(text: str, name: str = "a.txt") -> float:
    """How likely any table of a file is one row a person."""
    source = Source.of_bytes(text.encode(), part_id=name, name=name)
    return max((part.individual for part in recognise(read(source, identify(source), file_id="", limits=Limits()), Limits())), default=0)


def flat(names: tuple[str, str], heads: tuple[str, ...], rows: list[tuple[str, str, tuple[object, ...]]]) -> str:
    """A flat table of R: the outer group is named in its first row only."""
    wide = [max(len(name), *(len(row[place]) for row in rows)) for place, name in enumerate(names)]
    lines = [" " * (sum(wide) + 2) + "x " + " ".join(f"{head:>8}" for head in heads)]
    lines.append(f"{names[0]:{wide[0]}} {names[1]:{wide[1]}}".ljust(len(lines[0])))
    last = ""
    for outer, inner, numbers in rows:
        label = "" if outer == last else outer
        lines.append(f"{label:{wide[0]}} {inner:{wide[1]}}   " + " ".join(f"{number:>8}" for number in numbers))
        last = outer
    return "\n".join(lines) + "\n"


def test_flat_tables_of_shares() -> None:
    """A flat table of shares by region and sex is a table of groups."""
    regions = ("London", "North East", "North West", "South East", "South West")
    rows = [(region, sex, (20.1 + at, 31.4, 48.5 - at)) for at, region in enumerate(regions) for sex in "FM"]
    assert likely(flat(("region", "sex"), ("current", "ex", "never"), rows)) < HELD


@pytest.mark.parametrize("names", [("id", "marker"), ("household", "member"), ("ward", "patient"), ("arm", "patient"), ("sex", "age")])
def test_people_in_flat_tables(names: tuple[str, str]) -> None:
    """Flat tables of single people stay what they are, whatever names their rows."""
    random = np.random.default_rng(5)
    inner = {"marker": ("bmi", "sbp", "hba1c"), "member": ("1", "2", "3"), "age": tuple(map(str, range(31, 59, 2)))}.get(names[1])
    outer = {"arm": ("active", "control"), "ward": ("Ward 1", "Ward 2"), "sex": ("F", "M")}.get(
        names[0], tuple(f"P{number}" for number in random.integers(1000, 9999, 12))
    )
    people = inner or tuple(map(str, range(1, 15)))
    rows = [(group, each, tuple(random.normal((27, 135, 44), (5, 17, 9)).round(1))) for group in outer for each in people]
    assert likely(flat(names, ("first", "second", "third"), rows)) > HELD
