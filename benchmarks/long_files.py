"""Genomic files that are decided without being read whole: each against a plain copy of the same bytes, which judging them costs in any case."""

from __future__ import annotations

import random
import shutil
import struct
import time
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

_PEOPLE = 2000


def _filled(path: Path, size: int, first: bytes, block: bytes, last: bytes = b"") -> None:
    """The same block again and again, up to about so many bytes."""
    with path.open("wb") as stream:
        stream.write(first)
        for _ in range(max(1, size // len(block))):
            stream.write(block)
        stream.write(last)


def bed(path: Path, size: int) -> None:
    """PLINK 1 genotypes, one block a variant."""
    _filled(path, size, b"\x6c\x1b\x01", random.Random(1).randbytes(1 << 20))


def pgen(path: Path, size: int) -> None:
    """PLINK 2 genotypes, two bits each."""
    width = (_PEOPLE + 3) // 4
    block = random.Random(2).randbytes(1000 * width)
    count = max(1, size // len(block)) * 1000
    _filled(path, size, b"\x6c\x1b\x02" + struct.pack("<II", count, _PEOPLE) + b"\x40", block)


def bgen(path: Path, size: int) -> None:
    """Genotype probabilities of eight bits, layout 2, with names of the people."""
    rng = random.Random(3)
    shares = b"".join(bytes((first := rng.randrange(256), rng.randrange(256 - first))) for _ in range(_PEOPLE))
    raw = struct.pack("<IHBB", _PEOPLE, 2, 2, 2) + bytes([2]) * _PEOPLE + bytes([0, 8]) + shares
    packed = zlib.compress(raw, 1)

    def short(word: bytes) -> bytes:
        return struct.pack("<H", len(word)) + word

    variants = [
        short(b"v%d" % place) + short(b"rs%d" % place) + short(b"1") + struct.pack("<IH", 1000 + place, 2)
        + b"".join(struct.pack("<I", 1) + allele for allele in (b"A", b"G")) + struct.pack("<II", len(packed) + 4, len(raw)) + packed
        for place in range(500)
    ]  # fmt: skip
    block = b"".join(variants)
    names = b"".join(short(b"P%05d" % place) for place in range(_PEOPLE))
    listed = struct.pack("<II", 8 + len(names), _PEOPLE) + names
    flags = 1 | 2 << 2 | 1 << 31
    count = max(1, size // len(block)) * 500
    head = struct.pack("<IIII", 20 + len(listed), 20, count, _PEOPLE) + b"bgen" + struct.pack("<I", flags) + listed
    _filled(path, size, head, block)


def bcf(path: Path, size: int, people: int, blocks: Callable[[bytes], bytes]) -> None:
    """A BCF with genotypes, or of sites only."""
    rng = random.Random(4)
    columns = "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO" + "".join(
        ["\tFORMAT", *(f"\tP{place:05}" for place in range(people))] if people else ()
    )
    meta = (
        '##fileformat=VCFv4.2\n##FILTER=<ID=PASS,Description="all">\n##contig=<ID=1>\n'
        '##INFO=<ID=AC,Number=A,Type=Integer,Description="Alternate alleles">\n##INFO=<ID=AN,Number=1,Type=Integer,Description="Alleles">\n'
        + ('##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">\n' if people else "")
    )
    header = (meta + columns + "\n").encode() + b"\0"
    calls = b"\x11\x03\x21" + bytes(2 + 2 * rng.randrange(2) for _ in range(2 * people)) if people else b""

    def records(count: int) -> Iterator[bytes]:
        for place in range(count):
            name = b"rs%d" % rng.randrange(10**6, 10**7)
            fixed = struct.pack("<iiifHHI", 0, 1000 + place, 1, 50.0, 2, 2, bool(people) << 24 | people)
            counts = b"\x11\x01\x13" + struct.pack("<i", rng.randrange(9000)) + b"\x11\x02\x13" + struct.pack("<i", 180_000)
            shared = fixed + bytes([len(name) << 4 | 7]) + name + b"\x17A\x17G\x11\x00" + counts
            yield struct.pack("<II", len(shared), len(calls)) + shared + calls

    block = blocks(b"".join(records(200 if people else 40_000)))
    _filled(path, size, blocks(b"BCF\2\2" + struct.pack("<I", len(header)) + header), block, blocks(b""))


def report(
    folder: Path, megabytes: int, blocks: Callable[[bytes], bytes], sites: Callable[[Path, int, int], None], judge: Callable[[Path], float]
) -> None:
    """Print a line for each kind of file.

    Args:
        folder: Where the files are written, one after the other.
        megabytes: MiB of each.
        blocks: Writes bytes as BGZF.
        sites: Writes a VCF of so many bytes and samples.
        judge: Seconds that sdc-airlock takes for a file.
    """
    size = megabytes << 20
    writers: dict[str, Callable[[Path], None]] = {
        "x.bed": lambda path: bed(path, size),
        "x.pgen": lambda path: pgen(path, size),
        "x.bgen": lambda path: bgen(path, size),
        "x.bcf": lambda path: bcf(path, size, _PEOPLE, blocks),
        "sites.bcf": lambda path: bcf(path, size, 0, blocks),
        "x.vcf.gz": lambda path: sites(path, size, _PEOPLE),
        "sites.vcf.gz": lambda path: sites(path, size, 0),
    }
    for name, write in writers.items():
        path = folder / name
        write(path)
        began = time.perf_counter()
        shutil.copyfile(path, folder / "copy")
        copied = time.perf_counter() - began
        (folder / "copy").unlink()
        took = judge(path)
        print(f"long     {name}, {megabytes} MiB, in {took:.1f} s; copying it {copied:.1f} s")
        path.unlink()
