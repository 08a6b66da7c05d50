"""The same made-up people in every format that can be written here, for tests that damage and disguise files.

Loaded by path (see `conftest.py`), so that tests of other folders can use it too.
"""

from __future__ import annotations

import base64
import bz2
import csv
import gzip
import io
import json
import lzma
import random
import sqlite3
import struct
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

HEADER = ("participant_id", "age", "sex", "bmi")
Row = tuple[int, int, str, float]


def people(seed: int = 5, count: int = 60) -> list[Row]:
    """Records of people: an id, an age, a sex and a body mass index."""
    chance = random.Random(seed)
    ids = chance.sample(range(1_000_000, 9_999_999), count)
    return [(each, chance.randint(18, 90), chance.choice("MF"), round(chance.gauss(27, 4), 1)) for each in ids]


def text_of(rows: list[Row], separator: str = ",", ending: str = "\n") -> str:
    """The records as delimited text."""
    out = io.StringIO()
    csv.writer(out, delimiter=separator, lineterminator=ending).writerows([HEADER, *rows])
    return out.getvalue()


def _frame(rows: list[Row]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=list(HEADER))


def _written(rows: list[Row], ending: str, write: Callable[[pd.DataFrame, str], Any]) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"people{ending}"
        write(_frame(rows), str(path))
        return path.read_bytes()


def zipped(*members: tuple[str, bytes | str]) -> bytes:
    """A zip."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return out.getvalue()


def tarred(name: str, data: bytes, mode: str = "w") -> bytes:
    """A tar, compressed by its mode."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode) as archive:  # type: ignore[call-overload]
        member = tarfile.TarInfo(name)
        member.size = len(data)
        archive.addfile(member, io.BytesIO(data))
    return out.getvalue()


def framed(codec: str, data: bytes) -> bytes:
    """A stream of zstd or lz4."""
    import pyarrow as pa

    out = pa.BufferOutputStream()
    with pa.CompressedOutputStream(out, codec) as stream:
        stream.write(data)
    return out.getvalue().to_pybytes()


def docx(body: str) -> bytes:
    """A Word document with a body."""
    space = "http://schemas.openxmlformats.org/"
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    types = f'<Types xmlns="{space}package/2006/content-types"><Override PartName="/word/document.xml" ContentType="{kind}"/></Types>'
    relation = f'<Relationship Id="r1" Type="{space}officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/>'
    links = f'<Relationships xmlns="{space}package/2006/relationships">{relation}</Relationships>'
    document = f'<w:document xmlns:w="{space}wordprocessingml/2006/main"><w:body>{body}</w:body></w:document>'
    return zipped(("[Content_Types].xml", types), ("_rels/.rels", links), ("word/document.xml", document))


def docx_of_lines(text: str) -> bytes:
    """A Word document with a paragraph for each line."""
    return docx("".join(f"<w:p><w:r><w:t>{_escaped(line)}</w:t></w:r></w:p>" for line in text.splitlines()))


def notebook(*cells: dict[str, Any]) -> bytes:
    """A notebook."""
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": list(cells)}).encode()


def notebook_of_text(text: str) -> bytes:
    """A notebook whose cell has printed some text."""
    output = {"output_type": "stream", "name": "stdout", "text": text.splitlines(keepends=True)}
    code = {"cell_type": "code", "execution_count": 1, "metadata": {}, "source": ["print(open('people.csv').read())"], "outputs": [output]}
    return notebook(code)


def mail(text: bytes, name: str = "table.csv") -> bytes:
    """A message with an attachment."""
    head = b"From: a@example.org\nTo: b@example.org\nSubject: the table\nDate: Mon, 1 Jan 2024 00:00:00 +0000\nMIME-Version: 1.0\n"
    head += b'Content-Type: multipart/mixed; boundary="sep"\n\n--sep\nContent-Type: text/plain\n\nHere it is.\n\n--sep\n'
    head += f'Content-Type: text/csv; name="{name}"\nContent-Disposition: attachment; filename="{name}"\n'.encode()
    return head + b"Content-Transfer-Encoding: base64\n\n" + base64.encodebytes(text) + b"--sep--\n"


