"""What is to be done with an output, and why."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum


class Outcome(IntEnum):
    """The three outcomes; never 0, so that none of them is false."""

    RELEASE = 1
    REVIEW = 2
    REJECT = 3

    @property
    def word(self) -> str:
        """The word used in reports."""
        return self.name.lower()


class Risk(StrEnum):
    """The colour shown with an outcome."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One finding or gap, and the policy rule that turned it into an outcome."""

    outcome: Outcome
    rule: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """The decision on one output.

    Attributes:
        confidence: Probability, 0 to 1, that a checker would choose the same outcome.
    """

    file_id: str
    outcome: Outcome
    risk: Risk
    confidence: float
    reasons: tuple[Reason, ...]
    policy_id: str
    policy_sha256: str
    tool_version: str
