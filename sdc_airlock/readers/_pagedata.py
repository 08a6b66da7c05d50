"""Data of figures and widgets in pages: Bokeh documents, Plotly layouts, DataTables, leaflet.

A figure kept as JSON is mostly settings (axes, tools, templates), which read like small tables. The data are taken out of it, and the
settings are read as text.
"""

from __future__ import annotations

import base64
import binascii
import gzip
import re
import zlib
from collections.abc import Generator, Iterator
from itertools import pairwise
from typing import Any

from sdc_airlock.model.content import TextRole
from sdc_airlock.readers import Item, Reading
from sdc_airlock.readers._asides import aside_items
from sdc_airlock.readers._build import scalar_text, table_of

_HEADER = re.compile(r"<th[^>]*>(.*?)</th>", re.DOTALL | re.IGNORECASE)
_TAG = re.compile(r"<[^<>]{0,400}>")
_FEWEST_ROWS = 5
_DEEPEST = 12
_SHORT_LIST = 20  # settings hold colour scales, ranges and tools, not data
_SHORT_TEXT = 200
LIBRARY_ROWS = 40
_LIBRARY_RECORDS = 10
_LIBRARY_NUMBERS = 5000
_TYPES = {
    "float64": "f8", "float32": "f4", "int32": "i4", "int16": "i2", "int8": "i1", "uint32": "u4", "uint16": "u2", "uint8": "u1", "bool": "?", "int64": "i8",
    "uint64": "u8",
}  # fmt: skip
_ARRAY_BYTES = 256 << 20
TYPED_ARRAY = re.compile(
    r"(?:Float(?:32|64)|U?[Ii]nt(?:8|16|32))Array\b[^;]{0,200}\batob\s*\(|\batob\s*\([^;]{0,400}(?:Float(?:32|64)|U?[Ii]nt(?:16|32))Array\b"
)


def column_tables(value: Any, part_id: str, reading: Reading) -> Iterator[Item]:
    """Tables out of columns that stand side by side as lists of one length."""
    for number, (names, columns) in enumerate(_columns(value, 0), start=1):
        reading.spend()
        yield table_of(f"{part_id}!columns{number}", list(zip(names, columns, strict=True)), named=any(names))


def _columns(value: Any, depth: int) -> Iterator[tuple[list[str], list[list[Any]]]]:
    if depth > _DEEPEST:
        return
    if isinstance(value, dict):
        data: Any = value.get("data")
        container = value.get("container")
        if isinstance(container, str) and _side_by_side(data):
            names = [_TAG.sub("", name).strip() for name in _HEADER.findall(container)]
            yield (names + [""] * len(data))[: len(data)], data
        arguments = value.get("args")
        if str(value.get("method", "")).startswith("add") and isinstance(arguments, list):
            lists = [child for child in arguments if isinstance(child, list)]
            if len(lists) > 1 and _side_by_side(lists):
                yield ["latitude", "longitude", *([""] * (len(lists) - 2))], [_plain(one) for one in lists]
                value = {key: child for key, child in value.items() if key != "args"}
        for child in value.values():
            yield from _columns(child, depth + 1)
    elif isinstance(value, list):
        lists = [child for child in value if isinstance(child, list)]
        # arguments of a call: lists of one length among single values
        if len(lists) < len(value) and len(lists) > 1 and _side_by_side(lists):
            yield [""] * len(lists), lists
        for child in value[:1000]:
            if isinstance(child, (dict, list)):
                yield from _columns(child, depth + 1)


def _plain(column: list[Any]) -> list[Any]:
    """Values of a column, texts without their tags."""
    return [_TAG.sub("", item) if isinstance(item, str) else item for item in column]


def _side_by_side(lists: Any) -> bool:
    """True for lists of single values, of one length, longer than they are many."""
    if not (isinstance(lists, list) and lists and all(isinstance(one, list) for one in lists)):
        return False
    lengths = {len(one) for one in lists}
    return (
        len(lengths) == 1
        and max(lengths) >= max(_FEWEST_ROWS, len(lists))
        and not any(isinstance(item, (dict, list)) for one in lists for item in one)
    )


def figure_items(value: Any, part_id: str, reading: Reading, *, depth: int) -> Generator[Item, None, Any]:
    """Data and settings of a figure that is kept as JSON; returns what is left to be read like any other value.

    Args:
        value: A value found in a page, a notebook or a file.
        part_id: Address of the value.
        reading: The budget.
        depth: Containers around it.
    """
    settings: list[str] = []
    if _is_bokeh(value):
        for number, columns in enumerate(_sources(value, 0), start=1):
            reading.spend()
            yield table_of(f"{part_id}!source{number}", columns)
        value = _pruned(value, "", settings, 0)
    elif isinstance(value, dict) and _is_layout(value):
        value = _pruned(value, "", settings, 0)
    elif (
        isinstance(value, dict)
        and isinstance(value.get("layout"), dict)
        and isinstance(value.get("data"), list)
        and _is_layout(value["layout"])
    ):
        traces = _titled(value["data"], value["layout"])
        rest = _pruned(value["layout"], "layout", settings, 0)
        value = {**value, "data": traces, "layout": rest}
        if rest is None:
            del value["layout"]
    if settings:
        text = scalar_text("\n".join(settings))
        yield from aside_items(f"{part_id}!settings", text, TextRole.CONFIG, reading=reading, depth=depth, hidden=False)
    return value


