"""Tables of a request and of earlier releases, as they are set against each other, and what is said of two of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from sdc_airlock.model.assessment import Assessment
from sdc_airlock.model.finding import DisclosureKind, Finding, Location, Redacted, Severity, Statbarn
from sdc_airlock.recognise.aligned import Kinship, View, kinship, lowest, said_of, views_of, without_bound
from sdc_airlock.recognise.populations import Listed, listed
from sdc_airlock.stats.differences import rounding_of

_PLACES = 50
_SHOWN_TABLES = 3


@dataclass(slots=True)
class Told:
    """One table as it is compared.

    Attributes:
        number: Its place among all tables; address: its part, with the path of its file.
        release: 0 for the request, 1 for anything earlier.
        words, folder: What its name and title say, and what the folders that it lies in say.
        text: The same name and title as they are.
        base: Multiple to which its counts were rounded, -6 for midpoints of sixes, 0 where they were not.
        listed: Its cells by the people they count, None where they have no labels; flat: the same as a view of one column.
    """

    number: int
    address: str
    path: str
    release: int
    file_id: str
    words: tuple[str, ...]
    folder: tuple[str, ...]
    views: tuple[View, ...]
    text: str
    listed: Listed | None
    flat: View
    base: int = 0


@dataclass(slots=True)
class Seen:
    """Cells of one table that are given away, or whose difference from others is.

    Attributes:
        summed: True where it takes a sum to see it.
    """

    summed: bool = False
    rows: dict[int, None] = field(default_factory=dict)
    columns: dict[str, None] = field(default_factory=dict)
    count: int = 0

    def note(self, row: int | None, column: str) -> None:
        """Add one cell; a sum stands in no row."""
        if row is not None:
            self.rows[row] = None
        self.columns[column] = None
        self.count += 1


def told(assessments: Sequence[Assessment], release: int, start: int = 0) -> Iterator[Told]:
    """The tables of some outputs that count anything under labels."""
    number = start
    for assessment in assessments:
        folder, _, name = assessment.path.rpartition("/")
        for table in assessment.published:
            views = tuple(views_of(table))
            if views:
                base = _rounding(views[0])
                inside = re.sub(r"#table\d+$", "", table.part_id.removeprefix(name))
                text = f"{name} {inside} {table.title}"
                cells = listed(table, number, about=text, base=base)
                yield Told(
                    number=number,
                    address=f"{folder}/{table.part_id}" if folder else table.part_id,
                    path=assessment.path,
                    release=release,
                    file_id=assessment.file_id,
                    words=said_of(name, f"{inside} {table.title}"),
                    folder=said_of(folder),
                    views=views,
                    text=text,
                    listed=cells,
                    flat=_flat(cells),
                    base=base,
                )
                number += 1


def _flat(cells: Listed | None) -> View:
    """The inner cells of a table in one column, by their conditions; totals and denominators, of which tables of other things may have the same, are left out."""
    numbers: dict[str, float | None] = {}
    places: dict[str, int] = {}
    finest = max(map(len, cells.cells)) if cells is not None else 0
    for condition, cell in cells.cells.items() if cells is not None else ():
        if len(condition) < finest:
            continue
        name = (
            " & ".join(sorted(atom if isinstance(atom, str) else f"{atom.axis} {atom.low:g} {atom.high:g}" for atom in condition))
            or "total"
        )
        numbers[name], places[name] = cell.number, cell.row
    hidden = frozenset(name for name, number in numbers.items() if number is None)
    label = next(iter(cells.cells.values())).label if cells is not None else ""
    return View(columns={"": numbers}, hidden={"": hidden}, labels={"": label}, names={"": ""}, places=places)


def _rounding(view: View) -> int:
    """The base that all counts of a view were rounded to, 0 where there is none."""
    return rounding_of(np.array([number for column in view.columns.values() for number in column.values() if number is not None]))


def kin_of(first: Told, second: Told) -> Kinship:
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


def location_of(table: Told, seen: Seen) -> Location:
    """Where the cells are."""
    return Location(part_id=table.address, rows=tuple(sorted(seen.rows)[:_PLACES]), columns=tuple(seen.columns)[:_PLACES])


def where_of(tables: Sequence[Told]) -> str:
    """Other tables, in words."""
    names = [f"{each.address} of an earlier release" if each.release else each.address for each in tables]
    more = len(names) - _SHOWN_TABLES
    return " and ".join(names[:_SHOWN_TABLES]) + (f" and {more} more" if more > 0 else "")


def cells_in_words(count: int) -> str:
    """A number of cells, in words."""
    return f"{count:,} cell{'' if count == 1 else 's'}"


def finding(  # noqa: PLR0917 - one for each field that differs
    rule: str,
    severity: Severity,
    location: Location,
    message: str,
    remedy: str,
    count: int = 1,
    between: tuple[int, int] | None = None,
) -> Finding:
    """A finding of this check."""
    return Finding(
        check_id="differencing",
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


__all__ = ["Seen", "Told", "cells_in_words", "finding", "kin_of", "location_of", "told", "where_of"]
