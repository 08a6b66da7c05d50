"""Bytes written out one by one: hex and octal dumps, uuencode and yEnc, escapes of every language, lists of numbers, binary digits."""

from __future__ import annotations

import binascii
import re
import struct
from collections.abc import Callable, Iterator
from itertools import pairwise
from urllib.parse import unquote_to_bytes

from sdc_airlock.readers._letters import Run
from sdc_airlock.readers._reveal import promising, reveal

_UU = re.compile(r"^begin [0-7]{3,4} [^\n]{1,300}\n((?:[ -`]{1,62}+[ \t]*+\n)+?)[` \t]*\n?end\b", re.MULTILINE)
_UU_LINES = re.compile(r"(?:^[^\S\n]*M[ -`]{60}\r?\n){2,}(?:[^\S\n]*[!-L][ -`]{4,60}(?:\r?\n|$))?", re.MULTILINE)
_UU64 = re.compile(r"^begin-base64 ", re.MULTILINE)
_YENC = re.compile(r"^=ybegin [^\n]{1,400}\n(?:=ypart [^\n]{1,200}\n)?(.{1,67108864}?)\r?\n=yend\b", re.MULTILINE | re.DOTALL)
_DUMP_LINE = re.compile(
    r"^\W{0,8}?(?:(?:0x)?[0-9a-fA-F]{4,16}[:h]?[ \t]{1,4})?(?P<bytes>(?:[0-9a-fA-F]{2,8}[ \t-]{1,3}){3,}[0-9a-fA-F]{2,8})(?P<shown>[ \t]*(?:$|[ \t]{2}.{1,40}$|\|.{0,36}\|?.?$))",
    re.MULTILINE,
)
_DUMP_PLACE = re.compile(r"^\W{0,8}?(?:0x)?(?P<place>[0-9a-fA-F]{4,16})[:h]?[ \t]")
_COLON = re.compile(r"\W{0,8}?(?:0x)?[0-9a-fA-F]{4,16}:")
_WORD = re.compile(r"[0-9a-fA-F]+")
_FEWEST_DUMP_LINES = 3
_MARKED = re.compile(r"0[xX][0-9a-fA-F]{1,2}[uU]?(?:[\s,;]{1,12}(?:\\\s*)?0[xX][0-9a-fA-F]{1,2}[uU]?){23,}")
_NUMBERS = re.compile(r"(?<![\d.\-])\d{1,3}(?:[\s,;]{1,16}\d{1,3}){23,}(?![\d.])")
_PAIRS = re.compile(r"(?<![0-9A-Za-z])[0-9A-Fa-f]{2}(?:[ ,:;-][0-9A-Fa-f]{2}){39,}(?![0-9A-Za-z])")
_BINARY = re.compile(r"(?<![01.])[01](?:[\s,]{0,3}[01]){191,}(?![01.])")
_LONG_NUMBER = re.compile(r"(?<![\d.])[1-9]\d{99,4299}(?!\d)")
_POINTS = re.compile(r"(?:[Uu]\+[0-9a-fA-F]{2,6}[\s,;]{0,3}){24,}")
_PLAIN_SHARE = 0.8
_ESCAPED = r"\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|u\{[0-9a-fA-F]{1,6}\}|U[0-9a-fA-F]{8}|[0-3]?[0-7]{2}|[abfnrtv0\\\"'])"
_ESCAPES = re.compile(rf"{_ESCAPED}(?:[^\\\n\"']{{0,8}}{_ESCAPED}){{15,}}[^\\\n\"']{{0,200}}")
_ESCAPE = re.compile(_ESCAPED)
_STRING_END = re.compile(r"(?<!\\)\"|\n")
_OCTAL = re.compile(r"\b(?:[0-3][0-7]{2}[ ,;]{1,2}){39,}[0-3][0-7]{2}\b")
_FEW_STATES = re.compile(r"[0-2]{400,}|[0129]{400,}|[1-4]{400,}")
# a whole output of one row of states, as a variant of all people is
_SOLE_STATES = re.compile(r"\s*+((?=[02]*+1)(?=[12]*+0)[0-2]{40,}+)\s*+")
_FEWEST_STATES = 3
_FEWEST_LINES = 5
_FEWEST_QUOTED = 24
_URL_LETTERS = "[A-Za-z0-9._~!*()',;:@&=+$/?#\\[\\]-]"
_PERCENT = re.compile(rf"%[0-9a-fA-F]{{2}}(?:{_URL_LETTERS}{{0,40}}%[0-9a-fA-F]{{2}}){{11,}}[A-Za-z0-9._~+-]{{0,200}}")
_BEFORE_PERCENT = re.compile(r"[A-Za-z0-9._~+-]*$")
_QUOTED = re.compile(
    r"(?:=[0-9A-F]{2}(?:=?\r?\n)?){24,}|(?:^[^\n=]{0,76}(?:=[0-9A-F]{2}[^\n=]{0,76})+=?\r?\n){2,}[^\n]{0,78}", re.MULTILINE
)
_BYTES = re.compile(r"\b[bB][rR]?('(?:[^'\\\n]|\\.){40,}'|\"(?:[^\"\\\n]|\\.){40,}\")")
_ENTITIES = re.compile(r"(?:&#(?:x[0-9a-fA-F]{1,6}|\d{1,7});?\s{0,2}){24,}")
_DATA_TEXT = re.compile(r"data:(?:[\w.+-]{1,60}/[\w.+-]{1,80})?(?:;[\w=.+-]{1,60}){0,4},([^\s\"'<>]{32,})")
_ONE_LETTER = {"a": 7, "b": 8, "f": 12, "n": 10, "r": 13, "t": 9, "v": 11, "0": 0, "\\": 92, '"': 34, "'": 39}


