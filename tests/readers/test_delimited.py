"""Delimited, fixed-width and ARFF files of every dialect, small and streamed."""

from __future__ import annotations

import csv
import io
import os
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdc_airlock.errors import Malformed
from sdc_airlock.identify.types import TYPES
from sdc_airlock.limits import Limits
from sdc_airlock.model.content import Grid, OddityKind, Table, TextPart, Unread, UnreadReason
from sdc_airlock.model.filetype import FileType
from sdc_airlock.readers import Item, Reading
from sdc_airlock.source import Source

SMALL = Limits(table_bytes=2000, sample_rows=50)


def read(data: bytes | str, label: str = "csv", limits: Limits | None = None, *, size_known: bool = True) -> list[Item]:
    """All items of some bytes of a known type."""
    raw = data.encode() if isinstance(data, str) else data
    source = Source(part_id="f", name="f", opener=lambda: io.BytesIO(raw), size=len(raw) if size_known else None)
    return list(Reading(limits=limits or Limits()).open(source, FileType(label=label, family=TYPES[label].family)))


def rows(data: bytes | str, label: str = "csv") -> tuple[tuple[str, ...], ...]:
    """The rows of the one grid in some bytes."""
    (grid,) = [item for item in read(data, label) if isinstance(item, Grid)]
    return grid.rows


def oddities(items: list[Item]) -> set[OddityKind]:
    """Kinds of the oddities among items."""
    return {item.kind for item in items if hasattr(item, "kind")}


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", "^", "~"])
def test_delimiters(delimiter: str) -> None:
    """Each delimiter cuts a table of words and numbers into its cells."""
    table = (("area", "cases", "rate"), ("North East", "12", "3.4"), ("South", "1204", "0.5"), ("West", "7", "12.25"))
    assert rows("\n".join(delimiter.join(row) for row in table)) == table


def test_decimal_commas_do_not_make_the_comma_a_delimiter() -> None:
    """Semicolons delimit where numbers have decimal commas."""
    assert rows("Region;A;B\nNord;1,5;2,5\nOst;11,25;3,5\nWest;1,0;2,0\n")[1] == ("Nord", "1,5", "2,5")


def test_thousands_separators_in_quotes() -> None:
    """Quoted numbers with commas stay whole."""
    assert rows('state,a,b\nALABAMA,"6,718",12\nALASKA,776,"1,158"\n')[1] == ("ALABAMA", "6,718", "12")


def test_runs_of_blanks_delimit() -> None:
    """Columns padded with blanks, row names and all."""
    assert rows("Obs    id dose DLT\n1       1  4.1   0\n2       2  4.8   0\n10     10 14.8   1\n")[3] == ("10", "10", "14.8", "1")


def test_tabs_win_over_blanks_inside_cells() -> None:
    """Right-aligned numbers between tabs are not cut at their blanks."""
    text = "Outcome\tTotal\tWhite\nN\t 2.18e+07 (100.0)\t 1.31e+07 (100.0)\ntested\t  1700196 (7.8)\t  1083680 (8.3)\n"
    assert rows(text)[2] == ("tested", "1700196 (7.8)", "1083680 (8.3)")


def test_separator_line() -> None:
    """A first line `sep=;` rules, and is kept."""
    assert rows("sep=;\na;b\n1,5;2\n2,5;3\n") == (("sep=;",), ("a", "b"), ("1,5", "2"), ("2,5", "3"))


def test_another_delimiter_further_down() -> None:
    """A second table with semicolons under a first one with commas."""
    text = "Table 1\nsex,n\nMale,12\nFemale,30\n\nTable 2\narea;rate;low\nNorth;1,5;1,1\nSouth;2,5;2,1\nWest;3,5;0,1\n\nSource: survey\n"
    found = rows(text)
    assert found[2] == ("Male", "12")
    assert found[7] == ("North", "1,5", "1,1")
    assert found[11] == ("Source: survey",)


def test_preamble_notes_and_comments_are_rows() -> None:
    """Lines around a table are kept in their places."""
    found = rows("# made by x, y and z, today\nTitle\n\na,b\n1,2\n3,4\n\n* rounded to 5\n")
    assert found[0] == ("# made by x, y and z, today",)
    assert found[2] == ()
    assert found[-1] == ("* rounded to 5",)


