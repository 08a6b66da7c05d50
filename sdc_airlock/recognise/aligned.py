"""Cells of different tables side by side: by their labels, by sums over the labels that only one of them has, and by what their names say."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from functools import lru_cache
from itertools import accumulate, pairwise

from sdc_airlock.model.carried import CarriedColumn, CarriedTable
from sdc_airlock.recognise.lexicon import is_total, normalise
from sdc_airlock.recognise.spans import OLDEST, Span, span_of

# words in names and titles that do not say what a table is of
_NEUTRAL = frozenset(
    "table tables tab t tbl fig figure sheet v ver version final rev revised revision copy new old draft updated update release released output outputs"
    " result results corrected correction rerun run part csv xlsx the of and by in for".split()
)
_INCLUSION = frozenset(
    "all overall total full everyone whole excl excluding exclude excluded exclusion exclusions without minus only restricted subset complete sensitivity pp itt".split()
)
_NESTING = _INCLUSION | frozenset(
    "no ex main case cases analysis per protocol intention treat eligible final analytic consented population".split()
)
_EVERYBODY = frozenset("all overall total full everyone everybody whole".split())
# parts of everybody: their table beside one of all is nested in it
_SUBSETS = frozenset(
    "adult adults child children women men woman man female females male males girls boys elderly older younger paediatric pediatric paediatrics pediatrics".split()
)
_UNITS = frozenset("week wk month wave round quarter q day visit year y m w timepoint".split())
_SEXES = (
    frozenset({"women", "men"}),
    frozenset({"female", "male"}),
    frozenset({"females", "males"}),
    frozenset({"f", "m"}),
    frozenset({"girls", "boys"}),
    frozenset({"yes", "no"}),
)
_BAND = re.compile(r"(?:age_?)?(?:\d{1,3}_(?:to_)?\d{1,3}|\d{1,3}(?:_?plus)?|under_\d{1,3}|over_\d{1,3})(?:_years?)?")
_PERIODS = frozenset(
    "jan feb mar apr may jun jul aug sep sept oct nov dec january february march april june july august september october november december"
    " spring summer autumn winter q1 q2 q3 q4 h1 h2 baseline followup".split()
)
_NUMBERED = re.compile(rf"(?:{'|'.join(_UNITS)})\d{{1,2}}")
_YEAR = re.compile(r"(?:19|20)\d{2}")
_STAMP = re.compile(
    r"(?<!\d)(?:19|20)\d{2}[-_.]?(?:0[1-9]|1[0-2])[-_.]?(?:0[1-9]|[12]\d|3[01])(?!\d)(?:[-_T]?\d{4,6}(?!\d))?|\bv\d{1,3}(?:\.\d{1,3})*\b"
)
_ABOVE = re.compile(
    r"(?<![\d-])(\d{1,3})\s*(?:\+|plus\b|(?:years? )?(?:and|or) (?:over|older|above|more)\b)|(?:>=|\u2265|\bover|\babove)[\s_]*(\d{1,3})(?![\d-])",
    re.IGNORECASE,
)
_COMMON = frozenset({"n", "total", "all", "population", "denominator", "overall", "base", "n_total", "eligible", "list_size"})


class Kinship(IntEnum):
    """What the names of two tables say of how they belong together."""

    APART = 0
    UNSAID = 1
    NESTED = 2
    ALIKE = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A sum in which one cell is unknown.

    Attributes:
        rest: The sum of the other cells.
        label: What may be shown of the header of the unknown cell; place: its row in the file or sheet.
    """

    rest: float
    label: str
    place: int


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """The counts of one table by label: as printed, or summed over some of its labels.

    Attributes:
        columns: For each header (normalised) its counts by row label; None where the cell is hidden or blank.
        hidden: The same, labels of the cells that hold a suppression marker.
        gaps: For each header of a sum, by row label, the one cell that is unknown in it.
        labels: For each header what may be shown of it; names: the header itself.
        places: For each row label its row in the file or sheet; empty for a sum.
    """

    columns: dict[str, dict[str, float | None]]
    hidden: dict[str, frozenset[str]]
    labels: dict[str, str]
    names: dict[str, str]
    places: dict[str, int]
    summed: bool = False
    gaps: dict[str, dict[str, Gap]] = field(default_factory=dict)


