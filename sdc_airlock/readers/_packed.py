"""Numbers and blocks of a binary stream, one after the other, within the caps; and what a compressed stream leaves over."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO, Self, cast

from sdc_airlock.errors import LimitReached, Malformed
from sdc_airlock.model.content import Oddity, OddityKind, Unread, UnreadReason
from sdc_airlock.readers import Item, Reading
from sdc_airlock.readers._streams import GZIP, Meter
from sdc_airlock.readers._streams import opened as decoded
from sdc_airlock.source import Source

GZIP_MAGIC = b"\x1f\x8b"
# the empty block that ends every BGZF file (SAM format specification, section 4.1.2)
BGZF_END = bytes.fromhex("1f8b08040000000000ff0600424302001b0003000000000000000000")
_SKIP_BYTES = 1 << 20


class _Watched(io.RawIOBase):
    """A stream that remembers how many bytes were read from it, and the last of them."""

    def __init__(self, beneath: BinaryIO) -> None:
        super().__init__()
        self._beneath = beneath
        self.last = b""
        self.taken = 0

    def readable(self) -> bool:
        """True."""
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        """Fill the buffer; 0 at the end."""
        data = self._beneath.read(len(buffer))
        buffer[: len(data)] = data
        self.last = (self.last + data)[-len(BGZF_END) :]
        self.taken += len(data)
        return len(data)

    def close(self) -> None:
        """Close the stream beneath too."""
        self._beneath.close()
        super().close()


@dataclass
class Packed:
    """A stream of packed numbers, little-endian unless said otherwise.

    Attributes:
        stream: The bytes, written out where they were compressed.
        reading: Whose caps hold; a block that is held in memory is at most `text_bytes` long.
        meter: Of the compressed stream, None where it is none.
        watched: The compressed bytes, None likewise.
        place: Bytes taken so far.
        order: "<" or ">".
        blocked: True where the compressed stream is BGZF, which has an end mark.
    """

    stream: BinaryIO
    reading: Reading
    meter: Meter | None = None
    watched: _Watched | None = None
    place: int = 0
    order: str = "<"
    blocked: bool = False

    def take(self, size: int) -> bytes:
        """So many bytes.

        Raises:
            LimitReached: more than `text_bytes` are asked for.
            Malformed: the stream ends before.
        """
        if size > self.reading.limits.text_bytes:
            raise LimitReached("text_bytes", self.reading.limits.text_bytes, size)
        data = self.stream.read(size)
        while len(data) < size and (more := self.stream.read(size - len(data))):
            data += more
        self.place += len(data)
        if len(data) < size:
            raise Malformed("it ends before its end")
        return data

    def some(self, size: int) -> bytes:
        """So many bytes, or b"" at the end.

        Raises:
            Malformed: the stream ends within them.
        """
        first = self.stream.read(1)
        self.place += len(first)
        return first + self.take(size - 1) if first else b""

    def skip(self, size: int) -> None:
        """Go past some bytes, which have to be there.

        Raises:
            Malformed: the stream ends before.
        """
        while size:
            piece = self.take(min(size, _SKIP_BYTES))
            self.reading.spend()
            size -= len(piece)

    def unpack(self, form: str) -> tuple[Any, ...]:
        """Numbers of a `struct` form."""
        form = self.order + form
        return struct.unpack(form, self.take(struct.calcsize(form)))

    def number(self, form: str = "I") -> int:
        """One whole number of a `struct` form."""
        return cast("int", self.unpack(form)[0])

    def line(self, most: int = 65536) -> bytes:
        """Bytes up to a NUL, which is taken and not given.

        Raises:
            Malformed: there is no NUL among the next `most` bytes.
        """
        found = bytearray()
        while (byte := self.take(1)) != b"\0":
            found += byte
            if len(found) > most:
                raise Malformed("a name does not end")
        return bytes(found)

    def ended(self) -> bool:
        """True where no byte is left; takes one where there is."""
        more = self.stream.read(1)
        self.place += len(more)
        return not more

    def complaint(self) -> str:
        """What is wrong with the compressed stream once it was read to its end, "" where nothing is."""
        meter, watched = self.meter, self.watched
        if meter is None or watched is None:
            return ""
        if meter.damage or meter.trailing:
            return meter.damage or "bytes stand after the end of the compressed stream"
        if meter.odd_headers:
            return "headers inside the compressed stream hold text"
        if watched.last != BGZF_END and self.blocked:
            return "the compressed stream ends without its end mark: it is cut off"
        return ""

    def close(self) -> None:
        """Close the stream."""
        self.stream.close()

    def __enter__(self) -> Self:
        """Itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the stream."""
        self.close()


def packed(source: Source, reading: Reading, order: str = "<") -> Packed:
    """The bytes of a source, written out where it is compressed by its own format (BAM, BCF, tabix)."""
    stream = source.opener()
    head = source.head
    if not head.startswith(GZIP_MAGIC):
        return Packed(stream, reading, order=order)
    meter = Meter(reading, stored=source.size or 0)
    watched = _Watched(stream)
    blocked = len(head) > 16 and bool(head[3] & 4) and head[12:14] == b"BC"
    return Packed(decoded(cast("BinaryIO", watched), GZIP, meter), reading, meter, watched, order=order, blocked=blocked)


def leftovers(source: Source, found: Packed) -> Iterator[Item]:
    """A gap for whatever is wrong with the compressed stream; its end must have been reached."""
    head = source.head
    flags = head[3] if head.startswith(GZIP_MAGIC) and len(head) > 3 else 0
    words = found.complaint() or ("the header of the compressed stream holds text" if flags & 0b11010 else "")
    if words:
        yield Oddity(part_id=source.part_id, kind=OddityKind.DAMAGED, detail=words)
        yield Unread(part_id=source.part_id, why=UnreadReason.MALFORMED, detail=words)
