"""Bytes written out as numbers are looked for wherever a text has stretches long enough for them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sdc_airlock.readers._dumps import _FEW_STATES, _LISTS, _longest_list, dump_runs

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


def test_bytes_in_one_line_and_to_other_bases_are_found() -> None:
    """Pairs of letters in one line, and octal numbers without noughts, are bytes; a line of states alone is data; short numbers are not."""
    rows = "".join(f"{20 + place},{'FM'[place % 2]},{22 + place / 7:.1f}\n" for place in range(30)).encode()
    assert [run.data for run in dump_runs(rows.hex(" ").upper())] == [rows]
    framed = b"\x80\x04\x95\x60\0\0\0\0\0\0\0]\x94(" + b"".join(b"K%cX\x01\0\0\0F\x94" % (20 + place) for place in range(30)) + b"e."
    assert framed in [run.data for run in dump_runs("/* " + " ".join(f"{byte:o}" for byte in framed) + " */")]
    assert [run.loud for run in dump_runs("0112" * 15 + "\n")] == [True]
    assert not list(dump_runs("1" * 60))
    assert not list(dump_runs("scores 0 1 2 3 1 2 0 1 and 20 more"))
