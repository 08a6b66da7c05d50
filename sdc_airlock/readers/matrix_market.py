"""Matrix Market: sparse counts of genes by cells or samples, or a dense matrix of correlations or relationships."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sdc_airlock.errors import LimitReached, Malformed
from sdc_airlock.model.content import Column, GenomicPart, Table, TextPart, TextRole
from sdc_airlock.model.filetype import FileType
from sdc_airlock.readers import Item, Reading, reader
from sdc_airlock.readers._genomic import Row, cells, lines_of, table, text
from sdc_airlock.source import Source

BANNER = re.compile(
    rb"%%MatrixMarket\s+matrix\s+(coordinate|array)\s+(real|integer|complex|pattern|double)\s+(general|symmetric|skew-symmetric|hermitian)\s*$",
    re.IGNORECASE,
)
# a matrix of so many cells is laid out whole, so that it is recognised as any other table
MOST_CELLS = 1_000_000
MOST_COLUMNS = 2_000


def _body(source: Source, reading: Reading) -> Iterator[bytes]:
    """Lines that are no comments: first the size, then the entries."""
    for line in lines_of(source, reading):
        if line.strip() and not line.lstrip().startswith(b"%"):
            yield line


def _dense(source: Source, reading: Reading, shape: tuple[int, int], symmetry: str, *, sparse: bool) -> Table:
    """The matrix laid out: a row a row.

    Raises:
        Malformed: there are more or fewer entries than the header says, or one lies outside.
    """
    import numpy as np
    import pyarrow as pa

    rows, columns = shape
    body = _body(source, reading)
    size = cells(next(body))
    numbers = np.zeros((rows, columns))
    places = _triangle(rows, columns, symmetry) if not sparse else iter(())
    entries = 0
    for line in body:
        row = cells(line)
        if sparse:
            at, value = (int(row[0]) - 1, int(row[1]) - 1), float(row[2]) if len(row) > 2 else 1.0
            if not (0 <= at[0] < rows and 0 <= at[1] < columns):
                raise Malformed("an entry lies outside the matrix")
        else:
            at, value = next(places, (-1, -1)), float(row[0])
            if at[0] < 0:
                raise Malformed("more entries than the matrix has places")
        numbers[at] = value
        if symmetry != "general":
            numbers[at[::-1]] = value
        entries += 1
    if (sparse and entries != int(size[2])) or next(places, None) is not None:
        raise Malformed("fewer or more entries than the header says")
    columns_of = tuple(Column(index=place, name="", values=pa.array(numbers[:, place])) for place in range(columns))
    return Table(part_id=source.part_id, columns=columns_of, n_rows=rows, named=False, first_row=1)


def _triangle(rows: int, columns: int, symmetry: str) -> Iterator[tuple[int, int]]:
    """Places of a dense matrix in the order of its entries: column by column, of a symmetric one the lower triangle."""
    for column in range(columns):
        for row in range(column if symmetry != "general" else 0, rows):
            yield row, column


@reader("matrix_market")
def matrix_market(source: Source, file_type: FileType, reading: Reading) -> Iterator[Item]:
    """Read a matrix: whole where it is small, else as a list of entries, which is left to the checker.

    Source: Boisvert, Pozo, Remington, "The Matrix Market exchange formats: initial design", NISTIR 5935 (1996).
    """
    lines = lines_of(source, reading)
    banner = BANNER.match(next(lines, b"").rstrip())
    if banner is None:
        raise Malformed("not the banner of a matrix")
    kept, taken = [], 0
    for line in lines:
        if line.lstrip().startswith(b"%"):
            kept.append(line.lstrip(b"% "))
            taken += len(line)
            if taken > reading.limits.text_bytes:
                raise LimitReached("text_bytes", reading.limits.text_bytes, taken)
    form, _field, symmetry = (part.decode().lower() for part in banner.groups())
    size = [int(cell) for cell in cells(next(_body(source, reading), b""))[:3]]
    if len(size) < (3 if form == "coordinate" else 2) or min(size) < 0:
        raise Malformed("a matrix without its size")
    rows, columns = size[:2]
    notes = b"\n".join(line for line in kept if line.strip())
    if notes:
        yield TextPart(part_id=f"{source.part_id}#comments", text=text(notes), role=TextRole.COMMENT)
    if rows * columns <= MOST_CELLS and columns <= MOST_COLUMNS and (symmetry == "general" or rows == columns):
        yield _dense(source, reading, (rows, columns), symmetry, sparse=form == "coordinate")
        return
    shape = f"{rows} by {columns}"
    why = f"a sparse matrix of {shape}, as genes by cells or samples" if form == "coordinate" else f"a matrix of {shape}"
    yield GenomicPart(
        part_id=source.part_id, format=file_type.label, samples=None, variants=None, individual=None, counted=form == "array", why=(why,)
    )

    def entries() -> Iterator[Row]:
        body = _body(source, reading)
        next(body, None)
        for line in body:
            yield tuple(text(cell) for cell in cells(line))

    yield table(source.part_id, entries, ("row", "column", "value") if form == "coordinate" else ("value",), reading)
