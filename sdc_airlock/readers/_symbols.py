"""Messages in what nobody sees: characters of no width, blanks, letters that look alike, case, line ends, blocks of odd symbols.

Every such channel is a row of few different symbols. A row is a message where, under one of the usual ways to write bytes with
that many symbols, it becomes readable text or a file; by chance that does not happen.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence

from sdc_airlock.readers._letters import Run
from sdc_airlock.readers._lines import split_lines
from sdc_airlock.readers._reveal import SHORTEST_TEXT, promising, readable, reveal

_MOST = 4 << 20
_PROBE = 2048
_FEWEST = 128
_IDLE = b"\0\xff"
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufe00-\ufe0f\U000e0000-\U000e01ef]"
)
_BLANKS = re.compile("[ \u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_ODD_BLANKS = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_LONG_BLANKS = re.compile(r"[ \t\n]{128,}")
_LONGEST_QUIET = 256
_BEFORE_END = re.compile(r"[ \t](?:[\r\n]|\Z)")
_MOST_COMMON = 256 << 10
_ONE_BLANK = re.compile(r"(?<=\S) {1,2}(?=\S)")
_OUTSIDE = re.compile("[^\x00-\u024f]{48,}")
# letters of Cyrillic and Greek that look like Latin ones
_TWINS = dict(
    zip(
        "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0456\u0458\u0455\u0501\u04bb\u051b\u051d\u0410\u0412\u0415\u041a\u041c\u041d"
        "\u041e\u0420\u0421\u0422\u0425\u0406\u0408\u0405\u04ae\u03bf\u0391\u0392\u0395\u0396\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7",
        "aeopcyxijsdhqwABEKMHOPCTXIJSYoABEZHIKMNOPTYX",
        strict=True,
    )
)
_TWIN = re.compile(f"[{''.join(_TWINS)}]")
_MIXED = re.compile(rf"[A-Za-z][{''.join(_TWINS)}]|[{''.join(_TWINS)}][A-Za-z]")
# the first such place of each word
_FIRST_MIXED = re.compile(rf"(?:[A-Za-z][{''.join(_TWINS)}]|[{''.join(_TWINS)}][A-Za-z])[^\W\d_]*")
_LETTERS = re.compile(r"[^\W\d_]*")
# a long word of Russian, as programs of that language have them run together
_RUSSIAN = re.compile(r"[\u0430-\u044f\u0451]{48,119}")
_VOWELS, _CONSONANTS = (
    re.compile("[\u0430\u0435\u0451\u0438\u043e\u0443\u044b\u044d\u044e\u044f]"),
    re.compile("[^\u0430\u0435\u0451\u0438\u043e\u0443\u044b\u044d\u044e\u044f]{6}"),
)
_FEW_VOWELS, _MANY_VOWELS = 0.33, 0.55
_TWINNED = frozenset(_TWINS.values())
_FEWEST_PLAIN = 8
_TAGS, _SELECTORS, _MORE_SELECTORS = range(0xE0000, 0xE0080), range(0xFE00, 0xFE10), range(0xE0100, 0xE01F0)


def symbol_runs(text: str) -> Iterator[Run]:
    """Messages in the invisible and the look-alike characters of a text, and in its blanks, line ends and case."""
    text = text[:_MOST]
    if not text.isascii():
        yield from _invisible(text)
        yield from _blanks_of_many_kinds(text)
        yield from _twins(text)
        yield from _shifted(text)
        yield from _of_other_width(text)
    yield from _trailing(text)
    for row in (_case(text), _line_ends(text), _double_blanks(text)):
        if data := message(row):
            yield Run(0, len(text), data, loud=True)


def mixed_scripts(text: str) -> int:
    """Places inside words where a letter of another script stands beside Latin letters it looks like.

    A word with letters that look like no Latin one is a word of that language with an abbreviation in it, and no disguise.
    """
    if text.isascii():
        return 0
    return sum(
        len(_MIXED.findall(word))
        for word in (_word_around(text, match.start()) for match in _FIRST_MIXED.finditer(text))
        if all(letter.isascii() or letter in _TWINS for letter in word)
    )


def _word_around(text: str, place: int) -> str:
    """The letters before and behind a place."""
    start = place
    while start > 0 and text[start - 1].isalpha():
        start -= 1
    found = _LETTERS.match(text, start)
    return found[0] if found else ""


def blank_codes(text: str) -> int:
    """Lines that end in a mixture of blanks and tabs, as no program writes them."""
    return sum(" " in end and "\t" in end for end in _ends(text)) if " \t" in text or "\t " in text else 0


def _ends(text: str) -> list[str]:
    """Blanks and tabs at the end of every line."""
    return [line[len(line.rstrip(" \t")) :] for line in split_lines(text)]


def _invisible(text: str) -> Iterator[Run]:
    """Characters of no width, as bytes of their own or as digits."""
    found = _INVISIBLE.findall(text)
    if len(found) < SHORTEST_TEXT:
        return
    codes = list(map(ord, found))
    for values in (
        [code - _TAGS.start for code in codes if code in _TAGS and code > _TAGS.start + 8],
        [
            code - _SELECTORS.start if code in _SELECTORS else code - _MORE_SELECTORS.start + 16
            for code in codes
            if code in _SELECTORS or code in _MORE_SELECTORS
        ],
    ):
        if len(values) >= SHORTEST_TEXT and (data := reveal(bytes(values)) or reveal(_nibbles(values))):
            yield Run(0, len(text), data, loud=True)
            return
    if data := message(found):
        yield Run(0, len(text), data, loud=True)


def _nibbles(values: Sequence[int]) -> bytes:
    if not values or max(values) > 15:
        return b""
    return bytes(high << 4 | low for high, low in zip(values[::2], values[1::2], strict=False))


def _blanks_of_many_kinds(text: str) -> Iterator[Run]:
    odd = _ODD_BLANKS.findall(text)
    if len(odd) < SHORTEST_TEXT:
        return
    for row in (odd, _BLANKS.findall(text)):
        if data := message(row):
            yield Run(0, len(text), data, loud=True)
            return


def _twins(text: str) -> Iterator[Run]:
    if len(_TWIN.findall(text)) < SHORTEST_TEXT:
        return
    if data := message(["1" if letter in _TWINS else "0" for letter in text if letter in _TWINS or letter in _TWINNED]):
        yield Run(0, len(text), data, loud=True)


def _shifted(text: str) -> Iterator[Run]:
    """Bytes written as characters of one block far from Latin: Braille, emoji, Chinese characters, private use."""
    for match in _OUTSIDE.finditer(text):
        if _russian(match.group()):
            continue
        codes = [ord(letter) for letter in match.group()]
        low = min(codes)
        if max(codes) - low > 255 or len(set(codes)) < 8:
            continue
        span = 255 - (max(codes) - low)
        for shift in sorted(range(span + 1), key=lambda each: (low - each) % 256 != 0):
            probe = bytes(code - low + shift for code in codes[:_PROBE])
            if readable(probe) or (low - shift) % 256 == 0:
                data = reveal(bytes(code - low + shift for code in codes))
                if data and _orderly(data):
                    yield Run(match.start(), match.end(), data, loud=True)
                    break


def _orderly(data: bytes) -> bool:
    """True where text has digits or lines, as records have; a foreign language read as Latin letters has none."""
    return not data.isascii() or sum(48 <= byte < 58 or byte == 10 for byte in data) * 10 >= len(data)


def _russian(word: str) -> bool:
    """True for a word that can be spoken: its vowels are as many as in the language, and never far apart."""
    if not _RUSSIAN.fullmatch(word) or _CONSONANTS.search(word):
        return False
    return _FEW_VOWELS <= len(_VOWELS.findall(word)) / len(word) <= _MANY_VOWELS


def _of_other_width(text: str) -> Iterator[Run]:
    """Letters and digits in forms made for print (full width, bold, in circles), read as the plain ones. Odd by themselves they are not."""
    odd = [letter for letter in text if not letter.isascii() and letter.isalnum()]
    plain = [letter for letter in odd if unicodedata.normalize("NFKC", letter).isascii()]
    if len(plain) >= SHORTEST_TEXT and len(set(plain)) >= _FEWEST_PLAIN:
        yield Run(0, len(text), unicodedata.normalize("NFKC", text).encode(errors="replace"))


def _trailing(text: str) -> Iterator[Run]:
    """Blanks and tabs at the ends of lines, and long stretches of nothing else."""
    ends = _ends(text) if _BEFORE_END.search(text) else []
    for row in ("".join(ends), ["1" if end else "0" for end in ends], ["1" if "\t" in end else "0" for end in ends if end]):
        if data := message(row):
            yield Run(0, len(text), data, loud=True)
            return
    for match in _LONG_BLANKS.finditer(text):
        blanks = match.group()
        if " " not in blanks or "\t" not in blanks:
            continue
        data = message(blanks) or message(blanks.replace("\n", ""))
        even = "\n" not in blanks and min(blanks.count(" "), blanks.count("\t")) * 5 >= len(blanks)
        if data or (even and len(blanks) >= _LONGEST_QUIET):
            yield Run(match.start(), match.end(), data, loud=True)


def _case(text: str) -> str:
    letters = re.sub(r"[^A-Za-z]", "", text[:_MOST_COMMON])
    return "".join("1" if letter.isupper() else "0" for letter in letters) if re.search(r"[a-z][A-Z][a-z]?[A-Z][a-z]", text) else ""


def _line_ends(text: str) -> list[str]:
    return re.findall(r"\r?\n", text) if "\r\n" in text and re.search(r"[^\r]\n", text) else []


def _double_blanks(text: str) -> list[str]:
    return _ONE_BLANK.findall(text[:_MOST_COMMON]) if "  " in text else []


def message(row: Sequence[str]) -> bytes:
    """The readable bytes that a row of few symbols stands for, b"" where there are none."""
    if len(row) < _FEWEST // 2:
        return b""
    counts = Counter(row)
    if not 2 <= len(counts) <= 17 or len(row) - max(counts.values()) < SHORTEST_TEXT:
        return b""
    symbols = [symbol for symbol, _ in counts.most_common()]
    if len(symbols) in (2, 4, 8, 16):
        orders: Iterator[tuple[str, ...]] = iter((tuple(symbols), tuple(sorted(symbols)), tuple(sorted(symbols, reverse=True))))
        if len(symbols) in (2, 4):
            orders = itertools.permutations(symbols)
        for order in orders:
            if data := _digits(row, order):
                return data
    if len(symbols) in (3, 5):
        return _parted(row, symbols)
    return b""


def _parted(row: Sequence[str], symbols: list[str]) -> bytes:
    """A row in which one symbol parts the others."""
    for separator in symbols:
        rest = [symbol for symbol in symbols if symbol != separator]
        groups = [list(group) for is_gap, group in itertools.groupby(row, key=lambda each: each == separator) if not is_gap]
        without = [symbol for symbol in row if symbol != separator]
        for order in itertools.permutations(rest):
            if data := _digits(without, order):
                return data
            value = {symbol: place for place, symbol in enumerate(order)}
            base = len(order)
            codes = [_number(group, value, base) for group in groups if len(group) <= 21]
            if len(codes) >= SHORTEST_TEXT and max(codes) < 256 and (data := reveal(bytes(codes))):
                return data
    return b""


def _number(group: Sequence[str], value: dict[str, int], base: int) -> int:
    number = 0
    for symbol in group:
        number = number * base + value[symbol]
    return number


def _digits(row: Sequence[str], order: Sequence[str]) -> bytes:
    """The row as bits, each symbol standing for its place in the order; bytes may begin at any bit, be turned, or have 7 bits."""
    width = {2: 1, 4: 2, 8: 3, 16: 4}[len(order)]
    table = {symbol: format(place, f"0{width}b") for place, symbol in enumerate(order)}
    probe, bits = "".join(table[symbol] for symbol in row[:_PROBE]), ""
    for size, turned, start in itertools.product((8, 7, 16), (False, True), range(8)):
        made = _bytes(probe[start:], size, turned=turned)
        if promising(made.strip(_IDLE)):
            bits = bits or "".join([table[symbol] for symbol in row])
            whole = _bytes(bits[start:], size, turned=turned).strip(_IDLE)
            if data := reveal(whole) or (whole if readable(made.strip(_IDLE)) else b""):
                return data
    return b""


def _bytes(bits: str, size: int, *, turned: bool) -> bytes:
    """Bytes of a string of bits, the rest dropped; b"" where a unit of 16 bits is no small number."""
    if turned:
        bits = "".join(bits[place : place + size][::-1] for place in range(0, len(bits), size))
    usable = len(bits) // size * size
    if not usable:
        return b""
    if size == 8:
        return int(bits[:usable], 2).to_bytes(usable // 8, "big")
    codes = [int(bits[place : place + size], 2) for place in range(0, usable, size)]
    return bytes(codes) if max(codes) < 256 else b""
