"""PyTorch: checkpoints and whole models in a zip or in a row of pickles, and TorchScript. Pickles are followed, storages are laid out."""

from __future__ import annotations

import io
import math
import zipfile
import zlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from sdc_airlock.errors import Encrypted, LimitReached, Malformed, ReadError
from sdc_airlock.model.filetype import FileType
from sdc_airlock.readers import Item, Reading, gap, reader
from sdc_airlock.readers._members import Names, last_name
from sdc_airlock.readers._model_parts import ModelParts
from sdc_airlock.readers._object_parts import ObjectReader, judge_names
from sdc_airlock.readers._pickle_machine import Machine
from sdc_airlock.readers._pickle_nodes import Global, Made, Persistent
from sdc_airlock.readers._pickle_numpy import Found, called, dtype_of
from sdc_airlock.source import Source

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

_DTYPES = {
    "Float": "<f4", "Double": "<f8", "Half": "<f2", "BFloat16": "bfloat16", "Long": "<i8", "Int": "<i4", "Short": "<i2", "Char": "i1",
    "Byte": "u1", "Bool": "?", "ComplexFloat": "<c8", "ComplexDouble": "<c16", "float32": "<f4", "float64": "<f8", "float16": "<f2",
    "bfloat16": "bfloat16", "int64": "<i8", "int32": "<i4", "int16": "<i2", "int8": "i1", "uint8": "u1", "bool": "?", "complex64": "<c8",
    "complex128": "<c16", "Untyped": "u1",
}  # fmt: skip
_AXES = 32
_LEGACY_PICKLES = 5
_STORED_TOGETHER = frozenset({"version", "byteorder", ".format_version", ".storage_alignment", "serialization_id"})


class Storages:
    """Raw storages by key, laid out as the tensors that pickles describe.

    Args:
        data: Bytes of each storage by key.
        big: True where they are big-endian.
    """

    def __init__(self, data: dict[str, bytes], *, big: bool = False) -> None:
        self.data = data
        self.big = big
        self.used: set[str] = set()

    def tensor(self, node: Made) -> Found | None:
        """The tensor that a node stands for, None where it stands for none."""
        module, name = called(node)
        args = node.args if type(node.args) is tuple else ()
        if not module.startswith("torch."):
            return None
        if name in ("_rebuild_parameter", "_rebuild_parameter_with_state") and args and isinstance(args[0], Made):
            return self.tensor(args[0])
        if name not in ("_rebuild_tensor", "_rebuild_tensor_v2", "_rebuild_tensor_v3") or len(args) < 4:
            return None
        storage, offset, size, stride = args[:4]
        identity = storage.identity if isinstance(storage, Persistent) else None
        if type(identity) is not tuple or len(identity) < 3 or not isinstance(identity[1], Global):
            return None
        kind = identity[1].name.removesuffix("Storage")
        if name == "_rebuild_tensor_v3" and len(args) > 6 and isinstance(args[6], Global):
            kind = args[6].name
        return self._laid_out(str(identity[2]), kind, (offset, size, stride))

    def _laid_out(self, key: str, kind: str, place: tuple[Any, Any, Any]) -> Found | None:
        import numpy as np

        offset, size, stride = place
        shape = tuple(size) if type(size) in (tuple, list) else ()
        steps = tuple(stride) if type(stride) in (tuple, list) else ()
        whole = all(type(each) is int and each >= 0 for each in (offset, *shape, *steps))
        if not whole or len(shape) != len(steps) or len(shape) > _AXES:
            return None
        code = _DTYPES.get(kind)
        if code is None:
            return Found(f"torch {kind}"[:40] if kind.isalnum() else "unknown", shape)
        raw = self.data.get(key)
        if raw is not None:
            self.used.add(key)
        values = _numbers(raw, code, big=self.big) if raw is not None else None
        last = offset + sum((length - 1) * step for length, step in zip(shape, steps, strict=True)) if math.prod(shape) else 0
        dtype = np.dtype("<f4" if code == "bfloat16" else code)
        if values is None or last >= max(len(values), 1) or math.prod(shape) > len(values):
            return Found(dtype, shape)
        if not math.prod(shape):
            return Found(dtype, shape, np.empty(shape, dtype))
        strides = tuple(step * values.itemsize for step in steps)
        return Found(dtype, shape, np.lib.stride_tricks.as_strided(values[offset:], shape, strides, writeable=False))


