"""Pages and records of SQLite, read by hand: what queries show is left to the library, what they do not show is found here."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

TABLE_LEAF, TABLE_INTERIOR, INDEX_LEAF, INDEX_INTERIOR = 0x0D, 0x05, 0x0A, 0x02
_FIXED = {0: 0, 1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8, 7: 8, 8: 0, 9: 0}
_MOST_COLUMNS = 2_000
_LONGEST_CHAIN = 1 << 20
_FILLED = re.compile(rb"[^\0](?:[^\0]|\0{1,15}(?=[^\0]))*", re.DOTALL)
_FEWEST_LETTERS = 4
_BLANKS = {9: 32, 10: 32, 13: 32}
_WHOLE = {0: 0, 1: 1, 2: 2, 3: 3, 4: 4, 6: 5, 8: 6}

Row = tuple[Any, ...]
Span = tuple[int, int]


def varint(data: bytes, at: int) -> tuple[int, int]:
    """A number of one to nine bytes, and the place after it.

    Raises:
        IndexError: the bytes end early.
    """
    value = 0
    for place in range(8):
        byte = data[at + place]
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, at + place + 1
    return value << 8 | data[at + 8], at + 9


def types_of(data: bytes, at: int, end: int, most: int) -> list[int] | None:
    """The types in a record header whose values take at most some bytes; None where they are none."""
    found: list[int] = []
    left = most
    try:
        while at < end:
            kind, at = varint(data, at)
            left -= 0 if kind in (10, 11) else width_of(kind)
            if left < 0 or kind in (10, 11) or len(found) >= _MOST_COLUMNS:
                return None
            found.append(kind)
    except IndexError:
        return None
    return found if at == end else None


def width_of(kind: int) -> int:
    """Bytes that a value of a type takes."""
    return _FIXED[kind] if kind < 10 else (kind - 12) // 2


def values_of(data: bytes, at: int, kinds: Sequence[int], encoding: str) -> Row | None:
    """The values of a record's body; None where a text is none."""
    found: list[Any] = []
    for kind in kinds:
        size = width_of(kind)
        raw = data[at : at + size]
        if len(raw) != size:
            return None
        at += size
        if kind == 0:
            found.append(None)
        elif kind in (8, 9):
            found.append(kind - 8)
        elif kind == 7:
            found.append(struct.unpack(">d", raw)[0])
        elif kind < 7:
            found.append(int.from_bytes(raw, "big", signed=True))
        elif kind % 2:
            try:
                found.append(raw.decode(encoding))
            except UnicodeDecodeError:
                return None
        else:
            found.append(raw)
    return tuple(found)


def record(payload: bytes, encoding: str, start: int = 0, end: int | None = None) -> Row | None:
    """The values of a record that fills some bytes exactly; None where it does not."""
    end = len(payload) if end is None else end
    try:
        size, at = varint(payload, start)
    except IndexError:
        return None
    if not at - start < size <= end - start:
        return None
    kinds = types_of(payload, at, start + size, end - start - size)
    if not kinds or size + sum(map(width_of, kinds)) != end - start:
        return None
    return values_of(payload, start + size, kinds, encoding)


