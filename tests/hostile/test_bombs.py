"""Small files that would be large ones."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import struct
import zipfile
import zlib
from collections.abc import Callable

import numpy as np
import pytest

from sdc_airlock.model.decision import Outcome

MANY = 48 << 20
ZEROS = bytes(1 << 20)


def stretched(compressor: object, size: int = MANY) -> bytes:
    """Zeros, compressed as they are made."""
    return b"".join([*(compressor.compress(ZEROS) for _ in range(size >> 20)), compressor.flush()])  # type: ignore[attr-defined]


def deflated(size: int = MANY) -> bytes:
    return stretched(zlib.compressobj(9), size)


def zipped(*members: tuple[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return out.getvalue()


def zip_of_stream(name: str, stream: bytes, expanded: int, checksum: int = 0) -> bytes:
    """A zip of one deflated stream that was made elsewhere."""
    label = name.encode()
    local = struct.pack("<4s5H3I2H", b"PK\3\4", 20, 0, 8, 0, 33, checksum, len(stream), expanded, len(label), 0) + label
    central = (
        struct.pack("<4s6H3I5H2I", b"PK\1\2", 20, 20, 0, 8, 0, 33, checksum, len(stream), expanded, len(label), 0, 0, 0, 0, 0, 0) + label
    )
    end = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, 1, 1, len(central), len(local) + len(stream), 0)
    return local + stream + central + end


def flat_zip() -> bytes:
    return zip_of_stream("table.csv", deflated(), MANY)


def lying_zip() -> bytes:
    """The directory says that the member is small."""
    return zip_of_stream("table.csv", deflated(), 100)


def nested_zip() -> bytes:
    """Ten zips in each of ten zips, five deep."""
    data = zipped(("table.csv", ZEROS))
    for _ in range(4):
        data = zipped(*((f"{number}.zip", data) for number in range(10)))
    return data


def overlapping_zip() -> bytes:
    """Five hundred entries that share the bytes of one."""
    one = zip_of_stream("table.csv", deflated(4 << 20), 4 << 20)
    at = one.index(b"PK\1\2")
    entry = one[at : one.index(b"PK\5\6")]
    end = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, 500, 500, 500 * len(entry), at, 0)
    return one[:at] + entry * 500 + end


def many_members() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for number in range(2_500):
            archive.writestr(f"{number}", b"")
    return out.getvalue()


def quine() -> bytes:
    """A gzip that expands to itself, after the construction of Russ Cox (2010).

    Each operation fills five bytes: a literal block takes five for its own head, a repetition of the last four units is written as
    two matches of ten bytes at a distance of twenty. Head and tail are as long as three units.
    """
    head = b"\x1f\x8b\x08\x08\0\0\0\0\0\xffloop\0"

    def literal(units: int) -> bytes:
        return struct.pack("<BHH", 0, 5 * units, 5 * units ^ 0xFFFF)

    # fixed block: two times (length 10: 0001000, distance 17 to 24: 01000 and three bits), end of block
    bits = "010" + ("0001000" + "01000" + "110") * 2 + "0000000"
    four = int(bits[::-1], 2).to_bytes(5, "little")
    tail_head = b"\x02\x08\x10\0\0\xff\xff"

    def whole(checksum: bytes) -> bytes:
        tail = tail_head + checksum + struct.pack("<I", size)
        one, last, none = literal(1), literal(4), literal(0)
        opening = (head, last, head, last, four, one, four, one, one, last, four, one, one, last, four, last, four, last, four, last, four)
        return b"".join((*opening, last, four, none, none, last, four, none, none, last, four, tail, four, tail))

    size = 0
    size = len(whole(bytes(4)))
    # the checksum is an affine function of the four bytes it is written as: find where it gives itself
    base = zlib.crc32(whole(bytes(4)))
    rows = [(zlib.crc32(whole((1 << bit).to_bytes(4, "little"))) ^ base ^ (1 << bit), 1 << bit) for bit in range(32)]
    wanted, chosen = base, 0
    for bit in range(32):
        place = next((at for at, (image, _) in enumerate(rows) if image >> bit & 1), None)
        if place is None:
            continue
        image, made = rows.pop(place)
        rows = [(other ^ image, of ^ made) if other >> bit & 1 else (other, of) for other, of in rows]
        if wanted >> bit & 1:
            wanted, chosen = wanted ^ image, chosen ^ made
    assert wanted == 0
    return whole(chosen.to_bytes(4, "little"))


def png(width: int, height: int, scans: bytes, *, more: bytes = b"") -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = chunk(b"IHDR", struct.pack(">2I5B", width, height, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + more + chunk(b"IDAT", scans) + chunk(b"IEND", b"")


def pdf_stream() -> bytes:
    body = deflated()
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 500 500]/Contents 4 0 R>>",
        b"<</Length %d/Filter/FlateDecode>>stream\n%s\nendstream" % (len(body), body),
    ]
    out = b"%PDF-1.7\n" + b"".join(b"%d 0 obj%s endobj\n" % (number, each) for number, each in enumerate(objects, 1))
    return out + b"trailer<</Root 1 0 R/Size 5>>\n%%EOF\n"


def sheet(rows: str) -> str:
    return f'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{rows}</sheetData></worksheet>'


def xlsx(rows: str) -> bytes:
    space, office = "http://schemas.openxmlformats.org/", "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    kinds = "application/vnd.openxmlformats-officedocument.spreadsheetml."
    return zipped(
        (
            "[Content_Types].xml",
            f'<Types xmlns="{space}package/2006/content-types"><Override PartName="/xl/workbook.xml" ContentType="{kinds}sheet.main+xml"/>'
            f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{kinds}worksheet+xml"/></Types>'.encode(),
        ),
        (
            "_rels/.rels",
            f'<Relationships xmlns="{space}package/2006/relationships"><Relationship Id="r1" Type="{office}/officeDocument" '
            'Target="xl/workbook.xml"/></Relationships>'.encode(),
        ),
        (
            "xl/workbook.xml",
            f'<workbook xmlns="{space}spreadsheetml/2006/main" xmlns:r="{office}"><sheets><sheet name="A" sheetId="1" r:id="r1"/>'
            "</sheets></workbook>".encode(),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{space}package/2006/relationships"><Relationship Id="r1" Type="{office}/worksheet" '
            'Target="worksheets/sheet1.xml"/></Relationships>'.encode(),
        ),
        ("xl/worksheets/sheet1.xml", sheet(rows).encode()),
    )


def docx(body: str) -> bytes:
    space, office = "http://schemas.openxmlformats.org/", "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    return zipped(
        (
            "[Content_Types].xml",
            f'<Types xmlns="{space}package/2006/content-types"><Override PartName="/word/document.xml" ContentType="{kind}"/></Types>'.encode(),
        ),
        (
            "_rels/.rels",
            f'<Relationships xmlns="{space}package/2006/relationships"><Relationship Id="r1" Type="{office}/officeDocument" '
            'Target="word/document.xml"/></Relationships>'.encode(),
        ),
        (
            "word/document.xml",
            f'<w:document xmlns:w="{space}wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>{body}</w:t></w:r></w:p></w:body></w:document>'.encode(),
        ),
    )


def repeated_rows() -> bytes:
    return xlsx("".join(f'<row r="{number}"><c r="A{number}"><v>1</v></c></row>' for number in range(1, 120_001)))


def far_cell() -> bytes:
    return xlsx('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')


def parquet_rows() -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    out = io.BytesIO()
    column = pa.array(np.zeros(3_000_000, dtype=np.int8))
    pq.write_table(pa.table({f"c{number}": column for number in range(20)}), out)
    return out.getvalue()


def parquet_dictionary() -> bytes:
    """One long word, a hundred thousand times."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    out = io.BytesIO()
    words = pa.DictionaryArray.from_arrays(pa.array(np.zeros(100_000, dtype=np.int32)), pa.array(["x" * (1 << 20)]))
    pq.write_table(pa.table({"word": words}), out, compression="zstd")
    return out.getvalue()


