"""Genotypes in numbers that stand for them: steps and sums of states, several states a number, classes in columns of their own, sums over windows.

Each dress is undone, and what comes out is judged as states; that it can be undone at all proves little.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sdc_airlock.recognise._genotype_evidence import PRIOR, Evidence, laid
from sdc_airlock.stats.genotype import window_evidence

if TYPE_CHECKING:
    import numpy.typing as npt

    from sdc_airlock.model.content import Table
    from sdc_airlock.recognise._genotype_cells import Cells

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]

LEAST_COLUMNS, LEAST_ROWS = 6, 6
MOST_COLUMNS = 1200
# log-odds that each way of undoing costs: there are some of them, and the plain reading comes first
PRICE = 2.0
# digits of one number, and how many states it may hold
_BASES = ((4, 2), (4, 4), (4, 8), (16, 2), (3, 4), (3, 5), (3, 10))
_FEW = 0.02
_LONGEST = 24
_PROBE = 5
_NUMBER = r"-?\d+(?:\.\d*)?(?:e-?\d+)?"
_TRIPLE = re.compile(rf"[\[(]?\s*{_NUMBER}(?:(?:\s*+[,:/|;]\s*+|\s++){_NUMBER}){{2}}\s*+[\])]?", re.IGNORECASE)
_PIECE = re.compile(_NUMBER, re.IGNORECASE)
_STATES = 3
_ROUNDED = 0.02
_SURE, _MOSTLY = 0.8, 0.7
_LIKELIEST = 0.5
_WINDOWS = (3, 4, 5, 6, 8, 10)
_ALIKE, _LEVELS = 0.75, 4
_DIGIT_ROWS, _MOST_DECIMALS, _NEARLY, _MANY_VALUES = 40, 9, 1e-4, 20
_WINDOW_ROWS, _WINDOW_COLUMNS = 20, 6


class Undone(NamedTuple):
    """States worked out of other numbers, what they were worked out of, and whether their order is known."""

    codes: Ints
    words: str
    known: bool = True


def coded(cells: Cells, table: Table) -> Evidence | None:
    """States that whole numbers, or numbers in sets of three, stand for."""
    del table
    if cells.rows < LEAST_ROWS or len(cells.names) < LEAST_COLUMNS:
        return None
    possible = _possible(cells)
    columns, values = _numbers(cells)
    if len(columns) < LEAST_COLUMNS:
        return _in_cells(cells)
    places = tuple(int(index) for index in columns)
    whole = _whole(values) if possible else None
    ways = [*(_sets(values) if possible else ()), *([] if whole is None else _whole_ways(whole)), *_last_digits(values)]
    found = [evidence for way in ways if (evidence := laid(way.codes, known_order=way.known, columns=places, words=way.words, price=PRICE))]
    if whole is not None and (windows := _windows(whole, places)) is not None:
        found.append(windows)
    return max(found, key=lambda one: one.log_odds, default=None) or _in_cells(cells)


def _number(token: str) -> float:
    """The number that a token is, NaN where it is none."""
    try:
        return float(token) if len(token) <= _LONGEST else np.nan
    except ValueError:
        return np.nan


def _possible(cells: Cells) -> bool:
    """True where the first rows could be whole numbers, probabilities or logs of them in enough columns."""
    probe = np.array([[_number(cells.tokens[code]) if code >= 0 else 0.0 for code in row] for row in cells.codes[:, :_PROBE]])
    numeric = probe[np.isfinite(probe).all(axis=1)]
    if len(numeric) < LEAST_COLUMNS:
        return False
    body = numeric[1:]  # the first may be a key
    return bool((body == np.round(body)).all() or body.max() <= 1 + _ROUNDED)


def _numbers(cells: Cells) -> tuple[Ints, Floats]:
    """Columns that are nothing but numbers, and their values, NaN where missing; shape (rows, columns)."""
    values = np.full(len(cells.tokens) + 1, np.nan)
    strange = np.zeros(len(cells.tokens) + 1, dtype=np.bool_)
    for code in np.unique(cells.codes[cells.codes >= 0]).tolist():
        values[code] = _number(cells.tokens[code])
    strange[:-1] = ~np.isfinite(values[:-1])
    good = ~strange[cells.codes].any(axis=1) & (cells.filled > 0.5)
    columns = np.flatnonzero(good)[:MOST_COLUMNS]
    return columns, values[cells.codes[columns]].T


def _whole(values: Floats) -> Ints | None:
    """The values as whole numbers, None where some is none; a first column of running numbers is the caller's."""
    known = np.nan_to_num(values)
    if np.isnan(values).any() or (known != np.round(known)).any() or np.abs(known).max(initial=0) > 2**40:
        return None
    return known.astype(np.int64)


