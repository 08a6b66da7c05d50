"""Compressed streams opened as often as needed, with every byte written out counted once and held to the limits."""

from __future__ import annotations

import bz2
import functools
import importlib
import io
import lzma
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO, Literal, Protocol, cast

from sdc_airlock.errors import LimitReached

if TYPE_CHECKING:
    from sdc_airlock.readers import Reading

_CHUNK = 64 * 1024
_BUFFER = 1 << 20
_MOST_OUT = 1 << 20
_LZMA_MEMORY = 256 << 20


@dataclass
class Meter:
    """What the streams of one member have written out, however often it is opened.

    Attributes:
        reading: Where new bytes are counted.
        stored: Bytes of the compressed form, 0 where they are not known.
        produced: Bytes written out by the pass that came furthest.
        finished: True once a pass came to the end.
        damage: Why it ended early, "" where it did not.
        trailing: Bytes of the compressed form after its end that are not part of it, and where they begin.
        odd_headers: Headers inside the stream that hold more than they need.
        checksum: CRC-32 of a whole pass.
    """

    reading: Reading
    stored: int = 0
    produced: int = 0
    finished: bool = False
    damage: str = ""
    trailing: int = 0
    trailing_at: int = 0
    odd_headers: int = 0
    checksum: int = 0

    def count(self, place: int) -> None:
        """Note that a pass has written out `place` bytes.

        Raises:
            LimitReached: the bytes of the output, the ratio of the member or the time are over.
        """
        if place <= self.produced:
            return
        limits = self.reading.limits
        fresh, self.produced = place - self.produced, place
        self.reading.spend(expanded=fresh)
        if self.stored and self.produced > limits.ratio_floor_bytes and self.produced > limits.ratio * self.stored:
            raise LimitReached("ratio", limits.ratio, self.produced / self.stored)