def test_quoted_line_ends() -> None:
    """A quoted cell may hold line ends and doubled quotes."""
    assert rows('id,note\n1,"two\nlines and a ""word"""\n2,x\n')[1] == ("1", 'two\nlines and a "word"')


def test_an_unclosed_quote_does_not_swallow_the_file() -> None:
    """Rows behind a stray quote are still rows, and the damage is told."""
    items = read('id,name,n\n1,"open,5\n' + "".join(f"{n},x,{n}\n" for n in range(2, 40)))
    (grid,) = [item for item in items if isinstance(item, Grid)]
    assert len(grid.rows) == 40
    assert OddityKind.DAMAGED in oddities(items)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_encodings_and_line_ends_give_the_same_grid(encoding: str, end: str) -> None:
    """The bytes differ, the cells do not."""
    text = end.join(["région,n", "Île-de-France,12", "Besançon,7", "Mêlée,123", ""])
    assert rows(text.encode(encoding)) == (("région", "n"), ("Île-de-France", "12"), ("Besançon", "7"), ("Mêlée", "123"))


def test_nul_bytes_are_a_gap() -> None:
    """Text with NUL characters is read and held."""
    items = read(b"a,b\n\x001,2\n")
    assert OddityKind.NUL_BYTES in oddities(items)
    assert any(isinstance(item, Unread) and item.why is UnreadReason.MALFORMED for item in items)


def test_damaged_utf8_keeps_its_bytes() -> None:
    """A byte that is no UTF-8 is kept and told of."""
    items = read("a,b\né,ü\nô,ö\n".encode() + b"\xffx,1\n")
    assert OddityKind.UNDECODABLE_TEXT in oddities(items)
    assert any("x" in cell for item in items if isinstance(item, Grid) for row in item.rows for cell in row)


def test_front_matter() -> None:
    """CSVY: settings as text, and the table with its own line numbers."""
    items = read("---\nname: x\nfields: [a, b]\n---\na,b\n1,2\n3,4\n")
    grid = next(item for item in items if isinstance(item, Grid))
    assert (grid.first_row, grid.rows[0]) == (5, ("a", "b"))
    assert any(isinstance(item, TextPart) for item in items)


def test_fixed_width_listing_with_rulers() -> None:
    """An estimates table: rulers part header from body, sparse columns are kept, prose below stays whole."""
    text = """tested
--------------------------------------------
                   (1)                (2)
                 Model              Model
--------------------------------------------
White             1        [1.00]     1     
South Asian     1.05***    [1.05]   1.10*** 
Black           1.02**     [1.01]   1.04*** 
Age spline 1                        1.02*** 
--------------------------------------------
Exponentiated coefficients; 95% confidence intervals in brackets
"""  # noqa: W291 - listings are padded
    found = rows(text, "fixed_width")
    assert found[6] == ("South Asian", "1.05***", "[1.05]", "1.10***")
    assert found[8] == ("Age spline 1", "", "", "1.02***")
    assert found[10] == ("Exponentiated coefficients; 95% confidence intervals in brackets",)


def test_arff() -> None:
    """Attribute names head the rows; quotes and comments are understood."""
    text = "% about\n@relation x\n@attribute 'the age' numeric\n@attribute sex {m,f}\n@data\n% none\n34,m\n?,'f'\n"
    (grid,) = [item for item in read(text, "arff") if isinstance(item, Grid)]
    assert grid.rows == (("the age", "sex"), ("34", "m"), ("?", "f"))
    assert grid.header_rows == 1
    assert rows("%" * 3 + text) == grid.rows


def test_sparse_arff() -> None:
    """Sparse rows are written out."""
    text = "@relation x\n@attribute a numeric\n@attribute b numeric\n@attribute c numeric\n@data\n{1 5}\n{0 2, 2 7}\n"
    assert rows(text, "arff")[1:] == (("0", "5", "0"), ("2", "0", "7"))


# streamed


def big(count: int = 2000, line: str = "{0},area {0},{1}\n", head: str = "id,area,n\n") -> str:
    """A table too large to be a grid under `SMALL`."""
    return head + "".join(line.format(n, n % 7) for n in range(count))


def table(data: bytes | str, limits: Limits = SMALL, *, size_known: bool = True) -> Table:
    """The one table of some bytes."""
    (found,) = [item for item in read(data, limits=limits, size_known=size_known) if isinstance(item, Table)]
    return found


