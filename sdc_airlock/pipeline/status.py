"""Exit statuses: the contract with shells and egress hooks. Everything but `RELEASED` means: hold."""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum

from sdc_airlock.model.decision import Outcome
from sdc_airlock.policy import join
from sdc_airlock.reports import RequestResult


class Status(IntEnum):
    """What the caller is told by the way the process ends."""

    RELEASED = 0
    USAGE = 2
    REVIEW = 10
    REJECT = 20
    UNDECIDED = 70


_OF_OUTCOME = {Outcome.RELEASE: Status.RELEASED, Outcome.REVIEW: Status.REVIEW, Outcome.REJECT: Status.REJECT}


def status_of(results: Iterable[RequestResult]) -> Status:
    """The status for some requests: of the gravest outcome; undecided where not a single output could be judged."""
    judged = tuple(results)
    assessments = [assessment for result in judged for assessment in result.assessments]
    if assessments and all(assessment.failure for assessment in assessments):
        return Status.UNDECIDED
    return _OF_OUTCOME[join(result.outcome for result in judged)]
