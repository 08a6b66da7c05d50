"""Identifiers of people in running text, each weighed by the words around it."""

from __future__ import annotations

import bisect
import ipaddress
import itertools
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from sdc_airlock.checks._identifiers.places import Passage, Where
from sdc_airlock.checks._identifiers.secrets import KINDS, is_secret
from sdc_airlock.checks._identifiers.windows import Spans, windows
from sdc_airlock.checks._identifiers.words import CLINICAL, CONDITION, EVENT, GIVEN_NAMES, ISBN, ORGANISATION, OWN, PHONE_WORD
from sdc_airlock.checks._identifiers.written import AREAS, EMAIL, IPV4, IPV6, MAC, NINO, PHONE, STREET, TRIGGERS
from sdc_airlock.model.content import TextRole
from sdc_airlock.model.finding import Severity
from sdc_airlock.stats.check_digits import begins_with_date, chance_of_passes, in_issue, passes_modulus_11

_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}"
_DATE = rf"(?:\d{{1,2}}[/.\- ]\d{{1,2}}[/.\- ]\d{{4}}|\d{{1,2}}[/.\-]\d{{1,2}}[/.\-]\d{{2}}|\d{{4}}[/.\-]\d{{2}}[/.\-]\d{{2}}|\d{{1,2}}(?:st|nd|rd|th)?[ -]{_MONTH},?[ -]\d{{4}}|{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?,? \d{{4}}|(?:19|20)\d{{6}})(?!\d)"
_NAME = r"[A-Z][a-z\u00c0-\u024f'\u2019-]{1,24}"


