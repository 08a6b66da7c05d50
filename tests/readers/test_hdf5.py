"""HDF5 files as AnnData, pandas, NetCDF, MATLAB, Keras and plain scripts write them, and files that were made to harm."""

from __future__ import annotations

import io
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

from sdc_airlock.identify.types import TYPES
from sdc_airlock.limits import Limits
from sdc_airlock.model.content import GenomicPart, Oddity, OddityKind, Serialized, Table, TextPart, Unread, UnreadReason
from sdc_airlock.model.filetype import FileType
from sdc_airlock.readers import Item, Reading
from sdc_airlock.source import Source

IDS = [f"P{number:05d}" for number in range(6)]


def read(data: bytes | Path, limits: Limits | None = None) -> list[Item]:
    """All items of some bytes, or of a file."""
    if isinstance(data, Path):
        source = Source.of_file(str(data), part_id="f", name=data.name, size=data.stat().st_size)
    else:
        source = Source.of_bytes(data, part_id="f", name="f")
    return list(Reading(limits=limits or Limits()).open(source, FileType(label="hdf5", family=TYPES["hdf5"].family)))


def written(fill: Callable[[Any], None], **options: Any) -> bytes:
    """The bytes of a file that a function fills."""
    stream = io.BytesIO()
    with h5py.File(stream, "w", **options) as store:
        fill(store)
    return stream.getvalue()


def tables(items: list[Item]) -> dict[str, dict[str, list[Any]]]:
    """The tables among items, by address, as columns by name."""
    return {
        item.part_id: {column.name or str(place): column.values.to_pylist() for place, column in enumerate(item.columns)}
        for item in items
        if isinstance(item, Table)
    }


def gaps(items: list[Item]) -> list[tuple[UnreadReason, str]]:
    """Reasons and words of the gaps among items."""
    return [(item.why, item.detail) for item in items if isinstance(item, Unread)]


def texts(items: list[Item]) -> str:
    """All text among items."""
    return "\n".join(item.text for item in items if isinstance(item, TextPart))


def test_columns_of_one_length_are_one_table() -> None:
    """A group of vectors is a table; a matrix, a scalar and attributes beside it are told apart."""

    def fill(store: Any) -> None:
        group = store.create_group("cohort")
        group["id"] = IDS
        group["age"] = np.arange(30, 36)
        group["sex"] = np.array([b"F", b"M"] * 3)
        group["smoker"] = np.array([True, False] * 3)
        group["dose"] = np.arange(12.0).reshape(6, 2)
        group["total"] = 6
        group.attrs["made by"] = "a script"

    items = read(written(fill))
    found = tables(items)
    assert found["f!cohort!6"] == {
        "age": list(range(30, 36)),
        "id": IDS,
        "sex": ["F", "M"] * 3,
        "smoker": [True, False] * 3,
    }
    assert found["f!cohort/dose"]["1"] == [1.0, 3.0, 5.0, 7.0, 9.0, 11.0]
    assert found["f!values"] == {"name": ["cohort/total"], "value": [6]}
    assert "a script" in texts(items)
    assert not gaps(items)


def test_records_and_enumerations_are_tables() -> None:
    """A compound data set is a table with names; enumerated values are shown by their names."""

    def fill(store: Any) -> None:
        kind = np.dtype([("id", "S6"), ("g", "i1", (2,)), ("born", [("year", "i2")])])
        store["people"] = np.array([(b"P1", (0, 2), (1980,)), (b"P2", (1, 1), (1990,))], kind)
        store.create_dataset("sex", (3,), h5py.enum_dtype({"female": 1, "male": 2}, "i1"), data=[1, 2, 2])

    found = tables(read(written(fill)))
    assert found["f!people"] == {"id": ["P1", "P2"], "g.1": [0, 1], "g.2": [2, 1], "born.year": [1980, 1990]}
    assert found["f!/sex"] == {"sex": ["female", "male", "male"]}


