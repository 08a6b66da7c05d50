"""Counts that a program printed into text without a table around them, and comments of code."""

from __future__ import annotations

import re

_SERIES_END = re.compile(r"^(?:Name: .{0,200}|Length: \d+|Freq: .{0,40})?(?:, )?.{0,200}\bdtype: u?int\d{1,2}\b")
_SERIES_ROW = re.compile(r"^.*[ \t]{2}(\d{1,12})[ \t]*+$")
_LONGEST_ROW = 400
_R_COUNTS = re.compile(r"^[ \t]*\$counts[ \t]*\r?\n((?:[ \t]*\[\d{1,6}\](?:[ \t]+\d{1,9})+[ \t]*(?:\r?\n|$)){1,200})", re.MULTILINE)
_ARRAYS = re.compile(r"array\(\[([-\d.,eE+\s]{1,4000})\](?:, dtype=\w+)?\),\s*array\(\[([-\d.,eE+\s]{1,4000})\](?:, dtype=\w+)?\)")
_WHOLE = re.compile(r"\b\d+\b")
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


def histograms_in_text(text: str, low: int, high: int) -> list[int]:
    """Lines, counted from 0, of histograms that programs print whose counts lie in the range: `$counts` of R's, the pair of arrays of NumPy's."""
    found: set[int] = set()
    for match in _R_COUNTS.finditer(text) if "$counts" in text else ():
        if any(low <= int(number) <= high for number in _WHOLE.findall(re.sub(r"\[\d+\]", " ", match[1]))):
            found.add(text.count("\n", 0, match.start(1)))
    for match in _ARRAYS.finditer(text) if "array(" in text else ():
        counts, edges = match[1].split(","), match[2].split(",")
        whole = all(re.fullmatch(r"\s*\d+\.?\s*", cell) for cell in counts)
        if whole and len(edges) == len(counts) + 1 and any(low <= float(cell) <= high for cell in counts):
            found.add(text.count("\n", 0, match.start(1)))
    return sorted(found)


def comments_of(text: str) -> str:
    """The comments of a program, each on its own line; other lines are left empty so that line numbers stay."""
    kept = []
    for line in text.splitlines():
        match = _COMMENT.search(line[:2000]) if len(line) > 3 else None  # a mark and a word
        kept.append(line[match.end() :] if match else "")
    return "\n".join(kept)


__all__ = ["comments_of", "histograms_in_text", "series_in_text"]
