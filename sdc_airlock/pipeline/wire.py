"""Messages between parent and worker: JSON, each with its length in front."""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator
from typing import Any, BinaryIO

from sdc_airlock.errors import AirlockError

MAX_MESSAGE_BYTES = 256 << 20
_LENGTH = struct.Struct(">I")


class WireError(AirlockError):
    """What came over the pipe is no message."""


def pack(message: object) -> bytes:
    """A message with its length.

    Raises:
        ValueError: it holds what JSON cannot (NaN, infinity), or is too long.
    """
    body = json.dumps(message, allow_nan=False, separators=(",", ":")).encode("ascii")
    if len(body) > MAX_MESSAGE_BYTES:
        raise ValueError("the message is too long")
    return _LENGTH.pack(len(body)) + body


def unpack(body: bytes) -> Any:
    """The message in some bytes.

    Raises:
        WireError: it is no JSON.
    """
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        raise WireError("a message is no JSON") from error


def receive(stream: BinaryIO) -> Any:
    """Wait for the next message; None where the other side has closed the pipe.

    Raises:
        WireError: what came is no message.
    """
    head = stream.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    (length,) = _LENGTH.unpack(head)
    if length > MAX_MESSAGE_BYTES:
        raise WireError("a message is too long")
    body = stream.read(length)
    return unpack(body) if len(body) == length else None


class Inbox:
    """Bytes as they come, out as whole messages."""

    def __init__(self) -> None:
        self._waiting = bytearray()

    def feed(self, data: bytes) -> Iterator[Any]:
        """Messages that these bytes complete.

        Raises:
            WireError: what came is no message.
        """
        self._waiting += data
        while len(self._waiting) >= _LENGTH.size:
            (length,) = _LENGTH.unpack_from(self._waiting)
            if length > MAX_MESSAGE_BYTES:
                raise WireError("a message is too long")
            end = _LENGTH.size + length
            if len(self._waiting) < end:
                return
            body = bytes(self._waiting[_LENGTH.size : end])
            del self._waiting[:end]
            yield unpack(body)
