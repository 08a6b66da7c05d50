"""Records in what only programs read of markup: attributes of one name, names of elements, and style sheets, one record a value or many in a long one."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from sdc_airlock.model.content import Grid, GridSource, Unread, UnreadReason
from sdc_airlock.readers._asides import ordinary_name
from sdc_airlock.readers._strings import LONGEST_TEXT, entry_rows, numbered

_FEWEST = 8
_LONG = 96
_SHORTEST = 5
_PIECE = 5_000
_FIELD = re.compile(r"(?:[^\W_]|[.+])+")
_FEWEST_FIELDS = 3
_ATTRIBUTE = re.compile(r"(?<=[\s:/\"'])([^\s\"'<>=/:]++)\s*+=\s*+(?:\"([^\"]{5,})\"|'([^']{5,})')")
_BARE = re.compile(r"\s([^\s\"'<>=/]++)=([^\s\"'<>=`]{5,})")
_ELEMENT = re.compile(r"<([A-Za-z][\w.-]{4,200})")
_SELECTOR = re.compile(r"[.#]([A-Za-z_][\w-]{4,200})")
_DECLARED = re.compile(r"[{;\s](--[\w-]{1,60}|content|font-family)\s{0,4}:\s{0,4}([^;{}]{5,})(?=[;}])")
# attributes that say how shapes are drawn and where cells stand; values that are addresses, types, parts, ids or points in time
_DRAWN = frozenset("fmla path points d adj style coordsize viewBox sqref ref spans transform panose formula".split())
_SETTING = re.compile(
    r"(?:https?:|ftp:|mailto:|doi:|urn:|data:)\S{0,90}|(?:application|image|text|audio|video|font)/[\w.+-]+(?:;\s?\w+=[\w-]+)?|(?:\.\./|/)?(?:[\w.-]+/)*[\w-]*\.[A-Za-z]{2,5}"
    r"|\{?[0-9A-Fa-f]{8}-(?:[0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}\}?|\d{4}-\d\d-\d\d(?:T[\d:.+Z-]+)?"
)


@dataclass(slots=True)
class Told:
    """Different values that may be records, by the name of their attribute, numbers in the name aside."""

    values: dict[str, dict[str, None]] = field(default_factory=dict)

    def add(self, name: str, value: str) -> None:
        """Take down a value of three fields or more."""
        if (
            len(value) >= _SHORTEST
            and (name not in _DRAWN or (name == "style" and ":" not in value))
            and len(_FIELD.findall(value)) >= _FEWEST_FIELDS
        ):
            self.values.setdefault(name.strip("0123456789"), {})[value] = None

    def grids(self, part_id: str, *, hidden: bool, fewest: int = _FEWEST) -> Iterator[Grid | Unread]:
        """A grid for the records that `fewest` values of a name make, or a long one by itself; a column of numbers is among their fields."""
        for name, values in self.values.items():
            told = [" ".join(value.split()) for value in values if not _SETTING.fullmatch(value) and not ordinary_name(value.strip())]
            pieces = [told[start : start + _PIECE] for start in range(0, len(told), _PIECE)]
            texts = ["\n".join(piece) for piece in pieces if len(piece) >= fewest]
            for text in (*texts, *(value for value in told if len(value) >= _LONG)):
                if len(text) > LONGEST_TEXT:
                    words = "values of attributes are too long to be searched for records"
                    yield Unread(
                        part_id=f"{part_id}!{name}",
                        why=UnreadReason.LIMIT,
                        limit_name="attribute",
                        limit=LONGEST_TEXT,
                        seen=len(text),
                        detail=words,
                    )
                elif numbered(rows := entry_rows(text)) and (fewest == _FEWEST or len(rows) >= fewest):
                    yield Grid(part_id=f"{part_id}!{name}", rows=rows, source=GridSource.RECORDS, hidden=hidden)


def markup_told(text: str) -> Told:
    """What the attributes and the names of elements of markup may tell."""
    told = Told()
    for name, value, other in _ATTRIBUTE.findall(text):
        told.add(name, html.unescape(value or other))
    for name, value in _BARE.findall(text):
        told.add(name.rpartition(":")[2], html.unescape(value))
    for name in set(_ELEMENT.findall(text)):
        told.add("names of elements", name)
    return told


def style_told(text: str) -> Told:
    """What the selectors, properties and texts of a style sheet may tell."""
    told = Told()
    for name in set(_SELECTOR.findall(text)):
        told.add("selectors", name)
    for name, value in _DECLARED.findall(text):
        # colours in numbers are what properties of one's own mostly hold
        if any(map(str.isalpha, value)):
            told.add(name.strip("-0123456789") and ("properties" if name.startswith("--") else name), value.strip("\"'"))
    return told
