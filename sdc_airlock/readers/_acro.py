"""The record of an ACRO session (`results.json`, versions 0.4 and 1): recognised by its shape, whatever it is called."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from sdc_airlock.model.session import Mitigation, Session, SessionFile, SessionOutput, Standing

_KNOWN = re.compile(r"(?:0\.4|1)(?:\.\d{1,6}){0,3}(?:\D.{0,20})?")
_STANDINGS = {"pass": Standing.PASSED, "fail": Standing.FAILED, "review": Standing.REVIEW, "approved": Standing.PASSED}
_WITHHELD = frozenset({"rejected", "reject", "excluded", "exclude", "withheld", "removed", "remove", "not for release", "deleted"})
_NOT_FOR_RELEASE = re.compile(r"\b(?:not for release|do not release|don't release|exclude from release)\b", re.IGNORECASE)
_REVIEW_KEYS = frozenset({"reviewer", "review_timestamp", "reviewer_summary"})
# what ACRO itself writes where a researcher could ask for an exception
_AUTOMATIC = re.compile(r"\s*(?:suppression|rounding|mitigation) (?:was )?automatically applied[^\n]{0,60}", re.IGNORECASE)
_SUPPRESSED = re.compile(r"\bcells? (?:have been |were )?suppressed\b", re.IGNORECASE)
_ENTRY_KEYS = frozenset({"status", "outcome", "command", "summary", "type", "properties", "exception", "comments", "timestamp", "uid"})
_FEWEST_KEYS = 3
# rules whose cells are suppressed; "negative", "missing" and the like only ask for a look
_SUPPRESSING = frozenset(
    {"threshold", "p-ratio", "nk-rule", "all-values-are-same", "MinimumThresholdCheck", "NKCheck", "PPercentCheck", "AllSameValuesCheck"}
)
_MOST_CELLS = 2_000


def session_of(value: object, part_id: str) -> Session | None:
    """The session that a JSON document records; None where it is no such record."""
    if not isinstance(value, dict):
        return None
    version, results = value.get("version"), value.get("results")
    if not isinstance(version, str) or not isinstance(results, dict) or not results:
        return None
    outputs = [_output(entry) for entry in results.values()]
    understood = tuple(output for output in outputs if output is not None)
    if not understood:
        return None
    return Session(
        part_id=part_id,
        known=_KNOWN.fullmatch(version.strip()) is not None,
        outputs=understood,
        reviewed=bool(_REVIEW_KEYS & value.keys()),
        unreadable=len(outputs) - len(understood),
    )


def _output(entry: object) -> SessionOutput | None:
    if not isinstance(entry, dict) or len(_ENTRY_KEYS & entry.keys()) < _FEWEST_KEYS:
        return None
    listed = entry.get("files")
    if not isinstance(listed, list):
        return None
    files = tuple(_files(listed))
    if len(files) < len(listed):
        return None
    properties = _mapping(entry.get("properties"))
    base = properties.get("round_base")
    return SessionOutput(
        standing=_standing(entry),
        mitigation=_mitigation(entry, properties),
        rounded_to=base if type(base) is int and 0 < base < 1_000_000 else 0,
        shape=_shape(_mapping(entry.get("outcome"))),
        exception=_asks(entry.get("exception")),
        files=files,
    )


def _standing(entry: Mapping[str, Any]) -> Standing:
    word = _text(entry.get("status")).strip().lower()
    comments = entry.get("comments")
    said = " ".join(_text(each) for each in comments) if isinstance(comments, list) else _text(comments)
    if word in _WITHHELD or _NOT_FOR_RELEASE.search(said):
        return Standing.WITHHELD
    return _STANDINGS.get(word, Standing.UNKNOWN)


def _mitigation(entry: Mapping[str, Any], properties: Mapping[str, Any]) -> Mitigation:
    """What was done, by the word of version 1, or by the summaries of version 0.4."""
    word = _text(properties.get("mitigation")).strip().lower()
    if word == "round":
        return Mitigation.ROUNDED
    summaries = [_mapping(_mapping(each.get("sdc")).get("summary")) for each in entry.get("files", ()) if isinstance(each, dict)]
    suppressed = word == "suppress" or any(summary.get("suppressed") is True for summary in summaries)
    told = _SUPPRESSED.search(_text(entry.get("summary"))) or _AUTOMATIC.match(_text(entry.get("exception")))
    return Mitigation.SUPPRESSED if suppressed or told else Mitigation.NONE


def _shape(outcome: Mapping[str, Any]) -> tuple[int, int] | None:
    rows = {len(column) for column in outcome.values() if isinstance(column, dict)}
    return (rows.pop(), len(outcome)) if len(rows) == 1 else None


def _asks(exception: object) -> bool:
    words = _text(exception).strip()
    return bool(words) and _AUTOMATIC.fullmatch(words) is None


def _files(listed: list[Any]) -> Iterator[SessionFile]:
    for each in listed:
        name = _mapping(each).get("name")
        if not isinstance(name, str) or not name.strip():
            continue
        sdc = _mapping(_mapping(each).get("sdc"))
        summary = _mapping(sdc.get("summary"))
        counts = [count for rule, count in summary.items() if rule in _SUPPRESSING and type(count) is int and count > 0]
        cells = tuple(sorted(set(_cells(_mapping(sdc.get("cells"))))))
        yield SessionFile(name=name, flagged=max(sum(counts), len(cells)), cells=cells[:_MOST_CELLS])


def _cells(by_rule: Mapping[str, Any]) -> Iterator[tuple[int, int]]:
    for rule, places in by_rule.items():
        for place in places if rule in _SUPPRESSING and isinstance(places, list) else ():
            if isinstance(place, list) and len(place) == 2 and all(type(number) is int and 0 <= number < 1 << 31 for number in place):
                yield place[0], place[1]


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
