"""Bytes that are two things at once: a second format that programs find at the end, at the front or inside."""

from __future__ import annotations

import re

from sdc_airlock.identify._zip import has_directory
from sdc_airlock.source import Source

_ZIPS = frozenset({"zip", "xlsx", "xlsb", "docx", "pptx", "ods", "odt", "odp", "epub", "npz", "zarr", "pytorch"})
_PICTURES = frozenset({"png", "jpeg", "gif", "bmp", "tiff", "webp"})
# compressed and packed data, where a zip at the end belongs to a member
_HOLDS_OTHERS = frozenset(
    {"tar", "gzip", "bgzf", "bzip2", "xz", "zstd", "lz4", "zlib", "7z", "rar", "ole", "ar", "cab", "xls", "doc", "ppt", "encrypted"}
)
_SCRIPT = re.compile(rb"<script\b|<html\b|<\?php\b", re.IGNORECASE)


def others(source: Source, label: str) -> tuple[str, ...]:
    """Labels of other types that the same bytes can be opened as."""
    found: list[str] = []
    head, tail = source.head, source.tail
    if label not in _ZIPS | _HOLDS_OTHERS and has_directory(source):
        found.append("zip")
    if label != "pdf" and head.find(b"%PDF-", 0, 1024) >= 0 and (label in _ZIPS | _PICTURES or b"%%EOF" in tail):
        found.append("pdf")
    if label in _PICTURES and (_SCRIPT.search(head) or _SCRIPT.search(tail)):
        found.append("html")
    if label in {"pdf", "png", "jpeg", "gif"} and (b"Rar!\x1a\x07" in tail or b"7z\xbc\xaf\x27\x1c" in tail):
        found.append("rar" if b"Rar!\x1a\x07" in tail else "7z")
    if label not in {"tar", "unknown"} and head[257:262] == b"ustar" and label in _PICTURES | {"pdf", "gif"} | _ZIPS:
        found.append("tar")
    return tuple(found)
