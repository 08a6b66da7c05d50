"""Tests of membership, each formula against a simulated cohort."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pytest
from scipy.stats import norm

from sdc_airlock.stats import membership

Numbers = npt.NDArray[np.float64]

_OTHERS = 2000


@dataclass(frozen=True)
class Cohort:
    """Genotypes of members and of other people of the same population, and the frequencies of the population."""

    members: Numbers
    others: Numbers
    population: Numbers


def cohort(people: int, variants: int, seed: int, others: int = _OTHERS) -> Cohort:
    """Independent variants in Hardy-Weinberg proportions, frequencies from 0.05 to 0.5."""
    rng = np.random.default_rng(seed)
    population = rng.uniform(0.05, 0.5, variants)
    draw = [rng.binomial(2, population, (size, variants)).astype(np.float64) for size in (people, others)]
    return Cohort(members=draw[0], others=draw[1], population=population)


def distance_of(members: Numbers, others: Numbers) -> float:
    """Measured distance between two sets of scores in standard deviations of the scores of others."""
    return float((members.mean() - others.mean()) / others.std())


def found_of(members: Numbers, others: Numbers, false_positives: float) -> float:
    """Measured share of members above the score that so many others reach."""
    return float(np.mean(members > np.quantile(others, 1 - false_positives)))


def scores(one: Cohort, published: Numbers, known: Numbers) -> tuple[Numbers, Numbers]:
    """Scores of members and others by the linear likelihood-ratio test."""
    weights = (published - known) / (known * (1 - known))
    return (one.members - 2 * known) @ weights, (one.others - 2 * known) @ weights


@pytest.mark.parametrize(("people", "variants"), [(30, 60), (100, 300), (500, 1000), (1000, 500)])
def test_power_from_frequencies(people: int, variants: int) -> None:
    """The measured power at 1 % false positives is within six in a hundred of the formula, from 30 to 1,000 people, and the distance within a tenth."""
    distances, found = [], []
    for seed in range(max(1, 300 // people)):
        one = cohort(people, variants, seed=1000 * people + seed)
        members, others = scores(one, one.members.mean(axis=0) / 2, one.population)
        distances.append(distance_of(members, others))
        found.append(found_of(members, others, 0.01))
    distance = membership.from_frequencies(variants, people)
    assert np.mean(distances) == pytest.approx(distance, rel=0.1)
    assert np.mean(found) == pytest.approx(membership.power(distance, 0.01), abs=0.06)


def test_power_with_a_reference_sample() -> None:
    """Who knows the population from a sample only finds as many fewer as the formula says."""
    distances = []
    for seed in range(5):
        one = cohort(200, 800, seed=100 + seed, others=1000)
        known = np.clip(np.random.default_rng(200 + seed).binomial(2 * 200, one.population) / 400, 0.01, 0.99)
        distances.append(distance_of(*scores(one, one.members.mean(axis=0) / 2, known)))
    assert np.mean(distances) == pytest.approx(membership.from_frequencies(800, 200, reference=200), rel=0.1)


@pytest.mark.parametrize("step", [0.01, 0.05])
def test_power_with_rounded_frequencies(step: float) -> None:
    """Rounding takes from the power what the formula says."""
    one = cohort(200, 1200, seed=7)
    published = np.round(one.members.mean(axis=0) / 2 / step) * step
    members, others = scores(one, published, one.population)
    rounding = float(np.mean(step**2 / (6 * one.population * (1 - one.population))))
    assert distance_of(members, others) == pytest.approx(membership.from_frequencies(1200, 200, rounding=rounding), rel=0.12)


def _effects(genotypes: Numbers, population: Numbers, trait: Numbers) -> Numbers:
    """Coefficients of standardised genotypes, one regression a variant."""
    return standard(genotypes, population).T @ trait / len(trait)


def standard(genotypes: Numbers, population: Numbers) -> Numbers:
    """Genotypes with mean 0 and variance 1."""
    return (genotypes - 2 * population) / np.sqrt(2 * population * (1 - population))


def test_power_from_effects() -> None:
    """Coefficients of a trait tell members by their trait: the distance grows with the deviation of the trait."""
    one = cohort(500, 1000, seed=11)
    trait = np.random.default_rng(12).normal(size=500)
    effects = _effects(one.members, one.population, trait - trait.mean())
    own = standard(one.members, one.population) @ effects
    others = standard(one.others, one.population) @ effects
    deviation = np.abs(trait)
    slope = float(np.sum(np.sign(trait) * own * deviation) / np.sum(deviation**2)) / others.std()
    assert slope == pytest.approx(membership.from_effects(1000, 500), rel=0.1)


@pytest.mark.parametrize(("people", "variants", "cases"), [(60, 2000, None), (120, 3000, None), (400, 3000, 40)])
def test_power_from_p_values(people: int, variants: int, cases: int | None) -> None:
    """Scores without a sign tell members of small cohorts by their squares, to within a sixth of the formula."""
    distances, deviations = [], []
    for seed in range(5):
        one = cohort(people, variants, seed=700 + seed, others=400)
        trait = np.random.default_rng(800 + seed).normal(size=people)
        chosen = np.ones(people, bool)
        if cases is not None:
            chosen = np.arange(people) < cases
            trait = np.where(chosen, 1.0, 0.0)
        trait = (trait - trait.mean()) / trait.std()
        squares = (standard(one.members, one.population).T @ trait) ** 2 / people - 1
        own = (standard(one.members, one.population) ** 2 - 1)[chosen] @ squares
        others = (standard(one.others, one.population) ** 2 - 1) @ squares
        weights = trait[chosen] ** 2
        distances.append(float(np.sum((own - others.mean()) * weights) / np.sum(weights) / others.std()))
        deviations.append(float(np.sum(weights**2) / np.sum(weights)))
    expected = membership.from_unsigned(variants, people, deviation=math.sqrt(np.mean(deviations)))
    assert np.mean(distances) == pytest.approx(expected, rel=1 / 6)


def test_power_from_effects_of_a_rare_disease() -> None:
    """Few cases among many controls are told by the deviation of a case."""
    one = cohort(1000, 400, seed=15)
    trait = np.zeros(1000)
    trait[:50] = 1
    deviation = membership.case_deviation(50, 950)
    assert deviation == pytest.approx((1 - 0.05) / math.sqrt(0.05 * 0.95))
    effects = _effects(one.members, one.population, (trait - 0.05) / math.sqrt(0.05 * 0.95))
    own = standard(one.members[:50], one.population) @ effects
    others = standard(one.others, one.population) @ effects
    assert distance_of(own, others) == pytest.approx(membership.from_effects(400, 1000, deviation=deviation), rel=0.12)


def test_several_traits_add_up() -> None:
    """Scores of several traits together are as far apart as so many times the variants."""
    one = cohort(400, 200, seed=17)
    rng = np.random.default_rng(18)
    total_own, total_others = np.zeros(400), np.zeros(len(one.others))
    deviations = np.zeros(400)
    for _ in range(6):
        trait = rng.normal(size=400)
        effects = _effects(one.members, one.population, trait)
        total_own += trait * (standard(one.members, one.population) @ effects)
        # another person is held against the traits of a member
        total_others += rng.choice(trait, len(one.others)) * (standard(one.others, one.population) @ effects)
        deviations += trait**2
    measured = (total_own.mean() - total_others.mean()) / total_others.std()
    assert measured == pytest.approx(membership.from_effects(200, 400, traits=6), rel=0.15)


def test_linked_variants_give_away_no_more_than_their_number() -> None:
    """With blocks of five copies the measured distance is that of the independent ones."""
    one = cohort(300, 200, seed=21)
    linked = Cohort(
        members=np.repeat(one.members, 5, axis=1), others=np.repeat(one.others, 5, axis=1), population=np.repeat(one.population, 5)
    )
    members, others = scores(linked, linked.members.mean(axis=0) / 2, linked.population)
    assert distance_of(members, others) == pytest.approx(membership.from_frequencies(200, 300), rel=0.12)


def test_beacon_as_published() -> None:
    """The studies of beacons found 1,000 people by 5,000 queries and 65 people by 250."""
    assert membership.list_power(5000, 1000, 0.05) > 0.95
    assert membership.list_power(250, 65, 0.05) > 0.95
    assert membership.list_power(250, 1000, 0.05) < 0.2


def test_beacon_by_simulation() -> None:
    """Of the heterozygous variants of another person as many are missing from a list of those seen in n people as the formula says, and so is its power."""
    rng = np.random.default_rng(23)
    people, sites = 50, 2000
    # frequencies of a population of constant size: their density falls as 1 / f
    low = 1e-4
    population = np.minimum(low * (0.999 / low) ** rng.uniform(size=sites * 20), 0.999)
    seen = rng.binomial(2 * people, population) > 0
    others = [rng.binomial(2, population) == 1 for _ in range(150)]
    share = float(np.mean([np.mean(~seen[carried]) for carried in others]))
    assert share == pytest.approx(membership.never_seen(people), rel=0.15)
    looked_up = 300
    missing = np.array([int(np.sum(~seen[rng.choice(np.flatnonzero(carried), looked_up, replace=False)])) for carried in others])
    # a member misses nothing, so that the false positives are the others who miss nothing either
    assert float(np.mean(missing == 0)) == pytest.approx(math.exp(-looked_up * membership.never_seen(people)), abs=0.03)


@pytest.mark.parametrize(("queries", "people"), [(10, 100), (0, 100), (1e6, 100), (1e5, 100), (500, 0)])
def test_beacon_power_is_a_probability(queries: float, people: float) -> None:
    """However many queries there are, the power lies between the false positives and one."""
    assert 0.009 <= membership.list_power(queries, people, 0.01) <= 1


@pytest.mark.parametrize("people", [20, 100, 2000])
def test_longest_safe_list(people: int) -> None:
    """A list as long as is safe finds no more members than tolerated, and a longer one does."""
    longest = membership.longest_safe_list(people, 0.01, 0.05)
    assert membership.list_power(longest, people, 0.01) <= 0.05 < membership.list_power(longest + 1, people, 0.01)
    assert membership.carried_of(membership.listed_for(longest, people), people) == pytest.approx(longest)
    assert membership.longest_safe_list(people, 0.01, 1.0) == math.inf


def test_power_against_hopeless_noise() -> None:
    """Where as much is missing of members as of others, as with errors everywhere, nobody is told."""
    assert membership.list_power(1e7, 100, 0.01, error=1.0) == 0.01


def test_variants_of_one_person() -> None:
    """Of the variants seen in n people, one person carries what a population of constant size says."""
    rng = np.random.default_rng(29)
    population = 1e-4 * (0.999 / 1e-4) ** rng.uniform(size=200_000)
    seen = rng.binomial(200, population)
    segregating = int(np.sum((seen > 0) & (seen < 200)))
    assert membership.carried_of(segregating, 100) == pytest.approx(float(np.sum(2 * population * (1 - population))), rel=0.08)


@pytest.mark.parametrize(("false_positives", "share"), [(0.01, 0.4644), (0.001, 2.0891)])
def test_largest_safe_set(false_positives: float, share: float) -> None:
    """So many variants a person give just the power that is tolerated."""
    safe = membership.largest_safe_set(1000, false_positives, 0.05)
    assert safe == pytest.approx(1000 * share, rel=1e-3)
    assert membership.power(membership.from_frequencies(safe, 1000), false_positives) == pytest.approx(0.05)


def test_nothing_is_safe_below_chance() -> None:
    """A power up to the rate of false positives cannot be kept by publishing less; any amount keeps a power of one."""
    assert membership.largest_safe_set(1000, 0.05, 0.05) == 0
    assert membership.largest_safe_set(1000, 0.05, 1.0) == math.inf


def test_table_of_ratios() -> None:
    """The powers at 1 % that the page quotes, by variants a person."""
    found = {ratio: membership.power(membership.from_frequencies(ratio * 1000, 1000), 0.01) for ratio in (0.1, 0.25, 1, 5, 10, 50)}
    assert {ratio: round(share, 3) for ratio, share in found.items()} == {0.1: 0.022, 0.25: 0.034, 1: 0.092, 5: 0.464, 10: 0.798, 50: 1.0}


def test_nothing_published_tells_nothing() -> None:
    """No variants, or no people, leave members and others alike."""
    assert membership.from_frequencies(0, 100) == membership.from_frequencies(100, 0) == 0
    assert membership.from_effects(0, 100) == membership.from_effects(100, 0) == 0
    assert membership.from_unsigned(0, 100) == membership.from_unsigned(100, 0) == 0
    assert membership.case_deviation(0, 10) == 0


@pytest.mark.parametrize(("ratio", "variants", "identified", "recovered"), [(0.16, 100, (0.5, 0.85), 0.0), (0.85, 30, (0.97, 1.0), 0.94)])
def test_traits_a_person(ratio: float, variants: int, identified: tuple[float, float], recovered: float) -> None:
    """With 0.16 traits a person, whose traits are known, members are told among a thousand people by a hundred variants; with 0.85 nearly all genotypes are."""
    people = 150
    rng = np.random.default_rng(31)
    one = cohort(people, variants, seed=33, others=850)
    traits = rng.normal(size=(people, round(ratio * people)))
    traits = (traits - traits.mean(axis=0)) / traits.std(axis=0)
    middle = one.members.mean(axis=0)
    known = one.members - middle
    squares = (known**2).sum(axis=0)
    estimates = traits.T @ known / squares
    worked_out = np.linalg.lstsq(traits.T, estimates * squares, rcond=None)[0]
    everybody = (np.concatenate([one.members, one.others]) - middle) / np.sqrt(squares / people)
    fits = (worked_out / np.sqrt(squares / people)) @ everybody.T - 0.5 * ratio * (everybody**2).sum(axis=1)
    share = float((fits.argmax(axis=1) == np.arange(people)).mean())
    # a member lies sqrt(variants x traits a person) standard deviations from others, and has to lie above all of them
    expected = float(np.mean(norm.cdf(np.sqrt(variants * ratio) + norm.ppf((np.arange(2000) + 0.5) / 2000)) ** 999))
    assert identified[0] <= share <= identified[1]
    assert share == pytest.approx(expected, abs=0.12)
    assert float((np.clip(np.round(worked_out / ratio + middle), 0, 2) == one.members).mean()) >= recovered
