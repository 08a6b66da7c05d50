"""How tables add up: from files in usual layouts to equations, and none where nothing adds up."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

import numpy as np
import pytest

from sdc_airlock.identify import identify
from sdc_airlock.limits import Limits
from sdc_airlock.model.published import Marker, Published, Relation
from sdc_airlock.readers import read
from sdc_airlock.recognise import recognise
from sdc_airlock.recognise._structure_labels import band, covers, parents_by_band, parents_by_code, parents_by_indent
from sdc_airlock.recognise._structure_values import legend_bound, marker_bounds
from sdc_airlock.recognise.structure import stacked, structure
from sdc_airlock.source import Source


@pytest.fixture(scope="module")
def published_of() -> Callable[[str], list[Published]]:
    """The systems of the tables in a CSV file."""

    def make(text: str) -> list[Published]:
        data = text.encode()
        source = Source.of_bytes(data, part_id="table.csv", name="table.csv")
        content = read(source, identify(source), file_id=hashlib.sha256(data).hexdigest(), limits=Limits())
        return [found for part in recognise(content, Limits()) if (found := structure(part)) is not None]

    return make


def sums(table: Published) -> set[tuple[tuple[int, int], ...]]:
    """Sums as places: the total first, then its parts."""
    found = set()
    for equation in range(len(table.equations)):
        if table.equations.relation[equation] != Relation.SHARE:
            cells = table.equations.members(equation)
            found.add(tuple((int(table.row[cell]), int(table.column[cell])) for cell in cells))
    return found


@pytest.mark.parametrize(
    ("marker", "bounds"),
    [
        ("<5", (0, 4)),
        ("< 10", (0, 9)),
        ("\u22644", (0, 4)),
        ("<=4", (0, 4)),
        ("fewer than 5", (0, 4)),
        ("5 or fewer", (0, 5)),
        ("1-4", (1, 4)),
        ("1 to 5", (1, 5)),
        ("[<7]", (0, 6)),
        ("<5 (2.3%)", (0, 4)),
        (">1,000", (1001, np.inf)),
        ("*", None),
        ("[c]", None),
        ("redacted", None),
    ],
)
def test_markers(marker: str, bounds: tuple[float, float] | None) -> None:
    """A marker that states a range is read as that range; a bare sign says nothing by itself."""
    assert marker_bounds(marker) == bounds


@pytest.mark.parametrize(
    ("notes", "bound"),
    [
        ("* Counts fewer than 5 have been suppressed.", 4),
        ("[c] denotes values of 7 or fewer", 7),
        ("Numbers below 10 are shown as *", 9),
        ("x: suppressed, between 1 and 4", 4),
        ("* fewer than 5 suppressed, with secondary suppression of other cells", None),
        ("Patients aged under 18 were left out.", None),
        ("", None),
    ],
)
def test_notes(notes: str, bound: float | None) -> None:
    """What the notes say of a sign, unless they say that it hides other cells too."""
    assert legend_bound(notes) == bound


def test_hierarchies_of_labels() -> None:
    """Indentation, codes and bands say which label holds which."""
    assert parents_by_indent(["England", "  North", "    Leeds", "  South"]) == [-1, 0, 1, 0]
    assert parents_by_code(["A00-B99", "A00", "B01", "C00-D48", "C10"]) == [-1, 0, 0, -1, 3]
    assert parents_by_code(["1", "1.1", "1.2", "1.2.1", "2"]) == [-1, 0, 0, 2, -1]
    assert parents_by_code(["E11", "E110", "E112", "I10"]) == [-1, 0, 0, -1]
    assert parents_by_code(["2001", "2002", "2003"]) == [-1, -1, -1]
    assert parents_by_band(["0-17", "0-4", "5-17", "18+", "18-64", "65+"]) == [-1, 0, 0, -1, 3, 3]
    assert band("65 and over") == (65.0, 999.0)
    assert band("North") is None
    assert covers("0-17", ["0-4", "5-17"])
    assert not covers("0-17", ["0-4", "6-17"])
    assert not covers("18+", ["18-64", "60+"])


def test_both_margins(published_of: Callable[[str], list[Published]]) -> None:
    """A crosstab has an equation for every row and column, those with hidden cells too."""
    (table,) = published_of("region,men,women,total\nNorth,120,80,200\nSouth,*,*,64\nEast,95,105,200\nTotal,*,*,464\n")
    found = sums(table)
    assert {((row, 3), (row, 1), (row, 2)) for row in range(4)} <= found
    assert {((3, column), (0, column), (1, column), (2, column)) for column in (1, 2, 3)} <= found
    assert table.hidden.sum() == 4
    assert set(table.marker[table.hidden].tolist()) == {Marker.BARE}
    assert table.integral.all()


def test_several_measures(published_of: Callable[[str], list[Published]]) -> None:
    """Percentages go with the count that explains them; a mean adds up to nothing."""
    (table,) = published_of("group,n,%,mean age\nA,120,30.0,51.2\nB,140,35.0,48.8\nC,140,35.0,50.1\nTotal,400,100.0,50.0\n")
    assert sums(table) == {((3, 1), (0, 1), (1, 1), (2, 1))}
    shares = table.equations.relation == Relation.SHARE
    assert shares.any()
    assert all(set(table.column[table.equations.members(int(each))].tolist()) == {1} for each in np.flatnonzero(shares))


def test_two_partitions_of_one_total(published_of: Callable[[str], list[Published]]) -> None:
    """Sections that each add up to the same total give an equation each."""
    (table,) = published_of("Characteristic,n,m\nAll,125,210\nSex,,\nMale,60,100\nFemale,65,110\nAge,,\n0-39,25,70\n40+,100,140\n")
    assert {each for each in sums(table) if each[0][1] == 1} == {((0, 1), (2, 1), (3, 1)), ((0, 1), (5, 1), (6, 1))}


def test_rounded_counts(published_of: Callable[[str], list[Published]]) -> None:
    """Rounded counts stand for ranges, and totals that were rounded by themselves still hold."""
    (table,) = published_of(
        "region,men,women,total\nNorth,120,80,200\nSouth,45,65,115\nEast,95,105,200\nWest,40,35,70\nTotal,300,285,585\n"
    )
    assert table.base == (5,)
    assert table.high[0] - table.low[0] == 4
    assert ((1, 3), (1, 1), (1, 2)) in sums(table)


def test_midpoints_of_six(published_of: Callable[[str], list[Published]]) -> None:
    """Counts rounded to the midpoints of sixes are known for what they are."""
    (table,) = published_of("region,a,b,c\nN,9,21,33\nS,15,27,45\nE,3,63,75\nW,51,81,87\n")
    assert table.base == (-6,)
    assert (table.low[0], table.high[0]) == (7.0, 12.0)


@pytest.mark.parametrize(
    "text",
    [
        "gene,beta,se\nA,0.11,0.02\nB,-0.2,0.03\nC,0.4,0.05\nD,0.1,0.02\n",
        "year,births,deaths,marriages\n2001,5121,4310,1207\n2002,5044,4402,1189\n2003,4987,4377,1250\n2004,5201,4419,1302\n",
        "region,cases\nNorth,120\nSouth,45\nEast,95\n",
    ],
)
def test_nothing_adds_up(published_of: Callable[[str], list[Published]], text: str) -> None:
    """Tables without totals have no equation."""
    assert all(len(table.equations) == 0 for table in published_of(text))


def test_total_that_does_not_add_up(published_of: Callable[[str], list[Published]]) -> None:
    """A row called total that is the sum of nothing around it gives no equation."""
    (table,) = published_of("region,men,women\nNorth,120,80\nSouth,45,66\nEast,95,105\nTotal,900,1200\n")
    assert sums(table) == set()


def test_people_and_unreadable(published_of: Callable[[str], list[Published]]) -> None:
    """A list of people is no table of sums."""
    rows = "".join(f"P{number:05},{30 + number % 40},{number % 2},{20 + number % 15}.5\n" for number in range(60))
    assert published_of("participant_id,age,sex,bmi\n" + rows) == []


def test_stacked_tables(published_of: Callable[[str], list[Published]]) -> None:
    """The same margin in two tables is one number."""
    text = (
        "Table 1\nregion,Men,Women,Total\nNorth,120,80,200\nSouth,60,44,104\nEast,95,105,201\nWest,*,*,*\n\n"
        "Table 2\nregion,0-39,40+,Total\nNorth,100,100,200\nSouth,50,54,104\nEast,96,105,201\nWest,*,*,17\n"
    )
    tables = published_of(text)
    together = stacked(tables)
    assert len(together) == sum(len(table) for table in tables)
    repeated = together.equations.relation == Relation.REPEATED
    assert int(repeated.sum()) == 4
    assert stacked(tables[:1]) is tables[0]


def test_other_numbers_under_the_same_labels(published_of: Callable[[str], list[Published]]) -> None:
    """Tables of different things under the same labels are not tied together."""
    text = "Table 1\nregion,n\nNorth,120\nSouth,60\nEast,95\nWest,33\n\nTable 2\nregion,n\nNorth,1\nSouth,50\nEast,96\nWest,17\n"
    together = stacked(published_of(text))
    assert not (together.equations.relation == Relation.REPEATED).any()


def test_many_tables_are_tied_together(published_of: Callable[[str], list[Published]]) -> None:
    """However many tables print the same margin, each is tied to the first of them."""
    text = "\n".join(
        f"Table {number}\nregion,kind {number},rest {number},Total\nNorth,{100 + number},{100 - number},200\nSouth,60,44,104\nEast,95,106,201\n"
        for number in range(70)
    )
    tables = published_of(text)
    links = stacked(tables).equations.relation == Relation.REPEATED
    assert len(tables) == 70
    assert int(links.sum()) == 69 * 3
