"""Keras and skops zips, and PMML documents."""

from __future__ import annotations

import io
import json
import random
import zipfile
from typing import Any

import numpy as np

from sdc_airlock.identify import TYPES, identify
from sdc_airlock.limits import Limits
from sdc_airlock.model.content import Serialized, Table, Unread
from sdc_airlock.model.filetype import FileType
from sdc_airlock.model.learnt import ModelGroup
from sdc_airlock.readers import Item, Reading
from sdc_airlock.source import Source

PMML = b"""<?xml version="1.0" encoding="UTF-8"?>
<PMML xmlns="http://www.dmg.org/PMML-4_4" version="4.4"><Header/>
<DataDictionary><DataField name="y" optype="categorical"><Value value="0"/><Value value="1"/></DataField></DataDictionary>
<TreeModel functionName="classification"><Node recordCount="60"><True/>
<Node score="0" recordCount="3"><ScoreDistribution value="0" recordCount="3"/><ScoreDistribution value="1" recordCount="0"/></Node>
<Node score="1" recordCount="57"/></Node></TreeModel></PMML>"""


def zipped(members: dict[str, bytes]) -> bytes:
    """A compressed zip."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return stream.getvalue()


def npy(array: np.ndarray[Any, Any]) -> bytes:
    """An array as NumPy writes it."""
    stream = io.BytesIO()
    np.save(stream, array)
    return stream.getvalue()


def keras(layer: str = "Dense", **more: Any) -> bytes:
    """A Keras zip of one layer; its weights are left out."""
    config = {
        "class_name": "Sequential",
        "config": {"layers": [{"class_name": layer, "module": "keras.layers", "config": {"units": 3, **more}}]},
    }
    members = {"metadata.json": b"{}", "config.json": json.dumps(config).encode(), "model.weights.h5": b"\x89HDF\r\n\x1a\n"}
    return zipped(members)


def skops(name: str = "KNeighborsClassifier", module: str = "sklearn.neighbors._classification") -> bytes:
    """A skops zip of one estimator with two arrays."""
    nodes = np.zeros(3, [("left_child", "<i8"), ("n_node_samples", "<i8")])
    nodes["left_child"], nodes["n_node_samples"] = [1, -1, -1], [9, 2, 7]
    array = {"__class__": "ndarray", "__module__": "numpy", "__loader__": "NdArrayNode", "type": "numpy", "file": "1.npy"}
    tree = {
        "__class__": "Tree",
        "__module__": "sklearn.tree._tree",
        "__loader__": "TreeNode",
        "content": {"nodes": array | {"file": "2.npy"}},
    }
    content = {"__class__": "dict", "__module__": "builtins", "__loader__": "DictNode", "content": {"_fit_X": array, "tree_": tree}}
    schema = {"__class__": name, "__module__": module, "__loader__": "ObjectNode", "content": content}
    return zipped({"1.npy": npy(np.arange(12.0).reshape(4, 3)), "2.npy": npy(nodes), "schema.json": json.dumps(schema).encode()})


def read(data: bytes, label: str = "") -> list[Item]:
    """All items of some bytes, by way of identification unless a label is given."""
    source = Source.of_bytes(data, part_id="m", name="m")
    file_type = FileType(label=label, family=TYPES[label].family) if label else identify(source)
    return list(Reading(limits=Limits()).open(source, file_type))


def facts(items: list[Item]) -> Serialized:
    """What is said of the file."""
    return next(item for item in items if isinstance(item, Serialized) and item.part_id == "m")


def test_keras_says_its_layers() -> None:
    """The classes of layers are said; members are read like those of any zip."""
    items = read(keras())
    assert (facts(items).format, facts(items).classes, facts(items).runs_code) == ("keras", ("Sequential", "Dense"), False)
    assert any("config.json" in item.part_id for item in items)


def test_keras_layers_that_run_code_or_keep_words() -> None:
    """A layer of the user's own code runs it; a vocabulary is taken from the training data."""
    assert facts(read(keras("Lambda"))).runs_code is True
    assert "vocabulary" in facts(read(keras("TextVectorization", vocabulary=["a", "b"]))).why[0]


def test_skops_says_classes_records_and_leaves() -> None:
    """The schema says what the arrays are; they are read as members."""
    items = read(skops())
    found = facts(items)
    assert (found.format, found.classes[0], found.runs_code, found.holds_records) == ("skops", "KNeighborsClassifier", False, True)
    assert [(leaf.size, leaf.leaves) for leaf in found.leaves] == [(2, 1), (7, 1)]
    assert [item.n_rows for item in items if isinstance(item, Table) and item.part_id == "m/1.npy"] == [4]


def test_skops_of_unknown_classes_runs_code() -> None:
    """A class that is not on the list is code that loading would run."""
    found = facts(read(skops("Popen", "subprocess")))
    assert (found.runs_code, found.calls) == (True, ("subprocess",))


def test_pmml_says_models_leaves_and_levels() -> None:
    """Leaves by their number of records, and those of one class; the document is read as XML."""
    items = read(PMML)
    found = facts(items)
    assert (found.format, found.classes, found.pure_leaves) == ("pmml", ("TreeModel",), 1)
    assert [(leaf.size, leaf.leaves) for leaf in found.leaves] == [(3, 1), (57, 1)]
    assert any(isinstance(item, Table) for item in items)


def test_pmml_says_what_it_was_fitted_on() -> None:
    """The group, the records of the root, and the people of each class in a leaf."""
    found = facts(read(PMML))
    assert found.groups == (ModelGroup.CLASSIFICATION,)
    assert found.fit.records == 60
    assert [(each.size, each.leaves) for each in found.class_counts] == [(3, 1)]


def test_other_xml_is_no_pmml() -> None:
    """The root element decides."""
    assert identify(Source.of_bytes(b"<?xml version='1.0'?><doc><PMML/></doc>", part_id="m", name="m")).label == "xml"


def test_damage_never_ends_the_readers() -> None:
    """Cut and flipped files give parts or gaps."""
    rng = random.Random(5)
    for label, data in (("keras", keras()), ("skops", skops()), ("pmml", PMML)):
        for end in range(1, len(data) - 1, len(data) // 15):
            assert any(isinstance(item, Unread) for item in read(data[:end], label))
        for _ in range(30):
            flipped = bytearray(data)
            for _ in range(rng.randint(1, 4)):
                flipped[rng.randrange(len(data))] = rng.randrange(256)
            assert read(bytes(flipped), label)
