"""How well somebody with a person's genotypes can tell from published aggregate results whether that person is among the people behind them.

Every function gives the distance d, in standard deviations, between the scores of members and of other people, or what follows from it. Genotypes are in
Hardy-Weinberg proportions, variants are independent, and whoever asks has the genotypes without error and is of the same ancestry.
"""

from __future__ import annotations

import math
from statistics import NormalDist

_NORMAL = NormalDist()
# exp(-745) is nought; so many missing alleles tell anybody beyond doubt
_MANY = 700.0
# mean of 1 / (2 p q) - 1 over frequencies spread evenly from 5 % to 50 %
_PEAKED = math.log(0.95 / 0.05) / 0.9 - 1.0

# bases; common variants closer than this are seldom independent of each other, which leaves about 62,000 stretches in a genome
STRETCH = 50_000
GENOME = 3_100_000_000


def power(distance: float, false_positives: float) -> float:
    """Share of members found where so many others are taken for members: Phi(d - z).

    Args:
        distance: Distance d between members and others in standard deviations.
        false_positives: Share of others taken for members, above 0 and below 1.
    """
    return _NORMAL.cdf(distance - _NORMAL.inv_cdf(1.0 - false_positives))


def from_frequencies(variants: float, people: float, *, reference: float = math.inf, rounding: float = 0.0) -> float:
    """Distance from allele frequencies: d^2 = (m / n) / (1 + n / r + n h^2 / (6 p q)).

    Without a reference sample and rounding it is m / n, with a sample m r / (n (n + r)).

    Args:
        variants: Independent variants, m.
        people: People behind the frequencies, n.
        reference: People in the sample from which the frequencies of the population are known, r.
        rounding: Mean over the variants of h^2 / (6 p q), with the width h of the last digit: what rounding adds to the variance, a person.

    Sources: Homer et al., PLoS Genetics 2008 (10.1371/journal.pgen.1000167); Sankararaman et al., Nature Genetics 2009 (10.1038/ng.436); the forms with
    a sample and with rounding are derived here, and simulated to within a tenth.
    """
    if variants <= 0 or people <= 0:
        return 0.0
    return math.sqrt(variants / people / (1.0 + people / reference + people * rounding))


def from_effects(variants: float, people: float, *, deviation: float = 1.0, traits: float = 1.0, rounding: float = 0.0) -> float:
    """Distance from regression coefficients: d = |y| sqrt(T m / n), for a person whose trait lies |y| standard deviations from the mean.

    For a case y^2 is controls / cases: the rarer the disease, the better are its cases told.

    Args:
        variants: Independent variants, m.
        people: People behind them, n.
        deviation: |y|.
        traits: Independent traits, T.
        rounding: h^2 / (12 SE^2), what rounding of the coefficients adds to their variance.

    Source: Im et al., American Journal of Human Genetics 2012 (10.1016/j.ajhg.2012.02.008); the form is derived here, and simulated to within a tenth.
    """
    if variants <= 0 or people <= 0:
        return 0.0
    return abs(deviation) * math.sqrt(traits * variants / people / (1.0 + rounding))


def from_unsigned(variants: float, people: float, *, deviation: float = 1.0, traits: float = 1.0) -> float:
    """Distance from p-values, or from other scores without a sign: d = y^2 sqrt(T m k / 2) / n.

    What is left of a score z is z^2, whose mean is 1 + y^2 g^2 / n for a member of standardised genotype g. So squares are held against squares: k = E[g^4] - 1 = E[1 / (2 p q)] - 1,
    which is 2.27 for alleles of 5 % to 50 %.

    Args:
        variants: Independent variants, m.
        people: People behind them, n.
        deviation: |y|, how far the person's trait lies from the mean, in standard deviations.
        traits: Independent traits, T.

    Derived here, and simulated to within a sixth.
    """
    if variants <= 0 or people <= 0:
        return 0.0
    return deviation**2 * math.sqrt(traits * variants * _PEAKED / 2.0) / people


def case_deviation(cases: float, controls: float) -> float:
    """|y| of a member of the smaller group, in standard deviations of the indicator of being a case: sqrt(larger / smaller)."""
    small, large = sorted((cases, controls))
    return math.sqrt(large / small) if small > 0 else 0.0


