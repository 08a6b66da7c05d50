"""What a stretch of rows of a long table looks like, in a few numbers a column: rows that look like rows already judged need no judgement of their own."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Signatures = npt.NDArray[np.float32]

_NUMBER = r"^\s*[-+]?[0-9]*[.,]?[0-9]+(?:[eE][-+]?[0-9]+)?\s*$"
_NOTHING = ("", "NA", "NaN", "nan", ".", "-", "N/A", "#N/A", "NULL", "null", "None")
_WHOLE = r"^\s*[-+]?[0-9]+(?:[.,]0*)?\s*$"
_ALL, _NONE = 0.998, 0.002
_RARELY_WHOLE, _SOME_DECIMALS = 0.02, 2
# how far apart two stretches may be in each number and still look alike, a few times what a thousand rows differ by chance: shares of whole numbers, of noughts and
# of numbers below nought, powers of two of the mean size, shares of cells equal to the one above and of empty ones; of text the length (power of two), shares of
# digits, of letters and of other characters
_APART_NUMBERS = np.array([1e-3, 0.15, 0.15, 0.3, 2.0, 0.25, 0.25], np.float64)
_APART_TEXT = np.array([1e-3, 0.4, 0.15, 0.15, 0.1, 0.25, 0.25], np.float64)
_TINY = 1e-9
# rows are told apart by the columns in which they are odd, in so many ways
_SPREAD, _WAYS = 2_654_435_761, 251
_MOST_KNOWN = 60
_AT_ONCE = 24  # stretches
_ASCII = 128


def signatures(rows: pa.RecordBatch, step: int) -> Signatures:
    """How each stretch of `step` rows looks, shape (stretches, numbers): stretches look alike where no two numbers differ by more than 1."""
    if not rows.num_rows:
        return np.zeros((0, len(rows.columns)), np.float32)
    starts = np.arange(0, rows.num_rows, step)
    return np.hstack([_of_column(column, starts) for column in rows.columns]).astype(np.float32)


def _of_column(column: Any, starts: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    kind = column.type
    if pa.types.is_integer(kind) and not column.null_count:
        return _of_whole(np.asarray(column.to_numpy(zero_copy_only=False)), starts) / _APART_NUMBERS
    dated = pa.types.is_temporal(kind) and not pa.types.is_interval(kind)
    if dated or pa.types.is_boolean(kind) or pa.types.is_integer(kind) or pa.types.is_floating(kind):
        return _of_numbers(_as_floats(column), starts) / _APART_NUMBERS
    if pa.types.is_dictionary(kind):
        if pa.types.is_string(kind.value_type) and not column.null_count and not column.dictionary.null_count:
            return _of_codes(column, starts) / _APART_TEXT
        column = column.dictionary_decode()
    if not pa.types.is_string(column.type):
        try:
            column = column.cast(pa.string())
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError):  # lists and records in cells: what they look like written out
            column = pa.array(map(str, column.to_pylist()), pa.string())
    return _of_text(column, starts) / _APART_TEXT


def _as_floats(column: Any) -> npt.NDArray[np.float64]:
    if pa.types.is_temporal(column.type):
        column = column.cast(pa.int64() if column.type.bit_width == 64 else pa.int32())
    return np.asarray(column.cast(pa.float64(), safe=False).to_numpy(zero_copy_only=False))


def _of_whole(numbers: npt.NDArray[np.integer[Any]], starts: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    """Of whole numbers none of which is missing."""
    ends = np.append(starts, len(numbers))
    rows = np.diff(ends)
    filled, none = _counts(numbers, ends), np.zeros(len(starts), np.int64)
    size = numbers.astype(np.float64)
    below = none
    if numbers.min(initial=0) < 0:
        below, size = _counts(numbers < 0, ends), np.abs(size)
    return _told(rows, rows, rows, rows - filled, below, np.add.reduceat(size, starts), _counts(_repeats(numbers), ends))


def _of_numbers(numbers: npt.NDArray[np.float64], starts: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    """A few stretches at a time, whose numbers stay in the nearest memory."""
    same = _repeats(numbers)
    bounds = [*starts[::_AT_ONCE].tolist(), len(numbers)]
    pieces = [
        _of_some(numbers[low:high], same[low:high], starts[at * _AT_ONCE : (at + 1) * _AT_ONCE] - low)
        for at, (low, high) in enumerate(pairwise(bounds))
    ]
    return np.concatenate(pieces)


def _of_some(numbers: npt.NDArray[np.float64], same: npt.NDArray[np.bool_], starts: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    ends = np.append(starts, len(numbers))
    rows = np.diff(ends)
    known = np.isfinite(numbers)
    every = bool(known.all())
    filled = rows if every else _counts(known, ends)
    return _told(
        rows,
        filled,
        _counts(np.floor(numbers) == numbers, ends),
        _counts(numbers == 0, ends),
        _counts(numbers < 0, ends),
        np.add.reduceat(np.abs(numbers if every else np.where(known, numbers, 0.0)), starts),
        _counts(same, ends),
    )


def _told(  # noqa: PLR0917 - a number for each way to tell stretches apart
    rows: npt.NDArray[np.int64],
    filled: npt.NDArray[np.int64],
    whole: npt.NDArray[np.int64],
    noughts: npt.NDArray[np.int64],
    below: npt.NDArray[np.int64],
    size: npt.NDArray[np.float64],
    same: npt.NDArray[np.int64],
) -> npt.NDArray[np.float64]:
    """What is told of stretches of numbers, of which so many are there, whole, nought, below nought and equal to the one above, and whose sizes have this sum."""
    some = np.maximum(filled, 1)
    return np.stack(
        [np.ones(len(rows)), whole / some, noughts / some, below / some, np.log2(size / some + _TINY), same / rows, 1 - filled / rows],
        axis=1,
    )


def _repeats(numbers: npt.NDArray[Any]) -> npt.NDArray[np.bool_]:
    """Which cells are equal to the one above."""
    same = np.zeros(len(numbers), np.bool_)
    same[1:] = numbers[1:] == numbers[:-1]
    return same


def _of_text(column: pa.StringArray, starts: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    offsets, data = _raw(column)
    rows = np.append(starts, len(column))
    ends = offsets[rows]
    same = np.zeros(len(column), np.bool_)
    if len(column) > 1:
        equal: Any = pc.equal(column[1:], column[:-1])
        same[1:] = equal.fill_null(False).to_numpy(zero_copy_only=False)  # noqa: FBT003
    empty = _counts(np.diff(offsets) == 0, rows)
    return _text_numbers(
        np.diff(rows), np.diff(ends), _counts(_digits(data), ends), _counts(_letters(data), ends), _counts(same, rows), empty
    )


def _of_codes(column: Any, starts: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    """The same for words of which each is looked at once."""
    offsets, data = _raw(column.dictionary)
    codes: npt.NDArray[Any] = column.indices.to_numpy(zero_copy_only=False)
    rows = np.append(starts, len(codes))
    lengths, levels = np.diff(offsets), len(offsets) - 1
    used = np.array([np.bincount(codes[low:high], minlength=levels) for low, high in pairwise(rows.tolist())])
    each = np.stack([lengths, _counts(_digits(data), offsets), _counts(_letters(data), offsets), lengths == 0], axis=1)
    size, digits, letters, empty = (used @ each).T
    return _text_numbers(np.diff(rows), size, digits, letters, _counts(_repeats(codes), rows), empty)


def _text_numbers(
    rows: npt.NDArray[np.int64],
    size: npt.NDArray[np.int64],
    digits: npt.NDArray[np.int64],
    letters: npt.NDArray[np.int64],
    same: npt.NDArray[np.int64],
    empty: npt.NDArray[np.int64],
) -> npt.NDArray[np.float64]:
    """What is told of stretches of text by their bytes, of which so many are digits and letters, and by cells that repeat or are empty."""
    some = np.maximum(size, 1)
    return np.stack(
        [
            np.zeros(len(rows)),
            np.log2(1 + size / rows),
            digits / some,
            letters / some,
            np.where(size > 0, 1 - (digits + letters) / some, 0),
            same / rows,
            empty / rows,
        ],
        axis=1,
    )


def _digits(data: npt.NDArray[np.uint8]) -> npt.NDArray[np.bool_]:
    return np.asarray((data >= ord("0")) & (data <= ord("9")), np.bool_)


def _letters(data: npt.NDArray[np.uint8]) -> npt.NDArray[np.bool_]:
    """Letters of ASCII, and whatever is not ASCII."""
    small = data | 32
    return np.asarray(((small >= ord("a")) & (small <= ord("z"))) | (data >= _ASCII), np.bool_)


def _raw(column: pa.StringArray) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.uint8]]:
    """Where each cell begins, and the end of the last; and the bytes of all cells, from the first."""
    buffers: Any = column.buffers()
    offsets = np.frombuffer(buffers[1], np.int32)[column.offset : column.offset + len(column) + 1].astype(np.int64)
    cells = np.frombuffer(buffers[2], np.uint8)[offsets[0] : offsets[-1]] if buffers[2] is not None else np.zeros(0, np.uint8)
    return offsets - offsets[0], cells


def _counts(mask: npt.NDArray[Any], ends: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """How many are true, or other than nought, from each end to the next."""
    bounds = ends.tolist()
    return np.array([np.count_nonzero(mask[low:high]) for low, high in pairwise(bounds)], np.int64)


class Familiar:
    """Stretches that were judged, by how they look."""

    def __init__(self) -> None:
        self._known: list[Signatures] = []

    def strange(self, found: Signatures) -> npt.NDArray[np.bool_]:
        """Which stretches look like none of those that were judged."""
        if not self._known:
            return np.ones(len(found), np.bool_)
        known = np.stack(self._known)
        if len(known) >= _MOST_KNOWN:  # a table of many looks: what lies between them is no new one
            outside = (found < known.min(axis=0) - 1) | (found > known.max(axis=0) + 1)
            return np.asarray(outside.any(axis=1), np.bool_)
        nearest = np.full(len(found), np.inf)
        for each in known:
            nearest = np.minimum(nearest, np.abs(found - each).max(axis=1))
        return np.asarray(nearest > 1, np.bool_)

    def add(self, signature: Signatures) -> None:
        """Note that a stretch was judged."""
        self._known.append(signature)


@dataclass(frozen=True, slots=True)
class Usual:
    """What the cells of each column are as a table begins.

    Attributes:
        numbers: Share of numbers.
        whole: Share of whole numbers.
    """

    numbers: tuple[float, ...]
    whole: tuple[float, ...]

    @classmethod
    def of(cls, rows: pa.RecordBatch) -> Usual:
        """Of some rows."""
        return cls(
            numbers=tuple(_share(_are_numbers(column)) for column in rows.columns),
            whole=tuple(_share(_are_whole(column)) for column in rows.columns),
        )

    def another_kind(self, rows: pa.RecordBatch, apart: float) -> bool:
        """True where the share of numbers in some column is another one in these rows."""
        return any(abs(_share(_are_numbers(column)) - share) > apart for column, share in zip(rows.columns, self.numbers, strict=True))


def _share(mask: npt.NDArray[np.bool_]) -> float:
    return float(mask.mean()) if len(mask) else 1.0


def _are_numbers(values: Any) -> npt.NDArray[np.bool_]:
    """Which cells are numbers; those of typed columns are."""
    return _matching(values, _NUMBER, np.ones(len(values), np.bool_))


def _are_whole(values: Any) -> npt.NDArray[np.bool_]:
    """Which cells are whole numbers."""
    if pa.types.is_floating(values.type):
        numbers = _as_floats(values)
        return np.asarray(np.floor(numbers) == numbers, np.bool_)
    return _matching(values, _WHOLE, np.full(len(values), pa.types.is_integer(values.type)))


def _matching(values: Any, pattern: str, typed: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Which cells of text are numbers that match a pattern; `typed` for columns of anything but text."""
    if pa.types.is_dictionary(values.type):
        codes: npt.NDArray[np.int64] = values.indices.fill_null(0).to_numpy(zero_copy_only=False)
        return _matching(values.dictionary, pattern, np.ones(len(values.dictionary), np.bool_))[codes]
    if not pa.types.is_string(values.type):
        return typed
    offsets, data = _raw(values)
    found = np.zeros(len(values), np.bool_)
    if len(data):
        # no cell is a number that begins with a letter
        first = np.flatnonzero(~_letters(data[np.minimum(offsets[:-1], len(data) - 1)]))
        some = values if len(first) == len(values) else values.take(pa.array(first))
        found[first] = pc.match_substring_regex(some, pattern).fill_null(False).to_numpy(zero_copy_only=False)  # noqa: FBT003
    return found


