"""Printed dates and periods: telling them from other cells, and from one another, and putting them in order."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from datetime import date
from enum import Enum
from itertools import pairwise
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

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
_DIGITS = re.compile(rf"({_YEAR})(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])")
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}))?(?:[.,]\d+)?(?: ?([ap]m))?")
_FEWEST_STEPS = 12
_SHORTEST_MONTH = 28
# of five working days four are a day apart
_ALIKE = 0.75


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


def moments(words: Sequence[str]) -> npt.NDArray[np.float64] | None:
    """Printed points in time as days, NaN for an empty cell; None where some cell is no day of a calendar.

    Args:
        words: Different cells, each once; `20240131` is a day too.
    """
    import numpy as np

    low = [" ".join(word.lower().split()) for word in words]
    for day_first in (True, False):
        days = [_days(word, day_first=day_first) if word else math.nan for word in low]
        if None not in days:
            return np.array(days, np.float64)
    return None


def _days(text: str, *, day_first: bool) -> float | None:
    """Days since the beginning of the calendar, with the part of the day that has passed."""
    named = _NAMED_DAY.match(text)
    day = text[named.end() :] if named else text
    if match := _ISO.fullmatch(day) or _DIGITS.fullmatch(day):
        place: tuple[int, int, int] | None = int(match[1]), int(match[2]), int(match[3])
    elif any(form.fullmatch(day) for form in (_SLASHED, _DAY_MONTH, _MONTH_DAY)):
        found = _place(day, day_first=day_first)
        place = (found[0], found[1] + (0 if _SLASHED.fullmatch(day) else 1), found[2]) if found else None
    else:
        return None
    try:
        whole = date(*place).toordinal() if place else None
    except ValueError:
        return None
    return None if whole is None else whole + _part_of_day(day)


def _part_of_day(text: str) -> float:
    match = _CLOCK.search(text)
    if match is None:
        return 0.0
    hours = int(match[1]) % 12 + 12 * (match[4] == "pm") if match[4] else int(match[1])
    return (hours + int(match[2]) / 60 + int(match[3] or 0) / 3600) / 24


def equal_steps(days: npt.NDArray[np.float64]) -> bool:
    """True for points in time at equal steps: minutes, hours, days (or working days), weeks, months, quarters, years; some may be missing.

    Args:
        days: Rising, without gaps in the array.
    """
    import numpy as np

    if len(days) < _FEWEST_STEPS:
        return False
    steps = np.diff(days)
    usual = float(np.median(steps))
    if usual <= 0:
        return False
    if usual >= _SHORTEST_MONTH:
        months = np.array([12 * (day := date.fromordinal(int(each))).year + day.month for each in days])
        steps, usual = np.diff(months).astype(np.float64), float(np.median(np.diff(months)))
        if usual < 1:
            return False
    alike = np.abs(steps - usual) <= 0.02 * usual
    return bool(alike.mean() >= _ALIKE and steps.min() >= 0.5 * usual)


__all__ = ["Span", "equal_steps", "in_order", "moments", "span"]
