"""Files inside strings: data URIs, base64, long texts. They are read as members of the file that holds the string."""

from __future__ import annotations

import base64
import binascii
import re
from urllib.parse import unquote_to_bytes

from sdc_airlock.source import Source

SHORTEST_BASE64 = 40
SHORTEST_TEXT = 100
LINES = 3

_DATA_URI = re.compile(r"\s*data:([\w.+-]+/[\w.+-]+)?((?:;[^,;]{0,200}){0,5}),", re.IGNORECASE)
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]+={0,2}")
_SIGNATURES = (
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"PK\x03\x04",
    b"\x1f\x8b",
    b"BZh",
    b"\xfd7zXZ",
    b"%PDF",
    b"SQLite",
    b"PAR1",
    b"\x80\x04\x95",
    b"\x28\xb5\x2f\xfd",
    b"\x7fELF",
    b"RIFF",
    b"\x93NUMPY",
    b"ARROW1",
    b"\x89HDF",
    b"\xd0\xcf\x11\xe0",
)


def data_uri(text: str) -> bytes | None:
    """The bytes of a data URI, None where the text is none."""
    found = _DATA_URI.match(text)
    if not found:
        return None
    body = text[found.end() :]
    if ";base64" not in found.group(2).lower():
        return unquote_to_bytes(body)
    try:
        return base64.b64decode(unquote_to_bytes(body), validate=False)
    except (binascii.Error, ValueError):
        return body.encode("utf-8", "replace")


def packed(text: str) -> bytes | None:
    """The bytes of a base64 string that clearly holds a file or text, else None."""
    compact = text if "\n" not in text else text.translate({10: None, 13: None})
    if len(compact) < SHORTEST_BASE64 or len(compact) % 4 or not _BASE64.fullmatch(compact):
        return None
    try:
        raw = base64.b64decode(compact.translate({45: 43, 95: 47}), validate=True)
    except (binascii.Error, ValueError):
        return None
    if raw.startswith(_SIGNATURES):
        return raw
    printable = sum(32 <= byte < 127 or byte in (9, 10, 13) for byte in raw[:4096])
    return raw if printable >= 0.97 * min(len(raw), 4096) and any(mark in raw for mark in b" \n\t,") else None


def inside(text: str, *, part_id: str, depth: int, texts: bool = True) -> Source | None:
    """The file that a string holds, or None.

    Args:
        text: The string.
        part_id: Address for what is found.
        depth: Containers around the string.
        texts: Whether a text of several lines counts as a file too.
    """
    if len(text) < SHORTEST_BASE64 and not text.startswith("data:"):
        return None
    raw = data_uri(text) if "data:" in text[:20] else None
    if raw is None and " " not in text:
        raw = packed(text)
    if raw is None and texts and len(text) >= SHORTEST_TEXT and text.count("\n") >= LINES:
        raw = text.encode("utf-8", "replace")
    return None if raw is None else Source.of_bytes(raw, part_id=part_id, name="", depth=depth + 1)
