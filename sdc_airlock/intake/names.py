"""Names of files are claims by strangers: they are shown with everything escaped that could deceive or do harm."""

from __future__ import annotations

import os
import unicodedata

_BIDIRECTIONAL = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_ZERO_WIDTH = frozenset("\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180e\u200b\u200c\u200d\u2060\u2061\u2062\u2063\u2064\u3164\ufeff\uffa0")
_HIDDEN_CATEGORIES = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})
_ESCAPED_BYTE = range(0xDC80, 0xDD00)
_SELECTORS = (range(0xFE00, 0xFE10), range(0xE0100, 0xE01F0))


def as_text(raw: str | bytes) -> str:
    """A name as text; bytes that are not UTF-8 become lone surrogates."""
    data = raw if isinstance(raw, bytes) else os.fsencode(raw)
    return data.decode("utf-8", "surrogateescape")


def safe_name(raw: str | bytes) -> str:
    r"""A name with every character escaped that is not plainly visible: `\x1b`, `\u202e`, `\\`.

    Two different names never become the same.
    """
    text = raw if isinstance(raw, str) else as_text(raw)
    if text.isascii() and text.isprintable() and "\\" not in text:
        return text
    return "".join(_shown(character) for character in text)


def _shown(character: str) -> str:
    code = ord(character)
    if code in _ESCAPED_BYTE:
        return f"\\x{code - 0xDC00:02x}"
    if character == "\\":
        return "\\\\"
    if not _hidden(character):
        return character
    # a control character of Latin-1 takes four digits, so that it differs from a byte that is not UTF-8
    if code < 0x80:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def _hidden(character: str) -> bool:
    category = unicodedata.category(character)
    if category in _HIDDEN_CATEGORIES or character in _ZERO_WIDTH or (category == "Zs" and character != " "):
        return True
    return any(ord(character) in selectors for selectors in _SELECTORS)


def name_oddities(raw: str | bytes) -> tuple[str, ...]:
    """What is odd about a name, in words; () where nothing is."""
    text = raw if isinstance(raw, str) else as_text(raw)
    if text.isascii() and text.isprintable():
        return ()
    tests = (
        ("bytes that are not UTF-8", any(ord(c) in _ESCAPED_BYTE for c in text)),
        ("line break", any(c in "\n\r\u2028\u2029\x85" for c in text)),
        ("control character", any(unicodedata.category(c) == "Cc" and c not in "\n\r\x85" for c in text)),
        ("bidirectional mark", any(c in _BIDIRECTIONAL for c in text)),
        ("zero-width character", any(c in _ZERO_WIDTH or any(ord(c) in selectors for selectors in _SELECTORS) for c in text)),
        ("unusual space", any(unicodedata.category(c) == "Zs" and c != " " for c in text)),
        ("unassigned or private character", any(unicodedata.category(c) in {"Cn", "Co"} for c in text)),
    )
    return tuple(words for words, found in tests if found)
