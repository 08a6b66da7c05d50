"""Messages over a pipe."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdc_airlock.pipeline.wire import Inbox, WireError, pack, receive

MESSAGES = st.lists(st.dictionaries(st.text(), st.integers() | st.text(), max_size=4), max_size=5)


@given(MESSAGES, st.integers(min_value=1, max_value=40))
def test_messages_come_out_however_the_bytes_are_cut(messages: list[dict[str, object]], size: int) -> None:
    """The cuts a pipe makes do not matter."""
    data = b"".join(pack(message) for message in messages)
    inbox = Inbox()
    assert [message for start in range(0, len(data), size) for message in inbox.feed(data[start : start + size])] == messages


@given(MESSAGES)
def test_a_stream_gives_its_messages_and_then_none(messages: list[dict[str, object]]) -> None:
    """`receive` gives each message, and None where the other side has closed."""
    stream = io.BytesIO(b"".join(pack(message) for message in messages))
    assert [receive(stream) for _ in messages] == messages
    assert receive(stream) is None


def test_a_message_cut_short_is_none() -> None:
    """A sender that dies in the middle of a message has sent nothing."""
    assert receive(io.BytesIO(pack({"seq": 1})[:-1])) is None


@pytest.mark.parametrize("data", [b"\xff\xff\xff\xff", b"\x00\x00\x00\x03{]}", b"\x00\x00\x00\x02\xff\xfe"])
def test_what_is_no_message_is_refused(data: bytes) -> None:
    """Bytes that are no message are an error, not an empty message."""
    with pytest.raises(WireError):
        list(Inbox().feed(data))
    with pytest.raises(WireError):
        receive(io.BytesIO(data))


def test_nesting_too_deep_is_refused() -> None:
    """A message built to exhaust the stack is an error like any other."""
    body = b"[" * 200_000
    with pytest.raises(WireError):
        list(Inbox().feed(len(body).to_bytes(4, "big") + body))


def test_not_a_number_is_not_sent() -> None:
    """JSON has no NaN, and none is sent."""
    with pytest.raises(ValueError, match="JSON"):
        pack({"value": float("nan")})
