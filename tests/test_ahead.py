"""Work done ahead by threads: the same items in the same order, and errors where they belong."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdc_airlock.ahead import ahead, in_order


def _breaking(count: int) -> Iterator[int]:
    yield from range(count)
    raise ValueError("broken")


@given(items=st.lists(st.integers(), max_size=12))
def test_items_come_in_their_order(items: list[int]) -> None:
    """Threads change nothing about what comes when."""
    assert list(ahead(items)) == items
    assert list(in_order(lambda item: item + 1, ahead(items))) == [item + 1 for item in items]


def test_an_error_comes_after_what_was_before_it() -> None:
    """What taking an item raises is raised where the item is wanted."""
    seen: list[int] = []
    with pytest.raises(ValueError, match="broken"):
        seen.extend(ahead(_breaking(5)))
    assert seen == [0, 1, 2, 3, 4]


def test_who_stops_early_leaves_no_thread() -> None:
    """Threads end with the loop that they work for, even over items without an end."""
    before = threading.active_count()
    for item in in_order(lambda item: item * 2, ahead(iter(int, 1))):
        assert item == 0
        break
    del item
    assert threading.active_count() == before
