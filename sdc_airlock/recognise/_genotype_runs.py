"""Genotypes in one run: one column, or one row, that holds the states of all people one after the other, as such or as lengths and steps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from sdc_airlock.recognise._genotype_bytes import states_of_bytes
from sdc_airlock.recognise._genotype_evidence import Evidence
from sdc_airlock.recognise._genotype_states import (
    LEAST_CELLS,
    LEAST_SIDE,
    MOST_STATES,
    MOSTLY,
    coded,
    folded,
    matrix_of,
    states_evidence,
    usable,
)

if TYPE_CHECKING:
    import numpy.typing as npt

    from sdc_airlock.model.content import Table
    from sdc_airlock.recognise._genotype_cells import Cells

    Ints = npt.NDArray[np.int64]

# a table of records has more columns than one that spells out a run, and its states are judged beside each other
MOST_COLUMNS = 12
MOST_TRIED = 6
MOST_CELLS = 200_000
FEWEST_ROWS = 3
FEW = 4
# log-odds from which a run is called genotypes: there were many ways to read it
SURE = 4.6
# how many usual steps make a leap, and the share of rows that have one length where a column shows their ends
LEAP, REGULAR = 10, 0.9
BYTES, PER_BYTE = 256, 4


def row_run(table: Table) -> Evidence | None:
    """The cells of one or two long rows, and of the names above them, as one run."""
    if len(table.columns) * (table.sample_rows + 1) < LEAST_CELLS or table.sample_rows >= FEWEST_ROWS:
        return None
    rows: list[list[str | None]] = [[column.name for column in table.columns]] if table.named else []
    rows += [[_word(column.values[row].as_py()) for column in table.columns] for row in range(table.sample_rows)]
    values, places = [cell for row in rows for cell in row], tuple(range(len(table.columns)))
    inside = [cell for row in rows[table.named :] for cell in row]
    return _evidence(values, places, "the cells of one row") or _packed(inside, places)


def column_runs(cells: Cells, table: Table) -> Evidence | None:
    """A column of few states, the distances between two columns, or the steps of one, as one run."""
    if len(table.columns) > MOST_COLUMNS or table.sample_rows < LEAST_CELLS:
        return None
    found = []
    ends: list[int] | None = None
    for number, (places, values, words) in enumerate(_runs(cells, table)):
        if number >= MOST_TRIED:
            break
        ends = _row_lengths(table) if ends is None else ends
        if (evidence := _evidence(values, places, words, ends)) is not None:
            found.append(evidence)
    for place, column in enumerate(table.columns):
        if cells.states[place] > MOST_STATES and (whole := _whole(column.values)) is not None:
            found += [one for one in (_packed(whole.tolist(), (place,)),) if one is not None]
    return max(found, key=lambda one: one.log_odds, default=None)


def _packed(values: Sequence[Any], places: tuple[int, ...]) -> Evidence | None:
    """Whole numbers below 256 as bytes that hold several states each, or states under a key."""
    numbers = [_number(value) for value in values]
    if len(numbers) < LEAST_CELLS // PER_BYTE or any(number is None or not 0 <= number < BYTES or number % 1 for number in numbers):
        return None
    best: Evidence | None = None
    for codes in states_of_bytes(np.array(numbers, dtype=np.int64)):
        found = folded(codes)
        if found is None or found[1].log_odds < max(SURE, best.log_odds if best else SURE):
            continue
        people, markers = found[0].shape if found[2] == "wide" else found[0].shape[::-1]
        why = ("whole numbers below 256 are bytes of several states", *found[1].why)
        best = Evidence(
            layout=found[2],
            people=people,
            markers=markers,
            log_odds=found[1].log_odds,
            why=why,
            columns=places,
            rows_are="calls",
            counted=True,
        )
    return best


def gapped(cells: Cells, table: Table) -> Evidence | None:
    """A matrix in which what is usually written for a missing value, or nothing at all, is one of three states."""
    few = np.flatnonzero(cells.states <= FEW)
    if len(few) < LEAST_SIDE or cells.rows < LEAST_SIDE or cells.filled[few].mean() > MOSTLY:
        return None
    columns = [[str(value) for value in table.columns[place].values[: cells.rows].to_pylist()] for place in few]
    codes = matrix_of(list(zip(*columns, strict=True)))
    laid = None if codes is None else usable(codes)
    if laid is None:
        return None
    matrix, layout = states_evidence(laid, known_order=False)
    if matrix.log_odds < SURE:
        return None
    people, markers = laid.shape if layout == "wide" else laid.shape[::-1]
    places = tuple(int(place) for place in few)
    rows_are = "people" if layout == "wide" else "markers"
    return Evidence(
        layout=layout,
        people=people,
        markers=markers,
        log_odds=matrix.log_odds,
        why=matrix.why,
        columns=places,
        rows_are=rows_are,
        counted=True,
    )


def _runs(cells: Cells, table: Table) -> Iterator[tuple[tuple[int, ...], list[Any], str]]:
    numbers: dict[int, Ints] = {}
    for place, column in enumerate(table.columns):
        if 2 <= cells.states[place] + (cells.filled[place] < 1) <= MOST_STATES:
            yield (place,), [_word(value) for value in column.values[:MOST_CELLS].to_pylist()], "the cells of one column"
        elif cells.states[place] > MOST_STATES and (whole := _whole(column.values)) is not None:
            numbers[place] = whole
    for place, whole in numbers.items():
        if (before := numbers.get(place - 1)) is not None and _few(whole - before):
            yield (place - 1, place), (whole - before).tolist(), "the distances between two columns"
        if _few(np.diff(whole), apart=True):
            yield (place,), np.diff(whole).tolist(), "the steps of one column"


def _few(values: Ints, *, apart: bool = False) -> bool:
    """True for few different numbers; where rows lie apart, for most of them."""
    kinds, times = np.unique(values[:2000], return_counts=True)
    if apart:
        return len(kinds) >= 2 and bool(np.sort(times)[-MOST_STATES:].sum() >= 0.95 * times.sum()) and len(kinds) <= 20 * MOST_STATES
    return 2 <= len(kinds) <= MOST_STATES


def _whole(values: Any) -> Ints | None:
    """Whole numbers of a column, None where some cell is none."""
    import pyarrow as pa

    flat = values.slice(0, MOST_CELLS)
    try:
        whole = flat.cast(pa.int64())
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        return None
    return None if whole.null_count else np.asarray(whole.to_numpy(), dtype=np.int64)


def _word(value: object) -> str | None:
    text = "" if value is None else str(value).strip()
    return text or None


def _evidence(values: list[Any], places: tuple[int, ...], words: str, ends: Sequence[int] = ()) -> Evidence | None:
    numbers = {value: number for value in set(values) if value is not None and (number := _number(value)) is not None}
    known = len(numbers) == len(set(values) - {None})
    codes = coded(values, numbers.__getitem__ if known else None)
    if codes is None:
        return None
    ways = [folded(codes, known_order=known, width=width) for width in (0, *ends)]
    found = max((way for way in ways if way is not None), key=lambda way: way[1].log_odds, default=None)
    if found is None or found[1].log_odds < SURE:
        return None
    matrix, layout = found[0], found[2]
    people, markers = matrix.shape if layout == "wide" else matrix.shape[::-1]
    why = (f"{words} are one run of three states that repeats itself every {matrix.shape[1]} places", *found[1].why)
    return Evidence(
        layout=layout, people=people, markers=markers, log_odds=found[1].log_odds, why=why, columns=places, rows_are="calls", counted=True
    )


def _row_lengths(table: Table) -> list[int]:
    """Lengths of rows that other columns show: names that stand on equally many lines each, numbers that leap or begin anew."""
    found: Counter[int] = Counter()
    for column in table.columns:
        whole = _whole(column.values)
        if whole is None:
            values = column.values[:MOST_CELLS].to_pylist()
            breaks = [place for place in range(1, len(values)) if values[place] != values[place - 1]]
        else:
            steps = np.diff(whole)
            leaps = np.flatnonzero((np.abs(steps) > LEAP * np.median(np.abs(steps))) | ((steps < 0) & (np.median(steps) > 0)))
            breaks = (leaps + 1).tolist()
        lengths = Counter(np.diff([0, *breaks]).tolist())
        for length, times in lengths.most_common(1):
            if length >= LEAST_SIDE and times >= max(LEAST_SIDE - 1, REGULAR * lengths.total()):
                found[length] += 1
    return [length for length, _ in found.most_common(2)]


def _number(value: object) -> float | None:
    try:
        return float(str(value))
    except ValueError:
        return None
