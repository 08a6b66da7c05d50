"""Tests of allele_counts, each formula against simulated regressions."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdc_airlock.stats import allele_counts
from sdc_airlock.stats.odds import tables_that_fit

Numbers = npt.NDArray[np.float64]


def genotypes(people: int, variants: int, seed: int, rarest: float = 0.005) -> Numbers:
    """Counts of an allele by person and variant; every variant is carried by somebody."""
    rng = np.random.default_rng(seed)
    drawn = rng.binomial(2, rng.uniform(rarest, 0.5, variants), (people, variants)).astype(np.float64)
    return drawn[:, drawn.sum(axis=0) > 0]


def copies_of(drawn: Numbers) -> Numbers:
    """Copies of the rarer allele of each variant."""
    return np.minimum(drawn.sum(axis=0), 2 * len(drawn) - drawn.sum(axis=0))


def linear_errors(drawn: Numbers, trait: Numbers) -> Numbers:
    """Standard errors of one linear regression a variant."""
    x, y = drawn - drawn.mean(axis=0), trait - trait.mean()
    squares = np.sum(x**2, axis=0)
    slope = x.T @ y / squares
    left = np.sum((y[:, None] - x * slope) ** 2, axis=0)
    return np.sqrt(left / (len(y) - 2) / squares)


def logistic_errors(drawn: Numbers, disease: Numbers) -> Numbers:
    """Standard errors of one logistic regression a variant, by Newton's method."""
    a, b = np.full(drawn.shape[1], np.log(disease.mean() / (1 - disease.mean()))), np.zeros(drawn.shape[1])
    for _ in range(8):
        p = 1 / (1 + np.exp(-(a + drawn * b)))
        w = p * (1 - p)
        s0, s1, s2 = w.sum(axis=0), (w * drawn).sum(axis=0), (w * drawn**2).sum(axis=0)
        g0, g1 = (disease[:, None] - p).sum(axis=0), ((disease[:, None] - p) * drawn).sum(axis=0)
        det = s0 * s2 - s1**2
        a, b = a + (s2 * g0 - s1 * g1) / det, b + (s0 * g1 - s1 * g0) / det
    return np.sqrt(s0 / det)


def implied(product: Numbers, people: int) -> Numbers:
    """Copies of the rarer allele behind p (1 - p)."""
    return allele_counts.minor_frequency(product) * 2 * people


@pytest.mark.parametrize(("odds", "middle"), [(1.0, 0.06), (1.5, 0.2)])
def test_copies_behind_logistic_errors(odds: float, middle: float) -> None:
    """From standard errors of log odds ratios too, less well where the odds ratio is far from one."""
    drawn = genotypes(2000, 60, seed=3, rarest=0.02)
    rng = np.random.default_rng(4)
    errors, groups = [], []
    for variant in drawn.T:
        chance = 1 / (1 + np.exp(-(np.log(0.25) + np.log(odds) * variant)))
        disease = (rng.uniform(size=2000) < chance).astype(np.float64)
        errors.append(logistic_errors(variant[:, None], disease)[0])
        groups.append(disease.sum())
    product = allele_counts.product_from_logistic(np.array(errors), np.array(groups), 2000 - np.array(groups))
    assert np.median(np.abs(implied(product, 2000) / copies_of(drawn) - 1)) < middle


def test_copies_behind_errors_of_an_unknown_trait() -> None:
    """Without the spread of the trait, errors of common variants are the yardstick; counts of rare ones come out within a fifth, and no smaller than that."""
    drawn = genotypes(1500, 300, seed=5)
    errors = linear_errors(drawn, np.random.default_rng(6).normal(size=1500) * 17)
    scaled = errors * np.sqrt(3000)
    found = implied(allele_counts.product_from_smallest_error(scaled, 1.0, float(np.quantile(scaled, 0.01))), 1500)
    rare = copies_of(drawn) < 60
    ratio = found[rare] / copies_of(drawn)[rare]
    assert 0.85 < np.median(ratio) < 1.2


def test_people_behind_errors_of_odds_ratios() -> None:
    """Odds ratios with errors and frequencies say how many people the smaller group holds, up to a factor of two."""
    drawn = genotypes(1200, 40, seed=7, rarest=0.05)
    disease = (np.random.default_rng(8).uniform(size=1200) < 0.2).astype(np.float64)
    found = allele_counts.people_behind_errors(logistic_errors(drawn, disease), drawn.mean(axis=0) / 2)
    exact = disease.sum() * (1200 - disease.sum()) / 1200
    assert found == pytest.approx(exact, rel=0.05)
    assert found <= disease.sum() <= 2 * found
    assert np.isnan(allele_counts.people_behind_errors(np.zeros(3), np.full(3, 0.5)))


