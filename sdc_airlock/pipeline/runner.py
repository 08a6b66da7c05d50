"""The check runner: every check on one subject, whatever becomes of any of them.

One of the two places in the package where any exception is caught (the other is the worker): a check that breaks off becomes
a run that failed, and a failed run is never a release.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from sdc_airlock.errors import where
from sdc_airlock.model.checkrun import CheckRun, RunStatus
from sdc_airlock.model.finding import Finding
from sdc_airlock.pipeline.codec import encode

if TYPE_CHECKING:
    from sdc_airlock.checks import Check, RequestSubject, Subject


class OutOfTime(BaseException):
    """The time of this output is over. No `Exception`, so that no library swallows it."""


def run_on_output(subject: Subject, checks: Iterable[Check], params: Mapping[str, Mapping[str, Any]]) -> tuple[CheckRun, ...]:
    """Every check that looks at single outputs, on one of them."""
    return tuple(
        _run(check, partial(check.on_output, subject), params)
        if check.applies is None or check.applies(subject)
        else CheckRun(check_id=check.id, check_version=check.version, status=RunStatus.NOT_APPLICABLE)
        for check in checks
        if check.on_output is not None
    )


def run_on_request(subject: RequestSubject, checks: Iterable[Check], params: Mapping[str, Mapping[str, Any]]) -> tuple[CheckRun, ...]:
    """Every check that looks at whole requests."""
    return tuple(_run(check, partial(check.on_request, subject), params) for check in checks if check.on_request is not None)


def _run(check: Check, start: Callable[[Mapping[str, Any]], Iterator[Finding]], params: Mapping[str, Mapping[str, Any]]) -> CheckRun:
    """One check, to its end or to whatever broke it off; what it found before that is kept.

    A finding that cannot be told to the parent breaks its check off, not the assessment.
    """
    began = time.monotonic()
    findings: list[Finding] = []
    status, error = RunStatus.RAN, ""
    try:
        for finding in start(params[check.id]):
            encode(finding, Finding)
            findings.append(finding)
    except OutOfTime:
        status, error = RunStatus.TIMED_OUT, "the time for this output was over"
    except Exception as caught:  # noqa: BLE001 - a check that breaks off is a gap, not a crash
        status, error = RunStatus.FAILED, where(caught)
    return CheckRun(
        check_id=check.id,
        check_version=check.version,
        status=status,
        findings=tuple(findings),
        elapsed_ms=round((time.monotonic() - began) * 1000),
        error=error,
    )
