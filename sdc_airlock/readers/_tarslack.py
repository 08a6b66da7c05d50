"""Bytes of a tar that no program shows: the rest of the last block of a member, and of fields of a header after their end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import BinaryIO

_BLOCK = 512
# text fields of a header: a name, the target of a link, owners, and the start of a long name
_TEXTS = ((0, 100), (157, 257), (265, 297), (297, 329), (345, 500))
_MOST = 1 << 20
_DATALESS = b"123456"
_CHUNK = 1 << 20


@dataclass(slots=True)
class Slack:
    """Slack of all members together, and how many members have some."""

    data: bytearray = field(default_factory=bytearray)
    members: int = 0

    def add(self, data: bytes) -> None:
        """Take down some bytes where they are not all zero."""
        if data.strip(b"\0"):
            self.members += 1
            if len(self.data) < _MOST:
                self.data += data.strip(b"\0")


def find_slack(stream: BinaryIO, tick: Callable[[], None]) -> Slack:
    """Walk over the headers of a tar and gather what is in its slack.

    Args:
        stream: The tar, from its first byte.
        tick: Called for every member; raises where time is over.
    """
    slack = Slack()
    while len(head := stream.read(_BLOCK)) == _BLOCK and head.strip(b"\0"):
        tick()
        size = _number(head[124:136])
        if size is None:
            return slack
        modern = head[257:262] == b"ustar"
        for start, end in _TEXTS[: None if modern else 2]:
            _, mark, rest = head[start:end].partition(b"\0")
            # GNU headers keep times and a map of holes where others continue a long name
            if mark and not (start == 345 and head[257:265] == b"ustar  \0"):
                slack.add(rest)
        if modern:
            slack.add(head[500:512])
        left = 0 if head[156:157] in _DATALESS and head[156:157] else size
        padding = -left % _BLOCK
        while left and (chunk := stream.read(min(left, _CHUNK))):
            left -= len(chunk)
            tick()
        slack.add(stream.read(padding))
    return slack


def _number(raw: bytes) -> int | None:
    """A size, octal or binary; None where it is neither."""
    if raw[0] in (0x80, 0xFF):
        return int.from_bytes(raw[1:], "big")
    text = raw.strip(b" \0")
    try:
        return int(text, 8) if text else 0
    except ValueError:
        return None
