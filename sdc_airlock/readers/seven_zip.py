"""7z archives: solid blocks are decoded as they pass by, members read as they come; what is encrypted or not known is named."""

from __future__ import annotations

import io
import lzma
import stat
import struct
import zlib
from collections.abc import Callable, Iterator
from typing import BinaryIO, cast

from sdc_airlock.errors import Encrypted, LimitReached, Malformed, ReadError, Unsupported
from sdc_airlock.model.content import Container, Oddity, OddityKind, Unread, UnreadReason
from sdc_airlock.model.filetype import FileType
from sdc_airlock.readers import Item, Reading, gap, reader
from sdc_airlock.readers._members import HELD_BYTES, Names, last_name, metadata_bytes, odd_name, settled, unaccounted
from sdc_airlock.readers._names import name_items
from sdc_airlock.readers._sevenheader import START_BYTES, Coder, File, Folder, Header, Streams, parse_header, parse_start
from sdc_airlock.readers._streams import BZIP2, DEFLATE, STORED, Decoder, Meter, Method, opened
from sdc_airlock.readers._windows import Front, window
from sdc_airlock.source import Source

_AES = b"\x06\xf1\x07\x01"
_PLAIN = {b"\0": STORED, b"\x04\x01\x08": DEFLATE, b"\x04\x02\x02": BZIP2}
_LZMA, _LZMA2, _DELTA = b"\x03\x01\x01", b"\x21", b"\x03"
_BRANCHES = {
    b"\x04": lzma.FILTER_X86, b"\x03\x03\x01\x03": lzma.FILTER_X86, b"\x05": lzma.FILTER_POWERPC, b"\x03\x03\x02\x05": lzma.FILTER_POWERPC,
    b"\x06": lzma.FILTER_IA64, b"\x03\x03\x04\x01": lzma.FILTER_IA64, b"\x07": lzma.FILTER_ARM, b"\x03\x03\x05\x01": lzma.FILTER_ARM,
    b"\x08": lzma.FILTER_ARMTHUMB, b"\x03\x03\x07\x01": lzma.FILTER_ARMTHUMB, b"\x09": lzma.FILTER_SPARC, b"\x03\x03\x08\x05": lzma.FILTER_SPARC,
}  # fmt: skip
_WORDS = {
    b"\x03\x04\x01": "PPMd",
    b"\x04\x01\x09": "Deflate64",
    b"\x03\x03\x01\x1b": "BCJ2",
    b"\x04\xf7\x11\x01": "Zstandard",
    b"\x0a": "ARM64",
}
_LARGEST_DICTIONARY = 256 << 20
_MOST_HEADERS = 4
_CHUNK = 1 << 16


class Filtered:
    """A filter of liblzma over plain bytes: they are handed to it as stored chunks of LZMA2, so that it knows where they end."""

    unused_data = b""

    def __init__(self, settings: dict[str, int]) -> None:
        chain = [settings, {"id": lzma.FILTER_LZMA2, "dict_size": _CHUNK}]
        self._inner = lzma.LZMADecompressor(format=lzma.FORMAT_RAW, filters=chain)
        self._control = 1
        self._ended = False

    @property
    def eof(self) -> bool:
        """Always False: the bytes end where the stream beneath does."""
        return False

    @property
    def needs_input(self) -> bool:
        """True where nothing more comes out without new bytes."""
        return self._inner.needs_input or self._inner.eof

    def decompress(self, data: bytes, max_length: int = -1) -> bytes:
        """Filter some bytes; none at all are the end."""
        if self._inner.eof:
            return b""
        made = bytearray()
        for place in range(0, len(data), _CHUNK):
            piece = data[place : place + _CHUNK]
            made += struct.pack(">BH", self._control, len(piece) - 1) + piece
            self._control = 2
        if not data and self._inner.needs_input and not self._ended:
            self._ended = True
            made += b"\0"
        return self._inner.decompress(bytes(made), max_length)


def _method(coder: Coder, size: int) -> Method:
    """How a coder is undone.

    Raises:
        Encrypted, Unsupported: it cannot be.
        LimitReached: it wants more memory than it may have.
    """
    method, settings = coder.method, coder.settings
    if method == _AES:
        raise Encrypted("an encrypted block of members")
    if method in _PLAIN:
        return _PLAIN[method]
    if method in _BRANCHES:
        branch: dict[str, int] = {"id": _BRANCHES[method]}
        if len(settings) == 4:
            branch["start_offset"] = struct.unpack("<I", settings)[0]
        return Method("branch filter", lambda: Filtered(branch), ends=False)
    if method == _DELTA:
        distance = {"id": lzma.FILTER_DELTA, "dist": (settings[0] if settings else 0) + 1}
        return Method("delta filter", lambda: Filtered(distance), ends=False)
    if method in (_LZMA, _LZMA2):
        chain = [_lzma(settings, size) if method == _LZMA else _lzma2(settings, size)]
        return Method("LZMA", lambda: _raw(chain), ends=False)
    raise Unsupported(f"compression method {_WORDS.get(method, method.hex())}")


