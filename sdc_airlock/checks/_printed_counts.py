"""Counts that a program printed into text without a table around them, and comments of code."""

from __future__ import annotations

import re

_SERIES_END = re.compile(r"^(?:Name: .{0,200}|Length: \d+|Freq: .{0,40})?(?:, )?.{0,200}\bdtype: u?int\d{1,2}\b")
_SERIES_ROW = re.compile(r"^.*?[ \t]{2,}(\d{1,12})[ \t]*$")
_LONGEST_ROW = 400
_COMMENT = re.compile(r"(?:^|(?<=\s))(?:#+|//+|--|%+|/\*+|\*+|!|;;?|REM\b|\"\"\"|''')[ \t'|]*(?=\S)")


def series_in_text(text: str, low: int, high: int) -> list[int]:
    """Lines, counted from 0, of a printed column of whole numbers (as pandas prints value counts) whose number lies in the range."""
    lines = text.splitlines()
    found: set[int] = set()
    taken = -1
    for number, line in enumerate(lines):
        if "dtype:" not in line or not _SERIES_END.match(line[:_LONGEST_ROW]):
            continue
        for above in range(number - 1, taken, -1):
            row = _SERIES_ROW.match(lines[above]) if len(lines[above]) <= _LONGEST_ROW else None
            if row is None:
                break
            if low <= int(row[1]) <= high:
                found.add(above)
        taken = number
    return sorted(found)


def comments_of(text: str) -> str:
    """The comments of a program, each on its own line; other lines are left empty so that line numbers stay."""
    kept = []
    for line in text.splitlines():
        match = _COMMENT.search(line[:2000]) if len(line) > 3 else None  # a mark and a word
        kept.append(line[match.end() :] if match else "")
    return "\n".join(kept)


__all__ = ["comments_of", "series_in_text"]
