"""The index of a batch."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sdc_airlock.model.decision import Outcome
from sdc_airlock.model.finding import Finding
from sdc_airlock.reports import RequestResult
from sdc_airlock.reports.index_report import Batch, IndexEntry, render_html, render_json

Results = Callable[..., RequestResult]


def batch(*entries: IndexEntry, broken_off: bool = False) -> Batch:
    """A batch of these requests."""
    return Batch(
        entries=entries,
        profile_id="default",
        profile_sha256="a" * 64,
        profile_title="Default rules",
        started_at=datetime(2026, 3, 2, 9, 30, tzinfo=UTC),
        elapsed_ms=93_211,
        tool_version="0.1.0",
        broken_off=broken_off,
    )


def test_what_needs_a_person_stands_first(make_result: Results, case: Any, make_finding: Callable[..., Finding]) -> None:
    """Requests that failed stand on top, then those at most risk."""
    index = batch(
        IndexEntry.of(make_result(case("a.csv"), request_id="green")),
        IndexEntry.of(make_result(case("a.csv", Outcome.REVIEW, findings=(make_finding(),)), request_id="amber")),
        IndexEntry.of(make_result(case("a.csv", Outcome.REJECT), request_id="red")),
        IndexEntry.failed("broken", "the worker ended twice"),
        IndexEntry.of(make_result(case("a.csv", Outcome.REVIEW), case("b.csv", Outcome.REVIEW), request_id="ambers")),
    )
    assert [entry.request_id for entry in index.ordered()] == ["broken", "red", "ambers", "amber", "green"]
    page = render_html(index)
    assert page.index("Not judged: hold these") < page.index("<h2>Requests</h2>")
    assert "a.csv: small counts" in page
    assert "4 requests are held" in page


def test_json_counts_and_names(make_result: Results, case: Any) -> None:
    """The JSON index names each request once, with counts, links and failures."""
    index = batch(
        IndexEntry.of(
            make_result(case("a.csv"), case("b.csv", Outcome.REJECT, failure="timed out"), request_id="r1"),
            html="r1/report.html",
            json="r1/report.json",
        ),
        IndexEntry.failed("r2", "no such folder"),
    )
    found = json.loads(render_json(index))
    assert found["outcome"] == "reject"
    assert found["counts"] == {"reject": 1, "review": 0, "release": 0, "failed": 1}
    assert [(entry["request_id"], entry["outcome"], entry["html"], entry["failure"]) for entry in found["requests"]] == [
        ("r2", "review", None, "no such folder"),
        ("r1", "reject", "r1/report.html", ""),
    ]
    assert found["requests"][1]["counts"] == {"reject": 1, "review": 0, "release": 1}
    assert found["requests"][1]["incomplete"] == 1


def test_nothing_judged_is_never_a_release(make_result: Results, case: Any) -> None:
    """A batch that is empty, was stopped, or in which a request failed is held."""
    fine = IndexEntry.of(make_result(case("a.csv"), request_id="r1"))
    assert batch(fine).outcome is Outcome.RELEASE
    assert batch().outcome is Outcome.REVIEW
    assert batch(fine, broken_off=True).outcome is Outcome.REVIEW
    assert batch(fine, IndexEntry.failed("r2", "no such folder")).outcome is Outcome.REVIEW
    assert batch(fine, IndexEntry.failed("r2", "")).failures[0].failure == "no reason was recorded"
    assert "Every request may be released" in render_html(batch(fine))
    assert "No requests were found" in render_html(batch())
    assert "This run was stopped before it came to an end." in render_html(batch(fine, broken_off=True))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40, deadline=None)
@given(text=st.text(st.characters(codec=None), max_size=30))
def test_hostile_names_stay_text(make_result: Results, case: Any, text: str) -> None:
    """A name can neither become markup nor another kind of address."""

    def tags(name: str) -> int:
        entry = IndexEntry.of(make_result(case(name), request_id=name), html=f"javascript:{name}.html", json=f"{name}.json")
        page = render_html(batch(entry, IndexEntry.failed(name, name)))
        assert 'href="javascript:' not in page
        json.loads(render_json(batch(entry)).encode())
        return page.count("<")

    assert tags(text) == tags("x")
