"""Rounding: small counts are hidden as ever, all others are rounded, totals are sums of what is printed, percentages are worked out again.

Every rounded number is worked out from numbers that the suppressed table prints, so that nobody learns more from it than from that table.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from sdc_airlock.model.published import Marker, Published, Relation
from sdc_airlock.protect._numbers import with_count, with_share
from sdc_airlock.protect._tables import SHARES, SUMS, Place, Refused, Tables
from sdc_airlock.protect.suppress import Choice
from sdc_airlock.recognise.cells import CellKind, read_cells

_ALONE = (CellKind.NUMBER, CellKind.PERCENT)
# all and none of a group, which rounding does not change
_SAY_NOTHING = (0.0, 100.0)
_SCALES = (100.0, 1.0, 1_000.0, 10_000.0, 100_000.0, 1_000_000.0)


@dataclass(frozen=True, slots=True)
class Rounded:
    """What is written.

    Attributes:
        counts: New words of cells that print a count; shares: of percentages that stand in cells of their own.
        hidden: Further places to hide: numbers that rounding makes small, and percentages of which a part is hidden.
    """

    counts: Mapping[Place, str]
    shares: Mapping[Place, str]
    hidden: frozenset[Place]


def rounded(tables: Tables, choice: Choice, base: int, suppressed: tuple[int, int]) -> Rounded:
    """New words for every count and percentage that stays.

    Args:
        tables: The tables, as printed.
        choice: What is hidden.
        base: Multiple to round to.
        suppressed: Least and largest count that must not be shown.

    Raises:
        Refused: percentages cannot be worked out again.
    """
    published = tables.published
    if published is None:
        raise Refused("no counts that could be rounded were recognised in it")
    values = numbers(tables, published, choice, base)
    small = {cell for cell, number in values.items() if suppressed[0] <= number <= suppressed[1]}
    hidden = {tables.place(cell) for cell in small}
    values = {cell: number for cell, number in values.items() if cell not in small}
    counts: dict[Place, str] = {}
    for cell, number in values.items():
        place = tables.place(cell)
        counts[place] = with_count(text_of(tables, place), number)
    kept = choice.places | hidden
    shares, gone = shares_again(tables, values, counts, lambda place: place in kept)
    return Rounded(counts=counts, shares=shares, hidden=frozenset(hidden | gone))


def numbers(tables: Tables, published: Published, choice: Choice, base: int) -> dict[int, float]:
    """The rounded number of each printed count, by cell: of a total, the sum of its parts where all of them are printed."""
    shown = published.people & published.integral & (published.marker == Marker.NUMBER) & (published.row >= 0)
    open_ = {cell for cell in np.flatnonzero(shown).tolist() if tables.place(cell) not in choice.places}
    sums: dict[int, list[int]] = {}
    rows = published.equations
    for at in range(len(rows)):
        if rows.relation[at] in SUMS:
            total, *parts = rows.members(at).tolist()
            if total in open_ and set(parts) <= open_ and (total not in sums or len(parts) > len(sums[total])):
                sums[total] = parts
    found: dict[int, float] = {}

    def number(cell: int, above: frozenset[int]) -> float:
        if cell not in found:
            parts = sums.get(cell, [])
            if not parts or cell in above:
                return _nearest(float(published.printed[cell]), base)
            found[cell] = sum(number(part, above | {cell}) for part in parts)
        return found[cell]

    for cell in sorted(open_):
        found[cell] = number(cell, frozenset())
    _repeated(published, found)
    return found


def _nearest(number: float, base: int) -> float:
    return base * float(np.floor(number / base + 0.5))


def _repeated(published: Published, found: dict[int, float]) -> None:
    """The same number printed twice is rounded once."""
    rows = published.equations
    for at in np.flatnonzero(rows.relation == Relation.REPEATED).tolist():
        first, second = rows.members(at).tolist()
        if first in found and second in found:
            found[second] = found[first]


def text_of(tables: Tables, place: Place) -> str:
    """What a cell says."""
    return str(tables.table(place[0]).columns[place[2]].values[place[1]].as_py() or "")


def shares_again(
    tables: Tables, values: Mapping[int, float], counts: dict[Place, str], skipped: Callable[[Place], bool]
) -> tuple[dict[Place, str], set[Place]]:
    """Percentages worked out from new counts; those in the cell of their count go into `counts`.

    Args:
        tables: The tables, as printed.
        values: The new counts, by flat cell.
        counts: New words of cells that print a count.
        skipped: True for places that are left as they are.

    Returns:
        New words of percentages in cells of their own, and the places of those that cannot be told any more.

    Raises:
        Refused: a percentage cannot be worked out again.
    """
    published = tables.published
    assert published is not None  # noqa: S101 - there are counts
    found: dict[Place, str] = {}
    gone: set[Place] = set()
    rows = published.equations
    for at, place in sorted(tables.tied.items()):
        if place in found or place in gone or skipped(place):
            continue
        members = rows.members(at).tolist()
        cells = read_cells(tables.table(place[0]).columns[place[2]].values)
        if len(members) != 2 or published.row[members[1]] < 0:
            raise Refused("percentages in it belong to totals that stand in no cell, and cannot be worked out again")
        count, whole = members
        if count not in values or whole not in values:
            gone.add(place)
            continue
        own = cells.kinds[place[1]] == CellKind.PAIR
        printed = float(cells.second[place[1]] if own else cells.first[place[1]])
        coefficient = -float(rows.coefficients[rows.starts[at] + 1])
        scale = min(_SCALES, key=lambda each: abs(printed / each - coefficient))
        share = scale * values[count] / values[whole] if values[whole] else 0.0
        words = with_share(counts.get(place, text_of(tables, place)), share, second=own)
        found[place] = words
        if own:
            counts[place] = words
    _refuse_untied(tables, found.keys() | gone, skipped)
    return {place: words for place, words in found.items() if place not in counts}, gone


def _refuse_untied(tables: Tables, known: set[Place], skipped: Callable[[Place], bool]) -> None:
    """Percentages whose count is not known would still tell the number before rounding."""
    for number, part in enumerate(tables.parts):
        for view in part.columns:
            cells = read_cells(tables.table(number).columns[view.index].values)
            for row in range(len(cells.codes)):
                pair = cells.kinds[row] == CellKind.PAIR and bool(cells.pair_percent[row]) and cells.second[row] not in _SAY_NOTHING
                alone = view.role in SHARES and cells.kinds[row] in _ALONE and cells.first[row] not in _SAY_NOTHING
                if (pair or alone) and (number, row, view.index) not in known and not skipped((number, row, view.index)):
                    raise Refused(
                        "percentages or rates in it cannot be worked out again from rounded counts; leave them out, or add the counts they come from"
                    )


__all__ = ["Rounded", "numbers", "rounded", "shares_again", "text_of"]
