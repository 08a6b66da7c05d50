"""Rows that follow a line: corners of areas, a way over the ground, sites along a genome."""

from __future__ import annotations

import re

import numpy as np

from sdc_airlock.recognise._keys import Typed
from sdc_airlock.recognise.columns import Profile, share_matching
from sdc_airlock.recognise.lexicon import normalise

_SOME, _HARDLY, _FEWEST_ATTRIBUTES = 0.5, 0.9, 2
_ACROSS, _DOWN = ("longitude", "lon", "lng", "long"), ("latitude", "lat")
_FEWEST_CORNERS, _FEWEST_FIXES, _HALF_ROUND = 3, 12, 180
_CHROMOSOMES = ("chrom", "chr", "chromosome", "seqname", "seqnames")
# what is measured along the genome of one person
_OF_ONE_GENOME = frozenset({"baf", "lrr", "b_allele_freq", "log_r_ratio", "depth", "dp", "coverage", "cov", "copy_number", "cn", "log2", "log2_ratio", "gt", "genotype", "dosage", "ds"})  # fmt: skip
# columns of a pile-up: sequence, position, base of the reference, depth, bases, qualities
_PILED, _NUMBERS, _SITES = 6, (1, 3), 200
_BASES = re.compile(r"(?:[.,ACGTNacgtn*#<>$]|\^.|[+-]\d++[ACGTNacgtn])++")
_SHARES_OF_B, _LOG_R = re.compile(r"(?:^|_)(?:baf|b_allele_freq(?:uency)?)(?:_|$)"), re.compile(r"(?:^|_)(?:lrr|log_?r_ratio)(?:_|$)")
_STARTS = ("bin_start", "window_start", "win_start", "start", "chrom_start", "pos", "position", "bp")
_FEW_BESIDE, _LONG = 8, 10_000


def _places_of(used: Typed, title: str) -> tuple[Profile, Profile] | None:
    """Longitudes and latitudes: by their headers, or the last two columns of what GeoJSON calls coordinates."""
    by_name = {normalise(one.name)[0]: one for one, _ in used if one.numeric}
    across = next((by_name[name] for name in _ACROSS if name in by_name), None)
    down = next((by_name[name] for name in _DOWN if name in by_name), None)
    if across is not None and down is not None:
        return across, down
    if title.endswith("coordinates") and len(used) >= _FEWEST_ATTRIBUTES and all(one.numeric for one, _ in used):
        return used[-2][0], used[-1][0]
    return None


def outlines(used: Typed, title: str) -> float:
    """1 where coordinates run round areas: each ring ends in the corner where it began."""
    found = _places_of(used, title) if title.endswith("coordinates") else None
    if found is None or not _on_earth(*found):
        return 0.0
    corners = list(zip(found[0].numbers.tolist(), found[1].numbers.tolist(), strict=True))
    place = 0
    while place < len(corners):
        end = next((other for other in range(place + _FEWEST_CORNERS, len(corners)) if corners[other] == corners[place]), None)
        if end is None:
            return 0.0
        place = end + 1
    return 1.0


def track(used: Typed, title: str, smooth: float) -> float:
    """1 where longitudes and latitudes drift from row to row and hardly repeat."""
    found = _places_of(used, title)
    if found is None or not _on_earth(*found) or outlines(used, title):
        return 0.0
    own = smooth if len(used) == _FEWEST_ATTRIBUTES else min(_drift(one) for one in found)
    return float(own > _SOME and min(one.unique for one in found) > _SOME and len(found[0].numbers) >= _FEWEST_FIXES)


def intensities(used: Typed) -> float:
    """1 where intensities of an array stand beside each other, both of which are measured of one sample."""
    names = [normalise(one.name)[0] for one, _ in used if one.numeric]
    return float(any(_SHARES_OF_B.search(name) for name in names) and any(_LOG_R.search(name) for name in names))


def pileup(used: Typed) -> float:
    """1 where the reads over each site stand as bases and qualities, as many as the depth beside them says."""
    if len(used) < _PILED or any(one.numeric != (place in _NUMBERS) for place, (one, _) in enumerate(used[1:_PILED], 1)):
        return 0.0
    depth, qualities = used[3][0], used[5][0]
    lengths = [len(qualities.cells.text[code]) for code in qualities.cells.codes[:_SITES].tolist()]
    fitting = sum(length == number for length, number in zip(lengths, depth.numbers[:_SITES].tolist(), strict=True))
    return float(len(lengths) >= _FEWEST_FIXES and fitting > _HARDLY * len(lengths) and share_matching(used[4][0].cells, _BASES) > _HARDLY)


def _drift(one: Profile) -> float:
    """Correlation of a column with itself one row later."""
    numbers = one.numbers
    if len(numbers) < _FEWEST_FIXES or not np.isfinite(numbers).all() or numbers.std() == 0:
        return 0.0
    return float(np.corrcoef(numbers[:-1], numbers[1:])[0, 1]) if min(numbers[:-1].std(), numbers[1:].std()) > 0 else 0.0


def _on_earth(across: Profile, down: Profile) -> bool:
    return bool(np.isfinite(across.numbers).all() and np.isfinite(down.numbers).all()) and bool(
        np.abs(across.numbers).max(initial=0) <= _HALF_ROUND and np.abs(down.numbers).max(initial=0) <= _HALF_ROUND / 2
    )


def windows(used: Typed) -> float:
    """1 where every row is another place further along its chromosome, and few columns that are no attributes stand beside."""
    named = {normalise(one.name)[0]: one for one, _ in used}
    where = next((named[name] for name in _CHROMOSOMES if name in named), None)
    start = next((named[name] for name in _STARTS if name in named and named[name].whole), None)
    if where is None or start is None or len(used) > _FEW_BESIDE or _OF_ONE_GENOME & named.keys():
        return 0.0
    if any("person_attribute" in one.named for one, _ in used):
        return 0.0
    along = np.diff(start.numbers)[np.diff(where.cells.codes) == 0]
    return float(len(along) > _FEWEST_FIXES and bool(np.all(along > 0)) and start.numbers.max() > _LONG and start.numbers.min() >= 0)
