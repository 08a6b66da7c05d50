"""A PDF as bytes: its objects one by one, the names that stand for actions, metadata, and bytes that belong to no object.

Page libraries show none of this: they follow the cross references and skip the rest.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field

_OBJECT = re.compile(rb"(?<![0-9])(\d{1,10})\s+\d{1,5}\s+obj\b")
_END = re.compile(rb"startxref\s+\d+\s+%%EOF")
_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
_LENGTH = re.compile(rb"/Length\s+(\d+)(?!\d)(?!\s+\d+\s+R)")
_OUTSIDE = re.compile(
    rb"\s+|%[^\r\n]{0,80}(?=[\r\n]|$)|xref\s[\d\s nf]*|trailer\s*<<.{0,4096}?>>(?=\s*startxref|\s*$|\s*<<|\s*>>)|startxref\s+\d+|<<|>>",
    re.DOTALL,
)
_SCRIPT = re.compile(rb"/(?:JavaScript|JS)(?=[\s/(<\[\]>])")
_AUTOMATIC = re.compile(
    rb"/(?:Launch|SubmitForm|ImportData|GoToE|RichMedia|Movie|Rendition)(?=[\s/(<\[\]>])|/OpenAction\s*<<[^>]{0,200}/S\s*/URI"
)
_OPENING = re.compile(rb"/OpenAction\s+(\d{1,10})\s+\d{1,5}\s+R\b")
_ADDRESS = re.compile(rb"/S\s*/URI\b")
_PACKED = re.compile(rb"/(N|First)\s+(\d{1,8})\b")
_OUTWARD = re.compile(rb"/S\s*/GoToR\b|/FFilter\b|/Type\s*/Reference\b")
_XFA = re.compile(rb"/XFA\b")
_EMBEDDED = re.compile(rb"/Type\s*/EmbeddedFile\b")
_DEFLATED = re.compile(rb"/Filter\s*+(?:\[\s*+)?/(?:FlateDecode|Fl)(?=[\s/\]>])")
_SLACK = 64
_PIECE = 1 << 20
_INFLATED = 16 << 20


@dataclass
class Scan:
    """What the bytes of a PDF say.

    Attributes:
        start: Bytes before `%PDF`; end: offset behind the last end mark; -1 where there is none.
        loose: Bytes between objects that are neither object, cross reference nor comment, or that exceed a stream's length.
        scripts, automatic, outward: Times that names of scripts, of actions that act by themselves, and of outside files occur.
        embedded: Streams marked as embedded files.
        forms: Forms kept as XML.
        metadata: Texts of metadata streams.
        unread: Object streams that could not be opened.
        broken: Other compressed streams in which something is wrong, so that what follows it is lost.
        encrypted: The trailer speaks of encryption.
        opening, addresses: Numbers of the objects that are acted on when the document is opened, and of those that call an address.
    """

    start: int = 0
    end: int = -1
    loose: int = 0
    scripts: int = 0
    automatic: int = 0
    outward: int = 0
    embedded: int = 0
    forms: int = 0
    metadata: list[str] = field(default_factory=list)
    unread: int = 0
    broken: int = 0
    encrypted: bool = False
    opening: set[int] = field(default_factory=set)
    addresses: set[int] = field(default_factory=set)


def scan_pdf(data: bytes) -> Scan:
    """Go through all objects once, those in object streams too."""
    scan = Scan(start=max(0, data.find(b"%PDF")))
    for found in _END.finditer(data):
        scan.end = found.end()
    outside = bytearray()
    for before, number, header, body in _objects(data, scan.start, scan.end if scan.end > 0 else len(data)):
        outside += before
        if header or body is not None:
            _object(number, header, body, scan)
    scan.automatic += len(scan.opening & scan.addresses)
    left = _OUTSIDE.sub(b"", bytes(outside))
    scan.loose += len(left) if len(left) > _SLACK else 0
    scan.encrypted = scan.encrypted or b"/Encrypt" in bytes(outside)
    return scan


def _objects(data: bytes, start: int, end: int) -> Iterator[tuple[bytes, int, bytes, bytes | None]]:
    """For each object: the bytes before it, its number, its dictionary or value, and its stream if it has one."""
    position = start
    while (found := _OBJECT.search(data, position, end)) is not None:
        begin = found.end()
        close = data.find(b"endobj", begin, end)
        stream = data.find(b"stream", begin, end)
        close = end if close < 0 else close
        if 0 <= stream < close:
            stop = data.find(b"endstream", stream, end)
            stop = end if stop < 0 else stop
            close = data.find(b"endobj", stop, end)
            close = end if close < 0 else close
            yield data[position : found.start()], int(found[1]), data[begin:stream], data[stream + 6 : stop]
        else:
            yield data[position : found.start()], int(found[1]), data[begin:close], None
        position = min(end, close + 6)
    yield data[position:end], 0, b"", None


def _object(number: int, header: bytes, body: bytes | None, scan: Scan) -> None:
    names = _ESCAPE.sub(lambda match: bytes([int(match.group(1), 16)]), header)
    _names(names, scan)
    _acts(number, names, scan)
    if body is None:
        return
    content = body[2:] if body.startswith(b"\r\n") else body[1:]
    declared = _LENGTH.search(names)
    if declared and len(content.rstrip(b"\r\n")) - int(declared.group(1)) > _SLACK:
        scan.loose += len(content) - int(declared.group(1))
    if b"/ObjStm" in names:
        inner = _inflate(content) if b"/FlateDecode" in names or b"/Fl" in names else content
        if inner is None:
            scan.unread += 1
        else:
            _names(_ESCAPE.sub(lambda match: bytes([int(match.group(1), 16)]), inner), scan)
            for packed, text in _packed(names, inner):
                _acts(packed, _ESCAPE.sub(lambda match: bytes([int(match.group(1), 16)]), text), scan)
    elif b"/XRef" in names:
        scan.encrypted = scan.encrypted or b"/Encrypt" in names
    elif re.search(rb"/Type\s*/Metadata\b", names):
        inner = _inflate(content) if b"/FlateDecode" in names else content
        if inner is None:
            scan.unread += 1
        else:
            scan.metadata.append(inner.decode("utf-8", "replace"))
    elif _DEFLATED.search(names) and b"/Crypt" not in names:
        scan.broken += _breaks_off(content)


def _acts(number: int, text: bytes, scan: Scan) -> None:
    """Note what the document opens with, and which objects call an address."""
    scan.opening |= {int(opened) for opened in _OPENING.findall(text)}
    if _ADDRESS.search(text):
        scan.addresses.add(number)


def _packed(names: bytes, inner: bytes) -> Iterator[tuple[int, bytes]]:
    """Number and text of each object in a stream of objects; nothing where its list cannot be followed."""
    stated = {name: int(value) for name, value in _PACKED.findall(names)}
    count, first = stated.get(b"N", 0), stated.get(b"First", 0)
    listed = inner[:first].split()
    if not count or len(listed) != 2 * count or not all(item.isdigit() and len(item) <= 10 for item in listed):
        return
    starts = [first + int(item) for item in listed[1::2]]
    if starts != sorted(starts):
        return
    for number, start, stop in zip(listed[::2], starts, [*starts[1:], len(inner)], strict=True):
        yield int(number), inner[start:stop]


def _names(text: bytes, scan: Scan) -> None:
    scan.scripts += len(_SCRIPT.findall(text))
    scan.automatic += len(_AUTOMATIC.findall(text))
    scan.outward += len(_OUTWARD.findall(text))
    scan.embedded += len(_EMBEDDED.findall(text))
    scan.forms += len(_XFA.findall(text))


def _breaks_off(data: bytes) -> bool:
    """True for a compressed stream with an error in it, after which viewers show nothing; a wrong sum at its end is none."""
    unpacker, seen = zlib.decompressobj(), 0
    try:
        while data and seen < _INFLATED and not unpacker.eof:
            seen += len(unpacker.decompress(data, _PIECE))
            data = unpacker.unconsumed_tail
    except zlib.error as error:
        return "incorrect data check" not in str(error)
    return False


def _inflate(data: bytes) -> bytes | None:
    try:
        return zlib.decompressobj().decompress(data, _INFLATED)
    except zlib.error:
        return None