def arrow_compressed() -> bytes:
    import pyarrow as pa

    out = io.BytesIO()
    table = pa.table({"x": pa.array(np.zeros(6_000_000, dtype=np.int64))})
    with pa.ipc.new_file(out, table.schema, options=pa.ipc.IpcWriteOptions(compression="zstd")) as writer:
        writer.write_table(table)
    return out.getvalue()


def npy(shape: str = "(1000000000, 1000000)", descr: str = "<f8") -> bytes:
    head = f"{{'descr': '{descr}', 'fortran_order': False, 'shape': {shape}, }}".encode()
    head += b" " * (117 - len(head)) + b"\n"
    return b"\x93NUMPY\1\0" + struct.pack("<H", len(head)) + head + bytes(64)


def hdf5_chunks() -> bytes:
    """Eight terabytes declared, none stored."""
    import h5py

    out = io.BytesIO()
    with h5py.File(out, "w") as store:
        store.create_dataset("people", shape=(1_000_000_000, 1000), dtype="f8", chunks=(100_000, 100))
    return out.getvalue()


def hdf5_deflated() -> bytes:
    import h5py

    out = io.BytesIO()
    with h5py.File(out, "w") as store:
        store.create_dataset("people", data=np.zeros((1_000, 6_000)), chunks=(1_000, 6_000), compression="gzip")
    return out.getvalue()


