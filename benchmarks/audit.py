"""Audit of hidden cells: the attacker's interval of every one, against `scipy.optimize.linprog` called twice for each cell (sampled, and scaled up).

usage: python benchmarks/audit.py [--sample 8]

    margins    a table of 200 by 50 with both margins, 5 % of its cells hidden
    hierarchy  20,000 cells: regions, districts and wards by 18 groups with totals, 5 % of the inner cells hidden
    linked     ten tables of 60 by 20 that share their row totals, 5 % hidden in each
"""

from __future__ import annotations

import argparse
import itertools
import time

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.optimize import linprog

from sdc_airlock.stats.intervals import System, attacker_intervals

Places = npt.NDArray[np.int64]


class Cells:
    """Numbers and equations in the making."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.values: list[float] = []
        self.rows: list[list[int]] = []

    def block(self, table: npt.NDArray[np.int64]) -> Places:
        """Take the cells of a table in; gives their places."""
        places = np.arange(len(self.values), len(self.values) + table.size).reshape(table.shape)
        self.values.extend(table.ravel().astype(float).tolist())
        return places

    def add_up(self, places: Places, axis: int) -> None:
        """The last along an axis is the sum of the others."""
        self.rows.extend(np.moveaxis(places, axis, -1).reshape(-1, places.shape[axis]).tolist())

    def system(self, hidden: npt.NDArray[np.bool_]) -> System:
        """The equations, with some cells hidden."""
        count = len(self.rows)
        lengths = [len(row) for row in self.rows]
        cells = np.array(list(itertools.chain.from_iterable(self.rows)))
        factors = np.ones(len(cells))
        factors[np.cumsum(lengths) - 1] = -1.0
        values = np.array(self.values)
        return System(
            matrix=sparse.csr_array((factors, cells, np.concatenate([[0], np.cumsum(lengths)])), shape=(count, len(values))),
            row_low=np.zeros(count),
            row_high=np.zeros(count),
            low=np.where(hidden, 0.0, values),
            high=np.where(hidden, np.inf, values),
            integral=np.ones(len(values), np.bool_),
        )


def closed(inner: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """A table with both margins."""
    rows = np.concatenate([inner, inner.sum(axis=1, keepdims=True)], axis=1)
    return np.concatenate([rows, rows.sum(axis=0, keepdims=True)], axis=0)


def hide(cells: Cells, inner: list[Places], rng: np.random.Generator) -> tuple[System, Places]:
    """Hide 5 % of the inner cells."""
    hidden = np.zeros(len(cells.values), np.bool_)
    for places in inner:
        hidden[places[rng.random(places.shape) < 0.05]] = True
    return cells.system(hidden), np.flatnonzero(hidden)


def margins(rng: np.random.Generator) -> tuple[System, Places]:
    """One large table."""
    cells = Cells()
    places = cells.block(closed(rng.poisson(20, (200, 50))))
    cells.add_up(places, 0)
    cells.add_up(places, 1)
    return hide(cells, [places[:-1, :-1]], rng)


def hierarchy(rng: np.random.Generator) -> tuple[System, Places]:
    """Regions of districts of wards, by 18 groups with a total."""
    cells = Cells()
    wards = rng.poisson(15, (10, 10, 9, 18))
    table = np.concatenate([wards, wards.sum(axis=3, keepdims=True)], axis=3)
    table = np.concatenate([table, table.sum(axis=2, keepdims=True)], axis=2)
    places = cells.block(table)
    regions = cells.block(table[:, :, -1].sum(axis=1))
    country = cells.block(table[:, :, -1].sum(axis=(0, 1)))
    cells.add_up(places, 3)
    cells.add_up(places, 2)
    for region in range(10):
        cells.add_up(np.vstack([places[region, :, -1], regions[region]]), 0)
    cells.add_up(regions, 1)
    cells.add_up(country[None], 1)
    cells.add_up(np.vstack([regions, country]), 0)
    return hide(cells, [places[:, :, :-1, :-1]], rng)


def linked(rng: np.random.Generator) -> tuple[System, Places]:
    """Ten tables that share their row totals, of which some are hidden."""
    cells = Cells()
    totals = rng.poisson(400, 60)
    shared: Places | None = None
    inner = []
    for _ in range(10):
        table = np.stack([rng.multinomial(total, np.full(20, 1 / 20)) for total in totals])
        places = cells.block(closed(table))
        cells.add_up(places, 0)
        cells.add_up(places, 1)
        if shared is not None:
            cells.rows.extend([[int(one), int(other)] for one, other in zip(places[:, -1], shared, strict=True)])
        shared = places[:, -1]
        inner.append(places[:-1, :-1])
    return hide(cells, inner, rng)


def by_linprog(system: System, cell: int) -> tuple[float, float]:
    """Both ends of one interval, each by a linear program of its own."""
    ends = []
    for sign in (1.0, -1.0):
        cost = np.zeros(system.shape[1])
        cost[cell] = sign
        found = linprog(cost, A_eq=system.matrix, b_eq=system.row_low, bounds=np.column_stack([system.low, system.high]), method="highs")
        ends.append(sign * float(found.fun) if found.status == 0 else sign * -np.inf)
    return ends[0], ends[1]


def report(sample: int = 8) -> None:
    """Print a line for each kind of table."""
    for name, build in (("margins", margins), ("hierarchy", hierarchy), ("linked", linked)):
        rng = np.random.default_rng(7)
        system, asked = build(rng)
        attacker_intervals(system, asked[:1])  # libraries loaded
        began = time.perf_counter()
        found = attacker_intervals(system, asked)
        ours = time.perf_counter() - began
        chosen = rng.choice(len(asked), sample, replace=False)
        began = time.perf_counter()
        theirs = [by_linprog(system, int(asked[place])) for place in chosen]
        each = (time.perf_counter() - began) / sample
        same = all(
            np.isclose(found.low[place], low, atol=1e-5) and np.isclose(found.high[place], high, atol=1e-5)
            for place, (low, high) in zip(chosen, theirs, strict=True)
        )
        print(
            f"audit    {name}: {system.shape[1]:,} cells, {len(asked):,} hidden, {found.runs:,} runs in {ours:.2f} s; linprog a cell {each * len(asked):.0f} s; "
            f"ratio {each * len(asked) / ours:.0f} (to be at least 50); {'same bounds' if same else 'OTHER BOUNDS'}, {'all' if found.solved.all() else 'NOT all'} solved"
        )


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sample", type=int, default=8)
    report(parser.parse_args().sample)


if __name__ == "__main__":
    main()
