"""Files of earlier releases: read like outputs, compared with them, told to nobody."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from sdc_airlock.cli.app import run
from sdc_airlock.hook import answer
from sdc_airlock.limits import Limits
from sdc_airlock.model.assessment import Assessment
from sdc_airlock.model.carried import CarriedColumn, CarriedTable
from sdc_airlock.model.decision import Outcome
from sdc_airlock.model.filetype import Family, FileType
from sdc_airlock.model.finding import Severity
from sdc_airlock.pipeline.bounds import compared, within_bounds
from sdc_airlock.pipeline.codec import decode, encode
from sdc_airlock.pipeline.run import Asked, Judge, judge_with
from sdc_airlock.pipeline.status import Status
from sdc_airlock.reports.json_report import render

NOW = "region,patients\nNorth,73120719\nSouth,73120943\nEast,73121108\nWest,73120871\n"
BEFORE = NOW.replace("73120943", "73120947")
LABELLED = NOW.replace("North", "Quuxhaven")


@pytest.fixture(scope="module")
def judge() -> Iterator[Judge]:
    """A judge with one worker, for all tests here."""
    with judge_with(workers=1) as made:
        yield made


@pytest.fixture
def request_and_release(tmp_path: Path) -> tuple[Path, Path]:
    """A request with one table, and the release before it, in which one cell held four people more."""
    for folder, text in (("now", NOW), ("before", BEFORE)):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "table1.csv").write_text(text)
    return tmp_path / "now", tmp_path / "before"


def test_a_difference_between_releases_holds_the_request(judge: Judge, request_and_release: tuple[Path, Path]) -> None:
    """The output alone may go; beside what has left already it may not."""
    now, before = (str(path) for path in request_and_release)
    assert judge.judge(Asked(paths=(now,))).outcome is Outcome.RELEASE
    result = judge.judge(Asked(paths=(now,), earlier=(before,)))
    assert result.outcome is Outcome.REVIEW
    (found,) = result.request_findings
    assert (found.check_id, found.severity, found.location.part_id, found.location.rows) == (
        "differencing",
        Severity.HIGH,
        "table1.csv",
        (3,),
    )
    assert [file.path for file in result.request.files] == ["table1.csv"]


def test_earlier_files_are_read_once_for_a_batch(
    judge: Judge, request_and_release: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same folders for the next request are not read again."""
    now, before = (str(path) for path in request_and_release)
    judge.judge(Asked(paths=(now,), earlier=(before,)))
    (request_and_release[1] / "table1.csv").write_text(NOW)
    assert judge.judge(Asked(paths=(now,), earlier=(before,))).request_findings


def test_an_earlier_file_that_cannot_be_read_holds_the_request(judge: Judge, request_and_release: tuple[Path, Path]) -> None:
    """What could not be compared is said, and so is a release that is not there."""
    now, before = request_and_release
    (before / "table1.csv").write_text(NOW)
    (before / "locked.zip").write_bytes(b"PK\x03\x04 broken off")
    result = judge.judge(Asked(paths=(str(now),), earlier=(str(before),)))
    assert [(found.rule, found.severity, found.location.part_id) for found in result.request_findings] == [
        ("not_compared", Severity.MEDIUM, "locked.zip")
    ]
    missing = judge.judge(Asked(paths=(str(now),), earlier=(str(before / "nowhere"),)))
    assert [found.rule for found in missing.request_findings] == ["not_compared"]


def reported(judge: Judge, folder: Path, report: Path) -> None:
    """Write the report of a folder as it stands."""
    report.write_text(render(judge.judge(Asked(paths=(str(folder),)))))


@pytest.mark.parametrize("place", ["before/report.json", "report.json", "reports/march/report.json"])
def test_a_report_names_the_files_to_compare_with(judge: Judge, request_and_release: tuple[Path, Path], tmp_path: Path, place: str) -> None:
    """Files of the digests that a report names are looked for beside it and in the folders that are given with it."""
    now, before = request_and_release
    report = tmp_path / place
    report.parent.mkdir(parents=True, exist_ok=True)
    reported(judge, before, report)
    earlier = (str(report), str(before)) if place.startswith("reports") else (str(report),)
    if place == "report.json":
        (tmp_path / "table1.csv").write_text(BEFORE)
    result = judge.judge(Asked(paths=(str(now),), earlier=earlier))
    assert [(found.rule, found.severity) for found in result.request_findings] == [("same_table", Severity.HIGH)]


def test_a_report_of_which_the_files_are_gone_is_told(judge: Judge, request_and_release: tuple[Path, Path], tmp_path: Path) -> None:
    """What could not be compared is said with its day and held; a file that has changed since is not the one that left."""
    now, before = request_and_release
    (tmp_path / "kept").mkdir()
    reported(judge, before, tmp_path / "kept" / "report.json")
    (tmp_path / "kept" / "table1.csv").write_text(BEFORE + "Isles,73122001\n")
    result = judge.judge(Asked(paths=(str(now),), earlier=(str(tmp_path / "kept"),)))
    assert result.outcome is Outcome.REVIEW
    (gone,) = [found for found in result.request_findings if found.rule == "not_compared"]
    assert gone.severity is Severity.MEDIUM
    assert gone.location.part_id == "report.json"
    day = json.loads((tmp_path / "kept" / "report.json").read_text())["started_at"][:10]
    assert f"the earlier release of {day} could not be compared: 1 of the 1 files" in gone.message


