"""A copy of an Excel workbook in which some cells say something else; styles, notes, widths and all other sheets stay as they were.

A number can stand in a workbook a second time: as text among the shared strings, as the result or an argument of a formula, in the cache of a chart or a pivot table, in a
picture, in a comment. Texts and formulas are dealt with here; a workbook with anything else that may hold a number is refused.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections import Counter
from collections.abc import Mapping
from xml.etree.ElementTree import Element, ParseError

from sdc_airlock.errors import ReadError
from sdc_airlock.intake.names import safe_name
from sdc_airlock.protect._sheet_edits import SheetCells, cells_of
from sdc_airlock.protect._tables import Refused
from sdc_airlock.readers._relationships import relationships
from sdc_airlock.readers._sheet import place
from sdc_airlock.readers._xml import attribute, tree

# everything else may hold numbers of its own
_KNOWN = re.compile(
    r"\[Content_Types\]\.xml|_rels/\.rels|docProps/(?:app|core|custom)\.xml|xl/workbook\.xml|xl/_rels/workbook\.xml\.rels|xl/styles\.xml|xl/theme/theme\d*\.xml"
    r"|xl/sharedStrings\.xml|xl/worksheets/[^/]+\.xml|xl/worksheets/_rels/[^/]+\.rels|xl/tables/[^/]+\.xml|xl/printerSettings/[^/]+\.bin|xl/calcChain\.xml"
    r"|xl/comments[^/]*\.xml|xl/comments/[^/]+\.xml|xl/drawings/vmlDrawing\d+\.vml|xl/drawings/commentsDrawing\d+\.vml|xl/threadedComments/[^/]+\.xml|xl/persons/[^/]+\.xml"
)
_WORDS = (
    ("pivot", "a pivot table, which keeps a copy of its data"),
    ("chart", "a chart, which keeps a copy of its data"),
    ("media", "a picture"),
    ("drawing", "a drawing"),
    ("external", "a link to another workbook, with a copy of its data"),
    ("embed", "an embedded file"),
    ("vba", "a macro"),
    ("model", "a data model"),
    ("revision", "earlier versions of cells"),
)
_CALCULATION = "xl/calcChain.xml"
_REFERENCES = re.compile(r"'[^']*'!|\$?[A-Z]{1,3}\$?\d{1,7}|\$\d{1,7}|[A-Za-z_][\w.]{0,255}!|#REF!")
_CHAIN_ENTRY = re.compile(rb"<(?:\w+:)?(?:Override|Relationship)\b[^>]*calcChain[^>]*/>")
_STRING = re.compile(rb"<((?:\w+:)?)si\b[^>]*?(?:/>|>.*?</(?:\w+:)?si>)", re.DOTALL)


def written(data: bytes, part_id: str, edits: Mapping[str, Mapping[tuple[int, int], str]]) -> tuple[bytes, dict[str, int]]:
    """The bytes of the copy, and how many formulas each sheet had.

    Args:
        data: The file.
        part_id: Address of the workbook.
        edits: By address of the sheet, new words by row and column, counted from 1.

    Raises:
        Refused: the workbook holds what may give hidden numbers away, or is put together in an unusual way.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = [(info, archive.read(info)) for info in archive.infolist() if not info.is_dir()]
    except (zipfile.BadZipFile, OSError, NotImplementedError, RuntimeError) as error:
        raise Refused("it is no workbook that can be opened") from error
    parts = {info.filename: content for info, content in members}
    if len(parts) != len(members):
        raise Refused("two parts in it have the same name")
    _refuse_carriers(parts)
    try:
        sheets = _sheets(parts, part_id)
        changed, formulas = _changed(parts, sheets, edits)
    except (ReadError, ParseError, KeyError) as error:
        raise Refused("it is put together in an unusual way") from error
    return _packed(members, changed), formulas


def _refuse_carriers(parts: Mapping[str, bytes]) -> None:
    others = [name.lower() for name in parts if not _KNOWN.fullmatch(name)]
    if others:
        words = next((words for sign, words in _WORDS if any(sign in name for name in others)), "a part that is not known here")
        raise Refused(f"it holds {words}; take that out first")


