"""Files of tables, arrays, databases, statistics packages and serialized objects that hold rows or genotypes of people."""

from __future__ import annotations

import io
import pickle  # noqa: TID251 - it writes only
import sqlite3
import struct
import tempfile
import warnings
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
from population import CLINICAL, COLUMNS, Item, Population, Rows

TABLES: dict[str, Callable[[Population], Item]] = {}


def table(name: str, extension: str) -> Callable[[Callable[[Population], bytes]], Callable[[Population], bytes]]:
    """Lists a function that writes a population as bytes under a name."""

    def listed(write: Callable[[Population], bytes]) -> Callable[[Population], bytes]:
        def make(people: Population) -> Item:
            return Item(name=f"results{extension}", data=write(people), made=(name,))

        TABLES[name] = make
        return write

    return listed


def _frame(people: Population, columns: tuple[str, ...] = CLINICAL):
    import pandas as pd

    return pd.DataFrame(people.table(columns).columns)


def _arrow(people: Population, columns: tuple[str, ...] = CLINICAL):
    import pyarrow as pa

    return pa.table(people.table(columns).columns)


def _saved(write: Callable[[str], object], name: str) -> bytes:
    """The bytes of what a library writes to a path."""
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        path = Path(folder) / name
        write(str(path))
        return path.read_bytes()


def _buffer(write: Callable[[io.BytesIO], object]) -> bytes:
    buffer = io.BytesIO()
    write(buffer)
    return buffer.getvalue()


# columns


def _parquet(people: Population, **options: object) -> bytes:
    import pyarrow.parquet as pq

    return _buffer(lambda buffer: pq.write_table(_arrow(people), buffer, **options))


for _codec in ("none", "snappy", "gzip", "zstd", "brotli", "lz4"):
    table(f"parquet:{_codec}", ".parquet")(lambda people, codec=_codec: _parquet(people, compression=codec))
table("parquet:row groups", ".parquet")(lambda people: _parquet(people, row_group_size=7))


@table("parquet:one person a column", ".parquet")
def _(people: Population) -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    wide = pa.table(dict(zip(people.ids, people.counts.tolist(), strict=True)))
    return _buffer(lambda buffer: pq.write_table(wide, buffer))


@table("parquet:nested lists", ".parquet")
def _(people: Population) -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    return _buffer(lambda buffer: pq.write_table(pa.table({"g": people.counts.tolist()}), buffer))


@table("parquet:metadata of a sum", ".parquet")
def _(people: Population) -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    harmless = pa.table({"group": ["a", "b"], "n": [40, 55]}).replace_schema_metadata({"note": people.table().csv})
    return _buffer(lambda buffer: pq.write_table(harmless, buffer))


@table("parquet:json in a cell", ".parquet")
def _(people: Population) -> bytes:
    import json

    import pyarrow as pa
    import pyarrow.parquet as pq

    return _buffer(lambda buffer: pq.write_table(pa.table({"k": ["a", "b"], "v": ["{}", json.dumps(people.table().records)]}), buffer))


@table("parquet:bytes in a cell", ".parquet")
def _(people: Population) -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    return _buffer(
        lambda buffer: pq.write_table(pa.table({"k": ["a", "b"], "v": [b"", zlib.compress(people.table().csv.encode())]}), buffer)
    )


@table("feather", ".feather")
def _(people: Population) -> bytes:
    from pyarrow import feather

    return _buffer(lambda buffer: feather.write_feather(_arrow(people), buffer))


@table("arrow stream", ".arrows")
def _(people: Population) -> bytes:
    import pyarrow as pa

    def write(buffer: io.BytesIO) -> None:
        with pa.ipc.new_stream(buffer, _arrow(people).schema) as stream:
            stream.write_table(_arrow(people))

    return _buffer(write)


@table("orc", ".orc")
def _(people: Population) -> bytes:
    from pyarrow import orc

    return _saved(lambda path: orc.write_table(_arrow(people), path), "t.orc")


