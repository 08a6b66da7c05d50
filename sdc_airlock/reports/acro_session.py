"""A request as a session that SACRO-Viewer opens: one entry an output, our findings as comments and marked cells.

The record is written in the words of ACRO 0.4, which every version of the viewer knows. The viewer puts comments, summaries and
requests for exceptions into its page as they are, so everything that could be markup is escaped here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sdc_airlock.model.decision import Outcome
from sdc_airlock.model.finding import Severity
from sdc_airlock.model.recognised import Kind
from sdc_airlock.reports import terminal, words
from sdc_airlock.reports.grouping import grouped
from sdc_airlock.reports.safe import shown

if TYPE_CHECKING:
    from sdc_airlock.model.assessment import Assessment
    from sdc_airlock.model.finding import Finding
    from sdc_airlock.reports.result import RequestResult

RECORD: Final = "results.json"
NOTE: Final = "sdc-airlock-note.txt"
_VERSION: Final = "0.4.12"
_ACCEPTED = re.compile(r"0\.4(?:\.\d{1,4})?|[1-9](?:\.\d{1,4}){1,2}")
_STATUS: Final = {Outcome.RELEASE: "pass", Outcome.REVIEW: "review", Outcome.REJECT: "fail"}
_GRAVITY: Final = {"pass": 0, "review": 1, "fail": 2}
# the viewer says of "review" that the output cannot be checked automatically, and leaves out what follows
_BADGE: Final = {Outcome.RELEASE: "pass", Outcome.REVIEW: "needs review", Outcome.REJECT: "fail"}
_RULES: Final = {"small_counts": "threshold", "dominance": "nk-rule"}
_OWN_RULES: Final = ("negative", "missing", "threshold", "p-ratio", "nk-rule", "all-values-are-same")
_TYPES: Final = {
    Kind.REGRESSION: "regression",
    Kind.SURVIVAL: "survival plot",
    Kind.FREQUENCY_TABLE: "table",
    Kind.MAGNITUDE_TABLE: "table",
    Kind.SUMMARY_STATISTICS: "table",
}
# files that a session writes for itself; they need no entry of their own unless something was found in them
_MACHINERY: Final = frozenset({RECORD, "config.json", "session_summary.json"})
_KEPT: Final = ("uid", "type", "outcome", "command", "fair")
_MOST_COMMENTS, _MOST_CELLS = 60, 2_000
_PLAIN = re.compile(r"[^\w .()+=,@-]+", re.ASCII)
_LONGEST_NAME = 120
_MARKUP = re.compile(r"[<>&\"'`]")
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """The record of a session that was submitted: the path of its output, and what it says."""

    path: str
    said: Mapping[str, Any]


def flat_names(paths: Sequence[str]) -> dict[str, str]:
    """A name in one flat folder for each path: plain, used once, and none that the viewer would take for a record.

    Names of files that lie on top come first, so that a session keeps the names that its record has.
    """
    used = {RECORD, NOTE.lower(), "checksums", "sdc-airlock"}
    names: dict[str, str] = {}
    for path in sorted(paths, key=lambda path: (path.count("/"), path)):
        plain = _PLAIN.sub("_", path)[-_LONGEST_NAME:]
        plain = f"_{plain}" if plain.startswith(".") or _RESERVED.fullmatch(plain) else plain
        plain = f"{plain}.txt" if plain.lower().endswith(".json") or plain.endswith((" ", ".")) else plain
        name, number = plain, 1
        while name.lower() in used:
            number += 1
            stem, dot, end = plain.rpartition(".")
            name = f"{stem}~{number}.{end}" if dot else f"{plain}~{number}"
        used.add(name.lower())
        names[path] = name
    return names


def is_record(assessment: Assessment) -> bool:
    """True where an output is itself the record of a session, and not an archive that holds one."""
    return any(session.part_id in (assessment.path, assessment.path.rpartition("/")[2]) for session in assessment.sessions)


def render(result: RequestResult, kept: Mapping[str, str], records: Sequence[Record] = ()) -> str:
    """The record as JSON text, in ASCII: the viewer reads it in the encoding of its machine.

    Args:
        result: The request, judged.
        kept: Name in the folder for the path of each output of which a copy lies there.
        records: Records of sessions among the outputs; their entries are kept, with our findings added.
    """
    return json.dumps(to_object(result, kept, records), indent=2, ensure_ascii=True, allow_nan=False) + "\n"


def to_object(result: RequestResult, kept: Mapping[str, str], records: Sequence[Record] = ()) -> dict[str, Any]:
    """The record as plain dicts, lists, strings and numbers."""
    numbers = {assessment.path: number for number, assessment in enumerate(result.assessments)}
    results: dict[str, Any] = {}
    told: set[str] = set()
    for record in records:
        folder = record.path.rpartition("/")[0]
        for uid, entry in _entries(record):
            listed = [_join(folder, name) for name in _file_names(entry)]
            outputs = [numbers[path] for path in listed if path in numbers]
            told.update(path for path in listed if path in numbers)
            _add(results, _title(uid), _with_ours(result, entry, listed, outputs, kept))
        told.update(path for path, number in numbers.items() if _machinery(path, folder) and _nothing_to_say(result, number))
    for path, number in numbers.items():
        if path not in told:
            _add(results, _title(path), _own_entry(result, number, kept))
    whole = terminal.about_request(result)
    if whole or not results:
        _add(results, "request", _request_entry(result, whole))
    versions = [str(record.said.get("version")) for record in records]
    return {"version": versions[0] if len(versions) == 1 and _ACCEPTED.fullmatch(versions[0]) else _VERSION, "results": results}


def _own_entry(result: RequestResult, number: int, kept: Mapping[str, str]) -> dict[str, Any]:
    """The entry of an output that no session describes."""
    assessment, outcome = result.assessments[number], _outcome(result, number)
    kinds = {summary.kind for summary in assessment.recognised}
    name = kept.get(assessment.path)
    cells = _cells(assessment) if name else {}
    summary: dict[str, int | bool] = {"suppressed": False, **dict.fromkeys(_OWN_RULES, 0)}
    for group in grouped(assessment.findings):
        if group.severity > Severity.LOW:
            rule = _rule(group.first.check_id)
            summary[rule] = summary.get(rule, 0) + group.places
    return {
        "uid": _title(assessment.path),
        "status": _STATUS[outcome],
        "type": next((told for kind, told in _TYPES.items() if kind in kinds), "custom"),
        "properties": {"method": "sdc-airlock"},
        "files": [{"name": name or NOTE, "sdc": {"summary": summary, "cells": cells} if name else {}}],
        "outcome": {},
        "command": "sdc-airlock check",
        "summary": _summary(result, [number], outcome),
        "exception": "",
        "timestamp": result.started_at.isoformat(),
        "comments": _comments(result, [number]),
    }


def _request_entry(result: RequestResult, told: Sequence[str]) -> dict[str, Any]:
    """What concerns no output by itself; approving it releases a note, and nothing else."""
    return {
        "uid": "request",
        "status": _STATUS[result.outcome],
        "type": "custom",
        "properties": {"method": "sdc-airlock"},
        "files": [{"name": NOTE, "sdc": {}}],
        "outcome": {},
        "command": "sdc-airlock check",
        "summary": f"{_BADGE[result.outcome]}; the request as a whole; ",
        "exception": "",
        "timestamp": result.started_at.isoformat(),
        "comments": _cut([_escaped(text) for text in told] or ["sdc-airlock: there is no output in this request"]),
    }


def _with_ours(
    result: RequestResult, entry: Mapping[str, Any], listed: Sequence[str], outputs: Sequence[int], kept: Mapping[str, str]
) -> dict[str, Any]:
    """An entry of a session as it stands, its files by the names that they have here, and what we found of them."""
    said = entry.get("status")
    outcome = max((_outcome(result, number) for number in outputs), default=Outcome.REVIEW)
    ours, theirs = _STATUS[outcome], said if isinstance(said, str) and said in _GRAVITY else "review"
    graver = _GRAVITY[ours] > _GRAVITY[theirs]
    files = [{"name": kept.get(path, NOTE), "sdc": _sdc(file.get("sdc"))} for file, path in zip(entry["files"], listed, strict=True)]
    comments = entry.get("comments")
    own = [text for text in comments if isinstance(text, str)] if isinstance(comments, list) else []
    missing = len(listed) - sum(path in kept for path in listed)
    texts = {key: _escaped(entry[key]) if isinstance(entry.get(key), str) else "" for key in ("summary", "exception", "timestamp")}
    before = _summary(result, outputs, outcome)
    properties = _shallow(entry.get("properties"))
    return {
        **{key: _shallow(entry[key]) for key in _KEPT if key in entry},
        "status": ours if graver else theirs,
        "properties": properties if isinstance(properties, dict) else {},
        "files": files,
        **texts,
        "summary": f"{before}{'' if before.endswith('; ') else '; '}by the session: {texts['summary']}" if graver else texts["summary"],
        "comments": [
            *(_escaped(text) for text in own),
            *([f"sdc-airlock: {words.count(missing, 'file')} of this output not in the request"] if missing else []),
            *_comments(result, outputs),
        ],
    }


def _sdc(said: object) -> dict[str, Any]:
    """Counts and cells that a session's rules flagged; what is in no such form would stop the viewer."""
    summary, cells = (said.get("summary"), said.get("cells")) if isinstance(said, dict) else (None, None)
    places = {
        rule: [place for place in listed if isinstance(place, list) and [type(number) for number in place] == [int, int]]
        for rule, listed in (cells.items() if isinstance(cells, dict) else ())
        if isinstance(listed, list)
    }
    counts = {rule: count for rule, count in (summary.items() if isinstance(summary, dict) else ()) if isinstance(count, int)}
    return {"summary": counts, "cells": places} if counts or places else {}


