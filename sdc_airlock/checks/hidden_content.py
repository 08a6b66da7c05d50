"""Hidden content: what a person who opens the file does not see goes along all the same."""

from __future__ import annotations

from collections.abc import Iterator

from sdc_airlock.checks import Params, Subject, check
from sdc_airlock.checks._format_facts import JUDGED
from sdc_airlock.checks._hidden_places import PEOPLE, Place, places, unlisted_members
from sdc_airlock.model.content import OddityKind, TextRole
from sdc_airlock.model.finding import Finding, Location, Severity

_LISTED = 20
_ASIDES = frozenset({TextRole.METADATA, TextRole.COMMENT, TextRole.CODE, TextRole.CONFIG})
_NAMES = {
    "table": ("a table stands where the file does not show it", "take it out, or put it where it is seen"),
    "text": ("text stands where the file does not show it", "take it out, or put it where it is seen"),
    "aside": ("comments, properties, descriptions or formulas hold text of their own", "take out what is not needed"),
    "unread": ("something is hidden and could not be read", "take it out, or submit it as a file of its own"),
    "unlisted": (
        "members whose names begin with a dot or belong to a system's own store, which file managers leave out",
        "pack the container anew without them, or under plain names",
    ),
}


@check(
    id="hidden_content",
    version=1,
    rules=("hidden_cells", "hidden_text", "hidden_asides", "hidden_numbers", "individual_review"),
    severity=Severity.MEDIUM,
)
def hidden_content(subject: Subject, params: Params) -> Iterator[Finding]:
    """Something in the file is not seen by a person who opens it. All of it is read and judged like what is shown.

    ## What it flags
    Hidden and very hidden sheets, rows and columns; cells under merged cells, beyond the range of the sheet or in the colour of the page; records that
    pivot tables and links to other workbooks keep; comments, tracked changes, hidden slides and text that is too small, invisible or outside the page; text that a page
    does not show; properties, metadata and comments of archives that say more than names and dates; embedded files and attachments; deleted records in
    free pages; version-control stores; members of archives whose names begin with a dot. A place is a note where it is empty, or holds little and was read
    in full. An embedded file is always held. A place is held where it holds a table (`hidden_cells`), long text (`hidden_text`), long properties or comments (`hidden_asides`), many numbers
    (`hidden_numbers`), anything recognised as records of single people, or anything that could not be read.

    ## Why it discloses
    Outputs are checked by looking at them. What is not shown on opening goes unchecked: a pivot table keeps the records it was made from, a deleted row stays in the
    file, a workbook behind a chart holds more columns than the chart draws. Most of it is carried along unknown to the researcher.

    ## Example flagged
    A workbook with a summary table and a very hidden sheet that holds the records.

    ## Example passed
    A document whose properties name its author and the program that wrote it.

    ## Blind spots
    Messages in the lowest bits of pixels, in the order of rows, in spacing or in the choice of words are not seen. Whether text is drawn in the colour of what lies behind it
    is told for cells, pages and documents with plain backgrounds, not for text upon pictures. A little in each of many places stays a note each.

    ## Sources
    - ONS SRS output checking guidance v1.1, on hidden items in documents and workbooks, 2023.
    - NHS England SDE, output rules on `.git` folders and undeclared data, undated.
    - UK Information Commissioner, how to disclose information safely: removing hidden data, 2018.
    """
    ordinary: list[Place] = []
    listed: dict[str, int] = {}
    for place in places(subject):
        severity = _severity(place, params)
        if severity is Severity.LOW and place.kind is None and place.roles and place.roles <= _ASIDES:
            ordinary.append(place)
            continue
        rule = _rule(place)
        listed[rule] = listed.get(rule, 0) + 1
        if listed[rule] <= _LISTED or (severity > Severity.LOW and listed[rule] <= 10 * _LISTED):
            yield _finding(place, rule, severity)
    if ordinary:
        message, remedy = _NAMES["aside"]
        yield _low("aside", ordinary[0].part_id, f"{message}; it was read in full, and is little", remedy, len(ordinary))
    yield from _unlisted(subject, params["hidden_cells"])


