"""Times to an event as R prints them, a plus behind those that ended without it: a time and a state for each person."""

from __future__ import annotations

import random

import pytest

from sdc_airlock.identify import identify
from sdc_airlock.limits import Limits
from sdc_airlock.readers import read
from sdc_airlock.recognise import recognise
from sdc_airlock.source import Source


def printed(count: int, wide: int = 12) -> list[str]:
    """Lines as R prints them."""
    dice = random.Random(9)
    cells = [f"{dice.randint(5, 3000)}{dice.choice(['+', ' '])}" for _ in range(count)]
    return [f"{f'[{at + 1}]':>6} " + " ".join(f"{cell:>5}" for cell in cells[at : at + wide]) for at in range(0, count, wide)]


def individual(lines: list[str]) -> float:
    """How likely the likeliest part has rows of single people."""
    source = Source.of_bytes("\n".join([*lines, ""]).encode(), part_id="out.txt", name="out.txt")
    return max(part.individual for part in recognise(read(source, identify(source), file_id="0" * 64, limits=Limits()), Limits()))


@pytest.mark.parametrize(
    "lines",
    [
        ["> Surv(d$time, d$event)", *printed(60)],
        printed(48),
        ["> head(Surv(d$time, d$event), 12)", *printed(12)],
        ["Follow-up:", " ".join(line.split("]")[1].strip() for line in printed(36))],
    ],
    ids=["call", "bare", "head", "one line"],
)
def test_times_to_an_event(lines: list[str]) -> None:
    """Each time is one person's."""
    assert individual(lines) > 0.5


def test_sums_are_no_times() -> None:
    """Formulas and coefficients with signs between them are left alone."""
    assert individual(["The model was", "y ~ 12 + 3 + 45 + 6 + 7 + 81 + 9 + 10 + 11 + 12 + 13", "", "[1] 0.12 0.31", ""]) < 0.5
