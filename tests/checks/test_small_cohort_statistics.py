"""Tests of small_cohort_statistics on files as programs of association studies write them, with people enough and with a few."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest

from sdc_airlock.model.finding import Finding, Severity

Run = Callable[..., tuple[Finding, ...]]

_ID = "small_cohort_statistics"
_COMMON = (0.31, 0.44, 0.12, 0.08, 0.27, 0.19, 0.35, 0.23, 0.41, 0.15, 0.29, 0.38)


def table(header: str, rows: Sequence[Sequence[object]], sep: str = "\t") -> str:
    """A table as programs write it."""
    return "\n".join([sep.join(header.split()), *(sep.join(map(str, row)) for row in rows)]) + "\n"


def variants(frequencies: Sequence[float], seed: int = 1) -> list[tuple[int, int, str, str, str]]:
    """Chromosome, position, id and alleles of so many variants, in order."""
    rng = np.random.default_rng(seed)
    places = sorted((int(rng.integers(1, 23)), int(rng.integers(1_000_000, 45_000_000))) for _ in frequencies)
    alleles = [rng.choice(list("ACGT"), 2, replace=False) for _ in frequencies]
    names = (10 ** rng.uniform(3, 8.5, len(places))).astype(int).tolist()
    return [(*place, f"rs{name}", str(a), str(b)) for place, name, (a, b) in zip(places, names, alleles, strict=True)]


def result(frequency: float, people: int, number: int, spread: float = 1.0) -> tuple[float, float, float]:
    """Estimate, error and p-value of a variant that explains next to nothing."""
    error = spread / math.sqrt(2 * people * frequency * (1 - frequency))
    z = math.sin(number + 1.0)
    return float(f"{z * error:.6g}"), float(f"{error:.6g}"), float(f"{math.erfc(abs(z) / math.sqrt(2)):.4g}")


def regenie(frequencies: Sequence[float], people: int) -> str:
    """Output of regenie's second step."""
    rows = []
    for number, (frequency, one) in enumerate(zip(frequencies, variants(frequencies), strict=True)):
        beta, error, p = result(frequency, people, number)
        row = (*one, f"{frequency:.6g}", people, "ADD", beta, error, f"{(beta / error) ** 2:.5g}", f"{-math.log10(p):.5g}", "NA")
        rows.append(row)
    return table("CHROM GENPOS ID ALLELE0 ALLELE1 A1FREQ N TEST BETA SE CHISQ LOG10P EXTRA", rows, " ")


