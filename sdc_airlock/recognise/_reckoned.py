"""Rows that were worked out for groups or ages: shares of counts beside them, weights of a standard population, tables of mortality; and items of a questionnaire."""

from __future__ import annotations

import math
import re
from itertools import pairwise

import numpy as np

from sdc_airlock.model.recognised import Role
from sdc_airlock.recognise._keys import Typed
from sdc_airlock.recognise.cells import CellKind
from sdc_airlock.recognise.columns import Profile, share_matching
from sdc_airlock.recognise.lexicon import matches, normalise

_FEWEST, _MOST_COLUMNS = 4, 8
# how likely it may be that shares times counts are whole by chance, in all rows together
_CHANCE = 1e-4
_NEAR = 1e-6
_BAND = re.compile(r"[<\[(]?\s*(\d{1,3})\s*(?:-|\u2013|to|,)?\s*(\d{1,3}|\+|and over|or over|or more)?\s*[\])]?(?: years?)?", re.IGNORECASE)
_OPEN = re.compile(r"<\s*(\d{1,3})|(\d{1,3})\s*(?:\+|and over|or over|or more)", re.IGNORECASE)
_ROUND, _FEWEST_BANDS = 2, 5
_ITEMS = frozenset({"item", "items", "item_label", "item_text", "item_name", "question", "question_text", "wording", "stem", "scale", "subscale", "facet", "construct", "domain", "keying", "keyed", "reverse", "reversed", "reverse_scored", "scoring_key"})  # fmt: skip
_SIZES = frozenset({"", "key", "name", "width", "height", "padding", "fill", "margin", "top", "bottom", "left", "right", "scale", "dpi", "unit", "units", "autosize"})  # fmt: skip
_OF_NOBODY = frozenset({"width", "padding", "fill", "margin", "dpi", "autosize"})
_AIR_ALONE = frozenset({"no2", "nox", "o3", "so2", "pm10", "pm2_5", "pm25", "pm1", "ozone", "rain", "rain_mm", "rainfall", "rainfall_mm", "precipitation", "precip", "prcp", "wind_speed", "windspeed", "wind_direction", "humidity", "relative_humidity", "tmax", "tmin", "tavg", "tmean", "max_temp", "min_temp", "sunshine", "sunshine_hours", "solar_radiation", "pollen", "pollen_grass", "pollen_birch"})  # fmt: skip
_AIR = _AIR_ALONE | {"no", "co", "nh3", "benzene", "black_carbon"}
_WEATHER = frozenset({"temp", "temperature", "mean_temp", "dew_point", "pressure", "pressure_hpa", "ws", "wd", "rh", "uv", "uv_index", "snow", "snow_depth", "cloud", "cloud_cover", "frost_days", "year", "month", "day", "hour"})  # fmt: skip
_STATIONS = frozenset({"site", "site_name", "site_code", "station", "station_name", "station_id", "monitor", "city", "town", "region", "area", "location"})  # fmt: skip
_GAPS = 1.25
# many places at one time may be people in a row
_FEWEST_TIMES = 8
_COMPONENT = re.compile(r"(?:pc|rc|dim|comp|component|factor|fa|mr|ml)[._ ]?\d{1,3}", re.IGNORECASE)
_KEYED, _FEWEST_WORDS, _FEWEST_NAMED = 2, 2.0, 2
_NEARLY_ALL, _IN_RUNS = 0.9, 0.5
_FILE = re.compile(r"(?![^\s]*\d{3})[\w./+ -]{0,80}[A-Za-z_]\w{0,40}\.[A-Za-z][A-Za-z0-9]{0,7}")


def shares_of_counts(used: Typed, rows: int) -> float:
    """1 where a share with many digits, times the count beside it, is whole in every row: the rows are groups of so many people."""
    if rows < _FEWEST or any(role is Role.IDENTIFIER or ("person_attribute" in one.named and one.numeric) for one, role in used):
        return 0.0
    counts = [one for one, role in used if role is Role.COUNT and one.whole and one.non_negative]
    shares = [one for one, _ in used if one.numeric and not one.whole and one.levels > rows / 2]
    return float(any(_told_by(share, count) for count in counts for share in shares))


