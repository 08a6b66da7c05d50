"""pandas objects in a pickle as named columns: frames, series and indexes in the layouts of pandas 1 to 3."""

from __future__ import annotations

import struct
from itertools import pairwise
from typing import TYPE_CHECKING, Any, TypeAlias

from sdc_airlock.readers._build import scalar_text
from sdc_airlock.readers._pickle_nodes import Global, Made, Pairs
from sdc_airlock.readers._pickle_numpy import Found, array_of, bytes_of, called, members, scalar_of, text_of

if TYPE_CHECKING:
    import numpy.typing as npt

    Vector: TypeAlias = npt.NDArray[Any] | list[Any]

_NESTED = 12
_FRAMES = frozenset({"DataFrame", "Series", "GeoDataFrame", "GeoSeries"})
_MANAGERS = frozenset({"BlockManager", "SingleBlockManager"})
_INNER = ("_pa_array", "_data", "_ndarray", "_codes")
_MOST_COLUMNS = 1_000_000
_ARROW_NUMBERS = {
    "int8": "i1", "int16": "<i2", "int32": "<i4", "int64": "<i8", "uint8": "u1", "uint16": "<u2", "uint32": "<u4", "uint64": "<u8",
    "halffloat": "<f2", "float": "<f4", "double": "<f8", "float32": "<f4", "float64": "<f8", "date32[day]": "<i4", "timestamp[ns]": "<M8[ns]",
    "timestamp[us]": "<M8[us]", "timestamp[ms]": "<M8[ms]", "timestamp[s]": "<M8[s]",
}  # fmt: skip


def is_frame(node: Any) -> bool:
    """True for a data frame, a series or an index."""
    module, name = called(node)
    return module.partition(".")[0] in ("pandas", "geopandas") and (name in _FRAMES or name in ("_new_Index", "_new_DatetimeIndex"))


