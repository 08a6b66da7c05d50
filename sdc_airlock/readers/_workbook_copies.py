"""What a workbook keeps of data that lie elsewhere: records behind pivot tables, values of linked workbooks."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from itertools import zip_longest
from typing import TYPE_CHECKING

from sdc_airlock.errors import LimitReached
from sdc_airlock.model.content import Grid, GridSource, Oddity, OddityKind, TextRole, Unread, UnreadReason
from sdc_airlock.readers import Item
from sdc_airlock.readers._cells import Cells, grids
from sdc_airlock.readers._numbers import number_text
from sdc_airlock.readers._package import Package
from sdc_airlock.readers._relationships import targets
from sdc_airlock.readers._sheet import place
from sdc_airlock.readers._xml import attribute, feed

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element


def pivot_cache(package: Package, info: zipfile.ZipInfo, root: Element) -> Iterator[Item]:
    """The records that a pivot table keeps, or the distinct values where it keeps no records."""
    fields = [
        (attribute(item, "name"), [_value(value) for shared in item.iter("sharedItems") for value in shared])
        for item in root.iter("cacheField")
    ]
    part_id = package.number("pivotcache")
    header = tuple(name for name, _ in fields)
    linked = set(targets(package, info.filename).values())
    records = [member for member in package.members if member.filename in linked and member.filename not in package.done]
    kept = 0
    for member in records:
        rows, used = _records(package, member, fields)
        kept += len(rows)
        if rows:
            yield Grid(part_id=part_id, rows=(header, *rows), source=GridSource.RECORDS, hidden=True, header_rows=1)
        fields = [
            (name, [item for number, item in enumerate(items) if number not in used[column]]) for column, (name, items) in enumerate(fields)
        ]
    yield Oddity(
        part_id=part_id,
        kind=OddityKind.HIDDEN_CELLS,
        detail="records kept for a pivot table",
        size=kept + sum(len(items) for _, items in fields) or None,
    )
    if any(items for _, items in fields):
        columns = zip_longest(*(items for _, items in fields), fillvalue="")
        yield Grid(part_id=f"{part_id} items", rows=(header, *columns), source=GridSource.RECORDS, hidden=True, header_rows=1)


def loose_records(package: Package, info: zipfile.ZipInfo) -> Iterator[Item]:
    """Records of a pivot table that no definition points to."""
    if info.filename in package.done:
        return
    part_id = package.number("pivotrecords")
    rows, _ = _records(package, info, [])
    yield Oddity(part_id=part_id, kind=OddityKind.HIDDEN_CELLS, detail="records kept for a pivot table", size=len(rows))
    yield Unread(part_id=part_id, why=UnreadReason.MALFORMED, detail="pivot records without their definition")
    if rows:
        yield Grid(part_id=part_id, rows=tuple(rows), source=GridSource.RECORDS, hidden=True, header_rows=0)


def _value(element: Element) -> str:
    return number_text(attribute(element, "v")) if element.tag == "n" else attribute(element, "v")


def _records(package: Package, info: zipfile.ZipInfo, fields: list[tuple[str, list[str]]]) -> tuple[list[tuple[str, ...]], list[set[int]]]:
    """Rows of a pivot cache, and the shared items that they use, by field."""
    rows: list[tuple[str, ...]] = []
    used: list[set[int]] = [set() for _ in fields]
    row: list[str] = []
    seen = 0
    limit = package.reading.limits.cells

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal seen
        if name == "r":
            row.clear()
        elif name in ("x", "n", "s", "d", "b", "e", "m"):
            value = attributes.get("v", "")
            column = len(row)
            if name == "x" and column < len(fields) and value.isdigit() and int(value) < len(fields[column][1]):
                used[column].add(int(value))
                value = fields[column][1][int(value)]
            row.append(number_text(value) if name == "n" else value)
            seen += 1
            if seen > limit:
                raise LimitReached("cells", limit, seen)

    def end(name: str) -> None:
        if name == "r":
            rows.append(tuple(row))

    feed(package.stream(info), start=start, end=end, text=lambda _text: None)
    package.done.add(info.filename)
    return rows, used


def external_link(package: Package, _info: zipfile.ZipInfo, root: Element) -> Iterator[Item]:
    """Cells of another workbook that this one remembers."""
    part_id = package.number("external")
    yield Oddity(part_id=part_id, kind=OddityKind.EXTERNAL_REFERENCE, detail="link to another workbook or program")
    for number, sheet in enumerate(root.iter("sheetData"), start=1):
        cells = Cells(limit=package.reading.limits.cells)
        for cell in sheet.iter("cell"):
            at = place(attribute(cell, "r"))
            text = "".join(value.text or "" for value in cell.iter("v"))
            if at is not None:
                cells.put(*at, text if attribute(cell, "t") == "str" else number_text(text))
        yield from grids(cells, f"{part_id}!{number}", hidden=True)
    lines = [
        attribute(item, key)
        for item in root.iter()
        for key in ("val", "name", "refersTo", "ddeService", "ddeTopic", "progId")
        if attribute(item, key)
    ]
    lines += [value.text for item in root.iter("value") for value in item.iter("val") if value.text]
    if lines:
        yield from package.texts(part_id, "\n".join(lines), TextRole.METADATA, hidden=True)
