"""Evidence that a matrix of states is one of genotypes."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import permutations
from typing import TYPE_CHECKING

import numpy as np

from sdc_airlock.stats.genotype import (
    falling_share,
    far_association,
    fitting_share,
    haplotype_share,
    hardy_weinberg_evidence,
    hardy_weinberg_log_likelihood,
    independent_share,
    neighbour_correlation,
    state_counts,
    unordered_evidence,
)

if TYPE_CHECKING:
    import numpy.typing as npt

    Ints = npt.NDArray[np.int64]

# people and markers that the likelihoods look at: beyond some hundreds the populations that make up a sample show, and time is lost
MOST_PEOPLE = 200
MOST_MARKERS = 300
# log-odds of a matrix of three states to be genotypes before its counts are seen
PRIOR = -6.0
# one likelihood ratio may not decide alone, whatever the number of columns
MOST_FIT, MOST_CURVE, WORST = 12.0, 6.0, -30.0
MARKER_NAMES = 9.0
INFORMATIVE = 0.15
# standard deviation of the frequencies from which columns differ at all, and from which they differ as markers do
SPREAD_OF_FREQUENCIES = (0.06, 0.1)
COMMON_FACTOR = 0.04
# one of three states was chosen as the heterozygote, and symbols other than 0, 1, 2 are less usual
UNKNOWN_ORDER = 1.1 + 1.0
# chi-squared by degrees of freedom of columns far apart, from which a common factor binds them
ASSOCIATED = 1.35
# fewer people fit more and more of anything
FEW_PEOPLE, PRICE_OF_FEW = 12, 2.0
# share of correlated neighbours that exclude each other: it is a third or more of markers, and hardly any of answers
FALLING = 0.12
# nats for neighbours that three haplotypes explain, from the share on that other data hardly have
HAPLOTYPES, FEW_HAPLOTYPES = 14.0, 0.3
# columns from which the correlation of neighbours says something
STRETCH = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What one detector found; `rows_are` says what the rows stand for ("people", "markers", "calls").

    `counted` is True where the log-odds come from likelihoods of counted states, not from the grammar of cells.
    """

    layout: str
    people: int | None
    markers: int | None
    log_odds: float
    why: tuple[str, ...]
    columns: tuple[int, ...]
    rows_are: str = "people"
    counted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrix:
    """Evidence of a matrix of three states: log-odds, and in words."""

    log_odds: float
    why: tuple[str, ...]


