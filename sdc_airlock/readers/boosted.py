"""Gradient boosting: XGBoost (JSON, UBJSON, dumps), LightGBM (text, JSON) and CatBoost (binary, JSON). Trees become tables, leaves are counted."""

from __future__ import annotations

import json
import math
import re
import struct
from collections.abc import Iterator
from typing import Any

from sdc_airlock.errors import LimitReached, Malformed, ReadError, Unsupported
from sdc_airlock.model.filetype import FileType
from sdc_airlock.model.learnt import ModelGroup
from sdc_airlock.readers import Item, Reading, reader
from sdc_airlock.readers._build import text_of, typed
from sdc_airlock.readers._flatbuffer import root_table
from sdc_airlock.readers._learnt import BORDERS, RANGES
from sdc_airlock.readers._model_parts import ModelParts
from sdc_airlock.readers._ubjson import UbjsonReader
from sdc_airlock.readers._values import ValueReader
from sdc_airlock.source import Source

_UNBOUND = "leaves with weights from which the number of people cannot be told"
# weight that one person has at most, by the objective: then a leaf stands for at least weight / this many
_MOST_WEIGHT = {"reg:squarederror": 1.0, "reg:linear": 1.0, "reg:logistic": 0.25, "binary:logistic": 0.25, "binary:logitraw": 0.25,
                "multi:softmax": 0.5, "multi:softprob": 0.5, "rank:pairwise": 0.5}  # fmt: skip
_CLASSES = re.compile(r"(?:binary|multi|multiclass|multiclassova|cross_entropy|Logloss|MultiClass)\b|multi", re.IGNORECASE)
_NUMBERS = re.compile(r"(?:reg|regression|count|survival|poisson|gamma|tweedie|quantile|huber|fair|mape|rmse|mae)", re.IGNORECASE)
_EXACT = frozenset({"reg:squarederror", "reg:linear"})
_DEEPEST_TREE = 200
_DUMPED = re.compile(r"^\s*(\d+):(leaf=|\[)([^\n]*)$", re.MULTILINE)


# XGBoost


@reader("xgboost")
def xgboost(source: Source, file_type: FileType, reading: Reading) -> Iterator[Item]:
    """The trees and settings of an XGBoost model or of its dump."""
    parts = ModelParts(source, reading, file_type.label)
    parts.library("xgboost")
    parts.runs_code = False
    head = source.head[:4]
    if head == b"binf":
        parts.gap(Unsupported("the binary format of XGBoost that is no longer written"))
        yield from parts.items()
    elif head.startswith(b"boos"):
        yield from _text_dump(source, parts)
    else:
        yield from _xgboost(_document(source, parts), parts)


def _document(source: Source, parts: ModelParts) -> Any:
    """The model as plain values, from JSON or UBJSON; None where it is neither."""
    reading = parts.reading
    data = source.read(reading.limits.text_bytes, "text_bytes")
    try:
        if data[:1] == b"{" and data[1:2] not in b' \t\r\n"}':
            walker = UbjsonReader(data, reading.spend)
            value = walker.read()
            if walker.at < len(data):
                parts.gap(Malformed("bytes after the model"))
                parts.blob("", data[walker.at :])
            return value
        return json.loads(data)
    except RecursionError:
        parts.gap(LimitReached("depth", _DEEPEST_TREE, _DEEPEST_TREE + 1))
    except ReadError as error:
        parts.gap(error)
    except ValueError:
        parts.gap(Malformed("no JSON"))
    parts.blob("", data)
    return None


