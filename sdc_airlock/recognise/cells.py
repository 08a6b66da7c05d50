"""Cells to numbers: what a printed cell says, worked out once for every different cell of a column.

A cell may be a plain number ("1,234", "3.4e-05", "(12)"), a percentage, a number with a second one beside it ("12 (3.4%)"), an estimate with
its interval ("1.2 [1.0, 1.5]"), a band ("20-29", "65+"), a suppression marker ("<5", "[c]"), a date, or text.
"""

from __future__ import annotations

import contextlib
import re
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

MISSING = frozenset({"", "na", "n/a", "#n/a", "nan", "null", "none", ".", "-", "--", "---", "..", "...", "?", "n.a.", "n.d.", "missing", "\u2014", "\u2013", "\u2026", "na.", "<na>", "nil"})  # fmt: skip
# Cells that stand for a number that was hidden. Letters and signs mean it only in a column of numbers.
SUPPRESSION = frozenset({"*", "**", "[c]", "[x]", "[z]", "[s]", "[low]", "c", "x", "s", "z", "~", ":", ":c", "#", "^", "redacted", "/*redacted*/", "[redacted]", "suppressed", "[suppressed]", "supp", "suppr", "sup", "dis", "confidential", "(c)", "(s)", "(x)", "*****"})  # fmt: skip

_NUMBER = r"[+-]?(?:\d{1,3}(?:[,\u00a0\u202f' ]\d{3})+|\d+)(?:[.,]\d+)?(?:[eE][+-]?\d+)?|[+-]?\.\d+(?:[eE][+-]?\d+)?"
_PLAIN = re.compile(rf"[$\u00a3\u20ac]?\s*({_NUMBER})\s*(%?)\s*(?:\*{{1,4}}|\u2020|\u2021|[a-e])?")
_PAIR = re.compile(rf"({_NUMBER})\s*(%?)\s*[(\[{{]\s*({_NUMBER})\s*(%?)\s*[)\]}}]")
_FRACTION = re.compile(rf"({_NUMBER})\s*/\s*({_NUMBER})(?:\s*\(?\s*({_NUMBER})\s*%\s*\)?)?")
_INTERVAL = re.compile(rf"({_NUMBER})\s*%?\s*(?:\*{{1,4}})?\s*[(\[{{]?\s*(?:95%?\s*ci:?)?\s*({_NUMBER})\s*%?\s*(?:-|\u2013|\u2014|,|;|to|:)\s*({_NUMBER})\s*%?\s*[)\]}}]?", re.IGNORECASE)  # fmt: skip
_BRACKETED = re.compile(rf"[(\[]\s*({_NUMBER})\s*(%?)\s*[)\]]")
_BRACKET_INTERVAL = re.compile(rf"[(\[]\s*({_NUMBER})\s*(?:-|\u2013|,|;|to)\s*({_NUMBER})\s*[)\]]")
_PLUS_MINUS = re.compile(rf"({_NUMBER})\s*(?:\u00b1|\+/-|\+-)\s*({_NUMBER})")
_BAND = re.compile(r"[<>\u2264\u2265=]*\s*\d[\d,.]*\s*(?:\+|-|\u2013|\u2014|to|and|years|yrs)\s*(?:\d[\d,.]*|over|above|under|more|older)?\s*(?:years|yrs|y|kg|cm|months|days)?", re.IGNORECASE)  # fmt: skip
_LESS_THAN = re.compile(r"[(\[]?\s*(?:<|\u2264|<=|&lt;|lt|less than|fewer than|under)\s*(\d{1,3})\s*[)\]]?", re.IGNORECASE)
_SMALL_RANGE = re.compile(r"(\d{1,2})\s*(?:to|-|\u2013)\s*(\d{1,2})")
_ISO_DATE = re.compile(r"(1[6-9]|20)\d\d-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?")
_SLASH_DATE = re.compile(r"(0?[1-9]|[12]\d|3[01])[/.-](0?[1-9]|[12]\d|3[01])[/.-]((?:1[6-9]|20)?\d\d)(?: \d{1,2}:\d{2}(?::\d{2})?(?: ?[AP]M)?)?")
_COMPACT_DATE = re.compile(r"(19|20)\d\d(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])")
_WORD_DATE = re.compile(r"(?:\d{1,2}[ -])?(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*[ .,-]*\d{1,2}?,?[ -]*(?:(?:1[6-9]|20)?\d\d)", re.IGNORECASE)  # fmt: skip
_PERIOD = re.compile(r"(?:fy ?)?(?:1[6-9]|20)\d\d(?:[-/ ]?(?:q[1-4]|w\d{1,2}|h[12]|m?(?:0[1-9]|1[0-2])|\d{2}|(?:1[6-9]|20)\d\d))?|q[1-4][ -]?(?:19|20)\d\d", re.IGNORECASE)  # fmt: skip
_MONTH_NAME = re.compile(r"(jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec)(?:uary|ruary|ch|il|e|y|ust|tember|ober|ember)?(?:[ -]\d{2,4})?", re.IGNORECASE)  # fmt: skip
_PLAIN_REGEX = r"^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$"


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