@dataclass(slots=True, eq=False)
class Pages:
    """The pages of a database or of its log, by number.

    Attributes:
        pages: Bytes of each page.
        size: Bytes of a page; `usable` of them belong to SQLite.
        encoding: Of texts.
        first: Number of the page that has the header of the database.
    """

    pages: dict[int, bytes]
    size: int
    usable: int
    encoding: str
    slack: list[tuple[int, Span]] = field(default_factory=list)

    def header(self, number: int) -> int:
        """Where the header of a page begins."""
        return 100 if number == 1 else 0

    def kind(self, number: int) -> int:
        """The kind of a page by its first byte, 0 where there is no such page."""
        page = self.pages.get(number, b"")
        at = self.header(number)
        return page[at] if len(page) > at + 8 else 0

    def cells(self, number: int) -> list[int]:
        """Places of the cells of a tree page, as far as they lie inside it."""
        page, at = self.pages[number], self.header(number)
        first = at + (12 if page[at] in (TABLE_INTERIOR, INDEX_INTERIOR) else 8)
        count = min(int.from_bytes(page[at + 3 : at + 5], "big"), (self.usable - first) // 2)
        places = struct.unpack_from(f">{max(count, 0)}H", page, first) if count > 0 else ()
        return [place for place in places if first <= place < self.usable]

    def free(self, number: int) -> list[Span]:
        """The parts of a tree page that no cell takes: after the list of cells, and the chain of freed blocks."""
        page, at = self.pages[number], self.header(number)
        count, content = struct.unpack_from(">HH", page, at + 3)
        first = at + (12 if page[at] in (TABLE_INTERIOR, INDEX_INTERIOR) else 8) + 2 * count
        spans = [(first, content or 65_536)] if first < (content or 65_536) else []
        block, seen = int.from_bytes(page[at + 1 : at + 3], "big"), set()
        while block and block not in seen and block + 4 <= self.usable:
            seen.add(block)
            after, size = struct.unpack_from(">HH", page, block)
            spans.append((block, min(block + max(size, 4), self.usable)))
            block = after
        if self.usable < self.size:
            spans.append((self.usable, self.size))
        return [(start, min(end, self.size)) for start, end in spans]

    def cell(self, number: int, place: int) -> tuple[Row | None, Span, list[int]]:
        """A cell of a leaf: its values (None where it cannot be read), the bytes it takes on the page, and its further pages."""
        page, table = self.pages[number], self.kind(number) in (TABLE_LEAF, TABLE_INTERIOR)
        if self.kind(number) == INDEX_INTERIOR:
            place += 4
        try:
            size, at = varint(page, place)
            if table:
                _, at = varint(page, at)
        except IndexError:
            return None, (place, place), []
        local = self._local(size, table=table)
        if at + local > self.usable:
            return None, (place, place), []
        payload, further = page[at : at + local], list[int]()
        end = at + local
        if local < size:
            if size > len(self.pages) * self.size:
                return None, (place, place), []
            rest, further = self._chain(int.from_bytes(page[end : end + 4], "big"), size - local)
            payload, end = payload + rest, end + 4
        return record(payload, self.encoding) if len(payload) == size else None, (place, max(end, place + 4)), further

    def _local(self, size: int, *, table: bool) -> int:
        most = self.usable - 35 if table else (self.usable - 12) * 64 // 255 - 23
        if size <= most:
            return size
        least = (self.usable - 12) * 32 // 255 - 23
        found = least + (size - least) % (self.usable - 4)
        return found if found <= most else least

    def _chain(self, number: int, wanted: int) -> tuple[bytes, list[int]]:
        pieces: list[bytes] = []
        further: list[int] = []
        while number in self.pages and wanted > 0 and number not in further and len(further) < _LONGEST_CHAIN:
            page = self.pages[number]
            piece = page[4 : min(self.usable, 4 + wanted)]
            further.append(number)
            pieces.append(piece)
            wanted -= len(piece)
            if not wanted:
                self.slack.append((number, (4 + len(piece), self.size)))
            number = int.from_bytes(page[:4], "big")
        return b"".join(pieces), further


def carved(data: bytes, columns: Sequence[int], widths: Sequence[int], encoding: str, *, block: bool) -> tuple[list[Row], list[Span]]:
    """Records found anywhere in some bytes, and the bytes that they take.

    Args:
        data: Bytes that no cell takes.
        columns: How many columns the records may have; () for any number.
        widths: How many columns a record may have whose beginning was written over.
        encoding: Of texts.
        block: True where they are a freed block, whose first four bytes were written over.
    """
    rows: list[Row] = []
    spans: list[Span] = []
    at = 0
    for match in _FILLED.finditer(data):
        at = max(at, match.start() - 3)
        while at < match.end():
            found = _headless(data, at, widths, encoding, first=True) if block and not at else None
            found = found or _record_at(data, at, columns, encoding) or _headless(data, at, widths, encoding)
            if found is None:
                at += 1
                continue
            rows.append(found[0])
            spans.append((at, found[1]))
            at = found[1]
    return rows, spans


def _record_at(data: bytes, at: int, columns: Sequence[int], encoding: str) -> tuple[Row, int] | None:
    """A whole cell: length, number, record; or the record alone, where what stood before it was written over."""
    try:
        size, after = varint(data, at)
        if 2 <= size <= len(data) - after:
            for skip in (True, False):
                start = varint(data, after)[1] if skip else after
                if start + size <= len(data) and data[start] >= 2:
                    row = record(data, encoding, start, start + size)
                    if row is not None and _likely(row, columns):
                        return row, start + size
    except IndexError:
        return None
    size = data[at]
    if not columns or not 2 <= size < 0x80 or at + size > len(data):
        return None
    kinds = types_of(data, at + 1, at + size, len(data) - at - size)
    if not kinds or len(kinds) not in columns:
        return None
    end = at + size + sum(map(width_of, kinds))
    row = values_of(data, at + size, kinds, encoding) if end <= len(data) else None
    return (row, end) if row is not None and _likely(row, columns) else None


def _likely(row: Row, columns: Sequence[int]) -> bool:
    """True where a record is not chance: as many columns as a table has, and a text that can be read or several values."""
    if columns and len(row) not in columns:
        return False
    texts = [value for value in row if isinstance(value, str)]
    if any(isinstance(value, bytes) and value for value in row):
        return False
    if any(not text.translate(_BLANKS).isprintable() for text in texts):
        return False
    filled = [value for value in row if value is not None and value != ""]
    return bool(filled) and (any(texts) or len(filled) > 1 or bool(columns))


def _headless(data: bytes, at: int, columns: Sequence[int], encoding: str, *, first: bool = False) -> tuple[Row, int] | None:
    """A freed cell, whose first four bytes became the place of the next one and the size: its types follow, all or all but the first."""
    size = int.from_bytes(data[at + 2 : at + 4], "big")
    if not 8 <= size <= len(data) - at:
        return None
    for count in columns:
        if (found := _typed(data, at + 4, count)) is not None:
            kinds, start = found
            end = start + sum(map(width_of, kinds))
            if end == at + size or (first and end < at + size and any(kinds)):
                row = values_of(data, start, kinds, encoding)
                if row is not None and _likely(row, columns):
                    return row, end
        if count > 1 and (found := _typed(data, at + 4, count - 1)) is not None:
            kinds, start = found
            left = at + size - start - sum(map(width_of, kinds))
            for kind in (_WHOLE.get(left), 13 + 2 * left):
                row = values_of(data, start, [kind, *kinds], encoding) if kind is not None and left >= 0 else None
                if row is not None and _likely(row, columns) and (left < 3 or kind == 13 + 2 * left):
                    return row, at + size
    return None


def _typed(data: bytes, at: int, count: int) -> tuple[list[int], int] | None:
    """Some types and the place after them."""
    kinds = []
    try:
        for _ in range(count):
            kind, at = varint(data, at)
            if kind in (10, 11) or kind > 2 * len(data) + 13:
                return None
            kinds.append(kind)
    except IndexError:
        return None
    return kinds, at


def texts_in(data: bytes, taken: Sequence[Span]) -> tuple[list[str], int]:
    """Runs of letters outside some spans, and how many other bytes that are not zero stand there."""
    texts: list[str] = []
    left = at = 0
    for start, end in [*sorted(taken), (len(data), len(data))]:
        piece = data[at:start]
        at = max(at, end)
        other = len(piece) - piece.count(0)
        for match in re.finditer(rb"[\t\n\r\x20-\x7e\xc2-\xf4\x80-\xbf]{4,}", piece):
            try:
                text = match.group().decode("utf-8")
            except UnicodeDecodeError:
                continue
            if sum(map(str.isalnum, text)) >= _FEWEST_LETTERS:
                texts.append(text)
                other -= len(match.group())
        left += other
    return texts, left


def without_places(data: bytes, start: int, usable: int) -> int:
    """How many bytes at the start of a free part, which begins at `start` of its page, are places of cells that the page once had."""
    at = 0
    while at + 2 <= len(data) and start < int.from_bytes(data[at : at + 2], "big") < usable:
        at += 2
    return at


def tree(pages: Pages, root: int) -> Iterator[int]:
    """The pages of a tree from its root; a circle ends."""
    stack, seen = [root], set()
    while stack:
        number = stack.pop()
        if number in seen or number not in pages.pages:
            continue
        seen.add(number)
        kind = pages.kind(number)
        if kind not in (TABLE_LEAF, TABLE_INTERIOR, INDEX_LEAF, INDEX_INTERIOR):
            continue
        yield number
        if kind in (TABLE_INTERIOR, INDEX_INTERIOR):
            page, at = pages.pages[number], pages.header(number)
            stack.append(int.from_bytes(page[at + 8 : at + 12], "big"))
            stack.extend(int.from_bytes(page[place : place + 4], "big") for place in pages.cells(number))
