"""Who is told to be a person stays one, however the rows are ordered, the cells parted and the columns called."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from sdc_airlock.identify import identify
from sdc_airlock.limits import Limits
from sdc_airlock.model.recognised import Kind
from sdc_airlock.readers import read
from sdc_airlock.recognise import recognise
from sdc_airlock.source import Source

_DRAWS = 200
_ROWS = 150
# fewer records may be anything
_ENOUGH = 20
_MAY_MISS = 0.02

Table = tuple[list[str] | None, list[list[str]]]
Change = Callable[[np.random.Generator, list[str] | None, list[list[str]]], tuple[Table, str]]


@pytest.fixture(scope="module")
def made_up() -> Iterator[ModuleType]:
    """The script that draws made-up tables."""
    spec = importlib.util.spec_from_file_location("made_up_tables", Path(__file__).parents[2] / "tools" / "synthetic_tables.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["made_up_tables"] = module
    spec.loader.exec_module(module)
    yield module
    del sys.modules["made_up_tables"]


def _shuffled(rng, header, rows):
    return (header, [rows[place] for place in rng.permutation(len(rows))]), ","


def _neutral(rng, header, rows):
    return ([f"v{place + 1}" for place in range(len(rows[0]))], rows), ","


def _neutral_and_shuffled(rng, header, rows):
    return _neutral(rng, header, _shuffled(rng, header, rows)[0][1])


def _semicolons(rng, header, rows):
    return (header, rows), ";"


def _tabs(rng, header, rows):
    return (header, rows), "\t"


def _columns_moved(rng, header, rows):
    order = rng.permutation(len(rows[0])).tolist()
    return ([header[place] for place in order] if header else None, [[row[place] for place in order] for row in rows]), ","


@pytest.mark.no_cover
@pytest.mark.parametrize("change", [_shuffled, _neutral, _neutral_and_shuffled, _semicolons, _tabs, _columns_moved])
def test_people_stay_people(made_up: ModuleType, change: Change):
    """Shuffled rows or columns, other delimiters and neutral names hide no table of people, but for a few of a hundred."""
    rng = np.random.default_rng(11)
    draws = missed = 0
    while draws < _DRAWS / 4:
        made = (made_up.people, made_up.answers, made_up.measurements)[draws % 3](rng)
        if len(made.rows) < _ENOUGH:
            continue
        draws += 1
        (header, rows), sign = change(rng, made.header, made.rows[:_ROWS])
        text = "\n".join(sign.join(row) for row in ([header] if header else []) + rows) + "\n"
        source = Source.of_bytes(text.encode(), part_id="people.csv", name="people.csv")
        found = recognise(read(source, identify(source), file_id="", limits=Limits()), Limits())
        held = any(part.individual >= 0.5 or part.kind in (Kind.GENOTYPE_MATRIX, Kind.GENOTYPE_RECORDS) for part in found)
        missed += not held
    assert missed <= _MAY_MISS * draws