def _thin(codes: Ints) -> Ints:
    """Some hundreds of people and the first many markers of a matrix (people, markers), in their order."""
    people, markers = codes.shape
    if people > MOST_PEOPLE:
        codes = codes[np.linspace(0, people - 1, MOST_PEOPLE).astype(np.int64)]
    if markers > MOST_MARKERS:  # three stretches, so that neighbours stay neighbours
        third = MOST_MARKERS // 3
        starts = (0, (markers - third) // 2, markers - third)
        codes = np.concatenate([codes[:, start : start + third] for start in starts], axis=1)
    return codes


def mean_correlation(codes: Ints) -> float:
    """Mean correlation of all pairs of columns, from the variance of the rows' sums (people, markers; negative is missing)."""
    known = codes >= 0
    n = np.maximum(known.sum(axis=0), 1)
    mean = np.where(known, codes, 0).sum(axis=0) / n
    centred = np.where(known, codes - mean, 0.0)
    scale = np.sqrt((centred**2).mean(axis=0))
    used = scale > 0
    count = int(used.sum())
    if count < 3:  # no pairs worth a mean
        return 0.0
    total = (centred[:, used] / scale[used]).sum(axis=1)
    return float((total.var() - count) / (count * (count - 1)))


def _order(codes: Ints, *, known_order: bool) -> tuple[Ints, float]:
    """Codes with the likeliest heterozygote in the middle, and the price of having looked for it."""
    if known_order:
        return codes, 0.0
    counts = state_counts(codes)
    best, most = codes, -np.inf
    for order in list(permutations(range(3)))[:6]:
        if order[0] > order[2]:
            continue  # the two homozygotes may change places
        fit = float(hardy_weinberg_log_likelihood(counts[:, order]).sum())
        if fit > most:
            turned = np.full(4, -1, dtype=np.int64)
            turned[list(order)] = (0, 1, 2)
            best, most = turned[codes], fit
    return best, UNKNOWN_ORDER


def three_states(codes: Ints, *, known_order: bool, named: float = 0.0) -> Matrix:
    """Evidence that a matrix of three states holds genotypes.

    Args:
        codes: Shape (people, markers); 0, 1, 2, and -1 where missing.
        known_order: True where the middle state is the heterozygote for certain (0, 1, 2 as numbers).
        named: Share of markers whose names are those of variants.

    Returns:
        Log-odds in nats, and why.
    """
    codes, price = _order(_thin(codes), known_order=known_order)
    counts = state_counts(codes)
    people = counts.sum(axis=1)
    varying = (counts.max(axis=1) < people) & (people > 1)
    if not varying.any():
        return Matrix(log_odds=PRIOR, why=())
    counts, codes = counts[varying], codes[:, varying]
    near, far, _ = neighbour_correlation(codes)
    linked = codes.shape[1] >= STRETCH and near > 1.5 * far + 0.03 and falling_share(codes) > FALLING
    fit, curve = hardy_weinberg_evidence(counts)
    if linked:  # columns that tell of each other count as the fewer that they are
        fit, curve = (found * independent_share(codes) for found in (fit, curve))
    share = fitting_share(counts)
    log_odds = PRIOR - price + float(np.clip(fit, WORST, MOST_FIT))
    frequency = (2 * counts[:, 2] + counts[:, 1]) / np.maximum(2 * counts.sum(axis=1), 1)
    rarer = np.minimum(frequency, 1 - frequency)
    drawn = float((frequency * (1 - frequency) / np.maximum(2 * counts.sum(axis=1), 1)).mean())
    spread = float(np.sqrt(max(frequency.var() - drawn, 0.0)))
    # where all columns have the same shares, any shares near 1:2:1 would do, and the curve over frequencies says nothing
    least, plain = SPREAD_OF_FREQUENCIES
    varied = min(1.0, max(0.0, (spread - least) / (plain - least)))
    log_odds += float(np.clip(curve, WORST, MOST_CURVE * varied)) + 7.0 * varied - 5.0
    if (rarer >= INFORMATIVE).sum() < max(2, 0.1 * len(rarer)):
        log_odds -= 8.0
    if linked:
        # far apart in one stretch markers are linked still: what counts is how much more than by chance
        log_odds += _linkage(codes, near)
    elif mean_correlation(codes) >= COMMON_FACTOR:
        log_odds -= 16.0
    else:
        # in a stretch so short that its ends are linked as its neighbours are, haplotypes show all the same
        log_odds += _linkage(codes, 0.0)
    log_odds -= PRICE_OF_FEW * max(FEW_PEOPLE - len(codes), 0)
    if named > 0.5:  # most of them
        log_odds = (max(log_odds, PRIOR - 1) if share > 0.5 and known_order else log_odds) + MARKER_NAMES  # no worse than other data
    why = [
        f"{counts.shape[0]} columns of three states fit Hardy-Weinberg proportions: {share:.0%} of them",
        f"allele frequencies spread over the columns (standard deviation {spread:.2f})",
    ]
    if linked:
        why.append(f"neighbours are correlated (mean r squared {near:.2f}, far apart {far:.2f})")
    if named > 0.5:  # most of them
        why.append("names of variants")
    return Matrix(log_odds=log_odds, why=tuple(why))


def _linkage(codes: Ints, near: float) -> float:
    """Nats for neighbours that are correlated, where haplotypes explain it or nobody can say, and for the haplotypes themselves."""
    share = haplotype_share(codes)
    linked = min(6.0, max(20 * (near - 1 / max(len(codes) - 1, 1)), 0.0))
    if np.isnan(share):
        return linked
    return linked * min(1.0, max(0.0, share / FEW_HAPLOTYPES)) + HAPLOTYPES * max(0.0, share - FEW_HAPLOTYPES)


def laid(codes: Ints, *, known_order: bool, columns: tuple[int, ...], words: str, price: float = 0.0) -> Evidence | None:
    """Evidence of states that were worked out of something else, whichever way they lie.

    Args:
        codes: Shape (rows, columns) of what was worked out; 0, 1, 2, and -1 where missing.
        known_order: True where the middle state is the heterozygote for certain.
        columns: Places of the columns they were worked out of.
        words: What they were worked out of.
        price: Log-odds to take off for having looked.

    Returns:
        None where other explanations are likelier.
    """
    wide, turned = (three_states(one, known_order=known_order) for one in (codes, codes.T))
    matrix, people_in_rows = (wide, True) if wide.log_odds >= turned.log_odds else (turned, False)
    if matrix.log_odds <= price:
        return None
    people, markers = codes.shape if people_in_rows else codes.shape[::-1]
    return Evidence(
        layout="wide" if people_in_rows else "transposed",
        people=people,
        markers=markers,
        log_odds=matrix.log_odds - price,
        why=(words, *matrix.why),
        columns=columns,
        rows_are="calls",
        counted=True,
    )


def unordered_states(codes: Ints, named: float = 0.0) -> Matrix:
    """Evidence that a matrix of three states holds genotypes where each column has symbols of its own, in no known order.

    Args:
        codes: Shape (people, markers); 0, 1, 2 in any order, -1 where missing.
        named: Share of markers whose names are those of variants.
    """
    codes = _thin(codes)
    counts = state_counts(codes)
    informative = np.sort(counts, axis=1)[:, 1] >= 3  # a rare state or two fit anything
    counts = counts[informative]
    # two states fit genotypes with a rare allele, and everything else: they can only speak against
    full = counts.min(axis=1) > 0
    evidence = np.where(full, unordered_evidence(counts), np.minimum(unordered_evidence(counts), 0.0))
    total = float(evidence.sum())
    log_odds = PRIOR + float(np.clip(total, WORST, MOST_FIT + MOST_CURVE)) + (MARKER_NAMES if named > 0.5 else 0.0)  # most of them
    # the same shares in all columns (signs with some noughts) may fit by chance; allele frequencies differ
    most = counts.max(axis=1) / counts.sum(axis=1)
    apart = float(most.var() - (most * (1 - most) / counts.sum(axis=1)).mean()) if len(counts) else 0.0
    if apart < SPREAD_OF_FREQUENCIES[0] ** 2:
        log_odds -= 16.0
    if far_association(codes) > ASSOCIATED:
        log_odds -= 16.0
    if full.sum() < 8:  # too few columns to speak together
        log_odds -= 6.0
    return Matrix(
        log_odds=log_odds,
        why=(f"{len(evidence)} columns of three states fit Hardy-Weinberg proportions in some order",),
    )
