"""Numbers of people that are called estimates are told by their signs."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from sdc_airlock.limits import Limits
from sdc_airlock.model.content import Column, Table
from sdc_airlock.recognise import kinds

_N = 80


def individual(estimates: np.ndarray, errors: np.ndarray, term: str = "x{}") -> float:
    """Probability that the rows of a table of estimates are people."""
    cells = {
        "term": [term.format(place) for place in range(len(estimates))],
        "estimate": [f"{number:.7f}" for number in estimates],
        "se": [f"{number:.6f}" for number in errors],
    }
    columns = tuple(Column(index=place, name=name, values=pa.array(values)) for place, (name, values) in enumerate(cells.items()))
    return kinds.recognise_table(Table(part_id="fit.csv", columns=columns, n_rows=len(estimates), named=True), Limits()).individual


@pytest.mark.parametrize("seed", range(3))
def test_ids_as_estimates(seed: int) -> None:
    """Ids as decimals of estimates, beside measurements as their errors, all have one sign though the errors leave it open."""
    rng = np.random.default_rng(seed)
    assert individual(rng.integers(1_000_000, 6_000_000, 2 * _N) / 1e7, rng.normal(27, 4, 2 * _N) / 100) >= 0.5


@pytest.mark.parametrize("kind", ["noise", "strong", "ratios", "against one reference", "few"])
def test_honest_estimates(kind: str) -> None:
    """Estimates without effect, strong ones, ratios beside errors of their logarithms, and effects against one group pass."""
    rng = np.random.default_rng(5)
    errors = rng.uniform(0.1, 0.3, _N)
    noise = rng.normal(0, 1, _N) * errors
    estimates = {
        "noise": noise,
        "strong": 1.5 + noise,
        "ratios": np.exp(noise * 0.5),
        "against one reference": 0.25 + noise / 1.4 + rng.normal(0, 0.2, _N),
        "few": np.abs(noise),
    }[kind]
    count = 30 if kind == "few" else _N
    assert individual(estimates[:count], errors[:count]) < 0.5
