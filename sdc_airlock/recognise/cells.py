"""Cells to numbers: what a printed cell says, worked out once for every different cell of a column.

A cell may be a plain number ("1,234", "3.4e-05", "(12)"), a percentage, a number with a second one beside it ("12 (3.4%)"), an estimate with
its interval ("1.2 [1.0, 1.5]"), a band ("20-29", "65+"), a suppression marker ("<5", "[c]"), a date, or text. "<0.001" is a number printed
with fewer decimals than it has, not a suppressed count.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from sdc_airlock.recognise._calendar import Span, in_order, span
from sdc_airlock.recognise._numerals import LONGEST, NUMBER, decimals, plain, to_float, value

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

_NAN = math.nan
_PERCENT_BESIDE = 100
_FRACTION_BESIDE = 200
_TEXT: Parsed = (CellKind.TEXT, _NAN, _NAN, 0)
_HIDDEN: Parsed = (CellKind.SUPPRESSED, _NAN, _NAN, 0)
_BAND: Parsed = (CellKind.BAND, _NAN, _NAN, 0)
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
_SIMPLE = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")
# in a column that uses the comma as decimal sign: cells that show it, cells that could be either, cells that speak against it
_COMMA_DECIMAL = re.compile(r"[+-]?(?:0,\d+|\d+,(?:\d{1,2}|\d{4,})) ?%?")
_COMMA_UNSURE = re.compile(r"[+-]?(?:\d{1,3},\d{3}|\d{1,3}\.\d{3}) ?%?")
_COMMA_GROUPS = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d*|,\d{3}) ?%?")
_COMMA_LOOK = 2000
_MANY = 500
_BRACKETS = frozenset("()[]%")
_CALENDAR_STARTS = frozenset("adfhjmnoqstw")
_ZEROS = str.maketrans("123456789", "000000000")
_ONLY_NUMBERS = r"^[+-]?(?:\d{1,18}\.?\d{0,40}|\.\d{1,40})(?:[eE][+-]?\d{1,2})?$"


def _one(match: re.Match[str]) -> Parsed:
    worth, places = value(match[1])
    return (CellKind.PERCENT if match[2] else CellKind.NUMBER), worth, _NAN, places


def _bound(match: re.Match[str]) -> Parsed:
    """`<5` hides a count, `<0.001` is a number cut short, `<1000` a band."""
    worth, places = value(match[1])
    if match[2]:
        return _HIDDEN
    if places:
        return CellKind.NUMBER, worth, _NAN, places
    return _HIDDEN if worth < 1000 else _BAND


def _above(match: re.Match[str]) -> Parsed:
    worth, places = value(match[1])
    return (CellKind.NUMBER, worth, _NAN, places) if places and not match[2] else _BAND


def _pair(match: re.Match[str]) -> Parsed:
    worth, places = value(match[1])
    beside = value(match[3])[0] if match[3] else _NAN
    return CellKind.PAIR, worth, beside, min(places, 99) + (_PERCENT_BESIDE if match[2] or match[4] else 0)


def _fraction(match: re.Match[str]) -> Parsed:
    worth, places = value(match[1])
    return CellKind.PAIR, worth, value(match[2])[0], min(places, 99) + _FRACTION_BESIDE


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
        (r"[+-]inf", _always((CellKind.NUMBER, _NAN, _NAN, 0))),
        (rf"(?:\( ?(?:{NUMBER}|-inf) ?[,;] ?(?:{NUMBER}|inf) ?\]|\[ ?(?:{NUMBER}|-inf) ?[,;] ?(?:{NUMBER}|inf) ?\))", _always(_BAND)),
        (rf"[(\[{{] ?({NUMBER}) ?(%?) ?[)\]}}]", _one),
        (rf"[(\[{{] ?{NUMBER} ?%? ?(?:{_DASH}|,|;|:) ?{NUMBER} ?%? ?[)\]}}]", _always((CellKind.INTERVAL, _NAN, _NAN, 1))),
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
        return CellKind.MISSING, _NAN, _NAN, 0
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
    return CellKind.NUMBER, (value if math.isfinite(value) else _NAN), _NAN, places


def _numeric(shown: str) -> Parsed:
    """A cell that begins like a number."""
    place = _fitting(shown.translate(_ZEROS))
    if place != 0 and not _BRACKETS.intersection(shown):
        when = span(shown)
        if when is not None:
            return (CellKind.DATE if when is Span.DAY else CellKind.PERIOD), _NAN, _NAN, 0
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
        return CellKind.NUMBER, _NAN, _NAN, 0
    when = span(shown) if shown[0] in _CALENDAR_STARTS else None
    if when is not None:
        return (CellKind.DATE if when is Span.DAY else CellKind.PERIOD), _NAN, _NAN, 0
    match = _P_VALUE.fullmatch(shown)
    if match:
        return _one(match)
    bounded = _READINGS[1][0].fullmatch(shown)
    return _bound(bounded) if bounded else _TEXT


@dataclass(frozen=True, slots=True)
class Cells:
    """A column, cell by cell.

    Attributes:
        text: Different cells as printed (stripped), and `codes`: for each row the place of its cell in `text`.
        kinds: CellKind of each row.
        first, second: Numbers of each row, float64, NaN where there is none.
        places: Decimals of the first number, by row; `pair_percent`: the second number is a percentage.
        fraction: the second number is a denominator ("3/120").
    """

    text: tuple[str, ...]
    codes: npt.NDArray[np.int64]
    kinds: npt.NDArray[np.int8]
    first: npt.NDArray[np.float64]
    second: npt.NDArray[np.float64]
    places: npt.NDArray[np.int16]
    pair_percent: npt.NDArray[np.bool_]
    fraction: npt.NDArray[np.bool_]
    distinct: int
    filled: int

    def share(self, *kinds: CellKind) -> float:
        """Share of the non-missing cells that are of these kinds."""
        if not self.filled:
            return 0.0
        return float(sum(int((self.kinds == kind).sum()) for kind in kinds) / self.filled)


_REMEMBERED = 600
_SMALL_COLUMN = 5000
_remembered: dict[int, tuple[object, Cells]] = {}


def read_cells(values: pa.Array[Any] | pa.ChunkedArray[Any]) -> Cells:
    """The cells of one column, each different text parsed once; the last few hundred columns are remembered for the next room that asks."""
    known = _remembered.get(id(values))
    if known is not None and known[0] is values:
        return known[1]
    cells = _read(values)
    if len(_remembered) >= _REMEMBERED:
        _remembered.clear()
    if len(values) <= _SMALL_COLUMN:
        _remembered[id(values)] = (values, cells)
    return cells


def _read(values: pa.Array[Any] | pa.ChunkedArray[Any]) -> Cells:
    array = values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values
    if pa.types.is_dictionary(array.type):
        array = array.cast(array.type.value_type)
    if pa.types.is_integer(array.type) or pa.types.is_floating(array.type):
        return _typed_numbers(array)
    different, codes = _encoded(_as_text(array).fill_null(""))
    words = [str(word) for word in different.to_pylist()]
    if pa.types.is_temporal(array.type):
        return _typed_dates(words, codes)
    return _from_words([word.strip() for word in words], codes)


def _encoded(array: pa.Array[Any]) -> tuple[pa.Array[Any], npt.NDArray[np.int64]]:
    """The different cells of a column, and for each row the place of its cell among them."""
    encoded: Any = array.dictionary_encode(null_encoding="encode")
    return encoded.dictionary, np.asarray(encoded.indices.to_numpy(zero_copy_only=False), dtype=np.int64)


def _as_text(array: pa.Array[Any]) -> pa.Array[Any]:
    """Any column as a column of text."""
    if pa.types.is_string(array.type) or pa.types.is_large_string(array.type):
        return array
    try:
        return pc.cast(array, pa.string())
    except (pa.ArrowNotImplementedError, pa.ArrowInvalid):  # lists, structs, spans of time, bytes that are no text
        return pa.array([None if cell is None else str(cell) for cell in array.to_pylist()], pa.string())


def _from_words(words: list[str], codes: npt.NDArray[np.int64]) -> Cells:
    """Cells from the different words and the place of each row's word."""
    kinds, first, second, places = _read_words(words)
    _settle_commas(words, kinds, first, places)
    row_kinds = kinds[codes]
    row_places = places[codes]
    used = np.zeros(len(words), np.bool_)
    used[codes] = True
    return Cells(
        text=tuple(words),
        codes=codes,
        kinds=row_kinds,
        first=first[codes],
        second=second[codes],
        places=row_places % 100,
        pair_percent=(row_places >= _PERCENT_BESIDE) & (row_places < _FRACTION_BESIDE),
        fraction=row_places >= _FRACTION_BESIDE,
        distinct=int((used & (kinds != CellKind.MISSING)).sum()),
        filled=int((row_kinds != CellKind.MISSING).sum()),
    )


