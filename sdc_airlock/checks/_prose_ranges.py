"""Smallest and largest values of people told in running text: "aged 23 to 97", "range 3-88", "the oldest was 103"."""

from __future__ import annotations

import re
from bisect import bisect_right

_NUMBER = r"(\d{1,6}(?:[.,]\d{1,3})?)"
_DASH = r"\s?(?:-|\u2013|\u2014|to|and|,|;)\s?"
_RANGE = re.compile(
    rf"\b(?:ranges?|ranging|ranged|min(?:imum)?\s?(?:-|\u2013|/|to)\s?max(?:imum)?)\b[,:=]?\s{{0,2}}(?:(?:was|is|of|from|between|in age from|in age)\s){{0,2}}[(\[]?{_NUMBER}(?:\s(?:years?|kg|cm|days?|months?|mm))?{_DASH}{_NUMBER}",
    re.IGNORECASE,
)
_AGED = re.compile(rf"\b(?:aged?|ages)\s(?:(?:from|between)\s)?{_NUMBER}(?:\syears)?{_DASH}{_NUMBER}(?=\s|[.,;)]|$)", re.IGNORECASE)
_ENDS = re.compile(
    rf"\b(?:oldest|youngest|maximum|minimum|highest|lowest|longest|shortest|heaviest|tallest|smallest|largest)\b(?:\s[a-z]{{2,14}}){{0,3}}\s(?:was|is|were|had been|of|at|=)\s{{1,2}}(?:aged\s)?{_NUMBER}",
    re.IGNORECASE,
)
_MIN_MAX = re.compile(rf"\bmin(?:imum)?\.?\s?[:=]?\s?{_NUMBER}\s?[,;/]?\s?(?:and\s)?max(?:imum)?\.?\s?[:=]?\s?{_NUMBER}", re.IGNORECASE)
_PRINTED = re.compile(r"^[ \t]*Min\.[ \t]+1st Qu\.[ \t]+Median\b", re.MULTILINE)
_PEOPLE = re.compile(
    r"\b(?:patients?|people|persons?|participants?|individuals?|subjects?|carriers?|cases|controls|women|men|children|infants?|probands?|respondents?|adults|donors?|age[ds]?|bmi|years old|survival|follow-up|stay|weight|height)\b",
    re.IGNORECASE,
)
_MIDDLE = re.compile(
    r"(?:inter-?\s?quartile|iqr|reference|normal|confidence|frequency|dynamic|price|temperature|date|page|address|ip|port|valid|acceptable|recommended|plausible|allowed|possible|score|scale|theoretical)\s*$",
    re.IGNORECASE,
)
_DESIGN = re.compile(
    r"\b(?:eligib|inclu(?:sion|ded|de)|recruit|criteri|invit|restrict|screen|target|limit(?:ed)? to|admit|offered|enrol)", re.IGNORECASE
)
_N = re.compile(
    r"\b[nN]\s?=\s?(\d[\d,]{0,8})|\b(\d[\d,]{0,8})\s(?:[a-z]+\s){0,2}(?:patients|people|participants|individuals|subjects|carriers|cases|women|men|children|infants|probands|respondents|adults|donors)\b"
)
_ADULT_FROM = frozenset({16, 18, 21})
_STEP = 5
_SPAN = 200
_LONGEST = 400_000


def ranges_in_text(text: str) -> list[tuple[int, float]]:
    """Lines, counted from 0, that tell the smallest or largest value of people, each with the people told in the same sentence (NaN where there are none).

    Limits by design are passed over: rules of eligibility, bands of age in steps of five, reference and interquartile ranges.
    """
    breaks = [match.start() for match in re.finditer(r"\r\n|\r|\n", text[:_LONGEST])]
    found: dict[int, float] = {}
    for place, sentence in _told(text[:_LONGEST]):
        line = bisect_right(breaks, place - 1)
        people = _people(sentence)
        known = found.get(line)
        found[line] = people if known is None or not known <= people else known
    return sorted(found.items())


def _told(text: str) -> list[tuple[int, str]]:
    places = [(match.start(), "") for match in _PRINTED.finditer(text)]
    for expression, banded in ((_RANGE, False), (_AGED, True), (_ENDS, False), (_MIN_MAX, False)):
        for match in expression.finditer(text):
            sentence = _sentence(text, match.start(), match.end())
            if _MIDDLE.search(text[max(0, match.start() - 30) : match.start()]) or _DESIGN.search(sentence) or not _PEOPLE.search(sentence):
                continue
            if match.lastindex == 2 and _by_design(match[1], match[2], banded=banded):
                continue
            places.append((match.start(), sentence))
    return places


def _by_design(low: str, high: str, *, banded: bool) -> bool:
    """True for ends that designers choose: no range at all, or a band of age that begins and ends on a multiple of five (25-34, 18-65)."""
    least, most = float(low.replace(",", ".")), float(high.replace(",", "."))
    if least >= most:
        return True
    return banded and (least % _STEP == 0 or least in _ADULT_FROM) and most % _STEP in (0, _STEP - 1)


def _sentence(text: str, start: int, end: int) -> str:
    before = re.split(r"[.](?=\s)|\n\s*\n", text[max(0, start - _SPAN) : start])[-1]
    after = re.split(r"[.](?=\s)|\n\s*\n", text[end : end + _SPAN])[0]
    return before + text[start:end] + after


def _people(sentence: str) -> float:
    counts = [int((match[1] or match[2]).replace(",", "")) for match in _N.finditer(sentence)]
    return float(min(counts)) if counts else float("nan")


__all__ = ["ranges_in_text"]