@table("orc:genotypes", ".orc")
def _(people: Population) -> bytes:
    import pyarrow as pa
    from pyarrow import orc

    wide = pa.table({site[2]: column for site, column in zip(people.sites, people.counts.T.tolist(), strict=True)})
    return _saved(lambda path: orc.write_table(wide, path), "t.orc")


def _zigzag(number: int) -> bytes:
    number = number << 1 if number >= 0 else (-number << 1) - 1
    out = bytearray()
    while number > 127:
        out.append(number & 127 | 128)
        number >>= 7
    out.append(number)
    return bytes(out)


@table("avro", ".avro")
def _(people: Population) -> bytes:
    import json

    def text(value: object) -> bytes:
        data = value if isinstance(value, bytes) else str(value).encode()
        return _zigzag(len(data)) + data

    rows = people.table(CLINICAL)
    schema = {"type": "record", "name": "p", "fields": [{"name": name, "type": "string"} for name in rows.header]}
    head = b"Obj\x01" + _zigzag(1) + text("avro.schema") + text(json.dumps(schema)) + _zigzag(0)
    body = b"".join(text(value) for row in rows.rows for value in row)
    sync = bytes(range(16))
    return head + sync + _zigzag(len(rows.rows)) + _zigzag(len(body)) + body + sync


# arrays

for _name, _of in (
    ("counts", lambda people: people.counts),
    ("counts float", lambda people: people.counts.astype(float)),
    ("transposed", lambda people: people.counts.T.copy()),
    ("dosages", lambda people: people.dosages),
    ("phases", lambda people: people.phases),
    ("flat", lambda people: people.counts.ravel()),
    ("booleans", lambda people: np.stack([people.counts == 1, people.counts == 2], axis=2)),
    ("words", lambda people: np.array(["AA", "AG", "GG"])[people.counts]),
    ("rows", lambda people: np.array([[row[1] == "F", *row[2:5]] for row in people.table(CLINICAL).rows], dtype=float)),
    (
        "records",
        lambda people: np.array(
            list(people.table(CLINICAL).rows),
            dtype=[("id", "U8"), ("sex", "U1"), ("age", "i4"), ("bmi", "f8"), ("sbp", "i4"), ("dx", "U6"), ("adm", "U10")],
        ),
    ),
    ("fortran order", lambda people: np.asfortranarray(people.counts)),
):
    table(f"npy:{_name}", ".npy")(lambda people, of=_of: _buffer(lambda buffer: np.save(buffer, of(people))))
table("npz:matrix and ids", ".npz")(
    lambda people: _buffer(lambda buffer: np.savez_compressed(buffer, X=people.counts, ids=np.array(people.ids)))
)
table("npz:among weights", ".npz")(lambda people: _buffer(lambda buffer: np.savez(buffer, w=np.linspace(-1, 1, 50), cache=people.counts)))


@table("npy:objects", ".npy")
def _(people: Population) -> bytes:
    return _buffer(lambda buffer: np.save(buffer, np.array(people.table(CLINICAL).records, dtype=object), allow_pickle=True))


def _h5(fill: Callable[[object], None]) -> bytes:
    import h5py

    def write(path: str) -> None:
        with h5py.File(path, "w") as file:
            fill(file)

    return _saved(write, "t.h5")


def _h5_columns(file, people: Population) -> None:
    for name, values in people.table(CLINICAL).columns.items():
        file.create_dataset(f"cohort/{name}", data=[str(value) for value in values] if isinstance(values[0], str) else values)


