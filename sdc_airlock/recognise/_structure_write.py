"""Equations gathered as they are found, each once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from sdc_airlock.model.published import Equations, Relation
from sdc_airlock.recognise._structure_sums import Sum


@dataclass(slots=True)
class Writer:
    """Equations in the making, and cells that are nowhere printed.

    Attributes:
        cells: Cells so far; spare cells come after those of the table.
        spare_low, spare_high, spare_columns: Bounds and columns of the spare cells.
    """

    cells: int
    sums: list[tuple[list[int], list[float], float, float, Relation]] = field(default_factory=list)
    spare_low: list[float] = field(default_factory=list)
    spare_high: list[float] = field(default_factory=list)
    spare_columns: list[int] = field(default_factory=list)
    _seen: set[tuple[int, frozenset[int]]] = field(default_factory=set)

    def spare(self, low: float, high: float, column: int) -> int:
        """A cell that is nowhere printed."""
        self.spare_low.append(low)
        self.spare_high.append(high)
        self.spare_columns.append(column)
        self.cells += 1
        return self.cells - 1

    def write(self, sums: Sequence[Sum], places: npt.NDArray[np.int64]) -> None:
        """Write the sums of a line out for each of its lanes.

        Args:
            sums: What was found.
            places: Flat index of the cell of a label (axis 0) and lane (axis 1); -1 where there is none.
        """
        for each in sums:
            totals = places[each.total]
            members = places[list(each.members)]
            for lane in np.flatnonzero(each.lanes & (totals >= 0)).tolist():
                cells = members[:, lane]
                cells = cells[cells >= 0].tolist()
                if cells:
                    self.total(int(totals[lane]), cells, each.relation)

    def total(self, total: int, cells: list[int], relation: Relation) -> None:
        """One cell is the sum of others."""
        key = total, frozenset(cells)
        if total in key[1] or key in self._seen:
            return
        self._seen.add(key)
        self.sums.append(([total, *cells], [-1.0, *[1.0] * len(cells)], 0.0, 0.0, relation))

    def equation(self, cells: list[int], coefficients: list[float], low: float, high: float, relation: Relation) -> None:
        """Any other equation."""
        self.sums.append((cells, coefficients, low, high, relation))

    def equations(self) -> Equations:
        """All of them."""
        lengths = [len(cells) for cells, *_ in self.sums]
        return Equations(
            starts=np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64),
            cells=np.array([cell for cells, *_ in self.sums for cell in cells], np.int64),
            coefficients=np.array([number for _, numbers, *_ in self.sums for number in numbers], np.float64),
            low=np.array([low for _, _, low, _, _ in self.sums], np.float64),
            high=np.array([high for _, _, _, high, _ in self.sums], np.float64),
            relation=np.array([int(relation) for *_, relation in self.sums], np.int8),
        )


__all__ = ["Writer"]
