"""A byte stream that is made out of another one, a piece at a time."""

from __future__ import annotations

import io
from abc import abstractmethod
from typing import BinaryIO


class MadeStream(io.RawIOBase):
    """What is read from here is made by `_more` from the stream beneath, which is closed with it."""

    def __init__(self, beneath: BinaryIO) -> None:
        super().__init__()
        self._beneath = beneath
        self._ready = memoryview(b"")

    @abstractmethod
    def _more(self) -> bytes:
        """The next bytes, b"" at the end."""

    def readable(self) -> bool:
        """True: it can be read, and nothing else."""
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        """Fill a buffer; 0 at the end."""
        if not self._ready:
            self._ready = memoryview(self._more())
        size = min(len(buffer), len(self._ready))
        buffer[:size] = self._ready[:size]
        self._ready = self._ready[size:]
        return size

    def close(self) -> None:
        """Close the stream beneath too."""
        self._beneath.close()
        super().close()
