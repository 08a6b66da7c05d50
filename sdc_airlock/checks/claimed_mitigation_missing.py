"""A claim that an output was made safe, which the output itself does not bear out."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from sdc_airlock.checks import Params, RequestSubject, Subject, check
from sdc_airlock.model.assessment import Assessment
from sdc_airlock.model.carried import CarriedTable
from sdc_airlock.model.finding import DisclosureKind, Finding, Location, Redacted, Severity
from sdc_airlock.model.session import Mitigation, Session, SessionFile, SessionOutput, Standing

_ID = "claimed_mitigation_missing"
# findings that say that something is there which a session would have had to suppress
_CONTRADICTING = frozenset(
    {
        "small_counts",
        "individual_rows",
        "recoverable_suppression",
        "dominance",
        "class_disclosure",
        "extreme_values",
        "few_degrees_of_freedom",
        "direct_identifiers",
    }
)
_OWN_FILES = frozenset({"config.json", "session_summary.json", "summary.txt", "missing-files.txt"})
_CHECKSUMS = "checksums"
_BESIDE = re.compile(r"[!#].*", re.DOTALL)
_LINE_ENDS = (b"", b"\n", b"\r\n")
_MOST_CELLS = 300
_CLAIMS = {
    Mitigation.SUPPRESSED: "that cells of it were suppressed",
    Mitigation.ROUNDED: "that it was rounded",
    Mitigation.NONE: "that it passed every check",
}


@dataclass(slots=True)
class _Place:
    """A file of the request, or a member of an archive in it.

    Attributes:
        address: Its path under the argument that named it.
        digest: SHA-256 of its bytes; "" for a large member of an archive, of which none was made.
    """

    address: str
    digest: str
    findings: list[Finding] = field(default_factory=list)
    tables: list[CarriedTable] = field(default_factory=list)


def _request(request: RequestSubject, params: Params) -> Iterator[Finding]:
    """Each session of a request against the files beside it."""
    del params
    sessions = [(_address(assessment, session.part_id), session) for assessment in request.assessments for session in assessment.sessions]
    if not sessions:
        return
    places = _places(request.assessments)
    folders: dict[str, set[str]] = {}
    for address, session in sessions:
        folder = address.rpartition("/")[0]
        known = folders.setdefault(folder, set())
        known.add(address)
        known.update(_join(folder, file.name) for output in session.outputs for file in output.files)
        yield from _of_session(address, session, places)
    for folder, known in folders.items():
        yield from _unlisted(folder, known, places)


def _not_alone(subject: Subject) -> bool:
    del subject
    return False


@check(id="claimed_mitigation_missing", version=1, severity=Severity.HIGH, on_request=_request, applies=_not_alone)
def claimed_mitigation_missing(subject: Subject, params: Params) -> Iterator[Finding]:
    """The record of a session claims what its files do not bear out: suppression, rounding, a pass, or the very bytes.

    ## What it flags
    In a request with the record of an ACRO session (`results.json`, versions 0.4 and 1): outputs that the session calls suppressed, rounded or passed while
    their own content holds the cells; cells that its rules flagged and that still show a number; files whose bytes do not have the checksum that the session
    wrote; files that the session lists and that are not there, or that lie beside it and are not listed; outputs that it calls failed, rejected or not for
    release; requests for exceptions, which a person has to read.

    ## Why it discloses
    A checker who reads "suppression applied" looks less closely. The record and the table are two files: either can be changed, or written by a program that
    noted the suppression and then saved the table as it was.

    ## Example flagged
    `results.json` says `"suppressed": true` for a table, and the table beside it still shows a count of four.

    ## Example passed
    The same record beside a table whose flagged cells are empty.

    ## Blind spots
    Checksums of large members of archives are not compared. A table whose layout differs from the session's (several rows of
    headers) is judged by its own content alone. Records of other tools are not read.

    ## Sources
    - ACRO 0.4.12, 1.0.1 and 1.0.2, `record.py` and `default.yaml`: the form of the record (2026).
    - SACRO-Viewer, `models.py`: checksums, and what a reviewer writes into the record (2026).
    """
    del subject, params
    yield from ()


def _of_session(address: str, session: Session, places: Mapping[str, _Place]) -> Iterator[Finding]:
    if not session.known:
        message = "the record is that of a session, of a version that is not known: what it claims may mean something else"
        yield _finding(
            "version", Severity.MEDIUM, address, message, "Write the session with version 0.4 or 1 of ACRO, or ask the checker to read it."
        )
    if session.unreadable:
        message = f"{_many(session.unreadable, 'entry', 'entries')} of the session cannot be read: what they claim is not known"
        yield _finding(
            "version", Severity.MEDIUM, address, message, "Write the session anew with the program that made it.", session.unreadable
        )
    folder = address.rpartition("/")[0]
    yield from _checksums(address, session, places)
    for output in session.outputs:
        for file in output.files:
            place = places.get(_join(folder, file.name))
            if place is None:
                yield _not_there(address, file)
            else:
                yield from _of_file(output, file, place)


def _not_there(address: str, file: SessionFile) -> Finding:
    leads_out = file.name.startswith(("/", "\\")) or ".." in re.split(r"[\\/]", file.name)
    message = (
        "the session lists a file by a path that leads out of its folder"
        if leads_out
        else "the session lists a file that is not beside it: the record is not that of these outputs, or of more than these"
    )
    return _finding(
        "not_there",
        Severity.MEDIUM,
        address,
        message,
        "Submit the session with all of its files, or finalise one that lists only those submitted.",
    )


def _of_file(output: SessionOutput, file: SessionFile, place: _Place) -> Iterator[Finding]:
    """What the session says of one file, against the file."""
    if output.standing is Standing.WITHHELD:
        message = "the session marks this output as not for release, and it is in the request"
        yield _finding("withheld", Severity.HIGH, place.address, message, "Take the output out of the request.")
        return
    shown = _still_shown(output, file, place)
    contradicting = [finding for finding in place.findings if finding.check_id in _CONTRADICTING and finding.severity >= Severity.MEDIUM]
    claimed = output.mitigation is not Mitigation.NONE or output.standing is Standing.PASSED
    if claimed and (contradicting or shown):
        yield _still_there(output, place, contradicting, shown or ())
    elif output.standing is Standing.FAILED:
        yield _failed(place, proven=output.mitigation is Mitigation.SUPPRESSED and shown == ())
    if output.mitigation is Mitigation.ROUNDED and output.rounded_to > 1:
        yield from _unrounded(output.rounded_to, place)
    if output.exception:
        message = "the session asks for an exception for this output; its reason stands in the record, for a person to read"
        yield _finding(
            "exception",
            Severity.MEDIUM,
            place.address,
            message,
            "Mend the output so that it needs no exception, or explain it to the checker.",
        )


def _still_there(output: SessionOutput, place: _Place, contradicting: Sequence[Finding], shown: Sequence[tuple[int, int]]) -> Finding:
    claim = _CLAIMS[output.mitigation]
    counted = sum(finding.count for finding in contradicting)
    found = (
        [f"{_many(len(shown), 'cell', 'cells')} that its rules flagged still {'shows' if len(shown) == 1 else 'show'} a number"]
        if shown
        else []
    )
    if counted:
        checks = ", ".join(sorted({finding.check_id for finding in contradicting}))
        found.append(f"its own content holds {_many(counted, 'place', 'places')} that should not be there ({checks})")
    rows = {row for finding in contradicting for row in finding.location.rows} | {place.tables[0].places[row] for row, _ in shown}
    columns = dict.fromkeys(column for finding in contradicting for column in finding.location.columns)
    return Finding(
        check_id=_ID,
        rule="still_there",
        severity=Severity.HIGH,
        location=Location(part_id=place.address, rows=tuple(sorted(rows))[:_MOST_CELLS], columns=tuple(columns)),
        count=max(len(shown), counted),
        message=f"the session says {claim}, and {' and '.join(found)}",
        remedy="Suppress the cells in the file itself and finalise the session again, so that the record and the file say the same.",
        evidence=(Redacted(shape="cells that a record calls mitigated", count=max(len(shown), counted)),),
    )


def _failed(place: _Place, *, proven: bool) -> Finding:
    if proven:
        message = "the session calls this output failed; the cells that its rules flagged are empty in it"
        return _finding("failed", Severity.LOW, place.address, message, "Nothing, where the suppression is what was meant.")
    message = "the session calls this output failed, and it is in the request"
    return _finding(
        "failed",
        Severity.HIGH,
        place.address,
        message,
        "Suppress or round what the session flagged, or take the output out of the request.",
    )


def _still_shown(output: SessionOutput, file: SessionFile, place: _Place) -> tuple[tuple[int, int], ...] | None:
    """Flagged cells that show a number; None where the layout of the table is not that of the session, so that nobody can tell."""
    if output.mitigation is not Mitigation.SUPPRESSED or output.shape is None or not file.cells or len(place.tables) != 1:
        return None
    table = place.tables[0]
    stub = table.width - output.shape[1]
    if table.overflow or len(table.rows) != output.shape[0] or stub < 1:
        return None
    columns = {column.index: column for column in table.columns}
    return tuple(
        (row, place_of)
        for row, place_of in file.cells
        if row < len(table.rows) and (column := columns.get(place_of + stub)) is not None and row not in column.blank
    )


def _unrounded(base: int, place: _Place) -> Iterator[Finding]:
    """Counts that are no multiples of the base that the session names."""
    places: set[int] = set()
    columns: dict[str, None] = {}
    count = 0
    for table in place.tables:
        for column in table.columns:
            rows = [row for row, number in enumerate(column.people) if number is not None and number % base]
            count += len(rows)
            places.update(table.places[row] for row in rows)
            columns.update({column.label: None} if rows else {})
    if count:
        yield Finding(
            check_id=_ID,
            rule="unrounded",
            severity=Severity.HIGH,
            location=Location(part_id=place.address, rows=tuple(sorted(places))[:_MOST_CELLS], columns=tuple(columns)),
            count=count,
            message=f"the session says that it was rounded to {base}, and {_many(count, 'count is', 'counts are')} no multiple of it",
            remedy="Round every count in the file itself, totals too, and finalise the session again.",
        )


def _checksums(address: str, session: Session, places: Mapping[str, _Place]) -> Iterator[Finding]:
    """Files against the checksums that the session wrote: text of 64 digits, whose own digest tells whether it is the right one."""
    folder = address.rpartition("/")[0]
    listed = list(dict.fromkeys(_join(folder, file.name) for output in session.outputs for file in output.files))
    present = [places[each] for each in listed if each in places]
    if any(not place.digest for place in present):
        message = (
            "a file of the session lies in an archive and is too large for its checksum to be compared; it is judged by its own content"
        )
        yield _finding("checksum", Severity.LOW, address, message, "Submit the session as a folder.")
        present = [place for place in present if place.digest]
    if not session.reviewed and address in places and _sum_of(address, places) is not None:
        present.append(places[address])
    sums = {place.address: _sum_of(place.address, places) for place in present}
    lacking = sum(each is None for each in sums.values())
    for place in present:
        written = sums[place.address]
        if written is not None and written.digest not in _digests_of(place.digest):
            message = "its bytes do not have the checksum that the session wrote for it: the file or the checksum was changed afterwards"
            yield _finding("checksum", Severity.HIGH, place.address, message, "Finalise the session again and submit it as it is.")
    if lacking:
        message = f"the session wrote no checksum for {_many(lacking, 'file', 'files')}: that they are as it left them is not shown"
        severity = Severity.LOW if lacking == len(present) else Severity.MEDIUM
        yield _finding("checksum", severity, address, message, "Submit the folder of checksums with the session.", lacking)


def _sum_of(address: str, places: Mapping[str, _Place]) -> _Place | None:
    folder, _, name = address.rpartition("/")
    return places.get(_join(_join(folder, _CHECKSUMS), f"{name}.txt"))


def _digests_of(digest: str) -> frozenset[str]:
    """SHA-256 of a file that holds nothing but this digest."""
    return frozenset(hashlib.sha256(digest.encode() + end).hexdigest() for end in _LINE_ENDS)


def _unlisted(folder: str, known: set[str], places: Mapping[str, _Place]) -> Iterator[Finding]:
    """Files beside the record of a session that it says nothing of."""
    for address in sorted(places):
        parent, _, name = address.rpartition("/")
        if parent == folder and address not in known and name not in _OWN_FILES:
            message = "it lies beside the record of a session that does not list it: the session has checked nothing of it"
            yield _finding(
                "not_listed",
                Severity.MEDIUM,
                address,
                message,
                "Add the file to the session, or submit it in a folder of its own with a statement.",
            )


def _places(assessments: Sequence[Assessment]) -> dict[str, _Place]:
    """Files of the request and members of its archives, by address."""
    places: dict[str, _Place] = {}
    for assessment in assessments:
        places[assessment.path] = _Place(assessment.path, assessment.file_id)
        part_ids = [part.part_id for part in assessment.recognised] + [part.part_id for part in assessment.unread]
        for address in dict.fromkeys(_address(assessment, part_id) for part_id in part_ids):
            places.setdefault(address, _Place(address, ""))
        for part_id, digest in assessment.digests:
            address = _address(assessment, part_id)
            places.setdefault(address, _Place(address, "")).digest = digest
        for finding in assessment.findings:
            address = _address(assessment, finding.location.part_id)
            places.setdefault(address, _Place(address, "")).findings.append(finding)
        for table in assessment.published:
            places[_address(assessment, table.part_id)].tables.append(table)
    return places


def _address(assessment: Assessment, part_id: str) -> str:
    """Path of the file or member that a part belongs to."""
    folder, _, name = assessment.path.rpartition("/")
    inside = part_id.removeprefix(name)
    if not part_id.startswith(name) or inside[:1] not in ("", "/", "!", "#"):
        return assessment.path
    return _join(folder, name + _BESIDE.sub("", inside))


def _join(folder: str, name: str) -> str:
    return f"{folder}/{name}" if folder else name


def _many(count: int, one: str, many: str) -> str:
    return f"{count:,} {one if count == 1 else many}"


def _finding(rule: str, severity: Severity, address: str, message: str, remedy: str, count: int = 1) -> Finding:
    return Finding(
        check_id=_ID,
        rule=rule,
        severity=severity,
        kind=DisclosureKind.SECONDARY,
        location=Location(part_id=address),
        message=message,
        remedy=remedy,
        count=count,
    )
