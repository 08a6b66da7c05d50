"""Archives, compressed streams and stores that carry bytes: as members, and everywhere else in them."""

# ruff: noqa: PLW0108 - functions are listed above where they are defined

from __future__ import annotations

import bz2
import gzip
import hashlib
import io
import lzma
import random
import struct
import subprocess
import tarfile
import zipfile
import zlib
from collections.abc import Callable

from population import Item

Carrier = Callable[[Item, random.Random], Item]
CONTAINERS: dict[str, Carrier] = {}
README = b"# Results\n\nAll counts are above the threshold.\n"


def container(name: str, extension: str) -> Callable[[Callable[[Item], bytes]], Callable[[Item], bytes]]:
    """Lists a function that packs an item."""

    def listed(write: Callable[[Item], bytes]) -> Callable[[Item], bytes]:
        def carry(item: Item, chance: random.Random) -> Item:
            return item.wrapped(f"results{extension}", write(item), name)

        CONTAINERS[name] = carry
        return write

    return listed


def zipped(
    members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED, comment: bytes = b"", extra: bytes = b"", note: bytes = b""
) -> bytes:
    """A zip."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.comment = comment
        for name, data in members.items():
            about = zipfile.ZipInfo(name)
            about.extra, about.comment = extra, note
            archive.writestr(about, data, method)
    return buffer.getvalue()


def tarred(members: dict[str, bytes], mode: str = "w", pax: dict[str, str] | None = None) -> bytes:
    """A tar."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode=mode, format=tarfile.PAX_FORMAT) as archive:
        for name, data in members.items():
            about = tarfile.TarInfo(name)
            about.size, about.pax_headers = len(data), pax or {}
            archive.addfile(about, io.BytesIO(data))
    return buffer.getvalue()


