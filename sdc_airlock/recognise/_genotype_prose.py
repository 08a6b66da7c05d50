"""Genotypes of one person in words: lines of variant and zygosity, notes with sex and age, sentences about one participant; in texts and in the cells of lists."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sdc_airlock.recognise._genotype_cells import Cells, parse_call
from sdc_airlock.recognise._genotype_evidence import Evidence
from sdc_airlock.recognise._genotype_named import PEOPLE_COUNTED, ZYGOSITY, ZYGOTIC, Said, named_in_text, sentence

if TYPE_CHECKING:
    from sdc_airlock.model.content import Table

_VARIANT = r"(?:rs\d{3,12}|(?:chr)?(?:\d{1,2}|[XY]):\d{4,9}(?:[:_][ACGT]{1,20}){0,2}|[cgm]\.[(\[]?[*-]?\d[\w*+->]{2,40})"
_PAIR = re.compile(
    rf"(?<![\w.:])({_VARIANT})[\"'`*)\]]{{0,3}}[ \t]{{0,4}}[:=,;|>\t-]{{0,3}}[ \t]{{0,4}}[\"'`(]{{0,2}}([A-Za-z][A-Za-z_/ -]{{1,40}}?|[01][/|][01])(?=[\"'`)|,;.\t\r\n}}]|$)",
    re.MULTILINE,
)
_MENTIONED = re.compile(rf"(?<![\w.:]){_VARIANT}")
# a person by sex and age, in either order
_SEX = r"(?:female|male|woman|man|girl|boy|lady|gentleman|[FM])"
_AGE = r"(?:aged?[ :]{0,2})?\d{1,2}(?:[- ]?(?:y\b|yo\b|y/o\b|yrs?\b|years?\b)(?:[- ]?old)?)?"
_SEX_AND_AGE = re.compile(rf"\b{_SEX}\b[ ,;:/()-]{{0,3}}{_AGE}(?![\d.%])|\b{_AGE}[ ,;/()-]{{1,3}}{_SEX}\b|\b[FM]\d{{2}}\b", re.IGNORECASE)  # fmt: skip
_ONE = re.compile(
    r"\b(?:one|this|that|our|another|the)\s+(?:\w+\s)?(?:participant|person|patient|proband|individual|volunteer|donor|subject|woman|man|girl|boy|child|carrier)\b"
    r"|\b(?:his|her)\s+(?:\w+\s)?(?:results?|genotypes?|genome|exome|variants?|panel|report)\b|\b(?:the )?(?:index case|index patient|proband)\b|\b(?:he|she) (?:is|was|carr\w+|has|had)\b",
    re.IGNORECASE,
)
# "the participant" of a protocol is anybody
_HIS = re.compile(
    r"\b(?:one|this|our|another)\s+(?:\w+\s)?(?:participant|person|patient|individual|volunteer|donor|subject|woman|man|girl|boy|child)\b"
    r"|\b(?:his|her)\s+(?:\w+\s)?(?:results?|genotypes?|genome|exome|variants?|panel|report)\b|\b(?:index case|index patient|proband)\b|\b(?:he|she) (?:is|was|carr\w+|has|had)\b",
    re.IGNORECASE,
)
_SUPPOSED = re.compile(
    r"\b(?:if|when|whenever|should|would|might|may|could|e\.g\.|for example|for instance|suppose|imagine|hypothetical|example)\b",
    re.IGNORECASE,
)
_RS = re.compile(r"\brs\d{3,12}\b")
_CALLED = re.compile(r"(?<![\w/])(?:[ACGT]/[ACGT]|[ACGT]{2}|[01][/|][01])(?![\w/])")
_LOCUS = re.compile(
    r"\b[A-Z][A-Z0-9-]{1,9}\b[^;,.\n]{0,25}?(?<![\w/])(?:[eε][234]/[eε]?[234]|[ACGT]/[ACGT]|\*\d{1,3}/\*\d{1,3}|[A-Z]\d{2,4}[A-Z] (?:het|hom)\w*|(?:het|hom)(?:erozyg\w+|ozyg\w+)?)(?![\w/])"
)
_ANY = re.compile(r"\brs\d{3}|\b[cgm]\.[\d*]|\d:\d{4}")
_ALIKE = 0.08
_LEAST_LINES, _LEAST_VARIANTS, _LEAST_LOCI = 4, 2, 3
_MOSTLY = 0.6
_AROUND = 400
_SURE, _LIKELY = 6.0, 3.5
_MOST_CELLS, _WIDEST = 2000, 12


def prose_in_text(text: str) -> Said | None:
    """Genotypes of a person that words tell: layout, people, markers, log-odds, evidence and the number of the line; None where there are none."""
    said = named_in_text(text)
    if said is None and _ANY.search(text):
        said = _lines(text) or _notes(text) or _of_one(text)
    return said or _loci(text)


def _line(text: str, place: int) -> int:
    return text.count("\n", 0, place) + 1


def _lines(text: str) -> Said | None:
    """Names of variants, each with a zygosity or a call right behind it, and hardly any without."""
    pairs: dict[str, str] = {}
    first = -1
    for match in _PAIR.finditer(text):
        word = match[2].strip()
        if ZYGOSITY.fullmatch(word) or parse_call(word) is not None:
            pairs.setdefault(match[1], word)
            first = match.start() if first < 0 else first
    if len(pairs) < _LEAST_LINES or len(pairs) < _MOSTLY * len(set(_MENTIONED.findall(text))):
        return None
    calls = [call for word in pairs.values() if (call := parse_call(word)) is not None]
    worded = [word for word in pairs.values() if ZYGOSITY.fullmatch(word)]
    # the two alleles of a variant always differ, those of a person often do not
    alike = sum(call.first == call.second for call in calls)
    if not any(word[:3].lower() in ("het", "hom") for word in worded) and alike < _ALIKE * len(pairs):
        return None
    if PEOPLE_COUNTED.search(text):
        return None
    return "records", 1, len(pairs), _LIKELY, f"{len(pairs)} variants with one zygosity or call each behind their names", _line(text, first)


def _notes(text: str) -> Said | None:
    """A variant with a zygosity or a call, and a person by sex and age, on one line."""
    found, variants = [], set()
    for match in _MENTIONED.finditer(text):
        start, end = sentence(text, match.start())
        near = text[start:end]
        if _SEX_AND_AGE.search(near) and (ZYGOTIC.search(near) or _CALLED.search(near)) and not PEOPLE_COUNTED.search(near):
            found.append(match.start())
            variants.add(match[0])
    if not found:
        return None
    why = f"{len(found)} line(s) name a variant, a zygosity or a call, and a person by sex and age"
    return "notes", len(found), len(variants), _LIKELY, why, _line(text, found[0])


def _of_one(text: str) -> Said | None:
    """A sentence about one person with two variants or more, and zygosities or calls."""
    for match in _RS.finditer(text):
        start, end = sentence(text, match.start(), (". ", "\n"))
        near = text[start:end]
        variants = set(_RS.findall(near))
        told = len(_CALLED.findall(near)) >= _LEAST_VARIANTS or ZYGOTIC.search(near)
        if (
            len(variants) >= _LEAST_VARIANTS
            and told
            and _ONE.search(near)
            and not _SUPPOSED.search(near)
            and not PEOPLE_COUNTED.search(near)
        ):
            why = f"a sentence about one person names {len(variants)} variants with zygosities or calls"
            return "notes", 1, len(variants), _LIKELY, why, _line(text, match.start())
    return None


def _loci(text: str) -> Said | None:
    """Three genes or more with a diplotype, a call or a zygosity each, behind words about one person."""
    for match in _HIS.finditer(text):
        near = text[match.start() : match.start() + _AROUND].partition("\n\n")[0]
        loci = _LOCUS.findall(near)
        if len(loci) >= _LEAST_LOCI and not _SUPPOSED.search(near) and not PEOPLE_COUNTED.search(near):
            return (
                "notes",
                1,
                len(loci),
                _LIKELY,
                f"words about one person, and {len(loci)} genes with a genotype each",
                _line(text, match.start()),
            )
    return None


def told(cells: Cells, table: Table) -> Evidence | None:
    """Lists whose cells are words about a person and a variant: what was a text before its commas were taken for the ends of cells."""
    width = len(cells.names)
    if width > _WIDEST or cells.rows * width > _MOST_CELLS:
        return None
    if not any(" " in token and (_ANY.search(token) or _HIS.search(token)) for token in (*cells.names, *cells.tokens)):
        return None
    rows = [list(cells.names), *(list(row) for row in zip(*(_written(table, index) for index in range(width)), strict=True))]
    said = prose_in_text("\n".join(", ".join(cell for cell in row if cell) for row in rows))
    if said is None or said[0] == "types":
        return None
    layout, people, markers, odds, why, _ = said
    return Evidence(layout=layout, people=people, markers=markers, log_odds=odds, why=(why,), columns=tuple(range(width)), rows_are="calls")


def _written(table: Table, index: int) -> list[str]:
    return ["" if value is None else str(value) for value in table.columns[index].values.slice(0, _MOST_CELLS).to_pylist()]


DETECTORS = (told,)
