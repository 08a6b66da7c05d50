"""Columns that are read a stretch of rows at a time, and the tables they make: whole where small, a sample and batches where large."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from sdc_airlock.model.content import Column, Table
from sdc_airlock.readers import Reading
from sdc_airlock.readers._batches import batch_rows
from sdc_airlock.readers._build import scalar_text

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pyarrow as pa

WIDEST = 5_000  # columns of one table; a wider matrix is laid on its side or cut into several
MOST_CUTS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Some columns of equal length.

    Attributes:
        names: Their names, "" where they have none.
        rows: Their length.
        read: The cells from one row up to another (not included), one array a column, of the same types whichever rows are asked for.
    """

    names: tuple[str, ...]
    rows: int
    read: Callable[[int, int], list[pa.Array[Any]]]


def table_of_blocks(
    part_id: str, blocks: Sequence[Block], reading: Reading, *, named: bool = True, title: str = "", note: str = "", hidden: bool = False
) -> Table:
    """One table of columns of equal length.

    Raises:
        ValueError: a block reads another number of rows than the others.
    """
    names = [scalar_text(name) for block in blocks for name in block.names]
    rows, width = blocks[0].rows, max(len(names), 1)

    def stretch(start: int, stop: int) -> list[pa.Array[Any]]:
        return [array for block in blocks for array in block.read(start, stop)]

    def again() -> Iterator[pa.RecordBatch]:
        import pyarrow as pa

        size = batch_rows(width)
        for start in range(0, rows, size):
            reading.spend()
            yield pa.RecordBatch.from_arrays(stretch(start, min(start + size, rows)), names=names)

    large = rows * width > reading.limits.cells
    held = min(rows, reading.limits.sample_rows, max(64, reading.limits.cells // width)) if large else rows
    columns = tuple(
        Column(index=index, name=name, values=array) for index, (name, array) in enumerate(zip(names, stretch(0, held), strict=True))
    )
    return Table(
        part_id=part_id,
        columns=columns,
        n_rows=rows,
        named=named,
        title=scalar_text(title),
        schema_note=scalar_text(note),
        hidden=hidden,
        batches=again if large else None,
    )


def block_of_array(names: Sequence[str], values: npt.NDArray[Any]) -> Block:
    """Columns of a matrix that is held already, or one of a vector."""
    from sdc_airlock.readers._numpy import arrow_of

    columns: npt.NDArray[Any] = values.reshape(-1, 1) if values.ndim == 1 else values
    return Block(
        names=tuple(names),
        rows=len(columns),
        read=lambda start, stop: [arrow_of(columns[start:stop, place]) for place in range(columns.shape[1])],
    )


def text_block(name: str, values: Sequence[str]) -> Block:
    """One column of texts."""
    import pyarrow as pa

    return Block(names=(name,), rows=len(values), read=lambda start, stop: [pa.array(values[start:stop], pa.string())])


Cut = Callable[[int, int, int, int], "npt.NDArray[np.generic]"]


def cuts(columns: int) -> list[tuple[int, int]]:
    """The columns of a wide matrix in stretches that fit a table."""
    edges = [*range(0, columns, WIDEST), columns]
    return list(pairwise(edges))


def matrix_block(rows: int, first: int, last: int, names: Sequence[str], read: Cut) -> Block:
    """Some columns of a matrix that is read by a rectangle of (first row, last row, first column, last column)."""
    from sdc_airlock.readers._numpy import arrow_of

    def stretch(start: int, stop: int) -> list[pa.Array[Any]]:
        values = read(start, stop, first, last)
        return [arrow_of(values[:, place]) for place in range(values.shape[1])]

    chosen = tuple(names[first:last]) if names else ("",) * (last - first)
    return Block(names=chosen, rows=rows, read=stretch)
