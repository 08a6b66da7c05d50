"""Data encoded in text: base64, base85, hexadecimal and data URIs. What decodes to a known type is read like a member of a container."""

from __future__ import annotations

import base64
import binascii
import math
import re
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from sdc_airlock.identify import identify
from sdc_airlock.model.content import Oddity, OddityKind
from sdc_airlock.model.filetype import Family
from sdc_airlock.source import Source

if TYPE_CHECKING:
    from sdc_airlock.readers import Item, Reading

SHORTEST = 200
_MOST = 200
_B64 = r"A-Za-z0-9+/_\-"
_RUN = re.compile(rf"(?<![{_B64}])[{_B64}]{{{SHORTEST},}}={{0,2}}")
_WRAPPED = re.compile(rf"(?<![{_B64}])(?:[A-Za-z0-9+/]{{48,160}}={{0,2}}(?:[\"'\\,]{{0,3}}\r?\n[ \t>\"']*+)){{2,}}+[A-Za-z0-9+/]*+={{0,2}}")
_B85 = re.compile(r"(?<![!-~])[0-9A-Za-z!#$%&()*+\-;<=>?@^_`{|}~]{200,}(?![!-~])")
_URI = re.compile(r"data:([\w.+-]{1,60}/[\w.+-]{1,80})?(?:;[\w=.+-]{1,60}){0,4};base64,([A-Za-z0-9+/=%\s_-]{16,}+)")
_LETTER = b"a"
_SHAPE = bytes(ord("a") if chr(code).isascii() and (chr(code).isalnum() or chr(code) in "+/_-") else ord(" ") for code in range(256))
_SHAPE85 = bytes(ord("a") if ord(" ") < code < 127 and chr(code) not in "\"',./:[\\]" else ord(" ") for code in range(256))
_HEX = re.compile(r"[0-9a-f]+|[0-9A-F]+")
_SPACE = re.compile(r"[^A-Za-z0-9+/=_-]+")
_ENTROPY_BASE64 = 4.6
_ENTROPY_BASE85 = 5.4
_ENTROPY_HEX = 2.5
_NOTHING = frozenset({"unknown", "empty"})


def encoded_items(part_id: str, text: str, reading: Reading, *, depth: int) -> Iterator[Item]:
    """An oddity that tells of encoded runs, and the parts of those that decode to a known type.

    A picture in a data URI is an ordinary thing: it is read, and no oddity.
    """
    found = hidden = 0
    taken: list[tuple[int, int]] = []
    for match, data, claimed in _runs(text):
        if any(start < match.end() and match.start() < end for start, end in taken[-3:]):
            continue
        taken.append((match.start(), match.end()))
        found += 1
        if found > _MOST:
            hidden += match.end() - match.start()
            continue
        source = Source.of_bytes(data, part_id=f"{part_id}!encoded{found}", name="", depth=depth + 1) if data else None
        known = source is not None and _known(source, data)
        picture = known and claimed.startswith(("image/", "font/"))
        if not picture and (known or not claimed):
            hidden += match.end() - match.start()
        if known and source is not None:
            reading.spend(expanded=len(data))
            yield from reading.descend(source)
    if hidden:
        yield Oddity(part_id=part_id, kind=OddityKind.ENCODED_BLOB, detail="long runs of encoded data in text", size=hidden)


def _runs(text: str) -> Iterator[tuple[re.Match[str], bytes, str]]:
    """Runs that look encoded: the match, the bytes it encodes (b"" where it encodes none), and the media type that a data URI claims."""
    if len(text) < SHORTEST // 4:
        return
    if ";base64," in text:
        for match in _URI.finditer(text):
            yield match, _decoded(match[2]), (match[1] or "text/plain").lower()
    if len(text) < SHORTEST:
        return
    plain = text.encode("latin-1", "replace")
    shape = plain.translate(_SHAPE)
    if _LETTER * 48 in shape:
        for match in _WRAPPED.finditer(text):
            letters = _SPACE.sub("", match.group())
            if len(letters) >= SHORTEST and _dense(letters):
                yield match, _decoded(letters), ""
    if _LETTER * SHORTEST in shape:
        for match in _RUN.finditer(text):
            if _dense(match.group()):
                yield match, _decoded(match.group()), ""
    if _LETTER * SHORTEST not in plain.translate(_SHAPE85):
        return
    for match in _B85.finditer(text):
        if _entropy(match.group()) >= _ENTROPY_BASE85 and sum(not letter.isalnum() for letter in match.group()) > len(match.group()) // 10:
            yield match, _decoded85(match.group()), ""


def _dense(letters: str) -> bool:
    """True for letters as evenly mixed as encoded data are; sequences of bases, digits or one case are not."""
    if _HEX.fullmatch(letters):
        return len(letters) % 2 == 0 and not letters.isdigit() and not letters.isalpha() and _entropy(letters) >= _ENTROPY_HEX
    classes = any(map(str.isupper, letters)) + any(map(str.islower, letters)) + any(map(str.isdigit, letters))
    return classes == 3 and _entropy(letters) >= _ENTROPY_BASE64


def _entropy(letters: str) -> float:
    """Bits a character, of the first 4,096."""
    sample = letters[:4096]
    return -sum(count / len(sample) * math.log2(count / len(sample)) for count in Counter(sample).values())


def _decoded(raw: str) -> bytes:
    """The bytes that the letters encode, b"" where they encode none."""
    letters = _SPACE.sub("", raw.replace("%2B", "+").replace("%2F", "/").replace("%3D", "="))
    try:
        if _HEX.fullmatch(letters):
            return bytes.fromhex(letters)
        body = letters.rstrip("=").replace("-", "+").replace("_", "/")
        body = body[: len(body) - (len(body) % 4 == 1)]
        return binascii.a2b_base64(body + "=" * (-len(body) % 4))
    except ValueError:
        return b""


def _decoded85(raw: str) -> bytes:
    try:
        return base64.b85decode(raw)
    except ValueError:
        return b""


def _known(source: Source, data: bytes) -> bool:
    """True where the bytes are of a type of their own."""
    file_type = identify(source)
    if file_type.label in _NOTHING or file_type.family in (Family.UNKNOWN, Family.EMPTY):
        return False
    from sdc_airlock.identify import TYPES

    info = TYPES.get(file_type.label)
    if info is None or not info.text:
        return True
    try:
        return data.decode("utf-8").isprintable() or b"\n" in data
    except UnicodeDecodeError:
        return data[:2] in (b"\xff\xfe", b"\xfe\xff")
