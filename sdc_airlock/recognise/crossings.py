"""Tables of two properties each, of the same people: the table of three properties that none of them prints, as unknowns of the same system.

Sex by region, sex by diagnosis and region by diagnosis say a good deal of women in the North with asthma: three sums go through every inner group.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations, product

from sdc_airlock.recognise.overlaps import Stack, Sum
from sdc_airlock.recognise.populations import Atom

_MOST_INNER = 1_000
_MOST_THREES = 2_000
_FEWEST = 2
Division = frozenset[Atom]


def cross(stack: Stack) -> None:
    """Put the inner groups of every three ways of dividing people into a system that holds all tables of two of them.

    Ways of which there are too many, or whose inner groups are, are counted in `stack.uncrossed`.
    """
    divisions = [each for each in _widest(stack.divisions) if len(each) >= _FEWEST]
    beside: dict[Division, list[Division]] = {one: [] for one in divisions}
    for one, other in combinations(divisions, 2):
        if _printed(stack, (one, other)):
            beside[one].append(other)
    left = _MOST_INNER
    for number, three in enumerate(_threes(beside)):
        if number == _MOST_THREES:
            stack.uncrossed += 1
            return
        if _known(stack, three):
            continue
        size = len(three[0]) * len(three[1]) * len(three[2])
        if size > left:
            stack.uncrossed += 1
            continue
        left -= size
        _write(stack, three)


def _threes(beside: Mapping[Division, Sequence[Division]]) -> Iterator[tuple[Division, Division, Division]]:
    """Three ways of which every two are printed together; each way stands before those that lie beside it."""
    for one, others in beside.items():
        for other in others:
            shared = set(beside[other])
            yield from ((one, other, third) for third in others if third in shared)


def _widest(divisions: Iterable[Division]) -> list[Division]:
    """Ways of dividing that are no part of another one; in an order that does not change."""
    ordered = sorted(set(divisions), key=lambda each: (-len(each), sorted(map(str, each))))
    return [each for place, each in enumerate(ordered) if not any(each < other for other in ordered[:place])]


def _printed(stack: Stack, pair: tuple[Division, Division]) -> bool:
    """True where some table has a cell for every label of the one way under every label of the other."""
    if pair[0] & pair[1]:
        return False
    places = (stack.places.get(frozenset(both)) for both in product(*pair))
    return all(place is not None and bool(stack.cells[place]) for place in places)


def _known(stack: Stack, three: tuple[Division, ...]) -> bool:
    """True where a table prints groups of all three."""
    return any((place := stack.places.get(frozenset(inner))) is not None and stack.cells[place] for inner in product(*three))


def _write(stack: Stack, three: Sequence[Division]) -> None:
    """Every cell of two properties as the sum of its inner groups."""
    for at, division in enumerate(three):
        one, other = (each for place, each in enumerate(three) if place != at)
        for pair in product(sorted(one, key=str), sorted(other, key=str)):
            parts = tuple(stack.place(frozenset({*pair, atom})) for atom in sorted(division, key=str))
            stack.sums.append(Sum(stack.places[frozenset(pair)], parts))
            stack.inner.update(parts)


__all__ = ["cross"]
