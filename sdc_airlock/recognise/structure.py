"""How the numbers of a table add up: margins, sub-totals, hierarchies, percentages with their base, as one system of equations.

Every dimension (a column of labels, or the header) is laid out as a line of labels against lanes, one lane for each combination of everything else. A
sum that holds along a line holds in all of its lanes, so that lanes in which every cell is printed vouch for those in which some are hidden.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from sdc_airlock.model.content import Table
from sdc_airlock.model.published import Dimension, Marker, Published
from sdc_airlock.model.recognised import Kind, Recognised
from sdc_airlock.recognise._structure_keys import Keys, keys_of
from sdc_airlock.recognise._structure_labels import parents_by_band, parents_by_code, parents_by_indent, runs
from sdc_airlock.recognise._structure_shares import header_total, shares_of
from sdc_airlock.recognise._structure_stack import cell_names, stacked
from sdc_airlock.recognise._structure_sums import Line, find_sums, total_of_sections
from sdc_airlock.recognise._structure_values import (
    Mask,
    Numbers,
    Values,
    bases_of,
    legend_bound,
    marker_bounds,
    values_of,
    with_rounding,
    with_zeros_shown,
)
from sdc_airlock.recognise._structure_write import Writer
from sdc_airlock.recognise.lexicon import is_total

_KINDS = frozenset(
    {
        Kind.FREQUENCY_TABLE,
        Kind.MAGNITUDE_TABLE,
        Kind.SUMMARY_STATISTICS,
        Kind.SERIES,
        Kind.DISTRIBUTION,
        Kind.MATRIX,
        Kind.LIST,
        Kind.OTHER,
    }
)
_PEOPLE_ROWS = 0.5
_MOST_CELLS = 400_000
_MOST_LANES = 4_000_000
_STATISTIC = re.compile(r"\b(?:mean|median|s\.?d\.?|std|iqr|inter-?quartile|min|max|minimum|maximum|average|quartile|quantile|percentile|p-?value|rate|ratio|percent|percentage|per cent|proportion|95% ci)\b|^%", re.IGNORECASE)  # fmt: skip
_COUNTED = re.compile(r"\b(?:n|no|number|count|total|events)\b", re.IGNORECASE)
_LONGEST_LINE = 20_000
_POSITIONAL_ROWS = 2_000
_BLANK_WORDS = frozenset({"", "na", "n/a", "nan", "none", "null", "-", "."})


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table laid out for the search.

    Attributes:
        part, table: Where it came from.
        values: Its measure columns.
        keys: Its label columns.
        live: Rows that hold numbers or markers, and count or add up something.
        places: Flat index of the cell of a row (axis 0) and a measure column (axis 1); -1 where there is none.
    """

    part: Recognised
    table: Table
    values: tuple[Values, ...]
    keys: Keys
    live: Mask
    places: npt.NDArray[np.int64]


def too_large(table: Table) -> bool:
    """True for a table of more cells than are put into one system."""
    return table.sample_rows * max(1, len(table.columns)) > _MOST_CELLS


def structure(part: Recognised) -> Published | None:
    """The cells of one table and how they add up; None for parts that are no table of numbers, or too large to hold.

    The answer may have no equation: then nothing was found that adds up.
    """
    table = part.table
    if table is None or not table.whole or part.kind not in _KINDS or part.individual >= _PEOPLE_ROWS:
        return None
    if too_large(table) or not part.columns:
        return None
    with np.errstate(invalid="ignore", over="ignore", divide="ignore"):
        return _structure(part, table)


def _structure(part: Recognised, table: Table) -> Published | None:
    keys, measured = keys_of(part, table)
    legend = legend_bound(f"{table.title}\n{table.notes}")
    values = [values_of(table.columns[place], part.columns[place], legend) for place in measured]
    values = with_zeros_shown(values)
    bases = bases_of(values)
    rounded = [with_rounding(each, base) for each, base in zip(values, bases, strict=True)]
    live = _live(rounded, keys, table.sample_rows)
    if not live.any() or not any(each.exists.any() for each in rounded):
        return None
    sheet = _sheet(part, table, rounded, keys, live)
    writer = Writer(cells=int(sheet.places.max(initial=-1)) + 1)
    _search(sheet, writer)
    if any(base > 0 for base in bases) and not len(writer.sums) and _vouched(sheet):
        # rounded to either side
        sheet = replace(sheet, values=tuple(with_rounding(each, base, wide=True) for each, base in zip(values, bases, strict=True)))
        writer = Writer(cells=writer.cells)
        _search(sheet, writer)
    shares_of(sheet.values, sheet.places, sheet.live, writer)
    return _published(sheet, writer, max(bases, key=abs))


