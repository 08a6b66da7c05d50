"""Roles that a column has because of the columns beside it.

Dates that are the clock of a series, numbers that only count the rows, estimates over their errors.
"""

from __future__ import annotations

import re

import numpy as np
import numpy.typing as npt

from sdc_airlock.model.recognised import Role
from sdc_airlock.recognise._calendar import equal_steps, moments
from sdc_airlock.recognise._keys import combined
from sdc_airlock.recognise.columns import Profile
from sdc_airlock.recognise.lexicon import matches, normalise

Typed = list[tuple[Profile, Role, tuple[str, ...]]]

_FEWEST_TERMS = 2
_MOST_TERMS = 0.8
_LONGEST_PRINT = 30
_DECIMALS = 0.6
_NUMBER = r"[-+\u2212]?(?:\d++(?:,\d{3}(?!\d))*+(?:\.\d*)?|\.\d+)(?:e[-+]?\d+)?"
_BRACKETED = re.compile(rf"[(\[]\s*{_NUMBER}(?:\s*(?:,|;|to|-|\u2013)\s*{_NUMBER})?\s*[)\]]\**", re.IGNORECASE)
_ESTIMATE = re.compile(rf"{_NUMBER}\s*[*+\u2020a-c]{{0,4}}", re.IGNORECASE)
_KEYS = frozenset({Role.CATEGORY, Role.PLACE, Role.GENE, Role.IDENTIFIER, Role.TEXT})
_ESTIMATED = frozenset(
    {
        Role.COEFFICIENT, Role.MEAN, Role.RATIO, Role.RATE, Role.PERCENTAGE, Role.FREQUENCY, Role.QUANTILE, Role.P_VALUE, Role.STANDARD_ERROR,
        Role.STANDARD_DEVIATION, Role.TEST_STATISTIC, Role.COUNT,
    }
)  # fmt: skip
_COUNTED_OFF = frozenset(
    {"index", "idx", "no", "nr", "num", "number", "row", "obs", "observation", "replicate", "rep", "seq", "order", "case"}
)
# headers of p-values that head other shares too
_BARE = frozenset({"p", "pr", "prob", "probability"})
_SHORTEST_RUN = 5
_HEAD = 2_000
_FEWEST_A_KEY = 6
# of all combinations of key and date, the share that has to be there
_FILLED = 0.5


def settle(typed: Typed) -> Typed:
    """The same columns in the same order, with roles that neighbours decide."""
    indexes = [one for one, role, _ in typed if role is Role.INDEX]
    estimates = _over_errors(typed)
    # an interval without anything that it is of: an estimate, or the name of one
    bare = not any(role in _ESTIMATED or not one.numeric for one, role, _ in typed)
    lone = _lone_chances(typed)
    out: Typed = []
    for one, role, why in typed:
        if role is Role.P_VALUE and lone:
            out.append((one, Role.MEASURE, ("its header is a letter, and nothing beside it that a test could be of",)))
            continue
        if role is Role.CONFIDENCE_LIMIT and bare:
            out.append((one, Role.MEASURE, ("its header names an end of an interval, and nothing beside it that the interval is of",)))
            continue
        if role is Role.COUNT and _is_width(one, typed):
            out.append((one, Role.MEASURE, ("its cells are how far the bands of a life table reach",)))
            continue
        if id(one) in estimates:
            out.append((one, Role.COEFFICIENT, ("its cells are estimates with their errors in brackets below",)))
            continue
        if role in (Role.DATE, Role.PERIOD) and _is_watch(one, typed):
            out.append((one, Role.DATE, ("its cells are the times of readings",)))
        elif role is Role.DATE and _is_clock(one, typed):
            out.append((one, Role.PERIOD, ("its cells are dates at equal steps",)))
        elif (role is Role.PERIOD and one.serial and any(_same_steps(one, index) for index in indexes)) or _is_count_off(one):
            out.append((one, Role.INDEX, ("numbers the rows",)))
        else:
            out.append((one, role, why))
    return out


def _lone_chances(typed: Typed) -> bool:
    """True where columns headed as p-values stand beside numbers alone that are no estimates: chances of single records, for all one knows."""
    chances = [one for one, role, _ in typed if role is Role.P_VALUE]
    others = [(one, role) for one, role, _ in typed if role not in (Role.P_VALUE, Role.INDEX, Role.EMPTY)]
    if not chances or any(normalise(one.name)[0] not in _BARE or _is_scale(one) for one in chances):
        return False
    return all(one.numeric and role in (Role.MEASURE, Role.IDENTIFIER) for one, role in others)


