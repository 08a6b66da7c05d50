"""What an R model object keeps of the data it was fitted on: facts told from the names that R's fitting functions give."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sdc_airlock.model.content import ArrayFact, LeafFact
from sdc_airlock.model.learnt import Held, Holding
from sdc_airlock.model.libraries import ATTRIBUTES, known_class
from sdc_airlock.readers._fit import FitNotes
from sdc_airlock.readers._rvectors import ATOMIC, is_frame, names_of, shape
from sdc_airlock.readers._rwalk import Node

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

_FRAME = "the data frame that the model was fitted on"
_EACH = "residuals, fitted values or weights, one for each training record"
_MATRIX = "the design matrix, with one row for each training record"
_RESPONSE = "the outcome of each training record"
_LEVELS = "distinct values of a variable in the training data"
_NEIGHBOURS = "training records kept by a nearest-neighbour or kernel model"
_FOREST = "positions of single training records in the trees"
_CLUSTER = "the cluster of each training record"
_SURVIVAL = "event times of the training data"

# under these names, when they are this long, an R object keeps records
_HOLDERS: dict[str, str] = (
    dict.fromkeys(("model", "frame", "trainingData", "training", "learn", "data", "original.data", "mf", "template"), _FRAME)
    | dict.fromkeys(
        ("residuals", "fitted.values", "linear.predictors", "weights", "prior.weights", "effects", "working.weights", "fitted", "predicted",
         "votes", "oob.times", "proximity", "inbag.counts", "predictions", "na.action", "y.pred", "mu", "eta", "resid", "u", "cov.ratio"),
        _EACH,
    )
    | dict.fromkeys(("x", "X", "qr", "Zt", "Lambdat", "xmat", "design", "modelmatrix"), _MATRIX)
    | dict.fromkeys(("y", "Y", "response", "yvals"), _RESPONSE)
    | dict.fromkeys(("xlevels", "levels", "flist"), _LEVELS)
    | dict.fromkeys(("xmatrix", "ymatrix", "SV", "train", "neighbors", "support", "alphaindex"), _NEIGHBOURS)
    | dict.fromkeys(("nodes.where", "where", "inbag", "nodestatus_record"), _FOREST)
    | dict.fromkeys(("cluster", "clustering", "classification", "merge", "order"), _CLUSTER)
    | dict.fromkeys(("time", "n.event", "n.risk", "n.censor"), _SURVIVAL)
)  # fmt: skip
_HOLDINGS = (
    dict.fromkeys((_FRAME, _MATRIX, _NEIGHBOURS), Holding.RECORDS)
    | dict.fromkeys((_EACH, _RESPONSE, _FOREST, _CLUSTER), Holding.ONE_EACH)
    | dict.fromkeys((_LEVELS, _SURVIVAL), Holding.VALUES)
)
_COEFFICIENTS = frozenset({"coefficients", "coef", "beta"})
_SCALARS = frozenset({"df.residual", "nobs", "num.samples", "n.obs", "n"})
_GROUPS = {"size": frozenset({"kmeans"}), "apriori": frozenset({"naiveBayes"}), "counts": frozenset({"lda", "qda"})}
_FEWEST = 3
_LISTED = 100
_DEEPEST = 60
_MOST = 200_000


@dataclass
class RModel:
    """Facts about R model objects, in the words of `Serialized`."""

    why: dict[str, int] = field(default_factory=dict)
    arrays: list[tuple[bool, ArrayFact]] = field(default_factory=list)
    leaves: Counter[int] = field(default_factory=Counter)
    fit: FitNotes = field(default_factory=FitNotes)

    def said(self) -> dict[str, Any]:
        """Arguments of `Serialized`."""
        listed = [fact for _, fact in sorted(self.arrays, key=lambda each: (each[0], -max(each[1].shape, default=0)))]
        return {
            "arrays": tuple(listed[:_LISTED]),
            "n_arrays": len(listed),
            "holds_records": True if self.why else None,
            "why": tuple(self.why),
            "held": tuple(
                sorted(
                    (Held(holding=_HOLDINGS[reason], words=reason, size=size) for reason, size in self.why.items()),
                    key=lambda each: list(Holding).index(each.holding),
                )
            ),
            "fit": self.fit.said(),
            "leaves": tuple(LeafFact(size=size, leaves=count) for size, count in sorted(self.leaves.items())[:1_000]),
            "libraries": ("R",),
        }


def model_facts(root: Node) -> RModel:
    """Walk an object and note what stands for training records inside objects of a known class."""
    found = RModel()
    stack: list[tuple[Node, bool, int]] = [(root, False, 0)]
    seen: set[int] = set()
    while stack and len(seen) < _MOST:
        node, inside, level = stack.pop()
        if id(node) in seen or level > _DEEPEST:
            continue
        seen.add(id(node))
        inside = inside or (any(map(known_class, node.classes)) and not is_frame(node))
        named = list(zip(names_of(node), node.values, strict=False)) if node.kind not in ATOMIC and node.kind != "raw" else []
        for name, child in (*named, *node.attributes.items()):
            if isinstance(child, Node):
                if inside:
                    _note(name, child, found)
                stack.append((child, inside, level + 1))
        if inside and node.classes:
            _says(node, dict(named), found.fit)
        if inside and "rpart" in node.classes:
            _rpart(dict(named), found)
    return found


def _says(node: Node, named: dict[str, Node], fit: FitNotes) -> None:
    """How many records and parameters an object of a known class says it has."""
    for name in _SCALARS & named.keys():
        values = _numbers(named[name])
        if len(values) == 1:
            fit.number("nobs" if name == "n" else name, values[0])
    for name in _COEFFICIENTS & named.keys():
        free = len(_numbers(named[name]))
        if free and "df.residual" in named:
            fit.free = max(fit.free, free)
    for name, classes in _GROUPS.items():
        if name in named and classes & set(node.classes):
            fit.group([value for value in _numbers(named[name]) if value == round(value)])


def _numbers(node: Node) -> list[float]:
    """A vector of numbers; missing ones are left out."""
    return [float(value) for value in node.values.tolist() if math.isfinite(value)] if node.kind in ("integer", "real") else []


def _size(node: Node) -> int:
    """Records that a node may hold: the length of a vector, the rows of a matrix or frame, the members of a list."""
    if is_frame(node):
        return len(node.values[0].values) if node.values else 0
    sizes = shape(node)
    return sizes[0] if sizes else len(node.values)


def _note(name: str, node: Node, found: RModel) -> None:
    size = _size(node)
    reason = _HOLDERS.get(name, "") if size >= _FEWEST and node.kind not in ("language", "symbol", "closure", "null") else ""
    if reason and (node.kind in ATOMIC or node.kind in ("list", "s4", "pairs")):
        found.why[reason] = max(size, found.why.get(reason, 0))
    if node.kind in ATOMIC and size >= _FEWEST:
        known = name if name in ATTRIBUTES else ""
        found.arrays.append((not reason, ArrayFact(name=known, dtype=node.kind, shape=shape(node) or (len(node.values),))))
    elif is_frame(node):
        found.arrays.append(
            (not reason, ArrayFact(name=name if name in ATTRIBUTES else "", dtype="data frame", shape=(size, len(node.values))))
        )


def _rpart(named: dict[str, Node], found: RModel) -> None:
    """Leaves of an rpart tree: rows of its frame whose variable is `<leaf>`."""
    frame = named.get("frame")
    if frame is None or not is_frame(frame):
        return
    columns = dict(zip(names_of(frame), frame.values, strict=False))
    variable, counts = columns.get("var"), columns.get("n")
    if variable is None or counts is None or counts.kind not in ("integer", "real"):
        return
    levels = variable.texts("levels")
    texts = (
        [levels[code - 1] if 0 < code <= len(levels) else "" for code in variable.values.tolist()]
        if variable.kind == "integer"
        else variable.values
    )
    numbers: npt.NDArray[np.float64] = counts.values
    found.fit.number("nobs", float(numbers.max(initial=0)))
    leaves = sum(text == "<leaf>" for text in texts)
    found.fit.free += 2 * (len(texts) - leaves) + leaves
    found.leaves.update(int(count) for text, count in zip(texts, numbers.tolist(), strict=False) if text == "<leaf>" and 0 <= count < 2**31)
