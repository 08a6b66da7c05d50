"""Layouts that programs agree on inside HDF5: data frames of AnnData and pandas, categories, sparse matrices, Loom."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sdc_airlock.errors import Malformed
from sdc_airlock.readers import Reading
from sdc_airlock.readers._blocks import WIDEST, Block, matrix_block
from sdc_airlock.readers._build import scalar_text
from sdc_airlock.readers._h5store import Entry
from sdc_airlock.readers._h5values import fetch, is_text, matrix, vector

if TYPE_CHECKING:
    import numpy.typing as npt
    import pyarrow as pa

_NULLABLE = ("nullable-integer", "nullable-boolean", "nullable-string-array")
_SPARSE = {"data", "indices", "indptr"}
_MOST_CATEGORIES = 1_000_000
_FEWEST_COLUMNS = 50
_INDEX_NAMES = ("_index", "index", "obs_names", "var_names", "CellID", "cell_names", "Gene", "gene_names", "barcodes")


def is_frame(entry: Entry) -> bool:
    """True for a data frame that AnnData wrote, one data set a column."""
    return entry.group and (entry.text("encoding-type") == "dataframe" or "column-order" in entry.attributes)


def is_encoded_column(entry: Entry) -> bool:
    """True for a group that is one column: categories with codes, or values with a mask."""
    return entry.group and (
        {"codes", "categories"} <= set(entry.children)
        or (entry.text("encoding-type") in _NULLABLE and {"values", "mask"} <= set(entry.children))
    )


def is_sparse(entry: Entry) -> bool:
    """True for a compressed sparse matrix."""
    return entry.group and set(entry.children) >= _SPARSE and all(len(entry.children[name].shape) == 1 for name in _SPARSE)


def is_fixed_frame(entry: Entry) -> bool:
    """True for a data frame that pandas wrote block by block."""
    return entry.group and "block0_values" in entry.children and "axis1" in entry.children


def column(entry: Entry, reading: Reading, categories: Entry | None = None, name: str = "") -> Block:
    """A column however it is encoded.

    Raises:
        ReadError: it cannot be read.
    """
    name = name or entry.name
    if not entry.group:
        return _coded(vector(entry, reading), categories, reading, name) if categories is not None else vector(entry, reading, name)
    if "codes" in entry.children:
        return _coded(vector(entry.children["codes"], reading), entry.children["categories"], reading, name)
    values, mask = vector(entry.children["values"], reading), vector(entry.children["mask"], reading)

    def read(start: int, stop: int) -> list[pa.Array[Any]]:
        import pyarrow as pa
        import pyarrow.compute as pc

        kept: Any = values.read(start, stop)[0]
        return [pc.if_else(mask.read(start, stop)[0], pa.scalar(None, kept.type), kept)]

    return Block(names=(name,), rows=values.rows, read=read)


def _coded(codes: Block, categories: Entry, reading: Reading, name: str) -> Block:
    block = vector(categories, reading)
    if block.rows > _MOST_CATEGORIES:
        raise Malformed("too many categories")
    labels = block.read(0, block.rows)[0]

    def read(start: int, stop: int) -> list[pa.Array[Any]]:
        import numpy as np
        import pyarrow as pa

        found: npt.NDArray[Any] = np.asarray(codes.read(start, stop)[0].to_numpy(zero_copy_only=False)).astype(np.int64)
        known = (found >= 0) & (found < len(labels))
        places: Any = pa.array(np.where(known, found, 0), mask=~known)
        return [labels.take(places)] if len(labels) else [pa.nulls(len(found), pa.string())]

    return Block(names=(name,), rows=codes.rows, read=read)


def frame(entry: Entry, reading: Reading) -> tuple[list[Block], list[str]]:
    """The columns of a data frame, its index first, and the names of the children that they took.

    Raises:
        ReadError: a column cannot be read.
    """
    index = entry.text("_index")
    legacy = entry.children.get("__categories")
    categories = legacy.children if legacy is not None else {}
    taken = [name for name, child in entry.children.items() if (not child.group and len(child.shape) == 1) or is_encoded_column(child)]
    taken.sort(key=lambda name: name != index)
    blocks = [column(entry.children[name], reading, categories.get(name)) for name in taken]
    return blocks, [*taken, *(["__categories"] if legacy is not None else [])]


def index_of(entry: Entry | None, reading: Reading, rows: int) -> Block | None:
    """The column of a frame that names its rows, where it has that many."""
    if entry is None or not entry.group:
        return None
    names = [entry.text("_index"), *_INDEX_NAMES, *entry.children]
    for name in names:
        child = entry.children.get(name)
        if child is not None and not child.group and child.shape == (rows,) and is_text(child.dtype):
            return vector(child, reading)
    return None


def fixed_frame(entry: Entry, reading: Reading) -> tuple[list[Block], list[str]]:
    """A data frame of pandas in blocks: the index, then the columns of each block of plain values.

    Raises:
        ReadError: a block cannot be read.
    """
    index = entry.children["axis1"]
    if index.group or len(index.shape) != 1:
        raise Malformed("a data frame without an index")
    blocks, taken = [vector(index, reading, "index")], ["axis0", "axis1"]
    for number in range(len(entry.children)):
        values, items = entry.children.get(f"block{number}_values"), entry.children.get(f"block{number}_items")
        if values is None or items is None:
            break
        if len(values.shape) != 2 or len(items.shape) != 1 or values.shape != (blocks[0].rows, items.shape[0]):
            continue
        _, width, some = matrix(values, reading, columns=labels(items, reading))
        if width > WIDEST:
            continue
        blocks.append(some(0, width))
        taken += [f"block{number}_values", f"block{number}_items"]
    return blocks, taken


def labels(entry: Entry | Block, reading: Reading) -> tuple[str, ...]:
    """All values of a column as texts, for the names of other columns."""
    block = vector(entry, reading) if isinstance(entry, Entry) else entry
    return tuple(scalar_text(value) for value in block.read(0, block.rows)[0].to_pylist())


@dataclass(frozen=True, slots=True, kw_only=True)
class Sparse:
    """A sparse matrix to be written out.

    Attributes:
        rows, columns: Its size; rows are what its starts count where `by_row`.
        block: Makes its first columns, as many as are asked for.
    """

    rows: int
    columns: int
    block: Callable[[int, tuple[str, ...]], Block]


def sparse(entry: Entry, reading: Reading, *, turned: bool = False) -> Sparse:
    """A compressed sparse matrix; `turned` swaps rows and columns.

    Raises:
        ReadError: its parts cannot be read or do not fit each other.
    """
    import numpy as np

    children = entry.children
    starts = np.asarray(vector(children["indptr"], reading).read(0, children["indptr"].shape[0])[0].to_numpy(zero_copy_only=False))
    stored = children["data"].shape[0]
    lines = len(starts) - 1
    if starts.dtype.kind not in "iu" or lines < 0 or children["indices"].shape[0] != stored:
        raise Malformed("a sparse matrix whose parts do not fit")
    starts = starts.astype(np.int64)
    if lines and (starts[0] != 0 or starts[-1] != stored or (np.diff(starts) < 0).any()):
        raise Malformed("a sparse matrix whose parts do not fit")
    shape = _shape(entry, reading)
    kind = entry.text("encoding-type") or entry.text("h5sparse_format")
    by_row = not kind.startswith("csc") if kind else shape[0] == lines
    if shape[0 if by_row else 1] != lines:
        raise Malformed("a sparse matrix whose parts do not fit")
    vector(children["data"], reading)
    vector(children["indices"], reading)
    if turned:
        by_row, shape = not by_row, (shape[1], shape[0])
    rows, columns = shape

    def read(start: int, stop: int, first: int, last: int) -> npt.NDArray[Any]:
        low, high, most = (start, stop, columns) if by_row else (first, last, rows)
        span = slice(int(starts[low]), int(starts[high])) if high > low else slice(0, 0)
        values, places = fetch(children["data"], span, reading), fetch(children["indices"], span, reading).astype(np.int64)
        if len(places) and not 0 <= int(places.min()) <= int(places.max()) < most:
            raise Malformed("a sparse matrix with an index beyond its size")
        line = np.repeat(np.arange(high - low), np.diff(starts[low : high + 1]))
        dense: npt.NDArray[Any] = np.zeros((stop - start, last - first), values.dtype)
        offset, size = (first, last - first) if by_row else (start, stop - start)
        inside = (places >= offset) & (places < offset + size)
        at = (line[inside], places[inside] - offset) if by_row else (places[inside] - offset, line[inside])
        dense[at] = values[inside]
        return dense

    return Sparse(rows=rows, columns=columns, block=lambda width, names: matrix_block(rows, 0, width, names, read))


def _shape(entry: Entry, reading: Reading) -> tuple[int, int]:
    found = entry.attributes.get("shape", entry.attributes.get("h5sparse_shape"))
    if found is None and "shape" in entry.children:
        found = fetch(entry.children["shape"], (), reading) if entry.children["shape"].shape == (2,) else None
    sizes = [int(size) for size in found] if found is not None and getattr(found, "shape", ()) == (2,) else []
    if len(sizes) != 2 or min(sizes) < 0 or max(sizes) > 1 << 40:
        raise Malformed("a sparse matrix without a size")
    return sizes[0], sizes[1]


def written_columns(found: Sparse, cells: int) -> int:
    """How many columns of a sparse matrix are written out: all that fit into the cap on cells, and never less than a few."""
    return min(found.columns, WIDEST, max(_FEWEST_COLUMNS, cells // max(found.rows, 1)))
