"""Who or what a header or a row label counts: people, things, or nothing at all (a mean, a rate, a p-value)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import IntEnum
from functools import lru_cache

import numpy as np

from sdc_airlock.model.recognised import ColumnView, Kind, Recognised, Unit
from sdc_airlock.recognise.cells import Cells
from sdc_airlock.recognise.lexicon import matches, normalise

# nouns that count people, or what happens to people one at a time
PEOPLE = frozenset({
    "patients", "people", "persons", "participants", "individuals", "subjects", "carriers", "cases", "controls", "deaths", "women", "men", "boys", "girls", "children", "infants", "babies", "males", "females", "respondents", "population",
    "headcount", "samples", "donors", "recipients", "probands", "homozygotes", "heterozygotes", "survivors", "admissions", "births", "stillbirths", "suicides", "volunteers", "students", "pupils", "employees", "workers", "residents", "families",
    "siblings", "twins", "smokers", "noncases", "ncases", "ncontrols", "casualties", "unemployed", "employed", "discharges", "diagnoses", "members",
})  # fmt: skip
# of these, the ones that no column of one person's attributes is called
_POPULATIONS = frozenset({"patients", "people", "persons", "participants", "individuals", "carriers", "cases", "controls", "deaths", "respondents", "population", "headcount"})  # fmt: skip
_BARE = frozenset({"n", "count", "counts", "freq", "frequency", "n_obs", "nobs"})
# labels that name a group as readily as a count of it
_GROUPS = frozenset({"no", "yes", "all", "total", "totals", "overall", "subtotal", "women", "men", "boys", "girls", "children", "males", "females", "positive", "positives", "negatives", "missing", "tested", "vaccinated", "employed", "unemployed", "survivors", "recovered", "deceased", "confirmed", "censored", "killed", "injured", "turnout", "positive_test"})  # fmt: skip
_AFTER = frozenset({"per", "in", "by", "with", "for", "from", "at", "within", "across", "on", "of", "among", "without"})
_OPENINGS = (("number", "of"), ("no", "of"), ("n", "of"), ("count", "of"), ("num", "of"), ("total", "number", "of"), ("total",), ("number",), ("n",), ("num",), ("no",), ("count",))  # fmt: skip
_OTHER_LISTS = frozenset(
    {"mean", "standard_deviation", "quantile", "minimum", "maximum", "p_value", "test_statistic", "rate", "ratio", "percentage"}
)
_SUMMARY = re.compile(r"\b(?:mean|median|sd|std|iqr|range|min|max|average|quartile|quantile|percentile|p-?value|p|z|t|chi|rate|ratio|score|hr|or|rr|ci|per)\b|^\d{1,2}%$", re.IGNORECASE)  # fmt: skip
_NOT_N = frozenset({"p_value", "standard_error", "mean", "standard_deviation", "percentage", "rate", "ratio", "coefficient", "quantile", "test_statistic", "person_time"})  # fmt: skip
_N_PERCENT = re.compile(r"\b(?:n|no\.?|number|count|freq(?:uency)?)\s*[(\[]\s*(?:%|percent|col|row)", re.IGNORECASE)
_SETTINGS = frozenset({"jobs", "threads", "cores", "cpus", "retries", "timeout", "port", "version", "verbose", "verbosity", "seed", "depth", "width", "height", "dpi", "font", "limit", "precision", "digits", "decimals", "delay", "buffer", "chunk", "debug", "patience", "warmup", "layers", "hidden", "folds", "cv", "burnin", "thin", "chains", "cache", "indent", "nbformat", "minor", "major", "schema", "max", "min", "size", "stride", "padding", "retry", "memory", "disk", "nodes", "queue", "priority", "log", "level", "interval"})  # fmt: skip
_COUNTING = frozenset({"n", "no", "nr", "num", "number", "count", "counts", "freq", "frequency", "total"})
_OPEN_LEVEL = re.compile(r"(?:>|\u2265|>=|over|more than) ?(\d{1,2})|(\d{1,2}) ?(?:\+|or more|and more|and over|or over|plus)|(\d{1,2}) ?(?:-|\u2013|to) ?\d{1,3}", re.IGNORECASE)  # fmt: skip
_FEWEST_LEVELS = 2
_JOBS, _JOB = re.compile(r"\bjob (?:stats|counts):\s*$", re.IGNORECASE), re.compile(r"[a-z_]\w{0,60}|-+|")
_OF_JOBS = frozenset({"", "count", "min threads", "max threads"})
_COVERED, _COVERED_TOO = frozenset({"stmts", "miss", "cover"}), frozenset({"branch", "brpart", "missing"})
_SOURCE = re.compile(r"[\w./\\-]{1,200}\.\w{1,4}|TOTAL|-+|")


class Says(IntEnum):
    """What a row label says of the numbers beside it."""

    NOTHING = 0
    COUNT = 1
    OTHER = 2


@lru_cache(maxsize=20_000)
def head_counts_people(header: str) -> bool | None:
    """Whether the noun that a header counts is people; None where it names neither people nor things.

    The last noun before "per", "in", "by" and the like decides: "variant carriers" are people, "patient files" are not.
    """
    tokens = normalise(header)[1]
    for opening in _OPENINGS:
        if tokens[: len(opening)] == opening and len(tokens) > len(opening):
            tokens = tokens[len(opening) :]
            break
    decided: bool | None = None
    for token in tokens:
        if token in _AFTER:
            break
        if token in PEOPLE:
            decided = True
        elif "not_people" in matches(token):
            decided = False
    return decided


def counts_people(view: ColumnView) -> bool:
    """True where a column counts people, or nothing says that it counts things."""
    head = head_counts_people(view.name)
    return view.of_people if head is None else head


@lru_cache(maxsize=20_000)
def _names(header: str, *, bare: bool) -> bool:
    name, tokens = normalise(header)
    if head_counts_people(header) is False or _NOT_N & matches(header).keys():
        return False
    return bool(_POPULATIONS & set(tokens)) or name == "support" or (bare and name in _BARE)


def _of_jobs(part: Recognised) -> bool:
    """True for the table of jobs or of lines of code that a program prints: jobs under their title, files with their statements."""
    table = part.table
    if table is None or not part.columns:
        return False
    names = [view.name.strip().lower() for view in part.columns]
    labels = [str(cell or "") for cell in table.columns[0].values.to_pylist()] if table.whole else []
    if names[0] == "name" and _COVERED <= set(names[1:]) <= _COVERED | _COVERED_TOO:
        return bool(labels) and all(map(_SOURCE.fullmatch, labels))
    if names[0] != "job" or set(names[1:]) - _OF_JOBS or not _JOBS.search(table.title):
        return False
    # a line of the log may stand right below the total
    last = labels.index("total") if "total" in labels else len(labels)
    return len(labels) - last <= len(("total", "log")) and all(_JOB.fullmatch(label) for label in labels[: last + 1])


def speaks_of_people(part: Recognised, view: ColumnView) -> bool:
    """True where the numbers of a column may count people, given what the rows of the table are.

    Rows that are genes, variants, models or entries of a list count people only where the header says so; so do rows that look like single people.
    """
    if not counts_people(view) or _of_jobs(part):
        return False
    if part.kind in (Kind.INDIVIDUAL_ROWS, Kind.LIST):
        return _names(view.name, bare=True)
    if part.kind in (Kind.GENE_RESULTS, Kind.VARIANT_SITES, Kind.GWAS_SUMMARY_STATISTICS, Kind.SCORE_WEIGHTS) or part.unit is Unit.TRIAL:
        return _names(view.name, bare=False)
    return True


@lru_cache(maxsize=50_000)
def label_says(label: str) -> Says:
    """What a row label says of its numbers: that they count people, that they are something else, or nothing."""
    if not label or len(label) > 200:
        return Says.NOTHING
    found = matches(label).keys()
    name, tokens = normalise(label)
    if _N_PERCENT.search(label):
        return Says.COUNT
    head = head_counts_people(label)
    if "count" in found and not _NOT_N & found and head is not False and name not in _GROUPS and _is_measure(tokens):
        return Says.COUNT
    if head is False and tokens and (tokens[0] in {"number", "n", "num", "no", "count", "total"} or tokens[-1].endswith("s")):
        return Says.OTHER
    if _SUMMARY.search(label) and _OTHER_LISTS & found:
        return Says.OTHER
    return Says.NOTHING


def _is_measure(tokens: tuple[str, ...]) -> bool:
    """True for labels that are called after what they count ("n", "number of women", "excluded cases"), not for sentences with such a word in them."""
    if tokens[0] in _COUNTING:
        return True
    head = next((place for place, token in enumerate(tokens) if token in _AFTER), len(tokens))
    return 0 < head <= 4 and "count" in matches(tokens[head - 1])


def are_settings(labels: Sequence[str]) -> bool:
    """True where at least half of the names in a list of names and values are those of settings, models or things."""
    words = [label for label in labels if label]
    known = sum(_is_setting(label) for label in words)
    return bool(words) and 2 * known >= len(words)


@lru_cache(maxsize=20_000)
def _is_setting(label: str) -> bool:
    tokens = normalise(label)[1]
    return bool(_SETTINGS & set(tokens)) or "trial" in matches(label) or head_counts_people(label) is False


def is_level_code(view: ColumnView, cells: Cells) -> bool:
    """True for whole numbers that only the lack of another reading made counts, and that number something: every level comes equally often, without a gap, or they number the rows."""
    if view.index == 0 and _open_levels(cells):
        return True
    if "count" in matches(view.name):
        return False
    finite = cells.first[np.isfinite(cells.first)]
    if (
        not view.name.strip()
        and view.index == 0
        and len(finite) == len(cells.codes)
        and np.array_equal(finite, np.arange(1, len(finite) + 1))
    ):
        return True
    if len(finite) < 4 or len(finite) != len(cells.codes) or np.any(finite != np.floor(finite)):
        return False
    if view.index == 0 and np.all(np.diff(finite) > 0):
        return True  # the axis along which the rest is told
    levels, times = np.unique(finite, return_counts=True)
    even = int(times.max()) - int(times.min()) <= max(1, int(times.max()) // 10)
    with np.errstate(all="ignore"):
        dense = levels[0] in (0, 1) and len(levels) == levels[-1] - levels[0] + 1
    if "index" in normalise(view.name)[0] or normalise(view.name)[0] in {"rownames", "rowname", "row_names"}:
        return len(levels) == len(finite)
    return bool(even and dense and int(times.min()) > 1)


def _open_levels(cells: Cells) -> bool:
    """True for 0, 1, 2, 3 and an open last level ("4 or more", "4+", ">3"), before any rows of totals: how often, not how many."""
    rows = np.flatnonzero(~np.isfinite(cells.first))
    if not len(rows) or rows[0] < _FEWEST_LEVELS:
        return False
    last = int(rows[0])
    match = _OPEN_LEVEL.fullmatch(cells.text[int(cells.codes[last])].strip())
    start = cells.first[0]
    if match is None or start not in (0, 1) or not np.array_equal(cells.first[:last], start + np.arange(last)):
        return False
    return float(next(filter(None, match.groups()))) in (start + last, start + last - 1) and not np.isfinite(cells.first[last:]).any()


__all__ = ["PEOPLE", "Says", "are_settings", "counts_people", "head_counts_people", "is_level_code", "label_says", "speaks_of_people"]
