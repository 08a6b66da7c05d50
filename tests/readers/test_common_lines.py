"""Long logs: what is searched of them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sdc_airlock.readers._common_lines import common_lines


def test_rare_lines_are_all_kept() -> None:
    """Of 60,000 lines of one kind a sample is left, of 40 others every one."""
    lines = [f"epoch {number} loss 0.{number}" for number in range(60_000)]
    lines[55_000:55_000] = [f"patient {number} bmi 2{number % 10}.1" for number in range(40)]
    spared = common_lines(lines)
    assert not any(spared[55_000:55_040])
    assert spared.count(False) == 2_040
    assert not spared[0]
    assert not spared[-1]


def test_lines_of_many_words_are_sampled_in_stretches() -> None:
    """Where words differ too, neighbours stay neighbours."""
    words = [chr(97 + a) + chr(97 + b) + chr(97 + c) for a in range(26) for b in range(26) for c in range(26)]
    lines = [f"{words[number % len(words)]} took {number} ms" for number in range(60_000)]
    spared = common_lines(lines)
    assert spared.count(False) == 2_000
    assert not any(spared[:400])


@given(st.lists(st.sampled_from(["a 1", "b 22", "c d", ""]), max_size=200))
def test_short_texts_are_left_alone(lines: list[str]) -> None:
    """Nothing is spared where there is little to read."""
    assert not any(common_lines(lines))