def _h5ad(file, people: Population) -> None:
    file.attrs["encoding-type"] = "anndata"
    file.attrs["encoding-version"] = "0.1.0"
    file.create_dataset("X", data=people.counts.astype("f4"))
    obs = file.create_group("obs")
    obs.attrs.update({"_index": "_index", "encoding-type": "dataframe", "encoding-version": "0.2.0", "column-order": ["age"]})
    obs.create_dataset("_index", data=list(people.ids))
    obs.create_dataset("age", data=people.table(("age",)).columns["age"])
    var = file.create_group("var")
    var.attrs.update({"_index": "_index", "encoding-type": "dataframe", "encoding-version": "0.2.0", "column-order": []})
    var.create_dataset("_index", data=[site[2] for site in people.sites])


def _h5_attribute(file, people: Population) -> None:
    file.create_dataset("means", data=[1.5, 2.5])
    file.attrs["history"] = people.table().csv


def _h5_deep(file, people: Population) -> None:
    file.create_dataset("/a/b/c/d/e/f/weights", data=people.counts, chunks=(16, 16), compression="gzip", shuffle=True)


def _h5_user_block(people: Population) -> bytes:
    body = _h5(lambda file: file.create_dataset("means", data=[1.5, 2.5]))
    return people.table().csv.encode().ljust(8192, b"\n") + body


table("hdf5:columns", ".h5")(lambda people: _h5(lambda file: _h5_columns(file, people)))
table("hdf5:deep compressed", ".h5")(lambda people: _h5(lambda file: _h5_deep(file, people)))
table("hdf5:attribute", ".h5")(lambda people: _h5(lambda file: _h5_attribute(file, people)))
table("hdf5:anndata", ".h5ad")(lambda people: _h5(lambda file: _h5ad(file, people)))
table("hdf5:user block", ".h5")(_h5_user_block)


def _mat(people: Population, **options: object) -> bytes:
    from scipy.io import savemat

    return _buffer(lambda buffer: savemat(buffer, {"G": people.counts}, **options))


table("mat", ".mat")(_mat)
table("mat:compressed", ".mat")(lambda people: _mat(people, do_compression=True))
table("mat:version 4", ".mat")(lambda people: _mat(people, format="4"))


@table("mat:struct of rows", ".mat")
def _(people: Population) -> bytes:
    from scipy.io import savemat

    columns = {
        name: np.array(values, dtype=object if isinstance(values[0], str) else float)
        for name, values in people.table(CLINICAL).columns.items()
    }
    return _buffer(lambda buffer: savemat(buffer, {"cohort": columns}))


@table("netcdf", ".nc")
def _(people: Population) -> bytes:
    from scipy.io import netcdf_file

    def write(path: str) -> None:
        with netcdf_file(path, "w") as file:
            file.createDimension("sample", len(people.ids))
            file.createDimension("variant", len(people.sites))
            file.createVariable("call", "i1", ("sample", "variant"))[:] = people.counts

    return _saved(write, "t.nc")


@table("matrix market", ".mtx")
def _(people: Population) -> bytes:
    from scipy.io import mmwrite
    from scipy.sparse import coo_matrix

    return _buffer(lambda buffer: mmwrite(buffer, coo_matrix(people.counts)))


@table("zarr in a zip", ".zip")
def _(people: Population) -> bytes:
    import json

    def write(buffer: io.BytesIO) -> None:
        with zipfile.ZipFile(buffer, "w") as archive:
            about = {
                "zarr_format": 2,
                "shape": list(people.counts.shape),
                "chunks": list(people.counts.shape),
                "dtype": "|i1",
                "compressor": {"id": "zlib", "level": 5},
                "fill_value": 0,
                "order": "C",
                "filters": None,
            }
            archive.writestr(".zgroup", '{"zarr_format": 2}')
            archive.writestr("G/.zarray", json.dumps(about))
            archive.writestr("G/0.0", zlib.compress(people.counts.tobytes()))

    return _buffer(write)


@table("nifti-like raw volume", ".bin")
def _(people: Population) -> bytes:
    return people.counts.tobytes()


# databases


