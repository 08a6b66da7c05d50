"""Models in packages and documents: Keras and skops zips, PMML. What is in them is read like any zip or XML; this says what it means."""

from __future__ import annotations

import io
import json
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sdc_airlock.errors import LimitReached, Malformed, ReadError
from sdc_airlock.identify.types import TYPES
from sdc_airlock.model.filetype import FileType
from sdc_airlock.model.learnt import ModelGroup
from sdc_airlock.model.libraries import known_class
from sdc_airlock.readers import Item, Reading, reader
from sdc_airlock.readers._harmless import is_harmless
from sdc_airlock.readers._learnt import is_history
from sdc_airlock.readers._model_parts import ModelParts, add_call
from sdc_airlock.readers._xml import local, tree
from sdc_airlock.readers.xml_document import without_doctype
from sdc_airlock.source import Source

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_MOST_NODES = 500_000
_CODE_LAYERS = frozenset({"Lambda", "TFOpLambda", "SlicingOpLambda"})


@reader("keras")
def keras(source: Source, file_type: FileType, reading: Reading) -> Iterator[Item]:
    """A Keras zip: the classes of its layers; its weights and texts are members."""
    parts = ModelParts(source, reading, file_type.label)
    parts.library("keras")
    parts.runs_code = False
    try:
        for node in _nodes(json.loads(_member(source, "config.json", reading))):
            name = node.get("class_name")
            if isinstance(name, str):
                parts.classes[name] = None
            if name in _CODE_LAYERS or node.get("module") == "__main__":
                parts.runs_code = True
            if isinstance(node.get("vocabulary"), list):
                parts.judge("vocabulary_", len(node["vocabulary"]))
    except ReadError as error:
        parts.gap(error)
    except (ValueError, RecursionError):
        parts.gap(Malformed("a configuration that is no JSON"))
    yield from reading.open(source, replace(file_type, label="zip", family=TYPES["zip"].family))
    yield from parts.items()


@reader("skops")
def skops(source: Source, file_type: FileType, reading: Reading) -> Iterator[Item]:
    """A skops zip: the classes in its schema, and what stands under their attributes; its arrays are members."""
    parts = ModelParts(source, reading, file_type.label)
    try:
        schema = json.loads(_member(source, "schema.json", reading))
        beyond = False
        for node in _nodes(schema):
            module, name = node.get("__module__"), node.get("__class__")
            if isinstance(module, str) and isinstance(name, str):
                parts.library(module)
                if known_class(name):
                    parts.classes[name] = None
                if not is_harmless(module, name) and node.get("__loader__") in (
                    "ObjectNode",
                    "FunctionNode",
                    "TypeNode",
                    "MethodNode",
                    "PartialNode",
                ):
                    beyond = True
                    add_call(parts, module)
                if name == "Tree":
                    _skops_tree(source, node, parts)
            for key, value in (node.get("content") or {}).items() if isinstance(node.get("content"), dict) else ():
                if isinstance(value, dict) and value.get("__loader__") not in (None, "JsonNode"):
                    parts.judge(key, 1)
                    if is_history(key):
                        parts.notes["the course of the loss during training"] = None
        parts.runs_code = beyond
    except ReadError as error:
        parts.gap(error)
    except (ValueError, RecursionError):
        parts.gap(Malformed("a schema that is no JSON"))
    yield from reading.open(source, replace(file_type, label="zip", family=TYPES["zip"].family))
    yield from parts.items()


def _skops_tree(source: Source, node: dict[str, Any], parts: ModelParts) -> None:
    """Leaves of a scikit-learn tree whose nodes stand in a member of their own."""
    import numpy as np

    for inner in _nodes(node):
        name = inner.get("file")
        if not isinstance(name, str) or not name.endswith(".npy"):
            continue
        data = _member(source, name, parts.reading)
        try:
            stream = io.BytesIO(data)
            version = np.lib.format.read_magic(stream)
            read: Any = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
            shape, _, dtype = read(stream)
            if not {"left_child", "n_node_samples"} <= set(dtype.names or ()) or dtype.hasobject or len(shape) != 1:
                continue
            nodes = np.frombuffer(data, dtype, shape[0], stream.tell())
        except (ValueError, TypeError, OverflowError, EOFError):
            raise Malformed("a damaged array") from None
        parts.leaf_sizes(nodes["n_node_samples"][nodes["left_child"] == -1])


