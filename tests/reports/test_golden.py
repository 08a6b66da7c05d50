"""Golden reports do not depend on the clock or on the run."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from sdc_airlock.reports import CheckNote, RequestResult
from sdc_airlock.reports.golden import golden_files


def test_golden_reports_do_not_move_with_the_clock(full: RequestResult, notes: dict[str, CheckNote]) -> None:
    """The same findings on another day and another machine give the same bytes."""
    later = replace(
        full,
        started_at=full.started_at + timedelta(days=3),
        elapsed_ms=99,
        assessments=tuple(replace(item, runs=tuple(replace(run, elapsed_ms=77) for run in item.runs)) for item in full.assessments),
    )
    assert golden_files(full, notes) == golden_files(later, notes)


def test_golden_reports_are_named_after_the_request(full: RequestResult) -> None:
    """One file a kind of report, under a name that is safe to write."""
    assert list(golden_files(full)) == ["2026-014.json", "2026-014.html", "2026-014.txt"]
    odd = replace(full, request=replace(full.request, request_id="../x y"))
    assert list(golden_files(odd)) == ["..-x-y.json", "..-x-y.html", "..-x-y.txt"]
