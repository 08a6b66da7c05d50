"""Whole columns of text as numbers, without a look at single cells."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pyarrow as pa

_TRIED = 64


def plain_numbers(cells: pa.Array[Any]) -> npt.NDArray[np.float64] | None:
    """Text cells as numbers, where each is a plain one and none is empty; None otherwise.

    Args:
        cells: Strings, shape (rows,).

    Returns:
        Shape (rows,); NaN where a cell says so.
    """
    import numpy as np
    import pyarrow as pa

    try:
        if len(cells) > _TRIED:
            cells.slice(0, _TRIED).cast(pa.float64())
        numbers = np.asarray(cells.cast(pa.float64()).to_numpy(zero_copy_only=False))
    except pa.ArrowInvalid:
        return None
    return None if cells.null_count else numbers


def long_whole(numbers: npt.NDArray[np.float64], least: float) -> npt.NDArray[np.int64]:
    """Places of whole numbers of at least this size, of either sign."""
    import numpy as np

    return np.flatnonzero((np.abs(numbers) >= least) & (np.floor(numbers) == numbers))