def distance_at(found: float, false_positives: float) -> float:
    """Distance at which the test finds this share of members: z_{1-a} - z_{1-b}; 0 where that is no more than the false positives, infinite for all of them."""
    if found <= false_positives or found >= 1:
        return math.inf if found >= 1 else 0.0
    return _NORMAL.inv_cdf(1.0 - false_positives) - _NORMAL.inv_cdf(1.0 - found)


def largest_safe_set(people: float, false_positives: float, tolerated: float) -> float:
    """Most independent variants whose frequencies may be published: n (z_{1-a} - z_{1-b})^2, for a tolerated power b above a; 0 where b is at most a."""
    return people * distance_at(tolerated, false_positives) ** 2


def never_seen(people: float) -> float:
    """Probability D that an allele which one person has is seen in none of n others: 1 / (n + 1).

    E[(1 - f)^(2n)] over the frequencies f of the alleles that a person carries, whose density is 2 (1 - f) in a population of constant size.
    """
    return 1.0 / (people + 1.0)


def list_power(queries: float, people: float, false_positives: float, error: float = 1e-3) -> float:
    """Power of the likelihood-ratio test on a list of the variants that were seen in n people, given only whether each is there.

    Of the alleles of a member all are listed but for errors; of those of another person each is missing with probability D. The test counts what is missing:
    L = q B + C sum(x), B = ln(D_n / (e D_{n-1})), C = ln(e D_{n-1} (1 - D_n) / (D_n (1 - e D_{n-1}))), which falls with each allele that is missing.

    Args:
        queries: Alleles of the person that are looked up, q.
        people: People behind the list, n.
        false_positives: Share of others taken for members.
        error: Genotyping error, e.

    Source: Shringarpure and Bustamante, American Journal of Human Genetics 2015 (PMC4667107): 1,000 people, 5,000 queries; 65 people, 250 queries.
    """
    others, own = queries * never_seen(people), queries * error * never_seen(max(people - 1.0, 0.0))
    if others > _MANY:
        return 1.0 if own < others / 2 else false_positives
    most = _lowest_counts(others, false_positives)
    return _poisson_at_most(most, own) if most >= 0 else _first_share(others, own, false_positives)


def longest_safe_list(people: float, false_positives: float, tolerated: float) -> float:
    """Most alleles of one person among the variants listed for which the test on the list finds no more members than tolerated."""
    low, high = 0.0, 1e9
    if list_power(high, people, false_positives) <= tolerated:
        return math.inf
    while high - low > 0.5:
        middle = (low + high) / 2
        low, high = (middle, high) if list_power(middle, people, false_positives) <= tolerated else (low, middle)
    return low


def _lowest_counts(mean: float, share: float) -> int:
    """Largest count that a Poisson variable stays at or below with at most this probability; -1 where even zero is likelier."""
    count, term = 0, math.exp(-mean)
    total = term
    if total > share:
        return -1
    while total <= share:
        count += 1
        term *= mean / count
        total += term
    return count - 1


def _poisson_at_most(count: int, mean: float) -> float:
    term = total = math.exp(-mean)
    for step in range(1, count + 1):
        term *= mean / step
        total += term
    return min(total, 1.0)


def _first_share(others: float, own: float, false_positives: float) -> float:
    """Power where even a person of whom nothing is missing is called a member only at random, to keep the false positives."""
    return min(1.0, false_positives / math.exp(-others) * math.exp(-own))


def carried_of(variants: float, people: float) -> float:
    """Heterozygous variants of one person among those seen in n people: S / (1 + 1/2 + ... + 1/(2n - 1)).

    Source: Watterson, Theoretical Population Biology 1975 (10.1016/0040-5809(75)90020-9).
    """
    return variants / _harmonic(people)


def _harmonic(people: float) -> float:
    """1 + 1/2 + ... + 1/(2n - 1)."""
    alleles = max(2.0 * people - 1.0, 1.0)
    return math.log(alleles) + 0.5772156649 + 1.0 / (2.0 * alleles)


def listed_for(carried: float, people: float) -> float:
    """Variants seen in n people of which one person carries so many: the inverse of `carried_of`."""
    return carried * _harmonic(people)


__all__ = [
    "GENOME",
    "STRETCH",
    "carried_of",
    "case_deviation",
    "distance_at",
    "from_effects",
    "from_frequencies",
    "from_unsigned",
    "largest_safe_set",
    "list_power",
    "listed_for",
    "longest_safe_list",
    "never_seen",
    "power",
]
