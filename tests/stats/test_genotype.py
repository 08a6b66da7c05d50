"""The arithmetic behind the recognition of genotypes."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdc_airlock.stats.genotype import (
    INBREEDING,
    SHARES,
    common_share_log_likelihood,
    correlations,
    falling_share,
    far_association,
    fitting_share,
    haplotype_share,
    hardy_weinberg_evidence,
    hardy_weinberg_log_likelihood,
    independent_share,
    neighbour_correlation,
    odds_log_likelihood,
    state_counts,
    uniform_log_likelihood,
    unordered_evidence,
    window_evidence,
)


def exact(homozygotes: int, heterozygotes: int, others: int) -> float:
    """Probability of the heterozygotes, given the alleles, from factorials of whole numbers."""
    people = homozygotes + heterozygotes + others
    rarer = min(2 * homozygotes, 2 * others) + heterozygotes

    def weight(middle: int) -> float:
        few = (rarer - middle) // 2
        many = people - middle - few
        return 2**middle / (math.factorial(middle) * math.factorial(few) * math.factorial(many))

    total = sum(weight(middle) for middle in range(rarer % 2, rarer + 1, 2) if people - middle - (rarer - middle) // 2 >= 0)
    return weight(heterozygotes) / total


@given(st.integers(0, 40), st.integers(0, 40), st.integers(0, 40))
def test_exact_hardy_weinberg(homozygotes: int, heterozygotes: int, others: int) -> None:
    """The likelihood is that of the exact test, computed from factorials."""
    if homozygotes + heterozygotes + others == 0:
        return
    counts = np.array([[homozygotes, heterozygotes, others]])
    assert math.exp(hardy_weinberg_log_likelihood(counts)[0]) == pytest.approx(exact(homozygotes, heterozygotes, others))


@given(st.integers(1, 60), st.integers(0, 60), st.sampled_from([0.5, 1.0, 2.0, 4.0]))
def test_likelihoods_sum_to_one(people: int, alleles: int, odds: float) -> None:
    """The probabilities of all numbers of heterozygotes that the alleles allow sum to one."""
    rarer = min(alleles, people)
    table = np.array(
        [[(rarer - middle) // 2, middle, people - middle - (rarer - middle) // 2] for middle in range(rarer % 2, rarer + 1, 2)]
    )
    table = table[table[:, 2] >= table[:, 0]][:, ::-1]
    for values in (hardy_weinberg_log_likelihood(table), odds_log_likelihood(table, odds), uniform_log_likelihood(table)):
        assert np.exp(values).sum() == pytest.approx(1.0)


def test_odds_of_four_are_hardy_weinberg() -> None:
    """Hardy-Weinberg proportions are odds of four."""
    counts = np.array([[20, 40, 20], [70, 9, 1], [3, 10, 67]])
    assert odds_log_likelihood(counts, 4.0) == pytest.approx(hardy_weinberg_log_likelihood(counts))


def test_evidence_tells_genotypes_from_even_states() -> None:
    """Binomial states speak for genotypes, even ones and middling ones against them."""
    random = np.random.default_rng(3)
    frequencies = random.uniform(0.05, 0.95, 80)
    people = random.binomial(2, frequencies, (60, 80))
    fit, curve = hardy_weinberg_evidence(state_counts(people))
    assert fit > 10
    assert curve > 0
    assert hardy_weinberg_evidence(state_counts(random.integers(0, 3, (60, 80))))[1] < -20
    assert fitting_share(state_counts(people)) > 0.98


def test_unordered_evidence_has_no_order() -> None:
    """The evidence without an order is the same however the states are laid."""
    counts = np.array([[30, 15, 5], [2, 40, 8]])
    assert unordered_evidence(counts) == pytest.approx(unordered_evidence(counts[:, [2, 0, 1]]))


def test_no_columns_are_no_evidence() -> None:
    """Nothing to count says nothing."""
    assert hardy_weinberg_evidence(np.zeros((0, 3), dtype=np.int64)) == (0.0, 0.0)
    assert fitting_share(np.zeros((0, 3), dtype=np.int64)) == 0.0


def test_neighbours_and_distant_pairs() -> None:
    """A walk along columns correlates neighbours and not distant ones."""
    random = np.random.default_rng(4)
    columns = [random.integers(0, 3, 200)]
    for _ in range(60):
        columns.append(np.where(random.random(200) < 0.8, columns[-1], random.integers(0, 3, 200)))
    near, far, _ = neighbour_correlation(np.stack(columns, axis=1))
    assert near > 0.4
    assert far < 0.05
    assert neighbour_correlation(np.zeros((10, 3), dtype=np.int64)) == (0.0, 0.0, 0.0)


def test_correlation_leaves_missing_out() -> None:
    """Missing states and columns that do not vary are no correlation."""
    codes = np.array([[0, 0, 1], [1, 1, 1], [2, 2, 1], [-1, 0, 1]])
    assert correlations(codes, np.array([0, 0]), np.array([1, 2])) == pytest.approx([1.0, 0.0])


def test_windows_of_alleles_against_events_and_scores() -> None:
    """Sums of alleles spread as draws do and apart from each other; events, scores and flat answers do not."""
    random = np.random.default_rng(7)
    states = random.binomial(2, random.uniform(0.05, 0.95, (1, 200)), (120, 200))
    windows = states.reshape(120, -1, 5).sum(axis=2)
    assert window_evidence(windows, 5) > 8
    assert window_evidence(random.poisson(random.uniform(0.5, 5, 40), (120, 40)).clip(max=10), 5) < 6
    skill = random.normal(size=(120, 1)) + random.normal(size=40)
    assert window_evidence(random.binomial(10, 1 / (1 + np.exp(-skill))), 5) < 0
    assert window_evidence(random.integers(0, 11, (120, 40)), 5) == -math.inf
    assert window_evidence(np.ones((120, 4), dtype=np.int64), 5) == -math.inf


def test_neighbours_that_exclude_each_other() -> None:
    """New mutations stand on other haplotypes than older ones as often as within them; features that imply each other do not."""
    random = np.random.default_rng(8)
    founders = random.random((12, 60)) < random.uniform(0.2, 0.8, 60)
    haplotypes = founders[random.integers(0, 12, 80)].astype(np.int64)
    assert falling_share(haplotypes) > 0.2
    nested = (random.normal(size=(80, 1)) + 0.2 * random.normal(size=(80, 60)) > random.normal(size=60)).astype(np.int64)
    assert falling_share(nested) < 0.05
    assert falling_share(random.integers(0, 2, (4000, 10))) == 0.5


def test_association_of_columns_far_apart() -> None:
    """Independent columns tell nothing of each other, columns under a common factor do, whatever their states are called."""
    random = np.random.default_rng(9)
    alone = random.integers(0, 3, (100, 80))
    assert far_association(alone) == pytest.approx(1.0, abs=0.15)
    bound = np.digitize(random.normal(size=(100, 1)) + random.normal(size=(100, 80)), [-0.7, 0.7])
    assert far_association(bound) > 1.5
    assert far_association(alone[:, :1]) == 1.0
    assert far_association(np.zeros((5, 4), dtype=np.int64)) == 1.0


@pytest.mark.parametrize("copies", [1, 2, 5])
def test_copies_of_columns_count_once(copies: int) -> None:
    """Independent columns are as many as they seem; columns that stand there several times count once."""
    codes = np.random.default_rng(copies).binomial(2, 0.3, (200, 60))
    assert independent_share(np.repeat(codes, copies, axis=1)) == pytest.approx(1 / copies, abs=0.05)


def test_nothing_to_correlate() -> None:
    """One column, or columns that do not vary, depend on nothing."""
    assert independent_share(np.zeros((40, 5), dtype=np.int64)) == 1.0
    assert independent_share(np.random.default_rng(1).binomial(2, 0.3, (40, 1))) == 1.0


def of_one_tree(people: int, markers: int, random: np.random.Generator) -> np.ndarray:
    """Genotypes over one stretch without crossing-over: mutations on the branches of a random tree of haplotypes."""
    branches = [[haplotype] for haplotype in range(2 * people)]
    clades = []
    while len(branches) > 1:
        one, other = sorted(random.choice(len(branches), 2, replace=False).tolist(), reverse=True)
        joined = branches.pop(one) + branches.pop(other)
        branches.append(joined)
        clades.append(joined)
    common = [clade for clade in clades if 0.1 < len(clade) / (2 * people) < 0.9]
    haplotypes = np.zeros((2 * people, markers), dtype=np.int64)
    for place in range(markers):
        haplotypes[common[int(random.integers(len(common)))], place] = 1
    return haplotypes[0::2] + haplotypes[1::2]


def test_three_haplotypes_explain_neighbours() -> None:
    """Markers of one stretch show three haplotypes, not four; answers bound by a factor, unrelated markers and few columns do not."""
    random = np.random.default_rng(4)
    assert min(haplotype_share(of_one_tree(30, 60, random)) for _ in range(5)) > 0.4
    frequency = random.uniform(0.25, 0.75, 60)
    assert abs(haplotype_share(random.binomial(2, frequency, (30, 60)))) < 0.1
    heights = random.normal(0, 1, (60, 1)) * random.choice([-1, 1], 60) + random.normal(0, 0.7, (60, 60))
    assert haplotype_share(np.digitize(heights, [-0.5, 0.5])) < 0.3
    assert np.isnan(haplotype_share(of_one_tree(30, 60, random)[:, :4]))


def test_neither_side_chooses_freely() -> None:
    """Coefficients and shares are averaged over: relatives stay above counts cut at two, and counts cut at two below nought."""
    random = np.random.default_rng(18)
    frequency = random.uniform(0.05, 0.95, 400)
    first, second = (random.random((30, 400)) < frequency for _ in range(2))
    related = first.astype(np.int64) + np.where(random.random((30, 400)) < 0.1, first, second)
    counted = np.minimum(random.poisson(random.gamma(1, 0.7, 400), (30, 400)), 2)
    assert hardy_weinberg_evidence(state_counts(related))[1] > 0
    assert hardy_weinberg_evidence(state_counts(counted))[1] < 0


def test_few_columns_pay_little() -> None:
    """Of few columns the others choose their share: nine columns gain less than a nat by its price, and a single one next to nothing."""
    random = np.random.default_rng(21)
    for columns, most in ((9, 1.0), (1, 0.1)):
        counts = state_counts(random.integers(0, 3, (40, columns)))
        chosen = max(float(odds_log_likelihood(counts, odds).sum()) for odds in (1.0, 2.0))
        chosen = max(chosen, *(float(common_share_log_likelihood(counts, share).sum()) for share in SHARES))
        genotypes = max(float(hardy_weinberg_log_likelihood(counts, f).sum()) for f in INBREEDING) - np.log(len(INBREEDING))
        assert 0 <= hardy_weinberg_evidence(counts)[1] - (genotypes - chosen) < most