def test_one_group_a_person_is_one_table() -> None:
    """Values that stand in groups or attributes alike are records."""

    def fill(store: Any) -> None:
        for number, name in enumerate(IDS):
            group = store.create_group(f"patients/{name}")
            group["age"] = 40 + number
            group["sex"] = "F"
            store.create_dataset(f"scans/{name}", data=np.arange(number + 2)).attrs["bmi"] = 20.5 + number

    found = list(tables(read(written(fill))).values())
    assert {"name": IDS, "age": list(range(40, 46)), "sex": ["F"] * 6} in found
    assert any(table.get("name") == IDS and table.get("bmi", [0])[0] == 20.5 for table in found)


def anndata(store: Any, *, layout: str) -> None:
    """A small AnnData file with a sparse or a dense matrix."""
    store.attrs["encoding-type"] = "anndata"
    obs = store.create_group("obs")
    obs.attrs.update({"encoding-type": "dataframe", "_index": "_index", "column-order": ["sex", "age"]})
    obs["_index"], obs["age"] = IDS, np.arange(6) + 40
    sex = obs.create_group("sex")
    sex.attrs["encoding-type"] = "categorical"
    sex["codes"], sex["categories"] = np.array([0, 1, 0, 1, -1, 0], "i1"), ["F", "M"]
    visits = obs.create_group("visits")
    visits.attrs["encoding-type"] = "nullable-integer"
    visits["values"], visits["mask"] = np.arange(6), np.array([False, True] * 3)
    var = store.create_group("var")
    var.attrs.update({"encoding-type": "dataframe", "_index": "gene"})
    var["gene"] = ["A", "B", "C"]
    if layout == "dense":
        store["X"] = np.arange(18.0).reshape(6, 3)
        return
    import scipy.sparse

    matrix = scipy.sparse.csr_matrix(np.arange(18.0).reshape(6, 3)).asformat(layout)
    group = store.create_group("X")
    group.attrs.update({"encoding-type": f"{layout}_matrix", "shape": (6, 3)})
    group["data"], group["indices"], group["indptr"] = matrix.data, matrix.indices, matrix.indptr


@pytest.mark.parametrize("layout", ["dense", "csr", "csc"])
def test_anndata_is_a_table_of_observations(layout: str) -> None:
    """Observations, variables and the matrix between them, whichever way it is stored."""
    items = read(written(lambda store: anndata(store, layout=layout)))
    found = tables(items)
    assert found["f!obs"] == {
        "_index": IDS,
        "age": list(range(40, 46)),
        "sex": ["F", "M", "F", "M", None, "F"],
        "visits": [0, None, 2, None, 4, None],
    }
    assert found["f!X"] == {"_index": IDS, "A": [0, 3, 6, 9, 12, 15], "B": [1, 4, 7, 10, 13, 16], "C": [2, 5, 8, 11, 14, 17]}
    assert any(isinstance(item, GenomicPart) and item.samples == 6 for item in items)
    assert not gaps(items)


def test_a_large_sparse_matrix_is_written_out_in_part() -> None:
    """What is not written out is a gap; the rows stay all."""

    def fill(store: Any) -> None:
        group = store.create_group("X")
        group.attrs.update({"encoding-type": "csr_matrix", "shape": (400, 9000)})
        group["data"], group["indices"], group["indptr"] = np.ones(400), np.zeros(400, "i4"), np.arange(401)

    items = read(written(fill), Limits(cells=10_000, sample_rows=50))
    (table,) = [item for item in items if isinstance(item, Table)]
    assert (table.n_rows, len(table.columns), table.sample_rows <= 200) == (400, 50, True)
    assert table.batches is not None
    assert sum(batch.num_rows for batch in table.batches()) == 400
    assert gaps(items)[0][0] is UnreadReason.LIMIT


@pytest.mark.parametrize("harm", ["starts", "index", "size"])
def test_a_sparse_matrix_that_contradicts_itself_is_a_gap(harm: str) -> None:
    """Places beyond the matrix are never written to."""

    def fill(store: Any) -> None:
        group = store.create_group("X")
        group.attrs.update({"encoding-type": "csr_matrix", "shape": (1 << 50 if harm == "size" else 2, 2)})
        group["data"] = [1.0, 2.0]
        group["indices"] = [0, 7 if harm == "index" else 1]
        group["indptr"] = [0, 9, 2] if harm == "starts" else [0, 1, 2]

    assert gaps(read(written(fill)))[0][0] is UnreadReason.MALFORMED


