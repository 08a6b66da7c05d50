"""Printed numbers: the characters people write them with, and what they are worth."""

from __future__ import annotations

import math
import re
import unicodedata

# no number, date or band that people print is longer; longer cells are never searched
LONGEST = 64

# one number: groups of three by comma, space, apostrophe or point (or 2-2-3 as in India), else digits with a point or comma
NUMBER = (
    r"[+-]?(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d{1,2}(?:,\d{2})+,\d{3}(?:\.\d+)?|\d{1,3}(?: \d{3})+(?:[.,]\d+)?|\d{1,3}(?:'\d{3})+(?:[.,]\d+)?"
    r"|\d{1,3}(?:\.\d{3})+,\d+|\d{1,3}(?:\.\d{3}){2,}|\d+(?:\.\d*|,\d+)?|[.,]\d+)(?:[eE][+-]?\d{1,4})?"
)
_NUMBER = re.compile(NUMBER)
_POWER = re.compile(
    r"(?<=\d) ?[x\u00d7*\u00b7] ?10 ?(?:(?:\^|\*\*) ?([+-]?\d{1,3})|([+-]\d{1,3})|([\u207a\u207b]?[\u2070\u00b9\u00b2\u00b3\u2074-\u2079]{1,3}))"
)
_SUPERSCRIPTS = str.maketrans("\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079\u207a\u207b", "0123456789+-")
_RAISED = re.compile(r"[\u2070\u00b9\u00b2\u00b3\u2074-\u2079\u1d43-\u1d4f\u1d47\u1d9c]+")
_MARKS = frozenset("*\u2020\u2021\u00a7\u00b6")
_FOOTNOTE = re.compile(r"(?<=[\d%)\]}]) ?[*\u2020\u2021\u00a7\u00b6]{1,5}$")
_UNSEEN = "\u00ad\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"
_SIGNS = str.maketrans(
    {"\u2212": "-", "\u066b": ".", "\u066c": ",", "\u2019": "'", "\u2a7d": "\u2264", "\u2a7e": "\u2265", **dict.fromkeys(_UNSEEN)}
)


def plain(text: str) -> str:
    """A cell with one kind of space, minus, digit width and apostrophe, without footnote marks and characters that nobody sees."""
    if not text.isascii():
        text = _POWER.sub(_as_exponent, text.translate(_SIGNS))
        text = unicodedata.normalize("NFKC", _RAISED.sub("", text))
    text = " ".join(text.split())
    if text[:1] == '"' == text[-1:]:
        text = text[1:-1].strip()
    if "10" in text:
        text = _POWER.sub(_as_exponent, text)
    return _FOOTNOTE.sub("", text) if text[-1:] in _MARKS else text


def _as_exponent(match: re.Match[str]) -> str:
    return "e" + (match[1] or match[2] or match[3]).translate(_SUPERSCRIPTS)


def _written(text: str) -> str:
    """A number of the form `NUMBER` as Python writes it: what its points and commas mean is told by the digits around them."""
    text = text.replace(" ", "").replace("'", "")
    commas, points = text.count(","), text.count(".")
    if not commas:
        return text.replace(".", "") if points > 1 else text
    if points:
        return text.replace(",", "") if text.rindex(".") > text.rindex(",") else text.replace(".", "").replace(",", ".")
    if commas > 1:
        return text.replace(",", "")
    head, _, after = text.partition(",")
    digits = head.lstrip("+-")
    grouped = len(after) == 3 and after.isdigit() and digits != "" and digits[0] != "0"
    return text.replace(",", "" if grouped else ".")


def value(text: str) -> tuple[float, int]:
    """What a text of the form `NUMBER` is worth, and the digits printed after its decimal sign; NaN where no float is so large."""
    written = _written(text)
    worth = float(written) + 0.0
    point = written.find(".")
    if point < 0:
        return (worth if math.isfinite(worth) else math.nan), 0
    exponent = max(written.find("e"), written.find("E"))
    return (worth if math.isfinite(worth) else math.nan), (exponent if exponent > 0 else len(written)) - point - 1


def number(text: str) -> tuple[float, int]:
    """The same for any text.

    Raises:
        ValueError: it is no number.
    """
    shown = plain(text[: 2 * LONGEST])
    if len(shown) > LONGEST or not _NUMBER.fullmatch(shown):
        raise ValueError("no number")
    return value(shown)


def to_float(text: str) -> float:
    """A printed number as a float; decides between decimal comma and thousands separator by the digits that follow.

    Raises:
        ValueError: it is no number.
    """
    return number(text)[0]


def decimals(text: str) -> int:
    """Digits printed after the decimal sign; 0 for what is no number."""
    try:
        return number(text)[1]
    except ValueError:
        return 0


__all__ = ["LONGEST", "NUMBER", "decimals", "number", "plain", "to_float", "value"]
