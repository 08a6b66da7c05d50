"""Some of the bytes of a source, as a stream of their own."""

from __future__ import annotations

import io
from typing import BinaryIO, cast

from sdc_airlock.source import Source

_CHUNK = 64 * 1024
_MOST_AT_ONCE = 1 << 20


class Slice(io.RawIOBase):
    """Some bytes of a stream that can be sought, as a stream of their own."""

    def __init__(self, raw: BinaryIO, start: int, size: int) -> None:
        super().__init__()
        self._raw, self._start, self._size = raw, start, size
        self._place = 0
        raw.seek(start)

    def readable(self) -> bool:
        """True."""
        return True

    def seekable(self) -> bool:
        """True."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a place, counted from the first byte of the slice."""
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._place, io.SEEK_END: self._size}[whence]
        self._place = max(0, base + offset)
        return self._place

    def tell(self) -> int:
        """The place, counted from the first byte of the slice."""
        return self._place

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        """Fill the buffer; 0 at the end."""
        size = min(len(buffer), max(0, self._size - self._place))
        self._raw.seek(self._start + self._place)
        data = self._raw.read(size)
        buffer[: len(data)] = data
        self._place += len(data)
        return len(data)

    def close(self) -> None:
        """Close the stream below too."""
        self._raw.close()
        super().close()


class Front(io.RawIOBase):
    """The next bytes of a stream that cannot be sought, as a stream of their own."""

    def __init__(self, raw: BinaryIO, size: int) -> None:
        super().__init__()
        self._raw, self._left = raw, size

    def readable(self) -> bool:
        """True."""
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        """Fill the buffer; 0 at the end."""
        data = self._raw.read(min(len(buffer), self._left))
        buffer[: len(data)] = data
        self._left -= len(data)
        return len(data)

    def close(self) -> None:
        """Close the stream below too."""
        self._raw.close()
        super().close()


def window(source: Source, start: int, size: int) -> BinaryIO:
    """Bytes `start` to `start + size` of a source, by seeking where it can, else by reading up to them."""
    raw = source.opener()
    if raw.seekable():
        return cast("BinaryIO", io.BufferedReader(Slice(raw, start, size), _CHUNK))
    left = start
    while left and (skipped := raw.read(min(left, _MOST_AT_ONCE))):
        left -= len(skipped)
    return cast("BinaryIO", io.BufferedReader(Front(raw, size), _CHUNK))