def test_loom_has_cells_as_rows() -> None:
    """A Loom file is turned, so that a row is a cell."""

    def fill(store: Any) -> None:
        store["matrix"] = np.arange(18).reshape(3, 6)
        store["row_attrs/Gene"], store["col_attrs/CellID"] = ["A", "B", "C"], IDS

    assert tables(read(written(fill)))["f!matrix"] == {
        "CellID": IDS,
        "A": [0, 1, 2, 3, 4, 5],
        "B": [6, 7, 8, 9, 10, 11],
        "C": [12, 13, 14, 15, 16, 17],
    }


def test_frames_of_pandas_have_their_names() -> None:
    """Blocks of a fixed frame and of a table are named by what pandas keeps beside them, without unpickling."""

    def fill(store: Any) -> None:
        store.attrs["PYTABLES_FORMAT_VERSION"] = "2.1"
        fixed = store.create_group("fixed")
        fixed.attrs["pandas_type"] = "frame"
        fixed["axis0"], fixed["axis1"] = np.array([b"age", b"bmi"]), np.array([b"P1", b"P2"])
        fixed["block0_items"], fixed["block0_values"] = np.array([b"age", b"bmi"]), np.array([[34.0, 21.5], [51.0, 30.0]])
        table = store.create_dataset("table", data=np.array([(b"P1", (34.0, 1.0))], [("index", "S2"), ("values_block_0", "f8", (2,))]))
        table.attrs["values_block_0_kind"] = np.bytes_(b"(lp0\nVage\np1\naVsmoker\np2\na.")

    found = tables(read(written(fill)))
    assert found["f!fixed"] == {"index": ["P1", "P2"], "age": [34.0, 51.0], "bmi": [21.5, 30.0]}
    assert found["f!table"] == {"index": ["P1"], "age": [34.0], "smoker": [1.0]}


def test_pickles_inside_are_looked_at_and_never_loaded() -> None:
    """Columns of objects are pickles in lists of bytes."""
    pickled = b"\x80\x04\x8c\x05posix\x94\x8c\x06system\x94\x93\x94\x8c\x04true\x94\x85\x94R\x94."

    def fill(store: Any) -> None:
        data = store.create_dataset("values", (1,), h5py.vlen_dtype(np.dtype("u1")))
        data[0] = np.frombuffer(pickled, "u1")
        data.attrs["PSEUDOATOM"] = "object"

    assert any(isinstance(item, Serialized) for item in read(written(fill)))


def test_lists_of_numbers_are_a_table_of_record_and_value() -> None:
    """Lists of any length do not vanish."""

    def fill(store: Any) -> None:
        data = store.create_dataset("codes", (2,), h5py.vlen_dtype(np.dtype("i4")))
        data[0], data[1] = [7, 8], [9]

    assert tables(read(written(fill)))["f!codes"] == {"record": [1, 1, 2], "codes": [7, 8, 9]}


def test_files_in_bytes_and_long_texts_are_read() -> None:
    """A CSV may stand in a text, an array of bytes or an opaque value."""
    csv = b"id,age,diagnosis\n" + b"".join(b"%s,%d,E11\n" % (name.encode(), place + 40) for place, name in enumerate(IDS * 5))

    def fill(store: Any) -> None:
        store["text"] = csv.decode()
        store["bytes"] = np.frombuffer(csv, "u1")
        store["opaque"] = np.void(csv)
        store.attrs["note"] = csv.decode()

    places = {item.part_id for item in read(written(fill)) if not isinstance(item, TextPart | Oddity | Unread)}
    assert {"f!text", "f!bytes", "f!opaque", "f!/@note"} <= {place.partition("!!")[0] for place in places}


