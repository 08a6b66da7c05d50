"""All objects of a PDF, whether the document uses them or not: their strings and names, their streams, and what earlier revisions left.

A PDF is saved by adding to it, so that pages once deleted, texts once changed and things that nothing points to are still in the file.
"""

from __future__ import annotations

import base64
import binascii
import re
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

_OBJECT = re.compile(rb"(?<![0-9])(\d{1,10})\s+\d{1,5}\s+obj\b")
_REFERENCE = re.compile(rb"(?<![0-9])(\d{1,10})\s+\d{1,5}\s+R\b")
_TRAILER = re.compile(rb"trailer\s*(<<.{0,65536}?>>)\s*startxref", re.DOTALL)
_STRING = re.compile(rb"\((?:[^()\\]|\\.|\((?:[^()\\]|\\.)*\))*\)|<([0-9A-Fa-f\s]{8,})>", re.DOTALL)
_NAME = re.compile(rb"/([^\s/<>\[\](){}%]{1,400})")
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
_OCTAL = re.compile(rb"\\([0-7]{1,3})")
_FILTER = re.compile(rb"/(?:Filter|F)\s*(\[[^\]]*\]|/\w+)")
_COMMENT = re.compile(rb"%([^\r\n]{1,4000})")
_PLAIN_COMMENT = re.compile(rb"PDF-\d|%EOF|[\x80-\xff]|\s*(?:BeginObject|EndObject|Page|ReportLab|endobj)")
_SHOWN = re.compile(
    rb"(\((?:[^()\\]|\\.)*\)|<[0-9A-Fa-f\s]*>|\[[^\]]*\])\s*(?:Tj|TJ|'|\")|T\*|(?<![\d.])(?:(?:-?[\d.]++\s++){2}T[dD]|(?:-?[\d.]++\s++){6}Tm)"
)
_CONTENT = re.compile(rb"\bBT\b.{0,4000}?\bT[fdDmjJ*]", re.DOTALL)
_MARKS = (b"#", b",", b";", b"|", b"=", b"@")
_DATE = re.compile(rb"D:\d{8,14}.{0,10}$")
_STEPS = {b"\\n": b"\n", b"\\r": b"\r", b"\\t": b"\t", b"\\(": b"(", b"\\)": b")", b"\\\\": b"\\", b"\\\n": b""}
_INFLATED = 64 << 20
_MOST_OBJECTS = 500_000
_FONT_HEADS = (b"\x00\x01\x00\x00", b"OTTO", b"true", b"ttcf", b"%!PS-AdobeFont", b"%!FontType", b"\x01\x00\x04", b"\x80\x01")


@dataclass(slots=True)
class PdfObject:
    """One object.

    Attributes:
        number: Its number.
        header: Its dictionary or value.
        stream: Its bytes as stored, None where it has none.
        used: False where nothing leads to it, or a later object replaces it.
    """

    number: int
    header: bytes
    stream: bytes | None
    used: bool = True


@dataclass
class PdfObjects:
    """All objects, and the comments between them."""

    objects: list[PdfObject] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)


def all_objects(data: bytes, start: int, tick: Callable[[int], None]) -> PdfObjects:
    """Every object of a PDF, those inside object streams too.

    Args:
        data: The file.
        start: Where it begins.
        tick: Called with the bytes that were inflated; raises where the budget is spent.
    """
    found = PdfObjects()
    roots: set[int] = set()
    for trailer in _TRAILER.finditer(data, start):
        roots |= {int(number) for number in _REFERENCE.findall(trailer.group(1))}
    position = start
    while (match := _OBJECT.search(data, position)) is not None and len(found.objects) < _MOST_OBJECTS:
        found.comments += _comments(data[position : match.start()])
        item, position = _one(data, match)
        found.objects.append(item)
        if item.stream is None:
            continue
        if b"/XRef" in item.header:
            roots |= {int(number) for number in _REFERENCE.findall(item.header)}
            item.stream = None
        elif b"/ObjStm" in item.header and (inner := decoded(item, tick)) is not None:
            found.objects += _inside(item.header, inner)
    found.comments += _comments(data[position:])
    _mark_used(found.objects, roots)
    return found


def _one(data: bytes, match: re.Match[bytes]) -> tuple[PdfObject, int]:
    begin = match.end()
    close = data.find(b"endobj", begin)
    stream = data.find(b"stream", begin)
    close = len(data) if close < 0 else close
    number = int(match.group(1))
    if not 0 <= stream < close:
        return PdfObject(number, data[begin:close], None), close
    body = stream + 6
    body += 2 if data[body : body + 2] == b"\r\n" else 1
    stop = data.find(b"endstream", body)
    stop = len(data) if stop < 0 else stop
    close = data.find(b"endobj", stop)
    return PdfObject(number, data[begin:stream], data[body:stop]), (len(data) if close < 0 else close)


def _inside(header: bytes, inner: bytes) -> Iterator[PdfObject]:
    """Objects of an object stream."""
    first = re.search(rb"/First\s+(\d+)", header)
    if first is None:
        yield PdfObject(-1, inner, None)
        return
    offset = int(first.group(1))
    numbers = [int(word) for word in inner[:offset].split() if word.isdigit() and len(word) < 11]
    places = list(zip(numbers[::2], numbers[1::2], strict=False))
    for index, (number, at) in enumerate(places):
        end = places[index + 1][1] if index + 1 < len(places) else len(inner)
        yield PdfObject(number, inner[offset + at : offset + max(at, end)], None)


