"""Pickles and joblib files, written by Python's own pickler with stand-ins for classes of other libraries."""

from __future__ import annotations

import collections
import datetime as dt
import decimal
import gzip
import pickle  # noqa: TID251 - what is read here was written by it; nothing is ever loaded
import random
import struct
import zlib
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sdc_airlock.identify import TYPES, identify
from sdc_airlock.limits import Limits
from sdc_airlock.model.content import Grid, OddityKind, Serialized, Table, TextPart, Unread, UnreadReason
from sdc_airlock.model.filetype import FileType
from sdc_airlock.readers import Item, Reading
from sdc_airlock.source import Source

PROTOCOLS = range(6)
Standin = Callable[..., Any]


def read(data: bytes, name: str = "model.pkl", limits: Limits | None = None) -> list[Item]:
    """All items of some bytes, by way of identification."""
    source = Source.of_bytes(data, part_id=name, name=name)
    return list(Reading(limits=limits or Limits()).open(source, identify(source)))


def facts(items: list[Item]) -> Serialized:
    """What is said of the object itself."""
    return next(item for item in items if isinstance(item, Serialized) and "!" not in item.part_id)


def columns(items: list[Item]) -> dict[str, list[Any]]:
    """Columns of all tables by name."""
    return {column.name: column.values.to_pylist() for item in items if isinstance(item, Table) for column in item.columns}  # noqa: PD011 - ours, not of pandas


def texts(items: list[Item]) -> str:
    """All text there is."""
    return "\n".join(item.text for item in items if isinstance(item, TextPart))


def matrix(rows: int = 12, width: int = 3) -> np.ndarray[Any, Any]:
    """Numbers without structure."""
    return np.random.default_rng(1).normal(size=(rows, width))


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_arrays_are_rebuilt_in_every_protocol(protocol: int) -> None:
    """The values of an array come out of its bytes, in either order of axes."""
    for array in (matrix(), np.asfortranarray(matrix())):
        (table,) = [item for item in read(pickle.dumps(array, protocol)) if isinstance(item, Table)]
        assert np.array_equal(np.array([column.values.to_pylist() for column in table.columns]).T, array)  # noqa: PD011 - ours, not of pandas


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_frames_are_rebuilt_in_every_protocol(protocol: int) -> None:
    """A frame keeps its names, its index and the types of its columns."""
    frame = pd.DataFrame(
        {
            "age": [41, 52, 63],
            "sex": ["F", "M", None],
            "bmi": [21.5, 22.5, np.nan],
            "seen": pd.date_range("2020-01-30", periods=3),
            "group": pd.Categorical(["b", "a", "b"]),
            "kept": [True, False, True],
            "visits": pd.array([1, None, 3], dtype="Int64"),
        },
        index=pd.Index(["P1", "P2", "P3"], name="pid"),
    )
    items = read(pickle.dumps(frame, protocol))
    (table,) = [item for item in items if isinstance(item, Table)]
    found = {column.name: column.values.to_pylist() for column in table.columns}  # noqa: PD011 - ours, not of pandas
    assert list(found) == ["pid", *frame.columns]
    assert (found["pid"], found["age"], found["group"]) == (["P1", "P2", "P3"], [41, 52, 63], ["b", "a", "b"])
    assert (found["sex"], found["visits"], found["kept"]) == (["F", "M", None], [1, None, 3], [True, False, True])
    assert [str(value)[:10] for value in found["seen"]] == ["2020-01-30", "2020-01-31", "2020-02-01"]
    assert facts(items).runs_code is False
    assert facts(items).why == ("a data frame",)


def test_series_and_levels_of_an_index() -> None:
    """A series is a column, and each level of an index is one too."""
    series = pd.Series([1.5, 2.5], name="bmi", index=pd.MultiIndex.from_tuples([("a", 1), ("b", 2)], names=["ward", "bed"]))
    found = columns(read(pickle.dumps(series)))
    assert (found["ward"], found["bed"], found["bmi"]) == (["a", "b"], [1, 2], [1.5, 2.5])


