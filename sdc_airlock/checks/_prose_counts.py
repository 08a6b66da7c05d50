"""Small numbers of people in running text: "n = 3", "three carriers", "4 of the 25 patients"."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from typing import TypeAlias

_WORDS = {
    "one": 1, "single": 1, "sole": 1, "lone": 1, "two": 2, "both": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12,
    "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20,
}  # fmt: skip
_ONE = frozenset({"one", "single", "sole", "lone", "1"})
_PLURALS = "patients|persons|people|participants|individuals|subjects|carriers|cases|controls|women|men|males|females|children|infants|babies|boys|girls|deaths|families|siblings|brothers|sisters|twins|probands|homozygotes|heterozygotes|volunteers|respondents|smokers|diabetics|survivors|adults|adolescents|newborns|mothers|fathers|relatives|residents|donors|recipients|students|employees|workers|admissions|suicides|stillbirths|diagnoses|pupils|members"  # fmt: skip
_SINGULARS = "patient|person|participant|individual|subject|carrier|case|control|woman|man|male|female|child|infant|baby|boy|girl|death|died|family|sibling|brother|sister|proband|homozygote|heterozygote|volunteer|respondent|smoker|adult|adolescent|newborn|mother|father|relative|resident|donor|recipient|student|employee|worker"  # fmt: skip
_PEOPLE = rf"({_PLURALS}|{_SINGULARS})"
_NUMBER = rf"(\d{{1,3}}|{'|'.join(_WORDS)})"
_START = r"(?<![\w.,/%$\u00a3\u20ac*#-])"
_GAP = r"(?:[ \t\u00a0\u2009~]{1,4}|[ \t]{0,4}\r?\n[ \t]{0,8})"
_BETWEEN = rf"(?:(?!\d{{3}}\b)(?:[A-Za-z][A-Za-z'-]{{1,20}}|\d{{4}}|[A-Z0-9]{{2,8}}[+-]?){_GAP}){{0,3}}?"
_SHARE = r"(?:[ \t]?\([ \t]?\d{1,3}(?:\.\d{1,3})?[ \t]?%[ \t]?\)|[ \t]?\[[ \t]?\d{1,3}(?:\.\d{1,3})?[ \t]?%[ \t]?\])?"
_COUNTED = re.compile(rf"{_START}{_NUMBER}{_SHARE}{_GAP}(?:of{_GAP}(?:(?:the|our|these|those|all){_GAP}|\d[\d,]{{0,11}}{_GAP}|(?:{'|'.join(_WORDS)}){_GAP}){{0,2}})?{_BETWEEN}{_PEOPLE}\b(?!\s{{0,3}}(?:per\b|/|%))", re.IGNORECASE)  # fmt: skip
_OF = re.compile(rf"{_START}{_NUMBER}{_SHARE}(?:{_GAP}(?:out{_GAP})?of{_GAP}(?:(?:the|our|these|all){_GAP})?|[ ]?/[ ]?)(\d[\d,]{{0,11}}|{'|'.join(_WORDS)})\b{_SHARE}{_GAP}{_BETWEEN}{_PEOPLE}\b", re.IGNORECASE)  # fmt: skip
_FRACTION = re.compile(rf"{_START}(\d{{1,6}})[ ]?/[ ]?(\d{{1,6}})[ ]?[(\[,;][ ]?\d{{1,3}}(?:\.\d{{1,3}})?[ ]?%")
_PERCENT_OF = re.compile(rf"(?<![\w.,-])(\d{{1,2}}(?:\.\d{{1,3}})?)[ ]?%[ ]?(?:of|\(of){_GAP}(?:(?:the|our|these|all){_GAP})?(\d[\d,]{{0,8}}){_GAP}{_BETWEEN}{_PEOPLE}\b", re.IGNORECASE)  # fmt: skip
_N_EQUALS = re.compile(
    r"(?<![\w.$])(?:n|N|no\.?|No\.?|count|freq)[ \t\u2009\u00a0]{0,3}(?:=|:)[ \t\u2009\u00a0]{0,3}(\d{1,3})(?![\d.,]\d|\d|[ \t]{0,2}%|[ \t]?[x\u00d7^*][ \t]?\d|-\d|\w)"
)
_LABELLED = re.compile(
    rf"({_PLURALS})[ \t]{{0,3}}(?::|\((?=\d))[ \t]{{0,3}}(\d{{1,3}})(?=[ \t]{{0,3}}(?:[;\n\r)]|\.(?!\d)|,(?!\d)|$))", re.IGNORECASE
)

# words after which a number names something else than people: "phase 3 patients", "day 2 cases", "aged 5"
_NAMES = re.compile(r"(?:\b(?:phases?|types?|stages?|grades?|tables?|figures?|fig\.?|models?|chapters?|sections?|steps?|versions?|days?|weeks?|months?|years?|visits?|doses?|arms?|groups?|cohorts?|stud(?:y|ies)|levels?|equations?|appendix|scores?|class|categor(?:y|ies)|tiers?|waves?|questions?|aims?|objectives?|between|past|last|first|next|every|each|per|least|most|than|to|or|age[ds]?|top|box|lines?|pages?|panels?|parts?|points?|no|any|under|over|below|above|quintiles?|quartiles?|deciles?|clusters?|batch|sites?|cent(?:re|er)s?|hospitals?|wards?|regions?|rows?|columns?|items?|codes?|values?|chromosomes?|chr|exons?|codons?|trisomy|apoe|brca|hla|epsilon|e|\u03b5|january|february|march|april|may|june|july|august|september|october|november|december|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|million|version|release|round|trial|experiment|ref\.?|reference|note|rule|scenario|example)|(?:hundred|thousand)\s+and|[<>\u2264\u2265=~+\u00d7^:]|(?:\d|\b(?:one|a))\s+in)\s*$", re.IGNORECASE)  # fmt: skip
# words between the number and the people that make it count something else: "two groups of patients"
_ELSE = re.compile(r"\b(?:groups?|sets?|cohorts?|stud(?:y|ies)|trials?|types?|kinds?|categories|classes|models?|times|years?|months?|weeks?|days?|hours?|minutes?|tables?|figures?|variables?|databases?|registries|countries|sites?|cent(?:re|er)s?|hospitals?|arms?|in|and|or|to|from|per|with|that|which|for|is|are|was|were|when|where|if|as|by|on|at|than|not|any|every|can|should|will|may|be|more|other|different|separate|main|key|possible|digit|column|rows?|records?|files?|lines?|million|billion|thousand|hundred|dozen|use|edge|corner|special|test|base|boundary|worst|best|thirds?|quarters?|fifths?|halves|half|ways?|sources?|methods?|ways|steps?|the|each|a|an|of the|sample|samples|copies|copy|alleles?|variants?|genes?|snps?|household|old)\b", re.IGNORECASE)  # fmt: skip
_ORDINARY = re.compile(r"^\s*(?:in|out)\s+(?:every|of every|\d|ten|five|three|four|a)\b", re.IGNORECASE)
_OPEN_ENDED = re.compile(r"(?:\b(?:e\.g\.|for example|for instance|thresholds?|minimum|at least|at most|fewer than|less than|below|under|suppress\w*|greater than|more than|up to|maximum|no more than|no fewer than|between|household of|households? with|famil(?:y|ies) with|round\w* to|nearest|multiples? of|whether|if)\b[^.\n]{0,30}|[<>\u2264\u2265~]\s{0,3})$", re.IGNORECASE)  # fmt: skip
# a singular noun followed by a noun is part of a compound: "two patient groups", "three case definitions", "two case-control studies"
_COMPOUND = re.compile(r"^(?:[ \t]+|-)(?:control|study|studies|report|serie|definition|load|mix|group|cohort|level|id|identifier|characteristic|data|record|file|time|year|hour|day|visit|variable|sample|area|process|classe?|type|node|theme|arm|household|count|number|subset|set|outcome|factor|risk|history|member|model|size|ratio|table|analysi|analyse|pair|trio)s?(?:es)?\b", re.IGNORECASE)  # fmt: skip
_THEN_PEOPLE = re.compile(rf"\s+(?:{_PLURALS})\b", re.IGNORECASE)
# emphasis of Markdown and commands of LaTeX around a word; no line break is taken out
_MARKUP = re.compile(r"\\[A-Za-z]{1,20}\{|[{}$]|\*\*|(?<![\w*])\*(?=[A-Za-z0-9]{1,20}\*(?![\w*]))|(?<=[A-Za-z0-9])\*(?![\w*])")
_TOKEN = re.compile(r"[A-Za-z]+|\d+")
_PAST = re.compile(r"^[ \t\n]{0,3}(?:who|with|aged|in|of|from|only|each|had|has|was|died|withdrew|developed|reported|experienced|received|carried|carries|did|dropped|left|refused|suffered|recovered|relapsed|moved|(?:[a-z]+(?:ed|ly))\b|[.,;)])", re.IGNORECASE)  # fmt: skip
_GENERAL = re.compile(
    r"\b(?:can|cannot|can't|could|might|must|should|would|will|identif\w*|disclos\w*|every|each|any|no|per|a time|whether|if|or more|than|from|about|of)\b",
    re.IGNORECASE,
)
_EXACTLY = re.compile(r"\b(?:only|just|exactly|a|the)\s*$", re.IGNORECASE)
_PLAIN_CASES = re.compile(r"\bin(?:\s+(?:the|these|those|all))?\s*$", re.IGNORECASE)
_THINGS = re.compile(r"\b(?:genes?|snps?|variants?|models?|folds?|rows?|files?|columns?|replicates?|experiments?|runs?|iterations?|trees?|features?|studies|trials|datasets?|sites|countries|hospitals?|practices|papers|articles|clusters?|loci|probes?|markers?|pathways?|categories|groups?|tests|items|questions?|mice|rats|countr\w+|technical|biological|independent|bins?|draws?|samples per|times|words?|codes?|records?|pages?|components?|pcs?|neighbou?rs|lines?|entries|terms?|packages?|versions?)\b", re.IGNORECASE)  # fmt: skip
_CALL = re.compile(r"[\w.]\([^()\n]{0,60}$|`[^`\n]{0,60}$")
_CODE_CALL = re.compile(
    r"(?:^|[^\w])(?:[a-z]+[._][\w.]*|head|tail|sample|slice|range|rep|print|round|top|nlargest|nsmallest|rnorm|runif|lag|lead|ntile|show|shift|diff|kmeans|seq|c|f|fn|fun)\([^()\n]{0,60}$"
)
# "one of three patients", "1 of 10 patients": a share in other words
_ROUND = frozenset({"two", "three", "four", "five", "ten", "2", "3", "4", "5", "10", "20", "100", "1000"})
_BEFORE, _AFTER = 60, 60
# what a sentence may be headed by; a colon otherwise tells that what follows is a name or a ratio
_WHOM = re.compile(rf"{_START}{_NUMBER}{_GAP}(?:of|among){_GAP}whom\b|\b(?:of|among){_GAP}whom,?{_GAP}(?:only{_GAP}|just{_GAP})?{_NUMBER}\b(?![\d.,%]?\d|[ \t]?%)", re.IGNORECASE)  # fmt: skip
_WHOM_BEFORE = 16
_FATE = re.compile(rf"{_START}{_NUMBER}{_SHARE}{_GAP}(?:of{_GAP}(?:them|these|those|whom){_GAP})?(?:(?:have|has|had|were|was|are|later|then|since|also|already){_GAP}){{0,2}}(?:deceased|relapsed|pregnant|hospitali[sz]ed|readmitted|dropped{_GAP}out|lost{_GAP}to{_GAP}follow|(?:withdrew|refused|withdrawn|declined)(?:{_GAP}their)?{_GAP}consent|deregistered|emigrated)\b", re.IGNORECASE)  # fmt: skip
_FATES = frozenset({"deceased", "relapsed", "pregnant", "hospitalised", "hospitalized", "readmitted", "out", "follow", "consent", "deregistered", "emigrated"})  # fmt: skip
_NEAR = 5
_HEADING = re.compile(r"^[\s*\u2020\u2021\xa7#(\[]*(?:foot)?(?:notes?|n\.?b\.?|remarks?|comments?|results?|findings?|summary|conclusions?|caution|warning|caveats?)[\s\d)\]]{0,4}[:\u2013\u2014-]\s*(?=$)", re.IGNORECASE)  # fmt: skip
_NOUNS = frozenset(_PLURALS.split("|")) | frozenset(_SINGULARS.split("|"))
_N = frozenset({"n", "no", "count", "freq"})
# a number and its people stand at most so many words apart
_REACH = 9
_BLOCK = 200_000
_OVERLAP = 300


def counts_in_text(text: str, low: int, high: int, *, log: bool = False) -> list[int]:
    """Lines, counted from 0, on which a number of people from `low` to `high` stands.

    A number counts people where a word for people follows within a few words, where it stands after "n =", or where a fraction or a percentage of a printed
    number of people comes to it (or leaves it over). Phrases such as "one in ten patients", "phase 3 patients", "at least two cases" count nobody. The time
    taken grows with the length of the text and no faster.

    Args:
        text: The text.
        low: Smallest count of the range.
        high: Largest count of the range.
        log: The text was printed by a program: a bare "n = 5" may be a setting and is passed over.
    """
    text = _MARKUP.sub("", text) if "*" in text or "\\" in text or "$" in text else text
    breaks = [match.start() for match in re.finditer(r"\r\n|\r|\n", text)]
    found: set[int] = set()
    for start in range(0, max(len(text), 1), _BLOCK):
        block = text[max(0, start - _OVERLAP) : start + _BLOCK + _OVERLAP]
        offset = max(0, start - _OVERLAP)
        for place, patterns in _candidates(block):
            line = bisect_right(breaks, offset + place - 1)
            if line not in found and any(pattern(block, place, low, high, log=log) for pattern in patterns):
                found.add(line)
    return sorted(found)


_Pattern: TypeAlias = Callable[..., bool]


def _candidates(block: str) -> Iterator[tuple[int, tuple[_Pattern, ...]]]:
    """Words and numbers of a text that a pattern may begin at, in order, each with the patterns to try."""
    waiting: list[tuple[int, int]] = []
    for number, match in enumerate(_TOKEN.finditer(block)):
        word, start, end = match[0], match.start(), match.end()
        digit = word[0].isdigit()
        lowered = word if digit else word.lower()
        if lowered in _NOUNS:
            for place, before in waiting:
                if number - before <= _REACH:
                    yield place, (_speaks_part, _speaks_percent, _speaks_counted)
            waiting = []
            if block[end : end + 4].lstrip(" \t")[:1] in (":", "("):
                yield start, (_speaks_labelled,)
        if lowered in _FATES:
            for place, before in waiting:
                if number - before <= _NEAR:
                    yield place, (_speaks_fate,)
        if digit and len(word) <= 6:
            waiting.append((start, number))
            if "/" in block[end : end + 2]:
                yield start, (_speaks_fraction,)
        elif lowered in _WORDS:
            waiting.append((start, number))
        elif lowered == "whom":
            yield max(0, start - _WHOM_BEFORE), (_speaks_whom,)
        elif lowered in _N and re.match(r"\.?[ \t\u2009\u00a0]{0,3}[=:]", block[end : end + 5]):
            yield start, (_speaks_n,)
        if len(waiting) > _REACH:
            waiting = waiting[-_REACH:]


def _speaks_n(text: str, place: int, low: int, high: int, *, log: bool) -> bool:
    match = None if log else _N_EQUALS.match(text, place)
    return match is not None and low <= int(match[1]) <= high and _n_of_people(text, match)


def _speaks_part(text: str, place: int, low: int, high: int, *, log: bool) -> bool:
    match = _OF.match(text, place)
    return match is not None and _part_of(text, match, low, high)


def _speaks_fraction(text: str, place: int, low: int, high: int, *, log: bool) -> bool:
    match = _FRACTION.match(text, place)
    if match is None:
        return False
    part, whole = int(match[1]), int(match[2])
    return part <= whole and (low <= part <= high or low <= whole - part <= high) and not _about_things(text, match)


def _speaks_percent(text: str, place: int, low: int, high: int, *, log: bool) -> bool:
    match = _PERCENT_OF.match(text, place)
    return match is not None and _implied(match, low, high)


def _speaks_labelled(text: str, place: int, low: int, high: int, *, log: bool) -> bool:
    match = _LABELLED.match(text, place)
    return match is not None and low <= int(match[2]) <= high and not _coding(text, match)


def _speaks_fate(text: str, place: int, low: int, high: int, *, log: bool) -> bool:
    """True for "4 withdrew consent", "of these, two were pregnant": what only befalls people."""
    match = _FATE.match(text, place)
    if match is None or log:
        return False
    before = _sentence(text, match.start())
    return low <= _value(match[1]) <= high and not _NAMES.search(before) and not _OPEN_ENDED.search(before)


def _speaks_whom(text: str, place: int, low: int, high: int, *, log: bool) -> bool:
    """True for "of whom three died" and "three of whom died": only people are whom."""
    match = _WHOM.search(text, place, place + _WHOM_BEFORE + 40)
    if match is None or _OPEN_ENDED.search(_ahead(text, match.start())):
        return False
    return low <= _value(match[1] or match[2]) <= high


def _speaks_counted(text: str, place: int, low: int, high: int, *, log: bool) -> bool:
    match = _COUNTED.match(text, place)
    return match is not None and low <= _value(match[1]) <= high and _counts(text, match)


def _value(text: str) -> int:
    digits = text.replace(",", "")
    return int(digits) if digits.isdigit() else _WORDS[text.lower()]


def _ahead(text: str, start: int) -> str:
    return text[max(0, start - _BEFORE) : start]


def _behind(text: str, end: int) -> str:
    return text[end : end + _AFTER]


def _sentence(text: str, start: int) -> str:
    """The words that stand before a place in its own line and sentence."""
    return _HEADING.sub("", re.split(r"[.;\n](?=\s)|\n", _ahead(text, start))[-1])


def _about_things(text: str, match: re.Match[str]) -> bool:
    near = _ahead(text, match.start())[-25:] + " " + _behind(text, match.end())[:25]
    return bool(_THINGS.search(near)) and not re.search(rf"\b{_PEOPLE}\b", near, re.IGNORECASE)


def _n_of_people(text: str, match: re.Match[str]) -> bool:
    """True unless "n = 3" stands in code, after an open-ended word, or beside a word for things."""
    before = _ahead(text, match.start())
    if _OPEN_ENDED.search(before) or _CODE_CALL.search(before) or before.rpartition("\n")[2].count("`") % 2:
        return False
    if _CALL.search(before) and "," in before.rpartition("(")[2]:
        return False
    return not _about_things(text, match)


def _part_of(text: str, match: re.Match[str], low: int, high: int) -> bool:
    part, whole = _value(match[1]), _value(match[2])
    before = _ahead(text, match.start())
    if (
        part > whole
        or _NAMES.search(before)
        or _OPEN_ENDED.search(before)
        or _ELSE.search(match[0][match.end(2) - match.start() : match.start(3) - match.start()])
    ):
        return False
    if match[1].lower() in _ONE and match[2].lower() in _ROUND:
        return False
    return low <= part <= high or low <= whole - part <= high


def _implied(match: re.Match[str], low: int, high: int) -> bool:
    share, whole = float(match[1]) / 100, _value(match[2])
    part = round(share * whole)
    decimals = len(match[1].partition(".")[2])
    sharp = whole * 0.5 * 10.0 ** -(decimals + 2) < 0.5
    return 0 < share < 1 and sharp and (low <= part <= high or low <= whole - part <= high)


def _coding(text: str, match: re.Match[str]) -> bool:
    """True for a list of codes ("cases: 1, controls: 0") or an open-ended number."""
    after = _behind(text, match.end())
    before = _ahead(text, match.start())
    return (
        bool(re.match(r"[ \t]*[;,][ \t]*\w+[ \t]*:[ \t]*[02]\b", after))
        or bool(_OPEN_ENDED.search(before))
        or bool(_THINGS.search(before[-25:]))
    )


def _counts(text: str, match: re.Match[str]) -> bool:
    """True where the number counts the people named after it."""
    number, people = match[1].lower(), match[2].lower()
    before, after = _sentence(text, match.start(1)), _behind(text, match.end())
    between = text[match.end(1) : match.start(2)]
    if (
        _NAMES.search(before)
        or _OPEN_ENDED.search(before)
        or _ORDINARY.search(between)
        or _ELSE.search(re.sub(r"^\s*of\s+(?:the|our|these|those|all)\b", "", between))
    ):
        return False
    if _crosses(before, number, between, match[2]) or not _fits(number, people, after):
        return False
    if people == "cases" and _PLAIN_CASES.search(before) and not re.match(r"\s+(?:of|were|died|had)\b", after):
        return False
    if number == "both":
        return not re.match(r"\s+(?:and|or)\b|\s*,", after)
    if number in _ONE:
        return _one(number, before, between, after)
    return True


def _crosses(before: str, number: str, between: str, people: str) -> bool:
    """True where a digit at the start or end of a line only happens to stand before people: page numbers and numbered headings."""
    if not number.isdigit():
        return False
    alone = not before.strip()
    return alone and ("\n" in between or people[0].isupper())


def _fits(number: str, people: str, after: str) -> bool:
    """True where number and noun agree, or the noun stands alone; "two patient groups" counts groups."""
    if _COMPOUND.match(after):
        return False
    if _THEN_PEOPLE.match(after):
        return True
    singular = people in _SINGULARS.split("|") and people not in {"male", "female", "died"}
    return not singular or number in _ONE


def _one(number: str, before: str, between: str, after: str) -> bool:
    """Whether "one patient" counts somebody: only where something is told of that patient."""
    if re.match(r"\s*,?\s*(?:one|a)\b", after):
        return False
    if (
        _GENERAL.search(before[-25:])
        or _GENERAL.search(after[:30].partition(".")[0].partition(",")[0].replace(" of ", " "))
        or re.search(r"\bof\b", between)
    ):
        return bool(re.search(r"\b(?:only|just|exactly)\s*$", before)) and not re.match(
            r"\s+(?:can|cannot|could|might|must|should|would|will|per)\b", after
        )
    return (
        bool(_EXACTLY.search(before))
        if number in {"single", "sole", "lone"}
        else bool(_PAST.match(after)) or bool(re.search(r"\b(?:only|just|exactly)\s*$", before))
    )


__all__ = ["counts_in_text"]
