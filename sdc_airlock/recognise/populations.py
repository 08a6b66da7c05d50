"""Cells of tables by the people they count, so that cells of different tables can be set against each other.

A cell is named by its *condition*: the labels that narrow it down, whatever column, row or header of whichever table they stand in. Labels of totals narrow
nothing down. Bands, dates and codes are stretches (`Span`), which nest and overlap.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

from sdc_airlock.model.carried import CarriedColumn, CarriedTable
from sdc_airlock.recognise.lexicon import is_total, normalise
from sdc_airlock.recognise.spans import Span, axis_of, span_of
from sdc_airlock.stats.differences import behind_rounding

Atom: TypeAlias = str | Span
Condition: TypeAlias = frozenset[Atom]

EVERYBODY: Condition = frozenset()
# headers that say no more than that people are counted
_BARE = frozenset(
    "n count counts freq frequency number num no value values cases_n n_obs obs people persons patients participants individuals subjects size _size n_patients"
    " n_people n_participants number_of_patients number_of_people patient_count num_patients".split()
)
_SEXES = frozenset("women men girls boys".split())
# the same people in other words
_LINKING = frozenset("of the in with".split())
_ALSO = {"female": "women", "females": "women", "woman": "women", "male": "men", "males": "men", "man": "men"}
_SEX_HEADERS = frozenset("sex gender".split())
_SEX_CODES = {"f": "women", "m": "men"}
_HEADER_N = re.compile(r"[(\[,;]?\s{0,9}\bn\s{0,9}[=:]\s{0,9}\d[\d,.\s]*+[)\]]?", re.IGNORECASE)
_APART = re.compile(r"[\s\-_/.,;:()\[\]'\"\u2010-\u2015]+")
_GENERIC = frozenset({"yes", "no", "y", "n", "true", "false", "unknown", "missing", "other", "others", "none", "na", "n/a", "not known", "not stated", "not recorded"})  # fmt: skip


class Cell(NamedTuple):
    """One cell of people.

    `row` is its row in the file, `label` what may be shown of its header; `number` is None for a hidden or rounded one; `low` and `high` are what the cell alone
    tells. `rounded` is the number of a rounded one, and `base` the multiple that it was rounded to, -6 for midpoints of sixes.
    """

    table: int
    row: int
    label: str
    number: float | None
    low: float
    high: float
    rounded: float | None = None
    base: int = 0

    def between(self, *, either_way: bool = False) -> tuple[float, float]:
        """What the cell alone tells, where rounding may have gone either way, too."""
        return (self.low, self.high) if self.rounded is None else behind_rounding(self.rounded, self.base, either_way=either_way)


class Line(NamedTuple):
    """Cells that, all together, may be everybody of a condition."""

    whole: Condition
    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Family:
    """The lines of one way in which a table divides people (a column of labels, or the header).

    Attributes:
        axis: The axis of its stretches, "" where it divides by names.
    """

    table: int
    axis: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Listed:
    """One table: its cells by condition (those of which the condition stands twice are left out), and how they may add up."""

    cells: dict[Condition, Cell]
    families: tuple[Family, ...]
    axes: frozenset[str] = field(default=frozenset())


class _Row(NamedTuple):
    """The labels of a row: those of all columns, and the condition they come to; the number of the block it stands in."""

    atoms: tuple[Atom | None, ...]
    condition: Condition
    block: int


def listed(table: CarriedTable, number: int, *, about: str = "", base: int = 0) -> Listed | None:
    """The cells of one table by the people they count; None where it counts nobody or has no labels.

    Args:
        table: The table as it is carried.
        number: What it is to be called.
        about: Its name and title, which may say what its bands divide.
        base: Multiple that its counts were rounded to, -6 for midpoints of sixes, 0 where they were not.
    """
    counted = [column for column in table.columns if column.people and any(people is not None for people in column.people)]
    if not counted or not table.rows:
        return None
    rows, implied = _rows(table, counted, about)
    across = _across(counted, f"{about} {' '.join(column.name for column in counted)}")
    grid = {atom: [_joined(row.condition, atom) for row in rows] for atom in dict.fromkeys(across)}
    cells, twice = dict[Condition, Cell](), set[Condition]()
    for column, atom in zip(counted, across, strict=True):
        conditions = grid[atom]
        for place, cell in _cells(column, table, number, base):
            condition = conditions[place]
            if condition is None or condition in cells:
                twice.update(() if condition is None else (condition,))
                continue
            cells[condition] = cell
    for condition in twice:
        del cells[condition]
    families = tuple(family for family in _families(rows, grid, implied, number) if family.lines)
    spans = {atom for row in rows for atom in row.atoms if isinstance(atom, Span)} | {atom for atom in across if isinstance(atom, Span)}
    axes = frozenset(span.axis for span in spans)
    return Listed(cells, families, axes) if cells else None


def _joined(condition: Condition, atom: Atom | None) -> Condition | None:
    """A condition narrowed down by one more label; None where two stretches of one axis would stand in it."""
    if atom is None:
        return condition
    if isinstance(atom, Span) and any(isinstance(other, Span) and other.axis == atom.axis for other in condition):
        return None
    return condition | {atom}


def _cells(column: CarriedColumn, table: CarriedTable, number: int, base: int) -> Iterator[tuple[int, Cell]]:
    """The rows in which a column holds a count or a marker."""
    for row, people in enumerate(column.people):
        if people is not None and base:
            low, high = behind_rounding(people, base)
            yield row, Cell(number, table.places[row], column.label, None, low, high, people, base)
        elif people is not None:
            yield row, Cell(number, table.places[row], column.label, people, people, people)
    said = column.most or (None,) * len(column.hidden)
    for row, least, most in zip(column.hidden, column.least or (0.0,) * len(column.hidden), said, strict=True):
        if row < len(column.people) and column.people[row] is None:
            yield row, Cell(number, table.places[row], column.label, None, least or 0.0, float("inf") if most is None else most)


def _across(counted: Sequence[CarriedColumn], about: str) -> list[Atom | None]:
    """What the header of each column narrows down."""
    axis = axis_of("", about)
    found: list[Atom | None] = []
    for column in counted:
        header = _HEADER_N.sub(" ", column.name).strip()
        span = span_of(header, axis)
        name = " ".join(word for word in normalise(header)[1] if word not in _BARE and word not in _LINKING)
        name = _ALSO.get(name, name)
        if span is not None:
            found.append(span)
        elif not name or is_total(header) or (len(counted) == 1 and name not in _SEXES):
            found.append(None)
        else:
            found.append(name)
    return found


def _rows(table: CarriedTable, counted: Sequence[CarriedColumn], about: str) -> tuple[list[_Row], tuple[tuple[int, int], ...]]:
    """The labels of each row, and the pairs of columns of labels of which the second says all that the first says."""
    empty = [all(column.people[row] is None and row not in column.hidden for column in counted) for row in range(len(table.rows))]
    headed = len(table.stub) == 1 and any(empty)
    heading, block = "", 0
    raw: list[tuple[tuple[Atom | None, ...], int]] = []
    filled = [_filled_down(table, place) for place in range(len(table.stub))]
    known: dict[tuple[str, str], Atom | None] = {}
    for row in range(len(table.rows)):
        if headed and empty[row] and (label := table.rows[row][0].strip()):
            heading, block = label, block + 1
            raw.append(((None,), block))
            continue
        atoms = []
        for place, header in enumerate(table.stub):
            key = heading or header, filled[place][row]
            if key not in known:
                known[key] = _atom(*key, about)
            atoms.append(known[key])
        raw.append((tuple(atoms), block))
    implied = _implied([atoms for atoms, _ in raw], len(table.stub))
    return [_Row(atoms, _condition(atoms, implied), block) for atoms, block in raw], implied


def _filled_down(table: CarriedTable, place: int) -> list[str]:
    """Labels of one column; where several columns give the labels, an empty cell repeats the one above it."""
    words = [labels[place] for labels in table.rows]
    if place < len(table.stub) - 1 and words[0].strip():
        for row in range(1, len(words)):
            words[row] = words[row] if words[row].strip() else words[row - 1]
    return words


def _atom(header: str, label: str, about: str) -> Atom | None:
    """What one label narrows down."""
    words = _APART.sub(" ", label.lower()).strip()
    if not words or is_total(label):
        return None
    span = span_of(label, axis_of(header, about))
    if span is not None:
        return span
    about_sex = words in _SEX_CODES and _SEX_HEADERS & set(normalise(header)[1])
    if about_sex:
        return _SEX_CODES[words]
    if words in _GENERIC or words.replace(" ", "").isdecimal():
        return f"{normalise(header)[0]}={words}"
    return _ALSO.get(words, words)


def _implied(rows: Sequence[tuple[Atom | None, ...]], width: int) -> tuple[tuple[int, int], ...]:
    """Pairs of columns (one, other) where each label of the other stands beside a single one of the one: regions beside districts."""
    found = []
    for one in range(width):
        for other in range(width):
            if one == other:
                continue
            pairs = {(atoms[one], atoms[other]) for atoms in rows if atoms[one] is not None and atoms[other] is not None}
            wide, narrow = {pair[0] for pair in pairs}, {pair[1] for pair in pairs}
            same = len(wide) == len(narrow) and (one > other)
            if len(wide) > 1 and len(pairs) == len(narrow) and (len(narrow) > len(wide) or same):
                found.append((one, other))
    return tuple(found)


def _condition(atoms: Sequence[Atom | None], implied: Sequence[tuple[int, int]]) -> Condition:
    """The labels of a row, without those that another one implies and without a second stretch of an axis."""
    dropped = {one for one, other in implied if atoms[other] is not None}
    kept = [atom for place, atom in enumerate(atoms) if atom is not None and place not in dropped]
    narrowest: dict[str, Span] = {}
    for atom in kept:
        if isinstance(atom, Span) and (atom.axis not in narrowest or narrowest[atom.axis].holds(atom)):
            narrowest[atom.axis] = atom
    return frozenset([*(atom for atom in kept if not isinstance(atom, Span)), *narrowest.values()])


def _families(
    rows: Sequence[_Row], grid: Mapping[Atom | None, Sequence[Condition | None]], implied: Sequence[tuple[int, int]], number: int
) -> Iterator[Family]:
    """Every way in which a table divides people; `grid` holds the conditions of each row under each header."""
    for place in range(len(rows[0].atoms)):
        groups: dict[tuple[tuple[Atom | None, ...], int], list[int]] = {}
        for at, row in enumerate(rows):
            if row.atoms[place] is not None:
                groups.setdefault(((*row.atoms[:place], None, *row.atoms[place + 1 :]), row.block), []).append(at)
        lines: list[Line] = []
        for (rest, _), members in groups.items():
            whole = _condition(rest, implied) if len(members) > 1 else EVERYBODY
            for atom, conditions in grid.items() if len(members) > 1 else ():
                lines.extend(_line(_joined(whole, atom), [conditions[at] for at in members]))
        yield Family(number, _axis([row.atoms[place] for row in rows]), tuple(lines))
    classes = [atom for atom in grid if atom is not None]
    if len(classes) > 1:
        found = {row.condition: at for at, row in enumerate(rows)}
        lines = [line for whole, at in found.items() for line in _line(whole, [grid[atom][at] for atom in classes])]
        yield Family(number, _axis(classes), tuple(lines))


def _line(whole: Condition | None, parts: Sequence[Condition | None]) -> Iterator[Line]:
    """A line, where its parts are different ones."""
    kept = dict.fromkeys(part for part in parts if part is not None)
    if whole is not None and len(kept) == len(parts):
        yield Line(whole, tuple(kept))


def _axis(atoms: Sequence[Atom | None]) -> str:
    """The axis of stretches, "" where some label is none."""
    axes = {atom.axis if isinstance(atom, Span) else "" for atom in atoms if atom is not None}
    return axes.pop() if len(axes) == 1 else ""


__all__ = ["EVERYBODY", "Atom", "Cell", "Condition", "Family", "Line", "Listed", "listed"]