def odd_rows(rows: pa.RecordBatch, usual: Usual) -> list[npt.NDArray[np.int64]]:
    """Places of rows with words where a column of the table holds numbers, numbers where it holds words, or whole numbers in half of the columns of decimals.

    Returns:
        One array for each way to be odd: rows that are so in the same columns stand together.
    """
    ways, ways_whole = np.zeros(rows.num_rows, np.uint64), np.zeros(rows.num_rows, np.uint64)
    even, decimals = np.zeros(rows.num_rows, np.int32), 0
    for place, (column, numbers, whole) in enumerate(zip(rows.columns, usual.numbers, usual.whole, strict=True), 1):
        weight = np.uint64(place * _SPREAD)
        text = pa.types.is_string(column.type) or pa.types.is_dictionary(column.type)
        if (numbers >= _ALL and text) or numbers <= _NONE:
            odd = _are_numbers(column) == (numbers <= _NONE)
            if odd.any():
                ways += weight * (odd & ~_empty(column))
        if numbers >= _ALL and whole <= _RARELY_WHOLE:
            decimals += 1
            found = _are_whole(column)
            even += found
            places = np.flatnonzero(found)
            ways_whole[places] += weight
    if decimals >= _SOME_DECIMALS:
        ways += ways_whole * (even >= max(_SOME_DECIMALS, decimals / 2))
    places = np.flatnonzero(ways)
    if not len(places):
        return []
    folded = ways[places] % np.uint64(_WAYS)
    return [places[folded == way] for way in np.unique(folded)]


