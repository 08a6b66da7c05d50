"""Everything this package raises.

    AirlockError
    ├── UsageError              wrong arguments
    │   └── WithdrawnListError  the list of withdrawn participants cannot be used
    ├── PolicyError             a profile cannot be trusted (unknown key, missing check)
    ├── IntakeError             a path cannot be taken in
    ├── ReadError               never escapes the readers: becomes an Unread part
    │   ├── Encrypted
    │   ├── Malformed
    │   ├── Unsupported
    │   └── LimitReached        limit_name, limit, seen
    ├── CheckError              never escapes the check runner: becomes a CheckRun that failed
    └── IdentificationError     the means of identification are missing; nothing can be judged

Messages say where and what, and never hold a value of the file or an unescaped name.
"""

from __future__ import annotations

from types import TracebackType


class AirlockError(Exception):
    """Base of all errors of this package."""


class UsageError(AirlockError):
    """The arguments are wrong."""


class WithdrawnListError(UsageError):
    """The list of withdrawn participants cannot be read in full, or holds no id."""


class PolicyError(AirlockError):
    """A profile cannot be trusted."""


class IntakeError(AirlockError):
    """A path cannot be taken in."""


class CheckError(AirlockError):
    """A check could not do its work."""


class IdentificationError(AirlockError):
    """The means of identification are missing."""


class ReadError(AirlockError):
    """A part could not be read."""


class Encrypted(ReadError):
    """The part is encrypted."""


class Malformed(ReadError):
    """The part does not follow its format."""


class Unsupported(ReadError):
    """No reader knows this part."""


class LimitReached(ReadError):
    """A cap of `Limits` was reached.

    Attributes:
        limit_name: Field of `Limits`.
        limit: Its value.
        seen: What was met, as far as it was counted.
    """

    def __init__(self, limit_name: str, limit: float, seen: float) -> None:
        super().__init__(f"{limit_name} reached: limit {limit:,.12g}, seen {seen:,.12g}")
        self.limit_name = limit_name
        self.limit = limit
        self.seen = seen


def where(error: BaseException) -> str:
    """Class of an error and the line of this package that it came through; never its message, which may hold a value."""
    return f"{type(error).__name__} at {_place(error.__traceback__)}"


def _place(traceback: TracebackType | None) -> str:
    place = "an unknown line"
    while traceback is not None:
        module = str(traceback.tb_frame.f_globals.get("__name__", ""))
        if module.partition(".")[0] == "sdc_airlock":
            place = f"{module}:{traceback.tb_lineno}"
        elif place == "an unknown line":
            place = f"{traceback.tb_frame.f_code.co_filename.rpartition('/')[2]}:{traceback.tb_lineno}"
        traceback = traceback.tb_next
    return place
