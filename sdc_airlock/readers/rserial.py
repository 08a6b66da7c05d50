"""R data: single objects (RDS) and workspaces (RData). Walked and never loaded by R."""

from __future__ import annotations

import bz2
import lzma
import zlib
from collections.abc import Iterator
from typing import Protocol

from sdc_airlock.errors import LimitReached, Malformed, Unsupported
from sdc_airlock.model.content import Oddity, OddityKind, Serialized, Unread, UnreadReason
from sdc_airlock.model.filetype import FileType
from sdc_airlock.readers import Item, Reading, gap, reader
from sdc_airlock.readers._rmodel import model_facts
from sdc_airlock.readers._rparts import PartMaker
from sdc_airlock.readers._rwalk import Node, Walker
from sdc_airlock.source import Source

_CHUNK = 1 << 20
_ZSTD = b"\x28\xb5\x2f\xfd"
_WORKSPACE = (b"RDX2\n", b"RDX3\n")
_OTHER_WORKSPACE = (b"RDA", b"RDB")
_RUNS = frozenset({"closure", "promise", "bytecode", "builtin"})


class _Decompressor(Protocol):
    """What the three decompressors of the standard library share."""

    @property
    def eof(self) -> bool: ...

    @property
    def unused_data(self) -> bytes: ...

    def decompress(self, data: bytes, /, max_length: int = ...) -> bytes: ...


@reader("rds", "rdata")
def r_data(source: Source, file_type: FileType, reading: Reading) -> Iterator[Item]:
    """The tables in an R object or workspace, and a remark where it is more than tables."""
    data, rest = _decompressed(source, reading)
    if rest:
        yield Oddity(part_id=source.part_id, kind=OddityKind.TRAILING_DATA, detail="bytes after the compressed stream", size=rest)
    if data.startswith(_OTHER_WORKSPACE):
        raise Unsupported("an R workspace that is not written as XDR")
    workspace = data.startswith(_WORKSPACE)
    walker = Walker(data, len(_WORKSPACE[0]) if workspace else 0)
    root = walker.read()
    if walker.at < len(data):
        yield Oddity(
            part_id=source.part_id, kind=OddityKind.TRAILING_DATA, detail="bytes after the last object", size=len(data) - walker.at
        )
    named = workspace and root.kind == "pairs"
    objects: list[tuple[str, Node]] = list(zip(root.names, root.values, strict=False)) if named else [("", root)]
    maker = PartMaker(source, reading)
    try:
        yield from maker.items(objects)
    except LimitReached as error:  # what stands beyond the limit may be a model all the same
        yield gap(source.part_id, error)
    runs = bool(_RUNS & walker.kinds)
    if runs or maker.classes or not maker.tables:
        yield Serialized(
            part_id=source.part_id, format=file_type.label, classes=tuple(maker.classes), runs_code=runs, **model_facts(root).said()
        )
    if {"closure", "bytecode"} & walker.kinds:
        yield Unread(part_id=source.part_id, why=UnreadReason.UNSUPPORTED, detail="functions, of which only the constants are read")


def _decompressed(source: Source, reading: Reading) -> tuple[bytes, int]:
    """The bytes of the object, and how many follow a compressed one."""
    head = source.head[:6]
    if head.startswith(_ZSTD):
        raise Unsupported("R data compressed with Zstandard")
    if head.startswith(b"\x1f\x8b"):
        return _inflated(source, reading)
    if head.startswith(b"BZh"):
        return _written_out(source, reading, bz2.BZ2Decompressor())
    if head.startswith((b"\xfd7zXZ\x00", b"\x5d\x00\x00")):
        return _written_out(source, reading, lzma.LZMADecompressor(memlimit=reading.limits.member_bytes))
    return source.read(reading.limits.member_bytes), 0


def _inflated(source: Source, reading: Reading) -> tuple[bytes, int]:
    inflater = zlib.decompressobj(31)
    limit = reading.limits.member_bytes
    pieces: list[bytes] = []
    size = 0
    data = source.read(limit)
    while data and not inflater.eof:
        try:
            piece = inflater.decompress(data, _CHUNK)
        except zlib.error:
            raise Malformed("R data with a damaged gzip stream") from None
        data = inflater.unconsumed_tail
        size = _kept(pieces, piece, size, reading)
    if not inflater.eof:
        raise Malformed("R data with a gzip stream that ends early")
    return b"".join(pieces), len(inflater.unused_data)


def _written_out(source: Source, reading: Reading, decompressor: _Decompressor) -> tuple[bytes, int]:
    pieces: list[bytes] = []
    size = 0
    data = source.read(reading.limits.member_bytes)
    while not decompressor.eof:
        try:
            piece = decompressor.decompress(data, max_length=_CHUNK)
        except (OSError, lzma.LZMAError, EOFError):
            raise Malformed("R data with a damaged compressed stream") from None
        if not piece and not decompressor.eof:
            raise Malformed("R data with a compressed stream that ends early")
        data = b""
        size = _kept(pieces, piece, size, reading)
    return b"".join(pieces), len(decompressor.unused_data)


def _kept(pieces: list[bytes], piece: bytes, size: int, reading: Reading) -> int:
    pieces.append(piece)
    reading.spend(expanded=len(piece))
    size += len(piece)
    if size > reading.limits.member_bytes:
        raise LimitReached("member_bytes", reading.limits.member_bytes, size)
    return size
