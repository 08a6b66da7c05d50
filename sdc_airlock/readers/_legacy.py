"""Text of Word 97-2003 and PowerPoint 97-2003 documents and of Outlook messages, out of the streams of their compound file."""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterator

from sdc_airlock.errors import Encrypted, LimitReached, Malformed

_WORD = 0xA5EC
_SEALED, _SECOND_TABLE = 0x0100, 0x0200
_COMPRESSED = 0x40000000
_MARKS = {0x07: "\t", 0x0B: "\n", 0x0C: "\n", 0x0D: "\n", 0x0E: "\n", 0x1E: "-", 0x1F: "", 0xA0: " "}
_FIELD = re.compile(r"\x13([^\x13-\x15]*+)(?:\x14([^\x13-\x15]*+))?\x15")
_STEPS = 64
_CONTAINER = 0xF
_WIDE_TEXT, _NARROW_TEXT, _WIDE_STRING, _OBJECT = 0x0FA0, 0x0FA8, 0x0FBA, 0x1011
_INFLATED = 64 << 20
_MOST_RECORDS = 2_000_000
_RTF_START = (
    b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor MS Sans SerifSymbolArialTimes"
    b" New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx"
)


def word_text(stream: bytes, tables: dict[str, bytes]) -> tuple[str, str]:
    """The main text of a Word document, and that of its notes, headers, comments and text boxes.

    Args:
        stream: The stream `WordDocument`.
        tables: The streams `0Table` and `1Table`.

    Raises:
        Encrypted: it asks for a password.
        Malformed: its piece table leads nowhere.
    """
    try:
        magic, flags = struct.unpack_from("<H8xH", stream, 0)
        if magic != _WORD:
            raise Malformed("no Word 97 text")
        if flags & _SEALED:
            raise Encrypted("the document is encrypted")
        table = tables.get("1Table" if flags & _SECOND_TABLE else "0Table", b"")
        (main,) = struct.unpack_from("<i", stream, 0x4C)
        start, length = struct.unpack_from("<II", stream, 0x1A2)
        text = "".join(_pieces(stream, table[start : start + length]))
    except struct.error:
        raise Malformed("the tables of the text lead nowhere") from None
    return readable(text[: max(0, main)]), readable(text[max(0, main) :])


def _pieces(stream: bytes, clx: bytes) -> Iterator[str]:
    position = 0
    while position < len(clx) and clx[position] == 1:
        position += 3 + struct.unpack_from("<H", clx, position + 1)[0]
    if position >= len(clx) or clx[position] != 2:
        raise Malformed("the text has no piece table")
    (length,) = struct.unpack_from("<I", clx, position + 1)
    plan = clx[position + 5 : position + 5 + length]
    count = (len(plan) - 4) // 12
    places = struct.unpack_from(f"<{count + 1}I", plan, 0)
    budget = 4 * len(stream) + 1024
    for number in range(count):
        (offset,) = struct.unpack_from("<I", plan, 4 * (count + 1) + 8 * number + 2)
        characters = max(0, places[number + 1] - places[number])
        narrow = bool(offset & _COMPRESSED)
        begin = (offset & ~_COMPRESSED) // 2 if narrow else offset
        raw = stream[begin : begin + characters * (1 if narrow else 2)]
        budget -= len(raw)
        if budget < 0:
            raise LimitReached("text_bytes", 4 * len(stream), 4 * len(stream) + 1)
        yield raw.decode("cp1252" if narrow else "utf-16-le", "replace")


def readable(text: str) -> str:
    """Text with table rows on lines of their own, cells parted by tabs, and codes of fields behind their results."""
    for _ in range(_STEPS):
        shorter = _FIELD.sub(lambda found: f"{found.group(2)} {found.group(1)}" if found.group(2) else found.group(1), text)
        if shorter == text:
            break
        text = shorter
    text = text.replace("\x07\x07", "\n").translate(_MARKS)
    return "".join(character for character in text if character >= " " or character in "\t\n").strip("\n")


