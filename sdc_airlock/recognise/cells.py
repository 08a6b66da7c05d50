"""Cells to numbers: what a printed cell says, worked out once for every different cell of a column.

A cell may be a plain number ("1,234", "3.4e-05", "(12)"), a percentage, a number with a second one beside it ("12 (3.4%)"), an estimate with
its interval ("1.2 [1.0, 1.5]"), a band ("20-29", "65+"), a suppression marker ("<5", "[c]"), a date, or text. "<0.001" is a number printed
with fewer decimals than it has, not a suppressed count.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from sdc_airlock.recognise._calendar import in_order
from sdc_airlock.recognise._cell import (
    COMMA_DECIMAL,
    COMMA_GROUPS,
    COMMA_LOOK,
    COMMA_UNSURE,
    FRACTION_BESIDE,
    MANY,
    MISSING,
    NAN,
    NUMERIC_KINDS,
    ONLY_NUMBERS,
    PERCENT_BESIDE,
    SUPPRESSION,
    CellKind,
    parse,
)
from sdc_airlock.recognise._numerals import decimals, to_float


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
_LONG_ONES, _LONG_COLUMN = 16, 20_000
_remembered: dict[int, tuple[object, Cells]] = {}
_long: dict[int, tuple[object, Cells]] = {}


def read_cells(values: pa.Array[Any] | pa.ChunkedArray[Any]) -> Cells:
    """The cells of one column, each different text parsed once; the last few hundred columns are remembered for the next room that asks, and a few long ones."""
    held, most = (_remembered, _REMEMBERED) if len(values) <= _SMALL_COLUMN else (_long, _LONG_ONES)
    known = held.get(id(values))
    if known is not None and known[0] is values:
        return known[1]
    cells = _read(values)
    if len(values) <= _LONG_COLUMN:
        if len(held) >= most:
            held.clear()
        held[id(values)] = (values, cells)
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
        pair_percent=(row_places >= PERCENT_BESIDE) & (row_places < FRACTION_BESIDE),
        fraction=row_places >= FRACTION_BESIDE,
        distinct=int((used & (kinds != CellKind.MISSING)).sum()),
        filled=int((row_kinds != CellKind.MISSING).sum()),
    )


_Read: TypeAlias = tuple[npt.NDArray[np.int8], npt.NDArray[np.float64], npt.NDArray[np.float64], npt.NDArray[np.int16]]


def _read_words(words: list[str]) -> _Read:
    """Kind, first and second number and decimals of each word; where there are many, those that are plain numbers all at once."""
    count = len(words)
    kinds, places = np.zeros(count, np.int8), np.zeros(count, np.int16)
    first, second = np.full(count, NAN), np.full(count, NAN)
    left: Iterable[int] = range(count)
    if count >= MANY:
        array = pa.array(words, pa.large_string())
        simple = np.asarray(pc.match_substring_regex(array, ONLY_NUMBERS).to_numpy(zero_copy_only=False), np.bool_)
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
    commas = [word for word in words[:COMMA_LOOK] if "," in word]
    sure = sum(bool(COMMA_DECIMAL.fullmatch(word)) for word in commas)
    if not commas or sure < max(1, len(commas) / 20) or any(COMMA_GROUPS.fullmatch(word) for word in commas):
        return
    for place, word in enumerate(words):
        if kinds[place] in (CellKind.NUMBER, CellKind.PERCENT) and COMMA_UNSURE.fullmatch(word):
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
        digits_behind = [len(word.partition("e")[0].partition(".")[2]) for word in text[:COMMA_LOOK]]
        shown = np.array(digits_behind + [6] * (len(text) - COMMA_LOOK), np.int16)
        whole = bool(np.all(nothing | (unique == np.floor(unique))))
        shown = np.zeros(len(unique), np.int16) if whole else shown
    missing = nothing[codes]
    unique = np.where(np.isfinite(unique), unique, NAN)
    return Cells(
        text=text,
        codes=codes,
        kinds=np.where(missing, CellKind.MISSING, CellKind.NUMBER).astype(np.int8),
        first=unique[codes],
        second=np.full(len(codes), NAN),
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
    nothing = np.full(len(codes), NAN)
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
