"""OpenDocument packages: texts, spreadsheets and presentations, with every part of the package read."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator

from sdc_airlock.errors import LimitReached, ReadError
from sdc_airlock.model.content import GridSource, Oddity, OddityKind, TextRole, Unread, UnreadReason
from sdc_airlock.readers import Item, gap
from sdc_airlock.readers._attributes import Told
from sdc_airlock.readers._cells import grids
from sdc_airlock.readers._odf import Odf, OdfTable, walk_odf
from sdc_airlock.readers._ooxml import binary_part, first_root, settings_text
from sdc_airlock.readers._package import Package, shown
from sdc_airlock.readers._xml import texts, tree
from sdc_airlock.readers.text import text_parts

_CONTENT = frozenset({"document-content", "document-styles", "document"})
_SETTINGS = frozenset({"document-settings", "manifest", "RDF", "container", "accelerator", "toolbar", "statusbar", "menubar"})
_LAYOUT_BYTES = 65_536
_META = frozenset({"title", "description", "subject", "keyword", "user-defined", "creator", "initial-creator", "printed-by", "language"})
_MACROS = ("Basic/", "Scripts/", "Dialogs/")


def read_opendocument(package: Package, *, sheets: bool) -> Iterator[Item]:
    """Every part of the package, the main content first.

    Args:
        package: The open package.
        sheets: True for a spreadsheet, whose tables are sheets.
    """
    if _encrypted(package):
        yield Oddity(part_id=package.source.part_id, kind=OddityKind.ENCRYPTED, detail="parts of the document are encrypted")
        yield Unread(part_id=package.source.part_id, why=UnreadReason.ENCRYPTED, detail="parts of the document are encrypted")
        return
    if not any(info.filename == "content.xml" for info in package.members):
        yield Unread(part_id=package.source.part_id, why=UnreadReason.MALFORMED, detail="the package has no content")
    for info, root in sorted(first_root(package), key=lambda item: item[0].filename != "content.xml"):
        part_id = package.address(shown(info.filename))
        if isinstance(root, ReadError):
            yield gap(part_id, root)
            continue
        try:
            yield from _part(package, info, root, sheets=sheets)
        except ReadError as error:
            yield gap(part_id, error)


def _encrypted(package: Package) -> bool:
    for info in package.members:
        if info.filename == "META-INF/manifest.xml":
            try:
                return b"encryption-data" in package.read(info)
            except ReadError:
                return False
    return False


def _part(package: Package, info: zipfile.ZipInfo, root: str, *, sheets: bool) -> Iterator[Item]:
    name = info.filename
    if root in _CONTENT:
        yield from _content(package, info, sheets=sheets)
        return
    data = package.read(info)
    part_id = package.address(shown(name))
    if name.startswith(_MACROS):
        yield Oddity(part_id=part_id, kind=OddityKind.MACRO, detail="macro library", size=len(data))
        yield Unread(part_id=part_id, why=UnreadReason.UNSUPPORTED, detail="macro library is not read")
    elif name == "mimetype" and len(data) < 256:
        return
    elif root == "document-meta":
        if text := "\n".join(texts(tree(data), _META)):
            yield from package.texts(package.address("properties"), text, TextRole.METADATA, hidden=True)
        yield from package.asides(data, part_id)
    elif root in _SETTINGS:
        yield from package.asides(data, part_id)
        yield from _settings(package, info, data)
    elif root:
        yield from package.reading.descend(package.child(data, package.number("data"), name))
    elif name == "layout-cache" and len(data) <= _LAYOUT_BYTES:
        return
    else:
        yield from binary_part(package, info, data)


def _settings(package: Package, info: zipfile.ZipInfo, data: bytes) -> Iterator[Item]:
    """Settings are short words and numbers; printer set-ups are long and coded."""
    root = tree(data)
    told = Told()
    for item in root.iter("config-item"):
        told.add("settings", item.text or "")
        if any(
            value in ("PrinterSetup", "PrinterName", "RedlineProtectionKey", "TrackedChangesProtectionKey") or len(item.text or "") <= 24
            for value in item.attrib.values()
        ):
            item.text = "" if len(item.text or "") <= _LAYOUT_BYTES else item.text
    yield from told.grids(package.address(shown(info.filename)), hidden=True)
    yield from settings_text(package, info, root)


def _content(package: Package, info: zipfile.ZipInfo, *, sheets: bool) -> Iterator[Item]:
    main = info.filename == "content.xml"
    part_id = package.address("text") if main else package.number("styles" if info.filename.endswith("styles.xml") else "object")
    odf = Odf(limit=package.reading.limits.cells)
    try:
        walk_odf(package.stream(info), odf)
    except ReadError as error:
        yield gap(part_id, error)
    package.done.add(info.filename)
    yield from _tables(package, odf, part_id, sheets=sheets and main)
    if text := "\n".join(odf.lines).strip("\n"):
        if info.filename.endswith("styles.xml"):
            yield from package.texts(part_id, text, TextRole.PROSE)
        else:
            yield from text_parts(part_id, text, TextRole.PROSE, reading=package.reading, depth=package.source.depth)
    yield from _facts(package, odf, part_id)


def _tables(package: Package, odf: Odf, part_id: str, *, sheets: bool) -> Iterator[Item]:
    if sheets and len(odf.tables) > package.reading.limits.sheets:
        yield gap(package.source.part_id, LimitReached("sheets", package.reading.limits.sheets, len(odf.tables)))
        del odf.tables[package.reading.limits.sheets :]
    for number, table in enumerate(odf.tables, start=1):
        place = package.address(shown(table.name) or f"table{number}") if sheets else f"{part_id.removesuffix('!text')}!table{number}"
        yield from _table(table, place, sheets=sheets)


def _table(table: OdfTable, place: str, *, sheets: bool) -> Iterator[Item]:
    if table.hidden_sheet:
        yield Oddity(part_id=place, kind=OddityKind.HIDDEN_SHEET, detail="hidden sheet")
    source = GridSource.SHEET if sheets else GridSource.MARKUP
    yield from grids(table.cells, place, source=source, hidden=table.hidden_sheet, before=table.before)
    yield from table.looks.items(place)
    if table.hidden:
        yield Oddity(part_id=place, kind=OddityKind.HIDDEN_CELLS, detail="cells in hidden rows or columns", size=table.hidden)


def _facts(package: Package, odf: Odf, part_id: str) -> Iterator[Item]:
    for found, words, role in (
        (odf.deleted, "tracked deletions", TextRole.PROSE),
        (odf.unseen, "text that is not shown", TextRole.PROSE),
        (odf.notes, "comments", TextRole.COMMENT),
    ):
        if text := "\n".join(line for line in found if line.strip()):
            yield Oddity(part_id=part_id, kind=OddityKind.HIDDEN_TEXT, detail=words, size=len(text))
            yield from package.texts(f"{part_id}!{words}", text, role, hidden=True)
    if odf.asides:
        yield from package.texts(f"{part_id}!settings", "\n".join(dict.fromkeys(odf.asides)), TextRole.METADATA, hidden=True)
    yield from odf.told.grids(part_id, hidden=True)
    if odf.links:
        yield from package.texts(f"{part_id}!links", "\n".join(dict.fromkeys(odf.links)), TextRole.METADATA)
    if odf.external:
        yield Oddity(
            part_id=package.source.part_id,
            kind=OddityKind.EXTERNAL_REFERENCE,
            detail="references that fetch from outside",
            size=odf.external,
        )
    if odf.calling:
        yield Oddity(part_id=package.source.part_id, kind=OddityKind.CALLING_FORMULA, detail="formulas of cells", size=odf.calling)
    if odf.scripts:
        yield Oddity(part_id=package.source.part_id, kind=OddityKind.SCRIPT, detail="scripts or event listeners", size=odf.scripts)
