"""Tables about variants as further programs write them, and people under the same headers."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from sdc_airlock.model.recognised import Kind, Recognised

Run = Callable[..., tuple[Recognised, ...]]
ROWS = 80


@pytest.fixture
def rng() -> np.random.Generator:
    """A seeded generator."""
    return np.random.default_rng(8)


def names(rng: np.random.Generator) -> list[str]:
    """Names of variants as the catalogue has them, of any length."""
    return [f"rs{number}" for number in (10 ** rng.uniform(4, 8.5, ROWS)).astype(int)]


def lines(header: str, *columns: object, between: str = " ") -> str:
    """Columns as text."""
    rows = [between.join(map(str, row)) for row in zip(*columns, strict=True)]  # type: ignore[call-overload]
    return "\n".join([header.replace(" ", between)] * bool(header) + rows) + "\n"


def shares(values: np.ndarray, digits: int = 4) -> list[str]:
    """Numbers as text."""
    return [f"{value:.{digits}f}" for value in values]


def people(rng: np.random.Generator) -> list[str]:
    """Ids of people."""
    return [f"PT{number}" for number in rng.choice(np.arange(10_000, 99_999), ROWS, replace=False)]


def of_markers(rng: np.random.Generator) -> dict[str, str]:
    """Quality and places of markers, by program."""
    rs, place = names(rng), np.sort(rng.integers(10_000, 240_000_000, ROWS))
    pairs = [rng.choice(list("ACGT"), 2, replace=False) for _ in range(ROWS)]
    first, second = [str(one) for one, _ in pairs], [str(other) for _, other in pairs]
    frequency = rng.uniform(0.01, 0.99, ROWS)
    rarer, info = np.minimum(frequency, 1 - frequency), rng.beta(8, 1.2, ROWS)
    imputed = ["0" if number % 5 else "2" for number in range(ROWS)]
    two = np.stack([rng.uniform(5.46, 9, ROWS), 0.012 / np.sqrt(rarer * (1 - rarer))])
    return {
        "impute": lines(
            "snp_id rs_id position a0 a1 exp_freq_a1 info certainty type info_type0 concord_type0 r2_type0",
            [f"22:{number}" for number in place], rs, place, first, second, shares(frequency, 3), shares(info, 3), shares(0.5 + info / 2, 3), imputed,
            ["-1" if word == "0" else "0.9" for word in imputed], ["-1" if word == "0" else "0.98" for word in imputed], ["-1" if word == "0" else "0.8" for word in imputed],
        ),
        "minimac": lines(
            "SNP REF(0) ALT(1) ALT_Frq MAF AvgCall Rsq Genotyped LooRsq EmpR EmpRsq Dose0 Dose1",
            [f"22:{number}" for number in place], first, second, shares(frequency, 5), shares(rarer, 5), shares(0.9 + info / 10, 5), shares(info, 5),
            ["Imputed"] * ROWS, *[["-"] * ROWS] * 5, between="\t",
        ),
        "mach": lines("SNP Al1 Al2 Freq1 MAF Quality Rsq", rs, first, second, shares(frequency), shares(rarer), shares(info), shares(info), between="\t"),
        "mach_intervals": lines("Interval AvgRate", [f"{one}-{other}" for one, other in zip(rs, rs[1:] + rs[:1], strict=True)], shares(info / 50, 5)),
        "qctool": lines(
            "alternate_ids rsid chromosome position alleleA alleleB comment HW_exact_p_value minor_allele_frequency impute_info missing_proportion",
            rs, rs, ["01"] * ROWS, place, first, second, ["NA"] * ROWS, shares(info), shares(rarer, 6), shares(info, 5), shares(info / 500, 6),
        ),
        "two_traits": lines("", *(shares(one) for one in (two[0] * two[1], two[1], two[0] * two[1] / 9 * rng.choice([-1, 1], ROWS), two[1] / 3)), between="\t"),
        "populations": lines("rsid AFR AMR EAS EUR SAS", rs, *(shares(np.clip(rarer + rng.normal(0, 0.02, ROWS), 0, 1), 3) for _ in range(5)), between=","),
        "accessions": lines("CHROM POS REF ALT GENE CLNSIG RCVaccession", rng.integers(1, 23, ROWS), place, first, second, ["TP53"] * ROWS, ["Pathogenic"] * ROWS, [f"RCV{number}" for number in rng.integers(10**8, 10**9, ROWS)], between="\t"),
        "gentrain": lines("Name GenTrain_Score Cluster_Sep Minor_Freq Call_Freq", rs, shares(info), shares(info), shares(rarer), shares(0.99 + info / 100), between=","),
        "two_files": lines("", [f"IGR{1100 + number // 2}a_{number % 2 + 1}" if number % 9 else f"TSC01{10_000 + number}" for number in range(ROWS)], place, between="\t"),
    }  # fmt: skip


def of_people(rng: np.random.Generator) -> dict[str, str]:
    """People under headers of such tables, or beside variants."""
    rs, ids, place = names(rng), people(rng), np.sort(rng.integers(10_000, 240_000_000, ROWS))
    age, bmi = rng.uniform(20, 80, ROWS), rng.normal(27, 4, ROWS)
    first = [str(base) for base in rng.choice(list("ACGT"), ROWS)]
    second = [{"A": "G", "C": "T", "G": "A", "T": "C"}[base] for base in first]
    return {
        "mach": lines("SNP Al1 Al2 Freq1 MAF Quality Rsq", ids, rng.choice(["M", "F"], ROWS), rng.choice(["Y", "N"], ROWS), shares(age, 1), shares(bmi / 100), shares(age / 90), shares(age / 90), between="\t"),
        "minimac": lines(
            "SNP REF(0) ALT(1) ALT_Frq MAF AvgCall Rsq Genotyped", [f"22:{number[2:]}" for number in ids], first, second, shares(age / 100, 5), shares(bmi / 100, 5), shares(age / 90, 5), shares(age / 90, 5),
            ["Imputed"] * ROWS, between="\t",
        ),
        "names_of_one_length": lines("SNP AvgCall Rsq Genotyped", [f"rs{number[2:]}" for number in ids], shares(age, 1), shares(bmi, 1), rng.integers(0, 2, ROWS), between=","),
        "note": lines("rsid chr pos ref alt note", rs, rng.integers(1, 23, ROWS), place, first, second, ids, between=","),
        "lists": lines("rsid info samples", rs, shares(age / 90), [";".join(rng.choice(ids, 3)) for _ in range(ROWS)], between="\t"),
        "cases": lines("case gene hgvs gnomad_af", [f"case{number % 9 + 1}" for number in range(ROWS)], ["TP53", "BRCA1"] * (ROWS // 2), [f"c.{number}A>G" for number in place % 4000 + 10], shares(age / 10**6, 7), between=","),
        "words_and_frequencies": lines("name ref alt maf", ids, rng.choice(["yes", "no"], ROWS), rng.choice(["ever", "never"], ROWS), shares(age, 1), between=","),
        "sorted": lines("", [f"IGR{1000 + 7 * number}a_1" for number in range(ROWS)], np.sort(rng.choice(np.arange(100_000, 999_999), ROWS, replace=False)), between="\t"),
        "visits": lines("", [f"P{1000 + number // 2}_{number % 2 + 1}" for number in range(ROWS)], np.sort(rng.choice(np.arange(100_000, 999_999), ROWS, replace=False)), between="\t"),
        "pairs": lines("", shares(rng.normal(7.5, 1, ROWS), 2), shares(rng.normal(1, 0.1, ROWS), 2), shares(rng.normal(-1, 2, ROWS), 2), shares(rng.normal(0.9, 0.1, ROWS), 2), between="\t"),
        "volumes": lines("", shares(-6.5 * bmi / 30), shares(bmi / 30), shares(rng.normal(0, 0.05, ROWS)), shares(bmi / 100), between="\t"),
        "wells": lines("plate well call_rate het sex", [f"P{number // 8}" for number in range(ROWS)], [f"{'ABCDEFGH'[number % 8]}{number % 12 + 1:02d}" for number in range(ROWS)], shares(0.97 + age / 3000), shares(0.3 + age / 3000), rng.choice(["M", "F"], ROWS), between=","),
        "numbered": lines("gene P1 P2 P3 P4 P5 P6", [f"{stem}{number}" for stem in ("BRCA", "TP", "KCN", "MAP", "SLC") for number in range(1, 17)], *(rng.negative_binomial(3, 0.01, ROWS) for _ in range(6)), between=","),
        "pairs_on_a_genome": lines("a b chr start end cM", [f"S{number}" for number in rng.integers(100, 140, ROWS)], [f"S{number}" for number in rng.integers(400, 440, ROWS)], rng.integers(1, 23, ROWS), place, place + 10**7, shares(age / 3), between="\t"),
        "exomiser": lines("RANK GENE_SYMBOL ID EXOMISER_GENE_COMBINED_SCORE EXOMISER_GENE_PHENO_SCORE", range(1, ROWS + 1), ["TP53", "MYH7"] * (ROWS // 2), [f"7-{number}-A-G_AD" for number in place], shares(age / 90), shares(age / 90), between="\t"),
        "levels_of_one": lines("gene tpm", [f"{stem}{number}" for stem in ("BRCA", "TP", "KCN", "MAP", "SLC") for number in range(1, 17)], shares(rng.gamma(0.5, 40, ROWS)), between="\t"),
        "cells_of_donors": "".join(f"PT{number % 6}_{''.join(rng.choice(list('ACGT'), 16))}-1\n" for number in range(ROWS)),
    }  # fmt: skip


MARKERS, PEOPLE = sorted(of_markers(np.random.default_rng(8))), sorted(of_people(np.random.default_rng(8)))


@pytest.mark.parametrize("name", MARKERS)
def test_quality_and_places_of_markers(recognised: Run, rng: np.random.Generator, name: str) -> None:
    """What programs say of markers is about variants, and about nobody."""
    (found,) = recognised(of_markers(rng)[name], "markers.txt")
    assert found.individual < 0.35
    assert found.kind in (Kind.VARIANT_SITES, Kind.GWAS_SUMMARY_STATISTICS)
    assert not any(kind in (Kind.GENOTYPE_MATRIX, Kind.GENOTYPE_RECORDS) for kind in found.kinds)


@pytest.mark.parametrize("name", PEOPLE)
def test_people_in_their_dress(recognised: Run, rng: np.random.Generator, name: str) -> None:
    """People under those headers, beside variants, or in the shape of markers are people."""
    assert max(found.individual for found in recognised(of_people(rng)[name], "markers.txt")) >= 0.5


def test_barcodes_of_cells_alone(recognised: Run, rng: np.random.Generator) -> None:
    """A barcode is a cell, of nobody knows whom."""
    barcodes = "".join(f"{''.join(rng.choice(list('ACGT'), 16))}-1\n" for _ in range(ROWS))
    assert max(found.individual for found in recognised(barcodes, "barcodes.tsv")) < 0.35
