"""Compressed streams: the fast inflater and the one of the standard library say the same of the same bytes."""

from __future__ import annotations

import gzip
import zlib
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from sdc_airlock.readers import _streams
from sdc_airlock.readers._streams import Gunzip, Inflater

if TYPE_CHECKING:
    import pytest


def _written_out(decoder: Inflater, data: bytes) -> tuple[bytes, bool, bytes] | None:
    """What comes out, whether the end was met and what is behind it; None for damage."""
    out = b""
    try:
        for start in range(0, len(data), 97):
            out += decoder.decompress(data[start : start + 97], 1 << 12)
            while not decoder.eof and not decoder.needs_input:
                out += decoder.decompress(b"", 1 << 12)
            if decoder.eof:
                return out, True, decoder.unused_data + data[start + 97 :]
    except (zlib.error, ValueError):
        return None
    return out, False, b""


@given(
    text=st.binary(max_size=400) | st.text("ACGT01\t", max_size=3000).map(str.encode),
    level=st.integers(0, 9),
    flips=st.lists(st.tuples(st.integers(0, 2000), st.integers(0, 7)), max_size=2),
    more=st.binary(max_size=5),
)
def test_both_inflaters_agree(text: bytes, level: int, flips: list[tuple[int, int]], more: bytes) -> None:
    """Whatever is damaged: what one reads to its end the other reads alike, and what one refuses the other does not read to its end."""
    data = bytearray(gzip.compress(text, level, mtime=0) + more)
    for place, bit in flips:
        data[place % len(data)] ^= 1 << bit
    found, plain = _written_out(Gunzip(), bytes(data)), _written_out(Inflater(zlib.decompressobj(31)), bytes(data))
    if (found and found[1]) or (plain and plain[1]):
        assert found == plain


def test_without_the_fast_inflater_streams_are_read_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where it cannot be imported, zlib inflates."""
    monkeypatch.setattr(_streams, "_fast", lambda: zlib)
    assert _written_out(Gunzip(), gzip.compress(b"some text")) == (b"some text", True, b"")
