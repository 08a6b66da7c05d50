"""What the metadata of a Zarr array say (versions 2 and 3), and how its chunks are decoded."""

from __future__ import annotations

import bz2
import io
import json
import lzma
import math
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Any

from sdc_airlock.errors import LimitReached, Malformed, Unsupported
from sdc_airlock.readers._blosc import blosc_bytes

if TYPE_CHECKING:
    import numpy.typing as npt

_AXES = 32
_MOST_CHUNKS = 200_000
_KINDS = frozenset("biufcSUMm")
_V3 = {
    "bool": "?", "int8": "i1", "int16": "i2", "int32": "i4", "int64": "i8", "uint8": "u1", "uint16": "u2", "uint32": "u4", "uint64": "u8", "float16": "f2",
    "float32": "f4", "float64": "f8", "complex64": "c8", "complex128": "c16",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ArrayMeta:
    """An array: `texts` says that its values are texts or bytes of any length; `steps` are the names of codecs in the order of decoding."""

    shape: tuple[int, ...]
    chunks: tuple[int, ...]
    dtype: Any
    texts: bool
    fortran: bool
    fill: Any
    steps: tuple[str, ...]
    key: Callable[[tuple[int, ...]], str]
    dims: tuple[str, ...] = ()

    def places(self) -> Iterator[tuple[int, ...]]:
        """The chunks, by their place in the grid."""
        return product(*(range(-(-size // chunk)) for size, chunk in zip(self.shape, self.chunks, strict=True)))


def array_meta(raw: bytes, *, third: bool) -> ArrayMeta | None:
    """The description of an array, None for that of a group.

    Raises:
        Malformed: it is none. Unsupported: it needs what is not known here. LimitReached: too many chunks.
    """
    try:
        found = json.loads(raw)
    except (ValueError, RecursionError):
        raise Malformed("metadata of Zarr that are no JSON") from None
    if not isinstance(found, dict):
        raise Malformed("metadata of Zarr that are none")
    if third and found.get("node_type") != "array":
        return None
    try:
        meta = _third(found) if third else _second(found)
    except (KeyError, TypeError, AttributeError, ValueError):
        raise Malformed("metadata of a Zarr array that are damaged") from None
    sizes: list[Any] = [*meta.shape, *meta.chunks]
    if len(meta.shape) != len(meta.chunks) or len(meta.shape) > _AXES or not all(isinstance(size, int) and size >= 0 for size in sizes):
        raise Malformed("a Zarr array of an impossible shape")
    if 0 in meta.chunks:
        raise Malformed("a Zarr array of an impossible shape")
    count = math.prod(-(-size // chunk) for size, chunk in zip(meta.shape, meta.chunks, strict=True))
    if count > _MOST_CHUNKS:
        raise LimitReached("members", _MOST_CHUNKS, count)
    return meta


def _second(found: dict[str, Any]) -> ArrayMeta:
    import numpy as np

    described = found["dtype"]
    dtype = np.dtype([tuple(field) for field in described] if isinstance(described, list) else described)
    filters = [str(each["id"]) for each in found.get("filters") or []]
    texts = dtype.kind == "O"
    if texts and filters not in (["vlen-utf8"], ["vlen-bytes"]):
        raise Unsupported("a Zarr array of objects")
    if not texts and (filters or (dtype.kind not in _KINDS and not dtype.names) or dtype.hasobject):
        raise Unsupported("a Zarr array with a filter or a type that is not known")
    compressor = found.get("compressor")
    separator = str(found.get("dimension_separator", "."))
    return ArrayMeta(
        shape=tuple(found["shape"]),
        chunks=tuple(found["chunks"]),
        dtype=dtype,
        texts=texts,
        fortran=found.get("order") == "F",
        fill=found.get("fill_value"),
        steps=(str(compressor["id"]),) if compressor else (),
        key=lambda place: separator.join(map(str, place)) or "0",
    )


def _third(found: dict[str, Any]) -> ArrayMeta:
    import numpy as np

    kind, order, steps = found["data_type"], "<", []
    texts = kind in ("string", "variable_length_bytes", "bytes")
    if not texts and kind not in _V3:
        raise Unsupported("a Zarr array of a type that is not known")
    for codec in reversed(found.get("codecs") or []):
        name = str(codec["name"])
        if name == "bytes":
            order = ">" if (codec.get("configuration") or {}).get("endian") == "big" else "<"
        elif name not in ("vlen-utf8", "vlen-bytes"):
            steps.append(name)
    coding = found.get("chunk_key_encoding") or {}
    plain = coding.get("name") == "v2"
    separator = str((coding.get("configuration") or {}).get("separator", "." if plain else "/"))

    def key(place: tuple[int, ...]) -> str:
        inner = separator.join(map(str, place))
        return inner or "0" if plain else separator.join(("c", inner)) if inner else "c"

    return ArrayMeta(
        shape=tuple(found["shape"]),
        chunks=tuple(found["chunk_grid"]["configuration"]["chunk_shape"]),
        dtype=np.dtype(object) if texts else np.dtype(f"{order}{_V3[kind]}"),
        texts=texts,
        fortran=False,
        fill=found.get("fill_value"),
        steps=tuple(steps),
        key=key,
        dims=tuple(str(name) for name in found.get("dimension_names") or [] if name is not None),
    )


def decoded_chunk(raw: bytes, meta: ArrayMeta, most: int) -> npt.NDArray[Any]:
    """The values of a chunk in its shape.

    Raises:
        Malformed: it is damaged, or holds another number of values. Unsupported: a codec is not known. LimitReached: it is too large.
    """
    import numpy as np

    for step in meta.steps:
        raw = _decoded(raw, step, most)
    count = math.prod(meta.chunks)
    if meta.texts:
        values = _texts(raw, count)
    elif len(raw) != count * meta.dtype.itemsize:
        raise Malformed("a Zarr chunk of another size than its array says")
    else:
        values = np.frombuffer(raw, meta.dtype)
    return values.reshape(meta.chunks, order="F" if meta.fortran else "C")


def _decoded(raw: bytes, step: str, most: int) -> bytes:
    try:
        if step == "blosc":
            return blosc_bytes(raw, most)
        if step in ("zlib", "gzip"):
            inflater = zlib.decompressobj(31 if step == "gzip" else 15)
            found, rest = inflater.decompress(raw, most + 1), inflater.unused_data
        elif step == "bz2":
            unzip = bz2.BZ2Decompressor()
            found, rest = unzip.decompress(raw, most + 1), unzip.unused_data
        elif step == "lzma":
            unpack = lzma.LZMADecompressor(memlimit=most)
            found, rest = unpack.decompress(raw, most + 1), unpack.unused_data
        elif step == "zstd":
            found, rest = _zstd(raw, most), b""
        elif step == "crc32c":
            found, rest = raw[:-4], b""
        else:
            raise Unsupported("a codec of Zarr that is not known")
    except (zlib.error, OSError, lzma.LZMAError, EOFError):
        raise Malformed("a Zarr chunk with a damaged stream") from None
    if len(found) > most:
        raise LimitReached("member_bytes", most, len(found))
    if rest:
        raise Malformed("a Zarr chunk with bytes after its stream")
    return found


def _zstd(raw: bytes, most: int) -> bytes:
    import pyarrow as pa

    with pa.input_stream(io.BytesIO(raw), compression="zstd") as stream:
        return bytes(stream.read(most + 1))


def _texts(raw: bytes, count: int) -> npt.NDArray[Any]:
    """Values of any length, each behind its length."""
    import numpy as np

    found = np.empty(count, object)
    if int.from_bytes(raw[:4], "little") != count:
        raise Malformed("a Zarr chunk of another size than its array says")
    at = 4
    for place in range(count):
        size = int.from_bytes(raw[at : at + 4], "little")
        at += 4
        if size > len(raw) - at:
            raise Malformed("a Zarr chunk that ends early")
        found[place] = raw[at : at + size].decode("utf-8", "backslashreplace")
        at += size
    if at != len(raw):
        raise Malformed("a Zarr chunk with bytes after its values")
    return found
