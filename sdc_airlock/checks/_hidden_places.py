"""Places of an output that a person who opens it does not see, and how much stands in each.

A place is what a reader called hidden: an oddity, a part marked `hidden`, a gap that is hidden. Hidden parts inside a place
belong to it (the cells of a hidden sheet, the workbook inside an attachment).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from sdc_airlock.checks import Subject
from sdc_airlock.checks._format_facts import HIDDEN
from sdc_airlock.model.content import Grid, Oddity, OddityKind, Part, Table, TextPart, TextRole, Unread, UnreadReason
from sdc_airlock.model.recognised import Kind, Recognised

PEOPLE = frozenset({Kind.INDIVIDUAL_ROWS, Kind.GENOTYPE_MATRIX, Kind.GENOTYPE_RECORDS, Kind.SEQUENCE_READS})
_SEPARATORS = frozenset("!/#: ")
_ASIDES = frozenset({TextRole.METADATA, TextRole.COMMENT, TextRole.CODE, TextRole.CONFIG})
_COUNTED = frozenset({TextRole.PROSE, TextRole.LOG, TextRole.MARKUP, TextRole.SEQUENCE, TextRole.COMMENT})
_NUMBER = re.compile(r"(?<![\w.:/#-])[-+]?\d+(?:[.,]\d+)*%?(?![\w:/-])")
_NAME = re.compile(r"[\w.\[\]/ -]{1,120}: ")
# what a formula holds of its own: texts and arrays, not references and functions
_LITERAL = re.compile(r'"([^"]*)"|\{([^{}]*)\}')
# references that citation programs keep with each mark in the text
_CITATION = re.compile(r"^\s*ADDIN\s+(?:ZOTERO_|EN\.|CSL_|Mendeley |PAPERS2_|REFMGR)")


@dataclass(slots=True)
class Place:
    """One hidden place.

    Attributes:
        kind: The oddity that said so; None where a part is hidden without one.
        stated: Cells or characters by the reader's own count, None where it gave none.
        cells: Filled cells in hidden tables.
        shown_text: Characters of text that is meant to be read; asides: characters of properties, comments and formulas.
        numbers: Numbers that stand by themselves in text.
        aside_texts: Addresses of those texts.
        kinds: What the parts in it were recognised as.
        individual: Largest probability that rows of it are single people.
        unread: Something in it was not read.
    """

    part_id: str
    kind: OddityKind | None
    detail: str = ""
    stated: int | None = None
    times: int = 1
    tables: int = 0
    cells: int = 0
    shown_text: int = 0
    asides: int = 0
    numbers: int = 0
    roles: set[TextRole] = field(default_factory=set)
    aside_texts: list[str] = field(default_factory=list)
    kinds: set[Kind] = field(default_factory=set)
    individual: float = 0.0
    unread: bool = False

    @property
    def piece(self) -> bool:
        """True for an address inside a file, False for that of a file as a whole."""
        return "!" in self.part_id.rpartition("/")[2]

    def take(self, part: Part) -> None:
        """Count what stands in a part."""
        if isinstance(part, Grid | Table):
            if any(inside(part.part_id, text) for text in self.aside_texts):
                return  # a reading of the same text as a table: the text is weighed, and what it was recognised as
            self.tables += 1
            self.cells += filled(part)
        elif isinstance(part, TextPart):
            self.roles.add(part.role)
            weight = _weight(part)
            if part.role in _ASIDES:
                self.asides += weight
                self.aside_texts.append(part.part_id)
            else:
                self.shown_text += weight
            if part.role in _COUNTED:
                self.numbers += len(_NUMBER.findall(part.text))


def inside(part_id: str, place: str) -> bool:
    """True where an address lies in a place, or is it."""
    return part_id == place or (part_id.startswith(place) and part_id[len(place)] in _SEPARATORS)


def filled(part: Grid | Table) -> int:
    """Cells of a table that hold something; of a table too long to hold, rows times columns."""
    if isinstance(part, Grid):
        return sum(1 for row in part.rows for cell in row if cell)
    if part.n_rows is not None:
        return part.n_rows * len(part.columns)
    return part.sample_rows * len(part.columns)


def _weight(part: TextPart) -> int:
    """Characters that say something: settings of programs say nothing, formulas only what they hold of their own."""
    if part.role is TextRole.CONFIG:
        return 0
    if part.role is TextRole.CODE and part.language == "excel":
        own = {text or array for text, array in _LITERAL.findall(part.text)}
        return sum(map(len, own))
    if part.role is TextRole.METADATA:
        return sum(len(line) - len(_named(line)) for line in part.text.split("\n") if not _CITATION.match(line))
    return len(part.text)


def _named(line: str) -> str:
    """The name of a property that stands before its value."""
    name = _NAME.match(line)
    return name.group() if name else ""


def places(subject: Subject) -> list[Place]:
    """All hidden places, in the order of their addresses."""
    found: dict[tuple[str, OddityKind | None], Place] = {}
    for oddity in subject.content.oddities:
        if oddity.kind in HIDDEN:
            _say(found, oddity)
    spoken = sorted(found.values(), key=lambda place: -len(place.part_id))
    for part in sorted(subject.content.parts, key=lambda part: len(part.part_id)):
        _assign(part, spoken, found)
    for gap in subject.content.unread:
        _assign_gap(gap, spoken, found)
    everything = sorted(found.values(), key=lambda place: -len(place.part_id))
    for known in subject.recognised:
        _recognise(known, everything)
    return sorted(found.values(), key=lambda place: place.part_id)


def _say(found: dict[tuple[str, OddityKind | None], Place], oddity: Oddity) -> None:
    key = (oddity.part_id, oddity.kind)
    if key in found:
        place = found[key]
        place.times += 1
        place.stated = (place.stated or 0) + (oddity.size or 0)
        place.detail = place.detail if oddity.detail in place.detail or len(place.detail) > 200 else f"{place.detail}, {oddity.detail}"
    else:
        found[key] = Place(part_id=oddity.part_id, kind=oddity.kind, detail=oddity.detail, stated=oddity.size)


def _assign(part: Part, spoken: list[Place], found: dict[tuple[str, OddityKind | None], Place]) -> None:
    """Give a part to the narrowest place that holds it, or make it a place of its own where it is hidden."""
    hidden = isinstance(part, Grid | Table | TextPart) and part.hidden
    for place in spoken:
        if inside(part.part_id, place.part_id) and _holds(place, part, hidden=hidden):
            place.take(part)
            return
    if not hidden:
        return
    own = next((place for (_, kind), place in found.items() if kind is None and inside(part.part_id, place.part_id)), None)
    if own is None:
        own = found[part.part_id, None] = Place(part_id=part.part_id, kind=None)
    own.take(part)


def _holds(place: Place, part: Part, *, hidden: bool) -> bool:
    """An embedded file is unseen with all that is in it; of other places only what is marked hidden."""
    if place.kind is OddityKind.EMBEDDED_OBJECT and place.piece:
        return True
    if place.kind is OddityKind.METADATA and not place.piece:
        return hidden and isinstance(part, TextPart) and part.role is TextRole.METADATA
    return hidden and place.kind is not OddityKind.VERSION_CONTROL


def _assign_gap(gap: Unread, spoken: list[Place], found: dict[tuple[str, OddityKind | None], Place]) -> None:
    for place in spoken:
        if place.piece and inside(gap.part_id, place.part_id):
            place.unread = True
            return
    if gap.why is UnreadReason.HIDDEN:
        place = found.setdefault((gap.part_id, None), Place(part_id=gap.part_id, kind=None))
        place.unread = True


def _recognise(part: Recognised, everything: list[Place]) -> None:
    hidden = isinstance(part.part, Grid | Table | TextPart) and part.part.hidden
    for place in everything:
        if inside(part.part_id, place.part_id) and (_holds(place, part.part, hidden=hidden)):
            place.kinds.add(part.kind)
            place.individual = max(place.individual, part.individual)
            return


def unlisted_members(subject: Subject) -> Mapping[str, int]:
    """Members of containers whose name, or a folder's, begins with a dot or is a program's own store: filled cells by member.

    File managers leave them out. What belongs to a version-control store is left to its own oddity.
    """
    cells: Counter[str] = Counter()
    for part in subject.content.parts:
        member = _unlisted(part.part_id, subject.part_id)
        if member:
            cells[member] += filled(part) if isinstance(part, Grid | Table) else 0
    return cells


def _unlisted(part_id: str, output: str) -> str:
    inner = part_id.removeprefix(output) if part_id.startswith(output + "/") else ""
    segments = list(_segments(inner))
    if ".git" in segments or not any(segment.startswith(".") or segment == "__MACOSX" for segment in segments):
        return ""
    return output + inner.partition("!")[0]


def _segments(inner: str) -> Iterator[str]:
    yield from (segment for segment in inner.partition("!")[0].split("/") if segment not in ("", ".", ".."))
