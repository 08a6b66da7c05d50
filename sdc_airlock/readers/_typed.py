"""Batches of text cells as numbers and codes, wherever nothing is lost of what the cells say; and those batches held in memory, as far as they fit."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, cast

from sdc_airlock.model.content import Table

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pyarrow as pa

NOTHING = ("", "NA", "NaN", "nan", ".", "-", "N/A", "#N/A", "NULL", "null", "None")
_TRIED = 64
_LEVELS_TRIED = 4096
_FEW_LEVELS = 200
_SHORT = 1000  # whole numbers among decimals are ids from here on
_BYTE, _TWO_BYTES = 127, 32_767
_FIRST_BATCHES = 4
_FAR_MORE = 1.5
_MOST_PLACES, _LARGEST = 9, 2**31


def typed(columns: Iterable[pa.Array[Any]]) -> list[pa.Array[Any]]:
    """Columns of text, made smaller.

    Whole numbers become such where they are written in digits alone, with no zero before them, and decimals become floats; an empty cell or one that says
    "NA" is null in either. Words of few levels become codes. What could be an id (long numbers among decimals, numbers of more digits than fit, zeros before
    a number) stays as it is written, and so does everything else.
    """
    return [_typed(column) for column in columns]


def _typed(column: Any) -> Any:
    import pyarrow as pa

    if not len(column) or not pa.types.is_string(column.type):
        return column
    if not _is_number(column.slice(0, _TRIED)):
        return _coded(column)
    told, numbers = _numbers(column) if _cast(column.slice(0, _TRIED), "double") is not None else (False, None)
    if not told:
        _, numbers = _numbers(_with_nulls(column))
    return _coded(column) if numbers is None else numbers


def _is_number(cells: Any) -> bool:
    """Whether the first cells are numbers, or nothing."""
    return _cast(cells, "double") is not None or _cast(_with_nulls(cells), "double") is not None


def _cast(cells: Any, kind: str) -> Any:
    import pyarrow as pa

    try:
        return cells.cast(kind)
    except pa.ArrowInvalid:
        return None


def _with_nulls(cells: Any) -> Any:
    """Null where a cell says that there is nothing."""
    import pyarrow as pa
    import pyarrow.compute as pc

    return pc.if_else(pc.is_in(cells, pa.array(NOTHING, pa.string())), pa.scalar(None, pa.string()), cells)


def _numbers(cells: Any) -> tuple[bool, Any]:
    """Whether all cells are numbers, and an array of them; None in its place where it would say less than the cells."""
    import numpy as np
    import pyarrow.compute as pc

    whole = _cast(cells, "int32") if _cast(cells.slice(0, _TRIED), "int32") is not None else None
    if whole is not None:
        numbers = np.asarray(whole.fill_null(0).to_numpy(zero_copy_only=False))
        written = pc.sum(pc.binary_length(cells)).as_py() or 0
        return True, _narrowest(whole, numbers) if _digits(numbers) - cells.null_count == written else None
    real = _cast(cells, "double")
    if real is None:
        return False, None
    numbers = np.asarray(real.fill_null(0.5).to_numpy(zero_copy_only=False))
    even = np.flatnonzero(np.floor(numbers) == numbers)
    if not len(even):
        return True, real
    long = np.abs(numbers[even]).max() >= _SHORT or pc.any(pc.match_substring_regex(cells.take(even), r"^[-+]?0[0-9]")).as_py()
    return True, None if long else real


def _digits(numbers: npt.NDArray[np.int32]) -> int:
    """Digits and signs of all numbers together."""
    import numpy as np

    size = np.abs(numbers)
    longest = len(str(int(size.max(initial=0))))
    return len(numbers) + sum(int((size >= 10**place).sum()) for place in range(1, longest)) + int((numbers < 0).sum())


def _narrowest(whole: Any, numbers: npt.NDArray[np.int32]) -> Any:
    largest = int(abs(numbers).max(initial=0))
    return whole.cast("int8") if largest <= _BYTE else whole.cast("int16") if largest <= _TWO_BYTES else whole


def _coded(column: Any) -> Any:
    """Words of few levels as codes."""
    import pyarrow as pa

    if len(column.slice(0, _LEVELS_TRIED).unique()) > _FEW_LEVELS:
        return column
    encoded = column.dictionary_encode()
    levels = len(encoded.dictionary)
    if levels > _FEW_LEVELS:
        return column
    return pa.DictionaryArray.from_arrays(encoded.indices.cast("int8" if levels <= _BYTE else "int16"), encoded.dictionary)


@dataclass(frozen=True, slots=True)
class _Decimals:
    """Decimals as whole numbers and what they are to be divided by.

    Attributes:
        short: They are no ids: some have a fraction, and all are small.
    """

    whole: pa.Array[Any]
    by: float
    short: bool

    @property
    def nbytes(self) -> int:
        """Bytes it takes."""
        return self.whole.nbytes

    @property
    def cells(self) -> pa.Array[Any]:
        """The same floats as before: both are the nearest to the same decimal."""
        import pyarrow.compute as pc

        return cast("pa.Array[Any]", pc.divide(cast("Any", self.whole).cast("double"), self.by))

    @property
    def noughts(self) -> pa.Array[Any]:
        """As many noughts; the floats themselves where they may be ids."""
        import pyarrow as pa

        return pa.nulls(len(self.whole), pa.int8()).fill_null(0) if self.short else self.cells


def _packed(column: Any) -> Any:
    """A column in as few bytes as it can be held in."""
    import numpy as np
    import pyarrow as pa

    if not pa.types.is_floating(column.type) or column.null_count:
        return column
    numbers = np.asarray(column.to_numpy(zero_copy_only=False))
    for places in range(3, _MOST_PLACES + 1):
        by = 10.0**places
        tried = numbers[:_TRIED]
        if not (np.rint(tried * by) / by == tried).all():
            continue
        whole = np.rint(numbers * by)
        largest = max(float(whole.max()), -float(whole.min()))
        if largest < _LARGEST and (whole / by == numbers).all() and not (np.signbit(numbers) & (whole == 0)).any():
            short = largest < _SHORT * by and bool((np.floor(tried) != tried).any())
            return _Decimals(pa.array(whole.astype(np.int32)), by, short)
    return column


class Held:
    """Batches in memory, all of them or none.

    Args:
        most: Bytes that they may take.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._bytes = 0
        self._names: list[str] = []
        self._batches: list[list[Any]] | None = []

    def take(self, batch: pa.RecordBatch) -> None:
        """Keep one batch; once there are too many, none."""
        if self._batches is None:
            return
        columns = [_packed(column) for column in batch.columns]
        self._names = list(batch.schema.names)
        self._bytes += sum(column.nbytes for column in columns)
        self._batches.append(columns)
        if self._bytes > self._most:
            self.drop()

    def drop(self) -> None:
        """Keep nothing."""
        self._batches = None

    @property
    def bytes(self) -> int:
        """Bytes taken so far."""
        return self._bytes

    @property
    def whole(self) -> bool:
        """True where all batches fitted."""
        return self._batches is not None

    def batches(self) -> Iterator[pa.RecordBatch]:
        """All batches, as they were."""
        import pyarrow as pa

        for columns in self._batches or ():
            made = [column.cells if isinstance(column, _Decimals) else column for column in columns]
            yield pa.RecordBatch.from_arrays(made, names=self._names)

    def rounded(self, exact: Collection[int]) -> Iterator[pa.RecordBatch]:
        """All batches, with noughts for short decimals but in some columns.

        Args:
            exact: Places of the columns whose decimals are wanted.
        """
        import pyarrow as pa

        for columns in self._batches or ():
            made = [
                (column.cells if place in exact else column.noughts) if isinstance(column, _Decimals) else column
                for place, column in enumerate(columns)
            ]
            yield pa.RecordBatch.from_arrays(made, names=self._names)


