"""The cells of a column as arrays: plain ones out of nested ones, text and whole numbers, and which of them match a pattern."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from sdc_airlock.checks._identifiers.letters import Letters, letters_of, may_match
from sdc_airlock.checks._identifiers.windows import SHORT, compiled

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pyarrow as pa


_MANY_CELLS = 4096
_FEW_OF_MANY = 0.5
_FEW_CELLS = 500
_LONGEST_TEXT = 1 << 28
_BLANK_BEFORE = r"^(?:\s|[^\x00-\x7f])"


def leaves(array: pa.Array[Any]) -> list[tuple[pa.Array[Any], pa.Array[Any] | None]]:
    """Plain arrays that a column is made of: lists and structs are taken apart.

    Returns:
        Each array with the rows its cells belong to; None where cell and row are the same.
    """
    import pyarrow as pa

    return list(_leaves(array, None, pa))


def _leaves(array: Any, rows: Any, pa: Any) -> Iterator[tuple[Any, Any]]:
    import pyarrow.compute as pc

    kind = array.type
    if pa.types.is_dictionary(kind):
        written = array.dictionary_decode()
        if as_strings(written) is written and not array.null_count:
            _memory.different = written, (array.dictionary, array.indices.to_numpy(zero_copy_only=False))
        yield from _leaves(written, rows, pa)
    elif isinstance(array, pa.ExtensionArray):
        yield from _leaves(array.storage, rows, pa)
    elif pa.types.is_struct(kind):
        for child in array.flatten():
            yield from _leaves(child, rows, pa)
    elif pa.types.is_map(kind):
        yield from _leaves(array.cast(pa.list_(pa.struct([("key", kind.key_type), ("value", kind.item_type)]))), rows, pa)
    elif pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_fixed_size_list(kind):
        parents = pc.list_parent_indices(array)
        yield from _leaves(array.flatten(), parents if rows is None else rows.take(parents), pa)
    else:
        yield array, rows


def words_of(array: Any) -> tuple[pa.Array[Any], npt.NDArray[np.int64]] | None:
    """The different words of an array that holds codes, and how often each stands there; None for any other array, or one with empty cells."""
    import numpy as np
    import pyarrow as pa

    if not pa.types.is_dictionary(array.type) or not pa.types.is_string(array.type.value_type):
        return None
    words = array.dictionary
    if array.null_count or words.null_count or len(words) > len(array):
        return None
    return words, np.bincount(array.indices.to_numpy(zero_copy_only=False), minlength=len(words))


def as_strings(array: pa.Array[Any]) -> pa.Array[Any] | None:
    """Text cells as text; None for an array of anything but text."""
    import pyarrow as pa

    kind = array.type
    if pa.types.is_string(kind):
        return array
    if pa.types.is_large_string(kind) or getattr(pa.types, "is_string_view", lambda _: False)(kind):
        return array.cast(pa.string())
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or pa.types.is_fixed_size_binary(kind):
        return pa.array(
            [None if cell is None else cell.decode("utf-8", "replace") if len(cell) < 4096 else None for cell in array.to_pylist()],
            pa.string(),
        )
    return None


def as_whole(array: pa.Array[Any]) -> Any:
    """Whole numbers of an array of numbers as int64, with -1 for what is none; None for an array of anything but numbers."""
    import numpy as np
    import pyarrow as pa

    kind = array.type
    if pa.types.is_decimal(kind):
        array = array.cast(pa.float64())
        kind = array.type
    if pa.types.is_integer(kind):
        wide = array.cast(pa.int64(), safe=False) if kind != pa.int64() else array
        return np.asarray(wide.fill_null(-1).to_numpy(zero_copy_only=False), dtype=np.int64)
    if pa.types.is_floating(kind):
        numbers = np.asarray(array.cast(pa.float64()).fill_null(-1).to_numpy(zero_copy_only=False))
        whole = np.isfinite(numbers) & (numbers >= 0) & (numbers < 2**53) & (numbers == np.floor(numbers))
        return np.where(whole, np.where(whole, numbers, 0), -1).astype(np.int64)
    return None


def short_whole(array: pa.Array[Any], least: float) -> npt.NDArray[np.int64] | None:
    """The whole numbers among floats, where none is as large as that; None for what is no array of floats or holds larger ones."""
    import numpy as np
    import pyarrow as pa

    if not pa.types.is_floating(array.type) or not len(array):
        return None
    numbers = np.asarray(array.cast(pa.float64()).fill_null(-1).to_numpy(zero_copy_only=False))
    with np.errstate(invalid="ignore"):
        # what is not a number is no smaller, which leaves it to a closer look
        if not numbers.max() < least:
            return None
        return np.asarray(numbers[(np.floor(numbers) == numbers) & (numbers >= 0)], np.int64)


def few_digits(array: pa.Array[Any], least: float) -> npt.NDArray[np.integer[Any]] | None:
    """Whole numbers none of which is missing, below nought or as large as that; None for any other array."""
    import numpy as np
    import pyarrow as pa

    if not pa.types.is_integer(array.type) or array.null_count or not len(array):
        return None
    numbers = np.asarray(array.to_numpy(zero_copy_only=False))
    return numbers if numbers.min() >= 0 and numbers.max() < least else None


def levels_of(numbers: npt.NDArray[np.integer[Any]]) -> npt.NDArray[np.integer[Any]]:
    """The different ones of whole numbers, in their order."""
    import numpy as np

    if not len(numbers):
        return numbers
    low, high = int(numbers.min()), int(numbers.max())
    if high - low > _MANY_CELLS:
        return np.unique(numbers)
    return np.flatnonzero(np.bincount(numbers.astype(np.int64) - low)) + low


def different(cells: Any) -> Any:
    """The different cells of an array of text, by its codes where it had some."""
    known, told = _memory.different
    return told[0] if known is cells and told is not None else cells.unique()


# ids of digits alone and dates without marks are longer whole numbers than most measurements
SHORTEST_ID = 10**6


def filled(cells: Any) -> npt.NDArray[np.bool_]:
    """Which text cells hold more than blanks."""
    import numpy as np
    import pyarrow.compute as pc

    lengths: Any = pc.binary_length(cells).fill_null(0)
    found = np.asarray(lengths.to_numpy(zero_copy_only=False) > 0, dtype=np.bool_)
    if len(cells) > _MANY_CELLS and not may_match(_BLANK_BEFORE, _letters(cells)):
        return found
    lengths = pc.binary_length(pc.utf8_trim_whitespace(cells))
    return np.asarray(lengths.fill_null(0).to_numpy(zero_copy_only=False) > 0, dtype=np.bool_)


def holding_digits(cells: Any) -> int:
    """How many cells hold a digit; none may be empty or null."""
    import numpy as np

    if len(cells) <= _MANY_CELLS:
        return int(matching(cells, "[0-9]").sum())
    _, offsets, data = cells.buffers()
    ends = np.frombuffer(offsets, np.int32)[cells.offset : cells.offset + len(cells) + 1]
    held = np.frombuffer(data, np.uint8)[ends[0] : ends[-1]]
    return int(np.logical_or.reduceat((held >= ord("0")) & (held <= ord("9")), ends[:-1] - ends[0]).sum())


def matching(cells: Any, pattern: str) -> npt.NDArray[np.bool_]:
    """Which text cells match a pattern of RE2 (of those that Python reads alike, for a few short cells)."""
    import numpy as np
    import pyarrow.compute as pc

    if len(cells) <= _FEW_CELLS and cells.nbytes <= SHORT:
        search = compiled(pattern).search
        return np.array([cell is not None and search(cell) is not None for cell in cells.to_pylist()], dtype=np.bool_)
    if len(cells) > _MANY_CELLS:
        known, held = _memory.different
        if known is cells and held is not None:
            words, codes = held
            return np.asarray(matching(words, pattern)[codes], np.bool_)
        if not may_match(pattern, _letters(cells)) or not _anywhere(cells, pattern):
            return np.zeros(len(cells), np.bool_)
        if (told := _different(cells)) is not None:
            words, codes = told
            return matching(words, pattern)[codes]
    return np.array(pc.match_substring_regex(cells, pattern).fill_null(False).to_numpy(zero_copy_only=False), dtype=np.bool_)  # noqa: FBT003


def matching_any(cells: Any, patterns: Sequence[str]) -> npt.NDArray[np.bool_]:
    """Which text cells match one of several patterns of RE2."""
    import numpy as np

    if len(cells) > _MANY_CELLS and cells.nbytes <= _LONGEST_TEXT:
        letters = _letters(cells)
        patterns = [pattern for pattern in patterns if may_match(pattern, letters)]
    return matching(cells, "|".join(f"(?:{pattern})" for pattern in patterns)) if patterns else np.zeros(len(cells), np.bool_)


class _Memory(threading.local):
    """What was worked out of the array of text that a thread looked at last, each with that array."""

    letters: tuple[object, Letters | None] = None, None
    joined: tuple[object, Any] = None, None
    different: tuple[object, tuple[Any, Any] | None] = None, None


_memory = _Memory()


def _letters(cells: Any) -> Letters | None:
    """The letters of an array of text; those of the last one are remembered."""
    if _memory.letters[0] is not cells:
        _memory.letters = cells, letters_of(cells)
    return _memory.letters[1]


def _anywhere(cells: Any, pattern: str) -> bool:
    """False where none of many cells can match: they are searched as the lines of one text, in which every match of a cell is one too."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if cells.nbytes > _LONGEST_TEXT:
        return True
    if _memory.joined[0] is not cells:
        filled_up = cells.fill_null("") if cells.null_count else cells
        lines = pa.ListArray.from_arrays(pa.array([0, len(cells)], pa.int32()), filled_up)
        _memory.joined = cells, pc.binary_join(lines, "\n")
    return bool(pc.match_substring_regex(_memory.joined[1], f"(?m:{pattern})")[0].as_py())


def _different(cells: Any) -> tuple[Any, npt.NDArray[np.int64]] | None:
    """The different cells of a long array and the place of each among them; None where most differ. The last array is remembered."""
    import numpy as np

    if _memory.different[0] is cells:
        return _memory.different[1]
    found = None
    if len(cells.slice(0, _MANY_CELLS).unique()) <= _FEW_OF_MANY * _MANY_CELLS:
        encoded = cells.dictionary_encode(null_encoding="encode")
        if len(encoded.dictionary) <= _FEW_OF_MANY * len(cells):
            found = encoded.dictionary, np.asarray(encoded.indices.to_numpy(zero_copy_only=False), dtype=np.int64)
    _memory.different = cells, found
    return found


def whole_numbers(cells: Any) -> npt.NDArray[np.int64]:
    """Text cells that are whole numbers of at most 18 digits, perhaps in quotes or with ".0", as int64."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    plain: Any = pc.replace_substring_regex(pc.utf8_trim(cells, characters=" \t\r\n\"'"), r"\.0+$", "")
    return np.asarray(plain.cast(pa.int64()).to_numpy(zero_copy_only=False))