_NAN = float("nan")
_DIGITS = frozenset("0123456789")
_ENDS = frozenset("0123456789.")
_STARTS = frozenset("0123456789+-.")
NUMERIC_KINDS = (CellKind.NUMBER, CellKind.PERCENT, CellKind.PAIR, CellKind.INTERVAL)


def to_float(text: str) -> float:
    """A printed number as a float; decides between decimal comma and thousands separator by the digits that follow.

    Raises:
        ValueError: it is no number.
    """
    text = text.strip().replace("\u00a0", "").replace("\u202f", "").replace("'", "").replace(" ", "").replace("\u2212", "-")
    if "," in text:
        head, _, last = text.rpartition(",")
        if "." in last or (len(last) == 3 and last.isdigit() and "." not in head and head.replace(",", "").lstrip("+-").isdigit()) or "," in head:  # noqa: PLR2004 - groups of three digits
            text = text.replace(",", "")
        else:
            text = text.replace(".", "").replace(",", ".") if "." in head else text.replace(",", ".")
    return float(text)


def decimals(text: str) -> int:
    """Digits printed after the decimal point."""
    mantissa = re.split(r"[eE]", text)[0]
    _, point, after = mantissa.rpartition(".")
    return len(after.strip(" %)]*")) if point else 0


@lru_cache(maxsize=200_000)
def parse(text: str) -> tuple[CellKind, float, float, int]:
    """One cell: its kind, its first and second number (NaN where there is none) and the decimals of the first.

    The second number of a PAIR is what stands in brackets; its `decimals` counts 100 more where that is a percentage.
    """
    nan = _NAN
    if text and text[-1] in _ENDS and text[0] in _STARTS:
        with contextlib.suppress(ValueError):
            number = float(text)
            if "_" not in text:
                point = text.find(".")
                end = max(text.find("e"), text.find("E"))
                return CellKind.NUMBER, number, nan, ((end if end > 0 else len(text)) - point - 1) if point >= 0 else 0
    stripped = text.strip().strip('"').strip()
    lowered = stripped.lower()
    if lowered in MISSING:
        return CellKind.MISSING, nan, nan, 0
    if lowered in SUPPRESSION:
        return CellKind.SUPPRESSED, nan, nan, 0
    first = lowered[0]
    if not (first.isdigit() or first in "+-.($\u00a3\u20ac[<\u2264\u2265>\u2212{=&"):
        if any(character.isdigit() for character in lowered[-8:]) and _WORD_DATE.fullmatch(lowered):
            return CellKind.DATE, nan, nan, 0
        if lowered.startswith(("less than", "fewer than", "under ", "lt")) and _LESS_THAN.fullmatch(lowered):
            return CellKind.SUPPRESSED, nan, nan, 0
        if _MONTH_NAME.fullmatch(lowered) or (first in "qf" and _PERIOD.fullmatch(lowered)):
            return CellKind.PERIOD, nan, nan, 0
        return CellKind.TEXT, nan, nan, 0
    return _parse_numeric(stripped.replace("\u2212", "-"), nan)


def _parse_numeric(text: str, nan: float) -> tuple[CellKind, float, float, int]:
    plain = _PLAIN.fullmatch(text)
    if plain:
        number = to_float(plain[1])
        return (CellKind.PERCENT if plain[2] else CellKind.NUMBER), number, nan, decimals(plain[1])
    if _LESS_THAN.fullmatch(text):
        return CellKind.SUPPRESSED, nan, nan, 0
    if _ISO_DATE.fullmatch(text) or _SLASH_DATE.fullmatch(text) or _WORD_DATE.fullmatch(text):
        return CellKind.DATE, nan, nan, 0
    if _PERIOD.fullmatch(text):
        return CellKind.PERIOD, nan, nan, 0
    pair = _PAIR.fullmatch(text)
    if pair:
        kind_bonus = 100 if pair[4] or pair[2] else 0
        return CellKind.PAIR, to_float(pair[1]), to_float(pair[3]), decimals(pair[1]) + kind_bonus
    fraction = _FRACTION.fullmatch(text)
    if fraction:
        return CellKind.PAIR, to_float(fraction[1]), to_float(fraction[2]), decimals(fraction[1]) + 200
    plus_minus = _PLUS_MINUS.fullmatch(text)
    if plus_minus:
        return CellKind.INTERVAL, to_float(plus_minus[1]), to_float(plus_minus[2]), decimals(plus_minus[1])
    bracketed = _BRACKETED.fullmatch(text)
    if bracketed:
        return CellKind.NUMBER, to_float(bracketed[1]), nan, decimals(bracketed[1])
    if _BRACKET_INTERVAL.fullmatch(text):
        return CellKind.INTERVAL, nan, nan, 1
    small = _SMALL_RANGE.fullmatch(text)
    if small or _BAND.fullmatch(text):
        return CellKind.BAND, nan, nan, 0
    interval = _INTERVAL.fullmatch(text)
    if interval:
        return CellKind.INTERVAL, to_float(interval[1]), to_float(interval[2]), decimals(interval[1])
    return CellKind.TEXT, nan, nan, 0


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


