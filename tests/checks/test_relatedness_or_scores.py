"""Records, kinship, correlations, weights, fits and drawings that tell of single people."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from sdc_airlock.model.finding import Finding, Severity

ID = "relatedness_or_scores"


def rules(findings):
    """The rules that spoke."""
    return {finding.rule for finding in findings}


def weights(effects, *, digits=8, start=1000):
    """A scoring file of these effects."""
    rows = [f"rs{start + 7919 * place * place}\tA\tG\t{effect:.{digits}f}" for place, effect in enumerate(effects)]
    return "rsID\teffect_allele\tother_allele\teffect_weight\n" + "\n".join(rows) + "\n"


def test_squared_correlations_with_the_number_of_people(run_check):
    """R squared, frequencies and n give the carriers of both alleles too, and nothing without n."""
    people = 400
    rows = []
    for place, (one, other, both) in enumerate([(4, 3, 2), (6, 5, 3), (3, 4, 1), (5, 2, 2), (4, 4, 1), (6, 3, 2)]):
        first, second, shared = one / people, other / people, both / people
        r = (shared - first * second) / np.sqrt(first * (1 - first) * second * (1 - second))
        rows.append(
            [
                1,
                10**6 + place,
                f"rs{place * 977 + 13}",
                f"{first / 2:.6g}",
                1,
                10**6 + place + 50,
                f"rs{place * 7919 + 71}",
                f"{second / 2:.6g}",
                f"{r * r:.8f}",
                people,
            ]
        )
    header = "CHR_A BP_A SNP_A MAF_A CHR_B BP_B SNP_B MAF_B R2 N"
    text = "\n".join([header, *(" ".join(map(str, row)) for row in rows)])
    assert rules(run_check(ID, text.encode(), "a.ld")) == {"pair_counts"}
    short = "\n".join(" ".join(line.split()[:-1]) for line in text.replace("0.00", "0.01").splitlines()[:4])
    assert "pair_counts" not in rules(run_check(ID, short.encode(), "a.ld"))
    assert "pair_counts" not in rules(run_check(ID, text.encode(), "a.ld", {"suppressed_counts": [90, 99]}))


def test_squares_that_are_no_correlations(run_check):
    """A square of sums, not the same on both sides, says nothing of its rank."""
    rng = np.random.default_rng(1)
    square = rng.normal(5, 2, (14, 14))
    text = (
        "x,"
        + ",".join(f"v{k}" for k in range(14))
        + "\n"
        + "\n".join(f"v{k}," + ",".join(f"{cell:.3f}" for cell in row) for k, row in enumerate(square))
    )
    assert "few_people" not in rules(run_check(ID, text.encode(), "a.csv"))


def test_half_of_correlations_of_few_people(run_check):
    """A triangle of correlations is made whole before it is looked at."""
    rng = np.random.default_rng(2)
    correlation = np.corrcoef(rng.normal(size=(20, 9)))
    names = [f"v{k}" for k in range(20)]
    rows = [
        f"{name}," + ",".join(f"{cell:.6f}" if place <= row else "" for place, cell in enumerate(correlation[row]))
        for row, name in enumerate(names)
    ]
    assert rules(run_check(ID, ("x," + ",".join(names) + "\n" + "\n".join(rows)).encode(), "a.csv")) == {"few_people"}


def test_chromosomes_drawn(run_check):
    """Local ancestry along the chromosomes of a person is looked at."""
    drawing = '<svg xmlns="http://www.w3.org/2000/svg" width="90" height="90"><text x="1" y="9">Local ancestry</text><rect x="1" y="20" width="50" height="5"/></svg>'
    assert rules(run_check(ID, drawing.encode(), "a.svg")) == {"chromosomes_drawn"}


def test_long_weights_are_noted(run_check):
    """Few long weights go with a note; many, and short ones, without."""
    rng = np.random.default_rng(3)
    few = run_check(ID, weights(rng.normal(0, 0.1, 12), digits=15).encode(), "a.txt")
    assert [(finding.rule, finding.severity.word) for finding in few] == [("long_weights", "low")]
    assert run_check(ID, weights(rng.normal(0, 0.1, 12), digits=2).encode(), "a.txt") == ()
    assert run_check(ID, weights(rng.normal(0, 0.1, 80), digits=15).encode(), "a.txt") == ()


def test_versions_of_weights_alone(run_request):
    """Two sets of weights that hardly differ, without n or errors, are put to the checker; rounding, other variants and other weights are not."""
    rng = np.random.default_rng(4)
    first = rng.normal(0, 0.1, 40)
    second = first + rng.normal(0, 0.0005, 40)
    held = run_request(ID, {"a.txt": weights(first), "b.txt": weights(second)})
    assert [(finding.rule, finding.severity.word) for finding in held] == [("score_versions", "medium")]
    assert run_request(ID, {"a.txt": weights(first), "b.txt": weights(first, digits=3)}) == ()
    assert run_request(ID, {"a.txt": weights(first), "b.txt": weights(second, start=5_000_003)}) == ()
    assert run_request(ID, {"a.txt": weights(first), "b.txt": weights(rng.normal(0, 0.1, 40))}) == ()
    assert run_request(ID, {"a.txt": weights(first[:10]), "b.txt": weights(second[:10])}) == ()
    assert run_request(ID, {"a.txt": weights(first)}, earlier={"old/b.txt": weights(second)}) != ()


def test_fits_that_were_not_compared_are_said(run_request, monkeypatch):
    """More pairs than are compared are held, not passed over."""
    monkeypatch.setattr("sdc_airlock.checks._relatives.versions._MOST_PAIRS", 2)
    rng = np.random.default_rng(5)
    held = run_request(ID, {f"{place}.txt": weights(rng.normal(0, 0.1, 40)) for place in range(4)})
    assert [(finding.rule, finding.severity.word, finding.count) for finding in held] == [("not_compared", "medium", 4)]


@pytest.mark.parametrize(
    ("header", "cells", "rule"),
    [
        ("subject,grs_bmi,age", lambda rng: (f"{rng.normal():.4f}", rng.integers(40, 70)), "scores"),
        ("subject,heterozygosity,age", lambda rng: (f"{rng.uniform(0.3, 0.35):.4f}", rng.integers(40, 70)), "quality"),
        ("subject,PC1,PC2", lambda rng: (f"{rng.normal(0, 0.01):.5f}", f"{rng.normal(0, 0.01):.5f}"), "components"),
        ("subject,C1,C2", lambda rng: (rng.integers(1, 7), rng.integers(1, 7)), ""),
    ],
)
def test_other_words_for_records_of_genetics(run_check, header, cells, rule):
    """Records of people whose headers speak of genetics are called what they are; answers to questions are not."""
    rng = np.random.default_rng(5)
    rows = [f"P{1000 + 37 * place}," + ",".join(map(str, cells(rng))) for place in range(40)]
    assert rules(run_check(ID, ("\n".join([header, *rows])).encode(), "a.csv")) == ({rule} if rule else set())


def test_cases_where_figures_of_groups_stand(run_check):
    """Rates of a rare disease by place and sex are figures of groups, not cases."""
    text = (
        "orphanet,region,sex,rate_per_100000\nORPHA:586,North,F,1.2\nORPHA:586,South,M,1.4\nORPHA:773,North,F,0.3\nORPHA:773,South,M,0.2\n"
    )
    assert run_check(ID, text.encode(), "a.csv") == ()


def separated(header, rows):
    """A table with tabs."""
    return "\n".join(["\t".join(header.split(",")), *("\t".join(map(str, row)) for row in rows)]) + "\n"


@pytest.mark.parametrize(
    ("header", "cells"),
    [
        ("Family,Variant,Affected members,Structure", ["c.{n}G>A", 3, "index patient, mother and two brothers"]),
        ("Family,Variant,Affected sibs,Unaffected sibs", ["c.{n}G>A", 2, 1]),
        ("Gene,HGVS,Relatives who carry it", ["c.{n}C>T", "sister; maternal aunt"]),
    ],
)
def test_families_by_row(run_check, header, cells):
    """A variant with the relatives who carry it is a family a row, in words and in numbers."""
    rows = [[f"F{row}", *(str(cell).replace("{n}", str(100 + 37 * row)) for cell in cells)] for row in range(7)]
    assert rules(run_check(ID, separated(header, rows).encode(), "families.tsv")) == {"family_with_variant"}


@pytest.mark.parametrize(
    ("header", "cells"),
    [
        ("Gene,Variant,Inheritance,Class", ["c.{n}G>A", "AD", "Pathogenic"]),
        ("Gene,OMIM,Inheritance,Example", ["OMIM:30{n}0", "maternal", "c.{n}G>A"]),
        ("Gene,Variant,Segregation,ACMG", ["c.{n}G>A", "PP1", "PVS1"]),
        ("SNP,HGVS,Parent of origin,Beta,SE,P", ["c.{n}G>A", "mother", "0.0{n}", "0.05", "0.4"]),
        ("ID,Variant,Relation,Carriers", ["c.{n}G>A", "father", "2{n}"]),
    ],
)
def test_tables_of_variants_that_are_no_families(run_check, header, cells):
    """Panels of genes, classes of evidence, effects by parent of origin and counts of many relatives are no families."""
    rows = [[f"G{row}", *(cell.replace("{n}", str(111 + 37 * row)) for cell in cells)] for row in range(9)]
    assert run_check(ID, separated(header, rows).encode(), "variants.tsv") == ()


def test_diagnoses_with_variants(run_check):
    """A diagnosis beside a variant, for one case a row, is a case; with carriers by the hundred it is not."""
    rows = [[("E75.2", "Q87.1", "E84.0")[row % 3], f"c.{100 + 31 * row}G>A", 3 + 5 * row, "yes"] for row in range(8)]
    assert rules(run_check(ID, separated("ICD10,HGVS,Age at onset,Consanguinity", rows).encode(), "a.tsv")) == {"rare_phenotype"}
    many = [[*row[:2], 200 + row[2], "F"] for row in rows]
    assert run_check(ID, separated("ICD10,HGVS,Carriers,Sex", many).encode(), "a.tsv") == ()


def test_a_family_told(run_check):
    """Members of one family, told one by one beside a variant, are a family; the trios of a method are not."""
    told = "In family 7 NM_000257.4:c.1208G>A was found in the father and both sons but neither in the mother nor in the elder daughter.\n"
    method = (
        "The variant c.845G>A was called in trios. The mother and the father were used to phase each child; one of the siblings was kept.\n"
    )
    assert rules(run_check(ID, told.encode(), "results.txt")) == {"family_with_variant"}
    assert run_check(ID, method.encode(), "methods.txt") == ()


def figure(words):
    """A figure with these words."""
    texts = "".join(f'<text x="{9 * place}" y="20">{word}</text>' for place, word in enumerate(words))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="600" height="400"><rect x="1" y="2" width="30" height="40"/>{texts}</svg>'.encode()
    )


def test_kinship_drawn(run_check):
    """A map of kinship is held by its title; a bar chart of pairs by degree is not."""
    assert rules(run_check(ID, figure(["GRM of 50 individuals", "kinship"]), "grm.svg")) == {"relationships_drawn"}
    assert run_check(ID, figure(["Pairs by degree of kinship", "Pairs", "1st", "2nd"]), "pairs.svg") == ()


def test_people_by_genes_drawn(run_check):
    """Single people along one axis and genes along the other are a column a sample; clusters and components are not."""
    genes = ["TP53", "KRAS", "PIK3CA", "PTEN"]
    assert rules(run_check(ID, figure(["Somatic mutations", *genes, *(f"P{k:03d}" for k in range(1, 30))]), "a.svg")) == {"samples_drawn"}
    assert run_check(ID, figure(["Expression", *genes, *(f"Cluster {k}" for k in range(30))]), "a.svg") == ()
    assert run_check(ID, figure(["Loci", *genes, *(f"chr{k}" for k in range(1, 23))]), "a.svg") == ()


def test_members_of_a_family_on_a_page(run_check):
    """A page that holds hardly more than the numbers of the members of a family is a pedigree; a text that names a few is prose."""
    assert rules(run_check(ID, b"I-1 I-2\nII-1 II-2 II-3\nIII-1 III-2\nc.1208G>A\n", "family.txt")) == {"pedigree_drawn"}
    prose = (
        b"Tables I-1, II-2 and III-1 of the supplement give the numbers of cases and controls by chromosome, array and year of the study.\n"
    )
    assert run_check(ID, prose, "text.txt") == ()


def annotated(cells):
    """Variants as ANNOVAR writes them, with these columns of the record at the end."""
    names = [f"Otherinfo{place + 1}" for place in range(len(cells))]
    header = ["Chr", "Start", "End", "Ref", "Alt", "Func.refGene", "Gene.refGene", *names]
    rows = [
        [1 + row % 22, 10**6 * (row + 3), 10**6 * (row + 3), "A", "G", "exonic", "TTN", *(cell[row % len(cell)] for cell in cells)]
        for row in range(40)
    ]
    return separated(",".join(header), rows).encode()


def test_zygosity_beside_annotated_variants(run_check):
    """The columns het or hom that ANNOVAR passes on are the calls of a sample; counts by zygosity are not."""
    assert rules(run_check(ID, annotated([["het", "hom", "het"], [812, 99]]), "x.hg38_multianno.txt")) == {"calls"}
    assert run_check(ID, annotated([["PASS", "LowQual"], [812, 99]]), "x.hg38_multianno.txt") == ()
    counted = separated("Variant,Zygosity,Carriers", [[f"c.{100 + row}G>A", ["het", "hom"][row % 2], 90 + 7 * row] for row in range(12)])
    assert run_check(ID, counted.encode(), "carriers.tsv") == ()


def test_header_of_a_score_that_counts_fewer(run_check):
    """A scoring file with more variants than its header counts is held, a part of one is noted, a whole one passes."""
    body = weights(np.random.default_rng(4).normal(0, 0.01, 300), digits=6)
    found = {}
    for number in (120, 300, 900):
        header = f"###PGS CATALOG SCORING FILE\n#format_version=2.0\n#pgs_id=PGS000999\n#genome_build=GRCh37\n#variants_number={number}\n"
        found[number] = [finding.severity.word for finding in run_check(ID, (header + body).encode(), "PGS000999.txt")]
    assert found == {120: ["medium"], 300: [], 900: ["low"]}


@pytest.mark.parametrize(
    ("mean", "spread", "digits", "expected"),
    [
        (27.1, 4.6, 1, {"weights_are_measurements"}),
        (57, 8, 0, {"weights_are_measurements"}),
        (0, 0.02, 6, set()),
        (1.08, 0.1, 4, set()),
        (9, 4, 2, set()),
        (0.03, 0.045, 5, {"weights_are_measurements"}),
        (-0.21, 0.045, 5, {"weights_are_measurements"}),
    ],
)
def test_measurements_as_weights(run_check, mean, spread, digits, expected):
    """Body mass index or age of people as weights is told, scaled and shifted too; effects about nought and odds ratios are not."""
    effects = np.random.default_rng(5).normal(mean, spread, 200)
    assert rules(run_check(ID, weights(effects, digits=digits).encode(), "score.txt")) == expected


@pytest.mark.parametrize("seed", range(6))
def test_weights_that_are_effects(run_check, seed):
    """Effects of alleles of any frequency, those of raising alleles, shrunk ones and the hits of a study are no measurements."""
    rng = np.random.default_rng(seed)
    errors = 1 / np.sqrt(2 * (frequency := rng.beta(0.6, 1.2, 400) * 0.49 + 0.01) * (1 - frequency) * 30_000)
    effects = rng.normal(0, 0.03, 400) + rng.normal(0, errors)
    scores = rng.normal(0, 1, 20_000)
    hits = (scores[np.abs(scores) > 2][:400]) * errors
    for made in (effects, np.abs(effects), np.abs(hits), rng.normal(0, 0.001, 400) * rng.gamma(1, 1, 400), rng.gamma(4, 0.01, 400)):
        assert "weights_are_measurements" not in rules(run_check(ID, weights(made, digits=6).encode(), "score.txt"))


@pytest.mark.parametrize(("people", "severity"), [(60, Severity.LOW), (61, Severity.HIGH), (0, Severity.HIGH)])
def test_plots_of_components_go_by_profile(people: int, severity: Severity, run_check: Callable[..., tuple[Finding, ...]]) -> None:
    """A plot of components of 60 people goes with a note where the profile lets plots of so many people go, in each check that sees it."""
    rng = np.random.default_rng(5)
    marks = "".join(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3"/>' for x, y in rng.normal(200, 60, (60, 2)))
    words = '<text x="300" y="390">PC1</text><text x="10" y="200">PC2</text>'
    drawing = f'<svg xmlns="http://www.w3.org/2000/svg" width="600" height="400">{marks}{words}</svg>'.encode()
    found = run_check("relatedness_or_scores", drawing, "pca.svg", {"component_scatter": people})
    assert {each.rule: each.severity for each in found} == {"components_drawn": severity}
    shown = {each.rule: each.severity for each in run_check("anomalous_format", drawing, "pca.svg", {"component_scatter": people})}
    assert (shown["point_marks"] is Severity.LOW) == (severity is Severity.LOW)
    both = drawing.replace(
        b"PC2</text>", b'PC2</text><text x="1" y="9">I:1</text><text x="1" y="19">I:2</text><text x="1" y="29">II:1</text>'
    )
    assert any(
        each.severity is Severity.HIGH for each in run_check("relatedness_or_scores", both, "pca.svg", {"component_scatter": people})
    )


def likeness(people: int, seed: int = 21) -> np.ndarray:
    """Shares of alleles that two people do not share."""
    rng = np.random.default_rng(seed)
    states = rng.binomial(2, rng.uniform(0.1, 0.5, 400), (people, 400))
    return np.abs(states[:, None] - states[None]).mean(axis=2) / 2


def square(matrix, sep=",", labels=()):
    """A square of numbers, with labels on both sides where there are any."""
    rows = [[*labels[place : place + 1], *(f"{value:.5g}" for value in row)] for place, row in enumerate(matrix.tolist())]
    return "\n".join(sep.join(row) for row in ([["", *labels]] if labels else []) + rows) + "\n"


@pytest.mark.parametrize("size", [15, 28])
@pytest.mark.parametrize("labels", ["", "{}", "S{:02d}"])
def test_distances_between_nobody_knows_what(run_check, size, labels):
    """A square of distances without names, under numbers or numbered letters, and a triangle of them, may be between people."""
    made = likeness(size)
    named = [labels.format(place + 1) for place in range(size)] if labels else []
    assert "distances" in rules(run_check(ID, square(made, labels=named).encode(), "d.csv"))
    for diagonal in (0, 1):
        lines = "\n".join("\t".join(f"{value:.5g}" for value in made[row, : row + diagonal]) for row in range(1 - diagonal, size))
        assert "distances" in rules(run_check(ID, lines.encode(), "plink.dist"))


def test_distances_between_named_things(run_check):
    """Distances between cities and numbered clusters, correlations without names, and counts of journeys say between what, or are no distances."""
    made = likeness(14)
    towns = "Athens,Bergen,Cadiz,Delft,Exeter,Faro,Gent,Hull,Izmir,Jena,Kiel,Lyon,Mainz,Nice".split(",")
    assert "distances" not in rules(run_check(ID, square(made, labels=towns).encode(), "d.csv"))
    assert "distances" not in rules(run_check(ID, square(made, labels=[f"cluster {n}" for n in range(14)]).encode(), "d.csv"))
    rng = np.random.default_rng(22)
    assert "distances" not in rules(run_check(ID, square(np.corrcoef(rng.normal(size=(14, 500)))).encode(), "r.csv"))
    journeys = np.triu(rng.integers(0, 4000, (14, 14)), 1) ** 2 // 4000
    assert "distances" not in rules(run_check(ID, square(journeys + journeys.T).encode(), "journeys.csv"))