class HeldOnce:
    """Batches that are kept, as far as they fit, when somebody reads all of them for the first time; and the first few from the beginning.

    Args:
        start: Starts reading from the first row.
        most: Bytes that they may take.
    """

    def __init__(self, start: Callable[[], Iterator[pa.RecordBatch]], most: int) -> None:
        self._start = start
        self._most = most
        self._first: list[pa.RecordBatch] = []
        self._held: Held | None = None

    def batches(self) -> Iterator[pa.RecordBatch]:
        """All batches from the first."""
        if self._held is not None and self._held.whole:
            yield from self._held.batches()
            return
        known = len(self._first)
        yield from self._first[:known]
        held = Held(self._most)
        for place, batch in enumerate(self._start()):
            held.take(batch)
            if place == len(self._first) < _FIRST_BATCHES:
                self._first.append(batch)
            if place >= known:
                yield batch
        self._held = held


def held_table(table: Table, batches: Callable[[], Iterator[pa.RecordBatch]], most: int, rows: int = 0) -> Table:
    """A long table with its rows in memory, where they fit into `most` bytes; else with a way to read them again.

    Args:
        table: Its first rows.
        batches: Starts reading it from the first row.
        most: Bytes that may be held.
        rows: How many there are, where that is known: many more than fit are not begun to be held.
    """
    held, seen = Held(most), 0
    for batch in batches():
        held.take(batch)
        seen += batch.num_rows
        if not held.whole or held.bytes * rows > _FAR_MORE * most * seen:
            return replace(table, batches=batches)
    return replace(table, batches=held.batches, rounded=held.rounded, held=True)


__all__ = ["NOTHING", "Held", "HeldOnce", "held_table", "typed"]