def _told_by(share: Profile, count: Profile) -> bool:
    size = min(len(share.numbers), len(count.numbers))
    shown, of = share.numbers[:size], count.numbers[:size]
    if size < _FEWEST or not np.isfinite(shown).all() or not np.isfinite(of).all() or of.min() <= 1 or shown.min() < 0 or shown.max() > 1:
        return False
    product = shown * of
    slack = 0.5 * 10.0 ** -share.cells.places[:size].astype(np.float64) * of + _NEAR * of.max() / 1e6
    informative = 2 * slack < 1
    chance = float(np.sum(np.log10(np.clip(2 * slack[informative], 1e-9, 1))))
    strict = (shown > 0) & (shown < 1) & (np.abs(product - np.round(product)) <= slack + _NEAR)
    return bool(strict.all()) and chance <= math.log10(_CHANCE)


def standard_population(used: Typed, rows: int) -> float:
    """1 where bands of age follow each other without gap, and the round numbers beside them sum to a power of ten: weights, and nobody."""
    if rows < _FEWEST_BANDS or not _KEYED <= len(used) <= _FEWEST or used[0][0].numeric or used[0][0].cells.share(CellKind.BAND) < _IN_RUNS:
        return 0.0
    if any(not one.numeric or not one.non_negative for one, _ in used[1:]) or not _follow_each_other(used[0][0]):
        return 0.0
    return float(all(_sums_to_ten(one.numbers) for one, _ in used[1:]))


def _sums_to_ten(numbers: np.ndarray) -> bool:
    total = float(np.sum(numbers))
    return bool(np.isfinite(total)) and total > 0 and abs(math.log10(total) - round(math.log10(total))) < _NEAR


def _follow_each_other(one: Profile) -> bool:
    """True for bands of which each begins where the one above ended."""
    ends: list[tuple[int, int | None]] = []
    for code in one.cells.codes.tolist():
        text = one.cells.text[code].strip()
        if (match := _OPEN.fullmatch(text)) is not None:
            ends.append((0, int(match[1]) - 1) if match[1] else (int(match[2]), None))
        elif (match := _BAND.fullmatch(text)) is not None and (match[2] is None or match[2].isdigit()):
            ends.append((int(match[1]), int(match[2] or match[1])))
        else:
            return False
    return all(end is not None and start - end in (0, 1) for (_, end), (start, _) in pairwise(ends))


def mortality(used: Typed) -> float:
    """1 where a life table stands in several groups of columns (`male qx`, `female qx`), each under its letters, and survivors never become more."""
    groups: dict[str, dict[str, Profile]] = {}
    for one, _ in used:
        tokens = normalise(one.name)[1]
        if one.numeric and len(tokens) > 1:
            for letters, rest in ((tokens[-1], tokens[:-1]), (tokens[0], tokens[1:])):
                if letters in ("qx", "lx"):
                    groups.setdefault(" ".join(rest), {})[letters] = one
    whole = [group for group in groups.values() if len(group) == len(("qx", "lx"))]
    return float(len(whole) > 1 and all(_dying(group["qx"].numbers, group["lx"].numbers) for group in whole))


def _dying(chances: np.ndarray, alive: np.ndarray) -> bool:
    """True where survivors follow from the chances of dying, to a hundredth of all."""
    if len(alive) < _FEWEST or not np.isfinite(alive).all() or not np.isfinite(chances).all() or alive[0] <= 0:
        return False
    return bool(np.all(np.abs(alive[:-1] * (1 - chances[:-1]) - alive[1:]) <= alive[0] / 100)) and bool(np.all(np.diff(alive) <= 0))


def questionnaire(used: Typed, rows: int) -> float:
    """1 where each row is an item of a questionnaire: its wording, once, the scales that it belongs to side by side, and at most a key of one sign."""
    named = sum(bool(_ITEMS & {normalise(one.name)[0], normalise(_parted(one.name))[0]}) for one, _ in used)
    if rows < _FEWEST or named < _FEWEST_NAMED or any({"person_attribute", "identifier"} & one.named.keys() for one, _ in used):
        return 0.0
    if any(one.numeric and (one.levels > _KEYED or not one.whole) for one, _ in used):
        return 0.0
    words = [one for one, _ in used if not one.numeric]
    texts = [one for one in words if one.unique > _NEARLY_ALL and _words(one) >= _FEWEST_WORDS]
    scales = [one for one in words if one.unique <= _IN_RUNS]
    return float(bool(texts and scales) and sum(map(_runs, scales)) * 2 > len(scales))


