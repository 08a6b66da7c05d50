"""Frames of Zstandard and LZ4 streams: where each lies, which a decoder would skip, and what comes after the last.

A decoder passes over skippable frames without a word, so that they can carry anything.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import BinaryIO, cast

from sdc_airlock.readers._windows import window
from sdc_airlock.source import Source

_ZSTD, _LZ4 = b"\x28\xb5\x2f\xfd", b"\x04\x22\x4d\x18"
_SKIPPABLE = range(0x184D2A50, 0x184D2A60)


class _Broken(Exception):
    """A frame ends early."""


@dataclass(slots=True)
class Frames:
    """Start and end of frames: those with data, those that are skipped; where the last one ends; whether it is cut off."""

    data: list[tuple[int, int]] = field(default_factory=list)
    skipped: list[tuple[int, int]] = field(default_factory=list)
    end: int = 0
    cut: bool = False


def find_frames(stream: BinaryIO, size: int, tick: Callable[[], None]) -> Frames:
    """Walk over the frames of a Zstandard or LZ4 stream without decoding them.

    Args:
        stream: The stream, which can be sought.
        size: Its bytes.
        tick: Called for every frame; raises where time is over.
    """
    found = Frames()
    while found.end < size:
        tick()
        stream.seek(found.end)
        head = stream.read(18)
        try:
            if len(head) >= 8 and struct.unpack_from("<I", head)[0] in _SKIPPABLE:
                end = found.end + 8 + struct.unpack_from("<I", head, 4)[0]
                found.skipped.append((found.end, min(end, size)))
            elif head.startswith(_ZSTD):
                end = _zstd_end(stream, found.end, head)
                found.data.append((found.end, min(end, size)))
            elif head.startswith(_LZ4):
                end = _lz4_end(stream, found.end, head)
                found.data.append((found.end, min(end, size)))
            else:
                return found
        except _Broken:
            end = size + 1
            found.data.append((found.end, size))
        found.cut = end > size
        found.end = min(end, size)
    return found


def _field(stream: BinaryIO, place: int, size: int) -> int:
    stream.seek(place)
    data = stream.read(size)
    if len(data) < size:
        raise _Broken
    return int.from_bytes(data, "little")


def _zstd_end(stream: BinaryIO, start: int, head: bytes) -> int:
    if len(head) < 6:
        raise _Broken
    descriptor = head[4]
    single = descriptor >> 5 & 1
    content = (1 if single else 0, 2, 4, 8)[descriptor >> 6]
    place = start + 5 + (0 if single else 1) + (0, 1, 2, 4)[descriptor & 3] + content
    while True:
        block = _field(stream, place, 3)
        kind, length = block >> 1 & 3, block >> 3
        place += 3 + (1 if kind == 1 else length)
        if block & 1:
            return place + (4 if descriptor & 4 else 0)


def _lz4_end(stream: BinaryIO, start: int, head: bytes) -> int:
    if len(head) < 7:
        raise _Broken
    flags = head[4]
    place = start + 7 + (8 if flags & 8 else 0) + (4 if flags & 1 else 0)
    while length := _field(stream, place, 4):
        place += 4 + (length & 0x7FFFFFFF) + (4 if flags & 16 else 0)
    return place + 4 + (4 if flags & 4 else 0)


class _Joined(io.RawIOBase):
    """Some windows of a source, one after the other."""

    def __init__(self, source: Source, spans: list[tuple[int, int]]) -> None:
        super().__init__()
        self._source, self._spans = source, list(reversed(spans))
        self._current: BinaryIO | None = None

    def readable(self) -> bool:
        """True."""
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        """Fill the buffer; 0 at the end."""
        while self._current is not None or self._spans:
            if self._current is None:
                start, end = self._spans.pop()
                self._current = window(self._source, start, end - start)
            data = self._current.read(len(buffer))
            if data:
                buffer[: len(data)] = data
                return len(data)
            self._current.close()
            self._current = None
        return 0

    def close(self) -> None:
        """Close the window that is open."""
        if self._current is not None:
            self._current.close()
        super().close()


def joined(source: Source, spans: list[tuple[int, int]]) -> BinaryIO:
    """The frames with data as one stream."""
    return cast("BinaryIO", io.BufferedReader(_Joined(source, _merged(spans))))


def _merged(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in spans:
        if merged and merged[-1][1] == start:
            merged[-1] = (merged[-1][0], end)
        else:
            merged.append((start, end))
    return merged
