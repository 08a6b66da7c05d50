"""Cells of different tables side by side: by their labels, by sums over the labels that only one of them has, and by what their names say."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum

from sdc_airlock.model.carried import CarriedTable
from sdc_airlock.recognise.lexicon import is_total, normalise

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
class View:
    """The counts of one table by label: as printed, or summed over some of its labels.

    Attributes:
        columns: For each header (normalised) its counts by row label; None where the cell is hidden or blank.
        hidden: The same, labels of the cells that hold a suppression marker.
        labels: For each header what may be shown of it; names: the header itself.
        places: For each row label its row in the file or sheet; empty for a sum.
    """

    columns: dict[str, dict[str, float | None]]
    hidden: dict[str, frozenset[str]]
    labels: dict[str, str]
    names: dict[str, str]
    places: dict[str, int]
    summed: bool = False


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
            summed = _summed(table, place, {normalise(column.name)[0] or f"column {column.index}": column.people for column in counted})
            if summed:
                yield View(columns=summed, hidden={}, labels=labels, names=names, places={}, summed=True)
    if _all_classes(columns):
        across = {key: _sum([column[key] for column in columns.values()]) for key in keys if key}
        first = next(iter(labels.values()))
        yield View(columns={"total": across}, hidden={}, labels={"total": first}, names={"total": ""}, places={}, summed=True)


def _all_classes(columns: dict[str, dict[str, float | None]]) -> bool:
    """True where the columns are the classes of one thing, so that each row adds up to everybody in it."""
    names = frozenset(columns)
    return names in _SEXES or (len(names) > 1 and all(_BAND.fullmatch(name) for name in names))


def _sum(numbers: Sequence[float | None]) -> float | None:
    known = [number for number in numbers if number is not None]
    return sum(known) if len(known) == len(numbers) else None


def _summed(table: CarriedTable, place: int, columns: dict[str, tuple[float | None, ...]]) -> dict[str, dict[str, float | None]]:
    """Sums over all rows with the same label in one column; rows of totals are left out, and sums with a gap are unknown."""
    groups: dict[str, list[int]] = {}
    for row, labels in enumerate(table.rows):
        if row not in table.margins and not any(is_total(label) for label in labels):
            groups.setdefault(_key((labels[place],)), []).append(row)
    if len(groups) < 2:
        return {}
    found: dict[str, dict[str, float | None]] = {}
    for name, people in columns.items():
        found[name] = {}
        for key, rows in groups.items():
            found[name][key] = _sum([people[row] for row in rows])
    return found


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
    words = [" ".join(label.lower().split()) for label in labels]
    return " | ".join("total" if word and is_total(word) else word for word in words) if any(words) else ""


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
    return Kinship.UNSAID


def _period(word: str) -> bool:
    return word in _PERIODS or _YEAR.fullmatch(word) is not None or _NUMBERED.fullmatch(word) is not None


def lowest(text: str) -> int | None:
    """The bound in "18+", "aged 21 and over", ">= 65"; None where there is none, or more than one."""
    found = {int(match[1] or match[2]) for match in _ABOVE.finditer(text)}
    return found.pop() if len(found) == 1 else None


def without_bound(text: str) -> str:
    """The same text without its bound, to compare the rest of it."""
    return normalise(_ABOVE.sub(" ", text))[0]


__all__ = ["Kinship", "View", "is_common", "kinship", "lowest", "said_of", "views_of", "without_bound"]