def dump_runs(text: str) -> Iterator[Run]:
    """Runs of bytes written out, each where a cheap test says that there may be one."""
    for mark, find in _FINDERS:
        if mark in text:
            yield from find(text)
    yield from _hex_dumps(text)
    longest = _longest_list(text)
    for pattern, decoder, shortest in _LISTS:
        for match in pattern.finditer(text) if longest >= shortest else ():
            made = decoder(match.group())
            if promising(made[:2048]) and (data := reveal(made)):
                yield Run(match.start(), match.end(), data, loud=True)

    if len(text) < _SHORTEST_STATES and (sole := _SOLE_STATES.fullmatch(text)):
        yield Run(sole.start(1), sole.end(1), b"", loud=True)
    for match in _FEW_STATES.finditer(text) if longest >= _SHORTEST_STATES else ():
        if len(set(match.group())) >= _FEWEST_STATES:  # no number has so many digits of three kinds: each is a state of something
            yield Run(match.start(), match.end(), b"", loud=True)


_SHORTEST_STATES = 400
_LENGTHS = (47, 100, 159, 192, _SHORTEST_STATES)
# digits, blanks and the signs that part numbers in lists; whatever is not ASCII may be one of them
_OF_LISTS = bytes(byte in b"0123456789,;?\t\n\x0b\x0c\r\x1c\x1d\x1e\x1f " for byte in range(256))


def _longest_list(text: str) -> int:
    """How many digits, blanks and parting signs stand one after another at most, as far as it decides which lists there may be."""
    kinds = text.encode("ascii", "replace").translate(_OF_LISTS)
    return max((length for length in _LENGTHS if b"\1" * length in kinds), default=0)


# notations with a mark of their own


def _uuencoded(text: str) -> Iterator[Run]:
    for match in _UU.finditer(text):
        yield Run(match.start(), match.end(), reveal(_uudecoded(match[1])), loud=True)
    for match in _UU_LINES.finditer(text):
        if data := reveal(_uudecoded(match.group())):
            yield Run(match.start(), match.end(), data, loud=True)


def _uudecoded(body: str) -> bytes:
    out = bytearray()
    for line in body.splitlines():
        try:
            out += binascii.a2b_uu(line.lstrip() if line[:1].isspace() and line.strip().startswith("M") else line)
        except (binascii.Error, ValueError):
            length = (((ord(line[0]) - 32) & 63) * 4 + 5) // 3
            try:
                out += binascii.a2b_uu(line[:length])
            except (binascii.Error, ValueError):
                return bytes(out)
    return bytes(out)


def _yenc(text: str) -> Iterator[Run]:
    for match in _YENC.finditer(text):
        raw = b"".join(_byte(letter) for letter in match[1] if letter not in "\r\n")
        out, escaped = bytearray(), False
        for code in raw:
            if escaped:
                out.append((code - 106) & 255)
                escaped = False
            elif code == 0x3D:
                escaped = True
            else:
                out.append((code - 42) & 255)
        yield Run(match.start(), match.end(), reveal(bytes(out)), loud=True)


def _byte(letter: str) -> bytes:
    try:
        return letter.encode("cp1252")
    except UnicodeEncodeError:
        return letter.encode("latin-1", "ignore")