def _xgboost(document: Any, parts: ModelParts) -> Iterator[Item]:
    if isinstance(document, list):
        _dumped_nodes(document, parts)
    elif isinstance(document, dict):
        inner = document["Model"] if isinstance(document.get("Model"), dict) else document  # with its settings, as pickles keep it
        model = _taken(inner, "learner", "gradient_booster", "model")
        trees = model.pop("trees", None) if isinstance(model, dict) else None
        if not trees:
            model = _taken(inner, "learner", "gradient_booster", "gbtree", "model")
            trees = model.pop("trees", None) if isinstance(model, dict) else None
        objective = _taken(inner, "learner", "objective")
        name = objective.get("name") if isinstance(objective, dict) else ""
        _group(str(name), parts)
        if isinstance(trees, list):
            _boosted_trees([tree for tree in trees if isinstance(tree, dict)], str(name), parts)
    if document:
        yield from ValueReader(f"{parts.source.part_id}!data1", parts.reading, depth=parts.source.depth).read(document)
    yield from parts.items()


def _group(objective: str, parts: ModelParts) -> None:
    """The group of the taxonomy, by what is predicted."""
    if _CLASSES.match(objective):
        parts.groups[ModelGroup.CLASSIFICATION] = None
    elif _NUMBERS.match(objective):
        parts.groups[ModelGroup.REGRESSION] = None


def _taken(value: Any, *names: str) -> Any:
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def _boosted_trees(trees: list[dict[str, Any]], objective: str, parts: ModelParts) -> None:
    """The nodes of all trees as one table, and their leaves."""
    columns: dict[str, list[Any]] = {}
    for number, tree in enumerate(trees):
        left = tree.get("left_children")
        size = len(left) if isinstance(left, list) else 0
        vectors = {name: value for name, value in tree.items() if isinstance(value, list) and len(value) == size and size}
        for name in vectors:
            columns.setdefault(name, [])
        columns.setdefault("tree", [])
        rows = len(columns["tree"])
        for name, cells in columns.items():
            cells.extend([None] * (rows - len(cells)))
            cells.extend([number] * size if name == "tree" else vectors.get(name, [None] * size))
        rest = {name: value for name, value in tree.items() if name not in vectors and value not in ([], {}, None)}
        for name, value in rest.items():
            parts.text(f"tree.{name}", json.dumps(value)[:100_000])
        weights = tree.get("sum_hessian")
        if isinstance(left, list):
            parts.fit.free += _free(len(left))
        if isinstance(left, list) and isinstance(weights, list) and len(left) == len(weights):
            _weighted([weight for weight, child in zip(weights, left, strict=True) if child == -1], objective, parts)
    if columns.get("tree"):
        parts.columns("trees", list(columns.items()))


def _free(nodes: int) -> int:
    """Learnt numbers in a binary tree of so many nodes: a feature and a threshold a split, a value a leaf."""
    leaves = (nodes + 1) // 2
    return 2 * (nodes - leaves) + leaves


def _weighted(weights: list[Any], objective: str, parts: ModelParts) -> None:
    """Leaves by the sum of their weights: people where each weighs one, else the fewest that could weigh so much."""
    import numpy as np

    known = np.array([weight for weight in weights if isinstance(weight, int | float) and math.isfinite(weight)], float)
    most = _MOST_WEIGHT.get(objective)
    if not known.size:
        return
    if most is None:
        parts.notes[_UNBOUND] = None
    elif objective in _EXACT and bool((np.abs(known - np.round(known)) < 1e-3).all()):
        parts.leaf_sizes(np.round(known))
        parts.fit.number("n_samples", float(known.sum()))
    else:
        parts.leaf_sizes(np.maximum(1, np.ceil(known / most - 1e-6)), exact=False)


def _dumped_nodes(document: list[Any], parts: ModelParts) -> None:
    """Trees as nested nodes: `booster.dump_model(..., dump_format="json")`."""
    rows: list[tuple[int, Any, Any, Any]] = []
    for number, root in enumerate(document):
        stack = [root]
        while stack:
            node = stack.pop()
            if isinstance(node, dict):
                rows.append((number, node.get("nodeid"), node.get("leaf"), node.get("cover")))
                children = node.get("children")
                stack += children if isinstance(children, list) else []
    if any(cover is not None and leaf is not None for _, _, leaf, cover in rows):
        parts.notes[_UNBOUND] = None
    parts.classes["Booster"] = None


