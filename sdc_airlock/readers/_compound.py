"""OLE compound files: the folder of streams and their bytes, each read once and never past the file's end."""

from __future__ import annotations

import struct
from dataclasses import dataclass

from sdc_airlock.errors import LimitReached, Malformed

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_END_OF_CHAIN = 0xFFFFFFFE
_FREE = 0xFFFFFFFF
_MAX_ENTRIES = 20_000
_MINI = 4096


@dataclass(frozen=True, slots=True)
class Stream:
    """One stream: its path of storages and name, first sector and size."""

    path: tuple[str, ...]
    start: int
    size: int

    @property
    def name(self) -> str:
        """The last part of the path."""
        return self.path[-1]


class Compound:
    """An open compound file.

    Raises:
        Malformed: no compound file, or its tables lead nowhere.
        LimitReached: too many streams.
    """

    def __init__(self, data: bytes) -> None:
        if not data.startswith(MAGIC):
            raise Malformed("no compound file")
        self.data = data
        try:
            self._read_tables()
            self.streams = self._read_folder()
        except (struct.error, IndexError, OverflowError):
            raise Malformed("the tables of the compound file are broken") from None

    def _read_tables(self) -> None:
        header = struct.unpack_from("<HHHHH6xIIIIIIIIII", self.data, 24)
        self.size = 1 << header[3] if header[3] in (9, 12) else 512
        self.folder_start, self.mini_start, extra = header[7], header[10], header[12]
        sectors = list(struct.unpack_from("<109I", self.data, 76))
        seen: set[int] = set()
        while extra < _END_OF_CHAIN and extra not in seen:
            seen.add(extra)
            block = struct.unpack(f"<{self.size // 4}I", self._sector(extra))
            sectors += block[:-1]
            extra = block[-1]
        self.next: list[int] = []
        for sector in sectors:
            if sector < _END_OF_CHAIN - 4:
                self.next += struct.unpack(f"<{self.size // 4}I", self._sector(sector))
        mini = self._chain(self.mini_start) if self.mini_start < _END_OF_CHAIN else b""
        self.mini_next = list(struct.unpack(f"<{len(mini) // 4}I", mini[: len(mini) // 4 * 4]))

    def _sector(self, number: int) -> bytes:
        start = (number + 1) * self.size
        block = self.data[start : start + self.size]
        return block.ljust(self.size, b"\x00") if block else b"\xff" * self.size

    def _chain(self, start: int, limit: int | None = None) -> bytes:
        blocks: list[bytes] = []
        seen: set[int] = set()
        while start < len(self.next) and start not in seen:
            seen.add(start)
            blocks.append(self._sector(start))
            if limit is not None and len(blocks) * self.size >= limit:
                break
            start = self.next[start]
        return b"".join(blocks)

    def _read_folder(self) -> list[Stream]:
        folder = self._chain(self.folder_start)
        entries = []
        for offset in range(0, len(folder) - 127, 128):
            length, kind = struct.unpack_from("<HB", folder, offset + 64)
            left, right, child = struct.unpack_from("<III", folder, offset + 68)
            start, size = struct.unpack_from("<IQ", folder, offset + 116)
            name = folder[offset : offset + max(0, min(length, 64) - 2)].decode("utf-16-le", "replace")
            entries.append((name, kind, left, right, child, start, size & 0xFFFFFFFF))
        if len(entries) > _MAX_ENTRIES:
            raise LimitReached("members", _MAX_ENTRIES, len(entries))
        root = next((entry for entry in entries if entry[1] == 5), None)
        if root is None:
            raise Malformed("the compound file has no root")
        self.mini = self._chain(root[5], root[6])
        found: list[Stream] = []
        seen: set[int] = set()
        waiting: list[tuple[int, tuple[str, ...]]] = [(root[4], ())]
        while waiting:
            number, path = waiting.pop()
            if number >= len(entries) or number in seen:
                continue
            seen.add(number)
            name, kind, left, right, child, start, size = entries[number]
            waiting += [(left, path), (right, path)]
            if kind == 1:
                waiting.append((child, (*path, name)))
            elif kind == 2:
                found.append(Stream((*path, name), start, size))
        return found

    def free(self) -> bytes:
        """Bytes of sectors that the tables call free, and bytes behind the last sector."""
        blocks = [self._sector(number) for number, following in enumerate(self.next) if following == _FREE and self._inside(number)]
        return b"".join(blocks) + self.data[(len(self.next) + 1) * self.size :]

    def _inside(self, number: int) -> bool:
        return (number + 1) * self.size < len(self.data)

    def read(self, stream: Stream) -> bytes:
        """Bytes of a stream, as many as the file holds."""
        if stream.size >= _MINI:
            return self._chain(stream.start, stream.size)[: stream.size]
        blocks: list[bytes] = []
        sector, seen = stream.start, set[int]()
        while sector < len(self.mini_next) and sector not in seen and len(blocks) * 64 < stream.size:
            seen.add(sector)
            blocks.append(self.mini[sector * 64 : sector * 64 + 64])
            sector = self.mini_next[sector]
        return b"".join(blocks)[: stream.size]
