"""Formats of lines that hold people one by one: messages between hospitals, claims, cards, appointments, family trees, and tracks of movement."""

from __future__ import annotations

import re

from sdc_airlock.identify._sample import Sample
from sdc_airlock.identify._signature import Guess

# HL7 version 2: a segment that tells its separators; also with the frame of its transport, and after other lines
_HL7 = re.compile(r"^[\x0b\s]*(?:MSH|FHS|BHS)([^\w\s])[^\w\s]{2,5}\1", re.MULTILINE)
_X12 = re.compile(r"ISA([^\w\s])\d\d\1.{10}\1\d\d\1.{10}\1", re.DOTALL)
_EDIFACT = re.compile(r"UNA.{6}\s{0,4}UNB|UNB\+UNO[A-Z]")
_CARD = re.compile(r"^BEGIN:VCARD\s*$", re.MULTILINE | re.IGNORECASE)
_CALENDAR = re.compile(r"^BEGIN:(?:VCALENDAR|VEVENT)\s*$", re.MULTILINE | re.IGNORECASE)
_TREE = re.compile(r"0 HEAD\s*\n1 |(?:.*\n)?0 @\w{1,20}@ INDI\s*\n1 ")
# the rest may hold words of its own before these, but not many
_BEFORE = 4000


def message_kind(sample: Sample) -> Guess | None:
    """HL7 version 2, EDIFACT, X12, vCard, iCalendar, GEDCOM, or None."""
    start = sample.start[:_BEFORE]
    if _HL7.search(start):
        return Guess("hl7", "a header segment and its separators")
    if _X12.match(start) or _EDIFACT.match(start):
        return Guess("edi", "an envelope of interchange")
    if _CARD.search(start):
        return Guess("vcard", "BEGIN:VCARD")
    if _CALENDAR.search(start):
        return Guess("icalendar", "BEGIN:VCALENDAR")
    if _TREE.match(start):
        return Guess("gedcom", "levels and tags of a family tree")
    return None


def movement_root(name: str) -> bool:
    """True for the name of a root element of a recording of where somebody went."""
    return name.rpartition(":")[2].lower() in {"gpx", "trainingcenterdatabase"}
