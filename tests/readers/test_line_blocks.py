"""Delimited text in blocks of whole lines: parsed side by side, and nothing is read otherwise than as text."""

from __future__ import annotations

import io
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdc_airlock.errors import Malformed
from sdc_airlock.readers._dialect import Dialect, cut
from sdc_airlock.readers._line_blocks import Parser, kinds_of, whole_lines

_CELLS = st.sampled_from(
    ["0", "1", "7", "-3", "007", "-07", "0.5", "1.25", "-0.125", "1.000e+00", "2.0", "-0", "00", "0x1F", "+5", "", "NA", ".", "rs12", "<5", "é", "1200", "3e5", " 4", "inf"]
)  # fmt: skip
_COLUMNS = st.one_of(
    st.lists(_CELLS, min_size=8, max_size=8),
    st.lists(st.sampled_from(["0.5", "1.25", "2.0", "-0.75", "NA", "1", "007", "12"]), min_size=8, max_size=8),
    st.lists(st.sampled_from(["A", "C", "T"]), min_size=8, max_size=8),
)


def _told(columns: list[object]) -> list[tuple[str, list[str]]]:
    return [
        (str(column.type), ["None" if cell is None or str(cell) == "nan" else repr(cell) for cell in column.to_pylist()])
        for column in columns
    ]


@given(first=st.lists(_COLUMNS, min_size=3, max_size=3), later=st.lists(_COLUMNS, min_size=3, max_size=3), padded=st.booleans())
def test_a_block_tried_as_numbers_is_read_as_its_text_is(first: list[list[str]], later: list[list[str]], *, padded: bool) -> None:
    """Whatever the first block held, a later one gives the same types and values as by way of text."""
    parser = Parser(dialect=Dialect(",", '"'), width=3, padded=padded)
    head, block = ("\n".join(map(",".join, zip(*columns, strict=True))).encode() + b"\n" for columns in (first, later))
    kinds = kinds_of(parser.as_text(head).columns)
    assert _told(parser.parse(block, kinds).columns) == _told(parser.as_text(block).columns)


@given(text=st.lists(st.sampled_from(["ab,c", "1,2", "", "x", "long line of words"])), end=st.sampled_from(["\n", "\r\n", "\r"]))
def test_blocks_together_are_the_text(text: list[str], end: str) -> None:
    """Nothing is lost between blocks, and each but the last ends where a line does."""
    data = end.join(text).encode()
    blocks = list(whole_lines(io.BytesIO(data), 12))
    assert b"".join(blocks) == data
    assert all(block.endswith((b"\n", b"\r")) for block in blocks[:-1])


def test_a_line_longer_than_a_block_is_said() -> None:
    """A line without an end is not gathered until memory is full."""
    with pytest.raises(Malformed):
        list(whole_lines(io.BytesIO(b"1," * 1000), 64))


def test_rows_of_another_width_are_kept() -> None:
    """What does not fit the columns is handed on as text."""
    parser = Parser(dialect=Dialect("\t", ""), width=2, padded=False)
    first = parser.as_text(b"1\t0.5\n2\t0.25\n")
    found = parser.parse(b"3\t0.5\n4\t0.5\t9\n5\t0.125\n", kinds_of(first.columns))
    assert found.ragged == ["4\t0.5\t9"]
    assert math.isclose(found.columns[1].to_pylist()[1], 0.125)


@given(line=st.text("ab1\t ,;\"'.\u00a0\x0b", max_size=30), delimiter=st.sampled_from("\t,;|"))
def test_lines_without_quotes_are_cut_cell_by_cell(line: str, delimiter: str) -> None:
    """Blanks and quotes around cells go, whichever way a line is cut."""
    cells = tuple(cell.strip().strip('"') for cell in line.split(delimiter)) if line.strip() else ()
    assert cut([line], Dialect(delimiter, ""))[0] == [cells]
