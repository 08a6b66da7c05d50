"""Written documents: Word, PowerPoint, OpenDocument, EPUB and rich text."""

from __future__ import annotations

from collections.abc import Iterator

from sdc_airlock.errors import ReadError
from sdc_airlock.model.content import Grid, GridSource, Oddity, OddityKind, TextRole, Unread, UnreadReason
from sdc_airlock.model.filetype import FileType
from sdc_airlock.readers import Item, Reading, gap, reader
from sdc_airlock.readers._asides import aside_items, ordinary_name
from sdc_airlock.readers._compound import MAGIC
from sdc_airlock.readers._legacy import first_object
from sdc_airlock.readers._metafile import metafile
from sdc_airlock.readers._office_fonts import font_fills
from sdc_airlock.readers._ooxml import binary_part, common_part, first_root
from sdc_airlock.readers._opendocument import read_opendocument
from sdc_airlock.readers._package import Package, account, open_package, read_safely, shown
from sdc_airlock.readers._rtf import Rtf, read_rtf
from sdc_airlock.readers._slides import read_slides
from sdc_airlock.readers._word import read_word
from sdc_airlock.readers._xml import tree
from sdc_airlock.readers.text import text_parts
from sdc_airlock.source import Source

_SETTINGS_TEXT = 65_536
_MIMETYPE_BYTES = 256


@reader("docx")
def word(source: Source, _file_type: FileType, reading: Reading) -> Iterator[Item]:
    """Text, tables, notes, comments and tracked changes of a Word document, and all other parts of its package."""
    with open_package(source, reading) as package:
        yield from account(package)
        yield from read_word(package)


@reader("pptx")
def slides(source: Source, _file_type: FileType, reading: Reading) -> Iterator[Item]:
    """Slides, notes, tables and comments of a presentation, and all other parts of its package."""
    with open_package(source, reading) as package:
        yield from account(package)
        yield from read_slides(package)


@reader("odt", "odp")
def opendocument(source: Source, _file_type: FileType, reading: Reading) -> Iterator[Item]:
    """Text, tables, comments and tracked changes of an OpenDocument text or presentation, and all other parts of its package."""
    with open_package(source, reading) as package:
        yield from account(package)
        yield from read_opendocument(package, sheets=False)


@reader("rtf")
def rich_text(source: Source, _file_type: FileType, reading: Reading) -> Iterator[Item]:
    """Text and tables of a rich text file; its pictures and objects are read as files of their own."""
    limits = reading.limits
    data = source.read(limits.text_bytes, "text_bytes")
    rtf = read_rtf(data, cells=limits.cells)
    place = source.part_id
    yield from text_parts(f"{place}!text", "".join(rtf.text), TextRole.PROSE, reading=reading, depth=source.depth)
    for number, (before, rows) in enumerate(rtf.tables, start=1):
        yield Grid(part_id=f"{place}!table{number}", rows=tuple(rows), source=GridSource.MARKUP, before=before)
    for texts, words in ((rtf.unseen, "text that is not shown"), (rtf.deleted, "tracked deletions"), (rtf.notes, "comments")):
        if text := "".join(texts).strip():
            yield Oddity(part_id=place, kind=OddityKind.HIDDEN_TEXT, detail=words, size=len(text))
            yield from aside_items(f"{place}!{words}", text, TextRole.COMMENT, reading=reading, depth=source.depth)
    names = [name for piece in "".join(rtf.names).replace(";", "\n").split("\n") if (name := piece.strip()) and not ordinary_name(name)]
    for texts, words in ((rtf.info, "properties"), (rtf.fields, "fields"), (names, "names")):
        if text := "\n".join(line.strip() for line in texts if line.strip()):
            yield from aside_items(f"{place}!{words}", text, TextRole.METADATA, reading=reading, depth=source.depth)
    if rtf.fetching:
        yield Oddity(
            part_id=place, kind=OddityKind.EXTERNAL_REFERENCE, detail="fields or templates that fetch from outside", size=rtf.fetching
        )
    if rtf.odd > len(data) // 2 and rtf.odd > _SETTINGS_TEXT:
        yield Unread(part_id=f"{place}!settings", why=UnreadReason.UNSUPPORTED, detail="more text in settings than settings need")
    yield from _rich_members(source, rtf, reading)
    if rest := data[rtf.end :].strip(b" \t\r\n\x00"):
        yield Oddity(part_id=place, kind=OddityKind.TRAILING_DATA, detail="bytes after the end of the text", size=len(rest))
        yield from reading.descend(Source.of_bytes(rest, part_id=f"{place}!trailing", name="trailing", depth=source.depth + 1))


