"""Columns beside variants whose header says that one person was looked at: the result of a panel, what is carried, ancestry of both copies, parts of a score."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sdc_airlock.recognise._genotype_cells import Cells
from sdc_airlock.recognise._genotype_evidence import Evidence
from sdc_airlock.recognise._genotype_named import COHORT_MEASURE, COUNTED, HGVS, all_match, numeric

if TYPE_CHECKING:
    from sdc_airlock.model.content import Table

_LEAST_ROWS, _ONCE, _MOSTLY, _LIKELY = 8, 0.9, 0.8, 3.5
_PLACE = re.compile(r"#?(?:chr(?:om(?:osome)?)?|pos(?:ition)?|bp|start)", re.IGNORECASE)
_BASE = re.compile(r"[ACGT]{1,30}", re.IGNORECASE)
_RESULT = re.compile(r"result|status|finding|call|outcome|interpretation|report(?:ed)?", re.IGNORECASE)
_SAID = re.compile(r"(?:not |un|non-?)?(?:detected|carrier|found|present)|positive|negative|absent", re.IGNORECASE)
_COPY = re.compile(
    r"(?:hap(?:lotype)?|copy|strand|anc(?:estry)?|local_?anc(?:estry)?|parent)[ _.-]?[012ab]|maternal|paternal", re.IGNORECASE
)
_PART = re.compile(r"(?:(?:score|risk|prs|weighted|allele)[ _.]?)?contribution|heteroplasmy(?:[ _.]?(?:level|fraction|pct|percent|rate))?|dos(?:age)?[ _.x*]+(?:beta|weight)", re.IGNORECASE)  # fmt: skip
_CARRIED = re.compile(r"(?:n|no|num|number)[ _.]?(?:of[ _.])?(?:risk|effect|alt|minor)(?:[ _.]?(?:alleles?|copies))?|(?:risk|effect)[ _.]?alleles?[ _.]?(?:carried|n|count|present|copies)|copies[ _.]?carried", re.IGNORECASE)  # fmt: skip
_STATES = frozenset({"0", "1", "2"})


def headed(cells: Cells, table: Table) -> Evidence | None:
    """Variants, each once, and a column that only one person fills."""
    if not table.named or cells.rows < _LEAST_ROWS:
        return None
    names = [name.strip() for name in cells.names]
    told = _told(cells, names)
    if not told or any(COUNTED.fullmatch(names[index]) for index in range(len(names)) if index not in told and numeric(cells, index)):
        return None
    if any(COHORT_MEASURE.fullmatch(name) and not _of_weights(name) for name in names) or not _of_variants(cells, names):
        return None
    why = f"{cells.rows} variants, each once, and {len(told)} column(s) beside them that only one person fills"
    return Evidence(layout="records", people=1, markers=cells.rows, log_odds=_LIKELY, why=(why,), columns=tuple(told), rows_are="markers")


def _of_weights(name: str) -> bool:
    """True for effects and their errors, which stand beside what one person carries in a report on a score."""
    return name.lower() in ("beta", "or", "se", "eaf", "maf", "p")


def _told(cells: Cells, names: list[str]) -> list[int]:
    columns = range(len(names))
    parts = [index for index in columns if _PART.fullmatch(names[index]) and numeric(cells, index) and cells.states[index] > 1]
    carried = [
        index
        for index in columns
        if _CARRIED.fullmatch(names[index])
        and {cells.tokens[code] for code in cells.distinct(index)} <= _STATES
        and cells.states[index] > 1
    ]
    results = [index for index in columns if _RESULT.fullmatch(names[index]) and cells.states[index] > 1 and all_match(_SAID, cells, index)]
    copies = [index for index in columns if _COPY.fullmatch(names[index]) and not numeric(cells, index)]
    return [*parts, *carried, *results, *(copies if len(copies) == 2 else [])]  # of father and mother


def _of_variants(cells: Cells, names: list[str]) -> bool:
    """True where each row is another variant: by name, by change, or by place."""
    for index in range(len(names)):
        if cells.states[index] < _ONCE * cells.rows:
            continue
        tokens = [cells.tokens[code] for code in cells.distinct(index)[:100]]
        if cells.marker_share(index) > _MOSTLY or sum(bool(HGVS.search(token)) for token in tokens) > _MOSTLY * len(tokens):
            return True
    places = {name.lower().lstrip("#")[:3] for name in names if _PLACE.fullmatch(name)}
    based = sum(name.lower()[:3] in ("ref", "alt") and all_match(_BASE, cells, index) for index, name in enumerate(names))
    return {"chr", "pos"} <= places or ("pos" in places and based > 1)


DETECTORS = (headed,)

__all__ = ["DETECTORS"]
