"""Flat tables of R, in which groups stand in the first of their rows and columns only."""

from __future__ import annotations

from sdc_airlock.readers._flat_tables import flat_tables
from sdc_airlock.readers._tabular import aligned_rows

NAMED = """\
            sex   Female                 Male
            smoke  Never Former Current Never Former Current
ageband imd
<45     1            105     65      28    84     60      27
        2            108     61      35    86     49      29
45-54   1            293    180      96   262    171      84
        2            271    166      90   243    160      77
"""
BARE = """\
              East  North  South West

Female Former  154    156    158  169
       Never   186    157    161  161
Male   Former  186    173    149  168
       Never   177    176    152  169
"""
NUMBERED = """\
            outcome    0    1
sex arm
F   active          6444 1106
    control         6043 1411
M   active          6047 1410
    control         5801 1738
"""


def tables(text: str) -> list[tuple[tuple[str, ...], ...]]:
    """The rows of each flat table; R fills all lines up with blanks."""
    lines = [line.ljust(40) for line in text.splitlines()]
    return [block.rows for block in flat_tables(lines, [False] * len(lines))]


def test_groups_stand_in_every_row_and_column() -> None:
    """Labels of rows are filled down, labels of columns are joined, and a label that is a number is no count."""
    (rows,) = tables(NAMED)
    assert rows[0] == ("ageband", "imd", "Female Never", "Female Former", "Female Current", "Male Never", "Male Former", "Male Current")
    assert rows[2] == ("<45", "2", "108", "61", "35", "86", "49", "29")
    assert rows[3][:2] == ("45-54", "1")


def test_groups_without_names() -> None:
    """Where groups have no names, a line of blanks stands above the rows."""
    (rows,) = tables(BARE)
    assert rows[0] == ("", "", "East", "North", "South", "West")
    assert [row[:2] for row in rows[1:]] == [("Female", "Former"), ("Female", "Never"), ("Male", "Former"), ("Male", "Never")]


def test_columns_headed_by_numbers_are_told_with_their_group() -> None:
    """A column headed 0 says what is 0."""
    (rows,) = tables(NUMBERED)
    assert rows[0] == ("sex", "arm", "outcome 0", "outcome 1")
    assert aligned_rows([line.ljust(40) for line in NUMBERED.splitlines()])[1] == rows[0]


def test_other_tables_are_left_alone() -> None:
    """A table with one column of labels, one with labels that run into each other, and indented lists are no flat tables."""
    assert not tables("        East North\nFemale  154   156\nMale    186   173\nAll     340   329\n")
    assert not tables("             a   b\nsex arm           \nFemales       1   2\n    active    3   4\nMalesboth     5   6\n")
    assert not tables("  Contents\nname      \nOne      1\n  Two    2\n three\n")
