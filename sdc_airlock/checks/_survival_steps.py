"""Curves told as tables: steps of a survival curve that few people make, and curves with one step a person (ECDF, ROC, Lorenz, quantile-quantile)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from sdc_airlock.checks._cell_counts import Body, Numbers, bodies
from sdc_airlock.model.content import Table
from sdc_airlock.model.recognised import ColumnView, Kind, Recognised, Role
from sdc_airlock.recognise.cells import Cells
from sdc_airlock.recognise.lexicon import normalise
from sdc_airlock.stats.curves import (
    chosen_length,
    half_unit,
    is_convex,
    is_even,
    is_exactly_even,
    is_irregular,
    normal_share,
    one_a_row,
    people_of_steps,
)

_SURVIVAL = re.compile(
    r"\b(?:survival|surv|survivor|survivors? function|km|kaplan|s t|event free|overall survival|progression free|free of event)\b"
)
_NO_SURVIVAL = re.compile(
    r"\b(?:time|months|days|years|status|n|events?|se|std|err|lower|upper|ci|se|risk|low|high|l95|u95|var|log|lcl|ucl)\b"
)
_AT_RISK = re.compile(r"^(?:n |number |no )?(?:at )?risk$|^n risk$|^nrisk$|^at risk$|^atrisk$|^risk set$|^numbers? at risk$|^begin total$")
_EVENTS = re.compile(r"^(?:n |number of |no of )?(?:events?|deaths?|d|observed|nevent|died|failures?|fail)$")
_CENSORED = re.compile(r"^(?:n |number |no )?(?:of )?(?:censor(?:ed|ing|s)?|lost|ncensor|net lost)(?: marks?)?$")
_TIME = re.compile(r"^(?:time|timeline|t|months?|years?|days?|weeks?|follow up|tt|times)\b|\b(?:months?|years?|days?|weeks?|time)$")
_TOLD = re.compile(r"\b[nN]\s*[=:]\s*(\d{1,3}(?:[, ]\d{3})+|\d{1,9})")
_FEWEST = 5
_MOST_OF_THEM = 0.8
_FINE, _HARDLY_EVER = 0.2, -8
_THOUSANDTH, _TENTH = 0.001, 0.1
_NOT_READ = frozenset(
    {Kind.GENOTYPE_MATRIX, Kind.GENOTYPE_RECORDS, Kind.SEQUENCE_READS, Kind.GWAS_SUMMARY_STATISTICS, Kind.VARIANT_SITES, Kind.GENE_RESULTS}
)
_STEPPED = re.compile(r"^(?:ecdf|cdf|empirical cdf|cumulative (?:share|proportion|probability|population|fraction)|cum (?:share|prob|population|pop|prop|people)|f x|fn x|population share|share of population|p population|tpr|sensitivit(?:y|ies)|true positive rate|fpr|false positive rate|1 specificit(?:y|ies)|specificit(?:y|ies)|recall)\b")  # fmt: skip
_THEORETICAL = re.compile(r"\btheoretical\b|\bexpected (?:quantiles?|normal)\b|\bnormal quantiles?\b|^osm$")
_SAMPLED = re.compile(r"\b(?:sample|observed|empirical|ordered|residuals?|standardi[sz]ed residuals?)\b|^osr$")
_OWNED = re.compile(r"\blorenz\b|^l p$|^cum(?:ulative|ul)? ?(?:share|prop|proportion|percent|pct)? ?(?:of )?(?:the )?(?:income|wealth|cost|costs|earnings|expenditure|spending|turnover|sales|assets)")  # fmt: skip
_OF_TESTS = re.compile(r"\b(?:sensitiv|specific|precision|recall|threshold|cut ?off|score|variance|cumulative|cum)")
_FEW_A_STEP = 3.0
_MOST_COLUMNS = 100
_SHARE_OF_STEPS = 8
_DIFFERENT = 0.3
_FARTHEST = 6.0


@dataclass(frozen=True, slots=True)
class Steps:
    """Rows of one rule in one column, counted from 0."""

    rows: tuple[int, ...]
    column: int


def few_events(part: Recognised, table: Table, low: int, high: int) -> Iterator[Steps]:
    """Steps of survival curves that from `low` to `high` people make, though no column says how many.

    With n_i at risk and survival S_i, d_i = n_i (1 - S_i / S_(i-1)) people had the event. Where n_i is printed, d_i follows to within the rounding of S. Where only the
    number at the start is told, it bounds n_i and so d_i from above. Where nothing is told, steps that are 1/n_i for whole numbers n_i that never rise give
    the numbers at risk away: one person makes each.
    """
    if part.kind in _NOT_READ or not table.whole:
        return
    body = next((body for _, body in bodies(part, table)), None)
    if body is None or body.rows < 2:
        return
    named = {view.index: normalise(_TOLD.sub(" ", view.name))[0].replace("_", " ") for view in body.views}
    if any(_EVENTS.match(name) for name in named.values()) and any(_AT_RISK.match(name) for name in named.values()):
        return  # the counts themselves stand there
    if not any(_TIME.search(name) or view.role is Role.PERIOD for view, name in zip(body.views, named.values(), strict=True)):
        yield from _unnamed(body)
        return
    risk = next((cells.first for view, cells in _columns(body) if _AT_RISK.match(named[view.index])), None)
    started = _TOLD.search(f"{table.title} {table.notes} " + " ".join(view.name for view in body.views))
    start = float(re.sub(r"\D", "", started[1])) if started else None
    if not any(_is_survival(name) for name in named.values()):
        yield from _unnamed(body)
    for view, cells in _columns(body):
        if not _is_survival(named[view.index]):
            continue
        for first, last in _curves(cells.first):
            rows = _few(cells, risk, start, slice(first, last), low, high)
            if len(rows):
                yield Steps(rows=tuple((first + rows).tolist()), column=view.index)


def _is_survival(name: str) -> bool:
    return _SURVIVAL.search(name) is not None and _NO_SURVIVAL.search(name) is None


def _unnamed(body: Body) -> Iterator[Steps]:
    """Steps of one person each in columns of any name, beside a column that only rises, where no chance makes so many."""
    columns = _columns(body)
    if not any(np.isfinite(cells.first).all() and bool((np.diff(cells.first) > 0).all()) for _, cells in columns):
        return
    for view, cells in columns:
        if not np.isfinite(cells.first).all() or not 0 <= cells.first.min() <= cells.first.max() <= 1 or (np.diff(cells.first) > 0).any():
            continue
        half = 0.5 * 10.0 ** -float(cells.places.max())
        if _by_round_steps(cells.first, half):
            continue
        share, slack = _fallen(cells.first, half)
        stepped = share > slack
        if _one_each(share[stepped], slack[stepped]) and _no_chance(share[stepped], slack[stepped]):
            yield Steps(rows=tuple(np.flatnonzero(stepped).tolist()), column=view.index)


def _by_round_steps(numbers: Numbers, half: float) -> bool:
    """True for numbers at even steps of so many thousandths, as made-up and fitted ones fall."""
    if not is_even(numbers, half):
        return False
    step = abs(float(numbers[-1] - numbers[0])) / max(len(numbers) - 1, 1) / _THOUSANDTH
    return abs(step - round(step)) < _TENTH


def censor_marks(part: Recognised, table: Table, low: int, high: int) -> Iterator[Steps]:
    """Columns that count (or mark) the censored at each time, in tables of survival, where recognition did not read them as counts."""
    if (
        part.kind in _NOT_READ
        or not table.whole
        or not any(_SURVIVAL.search(normalise(view.name)[0].replace("_", " ")) for view in part.columns)
    ):
        return
    for view in part.columns:
        if view.role is not Role.COUNT and view.numbers is not None and _CENSORED.match(normalise(view.name)[0].replace("_", " ")):
            with np.errstate(all="ignore"):
                rows = np.flatnonzero((view.numbers >= low) & (view.numbers <= high))
            if len(rows):
                yield Steps(rows=tuple(rows.tolist()), column=view.index)


def _columns(body: Body) -> list[tuple[ColumnView, Cells]]:
    return [(view, cells) for view, cells in zip(body.views, body.cells, strict=True) if view.numbers is not None]


def _curves(survival: Numbers) -> list[tuple[int, int]]:
    """Stretches of rows that are one curve each: shares (or per cent) that never rise; a rise begins the next curve."""
    finite = survival[np.isfinite(survival)]
    if len(finite) != len(survival) or not len(finite) or finite.min() < 0 or finite.max() > 100:
        return []
    breaks = [0, *(np.flatnonzero(np.diff(survival) > 1e-12) + 1).tolist(), len(survival)]
    if len(breaks) > 2 + len(survival) // 3:
        return []
    return [(first, last) for first, last in pairwise(breaks) if last - first > 1]


def _few(cells: Cells, risk: Numbers | None, start: float | None, rows: slice, low: int, high: int) -> npt.NDArray[np.int64]:
    """Steps, by row of the stretch, that few people surely make."""
    scale = 100.0 if cells.first.max() > 1 else 1.0
    survival = cells.first[rows] / scale
    half = 0.5 * 10.0 ** -float(cells.places[rows].max()) / scale
    share, slack = _fallen(survival, half)
    with np.errstate(all="ignore"):
        stepped = share > slack
        if risk is not None:
            most = np.floor(risk[rows] * (share + slack))
            least = np.ceil(np.maximum(0.0, risk[rows] * (share - slack)))
            return np.flatnonzero(stepped & (most >= low) & (least >= 1) & (most <= high))
        if start is not None:
            return np.flatnonzero(stepped & (start * (share + slack) <= high + 0.5))
        return np.flatnonzero(stepped) if _one_each(share[stepped], slack[stepped]) else np.empty(0, np.int64)


def _fallen(survival: Numbers, half: float) -> tuple[Numbers, Numbers]:
    """By how much of the row before each row of a curve that starts at 1 has fallen, and how far rounding at both ends may change that."""
    before = np.concatenate([[1.0], survival[:-1]])
    with np.errstate(all="ignore"):
        return np.where(before > 0, 1 - survival / before, np.nan), np.where(before > 0, 2 * half / before, np.nan)


def _no_chance(share: Numbers, slack: Numbers) -> bool:
    """True where shares that are 1/n by chance, each within its rounding, would hardly ever come together."""
    people = 1 / share
    width = np.maximum(slack * people**2, 1e-6)
    near = (np.abs(people - np.round(people)) <= width) & (width < _FINE)
    return bool(near.mean() >= _MOST_OF_THEM and np.log10(2 * width[near]).sum() < _HARDLY_EVER)


def _one_each(share: Numbers, slack: Numbers) -> bool:
    """True where nearly all steps are 1/n for whole numbers n that never rise, printed finely enough to tell."""
    if len(share) < _FEWEST:
        return False
    people = 1 / share
    fine = slack * people**2 < _FINE
    near = np.abs(people - np.round(people)) <= np.maximum(slack * people**2, 1e-6)
    falling = np.mean(np.diff(np.round(people)) < 0) if len(people) > 1 else 0.0
    return bool(np.mean(fine) >= _MOST_OF_THEM and np.mean(near[fine]) >= _MOST_OF_THEM and falling >= _MOST_OF_THEM)


def one_step_a_person(part: Recognised, table: Table) -> list[Steps]:
    """Columns of curves whose every step is one person (or hardly more): shares that rise by 1/n, positions of people in order, quantiles against their expectation."""
    if part.kind in _NOT_READ or not table.whole or table.sample_rows < _FEWEST:
        return []
    if len(part.columns) > _MOST_COLUMNS or not any(view.numbers is not None for view in part.columns):
        return []
    body = next((body for _, body in bodies(part, table)), None)
    if body is None:
        return []
    columns = [_Curve(view, cells.first, half_unit(int(cells.places.max(initial=0)))) for view, cells in _columns(body)]
    columns = [one for one in columns if np.isfinite(one.numbers).sum() >= _FEWEST]
    named = {one.view.index: normalise(one.view.name)[0].replace("_", " ") for one in columns}
    if set(named.values()) == {"p", "l"}:  # as textbooks and packages call the axes of a Lorenz curve
        named = {index: name.replace("l", "lorenz") for index, name in named.items()}
    chosen = [one for one in columns if _of_people(one, named[one.view.index])]
    if not any("log" in name for name in named.values()):
        chosen += _beside_positions(columns, named)
    rows = tuple(range(min(body.rows, 50)))
    return [Steps(rows=rows, column=index) for index in dict.fromkeys(one.view.index for one in chosen)]


@dataclass(frozen=True, slots=True)
class _Curve:
    """A column of numbers with half a unit of their last decimal."""

    view: ColumnView
    numbers: Numbers
    half: float

    def shares(self) -> tuple[Numbers, float]:
        """The numbers that are there as shares of 1 with their half unit; none where they cannot be shares."""
        numbers = self.numbers[np.isfinite(self.numbers)]
        if numbers.min() < 0 or numbers.max() > 100:
            return np.empty(0), 0.0
        scale = 100.0 if numbers.max() > 1 + 1e-9 else 1.0
        return numbers / scale, self.half / scale


def _of_people(one: _Curve, name: str) -> bool:
    """True for a curve that is named as such and whose steps are those of single people, or of a few."""
    shares, half = one.shares() if _STEPPED.match(name) or _OWNED.search(name) else (np.empty(0), 0.0)
    if len(shares) < _FEWEST:
        return False
    if _OWNED.search(name) and is_convex(shares, half) and (not chosen_length(len(shares)) or is_irregular(np.diff(shares), 2 * half)):
        return True
    if is_even(shares, half) or is_exactly_even(shares, half):
        return one_a_row(shares, half)  # else a grid that somebody chose
    people = people_of_steps(shares, half)
    if people < 2:
        return False
    steps = np.abs(np.diff(shares)) * people
    steps = steps[steps > 0.5]
    return bool(len(steps) >= _FEWEST and np.median(steps) <= _FEW_A_STEP and len(steps) * _SHARE_OF_STEPS >= people)


def _beside_positions(columns: list[_Curve], named: dict[int, str]) -> list[_Curve]:
    """Columns in order beside the positions of people in that order, told as shares or as normal scores, or by their name."""
    places = [one for one in columns if np.isfinite(one.numbers).all() and _are_positions(one)]
    expected = [
        one
        for one in columns
        if _THEORETICAL.search(named[one.view.index]) and one.view.distinct == len(one.numbers) and not _normal_grid(one)
    ]
    # as many positions as somebody would choose: then only the values beside them tell whether they are people's
    grids = [
        one for one in columns if np.isfinite(one.numbers).all() and all(other is not one for other in places) and _may_be_positions(one)
    ]
    if not places and not expected and not grids:
        return []
    found = [one for one in columns if any(other is not one for other in grids) and _values_of_people(one, named[one.view.index])]
    for one in columns:
        sampled = _SAMPLED.search(named[one.view.index]) is not None
        beside = [*places, *(expected if sampled else ())]
        if all(other is not one for other in found) and any(other is not one for other in beside) and _in_order(one):
            found.append(one)
    return found


def _in_order(one: _Curve) -> bool:
    """True for values that only rise or only fall, most of them different, at no even steps."""
    values = one.numbers
    if one.view.distinct < _DIFFERENT * len(values) or not np.isfinite(values).all() or is_even(values, one.half):
        return False
    steps = np.diff(values)
    return bool(np.all(steps >= 0) or np.all(steps <= 0))


def _may_be_positions(one: _Curve) -> bool:
    shares, half = one.shares()
    return len(shares) > 0 and one_a_row(shares, half, any_length=True)


def _values_of_people(one: _Curve, name: str) -> bool:
    """True for a measure, and no share, in order and as irregular as single people are."""
    share = one.numbers.max() <= 1 + 1e-9 or _STEPPED.match(name) is not None or _OF_TESTS.search(name) is not None
    return not share and _in_order(one) and is_irregular(one.numbers, one.half)


def _are_positions(one: _Curve) -> bool:
    shares, half = one.shares()
    return one_a_row(shares, half) if len(shares) else _normal_positions(one)


def _normal_positions(one: _Curve) -> bool:
    """True for normal scores of people in order."""
    if abs(one.numbers).max() > _FARTHEST or not np.all(np.diff(one.numbers) > 0):
        return False
    return one_a_row(normal_share(one.numbers), max(one.half, 1e-6) * 0.4)


def _normal_grid(one: _Curve) -> bool:
    """True for normal scores of shares that somebody chose, such as 5, 6, 7 ... 95 per cent."""
    if abs(one.numbers).max() > _FARTHEST:
        return False
    shares = normal_share(one.numbers)
    half = max(one.half, 1e-6) * 0.4
    return is_even(shares, half) and not one_a_row(shares, half)


__all__ = ["Steps", "censor_marks", "few_events", "one_step_a_person"]
