"""Sites of a variant list in whole columns: a block of lines that are written alike is taken apart all at once, any other one line by line."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from sdc_airlock.ahead import ahead, in_order
from sdc_airlock.readers import Reading
from sdc_airlock.readers._genomic import SITE_FIELDS, Row, line_blocks, plain_columns
from sdc_airlock.readers._typed import typed
from sdc_airlock.source import Source

if TYPE_CHECKING:
    import pyarrow as pa

_BLOCKS = 4  # of a mebibyte each, to a batch


@dataclass(frozen=True, slots=True, kw_only=True)
class Sites:
    """How the lines of sites become columns.

    Attributes:
        width: Cells of a record.
        spread: Columns of each site field that has some of its own.
        others: All other site fields stand in a column of their own.
        columns: Columns in all.
        written: Makes rows of lines, one by one.
    """

    width: int
    spread: Mapping[str, list[str]]
    others: bool
    columns: int
    written: Callable[[Iterable[bytes]], Iterator[Row]]

    def batches(self, source: Source, reading: Reading) -> Iterator[pa.RecordBatch]:
        """All sites from the first."""
        yield from in_order(self._batch, ahead(_several(line_blocks(source, reading))))

    def _batch(self, lines: list[bytes]) -> pa.RecordBatch:
        import pyarrow as pa

        made = self._at_once(lines)
        if made is None:
            made = plain_columns([*self.written(lines)], [""] * self.columns)
        return pa.RecordBatch.from_arrays(typed(made), names=[str(place) for place in range(self.columns)])

    def _at_once(self, lines: list[bytes]) -> list[Any] | None:
        """The columns, where all lines are sites of the same fields in the same order; None elsewhere."""
        import pyarrow as pa
        from pyarrow import csv

        joined = b"\n".join(lines)
        if joined.startswith(b"#") or b"\n#" in joined:
            joined = b"\n".join(line for line in lines if not line.startswith(b"#"))
        if self.width != len(SITE_FIELDS) or not joined or not joined.isascii():
            return None
        names = [str(place) for place in range(self.width)]
        try:
            sites = csv.read_csv(
                cast("Any", pa.BufferReader(joined)),
                read_options=csv.ReadOptions(column_names=names, block_size=2 * len(joined) + 1),
                parse_options=csv.ParseOptions(delimiter="\t", quote_char=False),
                convert_options=csv.ConvertOptions(
                    column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False, null_values=[]
                ),
            )
            columns: list[Any] = [column.combine_chunks() for column in sites.columns]
            columns[1].cast(pa.int64())
            fields = self._fields(columns[-1])
        except pa.ArrowInvalid:  # lines of other widths, positions that are none
            return None
        made = None if fields is None else [*columns[:-1], *fields]
        return made if made is not None and len(made) == self.columns else None

    def _fields(self, info: Any) -> list[Any] | None:
        """Columns of the site fields; None where lines have other fields than the first, or in another order."""
        import pyarrow as pa
        import pyarrow.compute as pc
        from pyarrow import csv

        first = info[0].as_py().split(";")
        names = [str(place) for place in range(len(first))]
        joined: Any = pc.binary_join(pa.ListArray.from_arrays(pa.array([0, len(info)], pa.int32()), info), "\n")
        lines = joined[0].as_buffer()
        entries = csv.read_csv(
            cast("Any", pa.BufferReader(lines)),
            read_options=csv.ReadOptions(column_names=names, block_size=2 * lines.size + 1),
            parse_options=csv.ParseOptions(delimiter=";", quote_char=False, ignore_empty_lines=False),
            convert_options=csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False, null_values=[]),
        )
        found: dict[str, list[Any]] = {}
        rest: list[Any] = []
        for entry, column in zip(first, entries.columns, strict=True):
            key, mark, _ = entry.partition("=")
            if not pc.all(pc.starts_with(column, key + mark) if mark else pc.equal(column, key)).as_py():
                return None
            cells = column.combine_chunks()
            if mark and key in self.spread and key not in found:
                found[key] = _spread_out(pc.utf8_slice_codeunits(cells, len(key) + 1), len(self.spread[key]))
            else:
                rest.append(cells)
        empty = pa.array([""] * len(info), pa.string())
        out = [column for key, labels in self.spread.items() for column in found.get(key, [empty] * len(labels))]
        if self.others:
            out.append(pc.binary_join_element_wise(*rest, ";") if rest else empty)
        return out


def _several(blocks: Iterable[list[bytes]]) -> Iterator[list[bytes]]:
    """A few blocks of lines together."""
    lines: list[bytes] = []
    for number, block in enumerate(blocks, 1):
        lines += block
        if number % _BLOCKS == 0:
            yield lines
            lines = []
    yield lines


def _spread_out(cells: Any, count: int) -> list[Any]:
    """Values parted by commas as so many columns, what is too much in the last."""
    import pyarrow.compute as pc

    if count == 1:
        return [cells]
    values = pc.split_pattern(cells, ",", max_splits=count - 1)
    fixed = pc.list_slice(values, 0, count, return_fixed_size_list=True)
    return [pc.fill_null(pc.list_element(fixed, place), "") for place in range(count)]


__all__ = ["Sites"]
