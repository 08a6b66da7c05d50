"""Lines of a text that are a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sdc_airlock.model.content import GridSource
from sdc_airlock.readers._columns import Row


@dataclass(frozen=True, slots=True)
class Block:
    """Lines from `start` up to `end` (not included) that are a table, and its cells; `scattered` names its lines where others lie between."""

    start: int
    end: int
    rows: tuple[Row, ...]
    source: GridSource
    header_rows: int | None = None
    scattered: tuple[int, ...] = ()

    @property
    def places(self) -> Sequence[int]:
        """The lines that it takes."""
        return self.scattered or range(self.start, self.end)
