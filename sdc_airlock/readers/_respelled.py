"""Texts whose fields or figures are written in an unusual way, written anew in the usual one: odd marks between fields, figures in words, Roman or of other signs.

A row of people stays a row of people whatever parts its fields and however its numbers are spelled. Nothing is judged here: a text that can be written
plainly is handed on as such, and read like any other.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

_FEWEST_TAGS = 8
_PIECE, _WINDOW = 1 << 20, 1 << 16
_FEWEST_LINES, _FEWEST_FIGURES = 8, 24
_ALIKE, _MOSTLY = 0.9, 0.6
_SHORT_FIELD = 24
_MOST_MARKS, _FEWEST_FIELDS = 4, 3
# what is no delimiter that every reader knows: several marks together, and any sign of its own
_ODD = re.compile(r"[^\w\s.,;|:/=+\-%()'\"<>\\]+|\|\||!!|::|;;|//|<>|[-=~]>")
_TWOFOLD = ("||", "!!", "::", ";;", "//", "<>", "->", "=>", "~>")
_ORDINARY = bytes(code for code in range(128) if chr(code).isalnum() or chr(code).isspace() or chr(code) in "_.,;|:/=+-%()'\"<>\\")
_NUMBER = re.compile(r"\W*[-+]?\d+(?:[.,]\d+)?\W*")
_DELIMITED = re.compile(r"[,;\t|]")
_COMMENT = re.compile(r"<!--|-->")
_FEWEST_DASHED = 5  # fields; dates have three, telephone numbers four
_FEWEST_COLUMNS, _FEWEST_VALUES, _FEWEST_RECORDS, _MOST_FIELDS = 2, 12, 12, 60
_FEWEST_PLACES, _FURTHEST_PLACE = 5, 5000
_WHOLE = re.compile(r"\d+")
_RUN_OF_PLACES = re.compile(r"(?<![\d.])\d{1,4}(?:(?:, ?| and |, and )\d{1,4})+(?![\d.])")
_VALUE = re.compile(r"[^\s,;|]+")
# words, and then nothing but values
_LISTED = re.compile(
    r"\s*([A-Za-z][^\d\n]{0,80}?[\s:=(\[{])((?:[\"']?[-+]?[\w.+%/]{1,16}[\"']?[,;|]\s?){11,}[\"']?[-+]?[\w.+%/]{1,16}[\"']?)[.)\]};\s]*"
)
_ALONE = re.compile(r"\s*[-+]?[\w.%/-]{1,24}\s*")
_KEYED = re.compile(
    r"\s*(?P<before>[A-Za-z][A-Za-z_.-]{0,30}?)?[.\[_-]?(?P<record>\d{1,9})\]?[._-]?(?P<field>[A-Za-z][\w-]{0,40})\s*[=:]\s*(?P<value>[^=\n]{1,60}?)\s*[;,]?\s*"
)
_TRIPLE = re.compile(
    r"\s*(?P<record><[^>\s]{1,200}>|_?:?[\w-]{0,20}:[\w-]{1,60})\s+(?P<before><[^>\s]{0,190}[/#]|[\w-]{0,20}:)(?P<field>[\w.-]{1,60})>?\s+(?P<value>[^\n]{1,200}?)\s*\.\s*"
)
_LAST = re.compile(r"<.*|.*:")
_MARKUP = re.compile(r"^[|!*\s]+")

_UNITS = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_SMALL = {word: value for value, word in enumerate(_UNITS)} | {word: 10 * value for value, word in enumerate(_TENS, 2)} | {"oh": 0}
_NAMED = "|".join(sorted((*_SMALL, "hundred", "thousand"), key=len, reverse=True))
_LETTERS_A_FIGURE = 40
_COMMON = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "hundred", "ty")
_IN_WORDS = re.compile(
    rf"\b(?:{_NAMED})(?:(?:[ \t]+and[ \t]+|[ \t]+|-)(?:{_NAMED}))*(?:[ \t]+point(?:[ \t]+(?:{'|'.join(_UNITS[:10])}|oh))+)?\b",
    re.IGNORECASE,
)
_ROMAN = re.compile(r"M{0,3}(?:CM|CD|D?C{0,3})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})")
_ROMAN_VALUES = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}
_MORSE = re.compile(r"(?<![.\-\u00b7\u2022\u2013\u2212])[.\-\u00b7\u2022\u2013\u2212]{5}(?![.\-\u00b7\u2022\u2013\u2212])")
_MORSE_MARKS = ".-\u00b7\u2022\u2013\u2212"
_RUN = re.compile(r"([^\w\s\-=_.~*#])\1*|([IlXxo])\2*")
_FEWEST_DIFFERENT = 12
_FEWEST_SIGNS, _MOST_SIGNS, _LONGEST_FIGURE = 5, 12, 4
_SIGNS = frozenset({"So", "Sk", "Sm", "No", "Nl"})
_FRAMES = frozenset(map(chr, range(0x2500, 0x2580)))
_TOKEN = re.compile(r"\S+")
_SENTENCE = re.compile(r"(?<=[.;!?])\s+")


def respelled(text: str) -> Iterator[str]:
    """The same text in the usual notation, for each unusual one that it is written in.

    Args:
        text: Any text; a long one is gone through piece by piece.
    """
    if text.count("</") + text.count("/>") >= _FEWEST_TAGS:
        return  # markup, which is read as such
    for start in range(0, len(text), _PIECE):
        piece = text[start : start + _PIECE]
        lines = piece.splitlines()
        yield from (found for told, may in _GATES if may(piece) and (found := told(lines)))
        for first in range(0, len(piece), _WINDOW):
            window = piece[first : first + _WINDOW]
            yield from filter(None, (way(window) for way in _WAYS))


def between_tabs(lines: Sequence[str]) -> str:
    """Lines whose fields an odd mark parts, with tabs in its place; "" where no mark parts most lines into as many short fields, some of them numbers."""
    dashed = [line for line in lines if line.count("-") >= _FEWEST_DASHED - 1 and not _DELIMITED.search(line)]
    text = "\n".join(lines)
    if _has_odd_marks(text):
        marks = Counter(_ODD.findall(text))
        if sum(map(bool, map(str.strip, lines))) < _FEWEST_LINES:
            return _of_few_lines(text, marks)
        for mark, times in marks.most_common(_MOST_MARKS):
            if times >= 2 * _FEWEST_LINES and (found := _fields([line for line in lines if mark in line], mark, _FEWEST_FIELDS)):
                return found
    return _fields([_COMMENT.sub("", line) for line in dashed], "-", _FEWEST_DASHED)


def _has_odd_marks(text: str) -> bool:
    """A cheap test."""
    odd = len(text.encode("utf-8", "replace").translate(None, _ORDINARY))
    return odd >= _FEWEST_LINES or any(text.count(mark) >= _FEWEST_LINES for mark in _TWOFOLD)


def _fields(lines: Sequence[str], mark: str, fewest: int) -> str:
    """Lines cut at a mark, where that makes as many short fields of nearly all of them, one of them a number."""
    rows = [[field.strip() for field in _MARKUP.sub("", line).split(mark)] for line in lines]
    width, count = Counter(map(len, rows)).most_common(1)[0] if rows else (0, 0)
    if width < fewest or count < max(_FEWEST_LINES, _ALIKE * len(rows)):
        return ""
    fields = [field for row in rows for field in row]
    numbers = sum(bool(_NUMBER.fullmatch(field)) for field in fields)
    if numbers * width < len(fields) or sum(len(field) <= _SHORT_FIELD for field in fields) < _ALIKE * len(fields):
        return ""
    return "\n".join("\t".join(row) for row in rows)


def _of_few_lines(text: str, marks: Counter[str]) -> str:
    """The same for rows that several marks together part, and not the end of a line."""
    for mark, count in marks.most_common(_MOST_MARKS):
        if count >= _FEWEST_LINES and len(mark) > 1 and (found := between_tabs(text.split(mark))):
            return found
    return ""


def upright(lines: Sequence[str]) -> str:
    """Values that stand one variable after another, each as a line or as a run of lines of its own, as columns beside each other; "" for other texts."""
    long = [line for line in lines if (line[:1].isalpha() or line[:1] == " ") and max(map(line.count, ",;|")) >= _FEWEST_VALUES - 1]
    runs = [(match[1], _VALUE.findall(match[2])) for line in long if (match := _LISTED.fullmatch(line))]
    if len(runs) < _FEWEST_COLUMNS:
        runs = [
            (stretch[0], stretch[1:])
            for stretch in _stretches(lines)
            if len(stretch) > _FEWEST_VALUES and all(_ALONE.fullmatch(line) for line in stretch)
        ]
    length, count = Counter(len(values) for _, values in runs).most_common(1)[0] if runs else (0, 0)
    if length < _FEWEST_VALUES or count < _FEWEST_COLUMNS:
        return ""
    columns = [(name.split(), values) for name, values in runs if len(values) == length]
    numbers = sum(sum(bool(_NUMBER.fullmatch(value)) for value in values) >= _ALIKE * length for _, values in columns)
    if numbers < 2 and numbers * 2 < len(columns):
        return ""
    common = set.intersection(*(set(words) for words, _ in columns))
    header = [" ".join(word for word in words if word not in common).strip(" :=") for words, _ in columns]
    return "\n".join("\t".join(row) for row in (header, *zip(*(values for _, values in columns), strict=True)))


def _stretches(lines: Sequence[str]) -> Iterator[list[str]]:
    """Runs of lines between empty ones, or between lines of words over numbers."""
    run: list[str] = []
    for line in lines:
        if line.strip():
            run.append(line.strip())
        elif run:
            yield run
            run = []
    if run:
        yield run


def gathered(lines: Sequence[str]) -> str:
    """Values that stand one a line, each named by its record and its field (`rec.7.age=61`, `<p7> <age> 61 .`), as a row a record; "" for other texts."""
    found: dict[str, dict[str, str]] = {}
    told = 0
    for line in lines:
        match = (_KEYED.fullmatch(line) if "=" in line or ":" in line else None) or (
            _TRIPLE.fullmatch(line) if line.endswith(".") else None
        )
        if match:
            told += 1
            found.setdefault(match["record"], {})[_LAST.sub("", match["before"] or "") + match["field"]] = match["value"].strip("'\"")
    fields = list(dict.fromkeys(field for record in found.values() for field in record))
    if len(found) < _FEWEST_RECORDS or not _FEWEST_COLUMNS <= len(fields) <= _MOST_FIELDS or told < _MOSTLY * len(lines):
        return ""
    if sum(map(len, found.values())) < _MOSTLY * len(found) * len(fields):
        return ""
    return "\n".join("\t".join(row) for row in (fields, *([record.get(field, "") for field in fields] for record in found.values())))


def told_places(lines: Sequence[str]) -> str:
    """Lines that list the places where each differs (`at 1, 3 and 9 once; at 4 twice`) as rows of states, one a place; "" for other texts."""
    told = [
        [[int(number) for number in _WHOLE.findall(run)] for run in _RUN_OF_PLACES.findall(line)]
        for line in lines
        if line.count(",") >= _FEWEST_PLACES
    ]
    rows = [runs for runs in told if runs and all(all(before < after for before, after in pairwise(run)) for run in runs)]
    places = {number for runs in rows for run in runs for number in run}
    if len(rows) < max(_FEWEST_RECORDS, _ALIKE * len(told)) or len(places) < _FEWEST_RECORDS or max(places) > _FURTHEST_PLACE:
        return ""
    if sum(len(run) for runs in rows for run in runs) < _FEWEST_PLACES * len(rows):
        return ""
    made = []
    for runs in rows:
        states = dict.fromkeys(sorted(places), 0)
        for state, run in enumerate(runs, start=1):
            states.update(dict.fromkeys(run, min(state, 2)))
        made.append("\t".join(map(str, states.values())))
    return "\n".join(made)


def _from_words(text: str) -> str:
    """Numbers in English words as figures, where they are much of what is written; a sentence a line."""
    lower = text.lower()
    if sum(map(lower.count, _COMMON)) * _LETTERS_A_FIGURE < len(text):
        return ""
    found = _IN_WORDS.findall(text)
    words = sum(len(match.split()) for match in found)
    if len(found) < _FEWEST_FIGURES or words * 4 < len(text.split()):
        return ""
    lines = [piece for line in text.splitlines() for piece in _SENTENCE.split(line)]
    return _IN_WORDS.sub(lambda match: _value_of(match[0]), "\n".join(lines))


def _value_of(words: str) -> str:
    whole, _, part = words.lower().partition(" point ")
    total = current = 0
    for word in re.split(r"[\s-]+", whole):
        if word == "hundred":
            current = max(current, 1) * 100
        elif word == "thousand":
            total, current = total + max(current, 1) * 1000, 0
        else:
            current += _SMALL.get(word, 0)
    decimals = "".join(str(_SMALL[word]) for word in part.split())
    return f"{total + current}.{decimals}" if decimals else str(total + current)


def _with_figures(text: str, told: Callable[[str], str]) -> str:
    """A text with figures in the place of what a notation has for them, "" where hardly half of what stands between blanks is a figure of it."""
    tokens = _TOKEN.findall(text)
    made = {token: told(token) for token in set(tokens)}
    figures = [made[token] for token in tokens if made[token]]
    if len(figures) < max(_FEWEST_FIGURES, _MOSTLY * len(tokens)) or len(set(figures)) < _FEWEST_DIFFERENT:
        return ""
    return _TOKEN.sub(lambda match: made[match[0]] or match[0], text)


def _from_roman(text: str) -> str:
    """Roman numbers as figures."""
    if sum(map(text.count, _ROMAN_VALUES)) * 2 < len(text) * _MOSTLY:
        return ""
    return _with_figures(text, _roman)


def _roman(token: str) -> str:
    bare = token.strip(",;:.()")
    if not bare or not _ROMAN.fullmatch(bare):
        return ""
    values = [_ROMAN_VALUES[letter] for letter in bare]
    return str(sum(-value if value < max(values[place:]) else value for place, value in enumerate(values)))


def _from_morse(text: str) -> str:
    """Digits of Morse's code, those of one number beside each other and a stroke between numbers."""
    if (sum(map(text.count, _MORSE_MARKS))) * 2 < len(text):
        return ""
    codes = _MORSE.findall(text)
    if (
        len(codes) < _FEWEST_FIGURES
        or len(set(codes)) < _FEWEST_SIGNS
        or _MOSTLY * len(_TOKEN.findall(text.replace("/", " "))) > len(codes)
    ):
        return ""
    lines = []
    for line in text.splitlines():
        numbers = ["".join(_digit(code) for code in _MORSE.findall(number)) for number in re.split(r"/|\s{2,}|,", line)]
        lines.append("\t".join(filter(None, numbers)))
    return "\n".join(lines)


