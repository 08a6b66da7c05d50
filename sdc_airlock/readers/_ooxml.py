"""Parts that Word, Excel and PowerPoint packages share: properties, links, charts, pictures, fonts, embedded files, macros."""

from __future__ import annotations

import base64
import re
import struct
import zipfile
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from sdc_airlock.errors import Malformed, ReadError
from sdc_airlock.identify import identify
from sdc_airlock.model.content import Oddity, OddityKind, TextRole, Unread, UnreadReason
from sdc_airlock.model.filetype import Family, FileType
from sdc_airlock.readers import Item, gap
from sdc_airlock.readers._asides import free_texts, ordinary_name
from sdc_airlock.readers._charts import chart_grid
from sdc_airlock.readers._metafile import metafile
from sdc_airlock.readers._office_fonts import font_fills
from sdc_airlock.readers._package import Package, shown
from sdc_airlock.readers._relationships import relationships, resolve
from sdc_airlock.readers._xml import attribute, texts, tree
from sdc_airlock.source import Source

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

Handler = Callable[[Package, zipfile.ZipInfo, bytes], Iterator[Item]]

# parts that style or lay out; they are searched for text and for attributes too long to be settings
_SETTINGS = frozenset(
    [
        "Types",
        "theme",
        "themeOverride",
        "styleSheet",
        "styles",
        "stylesWithEffects",
        "fonts",
        "settings",
        "webSettings",
        "numbering",
        "calcChain",
        "presentationPr",
        "viewPr",
        "tblStyleLst",
        "chartStyle",
        "colorStyle",
        "clrMap",
        "datastoreItem",
        "styleData",
        "presProps",
        "revisionInfo",
        "volTypes",
        "metadata",
        "recipients",
        "formControlPr",
        "layoutDef",
        "styleDef",
        "colorsDef",
        "people",
        "slicerCacheDefinition",
        "timelineCacheDefinition",
        "singleXmlCells",
        "tagLst",
        "namedSheetViews",
    ]
)
_DRAWINGS = frozenset(["wsDr", "drawing", "dataModel", "xml", "userShapes", "wgp"])
_ORDINARY_PROPERTIES = frozenset(
    [
        "Pages",
        "Words",
        "Characters",
        "Lines",
        "Paragraphs",
        "CharactersWithSpaces",
        "TotalTime",
        "Slides",
        "Notes",
        "HiddenSlides",
        "MMClips",
        "DocSecurity",
        "ScaleCrop",
        "LinksUpToDate",
        "SharedDoc",
        "HyperlinksChanged",
        "Application",
        "AppVersion",
        "created",
        "modified",
        "lastPrinted",
        "revision",
        "i4",
        "PresentationFormat",
    ]
)
_LINKS_SEEN_ONLY = frozenset({"hyperlink"})
_SETTING_LENGTH = 96
_NAMED_BY_PROGRAMS = frozenset(
    "clrScheme fontScheme fmtScheme latin font ext compatSetting Default Override docVar cellStyle tableStyle tblStyle lsdException sysClr".split()
)
_PRINTER_BYTES = 65_536
_HEXADECIMAL = re.compile(rb"\s*(?:[0-9a-fA-F]{2}\s*){8,}")
_PRINTER_FAMILIES = frozenset({Family.UNKNOWN, Family.TEXT, Family.DELIMITED, Family.MARKUP, Family.RECORDS, Family.CODE})
_NARROW = re.compile(rb"[\x20-\x7e]{6,}")
_WIDE = re.compile(rb"(?:[\x20-\x7e]\x00){6,}")
_LOOSE = frozenset({"div", "font", "span", "textpath"})
_LOOSE_LENGTH = 24  # anchors and sizes are shorter
_TEXT_TAGS = frozenset({"t", "descr"})


def common_part(package: Package, info: zipfile.ZipInfo, root: str) -> Iterator[Item]:
    """Read a part that no application's own walker has claimed."""
    try:
        data = package.read(info)
    except ReadError as error:
        yield gap(package.address(shown(info.filename)), error)
        return
    if not root:
        yield from binary_part(package, info, data)
        return
    yield from package.asides(data, package.address(shown(info.filename)))
    try:
        yield from _xml_part(package, info, root, data)
    except ReadError as error:
        yield gap(package.address(shown(info.filename)), error)


