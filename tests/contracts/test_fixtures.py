"""What becomes of the synthetic outputs is what their manifest says."""

from __future__ import annotations

import hashlib
import tomllib
from pathlib import Path
from typing import Any

import pytest

from sdc_airlock import RequestResult, scan

FOLDER = Path(__file__).parents[2] / "fixtures"
OUTPUTS = tomllib.loads((FOLDER / "MANIFEST.toml").read_text("utf-8"))["output"]


@pytest.fixture(scope="module")
def judged() -> RequestResult:
    """All of them, judged as one request."""
    return scan(FOLDER / "requests")


def test_the_manifest_lists_every_file() -> None:
    """Each file is in the manifest once, with its digest."""
    listed = {output["path"]: output["sha256"] for output in OUTPUTS}
    there = {path.relative_to(FOLDER).as_posix(): path for path in (FOLDER / "requests").rglob("*") if path.is_file()}
    assert listed == {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in there.items()}


@pytest.mark.parametrize("output", OUTPUTS, ids=lambda output: output["path"].removeprefix("requests/"))
def test_each_output_has_its_outcome(judged: RequestResult, output: dict[str, Any]) -> None:
    """The outcome is the one expected, and the check that has to speak does."""
    found = {f"requests/{file.path}": (assessment, decision) for file, assessment, decision in judged.rows()}
    assessment, decision = found[output["path"]]
    speaking = {finding.check_id for finding in assessment.findings}
    assert (decision.outcome.word, not output["speaks"] or output["speaks"] in speaking) == (output["outcome"], True)
