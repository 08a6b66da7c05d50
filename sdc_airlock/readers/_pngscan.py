"""What the compressed lines of a PNG hold behind the last line of the picture, which no viewer shows."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
_CHUNK = 1 << 20
# first column, first row, step between columns, step between rows
_PASSES = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))


@dataclass
class Scans:
    """The compressed lines of one PNG, frame by frame."""

    header: bytes = b""
    frames: list[tuple[int, int, list[bytes]]] = field(default_factory=list)

    def add(self, kind: bytes, body: bytes) -> None:
        """Take in a chunk in the order of the file; those that hold no lines are passed over."""
        if kind == b"IHDR" and len(body) == 13:
            self.header = body
        elif kind == b"IDAT" and self.header:
            if not self.frames:
                self.frames.append((*struct.unpack_from(">II", self.header), []))
            self.frames[0][2].append(body)
        elif kind == b"fcTL" and len(body) >= 12 and self.frames:
            self.frames.append((*struct.unpack_from(">II", body, 4), []))
        elif kind == b"fdAT" and self.frames:
            self.frames[-1][2].append(body[4:])

    def beyond(self, limit: int) -> Iterator[bytes | None]:
        """Bytes behind the last line of each frame that has any; None where they are more than the limit."""
        for width, height, packed in self.frames:
            found = _behind(packed, self._line_bytes(width, height), limit)
            if found is None or found:
                yield found

    def _line_bytes(self, width: int, height: int) -> int:
        """Bytes of all lines, each with the byte that names its filter."""
        depth, colour, _, _, interlaced = self.header[8:13]
        bits = depth * _CHANNELS.get(colour, 4)
        if not interlaced:
            return height * (1 + -(-width * bits // 8))
        sizes = (((width - left + across - 1) // across, (height - top + down - 1) // down) for left, top, across, down in _PASSES)
        return sum(rows * (1 + -(-columns * bits // 8)) for columns, rows in sizes if columns > 0 and rows > 0)


def _behind(packed: Iterable[bytes], expected: int, limit: int) -> bytes | None:
    """What comes after so many expanded bytes, and after the end of the stream; b"" where the stream is broken."""
    unpacker, seen, kept = zlib.decompressobj(), 0, bytearray()
    for body in packed:
        if unpacker.eof:
            kept += body
            continue
        data = body
        while data:
            try:
                out = unpacker.decompress(data, _CHUNK)
            except zlib.error:
                return bytes(kept)
            kept += out[max(0, expected - seen) :]
            seen += len(out)
            data = unpacker.unconsumed_tail
            if len(kept) > limit:
                return None
        kept += unpacker.unused_data
    return bytes(kept)