def in_markdown(data: bytes) -> bytes:
    """A note with the bytes in base64."""
    return b"# Methods\n\nThe model was adjusted for age and sex.\n\n```\n" + base64.encodebytes(data) + b"```\n"


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _cells(rows: list[Row], start: str, cell: str, end: str) -> str:
    return "".join(start + "".join(cell.format(value) for value in row) + end for row in [HEADER, *rows])


def _pdf(rows: list[Row]) -> bytes:
    shown = "".join(
        f"BT /F1 8 Tf {40 + 100 * x} {790 - 12 * y} Td ({value}) Tj ET\n"
        for y, row in enumerate([HEADER, *rows])
        for x, value in enumerate(row)
    )
    body = zlib.compress(shown.encode())
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 820]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d/Filter/FlateDecode>>stream\n%s\nendstream" % (len(body), body),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    out, places = b"%PDF-1.7\n", []
    for number, each in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    table = b"xref\n0 6\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % place for place in places)
    return out + table + b"trailer\n<</Root 1 0 R/Size 6>>\nstartxref\n%d\n%%%%EOF\n" % len(out)


def _xlsx(rows: list[Row]) -> bytes:
    import openpyxl

    book, out = openpyxl.Workbook(), io.BytesIO()
    sheet = book.active
    assert sheet is not None
    for row in [HEADER, *rows]:
        sheet.append(row)
    book.save(out)
    return out.getvalue()


def _ods(rows: list[Row]) -> bytes:
    office = "urn:oasis:names:tc:opendocument:xmlns:"
    cell = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    body = _cells(rows, "<table:table-row>", cell, "</table:table-row>")
    content = (
        f'<office:document-content xmlns:office="{office}office:1.0" xmlns:table="{office}table:1.0" xmlns:text="{office}text:1.0"><office:body>'
        f'<office:spreadsheet><table:table table:name="A">{body}</table:table></office:spreadsheet></office:body></office:document-content>'
    )
    return zipped(("mimetype", "application/vnd.oasis.opendocument.spreadsheet"), ("content.xml", content))


def _sqlite(rows: list[Row]) -> bytes:
    with closing(sqlite3.connect(":memory:")) as store:
        store.execute(f"CREATE TABLE people ({', '.join(HEADER)})")
        store.executemany("INSERT INTO people VALUES (?, ?, ?, ?)", rows)
        store.commit()
        return store.serialize()


def _arrow(rows: list[Row]) -> bytes:
    import pyarrow as pa

    out = io.BytesIO()
    table = pa.Table.from_pandas(_frame(rows))
    with pa.ipc.new_file(out, table.schema) as writer:
        writer.write_table(table)
    return out.getvalue()


def _orc(rows: list[Row]) -> bytes:
    import pyarrow as pa
    from pyarrow import orc

    out = io.BytesIO()
    orc.write_table(pa.Table.from_pandas(_frame(rows)), out)
    return out.getvalue()


def _hdf5(rows: list[Row]) -> bytes:
    import h5py

    out = io.BytesIO()
    with h5py.File(out, "w") as store:
        store.create_dataset(
            "people",
            data=np.array([(a, b, c.encode(), d) for a, b, c, d in rows], dtype=[*zip(HEADER, ("i8", "i4", "S1", "f8"), strict=True)]),
        )
    return out.getvalue()


def _matrix(rows: list[Row]) -> Any:
    return np.array([(each, age, bmi) for each, age, _, bmi in rows])


def _npy(rows: list[Row]) -> bytes:
    out = io.BytesIO()
    np.save(out, _matrix(rows))
    return out.getvalue()


def _npz(rows: list[Row]) -> bytes:
    out = io.BytesIO()
    np.savez_compressed(out, people=_matrix(rows))
    return out.getvalue()


def _mat(rows: list[Row]) -> bytes:
    from scipy.io import savemat

    out = io.BytesIO()
    savemat(out, {"people": _matrix(rows)}, do_compression=True)
    return out.getvalue()