def test_frames_of_pandas_before_its_blocks_were_functions(standin: Standin) -> None:
    """The layout of pandas 1: a manager whose state is axes, blocks and a dictionary of both."""
    axes = [pd.Index(["age", "bmi"]), pd.RangeIndex(4)]
    block = {"values": matrix(2, 4), "mgr_locs": slice(0, 2, 1)}
    manager = standin("pandas.core.internals.managers", "OldManager")
    type(manager).__reduce__ = lambda _: (type(manager), (), (axes, [], [], {"0.14.1": {"axes": axes, "blocks": [block]}}))
    type(manager).__setstate__ = lambda *_: None
    frame = standin("pandas.core.frame", "OldFrame", _data=manager)
    data = pickle.dumps(frame, 2).replace(b"OldManager", b"BlockManager").replace(b"OldFrame", b"DataFrame")
    (table,) = [item for item in read(data) if isinstance(item, Table)]
    assert [column.name for column in table.columns] == ["age", "bmi"]
    assert table.n_rows == 4


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_lists_of_records_are_tables(protocol: int) -> None:
    """Dictionaries, tuples and sets of literals are read like JSON."""
    records = [{"nhs": f"94347659{place:02d}", "age": 40 + place, "born": dt.date(1980, 1, 1 + place)} for place in range(9)]
    found = columns(read(pickle.dumps(records, protocol)))
    assert found["nhs"][0] == "9434765900"
    assert found["age"] == list(range(40, 49))
    assert found["born"][0] == "1980-01-01"
    grids = [
        item
        for item in read(pickle.dumps([("a", place, decimal.Decimal("1.5")) for place in range(9)], protocol))
        if isinstance(item, Grid)
    ]
    assert grids[0].rows[3] == ("a", "3", "1.5")


def test_vectors_of_one_length_stand_side_by_side() -> None:
    """A dictionary of arrays and lists is a table."""
    (table,) = [item for item in read(pickle.dumps({"age": np.arange(6), "sex": list("FMFMFM")})) if isinstance(item, Table)]
    assert [column.name for column in table.columns] == ["age", "sex"]


def test_objects_of_ones_own_are_records(standin: Standin) -> None:
    """A list of objects with plain attributes is a table of people."""
    people = [standin("study", "Patient", nhs="9434765919", age=place) for place in range(9)]
    items = read(pickle.dumps(people))
    assert columns(items)["age"] == list(range(9))
    assert facts(items).runs_code is True
    assert facts(items).calls == ()


def test_nearest_neighbours_keep_records(standin: Standin) -> None:
    """The class is known, loading it is harmless, and what holds records is said first."""
    model = standin(
        "sklearn.neighbors._classification", "KNeighborsClassifier", n_neighbors=5, metric="minkowski", _fit_X=matrix(), _y=np.arange(12)
    )
    found = facts(read(pickle.dumps(model)))
    assert (found.classes, found.libraries, found.runs_code, found.holds_records) == (("KNeighborsClassifier",), ("sklearn",), False, True)
    assert found.arrays[0].name == "_fit_X"
    assert found.arrays[0].shape == (12, 3)
    assert "nearest-neighbour" in found.why[0]


def test_coefficients_hold_no_records(standin: Standin) -> None:
    """A regression is a model, and nothing in it is said to hold records."""
    found = facts(read(pickle.dumps(standin("sklearn.linear_model._base", "LinearRegression", coef_=np.array([0.1, 0.2]), intercept_=0.3))))
    assert (found.holds_records, found.why, found.runs_code) == (None, (), False)


