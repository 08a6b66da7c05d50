"""Delimited text a block of whole lines at a time: each is parsed by itself, into numbers at once where the first block held such."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO, Literal, cast

from sdc_airlock.errors import Malformed
from sdc_airlock.readers._decode import decode_as
from sdc_airlock.readers._dialect import QUOTED_LINES, Dialect
from sdc_airlock.readers._typed import NOTHING, typed

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pyarrow as pa

BLOCK_BYTES = 4 << 20
NO_DELIMITER = "\x1f"
_SHORT = 1000  # whole numbers among decimals are ids from here on
_FEW_LEVELS, _BYTE = 200, 127
_ZERO, _POINT, _PLUS, _MINUS = b"0.+-"
_ENDS = (10, 13)
_SLICE, _OVERLAP = 1 << 15, 4  # what the nearest memory holds


def whole_lines(stream: BinaryIO, size: int) -> Iterator[bytes]:
    """The text in blocks of about that many bytes, each of whole lines.

    Raises:
        Malformed: a line is longer than a block.
    """
    rest = b""
    while chunk := _filled(stream, size):
        end = chunk.rfind(b"\n") + 1 or chunk.rfind(b"\r") + 1
        if end:
            yield b"".join((rest, memoryview(chunk)[:end]))
            rest = chunk[end:]
        else:
            rest += chunk
        if len(rest) > 2 * size:
            raise Malformed("a line longer than a block")
    if rest:
        yield rest


def _filled(stream: BinaryIO, size: int) -> bytes:
    chunks = []
    while size and (chunk := stream.read(size)):
        chunks.append(chunk)
        size -= len(chunk)
    return chunks[0] if len(chunks) == 1 else b"".join(chunks)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """A block after parsing.

    Attributes:
        columns: One array a column, none where the block holds no row of the main width.
        ragged: Rows of another width, as text.
    """

    columns: list[Any]
    ragged: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Parser:
    """How blocks are parsed.

    Attributes:
        width: Columns.
        padded: Cells have blanks around them.
        quoted_newlines: Quoted cells hold line ends.
    """

    dialect: Dialect
    width: int
    padded: bool
    quoted_newlines: bool = False

    @property
    def fields(self) -> list[str]:
        """Names for the columns while they are parsed."""
        return [f"c{place}" for place in range(self.width)]

    def options(self, ragged: Callable[[Any], Literal["skip"]]) -> Any:
        """Options of Arrow's parser."""
        from pyarrow import csv

        return csv.ParseOptions(
            delimiter=self.dialect.delimiter or NO_DELIMITER,
            quote_char=self.dialect.quote or False,
            double_quote=not self.dialect.escape,
            escape_char=self.dialect.escape or False,
            newlines_in_values=self.quoted_newlines,
            invalid_row_handler=ragged,
        )

    def as_text(self, block: bytes, skip: int = 0) -> Parsed:
        """A block as text, then as numbers and codes where nothing is lost by it.

        Raises:
            Malformed: it cannot be parsed.
        """
        import pyarrow as pa

        ragged: list[str] = []
        try:
            columns = self._parse(block, [pa.binary()] * self.width, ragged, skip)
        except pa.ArrowInvalid:
            raise Malformed("rows that cannot be parsed") from None
        refuse_swallowed(columns)
        plain = block.isascii()
        return Parsed(columns=typed(text_of(column, padded=self.padded, plain=plain) for column in columns), ragged=ragged)

    def parse(self, block: bytes, kinds: Sequence[pa.DataType]) -> Parsed:
        """A block whose columns are rather of these types: the same as text would give, without the way over text where that is sure.

        Raises:
            Malformed: it cannot be parsed.
        """
        import pyarrow as pa

        if not self.padded and self._blank_edges(block):
            return self.as_text(block)
        ragged: list[str] = []
        plain = block.isascii()
        try:
            columns = self._parse(block, kinds, ragged, 0, check=not plain)
        except pa.ArrowInvalid:  # words among numbers, bytes that are no UTF-8
            return self.as_text(block)
        refuse_swallowed(columns)
        settled = [self._settled(column, block) for column in columns]
        return self.as_text(block) if any(column is None for column in settled) else Parsed(columns=settled, ragged=ragged)

    def _settled(self, column: Any, block: bytes) -> Any:
        """A parsed column as it would be made of text; None where only the text can tell."""
        import pyarrow as pa
        import pyarrow.compute as pc

        kind = column.type
        if pa.types.is_floating(kind):
            return column if _surely_decimals(column, lambda: not self._odd_noughts(block)) else None
        if pa.types.is_dictionary(kind):
            return None if self.padded else _coded(column)
        return typed([pc.utf8_trim_whitespace(column) if self.padded else column])[0]

    def _blank_edges(self, block: bytes) -> bool:
        """True where some cell has a blank at one of its edges."""
        mark = self.dialect.delimiter.encode()
        ends = (b"\n", b"\r", *([mark] if mark else []))
        return any(
            blank in (block[:1], block[-1:]) or any(blank + end in block or end + blank in block for end in ends)
            for blank in (b" ", b"\t")
            if blank != mark and blank in block
        )

    def _odd_noughts(self, block: bytes) -> bool:
        """True where a cell begins like "007" or "-07"."""
        import numpy as np

        data = np.frombuffer(block, np.uint8)
        marks = (*_ENDS, *(self.dialect.delimiter or NO_DELIMITER).encode()[:1], *self.dialect.quote.encode()[:1])
        return any(_odd_noughts(data[at : at + _SLICE + _OVERLAP], marks) for at in range(0, len(data), _SLICE))

    def _parse(self, block: bytes, kinds: Sequence[pa.DataType], ragged: list[str], skip: int, *, check: bool = False) -> list[Any]:
        import pyarrow as pa
        from pyarrow import csv

        def aside(row: Any) -> Literal["skip"]:
            ragged.append(row.text)
            return "skip"

        try:
            table = csv.read_csv(
                cast("Any", pa.BufferReader(block)),
                read_options=csv.ReadOptions(block_size=len(block) + 1, column_names=self.fields, skip_rows=skip, use_threads=False),
                parse_options=self.options(aside),
                convert_options=csv.ConvertOptions(
                    column_types=dict(zip(self.fields, kinds, strict=True)),
                    strings_can_be_null=False,
                    null_values=list(NOTHING),
                    check_utf8=check,
                ),
            )
        except pa.ArrowInvalid as error:
            if "Empty CSV" in str(error):
                return []
            raise
        return [column.combine_chunks() for column in table.columns] if table.num_rows else []


