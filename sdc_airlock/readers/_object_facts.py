"""What the objects of well-known libraries say of the people they were fitted on: trees, encoders, coefficients, explainers."""

from __future__ import annotations

import math
from typing import Any

from sdc_airlock.readers._model_parts import ModelParts
from sdc_airlock.readers._pickle_nodes import Made
from sdc_airlock.readers._pickle_numpy import Found, array_of, members, scalar_of

_ENCODERS = frozenset({"LabelEncoder", "LabelBinarizer", "MultiLabelBinarizer", "OrdinalEncoder", "OneHotEncoder", "TargetEncoder"})
_EXPLAINERS = frozenset({"Explanation", "Explainer", "TreeExplainer", "KernelExplainer", "LinearExplainer", "DeepExplainer"})
_NETWORKS = frozenset({"MLPClassifier", "MLPRegressor"})
_RISKY = frozenset({"DecisionTreeClassifier", "RandomForestClassifier", "XGBClassifier"})
_SETTINGS = (
    "max_depth",
    "max_features",
    "min_samples_leaf",
    "min_samples_split",
    "splitter",
    "n_estimators",
    "bootstrap",
    "min_child_weight",
)
_COUNTS = ("class_count_", "feature_count_", "category_count_")
_MOST_SIZES = 1_000_000


def note_object(parts: ModelParts, name: str, node: Made, data: bytes) -> None:
    """Note what an object of a known class says, by its attributes.

    Args:
        parts: Where it is noted.
        name: The name of its class.
        node: The object.
        data: The pickle.
    """
    if name == "Tree":
        tree_leaves(parts, array_of(node.attribute("nodes"), data), array_of(node.attribute("values"), data))
    elif name in _ENCODERS:
        _encoder(parts, node, data)
    elif name in _EXPLAINERS:
        for attribute in ("values", "data", "shap_values"):
            found = array_of(node.attribute(attribute), data)
            if found is not None and found.shape:
                parts.judge("shap_values" if attribute != "data" else "training_data", found.shape[0])
    if name in _NETWORKS:
        _network(parts, node, data)
    if name in _RISKY:
        for setting in _SETTINGS:
            known, value = scalar_of(node.attribute(setting))
            if known and _is_set(node, setting):
                parts.fit.setting(name, setting, value)
    _coefficients(parts, node, data)
    for attribute in _COUNTS:
        _counts(parts, attribute, node.attribute(attribute), data)


def note_child(parts: ModelParts, name: str, child: Any, data: bytes) -> None:
    """Note what stands under the name of an attribute, where it says how many people there were."""
    known, value = scalar_of(child)
    if known:
        parts.fit.number(name, value)
    elif not parts.fit.wants(name):
        return
    elif isinstance(child, Made):
        found = array_of(child, data)
        if found is not None and found.values is not None and found.values.dtype.kind in "iuf" and found.values.size < _MOST_SIZES:
            parts.fit.numbers(name, found.values.reshape(-1).tolist())
    elif type(child) in (list, tuple) and len(child) < _MOST_SIZES:
        parts.fit.numbers(name, [scalar_of(each)[1] for each in child])


def _is_set(node: Made, name: str) -> bool:
    """Whether an attribute is there at all; None is a setting too."""
    return any(
        type(key) is str and key == name
        for state in node.states
        for each in (state if type(state) is tuple else (state,))
        for key, _ in getattr(each, "pairs", ())
    )


def _encoder(parts: ModelParts, node: Made, data: bytes) -> None:
    """Distinct values that an encoder knows: of its labels, or of the variable that has most."""
    labels = array_of(node.attribute("classes_"), data)
    if labels is not None and labels.dtype.kind in "USO" and labels.shape:
        parts.judge("categories_", labels.shape[0])
        parts.fit.levels = max(parts.fit.levels, labels.shape[0])
    for each in members(node.attribute("categories_")):
        found = array_of(each, data) if isinstance(each, Made) else None
        size = found.shape[0] if found is not None and found.shape else len(members(each))
        if size:
            parts.judge("categories_", size)
            parts.fit.levels = max(parts.fit.levels, size)


def _coefficients(parts: ModelParts, node: Made, data: bytes) -> None:
    """Learnt coefficients of a linear model."""
    found = [array_of(node.attribute(name), data) for name in ("coef_", "params")]
    sizes = [math.prod(each.shape) for each in found if each is not None]
    if sizes:
        intercept = array_of(node.attribute("intercept_"), data)
        known, value = scalar_of(node.attribute("intercept_"))
        parts.fit.free += max(sizes) + (math.prod(intercept.shape) if intercept is not None else int(known and bool(value)))


def _network(parts: ModelParts, node: Made, data: bytes) -> None:
    """Weights of a network, and the records it saw: `t_` counts one for each record and round."""
    for attribute in ("coefs_", "intercepts_"):
        found = [array_of(each, data) for each in members(node.attribute(attribute)) if isinstance(each, Made)]
        parts.fit.free += sum(math.prod(each.shape) for each in found if each is not None)
    seen, rounds = (scalar_of(node.attribute(attribute))[1] for attribute in ("t_", "n_iter_"))
    if isinstance(seen, int | float) and isinstance(rounds, int) and rounds > 0:
        parts.fit.number("n_samples", int(seen / rounds))


def _counts(parts: ModelParts, name: str, node: Any, data: bytes) -> None:
    """Records of each class, or of each class with each value."""
    for each in [node] if isinstance(node, Made) else members(node):
        found = array_of(each, data) if isinstance(each, Made) else None
        if found is None or found.values is None or found.values.dtype.kind not in "iuf" or found.values.size > _MOST_SIZES:
            continue
        if name == "class_count_":
            parts.fit.numbers(name, found.values.reshape(-1).tolist())
        elif bool((found.values == found.values.round()).all()):
            parts.group_sizes(found.values)


def histogram_leaves(parts: ModelParts, nodes: Any) -> None:
    """Leaves in the node arrays of histogram boosting."""
    if {"is_leaf", "count"} <= set(nodes.dtype.names):
        leaf = nodes["is_leaf"] != 0
        parts.leaf_sizes(nodes["count"][leaf])
        parts.fit.free += int(2 * (~leaf).sum() + leaf.sum())
        parts.fit.number("n_samples", int(nodes["count"].max(initial=0)))


def tree_leaves(parts: ModelParts, nodes: Found | None, values: Found | None) -> None:
    """Leaves of a scikit-learn tree, and how many of them know one class only."""
    import numpy as np

    if nodes is None or nodes.values is None or not {"left_child", "n_node_samples"} <= set(nodes.values.dtype.names or ()):
        return
    leaf = nodes.values["left_child"].reshape(-1) == -1
    sizes = nodes.values["n_node_samples"].reshape(-1)
    parts.leaf_sizes(sizes[leaf])
    parts.fit.number("n_samples", int(sizes.max(initial=0)))
    classes = 1
    if values is not None and values.values is not None and len(values.shape) == 3 and values.shape[0] == len(leaf) and values.shape[2] > 1:
        kept = np.abs(values.values[leaf])
        total = kept.sum(axis=2, keepdims=True)
        parts.pure_leaves += int(np.sum((kept.max(axis=2) == kept.sum(axis=2)).all(axis=1) & (kept.sum(axis=(1, 2)) > 0)))
        parts.group_sizes(np.divide(kept, total, out=np.zeros_like(kept, float), where=total > 0) * sizes[leaf][:, None, None])
        classes = values.shape[2]
    parts.fit.free += int(2 * (~leaf).sum() + leaf.sum() * max(classes - 1, 1))  # a feature and a threshold a split, shares a leaf