def streamed(found: Table) -> list[tuple[str, ...]]:
    """All rows that the batches give, as text."""
    assert found.batches is not None
    rows = (row for batch in found.batches() for row in zip(*(column.to_pylist() for column in batch.columns), strict=True))
    return [tuple("" if cell is None else str(cell) for cell in row) for row in rows]


@pytest.mark.parametrize("size_known", [True, False])
def test_a_large_file_is_a_sample_and_batches(size_known: bool) -> None:  # noqa: FBT001
    """The sample holds the first rows, the batches hold all, and can be had twice."""
    found = table(big(), size_known=size_known)
    assert [column.name for column in found.columns] == ["id", "area", "n"]
    assert (found.sample_rows, found.n_rows, found.named, found.first_row) == (50, None, True, 2)
    assert len(streamed(found)) == len(streamed(found)) == 2000
    assert streamed(found)[-1] == ("1999", "area 1999", "4")


def test_preamble_and_footer_of_a_large_file() -> None:
    """Lines before the header are the title, lines at the end are notes, and no row is lost."""
    found = table("A survey\n\n" + big() + "Source: us\n")
    assert found.title == "A survey"
    assert found.notes == "Source: us"
    assert found.first_row == 4
    assert streamed(found)[0][0] == "0"
    assert streamed(found)[-1] == ("Source: us", "", "")


def test_ragged_rows_of_a_large_file_are_kept() -> None:
    """Rows of another width come last, evened out."""
    text = big()
    found = table(text.replace("\n1500,", "\n1500,x,y,"))
    assert ("1500", "x", "y,area 1500,2") in streamed(found)
    assert len(streamed(found)) == 2000


def test_too_many_ragged_rows_are_an_error() -> None:
    """Another table further down is not passed over."""
    with pytest.raises(Malformed):
        streamed(table(big() + "a,b,c,d,e\n" * 30_000))


def test_a_large_file_in_other_encodings_and_dialects() -> None:
    """UTF-16, Latin-1, blanks and a header one cell short."""
    assert streamed(table(big().encode("utf-16")))[3] == ("3", "area 3", "3")
    assert streamed(table(big().replace("area", "année").encode("cp1252")))[3] == ("3", "année 3", "3")
    blanks = table(big(line="{0:>6}   x{0:<6} {1:>4}\n", head="    id   area       n\n"))
    assert streamed(blanks)[3] == ("3", "x3", "3")
    shorter = table(big(line='"{0}" {0} {1}\n', head='"age" "sex"\n'))
    assert [column.name for column in shorter.columns] == ["", "age", "sex"]
    assert streamed(shorter)[3] == ("3", "3", "3")


def test_duplicate_names_and_quoted_line_ends_of_a_large_file() -> None:
    """Names may be equal, quoted cells may hold line ends."""
    found = table(big(line='{0},"a\nb",{1}\n', head="x,x,n\n"))
    assert [column.name for column in found.columns] == ["x", "x", "n"]
    assert streamed(found)[5] == ("5", "a\nb", "5")
    assert len(streamed(found)) == 2000


def test_suppression_markers_survive_streaming() -> None:
    """A marker far down a column of numbers stays what it is."""
    assert ("1999", "area 1999", "<5") in streamed(table(big().replace("area 1999,4", "area 1999,<5")))


def test_very_wide_large_files_are_grids() -> None:
    """More columns than a table can name are rows of cells, and what is beyond the caps is a gap."""
    limits = Limits(table_bytes=100_000, text_bytes=400_000, cells=60_000)
    items = read((",".join(map(str, range(30_000))) + "\n") * 6, limits=limits)
    assert any(isinstance(item, Grid) and len(item.rows[0]) == 30_000 for item in items)
    assert any(isinstance(item, Unread) and item.limit_name == "cells" for item in items)


# laws

WORDS = st.text(st.characters(codec="utf-8", categories=("L", "N")), min_size=1, max_size=8)
CELLS = st.one_of(
    WORDS,
    st.integers(0, 99999).map(str),
    st.just(""),
    st.text(st.characters(codec="ascii", categories=("L", "N", "P", "S", "Zs")), max_size=12),
)


