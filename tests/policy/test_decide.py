"""The law of the house, by example and as a property."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdc_airlock.model.assessment import Assessment
from sdc_airlock.model.checkrun import CheckRun, RunStatus
from sdc_airlock.model.content import Unread, UnreadReason
from sdc_airlock.model.decision import Decision, Outcome, Risk
from sdc_airlock.model.filetype import Family, FileType
from sdc_airlock.model.finding import Finding, Severity
from sdc_airlock.model.sandbox import Protection
from sdc_airlock.policy import Profile, decide, decide_request, join

UNREAD = Unread(part_id="a.zip/b.bin", why=UnreadReason.ENCRYPTED)


def run_of(status: RunStatus, check_id: str = "anomalous_size", findings: tuple[Finding, ...] = ()) -> CheckRun:
    """One run of a check."""
    return CheckRun(check_id=check_id, check_version=1, status=status, findings=findings)


def test_a_known_output_without_findings_is_released(profile: Profile, assessment_of: Callable[..., Assessment]) -> None:
    """Everything read, everything run, nothing found: release, green, with a reason."""
    decision = decide(assessment_of(), profile, same_bytes=True)
    assert (decision.outcome, decision.risk) == (Outcome.RELEASE, Risk.GREEN)
    assert [reason.rule for reason in decision.reasons] == ["complete"]
    assert (decision.policy_id, decision.policy_sha256) == ("default", profile.sha256)


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"unread": (UNREAD,)}, "content"),
        ({"failure": "timed out"}, "content"),
        ({"recognised": ()}, "recognised"),
        ({"file_id": ""}, "file_id"),
        ({"runs": ()}, "required_checks"),
    ],
)
def test_anything_missing_is_reviewed(
    profile: Profile, assessment_of: Callable[..., Assessment], changes: dict[str, Any], rule: str
) -> None:
    """One gap of any kind is enough."""
    decision = decide(assessment_of(**changes), profile, same_bytes=True)
    assert (decision.outcome, decision.risk) == (Outcome.REVIEW, Risk.AMBER)
    assert rule in {reason.rule for reason in decision.reasons}


def test_other_bytes_are_not_released(profile: Profile, assessment_of: Callable[..., Assessment]) -> None:
    """Where the bytes to be released are not shown to be those judged, nothing goes."""
    assert decide(assessment_of(), profile, same_bytes=False).outcome is Outcome.REVIEW


def test_an_empty_output_may_go(profile: Profile, assessment_of: Callable[..., Assessment]) -> None:
    """There is nothing to recognise in an empty file."""
    empty = assessment_of(recognised=(), file_type=FileType(label="empty", family=Family.EMPTY), size_bytes=0)
    assert decide(empty, profile, same_bytes=True).outcome is Outcome.RELEASE


@pytest.mark.parametrize("status", [RunStatus.FAILED, RunStatus.TIMED_OUT])
@pytest.mark.parametrize("check_id", ["anomalous_size", "not_required"])
def test_a_check_that_did_not_end_is_a_gap(
    profile: Profile, assessment_of: Callable[..., Assessment], status: RunStatus, check_id: str
) -> None:
    """A failed check holds the output, required or not."""
    assessment = assessment_of()
    broken = replace(assessment, runs=(*assessment.runs, run_of(status, check_id)))
    assert decide(broken, profile, same_bytes=True).outcome is Outcome.REVIEW


def test_a_protection_that_is_demanded_and_lacking_is_a_gap(profile: Profile, assessment_of: Callable[..., Assessment]) -> None:
    """What was read without a protection that the profile demands is held, and the reason names it."""
    decision = decide(assessment_of(), profile, same_bytes=True, lacking=[Protection.SECCOMP])
    assert decision.outcome is Outcome.REVIEW
    assert [(reason.rule, "seccomp" in reason.text) for reason in decision.reasons] == [("sandbox.required", True)]


def test_not_applicable_is_settled(profile: Profile, assessment_of: Callable[..., Assessment]) -> None:
    """A check that has nothing to look at did its work."""
    runs = tuple(run_of(RunStatus.NOT_APPLICABLE, check) for check in profile.required_checks)
    assert decide(assessment_of(runs=runs), profile, same_bytes=True).outcome is Outcome.RELEASE


@pytest.mark.parametrize(
    ("severity", "outcome", "risk"),
    [
        (Severity.LOW, Outcome.RELEASE, Risk.GREEN),
        (Severity.MEDIUM, Outcome.REVIEW, Risk.AMBER),
        (Severity.HIGH, Outcome.REVIEW, Risk.RED),
        (Severity.CRITICAL, Outcome.REJECT, Risk.RED),
    ],
)
def test_severities(
    profile: Profile,
    assessment_of: Callable[..., Assessment],
    finding_of: Callable[..., Finding],
    severity: Severity,
    outcome: Outcome,
    risk: Risk,
) -> None:
    """The default profile's outcome and colour for each severity."""
    decision = decide(assessment_of((finding_of(severity),)), profile, same_bytes=True)
    assert (decision.outcome, decision.risk) == (outcome, risk)
    assert decision.reasons[0].outcome is outcome


