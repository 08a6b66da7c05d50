"""Prints of statistics programs and learners that a cutter of columns alone misreads."""

from __future__ import annotations

from pathlib import Path

import pytest

from sdc_airlock.identify import identify
from sdc_airlock.limits import Limits
from sdc_airlock.model.content import Grid
from sdc_airlock.readers import read
from sdc_airlock.readers._rprints import frame_blocks, sparse_rows, unboxed
from sdc_airlock.source import Source


def _grids(folder: Path, text: str, name: str = "print.txt") -> list[Grid]:
    """Every grid that a file of this text gives."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    source = Source.of_file(str(path), part_id=name, name=name, size=path.stat().st_size)
    return [part for part in read(source, identify(source), file_id="", limits=Limits()).parts if isinstance(part, Grid)]


_STR = """'data.frame':\t900 obs. of  4 variables:
 $ id    : chr  "P31" "P07" "P55" "P12" ...
 $ age   : num  61 66 56 45 ...
 $ group : Factor w/ 2 levels "case","control": 1 2 1 1 ...
 $ bmi   : num  24.1 30.2 27.7 22.9 ...
"""
_GLIMPSE = """Rows: 900
Columns: 3
$ id    <chr> "P31", "P07", "P55", "P12", "P61", "P\u2026
$ age   <dbl> 61, 66, 56, 45, 71, 3\u2026
$ smoke <fct> Never, Current, Never, Former, Never\u2026
"""


@pytest.mark.parametrize(
    ("text", "header"), [(_STR, ("id", "age", "group", "bmi")), (_GLIMPSE, ("id", "age", "smoke"))], ids=["str", "glimpse"]
)
def test_an_overview_by_column_gives_the_first_rows_of_the_frame(tmp_path: Path, text: str, header: tuple[str, ...]) -> None:
    """What `str()` and `glimpse()` print of a data frame is read as its first rows, whatever the file is taken for."""
    rows = [grid.rows for grid in _grids(tmp_path, text) if grid.rows and grid.rows[0] == header]
    assert len(rows) == 1
    assert rows[0][1][:2] == ("P31", "61")


def test_the_structure_of_an_object_without_columns_is_no_frame() -> None:
    """One element printed with its type, or lines of code with dollar signs, are no data frame."""
    assert frame_blocks([" $ call: language lm(formula = y ~ x)", "x$age <- 3", "cost: $ 12"]) == []


def test_a_boxed_list_is_cut_inside_its_box(tmp_path: Path) -> None:
    """Stata's `list` draws one box around all variables; they are columns of their own."""
    lines = ["     +-------------------+", "     |  id   age   sex |", "     |-------------------|"]
    lines += [f"{place:3}. | P{place:02}    {40 + place}     F |" for place in range(1, 13)]
    grids = _grids(tmp_path, "\n".join([*lines, "     +-------------------+"]) + "\n")
    assert any(row[-3:] == ("P07", "47", "F") for grid in grids for row in grid.rows)


def test_other_lines_keep_their_bars() -> None:
    """A table between bars with no box of dashes is left as it is."""
    lines = ["| a | b |", "|---|---|", "| 1 | 2 |", "| 3 | 4 |", "| 5 | 6 |"]
    assert unboxed(lines) == lines


def test_sparse_lines_of_learners_are_written_out() -> None:
    """A label and numbered features that are not 0 are one record a line."""
    sparse = sparse_rows(["1 1:34 3:2.5", "0 2:1 3:0.5", "1 1:61"], 1000)
    assert sparse is not None
    rows = sparse.rows
    assert rows[0] == ("label", "feature 1", "feature 2", "feature 3")
    assert rows[1:] == [("1", "34", "0", "2.5"), ("0", "0", "1", "0.5"), ("1", "61", "0", "0")]


def test_positions_and_times_are_no_sparse_records() -> None:
    """Places on chromosomes and times of day have colons too."""
    assert sparse_rows(["1:12345 A G 0.2", "1:22345 C T 0.4"], 1000) is None
    assert sparse_rows(["10:15 start", "10:20 stop"], 1000) is None


def test_numbered_rows_of_a_print_are_no_settings(tmp_path: Path) -> None:
    """A print of data.table numbers its rows with a colon, which no file of settings does."""
    lines = ["        id age    sex"] + [
        f"{place:4}: P{place:05} {30 + place % 50:3} {'Female' if place % 2 else '  Male'}" for place in range(1, 20)
    ]
    grids = _grids(tmp_path, "\n".join(lines) + "\n")
    assert grids
    assert max(len(grid.rows) for grid in grids) >= 19


def test_a_header_that_does_not_name_the_names_of_the_rows_stands_over_the_other_columns(tmp_path: Path) -> None:
    """R prints and writes a frame with one header cell less than cells in a row."""
    lines = ["   smoking imd    n"] + [f"{place:<2}   Never {place:>3} {250 + place:>4}" for place in range(1, 13)]
    assert _grids(tmp_path, "\n".join(lines) + "\n")[0].rows[0] == ("", "smoking", "imd", "n")


def test_bars_of_a_figure_are_no_records() -> None:
    """Bars drawn by their width, height and fill are the shape of the figure, which is read elsewhere."""
    from sdc_airlock.readers._crafted import crafted_grids

    bars = [f"<rect x='{9 * place}' y='20' width='52.65' height='{90 + 1.13 * place:.2f}' style='stroke: none; fill: #F{place % 10}766D;' />" for place in range(20)]  # fmt: skip
    assert list(crafted_grids("bars.svg", f"<svg>{''.join(bars)}</svg>")) == []
