r"""Patterns of ids as a profile may give them: a small part of the language of regular expressions, in which none can run away.

Allowed are plain characters, `\\d` and escaped signs, classes (`[A-H]`), groups that are not captured (`(?:...)`) with alternatives, `?`, and counts with an upper end
(`{7}`, `{2,4}`). `*`, `+`, `.`, references and look-around are not: what a pattern can match is bounded, and nothing that repeats holds
another thing that repeats.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from sdc_airlock.errors import PolicyError

_LONGEST_PATTERN = 200
_LONGEST_MATCH = 200
_MOST_PATTERNS = 100
_KEYS = frozenset({"name", "pattern", "holder", "source", "verified", "alone"})
_NAME = re.compile(r"[a-z0-9][a-z0-9 -]{1,47}")
_TOKEN = re.compile(
    r"(?P<count>\{(?P<low>\d{1,3})(?:,(?P<high>\d{1,3}))?\})|(?P<option>\?(?!\?))|(?P<open>\(\?:)|(?P<close>\))|(?P<or>\|)|(?P<set>\[(?!\^)(?:[A-Za-z0-9_.:/ ]|\\[d.\\/-]|-)+\])|(?P<atom>\\[d.()\[\]{}+*?^$|/\\-]|[A-Za-z0-9_:/ ,#@-])"
)


@dataclass
class _Group:
    """One level of brackets while a pattern is walked through: the longest match so far, and whether anything in it repeats."""

    done: int = 0
    this: int = 0
    last: int = 0
    repeats: bool = False
    last_repeats: bool = False
    last_counted: bool = True


def refuse_unsafe(pattern: str) -> None:
    """Refuse a pattern that is not of the small language, or whose matches can be long.

    Raises:
        PolicyError: it is not.
    """
    if not 1 <= len(pattern) <= _LONGEST_PATTERN:
        raise PolicyError(f"a pattern has 1 to {_LONGEST_PATTERN} characters")
    groups = [_Group()]
    place = 0
    while place < len(pattern):
        match = _TOKEN.match(pattern, place)
        if match is None:
            raise PolicyError(
                f"character {place + 1} of the pattern is not allowed; a pattern has plain characters, classes, (?:...), | and bounded counts"
            )
        _walk(match, groups)
        place = match.end()
    if len(groups) != 1:
        raise PolicyError("a bracket of the pattern is not closed")
    if not 1 <= _longest(groups[0]) <= _LONGEST_MATCH:
        raise PolicyError(f"the pattern can match more than {_LONGEST_MATCH} characters, or none")
    try:
        re.compile(pattern)
    except re.error as error:
        raise PolicyError(f"the pattern is not understood ({error.msg})") from None


def _longest(group: _Group) -> int:
    return max(group.done, group.this)


def _walk(match: re.Match[str], groups: list[_Group]) -> None:
    group = groups[-1]
    match match.lastgroup:
        case "open":
            groups.append(_Group())
        case "close":
            if len(groups) == 1:
                raise PolicyError("a bracket of the pattern is closed that was not opened")
            inner = groups.pop()
            _add(groups[-1], _longest(inner), repeats=inner.repeats)
        case "or":
            group.done, group.this, group.last, group.last_counted = _longest(group), 0, 0, True
        case "option" | "count" | "low" | "high":
            _repeat(match, group)
        case _:
            _add(group, 1, repeats=False)


def _add(group: _Group, length: int, *, repeats: bool) -> None:
    group.this += length
    group.last, group.last_repeats, group.last_counted = length, repeats, False
    group.repeats = group.repeats or repeats


def _repeat(match: re.Match[str], group: _Group) -> None:
    """A count or `?` belongs to what stands before it."""
    if group.last_counted:
        raise PolicyError("a count in the pattern has nothing to count")
    times = int(match["high"] or match["low"]) if match["count"] else 1
    low = int(match["low"]) if match["count"] else 0
    varies = match["option"] is not None or low != times
    if low > times:
        raise PolicyError("a count in the pattern ends before it begins")
    if times > 1 and group.last_repeats:
        raise PolicyError("something in the pattern repeats inside something that repeats")
    group.this += group.last * (times - 1)
    group.repeats = group.repeats or varies
    group.last_counted = True


def validate(value: object) -> tuple[dict[str, Any], ...]:
    """The patterns as checks see them, each a table of its own.

    Raises:
        PolicyError: an entry is not as it should be.
    """
    if not isinstance(value, list) or not all(isinstance(entry, dict) for entry in value):
        raise PolicyError("expected a list of tables with name, pattern, holder, source and verified")
    if len(value) > _MOST_PATTERNS:
        raise PolicyError(f"expected at most {_MOST_PATTERNS} patterns")
    found = tuple(_entry(entry) for entry in value)
    names = [entry["name"] for entry in found]
    if len(set(names)) != len(names):
        raise PolicyError("two patterns have the same name")
    return found


def _entry(entry: dict[str, Any]) -> dict[str, Any]:
    if unknown := sorted(entry.keys() - _KEYS):
        raise PolicyError(f"unknown key {unknown[0]!a} of a pattern; the keys are {', '.join(sorted(_KEYS))}")
    for key in ("name", "pattern", "holder", "source"):
        if not isinstance(entry.get(key), str) or not entry[key].isprintable() or not entry[key]:
            raise PolicyError(f"{key} of a pattern: expected text")
    if not _NAME.fullmatch(entry["name"]):
        raise PolicyError("name of a pattern: expected small letters, digits, spaces and hyphens")
    for key in ("verified", "alone"):
        if not isinstance(entry.get(key, False), bool):
            raise PolicyError(f"{key} of a pattern: expected true or false")
    if "verified" not in entry:
        raise PolicyError("verified of a pattern: expected true or false")
    try:
        refuse_unsafe(entry["pattern"])
    except PolicyError as error:
        raise PolicyError(f"pattern {entry['name']}: {error}") from None
    return {**entry, "alone": entry.get("alone", False)}


def added(own: tuple[dict[str, Any], ...], default: tuple[dict[str, Any], ...]) -> tuple[dict[str, Any], ...]:
    """The patterns of a profile before those of `default` that it does not state anew."""
    names = {entry["name"] for entry in own}
    return (*own, *(entry for entry in default if entry["name"] not in names))


__all__ = ["added", "refuse_unsafe", "validate"]