class Decoder(Protocol):
    """The part of the standard library's decompressors that is used here."""

    @property
    def eof(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    @property
    def needs_input(self) -> bool: ...
    def decompress(self, data: bytes, max_length: int = -1) -> bytes: ...


class Inflater:
    """zlib's decompressor with the manners of the others.

    Args:
        inner: What inflates: zlib's own, or one with the same methods.
    """

    def __init__(self, inner: Any) -> None:
        self._inner = inner

    @property
    def eof(self) -> bool:
        """True once the end mark was met."""
        return bool(self._inner.eof)

    @property
    def unused_data(self) -> bytes:
        """Bytes after the end mark."""
        return cast("bytes", self._inner.unused_data)

    @property
    def needs_input(self) -> bool:
        """True where nothing more comes out without new bytes."""
        return not self._inner.unconsumed_tail

    def decompress(self, data: bytes, max_length: int = -1) -> bytes:
        """Write out at most `max_length` bytes; what was not used is kept for the next call."""
        return cast("bytes", self._inner.decompress(self._inner.unconsumed_tail + data, max(0, max_length)))


class Gunzip(Inflater):
    """Intel's inflater, which is three times as fast as zlib's, for one member of a gzip stream; zlib's where it is not there.

    It is less strict about the first bytes of a member, so that these are looked at here.
    """

    def __init__(self) -> None:
        self._begun = False
        super().__init__(_fast().decompressobj(31))

    def decompress(self, data: bytes, max_length: int = -1) -> bytes:
        """Write out at most `max_length` bytes; what was not used is kept for the next call.

        Raises:
            ValueError: the bytes are no gzip, or damaged.
        """
        if not self._begun and data:
            self._begun = True
            if data[:3] != b"\x1f\x8b\x08"[: len(data)] or data[3:4] > b"\x1f":
                raise ValueError("no header of gzip")
        try:
            return super().decompress(data, max_length)
        except _fast().error:
            raise ValueError("damaged") from None


@functools.cache
def _fast() -> Any:
    """The fastest module that inflates on this machine."""
    try:
        return importlib.import_module("isal.isal_zlib")
    except ImportError:
        return zlib


class ZipLzma:
    """LZMA as zips keep it: two bytes of version, the length of the settings, the settings, then the bytes."""

    unused_data = b""

    def __init__(self) -> None:
        self._head = b""
        self._inner: lzma.LZMADecompressor | None = None

    @property
    def eof(self) -> bool:
        """True once an end mark was met; not every writer sets one."""
        return self._inner is not None and self._inner.eof

    @property
    def needs_input(self) -> bool:
        """True where nothing more comes out without new bytes."""
        return self._inner is None or self._inner.needs_input

    def decompress(self, data: bytes, max_length: int = -1) -> bytes:
        """Write out at most `max_length` bytes.

        Raises:
            ValueError: the settings are damaged or want too much memory.
        """
        if self._inner is not None:
            return self._inner.decompress(data, max_length)
        self._head += data
        length = int.from_bytes(self._head[2:4], "little")
        if len(self._head) < 4 + length:
            return b""
        settings = self._head[4 : 4 + length]
        size = int.from_bytes(settings[1:5], "little")
        if length != 5 or settings[0] >= 225 or size > _LZMA_MEMORY:
            raise ValueError("settings of LZMA that are not usable")
        rest, lc = divmod(settings[0], 9)
        pb, lp = divmod(rest, 5)
        chain = [{"id": lzma.FILTER_LZMA1, "lc": lc, "lp": lp, "pb": pb, "dict_size": max(4096, size)}]
        self._inner = lzma.LZMADecompressor(format=lzma.FORMAT_RAW, filters=chain)
        return self._inner.decompress(self._head[4 + length :], max_length)


class Stored:
    """No compression at all."""

    eof = False
    unused_data = b""
    needs_input = True

    def decompress(self, data: bytes, max_length: int = -1) -> bytes:  # noqa: ARG002
        """The bytes themselves."""
        return data


@dataclass(frozen=True, slots=True)
class Method:
    """A way of compressing: how to decode it, how a further stream begins, and whether the stream ends by itself."""

    words: str
    decoder: Callable[[], Decoder]
    magics: tuple[bytes, ...] = ()
    ends: bool = True


def _xz() -> Decoder:
    return lzma.LZMADecompressor(memlimit=_LZMA_MEMORY)


GZIP = Method("gzip", Gunzip, (b"\x1f\x8b",))
ZLIB = Method("zlib", lambda: Inflater(zlib.decompressobj(15)))
DEFLATE = Method("deflate", lambda: Inflater(zlib.decompressobj(-15)))
BZIP2 = Method("bzip2", bz2.BZ2Decompressor, (b"BZh",))
XZ = Method("xz", _xz, (b"\xfd7zXZ\0",))
ZIP_LZMA = Method("LZMA of zips", ZipLzma, ends=False)
STORED = Method("stored", Stored, ends=False)


class DecodedStream(io.RawIOBase):
    """A compressed stream, read from its first byte; damage ends it early and is noted in its meter.

    Args:
        raw: The compressed bytes; closed with the stream.
        method: How they are compressed.
        meter: Where bytes are counted.
    """

    def __init__(self, raw: BinaryIO, method: Method, meter: Meter) -> None:
        super().__init__()
        self._raw, self._method, self._meter = raw, method, meter
        self._decoder = method.decoder()
        self._pending = b""
        self._out = memoryview(b"")
        self._place = 0
        self._taken = 0
        self._checksum = 0
        self._over = False

    def readable(self) -> bool:
        """True."""
        return True

    def tell(self) -> int:
        """Bytes handed out so far."""
        return self._place - len(self._out)

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        """Fill the buffer; 0 at the end."""
        while not self._out and not self._over:
            self._out = memoryview(self._decode())
            if self._out:
                self._place += len(self._out)
                self._checksum = _fast().crc32(self._out, self._checksum)
                self._meter.count(self._place)
        size = min(len(buffer), len(self._out))
        buffer[:size] = self._out[:size]
        self._out = self._out[size:]
        return size

    def close(self) -> None:
        """Close the compressed bytes too."""
        self._raw.close()
        super().close()

    def _fill(self) -> bytes:
        """Bytes to decode: those left over, else new ones."""
        data, self._pending = self._pending, b""
        if not data:
            data = self._raw.read(_CHUNK)
            self._taken += len(data)
            self._meter.reading.spend()
        return data

    def _decode(self) -> bytes:
        try:
            if self._decoder.eof:
                return self._next_stream()
            wanting = self._decoder.needs_input
            data = self._fill() if wanting else b""
            out = self._decoder.decompress(data, _MOST_OUT)
            if wanting and not data and not out and not self._decoder.eof:
                self._end("it ends before its end mark" if self._method.ends else "")
        except (zlib.error, lzma.LZMAError, OSError, EOFError, ValueError):
            self._end("its compressed bytes are damaged")
            return b""
        return out

    def _next_stream(self) -> bytes:
        """After an end mark: another stream, padding, or bytes that do not belong to it."""
        rest = self._decoder.unused_data
        while len(rest) < 32 and (more := self._raw.read(_CHUNK)):
            self._taken += len(more)
            rest += more
        if not rest:
            self._end("")
        elif self._method.magics and rest.startswith(self._method.magics):
            self._decoder, self._pending = self._method.decoder(), rest
            self._note_header(rest)
        elif not rest.strip(b"\0"):
            self._pad()
        else:
            self._trail(rest)
        return b""

    def _pad(self) -> None:
        """Zeros after the end are padding; anything after them is not."""
        while more := self._raw.read(_CHUNK):
            self._taken += len(more)
            if more.strip(b"\0"):
                self._trail(more.lstrip(b"\0"))
                return
        self._end("")

    def _trail(self, rest: bytes) -> None:
        meter = self._meter
        meter.trailing_at = self._taken - len(rest)
        size = len(rest)
        while more := self._raw.read(_CHUNK):
            size += len(more)
        meter.trailing = size
        self._end("")

    def _end(self, damage: str) -> None:
        self._over = True
        meter = self._meter
        if not meter.finished:
            meter.finished, meter.damage, meter.checksum = True, damage, self._checksum

    def _note_header(self, data: bytes) -> None:
        """Names, comments and extra fields in the header of a gzip block that is not the first."""
        if self._method is not GZIP or len(data) < 18 or self._meter.finished:
            return
        flags = data[3]
        blocked = flags == 4 and data[10:16] == b"\x06\0BC\x02\0"
        if flags & ~1 and not blocked:
            self._meter.odd_headers += 1


def opened(raw: BinaryIO, method: Method, meter: Meter) -> BinaryIO:
    """A buffered stream of what `raw` holds, written out."""
    return cast("BinaryIO", io.BufferedReader(DecodedStream(raw, method, meter), _BUFFER))


class CountedStream(io.RawIOBase):
    """A stream that another library writes out, counted like ours; its errors are noted as damage."""

    def __init__(self, inner: BinaryIO, raw: BinaryIO, meter: Meter) -> None:
        super().__init__()
        self._inner, self._raw, self._meter = inner, raw, meter
        self._place = 0

    def readable(self) -> bool:
        """True."""
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        """Fill the buffer; 0 at the end."""
        try:
            data = self._inner.read(min(len(buffer), _MOST_OUT))
        except (OSError, ValueError, MemoryError):
            self._end("its compressed bytes are damaged")
            return 0
        if not data:
            self._end("")
            return 0
        self._place += len(data)
        self._meter.count(self._place)
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        """Close what it reads from too."""
        if not self.closed:
            self._inner.close()
            self._raw.close()
        super().close()

    def _end(self, damage: str) -> None:
        if not self._meter.finished:
            self._meter.finished, self._meter.damage = True, damage


def opened_by_arrow(raw: BinaryIO, compression: Literal["zstd", "lz4"], meter: Meter) -> BinaryIO:
    """A buffered stream of what `raw` holds, written out by Arrow."""
    import pyarrow as pa

    inner = pa.CompressedInputStream(pa.PythonFile(cast("io.IOBase", raw), mode="r"), compression)
    return cast("BinaryIO", io.BufferedReader(CountedStream(cast("BinaryIO", inner), raw, meter), _CHUNK))


def drain(stream: BinaryIO) -> None:
    """Read a stream to its end, for its meter."""
    with stream:
        while stream.read(_MOST_OUT):
            pass
