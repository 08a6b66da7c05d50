"""Frequencies of the alleles of short tandem repeats, as forensic laboratories publish them: a ladder of alleles, and a whole for each marker and population."""

from __future__ import annotations

import re

import numpy as np

from sdc_airlock.model.content import Table
from sdc_airlock.recognise.columns import Profile
from sdc_airlock.recognise.formats import Typed
from sdc_airlock.recognise.formats._ties import Numbers

_MARKER = re.compile(r"D\d{1,2}S\d{2,4}|vWA|VWF|FGA|TH0?1|TPOX|CSF1PO|Penta[ _.]?[A-E]|SE33|F13[AB]0?1?|FES(?:FPS)?|LPL|ACTBP2|DYS\d{2,3}\w{0,5}|DXS\d{3,5}|HPRTB|Y-?GATA-?[AH]\d{1,2}", re.IGNORECASE)  # fmt: skip
_LADDER = frozenset({"allele", "alleles", "repeat", "repeats", "allele_repeats", "al", "n_repeats"})
_FEWEST_MARKERS, _MOSTLY = 3, 0.8
_SHORTEST, _LONGEST = 2.0, 80.0
_WHOLES, _NEAR = (1.0, 100.0), 0.02


def repeat_frequencies(table: Table, typed: Typed) -> bool:
    """Alleles down and markers across, each adding up to a whole; or a marker and an allele a row, and populations across."""
    if not table.named or not table.whole:
        return False
    columns = [one for one, _, _ in typed]
    ladder = next((one for one in columns if one.name.strip().lower().replace(" ", "_") in _LADDER), None)
    if ladder is None:
        return False
    beside = [one for one in columns if one is not ladder]
    rows = np.isfinite(ladder.numbers)
    alleles = ladder.numbers[rows]
    if not len(alleles) or alleles.min() < _SHORTEST or alleles.max() > _LONGEST or np.any(np.round(alleles * 10) % 10 > 3):
        return False
    named = next((one for one in beside if not one.numeric), None)
    if named is None:
        markers = sum(bool(_MARKER.fullmatch(one.name.strip())) for one in beside)
        if len(beside) < _FEWEST_MARKERS or markers < _MOSTLY * len(beside) or not _climbing(alleles):
            return False
        return all(_whole(one.numbers[rows]) for one in beside)
    return len(beside) > 1 and _by_marker(named, ladder, [one for one in beside if one is not named])


def _by_marker(named: Profile, ladder: Profile, populations: list[Profile]) -> bool:
    """True where each marker has a ladder of its own, and is a whole in each population."""
    words = [word for word in named.cells.text if word.strip()]
    if sum(bool(_MARKER.fullmatch(word.strip())) for word in words) < _MOSTLY * len(words) or not all(one.numeric for one in populations):
        return False
    wholes = []
    for code in np.unique(named.cells.codes).tolist():
        here = (named.cells.codes == code) & np.isfinite(ladder.numbers)
        if not _climbing(ladder.numbers[here]):
            return False
        wholes += [_whole(one.numbers[here]) for one in populations]
    return len(words) >= _FEWEST_MARKERS and sum(wholes) >= _MOSTLY * len(wholes)


def _climbing(alleles: Numbers) -> bool:
    return bool(np.all(np.diff(alleles) > 0))


def _whole(shares: Numbers) -> bool:
    """True for shares, none below nought, that add up to one (or a hundred)."""
    known = shares[np.isfinite(shares)]
    return bool(len(known) and known.min() >= 0) and any(abs(float(known.sum()) / whole - 1) < _NEAR for whole in _WHOLES)


__all__ = ["repeat_frequencies"]
