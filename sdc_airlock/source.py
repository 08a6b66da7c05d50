"""Bytes to be read: a staged file or a member of a container, opened afresh as often as needed, never by name."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import BinaryIO

from sdc_airlock.errors import LimitReached

HEAD_BYTES = 64 * 1024


@dataclass(frozen=True)
class Source:
    """Some bytes with an address.

    Attributes:
        part_id: Address for reports ("a.zip/b.csv").
        name: The claimed name: last component, used only as a claim.
        opener: Starts reading from the first byte; may be called again.
        size: Bytes, or None where only reading to the end would tell (compressed streams).
        path: Path of the staged copy where the bytes are a file of their own, else None.
        depth: Containers around it.
    """

    part_id: str
    name: str
    opener: Callable[[], BinaryIO]
    size: int | None = None
    path: str | None = None
    depth: int = 0

    @classmethod
    def of_file(cls, path: str, *, part_id: str, name: str, size: int) -> Source:
        """A staged file."""
        return cls(part_id=part_id, name=name, opener=lambda: open(path, "rb"), size=size, path=path)  # noqa: PTH123

    @classmethod
    def of_bytes(cls, data: bytes, *, part_id: str, name: str, depth: int = 0) -> Source:
        """Bytes already in memory."""
        return cls(part_id=part_id, name=name, opener=lambda: io.BytesIO(data), size=len(data), depth=depth)

    @cached_property
    def head(self) -> bytes:
        """The first 64 KiB (fewer where it is shorter)."""
        with self.opener() as stream:
            chunks, wanted = [], HEAD_BYTES
            while wanted and (chunk := stream.read(wanted)):
                chunks.append(chunk)
                wanted -= len(chunk)
            return b"".join(chunks)

    @cached_property
    def tail(self) -> bytes:
        """The last 64 KiB of a source that can seek and whose size is known, else b""."""
        if self.size is None:
            return b""
        with self.opener() as stream:
            if not stream.seekable():
                return b""
            stream.seek(max(0, self.size - HEAD_BYTES))
            return stream.read(HEAD_BYTES)

    def read(self, limit: int, limit_name: str = "member_bytes") -> bytes:
        """All bytes.

        Raises:
            LimitReached: there are more than `limit` bytes.
        """
        with self.opener() as stream:
            data = stream.read(limit + 1)
            while len(data) <= limit and (more := stream.read(limit + 1 - len(data))):
                data += more
        if len(data) > limit:
            raise LimitReached(limit_name, limit, self.size if self.size is not None else len(data))
        return data