def _escapes(text: str) -> Iterator[Run]:
    """Escapes of bytes and characters in strings of code, JSON and logs."""
    for match in _BYTES.finditer(text):
        if "\\x" in match[1] and (data := reveal(_unescaped(match[1][1:-1]))):
            yield Run(match.start(), match.end(), data, loud=True)
    for match in _ESCAPES.finditer(text):
        body = match.group()
        if sum(1 for _ in re.finditer(r"\\[xuU0-3]", body)) * 3 < body.count("\\"):
            continue
        if data := reveal(made := _unescaped(body)):
            # escapes of letters far from Latin are what escapes are for
            needless = sum(32 <= byte < 127 for byte in made) > _PLAIN_SHARE * len(made)
            yield Run(match.start(), match.end(), data, loud=needless)
    if text.count("\\n") < _FEWEST_LINES:
        return
    place = 0
    for end in [*(match.start() for match in _STRING_END.finditer(text)), len(text)]:
        string = text[place:end]
        if string.count("\\n") >= _FEWEST_LINES:
            lines = string.replace("\\r", "").replace("\\n", "\n").replace("\\t", "\t").replace('\\"', '"')
            yield Run(place, end, reveal(lines.encode("utf-8", "replace")))
        place = end + 1


def _unescaped(body: str) -> bytes:
    """The bytes of a string with escapes; characters beyond Latin-1 are written as UTF-8."""
    codes: list[int] = []
    place = 0
    for match in _ESCAPE.finditer(body):
        codes += map(ord, body[place : match.start()])
        place = match.end()
        inner = match.group()[1:]
        if inner[0] in "xuU":
            codes.append(int(inner[1:].strip("{}"), 16))
        elif len(inner) > 1 and inner.isdecimal():
            codes.append(int(inner, 8))
        else:
            codes.append(_ONE_LETTER[inner])
    codes += map(ord, body[place:])
    return bytes_of(codes)


def bytes_of(codes: list[int]) -> bytes:
    """Bytes of code points: as they are where all of them fit, else in UTF-8."""
    if all(code < 256 for code in codes):
        return bytes(codes)
    return "".join(chr(code) if code < 0x110000 else "?" for code in codes).encode("utf-8", "replace")


def _percent(text: str) -> Iterator[Run]:
    for match in _DATA_TEXT.finditer(text):
        body = match[1]
        if "%" in body and (data := reveal(unquote_to_bytes(body))):
            yield Run(match.start(), match.end(), data)
    for match in _PERCENT.finditer(text):
        start = _BEFORE_PERCENT.search(text, max(0, match.start() - 60), match.start())
        data = unquote_to_bytes((start.group() if start else "") + match.group())
        if data.count(b"\n") >= 3 or match.group().count("%") * 3 > len(match.group()) // 2:
            yield Run(match.start(), match.end(), reveal(data), loud=data.count(b"\n") >= 3)


def _quoted(text: str) -> Iterator[Run]:
    for match in _QUOTED.finditer(text):
        if match.group().count("=") < _FEWEST_QUOTED:
            continue
        if data := reveal(binascii.a2b_qp(match.group().encode())):
            yield Run(match.start(), match.end(), data, loud=True)


def _entities(text: str) -> Iterator[Run]:
    for match in _ENTITIES.finditer(text):
        codes = [int(each[1:], 16) if each[0] == "x" else int(each) for each in re.findall(r"&#(x[0-9a-fA-F]+|\d+)", match.group())]
        if data := reveal(bytes_of(codes)):
            yield Run(match.start(), match.end(), data, loud=True)


def _points(text: str) -> Iterator[Run]:
    for match in _POINTS.finditer(text):
        if data := reveal(bytes_of([int(each, 16) for each in re.findall(r"\+([0-9a-fA-F]+)", match.group())])):
            yield Run(match.start(), match.end(), data, loud=True)


_FINDERS: tuple[tuple[str, Callable[[str], Iterator[Run]]], ...] = (
    ("\nM", _uuencoded),
    ("begin ", _uuencoded),
    ("=ybegin ", _yenc),
    ("\\", _escapes),
    ("%", _percent),
    ("=", _quoted),
    ("&#", _entities),
    ("U+", _points),
)

# dumps


def _hex_dumps(text: str) -> Iterator[Run]:
    """Lines of a dump, whatever wrote it: with or without places and letters at their sides."""
    lines: list[re.Match[str]] = []
    for match in _DUMP_LINE.finditer(text):
        if lines and match.start() - lines[-1].end() > 2:
            yield from _hex_dump(lines)
            lines = []
        lines.append(match)
    yield from _hex_dump(lines)
    yield from _hex_pairs(text)