def slide_parts(stream: bytes) -> tuple[list[str], list[bytes]]:
    """Texts of a presentation, and the files embedded in it.

    Raises:
        LimitReached: an embedded file expands too far.
    """
    texts: list[str] = []
    objects: list[bytes] = []
    position = 0
    for _ in range(_MOST_RECORDS):
        if position + 8 > len(stream):
            break
        version, kind, length = struct.unpack_from("<HHI", stream, position)
        position += 8
        if version & 0xF == _CONTAINER:
            continue  # its members follow
        body = stream[position : position + length]
        position += length
        if kind in (_WIDE_TEXT, _WIDE_STRING):
            texts.append(body.decode("utf-16-le", "replace").replace("\r", "\n").replace("\x0b", "\n"))
        elif kind == _NARROW_TEXT:
            texts.append(body.decode("cp1252", "replace").replace("\r", "\n").replace("\x0b", "\n"))
        elif kind == _OBJECT:
            objects.append(_object(body, packed=bool(version >> 4)))
    return [text for text in texts if text.strip()], objects


def _object(body: bytes, *, packed: bool) -> bytes:
    if not packed:
        return body
    try:
        unpacker = zlib.decompressobj()
        out = unpacker.decompress(body[4:], _INFLATED)
    except zlib.error:
        return body
    if unpacker.unconsumed_tail:
        raise LimitReached("member_bytes", _INFLATED, len(out) + 1)
    return out


def native_file(stream: bytes) -> tuple[str, bytes] | None:
    """Name and bytes of the file in a stream `Ole10Native`; None where it is laid out otherwise."""
    try:
        position = 6
        names = []
        for _ in range(2):
            end = stream.index(b"\x00", position)
            names.append(stream[position:end])
            position = end + 1
        position += 4
        (length,) = struct.unpack_from("<I", stream, position)
        position += 4 + length
        (size,) = struct.unpack_from("<I", stream, position)
    except (struct.error, ValueError):
        return None
    if size > len(stream) - position - 4:
        return None
    return names[0].decode("cp1252", "replace"), stream[position + 4 : position + 4 + size]


def first_object(data: bytes) -> bytes:
    """The file inside an object of the first kind (OLE 1), as rich text embeds it; the bytes themselves where they are laid out otherwise."""
    try:
        position = 8
        names = []
        for _ in range(3):
            (length,) = struct.unpack_from("<I", data, position)
            names.append(data[position + 4 : position + 4 + length].strip(b"\x00"))
            position += 4 + length
        (size,) = struct.unpack_from("<I", data, position)
    except struct.error:
        return data
    body = data[position + 4 : position + 4 + size]
    if not body or len(body) < size:
        return data
    if names[0].lower() == b"package":
        found = native_file(struct.pack("<I", len(body)) + body)
        return found[1] if found is not None else body
    return body


def unpacked_rtf(data: bytes) -> bytes:
    """Rich text of a message, out of its packed form.

    Raises:
        Malformed: it is packed in a way that is not known.
    """
    try:
        _, raw_size, kind = struct.unpack_from("<II4s", data, 0)
    except struct.error:
        raise Malformed("the rich text of the message breaks off") from None
    if kind == b"MELA":
        return data[16 : 16 + raw_size]
    if kind != b"LZFu":
        raise Malformed("the rich text of the message is packed in an unknown way")
    window = bytearray(_RTF_START.ljust(4096, b"\x00"))
    write, position = len(_RTF_START), 16
    out = bytearray()
    while position < len(data) and len(out) < min(raw_size, _INFLATED):
        control = data[position]
        position += 1
        for bit in range(8):
            if position >= len(data):
                break
            if not control >> bit & 1:
                piece = data[position : position + 1]
                position += 1
            else:
                word = int.from_bytes(data[position : position + 2], "big")
                position += 2
                offset, length = word >> 4, (word & 0xF) + 2
                if offset == write:
                    return bytes(out)
                piece = b""
                for step in range(length):
                    letter = window[(offset + step) % 4096]
                    piece += bytes([letter])
                    window[(write + step) % 4096] = letter
            for step, letter in enumerate(piece):
                window[(write + step) % 4096] = letter
            write = (write + len(piece)) % 4096
            out += piece
    return bytes(out)
