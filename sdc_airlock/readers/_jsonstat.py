"""JSON-stat, versions 1 and 2: a cube of numbers with labelled dimensions, expanded to one row a cell."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import Any

from sdc_airlock.errors import LimitReached

MEASURES = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Dataset:
    """The pieces of a cube as they stand in the document."""

    source: dict[str, Any]
    names: list[str]
    sizes: list[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Expanded:
    """One row a cell: a column for each dimension, then value and status.

    Attributes:
        about: Labels by code and what else is said of the dimensions.
        rest: What else the document holds.
    """

    columns: dict[str, list[Any]]
    title: str
    note: str
    about: dict[str, Any]
    rest: dict[str, Any]


def dataset_of(value: dict[str, Any]) -> Dataset | None:
    """The cube that an object is, or None."""
    dimension = value.get("dimension")
    if not isinstance(dimension, dict) or "value" not in value or not isinstance(value["value"], list | dict):
        return None
    names = value.get("id", dimension.get("id"))
    sizes = value.get("size", dimension.get("size"))
    if not isinstance(names, list) or not names or not all(isinstance(name, str) and name not in ("value", "status") for name in names):
        return None
    if len(set(names)) < len(names) or not all(isinstance(dimension.get(name), dict) for name in names):
        return None
    if not isinstance(sizes, list) or len(sizes) != len(names):
        sizes = [len(_labels(dimension[name], 0)[1]) or 1 for name in names]
    if not all(isinstance(size, int) and size >= 0 for size in sizes):
        return None
    return Dataset(source=value, names=names, sizes=sizes) if _fits(value, prod(sizes)) else None


def _fits(value: dict[str, Any], cells: int) -> bool:
    """True where every value and status has a cell."""
    for field in ("value", "status"):
        found = value.get(field)
        if isinstance(found, list) and len(found) > cells:
            return False
        if isinstance(found, dict) and not all(key.isdecimal() and len(key) < 12 and int(key) < cells for key in found):
            return False
    return True


def expand(dataset: Dataset, limit: int) -> Expanded:
    """Rows out of a cube.

    Raises:
        LimitReached: more than `limit` cells.
    """
    cells = prod(dataset.sizes)
    if cells * (len(dataset.names) + 1) > limit:
        raise LimitReached("cells", limit, cells * (len(dataset.names) + 1))
    columns: dict[str, list[Any]] = {}
    dimensions = dict(dataset.source["dimension"])
    codes: dict[str, Any] = {}
    after = cells
    for name, size in zip(dataset.names, dataset.sizes, strict=True):
        after = after // size if size else 0
        labels, codes[name], dimensions[name] = _labels(dimensions[name], size)
        before = cells // (size * after) if size * after else 0
        columns[name] = [label for _ in range(before) for label in labels for _ in range(after)]
    status = dataset.source.get("status")
    measured = {"value": _spread(dataset.source["value"], cells)}
    if isinstance(status, list | dict) and status:
        measured["status"] = _spread(status, cells)
    columns = _pivoted(columns, measured, dataset) if _metric(dataset) is not None else {**columns, **measured}
    used = {"value", "id", "size", "dimension"} | ({"status"} if "status" in measured else set())
    rest = {name: child for name, child in dataset.source.items() if name not in used}
    about = {**codes, "dimension": {name: child for name, child in dimensions.items() if name not in ("id", "size")}}
    note = "; ".join(str(child.get("label", "")) for child in dimensions.values() if isinstance(child, dict) and "label" in child)
    return Expanded(columns=columns, title=str(dataset.source.get("label", "")), note=note, about=about, rest=rest)


def _metric(dataset: Dataset) -> int | None:
    """The axis whose categories are measures, where the document names just one and it has few."""
    role = dataset.source.get("role", dataset.source["dimension"].get("role"))
    metric = role.get("metric") if isinstance(role, dict) else None
    if not isinstance(metric, list) or len(metric) != 1 or metric[0] not in dataset.names or len(dataset.names) == 1:
        return None
    axis = dataset.names.index(metric[0])
    return axis if 1 < dataset.sizes[axis] <= MEASURES and 0 not in dataset.sizes else None


def _pivoted(columns: dict[str, list[Any]], measured: dict[str, list[Any]], dataset: Dataset) -> dict[str, list[Any]]:
    """A column for each measure in place of one long column of values."""
    axis = _metric(dataset)
    if axis is None:
        return {**columns, **measured}
    size, after = dataset.sizes[axis], prod(dataset.sizes[axis + 1 :])
    block = size * after
    labels = columns[dataset.names[axis]]
    first = [start + place for start in range(0, prod(dataset.sizes), block) for place in range(after)]
    wide = {name: [cells[row] for row in first] for name, cells in columns.items() if name != dataset.names[axis]}
    for kind, cells in measured.items():
        for number in range(size):
            name = labels[number * after] if kind == "value" else f"{labels[number * after]} ({kind})"
            while name in wide:
                name += " (2)"
            wide[name] = [cells[row + number * after] for row in first]
    return wide


def _spread(found: list[Any] | dict[str, Any], cells: int) -> list[Any]:
    get = dict(enumerate(found)).get if isinstance(found, list) else {int(key): value for key, value in found.items()}.get
    return [value if not isinstance(value := get(cell), dict | list) else str(value) for cell in range(cells)]


def _labels(dimension: dict[str, Any], size: int) -> tuple[list[str], dict[str, Any], dict[str, Any]]:
    """Labels in order of position, labels by code, and what else the dimension says."""
    category = dimension.get("category")
    category = category if isinstance(category, dict) else {}
    index, names = category.get("index"), category.get("label")
    if isinstance(index, list):
        order = [str(code) for code in index]
    elif isinstance(index, dict) and all(isinstance(place, int) for place in index.values()):
        order = sorted(index, key=lambda code: index[code])
    else:
        order = list(names) if isinstance(names, dict) else []
    order += [f"category {place + 1}" for place in range(len(order), size)]
    known = names if isinstance(names, dict) else {}
    codes = {code: known.get(code, code) for code in {**dict.fromkeys(order), **known}}
    other = {name: child for name, child in category.items() if name not in ("index", "label")}
    return [str(codes[code]) for code in order[:size]], codes, {**dimension, "category": other}
