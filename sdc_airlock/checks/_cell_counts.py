"""Small counts in the cells of a recognised table, column by column, with NumPy; a streamed table batch by batch."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sdc_airlock.model.content import Table
from sdc_airlock.model.recognised import ColumnView, Kind, Recognised, Role
from sdc_airlock.recognise.cells import CellKind, Cells, read_cells
from sdc_airlock.recognise.lexicon import matches, normalise

_HEADER_N = re.compile(r"\b[nN]\s*[=:]\s*([\d,\u2009 ]{1,12})")
_SUMMARY_LABEL = re.compile(r"\b(?:mean|median|sd|std|iqr|range|min|max|average|quartile|quantile|percentile|p-?value|p|z|t|chi|rate|ratio|score|years?|index|hr|or|rr|ci|per)\b", re.IGNORECASE)
_LARGEST_PERCENT = 100.0
_KEPT = 2000


@dataclass(frozen=True, slots=True)
class Hit:
    """Places of one rule in one column (or one row of measures).

    Attributes:
        rule: "count", "pair" or "implied".
        rows: Body rows, counted from 0, the first `_KEPT`.
        columns: Places of the columns, counted from 0; labels: what may be shown of them.
        count: All places, also those not listed.
        cells: (row, column) pairs.
    """

    rule: str
    rows: tuple[int, ...]
    columns: tuple[int, ...]
    labels: tuple[str, ...]
    count: int
    cells: tuple[tuple[int, int], ...] = ()


def counts_in_table(part: Recognised, table: Table, low: int, high: int) -> Iterator[Hit]:
    """Every place of a table where a count from `low` to `high` stands or is implied."""
    if table.whole:
        columns = [read_cells(column.values) for column in table.columns]
        yield from _hits(part, columns, low, high)
    else:
        yield from _streamed(part, table, low, high)


def _streamed(part: Recognised, table: Table, low: int, high: int) -> Iterator[Hit]:
    """The same over all batches of a table that is not held in memory."""
    if table.batches is None or not any(view.role in (Role.COUNT, Role.PERCENTAGE) for view in part.columns):
        return
    found: dict[tuple[str, tuple[int, ...], tuple[str, ...]], tuple[list[int], int]] = {}
    start = 0
    for batch in table.batches():
        columns = [read_cells(batch.column(place)) for place in range(batch.num_columns)]
        for hit in _hits(part, columns, low, high):
            rows, count = found.get((hit.rule, hit.columns, hit.labels), ([], 0))
            if len(rows) < _KEPT:
                rows.extend(start + row for row in hit.rows[: _KEPT - len(rows)])
            found[hit.rule, hit.columns, hit.labels] = (rows, count + hit.count)
        start += batch.num_rows
    for (rule, places, labels), (rows, count) in found.items():
        yield Hit(rule=rule, rows=tuple(rows), columns=places, labels=labels, count=count)


def _hits(part: Recognised, columns: list[Cells], low: int, high: int) -> Iterator[Hit]:
    measured = _measure_rows(part, columns)
    rows = len(columns[0].codes) if columns else 0
    other = _other_rows(part, columns, rows)
    for view, cells in zip(part.columns, columns, strict=True):
        small = _small(cells, low, high)
        plain = (cells.kinds == CellKind.NUMBER) & small
        pairs = (cells.kinds == CellKind.PAIR) & small & (cells.places == 0) & ~other
        if view.role is Role.COUNT and view.of_people and not _counts_things(view):
            yield from _hit("count", plain & ~other & _people_rows(measured, rows), view)
        elif measured is not None and view.role in (Role.MEASURE, Role.COUNT, Role.CATEGORY):
            yield from _hit("count", plain & measured, view)
        if part.kind is not Kind.REGRESSION and _pairs_are_counts(cells, view):
            yield from _hit("pair", pairs & (cells.pair_percent | cells.fraction | _whole_pairs(cells)), view)
        elif view.role is not Role.COUNT:
            yield from _hit("pair", pairs & (cells.pair_percent | cells.fraction), view)
    yield from _implied(part, columns, low, high)


def _hit(rule: str, mask: npt.NDArray[np.bool_], view: ColumnView) -> Iterator[Hit]:
    places = np.flatnonzero(mask)
    if len(places):
        rows = tuple(places[:_KEPT].tolist())
        yield Hit(rule=rule, rows=rows, columns=(view.index,), labels=(view.label,), count=len(places))


def _small(cells: Cells, low: int, high: int) -> npt.NDArray[np.bool_]:
    with np.errstate(invalid="ignore"):
        return (cells.first >= low) & (cells.first <= high) & (cells.first == np.floor(cells.first)) & (cells.places == 0) | (
            (cells.first >= low) & (cells.first <= high) & (cells.first == np.floor(cells.first)) & (cells.kinds == CellKind.NUMBER)
        )


def _whole_pairs(cells: Cells) -> npt.NDArray[np.bool_]:
    """`12 (3.4)`: the bracket is a share although no sign says so."""
    with np.errstate(invalid="ignore"):
        return (cells.places == 0) & (cells.second >= 0) & (cells.second <= _LARGEST_PERCENT)


def _pairs_are_counts(cells: Cells, view: ColumnView) -> bool:
    """True where the pairs of a column read as n (%) rather than mean (SD): nearly all first numbers are whole."""
    pairs = cells.kinds == CellKind.PAIR
    if not pairs.any() or view.role in (Role.COEFFICIENT, Role.RATIO, Role.MEAN):
        return False
    return bool(np.mean(cells.places[pairs] == 0) > 0.5 or cells.pair_percent.any())  # noqa: PLR2004 - most of them


def _counts_things(view: ColumnView) -> bool:
    return "not_people" in matches(view.name)


def _stub(part: Recognised, columns: list[Cells]) -> list[tuple[ColumnView, Cells]]:
    return [(view, cells) for view, cells in zip(part.columns, columns, strict=True) if view.role in (Role.CATEGORY, Role.TEXT, Role.IDENTIFIER) and view.numbers is None][:3]


def _measure_rows(part: Recognised, columns: list[Cells]) -> npt.NDArray[np.bool_] | None:
    """Rows whose label says that they count people ("n", "cases"), where measures stand in rows; None where no label does."""
    for view, cells in _stub(part, columns):
        said = np.array([_label_counts(word) for word in cells.text], np.bool_)
        if said.any() and not said.all() and view.index <= 2:  # noqa: PLR2004 - labels stand in front
            return np.asarray(said[cells.codes])
        if said.any() and len(cells.text) <= 3:  # noqa: PLR2004 - nothing but n
            return np.asarray(said[cells.codes])
    return None


def _label_counts(word: str) -> bool:
    found = matches(word)
    name, tokens = normalise(word)
    others = {"p_value", "standard_error", "mean", "standard_deviation", "percentage", "rate", "ratio", "coefficient", "quantile", "test_statistic", "person_time", "not_people"}
    return "count" in found and not others & found.keys() and bool(name) and len(tokens) <= 8  # noqa: PLR2004 - a label, not a sentence


def _other_rows(part: Recognised, columns: list[Cells], rows: int) -> npt.NDArray[np.bool_]:
    """Rows whose label says that they hold means, medians, tests or rates: their whole numbers are no counts."""
    mask = np.zeros(rows, np.bool_)
    for view, cells in _stub(part, columns)[:2]:
        if view.index > 2:  # noqa: PLR2004 - labels stand in front
            continue
        said = np.array([bool(_SUMMARY_LABEL.search(word)) and not _label_counts(word) and bool({"mean", "standard_deviation", "quantile", "minimum", "maximum", "p_value", "test_statistic", "rate", "ratio", "percentage"} & matches(word).keys()) for word in cells.text], np.bool_)
        mask |= said[cells.codes]
    return mask


def _people_rows(measured: npt.NDArray[np.bool_] | None, rows: int) -> npt.NDArray[np.bool_]:
    """All rows of a column of counts, except where labels say that only some count."""
    return np.ones(rows, np.bool_) if measured is None or measured.sum() < rows // 20 else np.ones(rows, np.bool_)


def _implied(part: Recognised, columns: list[Cells], low: int, high: int) -> Iterator[Hit]:
    """Percentages whose denominator is published: numerator or complement in the range."""
    denominators = [(view, cells) for view, cells in zip(part.columns, columns, strict=True) if view.role is Role.COUNT and view.of_people and _is_denominator(view)]
    for view, cells in zip(part.columns, columns, strict=True):
        if view.role is not Role.PERCENTAGE:
            continue
        share = _shares(cells)
        total = _header_total(view, len(cells.codes))
        if total is None and denominators:
            total = denominators[0][1].first
        if total is None:
            continue
        with np.errstate(invalid="ignore"):
            numerator = np.round(share * total)
            # the rounding of the percentage must leave one whole number only
            sharp = total * 0.5 * 10.0 ** -(cells.places + 2.0) < 0.5  # noqa: PLR2004 - half a person
            hidden = ((numerator >= low) & (numerator <= high)) | ((total - numerator >= low) & (total - numerator <= high))
            mask = np.isfinite(numerator) & sharp & hidden & (share > 0) & (share < 1)
        yield from _hit("implied", np.asarray(mask, np.bool_), view)


def _shares(cells: Cells) -> npt.NDArray[np.float64]:
    """Percentages as shares; a column that never passes 1 and has no percent sign holds proportions."""
    finite = cells.first[np.isfinite(cells.first)]
    proportions = len(finite) > 0 and float(finite.max()) <= 1 and cells.share(CellKind.PERCENT) == 0
    return cells.first if proportions else cells.first / 100


def _is_denominator(view: ColumnView) -> bool:
    name, tokens = normalise(view.name)
    return name in {"n", "total", "denominator", "denom", "population", "pop", "all", "n_total", "total_n", "tested", "overall", "base", "patients", "participants", "sample_size", "n_group"} or "total" in tokens or "denominator" in tokens


def _header_total(view: ColumnView, rows: int) -> npt.NDArray[np.float64] | None:
    """`(N = 25)` in the header, for every row."""
    match = _HEADER_N.search(view.name)
    if match is None:
        return None
    digits = re.sub(r"\D", "", match[1])
    return np.full(rows, float(digits)) if digits else None


__all__ = ["Hit", "counts_in_table"]
