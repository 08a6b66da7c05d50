"""Genotypes in other numbers and shorter lines are undone and found; tables and texts that look like them are not called."""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pytest

from sdc_airlock.model.content import Column, Table, TextPart, TextRole
from sdc_airlock.recognise.genotype import GenotypeShape, genotype_shape, genotypes_in_text

PEOPLE, MARKERS = 40, 60
Dress = Callable[[np.ndarray], np.ndarray]


def people(seed: int = 1, count: int = PEOPLE, markers: int = MARKERS) -> np.ndarray:
    """Copies of an allele, drawn by frequency, shape (count, markers)."""
    random = np.random.default_rng(seed)
    return random.binomial(2, random.uniform(0.08, 0.5, markers), (count, markers))


def answers(seed: int = 2, count: int = PEOPLE, items: int = MARKERS) -> np.ndarray:
    """Answers on a scale of three that hang together, shape (count, items)."""
    random = np.random.default_rng(seed)
    score = random.normal(size=(count, 1)) + random.normal(size=items) + random.logistic(size=(count, items))
    return (score > -1).astype(np.int64) + (score > 1)


def table_of(rows: Sequence[Sequence[object]], names: Sequence[str] = ()) -> Table:
    """A table of text cells."""
    columns = tuple(
        Column(index=index, name=names[index] if names else "", values=pa.array([str(cell) for cell in cells], type=pa.string()))
        for index, cells in enumerate(zip(*rows, strict=True))
    )
    return Table(part_id="t.csv", columns=columns, n_rows=len(rows), named=bool(names))


def keyed(matrix: np.ndarray) -> Table:
    """A matrix with a key in front and neutral names."""
    rows = [[f"k{number}", *row] for number, row in enumerate(matrix.tolist())]
    return table_of(rows, ["key", *(f"v{index}" for index in range(matrix.shape[1]))])


def packed(states: np.ndarray, base: int, size: int) -> np.ndarray:
    """Several states a number."""
    return (states.reshape(len(states), -1, size) * base ** np.arange(size)).sum(axis=2)


def triples(states: np.ndarray) -> np.ndarray:
    """Three columns a marker, one of them set."""
    return (np.arange(3) == states[:, :, None]).astype(np.int64)


def likelihoods(states: np.ndarray) -> np.ndarray:
    """Log10 likelihoods of the three genotypes, the best nought."""
    return np.where(triples(states) == 1, 0.0, -1.5 - np.arange(3) / 4)


DRESSES: dict[str, Dress] = {
    "steps along": lambda states: np.diff(states, axis=1, prepend=0) + 5,
    "steps down": lambda states: np.diff(states, axis=0, prepend=0),
    "running sums": lambda states: states.cumsum(axis=1),
    "base three": lambda states: packed(states, 3, 5),
    "two bits": lambda states: packed(states, 4, 4),
    "two bits, masked": lambda states: packed(states, 4, 4) ^ 0x5A,
    "four bits": lambda states: packed(states, 16, 2),
    "two classes": lambda states: triples(states)[:, :, 1:].reshape(len(states), -1),
    "three classes": lambda states: triples(states).reshape(len(states), -1),
    "classes in blocks": lambda states: triples(states).transpose(0, 2, 1).reshape(len(states), -1),
    "likelihoods": lambda states: likelihoods(states).reshape(len(states), -1),
}


@pytest.mark.parametrize("dress", DRESSES.values(), ids=DRESSES)
def test_undone(dress: Dress) -> None:
    """Each dress is undone, and what is found is counted; the same dress on answers is not called."""
    shape = genotype_shape(keyed(dress(people())))
    assert shape is not None
    assert shape.score > 0.99
    assert shape.ratio is not None
    assert genotype_shape(keyed(dress(answers()))) is None


def test_likelihoods_in_cells() -> None:
    """Phred-scaled likelihoods, three in a cell, are genotypes."""
    cells = np.array(["0,30,200", "35,0,41", "210,28,0"], dtype=object)[people()]
    shape = genotype_shape(keyed(cells))
    assert shape is not None
    assert shape.markers == MARKERS


def test_windows() -> None:
    """Counts of alleles over windows of five markers are told from scores, events and flat answers."""
    random = np.random.default_rng(5)
    states = random.binomial(2, random.beta(1, 2, (1, 300)) * 0.9 + 0.05, (100, 300))
    windows = states.reshape(100, -1, 5).sum(axis=2)
    shape = genotype_shape(keyed(windows))
    assert shape is not None
    assert shape.layout == "windows"
    skill = random.normal(size=(100, 1)) + random.normal(size=60)
    scores = random.binomial(6, 1 / (1 + np.exp(-skill)))
    events = random.poisson(random.uniform(0.5, 4, 60), (100, 60))
    for other in (scores, events, random.integers(0, 7, (100, 60))):
        assert genotype_shape(keyed(other)) is None


