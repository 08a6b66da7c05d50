"""The index of a batch: many output requests on one page and in one JSON file, what needs a person first on top."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from sdc_airlock.model.decision import Outcome, Risk
from sdc_airlock.reports import words
from sdc_airlock.reports.grouping import look_first
from sdc_airlock.reports.html_report import headline
from sdc_airlock.reports.page import render_page
from sdc_airlock.reports.safe import shown

if TYPE_CHECKING:
    from datetime import datetime

    from sdc_airlock.reports.result import RequestResult

_RISKS = tuple(Risk)


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexEntry:
    """One request of a batch.

    Attributes:
        outputs: Number of outputs; `counts`, `incomplete`: how many of them have each outcome, and were not read whole.
        first: What to look at first, in one line.
        html, json: Names of its reports, relative to the index; "" where there is none.
        failure: Why it could not be judged, "" where it was; a request that failed is held.
    """

    request_id: str
    outcome: Outcome
    risk: Risk
    confidence: float
    headline: str
    outputs: int = 0
    counts: tuple[tuple[Outcome, int], ...] = ()
    incomplete: int = 0
    first: str = ""
    project: str | None = None
    requester: str | None = None
    html: str = ""
    json: str = ""
    failure: str = ""

    @classmethod
    def of(cls, result: RequestResult, *, html: str = "", json: str = "") -> IndexEntry:
        """The entry of a request that was judged."""
        top = look_first(result, most=1)
        first = ""
        if top:
            index, group = top[0]
            first = f"{shown(result.assessments[index].path)}: {words.check_title(group.first.check_id).lower()}"
        return cls(
            request_id=result.request.request_id,
            outcome=result.outcome,
            risk=result.risk,
            confidence=result.confidence,
            headline=headline(result),
            outputs=len(result.decisions),
            counts=tuple(result.counts.items()),
            incomplete=sum(not assessment.complete or file.refusal is not None for file, assessment, _ in result.rows()),
            first=first,
            project=result.request.project,
            requester=result.request.requester,
            html=html,
            json=json,
        )

    @classmethod
    def failed(cls, request_id: str, failure: str) -> IndexEntry:
        """The entry of a request that could not be judged.

        Args:
            request_id: The request.
            failure: Why, in words, without a value of any file.
        """
        return cls(
            request_id=request_id,
            outcome=Outcome.REVIEW,
            risk=Risk.RED,
            confidence=0.0,
            headline="Could not be judged",
            failure=failure.strip() or "no reason was recorded",
        )

    def number(self, outcome: Outcome) -> int:
        """Outputs with that outcome."""
        return dict(self.counts).get(outcome, 0)

    @property
    def html_link(self) -> str:
        """The address of the page, escaped so that no name can become another kind of address."""
        return quote(self.html, errors="backslashreplace")

    @property
    def json_link(self) -> str:
        """The address of the JSON report, escaped likewise."""
        return quote(self.json, errors="backslashreplace")


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Many requests, judged in one run.

    Attributes:
        broken_off: True where the run was stopped before all requests were judged.
    """

    entries: tuple[IndexEntry, ...]
    profile_id: str
    profile_sha256: str
    profile_title: str
    started_at: datetime
    elapsed_ms: int
    tool_version: str
    broken_off: bool = False

    @property
    def outcome(self) -> Outcome:
        """The gravest outcome; a batch that is empty or was broken off is held."""
        floor = Outcome.REVIEW if self.broken_off or not self.entries else Outcome.RELEASE
        return max((floor, *(entry.outcome for entry in self.entries)))

    @property
    def counts(self) -> dict[Outcome, int]:
        """Requests by outcome, the gravest first; those that failed are not among them."""
        seen = Counter(entry.outcome for entry in self.entries if not entry.failure)
        return {outcome: seen[outcome] for outcome in sorted(Outcome, reverse=True)}

    @property
    def failures(self) -> tuple[IndexEntry, ...]:
        """Requests that could not be judged."""
        return tuple(entry for entry in self.ordered() if entry.failure)

    def ordered(self) -> list[IndexEntry]:
        """Entries as a person should take them: failed, then by risk and outcome, then the larger number of held outputs."""
        return sorted(self.entries, key=_rank)


def _rank(entry: IndexEntry) -> tuple[bool, int, int, int, str]:
    held = entry.outputs - entry.number(Outcome.RELEASE)
    return not entry.failure, -_RISKS.index(entry.risk), -entry.outcome, -held, entry.request_id


def render_html(batch: Batch) -> str:
    """The index as a page."""
    return render_page(
        "index.html.j2",
        style=("base.css", "index.css"),
        script=("index.js",),
        batch=batch,
        entries=batch.ordered(),
        outputs=sum(entry.outputs for entry in batch.entries),
        risk_rank=dict(zip(_RISKS, range(len(_RISKS)), strict=True)),
        Outcome=Outcome,
    )


def render_json(batch: Batch) -> str:
    """The index as JSON text. Equal batches give equal text."""
    index = {
        "schema_version": 1,
        "tool": {"name": "sdc-airlock", "version": batch.tool_version},
        "profile": {"id": shown(batch.profile_id), "sha256": batch.profile_sha256, "title": shown(batch.profile_title)},
        "outcome": batch.outcome.word,
        "broken_off": batch.broken_off,
        "counts": {**{outcome.word: number for outcome, number in batch.counts.items()}, "failed": len(batch.failures)},
        "requests": [_entry(entry) for entry in batch.ordered()],
        "started_at": batch.started_at.isoformat(timespec="seconds"),
        "elapsed_ms": batch.elapsed_ms,
    }
    return json.dumps(index, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def _entry(entry: IndexEntry) -> dict[str, Any]:
    return {
        "request_id": shown(entry.request_id),
        "outcome": entry.outcome.word,
        "risk": entry.risk.value,
        "confidence": round(entry.confidence, 4) if 0 <= entry.confidence <= 1 else 0.0,
        "outputs": entry.outputs,
        "counts": {outcome.word: number for outcome, number in entry.counts},
        "incomplete": entry.incomplete,
        "headline": shown(entry.headline),
        "first": shown(entry.first),
        "project": None if entry.project is None else shown(entry.project),
        "requester": None if entry.requester is None else shown(entry.requester),
        "html": shown(entry.html) or None,
        "json": shown(entry.json) or None,
        "failure": shown(entry.failure),
    }
