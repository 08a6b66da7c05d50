"""Data that scripts carry as JSON: the arguments of Plotly, Vega, ECharts and the like."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from sdc_airlock.errors import LimitReached, Malformed
from sdc_airlock.readers._jsontext import found_at, parse

SHORTEST = 60
# language of a script whose values are read by themselves
WITH_VALUES = "javascript with values"
# a script that is a value begins with it: its first bracket opens it, and is not what stands before a value inside
_OPENING = re.compile(r"^\s*(?=[\[{])|[=(,:\[]\s*(?=\{\s*\"|\[\s*(?:[\[{\"]|-?\d))|;\s*(?=\[)")
_LIKE_JSON = re.compile(r"(?:[\[\]{},:\s]|\"(?:[^\"\\\n]|\\.){0,4000}\"|-?\d[\d.eE+-]{0,40}|true|false|null|NaN|-?Infinity){1,400}")
_QUOTED = re.compile(r"(?:=|\()\s*'((?:\{|\[)(?:[^'\\\n]|\\.)*)'")


def islands(script: str) -> tuple[list[Any], str]:
    """Every JSON value of some length that stands in a script, in order, and the script without those that stand in it as they are."""
    rest: list[str] = []
    found = [*_plain(script, rest), *_as_text(script)]
    return found, "".join(rest)


def _plain(script: str, rest: list[str]) -> Iterator[Any]:
    at = taken = 0
    while opening := _OPENING.search(script, at):
        at = max(opening.end(), at + 1)
        prefix = _LIKE_JSON.match(script, opening.end())
        if prefix is None or prefix.end() - prefix.start() < SHORTEST:
            continue
        try:
            value, end = found_at(script, opening.end())
        except (Malformed, LimitReached):
            continue
        if end - opening.end() >= SHORTEST:
            yield value
            rest.append(script[taken : opening.end()])
            at = taken = end
    rest.append(script[taken:])


def _as_text(script: str) -> Iterator[Any]:
    """Values that a script parses out of a string."""
    for quoted in _QUOTED.finditer(script):
        text = quoted.group(1).replace("\\'", "'").replace("\\\\", "\\")
        if len(text) >= SHORTEST:
            try:
                yield parse(text)
            except (Malformed, LimitReached):
                continue