def test_own_order_in_each_column() -> None:
    """States whose order differs from column to column are found by what genotypes have in any order; signs are not."""
    random = np.random.default_rng(6)
    states = people(6, 100, 120)
    turned = np.take_along_axis(np.stack([random.permutation(3) for _ in range(120)]).T, states, axis=0)
    assert genotype_shape(keyed(turned)) is not None
    assert genotype_shape(keyed(random.choice([-1, 0, 1], (100, 120), p=[0.45, 0.1, 0.45]))) is None


def test_scaled_columns() -> None:
    """Columns that were centred and scaled, each with a factor of its own, keep their even steps; scaled answers are not called."""
    for states, called in ((people(), True), (answers(), False)):
        scaled = ((states - states.mean(axis=0)) / states.std(axis=0)).round(5)
        assert (genotype_shape(keyed(scaled)) is not None) is called


def runs(row: Sequence[int]) -> str:
    """Lengths of runs of alike states."""
    edges = np.flatnonzero(np.diff([-1, *row, -1]))
    return "".join(f"{'ABC'[row[start]]}{end - start}" for start, end in pairwise(edges.tolist()))


def text_of(lines: Sequence[str]) -> TextPart:
    """Lines between lines of prose."""
    return TextPart(part_id="notes.txt", text="\n".join(["Some words.", "", *lines, "", "More words."]), role=TextRole.PROSE)


def told(lines: Sequence[str]) -> GenotypeShape | None:
    """What is found in some lines."""
    found = genotypes_in_text(text_of(lines))
    return None if found is None else found[0]


def test_runs_and_places_in_lines() -> None:
    """Lengths of runs, and places of what is not nought, are undone in text."""
    states = people(7, 40, 100)
    assert told([f"k{number},{runs(row)}" for number, row in enumerate(states.tolist())]) is not None
    sparse = [" ".join(["1", *(f"{place + 1}:{state}" for place, state in enumerate(row) if state)]) for row in states.tolist()]
    assert told(sparse) is not None
    assert told([f"k{number},{runs(row)}" for number, row in enumerate(answers(8, 40, 100).tolist())]) is None


def test_places_in_three_columns() -> None:
    """A sparse matrix as row, column and state is filled up."""
    states = people(9)
    rows = [[row, column, state] for (row, column), state in np.ndenumerate(states) if state]
    assert genotype_shape(table_of(rows, ["i", "j", "x"])) is not None


def test_packed_bytes_in_base64() -> None:
    """Four states a byte, as base64 in a note, are found; other bytes are not."""
    data = packed(people(10, 60, 80), 4, 4).astype(np.uint8).tobytes()
    assert told([base64.b64encode(data).decode()]) is not None
    assert told([base64.b64encode(np.random.default_rng(3).bytes(1200)).decode()]) is None


def test_members_by_site() -> None:
    """Lists of numbered people by site are put to the checker; lists of genes are not."""
    random = np.random.default_rng(11)
    states = random.binomial(2, random.uniform(0.1, 0.5, 60), (40, 60))
    lines = [f"site{number}: {' '.join(f'P{person}' for person in np.flatnonzero(column))}" for number, column in enumerate(states.T)]
    shape = told(lines)
    assert shape is not None
    assert shape.layout == "carriers"
    assert told([line.replace("P", "ENSG000001") for line in lines]) is None


def test_opposites_and_copies_are_no_alleles() -> None:
    """Columns that go in pairs because one repeats the other, or says its opposite, are no pairs of alleles."""
    random = np.random.default_rng(12)
    once = (random.random((60, 8)) < random.uniform(0.2, 0.8, 8)).astype(np.int64)
    assert genotype_shape(keyed(np.stack([once, once], axis=2).reshape(60, 16))) is None
    assert genotype_shape(keyed(np.stack([once, 1 - once], axis=2).reshape(60, 16))) is None


def test_features_that_rise_together_are_no_haplotypes() -> None:
    """Two states in columns that imply their neighbours are no stretch of a chromosome."""
    random = np.random.default_rng(13)
    strength = random.normal(size=(80, 20)).repeat(6, axis=1) + 0.3 * random.normal(size=(80, 120))
    assert genotype_shape(keyed((strength > random.normal(size=120)).astype(np.int64))) is None
