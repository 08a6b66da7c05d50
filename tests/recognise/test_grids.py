"""Curves over a grid, growth charts, life tables, networks and rankings of genes, and descriptions by group."""

from __future__ import annotations

import random
from collections.abc import Callable
from itertools import combinations

import pytest

from sdc_airlock.model.content import Table
from sdc_airlock.model.recognised import Recognised, Role
from sdc_airlock.recognise._grids import smooth_over_grid
from sdc_airlock.recognise.tables import typed_columns

Read = Callable[..., tuple[Recognised, ...]]
GENES = ("TP53", "MDM2", "ATM", "CHEK2", "BRCA1", "BRCA2", "CDKN1A", "EP300", "RB1", "MYC")


def individual(found: tuple[Recognised, ...]) -> float:
    return max(each.individual for each in found)


def test_curves_over_thresholds_are_no_people(recognised: Read) -> None:
    """What a model would do at each threshold is worked out, not measured of people."""
    steps = [place / 50 for place in range(51)]
    rows = "".join(f"{step:.2f},{1 - step**2:.4f},{1 - (1 - step) ** 2:.4f},{0.2 - 0.3 * step:.4f}\n" for step in steps)
    assert individual(recognised("cutoff,treated,untreated,benefit\n" + rows)) < 0.35


def test_growth_charts_are_no_people(recognised: Read) -> None:
    """L, M and S by age, and centiles by age, are a reference."""
    rows = "".join(
        f"{age / 2},{-1.6 - age / 100:.4f},{16 + age / 10:.3f},{0.08 + age / 900:.5f},{14 + age / 9:.2f},{18 + age / 6:.2f}\n"
        for age in range(4, 37)
    )
    assert individual(recognised("age_years,L,M,S,P3,P97\n" + rows)) < 0.35


@pytest.mark.parametrize("head", ["age,height,weight", "threshold,first,second"], ids=["attributes", "other words"])
def test_people_who_are_sorted_are_no_curve(recognised: Read, head: str) -> None:
    """People of each age once, in order, scatter about every curve."""
    chance = random.Random(5)
    rows = "".join(f"{age},{80 + 5.5 * age + chance.gauss(0, 6):.1f},{10 + 2.4 * age + chance.gauss(0, 4):.1f}\n" for age in range(2, 32))
    (found,) = recognised(f"{head}\n{rows}")
    assert isinstance(found.part, Table)
    assert smooth_over_grid([(one, role) for one, role, _ in typed_columns(found.part)], 30) == 0


def test_bands_of_a_life_table_count_nobody(recognised: Read) -> None:
    """The width of the bands of a life table is headed `n` as often as not."""
    ages = [0, 1, *range(5, 90, 5)]
    alive = [round(100000 * 0.97**place) for place in range(len(ages))]
    rows = "".join(f"{age},{to - age},{0.03:.5f},{lx}\n" for age, to, lx in zip(ages, [*ages[1:], 90], alive, strict=True))
    (found,) = recognised("age,n,qx,lx\n" + rows)
    assert found.columns[1].role is Role.MEASURE
    (other,) = recognised("age,n,qx,lx\n" + rows.replace("5,5,", "5,7,", 1))
    assert other.columns[1].role is Role.COUNT


def test_pairs_of_genes_are_a_network(recognised: Read) -> None:
    """Interactions of proteins, with scores, name no people."""
    chance = random.Random(1)
    rows = "".join(f"{one}\t{other}\t0\t{chance.random():.3f}\t{chance.random():.3f}\n" for one, other in combinations(GENES, 2))
    assert individual(recognised("#node1\tnode2\thomology\tcoexpression\tcombined_score\n" + rows, "edges.tsv")) < 0.35


def test_a_ranking_of_genes_is_no_list_of_people(recognised: Read) -> None:
    """Symbols of genes with a score each have no header where they are ranked; ids that begin alike are no genes."""
    chance = random.Random(3)
    names = [f"{stem}{number}" for stem in ("SLC", "ZNF", "TMEM", "KRT", "IL", "CDK", "ADAM") for number in range(10, 40)]
    scores = sorted((chance.gauss(0, 1) for _ in names), reverse=True)
    rank = "".join(f"{name}\t{score:.4f}\n" for name, score in zip(names, scores, strict=True))
    assert individual(recognised(rank, "genes.rnk")) < 0.35
    people = "".join(f"CD{place:04d}\t{score:.4f}\n" for place, score in enumerate(scores))
    assert individual(recognised(people, "people.rnk")) >= 0.35


def test_statistics_by_group_stand_under_their_columns(recognised: Read) -> None:
    """What pandas describes by group has two rows of names above it, and a row that names the groups."""
    text = ",age,age,age,age,bmi,bmi,bmi,bmi\n,count,mean,std,50%,count,mean,std,50%\nsmoker,,,,,,,,\n"
    text += "".join(f"{name},4042.0,57.85,12.96,58.0,4042.0,26.99,5.02,27.0\n" for name in ("current", "ex", "never"))
    (found,) = recognised(text)
    assert found.individual < 0.35
    assert found.rows == 3
    assert [view.role for view in found.columns[:3]] == [Role.CATEGORY, Role.COUNT, Role.MEAN]


def test_means_of_two_groups_at_a_time_are_no_people(recognised: Read) -> None:
    """A mean for each ethnic group and sex, as R prints what `tapply` gives."""
    means = "              Female     Male\nBlack       27.36530 27.59136\nMixed       27.31041 27.17017\nSouth Asian 27.44041 27.52608\nWhite       27.37567 27.40125\n"
    assert individual(recognised(means, "means.txt")) < 0.35


def test_names_of_statistics_are_no_names_of_people(recognised: Read) -> None:
    """Tests and parts of variance have names of two capitalised words."""
    text = "Statistic                     DF       Value      Prob\n------------------------------------------------------\nChi-Square                     4     40.1201    <.0001\n"
    text += "Likelihood Ratio Chi-Square    4     40.8813    <.0001\nPhi Coefficient                       0.0527\n\n               Factor1 Factor2\nSS loadings      1.237   1.030\nProportion Var   0.155   0.129\nCumulative Var   0.155   0.283\n"
    assert individual(recognised(text, "tests.txt")) < 0.35


def test_what_was_measured_in_order_is_no_curve(recognised: Read) -> None:
    """Single values in their order, beside numbers that run on, are people."""
    chance = random.Random(6)
    values = sorted(round(chance.gauss(27, 4), 1) for _ in range(200))
    (found,) = recognised("code,value\n" + "".join(f"{1001 + at},{value}\n" for at, value in enumerate(values)))
    assert individual((found,)) > 0.5
