"""Models that somebody wrote out as JSON: fitted attributes of scikit-learn, trees as vectors, ONNX as JSON, jsonpickle, vocabularies.

Coefficients, intercepts and settings alone are results, and no model; so is the plan of a network without its weights.
"""

from __future__ import annotations

from typing import Any

from sdc_airlock.model.content import Serialized
from sdc_airlock.model.learnt import Holding, ModelGroup
from sdc_airlock.model.libraries import known_class
from sdc_airlock.readers import Reading
from sdc_airlock.readers._learnt import held_by, holding_of
from sdc_airlock.readers._model_parts import ModelParts
from sdc_airlock.source import Source

_DEEPEST = 12
_MOST = 200_000
_FEWEST = 3
_LEFT = ("children_left", "left_children", "left_child")
_SIZES = ("n_node_samples", "node_samples", "weighted_n_node_samples")
_VOCABULARIES = frozenset({"BPE", "WordPiece", "Unigram", "WordLevel"})
_ALSO = frozenset({"support_vectors", "shap_values", "lime_explanations", "train_inputs", "X_train", "y_train"})
_CLASS_KEYS = ("py/object", "__class__", "class", "type", "model_type", "estimator", "model", "meta")


def written_model(value: object, source: Source, reading: Reading) -> Serialized | None:
    """The facts about a model that a JSON document is or holds; None where it holds none."""
    if not isinstance(value, dict):
        return None
    parts = ModelParts(source, reading, "json")
    parts.runs_code = False
    found = False
    stack: list[tuple[Any, int]] = [(value, 0)]
    steps = 0
    while stack and steps < _MOST:
        node, level = stack.pop()
        steps += 1
        if isinstance(node, dict):
            found = _looked_at(node, parts) or found
        if level < _DEEPEST and isinstance(node, dict | list):
            children = node.values() if isinstance(node, dict) else node
            stack += [(child, level + 1) for child in children if isinstance(child, dict | list)]
    return parts.serialized() if found else None


def _looked_at(node: dict[str, Any], parts: ModelParts) -> bool:
    """Whether an object is a piece of a model that keeps or describes records; it is noted."""
    for key in _CLASS_KEYS:
        name = node.get(key)
        if isinstance(name, str) and known_class(name.rpartition(".")[2]):
            parts.classes[name.rpartition(".")[2]] = None
    kept = [_kept(name, each, parts) for name, each in node.items()]
    return any(kept) | _tree(node, parts) | _operator(node, parts) | _vocabulary(node, parts) | _object(node, parts)


def _kept(name: str, value: Any, parts: ModelParts) -> bool:
    """Records under a name that scikit-learn gives to fitted attributes."""
    size = len(value) if isinstance(value, list | dict) else 0
    own = name.endswith("_") or name.startswith("_") or name in _ALSO
    reason = held_by(name) if own and size >= _FEWEST else ""
    if not reason or holding_of(reason) is Holding.EXTREMES:
        return False
    parts.hold(reason, size)
    return True


def _tree(node: dict[str, Any], parts: ModelParts) -> bool:
    """A tree as vectors of equal length, one entry a node; a leaf has no left child."""
    import numpy as np

    left = next((node[name] for name in _LEFT if isinstance(node.get(name), list)), None)
    if left is None or len(left) < _FEWEST or not all(type(each) is int for each in left):
        return False
    leaves = [place for place, child in enumerate(left) if child < 0]
    sizes = next((node[name] for name in _SIZES if isinstance(node.get(name), list) and len(node[name]) == len(left)), None)
    parts.notes["a tree as vectors, one entry a node"] = None
    if sizes is not None and all(type(each) in (int, float) and 0 <= each < 1 << 40 for each in sizes):
        parts.leaf_sizes(np.array([sizes[place] for place in leaves], float))
        parts.fit.number("n_samples", max(sizes))
    parts.fit.free += 2 * (len(left) - len(leaves)) + len(leaves)
    return True


def _operator(node: dict[str, Any], parts: ModelParts) -> bool:
    """A node of an ONNX graph, as protobuf writes it in JSON."""
    from sdc_airlock.readers.onnx_file import HOLDERS

    name = node.get("opType", node.get("op_type"))
    if not isinstance(name, str) or not isinstance(node.get("output"), list):
        return False
    parts.library("onnx")
    if name in HOLDERS:
        parts.judge(HOLDERS[name], 1)
    return True


def _vocabulary(node: dict[str, Any], parts: ModelParts) -> bool:
    """A tokenizer with the words or pieces that it knows."""
    words = node.get("vocab")
    if str(node.get("type")) not in _VOCABULARIES or not isinstance(words, dict | list):
        return False
    parts.library("tokenizers")
    parts.groups[ModelGroup.SEQUENCE] = None
    return parts.judge("vocabulary_", len(words))


def _object(node: dict[str, Any], parts: ModelParts) -> bool:
    """An object of a public library, as jsonpickle writes it."""
    name = node.get("py/object")
    if not isinstance(name, str) or not known_class(name.rpartition(".")[2]):
        return False
    parts.library(name)
    return True