def _raw(chain: list[dict[str, int]]) -> Decoder:
    return lzma.LZMADecompressor(format=lzma.FORMAT_RAW, filters=chain)


def _lzma(settings: bytes, size: int) -> dict[str, int]:
    if len(settings) < 5 or settings[0] >= 225:
        raise Malformed("settings of LZMA that are damaged")
    rest, lc = divmod(settings[0], 9)
    pb, lp = divmod(rest, 5)
    return {"id": lzma.FILTER_LZMA1, "lc": lc, "lp": lp, "pb": pb, "dict_size": _dictionary(struct.unpack_from("<I", settings, 1)[0], size)}


def _lzma2(settings: bytes, size: int) -> dict[str, int]:
    if len(settings) != 1 or settings[0] > 40:
        raise Malformed("settings of LZMA2 that are damaged")
    wanted = 0xFFFFFFFF if settings[0] == 40 else (2 | settings[0] & 1) << settings[0] // 2 + 11
    return {"id": lzma.FILTER_LZMA2, "dict_size": _dictionary(wanted, size)}


def _dictionary(wanted: int, size: int) -> int:
    """The dictionary that is needed: never more than what is written out."""
    needed = max(4096, min(wanted, size))
    if needed > _LARGEST_DICTIONARY:
        raise LimitReached("dictionary_bytes", _LARGEST_DICTIONARY, needed)
    return needed


@reader("7z")
def seven_zip(source: Source, _: FileType, reading: Reading) -> Iterator[Item]:
    """A 7z archive: its members, and every byte that belongs to none."""
    source = settled(source, reading)
    size, before = source.size or 0, reading.expanded
    header, spans = _header(source, reading)
    yield from _members(source, header, reading)
    yield from name_items(source.part_id, [file.name for file in header.files], reading, depth=source.depth)
    for number, aside in enumerate(header.asides, start=1):
        yield from metadata_bytes(f"{source.part_id}!header{number}", aside)
    place = header.streams.pack_at + START_BYTES
    for length in header.streams.pack_sizes:
        spans.append((place, place + length))
        place += length
    yield from _between(source, spans, size, reading)
    yield Container(
        part_id=source.part_id, format="7z", members=len(header.files), stored_bytes=size, expanded_bytes=reading.expanded - before
    )


def _between(source: Source, spans: list[tuple[int, int]], size: int, reading: Reading) -> Iterator[Item]:
    """Bytes that neither headers nor packed streams take."""
    place = 0
    for start, end in [*sorted(spans), (size, size)]:
        if start > place:
            kind = OddityKind.TRAILING_DATA
            words = "bytes after the end" if start == size and end == size else "bytes between members"
            yield from unaccounted(source, place, start - place, kind, words, reading)
        place = max(place, end)


def _header(source: Source, reading: Reading) -> tuple[Header, list[tuple[int, int]]]:
    """The header, decoded as often as it is encoded, and the bytes that it takes."""
    place, length, crc = parse_start(source.head[:START_BYTES])
    spans = [(0, START_BYTES), (place, place + length)]
    if not length:
        return Header(), spans
    if length > reading.limits.member_bytes:
        raise LimitReached("member_bytes", reading.limits.member_bytes, length)
    with window(source, place, length) as stream:
        data = stream.read(length)
    for _ in range(_MOST_HEADERS):
        if len(data) != length or zlib.crc32(data) != crc & 0xFFFFFFFF:
            raise Malformed("the header is cut off or its checksum is wrong")
        header = parse_header(data)
        if header.encoded is None:
            return header, spans
        streams = header.encoded
        if not streams.folders:
            raise Malformed("a header that is nowhere")
        folder = streams.folders[0]
        length = folder.size
        if length > reading.limits.member_bytes:
            raise LimitReached("member_bytes", reading.limits.member_bytes, length)
        start = START_BYTES + streams.pack_at
        spans.append((start, start + sum(streams.pack_sizes)))
        with _open(source, streams, folder, Meter(reading))() as stream:
            data = stream.read(length)
        crc = folder.crc if folder.crc >= 0 else zlib.crc32(data)
    raise Malformed("a header inside headers")