def read_cells(values: pa.Array | pa.ChunkedArray) -> Cells:
    """The cells of one column, each different text parsed once."""
    array = values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values
    if pa.types.is_dictionary(array.type):
        array = array.cast(array.type.value_type)
    if pa.types.is_boolean(array.type) or pa.types.is_decimal(array.type):
        array = pc.cast(array, pa.string())
    if pa.types.is_integer(array.type) or pa.types.is_floating(array.type):
        return _typed_numbers(array)
    if pa.types.is_temporal(array.type):
        return _typed_dates(array)
    if not (pa.types.is_string(array.type) or pa.types.is_large_string(array.type)):
        array = pa.array([None if cell is None else str(cell) for cell in array.to_pylist()], pa.string())
    array = pc.fill_null(array, "")
    encoded = pc.dictionary_encode(array)
    words: list[str] = [word.strip() for word in encoded.dictionary.to_pylist()]
    codes = np.asarray(encoded.indices.to_numpy(zero_copy_only=False), dtype=np.int64)
    return _from_words(words, codes)


def _from_words(words: list[str], codes: npt.NDArray[np.int64]) -> Cells:
    """Cells from the different words and the place of each row's word."""
    count = len(words)
    kinds = np.empty(count, np.int8)
    first = np.empty(count)
    second = np.empty(count)
    places = np.empty(count, np.int16)
    for place, word in enumerate(words):
        kinds[place], first[place], second[place], places[place] = parse(word)
    row_kinds = kinds[codes] if count else np.empty(0, np.int8)
    used = np.unique(codes[row_kinds != CellKind.MISSING]) if count else codes
    raw_places = places[codes] if count else np.empty(0, np.int16)
    return Cells(
        text=tuple(words),
        codes=codes,
        kinds=row_kinds,
        first=first[codes] if count else np.empty(0),
        second=second[codes] if count else np.empty(0),
        places=raw_places % 100,
        pair_percent=(raw_places >= 100) & (raw_places < 200),
        fraction=raw_places >= 200,
        distinct=len(used),
        filled=int((row_kinds != CellKind.MISSING).sum()),
    )


def _typed_numbers(array: pa.Array) -> Cells:
    """Cells of a column that the format itself types as numbers."""
    numbers = np.asarray(array.cast(pa.float64()).to_numpy(zero_copy_only=False), dtype=np.float64)
    missing = np.isnan(numbers)
    unique, codes = np.unique(numbers, return_inverse=True)
    whole = pa.types.is_integer(array.type) or bool(np.all((numbers == np.floor(numbers)) | missing))
    places = np.zeros(len(numbers), np.int16)
    if not whole:
        shown = np.array([decimals(f"{number:.10g}") if np.isfinite(number) else 0 for number in unique[:5000].tolist()], np.int16)
        places = np.where(codes < len(shown), shown[np.minimum(codes, len(shown) - 1)], 6).astype(np.int16)
    return Cells(
        text=tuple(f"{number:.10g}" if np.isfinite(number) else "" for number in unique.tolist()),
        codes=codes.astype(np.int64).reshape(-1),
        kinds=np.where(missing, CellKind.MISSING, CellKind.NUMBER).astype(np.int8),
        first=numbers,
        second=np.full(len(numbers), np.nan),
        places=places,
        pair_percent=np.zeros(len(numbers), np.bool_),
        fraction=np.zeros(len(numbers), np.bool_),
        distinct=int(np.isfinite(unique).sum()),
        filled=int((~missing).sum()),
    )


def _typed_dates(array: pa.Array) -> Cells:
    """Cells of a column that the format itself types as dates or times."""
    text = pc.fill_null(pc.cast(array, pa.string()), "")
    encoded = pc.dictionary_encode(text)
    words = encoded.dictionary.to_pylist()
    codes = np.asarray(encoded.indices.to_numpy(zero_copy_only=False), dtype=np.int64)
    empty = np.array([not word for word in words], np.bool_)
    missing = empty[codes] if words else np.empty(0, np.bool_)
    nothing = np.full(len(codes), np.nan)
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
    """True where dates come in even steps or are sorted and never repeated, as in a series."""
    seen = cells.codes[(cells.kinds == CellKind.DATE) | (cells.kinds == CellKind.PERIOD)]
    if len(seen) < 3:  # noqa: PLR2004 - two dates have no rhythm
        return False
    words = [cells.text[code] for code in seen.tolist()]
    return len(set(words)) == len(words) and (words == sorted(words) or words == sorted(words, reverse=True))


__all__ = ["MISSING", "NUMERIC_KINDS", "SUPPRESSION", "CellKind", "Cells", "decimals", "parse", "read_cells", "regular_dates", "to_float"]