def test_leaves_of_trees_are_counted(standin: Standin) -> None:
    """Leaves by the number of training records, and those of one class."""
    nodes = np.zeros(5, dtype=[("left_child", "<i8"), ("n_node_samples", "<i8"), ("threshold", "<f8")])
    nodes["left_child"] = [1, -1, 3, -1, -1]
    nodes["n_node_samples"] = [20, 1, 19, 7, 12]
    values = np.array([[[10.0, 10.0]], [[1.0, 0.0]], [[9.0, 10.0]], [[3.0, 4.0]], [[0.0, 12.0]]])
    tree = standin("sklearn.tree._tree", "Tree", nodes=nodes, values=values)
    found = facts(read(pickle.dumps(standin("sklearn.tree._classes", "DecisionTreeClassifier", tree_=tree))))
    assert [(leaf.size, leaf.leaves) for leaf in found.leaves] == [(1, 1), (7, 1), (12, 1)]
    assert found.pure_leaves == 2


def test_names_beyond_the_list_run_code() -> None:
    """A call is told by what it is not: a name on the list. Functions inside NumPy are not on it either."""
    for payload, module in (
        (b"cos\nsystem\n(S'echo'\ntR.", "os"),
        (b"\x80\x04\x8c\x05numpy\x8c\x04load\x93\x8c\x01x\x85R.", "numpy"),
        (b"(S'echo'\niposix\nsystem\n.", "posix"),
        (b"\x80\x02c__builtin__\neval\nX\x01\x00\x00\x00x\x85R.", "__builtin__"),
    ):
        found = facts(read(payload + b"" if payload[:1] == b"\x80" else payload))
        assert found.runs_code is True
        assert found.calls == (module,)


def test_a_call_that_is_dropped_is_seen() -> None:
    """What is called and thrown away runs all the same, and its arguments are read."""
    items = read(b"\x80\x02cposix\nsystem\nX\x0a\x00\x00\x009434765919\x85R0K\x01.")
    assert facts(items).runs_code is True
    assert "9434765919" in texts(items)


def test_values_that_are_dropped_or_replaced_are_read() -> None:
    """A text thrown off the stack, left in the memo or overwritten under its key is data."""
    dropped = b"\x80\x04\x8c\x0a94347659190K\x01."
    forgotten = b"\x80\x04\x8c\x0a9434765919\x94000K\x01."[:-5] + b"0K\x01."
    replaced = b"\x80\x04}(\x8c\x01a\x8c\x0a9434765919\x8c\x01aK\x01u."
    for data in (dropped, forgotten, replaced):
        assert "9434765919" in texts(read(data)) + str(columns(read(data)))


def test_names_of_modules_may_carry_data_and_are_read() -> None:
    """A global that no library has is text of the file."""
    assert "patient 943" in texts(read(b"\x80\x02cstudy\npatient 943\n)R."))


def test_pickles_inside_pickles() -> None:
    """Bytes are opened like a member, to any depth that the limits allow."""
    inner = pickle.dumps([{"nhs": f"94347659{place:02d}", "age": place} for place in range(9)])
    items = read(pickle.dumps({"a": gzip.compress(inner)}))
    assert "9434765900" in columns(items)["nhs"]


def test_long_texts_are_read_as_files() -> None:
    """A table written into a string is a table."""
    text = "id,age\n" + "\n".join(f"P{place:04d},{place}" for place in range(40))
    assert any(isinstance(item, Grid) and item.rows[0] == ("id", "age") for item in read(pickle.dumps({"note": text})))


def test_several_pickles_in_a_row_and_what_follows() -> None:
    """All objects are read; bytes behind the last are said and read."""
    items = read(pickle.dumps({"a": "first text"}) + pickle.dumps({"b": "second text"}) + b"third,text\n1,2\n3,4\n")
    assert "first text" in texts(items)
    assert "second text" in texts(items)
    assert any(getattr(item, "kind", None) is OddityKind.TRAILING_DATA for item in items)
    assert any(isinstance(item, Grid) for item in items)


