"""Cells of long tables made smaller: numbers as numbers, words of few levels as codes, and nothing lost that an id could stand in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdc_airlock.model.content import Table
from sdc_airlock.readers._typed import Held, HeldOnce, held_table, typed


def made(cells: list[str]) -> Any:
    """One column after it was typed."""
    (column,) = typed([pa.array(cells, pa.string())])
    return column


def shown(column: Any) -> list[str]:
    """Its cells as text."""
    return ["" if cell is None else str(cell) for cell in column.to_pylist()]


@given(st.lists(st.from_regex(r"[0-9]{1,12}|-[0-9]{1,9}|[A-Z]{2}[0-9]{0,7}|", fullmatch=True), min_size=1, max_size=60))
def test_whole_numbers_and_words_stay_as_written(cells: list[str]) -> None:
    """Zeros before numbers, signs, empty cells and codes are not lost."""
    assert shown(made(cells)) == cells


def test_whole_numbers_take_as_few_bytes_as_they_can() -> None:
    """One byte, two or four; longer ones and those with zeros before them stay text."""
    kinds = {
        pa.int8(): ["1", "22"],
        pa.int16(): ["-300", "22"],
        pa.int32(): ["123456", ""],
        pa.string(): ["99999999999"],
        pa.float64(): ["0.5", "1e-9", "NA"],
    }
    for kind, cells in kinds.items():
        assert made(cells * 200).type == kind or (kind == pa.string() and isinstance(made(cells * 200), pa.DictionaryArray))
    assert shown(made(["007", "12"])) == ["007", "12"]


def test_long_whole_numbers_among_decimals_stay_as_written() -> None:
    """They may be ids, and so may numbers that begin with 0."""
    assert shown(made(["0.5", "1234567", "-3.75"])) == ["0.5", "1234567", "-3.75"]
    assert shown(made(["0.5", "0000123", "-3.75"])) == ["0.5", "0000123", "-3.75"]
    assert made(["0.5", "1", "-3.75"]).to_pylist() == [0.5, 1.0, -3.75]


def test_what_does_not_fit_is_not_held() -> None:
    """Past the cap nothing is held, so that no check takes a part for the whole."""
    held = Held(5000)
    for _ in range(3):
        held.take(pa.RecordBatch.from_arrays([pa.array(["abcdefghij"] * 300)], names=["a"]))
    assert not held.whole
    assert list(held.batches()) == []


@given(st.lists(st.from_regex(r"-?[0-9]{1,2}\.[0-9]{1,9}|[0-9]\.[0-9]{1,3}e-[0-9]{1,2}|-0\.0", fullmatch=True), min_size=1, max_size=60))
def test_decimals_come_back_as_they_were(cells: list[str]) -> None:
    """Decimals are held as whole numbers where that gives the same floats, bit by bit."""
    batch = pa.RecordBatch.from_arrays([pa.array([float(cell) for cell in cells])], names=["a"])
    held = Held(10**6)
    held.take(batch)
    (again,) = held.batches()
    assert again.column(0).to_numpy().tobytes() == batch.column(0).to_numpy().tobytes()


@given(
    st.lists(st.from_regex(r"-?[0-9]{1,2}\.[0-9]{1,4}|[0-9]{1,7}\.0|[0-9]{1,7}", fullmatch=True), min_size=1, max_size=60),
    st.booleans(),
)
def test_only_decimals_that_cannot_be_ids_are_rounded(cells: list[str], wanted: bool) -> None:  # noqa: FBT001
    """Where decimals are not wanted as they are, whole numbers of a thousand and more, and columns of whole numbers, stand as they did."""
    numbers = [float(cell) for cell in cells]
    held = Held(10**6)
    held.take(pa.RecordBatch.from_arrays([pa.array(numbers)], names=["a"]))
    (batch,) = held.rounded((0,) if wanted else ())
    if batch.column(0).to_pylist() != numbers:
        assert not wanted
        assert batch.column(0).to_pylist() == [0] * len(numbers)
        assert max(map(abs, numbers)) < 1000
        assert any(number % 1 for number in numbers)


@pytest.mark.parametrize(("rows", "taken", "held"), [(0, 3, False), (280, 3, False), (100_000, 1, False), (200, 2, True)])
def test_what_will_not_fit_is_not_begun_to_be_held(rows: int, taken: int, held: bool) -> None:  # noqa: FBT001
    """Where so many rows are known to follow, the first batch says that they do not fit; else it is tried."""
    batch = pa.RecordBatch.from_arrays([pa.array(range(10**6, 10**6 + 100), pa.int64())], ["x"])
    read: list[int] = []

    def batches() -> Iterator[pa.RecordBatch]:
        for place in range(2 if held else 6):
            read.append(place)
            yield batch

    table = Table(part_id="f", columns=(), n_rows=None, named=False)
    made = held_table(table, batches, 2 * batch.nbytes, rows=rows)
    assert (made.held, len(read)) == (held, taken)
    assert made.batches is not None
    assert sum(each.num_rows for each in made.batches()) == (200 if held else 600)


def test_first_batches_are_read_once_and_all_of_them_kept_when_somebody_wants_all() -> None:
    """Who reads a few rows does not pay for the others, and nobody gets other rows than the first reader."""
    started: list[int] = []

    def start() -> Iterator[pa.RecordBatch]:
        started.append(0)
        for place in range(9):
            started[-1] = place
            yield pa.RecordBatch.from_arrays([pa.array([place, place])], names=["a"])

    once = HeldOnce(start, 10_000)
    assert [next(batches).column(0).to_pylist() for batches in (once.batches(), once.batches())] == [[0, 0], [0, 0]]
    assert started == [0]
    whole = [batch.column(0).to_pylist() for batch in once.batches()]
    assert whole == [batch.column(0).to_pylist() for batch in once.batches()] == [[place, place] for place in range(9)]
    assert started == [0, 8]
