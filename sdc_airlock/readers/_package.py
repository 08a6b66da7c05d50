"""A document that is a zip of parts (OOXML, OpenDocument, EPUB), with every byte of the zip accounted for."""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import BinaryIO

from sdc_airlock.errors import Encrypted, LimitReached, Malformed, ReadError
from sdc_airlock.intake.names import safe_name
from sdc_airlock.model.content import Oddity, OddityKind, TextRole
from sdc_airlock.readers import Item, Reading, gap
from sdc_airlock.readers._asides import aside_items
from sdc_airlock.readers._attributes import markup_told
from sdc_airlock.readers._members import unaccounted
from sdc_airlock.readers._xml import asides, decoded, root_name
from sdc_airlock.readers._ziplayout import Layout, lay_out
from sdc_airlock.readers.text import text_parts
from sdc_airlock.source import Source

CHUNK = 65_536
_ROOT_BYTES = 16_384
_NAME_LENGTH = 120
_ORDINARY_NAME = re.compile(
    r"[\[(]?[A-Za-z_][A-Za-z_ .-]{0,60}[\])]?-?\d{0,4}(?:\.[A-Za-z]{2,5}\d?){0,2}|\.rels|[0-9A-Fa-f-]{16,40}\.[a-z]{3,4}"
)
_LOCAL_BYTES = 30
_LONGEST_EXTRA = 36
_BEHIND, _BETWEEN = "bytes after the end of the zip", "bytes between members that belong to none"


def shown(name: str) -> str:
    """A name out of a file, safe to print: control and direction characters escaped, long names cut."""
    return safe_name(name[:_NAME_LENGTH]) + ("..." if len(name) > _NAME_LENGTH else "")


