"""What a worker process may not do, whatever the bytes make a library try."""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import sys

_PR_SET_PDEATHSIG = 1
_PR_SET_NO_NEW_PRIVS = 38
_OPEN_FILES = 128
_GRACE_SECONDS = 30


def confine(*, address_bytes: int, file_bytes: int) -> None:
    """Cap memory and files written, forbid core dumps and new privileges, and end with the parent.

    Args:
        address_bytes: Address space of this process.
        file_bytes: Largest file that it may write.
    """
    _cap(resource.RLIMIT_CORE, 0)
    _cap(resource.RLIMIT_AS, address_bytes)
    _cap(resource.RLIMIT_FSIZE, file_bytes)
    _cap(resource.RLIMIT_NOFILE, _OPEN_FILES)
    if sys.platform == "linux":
        system = ctypes.CDLL(None, use_errno=True)
        system.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
        system.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def allow_seconds(seconds: float) -> None:
    """Let this process use so many more seconds of processor time; it is ended by the system beyond that."""
    used = sum(os.times()[:2])
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    soft = int(used + seconds) + _GRACE_SECONDS
    resource.setrlimit(resource.RLIMIT_CPU, (soft if hard == resource.RLIM_INFINITY else min(soft, hard), hard))


def _cap(kind: int, wanted: int) -> None:
    """Lower a limit; a stricter one that is in force stays."""
    _, hard = resource.getrlimit(kind)
    limit = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    resource.setrlimit(kind, (limit, limit))
