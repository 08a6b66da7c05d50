"""Every place of an output where an identifier can stand: runs of text, columns of cells, names of files and members."""

from __future__ import annotations

import bisect
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeVar

from sdc_airlock.ahead import in_order
from sdc_airlock.checks import Subject
from sdc_airlock.model.content import Column, Grid, Table, TextPart, TextRole
from sdc_airlock.model.finding import Location
from sdc_airlock.model.recognised import ColumnView, Kind, Recognised, Role

if TYPE_CHECKING:
    import pyarrow as pa

_Looked = TypeVar("_Looked")

PLACES = 50
_FIRST_ROWS = 100_000
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


# tables whose long whole numbers are mostly positions
BY_SITE = frozenset({Kind.VARIANT_SITES, Kind.GWAS_SUMMARY_STATISTICS, Kind.SCORE_WEIGHTS, Kind.GENE_RESULTS})
