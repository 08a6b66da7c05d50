"""Arithmetic of kinship, correlations and scores, against simulated people."""

from __future__ import annotations

import math

import numpy as np
import pytest

from sdc_airlock.stats.relatedness import (
    carriers_error,
    carriers_of_both,
    correlation_of,
    genotypes_a_score,
    kinship_of,
    people_behind,
    people_between,
    people_in_frequencies,
    relatives_of,
)


def genotypes(people: int, variants: int, seed: int = 0):
    """Counts of alleles of unlinked variants, each of which varies."""
    rng = np.random.default_rng(seed)
    counts = rng.binomial(2, rng.uniform(0.05, 0.5, variants), (people, variants)).astype(np.float64)
    return counts[:, counts.std(axis=0) > 0]


def linked(people: int, variants: int, seed: int = 0):
    """Counts of alleles on haplotypes that are mosaics of eight founders, as in a tightly linked region."""
    rng = np.random.default_rng(seed)
    founders = rng.random((8, variants)) < rng.uniform(0.1, 0.9, variants)
    switch = rng.random((2 * people, variants)) < 0.01
    switch[:, 0] = True
    piece = np.cumsum(switch, axis=1) - 1
    chosen = rng.integers(0, 8, (2 * people, variants))
    strand = founders[np.take_along_axis(chosen, piece, axis=1), np.arange(variants)]
    counts = (strand[::2].astype(np.int64) + strand[1::2]).astype(np.float64)
    return counts[:, counts.std(axis=0) > 0]


@pytest.mark.parametrize(
    ("people", "variants", "digits"), [(30, 60, 4), (50, 200, 3), (12, 40, 6), (60, 80, 6), (40, 120, 2), (60, 240, 2)]
)
def test_people_behind_a_matrix(people, variants, digits):
    """The rank of printed correlations gives the number of people, where these are fewer than the variables."""
    printed = np.round(np.corrcoef(genotypes(people, variants).T), digits)
    assert people_behind(printed, 0.5 * 10.0**-digits) == people


@pytest.mark.parametrize("digits", [2, 3, 4, 6])
def test_a_large_panel_passes(digits):
    """Tight linkage makes eigenvalues small, but not those of few people."""
    printed = np.round(np.corrcoef(linked(3000, 60).T), digits)
    assert people_behind(printed, 0.5 * 10.0**-digits) is None


def test_correlations_of_one_digit_say_nothing():
    """With one digit rounding drowns all eigenvalues, and nothing is told."""
    assert people_behind(np.round(np.corrcoef(genotypes(300, 280).T), 1), 0.05) is None


def test_more_people_than_variables_pass():
    """With more people than variables the rank is full, whatever the digits; repeated variables do not count."""
    made = genotypes(300, 40)
    assert people_behind(np.corrcoef(made.T), 0.0) is None
    assert people_behind(np.corrcoef(np.hstack([made, made[:, :20]]).T), 0.0) is None
    assert people_behind(np.eye(5), 0.0) is None
    assert people_behind(np.round(np.random.default_rng(0).uniform(-1, 1, (20, 20)), 3), 0.0005) is None


def test_covariances_are_read_as_correlations():
    """Covariances become correlations, and other squares become nothing."""
    made = correlation_of(np.cov(genotypes(100, 20).T))
    assert made is not None
    assert np.allclose(np.diag(made), 1)
    assert correlation_of(np.zeros((4, 4))) is None
    assert correlation_of(np.array([[1.0, 2.0], [3.0, 1.0]])) is None
    assert correlation_of(np.array([[1.0, 5.0], [5.0, 1.0]])) is None


def test_matrices_between_people():
    """Kinship, relationships and shares of alike alleles are told from correlations of variables and other squares."""
    counts = genotypes(30, 3000)
    standard = (counts - counts.mean(axis=0)) / counts.std(axis=0)
    relationship = standard @ standard.T / counts.shape[1]
    assert kinship_of(relationship) == "relationship"
    half = relationship / 2
    np.fill_diagonal(half, 0.5)
    assert kinship_of(half) == "kinship"
    alike = 1 - np.abs(counts[:, None, :] - counts[None, :, :]).mean(axis=2) / 2
    assert kinship_of(alike) == "identity by state"
    assert kinship_of(1 - alike) == "identity by state"
    assert kinship_of(relationship * 0.4) == "relationship"
    assert kinship_of(np.corrcoef(genotypes(500, 30).T)) == ""
    assert kinship_of(np.corrcoef(linked(300, 30).T)) == ""
    assert kinship_of(np.eye(30) * 4) == ""
    assert kinship_of(np.eye(3)) == ""
    assert kinship_of(relationship[:8, :8]) == ""


