"""PLINK, BGEN, BCF, sequences and genomic text: who is in them, from their first bytes or lines."""

from __future__ import annotations

import gzip
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdc_airlock.limits import Limits
from sdc_airlock.model.content import Content, GenomicPart, Table
from sdc_airlock.model.filetype import Family, FileType
from sdc_airlock.readers import read
from sdc_airlock.source import Source

BINARY = (
    "plink_bed", "pgen", "bcf", "bgen", "bam", "cram", "tabix", "gzi", "tribble_idx", "bigwig", "bigbed", "twobit", "gds", "grm_bin", "hail", "matrix_market",
    "eigenstrat_geno",
)  # fmt: skip
TEXT = (
    "vcf", "pvar", "bim", "map", "fam", "psam", "ped", "plink_raw", "gen", "haps", "oxford_sample", "fasta", "fastq", "sam", "dtc_raw", "hapmap",
    "eigenstrat_geno", "genepop", "phylip", "bed_intervals", "gff",
)  # fmt: skip


def content(data: str | bytes, label: str) -> Content:
    """What the reader of a label says of some bytes."""
    raw = data.encode() if isinstance(data, str) else data
    return read(Source.of_bytes(raw, part_id="f", name="f"), FileType(label=label, family=Family.GENOMIC), file_id="", limits=Limits())


def genomic(data: str | bytes, label: str) -> GenomicPart:
    """The genomic part, of which there is one."""
    (part,) = [part for part in content(data, label).parts if isinstance(part, GenomicPart)]
    return part


def bam(reads: int) -> bytes:
    """A small BAM."""
    header = b"@HD\tVN:1.6\n@RG\tID:a\tSM:s1\n@RG\tID:b\tSM:s2\n"
    return gzip.compress(
        b"BAM\1" + struct.pack("<I", len(header)) + header + struct.pack("<II", 1, 2) + b"1\0" + struct.pack("<I", 99) + b"\1" * 40 * reads
    )


def bgen(people: int, variants: int) -> bytes:
    """The beginning of a BGEN with sample names."""
    names = b"".join(struct.pack("<H", 2) + b"s%d" % number for number in range(people))
    block = struct.pack("<II", 8 + len(names), people) + names
    return struct.pack("<IIII", 20 + len(block), 20, variants, people) + b"bgen" + struct.pack("<I", (2 << 2) | 1 << 31) + block


def test_plink_bed() -> None:
    """PLINK 1 genotypes say nothing of people, and are individual."""
    part = genomic(b"\x6c\x1b\x01" + bytes(30), "plink_bed")
    assert (part.samples, part.individual) == (None, True)


def test_pgen() -> None:
    """PLINK 2 counts people and variants in its header."""
    part = genomic(b"\x6c\x1b\x10" + struct.pack("<II", 40, 2504) + b"\x40" + bytes(50), "pgen")
    assert (part.samples, part.variants, part.individual) == (2504, 40, True)


def test_bgen_names_its_people() -> None:
    """A BGEN counts its people, and its names are given as a table."""
    found = content(bgen(5, 7), "bgen")
    part = found.parts[0]
    assert isinstance(part, GenomicPart)
    assert (part.samples, part.variants, part.individual) == (5, 7, True)
    assert [table.n_rows for table in found.parts if isinstance(table, Table)] == [5]


def test_bam_and_sam() -> None:
    """Reads are individual; a header that names samples alone is unknown; a dictionary of sequences is nobody's."""
    assert (genomic(bam(1), "bam").samples, genomic(bam(1), "bam").individual) == (2, True)
    assert genomic(bam(0), "bam").individual is None
    header = "@HD\tVN:1.6\n@SQ\tSN:1\tLN:9\n"
    assert genomic(header, "sam").individual is False
    assert genomic(header + "@RG\tID:a\tSM:p1\n", "sam").individual is None
    assert genomic(header + "@CO\tseen by somebody\n", "sam").individual is None
    assert genomic(header + "r1\t0\t1\t1\t60\t4M\t*\t0\t0\tACGT\tIIII\n", "sam").individual is True


def test_fasta() -> None:
    """One locus of several people is individual, primers are not, a gene is left to the checker."""
    locus = "ACGTTGCAACGGTTACGATCGATTAGC" * 8
    people = "".join(f">p{number}\n{locus[:number]}{'T' if locus[number] != 'T' else 'A'}{locus[number + 1 :]}\n" for number in range(6))
    assert genomic(people, "fasta").individual is True
    assert genomic(">f1\nACGTTGCATTGACCATGACA\n>f2\nTTGACGGCATACCAGGTTCA\n", "fasta").individual is False
    assert genomic(f">gene\n{locus}\n", "fasta").individual is None


