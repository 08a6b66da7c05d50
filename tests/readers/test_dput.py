"""Objects of R that were written as code are read with the names and levels that belong to them."""

from __future__ import annotations

import pytest

from sdc_airlock.readers._literals import literal_tables

FRAME = """people <- structure(list(band = structure(1:3, levels = c("<45", "45-64", "65+"), class = "factor"),
    sex = structure(c(2L, 1L, NA), .Label = c("F", "M"), class = "factor"), n = c(1027L, 906L, -4L), year = 2015:2017),
    row.names = c(NA, -3L), class = c("tbl_df", "tbl", "data.frame"))"""
MATRIX = """structure(c(1.5, 2, 3, 4, 5, 6), dim = 3:2, dimnames = list(c("(Intercept)", "age", "sexM"), c("Estimate", "Pr(>|z|)")))"""
ARRAY = """structure(c(641L, 632L, 618L, 557L, 900L, 952L, 909L, 978L), dim = c(2L, 2L, 2L), dimnames = structure(list(
    region = c("London", "Leeds"), sex = c("F", "M"), smoke = c("never", "ex")), names = c("region", "sex", "smoke")), class = "table")"""


def tables(text: str) -> list[tuple[tuple[str, ...], ...]]:
    """The rows of each table of some code."""
    return [block.rows for block in literal_tables(text, code=True).blocks]


def test_data_frames() -> None:
    """Factors stand as their words, spans as their numbers, and missing ones as blanks."""
    assert tables(FRAME) == [
        (
            ("band", "sex", "n", "year"),
            ("<45", "M", "1027", "2015"),
            ("45-64", "F", "906", "2016"),
            ("65+", "", "-4", "2017"),
        )
    ]


def test_names_of_rows() -> None:
    """Names of rows are the first column."""
    assert tables(FRAME.replace("c(NA, -3L)", 'c("a", "b", "c")'))[0][1][:2] == ("a", "<45")


def test_lists_with_factors() -> None:
    """A data frame that was made a list is still one."""
    text = 'list(id = c(11L, 12L, 13L), sex = structure(c(1L, 2L, 1L), levels = c("F", "M"), class = "factor"))'
    assert tables(text) == [(("id", "sex"), ("11", "F"), ("12", "M"), ("13", "F"))]


def test_matrices_and_arrays() -> None:
    """A matrix stands as it is printed, and an array with one row for each level of its first dimension."""
    assert tables(MATRIX) == [
        (("", "Estimate", "Pr(>|z|)"), ("(Intercept)", "1.5", "4"), ("age", "2", "5"), ("sexM", "3", "6")),
    ]
    assert tables(ARRAY) == [
        (
            ("region", "F never", "M never", "F ex", "M ex"),
            ("London", "641", "618", "900", "909"),
            ("Leeds", "632", "557", "952", "978"),
        )
    ]


def test_what_is_hung_on_an_object_is_read() -> None:
    """Data in an attribute of an object are a table of their own."""
    hung = MATRIX[:-1] + ", src = structure(list(id = c(1L, 2L, 3L, 4L), age = c(50, 61, 72, 44)), class = 'data.frame'))"
    assert len(tables(hung)) == len(("matrix", "frame"))


@pytest.mark.parametrize(
    "text",
    [
        "structure(c(1L, 2L, 3L), dim = c(2L, 2L))",
        "structure(c(x, y), dim = c(999999999L, 0L))",
        "structure(list(a = 1:3, b = f(x)), class = 'data.frame')",
        "structure(list(a = structure(c(1L, 9L), levels = c('x', 'y')), b = c(1L, 2L)), class = 'data.frame')",
        "structure(1:999999999, dim = 3L)",
        "structure()",
    ],
)
def test_what_does_not_fit(text: str) -> None:
    """An object whose sizes, codes or parts do not fit is left to be read as other code is."""
    assert not tables(text)