def test_dimension_scales_name_rows_and_columns() -> None:
    """NetCDF-4 keeps coordinates as scales of a variable."""

    def fill(store: Any) -> None:
        store["patient"], store["week"] = np.arange(101, 107), np.array([1, 2])
        store["hr"] = np.arange(12.0).reshape(6, 2)
        for axis, name in enumerate(("patient", "week")):
            store[name].make_scale(name)
            store["hr"].dims[axis].attach_scale(store[name])

    assert list(tables(read(written(fill)))["f!hr"]) == ["patient", "1", "2"]


def test_matlab_arrays_are_turned_and_letters_read() -> None:
    """MATLAB 7.3 lays arrays column by column and letters as numbers."""

    def fill(store: Any) -> None:
        store["m"] = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
        store["m"].attrs["MATLAB_class"] = np.bytes_("double")
        store["note"] = np.array([[ord(letter)] for letter in "cohort"], "u2")
        store["note"].attrs["MATLAB_class"] = np.bytes_("char")
        store["age"] = np.array([[34.0, 51.0]])
        store["sex"] = np.array([[1.0, 2.0]])

    data = bytearray(written(fill, userblock_size=512))
    data[:116] = b"MATLAB 7.3 MAT-file, Platform: GLNXA64".ljust(116)
    items = read(bytes(data))
    found = tables(items)
    assert found["f!m"] == {"0": [1.0, 2.0, 3.0], "1": [4.0, 5.0, 6.0]}
    assert found["f!/!2"] == {"age": [34.0, 51.0], "sex": [1.0, 2.0]}
    assert "cohort" in texts(items)
    assert not [item for item in items if isinstance(item, Oddity)]


def test_keras_weights_are_a_model() -> None:
    """A layer of code in the configuration runs when the model is loaded."""

    def fill(store: Any) -> None:
        store.attrs["model_config"] = '{"class_name": "Sequential", "layers": [{"class_name": "Lambda"}]}'
        store["model_weights/dense/kernel:0"] = np.zeros((4, 2))

    assert [item.runs_code for item in read(written(fill)) if isinstance(item, Serialized)] == [True]


def test_nothing_outside_the_file_is_read(tmp_path: Path) -> None:
    """External storage, external links and virtual data sets are gaps, and none of what they name is in any item."""
    secret = tmp_path / "secret.txt"
    secret.write_bytes(b"NHS 9434765919 " * 8)
    with h5py.File(tmp_path / "other.h5", "w") as store:
        store["x"] = np.arange(5)
    with h5py.File(tmp_path / "f.h5", "w") as store:
        store.create_dataset("outside", (64,), "u1", external=[(str(secret), 0, 64)])
        store["link"] = h5py.ExternalLink(str(tmp_path / "other.h5"), "/x")
        layout = h5py.VirtualLayout((5,), "i8")
        layout[:] = h5py.VirtualSource(str(tmp_path / "other.h5"), "x", (5,))
        store.create_virtual_dataset("virtual", layout)
    items = read(tmp_path / "f.h5")
    assert [why for why, _ in gaps(items)] == [UnreadReason.UNSUPPORTED] * 3
    assert not any("9434765919" in str(item) or str(tmp_path) in str(item) for item in items)
    assert not [item for item in items if isinstance(item, Table)]
    assert OddityKind.EXTERNAL_REFERENCE in {item.kind for item in items if isinstance(item, Oddity)}


def test_links_in_a_circle_end() -> None:
    """Hard links to a group above, and soft links to anything, are not followed twice."""

    def fill(store: Any) -> None:
        group = store.create_group("a")
        group["up"], group["soft"], group["x"] = store["/"], h5py.SoftLink("/a"), [1, 2]

    assert tables(read(written(fill))) == {"f!a/x": {"x": [1, 2]}}


def test_a_declared_size_without_data_is_a_limit() -> None:
    """Terabytes of nothing are refused before anything is allocated."""

    def fill(store: Any) -> None:
        store.create_dataset("huge", (10**12,), "f8", chunks=(1 << 20,))
        store.create_dataset("wide", (10**6, 10**6), "i1", chunks=(1000, 1000), compression="gzip")

    assert [why for why, _ in gaps(read(written(fill)))] == [UnreadReason.LIMIT] * 2