class FrameReader:
    """Reads the pandas objects of one pickle.

    Args:
        data: The pickle, for arrays that joblib wrote between its opcodes.

    Attributes:
        aside: Cells that are more than a plain value.
        used: Arrays whose values stand in the columns, by identity.
    """

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.aside: list[Any] = []
        self.used: set[int] = set()

    def columns(self, node: Any) -> list[tuple[str, Vector]] | None:
        """The columns of a frame, its index first where it is more than a count; None where they cannot be made out."""
        if called(node)[1] in ("_new_Index", "_new_DatetimeIndex"):
            found = self._index(node, "index")
            return found or None
        manager = node.attribute("_mgr") or node.attribute("_data")
        if manager is None and isinstance(node.state, Made):
            manager = node.state
        if manager is None and type(node.args) is tuple and node.args and isinstance(node.args[0], Made):
            manager = node.args[0]
        if called(manager)[1] not in _MANAGERS:
            return None
        blocks, axes = self._manager(manager)
        if not axes:
            return None
        single = called(manager)[1] == "SingleBlockManager" or len(axes) == 1
        names = [text_of(node.attribute("_name")) or ""] if single else self._names(axes[0])
        values = self._values(blocks, len(names))
        index = self._index(axes[-1], "")
        rows = max((len(vector) for vector in values if vector is not None), default=len(index[0][1]) if index else 0)
        if any(vector is None or len(vector) != rows for vector in values):
            return None
        index = [(name, vector) for name, vector in index if len(vector) == rows]
        return [*index, *((name, vector) for name, vector in zip(names, values, strict=True) if vector is not None)]

    # blocks

    def _manager(self, manager: Made) -> tuple[list[tuple[Any, Any]], list[Any]]:
        """Blocks as values and places, and axes."""
        args = manager.args if type(manager.args) is tuple else ()
        if len(args) == 2 and (type(args[0]) in (tuple, list) or called(args[0])[1] in ("_unpickle_block", "make_block")):
            blocks = args[0] if type(args[0]) in (tuple, list) else (args[0],)
            axes = members(args[1]) or [args[1]]
            return [block for each in blocks if (block := _block(each)) is not None], axes
        state = manager.state
        if type(state) is tuple and len(state) >= 4 and isinstance(state[3], Pairs):
            inner = next((value for _, value in state[3].pairs if isinstance(value, Pairs)), None)
            if inner is not None:
                found = [(block.get("values"), block.get("mgr_locs")) for block in members(inner.get("blocks")) if isinstance(block, Pairs)]
                return found, members(inner.get("axes"))
        return [], []

    def _values(self, blocks: list[tuple[Any, Any]], width: int) -> list[Vector | None]:
        """The column at each place."""
        columns: list[Vector | None] = [None] * min(width, _MOST_COLUMNS)
        for values, where in blocks:
            places = self._places(where, width)
            found = self._array(values)
            if found is not None and len(found.shape) == 2:
                for row, place in enumerate(places[: found.shape[0]]):
                    columns[place] = _row(found, row, self.aside)
            else:
                vector = self.vector(values)
                for place in places[:1]:
                    columns[place] = vector
        return columns

    def _places(self, where: Any, width: int) -> list[int]:
        module, name = called(where)
        if name == "slice" and module in ("builtins", "__builtin__") and type(where.args) is tuple:
            bounds = [each if type(each) is int else None for each in where.args]
            return list(range(width))[slice(*bounds)] if 1 <= len(bounds) <= 3 and 0 not in bounds[2:] else []
        vector = self.vector(where)
        return [int(place) for place in vector if 0 <= int(place) < width] if vector is not None else []

    # indexes

    def _names(self, axis: Any) -> list[str]:
        """Names of columns; those with several levels joined."""
        found = [vector for _, vector in self._index(axis, "", counted=True)]
        return [".".join(scalar_text(level) for level in levels if level is not None) for levels in zip(*found, strict=False)]

    def _index(self, node: Any, default: str, *, counted: bool = False) -> list[tuple[str, Vector]]:
        """The levels of an index; none for one that only counts, unless they are asked for."""
        args = node.args if isinstance(node, Made) and type(node.args) is tuple else ()
        about = args[1] if len(args) == 2 and isinstance(args[1], Pairs) else None
        if about is None:
            vector = self.vector(node)
            return [] if vector is None else [(default, vector)]
        name = text_of(about.get("name")) or default
        start, stop, step = (about.get(word) for word in ("start", "stop", "step"))
        if type(start) is int and type(stop) is int and type(step) is int and step:
            numbers = range(start, stop, step)
            return [(name, list(numbers))] if counted and len(numbers) <= _MOST_COLUMNS else []
        if about.get("levels") is not None:
            return self._levels(about, default)
        vector = self.vector(about.get("data"))
        return [] if vector is None else [(name, vector)]

    def _levels(self, about: Pairs, default: str) -> list[tuple[str, Vector]]:
        names = [text_of(name) or default for name in members(about.get("names"))]
        found: list[tuple[str, Vector]] = []
        codes_of = about.get("codes") if about.get("codes") is not None else about.get("labels")
        for place, (level, codes) in enumerate(zip(members(about.get("levels")), members(codes_of), strict=False)):
            inner = self._index(level, "", counted=True)
            vector, numbers = (inner[0][1] if inner else None), self.vector(codes)
            if vector is not None and numbers is not None:
                found.append((names[place] if place < len(names) else default, _taken(vector, numbers)))
        return found

    # vectors

    def _array(self, node: Any) -> Found | None:
        found = array_of(node, self.data)
        if found is not None:
            self.used.add(id(node))
        return found

    def vector(self, node: Any, level: int = 0) -> Vector | None:
        """A node as one column, None where it is none."""
        found = self._array(node)
        if found is not None:
            return _flat(found, self.aside)
        if level > _NESTED:
            return None
        if type(node) in (list, tuple):
            cells = [scalar_of(each) for each in node]
            return [value for _, value in cells] if all(known for known, _ in cells) else None
        if not isinstance(node, Made):
            return None
        name = called(node)[1]
        if name == "_new_Index":
            index = self._index(node, "", counted=True)
            return index[0][1] if index else None
        if name in ("_restore_array", "chunked_array"):
            return self._arrow(node, level)
        return self._extension(node, level)

    def _extension(self, node: Made, level: int) -> Vector | None:
        """The arrays of pandas that are more than NumPy's."""
        inner = next((found for word in _INNER if (found := node.attribute(word)) is not None), None)
        if inner is None:
            parts = members(node.state) or (members(node.args)[2:] if called(node)[1].startswith("__pyx_unpickle") else [])
            parts = [each for part in parts for each in (part if type(part) is tuple else (part,))]
            inner = next((part for part in parts if self._array(part) is not None), None)
            dtype = next((part for part in parts if called(part)[1].endswith("Dtype")), None)
        else:
            dtype = node.attribute("_dtype")
        vector = self.vector(inner, level + 1) if inner is not None else None
        if vector is None:
            return None
        categories = self._categories(dtype, level)
        if categories is not None:
            return _taken(categories, vector)
        mask = self.vector(node.attribute("_mask"), level + 1) if node.attribute("_mask") is not None else None
        if mask is not None and len(mask) == len(vector):
            return [None if hidden else value for value, hidden in zip(_listed(vector), _listed(mask), strict=True)]
        return vector

    def _categories(self, dtype: Any, level: int) -> Vector | None:
        if called(dtype)[1] != "CategoricalDtype":
            return None
        categories = dtype.attribute("categories") or next(iter(members(dtype.args)), None)
        return self.vector(categories, level + 1)

    def _arrow(self, node: Made, level: int) -> Vector | None:
        """The arrays of Arrow, from their buffers."""
        args = node.args if type(node.args) is tuple else ()
        self.used.add(id(node))
        if called(node)[1] == "chunked_array":
            chunks = [self.vector(chunk, level + 1) for chunk in members(args[0])] if args else []
            whole = [chunk for chunk in chunks if chunk is not None]
            return [value for chunk in whole for value in _listed(chunk)] if len(whole) == len(chunks) else None
        parts = args[0] if args and type(args[0]) is tuple else args
        if len(parts) < 5 or type(parts[1]) is not int or type(parts[3]) is not int or parts[1] < 0 or parts[3] < 0:
            return None
        kind = text_of(members(parts[0].args)[0]) if isinstance(parts[0], Made) and members(parts[0].args) else None
        kind = kind or {"string": "string", "large_string": "large_string"}.get(called(parts[0])[1], "")
        buffers = [_buffer(each) for each in members(parts[4])]
        try:
            values = _decoded(kind, buffers, parts[1], parts[3])
        except (struct.error, ValueError, TypeError, IndexError):
            return None
        valid = buffers[0] if buffers else None
        if values is None or not valid:
            return values
        return [
            value if valid[at // 8] >> at % 8 & 1 else None for at, value in enumerate(_listed(values), parts[3]) if at // 8 < len(valid)
        ]


def _block(node: Any) -> tuple[Any, Any] | None:
    args = node.args if isinstance(node, Made) and type(node.args) is tuple else ()
    return (args[0], args[1]) if len(args) >= 2 else None


def _buffer(node: Any) -> bytes | None:
    return bytes_of(node.args[0]) if isinstance(node, Made) and type(node.args) is tuple and node.args else None


def _decoded(kind: str, buffers: list[bytes | None], length: int, offset: int) -> Vector | None:
    import numpy as np

    if kind in ("string", "large_string") and len(buffers) >= 3 and buffers[1] is not None:
        width, text = ("<i8" if kind == "large_string" else "<i4"), buffers[2] or b""
        ends = np.frombuffer(buffers[1], width, length + 1, offset * int(width[-1])).tolist()
        return [text[start:end].decode("utf-8", "replace") if 0 <= start <= end else "" for start, end in pairwise(ends)]
    if kind == "bool" and len(buffers) >= 2 and buffers[1] is not None and length <= 8 * len(buffers[1]):
        bits = buffers[1]
        return [bool(bits[at // 8] >> at % 8 & 1) for at in range(offset, offset + length)]
    code = _ARROW_NUMBERS.get(kind)
    if code is None or len(buffers) < 2 or buffers[1] is None:
        return None
    return np.frombuffer(buffers[1], code, length, offset * np.dtype(code).itemsize)


def _row(found: Found, row: int, aside: list[Any]) -> Vector | None:
    """A column of a block: one of its rows."""
    if found.values is not None:
        vector: npt.NDArray[Any] = found.values[row]
        return vector
    length = found.shape[1]
    if found.objects is None or len(found.objects) < (row + 1) * length:
        return None
    return scalars(found.objects[row * length : (row + 1) * length], aside)


def _flat(found: Found, aside: list[Any]) -> Vector | None:
    if found.values is not None:
        flat: npt.NDArray[Any] = found.values.reshape(-1)
        return flat
    return None if found.objects is None else scalars(found.objects, aside)


def scalars(nodes: list[Any], aside: list[Any]) -> list[Any]:
    """Cells; what is no plain value is put aside, and a list of plain values is written out."""
    cells = []
    for node in nodes:
        known, value = scalar_of(node)
        if not known and not isinstance(node, Global) and called(node)[1] not in ("NA", "NaT"):
            aside.append(node)
            value = _packed(node)
        cells.append(value)
    return cells


def _packed(node: Any) -> str:
    """A cell that holds several values, written out."""
    parts = [scalar_of(each) for each in members(node)]
    return " ".join(scalar_text(value) for known, value in parts if known)


def _taken(values: Vector, codes: Vector) -> list[Any]:
    listed = _listed(values)
    return [listed[int(code)] if type(code) is int and 0 <= code < len(listed) else None for code in _listed(codes)]


def _listed(vector: Vector) -> list[Any]:
    if isinstance(vector, list):
        return vector
    if vector.dtype.kind in "mM":
        return [None if str(value) == "NaT" else str(value) for value in vector]
    listed: list[Any] = vector.tolist()
    return listed
