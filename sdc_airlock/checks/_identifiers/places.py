"""Every place of an output where an identifier can stand: runs of text, columns of cells, names of files and members."""

from __future__ import annotations

import bisect
import re
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeVar

from sdc_airlock.ahead import in_order
from sdc_airlock.checks import Subject
from sdc_airlock.checks._identifiers.letters import Letters, letters_of, may_match
from sdc_airlock.checks._identifiers.windows import SHORT, compiled
from sdc_airlock.model.content import Column, Grid, Table, TextPart, TextRole
from sdc_airlock.model.finding import Location
from sdc_airlock.model.recognised import ColumnView, Kind, Recognised, Role

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pyarrow as pa

_Looked = TypeVar("_Looked")

PLACES = 50
_MANY_CELLS = 4096
_FEW_OF_MANY = 0.5
_FIRST_ROWS = 100_000
_FEW_CELLS = 500
_LONGEST_TEXT = 1 << 28
_BLANK_BEFORE = r"^(?:\s|[^\x00-\x7f])"
_BREAK = re.compile(r"[\r\n\x0b\x0c\x85\u2028\u2029]+")


class Where(StrEnum):
    """What a passage is of; the value is the word used in messages."""

    TEXT = "text"
    CELLS = "cells"
    HEADER = "column headers"
    AROUND = "text around a table"
    NAME = "name of a file or member"


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A run of text with its address.

    Attributes:
        part_ids: For names, the part that each line names; else just the part.
        rows: For cells, the row of the page that each line stands for.
    """

    part_ids: tuple[str, ...]
    text: str
    where: Where
    role: TextRole | None = None
    language: str = ""
    first_line: int = 1
    rows: range | None = None
    hidden: bool = False
    breaks: list[int] = field(default_factory=list, repr=False)

    def line_of(self, place: int) -> int:
        """Line of a character, counted from 0 in this passage."""
        if not self.breaks:
            self.breaks.append(-1)
            at = self.text.find("\n")
            while at >= 0:
                self.breaks.append(at)
                at = self.text.find("\n", at + 1)
        return bisect.bisect_right(self.breaks, place - 1) - 1

    def location(self, places: Sequence[int]) -> Location:
        """Where some characters stand; never what they are."""
        lines = sorted({self.line_of(place) for place in places})
        if not lines:
            return Location(part_id=self.part_ids[0])
        if self.where is Where.NAME:
            return Location(part_id=self.part_ids[lines[0]])
        if self.rows is not None:
            return Location(part_id=self.part_ids[0], rows=tuple(self.rows[line] for line in lines[:PLACES] if line < len(self.rows)))
        if self.where is Where.TEXT:
            return Location(part_id=self.part_ids[0], lines=(self.first_line + lines[0], self.first_line + lines[-1]))
        return Location(part_id=self.part_ids[0])


@dataclass(frozen=True, slots=True, kw_only=True)
class Cellular:
    """One column of one table, and what is known of both."""

    part: Recognised
    table: Table
    column: Column
    view: ColumnView | None

    @property
    def label(self) -> str:
        """A name of the column that is safe to show."""
        return self.view.label if self.view is not None else f"column {self.column.index + 1}"

    @property
    def role(self) -> Role:
        """What its cells measure."""
        return self.view.role if self.view is not None else Role.TEXT

    def location(self, rows: Sequence[int]) -> Location:
        """Rows, counted from 0 in the data, as a person would count them."""
        return Location(
            part_id=self.part.part_id,
            rows=tuple(self.table.row_number(row) for row in sorted(rows)[:PLACES]),
            columns=(self.label,),
            shape=(self.part.rows or self.table.sample_rows, self.part.n_columns or len(self.table.columns)),
            cells=tuple((row, self.column.index) for row in sorted(rows)[:PLACES]),
        )


def passages(subject: Subject) -> Iterator[Passage]:
    """Every run of text: texts, pages of cells row by row, headers and notes of tables, names."""
    for part in subject.content.parts:
        if isinstance(part, TextPart):
            yield Passage(
                part_ids=(part.part_id,),
                text=part.text,
                where=Where.TEXT,
                role=part.role,
                language=part.language,
                first_line=part.first_line,
                hidden=part.hidden,
            )
        elif isinstance(part, Grid):
            yield Passage(
                part_ids=(part.part_id,),
                text="\n".join("\t".join(_BREAK.sub(" ", cell) if not cell.isprintable() else cell for cell in row) for row in part.rows),
                where=Where.CELLS,
                rows=range(part.first_row, part.first_row + len(part.rows)),
                hidden=part.hidden,
            )
            if part.before:
                yield Passage(part_ids=(part.part_id,), text=part.before, where=Where.AROUND, role=TextRole.PROSE, hidden=part.hidden)
        elif isinstance(part, Table):
            yield from _of_table(part)
    yield names(subject)


def _of_table(table: Table) -> Iterator[Passage]:
    header = "\n".join(column.name for column in table.columns) if table.named else ""
    if header.strip():
        yield Passage(part_ids=(table.part_id,), text=header, where=Where.HEADER, hidden=table.hidden)
    around = "\n".join(text for text in (table.title, table.notes, table.schema_note) if text)
    if around:
        yield Passage(part_ids=(table.part_id,), text=around, where=Where.AROUND, role=TextRole.PROSE, hidden=table.hidden)


def names(subject: Subject) -> Passage:
    """Names of the output, its members and its pieces, a line each."""
    found = {subject.claimed_name: subject.part_id}
    for item in (*subject.content.parts, *subject.content.unread, *subject.content.oddities):
        found.setdefault(item.part_id.rpartition("/")[2], item.part_id)
        found.setdefault(item.part_id, item.part_id)
    lines = {_BREAK.sub(" ", name): part_id for name, part_id in found.items()}
    return Passage(part_ids=tuple(lines.values()), text="\n".join(lines), where=Where.NAME)


def columns(part: Recognised) -> Iterator[Cellular]:
    """The columns of a table with what recognition says of each."""
    table = part.table
    if table is None:
        return
    views = {view.index: view for view in part.columns}
    for column in table.columns:
        yield Cellular(part=part, table=table, column=column, view=views.get(column.index))


def tables(subject: Subject) -> Iterator[Recognised]:
    """Parts that are tables."""
    return (part for part in subject.recognised if part.table is not None)


def chunks(part: Recognised, certain: float = 2.0, *, exact: bool = False) -> Iterator[tuple[int, list[pa.Array[Any]]]]:
    """All cells of a table: the number of the first row, and an array for each column.

    A streamed table is read anew from its first row, unless its rows were kept. Of one that holds a person a row beyond doubt the first rows say what it names them by: it is
    held for what it is.

    Args:
        part: A part that is a table.
        certain: Probability from which rows are surely one a person; above 1 every row is read.
        exact: Every cell is wanted as it stands, decimals too, which are not kept.
    """
    import pyarrow as pa

    table = part.table
    if table is None:
        return
    if table.batches is None:
        yield 0, [values.combine_chunks() if isinstance(values := column.values, pa.ChunkedArray) else values for column in table.columns]
        return
    row = 0
    kept: Iterable[pa.RecordBatch] = () if exact else part.compact
    if not kept:
        kept = table.batches() if exact or table.rounded is None else table.rounded(())
    for batch in kept:
        yield row, list(batch.columns)
        row += batch.num_rows
        if row >= _FIRST_ROWS and part.individual >= certain:
            return


def looked_at(part: Recognised, certain: float, look: Callable[[int, list[pa.Array[Any]]], _Looked]) -> Iterator[_Looked]:
    """What a function says of all cells of a table, a batch at a time and in order: those of a long one are looked at side by side, by threads.

    Args:
        part: A part that is a table.
        certain: As for `chunks`.
        look: Takes the number of the first row and an array for each column; changes nothing outside.
    """
    batches = chunks(part, certain)
    long = part.table is not None and not part.table.whole
    yield from in_order(lambda batch: look(*batch), batches) if long else (look(*batch) for batch in batches)


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


# tables whose long whole numbers are mostly positions
BY_SITE = frozenset({Kind.VARIANT_SITES, Kind.GWAS_SUMMARY_STATISTICS, Kind.SCORE_WEIGHTS, Kind.GENE_RESULTS})
