"""Genotypes of one person, in tables, lists and words, and masked bytes, through the real readers; and what only looks like them."""

from __future__ import annotations

import io
import json

import numpy as np
import pytest

ID = "genotypes"
WORDS = (
    ("hom_ref", "het", "hom_alt"),
    ("homozygous reference", "heterozygous", "homozygous alternate"),
    ("absent", "heterozygote", "homozygote"),
)


def drawn(seed: int, people: int, markers: int) -> np.ndarray:
    """Genotypes of unrelated people, shape (people, markers)."""
    rng = np.random.default_rng(seed)
    return rng.binomial(2, rng.uniform(0.1, 0.5, markers), (people, markers))


def names(count: int, seed: int = 5) -> list[str]:
    """Names of variants."""
    return [f"rs{number}" for number in np.random.default_rng(seed).choice(np.arange(10_000, 9_000_000), count, replace=False)]


def csv(header: str, *columns) -> bytes:
    """Columns as a table."""
    return ("\n".join([header] * bool(header) + [",".join(map(str, row)) for row in zip(*columns, strict=True)]) + "\n").encode()


@pytest.mark.parametrize("words", WORDS)
def test_zygosities_of_one_person(run_check, words):
    """A name and a zygosity a row are one person's variants, as a table, records, a mapping or lines."""
    told = [words[state] for state in drawn(1, 1, 40)[0]]
    pairs = dict(zip(names(40), told, strict=True))
    assert run_check(ID, csv("variant,call", pairs, told), "calls.csv")
    assert run_check(ID, json.dumps([{"rsid": name, "zygosity": word} for name, word in pairs.items()]).encode(), "calls.json")
    assert run_check(ID, json.dumps(pairs).encode(), "one.json")
    assert run_check(ID, "".join(f"{name}: {word}\n" for name, word in pairs.items()).encode(), "calls.txt")


@pytest.mark.parametrize("header", ["snp,value", "SNP,count", "marker,alleles", ""])
def test_states_of_one_person(run_check, header):
    """0, 1 and 2 beside names of variants are one person's, whatever the column is called, and so are dosages about them."""
    states = drawn(2, 1, 120)[0]
    assert run_check(ID, csv(header, names(120), states), "one.csv")
    noisy = np.random.default_rng(3).normal(states, 0.05)
    assert run_check(ID, csv(header, names(120), [f"{value:.3f}" for value in noisy]), "one.csv")


def test_states_by_chromosome_and_place(run_check):
    """Chromosome and position name a variant as well."""
    rng = np.random.default_rng(4)
    chromosomes = np.sort(rng.integers(1, 23, 200))
    assert run_check(ID, csv("chr,pos,value", chromosomes, rng.integers(10**5, 10**8, 200), drawn(5, 1, 200)[0]), "one.csv")


@pytest.mark.parametrize("header", ["rsid,tier", "snp,credible_set", "SNP,cluster", "SNP,n_studies", "rsid,eqtl_tissues"])
def test_classes_of_variants(run_check, header):
    """Tiers, sets, clusters and numbers of studies run from nought to two as well, and are nobody's."""
    assert not run_check(ID, csv(header, names(200), np.random.default_rng(6).integers(0, 3, 200)), "variants.csv")


def test_statistics_of_variants(run_check):
    """Frequencies, mean dosages, flags, missing counts among many, and models are nobody's."""
    rng = np.random.default_rng(7)
    some = names(200)
    assert not run_check(ID, csv("", some, [f"{value:.3f}" for value in rng.uniform(0.01, 0.99, 200)]), "f.csv")
    assert not run_check(ID, csv("rsid,mean_dosage", some, [f"{2 * value:.4f}" for value in rng.beta(1, 2, 200)]), "d.csv")
    assert not run_check(ID, csv("variant,missense,conserved", some, rng.integers(0, 2, 200), rng.integers(0, 2, 200)), "flags.csv")
    missing = rng.integers(0, 3, 200)
    assert not run_check(ID, csv("SNP,N_MISS,N_GENO,F_MISS", some, missing, [5000] * 200, missing / 5000), "l.csv")
    assert not run_check(ID, csv("rsid,best_model", some, rng.choice(["additive", "recessive", "dominant"], 200)), "m.csv")
    assert not run_check(ID, csv("chr,pos,value", [1] * 60, [""] * 60, rng.integers(0, 3, 60)), "blank.csv")
    zygosities = np.tile(["het", "hom"], 30)
    assert not run_check(ID, csv("variant,zygosity,n", np.repeat(some[:30], 2), zygosities, rng.integers(30, 4000, 60)), "z.csv")


