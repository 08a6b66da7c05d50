"""XGBoost, LightGBM and CatBoost in their formats, as their libraries write them."""

from __future__ import annotations

import json
import random
import struct
from typing import Any

import pytest

from sdc_airlock.identify import TYPES, identify
from sdc_airlock.limits import Limits
from sdc_airlock.model.content import Serialized, Table, TextPart, Unread
from sdc_airlock.model.filetype import FileType
from sdc_airlock.model.learnt import ModelGroup
from sdc_airlock.readers import Item, Reading
from sdc_airlock.source import Source


def xgboost(objective: str = "reg:squarederror") -> dict[str, Any]:
    """A model of one tree with leaves of 2, 3 and 15."""
    tree = {
        "base_weights": [0.0, 0.5, -0.5, 0.1, 0.2],
        "left_children": [1, -1, 3, -1, -1],
        "right_children": [2, -1, 4, -1, -1],
        "split_conditions": [0.4, 0.5, 0.6, 0.1, 0.2],
        "sum_hessian": [20.0, 2.0, 18.0, 3.0, 15.0],
        "categories": [],
        "tree_param": {"num_nodes": "5"},
    }
    model = {"gbtree_model_param": {"num_trees": "1"}, "trees": [tree]}
    learner = {
        "attributes": {"note": "9434765919"},
        "feature_names": ["age", "bmi"],
        "gradient_booster": {"model": model, "name": "gbtree"},
        "learner_model_param": {"num_feature": "2"},
        "objective": {"name": objective},
    }
    return {"learner": learner, "version": [3, 2, 0]}


def ubjson(value: Any) -> bytes:
    """A value in Universal Binary JSON; lists of floats are typed."""
    if isinstance(value, str):
        return b"SL" + struct.pack(">q", len(value)) + value.encode()
    if isinstance(value, dict):
        return b"{" + b"".join(ubjson(name)[1:] + ubjson(child) for name, child in value.items()) + b"}"
    if isinstance(value, list) and value and all(isinstance(each, float) for each in value):
        return b"[$D#L" + struct.pack(f">q{len(value)}d", len(value), *value)
    if isinstance(value, list):
        return b"[#L" + struct.pack(">q", len(value)) + b"".join(map(ubjson, value))
    return b"l" + struct.pack(">i", value)


LIGHTGBM = """tree
version=v4
num_class=1
objective=binary sigmoid:1
feature_names=age 9434765919
feature_infos=[18:97] [15.2:51.3]

Tree=0
num_leaves=3
split_feature=0 1
threshold=51.5 27.25
leaf_value=-0.1 0.123456789012345678 0.3
leaf_weight=1.1 2.2 3.3
leaf_count=4 1 60
shrinkage=1


end of trees

parameters:
[boosting: gbdt]
end of parameters

pandas_categorical:null
"""
CATBOOST = {
    "features_info": {"float_features": [{"borders": [31.5, 44.5], "feature_id": "age"}]},
    "model_info": {"params": "9434765919"},
    "oblivious_trees": [{"leaf_values": [0.1, 0.2], "leaf_weights": [0, 7], "splits": [{"border": 31.5}]}],
    "scale_and_bias": [1, [0]],
}
SAMPLES = {
    "json": ("xgboost", json.dumps(xgboost()).encode()),
    "ubj": ("xgboost", ubjson(xgboost())),
    "dump": ("xgboost", b"booster[0]:\n0:[f0<0.5] yes=1,no=2,gain=2,cover=20\n\t1:leaf=0.1,cover=2\n\t2:leaf=9434765919,cover=18\n"),
    "json dump": (
        "xgboost",
        b'[{"nodeid": 0, "split": "9434765919", "split_condition": 0.5, "children": [{"nodeid": 1, "leaf": 0.1, "cover": 2}]}]',
    ),
    "lightgbm": ("lightgbm", LIGHTGBM.encode()),
    "catboost": ("catboost", json.dumps(CATBOOST).encode()),
}


def read(data: bytes, label: str = "") -> list[Item]:
    """All items of some bytes, by way of identification unless a label is given."""
    source = Source.of_bytes(data, part_id="m", name="m")
    file_type = FileType(label=label, family=TYPES[label].family) if label else identify(source)
    return list(Reading(limits=Limits()).open(source, file_type))


def facts(items: list[Item]) -> Serialized:
    """What is said of the file."""
    return next(item for item in items if isinstance(item, Serialized) and item.part_id == "m")


def everything(items: list[Item]) -> str:
    """All text and cells there are."""
    cells = [column.values.to_pylist() for item in items if isinstance(item, Table) for column in item.columns]
    return str([item.text for item in items if isinstance(item, TextPart)]) + str(cells)


@pytest.mark.parametrize("name", SAMPLES)
def test_models_are_told_and_read_whole(name: str) -> None:
    """Each format is named for what it is, and every word in it is in some part."""
    label, data = SAMPLES[name]
    items = read(data)
    assert facts(items).format == label
    assert facts(items).runs_code is False
    assert "9434765919" in everything(items)
    assert not [item for item in items if isinstance(item, Unread)]


