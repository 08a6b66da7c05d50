"""BCF: read as the VCF it stands for, and never free of samples where header and records do not agree."""

from __future__ import annotations

import random
import struct
import zlib

import pytest

from sdc_airlock.limits import Limits
from sdc_airlock.model.content import Content, GenomicPart, Table, UnreadReason
from sdc_airlock.model.filetype import Family, FileType
from sdc_airlock.readers import _genomic, _vcfscan, read
from sdc_airlock.source import Source

END = bytes.fromhex("1f8b08040000000000ff0600424302001b0003000000000000000000")
META = (
    '##fileformat=VCFv4.2\n##FILTER=<ID=PASS,Description="all">\n##FILTER=<ID=q10,Description="low">\n'
    '##INFO=<ID=AC,Number=A,Type=Integer,Description="a">\n##INFO=<ID=AN,Number=1,Type=Integer,Description="b">\n'
    '##INFO=<ID=AF,Number=A,Type=Float,Description="c">\n##INFO=<ID=DB,Number=0,Type=Flag,Description="d">\n'
    '##INFO=<ID=GENE,Number=1,Type=String,Description="e">\n##FORMAT=<ID=GT,Number=1,Type=String,Description="f">\n'
    "##contig=<ID=1>\n##contig=<ID=chr22>\n"
)
COLUMNS = "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO"
WORDS = ["PASS", "q10", "AC", "AN", "AF", "DB", "GENE", "GT"]
CONTIGS = ["1", "chr22"]


def content(data: bytes, label: str = "bcf") -> Content:
    """What the reader says of some bytes."""
    return read(Source.of_bytes(data, part_id="f", name="f"), FileType(label=label, family=Family.GENOMIC), file_id="", limits=Limits())


def genomic(found: Content) -> GenomicPart:
    """The genomic part, of which there is one."""
    (part,) = [part for part in found.parts if isinstance(part, GenomicPart)]
    return part


def blocked(data: bytes, *, end: bool = True) -> bytes:
    """Blocked gzip."""
    out = b""
    for start in range(0, len(data), 60000):
        piece = data[start : start + 60000]
        packer = zlib.compressobj(6, zlib.DEFLATED, -15)
        body = packer.compress(piece) + packer.flush()
        head = b"\x1f\x8b\x08\4\0\0\0\0\0\xff\6\0BC\2\0" + struct.pack("<H", len(body) + 25)
        out += head + body + struct.pack("<II", zlib.crc32(piece), len(piece))
    return out + (END if end else b"")


def typed(values: object) -> bytes:
    """A typed value of a record: text, whole numbers, or numbers with a point."""
    if isinstance(values, str):
        raw, kind, count = values.encode(), 7, len(values)
    elif isinstance(values, list) and values and isinstance(values[0], float):
        raw, kind, count = struct.pack(f"<{len(values)}f", *values), 5, len(values)
    else:
        numbers = values if isinstance(values, list) else [values]
        raw, kind, count = struct.pack(f"<{len(numbers)}i", *numbers), 3, len(numbers)
    if not count:
        return b"\0"
    return (bytes([count << 4 | kind]) if count < 15 else bytes([15 << 4 | kind, 0x11, count])) + raw


def record(info: dict[str, object], samples: int = 0, *, position: int = 100, name: str = "rs1", declared: int | None = None) -> bytes:
    """One site, with a genotype for each sample."""
    fields = b"".join(typed(WORDS.index(key)) + (typed(value) if value is not True else b"\0") for key, value in info.items())
    shared = struct.pack(
        "<iiifHHI", 1, position - 1, 1, 30.0, len(info), 2, bool(samples) << 24 | (samples if declared is None else declared)
    )
    shared += typed(name) + typed("A") + typed("G") + typed([0]) + fields
    single = typed(WORDS.index("GT")) + b"\x21" + b"\2\4" * samples if samples else b""
    return struct.pack("<II", len(shared), len(single)) + shared + single


def bcf(records: list[bytes], samples: int = 0, *, end: bool = True, meta: str = META) -> bytes:
    """A BCF of some records."""
    names = "\tFORMAT\t" + "\t".join(f"p{number}" for number in range(samples)) if samples else ""
    header = (meta + COLUMNS + names + "\n").encode() + b"\0"
    return blocked(b"BCF\2\2" + struct.pack("<I", len(header)) + header + b"".join(records), end=end)


SITES = [record({"AC": [200 + n], "AN": 2000, "AF": [0.1], "DB": True, "GENE": "BRCA2"}, position=100 + n) for n in range(40)]


def test_sites_are_those_of_the_vcf() -> None:
    """Sites of a BCF give the very table that the same sites give as VCF."""
    lines = "".join(f"chr22\t{100 + n}\trs1\tA\tG\t30\tPASS\tAC={200 + n};AN=2000;AF=0.1;DB;GENE=BRCA2\n" for n in range(40))
    of_bcf, of_vcf = content(bcf(SITES)), content((META + COLUMNS + "\n" + lines).encode(), "vcf")
    assert genomic(of_bcf).individual is False
    assert not of_bcf.unread
    (mine,), (other,) = ([part for part in found.parts if isinstance(part, Table)] for found in (of_bcf, of_vcf))
    assert [(column.name, column.values.to_pylist()) for column in mine.columns] == [
        (column.name, column.values.to_pylist()) for column in other.columns
    ]
    assert [column.name for column in mine.columns[-4:]] == ["AC", "AN", "AF", "INFO"]