def views_of(table: CarriedTable) -> Iterator[View]:
    """A table as printed, and summed to each of its columns of labels where it has several."""
    keys = _keys(table.rows)
    if keys is None:
        return
    counted = [column for column in table.columns if column.people and any(number is not None for number in column.people)]
    if not counted:
        return
    columns, hidden, labels, names = {}, {}, {}, {}
    for column in counted:
        name = normalise(column.name)[0] or f"column {column.index}"
        if name in columns:
            continue
        columns[name] = {key: number for key, number in zip(keys, column.people, strict=True) if key}
        hidden[name] = frozenset(keys[row] for row in column.hidden)
        labels[name], names[name] = column.label, column.name
    yield View(columns=columns, hidden=hidden, labels=labels, names=names, places=dict(zip(keys, table.places, strict=True)))
    if len(table.stub) > 1:
        for place in range(len(table.stub)):
            groups = _groups(table, place)
            if len(groups) > 1:
                yield _over_rows(table, groups, counted, (labels, names))
    if _all_classes(columns):
        yield _over_columns(columns, labels, dict(zip(keys, table.places, strict=True)))


def _over_rows(
    table: CarriedTable, groups: dict[str, list[int]], counted: Sequence[CarriedColumn], words: tuple[dict[str, str], dict[str, str]]
) -> View:
    """Sums of each column over groups of rows."""
    columns: dict[str, dict[str, float | None]] = {}
    gaps: dict[str, dict[str, Gap]] = {}
    for column in counted:
        name = normalise(column.name)[0] or f"column {column.index}"
        if name in columns:
            continue
        columns[name], gaps[name] = {}, {}
        for key, rows in groups.items():
            known = [number for row in rows if (number := column.people[row]) is not None]
            columns[name][key] = sum(known) if len(known) == len(rows) else None
            if len(known) == len(rows) - 1:
                place = next(table.places[row] for row in rows if column.people[row] is None)
                gaps[name][key] = Gap(rest=sum(known), label=column.label, place=place)
    return View(columns=columns, hidden={}, labels=words[0], names=words[1], places={}, summed=True, gaps=gaps)


def _over_columns(columns: dict[str, dict[str, float | None]], labels: dict[str, str], places: dict[str, int]) -> View:
    """Sums of each row over columns that are the classes of one thing."""
    sums: dict[str, float | None] = {}
    gaps: dict[str, Gap] = {}
    for key in next(iter(columns.values())):
        known = {name: number for name, column in columns.items() if (number := column[key]) is not None}
        sums[key] = sum(known.values()) if len(known) == len(columns) else None
        if len(known) == len(columns) - 1:
            missing = next(name for name in columns if name not in known)
            gaps[key] = Gap(rest=sum(known.values()), label=labels[missing], place=places[key])
    first = next(iter(labels.values()))
    return View(
        columns={"total": sums}, hidden={}, labels={"total": first}, names={"total": ""}, places={}, summed=True, gaps={"total": gaps}
    )


def _all_classes(columns: dict[str, dict[str, float | None]]) -> bool:
    """True where the columns are the classes of one thing, so that each row adds up to everybody in it."""
    names = frozenset(columns)
    return names in _SEXES or (len(names) > 1 and all(_BAND.fullmatch(name) for name in names))


def _groups(table: CarriedTable, place: int) -> dict[str, list[int]]:
    """Rows by their label in one column; rows of totals are left out."""
    groups: dict[str, list[int]] = {}
    for row, labels in enumerate(table.rows):
        if row not in table.margins and not any(is_total(label) for label in labels) and (key := _key((labels[place],))):
            groups.setdefault(key, []).append(row)
    return groups


def _keys(rows: Sequence[tuple[str, ...]]) -> list[str] | None:
    """One label a row; None where the rows have none, or the same one stands more than once."""
    keys = [_key(labels) for labels in rows]
    filled = [key for key in keys if key]
    if not filled or len(set(filled)) < len(filled):
        keys = _numbered(keys)
    return keys if filled else None


def _numbered(keys: Sequence[str]) -> list[str]:
    """Labels that stand again ("yes", "no" below each question) told apart by the unrepeated label above them, or by their number."""
    repeated = {key for key, times in Counter(keys).items() if times > 1}
    above, seen, told = "", dict[str, int](), []
    for key in keys:
        if key not in repeated:
            above = key
        full = f"{above} > {key}" if key in repeated else key
        seen[full] = seen.get(full, 0) + 1
        told.append(full if seen[full] == 1 else f"{full} ({seen[full]})")
    return told


def _key(labels: Iterable[str]) -> str:
    words = [_said(label) for label in labels]
    return " | ".join(words) if any(words) else ""


@lru_cache(maxsize=20_000)
def _said(label: str) -> str:
    """A label in the form in which it is compared: totals alike, and bands however they are written."""
    words = " ".join(label.lower().split())
    if words and is_total(words):
        return "total"
    span = span_of(words, "band")
    if span is None or span.axis not in ("age", "band"):
        return words
    return f"{span.low:g}+" if span.high >= OLDEST else f"{span.low:g}-{span.high - 1:g}"