_LETTER = re.compile(r"[A-Za-z+]")
_NHS = re.compile(r"(?<![\w.+/-])(\d{3})([ -]?)(\d{3})\2(\d{4})(?![\w]|[.,/-]\d)")
_NHS_LABEL = re.compile(
    r"(?<![A-Za-z])(?:NHS|CHI|H\W?&?\W?C|health (?:and|&) (?:social )?care|hospital|MRN)(?![A-Za-z])[^\n]{0,40}$", re.IGNORECASE
)
_OTHER_NUMBER = re.compile(
    r"\b(?:time|stamp|epoch|seed|position|pos|bytes?|size|grant|award|order|invoice|account|charity|company|job|run|build|id=)\b\W{0,12}$",
    re.IGNORECASE,
)
# any word that one of the three above, or one for telephones or books, begins with
_LABELS = re.compile(r"nhs|chi\b|h\W?&?\W?c|health|hospital|mrn|is[bs]n|isni|doi|orcid|pm|arxiv|tel|phone|fax|mob|call|cell|app|ext|\+|time|stamp|epoch|seed|pos|byte|size|grant|award|order|invoice|account|charity|company|job|run|build|id=", re.IGNORECASE)  # fmt: skip
_NINO = re.compile(rf"(?<![\w-]){NINO}(?![\w-])")
_NINO_LABEL = re.compile(r"\b(?:national insurance|NINO|NI (?:no|num|number))\b[^\n]{0,30}$", re.IGNORECASE)
_DOB = re.compile(
    rf"\b(?P<label>d\.?o\.?b\.?|date[ _-]?of[ _-]?birth|birth[ _-]?dates?|birthday|born(?: on)?)(?:[\"'\s:=|(>,*\u2013\u2014-]|was|is|the){{0,8}}(?P<date>{_DATE})",
    re.IGNORECASE,
)
# an end of a range of dates: what programs compare with
_DIFFERENCE, _BEFORE = re.compile(r"(?:date_?diff|timestamp_?diff)\s{0,3}\([^()'\"]{0,60}$", re.IGNORECASE), 80
_COMPARED, _MOST_BOUNDS = re.compile(r"(?<!\S)[<>]=?\s{0,3}[\"']?$"), 2
_PLACEHOLDER_DATE = re.compile(r"(?:19[0-9]0|2000)-01-01|0?1[/.-]0?1[/.-](?:19[0-9]0|2000)|1970|0000|9999")
_POSTCODE = re.compile(rf"(?<![\w-])(?:{AREAS})\d[A-Z\d]?(?P<space> ?)\d[ABD-HJLNP-UW-Z]{{2}}(?![\w-])")
_POSTCODE_LABEL = re.compile(r"\bpost ?code\b[^\n]{0,20}$", re.IGNORECASE)
_EMAIL = re.compile(rf"(?<![A-Za-z0-9._%+-]){EMAIL}(?![A-Za-z0-9])")
_ORDINARY_EMAIL = re.compile(
    r"^(?:git|noreply|no-reply|info|admin|support|help|contact|office|enquiries|team|webmaster|root|postmaster|mail|user|username|name|email|you|me|someone|foo|test|john\.?doe|jane\.?doe)@|@(?:[\w-]+\.)*(?:example|test|localhost|domain|email|users\.noreply\.github|acme)\.|\.(?:example|test|invalid|local|png|jpg|svg)$",
    re.IGNORECASE,
)
_OF_AUTHORS = re.compile(
    r"copyright|\(c\)|\u00a9|author|maintain|licen[cs]e|contribut|signed-off|reviewed|reported|committer|\bby\b", re.IGNORECASE
)
_PHONE = re.compile(rf"(?<![\w.+/=-])(?:{PHONE})(?![\w]|[.,-]\d)")
_TITLED = re.compile(rf"\b(?:Mr|Mrs|Ms|Miss|Master|Baby)\.? (?:(?:[A-Z]\.? ){{1,3}}|{_NAME} )?{_NAME}\b")
_NAMED_AGE = re.compile(
    rf"\b(?P<first>{_NAME}) (?:(?:[A-Z]\.?|{_NAME}) ){{0,2}}{_NAME}(?:, (?:aged? |an? )?\d{{1,3}}(?:[ -]years?(?:[ -]old)?)?(?=[ ,.])| \((?:aged? )?\d{{1,3}}(?: years?(?: old)?|y)?\)| \(?(?:DOB|d\.o\.b))"
)
_NAMED_EVENT = re.compile(
    rf"\b(?P<first>{_NAME}) (?:[A-Z]\.? )?{_NAME} (?:was (?:admitted|diagnosed|discharged|referred)|presented (?:with|to)|underwent)\b"
)
_LABELLED_NAME = re.compile(
    rf"\b(?:patient(?:['\u2019]s)?(?: full)? name|name of (?:the )?patient|next of kin|(?P<part>surname|forenames?|first name|last name|full name|patient))\W{{1,6}}(?:(?:Mr|Mrs|Ms|Miss|Dr)\.? )?(?P<first>{_NAME}|[A-Z]{{3,20}})\b(?P<more> (?:{_NAME}|[A-Z]{{3,20}})\b)?",
)
_NAMED_CONDITION = re.compile(
    rf"\b(?P<first>{_NAME}) (?:[A-Z]\.? )?{_NAME}(?: (?:is|has|had|was|with)|[:,;\t]| -) ?(?:an? )?{CONDITION}\b(?! (?:[Rr]esearch|[Cc]ent|regist|epidem|genet|special|nurse|lead|consult|unit|group|team|stud|services?\b))"
)
_ANY_CASE_LABEL = re.compile(
    r"(?i:patient(?:['\u2019]s)?(?: full)?[ _]name|name of (?:the )?patient|next of kin)[\"']?\s{0,3}[:=|\t]\s{0,3}[\"']?(?:(?:Mr|Mrs|Ms|Miss|Dr)\.? )?(?P<first>[A-Z][A-Za-z'-]{1,24})(?P<more> [A-Z][A-Za-z'-]{1,24})"
)
_VIGNETTE = re.compile(
    r"\b(?:an?|the|this|our|one|her|his)\s(?:[a-z-]+\s){0,2}\d{1,3}[-\s]years?[-\s]old(?:[\s,]+[A-Za-z-]+){0,4}?[\s,]+(?:man|woman|male|female|boy|girl|patient|gentleman|lady|infant|child|baby|mother|father|smoker|proband|teacher|nurse|farmer|student|worker|individual)\b"
    r"|\b\d{1,3} ?(?:y/?o|yr old)\.?(?: [a-z]+){0,2} (?:m|f|man|woman|male|female|boy|girl|pt|patient)\b",
    re.IGNORECASE,
)
# the same without an article, as notes are written, and people who are quoted: one may be an example, several are people
_NOTED = re.compile(
    r"(?:^|[\n.:;>\"'(\[|,\t])[ \t]{0,3}\d{1,3}[- ]years?[- ]old(?:[ ,]+[A-Za-z-]+){0,3}?[ ,]+(?:man|woman|male|female|boy|girl|gentleman|lady|infant|child|baby|pt|patient)\b(?! ?(?:s|group|cohort)\b)"
    r"|\b(?-i:(?P<first>[A-Z][a-z'\u2019-]{1,20})) \(\d{1,3}, ?[A-Za-z][A-Za-z -]{1,30}\)",
    re.IGNORECASE,
)
_STREET = re.compile(rf"(?<![\w.]){STREET}")
_IPV4 = re.compile(rf"(?<![\w.:/-]){IPV4}(?![\w.-])")
_IPV6 = re.compile(rf"(?<![\w:.]){IPV6}(?:%\w{{1,15}})?(?![\w:.])")
_MAC = re.compile(rf"(?<![\w:.-]){MAC}(?![\w:-])")
_VERSION = re.compile(r"(?:version|release|build|\bv|==|~=|>=|<=|\bver|section|chapter|§)\s?\.?$", re.IGNORECASE)

