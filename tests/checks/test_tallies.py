"""Small counts of long columns, gathered without a look at the large ones."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sdc_airlock.checks._cohorts.survey import LARGEST, Tally

_NUMBERS = st.lists(
    st.sampled_from([0.0, 0.5, 1.0, 2.0, 5.0, 9.5, float(LARGEST), LARGEST + 1.0, 350_000.0, float("nan"), -3.0]), max_size=60
)


@given(_NUMBERS, st.integers(0, 1000))
def test_whole_numbers_are_tallied_as_counts_one_by_one(numbers: list[float], start: int) -> None:
    """Each whole number up to the largest that is told apart is counted once, with its row; nothing else is."""
    tally = Tally("size", 0, "n")
    tally.add_whole(np.array(numbers, np.float64), start)
    counts = [(int(number), start + row) for row, number in enumerate(numbers) if 1 <= number <= LARGEST and number == int(number)]
    assert tally.times.sum() == len(counts)
    assert {(count, row) for count, rows in tally.rows.items() for row in rows} == set(counts)


def test_rows_of_chosen_counts_are_those_of_the_table() -> None:
    """Counts of some rows only are told with the numbers of these rows."""
    tally = Tally("frequency", 0, "eaf")
    tally.add(np.array([3.0, 300.0, 7.0]), 100, np.array([4, 5, 9]))
    assert tally.rows == {3: [104], 7: [109]}
