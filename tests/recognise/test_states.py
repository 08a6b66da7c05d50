"""States of anything by their shape: people under any signs and in one run are found, ordinary maps, calendars, answers and boards are not."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sdc_airlock.model.content import Column, Table, TextPart, TextRole
from sdc_airlock.recognise.genotype import genotype_shape, genotypes_in_text
from sdc_airlock.recognise.states import run_table, stacked_tables, state_table

Draw = Callable[[np.random.Generator, int, int], np.ndarray]


def people(random: np.random.Generator, count: int = 60, markers: int = 40) -> np.ndarray:
    """Copies of an allele, drawn by frequency, shape (count, markers)."""
    return random.binomial(2, random.uniform(0.08, 0.5, markers), (count, markers))


def text_of(lines: list[str]) -> TextPart:
    """Lines between lines of prose."""
    return TextPart(part_id="notes.txt", text="\n".join(["Some words.", "", *lines, "", "More words."]), role=TextRole.PROSE)


@pytest.mark.parametrize(
    "signs", [".,;", "\u26aa\U0001f7e1\U0001f534", " \u2592\u2588", "xyz", "+-?", "ACG", ("aa", "ab", "bb"), ("0 ", "1 ", "2 ")]
)
def test_any_alphabet(signs: str | tuple[str, ...]) -> None:
    """Lines in three signs, one or two characters each, are people whatever the signs are."""
    states = people(np.random.default_rng(1))
    found = genotypes_in_text(text_of(["".join(signs[value] for value in row) for row in states.tolist()]))
    assert found is not None
    assert found[0].people == 60


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize("width", [2400, 70, 33])
def test_one_run_without_row_ends(width: int, *, turned: bool) -> None:
    """Digits of all people one after the other are found in one line, and in lines that end anywhere."""
    states = people(np.random.default_rng(2))
    run = "".join(map(str, (states.T if turned else states).ravel().tolist()))
    found = genotypes_in_text(text_of([run[place : place + width] for place in range(0, len(run), width)]))
    assert found is not None


def table(columns: dict[str, list[object]]) -> Table:
    """A table of numbers."""
    built = tuple(Column(index=index, name=name, values=pa.array(values)) for index, (name, values) in enumerate(columns.items()))
    return Table(part_id="t", columns=built, n_rows=len(built[0].values), named=True)


def test_one_column_lengths_and_steps() -> None:
    """A column of states, the lengths of intervals and the steps between places spell people as digits do."""
    states = people(np.random.default_rng(3)).ravel()
    starts = np.arange(len(states)) * 100
    assert genotype_shape(table({"value": states.tolist()})) is not None
    assert genotype_shape(table({"start": starts.tolist(), "end": (starts + 20 + states).tolist()})) is not None
    assert genotype_shape(table({"position": np.cumsum(7 + states).tolist()})) is not None
    assert genotype_shape(table({"start": starts.tolist(), "end": (starts + 50).tolist()})) is None


def test_one_row() -> None:
    """A header and one row that spell a run are read as one."""
    states = people(np.random.default_rng(4)).ravel().tolist()
    columns = tuple(Column(index=index, name="", values=pa.array([str(value)])) for index, value in enumerate(states))
    assert genotype_shape(Table(part_id="t", columns=columns, n_rows=1, named=False)) is not None


@pytest.mark.parametrize("signs", [("none", "one", "two"), ("", "x", "xx"), ("-", "+", "++")])
def test_what_looks_missing_is_a_state(signs: tuple[str, ...]) -> None:
    """Words for nothing, and empty cells, are one of the three states where the matrix says so."""
    states = people(np.random.default_rng(9))
    columns = tuple(
        Column(index=index, name="", values=pa.array([signs[value] for value in column])) for index, column in enumerate(states.T.tolist())
    )
    assert genotype_shape(Table(part_id="t", columns=columns, n_rows=60, named=False)) is not None


def test_one_small_table_a_person() -> None:
    """Tables of one size, one a person, are laid beside each other."""
    states = people(np.random.default_rng(5))
    assert stacked_tables(table({"value": row}) for row in states.tolist()) is not None
    assert stacked_tables(table({"value": row}) for row in np.tile([0, 1, 2, 1], (60, 10)).tolist()) is None


def test_no_sign_is_kept() -> None:
    """The table holds codes, not the signs."""
    found = state_table("t", np.array(["secret", "hidden", "closed"])[people(np.random.default_rng(6))].tolist())
    assert found is not None
    assert {value for column in found.columns for value in column.values.to_pylist()} <= {"s1", "s2", "s3", ""}


def traffic_lights(random: np.random.Generator, rows: int, columns: int) -> np.ndarray:
    """Red, amber and green, with shares of each column's own."""
    return np.stack([random.choice(3, rows, p=random.dirichlet(np.ones(3))) for _ in range(columns)], axis=1)


