"""Profiles of copy number along a genome, a column a sample: log ratios of array CGH, exomes and sequencing, with nothing that was tested beside them."""

from __future__ import annotations

import re

import numpy as np

from sdc_airlock.model.content import Table
from sdc_airlock.recognise.columns import Profile
from sdc_airlock.recognise.formats import Typed
from sdc_airlock.recognise.formats._samples import CHROMOSOMES, PLACES
from sdc_airlock.recognise.lexicon import normalise

_FEWEST_ROWS = 50
_PLACED = CHROMOSOMES | PLACES | frozenset({"maploc", "end", "stop", "chromend", "chrom_end", "end_position", "loc_end", "mid", "midpoint", "kb", "mb", "length", "width", "size"})  # fmt: skip
_MAPPED = PLACES | {"maploc", "mid", "midpoint", "kb", "mb"}
# what is measured of one sample at a place
_RATIO = re.compile(r"(?:[a-z0-9]+_)?(?:log_?2?_?r(?:atio)?|log2|l2r|lrr|log_?r_?ratio|seg_?mean|smoothed|copy_?number|cn|baf)(?:_[a-z0-9]+)?")  # fmt: skip
_BESIDE = re.compile(
    r"depth|weight|probes?|num_?mark(?:ers)?|n_?probes|gc(?:_?content)?|rmasker|spread|mappability|map|index|order|row|x|cytoband|band|arm"
)
# results of tests, and means over samples
_OF_MANY = re.compile(r"mean|median|average|avg|fold|fc|freq|p|q|fdr|n|se|sd|sem|var|beta|effect|z|t|f|stat\w*|score|diff\w*|delta|samples|group|cases|controls|pooled|fst|dxy|pi|tajima\w*|xp\w*|ihs|nsl|lod|rate|cm|density|count|contrast|versus|vs", re.IGNORECASE)  # fmt: skip
_EXACT = frozenset({"seg_mean", "b_allele_freq", "b_allele_frequency", "log_r_ratio"})
_SAMPLE = re.compile(
    r"(?!(?:PC|EV|IC|factor|dim|k|h|q|phylo|phast)\W?\d)[A-Za-z]{0,12}[-_. ]?\d{1,8}[A-Za-z]{0,3}(?:[-_.]\w{1,12})*", re.IGNORECASE
)
_AROUND, _SIGNED, _FAR, _RUNS = 0.5, 0.1, 12.0, 0.15


def copy_profiles(table: Table, typed: Typed) -> bool:
    """Chromosome and place of a probe in each row, and decimals about nought for one sample or more; no result of a test, no mean over samples."""
    if not table.named or table.sample_rows < _FEWEST_ROWS or len(typed) < 3:
        return False
    named = {normalise(one.name)[0]: one for one, _, _ in reversed(typed)}
    if not CHROMOSOMES & named.keys() or not any(named[name].numeric for name in _MAPPED & named.keys()):
        return False
    measured = {
        name: one for name, one in named.items() if one.numeric and not one.serial and name not in _PLACED and not _BESIDE.fullmatch(name)
    }
    if not measured or any(map(_of_many, measured)):
        return False
    return all(_profile(one, runs=False) or _share(one) if _of_sample(name) else _sampled(one) for name, one in measured.items())


def _of_many(name: str) -> bool:
    """True for results of tests and means over samples."""
    return name not in _EXACT and any(map(_OF_MANY.fullmatch, name.split("_")))


def _of_sample(name: str) -> bool:
    return name in _EXACT or bool(_RATIO.fullmatch(name))


def _sampled(one: Profile) -> bool:
    """True for a column called by the name of a sample, whose neighbours are alike as on a segment."""
    return bool(_SAMPLE.fullmatch(one.name.strip())) and any(map(str.isdigit, one.name)) and _profile(one, runs=True)


def _profile(one: Profile, *, runs: bool) -> bool:
    """True for decimals about nought of both signs; with `runs`, where neighbours are alike."""
    numbers = one.numbers[np.isfinite(one.numbers)]
    if one.whole or len(numbers) < _FEWEST_ROWS or float(np.abs(numbers).max()) > _FAR or float(np.median(np.abs(numbers))) > _AROUND:
        return False
    below = float((numbers < 0).mean())
    if not _SIGNED < below < 1 - _SIGNED:
        return False
    centred = numbers - numbers.mean()
    alike = float((centred[1:] * centred[:-1]).mean() / max(float(centred.var()), 1e-12))
    return not runs or alike > _RUNS


def _share(one: Profile) -> bool:
    """True for ratios and shares about one or a half, as copies and B-allele frequencies are before logarithms."""
    numbers = one.numbers[np.isfinite(one.numbers)]
    return not one.whole and len(numbers) >= _FEWEST_ROWS and float(numbers.min()) >= 0 and float(np.median(numbers)) <= 2 + _AROUND


__all__ = ["copy_profiles"]
