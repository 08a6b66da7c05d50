"""Tables about variants that have no header and few columns: names of markers with their places, and effects on two traits with their errors."""

from __future__ import annotations

import re
from collections import Counter

import numpy as np

from sdc_airlock.model.content import Table
from sdc_airlock.recognise.columns import Profile
from sdc_airlock.recognise.formats import Typed
from sdc_airlock.recognise.formats._ties import monotone
from sdc_airlock.recognise.formats.cells import of_people

_FEWEST_MARKERS, _MOST_COLUMNS = 8, 3
_LONGEST_CHROMOSOME = 250_000_000
# a line may have blanks where the others have tabs
_FILLED = 0.9
_IN_CATALOGUES = re.compile(
    r"(?:rs|ss)\d{3,}|TSC\d{7}|hCV\d{3,}|SNP_A-\d{5,}|AX-\d{6,}|(?:kgp|exm)\d{3,}|(?:GSA-|JHU_)\S+|D(?:\d{1,2}|X|Y)S\d{2,5}|(?:chr)?(?:\d{1,2}|X|Y)[:_]\d{4,9}\S*"
)
_ASSAY = re.compile(r"([A-Za-z][\w.-]*\d\w*)_\d{1,2}")
_FEWEST_VARIANTS, _OF_TWO_TRAITS = 12, 4
# variants are chosen where the effect is so many errors from nought (p below 5e-8, as printed), and the nearest are near that
_CHOSEN, _NEAREST, _CROWDED, _NEAR = 5.33, 6.0, 1.5, 0.3
# errors are large where alleles are rare, on both traits, and effects have to be large there to be seen
_WITH_ERRORS, _BOTH_ERRORS, _LARGEST = 0.6, 0.3, 5.0


def marker_map(table: Table, typed: Typed) -> bool:
    """Names of markers, each once, and their places in order; some are those of catalogues, and assays have several markers each."""
    if table.named or not 1 < len(typed) <= _MOST_COLUMNS or table.sample_rows < _FEWEST_MARKERS:
        return False
    columns = [one for one, _, _ in typed]
    names = next((one for one in columns if not one.numeric), None)
    places = [one for one in columns if one.numeric]
    if names is None or len(places) != len(columns) - 1 or names.unique < 1 or names.cells.filled < table.sample_rows:
        return False
    words = names.cells.text
    known = sum(bool(_IN_CATALOGUES.fullmatch(word)) for word in words)
    assays = Counter(match[1] for word in words if (match := _ASSAY.fullmatch(word)))
    if not known or of_people(names.cells) or max(assays.values(), default=0) < 2:  # several of one
        return False
    return any(_places(one) for one in places)


def _places(one: Profile) -> bool:
    numbers = one.numbers[np.isfinite(one.numbers)]
    if not one.whole or len(numbers) < _FILLED * len(one.numbers) or numbers.min() < 1 or numbers.max() > _LONGEST_CHROMOSOME:
        return False
    return bool((np.diff(numbers) > 0).all())


def two_traits(table: Table, typed: Typed) -> bool:
    """Effects and errors on two traits of variants that were chosen for the first: none is nearer to nought than five errors and a half, and some are as near."""
    columns = [one for one, _, _ in typed]
    if table.named or len(columns) != _OF_TWO_TRAITS or table.sample_rows < _FEWEST_VARIANTS:
        return False
    if not all(one.numeric and not one.whole and np.isfinite(one.numbers).all() for one in columns):
        return False
    first, its_error, second, other_error = (one.numbers for one in columns)
    if min(its_error.min(), other_error.min()) <= 0 or max(np.abs(first).max(), np.abs(second).max()) > _LARGEST:
        return False
    scores = np.abs(first) / its_error
    chosen = _CHOSEN <= scores.min() <= _NEAREST and (scores < _CROWDED * scores.min()).mean() >= _NEAR
    if not chosen or min(first.min(), second.min()) >= 0 or float(np.median(np.abs(second / other_error))) > _CHOSEN:
        return False
    effects, errors = monotone(np.abs(first), its_error), monotone(its_error, other_error)
    return effects is not None and errors is not None and effects > _WITH_ERRORS and errors > _BOTH_ERRORS


__all__ = ["marker_map", "two_traits"]
