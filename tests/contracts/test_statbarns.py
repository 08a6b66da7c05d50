"""The page of statbarns names every class, and only checks that there are."""

from __future__ import annotations

import re
from pathlib import Path

from sdc_airlock.checks import checks
from sdc_airlock.model.finding import Statbarn

PAGE = Path(__file__).parents[2] / "docs" / "explanation" / "statbarns.md"


def rows() -> dict[str, list[str]]:
    """The table of the page: cells of each row, by its statbarn."""
    lines = [line for line in PAGE.read_text("utf-8").splitlines() if line.startswith("| `")]
    return {cells[0].strip("` "): cells for cells in ([cell.strip() for cell in line.strip("|").split("|")] for line in lines)}


def test_every_statbarn_stands_in_the_table() -> None:
    """All fourteen classes have a row, each once, and no other word has one."""
    assert list(rows()) == [each.value for each in Statbarn]
    assert len(Statbarn) == 14


def test_every_row_is_filled_and_names_checks() -> None:
    """Each class says its statistics, how it is recognised, its risks, and at least one check that there is."""
    for cells in rows().values():
        assert len(cells) == 5
        assert all(cells)
        named = set(re.findall(r"`([a-z_]+)`", re.sub(r"\([^)]*\)", "", cells[4])))
        assert named
        assert named <= checks().keys()


def test_checks_that_name_a_class_stand_in_its_row() -> None:
    """A check registered for a statbarn is named beside it."""
    table = rows()
    for check in checks().values():
        if check.statbarn is not None:
            assert f"`{check.id}`" in table[check.statbarn.value][4], check.id
