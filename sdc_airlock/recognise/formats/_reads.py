"""What was read of one person's genome, told without a header: reads beside their qualities, methylation cytosine by cytosine."""

from __future__ import annotations

import re

import numpy as np

from sdc_airlock.model.content import Table
from sdc_airlock.recognise.columns import Profile, share_matching
from sdc_airlock.recognise.formats import Typed

_READ = re.compile(r"[ACGTN.]{20,1000}", re.IGNORECASE)
_QUALITIES = re.compile(r"[!-~]{20,1000}")
_CONTEXT = re.compile(r"C(?:G|HG|HH|pG)", re.IGNORECASE)
_STRAND = re.compile(r"[+\-FR*.]")
_MOSTLY, _ALL = 0.9, 0.99
_FEWEST_ROWS = 5
_FEWEST_SITES = 20
_PERCENT, _ROUNDED = 100.0, 0.06
_BISMARK = 6


def reads(table: Table, typed: Typed) -> bool:
    """A column of bases beside one of as many marks in each row: a read and its qualities."""
    if table.sample_rows < _FEWEST_ROWS:
        return False
    words = [one for one, _, _ in typed if not one.numeric]
    bases = [one for one in words if share_matching(one.cells, _READ) > _MOSTLY]
    marks = [one for one in words if one not in bases and share_matching(one.cells, _QUALITIES) > _MOSTLY]
    return any(_as_long(one, other) for one in bases for other in marks)


def _as_long(one: Profile, other: Profile) -> bool:
    """True where the words of two columns are as long as each other, row by row."""
    lengths = [np.array([len(word) for word in column.cells.text])[column.cells.codes] for column in (one, other)]
    return float(np.mean(lengths[0] == lengths[1])) > _MOSTLY


def cytosines(table: Table, typed: Typed) -> bool:
    """Reads with and without methylation, site by site: with the context of each cytosine, or with the percentage that both make."""
    columns = [one for one, _, _ in typed]
    if table.sample_rows < _FEWEST_SITES:
        return False
    whole = [one for one in columns if one.numeric and one.whole and one.non_negative]
    strands = any(not one.numeric and share_matching(one.cells, _STRAND) > _ALL for one in columns)
    if strands and len(whole) > 1 and any(not one.numeric and share_matching(one.cells, _CONTEXT) > _ALL for one in columns):
        return True
    if len(columns) != _BISMARK or not all(one.numeric for one in columns[1:]):
        return False
    start, end, share, with_mark, without = (one.numbers for one in columns[1:])
    both = with_mark + without
    if not (columns[4].whole and columns[5].whole and np.all(both > 0) and np.all(end >= start) and np.all(start > 0)):
        return False
    return bool(np.all(np.abs(share - _PERCENT * with_mark / both) <= _ROUNDED))


__all__ = ["cytosines", "reads"]