def _text_dump(source: Source, parts: ModelParts) -> Iterator[Item]:
    """Trees as indented text: `booster.dump_model(...)`."""
    text, odd = text_of(source, parts.reading)
    yield from odd
    rows: list[tuple[int, str, float | None]] = []
    for match in _DUMPED.finditer(text):
        cover = re.search(r"cover=([0-9.eE+-]{1,30})", match[3])
        rows.append((int(match[1][:9]), match[2], _float(cover[1]) if cover else None))
    if any(kind == "leaf=" and cover is not None for _, kind, cover in rows):
        parts.notes[_UNBOUND] = None
    parts.classes["Booster"] = None
    parts.page(text)
    yield from parts.items()


def _cell(text: str) -> Any:
    """A number in whatever digits it is written, else the text."""
    found = typed(text)
    if isinstance(found, str) and len(found) < 40 and (number := _float(found)) is not None:
        return number
    return found


def _float(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


# LightGBM


@reader("lightgbm")
def lightgbm(source: Source, file_type: FileType, reading: Reading) -> Iterator[Item]:
    """The trees, settings and ranges of a LightGBM model."""
    parts = ModelParts(source, reading, file_type.label)
    parts.library("lightgbm")
    parts.classes["Booster"] = None
    parts.runs_code = False
    if source.head.lstrip()[:1] == b"{":
        document = _document(source, parts)
        if isinstance(document, dict):
            _lightgbm_json(document, parts)
            yield from ValueReader(f"{source.part_id}!data1", reading, depth=source.depth).read(document)
        yield from parts.items()
        return
    text, odd = text_of(source, reading)
    yield from odd
    _lightgbm_text(text, parts)
    yield from parts.items()


def _lightgbm_text(text: str, parts: ModelParts) -> None:
    """Blocks of `key=values`: those of trees become tables of leaves and of splits."""
    tables: dict[str, dict[str, list[Any]]] = {"leaves": {}, "splits": {}}
    tree: dict[str, list[Any]] | None = None
    number = -1
    rest: list[str] = []
    for line in [*text.splitlines(), "end of trees"]:
        name, mark, values = line.partition("=")
        if name == "Tree" or line == "end of trees":
            if tree is not None:
                _lightgbm_tree(number, tree, tables, parts)
            tree, number = ({}, number + 1) if mark else (None, number)
        elif tree is not None and mark:
            tree[name] = [_cell(value) for value in values.split()]
        elif line.strip():
            if name == "objective":
                _group(values, parts)
            if name == "feature_infos" and "[" in values:
                parts.hold(RANGES)
            if name == "pandas_categorical" or line.startswith("pandas_categorical:["):
                parts.judge("categories_", 1)
            rest.append(line)
    for found in tables.values():
        if found.get("tree"):
            parts.columns("trees", list(found.items()))
    parts.page("\n".join(rest))


def _lightgbm_tree(number: int, tree: dict[str, list[Any]], tables: dict[str, dict[str, list[Any]]], parts: ModelParts) -> None:
    counts = tree.get("leaf_count", [])
    if counts and all(isinstance(count, int) for count in counts):
        import numpy as np

        sizes = np.array([min(max(count, 0), 2**31) for count in counts], float)
        parts.leaf_sizes(sizes)
        parts.fit.number("n_samples", float(sizes.sum()))
        parts.fit.free += _free(2 * len(counts) - 1)
    groups = {"leaves": len(tree.get("leaf_value", [])), "splits": len(tree.get("split_feature", []))}
    for word, size in groups.items():
        vectors = {
            name: values for name, values in tree.items() if len(values) == size > 0 and (word == "leaves") == name.startswith("leaf_")
        }
        columns = tables[word]
        rows = len(columns.get("tree", []))
        for name in ("tree", *vectors):
            columns.setdefault(name, [None] * rows)
        for name, cells in columns.items():
            cells.extend([number] * size if name == "tree" else vectors.get(name, [None] * size))
    for name, values in tree.items():
        if len(values) not in groups.values() or not values:
            parts.text(f"tree.{name}", " ".join(map(str, values)))


def _lightgbm_json(document: dict[str, Any], parts: ModelParts) -> None:
    """`booster.dump_model()`: nested nodes with the number of records in each leaf."""
    import numpy as np

    counts: list[int] = []
    stack: list[Any] = list(document.get("tree_info") or [])
    while stack:
        node = stack.pop()
        if isinstance(node, dict):
            if isinstance(node.get("leaf_count"), int):
                counts.append(min(node["leaf_count"], 2**31))
            stack += [node[name] for name in ("tree_structure", "left_child", "right_child") if name in node]
    if counts:
        parts.leaf_sizes(np.array(counts, float))
        parts.fit.free += _free(2 * len(counts) - 1)
    _group(str(document.get("objective") or ""), parts)
    if document.get("feature_infos"):
        parts.hold(RANGES)


# CatBoost


@reader("catboost")
def catboost(source: Source, file_type: FileType, reading: Reading) -> Iterator[Item]:
    """The trees, thresholds and settings of a CatBoost model."""
    parts = ModelParts(source, reading, file_type.label)
    parts.library("catboost")
    parts.runs_code = False
    if source.head.lstrip()[:1] == b"{":
        document = _document(source, parts)
        if isinstance(document, dict):
            trees = document.get("oblivious_trees")
            for tree in trees if isinstance(trees, list) else []:
                _weights_as_people(tree.get("leaf_weights") if isinstance(tree, dict) else None, parts)
            parts.hold(BORDERS)
            yield from ValueReader(f"{source.part_id}!data1", reading, depth=source.depth).read(document)
    else:
        try:
            _catboost(source.read(reading.limits.member_bytes), parts)
        except ReadError as error:
            parts.gap(error)
        except (struct.error, IndexError):
            parts.gap(Malformed("a table that breaks off"))
    yield from parts.items()


def _weights_as_people(weights: Any, parts: ModelParts) -> None:
    import numpy as np

    if isinstance(weights, list) and weights and all(isinstance(weight, int | float) for weight in weights):
        found = np.array(weights, float)
        exact = bool((np.abs(found - np.round(found)) < 1e-6).all())
        if exact:
            parts.leaf_sizes(np.round(found))
        else:
            parts.notes[_UNBOUND] = None


def _catboost(data: bytes, parts: ModelParts) -> None:
    """`CBM1`, the size of the core, the core as a FlatBuffer; parts of other kinds follow it."""
    import numpy as np

    size = int.from_bytes(data[4:8], "little")
    if size > len(data) - 8:
        raise Malformed("a core longer than the file")
    core = root_table(data[8 : 8 + size])
    for pair in core.tables(2):
        parts.text(pair.text(0), pair.text(1))
    trees = core.table(1)
    if trees is not None:
        values, weights = trees.numbers(8, "d"), trees.numbers(9, "d")
        _weights_as_people(weights, parts)
        if len(weights) == len(values) > 0:
            parts.columns("leaves", [("leaf_value", np.array(values)), ("leaf_weight", np.array(weights))])
        elif values:
            parts.array("leaf_value", "leaf_value", np.dtype("<f8"), (len(values),), np.array(values))
        for number, feature in enumerate(trees.tables(5)):
            borders = feature.numbers(3, "f")
            parts.text("", feature.text(4))
            if borders:
                parts.hold(BORDERS)
                parts.array("borders", f"borders of feature {number}", np.dtype("<f4"), (len(borders),), np.array(borders))
        if trees.tables(6):
            parts.judge("categories_", 1)
    if len(data) > 8 + size:
        parts.gap(Unsupported("tables of categories behind the trees"))
        parts.blob("", data[8 + size :])