def _shallow(value: object, depth: int = 4) -> Any:
    """A value without what is nested deeper than records are."""
    if isinstance(value, dict):
        return {key: _shallow(child, depth - 1) for key, child in value.items()} if depth else {}
    if isinstance(value, list):
        return [_shallow(child, depth - 1) for child in value] if depth else []
    return value


def _summary(result: RequestResult, outputs: Sequence[int], outcome: Outcome) -> str:
    """The first word is what the viewer shows as a badge; then what was found, in a few words."""
    places: dict[str, int] = {}
    gaps = 0
    for number in outputs:
        assessment = result.assessments[number]
        gaps += len(assessment.unread) + bool(assessment.failure) + (result.request.files[number].refusal is not None)
        for group in grouped((*assessment.findings, *_linked(result, assessment.path))):
            if group.severity > Severity.LOW:
                places[group.first.check_id] = places.get(group.first.check_id, 0) + group.places
    told = [f"{check_id}: {words.count(count, 'place')}" for check_id, count in places.items()]
    if gaps:
        told.append(f"not read: {words.count(gaps, 'part')}")
    return "; ".join((_BADGE[outcome], *told, "")) if told else _BADGE[outcome]


def _comments(result: RequestResult, outputs: Sequence[int]) -> list[str]:
    """What the terminal says of an output, a line a comment."""
    texts = []
    for number in outputs:
        assessment = result.assessments[number]
        texts.append(f"sdc-airlock: {words.OUTCOMES[_outcome(result, number)]}; {terminal.what_it_is(assessment)}")
        texts += [*terminal.about(result, number), *(words.sentence(each.message) for each in _linked(result, assessment.path))]
    return _cut([_escaped(text) for text in texts])


