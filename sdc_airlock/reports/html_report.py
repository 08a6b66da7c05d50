"""The manual review report: one page for an output checker, readable anywhere, with a form of decisions that exports as JSON."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sdc_airlock.model.decision import Outcome
from sdc_airlock.model.finding import Severity
from sdc_airlock.reports import json_report, words
from sdc_airlock.reports.grouping import Group, gravest_first, grouped, look_first
from sdc_airlock.reports.page import render_page
from sdc_airlock.reports.result import CheckNote
from sdc_airlock.reports.terminal import what_it_is
from sdc_airlock.reports.thumbnail import Thumbnail, thumbnail

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sdc_airlock.model.assessment import Assessment
    from sdc_airlock.model.decision import Decision, Reason
    from sdc_airlock.model.finding import Finding, Location
    from sdc_airlock.model.output import OutputFile
    from sdc_airlock.reports.result import RequestResult

DETAILED: Final = 250
_GROUPS: Final = 30
_PLACES: Final = 8
_PICTURES: Final = 3
_GAPS: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A group of findings, as the page shows it.

    Attributes:
        places: Where, and what of it, one line each; the first few.
        left: Findings beyond those.
        evidence: Shapes with their counts.
    """

    severity: Severity
    title: str
    note: CheckNote
    group: Group
    places: tuple[tuple[str, str], ...]
    left: int
    evidence: tuple[str, ...]
    pictures: tuple[Thumbnail, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One output, as the page shows it.

    Attributes:
        number: Counted from 1, in the order of the page.
        reasons: Each different reason once, with how often it was given.
        broken: Checks that did not come to an end.
    """

    number: int
    file: OutputFile
    assessment: Assessment
    decision: Decision
    what: str
    found: str
    findings: tuple[Shown, ...] = ()
    more_findings: int = 0
    reasons: tuple[tuple[Reason, int], ...] = ()
    broken: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class First:
    """A line of what to look at first."""

    number: int
    path: str
    severity: Severity
    text: str


def render(result: RequestResult, notes: Mapping[str, CheckNote] | None = None) -> str:
    """The report as HTML text. Equal results and notes give equal text.

    Args:
        result: The request, judged.
        notes: What to say of each check, by id; see `reports.notes`.
    """
    entries, numbers = _entries(result, notes or {})
    held = [entry for entry in entries if entry.decision.outcome > Outcome.RELEASE]
    return render_page(
        "review.html.j2",
        style=("base.css", "review.css"),
        script=("review.js",),
        result=result,
        report_sha256=hashlib.sha256(json_report.render(result).encode()).hexdigest(),
        headline=headline(result),
        detailed=held[:DETAILED],
        compact=held[DETAILED:],
        released=entries[len(held) :],
        first=_first(result, entries, numbers),
        request_findings=_shown_groups(result.request_findings, "", notes or {}),
        request_reasons=[reason for reason in result.reasons if reason.rule != "outputs"],
        Outcome=Outcome,
        Severity=Severity,
        gaps_shown=_GAPS,
    )


def headline(result: RequestResult) -> str:
    """The result in one line."""
    counts, total = result.counts, len(result.decisions)
    if not total:
        return "No outputs in this request"
    if counts[Outcome.REJECT]:
        return f"{_of(counts[Outcome.REJECT], total)} may not leave"
    if counts[Outcome.REVIEW]:
        return f"{_of(counts[Outcome.REVIEW], total)} {'needs' if counts[Outcome.REVIEW] == 1 else 'need'} a person"
    if result.outcome > Outcome.RELEASE:
        return "The request as a whole needs a person"
    return "The output may be released" if total == 1 else f"All {total:,} outputs may be released"


def _of(number: int, total: int) -> str:
    return "The only output" if number == total == 1 else f"{number:,} of {words.count(total, 'output')}"


def _entries(result: RequestResult, notes: Mapping[str, CheckNote]) -> tuple[list[Entry], dict[int, int]]:
    """Outputs in the order of the page, and their numbers there by their numbers in the result."""
    entries, numbers = [], {}
    for number, (index, assessment, decision) in enumerate(gravest_first(result), start=1):
        numbers[index] = number
        detailed = number <= DETAILED and decision.outcome > Outcome.RELEASE
        groups = grouped(assessment.findings)
        entries.append(
            Entry(
                number=number,
                file=result.request.files[index],
                assessment=assessment,
                decision=decision,
                what=what_it_is(assessment),
                found=_found(groups, result.request.files[index], assessment, decision),
                findings=_shown_groups(assessment.findings, assessment.path, notes) if detailed else (),
                more_findings=max(len(groups) - _GROUPS, 0),
                reasons=_counted(decision.reasons) if detailed else (),
                broken=tuple(run.check_id for run in assessment.runs if not run.status.settled),
            )
        )
    return entries, numbers


def _found(groups: Sequence[Group], file: OutputFile, assessment: Assessment, decision: Decision) -> str:
    """What was found in an output, in one line for a table."""
    found = [words.sentence(f"not taken in: {words.REFUSALS[file.refusal]}")] if file.refusal else []
    if assessment.failure:
        found.append(words.sentence(f"not judged: {assessment.failure}"))
    if assessment.unread:
        found.append(f"{words.count(len(assessment.unread), 'part')} not read.")
    found += [words.sentence(f"{words.check_title(group.first.check_id)}: {group.first.message}") for group in groups[:2]]
    if not found and decision.outcome > Outcome.RELEASE:
        found = [words.sentence(reason.text) for reason in decision.reasons[:1]]
    return " ".join(found)


def _counted(reasons: Iterable[Reason]) -> tuple[tuple[Reason, int], ...]:
    """Reasons that differ, in their order, with how often each was given."""
    counts: dict[Reason, int] = {}
    for reason in reasons:
        counts[reason] = counts.get(reason, 0) + 1
    return tuple(counts.items())[:_GROUPS]


def _first(result: RequestResult, entries: Sequence[Entry], numbers: Mapping[int, int]) -> list[First]:
    """What to look at first: the gravest findings, then outputs that could not be read or checked."""
    first = []
    for index, group in look_first(result):
        finding = group.first
        title = words.check_title(finding.check_id)
        places = f" ({words.count(group.places, 'place')})" if group.places > 1 else ""
        text = f"{title}{places}: {words.sentence(finding.message)}"
        first.append(First(number=numbers[index], path=result.assessments[index].path, severity=group.severity, text=text))
    named = {entry.number for entry in first}
    for entry in entries:
        gap = entry.file.refusal or entry.assessment.failure or entry.assessment.unread or entry.broken
        if gap and entry.number not in named and len(first) < 10:  # noqa: PLR2004 - what a person takes in at once
            text = entry.found if not entry.broken else f"{words.count(len(entry.broken), 'check')} did not come to an end."
            first.append(First(number=entry.number, path=entry.assessment.path, severity=Severity.HIGH, text=text))
    return first


def _shown_groups(findings: Iterable[Finding], path: str, notes: Mapping[str, CheckNote]) -> tuple[Shown, ...]:
    return tuple(_shown_group(group, path, notes) for group in grouped(findings)[:_GROUPS])


def _shown_group(group: Group, path: str, notes: Mapping[str, CheckNote]) -> Shown:
    first = group.first
    listed = group.findings[:_PLACES]
    return Shown(
        severity=group.severity,
        title=words.check_title(first.check_id),
        note=notes.get(first.check_id) or CheckNote(title=""),
        group=group,
        places=tuple((_where(finding.location, path), words.sentence(finding.message)) for finding in listed),
        left=len(group.findings) - len(listed),
        evidence=_evidence(group),
        pictures=_pictures(group),
    )


def _where(location: Location, path: str) -> str:
    where = [words.inside(location.part_id, path), words.place(location)]
    text = ", ".join(filter(None, where))
    return text[:1].upper() + text[1:]


def _evidence(group: Group) -> tuple[str, ...]:
    """Shapes of the evidence, each once: "10 digits (1,204 times)"."""
    counts: dict[str, int] = {}
    for finding in group.findings:
        for evidence in finding.evidence:
            counts[evidence.shape] = counts.get(evidence.shape, 0) + evidence.count
    return tuple(shape if number == 1 else f"{shape} ({number:,} times)" for shape, number in list(counts.items())[:_PLACES])


def _pictures(group: Group) -> tuple[Thumbnail, ...]:
    """A picture for each part that the group concerns; the first few."""
    parts: dict[tuple[str, tuple[int, int] | None, bool], list[Location]] = {}
    for finding in group.findings:
        location = finding.location
        parts.setdefault((location.part_id, location.shape, location.lines is None), []).append(location)
    drawn = (thumbnail(locations) for locations in list(parts.values())[:_PICTURES])
    return tuple(picture for picture in drawn if picture is not None)