@pytest.mark.parametrize(
    "text",
    [
        "- c.68A>G heterozygous, female 34\n- c.1100del heterozygous, male 51\n",
        "• c.68A>G heterozygous, female 34\n• c.1100del homozygous, male 51\n• c.5946del heterozygous, female 62\n",
        "- rs429358 A/G, female 45\n- rs6025 G/G, male 61\n- rs7412 C/T, female 38\n- rs1801133 C/T, male 70\n",
        "One participant was A/G at rs429358, C/C at rs7412, T/T at rs9939609, and A/A at rs12913832.\n",
        "This person is heterozygous for rs429358 and rs1801133, and homozygous for the minor allele of rs9939609 and rs1333049.\n",
        "His results: APOE e3/e4; MTHFR 677 C/T; F5 Leiden G/A; HFE C282Y het; CYP2C19 *1/*2.\n",
    ],
)
def test_words_about_one_person(run_check, text):
    """Notes and sentences that name a person, variants and zygosities are found as text and as what commas made a list of."""
    assert run_check(ID, text.encode(), "notes.txt")
    assert run_check(ID, text.encode(), "notes.md")


@pytest.mark.parametrize(
    "text",
    [
        "We tested rs429358 and rs7412 in 48,000 participants. Heterozygous carriers of rs429358 (n = 9,120) had higher LDL.\n",
        "If a patient is heterozygous for rs1801133 and rs1799945, dosing may change. Genotypes A/G at rs123 and C/T at rs124 were coded 0, 1, 2.\n",
        "Effects were alike in women aged 40 to 69 and men aged 40 to 69 at rs9939609; homozygous carriers (AA, n = 61,200) weighed more.\n",
        "The participant gives 10 ml of blood. MTHFR C/T, F5 G/A and F2 G/A are called by TaqMan. Each plate has 96 wells.\n",
        "A patient with *1/*2 is an intermediate metaboliser; *2/*2 is a poor one. For VKORC1 -1639 G/A and CYP2C9 *1/*3, see the table.\n",
        "rs429358: A/G\nrs7412: C/T\nrs6025: G/A\nrs1801133: C/T\nrs1799963: G/A\nrs9939609: A/T\n",
    ],
)
def test_words_about_many_or_nobody(run_check, text):
    """Methods, guidance, and the two alleles of variants are about nobody."""
    assert not run_check(ID, text.encode(), "notes.txt")


def test_bytes_under_a_key(run_check):
    """A key of a few places that turns each byte, one state a byte or a whole table, is undone, in a file of letters and of bytes."""
    states = drawn(8, 60, 200).astype(np.uint8)
    for key in (b"A", b"key", b"\x9c\x03\x77\x51\xaa"):
        turned = states.ravel() ^ np.resize(np.frombuffer(key, np.uint8), states.size)
        assert run_check(ID, turned.astype(np.uint8).tobytes(), "results.bin")
    written = np.frombuffer("\n".join(",".join(map(str, row)) for row in states.tolist()).encode(), np.uint8)
    assert run_check(ID, (written ^ np.resize(np.frombuffer(b"kv", np.uint8), written.size)).astype(np.uint8).tobytes(), "results.bin")
    prose = ("The mean of the group was higher than that of the other group in each of the years. " * 40).encode()
    assert not run_check(ID, prose, "notes.txt")


def test_packed_bytes_as_numbers(run_check):
    """Bytes of four states each, written as one column of numbers or as one row, are undone; ages are not."""
    states = drawn(9, 40, 120)
    packed = (states.reshape(-1, 4) @ np.array([64, 16, 4, 1])).tolist()
    assert run_check(ID, json.dumps(packed).encode(), "values.json")
    assert run_check(ID, ",".join(map(str, packed)).encode(), "values.csv")
    ages = np.random.default_rng(10).integers(18, 90, 1200).tolist()
    assert not run_check(ID, json.dumps(ages).encode(), "ages.json")


def test_probabilities_in_nested_lists(run_check):
    """Three probabilities in each cell of a column of lists are undone."""
    pa, parquet = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    sure = np.eye(3)[drawn(11, 30, 40)] * 0.92 + np.random.default_rng(12).dirichlet([1, 1, 1], (30, 40)) * 0.08
    sink = io.BytesIO()
    parquet.write_table(pa.table({"k": list(range(30)), "p": sure.round(3).tolist()}), sink)
    assert run_check(ID, sink.getvalue(), "cube.parquet")


def survey(seed: int, rows: int) -> np.ndarray:
    """Answers of people listed region by region: three levels of education whose shares drift, about as genotypes have them."""
    rng = np.random.default_rng(seed)
    regions = np.sort(rng.integers(0, 45, rows))
    alleles = np.clip(rng.normal(0.38, 0.1, 45), 0.1, 0.6)[regions]
    return rng.binomial(2, alleles)


