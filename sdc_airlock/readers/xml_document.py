"""XML documents: repeated elements are records, the rest is text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from sdc_airlock.model.content import Grid, GridSource, Oddity, OddityKind, TextPart, TextRole
from sdc_airlock.model.filetype import FileType
from sdc_airlock.readers import Item, Reading, reader
from sdc_airlock.readers._build import scalar_text, typed
from sdc_airlock.readers._characters import character_oddities
from sdc_airlock.readers._values import ValueReader
from sdc_airlock.readers._xml import asides, attribute, local, long_texts, tree
from sdc_airlock.readers.text import text_parts
from sdc_airlock.source import Source

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_PLAIN_DOCTYPE = re.compile(rb"<!DOCTYPE\s+[^\[<>]{1,500}>")
_ENTITY = re.compile(rb"<!ENTITY\s{1,40}(?:%\s{1,40})?[^\s<>\"']{1,200}\s{1,40}(?:SYSTEM|PUBLIC)\b")
_STYLE = re.compile(rb"<\?xml-stylesheet[^>]{0,500}href\s{0,4}=\s{0,4}[\"'](?:(?:https?|ftp|file):|//)")
_STYLESHEETS = frozenset({"stylesheet", "transform"})
_WIDEST = 16_384
# namespaces of HL7: CDA and messages of version 3, FHIR, messages of version 2
_CLINICAL = re.compile(r"urn:hl7-org:v[23]\w*|http://hl7\.org/fhir")


def without_doctype(data: bytes) -> bytes:
    """The document without a document type that declares nothing itself (the parser refuses every other)."""
    return _PLAIN_DOCTYPE.sub(b"", data, count=1)


def _elsewhere(data: bytes, part_id: str) -> Iterator[Oddity]:
    """Entities and style sheets that a program would fetch; nothing is fetched here."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        data = data.decode("utf-16", "replace").encode()
    for pattern, words in ((_ENTITY, "entities kept elsewhere"), (_STYLE, "style sheets kept elsewhere")):
        if count := len(pattern.findall(data)):
            yield Oddity(part_id=part_id, kind=OddityKind.EXTERNAL_REFERENCE, detail=words, size=count)


@reader("xml", "movement")
def xml_document(source: Source, file_type: FileType, reading: Reading) -> Iterator[Item]:
    """XML: records, text, comments."""
    del file_type
    data = source.read(reading.limits.text_bytes, "text_bytes")
    yield from _elsewhere(data, source.part_id)
    root = tree(without_doctype(data))
    hidden = asides(data)
    if hidden:
        yield from text_parts(
            f"{source.part_id}!comments", scalar_text(hidden), TextRole.COMMENT, reading=reading, depth=source.depth, hidden=True
        )
    if local(root.tag) in _STYLESHEETS and (scripts := sum(local(item.tag) == "script" for item in root)):
        yield Oddity(part_id=source.part_id, kind=OddityKind.SCRIPT, detail="scripts in a style sheet", size=scripts)
    yield from character_oddities(source.part_id, "".join(root.itertext()))
    if local(root.tag) == "Workbook" and any(local(child.tag) == "Worksheet" for child in root):
        yield from _workbook(root, source.part_id)
        return
    reading.spend()
    values = ValueReader(source.part_id, reading, depth=source.depth)
    if _CLINICAL.fullmatch(root.get("xmlns", "")):  # the document of one patient is a record even where it stands alone
        yield from values.records([{local(root.tag): _value(root)}], "")
    else:
        yield from values.read({local(root.tag): _value(root)})
    for count, text in enumerate(long_texts(data), 1):
        reading.spend(members=1)
        yield from text_parts(f"{source.part_id}!text{count}", text, TextRole.PROSE, reading=reading, depth=source.depth)


def _value(element: Element) -> Any:
    """An element as a nested value: attributes and children by name, like children as a list."""
    found: dict[str, Any] = {}
    for name, text in element.attrib.items():
        _add(found, local(name), typed(text))
    pieces = [element.text or ""]
    for child in element:
        _add(found, local(child.tag), _value(child))
        pieces.append(child.tail or "")
    text = " ".join(" ".join(pieces).split())
    if not found:
        return typed(text) if text else None
    if text:
        _add(found, "text", typed(text))
    return found


def _add(found: dict[str, Any], name: str, value: Any) -> None:
    if name not in found:
        found[name] = value
    elif isinstance(found[name], list):
        found[name].append(value)
    else:
        found[name] = [found[name], value]


def _workbook(root: Element, part_id: str) -> Iterator[Item]:
    """A spreadsheet in the XML of Excel 2003."""
    for number, sheet in enumerate((child for child in root if local(child.tag) == "Worksheet"), 1):
        rows = [_cells(row) for row in sheet.iter() if local(row.tag) == "Row"]
        hidden = any(local(option.tag) == "Visible" for option in sheet.iter())
        if any(rows):
            yield Grid(part_id=f"{part_id}!sheet{number}", rows=tuple(rows), source=GridSource.SHEET, hidden=hidden)
        if hidden:
            yield Oddity(part_id=f"{part_id}!sheet{number}", kind=OddityKind.HIDDEN_SHEET)
    outside = [text for child in root if local(child.tag) != "Worksheet" for text in child.itertext() if text.strip()]
    if outside:
        yield TextPart(part_id=f"{part_id}!properties", text=scalar_text("\n".join(outside)), role=TextRole.METADATA)


def _cells(row: Element) -> tuple[str, ...]:
    cells: list[str] = []
    for cell in row:
        index = attribute(cell, "Index")
        if index.isdecimal() and len(cells) < int(index) <= _WIDEST:
            cells += [""] * (int(index) - 1 - len(cells))
        cells.append(scalar_text(" ".join("".join(cell.itertext()).split())))
    return tuple(cells)
