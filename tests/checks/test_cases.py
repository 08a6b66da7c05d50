"""The worked examples of `checks/<id>.toml`, each through the real identification, readers and recognition."""

from __future__ import annotations

import io
import tomllib
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sdc_airlock.checks import checks
from sdc_airlock.model.decision import Outcome
from sdc_airlock.model.finding import Finding
from sdc_airlock.policy import Profile

FOLDER = Path(__file__).parents[2] / "checks"
KEYS = {
    "name",
    "filename",
    "text",
    "hex",
    "zip",
    "append_hex",
    "repeat",
    "params",
    "rule",
    "severity",
    "rows",
    "columns",
    "why",
    "withdrawn",
    "files",
    "earlier",
    "statement",
}


def cases(section: str) -> list[Any]:
    """One parameter for each example of that section, in all files."""
    found = []
    for path in sorted(FOLDER.glob("*.toml")):
        for case in tomllib.loads(path.read_text(encoding="utf-8")).get(section, []):
            marks = [pytest.mark.xfail(strict=True, reason=case.get("why", "a known blind spot"))] if section == "blind" else []
            found.append(pytest.param(path.stem, case, id=f"{path.stem}-{case['name']}".replace(" ", "_"), marks=marks))
    return found


def data_of(case: dict[str, Any]) -> bytes:
    """The bytes of an example: text, hex digits, or the members of a zip archive; repeated; with more at the end."""
    if "zip" in case:
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            for name, text in case["zip"].items():
                archive.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), text)
        data = buffer.getvalue()
    else:
        data = case["text"].encode() if "text" in case else bytes.fromhex(case["hex"])
    return data * case.get("repeat", 1) + bytes.fromhex(case.get("append_hex", ""))


def holding(findings: tuple[Finding, ...], profile: Profile) -> list[Finding]:
    """The findings that lead to more than a release."""
    return [finding for finding in findings if profile.outcome_of(finding) is not Outcome.RELEASE]


@pytest.fixture
def findings_of(
    run_check: Callable[..., tuple[Finding, ...]], run_request: Callable[..., tuple[Finding, ...]], default_profile: Profile
) -> Callable[[str, dict[str, Any]], list[Finding]]:
    """Runs an example, of one file or of a whole request (`files`), and gives the findings that hold it."""

    def run(check_id: str, case: dict[str, Any]) -> list[Finding]:
        assert case.keys() <= KEYS, f"unknown key in the example: {sorted(case.keys() - KEYS)}"
        assert check_id in checks(), f"there is no check {check_id}"
        if "files" in case:
            files, earlier = case["files"], case.get("earlier", {})
            return holding(run_request(check_id, files, case.get("params"), earlier, case.get("statement", "")), default_profile)
        findings = run_check(check_id, data_of(case), case.get("filename", "output.txt"), case.get("params"), case.get("withdrawn", ()))
        return holding(findings, default_profile)

    return run


@pytest.mark.parametrize(("check_id", "case"), [*cases("flag"), *cases("blind")])
def test_flagged(check_id: str, case: dict[str, Any], findings_of: Callable[[str, dict[str, Any]], list[Finding]]) -> None:
    """An example that must be flagged is held, by the rule and at the places it names."""
    findings = findings_of(check_id, case)
    assert findings
    if "rule" in case:
        assert case["rule"] in {finding.rule for finding in findings}
    if "severity" in case:
        assert case["severity"] == max(finding.severity for finding in findings).word
    if "rows" in case:
        assert set(case["rows"]) == {row for finding in findings for row in finding.location.rows}
    if "columns" in case:
        assert set(case["columns"]) == {column for finding in findings for column in finding.location.columns}


@pytest.mark.parametrize(("check_id", "case"), cases("pass"))
def test_passed(check_id: str, case: dict[str, Any], findings_of: Callable[[str, dict[str, Any]], list[Finding]]) -> None:
    """An example that must pass is not held by the check."""
    assert findings_of(check_id, case) == []
