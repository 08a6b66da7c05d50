"""Universal Binary JSON to plain values, as gradient boosting libraries write it. Containers, texts and typed lists only within their bytes."""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import Any

from sdc_airlock.errors import LimitReached, Malformed

_NUMBERS = {b"i": ">b", b"U": ">B", b"I": ">h", b"l": ">i", b"L": ">q", b"d": ">f", b"D": ">d"}
_WHOLE = frozenset(b"iUIlL")
_DEEPEST = 60
_MOST = 5_000_000
_BETWEEN = 100_000


class UbjsonReader:
    """Reads one value.

    Args:
        data: The bytes.
        spend: Called now and then, so that time is watched.
    """

    def __init__(self, data: bytes, spend: Callable[[], None]) -> None:
        self.data = data
        self.at = 0
        self._count = 0
        self._spend = spend

    def read(self) -> Any:
        """The value; `at` stands behind it afterwards.

        Raises:
            Malformed: it does not follow the format. LimitReached: it is nested too deeply or holds too much.
        """
        try:
            return self._value(self._take(1), 0)
        except (struct.error, UnicodeDecodeError):
            raise Malformed("a value that breaks off") from None

    def _take(self, size: int) -> bytes:
        if size < 0 or size > len(self.data) - self.at:
            raise Malformed("a value declares more bytes than there are")
        taken = self.data[self.at : self.at + size]
        self.at += size
        return taken

    def _number(self, mark: bytes) -> Any:
        code = _NUMBERS[mark]
        return struct.unpack(code, self._take(struct.calcsize(code)))[0]

    def _length(self) -> int:
        mark = self._take(1)
        if mark[0] not in _WHOLE:
            raise Malformed("a length that is no whole number")
        length: int = self._number(mark)
        if not 0 <= length <= len(self.data):
            raise Malformed("a length beyond the file")
        return length

    def _text(self) -> str:
        return self._take(self._length()).decode("utf-8", "replace")

    def _value(self, mark: bytes, level: int) -> Any:
        self._count += 1
        if self._count % _BETWEEN == 0:
            self._spend()
        if self._count > _MOST:
            raise LimitReached("members", _MOST, self._count)
        if level > _DEEPEST:
            raise LimitReached("depth", _DEEPEST, level)
        if mark in _NUMBERS:
            return self._number(mark)
        if mark in b"TF":
            return mark == b"T"
        if mark in (b"Z", b"N"):
            return None
        if mark in (b"S", b"H"):
            return self._text()
        if mark == b"C":
            return self._take(1).decode("latin-1")
        if mark == b"[":
            return self._list(level)
        if mark == b"{":
            return self._object(level)
        raise Malformed("a value of an unknown kind")

    def _header(self) -> tuple[bytes, int | None]:
        """Type and length of a container, where they are given."""
        kind, length = b"", None
        if self.data[self.at : self.at + 1] == b"$":
            self.at += 1
            kind = self._take(1)
        if self.data[self.at : self.at + 1] == b"#":
            self.at += 1
            length = self._length()
        if kind and length is None:
            raise Malformed("a typed list without a length")
        return kind, length

    def _list(self, level: int) -> Any:
        import numpy as np

        kind, length = self._header()
        if kind in _NUMBERS and length is not None:
            code = _NUMBERS[kind]
            raw = self._take(length * struct.calcsize(code))
            listed: list[Any] = np.frombuffer(raw, code).tolist()
            return listed
        found = []
        if length is not None:
            return [self._value(kind or self._take(1), level + 1) for _ in range(length)]
        while (mark := self._take(1)) != b"]":
            found.append(self._value(mark, level + 1))
        return found

    def _object(self, level: int) -> dict[str, Any]:
        kind, length = self._header()
        found: dict[str, Any] = {}
        while length is None or len(found) < length:
            if length is None and self.data[self.at : self.at + 1] == b"}":
                self.at += 1
                break
            name = self._text()
            while name in found:
                name += " "
            found[name] = self._value(kind or self._take(1), level + 1)
        return found
