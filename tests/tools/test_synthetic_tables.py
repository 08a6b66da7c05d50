"""Made-up tables, and the weights that were fitted on them."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Iterator
from importlib import resources, util
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from sdc_airlock.recognise.features import NAMES, WORDS
from sdc_airlock.recognise.tables import CLASSES, judge, weights

# scraps that are nobody's records teach that nothing can be told from them
NO_CLASS = ""


@pytest.fixture(scope="module")
def made_up() -> Iterator[ModuleType]:
    """The script that draws made-up tables; its dataclasses need it to be a known module."""
    spec = util.spec_from_file_location("synthetic_tables", Path(__file__).parents[2] / "tools" / "synthetic_tables.py")
    assert spec is not None
    assert spec.loader is not None
    module = util.module_from_spec(spec)
    before = sys.modules.get("synthetic_tables")
    sys.modules["synthetic_tables"] = module
    spec.loader.exec_module(module)
    yield module
    if before is None:
        del sys.modules["synthetic_tables"]
    else:
        sys.modules["synthetic_tables"] = before


@pytest.mark.no_cover
def test_one_seed_gives_the_same_tables(made_up: ModuleType):
    """The tables that weights are fitted on can be made again."""
    assert made_up.draw(3, 1) == made_up.draw(3, 1)
    assert made_up.draw(3, 1) != made_up.draw(4, 1)


def test_every_maker_gives_rectangles(made_up: ModuleType):
    """Every table has rows of one width, text in all cells, and a class that recognition knows."""
    rng = np.random.default_rng(8)
    for make, times in made_up.MAKERS:
        assert times > 0
        for _ in range(4):
            made = make(rng)
            assert made.kind in {*CLASSES, NO_CLASS}, make.__name__
            assert made.rows, make.__name__
            widths = {len(row) for row in made.rows} | ({len(made.header)} if made.header else set())
            assert len(widths) == 1, make.__name__
            assert all(isinstance(cell, str) for row in made.rows for cell in row), make.__name__


def test_every_class_is_drawn(made_up: ModuleType):
    """No class is left without an example."""
    assert {made.kind for made in made_up.draw(1, 1)} - {NO_CLASS} == set(CLASSES)


def test_weights_fit_the_features():
    """The weights that ship name the features that are worked out, in number and order, and are finite."""
    shipped = weights()
    assert shipped.names == NAMES
    assert shipped.centre.shape == shipped.scale.shape == (len(NAMES),)
    assert shipped.weights.shape == (len(CLASSES), len(NAMES))
    assert shipped.bias.shape == (len(CLASSES),)
    for array in (shipped.centre, shipped.scale, shipped.weights, shipped.bias):
        assert np.isfinite(array).all()
    assert (shipped.scale > 0).all()


def test_weights_say_where_they_come_from():
    """The file of weights tells how to fit it again."""
    raw = json.loads(resources.files("sdc_airlock.recognise").joinpath("weights.json").read_text("utf-8"))
    assert "fit_weights" in json.dumps(raw["about"])


def test_every_feature_has_words():
    """Each feature can be told to a person."""
    assert all(words and words == words.strip() for words in WORDS.values())


@pytest.mark.parametrize("fill", [0.0, 1.0])
def test_a_judgement_is_a_distribution(fill: float):
    """Whatever the evidence, the probabilities of the classes add up to one."""
    judged = judge(dict.fromkeys(NAMES, fill))
    assert math.isclose(sum(judged.probabilities.values()), 1.0)
    assert judged.first in CLASSES
