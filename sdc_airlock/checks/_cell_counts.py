"""Small counts in the cells of a recognised table, column by column, with NumPy; a streamed table batch by batch."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from sdc_airlock.checks._counted import Says, are_settings, counts_people, is_level_code, label_says, speaks_of_people
from sdc_airlock.model.content import Table
from sdc_airlock.model.recognised import ColumnView, Kind, Recognised, Role
from sdc_airlock.recognise.cells import CellKind, Cells, read_cells
from sdc_airlock.recognise.lexicon import normalise
from sdc_airlock.recognise.tables import LOOK_ROWS

Mask: TypeAlias = npt.NDArray[np.bool_]
Numbers: TypeAlias = npt.NDArray[np.float64]

_HEADER_N = re.compile(r"\b[nN]\s*[=:]\s*(\d{1,3}(?:[,\u2009\u202f\u00a0 ]\d{3})+|\d{1,9})")
_DENOMINATORS = frozenset({"n", "total", "denominator", "denom", "population", "pop", "all", "n_total", "total_n", "tested", "overall", "base", "patients", "participants", "sample_size", "n_group", "list_size", "eligible"})  # fmt: skip
_SUM_LABELS = frozenset(
    {"n", "total", "all", "overall", "number", "sample size", "patients", "participants", "people", "persons", "individuals", "subjects"}
)
_NUMBER_OF = frozenset({"num", "number", "no", "n", "nr", "count"})
_LARGEST_PERCENT = 100.0
_FRONT = 3
_STREAMED = frozenset({Role.COUNT, Role.PERCENTAGE, Role.MEASURE})
_KEPT = 2000
_NO_PAIRS = frozenset({Role.COEFFICIENT, Role.RATIO, Role.MEAN, Role.STANDARD_ERROR, Role.RATE, Role.QUANTILE, Role.TEST_STATISTIC})
_MOST_OF_A_MATRIX = 60
_MONTHS = 12


@dataclass(frozen=True, slots=True)
class Hit:
    """Places of one rule in one column.

    Attributes:
        rule: "count", "pair", "implied" or "complement".
        rows: Body rows, counted from 0, the first `_KEPT`.
        column: Place of the column, counted from 0; label: what may be shown of it.
        count: All places, also those not listed.
    """

    rule: str
    rows: tuple[int, ...]
    column: int
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class Body:
    """The cells of a table (or of one batch) with what its labels say.

    Attributes:
        views, cells: Columns in order.
        rows: Number of rows.
        says: For each row what its label says (`Says`).
        totals: True for rows whose label names the number of people in each column.
        settings: The table lists names and values, and most names are those of settings: only rows that say so count people.
    """

    views: tuple[ColumnView, ...]
    cells: tuple[Cells, ...]
    rows: int
    says: npt.NDArray[np.int8]
    totals: Mask
    settings: bool = False


def body_of(part: Recognised, cells: list[Cells]) -> Body:
    """The cells of a table with what its row labels say."""
    rows = len(cells[0].codes) if cells else 0
    says = np.zeros(rows, np.int8)
    totals = np.zeros(rows, np.bool_)
    settings = False
    for view, column in zip(part.columns, cells, strict=False):
        if view.index >= _FRONT or view.numbers is not None or view.role not in (Role.CATEGORY, Role.TEXT, Role.IDENTIFIER, Role.MARKER):
            continue
        if not column.text:
            continue
        spoken = np.array([label_says(word) for word in column.text], np.int8)[column.codes]
        says = np.where(spoken > 0, spoken, says).astype(np.int8)
        totals |= np.array([normalise(word)[0].replace("_", " ") in _SUM_LABELS for word in column.text], np.bool_)[column.codes]
        settings = settings or (len(cells) == 2 and are_settings(column.text))  # a name and a value
    return Body(views=part.columns[: len(cells)], cells=tuple(cells), rows=rows, says=says, totals=totals, settings=settings)


def bodies(part: Recognised, table: Table) -> Iterator[tuple[int, Body]]:
    """The table as one body, or batch by batch, each with its first row."""
    if not part.columns:
        return
    if table.whole or table.batches is None:
        yield 0, body_of(part, [read_cells(column.values) for column in table.columns])
        return
    start = 0
    for batch in table.batches():
        yield start, body_of(part, [read_cells(batch.column(place)) for place in range(batch.num_columns)])
        start += batch.num_rows


def counts_in_table(part: Recognised, table: Table, low: int, high: int) -> list[Hit]:
    """Every place of a table where a count from `low` to `high` stands or is implied, by rule and column.

    A table that is not held in memory, or a long one of people, is read again only where some column may count people.
    """
    long = not table.whole or (part.kind is Kind.INDIVIDUAL_ROWS and table.sample_rows > LOOK_ROWS)
    if long and not any(view.role in _STREAMED and speaks_of_people(part, view) for view in part.columns):
        return []
    found: dict[tuple[str, int], Hit] = {}
    for start, body in bodies(part, table):
        for hit in _hits(part, body, low, high):
            moved = tuple(start + row for row in hit.rows)
            key = hit.rule, hit.column
            before = found.get(key)
            if before is None:
                found[key] = replace(hit, rows=moved)
            else:
                found[key] = replace(before, rows=(before.rows + moved)[:_KEPT], count=before.count + hit.count)
    return sorted(found.values(), key=lambda hit: hit.column)


def count_columns(part: Recognised, body: Body) -> list[tuple[ColumnView, Cells]]:
    """Columns whose plain numbers count people."""
    matrix = part.kind is Kind.MATRIX
    if matrix and not _counts_in_a_square(body):
        return []
    if body.settings:
        return []
    # where rows look like people a header alone can say that a column counts; it is no attribute then
    roles = (Role.COUNT, Role.MEASURE) if matrix or part.kind is Kind.INDIVIDUAL_ROWS else (Role.COUNT,)
    return [
        (view, cells)
        for view, cells in zip(body.views, body.cells, strict=True)
        if (view.role in roles or _counts_unsaid(part, view, cells, body))
        and speaks_of_people(part, view)
        and (not is_level_code(view, cells) or (view.index > 0 and _adds_up(part, cells, body)))
    ]


def _counts_unsaid(part: Recognised, view: ColumnView, cells: Cells, body: Body) -> bool:
    """True for whole numbers that recognition left as measures and that count something unknown.

    They are called the number of something ("num_schools", "Men n"), or are the one nameless column of a printed series (as of value counts).
    """
    if view.role is not Role.MEASURE or part.kind not in (Kind.SERIES, Kind.FREQUENCY_TABLE, Kind.MAGNITUDE_TABLE, Kind.SUMMARY_STATISTICS):
        return False
    tokens = normalise(view.name)[1]
    called = len(tokens) > 1 and (tokens[0] in _NUMBER_OF or tokens[-1] in _NUMBER_OF)
    alone = part.kind is Kind.SERIES and len(body.views) == 2 and view.name.strip() in ("", "0")  # a label and its number
    if not called and not alone and not _adds_up(part, cells, body):
        return False
    finite = cells.first[np.isfinite(cells.first)]
    return bool(len(finite)) and bool(np.all((finite >= 0) & (finite == np.floor(finite)))) and bool(np.any(cells.kinds == CellKind.NUMBER))


def _adds_up(part: Recognised, cells: Cells, body: Body) -> bool:
    """True for a column of a table of counts whose total is the sum of its other rows, as that of a column of people is."""
    if part.kind is not Kind.FREQUENCY_TABLE or len(part.margin_rows) != 1:
        return False
    row = part.margin_rows[0]
    counts = [each.first for view, each in zip(body.views, body.cells, strict=True) if view.role is Role.COUNT]
    return any(_summed(numbers, row) for numbers in counts) and _summed(cells.first, row)


def _summed(numbers: Numbers, row: int) -> bool:
    """True where the number of one row is the sum of the others, of which two are more than zero or one is a lone one."""
    if row >= len(numbers):
        return False
    others = np.nan_to_num(np.delete(numbers, row))
    return bool(len(others) > 2 and numbers[row] > 0 and others.sum() == numbers[row])


def whole_counts(cells: Cells) -> Mask:
    """Cells that print a whole number; "1.00" counts nobody, but in a column that holds nothing else."""
    numbers = cells.kinds == CellKind.NUMBER
    with np.errstate(all="ignore"):
        whole = numbers & (cells.first == np.floor(cells.first))
    return np.asarray(whole if np.array_equal(whole, numbers) else whole & (cells.places <= 1), np.bool_)


def pairs_of(part: Recognised, view: ColumnView, cells: Cells, body: Body) -> Mask:
    """Cells that read as n (%) or n/N, not as mean (SD)."""
    pairs = (cells.kinds == CellKind.PAIR) & (cells.places == 0) & (body.says != Says.OTHER)
    sure: Mask = pairs & (cells.pair_percent | cells.fraction)
    if view.role in _NO_PAIRS or not pairs.any() or not speaks_of_people(part, view) or (view.role is Role.PERIOD and _months(cells)):
        return np.zeros(body.rows, np.bool_)
    if part.kind in (Kind.REGRESSION, Kind.MATRIX):
        return np.asarray(pairs & cells.pair_percent, np.bool_)
    every = cells.kinds == CellKind.PAIR
    if not (np.mean(cells.places[every] == 0) > 0.5 or cells.pair_percent.any()):  # most of them
        return sure
    with np.errstate(all="ignore"):
        shares = (cells.second >= 0) & (cells.second <= _LARGEST_PERCENT)
    return np.asarray(sure | (pairs & shares), np.bool_)


def _months(cells: Cells) -> bool:
    """True for months that follow one another (12/86, 1/87)."""
    with np.errstate(all="ignore"):
        months = 12 * cells.second + cells.first
    return len(months) > 1 and bool(np.all(np.diff(months) == 1) and np.all((cells.first >= 1) & (cells.first <= _MONTHS)))


def _labels(view: ColumnView, cells: Cells, body: Body) -> bool:
    """True for a nameless column of words left of all figures, some of which are coded levels (1, 2, 3), as tables of characteristics have them."""
    if view.role is not Role.CATEGORY or view.name.strip():
        return False
    first = min((other.index for other in body.views if other.role not in (Role.CATEGORY, Role.TEXT, Role.INDEX, Role.EMPTY)), default=0)
    return view.index < first and 2 * int((cells.kinds == CellKind.TEXT).sum()) >= int((cells.kinds == CellKind.NUMBER).sum())


def _hits(part: Recognised, body: Body, low: int, high: int) -> Iterator[Hit]:
    counted = {view.index for view, _ in count_columns(part, body)}
    for view, cells in zip(body.views, body.cells, strict=True):
        small = whole_counts(cells) & _within(cells.first, low, high)
        if view.index in counted:
            yield from _hit("count", small & (body.says != Says.OTHER), view)
        elif (
            view.role in (Role.MEASURE, Role.COUNT, Role.CATEGORY)
            and part.kind is not Kind.MATRIX
            and counts_people(view)
            and not _labels(view, cells, body)
        ):
            yield from _hit("count", small & (body.says == Says.COUNT) & (cells.places <= 1), view)
        pairs = pairs_of(part, view, cells, body)
        yield from _hit("pair", pairs & _within(cells.first, low, high), view)
        yield from _hit("complement", pairs & _rest_of_pair(view, cells, body, low, high) & ~_within(cells.first, low, high), view)
    yield from _implied(part, body, low, high)


def _within(numbers: Numbers, low: int, high: int) -> Mask:
    with np.errstate(all="ignore"):
        return np.asarray((numbers >= low) & (numbers <= high), np.bool_)


def _hit(rule: str, mask: Mask, view: ColumnView) -> Iterator[Hit]:
    places = np.flatnonzero(mask)
    if len(places):
        yield Hit(rule=rule, rows=tuple(places[:_KEPT].tolist()), column=view.index, label=view.label, count=len(places))


def _counts_in_a_square(body: Body) -> bool:
    """True for a square of whole numbers that is no distance or correlation: it differs from its mirror image."""
    columns = [cells for view, cells in zip(body.views, body.cells, strict=True) if view.role in (Role.MEASURE, Role.COUNT)]
    if not 2 <= len(columns) <= _MOST_OF_A_MATRIX or len(columns) != body.rows:
        return False
    square = np.column_stack([cells.first for cells in columns])
    finite = square[np.isfinite(square)]
    if not len(finite) or finite.min() < 0 or np.any(finite != np.floor(finite)) or finite.max() <= 1:
        return False
    return not np.array_equal(np.nan_to_num(square), np.nan_to_num(square.T))


def _rest_of_pair(view: ColumnView, cells: Cells, body: Body, low: int, high: int) -> Mask:
    """Pairs whose complement falls in the range: N is printed (header, "22/25", a row of totals) or follows from n and its percentage."""
    total = np.where(cells.fraction, cells.second, np.nan)
    known = _known_total(view, cells, body)
    if known is not None:
        total = np.where(np.isfinite(total), total, known)
    with np.errstate(all="ignore"):
        rest = total - cells.first
        small = _within(rest, low, high) | (cells.fraction & _within(total, low, high))
        half = 0.5 * 10.0 ** -_printed_decimals(cells)
        top, bottom = cells.first / ((cells.second - half) / 100), cells.first / ((cells.second + half) / 100)
        sharp = cells.pair_percent & (cells.second < _LARGEST_PERCENT) & (cells.second > half) & ~np.isfinite(total)
        least, most = np.ceil(bottom - cells.first), np.floor(top - cells.first)
        return np.asarray(small | (sharp & (least <= most) & (least >= low) & (most <= high)), np.bool_)


def _printed_decimals(cells: Cells) -> Numbers:
    """Decimals that the percentages of a column were printed with, taken from all of them."""
    second = cells.second[np.isfinite(cells.second)]
    whole = len(second) == 0 or bool(np.all(second == np.floor(second)))
    tenths = bool(np.allclose(second * 10, np.round(second * 10), atol=1e-6)) if not whole else True
    return np.full(len(cells.codes), 0.0 if whole else 1.0 if tenths else 2.0)


def _known_total(view: ColumnView, cells: Cells, body: Body) -> Numbers | None:
    """People in a column: `(N = 25)` in its header, or the one row labelled as their number."""
    match = _HEADER_N.search(view.name)
    if match is not None:
        return np.full(body.rows, float(re.sub(r"\D", "", match[1])))
    plain = np.flatnonzero(body.totals & (whole_counts(cells)))
    if len(plain) != 1 or (view.role is Role.PERCENTAGE and cells.first[plain[0]] in (1, _LARGEST_PERCENT)):
        return None  # the percentages add up to 100 there, which is no number of people
    return np.full(body.rows, cells.first[plain[0]])


def _implied(part: Recognised, body: Body, low: int, high: int) -> Iterator[Hit]:
    """Percentages whose denominator is published: numerator or complement in the range."""
    beside = [
        (view, cells)
        for view, cells in zip(body.views, body.cells, strict=True)
        if view.role is Role.COUNT and speaks_of_people(part, view) and _is_denominator(view)
    ]
    for view, cells in zip(body.views, body.cells, strict=True):
        percents = cells.kinds == CellKind.PERCENT
        if view.role is not Role.PERCENTAGE and not (percents.any() and view.role in (Role.MEASURE, Role.COUNT, Role.CATEGORY)):
            continue
        share = _shares(cells)
        total = _known_total(view, cells, body)
        if total is None and beside and view.role is Role.PERCENTAGE and not _parts_of_one(beside[0][1].first, share, _half_share(cells)):
            total = beside[0][1].first
        if total is None or not speaks_of_people(part, view):
            continue
        with np.errstate(all="ignore"):
            numerator = np.round(share * total)
            # the rounding of the percentage must leave one whole number only
            sharp = total * 0.5 * 10.0 ** -(cells.places + 2.0) < 0.5
            hidden = _within(numerator, low, high) | _within(total - numerator, low, high)
            mask = np.isfinite(numerator) & sharp & hidden & (share > 0) & (share < 1)
        if view.role is not Role.PERCENTAGE:
            mask &= percents
        yield from _hit("implied", np.asarray(mask & (body.says != Says.OTHER), np.bool_), view)


def _parts_of_one(counts: Numbers, share: Numbers, half: float) -> bool:
    """True where the counts are the numerators of the shares: all lead to one and the same whole, as far as shares are printed (`half` a unit)."""
    with np.errstate(all="ignore"):
        least, most, wholes = counts / (share + half), counts / (share - half), counts / share
    known = np.isfinite(wholes) & (share > max(0.02, half))
    if int(known.sum()) < 2:
        return False
    return float(least[known].max()) <= float(most[known].min()) or float(wholes[known].max()) <= 1.1 * float(wholes[known].min())


def _shares(cells: Cells) -> Numbers:
    """Percentages as shares; a column that never passes 1 and has no percent sign holds proportions."""
    finite = cells.first[np.isfinite(cells.first)]
    proportions = len(finite) > 0 and float(finite.max()) <= 1 and cells.share(CellKind.PERCENT) == 0
    return cells.first if proportions else cells.first / 100


def _half_share(cells: Cells) -> float:
    """Half a unit of the last decimal that percentages were printed with, as a share."""
    finite = np.isfinite(cells.first)
    scale = 1.0 if finite.any() and float(_shares(cells)[finite].max()) == float(cells.first[finite].max()) else 0.01
    return 0.5 * scale * float(10.0 ** -float(cells.places[finite].max(initial=0)))


def _is_denominator(view: ColumnView) -> bool:
    name, tokens = normalise(view.name)
    return name in _DENOMINATORS or "total" in tokens or "denominator" in tokens


__all__ = ["Body", "Hit", "Mask", "Numbers", "bodies", "count_columns", "counts_in_table", "pairs_of", "whole_counts"]