def test_loss_histories_are_said(standin: Standin) -> None:
    """The course of the loss is a fact about training."""
    found = facts(
        read(pickle.dumps(standin("sklearn.neural_network", "MLPClassifier", coefs_=[matrix()], loss_curve_=[0.9, 0.5, 0.4, 0.3])))
    )
    assert found.notes == ("the course of the loss during training",)


def test_encoders_keep_the_values_of_a_variable(standin: Standin) -> None:
    """Classes that are texts stand for values in the training data; two whole numbers do not."""
    names = standin("sklearn.preprocessing._label", "LabelEncoder", classes_=np.array([f"P{place}" for place in range(50)]))
    assert facts(read(pickle.dumps(names))).holds_records is True
    assert (
        facts(read(pickle.dumps(standin("sklearn.preprocessing._label", "LabelEncoder", classes_=np.array([0, 1]))))).holds_records is None
    )


def test_masked_structured_and_object_arrays() -> None:
    """Fields become columns, objects become cells, masks do not hide."""
    records = np.array([(1, 2.5, "ab")] * 4, dtype=[("n", "<i4"), ("x", "<f8"), ("s", "<U2")])
    assert columns(read(pickle.dumps(records))) == {"n": [1] * 4, "x": [2.5] * 4, "s": ["ab"] * 4}
    objects = read(pickle.dumps(np.array([["a", 1], ["b", None]] * 4, dtype=object)))
    assert [len(item.columns) for item in objects if isinstance(item, Table)] == [2]
    masked = read(pickle.dumps(np.ma.array(matrix(), mask=matrix() > 0)))
    assert [item.n_rows for item in masked if isinstance(item, Table)] == [12]


def test_values_of_other_types() -> None:
    """Dates, scalars of NumPy and ordered dictionaries are what they look like."""
    value = collections.OrderedDict(
        when=dt.datetime(2020, 1, 2, 3, 4, 5, tzinfo=dt.UTC), n=np.int64(7), x=np.float32(0.5), tags={"one tag", "two tag"}
    )
    items = read(pickle.dumps(value))
    assert "2020-01-02 03:04:05" in texts(items)
    assert facts(items).runs_code is False


# joblib


def joblib_file(standin: Standin, array: np.ndarray[Any, Any], *, aligned: bool = True, order: str = "C") -> bytes:
    """A wrapper pickle with the bytes of the array behind its BUILD, as joblib writes it."""
    about: dict[str, Any] = {"subclass": np.ndarray, "shape": array.shape, "order": order, "dtype": array.dtype, "allow_mmap": False}
    if aligned:
        about["numpy_array_alignment_bytes"] = 16
    wrapped = pickle.dumps(standin("joblib.numpy_pickle", "NumpyArrayWrapper", **about), 3)
    padding = 16 - len(wrapped) % 16
    body = pickle.dumps(array, 5) if array.dtype.hasobject else array.tobytes(order)
    return wrapped[:-1] + (bytes([padding]) + b"\xff" * padding if aligned and not array.dtype.hasobject else b"") + body + b"."


@pytest.mark.parametrize("order", ["C", "F"])
@pytest.mark.parametrize("aligned", [True, False])
def test_joblib_arrays_lie_between_the_opcodes(standin: Standin, order: str, *, aligned: bool) -> None:
    """The bytes of an array are found behind its wrapper, padded or not, in either order."""
    array = np.asarray(matrix(), order=order)
    items = read(joblib_file(standin, array, aligned=aligned, order=order), "m.joblib")
    (table,) = [item for item in items if isinstance(item, Table)]
    assert np.array_equal(np.array([column.values.to_pylist() for column in table.columns]).T, array)  # noqa: PD011 - ours, not of pandas
    assert not [item for item in items if isinstance(item, Unread)]


def test_joblib_arrays_of_objects_are_pickles_of_their_own(standin: Standin) -> None:
    """An array of objects is read out of the pickle that joblib puts in its place."""
    items = read(joblib_file(standin, np.array([f"P{place:04d}" for place in range(9)], dtype=object)))
    assert columns(items)[""] == [f"P{place:04d}" for place in range(9)]