@dataclass
class Package:
    """An open package.

    Attributes:
        source: Where it came from.
        reading: The budget.
        archive: The open zip.
        members: Every member that is no folder; two may carry one name.
        done: Names of the members that have been read.
        numbers: How many parts of each sort were named so far ("chart" -> 2).
    """

    source: Source
    reading: Reading
    archive: zipfile.ZipFile
    members: list[zipfile.ZipInfo]
    size: int
    done: set[str] = field(default_factory=set)
    numbers: dict[str, int] = field(default_factory=dict)

    def open(self) -> BinaryIO:
        """The zip from its first byte, as a stream that can be sought."""
        stream = self.source.opener()
        if self.source.size is not None and stream.seekable():
            return stream
        stream.close()
        return io.BytesIO(self.source.read(self.reading.limits.member_bytes))

    def address(self, place: str) -> str:
        """Address of a place in this document."""
        return f"{self.source.part_id}!{place}"

    def number(self, sort: str) -> str:
        """Address of the next part of a sort ("chart1", "chart2")."""
        self.numbers[sort] = self.numbers.get(sort, 0) + 1
        return self.address(f"{sort}{self.numbers[sort]}")

    def stream(self, info: zipfile.ZipInfo) -> Iterator[bytes]:
        """Bytes of a member, counted while they come.

        Raises:
            Encrypted, Malformed: the member cannot be decoded.
            LimitReached: more than `member_bytes`, or the budget of the output.
        """
        limits = self.reading.limits
        if info.flag_bits & 0x1:
            raise Encrypted("member is encrypted")
        seen = 0
        try:
            with self.archive.open(info) as stream:
                while chunk := stream.read(CHUNK):
                    seen += len(chunk)
                    self.reading.spend(expanded=len(chunk))
                    if seen > limits.member_bytes:
                        raise LimitReached("member_bytes", limits.member_bytes, max(seen, info.file_size))
                    if seen > limits.ratio_floor_bytes and seen > limits.ratio * max(1, info.compress_size):
                        raise LimitReached("ratio", limits.ratio, seen / max(1, info.compress_size))
                    yield chunk
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, struct.error) as error:
            raise Malformed(f"member cannot be decoded ({type(error).__name__})") from None

    def read(self, info: zipfile.ZipInfo) -> bytes:
        """A member whole. Raises as `stream` does."""
        data = b"".join(self.stream(info))
        self.done.add(info.filename)
        return data

    def root(self, info: zipfile.ZipInfo) -> str:
        """Local name of a member's root element, "" where it is no XML.

        Raises:
            Encrypted, Malformed, LimitReached: the member cannot be decoded.
        """
        head = b""
        for chunk in self.stream(info):
            head += chunk
            name = root_name(head)
            if (
                name
                or len(head) > 16 * CHUNK
                or (len(head) >= _ROOT_BYTES and not head.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n\x00").startswith(b"<"))
            ):
                return name
        return root_name(head)

    def child(self, data: bytes, place: str, name: str) -> Source:
        """The bytes of a member, to be read as a file of their own."""
        return Source.of_bytes(data, part_id=place, name=name.rpartition("/")[2], depth=self.source.depth + 1)

    def texts(self, part_id: str, text: str, role: TextRole, *, hidden: bool = False, language: str = "") -> Iterator[Item]:
        """Some text of the document, searched for tables and encoded data like any other text."""
        read = aside_items if role in (TextRole.METADATA, TextRole.COMMENT) else text_parts
        yield from read(part_id, text, role, reading=self.reading, depth=self.source.depth, hidden=hidden, language=language)

    def asides(self, data: bytes, place: str) -> Iterator[Item]:
        """What no application shows of a part: XML comments, and records that are kept in the attributes of names, styles, fonts, formats and types."""
        if text := asides(data):
            yield from self.texts(place, text, TextRole.COMMENT, hidden=True)
        yield from markup_told(decoded(data)).grids(place, hidden=True)


@contextmanager
def open_package(source: Source, reading: Reading) -> Iterator[Package]:
    """Open a zip of parts.

    Raises:
        Malformed: not a zip that can be read.
        LimitReached: too many members.
    """
    stream: BinaryIO = source.opener()
    if source.size is None or not stream.seekable():
        stream.close()
        stream = io.BytesIO(source.read(reading.limits.member_bytes))
    with stream:
        size = stream.seek(0, io.SEEK_END)
        stream.seek(0)
        try:
            archive = zipfile.ZipFile(stream)
        except (zipfile.BadZipFile, struct.error, NotImplementedError, ValueError, OSError) as error:
            raise Malformed(f"not a readable zip ({type(error).__name__})") from None
        with archive:
            members = [info for info in archive.infolist() if not info.is_dir() or info.file_size]
            reading.spend(members=len(members))
            yield Package(source=source, reading=reading, archive=archive, members=members, size=size)


def account(package: Package) -> Iterator[Item]:
    """Bytes of the zip that belong to no member, names met twice or made up to carry data, and what headers and comments say besides."""
    place = package.source.part_id
    names = [info.filename for info in package.archive.infolist()]
    if extra := len(names) - len(set(names)):
        yield Oddity(part_id=place, kind=OddityKind.DUPLICATE_MEMBER, detail="several members carry one name", size=extra)
    if odd := [
        name
        for name in dict.fromkeys(names)
        if not _ORDINARY_NAME.fullmatch(name.rpartition("/")[2] or name.rstrip("/").rpartition("/")[2])
    ]:
        yield from package.texts(
            package.address("member names"),
            "\n".join(safe_name(name.rstrip("/").rpartition("/")[2]) for name in odd),
            TextRole.METADATA,
            hidden=True,
        )
    with package.open() as stream:
        try:
            layout = lay_out(stream, package.size, package.reading.limits, package.reading.spend)
        except ReadError as error:
            yield gap(place, error)
            return
        except (struct.error, OSError, ValueError, IndexError):
            yield gap(place, Malformed("zip headers cannot be followed"))
            return
        yield from _comments(package, layout, stream)
    for words in dict.fromkeys(layout.damage):
        yield Oddity(part_id=place, kind=OddityKind.DAMAGED, detail=words)
    for start, length in layout.gaps:
        leading = start < min((member.header_at for member in layout.members), default=0)
        kind = OddityKind.LEADING_DATA if leading else OddityKind.TRAILING_DATA
        words = "bytes before the first member" if leading else _BEHIND if start > layout.directory_at else _BETWEEN
        yield from unaccounted(package.source, start, length, kind, words, package.reading)


def _comments(package: Package, layout: Layout, stream: BinaryIO) -> Iterator[Item]:
    """Comments of the zip and of its members, and extra fields that say more than times and owners."""
    comments = [layout.comment, *(member.comment for member in layout.members)]
    extras = [info.extra for info in package.archive.infolist()]
    for member in layout.members:
        stream.seek(member.header_at)
        header = stream.read(member.data_at - member.header_at)
        if len(header) >= _LOCAL_BYTES:
            extras.append(header[_LOCAL_BYTES + int.from_bytes(header[26:28], "little") :])
    extras = list(dict.fromkeys(piece for extra in extras for piece in _needless(extra)))
    for words, pieces in (("zip comment", comments), ("extra fields", extras)):
        if text := "\n".join(piece.decode("utf-8", "replace") for piece in pieces if piece):
            yield from package.texts(package.address(words), text, TextRole.METADATA, hidden=True)
            size = sum(map(len, pieces))
            yield Oddity(part_id=package.source.part_id, kind=OddityKind.METADATA, detail=f"the zip carries {words}", size=size)


def _needless(extra: bytes) -> Iterator[bytes]:
    """Extra fields of a zip header that hold more than times, owners and sizes need."""
    place = 0
    while place + 4 <= len(extra):
        length = int.from_bytes(extra[place + 2 : place + 4], "little")
        data = extra[place + 4 : place + 4 + length].strip(b"\x00")
        place += 4 + length
        if len(data) > _LONGEST_EXTRA:
            yield data
    if rest := extra[place:].strip(b"\x00"):
        yield rest


def read_safely(package: Package, info: zipfile.ZipInfo) -> bytes | ReadError:
    """A member whole, or what stood in the way."""
    try:
        return package.read(info)
    except ReadError as error:
        return error
