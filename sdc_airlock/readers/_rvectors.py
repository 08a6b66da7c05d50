"""Vectors, factors, dates, matrices and data frames of R as Arrow columns."""

from __future__ import annotations

from collections.abc import Iterator
from math import prod
from typing import TYPE_CHECKING, Any

from sdc_airlock.readers._build import number_array, scalar_text
from sdc_airlock.readers._rwalk import Node

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pyarrow as pa

ATOMIC = frozenset({"logical", "integer", "real", "complex", "string"})
TABLES = frozenset({"table", "xtabs", "ftable"})
_MISSING = -(2**31)
_DAYS = 2**31
_SECONDS = 2**36
_DEEPEST_FRAME = 5


def is_frame(node: Node) -> bool:
    """True for a data frame, also one whose class was dropped but that has row names."""
    return node.kind == "list" and bool(node.values) and ("data.frame" in node.classes or "row.names" in node.attributes)


def shape(node: Node) -> tuple[int, ...]:
    """The dim attribute, where it fits."""
    found = node.attributes.get("dim")
    if found is None or found.kind not in ("integer", "real"):
        return ()
    sizes = tuple(int(size) for size in found.values.tolist() if size >= 0)
    return sizes if len(sizes) == len(found.values) and prod(sizes) == len(node.values) else ()


def names_of(node: Node) -> list[str]:
    """Names of the elements, "" where there are none."""
    if node.kind in ("list", "expression") or node.kind in ATOMIC:
        found = node.texts("names")
        return (found + [""] * len(node.values))[: len(node.values)]
    return node.names


def array_of(node: Node) -> pa.Array[Any]:
    """An atomic vector as a column: factors as text, dates as dates, whole numbers as such."""
    import numpy as np
    import pyarrow as pa

    classes = node.classes
    if node.kind == "string":
        return pa.array([None if text is None else scalar_text(text) for text in node.values], pa.string())
    if node.kind == "complex":
        return pa.array([scalar_text(value) for value in node.values.tolist()], pa.string())
    values: npt.NDArray[Any] = node.values
    missing = values == _MISSING if node.kind in ("integer", "logical") else np.isnan(values)
    if node.kind == "logical":
        return pa.array(values != 0, pa.bool_(), mask=missing)
    levels = node.texts("levels")
    if node.kind == "integer" and levels:
        return pa.array([levels[code - 1] if 0 < code <= len(levels) else None for code in values.tolist()], pa.string())
    if "integer64" in classes and node.kind == "real":
        whole = values.view(np.int64)
        return pa.array(whole, mask=whole == np.iinfo(np.int64).min)
    if "Date" in classes and _within(values, missing, _DAYS):
        days: pa.Array[Any] = pa.array(np.where(missing, 0, values).astype("datetime64[D]"), mask=missing)
        return days
    if "POSIXct" in classes and _within(values, missing, _SECONDS):
        seconds: pa.Array[Any] = pa.array(np.where(missing, 0, values).astype("datetime64[s]"), mask=missing)
        return seconds
    return pa.array(values, mask=missing) if node.kind == "integer" else number_array(values)


def _within(values: npt.NDArray[np.float64], missing: npt.NDArray[np.bool_], most: int) -> bool:
    import numpy as np

    return bool((np.abs(values[~missing]) < most).all())


def frame_columns(node: Node, level: int = 0) -> Iterator[tuple[str, pa.Array[Any]]]:
    """The columns of a data frame; matrices and frames inside it give several, lists give text."""
    names = names_of(node)
    rows = _rows(node)
    if level == 0 and rows is not None:
        yield "row.names", rows
    for place, (name, column) in enumerate(zip(names, node.values, strict=True), 1):
        yield from _column(scalar_text(name) or f"V{place}", column, level)


def _rows(node: Node) -> pa.Array[Any] | None:
    """Row names that say more than the number of the row."""
    import numpy as np

    found = node.attributes.get("row.names")
    if found is None or found.kind not in ("string", "integer") or not len(found.values):
        return None
    if found.kind == "integer" and (found.values[0] == _MISSING or (found.values == np.arange(1, len(found.values) + 1)).all()):
        return None
    if found.kind == "string" and found.values == [str(number) for number in range(1, len(found.values) + 1)]:
        return None
    return array_of(found)


def _column(name: str, column: Node, level: int) -> Iterator[tuple[str, pa.Array[Any]]]:
    import pyarrow as pa

    sizes = shape(column) if column.kind in ATOMIC else ()
    if len(sizes) == 2:
        yield from ((f"{name}.{inner}", array) for inner, array in matrix_columns(column, sizes))
    elif column.kind in ATOMIC:
        yield name, array_of(column)
    elif is_frame(column) and level < _DEEPEST_FRAME:
        yield from ((f"{name}.{inner}", array) for inner, array in frame_columns(column, level + 1))
    elif "POSIXlt" in column.classes:
        yield from (
            (f"{name}.{inner}", array_of(field))
            for inner, field in zip(names_of(column), column.values, strict=True)
            if field.kind in ATOMIC
        )
    elif column.kind == "list":
        yield name, pa.array([_joined(cell) for cell in column.values], pa.string())


def _joined(cell: Node) -> str:
    """A cell that is a vector, written with its values side by side."""
    return "; ".join(map(scalar_text, array_of(cell).to_pylist())) if cell.kind in ATOMIC else ""


def dimension_names(node: Node, sizes: tuple[int, ...]) -> list[tuple[str, list[str]]]:
    """For each axis its name and its labels ([] where it has none)."""
    found = node.attributes.get("dimnames")
    labels = (
        [list(map(scalar_text, array_of(axis).to_pylist())) if axis.kind in ATOMIC else [] for axis in found.values]
        if found is not None and found.kind == "list"
        else []
    )
    names = found.texts("names") if found is not None else []
    axes = []
    for place, size in enumerate(sizes):
        own = labels[place] if place < len(labels) and len(labels[place]) == size else []
        axes.append((names[place] if place < len(names) else "", own))
    return axes


def matrix_columns(node: Node, sizes: tuple[int, ...]) -> Iterator[tuple[str, pa.Array[Any]]]:
    """The columns of a matrix, without its row names."""
    names = dimension_names(node, sizes)[1][1]
    flat = array_of(node)
    for place in range(sizes[1]):
        yield names[place] if names else "", flat.slice(place * sizes[0], sizes[0])


def long_columns(node: Node, sizes: tuple[int, ...], value_name: str) -> list[tuple[str, pa.Array[Any]]]:
    """A contingency table or an array of many axes: one row a cell, the labels of each axis and the value."""
    import numpy as np
    import pyarrow as pa

    columns: list[tuple[str, pa.Array[Any]]] = []
    before, cells = 1, prod(sizes)
    for place, ((name, labels), size) in enumerate(zip(dimension_names(node, sizes), sizes, strict=True), 1):
        codes = np.tile(np.repeat(np.arange(size), before), cells // (size * before) if size * before else 0)
        own = pa.array([labels[code] for code in codes.tolist()], pa.string()) if labels else pa.array(codes + 1)
        columns.append((scalar_text(name) or f"Var{place}", own))
        before *= size
    return [*columns, (value_name, array_of(node))]