def _netcdf(rows: list[Row]) -> bytes:
    from scipy.io import netcdf_file

    out = io.BytesIO()
    values = _matrix(rows)
    store = netcdf_file(out, "w")
    store.createDimension("person", len(values))
    for name, column in zip(("participant_id", "age", "bmi"), values.T, strict=True):
        store.createVariable(name, "f8", ("person",))[:] = column
    store.flush()
    return out.getvalue()


def _stata(rows: list[Row]) -> bytes:
    return _written(rows, ".dta", lambda frame, path: frame.to_stata(path, write_index=False))


def _spss(rows: list[Row]) -> bytes:
    import pyreadstat

    return _written(rows, ".sav", pyreadstat.write_sav)


def _xport(rows: list[Row]) -> bytes:
    import pyreadstat

    return _written(rows, ".xpt", lambda frame, path: pyreadstat.write_xport(frame, path, file_format_version=8))


def _dbf(rows: list[Row]) -> bytes:
    fields = [("PERSON", b"N", 8), ("AGE", b"N", 3), ("SEX", b"C", 1), ("BMI", b"N", 6)]
    width = 1 + sum(size for _, _, size in fields)
    head = struct.pack("<4BIHH20x", 3, 124, 1, 1, len(rows), 33 + 32 * len(fields), width)
    head += b"".join(struct.pack("<11sc4xBB14x", name.encode(), kind, size, name == "BMI") for name, kind, size in fields) + b"\r"
    lines = (f" {each:8}{age:3}{sex}{bmi:6}".encode() for each, age, sex, bmi in rows)
    return head + b"".join(lines) + b"\x1a"


def _pickled(rows: list[Row]) -> bytes:
    import pickle  # noqa: TID251 - written, never loaded

    return pickle.dumps([dict(zip(HEADER, row, strict=True)) for row in rows], protocol=4)


def _safetensors(rows: list[Row]) -> bytes:
    values = _matrix(rows)
    head = json.dumps({"people": {"dtype": "F64", "shape": list(values.shape), "data_offsets": [0, values.nbytes]}}).encode()
    return struct.pack("<Q", len(head)) + head + values.tobytes()


def genotypes(seed: int = 5, variants: int = 30, count: int = 20) -> str:
    """A VCF with genotypes of people."""
    chance = random.Random(seed)
    names = "\t".join(f"S{1000 + number}" for number in range(count))
    head = f'##fileformat=VCFv4.2\n##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\t{names}\n'
    lines = (
        f"1\t{1000 + 50 * number}\trs{number}\tA\tG\t.\tPASS\t.\tGT\t"
        + "\t".join(chance.choice(["0/0", "0/1", "1/1"]) for _ in range(count))
        for number in range(variants)
    )
    return head + "\n".join(lines) + "\n"


def _bed(_rows: list[Row]) -> bytes:
    return b"l\x1b\1" + random.Random(3).randbytes(5 * 40)


def _git(rows: list[Row]) -> bytes:
    data = text_of(rows).encode()
    return zlib.compress(b"blob %d\0" % len(data) + data)


def _code(rows: list[Row]) -> str:
    records = ",\n".join(f"    {dict(zip(HEADER, row, strict=True))!r}" for row in rows)
    return f"import pandas as pd\n\npeople = [\n{records}\n]\nprint(pd.DataFrame(people).mean())\n"


def _latex(rows: list[Row]) -> str:
    body = "\n".join(" & ".join(map(str, row)).replace("_", r"\_") + r" \\" for row in [HEADER, *rows])
    return "\\documentclass{article}\n\\begin{document}\n\\begin{tabular}{llll}\n" + body + "\n\\end{tabular}\n\\end{document}\n"


def _markdown(rows: list[Row]) -> str:
    lines = ["| " + " | ".join(map(str, row)) + " |" for row in [HEADER, *rows]]
    return "# People\n\n" + "\n".join([lines[0], "|---|---|---|---|", *lines[1:]]) + "\n"


def _inserts(rows: list[Row]) -> str:
    return "CREATE TABLE people (id INT, age INT, sex CHAR(1), bmi REAL);\n" + "".join(
        f"INSERT INTO people VALUES {row!r};\n" for row in rows
    )