def test_sites_that_would_take_more_time_than_there_is_are_not_read_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """After some seconds it is told how long all of it would take, and what was not read is a gap."""
    chance = random.Random(2)
    data = bcf([record({"AC": [chance.randrange(10**6)], "AN": 2000}, name=f"rs{chance.randrange(10**9)}") for _ in range(6000)])
    monkeypatch.setattr(_vcfscan, "ENOUGH_BYTES", 1000)
    monkeypatch.setattr(_genomic, "BLOCK_BYTES", 1 << 14)
    began = _vcfscan._now()
    monkeypatch.setattr(_vcfscan, "_now", iter([began, *[began + 200] * 1000]).__next__)
    found = content(data)
    assert genomic(found).individual is None
    (gap,) = found.unread
    assert (gap.why, gap.limit_name) == (UnreadReason.LIMIT, "file_seconds")
    assert "all of it would take about" in gap.detail
    monkeypatch.setattr(_vcfscan, "_now", iter([began, *[began + 1] * 1000]).__next__)
    assert not content(data).unread


def test_samples_are_individual() -> None:
    """Samples with fields in the records are individual, and the fields are named."""
    part = genomic(content(bcf([record({"AC": [3]}, 3)] * 4, 3)))
    assert (part.samples, part.variants, part.individual, part.fields[:1]) == (3, 4, True, ("GT",))


@pytest.mark.parametrize(
    "data",
    [
        bcf([record({"AC": [3]}, declared=2)]),
        bcf([record({"AC": [3]}, 2)], 0),
        bcf([record({"AC": [3]}, 2)], 3),
        bcf(SITES, end=False),
        bcf(SITES) + b"more",
        bcf([record({"AC": [3]})[:-4]]),
        bcf([struct.pack("<II", 4 + len(SITES[0]) - 8, 0) + SITES[0][8:] + b"abcd"]),
        bcf([struct.pack("<II", len(SITES[0]) - 8, 4) + SITES[0][8:] + b"\1\2\1\2"]),
    ],
    ids=["declares samples", "has samples", "other samples", "cut off", "trailing", "cut record", "bytes after fields", "bytes of nobody"],
)
def test_disagreement_is_a_gap(data: bytes) -> None:
    """Header and records that do not agree, hidden bytes and a missing end are never sites only."""
    found = content(data)
    assert genomic(found).individual is not False
    assert UnreadReason.MALFORMED in [gap.why for gap in found.unread]


def test_fields_smuggled_past_the_declared_ones_are_shown() -> None:
    """A text of a site field is among the cells."""
    found = content(bcf([record({"AC": [210], "AN": 4000, "GENE": "name=Somebody"})] * 3))
    (table,) = [part for part in found.parts if isinstance(part, Table)]
    assert table.columns[-1].values.to_pylist() == ["GENE=name=Somebody"] * 3


def first_version(samples: list[str], form: bytes) -> bytes:
    """A BCF 1."""

    def block(data: bytes) -> bytes:
        return struct.pack("<I", len(data)) + data

    strings = b"rs1\0A\0G\0PASS\0AC=210;AN=4000\0" + form + b"\0"
    site = struct.pack("<iif", 0, 99, 30.0) + block(strings) + (b"\1\2\3" if form else b"")
    names = b"".join(name.encode() + b"\0" for name in samples)
    return blocked(b"BCF\4" + block(b"chr1\0") + block(names) + block(b"##samtoolsVersion=0.1.19\n\0") + site * (1 if form else 6))


def test_first_version() -> None:
    """BCF 1 is told apart too: sites as a table, samples as individual."""
    sites = content(first_version([], b""))
    assert genomic(sites).individual is False
    assert not sites.unread
    assert [part.n_rows for part in sites.parts if isinstance(part, Table)] == [6]
    part = genomic(content(first_version(["p1", "p2"], b"PL")))
    assert (part.individual, part.samples) == (True, 2)


def test_cut_anywhere() -> None:
    """A BCF of sites cut at any place is a gap."""
    data = bcf(SITES)
    for size in range(0, len(data) - 1, 64):
        found = content(data[:size])
        assert found.unread


def test_flipped_anywhere() -> None:
    """Flipped bytes never make samples vanish in silence."""
    whole = b"".join([record({"AC": [3]}, 3, position=100 + n) for n in range(30)])
    generator = random.Random(7)
    for _ in range(150):
        data = bytearray(whole)
        for _ in range(generator.randint(1, 4)):
            data[generator.randrange(len(data))] = generator.randrange(256)
        found = content(bcf([bytes(data)], 3))
        assert found.unread or genomic(found).individual
