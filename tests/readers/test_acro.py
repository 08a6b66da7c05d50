"""The record of an ACRO session: which documents are one, and what is taken from it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from sdc_airlock.identify import identify
from sdc_airlock.limits import Limits
from sdc_airlock.model.session import Mitigation, Session, SessionOutput, Standing
from sdc_airlock.readers import read
from sdc_airlock.source import Source


def entry(**changed: Any) -> dict[str, Any]:
    """One output as ACRO 0.4 writes it."""
    summary = {"suppressed": True, "negative": 0, "missing": 2, "threshold": 1, "p-ratio": 2, "nk-rule": 2, "all-values-are-same": 0}
    cells = {"negative": [], "missing": [[0, 0], [0, 1]], "threshold": [[2, 1]], "p-ratio": [[2, 0], [2, 1]], "nk-rule": [[2, 0], [2, 1]]}
    return {
        "uid": " crosstab_of_two",
        "status": "review",
        "type": "table",
        "properties": {"method": "crosstab"},
        "files": [{"name": " crosstab_of_two_0.csv", "sdc": {"summary": summary, "cells": cells}}],
        "outcome": {"a": {"x": "ok", "y": "ok", "z": "ok"}, "b": {"x": "ok", "y": "ok", "z": "threshold; "}},
        "command": "acro.crosstab(",
        "summary": "review; threshold: 1 cells suppressed; ",
        "timestamp": "2026-06-30T15:19:49.603861",
        "comments": [],
        "exception": "Suppression automatically applied where needed",
    } | changed


def session_in(document: object) -> Session | None:
    """The session that the reader of JSON finds in a document."""
    source = Source.of_bytes(json.dumps(document).encode(), part_id="anything.json", name="anything.json")
    content = read(source, identify(source), file_id="", limits=Limits())
    found = [part for part in content.parts if isinstance(part, Session)]
    assert len(content.parts) > len(found), "the record is read as any other document too"
    return found[0] if found else None


def output(**changed: Any) -> SessionOutput:
    """The one output of a session, with some of its fields changed."""
    session = session_in({"version": "0.4.12", "results": {"a": entry(**changed)}})
    assert session is not None
    return session.outputs[0]


def test_a_session_is_known_by_its_shape() -> None:
    """The record is found whatever it is called, with a name that begins with a space and cells that several rules flagged."""
    session = session_in({"version": "0.4.12", "results": {" crosstab_of_two": entry()}})
    assert session is not None
    assert session.known
    assert not session.reviewed
    (found,) = session.outputs
    assert (found.standing, found.mitigation, found.exception, found.shape) == (Standing.REVIEW, Mitigation.SUPPRESSED, False, (3, 2))
    assert (found.files[0].name, found.files[0].cells) == (" crosstab_of_two_0.csv", ((2, 0), (2, 1)))


@pytest.mark.parametrize(
    "document",
    [
        {"version": "1.0", "results": {}},
        {"version": "1.0", "results": [entry()]},
        {"version": 1, "results": {"a": entry()}},
        {"version": "1.0", "results": {"model": {"score": 0.71, "files": ["a.csv"]}}},
        {"results": {"a": entry()}},
        {"version": "1.0", "outputs": {"a": entry()}},
    ],
)
def test_other_documents_are_no_session(document: object) -> None:
    """A document with some of the same keys is read as any other."""
    assert session_in(document) is None


@pytest.mark.parametrize(
    ("version", "known"), [("0.4.0", True), ("0.4.12", True), ("1.0.2", True), ("1.12", True), ("0.3", False), ("2.0", False)]
)
def test_versions(version: str, known: bool) -> None:  # noqa: FBT001 - a parameter of the test
    """The words of 0.4 and 1 are known."""
    session = session_in({"version": version, "results": {"a": entry()}})
    assert session is not None
    assert session.known is known


@pytest.mark.parametrize(
    ("changed", "standing"),
    [
        ({"status": "pass"}, Standing.PASSED),
        ({"status": "fail"}, Standing.FAILED),
        ({"status": "approved"}, Standing.PASSED),
        ({"status": "Rejected"}, Standing.WITHHELD),
        ({"status": "pass", "comments": ["Not for release, only for the team"]}, Standing.WITHHELD),
        ({"status": "something else"}, Standing.UNKNOWN),
        ({"status": None}, Standing.UNKNOWN),
    ],
)
def test_standing(changed: dict[str, Any], standing: Standing) -> None:
    """What a session says of an output, in its word or in a comment."""
    assert output(**changed).standing is standing


def test_mitigation_of_version_one() -> None:
    """Version 1 says in its properties what was done."""
    plain = {
        "files": [{"name": "a.csv", "sdc": {}}],
        "summary": "crosstab : \nMinimumThresholdCheck: fail - 2 cells may need suppressing.\n",
        "exception": "",
    }
    assert output(**plain).mitigation is Mitigation.NONE
    assert output(**plain, properties={"mitigation": "suppress"}).mitigation is Mitigation.SUPPRESSED
    rounded = output(**plain, properties={"mitigation": "round", "round_base": 5})
    assert (rounded.mitigation, rounded.rounded_to) == (Mitigation.ROUNDED, 5)


def test_what_a_researcher_asks_for_is_an_exception() -> None:
    """The words that ACRO writes by itself are none."""
    assert output(exception="The hospital has published this count").exception
    assert not output(exception="").exception
    assert not output(exception="Suppression automatically applied where needed").exception


def test_a_reviewed_record_and_entries_that_are_none() -> None:
    """What a reviewer adds is noticed; entries in another form are counted."""
    session = session_in(
        {"version": "0.4.12", "reviewer": "somebody", "results": {"a": entry(), "b": {"files": "none"}, "c": entry(files=[{}])}}
    )
    assert session is not None
    assert (session.reviewed, session.unreadable, len(session.outputs)) == (True, 2, 1)


def parts_of(document: object) -> tuple[Any, ...]:
    """All parts of a document."""
    source = Source.of_bytes(json.dumps(document).encode(), part_id="results.json", name="results.json")
    return read(source, identify(source), file_id="", limits=Limits()).parts


def test_a_record_in_its_own_form_is_read_as_words() -> None:
    """Places, counts and marks of the program are left out; commands, comments and labels are texts of their own."""
    parts = parts_of({"version": "0.4.12", "results": {f"output_{number}": entry(uid=f"output_{number}") for number in range(30)}})
    assert [type(part).__name__ for part in parts] == ["Session", "TextPart", "TextPart", "TextPart"]
    assert [part.part_id for part in parts[1:]] == ["results.json!commands", "results.json!words", "results.json!settings"]


@pytest.mark.parametrize(
    "changed",
    [
        {"outcome": {"a": {"x": "ok", "y": "ok", "z": "43"}, "b": {"x": "ok", "y": "ok", "z": "ok"}}},
        {"outcome": {"a": {"4857773456": "ok", "y": "ok", "z": "ok"}, "b": {"4857773456": "ok", "y": "ok", "z": "ok"}}},
        {"outcome": {"a": {"F,43,24.1,E11": "ok"}}},
        {"files": [{"name": "a.csv", "sdc": {"summary": {}, "cells": {"threshold": [[412, 7]]}}}]},
        {"files": [{"name": "a.csv", "sdc": {"summary": {"threshold": 1200}, "cells": {}}}]},
        {"files": [{"name": "a.csv", "sdc": {"summary": {"age": 1}, "cells": {}}}]},
        {"properties": {"method": "crosstab", "seen": [12, 14, 15]}},
        {"data": [1, 2, 3, 4, 5]},
        {"timestamp": "43"},
    ],
)
def test_what_is_in_no_known_form_is_read_as_any_document(changed: dict[str, Any]) -> None:
    """A record is no place to hide numbers in: what the program does not write is read like everything else."""
    parts = parts_of({"version": "0.4.12", "results": {"output_0": entry(uid="output_0", **changed)}})
    known = ("results.json!commands", "results.json!words", "results.json!settings")
    assert [part for part in parts if not isinstance(part, Session) and part.part_id not in known]
