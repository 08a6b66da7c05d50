"""Columns of text as numbers: all of them or none, and what is long among them."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdc_airlock.stats.columns import long_whole, plain_numbers


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=200))
def test_numbers_are_read_as_they_are(numbers: list[float]) -> None:
    """What is written as numbers comes back as these numbers."""
    found = plain_numbers(pa.array([repr(number) for number in numbers], pa.string()))
    assert found is not None
    assert found.tolist() == numbers


@pytest.mark.parametrize("cell", ["", " ", "NA", "12 (3.4%)", "1,234", "<5", "P1234567", None])
def test_one_other_cell_is_enough(cell: str | None) -> None:
    """A column with anything else in it is none of numbers, wherever it stands."""
    for place in (0, 50, 99):
        cells: list[str | None] = [str(number) for number in range(100)]
        cells[place] = cell
        assert plain_numbers(pa.array(cells, pa.string())) is None


def test_long_whole_numbers() -> None:
    """Whole numbers of some length are found, of either sign; decimals and short ones are not."""
    numbers = np.array([1234567.0, 12.0, 1234567.5, -7654321.0, np.nan, np.inf, 1e6])
    assert long_whole(numbers[:4], 1e6).tolist() == [0, 3]
    assert long_whole(numbers[6:], 1e6).tolist() == [0]
