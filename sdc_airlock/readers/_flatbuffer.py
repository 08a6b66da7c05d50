"""FlatBuffers without a schema: tables, their fields by number, vectors and texts. Every offset is held against the size."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Any

from sdc_airlock.errors import LimitReached, Malformed

_MOST_ELEMENTS = 1_000_000


@dataclass(frozen=True, slots=True)
class Table:
    """A table at some place of the data."""

    data: bytes
    at: int

    def _field(self, number: int) -> int:
        """Place of a field, 0 where it is not there."""
        back = struct.unpack_from("<i", self.data, self.at)[0]
        layout = self.at - back
        if not 0 <= layout <= len(self.data) - 4:
            raise Malformed("a table whose layout lies outside the file")
        size = struct.unpack_from("<H", self.data, layout)[0]
        if 4 + 2 * number + 2 > size:
            return 0
        offset: int = struct.unpack_from("<H", self.data, layout + 4 + 2 * number)[0]
        return self.at + offset if offset else 0

    def number(self, number: int, code: str) -> Any:
        """A plain number, 0 where it is not there."""
        place = self._field(number)
        return struct.unpack_from(code, self.data, place)[0] if place else 0

    def _vector(self, number: int, width: int) -> tuple[int, int]:
        """Place and length of a vector."""
        place = self._field(number)
        if not place:
            return 0, 0
        start = place + struct.unpack_from("<I", self.data, place)[0]
        length = struct.unpack_from("<I", self.data, start)[0]
        if length * width > len(self.data) - start - 4:
            raise Malformed("a vector declares more bytes than there are")
        return start + 4, length

    def raw(self, number: int) -> bytes:
        """A vector of bytes."""
        start, length = self._vector(number, 1)
        return self.data[start : start + length]

    def text(self, number: int) -> str:
        """A text, "" where there is none."""
        return self.raw(number).decode("utf-8", "replace")

    def numbers(self, number: int, code: str = "i") -> list[Any]:
        """A vector of numbers."""
        start, length = self._vector(number, struct.calcsize(f"<{code}"))
        if length > _MOST_ELEMENTS:
            raise LimitReached("members", _MOST_ELEMENTS, length)
        return list(struct.unpack_from(f"<{length}{code}", self.data, start)) if length else []

    def table(self, number: int) -> Table | None:
        """A table inside this one, None where there is none.

        Raises:
            Malformed: it lies outside.
        """
        place = self._field(number)
        if not place:
            return None
        at = place + struct.unpack_from("<I", self.data, place)[0]
        if at > len(self.data) - 4:
            raise Malformed("a table outside the file")
        return Table(self.data, at)

    def tables(self, number: int) -> list[Table]:
        """A vector of tables.

        Raises:
            Malformed: one lies outside. LimitReached: there are too many.
        """
        start, length = self._vector(number, 4)
        if length > _MOST_ELEMENTS:
            raise LimitReached("members", _MOST_ELEMENTS, length)
        found = []
        for place in range(start, start + 4 * length, 4):
            at = place + struct.unpack_from("<I", self.data, place)[0]
            if at > len(self.data) - 4:
                raise Malformed("a table outside the file")
            found.append(Table(self.data, at))
        return found


def root_table(data: bytes) -> Table:
    """The outermost table.

    Raises:
        Malformed: there is none.
    """
    if len(data) < 8:
        raise Malformed("no table")
    at = struct.unpack_from("<I", data)[0]
    if at > len(data) - 4:
        raise Malformed("a table outside the file")
    return Table(data, at)
