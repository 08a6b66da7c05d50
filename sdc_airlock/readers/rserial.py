"""R data: single objects (RDS) and workspaces (RData). Walked and never loaded by R."""

from __future__ import annotations

import bz2
import io
import lzma
import zlib
from collections.abc import Iterator
from typing import Any, Protocol

from sdc_airlock.errors import LimitReached, Malformed, Unsupported
from sdc_airlock.model.content import Oddity, OddityKind, Serialized, Unread, UnreadReason
from sdc_airlock.model.filetype import FileType
from sdc_airlock.readers import Item, Reading, gap, reader
from sdc_airlock.readers._rascii import AsciiWalker, walker_of
from sdc_airlock.readers._rmodel import model_facts
from sdc_airlock.readers._rparts import PartMaker
from sdc_airlock.readers._rwalk import Node
from sdc_airlock.source import Source

_CHUNK = 1 << 20
_ZSTD = b"\x28\xb5\x2f\xfd"
_WORKSPACE = (b"RDX2\n", b"RDX3\n")
_WORKSPACES = (*_WORKSPACE, b"RDA2\n", b"RDA3\n", b"RDB2\n", b"RDB3\n")
_MOST_OBJECTS = 100_000
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
    workspace = data.startswith(_WORKSPACES)
    walker = walker_of(data, len(_WORKSPACE[0]) if workspace else 0)
    root = walker.read()
    left = len(data[walker.at :].strip() if isinstance(walker, AsciiWalker) else data[walker.at :])
    if left:
        yield Oddity(part_id=source.part_id, kind=OddityKind.TRAILING_DATA, detail="bytes after the last object", size=left)
    named = workspace and root.kind == "pairs"
    objects: list[tuple[str, Node]] = list(zip(root.names, root.values, strict=False)) if named else [("", root)]
    yield from _objects(source, file_type, root, objects, walker.kinds, reading)


def _objects(
    source: Source, file_type: FileType, root: Node, objects: list[tuple[str, Node]], kinds: set[str], reading: Reading
) -> Iterator[Item]:
    """The parts of objects, and what they are beside data."""
    maker = PartMaker(source, reading)
    try:
        yield from maker.items(objects)
    except LimitReached as error:  # what stands beyond the limit may be a model all the same
        yield gap(source.part_id, error)
    runs = bool(_RUNS & kinds)
    if runs or maker.classes or not maker.tables:
        yield Serialized(
            part_id=source.part_id, format=file_type.label, classes=tuple(maker.classes), runs_code=runs, **model_facts(root).said()
        )
    if {"closure", "bytecode"} & kinds:
        yield Unread(part_id=source.part_id, why=UnreadReason.UNSUPPORTED, detail="functions, of which only the constants are read")


@reader("rdb")
def r_lazy(source: Source, file_type: FileType, reading: Reading) -> Iterator[Item]:
    """The objects of a package or a cache that are loaded when they are first used; their names stand in another file."""
    data = source.read(reading.limits.member_bytes)
    objects: list[tuple[str, Node]] = []
    kinds: set[str] = set()
    at = 0
    while at < len(data):
        body, at = _lazy_body(data, at, reading)
        walker = walker_of(body)
        objects.append((str(len(objects) + 1), walker.read()))
        kinds |= walker.kinds
        if len(objects) > _MOST_OBJECTS:
            raise LimitReached("members", _MOST_OBJECTS, len(objects))
    root = Node("list", [node for _, node in objects])
    yield from _objects(source, file_type, root, objects, kinds, reading)


def _lazy_body(data: bytes, at: int, reading: Reading) -> tuple[bytes, int]:
    """The bytes of an object, and where the next one begins.

    Raises:
        Malformed: it is damaged. Unsupported: compressed in another way. LimitReached: it is too large.
    """
    size = int.from_bytes(data[at : at + 4], "big")
    limit = reading.limits.member_bytes
    if size > limit:
        raise LimitReached("member_bytes", limit, size)
    kind = data[at + 4 : at + 5]
    if kind == b"x":
        inflater: Any = zlib.decompressobj()
        start = at + 4
    elif kind == b"2":
        inflater, start = bz2.BZ2Decompressor(), at + 5
    else:
        raise Unsupported("objects of R that are compressed in a way that is not known")
    try:
        body = inflater.decompress(data[start:], size + 1)
    except (zlib.error, OSError):
        raise Malformed("R data with a damaged stream") from None
    reading.spend(expanded=len(body), members=1)
    if len(body) != size:
        raise Malformed("R data of another length than they say")
    if kind == b"x" and not inflater.eof and inflater.decompress(inflater.unconsumed_tail, 1):
        raise Malformed("R data of another length than they say")
    if not inflater.eof:
        raise Malformed("R data with a stream that ends early")
    return body, len(data) - len(inflater.unused_data)


def _decompressed(source: Source, reading: Reading) -> tuple[bytes, int]:
    """The bytes of the object, and how many follow a compressed one."""
    head = source.head[:6]
    if head.startswith(_ZSTD):
        return _zstandard(source, reading), 0
    if head.startswith(b"\x1f\x8b"):
        return _inflated(source, reading)
    if head.startswith(b"BZh"):
        return _written_out(source, reading, bz2.BZ2Decompressor())
    if head.startswith((b"\xfd7zXZ\x00", b"\x5d\x00\x00")):
        return _written_out(source, reading, lzma.LZMADecompressor(memlimit=reading.limits.member_bytes))
    return source.read(reading.limits.member_bytes), 0


def _zstandard(source: Source, reading: Reading) -> bytes:
    import pyarrow as pa

    pieces: list[bytes] = []
    size = 0
    try:
        with pa.input_stream(io.BytesIO(source.read(reading.limits.member_bytes)), compression="zstd") as stream:
            while piece := stream.read(_CHUNK):
                size = _kept(pieces, bytes(piece), size, reading)
    except (pa.ArrowException, OSError):
        raise Malformed("R data with a damaged compressed stream") from None
    return b"".join(pieces)


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
