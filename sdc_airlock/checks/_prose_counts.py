"""Small numbers of people in running text: "n = 3", "three carriers", "4 of the 25 patients"."""

from __future__ import annotations

import re

_WORDS = {
    "one": 1, "single": 1, "sole": 1, "lone": 1, "two": 2, "both": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12,
    "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20,
}  # fmt: skip
_PEOPLE = r"(?:patients?|persons?|people|participants?|individuals?|subjects?|carriers?|cases?|controls?|women|woman|men|man|males?|females?|children|child|infants?|babies|baby|boys?|girls?|deaths?|died|families|family|siblings?|brothers?|sisters?|twins|probands?|homozygotes?|heterozygotes?|volunteers?|respondents?|smokers?|diabetics|survivors?|adults?|adolescents?|newborns?|mothers?|fathers?|relatives?|residents?|donors?|recipients?|students?|employees?|workers?|admissions?|suicides?|stillbirths?|diagnoses)"
_BETWEEN = r"(?:(?:[a-z][a-z'-]{1,20}|[A-Z][A-Za-z'-]{1,20}|\d{4}|[A-Z0-9]{2,8}[+-]?)\s+){0,3}?"
_NUMBER = r"(\d{1,3}|" + "|".join(_WORDS) + r")"
_COUNTED = re.compile(rf"(?<![\w.,/%$\u00a3-]){_NUMBER}\s+(?:of\s+(?:the\s+|our\s+|these\s+|\d[\d,]*\s+)?)?{_BETWEEN}{_PEOPLE}\b(?!\s*(?:per|/|%))", re.IGNORECASE)
_OF = re.compile(rf"(?<![\w.,/%-]){_NUMBER}\s+(?:out\s+)?of\s+(?:the\s+)?(\d[\d,]*|{'|'.join(_WORDS)})\s+{_BETWEEN}{_PEOPLE}\b", re.IGNORECASE)
_N_EQUALS = re.compile(r"(?<![\w.])(?:n|N|no\.?|count|freq)\s*(?:=|:|\u2009=\u2009)\s*(\d{1,3})(?![\d.,]|\s*%|\s*x\s*\d)")
# "one in ten patients", "two-thirds of women", "phase 3 patients", "type 2 cases", "at least one", "two groups of patients"
_NOT = re.compile(r"(?:phases?|types?|stages?|grades?|tables?|figures?|fig\.?|model|chapter|section|step|version|day|week|month|year|visit|dose|arm|group|cohort|study|level|equation|appendix|score|class|category|tier|wave|question|aim|objective|between|past|last|first|next|every|each|per|least|than|to|or|age[ds]?|top|box|line|page|panel|part|point|no)\s*$", re.IGNORECASE)
_NOT_AFTER = re.compile(r"^\s*(?:in|out)\s+(?:every|\d|ten|five|three|four|a)\b|^\s*(?:kinds?|types?|groups?|sets?|cohorts?|classes|categories|thirds?|quarters?|times|years?|months?|weeks?|days?|hours?|ways?|studies|trials|per\b)", re.IGNORECASE)
_SKIP_BETWEEN = re.compile(r"\b(?:groups?|sets?|cohorts?|studies|study|trials?|types?|kinds?|categories|classes|models?|times|years?|months?|weeks?|days?|tables?|figures?|variables?|databases?|registries|countries|sites?|centres?|hospitals?|in|and|or|to|from|per|with|that|which|for|is|are|was|were|when|where|if|as|the|by|on|at|than|not|any|all|each|every|can|should|will|may|be|more|other|different|separate|main|key|possible|digit|column|rows?|records?)\b", re.IGNORECASE)
_INVENTED = re.compile(r"\b(?:e\.g\.|for example|for instance|threshold|minimum|at least|fewer than|less than|below|under|suppress|greater than|more than|up to|maximum)\b[^.\n]{0,30}$", re.IGNORECASE)


def _value(text: str) -> int:
    return int(text) if text.isdigit() else _WORDS[text.lower()]


def counts_in_text(text: str, low: int, high: int) -> list[int]:
    """Lines, counted from 0, on which a number of people from `low` to `high` stands.

    A number counts people where a word for people follows within a few words, or where it stands after "n =". Phrases such as "one in ten patients",
    "phase 3 patients", "at least two cases" do not count anybody.
    """
    found = []
    for number, line in enumerate(text.splitlines()):
        if len(line) < 4 or not (any(character.isdigit() for character in line) or _has_word(line)):  # noqa: PLR2004 - "n=3"
            continue
        for part in _pieces(line):
            if _speaks(part, low, high):
                found.append(number)
                break
    return found


def _pieces(line: str) -> list[str]:
    """A very long line in pieces, so that matching stays linear."""
    return [line[start : start + 2000] for start in range(0, min(len(line), 2_000_000), 1900)] if len(line) > 2000 else [line]  # noqa: PLR2004 - a paragraph


def _has_word(line: str) -> bool:
    lowered = line.lower()
    return any(word in lowered for word in _WORDS)


def _speaks(line: str, low: int, high: int) -> bool:
    for match in _N_EQUALS.finditer(line):
        if low <= int(match[1]) <= high and not _INVENTED.search(line[: match.start()]):
            return True
    for match in _OF.finditer(line):
        if low <= _value(match[1]) <= high and not _NOT.search(line[: match.start()]) and not _INVENTED.search(line[: match.start()]):
            return True
    for match in _COUNTED.finditer(line):
        before, value = line[: match.start()], _value(match[1])
        between = match[0][len(match[1]) :]
        if match[1].lower() in {"one", "both"} and not re.search(r"\b(?:only|just|single|exactly|carrier|patient|homozygote|death|died|case)\b", before[-20:] + between, re.IGNORECASE):
            continue
        if not low <= value <= high or _NOT.search(before) or _INVENTED.search(before) or _NOT_AFTER.search(between) or _SKIP_BETWEEN.search(between.rpartition(" ")[0]):
            continue
        return True
    return False


__all__ = ["counts_in_text"]