def framed(codec: str) -> bytes:
    import pyarrow as pa

    out = pa.BufferOutputStream()
    with pa.CompressedOutputStream(out, codec) as stream:
        for _ in range(MANY >> 20):
            stream.write(ZEROS)
    return out.getvalue().to_pybytes()


def git_pack() -> bytes:
    """One blob of zeros."""
    import hashlib

    size, head = MANY, bytearray()
    first, size = (3 << 4) | (size & 15), size >> 4
    while size:
        head.append(first | 0x80)
        first, size = size & 0x7F, size >> 7
    body = b"PACK" + struct.pack(">II", 2, 1) + bytes(head) + bytes([first]) + deflated()
    return body + hashlib.sha1(body, usedforsecurity=False).digest()


def git_object() -> bytes:
    packer = zlib.compressobj(9)
    return packer.compress(b"blob %d\0" % MANY) + stretched(packer)


def avro_deflated() -> bytes:
    def number(value: int) -> bytes:
        value, out = value << 1, bytearray()
        while value > 0x7F:
            out.append(value & 0x7F | 0x80)
            value >>= 7
        return bytes([*out, value])

    schema = json.dumps({"type": "record", "name": "r", "fields": [{"name": "x", "type": "long"}]}).encode()
    pairs = [(b"avro.schema", schema), (b"avro.codec", b"deflate")]
    body = stretched(zlib.compressobj(9, zlib.DEFLATED, -15))
    head = number(len(pairs)) + b"".join(number(len(key)) + key + number(len(value)) + value for key, value in pairs) + b"\0"
    return b"Obj\1" + head + b"s" * 16 + number(MANY) + number(len(body)) + body + b"s" * 16


def pickled() -> bytes:
    """Lists that hold the list before them ten times: ten billion items in two hundred bytes."""
    out = b"\x80\x02]q\0"
    for level in range(1, 11):
        out += b"](" + b"h" + bytes([level - 1])
        out += (b"h" + bytes([level - 1])) * 9 + b"e" + b"q" + bytes([level])
    return out + b"."


