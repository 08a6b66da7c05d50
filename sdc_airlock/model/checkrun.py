"""What became of one check on one output."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sdc_airlock.model.finding import Finding


class RunStatus(StrEnum):
    """The value is the word used in the JSON report."""

    RAN = "ran"
    NOT_APPLICABLE = "not_applicable"
    FAILED = "failed"
    TIMED_OUT = "timed_out"

    @property
    def settled(self) -> bool:
        """True where the check came to an end by itself."""
        return self in (RunStatus.RAN, RunStatus.NOT_APPLICABLE)


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckRun:
    """One check on one output: how it ended and what it found.

    Attributes:
        error: Class of the failure and where, never its message (which may hold a value).
    """

    check_id: str
    check_version: int
    status: RunStatus
    findings: tuple[Finding, ...] = ()
    elapsed_ms: int = 0
    error: str = ""