def _rtf(rows: list[Row]) -> str:
    return "{\\rtf1\\ansi " + "".join("\\trowd " + "".join(f"{value}\\cell " for value in row) + "\\row\n" for row in [HEADER, *rows]) + "}"


TEXTS: dict[str, Callable[[list[Row]], str]] = {
    "people.csv": text_of,
    "people.tsv": lambda rows: text_of(rows, "\t"),
    "people.json": lambda rows: json.dumps([dict(zip(HEADER, row, strict=True)) for row in rows]),
    "people.ndjson": lambda rows: "\n".join(json.dumps(dict(zip(HEADER, row, strict=True))) for row in rows) + "\n",
    "people.yaml": lambda rows: "".join(f"- participant_id: {a}\n  age: {b}\n  sex: {c}\n  bmi: {d}\n" for a, b, c, d in rows),
    "people.xml": lambda rows: "<?xml version='1.0'?><people>" + "".join(f"<p><id>{a}</id><age>{b}</age><sex>{c}</sex><bmi>{d}</bmi></p>" for a, b, c, d in rows) + "</people>",
    "people.html": lambda rows: "<!DOCTYPE html><html><body><table>" + _cells(rows, "<tr>", "<td>{}</td>", "</tr>") + "</table></body></html>",
    "people.md": _markdown,
    "people.tex": _latex,
    "people.py": _code,
    "people.sql": _inserts,
    "people.rtf": _rtf,
    "people.vcf": lambda _: genotypes(),
}  # fmt: skip
BINARIES: dict[str, Callable[[list[Row]], bytes]] = {
    "people.xlsx": _xlsx,
    "people.ods": _ods,
    "people.docx": lambda rows: docx("<w:tbl>" + _cells(rows, "<w:tr>", "<w:tc><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:tc>", "</w:tr>") + "</w:tbl>"),
    "people.pdf": _pdf,
    "people.ipynb": lambda rows: notebook_of_text(text_of(rows)),
    "people.eml": lambda rows: mail(text_of(rows).encode()),
    "people.parquet": lambda rows: _written(rows, ".parquet", lambda frame, path: frame.to_parquet(path)),
    "people.feather": lambda rows: _written(rows, ".feather", lambda frame, path: frame.to_feather(path)),
    "people.arrow": _arrow,
    "people.orc": _orc,
    "people.h5": _hdf5,
    "people.npy": _npy,
    "people.npz": _npz,
    "people.mat": _mat,
    "people.nc": _netcdf,
    "people.dta": _stata,
    "people.sav": _spss,
    "people.xpt": _xport,
    "people.dbf": _dbf,
    "people.sqlite": _sqlite,
    "people.pkl": _pickled,
    "people.safetensors": _safetensors,
    "people.bed": _bed,
    "people.zip": lambda rows: zipped(("people.csv", text_of(rows))),
    "people.tar": lambda rows: tarred("people.csv", text_of(rows).encode()),
    "people.tgz": lambda rows: tarred("people.csv", text_of(rows).encode(), "w:gz"),
    "people.csv.gz": lambda rows: gzip.compress(text_of(rows).encode()),
    "people.csv.bz2": lambda rows: bz2.compress(text_of(rows).encode()),
    "people.csv.xz": lambda rows: lzma.compress(text_of(rows).encode()),
    "people.csv.zst": lambda rows: framed("zstd", text_of(rows).encode()),
    "people.csv.lz4": lambda rows: framed("lz4", text_of(rows).encode()),
    "people.zlib": lambda rows: zlib.compress(text_of(rows).encode()),
    "0a1b2c3d": _git,
}  # fmt: skip


# formats that hold one record after the other, so that their beginning is whole in itself
ROW_BY_ROW = frozenset({*TEXTS, "people.xpt", "people.eml"})


def everything() -> Iterator[tuple[str, bytes, bool]]:
    """The name, the bytes and whether its beginning is whole in itself, for every format."""
    rows = people()
    for name, build in (*TEXTS.items(), *BINARIES.items()):
        data = build(rows)
        yield name, data if isinstance(data, bytes) else data.encode(), name in ROW_BY_ROW