def _xml_part(package: Package, info: zipfile.ZipInfo, root: str, data: bytes) -> Iterator[Item]:
    if root == "Relationships":
        yield from _links(package, data)
    elif root in ("coreProperties", "Properties"):
        yield from _properties(package, tree(data))
    elif root == "chartSpace":
        part_id = package.number("chart")
        chart = tree(data)
        if (grid := chart_grid(chart, part_id, limit=package.reading.limits.cells)) is not None:
            yield grid
        elif text := "\n".join(texts(chart, frozenset({"t"}))):
            yield from package.texts(part_id, text, TextRole.PROSE)
    elif root == "DataMashup":
        yield from _queries(package, tree(data))
    elif root in _DRAWINGS:
        yield from _drawing(package, tree(data))
    elif root == "ocx":
        yield Oddity(part_id=package.address("embedded"), kind=OddityKind.EMBEDDED_OBJECT, detail="ActiveX control")
        yield from settings_text(package, info, tree(data))
    elif root in _SETTINGS:
        yield from settings_text(package, info, tree(data))
    else:
        yield from package.reading.descend(package.child(data, package.number("data"), info.filename))


def _queries(package: Package, root: Element) -> Iterator[Item]:
    """Queries of a workbook (Power Query): a package inside base64, and what is kept beside it."""
    part_id = package.number("queries")
    yield Oddity(part_id=part_id, kind=OddityKind.EXTERNAL_REFERENCE, detail="queries that fetch data")
    try:
        raw = base64.b64decode("".join(root.itertext()), validate=False)
    except ValueError:
        yield gap(part_id, Malformed("the queries cannot be decoded"))
        return
    position, number = 4, 0
    while position + 4 <= len(raw):
        (length,) = struct.unpack_from("<I", raw, position)
        piece = raw[position + 4 : position + 4 + length]
        position += 4 + length
        number += 1
        if piece.startswith(b"PK"):
            package.reading.spend(expanded=len(piece), members=1)
            yield from package.reading.descend(package.child(piece, f"{part_id}!{number}", ""))
        elif text := _words(piece):
            yield from package.texts(f"{part_id}!{number}", text, TextRole.METADATA, hidden=True)


def settings_text(package: Package, info: zipfile.ZipInfo, root: Element) -> Iterator[Item]:
    """Text in a part that should hold settings only."""
    found = []
    for element in root.iter():
        if element.text and element.text.strip():
            found.append(element.text.strip())
        if element.tail and element.tail.strip():
            found.append(element.tail.strip())
        found += [
            value
            for key, value in element.attrib.items()
            if len(value) > _SETTING_LENGTH and not key.startswith("xmlns") and not _structural(value)
        ]
    found += free_texts(root, skip=_NAMED_BY_PROGRAMS)
    found += [f"{attribute(element, 'name')}, {attribute(element, 'val')}" for element in root.iter("docVar")]
    if found:
        yield from package.texts(package.address(shown(info.filename)), "\n".join(found), TextRole.METADATA, hidden=True)


def _structural(value: str) -> bool:
    """True for values that are long by nature: schema addresses, style strings, formulas of shapes."""
    return (
        value.startswith(("http://schemas.", "http://purl.oclc.org/", "urn:schemas"))
        or re.fullmatch(r"[\w.-]+\s?:[\w.#%(), -]+(?:[;:][\w.#%(), -]*)*", value[:4000]) is not None
    )


def _links(package: Package, data: bytes) -> Iterator[Item]:
    outward = [(kind, target) for _, kind, target, external in relationships(data) if external]
    if not outward:
        return
    yield from package.texts(package.number("links"), "\n".join(target for _, target in outward), TextRole.METADATA)
    fetched = [kind for kind, target in outward if kind not in _LINKS_SEEN_ONLY and not _local_template(kind, target)]
    if fetched:
        words = "links to outside files: " + ", ".join(sorted({shown(kind)[:40] for kind in fetched}))
        yield Oddity(part_id=package.source.part_id, kind=OddityKind.EXTERNAL_REFERENCE, detail=words, size=len(fetched))


def _local_template(kind: str, target: str) -> bool:
    """True for the template on the writer's own disk, which Word notes in most documents."""
    plain = target.lower().replace("\\", "/")
    return kind == "attachedTemplate" and re.match(r"(?:file:///)?(?:[a-z]:/|[^/:]+$)", plain) is not None


def _properties(package: Package, root: Element) -> Iterator[Item]:
    lines = []
    own = any(element.tag == "property" for element in root)
    for element in root.iter():
        text = (element.text or "").strip()
        if element.tag == "property":
            lines.append(", ".join([attribute(element, "name"), *(inner.strip() for inner in element.itertext() if inner.strip())]))
        elif text and element.tag not in _ORDINARY_PROPERTIES and not own:
            lines.append(text)
    if lines:
        yield from package.texts(package.number("properties"), "\n".join(lines), TextRole.METADATA, hidden=True)


