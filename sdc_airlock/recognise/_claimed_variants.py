"""Tables that by their headers are about variants or genes, held against their cells: ids of people in a column, and cells that are no alleles or frequencies."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np

from sdc_airlock.model.recognised import Role
from sdc_airlock.recognise.columns import Profile, share_matching
from sdc_airlock.recognise.formats.cells import numbers_of_one_length
from sdc_airlock.recognise.labels import read_as_ids
from sdc_airlock.recognise.lexicon import normalise

Typed = Sequence[tuple[Profile, Role, tuple[str, ...]]]

_LOOKED_AT = 2000
_LIST = re.compile(r"[;,|\s]+")
_FEWEST_ROWS = 8
_HALF = 0.5
_NO_ORDER = 0.2
_ALLELES = re.compile(r"[ACGTNDIR0-4*.?-]|[ACGTN]{2,2000}|<[\w:.*-]{1,40}>|[ACGTN.*-]{1,500}(?:[/,][ACGTN.*-]{1,500}){1,20}|(?:HLA[-_])?\w{1,6}\*[\d:]{2,15}\w?", re.IGNORECASE)  # fmt: skip
_ALLELE_NAMES = frozenset({"a0", "a1", "a2", "al1", "al2", "ref", "alt", "allele0", "allele1", "allele2", "allele_1", "allele_2", "effect_allele", "other_allele", "ea", "nea", "ref_0", "alt_1", "allelea", "alleleb", "allele_a", "allele_b"})  # fmt: skip
_FREQUENCY_NAMES = frozenset({"maf", "eaf", "raf", "af", "freq1", "a1freq", "a1_freq", "alt_freqs", "alt_frq", "exp_freq_a1", "effect_allele_frequency", "minor_allele_frequency", "all_maf"})  # fmt: skip
# shares in percent are frequencies, too
_PERCENT = 100
_TWO = 2


def people_under(typed: Typed) -> str:
    """Why rows may be people though headers are those of variants or genes; "" where nothing says so.

    Args:
        typed: Columns with their roles, in order.
    """
    for one, role, _ in typed:
        if one.numeric or not one.levels:
            continue
        words = one.cells.text[:_LOOKED_AT]
        if role is not Role.GENE and (read_as_ids(words) or read_as_ids(_listed(words))):
            return "a column beside variants or genes holds ids of people"
        if role is Role.MARKER and numbers_of_one_length(words):
            return "names of variants have numbers of one length in no order, as ids have"
    if sum(1 for _ in _denied(typed)) >= _TWO:
        return "cells under headers of alleles and frequencies can be neither"
    return ""


def people_listed(typed: Typed) -> str:
    """Why rows under the headers of a list of codes or fields may be people: names in the form of ids, in no order, beside anything; "" where nothing says so.

    Codes and fields are listed in their order, or have names that differ in form.
    """
    for one, _, _ in typed:
        words = one.cells.text[:_LOOKED_AT]
        if not one.numeric and len(typed) > 1 and one.cells.filled >= _FEWEST_ROWS and read_as_ids(words):
            falls = sum(later < earlier for earlier, later in pairwise(words))
            if _NO_ORDER <= falls / len(words) <= 1 - _NO_ORDER:
                return "names in the form of ids, in no order, stand where a list has codes or fields"
    return ""


def _listed(words: Sequence[str]) -> list[str]:
    """What cells list, each once; nothing where they list nothing."""
    pieces = [[piece for piece in _LIST.split(word) if piece] for word in words]
    if sum(len(each) > 1 for each in pieces) < _HALF * len(pieces):
        return []
    return list(dict.fromkeys(piece for each in pieces for piece in each))


def _denied(typed: Typed) -> Iterator[str]:
    """Names of columns whose cells cannot be what they are called."""
    for one, _, _ in typed:
        name = normalise(one.name)[0]
        if one.cells.filled < _FEWEST_ROWS:
            continue
        if name in _ALLELE_NAMES and not one.numeric and share_matching(one.cells, _ALLELES) < _HALF:
            yield name
        elif name in _FREQUENCY_NAMES and one.numeric:
            numbers = one.numbers[np.isfinite(one.numbers)]
            if len(numbers) and (numbers.min() < 0 or numbers.max() > _PERCENT or (np.median(numbers) > 1 and numbers.min() > 1)):
                yield name


__all__ = ["people_listed", "people_under"]
