"""The record of an ACRO session as text: its words, settings and labels, once each is of the form that the program writes.

A record repeats for every cell of every table what its rules said of it. Read as any other document, that is a long table of words and numbers. Here it
is checked to be no more than that (marks of known words, places and counts within the table), and left out; what is not of that form stays in the rest,
which is read as any other document.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

_RULES = (
    r"suppressed|negative|missing|threshold|p-ratio|nk-rule|all-values-are-same|(?:RequiredZero|PresenceOfZero|PresenceOfLinkedTable"
    r"|MinimumThreshold|NK|PPercent|MinimumDoF|Missing|StatbarnData|AllSameValues)Check"
)
_RULE = re.compile(_RULES)
_MARK = re.compile(rf"ok|(?:(?:{_RULES})(?:; ?|$))*")
_WORD = re.compile(r"[A-Za-z][A-Za-z _-]{0,30}")
_TIME = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d{1,6})?(?:Z|[+-]\d\d:\d\d)?")
_VERSION = re.compile(r"\d{1,3}(?:\.\d{1,4}){0,3}")
_PROPERTIES = frozenset({"method", "mitigation", "round_base", "dof"})
_LONGEST_LABEL = 80
_LONG_NUMBER = re.compile(r"\d{5}")
_NUMBERS = re.compile(r"\d+(?:\.\d+)?")
_FIELDS = re.compile(r"[,;|\t]")
_MOST_NUMBERS, _MOST_FIELDS = 2, 4
_MOST_LABELS = 5_000


@dataclass(slots=True)
class RecordText:
    """What a record says, sorted by what it is.

    Attributes:
        code: Commands; prose: what people and the program wrote; settings: names, words and labels.
        rest: What is in no known form, to be read as any other document.
    """

    code: list[str] = field(default_factory=list)
    prose: list[str] = field(default_factory=list)
    settings: list[str] = field(default_factory=list)
    rest: dict[str, Any] = field(default_factory=dict)


def text_of_record(value: Mapping[str, Any]) -> RecordText:
    """The words of a record that `_acro.session_of` has recognised."""
    found = RecordText()
    for uid, entry in value["results"].items():
        left = {uid: entry} if not isinstance(entry, dict) or not _plain(uid) else _entry(entry, found)
        if left:
            found.rest[str(len(found.rest) + 1)] = left
    found.rest.update(
        {key: child for key, child in value.items() if key != "results" and not (key == "version" and _VERSION.fullmatch(child))}
    )
    if len(set(found.settings)) > _MOST_LABELS:
        return RecordText(rest=dict(value))
    return found


def _entry(entry: Mapping[str, Any], found: RecordText) -> dict[str, Any]:
    """Take out of one output what is in a known form; what is left of it."""
    shape = _shape(entry.get("outcome"))
    left = {}
    for key, child in entry.items():
        if key in ("command", "summary", "exception") and isinstance(child, str):
            (found.code if key == "command" else found.prose).append(child)
        elif key == "comments" and isinstance(child, list) and all(isinstance(each, str) for each in child):
            found.prose.extend(child)
        elif not _known(key, child, shape):
            left[key] = child
        else:
            found.settings.extend(_words(key, child))
    return left


def _known(key: str, child: Any, shape: tuple[int, int] | None) -> bool:
    """True for a field in the form in which the program writes it."""
    match key:
        case "uid":
            return _plain(child)
        case "status" | "type":
            return isinstance(child, str) and _WORD.fullmatch(child) is not None
        case "timestamp":
            return isinstance(child, str) and _TIME.fullmatch(child) is not None
        case "properties":
            return isinstance(child, dict) and child.keys() <= _PROPERTIES and all(_setting(each) for each in child.values())
        case "outcome":
            return shape is not None and all(_plain(label) for label in _words(key, child))
        case "files":
            return isinstance(child, list) and all(_known_file(each, shape) for each in child)
        case "fair":
            return (
                isinstance(child, dict) and all(_plain(word) for word in _words(key, child)) and _leaves(child) == len(_words(key, child))
            )
        case _:
            return False


def _known_file(file: Any, shape: tuple[int, int] | None) -> bool:
    if not isinstance(file, dict) or not file.keys() <= {"name", "sdc"} or not _plain(file.get("name")):
        return False
    sdc = file.get("sdc", {})
    if not isinstance(sdc, dict) or not sdc.keys() <= {"summary", "cells"}:
        return False
    cells, summary = sdc.get("cells", {}), sdc.get("summary", {})
    rows, columns = shape or (0, 0)
    return (
        isinstance(cells, dict)
        and isinstance(summary, dict)
        and all(_RULE.fullmatch(rule) and _places(places, rows, columns) for rule, places in cells.items())
        and all(_RULE.fullmatch(rule) and type(count) in (int, bool) and 0 <= count <= rows * columns for rule, count in summary.items())
    )


def _places(places: Any, rows: int, columns: int) -> bool:
    """True for places within the table, each once and in order: they can say no more than which cells were flagged."""
    if not isinstance(places, list) or not all(
        isinstance(place, list) and [type(number) for number in place] == [int, int] for place in places
    ):
        return False
    return all(0 <= row < rows and 0 <= column < columns for row, column in places) and places == sorted(places) and _different(places)


def _different(places: list[Any]) -> bool:
    return len({tuple(place) for place in places}) == len(places)


def _shape(outcome: Any) -> tuple[int, int] | None:
    """Rows and columns of a matrix of nothing but marks; an output without one has none."""
    if not isinstance(outcome, dict) or not all(isinstance(column, dict) for column in outcome.values()):
        return None
    if not outcome:
        return 0, 0
    marks = [mark for column in outcome.values() for mark in column.values()]
    rows = {tuple(column) for column in outcome.values()}
    if len(rows) != 1 or not all(isinstance(mark, str) and _MARK.fullmatch(mark) for mark in marks):
        return None
    return len(rows.pop()), len(outcome)


def _setting(value: Any) -> bool:
    return (isinstance(value, str) and (not value or _WORD.fullmatch(value) is not None)) or (
        type(value) in (int, float) and 0 <= value < 1e9
    )


def _plain(label: Any) -> bool:
    """True for a label as tables have them: short, without a long number, and no record of several fields."""
    return (
        isinstance(label, str)
        and len(label) <= _LONGEST_LABEL
        and not _LONG_NUMBER.search(label)
        and len(_NUMBERS.findall(label)) <= _MOST_NUMBERS
        and len(_FIELDS.findall(label)) < _MOST_FIELDS
    )


def _words(key: str, child: Any) -> list[str]:
    """Texts of a field that are not of the program's own vocabulary."""
    if key == "outcome":
        return [*child, *next(iter(child.values()), {})]
    if key == "files":
        return [file["name"] for file in child]
    if key == "fair":
        return list(_texts(child))
    return [child] if key == "uid" else []


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)


def _leaves(value: Any) -> int:
    """Scalars below a value; names of settings that are no plain labels count too, so that they are found out."""
    if isinstance(value, dict):
        return sum(_leaves(each) for each in value.values()) + sum(not _plain(name) for name in value)
    if isinstance(value, list):
        return sum(_leaves(each) for each in value)
    return 0 if value is None else 1


__all__ = ["RecordText", "text_of_record"]
