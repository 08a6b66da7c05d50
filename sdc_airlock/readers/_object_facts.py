"""What the objects of well-known libraries say of the people they were fitted on: leaves of trees."""

from __future__ import annotations

from typing import Any

from sdc_airlock.readers._model_parts import ModelParts
from sdc_airlock.readers._pickle_numpy import Found


def histogram_leaves(parts: ModelParts, nodes: Any) -> None:
    """Leaves in the node arrays of histogram boosting."""
    if {"is_leaf", "count"} <= set(nodes.dtype.names):
        parts.leaf_sizes(nodes["count"][nodes["is_leaf"] != 0])


def tree_leaves(parts: ModelParts, nodes: Found | None, values: Found | None) -> None:
    """Leaves of a scikit-learn tree, and how many of them know one class only."""
    import numpy as np

    if nodes is None or nodes.values is None or not {"left_child", "n_node_samples"} <= set(nodes.values.dtype.names or ()):
        return
    leaf = nodes.values["left_child"].reshape(-1) == -1
    parts.leaf_sizes(nodes.values["n_node_samples"].reshape(-1)[leaf])
    if values is not None and values.values is not None and len(values.shape) == 3 and values.shape[0] == len(leaf) and values.shape[2] > 1:
        kept = np.abs(values.values[leaf])
        parts.pure_leaves += int(np.sum((kept.max(axis=2) == kept.sum(axis=2)).all(axis=1) & (kept.sum(axis=(1, 2)) > 0)))
