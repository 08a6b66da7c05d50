"""Order statistics in tables: minima, maxima, ranges and percentiles, with the number of people behind them where that is told."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from sdc_airlock.checks._cell_counts import Body, Mask, Numbers, bodies
from sdc_airlock.checks._counted import speaks_of_people
from sdc_airlock.model.content import Table
from sdc_airlock.model.recognised import ColumnView, Kind, Recognised, Role, Unit
from sdc_airlock.recognise.cells import CellKind, Cells
from sdc_airlock.recognise.lexicon import normalise

_NOT_OF_PEOPLE = frozenset(
    {Kind.INDIVIDUAL_ROWS, Kind.GENOTYPE_MATRIX, Kind.GENOTYPE_RECORDS, Kind.SEQUENCE_READS, Kind.VARIANT_SITES, Kind.GWAS_SUMMARY_STATISTICS, Kind.SCORE_WEIGHTS, Kind.GENE_RESULTS}
)  # fmt: skip
_QUARTERS = {"q1": 0.25, "q2": 0.5, "q3": 0.75}
_WORDS = {
    "min": 0.0, "minimum": 0.0, "smallest": 0.0, "lowest": 0.0, "youngest": 0.0, "whislo": 0.0, "lowerfence": 0.0, "lower whisker": 0.0, "min value": 0.0, "minimum value": 0.0,
    "max": 1.0, "maximum": 1.0, "largest": 1.0, "highest": 1.0, "oldest": 1.0, "whishi": 1.0, "upperfence": 1.0, "upper whisker": 1.0, "max value": 1.0, "maximum value": 1.0,
    "median": 0.5, "med": 0.5, "1st qu": 0.25, "3rd qu": 0.75, "1q": 0.25, "3q": 0.75, "lower quartile": 0.25, "upper quartile": 0.75, "first quartile": 0.25, "third quartile": 0.75, "1st quartile": 0.25, "3rd quartile": 0.75, **_QUARTERS,
}  # fmt: skip
_PERCENT = re.compile(
    r"(?:p|pct|perc|percentile|quantile|q)?[ _]?(\d{1,2}(?:[.]\d{1,3})?)\s?%?(?:st|nd|rd|th)?(?:[ _]?(?:percentile|centile|pctl|pctile|quantile|pct))?"
)
_SIGNED = re.compile(r"%|[a-z]")
_SHARE = re.compile(r"(?:q|quantile)?[ _]?(0?\.\d{1,4})")
_RANGE = re.compile(r"\brange\b|\bmin(?:imum)?\b.{0,8}\bmax(?:imum)?\b", re.IGNORECASE)
_MIDDLE = re.compile(r"\biqr\b|\binter-?\s?quartile|\bq1\b.{0,8}\bq3\b", re.IGNORECASE)
_OTHER_RANGE = re.compile(
    r"\b(?:reference|normal|age|date|valid|allowed|price|dynamic|possible)\s+range\b|\brange(?:\s+of)?\s+(?:check|test)", re.IGNORECASE
)
_COUNT_LABELS = frozenset({"count", "n", "obs", "nobs", "observations", "n obs", "number", "sample size", "number of observations", "patients", "participants", "people", "valid n", "n valid", "number of patients", "number of participants", "no of obs"})  # fmt: skip
_COUNT_NAMES = frozenset({"n", "count", "obs", "nobs", "n_obs", "observations", "number", "sample_size", "patients", "participants", "n_valid", "valid_n", "size", "total", "n_total"})  # fmt: skip
_DESCRIBED = frozenset({"mean", "std", "sd", "median", "min", "max", "average", "st dev", "std dev", "minimum", "maximum"})
_PRINTED = re.compile(r"(?:min|max)\.?\s*(?::.*)?", re.IGNORECASE)
# several numbers in one cell: "71;75;88", "[71, 75]"
_LIST = re.compile(r"[\[({]?\s*+-?\d++(?:\.\d++)?(?:\s*+(?:[;,|/]|(?<=\s))\s*+-?\d++(?:\.\d++)?)++\s*+[\])}]?")
_LISTS_LOOKED_AT = 200
_OUTLIERS = re.compile(
    r"(?:^|[._ \]])(?:outliers?|fliers?|outlier_values?|outlier_points?|suspectedoutliers?)(?:[._ ]?\d{1,4}|\[\d{1,4}\])*+$", re.IGNORECASE
)
_HEADER_N = re.compile(r"\b[nN]\s*[=:]\s*(\d{1,3}(?:[, ]\d{3})+|\d{1,9})")
_FEWEST_GROUPS = 3
_OF_ENDS = frozenset({"value", "observed", "obs", "valid", "n", "of", "the", "range"})
_ENDS_OF_SCALES = (0.0, 1.0, 100.0)


@dataclass(frozen=True, slots=True)
class Order:
    """One order statistic in one cell.

    Attributes:
        row, column: Place of the cell, counted from 0.
        share: 0 for a minimum, 1 for a maximum (or a range), between them for a percentile.
        people: People behind it, NaN where that is not told.
    """

    row: int
    column: int
    share: float
    people: float

    @property
    def end(self) -> bool:
        """True for a minimum, a maximum or a range."""
        return self.share in (0.0, 1.0)


@lru_cache(maxsize=20_000)
def share_of(label: str) -> float | None:
    """Which order statistic a label names: 0 the minimum, 0.5 the median, 1 the maximum; None where it names none."""
    if not label or len(label) > 60:
        return None
    words = label.strip().lower().rstrip(".:")
    if " " not in words and ("." in words or "[" in words):  # a path in a JSON document
        inner = re.sub(r"\[\d+\]$", "", words).rsplit(".", 1)[-1]
        words = inner if inner in _WORDS else words
    plain = " ".join(words.replace("_", " ").replace(".", " ").split())
    for name in (plain, plain.partition(" ")[2], plain.rpartition(" ")[2], " ".join(plain.split()[-2:])):
        if name in _WORDS:
            return _WORDS[name]
    if match := _SHARE.fullmatch(words):
        return float(match[1])
    match = _PERCENT.fullmatch(words) or _PERCENT.fullmatch(words.rpartition("_")[2])
    if match and _SIGNED.search(words) and 0 < float(match[1]) < 100:
        return float(match[1]) / 100
    return None


def order_statistics(part: Recognised, table: Table) -> Iterator[Order]:
    """Every order statistic of a table that is not one of single people, variants, genes or model runs."""
    if part.kind in _NOT_OF_PEOPLE or part.unit is Unit.TRIAL:
        return
    around = _told(f"{table.title} {table.notes}")
    series = part.kind is Kind.SERIES or (part.kind is Kind.LIST and part.unit is Unit.ITEM)
    for start, body in bodies(part, table):
        columns = _people_column(part, body)
        if not series or columns is not None:
            for one in _in_columns(body, columns, around):
                yield Order(row=start + one.row, column=one.column, share=one.share, people=one.people)
        if table.whole:
            yield from _in_rows(part, body, around)


def ends_by_group(part: Recognised, orders: Sequence[Order]) -> bool:
    """True where ends of several groups stand below each other: headers name what they are of (`min_age`), or each row tells another number of people.

    Tables of variables, as programs describe data by them, name the variable in the row, and tell of the same people in each.
    """
    rows: dict[int, set[int]] = {}
    people: dict[int, float] = {}
    for one in orders:
        if one.end:
            rows.setdefault(one.column, set()).add(one.row)
            people[one.row] = one.people
    listed = [column for column, found in rows.items() if len(found) >= _FEWEST_GROUPS]
    if not listed or part.unit is Unit.ESTIMATE:
        return False
    measured = [view for view in part.columns if view.index in listed and _names_a_measure(view.name)]
    return len(measured) == len(listed) or (len(people) >= _FEWEST_GROUPS and len(set(people.values())) == len(people))


def _names_a_measure(name: str) -> bool:
    """True for a header with a word beyond those that say which order statistic it is."""
    words = [word for word in re.split(r"[\W_]+", name.lower()) if word]
    return any(word not in _WORDS and word not in _OF_ENDS for word in words)


def outlier_columns(part: Recognised, table: Table) -> list[ColumnView]:
    """Columns that hold the outlying points of a box plot, one value a person."""
    if part.kind in (Kind.INDIVIDUAL_ROWS, Kind.GENOTYPE_MATRIX):
        return []
    titled = bool(_OUTLIERS.search(table.title.strip()))
    found = []
    for view in part.columns:
        named = bool(_OUTLIERS.search(view.name.strip())) or (titled and not view.name)
        if not named or not view.filled:
            continue
        if view.numbers is not None:
            listed = bool(set(np.unique(view.numbers[np.isfinite(view.numbers)]).tolist()) - {0.0, 1.0})
        else:
            words = [str(cell or "") for cell in table.columns[view.index].values.slice(0, _LISTS_LOOKED_AT).to_pylist()]
            listed = any(_LIST.fullmatch(word.strip()) for word in words)
        if listed:
            found.append(view)
    return found


def _told(text: str) -> float:
    """People told as "N = 25" in a title, note or header, NaN where there are none."""
    match = _HEADER_N.search(text)
    return float(re.sub(r"\D", "", match[1])) if match else float("nan")


def _people_column(part: Recognised, body: Body) -> Numbers | None:
    """The column that tells how many people each row is about."""
    found = [
        (view, cells)
        for view, cells in zip(body.views, body.cells, strict=True)
        if view.role is Role.COUNT and speaks_of_people(part, view)
    ]
    named = [(view, cells) for view, cells in found if normalise(view.name)[0] in _COUNT_NAMES]
    chosen = named or [(view, cells) for view, cells in found if share_of(view.name) is None]
    return chosen[0][1].first if chosen else None


def _in_columns(body: Body, people: Numbers | None, around: float) -> Iterator[Order]:
    """Columns that are minima, maxima or percentiles of what each row is about."""
    named: list[tuple[ColumnView, Cells, float]] = []
    pairs = _pairs(body)
    for view, cells in zip(body.views, body.cells, strict=True):
        if view.index in pairs and view.numbers is not None:
            named.append((view, cells, pairs[view.index]))
            continue
        share = share_of(view.name)
        if share is None:
            share = {Role.MINIMUM: 0.0, Role.MAXIMUM: 1.0}.get(view.role)
        known = share is not None and (view.role in (Role.MINIMUM, Role.MAXIMUM, Role.QUANTILE) or _sure(view.name))
        if share is not None and known and view.numbers is not None:
            named.append((view, cells, share))
    if not _are_order(named, body):
        return
    ends = [cells.first for _, cells, share in named if share in (0.0, 1.0)]
    scales = _of_scales(ends, body.rows)
    for view, cells, share in named:
        total = people if people is not None else np.full(body.rows, around)
        told = np.full(body.rows, _told(view.name)) if np.isfinite(_told(view.name)) else total
        end = share in (0.0, 1.0)
        for row in np.flatnonzero(np.isfinite(cells.first) & ~(scales & end)).tolist():
            yield Order(row=row, column=view.index, share=share, people=float(told[row]))


def _pairs(body: Body) -> dict[int, float]:
    """Columns headed by both ends of one measure (`min_sbp` and `max_sbp`), whatever else they may be taken for."""
    ends: dict[str, dict[float, ColumnView]] = {}
    for view in body.views:
        first, _, rest = re.sub(r"[\W_]+", " ", view.name.lower()).strip().partition(" ")
        if rest and _WORDS.get(first) in (0.0, 1.0):
            ends.setdefault(rest, {})[_WORDS[first]] = view
    return {view.index: share for found in ends.values() if len(found) > 1 for share, view in found.items()}


def _sure(name: str) -> bool:
    """True for headers that are nothing but an order statistic."""
    return name.strip().lower().rstrip(".") in _WORDS or bool(re.fullmatch(r"\d{1,2}(?:\.\d{1,2})?\s?%", name.strip()))


def _are_order(named: list[tuple[ColumnView, Cells, float]], body: Body) -> bool:
    """True unless percent headers alone stand there ("25%"), which may be levels of something, or the numbers contradict their order."""
    if not named:
        return False
    if all(view.role is Role.PERCENTAGE for view, _, _ in named) and not any(view.role is Role.MEAN for view in body.views):
        return False
    ordered = sorted(named, key=lambda one: one[2])
    with np.errstate(all="ignore"):
        return not any(np.any(low.first > high.first) for (_, low, one), (_, high, other) in pairwise(ordered) if one < other)


def _of_scales(ends: list[Numbers], rows: int) -> Mask:
    """Rows whose ends are those of a scale (0 and 1, 0 and 100), which tell nothing of anybody."""
    if len(ends) < 2:
        return np.zeros(rows, np.bool_)
    return np.asarray(np.all([np.isin(numbers, _ENDS_OF_SCALES) for numbers in ends], axis=0), np.bool_)


def _in_rows(part: Recognised, body: Body, around: float) -> Iterator[Order]:
    """Rows labelled as minima, maxima, ranges or percentiles of what each column is about."""
    stubs = [(view, cells) for view, cells in zip(body.views, body.cells, strict=True) if view.index < 3 and _is_stub(view, cells)]
    for stub, labels in stubs[:2]:
        words = [labels.text[code] for code in labels.codes.tolist()]
        plain = {normalise(word)[0].replace("_", " ") for word in set(words)}
        shares: list[float | None] = [share_of(word) for word in words]
        if not plain & _DESCRIBED:
            shares = [
                share if share is not None and _sure(word) and "%" not in word else None for share, word in zip(shares, words, strict=True)
            ]
        counts = [row for row, word in enumerate(words) if normalise(word)[0].replace("_", " ") in _COUNT_LABELS]
        beside = [(view, cells) for view, cells in zip(body.views, body.cells, strict=True) if view.index > stub.index]
        yield from _labelled(beside, shares, counts, around)
        if part.kind in (Kind.FREQUENCY_TABLE, Kind.MAGNITUDE_TABLE, Kind.SUMMARY_STATISTICS, Kind.LIST):
            yield from _ranges(beside, words, counts, around)
    yield from _printed(body)


def _is_stub(view: ColumnView, cells: Cells) -> bool:
    return view.numbers is None or (view.role is Role.PERCENTAGE and any("%" in word for word in cells.text[:20]))


def _people_of(view: ColumnView, cells: Cells, counts: list[int], around: float) -> float:
    """People that a column is about: in its header, in its row of counts, or around the table."""
    told = _told(view.name)
    if np.isfinite(told):
        return told
    for row in counts:
        if cells.kinds[row] == CellKind.NUMBER:
            return float(cells.first[row])
    return around


def _labelled(beside: list[tuple[ColumnView, Cells]], shares: list[float | None], counts: list[int], around: float) -> Iterator[Order]:
    rows = [row for row, share in enumerate(shares) if share is not None]
    for view, cells in beside:
        filled = [row for row in rows if cells.kinds[row] in (CellKind.NUMBER, CellKind.PERCENT)]
        ends = [cells.first[row] for row in filled if shares[row] in (0.0, 1.0)]
        scale = len(ends) > 1 and bool(np.isin(ends, _ENDS_OF_SCALES).all())
        for row in filled:
            share = shares[row]
            if share is not None and not (scale and share in (0.0, 1.0)):
                yield Order(row=row, column=view.index, share=share, people=_people_of(view, cells, counts, around))


def _ranges(beside: list[tuple[ColumnView, Cells]], words: list[str], counts: list[int], around: float) -> Iterator[Order]:
    """Rows such as "age, range" and "BMI, median [min, max]", whose cells hold both ends."""
    wanted: npt.NDArray[np.bool_] = np.array(
        [bool(_RANGE.search(word)) and not _MIDDLE.search(word) and not _OTHER_RANGE.search(word) for word in words]
    )
    middle = np.array([bool(_MIDDLE.search(word)) for word in words])
    for view, cells in beside:
        printed = cells.kinds != CellKind.MISSING
        for row in np.flatnonzero((wanted | middle) & printed & (cells.kinds != CellKind.SUPPRESSED)).tolist():
            yield Order(row=row, column=view.index, share=0.25 if middle[row] else 1.0, people=_people_of(view, cells, counts, around))


def _printed(body: Body) -> Iterator[Order]:
    """Cells that name and hold an end themselves, as R prints the summary of a data frame ("Min.   :23.0")."""
    for view, cells in zip(body.views, body.cells, strict=True):
        if view.numbers is None and view.index >= 0:
            named = np.array([":" in word and bool(_PRINTED.fullmatch(word)) for word in cells.text], np.bool_)
            beside = _beside(body, view)
            if beside is not None:
                named |= np.array([bool(_PRINTED.fullmatch(word)) and word.endswith(".") for word in cells.text], np.bool_)
            for row in np.flatnonzero(named[cells.codes]).tolist():
                yield Order(row=row, column=view.index, share=1.0, people=float("nan"))


def _beside(body: Body, view: ColumnView) -> Cells | None:
    """The column to the right where its cells begin with a colon."""
    place = view.index + 1
    if place >= len(body.cells):
        return None
    right = body.cells[place]
    return right if any(word.startswith(":") for word in right.text) else None


__all__ = ["Order", "order_statistics", "outlier_columns", "share_of"]