def _member(source: Source, name: str, reading: Reading) -> bytes:
    """One member of a zip.

    Raises:
        ReadError: it is not there, damaged or too large.
    """
    with source.opener() as stream:
        try:
            with zipfile.ZipFile(stream) as archive:
                about = archive.getinfo(name)
                if about.file_size > reading.limits.text_bytes:
                    raise LimitReached("text_bytes", reading.limits.text_bytes, about.file_size)
                with archive.open(about) as member:
                    content = member.read(about.file_size + 1)
        except (zipfile.BadZipFile, KeyError, ValueError, OSError, EOFError, zlib.error, NotImplementedError, RuntimeError):
            raise Malformed("a member that is damaged or not there") from None
    reading.spend(expanded=len(content))
    return content


def _nodes(document: Any) -> Iterator[dict[str, Any]]:
    """Every object in a JSON document.

    Raises:
        LimitReached: there are too many.
    """
    stack, count = [document], 0
    while stack:
        each = stack.pop()
        count += 1
        if count > _MOST_NODES:
            raise LimitReached("members", _MOST_NODES, count)
        if isinstance(each, dict):
            yield each
            stack.extend(each.values())
        elif isinstance(each, list):
            stack.extend(each)


# PMML

_MODEL_END = "Model"
_FUNCTIONS = {
    "regression": ModelGroup.REGRESSION,
    "classification": ModelGroup.CLASSIFICATION,
    "clustering": ModelGroup.STRUCTURE,
    "sequences": ModelGroup.SEQUENCE,
}
_ONE = 1 - 1e-9


@reader("pmml")
def pmml(source: Source, file_type: FileType, reading: Reading) -> Iterator[Item]:
    """A PMML document: its models, its leaves, and the records that stand in it."""
    parts = ModelParts(source, reading, file_type.label)
    parts.runs_code = False
    data = source.read(reading.limits.text_bytes, "text_bytes")
    try:
        for element in tree(without_doctype(data)).iter():
            _pmml_element(element, parts)
    except ReadError as error:
        parts.gap(error)
    yield from reading.open(source, replace(file_type, label="xml", family=TYPES["xml"].family))
    yield from parts.items()


def _pmml_element(element: Element, parts: ModelParts) -> None:
    import numpy as np

    name = local(element.tag)
    if name.endswith(_MODEL_END) or name in ("NeuralNetwork", "Scorecard"):
        parts.classes[name] = None
    if name in ("TrainingInstances", "InlineTable") and len(element):
        parts.judge("_fit_X" if name == "TrainingInstances" else "training_data", len(element))
    elif name == "VectorDictionary":
        parts.judge("support_vectors_", len(element))
    elif name == "Node" and not any(local(child.tag) == "Node" for child in element):
        count = _number(element.get("recordCount"))
        if count is not None:
            parts.leaf_sizes(np.array([round(count)]))
        shares = [_number(child.get("recordCount")) for child in element if local(child.tag) == "ScoreDistribution"]
        known = [share for share in shares if share is not None]
        if len(known) > 1 and all(share == round(share) for share in known):
            parts.group_sizes(np.array(known))
        if len(known) > 1 and sum(known) > 0 and max(known) >= _ONE * sum(known):
            parts.pure_leaves += 1
    elif name == "Node" or name.endswith(_MODEL_END):
        parts.fit.number("n_samples", _number(element.get("recordCount")))
    elif name == "DataField":
        levels = sum(local(child.tag) == "Value" for child in element)
        if levels > 1:
            parts.judge("categories_", levels)
            parts.fit.levels = max(parts.fit.levels, levels)
    function = element.get("functionName")
    if function in _FUNCTIONS:
        parts.groups[_FUNCTIONS[function]] = None


def _number(text: str | None) -> float | None:
    try:
        value = float(text) if text and len(text) < 40 else None
    except ValueError:
        return None
    return value if value is not None and 0 <= value < 2**53 else None