@pytest.mark.parametrize("seed", range(4))
def test_a_survey_region_by_region(run_check, seed):
    """Shares that drift along a list of people cut nowhere into rows of markers: one answer a person is a survey, however its levels are spread."""
    rng = np.random.default_rng(seed)
    levels = np.array(["P", "S", "PS"])[survey(seed, 2700)]
    sex, vote = rng.integers(0, 2, 2700), rng.choice(list("AUNY"), 2700)
    assert not run_check(ID, csv("sex,vote,education", sex, vote, levels), "survey.csv")


def test_one_run_of_genotypes(run_check):
    """People one after the other, or markers one after the other, in one column are found by where their rows end."""
    states = drawn(13, 60, 100)
    for run in (states.ravel(), states.T.ravel()):
        assert run_check(ID, csv("value", run), "run.csv")


def test_carriers_by_change(run_check):
    """People listed beside changes of DNA are carriers, as they are beside names of variants."""
    rng = np.random.default_rng(14)
    changes = [f"c.{number}C>T" for number in rng.choice(np.arange(20, 5000), 20, replace=False)]
    people = [f"I{number}" for number in rng.integers(10**5, 10**6, 40)]
    listed = [";".join(rng.choice(people, 3)) for _ in changes]
    assert run_check(ID, csv("gene,variant,carriers", ["MYH7"] * 20, changes, listed), "carriers.csv")


def shares(low: float, high: float, seed: int, rows: int = 60) -> list[str]:
    """Numbers as text."""
    return [f"{value:.3f}" for value in np.random.default_rng(seed).uniform(low, high, rows)]


def measured_in_one() -> dict[str, bytes]:
    """What is measured of variants in one sample."""
    rng, rs = np.random.default_rng(15), names(60)
    depths = [f"{one},{other}" for one, other in rng.integers(4, 40, (60, 2))]
    depths = [f'"{pair}"' for pair in depths]
    bands = [f"{value:.3f}" for value in rng.choice([0.01, 0.5, 0.99], 60) + rng.normal(0, 0.01, 60)]
    chances = [[f"{value:.3f}" for value in column] for column in rng.dirichlet([0.05, 0.05, 0.05], 60).T]
    changes = [f"p.{one}{number}{other}" for one, number, other in zip("ARND" * 15, rng.integers(10, 900, 60), "CEGH" * 15, strict=True)]
    starts = np.sort(rng.integers(10**5, 10**8, 60))
    return {
        "depths_and_quality": csv("rsid,a0,a1,ad,gq", rs, ["A"] * 60, ["G"] * 60, depths, rng.integers(20, 99, 60)),
        "beside_a_catalogue": csv(
            "chr,pos,ref,alt,ad,gq,maf", [7] * 60, starts, ["A"] * 60, ["G"] * 60, depths, rng.integers(20, 99, 60), shares(0, 0.01, 1)
        ),
        "intensities": csv("Name,Chr,Position,B Allele Freq,Log R Ratio", rs, [7] * 60, starts, bands, shares(-0.4, 0.4, 2)),
        "chances": csv("rs_id,position,p0,p1,p2", rs, starts, *chances),
        "tumour": csv("gene,vaf,depth,aa_change", ["TP53", "KRAS", "APC"] * 20, shares(0, 0.5, 3), rng.integers(50, 500, 60), changes),
        "copies": csv("chr,start,end,cn", [7] * 60, starts, starts + 50_000, rng.choice([1, 3, 4], 60)),
        "notes": csv("no,note", range(60), [f"c.{number}A>G p.(Arg{number}Gly) het maternal" for number in rng.integers(10, 900, 60)]),
        "carriers": "".join(f"{one}: {', '.join(f'SAM{number}' for number in rng.integers(1000, 1200, 3))}\n" for one in rs).encode(),
        "carriers_in_columns": csv("", rs, *(["S" + str(number) for number in rng.integers(1000, 1200, 60)] for _ in range(3))),
    }


@pytest.mark.parametrize("name", sorted(measured_in_one()))
def test_measured_in_one_sample(run_check, name):
    """Depths, qualities, intensities, chances, copies, notes and carriers of variants are those of single people."""
    assert run_check(ID, measured_in_one()[name], "variants.csv")


