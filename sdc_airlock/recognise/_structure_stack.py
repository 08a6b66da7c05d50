"""Several tables as one system: the same cell printed twice is one number."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from sdc_airlock.model.published import Dimension, Equations, Published, Relation
from sdc_airlock.recognise.lexicon import normalise

_FEWEST_EQUAL = 3
_AGREE = 0.95
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
    links = _links(tables, offsets)

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


@dataclass(slots=True)
class _Kin:
    """Tables that print the same numbers under the same labels: of each cell by name where it stands first, and the first number printed for it."""

    places: dict[frozenset[str], int] = field(default_factory=dict)
    printed: dict[frozenset[str], float] = field(default_factory=dict)


def _links(tables: Sequence[Published], offsets: npt.NDArray[np.int64]) -> list[tuple[int, int]]:
    """Pairs of cells of different tables that are one and the same number, each with the first table in which it stands.

    A table joins those before it with whose numbers its own agree, so that the time it takes grows with the cells and not with the pairs of tables.
    """
    groups: list[_Kin] = []
    by_cell: dict[tuple[frozenset[str], float], list[int]] = {}
    links: list[tuple[int, int]] = []
    for each, start in zip(tables, offsets.tolist(), strict=False):
        named = _named(each)
        numbers = {name: float(number) for name, cell in named.items() if np.isfinite(number := each.printed[cell])}
        shared = Counter(place for item in numbers.items() for place in by_cell.get(item, ()))
        joined = [place for place, count in shared.items() if count >= _FEWEST_EQUAL and _agree(numbers, groups[place].printed)]
        for place in joined:
            known = groups[place].places
            links.extend((known[name], start + cell) for name, cell in sorted(named.items(), key=lambda item: item[1]) if name in known)
        if not joined:
            groups.append(_Kin())
            joined = [len(groups) - 1]
        for place in joined:
            for name, cell in named.items():
                groups[place].places.setdefault(name, start + cell)
            for name, number in numbers.items():
                if name not in groups[place].printed:
                    groups[place].printed[name] = number
                    by_cell.setdefault((name, number), []).append(place)
    return links


def _named(table: Published) -> dict[frozenset[str], int]:
    """Cells that count, by name; names that stand twice are left out."""
    names: dict[frozenset[str], int] = {}
    twice: set[frozenset[str]] = set()
    for cell, name in enumerate(cell_names(table)):
        if name is None or not table.integral[cell]:
            continue
        if name in names:
            twice.add(name)
        names[name] = cell
    return {name: cell for name, cell in names.items() if name not in twice}


def _agree(one: dict[frozenset[str], float], other: dict[frozenset[str], float]) -> bool:
    """True where the cells that both print are equal, and are so beyond chance."""
    both = one.keys() & other.keys()
    equal = [one[name] for name in both if one[name] == other[name]]
    return sum(number > 1 for number in equal) >= _FEWEST_EQUAL and len(set(equal)) > 1 and len(equal) >= _AGREE * len(both)


__all__ = ["cell_names", "stacked"]
