"""Arithmetic that tells genotypes from other data of three states: Hardy-Weinberg proportions, common state shares, correlation of neighbours.

All functions take whole matrices; nothing here knows of tables, names or files.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]

# inbreeding coefficients of human samples: unrelated people, mixed populations, isolates; wider, and any scale of three answers fits
INBREEDING = (-0.03, 0.0, 0.03, 0.07, 0.1)
# columns from which coefficients and shares are averaged over
PAID = 60
SHARES = tuple(round(0.02 + 0.04 * step, 2) for step in range(25))


@functools.lru_cache(maxsize=8)
def _log_factorials(most: int) -> Floats:
    """Natural logarithms of 0! to most!."""
    return np.concatenate(([0.0], np.cumsum(np.log(np.arange(1, most + 1, dtype=np.float64)))))


def state_counts(codes: Ints, states: int = 3) -> Ints:
    """Count the states of each column.

    Args:
        codes: Shape (people, markers); states from 0, anything else is missing.
        states: How many states there are.

    Returns:
        Shape (markers, states).
    """
    return np.stack([(codes == state).sum(axis=0) for state in range(states)], axis=1).astype(np.int64)


def _support(counts: Ints) -> tuple[Ints, npt.NDArray[np.bool_], Ints, Ints]:
    """All numbers of heterozygotes that the allele counts allow.

    Returns:
        Heterozygotes (1, most + 1), which of them are allowed (markers, most + 1), people (markers, 1), rarer alleles (markers, 1).
    """
    people = counts.sum(axis=1, keepdims=True)
    alleles = 2 * counts[:, 2:3] + counts[:, 1:2]
    rarer = np.minimum(alleles, 2 * people - alleles)
    heterozygotes = np.arange(int(people.max(initial=0)) + 1, dtype=np.int64)[None, :]
    allowed = (heterozygotes <= rarer) & ((rarer - heterozygotes) % 2 == 0)
    return heterozygotes, allowed, people, rarer


def _seen(log_weights: Floats, allowed: npt.NDArray[np.bool_], seen: Ints) -> Floats:
    """Log-probability of the heterozygotes seen, from log-weights over all that are allowed."""
    masked = np.where(allowed, log_weights, -np.inf)
    top = masked.max(axis=1, keepdims=True)
    total = top[:, 0] + np.log(np.exp(masked - top).sum(axis=1))
    return np.asarray(np.take_along_axis(masked, seen[:, None], axis=1)[:, 0] - total)


def hardy_weinberg_log_likelihood(counts: Ints, inbreeding: float = 0.0) -> Floats:
    """Log-probability of the heterozygotes of each marker, given its allele counts.

    Args:
        counts: Shape (markers, 3): homozygotes, heterozygotes, other homozygotes.
        inbreeding: Coefficient F of the sample; 0 for Hardy-Weinberg proportions.

    Returns:
        Shape (markers,).
    Source: Wigginton, Cutler, Abecasis, "A note on exact tests of Hardy-Weinberg equilibrium", equation 1 (2005); for other F
        Rohlfs and Weir, "Distributions of Hardy-Weinberg equilibrium test statistics", section 2 (2008).
    """
    heterozygotes, allowed, people, rarer = _support(counts)
    factorials = _log_factorials(int(people.max(initial=0)) + 1)
    share = np.clip(rarer / np.maximum(2 * people, 1), 1e-6, 0.5)
    mixed = 2 * share * (1 - share) * (1 - inbreeding)
    pure = np.maximum(share**2 + inbreeding * share * (1 - share), 1e-12)
    other = np.maximum((1 - share) ** 2 + inbreeding * share * (1 - share), 1e-12)
    few = np.clip((rarer - heterozygotes) // 2, 0, None)
    many = np.clip(people - heterozygotes - few, 0, None)
    odds = np.log(mixed) - 0.5 * (np.log(pure) + np.log(other))
    weights = heterozygotes * odds - factorials[heterozygotes] - factorials[few] - factorials[many]
    return _seen(weights, allowed, counts[:, 1])


def common_share_log_likelihood(counts: Ints, share: float) -> Floats:
    """Log-probability of the middle state of each column if its share is the same in all columns, given the same allele counts."""
    middle, allowed, people, _ = _support(counts)
    factorials = _log_factorials(int(people.max(initial=0)) + 1)
    rest = np.clip(people - middle, 0, None)
    weights = middle * np.log(share) + rest * np.log1p(-share) - factorials[middle] - factorials[rest]
    return _seen(weights, allowed, counts[:, 1])


def odds_log_likelihood(counts: Ints, odds: float) -> Floats:
    """Log-probability of the middle state, given the same sums, if the square of its share is `odds` times the product of the others.

    Hardy-Weinberg proportions have 4, Poisson counts of 0, 1, 2 have 2, geometric ones have 1.
    """
    middle, allowed, people, rarer = _support(counts)
    factorials = _log_factorials(int(people.max(initial=0)) + 1)
    few = np.clip((rarer - middle) // 2, 0, None)
    many = np.clip(people - middle - few, 0, None)
    weights = middle * (0.5 * np.log(odds)) - factorials[middle] - factorials[few] - factorials[many]
    return _seen(weights, allowed, counts[:, 1])


def unordered_evidence(counts: Ints) -> Floats:
    """Evidence of each column for Hardy-Weinberg proportions when nobody knows which of its states is the heterozygote.

    Genotypes: the mean over the three ways to lay the states, the allele frequency with a uniform prior. Against them: any shares
    of three states, alike likely.

    Args:
        counts: Shape (markers, 3), in any order.

    Returns:
        Log Bayes factors, shape (markers,).
    """
    people = counts.sum(axis=1)
    logs = _log_factorials(2 * int(people.max(initial=0)) + 2)
    ways = logs[people] - logs[counts].sum(axis=1)
    laid = []
    for middle in range(3):
        one, other = (state for state in range(3) if state != middle)
        first = 2 * counts[:, one] + counts[:, middle]
        second = 2 * counts[:, other] + counts[:, middle]
        laid.append(ways + counts[:, middle] * np.log(2) + logs[first] + logs[second] - logs[2 * people + 1])
    top = np.maximum.reduce(laid)
    genotypes = top + np.log(sum(np.exp(way - top) for way in laid) / 3)
    return np.asarray(genotypes + np.log((people + 1) * (people + 2) / 2))


def uniform_log_likelihood(counts: Ints) -> Floats:
    """Log-probability of the middle state of each column if all its allowed numbers are alike."""
    _, allowed, _, _ = _support(counts)
    return np.asarray(-np.log(np.maximum(allowed.sum(axis=1), 1)))


def hardy_weinberg_evidence(counts: Ints) -> tuple[float, float]:
    """How much better genotypes explain the middle states of many columns than other data of three states, in nats.

    Genotypes: Hardy-Weinberg proportions with one inbreeding coefficient. Against them, first: any number of middle states is
    alike. Second: the middle state has one share in all columns, or the columns are Poisson or geometric counts cut at 2. All are given the column's sums, so that rare states alone prove nothing.

    Args:
        counts: Shape (markers, 3), the heterozygotes in the middle.

    Returns:
        Log-likelihood ratios against the first and the second of the others. Coefficients and shares are averaged over on either side; few columns
        tell no share from another, so that the others choose theirs there.
    """
    if not len(counts):
        return 0.0, 0.0
    paid = min(1.0, len(counts) / PAID)
    genotypes = _paid([float(hardy_weinberg_log_likelihood(counts, f).sum()) for f in INBREEDING], paid)
    genotypes -= (1 - paid) * float(np.log(len(INBREEDING)))
    uniform = float(uniform_log_likelihood(counts).sum())
    common = [float(common_share_log_likelihood(counts, share).sum()) for share in SHARES]
    counted = [float(odds_log_likelihood(counts, odds).sum()) for odds in (1.0, 2.0)]
    return genotypes - uniform, genotypes - _paid([_paid(common, paid), _paid(counted, paid)], paid)


def _paid(logs: Sequence[float], paid: float) -> float:
    """Logarithm of the mean of likelihoods, so that what could be chosen freely is paid for; and of the highest of them, as far as it is not."""
    top = max(logs)
    return top + paid * float(np.log(np.mean(np.exp(np.array(logs) - top))))


def fitting_share(counts: Ints) -> float:
    """Share of columns whose middle state lies within Hardy-Weinberg expectation: four standard deviations, F from 0 to 0.15."""
    people = counts.sum(axis=1)
    alleles = (2 * counts[:, 2] + counts[:, 1]) / np.maximum(2 * people, 1)
    expected = 2 * alleles * (1 - alleles) * people
    spread = 4 * np.sqrt(np.maximum(expected * (1 - 2 * alleles * (1 - alleles)), 0.25)) + 1
    low, high = 0.85 * expected - spread, expected + spread
    return float(((counts[:, 1] >= low) & (counts[:, 1] <= high)).mean()) if len(counts) else 0.0


def correlations(codes: Ints, first: Ints, second: Ints) -> Floats:
    """Pearson correlation of pairs of columns over the people that have both.

    Args:
        codes: Shape (people, markers); negative is missing.
        first: Number of one column of each pair.
        second: Number of the other.

    Returns:
        One correlation a pair, 0 where a column does not vary.
    """
    x, y = codes[:, first].astype(np.float64), codes[:, second].astype(np.float64)
    both = (codes[:, first] >= 0) & (codes[:, second] >= 0)
    n = np.maximum(both.sum(axis=0), 1)
    x = np.where(both, x - np.where(both, x, 0).sum(axis=0) / n, 0)
    y = np.where(both, y - np.where(both, y, 0).sum(axis=0) / n, 0)
    scale = np.sqrt((x**2).sum(axis=0) * (y**2).sum(axis=0))
    return np.where(scale > 0, (x * y).sum(axis=0) / np.where(scale > 0, scale, 1), 0.0)


def neighbour_correlation(codes: Ints, most: int = 400) -> tuple[float, float, float]:
    """Correlation of neighbours and of columns far apart (linkage disequilibrium falls with distance; a common factor does not).

    Returns:
        Mean r squared of neighbours, mean r squared of distant pairs, and mean r of distant pairs.
    """
    markers = codes.shape[1]
    if markers < 6:  # too few to have a distance
        return 0.0, 0.0, 0.0
    left = np.unique(np.linspace(0, markers - 2, min(most, markers - 1)).astype(np.int64))
    near = correlations(codes, left, left + 1)
    apart = left[left < markers - markers // 2]
    far = correlations(codes, apart, apart + markers // 2)
    return float((near**2).mean()), float((far**2).mean()), float(far.mean())


def independent_share(codes: Ints) -> float:
    """How many independent columns there are to each column: linked markers, and questions of one scale, are fewer than they seem.

    Args:
        codes: Shape (people, markers); negative is missing.

    Returns:
        From 0 to 1: the markers by the sum of the squared correlations of a marker with all, less what chance alone gives.
    Source: the effective number of tests of Li and Ji, "Adjusting multiple testing in multilocus analyses", Heredity 95 (2005), in the form
        of the participation ratio of the eigenvalues.
    """
    known = codes >= 0
    mean = np.where(known, codes, 0).sum(axis=0) / np.maximum(known.sum(axis=0), 1)
    centred = np.where(known, codes - mean, 0.0)
    scale = np.sqrt((centred**2).sum(axis=0))
    centred = centred[:, scale > 0] / scale[scale > 0]
    markers = int(centred.shape[1])
    if markers < 2 or len(codes) < 3:  # no pair, or no correlation
        return 1.0
    squared = float(((centred.T @ centred) ** 2).sum()) - markers
    chance = markers * (markers - 1) / (len(codes) - 1)
    return markers / (markers + max(squared - chance, 0.0))


def far_association(codes: Ints, states: int = 3) -> float:
    """How much columns far apart tell of each other, whatever their states are called: mean chi-squared by degrees of freedom, 1 by chance.

    Args:
        codes: Shape (people, markers); states from 0, negative is missing.
        states: How many states there are.
    """
    half = codes.shape[1] // 2
    if not half:
        return 1.0
    shown = np.stack([codes == state for state in range(states)], axis=2).astype(np.float64)
    seen = np.einsum("nmi,nmj->mij", shown[:, :half], shown[:, half : 2 * half])
    rows, columns = seen.sum(axis=2, keepdims=True), seen.sum(axis=1, keepdims=True)
    expected = rows * columns / np.maximum(seen.sum(axis=(1, 2), keepdims=True), 1)
    squared = np.where(expected > 0, (seen - expected) ** 2 / np.where(expected > 0, expected, 1), 0).sum(axis=(1, 2))
    freedom = ((rows > 0).sum(axis=(1, 2)) - 1) * ((columns > 0).sum(axis=(1, 2)) - 1)
    told = freedom > 0
    return float(squared[told].sum() / freedom[told].sum()) if told.any() else 1.0


# r squared from which the sign of a correlation is no chance
TOLD = 0.03


def falling_share(codes: Ints, most: int = 400) -> float:
    """Share of neighbouring columns that exclude each other (r below nought), among those that are correlated.

    New mutations stand on other haplotypes than older ones as often as within them; answers to neighbouring questions, features of one thing
    and readings in order rise together.

    Args:
        codes: Shape (people, markers); negative is missing.
        most: How many pairs are looked at.

    Returns:
        0 to 1; 0.5 where no pair is correlated.
    """
    left = np.unique(np.linspace(0, codes.shape[1] - 2, min(most, codes.shape[1] - 1)).astype(np.int64))
    r = correlations(codes, left, left + 1)
    told = r**2 > TOLD
    return float((r[told] < 0).mean()) if told.any() else 0.5


# common alleles, enough columns of them and people, neighbours of how many places, and turns of the rows that part columns
COMMON, ENOUGH, FEWEST, LAGS, TURNS = 0.15, 6, 10, (1, 2, 3), (7, 11, 13)


def haplotype_share(codes: Ints) -> float:
    """Share of neighbouring columns of common alleles that three haplotypes explain, less that of columns whose people were parted.

    Where no crossing-over came between two markers, one of the four haplotypes of two alleles is not there, and with it the genotypes that need it; answers,
    readings and counts that are correlated leave none of the corners empty.

    Args:
        codes: Shape (people, markers); 0, 1, 2, and negative where missing.

    Returns:
        -1 to 1; NaN where there are too few columns or people.
    Source: the four-gamete test of Hudson and Kaplan, "Statistical properties of the number of recombination events", Genetics 111 (1985), on genotypes.
    """
    known = (codes >= 0).sum(axis=0)
    share = np.where(codes >= 0, codes, 0).sum(axis=0) / np.maximum(2 * known, 1)
    common = codes[:, np.minimum(share, 1 - share) >= COMMON]
    people, markers = common.shape
    if markers < ENOUGH or people < FEWEST:
        return float("nan")
    near = np.mean([_three_haplotypes(common[:, :-lag], common[:, lag:]) for lag in LAGS])
    parted = np.mean([_three_haplotypes(common[:, :-1], np.roll(common, turn % people or 1, axis=0)[:, 1:]) for turn in TURNS])
    return float(near - parted)


def _three_haplotypes(one: Ints, other: Ints) -> float:
    """Share of pairs of columns in which no genotype shows the fourth haplotype; two heterozygotes show none."""
    seen = {(x, y): ((one == x) & (other == y)).any(axis=0) for x in range(3) for y in range(3)}
    shown = [seen[x, y] | seen[x, 1] | seen[1, y] for x in (0, 2) for y in (0, 2)]
    return float((np.sum(shown, axis=0) < len(shown)).mean())


# spread of sums of alleles against that of independent draws with one frequency: markers of a window differ, which narrows it
SPREAD_OF_WINDOWS = (-0.3, 0.2)
# how far the spread and the togetherness of other columns range: from a tenth to ten times that of independent draws
RANGE = float(np.log(100))
MOST_LAW = 7.0
# excess kurtosis of a sum of draws, and how much more than by chance the means of columns differ
PEAKED, DIFFER = (-0.9, 0.8), 3.0
LEAST_SCATTER = 0.02


def window_evidence(sums: Ints, size: int) -> float:
    """How much better sums of alleles over windows of markers explain columns of whole numbers than other data do, in nats.

    Three things speak: the variances are about those of `2 * size` draws; the rows' totals vary as those of unrelated columns do (scores of
    people have high and low ones); and from column to column the variance follows m (1 - m / 2 size), not the mean m of events.

    Args:
        sums: Shape (people, windows); whole numbers from 0 to `2 * size`.
        size: Markers in a window.

    Returns:
        Log-likelihood ratio; other data may have any spread and any togetherness within a factor of ten.
    """
    people, most = len(sums), 2 * size
    mean, variance = sums.mean(axis=0), sums.var(axis=0, ddof=1)
    varied = variance > 0
    if varied.sum() < 2:  # no law between so few
        return -np.inf
    mean, variance = mean[varied], variance[varied]
    centred = sums[:, varied] - mean
    peaked = float(((centred**4).mean(axis=0) / np.maximum((centred**2).mean(axis=0), 1e-9) ** 2 - 3).mean())
    # answers of all heights alike are flat, and the same in all columns
    if not PEAKED[0] < peaked < PEAKED[1] or people * mean.var() < DIFFER * variance.mean():
        return -np.inf
    drawn = mean * (1 - mean / most)
    middle, width = SPREAD_OF_WINDOWS
    spread = float(np.log(variance / drawn).mean())
    together = float(np.log(sums.sum(axis=1).var(ddof=1) / variance.sum()))
    error = np.sqrt(2 / (people - 1))
    law = min(_law_fit(variance, drawn) - _law_fit(variance, mean), MOST_LAW)
    return (
        _near(spread, middle, float(np.hypot(width, error / np.sqrt(len(mean)))))
        + _near(together, 0.0, float(np.hypot(width, error)))
        + law
    )


def _near(value: float, middle: float, width: float) -> float:
    """Log-likelihood ratio of a normal against a uniform over `RANGE`."""
    return float(np.log(RANGE) - 0.5 * ((value - middle) / width) ** 2 - np.log(width * np.sqrt(2 * np.pi)))


def _law_fit(variance: Floats, law: Floats) -> float:
    """Log-likelihood of variances that follow a law up to a factor and a scatter of their own, the same for all columns."""
    scatter = float(np.log(variance / law).std())
    return -len(variance) * float(np.log(max(scatter, LEAST_SCATTER)))
