"""The JSON report keeps the contract and holds no text of the file."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sdc_airlock.model.content import Unread, UnreadReason
from sdc_airlock.model.decision import Outcome
from sdc_airlock.model.finding import Finding, Location
from sdc_airlock.model.output import OutputRequest
from sdc_airlock.reports import RequestResult, json_report

CONTRACT = {
    "": ["schema_version", "tool", "profile", "request", "outcome", "risk", "confidence", "findings", "outputs"],
    "outputs": [
        "path",
        "file_id",
        "size_bytes",
        "file_type",
        "outcome",
        "risk",
        "confidence",
        "complete",
        "recognised",
        "findings",
        "unread",
        "runs",
    ],
    "file_type": ["label", "claimed_extension", "mismatch"],
    "recognised": ["part_id", "kind", "rows", "columns", "why"],
    "findings": ["check_id", "severity", "kind", "statbarn", "location", "count", "message", "remedy"],
    "location": ["part_id", "rows", "columns"],
    "unread": ["part_id", "why", "limit"],
    "runs": ["check_id", "status", "elapsed_ms"],
    "request": ["request_id", "requester", "project"],
}
SCHEMA = json.loads(json_report.schema_text())


def test_the_schema_is_a_schema() -> None:
    """What is published is valid JSON Schema, draft 2020-12."""
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


def test_a_full_report_follows_the_schema(full: RequestResult) -> None:
    """A report with something of everything validates."""
    jsonschema.validate(json.loads(json_report.render(full)), SCHEMA)


def test_keys_stand_as_in_the_contract(full: RequestResult) -> None:
    """Every key of the contract is there, first and in its order; more may follow."""

    def visit(value: Any, name: str) -> None:
        if isinstance(value, list):
            for item in value:
                visit(item, name)
        elif isinstance(value, dict):
            wanted = CONTRACT.get(name, [])
            assert list(value)[: len(wanted)] == wanted
            for key, inner in value.items():
                visit(inner, key)

    visit(json.loads(json_report.render(full)), "")


@pytest.mark.parametrize(
    ("key", "value"),
    [("outcome", "pass"), ("risk", "yellow"), ("confidence", 1.2), ("schema_version", 2), ("outputs", None)],
)
def test_the_schema_refuses_what_is_no_report(full: RequestResult, key: str, value: object) -> None:
    """A word outside the contract does not validate."""
    report = json_report.to_object(full) | {key: value}
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(report, SCHEMA)


def test_the_schema_refuses_a_release_of_what_was_not_read(full: RequestResult) -> None:
    """An output that is not complete cannot be reported as released."""
    report = json_report.to_object(full)
    output = next(output for output in report["outputs"] if not output["complete"])
    output["outcome"] = "release"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(report, SCHEMA)


def test_row_labels_never_stand_in_the_report(
    make_result: Callable[..., RequestResult], case: Any, make_finding: Callable[..., Finding]
) -> None:
    """Labels come from the file, so the report leaves them out."""
    result = make_result(case("a.csv", Outcome.REVIEW, findings=(make_finding(labels=("Zebedee",)),)))
    assert "Zebedee" not in json_report.render(result)
    assert "labels" not in json_report.render(result)


def test_equal_results_give_equal_text(full: RequestResult) -> None:
    """The report is the same to the byte each time."""
    assert json_report.render(full) == json_report.render(replace(full))


def test_a_limit_without_end_is_null(make_result: Callable[..., RequestResult], case: Any) -> None:
    """JSON has no infinity, so a limit that has no end is left open."""
    gap = Unread(part_id="a.csv", why=UnreadReason.LIMIT, limit_name="file_seconds", limit=float("inf"), seen=3.0)
    report = json.loads(json_report.render(make_result(case("a.csv", Outcome.REVIEW, unread=(gap,)))))
    assert report["outputs"][0]["unread"][0]["limit"] is None
    assert report["outputs"][0]["unread"][0]["seen"] == 3.0


def test_a_confidence_that_is_no_probability_is_none_at_all(make_result: Callable[..., RequestResult], case: Any) -> None:
    """A confidence that could not be worked out counts as none."""
    report = json.loads(json_report.render(make_result(case("a.csv", confidence=float("nan")))))
    assert report["outputs"][0]["confidence"] == 0.0


@pytest.mark.no_cover
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(name=st.text(st.characters(codec=None), max_size=30), message=st.text(st.characters(codec=None), max_size=30))
def test_hostile_text_is_valid_and_printable(
    make_result: Callable[..., RequestResult], case: Any, make_finding: Callable[..., Finding], name: str, message: str
) -> None:
    """Names and messages of any characters give UTF-8 that validates and in which every text prints."""
    hostile = make_finding(message=message, location=Location(part_id=name, columns=(name,)))
    text = json_report.render(make_result(case(name, Outcome.REVIEW, findings=(hostile,)), request_id=name))
    report = json.loads(text.encode("utf-8"))
    jsonschema.validate(report, SCHEMA)
    assert text.replace("\n", "").isprintable()


def test_a_result_must_be_whole(full: RequestResult) -> None:
    """A result that loses an output, or is milder than one of its outputs, is refused."""
    with pytest.raises(ValueError, match="differ in number"):
        replace(full, decisions=full.decisions[1:])
    with pytest.raises(ValueError, match="same order"):
        replace(full, decisions=full.decisions[::-1])
    with pytest.raises(ValueError, match="milder"):
        replace(full, outcome=Outcome.REVIEW)
    with pytest.raises(ValueError, match="time zone"):
        replace(full, started_at=full.started_at.replace(tzinfo=None))


def test_an_empty_request_is_reported(make_result: Callable[..., RequestResult]) -> None:
    """A request with no files has a report too, and is held."""
    result = make_result(request=OutputRequest(request_id="empty", files=()))
    report = json.loads(json_report.render(result))
    jsonschema.validate(report, SCHEMA)
    assert (report["outputs"], report["outcome"]) == ([], "review")
