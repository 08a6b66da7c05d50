"""Instances of the kinds that the literature audits (two dimensions, a hierarchy, three dimensions, linked tables), with the bounds that an attacker has.

The numbers are our own; the bounds are worked out by hand from the one unknown that each of them leaves.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import product

import numpy as np

from sdc_airlock.checks import Subject
from sdc_airlock.checks._differences.leaks import system_of_groups
from sdc_airlock.checks._differences.tables import told
from sdc_airlock.model.assessment import Assessment
from sdc_airlock.recognise.overlaps import stack_of
from sdc_airlock.recognise.same_people import facts_of, same_people
from sdc_airlock.recognise.structure import stacked, structure
from sdc_airlock.stats.intervals import attacker_intervals, system_of

Bounds = dict[tuple[int, int], tuple[float, float]]


def bounds(subject: Subject) -> Bounds:
    """The interval of each hidden cell of the tables of one output, by row and column of its table."""
    published = stacked([found for part in subject.recognised if (found := structure(part)) is not None])
    hidden = np.flatnonzero(published.hidden & (published.row >= 0))
    answer = attacker_intervals(system_of(published), hidden)
    assert answer.solved.all()
    return {
        (int(published.row[cell]), int(published.column[cell])): (low, high)
        for cell, low, high in zip(hidden.tolist(), answer.low.tolist(), answer.high.tolist(), strict=True)
    }


def test_two_dimensions(subject_of: Callable[[bytes, str], Subject]) -> None:
    """Activities by areas, four cells hidden at the corners of a rectangle: one unknown, from 0 to 28."""
    text = "activity,A,B,C,Total\nI,*,50,*,80\nII,*,19,*,49\nIII,17,32,12,61\nTotal,45,101,44,190\n"
    assert bounds(subject_of(text.encode(), "turnover.csv")) == {(0, 1): (0, 28), (0, 3): (2, 30), (1, 1): (0, 28), (1, 3): (2, 30)}


def test_a_hierarchy(subject_of: Callable[[bytes, str], Subject]) -> None:
    """Districts in regions by sex: what is hidden in one region is bounded by its own sub-totals."""
    text = (
        "region,district,women,men,all\nNorth,Alder,*,*,50\nNorth,Birch,*,*,40\nNorth,Cedar,25,35,60\nNorth,Total,60,90,150\n"
        "South,Dale,31,44,75\nSouth,Elm,52,38,90\nSouth,Fern,27,29,56\nSouth,Total,110,111,221\nTotal,Total,170,201,371\n"
    )
    assert bounds(subject_of(text.encode(), "districts.csv")) == {(0, 2): (0, 35), (0, 3): (15, 50), (1, 2): (0, 35), (1, 3): (5, 40)}


def test_three_dimensions(subject_of: Callable[[bytes, str], Subject]) -> None:
    """All inner cells of a cube hidden and all its margins printed: cells rise and fall together, by as much as the smallest that falls."""
    cube = {(0, 0, 0): 12, (0, 0, 1): 7, (0, 1, 0): 9, (0, 1, 1): 14, (1, 0, 0): 11, (1, 0, 1): 13, (1, 1, 0): 8, (1, 1, 1): 6}
    words = (("North", "South", "Total"), ("women", "men", "Total"), ("ill", "well", "Total"))
    lines, expected = ["region,sex,health,n"], Bounds()
    smallest = [min(number for place, number in cube.items() if sum(place) % 2 == parity) for parity in (0, 1)]
    for row, place in enumerate(product(range(3), repeat=3)):
        total = sum(number for inner, number in cube.items() if all(mine in (2, its) for mine, its in zip(place, inner, strict=True)))
        lines.append(",".join([*(word[at] for word, at in zip(words, place, strict=True)), str(total) if 2 in place else "*"]))
        if 2 not in place:
            parity = sum(place) % 2
            expected[row, 3] = total - smallest[parity], total + smallest[1 - parity]
    assert bounds(subject_of("\n".join(lines).encode(), "cube.csv")) == expected


def test_linked_tables(assessed: Callable[[Mapping[str, str]], tuple[Assessment, ...]]) -> None:
    """Three ways of dividing the same people two by two, of which only one hides cells: its margins are the sums of the others."""
    files = {
        "kinds.csv": "region,mild,severe,fatal\nNorth,*,*,80\nSouth,*,*,91\nEast,120,64,71\nWest,133,59,102\n",
        "sizes.csv": "region,small,large\nNorth,70,38\nSouth,61,58\nEast,155,100\nWest,194,100\n",
        "kinds and sizes.csv": "kind,small,large\nmild,180,98\nsevere,101,53\nfatal,199,145\n",
    }
    tables = [table.listed for table in told(assessed(files), 0)]
    known = [table for table in tables if table is not None]
    assert same_people({number: facts_of(each) for number, each in enumerate(known)}, lambda _one, _other: False) == [[0, 1, 2]]
    stack = stack_of(known)
    wanted = [frozenset(each) for each in (("north", "mild"), ("north", "severe"), ("south", "mild"), ("south", "severe"))]
    answer = attacker_intervals(system_of_groups(stack), np.array([stack.places[condition] for condition in wanted]))
    # 28 in the North and 28 in the South are mild or severe, 25 of them mild and 31 severe
    assert list(zip(answer.low.tolist(), answer.high.tolist(), strict=True)) == [(0, 25), (3, 28), (0, 25), (3, 28)]