def _sheets(parts: Mapping[str, bytes], part_id: str) -> dict[str, str]:
    """Member of each sheet by its address."""
    links = {key: target for key, _, target, external in relationships(parts["xl/_rels/workbook.xml.rels"]) if not external}
    workbook = tree(parts["xl/workbook.xml"])
    _refuse_names(workbook)
    found: dict[str, str] = {}
    for sheet in workbook.iter("sheet"):
        key = next((value for name, value in sheet.attrib.items() if name.endswith((":id", "}id"))), "")
        target = links.get(key, "")
        name = attribute(sheet, "name")
        shown = safe_name(name[:120]) + ("..." if len(name) > 120 else "")
        address = f"{part_id}!{shown}"
        if address in found:
            raise Refused("two sheets in it have the same name")
        found[address] = target[1:] if target.startswith("/") else f"xl/{target}"
    if set(found.values()) != {name for name in parts if re.fullmatch(r"xl/worksheets/[^/]+\.xml", name)}:
        raise Refused("it holds sheets that it does not list")
    return found


def _refuse_names(workbook: Element) -> None:
    """Names may stand for places, not for numbers."""
    for name in workbook.iter("definedName"):
        if any(sign.isdigit() for sign in _REFERENCES.sub("", name.text or "")):
            raise Refused("names in it stand for numbers")


def _changed(
    parts: Mapping[str, bytes], sheets: Mapping[str, str], edits: Mapping[str, Mapping[tuple[int, int], str]]
) -> tuple[dict[str, bytes | None], dict[str, int]]:
    """New bytes of the members that change, None for one that goes, and the formulas of each sheet."""
    if edits.keys() - sheets.keys():
        raise Refused("a sheet in it could not be found again")
    cells = {address: cells_of(parts[member]) for address, member in sheets.items()}
    formulas = {address: sheet.formulas for address, sheet in cells.items() if sheet.formulas}
    before = Counter(string for sheet in cells.values() for string in sheet.strings())
    changed: dict[str, bytes | None] = {}
    commented = _commented(parts)
    for address, sheet in cells.items():
        own = {sheet.holder(at): words for at, words in edits.get(address, {}).items()}
        if own.keys() & commented:
            raise Refused("a comment hangs on a cell that has to change")
        if own or sheet.formulas:
            changed[sheets[address]] = sheet.edited(own)
    after = Counter(string for address, sheet in cells.items() for string in _left(sheet, edits.get(address, {})))
    unused = {string for string in before if not after[string]}
    if unused:
        changed["xl/sharedStrings.xml"] = _emptied(parts["xl/sharedStrings.xml"], unused)
    if formulas and _CALCULATION in parts:
        changed[_CALCULATION] = None
        for member in ("[Content_Types].xml", "xl/_rels/workbook.xml.rels"):
            changed[member] = _CHAIN_ENTRY.sub(b"", parts[member])
    return changed, formulas


def _left(sheet: SheetCells, edits: Mapping[tuple[int, int], str]) -> list[int]:
    gone = {sheet.holder(at) for at in edits}
    return [int(cell.shared) for at, cell in sheet.cells.items() if cell.shared.isdigit() and at not in gone]


def _commented(parts: Mapping[str, bytes]) -> set[tuple[int, int]]:
    """Places of all comments, whatever their sheet."""
    found = set()
    for name, data in parts.items():
        if "omment" in name and name.endswith(".xml"):
            found |= {at for item in tree(data).iter() if (at := place(attribute(item, "ref"))) is not None}
    return found


def _emptied(data: bytes, strings: set[int]) -> bytes:
    """The shared strings with some of them empty, so that the numbers of all others stay."""
    number = -1

    def emptied(match: re.Match[bytes]) -> bytes:
        nonlocal number
        number += 1
        prefix = match[1]
        return b"<%bsi><%bt/></%bsi>" % (prefix, prefix, prefix) if number in strings else match[0]

    return _STRING.sub(emptied, data)


def _packed(members: list[tuple[zipfile.ZipInfo, bytes]], changed: Mapping[str, bytes | None]) -> bytes:
    """A zip of the same members in the same order, with the same times."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for info, content in members:
            new = changed.get(info.filename, content)
            if new is None:
                continue
            entry = zipfile.ZipInfo(info.filename, info.date_time)
            entry.external_attr, entry.create_system = info.external_attr, info.create_system
            entry.compress_type = zipfile.ZIP_DEFLATED if info.compress_type != zipfile.ZIP_STORED else zipfile.ZIP_STORED
            archive.writestr(entry, new)
    return stream.getvalue()


__all__ = ["written"]
