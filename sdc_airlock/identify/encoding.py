"""Is it text, and in which encoding? Byte-order marks first, then the shape of the bytes."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CONTROLS = bytes(b for b in range(32) if b not in b"\t\n\r\x0b\x0c\x1b") + b"\x7f"
_ASCII_TEXT = bytes(range(32, 127)) + b"\t\n\r"
_WHITE_SPACE = re.compile(rb"[\s]")
# share of control characters above which bytes are not text, and share of plain ASCII that unmarked 8-bit text has at least
_MOST_CONTROLS = 0.01
_MOST_ODD = 0.05
_LEAST_ASCII = 0.5
_LEAST_ASCII_LONG = 0.12


@dataclass(frozen=True, slots=True)
class Encoding:
    """How bytes become text.

    Attributes:
        name: Codec for `bytes.decode` once the byte-order mark is cut off; "" where the bytes are not text.
        bom_bytes: Length of the byte-order mark.
        confidence: 0 to 1; 0 where the bytes are not text.
        notes: What is odd about the bytes, in words ("NUL bytes").
    """

    name: str
    bom_bytes: int = 0
    confidence: float = 0.0
    notes: tuple[str, ...] = ()

    @property
    def text(self) -> bool:
        """True where the bytes can be shown as text."""
        return bool(self.name)


def sniff_encoding(head: bytes) -> Encoding:
    """Guess the encoding of text from its first bytes.

    Args:
        head: The first bytes of the text; may end within a character.
    Returns:
        The encoding; its `name` is "" where the bytes are not text.
    """
    for bom, name in _BOMS:
        if head.startswith(bom):
            return _marked(head, name, len(bom))
    if b"\0" in head and (wide := _wide(head)):
        return wide
    nuls = head.count(0)
    body = head.replace(b"\0", b"") if nuls else head
    notes = ("NUL bytes",) if nuls else ()
    controls = len(body) - len(body.translate(None, _CONTROLS))
    trailing = len(head) - len(head.rstrip(b"\0"))
    if not body or controls > _MOST_CONTROLS * len(body) or (nuls - trailing) > max(1, _MOST_CONTROLS * len(head)) or nuls > len(body):
        return Encoding("")
    if controls:
        notes = (*notes, "control characters")
    if body.isascii():
        return Encoding("utf-8", 0, 0.7 if notes else 1.0, notes)
    if _decodes(body, "utf-8"):
        return Encoding("utf-8", 0, 0.7 if notes else 0.99, notes)
    return _single_byte(body, notes) if not nuls and not controls else _damaged_utf8(body, notes)


def _marked(head: bytes, name: str, bom_bytes: int) -> Encoding:
    """The encoding a byte-order mark announces, or none where the bytes do not follow it."""
    body = head[bom_bytes:]
    sample = body.decode(name, "replace")[:4096]
    odd = sum(not character.isprintable() and character not in "\t\n\r\x0b\x0c\x1b\ufeff" for character in sample) + sample.count("\ufffd")
    if odd > max(2, _MOST_ODD * len(sample)):
        return Encoding("")
    if not _decodes(body, name):
        return Encoding(name, bom_bytes, 0.7, ("bytes that do not decode",))
    return Encoding(name, bom_bytes, 1.0, ("NUL bytes",) if "\0" in sample else ())


def _wide(head: bytes) -> Encoding | None:
    """UTF-16 or UTF-32 without a byte-order mark: NUL bytes at every second, or three of every four, places."""
    sample = head[:4096]
    size = len(sample) // 4 * 4
    if size >= 8:
        empty = [sample[place:size:4].count(0) / (size // 4) for place in range(4)]
        for name, last in (("utf-32-le", 0), ("utf-32-be", 3)):
            others = [share for place, share in enumerate(empty) if place != last]
            if min(others) > 0.9 and empty[last] == 0 and _decodes(head, name):
                return Encoding(name, 0, 0.95)
    half = len(sample) // 2
    if half < 2:
        return None
    even, odd = sample[: half * 2 : 2].count(0) / half, sample[1 : half * 2 : 2].count(0) / half
    for name, full, other in (("utf-16-le", odd, even), ("utf-16-be", even, odd)):
        if full > 0.4 and other == 0 and _decodes(head, name) and _printable(head.decode(name, "ignore")):
            return Encoding(name, 0, 0.9)
    return None


def _printable(text: str) -> bool:
    sample = text[:2048]
    return sum(c.isprintable() or c in "\t\r\n" for c in sample) >= 0.98 * len(sample)


def _decodes(data: bytes, name: str) -> bool:
    """True where the bytes decode, save for a character cut off at the end."""
    try:
        codecs.getincrementaldecoder(name)("strict").decode(data, final=False)
    except (UnicodeDecodeError, LookupError):
        return False
    return True


def _damaged_utf8(body: bytes, notes: tuple[str, ...]) -> Encoding:
    plain = len(body) - len(body.translate(None, _ASCII_TEXT))
    if plain < 0.95 * len(body):
        return Encoding("")
    return Encoding("latin-1", 0, 0.4, (*notes, "bytes that do not decode as UTF-8"))


def _single_byte(body: bytes, notes: tuple[str, ...]) -> Encoding:
    """Bytes above 127 that are not UTF-8: text of an older 8-bit encoding, or nothing at all."""
    plain = (len(body) - len(body.translate(None, _ASCII_TEXT))) / len(body)
    spaced = len(_WHITE_SPACE.findall(body)) >= len(body) / 40
    enough = plain >= _LEAST_ASCII or (plain >= _LEAST_ASCII_LONG and spaced and len(body) >= 200)
    if not enough:
        return Encoding("")
    windows = any(0x80 <= byte <= 0x9F for byte in set(body))
    name = "cp1252" if windows and _decodes(body, "cp1252") else "latin-1"
    return Encoding(name, 0, 0.8 if plain >= 0.9 else 0.5, (*notes, "not UTF-8"))


def decode(head: bytes) -> tuple[str, Encoding, tuple[str, ...]]:
    """Turn the first bytes of a text into characters.

    Args:
        head: The first bytes; a character cut off at their end is dropped.
    Returns:
        The text with NUL bytes removed ("" where the bytes are not text), the encoding, and notes on what is odd.
    """
    encoding = sniff_encoding(head)
    if not encoding.text:
        return "", encoding, encoding.notes
    decoder = codecs.getincrementaldecoder(encoding.name)("replace")
    text = decoder.decode(head[encoding.bom_bytes :], final=False)
    return text.replace("\0", ""), encoding, encoding.notes