def measured_in_many() -> dict[str, bytes]:
    """What is measured of variants among many, or of regions and genes."""
    rng, rs = np.random.default_rng(16), names(60)
    frequency = rng.uniform(0.01, 0.5, 60)
    shared = [[f"{value:.4f}" for value in column] for column in ((1 - frequency) ** 2, 2 * frequency * (1 - frequency), frequency**2)]
    chances = [[f"{value:.3f}" for value in column] for column in rng.dirichlet([0.05, 0.05, 0.05], 60).T]
    starts = np.sort(rng.integers(10**5, 10**8, 60))
    return {
        "quality_of_sites": csv("rsid,mean_dp,mean_gq,call_rate", rs, shares(20, 40, 4), shares(40, 90, 5), shares(0.97, 1, 6)),
        "genotype_shares": csv("rsid,P.AA,P.AB,P.BB", rs, *shared),
        "classes_of_variants": csv("rsid,p_benign,p_ambiguous,p_pathogenic", rs, *chances),
        "copies_in_a_cohort": csv(
            "chr,start,end,cn,n_carriers", [7] * 60, starts, starts + 50_000, rng.choice([1, 3], 60), rng.integers(30, 900, 60)
        ),
        "windows": csv("chr,start,end,recombination", [7] * 60, starts, starts + 50_000, shares(0, 3, 7)),
        "linked_variants": "".join(f"{one}: {', '.join(rng.choice(rs, 3))}\n" for one in rs).encode(),
        "studies": "".join(f"{one}: GCST{90_000 + place}, GCST{91_000 + place}\n" for place, one in enumerate(rs)).encode(),
        "curated": csv(
            "variant,remark", [f"c.{number}A>G" for number in rng.integers(10, 900, 60)], ["seen in heterozygous form only, n = 40"] * 60
        ),
        "hot_spots": csv(
            "gene,aa_change,mean_vaf,tumours",
            ["TP53"] * 60,
            [f"p.R{number}H" for number in range(60)],
            shares(0, 0.5, 3),
            rng.integers(20, 500, 60),
        ),
    }


@pytest.mark.parametrize("name", sorted(measured_in_many()))
def test_measured_in_many(run_check, name):
    """Means over samples, shares of genotypes among many, classes, counts of carriers, windows and references are nobody's."""
    assert not run_check(ID, measured_in_many()[name], "variants.csv")


def headed_by_one() -> dict[str, bytes]:
    """Columns that only one person fills, by their headers."""
    rng, rs = np.random.default_rng(19), names(60)
    starts = np.sort(rng.integers(10**5, 10**8, 60))
    bases, others = ["A"] * 60, ["G"] * 60
    return {
        "panel": csv("rsid,gene,change,result", rs, ["APOE"] * 60, ["A>G"] * 60, rng.choice(["Detected", "Not detected"], 60)),
        "carried": csv("rsid,risk_allele,n_risk,beta", rs, bases, rng.integers(0, 3, 60), shares(-0.1, 0.1, 1)),
        "parts_of_a_score": csv("rsid,contribution", rs, shares(-0.1, 0.1, 2)),
        "ancestry_of_both_copies": csv(
            "chr,pos,hap1,hap2", [7] * 60, starts, rng.choice(["EUR", "AFR"], 60), rng.choice(["EUR", "AFR"], 60)
        ),
        "heteroplasmy": csv("pos,ref,alt,heteroplasmy", starts % 16569, bases, others, shares(0.02, 0.4, 3)),
    }


@pytest.mark.parametrize("name", sorted(headed_by_one()))
def test_what_one_person_fills(run_check, name):
    """Results of a panel, alleles carried, parts of a score, and ancestry or heteroplasmy by place are one person's."""
    assert run_check(ID, headed_by_one()[name], "variants.csv")


def headed_by_many() -> dict[str, bytes]:
    """Near headers that many people fill, or nobody."""
    rng, rs = np.random.default_rng(20), names(60)
    starts = np.sort(rng.integers(10**5, 10**8, 60))
    return {
        "replicated": csv(
            "rsid,beta,se,p,replicated", rs, shares(-0.1, 0.1, 1), shares(0.01, 0.02, 2), shares(0, 1, 3), rng.choice(["yes", "no"], 60)
        ),
        "weights": csv("rsid,risk_allele,weight", rs, ["A"] * 60, shares(-0.1, 0.1, 2)),
        "mean_heteroplasmy": csv(
            "pos,ref,alt,mean_heteroplasmy,n", starts % 16569, ["A"] * 60, ["G"] * 60, shares(0.02, 0.4, 3), rng.integers(30, 900, 60)
        ),
        "results_counted": csv("rsid,result,n", np.repeat(rs[:30], 2), ["Detected", "Not detected"] * 30, rng.integers(30, 900, 60)),
        "ancestry_shares": csv("chr,pos,eur,afr", [7] * 60, starts, shares(0.4, 0.6, 4), shares(0.4, 0.6, 5)),
        "regions": csv("region,contribution", [f"Region {number}" for number in range(60)], shares(0, 1, 6)),
    }


@pytest.mark.parametrize("name", sorted(headed_by_many()))
def test_what_many_people_fill(run_check, name):
    """Replication, weights, means, counted results and shares of ancestry are nobody's."""
    assert not run_check(ID, headed_by_many()[name], "variants.csv")
