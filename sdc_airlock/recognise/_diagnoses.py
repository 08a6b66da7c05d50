"""Counts of diagnoses by place or year: a code a row, and columns that rise and fall together."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from sdc_airlock.model.recognised import Role
from sdc_airlock.recognise.columns import Profile, share_matching

_CODE = re.compile(r"[A-TV-Z]\d[0-9AB](?:\.?[0-9A-Z]{1,4})?(?:-[A-TV-Z]\d[0-9AB])?")
_HEADS = re.compile(r"(?:site|cent(?:re|er)|hospital|trust|region|practice|clinic|ward|area|district|country|cohort|board|provider|biobank|year|y|fy)?[ _.-]?(?:[A-Za-z]|\d{1,4})", re.IGNORECASE)  # fmt: skip
_NAMED = re.compile(r"icd|diag|disease|code|phenotype", re.IGNORECASE)
_FEWEST_ROWS, _FEWEST_COLUMNS = 8, 3
_MOSTLY, _TOGETHER = 0.9, 0.6


def counts_of_diagnoses(typed: Sequence[tuple[Profile, Role, tuple[str, ...]]]) -> bool:
    """True for codes of ICD-10, each once, by columns of whole numbers under numbered places or years that rise and fall together.

    A common diagnosis is common in every place, whereas what is measured of people (age, pressure, a group) hardly hangs together.

    Args:
        typed: Columns with their roles, in order.
    """
    columns = [one for one, _, _ in typed]
    if len(columns) <= _FEWEST_COLUMNS or len(columns[0].cells.codes) < _FEWEST_ROWS:
        return False
    stub, counts = columns[0], columns[1:]
    if stub.numeric or stub.unique < 1 or not _NAMED.search(stub.name) or share_matching(stub.cells, _CODE) < _MOSTLY:
        return False
    if not all(one.numeric and one.whole and one.non_negative and _HEADS.fullmatch(one.name.strip()) for one in counts):
        return False
    numbers = np.column_stack([one.numbers for one in counts])
    if not np.isfinite(numbers).all() or np.any(numbers.std(axis=0) == 0):
        return False
    together = np.corrcoef(np.log1p(numbers), rowvar=False)
    return float(together.min()) > _TOGETHER


__all__ = ["counts_of_diagnoses"]
