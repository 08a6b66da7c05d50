"""Records (objects) to columns: nested objects become dotted names, lists become columns or tables of their own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from sdc_airlock.errors import LimitReached

Cells: TypeAlias = list[tuple[int, Any]]

WIDEST_LIST = 20_000
LONGEST_JOINED = 20  # words of a list that is written into one cell
SPARSE = 20  # beyond so many cells a scalar (and a number of cells that matters) records are written long
SPARSE_FLOOR = 200_000


def is_scalar(value: object) -> bool:
    """True for text, numbers, booleans and None."""
    return not isinstance(value, dict | list)


def scalar_list(value: object) -> bool:
    """True for a list (possibly empty) that holds scalars only."""
    return isinstance(value, list) and not any(isinstance(child, dict | list) for child in value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Flat:
    """Records as columns of equal length, and the lists in them by field, each element with the number of its record from 1."""

    columns: dict[str, list[Any]]
    children: dict[str, Cells]


def flatten(records: Sequence[dict[str, Any]], keys: Sequence[str] | None, cells: int) -> Flat:
    """Columns out of records.

    Args:
        records: The records.
        keys: What the records were called, to be the first column.
        cells: Most cells to build.

    Raises:
        LimitReached: more than `cells` scalars.
    """
    places: dict[str, dict[int, Any]] = {}
    lists: dict[str, Cells] = {}
    for number, record in enumerate(records):
        _take(record, number, places, lists)
    children = {}
    for name, found in lists.items():
        if not _widen(name, found, places, len(records), cells) and not _join(name, found, places):
            children[name] = [(number + 1, child) for number, value in found for child in value]
    return Flat(columns=_columns(places, len(records), keys, cells), children={name: found for name, found in children.items() if found})


def _take(record: dict[str, Any], number: int, places: dict[str, dict[int, Any]], lists: dict[str, Cells], prefix: str = "") -> None:
    """Put the fields of a record where they belong; the depth of records is guarded where they are parsed."""
    for key, value in record.items():
        name = f"{prefix}.{key}" if prefix else key
        if isinstance(value, dict):
            _take(value, number, places, lists, name)
        elif isinstance(value, list):
            lists.setdefault(name, []).append((number, value))
        else:
            column = places.get(name)
            if column is None:
                column = places[name] = {}
            elif number in column:
                column = _beside(name, number, places)
            column[number] = value


def _beside(name: str, number: int, places: dict[str, dict[int, Any]]) -> dict[int, Any]:
    """The first numbered column of a name in which a record has no value yet."""
    count = 2
    while number in (column := places.setdefault(f"{name} ({count})", {})):
        count += 1
    return column


def _widen(name: str, found: Cells, places: dict[str, dict[int, Any]], rows: int, cells: int) -> bool:
    """Make columns of a field that holds a list of scalars of one length in every record that has it."""
    lengths = Counter(len(value) for _, value in found)
    width = next(iter(lengths))
    if len(lengths) > 1 or not all(scalar_list(value) for _, value in found) or width > WIDEST_LIST or width * rows > cells:
        return False
    names = [name] if width == 1 else [f"{name}.{place}" for place in range(1, width + 1)]
    if any(new in places for new in names) or len({number for number, _ in found}) < len(found):
        return False
    for place, new in enumerate(names):
        places[new] = {number: value[place] for number, value in found}
    return True


def _join(name: str, found: Cells, places: dict[str, dict[int, Any]]) -> bool:
    """Write a field of short lists of words (tags, labels) into one cell a record."""
    if name in places or len({number for number, _ in found}) < len(found):
        return False
    for _, value in found:
        if len(value) > LONGEST_JOINED or not all(isinstance(child, str) for child in value):
            return False
    places[name] = {number: "; ".join(value) for number, value in found if value}
    return True


def _columns(places: dict[str, dict[int, Any]], rows: int, keys: Sequence[str] | None, cells: int) -> dict[str, list[Any]]:
    scalars = sum(map(len, places.values()))
    if scalars > cells:
        raise LimitReached("cells", cells, scalars)
    wide = len(places) * rows
    if wide > cells or (wide > SPARSE_FLOOR and wide > SPARSE * scalars):
        return _long(places, keys)
    columns: dict[str, list[Any]] = {} if keys is None else {"key": list(keys)}
    for name, column in places.items():
        unique = name if name not in columns else f"{name} (2)"
        columns[unique] = [column.get(number) for number in range(rows)]
    return columns


def _long(places: dict[str, dict[int, Any]], keys: Sequence[str] | None) -> dict[str, list[Any]]:
    """Sparse records as one line a value: record, name, value."""
    triples = sorted((number, order, name) for order, name in enumerate(places) for number in places[name])
    return {
        "record": [number + 1 if keys is None else keys[number] for number, _, _ in triples],
        "name": [name for _, _, name in triples],
        "value": [places[name][number] for number, _, name in triples],
    }
