"""Zarr stores in a zip: read like any zip, and its arrays put together from their chunks."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sdc_airlock.errors import LimitReached, Malformed, ReadError, Unsupported
from sdc_airlock.identify.types import TYPES
from sdc_airlock.intake import safe_name
from sdc_airlock.model.content import Container, Oddity, OddityKind, Unread, UnreadReason
from sdc_airlock.model.filetype import FileType
from sdc_airlock.readers import Item, Reading, gap, reader
from sdc_airlock.readers._arrays import ArrayParts, NamedArray
from sdc_airlock.readers._members import settled
from sdc_airlock.readers._streams import DEFLATE, STORED, Meter, opened
from sdc_airlock.readers._windows import window
from sdc_airlock.readers._zarrmeta import ArrayMeta, array_meta, decoded_chunk
from sdc_airlock.readers._ziplayout import ENCRYPTED_FLAG, Member, lay_out
from sdc_airlock.source import Source

if TYPE_CHECKING:
    import numpy.typing as npt

_METHODS = {0: STORED, 8: DEFLATE}
_METADATA_BYTES = 8 << 20
# what is said of a chunk by itself, which is no file, once its array was read
_OF_CHUNKS = frozenset(
    {
        OddityKind.SECOND_OPINION,
        OddityKind.NAME_MISMATCH,
        OddityKind.HIGH_ENTROPY,
        OddityKind.DAMAGED,
        OddityKind.CONTROL_CHARACTERS,
        OddityKind.NUL_BYTES,
        OddityKind.UNDECODABLE_TEXT,
    }
)


@reader("zarr")
def zarr(source: Source, file_type: FileType, reading: Reading) -> Iterator[Item]:
    """The arrays as tables; every member that is no chunk of a readable array as it is in any zip."""
    source = settled(source, reading)
    store = _Store(source, reading)
    arrays: list[NamedArray] = []
    failures: list[Item] = []
    for path, name in store.described():
        try:
            found = store.array(path, name)
        except ReadError as error:
            failures.append(gap(f"{source.part_id}!{safe_name(path) or '/'}", error))
            continue
        if found is not None:
            arrays.append(found)
    for item in reading.open(source, replace(file_type, label="zip", family=TYPES["zip"].family)):
        if not store.explains(item):
            yield item
    yield from ArrayParts(source, reading).items(arrays)
    yield from failures


class _Store:
    """The members of a zip as the keys of a store."""

    def __init__(self, source: Source, reading: Reading) -> None:
        self._source, self._reading = source, reading
        with source.opener() as stream:
            layout = lay_out(stream, source.size or 0, reading.limits, reading.spend)
        self._members: dict[str, Member | None] = {}
        for member in layout.members:
            if member.folder:
                continue
            key = member.name.decode("utf-8", "surrogateescape")
            self._members[key] = None if key in self._members else member
        self._used: set[str] = set()

    def described(self) -> list[tuple[str, str]]:
        """Path of every array and the key that describes it."""
        found = []
        for key, member in self._members.items():
            folder, _, name = key.rpartition("/")
            if member is not None and name in (".zarray", "zarr.json"):
                found.append((folder, key))
        return found

    def array(self, path: str, key: str) -> NamedArray | None:
        """An array put together, None for a group.

        Raises:
            ReadError: it cannot be read; then none of its chunks counts as read.
        """
        import numpy as np

        meta = array_meta(self._bytes(key, _METADATA_BYTES), third=key.endswith("zarr.json"))
        if meta is None:
            return None
        limits = self._reading.limits
        size = math.prod(meta.shape) * meta.dtype.itemsize
        chunk = math.prod(meta.chunks) * meta.dtype.itemsize
        if max(size, chunk) > limits.member_bytes:
            raise LimitReached("member_bytes", limits.member_bytes, max(size, chunk))
        self._reading.spend(expanded=size)
        values: npt.NDArray[Any] = np.zeros(meta.shape, meta.dtype) if not meta.texts else np.full(meta.shape, "", object)
        if meta.fill is not None and not meta.dtype.names:
            _fill(values, meta)
        used = []
        for place in meta.places():
            name = f"{path}/{meta.key(place)}" if path else meta.key(place)
            if name not in self._members:
                continue
            self._reading.spend()
            part = decoded_chunk(self._bytes(name, limits.member_bytes), meta, limits.member_bytes)
            edges = tuple(slice(at * step, min((at + 1) * step, end)) for at, step, end in zip(place, meta.chunks, meta.shape, strict=True))
            values[edges] = part[tuple(slice(0, edge.stop - edge.start) for edge in edges)]
            beyond = [slice(edge.stop - edge.start, None) for edge in edges]
            self._refuse_beyond(part, beyond, meta)
            used.append(name)
        self._used.update(map(safe_name, used))
        group, _, name = path.rpartition("/")
        return NamedArray(group=group.replace("/", "."), name=name, values=values, dims=self._dims(path, meta))

    def _refuse_beyond(self, part: npt.NDArray[Any], beyond: list[slice], meta: ArrayMeta) -> None:
        """Refuse a chunk whose cells beyond the edge of its array hold several different values: no viewer shows them."""
        import numpy as np

        if meta.texts or meta.dtype.names:
            return
        for axis, outside in enumerate(beyond):
            cells = part[(slice(None),) * axis + (outside,)]
            if cells.size and len(np.unique(cells)) > 2:
                raise Malformed("a Zarr chunk that holds values beyond the edge of its array")

    def _dims(self, path: str, meta: ArrayMeta) -> tuple[str, ...]:
        if meta.dims:
            return meta.dims if len(meta.dims) == len(meta.shape) else ()
        key = f"{path}/.zattrs" if path else ".zattrs"
        if self._members.get(key) is None:
            return ()
        try:
            found = json.loads(self._bytes(key, _METADATA_BYTES))
        except (ValueError, RecursionError, ReadError):
            return ()
        names = found.get("_ARRAY_DIMENSIONS") if isinstance(found, dict) else None
        fits = isinstance(names, list) and len(names) == len(meta.shape) and all(isinstance(name, str) for name in names)
        return tuple(names) if fits and names else ()

    def _bytes(self, key: str, most: int) -> bytes:
        member = self._members.get(key)
        if member is None or member.flags & ENCRYPTED_FLAG or member.method not in _METHODS:
            raise Unsupported("a member of the store that cannot be opened")
        meter = Meter(self._reading, stored=max(1, member.stored))
        with opened(window(self._source, member.data_at, member.stored), _METHODS[member.method], meter) as stream:
            data = stream.read(most + 1)
            while len(data) <= most and (more := stream.read(most + 1 - len(data))):
                data += more
        if len(data) > most:
            raise LimitReached("member_bytes", most, len(data))
        if meter.damage:
            raise Malformed(meter.damage)
        return data

    def explains(self, item: Item) -> bool:
        """True for a gap or an oddity of a chunk that was read as part of its array."""
        said = (isinstance(item, Unread) and item.why in (UnreadReason.UNSUPPORTED, UnreadReason.MALFORMED)) or (
            isinstance(item, Oddity) and item.kind in _OF_CHUNKS
        )
        if not said and not isinstance(item, Container):
            return False
        inner = item.part_id.removeprefix(f"{self._source.part_id}/")
        ends = [place for place, letter in enumerate(inner) if letter in "/!"]
        return any(inner[:end] in self._used for end in [*ends, len(inner)])


def _fill(values: npt.NDArray[Any], meta: ArrayMeta) -> None:
    """The value of chunks that are not there."""
    import numpy as np

    numbers = {"NaN": np.nan, "Infinity": np.inf, "-Infinity": -np.inf}
    fill = numbers.get(meta.fill, meta.fill) if isinstance(meta.fill, str) and meta.dtype.kind == "f" else meta.fill
    try:
        values[...] = fill
    except (TypeError, ValueError, OverflowError):
        raise Malformed("a Zarr array with an impossible value of its own") from None
