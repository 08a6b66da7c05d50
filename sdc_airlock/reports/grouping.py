"""Findings in the order and the groups in which a person takes them in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sdc_airlock.model.assessment import Assessment
    from sdc_airlock.model.decision import Decision
    from sdc_airlock.model.finding import Finding, Severity
    from sdc_airlock.reports.result import RequestResult


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Findings of one kind in one output: same check, rule, severity and remedy.

    Attributes:
        findings: At least one; the one that concerns most places first.
    """

    findings: tuple[Finding, ...]

    @property
    def first(self) -> Finding:
        """The finding that speaks for the group."""
        return self.findings[0]

    @property
    def severity(self) -> Severity:
        """How much the group weighs."""
        return self.first.severity

    @property
    def places(self) -> int:
        """Places concerned, over all findings of the group."""
        return sum(finding.count for finding in self.findings)


def grouped(findings: Iterable[Finding]) -> tuple[Group, ...]:
    """Groups of like findings: the gravest first, then those that concern most places."""
    groups: dict[tuple[object, ...], list[Finding]] = {}
    for finding in findings:
        key = (finding.check_id, finding.rule, finding.severity, finding.kind, finding.remedy)
        groups.setdefault(key, []).append(finding)
    made = [Group(findings=tuple(sorted(found, key=lambda finding: -finding.count))) for found in groups.values()]
    return tuple(sorted(made, key=lambda group: (-group.severity, -group.places, group.first.check_id, group.first.rule)))


def look_first(result: RequestResult, most: int = 8) -> tuple[tuple[int, Group], ...]:
    """The groups of findings that a person should look at first, with the number (from 0) of their output.

    Ordered by severity, then by how sure the decision is, then by places; one group of a check for each output, and notes
    (severity low) are left out.
    """
    found = []
    for number, (assessment, decision) in enumerate(zip(result.assessments, result.decisions, strict=True)):
        seen: set[str] = set()
        for group in grouped(assessment.findings):
            if group.severity > 1 and group.first.check_id not in seen:
                seen.add(group.first.check_id)
                found.append((-group.severity, -decision.outcome, -decision.confidence, -group.places, number, group))
    found.sort(key=lambda entry: entry[:5])
    return tuple((entry[4], entry[5]) for entry in found[:most])


def gravest_first(result: RequestResult) -> Iterator[tuple[int, Assessment, Decision]]:
    """Outputs with their number (from 0): rejected, then to be reviewed, then released; within these by severity and path."""
    order = sorted(range(len(result.decisions)), key=lambda number: _rank(result, number))
    return ((number, result.assessments[number], result.decisions[number]) for number in order)


def _rank(result: RequestResult, number: int) -> tuple[int, int, str]:
    findings = result.assessments[number].findings
    return -result.decisions[number].outcome, -(findings[0].severity if findings else 0), result.assessments[number].path