def _digit(code: str) -> str:
    short = [mark in ".\u00b7\u2022" for mark in code]
    count = sum(short)
    return "0" if not count else str(count if short[0] else 10 - count)


def _from_tallies(text: str) -> str:
    """Lengths of runs of one mark, several of them in each line, as numbers."""
    signs = set(text)
    if len(signs) > _MOST_SIGNS or any(map(str.isdigit, signs)):
        return ""
    rows = [line.split() for line in text.splitlines() if line.strip()]
    if len(rows) < _FEWEST_LINES or len({len(row) for row in rows}) > 2 or min(map(len, rows)) < 2:
        return ""
    runs = [[bool(_RUN.fullmatch(token)) for token in row] for row in rows]
    if sum(map(sum, runs)) < _ALIKE * sum(map(len, rows)) or len({len(token) for row in rows for token in row}) < _FEWEST_DIFFERENT:
        return ""
    return "\n".join(
        "\t".join(str(len(token)) if run else token for token, run in zip(row, told, strict=True))
        for row, told in zip(rows, runs, strict=True)
    )


def _from_signs(text: str) -> str:
    """Signs in the place of digits (pictures, cells of Braille, letters of another script): few different ones, each a digit by its place among them."""
    if text.isascii():
        return ""
    signs = {letter for letter in set(text) if not letter.isascii() and unicodedata.category(letter) in _SIGNS and letter not in _FRAMES}
    if not _FEWEST_SIGNS <= len(signs) <= _MOST_SIGNS or sum(map(text.count, signs)) < 2 * _FEWEST_FIGURES:
        return ""
    told = {sign: str(min(place, 9)) for place, sign in enumerate(sorted(signs))}

    def digits(token: str) -> str:
        return "".join(told[sign] for sign in token) if len(token) <= _LONGEST_FIGURE and all(sign in told for sign in token) else ""

    return _with_figures(text, digits)


def _may_be_parted(text: str) -> bool:
    return _has_odd_marks(text) or text.count("-") >= _FEWEST_DASHED * _FEWEST_LINES


def _may_list(text: str) -> bool:
    """True for lists between signs, and for lines that hold hardly more than a value."""
    values = max(map(text.count, ",;|"))
    return values >= 2 * (_FEWEST_VALUES - 1) or text.count(" ") + values < 2 * text.count("\n")


def _may_name(text: str) -> bool:
    return text.count("=") + text.count(":") >= _FEWEST_RECORDS


def _may_tell_places(text: str) -> bool:
    return text.count(", ") >= _FEWEST_PLACES * _FEWEST_RECORDS


# what writes the lines of a text anew, and a cheap test of whether it may
_GATES: tuple[tuple[Callable[[Sequence[str]], str], Callable[[str], bool]], ...] = (
    (between_tabs, _may_be_parted),
    (upright, _may_list),
    (gathered, _may_name),
    (told_places, _may_tell_places),
)
_WAYS: tuple[Callable[[str], str], ...] = (_from_words, _from_roman, _from_morse, _from_tallies, _from_signs)

__all__ = ["between_tabs", "respelled"]