def _sqlite(fill: Callable[[sqlite3.Connection], None]) -> bytes:
    def write(path: str) -> None:
        connection = sqlite3.connect(path)
        fill(connection)
        connection.commit()
        connection.close()

    return _saved(write, "t.db")


def _into(connection: sqlite3.Connection, rows: Rows, name: str = "patients") -> None:
    connection.execute(f"CREATE TABLE {name} ({', '.join(rows.header)})")
    connection.executemany(f"INSERT INTO {name} VALUES ({', '.join('?' * len(rows.header))})", rows.rows)


def _sums(connection: sqlite3.Connection) -> None:
    connection.execute("CREATE TABLE sums (grp, n)")
    connection.executemany("INSERT INTO sums VALUES (?, ?)", [("a", 40), ("b", 55)])


def _sqlite_deleted(people: Population, after: str) -> bytes:
    def fill(connection: sqlite3.Connection) -> None:
        connection.execute("PRAGMA secure_delete = off")
        _sums(connection)
        _into(connection, people.table(CLINICAL))
        connection.commit()
        connection.execute(after)

    return _sqlite(fill)


def _sqlite_blob(people: Population) -> bytes:
    def fill(connection: sqlite3.Connection) -> None:
        _sums(connection)
        connection.execute("CREATE TABLE store (k, v)")
        connection.execute("INSERT INTO store VALUES ('cache', ?)", (zlib.compress(people.table().csv.encode()),))

    return _sqlite(fill)


def _sqlite_in_schema(people: Population) -> bytes:
    def fill(connection: sqlite3.Connection) -> None:
        _sums(connection)
        connection.execute("CREATE VIEW notes AS SELECT 1 /*\n" + people.table().csv + "*/")

    return _sqlite(fill)


def _sqlite_values_view(people: Population) -> bytes:
    def fill(connection: sqlite3.Connection) -> None:
        _sums(connection)
        values = ", ".join(f"({', '.join(repr(value) for value in row)})" for row in people.table(CLINICAL).rows)
        connection.execute(f"CREATE VIEW cohort AS VALUES {values}")

    return _sqlite(fill)


def _sqlite_columns(people: Population) -> bytes:
    def fill(connection: sqlite3.Connection) -> None:
        connection.execute(f"CREATE TABLE t ({', '.join(f'c{person} INTEGER' for person in range(len(people.ids)))})")
        connection.executemany(f"INSERT INTO t VALUES ({', '.join('?' * len(people.ids))})", people.counts.T.tolist())

    return _sqlite(fill)


def _wal(people: Population) -> Item:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "t.db"
        connection = sqlite3.connect(path)
        connection.execute("PRAGMA journal_mode = wal")
        _sums(connection)
        connection.commit()
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        _into(connection, people.table(CLINICAL))
        connection.commit()
        item = Item(
            name="results.db",
            data=path.read_bytes(),
            made=("sqlite:write-ahead log",),
            beside=(("results.db-wal", Path(f"{path}-wal").read_bytes()),),
        )
        connection.close()
    return item


table("sqlite:rows", ".db")(lambda people: _sqlite(lambda connection: _into(connection, people.table(CLINICAL))))
table("sqlite:genotypes", ".sqlite")(_sqlite_columns)
table("sqlite:deleted rows", ".db")(lambda people: _sqlite_deleted(people, "DELETE FROM patients"))
table("sqlite:dropped table", ".db")(lambda people: _sqlite_deleted(people, "DROP TABLE patients"))
table("sqlite:blob", ".db")(_sqlite_blob)
table("sqlite:comment in the schema", ".db")(_sqlite_in_schema)
table("sqlite:view of values", ".db")(_sqlite_values_view)
TABLES["sqlite:write-ahead log"] = _wal


