"""Standard formats of genomics are believed by what stands in them, not by their headers."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from sdc_airlock.model.recognised import Kind, Recognised, Role, Unit
from sdc_airlock.recognise.formats import by_id, formats
from sdc_airlock.recognise.formats._ties import RULES
from sdc_airlock.recognise.formats.cells import TYPES

Read = Callable[[str, str], Recognised]

# files whose format has another id than their name
CALLED = {
    "plink_logistic_ci": "plink_linear",
    "pgs_harmonised": "pgs_catalog",
    "regenie_genes": "regenie",
    "sites_table": "sites",
    "maf_counts": "",
}
PEOPLE_CALLED = {"genome": "plink_genome", "kin0": "king_kin0", "maf": "maf", "profile": "plink_profile", "grm_text": "gcta_grm", "eigenvec_plink1": "components", "admixture": "admixture", "king_square": "relationship_matrix", "pedigree": "pedigree", "hom_segments": "plink_hom"}  # fmt: skip


def lines_of(text: str) -> tuple[str, list[list[str]]]:
    """The header line and the cells of a tab-separated text."""
    header, *rows = text.splitlines()
    return header, [row.split("\t") for row in rows]


def joined(header: str, rows: list[list[str]]) -> str:
    """The text of a header and rows."""
    return "\n".join([header, *("\t".join(row) for row in rows)]) + "\n"


def test_the_table_of_formats_speaks_of_known_things() -> None:
    """Each format names types, rules and columns that there are, says its risk, and has an id of its own."""
    found = formats()
    assert len({one.id for one in found}) == len(found)
    for one in found:
        columns = {**one.required, **one.optional}
        assert set(columns.values()) <= TYPES, one.id
        assert {tie[0] for tie in one.ties} <= RULES, one.id
        assert one.of_people or {name for group in one.one_of for name in group} <= columns.keys(), one.id
        assert one.title, one.id
        assert one.risk, one.id
        assert bool(one.shape) != bool(one.required), one.id
        assert one.unit in Unit
    assert by_id("regenie") is not None
    assert by_id("") is None


def test_results_by_variant_and_gene_are_what_they_say(aggregate_files: dict[str, str], recognised_in: Read) -> None:
    """Files of association, frequencies, fine mapping, scores and genes are recognised as such, and never as people."""
    for name, text in aggregate_files.items():
        wanted = CALLED.get(name, name)
        bare = (
            "\n".join(
                line
                for line in text.splitlines()
                if not line.startswith(("###", "#format", "#pgs", "##", "#trait", "#genome", "#variants", "#weight", "#HmPOS"))
            )
            + "\n"
        )
        found = recognised_in(bare, f"{name}.txt")
        assert found.format == wanted, name
        assert found.individual < 0.35 or name == "maf_counts", name
        if wanted:
            one = by_id(wanted)
            assert one is not None
            assert found.kind is one.kind, name
            assert found.unit in (Unit.VARIANT, Unit.GENE, Unit.ESTIMATE), name


def test_files_of_people_are_of_people(files_of_people: dict[str, str], recognised_in: Read) -> None:
    """Components, scores, missingness, kinship, pedigrees and mutations by sample count as records of single people."""
    for name, text in files_of_people.items():
        found = recognised_in(text, f"{name}.txt")
        assert found.individual >= 0.6, name
        assert found.format, name
        if name in PEOPLE_CALLED:
            assert found.format == PEOPLE_CALLED[name]


def test_columns_of_a_format_have_its_roles(aggregate_files: dict[str, str], recognised_in: Read) -> None:
    """Counts of variants are no counts of people, and counts of people are."""
    clumped = recognised_in(aggregate_files["plink_clumped"], "a.txt")
    assert not any(view.of_people for view in clumped.columns if view.role is Role.COUNT)
    glm = {view.name: view for view in recognised_in(aggregate_files["plink2_glm"], "a.txt").columns}
    assert glm["OBS_CT"].role is Role.COUNT
    assert glm["OBS_CT"].of_people
    assert glm["P"].role is Role.P_VALUE


@pytest.fixture(scope="module")
def people() -> dict[str, list[str]]:
    """Records of 300 people, as columns."""
    rng = np.random.default_rng(3)
    n = 300
    return {
        "id": [str(number) for number in rng.choice(np.arange(1_000_000, 6_000_000), n, replace=False)],
        "sex": [str(number) for number in rng.integers(1, 3, n)],
        "group": list(rng.choice(list("ACGT"), n, p=[0.8, 0.1, 0.05, 0.05])),
        "smoker": list(rng.choice(list("ACGT"), n)),
        "bmi": [f"{number:.2f}" for number in rng.normal(27, 4, n)],
        "age": [str(number) for number in rng.integers(40, 70, n)],
        "pressure": [f"{number:.1f}" for number in rng.normal(135, 17, n)],
        "share": [f"{number:.4f}" for number in rng.uniform(0, 1, n)],
        "few": [f"{number:.2f}" for number in rng.uniform(0.01, 0.5, n)],
    }


DISGUISES = {
    "GWAS-SSF": (
        "chromosome\tbase_pair_location\teffect_allele\tother_allele\tbeta\tstandard_error\tp_value",
        ["sex", "id", "group", "smoker", "bmi", "age", "share"],
    ),
    "PLINK": ("CHR\tSNP\tA1\tA2\tMAF\tNCHROBS", ["sex", "id", "group", "smoker", "few", "age"]),
    "PGS": ("rsID\tchr_name\teffect_allele\tother_allele\teffect_weight", ["id", "sex", "group", "smoker", "bmi"]),
    "limma": ("Gene\tlogFC\tAveExpr\tt\tP.Value\tadj.P.Val", ["id", "bmi", "pressure", "age", "share", "share"]),
    "DESeq2": ("gene\tbaseMean\tlog2FoldChange\tlfcSE\tstat\tpvalue\tpadj", ["id", "pressure", "bmi", "age", "few", "share", "share"]),
    "LDSC": ("SNP\tA1\tA2\tZ\tN", ["id", "group", "smoker", "bmi", "age"]),
}


@pytest.mark.parametrize("name", DISGUISES)
def test_people_under_the_header_of_a_format_stay_people(name: str, people: dict[str, list[str]], recognised_in: Read) -> None:
    """Renaming the columns of records to those of a standard format wins nothing."""
    header, columns = DISGUISES[name]
    found = recognised_in(joined(header, [list(row) for row in zip(*(people[column] for column in columns), strict=True)]), "gwas.tsv")
    assert found.format == ""
    assert found.individual >= 0.5 or found.kind in (Kind.GENOTYPE_RECORDS, Kind.GENOTYPE_MATRIX)


def test_numbers_of_people_as_positions(people: dict[str, list[str]], recognised_in: Read) -> None:
    """Numbers that are alike on every chromosome are no positions, though all other columns agree with each other."""
    from scipy.stats import norm

    rows = []
    for number, sex, bmi in zip(people["id"], people["sex"], people["bmi"], strict=True):
        beta = float(bmi) - 27
        rows.append([sex, number, "A", "G", f"{beta:.3f}", "4", f"{2 * norm.sf(abs(beta) / 4):.4g}"])
    found = recognised_in(joined(DISGUISES["GWAS-SSF"][0], rows), "gwas.tsv")
    assert found.format == ""
    assert found.individual >= 0.5


def test_a_column_of_ids_beside_a_format(aggregate_files: dict[str, str], people: dict[str, list[str]], recognised_in: Read) -> None:
    """Results by variant with a column of ids of people are no longer the format, but calls by person."""
    header, rows = lines_of(aggregate_files["gwas_ssf"])
    found = recognised_in(
        joined(f"{header}\tparticipant_id", [[*row, number] for row, number in zip(rows, people["id"], strict=False)]), "a.tsv"
    )
    assert found.format == "samples_on_genome"
    assert found.individual >= 0.5


def test_one_person_a_variant_again(aggregate_files: dict[str, str], recognised_in: Read) -> None:
    """The same variants again and again are one row a person and variant, and no format."""
    header, rows = lines_of(aggregate_files["gwas_ssf"])
    assert recognised_in(joined(header, rows[:30] * 5), "a.tsv").format == ""


def test_alleles_of_one_person(aggregate_files: dict[str, str], recognised_in: Read) -> None:
    """Where both alleles are often the same they are a person's, whatever the columns are called."""
    header, rows = lines_of(aggregate_files["sites_table"])
    rng = np.random.default_rng(1)
    for row in rows:
        row[2], row[3] = rng.choice(list("AG"), 2)
    found = recognised_in(joined(header, rows), "a.tsv")
    assert found.format == ""


