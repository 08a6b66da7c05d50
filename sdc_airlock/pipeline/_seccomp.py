"""The system calls that a reading process may not make, as a table, and the filter that is made of it.

A refused call fails as if there were no permission; the library that tried it gets an error and not a signal. Calls that are
younger than the table fail as if the kernel did not know them. A call made in the manner of another machine (32 bits, x32) ends
the process, because its numbers mean something else.
"""

from __future__ import annotations

import ctypes
import errno
import os
import struct
from collections.abc import Iterator
from dataclasses import dataclass

from sdc_airlock.pipeline._kernel import MACHINES, call, machine

_SECCOMP = (317, 277)
_SET_MODE_FILTER = 1
_ALL_THREADS = 1
_YOUNGEST = 450
_X32 = 0x40000000

_LOAD, _AND, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x54, 0x15, 0x35, 0x06
_ALLOW, _KILL, _ERROR = 0x7FFF0000, 0x80000000, 0x00050000
_NUMBER_AT, _MACHINE_AT, _ARGUMENTS_AT = 0, 4, 16

_CLONE_THREAD = 0x00010000
_CLONE_NEW = 0x7E020000
_CLONE3 = 435

# numbers on x86_64 and aarch64; None where the machine has no such call
Numbers = tuple[int | None, int | None]

