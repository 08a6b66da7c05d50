"""The manual review report: one page for an output checker, readable anywhere, with a form of decisions that exports as JSON.

The exported file names the request, the SHA-256 of the JSON report, the profile, the reviewer and the time, and gives for each output
its path, hash, the tool's outcome, a comment and a vote: `approve_release`, `request_changes`, `reject`, null while undecided, or
`as_decided` for an output that the tool would release and the reviewer did not hold back.
"""

from __future__ import annotations

import hashlib
import re
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
_CHUNK: Final = 200
_FIRST: Final = 10
_CHECK_ID: Final = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A group of findings, as the page shows it.

    Attributes:
        same: What was seen, where it is the same in all places; else "".
        places: Where, and what of it, one line each; the first few.
        left: Findings beyond those.
        evidence: Shapes with their counts.
    """

    severity: Severity
    title: str
    note: CheckNote
    group: Group
    same: str
    places: tuple[tuple[str, str], ...]
    left: int
    evidence: tuple[str, ...]
    pictures: tuple[Thumbnail, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One output, as the page shows it.

    Attributes:
        number: Counted from 1, in the order of the page.
        reasons: Each with its words; those that repeat a finding are told once a check and rule.
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
    reasons: tuple[tuple[Reason, str], ...] = ()
    broken: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class First:
    """A line of what to look at first."""

    number: int
    path: str
    severity: Severity
    tag: str
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
        request_reasons=[reason for reason in result.reasons if reason.rule != "outputs" and reason.outcome > Outcome.RELEASE],
        Outcome=Outcome,
        Severity=Severity,
        protections=lambda some: words.listed([words.PROTECTIONS[each] for each in some], len(words.PROTECTIONS)),
        gaps_shown=_GAPS,
        chunk=_CHUNK,
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
    return f"{words.every(total)} may be released"


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
                reasons=_told(decision.reasons) if detailed else (),
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


def _told(reasons: Iterable[Reason]) -> tuple[tuple[Reason, str], ...]:
    """Reasons in words. Policy writes "check: message" for a finding; the findings follow, so these are counted, not repeated."""
    told: dict[tuple[Outcome, str, str], list[Reason]] = {}
    for reason in reasons:
        check_id, colon, _ = reason.text.partition(": ")
        found = bool(colon) and _CHECK_ID.fullmatch(check_id) is not None
        told.setdefault((reason.outcome, reason.rule, check_id if found else f" {reason.text}"), []).append(reason)
    return tuple(
        (
            same[0],
            words.sentence(f"{words.check_title(key)}, {words.count(len(same), 'finding')}")
            if not key.startswith(" ")
            else words.sentence(key),
        )
        for (_, _, key), same in list(told.items())[:_GROUPS]
    )


def _first(result: RequestResult, entries: Sequence[Entry], numbers: Mapping[int, int]) -> list[First]:
    """What to look at first: the gravest findings, then outputs that could not be read or checked."""
    first = []
    for index, group in look_first(result):
        finding = group.first
        title = words.check_title(finding.check_id)
        places = f" ({words.count(group.places, 'place')})" if group.places > 1 else ""
        text = f"{title}{places}: {words.sentence(finding.message)}"
        tag = words.SEVERITIES[group.severity].capitalize()
        first.append(First(number=numbers[index], path=result.assessments[index].path, severity=group.severity, tag=tag, text=text))
    named = {entry.number for entry in first}
    for entry in entries:
        if entry.number not in named and len(first) < _FIRST and (tag := _gap_tag(entry)):
            text = entry.found if not entry.broken else f"{words.count(len(entry.broken), 'check')} did not come to an end."
            first.append(First(number=entry.number, path=entry.assessment.path, severity=Severity.HIGH, tag=tag, text=text))
    return sorted(first, key=lambda line: -line.severity)


def _gap_tag(entry: Entry) -> str:
    """What is lacking in an output, in two or three words; "" where nothing is."""
    if entry.file.refusal:
        return "Not taken in"
    if entry.assessment.failure:
        return "Not judged"
    if entry.assessment.unread:
        return "Not read"
    return "Not checked" if entry.broken else ""


def _shown_groups(findings: Iterable[Finding], path: str, notes: Mapping[str, CheckNote]) -> tuple[Shown, ...]:
    return tuple(_shown_group(group, path, notes) for group in grouped(findings)[:_GROUPS])


def _shown_group(group: Group, path: str, notes: Mapping[str, CheckNote]) -> Shown:
    first = group.first
    listed = group.findings[:_PLACES]
    same = words.sentence(first.message) if len(group.findings) > 1 and len({finding.message for finding in group.findings}) == 1 else ""
    return Shown(
        severity=group.severity,
        title=words.check_title(first.check_id),
        note=notes.get(first.check_id) or CheckNote(title=""),
        group=group,
        same=same,
        places=tuple((_where(finding.location, path), words.sentence(finding.message)) for finding in listed),
        left=len(group.findings) - len(listed),
        evidence=_evidence(group),
        pictures=_pictures(group),
    )


def _where(location: Location, path: str) -> str:
    """Part and place; the name of a part stands as it is written."""
    inside, place = words.inside(location.part_id, path), words.place(location)
    return f"{inside}, {place}" if inside and place else inside or place[:1].upper() + place[1:]


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
