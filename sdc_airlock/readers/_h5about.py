"""What an HDF5 file says beside its data: names, shapes, attributes, single values; as text, or as tables where there are many."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from sdc_airlock.errors import LimitReached, Malformed, ReadError, Unsupported
from sdc_airlock.model.content import Oddity, OddityKind, Unread, UnreadReason
from sdc_airlock.readers import Item, Reading, gap
from sdc_airlock.readers._arrays import record_block
from sdc_airlock.readers._blocks import WIDEST, block_of_array, table_of_blocks
from sdc_airlock.readers._build import scalar_text, table_of
from sdc_airlock.readers._h5layouts import labels
from sdc_airlock.readers._h5store import DAMAGE, Entry
from sdc_airlock.readers._h5values import plain_pickle
from sdc_airlock.source import Source

SHORT = 200  # letters of a text that is said in one line; a longer one is read like a file
_SHORT_ATTRIBUTE = 40
_USUAL = frozenset(
    {
        "CLASS",
        "VERSION",
        "FLAVOR",
        "DIMENSION_LIST",
        "REFERENCE_LIST",
        "_Netcdf4Dimid",
        "_Netcdf4Coordinates",
        "encoding-version",
        "ordered",
    }
)
_OF_A_VARIABLE = frozenset(
    {"_FillValue", "missing_value", "scale_factor", "add_offset", "valid_min", "valid_max", "valid_range", "_ChunkSizes", "_DeflateLevel"}
)
_USUAL_CLASSES = frozenset({"GROUP", "TABLE", "ARRAY", "CARRAY", "EARRAY", "VLARRAY", "INDEX", "TINDEX", "DIMENSION_SCALE", "IMAGE", ""})


class Describer:
    """What is collected while objects are met.

    Attributes:
        texts: Lines of text.
        scalars: Single values, by the object they belong to and their name.
    """

    def __init__(self, source: Source, reading: Reading, root: Entry) -> None:
        self.source, self.reading, self.root = source, reading, root
        self.texts: list[str] = []
        self.scalars: dict[str, dict[str, Any]] = {}
        self._made = 0

    def address(self, entry: Entry, more: str = "") -> str:
        """The address of a part.

        Raises:
            LimitReached: there are more parts than sheets are read of a workbook.
        """
        self._made += 1
        self.reading.spend()
        if self._made > self.reading.limits.sheets:
            raise LimitReached("sheets", self.reading.limits.sheets, self._made)
        return f"{self.source.part_id}!{entry.path or '/'}{more}"

    def attempt(self, entry: Entry, items: Callable[[], Iterator[Item]]) -> Iterator[Item]:
        """Items, and a gap where the object cannot be read; caps on the whole file end the reading of it."""
        place = f"{self.source.part_id}!{entry.path or '/'}"
        try:
            yield from items()
        except LimitReached as error:
            if error.limit_name in ("sheets", "members", "expanded_bytes", "file_seconds"):
                raise
            yield gap(place, error)
        except ReadError as error:
            yield gap(place, error)
        except DAMAGE as error:
            yield gap(place, Malformed(f"HDF5: {type(error).__name__}"))

    def about(self, entry: Entry) -> Iterator[Item]:
        """Names, shapes and attributes as text; links that lead elsewhere and objects that cannot be opened as gaps."""
        if entry.path:
            self.texts.append(f"{entry.path} {entry.shape or ''}".rstrip())
        for path, error in entry.gaps:
            yield gap(f"{self.source.part_id}!{path or '/'}", error)
        for path, outside in entry.links:
            self.texts.append(f"{path} (link)")
            if outside:
                place = f"{self.source.part_id}!{path}"
                yield Oddity(part_id=place, kind=OddityKind.EXTERNAL_REFERENCE, detail="a link into another file")
                yield Unread(part_id=place, why=UnreadReason.UNSUPPORTED, detail="a link into another file is not followed")
        for name, value in entry.attributes.items():
            if name not in _USUAL or (name == "CLASS" and entry.text(name) not in _USUAL_CLASSES):
                yield from self.attempt(entry, lambda name=name, value=value: self._attribute(entry, name, value))  # type: ignore[misc]

    def _attribute(self, entry: Entry, name: str, value: Any) -> Iterator[Item]:
        import numpy as np

        place = f"{entry.path}@{name}"
        words = plain_pickle(value) if isinstance(value, bytes) else None
        if isinstance(value, np.ndarray) and value.dtype.names is None and value.size == 1:
            value = value.reshape(-1)[0]
        if words is not None:
            self.texts.append(f"{place}: {'; '.join(map(scalar_text, words))}")
        elif isinstance(value, bytes | str | np.bytes_ | np.str_):
            yield from self.words(entry, f"@{name}", value if isinstance(value, bytes) else str(value).encode("utf-8", "replace"))
        elif isinstance(value, np.generic) and value.dtype.kind in "biufc":
            if name in _OF_A_VARIABLE or self._of_pytables(entry) or value.dtype.kind == "c":
                self.texts.append(f"{place}: {scalar_text(value.item())}")
            else:
                self.scalars.setdefault(entry.path, {})[f"@{name}"] = value.item()
        elif isinstance(value, np.ndarray) and value.size and value.dtype.kind != "V":
            yield from self._attribute_array(entry, name, value)
        elif isinstance(value, np.ndarray | np.generic) and value.dtype.names:
            block = record_block(np.asarray(value).reshape(-1))
            yield table_of_blocks(self.address(entry, f"@{name}"), [block], self.reading, title=name, hidden=True)
        elif isinstance(value, np.ndarray | np.generic) and value.dtype.kind == "V" and value.size:
            raise Unsupported("values of no known type")

    def _of_pytables(self, entry: Entry) -> bool:
        """True for an object whose numbers PyTables writes for itself."""
        return "PYTABLES_FORMAT_VERSION" in self.root.attributes and entry.text("CLASS") != ""

    def _attribute_array(self, entry: Entry, name: str, value: Any) -> Iterator[Item]:
        if value.size > _SHORT_ATTRIBUTE:
            flat = value.reshape(len(value), -1) if value.ndim > 1 else value
            if flat.ndim > 1 and flat.shape[1] > WIDEST:
                flat = flat.reshape(-1)
            names = [name] if flat.ndim == 1 else [""] * flat.shape[1]
            block = block_of_array(names, flat)
            yield table_of_blocks(self.address(entry, f"@{name}"), [block], self.reading, named=flat.ndim == 1, title=name, hidden=True)
        else:
            block = block_of_array([name], value.reshape(-1))
            self.texts.append(f"{entry.path}@{name}: {'; '.join(labels(block, self.reading))}")

    def words(self, entry: Entry, more: str, data: bytes) -> Iterator[Item]:
        """A text: a line where it is short, a file of its own where it is long or no text."""
        try:
            text = data.rstrip(b"\0").decode("utf-8")
            plain = len(text) <= SHORT and "\0" not in text
        except UnicodeDecodeError:
            text, plain = "", False
        if plain:
            if text.strip():
                self.texts.append(f"{entry.path}{more}: {text}")
        else:
            yield from self.file(entry, more, data)

    def file(self, entry: Entry, more: str, data: bytes) -> Iterator[Item]:
        """Bytes that may be a file of some type."""
        self.reading.spend(members=1)
        yield from self.reading.descend(Source.of_bytes(data, part_id=self.address(entry, more), name="", depth=self.source.depth + 1))

    def named_values(self) -> Iterator[Item]:
        """Numbers and texts by name; where sibling objects have the same names they are one table with an object a row."""
        alike: dict[tuple[str, tuple[str, ...]], list[str]] = {}
        for path, found in self.scalars.items():
            alike.setdefault((path.rpartition("/")[0], tuple(found)), []).append(path)
        single: list[tuple[str, Any]] = []
        for number, ((parent, names), paths) in enumerate(alike.items(), 1):
            if len(paths) > 1:
                columns = [("name", [path.rpartition("/")[2] for path in paths])]
                columns += [(name.lstrip("@"), [self.scalars[path][name] for path in paths]) for name in names]
                place = f"{self.source.part_id}!{parent or '/'}!records{number}"
                yield table_of(place, columns, title=parent, hidden=all(name.startswith("@") for name in names))
                continue
            for name, value in self.scalars[paths[0]].items():
                place = f"{paths[0]}{'' if name.startswith('@') or not paths[0] else '/'}{name}"
                if isinstance(value, str) or name.startswith("@"):
                    self.texts.append(f"{place}: {scalar_text(value)}")
                else:
                    single.append((place, value))
        if single:
            columns = [("name", [name for name, _ in single]), ("value", [value for _, value in single])]
            yield table_of(f"{self.source.part_id}!values", columns)
