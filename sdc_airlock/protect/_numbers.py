"""A number inside the words of a cell, written anew in the manner of the old one."""

from __future__ import annotations

import re

from sdc_airlock.protect._tables import Refused

_NUMBER = re.compile(r"\d+(?:([,.'\u00a0\u202f\u2009 ])\d{3})*(?:([.,])\d+)?")
_SIMPLE = re.compile(r"\d+(?:[.,]\d+)?")


def with_count(text: str, number: float) -> str:
    """The same words with another whole number as the first."""
    match = _NUMBER.search(text)
    if match is None:
        raise Refused("a count in it is written in an unusual way")
    shown = f"{int(number):,}".replace(",", match[1] or "")
    return text[: match.start()] + shown + text[match.end() :]


def with_share(text: str, number: float, *, second: bool) -> str:
    """The same words with another percentage, as many decimals, as the first number or as the second."""
    start = 0
    if second:
        first = _NUMBER.search(text)
        start = first.end() if first else len(text)
    match = _SIMPLE.search(text, start)
    if match is None:
        raise Refused("a percentage in it is written in an unusual way")
    comma = "," in match[0]
    decimals = len(re.split(r"[.,]", match[0])[1]) if re.search(r"[.,]", match[0]) else 0
    shown = f"{number:.{decimals}f}"
    return text[: match.start()] + (shown.replace(".", ",") if comma else shown) + text[match.end() :]


__all__ = ["with_count", "with_share"]
