"""Records in the attributes of elements: classes, styles, sizes and data of many elements of one kind, an element a record."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from itertools import islice

from sdc_airlock.errors import LimitReached
from sdc_airlock.model.content import Grid, GridSource
from sdc_airlock.readers._block import Block
from sdc_airlock.readers._tidy import recorded

_TAG = re.compile(r"<([A-Za-z][\w:-]{0,40}+)\s++([^<>]{8,}+)>")
_ATTRIBUTE = re.compile(r"([\w:-]{1,60})\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_DECLARED = re.compile(r"[\w-]{1,60}\s*:\s*([^;]+)")
_READ = frozenset({"class", "style", "name", "lang", "headers", "rel", "width", "height", "tabindex", "title", "alt", "label", "value"})
# bars and boxes of a figure are compared by their places and heights where figures are read
_DRAWN, _SIZES = frozenset({"rect", "image", "svg"}), frozenset({"width", "height"})
_FEWEST = 12
_FEWEST_FIELDS = 3
_MOST = 500_000
_TOLD_LENGTH = 5
_SHARE = 0.8
_DECIMAL = re.compile(r"-?\d+\.\d+")
_MARKED = re.compile(r"\b(?:class|style|data-[\w-]+)\s*=\s*[\"'][^\"']*\d")


def crafted_grids(part_id: str, text: str) -> Iterator[Grid]:
    """A grid for each kind of element whose attributes differ from one to the next as records do.

    Args:
        part_id: Address of the page or figure.
        text: Its source.

    Raises:
        LimitReached: it has more elements than are compared.
    """
    if sum(1 for _ in islice(_MARKED.finditer(text), _FEWEST)) < _FEWEST:
        return
    groups: dict[tuple[str, ...], list[tuple[str, ...]]] = {}
    for count, match in enumerate(_TAG.finditer(text)):
        if count >= _MOST:
            raise LimitReached("elements", _MOST, count)
        names, cells = _fields(match[2], drawn=match[1].lower() in _DRAWN)
        if len(cells) >= _FEWEST_FIELDS:
            groups.setdefault((match[1].lower(), *names), []).append(cells)
    found = 0
    for rows in groups.values():
        block = recorded(Block(0, len(rows), tuple(rows), GridSource.RECORDS), _FEWEST_FIELDS) if len(rows) >= _FEWEST else None
        if block is not None and any(map(_telling, zip(*block.rows, strict=True))):
            found += 1
            yield Grid(part_id=f"{part_id}!elements{found}", rows=block.rows, source=GridSource.RECORDS)


def _fields(attributes: str, *, drawn: bool) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Names of the attributes that may hold anything, with how many values each has, and the values; how large a bar is drawn is its shape."""
    names: list[str] = []
    cells: list[str] = []
    for name, double, single in _ATTRIBUTE.findall(attributes):
        plain = name.lower()
        if (drawn and plain in _SIZES) or (plain not in _READ and not plain.startswith(("data-", "aria-"))):
            continue
        value = html.unescape(double or single)
        values = [each.strip() for each in _DECLARED.findall(value)] if plain == "style" else value.split() if plain == "class" else [value]
        names.append(f"{plain} {len(values)}")
        cells += values
    return tuple(names), tuple(cells)


def _telling(column: Sequence[str]) -> bool:
    """True for measures with decimals, and for names of some length that never come twice; programs number what they lay out."""
    if sum(bool(_DECIMAL.fullmatch(cell)) for cell in column) >= _SHARE * len(column):
        return True
    return len(set(column)) == len(column) and min(map(len, column)) >= _TOLD_LENGTH
