"""Genomic formats that need more than a look at their first bytes, and texts of bases in any dress."""

from __future__ import annotations

import random
import struct
from collections.abc import Callable

import pytest

_generator = random.Random(11)
BASES = "".join(_generator.choice("ACGT") for _ in range(100_000))


def _folded(letters: str, width: int = 60) -> str:
    return "".join(letters[start : start + width] + "\n" for start in range(0, len(letters), width))


def _calls(order: str) -> str:
    names = {"rs": "rs{0}", "p": "p{1}"}
    first, second = (names[part] for part in order.split())
    return "".join(f"{first} {second} {(variant + person) % 3}\n".format(variant, person) for variant in range(9) for person in range(4))


BINARY = {
    "2bit": ("twobit", b"\x43\x27\x41\x1a" + bytes(12)),
    "2bit turned": ("twobit", b"\x1a\x41\x27\x43" + bytes(12)),
    "hic": ("hic", b"HIC\0\x08\0\0\0" + bytes(20)),
    "cel": ("cel", b"\x40\0\0\0\x04\0\0\0" + bytes(20)),
    "cel text": ("cel", b"[CEL]\nVersion=3\n\n[HEADER]\nCols=712\n"),
    "cel calvin": ("cel", b"\x3b\x01" + bytes(10) + b"affymetrix-calvin-intensity" + bytes(20)),
    "sff": ("sff", b".sff\0\0\0\x01" + bytes(20)),
    "sra": ("sra", b"NCBI.sra" + bytes(20)),
    "pod5": ("nanopore", b"\x8bPOD\r\n\x1a\n" + bytes(20)),
    "trees": ("tskit", b"\x89KAS\r\n\x1a\n" + bytes(20)),
    "vcf index": ("tribble_idx", b"TIDX" + bytes(20)),
    "bam index": ("tabix", b"BAI\1" + bytes(20)),
    "pgen index": ("pgen", b"\x6c\x1b\x30" + bytes(9)),
    "gzi": ("gzi", struct.pack("<7Q", 3, 20000, 65280, 40000, 130560, 60000, 195840)),
    "relationships": ("grm_bin", struct.pack("<15f", 1, 0.01, 0.98, -0.2, 0.03, 1.02, 0.1, 0.2, 0, 1, 0.5, 0, 0, 0, 0.9)),
    "counts of relationships": ("grm_bin", struct.pack("<15f", *[12345.0 - number for number in range(15)])),
    "hail": ("hail", b'{"file_version":67328,"hail_version":"0.2.1","matrix_type":"Matrix{}"}'),
    "matrix market": ("matrix_market", b"%%MatrixMarket matrix coordinate integer general\n3 3 1\n1 1 1\n"),
}
TEXT = {
    "one line": ("fasta", f">x\n{BASES}\n"),
    "no name": ("fasta", BASES),
    "no name, folded": ("fasta", _folded(BASES[:2000])),
    "a name without its mark": ("fasta", f"somebody\n{_folded(BASES[:2000])}"),
    "under a comment": ("fasta", f"# consensus\n>x\n{_folded(BASES[:2000])}"),
    "one long read": ("fastq", f"@r1\n{BASES}\n+\n{'I' * 100_000}\n"),
    "calls": ("ancestrymap_geno", _calls("rs p")),
    "calls by person": ("ancestrymap_geno", _calls("p rs")),
    "people": ("eigenstrat_ind", "".join(f"p{number} {'MFU'[number % 3]} Control\n" for number in range(12))),
}
NOT_GENOMIC = {
    "primers": _folded(BASES[:2000], 20),
    "one primer": BASES[:24],
    "ratings": "".join(f"item{number % 5} rater{number % 7} {number % 3}\n" for number in range(35)),
    "summary by sex": "".join(f"measure{number} {'MF'[number % 2]} {number * 1.7:.1f}\n" for number in range(12)),
    "numbers": struct.pack("<15f", *[0.3 * number for number in range(15)]),
}


@pytest.mark.parametrize("name", BINARY)
def test_binary(name: str, label_of: Callable[[bytes], str]) -> None:
    """Rarer binary formats are told by their bytes."""
    label, data = BINARY[name]
    assert label_of(data) == label


@pytest.mark.parametrize("name", TEXT)
def test_text(name: str, label_of: Callable[[bytes], str]) -> None:
    """Sequences without a name or line ends, calls one a line, and lists of people are told by their columns."""
    label, text = TEXT[name]
    assert label_of(text.encode()) == label


@pytest.mark.parametrize("name", NOT_GENOMIC)
def test_ordinary(name: str, label_of: Callable[[bytes], str]) -> None:
    """Lists of primers, ratings and summaries by sex are not taken for data of samples."""
    data = NOT_GENOMIC[name]
    raw = data if isinstance(data, bytes) else data.encode()
    assert label_of(raw) not in {"fasta", "ancestrymap_geno", "eigenstrat_ind", "grm_bin", "gzi"}
