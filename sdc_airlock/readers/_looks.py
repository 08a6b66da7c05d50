"""Looks of many like things (cells, tiles, elements of a page): where they differ in few ways and lie in rows, they can spell data.

Fills, classes, sizes, borders or tags say as much as digits do. Whether what they say has the shape of genotypes is judged in
`recognise.states`; other looks stay looks.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias

from sdc_airlock.errors import LimitReached
from sdc_airlock.model.content import Table
from sdc_airlock.readers import Item, gap
from sdc_airlock.recognise.states import LEAST_CELLS, run_table, state_table

Place: TypeAlias = "tuple[float, float]"
Look: TypeAlias = Mapping[str, str]

_MOST = 1_000_000
_NONE = "\0"  # of things that have no such property
_MOST_PROPERTIES = 24
_MOST_RARE = 20  # different values of a property that are looked at, before the rare ones are left out
# share of the crossings of all places that things on a grid fill
_FILLED = 0.6
_FEWEST_PLACES = 8
_PLACED = 2  # decimals of a place


class Looks:
    """Gathers looks, and lays them out."""

    def __init__(self) -> None:
        self._kinds: dict[str, list[tuple[object, Look, Place | None]]] = defaultdict(list)
        self._count = 0
        self._same: dict[tuple[tuple[str, str], ...], Look] = {}

    def add(self, kind: str, row: object, look: Look, place: Place | None = None) -> None:
        """Note one thing.

        Args:
            kind: What makes things alike: the name of the element, or of what they lie in.
            row: What they lie in; the same for things of one row.
            look: Its properties by name.
            place: Where it is drawn, across and down.
        """
        self._count += 1
        if self._count <= _MOST:
            self._kinds[kind].append((row, self._same.setdefault(tuple(look.items()), look), place))

    def items(self, part_id: str) -> Iterator[Item]:
        """A table of codes for each kind of thing whose looks have the shape of genotypes."""
        if self._count > _MOST and len(self._same) > 1:
            yield gap(f"{part_id}!looks", LimitReached("looks", _MOST, self._count))
        number = 0
        for things in self._kinds.values():
            if len(things) < LEAST_CELLS:
                continue
            rows = [row for row, _, _ in things]
            places = [place for _, _, place in things]
            for values in _properties([look for _, look, _ in things]):
                address = f"{part_id}!looks{number + 1}"
                if (table := next((found for found in _laid(address, values, rows, places) if found is not None), None)) is not None:
                    number += 1
                    yield table
                    break


def style_of(attributes: Mapping[str, str], leave: frozenset[str] = frozenset()) -> dict[str, str]:
    """Properties of an element: its attributes, with those of its style each by itself."""
    found = {name: value for name, value in attributes.items() if name not in leave and name != "style"}
    for declared in attributes.get("style", "").split(";"):
        name, colon, value = declared.partition(":")
        if colon:
            found[f"style {name.strip().lower()}"] = value.strip()
    return found


def _properties(looks: Sequence[Look]) -> Iterator[list[str]]:
    """Values of each property that has few different ones, and of those properties together."""
    few: list[list[str]] = []
    for name in dict.fromkeys(name for look in looks for name in look):
        values = [look.get(name, _NONE) for look in looks]
        if 2 <= len(set(values)) <= _MOST_RARE:
            few.append(values)
            yield values
        if len(few) >= _MOST_PROPERTIES:
            break
    if len(few) > 1:
        yield ["\n".join(together) for together in zip(*few, strict=True)]


def _laid(part_id: str, values: list[str], rows: Sequence[object], places: Sequence[Place | None]) -> Iterator[Table | None]:
    grouped: dict[object, list[str]] = defaultdict(list)
    for row, value in zip(rows, values, strict=True):
        grouped[row].append(value)
    title = "looks of like things"
    if len(grouped) > 1:
        yield state_table(part_id, list(grouped.values()), title=title)
    crossing = _crossing(values, places)
    if crossing:
        yield state_table(part_id, crossing, title=title)
    yield run_table(part_id, values, title=title)


def _crossing(values: Sequence[str], places: Sequence[Place | None]) -> list[list[str]]:
    """The things of each height, from left to right, where they lie on a grid."""
    at = {(round(place[0], _PLACED), round(place[1], _PLACED)): value for place, value in zip(places, values, strict=True) if place}
    across, down = (sorted({place[axis] for place in at}) for axis in (0, 1))
    if min(len(across), len(down)) < _FEWEST_PLACES or len(at) < _FILLED * len(across) * len(down):
        return []
    return [[at.get((x, y), "") for x in across] for y in down]
