"""System calls by number, for what neither Python nor every C library offers."""

from __future__ import annotations

import ctypes
import os
import sys
from functools import cache

# machine as `uname` says it: its place in the tables of numbers, and its name to seccomp (AUDIT_ARCH_*)
MACHINES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}


def machine() -> str:
    """The machine, where its numbers are known; else "" (another system, another processor, a 32-bit process)."""
    name = os.uname().machine
    return name if sys.platform == "linux" and name in MACHINES and sys.maxsize > 1 << 32 else ""


@cache
def library() -> ctypes.CDLL:
    """The C library of this process."""
    return ctypes.CDLL(None, use_errno=True)


def call(number: int, *arguments: object) -> tuple[int, int]:
    """Make a system call.

    Args:
        number: Its number on this machine.
        arguments: Whole numbers, or what ctypes can pass.
    Returns:
        What it gave (-1 where it failed) and the error number (0 where it did not).
    """
    function = library().syscall
    function.restype = ctypes.c_long
    passed = [ctypes.c_long(each) if isinstance(each, int) else each for each in arguments]
    ctypes.set_errno(0)
    result: int = function(ctypes.c_long(number), *passed)
    return result, ctypes.get_errno() if result == -1 else 0


def prctl(option: int, value: int = 0) -> int:
    """`prctl` with one argument; what it gave, -1 where it failed."""
    function = library().prctl
    zero = ctypes.c_ulong(0)
    result: int = function(ctypes.c_int(option), ctypes.c_ulong(value), zero, zero, zero)
    return result