def _parted(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name)


def _words(one: Profile) -> float:
    return sum(len(text.split()) for text in one.cells.text) / max(len(one.cells.text), 1)


def _runs(one: Profile) -> bool:
    """True for words most of which are those of the row above."""
    codes = one.cells.codes
    return bool(np.mean(codes[1:] == codes[:-1]) >= _IN_RUNS)


def layout(used: Typed, rows: int) -> float:
    """1 where rows are settings of a drawing: sizes of a few places that it is shown in, or the ticks of an axis, told more than once."""
    names = {normalise(one.name)[0] for one, _ in used}
    if rows <= _FEWEST and names <= _SIZES and len(names & _OF_NOBODY) >= _KEYED:
        return 1.0
    if len(used) < _KEYED or rows < _KEYED:
        return 0.0
    first = used[0][0]
    if not all(one.numeric and np.array_equal(one.numbers, first.numbers) for one, _ in used):
        return 0.0
    steps = np.diff(first.numbers)
    return float(bool(steps[0]) and bool(np.allclose(steps, steps[0])))


def environment(used: Typed, rows: int) -> float:
    """1 where air or weather was measured from time to time, at one place or at places with names: every time once for each place, and nothing else in numbers."""
    numbers = [one for one, _ in used if one.numeric]
    words = [one for one, role in used if not one.numeric and role not in (Role.DATE, Role.PERIOD)]
    times = [one for one, role in used if role in (Role.DATE, Role.PERIOD)]
    names = {normalise(one.name)[0] for one in numbers if not any(one is time for time in times)}
    if len(times) != 1 or times[0].levels < _FEWEST_TIMES or len(words) > 1 or not names <= _AIR | _WEATHER or not names & _AIR_ALONE:
        return 0.0
    places = words[0] if words else None
    if places is not None and (normalise(places.name)[0] not in _STATIONS or (places.levels > 1 and _numbered(places))):
        return 0.0
    codes = np.column_stack([one.cells.codes for one in (*times, *words)])
    return float(len(np.unique(codes, axis=0)) == len(codes) and times[0].levels * (places.levels if places else 1) <= _GAPS * rows)


def _numbered(one: Profile) -> bool:
    """True for places some of which have digits in their names, as people have who are called places."""
    return any(any(map(str.isdigit, word)) for word in one.cells.text if word)


def loadings(used: Typed) -> float:
    """1 where columns of components have squares that sum to one over rows that are attributes: directions in what was measured, not people."""
    numbers = [one for one, _ in used if one.numeric]
    words = [one for one, _ in used if not one.numeric]
    if len(words) != 1 or len(numbers) < _KEYED or not all(_COMPONENT.fullmatch(one.name.strip()) for one in numbers):
        return 0.0
    labels = [word.strip() for word in words[0].cells.text if word.strip()]
    if words[0].unique < 1 or sum("person_attribute" in matches(label) for label in labels) < _IN_RUNS * len(labels):
        return 0.0
    slack = max(2 * len(labels) * 10.0 ** -float(one.cells.places.max(initial=0)) for one in numbers)
    return float(all(abs(float(np.sum(one.numbers**2)) - 1) <= min(slack, 0.05) for one in numbers))


def files(used: Typed) -> float:
    """1 where rows are files with how long they are, and nothing else in numbers."""
    if not used:
        return 0.0
    first = used[0][0]
    if first.numeric or first.unique < 1 or len(used) > _FEWEST or share_matching(first.cells, _FILE) < 1:
        return 0.0
    numbers = [one for one, _ in used if one.numeric]
    return float(bool(numbers) and all(one.whole and "not_people" in matches(one.name) for one in numbers))


__all__ = ["environment", "files", "layout", "loadings", "mortality", "questionnaire", "shares_of_counts", "standard_population"]
