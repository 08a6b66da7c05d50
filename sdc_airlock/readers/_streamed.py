"""Large delimited files: the head decides on dialect and header, the rest streams through Arrow, every cell as text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any, BinaryIO, Literal, cast

from sdc_airlock.ahead import ahead, in_order
from sdc_airlock.errors import Malformed
from sdc_airlock.limits import Limits
from sdc_airlock.model.content import (
    Column,
    Grid,
    GridSource,
    Oddity,
    OddityKind,
    Table,
    Unread,
    UnreadReason,
)
from sdc_airlock.readers._blobs import encoded_items
from sdc_airlock.readers._characters import character_oddities
from sdc_airlock.readers._decode import Decoded, EvenBlanks, Utf8Stream, decode_as, sniff
from sdc_airlock.readers._dialect import Dialect, Row, choose, cut
from sdc_airlock.readers._formulas import FormulaSearch
from sdc_airlock.readers._layout import COMMENT, declared_delimiter
from sdc_airlock.readers._line_blocks import BLOCK_BYTES, Parsed, Parser, kinds_of, refuse_swallowed, text_of, whole_lines
from sdc_airlock.readers._lines import split_lines
from sdc_airlock.readers._typed import Held, HeldOnce, typed
from sdc_airlock.recognise.first_rows import surely_people
from sdc_airlock.recognise.regions import find_header, join_headers
from sdc_airlock.source import Source

if TYPE_CHECKING:
    import pyarrow as pa

    from sdc_airlock.readers import Item, Reading

_RAGGED_ROWS = 20_000
_MOST_COLUMNS = 20_000
_FEW_LINES = 50
_PREAMBLE = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class _Head:
    """The first lines of a file.

    Attributes:
        whole: The file ends within them.
    """

    decoded: Decoded
    lines: list[str]
    mark: int
    whole: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shape:
    """How the rows of a large file are to be read.

    Attributes:
        skip: Lines before the first data row.
        quoted_newlines: Quoted cells hold line ends.
        longest: Bytes of the longest line seen.
        padded: Cells have blanks around them.
    """

    dialect: Dialect
    encoding: str
    mark: int
    names: tuple[str, ...]
    skip: int
    quoted_newlines: bool
    longest: int
    padded: bool


def streamed_table(source: Source, reading: Reading) -> Iterator[Item]:
    """A large file as one table: a sample of its first rows, and a way to read all of them."""
    head = _read_head(source, reading.limits)
    yield from head.decoded.items(source.part_id)
    yield from character_oddities(source.part_id, head.decoded.text)
    yield from encoded_items(source.part_id, head.decoded.text, reading, depth=source.depth)
    dialect, rows, broken = _rows(head.lines)
    if broken:
        yield Oddity(part_id=source.part_id, kind=OddityKind.DAMAGED, detail="quotes that are opened and not closed", size=broken)
    width = _main_width(rows)
    if width > _MOST_COLUMNS or head.whole:
        yield from _as_grid(source, head, rows, reading.limits)
        return
    first = _first_row(rows, width)
    header, names = _header(rows, first, width)
    shape = _Shape(
        dialect=dialect,
        encoding=head.decoded.encoding,
        mark=head.mark,
        names=names,
        skip=_lines_before(head.lines, dialect, header),
        quoted_newlines=len(rows) < len(head.lines),
        longest=max(map(len, head.lines)),
        padded=any(f" {mark}" in head.decoded.text or f"{mark} " in head.decoded.text for mark in (dialect.delimiter or "\n", "\n")),
    )
    body = [row for row in rows[header:] if row][: max(1, min(reading.limits.sample_rows, reading.limits.cells // width))]
    ragged = sum(1 for row in body if len(row) != width)
    if ragged:
        yield Oddity(part_id=source.part_id, kind=OddityKind.RAGGED_ROWS, detail="rows of another width among the first ones", size=ragged)
    search = FormulaSearch(lambda lines: cut(lines, dialect)[0])
    table = Table(
        part_id=source.part_id,
        columns=_columns(body, names, width, dialect),
        n_rows=None,
        named=header > first or any(names),
        first_row=shape.skip + 1,
        title=" ".join(" ".join(row) for row in rows[:first] if row)[:4000],
        notes=_notes(source, dialect, width, head),
    )
    if surely_people(table):
        yield from _decided(source, shape, table, search, reading.limits.held_bytes)
        return
    held = _held(source, shape, search, reading.limits.held_bytes)
    yield from search.oddities(source.part_id)
    if held.whole:
        yield replace(table, batches=held.batches, rounded=held.rounded, held=True)
    else:
        yield replace(table, batches=partial(_batches, source, shape))


def _decided(source: Source, shape: _Shape, table: Table, search: FormulaSearch, most: int) -> Iterator[Item]:
    """A table whose first rows are people beyond doubt, which no later row can make milder: its rows are parsed only for whoever asks for them."""
    with _open(source, shape) as stream:
        while chunk := stream.read(BLOCK_BYTES):
            search.take(chunk)
        search.take(b"")
    yield from search.oddities(source.part_id)
    yield replace(table, batches=HeldOnce(partial(_batches, source, shape), most).batches)


def _held(source: Source, shape: _Shape, search: FormulaSearch, most: int) -> Held:
    """All rows, as far as they fit, from the one reading in which formulas are looked for too."""
    held = Held(most)
    with _open(source, shape) as stream:
        tap = _Tap(stream, search)
        try:
            for batch in _batches(source, shape, tap):
                held.take(batch)
        except Malformed:  # said by whoever needs the rows
            held.drop()
        while tap.read(BLOCK_BYTES):
            pass
        search.take(b"")
    return held


def _read_head(source: Source, limits: Limits) -> _Head:
    """Whole lines from the start of the file: `table_bytes`, up to four times as much for the sample, and more where even fifty lines need it."""
    wanted = limits.table_bytes
    with source.opener() as stream:
        data = _read(stream, wanted)
        while len(data) >= wanted and wanted < limits.text_bytes:
            ends = max(data.count(b"\n"), data.count(b"\r"))
            if ends > limits.sample_rows or (ends >= _FEW_LINES and wanted >= 4 * limits.table_bytes):
                break
            wanted *= 2
            data += _read(stream, wanted - len(data))
        whole = len(data) < wanted
    encoding, mark = sniff(data if whole else data[: max(data.rfind(b"\n"), data.rfind(b"\r"), 1 << 16)])
    decoded = decode_as(data, encoding, mark)
    lines = split_lines(decoded.text)
    if not whole and len(lines) > 1:
        lines.pop()
        del lines[limits.sample_rows + _PREAMBLE :]
    return _Head(decoded=decoded, lines=lines, mark=mark, whole=whole)


def _read(stream: BinaryIO, size: int) -> bytes:
    chunks = []
    while size and (chunk := stream.read(size)):
        chunks.append(chunk)
        size -= len(chunk)
    return b"".join(chunks)


def _rows(lines: Sequence[str]) -> tuple[Dialect, list[Row], int]:
    """The dialect of the body, and all lines cut by it."""
    declared = declared_delimiter(lines)
    body = [line for line in lines if not COMMENT.match(line)]
    dialect = choose(body if len(body) > 1 else lines) if not declared else Dialect(declared)
    rows, broken = cut(lines, dialect)
    if broken:
        dialect = Dialect(dialect.delimiter, "")
        rows, _ = cut(lines, dialect)
    return dialect, rows, broken


def _main_width(rows: Sequence[Row]) -> int:
    widths = Counter(len(row) for row in rows if row)
    return max(1, max(widths, key=lambda width: widths[width] * min(width, 8))) if widths else 1


def _first_row(rows: Sequence[Row], width: int) -> int:
    """Place of the first row of the table: the first of main width followed by another one."""
    for place in range(len(rows) - 1):
        if len(rows[place]) == width == len(rows[place + 1]):
            return place
    return 0


def _header(rows: Sequence[Row], first: int, width: int) -> tuple[int, tuple[str, ...]]:
    """Place of the first data row, and the column names ("" where there are none).

    A line just above that is one cell short names all columns but the first, as R writes it.
    """
    above = rows[first - 1] if first else ()
    if width > 2 and len(above) == width - 1 and all(above):
        return first, ("", *above)
    sample = [row for row in rows[first : first + 80] if row]
    count = find_header(sample)
    names = join_headers(sample[:count], width) if count else ("",) * width
    return first + count, names


def _lines_before(lines: Sequence[str], dialect: Dialect, rows: int) -> int:
    """Lines that the first rows take; more than one each where quoted cells hold line ends."""
    count = rows
    while count < len(lines) and len(cut(lines[:count], dialect)[0]) < rows:
        count += 1
    return count


def _columns(rows: Sequence[Row], names: Sequence[str], width: int, dialect: Dialect) -> tuple[Column, ...]:
    import pyarrow as pa

    even = [_even(row, width, dialect.delimiter) for row in rows]
    return tuple(
        Column(index=place, name=names[place], values=pa.array(cells, pa.string())) for place, cells in enumerate(zip(*even, strict=True))
    )


def _even(row: Row, width: int, delimiter: str) -> Row:
    """A row of exactly `width` cells; what is too much stays in the last one."""
    if len(row) == width:
        return row
    if len(row) < width:
        return row + ("",) * (width - len(row))
    return (*row[: width - 1], delimiter.join(row[width - 1 :]))


def _as_grid(source: Source, head: _Head, rows: Sequence[Row], limits: Limits) -> Iterator[Item]:
    """The rows held, as a grid; a gap for those that are not."""
    kept: list[Row] = []
    cells = 0
    for row in rows:
        if cells + len(row) > limits.cells:
            break
        cells += len(row)
        kept.append(row)
    yield Grid(part_id=source.part_id, rows=tuple(kept), source=GridSource.DELIMITED)
    if len(kept) < len(rows) or not head.whole:
        seen = sum(map(len, rows))
        yield Unread(
            part_id=source.part_id,
            why=UnreadReason.LIMIT,
            limit_name="cells",
            limit=limits.cells,
            seen=seen,
            detail="rows beyond the cap on cells",
        )


def _notes(source: Source, dialect: Dialect, width: int, head: _Head) -> str:
    """The last lines of the file where they are no rows of the table."""
    if head.decoded.encoding.startswith(("utf-16", "utf-32")) or not source.tail:
        return ""
    lines = split_lines(decode_as(source.tail, head.decoded.encoding, 0).text)[1:]
    rows, _ = cut(lines, dialect)
    notes: list[str] = []
    for row in reversed(rows[-50:]):
        if len(row) == width and width > 1:
            break
        notes.append(" ".join(row))
    return " ".join(reversed(notes)).strip()[:4000] if width > 1 else ""


@dataclass(slots=True)
class _Ragged:
    """Rows of another width: Arrow cannot place them, so they are kept aside as text.

    Attributes:
        full: There were more than can be kept.
    """

    texts: list[str] = field(default_factory=list)
    full: bool = False

    def take(self, row: Any) -> Literal["skip"]:
        """Keep one row; called by Arrow's parser."""
        self.keep(row.text)
        return "skip"

    def keep(self, text: str) -> None:
        """Keep one row."""
        if len(self.texts) < _RAGGED_ROWS:
            self.texts.append(text)
        else:
            self.full = True


