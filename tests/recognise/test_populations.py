"""Cells by the people they count: the same people under the same condition, wherever their labels stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sdc_airlock.model.carried import CarriedColumn, CarriedTable
from sdc_airlock.recognise.populations import EVERYBODY, Condition, Listed, listed
from sdc_airlock.recognise.spans import OLDEST, Span


def table(stub: Sequence[str], rows: Sequence[Sequence[str]], columns: Mapping[str, Sequence[float | None]]) -> CarriedTable:
    """A table with columns of counts, None for a cell that a bare sign hides."""
    made = tuple(
        CarriedColumn(
            index=len(stub) + place, name=name, label=name, people=tuple(people), hidden=tuple(at for at, number in enumerate(people) if number is None)
        )
        for place, (name, people) in enumerate(columns.items())
    )  # fmt: skip
    labels = tuple(tuple(row) for row in rows)
    return CarriedTable(part_id="t.csv", rows=labels, places=tuple(range(2, len(rows) + 2)), stub=tuple(stub), columns=made)


def of(made: CarriedTable) -> Listed:
    """The table by the people it counts."""
    found = listed(made, 0)
    assert found is not None
    return found


def names(condition: Condition) -> set[str]:
    """A condition in words."""
    return {atom if isinstance(atom, str) else f"{atom.axis} {atom.low:g}" for atom in condition}


def test_wide_and_long() -> None:
    """A crosstab and a list of its cells have the same conditions."""
    wide = of(table(["region"], [["North"], ["South"]], {"Women": [20, 30], "Men": [21, 31], "Total": [41, 61]}))
    rows = [["North", "women"], ["North", "men"], ["North", "All"], ["South", "women"], ["South", "men"], ["South", "All"]]
    long = of(table(["region", "sex"], rows, {"n": [20, 21, 41, 30, 31, 61]}))
    assert {condition: cell.number for condition, cell in wide.cells.items()} == {
        condition: cell.number for condition, cell in long.cells.items()
    }
    assert {line.whole for family in wide.families for line in family.lines} >= {frozenset({"north"}), frozenset({"women"})}


def test_districts_say_their_region() -> None:
    """Where each district lies in one region, the region adds nothing to it."""
    found = of(table(["region", "district"], [["North", "Alder"], ["", "Birch"], ["South", "Dale"], ["", "Elm"]], {"n": [1, 2, 3, 4]}))
    assert set(found.cells) == {frozenset({name}) for name in ("alder", "birch", "dale", "elm")}
    assert {(line.whole, len(line.parts)) for family in found.families for line in family.lines} >= {
        (frozenset({"north"}), 2),
        (frozenset({"south"}), 2),
    }


def test_bands_and_totals() -> None:
    """A total narrows nothing down; bands are stretches of age."""
    found = of(table(["Age group"], [["16-24"], ["25+"], ["All ages"]], {"patients": [20, 30, 50]}))
    assert set(found.cells) == {EVERYBODY, frozenset({Span("age", 16, 25)}), frozenset({Span("age", 25, OLDEST)})}


def test_headings_say_what_bands_divide() -> None:
    """In a list of characteristics, bands belong to the heading above them, and blocks do not add up together."""
    rows = [["Age"], ["18-39"], ["40+"], ["BMI"], ["18-24"], ["25+"]]
    blank = CarriedColumn(index=1, name="n", label="n", people=(None, 10.0, 20.0, None, 12.0, 18.0), blank=(0, 3))
    found = of(
        CarriedTable(part_id="t", rows=tuple(map(tuple, rows)), places=(2, 3, 4, 5, 6, 7), stub=("Characteristic",), columns=(blank,))
    )
    assert {next(iter(names(condition))) for condition in found.cells} == {"age 18", "age 40", "bmi 18", "bmi 25"}
    assert all(len(line.parts) == 2 for family in found.families for line in family.lines)


def test_markers_and_repeats() -> None:
    """A marker says what it says; cells whose labels stand twice are left out."""
    column = CarriedColumn(index=1, name="n", label="n", people=(10.0, None, None, 30.0), hidden=(1, 2), least=(0.0, 0.0), most=(4.0, None))
    rows = (("North",), ("South",), ("East",), ("North",))
    found = of(CarriedTable(part_id="t", rows=rows, places=(2, 3, 4, 5), stub=("region",), columns=(column,)))
    assert {next(iter(condition)): (cell.low, cell.high) for condition, cell in found.cells.items()} == {
        "south": (0.0, 4.0),
        "east": (0.0, float("inf")),
    }


def test_yes_and_no_belong_to_their_question() -> None:
    """Answers that say nothing by themselves are told apart by their header."""
    found = of(table(["smoker", "diabetic"], [["yes", "yes"], ["yes", "no"], ["no", "yes"], ["no", "no"]], {"n": [1, 2, 3, 4]}))
    assert frozenset({"smoker=yes", "diabetic=no"}) in found.cells


def test_the_same_people_in_other_words() -> None:
    """Sexes have several names, headers say how many they are of, and hyphens come and go."""
    one = of(table(["region"], [["North-East"], ["South"]], {"Number of women": [20, 30], "Men (N=52)": [21, 31], "N": [41, 61]}))
    rows = [["north east", "F"], ["north east", "M"], ["South", "F"], ["South", "M"]]
    assert one.cells.keys() >= of(table(["region", "sex"], rows, {"count": [20, 21, 30, 31]})).cells.keys()
    assert frozenset({"south"}) in one.cells


def test_nothing_to_go_by() -> None:
    """A table that counts nobody, or has no rows, has no cells."""
    assert listed(CarriedTable(part_id="t"), 0) is None
    assert listed(table(["a"], [["x"]], {"n": [None]}), 0) is None
