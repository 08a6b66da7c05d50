"""What a protection forbids, tried. A protection counts as active only where the attempt failed as it should.

Each function is called in the process that is protected, at the time when nothing else forbids the same.
"""

from __future__ import annotations

import ctypes
import errno
import mmap
import os
import resource
import struct
import sys
from collections.abc import Callable, Collection
from contextlib import suppress
from pathlib import Path

from sdc_airlock.pipeline._kernel import MACHINES, call, library, machine, prctl
from sdc_airlock.pipeline._seccomp import REFUSED

_GET_NO_NEW_PRIVILEGES = 39
_UNIX, _INTERNET = 1, 2
_STREAM, _DATAGRAM = 1, 2
_LOCALHOST = struct.pack("=H", _INTERNET) + b"\x00\x09\x7f\x00\x00\x01" + bytes(8)
_CLONE = (56, 220)
_CLONE3 = 435
_CAPABILITY_VERSION = 0x20080522
_CAPGET = (125, 90)


def separate_process(parent: int) -> bool:
    """The process is a child of the one that asked for it, and leads a group of its own."""
    return os.getppid() == parent and parent != os.getpid() and os.getpgrp() == os.getpid()


def clean_environment(given: Collection[str]) -> bool:
    """No variable but those that the parent chose, no user's packages and no working directory on the module path."""
    return set(os.environ) <= set(given) and bool(sys.flags.isolated) and bool(sys.flags.safe_path)


def limited(scratch: Path, *, address_bytes: int, file_bytes: int, open_files: int) -> bool:
    """Memory, size of files, open files and processor time are capped, and no image of the memory is written."""
    spare = os.open(os.devnull, os.O_RDONLY | os.O_CLOEXEC)
    path = scratch / "limit"
    try:
        return (
            resource.getrlimit(resource.RLIMIT_CORE) == (0, 0)
            and resource.getrlimit(resource.RLIMIT_CPU)[0] != resource.RLIM_INFINITY
            and _fails(lambda: mmap.mmap(-1, address_bytes, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS), errno.ENOMEM)
            and _fails(lambda: os.dup2(spare, open_files), errno.EBADF)
            and _fails(lambda: _write_at(path, file_bytes), errno.EFBIG)
        )
    finally:
        os.close(spare)
        with suppress(OSError):
            path.unlink()


def no_new_privileges() -> bool:
    """A program with the privileges of its owner would not get them."""
    return prctl(_GET_NO_NEW_PRIVILEGES) == 1


def no_capabilities() -> bool:
    """None of the privileges that make up an administrator, neither used nor in reserve."""
    head = ctypes.create_string_buffer(struct.pack("=Ii", _CAPABILITY_VERSION, 0))
    sets = ctypes.create_string_buffer(24)
    result, _ = call(_CAPGET[_at()], head, sets)
    return result == 0 and not any(sets.raw)


def own_network() -> bool:
    """Not even this machine can be reached: the network of this process has no way out of it."""
    return _error_of_connecting(_DATAGRAM) == errno.ENETUNREACH


def files_closed(readable: Path, scratch: Path) -> bool:
    """Nothing can be made where copies to read lie, the root cannot be listed, and the scratch folder can be used."""
    tried = readable / "written"
    if not _fails(lambda: _make(tried), errno.EACCES) or not _fails(lambda: os.listdir("/"), errno.EACCES):  # noqa: PTH208
        return False
    made = scratch / "written"
    try:
        _make(made)
        made.unlink()
        os.listdir(readable)  # noqa: PTH208
    except OSError:
        return False
    return True


def tcp_closed() -> bool:
    """No TCP connection can be made or waited for."""
    return _error_of_connecting(_STREAM) == errno.EACCES


def signals_closed() -> bool:
    """The parent cannot be sent a signal (0 would only ask whether it is there)."""
    return _fails(lambda: os.kill(os.getppid(), 0), errno.EPERM)


def calls_refused() -> bool:
    """No socket of any kind, no process, no program, no look into others, and threads all the same."""
    at = _at()
    if any(_socket(family, kind) != -1 for family in (_UNIX, _INTERNET) for kind in (_STREAM, _DATAGRAM)):
        return False
    nothing = ctypes.c_char_p(b"")
    # each would fail in another way, or do no harm, where it is not refused
    harmless = (
        ("execve", (nothing, None, None)),
        ("ptrace", (-1, 0, 0, 0)),
        ("process_vm_readv", (os.getpid(), None, 0, None, 0, 0)),
        ("unshare", (0,)),
        ("mount", (None, None, None, 0, None)),
        ("bpf", (-1, None, 0)),
        ("io_uring_setup", (0, None)),
        ("keyctl", (-1, 0)),
        ("fchmod", (-1, 0)),
    )
    if any(call(_number(name, at), *arguments) != (-1, errno.EPERM) for name, arguments in harmless):
        return False
    if call(_CLONE3, None, 0) != (-1, errno.ENOSYS) or not _fails(lambda: os.kill(os.getppid(), 0), errno.EPERM):
        return False
    return _cannot_fork(at)


def _cannot_fork(at: int) -> bool:
    child, error = call(_CLONE[at], 0, 0, 0, 0, 0)
    if child == 0:
        os._exit(0)
    if child > 0:
        with suppress(OSError):
            os.waitpid(child, 0x40000000)
    return error == errno.EPERM


def _at() -> int:
    return MACHINES[machine()][0]


def _number(name: str, at: int) -> int:
    number = REFUSED[name][at]
    return -1 if number is None else number


def _fails(attempt: Callable[[], object], number: int) -> bool:
    """True where the attempt fails with just this error."""
    try:
        attempt()
    except OSError as error:
        return error.errno == number
    return False


def _make(path: Path) -> None:
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, 0o600))


def _write_at(path: Path, place: int) -> None:
    descriptor = os.open(path, os.O_CREAT | os.O_WRONLY | os.O_CLOEXEC, 0o600)
    try:
        os.pwrite(descriptor, b"\0", place)
    finally:
        os.close(descriptor)


def _socket(family: int, kind: int) -> int:
    """A new socket, closed at once; -1 where there is none to be had for want of permission."""
    ctypes.set_errno(0)
    descriptor: int = library().socket(family, kind, 0)
    if descriptor >= 0:
        os.close(descriptor)
        return descriptor
    return -1 if ctypes.get_errno() == errno.EPERM else -2


def _error_of_connecting(kind: int) -> int:
    """Number of the error of a connection to this machine itself; 0 where it was made."""
    descriptor: int = library().socket(_INTERNET, kind, 0)
    if descriptor < 0:
        return ctypes.get_errno()
    try:
        ctypes.set_errno(0)
        failed: int = library().connect(descriptor, ctypes.c_char_p(_LOCALHOST), len(_LOCALHOST))
        return ctypes.get_errno() if failed else 0
    finally:
        os.close(descriptor)
