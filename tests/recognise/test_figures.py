"""Arithmetic between the columns of a table: estimates, errors and p-values of one model go together, other numbers under their names do not."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from scipy.stats import norm

from sdc_airlock.limits import Limits
from sdc_airlock.model.content import Column, Table
from sdc_airlock.model.recognised import Kind
from sdc_airlock.recognise.kinds import recognise_table

RANDOM = np.random.default_rng(8)
BETA, ERROR = RANDOM.normal(0, 0.4, 60).round(4), RANDOM.uniform(0.05, 0.3, 60).round(4)
CHANCE = 2 * norm.sf(np.abs(BETA / ERROR))


def kind_of(estimates: np.ndarray, errors: np.ndarray, chances: np.ndarray) -> Kind:
    """What a table of sixty terms is taken for."""
    columns = {
        "term": [f"factor(id)P{100200 + 7 * place}" for place in range(60)],
        "estimate": estimates,
        "std_error": errors,
        "p_value": chances,
    }
    built = tuple(
        Column(index=index, name=name, values=pa.array([str(cell) for cell in cells]))
        for index, (name, cells) in enumerate(columns.items())
    )
    return recognise_table(Table(part_id="t.csv", columns=built, n_rows=60, named=True), Limits(), "csv").kind


@pytest.mark.parametrize("chances", [CHANCE.round(5), -np.log10(CHANCE).round(4), (CHANCE * 60).clip(0, 1).round(6) + 1e-4 * CHANCE])
@pytest.mark.parametrize("estimates", [BETA, np.exp(BETA).round(4)])
def test_a_model_agrees_with_itself(estimates: np.ndarray, chances: np.ndarray) -> None:
    """Coefficients and odds ratios with their p-values, their logarithms or adjusted ones stay a regression."""
    assert kind_of(estimates, ERROR, chances) is not Kind.INDIVIDUAL_ROWS


def test_records_under_the_names_of_a_model() -> None:
    """Measures of people under the names of a regression are records."""
    measures = RANDOM.normal(27, 4, 60).round(1), RANDOM.normal(130, 15, 60).round(), RANDOM.integers(20, 90, 60) / 1000
    assert kind_of(*measures) is Kind.INDIVIDUAL_ROWS
