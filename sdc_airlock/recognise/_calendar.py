"""Printed dates and periods: telling them from other cells, and from one another, and putting them in order."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import Enum
from itertools import pairwise
from typing import Any

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = r"(jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)(?:uary|ruary|ch|il|ust|ember|tember|ober)?\.?"
_YEAR = r"(?:1[6-9]|20)\d\d"
_TIME = r"(?:[t ]\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?(?: ?[ap]m)?(?:z| ?utc|[+-]\d{2}:?\d{2})?)?"
_ISO = re.compile(rf"({_YEAR})[-/.](0?[1-9]|1[0-2])[-/.](0?[1-9]|[12]\d|3[01]){_TIME}")
_SLASHED = re.compile(rf"(0?[1-9]|[12]\d|3[01])[/.-](0?[1-9]|[12]\d|3[01])[/.-]({_YEAR}|\d\d){_TIME}")
_DAY_MONTH = re.compile(rf"(0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?[ -/.]?{_MONTH},?[ -/.]?({_YEAR}|\d\d){_TIME}")
_MONTH_DAY = re.compile(rf"{_MONTH}[ -.](0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?,?[ -]({_YEAR}){_TIME}")
_MONTH_YEAR = re.compile(rf"{_MONTH},?[ -/']{{0,2}}({_YEAR}|\d\d)")
_YEAR_MONTH = re.compile(rf"({_YEAR})[ -/]?{_MONTH}")
_MONTH_ALONE = re.compile(_MONTH)
_WEEKDAY = r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?,? )?"
_PERIOD = re.compile(rf"(?:fy ?)?({_YEAR})(?:[-/ ]?(q[1-4]|w\d{{1,2}}|h[12]|m?(?:0[1-9]|1[0-2])|\d{{2}}|{_YEAR}))?")
_QUARTER_YEAR = re.compile(rf"([qh][1-4])[ -/]?({_YEAR})")
_NAMED_DAY = re.compile(_WEEKDAY)


class Span(Enum):
    """How much time a printed date covers."""

    DAY = "day"
    LONGER = "longer"


def span(text: str) -> Span | None:
    """Whether a cell is a day, a longer period (month, quarter, year, school year), or neither.

    Args:
        text: A cell in lower case, with single spaces.
    """
    named = _NAMED_DAY.match(text)
    day = text[named.end() :] if named else text
    if any(form.fullmatch(day) for form in (_ISO, _SLASHED, _DAY_MONTH, _MONTH_DAY)):
        return Span.DAY
    if any(form.fullmatch(text) for form in (_PERIOD, _QUARTER_YEAR, _MONTH_ALONE, _MONTH_YEAR, _YEAR_MONTH)):
        return Span.LONGER
    return None


def _place(text: str, *, day_first: bool) -> tuple[int, int, int] | None:
    """Year, month (or quarter, half or week) and day of a printed date or period."""
    if match := _SLASHED.fullmatch(text):
        one, two = int(match[1]), int(match[2])
        return (int(match[3]), two, one) if day_first else (int(match[3]), one, two)
    if match := _DAY_MONTH.fullmatch(text):
        return int(match[3]), _MONTHS.index(match[2][:3]), int(match[1])
    if match := _MONTH_DAY.fullmatch(text):
        return int(match[3]), _MONTHS.index(match[1][:3]), int(match[2])
    if match := _MONTH_YEAR.fullmatch(text):
        return int(match[2]), _MONTHS.index(match[1][:3]), 0
    if match := _YEAR_MONTH.fullmatch(text):
        return int(match[1]), _MONTHS.index(match[2][:3]), 0
    if match := _QUARTER_YEAR.fullmatch(text):
        return int(match[2]), int(match[1][1:]), 0
    if match := _MONTH_ALONE.fullmatch(text):
        return 0, _MONTHS.index(match[1][:3]), 0
    return None


def _runs(keys: Sequence[Any]) -> bool:
    """True for what only rises or only falls."""
    return all(one < two for one, two in pairwise(keys)) or all(one > two for one, two in pairwise(keys))


def in_order(words: Sequence[str]) -> bool:
    """True where dates or periods, as printed, only rise or only fall."""
    if _runs(words):
        return True
    low = [" ".join(word.lower().split()) for word in words]
    for day_first in (True, False):
        places = [_place(word, day_first=day_first) for word in low]
        if None not in places and _runs(places):
            return True
    return False


__all__ = ["Span", "in_order", "span"]
