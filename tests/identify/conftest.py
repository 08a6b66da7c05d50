"""Samples of formats, made with the libraries that users make them with."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import pickle  # noqa: TID251 - samples are made, nothing is loaded
import sqlite3
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pytest
from openpyxl import Workbook
from PIL import Image
from pyarrow import feather, parquet

from sdc_airlock.identify import identify
from sdc_airlock.model.filetype import FileType
from sdc_airlock.source import Source

CSV = b"sex,cases\nF,120\nM,131\n"


def zipped(**members: bytes) -> bytes:
    """A zip of the members."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name.replace("__", "/"), data)
    return out.getvalue()


def _workbook() -> bytes:
    out = io.BytesIO()
    book = Workbook()
    book.active.append(["sex", "cases"])
    book.save(out)
    return out.getvalue()


def _picture(kind: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (4, 4), "red").save(out, kind)
    return out.getvalue()


def _arrow(write: Callable[[pa.Table, io.BytesIO], object]) -> bytes:
    out = io.BytesIO()
    write(pa.table({"sex": ["F", "M"], "cases": [120, 131]}), out)
    return out.getvalue()


def _stream() -> bytes:
    out = io.BytesIO()
    table = pa.table({"a": [1, 2]})
    with pa.ipc.new_stream(out, table.schema) as writer:
        writer.write_table(table)
    return out.getvalue()


def _numpy(save: Callable[..., None]) -> bytes:
    out = io.BytesIO()
    save(out, np.arange(6))
    return out.getvalue()


def _tar() -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        info = tarfile.TarInfo("table.csv")
        info.size = len(CSV)
        archive.addfile(info, io.BytesIO(CSV))
    return out.getvalue()


def _sqlite() -> bytes:
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE t (a INTEGER)")
    data: bytes = connection.serialize()
    connection.close()
    return data


def _bgzf(data: bytes) -> bytes:
    raw = zlib.compressobj(9, zlib.DEFLATED, -15)
    body = raw.compress(data) + raw.flush()
    header = b"\x1f\x8b\x08\x04" + bytes(6) + b"\x06\0BC\x02\0" + struct.pack("<H", len(body) + 25)
    return header + body + struct.pack("<II", zlib.crc32(data), len(data))


def _bgen(magic: bytes) -> bytes:
    return struct.pack("<IIII", 20, 20, 2, 3) + magic + struct.pack("<I", 1 | 2 << 2) + bytes(40)


def _ole(*streams: str) -> bytes:
    header = bytearray(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504))
    struct.pack_into("<HHHHH", header, 24, 62, 3, 0xFFFE, 9, 6)
    struct.pack_into("<I", header, 44, 1)
    struct.pack_into("<I", header, 48, 1)
    struct.pack_into("<I", header, 76, 0)
    for place in range(80, 512, 4):
        struct.pack_into("<I", header, place, 0xFFFFFFFF)
    table = struct.pack("<II", 0xFFFFFFFD, 0xFFFFFFFE) + b"\xff" * 504
    directory = b""
    for name in ("Root Entry", *streams):
        raw = name.encode("utf-16-le") + b"\0\0"
        directory += raw.ljust(64, b"\0") + struct.pack("<HB", len(raw), 2) + bytes(61)
    return bytes(header) + table + directory.ljust(512, b"\0")


def _onnx() -> bytes:
    graph = b"\x0a\x02\x22\x00" + b"\x12\x01g"
    return b"\x08\x09" + b"\x12\x02pt" + b"\x3a" + bytes([len(graph)]) + graph + b"\x42\x02\x10\x11"


def _safetensors() -> bytes:
    header = b'{"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}'
    return struct.pack("<Q", len(header)) + header + bytes(4)


def _dbf() -> bytes:
    field = b"SEX".ljust(11, b"\0") + b"C" + bytes(4) + bytes([1, 0]) + bytes(14)
    return struct.pack("<BBBBIHH", 3, 124, 5, 6, 2, 65, 2) + bytes(20) + field + b"\r" + b" F M" + b"\x1a"


def _by_arrow(codec: str) -> bytes:
    out = pa.BufferOutputStream()
    with pa.CompressedOutputStream(out, codec) as stream:
        stream.write(CSV)
    data: bytes = out.getvalue().to_pybytes()
    return data


R = b"X\n" + struct.pack(">III", 3, 0x040201, 0x030500) + bytes(20)
OFFICE = b"<Types/>"


