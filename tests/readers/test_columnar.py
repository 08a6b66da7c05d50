"""Parquet, Arrow, Feather, Stata, SPSS, SAS, SQLite, dBase and NumPy files, written by the programs that people use."""

from __future__ import annotations

import base64
import io
import sqlite3
import struct
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.feather as pf
import pyarrow.orc as po
import pyarrow.parquet as pq
import pyreadstat
import pytest

from sdc_airlock.identify.types import TYPES
from sdc_airlock.limits import Limits
from sdc_airlock.model.content import Oddity, OddityKind, Table, TextPart, Unread, UnreadReason
from sdc_airlock.model.filetype import FileType
from sdc_airlock.readers import Item, Reading
from sdc_airlock.source import Source

PEOPLE = pd.DataFrame({"id": ["P1", "P2", "P3"], "age": [34, 51, 29], "bmi": [21.5, None, 30.25]})


def read(data: bytes | Path, label: str, limits: Limits | None = None) -> list[Item]:
    """All items of some bytes, or of a file, of a known type."""
    if isinstance(data, Path):
        source = Source.of_file(str(data), part_id="f", name=data.name, size=data.stat().st_size)
    else:
        source = Source.of_bytes(data, part_id="f", name="f")
    return list(Reading(limits=limits or Limits()).open(source, FileType(label=label, family=TYPES[label].family)))


def tables(items: list[Item]) -> list[dict[str, list[Any]]]:
    """The tables among items, as columns by name."""
    return [{column.name: column.values.to_pylist() for column in item.columns} for item in items if isinstance(item, Table)]  # noqa: PD011 - ours, not of pandas


def kinds(items: list[Item]) -> set[OddityKind]:
    """Kinds of oddity among items."""
    return {item.kind for item in items if isinstance(item, Oddity)}


def gaps(items: list[Item]) -> list[UnreadReason]:
    """Reasons of the gaps among items."""
    return [item.why for item in items if isinstance(item, Unread)]


def parquet(table: pa.Table, **options: Any) -> bytes:
    """A Parquet file."""
    stream = io.BytesIO()
    pq.write_table(table, stream, **options)
    return stream.getvalue()


def arrow_file(table: pa.Table) -> bytes:
    """An Arrow file."""
    stream = io.BytesIO()
    with pa.ipc.new_file(stream, table.schema) as writer:
        writer.write_table(table)
    return stream.getvalue()


def arrow_stream(table: pa.Table) -> bytes:
    """An Arrow stream."""
    stream = io.BytesIO()
    with pa.ipc.new_stream(stream, table.schema) as writer:
        writer.write_table(table)
    return stream.getvalue()


@pytest.mark.parametrize(("write", "label"), [(parquet, "parquet"), (arrow_file, "arrow"), (arrow_stream, "arrow")])
def test_frames_keep_names_and_types(write: Callable[[pa.Table], bytes], label: str) -> None:
    """A data frame comes back as it was, and its pandas metadata is nothing to tell."""
    items = read(write(pa.Table.from_pandas(PEOPLE)), label)
    assert tables(items) == [{"id": ["P1", "P2", "P3"], "age": [34, 51, 29], "bmi": [21.5, None, 30.25]}]
    assert len(items) == 1


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_feather_of_version_1() -> None:
    """The old Feather is read too."""
    stream = io.BytesIO()
    pf.write_feather(PEOPLE, stream, version=1)
    assert tables(read(stream.getvalue(), "feather1"))[0]["id"] == ["P1", "P2", "P3"]


def test_nested_columns_are_spread() -> None:
    """Structs, dictionaries, decimals and lists come out as plain columns or tables of their own."""
    table = pa.table(
        {
            "who": pa.array([{"id": 1, "name": {"last": "A"}}, {"id": 2, "name": {"last": "B"}}]),
            "sex": pa.array(["F", "M"]).dictionary_encode(),
            "g": pa.array([[0, 1, 2], [2, 2, 0]], pa.list_(pa.int8())),
            "codes": pa.array([["x"], ["y", "z"]]),
            "cost": pa.array([1, 2], pa.decimal128(10, 2)),
        }
    )
    whole, codes = tables(read(parquet(table), "parquet"))
    assert {name: whole[name] for name in ("who.id", "who.name.last", "sex", "g.2", "cost")} == {
        "who.id": [1, 2],
        "who.name.last": ["A", "B"],
        "sex": ["F", "M"],
        "g.2": [1, 2],
        "cost": [1.0, 2.0],
    }
    assert codes == {"record": [1, 2, 2], "codes": ["x", "y", "z"]}


