"""Compound files of older Office programs: Word and PowerPoint 97-2003, Outlook messages, embedded objects; every stream is read."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sdc_airlock.errors import Encrypted, ReadError
from sdc_airlock.model.content import Oddity, OddityKind, TextRole, Unread, UnreadReason
from sdc_airlock.model.filetype import FileType
from sdc_airlock.readers import Item, Reading, gap, reader
from sdc_airlock.readers._asides import aside_items
from sdc_airlock.readers._binary_workbook import property_text
from sdc_airlock.readers._compound import Compound, Stream
from sdc_airlock.readers._legacy import native_file, slide_parts, unpacked_rtf, word_text
from sdc_airlock.readers._metafile import metafile
from sdc_airlock.readers._package import shown
from sdc_airlock.readers.text import text_parts
from sdc_airlock.source import Source

_PROPERTIES = frozenset({"\x05SummaryInformation", "\x05DocumentSummaryInformation"})
_SETTINGS = frozenset(
    {
        "\x01CompObj",
        "\x01Ole",
        "\x03ObjInfo",
        "\x03LinkInfo",
        "Current User",
        "\x03PRINT",
        "\x03ACCESSOBJSITEDATA",
        "\x03OCXNAME",
        "\x02OlePres000",
    }
)
_WORD_TABLES = frozenset({"0Table", "1Table"})
_MESSAGE = re.compile(r"__substg1\.0_([0-9A-F]{4})([0-9A-F]{4})")
_WIDE, _NARROW, _BYTES = "001F", "001E", "0102"
_PACKED_RTF, _PAGE, _ATTACHED = "1009", "1013", "3701"
_SMALL = 4096
_PICTURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")


@reader("ole", "doc", "ppt")
def compound_document(source: Source, _file_type: FileType, reading: Reading) -> Iterator[Item]:
    """One compound file."""
    compound = Compound(source.read(reading.limits.member_bytes))
    reading.spend(members=len(compound.streams))
    names = {stream.path: stream for stream in compound.streams}
    if any(stream.name in ("EncryptedPackage", "EncryptionInfo", "EncryptedSummary") for stream in compound.streams):
        yield Oddity(part_id=source.part_id, kind=OddityKind.ENCRYPTED, detail="the document is encrypted", size=source.size)
        yield gap(source.part_id, Encrypted("the document is encrypted"))
        return
    for stream in compound.streams:
        try:
            yield from _stream(source, compound, stream, names, reading)
        except ReadError as error:
            if isinstance(error, Encrypted):
                yield Oddity(part_id=source.part_id, kind=OddityKind.ENCRYPTED, detail="the document is encrypted", size=stream.size)
            yield gap(_address(source, stream), error)
    yield from _free(source, compound, reading)


def _address(source: Source, stream: Stream) -> str:
    return f"{source.part_id}!{shown('/'.join(stream.path))}"


def _stream(source: Source, compound: Compound, stream: Stream, names: dict[tuple[str, ...], Stream], reading: Reading) -> Iterator[Item]:
    place = _address(source, stream)
    name, folder = stream.name, stream.path[:-1]
    data = compound.read(stream)
    reading.spend(expanded=len(data))
    message = _MESSAGE.fullmatch(name)
    if not data.strip(b"\x00"):
        return
    if name == "WordDocument":
        tables = {table: compound.read(names[(*folder, table)]) for table in _WORD_TABLES if (*folder, table) in names}
        main, rest = word_text(data, tables)
        yield from text_parts(f"{place}!text", main, TextRole.PROSE, reading=reading, depth=source.depth)
        if rest.strip():
            yield from text_parts(f"{place}!notes", rest, TextRole.PROSE, reading=reading, depth=source.depth)
    elif name == "PowerPoint Document":
        yield from _slides(source, data, place, reading)
    elif message is not None:
        yield from _message(source, data, place, message, reading)
    elif name == "\x01Ole10Native":
        yield from _native(source, data, place, reading)
    elif name in _PROPERTIES:
        if text := property_text(data):
            yield from aside_items(place, text, TextRole.METADATA, reading=reading, depth=source.depth)
    elif any(part.upper() in ("VBA", "_VBA_PROJECT_CUR", "MACROS") for part in folder):
        if name in ("dir", "_VBA_PROJECT"):
            yield Oddity(part_id=source.part_id, kind=OddityKind.MACRO, detail="macro project", size=stream.size)
            yield Unread(part_id=place, why=UnreadReason.UNSUPPORTED, detail="macro project is not read")
    elif name in _WORD_TABLES or name in _SETTINGS or name.startswith(("__properties", "__nameid")):
        yield from _settings(source, stream, data, place, reading)
    elif name in ("Data", "Pictures"):
        yield from _pictures(source, data, place, reading)
    else:
        yield from _other(source, stream, data, place, reading)


def _settings(source: Source, stream: Stream, data: bytes, place: str, reading: Reading) -> Iterator[Item]:
    if stream.name in _WORD_TABLES:
        return
    if (picture := metafile(data, place)) is not None:
        yield from picture
    elif words := "\n".join(run.decode("ascii") for run in re.findall(rb"[\x20-\x7e]{8,}", data)):
        yield from aside_items(place, words, TextRole.METADATA, reading=reading, depth=source.depth)


def _other(source: Source, stream: Stream, data: bytes, place: str, reading: Reading) -> Iterator[Item]:
    """An embedded file, or a stream of a program that is not known here."""
    if (picture := metafile(data, place)) is not None:
        yield from picture
        return
    yield Oddity(part_id=place, kind=OddityKind.EMBEDDED_OBJECT, detail="stream of an embedded object", size=stream.size)
    yield from reading.descend(Source.of_bytes(data, part_id=place, name="", depth=source.depth + 1))


def _native(source: Source, data: bytes, place: str, reading: Reading) -> Iterator[Item]:
    found = native_file(data)
    name, body = found if found is not None else ("", data[4:])
    yield Oddity(part_id=place, kind=OddityKind.EMBEDDED_OBJECT, detail="embedded file", size=len(body))
    reading.spend(members=1)
    claimed = shown(re.split(r"[\\/]", name)[-1])
    yield from reading.descend(Source.of_bytes(body, part_id=f"{place}!file", name=claimed, depth=source.depth + 1))


def _slides(source: Source, data: bytes, place: str, reading: Reading) -> Iterator[Item]:
    texts, objects = slide_parts(data)
    if texts:
        yield from text_parts(f"{place}!text", "\n".join(texts), TextRole.PROSE, reading=reading, depth=source.depth)
    for number, body in enumerate(objects, start=1):
        part_id = f"{place}!embedded{number}"
        yield Oddity(part_id=part_id, kind=OddityKind.EMBEDDED_OBJECT, detail="embedded object", size=len(body))
        reading.spend(expanded=len(body), members=1)
        yield from reading.descend(Source.of_bytes(body, part_id=part_id, name="", depth=source.depth + 1))


def _message(source: Source, data: bytes, place: str, found: re.Match[str], reading: Reading) -> Iterator[Item]:
    """A property of an Outlook message: text, a packed body, an attachment."""
    tag, kind = found.groups()
    if kind in (_WIDE, _NARROW):
        text = data.decode("utf-16-le" if kind == _WIDE else "cp1252", "replace").strip("\x00")
        yield from text_parts(place, text, TextRole.PROSE, reading=reading, depth=source.depth)
    elif kind == _BYTES and tag == _PACKED_RTF:
        yield from reading.descend(Source.of_bytes(unpacked_rtf(data), part_id=place, name="body.rtf", depth=source.depth + 1))
    elif kind == _BYTES and (tag in (_PAGE, _ATTACHED) or len(data) > _SMALL):
        if tag == _ATTACHED:
            yield Oddity(part_id=place, kind=OddityKind.EMBEDDED_OBJECT, detail="attachment", size=len(data))
        yield from reading.descend(Source.of_bytes(data, part_id=place, name="", depth=source.depth + 1))
    elif words := "\n".join(run.decode("ascii") for run in re.findall(rb"[\x20-\x7e]{8,}", data)):
        yield from aside_items(place, words, TextRole.METADATA, reading=reading, depth=source.depth)


def _pictures(source: Source, data: bytes, place: str, reading: Reading) -> Iterator[Item]:
    """Pictures of a document: each begins with its own signature; what lies between is left for the reader of the picture's end."""
    starts = sorted(match.start() for signature in _PICTURES for match in re.finditer(re.escape(signature), data))
    for number, start in enumerate(starts, start=1):
        end = starts[number] if number < len(starts) else len(data)
        body = _one_picture(data[start:end])
        reading.spend(members=1)
        yield from reading.descend(Source.of_bytes(body, part_id=f"{place}!picture{number}", name="", depth=source.depth + 1))
    if not starts:
        yield Unread(part_id=place, why=UnreadReason.UNSUPPORTED, detail="pictures that are not read")


def _one_picture(data: bytes) -> bytes:
    end = data.rfind(b"IEND") + 8 if data.startswith(_PICTURES[0]) else data.rfind(b"\xff\xd9") + 2
    return data[:end] if end > 8 else data


def _free(source: Source, compound: Compound, reading: Reading) -> Iterator[Item]:
    """Text in sectors that belong to no stream, where deleted content stays."""
    words = [run.decode("latin-1") for run in re.findall(rb"[\x20-\x7e\t\r\n]{12,}", compound.free())]
    words += [run.decode("utf-16-le") for run in re.findall(rb"(?:[\x20-\x7e\t\r\n]\x00){12,}", compound.free())]
    if words:
        text = "\n".join(words)
        yield Oddity(
            part_id=source.part_id, kind=OddityKind.HIDDEN_TEXT, detail="text in parts of the file that are marked free", size=len(text)
        )
        yield from aside_items(f"{source.part_id}!free", text, TextRole.METADATA, reading=reading, depth=source.depth)