_OWN_WORDS = re.compile(r"patient|participant|proband|volunteer|respondent|client|his|her|their|home|personal|kin|mother|father|carer|wife|husband|liv|resid", re.IGNORECASE)  # fmt: skip

_NEAR = 160
_TEXTUAL = frozenset({TextRole.PROSE, TextRole.MARKUP, TextRole.COMMENT, TextRole.LOG, None})
_LISTED_ADDRESSES = 25
_LISTED_PLACES = 5
_SEVERAL_NOTED = 5
# passes of the check digit that are too many to be chance
_NOT_CHANCE = 1e-3
_ENOUGH_NUMBERS = 20_000


@dataclass(frozen=True, slots=True)
class Hit:
    """An identifier in a passage: its class, where it begins, and how much it weighs there."""

    kind: str
    start: int
    severity: Severity


def identifiers_in(passage: Passage) -> Iterator[Hit]:
    """Every identifier in a passage."""
    text = passage.text
    if passage.where is Where.NAME:
        text = text.replace("_", " ")
    found = windows(text, TRIGGERS)
    people: list[int] = []
    for kind, search in _SEARCHES.items():
        if kind in found:
            hits = list(search(text, found[kind], passage))
            if kind in _OF_ONE_PERSON:
                people += [hit.start for hit in hits if hit.severity >= Severity.HIGH]
            yield from _raised(hits, people) if kind in CONTACTS else hits
    for kind, (_, pattern) in KINDS.items():
        for match in _matches(pattern, text, found.get(f"secret: {kind}", [])):
            if is_secret(kind, match):
                yield Hit("secret", match.start(), Severity.MEDIUM if kind == "password" else Severity.HIGH)


def _raised(hits: list[Hit], people: list[int]) -> Iterator[Hit]:
    """Contacts that stand beside a named or numbered person are that person's."""
    for hit in hits:
        near = any(abs(hit.start - person) < 2 * _NEAR for person in people)
        yield Hit(hit.kind, hit.start, Severity.HIGH) if near else hit


def _matches(pattern: re.Pattern[str], text: str, spans: Spans) -> Iterator[re.Match[str]]:
    """Matches inside some stretches; one that is cut off by the end of its stretch is none."""
    for low, high in spans:
        for match in pattern.finditer(text, low, high):
            if match.end() < high or high >= len(text):
                yield match


