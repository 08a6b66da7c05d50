"""Blosc chunks by hand: blocks of LZ4, zlib, Zstandard or Snappy, shuffled by bytes or bits."""

from __future__ import annotations

import struct
import zlib
from typing import TYPE_CHECKING, Literal

from sdc_airlock.errors import LimitReached, Malformed, Unsupported

if TYPE_CHECKING:
    import numpy.typing as npt

_SHUFFLED, _STORED, _BITS, _WHOLE = 0x01, 0x02, 0x04, 0x10
_CODECS: dict[int, Literal["lz4_raw", "snappy", "zstd"]] = {1: "lz4_raw", 2: "snappy", 4: "zstd"}
_ZLIB = 3
_HEADER = 16


def blosc_bytes(data: bytes, most: int) -> bytes:
    """What a chunk holds.

    Raises:
        Malformed: it is damaged. Unsupported: a codec that is not known. LimitReached: it holds more than `most` bytes.
    """
    if len(data) < _HEADER:
        raise Malformed("a Blosc chunk that ends early")
    flags, width = data[2], max(data[3], 1)
    size, block, stored = struct.unpack_from("<III", data, 4)
    if size > most:
        raise LimitReached("member_bytes", most, size)
    if stored != len(data) or (size and not block > 0):
        raise Malformed("a Blosc chunk whose sizes do not fit")
    if flags & _STORED:
        return _exactly(data[_HEADER : _HEADER + size], size)
    count = -(-size // block) if size else 0
    if _HEADER + 4 * count > len(data):
        raise Malformed("a Blosc chunk that ends early")
    found = []
    for place, start in enumerate(struct.unpack_from(f"<{count}i", data, _HEADER)):
        length = min(block, size - place * block)
        parts = 1 if flags & _WHOLE or length < block else width
        found.append(_unshuffled(_block(data, start, length, parts, flags >> 5), flags, width))
    return b"".join(found)


def _block(data: bytes, start: int, length: int, parts: int, codec: int) -> bytes:
    if parts > length or length % parts:
        raise Malformed("a Blosc block whose sizes do not fit")
    each, pieces, at = length // parts, [], start
    for _ in range(parts):
        if not _HEADER <= at <= len(data) - 4:
            raise Malformed("a Blosc block that lies elsewhere")
        stored = struct.unpack_from("<i", data, at)[0]
        at += 4
        if not 0 <= stored <= len(data) - at:
            raise Malformed("a Blosc block that ends early")
        raw = data[at : at + stored]
        at += stored
        pieces.append(raw if stored == each else _decoded(raw, each, codec))
    return b"".join(pieces)


def _decoded(raw: bytes, size: int, codec: int) -> bytes:
    import pyarrow as pa

    if codec == _ZLIB:
        try:
            return _exactly(zlib.decompressobj().decompress(raw, size + 1), size)
        except zlib.error:
            raise Malformed("a Blosc block with a damaged stream") from None
    name = _CODECS.get(codec)
    if name is None:
        raise Unsupported("a codec of Blosc that is not known")
    try:
        return _exactly(pa.decompress(raw, size, codec=name, asbytes=True), size)
    except (pa.ArrowException, OSError, ValueError):
        raise Malformed("a Blosc block with a damaged stream") from None


def _exactly(data: bytes, size: int) -> bytes:
    if len(data) != size:
        raise Malformed("a Blosc block of another size than it says")
    return data


def _unshuffled(block: bytes, flags: int, width: int) -> bytes:
    import numpy as np

    if width <= 1 and not flags & _BITS:
        return block
    count = len(block) // width
    if flags & _SHUFFLED:
        body: npt.NDArray[np.uint8] = np.frombuffer(block, np.uint8, count * width).reshape(width, count)
        return body.T.tobytes() + block[count * width :]
    if flags & _BITS:
        count -= count % 8
        bits = np.unpackbits(np.frombuffer(block, np.uint8, count * width), bitorder="little").reshape(width * 8, count)
        return np.packbits(bits.T.reshape(-1), bitorder="little").tobytes() + block[count * width :]
    return block