def test_large_tables_are_streamed() -> None:
    """Past the cap on cells there is a sample, and batches with all rows and the same columns."""
    table = pa.table({"n": pa.array(range(3000)), "s": pa.array([{"x": str(number)} for number in range(3000)])})
    for label, data in (("parquet", parquet(table)), ("arrow", arrow_file(table))):
        (item,) = read(data, label, Limits(cells=1000, sample_rows=50))
        assert isinstance(item, Table)
        assert item.batches is not None
        assert (item.sample_rows, [column.name for column in item.columns]) == (50, ["n", "s.x"])
        batches = list(item.batches())
        assert sum(batch.num_rows for batch in batches) == 3000
        assert batches[0].schema.names == ["n", "s.x"]


@pytest.mark.no_cover
def test_a_bomb_is_streamed_not_held() -> None:
    """Small files that decode to much are budgeted by what they decode to."""
    table = pa.table({"x": pa.array(["y" * 1000] * 5_000).dictionary_encode()})
    data = parquet(table)
    assert len(data) < 100_000
    item = next(item for item in read(data, "parquet", Limits(member_bytes=1 << 20)) if isinstance(item, Table))
    assert item.batches is not None


def test_metadata_beyond_the_ordinary_are_read() -> None:
    """Key-value metadata may hold anything."""
    table = pa.Table.from_pandas(PEOPLE)
    table = table.replace_schema_metadata({**(table.schema.metadata or {}), b"note": b"P00017 carrier"})
    assert any(isinstance(item, TextPart) and "P00017 carrier" in item.text and item.hidden for item in read(parquet(table), "parquet"))


def test_binary_columns_are_opened_or_a_gap() -> None:
    """A few binary cells are read as files; a column of many is not read."""
    few = pa.table({"b": pa.array([b"id,age\nP1,34\nP2,35\n\x80"])})
    many = pa.table({"b": pa.array([bytes([200, number]) for number in range(100)])})
    assert len(read(parquet(few), "parquet")) > 1
    assert gaps(read(parquet(many), "parquet")) == [UnreadReason.UNSUPPORTED]


def test_a_table_without_rows_is_a_table() -> None:
    """Columns without rows are still something that was read."""
    (item,) = read(parquet(pa.table({"a": pa.array([], pa.int64())})), "parquet")
    assert isinstance(item, Table)
    assert item.n_rows == 0


@pytest.mark.parametrize("label", ["parquet", "arrow", "feather1", "stata", "spss", "sas7bdat", "xport", "sqlite", "dbf", "npy"])
def test_damage_is_a_gap(label: str) -> None:
    """Bytes that are not what they are said to be end in a gap, with nothing of theirs in it."""
    for data in (b"", b"P00017", b"PAR1" + bytes(100) + b"PAR1", b"ARROW1\0\0" + bytes(range(200)), b"SQLite format 3\0" + bytes(2000)):
        found = read(data, label)
        assert any(isinstance(item, Unread) for item in found)
        assert not any("P00017" in str(item) for item in found)


def test_every_flipped_byte_of_an_arrow_file_is_survived() -> None:
    """Damaged Arrow buffers are refused before anything follows their offsets."""
    data = bytearray(arrow_stream(pa.Table.from_pandas(PEOPLE, preserve_index=False)))
    for place in range(0, len(data), 7):
        mutant = bytearray(data)
        mutant[place] ^= 0xFF
        assert read(bytes(mutant), "arrow")


@pytest.fixture(params=["stata", "spss", "xport"])
def statistical(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Path, str]:
    """A file of a statistics program with labels."""
    frame = pd.DataFrame({"SEX": [1.0, 2.0, 1.0], "AGE": [34.0, 51.0, 29.0], "NAME": ["A", "B", "C"]})
    path = tmp_path / "people.dat"
    names = {"SEX": "Sex of patient"}
    if request.param == "stata":
        pyreadstat.write_dta(
            frame, str(path), column_labels=names, variable_value_labels={"SEX": {1: "Male", 2: "Female"}}, file_label="Cohort"
        )
    elif request.param == "spss":
        pyreadstat.write_sav(
            frame,
            str(path),
            column_labels=names,
            variable_value_labels={"SEX": {1: "Male", 2: "Female"}},
            file_label="Cohort",
            missing_ranges={"AGE": [51]},
        )
    else:
        pyreadstat.write_xport(frame, str(path), column_labels=names, file_label="Cohort")
    return path, request.param


