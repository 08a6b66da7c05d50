"""Runs of letters that encode bytes: base64, base32, hexadecimal, base85, on one line, wrapped, quoted or spread over statements.

What parts the pieces of one run is always the same (a line end and a comment mark, a quote and a comma), whatever it is.
"""

from __future__ import annotations

import base64
import binascii
import codecs
import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sdc_airlock.readers._reveal import printable, promising, readable, reveal, told

SHORTEST = 200
_SHORTEST_REVEALED = 60
_PIECE = 12
_ARMOUR = "-----"
_WIDE_PIECE = 48
_LONG_RUN = 1000
_LONG_SOLID = 400
_BEGINNING85 = 1000
_LONGEST_GAP = 60
_FEWEST_ALONE = 5
_SHARE_ALONE = 0.9
_TOKEN = re.compile(rf"[A-Za-z0-9+/_\-]{{{_PIECE},}}+={{0,6}}")
_TOKEN85 = re.compile(r"[!-~]{20,}")
_REST = re.compile(r"[A-Za-z0-9+/_\-]{1,160}={0,6}")
_REST85 = re.compile(r"[!-~]{1,160}")
_ADOBE = re.compile(r"<~([!-uz\s]{16,}?)~>")
_DIGITS = re.compile(r"\d+")
_CAPITAL, _SMALL, _DIGIT = re.compile("[A-Z]"), re.compile("[a-z]"), re.compile("[0-9]")
_HEX = re.compile(r"[0-9a-f]+|[0-9A-F]+")
_BASE32 = re.compile(r"[A-Z2-7]+={0,6}|[a-z2-7]+={0,6}")
_PLAIN64 = str.maketrans("-_", "+/")
_DIGITS64 = re.compile(r"[A-Za-z0-9+/_\-]+={0,2}")
_RFC85 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+-;<=>?@^_`{|}~"
_ZERO85 = str.maketrans("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#", _RFC85)
_ENTROPY_BASE64 = 4.6
_ENTROPY_BASE85 = 5.4
_ENTROPY_READ85 = 4.2
_ENTROPY_HEX = 2.5
# one mark of 85 that stands for more than one letter in 12 parts cells or paths
_PARTING_SHARE = 12
_LETTER = b"a"
_SHAPE = bytes(ord("a") if chr(code).isascii() and (chr(code).isalnum() or chr(code) in "+/_-") else ord(" ") for code in range(256))
_SHAPE85 = bytes(ord("a") if ord(" ") < code < 127 else ord(" ") for code in range(256))


@dataclass(frozen=True, slots=True)
class Run:
    """Characters `start` to `end` of a text, and the bytes they stand for.

    Attributes:
        data: What is worth reading of them, b"" where nothing is.
        loud: True where such a run is odd whether or not anything in it can be read.
    """

    start: int
    end: int
    data: bytes
    loud: bool = False


@dataclass(slots=True)
class _Group:
    """Pieces that the same characters part."""

    start: int
    end: int
    pieces: list[str]
    starts: list[int]
    gap: str = ""
    raw_gap: str = ""


def letter_runs(text: str) -> Iterator[Run]:
    """Runs of base64, base32 and hexadecimal, then those of base85, in the order they stand in the text."""
    plain = text.encode("latin-1", "replace")
    if _LETTER * _PIECE in plain.translate(_SHAPE):
        for group in _groups(text, _TOKEN, _REST):
            yield from _judge(group)
    yield from _adobe(text)
    if _LETTER * 40 in plain.translate(_SHAPE85):
        for group in _groups(text, _TOKEN85, _REST85):
            yield from _judge85(group)


def _groups(text: str, token: re.Pattern[str], rest: re.Pattern[str]) -> Iterator[_Group]:
    """Neighbouring pieces with the same characters between them."""
    group: _Group | None = None
    for match in token.finditer(text):
        start, piece = match.start(), match.group()
        if _ARMOUR in piece:  # "-----BEGIN CERTIFICATE-----"
            if group is not None:
                yield from _closed(group, text, rest)
            group = None
            continue
        if group is not None:
            between = text[group.end : start] if start - group.end <= _LONGEST_GAP else ""
            gap = _DIGITS.sub("0", between)
            if between and (len(group.pieces) == 1 or gap == group.gap):
                group.gap, group.raw_gap = gap, between
                group.pieces.append(piece)
                group.starts.append(start)
                group.end = match.end()
                continue
            yield from _closed(group, text, rest)
        group = _Group(start, match.end(), [piece], [start])
    if group is not None:
        yield from _closed(group, text, rest)


def _closed(group: _Group, text: str, rest: re.Pattern[str]) -> Iterator[_Group]:
    """A group with the short piece that may end it; none that is too short to hold anything."""
    even = len(group.pieces) > 1 and len(group.pieces[-1]) == len(group.pieces[0])
    if even and text.startswith(group.raw_gap, group.end):
        last = rest.match(text, group.end + len(group.raw_gap))
        if last and _ARMOUR not in last.group() and len(last.group()) < len(group.pieces[-1]):
            group.pieces.append(last.group())
            group.starts.append(last.start())
            group.end = last.end()
    if sum(map(len, group.pieces)) >= _SHORTEST_REVEALED:
        yield group


def _wrapped(pieces: Sequence[str]) -> bool:
    """True where all pieces are of one length, but for a last one that may be shorter, and only the last is filled up."""
    width = len(pieces[0])
    return all(len(piece) == width and not piece.endswith("=") for piece in pieces[:-1]) and len(pieces[-1]) <= width


def _judge(group: _Group) -> Iterator[Run]:
    pieces = group.pieces
    if _wrapped(pieces):
        letters = "".join(pieces)
        data = _revealed(letters)
        loud = not data and _loud(group, letters)
        if data or loud:
            yield Run(group.start, group.end, data, loud=True)
            return
    alone = [decoded for piece in pieces if (decoded := _readable_piece(piece))]
    if len(pieces) >= _FEWEST_ALONE and len(alone) >= _SHARE_ALONE * len(pieces):
        yield Run(group.start, group.end, reveal(b"\n".join(alone)), loud=True)
        return
    if _wrapped(pieces):
        return
    if not any(piece.endswith("=") for piece in pieces[:-1]) and (data := _revealed("".join(pieces))):
        yield Run(group.start, group.end, data, loud=True)
        return
    yield from _singles(group)


def _singles(group: _Group) -> Iterator[Run]:
    """Long pieces of a group that do not belong together."""
    for start, piece in zip(group.starts, group.pieces, strict=True):
        if len(piece) >= _SHORTEST_REVEALED:
            data = _revealed(piece)
            if data or (len(piece) >= SHORTEST and dense(piece)):
                yield Run(start, start + len(piece), data, loud=True)


def _loud(group: _Group, letters: str) -> bool:
    """True for a run so long and even that it is odd without being understood. Lists of checksums and of identifiers are not."""
    pieces = group.pieces
    if len(letters) < SHORTEST or not (dense(letters) or solid(letters)):
        return False
    if len(pieces) == 1:
        return True
    if "\n" not in group.gap:
        return False
    if _HEX.fullmatch(letters):
        return len(pieces[0]) not in (32, 40, 56, 64, 96, 128)
    return len(pieces[0]) >= _WIDE_PIECE or (len(letters) >= _LONG_RUN and len({piece[:3] for piece in pieces}) > len(pieces) // 2)


def _readable_piece(piece: str) -> bytes:
    """The bytes of a piece that encodes printable characters by itself, else b""."""
    for data in _decodings(piece):
        if len(data) >= 8 and data.isascii() and data.decode("ascii").strip().isprintable():
            return data.strip()
    return b""


def _revealed(letters: str) -> bytes:
    """What is worth reading of the bytes that the letters encode, also where they are reversed or shifted; b"" where nothing is."""
    even = len(letters) >= SHORTEST and dense(letters)
    long = solid(letters)
    for data in _decodings(letters):
        if (even or long or promising(data[:2048])) and (
            found := reveal(data) or (told(data) if long else b"") or (data if printable(data) else b"")
        ):
            return found
    stem = letters.rstrip("=")
    others = (codecs.encode(stem, "rot13"), stem.swapcase()) if even or long else ()
    for turned in (letters[::-1].lstrip("="), *others):
        for data in _decodings(turned):
            if (even or promising(data[:2048])) and (found := reveal(data)):
                return found
    return b""


def _decodings(letters: str) -> Iterator[bytes]:
    """The bytes that the letters encode in every notation they fit."""
    if _HEX.fullmatch(letters):
        yield bytes.fromhex(letters[: len(letters) // 2 * 2])
    if _BASE32.fullmatch(letters) and _DIGIT.search(letters):
        body = letters.rstrip("=").upper()
        for padding in range(7):
            try:
                yield base64.b32decode(body + "=" * padding)
                break
            except binascii.Error:
                continue
    if _DIGITS64.fullmatch(letters):
        body = letters.rstrip("=").translate(_PLAIN64)
        body = body[: len(body) - (len(body) % 4 == 1)]
        try:
            yield binascii.a2b_base64(body + "=" * (-len(body) % 4))
        except binascii.Error:
            return


def dense(letters: str) -> bool:
    """True for letters as evenly mixed as encoded data are; sequences of bases, digits or one case are not."""
    if _HEX.fullmatch(letters):
        return len(letters) % 2 == 0 and not letters.isdigit() and not letters.isalpha() and entropy(letters) >= _ENTROPY_HEX
    marks = sum(letter in "+/-_" for letter in letters[:4096])
    if marks * 10 > min(len(letters), 4096) or (("+" in letters or "/" in letters) and ("-" in letters or "_" in letters)):
        return False
    return _of_three_kinds(letters) and entropy(letters) >= _ENTROPY_BASE64


def solid(letters: str) -> bool:
    """True for a long run of letters of both cases and digits, or of hex digits, however uneven: tables of small numbers encode so."""
    if len(letters) < _LONG_SOLID:
        return False
    if _HEX.fullmatch(letters):
        return len(letters) % 2 == 0 and not letters.isdigit() and not letters.isalpha()
    return _of_three_kinds(letters)


def _of_three_kinds(letters: str) -> bool:
    """True where there are capitals, small letters and digits among letters of ASCII."""
    return all(kind.search(letters) for kind in (_CAPITAL, _SMALL, _DIGIT))


def entropy(letters: str) -> float:
    """Bits a character, of the first 4,096."""
    sample = letters[:4096]
    return -sum(count / len(sample) * math.log2(count / len(sample)) for count in Counter(sample).values())


def _adobe(text: str) -> Iterator[Run]:
    """Ascii85 between its marks."""
    if "<~" in text:
        for match in _ADOBE.finditer(text):
            data = reveal(_decoded_adobe(match[1])) or reveal(_decoded_adobe(match[1].replace("\\\\", "\\")))
            if data or len(match[1]) >= SHORTEST:
                yield Run(match.start(), match.end(), data, loud=True)


def _decoded_adobe(letters: str) -> bytes:
    try:
        return base64.a85decode(letters)
    except ValueError:
        return b""


def _judge85(group: _Group) -> Iterator[Run]:
    """Base85 in its three alphabets; quotes that stand at both ends of every piece belong to the code around it."""
    together = list(_run85(group.start, group.end, group.pieces))
    yield from together
    if together or len({len(piece) for piece in group.pieces[:-1]}) <= 1:
        return
    for start, piece in zip(group.starts, group.pieces, strict=True):
        if len(piece) >= SHORTEST:
            yield from _run85(start, start + len(piece), (piece,))


def _bare(piece: str) -> str:
    """A piece without the quotes around it and the marks of code behind them."""
    stem = piece.rstrip(",;)+\\")
    quote = stem[-1:]
    return stem.strip(quote) if quote in "\"'" and stem.startswith(quote) else piece


def _mixed85(letters: str, mixed: float) -> bool:
    """True for letters and marks as evenly mixed as base85 mostly is, none of which parts cells or paths."""
    sample = letters[:4096]
    marks = sum(not letter.isalnum() for letter in sample)
    return mixed >= _ENTROPY_READ85 and marks > len(sample) // 10 and max(map(sample.count, ",./:;_-=|")) * _PARTING_SHARE <= len(sample)


def _reads85(letters: str) -> bool:
    """True for a long run, however uneven, that begins to be readable in an alphabet of base85."""
    return len(letters) >= _LONG_SOLID and any(map(readable, _decodings85(letters[:_BEGINNING85])))


def _decodings85(letters: str) -> Iterator[bytes]:
    """The bytes that the letters encode in each alphabet of base85 that they fit."""
    for decoder, table in ((base64.b85decode, None), (_decoded_adobe, None), (base64.b85decode, _ZERO85)):
        try:
            yield decoder(letters.translate(table) if table else letters)
        except ValueError:
            continue


def _run85(start: int, end: int, pieces: Sequence[str]) -> Iterator[Run]:
    letters = "".join(pieces)
    mixed = entropy(letters)
    if len(letters) < _SHORTEST_REVEALED or not (_mixed85(letters, mixed) or _reads85(letters)):
        return
    bare = "".join(map(_bare, pieces))
    for candidate in dict.fromkeys((letters, bare, bare.replace('\\"', '"').replace("\\\\", "\\"))):
        for data in _decodings85(candidate):
            if found := reveal(data):
                yield Run(start, end, found, loud=True)
                return
    if (
        len(pieces) == 1
        and len(bare) >= SHORTEST
        and _mixed85(letters, mixed)
        and mixed >= _ENTROPY_BASE85
        and all(letter in _RFC85 for letter in bare)
    ):
        yield Run(start, end, b"", loud=True)
