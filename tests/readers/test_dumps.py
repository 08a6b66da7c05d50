"""Bytes written out as numbers are looked for wherever a text has stretches long enough for them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sdc_airlock.readers._dumps import _FEW_STATES, _LISTS, _longest_list

_PIECES = st.sampled_from(
    ["1 0 1 1 0 ", "101101", "12, 7, 255,", "012 377 101 ", "9" * 60, "0120210", "\u00a0", "\u0663 ", "0x1f, ", "a", ";\r\n", "3\x1c4 "]
)


@given(st.lists(st.tuples(_PIECES, st.integers(1, 60)), max_size=6))
def test_no_list_is_left_out(pieces: list[tuple[str, int]]) -> None:
    """Where a list of numbers is found, the cheap test has said that there may be one."""
    text = "".join(piece * count for piece, count in pieces)
    longest = _longest_list(text)
    for pattern, _, shortest in _LISTS:
        assert longest >= shortest or not pattern.search(text)
    assert longest >= 400 or not _FEW_STATES.search(text)
