"""Rules of dominance for a total that contributors make up: (n, k), p % and (p, q), from what is known of the shares of the largest ones."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Shares:
    """Lower bounds, as shares of the total (0 to 1).

    Attributes:
        largest: Of the largest contributor.
        second: Of the second largest.
        tops: Of the top n together, by n.
        contributors: How many there are; NaN where that is not told.
    """

    largest: float = 0.0
    second: float = 0.0
    tops: Mapping[int, float] = field(default_factory=dict)
    contributors: float = math.nan

    def top(self, number: int) -> float:
        """The least share that the top `number` contributors have together."""
        if self.contributors <= number:
            return 1.0
        known = max((share for count, share in self.tops.items() if count <= number), default=0.0)
        # of the top m together, the top n < m have at least n/m
        spread = max((share * number / count for count, share in self.tops.items() if count > number), default=0.0)
        both = self.largest + (self.second if number > 1 else 0.0)
        return min(1.0, max(known, spread, both))


def largest_from_herfindahl(index: float) -> float:
    """The least share of the largest contributor: H = sum of squared shares <= s1 x sum of shares, so that s1 lies in [H, sqrt(H)].

    Args:
        index: Herfindahl index, 0 to 1.

    Source: derived from the definition (Hirschman 1945, Herfindahl 1950).
    """
    return min(1.0, max(0.0, index))


def largest_from_gini(index: float, contributors: float) -> float:
    """The least share of the largest contributor of n: with no share above s, the Gini coefficient is at most 1 - 1/(n s), so that s1 >= 1/(n (1 - G)).

    The bound is met where 1/s contributors have s each and the others nothing.

    Args:
        index: Gini coefficient, 0 to below 1.
        contributors: n.

    Source: derived from the Lorenz curve (Gini 1912).
    """
    if not (0 <= index < 1 and contributors >= 1):
        return 0.0
    return min(1.0, 1.0 / (contributors * (1.0 - index)))


def dominated(shares: Shares, number: int, share: float) -> bool:
    """The (n, k) rule: the n largest contributors together have more than the share k of the total.

    Source: Hundepool et al., Statistical Disclosure Control, 2012, section 4.2; ABS DataLab output clearance, 2021: (1, 50) and (2, 67) on absolute values.
    """
    return shares.top(number) > share


def too_near(shares: Shares, percent: float, prior: float = 1.0) -> bool:
    """The p % rule, and with prior knowledge q the (p, q) rule: X - x1 - x2 < (p/q) x1, so that the second largest can work out the largest to within p.

    With bounds only, the rest is at most 1 - (lower bound of the top two), and the largest at least its lower bound: true only where the rule surely fails.

    Args:
        shares: Lower bounds of the shares.
        percent: p, as a share of the largest contribution.
        prior: q, how well others know each contribution beforehand, as a share (1: not at all).

    Source: Eurostat CODED, pq-rule; ESSNet Handbook on Statistical Disclosure Control v1.2, section 4.2, 2010.
    """
    top = shares.top(2)
    largest = max(shares.largest, shares.top(1), top / 2)
    return largest > 0 and 1.0 - top < percent / prior * largest


__all__ = ["Shares", "dominated", "largest_from_gini", "largest_from_herfindahl", "too_near"]
