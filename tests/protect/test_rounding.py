"""Rounding: multiples of the base, totals of what is printed, percentages from rounded counts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sdc_airlock.protect._numbers import with_count, with_share


@pytest.mark.no_cover
@settings(max_examples=12)
@given(seed=st.integers(0, 1 << 30), base=st.sampled_from([3, 5, 10]))
def test_printed_counts_are_multiples_and_add_up(seed: int, base: int, mending: Callable[..., Any], crosstab: Callable[..., str]) -> None:
    """Every count that is printed is a multiple of the base, none is small, and a total of printed parts is their sum."""
    rng = np.random.default_rng(seed)
    counts = np.where(rng.random((5, 4)) < 0.15, rng.integers(1, 10, (5, 4)), rng.integers(10, 300, (5, 4)))
    copy = mending(crosstab(counts), method="round", base=base)
    if copy.refusal:
        return
    shown = [[None if cell == "[c]" else int(cell) for cell in row[1:]] for row in copy.rows()[1:]]
    numbers = [number for row in shown for number in row if number is not None]
    assert all(number % base == 0 and not 1 <= number <= 9 for number in numbers)
    lines = [*shown[:-1], *([row[column] for row in shown] for column in range(4))]
    assert all(sum(line[:-1]) == line[-1] for line in lines if None not in line)


def test_percentages_come_from_rounded_counts(mending: Callable[..., Any]) -> None:
    """A percentage of the true count would undo the rounding."""
    text = "group,n,%\nunder 40,41,20.5\n40 to 59,34,17.0\n60 to 79,68,34.0\n80 and over,57,28.5\nTotal,200,100.0\n"
    rows = mending(text, base=5).rows()
    assert rows[1:] == [
        ["under 40", "40", "20.0"],
        ["40 to 59", "35", "17.5"],
        ["60 to 79", "70", "35.0"],
        ["80 and over", "55", "27.5"],
        ["Total", "200", "100.0"],
    ]


def test_percentages_of_nothing_that_is_printed_are_refused(mending: Callable[..., Any]) -> None:
    """Where the base stands in no cell the percentage cannot be worked out again."""
    copy = mending("group,n,% of all\nunder 40,41,4.1\n40 to 59,34,3.4\n60 to 79,68,6.8\n80 and over,57,5.7\n", base=5)
    assert "percentages" in copy.refusal


@pytest.mark.parametrize(
    ("text", "number", "expected"),
    [
        ("41", 40, "40"),
        ("1,241", 1240, "1,240"),
        ("999", 1000, "1000"),
        ("1 241 ", 12240, "12 240 "),
        ("41 (20.5%)", 40, "40 (20.5%)"),
        ("9,998", 10000, "10,000"),
    ],
)
def test_counts_keep_their_manner(text: str, number: float, expected: str) -> None:
    """Separators of thousands and what stands around a count are kept."""
    assert with_count(text, number) == expected


@pytest.mark.parametrize(
    ("text", "second", "expected"),
    [("20.5", 0, "12.3"), ("20,5 %", 0, "12,3 %"), ("41 (20%)", 1, "41 (12%)"), ("1,241 (20.52)", 1, "1,241 (12.35)")],
)
def test_percentages_keep_their_decimals(text: str, second: int, expected: str) -> None:
    """Decimals and the decimal sign are those of the file."""
    assert with_share(text, 12.346, second=bool(second)) == expected
