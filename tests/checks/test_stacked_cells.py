"""Crosstabs with several numbers in each cell, as SAS prints them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from sdc_airlock.checks import Subject, checks
from sdc_airlock.policy import Profile
from sdc_airlock.readers._tabular import find_tables

LISTING = """                 The FREQ Procedure

                 Table of sex by smoker

       sex       smoker

       Frequency|
       Percent  |
       Row Pct  |
       Col Pct  |No      |Yes     |  Total
       ---------+--------+--------+
       F        |    312 |    118 |    430
                |  35.82 |  13.55 |  49.37
                |  72.56 |  27.44 |
                |  52.09 |  43.38 |
       ---------+--------+--------+
       M        |    287 |    154 |    441
                |  32.95 |  17.68 |  50.63
                |  65.08 |  34.92 |
                |  47.91 |  56.62 |
       ---------+--------+--------+
       Total         599      272      871
                   68.77    31.23   100.00

                    Sample Size = 871
"""
SMALL = LISTING.replace("    118 |    430", "      3 |    315").replace("272      871", "157      756")


@pytest.mark.parametrize("text", [LISTING, LISTING.replace("|", "\u2502").replace("-+-", "-\u253c-")])
def test_the_cells_of_a_crosstab(text: str) -> None:
    """Counts stand first, the other statistics in columns of their own, and each row in its line."""
    (block,) = find_tables(text.splitlines())
    rows = {place: row for place, row in zip(block.places, block.rows, strict=True) if row}
    assert rows[9][:7] == ("", "No", "Yes", "Total", "Percent No", "Percent Yes", "Percent Total")
    assert rows[11][:7] == ("F", "312", "118", "430", "35.82", "13.55", "49.37")
    assert rows[16][:4] == ("M", "287", "154", "441")
    assert rows[21] == ("Total", "599", "272", "871", "68.77", "31.23", "100.00")


@pytest.mark.parametrize(("text", "line"), [(LISTING, None), (SMALL, 12)])
def test_a_small_cell_is_found(subject_of: Callable[[bytes, str], Subject], default_profile: Profile, text: str, line: int | None) -> None:
    """A few people in one cell are held at their line, and a table of many is let go."""
    check = checks()["small_counts"]
    found = list(check.on_output(subject_of(text.encode(), "freq.lst"), default_profile.params(check)))
    assert [finding.location.rows for finding in found if finding.severity > 1] == ([] if line is None else [(line,)])


@pytest.mark.parametrize(
    "text",
    [
        "Frequency|\n",
        "Frequency|\nPercent|No|Yes\n",
        "Frequency|\nPercent|No|Yes\n---+---+---\n",
        "Frequency |a |b\n---+--+--\nF | 1 | 2\n",
    ],
)
def test_broken_crosstabs_are_not_read_as_such(text: str) -> None:
    """What breaks off, or has one number a cell, is left to the other ways of reading."""
    assert not any("Percent" in " ".join(map(" ".join, block.rows)) and block.header_rows for block in find_tables(text.splitlines()))
