"""Histograms, cumulative curves, ROC and Lorenz curves and quantile plots as tables: held where a step or a bin is a person or a few, and let go on a grid."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from statistics import NormalDist

import numpy as np
import pytest

from sdc_airlock.checks import Subject, checks
from sdc_airlock.policy import Profile

LOOKED_BY = ("individual_rows", "small_counts", "extreme_values")
DRAWS = np.random.default_rng(11)
PEOPLE = 87
VALUES = np.sort(np.round(DRAWS.normal(62, 11, PEOPLE), 1))
MANY = np.round(DRAWS.normal(62, 11, 4000), 1)
CASES = (DRAWS.random(PEOPLE) < 0.35).astype(int)
SCORES = np.round(DRAWS.random(PEOPLE) * 0.6 + 0.3 * CASES, 4)
INCOME = np.sort(DRAWS.lognormal(10, 0.6, PEOPLE))
OWNED = np.cumsum(INCOME) / INCOME.sum()
POSITIONS = (np.arange(PEOPLE) + 1) / PEOPLE
NORMAL = [NormalDist().inv_cdf((place + 0.5) / PEOPLE) for place in range(PEOPLE)]


def text(header: str, *columns: Sequence[object] | np.ndarray, title: str = "") -> str:
    """Columns as comma-separated text."""
    rows: Iterable[tuple[object, ...]] = zip(*columns, strict=True)
    return title + header + "\n" + "".join(",".join(str(cell) for cell in row) + "\n" for row in rows)


def shown(numbers: Iterable[float], places: int = 6) -> list[str]:
    """Numbers with so many decimals."""
    return [f"{number:.{places}f}" for number in numbers]


def roc(cases: np.ndarray, scores: np.ndarray, *, corners: bool = False) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """False and true positive rates at each score, or at the corners of the curve alone."""
    order = np.argsort(-scores)
    true = np.concatenate([[0], np.cumsum(cases[order])]) / cases.sum()
    false = np.concatenate([[0], np.cumsum(1 - cases[order])]) / (1 - cases).sum()
    at = np.concatenate([[1.0], scores[order]])
    if corners:
        flat = ((true[:-2] == true[1:-1]) & (true[1:-1] == true[2:])) | ((false[:-2] == false[1:-1]) & (false[1:-1] == false[2:]))
        kept = np.concatenate([[True], ~flat, [True]])
        return false[kept], true[kept], at[kept]
    return false, true, at


def histogram(values: np.ndarray, bins: int | np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Counts, edges and densities."""
    counts, edges = np.histogram(values, bins)
    return counts, edges, counts / counts.sum() / np.diff(edges)


