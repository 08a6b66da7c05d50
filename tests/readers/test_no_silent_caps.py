"""Records stay visible behind what is longer, wider or later than readers usually meet."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from sdc_airlock.identify import identify
from sdc_airlock.limits import Limits
from sdc_airlock.model.content import Grid
from sdc_airlock.readers import _strings, read
from sdc_airlock.readers._crafted import crafted_grids
from sdc_airlock.readers._ragged import ragged
from sdc_airlock.source import Source

CHANCE = random.Random(7)
PEOPLE = [
    (
        f"P{1000 + 7 * place}",
        str(CHANCE.randint(35, 88)),
        CHANCE.choice("FM"),
        f"{CHANCE.gauss(27, 4):.1f}",
        CHANCE.choice(("E11.9", "I10")),
    )
    for place in range(30)
]


def grids(folder: Path, name: str, text: str) -> list[Grid]:
    """Every grid that a file of this text gives."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    source = Source.of_file(str(path), part_id=name, name=name, size=path.stat().st_size)
    return [part for part in read(source, identify(source), file_id="", limits=Limits()).parts if isinstance(part, Grid)]


@pytest.mark.parametrize("others", [0, 10, 300])
def test_records_among_other_entries_of_a_setting(tmp_path: Path, others: int) -> None:
    """Records in one string are told among entries that are none."""
    entries = ["-".join(one) for one in PEOPLE] + ["lorem"] * others
    found = grids(tmp_path, "notes.json", f'{{"note":"{"/".join(entries)}","n":12000}}')
    assert any(len(grid.rows) >= len(PEOPLE) - 1 for grid in found)


def test_a_line_that_is_longer_than_a_piece(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A long line is searched piece by piece."""
    monkeypatch.setattr(_strings, "LONGEST", 1 << 11)
    many = "/".join("-".join((f"P{place}", *PEOPLE[place % 30][1:])) for place in range(300))
    found = grids(tmp_path, "notes.json", f'{{"note":"{many}","n":12000}}')
    assert sum(len(grid.rows) for grid in found) > 250


def test_entries_of_a_text_that_is_longer_than_a_piece(monkeypatch: pytest.MonkeyPatch) -> None:
    """The entries of a long text are split piece by piece, wherever the records stand in it."""
    monkeypatch.setattr(_strings, "LONGEST_TEXT", 1 << 12)
    text = "\n".join(["nothing"] * 800 + [",".join(one) for one in PEOPLE])
    assert len(_strings.entry_rows(text, words=True)) >= 12


def test_attributes_of_any_length() -> None:
    """Elements with a very long attribute tell what the others do."""
    page = "".join(
        f'<i class="x" data-age="{one[1]}.5" data-bmi="{one[3]}" data-sex="{one[2]}" title="{"x" * 4100}"></i>' for one in PEOPLE
    )
    (grid,) = crafted_grids("page", page)
    assert len(grid.rows) == len(PEOPLE)


def test_what_comes_behind_the_first_lines_of_a_ragged_table() -> None:
    """A ragged table ends where its columns of numbers do."""
    lines = ["name estimate se note", *(f"term{place} 0.{place:03d} 0.1{place} adjusted for age" for place in range(45))]
    lines += [f"{who} years {age} bmi {bmi} {sex} {code} end" for who, age, sex, bmi, code in PEOPLE]
    (block,) = ragged(lines, [False] * len(lines))
    assert (block.start, block.end) == (0, 46)
