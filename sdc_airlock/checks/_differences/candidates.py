"""Which pairs of tables are worth comparing, found by the labels, numbers and names that they share, not by trying all of them."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations, product
from typing import NamedTuple

from sdc_airlock.checks._differences.tables import Told
from sdc_airlock.recognise.aligned import View, cuts_of, is_common, lowest, name_without_inclusion, without_bound

_FEWEST_SHARED = 2
_NEIGHBOURS = 8
# of the counts of the smaller table, what has to be equal for two tables to be told by their numbers alone
_EQUAL = 0.25
# of the counts of the smaller table, what has to be close where one of two is rounded
_NEARLY = 0.75
_BUDGET = 1_500_000
MOST_PAIRS = 20_000


class Found(NamedTuple):
    """Pairs of tables, the most alike first; `lost` where there were more than are looked at."""

    pairs: list[tuple[Told, Told]]
    lost: bool


def pairs_of(tables: Sequence[Told]) -> Found:
    """Pairs that print the same numbers under the same labels, print close ones where one of them is a sum, or bear names of the same or of nested people.

    One of a pair at least is in the request; equal files are no pair.
    """
    found: dict[tuple[int, int], int] = {}
    lost = False
    sizes = [sum(1 for _ in _counts(table.views[0])) for table in tables]
    for share, postings in (
        (_EQUAL, _equal(tables, flat=False)),
        (_EQUAL, _equal(tables, flat=True)),
        (0.0, _close(tables)),
        (_NEARLY, _rounded(tables)),
    ):
        shared, all_of_them = _counted(postings)
        lost = lost or not all_of_them
        for (one, other), count in shared.items():
            if count >= max(_FEWEST_SHARED, share * min(sizes[one], sizes[other])):
                found[one, other] = max(count, found.get((one, other), 0))
    for pair in _by_name(tables):
        if len(found) > 2 * MOST_PAIRS:
            lost = True
            break
        if pair not in found and _labels_shared(tables[pair[0]], tables[pair[1]]) >= _FEWEST_SHARED:
            found[pair] = _FEWEST_SHARED
    wanted = [pair for pair, _ in sorted(found.items(), key=lambda item: (-item[1], item[0])) if _may_be(tables[pair[0]], tables[pair[1]])]
    return Found([(tables[one], tables[other]) for one, other in wanted[:MOST_PAIRS]], lost or len(wanted) > MOST_PAIRS)


def _may_be(first: Told, second: Told) -> bool:
    same_file = first.file_id == second.file_id and first.release != second.release
    return first.release + second.release < 2 and not same_file


def _labels_shared(first: Told, second: Told) -> int:
    return len(first.views[0].places.keys() & second.views[0].places.keys())


def _counted(postings: Iterable[tuple[list[int], list[int]]]) -> tuple[Counter[tuple[int, int]], bool]:
    """How often pairs of tables stand in lists that belong together, the shortest lists first; False where there were too many to count."""
    shared: Counter[tuple[int, int]] = Counter()
    left = _BUDGET
    for one, other in sorted(postings, key=lambda lists: len(lists[0]) * len(lists[1])):
        left -= len(one) * len(other)
        if left < 0:
            return shared, False
        if one is other:
            shared.update(combinations(one, 2))
        else:
            shared.update((min(a, b), max(a, b)) for a, b in product(one, other) if a != b)
    return shared, True


def _equal(tables: Sequence[Told], *, flat: bool) -> Iterator[tuple[list[int], list[int]]]:
    """Tables that print the same number under the same label and header, or (`flat`) under the same condition, wherever its labels stand."""
    equal: dict[tuple[str, str, float], list[int]] = {}
    for number, table in enumerate(tables):
        for item in _counts(table.flat if flat else table.views[0]):
            _add(equal.setdefault(item, []), number)
    yield from ((numbers, numbers) for numbers in equal.values() if len(numbers) > 1)


def _close(tables: Sequence[Told]) -> Iterator[tuple[list[int], list[int]]]:
    """Tables that print a number close to a sum of another one, and tables of bands cut differently that count about as many people up to the same bound."""
    sums: dict[tuple[str, str, int], list[int]] = {}
    for number, table in enumerate(tables):
        for view in table.views:
            for item in _binned(view) if view.summed else ():
                _add(sums.setdefault(item, []), number)
    printed: dict[tuple[str, str, int], list[int]] = {}
    for number, table in enumerate(tables if sums else ()):
        for item in _binned(table.views[0]):
            if item in sums:
                _add(printed.setdefault(item, []), number)
    yield from ((numbers, sums[item]) for item, numbers in printed.items())
    yield from _cut_otherwise(tables)


def _rounded(tables: Sequence[Told]) -> Iterator[tuple[list[int], list[int]]]:
    """Rounded tables, and those that print close numbers under the same labels and headers."""
    rounded: dict[tuple[str, str, int], list[int]] = {}
    others: dict[tuple[str, str, int], list[int]] = {}
    for number, table in enumerate(tables if any(table.base for table in tables) else ()):
        for header, label, count in _counts(table.views[0]):
            near = round(math.sqrt(count)) if table.base else math.floor(math.sqrt(count))
            for place in {near, math.ceil(math.sqrt(count))} if not table.base else {near}:
                _add((rounded if table.base else others).setdefault((header, label, place), []), number)
    for item, numbers in rounded.items():
        yield numbers, numbers
        if item in others:
            yield numbers, others[item]


def _binned(view: View) -> Iterator[tuple[str, str, int]]:
    for header, label, count in _counts(view):
        for name in {header, "" if len(view.columns) == 1 else header}:
            yield from ((name, label, bin_) for bin_ in _bins(count))


def _cut_otherwise(tables: Sequence[Told]) -> Iterator[tuple[list[int], list[int]]]:
    """Tables of bands that are cut differently, and count about as many people up to the same bound."""
    layouts: dict[tuple[str, float, float, int], dict[frozenset[float], list[int]]] = {}
    for number, table in enumerate(tables):
        cuts = cuts_of(table.views[0])
        for name, (start, totals) in cuts.items():
            own = frozenset(totals)
            for header in {name, "" if len(cuts) == 1 else name}:
                for end, total in totals.items():
                    for bin_ in _bins(total):
                        _add(layouts.setdefault((header, start, end, bin_), {}).setdefault(own, []), number)
    for lists in layouts.values():
        yield from combinations(lists.values(), 2)


def _add(numbers: list[int], number: int) -> None:
    if not numbers or numbers[-1] != number:
        numbers.append(number)


def _counts(view: View) -> Iterator[tuple[str, str, float]]:
    """The counts of a view, totals left out, and columns of denominators where there is something else."""
    headers = [name for name in view.columns if not is_common(name)] or list(view.columns)
    for name in headers:
        for label, count in view.columns[name].items():
            if count and label != "total":
                yield name, label, count


def _bins(count: float) -> tuple[int, int]:
    """Two counts that may be of nearly the same people share one at least."""
    root = math.floor(math.sqrt(count))
    return root, root + 1


def _by_name(tables: Sequence[Told]) -> Iterator[tuple[int, int]]:
    """Pairs of which the names are the same, but for words of inclusion and bounds; tables that bear one and the same name in one release, each with a few."""
    groups: dict[tuple[str, ...], dict[tuple[object, ...], list[int]]] = {}
    for number, table in enumerate(tables):
        bound = lowest(table.text)
        own = table.words, bound, table.release
        groups.setdefault(("words", *name_without_inclusion(table.words)), {}).setdefault(own, []).append(number)
        if bound is not None:
            groups.setdefault(("bound", without_bound(table.text)), {}).setdefault(own, []).append(number)
    for group in groups.values():
        for one, other in combinations(group.values(), 2):
            yield from ((min(pair), max(pair)) for pair in product(one, other))
        for numbers in group.values():
            for place, number in enumerate(numbers):
                yield from ((other, number) for other in numbers[max(0, place - _NEIGHBOURS) : place])


__all__ = ["MOST_PAIRS", "Found", "pairs_of"]
