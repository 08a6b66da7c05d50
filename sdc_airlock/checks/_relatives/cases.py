"""Rare disease: a rare phenotype with a variant, a place or a date, for one person or a family."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np

from sdc_airlock.checks._relatives.families import family_rows, holds, tells_of_family
from sdc_airlock.model.content import Column, Table, TextPart, TextRole
from sdc_airlock.model.finding import Finding, Location, Redacted, Severity, Statbarn
from sdc_airlock.model.recognised import ColumnView, Recognised, Role

_CHECK = "relatedness_or_scores"
_PLACES = 50
_OF_GROUPS = frozenset({Role.PERCENTAGE, Role.RATE, Role.MEAN, Role.RATIO, Role.CONFIDENCE_LIMIT, Role.FREQUENCY, Role.COEFFICIENT})
_LONGEST = 500_000
_PHENOTYPE = re.compile(r"\bHP:\d{7}\b|\bORPHA(?:NET)?[: ]?\d{1,6}\b|\bO?MIM[:# ]{0,2}\d{6}\b|\bMONDO:\d{7}\b", re.IGNORECASE)
# most of ICD-10 is common, so that it counts only beside a variant
_DIAGNOSIS = re.compile(r"^\s*[A-TV-Z]\d[0-9AB](?:\.?[0-9A-Z]{1,2})?\s*$")
_VARIANT = re.compile(
    r"\b[cgmn]\.[-*]?\d+(?:[+-]\d+)?(?:_[-*]?\d+(?:[+-]\d+)?)?(?:[ACGT]+>[ACGT]+|del|dup|ins|inv)|\bp\.\(?(?:[A-Z][a-z]{2}|[A-Z])\d+(?:[A-Z][a-z]{2}|[A-Z*=]|fs|del|dup|Ter)"
    r"|\b4[5-9],X\S*(?:t|del|dup|inv)\(",
)
_CASE_HEADER = re.compile(
    r"zygosity|proband|index[ _]?case|inherited[ _]from|de[ _]?novo|segregation|sex|gender|age(?:[ _]?(?:at|of)?[ _]?(?:onset|diagnosis))?|onset|family|consanguin\w*|case(?:[ _]?(?:no|number|id))?|patient(?:[ _]?(?:no|number|id))?",
    re.IGNORECASE,
)
_PERSON = re.compile(
    r"\bproband\b|\bindex (?:case|patient)\b|\b\d{1,2}[- ](?:year|month|week|day)s?[- ]old\b|\b(?:a|the|this) (?:boy|girl|man|woman|infant|child|neonate|patient) (?:with|who|was|had|presented|aged)\b"
    r"|\bhis (?:mother|father|parents|brother|sister|sibling)\b|\bher (?:mother|father|parents|brother|sister|sibling)\b",
    re.IGNORECASE,
)
_FAMILY = re.compile(
    r"\b(?:affected|unaffected) (?:mother|father|parents?|sibs?|siblings?|brothers?|sisters?|cousins?|uncles?|aunts?|sons?|daughters?|members?)\b|\bconsanguineous\b|\bsegregat(?:es|ed|ing|ion) (?:with|in)\b"
    r"|\b(?:maternal|paternal)(?:ly)? inherited\b|\binherited from (?:his|her|the|an?) \w*\s?(?:mother|father|parent)\b|\bcompound heterozyg\w+|\bde novo\b",
    re.IGNORECASE,
)
_REMEDY = "Say how many people have it, where the number is above the threshold; give the phenotype more coarsely, or leave out the variant, the place or the date. A single case needs consent and the word of whoever decides on it."


def rare_rows(part: Recognised, table: Table, suppressed: tuple[int, int]) -> Iterator[Finding]:
    """Rows that name a rare phenotype with a variant, a place or a date, a diagnosis with a variant, or a variant with a family, for one of them each or for a suppressed number."""
    yield from family_rows(part, table, _VARIANT, suppressed)
    phenotype = [place for place, column in enumerate(table.columns) if holds(column, _PHENOTYPE)]
    beside = [place for place, view in enumerate(part.columns) if place not in phenotype and _tells(view, table.columns[place])]
    if not phenotype:
        phenotype = [place for place, column in enumerate(table.columns) if holds(column, _DIAGNOSIS)]
        beside = [place for place, column in enumerate(table.columns) if phenotype and place not in phenotype and holds(column, _VARIANT)]
    if not phenotype or not beside:
        return
    counts = [view.numbers for view in part.columns if view.role is Role.COUNT and view.of_people and view.numbers is not None]
    cases = [view for place, view in enumerate(part.columns) if place not in phenotype and _CASE_HEADER.fullmatch(view.name.strip())]
    rows: list[int] = []
    if counts:
        rows = np.flatnonzero((counts[0] >= suppressed[0]) & (counts[0] <= suppressed[1])).tolist()
    elif cases and not any(view.role in _OF_GROUPS for view in part.columns):
        rows = list(range(table.sample_rows))
    if rows:
        labels = tuple(part.columns[place].label for place in [*phenotype[:1], *beside[:2]])
        yield _finding("rare_phenotype", Severity.HIGH, part, table, rows, labels)


def _tells(view: ColumnView, column: Column) -> bool:
    """True for a column of variants, places or dates."""
    return view.role in (Role.PLACE, Role.DATE, Role.MARKER) or holds(column, _VARIANT)


def _finding(rule: str, severity: Severity, part: Recognised, table: Table, rows: list[int], columns: tuple[str, ...]) -> Finding:
    many = len(rows)
    return Finding(
        check_id=_CHECK,
        rule=rule,
        severity=severity,
        statbarn=Statbarn.FREQUENCIES,
        location=Location(
            part_id=part.part_id,
            rows=tuple(table.row_number(row) for row in rows[:_PLACES]),
            columns=columns,
            shape=(part.rows or table.sample_rows, len(table.columns)),
        ),
        count=many,
        message=f"{many:,} row{'' if many == 1 else 's'}: a rare phenotype with a variant, a place or a date, for one person or so few that a report in a journal or a newspaper says who it is",
        remedy=_REMEDY,
        evidence=(Redacted(shape=f"{many:,} rows"),),
    )


def cases_in_text(text: TextPart) -> Iterator[Finding]:
    """Paragraphs about one person, or one family, with a variant: case reports."""
    if text.role is not TextRole.PROSE or len(text.text) > _LONGEST or not _VARIANT.search(text.text):
        return
    line = text.first_line
    found: dict[str, list[tuple[int, int]]] = {}
    for paragraph in re.split(r"(\n\s*\n)", text.text):
        lines = paragraph.count("\n")
        if _VARIANT.search(paragraph):
            families = len(_FAMILY.findall(paragraph))
            if _PERSON.search(paragraph):
                found.setdefault("case_report", []).append((line, line + lines))
            elif families > 1 or tells_of_family(paragraph):
                found.setdefault("family_with_variant", []).append((line, line + lines))
        line += lines
    for rule, places in found.items():
        yield Finding(
            check_id=_CHECK,
            rule=rule,
            severity=Severity.MEDIUM,
            location=Location(part_id=text.part_id, lines=places[0]),
            count=len(places),
            message=f"{len(places)} paragraph(s) about {'one person' if rule == 'case_report' else 'a family'} with a variant: who knows the {'person' if rule == 'case_report' else 'family'} knows whose genotype it is",
            remedy=_REMEDY,
            evidence=(Redacted(shape=f"{len(places)} paragraph(s)"),),
        )


__all__ = ["cases_in_text", "rare_rows"]
