"""Direct identifiers: numbers, names, addresses and dates that name one person, and secrets that open what should be closed."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from sdc_airlock.checks import Params, Subject, check
from sdc_airlock.checks._identifiers import words
from sdc_airlock.checks._identifiers.arrays import leaves
from sdc_airlock.checks._identifiers.cells import Seen, header_of, judge, look, of_organisations, plain_words, speaks_of_names
from sdc_airlock.checks._identifiers.people import CONTACTS, Hit, identifiers_in
from sdc_airlock.checks._identifiers.places import PLACES, Cellular, Passage, Where, columns, looked_at, passages, tables
from sdc_airlock.model.content import Table, TextRole
from sdc_airlock.model.finding import Finding, Location, Redacted, Severity
from sdc_airlock.model.recognised import Recognised
from sdc_airlock.recognise.header_text import headed_by_people

# headers with a common given name, from which on a row of headers holds names
_GIVEN = 3

# class: what it is called (one, many), what its evidence shows instead of a value, what is to be done
_CLASSES = {
    "nhs_number": ("an NHS, CHI or Health and Care number", "NHS, CHI or Health and Care numbers", "10 digits with the right check digit"),
    "national_insurance": ("a National Insurance number", "National Insurance numbers", "two letters, six digits, a letter"),
    "date_of_birth": ("a date of birth", "dates of birth", "a full date beside a word for birth"),
    "full_date": ("full dates, a person a row", "full dates, a person a row", "day, month and year"),
    "name": ("a person's name", "people's names", "capitalised words"),
    "vignette": ("the story of a single patient", "stories of single patients", "an age, a sex and what happened"),
    "postcode": ("a full postcode", "full postcodes", "outward and inward code"),
    "email": ("an e-mail address", "e-mail addresses", "an address with @"),
    "phone": ("a telephone number", "telephone numbers", "10 to 15 digits"),
    "address": ("a street address", "street addresses", "a number and a road"),
    "network_address": ("a network address", "network addresses", "an IP or MAC address"),
    "secret": ("a secret (key, token or password)", "secrets (keys, tokens or passwords)", "characters in the form of a key"),
}
_WHY = {
    "secret": "whoever reads it can use it",
    "network_address": "it may lead to one person's computer",
    "full_date": "one or two dates of a life single a person out",
    "vignette": "who knows the person recognises the story and learns the rest",
}
_REMEDIES = {
    "secret": "Take it out, and have it revoked: it has to count as known from now on.",
    "vignette": "Tell it of a group, or leave out age, sex, places and dates; single patients need a consent of their own.",
    "date_of_birth": "Leave it out, or give the year or an age band where enough people share it.",
    "full_date": "Give the year, the quarter or the time since a start that is not given.",
    "postcode": "Give a region of enough people instead.",
}
_REMEDY = "Take it out. If it names nobody whose data are held here (an author, an office), say so in the request."
_NOTE = " as authors, offices and examples have them"
# text of programs and licences, in which contacts are part of the work
_QUIET = frozenset({TextRole.CODE, TextRole.METADATA, TextRole.CONFIG})
# classes that are what they seem, however grave
_PLAIN = frozenset({"email", "phone", "network_address", "secret", "full_date"})


@check(id="direct_identifiers", version=1, rules=("individual_review", "individual_certain"), severity=Severity.CRITICAL)
def direct_identifiers(subject: Subject, params: Params) -> Iterator[Finding]:
    """Identifiers that name one person, in cells, texts, code, comments, properties and names of files; and secrets.

    ## What it flags
    NHS, CHI and Health and Care numbers (by their check digit), National Insurance numbers, dates of birth, names beside clinical words or titles, stories of single patients,
    full postcodes, street and e-mail addresses, telephone numbers, IP and MAC addresses; full dates in tables of one person a row; private keys, access keys, tokens and
    passwords. A column is judged by its header, by the share of its cells that pass and by what a row is; a text by the words around. Contacts of authors
    and offices, addresses set apart for examples, private network addresses, version numbers, ISBN, DOI, ORCID and accession numbers, positions and
    time stamps are ordinary; where there are contacts, a note says so.

    ## Why it discloses
    A direct identifier needs no further knowledge: it names the person, and everything beside it becomes theirs.

    ## Example flagged
    ```
    Mrs Jane Smith, 67, was admitted on 3 March 2021 (NHS number 943 476 5919).
    ```

    ## Example passed
    ```
    Contact: Dr Jane Smith, University of Somewhere, jane.smith@uni.ac.uk. Version 1.2.3.4, ISBN 0306406152.
    ```

    ## Blind spots
    Names without title, age, clinical word or telling header, above all names that are not common in the United Kingdom. One number of ten digits among many others
    that has no label. Identifiers of other countries, and those written in words. Text in pictures.

    ## Sources
    - NHS Data Dictionary, NHS number: check digit modulo 11; ranges in issue.
    - Public Health Scotland, CHI number: date of birth, then four digits, the last modulo 11.
    - GOV.UK, National Insurance Manual NIM39110: format of the number.
    - Information Commissioner's Office, Anonymisation guidance, direct identifiers, 2025.
    - BS 7666 and Royal Mail, format of postcodes. Ofcom, numbers for use in drama (07700 900).
    """
    told: set[tuple[str, str]] = set()
    notes: dict[str, list[tuple[str, int]]] = defaultdict(list)
    as_tables = {id(part) for part in subject.content.parts if isinstance(part, Table)}
    for part in tables(subject):
        for finding in _in_table(part, params, notes, read_cells=id(part.part) in as_tables):
            told.add((finding.location.part_id.partition("#table")[0], finding.rule))
            yield finding
    for passage in passages(subject):
        for kind, hits in _weighed(passage, notes).items():
            if passage.where is not Where.CELLS or (passage.part_ids[0], kind) not in told:
                place = passage.location([hit.start for hit in hits])
                yield _finding(kind, max(hit.severity for hit in hits), place, len(hits), f"in the {passage.where.value}")
    for kind, seen in notes.items():
        yield _note(kind, seen)


def _weighed(passage: Passage, notes: dict[str, list[tuple[str, int]]]) -> dict[str, list[Hit]]:
    """Identifiers of a passage by class; ordinary ones are only noted."""
    by_kind: dict[str, list[Hit]] = defaultdict(list)
    ordinary: Counter[str] = Counter()
    for hit in identifiers_in(passage):
        if hit.severity > Severity.LOW:
            by_kind[hit.kind].append(hit)
        elif passage.role not in _QUIET and passage.where is not Where.NAME:
            ordinary[hit.kind] += 1
    for kind, count in ordinary.items():
        # a page of cells was counted column by column already
        if passage.where is not Where.CELLS or all(part_id.partition("#table")[0] != passage.part_ids[0] for part_id, _ in notes[kind]):
            notes[kind].append((passage.part_ids[0], count))
    return by_kind


def _in_table(part: Recognised, params: Params, notes: dict[str, list[tuple[str, int]]], *, read_cells: bool) -> Iterator[Finding]:
    """Search all columns batch by batch, and the texts in their cells where nothing else reads them."""
    if part.table is None:
        return
    places = list(columns(part))
    headers = [header_of(each.column.name) if part.table.named else "" for each in places]
    seen = [Seen() for _ in places]
    written: list[dict[str, list[tuple[Severity, int]]]] = [defaultdict(list) for _ in places]
    if part.table.named and (people := _headed_by(places)):
        heads = Location(part_id=part.part_id, columns=tuple(f"column {each.column.index + 1}" for each in people[:PLACES]))
        yield _finding("name", Severity.HIGH, heads, len(people), "in the headers of columns")

    def of_batch(first: int, arrays: Sequence[Any]) -> list[Seen]:
        return [_seen(array, first, header) for array, header in zip(arrays, headers, strict=False)]

    for batch in looked_at(part, params["individual_certain"], of_batch):
        for place, shown in enumerate(batch):
            seen[place].add(shown)
            if seen[place].texts and read_cells:
                _read_cells(part, seen[place].texts, written[place], notes)
            seen[place].texts = []
    contacts = any(kind in CONTACTS or kind == "name" for one in seen for kind in one.matched) or any(map(speaks_of_names, headers))
    organisations = [
        contacts and (bool(words.ORGANISATION_HEADER.search(header)) or of_organisations(each))
        for header, each in zip(headers, places, strict=True)
    ]
    among = sum(organisations)
    for place, (cellular, one) in enumerate(zip(places, seen, strict=True)):
        others = among > organisations[place]
        told = set()
        for found in judge(cellular, one, header=headers[place], organisations=others, review=params["individual_review"]):
            told.add(found.kind)
            if found.severity is Severity.LOW:
                notes[found.kind].append((part.part_id, found.count))
            else:
                yield _finding(found.kind, found.severity, cellular.location(found.rows), found.count, f"in the column {cellular.label!a}")
        for kind, hits in written[place].items():
            gravest = max(hits)[0]
            # addresses of many authors are no list of people whose data are held
            ordinary = gravest is Severity.MEDIUM and kind in CONTACTS and words.ORGANISATION_HEADER.search(headers[place])
            if kind not in told and not ordinary:
                where = sorted({row for _, row in hits})
                yield _finding(kind, gravest, cellular.location(where), len(hits), f"in texts of the column {cellular.label!a}")


def _seen(array: Any, first: int, header: str) -> Seen:
    """What some cells of one column show."""
    seen = Seen()
    for leaf, rows in leaves(array) if not plain_words(array, seen) else ():
        look(leaf, rows, first, seen, header=header)
    return seen


def _headed_by(places: Sequence[Cellular]) -> list[Cellular]:
    """Columns headed by people's names, in a table most of whose headers read so and some of whose are common given names."""
    if not headed_by_people([each.column.name for each in places]):
        return []
    given = [each for each in places if any(word in words.GIVEN_NAMES for word in each.column.name.lower().replace(",", " ").split())]
    return given if len(given) >= _GIVEN else []


