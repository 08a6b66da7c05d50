"""Records told by the keys of objects: `{"P1": {"58": "ok", "F": "ok", "27.1": "ok"}}`, or keys inside keys."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from sdc_airlock.model.content import GridSource
from sdc_airlock.readers._block import Block
from sdc_airlock.readers._build import scalar_text
from sdc_airlock.readers._flat import is_scalar
from sdc_airlock.readers._tidy import recorded

_FEWEST = 12
_FEWEST_FIELDS = 3
_MOST_FIELDS = 200
_ALIKE = 0.8
_MOST_MARKS = 2
_DEEPEST = 30


def keyed_rows(value: Mapping[str, Any]) -> tuple[tuple[str, ...], ...]:
    """A row for each member of an object, made of all keys in it, where the values below say next to nothing; else nothing."""
    if len(value) < _FEWEST or not all(isinstance(child, dict) and child for child in value.values()):
        return ()
    marks: set[str] = set()
    rows = []
    for name, child in value.items():
        row = [name]
        if not _gather(child, row, marks, 0) or len(marks) > _MOST_MARKS:
            return ()
        rows.append(tuple(map(scalar_text, row)))
    ((usual, often),) = Counter(map(len, rows)).most_common(1)
    if usual < _FEWEST_FIELDS or often < _ALIKE * len(rows):
        return ()
    block = recorded(Block(0, len(rows), tuple(rows), GridSource.RECORDS), _FEWEST_FIELDS)
    return block.rows if block is not None else ()


def _gather(child: Any, row: list[str], marks: set[str], level: int) -> bool:
    """Put the keys of a member to its row and its values to the marks; False where it holds more than that."""
    if not isinstance(child, dict):
        marks.add(scalar_text(child) if is_scalar(child) else "")
        return is_scalar(child)
    if level > _DEEPEST or len(row) + len(child) > _MOST_FIELDS:
        return False
    for name, inner in child.items():
        row.append(name)
        if not _gather(inner, row, marks, level + 1):
            return False
    return True
