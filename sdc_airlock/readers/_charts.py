"""The numbers that a chart carries with it, as a grid."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest
from typing import TYPE_CHECKING

from sdc_airlock.errors import LimitReached
from sdc_airlock.model.content import Grid, GridSource
from sdc_airlock.readers._numbers import number_text
from sdc_airlock.readers._xml import local

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_AXES = ("cat", "xVal", "val", "yVal", "bubbleSize")
_SHARED = frozenset({"cat"})


def chart_grid(root: Element, part_id: str, *, limit: int) -> Grid | None:
    """Cached points of all series of a chart, one column each; None where it has none.

    Raises:
        LimitReached: more than `limit` points.
    """
    columns = list(_extended(root)) if any(local(child.tag) == "chartData" for child in root) else list(_columns(root))
    if not columns:
        return None
    seen = sum(len(points) for _, points in columns)
    if seen > limit:
        raise LimitReached("cells", limit, seen)
    header = tuple(name for name, _ in columns)
    rows = tuple(tuple(row) for row in zip_longest(*(points for _, points in columns), fillvalue=""))
    words = " ".join(_rich(root))
    return Grid(part_id=part_id, rows=(header, *rows), source=GridSource.RECORDS, before=words, header_rows=1)


def _columns(root: Element) -> Iterator[tuple[str, list[str]]]:
    shown: list[list[str]] = []
    for series in root.iter("ser"):
        name = next((point for axis in series if axis.tag == "tx" for level in _levels(axis) for point in level), "")
        for axis in series:
            if axis.tag not in _AXES:
                continue
            for points in _levels(axis):
                if axis.tag in _SHARED and points in shown:
                    continue
                shown.append(points)
                yield (name if axis.tag in ("val", "yVal") else "" if axis.tag == "cat" else f"{name} {axis.tag}".strip()), points
        for other in series:
            if other.tag in ("errBars", "extLst"):
                yield from ((f"{name} {other.tag}", points) for points in _levels(other) if points)


def _levels(axis: Element) -> Iterator[list[str]]:
    """The points below an element, one list for every cache or level of a cache."""
    for element in axis.iter():
        if element.tag in ("numCache", "strCache", "numLit", "strLit", "lvl", "datalabelsRange", "dlblRangeCache"):
            if points := _points(element):
                yield points
        elif element.tag == "tx" and (text := "".join(_rich(element))):
            yield [text]
    if axis.tag == "tx" and (direct := [child.text for child in axis if child.tag == "v" and child.text]):
        yield direct


def _points(cache: Element) -> list[str]:
    found = [
        (point.get("idx", ""), "".join(value.text or "" for value in point if value.tag == "v")) for point in cache if point.tag == "pt"
    ]
    if not found:
        return []
    numbers = [int(index) if index.isdigit() else position for position, (index, _) in enumerate(found)]
    length = max(numbers) + 1
    if length > 4 * len(found) + 64:
        return [number_text(text) for _, text in found]
    points = [""] * length
    for number, (_, text) in zip(numbers, found, strict=True):
        points[number] = number_text(text)
    return points


def _rich(element: Element) -> Iterator[str]:
    return (run.text for run in element.iter("t") if run.text)


def _extended(root: Element) -> Iterator[tuple[str, list[str]]]:
    """Columns of the newer chart kinds (histogram, box plot, treemap), which carry their data in one place."""
    for dimension in root.iter():
        if dimension.tag in ("strDim", "numDim"):
            for level in dimension.iter("lvl"):
                if points := [number_text(point.text or "") for point in level if point.tag == "pt"]:
                    yield dimension.get("type", ""), points
