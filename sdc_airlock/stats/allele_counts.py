"""How many copies of a rare allele stand behind published frequencies, standard errors and odds ratios."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]

# a lattice is believed where its points are at least so many rounding steps apart, and where so many different frequencies lie on it
_STEPS_APART = 20
_FEWEST = 8
_FITTING = 0.9
_MOST_LOOKED_AT = 400


def minor_counts(frequencies: Numbers, alleles: Numbers | float, step: Numbers | float = 0.0) -> tuple[Numbers, Numbers]:
    """Fewest and most copies of the rarer allele that printed frequencies allow: (min(p, 1 - p) -/+ step / 2) x alleles.

    Args:
        frequencies: Of either allele, 0 to 1, shape (variants,).
        alleles: Alleles looked at (twice the people, away from the sex chromosomes).
        step: Width to which they are rounded (0.001 for three decimals).

    Returns:
        Lowest and highest count, not below 0, shape (variants,).
    """
    minor = np.minimum(frequencies, 1.0 - frequencies)
    return np.maximum((minor - np.asarray(step) / 2) * alleles, 0.0), (minor + np.asarray(step) / 2) * alleles


def minor_frequency(product: Numbers) -> Numbers:
    """The frequency p of the rarer allele of which p (1 - p) is known; one half where the product is larger than that of any frequency."""
    result: Numbers = (1.0 - np.sqrt(np.maximum(1.0 - 4.0 * product, 0.0))) / 2.0
    return result


def product_from_logistic(errors: Numbers, cases: Numbers | float, controls: Numbers | float) -> Numbers:
    """Product p (1 - p) behind standard errors of log odds ratios: 1 / (2 n phi (1 - phi) SE^2), with the share phi of cases.

    n phi (1 - phi) = cases x controls / people. Simulated: within 6 % (median) for odds ratios near 1, and within 20 % up to odds ratios of 1.5.

    Args:
        errors: Standard errors of the log odds ratio an allele, shape (variants,).
        cases: Cases.
        controls: Controls.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        result: Numbers = 1.0 / (2.0 * (np.asarray(cases) * controls / (np.asarray(cases) + controls)) * errors**2)
    return result


def product_from_smallest_error(errors: Numbers, people: Numbers | float, smallest: float) -> Numbers:
    """Product p (1 - p) where neither the spread of the trait nor the share of cases is told: the smallest error is taken for that of a variant of frequency one half.

    SE^2 n p (1 - p) is the same for all variants of one regression, so that the errors of common variants give the constant. Where no variant is
    that common the counts come out too large, never too small.

    Args:
        errors: Standard errors, shape (variants,).
        people: People of each variant over the people of the variant with the smallest error (1 where all have the same).
        smallest: Standard error of common variants.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        result: Numbers = 0.25 * (smallest / errors) ** 2 / people
    return result


def people_behind_errors(errors: Numbers, frequencies: Numbers) -> float:
    """The product of cases and controls over people, from standard errors of log odds ratios and frequencies: the median of 1 / (2 p (1 - p) SE^2).

    The smaller of the two groups holds between this number and twice as many people. NaN where there is nothing to go by.
    """
    good = (errors > 0) & (frequencies > 0) & (frequencies < 1)
    if not good.any():
        return float("nan")
    return float(np.median(1.0 / (2.0 * frequencies[good] * (1.0 - frequencies[good]) * errors[good] ** 2)))


def alleles_behind(frequencies: Numbers, step: float, most: int) -> int | None:
    """The number of alleles that published frequencies are fractions of, where their digits give it away.

    Frequencies worked out from N alleles are multiples of 1/N. The smallest N is looked for of which (nearly) all different frequencies are multiples, as
    far as they are printed; it is believed only where 1/N is many rounding steps wide, so that frequencies of a large cohort would hardly fall on it.

    Args:
        frequencies: Between 0 and 1, shape (variants,).
        step: Width to which they are rounded.
        most: Largest N looked for.

    Returns:
        N, or None where the digits tell nothing. With 8 frequencies and 20 steps the chance of a false answer is below 1e-6.
    """
    different = np.unique(frequencies[(frequencies > 0) & (frequencies < 1)])
    if len(different) < _FEWEST or step <= 0:
        return None
    if len(different) > _MOST_LOOKED_AT:
        different = different[np.linspace(0, len(different) - 1, _MOST_LOOKED_AT).astype(np.int64)]
    largest = min(most, int(1.0 / (_STEPS_APART * step)))
    # fewer than the different frequencies there are, less one, cannot have given them all
    candidates = np.arange(len(different) + 1, largest + 1, dtype=np.float64)
    if not len(candidates):
        return None
    counts = np.outer(candidates, different)
    off = np.abs(counts - np.rint(counts)) <= candidates[:, None] * step * 0.505 + 1e-9
    fits = np.flatnonzero(off.mean(axis=1) >= _FITTING)
    return int(candidates[fits[0]]) if len(fits) else None


__all__ = [
    "alleles_behind",
    "minor_counts",
    "minor_frequency",
    "people_behind_errors",
    "product_from_logistic",
    "product_from_smallest_error",
]