def _drawing(package: Package, root: Element) -> Iterator[Item]:
    paragraphs = ["".join(texts(paragraph, _TEXT_TAGS)) for paragraph in root.iter("p")]
    loose = [
        text
        for element in root.iter()
        if element.text and (text := element.text.strip()) and (element.tag in _LOOSE or (element.tag != "t" and len(text) > _LOOSE_LENGTH))
    ]
    named = free_texts(root)
    if text := "\n".join([line for line in paragraphs if line] + loose):
        yield from package.texts(package.number("drawing"), text, TextRole.PROSE)
    if named:
        yield from package.texts(package.number("description"), "\n".join(named), TextRole.METADATA, hidden=True)


def binary_part(package: Package, info: zipfile.ZipInfo, data: bytes) -> Iterator[Item]:
    """A part that is no XML: picture, font, macro project, printer settings, embedded file."""
    name = info.filename
    if not data:
        return
    if "_VBA_PROJECT".encode("utf-16-le") in data or "vbaproject" in name.lower():
        yield Oddity(part_id=package.source.part_id, kind=OddityKind.MACRO, detail="macro project", size=len(data))
        yield Unread(part_id=package.address("macros"), why=UnreadReason.UNSUPPORTED, detail="macro project is not read")
        return
    if font_fills(data, keys=_font_keys(package)):
        return
    yield from embedded(package, name, data)


def embedded(package: Package, name: str, data: bytes) -> Iterator[Item]:
    """Read a file inside the document; anything but a picture is an oddity as well."""
    probe = package.child(data, package.address("embedded"), name)
    try:
        found = identify(probe)
    except ReadError as error:
        yield gap(probe.part_id, error)
        return
    if "printersettings" in name.lower() and len(data) <= _PRINTER_BYTES and found.family in _PRINTER_FAMILIES:
        if words := _words(_out_of_hexadecimal(data)):
            yield from package.texts(package.address(shown(name)), words, TextRole.METADATA, hidden=True)
        return
    if found.family is Family.FIGURE:
        yield from _descend(package, package.child(data, package.number("picture"), name), found)
    elif (picture := metafile(data, package.address("picture"))) is not None:
        yield from picture
    else:
        child = package.child(data, package.number("embedded"), name)
        if not (found.family is Family.SPREADSHEET and name in _chart_workbooks(package)):
            yield Oddity(part_id=child.part_id, kind=OddityKind.EMBEDDED_OBJECT, detail=f"embedded {found.label}", size=len(data))
        yield from _descend(package, child, found)


def _chart_workbooks(package: Package) -> set[str]:
    """Workbooks that stand behind a chart, as every chart of an office program has one."""
    found: set[str] = set()
    for info in package.members:
        folder, _, name = info.filename.rpartition("/_rels/")
        if folder.endswith("/charts") and name.endswith(".rels"):
            try:
                links = relationships(package.read(info))
            except ReadError:
                continue
            found |= {resolve(folder, target) for _, kind, target, external in links if kind == "package" and not external}
    return found


def _out_of_hexadecimal(data: bytes) -> bytes:
    """What hexadecimal digits stand for, as some programs write the settings of a printer; other bytes as they are."""
    return bytes.fromhex(data.decode("ascii")) if _HEXADECIMAL.fullmatch(data) else data


def _words(data: bytes) -> str:
    """Runs of readable characters, of one byte and of two; of a list of settings of macOS the values that are none."""
    if b"<plist" in data:
        lines = (line.strip() for line in re.sub(r"<[^<>]{0,200}>", "\n", data.decode("utf-8", "replace")).split("\n"))
        return "\n".join(line for line in lines if line and not line.startswith("com.apple.") and not ordinary_name(line))
    narrow = [run.decode("ascii") for run in _NARROW.findall(data)]
    wide = [run.decode("utf-16-le") for run in _WIDE.findall(data)]
    return "\n".join(narrow + wide)


def _descend(package: Package, child: Source, found: FileType) -> Iterator[Item]:
    if child.depth > package.reading.limits.depth:
        yield from package.reading.descend(child)
    else:
        yield from package.reading.open(child, found)


def _font_keys(package: Package) -> list[bytes]:
    """Keys by which Word hides the first bytes of embedded fonts; they stand in its font table."""
    info = next((info for info in package.members if info.filename.endswith("fontTable.xml")), None)
    if info is None:
        return []
    try:
        found = re.findall(rb'fontKey="\{([0-9A-Fa-f-]{36})\}"', package.read(info))
    except ReadError:
        return []
    return [bytes.fromhex(key.replace(b"-", b"").decode())[::-1] for key in found]


def first_root(package: Package) -> Iterator[tuple[zipfile.ZipInfo, str | ReadError]]:
    """Every member with the name of its root element ("" where it is no XML), or what stood in the way."""
    for info in package.members:
        try:
            yield info, package.root(info)
        except ReadError as error:
            yield info, error


def malformed(package: Package, words: str) -> Item:
    """A gap for a package that lacks what its kind must have."""
    return gap(package.source.part_id, Malformed(words))
