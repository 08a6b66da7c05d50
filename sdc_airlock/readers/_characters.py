"""Characters that hide or disguise text: zero-width, bidirectional and control characters."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sdc_airlock.model.content import Oddity, OddityKind

_BIDI = re.compile("[\u202a-\u202e\u2066-\u2069\u061c]")
_MARKS = re.compile("[\u200e\u200f]")
_ZERO_WIDTH = re.compile("[\u200b\u2060-\u2064\ufeff\u180e\u00ad\u034f\u115f\u1160\u3164\uffa0\U000e0000-\U000e007f]")
_JOINERS = re.compile("[\u200c\u200d]")
_CONTROL = re.compile("[\x01-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f]")
_ESCAPE = re.compile("\x1b(?![\\[\\]()#=>A-Z78])")
_SELECTORS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]{2,}")
# scripts whose spelling needs joiners or marks: Hebrew to Syriac and Thaana, Indic to Myanmar, Khmer, Mongolian; and what emoji are made of
_NEEDS_JOINER = re.compile("[\u0590-\u08ff\u0900-\u109f\u1780-\u18af\ufb1d-\ufdff\ufe70-\ufefc\u2190-\u2bff\ufe0f\U0001f000-\U0001faff]")
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")


def character_oddities(part_id: str, text: str) -> Iterator[Oddity]:
    """Say how many characters hide or disguise text.

    Joiners beside letters of a script that spells with them, direction marks in right-to-left text, a leading byte order mark and
    soft hyphens inside words are ordinary and not counted.
    """
    if not text.isascii():
        bidi = len(_BIDI.findall(text))
        if not _RIGHT_TO_LEFT.search(text):
            bidi += len(_MARKS.findall(text))
        if bidi:
            yield Oddity(part_id=part_id, kind=OddityKind.BIDIRECTIONAL_CONTROLS, detail="bidirectional control characters", size=bidi)
        hidden = _zero_width(text)
        if hidden:
            yield Oddity(part_id=part_id, kind=OddityKind.ZERO_WIDTH_CHARACTERS, detail="characters of no width", size=hidden)
    control = len(_CONTROL.findall(text)) + len(_ESCAPE.findall(text))
    if control:
        yield Oddity(part_id=part_id, kind=OddityKind.CONTROL_CHARACTERS, detail="control characters", size=control)


def _zero_width(text: str) -> int:
    """Number of characters of no width that spelling does not need."""
    count = sum(len(match.group()) for match in _SELECTORS.finditer(text))
    for match in _ZERO_WIDTH.finditer(text):
        place = match.start()
        if match.group() == "\ufeff" and place == 0:
            continue
        if match.group() == "\u00ad" and _between_letters(text, place):
            continue
        count += 1
    for match in _JOINERS.finditer(text):
        before, after = text[max(0, match.start() - 1) : match.start()], text[match.end() : match.end() + 1]
        if not (_NEEDS_JOINER.match(before) or _NEEDS_JOINER.match(after)):
            count += 1
    return count


def _between_letters(text: str, place: int) -> bool:
    """True for a hyphenation hint: letters, not digits, directly on both sides."""
    before, after = text[max(0, place - 1) : place], text[place + 1 : place + 2]
    return bool(before.isalpha() and after.isalpha())
