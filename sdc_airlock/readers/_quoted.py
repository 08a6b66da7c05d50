r"""What lines say that all wrap it in the same words: `echo '...'`, `print("...")`, `cat("...\n")`, `REM ...`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from sdc_airlock.readers._block import Block
from sdc_airlock.readers._literals import literal_tables
from sdc_airlock.readers._strings import promising
from sdc_airlock.readers._tabular import find_tables
from sdc_airlock.readers._tidy import recorded

_WRAPPED = re.compile(r"(?P<before>\s*[^\s'\"`][^'\"`]{0,60}?)(?P<quote>['\"`])(?P<inner>.*)(?P=quote)[);,\s\\]*$")
# where the quote that opens a line ends one cell and begins the next, it wraps no line
_CELLS = re.compile(r"(['\"`])(?:(?!\1).)*+\1[,;\t](?:[^'\"`]{0,60}[,;\t])?\1")
_SPOKEN = re.compile(r"(?P<before>\s*@?[A-Za-z]{2,12}[:.]?\s)(?P<inner>\S.*)$")
_COUNTER = re.compile(r"\d{1,6}(?=\W)")
_FEWEST = 12
_FEWEST_FIELDS = 2
_SHARE = 0.5
_END = re.compile(r"\\r?\\?n$|\\n$")


def wrapped_blocks(lines: Sequence[str]) -> list[Block]:
    """Tables of what the commonest wrapping of lines holds, nothing where hardly any lines have one.

    Args:
        lines: Lines of text or code. A word in front of all lines of an even table between tabs is the beginning of its first cells.
    """
    for pattern in (_WRAPPED,) if _between_tabs(lines) else (_WRAPPED, _SPOKEN):
        groups: dict[str, list[tuple[int, str]]] = {}
        for place, line in enumerate(lines):
            if (match := pattern.match(line)) and not (pattern is _WRAPPED and _CELLS.search(f"{match['quote']}{match['inner']}")):
                groups.setdefault(match["before"], []).append((place, _END.sub("", match["inner"])))
        members = max(groups.values(), key=len, default=[])
        if len(members) >= max(_FEWEST, _SHARE * sum(bool(line.strip()) for line in lines)):
            inner = [text for _, text in members]
            if pattern is _SPOKEN and _numbered(inner):
                continue
            if promising("\n".join(inner)) and (found := _inside(inner)):
                return [
                    replace(block, start=members[0][0], end=members[-1][0] + 1, scattered=tuple(place for place, _ in members))
                    for block in found
                ]
    return []


def _between_tabs(lines: Sequence[str]) -> bool:
    tabs = {line.count("\t") for line in lines if line.strip()}
    return len(tabs) == 1 and tabs.pop() >= _FEWEST_FIELDS


def _numbered(lines: Sequence[str]) -> bool:
    """True where a word only numbers the lines ("area 1", "area 2"): a label, not a command."""
    numbers = [int(match[0]) for line in lines if (match := _COUNTER.match(line))]
    return len(numbers) == len(lines) and all(after - before == 1 for before, after in pairwise(numbers))


def _inside(lines: Sequence[str]) -> list[Block]:
    blocks = find_tables(lines)
    text = "\n".join(lines)
    if any(mark in text for mark in "[({"):
        blocks += literal_tables(text, code=False).blocks
    return [told for block in blocks if (told := recorded(block, _FEWEST_FIELDS)) is not None]
