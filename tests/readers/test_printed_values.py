"""Values printed with their names."""

from __future__ import annotations

from sdc_airlock.readers._tabular import find_tables

STATA = """
Logistic regression                                     Number of obs =  4,655
                                                        LR chi2(3)    = 224.92
                                                        Prob > chi2   = 0.0000
Log likelihood = -1699.8722                             Pseudo R2     = 0.0620
""".split("\n")
MISSING = """
       case         age         arm         sex
          0           0           7           2
    fu.time     fu.stat          ps         hgb
          0           0         266         266
""".split("\n")


def test_values_behind_equal_signs() -> None:
    """The head of a regression in Stata is a list of names and values."""
    (block,) = find_tables(STATA)
    assert {len(row) for row in block.rows} == {2}
    assert [row[1] for row in block.rows] == ["4,655", "224.92", "0.0000", "0.0620"]
    assert block.header_rows == 0


def test_a_named_vector_over_several_lines() -> None:
    """Missing values a variable, as `colSums(is.na(d))` prints them."""
    (block,) = find_tables(MISSING)
    assert block.rows == (
        ("case", "0"), ("age", "0"), ("arm", "7"), ("sex", "2"), ("fu.time", "0"), ("fu.stat", "0"), ("ps", "266"), ("hgb", "266"),
    )  # fmt: skip


def test_a_header_and_its_rows_stay_a_table() -> None:
    """One line of names above lines of numbers is a table."""
    (block,) = find_tables(["  age   bmi   sbp", "   34  27.1   120", "   51  31.0   141", "   47  22.4   118"])
    assert len(block.rows[0]) == 3
