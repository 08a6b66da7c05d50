"""Sessions against their files, through the pipeline: checksums, archives, and a session that may be released."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sdc_airlock.model.decision import Outcome
from sdc_airlock.model.finding import Finding, Severity
from sdc_airlock.pipeline.run import Asked, Judge, judge_with

TABLE = "year,women,men,all\n2010,115,159,274\n2011,112,159,271\n2012,,133,\n2013,120,147,267\n"
WHOLE = TABLE.replace("2012,,133,", "2012,118,133,251")


@pytest.fixture(scope="module")
def judge() -> Iterator[Judge]:
    """A judge with one worker, for all tests here."""
    with judge_with(workers=1) as made:
        yield made


def session(folder: Path, end: str = "") -> Path:
    """A session as ACRO 0.4 finalises it: one suppressed table, one that passed, a regression, settings and checksums."""
    entries: dict[str, Any] = {}
    for uid, text, flagged in (("output_0", TABLE, [[2, 0], [2, 2]]), ("output_1", WHOLE, [])):
        summary = {"suppressed": bool(flagged), "negative": 0, "missing": 0, "threshold": len(flagged), "p-ratio": 0, "nk-rule": 0}
        outcome = {
            column: {str(2010 + row): "threshold; " if [row, place] in flagged else "ok" for row in range(4)}
            for place, column in enumerate(("women", "men", "all"))
        }
        entries[uid] = {
            "uid": uid, "status": "review" if flagged else "pass", "type": "table", "properties": {"method": "crosstab"},
            "files": [{"name": f"{uid}_0.csv", "sdc": {"summary": summary, "cells": {"threshold": flagged}}}], "outcome": outcome,
            "command": "acro.crosstab(df.year, df.sex)", "summary": "review; threshold: 2 cells suppressed; " if flagged else "pass",
            "timestamp": "2026-06-30T15:19:49.603861", "comments": ["for table 2 of the paper"],
            "exception": "Suppression automatically applied where needed" if flagged else "",
        }  # fmt: skip
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{uid}_0.csv").write_text(text)
    entries["output_2"] = {
        "uid": "output_2", "status": "pass", "type": "regression", "properties": {"method": "ols", "dof": 807.0}, "files": [{"name": "output_2_0.csv", "sdc": {}}],
        "outcome": {}, "command": "acro.ols(y, x)", "summary": "pass; dof=807.0 >= 10", "timestamp": "2026-06-30T15:20:01.1", "comments": [], "exception": "",
    }  # fmt: skip
    (folder / "output_2_0.csv").write_text(
        ",coef,std err,t,P>|t|,[0.025,0.975]\nconst,-2.1e+04,8731.1,-2.4,0.016,-38100,-3900\ngrant,0.8846,0.031,28.5,0.000,0.823,0.946\n"
    )
    (folder / "results.json").write_text(json.dumps({"version": "0.4.12", "results": entries}, indent=4))
    (folder / "checksums").mkdir()
    for path in [path for path in folder.iterdir() if path.is_file()]:
        (folder / "checksums" / f"{path.name}.txt").write_text(hashlib.sha256(path.read_bytes()).hexdigest() + end)
    settings = {
        "safe_threshold": 10,
        "safe_dof_threshold": 10,
        "safe_nk_n": 2,
        "safe_nk_k": 0.9,
        "safe_pratio_p": 0.1,
        "check_missing_values": False,
    }
    (folder / "config.json").write_text(json.dumps(settings))
    return folder


def findings(judge: Judge, path: Path) -> list[Finding]:
    """What the check says of a request."""
    result = judge.judge(Asked(paths=(str(path),)))
    return [finding for finding in result.request_findings if finding.check_id == "claimed_mitigation_missing"]


@pytest.mark.parametrize("end", ["", "\n", "\r\n"])
def test_an_honest_session_may_be_released(judge: Judge, tmp_path: Path, end: str) -> None:
    """All of it: the record, the settings, the checksums and the tables."""
    result = judge.judge(Asked(paths=(str(session(tmp_path / "session", end)),)))
    assert result.request_findings == ()
    assert result.outcome is Outcome.RELEASE


def test_a_changed_file_is_named(judge: Judge, tmp_path: Path) -> None:
    """A table that is not the one the session wrote, though nothing in it discloses."""
    folder = session(tmp_path / "session")
    (folder / "output_1_0.csv").write_text(WHOLE.replace("159", "158"))
    (found,) = findings(judge, folder)
    assert (found.rule, found.severity, found.location.part_id) == ("checksum", Severity.HIGH, "output_1_0.csv")


def test_a_changed_record_is_named(judge: Judge, tmp_path: Path) -> None:
    """A record that was edited afterwards does not have its checksum."""
    folder = session(tmp_path / "session")
    (folder / "results.json").write_text((folder / "results.json").read_text().replace('"review"', '"pass"'))
    (found,) = findings(judge, folder)
    assert (found.rule, found.location.part_id) == ("checksum", "results.json")


def test_a_reviewer_may_write_into_the_record(judge: Judge, tmp_path: Path) -> None:
    """SACRO-Viewer adds its review to the record, whose own checksum is stale from then on."""
    folder = session(tmp_path / "session")
    record = json.loads((folder / "results.json").read_text()) | {"reviewer": "checker", "review_timestamp": "2026-07-01T10:00:00"}
    (folder / "results.json").write_text(json.dumps(record))
    assert findings(judge, folder) == []


def test_a_missing_checksum_is_a_question_and_none_at_all_a_note(judge: Judge, tmp_path: Path) -> None:
    """Where the session wrote checksums, each file has one."""
    folder = session(tmp_path / "session")
    (folder / "checksums" / "output_0_0.csv.txt").unlink()
    (found,) = findings(judge, folder)
    assert (found.rule, found.severity) == ("checksum", Severity.MEDIUM)
    shutil.rmtree(folder / "checksums")
    (found,) = findings(judge, folder)
    assert (found.rule, found.severity) == ("checksum", Severity.LOW)


def test_a_session_below_the_folder_of_the_request(judge: Judge, tmp_path: Path) -> None:
    """Files are matched beside the record, wherever it lies; what lies elsewhere is no concern of it."""
    session(tmp_path / "request" / "acro")
    (tmp_path / "request" / "notes.txt").write_text("Table 2 of the paper.\n")
    assert findings(judge, tmp_path / "request") == []


def test_a_session_in_an_archive(judge: Judge, tmp_path: Path) -> None:
    """Members are matched too: an honest session may go, a dishonest one is held, by what it holds and by its checksums."""
    folder = session(tmp_path / "session")
    archive = Path(shutil.make_archive(str(tmp_path / "outputs"), "zip", tmp_path, "session"))
    assert findings(judge, archive) == []
    (folder / "output_0_0.csv").write_text(TABLE.replace("2012,,133,", "2012,4,133,137"))
    archive = Path(shutil.make_archive(str(tmp_path / "outputs"), "zip", tmp_path, "session"))
    seen = [(found.rule, found.severity, found.location.part_id) for found in findings(judge, archive)]
    place = "outputs.zip/session/output_0_0.csv"
    assert seen == [("checksum", Severity.HIGH, place), ("still_there", Severity.HIGH, place)]


def test_a_path_that_leads_out_is_not_followed(judge: Judge, tmp_path: Path) -> None:
    """A name in a record is a claim."""
    folder = session(tmp_path / "session")
    (folder / "results.json").write_text((folder / "results.json").read_text().replace("output_1_0.csv", "../../../etc/hosts"))
    rules = {found.rule for found in findings(judge, folder)}
    assert {"not_there", "not_listed", "checksum"} == rules