def heat_map(random: np.random.Generator, rows: int, columns: int) -> np.ndarray:
    """A smooth surface in three bands."""
    across, down = np.meshgrid(np.linspace(0, 5, columns), np.linspace(0, 7, rows))
    surface = np.sin(across + random.uniform(0, 6)) + np.cos(down * random.uniform(0.5, 1.5)) + random.normal(0, 0.2, across.shape)
    return np.digitize(surface, [-0.5, 0.5])


def stars(random: np.random.Generator, rows: int, columns: int) -> np.ndarray:
    """Marks of significance, one or two stars."""
    size = np.abs(random.normal(size=(rows, columns)) * 1.5 + random.normal(size=(rows, 1)))
    return (size > 1.96).astype(np.int64) + (size > 2.58)


def answers(random: np.random.Generator, rows: int, columns: int) -> np.ndarray:
    """Answers on a scale of three that hang together."""
    score = 0.8 * random.normal(size=(rows, 1)) + random.normal(size=columns) + random.logistic(size=(rows, columns))
    return (score > -1).astype(np.int64) + (score > 1)


def calendar(random: np.random.Generator, rows: int, columns: int) -> np.ndarray:
    """Days on and off, and some holidays."""
    days = np.tile((np.arange(columns) % 7 > 4).astype(np.int64), (rows, 1))
    days[random.random(days.shape) < 0.1] = 2
    return days


def board(random: np.random.Generator, rows: int, columns: int) -> np.ndarray:
    """A board with stones of two colours."""
    return random.choice(3, (rows, columns), p=[0.5, 0.25, 0.25])


def words_of_documents(random: np.random.Generator, rows: int, columns: int) -> np.ndarray:
    """Counts of words, cut at two."""
    return np.minimum(random.poisson(random.gamma(1, 0.6, columns), (rows, columns)), 2)


def treatments(random: np.random.Generator, rows: int, columns: int) -> np.ndarray:
    """A design matrix of three levels."""
    return (np.arange(rows)[:, None] // random.integers(1, 6, columns)[None]) % 3


def correlations(random: np.random.Generator, rows: int, columns: int) -> np.ndarray:
    """Correlations in three colours, the same above and below the diagonal."""
    del columns
    mixed = random.normal(size=(90, rows)) @ (np.eye(rows) + 0.2 * random.normal(size=(rows, rows)))
    return np.digitize(np.corrcoef(mixed.T), [-0.1, 0.1])


def sequences(random: np.random.Generator, rows: int, columns: int) -> np.ndarray:
    """States that last: at work, out of work, retired."""
    states = random.integers(0, 3, (rows, columns))
    for place in range(1, columns):
        stays = random.random(rows) < 0.85
        states[stays, place] = states[stays, place - 1]
    return states


@pytest.mark.parametrize(
    "draw", [traffic_lights, heat_map, stars, answers, calendar, board, words_of_documents, treatments, correlations, sequences]
)
def test_ordinary_states(draw: Draw) -> None:
    """Ordinary matrices of three states are not called genotypes, neither laid out nor in one run."""
    random = np.random.default_rng(7)
    for rows, columns in ((30, 12), (60, 40), (25, 52), (80, 80)):
        for _ in range(3):
            states = draw(random, rows, columns)
            assert state_table("t", states.tolist()) is None
            assert run_table("t", states.ravel().tolist()) is None


def test_drawings_in_text_are_no_people() -> None:
    """Bars, rules and boards drawn with few characters are left alone."""
    bars = ["#" * (place % 37) + "." * (60 - place % 37) for place in range(40)]
    rules = ["+" + "-" * 58 + "+", "|" + " " * 58 + "|"] * 20
    tests = ["." * 60] * 30 + ["..........F.........s......................................."] * 5
    for lines in (bars, rules, tests):
        assert genotypes_in_text(text_of(lines)) is None


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from("abc. \n"), max_size=900))
def test_any_run_is_survived(letters: list[str]) -> None:
    """No run of few signs raises, laid out or not."""
    run_table("t", letters)
    genotypes_in_text(TextPart(part_id="t", text="".join(letters), role=TextRole.PROSE))