def _read_cells(
    part: Recognised,
    cells: Sequence[tuple[int, str]],
    written: dict[str, list[tuple[Severity, int]]],
    notes: dict[str, list[tuple[str, int]]],
) -> None:
    """Read cells as lines of a text."""
    passage = Passage(part_ids=(part.part_id,), text="\n".join(" ".join(cell.split()) for _, cell in cells), where=Where.CELLS)
    for kind, hits in _weighed(passage, notes).items():
        written[kind].extend((hit.severity, cells[passage.line_of(hit.start)][0]) for hit in hits)


def _finding(kind: str, severity: Severity, location: Location, count: int, place: str) -> Finding:
    one, many, form = _CLASSES[kind]
    what = one if count == 1 else f"{many} ({count:,})"
    doubt = "what may be " if severity is Severity.MEDIUM and kind not in _PLAIN else ""
    return Finding(
        check_id="direct_identifiers",
        rule=kind,
        severity=severity,
        location=location,
        count=max(count, 1),
        message=f"{doubt}{what} {place}: {_WHY.get(kind, 'it names one person, and whatever stands beside it becomes theirs')}",
        remedy=_REMEDIES.get(kind, _REMEDY),
        evidence=(Redacted(shape=form, count=max(count, 1)),),
    )


def _note(kind: str, seen: list[tuple[str, int]]) -> Finding:
    """One note for all that is ordinary of a class."""
    _, many, form = _CLASSES[kind]
    count = sum(number for _, number in seen)
    parts = len({part_id for part_id, _ in seen})
    where = "" if parts == 1 else f" in {parts:,} parts"
    return Finding(
        check_id="direct_identifiers",
        rule=kind,
        severity=Severity.LOW,
        location=Location(part_id=seen[0][0]),
        count=count,
        message=f"{many} ({count:,}){where}{_NOTE}",
        remedy="Nothing, if they are not of people whose data are held here.",
        evidence=(Redacted(shape=form, count=count),),
    )