def cuts_of(view: View) -> dict[str, tuple[float, dict[float, float]]]:
    """For each header the first bound, and how many people there are from it up to the end of each band; none where rows are no bands side by side."""
    found: dict[str, tuple[float, dict[float, float]]] = {}
    for name, column in {} if view.summed else view.columns.items():
        if bands := _side_by_side(column):
            totals = accumulate(number for _, number in bands)
            found[name] = bands[0][0].low, {span.high: total for (span, _), total in zip(bands, totals, strict=True)}
    return found


def _side_by_side(column: dict[str, float | None]) -> list[tuple[Span, float]]:
    """The bands of a column of numbers in their order, where its rows are nothing else and leave no gap."""
    bands = []
    for label, number in column.items():
        span = span_of(label, "band")
        if label != "total" and (span is None or span.axis != "band" or number is None):
            return []
        if span is not None and number is not None:
            bands.append((span, number))
    bands.sort()
    return bands if all(one.high == other.low for (one, _), (other, _) in pairwise(bands)) else []


def recut(one: View, other: View) -> tuple[View, View] | None:
    """Two views whose bands are cut differently, summed to the bounds that both have; None where they are cut alike, or have too few bounds in common."""
    first, second = cuts_of(one), cuts_of(other)
    pairs = [(name, name) for name in first if name in second] or list(zip(first, second, strict=False))[: len(first) == len(second) == 1]
    columns: tuple[dict[str, dict[str, float | None]], dict[str, dict[str, float | None]]] = ({}, {})
    for name, its in pairs:
        (start, sums), (its_start, its_sums) = first[name], second[its]
        common = sorted(sums.keys() & its_sums.keys())
        if start != its_start or len(common) < 2 or sums.keys() == its_sums.keys():
            continue
        for column, found in zip(columns, (sums, its_sums), strict=True):
            ends = [(0.0, 0.0), *((end, found[end]) for end in common)]
            column[name] = {f"up to {end:g}": total - before for (_, before), (end, total) in pairwise(ends)}
    if not columns[0]:
        return None
    labels = {name: one.labels[name] for name in columns[0]}
    left, right = (View(columns=column, hidden={}, labels=labels, names=labels, places={}, summed=True) for column in columns)
    return left, right


def is_common(header: str) -> bool:
    """True for headers of denominators, which tables of different things share."""
    return header in _COMMON


def said_of(name: str, title: str = "") -> tuple[str, ...]:
    """Words of a name and a title that say what a table is of; stamps of dates and versions are left out, numbers of weeks and waves kept with their unit."""
    stem = re.sub(r"(?:\.[A-Za-z][A-Za-z0-9]{0,7}){1,2}$", "", name)
    words = normalise(_STAMP.sub(" ", f"{stem} {title}".replace("_", " ")))[1]
    said: list[str] = []
    for word in words:
        if said and said[-1] in _UNITS and word.isdecimal():
            said[-1] += word
        elif word not in _NEUTRAL:
            said.append(word)
    return tuple(said)


def kinship(first: Sequence[str], second: Sequence[str]) -> Kinship:
    """What two lists of words say: the same, the same with words of inclusion, nothing clear, or different periods."""
    left, right = set(first) - set(second), set(second) - set(first)
    if not left and not right:
        return Kinship.ALIKE
    if any(map(_period, left)) and any(map(_period, right)):
        return Kinship.APART
    others = left | right
    if others & _INCLUSION and others <= _NESTING:
        return Kinship.NESTED
    if any(one and one <= _EVERYBODY and other and other <= _SUBSETS for one, other in ((left, right), (right, left))):
        return Kinship.NESTED
    return Kinship.UNSAID


def name_without_inclusion(words: Sequence[str]) -> tuple[str, ...]:
    """The words of a name by which tables of the same or of nested people are found: the same ones, whatever they say of who is counted."""
    return tuple(sorted(set(words) - _NESTING - _SUBSETS - _EVERYBODY))


def _period(word: str) -> bool:
    return word in _PERIODS or _YEAR.fullmatch(word) is not None or _NUMBERED.fullmatch(word) is not None


def lowest(text: str) -> int | None:
    """The bound in "18+", "aged 21 and over", ">= 65"; None where there is none, or more than one."""
    found = {int(match[1] or match[2]) for match in _ABOVE.finditer(text)}
    return found.pop() if len(found) == 1 else None


def without_bound(text: str) -> str:
    """The same text without its bound, to compare the rest of it."""
    return normalise(_ABOVE.sub(" ", text))[0]


__all__ = [
    "Gap",
    "Kinship",
    "View",
    "cuts_of",
    "is_common",
    "kinship",
    "lowest",
    "name_without_inclusion",
    "recut",
    "said_of",
    "views_of",
    "without_bound",
]
