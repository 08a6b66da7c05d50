"""Crosstabs of Stata with several numbers in each cell, and tables of characteristics as R's tableone prints them."""

from __future__ import annotations

from sdc_airlock.readers._keyed_crosstabs import keyed_crosstabs
from sdc_airlock.readers._tabular import aligned_rows, find_tables

CROSSTAB = """\
. tab smoke sex, col

+-------------------+
| Key               |
|-------------------|
|     frequency     |
| column percentage |
+-------------------+

   Smoking |          Sex
    status |    Female       Male |     Total
-----------+----------------------+----------
     Never |     6,420      5,610 |    12,030
           |     50.31      49.68 |     50.01
-----------+----------------------+----------
   Current |     6,340          5 |     6,345
           |     49.69      50.32 |     49.99
-----------+----------------------+----------
     Total |    12,760      5,615 |    18,375
           |    100.00     100.00 |    100.00

"""
CHARACTERISTICS = """\
                         Stratified by group
                          Exposed               Unexposed             p      test
  n                         7214                 16839
  age (mean (SD))          61.21 (12.11)         60.88 (11.97)         0.052
  smoke (%)                                                            0.412
     Never                  3580 (49.6)           8450 (50.2)
  bmi (median [IQR])       27.40 [24.10, 30.60]  27.40 [24.10, 30.70]  0.881 nonnorm
"""


def test_lines_of_a_cell_become_columns() -> None:
    """Frequencies stand in columns of their own, percentages in others, as the key says."""
    lines = CROSSTAB.splitlines()
    (block,) = keyed_crosstabs(lines, [False] * len(lines))
    rows = [row for row in block.rows if row]
    assert rows[0] == ("status", "Female", "Male", "Total", "column percentage Female", "column percentage Male", "column percentage Total")
    assert [row[:4] for row in rows[1:]] == [
        ("Never", "6,420", "5,610", "12,030"),
        ("Current", "6,340", "5", "6,345"),
        ("Total", "12,760", "5,615", "18,375"),
    ]
    assert lines[block.start + block.rows.index(rows[2])].split()[0] == "Current"


def test_a_key_without_its_crosstab_is_none() -> None:
    """A key whose crosstab was cut off, or has lines that it does not name, is left to others."""
    lines = CROSSTAB.splitlines()
    assert not [*keyed_crosstabs(lines[:9], [False] * 9)]
    longer = [*lines[:13], "           |     50.31      49.68 |     50.01 ", *lines[13:]]
    assert not [*keyed_crosstabs(longer, [False] * len(longer))]


def test_columns_begin_where_their_headers_begin() -> None:
    """Cells of several words stay whole."""
    lines = CHARACTERISTICS.splitlines()
    (block,) = keyed_crosstabs(lines, [False] * len(lines))
    assert block.rows[0] == ("", "Exposed", "Unexposed", "p", "test")
    assert block.rows[2] == ("age (mean (SD))", "61.21 (12.11)", "60.88 (11.97)", "0.052", "")
    assert block.rows[5] == ("bmi (median [IQR])", "27.40 [24.10, 30.60]", "27.40 [24.10, 30.70]", "0.881", "nonnorm")


def test_aligned_files_and_texts_are_cut_alike() -> None:
    """Readers of aligned files and of texts both know these prints."""
    assert any("Current" in row and "5" in row for row in aligned_rows(CROSSTAB.splitlines()))
    assert any(block.rows[0][-1] == "test" for block in find_tables(CHARACTERISTICS.splitlines()))


SUMMARIES = """\
Summary statistics: N, Mean, SD
Group variable: arm

    arm |       age       bmi
--------+--------------------
control |     12511     12511
        |  60.01121  27.01122
        |  11.98211  5.011231
--------+--------------------
 active |     12489         7
        |  59.98121  26.99122
        |  12.01211  4.991231
-----------------------------
"""


def test_statistics_below_each_other() -> None:
    """Statistics that Stata prints below each other for every group stand in columns named after them."""
    lines = SUMMARIES.splitlines()
    (block,) = keyed_crosstabs(lines, [False] * len(lines))
    rows = [row for row in block.rows if row]
    assert rows[0] == ("arm", "N age", "N bmi", "Mean age", "Mean bmi", "SD age", "SD bmi")
    assert rows[2] == ("active", "12489", "7", "59.98121", "26.99122", "12.01211", "4.991231")
    assert lines[block.start + block.rows.index(rows[2])].split()[0] == "active"
    uneven = [*lines[:8], *lines[9:]]
    assert not [*keyed_crosstabs([*lines[:7], *lines[8:]], [False] * (len(lines) - 1))]
    assert not [*keyed_crosstabs(uneven, [False] * len(uneven))]