def test_unknown_filters_are_a_gap() -> None:
    """A filter that h5py does not bring along would load a plug-in."""

    def fill(store: Any) -> None:
        plan = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
        plan.set_chunk((4,))
        plan.set_filter(32015, h5py.h5z.FLAG_OPTIONAL, (3,))
        h5py.h5d.create(store.id, b"x", h5py.h5t.NATIVE_INT32, h5py.h5s.create_simple((4,)), plan)

    assert gaps(read(written(fill))) == [(UnreadReason.UNSUPPORTED, "a filter of HDF5 that is not known")]


def test_large_data_are_streamed(tmp_path: Path) -> None:
    """Past the cap on cells every row is still read, from a path as from memory."""

    def fill(store: Any) -> None:
        store.create_dataset("m", data=np.arange(9000).reshape(3000, 3), chunks=(100, 3), compression="gzip")
        store["id"] = [f"P{number}" for number in range(3000)]

    data = written(fill)
    (tmp_path / "f.h5").write_bytes(data)
    for given in (data, tmp_path / "f.h5"):
        found = [item for item in read(given, Limits(cells=1000, sample_rows=100)) if isinstance(item, Table)]
        assert len(found) == 2
        for table in found:
            assert table.batches is not None
            assert (table.n_rows, sum(batch.num_rows for batch in table.batches())) == (3000, 3000)
            assert next(table.batches()).schema.types == [column.values.type for column in table.columns]


def test_a_wide_matrix_is_laid_on_its_side_or_cut() -> None:
    """No column is left out because there are many."""

    def fill(store: Any) -> None:
        store["wide"] = np.zeros((3, 6000), "i1")
        store["both"] = np.zeros((5100, 5100), "i1")

    found = {item.part_id: item for item in read(written(fill)) if isinstance(item, Table)}
    assert (found["f!wide"].n_rows, len(found["f!wide"].columns)) == (6000, 3)
    assert {len(table.columns) for place, table in found.items() if place.startswith("f!both:")} == {5000, 100}


def test_data_before_after_and_between_are_told() -> None:
    """A block in front, bytes behind, and what a deleted data set leaves."""

    def fill(store: Any) -> None:
        store["kept"] = np.arange(10)
        store["gone"] = np.random.default_rng(1).integers(0, 255, 400_000, "u1")
        del store["gone"]

    plain = written(lambda store: store.create_dataset("x", data=np.arange(10)), userblock_size=512)
    hidden = b"id,age\nP1,34\nP2,35\n".ljust(512, b"\0") + plain[512:] + b"id,age\nP1,34\n"
    kinds = {item.kind for item in read(hidden) if isinstance(item, Oddity)}
    assert {OddityKind.LEADING_DATA, OddityKind.TRAILING_DATA} <= kinds
    stream = io.BytesIO()
    with h5py.File(stream, "w", libver="earliest") as store:
        store["gone"] = np.random.default_rng(1).integers(0, 255, 400_000, "u1")
        store["kept"] = np.arange(10)
    with h5py.File(stream, "r+") as store:
        del store["gone"]
    assert OddityKind.EMBEDDED_OBJECT in {item.kind for item in read(stream.getvalue()) if isinstance(item, Oddity)}


def test_names_are_escaped() -> None:
    """Names of objects are claims: marks that turn the direction of writing are shown, not obeyed."""
    items = read(written(lambda store: store.create_dataset("a\u202eb", data=np.arange(12).reshape(6, 2))))
    assert all("\u202e" not in item.part_id for item in items)


@pytest.mark.no_cover
def test_damage_is_a_gap_or_less() -> None:
    """Files cut short or with flipped bytes end in items, and an unreadable one in a gap."""
    data = written(lambda store: anndata(store, layout="csr"))
    chance = random.Random(7)
    for place in range(0, len(data), len(data) // 12):
        assert read(data[:place]) or place == 0
    for _ in range(25):
        mutant = bytearray(data)
        for _ in range(4):
            mutant[chance.randrange(len(mutant))] ^= 1 << chance.randrange(8)
        assert read(bytes(mutant))
    assert gaps(read(b"\x89HDF\r\n\x1a\n" + bytes(500)))[0][0] is UnreadReason.MALFORMED
