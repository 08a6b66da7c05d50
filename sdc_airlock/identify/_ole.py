"""OLE compound documents: their kind is told by the names in their directory."""

from __future__ import annotations

import struct
from typing import BinaryIO

from sdc_airlock.identify._signature import Guess
from sdc_airlock.source import Source

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENTRY_BYTES = 128
_MOST_SECTORS = 64
_LAST_SECTOR = 0xFFFFFFFA
_KINDS = (
    ("EncryptedPackage", "encrypted", "OLE document that wraps an encrypted package"),
    ("Workbook", "xls", "OLE document with a workbook"),
    ("Book", "xls", "OLE document with a workbook"),
    ("WordDocument", "doc", "OLE document with a Word stream"),
    ("PowerPoint Document", "ppt", "OLE document with a PowerPoint stream"),
)


def ole_kind(source: Source) -> Guess | None:
    """The type of an OLE compound document, or None where the bytes are none."""
    if not source.head.startswith(MAGIC):
        return None
    names = _directory_names(source)
    kinds = [(label, words) for name, label, words in _KINDS if name in names]
    if not kinds:
        return Guess("ole", "OLE compound document")
    others = tuple(dict.fromkeys(label for label, _ in kinds[1:] if label != kinds[0][0]))
    return Guess(*kinds[0], others)


def _directory_names(source: Source) -> set[str]:
    head = source.head
    if len(head) < 512:
        return set()
    shift = struct.unpack_from("<H", head, 30)[0]
    first = struct.unpack_from("<I", head, 48)[0]
    if shift not in (9, 12):
        return set()
    names: set[str] = set()
    with source.opener() as stream:
        if not stream.seekable():
            return _names_in(head)
        tables = struct.unpack_from("<109I", head, 76)
        sector, seen = first, 0
        while sector < _LAST_SECTOR and seen < _MOST_SECTORS:
            names |= _names_in(_sector(stream, sector, shift))
            sector = _next(stream, tables, sector, shift)
            seen += 1
    return names


def _sector(stream: BinaryIO, number: int, shift: int) -> bytes:
    stream.seek((number + 1) << shift)
    return stream.read(1 << shift)


def _next(stream: BinaryIO, tables: tuple[int, ...], sector: int, shift: int) -> int:
    """The sector that follows in its chain; past the last where the chain cannot be followed."""
    per_table = (1 << shift) // 4
    table = sector // per_table
    if table >= len(tables) or tables[table] >= _LAST_SECTOR:
        return _LAST_SECTOR
    entry = _sector(stream, tables[table], shift)[sector % per_table * 4 :][:4]
    return struct.unpack("<I", entry)[0] if len(entry) == 4 else _LAST_SECTOR


def _names_in(block: bytes) -> set[str]:
    names: set[str] = set()
    for place in range(0, len(block) - _ENTRY_BYTES + 1, _ENTRY_BYTES):
        length = struct.unpack_from("<H", block, place + 64)[0]
        if 2 <= length <= 64:
            names.add(block[place : place + length - 2].decode("utf-16-le", "replace"))
    return names