def saige(frequencies: Sequence[float], cases: int, controls: int) -> str:
    """Output of SAIGE for a disease; frequencies are those of the cases too."""
    rows = []
    n = cases + controls
    for number, (frequency, (c, pos, _, a, b)) in enumerate(zip(frequencies, variants(frequencies), strict=True)):
        beta, error, p = result(frequency, cases * controls // n, number)
        rows.append(
            (
                c,
                pos,
                f"{c}:{pos}:{a}:{b}",
                a,
                b,
                round(2 * n * 0.3),
                0.3,
                0,
                beta,
                error,
                f"{p:.5g}",
                f"{frequency:.6g}",
                0.3,
                cases,
                controls,
            )
        )
    return table("CHR POS MarkerID Allele1 Allele2 AC_Allele2 AF_Allele2 MissingRate BETA SE p.value AF_case AF_ctrl N_case N_ctrl", rows)


def glm(frequencies: Sequence[float], people: int) -> str:
    """Output of PLINK 2 for a disease."""
    rows = []
    for number, (frequency, (c, pos, rsid, a, b)) in enumerate(zip(frequencies, variants(frequencies), strict=True)):
        beta, error, p = result(frequency, people // 4, number)
        rows.append(
            (c, pos, rsid, a, b, b, f"{frequency:.6g}", "N", "ADD", people, f"{math.exp(beta):.6g}", error, f"{beta / error:.5g}", p, ".")
        )
    return table("#CHROM POS ID REF ALT A1 A1_FREQ FIRTH? TEST OBS_CT OR LOG(OR)_SE Z_STAT P ERRCODE", rows)


def assoc(frequencies: Sequence[float]) -> str:
    """Output of PLINK 1 for a disease, which says of nobody how many they are."""
    rows = []
    for number, (frequency, (c, pos, rsid, a, b)) in enumerate(zip(frequencies, variants(frequencies), strict=True)):
        beta, error, p = result(frequency, 1000, number)
        rows.append((c, rsid, pos, a, f"{frequency:.4g}", f"{frequency:.4g}", b, f"{(beta / error) ** 2:.4g}", p, f"{math.exp(beta):.4g}"))
    return table("CHR SNP BP A1 F_A F_U A2 CHISQ P OR", rows, "  ")


def ssf(frequencies: Sequence[float] | None, people: int, errors: Sequence[float] = (), spread: float = 1.0, *, count: bool = True) -> str:
    """Summary statistics in the format of the GWAS Catalog, with frequencies or without, with the number of people or without."""
    rows = []
    for number, (frequency, (c, pos, rsid, a, b)) in enumerate(zip(frequencies or errors, variants(frequencies or errors), strict=True)):
        beta, error, p = result(frequency, people, number, spread)
        shown = (f"{frequency:.6g}",) if frequencies else ()
        rows.append((c, pos, a, b, beta, error, *shown, p, rsid, *((people,) if count else ())))
    names = f"chromosome base_pair_location effect_allele other_allele beta standard_error {'effect_allele_frequency' if frequencies else ''} p_value rsid"
    return table(f"{names} {'n' if count else ''}", rows)


def metal(frequencies: Sequence[float], people: int) -> str:
    """Output of METAL by sample size, whose weights are the number of people."""
    rows = []
    for number, (frequency, (_, _, rsid, a, b)) in enumerate(zip(frequencies, variants(frequencies), strict=True)):
        beta, error, p = result(frequency, people, number)
        rows.append((rsid, a.lower(), b.lower(), f"{frequency:.5f}", f"{people}.00", f"{beta / error:.3f}", p, "+-+"))
    return table("MarkerName Allele1 Allele2 Freq1 Weight Zscore P-value Direction", rows)


HONEST = {
    "height.regenie": regenie([*_COMMON, 0.004], 4000),
    "biobank.regenie": regenie([*_COMMON, 0.0001], 400_000),
    "t2d.saige.txt": saige([*_COMMON, 0.02], 900, 9000),
    "ms.PHENO1.glm.logistic.hybrid": glm([*_COMMON, 0.005], 6000),
    "plink.assoc": assoc([*_COMMON, 0.02]),
    "trait.tsv": ssf([*_COMMON, 0.01], 5000),
    "METAANALYSIS1.tbl": metal([*_COMMON, 0.01], 20_000),
    "heterogeneity.tbl": table(
        "MarkerName Allele1 Allele2 Freq1 Effect StdErr P-value Direction HetISq HetChiSq HetDf HetPVal",
        [
            (rsid, a.lower(), b.lower(), 0.3, *result(0.3, 150_000, number), "+-++", 12.5, 4.6, 4, 0.33)
            for number, (_, _, rsid, a, b) in enumerate(variants(_COMMON))
        ],
    ),
    "unnamed.csv": ",baseMean,log2FoldChange,lfcSE,stat,pvalue,padj\n7157,104.2,1.3,0.3,4.33,0.0000149,0.001\n672,33.1,-0.2,0.4,-0.5,0.617,0.9\n4609,870.5,0.8,0.2,4.0,0.0000633,0.002\n",
    "alzheimer_hits.csv": "SNP,beta,se,pval,eaf,n\nrs429358,1.12,0.02,1e-300,0.137,94437\nrs6733839,0.17,0.01,4e-28,0.39,94437\nrs9331896,-0.12,0.01,1e-20,0.38,94437\n",
    "phewas.csv": table(
        "phecode description snp beta se p n_cases n_controls",
        [(f"{250 + i}.{i % 4}", f"disease {i}", "rs7903146", *result(0.3, 4000, i), 300 + 41 * i, 30_000) for i in range(14)],
        ",",
    ),
    "deseq2.csv": "gene,baseMean,log2FoldChange,lfcSE,stat,pvalue,padj\nTP53,104.2,1.3,0.3,4.33,0.0000149,0.001\nBRCA1,33.1,-0.2,0.4,-0.5,0.617,0.9\nMYC,870.5,0.8,0.2,4.0,0.0000633,0.002\n",
}
DISCLOSING = {
    "height.regenie": (regenie([*_COMMON, 0.0005], 4000), "implied_by_frequency"),
    "biobank.regenie": (regenie([*_COMMON, 0.000005], 400_000), "implied_by_frequency"),
    "t2d.saige.txt": (saige([*_COMMON, 0.002], 900, 9000), "implied_by_frequency"),
    "ms.PHENO1.glm.logistic.hybrid": (glm([*_COMMON, 0.0005], 6000), "implied_by_frequency"),
    "METAANALYSIS1.tbl": (metal([*_COMMON, 0.0002], 20_000), "implied_by_frequency"),
    "flipped.regenie": (regenie([*_COMMON, 0.9995], 4000), "implied_by_frequency"),
    "plink_cases60_controls900.assoc": (assoc([*_COMMON, 0.025]), "implied_by_frequency"),
    "daner.txt": (
        table("CHR SNP BP A1 A2 FRQ_A_312 FRQ_U_900 INFO OR SE P", [(c, r, pos, a, b, f"{f:.4f}", f"{f:.4f}", 0.98, f"{math.exp(x):.5f}", e, p) for i, (f, (c, pos, r, a, b)) in enumerate(zip((*_COMMON, 0.0096), variants((*_COMMON, 0.0096)), strict=True)) for x, e, p in [result(f, 230, i)]]),
        "implied_by_frequency",
    ),
    "phewas.csv": (HONEST["phewas.csv"].replace(",300,30000", ",6,30000"), "group_size"),
    "burden.tsv": (table("gene mask n_carriers beta se p", [(f"GENE{i}A", "lof", 30 + i if i else 4, *result(0.01, 3000, i)) for i in range(9)]), "carriers"),
    "saige_gene.txt": (table("Region Group max_MAF Pvalue BETA_Burden SE_Burden MAC MAC_case MAC_control", [(f"ENSG0000010{i:04}", "lof", 0.01, p, x, e, 90 + i, 3 if i == 4 else 20, 70 + i) for i in range(9) for x, e, p in [result(0.01, 3000, i)]]), "allele_counts"),
    "plink.frq.cc": (table("CHR SNP A1 A2 MAF_A MAF_U NCHROBS_A NCHROBS_U", [(c, r, a, b, f"{f:.4g}", f"{f + 0.01:.4g}", 400, 4000) for f, (c, _, r, a, b) in zip((*_COMMON, 0.0125), variants((*_COMMON, 0.0125)), strict=True)], "  "), "implied_by_frequency"),
    "plink.model": (table("CHR SNP A1 A2 TEST AFF UNAFF CHISQ DF P", [(c, r, a, b, "GENO", f"{3 if i == 5 else 30}/160/210", f"{90 + i}/800/1100", "NA", "NA", "NA") for i, (c, _, r, a, b) in enumerate(variants(_COMMON))], "  "), "genotype_counts"),
    "epacts.txt": (table("#CHROM BEGIN END MARKER_ID NS AC CALLRATE MAF PVALUE SCORE N.CASE N.CTRL AF.CASE AF.CTRL", [(c, pos, pos, f"{c}:{pos}_{a}/{b}", 4000, round(8000 * f), 1, f"{f:.5f}", f"{math.erfc(0.1 * i):.4g}", f"{0.1414 * i:.3f}", 1000, 3000, f"{f:.5f}", f"{f:.5f}") for i, (f, (c, pos, _, a, b)) in enumerate(zip((*_COMMON, 0.002), variants((*_COMMON, 0.002)), strict=True))]), "implied_by_frequency"),
    "snptest.out": (table("rsid chromosome position alleleA alleleB all_total cases_total controls_total cases_AA cases_AB cases_BB all_maf", [(r, c, pos, a, b, 4000, 1000, 3000, 600 + i, 300, 4 if i == 6 else 90, f"{0.3 + 0.001 * i:.4f}") for i, (c, pos, r, a, b) in enumerate(variants(_COMMON))], " "), "genotype_counts"),
    "cohort.frqx": (table("CHR SNP A1 A2 C(HOM\xa0A1) C(HET) C(HOM\xa0A2)".replace("\xa0", "_"), [(c, r, a, b, 40 + i, 300 + i, 2 if i == 3 else 500) for i, (c, _, r, a, b) in enumerate(variants(_COMMON))]), "genotype_counts"),
}  # fmt: skip


@pytest.fixture
def found(run_check: Run) -> Callable[..., list[Finding]]:
    """Findings of more than a note in one file."""

    def run(text: str, name: str, rules: dict[str, Any] | None = None) -> list[Finding]:
        return [each for each in run_check(_ID, text.encode(), name, rules) if each.severity > Severity.LOW]

    return run


@pytest.mark.parametrize("name", HONEST)
def test_honest_results_pass(name: str, found: Callable[..., list[Finding]]) -> None:
    """Results of common variants, and of rare ones that many people carry, are let through in the form of each program."""
    assert found(HONEST[name], name) == []


@pytest.mark.parametrize("name", DISCLOSING)
def test_disclosing_results_are_held(name: str, found: Callable[..., list[Finding]]) -> None:
    """One variant with a few carriers, or a trait of a few people, is found in the form of each program, and only there."""
    text, rule = DISCLOSING[name]
    findings = found(text, name)
    assert rule in {each.rule for each in findings}
    assert all(each.count == 1 for each in findings if each.rule == rule)


@pytest.mark.parametrize("spread", [1.0, 4.7, 0.02])
def test_errors_say_what_frequencies_would(spread: float, found: Callable[..., list[Finding]]) -> None:
    """A rare variant shows in its standard error whatever the unit of the trait."""
    rng = np.random.default_rng(4)
    frequencies = [*rng.uniform(0.05, 0.5, 140).tolist(), 0.0006]
    held = found(ssf(None, 5000, errors=frequencies, spread=spread), "trait.tsv")
    assert [each.rule for each in held] == ["implied_by_error"]
    assert held[0].count == 1
    assert found(ssf(None, 5000, errors=frequencies[:-1], spread=spread), "trait.tsv") == []


def test_errors_of_a_disease(found: Callable[..., list[Finding]]) -> None:
    """Numbers of cases and controls in a comment make errors of log odds ratios speak, for a handful of variants too."""
    rows = [
        (c, pos, a, b, *result(f, 750, i), r)
        for i, (f, (c, pos, r, a, b)) in enumerate(zip((*_COMMON, 0.001), variants((*_COMMON, 0.001)), strict=True))
    ]
    text = "# cases: 1000, controls: 3000\n" + table(
        "chromosome base_pair_location effect_allele other_allele beta standard_error p_value rsid", rows
    )
    assert [each.rule for each in found(text, "disease.tsv")] == ["implied_by_error"]


def test_covariates_are_no_variants(found: Callable[..., list[Finding]]) -> None:
    """Rows of covariates, whose errors are on another scale, are not taken for common variants."""
    rng = np.random.default_rng(5)
    rows = []
    for i, (c, pos, r, a, _b) in enumerate(variants(range(150))):
        beta, error, p = result(float(rng.uniform(0.1, 0.5)), 3000, i)
        rows += [
            (c, r, pos, a, "ADD", 3000, beta, f"{beta / error:.4g}", p, error),
            (c, r, pos, a, "AGE", 3000, 0.001, 2.0, 0.0455, 0.0005),
        ]
    assert found(table("CHR SNP BP A1 TEST NMISS BETA STAT P SE", rows, "  "), "plink.assoc.linear") == []


def test_odds_ratio_and_interval(found: Callable[..., list[Finding]]) -> None:
    """The table of alleles behind an odds ratio of three decimals is worked out."""

    def row(name: str, a: int, b: int) -> str:
        c, d = 240 - a, 600 - b
        odds, spread = a * d / (b * c), 1.959964 * math.sqrt(1 / a + 1 / b + 1 / c + 1 / d)
        return f"{name},{odds:.3f},{odds * math.exp(-spread):.3f},{odds * math.exp(spread):.3f}\n"

    text = (
        "# 120 cases and 300 controls\nSNP,OR,CI_low,CI_high\n"
        + row("rs4988235", 90, 200)
        + row("rs80338939", 5, 18)
        + row("rs334", 61, 120)
    )
    held = found(text, "candidate_snps.csv")
    assert [each.rule for each in held] == ["implied_by_odds"]
    assert held[0].location.rows == (4,)


def test_digits_betray_the_number_of_people(found: Callable[..., list[Finding]], run_check: Run) -> None:
    """Frequencies of forty people without any word about them are told by their digits; those of four thousand are not."""
    rng = np.random.default_rng(6)
    for people, expected in ((40, ["implied_by_frequency"]), (4000, [])):
        f = rng.integers(1, 2 * people, 60) / (2 * people)
        rows = [(c, pos, r, a, b, f"{x:.6g}") for x, (c, pos, r, a, b) in zip(f, variants(f.tolist()), strict=True)]
        text = table("CHR BP SNP A1 A2 AF", rows)
        assert [each.rule for each in found(text, "af.txt")] == expected
    assert [each.rule for each in run_check(_ID, text.encode(), "af.txt")] == ["unknown_size"]


def test_coarse_frequencies_say_little(found: Callable[..., list[Finding]]) -> None:
    """A frequency of two decimals among ten thousand people leaves open whether two or two hundred carry the allele."""
    rows = [
        (c, pos, r, a, b, f"{f:.2f}", 10_000)
        for f, (c, pos, r, a, b) in zip((*_COMMON, 0.01, 0.0), variants((*_COMMON, 0.01, 0.0)), strict=True)
    ]
    assert found(table("CHR BP SNP A1 A2 MAF N", rows), "maf.txt") == []


def test_frequencies_of_others_are_not_theirs(found: Callable[..., list[Finding]]) -> None:
    """Frequencies from gnomAD beside a study of a few hundred people say nothing of them."""
    rows = [
        (c, pos, r, a, b, x, e, p, 0.00001 * (i + 1), 700)
        for i, (c, pos, r, a, b) in enumerate(variants(_COMMON))
        for x, e, p in [result(0.3, 700, i)]
    ]
    assert found(table("CHR BP SNP A1 A2 BETA SE P gnomad_AF N", rows), "annotated.txt") == []


def test_groups_have_their_own_numbers(found: Callable[..., list[Finding]]) -> None:
    """A frequency by ancestry is held against the people of that ancestry."""
    rows = [
        (r, a, b, f"{f:.4f}", f"{f:.4f}", 30_000, 150)
        for f, (_, _, r, a, b) in zip((*_COMMON, 0.0133), variants((*_COMMON, 0.0133)), strict=True)
    ]
    held = found(table("rsid A1 A2 AF_EUR AF_SAS N_EUR N_SAS", rows), "by_ancestry.tsv")
    assert [each.location.columns for each in held] == [("AF_SAS",)]


def test_profile_that_shows_counts_by_variant(found: Callable[..., list[Finding]]) -> None:
    """Where counts by variant may stay, small groups of people still may not."""
    rules = {"suppressed_counts": [1, 4], "allele_counts": "shown"}
    assert found(DISCLOSING["height.regenie"][0], "height.regenie", rules) == []
    assert [each.rule for each in found(DISCLOSING["phewas.csv"][0].replace(",6,30000", ",3,30000"), "phewas.csv", rules)] == ["group_size"]


def test_profile_that_notes_counts_by_variant(run_check: Run) -> None:
    """Where they are noted, nothing is held for them."""
    findings = run_check(_ID, DISCLOSING["height.regenie"][0].encode(), "height.regenie", {"allele_counts": "noted"})
    assert [(each.rule, each.severity) for each in findings] == [("implied_by_frequency", Severity.LOW)]


def test_single_carriers_go_to_an_executive(found: Callable[..., list[Finding]]) -> None:
    """A variant with one carrier is grave where the holder wants an executive's word, in a cohort of any size."""
    rows = [(c, pos, r, a, b, 1 if i == 2 else 400 + i, 800_000) for i, (c, pos, r, a, b) in enumerate(variants(_COMMON))]
    text = table("CHROM POS ID REF ALT AC AN", rows)
    held = found(text, "sites.tsv", {"single_carriers": "executive"})
    assert [(each.rule, each.severity) for each in held] == [("single_carrier", Severity.HIGH)]
    assert found(text, "sites.tsv") == []


SITES = '##fileformat=VCFv4.2\n##INFO=<ID=AC,Number=A,Type=Integer,Description="Alleles">\n##INFO=<ID=AN,Number=1,Type=Integer,Description="All">\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n'  # fmt: skip


@pytest.mark.parametrize(("alleles", "severity"), [(1000, Severity.MEDIUM), (5008, Severity.LOW), (400_000, Severity.LOW)])
def test_sites_of_a_vcf(alleles: int, severity: Severity, run_check: Run) -> None:
    """Singletons in a list of sites are held where few people stand behind it, and noted where many do."""
    text = SITES + "".join(
        f"{c}\t{pos}\t{r}\t{a}\t{b}\t.\tPASS\tAC={1 if i < 3 else 60 + i};AN={alleles}\n"
        for i, (c, pos, r, a, b) in enumerate(variants(_COMMON))
    )
    findings = [each for each in run_check(_ID, text.encode(), "sites.vcf") if each.rule == "allele_counts"]
    assert [(each.severity, each.count) for each in findings] == [(severity, 3)]


@pytest.mark.parametrize(
    ("files", "statement"),
    [
        ({"trait.tsv": ssf([*_COMMON, 0.0005], 4000, count=False), "trait.tsv-meta.yaml": "file_type: GWAS-SSF v0.1\nsamples:\n - sample_size: 4000\n   sample_ancestry:\n    - European\n"}, ""),
        ({"trait.tsv": ssf([*_COMMON, 0.0005], 4000, count=False)}, "file: trait.tsv\nkind: GWAS summary statistics\nn: 4000\n"),
        ({"trait.tsv": ssf([*_COMMON, 0.0005], 4000, count=False)}, "Summary statistics of a study of 4,000 participants."),
    ],
)  # fmt: skip
def test_people_told_elsewhere(files: dict[str, str], statement: str, run_request: Run) -> None:
    """The number of people may stand in metadata beside the file, or in the statement of the request."""
    findings = run_request(_ID, files, statement=statement)
    assert [(each.rule, each.severity, each.count) for each in findings] == [("implied_by_frequency", Severity.MEDIUM, 1)]
    assert run_request(_ID, {"trait.tsv": files["trait.tsv"]}) == ()


def test_every_row_of_a_large_table_is_looked_at(found: Callable[..., list[Finding]]) -> None:
    """One rare variant beyond the rows that a large table shows at first is found, at its row."""
    line = "{}\t{}\trs{}\tA\tG\t0.25\t0.01\t0.0204\t0.624\t9000\n"
    rows = [line.format(1 + i // 4000, 1_000_000 + 9000 * (i % 4000), 1000 + 37 * i) for i in range(70_000)]
    rows[66_000] = rows[66_000].replace("\t0.25\t", "\t0.0003\t")
    text = (
        "chromosome\tbase_pair_location\trsid\teffect_allele\tother_allele\teffect_allele_frequency\tbeta\tstandard_error\tp_value\tn\n"
        + "".join(rows)
    )
    held = found(text, "large.tsv")
    assert [(each.rule, each.count, each.location.rows) for each in held] == [("implied_by_frequency", 1, (66_002,))]


def test_messages_hold_no_value(run_check: Run) -> None:
    """Neither the count nor the number of people is repeated."""
    text = regenie([*_COMMON, 0.0005], 4321)
    for each in run_check(_ID, text.encode(), "height.regenie"):
        assert "4321" not in each.message
        assert "0.0005" not in each.message


NOT_PEOPLE = {
    "pileup.tsv": table("CHROM POS REF ALT A C G T N", [(c, pos, a, b, 30 + i, 2, 12, 0, i % 4 + 1) for i, (c, pos, _, a, b) in enumerate(variants(_COMMON))]),
    "gsea.csv": "gene,pathway,pval,padj,ES,NES,size\nTP53,apoptosis,0.001,0.01,0.6,1.9,5\nMYC,cell cycle,0.02,0.1,0.5,1.6,8\nBRCA1,repair,0.2,0.4,0.3,1.1,7\n",
    "annotated.tsv": table("CHROM POS REF ALT gnomADe_AF ExAC_MAF AF_TGP", [(c, pos, a, b, 0.00001, 0.0002, 0.0001) for c, pos, _, a, b in variants(_COMMON)]),
}  # fmt: skip


@pytest.mark.parametrize("name", NOT_PEOPLE)
def test_numbers_that_count_nobody(name: str, found: Callable[..., list[Finding]]) -> None:
    """Bases, genes of a set and frequencies of public collections are no people of the study."""
    assert found(NOT_PEOPLE[name], name) == []


def test_people_beside_a_variant_carry_it(found: Callable[..., list[Finding]]) -> None:
    """A case series that lists variants with the number of people is a list of carriers."""
    rows = [
        (f"{c}:{pos}:{a}:{b}", "GENE1A", n, "ataxia") for n, (c, pos, _, a, b) in zip((14, 2, 33, 21), variants(_COMMON[:4]), strict=True)
    ]
    assert [(each.rule, each.count) for each in found(table("variant gene n phenotype", rows), "series.tsv")] == [("carriers", 1)]


def test_counts_of_an_expression_study(found: Callable[..., list[Finding]]) -> None:
    """GTEx calls copies of the rarer allele ma_count and its carriers ma_samples."""
    rows = [
        (f"ENSG0000010{i:04}.3", f"chr{c}_{pos}_{a}_{b}_b38", 3 if i == 5 else 60, 3 if i == 5 else 70, 0.1, p, x, e)
        for i, (c, pos, _, a, b) in enumerate(variants(_COMMON))
        for x, e, p in [result(0.1, 400, i)]
    ]
    held = found(table("gene_id variant_id ma_samples ma_count maf pval_nominal slope slope_se", rows), "eqtl.tsv")
    assert {(each.rule, each.count) for each in held} == {("carriers", 1), ("allele_counts", 1)}


def _of_estimates(header: str, shown: Callable[[float, float, float], Sequence[object]], rare: float | None) -> str:
    """Results of 140 common variants, and a rare one, in columns of one's choice."""
    rng = np.random.default_rng(7)
    frequencies = [*rng.uniform(0.05, 0.5, 140).tolist(), *([] if rare is None else [rare])]
    rows = [
        (c, pos, r, a, b, *shown(*result(f, 5000, i)), 5000)
        for i, (f, (c, pos, r, a, b)) in enumerate(zip(frequencies, variants(frequencies), strict=True))
    ]
    return table(f"CHR BP SNP A1 A2 {header} N", rows)


@pytest.mark.parametrize(
    ("header", "shown"),
    [
        (
            "OR CI_low CI_high",
            lambda b, e, _: (f"{math.exp(b):.6g}", f"{math.exp(b - 1.959964 * e):.6g}", f"{math.exp(b + 1.959964 * e):.6g}"),
        ),
        ("BETA Z", lambda b, e, _: (b, f"{b / e:.5g}")),
        ("BETA P", lambda b, _, p: (b, p)),
        ("BETA LOG10P", lambda b, _, p: (b, f"{-math.log10(p):.6g}")),
    ],
)
def test_errors_left_out(
    header: str, shown: Callable[[float, float, float], Sequence[object]], found: Callable[..., list[Finding]]
) -> None:
    """An interval, a score or a p-value beside an estimate says its error, and that a variant is rare."""
    held = found(_of_estimates(header, shown, 0.0006), "trait.tsv")
    assert [(each.rule, each.count) for each in held] == [("implied_by_error", 1)]
    assert found(_of_estimates(header, shown, None), "trait.tsv") == []


def test_coarse_frequency_beside_its_error(found: Callable[..., list[Finding]]) -> None:
    """A frequency rounded to 0.00 hides nothing where the error stands beside it."""
    rng = np.random.default_rng(8)
    frequencies = [*rng.uniform(0.05, 0.5, 140).tolist(), 0.0006]
    rows = [
        (c, pos, r, a, b, f"{f:.2f}", *result(f, 5000, i), 5000)
        for i, (f, (c, pos, r, a, b)) in enumerate(zip(frequencies, variants(frequencies), strict=True))
    ]
    held = found(table("CHR BP SNP A1 A2 MAF BETA SE P N", rows), "trait.tsv")
    assert [(each.rule, each.count) for each in held] == [("implied_by_error", 1)]


@pytest.mark.parametrize(
    ("header", "cells"),
    [
        ("MAF(%) N", lambda f: (f"{100 * f:.3f}", 4000)),
        ("AC AF", lambda f: (round(8000 * f), f"{round(8000 * f) / 8000:.6g}")),
        ("AC/AN", lambda f: (f"{round(8000 * f)}/8000",)),
        ("CAF N", lambda f: (f"{f:.6f}", 4000)),
    ],
)
def test_other_ways_to_say_it(header: str, cells: Callable[[float], Sequence[object]], found: Callable[..., list[Finding]]) -> None:
    """Percentages, fractions and counts beside frequencies are understood."""
    frequencies = (*_COMMON, 0.0005)
    rows = [
        (c, pos, r, a, b, *cells(f), *result(f, 4000, i))
        for i, (f, (c, pos, r, a, b)) in enumerate(zip(frequencies, variants(frequencies), strict=True))
    ]
    held = found(table(f"CHR BP SNP A1 A2 {header} BETA SE P", rows), "trait.tsv")
    assert [each.count for each in held] == [1]
    assert held[0].location.rows == (14,)


def test_few_cases_told_in_the_metadata(run_request: Run) -> None:
    """A study of five cases is named where only the metadata beside the results say so."""
    meta = "file_type: GWAS-SSF v0.1\nsamples:\n - sample_size: 4000\n   case_count: 5\n   control_count: 3995\n"
    findings = run_request(_ID, {"trait.tsv": ssf(_COMMON, 4000, count=False), "trait.tsv-meta.yaml": meta})
    assert [(each.rule, each.severity) for each in findings] == [("group_size", Severity.HIGH)]


@pytest.mark.parametrize("name", ["als_cases5_controls900.tsv", "n_cases=5.tsv", "als-5cases.tsv"])
def test_few_cases_told_in_the_name(name: str, found: Callable[..., list[Finding]]) -> None:
    """The name of the file may say that there are five cases."""
    assert "group_size" in {each.rule for each in found(ssf(_COMMON, 900, count=False), name)}


def test_groups_of_a_list_of_sites(run_check: Run) -> None:
    """Alleles counted by ancestry are held where few people are of it, and noted where many are."""
    rows = [
        (c, pos, r, a, b, 2 if i == 3 else 90, 60_000, 3 if i == 3 else 40, 300) for i, (c, pos, r, a, b) in enumerate(variants(_COMMON))
    ]
    findings = run_check(_ID, table("CHROM POS ID REF ALT AC_EUR AN_EUR AC_SAS AN_SAS", rows).encode(), "sites.tsv")
    assert {each.location.columns: each.severity for each in findings} == {("AC_EUR",): Severity.LOW, ("AC_SAS",): Severity.MEDIUM}


def test_metadata_of_other_bytes(run_request: Run) -> None:
    """Metadata that name a file and give the checksum of other bytes are told and not believed; those of its own bytes are."""
    body = ssf([0.3] * 30, 5000, count=False)
    right = hashlib.md5(body.encode(), usedforsecurity=False).hexdigest()
    meta = (
        "data_file_name: trait.tsv\ndata_file_md5sum: {}\nfile_type: GWAS-SSF v0.1\ngenome_assembly: GRCh37\nsamples:\n - sample_size: 7\n"
    )
    told = {
        md5: {each.rule for each in run_request(_ID, {"trait.tsv": body, "trait.tsv-meta.yaml": meta.format(md5)})}
        for md5 in (right, "0" * 32)
    }
    assert told == {right: {"group_size", "implied_by_frequency"}, "0" * 32: {"metadata_of_others"}}


def test_metadata_of_a_file_of_another_name(run_request: Run) -> None:
    """Metadata that name another file say nothing of this one, though they stand alone in the folder."""
    body = ssf([0.3] * 30, 5000, count=False)
    meta = "data_file_name: weight.tsv\nfile_type: GWAS-SSF v0.1\nsamples:\n - sample_size: 7\n"
    assert run_request(_ID, {"height.tsv": body, "meta.yaml": meta}) == ()
    assert "group_size" in {each.rule for each in run_request(_ID, {"height.tsv": body, "meta.yaml": meta.replace("weight", "height")})}


def test_counts_and_frequencies_that_disagree(run_check: Run) -> None:
    """Counts under the names of a list of sites that have nothing to do with its frequencies are told; rounded ones agree."""
    rng = np.random.default_rng(6)
    frequencies = rng.uniform(0.02, 0.98, 60)
    names = variants(frequencies)
    lines = {
        "honest": [f"AC={round(4000 * f)};AN=4000;AF={f:.3g}" for f in frequencies],
        "other": [f"AC={rng.integers(20, 90)};AN={rng.integers(80_000, 90_000)};AF={f:.3g}" for f in frequencies],
    }
    header = "##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n"
    for kind, infos in lines.items():
        text = header + "".join(
            f"{c}\t{pos}\t{r}\t{a}\t{b}\t.\tPASS\t{info}\n" for (c, pos, r, a, b), info in zip(names, infos, strict=True)
        )
        rules = {each.rule for each in run_check(_ID, text.encode(), "sites.vcf") if each.severity > Severity.LOW}
        assert rules == ({"counts_disagree"} if kind == "other" else set())


def test_counts_of_alleles_under_letters(run_check: Run) -> None:
    """Counts of alleles as PLINK 1 prints them, of everybody (C1, C2) and of cases and controls (C_A, C_U), are held where they are few."""
    places = variants(_COMMON)
    both = [(c, r, a, b, 3 if i == 4 else 60 + i, 9000 - i, 0) for i, (c, _, r, a, b) in enumerate(places)]
    found = run_check(_ID, table("CHR SNP A1 A2 C1 C2 G0", both, "  ").encode(), "a.frq.counts")
    assert [(each.rule, each.count, each.location.columns) for each in found] == [("allele_counts", 1, ("C1",))]
    groups = [(c, r, pos, a, 2 if i == 4 else 60 + i, 900 - i, b, 0.4, 0.53, 1.1) for i, (c, pos, r, a, b) in enumerate(places)]
    found = run_check(_ID, table("CHR SNP BP A1 C_A C_U A2 CHISQ P OR", groups, "  ").encode(), "a.assoc")
    assert ("allele_counts", 1, ("C_A",)) in [(each.rule, each.count, each.location.columns) for each in found]
