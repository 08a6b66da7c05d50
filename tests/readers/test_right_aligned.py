"""Tables whose columns end where their headers end, as R and pandas print them."""

from __future__ import annotations

import pytest

from sdc_airlock.readers._right_aligned import right_aligned
from sdc_airlock.readers._tabular import aligned_rows, find_tables

DESCRIBED = """\
      vars     n   mean    sd  median
age      1 24000  61.08 11.97    61.0
bmi      2 24000  27.39  4.91    27.4
hba1c    4 24000  41.06  8.96    41.0
      kurtosis   se
age       0.06 0.08
bmi      -0.01 0.03
hba1c     0.06 0.06
"""
SURVIVAL = """\
 time n.risk n.event survival std.err lower 95% CI upper 95% CI
    0  12731       0    1.000 0.00000        1.000        1.000
    1  11937     638    0.950 0.00195        0.946        0.953
    2  11201     588    0.902 0.00265        0.897        0.908
"""
RESIDUALS = """\
              Never Former Current
  Black        0.03   0.58   -0.86
  South Asian -0.88   0.83    0.34
  White        0.71  -0.73   -0.20
"""
ANOVA = """\
               Df Sum Sq Mean Sq F value Pr(>F)
eth             4    132   32.91   1.366  0.243
eth:sex         4     81   20.24   0.840  0.500
Residuals   23990 578190   24.10
"""


def tables(text: str) -> list[tuple[tuple[str, ...], ...]]:
    """The rows of each table."""
    lines = text.splitlines()
    return [block.rows for block in right_aligned(lines, [False] * len(lines))]


def test_names_of_rows_stand_under_no_header() -> None:
    """A count of people stands under its own header, and not under that of the column before it."""
    first, second = tables(DESCRIBED)
    assert first[0] == ("", "vars", "n", "mean", "sd", "median")
    assert first[1] == ("age", "1", "24000", "61.08", "11.97", "61.0")
    assert second[0] == ("", "kurtosis", "se")


def test_headers_and_names_of_several_words() -> None:
    """Headers and names of rows may be several words."""
    (survival,) = tables(SURVIVAL)
    assert survival[0][-2:] == ("lower 95% CI", "upper 95% CI")
    assert survival[2][1] == "11937"
    (residuals,) = tables(RESIDUALS)
    assert [row[0] for row in residuals] == ["", "Black", "South Asian", "White"]
    assert residuals[2] == ("South Asian", "-0.88", "0.83", "0.34")


def test_cells_that_are_not_there() -> None:
    """A cell that R leaves blank is an empty one."""
    (rows,) = tables(ANOVA)
    assert rows[0] == ("", "Df", "Sum Sq", "Mean Sq", "F value", "Pr(>F)")
    assert rows[3] == ("Residuals", "23990", "578190", "24.10", "", "")


def test_a_flat_table_whose_groups_have_no_names() -> None:
    """A line of blanks, where the names of groups of rows would stand, belongs to the header."""
    flat = "                East North South\n                                \nFemale Current   160   163   183\n       Former    154   156   158\n"
    (rows,) = tables(flat)
    assert rows == (("", "East", "North", "South"), ("Female Current", "160", "163", "183"), ("Former", "154", "156", "158"))


def test_records_of_one_width_have_no_header() -> None:
    """The first of many records of the same width is no line of names."""
    assert tables("\n".join(f"P{place:03d} F {40 + place % 50} E11.{place % 9}" for place in range(30))) == []
    assert tables("\n".join(f"The patient is {40 + place % 50}, F, BMI 2{place % 9}.0, with E11.{place % 9}." for place in range(30))) == []


def test_prose_and_left_aligned_lines_are_none() -> None:
    """Lines whose words end anywhere are left to others."""
    assert tables("The mean age was 61 years.\nOf these 120 were women and 90 men.\nNothing else was 12 said here 14.\n") == []


def test_whole_text_is_read_with_it() -> None:
    """Readers of aligned files and of texts cut these tables in the same way."""
    assert any(block.rows[1][2] == "24000" for block in find_tables(DESCRIBED.splitlines()))
    assert ("1", "11937", "638", "0.950", "0.00195", "0.946", "0.953") in aligned_rows(SURVIVAL.splitlines())


@pytest.mark.usefixtures("ends")
def test_long_texts_come_to_an_end() -> None:
    """Lines that all begin a table and never are one are not compared with all that follow."""
    lines = ["      ab     cd"] * 40_000
    assert list(right_aligned(lines, [False] * len(lines))) == []
