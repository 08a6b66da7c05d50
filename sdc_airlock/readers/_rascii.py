"""R's own format written in letters, and which of its forms some bytes are in."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from sdc_airlock.errors import Malformed
from sdc_airlock.readers._rwalk import MISSING, Walker

if TYPE_CHECKING:
    import numpy.typing as npt

_WHOLE_NUMBER = re.compile(rb"-?\d{1,20}")
_ESCAPED = re.compile(rb"\\([0-7]{1,3}|.)", re.DOTALL)
_ESCAPES = {b"n": b"\n", b"t": b"\t", b"v": b"\v", b"b": b"\b", b"r": b"\r", b"f": b"\f", b"a": b"\a"}


class AsciiWalker(Walker):
    """The same object written as text: one number or string a line."""

    def _word(self) -> bytes:
        while self.data[self.at] in b" \t\r\n":
            self.at += 1
        end = self.data.find(b"\n", self.at)
        end = len(self.data) if end < 0 else end
        word = self.data[self.at : end]
        self.at = min(end + 1, len(self.data))
        return word

    def _int(self) -> int:
        word = self._word().strip()
        if word == b"NA":
            return MISSING
        if not _WHOLE_NUMBER.fullmatch(word):
            raise Malformed("R data with a number that is none")
        return int(word)

    def _bytes(self, length: int) -> bytes:
        try:
            return bytes(int(self._word(), 16) for _ in range(length))
        except ValueError:
            raise Malformed("R data with a byte that is none") from None

    def _letters(self, length: int) -> bytes:
        if not length:
            return b""
        found = _ESCAPED.sub(_unescaped, self._word())
        if len(found) != length:
            raise Malformed("R data with a text of another length than it says")
        return found

    def _array(self, dtype: str, length: int) -> npt.NDArray[Any]:
        import numpy as np

        words = [self._word().strip() for _ in range(2 * length if dtype == "c16" else length)]
        try:
            if dtype == "i4":
                return np.array([MISSING if word == b"NA" else int(word) for word in words], np.int64).astype(np.int32)
            numbers = np.array([np.nan if word == b"NA" else float(word) for word in words], np.float64)
        except ValueError:
            raise Malformed("R data with a number that is none") from None
        return numbers.view(np.complex128) if dtype == "c16" else numbers


def walker_of(data: bytes, at: int = 0) -> Walker:
    """A walker for the way some bytes are written."""
    return AsciiWalker(data, at) if data[at : at + 2] == b"A\n" else Walker(data, at)


def _unescaped(match: re.Match[bytes]) -> bytes:
    found = match[1]
    return bytes([int(found, 8) & 0xFF]) if found.isdigit() else _ESCAPES.get(found, found)
