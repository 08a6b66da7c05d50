"""Class disclosure: readings of tables as crosstabs, structural zeros, and severity by profile."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdc_airlock.checks._structural_zeros import ages, impossible, structural
from sdc_airlock.model.finding import DisclosureKind, Finding, Severity

Run = Callable[..., tuple[Finding, ...]]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Male", "pregnant"),
        ("childbirth", "men"),
        ("prostate cancer", "Women"),
        ("0-17", "widowed"),
        ("under 16", "married"),
        ("age 65+", "aged 18-44"),
        ("80 and over", "newborn"),
    ],
)
def test_labels_that_exclude_each_other(one: str, other: str) -> None:
    """Nobody is in both classes, whichever of them is the group."""
    assert impossible(one, other)
    assert impossible(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Male", "smoker"),
        ("female", "HIV positive"),
        ("18-39", "widowed"),
        ("men and women", "pregnant"),
        ("North", "South"),
        ("10-19", "15-24"),
    ],
)
def test_labels_that_may_meet(one: str, other: str) -> None:
    """Labels that do not exclude each other leave a zero a finding of the sample."""
    assert not impossible(one, other)


def test_bands_of_age() -> None:
    """Bands are read with both ends, open above or open below."""
    assert ages("0-17") == (0, 17)
    assert ages("65+") == (65, 150)
    assert ages("75 and over") == (75, 150)
    assert ages("under 5") == (0, 5)
    assert ages("London") is None


def test_a_scatter_of_zeros_is_no_staircase() -> None:
    """Zeros in steps are structural, the same number of zeros elsewhere is not."""
    steps = np.array([[0, 0, 1, 1], [0, 0, 0, 1], [1, 0, 0, 0], [0, 1, 1, 1]]) == 1
    assert not structural(("a", "b", "c", "d"), ("w", "x", "y", "z"), steps).any()
    upper = np.tril(np.ones((4, 4)), -1) == 1
    assert structural(("a", "b", "c", "d"), ("w", "x", "y", "z"), upper).sum() == 6


def test_structural_zeros_are_noted(run_check: Run) -> None:
    """A group that is alone by definition leaves a note, which lets the output go."""
    text = b"reason,male,female,total\nheart failure,412,390,802\nchildbirth,0,1210,1210\nfracture,280,301,581\n"
    findings = run_check("class_disclosure", text, "admissions.csv")
    assert [(finding.rule, finding.severity) for finding in findings] == [("structural_zero", Severity.LOW)]
    assert findings[0].location.rows == (3,)


def test_few_in_another_class_is_secondary(run_check: Run) -> None:
    """What only subtraction from the total shows is told as secondary, without the number."""
    text = b"ward,positive,negative,total\nA,*,1500,1503\nB,120,1300,1420\nC,210,1100,1310\n"
    (finding,) = run_check("class_disclosure", text, "tests.csv")
    assert finding.kind is DisclosureKind.SECONDARY
    assert "1503" not in finding.message
    assert "1,503" not in finding.message


def test_range_of_the_profile_decides(run_check: Run) -> None:
    """All but seven is nearly all where seven is suppressed, and not where it may be shown."""
    text = b"ward,positive,negative,total\nA,7,1500,1507\nB,120,1300,1420\nC,210,1100,1310\n"
    assert {finding.rule for finding in run_check("class_disclosure", text, "tests.csv")} == {"nearly_lone"}
    assert not run_check("class_disclosure", text, "tests.csv", {"suppressed_counts": [1, 5]})


def test_a_sparse_table_gives_one_finding(run_check: Run) -> None:
    """However many groups are alone, a rule speaks once and lists their places."""
    lines = [
        f"occupation {letter},{0 if place % 2 else 200},{100 + place},{100 + place + (0 if place % 2 else 200)}"
        for place, letter in enumerate("abcdefghijklmnop")
    ]
    text = "\n".join(["occupation,positive,negative,total", *lines]) + "\n"
    findings = run_check("class_disclosure", text.encode(), "sparse.csv")
    assert [(finding.rule, finding.count) for finding in findings] == [("lone_class", 8)]


@given(st.lists(st.tuples(st.integers(1, 500), st.integers(1, 500), st.integers(1, 500)), min_size=3, max_size=8))
def test_two_filled_classes_are_never_alone(run_check: Run, rows: list[tuple[int, int, int]]) -> None:
    """A group with people in two classes is never said to be all in one."""
    text = "group,mild,severe,critical,total\n" + "".join(f"g{place}x,{a},{b},{c},{a + b + c}\n" for place, (a, b, c) in enumerate(rows))
    assert "lone_class" not in {finding.rule for finding in run_check("class_disclosure", text.encode(), "crosstab.csv")}


@given(st.lists(st.text(max_size=12), min_size=2, max_size=6), st.data())
def test_structural_never_names_a_filled_cell(labels: list[str], data: st.DataObject) -> None:
    """Only zeros are ever called structural."""
    cells = data.draw(st.lists(st.lists(st.booleans(), min_size=4, max_size=4), min_size=len(labels), max_size=len(labels)))
    zero = np.array(cells, np.bool_)
    found = structural(tuple(labels), ("male", "0-17", "widowed", "65+"), zero)
    assert not (found & ~zero).any()
