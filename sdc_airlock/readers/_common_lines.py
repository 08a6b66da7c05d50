"""Lines that look like thousands of others: a long log is searched for records in a sample of each kind of line, and in all lines of rare kinds."""

from __future__ import annotations

import re
from collections.abc import Sequence

_FEW_LINES = 5_000
_KEPT = 2_000
_STRETCHES = 5
_MANY_LINES = 50_000
_DIGITS = re.compile(r"\d+")
_WORDS = re.compile(r"[^\W\d_]+")


def common_lines(lines: Sequence[str]) -> list[bool]:
    """True for lines that need not be looked at, because 2,000 lines of the same kind are.

    Lines are of one kind where they differ in digits only and, while that leaves more than 50,000, where they differ in digits and
    words only. Of each kind five stretches are kept, from its first line to its last, so that neighbours stay neighbours.
    """
    spared = [False] * len(lines)
    if len(lines) <= _FEW_LINES:
        return spared
    kinds = _DIGITS.sub("0", "\n".join(lines)).split("\n")
    _spare(kinds, range(len(lines)), spared)
    left = [place for place, out in enumerate(spared) if not out]
    if len(left) > _MANY_LINES:
        kinds = _WORDS.sub("a", "\n".join(kinds[place] for place in left)).split("\n")
        _spare(kinds, left, spared)
    return spared


def _spare(kinds: Sequence[str], places: Sequence[int], spared: list[bool]) -> None:
    members: dict[str, list[int]] = {}
    for kind, place in zip(kinds, places, strict=True):
        members.setdefault(kind, []).append(place)
    length = _KEPT // _STRETCHES
    for found in members.values():
        if len(found) <= _KEPT:
            continue
        step = (len(found) - length) / (_STRETCHES - 1)
        kept = {number for stretch in range(_STRETCHES) for number in range(round(stretch * step), round(stretch * step) + length)}
        for number, place in enumerate(found):
            if number not in kept:
                spared[place] = True
