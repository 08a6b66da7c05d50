"""Models that somebody wrote out as JSON, and documents that only look like one."""

from __future__ import annotations

import json
from typing import Any

import pytest

from sdc_airlock.identify import identify
from sdc_airlock.limits import Limits
from sdc_airlock.model.content import Serialized
from sdc_airlock.model.learnt import Holding, ModelGroup
from sdc_airlock.readers import Reading
from sdc_airlock.source import Source


def model(value: object) -> Serialized | None:
    """The facts about a model in a JSON document."""
    source = Source.of_bytes(json.dumps(value).encode(), part_id="model.json", name="model.json")
    items = Reading(limits=Limits()).open(source, identify(source))
    return next((item for item in items if isinstance(item, Serialized)), None)


@pytest.mark.parametrize("name", ["_fit_X", "support_vectors_", "support_vectors", "X_train_", "_X_train"])
def test_records_under_names_of_fitted_attributes(name: str) -> None:
    """Whatever nests them, records are said with how many there are."""
    found = model({"steps": [{"svm": {"kernel": "rbf", name: [[41.2, 27.5], [52.1, 31.0], [63.3, 22.4]]}}]})
    assert found is not None
    assert [(each.holding, each.size) for each in found.held] == [(Holding.RECORDS, 3)]


def test_trees_as_vectors() -> None:
    """Leaves are nodes without a left child."""
    tree = {"children_left": [1, -1, -1], "children_right": [2, -1, -1], "threshold": [51.5, -2, -2], "n_node_samples": [860, 3, 857]}
    found = model({"type": "DecisionTreeClassifier", "tree_": tree})
    assert found is not None
    assert [leaf.size for leaf in found.leaves] == [3, 857]
    assert (found.classes, found.fit.records) == (("DecisionTreeClassifier",), 860)


def test_onnx_as_json() -> None:
    """Operators that keep records are known in this form too."""
    node = {
        "input": ["X"],
        "output": ["label"],
        "opType": "SVMClassifier",
        "attribute": [{"name": "support_vectors", "floats": [1.5, 2.5]}],
    }
    found = model({"irVersion": "8", "graph": {"node": [node]}})
    assert found is not None
    assert "support vectors" in found.why[0]


def test_vocabularies_of_tokenizers() -> None:
    """A tokenizer knows words of the training texts."""
    found = model({"version": "1.0", "model": {"type": "BPE", "vocab": {"a": 0, "smith": 1, "jones": 2}, "merges": []}})
    assert found is not None
    assert (found.groups, found.held[0].size) == ((ModelGroup.SEQUENCE,), 3)


def test_objects_of_jsonpickle() -> None:
    """The class is told by the name it has in its library."""
    found = model({"py/object": "sklearn.linear_model._logistic.LogisticRegression", "C": 1.0})
    assert found is not None
    assert (found.classes, found.libraries) == (("LogisticRegression",), ("sklearn",))


@pytest.mark.parametrize(
    "document",
    [
        {"model": "logistic regression", "n": 5012, "coefficients": {"(Intercept)": -4.1, "age": 0.031}},
        {"classes_": [0, 1], "coef_": [[0.031, 0.214, -0.4]], "intercept_": [-4.1], "n_iter_": [12]},
        {"class_name": "Sequential", "config": {"layers": [{"class_name": "Dense", "config": {"units": 16}}]}},
        {"frame": [1, 2, 3], "residuals": [1, 2, 3], "labels": ["a", "b", "c"]},
        {"data_min_": [0, 1, 2], "data_max_": [5, 6, 7]},
        {"children_left": [1], "left_child": "x"},
        {"opType": "merge", "output": "file"},
        [[1, 2], [3, 4]],
        {"model": {"type": "BPE"}},
    ],
)
def test_results_and_plans_are_no_models(document: Any) -> None:
    """Coefficients, settings and plans of networks are ordinary results."""
    assert model(document) is None


def test_deep_documents_come_to_an_end() -> None:
    """Nesting beyond what models have is not followed."""
    value: Any = {"_fit_X": [[1], [2], [3]]}
    for _ in range(40):
        value = {"x": value}
    assert model(value) is None


def test_fields_that_are_called_as_those_of_models() -> None:
    """A schema describes a field called `type`; it is no tokenizer."""
    assert model({"properties": {"type": {"title": "Type", "enum": ["table"]}, "vocab": {"type": "object"}}}) is None
    assert model({"type": {"title": "Type"}, "vocab": {"a": 1}}) is None
