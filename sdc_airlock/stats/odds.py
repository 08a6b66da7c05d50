"""Two-by-two tables that a published odds ratio and its interval imply."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

_LARGEST = 200_000
_Z = 1.959964


@dataclass(frozen=True, slots=True, kw_only=True)
class Fits:
    """Tables that fit.

    Attributes:
        tables: How many tables of whole numbers fit.
        smallest: Smallest cell of the table whose smallest cell is largest; NaN where no table fits.
    """

    tables: int
    smallest: float


def tables_that_fit(ratio: float, low: float, high: float, *, cases: int, controls: int, decimals: int) -> Fits:
    """Find every table of exposed and unexposed cases and controls with this odds ratio and 95 % interval, as printed.

    With a exposed of n1 cases and b exposed of n0 controls: ratio = a (n0 - b) / ((n1 - a) b) and SE(ln ratio)^2 = 1/a + 1/(n1 - a) + 1/b + 1/(n0 - b), where
    SE = ln(high / low) / (2 z). For each a there is one real b; the whole numbers beside it are tried.

    Args:
        ratio: Odds ratio.
        low: Lower limit.
        high: Upper limit.
        cases: Cases, n1.
        controls: Controls, n0.
        decimals: Decimals that the three were printed with.

    Source: Woolf, "On estimating the relation between blood group and disease", Annals of Human Genetics, 1955 (the variance).
    """
    nothing = Fits(tables=0, smallest=math.nan)
    if not 0 < low < ratio < high or min(cases, controls) < 2 or max(cases, controls) > _LARGEST:
        return nothing
    half = 0.5 * 10.0**-decimals
    if low <= half:
        return nothing
    exposed = np.arange(1, cases, dtype=np.float64)
    found = []
    for printed in np.unique([ratio - half, ratio, ratio + half]).tolist():
        wanted = exposed * controls / (printed * (cases - exposed) + exposed)
        for others in (np.floor(wanted), np.ceil(wanted)):
            keep = (others >= 1) & (others <= controls - 1)
            found.append(np.stack([exposed[keep], others[keep]], axis=1))
    pairs = np.unique(np.concatenate(found), axis=0)
    if not len(pairs):
        return nothing
    a, b = pairs[:, 0], pairs[:, 1]
    c, d = cases - a, controls - b
    odds = a * d / (b * c)
    spread = np.sqrt(1 / a + 1 / b + 1 / c + 1 / d)
    lower, upper = odds * np.exp(-_Z * spread), odds * np.exp(_Z * spread)
    # the interval may have been made from the rounded ratio
    slack = half * 1.02
    fits = (np.abs(odds - ratio) <= slack) & (np.abs(lower - low) <= slack) & (np.abs(upper - high) <= slack * max(1.0, high / ratio))
    if not fits.any():
        return nothing
    smallest = np.minimum(np.minimum(a, b), np.minimum(c, d))[fits]
    return Fits(tables=int(fits.sum()), smallest=float(smallest.max()))


__all__ = ["Fits", "tables_that_fit"]
