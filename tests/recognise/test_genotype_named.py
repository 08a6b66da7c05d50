"""Genotypes told by their own names: people are found, tables of classes and sentences about groups are not."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pytest

from sdc_airlock.model.content import Column, Table, TextPart, TextRole
from sdc_airlock.recognise.genotype import genotype_shape, genotypes_in_text

A = ["A*02:01", "A*01:01", "A*03:01", "A*24:02"]
B = ["B*07:02", "B*08:01", "B*44:02"]
LOCI = ["D3S1358", "vWA", "FGA", "TH01"]
GROUPS = ["R1b1a2", "I1", "E1b1b", "J2a"]


def table_of(names: Sequence[str], rows: Sequence[Sequence[object]]) -> Table:
    """A table of text cells."""
    columns = tuple(
        Column(index=index, name=name, values=pa.array([str(row[index]) for row in rows], type=pa.string()))
        for index, name in enumerate(names)
    )
    return Table(part_id="t.csv", columns=columns, n_rows=len(rows), named=True)


def drawn(*sets: Sequence[str], rows: int = 30) -> list[list[str]]:
    """Rows of one thing out of each set."""
    random = np.random.default_rng(1)
    return [[str(random.choice(one)) for one in sets] for _ in range(rows)]


def sizes(rows: int) -> list[list[str]]:
    """Two sizes at each locus."""
    random = np.random.default_rng(2)
    return [[",".join(map(str, np.sort(random.integers(8, 20, 2)))) for _ in LOCI] for _ in range(rows)]


def differences(rows: int) -> list[list[str]]:
    """A row a person, with some of twenty differences from the reference."""
    random = np.random.default_rng(3)
    sites = [f"{100 + 531 * place}{'ACGT'[place % 4]}" for place in range(20)]
    return [[f"S{n:03d}", " ".join(site for site in sites if random.random() < 0.4)] for n in range(rows)]


REPORT = [
    ["CYP2D6", "*1/*4", "Intermediate"],
    ["CYP2C19", "*2/*17", "Intermediate"],
    ["CYP2C9", "*1/*3", "Intermediate"],
    ["TPMT", "*1/*1", "Normal"],
]
OF_PEOPLE = {
    "HLA in pairs of columns": (["id", "A_1", "A_2", "B_1", "B_2"], [[f"S{n}", *row] for n, row in enumerate(drawn(A, A, B, B))]),
    "HLA in bare digits": (["HLA_A_1", "HLA_A_2"], [[cell[2:] for cell in row] for row in drawn(A, A)]),
    "HLA with a slash": (["person", "HLA-A", "HLA-B"], [[n, f"{r[0]}/{r[1]}", f"{r[2]}/{r[3]}"] for n, r in enumerate(drawn(A, A, B, B))]),
    "repeats": (["s", *LOCI], [[f"P{n}", *row] for n, row in enumerate(sizes(12))]),
    "one profile": (["locus", "alleles"], list(zip(LOCI, sizes(1)[0], strict=True))),
    "haplogroups": (["sample", "y_haplogroup"], [[f"X{n}", *row] for n, row in enumerate(drawn(GROUPS))]),
    "zygosities": (["variant", "zygosity"], [[f"c.{n}00G>A", ("heterozygous", "homozygous")[n % 5 == 0]] for n in range(1, 9)]),
    "calls of one sample": (
        ["chrom", "pos", "ref", "alt", "gene", "depth", "gq", "vaf"],
        [[n % 22 + 1, 1000 * n, "A", "G", f"GENE{n}", 30 + n, 99, 0.5] for n in range(1, 30)],
    ),
}
OF_PEOPLE |= {
    "mitochondrial differences": (["sample", "differences"], differences(30)),
    "variants on a line": (["a", "b", "c", "d", "e"], [[f"rs{1000 + (n * step) % 11}" for step in range(1, 6)] for n in range(1, 30)]),
    "diplotypes of one person": (["Gene", "Diplotype", "Phenotype"], REPORT),
    "diplotypes in Markdown": (
        ["Gene", "Diplotype", "Phenotype"],
        [[gene, call.replace("*", "\\*"), words] for gene, call, words in REPORT],
    ),
}
OF_CLASSES = {
    "HLA frequencies": (["allele", "n", "frequency"], [[allele, 50 + n, 0.1] for n, allele in enumerate(A + B)]),
    "HLA haplotypes": (["A", "B", "freq"], [[a, b, 0.05] for a in A for b in B]),
    "HLA associations": (["allele", "or", "p"], [[allele, 1.2, 0.01] for allele in A + B]),
    "haplogroups counted": (["population", "haplogroup", "n"], [[where, one, 40] for where in ("north", "south") for one in GROUPS]),
    "repeats by frequency": (["allele", *LOCI], [[size, 0.1, 0.25, 0.0, 0.3] for size in range(8, 18)]),
    "repeats by allele": (["locus", "allele", "frequency"], [[one, size, f"0.{size}34"] for one in LOCI for size in range(8, 18)]),
    "motifs of haplogroups": (["clade", "motif"], [[f"H{n}a", row[1]] for n, row in enumerate(differences(20))]),
    "motifs with counts": (["clade", "motif", "n"], [[f"clade {n}", row[1], 40 + n] for n, row in enumerate(differences(20))]),
    "variants that do not come again": (
        ["trait", "variants"],
        [[f"trait {n}", " ".join(f"rs{n * 97 + k}00" for k in range(5))] for n in range(30)],
    ),
    "diplotypes counted": (["Gene", "Diplotype", "Phenotype", "n"], [[*row, 40 + n] for n, row in enumerate(REPORT)]),
    "diplotypes of a gene counted": (
        ["diplotype", "phenotype", "n"],
        [[f"*1/*{n}", ("Normal", "Poor")[n > 2], 50 + n] for n in range(1, 9)],
    ),
    "a cohort's variants": (
        ["chrom", "pos", "ref", "alt", "gene", "ac", "an", "depth", "gq"],
        [[1, 1000 * n, "A", "G", f"GENE{n}", 40 + n, 9000, 30, 99] for n in range(1, 30)],
    ),
}


@pytest.mark.parametrize("case", OF_PEOPLE.values(), ids=OF_PEOPLE)
def test_people(case: tuple[list[str], list[list[object]]]) -> None:
    """Types of people are found by the names of their alleles."""
    assert genotype_shape(table_of(*case)) is not None


@pytest.mark.parametrize("case", OF_CLASSES.values(), ids=OF_CLASSES)
def test_classes(case: tuple[list[str], list[list[object]]]) -> None:
    """Tables of alleles, haplotypes and haplogroups with figures beside them are no people."""
    assert genotype_shape(table_of(*case)) is None


def told(text: str) -> bool:
    """True where genotypes are found in a text."""
    return genotypes_in_text(TextPart(part_id="n.txt", text=text, role=TextRole.PROSE)) is not None


def test_notes() -> None:
    """A variant, a zygosity and a person in one sentence are a note of a genotype; a sentence that counts carriers is not."""
    assert told("The proband is heterozygous for BRCA1 c.68_69delAG (p.Glu23fs).")
    assert told("Typing of the patient:\nHLA-A*02:01, A*24:02; B*07:02, B*44:02 on both samples")
    assert told("D3S1358 15,16\nvWA 17/18\nFGA 21, 24\n")
    assert not told("BRCA1 c.68_69delAG was found in 61 heterozygous women of 4,812 participants (n = 61).")
    assert not told("The primer covers c.68_69delAG of the reference transcript.")
    assert not told("HLA-A*02:01 was associated with the outcome (p = 0.01), HLA-B*07:02 was not.")


def test_calls_of_numbered_people() -> None:
    """A person by number, an rs number and a zygosity or a call in one sentence are a note; counted carriers and rules are not."""
    assert told("Case 4 was heterozygous at rs429358 and TC at rs7412.")
    assert told("We saw that participant P-17 is A/G at rs6025.")
    assert not told("Of 4,812 participants, 61 carriers of rs6025 were heterozygous; sample 2 had 90 carriers of rs7412.")
    assert not told("Women who are heterozygous for rs6025 have a higher risk.")
    assert not told("See table 4 for rs429358, and case 2 of the appendix.")
