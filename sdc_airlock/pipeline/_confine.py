"""The sandbox: what a worker process may not do, whatever the bytes make a library try.

Each protection is set and then tried (`_proofs`); only what was shown to hold is told to the parent. The process is locked
before it imports a library or starts a thread, because some of the locks hold for the thread that sets them alone.
"""

from __future__ import annotations

import ctypes
import mimetypes
import os
import resource
import signal
import site
import struct
import sys
import sysconfig
from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from sdc_airlock.model.sandbox import Protection
from sdc_airlock.pipeline import _landlock, _proofs, _seccomp
from sdc_airlock.pipeline._kernel import MACHINES, call, library, machine, prctl

_PARENT_DEATH_SIGNAL = 1
_NO_NEW_PRIVILEGES = 38
_CAPSET = (126, 91)
_CAPABILITY_VERSION = 0x20080522
_NEW_USER, _NEW_NETWORK, _NEW_IPC = 0x10000000, 0x40000000, 0x08000000
OPEN_FILES = 128
_PROCESSES = 256
_GRACE_SECONDS = 30

# what libraries read when they are loaded or ask what the machine is like; none of it is the user's
_SYSTEM_FOLDERS = ("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib", "/usr/share", "/nix/store", "/sys/devices/system")
_SYSTEM_FILES = (
    "/etc/ld.so.cache",
    "/etc/localtime",
    "/etc/magic",
    "/proc/self",
    "/proc/cpuinfo",
    "/proc/meminfo",
    "/proc/sys/vm/overcommit_memory",
    "/sys/kernel/mm/transparent_hugepage",
    "/dev/urandom",
    "/dev/random",
    "/dev/zero",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a worker is to be locked into.

    Attributes:
        parent: Number of the process that started it.
        staged: Folder of the copies that it may read.
        scratch: Folder that it may write in.
        writable: Further paths it may write; for measurements of the tests only.
        environment: Names of the variables it was given.
        kernel: False leaves out what needs the kernel; for measurements only.
    """

    parent: int
    staged: str
    scratch: str
    writable: tuple[str, ...] = ()
    environment: tuple[str, ...] = ()
    kernel: bool = True


def lock(plan: Plan) -> tuple[Protection, ...]:
    """Lock this process in, as far as this machine can; the protections that were shown to hold.

    Call it once, before there is a second thread.
    """
    held = []
    if _proofs.separate_process(plan.parent):
        held.append(Protection.SEPARATE_PROCESS)
    if _proofs.clean_environment(plan.environment):
        held.append(Protection.CLEAN_ENVIRONMENT)
    if sys.platform == "linux":
        prctl(_NO_NEW_PRIVILEGES, 1)
        prctl(_PARENT_DEATH_SIGNAL, signal.SIGKILL)
        if _proofs.no_new_privileges():
            held.append(Protection.NO_NEW_PRIVILEGES)
    if machine() and plan.kernel:
        held += _lock_by_kernel(plan)
    return tuple(held)


def _lock_by_kernel(plan: Plan) -> Iterator[Protection]:
    """Each lock in an order in which none forbids setting or trying the next."""
    alone = _threads() == 1
    paths = tuple(_needed())
    if alone and _separate() and _proofs.own_network():
        yield Protection.NAMESPACES
    _drop_capabilities()
    if _proofs.no_capabilities():
        yield Protection.NO_CAPABILITIES
    version = _landlock.restrict((*paths, plan.staged), (plan.scratch, os.devnull, *plan.writable)) if alone else 0
    if version and _proofs.files_closed(Path(plan.staged), Path(plan.scratch)):
        yield Protection.LANDLOCK_FILES
    if version and _proofs.tcp_closed():
        yield Protection.LANDLOCK_NETWORK
    if version and _proofs.signals_closed():
        yield Protection.LANDLOCK_SCOPES
    if _seccomp.install() and _proofs.calls_refused():
        yield Protection.SECCOMP


def cap(scratch: str, *, address_bytes: int, file_bytes: int) -> tuple[Protection, ...]:
    """Cap memory and files, forbid images of the memory; the protection this is, where it was shown to hold.

    Args:
        scratch: Folder that may be written in.
        address_bytes: Address space of this process.
        file_bytes: Largest file that it may write.
    """
    for kind, wanted in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_AS, address_bytes),
        (resource.RLIMIT_FSIZE, file_bytes),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
    ):
        _lower(kind, wanted)
    allow_seconds(0)
    held = _proofs.limited(Path(scratch), address_bytes=address_bytes, file_bytes=file_bytes, open_files=OPEN_FILES)
    return (Protection.RESOURCE_LIMITS,) if held else ()


def allow_seconds(seconds: float) -> None:
    """Let this process use so many more seconds of processor time; it is ended by the system beyond that."""
    used = sum(os.times()[:2])
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    soft = int(used + seconds) + _GRACE_SECONDS
    resource.setrlimit(resource.RLIMIT_CPU, (soft if hard == resource.RLIM_INFINITY else min(soft, hard), hard))


def _lower(kind: int, wanted: int) -> None:
    """Lower a limit; a stricter one that is in force stays."""
    _, hard = resource.getrlimit(kind)
    limit = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    resource.setrlimit(kind, (limit, limit))


def _threads() -> int:
    try:
        return len(os.listdir("/proc/self/task"))  # noqa: PTH208
    except OSError:
        return 0


def _separate() -> bool:
    """Take users, network and messages of this process out of those of the machine; False where that is not allowed."""
    if library().unshare(_NEW_USER | _NEW_NETWORK | _NEW_IPC) != 0:
        return False
    # counted anew for the new users' space, so that what else the user runs does not count
    with suppress(OSError, ValueError):
        _lower(resource.RLIMIT_NPROC, _PROCESSES)
    return True


def _drop_capabilities() -> None:
    head = ctypes.create_string_buffer(struct.pack("=Ii", _CAPABILITY_VERSION, 0))
    call(_CAPSET[MACHINES[machine()][0]], head, ctypes.create_string_buffer(24))


def _needed() -> Iterator[str]:
    """What has to be readable for libraries to be imported when they are first used."""
    yield from _SYSTEM_FOLDERS
    yield from _SYSTEM_FILES
    yield from (os.fspath(path) for path in mimetypes.knownfiles)
    yield from (path for path in sys.path if path)
    yield from sysconfig.get_paths().values()
    yield from site.getsitepackages()
    yield from (str(Path(prefix) / "lib") for prefix in (sys.prefix, sys.base_prefix))
    yield from _of_variable("LD_LIBRARY_PATH")
    yield str(Path(__file__).parents[1])


def _of_variable(name: str) -> Collection[str]:
    return [path for path in os.environ.get(name, "").split(os.pathsep) if path]