def _vouched(sheet: Sheet) -> bool:
    """True where labels name totals, so that sums are to be expected."""
    return any(is_total(word) for key in sheet.keys.columns for word in key.words) or any(is_total(each.view.name) for each in sheet.values)


def _live(values: Sequence[Values], keys: Keys, rows: int) -> Mask:
    """Rows that hold a number or a marker and are not labelled as means, rates and the like."""
    live = np.zeros(rows, np.bool_)
    for each in values:
        live |= each.exists & (each.marker != Marker.BLANK)
        live |= np.isfinite(each.share)
    for key in keys.columns:
        statistic = np.array([bool(_STATISTIC.search(word)) and not _COUNTED.search(word) for word in key.words], np.bool_)
        live &= ~statistic[key.codes]
    return live


def _sheet(part: Recognised, table: Table, values: Sequence[Values], keys: Keys, live: Mask) -> Sheet:
    there = np.column_stack([each.exists & live for each in values])
    places = np.full(there.shape, -1, np.int64)
    places[there] = np.arange(int(there.sum()))
    return Sheet(part=part, table=table, values=tuple(values), keys=keys, live=live, places=places)


def _search(sheet: Sheet, writer: Writer) -> None:
    """Look along every dimension."""
    low = np.column_stack([each.low for each in sheet.values])
    high = np.column_stack([each.high for each in sheet.values])
    low, high = np.where(sheet.places >= 0, low, np.nan), np.where(sheet.places >= 0, high, np.nan)
    _columns(sheet, low, high, writer)
    if sheet.keys.unique and len(sheet.keys.minimal) > 1:
        for key in sheet.keys.minimal:
            _pivot(sheet, key, low, high, writer)
        if sheet.table.sample_rows <= _POSITIONAL_ROWS:
            _positions(sheet, low, high, writer, grouped=True)
    else:
        _positions(sheet, low, high, writer, grouped=False)


def _columns(sheet: Sheet, low: Numbers, high: Numbers, writer: Writer) -> None:
    """Along the header."""
    for counts in (True, False):
        chosen = [place for place, each in enumerate(sheet.values) if each.counts == counts and each.exists.any()]
        if len(chosen) < 3:
            continue
        words = tuple(sheet.values[place].view.name for place in chosen)
        line = Line(
            words=words,
            totals=tuple(is_total(word) for word in words),
            maybe=(False,) * len(words),
            low=low[:, chosen].T,
            high=high[:, chosen].T,
            parents=tuple(parents for parents in (tuple(parents_by_band(words)),) if max(parents) >= 0),
        )
        writer.write(find_sums(line), sheet.places[:, chosen].T)


def _hierarchies(words: Sequence[str]) -> tuple[tuple[int, ...], ...]:
    found = (parents_by_indent(words), parents_by_code(words), parents_by_band(words))
    return tuple(tuple(parents) for parents in found if max(parents, default=-1) >= 0)


def _is_blank(word: str) -> bool:
    return word.strip().lower() in _BLANK_WORDS