@cache
def leaks() -> dict[str, str]:
    """Files in which a step or a bin is a person, or a few."""
    counts, edges, density = histogram(VALUES, 14)
    low, high = shown(edges[:-1], 2), shown(edges[1:], 2)
    false, true, at = roc(CASES, SCORES)
    corners = roc(CASES, SCORES, corners=True)
    draws = np.random.default_rng(13)
    hundredths, a_hundred = np.arange(1, 101) / 100, np.sort(np.round(draws.normal(140, 20, 100), 1))
    fifties = roc(np.repeat([0, 1], 50), draws.random(100) + np.repeat([0, 0.3], 50))
    return {
        "bins": text("bin_lower,bin_upper,count", low, high, counts),
        "breaks": text("breaks,counts", low, counts),
        "densities and n": text("lower,upper,density,n", low, high, shown(density), [PEOPLE] * len(counts)),
        "densities and n in the title": text("lower,upper,density", low, high, shown(density), title=f"Age at diagnosis (N = {PEOPLE})\n"),
        "densities alone": text("mid,density", shown((edges[:-1] + edges[1:]) / 2, 3), shown(density, 8)),
        "relative frequencies of bands": text("bin,relative frequency", [f"{20 + 5 * at}-{25 + 5 * at}" for at in range(len(counts))], shown(counts / PEOPLE, 4)) + f"n = {PEOPLE}\n",
        "ecdf of two groups": text("arm,age,ecdf", ["A"] * PEOPLE + ["B"] * PEOPLE, [*VALUES, *VALUES], shown([*POSITIONS, *POSITIONS])),
        "ecdf": text("age,ecdf", VALUES, shown(POSITIONS)),
        "ecdf without a name": text("hba1c,p", VALUES, shown(POSITIONS, 4)),
        "ecdf of halves": text("value,cum_prob", VALUES, shown(POSITIONS - 0.5 / PEOPLE, 5)),
        "ecdf in per cent": text("income,Cumulative percent", INCOME.round(), shown(100 * POSITIONS, 3)),
        "roc": text("fpr,tpr,threshold", shown(false), shown(true), shown(at, 4)),
        "roc at its corners": text("fpr,tpr,threshold", *map(shown, corners)),
        "sensitivities": text("sensitivities,specificities,thresholds", shown(true), shown(1 - false), shown(at, 4)),
        "lorenz": text("p,L", shown(POSITIONS), shown(OWNED)),
        "lorenz alone": text("cum_income_share", shown(OWNED, 7)),
        "normal quantiles": text("theoretical,sample", shown(NORMAL, 5), VALUES),
        "normal quantiles without a name": text("x,y", shown(NORMAL, 5), VALUES),
        "values of a hundred by their share": text("share,sbp", hundredths, a_hundred),
        "lorenz of a hundred": text("p,L", hundredths, shown(np.cumsum(a_hundred**4) / (a_hundred**4).sum(), 6)),
        "roc of fifty and fifty": text("fpr,tpr", fifties[0].round(4), fifties[1].round(4)),
        "quantiles of everyone": text("p,quantile", shown(POSITIONS - 0.5 / PEOPLE, 5), VALUES),
    }  # fmt: skip


@cache
def harmless() -> dict[str, str]:
    """Files that tell of groups."""
    counts, edges, density = histogram(MANY, np.arange(40, 90, 5))
    grid = np.linspace(30, 95, 256)
    bell = [NormalDist(62, 11).pdf(at) for at in grid]
    coarse = np.arange(30, 96, 5)
    draws = np.random.default_rng(12)
    cases = (draws.random(9000) < 0.2).astype(int)
    false, true, _ = roc(cases, draws.random(9000) * 0.7 + 0.25 * cases)
    even, hundredths = np.linspace(0, 1, 100), np.arange(1, 101) / 100
    chosen = np.arange(5, 96) / 100
    by_chance = [-math.log10((place + 0.5) / 3000) for place in range(3000)]
    observed = np.sort(-np.log10(draws.random(3000)))[::-1]
    return {
        "bins": text("bin_lower,bin_upper,count", edges[:-1], edges[1:], counts),
        "densities": text("bin_lower,bin_upper,density", edges[:-1], edges[1:], shown(density, 4)),
        "kernel densities of two groups": text("arm,x,density", ["A"] * 256 + ["B"] * 256, shown([*grid, *grid], 4), shown([*bell, *bell], 8)),
        "life table": text("age,lx,qx,ex", range(0, 100, 5), [int(100_000 * math.exp(-((age / 85) ** 7))) for age in range(0, 100, 5)], shown([0.0001 * math.exp(0.09 * age) for age in range(0, 100, 5)], 5), shown([max(2.0, 82 - age) for age in range(0, 100, 5)], 1)),
        "kernel density": text("age,kde", shown(grid, 4), shown(bell, 8)),
        "ecdf on a grid": text("age,ecdf", coarse, shown([(at >= MANY).mean() for at in coarse], 4)),
        "ecdf on a fine grid": text("age,cdf", shown(grid, 2), shown([(at >= MANY).mean() for at in grid], 3)),
        "normal distribution": text("x,cdf", shown(grid, 2), shown([NormalDist(62, 11).cdf(at) for at in grid])),
        "roc on a grid": text("fpr,tpr", shown(even, 4), shown(np.interp(even, false, true), 4)),
        "deciles of income": text("cumulative share of people,cumulative share of income", shown(hundredths[9::10], 1), shown(hundredths[9::10] ** 2, 4)),
        "percentiles of income": text("p,lorenz", shown(hundredths, 2), shown(hundredths**2, 4)),
        "chosen quantiles": text("p,theoretical,sample", shown(chosen, 2), shown([NormalDist().inv_cdf(p) for p in chosen], 4), shown(np.quantile(MANY, chosen), 2)),
        "percentiles of many": text("p,sbp", hundredths[:-1], shown(np.quantile(MANY, hundredths[:-1]), 1)),
        "roc on a grid of fifties": text("fpr,tpr", np.arange(51) / 50, shown((np.arange(51) / 50) ** 0.4, 4)),
        "p-values": text("expected_-log10p,observed_-log10p", shown(by_chance, 4), shown(observed, 4)),
    }  # fmt: skip


