"""The header of a 7z archive: packed streams, the folders of coders that unpack them, and the files in each."""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass, field

from sdc_airlock.errors import Malformed

SIGNATURE = b"7z\xbc\xaf\x27\x1c"
START_BYTES = 32
_END, _HEADER, _PROPERTIES, _ADDITIONAL, _MAIN, _FILES = range(6)
_PACK, _UNPACK, _SUBSTREAMS, _SIZE, _CRC, _FOLDER, _UNPACK_SIZE, _COUNT = 6, 7, 8, 9, 10, 11, 12, 13
_EMPTY_STREAM, _EMPTY_FILE, _ANTI, _NAMES, _ATTRIBUTES, _ENCODED, _DUMMY = 14, 15, 16, 17, 21, 23, 25
_TIMES = (18, 19, 20, 24)
_UNIX_ATTRIBUTES = 0x8000
_FOLDER_ATTRIBUTE = 0x10
_MOST_CODERS = 32


@dataclass(frozen=True, slots=True)
class Coder:
    """A method and its settings."""

    method: bytes
    settings: bytes = b""
    inputs: int = 1
    outputs: int = 1


@dataclass(slots=True)
class Folder:
    """Coders that turn packed streams into one row of bytes, which holds one or more files.

    Attributes:
        coders: As listed.
        bound: Input of one coder and output of another that belong together.
        packed: Inputs that read packed streams.
        sizes: Bytes of each output.
        crc: Checksum of the whole, -1 where it is not told.
        pack_at: Number of the first packed stream.
        files: Bytes and checksum of each file; None where they are not told one by one.
    """

    coders: list[Coder]
    bound: list[tuple[int, int]]
    packed: list[int]
    sizes: list[int] = field(default_factory=list)
    crc: int = -1
    pack_at: int = 0
    files: list[tuple[int, int]] | None = None

    @property
    def size(self) -> int:
        """Bytes of the row: the output that nothing reads."""
        taken = {output for _, output in self.bound}
        return next((size for number, size in enumerate(self.sizes) if number not in taken), 0)

    def chain(self) -> list[tuple[Coder, int]] | None:
        """Coders in the order they are applied, each with the bytes it makes; None where streams branch."""
        if any(coder.inputs != 1 or coder.outputs != 1 for coder in self.coders) or len(self.packed) != 1:
            return None
        found: list[tuple[Coder, int]] = []
        place = self.packed[0]
        followers = {output: reader for reader, output in self.bound}
        while 0 <= place < len(self.coders) and len(found) <= len(self.coders):
            found.append((self.coders[place], self.sizes[place] if place < len(self.sizes) else 0))
            if place not in followers:
                return found if len(found) == len(self.coders) else None
            place = followers[place]
        return None


@dataclass(slots=True)
class Streams:
    """Where packed streams begin and how long they are, and the folders that read them."""

    pack_at: int = 0
    pack_sizes: list[int] = field(default_factory=list)
    folders: list[Folder] = field(default_factory=list)


@dataclass(slots=True)
class File:
    """A file or folder by name; `stored` is False where it has no bytes."""

    name: str
    stored: bool = True
    directory: bool = False
    mode: int = 0


@dataclass(slots=True)
class Header:
    """Streams and files of an archive; `asides` are bytes of properties that say nothing of either."""

    streams: Streams = field(default_factory=Streams)
    files: list[File] = field(default_factory=list)
    asides: list[bytes] = field(default_factory=list)
    encoded: Streams | None = None


