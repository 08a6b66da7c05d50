"""What every report is rendered from: one request, judged."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sdc_airlock.model.assessment import Assessment
from sdc_airlock.model.decision import Decision, Outcome, Reason, Risk
from sdc_airlock.model.finding import Finding
from sdc_airlock.model.output import OutputRequest
from sdc_airlock.model.sandbox import Sandbox

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sdc_airlock.model.output import OutputFile


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckNote:
    """What a report says of a check beside its findings.

    Attributes:
        title: The pattern it flags, in words.
        why: Why that discloses.
        sources: Where the rule comes from (title, section, year, address as text).
    """

    title: str
    why: str = ""
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestResult:
    """One output request, judged: the input of every report.

    Attributes:
        assessments, decisions: One each for every file of the request, in the order of `request.files`; a file that intake
            refused has them too.
        request_findings: Findings of the request as a whole (linked tables, volume, behaviour).
        outcome, risk, confidence: Of the request as a whole; never milder than the gravest of its outputs.
        profile_notes: What a reader should know of the profile, in words ("2 values are not verified").
        started_at: When judging began; aware of its time zone.
        elapsed_ms: How long it took, in milliseconds.
        reasons: Why the request as a whole was routed.
        sandbox: What held the processes back that read the files; None where no file was read.
    """

    request: OutputRequest
    assessments: tuple[Assessment, ...]
    decisions: tuple[Decision, ...]
    outcome: Outcome
    risk: Risk
    confidence: float
    profile_id: str
    profile_sha256: str
    profile_title: str
    started_at: datetime
    elapsed_ms: int
    tool_version: str
    request_findings: tuple[Finding, ...] = ()
    reasons: tuple[Reason, ...] = ()
    profile_notes: tuple[str, ...] = ()
    sandbox: Sandbox | None = None

    def __post_init__(self) -> None:
        """Refuse a result that leaves an output out or is milder than its parts.

        Raises:
            ValueError: files, assessments and decisions do not line up, the outcome is too mild, or the time has no zone.
        """
        if not len(self.request.files) == len(self.assessments) == len(self.decisions):
            raise ValueError("files, assessments and decisions differ in number")
        for file, assessment, decision in self.rows():
            if not file.file_id == assessment.file_id == decision.file_id:
                raise ValueError("files, assessments and decisions are not in the same order")
        if self.outcome < max((decision.outcome for decision in self.decisions), default=Outcome.RELEASE):
            raise ValueError("the outcome of the request is milder than that of one of its outputs")
        if self.started_at.tzinfo is None:
            raise ValueError("started_at has no time zone")

    def rows(self) -> Iterator[tuple[OutputFile, Assessment, Decision]]:
        """File, assessment and decision of each output, in order."""
        return zip(self.request.files, self.assessments, self.decisions, strict=True)

    @property
    def counts(self) -> dict[Outcome, int]:
        """Number of outputs by outcome, the gravest first; an outcome with no outputs counts 0."""
        seen = Counter(decision.outcome for decision in self.decisions)
        return {outcome: seen[outcome] for outcome in sorted(Outcome, reverse=True)}
