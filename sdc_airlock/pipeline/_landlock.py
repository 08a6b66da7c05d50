"""Landlock: which files a process may open, whatever its user may. Nothing is opened up by it, only closed.

Rules hold for the thread that sets them and those it starts, so they are set while there is only one.
"""

from __future__ import annotations

import ctypes
import os
import stat
import struct
from collections.abc import Iterable

from sdc_airlock.pipeline._kernel import call, machine

_CREATE, _ADD, _RESTRICT = 444, 445, 446
_VERSION_FLAG = 1
_PATH_BENEATH = 1

_EXECUTE, _WRITE, _READ, _LIST, _REMOVE_FOLDER, _REMOVE_FILE = 1, 2, 4, 8, 16, 32
_MAKE_FOLDER, _MAKE_FILE = 128, 256
_REFER, _TRUNCATE, _IOCTL = 1 << 13, 1 << 14, 1 << 15
_FIRST_RIGHTS = (1 << 13) - 1
_LATER_RIGHTS = {2: _REFER, 3: _TRUNCATE, 5: _IOCTL}
_NETWORK_SINCE, _SCOPES_SINCE = 4, 6
_BIND_AND_CONNECT_TCP = 3
_SOCKETS_AND_SIGNALS = 3

READ = _READ | _LIST
WRITE = READ | _WRITE | _REMOVE_FOLDER | _REMOVE_FILE | _MAKE_FOLDER | _MAKE_FILE | _REFER | _TRUNCATE
# rights that mean something for what is no folder
_OF_FILES = _EXECUTE | _WRITE | _READ | _TRUNCATE | _IOCTL


def version() -> int:
    """Version of Landlock in this kernel; 0 where there is none."""
    if not machine():
        return 0
    found, _ = call(_CREATE, 0, 0, _VERSION_FLAG)
    return max(found, 0)


def restrict(readable: Iterable[str], writable: Iterable[str]) -> int:
    """From now on, open only these files and what is below these folders; no TCP, no signals to others.

    Args:
        readable: Paths that may be read; one that is not there is left out.
        writable: Paths that may be read and written.
    Returns:
        The version of Landlock that holds; 0 where it could not be set.
    """
    known = version()
    if not known:
        return 0
    rights = _FIRST_RIGHTS
    for since, right in _LATER_RIGHTS.items():
        rights |= right if known >= since else 0
    fields = [rights]
    if known >= _NETWORK_SINCE:
        fields.append(_BIND_AND_CONNECT_TCP)
    if known >= _SCOPES_SINCE:
        fields.append(_SOCKETS_AND_SIGNALS)
    attributes = struct.pack(f"={len(fields)}Q", *fields)
    rules, _ = call(_CREATE, ctypes.c_char_p(attributes), len(attributes), 0)
    if rules < 0:
        return 0
    try:
        for paths, wanted in ((readable, READ), (writable, WRITE)):
            for path in dict.fromkeys(paths):
                _allow(rules, path, wanted & rights)
        result, _ = call(_RESTRICT, rules, 0)
    finally:
        os.close(rules)
    return known if result == 0 else 0


def _allow(rules: int, path: str, rights: int) -> None:
    """Let one path be opened with these rights; links in it are followed now, once."""
    try:
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    try:
        folder = stat.S_ISDIR(os.fstat(place).st_mode)
        call(_ADD, rules, _PATH_BENEATH, ctypes.c_char_p(struct.pack("=Qi", rights if folder else rights & _OF_FILES, place)), 0)
    finally:
        os.close(place)