def test_half_of_a_matrix_between_people():
    """The lower triangle is told with its diagonal and without, and from that of correlations."""
    counts = genotypes(30, 3000)
    standard = (counts - counts.mean(axis=0)) / counts.std(axis=0)
    relationship = standard @ standard.T / counts.shape[1]
    half = relationship / 2
    np.fill_diagonal(half, 0.5)

    def lower(matrix, above):
        return np.where(np.tri(len(matrix), k=above) > 0, matrix, np.nan)

    assert relatives_of(lower(relationship, 0))
    assert relatives_of(lower(half, 0))
    assert relatives_of(lower(half, -1)[1:, :-1])
    assert not relatives_of(lower(np.corrcoef(linked(300, 30).T), 0))
    assert not relatives_of(relationship)
    assert not relatives_of(lower(relationship[:6, :6], 0))


def test_who_carries_both_of_two_rare_alleles():
    """A correlation to six digits, with frequencies and n, gives the number of carriers of both exactly; one to two digits does not."""
    rng = np.random.default_rng(4)
    people = 3000
    shown, known = [], []
    for _ in range(40):
        one = np.zeros(people)
        one[rng.choice(people, 8, replace=False)] = 1
        other = np.zeros(people)
        other[rng.choice(np.flatnonzero(one), 3, replace=False)] = 1
        other[rng.choice(people, 4, replace=False)] = 1
        shown.append((np.corrcoef(one, other)[0, 1], one.mean() / 2, other.mean() / 2))
        known.append(int((one * other).sum()))
    r, first, second = (np.array(column) for column in zip(*shown, strict=True))
    counts = carriers_of_both(np.round(r, 6), first, second, people)
    assert np.array_equal(np.round(counts), known)
    assert np.abs(counts - known).max() <= carriers_error(0.5e-6, first, second, people).max() + 1e-9
    assert carriers_error(0.005, first, second, people).max() < 0.5 < carriers_error(0.05, first, second, people).max() * 2


def test_people_in_frequencies():
    """Frequencies printed to enough digits are multiples of one over twice the people; too few digits or too many people tell nothing."""
    rng = np.random.default_rng(6)
    assert people_in_frequencies(np.round(rng.integers(1, 200, 30) / 400, 5), 5e-6, 2000) == 200
    assert people_in_frequencies(np.round(rng.uniform(0, 0.5, 300), 4), 5e-5, 2000) is None
    assert people_in_frequencies(np.round(rng.uniform(0, 0.5, 5), 2), 5e-3, 2000) is None
    assert people_in_frequencies(np.array([0.1, 0.2]), 5e-6, 2000) is None


def test_scores_that_have_one_genotype():
    """Among all genotypes of a few variants with long weights hardly two have the same score; with short weights many have."""
    rng = np.random.default_rng(8)
    genotype = np.array(np.meshgrid(*[[0, 1, 2]] * 8)).reshape(8, -1).T
    for digits, alone in ((15, True), (1, False)):
        weights = np.round(rng.normal(0, 0.3, 8), digits)
        scores = np.round(genotype @ weights, digits)
        low, high = 2 * weights[weights < 0].sum(), 2 * weights[weights > 0].sum()
        assert (genotypes_a_score(8, low, high, 10.0**-digits) < 0) == alone
        assert (len(np.unique(scores)) == len(scores)) == alone
    assert genotypes_a_score(0, 0.0, 1.0, 0.1) == math.inf
    assert genotypes_a_score(5, 0.0, 0.0, 0.1) == math.inf


def test_people_between_two_fits():
    """The differences of two fits of effects give the number of people by whom they differ."""
    rng = np.random.default_rng(9)
    people, fewer, variants = 2000, 1980, 400
    counts = genotypes(people, variants, seed=9)
    trait = rng.normal(size=people)

    def fit(rows):
        x, y = counts[:rows] - counts[:rows].mean(axis=0), trait[:rows] - trait[:rows].mean()
        effects = x.T @ y / (x**2).sum(axis=0)
        return effects, np.sqrt((y**2).mean() / (x**2).sum(axis=0))

    (first, errors), (second, _) = fit(people), fit(fewer)
    assert people_between(first, second, errors, people) == pytest.approx(people - fewer, rel=0.5)
    assert math.isnan(people_between(first, second, np.zeros(len(first)), people))