def test_p_values_that_do_not_follow(aggregate_files: dict[str, str], recognised_in: Read) -> None:
    """Results of real variants whose p-values are others get no benefit, and are not people either."""
    header, rows = lines_of(aggregate_files["gwas_ssf"])
    place = header.split("\t").index("p_value")
    rng = np.random.default_rng(2)
    for row in rows:
        row[place] = f"{rng.uniform():.4f}"
    found = recognised_in(joined(header, rows), "a.tsv")
    assert found.format == ""
    assert found.individual < 0.35


def test_people_among_variants(aggregate_files: dict[str, str], people: dict[str, list[str]], recognised_in: Read) -> None:
    """A stretch of people among thousands of variants does not hide there."""
    header, rows = lines_of(aggregate_files["gwas_ssf"])
    many = [[*row[:8], f"rs{100 * place + at}", row[9]] for place in range(40) for at, row in enumerate(rows)]
    strange = [
        [
            people["sex"][k],
            people["id"][k],
            people["group"][k],
            people["smoker"][k],
            people["pressure"][k],
            people["age"][k],
            "0.3",
            people["share"][k],
            f"rs{people['id'][k]}",
            "100",
        ]
        for k in range(300)
    ]
    found = recognised_in(joined(header, [*many[:3000], *strange, *many[3000:]]), "a.tsv")
    assert found.individual >= 0.5


