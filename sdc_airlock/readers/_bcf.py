"""BCF 1 and 2 written out as the lines of the VCF that they stand for, so that one reader judges both.

Values of single samples are not decoded: each sample shows `.` under the names of its fields. That a record has as many samples as
the header, and no bytes that nobody declared, is held to.

Source: The Variant Call Format Specification v4.3, section 6 "BCF specification" (2024); samtools 0.1.19, `bcftools/bcf.h` for BCF 1.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import islice
from typing import BinaryIO, cast

from sdc_airlock.errors import Malformed, ReadError
from sdc_airlock.readers import Reading
from sdc_airlock.readers._genomic import SITE_FIELDS
from sdc_airlock.readers._made import MadeStream
from sdc_airlock.readers._packed import Packed, packed
from sdc_airlock.source import HEAD_BYTES, Source

_DECLARED = re.compile(rb"^##(FILTER|INFO|FORMAT|contig)=<(.*)>\s*$")
_NAME = re.compile(rb"(?:^|,)ID=([^,>]*)")
_PLACE = re.compile(rb"(?:^|,)IDX=(\d{1,7})(?=,|$)")
_SHARED = struct.Struct("<iiifHHI")
_LONG, _MISSING, _FLOAT, _TEXT = 15, 0, 5, 7
_WHOLE = {1: "b", 2: "h", 3: "i"}
_WIDTH = {1: 1, 2: 2, 3: 4, 5: 4, 7: 1}
_LEAST = {1: -(1 << 7), 2: -(1 << 15), 3: -(1 << 31)}
_NO_FLOAT, _END_OF_FLOATS = 0x7F800001, 0x7F800002
_RESERVED = 8
_TO_BLANK = bytes.maketrans(b"\t\n\r\0", b"    ")
_BLOCK_LINES = 500
_LONG_LINE = 1 << 16


@dataclass
class _Cells:
    """Typed values of a block, one after the other."""

    data: bytes
    place: int = 0

    def _take(self, size: int) -> bytes:
        piece = self.data[self.place : self.place + size]
        if len(piece) < size:
            raise Malformed("a record ends inside a value")
        self.place += size
        return piece

    def kind(self) -> tuple[int, int]:
        """Type and number of the values that follow."""
        mark = self._take(1)[0]
        kind, count = mark & 15, mark >> 4
        if count == _LONG:
            count = self.whole()
        if kind and kind not in _WIDTH:
            raise Malformed("a value of a type that there is not")
        return kind, count

    def whole(self) -> int:
        """One whole number, as keys and lengths are."""
        kind, count = self.kind()
        if count != 1 or kind not in _WHOLE:
            raise Malformed("a number was expected")
        number = int.from_bytes(self._take(_WIDTH[kind]), "little", signed=True)
        if number < 0:
            raise Malformed("a number below nought where there is none")
        return number

    def whole_numbers(self) -> list[int]:
        """Whole numbers; missing ones are left out."""
        kind, count = self.kind()
        if kind == _MISSING:
            return []
        if kind not in _WHOLE:
            raise Malformed("numbers were expected")
        numbers = struct.unpack(f"<{count}{_WHOLE[kind]}", self._take(count * _WIDTH[kind]))
        return [number for number in numbers if number >= _LEAST[kind] + _RESERVED]

    def value(self) -> bytes:
        """Values as a VCF writes them: parted by commas, `.` where one is missing, b"" for none at all."""
        kind, count = self.kind()
        if kind == _MISSING or not count:
            return b""
        raw = self._take(count * _WIDTH[kind])
        if kind == _TEXT:
            return raw.rstrip(b"\0").translate(_TO_BLANK)
        if kind == _FLOAT:
            return _floats(raw, count)
        numbers = struct.unpack(f"<{count}{_WHOLE[kind]}", raw)
        least = _LEAST[kind]
        return b",".join(b"." if number == least else b"%d" % number for number in numbers if number != least + 1)

    def skip(self, times: int) -> None:
        """Go past the values of so many samples."""
        kind, count = self.kind()
        self._take(times * count * _WIDTH[kind] if kind else 0)

    def rest(self) -> int:
        """Bytes that are left."""
        return len(self.data) - self.place


def _float(bits: int) -> bytes:
    return b"." if bits == _NO_FLOAT else _decimal(bits)


@lru_cache(maxsize=4096)
def _decimal(bits: int) -> bytes:
    return f"{struct.unpack('<f', struct.pack('<I', bits))[0]:.6g}".encode()


def _floats(raw: bytes, count: int) -> bytes:
    return b",".join(_float(bits) for bits in struct.unpack(f"<{count}I", raw) if bits != _END_OF_FLOATS)


@dataclass
class _Names:
    """The dictionaries of a header: of fields and filters, and of sequences."""

    words: dict[int, bytes] = field(default_factory=lambda: {0: b"PASS"})
    contigs: dict[int, bytes] = field(default_factory=dict)
    samples: int = 0

    def word(self, place: int) -> bytes:
        """Name of a field or filter.

        Raises:
            Malformed: the header has none at this place.
        """
        if place not in self.words:
            raise Malformed("a record names a field that its header does not declare")
        return self.words[place]


def _names(lines: list[bytes]) -> _Names:
    found = _Names()
    known = {b"PASS"}
    for line in lines:
        if not (match := _DECLARED.match(line)) or not (name := _NAME.search(match[2])):
            continue
        into = found.contigs if match[1] == b"contig" else found.words
        given = _PLACE.search(match[2])
        if given:
            into.setdefault(int(given[1]), name[1])
        elif match[1] == b"contig":
            into.setdefault(len(into), name[1])
        elif name[1] not in known:
            into.setdefault(max(into) + 1, name[1])
        known.add(name[1])
    columns = lines[-1].split(b"\t") if lines and lines[-1].startswith(b"#CHROM") else []
    found.samples = max(len(columns) - len(SITE_FIELDS) - 1, 0)
    return found


class VcfOfBcf(MadeStream):
    """The lines of a VCF, made of a BCF a few at a time.

    Raises:
        Malformed: (while it is read) the BCF does not follow its format, or holds bytes that nobody declared.
        LimitReached: (while it is read) a record or the header is longer than `text_bytes`.
    """

    def __init__(self, source: Source, reading: Reading) -> None:
        self._packed = packed(source, reading)
        super().__init__(self._packed.stream)
        self._lines = self._all()
        self._broken: ReadError | None = None

    @property
    def taken(self) -> int:
        """Bytes of the file that were read so far, 0 where it is not compressed."""
        return self._packed.watched.taken if self._packed.watched is not None else 0

    def _more(self) -> bytes:
        made: list[bytes] = []
        try:
            for line in islice(self._lines, _BLOCK_LINES):
                made.append(line)
                if len(line) > _LONG_LINE:
                    break
        except ReadError as error:
            self._broken = error
        if not made and self._broken is not None:
            raise self._broken
        return b"\n".join([*made, b""]) if made else b""

    def _all(self) -> Iterator[bytes]:
        found = self._packed
        magic = found.take(4)
        if magic == b"BCF\4":
            yield from _first_version(found)
        elif magic[:3] == b"BCF" and magic[3:] == b"\2" and found.take(1) in (b"\1", b"\2"):
            yield from _second_version(found)
        else:
            raise Malformed("not the first bytes of a BCF")
        if complaint := found.complaint():
            raise Malformed(complaint)


@dataclass(frozen=True)
class WrittenVcf(Source):
    """A BCF as the VCF that it stands for; its first bytes are those before whatever is wrong with it.

    Attributes:
        share: The share of the file that was read since it was opened last, 0 where that is not known.
    """

    share: Callable[[], float] = lambda: 0.0

    @cached_property
    def head(self) -> bytes:
        """The first 64 KiB, or those that can be read."""
        found = b""
        with self.opener() as stream, suppress(ReadError):
            while len(found) < HEAD_BYTES and (piece := stream.read(HEAD_BYTES - len(found))):
                found += piece
        return found


def written(source: Source, reading: Reading) -> WrittenVcf:
    """A BCF as the VCF that it stands for, made anew each time it is opened."""
    opened: list[VcfOfBcf] = []

    def opener() -> BinaryIO:
        opened[:] = [VcfOfBcf(source, reading)]
        return cast("BinaryIO", opened[0])

    def share() -> float:
        return opened[0].taken / source.size if opened and source.size else 0.0

    return WrittenVcf(part_id=source.part_id, name=source.name, opener=opener, depth=source.depth, share=share)


def _second_version(found: Packed) -> Iterator[bytes]:
    header, _, after = found.take(found.number()).partition(b"\0")
    if after.strip(b"\0"):
        raise Malformed("the header holds bytes after its end")
    lines = [line.rstrip(b"\r") for line in header.strip().split(b"\n")]
    names = _names(lines)
    yield from lines
    while lengths := found.some(8):
        shared, single = struct.unpack("<II", lengths)
        yield _site(found.take(shared), found.take(single), names)


def _site(shared: bytes, single: bytes, names: _Names) -> bytes:
    """One record as a line."""
    if len(shared) < _SHARED.size:
        raise Malformed("a record is shorter than a site")
    contig, position, _length, _quality, n_info, n_alleles, both = _SHARED.unpack_from(shared)
    samples, n_fields = both & 0xFFFFFF, both >> 24
    cells = _Cells(shared, _SHARED.size)
    name = cells.value() or b"."
    alleles = [cells.value() or b"." for _ in range(n_alleles)] or [b"."]
    filters = b";".join(names.word(place) for place in cells.whole_numbers()) or b"."
    info = b";".join(_entry(cells, names) for _ in range(n_info)) or b"."
    if cells.rest():
        raise Malformed("a record holds bytes after its last field")
    quality = _float(int.from_bytes(shared[12:16], "little"))
    where = names.contigs.get(contig, b"%d" % contig)
    line = [where, b"%d" % (position + 1), name, alleles[0], b",".join(alleles[1:]) or b".", quality, filters, info]
    return b"\t".join([*line, *_samples(single, samples, n_fields, names)])


def _entry(cells: _Cells, names: _Names) -> bytes:
    name = names.word(cells.whole())
    value = cells.value()
    return name + b"=" + value if value else name


def _samples(single: bytes, samples: int, n_fields: int, names: _Names) -> list[bytes]:
    """FORMAT and a placeholder for each sample; nothing where the record has none."""
    if samples != names.samples:
        raise Malformed("a record declares another number of samples than the header")
    cells = _Cells(single)
    fields = []
    for _ in range(n_fields):
        fields.append(names.word(cells.whole()))
        cells.skip(samples)
    if cells.rest() or (fields and not samples):
        raise Malformed("a record holds bytes of samples that it does not declare")
    return [b":".join(fields), *[b"."] * samples] if fields else []


def _first_version(found: Packed) -> Iterator[bytes]:
    """BCF 1, which samtools wrote before 2013. Its records of samples end the reading: their length depends on every field."""
    contigs = found.take(found.number()).rstrip(b"\0").split(b"\0")
    samples = [name for name in found.take(found.number()).split(b"\0") if name]
    text = found.take(found.number()).rstrip(b"\0")
    yield from (line for line in text.split(b"\n") if line.startswith(b"##"))
    yield b"\t".join(
        [b"#" + SITE_FIELDS[0].encode(), *(name.encode() for name in SITE_FIELDS[1:]), *([b"FORMAT", *samples] if samples else [])]
    )
    while fixed := found.some(16):
        contig, position, quality, length = struct.unpack("<iifI", fixed)
        strings = found.take(length).split(b"\0")
        if len(strings) < 6:
            raise Malformed("a record is shorter than a site")
        name, ref, alt, kept, info, form = (cell.translate(_TO_BLANK) for cell in strings[:6])
        where = contigs[contig] if 0 <= contig < len(contigs) else b"%d" % contig
        line = [where, b"%d" % (position + 1), name or b".", ref or b"N", alt or b".", b"%g" % quality, kept or b".", info or b"."]
        if any(strings[6:]):
            raise Malformed("a record holds bytes after its last field")
        if form and samples:
            yield b"\t".join([*line, form, *[b"."] * len(samples)])
            found.skip(1)
            raise Malformed("sample values of BCF 1 are not decoded")
        if form:
            raise Malformed("a record has fields of samples that the header does not declare")
        yield b"\t".join(line)