def test_statistics_files_are_read(statistical: tuple[Path, str]) -> None:
    """Labels become text, whole numbers are whole, and values declared missing are still seen."""
    path, label = statistical
    item = read(path, label)[0]
    assert isinstance(item, Table)
    (found,) = tables([item])
    assert found["SEX"] == ([1, 2, 1] if label == "xport" else ["Male", "Female", "Male"])
    assert found["AGE"] == [34, 51, 29]
    assert "Sex of patient" in item.schema_note
    assert tables(read(path.read_bytes(), label)) == [found]


def test_large_statistics_files_are_streamed(statistical: tuple[Path, str]) -> None:
    """Past the cap on cells rows are read again from the file."""
    path, label = statistical
    item = read(path, label, Limits(cells=5, sample_rows=2))[0]
    assert isinstance(item, Table)
    assert item.batches is not None
    (batch,) = item.batches()
    assert batch.column("NAME").to_pylist() == ["A", "B", "C"]
    assert item.sample_rows <= 2


def test_bytes_after_a_stata_file_are_told(statistical: tuple[Path, str]) -> None:
    """Stata files end with a mark."""
    path, label = statistical
    if label == "stata":
        assert OddityKind.TRAILING_DATA in kinds(read(path.read_bytes() + b"PK\x03\x04", label))


def database(path: Path, *statements: str) -> Path:
    """A SQLite database made by some statements."""
    link = sqlite3.connect(path)
    for statement in statements:
        link.execute(statement)
    link.commit()
    link.close()
    return path


def test_tables_of_a_database_are_read_and_views_are_text(tmp_path: Path) -> None:
    """Every table is a part; a view is never run."""
    path = database(
        tmp_path / "x.db",
        'CREATE TABLE "odd ""name" (id TEXT, n INTEGER)',
        """INSERT INTO "odd ""name" VALUES ('P1', 3), ('P2', NULL)""",
        "CREATE VIEW endless AS WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT x FROM c",
    )
    for data in (path, path.read_bytes()):
        items = read(data, "sqlite")
        assert tables(items) == [{"id": ["P1", "P2"], "n": [3, None]}]
        assert any(isinstance(item, TextPart) and "endless" in item.text for item in items)
        assert gaps(items) == []


def test_large_database_tables_are_streamed(tmp_path: Path) -> None:
    """Past the cap on cells rows come in batches of text."""
    path = database(
        tmp_path / "x.db",
        "CREATE TABLE a (n INTEGER)",
        "INSERT INTO a WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c LIMIT 500) SELECT x FROM c",
    )
    item = read(path, "sqlite", Limits(cells=100, sample_rows=10))[0]
    assert isinstance(item, Table)
    assert item.batches is not None
    assert (item.n_rows, item.sample_rows, sum(batch.num_rows for batch in item.batches())) == (500, 10, 500)


def test_bytes_after_a_database_are_told(tmp_path: Path) -> None:
    """A database has whole pages and nothing else."""
    path = database(tmp_path / "x.db", "CREATE TABLE a (n INTEGER)")
    path.write_bytes(path.read_bytes() + b"id,age\n" * 100)
    assert OddityKind.TRAILING_DATA in kinds(read(path, "sqlite"))


def test_deleted_dbase_records_are_hidden_rows() -> None:
    """A record with a star is deleted for its program only."""
    fields = (
        b"ID\0\0\0\0\0\0\0\0\0C" + bytes(4) + bytes([3, 0]) + bytes(14) + b"N\0\0\0\0\0\0\0\0\0\0N" + bytes(4) + bytes([4, 0]) + bytes(14)
    )
    header = struct.pack("<BBBBIHH", 3, 126, 1, 1, 3, 32 + 64 + 1, 8) + bytes(20)
    items = read(header + fields + b"\r" + b" P1    3" + b"*P2    4" + b" P3  1.5" + b"\x1a", "dbf")
    assert tables(items) == [{"ID": ["P1", "P3"], "N": [3.0, 1.5]}, {"ID": ["P2"], "N": [4]}]
    assert [item.hidden for item in items if isinstance(item, Table)] == [False, True]
    assert OddityKind.HIDDEN_CELLS in kinds(items)