@pytest.fixture(scope="session")
def samples() -> dict[str, tuple[str, bytes]]:
    """Name of a sample -> the label it must get, and its bytes."""
    made: dict[str, tuple[str, bytes]] = {
        "workbook": ("xlsx", _workbook()),
        "document": ("docx", zipped(**{"[Content_Types].xml": OFFICE, "word/document.xml": b"<w/>"})),
        "slides": ("pptx", zipped(**{"[Content_Types].xml": OFFICE, "ppt/presentation.xml": b"<p/>"})),
        "binary workbook": ("xlsb", zipped(**{"[Content_Types].xml": OFFICE, "xl/workbook.bin": b"x"})),
        "open spreadsheet": ("ods", zipped(mimetype=b"application/vnd.oasis.opendocument.spreadsheet", **{"content.xml": b"<x/>"})),
        "book": ("epub", zipped(mimetype=b"application/epub+zip")),
        "zip": ("zip", zipped(**{"a.csv": CSV})),
        "empty zip": ("zip", b"PK\x05\x06" + bytes(18)),
        "arrays": ("npz", _numpy(np.savez)),
        "array": ("npy", _numpy(np.save)),
        "checkpoint": ("pytorch", zipped(model__version=b"3", **{"model/data.pkl": b"\x80\x02}."})),
        "parquet": ("parquet", _arrow(parquet.write_table)),
        "feather": ("arrow", _arrow(feather.write_feather)),
        "arrow stream": ("arrow", _stream()),
        "tar": ("tar", _tar()),
        "sqlite": ("sqlite", _sqlite()),
        "pickle 0": ("pickle", pickle.dumps({"a": [1, 2]}, 0)),
        "pickle 2": ("pickle", pickle.dumps({"a": [1, 2]}, 2)),
        "pickle 5": ("pickle", pickle.dumps({"a": [1, 2]}, 5)),
        "onnx": ("onnx", _onnx()),
        "safetensors": ("safetensors", _safetensors()),
        "png": ("png", _picture("PNG")),
        "jpeg": ("jpeg", _picture("JPEG")),
        "gif": ("gif", _picture("GIF")),
        "tiff": ("tiff", _picture("TIFF")),
        "bmp": ("bmp", _picture("BMP")),
        "webp": ("webp", _picture("WEBP")),
        "pdf": ("pdf", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\n%%EOF\n"),
        "gzip": ("gzip", gzip.compress(CSV)),
        "bgzf": ("bgzf", _bgzf(CSV)),
        "bam": ("bam", _bgzf(b"BAM\x01" + bytes(40))),
        "bcf": ("bcf", _bgzf(b"BCF\x02\x02" + bytes(40))),
        "index": ("tabix", _bgzf(b"TBI\x01" + bytes(40))),
        "rds": ("rds", gzip.compress(R)),
        "rds bzip2": ("rds", bz2.compress(R)),
        "workspace": ("rdata", lzma.compress(b"RDX3\n" + R)),
        "raw rds": ("rds", R),
        "bzip2": ("bzip2", bz2.compress(CSV)),
        "xz": ("xz", lzma.compress(CSV)),
        "zstd": ("zstd", _by_arrow("zstd")),
        "lz4": ("lz4", _by_arrow("lz4")),
        "zlib": ("zlib", zlib.compress(CSV * 5)),
        "git object": ("git_object", zlib.compress(b"blob 23\0" + CSV)),
        "joblib": ("joblib", zlib.compress(pickle.dumps(list(range(50)), 4))),
        "bgen": ("bgen", _bgen(b"bgen")),
        "bgen without magic": ("bgen", _bgen(bytes(4))),
        "bed": ("plink_bed", b"\x6c\x1b\x01\xdc\x0f"),
        "bed by sample": ("plink_bed", b"\x6c\x1b\x00\xdc\x0f"),
        "pgen": ("pgen", b"\x6c\x1b\x10" + bytes(9)),
        "cram": ("cram", b"CRAM\x03\0" + bytes(20)),
        "hdf5": ("hdf5", b"\x89HDF\r\n\x1a\n" + bytes(40)),
        "hdf5 behind a block": ("hdf5", bytes(512) + b"\x89HDF\r\n\x1a\n" + bytes(40)),
        "netcdf": ("netcdf", b"CDF\x01" + bytes(28)),
        "stata": ("stata", b"<stata_dta><header><release>118</release>"),
        "old stata": ("stata", b"\x72\x02\x01\0" + bytes(100)),
        "sas": ("sas7bdat", bytes(12) + bytes.fromhex("c2ea8160b31411cfbd92080009c7318c181f1011") + bytes(40)),
        "transport": ("xport", b"HEADER RECORD*******LIBRARY HEADER RECORD!!!!!!!" + b"0" * 30),
        "spss": ("spss", b"$FL2@(#) SPSS DATA FILE" + bytes(150)),
        "matlab": ("mat", b"MATLAB 5.0 MAT-file".ljust(124) + b"\x00\x01IM" + bytes(20)),
        "dbase": ("dbf", _dbf()),
        "xls": ("xls", _ole("Workbook")),
        "doc": ("doc", _ole("WordDocument")),
        "locked": ("encrypted", _ole("EncryptionInfo", "EncryptedPackage")),
        "message": ("ole", _ole("__properties_version1.0")),
        "openssl": ("encrypted", b"Salted__" + bytes(range(128, 200))),
        "age": ("encrypted", b"age-encryption.org/v1\n-> X25519 abc\n"),
        "pgp": ("encrypted", b"\x85\x02\x0c\x03" + bytes(range(120, 220))),
        "elf": ("elf", b"\x7fELF\x02\x01\x01" + bytes(60)),
        "exe": ("pe", b"MZ" + bytes(58) + struct.pack("<I", 64) + b"PE\0\0" + bytes(20)),
        "class": ("class", b"\xca\xfe\xba\xbe\0\0\0\x34" + bytes(20)),
        "wasm": ("wasm", b"\0asm\x01\0\0\0" + bytes(8)),
        "bytecode": ("pyc", b"\xa7\x0d\x0d\x0a" + bytes(12) + b"\xe3"),
        "7z": ("7z", b"7z\xbc\xaf\x27\x1c\0\x04" + bytes(24)),
        "rar": ("rar", b"Rar!\x1a\x07\x01\0" + bytes(20)),
        "rtf": ("rtf", b"{\\rtf1\\ansi hello}"),
        "eps": ("eps", b"%!PS-Adobe-3.0 EPSF-3.0\n"),
        "noise": ("unknown", bytes((place * 167 + 13) % 251 for place in range(400)) + bytes(range(200, 256)) * 4),
    }
    return made


@pytest.fixture
def label_of() -> Callable[[bytes], str]:
    """The label of some bytes without a name."""
    return lambda data: _identified(data, "").label


@pytest.fixture
def identified() -> Callable[..., FileType]:
    """The type of some bytes under a name."""
    return _identified


def _identified(data: bytes | str, name: str = "") -> FileType:
    raw = data.encode() if isinstance(data, str) else data
    return identify(Source.of_bytes(raw, part_id="sample", name=name))
