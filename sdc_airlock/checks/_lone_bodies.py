"""Rows that pass for groups but differ from each other as single people do: means of many hardly differ from group to group."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import numpy as np
import numpy.typing as npt

from sdc_airlock.model.recognised import ColumnView, Recognised, Role
from sdc_airlock.recognise.lexicon import normalise

Numbers = npt.NDArray[np.float64]

# How far adults of a general population differ (standard deviation), in the units that the second number tells apart: values above it are of the first.
# Health Survey for England 2019 and the National Health and Nutrition Examination Survey 2017 to 2020, rounded.
_AMONG_PEOPLE: dict[str, tuple[tuple[float, float], ...]] = {
    "age": ((15.0, 18.0),),
    "bmi": ((5.5, 10.0),),
    "sbp": ((17.0, 60.0),), "systolic": ((17.0, 60.0),),
    "dbp": ((11.0, 30.0),), "diastolic": ((11.0, 30.0),),
    "height": ((9.5, 100.0), (0.095, 1.0)),
    "weight": ((16.0, 30.0),),
    "waist": ((14.0, 40.0),),
    "hba1c": ((10.0, 15.0), (1.0, 3.0)),
    "cholesterol": ((40.0, 60.0), (1.05, 2.0)), "chol": ((40.0, 60.0), (1.05, 2.0)),
    "hdl": ((15.0, 15.0), (0.4, 0.3)), "ldl": ((35.0, 40.0), (0.9, 1.0)),
    "glucose": ((25.0, 40.0), (1.5, 3.0)),
    "pulse": ((11.0, 40.0),), "heart_rate": ((11.0, 40.0),),
    "egfr": ((20.0, 20.0),), "creatinine": ((20.0, 30.0), (0.25, 0.3)),
    "haemoglobin": ((14.0, 60.0), (1.4, 6.0)), "hemoglobin": ((14.0, 60.0), (1.4, 6.0)),
}  # fmt: skip
# a statistic of a group other than its mean differs for other reasons
_OTHERS = frozenset(
    {
        Role.MINIMUM, Role.MAXIMUM, Role.QUANTILE, Role.STANDARD_DEVIATION, Role.STANDARD_ERROR, Role.CONFIDENCE_LIMIT, Role.COEFFICIENT, Role.P_VALUE,
        Role.TEST_STATISTIC, Role.RATIO, Role.PERCENTAGE, Role.FREQUENCY, Role.RATE,
    }
)  # fmt: skip
_WORDS = frozenset({"min", "max", "sd", "se", "sem", "var", "iqr", "range", "lower", "upper", "change", "diff", "difference", "missing", "n", "pct", "percent", "group", "band", "cat"})  # fmt: skip
_FEWEST_ROWS, _FEWEST_MEASURES = 8, 3
_AS_PEOPLE = 0.6
_TOGETHER = 0.85
_QUARTILES = 1.349  # quartiles of a normal distribution are so many deviations apart


def rows_differ_as_people(part: Recognised) -> tuple[ColumnView, ...]:
    """The columns of measures of a body whose values differ from row to row as those of single people do; () where fewer than three do.

    Measures that rise and fall together, as those of bands of age do, are left alone.
    """
    found = [(view, numbers) for view, numbers, usual in _bodies(part) if _spread(numbers) >= _AS_PEOPLE * usual]
    if len(found) < _FEWEST_MEASURES or any(_together(one, other) for (_, one), (_, other) in combinations(found, 2)):
        return ()
    return tuple(view for view, _ in found)


def _bodies(part: Recognised) -> Iterator[tuple[ColumnView, Numbers, float]]:
    """Columns of measures of a body, their numbers, and how far people differ in them; each measure once."""
    seen: set[str] = set()
    for view in part.columns:
        if view.numbers is None or view.role in _OTHERS or len(view.numbers) < _FEWEST_ROWS or not np.isfinite(view.numbers).all():
            continue
        name, words = normalise(view.name)
        measure = next((key for key in _AMONG_PEOPLE if key in words or name.endswith(key)), "")
        if not measure or measure in seen or _WORDS & set(words):
            continue
        middle = float(np.median(view.numbers))
        usual = next((spread for spread, least in _AMONG_PEOPLE[measure] if middle >= least), 0.0)
        if usual:
            seen.add(measure)
            yield view, view.numbers, usual


def _spread(numbers: Numbers) -> float:
    """How far numbers differ: in the middle of the deviation and what it is of the quartiles, so that one odd row does not make it."""
    low, high = np.quantile(numbers, [0.25, 0.75])
    return (float(high - low) / _QUARTILES + float(numbers.std())) / 2


def _together(one: Numbers, other: Numbers) -> bool:
    """True for measures whose order is nearly that of each other, or the opposite."""
    length = min(len(one), len(other))
    first, second = (np.argsort(np.argsort(each[:length])) for each in (one, other))
    return bool(abs(np.corrcoef(first, second)[0, 1]) >= _TOGETHER)


__all__ = ["rows_differ_as_people"]