class _Bytes:
    """Header bytes, read one field after the other."""

    def __init__(self, data: bytes) -> None:
        self.data, self.place = data, 0

    def take(self, size: int) -> bytes:
        if size < 0 or self.place + size > len(self.data):
            raise Malformed("the header ends early")
        self.place += size
        return self.data[self.place - size : self.place]

    def byte(self) -> int:
        return self.take(1)[0]

    def number(self) -> int:
        """A number of one to nine bytes."""
        first = self.byte()
        mask, value = 0x80, 0
        for count in range(8):
            if not first & mask:
                return value | (first & (mask - 1)) << 8 * count
            value |= self.byte() << 8 * count
            mask >>= 1
        return value

    def count(self) -> int:
        """A number of things, of which each takes part of the header."""
        value = self.number()
        if value > len(self.data):
            raise Malformed("the header counts more than it can hold")
        return value

    def bits(self, count: int) -> list[bool]:
        data = self.take((count + 7) // 8)
        return [bool(data[number // 8] & 0x80 >> number % 8) for number in range(count)]

    def digests(self, count: int) -> list[int]:
        told = [True] * count if self.byte() else self.bits(count)
        return [struct.unpack("<I", self.take(4))[0] if each else -1 for each in told]


def parse_start(head: bytes) -> tuple[int, int, int]:
    """Place, length and checksum of the header.

    Raises:
        Malformed: the first 32 bytes are damaged.
    """
    if len(head) < START_BYTES or not head.startswith(SIGNATURE):
        raise Malformed("no 7z signature")
    if zlib.crc32(head[12:32]) != struct.unpack_from("<I", head, 8)[0]:
        raise Malformed("the checksum of the start is wrong")
    offset, size, crc = struct.unpack_from("<QQI", head, 12)
    return START_BYTES + offset, size, crc


def parse_header(data: bytes) -> Header:
    """A header, or in `encoded` the streams that hold it.

    Raises:
        Malformed: it does not follow the format.
    """
    bytes_, header = _Bytes(data), Header()
    kind = bytes_.byte()
    if kind == _ENCODED:
        header.encoded = _streams(bytes_)
        return header
    if kind != _HEADER:
        raise Malformed("a header of an unknown kind")
    while (kind := bytes_.byte()) != _END:
        if kind == _PROPERTIES:
            while bytes_.number():
                header.asides.append(bytes_.take(bytes_.number()))
        elif kind == _ADDITIONAL:
            _streams(bytes_)
        elif kind == _MAIN:
            header.streams = _streams(bytes_)
        elif kind == _FILES:
            _files(bytes_, header)
        else:
            raise Malformed("an unknown part of the header")
    if data[bytes_.place :].strip(b"\0"):
        header.asides.append(data[bytes_.place :])
    return header


def _streams(data: _Bytes) -> Streams:
    found = Streams()
    while (kind := data.byte()) != _END:
        if kind == _PACK:
            _pack_info(data, found)
        elif kind == _UNPACK:
            _unpack_info(data, found)
        elif kind == _SUBSTREAMS:
            _substreams(data, found)
        else:
            raise Malformed("an unknown part of the streams")
    place = 0
    for folder in found.folders:
        folder.pack_at = place
        place += len(folder.packed)
        if folder.files is None:
            folder.files = [(folder.size, folder.crc)]
    return found


def _pack_info(data: _Bytes, found: Streams) -> None:
    found.pack_at, count = data.number(), data.count()
    while (kind := data.byte()) != _END:
        if kind == _SIZE:
            found.pack_sizes = [data.number() for _ in range(count)]
        elif kind == _CRC:
            data.digests(count)
        else:
            raise Malformed("an unknown part of the packed streams")


def _unpack_info(data: _Bytes, found: Streams) -> None:
    if data.byte() != _FOLDER:
        raise Malformed("no folders where they should be")
    count = data.count()
    if data.byte():
        raise Malformed("folders that stand elsewhere")
    found.folders = [_folder(data) for _ in range(count)]
    while (kind := data.byte()) != _END:
        if kind == _UNPACK_SIZE:
            for folder in found.folders:
                folder.sizes = [data.number() for _ in range(sum(coder.outputs for coder in folder.coders))]
        elif kind == _CRC:
            for folder, crc in zip(found.folders, data.digests(count), strict=True):
                folder.crc = crc
        else:
            raise Malformed("an unknown part of the folders")


def _folder(data: _Bytes) -> Folder:
    count = data.count()
    if not 0 < count <= _MOST_CODERS:
        raise Malformed("a folder with too many coders")
    coders = []
    for _ in range(count):
        flags = data.byte()
        method = data.take(flags & 15)
        inputs, outputs = (data.count(), data.count()) if flags & 0x10 else (1, 1)
        settings = data.take(data.number()) if flags & 0x20 else b""
        if inputs > _MOST_CODERS or outputs > _MOST_CODERS or flags & 0xC0:
            raise Malformed("a coder that is not known")
        coders.append(Coder(method, settings, inputs, outputs))
    inputs, outputs = sum(coder.inputs for coder in coders), sum(coder.outputs for coder in coders)
    bound = [(data.number(), data.number()) for _ in range(outputs - 1)]
    wanted = inputs - len(bound)
    if wanted < 1:
        raise Malformed("a folder that reads nothing")
    if wanted == 1:
        taken = {reader for reader, _ in bound}
        packed = [number for number in range(inputs) if number not in taken][:1]
    else:
        packed = [data.number() for _ in range(wanted)]
    return Folder(coders, bound, packed)


def _substreams(data: _Bytes, found: Streams) -> None:
    counts = [1] * len(found.folders)
    sizes: list[list[int]] | None = None
    crcs: list[int] | None = None
    while (kind := data.byte()) != _END:
        if kind == _COUNT:
            counts = [data.count() for _ in found.folders]
        elif kind == _SIZE:
            sizes = _substream_sizes(data, found, counts)
        elif kind == _CRC:
            missing = sum(count for count, folder in zip(counts, found.folders, strict=True) if count != 1 or folder.crc < 0)
            crcs = data.digests(missing)
        else:
            raise Malformed("an unknown part of the files")
    if sizes is None:
        sizes = [[folder.size] * min(count, 1) for count, folder in zip(counts, found.folders, strict=True)]
        if any(count > 1 for count in counts):
            raise Malformed("files without sizes")
    left = list(crcs or [])
    for folder, count, each in zip(found.folders, counts, sizes, strict=True):
        if count == 1 and folder.crc >= 0:
            folder.files = [(each[0], folder.crc)]
        else:
            folder.files = [(size, left.pop(0) if left else -1) for size in each]


def _substream_sizes(data: _Bytes, found: Streams, counts: list[int]) -> list[list[int]]:
    sizes = []
    for folder, count in zip(found.folders, counts, strict=True):
        each = [data.number() for _ in range(count - 1)]
        last = folder.size - sum(each)
        if count and last < 0:
            raise Malformed("files larger than their folder")
        sizes.append([*each, last] if count else [])
    return sizes


def _files(data: _Bytes, header: Header) -> None:
    count = data.count()
    names = [""] * count
    empty = [False] * count
    attributes = [0] * count
    empty_files: list[bool] = []
    while kind := data.number():
        inner = _Bytes(data.take(data.number()))
        if kind == _EMPTY_STREAM:
            empty = inner.bits(count)
        elif kind == _EMPTY_FILE:
            empty_files = inner.bits(sum(empty))
        elif kind == _NAMES and not inner.byte():
            names = _names(inner.data[1:], count)
        elif kind == _ATTRIBUTES:
            told = [True] * count if inner.byte() else inner.bits(count)
            if not inner.byte():
                attributes = [struct.unpack("<I", inner.take(4))[0] if each else 0 for each in told]
        elif kind == _DUMMY:
            if inner.data.strip(b"\0"):
                header.asides.append(inner.data)
        elif kind not in (*_TIMES, _ANTI):
            header.asides.append(inner.data)
    blank = iter(empty_files)
    for name, nothing, attribute in zip(names, empty, attributes, strict=True):
        directory = (nothing and not next(blank, False)) or bool(attribute & _FOLDER_ATTRIBUTE)
        mode = attribute >> 16 if attribute & _UNIX_ATTRIBUTES else 0
        header.files.append(File(name, stored=not nothing, directory=directory, mode=mode))


def _names(data: bytes, count: int) -> list[str]:
    names = data.decode("utf-16-le", "surrogatepass").split("\0")
    if len(names) < count:
        raise Malformed("fewer names than files")
    return [name.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace") for name in names[:count]]
