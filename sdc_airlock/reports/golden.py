"""Golden reports: what users will really see, free of the clock and the machine, so that equal findings give equal bytes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from sdc_airlock.model.sandbox import Protection, Sandbox
from sdc_airlock.reports import html_report, json_report, terminal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sdc_airlock.reports.result import CheckNote, RequestResult

_THEN: Final = datetime(2026, 1, 1, tzinfo=UTC)


def golden_files(result: RequestResult, notes: Mapping[str, CheckNote] | None = None) -> dict[str, str]:
    """The reports of a request by file name, free of time: `<request>.json`, `.html` and `.txt`.

    Args:
        result: The request, judged.
        notes: What to say of each check, by id.
    """
    still = _still(result)
    name = "".join(character if character.isalnum() or character in "-_." else "-" for character in result.request.request_id)
    return {
        f"{name}.json": json_report.render(still),
        f"{name}.html": html_report.render(still, notes),
        f"{name}.txt": terminal.render(still, width=100, show_labels=True),
    }


def _still(result: RequestResult) -> RequestResult:
    """The same result, judged at a fixed time in no time on a machine that gives every protection."""
    assessments = tuple(
        replace(assessment, runs=tuple(replace(run, elapsed_ms=0) for run in assessment.runs)) for assessment in result.assessments
    )
    sandbox = Sandbox(protections=tuple(Protection)) if result.sandbox else None
    return replace(result, assessments=assessments, started_at=_THEN, elapsed_ms=0, sandbox=sandbox)
