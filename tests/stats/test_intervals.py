"""The attacker's intervals against theory: the truth is never excluded, and brute force over small whole numbers finds nothing narrower."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse
from scipy.optimize import linprog

from sdc_airlock.stats.intervals import Caps, System, attacker_intervals, contradicting, giving_away

SMALL = 6.0


def system(rows: list[list[float]], values: list[float], hidden: list[int], high: float = SMALL, *, integral: bool = True) -> System:
    """Equations whose right-hand side follows from the true values, with some cells hidden."""
    matrix = np.array(rows, float)
    truth = np.array(values, float)
    mask = np.zeros(len(truth), bool)
    mask[hidden] = True
    return System(
        matrix=sparse.csr_array(matrix),
        row_low=matrix @ truth,
        row_high=matrix @ truth,
        low=np.where(mask, 0.0, truth),
        high=np.where(mask, high, truth),
        integral=np.full(len(truth), integral),
    )


def by_force(one: System, asked: list[int]) -> tuple[list[float], list[float]]:
    """Least and largest value of each asked cell over all solutions in whole numbers."""
    ranges = [range(int(low), int(high) + 1) for low, high in zip(one.low, one.high, strict=True)]
    points = np.array(list(itertools.product(*ranges)), float)
    sums = points @ one.matrix.toarray().T
    fits = points[np.all((sums >= one.row_low - 1e-9) & (sums <= one.row_high + 1e-9), axis=1)]
    return fits[:, asked].min(axis=0).tolist(), fits[:, asked].max(axis=0).tolist()


def two_way(table: np.ndarray, hidden: np.ndarray, high: float = np.inf) -> tuple[System, np.ndarray, np.ndarray]:
    """A table with both margins as a system; gives it with the places of the hidden cells and the truth."""
    full = np.zeros((table.shape[0] + 1, table.shape[1] + 1))
    full[:-1, :-1] = table
    full[-1, :-1], full[:-1, -1], full[-1, -1] = table.sum(axis=0), table.sum(axis=1), table.sum()
    rows, columns = full.shape
    places = np.arange(full.size).reshape(full.shape)
    entries = [(row, cell, -1.0 if cell == line[-1] else 1.0) for row, line in enumerate([*places, *places.T]) for cell in line]
    at, cells, factors = zip(*entries, strict=True)
    mask = np.zeros(full.shape, bool)
    mask[:-1, :-1] = hidden
    truth = full.ravel()
    one = System(
        matrix=sparse.csr_array((factors, (at, cells)), shape=(rows + columns, full.size)),
        row_low=np.zeros(rows + columns),
        row_high=np.zeros(rows + columns),
        low=np.where(mask.ravel(), 0.0, truth),
        high=np.where(mask.ravel(), high, truth),
        integral=np.ones(full.size, bool),
    )
    return one, np.flatnonzero(mask.ravel()), truth


@given(
    st.lists(st.lists(st.sampled_from([-1.0, 0.0, 1.0, 1.0, 2.0]), min_size=5, max_size=5), min_size=1, max_size=4),
    st.lists(st.integers(0, 6), min_size=5, max_size=5),
)
@settings(max_examples=60, deadline=None)
def test_brute_force_agrees(rows: list[list[float]], values: list[int]) -> None:
    """On small systems of any shape the intervals are those that trying every whole number gives."""
    one = system(rows, [float(value) for value in values], [0, 1, 2, 3, 4])
    found = attacker_intervals(one, np.arange(5))
    low, high = by_force(one, [0, 1, 2, 3, 4])
    assert found.solved.all()
    assert not found.loosened.any()
    assert found.low.tolist() == low
    assert found.high.tolist() == high


@given(st.integers(0, 2**32 - 1), st.integers(2, 12), st.integers(2, 9), st.floats(0.05, 0.7))
@settings(max_examples=25, deadline=None)
def test_truth_is_never_excluded(seed: int, height: int, width: int, share: float) -> None:
    """Whatever is hidden of a table with margins, the true number lies in its interval, and the ends are those of one linear program each."""
    rng = np.random.default_rng(seed)
    table = rng.integers(0, 12, (height, width)) * (rng.random((height, width)) < 0.8)
    one, asked, truth = two_way(table, rng.random((height, width)) < share)
    found = attacker_intervals(one, asked)
    assert found.solved.all()
    assert np.all(found.low <= truth[asked])
    assert np.all(found.high >= truth[asked])
    for place in range(min(3, len(asked))):
        for sign, end in ((1.0, found.low[place]), (-1.0, -found.high[place])):
            cost = np.zeros(one.shape[1])
            cost[asked[place]] = sign
            bounds = np.column_stack([one.low, one.high])
            assert linprog(cost, A_eq=one.matrix, b_eq=one.row_low, bounds=bounds).fun == pytest.approx(end, abs=1e-6)


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=40, deadline=None)
def test_three_dimensions(seed: int) -> None:
    """With three dimensions linear programs alone are not enough for whole numbers; the truth stays inside and the ends are reached by whole numbers."""
    rng = np.random.default_rng(seed)
    cube = rng.integers(0, 3, (2, 3, 2))
    hidden = sorted(rng.choice(12, 8, replace=False).tolist())
    rows = []
    for axis in range(3):
        for rest in itertools.product(*(range(size) for place, size in enumerate(cube.shape) if place != axis)):
            line = np.zeros(cube.shape)
            index: list[object] = list(rest)
            index.insert(axis, slice(None))
            line[tuple(index)] = 1.0
            rows.append(line.ravel().tolist())
    one = system(rows, cube.ravel().astype(float).tolist(), hidden, high=2.0)
    found = attacker_intervals(one, np.array(hidden))
    low, high = by_force(one, hidden)
    assert found.low.tolist() == low
    assert found.high.tolist() == high


def test_percentages_of_a_known_base() -> None:
    """A percentage with one decimal on a base of 550 leaves one whole number."""
    one = System(
        matrix=sparse.csr_array([[1.0, -0.0115], [1.0, -0.0105]]),
        row_low=np.array([-np.inf, 0.0]),
        row_high=np.array([0.0, np.inf]),
        low=np.array([0.0, 550.0]),
        high=np.array([np.inf, 550.0]),
        integral=np.ones(2, bool),
    )
    found = attacker_intervals(one, np.array([0]))
    assert (found.low[0], found.high[0]) == (6.0, 6.0)


def test_contradiction_is_let_go() -> None:
    """A total that does not add up is let go; the other equations keep their say."""
    one = System(
        matrix=sparse.csr_array([[1.0, 1.0, 0.0, -1.0], [0.0, 1.0, 1.0, 0.0]]),
        row_low=np.array([0.0, 9.0]),
        row_high=np.array([0.0, 9.0]),
        low=np.array([5.0, 7.0, 0.0, 20.0]),
        high=np.array([5.0, 7.0, np.inf, 20.0]),
        integral=np.ones(4, bool),
    )
    found = attacker_intervals(one, np.array([2]))
    assert found.loosened.tolist() == [True, False]
    assert (found.low[0], found.high[0]) == (2.0, 2.0)
    assert found.solved.all()
    assert contradicting(one).tolist() == [True, False]


def test_whole_numbers_alone_contradict() -> None:
    """Equations that hold for fractions only are let go, not answered with nonsense."""
    one = system([[2.0, 2.0]], [1.0, 1.0], [0, 1])
    odd = System(matrix=one.matrix, row_low=np.array([3.0]), row_high=np.array([3.0]), low=one.low, high=one.high, integral=one.integral)
    found = attacker_intervals(odd, np.array([0, 1]))
    assert found.loosened.all() or not found.solved.all()
    assert found.low.tolist() == [0.0, 0.0]


def test_no_equation() -> None:
    """Without equations a cell keeps the range of its marker."""
    one = System(
        matrix=sparse.csr_array((0, 2)),
        row_low=np.zeros(0),
        row_high=np.zeros(0),
        low=np.array([1.0, 0.0]),
        high=np.array([4.0, np.inf]),
        integral=np.ones(2, bool),
    )
    found = attacker_intervals(one, np.array([0, 1]))
    assert found.low.tolist() == [1.0, 0.0]
    assert found.high.tolist() == [4.0, np.inf]
    assert found.solved.all()


def test_caps_say_not_solved() -> None:
    """Where a cap is reached the answer is wide and says so."""
    rng = np.random.default_rng(3)
    one, asked, truth = two_way(rng.integers(0, 30, (12, 12)), np.ones((12, 12), bool))
    for caps in (Caps(cells=10), Caps(runs=3)):
        found = attacker_intervals(one, asked, caps)
        assert not found.solved.all()
        assert np.all((found.low <= truth[asked]) & (found.high >= truth[asked]))


def test_amounts_are_not_made_whole() -> None:
    """Amounts keep their decimals."""
    one = System(
        matrix=sparse.csr_array([[1.0, 1.0, -1.0]]),
        row_low=np.zeros(1),
        row_high=np.zeros(1),
        low=np.array([0.0, 2.25, 7.5]),
        high=np.array([np.inf, 2.25, 7.5]),
        integral=np.zeros(3, bool),
    )
    found = attacker_intervals(one, np.array([0]))
    assert (found.low[0], found.high[0]) == (5.25, 5.25)


def test_equations_that_give_a_cell_away() -> None:
    """The equations named are those that hold the cell, not the others."""
    table = np.array([[4, 6, 9], [7, 3, 8], [5, 5, 5]])
    hidden = np.zeros((3, 3), bool)
    hidden[0, 0] = hidden[0, 1] = hidden[1, 0] = hidden[2, 2] = True
    one, asked, truth = two_way(table, hidden)
    found = attacker_intervals(one, asked)
    assert found.low.tolist() == truth[asked].tolist()
    assert giving_away(one, int(asked[3])).tolist() in ([2], [6])
    assert set(giving_away(one, int(asked[0])).tolist()) <= {0, 1, 4, 5}


def test_rectangle_of_hidden_cells() -> None:
    """Four hidden cells in a rectangle, as textbooks on secondary suppression draw it (numbers made up): what may move round the ring is known by hand."""
    table = np.array([[20, 50, 10, 40], [8, 19, 22, 30], [17, 32, 12, 25]])
    hidden = np.zeros((3, 4), bool)
    hidden[np.ix_([0, 2], [0, 2])] = True
    one, asked, _ = two_way(table, hidden)
    found = attacker_intervals(one, asked)
    # the diagonal may gain what the other two lose (10), and lose what it holds at least (12)
    assert found.low.tolist() == [8.0, 0.0, 7.0, 0.0]
    assert found.high.tolist() == [30.0, 22.0, 29.0, 22.0]


def test_hidden_cell_of_a_contradicted_equation() -> None:
    """A cell in an equation that was let go is not taken for safe."""
    one = System(
        matrix=sparse.csr_array([[1.0, 1.0, 0.0], [0.0, 1.0, 1.0], [1.0, 0.0, 1.0]]),
        row_low=np.array([4.0, 4.0, 40.0]),
        row_high=np.array([4.0, 4.0, 40.0]),
        low=np.zeros(3),
        high=np.full(3, np.inf),
        integral=np.ones(3, bool),
    )
    found = attacker_intervals(one, np.arange(3))
    assert found.loosened.any()
    assert not found.solved.all()
