"""Results as the pipeline makes them, built through the model."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import pytest

from sdc_airlock.model.assessment import Assessment, Summary
from sdc_airlock.model.checkrun import CheckRun, RunStatus
from sdc_airlock.model.content import Unread, UnreadReason
from sdc_airlock.model.decision import Decision, Outcome, Reason, Risk
from sdc_airlock.model.filetype import Family, FileType
from sdc_airlock.model.finding import DisclosureKind, Finding, Location, Redacted, Severity, Statbarn
from sdc_airlock.model.output import OutputFile, OutputRequest, Refusal
from sdc_airlock.model.recognised import Kind
from sdc_airlock.reports import CheckNote, RequestResult

COLOURS = {Outcome.RELEASE: Risk.GREEN, Outcome.REVIEW: Risk.AMBER, Outcome.REJECT: Risk.RED}
CSV = FileType(label="csv", family=Family.DELIMITED, evidence=("commas on every line",), claimed_extension=".csv")


@dataclass
class Case:
    """One output of a made-up request; what is not said is ordinary."""

    path: str
    outcome: Outcome = Outcome.RELEASE
    kind: Kind = Kind.FREQUENCY_TABLE
    shape: tuple[int, int] = (12, 4)
    findings: tuple[Finding, ...] = ()
    unread: tuple[Unread, ...] = ()
    runs: tuple[CheckRun, ...] = ()
    file_type: FileType = CSV
    confidence: float = 0.97
    failure: str = ""
    refusal: Refusal | None = None
    reasons: tuple[Reason, ...] = ()
    size_bytes: int = 1234
    why: tuple[str, ...] = ("rows add up to the last row", "the header names counts")
    name_oddities: tuple[str, ...] = field(default=())

    @property
    def file_id(self) -> str:
        """A hash as intake would give it."""
        return "" if self.refusal else sha256(self.path.encode("utf-8", "surrogatepass")).hexdigest()


def finding(check_id: str = "small_counts", **changes: Any) -> Finding:
    """A small count in row 4 of table 1."""
    given: dict[str, Any] = {
        "check_id": check_id,
        "severity": Severity.HIGH,
        "location": Location(part_id="table1.csv", rows=(4,), columns=("cases",), shape=(12, 4), cells=((2, 1),)),
        "message": "below 10",
        "remedy": "merge it with a neighbouring group, or suppress it and one more cell of its row and column",
        "statbarn": Statbarn.FREQUENCIES,
    }
    return Finding(**(given | changes))


def result_of(*cases: Case, request_id: str = "2026-014", **changes: Any) -> RequestResult:
    """The result of a request made of these outputs."""
    files, assessments, decisions = [], [], []
    for case in cases:
        name = case.path.rpartition("/")[2]
        files.append(
            OutputFile(
                path=case.path,
                claimed_name=name,
                file_id=case.file_id,
                size_bytes=case.size_bytes,
                refusal=case.refusal,
                name_oddities=case.name_oddities,
            )
        )
        by_check: dict[str, list[Finding]] = {"anomalous_size": [], "genotypes": [], "individual_rows": [], "small_counts": []}
        for found in case.findings:
            by_check.setdefault(found.check_id, []).append(found)
        runs = tuple(
            CheckRun(check_id=check_id, check_version=1, status=RunStatus.RAN, findings=tuple(found), elapsed_ms=3)
            for check_id, found in by_check.items()
        )
        rows, columns = case.shape
        summary = Summary(part_id=name, kind=case.kind, rows=rows, columns=columns, why=case.why, unit="group", probability=case.confidence)
        assessments.append(
            Assessment(
                path=case.path,
                claimed_name=name,
                file_id=case.file_id,
                size_bytes=case.size_bytes,
                file_type=case.file_type,
                recognised=() if case.refusal or case.failure else (summary,),
                unread=case.unread,
                runs=() if case.refusal else (case.runs or runs),
                failure=case.failure,
            )
        )
        reasons = case.reasons or tuple(
            Reason(outcome=case.outcome, rule=f"outcomes.{found.severity.word}", text=f"{found.check_id}: {found.message}")
            for found in case.findings
        )
        decisions.append(
            Decision(
                file_id=case.file_id,
                outcome=case.outcome,
                risk=COLOURS[case.outcome],
                confidence=case.confidence,
                reasons=reasons,
                policy_id="default",
                policy_sha256="a" * 64,
                tool_version="0.1.0",
            )
        )
    outcome = max((case.outcome for case in cases), default=Outcome.REVIEW)
    given: dict[str, Any] = {
        "request": OutputRequest(request_id=request_id, files=tuple(files), requester="R. Searcher", project="Asthma in the north"),
        "assessments": tuple(assessments),
        "decisions": tuple(decisions),
        "outcome": outcome,
        "risk": COLOURS[outcome],
        "confidence": 0.96,
        "profile_id": "default",
        "profile_sha256": "a" * 64,
        "profile_title": "Default rules",
        "started_at": datetime(2026, 3, 2, 9, 30, tzinfo=UTC),
        "elapsed_ms": 1234,
        "tool_version": "0.1.0",
    }
    return RequestResult(**(given | changes))


def sample() -> RequestResult:
    """A request with something of everything."""
    merge = "merge it with a neighbouring group, or suppress it and one more cell of its row and column"
    small = tuple(
        finding(
            location=Location(part_id="tables/table1.csv", rows=(row,), columns=(column,), shape=(12, 6), cells=((row - 2, at),)),
            remedy=merge,
            labels=(label,),
            evidence=(Redacted(shape="1 digit"),),
        )
        for row, column, at, label in (
            (4, "cases", 1, "South"),
            (9, "cases", 1, "Islands"),
            (9, "controls", 2, "Islands"),
            (11, "deaths", 4, "North West"),
            (12, "deaths", 4, "Wales"),
            (13, "deaths", 4, "West"),
        )
    )
    percent = finding(
        rule="implied_by_percentage",
        location=Location(part_id="tables/table1.csv", rows=(5,), columns=("percent",), shape=(12, 6), cells=((3, 5),)),
        message="a percentage and its denominator imply a count below 10",
        remedy="round the percentage to whole numbers, or leave out the denominator",
        kind=DisclosureKind.SECONDARY,
    )
    rows = finding(
        "individual_rows",
        severity=Severity.CRITICAL,
        location=Location(part_id="cohort.csv", shape=(1204, 18), columns=("column 1",)),
        count=1204,
        message="each row looks like one person: 1,204 rows, an identifier that never repeats, and dates of single events",
        remedy="submit a summary of these rows instead; rows of single people may not leave",
        evidence=(Redacted(shape="10 digits", count=1204), Redacted(shape="date", count=2408)),
        statbarn=None,
    )
    prose = finding(
        location=Location(part_id="results.docx", lines=(14, 15), shape=(60, 1)),
        message="a number word below 10 counts people",
        remedy='say "fewer than 10" instead',
    )
    size = finding(
        "anomalous_size",
        severity=Severity.MEDIUM,
        location=Location(part_id="results.docx"),
        message="4,100,000 bytes for text, where 1,000,000 would be expected",
        remedy="submit only what the publication needs, or explain to the checker why it is this large",
        statbarn=None,
    )
    note = finding(
        "small_counts",
        severity=Severity.LOW,
        location=Location(part_id="fig1.png"),
        message="marks of single people cannot be counted in a picture",
        remedy="",
        statbarn=None,
    )
    failed = tuple(
        CheckRun(check_id=check_id, check_version=1, status=status, elapsed_ms=elapsed, error=error)
        for check_id, status, elapsed, error in (
            ("genotypes", RunStatus.FAILED, 2, "ValueError in genotypes"),
            ("individual_rows", RunStatus.TIMED_OUT, 60_000, ""),
            ("small_counts", RunStatus.NOT_APPLICABLE, 0, ""),
        )
    )
    zipped = FileType(label="zip", family=Family.ARCHIVE, claimed_extension=".csv", mismatch=True, evidence=("signature of zip",))
    png = FileType(label="png", family=Family.FIGURE, claimed_extension=".png", evidence=("signature of PNG",))
    docx = FileType(label="docx", family=Family.DOCUMENT, claimed_extension=".docx")
    return result_of(
        Case("tables/table1.csv", Outcome.REVIEW, shape=(12, 6), findings=(*small, percent), confidence=0.93),
        Case(
            "cohort.csv",
            Outcome.REJECT,
            kind=Kind.INDIVIDUAL_ROWS,
            shape=(1204, 18),
            findings=(rows,),
            confidence=0.99,
            why=("one column never repeats", "no column adds up", "dates differ on every row"),
            size_bytes=184_320,
        ),
        Case(
            "supplement.csv",
            Outcome.REVIEW,
            kind=Kind.ARCHIVE,
            file_type=zipped,
            unread=(
                Unread(part_id="supplement.csv/data/raw.bin", why=UnreadReason.ENCRYPTED),
                Unread(
                    part_id="supplement.csv/big.csv",
                    why=UnreadReason.LIMIT,
                    limit_name="expanded_bytes",
                    limit=8e9,
                    seen=9e9,
                    detail="expanded_bytes reached",
                ),
            ),
            confidence=0.9,
            reasons=(Reason(outcome=Outcome.REVIEW, rule="content", text="2 parts were not read"),),
        ),
        Case("results.docx", Outcome.REVIEW, kind=Kind.TEXT, file_type=docx, findings=(prose, size), confidence=0.71, size_bytes=4_100_000),
        Case(
            "model.bin",
            Outcome.REVIEW,
            kind=Kind.MODEL,
            runs=failed,
            confidence=0.6,
            reasons=(Reason(outcome=Outcome.REVIEW, rule="required_checks", text="2 required checks did not come to an end"),),
        ),
        Case(
            "latest",
            Outcome.REVIEW,
            refusal=Refusal.LINK,
            size_bytes=0,
            reasons=(Reason(outcome=Outcome.REVIEW, rule="intake", text="a link was not taken in"),),
        ),
        Case("figures/fig1.png", kind=Kind.FIGURE, file_type=png, findings=(note,), size_bytes=48_211),
        Case("tables/table2.csv", shape=(8, 3)),
        Case("analysis/model_fit.csv", kind=Kind.REGRESSION, shape=(14, 5)),
        request_findings=(
            finding(
                "anomalous_size",
                severity=Severity.MEDIUM,
                location=Location(part_id=""),
                message="9 outputs in one request, where 5 are usual",
                remedy="submit what the publication needs",
                statbarn=None,
            ),
        ),
        reasons=(
            Reason(outcome=Outcome.REVIEW, rule="outcomes.medium", text="anomalous_size: 9 outputs in one request, where 5 are usual"),
        ),
        profile_notes=("2 values of this profile are not verified; the default stands in for them",),
    )


NOTES = {
    "small_counts": CheckNote(
        title="A cell describes fewer people than the threshold",
        why="A person who knows that someone is in the group can find them in it, and what is said of the group is then said of them.",
        sources=(
            "SDC Handbook, Griffiths et al., section 4.2, 2019",
            "Office for National Statistics, Policy for social survey microdata, 2023, https://www.ons.gov.uk",
        ),
    ),
    "individual_rows": CheckNote(
        title="Rows describe single people",
        why="Each row can be matched with what is known of a person.",
        sources=("Five Safes, safe outputs, 2016",),
    ),
}


@pytest.fixture
def make_finding() -> Callable[..., Finding]:
    """Makes a finding, with changes."""
    return finding


@pytest.fixture
def make_result() -> Callable[..., RequestResult]:
    """Makes a result out of cases."""
    return result_of


@pytest.fixture
def case() -> type[Case]:
    """One output of a made-up request."""
    return Case


@pytest.fixture
def full() -> RequestResult:
    """A request with something of everything."""
    return sample()


@pytest.fixture
def notes() -> dict[str, CheckNote]:
    """Notes on two checks."""
    return NOTES
