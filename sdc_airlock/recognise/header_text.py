"""What the text of a header may be: somebody's name, one of a series, or words that can be shown."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sdc_airlock.recognise.lexicon import matches

_SERIAL = re.compile(r"([A-Za-z_.\- ]*?)[ _.\-]?(\d{1,7})(?:[._\-][A-Za-z0-9]+)?")
_DIGIT_RUN = re.compile(r"\d{5,}")
# more digits than a date has, as telephone and health service numbers have however they are grouped; a point in time
_NUMBER_NAME = re.compile(r"(?:\D*+\d){9}(?:\D*+\d)*+.*|(?>.*?\d:\d\d).*")
_YEAR_NAME = re.compile(r"(?:19|20)\d{2}")
_NAME_VALUE = re.compile(
    r"[A-Z][a-z'\u00c0-\u024f-]+(?:, | )(?:(?:Mr|Mrs|Miss|Ms|Dr|Master)\.? )?(?:[A-Z][a-z'.\u00c0-\u024f-]*)(?: [A-Z(][A-Za-z'.()\u00c0-\u024f-]*){0,4}"
)
_ORGANISATION = re.compile(
    r"\b(?:school|college|university|academy|institute|hospital|clinic|practice|surgery|centre|center|pharmacy|trust|ltd|limited|plc|inc|corp|company|group|bank|council|"
    r"county|district|city|town|borough|region|road|street|park|airport|station|house|home|church|court|medical|health|services?|national|department|ministry|north|south|east|west)\b",
    re.IGNORECASE,
)
_LABEL_OK = re.compile(r"[\w %()/<>=+.,:&#'\u2265\u2264|\[\]-]{1,48}")
# headers that read as names of people, from which on they are taken for such
_PEOPLE = 3
# share of the headers that is most of them
_MOST = 0.7


def reads_as_person(text: str) -> bool:
    """True for two or more capitalised words, none of them a word for an organisation or place."""
    return bool(_NAME_VALUE.fullmatch(text)) and not _ORGANISATION.search(text)


def headed_by_people(names: Sequence[str]) -> bool:
    """True where most headers read as names of people, as those of a table that was turned from a column of names."""
    named = [name.strip() for name in names if name.strip() and not matches(name)]
    people = sum(reads_as_person(name) for name in named)
    return people >= _PEOPLE and people >= _MOST * len(named)


def safe_label(name: str, index: int, *, trusted: bool) -> str:
    """A column label that may be shown: its header where that cannot be somebody's data, else its place.

    Args:
        name: Header text.
        index: Place, counted from 0.
        trusted: the header row is sure, and its cells do not run on as ids do.
    """
    fallback = f"column {index + 1}"
    stripped = name.strip()
    if not trusted or not stripped:
        return fallback
    known = bool(matches(stripped)) and len(stripped) <= 48
    digits = sum(character.isdigit() for character in stripped)
    if re.fullmatch(r"(?:1[7-9]|20|21)\d\d(?:[/-]\d\d)?", stripped):
        return stripped
    if not _LABEL_OK.fullmatch(stripped) or _DIGIT_RUN.search(stripped) or "@" in stripped or digits > 6:
        return fallback
    if _NUMBER_NAME.fullmatch(stripped):
        return fallback
    if not known and not _YEAR_NAME.fullmatch(stripped) and re.fullmatch(r"[A-Za-z]{0,4}[-_]?\d{3,}[A-Za-z0-9-]*", stripped):
        return fallback
    return stripped


def serial_headers(names: Sequence[str]) -> float:
    """Share of the column names that are one prefix with a running or rising number ("S001", "S002"); years in turn are none."""
    if names and sum(bool(_YEAR_NAME.fullmatch(name.strip())) for name in names) >= _MOST * len(names):
        return 0.0
    groups: dict[str, int] = {}
    for name in names:
        match = _SERIAL.fullmatch(name.strip())
        if match:
            groups[match[1].lower()] = groups.get(match[1].lower(), 0) + 1
    largest = max(groups.values(), default=0)
    return largest / len(names) if names and largest >= 4 else 0.0


__all__ = ["headed_by_people", "reads_as_person", "safe_label", "serial_headers"]
