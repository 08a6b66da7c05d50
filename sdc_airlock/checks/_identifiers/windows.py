"""The stretches of a long text that are worth a closer look: found at the speed of RE2, so that the rest costs next to nothing."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

_PIECE = 512
# texts of up to so many characters are searched as they are: readying RE2 would take longer
SHORT = 8192
# text around a piece that belongs to what stands in it: the sentence before a name, the words after an age
AROUND = 320

Spans = list[tuple[int, int]]


def windows(text: str, triggers: Mapping[str, str]) -> dict[str, Spans]:
    """Stretches in which the trigger of each name matches, widened and joined, as places of characters.

    Args:
        text: Any text.
        triggers: A pattern of RE2 by name, of which no match is longer than half a piece; only ASCII is matched. Begin and end of the
            text count as a line break, those of a piece as nothing, so a pattern asks for `[^0-9]` and not for `^`.
    """
    if not text:
        return {}
    if len(text) <= SHORT:
        closed = f"\n{text}\n"
        return {name: [(0, len(text))] for name, trigger in triggers.items() if compiled(trigger).search(closed)}
    data = f"\n{text}\n".encode("utf-8", "replace")
    pieces = [_pieces(data, 0), *([_pieces(data, _PIECE // 2)] if len(data) > _PIECE else [])]
    every = "|".join(f"(?:{trigger})" for trigger in triggers.values())
    found: dict[str, Spans] = {}
    candidates = []
    for array, starts in pieces:
        at = np.flatnonzero(_matches(array, every))
        if len(at):
            candidates.append((array.take(at), starts[at]))
    if not candidates:
        return found
    places = _Places(text, data)
    for name, trigger in triggers.items():
        begins = [starts[_matches(array, trigger)] for array, starts in candidates]
        joined = np.unique(np.concatenate(begins))
        if len(joined):
            found[name] = places.spans(joined)
    return found


@functools.lru_cache(maxsize=128)
def compiled(pattern: str) -> re.Pattern[str]:
    """A pattern of RE2, of those that Python reads alike."""
    return re.compile(pattern, re.ASCII)


def _pieces(data: bytes, first: int) -> tuple[Any, npt.NDArray[np.int64]]:
    """The text from a place on in pieces, without a copy, and where each begins."""
    import pyarrow as pa

    starts = np.arange(first, max(len(data), first + 1), _PIECE, dtype=np.int64)
    offsets = np.append(starts, max(len(data), first)).astype(np.int64)
    array = pa.Array.from_buffers(pa.large_binary(), len(starts), [None, pa.py_buffer(offsets.tobytes()), pa.py_buffer(data)])
    return array, starts


def _matches(array: Any, pattern: str) -> npt.NDArray[np.bool_]:
    import pyarrow.compute as pc

    return np.asarray(pc.match_substring_regex(array, pattern).to_numpy(zero_copy_only=False), dtype=np.bool_)


class _Places:
    """Turns places of bytes into places of characters."""

    def __init__(self, text: str, data: bytes) -> None:
        self._length = len(text)
        # the line break that was put before the text is no character of it
        self._counted = None if len(data) == len(text) + 2 else np.cumsum((np.frombuffer(data, dtype=np.uint8) & 0xC0) != 0x80)

    def _characters(self, places: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        if self._counted is None:
            return np.clip(places - 1, 0, self._length)
        before = np.where(places <= 0, 0, self._counted[np.clip(places - 1, 0, len(self._counted) - 1)]).astype(np.int64)
        return np.clip(before - 1, 0, self._length)

    def spans(self, starts: npt.NDArray[np.int64]) -> Spans:
        """Pieces that begin there, widened, and joined where they meet."""
        lows = self._characters(np.maximum(starts - AROUND, 0)).tolist()
        highs = self._characters(starts + _PIECE + AROUND).tolist()
        found: Spans = []
        for low, high in zip(lows, highs, strict=True):
            if found and low <= found[-1][1]:
                found[-1] = found[-1][0], max(high, found[-1][1])
            else:
                found.append((low, high))
        return found


__all__ = ["AROUND", "SHORT", "Spans", "compiled", "windows"]