class _Tap:
    """Bytes on their way to Arrow.

    Attributes:
        closed: As Arrow asks.
        plain: All bytes that went by are ASCII.
    """

    closed = False

    def __init__(self, stream: BinaryIO, search: FormulaSearch | None = None) -> None:
        self._stream = stream
        self._search = search
        self.plain = True

    def read(self, size: int) -> bytes:
        """The next bytes, b"" at the end."""
        chunk = self._stream.read(size)
        self.plain = self.plain and chunk.isascii()
        if self._search is not None and chunk:
            self._search.take(chunk)
        return chunk


def _batches(source: Source, shape: _Shape, tap: _Tap | None = None) -> Iterator[pa.RecordBatch]:
    """All data rows from the first, as batches of columns, typed where that loses nothing; rows of another width come last, evened out.

    Raises:
        Malformed: the rows cannot be parsed, or too many are of another width.
    """
    if tap is not None:
        yield from _parsed(tap, shape)
        return
    with _open(source, shape) as stream:
        yield from _parsed(_Tap(stream), shape)


def _parsed(tap: _Tap, shape: _Shape) -> Iterator[pa.RecordBatch]:
    parser = Parser(dialect=shape.dialect, width=len(shape.names), padded=shape.padded, quoted_newlines=shape.quoted_newlines)
    ragged = _Ragged()
    yield from _in_one_run(tap, shape, parser, ragged) if shape.quoted_newlines else _by_block(tap, shape, parser, ragged)
    if ragged.full:
        raise Malformed(f"more than {_RAGGED_ROWS} rows of another width")
    if ragged.texts:
        # a quote that is not closed makes one row of many
        rows, _ = cut([line for text in ragged.texts for line in text.splitlines()], shape.dialect)
        even = [_even(row, len(shape.names), shape.dialect.delimiter) for row in rows if row]
        if even:
            import pyarrow as pa

            yield _batch(shape.names, typed([pa.array(cells, pa.string()) for cells in zip(*even, strict=True)]))