def _open(source: Source, streams: Streams, folder: Folder, meter: Meter) -> Callable[[], BinaryIO]:
    """Starts decoding a folder from its first byte.

    Raises:
        Encrypted, Unsupported, LimitReached, Malformed: it cannot be decoded.
    """
    if any(coder.method == _AES for coder in folder.coders):
        raise Encrypted("an encrypted block of members")
    chain = folder.chain()
    if chain is None:
        words = next((_WORDS[coder.method] for coder in folder.coders if coder.method in _WORDS), "several streams")
        raise Unsupported(f"compression method {words}")
    if folder.pack_at >= len(streams.pack_sizes):
        raise Malformed("a block of members that is nowhere")
    start = START_BYTES + streams.pack_at + sum(streams.pack_sizes[: folder.pack_at])
    size = streams.pack_sizes[folder.pack_at]
    methods = [_method(coder, made) for coder, made in chain]
    meter.stored = meter.stored or max(1, size)

    def start_again() -> BinaryIO:
        stream = window(source, start, size)
        for number, method in enumerate(methods, start=1):
            stream = opened(stream, method, meter if number == len(methods) else Meter(_Uncounted(meter.reading)))
        return stream

    return start_again


class _Uncounted(Reading):
    """Counts nothing: bytes between two coders are counted when they come out of the last."""

    def __init__(self, reading: Reading) -> None:
        super().__init__(limits=reading.limits, deadline=reading.deadline)


def _members(source: Source, header: Header, reading: Reading) -> Iterator[Item]:
    names = Names(source.part_id)
    stored = iter([file for file in header.files if file.stored])
    for file in header.files:
        if not file.stored and not file.directory:
            reading.spend(members=1)
            part_id, again = names.address(file.name)
            yield from _about(part_id, file, again=again)
    for folder in header.streams.folders:
        files = [next(stored, File("")) for _ in folder.files or ()]
        meter = Meter(reading)
        try:
            opener = _open(source, header.streams, folder, meter)
        except ReadError as error:
            if isinstance(error, Encrypted):
                yield Oddity(part_id=source.part_id, kind=OddityKind.ENCRYPTED, detail="an encrypted block of members")
            for file in files:
                reading.spend(members=1)
                part_id, again = names.address(file.name)
                yield from _about(part_id, file, again=again)
                yield gap(part_id, error)
            continue
        yield from _block(source, (folder, files), opener, meter, names, reading)
    for file in stored:
        yield gap(names.address(file.name)[0], Malformed("a member without bytes"))


def _about(part_id: str, file: File, *, again: bool) -> Iterator[Item]:
    yield from odd_name(part_id, file.name)
    if again:
        yield Oddity(part_id=part_id, kind=OddityKind.DUPLICATE_MEMBER, detail="another member has the same name")
    if stat.S_ISLNK(file.mode):
        yield Oddity(part_id=part_id, kind=OddityKind.SPECIAL_MEMBER, detail="a symbolic link")


def _block(
    source: Source, block: tuple[Folder, list[File]], opener: Callable[[], BinaryIO], meter: Meter, names: Names, reading: Reading
) -> Iterator[Item]:
    """The members of one block, in the order they come out of it."""
    folder, files = block
    place = 0
    with opener() as stream:
        for file, (size, crc) in zip(files, folder.files or (), strict=True):
            reading.spend(members=1)
            part_id, again = names.address(file.name)
            yield from _about(part_id, file, again=again)
            start, place = place, place + size
            child, found, checksum = _member(stream, part_id, file, (start, size), opener, source.depth + 1)
            yield from reading.descend(child)
            words = meter.damage or ("it ends early" if found < size else "")
            if not words and 0 <= crc != checksum:
                words = "its checksum is wrong"
            if words:
                yield Oddity(part_id=part_id, kind=OddityKind.DAMAGED, detail=words)
                yield Unread(part_id=part_id, why=UnreadReason.MALFORMED, detail=words)
        if place < folder.size and stream.read(1):
            yield gap(source.part_id, Malformed("a block holds more than its members"))


def _member(
    stream: BinaryIO, part_id: str, file: File, span: tuple[int, int], opener: Callable[[], BinaryIO], depth: int
) -> tuple[Source, int, int]:
    """The member that comes next, how many bytes it has, and their checksum: a small one is held, a large one decoded again when read."""
    start, size = span
    found = checksum = 0
    held = b"" if size > HELD_BYTES else None
    chunks = []
    while found < size and (chunk := stream.read(min(_CHUNK, size - found))):
        found += len(chunk)
        checksum = zlib.crc32(chunk, checksum)
        if held is None:
            chunks.append(chunk)
    name = last_name(file.name)
    if held is None:
        return Source.of_bytes(b"".join(chunks), part_id=part_id, name=name, depth=depth), found, checksum
    return Source(part_id=part_id, name=name, opener=lambda: _later(opener, start, size), size=size, depth=depth), found, checksum


def _later(opener: Callable[[], BinaryIO], start: int, size: int) -> BinaryIO:
    stream = opener()
    while start and (skipped := stream.read(min(start, 1 << 20))):
        start -= len(skipped)
    return cast("BinaryIO", io.BufferedReader(Front(stream, size), _CHUNK))