@pytest.mark.parametrize(
    ("label", "text", "shape"),
    [
        ("ped", "1 1 0 0 1 1 A A G T\n1 2 0 0 2 1 A C G G\n", (2, 2)),
        ("plink_raw", "FID IID PAT MAT SEX PHENOTYPE rs1_A rs2_G\n1 1 0 0 1 1 0 2\n", (1, 2)),
        ("gen", "1 rs1 100 A G 1 0 0 0 1 0\n", (2, 1)),
        ("haps", "1 rs1 100 A G 0 1 1 1\n", (2, 1)),
        ("hapmap", "rs# alleles chrom pos strand a b c d e f p1 p2\nrs1 A/G 1 100 + a b c d e f AA AG\n", (2, 1)),
        ("eigenstrat_geno", "0120\n2210\n0019\n", (4, 3)),
        ("genepop", "cats\nloc1\nloc2\nPOP\na , 0101 0202\nb , 0102 0202\n", (2, 2)),
        ("phylip", "2 4\np1 ACGT\np2 ACGA\n", (2, 4)),
        ("dtc_raw", "# rsid\tchromosome\tposition\tgenotype\nrs1\t1\t100\tAA\nrs2\t1\t200\tAG\n", (1, 2)),
    ],
)
def test_text_genotypes(label: str, text: str, shape: tuple[int, int]) -> None:
    """Formats of genotypes are individual, with their people and variants."""
    part = genomic(text, label)
    assert part.individual is True
    assert (part.samples, part.variants) == shape


def test_alleles_of_variants_are_not_one_persons_calls() -> None:
    """A list of variants whose two alleles differ on every line is a table, and nobody's."""
    found = content("".join(f"rs{number}\t1\t{number}00\t{'A/G' if number % 2 else 'C/T'}\n" for number in range(1, 20)), "dtc_raw")
    assert [part.individual for part in found.parts if isinstance(part, GenomicPart)] == [False]
    assert [len(part.columns) for part in found.parts if isinstance(part, Table)] == [4]


@pytest.mark.parametrize(
    ("label", "text", "rows", "names"),
    [
        ("fam", "f1 p1 0 0 1 2\nf1 p2 0 0 2 1\n", 2, ["FID", "IID", "father", "mother", "sex", "phenotype"]),
        ("psam", "#IID\tSEX\tBMI\np1\t1\t20.1\n", 1, ["IID", "SEX", "BMI"]),
        ("oxford_sample", "ID_1 ID_2 missing sex\n0 0 0 D\np1 p1 0 1\np2 p2 0 2\n", 2, ["ID_1", "ID_2", "missing", "sex"]),
        ("bed_intervals", "track name=x\nchr1\t10\t20\ta\nchr1\t30\t40\tb\n", 2, ["chrom", "start", "end", "name"]),
        (
            "gff",
            "##gff-version 3\n1\tx\tgene\t1\t9\t.\t+\t.\tID=a\n",
            1,
            ["seqid", "source", "type", "start", "end", "score", "strand", "phase", "attributes"],
        ),
    ],
)
def test_lists_are_tables(label: str, text: str, rows: int, names: list[str]) -> None:
    """Lists of people and of places are tables with the columns of the format."""
    (table,) = [part for part in content(text, label).parts if isinstance(part, Table)]
    assert table.n_rows == rows
    assert [column.name for column in table.columns] == names


def test_columns_beyond_the_format_are_kept() -> None:
    """Records of people after the columns of an interval are still there to be recognised."""
    line = "\t".join(["chr1", "10", "20", *"abcdefghi", "p1", "34", "asthma"])
    found = content(f"{line}\n{line}\n", "bed_intervals")
    assert [part.individual for part in found.parts if isinstance(part, GenomicPart)] == [None]
    assert [len(part.columns) for part in found.parts if isinstance(part, Table)] == [15]


@pytest.mark.parametrize("label", BINARY)
@pytest.mark.parametrize("data", [b"", b"\x6c", b"BCF\2\2\xff\xff\xff\xff", b"BAM\1\xff\xff\xff\xff", b"\x1f\x8b\x08\x00", bytes(40)])
def test_damaged_headers_are_gaps(label: str, data: bytes) -> None:
    """A header that ends early or lies about its length is a gap, or at least never sites only."""
    found = content(data, label)
    assert found.unread or all(part.individual is not False for part in found.parts if isinstance(part, GenomicPart))


@pytest.mark.parametrize("label", TEXT)
@given(data=st.binary(max_size=300))
def test_any_bytes_are_survived(label: str, data: bytes) -> None:
    """No bytes whatever make a reader raise or say nothing."""
    found = content(data, label)
    assert found.parts or found.unread


@given(data=st.binary(max_size=200), label=st.sampled_from(BINARY))
def test_any_binary_is_survived(data: bytes, label: str) -> None:
    """No bytes after a true beginning make a binary reader raise or say nothing."""
    starts = (
        b"", b"\x6c\x1b\x10", b"BCF\2\2", b"BAM\1", b"CRAM\3\0", gzip.compress(b"BCF\2\2")[:-4], b"TBI\1", b"CSI\1", b"BAI\1", b"TIDX", b"COREARRAY",
        b"\x26\xfc\x8f\x88\4\0", b"\xeb\xf2\x89\x87\4\0", b"\x43\x27\x41\x1a", b"%%MatrixMarket matrix coordinate real general\n", b"GENO 3 4 a b",
    )  # fmt: skip
    for start in starts:
        found = content(start + data, label)
        assert found.parts or found.unread
