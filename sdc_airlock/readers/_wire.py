"""Protocol Buffers without a schema: the fields of one message, one after another."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sdc_airlock.errors import LimitReached, Malformed

if TYPE_CHECKING:
    import numpy.typing as npt

    from sdc_airlock.readers import Reading

VARINT, FIXED64, BYTES, FIXED32 = 0, 1, 2, 5
_MOST_BITS = 70
_DEEPEST, _MOST_FIELDS, _SPENT_AT = 20, 5_000_000, 10_000


@dataclass(frozen=True, slots=True)
class Field:
    """A field: its number, its wire type, and its value (a number, or the bytes of what is counted)."""

    number: int
    wire: int
    value: Any


def varint(data: bytes | memoryview, at: int) -> tuple[int, int]:
    """A number of variable length and the place behind it.

    Raises:
        Malformed: it breaks off.
    """
    value = shift = 0
    while at < len(data) and shift < _MOST_BITS:
        byte = data[at]
        value |= (byte & 0x7F) << shift
        at += 1
        if byte < 0x80:
            return value, at
        shift += 7
    raise Malformed("a number that breaks off")


def fields(data: memoryview) -> Iterator[Field]:
    """The fields of a message, in order.

    Raises:
        Malformed: they do not follow the format.
    """
    at = 0
    while at < len(data):
        key, at = varint(data, at)
        number, wire = key >> 3, key & 7
        if wire == VARINT:
            value, at = varint(data, at)
            yield Field(number, wire, value)
        elif wire == BYTES:
            size, at = varint(data, at)
            if size > len(data) - at:
                raise Malformed("a field declares more bytes than there are")
            yield Field(number, wire, data[at : at + size])
            at += size
        elif wire in (FIXED32, FIXED64):
            width = 4 if wire == FIXED32 else 8
            if width > len(data) - at:
                raise Malformed("a field breaks off")
            yield Field(number, wire, data[at : at + width])
            at += width
        else:
            raise Malformed("a field of an unknown kind")


class Walk:
    """Fields of messages inside each other, as deep and as many as are read.

    Args:
        reading: For the time that may be spent.
    """

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._fields = 0

    def reach(self, level: int) -> None:
        """Go so many messages deep.

        Raises:
            LimitReached: messages are not read so deep.
        """
        if level > _DEEPEST:
            raise LimitReached("depth", _DEEPEST, level)

    def __call__(self, data: memoryview, level: int = 0) -> Iterator[Field]:
        """The fields of a message.

        Raises:
            LimitReached: it lies too deep, or there are too many fields in all.
            Malformed: they do not follow the format.
        """
        self.reach(level)
        for field in fields(data):
            self._fields += 1
            if self._fields % _SPENT_AT == 0:
                self._reading.spend()
            if self._fields > _MOST_FIELDS:
                raise LimitReached("members", _MOST_FIELDS, self._fields)
            yield field


def text(value: Any) -> str:
    """The text of a field; "" where it is no text."""
    return bytes(value).decode("utf-8", "replace") if isinstance(value, memoryview) else ""


def signed(value: int) -> int:
    """A varint as the signed number of 64 bits that it stands for."""
    return value - (1 << 64) if value >= 1 << 63 else value


def numbers(found: list[Field], code: str) -> npt.NDArray[Any]:
    """The values of a repeated number, packed or not.

    Args:
        found: All fields of that number.
        code: The dtype of fixed numbers; "varint" for others.
    """
    import numpy as np

    if code != "varint":
        raw = b"".join(bytes(field.value) for field in found if isinstance(field.value, memoryview))
        return np.frombuffer(raw, code, len(raw) // np.dtype(code).itemsize)
    values: list[int] = []
    for field in found:
        if field.wire == VARINT:
            values.append(signed(field.value))
            continue
        at = 0
        while at < len(field.value):
            value, at = varint(field.value, at)
            values.append(signed(value))
    return np.array([value if -(2**63) <= value < 2**63 else 0 for value in values], np.int64)


def is_message(data: memoryview) -> bool:
    """True where bytes can be read as a message with plausible field numbers."""
    try:
        found = [field.number for field in fields(data)]
    except Malformed:
        return False
    return bool(found) and all(0 < number < 1_000 for number in found)


def double(value: Any) -> float:
    """The number in a field of four or eight bytes."""
    return float(struct.unpack("<f" if len(value) == 4 else "<d", value)[0])
