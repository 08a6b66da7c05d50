"""Bytes to text: which encoding, and what of it could not be decoded. No byte is dropped."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from sdc_airlock.identify.encoding import sniff_encoding
from sdc_airlock.model.content import Oddity, OddityKind, Unread, UnreadReason
from sdc_airlock.readers._made import MadeStream

_KEEP = "sdc_airlock_keep_bytes"
_CHUNK = 1 << 20


def _keep_bytes(error: UnicodeError) -> tuple[str, int]:
    """Turn bytes that do not decode into the Latin-1 characters of the same number."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("latin-1"), error.end


codecs.register_error(_KEEP, _keep_bytes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoded:
    """Text and how it was decoded.

    Attributes:
        text: All of it, without a byte order mark.
        bad: Bytes that are no text in the encoding (kept as Latin-1 characters).
        nuls: NUL characters (kept).
    """

    text: str
    encoding: str
    bad: int = 0
    nuls: int = 0

    def items(self, part_id: str) -> Iterator[Oddity | Unread]:
        """What is odd about the bytes, and the gap a NUL leaves: text after it is invisible to many programs."""
        if self.bad:
            yield Oddity(part_id=part_id, kind=OddityKind.UNDECODABLE_TEXT, detail=f"bytes that are no {self.encoding}", size=self.bad)
        if self.nuls:
            yield Oddity(part_id=part_id, kind=OddityKind.NUL_BYTES, detail="NUL characters in text", size=self.nuls)
            yield Unread(part_id=part_id, why=UnreadReason.MALFORMED, detail="NUL characters in text may hide what follows them")


def sniff(data: bytes) -> tuple[str, int]:
    """Encoding by byte order mark, by the place of zero bytes, by whether UTF-8 decodes.

    Returns:
        Name of a codec, and the length of the byte order mark.
    """
    told = sniff_encoding(data[: 1 << 16])
    if told.bom_bytes or told.name.startswith(("utf-16", "utf-32")):
        return told.name, told.bom_bytes
    if _is_utf8(data):
        return "utf-8", 0
    return "cp1252", 0


def _is_utf8(data: bytes) -> bool:
    """True where the bytes are UTF-8, or UTF-8 with a few damaged places among many sound ones."""
    decoder = codecs.getincrementaldecoder("utf-8")
    try:
        decoder("strict").decode(data)
    except UnicodeDecodeError:
        text = decoder("replace").decode(data)
        bad = text.count("\ufffd")
        sound = sum(map(len, re.findall(r"[^\x00-\x7f]+", text))) - bad
        return sound >= 2 * bad
    return True


def decode(data: bytes) -> Decoded:
    """All of the bytes as text."""
    encoding, mark = sniff(data)
    return decode_as(data, encoding, mark)


def decode_as(data: bytes, encoding: str, mark: int) -> Decoded:
    """The bytes behind the byte order mark in a known encoding; bytes that do not decode are kept and counted."""
    body = data[mark:]
    try:
        text, bad = body.decode(encoding), 0
    except UnicodeDecodeError:
        text = body.decode(encoding, _KEEP)
        bad = body.decode(encoding, "replace").count("\ufffd")
    return Decoded(text=text, encoding=encoding, bad=bad, nuls=text.count("\0"))


class Utf8Stream(MadeStream):
    """A byte stream of any encoding, read as UTF-8 without its byte order mark."""

    def __init__(self, stream: BinaryIO, encoding: str, mark: int) -> None:
        super().__init__(stream)
        stream.read(mark)
        self._decoder = codecs.getincrementaldecoder(encoding)(_KEEP)

    def _more(self) -> bytes:
        while True:
            chunk = self._beneath.read(_CHUNK)
            made = self._decoder.decode(chunk, final=not chunk).encode("utf-8", "replace")
            if made or not chunk:
                return made


class EvenBlanks(MadeStream):
    """A UTF-8 stream in which every run of blanks and tabs is one blank, and none stands at either end of a line."""

    def __init__(self, stream: BinaryIO) -> None:
        super().__init__(stream)
        self._rest = b""

    def _more(self) -> bytes:
        while True:
            chunk = self._beneath.read(_CHUNK)
            text = self._rest + chunk
            end = text.rfind(b"\n") + 1 if chunk else len(text)
            self._rest = text[end:]
            whole = re.sub(rb"[ \t]+", b" ", text[:end])
            made = re.sub(rb" ?(\r?\n) ?", rb"\1", whole).strip(b" ")
            if made or not chunk:
                return made
