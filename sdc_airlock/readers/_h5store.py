"""An HDF5 file opened so that it cannot lead anywhere else, and the objects in it."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from sdc_airlock.errors import LimitReached, Malformed, ReadError, Unsupported
from sdc_airlock.intake import safe_name
from sdc_airlock.readers import Reading
from sdc_airlock.source import Source

_FILTERS = frozenset({1, 2, 3, 4, 5, 6, 32000})  # those that come with HDF5 and h5py; any other would load a plug-in
_DEEPEST = 60
_ATTRIBUTE_BYTES = 16 << 20
_AXES = 32
DAMAGE = (
    ValueError,
    KeyError,
    OSError,
    RuntimeError,
    TypeError,
    OverflowError,
    MemoryError,
    IndexError,
    AttributeError,
    NotImplementedError,
)


def h5() -> Any:
    """The library.

    Raises:
        Unsupported: it is not installed.
    """
    try:
        import h5py  # type: ignore[import-untyped]
    except ImportError:
        raise Unsupported("HDF5 cannot be read: h5py is not installed") from None
    return h5py


@dataclass(slots=True, eq=False)
class Entry:
    """A group, a data set or a named type.

    Attributes:
        path: Its path, escaped.
        name: The last part of it.
        thing: The object of h5py.
        group: True for a group.
        children: What a group holds, by name.
        attributes: Values by name; arrays and scalars of NumPy, texts, bytes.
        gaps: What of it could not be read, and why.
        links: Links that are not followed.
    """

    path: str
    name: str
    thing: Any
    group: bool
    children: dict[str, Entry] = field(default_factory=dict)
    attributes: dict[str, Any] = field(default_factory=dict)
    gaps: list[tuple[str, ReadError]] = field(default_factory=list)
    links: list[tuple[str, bool]] = field(default_factory=list)

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of a data set; () for a scalar, an empty one or a group."""
        return () if self.group else tuple(self.thing.shape or ())

    @property
    def dtype(self) -> Any:
        """The type of a data set."""
        return self.thing.dtype

    def text(self, name: str) -> str:
        """An attribute as text, "" where there is none."""
        return as_text(self.attributes.get(name))

    def walk(self) -> Iterator[Entry]:
        """This object and everything beneath it."""
        stack = [self]
        while stack:
            entry = stack.pop()
            yield entry
            stack.extend(reversed(entry.children.values()))


def as_text(value: Any) -> str:
    """A text attribute, also one of bytes or of a single element; "" for anything else."""
    if getattr(value, "size", 0) == 1 and getattr(value, "shape", ()):
        value = value.reshape(-1)[0]
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return value if isinstance(value, str) else ""


def open_store(source: Source, reading: Reading) -> Any:
    """The file, from its path or from memory.

    Raises:
        Malformed: it is damaged. LimitReached: it is too large to hold.
    """
    library = h5()
    try:
        if source.path:
            return library.File(source.path, "r", locking=False)
        image = source.read(reading.limits.member_bytes)
        return library.File(library.h5f.open_file_image(image))
    except DAMAGE as error:
        raise Malformed(f"HDF5: {type(error).__name__}") from None


def walk_store(store: Any, reading: Reading) -> Entry:
    """All objects by their hard links; soft and external links are noted and never followed."""
    root = Entry(path="", name="", thing=store["/"], group=True)
    seen = {_address(root.thing)}
    _fill(root, seen, reading, 0)
    return root


def _fill(entry: Entry, seen: set[int], reading: Reading, depth: int) -> None:
    library = h5()
    reading.spend(members=1)
    entry.attributes = _attributes(entry)
    if not entry.group:
        return
    if depth > _DEEPEST:
        entry.gaps.append(("", LimitReached("depth", _DEEPEST, depth)))
        return
    for name in _names(entry):
        shown = safe_name(name)
        path = f"{entry.path}/{shown}" if entry.path else shown
        try:
            link = entry.thing.get(name, getlink=True)
            if not isinstance(link, library.HardLink):
                entry.links.append((path, not isinstance(link, library.SoftLink)))
                continue
            thing = entry.thing[name]
            address = _address(thing)
        except DAMAGE:
            entry.gaps.append((path, Malformed("an object that cannot be opened")))
            continue
        if address in seen:
            continue
        seen.add(address)
        child = Entry(path=path, name=shown, thing=thing, group=isinstance(thing, library.Group))
        _fill(child, seen, reading, depth + 1)
        if isinstance(thing, library.Group | library.Dataset):
            entry.children[shown] = child


def _names(entry: Entry) -> Iterator[str]:
    names = iter(entry.thing)
    while True:
        try:
            yield next(names)
        except StopIteration:
            return
        except DAMAGE:
            entry.gaps.append(("", Malformed("a group that cannot be listed")))
            return


def _address(thing: Any) -> int:
    return int(h5().h5o.get_info(thing.id).addr)


def _attributes(entry: Entry) -> dict[str, Any]:
    library = h5()
    found: dict[str, Any] = {}
    try:
        count = library.h5a.get_num_attrs(entry.thing.id)
    except DAMAGE:
        count = 0
        entry.gaps.append((entry.path, Malformed("attributes that cannot be listed")))
    for place in range(count):
        try:
            handle = library.h5a.open(entry.thing.id, index=place)
            name = handle.name.decode("utf-8", "surrogateescape")
            size = math.prod(handle.shape or ()) * handle.dtype.itemsize
            if size > _ATTRIBUTE_BYTES:
                entry.gaps.append((f"{entry.path}@{place + 1}", LimitReached("member_bytes", _ATTRIBUTE_BYTES, size)))
                continue
            found[safe_name(name)] = entry.thing.attrs[name]
        except DAMAGE:
            entry.gaps.append((f"{entry.path}@{place + 1}", Malformed("an attribute that cannot be read")))
    return found


def guard(entry: Entry, reading: Reading) -> None:
    """Refuse a data set that leads out of the file, needs a plug-in, or declares far more than the file holds.

    Raises:
        Unsupported: it is stored elsewhere or by an unknown filter. LimitReached: it is too large. Malformed: it is damaged.
    """
    library, data, limits = h5(), entry.thing, reading.limits
    try:
        plan = data.id.get_create_plist()
        outside = plan.get_layout() == library.h5d.VIRTUAL or plan.get_external_count() > 0
        filters = (
            {int(plan.get_filter(place)[0]) for place in range(plan.get_nfilters())} if plan.get_layout() == library.h5d.CHUNKED else set()
        )
        chunk = math.prod(data.chunks) * data.dtype.itemsize if data.chunks else 0
        logical, stored = math.prod(entry.shape) * data.dtype.itemsize, int(data.id.get_storage_size())
    except DAMAGE as error:
        raise Malformed(f"HDF5: {type(error).__name__}") from None
    if outside:
        raise Unsupported("a data set that is stored in another file")
    if filters - _FILTERS:
        raise Unsupported("a filter of HDF5 that is not known")
    if len(entry.shape) > _AXES:
        raise Malformed("a data set of too many axes")
    if chunk > limits.member_bytes:
        raise LimitReached("member_bytes", limits.member_bytes, chunk)
    if logical > limits.ratio_floor_bytes and logical > limits.ratio * max(stored, 1):
        raise LimitReached("ratio", limits.ratio, logical / max(stored, 1))
    reading.spend(expanded=logical)
