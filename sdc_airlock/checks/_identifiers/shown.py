"""What the cells of a column show of ids, taken in a batch at a time."""

from __future__ import annotations

import functools
from dataclasses import dataclass, field
from string import digits
from typing import TYPE_CHECKING, Any

import numpy as np

from sdc_airlock.checks._identifiers.arrays import (
    as_strings,
    as_whole,
    different,
    few_digits,
    filled,
    holding_digits,
    leaves,
    levels_of,
    matching,
    short_whole,
    words_of,
)
from sdc_airlock.checks._identifiers.letters import may_match
from sdc_airlock.checks._identifiers.samples import Pattern, smallest
from sdc_airlock.stats.columns import long_whole, plain_numbers

if TYPE_CHECKING:
    import numpy.typing as npt


KEPT = 20_000
_ROWS = 50


@dataclass
class Shown:
    """What the cells of a column have shown.

    Attributes:
        by_header: The header says that it holds ids of people.
        filled: Filled cells; digits: those of them with a digit in them, which are counted in columns of numbers and `by_header`.
        met: Cells that follow each pattern as a whole, or hold it where it counts alone; different: the different ones, up to a cap.
        rows: The first rows of each pattern.
        all: Different filled cells, up to a cap; `full` where it has been reached.
    """

    by_header: bool = False
    filled: int = 0
    digits: int = 0
    met: dict[str, int] = field(default_factory=dict)
    different: dict[str, set[str]] = field(default_factory=dict)
    rows: dict[str, list[int]] = field(default_factory=dict)
    all: set[str] = field(default_factory=set)
    full: bool = False

    def add(self, later: Shown) -> None:
        """Take in what the rows below have shown."""
        self.filled += later.filled
        self.digits += later.digits
        for name, count in later.met.items():
            self.met[name] = self.met.get(name, 0) + count
        for name, cells in later.different.items():
            known = self.different.setdefault(name, set())
            if len(known) < KEPT:
                known |= cells
        for name, rows in later.rows.items():
            kept = self.rows.setdefault(name, [])
            kept += rows[: _ROWS - len(kept)]
        if not self.full:
            self.all |= later.all
            self.full = len(self.all) >= KEPT


def shown_by(array: Any, first: int, so_far: Shown, patterns: tuple[Pattern, ...]) -> Shown:
    """What some cells of one column show; different ones are gathered while there may be room for them."""
    one = Shown(by_header=so_far.by_header, full=so_far.full)
    for leaf, rows in leaves(array) if not _plain_words(array, one, patterns) else ():
        _look(leaf, rows, first, one, patterns)
    return one


def _plain_words(array: Any, one: Shown, patterns: tuple[Pattern, ...]) -> bool:
    """True for an array of codes none of whose words follows a pattern; its cells are counted."""
    if (told := words_of(array)) is None:
        return False
    words, counts = told
    if matching(words, _any_of(patterns)).any():
        return False
    some = filled(words)
    one.filled += int(counts[some].sum())
    one.digits += int(counts[some & matching(words, "[0-9]")].sum())
    if not one.full and len(one.all) < KEPT:
        one.all.update(filter(None, words.filter(some).to_pylist()))
    return True


def _look(array: Any, rows: Any, first: int, one: Shown, patterns: tuple[Pattern, ...]) -> None:
    """Take in one batch of a column."""
    import pyarrow as pa

    least = _least(patterns)
    if (short := few_digits(array, least)) is not None or (short := short_whole(array, least)) is not None:
        _count(short, one)
        return
    numbers = as_whole(array)
    if numbers is not None:
        whole = np.flatnonzero(numbers >= 0)
        _count(numbers[whole], one)
        places = whole[numbers[whole] >= least]
        cells = pa.array(numbers[places]).cast(pa.string()) if len(places) else None
    else:
        cells = as_strings(array)
        if cells is not None:
            told = plain_numbers(cells) if len(cells) else None
            if told is not None:
                one.filled += len(cells)
                one.digits += len(cells)
                _keep(cells, one)
                places = long_whole(told, least)
            else:
                places = np.flatnonzero(filled(cells))
                one.filled += len(places)
            cells = cells.take(places) if len(places) < len(cells) else cells
            if told is None and len(places) and one.by_header:
                one.digits += holding_digits(cells)
    if cells is None or not len(cells):
        return
    _keep(cells, one)
    candidates = np.flatnonzero(matching(cells, _any_of(patterns)))
    if not len(candidates):
        return
    chosen = cells.take(candidates)
    for pattern in patterns:
        hit = np.flatnonzero(matching(chosen, pattern.anywhere if pattern.alone else pattern.cell))
        if len(hit):
            one.met[pattern.name] = one.met.get(pattern.name, 0) + len(hit)
            met = one.different.setdefault(pattern.name, set())
            if len(met) < KEPT:
                met.update(chosen.take(hit[:KEPT]).to_pylist())
            kept = one.rows.setdefault(pattern.name, [])
            at = places[candidates[hit[: max(0, _ROWS - len(kept))]]]
            kept.extend(int(first + row) for row in (at if rows is None else rows.take(at).to_pylist()))


def _count(numbers: npt.NDArray[np.integer[Any]], one: Shown) -> None:
    """Take in whole numbers, of which some may be ids."""
    one.filled += len(numbers)
    one.digits += len(numbers)
    if not one.full and len(one.all) < KEPT:
        one.all.update(levels_of(numbers)[:KEPT].astype(str).tolist())


def _keep(cells: Any, one: Shown) -> None:
    """Note the different cells of a column, up to a cap."""
    if not one.full and len(one.all) < KEPT:
        one.all.update(different(cells)[:KEPT].to_pylist())


@functools.lru_cache(maxsize=8)
def _least(patterns: tuple[Pattern, ...]) -> float:
    """A number below every id of digits alone that follows one of the patterns; no number where none of them can."""
    return smallest(patterns) if may_match(_any_of(patterns), (digits, digits)) else np.inf


@functools.lru_cache(maxsize=8)
def _any_of(patterns: tuple[Pattern, ...]) -> str:
    return "|".join(f"(?:{pattern.anywhere if pattern.alone else pattern.cell})" for pattern in patterns)
