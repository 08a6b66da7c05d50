"""How sure the tool is of an outcome: the probability that a checker would choose the same one.

A sum in log-odds, of constants in `confidence.toml`:

    base of the outcome
    + recognition weight x log-odds of the least certain part (each cut off at `recognition_cut` from 0 and 1)
    + for a release: one step for the gravest finding, one where no part was recognised
    + for a review: one step for the gravest finding, or one for gaps where there is none; one where several checks speak
    + for a rejection: one step where a critical finding stands behind it

and then kept between `floor` and `ceiling`. It never changes an outcome.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from typing import Any

from sdc_airlock.model.decision import Outcome
from sdc_airlock.model.finding import Finding, Severity


@cache
def _constants() -> Mapping[str, Any]:
    return tomllib.loads(resources.files(__package__).joinpath("confidence.toml").read_text(encoding="utf-8"))


def confidence(outcome: Outcome, *, recognition: Sequence[float], findings: Sequence[Finding], gap: bool) -> float:
    """Probability, 0 to 1, that a checker would choose `outcome`.

    Args:
        outcome: What was decided.
        recognition: Probability of the first kind of each part.
        findings: All findings, in any order.
        gap: True where something was not read or did not run.
    """
    constants = _constants()
    steps = constants[outcome.word]
    odds: float = steps["base"]
    if recognition:
        cut = constants["recognition_cut"]
        least = min(max(min(recognition), cut), 1 - cut)
        odds += steps["recognition"] * math.log(least / (1 - least))
    elif outcome is Outcome.RELEASE:
        odds += steps["nothing_recognised"]
    gravest = max((finding.severity for finding in findings), default=None)
    if gravest is not None:
        odds += steps.get(Severity(gravest).word, 0.0)
    if outcome is Outcome.REVIEW:
        odds += steps["gap"] if gap and (gravest is None or gravest is Severity.LOW) else 0.0
        odds += steps["more_checks"] if len({f.check_id for f in findings if f.severity >= Severity.HIGH}) > 1 else 0.0
    floor, ceiling = float(constants["floor"]), float(constants["ceiling"])
    return round(min(max(1 / (1 + math.exp(-odds)), floor), ceiling), 3)
