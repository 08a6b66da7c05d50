"""Rows of what is measured of bodies are people, however smoothly they grow; charts by age and tables of areas are none."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from sdc_airlock.model.content import Table
from sdc_airlock.model.recognised import Kind, Recognised
from sdc_airlock.recognise.features import features
from sdc_airlock.recognise.tables import typed_columns

Recognise = Callable[..., tuple[Recognised, ...]]


def test_children_in_the_order_of_their_ages(recognised: Recognise) -> None:
    """A growth study in the order of age drifts from row to row as a series does, beside the part of the country that each child lives in."""
    rng = np.random.default_rng(5)
    ages = np.sort(rng.gamma(2, 4, 400).clip(0.03, 20))
    lines = ["age,hgt,wgt,hc,reg"]
    for age in ages.tolist():
        height = 50 + 6.5 * age + rng.normal(0, 2)
        lines.append(
            f"{age:.3f},{height:.1f},{3.5 + 2.6 * age + rng.normal(0, 1):.2f},{35 + age:.1f},{rng.choice(['south', 'west', 'north', 'city'])}"
        )
    part = recognised("\n".join(lines) + "\n")[0]
    assert part.kind is Kind.INDIVIDUAL_ROWS
    assert part.individual > 0.8


def test_a_chart_by_age_says_nothing_of_bodies(recognised: Recognise) -> None:
    """Reference heights and weights for each month of age stand once each at equal steps; the same at odd ages are of somebody."""
    for step, said in ((1.0, 0.0), (1.013, 1.0)):
        ages = [age * step + (step > 1) * (age % 7) / 10 for age in range(120)]
        lines = ["age,height,weight", *(f"{age:.2f},{50 + 0.9 * age**0.9:.2f},{3.4 + 0.3 * age:.2f}" for age in ages)]
        table = recognised("\n".join(lines) + "\n")[0].part
        assert isinstance(table, Table)
        assert features(table, [(one, role) for one, role, _ in typed_columns(table)])["measured"] == said


def test_areas_with_mean_ages_are_none(recognised: Recognise) -> None:
    """An area has an age and a body mass index too, when they are those of all who live there; it stands once a year."""
    rng = np.random.default_rng(6)
    places = ("Barnet", "Camden", "Ealing", "Enfield", "Hackney", "Haringey", "Harrow", "Islington", "Lambeth", "Merton")
    lines = ["year,region,age,bmi"]
    lines += [f"{year},{place},{rng.normal(41, 2):.1f},{rng.normal(27, 0.5):.1f}" for year in range(2010, 2016) for place in places]
    assert recognised("\n".join(lines) + "\n")[0].individual < 0.5


def test_measured_before_and_after(recognised: Recognise) -> None:
    """Pressures and heart rates of numbered people are theirs whenever they were measured; counts of groups before and after are none."""
    rng = np.random.default_rng(6)
    for names in (",pre sbp,post sbp,pre dbp,post dbp,pre hr,post hr", "unit,sbp_v1,sbp_v2,dbp_v1,dbp_v2,hr_v1,hr_v2"):
        lines = [names, *(f"P{place}," + ",".join(map(str, rng.integers(50, 140, 6).tolist())) for place in range(1, 25))]
        assert recognised("\n".join(lines) + "\n")[0].individual > 0.8
    counts = [
        "ward,cases pre,cases post,beds pre,beds post",
        *(f"Ward {place}," + ",".join(map(str, rng.integers(50, 140, 4))) for place in "ABCDEFGH"),
    ]
    assert recognised("\n".join(counts) + "\n")[0].individual < 0.3
