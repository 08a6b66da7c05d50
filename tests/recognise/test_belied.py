"""Headers of estimates over cells that are none."""

from __future__ import annotations

import math
import random

import pytest

from sdc_airlock.identify import identify
from sdc_airlock.limits import Limits
from sdc_airlock.readers import read
from sdc_airlock.recognise import recognise
from sdc_airlock.source import Source


def _individual(lines: list[str]) -> float:
    source = Source.of_bytes("\n".join([*lines, ""]).encode(), part_id="results.csv", name="results.csv")
    return max(part.individual for part in recognise(read(source, identify(source), file_id="", limits=Limits()), Limits()))


def _people(header: str) -> list[str]:
    chance = random.Random(11)
    return [header, *(f"{chance.gauss(27, 4):.1f},{chance.gauss(5, 0.6):.1f},{chance.gauss(130, 15):.1f}" for _ in range(40))]


@pytest.mark.parametrize("header", ["beta,se,z", "Estimate,Std. Error,t value", "estimate,std.error,statistic"])
def test_measurements_of_people_under_headers_of_estimates_are_people(header: str) -> None:
    """What stands under a statistic is neither the quotient of the columns beside it nor its square."""
    assert _individual(_people(header)) > 0.8


@pytest.mark.parametrize("kind", ["t", "odds", "delta", "square", "coarse"])
def test_estimates_are_believed(kind: str) -> None:
    """Effects over their errors, odds ratios with the errors of their logarithms or their own, Wald's squares, and numbers printed with few digits."""
    chance = random.Random(12)
    lines = ["term,estimate,se,statistic"]
    for place in range(30):
        effect, error = chance.gauss(0, 0.5), abs(chance.gauss(0.2, 0.05)) + 0.02
        shown = math.exp(effect) if kind in {"odds", "delta"} else effect
        test = (effect / error) ** (2 if kind == "square" else 1)
        error *= shown if kind == "delta" else 1
        digits = 1 if kind == "coarse" else 4
        lines.append(f"v{place % 5}:g{place // 5},{shown:.{digits}f},{error:.{digits}f},{test:.{digits}f}")
    assert _individual(lines) < 0.5
