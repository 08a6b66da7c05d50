"""Which labels contain which: indentation, codes that go on, bands that nest, headings over a block."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sdc_airlock.recognise.lexicon import is_total

_INDENT = re.compile(r"^(?:[\s\u00a0\u2003\u2002]|\.(?=[\s.])|&nbsp;|[-\u2013\u2022>\u203a](?=\s))+")
_CODE = re.compile(r"^([A-Z]{0,3}\d{0,3}(?:\.\d{1,4}){0,6}|\d{1,10})(?=$|[\s:)\u2013-])")
_CODE_RANGE = re.compile(r"^([A-Z]\d{2})\s?[-\u2013]\s?([A-Z]\d{2})\b")
_BAND = re.compile(r"^(?:aged?_?\s*)?(\d{1,3})\s*(?:-|\u2013|\u2014|to|_)\s*(\d{1,3})(?:\s*(?:years?|yrs?|y))?$", re.IGNORECASE)
_FROM = re.compile(
    r"^(?:aged?_?\s*)?(?:(\d{1,3})\s*(?:\+|(?:years? )?(?:and|or) (?:over|older|above|more))|(?:>=|\u2265)\s*(\d{1,3})|>\s*(\d{1,3}))(?:\s*(?:years?|yrs?|y))?$",
    re.IGNORECASE,
)
_UNDER = re.compile(r"^(?:aged?_?\s*)?(?:<|under|below|less than)\s*(\d{1,3})(?:\s*(?:years?|yrs?|y))?$", re.IGNORECASE)
_OLDEST = 999.0
_MOST_PAIRS = 1500
_SECTION_SHARE = 0.8


def indentation(words: Sequence[str]) -> list[int]:
    """How far each label is set in, in characters."""
    return [len(match[0]) if (match := _INDENT.match(word)) else 0 for word in words]


def parents_by_indent(words: Sequence[str]) -> list[int]:
    """For each label the nearest one above it that is set in less; -1 where there is none, everywhere where none is set in."""
    depth = indentation(words)
    if len(set(depth)) < 2:
        return [-1] * len(words)
    parents, stack = [], list[int]()
    for place, each in enumerate(depth):
        while stack and depth[stack[-1]] >= each:
            stack.pop()
        parents.append(stack[-1] if stack else -1)
        stack.append(place)
    return parents


def parents_by_code(words: Sequence[str]) -> list[int]:
    """For each code the longest other one that it goes on from ("1.2" from "1", "E110" from "E11", "E11" from "E00-E90"); -1 where there is none."""
    codes = [_code(word) for word in words]
    found = [code for code in codes if code]
    if len(found) < max(3, _SECTION_SHARE * len(words)) or len(set(found)) < len(found):
        return [-1] * len(words)
    places = {code: place for place, code in enumerate(codes) if code}
    ranges = [(match[1], match[2], place) for place, word in enumerate(words) if (match := _CODE_RANGE.match(word.strip()))]
    dotted = any("." in code for code in found)
    equal = len({len(code) for code in found}) < 2 and not ranges
    parents = []
    for place, code in enumerate(codes):
        parent = -1 if equal or not code or _range_of(words[place]) or is_total(words[place]) else _longest(code, places, dotted=dotted)
        if parent < 0 and code and ranges:
            inside = [
                (end, -ord(start[0]) * 100 - int(start[1:]), at)
                for start, end, at in ranges
                if at != place
                and start <= code[:3] <= end
                and (start, end) != _range_of(words[place])
                and _covers(start, end, words[place])
            ]
            parent = min(inside)[2] if inside else -1
        parents.append(parent)
    return parents


def _range_of(word: str) -> tuple[str, str] | None:
    match = _CODE_RANGE.match(word.strip())
    return (match[1], match[2]) if match else None


def _covers(start: str, end: str, word: str) -> bool:
    """True where a range of codes holds all of another one."""
    inner = _range_of(word)
    return inner is None or (start <= inner[0] and inner[1] <= end)


def _code(word: str) -> str:
    stripped = word.strip()
    ranged = _CODE_RANGE.match(stripped)
    if ranged:
        return ranged[0].replace(" ", "")
    match = _CODE.match(stripped)
    return match[1] if match and any(character.isdigit() for character in match[1]) else ""


def _longest(code: str, places: dict[str, int], *, dotted: bool) -> int:
    """Place of the longest other code that this one begins with."""
    if dotted:
        while "." in code:
            code = code.rpartition(".")[0]
            if code in places:
                return places[code]
    for end in range(len(code) - 1, 0, -1):
        if code[:end] in places and not (dotted and code[:end].isdigit()):
            return places[code[:end]]
    return -1


def band(word: str) -> tuple[float, float] | None:
    """First and last number of a band ("18-64", "65+", "under 18"); None for any other label."""
    text = word.strip()
    if match := _BAND.match(text):
        low, high = float(match[1]), float(match[2])
        return (low, high) if low <= high else None
    if match := _FROM.match(text):
        return (float(match[1] or match[2] or 0) if not match[3] else float(match[3]) + 1), _OLDEST
    if match := _UNDER.match(text):
        return 0.0, float(match[1]) - 1
    return None


def parents_by_band(words: Sequence[str]) -> list[int]:
    """For each band the smallest other one that holds it; -1 where there is none."""
    bands = [(*found, place) for place, word in enumerate(words) if (found := band(word)) is not None]
    parents = [-1] * len(words)
    if not 3 <= len(bands) <= _MOST_PAIRS:
        return parents
    for low, high, place in bands:
        around = [(b - a, at) for a, b, at in bands if at != place and a <= low and high <= b and (b - a) > (high - low)]
        if around:
            parents[place] = min(around)[1]
    return parents


def covers(parent: str, children: Sequence[str]) -> bool:
    """False where bands of children leave gaps in the band of their parent, or overlap."""
    whole = band(parent)
    parts = sorted(found for child in children if (found := band(child)) is not None)
    if whole is None or len(parts) != len(children):
        return True
    ends = [low for low, _ in parts[1:]]
    joined = all(high + 1 == low for (_, high), low in zip(parts, ends, strict=False))
    return joined and parts[0][0] == whole[0] and parts[-1][1] == whole[1]


def runs(flags: Sequence[bool]) -> list[tuple[int, int]]:
    """Stretches between flagged places, as first place and the one after the last, the flagged ones left out."""
    found, start = [], 0
    for place, flag in enumerate([*flags, True]):
        if flag:
            if place > start:
                found.append((start, place))
            start = place + 1
    return found


__all__ = ["band", "covers", "indentation", "parents_by_band", "parents_by_code", "parents_by_indent", "runs"]
