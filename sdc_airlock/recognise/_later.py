"""Rows further down a long table, judged a stretch at a time, so that people there do not hide behind what stands above them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from sdc_airlock.ahead import in_order
from sdc_airlock.model.content import Table
from sdc_airlock.recognise._compact import Compact
from sdc_airlock.recognise._stretches import Familiar, Signatures, Usual, different_rows, in_words, odd_rows, signatures
from sdc_airlock.recognise.first_rows import SURE

_STRETCH_ROWS = 1000
# of a table held in memory all stretches are judged up to so many; of a streamed one the first few, then one of each time that its rows have grown by so much, and
# all that look like none of those
_STRETCHES, _FIRST_ONES, _GROWTH = 60, 3, 1.5
FEWEST = 20
_OTHER_KIND = 0.3


class Judge(Protocol):
    """Tells how likely some rows, taken by themselves, are single people; `headless` where they stand under a header that is not theirs."""

    def __call__(self, rows: pa.RecordBatch, *, headless: bool) -> float: ...


def judged_later(table: Table, judge: Judge, compact: Compact) -> tuple[float, int | None]:
    """Highest probability, over stretches of a long table, that its rows are single people, and the number of rows where they were counted.

    Args:
        table: The table.
        judge: Tells how likely some rows, taken by themselves, are single people.
        compact: Takes in the rows, for checks that look at all of them.
    """
    later = _Later(table, judge)
    batches = later.begun(_batches(table))
    for looked_at in in_order(later.look, batches) if table.batches is not None else map(later.look, batches):
        if table.batches is not None and not table.held:
            compact.take(looked_at.rows)
        later.take(looked_at)
        if later.highest >= SURE:
            return later.highest, table.n_rows
    return later.highest, later.rows if table.n_rows is None and table.batches is not None else table.n_rows


@dataclass(frozen=True, slots=True)
class _Look:
    """Some rows of a long table.

    Attributes:
        odd: Places of odd rows, by what is odd about them.
        stretches: How each stretch of them looks.
        usual: What the table is like as it begins.
    """

    rows: pa.RecordBatch
    odd: list[npt.NDArray[np.int64]]
    stretches: Signatures
    usual: Usual


class _Later:
    """The rows of a long table, judged a stretch at a time.

    Attributes:
        highest: Highest probability so far that rows are single people.
        rows: Rows so far.
    """

    def __init__(self, table: Table, judge: Judge) -> None:
        self._judge_rows = judge
        self._usual: Usual | None = None
        self._familiar, self._odd_ones = Familiar(), Familiar()
        self._few: pa.RecordBatch | None = None
        self._seen = 0
        self._next = _FIRST_ONES if table.batches is not None else _STRETCHES
        self.highest = 0.0
        self.rows = 0

    def begun(self, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """The same rows, after a look at the first of them: by these it is told what is odd."""
        for batch in batches:
            self._usual = self._usual or Usual.of(batch.slice(0, _STRETCH_ROWS))
            yield batch

    @np.errstate(all="ignore")
    def look(self, batch: pa.RecordBatch) -> _Look:
        """What tells whether some rows have to be judged; may be worked out ahead, beside the judging of earlier rows."""
        usual = self._usual or Usual.of(batch.slice(0, _STRETCH_ROWS))
        return _Look(batch, odd_rows(batch, usual), signatures(batch, _STRETCH_ROWS), usual)

    def take(self, found: _Look) -> None:
        """Judge what has to be judged of some rows."""
        batch, looks = found.rows, found.stretches
        self.rows += batch.num_rows
        self._odd_rows(batch, found.odd)
        wanted = self._familiar.strange(looks)
        for place, look in enumerate(looks):
            self._seen += 1
            if self._seen <= self._next or self._seen > self._next * _GROWTH:
                self._next = max(self._next, self._seen)
            elif not (wanted[place] and self._familiar.strange(look[None])[0]):
                continue
            self._familiar.add(look)
            rows = batch.slice(place * _STRETCH_ROWS, _STRETCH_ROWS)
            self._judge(rows, headless=found.usual.another_kind(rows, _OTHER_KIND))
            if self.highest >= SURE:
                return

    def _judge(self, rows: pa.RecordBatch, *, headless: bool) -> None:
        if rows.num_rows < FEWEST:  # too few say nothing
            return
        self.highest = max(self.highest, self._judge_rows(rows, headless=False))
        if headless:  # the header belongs to other rows
            self.highest = max(self.highest, self._judge_rows(rows, headless=True))

    def _odd_rows(self, batch: pa.RecordBatch, ways: list[npt.NDArray[np.int64]]) -> None:
        """Judge together the rows whose cells are of another kind than those of the table are, however few they are and however far apart."""
        if len(ways) == 1 and len(ways[0]) == batch.num_rows:
            return
        for odd in ways:
            for start in range(0, len(odd), _STRETCH_ROWS):
                self._judge_odd(in_words(batch.take(odd[start : start + _STRETCH_ROWS])))

    def _judge_odd(self, found: pa.RecordBatch) -> None:
        together = found
        if self._few is not None and found.num_rows < FEWEST and self._few.schema == found.schema:
            together = pa.Table.from_batches([self._few, found]).combine_chunks().to_batches()[0]
        rows = different_rows(together)  # a header that comes again and again says one thing
        if rows.num_rows < FEWEST:
            self._few = rows
            return
        if found.num_rows < FEWEST:
            self._few = None
        look = signatures(rows, _STRETCH_ROWS)[0]
        if self._odd_ones.strange(look[None])[0]:
            self._odd_ones.add(look)
            self._judge(rows, headless=True)


def _batches(table: Table) -> Iterator[pa.RecordBatch]:
    """All rows of a long table; nothing of a short one."""
    if table.batches is not None:
        yield from table.batches()
    elif table.sample_rows > _STRETCH_ROWS:
        yield pa.RecordBatch.from_arrays(
            [_plain(column.values) for column in table.columns], names=[str(column.index) for column in table.columns]
        )


def _plain(values: pa.Array[Any] | pa.ChunkedArray[Any]) -> pa.Array[Any]:
    return values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values


__all__ = ["FEWEST", "judged_later"]
