"""One printed cell: what kind it is and which numbers it says."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from enum import IntEnum
from functools import lru_cache
from typing import TypeAlias

from sdc_airlock.recognise._calendar import Span, span
from sdc_airlock.recognise._numerals import LONGEST, NUMBER, plain, value

MISSING = frozenset({"", "na", "n/a", "#n/a", "nan", "null", "none", ".", "-", "--", "---", "..", "...", "?", "n.a.", "n.d.", "missing", "\u2014", "\u2013", "\u2026", "na.", "<na>", "nil"})  # fmt: skip
# Cells that stand for a number that was hidden. Letters and signs mean it only in a column of numbers.
SUPPRESSION = frozenset({"*", "**", "[c]", "[x]", "[z]", "[s]", "[low]", "c", "x", "s", "z", "~", ":", ":c", "#", "^", "redacted", "/*redacted*/", "[redacted]", "suppressed", "[suppressed]", "supp", "suppr", "sup", "dis", "confidential", "(c)", "(s)", "(x)", "*****"})  # fmt: skip


class CellKind(IntEnum):
    """What one printed cell is."""

    MISSING = 0
    NUMBER = 1
    PERCENT = 2
    PAIR = 3
    INTERVAL = 4
    SUPPRESSED = 5
    BAND = 6
    DATE = 7
    PERIOD = 8
    TEXT = 9


NUMERIC_KINDS = (CellKind.NUMBER, CellKind.PERCENT, CellKind.PAIR, CellKind.INTERVAL)
Parsed: TypeAlias = tuple[CellKind, float, float, int]

NAN = math.nan
PERCENT_BESIDE = 100
FRACTION_BESIDE = 200
_TEXT: Parsed = (CellKind.TEXT, NAN, NAN, 0)
_HIDDEN: Parsed = (CellKind.SUPPRESSED, NAN, NAN, 0)
_BAND: Parsed = (CellKind.BAND, NAN, NAN, 0)
_STARTS = frozenset("0123456789+-.")
_ENDS = frozenset("0123456789")
_OPENS = frozenset("+-.,($\u00a3\u20ac\u00a5[{<>\u2264\u2265=&")
# words that may stand in a cell of numbers; any other word makes it text
_WORDS = frozenset(
    "a b c d e p to and of out or fewer less than lt gt ci na years yrs yr y kg cm mm months days over above under more older younger inf "
    "t z utc am pm st nd rd th q w h m fy jan feb mar apr may jun june jul july aug sep sept oct nov dec "
    "mon tue tues wed thu thurs fri sat sun monday tuesday wednesday thursday friday saturday sunday "
    "january february march april august september october november december".split()
)
_WORD = re.compile(r"[^\W\d_]+")
_LESS = r"(?:<|\u2264|<=|&lt;=?|lt|less than|fewer than|under)"
_DASH = r"(?:-|\u2013|\u2014|to)"
_SIMPLE = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?")
# in a column that uses the comma as decimal sign: cells that show it, cells that could be either, cells that speak against it
COMMA_DECIMAL = re.compile(r"[+-]?(?:0,\d+|\d+,(?:\d{1,2}|\d{4,})) ?%?")
COMMA_UNSURE = re.compile(r"[+-]?(?:\d{1,3},\d{3}|\d{1,3}\.\d{3}) ?%?")
COMMA_GROUPS = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d*|,\d{3}) ?%?")
COMMA_LOOK = 2000
MANY = 500
_BRACKETS = frozenset("()[]%")
_CALENDAR_STARTS = frozenset("adfhjmnoqstw")
_ZEROS = str.maketrans("123456789", "000000000")
ONLY_NUMBERS = r"^[+-]?(?:\d{1,18}\.?\d{0,40}|\.\d{1,40})(?:[eE][+-]?\d{1,2})?$"


def _one(match: re.Match[str]) -> Parsed:
    worth, places = value(match[1])
    return (CellKind.PERCENT if match[2] else CellKind.NUMBER), worth, NAN, places


def _bound(match: re.Match[str]) -> Parsed:
    """`<5` hides a count, `<0.001` is a number cut short, `<1000` a band."""
    worth, places = value(match[1])
    if match[2]:
        return _HIDDEN
    if places:
        return CellKind.NUMBER, worth, NAN, places
    return _HIDDEN if worth < 1000 else _BAND


def _above(match: re.Match[str]) -> Parsed:
    worth, places = value(match[1])
    return (CellKind.NUMBER, worth, NAN, places) if places and not match[2] else _BAND


def _pair(match: re.Match[str]) -> Parsed:
    worth, places = value(match[1])
    beside = value(match[3])[0] if match[3] else NAN
    return CellKind.PAIR, worth, beside, min(places, 99) + (PERCENT_BESIDE if match[2] or match[4] else 0)


def _fraction(match: re.Match[str]) -> Parsed:
    worth, places = value(match[1])
    return CellKind.PAIR, worth, value(match[2])[0], min(places, 99) + FRACTION_BESIDE


def _estimate(match: re.Match[str]) -> Parsed:
    worth, places = value(match[1])
    return CellKind.INTERVAL, worth, value(match[2])[0], places


def _always(parsed: Parsed) -> Callable[[re.Match[str]], Parsed]:
    return lambda _: parsed


# read from the top; the first that fits the whole cell holds. The parts of each are told apart by what stands between them, so none can run away.
_READINGS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Parsed]], ...] = tuple(
    (re.compile(expression), reading)
    for expression, reading in (
        (rf"[$\u00a3\u20ac\u00a5]? ?({NUMBER}) ?(%?) ?(?:[a-e]|\u20ac)?", _one),
        (rf"[(\[]? ?{_LESS} ?({NUMBER}) ?(%?) ?[)\]]?", _bound),
        (r"\d{1,3} or (?:fewer|less)", _always(_HIDDEN)),
        (rf"[(\[]? ?(?:>|\u2265|>=|&gt;=?) ?({NUMBER}) ?(%?) ?[)\]]?", _above),
        (rf"({NUMBER}) ?(%?) ?[(\[{{] ?[<>\u2264\u2265~]? ?(?:({NUMBER})|-|--|\u2013|\u2014|\.|na|n/a) ?(%?) ?[)\]}}] ?[a-e]?", _pair),
        (rf"{_LESS} ?{NUMBER} ?%? ?[(\[].{{0,24}}[)\]]", _always(_HIDDEN)),
        (rf"({NUMBER}) ?(?:/|of|out of) ?({NUMBER}) ?(?:[(\[] ?{NUMBER} ?%? ?[)\]]|{NUMBER} ?%)?", _fraction),
        (rf"({NUMBER}) ?(?:\u00b1|\+/-|\+-) ?({NUMBER})", _estimate),
        (r"[+-]inf", _always((CellKind.NUMBER, NAN, NAN, 0))),
        (rf"(?:\( ?(?:{NUMBER}|-inf) ?[,;] ?(?:{NUMBER}|inf) ?\]|\[ ?(?:{NUMBER}|-inf) ?[,;] ?(?:{NUMBER}|inf) ?\))", _always(_BAND)),
        (rf"[(\[{{] ?({NUMBER}) ?(%?) ?[)\]}}]", _one),
        (rf"[(\[{{] ?{NUMBER} ?%? ?(?:{_DASH}|,|;|:) ?{NUMBER} ?%? ?[)\]}}]", _always((CellKind.INTERVAL, NAN, NAN, 1))),
        (
            rf"[<>\u2264\u2265=]{{0,2}} ?\d[\d,.]* ?(?:\+|{_DASH}|and|or) ?(?:<? ?\d[\d,.]*|over|above|under|more|older|younger)? ?(?:years|yrs|yr|y|kg|cm|mm|months|days)?",
            _always(_BAND),
        ),
        (rf"({NUMBER}) ?%? ?[(\[{{] ?(?:\d\d ?% ?ci:? ?)?({NUMBER}) ?%? ?(?:{_DASH}|,|;|:) ?{NUMBER} ?%? ?[)\]}}] ?[a-e]?", _estimate),
        (rf"({NUMBER}) ?%? (?:\d\d ?% ?ci:? ?)?({NUMBER}) ?%? ?(?:{_DASH}|,|;|:) ?{NUMBER} ?%?", _estimate),
    )
)
_P_VALUE = re.compile(rf"p ?(?:<|>|=|\u2264) ?({NUMBER})()")


@lru_cache(maxsize=50_000)
def parse(text: str) -> Parsed:
    """One cell: its kind, its first and second number (NaN where there is none) and the decimals of the first.

    The second number of a PAIR is what stands in brackets; its `decimals` counts 100 more where that is a percentage, 200 more where it is a
    denominator ("3/120").
    """
    if len(text) > LONGEST:
        text = text.strip()
        if len(text) > LONGEST:
            return _TEXT
    if text and text[-1] in _ENDS and text[0] in _STARTS and _SIMPLE.fullmatch(text):
        return _simple(text)
    shown = plain(text).lower()
    if shown in MISSING:
        return CellKind.MISSING, NAN, NAN, 0
    if shown in SUPPRESSION:
        return _HIDDEN
    if not _WORDS.issuperset(_WORD.findall(shown)):
        return _TEXT
    first = shown[0]
    if first.isalpha():
        return _worded(shown)
    return _numeric(shown) if first.isdigit() or first in _OPENS else _TEXT


def _simple(text: str) -> Parsed:
    """A cell of ASCII digits with at most a sign, a point and an exponent."""
    value = float(text) + 0.0
    point = text.find(".")
    end = max(text.find("e"), text.find("E"))
    places = (end if end > 0 else len(text)) - point - 1 if point >= 0 else 0
    return CellKind.NUMBER, (value if math.isfinite(value) else NAN), NAN, places


def _numeric(shown: str) -> Parsed:
    """A cell that begins like a number."""
    place = _fitting(shown.translate(_ZEROS))
    if place != 0 and not _BRACKETS.intersection(shown):
        when = span(shown)
        if when is not None:
            return (CellKind.DATE if when is Span.DAY else CellKind.PERIOD), NAN, NAN, 0
    if place is None:
        return _TEXT
    expression, reading = _READINGS[place]
    match = expression.fullmatch(shown)
    return reading(match) if match else _TEXT


@lru_cache(maxsize=5_000)
def _fitting(shape: str) -> int | None:
    """The first reading that fits a cell of this shape (every digit written as 0): which digits they are makes no difference."""
    return next((place for place, (expression, _) in enumerate(_READINGS) if expression.fullmatch(shape)), None)


def _worded(shown: str) -> Parsed:
    """A cell that begins with a letter: a month, a quarter, a date, a bound in words, a p-value."""
    if shown == "inf":
        return CellKind.NUMBER, NAN, NAN, 0
    when = span(shown) if shown[0] in _CALENDAR_STARTS else None
    if when is not None:
        return (CellKind.DATE if when is Span.DAY else CellKind.PERIOD), NAN, NAN, 0
    match = _P_VALUE.fullmatch(shown)
    if match:
        return _one(match)
    bounded = _READINGS[1][0].fullmatch(shown)
    return _bound(bounded) if bounded else _TEXT