def _pivot(sheet: Sheet, key: int, low: Numbers, high: Numbers, writer: Writer) -> None:
    """Along one column of labels of a long table, all other labels and measures being lanes."""
    column = sheet.keys.columns[key]
    others = [sheet.keys.columns[place] for place in sheet.keys.minimal if place != key]
    lane = np.zeros(len(column.codes), np.int64)
    for other in others:
        lane = np.unique(lane * len(other.words) + other.codes, return_inverse=True)[1].reshape(-1)
    rows = np.flatnonzero(sheet.live)
    if not len(rows):
        return
    lanes, width = int(lane.max()) + 1, len(sheet.values)
    if not 2 < len(column.words) <= _LONGEST_LINE or len(column.words) * lanes * width > _MOST_LANES:
        return
    shape = len(column.words), lanes, width
    laid_low, laid_high, places = np.full(shape, np.nan), np.full(shape, np.nan), np.full(shape, -1, np.int64)
    at = column.codes[rows], lane[rows]
    laid_low[at], laid_high[at], places[at] = low[rows], high[rows], sheet.places[rows]
    words = column.words
    line = Line(
        words=words,
        totals=tuple(is_total(word) for word in words),
        maybe=tuple(_is_blank(word) for word in words),
        low=laid_low.reshape(len(words), -1),
        high=laid_high.reshape(len(words), -1),
        parents=_hierarchies(words),
        groups=_groups(sheet, key),
        together=width,
    )
    writer.write(find_sums(line), places.reshape(len(words), -1))


def _groups(sheet: Sheet, key: int) -> tuple[tuple[int, ...], ...]:
    """Blocks of labels that another, dependent column of labels puts under one heading."""
    column = sheet.keys.columns[key]
    found: list[tuple[int, ...]] = []
    for place, other in enumerate(sheet.keys.columns):
        if place in sheet.keys.minimal or not 1 < len(other.words) < len(column.words):
            continue
        pairs = np.unique(np.column_stack([column.codes, other.codes])[sheet.live], axis=0)
        if len(pairs) != len(np.unique(pairs[:, 0])):
            continue
        found.extend(tuple(pairs[pairs[:, 1] == code, 0].tolist()) for code in np.unique(pairs[:, 1]).tolist())
    return tuple(group for group in found if len(group) > 1)


def _positions(sheet: Sheet, low: Numbers, high: Numbers, writer: Writer, *, grouped: bool) -> None:
    """Along the rows as they stand, measures being lanes; where `grouped`, only for totals of whole blocks (the rest was found by label)."""
    rows = np.flatnonzero(sheet.live)
    if not 2 < len(rows) <= _LONGEST_LINE:
        return
    words = tuple(sheet.keys.label(row) for row in rows.tolist())
    totals = tuple(sheet.keys.names_total(row) for row in rows.tolist())
    groups = _sections(sheet, rows)
    if grouped and not (any(totals) and groups):
        return
    line = Line(
        words=words,
        totals=totals,
        maybe=(False,) * len(words),
        low=low[rows],
        high=high[rows],
        parents=() if grouped else _row_hierarchies(sheet, rows, words),
        groups=groups,
    )
    if groups and not any(totals) and len(rows) <= _POSITIONAL_ROWS:
        at = total_of_sections(line)
        line = replace(line, totals=tuple(place == at for place in range(len(words))))
    line, places = _with_headed_total(sheet, line, sheet.places[rows], writer)
    sums = find_sums(line)
    if grouped:
        blocks = {frozenset(group) for group in groups}
        # a block that holds totals of its own would be counted twice
        within = [any(is_total(key.words[key.codes[row]]) for key in sheet.keys.columns) for row in rows.tolist()]
        sums = [each for each in sums if frozenset(each.members) in blocks and not any(within[place] for place in each.members)]
    writer.write(sums, places)


def _with_headed_total(sheet: Sheet, line: Line, places: npt.NDArray[np.int64], writer: Writer) -> tuple[Line, npt.NDArray[np.int64]]:
    """The line with one more label for the totals that headers print ("Treated (N = 125)")."""
    heads = np.array([header_total(each.view.name) if each.counts else np.nan for each in sheet.values])
    if not np.isfinite(heads).any():
        return line, places
    spare = [
        writer.spare(head, head, each.view.index) if np.isfinite(head) else -1
        for head, each in zip(heads.tolist(), sheet.values, strict=True)
    ]
    parents = tuple((*each, -1) for each in line.parents)
    longer = replace(
        line,
        words=(*line.words, ""),
        totals=(*line.totals, True),
        maybe=(*line.maybe, False),
        low=np.vstack([line.low, heads]),
        high=np.vstack([line.high, heads]),
        parents=parents,
    )
    return longer, np.vstack([places, np.array(spare, np.int64)])