@pytest.fixture(scope="module")
def held(subject_of: Callable[[bytes, str], Subject], default_profile: Profile) -> Callable[[str], set[str]]:
    """The checks that hold a table."""

    def look(content: str) -> set[str]:
        subject = subject_of(content.encode(), "table.csv")
        found = ((id_, checks()[id_]) for id_ in LOOKED_BY)
        return {id_ for id_, one in found for each in one.on_output(subject, default_profile.params(one)) if each.severity > 1}

    return look


@pytest.mark.parametrize("name", leaks())
def test_curves_of_people_are_held(held, name: str) -> None:
    """Every curve whose steps or bins are a person or a few is held."""
    assert held(leaks()[name])


@pytest.mark.parametrize("name", harmless())
def test_curves_of_groups_pass(held, name: str) -> None:
    """Curves on a grid that somebody chose, and bins of many people, are let go."""
    assert not held(harmless()[name])


def figure(points: Sequence[tuple[float, float]]) -> str:
    """A figure with one line."""
    places = " ".join(f"{x:.2f},{y:.2f}" for x, y in points)
    return f'<svg xmlns="http://www.w3.org/2000/svg" width="500" height="400"><text x="9" y="9">Age</text><polyline points="{places}" fill="none"/></svg>'


def trace(kind: str, **columns: Sequence[object]) -> str:
    """A figure as plotting libraries write it."""
    return json.dumps({"data": [{"type": kind, **columns}], "layout": {"title": {"text": "Age"}}})


FIGURES = {
    "a staircase of people": ("figure.svg", figure([(50 + place // 2 * 4.3 + place**1.1, 350 - 300 * ((place + 1) // 2) / 43) for place in range(87)]), False),
    "a smooth line": ("figure.svg", figure([(50 + 2 * x, 350 - 300 / (1 + math.exp((100 - x) / 20))) for x in range(200)]), True),
    "bars of a few": ("figure.json", trace("bar", x=[32.5, 37.5, 42.5, 47.5], y=[31, 40, 12, 4]), False),
    "bars of many": ("figure.json", trace("bar", x=[32.5, 37.5, 42.5, 47.5], y=[310, 400, 120, 44]), True),
    "a section of a few": ("figure.json", trace("pie", labels=["A", "B", "C", "D"], values=[31, 40, 12, 4]), False),
    "sections of many": ("figure.json", trace("pie", labels=["A", "B", "C", "D"], values=[310, 400, 120, 44]), True),
}  # fmt: skip


@pytest.mark.parametrize("name", FIGURES)
def test_figures(subject_of: Callable[[bytes, str], Subject], default_profile: Profile, name: str) -> None:
    """What a figure carries with it, or draws with vectors, is looked at like a table."""
    filename, content, goes = FIGURES[name]
    subject = subject_of(content.encode(), filename)
    found = ((id_, checks()[id_]) for id_ in LOOKED_BY)
    held_by = {id_ for id_, one in found for each in one.on_output(subject, default_profile.params(one)) if each.severity > 1}
    assert (not held_by) is goes
