"""Numbers of a workbook as text: plain decimals, ISO dates, percentages; and number formats that show nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

_BUILTIN_DATES = frozenset([*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)])
_BUILTIN_PERCENT = frozenset({9, 10})
_LITERAL = re.compile(r'"[^"]*"|\\.|_.|\*.')
_BRACKETS = re.compile(r"\[[^\]]*\]")
_CONDITION = re.compile(r"\[(<=|>=|<>|<|>|=)\s*(-?\d+(?:\.\d+)?)\]")
_PLAIN = re.compile(r"-?(?:0|[1-9][0-9]{0,7})(?:\.[0-9]{0,7}[1-9])?", re.ASCII)
_LONG = 17
_LAST_DAY = 2_958_466
_LEAP_BUG = 60  # Excel counts a 29 February 1900


@dataclass(frozen=True, slots=True)
class NumberFormat:
    """What a number format does with a number.

    Attributes:
        date: Shows it as a date or time.
        percent: Shows it times a hundred.
        sections: Condition (operator and operand, or None) and whether the section shows the number at all.
    """

    date: bool = False
    percent: bool = False
    sections: tuple[tuple[tuple[str, float] | None, bool], ...] = ()

    def hides(self, value: float) -> bool:
        """True where this format shows a number other than 0 as nothing, or as fixed text in its stead."""
        if value == 0 or not self.sections:
            return False
        conditions = [condition for condition, _ in self.sections]
        if any(conditions):
            for condition, shows in self.sections:
                if condition is None or _holds(value, *condition):
                    return not shows
            return False
        number = 1 if value < 0 and len(self.sections) > 1 else 0
        return not self.sections[number][1]


def _holds(value: float, operator: str, operand: float) -> bool:
    return {
        "<": value < operand,
        "<=": value <= operand,
        ">": value > operand,
        ">=": value >= operand,
        "=": value == operand,
        "<>": value != operand,
    }[operator]


GENERAL = NumberFormat()


@lru_cache(maxsize=1024)
def number_format(number: int, code: str) -> NumberFormat:
    """The number format of an id and, for the custom ones, its code."""
    if not code:
        return NumberFormat(date=number in _BUILTIN_DATES, percent=number in _BUILTIN_PERCENT)
    sections = []
    for section in _LITERAL.sub(lambda match: "" if match.group()[0] != '"' else '""', code).split(";"):
        found = _CONDITION.search(section)
        condition = (found.group(1), float(found.group(2))) if found else None
        plain = _BRACKETS.sub("", section).replace('""', "").lower()
        elapsed = re.search(r"\[[hms]+\]", section, re.IGNORECASE) is not None
        shows = elapsed or "general" in plain or any(char in "0#?@ymdhsbeg" for char in plain)
        sections.append((condition, shows))
    first = _BRACKETS.sub("", _LITERAL.sub("", code.split(";", maxsplit=1)[0])).lower()
    date = "general" not in first and any(char in "ymdhs" for char in first) and not any(char in "0#?" for char in first.replace(".0", ""))
    return NumberFormat(date=date, percent="%" in first, sections=tuple(sections))


def number_text(text: str) -> str:
    """A stored number as a plain decimal: `1.0` is 1, noise behind the fifteenth digit goes."""
    if _PLAIN.fullmatch(text):
        return text
    try:
        value = float(text)
    except ValueError:
        return text
    if value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    short = repr(value)
    return f"{value:.15g}" if len(short) > _LONG else short


def percent_text(text: str) -> str:
    """A stored proportion as the percentage that is shown."""
    try:
        value = float(text)
    except ValueError:
        return text
    return f"{number_text(f'{value * 100:.12g}')}%"


def date_text(text: str, *, from_1904: bool) -> str:
    """A stored day number as ISO date, time, or both; a number out of range stays a number."""
    try:
        value = float(text)
    except ValueError:
        return text
    if not 0 <= value < _LAST_DAY:
        return number_text(text)
    # workbooks know no time zone
    start = datetime(1904, 1, 1) if from_1904 else datetime(1899, 12, 31 if value < _LEAP_BUG else 30)  # noqa: DTZ001
    moment = start + timedelta(seconds=round(value * 86_400))
    if value < 1:
        return moment.strftime("%H:%M:%S")
    return moment.strftime("%Y-%m-%d" if float(value).is_integer() else "%Y-%m-%d %H:%M:%S")
