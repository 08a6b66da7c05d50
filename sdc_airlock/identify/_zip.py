"""What a zip is for: told by the names in its central directory, or in its local headers where it cannot be sought."""

from __future__ import annotations

import struct
import zlib

from sdc_airlock.identify._signature import Guess
from sdc_airlock.source import Source

_LOCAL, _CENTRAL, _END = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
_LOCAL_BYTES, _CENTRAL_BYTES, _END_BYTES = 30, 46, 22
_MOST_NAMES = 4096
_MOST_DIRECTORY_BYTES = 1 << 20
_STORED, _DEFLATED = 0, 8
_SPANNED = b"PK00"

_MEDIA_TYPES = {
    b"application/epub+zip": "epub",
    b"application/vnd.oasis.opendocument.spreadsheet": "ods",
    b"application/vnd.oasis.opendocument.text": "odt",
    b"application/vnd.oasis.opendocument.presentation": "odp",
}
_OFFICE = (("xl/workbook.bin", "xlsb"), ("xl/workbook.xml", "xlsx"), ("word/document.xml", "docx"), ("ppt/presentation.xml", "pptx"))
_ZARR = frozenset({".zarray", "zarr.json"})
_OFFICE_FOLDERS = (("xl/", "xlsx"), ("word/", "docx"), ("ppt/", "pptx"))


def zip_kind(source: Source) -> Guess | None:
    """The type of a zip that begins at the first byte, or None where it does not look like one."""
    head = source.head
    if not head.startswith((_LOCAL, _END, b"PK\x07\x08" + _LOCAL, _SPANNED + _LOCAL)):
        return None
    names = _central_names(source) or _local_names(head)
    return _judge(head, names)


def has_directory(source: Source) -> bool:
    """True where a zip's directory and its end record stand in the last bytes."""
    tail = source.tail
    place = tail.rfind(_END)
    if place < 0 or len(tail) < place + _END_BYTES:
        return False
    length = struct.unpack_from("<I", tail, place + 12)[0]
    if length <= place:
        return length >= _CENTRAL_BYTES and tail.startswith(_CENTRAL, place - length)
    return bool(_central_names(source))


def _central_names(source: Source) -> list[str]:
    """Names in the central directory; [] where it was not found."""
    tail = source.tail
    place = tail.rfind(_END)
    if place < 0 or len(tail) < place + _END_BYTES:
        return []
    length = struct.unpack_from("<I", tail, place + 12)[0]
    if length <= place:
        directory = tail[place - length : place]
    elif source.size is not None and length <= source.size:
        start = source.size - len(tail) + place - length
        with source.opener() as stream:
            stream.seek(max(0, start))
            directory = stream.read(min(length, _MOST_DIRECTORY_BYTES))
    else:
        return []
    return _walk(directory, _CENTRAL, _CENTRAL_BYTES, 28)


def _walk(directory: bytes, mark: bytes, fixed: int, lengths_at: int) -> list[str]:
    names: list[str] = []
    place = 0
    while len(names) < _MOST_NAMES and directory.startswith(mark, place) and len(directory) >= place + fixed:
        name, extra, comment = struct.unpack_from("<HHH", directory, place + lengths_at)
        names.append(directory[place + fixed : place + fixed + name].decode("utf-8", "replace"))
        place += fixed + name + extra + comment
    return names


def _local_names(head: bytes) -> list[str]:
    """Names in the local headers of the first bytes."""
    names: list[str] = []
    place = 0
    while len(names) < _MOST_NAMES and (place := head.find(_LOCAL, place)) >= 0 and len(head) >= place + _LOCAL_BYTES:
        length = struct.unpack_from("<H", head, place + 26)[0]
        names.append(head[place + _LOCAL_BYTES : place + _LOCAL_BYTES + length].decode("utf-8", "replace"))
        place += _LOCAL_BYTES + length
    return names


def first_member(head: bytes, most: int = 256) -> bytes:
    """The first bytes of the first member, written out; b"" where its method is not a common one."""
    start = head.find(_LOCAL)
    if start < 0 or len(head) < start + _LOCAL_BYTES:
        return b""
    flags, method = struct.unpack_from("<HH", head, start + 6)
    stored = struct.unpack_from("<I", head, start + 18)[0]
    name, extra = struct.unpack_from("<HH", head, start + 26)
    data = head[start + _LOCAL_BYTES + name + extra :]
    if flags & 1:
        return b""
    if method == _STORED:
        return data[: min(most, stored)] if stored and not flags & 8 else data[:most]
    if method == _DEFLATED:
        try:
            return zlib.decompressobj(-15).decompress(data, most)
        except zlib.error:
            return b""
    return b""


def _judge(head: bytes, names: list[str]) -> Guess:
    known = set(names)
    kinds = [label for name, label in _OFFICE if name in known]
    if not kinds and "[Content_Types].xml" in known:
        kinds = [label for folder, label in _OFFICE_FOLDERS if any(name.startswith(folder) for name in names)]
    if kinds:
        return Guess(kinds[0], "zip with the parts of an Office document", tuple(kinds[1:]))
    if "mimetype" in known:
        media = first_member(head).strip()
        for start, label in _MEDIA_TYPES.items():
            if media.startswith(start):
                return Guess(label, "zip whose first member names an OpenDocument or EPUB type")
    if names and all(name.endswith(".npy") for name in names) and first_member(head).startswith(b"\x93NUMPY"):
        return Guess("npz", "zip of NumPy arrays")
    if any(name.rpartition("/")[2] in _ZARR for name in names):
        return Guess("zarr", "zip with the metadata of a Zarr store")
    folders = {name.rpartition("/")[0] for name in names if name.endswith("/data.pkl")}
    if any(f"{folder}/version" in known or any(name.startswith(f"{folder}/data/") for name in names) for folder in folders):
        return Guess("pytorch", "zip with a PyTorch pickle and its storages")
    if {"config.json", "metadata.json"} <= known and any(name.endswith("weights.h5") for name in names):
        return Guess("keras", "zip with the configuration and weights of a Keras model")
    if "schema.json" in known and all(name.endswith((".npy", ".npz", ".json", ".bin")) for name in names) and len(names) > 1:
        return Guess("skops", "zip with a schema and arrays")
    return Guess("zip", "zip local header" if head.startswith(_LOCAL) else "zip end-of-directory record")