@pytest.mark.parametrize(("people", "decimals"), [(30, 4), (40, 4), (77, 5), (500, 6), (1999, 6)])
def test_digits_betray_people(people: int, decimals: int) -> None:
    """Frequencies of few people are multiples of one over their alleles, and give their number away."""
    rng = np.random.default_rng(people)
    frequencies = np.round(rng.binomial(2 * people, rng.uniform(0.02, 0.98, 200)) / (2 * people), decimals)
    assert allele_counts.alleles_behind(frequencies, 10.0**-decimals, 4000) == 2 * people


def test_digits_betray_people_where_a_few_genotypes_are_missing() -> None:
    """Four in a hundred variants with a missing person do not hide the number of the others."""
    rng = np.random.default_rng(9)
    alleles = np.where(rng.uniform(size=300) < 0.03, 158, 160)
    frequencies = np.round(rng.binomial(alleles, rng.uniform(0.05, 0.95, 300)) / alleles, 6)
    assert allele_counts.alleles_behind(frequencies, 1e-6, 4000) == 160


@pytest.mark.parametrize("people", [20_000, 300_000])
@pytest.mark.parametrize("decimals", [2, 3, 4, 6])
def test_digits_of_large_cohorts_say_nothing(people: int, decimals: int) -> None:
    """Frequencies of a large cohort lie on no lattice of a small one, however they are rounded."""
    rng = np.random.default_rng(people + decimals)
    frequencies = np.round(rng.binomial(2 * people, rng.uniform(0.01, 0.99, 400)) / (2 * people), decimals)
    assert allele_counts.alleles_behind(frequencies, 10.0**-decimals, 4000) is None


@given(st.lists(st.integers(1, 9999), min_size=8, max_size=60, unique=True), st.integers(0, 2**32 - 1))
def test_random_digits_say_nothing(values: list[int], seed: int) -> None:
    """Numbers of four decimals drawn at random are hardly ever taken for frequencies of a few people."""
    del values
    drawn = np.random.default_rng(seed).integers(1, 9999, 30) / 10_000
    assert allele_counts.alleles_behind(drawn, 1e-4, 4000) is None


@pytest.mark.parametrize(
    ("frequencies", "step"), [([0.1, 0.2, 0.3], 1e-6), ([], 1e-6), ([0.1] * 50, 1e-6), (list(np.linspace(0.1, 0.9, 50)), 0.0)]
)
def test_too_little_to_go_by(frequencies: list[float], step: float) -> None:
    """A few frequencies, the same one again, or exact ones without a last digit give no number."""
    assert allele_counts.alleles_behind(np.array(frequencies), step, 4000) is None


@given(st.integers(1, 3000), st.integers(0, 6000), st.integers(2, 7))
def test_printed_frequency_leaves_the_count(people: int, copies: int, decimals: int) -> None:
    """The count that a frequency was made of lies between the bounds that its digits leave."""
    copies = min(copies, 2 * people)
    printed = np.array([round(copies / (2 * people), decimals)])
    low, high = allele_counts.minor_counts(printed, 2.0 * people, 10.0**-decimals)
    assert low[0] - 1e-6 <= min(copies, 2 * people - copies) <= high[0] + 1e-6


def test_odds_ratio_gives_alleles_away() -> None:
    """An odds ratio of three decimals with its interval leaves one table of alleles."""
    a, b, cases, controls = 5, 18, 240, 600
    odds = a * (controls - b) / ((cases - a) * b)
    spread = 1.959964 * np.sqrt(1 / a + 1 / b + 1 / (cases - a) + 1 / (controls - b))
    fits = tables_that_fit(
        round(odds, 3), round(odds * np.exp(-spread), 3), round(odds * np.exp(spread), 3), cases=cases, controls=controls, decimals=3
    )
    assert fits.tables == 1
    assert fits.smallest == a


@pytest.mark.parametrize(("cases", "controls", "one"), [(240, 600, 0.9), (300, 5000, 0.9), (1000, 1000, 0.0)])
def test_odds_ratios_of_rare_alleles(cases: int, controls: int, one: float) -> None:
    """Three decimals leave the true table of every rare allele, nine times in ten no other; among as many cases as controls its mirror image fits as well."""
    rng = np.random.default_rng(cases)
    alone = told = 0
    for share in rng.uniform(0.003, 0.05, 60):
        a, b = max(rng.binomial(cases, share), 1), max(rng.binomial(controls, share), 1)
        odds = a * (controls - b) / ((cases - a) * b)
        spread = 1.959964 * np.sqrt(1 / a + 1 / b + 1 / (cases - a) + 1 / (controls - b))
        low, high = (round(float(odds * np.exp(sign * spread)), 3) for sign in (-1, 1))
        if low < 0.001:
            continue
        fits = tables_that_fit(round(odds, 3), low, high, cases=cases, controls=controls, decimals=3)
        assert fits.smallest >= min(a, b)
        alone += fits.tables == 1
        told += 1
    assert told > 40
    assert alone >= one * told
