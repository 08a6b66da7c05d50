"""Counts of diagnoses by place are told from people that are named after diagnoses."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from sdc_airlock.limits import Limits
from sdc_airlock.model.content import Column, Table
from sdc_airlock.recognise.kinds import recognise_table


def individual(numbers: np.ndarray, stub: str = "icd10", head: str = "site{}") -> float:
    """Probability that the rows of a table of codes and numbers are people."""
    codes = [f"{letter}{number:02d}" for letter in "EIJKMN" for number in range(11, 91, 10)]
    cells = {stub: codes} | {head.format(place + 1): [str(number) for number in column] for place, column in enumerate(numbers.T)}
    columns = tuple(Column(index=place, name=name, values=pa.array(values)) for place, (name, values) in enumerate(cells.items()))
    return recognise_table(Table(part_id="counts.csv", columns=columns, n_rows=len(codes), named=True), Limits()).individual


@pytest.mark.parametrize(("stub", "head"), [("icd10", "site{}"), ("icd10_code", "201{}"), ("diagnosis", "centre_{}")])
def test_diagnoses_by_place(stub: str, head: str) -> None:
    """Counts of diagnoses, common ones common everywhere, are of groups."""
    rng = np.random.default_rng(4)
    expected = rng.lognormal(5, 1, 48)[:, None] * rng.uniform(0.4, 1.6, 8)
    assert individual(rng.poisson(expected) + 10, stub, head) < 0.5


def test_people_named_after_diagnoses() -> None:
    """Ages, pressures and weights of people under the same names do not rise and fall together."""
    rng = np.random.default_rng(4)
    measured = np.column_stack([rng.normal(mean, spread, 48) for mean, spread in ((55, 9), (135, 17), (80, 10), (72, 12), (170, 9))])
    assert individual(measured.round().astype(int)) >= 0.5
