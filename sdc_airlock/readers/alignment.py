"""Aligned reads: SAM, BAM, CRAM. Headers are read whole; reads are counted, as far as it takes to see that there are some."""

from __future__ import annotations

import bz2
import lzma
import zlib
from collections.abc import Iterator
from dataclasses import replace

from sdc_airlock.errors import LimitReached, Malformed, ReadError, Unsupported
from sdc_airlock.model.content import GenomicPart, TextPart, TextRole
from sdc_airlock.model.filetype import FileType
from sdc_airlock.readers import Item, Reading, gap, reader
from sdc_airlock.readers._genomic import ENOUGH_BYTES, line_blocks, text
from sdc_airlock.readers._packed import Packed, leftovers, packed
from sdc_airlock.source import Source

SAM_COLUMNS = 11
CRAM_DEFINITION = 26
LEAST_RECORD = 32
# first reference, start and number of reads of the container that ends a CRAM
_CRAM_END = (-1, 0x454F46, 0)
_RAW, _GZIP, _BZIP2, _LZMA = range(4)
_HEADER_BLOCK = 0
_HEADER_LINES = (b"@HD\t", b"@SQ\t", b"@RG\t", b"@PG\t", b"@CO\t")


def _read_groups(header: bytes) -> int:
    """Different sample names in the read groups of a SAM header."""
    found = {field for line in header.splitlines() if line.startswith(b"@RG") for field in line.split(b"\t") if field.startswith(b"SM:")}
    return len(found)


def _part(source: Source, label: str, header: bytes, records: int, *, counted: bool) -> Iterator[Item]:
    """What reads and header say. A header without reads, read groups and comments is a dictionary of reference sequences."""
    samples = _read_groups(header)
    plain = counted and not records and all(line.startswith((b"@HD\t", b"@SQ\t", b"@PG\t")) for line in header.splitlines() if line.strip())
    reads = f"{'' if counted else 'at least '}{records} aligned read(s)"
    empty = "a dictionary of reference sequences, without reads or read groups" if plain else "a header without reads"
    yield GenomicPart(
        part_id=source.part_id,
        format=label,
        samples=samples or (0 if plain else None),
        variants=records,
        individual=True if records else (False if plain else None),
        counted=counted,
        why=(reads if records else empty, f"{samples} sample name(s) in the header"),
    )
    if header:
        yield TextPart(part_id=source.part_id, text=text(header), role=TextRole.METADATA)
    aside = [line.partition(b"\t")[2] for line in header.splitlines() if line.startswith(b"@CO")]
    if aside:
        yield TextPart(part_id=f"{source.part_id}#comments", text=text(b"\n".join(aside)), role=TextRole.COMMENT, hidden=True)


@reader("sam")
def sam(source: Source, file_type: FileType, reading: Reading) -> Iterator[Item]:
    """Read SAM: header lines, then reads."""
    header: list[bytes] = []
    records = seen = 0
    counted = True
    for block in line_blocks(source, reading):
        for line in block:
            if line.startswith(_HEADER_LINES) or (line.startswith(b"@") and line.count(b"\t") < SAM_COLUMNS - 1):
                header.append(line)
            elif line.strip():
                records += 1
        seen += sum(map(len, block))
        if records and seen > ENOUGH_BYTES:
            counted = False
            break
    yield from _part(source, file_type.label, b"\n".join(header), records, counted=counted)


def _references(found: Packed) -> None:
    """Go past the list of reference sequences, whose names the text of the header repeats."""
    for _ in range(found.number()):
        found.take(found.number())
        found.number()


def _bam_records(found: Packed, reading: Reading) -> tuple[int, bool, ReadError | None]:
    """Reads met, whether the end was reached, and what was wrong on the way."""
    records = 0
    try:
        while size := found.some(4):
            length = int.from_bytes(size, "little")
            if length < LEAST_RECORD:
                return records + 1, False, Malformed("a read is shorter than a read can be")
            found.skip(length)
            records += 1
            if records % 1000 == 0:
                reading.spend()
            if found.place > ENOUGH_BYTES:
                return records, False, None
    except (Malformed, LimitReached) as error:
        # what follows the header is no whole read: it is there all the same
        return max(records, 1), False, error
    return records, True, None


@reader("bam")
def bam(source: Source, file_type: FileType, reading: Reading) -> Iterator[Item]:
    """Read the header of a BAM and its reads, a few megabytes of them.

    Source: Sequence Alignment/Map Format Specification, section 4.2 "The BAM format" (2024).
    """
    with packed(source, reading) as found:
        if found.take(4) != b"BAM\1":
            raise Malformed("not the first bytes of a BAM")
        header = found.take(found.number()).rstrip(b"\0")
        _references(found)
        records, ended, broken = _bam_records(found, reading)
        yield from _part(source, file_type.label, header, records, counted=ended and not found.complaint())
        if broken is not None:
            yield gap(source.part_id, broken)
        elif ended:
            yield from leftovers(source, found)


