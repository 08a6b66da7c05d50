"""Tables of the same people are told by the numbers that they share, and others are kept apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pytest

from sdc_airlock.model.carried import CarriedColumn, CarriedTable
from sdc_airlock.recognise.populations import Listed, listed
from sdc_airlock.recognise.same_people import Facts, facts_of, same_people

REGIONS = ("North", "South", "East", "West")


def table(header: str, labels: Sequence[str], columns: Mapping[str, Sequence[float]]) -> Listed:
    """A table with one column of labels."""
    made = tuple(
        CarriedColumn(index=place, name=name, label=name, people=tuple(map(float, people)))
        for place, (name, people) in enumerate(columns.items(), 1)
    )
    found = listed(
        CarriedTable(part_id="t", rows=tuple((each,) for each in labels), places=tuple(range(len(labels))), stub=(header,), columns=made), 0
    )
    assert found is not None
    return found


def groups(*tables: Listed, apart: bool = False) -> list[list[int]]:
    """The groups they fall into."""
    facts: dict[int, Facts] = {number: facts_of(each) for number, each in enumerate(tables)}
    return same_people(facts, lambda _one, _other: apart)


def test_sums_that_agree() -> None:
    """Women and men, and three bands of age, come to the same people in each region."""
    sex = table("region", REGIONS, {"women": [201, 310, 405, 118], "men": [220, 300, 410, 140]})
    age = table("region", REGIONS, {"16-39": [100, 210, 305, 100], "40-64": [201, 200, 300, 100], "65+": [120, 200, 210, 58]})
    assert groups(sex, age) == [[0, 1]]
    assert groups(sex, age, apart=True) == [[0], [1]]


def test_sums_that_differ_a_little() -> None:
    """Where a few are missing from most of the sums, they are not the same people for sure."""
    sex = table("region", REGIONS, {"women": [201, 310, 405, 118], "men": [220, 300, 410, 140]})
    other = table("region", REGIONS, {"smoker": [100, 210, 305, 98], "never": [320, 399, 510, 157]})
    assert groups(sex, other) == [[0], [1]]


def test_denominators_alone() -> None:
    """Two diseases with the same denominators are two groups."""
    one = table("region", REGIONS, {"N": [2010, 3100, 4050, 1180], "cases": [220, 301, 412, 144]})
    other = table("region", REGIONS, {"N": [2010, 3100, 4050, 1180], "cases": [210, 310, 430, 133]})
    assert groups(one, other) == [[0], [1]]


@pytest.mark.parametrize(
    ("wide", "same"), [((1407, 873, 645), True), ((1407, 873, 646), True), ((1400, 873, 645), False), ((1440, 880, 650), False)]
)
def test_blocks_and_codes(wide: Sequence[int], same: bool) -> None:  # noqa: FBT001 - what is expected
    """A block is the sum of its codes, or more than that where codes are left out, and never less."""
    codes = table("code", ["E10", "E11", "F20", "F32", "G20", "G35"], {"n": [612, 795, 400, 473, 300, 345]})
    blocks = table("code", ["E00-E90", "F00-F99", "G00-G99"], {"n": list(map(float, wide))})
    assert (len(groups(codes, blocks)) == 1) is same


def test_other_people_of_the_same_size() -> None:
    """Of two hundred pairs of tables of separate people not one is taken for one group."""
    rng = np.random.default_rng(4)
    joined = 0
    for _ in range(200):
        rates = rng.uniform(20, 400, (2, 4))
        one, other = (table("region", REGIONS, dict(zip(("women", "men"), rng.poisson(rates), strict=True))) for _ in range(2))
        joined += len(groups(one, other)) == 1
    assert joined == 0
