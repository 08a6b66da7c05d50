"""Single people in the dress of groups or periods: one person for each group, one person's readings by time, somebody's ways."""

from __future__ import annotations

import re

import numpy as np

from sdc_airlock.model.recognised import Role
from sdc_airlock.recognise._keys import Typed
from sdc_airlock.recognise.cells import CellKind
from sdc_airlock.recognise.columns import Profile, share_among, share_matching
from sdc_airlock.recognise.lexicon import normalise

_FEWEST, _MOST_GROUPS, _FEWEST_READINGS, _MOST_DECIMALS = 2, 30, 24, 1
_MOST, _HALF = 0.7, 0.5
_OF_MANY = frozenset(
    {
        Role.COUNT, Role.PERSON_TIME, Role.MEAN, Role.STANDARD_DEVIATION, Role.STANDARD_ERROR, Role.CONFIDENCE_LIMIT, Role.PERCENTAGE, Role.RATE,
        Role.RATIO, Role.COEFFICIENT, Role.P_VALUE, Role.QUANTILE, Role.MINIMUM, Role.MAXIMUM, Role.MARKER, Role.GENE,
    }
)  # fmt: skip
_SUMMARISED = re.compile(
    r"\b(?:means?|averages?|avg|medians?|rates?|percent\w*|per|standardi[sz]ed|reference|recommended|normal|range|expected|predicted|typical|total|sum|n)\b|%",
    re.IGNORECASE,
)
_PERSON = re.compile(r"(?:https?://\S{1,200}/)?(?:patient|person|participant|subject|relatedperson)[/:#]\S{1,80}", re.IGNORECASE)
_NUMBERED = re.compile(r"_?\d{1,3}$")
_WORD = re.compile(r"[\s_./()-]+")
# what a device writes of the one body that wears it
_WORN = frozenset(
    {
        "heart_rate", "heartrate", "hr_bpm", "bpm", "pulse", "pulse_rate", "glucose", "glucose_mmol", "glucose_mmol_l", "glucose_mg_dl", "blood_glucose", "cgm", "spo2",
        "oxygen_saturation", "respiratory_rate", "steps", "step_count", "sleep", "sleep_minutes", "sleep_hours", "sleep_duration", "calories", "accel_x", "accel_y",
        "accel_z", "acc_x", "acc_y", "acc_z", "enmo", "eda", "gsr", "ecg", "mv", "emg", "eeg", "ibi", "rr_interval", "hrv", "rmssd", "skin_temperature",
        "body_temperature", "sbp", "dbp", "systolic", "diastolic", "systolic_bp", "diastolic_bp", "weight_kg", "body_weight",
    }
)  # fmt: skip
_FLAGS = frozenset({"yes", "no", "y", "n", "true", "false", "alive", "dead", "died", "current", "former", "never", "ex"})
_ACROSS, _DOWN = frozenset({"longitude", "lon", "lng", "long"}), frozenset({"latitude", "lat"})


def single(used: Typed, rows: int, title: str) -> float:
    """1 where each row is one person in the dress of a group, one reading of one person, where somebody was at a time, or refers to a person by a number.

    Args:
        used: Columns with their roles.
        rows: Rows looked at.
        title: Text above the table.
    """
    if any(_refers(one) for one, _ in used):
        return 1.0
    others = [(one, role) for one, role in used if not _worn(one)]
    if any(role in _OF_MANY for _, role in others) or _SUMMARISED.search(_WORD.sub(" ", title)):
        return 0.0
    if any(_SUMMARISED.search(_WORD.sub(" ", one.name)) for one, _ in others):
        return 0.0
    return max(_one_a_group(used, rows), _readings(used, rows), _whereabouts(used, rows))


def _one_a_group(used: Typed, rows: int) -> float:
    """1 where groups stand once each beside attributes as they are measured of one person, and nothing says how many people or what of them is given.

    Means have decimals where ages are whole; a group does not smoke or not.
    """
    if not _FEWEST <= rows <= _MOST_GROUPS or used[0][0].numeric or used[0][0].unique < 1:
        return 0.0
    if share_among(used[0][0].cells, "of_people", "regions") <= _MOST:
        return 0.0
    attributes = [one for one, _ in used[1:] if "person_attribute" in one.named or "body" in one.named]
    numbers = [one for one in attributes if one.numeric]
    flags = [one for one, _ in used[1:] if not one.numeric and {word.strip().lower() for word in one.cells.text if word.strip()} <= _FLAGS]
    plain = all(int(one.cells.places.max(initial=0)) <= _MOST_DECIMALS for one in numbers) and any(one.whole for one in numbers)
    return float(plain and len(numbers) + bool(flags) >= _FEWEST and len(attributes) + len(flags) >= _FEWEST)


def _timed(one: Profile, role: Role) -> bool:
    return role in (Role.PERIOD, Role.DATE) or one.cells.share(CellKind.DATE) > _MOST


def _refers(one: Profile) -> bool:
    """True for a column that refers to people by their numbers, as FHIR does (`Patient/17`)."""
    return not one.numeric and one.levels > _FEWEST and share_matching(one.cells, _PERSON) > _MOST


def _worn(one: Profile) -> bool:
    """True for a column of what a device writes, one of a number of devices too."""
    name = normalise(one.name)[0]
    return name in _WORN or (_NUMBERED.sub("", name) in _WORN | {"hr"} and bool(_NUMBERED.search(name)))


def _readings(used: Typed, rows: int) -> float:
    """1 where what a device writes of a body stands under times, and nothing else stands there."""
    if rows < _FEWEST_READINGS or not any(_timed(one, role) for one, role in used):
        return 0.0
    numbers = [one for one, role in used if one.numeric and not _timed(one, role)]
    worn = [one for one in numbers if _worn(one) and one.levels > _FEWEST]
    return float(bool(worn) and len(worn) >= _HALF * len(numbers))


def _whereabouts(used: Typed, rows: int) -> float:
    """1 where a place on earth that hardly comes again stands under each time."""
    named = {normalise(one.name)[0]: one for one, role in used if one.numeric and not _timed(one, role)}
    if rows < _FEWEST_READINGS or not any(_timed(one, role) for one, role in used):
        return 0.0
    across = next((named[name] for name in named.keys() & _ACROSS), None)
    down = next((named[name] for name in named.keys() & _DOWN), None)
    if across is None or down is None:
        return 0.0
    places = len(np.unique(np.column_stack([across.numbers, down.numbers]), axis=0))
    return float(places > _HALF * rows)


__all__ = ["single"]
