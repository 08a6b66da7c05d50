"""Stretches that two people share and tables of single cells are of people; pairs of variants, genes and places are not."""

from __future__ import annotations

import numpy as np

from sdc_airlock.model.recognised import Kind

RNG = np.random.default_rng(1)
ROWS = 120
PEOPLE = [f"I{number}" for number in RNG.choice(np.arange(10**5, 10**6), 60, replace=False)]
FIRST, SECOND = RNG.integers(0, 30, ROWS), RNG.integers(30, 60, ROWS)
CHROMOSOMES = np.sort(RNG.integers(1, 23, ROWS))
STARTS = RNG.integers(10**6, 10**8, ROWS)


def lines(*columns, header: str = "", sep: str = "\t") -> str:
    """Columns as a table."""
    return "\n".join([header] * bool(header) + [sep.join(map(str, row)) for row in zip(*columns, strict=True)]) + "\n"


def pair(place: int) -> tuple[str, str]:
    """Two people, in either order."""
    both = PEOPLE[FIRST[place]], PEOPLE[SECOND[place]]
    return both if place % 2 else both[::-1]


def test_shared_stretches(recognised):
    """GERMLINE and hap-ibd write no header, IBIS does; all have two people and a stretch."""
    one, other = zip(*(pair(place) for place in range(ROWS)), strict=True)
    ends = STARTS + RNG.integers(10**6, 9 * 10**6, ROWS)
    lengths = [f"{value:.3f}" for value in RNG.gamma(3, 2, ROWS)]
    for text in (
        lines(one, [1] * ROWS, other, [2] * ROWS, CHROMOSOMES, STARTS, ends, lengths),
        lines(one, one, other, other, CHROMOSOMES, STARTS, ends, lengths),
        lines(
            one,
            other,
            CHROMOSOMES,
            STARTS,
            ends,
            ["IBD1"] * ROWS,
            lengths,
            header="sample1\tsample2\tchrom\tphys_start_pos\tphys_end_pos\tIBD_type\tlength",
        ),
    ):
        assert recognised(text, "pairs.match")[-1].format in {"shared_segments", "samples_on_genome"}


def test_pairs_of_things(recognised):
    """Variants in linkage and genes that act on each other stand in pairs beside places too."""
    names = [f"rs{number}" for number in RNG.choice(np.arange(10**4, 10**7), 60, replace=False)]
    genes = [f"GENE{number}" for number in range(60)]
    for known in (names, genes):
        one, other = [known[place] for place in FIRST], [known[place] for place in FIRST[::-1]]
        text = lines(one, other, CHROMOSOMES, STARTS, STARTS + 5000, [0.4] * ROWS, header="a\tb\tchr\tstart\tend\tr2")
        assert all(part.format != "shared_segments" for part in recognised(text, "pairs.tsv"))


def test_rates_by_age_period_and_sex(recognised):
    """Person-years and deaths of many strata, whole numbers side by side, are no pairs of people and no stretches."""
    rng = np.random.default_rng(4)
    ages, sexes = np.repeat(np.arange(60), 4), np.tile([1, 2], 120)
    years, deaths = rng.integers(2 * 10**5, 3 * 10**5, 240), rng.integers(5, 60, 240)
    for header in ("age\tper\tsex\tdeaths\trisk\ttotal\tper2", ""):
        text = lines(
            ages, np.tile([43, 48, 53, 58], 60), sexes, deaths, years, years + deaths, np.tile([48, 53, 58, 43], 60), header=header
        )
        assert all(part.format != "shared_segments" for part in recognised(text, "rates.tsv"))


def test_tables_of_single_cells(recognised):
    """A barcode of sixteen bases on each row is a cell; guides and primers of other lengths are none."""
    letters = np.array(list("ACGT"))
    codes = ["".join(RNG.choice(letters, 16)) for _ in range(80)]
    counts, clusters = RNG.integers(1000, 9000, 80), RNG.integers(0, 9, 80)
    (part,) = recognised(
        lines([f"{code}-1" for code in codes], counts, clusters, header=",nCount_RNA,seurat_clusters", sep=","), "cells.csv"
    )
    assert part.format == "single_cells"
    assert part.kind is Kind.INDIVIDUAL_ROWS
    guides = ["".join(RNG.choice(letters, 20)) for _ in range(80)]
    text = lines(guides, [f"GENE{n % 20}" for n in range(80)], [f"{v:.3f}" for v in RNG.normal(0, 1, 80)], header="guide,gene,lfc", sep=",")
    assert all(part.format != "single_cells" for part in recognised(text, "guides.csv"))