def _numbers(raw: bytes, code: str, *, big: bool) -> npt.NDArray[Any]:
    """A storage as numbers; bfloat16 as float32."""
    import numpy as np

    if code == "bfloat16":
        halves = np.frombuffer(raw, ">u2" if big else "<u2", len(raw) // 2)
        widened: npt.NDArray[Any] = (halves.astype(np.uint32) << 16).view(np.float32)
        return widened
    dtype: np.dtype[Any] = np.dtype(code)
    return np.frombuffer(raw, dtype.newbyteorder(">") if big else dtype, len(raw) // dtype.itemsize)


@reader("pytorch")
def pytorch(source: Source, file_type: FileType, reading: Reading) -> Iterator[Item]:
    """The tensors, objects and texts of a checkpoint."""
    data = source.read(reading.limits.member_bytes)
    parts = ModelParts(source, reading, file_type.label)
    parts.library("torch")
    if data.startswith(b"PK"):
        yield from _zipped(data, parts)
    else:
        yield from _in_a_row(data, parts)


# the zip of today


def _zipped(data: bytes, parts: ModelParts) -> Iterator[Item]:
    source, reading = parts.source, parts.reading
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        raise Malformed("a damaged zip") from None
    names = Names(source.part_id)
    held: dict[str, bytes] = {}
    for member in members:
        reading.spend(members=1)
        try:
            held[member.filename] = _member(archive, member, reading)
        except ReadError as error:
            yield gap(names.address(member.filename)[0], error)
    pickles = [name for name in held if name.endswith(".pkl")]
    taken = {name for name in held if name.rpartition("/")[2] in _STORED_TOGETHER and len(held[name]) < 100} | set(pickles)
    looked_up: dict[tuple[str, str], None] = {}
    walkers: list[ObjectReader] = []
    for name in pickles:
        folder = f"{name.removesuffix('.pkl')}/"
        root = name.rpartition("/")[0]
        big = held.get(f"{root}/byteorder", b"little").strip() == b"big"
        storages = Storages({key.removeprefix(folder): raw for key, raw in held.items() if key.startswith(folder)}, big=big)
        walkers.append(_followed(held[name], storages, parts, looked_up))
        taken |= {folder + key for key in storages.used}
    judge_names(parts, looked_up)
    if any("/code/" in name for name in held):
        parts.notes["TorchScript: the file holds code that runs when it is loaded"] = None
        parts.runs_code = True
    for walker in walkers[:-1]:
        yield from walker.literals()
    yield from walkers[-1].items() if walkers else parts.items()
    for name, content in held.items():
        if name not in taken and not name.endswith("/") and content:
            child = Source.of_bytes(content, part_id=names.address(name)[0], name=last_name(name), depth=source.depth + 1)
            yield from reading.descend(child)


def _member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, reading: Reading) -> bytes:
    """The bytes of a member.

    Raises:
        ReadError: it is damaged, encrypted or too large.
    """
    if member.flag_bits & 1:
        raise Encrypted("an encrypted member")
    if member.file_size > reading.limits.member_bytes:
        raise LimitReached("member_bytes", reading.limits.member_bytes, member.file_size)
    try:
        with archive.open(member) as stream:
            content = stream.read(member.file_size + 1)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError, RuntimeError):
        raise Malformed("a damaged member") from None
    reading.spend(expanded=len(content))
    return content


def _followed(data: bytes, storages: Storages, parts: ModelParts, looked_up: dict[tuple[str, str], None]) -> ObjectReader:
    """One pickle walked; what it looks up is added."""
    machine = Machine(data, 0, parts.reading, dtype_of)
    roots: list[tuple[str, Any]] = []
    try:
        roots.append(("", machine.run()))
        if machine.at < len(data):
            parts.gap(Malformed("bytes after the pickle"))
            parts.blob("", data[machine.at :])
    except ReadError as error:
        parts.gap(error)
    looked_up |= machine.globals
    walker = ObjectReader(parts, data, storages.tensor)
    try:
        walker.read([*roots, *(("", each) for each in machine.left)], machine.named)
    except ReadError as error:
        parts.gap(error)
    return walker


# the pickles in a row of older releases


def _in_a_row(data: bytes, parts: ModelParts) -> Iterator[Item]:
    machines: list[tuple[Machine, Any]] = []
    at = 0
    while len(machines) < _LEGACY_PICKLES and at < len(data):
        machine = Machine(data, at, parts.reading, dtype_of)
        try:
            machines.append((machine, machine.run()))
        except ReadError as error:
            parts.gap(error)
            machines.append((machine, None))
            break
        at = machine.at
    roots: list[Any] = [root for _, root in machines]
    storages = Storages({})
    if len(machines) == _LEGACY_PICKLES and type(roots[4]) is list:
        kinds = _kinds([machine.persistent for machine, _ in machines])
        try:
            at = _raw_storages(data, at, roots[4], kinds, storages)
        except ReadError as error:
            parts.gap(error)
            at = len(data)
    else:
        parts.gap(Malformed("fewer pickles in a row than a checkpoint has"))
    judge_names(parts, {name: None for machine, _ in machines for name in machine.globals})
    walker = ObjectReader(parts, data, storages.tensor)
    left = [each for machine, _ in machines for each in machine.left]
    try:
        walker.read([("", each) for each in (*roots, *left)], [name for machine, _ in machines for name in machine.named])
    except ReadError as error:
        parts.gap(error)
    for key, raw in storages.data.items():
        if key not in storages.used:
            parts.blob("", raw)
    if at < len(data):
        parts.gap(Malformed("bytes after the last storage"))
        parts.blob("", data[at:])
    yield from walker.items()


def _kinds(persistent: list[list[Any]]) -> dict[str, str]:
    """Type of each storage by key."""
    found: dict[str, str] = {}
    for identity in (each for group in persistent for each in group):
        if type(identity) is tuple and len(identity) > 2 and isinstance(identity[1], Global):
            found[str(identity[2])] = identity[1].name.removesuffix("Storage")
    return found


def _raw_storages(data: bytes, at: int, keys: list[Any], kinds: dict[str, str], storages: Storages) -> int:
    """Read the storages behind the pickles; gives the place behind the last one.

    Raises:
        Malformed: one declares more than there is, or is of an unknown type.
    """
    import numpy as np

    for key in keys:
        code = _DTYPES.get(kinds.get(str(key), ""))
        if code is None or at + 8 > len(data):
            raise Malformed("a storage without a type or a length")
        width = 2 if code == "bfloat16" else np.dtype(code).itemsize
        size = int.from_bytes(data[at : at + 8], "little") * width
        at += 8
        if size > len(data) - at:
            raise Malformed("a storage declares more bytes than there are")
        storages.data[str(key)] = data[at : at + size]
        at += size
    return at