def _linked(result: RequestResult, path: str) -> list[Finding]:
    """Findings of the request as a whole that speak of one output."""
    return [finding for finding in result.request_findings if finding.location.part_id == path]


def _outcome(result: RequestResult, number: int) -> Outcome:
    """The outcome of an output; one that a finding of the request speaks of waits for a person."""
    own = result.decisions[number].outcome
    told = any(finding.severity > Severity.LOW for finding in _linked(result, result.assessments[number].path))
    return max(own, Outcome.REVIEW) if told else own


def _cut(texts: list[str]) -> list[str]:
    left = len(texts) - _MOST_COMMENTS
    return [*texts[:_MOST_COMMENTS], f"... and {left:,} more lines: see sdc-airlock/report.html"] if left > 0 else texts


def _cells(assessment: Assessment) -> dict[str, list[list[int]]]:
    """Cells as the viewer counts them in a table of commas: rows below one header, columns right of one column of labels."""
    found: dict[str, set[tuple[int, int]]] = {}
    if assessment.path.lower().endswith(".csv"):
        for finding in assessment.findings:
            if finding.severity > Severity.LOW and not words.inside(finding.location.part_id, assessment.path):
                found.setdefault(_rule(finding.check_id), set()).update(_places(finding))
    return {rule: [list(place) for place in sorted(places)[:_MOST_CELLS]] for rule, places in found.items() if places}


def _places(finding: Finding) -> Iterator[tuple[int, int]]:
    """Places of one finding; rows of the file are listed for the first of them, and tell how far below the others lie."""
    location = finding.location
    order = list(dict.fromkeys(row for row, _ in location.cells))
    if not order or not location.rows:
        return
    numbers = dict(zip(order, location.rows, strict=False))
    last = order[min(len(order), len(location.rows)) - 1]
    shift = numbers[last] - last
    for row, column in location.cells:
        place = numbers.get(row, row + shift) - 2, column - 1
        if min(place) >= 0:
            yield place


def _entries(record: Record) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Entries of a record that name a file each, as the viewer asks; the others are told by the outputs themselves."""
    results = record.said.get("results")
    for uid, entry in results.items() if isinstance(results, dict) else ():
        if isinstance(entry, dict) and _file_names(entry):
            yield uid, entry


def _file_names(entry: Mapping[str, Any]) -> list[str]:
    """Names of all files of an entry, () where one of them has none."""
    files = entry.get("files")
    names = [file.get("name") if isinstance(file, dict) else None for file in files] if isinstance(files, list) else []
    told = [name for name in names if isinstance(name, str) and name.strip()]
    return told if len(told) == len(names) else []


def _machinery(path: str, folder: str) -> bool:
    """True for what a session writes beside its outputs."""
    inside = path.removeprefix(f"{folder}/") if folder else path
    return inside in _MACHINERY or inside.startswith("checksums/")


def _nothing_to_say(result: RequestResult, number: int) -> bool:
    return _outcome(result, number) is Outcome.RELEASE


def _rule(check_id: str) -> str:
    return _RULES.get(check_id, check_id)


def _join(folder: str, name: str) -> str:
    return f"{folder}/{name}" if folder else name


def _add(results: dict[str, Any], uid: str, entry: dict[str, Any]) -> None:
    name, number = uid, 1
    while name in results:
        number += 1
        name = f"{uid} ({number})"
    results[name] = entry


def _title(name: str) -> str:
    """The name of an entry: shown as it is, and in places as a piece of a page."""
    return _MARKUP.sub("_", shown(name))


def _escaped(text: str) -> str:
    """Text in which no markup is left; what was escaped already stays as it is."""
    return shown(text.replace("\n", " ").strip("\r")).replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