@pytest.mark.parametrize("compress", [zlib.compress, gzip.compress])
def test_compressed_joblib_is_opened(standin: Standin, compress: Callable[[bytes], bytes]) -> None:
    """A compressed joblib gives what the plain one gives."""
    items = read(compress(joblib_file(standin, matrix())), "m.joblib")
    assert [item.n_rows for item in items if isinstance(item, Table)] == [12]
    assert any(isinstance(item, Serialized) and item.format == "joblib" for item in items)


def test_a_joblib_array_that_claims_too_much(standin: Standin) -> None:
    """A shape beyond the file is damage, found before anything is laid out."""
    data = joblib_file(standin, matrix())
    huge = data.replace(b"K\x0cK\x03\x86", b"J\xff\xff\xff\x7fK\x03\x86")
    assert huge != data
    assert any(isinstance(item, Unread) and item.why is UnreadReason.MALFORMED for item in read(huge))


# hostile bytes


def test_loops_and_sharing_end() -> None:
    """An object inside itself, and lists that share their parts a thousand million times over."""
    loop: list[Any] = ["a text of some length"]
    loop.append(loop)
    assert facts(read(pickle.dumps(loop)))
    shared: list[Any] = [np.arange(5)]
    for _ in range(40):
        shared = [shared, shared]
    assert facts(read(pickle.dumps(shared)))
    plain: list[Any] = ["laugh"]
    for _ in range(40):
        plain = [plain, plain]
    assert any(isinstance(item, Unread) for item in read(pickle.dumps(plain)))


def test_deep_nesting_ends() -> None:
    """Ten thousand lists in one another are no recursion."""
    assert facts(read(b"\x80\x02" + b"]" * 10_000 + b"a" * 9_999 + b"."))


def test_damage_is_a_gap(standin: Standin) -> None:
    """A pickle cut at many places gives a gap or all it holds; one with flipped bytes never ends the reader."""
    model = standin("sklearn.svm._classes", "SVC", support_vectors_=matrix(), classes_=np.array([0, 1]), note="9434765919")
    samples = [pickle.dumps(model, 4), joblib_file(standin, matrix()), pickle.dumps(pd.DataFrame({"a": [1, 2], "b": ["x", "y"]}), 5)]
    rng = random.Random(7)
    for data in samples:
        for end in range(60, len(data) - 1, max(1, len(data) // 25)):
            assert any(isinstance(item, Unread) for item in read(data[:end]))
        for _ in range(60):
            flipped = bytearray(data)
            for _ in range(rng.randint(1, 4)):
                flipped[rng.randrange(len(data))] = rng.randrange(256)
            assert read(bytes(flipped))


def test_absurd_sizes_are_refused() -> None:
    """Lengths, memo places and numbers beyond all measure are damage."""
    for payload in (
        b"\x80\x04\x8d" + struct.pack("<Q", 2**62) + b"x.",
        b"\x80\x04\x96" + struct.pack("<Q", 2**62) + b"x.",
        b"\x80\x02]" + b"r\xff\xff\xff\xff" + b"j\xfe\xff\xff\xff.",
        b"\x80\x02" + b"\x8b\xff\xff\xff\x7f" + b"x.",
    ):
        source = Source.of_bytes(payload, part_id="x", name="x")
        items = list(Reading(limits=Limits()).open(source, FileType(label="pickle", family=TYPES["pickle"].family)))
        assert any(isinstance(item, Unread) for item in items)


def test_no_message_repeats_a_value(standin: Standin) -> None:
    """Facts about an object hold none of its words."""
    model = standin("study943", "Jane943", **{"name 943": "943", "x": np.array(["943 476 5919"] * 4), "coef_": np.array([1.0, 2.0, 3.0])})
    found = facts(read(pickle.dumps(model)))
    said = str((found.arrays, found.why, found.notes, found.calls, found.libraries))
    assert "943" not in said
