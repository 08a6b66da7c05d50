"""Distances of everything from everything with nothing that says between what: people have such distances as well as places and variables."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from sdc_airlock.model.content import Table
from sdc_airlock.model.finding import Finding, Location, Redacted, Severity, Statbarn
from sdc_airlock.model.recognised import Kind, Recognised
from sdc_airlock.stats.relatedness import symmetric

_CHECK = "relatedness_or_scores"
_FEWEST, _WIDEST = 10, 4000
# whole numbers are counts of events unless they lie as close together as distances between people do
_ALIKE = 0.35
# names that number groups, and names that are words
_OF_GROUPS = re.compile(r"cluster|class|group|topic|factor|model|region|area|site|centre|center|ward|stratum|decile|quintile|comm|module|year|wave|week|month|item|gene|snp|rs|chr|pop", re.IGNORECASE)  # fmt: skip
_FloatMatrix = npt.NDArray[np.float64]


def unnamed_distances(part: Recognised, table: Table) -> Iterator[Finding]:
    """A square, or a triangle, of distances whose rows have numbers for names, or none."""
    made = _square(part, table) if Kind.MATRIX in part.kinds else _triangle(table)
    if made is None or not _distances(made):
        return
    size = len(made)
    yield Finding(
        check_id=_CHECK,
        rule="distances",
        severity=Severity.MEDIUM,
        statbarn=Statbarn.CORRELATION_COEFFICIENTS,
        location=Location(part_id=part.part_id, shape=(size, size)),
        count=size,
        message=f"distances between {size:,} things that nothing names: between people they tell who is related to whom, and place each among all others",
        remedy="Name the rows where they are places, variables or groups; distances between people stay inside, but for their distribution in groups above the threshold.",
        evidence=(Redacted(shape=f"{size:,} rows and columns"),),
    )


def _square(part: Recognised, table: Table) -> _FloatMatrix | None:
    """The square without a row and a column of running numbers; None for another shape, and where names tell what stands in it."""
    views = [view.numbers for view in part.columns if view.numbers is not None]
    beside = len(part.columns) - len(views)
    if not _FEWEST <= len(views) <= _WIDEST + 1 or beside > 1 or not table.whole:
        return None
    numbers = np.column_stack(views)
    numbers = numbers[1:] if _running(numbers[0]) else numbers
    numbers = numbers[:, 1:] if _running(numbers[:, 0]) else numbers
    labels = [column.name.strip().strip('"') for column in table.columns[-numbers.shape[1] :]] if table.named else []
    if beside:
        place = next(place for place, view in enumerate(part.columns) if view.numbers is None)
        labels += [str(value or "").strip() for value in table.columns[place].values.slice(0, _WIDEST).to_pylist()]
    return None if len(numbers) < _FEWEST or _telling(labels) else numbers


def _running(numbers: _FloatMatrix) -> bool:
    """True for 1, 2, 3 ... or 0, 1, 2 ..., with or without a blank corner."""
    known = numbers[np.isfinite(numbers)]
    return len(known) >= _FEWEST - 1 and known[0] in (0, 1) and bool((np.diff(known) == 1).all())


def _telling(labels: Sequence[str]) -> bool:
    """True where names are words, or numbers of groups; numbers with or without the same letters in front could be people."""
    named = [label for label in labels if label]
    if not named:
        return False
    stems = {re.sub(r"\d+", "", label).lower() for label in named}
    numbered = sum(any(map(str.isdigit, label)) for label in named) >= len(named) - 1
    return not numbered or len(stems) > 2 or any(_OF_GROUPS.search(stem) for stem in stems)


def _triangle(table: Table) -> _FloatMatrix | None:
    """Lines of numbers, one more in each, as a square; None for others."""
    if len(table.columns) != 1 or not _FEWEST - 1 <= table.sample_rows <= _WIDEST or table.named or not table.whole:
        return None
    cells = table.columns[0].values
    if len(str(cells[1].as_py()).split()) - len(str(cells[0].as_py()).split()) != 1:
        return None
    lines = [str(value or "").split() for value in cells.to_pylist()]
    first = len(lines[0])
    if not 0 < first <= 2 or any(len(line) != first + place for place, line in enumerate(lines)):
        return None
    size = len(lines[-1]) + (first == 1 and lines[0][0].strip("0.") != "")
    made = np.zeros((size, size))
    offset = size - len(lines)
    try:
        for place, line in enumerate(lines):
            made[place + offset, : len(line)] = [float(cell) for cell in line]
    except ValueError:
        return None
    return made + np.tril(made, -1).T


def _distances(matrix: _FloatMatrix) -> bool:
    """True for nought with itself, and above nought with all others."""
    if not symmetric(matrix) or np.diag(matrix).any() or len(matrix) < _FEWEST:
        return False
    others = matrix[np.triu_indices(len(matrix), 1)]
    if others.min() < 0 or (others > 0).mean() < 1 - _ALIKE:
        return False
    whole = bool((others == np.round(others)).all())
    return not whole or float(others.std()) < _ALIKE * float(others.mean())


__all__ = ["unnamed_distances"]