def with_axis_titles(values: list[Any]) -> list[Any]:
    """The arguments of calls in a page; traces that a Plotly layout follows have the titles of their axes for names."""
    titled = list(values)
    for place, (value, after) in enumerate(pairwise(values)):
        if isinstance(value, list) and isinstance(after, dict) and _is_layout(after):
            titled[place] = _titled(value, after)
    return titled


def _titled(traces: list[Any], layout: dict[str, Any]) -> list[Any]:
    """Traces whose x and y are called what the axes say they are."""
    return [_named_axes(trace, layout) if isinstance(trace, dict) else trace for trace in traces]


def _named_axes(trace: dict[str, Any], layout: dict[str, Any]) -> dict[str, Any]:
    names: dict[str, str] = {}
    for letter in ("x", "y"):
        axis = layout.get(f"{letter}axis{str(trace.get(f'{letter}axis', letter))[1:]}")
        title = axis.get("title") if isinstance(axis, dict) else None
        title = title.get("text") if isinstance(title, dict) else title
        said = _TAG.sub("", title).strip() if isinstance(title, str) else ""
        if isinstance(trace.get(letter), list) and said and len(said) <= _SHORT_TEXT and said not in trace and said not in names.values():
            names[letter] = said
    return {names.get(name, name): child for name, child in trace.items()}


def _is_bokeh(value: Any) -> bool:
    """True for the documents of a Bokeh page."""
    return (
        isinstance(value, dict)
        and bool(value)
        and all(isinstance(one, dict) and "roots" in one and "version" in one for one in value.values())
    )


def _is_layout(value: dict[str, Any]) -> bool:
    """True for the layout of a Plotly figure."""
    return isinstance(value.get("template"), dict) or (isinstance(value.get("xaxis"), dict) and isinstance(value.get("yaxis"), dict))


def _sources(value: Any, depth: int) -> Iterator[list[tuple[str, list[Any]]]]:
    """Columns of each data source of a Bokeh document; they are taken out of it."""
    if depth > 4 * _DEEPEST:
        return
    if isinstance(value, dict):
        if value.get("name") == "ColumnDataSource" or value.get("type") == "ColumnDataSource":
            attributes = value.get("attributes")
            if isinstance(attributes, dict) and (columns := _entries(attributes.pop("data", None))):
                for length in sorted({len(column) for _, column in columns}):
                    yield [(name, column) for name, column in columns if len(column) == length]
        for child in value.values():
            yield from _sources(child, depth + 1)
    elif isinstance(value, list):
        for child in value:
            yield from _sources(child, depth + 1)


def _entries(data: Any) -> list[tuple[str, list[Any]]]:
    entries = data.get("entries") if isinstance(data, dict) and isinstance(data.get("entries"), list) else None
    pairs = [(pair[0], pair[1]) for pair in entries if isinstance(pair, list) and len(pair) == 2] if entries is not None else []
    if not pairs and isinstance(data, dict):
        pairs = list(data.items())
    found = []
    for name, column in pairs:
        values = column if isinstance(column, list) else _array(column)
        if values is not None and not any(isinstance(item, (dict, list)) for item in values):
            found.append((scalar_text(name), values))
    return found


def _array(column: Any) -> list[Any] | None:
    """Values of an array that is packed into a string."""
    import numpy as np

    if not isinstance(column, dict):
        return None
    packed = column.get("array", column.get("__ndarray__"))
    packed = packed.get("data") if isinstance(packed, dict) else packed
    if isinstance(packed, list):
        return packed
    kind = _TYPES.get(str(column.get("dtype")))
    if kind is None or not isinstance(packed, str) or len(packed) > _ARRAY_BYTES:
        return None
    try:
        raw = base64.b64decode(packed)
        raw = gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" and len(raw) < _ARRAY_BYTES >> 8 else raw
        order = ">" if column.get("order") == "big" else "<"
        return list(np.frombuffer(raw, dtype=order + kind).tolist())
    except (binascii.Error, ValueError, zlib.error, OSError, EOFError):
        return None


def _pruned(value: Any, path: str, settings: list[str], depth: int) -> Any:
    """What is left of settings when single values and short lists have gone to `settings`; None where nothing is."""
    if depth > 4 * _DEEPEST:
        return value
    if isinstance(value, dict):
        kept = {
            key: rest
            for key, child in value.items()
            if (rest := _pruned(child, f"{path}.{key}" if path else str(key), settings, depth + 1)) is not None
        }
        return kept or None
    if isinstance(value, list):
        if len(value) > _SHORT_LIST:
            return value
        if all(not isinstance(item, (dict, list)) for item in value) and all(len(str(item)) <= _SHORT_TEXT for item in value):
            settings.append(f"{path}: {' '.join(map(scalar_text, value))}")
            return None
        left = [rest for item in value if (rest := _pruned(item, path, settings, depth + 1)) is not None]
        return left or None
    if isinstance(value, str) and len(value) > _SHORT_TEXT:
        return value
    settings.append(f"{path}: {scalar_text(value)}")
    return None


def outside_library(value: Any) -> bool:
    """True for a value in the code of a library that is no constant of it: records, a long matrix, or very many numbers."""
    if isinstance(value, dict):
        lists = [child for child in value.values() if isinstance(child, list) and len(child) >= LIBRARY_ROWS]
        return len(lists) > 1 or any(outside_library(child) for child in value.values() if isinstance(child, (dict, list)))
    if not isinstance(value, list):
        return False
    records = sum(isinstance(item, dict) and len(item) > 1 for item in value)
    rows = sum(isinstance(item, list) and len(item) > 1 for item in value)
    return records >= _LIBRARY_RECORDS or rows >= LIBRARY_ROWS or len(value) >= _LIBRARY_NUMBERS
