"""Assessments, findings and profiles for the tests of policy."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sdc_airlock.model.assessment import Assessment, Summary
from sdc_airlock.model.checkrun import CheckRun, RunStatus
from sdc_airlock.model.filetype import Family, FileType
from sdc_airlock.model.finding import Finding, Location, Severity
from sdc_airlock.model.recognised import Kind
from sdc_airlock.policy import Profile, load_profile


@pytest.fixture(scope="session")
def profile() -> Profile:
    """The default profile."""
    return load_profile("default")


@pytest.fixture(scope="session")
def finding_of() -> Callable[..., Finding]:
    """Makes a finding of some severity."""

    def make(severity: Severity, check_id: str = "anomalous_size") -> Finding:
        return Finding(
            check_id=check_id, severity=severity, location=Location(part_id="table.csv"), message="too many rows", remedy="fewer"
        )

    return make


@pytest.fixture(scope="session")
def assessment_of(profile: Profile) -> Callable[..., Assessment]:
    """Makes an assessment of a table in which every required check ran; keywords change it."""

    def make(findings: tuple[Finding, ...] = (), **changes: Any) -> Assessment:
        runs = tuple(
            CheckRun(
                check_id=check,
                check_version=1,
                status=RunStatus.RAN,
                findings=tuple(finding for finding in findings if finding.check_id == check),
            )
            for check in profile.required_checks
        )
        given: dict[str, Any] = {
            "path": "table.csv",
            "claimed_name": "table.csv",
            "file_id": "0" * 64,
            "size_bytes": 120,
            "file_type": FileType(label="csv", family=Family.DELIMITED),
            "recognised": (Summary(part_id="table.csv", kind=Kind.FREQUENCY_TABLE, rows=4, columns=2, why=(), probability=0.95),),
            "runs": runs,
        }
        return Assessment(**(given | changes))

    return make


@pytest.fixture
def write_profile(tmp_path: Path) -> Callable[[str], str]:
    """Writes a profile of one's own and gives its path."""

    def write(body: str, head: str = 'id = "ours"\ntitle = "Our environment"\n') -> str:
        path = tmp_path / "ours.toml"
        path.write_text(head + body, encoding="utf-8")
        return str(path)

    return write