def kinds_of(columns: Sequence[pa.Array[Any]]) -> list[pa.DataType]:
    """The types that later blocks of the same columns are first tried as."""
    return [_kind_of(column.type) for column in columns]


def _kind_of(kind: Any) -> Any:
    """Whole numbers are parsed as text, of which alone it can be told whether they are written in digits alone."""
    import pyarrow as pa

    if pa.types.is_floating(kind):
        return pa.float64()
    return pa.dictionary(pa.int32(), pa.string()) if pa.types.is_dictionary(kind) else pa.string()


def _coded(column: Any) -> Any:
    """Codes as text of few levels would be; None where the levels are numbers."""
    import pyarrow as pa

    levels = len(column.dictionary)
    if levels > _FEW_LEVELS:
        return typed([column.dictionary_decode()])[0]
    again = typed([column.dictionary])[0]
    if not (pa.types.is_string(again.type) or pa.types.is_dictionary(again.type)):
        return None
    return pa.DictionaryArray.from_arrays(column.indices.cast("int8" if levels <= _BYTE else "int16"), column.dictionary)


def _surely_decimals(column: Any, plainly_written: Callable[[], bool]) -> bool:
    """True for floats that are not all whole, and whose whole ones are short and have no noughts before them."""
    import numpy as np

    numbers = np.asarray(column.fill_null(0.5).to_numpy(zero_copy_only=False))
    even = np.floor(numbers) == numbers
    some = int(np.count_nonzero(even))
    if some + column.null_count >= len(column):
        return False
    largest = np.abs(numbers[even]).max() if some else 0
    return bool(largest <= 1 or (largest < _SHORT and plainly_written()))


def _odd_noughts(data: npt.NDArray[np.uint8], marks: Sequence[int]) -> bool:
    """True where a cell begins with a nought that neither a point nor the end of the cell follows, perhaps after a sign; the first cell is left out."""
    import numpy as np

    edge = data == marks[0]
    for mark in marks[1:]:
        edge |= data == mark
    nought = (data[1:-1] == _ZERO) & (data[2:] != _POINT) & ~edge[2:]
    if bool((nought & edge[:-2]).any()):
        return True
    signs = np.flatnonzero(nought & ((data[:-2] == _MINUS) | (data[:-2] == _PLUS)))
    return bool(edge[signs[signs > 0] - 1].any())


def refuse_swallowed(columns: Sequence[Any]) -> None:
    """Refuse a cell of more lines than a cell has: a quote opened somewhere and closed far below, or never.

    Raises:
        Malformed: there is one.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    for column in columns:
        if not (pa.types.is_string(column.type) or pa.types.is_binary(column.type)):
            continue
        longest = pc.max(pc.binary_length(column)).as_py() or 0
        if longest > QUOTED_LINES and pc.max(pc.count_substring(column, "\n")).as_py() > QUOTED_LINES:
            raise Malformed("a quote that is opened and closed hundreds of lines below, or not at all")


def text_of(values: Any, *, padded: bool, plain: bool) -> pa.StringArray:
    """Bytes as text; what is no UTF-8 is read as Latin-1, cell by cell. Of `plain` bytes it is known that they are ASCII."""
    import pyarrow as pa
    import pyarrow.compute as pc

    try:
        text = values.view(pa.string()) if plain else values.cast(pa.string())
        return cast("pa.StringArray", pc.utf8_trim_whitespace(text) if padded else text)
    except pa.ArrowInvalid:
        return pa.array([decode_as(cell, "utf-8", 0).text.strip() for cell in values.to_pylist()], pa.string())


__all__ = ["BLOCK_BYTES", "Parsed", "Parser", "kinds_of", "refuse_swallowed", "text_of", "whole_lines"]