def _before(text: str, start: int, size: int = _NEAR) -> str:
    return text[max(0, start - size) : start]


def _around(text: str, match: re.Match[str], size: int = _NEAR) -> str:
    return text[max(0, match.start() - size) : match.end() + size]


def _same_line(text: str, start: int, size: int = 60) -> str:
    return _before(text, start, size).rpartition("\n")[2]


def _own(text: str, start: int) -> bool:
    """True where the words before a contact make it somebody's own."""
    before = _before(text, start, 100)
    return bool(_OWN_WORDS.search(before)) and OWN.search(before) is not None


def _nhs(text: str, spans: Spans, passage: Passage) -> Iterator[Hit]:
    """Numbers of ten digits: those with a label first, then what the check digits of all others together say."""
    spans_of = []
    for span in spans:
        labels = _LETTER.search(text, *span) is not None and _LABELS.search(text, *span) is not None
        # the check digits of so many numbers without a word are as telling as those of all
        found = _matches(_NHS, text, [span])
        spans_of.append((list(found if labels else itertools.islice(found, _ENOUGH_NUMBERS)), labels))
    matches = [match for found, _ in spans_of for match in found]
    if not matches:
        return
    speaks = [labels for found, labels in spans_of for _ in found]
    numbers = np.array([int(match[1] + match[3] + match[4]) for match in matches], dtype=np.int64)
    valid, issued, dated = passes_modulus_11(numbers), in_issue(numbers), begins_with_date(numbers)
    bare = []
    for place, match in enumerate(matches):
        line = _same_line(text, match.start()) if speaks[place] else ""
        if not line or not _LABELS.search(line):
            bare.append(place)
        elif ISBN.search(line) or PHONE_WORD.search(line):
            continue
        elif _NHS_LABEL.search(line):
            yield Hit("nhs_number", match.start(), Severity.CRITICAL if valid[place] else Severity.MEDIUM)
        elif not _OTHER_NUMBER.search(line):
            bare.append(place)
    different = np.unique(numbers[bare])
    passing = passes_modulus_11(different)
    passed, tried = int(passing.sum()), len(different)
    if not passed:
        return
    chance = chance_of_passes(passed, tried)
    many = tried >= 3 and chance < _NOT_CHANCE and passed >= 0.3 * tried
    # one or two numbers say little: they count where nothing else is likely to be written like that
    few = tried <= 2 and passed == tried and passage.role in _TEXTUAL
    if many or few:
        for place in bare:
            told = many or issued[place] or (dated[place] and matches[place][2])
            if valid[place] and told:
                yield Hit("nhs_number", matches[place].start(), Severity.CRITICAL if many else Severity.MEDIUM)


def _nino(text: str, spans: Spans, passage: Passage) -> Iterator[Hit]:
    for match in _matches(_NINO, text, spans):
        if _NINO_LABEL.search(_same_line(text, match.start())):
            yield Hit("national_insurance", match.start(), Severity.CRITICAL)
        elif " " in match[0].strip() and match[0].count(" ") >= 3:
            yield Hit("national_insurance", match.start(), Severity.HIGH)
        elif passage.role in _TEXTUAL:
            yield Hit("national_insurance", match.start(), Severity.MEDIUM)


def _dob(text: str, spans: Spans, passage: Passage) -> Iterator[Hit]:
    for match in _matches(_DOB, text, spans):
        if _PLACEHOLDER_DATE.search(match["date"]):
            severity = Severity.LOW
        elif match["label"].lower().startswith("born"):
            severity = Severity.HIGH if CLINICAL.search(_around(text, match)) else Severity.LOW
        elif passage.role in (TextRole.CODE, TextRole.CONFIG):
            severity = Severity.LOW if _bounded(text, match) else Severity.MEDIUM
        else:
            severity = Severity.HIGH
        yield Hit("date_of_birth", match.start(), severity)