def _is_width(one: Profile, typed: Typed) -> bool:
    """True for the steps between the ages of a life table, beside its chances of dying and its survivors."""
    names = {each.name.strip().lower().replace("(x)", "x") for each, _, _ in typed if each.numeric}
    first = next((each for each, _, _ in typed if each.numeric and each is not one), None)
    if not {"qx", "lx"} <= names or first is None or len(first.numbers) != len(one.numbers):
        return False
    steps = np.diff(first.numbers)
    return len(steps) > _FEWEST_TERMS and bool(np.all(steps == one.numbers[:-1]))


def _is_scale(one: Profile) -> bool:
    """True for shares that rise by equal steps from row to row: the rows are percentiles."""
    steps = np.diff(one.numbers)
    return len(steps) >= _SHORTEST_RUN and bool((steps > 0).all()) and float(steps.max() - steps.min()) <= 1e-6 * len(steps)


def _is_count_off(one: Profile) -> bool:
    """True for whole numbers that count from one again and again, under a header that says no more: rows numbered within their groups."""
    if not one.whole or one.name.strip().lower() not in _COUNTED_OFF:
        return False
    steps = np.diff(one.numbers)
    again = steps != 1
    return bool((one.numbers[:1] == 1).all() and (one.numbers[1:][again] == 1).all()) and len(one.numbers) >= _SHORTEST_RUN * (
        1 + int(again.sum())
    )


def _same_steps(one: Profile, index: Profile) -> bool:
    """True where both columns number the rows."""
    return len(one.numbers) == len(index.numbers) and bool(np.all(np.abs(np.diff(one.numbers - index.numbers)) < 1e-9))


def _over_errors(typed: Typed) -> set[int]:
    """Columns of the usual print of regressions side by side: a term and its estimates, and below them the errors in brackets beside no term."""
    if len(typed) < 2:
        return set()
    (terms, _, _), *columns = typed
    words = [terms.cells.text[code].strip() for code in terms.cells.codes.tolist()]
    below = [row for row, word in enumerate(words) if not word and row and words[row - 1]]
    if terms.numeric or not _FEWEST_TERMS <= len(below) <= _LONGEST_PRINT or not _tells_of_fit(words):
        return set()
    found, bracketed = set(), set()
    for one, _, _ in columns:
        cells = [one.cells.text[code].strip() for code in one.cells.codes.tolist()]
        pairs = [row for row in below if _BRACKETED.fullmatch(cells[row])]
        told = [cell for row in pairs for cell in (cells[row - 1], cells[row])]
        if (
            pairs
            and all(_ESTIMATE.fullmatch(cells[row - 1]) for row in pairs)
            and not any(cells[row] for row in below if row not in pairs)
            and sum("." in cell for cell in told) >= _DECIMALS * len(told)
        ):
            found.add(id(one))
            bracketed.update(pairs)
    return found if len(bracketed) >= max(_FEWEST_TERMS, _MOST_TERMS * len(below)) and len(found) == len(columns) else set()


def _tells_of_fit(words: list[str]) -> bool:
    """True where a row below the terms says how many were observed or how well the model fits, as every print of a model does."""
    return any({"count", "test_statistic"} & matches(word).keys() for word in words if word)


def _is_watch(one: Profile, typed: Typed) -> bool:
    """True for points in time less than a day apart beside what is measured of a person: readings of one person come at equal steps too."""
    if not any(role is Role.MEASURE and "person_attribute" in each.named for each, role, _ in typed):
        return False
    days = None if one.numeric else moments(one.cells.text[:_HEAD])
    return days is not None and len(days) > 1 and float(np.median(np.abs(np.diff(days[np.isfinite(days)])))) < 1


def _is_clock(one: Profile, typed: Typed) -> bool:
    """True for dates at equal steps that stand once each and in order, or once for each level of one other column."""
    cells = one.cells
    if one.numeric and not one.whole:
        return False
    days = moments(cells.text)
    if days is None:
        return False
    row_days = days[cells.codes]
    # of a long table the rows behind these may be a sample
    if not np.isfinite(row_days).all() or not equal_steps(np.unique(row_days[:_HEAD])):
        return False
    steps = np.diff(row_days)
    if np.all(steps > 0) or np.all(steps < 0):
        return True
    return any(_once_each(one, key, row_days) for key, role, _ in typed if role in _KEYS and key is not one)


def _once_each(one: Profile, key: Profile, row_days: npt.NDArray[np.float64]) -> bool:
    """True where no level of the key has a date twice, each has several, and most combinations are there."""
    rows = len(row_days)
    levels = len(np.unique(key.cells.codes))
    if levels < 2 or rows < _FEWEST_A_KEY * levels or rows < _FILLED * levels * one.levels:
        return False
    return len(np.unique(combined([one, key], rows))) == rows


__all__ = ["settle"]