def test_results_of_plink_2_are_no_variant_list(aggregate_files: dict[str, str], recognised_in: Read) -> None:
    """`#CHROM POS ID REF ALT` begins results by variant too; a genotype beside them is seen all the same."""
    header, rows = lines_of(aggregate_files["plink2_glm"])
    assert recognised_in(joined(header, rows), "chr1.glm.linear").kind is Kind.GWAS_SUMMARY_STATISTICS
    rng = np.random.default_rng(4)
    carried = [[*row, *(f"{a}/{b}" for a, b in rng.choice(list("AG"), (12, 2)))] for row in rows]
    people = "\t".join(f"IND{place:03d}" for place in range(12))
    found = recognised_in(joined(f"{header}\t{people}", carried), "chr1.glm.linear")
    assert found.format == ""
    assert found.part_id.endswith("#samples")


def test_points_of_a_quantile_plot(recognised_in: Read) -> None:
    """Observed against expected p-values in order are a distribution, though nobody can tell a row from a person's by its looks."""
    rng = np.random.default_rng(12)
    observed = np.sort(-np.log10(rng.uniform(size=90)))
    expected = -np.log10((np.arange(90, 0, -1) - 0.5) / 90)
    rows = [[f"{one:.5f}", f"{other:.5f}"] for one, other in zip(expected, observed, strict=True)]
    found = recognised_in(joined("expected\tobserved", rows), "qq.tsv")
    assert found.kind is Kind.DISTRIBUTION
    assert found.individual < 0.35
    rng.shuffle(rows)
    assert recognised_in(joined("expected\tobserved", rows), "qq.tsv").format == ""


def test_quality_of_reads_by_place(recognised_in: Read) -> None:
    """Quartiles of quality by place in the read are no records of people; verdicts on modules are a list."""
    header = "Base\tMean\tMedian\tLower Quartile\tUpper Quartile\t10th Percentile\t90th Percentile"
    rows = [[str(place), f"{36 - place * 0.01:.3f}", "37.0", "37.0", "37.0", "36.0", "37.0"] for place in range(1, 30)]
    assert recognised_in(joined(header, rows), "quality.tsv").individual < 0.35
    verdicts = ["PASS\tBasic Statistics", "WARN\tPer sequence GC content", "FAIL\tPer base sequence content", "PASS\tAdapter Content"]
    assert recognised_in("".join(f"{line}\treads.fastq.gz\n" for line in verdicts), "summary.txt").kind is Kind.LIST


