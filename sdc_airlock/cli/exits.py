"""Exit statuses, and the last guard: whatever happens ends in one of them and a sentence, never in a traceback."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Iterable
from enum import IntEnum
from types import FrameType
from typing import TYPE_CHECKING

from sdc_airlock.errors import AirlockError, PolicyError, UsageError

if TYPE_CHECKING:
    from sdc_airlock.model.decision import Outcome
    from sdc_airlock.reports import RequestResult


class Exit(IntEnum):
    """What the shell is told. Everything but `RELEASED` means: hold."""

    RELEASED = 0
    USAGE = 2
    REVIEW = 10
    REJECT = 20
    UNDECIDED = 70


def status_of(results: Iterable[RequestResult]) -> Exit:
    """The status for some requests: that of the gravest outcome; undecided where not a single output could be judged."""
    judged = list(results)
    assessments = [assessment for result in judged for assessment in result.assessments]
    if assessments and all(assessment.failure for assessment in assessments):
        return Exit.UNDECIDED
    return status_of_outcome(max((result.outcome for result in judged), default=None))


def status_of_outcome(outcome: Outcome | None) -> Exit:
    """The status for an outcome; of nothing at all, review."""
    return Exit[outcome.name.replace("RELEASE", "RELEASED")] if outcome is not None else Exit.REVIEW


def guarded(work: Callable[[], int]) -> int:
    """Do the work of a command; whatever breaks off becomes a sentence on standard error and an exit status."""
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        return work()
    except (UsageError, PolicyError) as error:
        complain(str(error))
        return Exit.USAGE
    except KeyboardInterrupt:
        complain("interrupted: reports that were written are whole; whatever has no report was not decided, so hold it")
    except AirlockError as error:
        complain(f"{error}; nothing was decided, so hold everything")
    except OSError as error:
        complain(f"{error.strerror or type(error).__name__}; nothing was decided, so hold everything")
    except Exception as error:  # noqa: BLE001 - the last guard: a message of a library may hold a value, so only its class is told
        complain(f"internal failure ({type(error).__name__}); nothing was decided, so hold everything")
    return Exit.UNDECIDED


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def complain(text: str) -> None:
    """One line on standard error."""
    print(f"sdc-airlock: {text}", file=sys.stderr)