container("zip", ".zip")(lambda item: zipped({"README.md": README, f"out/{item.name}": item.data}))
container("zip: stored", ".zip")(lambda item: zipped({"README.md": README, item.name: item.data}, zipfile.ZIP_STORED))
container("zip: bzip2", ".zip")(lambda item: zipped({item.name: item.data}, zipfile.ZIP_BZIP2))
container("zip: lzma", ".zip")(lambda item: zipped({item.name: item.data}, zipfile.ZIP_LZMA))
container("zip: false extension", ".zip")(lambda item: zipped({"figure1.png": item.data}))
container("zip: name without extension", ".zip")(lambda item: zipped({"data": item.data}))
container("zip: comment", ".zip")(lambda item: zipped({"README.md": README}, comment=item.data[:65535]))
container("zip: comment of a member", ".zip")(lambda item: zipped({"README.md": README}, note=item.data[:60000]))
container("zip: extra field", ".zip")(
    lambda item: zipped({"README.md": README}, extra=struct.pack("<HH", 0x7075, len(item.data[:30000])) + item.data[:30000])
)
container("zip: before it", ".zip")(lambda item: item.data + zipped({"README.md": README}))
container("zip: after it", ".zip")(lambda item: zipped({"README.md": README}) + item.data)
container("zip: between members", ".zip")(lambda item: _gap(item.data))
container("zip: member the directory leaves out", ".zip")(lambda item: _unlisted(item))
container("zip: in a zip in a zip", ".zip")(lambda item: zipped({"a.zip": zipped({"b.zip": zipped({item.name: item.data})})}))
container("zip: two members of one name", ".zip")(lambda item: zipped({"a.txt": README, "A.TXT": item.data}))
container("zip: split over members", ".zip")(
    lambda item: zipped(
        {f"part{place:02d}.txt": item.data[place * size : (place + 1) * size] for size in [len(item.data) // 6 + 1] for place in range(6)}
    )
)
container("jar", ".jar")(lambda item: zipped({"META-INF/MANIFEST.MF": b"Manifest-Version: 1.0\n", item.name: item.data}))
container("tar", ".tar")(lambda item: tarred({"README.md": README, item.name: item.data}))
container("tar.gz", ".tar.gz")(lambda item: gzip.compress(tarred({"README.md": README, item.name: item.data}), mtime=0))
container("tar.bz2", ".tar.bz2")(lambda item: bz2.compress(tarred({item.name: item.data})))
container("tar: pax header", ".tar")(lambda item: tarred({"README.md": README}, pax={"comment": item.data.decode("utf-8", "replace")}))
container("tar: after the end", ".tar")(lambda item: tarred({"README.md": README}) + item.data)
container("tar: padding", ".tar")(lambda item: _tar_padding(item.data))
container("gzip", ".gz")(lambda item: gzip.compress(item.data, mtime=0))
container("gzip: comment", ".gz")(
    lambda item: b"\x1f\x8b\x08\x10\0\0\0\0\0\xff" + item.data.replace(b"\0", b" ") + b"\0" + gzip.compress(README, mtime=0)[10:]
)
container("gzip: name", ".gz")(
    lambda item: b"\x1f\x8b\x08\x08\0\0\0\0\0\xff" + item.data.replace(b"\0", b" ") + b"\0" + gzip.compress(README, mtime=0)[10:]
)
container("gzip: extra field", ".gz")(
    lambda item: (
        b"\x1f\x8b\x08\x04\0\0\0\0\0\xff"
        + struct.pack("<H", len(item.data[:60000]))
        + item.data[:60000]
        + gzip.compress(README, mtime=0)[10:]
    )
)
container("gzip: second member", ".gz")(lambda item: gzip.compress(README, mtime=0) + gzip.compress(item.data, mtime=0))
container("gzip: after it", ".gz")(lambda item: gzip.compress(README, mtime=0) + item.data)
container("gzip: four times", ".gz")(
    lambda item: gzip.compress(gzip.compress(gzip.compress(gzip.compress(item.data, mtime=0), mtime=0), mtime=0), mtime=0)
)
container("bzip2", ".bz2")(lambda item: bz2.compress(item.data))
container("bzip2: second stream", ".bz2")(lambda item: bz2.compress(README) + bz2.compress(item.data))
container("xz", ".xz")(lambda item: lzma.compress(item.data))
container("lzma", ".lzma")(lambda item: lzma.compress(item.data, lzma.FORMAT_ALONE))
container("xz: after it", ".xz")(lambda item: lzma.compress(README) + item.data)
container("zlib", ".zz")(lambda item: zlib.compress(item.data))
container("deflate without a head", ".bin")(lambda item: zlib.compress(item.data)[2:-4])
container("zstd", ".zst")(lambda item: _arrow_codec("zstd", item.data))
container("zstd: skippable frame", ".zst")(
    lambda item: struct.pack("<II", 0x184D2A50, len(item.data)) + item.data + _arrow_codec("zstd", README)
)
container("lz4", ".lz4")(lambda item: _arrow_codec("lz4", item.data))
container("brotli", ".br")(lambda item: _arrow_codec("brotli", item.data))
container("ar", ".a")(
    lambda item: (
        b"!<arch>\n"
        + b"data.csv/".ljust(16)
        + b"0".ljust(12)
        + b"0".ljust(6)
        + b"0".ljust(6)
        + b"644".ljust(8)
        + str(len(item.data)).encode().ljust(10)
        + b"`\n"
        + item.data
        + b"\n" * (len(item.data) % 2)
    )
)
container("cpio", ".cpio")(lambda item: _cpio({"README.md": README, item.name: item.data}))
container("7z", ".7z")(lambda item: _seven(item))
container("git blob", "")(lambda item: zlib.compress(b"blob %d\0" % len(item.data) + item.data))
container("git pack", ".pack")(lambda item: _pack(item.data))
container("shell archive", ".sh")(
    lambda item: b"#!/bin/sh\ntail -n +4 $0 | tar xz\nexit 0\n" + gzip.compress(tarred({item.name: item.data}), mtime=0)
)
container("exclusive or with a byte", ".bin")(lambda item: bytes(byte ^ 0x5A for byte in item.data))
container("bytes reversed", ".bin")(lambda item: item.data[::-1])
container("one byte before it", ".bin")(lambda item: b"\x01" + item.data)
container("noise before it", ".bin")(lambda item: random.Random(5).randbytes(700) + item.data)
container("under a false signature", ".png")(lambda item: b"\x89PNG\r\n\x1a\n" + item.data)
container("wave file", ".wav")(
    lambda item: (
        b"RIFF"
        + struct.pack("<I", 36 + len(item.data))
        + b"WAVEfmt "
        + struct.pack("<IHHIIHH", 16, 1, 1, 8000, 8000, 1, 8)
        + b"data"
        + struct.pack("<I", len(item.data))
        + item.data
    )
)


def _arrow_codec(name: str, data: bytes) -> bytes:
    import pyarrow as pa

    sink = pa.BufferOutputStream()
    with pa.CompressedOutputStream(sink, name) as stream:
        stream.write(data)
    return sink.getvalue().to_pybytes()


def _gap(data: bytes) -> bytes:
    archive = zipped({"README.md": README})
    start = struct.unpack_from("<I", archive, len(archive) - 6)[0]
    return archive[:start] + data + archive[start:-6] + struct.pack("<IH", start + len(data), 0)


def _unlisted(item: Item) -> bytes:
    both, one = zipped({"README.md": README, item.name: item.data}), zipped({"README.md": README})
    start = struct.unpack_from("<I", one, len(one) - 6)[0]
    second = struct.unpack_from("<I", both, len(both) - 6)[0]
    return both[:second] + one[start:-6] + struct.pack("<IH", second, 0)


def _tar_padding(data: bytes) -> bytes:
    members, room = {}, 512 - 40
    for place in range(min(len(data) // room + 1, 40)):
        members[f"n{place}.txt"] = b"x" * 40
    archive = bytearray(tarred(members))
    for place in range(len(members)):
        start = place * 1024 + 512 + 40
        piece = data[place * room : (place + 1) * room]
        archive[start : start + len(piece)] = piece
    return bytes(archive)


def _cpio(members: dict[str, bytes]) -> bytes:
    out = b""
    for name, data in {**members, "TRAILER!!!": b""}.items():
        head = (
            b"070701"
            + b"".join(b"%08X" % number for number in (1, 0o100644, 0, 0, 1, 0, len(data), 0, 0, 0, 0, len(name) + 1, 0))
            + name.encode()
            + b"\0"
        )
        out += head + b"\0" * (-len(head) % 4) + data + b"\0" * (-len(data) % 4)
    return out


def _seven(item: Item) -> bytes:
    """A 7z of one stored member."""
    name = item.name.encode("utf-16-le") + b"\0\0"

    def number(value: int) -> bytes:
        return bytes([value]) if value < 128 else b"\xf0" + struct.pack("<I", value)

    head = (
        b"\x01\x04\x06"
        + number(0)
        + b"\x01\x09"
        + number(len(item.data))
        + b"\x00\x07\x0b\x01\x00\x01\x01\x00\x0c"
        + number(len(item.data))
        + b"\x00\x08\x0a\x01"
        + struct.pack("<I", zlib.crc32(item.data))
        + b"\x00\x00\x05\x01\x11"
        + number(len(name) + 1)
        + b"\x00"
        + name
        + b"\x00\x00"
    )
    start = struct.pack("<QQI", len(item.data), len(head), zlib.crc32(head))
    return b"7z\xbc\xaf\x27\x1c\x00\x04" + struct.pack("<I", zlib.crc32(start)) + start + item.data + head


def _pack(data: bytes) -> bytes:
    size, first = len(data) >> 4, (3 << 4) | (len(data) & 15)
    head = bytearray()
    while size:
        head.append(first | 128)
        first, size = size & 127, size >> 7
    head.append(first)
    body = b"PACK" + struct.pack(">II", 2, 1) + bytes(head) + zlib.compress(data)
    return body + hashlib.sha1(body).digest()


def _git_folder(item: Item, chance: random.Random) -> Item:
    """A folder of git whose only copy of the data is an object of an earlier commit."""

    def stored(kind: bytes, data: bytes) -> tuple[bytes, tuple[str, bytes]]:
        whole = kind + b" %d\0" % len(data) + data
        digest = hashlib.sha1(whole).digest()
        return digest, (f".git/objects/{digest.hex()[:2]}/{digest.hex()[2:]}", zlib.compress(whole))

    blob, first = stored(b"blob", item.data)
    tree, second = stored(b"tree", b"100644 data\0" + blob)
    commit, third = stored(
        b"commit",
        b"tree "
        + tree.hex().encode()
        + b"\nauthor a <a@example.org> 1700000000 +0000\ncommitter a <a@example.org> 1700000000 +0000\n\nfirst\n",
    )
    beside = (
        (".git/HEAD", b"ref: refs/heads/main\n"),
        (".git/refs/heads/main", commit.hex().encode() + b"\n"),
        (".git/config", b"[core]\n\trepositoryformatversion = 0\n"),
        first,
        second,
        third,
    )
    return Item(name="README.md", data=README, made=(*item.made, "git folder"), text=True, beside=beside)


CONTAINERS["git folder"] = _git_folder


def by_command(command: list[str], data: bytes) -> bytes:
    """What a command of the machine makes of bytes."""
    return subprocess.run(command, input=data, capture_output=True, check=True).stdout