def _severity(place: Place, params: Params) -> Severity:
    """What stands in a place decides: people or what was not read, much, or little."""
    floor = JUDGED[place.kind].severity if place.kind else Severity.MEDIUM
    if place.unread or place.kinds & PEOPLE or place.individual >= params["individual_review"]:
        return max(floor, Severity.HIGH)
    if place.kind is OddityKind.VERSION_CONTROL or _much(place, params):
        return max(floor, Severity.MEDIUM)
    return Severity.LOW


def _much(place: Place, params: Params) -> bool:
    """True for a table, long text, long asides or many numbers; a reader's own count stands where it saw more than the parts hold."""
    if place.kind is OddityKind.METADATA:
        said = place.asides if place.stated is None else place.stated
        return bool(said > params["hidden_asides"])
    stated = place.stated or 0
    if place.kind in (OddityKind.HIDDEN_CELLS, OddityKind.CELLS_BEYOND_RANGE):
        return bool(max(stated, place.cells) > params["hidden_cells"])
    if place.kind is OddityKind.EMBEDDED_OBJECT:
        return place.stated != 0
    unplaced = stated if place.kind is OddityKind.HIDDEN_TEXT and not place.roles and not place.tables else 0
    return bool(
        place.cells > params["hidden_cells"]
        or max(place.shown_text, unplaced) > params["hidden_text"]
        or place.asides > params["hidden_asides"]
        or place.numbers > params["hidden_numbers"]
    )


def _rule(place: Place) -> str:
    if place.kind is not None:
        return place.kind.value
    if place.tables:
        return "table"
    if place.roles:
        return "aside" if place.roles <= _ASIDES else "text"
    return "unread"


def _finding(place: Place, rule: str, severity: Severity) -> Finding:
    if place.kind is not None:
        message, remedy = JUDGED[place.kind].message, JUDGED[place.kind].remedy
    else:
        message, remedy = _NAMES[rule]
    amount = _amount(place)
    words = f"{message} ({', '.join(word for word in (place.detail, amount) if word)})" if place.detail or amount else message
    if place.unread:
        words += "; not all of it could be read"
    elif place.kinds & PEOPLE:
        words += "; it looks like records of single people"
    elif severity is Severity.LOW:
        words += "; it was read in full, and is little or nothing"
    return Finding(
        check_id="hidden_content",
        severity=severity,
        location=Location(part_id=place.part_id),
        message=words,
        remedy=remedy,
        rule=rule,
        count=place.times,
    )


def _amount(place: Place) -> str:
    if place.kind is OddityKind.METADATA:
        return f"{place.stated:,} characters" if place.stated else ""
    cells = max(place.cells, (place.stated or 0) if place.kind in (OddityKind.HIDDEN_CELLS, OddityKind.CELLS_BEYOND_RANGE) else 0)
    if cells:
        return f"{cells:,} cell{'' if cells == 1 else 's'}"
    characters = place.shown_text + place.asides
    return f"{characters:,} characters" if characters else ""


def _unlisted(subject: Subject, most_cells: int) -> Iterator[Finding]:
    """Members, and the output itself, that a file manager leaves out of its list."""
    message, remedy = _NAMES["unlisted"]
    members = unlisted_members(subject)
    if members:
        tables = [member for member, cells in members.items() if cells > most_cells]
        first = (tables or list(members))[0]
        words = f"{message}: {len(members):,}" + (f", {len(tables):,} of them with tables" if tables else "; they were read in full")
        yield Finding(
            check_id="hidden_content",
            severity=Severity.MEDIUM if tables else Severity.LOW,
            location=Location(part_id=first),
            message=words,
            remedy=remedy,
            rule="unlisted",
            count=len(members),
        )
    if subject.claimed_name.startswith("."):
        words = "the name begins with a dot, so that file managers do not list it; it is read like any other output"
        yield _low("unlisted", subject.part_id, words, "give it a plain name", 1)


def _low(rule: str, part_id: str, message: str, remedy: str, count: int) -> Finding:
    return Finding(
        check_id="hidden_content",
        severity=Severity.LOW,
        location=Location(part_id=part_id),
        message=message,
        remedy=remedy,
        rule=rule,
        count=count,
    )
