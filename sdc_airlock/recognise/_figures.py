"""The shape of the numbers of a table, and arithmetic between its columns."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from sdc_airlock.model.recognised import Role
from sdc_airlock.recognise._keys import Typed, combined
from sdc_airlock.recognise.columns import FEW_LEVELS, Profile
from sdc_airlock.recognise.header_text import serial_headers

_FEWEST_ANSWERS, _SERIAL = 3, 0.5


def shapes(used: Typed, width: int, rows: int) -> dict[str, float]:
    numeric = [one for one, _ in used if one.numeric]
    binary = few = continuous = wide = precise = heaped = 0
    scales = []
    for one in numeric:
        numbers = one.numbers[np.isfinite(one.numbers)]
        if not len(numbers):
            continue
        binary += one.levels == 2
        few += one.whole and 2 < one.levels <= FEW_LEVELS and rows > 2 * one.levels
        continuous += not one.whole and one.unique > 0.3
        wide += one.whole and one.levels > FEW_LEVELS
        precise += float(np.median(one.cells.places)) >= 5
        heaped += one.whole and one.levels > FEW_LEVELS and float(np.mean(numbers % 5 == 0)) > 0.6
        scales.append(math.log10(float(np.median(np.abs(numbers))) + 1e-9))
    crosstab = _crosstab_share(used, rows)
    return {
        "numeric_share": len(numeric) / width,
        "binary_share": binary / width,
        "few_levels_share": few / width,
        "continuous_share": continuous / width,
        "wide_integer_share": wide / width,
        "precise": precise / width,
        "heaped": heaped / width,
        "crosstab": crosstab,
        "spread": _spread(numeric),
        "part_of_whole": _part_of_whole(numeric, rows),
        "distinct_numbers": float(np.mean([one.unique for one in numeric])) if numeric else 0.0,
        "smooth": _smooth(numeric),
        "mixed_scales": min(1.0, float(np.std(scales)) / 2) if len(scales) > 1 else 0.0,
        "missing_share": 1 - sum(one.cells.filled for one, _ in used) / max(rows * width, 1),
    }


_OF_A_MODEL = (Role.COEFFICIENT, Role.STANDARD_ERROR, Role.P_VALUE)
_FEWEST_ESTIMATES = 20
_AGREES = (
    0.3  # rank correlation of the sizes of effects in standard errors with their p-values, or their logarithms, which is 1 in one model
)


def contradicted(used: Typed) -> bool:
    """True where estimates, standard errors and p-values stand on many rows and have nothing to do with each other: other numbers under their names."""
    by_role = {role: [one.numbers for one, is_role in used if is_role is role and one.numeric] for role in _OF_A_MODEL}
    estimates, errors, chances = by_role.values()
    if not (estimates and errors and chances):
        return False
    agreements: list[float] = []
    ratios = np.log(estimates[0], out=np.full(len(estimates[0]), np.nan), where=estimates[0] > 0)
    for estimate in (estimates[0], ratios):
        for error in errors:
            for chance in chances:
                known = np.isfinite(estimate) & np.isfinite(error) & np.isfinite(chance) & (error > 0)
                if known.sum() >= _FEWEST_ESTIMATES and len(np.unique(chance[known])) >= known.sum() / 2:
                    agreements.append(abs(_rank_correlation(np.abs(estimate[known]) / error[known], chance[known])))
    return bool(agreements) and max(agreements) < _AGREES


def _rank_correlation(one: npt.NDArray[np.float64], other: npt.NDArray[np.float64]) -> float:
    ranks = [np.unique(values, return_inverse=True)[1].astype(np.float64) for values in (one, other)]
    if min(float(rank.std()) for rank in ranks) == 0:
        return 1.0
    return float(np.corrcoef(ranks[0], ranks[1])[0, 1])


def _spread(numeric: Sequence[Profile]) -> float:
    """How many powers of ten lie between the middle and the largest of the whole numbers, over the columns, halved."""
    spans = []
    for one in numeric:
        numbers = one.numbers[np.isfinite(one.numbers)]
        if one.whole and one.non_negative and one.levels > 2 and len(numbers):
            spans.append(math.log10(max(1.0, (float(numbers.max()) + 1) / (float(np.median(numbers)) + 1))))
    return min(1.0, float(np.mean(spans)) / 2) if spans else 0.0


_FEWEST_DRIFTING = 12
_DRIFT_FROM = 0.5


def _smooth(numeric: Sequence[Profile]) -> float:
    """How strongly the columns drift: the middle of their lag-one autocorrelations above a half, scaled to 0 to 1.

    A column in order of size says nothing (any table can be sorted by one), and one column alone says too little.
    """
    found = []
    for one in numeric:
        numbers = one.numbers[np.isfinite(one.numbers)]
        if one.levels <= FEW_LEVELS or len(numbers) < _FEWEST_DRIFTING:
            continue
        steps = np.diff(numbers)
        if np.all(steps >= 0) or np.all(steps <= 0):
            continue
        away = numbers - numbers.mean()
        found.append(float((away[1:] * away[:-1]).sum() / max(float((away**2).sum()), 1e-300)))
    if len(found) < 2:
        return 0.0
    return min(1.0, max(0.0, (float(np.median(found)) - _DRIFT_FROM) / (1 - _DRIFT_FROM)))


_FEWEST_IN_TURN = 40
_CHANCE = 3.0


def unconnected(columns: Sequence[Profile], rows: int) -> bool:
    """True where no column follows from the row before, as figures of one day after another do and people in a list do not.

    Args:
        columns: All but the one that says when; at least two of them have to vary.
        rows: Rows of the table; fewer than 40 say nothing.
    """
    if rows < _FEWEST_IN_TURN:
        return False
    ties = [tie for one in columns if (tie := _tie(one)) is not None]
    return len(ties) > 1 and max(ties) * math.sqrt(rows) < _CHANCE


def _tie(one: Profile) -> float | None:
    """How much a cell says of the next: the lag-one autocorrelation of numbers, the excess of equal neighbours for words; None for a constant."""
    if one.levels < 2 or one.cells.filled < _FEWEST_IN_TURN:
        return None
    if one.numeric and one.levels > 2:
        numbers = one.numbers[np.isfinite(one.numbers)]
        away = numbers - numbers.mean()
        return abs(float((away[1:] * away[:-1]).sum())) / max(float((away**2).sum()), 1e-300)
    codes = one.cells.codes
    shares = np.bincount(codes) / len(codes)
    by_chance = float((shares**2).sum())
    return abs(float(np.mean(codes[1:] == codes[:-1])) - by_chance) / max(1 - by_chance, 1e-9)


def _part_of_whole(numeric: Sequence[Profile], rows: int) -> float:
    """1 where some column of whole numbers is nowhere above another that is clearly larger, over rows in which both vary."""
    whole = [one for one in numeric if one.whole and one.non_negative and one.levels > 3 and not one.serial][:8]
    if rows < 4 or len(whole) < 2:
        return 0.0
    for part in whole:
        for total in whole:
            if part is total:
                continue
            both = np.isfinite(part.numbers) & np.isfinite(total.numbers)
            below = part.numbers[both] <= total.numbers[both]
            if both.sum() >= 4 and below.all():
                share = part.numbers[both].sum() / max(total.numbers[both].sum(), 1)
                together = (
                    np.corrcoef(part.numbers[both], total.numbers[both])[0, 1]
                    if both.sum() > 2 and part.numbers[both].std() and total.numbers[both].std()
                    else 0.0
                )
                if share > 0.002 and together > 0.3:
                    return 1.0
    return 0.0


def _crosstab_share(used: Typed, rows: int) -> float:
    """1 where one or two label columns that never repeat stand beside two or more columns of whole numbers from 0 up."""
    labels = [one for one, _ in used if not one.numeric]
    numbers = [one for one, _ in used if one.numeric]
    if not numbers or len(numbers) < 2 or len(labels) > 2 or rows < 2:
        return 0.0
    whole = sum(one.whole and one.non_negative for one in numbers) / len(numbers)
    unique = len(np.unique(combined(labels, rows))) / rows if labels else 0.5
    return whole * unique * (1.0 if rows <= 60 else 0.5)


def arithmetic(used: Typed, rows: int) -> dict[str, float]:
    numeric = [one for one, _ in used if one.numeric]
    found = {"totals_summed": 0.0, "symmetric": 0.0}
    if 2 < len(numeric) <= 60 and 2 <= rows <= 400:
        matrix = np.column_stack([one.numbers for one in numeric])
        found["totals_summed"] = float(_has_sums(matrix))
        if matrix.shape[0] == matrix.shape[1]:
            found["symmetric"] = float(np.allclose(matrix, matrix.T, rtol=1e-3, atol=1e-6, equal_nan=True))
        elif matrix.shape[0] >= 3 and abs(matrix.shape[0] - matrix.shape[1]) <= 1:
            found["symmetric"] = 0.0
        blanks = ~np.isfinite(matrix)
        if (
            matrix.shape[0] == matrix.shape[1]
            and blanks.any()
            and (np.all(blanks[np.triu_indices(len(matrix), 1)]) or np.all(blanks[np.tril_indices(len(matrix), -1)]))
        ):
            found["symmetric"] = 1.0
    return found


def _has_sums(matrix: npt.NDArray[np.float64]) -> bool:
    """True where the last or first row (or column) is the sum of the others."""
    clean = np.nan_to_num(matrix)
    for table in (clean, clean.T):
        if table.shape[0] < 3:
            continue
        for total, parts in ((table[-1], table[:-1]), (table[0], table[1:])):
            summed = parts.sum(axis=0)
            matched = np.isclose(summed, total, rtol=1e-6, atol=0.5) & (total > 0) & ((parts > 0).sum(axis=0) > 1)
            if matched.sum() >= max(1, 0.8 * (total > 0).sum()):
                return True
    return False


def tally(columns: Sequence[Profile], rows: int) -> float:
    """1 for a square table of whole numbers whose rows are called as its columns are: how often one answer goes with another, of whatever the answers are.

    A square that is the same on both sides of its diagonal may be distances between people.
    """
    stub, *others = columns
    labels = [stub.cells.text[code] for code in stub.cells.codes.tolist()]
    ids = serial_headers(labels) >= _SERIAL and not all(label.isdigit() for label in labels)
    if rows < _FEWEST_ANSWERS or labels != [one.name.strip() for one in others] or ids:
        return 0.0
    if not all(one.whole and one.non_negative and one.cells.filled == rows for one in others):
        return 0.0
    square = np.stack([one.numbers for one in others])
    return float(not np.array_equal(square, square.T))
