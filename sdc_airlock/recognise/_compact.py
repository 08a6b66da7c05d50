"""Rows of a long table kept small on the only way through it, so that what looks for names and ids need not parse them again."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sdc_airlock.stats.columns import long_whole, plain_numbers

MOST_BYTES = 384 << 20
_TRIED = 4096
_FEW_LEVELS = 200
_LONGEST_WHOLE = 2.0**31
_SHORT = 1000.0  # whole numbers among decimals are ids from here on


class Compact:
    """Gathers batches, as long as they fit.

    Attributes:
        shares: Of the batch taken last, by column, 1.0 where all cells are numbers; None where that is not known.
    """

    def __init__(self) -> None:
        self.shares: list[float | None] = []
        self._kept: list[pa.RecordBatch] = []
        self._bytes = 0
        self._whole = True

    def take(self, batch: pa.RecordBatch) -> None:
        """Keep one batch; once there are too many, none."""
        numbers = [plain_numbers(column) if pa.types.is_string(column.type) else None for column in batch.columns]
        self.shares = [None if told is None else 1.0 for told in numbers]
        if not self._whole:
            return
        columns = [_smaller(column, told) for column, told in zip(batch.columns, numbers, strict=True)]
        self._bytes += sum(column.nbytes for column in columns)
        self._whole = self._bytes <= MOST_BYTES
        self._kept.append(pa.RecordBatch.from_arrays(columns, names=[str(place) for place in range(len(columns))]))
        if not self._whole:
            self._kept.clear()

    def kept(self) -> tuple[pa.RecordBatch, ...]:
        """All rows, or nothing where they did not fit."""
        return tuple(self._kept)


def _smaller(column: Any, numbers: Any) -> Any:
    """Decimals as 0, whole numbers as such, words of few levels as codes; anything else as it is."""
    if numbers is None and pa.types.is_floating(column.type):
        numbers = np.asarray(column.cast(pa.float64()).fill_null(0.5).to_numpy(zero_copy_only=False))
        short = not len(long_whole(numbers, _SHORT)) and not bool((np.floor(numbers) == numbers).all())
        return pa.nulls(len(column), pa.int8()).fill_null(0) if short else column
    if numbers is None:
        if pa.types.is_string(column.type) and len(column.slice(0, _TRIED).unique()) <= _FEW_LEVELS:
            encoded = column.dictionary_encode()
            if len(encoded.dictionary) <= _FEW_LEVELS:
                return encoded
        return column
    whole = np.floor(numbers) == numbers
    if not whole.all() and not len(long_whole(numbers, _SHORT)):
        return pa.nulls(len(column), pa.int8()).fill_null(0)
    if whole.all() and np.abs(numbers).max(initial=0) < _LONGEST_WHOLE and _as_written(column, numbers):
        return pa.array(numbers.astype(np.int32))
    return column


def _as_written(column: Any, numbers: Any) -> bool:
    """True where the cells hold digits alone, without signs, zeros before them, points or exponents."""
    digits = np.floor(np.log10(np.maximum(numbers, 1))) + 1
    return bool((numbers >= 0).all()) and int(digits.sum()) == (pc.sum(pc.binary_length(column)).as_py() or 0)
