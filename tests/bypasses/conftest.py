"""Made-up people and genotypes, and a judge that takes a file the whole way."""

from __future__ import annotations

import random
from collections.abc import Callable

import numpy as np
import pytest

from sdc_airlock.checks import checks
from sdc_airlock.model.decision import Outcome
from sdc_airlock.pipeline.assess import Bench, assess
from sdc_airlock.policy import decide, load_profile

NAMES = ("pid", "age", "sex", "bmi", "dx", "admitted")
Record = tuple[str, int, str, float, str, str]


@pytest.fixture(scope="session")
def people() -> list[Record]:
    """Forty made-up people."""
    chance = random.Random(11)
    return [
        (
            f"P{10000 + 7 * number}",
            chance.randint(18, 90),
            chance.choice("MF"),
            round(chance.gauss(27, 4), 1),
            chance.choice(["I10", "E11", "J45"]),
            f"20{chance.randint(10, 24)}-{chance.randint(1, 12):02d}-{chance.randint(1, 28):02d}",
        )
        for number in range(40)
    ]


@pytest.fixture(scope="session")
def records(people: list[Record]) -> list[dict[str, object]]:
    """The same as dictionaries."""
    return [dict(zip(NAMES, person, strict=True)) for person in people]


@pytest.fixture(scope="session")
def states() -> list[list[int]]:
    """Made-up genotypes of 40 people at 60 markers: two draws at the frequency of each marker."""
    chance = np.random.default_rng(12)
    frequencies = chance.uniform(0.1, 0.5, 60)
    return ((chance.random((40, 60)) < frequencies).astype(int) + (chance.random((40, 60)) < frequencies)).tolist()


@pytest.fixture(scope="session")
def judge() -> Callable[..., tuple[Outcome, set[str]]]:
    """What becomes of a staged output: its outcome, and the checks that found something."""
    profile = load_profile("default")
    known = checks()
    bench = Bench(checks=tuple(known.values()), params={check.id: profile.params(check) for check in known.values()}, limits=profile.limits)

    def of(output) -> tuple[Outcome, set[str]]:
        found = assess(output, bench)
        return decide(found, profile, same_bytes=True).outcome, {finding.check_id for run in found.runs for finding in run.findings}

    return of
