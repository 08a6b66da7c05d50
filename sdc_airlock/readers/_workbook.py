"""An OOXML workbook: its sheets, shown and hidden, and everything else in the package that carries data."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sdc_airlock.errors import LimitReached, ReadError
from sdc_airlock.model.content import Grid, GridSource, Oddity, OddityKind, TextRole, Unread, UnreadReason
from sdc_airlock.readers import Item, gap
from sdc_airlock.readers._asides import free_texts
from sdc_airlock.readers._cells import Cells, grids
from sdc_airlock.readers._formulas import calls_out
from sdc_airlock.readers._numbers import number_format
from sdc_airlock.readers._ooxml import common_part, first_root
from sdc_airlock.readers._package import Package, shown
from sdc_airlock.readers._relationships import targets
from sdc_airlock.readers._sheet import Book, Look, Sheet, array_rows, read_sheet, unescaped
from sdc_airlock.readers._workbook_copies import external_link, loose_records, pivot_cache
from sdc_airlock.readers._xml import attribute, feed, texts, tree

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_AUTOMATIC_NAME = re.compile(r"(?:_xlnm\.)?auto_(?:open|close|activate|deactivate).{0,40}", re.IGNORECASE)
_SHEET_ROOTS = frozenset({"worksheet", "chartsheet", "dialogsheet", "macrosheet"})
_WHITE = frozenset({"FFFFFFFF", "00FFFFFF", "FFFFFF"})


@dataclass
class Parts:
    """Members of a workbook by the name of their root element."""

    by_root: dict[str, list[zipfile.ZipInfo]] = field(default_factory=dict)

    def first(self, root: str) -> zipfile.ZipInfo | None:
        """The first part with this root."""
        found = self.by_root.get(root)
        return found[0] if found else None


def read_workbook(package: Package) -> Iterator[Item]:
    """Every part of the package, the sheets first."""
    parts = Parts()
    for info, root in first_root(package):
        if isinstance(root, ReadError):
            yield gap(package.address(shown(info.filename)), root)
        else:
            parts.by_root.setdefault(root, []).append(info)
    if not parts.first("workbook"):
        yield Unread(part_id=package.source.part_id, why=UnreadReason.MALFORMED, detail="the package has no workbook")
    book = Book()
    broken = yield from _prepare(package, parts, book)
    for kind in _sheets(package, parts, book):
        if isinstance(kind, Unread):
            broken = True
        yield kind
    if not broken:
        yield from _unused_strings(package, book)
    for root, members in sorted(parts.by_root.items(), key=lambda item: item[0] == "pivotCacheRecords"):
        for info in members:
            if root not in _SHEET_ROOTS:
                yield from _other_part(package, info, root)


def _prepare(package: Package, parts: Parts, book: Book) -> Generator[Item, None, bool]:
    """Shared strings and styles; returns True where something could not be read."""
    broken = False
    for root, load in (("sst", _load_strings), ("styleSheet", _load_styles)):
        for info in parts.by_root.get(root, []):
            try:
                text = load(package, info, book)
            except ReadError as error:
                broken = True
                yield gap(package.address(shown(info.filename)), error)
                continue
            if text:
                yield from package.texts(package.address(shown(info.filename)), text, TextRole.METADATA, hidden=True)
    return broken


def _load_strings(package: Package, info: zipfile.ZipInfo, book: Book) -> str:
    """Fill the shared strings; returns phonetic guides and comments, which no cell shows."""
    aside: list[str] = []
    current: list[str] = []
    state = {"text": False, "phonetic": False}
    strings = book.strings
    limit = package.reading.limits.cells

    def start(name: str, _attributes: dict[str, str]) -> None:
        if name == "si":
            current.clear()
        elif name == "rPh":
            state["phonetic"] = True
        elif name == "t":
            state["text"] = True

    def text(data: str) -> None:
        if state["text"]:
            (aside if state["phonetic"] else current).append(data)
        elif data.strip():
            aside.append(data)

    def end(name: str) -> None:
        if name == "si":
            strings.append(unescaped("".join(current)))
            if len(strings) > limit:
                raise LimitReached("cells", limit, len(strings))
        elif name == "rPh":
            state["phonetic"] = False
        elif name == "t":
            state["text"] = False

    feed(package.stream(info), start=start, end=end, text=text, comment=aside.append)
    package.done.add(info.filename)
    book.used = bytearray(len(strings))
    return "\n".join(aside)


def _load_styles(package: Package, info: zipfile.ZipInfo, book: Book) -> str:
    root = tree(package.read(info))
    codes = {
        int(attribute(item, "numFmtId", "0")): attribute(item, "formatCode")
        for item in root.iter("numFmt")
        if attribute(item, "numFmtId").isdigit()
    }
    white = [_white(font) for fonts in root.iter("fonts") for font in fonts]
    filled = [_filled(fill) for fills in root.iter("fills") for fill in fills]
    for formats in root.iter("cellXfs"):
        for style in formats:
            number, font, fill = (
                int(value) if (value := attribute(style, key, "0")).isdigit() else 0 for key in ("numFmtId", "fontId", "fillId")
            )
            book.faces.append({key: value for item in (style, *style) for key, value in item.attrib.items() if not key.startswith("apply")})
            invisible = font < len(white) and white[font] and not (fill < len(filled) and filled[fill])
            book.looks.append(Look(number=number_format(number, codes.get(number, "")), invisible=invisible))
    return "\n".join(name for item in root.iter("cellStyle") if len(name := attribute(item, "name")) > 64)


def _white(font: Element) -> bool:
    return any(
        item.tag == "color"
        and (attribute(item, "rgb").upper() in _WHITE or (attribute(item, "theme") == "0" and not attribute(item, "tint")))
        for item in font
    )


def _filled(fill: Element) -> bool:
    return any(item.tag == "gradientFill" or attribute(item, "patternType", "none") != "none" for item in fill)


def _sheets(package: Package, parts: Parts, book: Book) -> Iterator[Item]:
    """All sheets: those the workbook lists, then parts of the package that are sheets and are not listed."""
    members = {info.filename: info for root in _SHEET_ROOTS for info in parts.by_root.get(root, [])}
    workbook = parts.first("workbook")
    limit = package.reading.limits.sheets
    if len(members) > limit:
        yield gap(package.source.part_id, LimitReached("sheets", limit, len(members)))
        members = dict(list(members.items())[:limit])
    if workbook is not None:
        try:
            listed = _listed(package, workbook, book)
        except ReadError as error:
            yield gap(package.address("workbook"), error)
            listed = []
        for name, state, target in listed:
            info = members.pop(target, None)
            part_id = package.address(shown(name))
            if info is None:
                if target not in package.done:
                    yield Unread(part_id=part_id, why=UnreadReason.MALFORMED, detail="the sheet's part is missing")
                continue
            hidden = state in ("hidden", "veryHidden")
            if hidden:
                yield Oddity(
                    part_id=part_id, kind=OddityKind.HIDDEN_SHEET, detail="very hidden sheet" if state == "veryHidden" else "hidden sheet"
                )
            yield from _sheet(package, info, book, part_id, hidden=hidden)
    for info in members.values():
        part_id = package.number("unlisted sheet")
        yield Oddity(part_id=part_id, kind=OddityKind.HIDDEN_SHEET, detail="sheet that the workbook does not list")
        yield from _sheet(package, info, book, part_id, hidden=True)
    for info in parts.by_root.get("macrosheet", []):
        yield Oddity(part_id=package.address(shown(info.filename)), kind=OddityKind.MACRO, detail="macro sheet")


def _listed(package: Package, info: zipfile.ZipInfo, book: Book) -> list[tuple[str, str, str]]:
    """Name, state and member of each sheet the workbook lists."""
    root = tree(package.read(info))
    book.from_1904 = any(attribute(item, "date1904") in ("1", "true") for item in root.iter("workbookPr"))
    links = targets(package, info.filename)
    found = []
    for sheet in root.iter("sheet"):
        key = next((value for name, value in sheet.attrib.items() if name.endswith(":id")), "")
        found.append((attribute(sheet, "name"), attribute(sheet, "state"), links.get(key, "")))
    return found


def _sheet(package: Package, info: zipfile.ZipInfo, book: Book, part_id: str, *, hidden: bool) -> Iterator[Item]:
    sheet = Sheet(cells=Cells(limit=package.reading.limits.cells))
    package.done.add(info.filename)
    try:
        read_sheet(package.stream(info), book, sheet)
    except ReadError as error:
        yield gap(part_id, error)
    yield from grids(sheet.cells, part_id, hidden=hidden)
    yield from sheet.faces.items(part_id)
    yield from _sheet_facts(package, sheet, part_id)


def _sheet_facts(package: Package, sheet: Sheet, part_id: str) -> Iterator[Item]:
    masked = 0 if sheet.has_tables else sheet.masked
    for kind, size, words in (
        (OddityKind.CELLS_BEYOND_RANGE, sheet.beyond, "cells outside the range that the sheet declares"),
        (OddityKind.HIDDEN_CELLS, sheet.hidden, "cells in hidden rows or columns"),
        (OddityKind.HIDDEN_CELLS, masked, "cells that their format or colour shows as nothing"),
        (OddityKind.HIDDEN_CELLS, sheet.covered, "cells under a merged cell"),
        (OddityKind.EXTERNAL_REFERENCE, sheet.external, "formulas that refer to other workbooks"),
        (OddityKind.CALLING_FORMULA, sheet.calling, "formulas of cells"),
        (OddityKind.DAMAGED, sheet.oddly_numbered, "cells that name another row than the one they stand in"),
    ):
        if size:
            yield Oddity(part_id=part_id, kind=kind, detail=words, size=size)
    if sheet.literals:
        yield from package.texts(f"{part_id}!formulas", "\n".join(sheet.literals), TextRole.CODE, hidden=True, language="excel")
    if sheet.asides:
        yield from package.texts(f"{part_id}!settings", "\n".join(dict.fromkeys(sheet.asides)), TextRole.METADATA, hidden=True)


def _unused_strings(package: Package, book: Book) -> Iterator[Item]:
    left = [text for text, used in zip(book.strings, book.used, strict=True) if not used and text.strip()]
    if left:
        part_id = package.address("unused strings")
        yield Oddity(part_id=part_id, kind=OddityKind.HIDDEN_TEXT, detail="texts in the workbook that no cell shows", size=len(left))
        yield from package.texts(part_id, "\n".join(left), TextRole.METADATA, hidden=True)


def _other_part(package: Package, info: zipfile.ZipInfo, root: str) -> Iterator[Item]:
    readers = {
        "workbook": _workbook_names,
        "comments": _comments,
        "ThreadedComments": _comments,
        "pivotCacheDefinition": pivot_cache,
        "pivotCacheRecords": None,  # read with the definition that points to it
        "externalLink": external_link,
        "table": _names_only,
        "queryTable": _names_only,
        "pivotTableDefinition": _names_only,
        "connections": _connections,
        "personList": _names_only,
        "sst": None,
        "styleSheet": None,
    }
    if root not in readers:
        yield from common_part(package, info, root)
        return
    place_of = package.address(shown(info.filename))
    try:
        if root == "pivotCacheRecords":
            yield from loose_records(package, info)
            return
        data = package.read(info)
        yield from package.asides(data, place_of)
        function = readers[root]
        if function is not None:
            yield from function(package, info, tree(data))
    except ReadError as error:
        yield gap(place_of, error)


def _workbook_names(package: Package, _info: zipfile.ZipInfo, root: Element) -> Iterator[Item]:
    values = {name: (name.text or "").strip() for name in root.iter("definedName")}
    kept = [value.strip('"') for value in values.values() if value.startswith('"')]
    lines = [
        " ".join(filter(None, (attribute(name, "name"), "" if value.startswith('"') else value, attribute(name, "comment"))))
        for name, value in values.items()
    ]
    lines += free_texts(root, skip=frozenset({"definedName"}))
    for place_of, told in (("names", lines), ("names!texts", kept)):
        if told:
            yield from package.texts(package.address(place_of), "\n".join(told), TextRole.METADATA, hidden=True)
    arrays = [(attribute(name, "name"), *row) for name in root.iter("definedName") for row in array_rows(name.text or "")]
    if arrays:
        part_id = package.address("names!arrays")
        yield Grid(part_id=part_id, rows=tuple(arrays), source=GridSource.RECORDS, hidden=True)
        yield Oddity(part_id=part_id, kind=OddityKind.HIDDEN_CELLS, detail="values kept in names", size=sum(map(len, arrays)))
    calling = sum(calls_out(name.text or "") for name in root.iter("definedName"))
    if calling:
        yield Oddity(part_id=package.address("names"), kind=OddityKind.CALLING_FORMULA, detail="formulas of names", size=calling)
    started = sum(bool(_AUTOMATIC_NAME.fullmatch(attribute(name, "name"))) for name in root.iter("definedName"))
    if started:
        yield Oddity(
            part_id=package.address("names"), kind=OddityKind.AUTOMATIC_ACTION, detail="names of macros that run on opening", size=started
        )


def _comments(package: Package, _info: zipfile.ZipInfo, root: Element) -> Iterator[Item]:
    notes = [attribute(comment, "ref") for comment in root.iter() if comment.tag in ("comment", "threadedComment")]
    lines = ["".join(texts(comment, frozenset({"t", "text"}))) for comment in root.iter() if comment.tag in ("comment", "threadedComment")]
    if any(lines):
        part_id = package.number("comments")
        yield from package.texts(part_id, "\n".join(lines), TextRole.COMMENT, hidden=True)
        yield Oddity(part_id=part_id, kind=OddityKind.HIDDEN_TEXT, detail="cell comments", size=len(notes))


def _names_only(package: Package, info: zipfile.ZipInfo, root: Element) -> Iterator[Item]:
    """Parts that name columns and fields: their texts, where they are more than settings."""
    lines = [
        element.text.strip()
        for element in root.iter()
        if element.text and element.text.strip() and element.tag not in ("calculatedColumnFormula", "totalsRowFormula")
    ]
    lines += [value for element in root.iter() for key, value in element.attrib.items() if len(value) > 128 and "://schemas." not in value]
    if lines:
        yield from package.texts(package.address(shown(info.filename)), "\n".join(lines), TextRole.METADATA, hidden=True)


def _connections(package: Package, info: zipfile.ZipInfo, root: Element) -> Iterator[Item]:
    part_id = package.address(shown(info.filename))
    yield Oddity(part_id=part_id, kind=OddityKind.EXTERNAL_REFERENCE, detail="connections to outside data")
    text = "\n".join(value for element in root.iter() for value in element.attrib.values() if len(value) > 3)
    yield from package.texts(part_id, text, TextRole.METADATA, hidden=True)
