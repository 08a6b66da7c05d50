"""Stretches that two people share, a pair a row (GERMLINE, hap-ibd, IBIS, refined IBD), and tables with a barcode of a single cell on each row."""

from __future__ import annotations

import re

import numpy as np

from sdc_airlock.model.content import Table
from sdc_airlock.recognise.columns import Profile, share_matching
from sdc_airlock.recognise.formats import Typed
from sdc_airlock.recognise.formats._samples import CHROMOSOMES
from sdc_airlock.recognise.lexicon import normalise, values

_FEWEST, _FEWEST_CELLS = 20, 40
_SHARED, _NEARLY, _ONCE = 0.5, 0.95, 0.9
_MOST_CHROMOSOMES, _FAR, _LEAST_ID = 26, 1e5, 10_000
_CHROMOSOME = re.compile(r"(?:chr)?(?:\d{1,2}|X)", re.IGNORECASE)
# names of variants, genes and regions come twice on a row as well
_THINGS = re.compile(r"rs\d+|(?:chr)?(?:\d{1,2}|[XY])[:_-]\S+|ENS[A-Z]*\d+(?:\.\d+)?|[A-Za-z][A-Za-z-]*|[A-Z]{2,6}\d{0,3}[A-Z]?", re.ASCII)
# 16 bases of 10x, with the number of the well or a sample in front
_BARCODE = re.compile(
    r"(?:[\w.-]{1,40}[_:#-])?[ACGT]{16}(?:-\d{1,3})?(?:[-_]\w{1,20})?|(?:[\w.-]{1,40}[_:#-])?[ACGT]{12,20}-\d{1,3}(?:[-_]\w{1,20})?"
)
_MADE = re.compile(r"([A-Za-z]{1,12})[-_. ]?\d{2,12}(?:[-_.]\w{1,6})?")
# names of samples in front; a barcode alone is a cell, of nobody knows whom
_OF_SAMPLE = re.compile(r"([\w.-]{1,40})[_:#-][ACGT]{12,20}(?:-|$)")


def shared_segments(table: Table, typed: Typed) -> bool:
    """Two columns of the same people, a chromosome, and where a stretch begins and ends."""
    if table.sample_rows < _FEWEST or not 6 <= len(typed) <= 40:
        return False
    columns = [one for one, _, _ in typed]
    named = [one for one in columns[:6] if _of_people(one)]
    sets = [set(one.cells.text) - {""} for one in named]
    pairs = any(
        (len(one & other) >= _SHARED * min(len(one), len(other)) > 0 or _of_one_make(one, other))
        and not np.array_equal(first.cells.codes, second.cells.codes)
        for place, (first, one) in enumerate(zip(named, sets, strict=True))
        for second, other in zip(named[place + 1 :], sets[place + 1 :], strict=True)
    )
    places = [place for place, one in enumerate(columns[:-2]) if not table.named or normalise(one.name)[0] in CHROMOSOMES]
    return pairs and any(_stretch(columns, place) for place in places)


def _of_one_make(one: set[str], other: set[str]) -> bool:
    """True where names in both columns are the same letters and a number."""
    found = [match[1].lower() for word in (*one, *other) if (match := _MADE.fullmatch(word))]
    return len(found) == len(one) + len(other) > 0 and len(set(found)) == 1 and not {found[0]} & values("code_prefixes")


def _of_people(one: Profile) -> bool:
    """True for names with numbers in them, or numbers, of which some come again."""
    if one.numeric:
        return one.whole and one.levels >= _FEWEST and not one.serial and float(np.nanmin(one.numbers)) >= _LEAST_ID
    return one.levels > 1 and share_matching(one.cells, _THINGS) < _SHARED


def _stretch(columns: list[Profile], place: int) -> bool:
    """True where a chromosome, a beginning and a later end stand beside each other."""
    chromosome, start, end = columns[place : place + 3]
    if not 0 < chromosome.levels <= _MOST_CHROMOSOMES or share_matching(chromosome.cells, _CHROMOSOME) < _NEARLY:
        return False
    if not (start.numeric and end.numeric and start.whole and end.whole):
        return False
    known = np.isfinite(start.numbers) & np.isfinite(end.numbers)
    if not known.any() or float(np.median(start.numbers[known])) < _FAR:
        return False
    return float((end.numbers[known] > start.numbers[known]).mean()) >= _NEARLY


def cells_by_barcode(table: Table, typed: Typed) -> bool:
    """A barcode of a cell on each row, never twice, and something measured of it, or the sample that it is of in front."""
    if table.sample_rows < _FEWEST_CELLS or not typed:
        return False
    if len(typed) == 1:
        one = typed[0][0]
        samples = {match[1] for word in one.cells.text if (match := _OF_SAMPLE.match(word))}
        return len(samples) > 1 and share_matching(one.cells, _BARCODE) >= _NEARLY
    return any(not one.numeric and one.unique >= _ONCE and share_matching(one.cells, _BARCODE) >= _NEARLY for one, _, _ in typed[:3])


__all__ = ["cells_by_barcode", "shared_segments"]
