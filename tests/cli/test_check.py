"""`sdc-airlock check`: what a researcher sees before submitting."""

from __future__ import annotations

import json
import os
from pathlib import Path

import jsonschema
import pytest

from sdc_airlock.reports import json_report


def test_a_table_of_large_groups_may_go(tool, large: Path) -> None:
    """Nothing found in anything read is a release, and the status is 0."""
    ran = tool("check", large)
    assert (ran.status, ran.err) == (0, "")
    assert "large.csv" in ran.out


def test_a_small_group_is_held(tool, small: Path) -> None:
    """A count of four is told with its place, and the status is 10."""
    ran = tool("check", small)
    assert ran.status == 10
    assert "row 3, column cases" in ran.out


def test_people_are_rejected(tool, people: Path) -> None:
    """One record a person does not leave, and the status is 20."""
    assert tool("check", people).status == 20


def test_the_gravest_output_decides(tool, large: Path, small: Path) -> None:
    """A request with one held output is held."""
    assert tool("check", large, small).status == 10


def test_json_goes_to_a_file_and_follows_the_schema(tool, small: Path, tmp_path: Path) -> None:
    """The JSON report is written where it was asked for and is valid."""
    report = tmp_path / "reports" / "report.json"
    report.parent.mkdir()
    assert tool("check", small, "--json", report).status == 10
    written = json.loads(report.read_text("utf-8"))
    jsonschema.validate(written, json.loads(json_report.schema_text()))
    assert [output["path"] for output in written["outputs"]] == ["small.csv"]


def test_json_goes_to_standard_output_alone(tool, large: Path) -> None:
    """With `--json -` standard output holds the report and nothing else."""
    assert json.loads(tool("check", large, "--json", "-").out)["outcome"] == "release"


def test_html_goes_to_a_file(tool, small: Path, tmp_path: Path) -> None:
    """The review report is one page that names the output."""
    page = tmp_path / "report.html"
    tool("check", small, "--html", page)
    assert "small.csv" in page.read_text("utf-8")


def test_no_report_holds_a_value(tool, tmp_path: Path) -> None:
    """Labels and values of the file appear in none of the three reports."""
    path = tmp_path / "secret.csv"
    path.write_text("ward,cases\nZanzibarward,4\nQuillonward,90371\nYttriumward,81298\nXylophoneward,90377\n")
    page = tmp_path / "report.html"
    texts = [tool("check", path, "--json", "-", "--html", page).out, page.read_text("utf-8"), tool("check", path).out]
    for value in ("Zanzibar", "Quillon", "90371", "81298"):
        assert not any(value in text for text in texts), value


def test_a_folder_is_walked_whole(tool, tmp_path: Path) -> None:
    """Every file in a folder is listed once, hidden ones and links too."""
    folder = tmp_path / "outputs"
    (folder / ".git").mkdir(parents=True)
    (folder / "a.csv").write_text("region,cases\nNorth,120\nSouth,140\n")
    (folder / ".git" / "config").write_text("[core]\n")
    (folder / "link.csv").symlink_to("/etc/hostname")
    (folder / "empty").mkdir()
    (folder / "nothing.txt").write_bytes(b"")
    ran = tool("check", folder, "--json", "-")
    outputs = {output["path"]: output["outcome"] for output in json.loads(ran.out)["outputs"]}
    assert sorted(outputs) == [".git/config", "a.csv", "link.csv", "nothing.txt"]
    assert outputs["link.csv"] != "release"


@pytest.mark.parametrize("name", ["\u202efdp.csv", "a\x1b[31m.csv", "a\nb.csv", os.fsdecode(b"\xff.csv"), "x" * 251 + ".csv"])
def test_hostile_names_are_shown_safely(tool, tmp_path: Path, name: str) -> None:
    """A name that would steer a terminal or deceive a reader is escaped wherever it is shown."""
    (tmp_path / name).write_text("region,cases\nNorth,120\nSouth,140\n")
    page = tmp_path.parent / f"{tmp_path.name}.html"
    ran = tool("check", tmp_path, "--html", page)
    assert all(line.isprintable() for line in ran.out.splitlines())
    assert "\u202e" not in page.read_text("utf-8")


def test_an_empty_folder_releases_nothing(tool, tmp_path: Path) -> None:
    """A request without outputs is held."""
    assert tool("check", tmp_path).status == 10


@pytest.mark.parametrize(
    "arguments",
    [
        ["check"],
        ["check", "no such file"],
        ["check", ".", "--profile", "no_such_profile"],
        ["check", ".", "--json", "no/such/folder/report.json"],
        ["check", ".", "--workers", "0"],
        ["check", ".", "--unknown"],
        ["unknown"],
    ],
)
def test_a_wrong_command_line_checks_nothing(tool, arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Status 2, a sentence, no traceback."""
    monkeypatch.chdir(tmp_path)
    ran = tool(*arguments)
    assert ran.status == 2
    assert ran.err
    assert "Traceback" not in ran.err


def test_the_folder_for_copies_is_gone(tool, large: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No staged copy is left behind."""
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    tool("check", large)
    assert list(temporary.iterdir()) == []


def test_a_list_of_withdrawn_participants(tool, tmp_path: Path) -> None:
    """Who has withdrawn is looked for in everything, and never named."""
    (tmp_path / "list.txt").write_text("4120876\n2777301\n")
    (tmp_path / "notes.txt").write_text("The scan of 4120876 had to be repeated, for it was blurred.\n")
    ran = tool("check", tmp_path / "notes.txt", "--withdrawn", tmp_path / "list.txt")
    assert ran.status == 20
    assert "withdrawn participants" in ran.out
    assert "4120876" not in ran.out


def test_a_list_that_cannot_be_read(tool, tmp_path: Path, large: Path) -> None:
    """Without the list that was asked for nothing is checked."""
    for arguments in (("--withdrawn", tmp_path / "none.txt"), ("--withdrawn-key", large)):
        ran = tool("check", large, *arguments)
        assert ran.status == 2
        assert "nothing was checked" in ran.err