def _whole_ways(values: Ints) -> Iterator[Undone]:
    """Every reading of whole numbers as states, of the table and without its first column (a key)."""
    for part in (values, values[:, 1:]):
        if part.shape[1] < LEAST_COLUMNS:
            return
        for axis in (1, 0):
            yield from _steps(part, axis)
        yield from _digits(part)
        if len(np.unique(part)) <= 2:  # two states
            yield from _classes(part)


def _steps(values: Ints, axis: int) -> Iterator[Undone]:
    """States from the differences of neighbours, with any offset, or from running sums."""
    way = "neighbouring columns" if axis else "neighbouring rows"
    lines = values if axis else values.T
    low, high = int(lines[:, 1:].min()), int(lines[:, 1:].max())
    if high - low == 2 * (_STATES - 1):
        sums = np.cumsum(lines[:, 1:] - (low + high) // 2, axis=1)
        reach = np.concatenate([np.zeros((len(sums), 1), np.int64), sums], axis=1)
        bottom, top = reach.min(axis=1), reach.max(axis=1)
        if (top - bottom < _STATES).all():  # a walk of so many steps hardly ever stays within three states by chance
            states = reach - bottom[:, None]
            yield Undone(states if axis else states.T, f"differences of {way} undone")
    steps = np.diff(lines, axis=1)
    if steps.min() >= 0 and steps.max() < _STATES and high - low > 2 * _STATES:
        yield Undone(steps if axis else steps.T, f"running sums over {way} undone")


def _digits(values: Ints) -> Iterator[Undone]:
    """States from the digits of numbers: base four (two bits each), sixteen and three."""
    if values.min() < 0 or len(np.unique(values)) < 2 * _STATES:
        return
    for base, size in _BASES:
        if not base ** (size - 1) <= values.max() < base**size:
            continue
        digits = values[:, :, None] // base ** np.arange(size) % base
        turned = _three(digits, base)
        if turned is not None:
            codes, known = turned
            states = codes.reshape(len(values), -1)
            words = f"numbers of {size} states each, in base {base}, undone"
            yield Undone(states, words, known)
            if known:
                yield Undone(states, words, known=False)


def _last_digits(values: Floats) -> Iterator[Undone]:
    """States that the last digits of other figures carry: what is left of them, or of the whole number, after threes."""
    known = np.isfinite(values)
    part = values[:_DIGIT_ROWS]
    decimals = np.full(values.shape[1], -1)
    for count in range(_MOST_DECIMALS, -1, -1):
        scaled = part * 10.0**count
        near = np.abs(scaled - np.round(scaled)) < _NEARLY
        decimals[(near | ~known[:_DIGIT_ROWS]).all(axis=0)] = count
    kept = (decimals >= 0) & (np.nanmax(np.abs(values), axis=0, initial=0.0) * 10.0 ** np.maximum(decimals, 0) >= _MANY_VALUES)
    if kept.sum() < LEAST_COLUMNS:
        return
    numbers = np.abs(np.round(np.nan_to_num(values[:, kept]) * 10.0 ** decimals[kept])).astype(np.int64)
    if np.median([len(np.unique(column)) for column in numbers.T]) < min(_MANY_VALUES, 0.5 * len(numbers)):
        return  # few different values are states themselves
    for left in (numbers % 10 % _STATES, numbers % _STATES):
        yield Undone(np.where(known[:, kept], left, -1), "last digits of other figures undone")


def _three(digits: Ints, base: int) -> tuple[Ints, bool] | None:
    """Digits as 0, 1, 2 and -1, where (nearly) all of each place are three; masked numbers have others in each place."""
    if base == _STATES:
        return digits, True
    shares = np.stack([(digits == digit).mean(axis=(0, 1)) for digit in range(base)])
    common = shares > _FEW
    if (common.sum(axis=0) > _STATES).any() or common.sum() <= 2:
        return None
    if not common[_STATES:].any():
        return np.where(digits < _STATES, digits, -1), True
    codes = np.full(digits.shape, -1, dtype=np.int64)
    masked = base == _STATES + 1 and (common.sum(axis=0) == _STATES).all()
    for place in range(digits.shape[2]):
        used = np.flatnonzero(common[:, place])
        left = np.flatnonzero(~common[:, place])
        # a mask turns the digits of a place by exclusive or: what is never there was three
        mask = int(left[0]) ^ (base - 1) if masked else 0
        for digit in used:
            codes[:, :, place][digits[:, :, place] == digit] = digit ^ mask if masked else int(np.flatnonzero(used == digit)[0])
    return codes, bool(masked)


def _classes(values: Ints) -> Iterator[Undone]:
    """States from columns of two states that go in threes (or twos) of which one (or at most one) is set."""
    high = values.max()
    flags = (values == high).astype(np.int64)
    for size in (_STATES, _STATES - 1):
        for runs in _runs_of(flags, size):
            sums = runs.sum(axis=2)
            if sums.max() == 1 and (size == _STATES - 1 or sums.min() == 1):
                states = runs.argmax(axis=2) if size == _STATES else runs @ np.array([1, 2])
                yield Undone(states, f"columns in sets of {size}, of which {'one' if size == _STATES else 'at most one'} is set, undone")


def _runs_of(values: npt.NDArray[np.generic], size: int) -> Iterator[npt.NDArray[np.generic]]:
    """Columns in sets beside each other, and in blocks one after the other; shape (rows, sets, size)."""
    rows, width = values.shape
    sets = width // size
    if sets >= LEAST_COLUMNS and width == sets * size:
        yield values.reshape(rows, sets, size)
        yield values.reshape(rows, size, sets).transpose(0, 2, 1)


def _sets(values: Floats) -> Iterator[Undone]:
    """States from probabilities or log-likelihoods in sets of three, beside each other or in blocks, with a key in front or without."""
    if not (values != np.round(values)).any():
        return
    for part in (values, values[:, 1:]):
        for runs in _runs_of(np.nan_to_num(part), _STATES):
            yield from _likeliest(np.asarray(runs, dtype=np.float64))


def _likeliest(runs: Floats) -> Iterator[Undone]:
    """The likeliest of three, where the three are probabilities, logs of them, or scaled so that the best is nought."""
    best, sums = runs.max(axis=2), runs.sum(axis=2)
    missing = (runs == runs[:, :, :1]).all(axis=2)
    if runs.min() >= 0 and best.max() <= 1 + _ROUNDED and (np.abs(sums - 1) < _ROUNDED)[~missing].all():
        if (best[~missing] > _SURE).mean() > _LIKELIEST:
            yield Undone(np.where(missing, -1, runs.argmax(axis=2)), "sets of three that sum to one undone")
        return
    if best.max() > 0 or missing.mean() > _LIKELIEST:
        return
    powers = np.exp(np.maximum(runs * np.log(10), -700)).sum(axis=2)
    if (np.abs(powers - 1) < 3 * _ROUNDED)[~missing].mean() > _MOSTLY or (best[~missing] == 0).all():
        yield Undone(np.where(missing, -1, runs.argmax(axis=2)), "sets of three logarithms of likelihoods undone")


def _in_cells(cells: Cells) -> Evidence | None:
    """States from cells of three likelihoods each, as PL, GL or GP of a VCF."""
    looked = range(min(len(cells.names), MOST_COLUMNS) if cells.tokens else 0)
    columns = [index for index in looked if _TRIPLE.fullmatch(cells.tokens[cells.codes[index][0]])]
    if len(columns) < LEAST_COLUMNS:
        return None
    used = np.unique(cells.codes[columns])
    triples = {int(code): _TRIPLE.fullmatch(cells.tokens[code]) for code in used if code >= 0}
    if not all(triples.values()):
        return None
    values = np.full((len(cells.tokens) + 1, _STATES), 0.0)
    for code in triples:
        values[code] = [float(piece) for piece in _PIECE.findall(cells.tokens[code])]
    runs = values[cells.codes[columns].T]
    # scaled likelihoods (PL) grow the less likely a genotype is
    ways = _likeliest(-runs if runs.min() >= 0 and (runs.min(axis=2) == 0).all() else runs)
    places = tuple(columns)
    found = [one for way in ways if (one := laid(way.codes, known_order=True, columns=places, words=way.words, price=PRICE))]
    return max(found, key=lambda one: one.log_odds, default=None)


def _windows(values: Ints, places: tuple[int, ...]) -> Evidence | None:
    """Sums of alleles over windows of few markers: whole numbers of one make that spread as sums of independent draws do, apart from each other."""
    rows, width = values.shape
    most = int(values.max())
    sizes = [size for size in _WINDOWS if most <= 2 * size and 2 * most > size]
    if rows < _WINDOW_ROWS or width < _WINDOW_COLUMNS or values.min() < 0 or most <= _STATES or not sizes:
        return None
    # windows are all of one make: dummies beside a count are not
    levels = (np.diff(np.sort(values, axis=0), axis=0) > 0).sum(axis=0) + 1
    if ((values.max(axis=0) >= most // 2) & (levels >= _LEVELS)).mean() < _ALIKE:
        return None
    ratio, size = max((window_evidence(values, size), size) for size in sizes)
    words = f"{width} columns of whole numbers spread as counts of alleles over windows of some {size} markers do, apart from each other"
    return Evidence(
        layout="windows",
        people=rows,
        markers=width * size,
        log_odds=PRIOR + ratio - float(np.log(len(sizes))),
        why=(words,),
        columns=places,
        counted=True,
    )


__all__ = ["coded"]