def _comments(between: bytes) -> list[str]:
    return [match.group(1).decode("latin-1").strip() for match in _COMMENT.finditer(between) if not _PLAIN_COMMENT.match(match.group(1))]


def _mark_used(objects: list[PdfObject], roots: set[int]) -> None:
    last = {item.number: item for item in objects}
    for item in objects:
        item.used = last[item.number] is item
    waiting, seen = list(roots), set(roots)
    while waiting:
        item = last.get(waiting.pop())  # type: ignore[assignment]
        if item is None:
            continue
        for reference in _REFERENCE.findall(item.header):
            if (number := int(reference)) not in seen:
                seen.add(number)
                waiting.append(number)
    for item in objects:
        item.used = item.used and (item.number in seen or b"/ObjStm" in item.header or b"/Linearized" in item.header)


def decoded(item: PdfObject, tick: Callable[[int], None]) -> bytes | None:
    """A stream without its filters; None where one of them is unknown, is a picture's, or fails."""
    if item.stream is None:
        return None
    data = item.stream
    declared = _FILTER.search(item.header)
    for name in _NAME.findall(declared.group(1)) if declared else []:
        try:
            if name in (b"FlateDecode", b"Fl"):
                data = zlib.decompressobj().decompress(data, _INFLATED)
            elif name in (b"ASCII85Decode", b"A85"):
                data = base64.a85decode(re.sub(rb"\s", b"", data).partition(b"~>")[0])
            elif name in (b"ASCIIHexDecode", b"AHx"):
                digits = re.sub(rb"[^0-9A-Fa-f]", b"", data.partition(b">")[0])
                data = binascii.unhexlify(digits + b"0" * (len(digits) % 2))
            elif name in (b"RunLengthDecode", b"RL"):
                data = _run_lengths(data)
            else:
                return None
        except (zlib.error, ValueError, binascii.Error):
            return None
        tick(len(data))
    return data


def _run_lengths(data: bytes) -> bytes:
    out, position = bytearray(), 0
    while position < len(data) and data[position] != 128 and len(out) < _INFLATED:
        length = data[position]
        if length < 128:
            out += data[position + 1 : position + 2 + length]
            position += 2 + length
        else:
            out += data[position + 1 : position + 2] * (257 - length)
            position += 2
    return bytes(out)


def filters(item: PdfObject) -> list[bytes]:
    """Names of the filters of a stream, in order."""
    declared = _FILTER.search(item.header)
    return _NAME.findall(declared.group(1)) if declared else []


def strings(header: bytes) -> Iterator[str]:
    """Texts of a dictionary or value: strings, and names that hold more than a name does."""
    for match in _STRING.finditer(header):
        raw = match.group()
        body = re.sub(rb"\s", b"", match.group(1)) if match.group(1) is not None else None
        data = bytes.fromhex((body + b"0" * (len(body) % 2)).decode()) if body is not None else _unescaped(raw[1:-1])
        if _DATE.match(data):
            continue
        text = _text(data)
        if text.strip() and sum(character.isprintable() or character.isspace() for character in text) > 0.95 * len(text):
            yield text.strip()
    for name in _NAME.findall(header):
        if any(mark in name for mark in _MARKS):
            yield _ESCAPED.sub(lambda found: bytes([int(found.group(1), 16)]), name).decode("latin-1")


def _unescaped(raw: bytes) -> bytes:
    if b"\\" not in raw:
        return raw
    raw = re.sub(rb"\\[nrt()\\\n]", lambda found: _STEPS[found.group()], raw)
    return _OCTAL.sub(lambda found: bytes([int(found.group(1), 8) & 0xFF]), raw)


def _text(data: bytes) -> str:
    if data[:2] in (b"\xfe\xff", b"\xff\xfe"):
        return data.decode("utf-16", "replace")
    return data.decode("utf-8" if data[:3] == b"\xef\xbb\xbf" else "latin-1", "replace").replace("\x00", "")


def is_content(data: bytes) -> bool:
    """True for instructions that set text on a page."""
    return _CONTENT.search(data[:200_000]) is not None


def shown_text(data: bytes) -> str:
    """Text that page instructions set, line by line; letters of fonts with codes of their own stay as they are."""
    out: list[str] = []
    for match in _SHOWN.finditer(data):
        if match.group(1) is None:
            out.append("\n")
        else:
            out += strings_of(match.group(1))
    return re.sub(r"\n+", "\n", "".join(out)).strip()


def strings_of(operand: bytes) -> Iterator[str]:
    """The strings of an operand that shows text."""
    for match in re.finditer(rb"\(((?:[^()\\]|\\.)*)\)|<([0-9A-Fa-f\s]*)>", operand):
        if match.group(1) is not None:
            yield _text(_unescaped(match.group(1)))
        else:
            digits = re.sub(rb"\s", b"", match.group(2))
            yield _text(bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode()))


def is_font(data: bytes) -> bool:
    """True for the bytes of an embedded font."""
    return data.startswith(_FONT_HEADS) or (len(data) > 4 and data[:1] == b"\x01" and data[2] <= 8 and 1 <= data[3] <= 4)


def is_profile(data: bytes) -> bool:
    """True for a colour profile of just these bytes."""
    return data[36:40] == b"acsp" and abs(int.from_bytes(data[:4], "big") - len(data)) < 4