def _bounded(text: str, match: re.Match[str]) -> bool:
    """True for a date that a program compares dates of birth with, where it does so with two dates at most."""
    between = text[match.end("label") : match.start("date")]
    compared = _COMPARED.search(between) or _DIFFERENCE.search(text, max(0, match.start() - _BEFORE), match.start())
    return bool(compared) and len({other["date"] for other in _DOB.finditer(text)}) <= _MOST_BOUNDS


_NOT_PROSE = frozenset({TextRole.CODE, TextRole.CONFIG, TextRole.SEQUENCE})


def _titled(text: str, spans: Spans, passage: Passage) -> Iterator[Hit]:
    if passage.role in _NOT_PROSE:
        return
    clinical = [match.start() for match in _matches(CLINICAL, text, spans)]
    for match in _matches(_TITLED, text, spans):
        nearest = bisect.bisect_left(clinical, match.start() - 80)
        near = nearest < len(clinical) and clinical[nearest] <= match.end() + _NEAR
        yield Hit("name", match.start(), Severity.HIGH if near else Severity.LOW)


def _named_age(text: str, spans: Spans, passage: Passage) -> Iterator[Hit]:
    for match in _matches(_NAMED_AGE, text, spans) if passage.role not in _NOT_PROSE else ():
        clinical = CLINICAL.search(text, match.end(), match.end() + _NEAR) or EVENT.search(text, match.end(), match.end() + 60)
        if clinical and match["first"].lower() in GIVEN_NAMES:
            yield Hit("name", match.start(), Severity.HIGH)


def _named_event(text: str, spans: Spans, passage: Passage) -> Iterator[Hit]:
    for match in _matches(_NAMED_EVENT, text, spans) if passage.role not in _NOT_PROSE else ():
        if match["first"].lower() in GIVEN_NAMES:
            yield Hit("name", match.start(), Severity.HIGH)


def _named_condition(text: str, spans: Spans, passage: Passage) -> Iterator[Hit]:
    for match in _matches(_NAMED_CONDITION, text, spans) if passage.role not in (TextRole.CODE, TextRole.SEQUENCE) else ():
        if match["first"].lower() in GIVEN_NAMES:
            yield Hit("name", match.start(), Severity.HIGH)


def _labelled_name(text: str, spans: Spans, passage: Passage) -> Iterator[Hit]:
    if passage.role in _NOT_PROSE:
        return
    for match in _matches(_ANY_CASE_LABEL, text, spans):
        yield Hit("name", match.start(), Severity.HIGH)
    for match in _matches(_LABELLED_NAME, text, spans):
        known = match["first"].lower() in GIVEN_NAMES
        if known and (match["more"] or match["part"] != "patient") and CLINICAL.search(_around(text, match)):
            yield Hit("name", match.start(), Severity.HIGH)


def _vignettes(text: str, spans: Spans, passage: Passage) -> Iterator[Hit]:
    if passage.role in (TextRole.CODE, TextRole.CONFIG, TextRole.SEQUENCE):
        return
    told = set()
    for match in _matches(_VIGNETTE, text, spans):
        if EVENT.search(text, match.end(), match.end() + 250):
            told.add(match.start())
            yield Hit("vignette", match.start(), Severity.MEDIUM)
    noted = [
        match
        for match in _matches(_NOTED, text, spans)
        if match.start() not in told and (match["first"] is None or match["first"].lower() in GIVEN_NAMES)
    ]
    if len({match[0].strip().lower() for match in noted}) >= _SEVERAL_NOTED:
        yield from (Hit("vignette", match.start(), Severity.MEDIUM) for match in noted)


def _postcodes(text: str, spans: Spans, passage: Passage) -> Iterator[Hit]:
    found: dict[int, Severity] = {}
    different = set()
    for match in _matches(_POSTCODE, text, spans):
        labelled = bool(_POSTCODE_LABEL.search(_same_line(text, match.start())))
        if not match["space"] and not labelled:
            continue
        line = _around(text, match, 120)
        if _own(text, match.start()):
            found[match.start()] = Severity.HIGH
        elif ORGANISATION.search(line):
            found[match.start()] = Severity.LOW
        else:
            different.add(match[0])
            found[match.start()] = Severity.LOW
    listed = len(different) >= _LISTED_PLACES and passage.role in _TEXTUAL
    for start, severity in found.items():
        yield Hit("postcode", start, Severity.MEDIUM if listed and severity is Severity.LOW else severity)