def rds() -> bytes:
    """A vector of numbers that are all zero."""
    head = b"X\n" + struct.pack(">3I", 2, 0x00040000, 0x00020300) + struct.pack(">2I", 14, MANY // 8)
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    return packer.compress(head) + stretched(packer)


def sqlite_view() -> bytes:
    """A view that has no end."""
    import sqlite3
    from contextlib import closing

    with closing(sqlite3.connect(":memory:")) as store:
        store.execute("CREATE VIEW people AS WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT x FROM c")
        return store.serialize()


def netcdf() -> bytes:
    """A billion rows of a thousand columns, none of them there."""
    names = [(b"row\0", 1_000_000_000), (b"col\0", 1000)]
    dims = struct.pack(">II", 10, 2) + b"".join(struct.pack(">I", 3) + name + struct.pack(">I", size) for name, size in names)
    variable = struct.pack(">II", 11, 1) + struct.pack(">I", 1) + b"x\0\0\0" + struct.pack(">III", 2, 0, 1) + bytes(8)
    return b"CDF\1" + bytes(4) + dims + bytes(8) + variable + struct.pack(">III", 6, 0xFFFFFFFF, 200)


def yaml_aliases() -> bytes:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * 10)}]" for level in range(1, 10)]
    return "\n".join(lines).encode()


def ods_repeats() -> bytes:
    office = "urn:oasis:names:tc:opendocument:xmlns:"
    row = '<table:table-cell office:value-type="float" office:value="1" table:number-columns-repeated="16384"/>'
    content = (
        f'<office:document-content xmlns:office="{office}office:1.0" xmlns:table="{office}table:1.0"><office:body><office:spreadsheet>'
        f'<table:table table:name="A"><table:table-row table:number-rows-repeated="1048576">{row}</table:table-row></table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    return zipped(("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"), ("content.xml", content.encode()))


def html_spans() -> bytes:
    return b"<table>" + b"<tr><td rowspan=65534 colspan=1000>1</td></tr>" * 200 + b"</table>"


def svg_uses() -> bytes:
    groups = "".join(f'<g id="g{level}">' + f'<use xlink:href="#g{level - 1}"/>' * 10 + "</g>" for level in range(1, 12))
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"><defs>'
        f'<circle id="g0" r="1"/>{groups}</defs><use xlink:href="#g11"/></svg>'
    ).encode()


def tiff_size() -> bytes:
    tags = [
        (256, 4, 1_000_000),
        (257, 4, 1_000_000),
        (258, 3, 8),
        (259, 3, 1),
        (262, 3, 1),
        (273, 4, 8),
        (278, 4, 1_000_000),
        (279, 4, 100),
    ]
    entries = b"".join(struct.pack("<HHII", tag, kind, 1, value) for tag, kind, value in tags)
    return b"II*\0" + struct.pack("<I", 8) + struct.pack("<H", len(tags)) + entries + struct.pack("<I", 8)


def gif_size() -> bytes:
    return (
        b"GIF89a"
        + struct.pack("<HHBBB", 65535, 65535, 0x80, 0, 0)
        + bytes(6)
        + b","
        + struct.pack("<4HB", 0, 0, 65535, 65535, 0)
        + b"\2\2\x4c\1\0;"
    )


def tar_size() -> bytes:
    import tarfile

    member = tarfile.TarInfo("table.csv")
    member.size = 8 << 40
    return member.tobuf(tarfile.GNU_FORMAT) + bytes(1024)