def _rich_members(source: Source, rtf: Rtf, reading: Reading) -> Iterator[Item]:
    for number, data in enumerate(rtf.objects, start=1):
        part_id = f"{source.part_id}!embedded{number}"
        yield Oddity(part_id=part_id, kind=OddityKind.EMBEDDED_OBJECT, detail="embedded object", size=len(data))
        reading.spend(expanded=len(data), members=1)
        yield from reading.descend(Source.of_bytes(first_object(data), part_id=part_id, name="", depth=source.depth + 1))
    for number, data in enumerate(rtf.coded, start=1):
        yield from _coded(source, data, f"{source.part_id}!settings{number}", reading)
    for number, data in enumerate(rtf.pictures, start=1):
        part_id = f"{source.part_id}!picture{number}"
        reading.spend(expanded=len(data), members=1)
        if (figure := metafile(data, part_id)) is not None:
            yield from figure
        else:
            yield from reading.descend(Source.of_bytes(data, part_id=part_id, name="", depth=source.depth + 1))


def _coded(source: Source, data: bytes, part_id: str, reading: Reading) -> Iterator[Item]:
    """A theme, a data store or a font of rich text."""
    reading.spend(expanded=len(data), members=1)
    inner = data[data.find(MAGIC) :] if MAGIC in data[:64] else data
    if inner[:2] == b"PK":
        with open_package(Source.of_bytes(inner, part_id=part_id, name="", depth=source.depth + 1), reading) as package:
            yield from account(package)
            for info, root in first_root(package):
                if isinstance(root, ReadError):
                    yield gap(package.address(shown(info.filename)), root)
                else:
                    yield from common_part(package, info, root)
    elif not font_fills(inner, keys=[]) and b"<a:clrMap" not in inner[:512] and inner.strip(b"\x00 \t\r\n"):
        yield from reading.descend(Source.of_bytes(inner, part_id=part_id, name="", depth=source.depth + 1))


@reader("epub")
def book(source: Source, _file_type: FileType, reading: Reading) -> Iterator[Item]:
    """Chapters of an EPUB book, each read as the web page it is, and all other parts of its package."""
    with open_package(source, reading) as package:
        yield from account(package)
        for info, root in first_root(package):
            place = package.address(shown(info.filename))
            if isinstance(root, ReadError):
                yield gap(place, root)
                continue
            data = read_safely(package, info)
            if isinstance(data, ReadError):
                yield gap(place, data)
            elif root in ("container", "package", "ncx", "display_options"):
                yield from _book_part(package, place, data)
            elif root == "encryption":
                yield Oddity(part_id=source.part_id, kind=OddityKind.ENCRYPTED, detail="parts of the book are encrypted")
                yield Unread(part_id=place, why=UnreadReason.ENCRYPTED, detail="parts of the book are encrypted")
            elif root or info.filename.endswith((".xhtml", ".html", ".htm", ".css")):
                yield from reading.descend(package.child(data, place, info.filename))
            elif info.filename != "mimetype" or len(data) > _MIMETYPE_BYTES:
                yield from binary_part(package, info, data)


def _book_part(package: Package, place: str, data: bytes) -> Iterator[Item]:
    try:
        lines = [element.text.strip() for element in tree(data).iter() if element.text and element.text.strip()]
    except ReadError as error:
        yield gap(place, error)
        return
    if lines:
        yield from package.texts(place, "\n".join(lines), TextRole.METADATA, hidden=True)
    yield from package.asides(data, f"{place}!comments")
