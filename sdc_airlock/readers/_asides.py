"""Text that stands beside the content (names, properties, notes, settings): searched for tables, and for records one an entry.

Names and properties follow no layout, so that records in them need not look like a table: `x1 {"a","b"}`, `a_b_c`, `?q=a&b&c`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from sdc_airlock.model.content import Grid, GridSource, TextRole
from sdc_airlock.readers._strings import LONGEST_ENTRY, entry_rows, without_prefixes
from sdc_airlock.readers.text import text_parts

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from sdc_airlock.readers import Item, Reading

_FEWEST_ENTRIES = 8
_FEWEST_ROWS = 5  # dates and versions stand below each other too
_TWICE = 2
_LONGEST = 4 << 20
_FREE = frozenset(
    """
    name displayText value author initials tooltip descr description title alt string caption text prompt promptTitle error errorTitle
    defaultValue uri tag label userName id_ comment keywords subject target sourceFileName progId
    """.split()
)
_VALUED = frozenset(
    {"alias", "tag", "default", "result", "helpText", "statusText", "listEntry", "docVar", "name", "placeholder", "aliases"}
)
_ADDRESS = re.compile(r"Google Shape;[\w;:]*|_(?:Toc|Ref|Hlk|GoBack)\w*|https?://schemas\..*|urn:schemas.*")
_WORD = re.compile(r"\(?[^\W\d_][^\W\d_.&()/-]*+(?:[.&()/-][^\W\d_.&()/-]*+)?\d{0,4}[),]?")
_WORDS = 8
_TELLING = 3


def aside_items(
    part_id: str, text: str, role: TextRole, *, reading: Reading, depth: int, hidden: bool = True, language: str = ""
) -> Iterator[Item]:
    """Text beside the content as a part, with a grid for each table in it, or one for the records that its entries are."""
    found = 0
    for item in text_parts(part_id, text, role, reading=reading, depth=depth, hidden=hidden, language=language):
        if isinstance(item, Grid):
            if len(item.rows) < _FEWEST_ROWS:
                continue
            found = max(found, len(item.rows))
            if len({len(row) for row in item.rows}) == 1:
                item = replace(item, rows=without_prefixes(list(item.rows)))  # noqa: PLW2901 - the same grid, told shorter
        yield item
    if len(rows := entry_rows(text)) > _TWICE * found:
        yield Grid(part_id=f"{part_id}!entries", rows=rows, source=GridSource.RECORDS, hidden=hidden)


def free_texts(root: Element, *, skip: frozenset[str] = frozenset()) -> list[str]:
    """Attributes that people or programs fill as they like, one line an element; names as programs give them are left out.

    Args:
        root: The part.
        skip: Elements whose attributes are read elsewhere.
    """
    lines = []
    for element in root.iter():
        tag = element.tag.rpartition("}")[2]
        if tag in skip:
            continue
        found = []
        for key, value in element.attrib.items():
            name = key.rpartition("}")[2].rpartition(":")[2]
            if (name in _FREE or (name == "val" and tag in _VALUED)) and value.strip() and not ordinary_name(value.strip()):
                found.append(value.strip())
        if found:
            lines.append(", ".join(dict.fromkeys(found)))
    return lines


def ordinary_name(name: str) -> bool:
    """True for names as programs give them: a few words, and a number at most."""
    if name.isdigit() or _ADDRESS.fullmatch(name[:400]):
        return len(name) < LONGEST_ENTRY
    words = [word for word in name.split() if word != "-"]
    numbers = sum(word.isdigit() for word in words)
    telling = sum(len(word) >= _TELLING and word.isalpha() for word in words)
    plain = all(word.isdigit() or _WORD.fullmatch(word[:40]) for word in words)
    return len(words) <= _WORDS and plain and (numbers <= 1 or telling > numbers)
