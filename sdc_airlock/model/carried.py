"""What of an output's tables is carried to the checks of the request, so that tables can be compared with each other.

It holds numbers and labels of the file: it goes from worker to worker through the parent, and into no report, message or log.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class CarriedColumn:
    """One column that holds numbers.

    Attributes:
        index: Its place in the table, counted from 0; name: its header.
        label: What may be shown of the header.
        people: For each row its count of people, None where the cell is none; empty where the whole column counts nobody.
        blank: Rows, counted from 0, in which no number stands; `hidden` are those of them that hold a suppression marker.
        least, most: What the marker of each of `hidden` says by itself, or the notes say of it; None for `most` where nothing does.
    """

    index: int
    name: str
    label: str
    people: tuple[float | None, ...] = ()
    blank: tuple[int, ...] = ()
    hidden: tuple[int, ...] = ()
    least: tuple[float | None, ...] = ()
    most: tuple[float | None, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CarriedTable:
    """One table with its labels and numbers.

    Attributes:
        part_id: Address of the part.
        title: Caption and notes, cut short.
        rows: Labels of each row, from the columns that hold no numbers of people, outermost first.
        places: Row of the file or sheet, counted from 1, of each row.
        stub: Headers of the columns that give the labels.
        width: Columns of the whole table; one that holds nothing is not carried.
        margins: Rows, counted from 0, that are totals.
        overflow: True where the table was too large to be carried: it could not be compared.
    """

    part_id: str
    title: str = ""
    rows: tuple[tuple[str, ...], ...] = ()
    places: tuple[int, ...] = ()
    stub: tuple[str, ...] = ()
    width: int = 0
    columns: tuple[CarriedColumn, ...] = ()
    margins: tuple[int, ...] = ()
    overflow: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CarriedFit:
    """Effects of some variants, as two fits of the same are told by.

    Attributes:
        names: Digests of variant and effect allele; effects and errors (or none) stand in their order.
        unit: One in the last digit printed of most effects.
        people: n, where a column says it.
    """

    part_id: str
    names: tuple[str, ...] = ()
    effects: tuple[float, ...] = ()
    errors: tuple[float, ...] = ()
    unit: float = 0.0
    people: float | None = None
