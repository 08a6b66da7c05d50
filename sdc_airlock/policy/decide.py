"""The law of the house, in one function: what may be released, and what anything missing leads to.

RELEASE needs all of:

* everything was read and nothing broke off,
* of every table it is clear enough whether its rows are single people,
* every check that the profile requires came to an end by itself, and no other check failed,
* no finding leads to more than RELEASE,
* something was recognised (or the output is empty),
* the bytes to be released are the bytes that were judged.

Whatever is missing makes it REVIEW at least; findings may make it more. Nothing known is REVIEW.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from sdc_airlock import __version__
from sdc_airlock.checks import ON_REQUEST
from sdc_airlock.model.assessment import Assessment
from sdc_airlock.model.checkrun import CheckRun
from sdc_airlock.model.decision import Decision, Outcome, Reason, Risk
from sdc_airlock.model.filetype import Family
from sdc_airlock.model.finding import Finding, Severity
from sdc_airlock.model.sandbox import Protection
from sdc_airlock.policy.confidence import confidence
from sdc_airlock.policy.profile import Profile


def join(outcomes: Iterable[Outcome]) -> Outcome:
    """The gravest of some outcomes; of none at all, REVIEW."""
    return max(outcomes, default=Outcome.REVIEW)


def decide(assessment: Assessment, profile: Profile, *, same_bytes: bool, lacking: Iterable[Protection] = ()) -> Decision:
    """What is to be done with one output.

    Args:
        assessment: What was found out about it.
        profile: The rules.
        same_bytes: True where the bytes that would be released were hashed again and gave `assessment.file_id`.
        lacking: Protections that the profile demands and that the processes which read files did not all have.
    """
    gaps = [
        *(_gap("sandbox.required", f"it was read without the protection {each.value}, which the profile demands") for each in lacking),
        *_content_gaps(assessment, same_bytes=same_bytes),
        *_doubts(assessment, profile),
        *_run_gaps(assessment.runs, profile.required_checks),
    ]
    return _decision(
        file_id=assessment.file_id,
        profile=profile,
        gaps=gaps,
        findings=assessment.findings,
        recognition=[part.probability for part in assessment.recognised],
    )


def decide_request(decisions: Sequence[Decision], runs: Sequence[CheckRun], profile: Profile) -> Decision:
    """What is to be done with a whole request: the gravest of its outputs and of what was found in them together.

    Args:
        decisions: One for each output.
        runs: The checks of the request as a whole.
        profile: The rules.

    Returns:
        A decision without `file_id`, whose confidence is that of the output or finding that decided.
    """
    needed = tuple(check for check in profile.required_checks if check in ON_REQUEST)
    gaps = _run_gaps(runs, needed)
    findings = tuple(finding for run in runs for finding in run.findings)
    own = _decision(file_id="", profile=profile, gaps=gaps, findings=findings, recognition=[])
    outcome = join([*(decision.outcome for decision in decisions), own.outcome]) if decisions else join([own.outcome, Outcome.REVIEW])
    reasons = list(own.reasons)
    if not decisions:
        reasons.append(Reason(outcome=Outcome.REVIEW, rule="outputs", text="the request holds no output"))
    counted = Counter(decision.outcome for decision in decisions)
    reasons += [
        Reason(outcome=level, rule="outputs", text=f"{_outputs(counted[level])} to {level.word}") for level in Outcome if counted[level]
    ]
    deciding = [decision for decision in (*decisions, own) if decision.outcome is outcome] or [own]
    # a release is as sure as its least sure output; a held request is as sure as the surest ground for holding it
    sure = min if outcome is Outcome.RELEASE else max
    return Decision(
        file_id="",
        outcome=outcome,
        risk=_worst([decision.risk for decision in (*decisions, own)]) if decisions else max(own.risk, Risk.AMBER, key=_RISKS.index),
        confidence=sure(decision.confidence for decision in deciding),
        reasons=_sorted(reasons),
        policy_id=profile.id,
        policy_sha256=profile.sha256,
        tool_version=__version__,
    )


_RISKS = (Risk.GREEN, Risk.AMBER, Risk.RED)


def _worst(risks: Iterable[Risk]) -> Risk:
    return max(risks, key=_RISKS.index)


def _decision(
    *, file_id: str, profile: Profile, gaps: Sequence[Reason], findings: Sequence[Finding], recognition: Sequence[float]
) -> Decision:
    reasons = [*gaps, *(_reason_of(finding, profile) for finding in findings)]
    if not reasons:
        reasons.append(
            Reason(outcome=Outcome.RELEASE, rule="complete", text="everything was read, every required check ran, and none found anything")
        )
    outcome = join(reason.outcome for reason in reasons)
    return Decision(
        file_id=file_id,
        outcome=outcome,
        risk=_risk(outcome, findings),
        confidence=confidence(outcome, recognition=recognition, findings=findings, gap=bool(gaps)),
        reasons=_sorted(reasons),
        policy_id=profile.id,
        policy_sha256=profile.sha256,
        tool_version=__version__,
    )


def _reason_of(finding: Finding, profile: Profile) -> Reason:
    own = finding.check_id in profile.check_outcomes
    rule = f"outcomes.checks.{finding.check_id}.{finding.severity.word}" if own else f"outcomes.{finding.severity.word}"
    return Reason(outcome=profile.outcome_of(finding), rule=rule, text=f"{finding.check_id}: {finding.message}")


def _content_gaps(assessment: Assessment, *, same_bytes: bool) -> list[Reason]:
    """One reason for each way in which the output is not wholly known."""
    gaps = []
    if assessment.failure:
        gaps.append(_gap("content", "judging it broke off before the end"))
    for why, count in sorted(Counter(unread.why.value for unread in assessment.unread).items()):
        gaps.append(_gap("content", f"{count} part{'s were' if count > 1 else ' was'} not read ({why})"))
    if not assessment.recognised and assessment.file_type.family is not Family.EMPTY:
        gaps.append(_gap("recognised", "nothing in it was recognised"))
    if not same_bytes or not assessment.file_id:
        gaps.append(_gap("file_id", "the bytes to be released are not shown to be the bytes that were judged"))
    return gaps


def _doubts(assessment: Assessment, profile: Profile) -> list[Reason]:
    """One reason for the tables of which it is not clear whether their rows are single people."""
    low, high = profile.value("individual_doubt"), profile.value("individual_review")
    unclear = sum(low <= part.individual < high for part in assessment.recognised)
    if not unclear:
        return []
    return [
        _gap(
            "individual_doubt",
            f"what the rows of {unclear} table{'s' if unclear > 1 else ''} stand for is not clear: it may be single people",
        )
    ]


def _run_gaps(runs: Sequence[CheckRun], required: Iterable[str]) -> list[Reason]:
    """One reason for each required check that is absent, and for each check that did not come to its end."""
    gaps = [
        _gap("required_checks", f"the required check {check} did not run")
        for check in sorted(set(required) - {run.check_id for run in runs})
    ]
    return gaps + [_gap("runs", f"the check {run.check_id} {_words(run)}") for run in runs if not run.status.settled]


def _words(run: CheckRun) -> str:
    return run.status.value.replace("_", " ")


def _gap(rule: str, text: str) -> Reason:
    return Reason(outcome=Outcome.REVIEW, rule=rule, text=text)


def _outputs(count: int) -> str:
    return f"{count} output{'s' if count != 1 else ''}"


def _sorted(reasons: Iterable[Reason]) -> tuple[Reason, ...]:
    return tuple(sorted(reasons, key=lambda reason: -reason.outcome))


def _risk(outcome: Outcome, findings: Iterable[Finding]) -> Risk:
    """Green: released with nothing above low. Red: rejected, or held with something high or critical. Amber: between."""
    gravest = max((finding.severity for finding in findings), default=Severity.LOW)
    if outcome is Outcome.REJECT or (outcome is Outcome.REVIEW and gravest >= Severity.HIGH):
        return Risk.RED
    if outcome is Outcome.RELEASE and gravest is Severity.LOW:
        return Risk.GREEN
    return Risk.AMBER
