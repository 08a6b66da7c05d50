"""Which columns of a table are labels and which hold its numbers; the fewest labels that tell its rows apart."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sdc_airlock.model.content import Table
from sdc_airlock.model.recognised import ColumnView, Recognised, Role
from sdc_airlock.recognise.cells import CellKind, Cells, read_cells
from sdc_airlock.recognise.lexicon import is_total

_MEASURES = frozenset({Role.COUNT, Role.MEASURE, Role.PERCENTAGE, Role.RATE, Role.FREQUENCY})
_SHARES = frozenset({Role.PERCENTAGE, Role.RATE, Role.FREQUENCY})
_NO_KEYS = frozenset({Role.EMPTY, Role.INDEX, Role.MEAN, Role.STANDARD_DEVIATION, Role.MINIMUM, Role.MAXIMUM, Role.QUANTILE, Role.COEFFICIENT, Role.STANDARD_ERROR, Role.CONFIDENCE_LIMIT, Role.P_VALUE, Role.TEST_STATISTIC, Role.RATIO, Role.PERSON_TIME})  # fmt: skip
_FEW = 12
_MOST_MARKED = 0.9
_SHOWN_LONGEST = 60


@dataclass(frozen=True, slots=True)
class KeyColumn:
    """A column of labels: its different words as printed (spaces in front kept) and, by row, the place of its word."""

    name: str
    words: tuple[str, ...]
    codes: npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Keys:
    """The label columns.

    Attributes:
        minimal: Places of the fewest columns that tell the rows apart as well as all of them do.
        unique: These tell every row from every other.
    """

    columns: tuple[KeyColumn, ...]
    minimal: tuple[int, ...]
    unique: bool

    def label(self, row: int) -> str:
        """The label of a row: the words of its columns, spaces in front kept."""
        words = [str(each.words[each.codes[row]]) for each in self.columns]
        return words[0] if len(words) == 1 else " ".join(word for word in words if word.strip())

    def names_total(self, row: int) -> bool:
        """True where some label of the row names a total, and no other one says more."""
        words = [
            each.words[each.codes[row]].strip() for place, each in enumerate(self.columns) if not self.minimal or place in self.minimal
        ]
        filled = [word for word in words if word]
        return bool(filled) and all(is_total(word) for word in filled)

    def filled_down(self, column: KeyColumn) -> npt.NDArray[np.int64]:
        """Codes of a column whose empty cells repeat the label above them."""
        blank = np.array([not word.strip() for word in column.words], np.bool_)[column.codes]
        at = np.maximum.accumulate(np.where(blank, 0, np.arange(len(blank))))
        return column.codes[at]


def keys_of(part: Recognised, table: Table) -> tuple[Keys, list[int]]:
    """The label columns of a table, and the places of its measure columns."""
    cells = [read_cells(column.values) for column in table.columns]
    measured: list[int] = []
    labels: list[int] = []
    maybe: list[int] = []
    for place, (view, each) in enumerate(zip(part.columns, cells, strict=True)):
        if view.numbers is not None and view.role in _MEASURES:
            (maybe if _may_be_key(view, each) else measured).append(place)
        elif view.role is Role.CATEGORY and each.filled and each.share(CellKind.SUPPRESSED) > _MOST_MARKED:
            measured.append(place)
        elif view.role not in _NO_KEYS:
            labels.append(place)
    rows = table.sample_rows
    last = max(labels, default=-1)
    for place in maybe:
        if place < last and part.columns[place].role is Role.MEASURE:  # a code among labels
            labels.append(place)
            continue
        # whole numbers of few levels that stand among the labels and are needed to tell rows apart ("duration 1, 2, 3, Total")
        before = len(_combinations([cells[each].codes for each in labels], rows)) if labels else 1
        needed = 1 < before < rows and (
            place < max(labels, default=-1) or place < min((each for each in (*measured, *maybe) if each != place), default=0)
        )
        if (
            needed
            and len(_combinations([cells[each].codes for each in (*labels, place)], rows)) > before
            and any(other > place for other in (*measured, *maybe))
        ):
            labels.append(place)
        else:
            measured.append(place)
    columns = tuple(_key(table, place) for place in sorted(labels))
    keys = _fewest(columns, rows)
    if not keys.unique:
        filled = tuple(_filled(column) if place < len(columns) - 1 else column for place, column in enumerate(columns))
        other = _fewest(filled, rows)
        keys = other if other.unique else keys
    return keys, sorted(measured)


def _filled(column: KeyColumn) -> KeyColumn:
    """A column whose empty cells repeat the label above them, where its first cell is filled."""
    blank = np.array([not word.strip() for word in column.words], np.bool_)[column.codes]
    if not len(blank) or blank[0] or not blank.any():
        return column
    codes = column.codes[np.maximum.accumulate(np.where(blank, 0, np.arange(len(blank))))]
    return KeyColumn(name=column.name, words=column.words, codes=codes)


def _may_be_key(view: ColumnView, cells: Cells) -> bool:
    """Whole numbers of few levels without a marker among them."""
    if view.role in _SHARES or cells.share(CellKind.SUPPRESSED) > 0 or cells.share(CellKind.PAIR) > 0:
        return False
    finite = cells.first[np.isfinite(cells.first)]
    return bool(len(finite)) and bool(np.all(finite == np.floor(finite))) and cells.distinct <= max(_FEW, len(cells.codes) // 4)


def _key(table: Table, place: int) -> KeyColumn:
    words = ["" if word is None else str(word).rstrip() for word in table.columns[place].values.to_pylist()]
    different = {word: code for code, word in enumerate(dict.fromkeys(words))}
    return KeyColumn(
        name=table.columns[place].name, words=tuple(different), codes=np.fromiter((different[word] for word in words), np.int64, len(words))
    )


def _combinations(codes: list[npt.NDArray[np.int64]], rows: int) -> npt.NDArray[np.int64]:
    """First row of each different combination."""
    code = np.zeros(rows, np.int64)
    for each in codes:
        code = np.unique(code * (int(each.max(initial=0)) + 1) + each, return_inverse=True)[1].reshape(-1).astype(np.int64)
    return np.unique(code)


def _fewest(columns: tuple[KeyColumn, ...], rows: int) -> Keys:
    """Columns left out one by one, those of fewest levels first, as long as rows stay apart."""
    kept = [place for place, column in enumerate(columns) if len(column.words) > 1]
    whole = len(_combinations([columns[place].codes for place in kept], rows)) if kept else 1
    for place in sorted(kept, key=lambda each: (len(columns[each].words), -each)):
        rest = [other for other in kept if other != place]
        if rest and len(_combinations([columns[other].codes for other in rest], rows)) == whole:
            kept = rest
    return Keys(columns=columns, minimal=tuple(kept), unique=whole == rows)


__all__ = ["KeyColumn", "Keys", "keys_of"]
