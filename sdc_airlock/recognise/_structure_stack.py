"""Several tables as one system: the same cell printed twice is one number."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np
import numpy.typing as npt

from sdc_airlock.model.published import Dimension, Equations, Published, Relation
from sdc_airlock.recognise.lexicon import normalise

_FEWEST_EQUAL = 3
_AGREE = 0.95
_MOST_TABLES = 60
# headers that say no more than that something is counted
_BARE = frozenset({"", "n", "count", "counts", "freq", "frequency", "number", "num", "no", "value", "values", "cases_n", "n_obs", "people", "persons", "patients", "participants", "individuals"})  # fmt: skip


def stacked(tables: Sequence[Published]) -> Published:
    """One system of all cells of several tables, with an equation for every cell that two of them print.

    Cells are the same where their labels are, totals left out, and where the numbers that both tables print agree.

    Raises:
        ValueError: there is no table.
    """
    if len(tables) == 1:
        return tables[0]
    offsets = np.concatenate([[0], np.cumsum([len(each) for each in tables])]).astype(np.int64)
    first = np.concatenate([[0], np.cumsum([len(each.parts) for each in tables])]).astype(np.int64)
    measures = np.concatenate([[0], np.cumsum([len(each.measures) for each in tables])]).astype(np.int64)
    links = _links(tables, offsets) if len(tables) <= _MOST_TABLES else []

    def joined(name: str) -> npt.NDArray[np.float64]:
        return np.concatenate([getattr(each, name) for each in tables])

    return Published(
        parts=tuple(part for each in tables for part in each.parts),
        part=np.concatenate([each.part + start for each, start in zip(tables, first, strict=False)]),
        row=joined("row").astype(np.int64),
        column=joined("column").astype(np.int64),
        printed=joined("printed"),
        low=joined("low"),
        high=joined("high"),
        marker=joined("marker").astype(np.int8),
        integral=joined("integral").astype(np.bool_),
        people=joined("people").astype(np.bool_),
        measure=np.concatenate(
            [np.where(each.measure >= 0, each.measure + start, -1) for each, start in zip(tables, measures, strict=False)]
        ),
        measures=tuple(name for each in tables for name in each.measures),
        dimensions=_dimensions(tables, offsets),
        equations=_equations(tables, offsets, links),
        base=tuple(base for each in tables for base in each.base),
        notes=tuple(dict.fromkeys(note for each in tables for note in each.notes)),
    )


def _dimensions(tables: Sequence[Published], offsets: npt.NDArray[np.int64]) -> tuple[Dimension, ...]:
    found = []
    for each, start in zip(tables, offsets.tolist(), strict=False):
        for one in each.dimensions:
            codes = np.full(int(offsets[-1]), -1, np.int64)
            codes[start : start + len(each)] = one.codes
            found.append(Dimension(name=one.name, words=one.words, codes=codes, totals=one.totals))
    return tuple(found)


def _equations(tables: Sequence[Published], offsets: npt.NDArray[np.int64], links: Sequence[tuple[int, int]]) -> Equations:
    parts = [each.equations for each in tables]
    lengths = np.concatenate([*(np.diff(each.starts) for each in parts), np.full(len(links), 2)])
    return Equations(
        starts=np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64),
        cells=np.concatenate(
            [*(each.cells + start for each, start in zip(parts, offsets.tolist(), strict=False)), np.array(links, np.int64).reshape(-1)]
        ).astype(np.int64),
        coefficients=np.concatenate([*(each.coefficients for each in parts), np.tile([1.0, -1.0], len(links))]),
        low=np.concatenate([*(each.low for each in parts), np.zeros(len(links))]),
        high=np.concatenate([*(each.high for each in parts), np.zeros(len(links))]),
        relation=np.concatenate([*(each.relation for each in parts), np.full(len(links), Relation.REPEATED)]).astype(np.int8),
    )


def cell_names(table: Published) -> list[frozenset[str] | None]:
    """What each cell is called: its labels without those that name a total or only say that something is counted; None for a cell that is nowhere printed."""
    words: list[list[str]] = []
    for one in table.dimensions:
        plain = [normalise(word)[0] or word.strip().lower() for word in one.words]
        words.append(["" if total or name in _BARE else name for name, total in zip(plain, one.totals.tolist(), strict=True)])
    codes = [one.codes.tolist() for one in table.dimensions]
    names: list[frozenset[str] | None] = []
    for cell, row in enumerate(table.row.tolist()):
        found = (list_[code[cell]] for list_, code in zip(words, codes, strict=True) if code[cell] >= 0)
        names.append(frozenset(name for name in found if name) if row >= 0 else None)
    return names


def _links(tables: Sequence[Published], offsets: npt.NDArray[np.int64]) -> list[tuple[int, int]]:
    """Pairs of cells of different tables that are one and the same number."""
    named = []
    for each in tables:
        names: dict[frozenset[str], int] = {}
        twice: set[frozenset[str]] = set()
        for cell, name in enumerate(cell_names(each)):
            if name is None or not each.integral[cell]:
                continue
            if name in names:
                twice.add(name)
            names[name] = cell
        named.append({name: cell for name, cell in names.items() if name not in twice})
    links: list[tuple[int, int]] = []
    for one, other in combinations(range(len(tables)), 2):
        shared = [(named[one][name], named[other][name]) for name in named[one].keys() & named[other].keys()]
        if _agree(tables[one], tables[other], shared):
            links.extend((int(offsets[one]) + a, int(offsets[other]) + b) for a, b in sorted(shared))
    return links


def _agree(one: Published, other: Published, shared: Sequence[tuple[int, int]]) -> bool:
    """True where the cells that both tables print are equal, and are so beyond chance."""
    first = one.printed[[a for a, _ in shared]] if shared else np.zeros(0)
    second = other.printed[[b for _, b in shared]] if shared else np.zeros(0)
    both = np.isfinite(first) & np.isfinite(second)
    equal = both & (first == second)
    return (
        int((equal & (first > 1)).sum()) >= _FEWEST_EQUAL and len(np.unique(first[equal])) > 1 and bool(equal.sum() >= _AGREE * both.sum())
    )


__all__ = ["cell_names", "stacked"]
