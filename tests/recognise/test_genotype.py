"""Genotypes by shape: drawn people of many layouts are found, other data of few states are not called."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sdc_airlock.model.content import Column, Table, TextPart, TextRole
from sdc_airlock.recognise.genotype import GenotypeShape, genotype_shape, genotypes_in_text

Draw = Callable[[np.random.Generator, int, int], np.ndarray]


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


def genotypes(random: np.random.Generator, people: int, markers: int, *, switch: float = 1.0, lost: float = 0.02) -> np.ndarray:
    """Drawn genotypes: haplotypes copied from founders (neighbours correlated where `switch` is small), -1 where missing."""
    frequencies = random.beta(0.8, 0.8, markers) * 0.9 + 0.05
    founders = random.random((60, markers)) < frequencies
    source = random.integers(0, 60, (2 * people, markers))
    for marker in range(1, markers):
        stays = random.random(2 * people) >= switch
        source[stays, marker] = source[stays, marker - 1]
    alleles = founders[source, np.arange(markers)]
    states = alleles[:people].astype(np.int64) + alleles[people:]
    states[random.random(states.shape) < lost] = -1
    return states


def linked(random: np.random.Generator, people: int, markers: int) -> np.ndarray:
    """Genotypes with correlated neighbours."""
    return genotypes(random, people, markers, switch=0.05)


def of_one_stretch(random: np.random.Generator, people: int, markers: int) -> np.ndarray:
    """Genotypes of one stretch: twenty haplotypes of one tree, which stand in for each other for a hundred markers or so."""
    tree, new = np.zeros((20, markers), np.int64), random.permutation(markers)
    for branch in range(1, len(tree)):
        tree[branch] = tree[int(random.integers(branch))]
        tree[branch, new[branch - 1 :: len(tree) - 1]] = 1
    return _copied(random, tree, people, 0.01)


def _copied(random: np.random.Generator, founders: np.ndarray, people: int, switch: float) -> np.ndarray:
    """Two copies a person of stretches of the founders."""
    markers = founders.shape[1]
    source = random.integers(0, len(founders), (2 * people, markers))
    for marker in range(1, markers):
        stays = random.random(2 * people) >= switch
        source[stays, marker] = source[stays, marker - 1]
    alleles = founders[source, np.arange(markers)]
    return np.asarray(alleles[:people] + alleles[people:])


def inbred(random: np.random.Generator, people: int, markers: int) -> np.ndarray:
    """Genotypes of people whose two alleles come of one ancestor at every eighth marker."""
    frequency = random.beta(0.8, 0.8, markers) * 0.9 + 0.05
    first, second = (random.random((people, markers)) < frequency for _ in range(2))
    return np.asarray(first.astype(np.int64) + np.where(random.random((people, markers)) < 0.12, first, second))


def rare(random: np.random.Generator, people: int, markers: int) -> np.ndarray:
    """Genotypes at markers half of which are hardly ever another."""
    frequency = np.exp(random.uniform(np.log(0.002), np.log(0.5), markers))
    return random.binomial(2, np.where(random.random(markers) < 0.5, frequency, 1 - frequency), (people, markers))


def questions(random: np.random.Generator, people: int, items: int) -> np.ndarray:
    """Answers on a scale of three that hang together."""
    width = random.uniform(0.4, 2)
    score = 0.8 * random.normal(size=(people, 1)) + random.normal(size=items) + random.logistic(size=(people, items))
    return (score > -width).astype(np.int64) + (score > width)


def any_shares(random: np.random.Generator, people: int, columns: int) -> np.ndarray:
    """Three states with shares of their own in each column."""
    return np.stack([random.choice(3, people, p=random.dirichlet(np.ones(3))) for _ in range(columns)], axis=1)


def signs(random: np.random.Generator, people: int, columns: int) -> np.ndarray:
    """Effects that are mostly down or up."""
    return random.choice([-1, 0, 1], (people, columns), p=[0.45, 0.1, 0.45])


def design(random: np.random.Generator, people: int, columns: int) -> np.ndarray:
    """A balanced design of three levels."""
    return np.stack([random.permutation(np.arange(people) % 3) for _ in range(columns)], axis=1)


def five(random: np.random.Generator, people: int, columns: int) -> np.ndarray:
    """Answers from one to five."""
    return random.integers(1, 6, (people, columns))


def sparse(random: np.random.Generator, people: int, columns: int) -> np.ndarray:
    """Counts that are mostly nought."""
    return np.minimum(random.poisson(random.uniform(0.02, 0.2, columns), (people, columns)), 2)


def two(random: np.random.Generator, people: int, columns: int) -> np.ndarray:
    """Answers of yes and no."""
    return (random.random((people, columns)) < random.random(columns)).astype(np.int64)


def words(states: np.ndarray) -> np.ndarray:
    """States as other symbols."""
    return np.array(["wb", "q", "zz", "?"])[states]


def missing(states: np.ndarray) -> np.ndarray:
    """States with an unusual missing code."""
    return np.where(states < 0, 5, states)


def dosages(states: np.ndarray) -> np.ndarray:
    """States as imputed dosages."""
    random = np.random.default_rng(0)
    blur = np.abs(random.normal(0, 0.06, states.shape)) * (random.random(states.shape) < 0.5)
    return np.round(np.where(np.maximum(states, 0) > 1, 2 - blur, np.maximum(states, 0) + blur), 3)


@pytest.mark.parametrize("draw", [genotypes, linked])
@pytest.mark.parametrize("turn", [missing, words, dosages, np.transpose], ids=["missing", "words", "dosages", "transposed"])
def test_thirty_people_and_a_hundred_markers(draw: Draw, turn: Callable[[np.ndarray], np.ndarray]) -> None:
    """Thirty people at a hundred markers are found in every disguise."""
    random = np.random.default_rng(11)
    shapes = [genotype_shape(keyed(turn(draw(random, 30, 100)))) for _ in range(5)]
    assert all(shape is not None and shape.score > 0.99 for shape in shapes)


@pytest.mark.parametrize("draw", [inbred, rare])
def test_relatives_and_rare_markers(draw: Draw) -> None:
    """So are thirty people whose parents are related, or at markers most of which are rare, in words."""
    random = np.random.default_rng(16)
    assert all(genotype_shape(keyed(words(draw(random, 30, 100)))) is not None for _ in range(8))


@pytest.mark.parametrize("turn", [np.asarray, np.transpose], ids=["people", "markers"])
def test_one_stretch_in_one_run(turn: Callable[[np.ndarray], np.ndarray]) -> None:
    """Markers of one stretch, one state after the other in one column, are found, though few haplotypes make people differ as markers do."""
    for seed in (18, 21, 22):
        run = turn(of_one_stretch(np.random.default_rng(seed), 60, 200)).ravel()
        assert genotype_shape(table_of([[state] for state in run.tolist()], ["value"])) is not None


@pytest.mark.parametrize("draw", [questions, any_shares, signs, design, five, sparse, two])
def test_other_data_of_few_states(draw: Draw) -> None:
    """Questions, signs, designs, counts and yes or no are not called genotypes, either way round."""
    random = np.random.default_rng(12)
    for people, columns in ((30, 100), (100, 12)):
        for _ in range(3):
            matrix = draw(random, people, columns)
            assert genotype_shape(keyed(matrix)) is None
            assert genotype_shape(keyed(matrix.T)) is None


def shape_of(table: Table) -> GenotypeShape:
    """The shape, which must be there."""
    shape = genotype_shape(table)
    assert shape is not None
    return shape


def test_layouts() -> None:
    """Each layout is named, with its people and markers."""
    random = np.random.default_rng(13)
    states = np.maximum(genotypes(random, 20, 30), 0)
    wide = shape_of(keyed(states))
    assert (wide.layout, wide.people, wide.markers) == ("wide", 20, 30)
    long = shape_of(table_of([[f"p{row}", f"m{column}", states[row, column]] for row in range(20) for column in range(30)]))
    assert (long.layout, long.people, long.markers) == ("long", 20, 30)
    strings = shape_of(table_of([[f"p{number}", "".join(map(str, row))] for number, row in enumerate(states.tolist())]))
    assert (strings.layout, strings.people, strings.markers) == ("strings", 20, 30)


def test_pairs_of_allele_columns() -> None:
    """Alleles as 1 and 2 in pairs of columns are found, answers of 1 and 2 are not."""
    random = np.random.default_rng(14)
    pairs = np.array([[1, 1], [1, 2], [2, 2]])[np.maximum(genotypes(random, 40, 20), 0)].reshape(40, 40)
    assert shape_of(keyed(pairs)).markers == 20
    assert genotype_shape(keyed(two(random, 40, 40) + 1)) is None


def test_sizes_of_repeats_on_two_rows() -> None:
    """Allele sizes on two rows a person are found."""
    random = np.random.default_rng(15)
    rows = [[f"cat{number // 2}", *(100 + 2 * random.binomial(10, 0.5, 6))] for number in range(60)]
    assert shape_of(table_of(rows)).people == 30


def test_probabilities_of_three_genotypes() -> None:
    """Runs of three columns that sum to one are genotype probabilities; dummies of one class are not."""
    random = np.random.default_rng(16)
    runs = random.dirichlet([8, 1, 0.5], (25, 6)).reshape(25, 18).round(4)
    assert shape_of(keyed(runs)).markers == 6
    dummies = np.eye(3, dtype=np.int64)[random.integers(0, 3, (25, 6))].reshape(25, 18)
    assert genotype_shape(keyed(dummies)) is None


def test_counts_of_genotypes_are_no_people() -> None:
    """A row a class of genotype holds counts, not people."""
    rows = [
        [marker, call, 100 + index]
        for index, (marker, call) in enumerate((m, c) for m in ("rs11", "rs22", "rs33") for c in ("AA", "AG", "GG"))
    ]
    assert genotype_shape(table_of(rows, ["snp", "genotype", "n"])) is None


def test_alleles_of_variants_are_no_calls() -> None:
    """Reference and other allele always differ, in one column or in two."""
    single = [[f"rs{number}00", 1 + number, ["A/G", "C/T"][number % 2]] for number in range(20)]
    assert genotype_shape(table_of(single, ["snp", "chr", "alleles"])) is None
    double = [[f"rs{number}00", "ACGT"[number % 4], "CATG"[number % 4], 0.1 * number] for number in range(20)]
    assert genotype_shape(table_of(double, ["snp", "a1", "a2", "b"])) is None


def test_football_and_dates_are_no_calls() -> None:
    """Scores, fractions, blood pressures and years are no pairs of alleles."""
    random = np.random.default_rng(17)
    pressures = [[f"p{number}", f"{random.integers(100, 160)}/{random.integers(60, 100)}"] for number in range(40)]
    years = [[f"p{number}", random.integers(1950, 2024), random.integers(1950, 2024)] for number in range(40)]
    assert genotype_shape(table_of(pressures)) is None
    assert genotype_shape(table_of(years)) is None


def test_a_matrix_pasted_into_code() -> None:
    """Rows of states between brackets are found, and the line where they begin."""
    states = np.maximum(genotypes(np.random.default_rng(18), 30, 40), 0)
    body = "\n".join(f"    [{', '.join(map(str, row))}]," for row in states.tolist())
    text = TextPart(part_id="m.py", text=f"import numpy as np\n\nx = np.array([\n{body}\n])\n", role=TextRole.CODE, language="python")
    found = genotypes_in_text(text)
    assert found is not None
    assert found[1] == 4


def test_ordinary_code_is_no_matrix() -> None:
    """Code and prose hold no genotypes."""
    text = TextPart(part_id="m.py", text="for i in [0, 1, 2]:\n    print(i, 0.5, 'A')\n" * 200, role=TextRole.CODE, language="python")
    assert genotypes_in_text(text) is None


def test_streamed_sample_gives_the_whole_number_of_people() -> None:
    """People are counted by the rows of the whole table where only a sample is held."""
    states = np.maximum(genotypes(np.random.default_rng(19), 100, 30), 0)
    held = keyed(states)
    whole = Table(part_id="t", columns=held.columns, n_rows=5000, named=True, batches=lambda: iter(()))
    assert shape_of(whole).people == 5000


@settings(max_examples=30, deadline=None)
@given(st.lists(st.lists(st.text(max_size=4), min_size=3, max_size=3), min_size=1, max_size=30))
def test_any_cells_are_survived(rows: list[list[str]]) -> None:
    """No cells whatever raise."""
    shape = genotype_shape(table_of(rows))
    assert shape is None or 0.9 <= shape.score <= 1


def test_typed_columns() -> None:
    """Numbers of a typed format are read like text."""
    states = np.maximum(genotypes(np.random.default_rng(20), 60, 30), 0)
    columns = tuple(Column(index=index, name=f"v{index}", values=pa.array(states[:, index].astype(float))) for index in range(30))
    assert shape_of(Table(part_id="t", columns=columns, n_rows=60, named=True)).markers == 30
