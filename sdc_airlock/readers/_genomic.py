"""What the genomic readers share: lines of any encoding within the caps, and tables of split lines."""

from __future__ import annotations

import codecs
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING

from sdc_airlock.errors import LimitReached
from sdc_airlock.model.content import Column, GenomicPart, Table
from sdc_airlock.readers import Reading
from sdc_airlock.source import Source

if TYPE_CHECKING:
    import pyarrow as pa

BLOCK_BYTES = 1 << 20
BATCH_ROWS = 20_000
# individual data is plain from its first records; reading further would only count them
ENOUGH_BYTES = 8 << 20

# the longer byte order marks first: that of UTF-32 begins with that of UTF-16
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (codecs.BOM_UTF8, "utf-8"),
)

# the columns of a site, as a VCF names them
SITE_FIELDS = ("CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER", "INFO")

Row = tuple[str, ...]


def _encoding(head: bytes) -> tuple[str, int]:
    """Encoding that the first bytes tell, and the length of the byte order mark; ("", 0) for plain bytes."""
    for mark, name in _MARKS:
        if head.startswith(mark):
            return name, len(mark)
    even, odd = head[0:2000:2], head[1:2000:2]
    if len(head) > 3 and even and odd.count(0) > 0.8 * len(odd) and even.count(0) == 0:  # shape of UTF-16 ASCII
        return "utf-16-le", 0
    if len(head) > 3 and odd and even.count(0) > 0.8 * len(even) and odd.count(0) == 0:  # the same, big-endian
        return "utf-16-be", 0
    return "", 0


def _chunks(source: Source, reading: Reading) -> Iterator[bytes]:
    """Blocks of the source as UTF-8 (or whatever single bytes it holds), the deadline checked at each."""
    encoding, skip = _encoding(source.head)
    decoder = codecs.getincrementaldecoder(encoding)(errors="replace") if encoding else None
    with source.opener() as stream:
        if skip:
            stream.read(skip)
        while chunk := stream.read(BLOCK_BYTES):
            reading.spend()
            yield decoder.decode(chunk).encode("utf-8", "replace") if decoder else chunk


def line_blocks(source: Source, reading: Reading) -> Iterator[list[bytes]]:
    """Lines without their ends, a block of them at a time.

    Raises:
        LimitReached: one line is longer than `text_bytes`, or the deadline has passed.
    """
    end = b"\r" if b"\n" not in source.head and b"\r" in source.head else b"\n"
    carry = b""
    for chunk in _chunks(source, reading):
        data = carry + chunk
        lines = data.split(end)
        carry = lines.pop()
        if len(carry) > reading.limits.text_bytes:
            raise LimitReached("text_bytes", reading.limits.text_bytes, len(carry))
        if end == b"\n" and b"\r" in data:
            lines = [line.rstrip(b"\r") for line in lines]
        if lines:
            yield lines
    if carry:
        yield [carry.rstrip(b"\r")]


def lines_of(source: Source, reading: Reading) -> Iterator[bytes]:
    """Lines without their ends, one by one."""
    for block in line_blocks(source, reading):
        yield from block


def text(cell: bytes) -> str:
    """A cell as text; bytes that are no UTF-8 are read as Latin-1."""
    try:
        return cell.decode("utf-8")
    except UnicodeDecodeError:
        return cell.decode("latin-1")


def cells(line: bytes) -> list[bytes]:
    """The cells of a line: by tabs where it has any, else by white space."""
    return line.split(b"\t") if b"\t" in line else line.split()


def plain_columns(rows: Sequence[Row], names: Sequence[str]) -> list[pa.Array[pa.StringScalar]]:
    """Columns of split lines, as text; short rows are filled with empty cells."""
    import pyarrow as pa

    width = len(names)
    filled = [row if len(row) == width else (row + ("",) * width)[:width] for row in rows]
    turned = list(zip(*filled, strict=True)) if filled else [()] * width
    return [pa.array(column, type=pa.string()) for column in turned]


def table(
    part_id: str,
    rows: Callable[[], Iterator[Row]],
    names: Sequence[str],
    reading: Reading,
    *,
    first_row: int = 1,
    named: bool = True,
) -> Table:
    """A table of split lines: whole where it is short, else its first `sample_rows` and a way to read all of it.

    Args:
        part_id: Address of the part.
        rows: Starts reading the rows again from the first. Rows wider than `names` get columns without a name, as far as the sample shows them.
        names: Names of the columns as the format has them.
        reading: Whose caps hold.
        first_row: Number of the first row in the file.
        named: False where the names are no names.
    """
    import pyarrow as pa

    stream = rows()
    sample = list(islice(stream, reading.limits.sample_rows))
    more = next(stream, None) is not None
    width = max((len(row) for row in sample), default=len(names))
    labels = [*names[:width], *[""] * (width - len(names))] if sample else list(names)
    columns = tuple(
        Column(index=index, name=label, values=values)
        for index, (label, values) in enumerate(zip(labels, plain_columns(sample, labels), strict=True))
    )

    def batches() -> Iterator[pa.RecordBatch]:
        again = rows()
        fields = [f"{index}" for index in range(len(labels))]
        while block := list(islice(again, BATCH_ROWS)):
            yield pa.RecordBatch.from_arrays(plain_columns(block, labels), names=fields)

    return Table(
        part_id=part_id,
        columns=columns,
        n_rows=None if more else len(sample),
        named=named,
        first_row=first_row,
        batches=batches if more else None,
    )


def of_people(content: Table, label: str) -> GenomicPart:
    """What a list of samples says of itself: one line a person, and no genotypes."""
    return GenomicPart(
        part_id=content.part_id,
        format=label,
        samples=content.n_rows if content.n_rows is not None else content.sample_rows,
        variants=0,
        individual=None,
        counted=content.whole,
        why=("one line a person, without genotypes",),
    )