def test_formats_of_consortia(recognised_in: Read) -> None:
    """The columns of large consortia are formats too, one of them with the number of cases in its header."""
    rng = np.random.default_rng(13)
    n = 90
    chromosome, place = np.sort(rng.integers(1, 23, n)), rng.integers(10_000, 46_000_000, n)
    share = rng.uniform(0.02, 0.5, n)
    error = 1 / np.sqrt(2 * share * (1 - share) * 50_000)
    effect = rng.normal(0, 1.2, n) * error
    from scipy.stats import norm

    chance = 2 * norm.sf(np.abs(effect / error))
    names = [f"rs{number}" for number in rng.choice(90_000_000, n, replace=False)]

    def lines(*columns: object) -> list[list[str]]:
        return [[f"{cell:.6g}" if isinstance(cell, float) else str(cell) for cell in row] for row in zip(*columns, strict=True)]  # type: ignore[arg-type]

    finngen = lines(chromosome, place, ["A"] * n, ["G"] * n, names, chance.tolist(), effect.tolist(), error.tolist(), share.tolist())
    assert recognised_in(joined("#chrom\tpos\tref\talt\trsids\tpval\tbeta\tsebeta\taf_alt", finngen), "a.tsv").format == "finngen"
    daner = lines(
        chromosome,
        names,
        place,
        ["A"] * n,
        ["G"] * n,
        share.tolist(),
        share.tolist(),
        [0.99] * n,
        np.exp(effect).tolist(),
        error.tolist(),
        chance.tolist(),
    )
    assert recognised_in(joined("CHR\tSNP\tBP\tA1\tA2\tFRQ_A_5312\tFRQ_U_43091\tINFO\tOR\tSE\tP", daner), "a.tsv").format == "daner"


def test_squares_of_numbers(recognised_in: Read) -> None:
    """Correlations between variables are a matrix; kinship between people, whole or half, is of people."""
    rng = np.random.default_rng(14)
    counts = rng.binomial(2, 0.3, (24, 1500)).astype(float)
    counts = (counts - counts.mean(axis=0)) / counts.std(axis=0).clip(0.1)
    relationship = counts @ counts.T / 1500
    correlation = np.corrcoef(rng.normal(size=(24, 900)) + rng.uniform(-1, 1.5, (24, 1)) * rng.normal(size=900))

    def square(matrix: object, *, lower: bool = False) -> str:
        return "".join("\t".join(f"{cell:.5f}" for cell in row[: place + 1 if lower else None]) + "\n" for place, row in enumerate(matrix))  # type: ignore[arg-type,var-annotated]

    found = recognised_in(square(correlation), "ld.txt")
    assert (found.format, found.kind) == ("correlations", Kind.MATRIX)
    assert found.individual < 0.35
    assert recognised_in(square(relationship), "a.rel").individual >= 0.5
    assert recognised_in(square(relationship, lower=True), "a.rel").individual >= 0.5


def test_genotypes_as_directions(aggregate_files: dict[str, str], recognised_in: Read) -> None:
    """Long strings of signs that have nothing to do with the effects are no directions of studies."""
    header, rows = lines_of(aggregate_files["metal"])
    place = header.split("\t").index("Direction")
    rng = np.random.default_rng(15)
    for row in rows:
        row[place] = "".join(rng.choice(list("+-?"), 60, p=[0.5, 0.1, 0.4]))
    found = recognised_in(joined(header, rows), "meta.tbl")
    assert found.format == ""
    assert found.individual >= 0.5


def test_numbers_made_up_under_real_names(recognised_in: Read) -> None:
    """Figures that do not fit together make variants and genes no people, where their names are those of variants and genes."""
    rng = np.random.default_rng(16)

    def made(names: list[str], columns: int) -> list[list[str]]:
        return [[name, *(f"{cell:.4f}" for cell in rng.uniform(0, 1, columns))] for name in names]

    genes = recognised_in(joined("Gene\tlogFC\tAveExpr\tt\tP.Value\tadj.P.Val", made([f"GENE{k}" for k in range(60)], 5)), "limma.tsv")
    assert genes.format == ""
    assert genes.individual < 0.35
