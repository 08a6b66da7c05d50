"""The JSON report: the contract that other programs rely on. Places, counts and shapes only, never a cell value.

Keys are added freely and never changed or dropped; `schema.json` beside this module says what stands where.
"""

from __future__ import annotations

import json
import math
from importlib import resources
from typing import TYPE_CHECKING, Any, Final

from sdc_airlock.reports.safe import shown

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sdc_airlock.model.assessment import Assessment, Summary
    from sdc_airlock.model.checkrun import CheckRun
    from sdc_airlock.model.content import Unread
    from sdc_airlock.model.decision import Decision, Reason
    from sdc_airlock.model.filetype import FileType
    from sdc_airlock.model.finding import Finding, Location
    from sdc_airlock.model.output import OutputFile
    from sdc_airlock.reports.result import RequestResult

SCHEMA_VERSION: Final = 1


def schema_text() -> str:
    """The published JSON Schema of the report, draft 2020-12."""
    return resources.files(__package__).joinpath("schema.json").read_text("utf-8")


def render(result: RequestResult) -> str:
    """The report as JSON text, two spaces deep, ending in a line feed. Equal results give equal text."""
    return json.dumps(to_object(result), indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def to_object(result: RequestResult) -> dict[str, Any]:
    """The report as plain dicts, lists, strings and numbers."""
    request = result.request
    return {
        "schema_version": SCHEMA_VERSION,
        "tool": {"name": "sdc-airlock", "version": result.tool_version},
        "profile": {"id": shown(result.profile_id), "sha256": result.profile_sha256, "title": shown(result.profile_title)},
        "request": {
            "request_id": shown(request.request_id),
            "requester": _or_none(request.requester),
            "project": _or_none(request.project),
        },
        "outcome": result.outcome.word,
        "risk": result.risk.value,
        "confidence": _probability(result.confidence),
        "findings": _findings(result.request_findings),
        "outputs": [_output(file, assessment, decision) for file, assessment, decision in result.rows()],
        "counts": {outcome.word: number for outcome, number in result.counts.items()},
        "reasons": _reasons(result.reasons),
        "profile_notes": _texts(result.profile_notes),
        "sandbox": {
            "protections": list(result.sandbox.protections) if result.sandbox else [],
            "missing": list(result.sandbox.missing) if result.sandbox else [],
        },
        "started_at": result.started_at.isoformat(timespec="seconds"),
        "elapsed_ms": result.elapsed_ms,
    }


def _output(file: OutputFile, assessment: Assessment, decision: Decision) -> dict[str, Any]:
    return {
        "path": shown(assessment.path),
        "file_id": assessment.file_id,
        "size_bytes": assessment.size_bytes,
        "file_type": _file_type(assessment.file_type),
        "outcome": decision.outcome.word,
        "risk": decision.risk.value,
        "confidence": _probability(decision.confidence),
        "complete": assessment.complete and file.refusal is None,
        "recognised": [_recognised(summary) for summary in assessment.recognised],
        "findings": _findings(assessment.findings),
        "unread": [_unread(gap) for gap in assessment.unread],
        "runs": [_run(run) for run in sorted(assessment.runs, key=lambda run: run.check_id)],
        "reasons": _reasons(decision.reasons),
        "expanded_bytes": assessment.expanded_bytes,
        "refusal": file.refusal.value if file.refusal else None,
        "name_oddities": _texts(file.name_oddities),
        "failure": shown(assessment.failure),
    }


def _file_type(file_type: FileType) -> dict[str, Any]:
    return {
        "label": shown(file_type.label),
        "claimed_extension": shown(file_type.claimed_extension),
        "mismatch": file_type.mismatch,
        "family": file_type.family.value,
        "evidence": _texts(file_type.evidence),
        "also": _texts(file_type.also),
    }


def _recognised(summary: Summary) -> dict[str, Any]:
    return {
        "part_id": shown(summary.part_id),
        "kind": summary.kind.value,
        "rows": summary.rows,
        "columns": summary.columns,
        "why": _texts(summary.why),
        "also": [kind.value for kind in summary.also],
        "unit": shown(summary.unit),
        "probability": _probability(summary.probability),
    }


def _findings(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """Findings without their labels, which come from the file, the gravest first; like ones in the order they were met."""
    ordered = sorted(findings, key=lambda finding: (-finding.severity, finding.check_id, finding.location.part_id))
    return [_finding(finding) for finding in ordered]


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "check_id": finding.check_id,
        "severity": finding.severity.word,
        "kind": finding.kind.value,
        "statbarn": finding.statbarn.value if finding.statbarn else None,
        "location": _location(finding.location),
        "count": finding.count,
        "message": shown(finding.message),
        "remedy": shown(finding.remedy),
        "rule": shown(finding.rule),
        "evidence": [{"shape": shown(evidence.shape), "count": evidence.count} for evidence in finding.evidence],
    }


def _location(location: Location) -> dict[str, Any]:
    return {
        "part_id": shown(location.part_id),
        "rows": list(location.rows),
        "columns": _texts(location.columns),
        "lines": list(location.lines) if location.lines else None,
        "shape": list(location.shape) if location.shape else None,
    }


def _unread(gap: Unread) -> dict[str, Any]:
    return {
        "part_id": shown(gap.part_id),
        "why": gap.why.value,
        "limit": _finite(gap.limit),
        "limit_name": _or_none(gap.limit_name),
        "seen": _finite(gap.seen),
        "detail": shown(gap.detail),
    }


def _run(run: CheckRun) -> dict[str, Any]:
    return {
        "check_id": run.check_id,
        "status": run.status.value,
        "elapsed_ms": run.elapsed_ms,
        "check_version": run.check_version,
        "error": shown(run.error),
    }


def _reasons(reasons: Iterable[Reason]) -> list[dict[str, str]]:
    return [{"outcome": reason.outcome.word, "rule": shown(reason.rule), "text": shown(reason.text)} for reason in reasons]


def _texts(texts: Iterable[str]) -> list[str]:
    return [shown(text) for text in texts]


def _or_none(text: str | None) -> str | None:
    return None if text is None else shown(text)


def _finite(number: float | None) -> float | None:
    """JSON has no infinity."""
    return number if number is not None and math.isfinite(number) else None


def _probability(probability: float) -> float:
    """Four decimals: more would be noise. What is no number between 0 and 1 says nothing, so it is 0."""
    return round(float(probability), 4) if 0 <= probability <= 1 else 0.0