@pytest.mark.parametrize("name", ["json", "ubj"])
def test_trees_are_a_table_and_leaves_are_counted(name: str) -> None:
    """Where every record weighs one, the weight of a leaf is its number of people."""
    items = read(SAMPLES[name][1])
    assert [(leaf.size, leaf.leaves, leaf.exact) for leaf in facts(items).leaves] == [(2, 1, True), (3, 1, True), (15, 1, True)]
    assert any(isinstance(item, Table) and item.title == "trees" and item.n_rows == 5 for item in items)


def test_weights_bound_the_people_in_a_leaf() -> None:
    """A record weighs at most a quarter in a logistic model: the fewest people are four times the weight; of others nothing is known."""
    found = facts(read(json.dumps(xgboost("binary:logistic")).encode()))
    assert [(leaf.size, leaf.exact) for leaf in found.leaves] == [(8, False), (12, False), (60, False)]
    other = facts(read(json.dumps(xgboost("survival:cox")).encode()))
    assert other.leaves == ()
    assert other.notes


def test_lightgbm_says_its_ranges_and_leaves() -> None:
    """The smallest and largest value of each variable stand in the header, the size of each leaf in its tree."""
    found = facts(read(LIGHTGBM.encode()))
    assert [(leaf.size, leaf.leaves) for leaf in found.leaves] == [(1, 1), (4, 1), (60, 1)]
    assert "smallest and largest" in found.why[0]


def test_catboost_says_its_leaves() -> None:
    """Whole weights are people."""
    assert [(leaf.size, leaf.leaves) for leaf in facts(read(SAMPLES["catboost"][1])).leaves] == [(0, 1), (7, 1)]


@pytest.mark.parametrize(
    "document",
    [
        {"coefficients": {"age": 0.03, "bmi": 0.1}, "intercept": -4.1, "n": 5012},
        {"learner": "Ridge", "gradient": 0.1, "trees": 500},
        {"model": "xgboost", "params": {"max_depth": 6, "objective": "binary:logistic"}, "auc": 0.71},
        {"version": 3, "learner": {"name": "tree", "score": 0.8}},
        {"features_info": {"age": "years"}, "model_info": {"auc": 0.7}},
    ],
)
def test_settings_and_coefficients_are_no_models(document: dict[str, Any]) -> None:
    """An ordinary JSON of results or settings stays JSON."""
    assert identify(Source.of_bytes(json.dumps(document).encode(), part_id="m", name="m.json")).label == "json"


@pytest.mark.parametrize("name", SAMPLES)
def test_damage_never_ends_the_reader(name: str) -> None:
    """Cut and flipped files give parts or gaps; what is no model any more is read as text or bytes."""
    label, data = SAMPLES[name]
    rng = random.Random(5)
    for end in range(1, len(data), 11):
        assert read(data[:end], label)
    for _ in range(60):
        flipped = bytearray(data)
        for _ in range(rng.randint(1, 4)):
            flipped[rng.randrange(len(data))] = rng.randrange(256)
        assert read(bytes(flipped), label)


@pytest.mark.parametrize(
    "data",
    [
        b"{L" + struct.pack(">q", 7) + b"learner[$D#L" + struct.pack(">q", 2**60),
        b"{L" + struct.pack(">q", 7) + b"learner" + b"[" * 5000,
        b"{L" + struct.pack(">q", 7) + b"learnerS" + b"L" + struct.pack(">q", -5),
    ],
)
def test_absurd_lengths_are_gaps(data: bytes) -> None:
    """Lengths beyond the file and endless nesting are refused."""
    assert any(isinstance(item, Unread) for item in read(data, "xgboost"))


@pytest.mark.parametrize(
    ("data", "group"),
    [
        (json.dumps(xgboost()).encode(), ModelGroup.REGRESSION),
        (json.dumps(xgboost("binary:logistic")).encode(), ModelGroup.CLASSIFICATION),
        (json.dumps(xgboost("multi:softprob")).encode(), ModelGroup.CLASSIFICATION),
        (LIGHTGBM.encode(), ModelGroup.CLASSIFICATION),
        (LIGHTGBM.replace("binary sigmoid:1", "regression_l1").encode(), ModelGroup.REGRESSION),
    ],
)
def test_the_objective_tells_the_group(data: bytes, group: ModelGroup) -> None:
    """What is predicted, numbers or classes, is the group of the taxonomy."""
    assert facts(read(data)).groups == (group,)


def test_records_and_parameters_of_trees() -> None:
    """Leaves add up to the records, where they are counted; splits and leaves are parameters."""
    fit = facts(read(json.dumps(xgboost()).encode())).fit
    assert (fit.records, fit.free) == (20, 7)
    assert facts(read(json.dumps(xgboost("binary:logistic")).encode())).fit.records is None
    fit = facts(read(LIGHTGBM.encode())).fit
    assert (fit.records, fit.free) == (65, 7)
