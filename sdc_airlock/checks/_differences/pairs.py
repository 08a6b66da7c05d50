"""Two tables under the same labels: cells that differ by a few people, and cells that only one of them hides."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from sdc_airlock.checks._differences.tables import Seen, Told, cells_in_words, finding, kin_of, location_of, where_of
from sdc_airlock.model.finding import Finding, Severity
from sdc_airlock.recognise.aligned import Kinship, View, is_common, lowest, recut, without_bound
from sdc_airlock.recognise.spans import span_of
from sdc_airlock.stats.differences import chance_of_closeness

_FEWEST_ROWS = 2
_FEWEST_UNSAID = 4
_SHARED = 0.5
# how unlikely it has to be that tables are as close as this by chance: more so where nothing but their numbers says that they belong together
_BY_CHANCE = {Kinship.ALIKE: 0.02, Kinship.UNSAID: 1e-6}
_SUM_BY_CHANCE = 1e-3
_HALF = 0.5
_REMEDY = (
    "Publish the table for one of the two groups of people only; or round both to the same base; or suppress the cells that differ, in whichever table "
    "has not left yet, and one more cell of each row and column."
)
_REVISED_REMEDY = "Say in the statement that the series was revised; or leave out the periods that are not complete yet."


def of_pair(first: Told, second: Told, low: int, high: int) -> Iterator[tuple[Finding, Told, Seen]]:
    """What two tables give away together, one finding for each way, with the table and the cells it is about."""
    kin = kin_of(first, second)
    if kin is Kinship.APART:
        return
    differing, revealed, linked = Seen(), Seen(), (Seen(), Seen())
    for one in first.views:
        for other in second.views:
            if not (one.summed and other.summed):
                _compare((one, other), kin, (low, high), differing, revealed)
                _link((one, other), linked[0])
                _link((other, one), linked[1])
    if not differing.count and (cut := recut(first.views[0], second.views[0])) is not None:
        _compare(cut, kin, (low, high), differing, Seen())
    if not differing.count and not revealed.count and first.views[0].columns.keys() != second.views[0].columns.keys():
        _compare((first.flat, second.flat), kin, (low, high), differing, revealed)
    severity = Severity.HIGH if second.release else Severity.MEDIUM
    where = where_of([second])
    if differing.count and second.release and _revised(first.views[0], second.views[0]):
        message = f"the last periods of it differ from those in {where}, and none before: taken for a series that was revised"
        said = finding("revised", Severity.LOW, location_of(first, differing), message, _REVISED_REMEDY, differing.count, (low, high))
        yield said, first, differing
    elif differing.count:
        rule = "sum" if differing.summed else "nested" if kin is Kinship.NESTED else "same_table"
        what = "its sums over groups, or its cells, differ" if differing.summed else "its cells differ"
        message = f"{what} from those under the same labels in {where} by {low} to {high} people in {cells_in_words(differing.count)}: the difference is a count of those few"
        yield finding(rule, severity, location_of(first, differing), message, _REMEDY, differing.count, (low, high)), first, differing
    if revealed.count:
        message = f"{cells_in_words(revealed.count)} suppressed in one of this table and {where} stand as numbers in the other: the suppression is undone"
        remedy = "Suppress the same cells in both tables."
        yield finding("shown_elsewhere", severity, location_of(first, revealed), message, remedy, revealed.count), first, revealed
    for table, against, cells in ((first, second, linked[0]), (second, first, linked[1])):
        if cells.count:
            # of what has left already, the table of the request is named
            at = location_of(first, Seen(columns=cells.columns)) if table.release else location_of(table, cells)
            where = where_of([second if table.release else against])
            message = f"{cells_in_words(cells.count)} suppressed in one of this table and {where} follow from totals in the other: the suppression is undone"
            remedy = "Suppress one more cell of the same row or column in the table with the suppressed cell, or the total in the other."
            yield finding("linked", severity, at, message, remedy, cells.count), table, cells


def _link(views: tuple[View, View], linked: Seen) -> None:
    """Cells that the one table hides and that the totals of the other give away, where all sums and totals that both print are equal."""
    summed, printed = views
    for name, its in _columns(summed, printed).items() if summed.summed else ():
        sums, totals = summed.columns[name], printed.columns[its]
        both = [(number, total) for label, number in sums.items() if number is not None and (total := totals.get(label)) is not None]
        if len(both) < _FEWEST_ROWS or any(number != total for number, total in both):
            continue
        for label, gap in summed.gaps.get(name, {}).items():
            if (total := totals.get(label)) is not None and total >= gap.rest:
                linked.note(gap.place, gap.label)


def _compare(views: tuple[View, View], kin: Kinship, between: tuple[int, int], differing: Seen, revealed: Seen) -> None:
    """Add what two views give away."""
    one, other = views
    columns = _columns(one, other)
    cells = [(name, label) for name, its in columns.items() for label in one.columns[name] if label in other.columns[its]]
    rows = {label for _, label in cells}
    fewest = min(max(map(len, view.columns.values())) for view in views)
    if len(rows) < _FEWEST_ROWS or len(rows) < _SHARED * fewest:
        return
    known = [
        (name, label) for name, label in cells if one.columns[name][label] is not None and other.columns[columns[name]][label] is not None
    ]
    left = np.array([one.columns[name][label] for name, label in known], np.float64)
    right = np.array([other.columns[columns[name]][label] for name, label in known], np.float64)
    summed = one.summed or other.summed
    if not known or not _of_the_same_people(known, left, right, kin, summed=summed):
        return
    small = np.flatnonzero(_small(left, right, *between))
    for place in small.tolist():
        _note(differing, one, *known[place])
    differing.summed = differing.summed or (summed and len(small) > 0)
    if np.mean(left == right) >= _HALF:
        for name, label in cells:
            hidden = label in one.hidden.get(name, ()), label in other.hidden.get(columns[name], ())
            shown = other.columns[columns[name]][label] if hidden[0] else one.columns[name][label]
            if hidden[0] != hidden[1] and shown is not None:
                _note(revealed, one, name, label)


def _columns(one: View, other: View) -> dict[str, str]:
    """Headers of the one view with those of the other: the same ones, or the only one of each."""
    same = {name: name for name in one.columns if name in other.columns}
    if not same and len(one.columns) == len(other.columns) == 1:
        same = dict(zip(one.columns, other.columns, strict=True))
    return same


def _of_the_same_people(
    known: Sequence[tuple[str, str]], left: npt.NDArray[np.float64], right: npt.NDArray[np.float64], kin: Kinship, *, summed: bool
) -> bool:
    """True where the numbers are so close, and their differences of such a kind, that the tables are of overlapping people."""
    gaps = left - right
    changed = gaps != 0
    one_signed = bool(np.all(gaps >= 0) or np.all(gaps <= 0))
    if kin is Kinship.NESTED or not changed.any():
        return one_signed and (kin is not Kinship.UNSAID or len(known) >= _FEWEST_UNSAID)
    if not one_signed and (summed or np.mean(~changed) < _HALF):
        return False
    if summed:
        return chance_of_closeness(left, right) < _SUM_BY_CHANCE
    # columns that agree throughout say little where they are denominators, which tables of different things share
    told = np.array([not is_common(name) for name, _ in known])
    for name in {name for name, _ in known}:
        column = np.array([each == name for each, _ in known])
        told |= column & bool(changed[column].any())
    if kin is Kinship.UNSAID and (told.sum() < _FEWEST_UNSAID or np.mean(~changed[told]) < _HALF):
        return False
    unchanged = kin is Kinship.ALIKE and one_signed and np.mean(~changed) >= _HALF and np.sum(~changed) >= _FEWEST_ROWS
    return bool(unchanged) or chance_of_closeness(left[told], right[told]) < _BY_CHANCE[kin]


def _small(left: npt.NDArray[np.float64], right: npt.NDArray[np.float64], low: int, high: int) -> npt.NDArray[np.bool_]:
    """Differences in the range between counts that are themselves beyond it; smaller ones are for other checks."""
    gaps = np.abs(left - right)
    least = np.minimum(left, right)
    return np.asarray((gaps >= low) & (gaps <= high) & ((least > high) | (least == 0)), np.bool_)


def _revised(one: View, other: View) -> bool:
    """True where rows are periods, those that differ are the last ones of the earlier table, fewer than half, and none of them has become smaller."""
    last: dict[float, bool] = {}
    for name, its in _columns(one, other).items():
        for label, number in one.columns[name].items():
            span = span_of(label, "band")
            before = other.columns[its].get(label)
            if span is None or not span.axis.startswith("date"):
                return False
            if number is not None and before is not None:
                if number < before:
                    return False
                last[span.low] = last.get(span.low, False) or number > before
    changed = [last[period] for period in sorted(last)]
    return any(changed) and sum(changed) < _HALF * len(changed) and all(changed[changed.index(True) :])


def nested_inside(table: Told, low: int, high: int) -> Iterator[tuple[Finding, Seen]]:
    """Columns, or rows, of one table that count the same from different bounds on ("18+" beside "21+")."""
    view = table.views[0]
    seen = Seen()
    for one, other in _neighbours(view.names):
        labels = [label for label, number in view.columns[one].items() if number is not None and view.columns[other].get(label) is not None]
        for place in _steps([view.columns[one][label] for label in labels], [view.columns[other][label] for label in labels], low, high):
            _note(seen, view, other, labels[place])
    for name, column in view.columns.items():
        neighbours = list(_neighbours({label: label for label, number in column.items() if number is not None}))
        wider, narrower = [column[one] for one, _ in neighbours], [column[other] for _, other in neighbours]
        for place in _steps(wider, narrower, low, high):
            _note(seen, view, name, neighbours[place][1])
    if seen.count:
        message = (
            f"groups that begin at different bounds and hold each other differ by {low} to {high} people in {cells_in_words(seen.count)}"
        )
        yield finding("nested", Severity.MEDIUM, location_of(table, seen), message, _REMEDY, seen.count, (low, high)), seen


def _neighbours(texts: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Keys of texts that are the same but for their bound, each with the next higher one."""
    groups: dict[str, list[tuple[int, str]]] = {}
    for key, text in texts.items():
        if (bound := lowest(text)) is not None:
            groups.setdefault(without_bound(text), []).append((bound, key))
    for group in groups.values():
        group.sort()
        yield from ((one, other) for (_, one), (_, other) in pairwise(group))


def _steps(wider: Sequence[float | None], narrower: Sequence[float | None], low: int, high: int) -> list[int]:
    """Places at which the wider group holds a few people more; none where it does not hold the narrower one everywhere."""
    left, right = np.array(wider, np.float64), np.array(narrower, np.float64)
    if not len(left) or not np.all(left >= right):
        return []
    return [int(place) for place in np.flatnonzero(_small(left, right, low, high))]


def _note(seen: Seen, view: View, name: str, label: str) -> None:
    seen.note(view.places.get(label), view.labels[name])


__all__ = ["nested_inside", "of_pair"]