def test_released_with_notes_is_amber(
    profile: Profile, assessment_of: Callable[..., Assessment], finding_of: Callable[..., Finding]
) -> None:
    """A profile that lets medium findings go shows them in amber."""
    lenient = replace(profile, outcomes={**profile.outcomes, Severity.MEDIUM: Outcome.RELEASE})
    decision = decide(assessment_of((finding_of(Severity.MEDIUM),)), lenient, same_bytes=True)
    assert (decision.outcome, decision.risk) == (Outcome.RELEASE, Risk.AMBER)


def test_nothing_known_is_review() -> None:
    """The gravest of no outcomes at all is review."""
    assert join([]) is Outcome.REVIEW


severities = st.lists(st.sampled_from(list(Severity)), max_size=6)
statuses = st.lists(st.sampled_from(list(RunStatus)), max_size=4)


@given(severities=severities, more=st.sampled_from(list(Severity)), gaps=st.integers(0, 2), same_bytes=st.booleans())
def test_more_never_lowers(
    *,
    profile: Profile,
    assessment_of: Callable[..., Assessment],
    finding_of: Callable[..., Finding],
    severities: list[Severity],
    more: Severity,
    gaps: int,
    same_bytes: bool,
) -> None:
    """One more finding, or one more gap, never leads to a milder outcome or colour."""
    findings = tuple(finding_of(severity) for severity in severities)
    before = decide(assessment_of(findings, unread=(UNREAD,) * gaps), profile, same_bytes=same_bytes)
    found = decide(assessment_of((*findings, finding_of(more)), unread=(UNREAD,) * gaps), profile, same_bytes=same_bytes)
    gapped = decide(assessment_of(findings, unread=(UNREAD,) * (gaps + 1)), profile, same_bytes=same_bytes)
    colours = [Risk.GREEN, Risk.AMBER, Risk.RED]
    for after in (found, gapped):
        assert after.outcome >= before.outcome
        assert colours.index(after.risk) >= colours.index(before.risk)
        assert 0 <= after.confidence <= 1


