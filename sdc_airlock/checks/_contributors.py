"""What a table of magnitudes tells of its largest contributors: maxima, sums of the top n, shares, Herfindahl and Gini, beside totals, means and n."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from sdc_airlock.checks._cell_counts import Body, Numbers, bodies
from sdc_airlock.model.content import Table
from sdc_airlock.model.recognised import ColumnView, Kind, Recognised, Role, Unit
from sdc_airlock.recognise.cells import CellKind
from sdc_airlock.recognise.lexicon import normalise
from sdc_airlock.stats.dominance import Shares, largest_from_gini, largest_from_herfindahl

_NOT_READ = frozenset({Kind.INDIVIDUAL_ROWS, Kind.GENOTYPE_MATRIX, Kind.GENOTYPE_RECORDS, Kind.SEQUENCE_READS, Kind.VARIANT_SITES, Kind.GWAS_SUMMARY_STATISTICS, Kind.SCORE_WEIGHTS, Kind.GENE_RESULTS, Kind.MATRIX})  # fmt: skip
_NS = frozenset({"n", "count", "obs", "nobs", "n obs", "number", "contributors", "n contributors", "number of contributors", "firms", "enterprises", "businesses", "establishments", "companies", "practices", "respondents", "units", "patients", "participants", "people", "persons", "employers", "farms"})  # fmt: skip
_TOP = re.compile(r"\b(?:top|largest|biggest) ?(\d{1,2})\b|\b(?:cr|concentration ratio) ?(\d{1,2})\b")
_TOP_WORDS = {"two": 2, "three": 3, "four": 4, "five": 5}
_TOP_WORD = re.compile(r"\b(?:top|largest|biggest) (two|three|four|five)\b")
_SECOND = re.compile(r"\b(?:second|2nd) (?:largest|biggest|highest)\b|\bmax ?2\b|\bsecond max\b")
_LARGEST = re.compile(
    r"\b(?:max|maximum|top ?1)\b|\b(?:largest|biggest|highest|top)(?: (?:contribut\w+|values?|shares?|firm|unit|enterprise|company|business|employer|donor|payer|respondent|one|observation))?$"
)
_SHARE = re.compile(r"\b(?:shares?|proportion|percent|pct|per cent)\b|%|\b(?:cr|concentration ratio) ?\d")
_TOTAL = re.compile(r"\b(?:total|sum|aggregate)\b")
_MEAN = re.compile(r"\b(?:mean|average|avg)\b")
_HERFINDAHL = re.compile(r"\b(?:hhi|herfindahl|hirschman)\b")
_GINI = re.compile(r"\bgini\b")
_POINTS = 10_000.0
_KEPT = 5000


@dataclass(frozen=True, slots=True)
class Told:
    """The shares of one total, and the cell that tells of the largest contributor."""

    row: int
    column: int
    shares: Shares


@lru_cache(maxsize=20_000)
def measure_of(label: str) -> str:
    """What a label says of contributors: n, total, mean, largest, second, top2, share1, share2, hhi or gini; "" where it says nothing of them."""
    if not label or len(label) > 80:
        return ""
    plain = normalise(label)[0].replace("_", " ")
    if plain in _NS:
        return "n"
    share = bool(_SHARE.search(plain)) or "%" in label
    for expression, word in ((_HERFINDAHL, "hhi"), (_GINI, "gini")):
        if expression.search(plain):
            return word
    top = _TOP.search(plain)
    number = int(top[1] or top[2]) if top else _TOP_WORDS.get(match[1], 0) if (match := _TOP_WORD.search(plain)) else 0
    if number:
        return f"{'share' if share else 'top'}{number}"
    if _SECOND.search(plain):
        return "second"
    if _LARGEST.search(plain):
        return "share1" if share else "largest"
    if share:
        return ""
    return "total" if _TOTAL.search(plain) else "mean" if _MEAN.search(plain) else ""


def contributors(part: Recognised, table: Table) -> Iterator[Told]:
    """Every total of a table of which something is told of the largest contributors; rows and columns both may be the groups."""
    if part.kind in _NOT_READ or part.unit in (Unit.TRIAL, Unit.VARIANT, Unit.GENE):
        return
    for start, body in bodies(part, table):
        for one in _by_row(body):
            yield Told(row=start + one.row, column=one.column, shares=one.shares)
        if table.whole and part.kind is not Kind.LIST:
            yield from _by_column(body)


def _by_row(body: Body) -> Iterator[Told]:
    """One group a row: its columns are the measures."""
    named: dict[str, tuple[ColumnView, Numbers]] = {}
    for view, cells in zip(body.views, body.cells, strict=True):
        word = measure_of(view.name)
        if not word and view.role is Role.MAXIMUM:
            word = "largest"
        if word and view.numbers is not None and word not in named:
            named[word] = view, _numbers(word, cells.first, bool(np.any(cells.kinds == CellKind.PERCENT)))
    column = _telling({word: view.index for word, (view, _) in named.items()})
    if column is None:
        return
    for row in range(min(body.rows, _KEPT)):
        shares = _shares({word: float(numbers[row]) for word, (_, numbers) in named.items()})
        if shares is not None:
            yield Told(row=row, column=column, shares=shares)


def _by_column(body: Body) -> Iterator[Told]:
    """One group a column: its rows are the measures, as `describe()` prints them."""
    stub = next(((view, cells) for view, cells in zip(body.views, body.cells, strict=True) if view.numbers is None), None)
    if stub is None or body.rows > _KEPT:
        return
    words = [measure_of(stub[1].text[code]) for code in stub[1].codes.tolist()]
    rows = {word: row for row, word in reversed(list(enumerate(words))) if word}
    telling = _telling(rows)
    if telling is None:
        return
    for view, cells in zip(body.views, body.cells, strict=True):
        if view.numbers is not None:
            found = {word: float(_numbers(word, cells.first[[row]], cells.kinds[row] == CellKind.PERCENT)[0]) for word, row in rows.items()}
            shares = _shares(found)
            if shares is not None:
                yield Told(row=telling, column=view.index, shares=shares)


def _numbers(word: str, numbers: Numbers, percent: bool) -> Numbers:  # noqa: FBT001 - one of two scales
    """Shares and indices on a scale from 0 to 1."""
    finite = numbers[np.isfinite(numbers)]
    most = float(finite.max()) if len(finite) else 0.0
    if word.startswith("share"):
        return numbers / 100 if percent or most > 1 else numbers
    if word == "hhi":
        return numbers / _POINTS if most > 1 else numbers
    return np.abs(numbers)


def _telling(places: Mapping[str, int]) -> int | None:
    """The place of the measure that tells of the largest contributors; None where none does, or nothing says of how much."""
    sized = "total" in places or ("mean" in places and "n" in places)
    for word, place in places.items():
        if word.startswith("share") or word == "hhi" or (word == "gini" and "n" in places):
            return place
        if sized and (word in ("largest", "second") or word.startswith("top")):
            return place
    return None


def _shares(found: Mapping[str, float]) -> Shares | None:
    known = {word: number for word, number in found.items() if np.isfinite(number)}
    people = known.get("n", float("nan"))
    total = known.get("total") or known.get("mean", float("nan")) * people
    largest = known.get("share1", 0.0)
    tops = {int(word[5:]): min(1.0, share) for word, share in known.items() if word.startswith("share")}
    second = 0.0
    if np.isfinite(total) and total > 0:
        # a largest value above the total belongs to another measure
        inside = {word: number / total for word, number in known.items() if number <= total * (1 + 1e-9)}
        largest = max(largest, inside.get("largest", 0.0))
        second = inside.get("second", 0.0)
        tops |= {int(word[3:]): share for word, share in inside.items() if word.startswith("top")}
    if "hhi" in known:
        largest = max(largest, largest_from_herfindahl(known["hhi"]))
    if "gini" in known:
        largest = max(largest, largest_from_gini(known["gini"], people))
    if not largest and not tops:
        return None
    return Shares(largest=min(1.0, largest), second=min(second, largest), tops=tops, contributors=people)


__all__ = ["Told", "contributors", "measure_of"]
