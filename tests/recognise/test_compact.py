"""Rows of a long table kept small: what ids and dates are told by is kept, and nothing where it does not fit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from sdc_airlock.recognise import _compact
from sdc_airlock.recognise._compact import Compact

if TYPE_CHECKING:
    import pytest


def kept(cells: list[str]) -> list[str]:
    """One column after it was kept, as text."""
    compact = Compact()
    compact.take(pa.RecordBatch.from_arrays([pa.array(cells, pa.string())], names=["a"]))
    (batch,) = compact.kept()
    column = batch.column(0)
    return [str(cell) for cell in (column.dictionary_decode() if isinstance(column, pa.DictionaryArray) else column).to_pylist()]


@given(st.lists(st.from_regex(r"[0-9]{1,12}|-[0-9]{1,9}|[A-Z]{2}[0-9]{0,7}|", fullmatch=True), min_size=1, max_size=60))
def test_whole_numbers_and_words_stay_as_written(cells: list[str]) -> None:
    """Zeros before numbers, signs, empty cells and codes are not lost."""
    assert kept(cells) == cells


def test_decimals_become_nought() -> None:
    """Numbers with decimals name nobody, and take no room."""
    assert kept(["0.5", "1", "-3.75"]) == ["0", "0", "0"]
    assert kept(["0.5", "1234567", "-3.75"]) == ["0.5", "1234567", "-3.75"]


def test_what_does_not_fit_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """Past the cap nothing is kept, so that no check takes a part for the whole."""
    monkeypatch.setattr(_compact, "MOST_BYTES", 100)
    compact = Compact()
    for _ in range(3):
        compact.take(pa.RecordBatch.from_arrays([pa.array(["abcdefghij"] * 300 + [str(n) for n in range(900)], pa.string())], names=["a"]))
    assert compact.kept() == ()
