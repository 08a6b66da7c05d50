"""Exit statuses: the contract with shells and egress hooks. Everything but `RELEASED` means: hold."""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum

from sdc_airlock.model.decision import Outcome
from sdc_airlock.reports import RequestResult


class Status(IntEnum):
    """What the caller is told by the way the process ends."""

    RELEASED = 0
    USAGE = 2
    REVIEW = 10
    REJECT = 20
    UNDECIDED = 70


_OF_OUTCOME = {Outcome.RELEASE: Status.RELEASED, Outcome.REVIEW: Status.REVIEW, Outcome.REJECT: Status.REJECT}


def status_of(result: RequestResult) -> Status:
    """The status for one request: undecided where not a single output of it could be judged."""
    if result.assessments and all(assessment.failure for assessment in result.assessments):
        return Status.UNDECIDED
    return _OF_OUTCOME[result.outcome]


def gravest(statuses: Iterable[Status]) -> Status:
    """The status for many requests; of none at all, review. Undecided is told where nothing could be decided."""
    told = tuple(statuses)
    decided = [status for status in told if status is not Status.UNDECIDED]
    if told and not decided:
        return Status.UNDECIDED
    floor = Status.RELEASED if len(decided) == len(told) and told else Status.REVIEW
    return max((floor, *decided))