@table("dbf", ".dbf")
def _(people: Population) -> bytes:
    rows = people.table(CLINICAL)
    fields = b"".join(name[:10].encode().ljust(11, b"\0") + b"C" + bytes(4) + bytes([12, 0]) + bytes(14) for name in rows.header)
    body = b"".join(b" " + b"".join(str(value).encode().ljust(12) for value in row) for row in rows.rows)
    head = struct.pack("<BBBBIHH20x", 3, 124, 5, 1, len(rows.rows), 32 + len(fields) + 1, 1 + 12 * len(rows.header))
    return head + fields + b"\r" + body + b"\x1a"


# statistics packages

for _version in (114, 117, 118):
    table(f"stata {_version}", ".dta")(
        lambda people, version=_version: _buffer(lambda buffer: _frame(people).to_stata(buffer, write_index=False, version=version))
    )
table("stata:label of values", ".dta")(
    lambda people: _buffer(
        lambda buffer: _counted(people).to_stata(
            buffer, write_index=False, value_labels={"grp": dict(enumerate(map(" ".join, [map(str, row) for row in people.table().rows])))}
        )
    )
)
table("stata:label of the data", ".dta")(
    lambda people: _buffer(
        lambda buffer: _counted(people).to_stata(
            buffer, write_index=False, variable_labels={"n": " ".join(str(row[1]) for row in people.table().rows)[:79]}
        )
    )
)


def _counted(people: Population):
    import pandas as pd

    return pd.DataFrame({"grp": [0, 1, 2], "n": [40, 52, 61]})


table("spss", ".sav")(lambda people: _saved(lambda path: __import__("pyreadstat").write_sav(_frame(people), path), "t.sav"))
table("spss:zsav", ".zsav")(
    lambda people: _saved(lambda path: __import__("pyreadstat").write_sav(_frame(people), path, compress=True), "t.zsav")
)
table("spss:note", ".sav")(
    lambda people: _saved(
        lambda path: __import__("pyreadstat").write_sav(
            _counted(people), path, note=[",".join(map(str, row)) for row in people.table().rows]
        ),
        "t.sav",
    )
)
table("spss:portable", ".por")(
    lambda people: _saved(
        lambda path: __import__("pyreadstat").write_por(_frame(people).rename(columns=lambda name: name[:8].upper()), path), "t.por"
    )
)
table("sas transport", ".xpt")(
    lambda people: _saved(
        lambda path: __import__("pyreadstat").write_xport(
            _frame(people).rename(columns=lambda name: name[:8]), path, file_format_version=5
        ),
        "t.xpt",
    )
)


def _r_string(text: str) -> bytes:
    return struct.pack(">ii", 0x00040009, len(text.encode())) + text.encode()


def _r_vector(values: list) -> bytes:
    if isinstance(values[0], str):
        return struct.pack(">ii", 16, len(values)) + b"".join(map(_r_string, values))
    return struct.pack(">ii", 14, len(values)) + np.array(values, dtype=">f8").tobytes()


def _rds(people: Population) -> bytes:
    columns = people.table(CLINICAL).columns
    head = b"X\n" + struct.pack(">iii", 2, 0x00030601, 0x00020300)
    body = struct.pack(">ii", 0x00000313, len(columns)) + b"".join(map(_r_vector, columns.values()))
    for name, value in (
        ("names", _r_vector(list(columns))),
        ("class", _r_vector(["data.frame"])),
        ("row.names", struct.pack(">iiii", 13, 2, -(1 << 31), -len(people.ids))),
    ):
        body += struct.pack(">i", 0x00000402) + struct.pack(">i", 1) + _r_string(name) + value
    return head + body + struct.pack(">i", 254)


table("r:data frame", ".rds")(_rds)
table("r:data frame in gzip", ".rds")(lambda people: __import__("gzip").compress(_rds(people), mtime=0))
table("r:matrix", ".rds")(
    lambda people: (
        b"X\n"
        + struct.pack(">iii", 2, 0x00030601, 0x00020300)
        + struct.pack(">ii", 0x0000020D, people.counts.size)
        + people.counts.T.astype(">i4").tobytes()
        + struct.pack(">ii", 0x00000402, 1)
        + _r_string("dim")
        + struct.pack(">iiii", 13, 2, *people.counts.shape)
        + struct.pack(">i", 254)
    )
)