def _hex_pairs(text: str) -> Iterator[Run]:
    """Bytes in pairs of letters, parted by one sign each, all of them in one line."""
    for match in _PAIRS.finditer(text):
        if data := reveal(bytes.fromhex("".join(_WORD.findall(match.group())))):
            yield Run(match.start(), match.end(), data, loud=True)


def _hex_dump(lines: list[re.Match[str]]) -> Iterator[Run]:
    if len(lines) < _FEWEST_DUMP_LINES:
        return
    words = [_WORD.findall(line["bytes"]) for line in lines]
    width = max(map(len, words[0]))
    if any(len(word) != width for row in words[:-1] for word in row):
        return
    candidates = list(_worded([word for row in words for word in row], width))
    # xxd, which writes a colon behind the place, keeps the order of bytes; od and hexdump turn words around
    if not _COLON.match(lines[0].group()):
        candidates.reverse()
    for data in candidates:
        if found := reveal(data):
            yield Run(lines[0].start(), lines[-1].end(), found, loud=True)
            return
    if len(words[0]) * (2 if width == 6 else width // 2) == _step(lines):
        yield Run(lines[0].start(), lines[-1].end(), b"", loud=True)


def _step(lines: list[re.Match[str]]) -> int:
    """How much the places at the beginnings of lines grow, 0 where there are none or they grow unevenly."""
    found = [_DUMP_PLACE.match(line.group()) for line in lines[:20]]
    places = []
    for match, line in zip(found, lines, strict=False):
        if match is None or match.end("place") > line.start("bytes") - line.start():
            return 0
        places.append(match["place"])
    for base in (16, 8, 10):
        try:
            numbers = [int(place, base) for place in places]
        except ValueError:
            continue
        steps = {later - earlier for earlier, later in pairwise(numbers)}
        if len(steps) == 1 and next(iter(steps)) in (8, 16, 24, 32):
            return steps.pop()
    return 0


def _worded(words: list[str], width: int) -> Iterator[bytes]:
    """Bytes of words of a dump in each order they may have been written."""
    if width in (3, 6) and all(set(word) <= set("01234567") for word in words):
        numbers = [int(word, 8) for word in words]
        if width == 3 and max(numbers) < 256:
            yield bytes(numbers)
        elif max(numbers) < 65536:
            yield struct.pack(f"<{len(numbers)}H", *numbers)
        return
    if width % 2:
        return
    data = bytes.fromhex("".join(word if len(word) % 2 == 0 else "0" + word for word in words))
    yield data
    size = width // 2
    if size > 1:
        whole = data[: len(data) // size * size]
        yield b"".join(whole[place : place + size][::-1] for place in range(0, len(whole), size))


# lists of numbers


def _hex_list(body: str) -> bytes:
    return bytes(int(each, 16) for each in re.findall(r"0[xX]([0-9a-fA-F]{1,2})", body))


def _decimal_list(body: str) -> bytes:
    numbers = [int(each) for each in re.findall(r"\d+", body)]
    return bytes(numbers) if max(numbers) < 256 else b""


def _octal_numbers(body: str) -> bytes:
    """The same for numbers to the base of eight, with or without noughts before them."""
    if "8" in body or "9" in body:
        return b""
    numbers = [int(each, 8) for each in re.findall(r"\d+", body)]
    return bytes(numbers) if max(numbers) < 256 else b""


def _octal_list(body: str) -> bytes:
    return bytes(int(each, 8) for each in re.findall(r"[0-3][0-7]{2}", body))


def _binary_digits(body: str) -> bytes:
    digits = re.sub(r"[^01]", "", body)
    first = re.match(r"[01]+", body)
    size = 7 if first and len(first.group()) == 7 else 8
    return bytes(int(digits[place : place + size], 2) for place in range(0, len(digits) - size + 1, size))


def _long_number(body: str) -> bytes:
    number = int(body)
    return number.to_bytes((number.bit_length() + 7) // 8, "big")


# with the fewest digits, blanks and parting signs one after another that a list has
_LISTS: tuple[tuple[re.Pattern[str], Callable[[str], bytes], int], ...] = (
    (_MARKED, _hex_list, 0),
    (_NUMBERS, _decimal_list, 47),
    (_NUMBERS, _octal_numbers, 47),
    (_BINARY, _binary_digits, 192),
    (_OCTAL, _octal_list, 159),
    (_LONG_NUMBER, _long_number, 100),
)
