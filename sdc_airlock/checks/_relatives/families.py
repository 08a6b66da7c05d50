"""Families: a variant with who of the family carries it, as tables list them a row a family, and as reports tell them."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np

from sdc_airlock.model.content import Column, Table
from sdc_airlock.model.finding import Finding, Location, Redacted, Severity, Statbarn
from sdc_airlock.model.recognised import ColumnView, Recognised, Role
from sdc_airlock.recognise.cells import read_cells

_CHECK = "relatedness_or_scores"
_LOOKED_AT = 200
_PLACES = 50
_MOST = 0.5
_FEWEST_TOLD, _FEWEST_KINDS = 3, 3
# results of tests are of many families
_OF_GROUPS = frozenset({Role.PERCENTAGE, Role.RATE, Role.MEAN, Role.RATIO, Role.CONFIDENCE_LIMIT, Role.FREQUENCY, Role.COEFFICIENT, Role.P_VALUE, Role.STANDARD_ERROR})  # fmt: skip
_KIN = r"mothers?|fathers?|parents?|brothers?|sisters?|sons?|daughters?|sibs?|siblings?|aunts?|uncles?|cousins?|nephews?|nieces?|grand(?:mother|father|parent|son|daughter)s?|twins?"
_RELATIVE = re.compile(rf"\b(?:{_KIN})\b", re.IGNORECASE)
_COUNTED = re.compile(rf"(?:un)?affected[ _](?:{_KIN}|relatives?|members?|offspring|children)|relatives?[ _](?:with|affected|carrying)\b.*", re.IGNORECASE)  # fmt: skip
_TOLD = re.compile(
    rf"\b(?:the|his|her|their|an?|one|two|three|four|both|all)\s++(?:(?:two|three|four|un\w+|affected|younger|youngest|older|elder|oldest|eldest|maternal|paternal|half|twin|deceased)[ -]){{0,12}}({_KIN})\b(?!['’])",  # noqa: RUF001
    re.IGNORECASE,
)
# words that single members out, as methods of a study do not
_SINGLED = re.compile(rf"\b(?:his|her|both|two|three|four|younger|youngest|older|elder|oldest|eldest|maternal|paternal|twin|deceased|affected|unaffected)[ -](?:\w+ )?(?:{_KIN})\b", re.IGNORECASE)  # fmt: skip
_REMEDY = "Say how many families there are, where the number is above the threshold; leave out who of each family carries the variant, or the variant. A single family needs consent and the word of whoever decides on it."


def family_rows(part: Recognised, table: Table, variant: re.Pattern[str], suppressed: tuple[int, int]) -> Iterator[Finding]:
    """Rows that name a variant and the relatives who carry it, for one family each or for a suppressed number of people."""
    places = [place for place, (column, view) in enumerate(zip(table.columns, part.columns, strict=False)) if _of_kin(column, view)]
    if not places or any(view.role in _OF_GROUPS for view in part.columns):
        return
    variants = [place for place, column in enumerate(table.columns) if place not in places and holds(column, variant)]
    if not variants:
        return
    kin = set(places)
    counts = [view.numbers for place, view in enumerate(part.columns) if place not in kin and view.role is Role.COUNT and view.of_people and view.numbers is not None]  # fmt: skip
    rows = list(range(table.sample_rows))
    if counts:
        rows = np.flatnonzero((counts[0] >= suppressed[0]) & (counts[0] <= suppressed[1])).tolist()
    if not rows:
        return
    many = len(rows)
    yield Finding(
        check_id=_CHECK,
        rule="family_with_variant",
        severity=Severity.HIGH,
        statbarn=Statbarn.FREQUENCIES,
        location=Location(
            part_id=part.part_id,
            rows=tuple(table.row_number(row) for row in rows[:_PLACES]),
            columns=tuple(part.columns[place].label for place in [*variants[:1], *places[:2]]),
            shape=(part.rows or table.sample_rows, len(table.columns)),
        ),
        count=many,
        message=f"{many:,} row{'' if many == 1 else 's'}: a variant with the relatives who carry it or have the disease: families are recognised by their shape, and whoever knows one knows whose genotypes these are",
        remedy=_REMEDY,
        evidence=(Redacted(shape=f"{many:,} rows"),),
    )


def _of_kin(column: Column, view: ColumnView) -> bool:
    """True for a column that tells of relatives, in words or in numbers."""
    if view.numbers is not None:
        return bool(_COUNTED.fullmatch(view.name.strip()))
    return holds(column, _RELATIVE)


def holds(column: Column, pattern: re.Pattern[str]) -> bool:
    """True where most filled cells of a column of text have something of that form."""
    import pyarrow as pa

    if not (pa.types.is_string(column.values.type) or pa.types.is_large_string(column.values.type)):
        return False
    words = [word for word in read_cells(column.values).text[:_LOOKED_AT] if word]
    return bool(words) and sum(bool(pattern.search(word)) for word in words) > _MOST * len(words)


def tells_of_family(paragraph: str) -> bool:
    """True where a paragraph speaks of the members of one family, at least three times and of three kinds, and singles one out."""
    told = [word.lower().rstrip("s") for word in _TOLD.findall(paragraph)]
    return len(told) >= _FEWEST_TOLD and len(set(told)) >= _FEWEST_KINDS and bool(_SINGLED.search(paragraph))


__all__ = ["family_rows", "holds", "tells_of_family"]