# serialized objects

for _protocol in range(6):
    table(f"pickle {_protocol}:records", ".pkl")(lambda people, protocol=_protocol: pickle.dumps(people.table(CLINICAL).records, protocol))
    table(f"pickle {_protocol}:array", ".pkl")(lambda people, protocol=_protocol: pickle.dumps({"X": people.counts}, protocol))
table("pickle:lists of genotypes", ".pkl")(lambda people: pickle.dumps({"coef": [0.1, 0.2], "_cache": people.counts.tolist()}))
table("pickle:frame", ".pkl")(lambda people: pickle.dumps(_frame(people)))
table("pickle:text", ".pkl")(lambda people: pickle.dumps({"doc": people.table().csv}))
table("pickle:in a pickle", ".pkl")(lambda people: pickle.dumps({"inner": zlib.compress(pickle.dumps(people.table(CLINICAL).records))}))
table("pickle:two streams", ".pkl")(lambda people: pickle.dumps({"auc": 0.8}) + pickle.dumps(people.table(CLINICAL).records))
table("joblib", ".joblib")(lambda people: pickle.dumps({"model": {"n_neighbors": 5, "_fit_X": people.counts}}, 4))
table("joblib:zlib", ".joblib")(lambda people: zlib.compress(pickle.dumps({"_fit_X": people.counts}, 4)))


def _safetensors(arrays: dict[str, np.ndarray], about: dict[str, str] | None = None) -> bytes:
    import json

    head: dict[str, object] = {"__metadata__": about} if about else {}
    body = b""
    for name, array in arrays.items():
        kind = {"int8": "I8", "float32": "F32", "float64": "F64"}[str(array.dtype)]
        head[name] = {"dtype": kind, "shape": list(array.shape), "data_offsets": [len(body), len(body) + array.nbytes]}
        body += array.tobytes()
    text = json.dumps(head).encode()
    text += b" " * (-len(text) % 8)
    return struct.pack("<Q", len(text)) + text + body


table("safetensors", ".safetensors")(lambda people: _safetensors({"layer.weight": people.counts}))
table("safetensors:floats", ".safetensors")(lambda people: _safetensors({"layer.weight": people.counts.astype("f4")}))
table("safetensors:metadata", ".safetensors")(lambda people: _safetensors({"w": np.linspace(0, 1, 4)}, {"notes": people.table().csv}))


def _proto(number: int, value: bytes | int) -> bytes:
    def varint(number: int) -> bytes:
        out = bytearray()
        while number > 127:
            out.append(number & 127 | 128)
            number >>= 7
        return bytes([*out, number])

    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    return varint(number << 3 | 2) + varint(len(value)) + value


@table("onnx", ".onnx")
def _(people: Population) -> bytes:
    values = people.counts.astype("<f4")
    tensor = b"".join(_proto(1, size) for size in values.shape) + _proto(2, 1) + _proto(8, b"W") + _proto(9, values.tobytes())
    node = _proto(1, b"x") + _proto(1, b"W") + _proto(2, b"y") + _proto(4, b"MatMul")
    graph = _proto(1, node) + _proto(2, b"g") + _proto(5, tensor)
    return _proto(1, 8) + _proto(2, b"pytorch") + _proto(7, graph) + _proto(8, _proto(1, b"") + _proto(2, 13))


# genomic binaries


def _plink_bed(people: Population) -> bytes:
    codes = np.array([3, 2, 0])[people.counts.T]
    codes = np.pad(codes, ((0, 0), (0, -codes.shape[1] % 4)))
    packed = (codes.reshape(codes.shape[0], -1, 4) << np.array([0, 2, 4, 6])).sum(axis=2).astype(np.uint8)
    return b"\x6c\x1b\x01" + packed.tobytes()


