"""Curves told as tables: steps of a survival curve that few people make, and curves with one step a person (ECDF, ROC, Lorenz, quantile-quantile)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from sdc_airlock.checks._cell_counts import Body, Mask, Numbers, bodies
from sdc_airlock.model.content import Table
from sdc_airlock.model.recognised import ColumnView, Kind, Recognised, Role
from sdc_airlock.recognise.cells import Cells
from sdc_airlock.recognise.lexicon import normalise

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
_NOT_READ = frozenset(
    {Kind.GENOTYPE_MATRIX, Kind.GENOTYPE_RECORDS, Kind.SEQUENCE_READS, Kind.GWAS_SUMMARY_STATISTICS, Kind.VARIANT_SITES, Kind.GENE_RESULTS}
)
_STEPPED = re.compile(r"^(?:ecdf|cdf|empirical cdf|cumulative (?:share|proportion|probability|population|fraction)|cum (?:share|prob|population|pop|prop|people)|f x|fn x|population share|share of population|p population|tpr|sensitivity|true positive rate|fpr|false positive rate|1 specificity|specificity)\b")  # fmt: skip
_THEORETICAL = re.compile(r"\btheoretical\b|\bexpected (?:quantiles?|normal)\b|\bnormal quantiles?\b|^osm$")
_SAMPLED = re.compile(r"\b(?:sample|observed|empirical|ordered|residuals?|standardi[sz]ed residuals?)\b|^osr$")
_ROUND_GRID = 1000


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
        return
    risk = next((cells.first for view, cells in _columns(body) if _AT_RISK.match(named[view.index])), None)
    started = _TOLD.search(f"{table.title} {table.notes} " + " ".join(view.name for view in body.views))
    start = float(re.sub(r"\D", "", started[1])) if started else None
    for view, cells in _columns(body):
        if not _SURVIVAL.search(named[view.index]) or _NO_SURVIVAL.search(named[view.index]):
            continue
        for first, last in _curves(cells.first):
            rows = _few(cells, risk, start, slice(first, last), low, high)
            if len(rows):
                yield Steps(rows=tuple((first + rows).tolist()), column=view.index)


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
    before = np.concatenate([[1.0], survival[:-1]])
    with np.errstate(all="ignore"):
        share = np.where(before > 0, 1 - survival / before, np.nan)
        # both ends of a step are rounded
        slack = np.where(before > 0, 2 * half / before, np.nan)
        stepped = share > slack
        if risk is not None:
            most = np.floor(risk[rows] * (share + slack))
            least = np.ceil(np.maximum(0.0, risk[rows] * (share - slack)))
            return np.flatnonzero(stepped & (most >= low) & (least >= 1) & (most <= high))
        if start is not None:
            return np.flatnonzero(stepped & (start * (share + slack) <= high + 0.5))
        return np.flatnonzero(stepped) if _one_each(share[stepped], slack[stepped]) else np.empty(0, np.int64)


def _one_each(share: Numbers, slack: Numbers) -> bool:
    """True where nearly all steps are 1/n for whole numbers n that never rise, printed finely enough to tell."""
    if len(share) < _FEWEST:
        return False
    people = 1 / share
    fine = slack * people**2 < 0.2
    near = np.abs(people - np.round(people)) <= np.maximum(slack * people**2, 1e-6)
    falling = np.mean(np.diff(np.round(people)) < 0) if len(people) > 1 else 0.0
    return bool(np.mean(fine) >= _MOST_OF_THEM and np.mean(near[fine]) >= _MOST_OF_THEM and falling >= _MOST_OF_THEM)


def one_step_a_person(part: Recognised, table: Table) -> list[Steps]:
    """Columns of curves whose every step is one person: shares that rise by 1/n over n rows, or quantiles against their expectation."""
    if part.kind in _NOT_READ or not table.whole:
        return []
    body = next((body for _, body in bodies(part, table)), None)
    if body is None or body.rows < _FEWEST:
        return []
    named = {view.index: normalise(view.name)[0].replace("_", " ") for view in body.views}
    found = [
        Steps(rows=tuple(range(min(body.rows, 50))), column=view.index)
        for view, cells in _columns(body)
        if _STEPPED.match(named[view.index]) and _stepped(cells)
    ]
    expected = [view for view, _ in _columns(body) if _THEORETICAL.search(named[view.index]) and view.distinct == body.rows]
    sampled = [view for view, _ in _columns(body) if _SAMPLED.search(named[view.index])]
    if expected and sampled and not any("log" in name for name in named.values()):
        found.append(Steps(rows=tuple(range(min(body.rows, 50))), column=sampled[0].index))
    return found


def _stepped(cells: Cells) -> bool:
    """True for shares in whole multiples of 1/n, most of which are taken, with an n that nobody would choose for a grid."""
    numbers = cells.first[np.isfinite(cells.first)]
    if len(numbers) < _FEWEST or numbers.min() < 0 or numbers.max() > 100:
        return False
    shares = np.unique(numbers / (100.0 if numbers.max() > 1 else 1.0))
    gaps = np.diff(shares)
    if len(gaps) < _FEWEST:
        return False
    half = 10.0 ** -float(cells.places.max()) / (100.0 if numbers.max() > 1 else 1.0)
    people = float(np.round(1 / np.median(gaps)))
    if people < 2 or half * people > 0.4 or _ROUND_GRID % people == 0:
        return False
    whole: Mask = np.abs(shares * people - np.round(shares * people)) <= half * people + 1e-6
    return bool(whole.all() and len(shares) >= people / 2)


__all__ = ["Steps", "censor_marks", "few_events", "one_step_a_person"]
