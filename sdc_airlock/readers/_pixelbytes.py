"""Bytes written into pixels: as levels, as black and white, or in the lowest bits of a picture that looks like any other."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Plane = npt.NDArray[np.uint8]

_HEAD = 192  # bytes looked at first
_HEADERS = (0, 4, 2, 8, 1)  # bytes of a length that may stand before
_TEXT = frozenset(b"\t\n\r" + bytes(range(32, 127)))
_EVERYDAY = frozenset(b"\t\n\r ,.;:_/|-\"'{}[]()=<>0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
_FEWEST_LETTERS = 8
_STEP = 6.0  # mean difference of neighbouring bytes; a smooth dark picture has less
_SIGNATURES = (
    b"\x1f\x8b\x08",
    b"PK\x03\x04",
    b"%PDF-",
    b"7z\xbc\xaf\x27\x1c",
    b"\xfd7zXZ",
    b"\x28\xb5\x2f\xfd",
    b"SQLite format 3",
    b"\x89PNG\r\n",
    b"PAR1",
    b"\x93NUMPY",
    b"Rar!\x1a",
    b"GIF8",
    b"\xff\xd8\xff",
    b"II*\x00",
    b"MM\x00*",
    b"ARROW1",
    b"\x89HDF\r\n",
    b"Obj\x01",
    b"BZh",
    b"\x04\x22\x4d\x18",
    b"$FL2@(#)",
    b"<stata_dta>",
    b"\xd0\xcf\x11\xe0\xa1\xb1",
    b"BAM\x01",
    b"CRAM",
    b"BCF\x02",
    b"\x6c\x1b\x01",
    b"RDX3\n",
    b"RDA3\n",
    b"\x80\x04\x95",
    b"\x80\x05\x95",
    b"ustar",
    b"!<arch>\n",
    b"070701",
)
_BITMAP = re.compile(rb"BM.{4}\x00{4}.{2}\x00\x00[\x0c\x28\x34\x38\x40\x6c\x7c]\x00{3}", re.DOTALL)
_ZLIB = (b"\x78\x01", b"\x78\x9c", b"\x78\xda")
_NO_TEXT = re.compile(rb"[^\t\n\r\x20-\x7e]{4,}")
_RUN = 4096  # pixels looked at together for lowest bits that vary over a flat area
_FLAT = 0.95
_EVEN = (0.35, 0.65)


def written_bytes(picture: Plane) -> Iterator[tuple[str, bytes]]:
    """Texts and files written into a picture: in which of its pixels, and the bytes.

    Args:
        picture: One byte a sample, shape (height, width) or (height, width, channels).
    """
    seen: set[bytes] = set()
    for words, samples in _orders(picture):
        for way, width in (("levels", 8), ("black and white", 1), ("lowest bits", -1), ("two lowest bits", -2)):
            for reverse in (False,) if width == 8 else (False, True):
                head = _packed(samples[: _HEAD * 8], width, reverse=reverse)[:_HEAD]
                start = _worth(head)
                if start < 0 or head[:32] in seen:
                    continue
                seen.add(head[:32])
                yield f"{way} of {words}", _cut(_packed(samples, width, reverse=reverse)[start:])


def written_bytes_of(data: bytes) -> Iterator[bytes]:
    """The text or file that some bytes are, if they are one."""
    if (start := _worth(data[:_HEAD])) >= 0:
        yield _cut(data[start:])


def _orders(picture: Plane) -> Iterator[tuple[str, Plane]]:
    import numpy as np

    if picture.ndim == 2:
        yield "its pixels", picture.ravel()
        yield "its columns", picture.T.ravel()
        return
    yield "its pixels", np.ascontiguousarray(picture[:, :, :3]).ravel()
    for channel in range(picture.shape[2]):
        yield f"channel {channel + 1}", np.ascontiguousarray(picture[:, :, channel]).ravel()
    if picture.shape[2] == 4:
        yield "all channels", picture.ravel()
    yield "its columns", np.ascontiguousarray(picture[:, :, :3].swapaxes(0, 1)).ravel()


def _packed(samples: Plane, width: int, *, reverse: bool) -> bytes:
    """Bytes out of samples: as they are (8), from a threshold (1), from the lowest bit (-1) or the two lowest (-2)."""
    import numpy as np

    order: Literal["little", "big"] = "little" if reverse else "big"
    if width == 8:
        return samples.tobytes()
    if width == 1:
        return np.packbits(samples > 127, bitorder=order).tobytes()
    if width == -1:
        return np.packbits(samples & 1, bitorder=order).tobytes()
    return np.packbits(np.stack([samples >> 1 & 1, samples & 1], axis=1).ravel(), bitorder=order).tobytes()


def _worth(head: bytes) -> int:
    """Where text or a file of a known type begins in the first bytes; -1 where they hold neither."""
    for start in _HEADERS:
        body = head[start:]
        if body.startswith(_SIGNATURES) or _BITMAP.match(body) or (body.startswith(_ZLIB) and _inflates(body)):
            return start
        if len(body) >= _HEAD // 4 and len(set(body)) >= _FEWEST_LETTERS and sum(byte in _EVERYDAY for byte in body) >= 0.98 * len(body):
            steps = sum(abs(before - after) for before, after in pairwise(body)) / len(body)
            if steps >= _STEP:
                return start
    return -1


def _inflates(body: bytes) -> bool:
    try:
        return len(zlib.decompressobj().decompress(body)) >= _FEWEST_LETTERS
    except zlib.error:
        return False


def _cut(data: bytes) -> bytes:
    """Text without the picture that follows it; a file as it is."""
    if data.startswith((*_SIGNATURES, *_ZLIB)) or _BITMAP.match(data):
        return data
    end = _NO_TEXT.search(data)
    return data[: end.start()] if end else data


def noisy_bits(picture: Plane) -> int:
    """Pixels of flat areas whose lowest bit changes at random, as only data hidden in it does."""
    import numpy as np

    planes = [picture] if picture.ndim == 2 else [picture[:, :, channel] for channel in range(min(3, picture.shape[2]))]
    noisy = 0
    for plane in planes:
        samples = np.ascontiguousarray(plane).ravel()
        count = (len(samples) - 1) // _RUN
        if not count:
            continue
        before, after = samples[: count * _RUN], samples[1 : count * _RUN + 1]
        flat = ((before >> 1) == (after >> 1)).reshape(count, _RUN)
        changed = ((before ^ after) & 1).astype(bool).reshape(count, _RUN) & flat
        share = changed.sum(axis=1) / np.maximum(flat.sum(axis=1), 1)
        noisy += int(((flat.mean(axis=1) >= _FLAT) & (share > _EVEN[0]) & (share < _EVEN[1])).sum()) * _RUN
    return noisy