def _bed_set(people: Population) -> Item:
    bim = "".join(f"{site[0]}\t{site[2]}\t0\t{site[1]}\t{site[4]}\t{site[3]}\n" for site in people.sites)
    fam = "".join(f"{name} {name} 0 0 0 -9\n" for name in people.ids)
    return Item(name="set.bed", data=_plink_bed(people), made=("plink bed",), beside=(("set.bim", bim.encode()), ("set.fam", fam.encode())))


TABLES["plink bed"] = _bed_set
table("plink bed alone", ".bed")(_plink_bed)


@table("bgen", ".bgen")
def _(people: Population) -> bytes:
    number = len(people.ids)
    blocks = b""
    for place, (chromosome, position, name, first, second) in enumerate(people.sites):
        text = lambda value, width: struct.pack(width, len(value)) + value.encode()  # noqa: E731
        head = (
            text(name, "<H")
            + text(name, "<H")
            + text(chromosome, "<H")
            + struct.pack("<IH", position, 2)
            + text(first, "<I")
            + text(second, "<I")
        )
        chances = np.zeros((number, 2), dtype=np.uint8)
        chances[people.counts[:, place] == 0, 0] = 255
        chances[people.counts[:, place] == 1, 1] = 255
        data = struct.pack("<IHBB", number, 2, 2, 2) + bytes([2] * number) + bytes([0, 8]) + chances.tobytes()
        packed = zlib.compress(data)
        blocks += head + struct.pack("<II", len(packed) + 4, len(data)) + packed
    flags = 1 | 2 << 2
    header = struct.pack("<III4sI", 20, len(people.sites), number, b"bgen", flags)
    return struct.pack("<I", 20) + header + blocks


@table("bcf", ".bcf")
def _(people: Population) -> bytes:
    import gzip

    head = (
        '##fileformat=VCFv4.2\n##FILTER=<ID=PASS,Description="ok",IDX=0>\n##contig=<ID=1,IDX=0>\n'
        '##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype",IDX=1>\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\t'
        + "\t".join(people.ids)
        + "\n\0"
    ).encode()
    body = b"BCF\x02\x02" + struct.pack("<I", len(head)) + head
    for place, (_, position, name, first, second) in enumerate(people.sites):
        string = lambda text: (bytes([len(text) << 4 | 7]) if len(text) < 15 else b"\xf7\x11" + bytes([len(text)])) + text.encode()  # noqa: E731
        shared = (
            struct.pack("<iiiIHHI", 0, position - 1, 1, 0x7F800001, 0, 2, 1 << 24 | len(people.ids))
            + string(name)
            + string(first)
            + string(second)
            + b"\x11\x00"
        )
        calls = np.stack([2 + 2 * people.phases[0, :, place], 2 + 2 * people.phases[1, :, place]], axis=1).astype(np.uint8)
        own = b"\x11\x01" + b"\x21" + calls.tobytes()
        body += struct.pack("<II", len(shared), len(own)) + shared + own
    return gzip.compress(body, mtime=0)


@table("pgen", ".pgen")
def _(people: Population) -> bytes:
    codes = people.counts.T.astype(np.uint8)
    codes = np.pad(codes, ((0, 0), (0, -codes.shape[1] % 4)))
    packed = (codes.reshape(codes.shape[0], -1, 4) << np.array([0, 2, 4, 6])).sum(axis=2).astype(np.uint8)
    return b"\x6c\x1b\x02" + struct.pack("<II", len(people.sites), len(people.ids)) + b"\x40" + packed.tobytes()


table("identifiers in a dosage table", ".parquet")(
    lambda people: _buffer(lambda buffer: __import__("pyarrow.parquet").parquet.write_table(_arrow(people, COLUMNS), buffer))
)
