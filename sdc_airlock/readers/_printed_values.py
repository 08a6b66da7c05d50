"""Values printed with their names, which are no table of several columns: `Number of obs = 4,655`, and named vectors of R over several lines."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sdc_airlock.readers._columns import Row, is_number

_EQUALS = re.compile(r"(.*\S)\s+=\s+(\S+)\s*")
_MOST = 0.8
_FEWEST_PAIRS = 2
_FEWEST_LINES = 3


def named_values(lines: Sequence[str]) -> list[Row]:
    """Rows of a name and its value, none where the lines are not of this form.

    Args:
        lines: A run of aligned lines, without rulers.
    """
    filled = [line for line in lines if line.strip()]
    return _behind_equals(filled) or _in_turn(filled)


def _behind_equals(lines: Sequence[str]) -> list[Row]:
    """The one value behind an equal sign at the end of nearly every line, named by all that stands before it."""
    found = [_EQUALS.fullmatch(line) for line in lines]
    if len(lines) < _FEWEST_LINES or sum(match is not None for match in found) < _MOST * len(lines):
        return []
    return [(" ".join(match[1].split()), match[2]) if match else (line.strip(), "") for line, match in zip(lines, found, strict=True)]


def _in_turn(lines: Sequence[str]) -> list[Row]:
    """The values of lines that are names and numbers in turn, as many of the one as of the other."""
    filled = [line.split() for line in lines]
    if len(filled) < 2 * _FEWEST_PAIRS or len(filled) % 2:
        return []
    pairs = list(zip(filled[::2], filled[1::2], strict=True))
    if all(len(names) == len(values) and not any(map(is_number, names)) and all(map(is_number, values)) for names, values in pairs):
        return [row for names, values in pairs for row in zip(names, values, strict=True)]
    return []
