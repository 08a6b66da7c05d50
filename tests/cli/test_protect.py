"""`sdc-airlock protect`: a proven copy or none, never a change to what is there."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sdc_airlock.cli.app import app

CROSSTAB = (
    "Admissions by region and sex\n\nregion,men,women,total\nNorth,1120,880,2000\nSouth,3,661,664\nEast,995,1005,2000\nWest,788,807,1595\nTotal,2906,3353,6259\n\n"
    "Source: hospital register\n"
)


@pytest.fixture
def crosstab(tmp_path: Path) -> Path:
    """A table with a title, margins, a source line and one small count."""
    path = tmp_path / "admissions.csv"
    path.write_bytes(CROSSTAB.replace("\n", "\r\n").encode("utf-8-sig"))
    return path


def test_a_safe_copy_is_written_beside_the_original(crosstab: Path, tool: Callable[..., Any]) -> None:
    """Exit status 0: the copy is there, would be released, and the original is as it was."""
    before = crosstab.read_bytes()
    ran = tool("protect", crosstab)
    copy = crosstab.with_name("admissions.protected.csv")
    assert ran.status == 0, ran.out + ran.err
    assert crosstab.read_bytes() == before
    assert copy.read_bytes().count(b"[c]") == 4
    assert copy.read_bytes().replace(b"[c]", b"").count(b"\r\n") == before.count(b"\r\n")
    assert copy.read_bytes()[:3] == before[:3]
    assert tool("check", copy).status == 0
    assert tool("check", crosstab).status == 10


def test_the_log_names_places_and_no_values(crosstab: Path, tool: Callable[..., Any]) -> None:
    """The JSON log says what was done to which rows of which columns; no count of the file is in it."""
    ran = tool("protect", crosstab, "--json", "-")
    log = json.loads(ran.out)
    assert log["written"]
    assert (log["numbers"], log["hidden"]) == (15, 4)
    assert {(step["done"], step["column"]) for step in log["steps"]} >= {("primary", "men"), ("secondary", "women")}
    assert not {"1120", "880", "661", "2906", "6259"} & set(ran.out.replace('"', " ").replace(",", " ").split())


def test_the_log_goes_into_a_file(crosstab: Path, tool: Callable[..., Any]) -> None:
    """With --json FILE the words go to the terminal and the log to the file."""
    log = crosstab.with_name("log.json")
    ran = tool("protect", crosstab, "--json", log)
    assert "was written" in ran.out
    assert json.loads(log.read_text())["output_sha256"]


def test_nothing_is_overwritten(crosstab: Path, tool: Callable[..., Any]) -> None:
    """Where a copy is there already another name must be given; an existing one is refused too."""
    copy = crosstab.with_name("admissions.protected.csv")
    copy.write_text("mine")
    assert tool("protect", crosstab).status == 2
    assert tool("protect", crosstab, "--out", copy).status == 2
    assert tool("protect", crosstab, "--out", crosstab).status == 2
    assert copy.read_text() == "mine"
    other = crosstab.with_name("other.csv")
    assert tool("protect", crosstab, "--out", other).status == 0
    assert other.is_file()


def test_links_and_folders_are_refused(crosstab: Path, tool: Callable[..., Any]) -> None:
    """A link is not followed, neither to read nor to write."""
    link = crosstab.with_name("link.csv")
    link.symlink_to(crosstab)
    assert tool("protect", link).status == 2
    assert tool("protect", crosstab.parent).status == 2
    dangling = crosstab.with_name("dangling.csv")
    dangling.symlink_to(crosstab.with_name("nowhere.csv"))
    assert tool("protect", crosstab, "--out", dangling).status == 2
    assert not crosstab.with_name("nowhere.csv").exists()


def test_people_are_refused(people: Path, tool: Callable[..., Any]) -> None:
    """One record a person: exit status 10, no copy."""
    ran = tool("protect", people)
    assert ran.status == 10
    assert "No copy was written" in ran.out
    assert list(people.parent.iterdir()) == [people]


def test_genotypes_are_refused(tmp_path: Path, tool: Callable[..., Any]) -> None:
    """Genotypes are no table of groups."""
    path = tmp_path / "calls.csv"
    header = "variant," + ",".join(f"HX{number:08d}" for number in range(40))
    body = "\n".join(f"rs{1000 + row}," + ",".join(str((row * 7 + place * 3) % 3) for place in range(40)) for row in range(30))
    path.write_text(f"{header}\n{body}\n")
    assert tool("protect", path).status == 10
    assert list(tmp_path.iterdir()) == [path]


def test_a_copy_that_would_still_be_held_is_not_written(tmp_path: Path, tool: Callable[..., Any]) -> None:
    """What hiding cells cannot mend (a small count in a sentence) leaves no copy behind."""
    path = tmp_path / "noted.csv"
    path.write_text("region,cases\nNorth,120\nSouth,4\nEast,95\nWest,77\n\nThree carriers were found among them (n = 3).\n")
    ran = tool("protect", path)
    assert ran.status == 10
    assert "would still be held" in ran.out
    assert list(tmp_path.iterdir()) == [path]


def test_a_safe_file_needs_no_copy(large: Path, tool: Callable[..., Any]) -> None:
    """A table that may go as it is: exit status 0, and nothing is written."""
    ran = tool("protect", large)
    assert ran.status == 0
    assert "no copy was needed" in ran.out
    assert list(large.parent.iterdir()) == [large]


@pytest.mark.parametrize("options", [("--method", "magic"), ("--loss", "none"), ("--profile", "nobody")])
def test_wrong_options_are_named(options: tuple[str, str], crosstab: Path, tool: Callable[..., Any]) -> None:
    """A word that is not known ends with status 2 before anything is done."""
    assert tool("protect", crosstab, *options).status == 2


def test_a_profile_that_rounds_rounds(crosstab: Path, tool: Callable[..., Any]) -> None:
    """Where the profile asks for rounding the copy is rounded, and carries the profile's sign."""
    ran = tool("protect", crosstab, "--profile", "nhs_england_sde")
    assert ran.status == 0, ran.out
    text = crosstab.with_name("admissions.protected.csv").read_text("utf-8-sig")
    assert "South,*,*,665" in text
    assert "West,790,805,1595" in text or "West,*,*,1595" in text


def test_merging_leaves_rows_out(small: Path, tool: Callable[..., Any]) -> None:
    """Rows are merged on request, and the log says which."""
    ran = tool("protect", small, "--method", "merge", "--json", "-")
    log = json.loads(ran.out)
    if log["written"]:
        assert log["steps"][0]["done"] == "merged"
    else:
        assert log["refusal"]


def test_the_command_is_listed() -> None:
    """The help names it."""
    assert any(command.callback is not None and command.callback.__name__ == "protect" for command in app.registered_commands)