def different_rows(rows: pa.RecordBatch) -> pa.RecordBatch:
    """The rows without those that are equal to an earlier one."""
    cells = zip(*(column.to_pylist() for column in rows.columns), strict=True)
    first = {row: place for place, row in reversed([*enumerate(map(repr, cells))])}
    return rows.take(np.sort(np.array([*first.values()], np.int64)))


def in_words(rows: pa.RecordBatch) -> pa.RecordBatch:
    """The same rows with every column that can be written out as text."""
    columns = []
    for column in rows.columns:
        plain = column.dictionary_decode() if isinstance(column, pa.DictionaryArray) else column
        try:
            columns.append(plain.cast(pa.string()))
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
            columns.append(plain)
    return pa.RecordBatch.from_arrays(columns, names=[str(place) for place in range(len(columns))])


def _empty(column: Any) -> npt.NDArray[np.bool_]:
    """Which cells say that there is nothing."""
    missing: npt.NDArray[np.bool_] = np.asarray(column.is_null().to_numpy(zero_copy_only=False), np.bool_)
    if pa.types.is_string(column.type) or pa.types.is_dictionary(column.type):
        words = column.cast(pa.string()) if pa.types.is_dictionary(column.type) else column
        missing = missing | np.asarray(pc.is_in(words, pa.array([*_NOTHING], pa.string())).to_numpy(zero_copy_only=False), np.bool_)
    return missing


__all__ = ["Familiar", "Signatures", "Usual", "different_rows", "in_words", "odd_rows", "signatures"]
