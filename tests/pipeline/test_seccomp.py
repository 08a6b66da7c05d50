"""The filter of system calls: what it decides, for both machines, without running it."""

from __future__ import annotations

import errno
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdc_airlock.pipeline._kernel import MACHINES
from sdc_airlock.pipeline._seccomp import REFUSED, by_argument, program

OWN = 4242
ALLOW, KILL = 0x7FFF0000, 0x80000000
REFUSE, UNKNOWN = 0x00050000 | errno.EPERM, 0x00050000 | errno.ENOSYS
MACHINE = pytest.mark.parametrize("machine", MACHINES)
EVERY_DAY = {
    "x86_64": {"read": 0, "write": 1, "mmap": 9, "munmap": 11, "brk": 12, "futex": 202, "openat": 257, "getrandom": 318, "statx": 332},
    "aarch64": {"read": 63, "write": 64, "mmap": 222, "munmap": 215, "brk": 214, "futex": 98, "openat": 56, "getrandom": 278, "statx": 291},
}


def decide(machine: str, number: int, arguments: tuple[int, ...] = (), audit: int | None = None) -> int:
    """What the filter gives for a call, as the kernel would work it out."""
    data = {0: number, 4: MACHINES[machine][1] if audit is None else audit}
    data |= {16 + 8 * place: value & 0xFFFFFFFF for place, value in enumerate((*arguments, *[0] * 6)[:6])}
    lines, at, held = program(machine, OWN), 0, 0
    while True:
        operation, when_true, when_false, operand = lines[at]
        at += 1
        if operation == 0x20:
            held = data[operand]
        elif operation == 0x54:
            held &= operand
        elif operation == 0x06:
            return operand
        else:
            at += when_true if (held == operand if operation == 0x15 else held >= operand) else when_false


@MACHINE
def test_every_call_of_the_table_is_refused(machine: str) -> None:
    """Each call of the table fails for want of permission."""
    place = MACHINES[machine][0]
    numbers = [each[place] for each in REFUSED.values() if each[place] is not None]
    assert len(set(numbers)) == len(numbers)
    assert {decide(machine, number) for number in numbers} == {REFUSE}


@MACHINE
def test_everyday_calls_are_allowed(machine: str) -> None:
    """What every library does is let through."""
    assert {decide(machine, number) for number in EVERY_DAY[machine].values()} == {ALLOW}


@MACHINE
def test_young_calls_are_unknown(machine: str) -> None:
    """Calls that are younger than the table do not exist, and neither does clone3."""
    assert {decide(machine, number) for number in (435, 451, 470, 1000)} == {UNKNOWN}


@MACHINE
def test_calls_of_another_machine_end_the_process(machine: str) -> None:
    """Numbers of another machine mean something else, so they are not even looked at."""
    other = next(audit for name, (_, audit) in MACHINES.items() if name != machine)
    assert decide(machine, 0, audit=other) == decide(machine, 0, audit=0x40000003) == KILL
    assert decide("x86_64", 0x40000000 + 39) == decide("x86_64", 0xFFFFFFFF) == KILL


THREAD = 0x3D0F00
ARGUMENTS = [
    ("clone", (THREAD,), ALLOW),
    ("clone", (17,), REFUSE),
    ("clone", (0x4111,), REFUSE),
    ("clone", (THREAD | 0x10000000,), REFUSE),
    ("clone", (THREAD | 0x40000000,), REFUSE),
    ("kill", (OWN, 6), ALLOW),
    ("kill", (1, 0), REFUSE),
    ("kill", (0, 9), REFUSE),
    ("kill", (-1, 9), REFUSE),
    ("kill", (-OWN, 9), REFUSE),
    ("tgkill", (OWN, OWN + 1, 6), ALLOW),
    ("tgkill", (OWN - 1, OWN, 6), REFUSE),
    ("prlimit64", (0, 0), ALLOW),
    ("prlimit64", (OWN, 0), ALLOW),
    ("prlimit64", (1, 0), REFUSE),
    ("prctl", (15,), ALLOW),
    ("prctl", (1, 0), REFUSE),
    ("fcntl", (3, 2), ALLOW),
    ("fcntl", (3, 8), REFUSE),
    ("fcntl", (3, 10), REFUSE),
    ("fcntl", (3, 15), REFUSE),
    ("fcntl", (8, 3), ALLOW),
    ("ioctl", (0, 0x5401), ALLOW),
    ("ioctl", (0, 0x5412), REFUSE),
    ("ioctl", (0, 0x541C), REFUSE),
]


@MACHINE
@pytest.mark.parametrize(("name", "arguments", "expected"), ARGUMENTS)
def test_calls_that_depend_on_an_argument(machine: str, name: str, arguments: tuple[int, ...], expected: int) -> None:
    """Threads but no processes, signals to itself but to no one else."""
    number = by_argument(OWN)[name].numbers[MACHINES[machine][0]]
    assert decide(machine, number, arguments) == expected


@MACHINE
@given(number=st.integers(0, 0xFFFFFFFF), arguments=st.tuples(*[st.integers(0, (1 << 64) - 1)] * 6))
def test_every_call_gets_a_decision(machine: str, number: int, arguments: tuple[int, ...]) -> None:
    """The program always ends, and never in anything but its four answers."""
    assert decide(machine, number, arguments) in {ALLOW, KILL, REFUSE, UNKNOWN}


@MACHINE
def test_jumps_stay_inside_the_program(machine: str) -> None:
    """No jump leads past the last line, and the whole is as short as the kernel asks."""
    lines = program(machine, os.getpid())
    assert len(lines) <= 4096
    assert lines[-1][0] == 0x06
    assert all(at + 1 + max(line[1], line[2]) < len(lines) for at, line in enumerate(lines) if line[0] in {0x15, 0x35})
