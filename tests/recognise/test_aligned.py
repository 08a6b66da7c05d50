"""Tables side by side: what their names say, and which of their rows are the same."""

from __future__ import annotations

import pytest

from sdc_airlock.model.carried import CarriedColumn, CarriedTable
from sdc_airlock.recognise.aligned import Kinship, kinship, lowest, said_of, views_of, without_bound


@pytest.mark.parametrize(
    ("first", "second", "kin"),
    [
        ("table1.csv", "table1.csv", Kinship.ALIKE),
        ("table1_v1.csv", "Table1_v2_final.csv", Kinship.ALIKE),
        ("deaths_2026-03-01.csv", "deaths_20260601.csv", Kinship.ALIKE),
        ("deaths_2019.csv", "deaths_2020.csv", Kinship.APART),
        ("admissions_jan.csv", "admissions-feb.csv", Kinship.APART),
        ("week_12.csv", "week_13.csv", Kinship.APART),
        ("visits_wave1.csv", "visits_wave2.csv", Kinship.APART),
        ("deaths_all.csv", "deaths.csv", Kinship.NESTED),
        ("deaths.csv", "deaths_excluding.csv", Kinship.NESTED),
        ("main_analysis.csv", "complete_case_analysis.csv", Kinship.NESTED),
        ("asthma.csv", "copd.csv", Kinship.UNSAID),
        ("table1.csv", "table2.csv", Kinship.UNSAID),
        ("deaths.csv", "deaths_men.csv", Kinship.UNSAID),
    ],
)
def test_what_names_say(first: str, second: str, kin: Kinship) -> None:
    """Periods keep tables apart, words of inclusion nest them, anything else leaves it open; the order does not matter."""
    assert kinship(said_of(first), said_of(second)) is kin is kinship(said_of(second), said_of(first))


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        ("18+", 18),
        ("aged 21 and over", 21),
        ("patients >= 65", 65),
        ("over 50 years", 50),
        ("18plus", 18),
        ("18-39", None),
        ("age 18", None),
        ("18+ or 21+", None),
        ("", None),
    ],
)
def test_bounds(text: str, bound: int | None) -> None:
    """A bound is said with a sign or a word; an age or a band is none."""
    assert lowest(text) == bound


def test_texts_without_their_bounds() -> None:
    """What is left can be compared."""
    assert without_bound("Patients aged 18+") == without_bound("patients aged 21 and over")


def table(rows: list[tuple[str, ...]], **columns: list[float | None]) -> CarriedTable:
    """A table as it is carried."""
    made = tuple(
        CarriedColumn(index=place, name=name, label=name, people=tuple(numbers))
        for place, (name, numbers) in enumerate(columns.items(), len(rows[0]))
    )
    places = tuple(range(2, len(rows) + 2))
    return CarriedTable(part_id="t.csv", rows=tuple(rows), places=places, stub=("",) * len(rows[0]), columns=made)


def test_sums_over_the_finer_labels() -> None:
    """Rows of totals are left out of sums, and a sum with a gap is unknown."""
    rows = [("North", "Alder"), ("North", "Birch"), ("South", "Dale"), ("South", "Elm"), ("Total", "")]
    views = list(views_of(table(rows, patients=[20, 30, 40, None, 130])))
    assert [view.columns["patients"] for view in views if view.summed] == [
        {"north": 50, "south": None},
        {"alder": 20, "birch": 30, "dale": 40, "elm": None},
    ]


def test_sums_over_classes() -> None:
    """Women and men add up to all; cases and deaths to nothing."""
    rows = [("North",), ("South",)]
    (across,) = [view for view in views_of(table(rows, Women=[20, 30], Men=[21, 33])) if view.summed]
    assert across.columns == {"total": {"north": 41, "south": 63}}
    assert not [view for view in views_of(table(rows, Cases=[20, 30], Deaths=[2, 3])) if view.summed]


def test_labels_that_stand_again() -> None:
    """Answers below different questions are different rows."""
    rows = [("Smoker",), ("Yes",), ("No",), ("Diabetes",), ("Yes",), ("No",)]
    (view,) = views_of(table(rows, n=[None, 10, 20, None, 12, 18]))
    assert view.columns["n"] == {
        "smoker": None,
        "smoker > yes": 10,
        "smoker > no": 20,
        "diabetes": None,
        "diabetes > yes": 12,
        "diabetes > no": 18,
    }


def test_a_table_without_labels_gives_nothing() -> None:
    """There is nothing to align by."""
    assert list(views_of(table([("",), ("",)], n=[10, 20]))) == []