def _emails(text: str, spans: Spans, passage: Passage) -> Iterator[Hit]:
    found = [match for match in _matches(_EMAIL, text, spans) if not _ORDINARY_EMAIL.search(match[0])]
    own = [_own(text, match.start()) for match in found]
    others = {match[0].lower() for match in found if not _OF_AUTHORS.search(_same_line(text, match.start(), 200))}
    listed = len(others) >= _LISTED_ADDRESSES and passage.role in (TextRole.PROSE, TextRole.LOG, None)
    for match, theirs in zip(found, own, strict=True):
        yield Hit("email", match.start(), Severity.HIGH if theirs else Severity.MEDIUM if listed else Severity.LOW)


def _phones(text: str, spans: Spans, passage: Passage) -> Iterator[Hit]:
    if passage.role in (TextRole.SEQUENCE, TextRole.CODE) or passage.where is Where.NAME:
        return
    for match in _matches(_PHONE, text, spans):
        digits = sum(character.isdigit() for character in match[0])
        if not 10 <= digits <= 15:
            continue
        own = _own(text, match.start())
        word = PHONE_WORD.search(_same_line(text, match.start()))
        if own or word or match[0].startswith("+") or " " in match[0]:
            yield Hit("phone", match.start(), Severity.HIGH if own else Severity.LOW)


def _addresses(text: str, spans: Spans, passage: Passage) -> Iterator[Hit]:
    if passage.role in (TextRole.CODE, TextRole.SEQUENCE):
        return
    for match in _matches(_STREET, text, spans):
        yield Hit("address", match.start(), Severity.HIGH if _own(text, match.start()) else Severity.LOW)


def _networks(text: str, spans: Spans, passage: Passage) -> Iterator[Hit]:
    places = [
        match.start()
        for match in _matches(_IPV4, text, spans)
        if _is_public(match[0]) and not _VERSION.search(_before(text, match.start(), 12))
    ]
    places += [match.start() for match in _matches(_IPV6, text, spans) if _is_public(match[0].partition("%")[0])]
    places += [
        match.start()
        for match in _matches(_MAC, text, spans)
        if re.search("[A-Fa-f]", match[0]) and not re.search(r"^(?:00[:-]?){6}|^(?:ff[:-]?){6}", match[0], re.IGNORECASE)
    ]
    listed = len(places) >= _LISTED_ADDRESSES and passage.role in (TextRole.LOG, TextRole.PROSE, None)
    for start in places:
        yield Hit("network_address", start, Severity.MEDIUM if listed else Severity.LOW)


def _is_public(text: str) -> bool:
    """True for an address of the open network; the small numbers of a version are none."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False
    if address.version == 4 and max(address.packed) < 30:
        return False
    return address.is_global


_SEARCHES: Mapping[str, Callable[[str, Spans, Passage], Iterator[Hit]]] = {
    "nhs_number": _nhs,
    "national_insurance": _nino,
    "date_of_birth": _dob,
    "titled": _titled,
    "named_age": _named_age,
    "named_event": _named_event,
    "labelled_name": _labelled_name,
    "named_condition": _named_condition,
    "vignette": _vignettes,
    "address": _addresses,
    "postcode": _postcodes,
    "email": _emails,
    "phone": _phones,
    "network_address": _networks,
}
_OF_ONE_PERSON = frozenset(
    {
        "nhs_number",
        "national_insurance",
        "date_of_birth",
        "titled",
        "named_age",
        "named_event",
        "labelled_name",
        "named_condition",
        "address",
    }
)
CONTACTS = frozenset({"postcode", "email", "phone", "address"})

__all__ = ["CONTACTS", "Hit", "identifiers_in"]