REFUSED: dict[str, Numbers] = {
    # any network, and sockets between processes
    "socket": (41, 198),
    "socketpair": (53, 199),
    "connect": (42, 203),
    "accept": (43, 202),
    "accept4": (288, 242),
    "bind": (49, 200),
    "listen": (50, 201),
    "sendto": (44, 206),
    "recvfrom": (45, 207),
    "sendmsg": (46, 211),
    "recvmsg": (47, 212),
    "sendmmsg": (307, 269),
    "recvmmsg": (299, 243),
    "shutdown": (48, 210),
    "setsockopt": (54, 208),
    "getsockopt": (55, 209),
    "getsockname": (51, 204),
    "getpeername": (52, 205),
    # new processes and programs; for `clone` see below
    "fork": (57, None),
    "vfork": (58, None),
    "execve": (59, 221),
    "execveat": (322, 281),
    # other processes
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "process_madvise": (440, 440),
    "process_mrelease": (448, 448),
    "kcmp": (312, 272),
    "pidfd_open": (434, 434),
    "pidfd_getfd": (438, 438),
    "pidfd_send_signal": (424, 424),
    "tkill": (200, 130),
    "rt_sigqueueinfo": (129, 138),
    "rt_tgsigqueueinfo": (297, 240),
    "setpriority": (141, 140),
    "ioprio_set": (251, 30),
    "sched_setscheduler": (144, 119),
    "sched_setparam": (142, 118),
    "sched_setattr": (314, 274),
    "migrate_pages": (256, 238),
    "move_pages": (279, 239),
    # memory and messages shared between processes
    "shmget": (29, 194),
    "shmat": (30, 196),
    "shmctl": (31, 195),
    "semget": (64, 190),
    "semop": (65, 193),
    "semtimedop": (220, 192),
    "semctl": (66, 191),
    "msgget": (68, 186),
    "msgsnd": (69, 189),
    "msgrcv": (70, 188),
    "msgctl": (71, 187),
    "mq_open": (240, 180),
    "mq_unlink": (241, 181),
    "mq_timedsend": (242, 182),
    "mq_timedreceive": (243, 183),
    "mq_notify": (244, 184),
    "mq_getsetattr": (245, 185),
    "memfd_create": (319, 279),
    "memfd_secret": (447, 447),
    # another view of the machine
    "unshare": (272, 97),
    "setns": (308, 268),
    "mount": (165, 40),
    "umount2": (166, 39),
    "pivot_root": (155, 41),
    "chroot": (161, 51),
    "mount_setattr": (442, 442),
    "open_tree": (428, 428),
    "move_mount": (429, 429),
    "fsopen": (430, 430),
    "fsconfig": (431, 431),
    "fsmount": (432, 432),
    "fspick": (433, 433),
    # the kernel itself, and its rarely used corners
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
    "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    "kexec_load": (246, 104),
    "kexec_file_load": (320, 294),
    "init_module": (175, 105),
    "finit_module": (313, 273),
    "delete_module": (176, 106),
    "reboot": (169, 142),
    "swapon": (167, 224),
    "swapoff": (168, 225),
    "syslog": (103, 116),
    "acct": (163, 89),
    "quotactl": (179, 60),
    "quotactl_fd": (443, 443),
    "settimeofday": (164, 170),
    "clock_settime": (227, 112),
    "clock_adjtime": (305, 266),
    "adjtimex": (159, 171),
    "sethostname": (170, 161),
    "setdomainname": (171, 162),
    "iopl": (172, None),
    "ioperm": (173, None),
    "modify_ldt": (154, None),
    "uselib": (134, None),
    "nfsservctl": (180, 42),
    "vhangup": (153, 58),
    "lookup_dcookie": (212, 18),
    "personality": (135, 92),
    "keyctl": (250, 219),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "fanotify_init": (300, 262),
    "fanotify_mark": (301, 263),
    "inotify_init": (253, None),
    "inotify_init1": (294, 26),
    "inotify_add_watch": (254, 27),
    "name_to_handle_at": (303, 264),
    "open_by_handle_at": (304, 265),
    # who the process is
    "setuid": (105, 146),
    "setgid": (106, 144),
    "setreuid": (113, 145),
    "setregid": (114, 143),
    "setresuid": (117, 147),
    "setresgid": (119, 149),
    "setgroups": (116, 159),
    "setfsuid": (122, 151),
    "setfsgid": (123, 152),
    "capset": (126, 91),
    "setsid": (112, 157),
    "setpgid": (109, 154),
    # what Landlock does not look at: owners, modes, times and attributes of files
    "chmod": (90, None),
    "fchmod": (91, 52),
    "fchmodat": (268, 53),
    "chown": (92, None),
    "fchown": (93, 55),
    "lchown": (94, None),
    "fchownat": (260, 54),
    "utime": (132, None),
    "utimes": (235, None),
    "futimesat": (261, None),
    "utimensat": (280, 88),
    "setxattr": (188, 5),
    "lsetxattr": (189, 6),
    "fsetxattr": (190, 7),
    "removexattr": (197, 14),
    "lremovexattr": (198, 15),
    "fremovexattr": (199, 16),
    "mknod": (133, None),
    "mknodat": (259, 33),
    "truncate": (76, 45),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ByArgument:
    """A call that is refused or not by the low 32 bits of one argument.

    Attributes:
        argument: Which one, counted from 0.
        mask: Bits of it that count.
        values: What they are compared with.
        allowed: True where only these values are allowed, False where only these are refused.
    """

    numbers: Numbers
    argument: int
    values: tuple[int, ...]
    allowed: bool
    mask: int = 0xFFFFFFFF


def by_argument(own: int) -> dict[str, ByArgument]:
    """Calls that are refused by their argument, for the process with this number."""
    return {
        # threads, but no processes and no namespaces
        "clone": ByArgument(numbers=(56, 220), argument=0, mask=_CLONE_THREAD | _CLONE_NEW, values=(_CLONE_THREAD,), allowed=True),
        # signals and limits of this process only
        "kill": ByArgument(numbers=(62, 129), argument=0, values=(own,), allowed=True),
        "tgkill": ByArgument(numbers=(234, 131), argument=0, values=(own,), allowed=True),
        "prlimit64": ByArgument(numbers=(302, 261), argument=0, values=(0, own), allowed=True),
        # PR_SET_PDEATHSIG: it ends with its parent
        "prctl": ByArgument(numbers=(157, 167), argument=0, values=(1,), allowed=False),
        # F_SETOWN, F_SETSIG, F_SETOWN_EX: signals by way of a descriptor
        "fcntl": ByArgument(numbers=(72, 25), argument=1, values=(8, 10, 15), allowed=False),
        # TIOCSTI, TIOCLINUX: words put into the mouth of a terminal
        "ioctl": ByArgument(numbers=(16, 29), argument=1, values=(0x5412, 0x541C), allowed=False),
    }


def program(name: str, own: int) -> list[tuple[int, int, int, int]]:
    """The filter: operation, jump where true, jump where false, operand.

    Args:
        name: The machine, one of `MACHINES`.
        own: Number of the process that it is for.
    """
    at, audit = MACHINES[name]
    lines = [(_LOAD, 0, 0, _MACHINE_AT), (_EQUAL, 1, 0, audit), (_RETURN, 0, 0, _KILL), (_LOAD, 0, 0, _NUMBER_AT)]
    if name == "x86_64":
        lines += [(_AT_LEAST, 0, 1, _X32), (_RETURN, 0, 0, _KILL)]
    # without clone3, whose argument no filter can see, the C library takes clone
    lines += [(_AT_LEAST, 0, 1, _YOUNGEST + 1), (_RETURN, 0, 0, _ERROR | errno.ENOSYS)]
    lines += [(_EQUAL, 0, 1, _CLONE3), (_RETURN, 0, 0, _ERROR | errno.ENOSYS)]
    for numbers in REFUSED.values():
        if (number := numbers[at]) is not None:
            lines += [(_EQUAL, 0, 1, number), (_RETURN, 0, 0, _ERROR | errno.EPERM)]
    for rule in by_argument(own).values():
        lines += _by_argument(rule, at)
    return [*lines, (_RETURN, 0, 0, _ALLOW)]


def _by_argument(rule: ByArgument, at: int) -> Iterator[tuple[int, int, int, int]]:
    """One block that ends in a return; other calls jump over it."""
    number = rule.numbers[at]
    if number is None:
        return
    match, other = (_ALLOW, _ERROR | errno.EPERM) if rule.allowed else (_ERROR | errno.EPERM, _ALLOW)
    count = len(rule.values)
    yield _EQUAL, 0, count + 4, number
    yield _LOAD, 0, 0, _ARGUMENTS_AT + 8 * rule.argument
    yield _AND, 0, 0, rule.mask
    for place, value in enumerate(rule.values):
        yield _EQUAL, count - place, 0, value
    yield _RETURN, 0, 0, other
    yield _RETURN, 0, 0, match


class _Program(ctypes.Structure):
    """`struct sock_fprog`."""

    _fields_ = (("length", ctypes.c_ushort), ("lines", ctypes.c_char_p))


def install() -> bool:
    """Put the filter over all threads of this process; it cannot be taken off. True where the kernel took it."""
    name = machine()
    if not name:
        return False
    lines = program(name, os.getpid())
    data = b"".join(struct.pack("<HBBI", *line) for line in lines)
    filter_ = _Program(len(lines), data)
    result, _ = call(_SECCOMP[MACHINES[name][0]], _SET_MODE_FILTER, _ALL_THREADS, ctypes.byref(filter_))
    return result == 0