def test_a_file_of_the_request_may_be_the_one_that_left(judge: Judge, request_and_release: tuple[Path, Path], tmp_path: Path) -> None:
    """The same bytes submitted again are what the report names: nothing is missing, and nothing differs."""
    now, _ = request_and_release
    reported(judge, now, tmp_path / "report.json")
    assert not judge.judge(Asked(paths=(str(now),), earlier=(str(tmp_path / "report.json"),))).request_findings


def test_a_report_leads_nowhere_else(judge: Judge, request_and_release: tuple[Path, Path], tmp_path: Path) -> None:
    """Paths that lead out of the folder, and links on the way, are not gone along."""
    now, before = request_and_release
    reported(judge, before, tmp_path / "report.json")
    said = json.loads((tmp_path / "report.json").read_text())
    folder = tmp_path / "given"
    folder.mkdir()
    (folder / "linked").symlink_to(before)
    for number, path in enumerate(("../before/table1.csv", str(before / "table1.csv"), "linked/table1.csv", "", "a/" * 100)):
        said["outputs"][0]["path"] = path
        (folder / f"{number}.json").write_text(json.dumps(said))
        result = judge.judge(Asked(paths=(str(now),), earlier=(str(folder / f"{number}.json"),)))
        assert [found.rule for found in result.request_findings] == ["not_compared"]
    said["outputs"] = [{**said["outputs"][0], "outcome": "reject"}]
    (folder / "rejected.json").write_text(json.dumps(said))
    assert not judge.judge(Asked(paths=(str(now),), earlier=(str(folder / "rejected.json"),))).request_findings


def test_no_report_holds_what_was_compared(
    request_and_release: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Numbers and labels of tables go to the checks of the request and nowhere else, whichever file they are of."""
    now, before = request_and_release
    (now / "table1.csv").write_text(LABELLED)
    status = run(["check", str(now), "--earlier", str(before), "--json", str(tmp_path / "r.json"), "--html", str(tmp_path / "r.html")])
    assert status == Status.REVIEW
    assert run(["scan", str(tmp_path / "now"), "--earlier", str(before), "--out", str(tmp_path / "out")]) == Status.REVIEW
    written = [
        path.read_text()
        for path in (tmp_path / "r.json", tmp_path / "r.html", *(path for path in (tmp_path / "out").rglob("*") if path.is_file()))
    ]
    told = "".join((*written, *capsys.readouterr()))
    assert "differencing" in told
    assert len(written) >= 6
    for planted in ("73120", "73121", "73,120", "73,121", "Quuxhaven", "quuxhaven"):
        assert planted not in told


def test_a_folder_that_is_not_there_is_a_wrong_command_line(
    request_and_release: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing is checked against nothing."""
    now, before = (str(path) for path in request_and_release)
    for command in (["check", now], ["scan", now, "--out", before]):
        assert run([*command, "--earlier", f"{before}/nowhere"]) == Status.USAGE
    assert "nothing was checked" in capsys.readouterr().err


def test_several_releases_and_the_hook(request_and_release: tuple[Path, Path], tmp_path: Path) -> None:
    """The hook takes a list of folders, each an earlier release."""
    now, before = request_and_release
    (tmp_path / "first").mkdir()
    (tmp_path / "first" / "table1.csv").write_text(NOW)
    asked = {"paths": [str(now)], "earlier": [str(tmp_path / "first"), str(before)]}
    text, status = answer(json.dumps(asked).encode(), workers=1)
    assert status is Status.REVIEW
    assert [found["check_id"] for found in json.loads(text)["findings"]] == ["differencing"]
    text, status = answer(json.dumps({**asked, "earlier": str(before)}).encode(), workers=1)
    assert status is Status.UNDECIDED
    assert "earlier: expected a list" in json.loads(text)["error"]


def test_a_manifest_names_releases_from_where_it_lies(request_and_release: tuple[Path, Path], tmp_path: Path) -> None:
    """Its paths are counted from its own folder."""
    (tmp_path / "manifest.json").write_text(json.dumps({"paths": ["now"], "earlier": ["before"]}))
    assert run(["scan", str(tmp_path / "manifest.json"), "--json", str(tmp_path / "index.json")]) == Status.REVIEW


def table(cells: int) -> CarriedTable:
    """A table of one column of counts."""
    column = CarriedColumn(index=1, name="n", label="n", people=tuple(map(float, range(cells))))
    return CarriedTable(part_id="t.csv", rows=(("a",),) * cells, places=tuple(range(cells)), stub=("g",), columns=(column,))


def assessment(*tables: CarriedTable) -> Assessment:
    """An output that holds these tables."""
    return Assessment(
        path="t.csv",
        claimed_name="t.csv",
        file_id="",
        size_bytes=0,
        file_type=FileType(label="csv", family=Family.DELIMITED),
        published=tables,
    )


def test_tables_beyond_the_limit_are_marked() -> None:
    """What is not carried is said to be missing, never passed over."""
    limits = replace(Limits(), carried_request_cells=30)
    first, second = within_bounds([assessment(table(10)), assessment(table(10), table(2))], limits)
    assert [each.overflow for each in first.published] == [False]
    assert [(each.overflow, each.part_id) for each in second.published] == [(True, "t.csv"), (False, "t.csv")]
    assert compared([assessment(table(10))], limits)[0].runs == ()


def test_tables_go_through_the_pipe_as_they_are() -> None:
    """What the parent hands on is what the worker said."""
    made = assessment(table(3), CarriedTable(part_id="big.csv", overflow=True))
    assert decode(encode(made, Assessment), Assessment) == made
    assert "published" not in repr(made)