@given(
    st.lists(st.lists(CELLS, min_size=2, max_size=5), min_size=1, max_size=12), st.sampled_from(",;\t|"), st.sampled_from(["\n", "\r\n"])
)
def test_nothing_is_lost(cells: list[list[str]], delimiter: str, end: str) -> None:
    """Every run of letters and digits of a written table is in some cell."""
    written = io.StringIO()
    csv.writer(written, delimiter=delimiter, lineterminator=end).writerows(cells)
    found = " ".join(cell for row in rows(written.getvalue()) for cell in row)
    for cell in (cell for row in cells for cell in row):
        for run in re.findall(r"[A-Za-z0-9]+", cell):
            assert run in found


@given(st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "Z")), max_size=300), st.sampled_from(["csv", "fixed_width"]))
def test_any_text_is_represented(text: str, label: str) -> None:
    """Whatever the text, its letters and digits are in the parts."""
    items = read(text, label)
    found = " ".join(cell for item in items if isinstance(item, Grid) for row in item.rows for cell in row)
    found += " ".join(item.text for item in items if isinstance(item, TextPart))
    for run in re.findall(r"[A-Za-z0-9]+", text):
        assert run in found


HOSTILE = {
    "quote pairs": b'\n"' * 8000,
    "quotes": b'"' * 300_000,
    "one line": b"a" * 500_000,
    "columns": b"1," * 100_000,
    "blank lines": b"\n" * 300_000,
    "unclosed": b'"abc\n' * 50_000,
    "blanks": b"a  " * 100_000,
    "mixed": b"a;b,c\td|e\n" * 20_000,
    "random": os.urandom(200_000),
    "backslashes": b'"\\' * 100_000,
}


@pytest.mark.no_cover
@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE.keys())
@pytest.mark.parametrize("label", ["csv", "fixed_width", "arff"])
def test_hostile_text_is_read_to_its_end(data: bytes, label: str) -> None:
    """What drives careless parsers round in circles is read to its end (the run as a whole has a limit of time)."""
    items = read(data, label)
    assert items or label == "arff"


def test_quotes_behind_the_sampled_lines() -> None:
    """Numbers with thousands in quotes are one cell, though the lines that decide on the dialect hold no quote."""
    lines = ["ward,cases,population", *(f"W{n},{100 + n},{900 + n}" for n in range(900))]
    lines[250] = 'W249,"74,123","174,123"'
    assert rows("\n".join(lines))[250] == ("W249", "74,123", "174,123")
    found = table(big() + '2000,"area, 5","74,123"\n')
    assert streamed(found)[-1] == ("2000", "area, 5", "74,123")


def test_a_quote_that_is_never_closed_swallows_no_rows() -> None:
    """Rows behind an open quote are read as rows; a cell of hundreds of lines is refused."""
    found = table(big().replace("\n1200,", '\n"1200,'))
    assert len(streamed(found)) == 2000
    with pytest.raises(Malformed):
        streamed(table(big().replace("\n1200,", '\n"1200,').replace("\n1700,", '\n1700",')))


@pytest.mark.parametrize("delimiter", [",", "\t", ";", " "])
def test_phased_calls_between_delimiters(delimiter: str) -> None:
    """A bar between two alleles parts no cells where another delimiter does; bars alone still do."""
    lines = [delimiter.join(["s1", "0|1", "1|1", "0|0", "0|1"]), delimiter.join(["s2", "1|0", "0|0", ".|.", "0|1"])] * 6
    assert set(rows("\n".join(lines))) == {("s1", "0|1", "1|1", "0|0", "0|1"), ("s2", "1|0", "0|0", ".|.", "0|1")}
    assert rows("\n".join(["1|2|3", "4|5|6", "7|8|9"] * 4))[0] == ("1", "2", "3")
    assert rows("\n".join(["1|2", "4|5", "7|8"] * 4))[0] == ("1", "2")


def test_more_tables_in_lines_than_are_read_are_a_gap() -> None:
    """Lines that are tables by themselves are read up to a number; that there are more is told."""
    lines = [";".join(f"{id_},{20 + id_ % 50},{'MF'[id_ % 2]},C{id_ % 90 + 10}" for id_ in range(97 * at, 97 * at + 40)) for at in range(6)]
    assert not [item for item in read("\n".join(lines)) if isinstance(item, Unread)]
    few = read("\n".join(lines), limits=Limits(members=2))
    assert sum(isinstance(item, Grid) and "literal" in item.part_id for item in few) == 2
    (gap,) = [item for item in few if isinstance(item, Unread)]
    assert (gap.why, gap.limit_name, gap.seen) == (UnreadReason.LIMIT, "members", 6)
