"""Tables of the same people as one system: what adds up to what."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import TYPE_CHECKING

from sdc_airlock.model.carried import CarriedColumn, CarriedTable
from sdc_airlock.recognise.crossings import cross
from sdc_airlock.recognise.overlaps import Stack, stack_of
from sdc_airlock.recognise.populations import Listed, listed
from sdc_airlock.recognise.spans import Span

if TYPE_CHECKING:
    import pytest


def table(number: int, stub: Sequence[str], rows: dict[str, float | None], name: str = "n") -> Listed:
    """A table of counts by labels divided by a slash; None for a hidden cell."""
    hidden = tuple(at for at, count in enumerate(rows.values()) if count is None)
    column = CarriedColumn(index=len(stub), name=name, label=name, people=tuple(rows.values()), blank=hidden, hidden=hidden)
    labels = tuple(tuple(label.split("/")) for label in rows)
    found = listed(CarriedTable(part_id="t", rows=labels, places=tuple(range(len(rows))), stub=tuple(stub), columns=(column,)), number)
    assert found is not None
    return found


def sums(stack: Stack) -> set[tuple[str, ...]]:
    """The equations in words, the whole first."""

    def words(place: int) -> str:
        atoms = stack.conditions[place]
        return "&".join(sorted(f"{atom.low:g}-{atom.high:g}" if isinstance(atom, Span) else atom for atom in atoms)) or "all"

    return {(words(each.whole), *map(words, each.parts)) for each in stack.sums}


def test_bands_are_cut_where_any_of_them_ends() -> None:
    """Two ways of cutting the same ages have pieces in common."""
    stack = stack_of(
        [table(0, ["age"], {"16-24": 412, "25-34": 873, "35-44": 500}), table(1, ["age"], {"16-22": 400, "23-34": 885, "35-44": 500})]
    )
    assert sums(stack) >= {("16-25", "16-23", "23-25"), ("23-35", "23-25", "25-35")}


def test_a_family_is_believed_where_it_adds_up() -> None:
    """Sexes are everybody where they come to the total of another table; groups that do not come to it are not."""
    total = table(0, ["region"], {"North": 421, "South": 610})
    sex = table(1, ["region", "sex"], {"North/women": 201, "North/men": 220, "South/women": 310, "South/men": 300})
    ill = table(2, ["region", "ill"], {"North/asthma": 60, "North/copd": 71, "South/asthma": 64, "South/copd": 99})
    assert ("north", "north&women", "men&north") in sums(stack_of([total, sex]))
    assert not any("asthma" in word for each in sums(stack_of([total, ill])) for word in each)


def test_what_adds_up_in_one_table_does_so_in_another() -> None:
    """Women and men of each age come to everybody of that age, though nothing prints that."""
    sex = table(
        0,
        ["region", "sex"],
        {"North/women": 201, "North/men": 220, "North/Total": 421, "South/women": 310, "South/men": 300, "South/Total": 610},
    )
    ages = {"women/16-39": 300, "men/16-39": 290, "women/40+": 211, "men/40+": 230}  # fmt: skip
    stack = stack_of([sex, table(1, ["sex", "age"], ages)])
    young = stack.places[frozenset({Span("age", 16, 40)})]
    assert stack.exact(young) == 590
    assert len(stack.printed(young)) == 2


def test_a_row_that_is_left_out() -> None:
    """Where most regions have three classes, the third of the others is a group of its own."""
    rows = {f"{region}/{kind}": 100.0 + at for at, region in enumerate("ABC") for kind in ("x", "y", "z")}
    totals = {f"{region}/Total": 3 * (100.0 + at) for at, region in enumerate("ABC")}
    del rows["C/z"]
    totals["C/Total"] = 2 * 102.0 + 4
    stack = stack_of([table(0, ["region", "class"], rows | totals)])
    (place,) = stack.left_out
    assert stack.conditions[place] == frozenset({"c", "z"})


def test_numbers_that_are_disputed() -> None:
    """Of a group of which two tables print different numbers nothing is believed."""
    stack = stack_of([table(0, ["region"], {"North": 421, "South": 610}), table(1, ["region"], {"North": 421, "South": 611})])
    south = stack.places[frozenset({"south"})]
    assert stack.exact(south) is None
    assert stack.high[south] == float("inf")


def test_bands_that_contradict_each_other() -> None:
    """Where a band holds fewer people than one within it, the bands are of different people, or of different things."""
    stack = stack_of([table(0, ["age"], {"16-34": 412, "35-44": 500}), table(1, ["age"], {"16-24": 600, "35-44": 500})])
    assert stack.stretches == []


def test_three_properties_behind_many_others() -> None:
    """Ways of dividing people that come behind a dozen longer ones are crossed like these."""
    lengthy = [table(place, [f"question {place}"], {**{f"{answer}{place}": 20 for answer in "vwxyz"}, "Total": 100}) for place in range(13)]
    pairs = (("women", "men"), ("North", "South")), (("women", "men"), ("asthma", "copd")), (("North", "South"), ("asthma", "copd"))
    tables = [
        table(
            20 + place,
            ["first", "second"],
            {
                **{f"{one}/{other}": 25 for one in ones for other in others},
                **{f"{one}/Total": 50 for one in ones},
                **{f"Total/{other}": 50 for other in others},
                "Total/Total": 100,
            },
        )
        for place, (ones, others) in enumerate(pairs)
    ]
    stack = stack_of([*lengthy, *tables])
    cross(stack)
    assert len(stack.inner) == 8
    assert not stack.uncrossed


def test_threes_that_are_not_crossed_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there are more ways of three than are gone through, that is counted."""
    monkeypatch.setattr("sdc_airlock.recognise.crossings._MOST_THREES", 0)
    stack = Stack(divisions=[frozenset({name + "1", name + "2"}) for name in "abc"])
    for one, other in ("ab", "ac", "bc"):
        for first, second in product((one + "1", one + "2"), (other + "1", other + "2")):
            stack.cells[stack.place(frozenset({first, second}))].append((0, 0))
    cross(stack)
    assert (stack.inner, stack.uncrossed) == (set(), 1)
