"""PLINK, BGEN, BCF, sequences and genomic text: who is in them, from their first bytes or lines."""

from __future__ import annotations

import gzip
import random
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdc_airlock.limits import Limits
from sdc_airlock.model.content import Content, GenomicPart, Table, TextPart
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
    names = b"".join(struct.pack("<H", len(f"s{number}")) + b"s%d" % number for number in range(people))
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
        ("ancestrymap_geno", "rs1 p1 0\nrs1 p2 1\nrs1 p3 2\nrs2 p1 0\nrs2 p2 9\nrs2 p3 1\n", (3, 2)),
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


PUBLIC = "".join("ACGT"[(place * place + place // 7) % 4] for place in range(400))


@pytest.mark.parametrize(
    ("text", "individual"),
    [
        (f">ENST00000380152.8 cdna\n{PUBLIC}\n>NM_000059.4\n{PUBLIC[3:]}A\n", False),
        (f">ENST00000380152.8 cdna\n{PUBLIC.replace('AC', 'RC')}\n", None),
        (f">NC_000013.11\n{PUBLIC[:300]}{'N' * 100}\n", None),
        (f">chr13\n{PUBLIC}\n", None),
        (
            ">sp|P51587|BRCA2_HUMAN\nMPIGSKERPTFFEIFKTRCNKADLGPISLNWFEELSSEAPPYNSEPAEESEHKNNNYEPNLFKTPQRKPSYNQLASTPIIFKEQGLTLPLYQSPVKELDKFKLDLGRNVPNSRHKSLRTVK\n",
            False,
        ),
        (f"{PUBLIC}\n", None),
        (f"\n# of somebody\n>x\n{PUBLIC}\n", None),
    ],
    ids=["transcripts", "heterozygous", "not called", "chromosome", "protein", "no name", "comment"],
)
def test_consensus_and_public_sequences(text: str, *, individual: bool | None) -> None:
    """Public genes and proteins are nobody's; letters for two bases, places not called and chromosomes are put to the checker."""
    found = content(text, "fasta")
    assert not found.unread
    assert [part.individual for part in found.parts if isinstance(part, GenomicPart)] == [individual]


def test_two_bit() -> None:
    """A 2bit names its sequences, in either order of bytes; of whom they are it does not say."""
    for order, magic in (("<", b"\x43\x27\x41\x1a"), (">", b"\x1a\x41\x27\x43")):
        data = magic + struct.pack(f"{order}III", 0, 1, 0) + b"\4chr1" + struct.pack(f"{order}I", 25) + bytes(40)
        assert (genomic(data, "twobit").individual, genomic(data, "twobit").variants) == (None, 1)
        assert content(data[:22], "twobit").unread


@pytest.mark.parametrize(
    ("mode", "size", "whole"),
    [(0x02, 11 + 40 * 1, True), (0x03, 11 + 40 * 7, True), (0x02, 11 + 40 * 1 + 9, False), (0x10, 60, True), (0x20, 60, True)],
)
def test_modes_of_pgen(mode: int, size: int, *, whole: bool) -> None:
    """Every mode of PLINK 2 genotypes is individual; one of fixed length is as long as it says."""
    data = (b"\x6c\x1b" + bytes([mode]) + struct.pack("<II", 40, 3)).ljust(size + 1, b"\0")
    found = content(data, "pgen")
    assert [part.individual for part in found.parts if isinstance(part, GenomicPart)] == [True]
    assert bool(found.unread) is not whole


def test_bgen_that_contradicts_itself() -> None:
    """A list of names of other people than the header counts is a gap; text between the fields is shown."""
    data = bytearray(bgen(5, 7))
    data[12:16] = struct.pack("<I", 4)
    assert content(bytes(data), "bgen").unread
    block = struct.pack("<IIII", 30, 30, 7, 5) + b"bgen" + b"some text!" + struct.pack("<I", 2 << 2)
    assert [part.text for part in content(block + bytes(40), "bgen").parts if isinstance(part, TextPart)] == ["some text!"]


@pytest.mark.parametrize(("head", "record", "rows"), [(b"GENO", 48, 30), (b"TGENO", 8, 20)])
def test_packed_eigenstrat(head: bytes, record: int, rows: int) -> None:
    """Packed genotypes are individual, either way round, and counted where they are as long as they say."""
    data = (head + b"      20      30 a1b2 c3d4").ljust(48, b"\0") + bytes(record * rows)
    part = genomic(data, "eigenstrat_geno")
    assert (part.samples, part.variants, part.individual, part.counted) == (20, 30, True, True)
    assert not genomic(data[:-1], "eigenstrat_geno").counted


def test_relationship_matrix() -> None:
    """A triangle of numbers is of as many people as its size says."""
    assert genomic(struct.pack("<15f", *[0.5] * 15), "grm_bin").samples == 5
    assert content(bytes(64), "grm_bin").unread


@pytest.mark.parametrize("label", ["idat", "abif", "cel", "sff", "sra", "nanopore", "tskit", "hic"])
def test_formats_of_single_samples_are_named(label: str) -> None:
    """Formats of single samples are never free of them."""
    assert genomic(b"anything", label).individual is not False


def test_gds() -> None:
    """Nodes of genotypes and samples make a GDS individual; without them it is unknown."""
    assert genomic(b"COREARRAYx0A" + bytes(20) + b"\x09sample.id" + bytes(9) + b"\x08genotype", "gds").individual is True
    assert genomic(b"COREARRAYx0A" + bytes(20), "gds").individual is None


def test_hail() -> None:
    """Entries of a matrix table are individual; a table may be of samples."""
    counts = '"components":{"partition_counts":{"counts":[3,4]}}'
    matrix = '{"hail_version":"0.2","matrix_type":"Matrix{global:Struct{},entry:Struct{GT:Call,AD:Array[Int32]}}",' + counts + "}"
    part = genomic(matrix, "hail")
    assert (part.individual, part.fields, part.variants) == (True, ("GT", "AD"), 7)
    assert genomic('{"hail_version":"0.2","table_type":"Table{}"}', "hail").individual is None
    assert content("[" * 100_000, "hail").unread


def test_small_matrices_are_tables() -> None:
    """A small matrix is laid out, whichever way it is written; a large one is a list of entries that is put to the checker."""
    dense = "%%MatrixMarket matrix array real symmetric\n% by somebody\n2 2\n1\n0.5\n1\n"
    sparse = "%%MatrixMarket matrix coordinate real general\n2 2 3\n1 1 1\n1 2 0.5\n2 2 1\n"
    for text, values in ((dense, [[1.0, 0.5], [0.5, 1.0]]), (sparse, [[1.0, 0.0], [0.5, 1.0]])):
        (table,) = [part for part in content(text, "matrix_market").parts if isinstance(part, Table)]
        assert [column.values.to_pylist() for column in table.columns] == values
    large = "%%MatrixMarket matrix coordinate integer general\n30000 5000 1\n7 8 2\n"
    assert genomic(large, "matrix_market").individual is None
    for wrong in (sparse + "1 1 1\n", sparse.replace("2 2 1", "2 9 1"), dense[:-2], dense + "4\n"):
        assert content(wrong, "matrix_market").unread


@pytest.mark.parametrize(
    ("label", "text", "rows", "names"),
    [
        ("fam", "f1 p1 0 0 1 2\nf1 p2 0 0 2 1\n", 2, ["FID", "IID", "father", "mother", "sex", "phenotype"]),
        ("eigenstrat_ind", "p1 M Case\np2 F Control\n", 2, ["IID", "sex", "population"]),
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


WHOLE = {
    "bgen": bgen(40, 7),
    "twobit": b"\x43\x27\x41\x1a" + struct.pack("<III", 0, 9, 0) + (b"\4chr1" + struct.pack("<I", 99)) * 9 + bytes(99),
    "tribble_idx": b"TIDX" + struct.pack("<ii", 1, 3) + b"/data/p1.g.vcf" * 9 + b"\0" + bytes(17) + struct.pack("<Ii", 0, 0),
    "matrix_market": b"%%MatrixMarket matrix array real general\n20 20\n" + b"0.5\n" * 400,
    "hail": b'{"hail_version":"0.2","matrix_type":"Matrix{entry:Struct{GT:Call}}","rows":"' + b"x" * 300 + b'"}',
    "gzi": struct.pack("<41Q", 20, *(number for at in range(1, 21) for number in (at * 20000, at * 65280))),
}


@pytest.mark.parametrize("label", WHOLE)
def test_cut_and_flipped(label: str) -> None:
    """Cut at every 64th byte a file is a gap or not free of samples; flipped bytes are survived."""
    data = WHOLE[label]
    assert not content(data, label).unread
    for size in range(0, len(data) - 2, 64):
        found = content(data[:size], label)
        told = [part.individual for part in found.parts if isinstance(part, GenomicPart)]
        assert found.unread or any(individual is not False for individual in told)
    generator = random.Random(label)
    for _ in range(80):
        damaged = bytearray(data)
        damaged[generator.randrange(len(damaged))] = generator.randrange(256)
        found = content(bytes(damaged), label)
        assert found.parts or found.unread