_Read: TypeAlias = tuple[npt.NDArray[np.int8], npt.NDArray[np.float64], npt.NDArray[np.float64], npt.NDArray[np.int16]]


def _read_words(words: list[str]) -> _Read:
    """Kind, first and second number and decimals of each word; where there are many, those that are plain numbers all at once."""
    count = len(words)
    kinds, places = np.zeros(count, np.int8), np.zeros(count, np.int16)
    first, second = np.full(count, _NAN), np.full(count, _NAN)
    left: Iterable[int] = range(count)
    if count >= _MANY:
        array = pa.array(words, pa.large_string())
        simple = np.asarray(pc.match_substring_regex(array, _ONLY_NUMBERS).to_numpy(zero_copy_only=False), np.bool_)
        numbers = array.filter(pa.array(simple))
        kinds[simple] = CellKind.NUMBER
        # Arrow reads no leading plus
        first[simple] = pc.cast(pc.utf8_ltrim(numbers, "+"), pa.float64()).to_numpy(zero_copy_only=False) + 0.0
        point = pc.find_substring(numbers, ".").to_numpy(zero_copy_only=False)
        end = pc.utf8_length(pc.replace_substring_regex(numbers, r"[eE].*$", "")).to_numpy(zero_copy_only=False)
        places[simple] = np.where(point >= 0, end - point - 1, 0)
        left = np.flatnonzero(~simple).tolist()
    for place in left:
        kinds[place], first[place], second[place], places[place] = parse(words[place])
    return kinds, first, second, places