def _row_hierarchies(sheet: Sheet, rows: npt.NDArray[np.int64], words: Sequence[str]) -> tuple[tuple[int, ...], ...]:
    found = list(_hierarchies(words))
    for key in sheet.keys.columns[1:3]:
        found.extend(_hierarchies([key.words[code] for code in key.codes[rows].tolist()]))
    return tuple(found)


def _sections(sheet: Sheet, rows: npt.NDArray[np.int64]) -> tuple[tuple[int, ...], ...]:
    """Blocks of rows under a heading: between rows without numbers, or with the same label in another column."""
    position = {row: place for place, row in enumerate(rows.tolist())}
    blocks = [[position[row] for row in range(start, end)] for start, end in runs([not flag for flag in sheet.live.tolist()])]
    if len(blocks) < 2:
        blocks = []
    for key in sheet.keys.columns[:3]:
        if len(sheet.keys.columns) < 2:
            break
        filled = sheet.keys.filled_down(key)[rows]
        blocks.extend(np.flatnonzero(filled == code).tolist() for code in np.unique(filled).tolist())
    return tuple(tuple(block) for block in blocks if len(block) > 1)


def _published(sheet: Sheet, writer: Writer, base: int) -> Published:
    rows, columns = np.nonzero(sheet.places >= 0)
    order = np.argsort(sheet.places[rows, columns], kind="stable")
    rows, columns = rows[order], columns[order]
    more = writer.cells - len(rows)

    def gather(name: str, spare: float) -> Numbers:
        laid = np.column_stack([getattr(each, name) for each in sheet.values])
        return np.concatenate([laid[rows, columns], np.full(more, spare)])

    counts = np.array([each.counts for each in sheet.values])[columns]
    people = np.array([each.view.of_people for each in sheet.values])[columns]
    places = np.array([each.view.index for each in sheet.values])[columns]
    low, high = gather("low", 0.0), gather("high", np.inf)
    low[len(rows) :], high[len(rows) :] = writer.spare_low, writer.spare_high
    marker = gather("marker", float(Marker.BARE)).astype(np.int8)
    marker[len(rows) :] = Marker.NUMBER
    return Published(
        parts=(sheet.part.part_id,),
        part=np.zeros(writer.cells, np.int64),
        row=np.concatenate([rows, np.full(more, -1)]).astype(np.int64),
        column=np.concatenate([places, np.asarray(writer.spare_columns, np.int64)]).astype(np.int64),
        printed=gather("printed", np.nan),
        low=low,
        high=high,
        marker=marker,
        integral=np.concatenate([counts, np.ones(more, np.bool_)]),
        people=np.concatenate([counts & people, np.zeros(more, np.bool_)]),
        measure=np.concatenate([columns, np.full(more, -1)]).astype(np.int64),
        measures=tuple(each.view.label for each in sheet.values),
        dimensions=_dimensions(sheet, rows, columns, more),
        equations=writer.equations(),
        base=(base,),
        notes=(f"counts rounded to {base}",) if base > 0 else ("counts rounded to the middle of six",) if base else (),
    )


def _dimensions(sheet: Sheet, rows: npt.NDArray[np.int64], columns: npt.NDArray[np.int64], more: int) -> tuple[Dimension, ...]:
    spare = np.full(more, -1, np.int64)
    found = [
        Dimension(
            name=key.name,
            words=key.words,
            codes=np.concatenate([key.codes[rows], spare]),
            totals=np.array([is_total(word) or _is_blank(word) for word in key.words], np.bool_),
        )
        for key in sheet.keys.columns
    ]
    names = tuple(each.view.name for each in sheet.values)
    header = Dimension(
        name="",
        words=names,
        codes=np.concatenate([columns.astype(np.int64), spare]),
        totals=np.array([is_total(name) for name in names], np.bool_),
    )
    return (*found, header)


__all__ = ["cell_names", "legend_bound", "marker_bounds", "stacked", "structure", "too_large"]
