"""Arithmetic of matrices between people, of correlations between variants, and of scores: what they tell of single people.

All functions take numbers; nothing here knows of tables, names or files.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

_SYMMETRIC = 1e-6
_ROUNDED = 0.02
_FIRST_CELLS, _STEPS = 4, 0.8
_FEWEST = 6
# with fewer rows a table of variables may look the same
_FEWEST_RELATIVES = 12
_FEWEST_ALIKE = 20
_SELF_KINSHIP = 0.5
_DIAGONAL = (0.6, 1.7)
_SPREAD = (1e-5, 0.2)
_UNRELATED = 0.25
_ALIKE = (0.4, 0.99)
_ALIKE_SPREAD = 0.06

_FEWEST_FREQUENCIES = 4
_BY_CHANCE = 0.01

_MOST_VARIABLES = 1500
_FEWEST_VARIABLES = 10
_LACKING = 0.05
_FEWEST_LACKING = 3
_GAP = 10.0
_NEAR_GAP, _STEP, _MIRROR, _MANY_LACKING = 2.0, 4.0, 0.5, 10
# the weaker half of the squared correlations of independent variables is 0.143 / people on average; half of that is asked for
_WEAK_PAIRS = 0.07
_NOISE = 1.5


def symmetric(matrix: Floats) -> bool:
    """True for a finite square that is the same on its side."""
    return (
        matrix.ndim == 2
        and matrix.shape[0] == matrix.shape[1]
        and bool(np.isfinite(matrix).all())
        and np.allclose(matrix, matrix.T, rtol=1e-4, atol=_SYMMETRIC)
    )


def kinship_of(matrix: Floats) -> str:
    """What a square of numbers between people is: "kinship", "relationship", "identity by state", or "" for another matrix.

    Kinship coefficients (KING) have 0.5 between a person and the same person, and are near 0 for others. Relationships (GCTA, PLINK) are near 1 on the
    diagonal, never quite the same for two people, and near 0 beside it. Shares of alleles alike are 1 on the diagonal and near one value beside it.

    Args:
        matrix: Shape (people, people).
    Source: Manichaikul et al., "Robust relationship inference in genome-wide association studies", Bioinformatics 26 (2010); Yang et al., "GCTA", AJHG
        88 (2011).
    """
    if len(matrix) < _FEWEST or not symmetric(matrix):
        return ""
    own = np.diag(matrix)
    if not own.any():  # distances: what is not alike
        return kinship_of(1 - matrix)
    if _centred(matrix):
        matrix = matrix / own.mean()
        own = np.diag(matrix)
    others = matrix[np.triu_indices(len(matrix), 1)]
    if np.all(np.abs(own - _SELF_KINSHIP) < 1e-6) and others.max() <= _SELF_KINSHIP and np.median(np.abs(others)) < _UNRELATED:
        return "kinship"
    if len(matrix) < _FEWEST_RELATIVES:
        return ""
    spread = float(own.std() / max(abs(own.mean()), 1e-9))
    if _DIAGONAL[0] <= own.min() and own.max() <= _DIAGONAL[1] and _SPREAD[0] < spread < _SPREAD[1]:
        return "relationship" if np.quantile(np.abs(others), 0.9) < _UNRELATED else ""
    if (
        len(matrix) >= _FEWEST_ALIKE
        and np.all(np.abs(own - 1) < 1e-9)
        and _ALIKE[0] <= others.min()
        and others.max() <= 1
        and np.median(others) < _ALIKE[1]
    ):
        return "identity by state" if float(others.std()) < _ALIKE_SPREAD and float(others.std()) > 0 else ""
    return ""


def _centred(matrix: Floats) -> bool:
    """True where each row adds up to nought, as it does where alleles were counted from their mean among the same people."""
    own = np.diag(matrix)
    return (
        float(own.min()) > 0 and len(matrix) >= _FEWEST_RELATIVES and float(np.abs(matrix.sum(axis=1)).max()) < _ROUNDED * float(own.mean())
    )


def relatives_of(triangle: Floats) -> bool:
    """True for the lower triangle of a matrix between people, with its diagonal or without.

    Args:
        triangle: One row a person, NaN where nothing stands.
    """
    known = np.isfinite(triangle)
    filled = known.sum(axis=1)
    # cells at the ends of the longest rows may have run together
    rising = filled < filled.max(initial=0)
    triangle, known, filled = triangle[rising], known[rising], filled[rising]
    if len(triangle) < _FEWEST_RELATIVES or filled[0] > _FIRST_CELLS or float((np.diff(filled) == 1).mean()) < _STEPS:
        return False
    last = np.array([row[cells][-1] for row, cells in zip(triangle, known, strict=True) if cells.any()])
    others = np.concatenate([row[cells][:-1] for row, cells in zip(triangle, known, strict=True)])
    near = float(np.quantile(np.abs(others), 0.9)) < _UNRELATED
    if np.all(np.abs(last - _SELF_KINSHIP) < 1e-6):
        return near
    if _DIAGONAL[0] <= np.quantile(last, 0.05) and last.max() <= _DIAGONAL[1]:
        return near and float(last.std()) > _SPREAD[0]
    return near and float(np.abs(last).max()) <= _SELF_KINSHIP and float(np.median(np.abs(last))) < _UNRELATED


def correlation_of(matrix: Floats) -> Floats | None:
    """A matrix of correlations or covariances as correlations; None where it is neither.

    Args:
        matrix: Shape (variables, variables).
    """
    if not symmetric(matrix) or np.diag(matrix).min() <= 0:
        return None
    scale = np.sqrt(np.diag(matrix))
    made = matrix / scale / scale[:, None]
    return made if np.abs(made).max() <= 1.01 else None


def people_behind(correlation: Floats, error: float) -> int | None:
    """Most people that a matrix of correlations can come from, where they are fewer than its variables; None where it does not show.

    A matrix of p variables measured in n people has at most n - 1 eigenvalues above nought. Variables that are the same as another are left out first.
    Linkage alone makes eigenvalues small too, but step by step: so a gap is asked for between the last of those above and what rounding makes of nought, and that
    weak correlations are as large as those of few people are by chance.

    Args:
        correlation: Shape (variables, variables), ones on the diagonal.
        error: Half a unit of the last digit printed; 0 where none was rounded.

    Returns:
        The number of eigenvalues above nought, and one.
    Source: Wishart matrices of fewer observations than variables, Uhlig, "On singular Wishart and singular multivariate beta distributions", Annals of
        Statistics 22 (1994).
    """
    step = max(1, math.ceil(len(correlation) / _MOST_VARIABLES))
    kept = _different(correlation[::step, ::step], error)
    p = len(kept)
    if p < _FEWEST_VARIABLES:
        return None
    values = np.linalg.eigvalsh(kept)
    floor = _NOISE * 2 * error * math.sqrt(p / 3) + p * 1e-14 * float(values[-1])
    if values[0] < -4 * floor:
        return None  # no matrix of correlations of people at all
    rank = int((values > floor).sum())
    if not rank or p - rank < max(_FEWEST_LACKING, _LACKING * p):
        return None
    if not (values[p - rank] >= _GAP * floor or _stands_apart(values, rank, floor)):
        return None
    squares = np.sort(kept[np.triu_indices(p, 1)] ** 2)
    weak = float(squares[: len(squares) // 2].mean())
    return rank + 1 if weak * (rank + 1) >= _WEAK_PAIRS else None


def _stands_apart(values: npt.NDArray[np.floating[Any]], rank: int, floor: float) -> bool:
    """True where what rounding makes of nought lies on both sides of it, as noise does, and the eigenvalues above it begin far away."""
    p = len(values)
    noise = float(values[p - rank - 1])
    apart = values[p - rank] >= max(_NEAR_GAP * floor, _STEP * noise)
    return bool(apart and values[0] <= -_MIRROR * noise and p - rank >= max(_MANY_LACKING, _LACKING * 2 * p))


def _different(correlation: Floats, error: float) -> Floats:
    """The matrix without variables that are the same as an earlier one, but for sign and rounding."""
    alike = np.triu(np.abs(correlation) >= 1 - 2 * error - 1e-9, 1).any(axis=0)
    return correlation[np.ix_(~alike, ~alike)]


def carriers_of_both(r: Floats, first: Floats, second: Floats, people: float) -> Floats:
    """How many people carry both of two rare alleles, from their correlation.

    For alleles so rare that nobody has two copies, a person's count of each is 0 or 1 with mean mu = 2 f and variance mu (1 - mu), so that
    n (r s_i s_j + mu_i mu_j) people carry both, which is a whole number.

    Args:
        r: Correlations of counts of alleles.
        first: Frequencies of the one allele of each pair.
        second: Frequencies of the other.
        people: n.

    Source: Wang et al., "Learning your identity and disease from research papers", CCS (2009): pair counts from published r and r squared.
    """
    mu, nu = 2 * first, 2 * second
    return np.asarray(people * (r * np.sqrt(mu * (1 - mu) * nu * (1 - nu)) + mu * nu))


def carriers_error(error: Floats | float, first: Floats, second: Floats, people: float) -> Floats:
    """How far off those counts may be because the correlation was rounded.

    Args:
        error: Half a unit of its last digit.
        first: Frequencies of the one allele of each pair.
        second: Frequencies of the other.
        people: n.
    """
    mu, nu = 2 * first, 2 * second
    return np.asarray(people * error * np.sqrt(mu * (1 - mu) * nu * (1 - nu)))


def people_in_frequencies(frequencies: Floats, error: float, most: int) -> int | None:
    """The smallest number of people whose counts of alleles give all these frequencies, up to `most`; None where none does, or any does.

    Args:
        frequencies: Frequencies of alleles, as printed.
        error: Half a unit of their last digit.
        most: Where to stop looking.

    Source: an allele frequency in n people is a multiple of 1 / 2n.
    """
    known = np.unique(frequencies[np.isfinite(frequencies)])
    if len(known) < _FEWEST_FREQUENCIES:
        return None
    people = np.arange(1, most + 1, dtype=np.float64)
    # beyond that many people all of them lie near enough to some multiple by chance
    told = np.cumsum((4 * people * error) ** len(known)) < _BY_CHANCE
    counts = 2 * people[told][:, None] * known
    fits = (np.abs(counts - np.round(counts)) <= 2 * people[told][:, None] * error * 1.01 + 1e-6).all(axis=1)
    return int(people[told][fits.argmax()]) if fits.any() else None


def genotypes_a_score(variants: int, low: float, high: float, unit: float) -> float:
    """How many genotypes share a printed score, as a power of ten: below nought a score has hardly more than one, and gives it back.

    Of m variants there are 3^m genotypes, and (high - low) / unit different scores to print.

    Args:
        variants: m.
        low: Least possible score.
        high: Largest possible score.
        unit: One in the last digit printed.

    Source: Nikitin and Gursoy, "Private information leakage from polygenic risk scores" (2024): scores of few variants with long weights are decoded as
        sums of subsets.
    """
    if not variants or unit <= 0 or high <= low:
        return math.inf
    return variants * math.log10(3) - math.log10(max((high - low) / unit, 1.0))


def people_between(first: Floats, second: Floats, errors: Floats, people: float) -> float:
    """People by whom two fits of the same effects differ, one fitted on those of the other and a few more.

    The variance of the difference of two nested estimates is the difference of their variances, so that the mean of (difference / standard error)^2 is k / n.

    Args:
        first: Effects in the one fit.
        second: Effects of the same variants in the other.
        errors: Their standard errors.
        people: n of the larger.

    Source: Hausman, "Specification tests in econometrics", Econometrica 46 (1978); Paige et al., "Reconstructing genotypes in private genomic
        databases from genetic risk scores", Journal of Computational Biology 28 (2021).
    """
    known = np.isfinite(first) & np.isfinite(second) & (errors > 0)
    if not known.any():
        return math.nan
    return float(people * np.mean(((first - second)[known] / errors[known]) ** 2))
