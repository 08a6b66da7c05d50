"""What the columns of a table settle between them, whatever else speaks for a kind: small made-up files as programs write them."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable

import numpy as np
import pytest

from sdc_airlock.model.recognised import Kind, Recognised, Role

Recognise = Callable[..., tuple[Recognised, ...]]

_GROUPS = ("Asian", "Black", "Mixed", "Other", "White")
_COUNTS = ((250, 224, 224, 250, 261), (174, 189, 181, 210, 174), (135, 151, 130, 129, 127), (84, 93, 64, 89, 80), (957, 949, 958, 951, 975))


def _where_people_live(rows: int = 90) -> list[list[object]]:
    """Age, sex, small area and weight of as many people."""
    rng = np.random.default_rng(9)
    areas = rng.integers(100, 9_999, rows)
    areas[5] = areas[6]
    return [
        [int(rng.integers(18, 90)), str(rng.choice(["M", "F"])), f"E0100{area:04d}", round(float(rng.normal(78, 12)), 1)]
        for area in areas.tolist()
    ]


@pytest.mark.parametrize(
    ("header", "columns"),
    [("age,sex,lsoa", 3), ("age,sex,lsoa,weight", 4), ("V1,V2,V3,V4", 4), ("", 4)],
    ids=["three columns", "four columns", "neutral names", "no header"],
)
def test_people_are_not_taken_for_the_small_areas_they_live_in(recognised: Recognise, header: str, columns: int) -> None:
    """Areas that hardly repeat beside sexes are where people live: an area has no sex, and a table of areas by sex names each area twice."""
    lines = ([header] if header else []) + [",".join(str(cell) for cell in row[:columns]) for row in _where_people_live()]
    part = recognised("\n".join(lines) + "\n")[0]
    assert part.kind is Kind.INDIVIDUAL_ROWS
    assert part.individual > 0.8


def test_areas_with_what_is_known_of_areas_stay_a_table_of_areas(recognised: Recognise) -> None:
    """A place a row with a count and a rate is no list of people."""
    rng = np.random.default_rng(3)
    rows = [f"E0700{place:04d},{rng.integers(4_000, 9_000)},{rng.uniform(4, 15):.1f}" for place in range(60)]
    part = recognised("\n".join(["lad_code,population,rate_per_1000", *rows]) + "\n")[0]
    assert part.individual < 0.2


def test_a_crosstab_whose_columns_are_coded_levels_has_a_header(recognised: Recognise) -> None:
    """`ethnicity,1,2,3,4,5` over labels and counts is the header of a crosstab, as pandas writes one of a coded column."""
    lines = ["ethnicity,1,2,3,4,5"] + [f"{name},{','.join(map(str, counts))}" for name, counts in zip(_GROUPS, _COUNTS, strict=True)]
    part = recognised("\n".join(lines) + "\n")[0]
    assert (part.rows, part.kind) == (5, Kind.FREQUENCY_TABLE)
    assert part.individual < 0.1


def test_a_row_of_one_person_is_not_taken_for_coded_levels(recognised: Recognise) -> None:
    """Values that happen to run 1, 2, 3 under a header stay values."""
    rng = np.random.default_rng(5)
    rows = ["P100,1,2,3"] + [f"P{100 + place},{','.join(map(str, rng.integers(0, 9, 3)))}" for place in range(1, 30)]
    part = recognised("\n".join(rows) + "\n")[0]
    assert part.rows == 30


def _grouped() -> list[list[object]]:
    """Groups by two keys with a size, a mean, a deviation and events."""
    rng = np.random.default_rng(1)
    return [
        [imd, sex, int(rng.integers(700, 900)), round(float(rng.normal(133, 1)), 2), round(float(rng.normal(17, 0.2)), 2), int(rng.integers(90, 130))]
        for imd, sex in itertools.product(range(1, 6), "FM")
    ]  # fmt: skip


def test_every_combination_of_groups_once_is_a_table_of_groups(recognised: Recognise) -> None:
    """Rows that list deprivation by sex in order, each once, are groups even where no header says what stands in them."""
    text = "[" + ",".join(str(row).replace("'", '"') for row in _grouped()) + "]"
    part = recognised(text, "values.json")[0]
    assert part.individual < 0.1


def test_a_printed_index_names_each_group_once(recognised: Recognise) -> None:
    """Pandas prints the outer level of an index in the first of its rows only."""
    lines = ["           n  mean_sbp  sd_sbp  cvd", "imd sex                           "]
    for place, (imd, sex, *cells) in enumerate(_grouped()):
        size, mean, deviation, events = cells
        lines.append(f"{imd if place % 2 == 0 else '':<3} {sex}    {size:>3}  {mean:>8}  {deviation:>6}  {events:>3}")
    part = recognised("\n".join(lines) + "\n", "groups.txt")[0]
    assert part.individual < 0.1


def test_people_with_a_group_each_are_no_table_of_groups(recognised: Recognise) -> None:
    """Ten people who happen to cover each combination once, in no order, stay people."""
    rng = np.random.default_rng(2)
    people = [[*row[:2], int(rng.integers(40, 80)), round(float(rng.normal(27, 4)), 1)] for row in _grouped()]
    order = rng.permutation(len(people)).tolist()
    lines = ["imd,sex,age,bmi"] + [",".join(str(cell) for cell in people[place]) for place in order]
    assert recognised("\n".join(lines) + "\n")[0].individual > 0.5


def test_groups_under_a_header_of_levels_alone_are_counts(recognised: Recognise) -> None:
    """A print of a crosstab has no name over its labels, and 0 and 1 over its counts."""
    part = recognised(",0,1\nFemale,4021,425\nMale,4137,417\n")[0]
    assert (part.rows, part.kind) == (2, Kind.FREQUENCY_TABLE)
    assert part.individual < 0.3


def test_levels_under_spans_and_the_name_of_the_index_are_header(recognised: Recognise) -> None:
    """Pandas writes a pivot table of two attributes with a row for each of them, and one for the name of the labels."""
    counts = "\n".join(f"{name},{','.join(str(60 + 7 * place + 3 * column) for column in range(4))}" for place, name in enumerate(_GROUPS))
    part = recognised(f",count,count,count,count\nsex,F,F,M,M\nimd,1,2,1,2\nethnicity,,,,\n{counts}\n")[0]
    assert part.rows == len(_GROUPS)


def test_percentiles_by_date_are_a_series(recognised: Recognise) -> None:
    """Every date with each of its percentiles, in order, describes a distribution, not people with a date each."""
    lines = ["date,percentile,ratio"]
    lines += [
        f"2023-{month:02}-01,{share},{0.1 + share / 4 + month / 900:.4f}" for month in range(1, 13) for share in (0.1, 0.25, 0.5, 0.75, 0.9)
    ]
    assert recognised("\n".join(lines) + "\n")[0].individual < 0.1


def test_loadings_of_variables_are_estimates(recognised: Recognise) -> None:
    """Variables by components, between -1 and 1, are loadings; people by components are not."""
    rng = np.random.default_rng(8)

    def row() -> str:
        return ",".join(f"{value:.6f}" for value in rng.uniform(-0.9, 0.9, 4).tolist())

    header = ",PC1,PC2,PC3,PC4"
    loadings = recognised("\n".join([header, *(f"{name},{row()}" for name in ("age", "bmi", "sbp", "hba1c"))]) + "\n")[0]
    people = recognised("\n".join([header, *(f"P{100 + place},{row()}" for place in range(40))]) + "\n")[0]
    assert loadings.individual < 0.1
    assert people.individual > 0.5


def test_chances_alone_are_not_p_values(recognised: Recognise) -> None:
    """A column `p` beside running numbers and nothing else is a prediction a row."""
    rng = np.random.default_rng(6)
    lines = [",p"] + [f"{place},{value:.12f}" for place, value in enumerate(rng.uniform(0, 1, 300).tolist(), 1)]
    assert recognised("\n".join(lines) + "\n")[0].individual > 0.8


def test_contents_and_types_are_lists(recognised: Recognise) -> None:
    """Lines that name tables, and columns of data with their types, describe a document and a data set."""
    contents = recognised("Sheet,Title\nTable S1,Baseline\nTable S2,Rates by region\nTable S3,Hazard ratios\n")[0]
    types = recognised(",0\npid,object\nage,int64\nsex,object\nbmi,float64\nsbp,float64\n")[0]
    assert max(contents.individual, types.individual) < 0.3


def _walk(steps: int) -> list[tuple[float, float]]:
    """Where somebody was, fix by fix."""
    rng = np.random.default_rng(12)
    return [
        (round(float(x), 6), round(float(y), 6)) for x, y in np.cumsum(rng.normal(0, 0.0003, (steps, 2)), axis=0) + np.array([-0.12, 51.5])
    ]


def test_where_somebody_went_is_about_one_person(recognised: Recognise) -> None:
    """Longitudes and latitudes that drift from row to row are a track, with times or as a line of GeoJSON, and no series of groups."""
    walk = _walk(120)
    timed = "\n".join(f"{y},{x},2023-04-01T08:{place // 60:02}:{place % 60:02}Z" for place, (x, y) in enumerate(walk))
    line = json.dumps({"type": "LineString", "coordinates": walk})
    for part in (recognised(f"lat,lon,time\n{timed}\n")[0], recognised(line, "line.geojson")[0]):
        assert part.individual > 0.8


def test_outlines_of_areas_are_no_people(recognised: Recognise) -> None:
    """Corners of areas, each ring ending where it began, draw a map."""
    ring = ((0, 0), (0.101, 0.002), (0.1, 0.13), (0.03, 0.11), (0, 0))
    areas = [
        {
            "type": "Feature",
            "properties": {"LAD23NM": f"{name}ford", "patients": 400 + 37 * place, "rate_per_1000": 9 + place / 7},
            "geometry": {"type": "Polygon", "coordinates": [[[round(x + place / 7, 4), round(51 + y, 4)] for x, y in ring]]},
        }
        for place, name in enumerate(("Al", "Ber", "Cran", "Dart", "El", "Fal"))
    ]
    parts = recognised(json.dumps({"type": "FeatureCollection", "features": areas}), "areas.geojson")
    assert max(part.individual for part in parts) < 0.3


@pytest.mark.parametrize(
    "text",
    [
        "            Estimate Std. Error t value\n(Intercept) 133.16518    0.98057 135.804\nage           0.00863    0.01592   0.542\nsexMale       0.45657    0.35904   1.272\n",
        ",survival\n0,1.0\n1,0.9240000001\n2,0.85275\n3,0.7852500001\n4,0.7219\n5,0.6612500001\n",
        "age,qx,lx,dx,Lx,ex\n" + "".join(f"{5 * place},{0.002 * 1.5**place:.5f},{100_000 - 900 * place**2}.0,{900 * (2 * place + 1)}.0,{480_000 - 4_000 * place**2}.0,{80 - 4.5 * place:.2f}\n" for place in range(10)),
    ],
    ids=["terms of a model", "survival by year", "life table"],
)  # fmt: skip
def test_estimates_are_not_taken_for_people(recognised: Recognise, text: str) -> None:
    """Terms with a constant, a survival that falls from one, and a life table are estimates."""
    assert max(part.individual for part in recognised(text, "estimates.csv" if "," in text else "model.txt")) < 0.3


def test_groups_in_columns_are_counts_too(recognised: Recognise) -> None:
    """A crosstab on its side names its columns by the groups that it counts."""
    counts = {name: dict(zip("12345", row, strict=True)) for name, row in zip(_GROUPS, _COUNTS, strict=True)}
    assert recognised(json.dumps(counts), "crosstab.json")[0].individual < 0.1


def test_facts_of_a_model_side_by_side_are_no_people(recognised: Recognise) -> None:
    """The head of a print of a model names facts in two columns."""
    lines = ["Dep. Variable:,sbp,R-squared:,0.012", "Model:,OLS,Adj. R-squared:,0.011", "Method:,Least Squares,F-statistic:,0.51", "No. Observations:,8000,AIC:,68110.", "Df Residuals:,7996,BIC:,68140."]  # fmt: skip
    assert recognised("\n".join(lines) + "\n")[0].individual < 0.3


def test_gene_sets_are_lists(recognised: Recognise) -> None:
    """A set a row, its address and the symbols of its genes, as GMT has them, is no table of samples; codes of samples are."""
    rng = np.random.default_rng(7)
    symbols = [f"{stem}{number}" for stem in "TP CDK BRCA STAT SMAD FGF IL TNF MAPK KRT HLA-D COL SLC ABC ZNF CYP ADAM RAS GATA SOX PAX WNT".split() for number in range(1, 12)]  # fmt: skip
    sets = [["SET_OF_" + name.upper(), "http://example.org/set", *rng.choice(symbols, 25, replace=False)] for name in _GROUPS * 2]
    for place, row in enumerate(sets):
        row[0] += f"_{place}"
    people = [
        [f"FAMILY_{place}", "http://example.org/f", *(f"S{number:04}" for number in rng.integers(0, 9_999, 25))] for place in range(10)
    ]
    found = [recognised("\n".join("\t".join(row) for row in rows) + "\n", "sets.gmt")[0].individual for rows in (sets, people)]
    assert found[0] < 0.3
    assert found[1] > 0.5


def test_alleles_with_their_shares_are_no_records(recognised: Recognise) -> None:
    """`A:0.87` under {ALLELE:FREQ} is one frequency a site."""
    rows = [f"1\t{1_000 + 90 * place}\t2\t2400\t{'ACGT'[place % 4]}:{0.6 + place / 900:.4f}\t{'CGTA'[place % 4]}:{0.4 - place / 900:.4f}" for place in range(60)]  # fmt: skip
    parts = recognised("\n".join(["CHROM\tPOS\tN_ALLELES\tN_CHR\t{ALLELE:FREQ}\t", *rows]) + "\n", "sites.frq")
    assert max(part.individual for part in parts) < 0.3


def test_windows_along_chromosomes_are_no_people(recognised: Recognise) -> None:
    """A statistic for each window of the genome, in order, is no record of a person; intensities along a genome are those of one person."""
    rng = np.random.default_rng(11)
    rows = [
        (chromosome, 1_000_000 + 10_000 * place, int(rng.integers(9, 14)), rng.normal(1.5, 1))
        for chromosome in (1, 2)
        for place in range(27)
    ]
    windows = recognised("CHROM\tBIN_START\tN_SNPS\tTajimaD\n" + "".join(f"{a}\t{b}\t{c}\t{d:.5f}\n" for a, b, c, d in rows), "w.Tajima.D")[
        0
    ]
    beside = recognised("chr\tpos\tlrr\tbaf\n" + "".join(f"{a}\t{b}\t{d / 9:.4f}\t{c / 14:.3f}\n" for a, b, c, d in rows), "one.txt")[0]
    assert windows.individual < 0.2
    assert beside.individual > 0.8


def test_counts_by_genotype_are_no_samples(recognised: Recognise) -> None:
    """How many people have each genotype at a variant is no table of counts of reads by sample."""
    rng = np.random.default_rng(13)
    lines = ["CHR\tSNP\tA1\tA2\tC(HOM A1)\tC(HET)\tC(HOM A2)\tC(HAP A1)\tC(HAP A2)\tC(MISSING)"]
    for place in range(60):
        rare = int(rng.integers(200, 400))
        middle = int(rng.integers(2_000, 4_000))
        lines.append(
            f"1\trs{100_000 + 7 * place}\t{'ACGT'[place % 4]}\t{'CGTA'[place % 4]}\t{rare}\t{middle}\t{12_000 - rare - middle}\t0\t0\t0"
        )
    assert recognised("\n".join(lines) + "\n", "all.frqx")[0].individual < 0.3


def test_coded_levels_with_a_total_are_no_counts(recognised: Recognise) -> None:
    """A print of means by group numbers its groups and names their total; how many there are stands beside."""
    sizes = (1764, 1775, 1802, 1775, 1884)
    lines = ["imd   N    Mean  Std. Deviation"] + [
        f"{place}     {size}  {133 + place / 9:.2f}  {17 - place / 9:.2f}" for place, size in enumerate(sizes, 1)
    ]
    part = recognised("\n".join([*lines, f"Total {sum(sizes)}  133.50  17.01"]) + "\n", "means.txt")
    assert [view.role for each in part for view in each.columns if view.name == "imd"] in ([Role.MEASURE], [Role.CATEGORY])


@pytest.mark.parametrize(
    "text",
    [
        "sex,age,bmi\nF,61,27.4\nM,44,31.0\n",
        "id,age,bmi\nIntercept,0,0.5\n"
        + "".join(f"P{1000 + 37 * place},{30 + 7 * place % 50},{21.5 + place / 3:.1f}\n" for place in range(30)),
        "age:,34,sex:,F\nage:,51,sex:,M\nage:,47,sex:,F\nage:,62,sex:,M\nage:,29,sex:,F\n",
    ],
    ids=["one of each sex", "a term among people", "pairs of names and values"],
)
def test_signs_of_groups_do_not_hide_attributes_of_people(recognised: Recognise, text: str) -> None:
    """Few people who differ in sex or group, or rows that borrow a sign of results, are still people."""
    assert recognised(text)[0].individual > 0.5


def test_reads_piled_up_over_sites_are_those_of_one_sample(recognised: Recognise) -> None:
    """Depth, bases and qualities over each site are the reads of a sample, and no list of sites."""
    rng = np.random.default_rng(14)
    lines = []
    for place in range(80):
        depth = int(rng.integers(5, 30))
        bases = "".join(rng.choice(list(".,.,.,A"), depth))
        lines.append(f"chr1\t{1_000 + place}\t{'ACGT'[place % 4]}\t{depth}\t{bases}\t{'I' * (depth - 1)}F")
    assert recognised("\n".join(lines) + "\n", "pileup.txt")[0].individual > 0.8


def test_answers_by_answers_are_a_tally(recognised: Recognise) -> None:
    """Rows called as the columns are, with counts in a square, are no people, though grades in two words read as names; a square of ids stays one."""
    grades = ("Highest Grade", "Second Grade", "Third Grade", "Lowest Grade")
    counts = ((1520, 266, 124, 66), (234, 1512, 432, 78), (117, 362, 1772, 205), (36, 82, 179, 492))

    def square(names: tuple[str, ...]) -> Recognised:
        lines = [",".join(["", *names]), *(",".join([name, *map(str, row)]) for name, row in zip(names, counts, strict=True))]
        return recognised("\n".join(lines) + "\n")[0]

    assert square(grades).kind is Kind.FREQUENCY_TABLE
    assert square(grades).individual < 0.2
    assert square(("P0012", "P0013", "P0014", "P0015")).individual > square(grades).individual