def _by_block(tap: _Tap, shape: _Shape, parser: Parser, ragged: _Ragged) -> Iterator[pa.RecordBatch]:
    """Blocks of whole lines, parsed side by side; the first one with rows says what the columns of the others rather are."""
    blocks = ahead(whole_lines(cast("BinaryIO", tap), max(BLOCK_BYTES, 4 * shape.longest)))
    skip = shape.skip
    kinds: list[pa.DataType] = []
    while not kinds and (block := next(blocks, None)) is not None:
        first = parser.as_text(block, skip)
        skip, kinds = 0, kinds_of(first.columns)
        yield from _made(first, shape, ragged)
    for parsed in in_order(lambda block: parser.parse(block, kinds), blocks):
        yield from _made(parsed, shape, ragged)


def _made(parsed: Parsed, shape: _Shape, ragged: _Ragged) -> Iterator[pa.RecordBatch]:
    for text in parsed.ragged:
        ragged.keep(text)
    if parsed.columns:
        yield _batch(shape.names, parsed.columns)


def _in_one_run(tap: _Tap, shape: _Shape, parser: Parser, ragged: _Ragged) -> Iterator[pa.RecordBatch]:
    """Where cells hold line ends, only the parser can tell where a block may end."""
    import pyarrow as pa
    from pyarrow import csv

    fields = parser.fields
    try:
        reader = csv.open_csv(
            cast("Any", tap),
            read_options=csv.ReadOptions(
                block_size=max(BLOCK_BYTES, 4 * shape.longest), column_names=fields, skip_rows=shape.skip, use_threads=True
            ),
            parse_options=parser.options(ragged.take),
            convert_options=csv.ConvertOptions(
                column_types=dict.fromkeys(fields, pa.binary()), strings_can_be_null=False, null_values=[], check_utf8=False
            ),
        )
        for batch in reader:
            refuse_swallowed(batch.columns)
            yield _batch(shape.names, typed(text_of(column, padded=shape.padded, plain=tap.plain) for column in batch.columns))
    except pa.ArrowInvalid as error:
        if "Empty CSV" not in str(error):
            raise Malformed("rows that cannot be parsed") from None


def _batch(names: Sequence[str], columns: Sequence[pa.Array[Any]]) -> pa.RecordBatch:
    import pyarrow as pa

    return pa.RecordBatch.from_arrays(list(columns), names=list(names))


def _open(source: Source, shape: _Shape) -> BinaryIO:
    """The bytes as UTF-8, blanks evened out where blanks delimit."""
    import io

    stream = source.opener()
    if shape.encoding == "utf-8":
        stream.read(shape.mark)
    else:
        stream = cast("BinaryIO", io.BufferedReader(Utf8Stream(stream, shape.encoding, shape.mark), 1 << 20))
    if shape.dialect.delimiter == " ":
        stream = cast("BinaryIO", io.BufferedReader(EvenBlanks(stream), 1 << 20))
    return stream