def _itf8(found: Packed) -> int:
    """A whole number of one to five bytes."""
    first = found.take(1)[0]
    if first < 0x80:
        return first
    if first < 0xC0:
        return (first & 0x3F) << 8 | found.take(1)[0]
    if first < 0xE0:
        return (first & 0x1F) << 16 | int.from_bytes(found.take(2), "big")
    if first < 0xF0:
        return (first & 0x0F) << 24 | int.from_bytes(found.take(3), "big")
    rest = found.take(4)
    value = (first & 0x0F) << 28 | int.from_bytes(rest[:3], "big") << 4 | rest[3] & 0x0F
    return value - (1 << 32) if value >= 1 << 31 else value


def _ltf8(found: Packed) -> int:
    """A whole number of one to nine bytes."""
    first = found.take(1)[0]
    more = next((count for count in range(8) if not first & 0x80 >> count), 8)
    rest = int.from_bytes(found.take(more), "big")
    return (first & 0xFF >> (more + 1)) << 8 * more | rest


def _container(found: Packed, major: int) -> tuple[int, tuple[int, int, int]]:
    """Length of the blocks of a container, and its first reference, start and number of reads.

    Raises:
        Malformed: it ends inside, or counts below nought.
    """
    length = found.number("i")
    reference, start, _span, reads = _itf8(found), _itf8(found), _itf8(found), _itf8(found)
    _counter = _ltf8(found) if major > 2 else _itf8(found)  # wide from version 3 on
    _ltf8(found)
    _itf8(found)
    landmarks = _itf8(found)
    if length < 0 or reads < 0 or not 0 <= landmarks <= max(length, 0):
        raise Malformed("a container that counts below nought")
    for _ in range(landmarks):
        _itf8(found)
    if major > 2:  # a checksum
        found.take(4)
    return length, (reference, start, reads)


def _cram_header(found: Packed, major: int, reading: Reading) -> bytes:
    """The text of the first container: a SAM header in one block."""
    length, _ = _container(found, major)
    before = found.place
    method, kind = found.unpack("BB")
    _itf8(found)
    stored, size = _itf8(found), _itf8(found)
    cap = reading.limits.text_bytes
    if not 0 <= size <= cap or kind != _HEADER_BLOCK or stored < 0:
        raise LimitReached("text_bytes", cap, size) if size > cap else Malformed("the first block is no header")
    data = _unpacked(found.take(stored), method, size)
    found.skip(max(length - (found.place - before), 0))
    reading.spend(expanded=len(data))
    return data[4 : 4 + int.from_bytes(data[:4], "little")]


def _unpacked(data: bytes, method: int, size: int) -> bytes:
    """A block written out, to at most `size` bytes."""
    try:
        if method == _RAW:
            return data
        if method == _GZIP:
            return zlib.decompressobj(31).decompress(data, size)
        if method == _BZIP2:
            return bz2.BZ2Decompressor().decompress(data, size)
        if method == _LZMA:
            return lzma.LZMADecompressor(memlimit=256 << 20).decompress(data, size)
    except (zlib.error, OSError, lzma.LZMAError, EOFError, ValueError):
        raise Malformed("the header block is damaged") from None
    raise Unsupported("the header block of the CRAM is compressed in a way that is not read")


def _cram_reads(found: Packed, major: int) -> tuple[int, bool]:
    """Reads that the containers count, and whether the end mark was met."""
    reads = 0
    while True:
        length, told = _container(found, major)
        if told == _CRAM_END or (major < 3 and told[2] == 0 and told[0] == -1):  # 2.0 has no agreed end mark
            found.skip(length)
            return reads, True
        reads += told[2]
        found.skip(length)
        if found.place > ENOUGH_BYTES and reads:
            return reads, False


@reader("cram")
def cram(source: Source, file_type: FileType, reading: Reading) -> Iterator[Item]:
    """Read the header of a CRAM and count the reads that its containers declare. No reference is ever looked up.

    Source: CRAM format specification v3.1, sections 6 to 8: file definition, container header, block (2024).
    """
    if len(source.head) < CRAM_DEFINITION or not source.head.startswith(b"CRAM"):
        raise Malformed("not the first bytes of a CRAM")
    header, reads, ended = b"", 0, False
    broken: ReadError | None = None
    major = source.head[4]
    with packed(source, reading) as found:
        found.skip(CRAM_DEFINITION)
        try:
            header = _cram_header(found, major, reading)
            reads, ended = _cram_reads(found, major)
            if ended and not found.ended():
                ended, broken = False, Malformed("bytes stand after the end mark")
        except ReadError as error:
            broken = error
    version = f"CRAM version {major}.{source.head[5]}"
    part, *asides = _part(source, file_type.label, header, reads, counted=ended)
    if isinstance(part, GenomicPart):
        # a container that could not be walked to its end mark may hold reads
        yield replace(part, individual=part.individual if ended or part.individual else True, why=(version, *part.why))
    yield from asides
    if broken is not None:
        yield gap(source.part_id, broken)
