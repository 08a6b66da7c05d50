"""Compressed streams: which they are, and what stands in their first block where that decides the type."""

from __future__ import annotations

import bz2
import lzma
import re
import struct
import zlib

from sdc_airlock.identify._signature import Guess, by_signature
from sdc_airlock.source import Source

_PEEK = 4096
_BZIP2_BLOCK = 1 << 20
_GZIP = b"\x1f\x8b\x08"
_EXTRA_FIELD = 4
# what is one thing with its compression; everything else inside a stream is a member of it
_INHERENT = frozenset({"bam", "bcf", "tabix", "rds", "rdata"})
_GIT_OBJECT = re.compile(rb"(?:blob|tree|commit|tag) \d{1,12}\0")


def compressed_kind(source: Source, outer: str = "") -> Guess | None:
    """The type of a compressed stream, or None where the bytes are none that can be looked into.

    Args:
        source: The bytes.
        outer: Label that the signature already gave ("bzip2", "xz"), "" where there is none.
    """
    head = source.head
    if head.startswith(_GZIP) and len(head) >= 10 and not head[3] & 0xE0:
        label = "bgzf" if _blocked(head) else "gzip"
        return _inherent(_inflate(head, 31), label) or Guess(label, "gzip header" if label == "gzip" else "gzip header of a block")
    if outer == "bzip2":
        return _inherent(_peek_bzip2(source), outer)
    if outer == "xz":
        return _inherent(_peek_xz(head), outer)
    if not outer and len(head) > 2 and head[0] == 0x78 and (head[0] << 8 | head[1]) % 31 == 0:
        return _zlib_kind(head)
    return None


def _blocked(head: bytes) -> bool:
    """True where the gzip header has the extra field that marks blocked gzip."""
    if not head[3] & _EXTRA_FIELD or len(head) < 18:
        return False
    end = 12 + struct.unpack_from("<H", head, 10)[0]
    place = 12
    while place + 4 <= min(end, len(head)):
        if head[place : place + 2] == b"BC":
            return True
        place += 4 + struct.unpack_from("<H", head, place + 2)[0]
    return False


def _inflate(head: bytes, bits: int) -> bytes:
    try:
        return zlib.decompressobj(bits).decompress(head, _PEEK)
    except zlib.error:
        return b""


def _inherent(inner: bytes, label: str) -> Guess | None:
    guess = by_signature(inner, None)
    if guess and guess.label in _INHERENT:
        return Guess(guess.label, f"{guess.evidence} inside {label}")
    return None


def _peek_bzip2(source: Source) -> bytes:
    decoder = bz2.BZ2Decompressor()
    try:
        inner = decoder.decompress(source.head, _PEEK)
        if not inner and not decoder.eof and (source.size or _BZIP2_BLOCK) > len(source.head):
            with source.opener() as stream:
                stream.read(len(source.head))
                inner = decoder.decompress(stream.read(_BZIP2_BLOCK), _PEEK)
    except (OSError, ValueError, EOFError):
        return b""
    return inner


def _peek_xz(head: bytes) -> bytes:
    try:
        return lzma.LZMADecompressor(memlimit=256 << 20).decompress(head, _PEEK)
    except (lzma.LZMAError, EOFError):
        return b""


def _zlib_kind(head: bytes) -> Guess | None:
    inner = _inflate(head, 15)
    if not inner:
        return None
    if _GIT_OBJECT.match(inner):
        return Guess("git_object", "zlib stream with the header of a git object")
    if inner.startswith(b"\x80") and len(inner) > 1 and inner[1] in range(2, 6):
        return Guess("joblib", "zlib stream that begins with a pickle")
    return Guess("zlib", "zlib header") if len(inner) >= 16 or len(head) < 64 else None
