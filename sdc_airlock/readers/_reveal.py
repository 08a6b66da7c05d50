"""What decoded bytes are: a file of a known kind, text that people read, or neither."""

from __future__ import annotations

import re
import zlib

from sdc_airlock.identify import TYPES, label_of
from sdc_airlock.model.filetype import Family
from sdc_airlock.source import Source

SHORTEST_TEXT = 24
_SURELY_TEXT = 64
_SAMPLE = 8192
_MOST_INFLATED = 32 << 20
_PRINTABLE = bytes([9, 10, 13, *range(32, 127)])
_WORDY = bytes([9, 10, 13, *map(ord, " ,.;:_/|-+="), *range(48, 58), *range(65, 91), *range(97, 123)])
_APART = re.compile(rb"[\s,;:|]")
_LONG_LETTERS = 60
_LETTERS = re.compile(rb"[A-Za-z0-9+/=_\r\n-]+")
_MAGIC = (
    b"\x1f\x8b\x08", b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda", b"BZh", b"\xfd7zXZ", b"\x5d\0\0", b"PK\x03\x04", b"7z\xbc\xaf",
    b"\x28\xb5\x2f\xfd", b"\x04\x22\x4d\x18", b"Rar!", b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"SQLite", b"PAR1", b"ARROW1", b"\x93NUMPY", b"\x89HDF",
    b"\x6c\x1b\x01", b"\x80\x04\x95", b"\x80\x05\x95",
)  # fmt: skip
_FEWEST_DISTINCT = 8
# types of text that a few lines of anything may pass for
_ANY_TEXT = frozenset({"text", "log", "csv", "fixed_width", "yaml", "ini", "toml", "markdown", "latex", "code", "bed_intervals"})
_UNTOLD = frozenset({Family.UNKNOWN, Family.EMPTY, Family.ENCRYPTED, Family.COMPRESSED})
_LOOSE = frozenset(
    {"unknown", "empty", "text", "zlib", "tar", "dbf", "stata", "mat", "pyc", "media", "encrypted", "pickle", "bgen", "class"}
)


def readable(data: bytes) -> bool:
    """True for text that a person can read: almost only letters, digits and common marks, with something that parts them.

    Bytes that fall out of a wrong guess at an encoding do not pass, however short.
    """
    if len(data) < SHORTEST_TEXT:
        return False
    sample = _one_byte(data[:_SAMPLE])
    if sample is None or len(set(sample)) < _FEWEST_DISTINCT:
        return False
    size = len(sample)
    if len(sample.translate(None, _PRINTABLE)) > 0.02 * size or len(sample.translate(None, _WORDY)) > 0.1 * size:
        return False
    return len(_APART.findall(sample)) >= max(2, size // 100)


def _one_byte(sample: bytes) -> bytes | None:
    """The sample with one byte a character: UTF-16 is narrowed, letters beyond ASCII count as letters."""
    if sample[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return sample[2:].replace(b"\0", b"")
    for start in (0, 1):
        if len(sample) >= 48 and not any(sample[start : len(sample) // 2 * 2 : 2]):
            return sample[1 - start :: 2]
    if sample.isascii():
        return sample
    try:
        text = sample[: len(sample) - 4].decode("utf-8") if len(sample) == _SAMPLE else sample.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return "".join("a" if letter.isalpha() and not letter.isascii() else letter for letter in text).encode("ascii", "replace")


def known(data: bytes) -> bool:
    """True where the bytes are surely of a type of their own that is not plain text."""
    label = label_of(Source.of_bytes(data, part_id="", name=""))
    if label in _LOOSE or TYPES[label].family in (Family.UNKNOWN, Family.EMPTY):
        if len(data) < SHORTEST_TEXT:
            return False
        # a pickle says how long its first frame is, and ends in a full stop
        framed = label == "pickle" and data[:1] == b"\x80" and data[2:3] == b"\x95" and data[-1:] == b"."
        return label == "tar" or framed or (label == "zlib" and _inflated(data, 15) != b"")
    if not TYPES[label].text:
        return True
    sample = data[:_SAMPLE]
    return readable(data) or (label not in _ANY_TEXT and len(sample.translate(None, _PRINTABLE)) <= 0.02 * len(sample))


def reveal(data: bytes) -> bytes:
    """The bytes worth reading: the data where they are a known file or readable text, what they inflate to where that is, else b""."""
    if not data:
        return b""
    if readable(data) or known(data) or _encoded_again(data):
        return data
    inflated = _inflated(data, -15)
    return inflated if inflated and (readable(inflated) or known(inflated)) else b""


def told(data: bytes) -> bytes:
    """The bytes where they are of any binary type that is known, also one that few bytes tell (a table of Stata, a pickle); else b""."""
    if len(data) < SHORTEST_TEXT:
        return b""
    label = label_of(Source.of_bytes(data, part_id="", name=""))
    return b"" if TYPES[label].text or TYPES[label].family in _UNTOLD else data


def printable(data: bytes) -> bool:
    """True for bytes of some number that are all printable, as no bytes are by accident."""
    return len(data) >= _SURELY_TEXT and not data[:_SAMPLE].translate(None, _PRINTABLE)


def promising(start: bytes) -> bool:
    """True where the first bytes of something look like text, a compressed file or a bare deflate stream: a cheap test for guesses."""
    if start.startswith(_MAGIC) or readable(start):
        return True
    if printable(start):
        return True  # markup and records hold more marks than words
    decoder = zlib.decompressobj(-15)
    try:
        return readable(decoder.decompress(start, 1024))
    except zlib.error:
        return False


def _encoded_again(data: bytes) -> bool:
    """True for letters that encode something once more."""
    return len(data) >= _LONG_LETTERS and bool(_LETTERS.fullmatch(data[:_SAMPLE])) and len(set(data[:_SAMPLE])) >= 16


def _inflated(data: bytes, bits: int) -> bytes:
    """What a deflate stream holds, b"" where the bytes are none."""
    decoder = zlib.decompressobj(bits)
    try:
        out = decoder.decompress(data, _MOST_INFLATED)
    except zlib.error:
        return b""
    return out if len(out) >= SHORTEST_TEXT and (decoder.eof or len(data) > 1024 or readable(out)) else b""