def _settle_commas(words: list[str], kinds: npt.NDArray[np.int8], first: npt.NDArray[np.float64], places: npt.NDArray[np.int16]) -> None:
    """Where other cells of a column show that its comma stands before decimals, `1,234` is 1.234 and `1.234` is 1234 there too."""
    commas = [word for word in words[:_COMMA_LOOK] if "," in word]
    sure = sum(bool(_COMMA_DECIMAL.fullmatch(word)) for word in commas)
    if not commas or sure < max(1, len(commas) / 20) or any(_COMMA_GROUPS.fullmatch(word) for word in commas):
        return
    for place, word in enumerate(words):
        if kinds[place] in (CellKind.NUMBER, CellKind.PERCENT) and _COMMA_UNSURE.fullmatch(word):
            grouped = "." in word
            digits = word.rstrip(" %")
            first[place] = float(digits.replace(".", "") if grouped else digits.replace(",", "."))
            places[place] = 0 if grouped else 3


def _typed_numbers(array: pa.Array[Any]) -> Cells:
    """Cells of a column that the format itself types as numbers."""
    if pa.types.is_float16(array.type):
        array = array.cast(pa.float32())
    different, codes = _encoded(array)
    # whole numbers beyond 2**53 lose their last digits as floats, and stay different cells
    unique = np.asarray(different.cast(pa.float64(), safe=False).to_numpy(zero_copy_only=False), dtype=np.float64) + 0.0
    nothing = np.isnan(unique)
    if pa.types.is_integer(array.type):
        text = tuple("" if value is None else str(value) for value in different.to_pylist())
        shown = np.zeros(len(unique), np.int16)
    else:
        digits = 12 if pa.types.is_float64(array.type) else 7
        text = tuple("" if math.isnan(value) else f"{value:.{digits}g}" for value in unique.tolist())
        shown = np.array([decimals(word) if "." in word else 0 for word in text[:_COMMA_LOOK]] + [6] * (len(text) - _COMMA_LOOK), np.int16)
        whole = bool(np.all(nothing | (unique == np.floor(unique))))
        shown = np.zeros(len(unique), np.int16) if whole else shown
    missing = nothing[codes]
    unique = np.where(np.isfinite(unique), unique, _NAN)
    return Cells(
        text=text,
        codes=codes,
        kinds=np.where(missing, CellKind.MISSING, CellKind.NUMBER).astype(np.int8),
        first=unique[codes],
        second=np.full(len(codes), _NAN),
        places=shown[codes],
        pair_percent=np.zeros(len(codes), np.bool_),
        fraction=np.zeros(len(codes), np.bool_),
        distinct=int((~nothing).sum()),
        filled=int((~missing).sum()),
    )


def _typed_dates(words: list[str], codes: npt.NDArray[np.int64]) -> Cells:
    """Cells of a column that the format itself types as dates or times."""
    empty = np.array([not word for word in words], np.bool_)
    missing = empty[codes]
    nothing = np.full(len(codes), _NAN)
    return Cells(
        text=tuple(words),
        codes=codes,
        kinds=np.where(missing, CellKind.MISSING, CellKind.DATE).astype(np.int8),
        first=nothing,
        second=nothing,
        places=np.zeros(len(codes), np.int16),
        pair_percent=np.zeros(len(codes), np.bool_),
        fraction=np.zeros(len(codes), np.bool_),
        distinct=int((~empty).sum()),
        filled=int((~missing).sum()),
    )


def regular_dates(cells: Cells) -> bool:
    """True where dates and periods come in order, only rising or only falling, as in a series."""
    seen = cells.codes[(cells.kinds == CellKind.DATE) | (cells.kinds == CellKind.PERIOD)]
    if len(seen) < 3 or len(np.unique(seen)) < len(seen):
        return False
    return in_order([cells.text[code] for code in seen.tolist()])


__all__ = ["MISSING", "NUMERIC_KINDS", "SUPPRESSION", "CellKind", "Cells", "decimals", "parse", "read_cells", "regular_dates", "to_float"]