def npy(array: Any) -> bytes:
    """A NumPy file."""
    stream = io.BytesIO()
    np.save(stream, array, allow_pickle=True)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("array", "rows"),
    [
        (np.array([1, 2, 3]), [(1,), (2,), (3,)]),
        (np.array([[1.5, 2], [3, 4]], dtype=">f8"), [(1.5, 2.0), (3.0, 4.0)]),
        (np.asfortranarray([[1, 2], [3, 4]]), [(1, 2), (3, 4)]),
        (np.array([["a", "b"]]), [("a", "b")]),
        (np.arange(8).reshape(2, 2, 2), [(0, 1), (2, 3), (4, 5), (6, 7)]),
        (np.array(7), [(7,)]),
    ],
)
def test_arrays_are_tables_without_names(array: Any, rows: list[tuple[Any, ...]]) -> None:
    """Arrays of every order and shape are rows of columns."""
    (item,) = read(npy(array), "npy")
    assert isinstance(item, Table)
    assert not item.named
    assert list(zip(*(column.values.to_pylist() for column in item.columns), strict=True)) == rows  # noqa: PD011 - ours, not of pandas


def test_records_of_arrays_have_names() -> None:
    """A structured array is a table with names; fields with axes become several columns."""
    array = np.array([(b"P1", 3, [0, 1]), (b"P2", 4, [2, 2])], dtype=[("id", "S2"), ("n", "i4"), ("g", "i1", 2)])
    (item,) = read(npy(array), "npy")
    assert tables([item]) == [{"id": ["P1", "P2"], "n": [3, 4], "g.1": [0, 2], "g.2": [1, 2]}]


def test_arrays_of_objects_are_never_loaded() -> None:
    """An object array holds a pickle."""
    assert gaps(read(npy(np.array([{"a": 1}], dtype=object)), "npy")) == [UnreadReason.UNSUPPORTED]


def test_an_array_that_declares_more_than_it_holds_is_a_gap() -> None:
    """The declared size is held against the bytes before anything is built."""
    data = npy(np.zeros(3)).replace(b"(3,)", b"(9999999999,)")
    assert gaps(read(data, "npy")) == [UnreadReason.MALFORMED]


def test_bytes_after_an_array_are_told() -> None:
    """What follows the last value is no part of it."""
    assert OddityKind.TRAILING_DATA in kinds(read(npy(np.zeros(3)) + b"id,age\n", "npy"))


def test_large_arrays_are_streamed_and_wide_ones_turned() -> None:
    """A long array comes in batches; a wide one has its few rows as columns."""
    (item,) = read(npy(np.zeros((4000, 3))), "npy", replace(Limits(), cells=1000, sample_rows=10))
    assert isinstance(item, Table)
    assert item.batches is not None
    assert sum(batch.num_rows for batch in item.batches()) == 4000
    (wide,) = read(npy(np.zeros((3, 9000), dtype="i1")), "npy")
    assert isinstance(wide, Table)
    assert (wide.n_rows, len(wide.columns)) == (9000, 3)


def test_arrays_in_a_zip_are_members(tmp_path: Path) -> None:
    """An npz file is a zip of arrays."""
    np.savez(tmp_path / "a.npz", x=np.arange(4), y=np.arange(3))
    found = read(tmp_path / "a.npz", "npz")
    assert sorted(len(column) for table in tables(found) for column in table.values()) == [3, 4]


def test_a_packed_number_is_no_file() -> None:
    """Short base64 in a text column stays text."""
    (found,) = tables(read(parquet(pa.table({"x": [base64.b64encode(b"abc").decode()]})), "parquet"))
    assert found == {"x": ["YWJj"]}


def orc(table: pa.Table, **options: Any) -> bytes:
    """An ORC file."""
    stream = io.BytesIO()
    po.write_table(table, stream, **options)
    return stream.getvalue()


def test_orc_rows_are_read_stripe_by_stripe() -> None:
    """Every stripe is read, nested columns too."""
    table = pa.table({"id": [f"P{number}" for number in range(3000)], "g": [[0, 1]] * 3000})
    items = read(orc(table, compression="zlib"), "orc")
    (found,) = tables(items)
    assert found["id"][-1] == "P2999"
    assert found["g.2"] == [1] * 3000
    assert gaps(items) == []
    (large,) = [item for item in read(orc(table), "orc", Limits(cells=1000, sample_rows=10)) if isinstance(item, Table)]
    assert large.batches is not None
    assert (large.n_rows, sum(batch.num_rows for batch in large.batches())) == (3000, 3000)


def test_damaged_orc_is_a_gap() -> None:
    """Truncations and flips never end in an error, and what is declared is held against what is there."""
    data = orc(pa.table({"id": ["P1", "P2"], "n": [1, 2]}))
    for place in range(0, len(data), 24):
        assert read(data[:place], "orc")
        mutant = bytearray(data)
        mutant[place] ^= 0xFF
        assert read(bytes(mutant), "orc")
