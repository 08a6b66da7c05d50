"""Means and standard deviations of whole numbers that leave few samples."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, islice

import numpy as np

from sdc_airlock.checks._cell_counts import Body, bodies
from sdc_airlock.model.content import Table
from sdc_airlock.model.recognised import ColumnView, Kind, Recognised, Role, Unit
from sdc_airlock.recognise.cells import CellKind, Cells
from sdc_airlock.recognise.lexicon import normalise
from sdc_airlock.stats.small_samples import samples_that_fit

_KINDS = frozenset({Kind.SUMMARY_STATISTICS, Kind.MAGNITUDE_TABLE, Kind.FREQUENCY_TABLE, Kind.LIST})
_WORDS = {
    "n": "n", "count": "n", "obs": "n", "nobs": "n", "number": "n", "patients": "n", "participants": "n", "people": "n", "observations": "n", "sample size": "n",
    "mean": "mean", "average": "mean", "avg": "mean", "sd": "sd", "std": "sd", "std dev": "sd", "st dev": "sd", "standard deviation": "sd", "stdev": "sd", "stddev": "sd",
    "min": "min", "minimum": "min", "max": "max", "maximum": "max",
}  # fmt: skip
_WHOLE_NUMBERS = re.compile(
    r"\b(?:age|score|scale|points?|children|parity|visits?|items?|siblings|years of age|number of|rating|grade|likert)\b", re.IGNORECASE
)
_MOST_TRIED = 400


@dataclass(frozen=True, slots=True)
class _Cell:
    number: float
    places: int


@dataclass(frozen=True, slots=True)
class Few:
    """A mean with its deviation that few samples fit: the cell of the mean, counted from 0."""

    row: int
    column: int


def few_samples(part: Recognised, table: Table, enough: int) -> Iterator[Few]:
    """Means with a deviation and n of whole numbers that at most `enough` samples fit."""
    if part.kind not in _KINDS or part.unit is Unit.TRIAL or not table.whole:
        return
    body = next((body for _, body in bodies(part, table)), None)
    if body is None:
        return
    for place, label, found in islice(chain(_by_row(body), _by_column(body)), _MOST_TRIED):
        if _fits_few(found, f"{label} {table.title}", enough):
            yield place


def _word(name: str, role: Role | None = None) -> str:
    plain = normalise(name)[0].replace("_", " ")
    known = _WORDS.get(plain, "")
    if known or role is None:
        return known
    tail = _WORDS.get(plain.rpartition(" ")[2], "") or _WORDS.get(plain.partition(" ")[0], "")
    of_role = {Role.MEAN: "mean", Role.STANDARD_DEVIATION: "sd", Role.MINIMUM: "min", Role.MAXIMUM: "max"}.get(role, "")
    return of_role if of_role and tail == of_role else ""


def _by_row(body: Body) -> Iterator[tuple[Few, str, dict[str, _Cell]]]:
    named: dict[str, tuple[ColumnView, Cells]] = {}
    for view, cells in zip(body.views, body.cells, strict=True):
        word = _word(view.name, view.role)
        if word and view.numbers is not None and word not in named:
            named[word] = view, cells
    if not {"n", "mean", "sd"} <= named.keys():
        return
    stub = next((cells for view, cells in zip(body.views, body.cells, strict=True) if view.numbers is None), None)
    for row in range(body.rows):
        label = (stub.text[stub.codes[row]] if stub is not None else "") + " " + named["mean"][0].name
        yield Few(row=row, column=named["mean"][0].index), label, {word: _cell(cells, row) for word, (_, cells) in named.items()}


def _by_column(body: Body) -> Iterator[tuple[Few, str, dict[str, _Cell]]]:
    stub = next((cells for view, cells in zip(body.views, body.cells, strict=True) if view.numbers is None), None)
    if stub is None:
        return
    rows: dict[str, int] = {}
    for row, code in enumerate(stub.codes.tolist()):
        word = _word(stub.text[code])
        if word:
            rows.setdefault(word, row)
    if not {"n", "mean", "sd"} <= rows.keys():
        return
    for view, cells in zip(body.views, body.cells, strict=True):
        if view.numbers is not None:
            yield Few(row=rows["mean"], column=view.index), view.name, {word: _cell(cells, row) for word, row in rows.items()}


def _cell(cells: Cells, row: int) -> _Cell:
    if cells.kinds[row] != CellKind.NUMBER:
        return _Cell(number=math.nan, places=0)
    return _Cell(number=float(cells.first[row]), places=min(9, int(cells.places[row])))


def _fits_few(found: dict[str, _Cell], label: str, enough: int) -> bool:
    people, mean, deviation = (found[word] for word in ("n", "mean", "sd"))
    if not np.isfinite([people.number, mean.number, deviation.number]).all() or people.number != round(people.number):
        return False
    ends = None
    low, high = found.get("min"), found.get("max")
    if low is not None and high is not None and np.isfinite([low.number, high.number]).all():
        if low.number != round(low.number) or high.number != round(high.number):
            return False  # no whole numbers
        ends = int(low.number), int(high.number)
    elif not _WHOLE_NUMBERS.search(label):
        return False
    if ends is not None and set(ends) <= {0, 1}:
        return False  # a share, told by its mean already
    fitting = samples_that_fit(
        int(people.number), mean.number, deviation.number, places=(mean.places, deviation.places), ends=ends, enough=enough
    )
    return fitting is not None and fitting > 0


__all__ = ["Few", "few_samples"]
