"""How a command that breaks off ends: with a sentence and an exit status."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from types import FrameType

from sdc_airlock.errors import AirlockError, PolicyError, UsageError
from sdc_airlock.pipeline.status import Status
from sdc_airlock.reports.safe import shown


def guarded(work: Callable[[], int]) -> int:
    """Do the work of a command; what is known to break it off becomes a sentence on standard error and an exit status.

    What is not known goes on to the guard in `main`.
    """
    signal.signal(signal.SIGTERM, _interrupt)
    signal.signal(signal.SIGHUP, _interrupt)
    try:
        status = work()
        sys.stdout.flush()
    except BrokenPipeError:
        # nobody read the answer to its end, so it was not given
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (UsageError, PolicyError) as error:
        complain(str(error))
        return Status.USAGE
    except KeyboardInterrupt:
        complain("interrupted: reports that were written are whole; hold whatever has no report")
    except AirlockError as error:
        complain(f"{error}; nothing was decided, so hold everything")
    except OSError as error:
        complain(f"{_of_system(error)}; not all was decided or written, so hold everything")
    else:
        return status
    return Status.UNDECIDED


def _of_system(error: OSError) -> str:
    words = error.strerror or type(error).__name__
    return f"{shown(str(error.filename))}: {words}" if isinstance(error.filename, str) else words


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def complain(text: str) -> None:
    """One line on standard error."""
    print(f"sdc-airlock: {text}", file=sys.stderr)
