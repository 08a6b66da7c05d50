"""Suppression: safe or refused, nothing else changed, no more hidden than needed."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sdc_airlock.model.mending import Done, Loss

Counts = npt.NDArray[np.int64]
_FEWEST_POSSIBLE = 6  # of the nine suppressed counts so many must stay possible


@st.composite
def tables(draw: st.DrawFn, most: int = 8, largest: int = 200) -> Counts:
    """Counts with zeros and small ones among them."""
    rows, columns = draw(st.integers(3, most)), draw(st.integers(3, most))
    rng = np.random.default_rng(draw(st.integers(0, 1 << 30)))
    zeros, small = draw(st.sampled_from([(0.0, 0.1), (0.1, 0.2), (0.3, 0.3), (0.1, 0.5)]))
    kind = rng.random((rows, columns))
    large = rng.integers(10, largest, (rows, columns))
    return np.where(kind < zeros, 0, np.where(kind < zeros + small, rng.integers(1, 10, (rows, columns)), large)).astype(np.int64)


def with_margins(counts: Counts) -> Counts:
    """The counts with their totals."""
    wide = np.column_stack([counts, counts.sum(axis=1)])
    return np.vstack([wide, wide.sum(axis=0)])


def possible(hidden: npt.NDArray[np.bool_], full: Counts, at: tuple[int, int], value: int, floor: int) -> bool:
    """Whether some table of whole numbers fits everything that is printed, with this number at a hidden place: asked of an integer program of its own."""
    from scipy.optimize import LinearConstraint, milp

    rows, columns = full.shape
    places = {place: number for number, place in enumerate(product(range(rows), range(columns)))}
    sums = [{places[row, column]: 1 if column < columns - 1 else -1 for column in range(columns)} for row in range(rows)]
    sums += [{places[row, column]: 1 if row < rows - 1 else -1 for row in range(rows)} for column in range(columns)]
    matrix = np.zeros((len(sums), len(places)))
    for number, each in enumerate(sums):
        for place, sign in each.items():
            matrix[number, place] = sign
    low = np.where(hidden, floor, full).astype(float).reshape(-1)
    high = np.where(hidden, 10 * full.max(), full).astype(float).reshape(-1)
    low[places[at]] = high[places[at]] = value
    answer = milp(
        np.zeros(len(places)),
        constraints=LinearConstraint(matrix, 0, 0),
        bounds=np_bounds(low, high),
        integrality=np.ones(len(places)),
    )
    return bool(answer.status == 0)


def np_bounds(low: npt.NDArray[np.float64], high: npt.NDArray[np.float64]) -> object:
    """Bounds as the solver takes them."""
    from scipy.optimize import Bounds

    return Bounds(low, high)


@pytest.mark.no_cover
@settings(max_examples=15)
@given(counts=tables())
def test_crosstabs_end_safe_or_refused(
    counts: Counts, mending: Callable[..., object], judged: Callable[..., list[object]], crosstab: Callable[[Counts], str]
) -> None:
    """The checks find nothing in the copy, every cell that is not hidden is as it was, and no small count is left."""
    text = crosstab(counts)
    copy = mending(text)
    if copy.refusal:
        assert not copy.data
        return
    if not copy.data:
        assert not ((counts > 0) & (counts < 10)).any()
        return
    assert [finding for finding in judged(copy.data) if finding.severity > 1] == []
    for before, after in zip(text.splitlines(), copy.data.decode().splitlines(), strict=True):
        for old, new in zip(before.split(","), after.split(","), strict=True):
            assert new in (old, "[c]")
            assert new == "[c]" or not new.isdigit() or not 1 <= int(new) <= 9


@pytest.mark.no_cover
@settings(max_examples=12)
@given(counts=tables(most=3, largest=30))
def test_small_counts_stay_unknown_by_brute_force(
    counts: Counts, mending: Callable[..., object], crosstab: Callable[[Counts], str]
) -> None:
    """For each hidden small count so many numbers fit all that is printed as the profile asks for; found with a solver that knows nothing of recognition."""
    copy = mending(crosstab(counts))
    if not copy.data:
        return
    full = with_margins(counts)
    hidden = np.array([[cell == "[c]" for cell in row[1:]] for row in copy.rows()[1:]])
    floor = int((full == 0).any())
    for row, column in np.argwhere(hidden & (full > 0) & (full < 10)).tolist():
        values = [value for value in range(floor, 40) if possible(hidden, full, (row, column), value, floor)]
        assert len(values) >= _FEWEST_POSSIBLE
        assert int(full[row, column]) in values


@pytest.mark.no_cover
@settings(max_examples=20)
@given(seed=st.integers(0, 1 << 30))
def test_nothing_hidden_is_exact_by_enumeration(seed: int, mending: Callable[..., object], crosstab: Callable[[Counts], str]) -> None:
    """Tables of which few cells are hidden are written out, one after the other; no hidden small count is the same in all that fit."""
    rng = np.random.default_rng(seed)
    counts = rng.integers(10, 25, (3, 3)).astype(np.int64)
    counts[rng.integers(0, 3), rng.integers(0, 3)] = rng.integers(1, 10)
    copy = mending(crosstab(counts))
    assert copy.data
    full = with_margins(counts)
    hidden = np.array([[cell == "[c]" for cell in row[1:]] for row in copy.rows()[1:]])
    inner = np.argwhere(hidden[:3, :3]).tolist()
    if len(inner) > 4:
        return
    grids = np.stack(np.meshgrid(*[np.arange(30)] * len(inner), indexing="ij"), axis=-1).reshape(-1, len(inner))
    laid = np.broadcast_to(counts, (len(grids), 3, 3)).copy()
    for place, (row, column) in enumerate(inner):
        laid[:, row, column] = grids[:, place]
    fits = np.ones(len(grids), bool)
    for line in range(3):
        fits &= hidden[line, 3] | (laid[:, line].sum(axis=1) == full[line, 3])
        fits &= hidden[3, line] | (laid[:, :, line].sum(axis=1) == full[3, line])
    for row, column in inner:
        if counts[row, column] < 10:
            assert len(np.unique(laid[fits, row, column])) >= _FEWEST_POSSIBLE


@pytest.mark.parametrize("loss", list(Loss))
def test_one_small_count_costs_a_rectangle(loss: Loss, mending: Callable[..., object], crosstab: Callable[[Counts], str]) -> None:
    """With one small count and both margins printed, three more cells are the least that protects it; the smallest are taken."""
    counts = np.array([[120, 80, 90], [95, 4, 30], [150, 20, 25], [88, 77, 66]])
    copy = mending(crosstab(counts), loss=loss)
    rows = copy.rows()
    assert [(row, column) for row in range(6) for column in range(5) if rows[row][column] == "[c]"] == [(2, 2), (2, 3), (3, 2), (3, 3)]


def test_a_lone_column_costs_one_more_cell(mending: Callable[..., object]) -> None:
    """One total gives one cell away, so one more is hidden, and it is the smallest."""
    copy = mending("region,cases\nNorth,120\nSouth,4\nEast,95\nWest,77\nTotal,296\n")
    assert copy.data.decode() == "region,cases\nNorth,120\nSouth,[c]\nEast,95\nWest,[c]\nTotal,296\n"
    assert {step.done: step.count for step in copy.mended.steps} == {Done.PRIMARY: 1, Done.SECONDARY: 1}


def test_without_totals_only_the_small_count_goes(mending: Callable[..., object]) -> None:
    """Where nothing adds up nothing else need be hidden."""
    copy = mending("region,cases,controls\nNorth,120,300\nSouth,4,280\nEast,95,210\nWest,77,190\n")
    assert copy.data.decode() == "region,cases,controls\nNorth,120,300\nSouth,[c],280\nEast,95,210\nWest,77,190\n"


def test_percentages_go_with_their_counts(mending: Callable[..., object]) -> None:
    """A percentage with its total printed tells the count, so it is hidden too, for small and for other hidden counts."""
    text = "group,n,%\nunder 40,40,20.0\n40 to 59,4,2.0\n60 to 79,96,48.0\n80 and over,60,30.0\nTotal,200,100.0\n"
    rows = mending(text).rows()
    assert [row[1] for row in rows[1:]] == ["[c]", "[c]", "96", "60", "200"]
    assert [row[2] for row in rows[1:]] == ["[c]", "[c]", "48.0", "30.0", "100.0"]


def test_a_count_and_its_percentage_in_one_cell(mending: Callable[..., object]) -> None:
    """Cells of "n (%)" are hidden whole, whatever their column is called."""
    text = "age group,n (%)\nunder 40,40 (20.0%)\n40 to 59,4 (2.0%)\n60 to 79,96 (48.0%)\n80 and over,60 (30.0%)\nTotal,200 (100.0%)\n"
    assert [row[1] for row in mending(text).rows()[1:]] == ["[c]", "[c]", "96 (48.0%)", "60 (30.0%)", "200 (100.0%)"]


def test_what_is_said_of_few_people_is_hidden_with_their_number(mending: Callable[..., object]) -> None:
    """The mean of four people goes with their count; other means stay."""
    text = "region,patients,mean age,sd age\nNorth,120,54.3,10.2\nSouth,4,61.0,3.4\nEast,95,48.8,11.0\nWest,77,52.1,9.7\n"
    rows = mending(text).rows()
    assert rows[2] == ["South", "[c]", "[c]", "[c]"]
    assert rows[3] == ["East", "95", "48.8", "11.0"]


def test_a_flag_like_column_that_adds_up_counts_people(mending: Callable[..., object]) -> None:
    """A column of zeros and ones with a total of its own holds counts."""
    text = "region,group A,group B,group C,total\narea 1,39,0,153,192\narea 2,74,1,27,102\narea 3,45,0,97,142\narea 4,74,0,176,250\nTotal,232,1,453,686\n"
    copy = mending(text)
    assert not {cell for row in copy.rows()[1:] for cell in row[1:]} & {"1"}


def test_sub_totals_are_looked_through(mending: Callable[..., object], judged: Callable[..., list[object]]) -> None:
    """A hierarchy of regions and districts: what a sub-total gives away is protected on both levels."""
    text = (
        "region,district,cases,controls\nNorth,A,60,40\nNorth,B,86,70\nNorth,C,4,90\nNorth,Total,150,200\n"
        "South,D,70,30\nSouth,E,90,60\nSouth,F,50,65\nSouth,Total,210,155\n"
        "East,G,40,55\nEast,H,30,45\nEast,I,70,80\nEast,Total,140,180\nAll,Total,500,535\n"
    )
    copy = mending(text)
    rows = copy.rows()
    assert rows[3] == ["North", "C", "[c]", "90"]
    assert [row[1] for row in rows if row[2] == "[c]"] == ["A", "C"]
    assert judged(copy.data) == []


def test_cells_that_were_hidden_already_are_used(mending: Callable[..., object]) -> None:
    """A cell that is hidden already protects another one; no more is hidden for it."""
    text = "region,men,women,total\nNorth,[c],[c],200\nSouth,4,61,65\nEast,95,105,200\nWest,[c],[c],195\nTotal,303,357,660\n"
    rows = mending(text).rows()
    assert rows[2] == ["South", "[c]", "[c]", "65"]
    assert rows[3] == ["East", "95", "105", "200"]


def test_the_same_number_in_two_tables(mending: Callable[..., object]) -> None:
    """A cell that a second table prints again is hidden there too."""
    first = "region,men,women,total\nNorth,120,80,200\nSouth,4,61,65\nEast,95,105,200\nWest,88,57,145\nTotal,307,303,610\n"
    second = "\n\nregion,men\nNorth,120\nSouth,4\nEast,95\nWest,88\nTotal,307\n"
    copy = mending(first + second)
    south = [row for row in copy.rows() if row[0] == "South"]
    assert [row[1] for row in south] == ["[c]", "[c]"]
    assert sum(row[1:2] == ["[c]"] for row in copy.rows()) == 4


def test_the_marker_of_the_profile_is_written(mending: Callable[..., object]) -> None:
    """The sign is the one that was asked for."""
    assert "South,*" in mending("region,cases\nNorth,120\nSouth,4\nEast,95\nWest,77\n", marker="*").data.decode()


def test_nothing_to_hide_gives_no_copy(mending: Callable[..., object]) -> None:
    """A table without small counts is left alone."""
    copy = mending("region,cases,controls\nNorth,120,300\nSouth,140,280\nEast,95,210\nWest,77,190\n")
    assert (copy.data, copy.refusal, copy.mended.steps) == (b"", "", ())


def test_people_are_refused(mending: Callable[..., object]) -> None:
    """Rows of single people are not mended by hiding cells."""
    rows = (
        f"P{number * 7919 % 90000 + 10000},{20 + number % 60},{'MF'[number % 2]},{number * 37 % 100 / 10 + 20:.1f}" for number in range(200)
    )
    copy = mending("participant_id,age,sex,bmi\n" + "\n".join(rows) + "\n")
    assert "one a person" in copy.refusal
    assert not copy.data


def cube(counts: Counts) -> Counts:
    """Counts by three classifications, with the totals of each."""
    for axis in range(3):
        counts = np.concatenate([counts, counts.sum(axis=axis, keepdims=True)], axis=axis)
    return counts


@pytest.mark.no_cover
@settings(max_examples=10)
@given(seed=st.integers(0, 1 << 30), shape=st.tuples(st.integers(2, 4), st.integers(2, 3), st.integers(2, 4)))
def test_three_classifications_in_a_long_table(
    seed: int, shape: tuple[int, int, int], mending: Callable[..., object], judged: Callable[..., list[object]]
) -> None:
    """Region by sex by age with every total, one row a cell: safe to the checks or refused, nothing else changed, no small count left."""
    rng = np.random.default_rng(seed)
    full = cube(np.where(rng.random(shape) < 0.15, rng.integers(1, 10, shape), rng.integers(10, 300, shape)))
    names = [["North", "South", "East", "West"], ["men", "women", "other"], ["young", "middle", "older", "oldest"]]
    labels = [[*each[:size], "Total"] for each, size in zip(names, shape, strict=True)]
    rows = [f"{region},{sex},{age},{full[a, b, c]}" for (a, region), (b, sex), (c, age) in product(*(enumerate(each) for each in labels))]
    text = "\n".join(["region,sex,age,cases", *rows]) + "\n"
    copy = mending(text)
    if not copy.data:
        assert copy.refusal or not ((full > 0) & (full < 10)).any()
        return
    assert [finding for finding in judged(copy.data) if finding.severity > 1] == []
    for old, new in zip(text.splitlines()[1:], copy.data.decode().splitlines()[1:], strict=True):
        number = new.rpartition(",")[2]
        assert new == old or number == "[c]"
        assert number == "[c]" or not 1 <= int(number) <= 9
