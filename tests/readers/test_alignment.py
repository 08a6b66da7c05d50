"""Reads and indexes: a header is told from reads, and an index says what it is of."""

from __future__ import annotations

import random
import struct
import zlib

import pytest

from sdc_airlock.limits import Limits
from sdc_airlock.model.content import Content, GenomicPart, Table, TextPart, UnreadReason
from sdc_airlock.model.filetype import Family, FileType
from sdc_airlock.readers import read
from sdc_airlock.source import Source

END = bytes.fromhex("1f8b08040000000000ff0600424302001b0003000000000000000000")
DICTIONARY = b"@HD\tVN:1.6\n@SQ\tSN:chr1\tLN:9999\n"
OF_SAMPLE = DICTIONARY + b"@RG\tID:a\tSM:p1\n@CO\tseen in clinic\n@PG\tID:bwa\tCL:bwa mem p1.fq\n"


def content(data: bytes, label: str) -> Content:
    """What the reader of a label says of some bytes."""
    return read(Source.of_bytes(data, part_id="f", name="f"), FileType(label=label, family=Family.GENOMIC), file_id="", limits=Limits())


def genomic(found: Content) -> GenomicPart:
    """The genomic part, of which there is one."""
    (part,) = [part for part in found.parts if isinstance(part, GenomicPart)]
    return part


def blocked(data: bytes, *, end: bool = True) -> bytes:
    """One block of blocked gzip."""
    packer = zlib.compressobj(6, zlib.DEFLATED, -15)
    body = packer.compress(data) + packer.flush()
    head = b"\x1f\x8b\x08\4\0\0\0\0\0\xff\6\0BC\2\0" + struct.pack("<H", len(body) + 25)
    return head + body + struct.pack("<II", zlib.crc32(data), len(data)) + (END if end else b"")


def bam(header: bytes, reads: int, *, end: bool = True) -> bytes:
    """A BAM of reads of no sequence."""
    record = struct.pack("<I", 36) + struct.pack("<iiBBHHHIiii", 0, 5, 4, 60, 0, 0, 0, 0, -1, -1, 0) + b"r1\0\0"
    names = struct.pack("<II", 1, 5) + b"chr1\0" + struct.pack("<I", 9999)
    return blocked(b"BAM\1" + struct.pack("<I", len(header)) + header + names + record * reads, end=end)


def itf8(value: int) -> bytes:
    """A whole number as CRAM writes it, in five bytes."""
    value &= 0xFFFFFFFF
    return bytes([0xF0 | value >> 28, value >> 20 & 0xFF, value >> 12 & 0xFF, value >> 4 & 0xFF, value & 0x0F])


def container(blocks: bytes, reference: int, start: int, reads: int) -> bytes:
    """One container of a CRAM 3."""
    return struct.pack("<i", len(blocks)) + itf8(reference) + itf8(start) + itf8(0) + itf8(reads) + b"\0\0\1\0" + bytes(4) + blocks


