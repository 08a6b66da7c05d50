"""Stata's log markup as the plain text that it prints."""

from __future__ import annotations

import re

_DRAWN = {"c |": "|", "c -": "-", "c +": "+", "c -(": "{", "c )-": "}", "c TT": "+", "c BT": "+", "c LT": "+", "c RT": "+"}
_DRAWN |= {"c TLC": "+", "c TRC": "+", "c BLC": "+", "c BRC": "+", "c S|": "$", "c 'g": "`", ".-": "-" * 79, "hline": "-" * 79}
_TAG = re.compile(r"\{([a-zA-Z.][^{}\n]{0,400})\}")
_WIDTH = re.compile(r"(ralign|lalign|center|centre|right|left)\s+(\d{1,3}):(.*)", re.DOTALL)
_FILL = re.compile(r"(hline|space|dup)\s+(\d{1,3})(?::(.*))?")
_COLUMN = re.compile(r"\x00(\d{1,3})\x00")


def plain_smcl(text: str) -> str:
    """The text without its markup; rules, bars, blanks and alignment are written out."""
    for _ in range(3):
        text, count = _TAG.subn(_written, text)
        if not count:
            break
    return "\n".join(_columns(line) if "\x00" in line else line for line in text.split("\n"))


def _written(match: re.Match[str]) -> str:
    """What one tag prints."""
    tag = match[1].strip()
    if tag in _DRAWN:
        return _DRAWN[tag]
    aligned = _WIDTH.fullmatch(tag)
    if aligned:
        width, inner = int(aligned[2]), aligned[3]
        if aligned[1] in ("ralign", "right"):
            return inner.rjust(width)
        return inner.ljust(width) if aligned[1] in ("lalign", "left") else inner.center(width)
    fill = _FILL.fullmatch(tag)
    if fill:
        return {"hline": "-", "space": " "}.get(fill[1], fill[3] or " ") * int(fill[2])
    column = re.fullmatch(r"col\s+(\d{1,3})", tag)
    if column:
        return f"\x00{column[1]}\x00"
    _, colon, inner = tag.partition(":")
    return inner if colon else ""


def _columns(line: str) -> str:
    """A line with its `col` tags carried out."""
    written = ""
    for place, piece in enumerate(_COLUMN.split(line)):
        written = written.ljust(int(piece) - 1) if place % 2 else written + piece
    return written.replace("\x00", "")


__all__ = ["plain_smcl"]
