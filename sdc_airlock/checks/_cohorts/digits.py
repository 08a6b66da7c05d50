"""Numbers of long columns of text all at once, and what their digits say of how they were rounded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from sdc_airlock.recognise.cells import read_cells

if TYPE_CHECKING:
    import pyarrow as pa

Numbers = npt.NDArray[np.float64]

_NOTHING = ["", "NA", "NaN", "nan", ".", "-", "null", "NULL", "N/A", "#N/A", "None"]
_LOOKED_AT = 2000
_MOSTLY = 0.9
_TINY = 1e-9
_TRIPLE = r"^\s*(?P<a>[0-9]{1,9})\s*[/,|:]\s*(?P<b>[0-9]{1,9})\s*[/,|:]\s*(?P<c>[0-9]{1,9})\s*$"
_LABELLED = r"^[ACGTNacgtn*<>\-]+:(?P<a>[0-9]{1,9})\s*$"


@dataclass(frozen=True, slots=True, kw_only=True)
class Digits:
    """How a column was rounded.

    Attributes:
        step: Width of the last digit of its largest numbers, 0 where the file holds numbers as they are.
        relative: True where small numbers have as many digits that count as large ones.
    """

    step: float
    relative: bool


EXACT = Digits(step=0.0, relative=False)


def plain_array(values: Any) -> Any:
    """A column in one piece, without a dictionary."""
    import pyarrow as pa

    array = values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values
    return array.cast(array.type.value_type) if pa.types.is_dictionary(array.type) else array


def numbers_of(values: pa.Array[Any] | pa.ChunkedArray[Any]) -> Numbers:
    """A column as numbers, NaN where a cell is none, shape (rows,)."""
    import pyarrow as pa
    import pyarrow.compute as pc

    array = plain_array(values)
    if pa.types.is_integer(array.type) or pa.types.is_floating(array.type):
        numbers = np.array(array.cast(pa.float64(), safe=False).to_numpy(zero_copy_only=False), np.float64)
        if pa.types.is_floating(array.type):
            numbers[np.isinf(numbers)] = np.nan
        return numbers
    if not (pa.types.is_string(array.type) or pa.types.is_large_string(array.type)):
        return np.array(read_cells(values).first, np.float64)
    try:
        return np.array(pc.cast(array, pa.float64()).to_numpy(zero_copy_only=False), np.float64)
    except pa.ArrowInvalid:  # some cells are no numbers
        array = pc.if_else(pc.is_in(array, pa.array(_NOTHING, array.type)), pa.scalar(None, array.type), array)
    try:
        return np.array(pc.cast(array, pa.float64()).to_numpy(zero_copy_only=False), np.float64)
    except pa.ArrowInvalid:
        return np.array(read_cells(values).first, np.float64)


def texts_of(values: pa.Array[Any] | pa.ChunkedArray[Any]) -> npt.NDArray[np.float64]:
    """Counts that one cell holds together ("1/12/300", "G:79"), NaN where it holds none, shape (rows, counts)."""
    import pyarrow as pa
    import pyarrow.compute as pc

    array = plain_array(values).cast(pa.string())
    for pattern, names in ((_TRIPLE, "abc"), (_LABELLED, "a")):
        found = pc.extract_regex(array, pattern)
        if found.null_count < len(found):
            columns = [pc.cast(pc.struct_field(found, name), pa.float64()).to_numpy(zero_copy_only=False) for name in names]
            missing = ~np.asarray(found.is_valid().to_numpy(zero_copy_only=False), np.bool_)
            stacked = np.stack([np.asarray(column, np.float64) for column in columns], axis=1)
            stacked[missing] = np.nan
            return stacked
    return np.full((len(array), 1), np.nan)


def digits_of(values: pa.Array[Any] | pa.ChunkedArray[Any]) -> Digits:
    """How the first few thousand numbers of a column were rounded."""
    import pyarrow as pa

    array = plain_array(values)
    if not (pa.types.is_string(array.type) or pa.types.is_large_string(array.type)):
        return EXACT
    words = [word for word in array.slice(0, _LOOKED_AT).to_pylist() if word and word[0] in "0123456789.-+"]
    shown = [_shown(word) for word in words]
    fractions = [(decimals, significant) for decimals, significant, plain in shown if plain and decimals > 0]
    if not fractions:
        # numbers in powers of ten, or none at all
        most = max((significant for _, significant, plain in shown if not plain), default=0)
        return Digits(step=10.0**-most if most else 0.0, relative=bool(most))
    most_decimals = max(decimals for decimals, _ in fractions)
    even = sum(decimals == most_decimals for decimals, _ in fractions) >= _MOSTLY * len(fractions)
    if even and all(plain for _, _, plain in shown):
        return Digits(step=10.0**-most_decimals, relative=False)
    return Digits(step=10.0 ** -max(significant for _, significant in fractions), relative=True)


def steps_of(numbers: Numbers, digits: Digits) -> Numbers:
    """Width of the last digit of each number.

    Small numbers have as many digits that count as large ones where they were printed so; one that is smaller than the width of the column has one at least.
    """
    if digits.relative:
        result: Numbers = 10 * digits.step * _sizes_of(numbers)
        return result
    steps = np.full(len(numbers), digits.step)
    with np.errstate(invalid="ignore"):
        small = (numbers > 0) & (numbers < digits.step / 2)
    if small.any():
        steps[small] = _sizes_of(numbers[small])
    return steps


def _sizes_of(numbers: Numbers) -> Numbers:
    """The power of ten of the first digit of each number."""
    with np.errstate(divide="ignore", invalid="ignore"):
        sizes: Numbers = 10.0 ** np.floor(np.log10(np.maximum(numbers, _TINY)))
    return sizes


def _shown(word: str) -> tuple[int, int, bool]:
    """Decimals and digits that count of a printed number, and whether it was printed without a power of ten."""
    mantissa, mark, _ = word.strip().lower().partition("e")
    digits = mantissa.lstrip("+-")
    decimals = len(digits.partition(".")[2])
    return decimals, len(digits.replace(".", "").lstrip("0")), not mark


__all__ = ["EXACT", "Digits", "digits_of", "numbers_of", "plain_array", "steps_of", "texts_of"]