def cram(header: bytes, reads: int, *, end: bool = True) -> bytes:
    """A CRAM 3 whose containers count reads and hold rubbish."""
    text = struct.pack("<I", len(header)) + header
    block = b"\0\0" + itf8(0) + itf8(len(text)) + itf8(len(text)) + text + bytes(4)
    data = b"".join(container(bytes(50), 0, 100, 10) for _ in range(reads // 10))
    return b"CRAM\3\0" + bytes(20) + container(block, 0, 0, 0) + data + (container(bytes(15), -1, 0x454F46, 0) if end else b"")


@pytest.mark.parametrize("make", [bam, cram])
@pytest.mark.parametrize(("header", "reads", "individual"), [(OF_SAMPLE, 40, True), (OF_SAMPLE, 0, None), (DICTIONARY, 0, False)])
def test_header_and_reads(make, header: bytes, reads: int, *, individual: bool | None) -> None:
    """Reads are individual and counted; a header that names a sample is unknown; a dictionary of sequences is nobody's."""
    found = content(make(header, reads), "bam" if make is bam else "cram")
    part = genomic(found)
    assert (part.individual, part.variants, part.counted) == (individual, reads, True)
    assert not found.unread
    assert any(isinstance(text, TextPart) and "SN:chr1" in text.text for text in found.parts)
    hidden = [text.text for text in found.parts if isinstance(text, TextPart) and text.hidden]
    assert hidden == (["seen in clinic"] if header is OF_SAMPLE else [])


@pytest.mark.parametrize(("data", "label"), [(bam(DICTIONARY, 0, end=False), "bam"), (cram(DICTIONARY, 0, end=False), "cram")])
def test_no_end_mark(data: bytes, label: str) -> None:
    """A file without its end mark may have been cut off."""
    assert content(data, label).unread


@pytest.mark.parametrize(("data", "label"), [(bam(OF_SAMPLE, 9), "bam"), (cram(OF_SAMPLE, 40), "cram"), (bam(DICTIONARY, 0), "bam")])
def test_cut_anywhere(data: bytes, label: str) -> None:
    """Cut at any place, it is a gap, or its reads are known."""
    for size in range(0, len(data) - 1, 16):
        found = content(data[:size], label)
        assert found.unread or genomic(found).individual


def numbers(form: str, *values: int) -> bytes:
    """Packed numbers."""
    return struct.pack("<" + form, *values)


def bins(*, csi: bool, rising: bool = True) -> bytes:
    """Two bins of one sequence: one of places, one of counts."""
    offset = numbers("Q", 65536) if csi else b""
    places = (65536, 70000, 70000, 90000) if rising else (90000, 1, 5, 2)
    places_bin = numbers("I", 4681) + offset + numbers("I4Q", 2, *places)
    counts_bin = numbers("I", 37450) + offset + numbers("I4Q", 2, 65536, 90000, 120, 3)
    return numbers("I", 2) + places_bin + counts_bin + (b"" if csi else numbers("IQQ", 2, 65536, 70000))


def tabix(preset: int = 2, *, rising: bool = True, more: bytes = b"") -> bytes:
    """A tabix index of one sequence."""
    settings = numbers("7i", preset, 1, 2, 0, 35, 0, 5) + b"chr1\0"
    return blocked(b"TBI\1" + numbers("I", 1) + settings + bins(csi=False, rising=rising) + numbers("Q", 0) + more)


def csi(preset: int | None = 2) -> bytes:
    """A CSI index of one sequence."""
    settings = b"" if preset is None else numbers("7i", preset, 1, 2, 0, 35, 0, 5) + b"chr1\0"
    return blocked(b"CSI\1" + numbers("iii", 14, 5, len(settings)) + settings + numbers("I", 1) + bins(csi=True) + numbers("Q", 0))


BAI = b"BAI\1" + numbers("I", 1) + bins(csi=False) + numbers("Q", 7)


@pytest.mark.parametrize(
    ("data", "individual"), [(tabix(), False), (csi(), False), (tabix(0), False), (tabix(1), None), (csi(None), None), (BAI, None)]
)
def test_indexes(data: bytes, *, individual: bool | None) -> None:
    """Indexes of variants and places are a summary; those of reads, or of nobody knows what, are left to the checker."""
    found = content(data, "tabix")
    assert not found.unread
    assert genomic(found).individual is individual
    (table,) = [part for part in found.parts if isinstance(part, Table)]
    assert table.columns[1].values.to_pylist() == [123]


@pytest.mark.parametrize("data", [tabix(rising=False), tabix(more=b"x"), tabix()[:-28], tabix() + b"more", BAI + b"x"])
def test_indexes_that_hold_more(data: bytes) -> None:
    """Numbers that do not rise, bytes that remain and a missing end are gaps."""
    assert [gap.why for gap in content(data, "tabix").unread] == [UnreadReason.MALFORMED]


def test_index_of_blocks() -> None:
    """Sizes of blocks are nobody's; numbers that are no sizes of blocks are a gap."""
    places = [number for at in range(1, 9) for number in (at * 20000, at * 65280)]
    good = numbers("Q16Q", 8, *places)
    assert genomic(content(good, "gzi")).individual is False
    assert content(numbers("Q16Q", 8, *places[:-1], 9999999), "gzi").unread
    assert content(good + b"x", "gzi").unread


def test_tribble_index_names_its_file() -> None:
    """The path that an index of a VCF keeps is among the texts."""
    data = b"TIDX" + numbers("ii", 1, 3) + b"/data/p1.g.vcf\0" + bytes(16) + b"\0" + bytes(4) + numbers("i", 1) + b"k\0v\0" + bytes(99)
    found = content(data, "tribble_idx")
    assert genomic(found).individual is None
    assert [part.text.splitlines()[0] for part in found.parts if isinstance(part, TextPart)] == ["/data/p1.g.vcf"]


@pytest.mark.parametrize("data", [tabix(), csi(), BAI])
def test_damaged_indexes(data: bytes) -> None:
    """Cut anywhere an index is a gap; flipped bytes are survived."""
    for size in range(0, len(data) - 9, 16):
        assert content(data[:size], "tabix").unread
    generator = random.Random(3)
    for _ in range(60):
        damaged = bytearray(data)
        damaged[generator.randrange(len(damaged))] = generator.randrange(256)
        found = content(bytes(damaged), "tabix")
        assert found.parts or found.unread
