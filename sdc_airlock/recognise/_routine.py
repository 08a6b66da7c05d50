"""Lists that programs write of files and packages, rows that say nothing, and shares of counts that stand beside them: no rows of people."""

from __future__ import annotations

import re

import numpy as np
import numpy.typing as npt

from sdc_airlock.model.recognised import Role
from sdc_airlock.recognise._keys import Typed
from sdc_airlock.recognise.columns import Profile, share_matching
from sdc_airlock.recognise.lexicon import matches, values

_DIGEST = re.compile(
    r"(?:(?:md5|sha-?\d{1,3}|blake2b)[:-])?(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{56}|[0-9a-f]{64}|[0-9a-f]{96}|[0-9a-f]{128})"
    r"|sha(?:256|384|512)-[A-Za-z0-9+/]{40,90}={0,2}",
    re.IGNORECASE,
)
# a file by its path or its extension, a package by its path; no long number in it, by which a file could be that of a person
_FILE = re.compile(r"\*?(?![^\s]*\d{4})(?:(?:\./)?(?:[\w.+@-]+/)+[\w.+@ -]+|[\w.+ -]{1,80}\.[A-Za-z][A-Za-z0-9]{0,7}(?:\.[a-z]{2,4})?)")
_VERSION = re.compile(r"v?\d{1,4}(?:[.-]\d{1,6}){1,4}(?:[-+.]?[A-Za-z0-9.]{1,20})?")
_PACKAGE = re.compile(r"(?![A-Za-z]{0,3}[_-]?\d{3,})[A-Za-z@][\w./@-]{0,80}")
_ADDRESS = re.compile(r"https?://[\w.-]+/[^\s?#]{1,300}")
_NEARLY_ALL, _FEWEST = 0.9, 4
_SCALES = (1.0, 100.0, 1_000.0, 10_000.0, 100_000.0)
_BINARY = 2
_SHORT = 20
# one record, told in every row
_FIELDS, _FEWEST_FIELDS = re.compile(r"(?<!\d)(?:\d+(?:[.,]\d+)*)(?!\d)"), 3


def listed(used: Typed, rows: int) -> float:
    """1 where rows are files or packages with their digests, or where every row says the same."""
    same = bool(used) and all(_counting(one) if one.numeric else one.levels <= 1 and one.cells.filled == rows for one, _ in used)
    if same and (rows <= _SHORT or any(one.numeric for one, _ in used)) and not _tells_a_record(used):
        return 1.0  # a word said a thousand times, with blank lines between, may be a code
    if rows == 1 and [one.name for one, _ in used] == ["name", "value"]:  # one setting, as readers lay it out
        return float(not any({"person_attribute", "identifier"} & matches(word).keys() for word in used[0][0].cells.text))
    digests = [one for one, _ in used if not one.numeric and share_matching(one.cells, _DIGEST) >= _NEARLY_ALL]
    if not digests or any("person_attribute" in one.named for one, _ in used):
        return 0.0
    beside = [one for one, _ in used if not any(one is other for other in digests)]
    words = [one for one in beside if not one.numeric]
    files = any(_shares(one, _FILE) for one in words)
    packages = any(_shares(one, _VERSION) for one in words) and any(one.unique >= _NEARLY_ALL and _shares(one, _PACKAGE) for one in words)
    plain = all(_shares(one, _FILE) or _shares(one, _PACKAGE) or _shares(one, _VERSION) or _shares(one, _ADDRESS) for one in words)
    return float((files or packages) and plain and len(beside) - len(words) <= _BINARY)


def _tells_a_record(used: Typed) -> bool:
    """True where the words that are the same in every row hold several numbers, as a record of somebody does."""
    words = " ".join(word for one, _ in used if not one.numeric for word in one.cells.text)
    return len(_FIELDS.findall(words)) >= _FEWEST_FIELDS


def pairs_of_genes(used: Typed) -> float:
    """1 where each row is a pair of genes, once, of genes that come in several pairs, beside nothing but scores: a network of them."""
    genes = [one for one, role in used if role is Role.GENE and not one.numeric]
    if len(genes) != _BINARY or any(not one.numeric or "person_attribute" in one.named for one, _ in used if one not in genes):
        return 0.0
    codes = np.column_stack([one.cells.codes for one in genes])
    once = len(np.unique(codes, axis=0)) == len(codes)
    return float(once and len(codes) >= _FEWEST and all(one.levels < len(codes) for one in genes))


def _counting(one: Profile) -> bool:
    """True for numbers that count up or down by one from row to row."""
    steps = np.diff(one.numbers)
    return bool(len(steps) and np.all(steps == steps[0]) and abs(steps[0]) == 1)


def _shares(one: Profile, pattern: re.Pattern[str]) -> bool:
    return share_matching(one.cells, pattern) >= _NEARLY_ALL


def headed_by_groups(used: Typed, rows: int) -> float:
    """1 for one row of numbers under the names of groups of people or of regions, as a program prints a mean for each."""
    if rows != 1 or len(used) < _BINARY or any(not one.numeric for one, _ in used):
        return 0.0
    known = values("of_people") | values("regions") | values("totals")
    named = all("_".join(one.name.strip().lower().split()) in known for one, _ in used)
    return float(named and any(not np.isin(one.numbers, (0, 1)).all() for one, _ in used))


def quotients(used: Typed, rows: int) -> float:
    """1 where one column is the quotient of two columns of counts in every row, as rates and their numerators are, and none names an attribute of a person."""
    counts = [one for one, role in used if role is Role.COUNT and one.whole and one.non_negative]
    if (
        rows < _FEWEST
        or not _BINARY <= len(counts) <= _FEWEST
        or any(role is Role.IDENTIFIER or ("person_attribute" in one.named and one.numeric) for one, role in used)
    ):
        return 0.0
    shares = [one for one, role in used if one.numeric and not one.whole and role is not Role.COUNT and one.levels > _BINARY]
    return float(any(_is_quotient(share, above, below) for share in shares for above in counts for below in counts if above is not below))


def _is_quotient(share: Profile, above: Profile, below: Profile) -> bool:
    size = min(len(share.numbers), len(above.numbers), len(below.numbers))
    shown, over, under = share.numbers[:size], above.numbers[:size], below.numbers[:size]
    there = np.isfinite(shown) & np.isfinite(over) & (under > 0)
    if there.sum() < _FEWEST or np.any(over[there] > under[there]):
        return False
    half: npt.NDArray[np.float64] = 0.5 * 10.0 ** -share.cells.places[:size][there].astype(np.float64) * 1.01 + 1e-12
    exact = over[there] / under[there]
    return any(bool(np.all(np.abs(shown[there] - scale * exact) <= half)) for scale in _SCALES)


__all__ = ["headed_by_groups", "listed", "pairs_of_genes", "quotients"]
