"""Tables as `write.table` of R writes them by default, without quotes, without names, and in its console; each was released once."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from sdc_airlock.model.decision import Outcome

_DIAGNOSES = {"I10": "High blood pressure", "E11": "Type 2 diabetes", "J45": "Asthma"}
Row = tuple[str, int, str, str]


def _rows(people) -> list[Row]:
    return [(pid, age, sex, _DIAGNOSES[code]) for pid, age, sex, _, code, _ in people]


def _cell(value: object) -> str:
    return f'"{value}"' if isinstance(value, str) else str(value)


def _default(rows: Sequence[Row]) -> str:
    lines = [" ".join([f'"{place}"', *map(_cell, row)]) for place, row in enumerate(rows, 1)]
    return "\n".join(['"id" "age" "sex" "diag"', *lines]) + "\n"


def _unquoted(rows: Sequence[Row]) -> str:
    return "\n".join(["id age sex diag", *(" ".join(map(str, row)) for row in rows)]) + "\n"


def _unquoted_numbered(rows: Sequence[Row]) -> str:
    return "\n".join(["id age sex diag", *(" ".join(map(str, [place, *row])) for place, row in enumerate(rows, 1))]) + "\n"


def _words_first(rows: Sequence[Row]) -> str:
    return "\n".join(["diag age sex", *(f"{diagnosis} {age} {sex}" for _, age, sex, diagnosis in rows)]) + "\n"


def _console(rows: Sequence[Row]) -> str:
    return f"> write.table(cohort)\n{_default(rows)}> q()\n"


def _without_names(rows: Sequence[Row]) -> str:
    return "\n".join(",".join(map(str, row)) for row in rows) + "\n"


def _codes_and_words(rows: Sequence[Row]) -> str:
    return "\n".join(f"{pid},{diagnosis}" for pid, _, _, diagnosis in rows) + "\n"


def _leaves_of_a_tree(rows: Sequence[Row]) -> str:
    return (
        "(" + ",".join(f"{pid}_{sex}_{age}_J{10 + place}.0:{20 + place / 7:.1f}" for place, (pid, age, sex, _) in enumerate(rows)) + ");\n"
    )


WRITTEN: dict[str, Callable[[Sequence[Row]], str]] = {
    "default.txt": _default,
    "unquoted.txt": _unquoted,
    "unquoted_numbered.txt": _unquoted_numbered,
    "words_first.txt": _words_first,
    "session.Rout": _console,
    "without_names.csv": _without_names,
    "codes_and_words.csv": _codes_and_words,
    "tree.nwk": _leaves_of_a_tree,
}


@pytest.mark.parametrize("name", WRITTEN)
def test_people_as_r_writes_them(staged, judge, people, name: str) -> None:
    """Forty people with a diagnosis of several words are rows of people, whatever stands between the cells."""
    outcome, spoke = judge(staged(WRITTEN[name](_rows(people)).encode(), name))
    assert outcome is not Outcome.RELEASE
    assert "individual_rows" in spoke


def test_counts_as_r_writes_them(staged, judge) -> None:
    """A table of large counts may go, one with a small count may not."""
    groups = [(smoked, sex) for smoked in ("Never smoked", "Ex smoker", "Current smoker") for sex in ("Female", "Male")]
    for smallest, outcome in ((112, Outcome.RELEASE), (3, Outcome.REVIEW)):
        counts = [459, 467, smallest, 508, 533, 521]
        lines = [f'"{place}" "{a}" "{b}" {count}' for place, ((a, b), count) in enumerate(zip(groups, counts, strict=True), 1)]
        found, spoke = judge(staged(("\n".join(['"smoking" "sex" "Freq"', *lines]) + "\n").encode(), "table.txt"))
        assert found is outcome
        assert ("small_counts" in spoke) == (outcome is Outcome.REVIEW)


def test_a_list_of_codes_is_nobody(staged, judge) -> None:
    """Codes of diagnoses with the group of each, without a header, are a code list."""
    groups = ("heart", "lung", "other")
    codes = [f"{letter}{number}{'' if number % 3 else number % 7}" for letter in "EIJK" for number in range(10, 90, 4)]
    lines = [f"{code},{groups[place % 3]}" for place, code in enumerate(codes)]
    outcome, _ = judge(staged(("\n".join(lines) + "\n").encode(), "codes.csv"))
    assert outcome is Outcome.RELEASE


def test_areas_by_code_and_name_are_nobody(staged, judge) -> None:
    """Codes of one length beside names of counties, a year and numbers of thousands, without a header, are areas."""
    starts = (
        "Aut",
        "Bald",
        "Barb",
        "Bib",
        "Blo",
        "Bul",
        "Cal",
        "Cham",
        "Cher",
        "Chil",
        "Clar",
        "Clay",
        "Cof",
        "Col",
        "Con",
        "Cov",
        "Cre",
        "Dal",
    )
    names = [f"{first}{last} County, AL" for first in starts for last in ("auga", "win", "our", "unt", "lock", "ens", "ton", "kee", "bert")]
    lines = [
        f'{"PCMI"[place % 4]}N{10010 + 50 * place:06d},01,"{name}",2009,"{20 + 37 * place % 90},{288 + place}","{2 + 37 * place % 9},{150 + place}",{9.7 + place % 40 / 10:.1f}'
        for place, name in enumerate(names)
    ]
    _, spoke = judge(staged(("\n".join(lines) + "\n").encode(), "areas.csv"))
    assert "individual_rows" not in spoke


_UNSEEN = {
    "row names": 'structure(list(g = c("A", "B", "C"), n = c(120, 130, 140)), row.names = {}, class = "data.frame")',
    "levels": 'structure(list(g = structure(1:3, levels = {}, class = "factor"), n = c(120, 130, 140)), row.names = 1:3, class = "data.frame")',
    "class": 'structure(list(g = c("A", "B", "C"), n = c(120, 130, 140)), row.names = 1:3, class = c("data.frame", {}))',
    "time zone": 'structure(list(g = c("A", "B", "C"), n = c(120, 130, 140)), row.names = 1:3, class = "data.frame", tzone = {})',
    "a column's own": 'structure(list(g = c("A", "B", "C"), n = structure(c(120, 130, 140), note = {})), row.names = 1:3, class = "data.frame")',
}


@pytest.mark.parametrize("place", _UNSEEN)
def test_people_in_attributes_that_no_row_shows(staged, judge, people, place: str) -> None:
    """What an object carries beside its rows is looked at, too; the same object without it may go."""
    told = "c(" + ", ".join(f'"{",".join(map(str, person))}"' for person in people) + ")"
    assert judge(staged((_UNSEEN[place].format(told) + "\n").encode(), "table.R"))[0] is Outcome.REJECT
    assert judge(staged((_UNSEEN[place].format('c("A", "B", "C")') + "\n").encode(), "table.R"))[0] is Outcome.RELEASE
