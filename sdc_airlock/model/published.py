"""Published cells as one system of equations: what a reader knows of each cell, and how cells add up.

Columns of arrays, one entry a cell or an equation, so that tables of many thousand cells cost little. Nothing here is judged.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt


class Marker(IntEnum):
    """What stands where a cell is.

    `BOUND` says its own range ("<5", "1-4"); `LEGEND` is a bare sign whose range the notes state; `BARE` is a bare sign ("*", "[c]"), which may
    hide a small number or any other one (secondary suppression); `BLANK` is an empty cell among numbers.
    """

    NUMBER = 0
    BOUND = 1
    LEGEND = 2
    BARE = 3
    BLANK = 4


class Relation(IntEnum):
    """Why an equation is believed."""

    TOTAL = 0
    SUBTOTAL = 1
    SUM = 2
    SHARE = 3
    REPEATED = 4

    @property
    def words(self) -> str:
        """The relation in words, for messages."""
        return _WORDS[self]


_WORDS = {
    Relation.TOTAL: "a total",
    Relation.SUBTOTAL: "a sub-total",
    Relation.SUM: "a sum that the numbers show",
    Relation.SHARE: "a percentage",
    Relation.REPEATED: "the same number printed elsewhere",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Dimension:
    """One way in which the cells are divided (a column of labels, or the header).

    Attributes:
        name: Header of the labels as the file has it; never to be shown.
        words: Its different labels; `codes` gives, by cell, the place of its label in `words`, -1 where it has none.
        totals: For each word whether it names a total.
    """

    name: str
    words: tuple[str, ...]
    codes: npt.NDArray[np.int64]
    totals: npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Equations:
    """Sparse rows: `low[i] <= sum of coefficients * cells <= high[i]`.

    Attributes:
        starts: Where each equation begins in `cells` and `coefficients`; one more than there are equations.
        cells: Flat index of the cells of each equation, its total first.
        relation: `Relation` of each equation.
    """

    starts: npt.NDArray[np.int64]
    cells: npt.NDArray[np.int64]
    coefficients: npt.NDArray[np.float64]
    low: npt.NDArray[np.float64]
    high: npt.NDArray[np.float64]
    relation: npt.NDArray[np.int8]

    def __len__(self) -> int:
        """Number of equations."""
        return len(self.low)

    def members(self, equation: int) -> npt.NDArray[np.int64]:
        """Cells of one equation."""
        return self.cells[self.starts[equation] : self.starts[equation + 1]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """All published cells of one or more tables, and the equations between them.

    Attributes:
        parts: Addresses of the tables; `part` gives, by cell, the place of its table among them.
        row, column: Place of each cell in the data body of its table, counted from 0; -1 for a number that is nowhere printed but
            follows from others (the denominator of a column of percentages).
        printed: The number as printed, NaN where none is.
        low, high: What the cell alone tells a reader: both the printed number for an exact one, the range of its marker for a hidden one.
        marker: `Marker` of each cell.
        integral: True where only whole numbers are possible (counts).
        people: True where people are counted, False for amounts and counts of things.
        measure: By cell the place in `measures` of what it measures; cells of different measures never add up.
        base: Multiple to which the counts of a table were rounded, by table; 0 where they were not.
        equations: How they add up.
        notes: What was taken for granted, in words, never with a value of the file.
    """

    parts: tuple[str, ...]
    part: npt.NDArray[np.int64]
    row: npt.NDArray[np.int64]
    column: npt.NDArray[np.int64]
    printed: npt.NDArray[np.float64]
    low: npt.NDArray[np.float64]
    high: npt.NDArray[np.float64]
    marker: npt.NDArray[np.int8]
    integral: npt.NDArray[np.bool_]
    people: npt.NDArray[np.bool_]
    measure: npt.NDArray[np.int64]
    measures: tuple[str, ...]
    dimensions: tuple[Dimension, ...]
    equations: Equations
    base: tuple[int, ...] = ()
    notes: tuple[str, ...] = ()

    def __len__(self) -> int:
        """Number of cells."""
        return len(self.low)

    @property
    def hidden(self) -> npt.NDArray[np.bool_]:
        """True for the cells whose number is not printed."""
        hidden: npt.NDArray[np.bool_] = self.marker != Marker.NUMBER
        return hidden