@given(
    severities=severities,
    statuses=statuses,
    unread=st.booleans(),
    failure=st.booleans(),
    known=st.booleans(),
    same_bytes=st.booleans(),
    data=st.data(),
)
def test_the_law(
    *,
    profile: Profile,
    assessment_of: Callable[..., Assessment],
    finding_of: Callable[..., Finding],
    severities: list[Severity],
    statuses: list[RunStatus],
    unread: bool,
    failure: bool,
    known: bool,
    same_bytes: bool,
    data: st.DataObject,
) -> None:
    """An output is released exactly where nothing is missing and nothing found leads to more."""
    ran = data.draw(st.sets(st.sampled_from(profile.required_checks)))
    findings = tuple(finding_of(severity) for severity in severities)
    extra = tuple(run_of(status, "later_check") for status in statuses)
    runs = tuple(run_of(RunStatus.RAN, check, findings if check == "anomalous_size" else ()) for check in ran) + extra
    assessment = assessment_of(
        runs=runs,
        unread=(UNREAD,) if unread else (),
        failure="timed out" if failure else "",
        **({} if known else {"recognised": ()}),
    )
    lawful = (
        assessment.complete
        and ran == set(profile.required_checks)
        and all(run.status.settled for run in runs)
        and all(profile.outcome_of(finding) is Outcome.RELEASE for finding in assessment.findings)
        and known
        and same_bytes
    )
    decision = decide(assessment, profile, same_bytes=same_bytes)
    assert (decision.outcome is Outcome.RELEASE) == lawful
    assert decision.outcome is join(reason.outcome for reason in decision.reasons)


@pytest.fixture
def request_runs(profile: Profile) -> tuple[CheckRun, ...]:
    """The runs of a request in which every check of requests ran."""
    return tuple(run_of(RunStatus.RAN, check) for check in profile.required_checks)


def decisions_of(profile: Profile, assessment_of: Callable[..., Assessment], findings: list[tuple[Finding, ...]]) -> list[Decision]:
    """One decision for each tuple of findings."""
    return [decide(assessment_of(found), profile, same_bytes=True) for found in findings]


def test_request_of_released_outputs(
    profile: Profile, assessment_of: Callable[..., Assessment], request_runs: tuple[CheckRun, ...]
) -> None:
    """A request goes where all of its outputs go, and is as sure as the least sure of them."""
    decisions = decisions_of(profile, assessment_of, [(), ()])
    request = decide_request([decisions[0], replace(decisions[1], confidence=0.6)], request_runs, profile)
    assert (request.outcome, request.risk, request.file_id) == (Outcome.RELEASE, Risk.GREEN, "")
    assert request.confidence == 0.6


def test_request_is_as_grave_as_its_gravest_output(
    profile: Profile, assessment_of: Callable[..., Assessment], finding_of: Callable[..., Finding], request_runs: tuple[CheckRun, ...]
) -> None:
    """One rejected output rejects the request."""
    decisions = decisions_of(profile, assessment_of, [(), (finding_of(Severity.MEDIUM),), (finding_of(Severity.CRITICAL),)])
    request = decide_request(decisions, request_runs, profile)
    assert (request.outcome, request.risk) == (Outcome.REJECT, Risk.RED)
    assert [reason.text for reason in request.reasons if reason.rule == "outputs"] == [
        "1 output to reject",
        "1 output to review",
        "1 output to release",
    ]


def test_request_findings_count(profile: Profile, assessment_of: Callable[..., Assessment], finding_of: Callable[..., Finding]) -> None:
    """What is found in the outputs together holds a request of harmless outputs."""
    runs = tuple(
        run_of(RunStatus.RAN, check, (finding_of(Severity.HIGH),) if check == "anomalous_size" else ()) for check in profile.required_checks
    )
    request = decide_request(decisions_of(profile, assessment_of, [()]), runs, profile)
    assert (request.outcome, request.risk) == (Outcome.REVIEW, Risk.RED)


def test_request_without_its_checks_is_held(profile: Profile, assessment_of: Callable[..., Assessment]) -> None:
    """A required check that looks at requests must have looked."""
    request = decide_request(decisions_of(profile, assessment_of, [()]), (), profile)
    assert request.outcome is Outcome.REVIEW
    assert request.risk is Risk.AMBER


def test_request_without_outputs_is_held(profile: Profile, request_runs: tuple[CheckRun, ...]) -> None:
    """A request of nothing is not released."""
    request = decide_request([], request_runs, profile)
    assert (request.outcome, request.risk) == (Outcome.REVIEW, Risk.AMBER)
