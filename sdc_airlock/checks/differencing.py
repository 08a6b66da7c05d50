"""Differencing: two published tables of nearly the same people give away those in whom they differ."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations, pairwise

import numpy as np
import numpy.typing as npt

from sdc_airlock.checks import Params, RequestSubject, Subject, check
from sdc_airlock.model.assessment import Assessment
from sdc_airlock.model.finding import DisclosureKind, Finding, Location, Redacted, Severity, Statbarn
from sdc_airlock.recognise.aligned import Kinship, View, is_common, kinship, lowest, said_of, views_of, without_bound
from sdc_airlock.stats.differences import chance_of_closeness, common_multiple

_ID = "differencing"
_FEWEST_ROWS = 2
_FEWEST_UNSAID = 4
_SHARED = 0.5
# how unlikely it has to be that tables are as close as this by chance: more so where nothing but their numbers says that they belong together
_BY_CHANCE = {Kinship.ALIKE: 0.02, Kinship.UNSAID: 1e-6}
_SUM_BY_CHANCE = 1e-3
_HALF = 0.5
_MOST_PAIRS = 20_000
_PLACES = 50
_REMEDY = (
    "Publish the table for one of the two groups of people only; or round both to the same base; or suppress the cells that differ, in whichever table "
    "has not left yet, and one more cell of each row and column."
)
_LINKED_REMEDY = "Suppress one more cell of the same row or column in the table with the suppressed cell, or the total in the other."


@dataclass(slots=True)
class _Told:
    """One table as it is compared.

    Attributes:
        address: Its part, with the path of its file.
        release: 0 for the request, 1 for anything earlier.
        words, folder: What its name and title say, and what the folders that it lies in say.
        text: The same name and title as they are.
    """

    address: str
    path: str
    release: int
    file_id: str
    words: tuple[str, ...]
    folder: tuple[str, ...]
    views: tuple[View, ...]
    text: str


@dataclass(slots=True)
class _Seen:
    """Cells of one pair of tables whose difference, or whose hidden value, is given away.

    Attributes:
        summed: True where it takes a sum to see it.
    """

    summed: bool = False
    rows: dict[str, None] = field(default_factory=dict)
    columns: dict[str, None] = field(default_factory=dict)
    count: int = 0


def _request(request: RequestSubject, params: Params) -> Iterator[Finding]:
    """The tables of a request with each other and with those of earlier releases."""
    yield from _not_compared(request)
    tables = [*_told(request.assessments, 0), *_told(request.earlier, 1)]
    low, high = params["suppressed_counts"]
    for table in tables:
        if table.release == 0:
            yield from _nested_inside(table, low, high)
    pairs = _pairs(tables)
    if len(pairs) > _MOST_PAIRS:
        severity = Severity.MEDIUM if request.earlier else Severity.LOW
        message = f"{len(pairs):,} pairs of tables have rows in common, more than are compared with each other ({_MOST_PAIRS:,})"
        yield _finding("not_compared", severity, Location(part_id=""), message, "Submit fewer tables at a time.")
    for first, second in pairs[:_MOST_PAIRS]:
        yield from _of_pair(first, second, low, high)


def _not_alone(subject: Subject) -> bool:
    del subject
    return False


@check(
    id="differencing",
    version=1,
    rules=("suppressed_counts",),
    severity=Severity.HIGH,
    statbarn=Statbarn.LINKED_MULTILEVEL_TABLES,
    on_request=_request,
    applies=_not_alone,
)
def differencing(subject: Subject, params: Params) -> Iterator[Finding]:
    """Two published tables differ by so few people that their difference describes those few.

    ## What it flags
    Tables of one request, and of a request and earlier releases of the project (`--earlier`), whose cells stand under the same labels and differ by a number in
    the suppressed range: the same table made again with a few people more or less; populations of which one holds the other (18 and over, 21 and over; all, and
    all but those excluded), also as columns of one table; sums over groups against the totals that another table prints. Cells that one table suppresses and
    another one of the same people shows, or gives away by its totals. Tables that could not be compared are named.

    ## Why it discloses
    What is subtracted is a table of its own: of the people in the one group and not in the other. Each of the two tables may be safe, and their difference a
    single person, known to whoever knows what was changed.

    ## Example flagged
    A table of patients by region, released in spring, and the same table in summer with four patients fewer in one region, all other regions unchanged.

    ## Example passed
    The same layout for another year, another hospital or another disease: the numbers differ everywhere, and nobody is in both.

    ## Blind spots
    Tables under other words for the same groups are not aligned. Tables whose names, titles and numbers all leave open whether they are of the same people are
    taken for tables of different people. Means, sums and model estimates are not subtracted. Figures are not read. Counts that were rounded to a base are passed.

    ## Sources
    - Handbook on Statistical Disclosure Control for Outputs, sections on differencing and on linked tables, 2019.
    - SACRO statbarns: risk "Differencing", check PresenceOfLinkedTable (2026).
    - OpenSAFELY documentation: small differences between results of the same study run again are subject to small number suppression (2026).
    """
    del subject, params
    yield from ()


def _told(assessments: Sequence[Assessment], release: int) -> Iterator[_Told]:
    for assessment in assessments:
        folder, _, name = assessment.path.rpartition("/")
        for table in assessment.published:
            views = tuple(views_of(table))
            if views and not _rounded(views[0]):
                inside = re.sub(r"#table\d+$", "", table.part_id.removeprefix(name))
                yield _Told(
                    address=f"{folder}/{table.part_id}" if folder else table.part_id,
                    path=assessment.path,
                    release=release,
                    file_id=assessment.file_id,
                    words=said_of(name, f"{inside} {table.title}"),
                    folder=said_of(folder),
                    views=views,
                    text=f"{name} {inside} {table.title}",
                )


def _rounded(view: View) -> bool:
    """True where all counts are multiples of one base: their differences say nothing exact."""
    counts = [number for column in view.columns.values() for number in column.values() if number is not None]
    return common_multiple(np.array(counts)) > 1


def _pairs(tables: Sequence[_Told]) -> list[tuple[_Told, _Told]]:
    """Pairs with rows in common, one of them at least in the request; equal files are no pair."""
    by_label: dict[str, list[int]] = {}
    for number, table in enumerate(tables):
        for label in {label for view in table.views for column in view.columns.values() for label in column}:
            by_label.setdefault(label, []).append(number)
    shared: dict[tuple[int, int], int] = {}
    for numbers in by_label.values():
        for pair in combinations(numbers, 2):
            shared[pair] = shared.get(pair, 0) + 1
    found = []
    for (one, other), count in shared.items():
        first, second = tables[one], tables[other]
        same_file = first.file_id == second.file_id and first.release != second.release
        if count >= _FEWEST_ROWS and first.release + second.release < 2 and not same_file:
            found.append((first, second))
    return found


def _of_pair(first: _Told, second: _Told, low: int, high: int) -> Iterator[Finding]:
    """What two tables give away together; one finding for each way."""
    kin = _kin(first, second)
    if kin is Kinship.APART:
        return
    differing, revealed, linked = _Seen(), _Seen(), _Seen()
    for one in first.views:
        for other in second.views:
            if not (one.summed and other.summed):
                _compare((one, other), kin, (low, high), differing, revealed)
                _link((one, other), linked)
    severity = Severity.HIGH if second.release else Severity.MEDIUM
    where = f"{second.address} of an earlier release" if second.release else second.address
    if differing.count:
        rule = "sum" if differing.summed else "nested" if kin is Kinship.NESTED else "same_table"
        what = "its sums over groups, or its cells, differ" if differing.summed else "its cells differ"
        message = f"{what} from those under the same labels in {where} by {low} to {high} people in {_places(differing.count)}: the difference is a count of those few"
        yield _finding(rule, severity, _location(first, differing), message, _REMEDY, differing.count, (low, high))
    if revealed.count:
        message = f"{_places(revealed.count)} suppressed in one of this table and {where} stand as numbers in the other: the suppression is undone"
        yield _finding(
            "shown_elsewhere", severity, _location(first, revealed), message, "Suppress the same cells in both tables.", revealed.count
        )
    if linked.count:
        message = f"{_places(linked.count)} suppressed in one of this table and {where} follow from totals in the other: the suppression is undone"
        yield _finding("linked", severity, _location(first, linked), message, _LINKED_REMEDY, linked.count)


def _link(views: tuple[View, View], linked: _Seen) -> None:
    """Cells that one table hides and that the totals of the other give away, where all sums and totals that both print are equal."""
    for summed, printed in (views, views[::-1]):
        if not summed.summed:
            continue
        for name, its in _columns(summed, printed).items():
            sums, totals = summed.columns[name], printed.columns[its]
            both = [(number, total) for label, number in sums.items() if number is not None and (total := totals.get(label)) is not None]
            if len(both) < _FEWEST_ROWS or any(number != total for number, total in both):
                continue
            for label, gap in summed.gaps.get(name, {}).items():
                if (total := totals.get(label)) is not None and total >= gap.rest:
                    linked.rows[str(gap.place) if summed is views[0] else ""] = None
                    linked.columns[gap.label] = None
                    linked.count += 1


def _kin(first: _Told, second: _Told) -> Kinship:
    """What names, titles and folders say of how two tables belong together."""
    older, younger = lowest(first.text), lowest(second.text)
    if older is not None and younger is not None and older != younger and without_bound(first.text) == without_bound(second.text):
        return Kinship.NESTED
    kin = kinship(first.words, second.words)
    folders = kinship(first.folder, second.folder)
    if Kinship.APART in (kin, folders):
        return Kinship.APART
    # within a request a name that stands again says nothing: the tables are of one file, or of folders that differ
    again = first.release == second.release and (first.path == second.path or folders is not Kinship.ALIKE)
    return Kinship.UNSAID if again and kin is Kinship.ALIKE else kin


def _compare(views: tuple[View, View], kin: Kinship, between: tuple[int, int], differing: _Seen, revealed: _Seen) -> None:
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


def _nested_inside(table: _Told, low: int, high: int) -> Iterator[Finding]:
    """Columns, or rows, of one table that count the same from different bounds on ("18+" beside "21+")."""
    view = table.views[0]
    seen = _Seen()
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
        message = f"groups that begin at different bounds and hold each other differ by {low} to {high} people in {_places(seen.count)}"
        yield _finding("nested", Severity.MEDIUM, _location(table, seen), message, _REMEDY, seen.count, (low, high))


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


def _note(seen: _Seen, view: View, name: str, label: str) -> None:
    seen.rows[str(view.places.get(label, ""))] = None
    seen.columns[view.labels[name]] = None
    seen.count += 1


def _location(table: _Told, seen: _Seen) -> Location:
    rows = sorted(int(row) for row in seen.rows if row)
    return Location(part_id=table.address, rows=tuple(rows[:_PLACES]), columns=tuple(seen.columns)[:_PLACES])


def _not_compared(request: RequestSubject) -> Iterator[Finding]:
    """Tables that were too large to be compared, and files of earlier releases that were not read to their end."""
    severity = Severity.MEDIUM if request.earlier else Severity.LOW
    several = len(request.assessments) + len(request.earlier) > 1
    for assessments, earlier in ((request.assessments, False), (request.earlier, True)):
        for assessment in assessments:
            if several and any(table.overflow for table in assessment.published):
                message = "a table of it is too large to be compared with other tables"
                yield _finding(
                    "not_compared",
                    severity,
                    Location(part_id=assessment.path),
                    message,
                    "Submit a smaller table, or ask the checker to compare it.",
                )
            if earlier and not assessment.complete:
                message = "this file of an earlier release was not read to its end, so nothing was compared with the rest of it"
                yield _finding(
                    "not_compared",
                    severity,
                    Location(part_id=assessment.path),
                    message,
                    "Give the earlier release as it left, in formats that can be read.",
                )


def _places(count: int) -> str:
    return f"{count:,} cell{'' if count == 1 else 's'}"


def _finding(  # noqa: PLR0917 - one for each field that differs
    rule: str,
    severity: Severity,
    location: Location,
    message: str,
    remedy: str,
    count: int = 1,
    between: tuple[int, int] | None = None,
) -> Finding:
    return Finding(
        check_id=_ID,
        rule=rule,
        severity=severity,
        kind=DisclosureKind.SECONDARY,
        statbarn=Statbarn.LINKED_MULTILEVEL_TABLES,
        location=location,
        message=message,
        remedy=remedy,
        count=count,
        evidence=(Redacted(shape=f"difference from {between[0]} to {between[1]}", count=count),) if between else (),
    )