BOMBS: dict[str, tuple[str, Callable[[], bytes]]] = {
    "flat zip": ("a.zip", flat_zip),
    "zip that lies of its size": ("a.zip", lying_zip),
    "nested zip": ("a.zip", nested_zip),
    "overlapping zip": ("a.zip", overlapping_zip),
    "zip of many members": ("a.zip", many_members),
    "quine": ("loop.gz", quine),
    "quine in a zip": ("a.zip", lambda: zipped(("loop.gz", quine()))),
    "gzip": ("a.csv.gz", lambda: stretched(zlib.compressobj(9, zlib.DEFLATED, 31))),
    "gzip in gzip": ("a.csv.gz", lambda: gzip.compress(stretched(zlib.compressobj(9, zlib.DEFLATED, 31)))),
    "many gzips": ("a.csv.gz", lambda: gzip.compress(ZEROS) * 1000),
    "bzip2": ("a.csv.bz2", lambda: stretched(bz2.BZ2Compressor())),
    "xz": ("a.csv.xz", lambda: stretched(lzma.LZMACompressor(preset=0))),
    "zstd": ("a.csv.zst", lambda: framed("zstd")),
    "lz4": ("a.csv.lz4", lambda: framed("lz4")),
    "zlib": ("a.zlib", deflated),
    "picture of declared size": ("a.png", lambda: png(60_000, 60_000, deflated())),
    "picture of stored size": ("a.png", lambda: png(3_000, 3_000, deflated())),
    "small picture with more behind it": ("a.png", lambda: png(10, 10, deflated())),
    "text of a picture": (
        "a.png",
        lambda: png(1, 1, zlib.compress(b"\0\0"), more=_text_chunk(deflated())),
    ),
    "page of a document": ("a.pdf", pdf_stream),
    "rows of a workbook": ("a.xlsx", repeated_rows),
    "text of a document": ("a.docx", lambda: docx("x " * (24 << 20))),
    "rows of a parquet": ("a.parquet", parquet_rows),
    "dictionary of a parquet": ("a.parquet", parquet_dictionary),
    "compressed Arrow": ("a.arrow", arrow_compressed),
    "shape of an array": ("a.npy", npy),
    "negative shape of an array": ("a.npy", lambda: npy("(-1, -8)")),
    "wide items of an array": ("a.npy", lambda: npy("(3,)", "<U1000000000")),
    "shape of an array in a zip": ("a.npz", lambda: zipped(("x.npy", npy()), ("y.npy", npy()))),
    "chunks of an HDF5": ("a.h5", hdf5_chunks),
    "deflated chunk of an HDF5": ("a.h5", hdf5_deflated),
    "git pack": ("pack-1.pack", git_pack),
    "git object": ("0123456789abcdef", git_object),
    "deflated Avro": ("a.avro", avro_deflated),
    "pickle of lists": ("a.pkl", pickled),
    "R vector": ("a.rds", rds),
    "endless view": ("a.sqlite", sqlite_view),
    "declared NetCDF": ("a.nc", netcdf),
    "YAML aliases": ("a.yaml", yaml_aliases),
    "repeats of an OpenDocument sheet": ("a.ods", ods_repeats),
    "spans of a table": ("a.html", html_spans),
    "size of a TIFF": ("a.tif", tiff_size),
    "size of a GIF": ("a.gif", gif_size),
    "size of a tar member": ("a.tar", tar_size),
}

# what these declare is nothing that anybody has to write out
LIGHT: dict[str, tuple[str, Callable[[], bytes]]] = {
    "far cell of a workbook": ("a.xlsx", far_cell),
    "uses of a drawing": ("a.svg", svg_uses),
}


def _text_chunk(packed: bytes) -> bytes:
    body = b"zTXt" + b"a\0\0" + packed
    return struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))


def test_the_quine_is_one() -> None:
    """The bytes that the tests call a quine expand to themselves."""
    assert gzip.decompress(quine()) == quine()


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_bomb_is_held(verdict, bomb: str) -> None:
    """What would be larger than the caps is held, with a gap that says so, in time and within memory."""
    name, build = BOMBS[bomb]
    found = verdict(build(), name)
    assert found.outcome >= Outcome.REVIEW
    assert found.gaps or found.decision.reasons


@pytest.mark.parametrize("bomb", LIGHT)
def test_what_is_declared_is_not_made(verdict, bomb: str) -> None:
    """A place far away and a drawing that repeats itself are read for what they hold, at once."""
    name, build = LIGHT[bomb]
    found = verdict(build(), name)
    assert not found.assessment.failure
    assert "file_seconds" not in found.gaps


def test_a_solid_archive_is_held(verdict, builders) -> None:
    """The coders of a 7z are capped like any other."""
    found = verdict(builders("test_seven_zip").seven(("table.csv", bytes(MANY))), "a.7z")
    assert found.outcome >= Outcome.REVIEW
    assert found.gaps
