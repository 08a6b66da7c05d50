"""What stands in a SQLite file and in no query's answer: deleted rows, freed pages, the log of writes. All of it is hidden data."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from sdc_airlock.errors import LimitReached, Malformed
from sdc_airlock.model.content import Oddity, OddityKind, TextPart, TextRole, Unread, UnreadReason
from sdc_airlock.readers import Item, Reading, gap
from sdc_airlock.readers._build import scalar_text, table_of
from sdc_airlock.readers._sqlitewalk import (
    INDEX_INTERIOR,
    INDEX_LEAF,
    TABLE_INTERIOR,
    TABLE_LEAF,
    Pages,
    Row,
    Span,
    carved,
    texts_in,
    tree,
    without_places,
)
from sdc_airlock.source import Source

_MOST_CARVED = 4 << 20
_FEW = 32  # bytes that are no row and no text: what is left of headers and of numbers cut in two
_MOST_PIECES = 2_000
_LIVE_ROWS = 2_000_000
_ENCODINGS = {2: "utf-16-le", 3: "utf-16-be"}
_TREES = (TABLE_LEAF, TABLE_INTERIOR, INDEX_LEAF, INDEX_INTERIOR)


@dataclass(slots=True)
class Remains:
    """What was found: rows by the table they are of (or by their number of columns), texts, and bytes that are neither."""

    rows: dict[tuple[str, int], list[Row]] = field(default_factory=dict)
    texts: list[str] = field(default_factory=list)
    left: int = 0
    searched: int = 0

    def add(self, owner: str, rows: Iterable[Row]) -> None:
        """Keep some rows."""
        for row in rows:
            self.rows.setdefault((owner, len(row)), []).append(row)

    def search(
        self, data: bytes, columns: Sequence[int], owner: str, encoding: str, *, widths: Sequence[int] = (), block: bool = False
    ) -> None:
        """Look for rows and texts in bytes that no cell takes.

        Raises:
            LimitReached: too many such bytes.
        """
        if not data.strip(b"\0"):
            return
        self.searched += len(data)
        if self.searched > _MOST_CARVED:
            raise LimitReached("member_bytes", _MOST_CARVED, self.searched)
        rows, spans = carved(data, columns, widths or columns, encoding, block=block)
        self.add(owner, rows)
        texts, left = texts_in(data, [(0, 4), *spans] if block else spans)
        self.texts += texts
        self.left += left

    def items(self, source: Source, words: str, names: Mapping[str, Sequence[str]]) -> Iterator[Item]:
        """Hidden tables and text, and a gap for what could not be read."""
        count = 0
        for number, ((owner, width), rows) in enumerate(self.rows.items(), 1):
            known = names.get(owner, ())
            fits = len(known) == width
            shown = known if fits else [""] * width
            columns = [(name, [_plain(row[place]) for row in rows]) for place, name in enumerate(shown)]
            count += len(rows)
            yield table_of(f"{source.part_id}!{words}{number}", columns, named=fits, title=owner, hidden=True)
        if self.texts:
            text = scalar_text("\n".join(self.texts))
            yield TextPart(part_id=f"{source.part_id}!{words}-text", text=text, role=TextRole.METADATA, hidden=True)
        if count or self.texts:
            detail = "rows or pieces of rows that no query shows"
            yield Oddity(part_id=source.part_id, kind=OddityKind.HIDDEN_CELLS, detail=detail, size=count or len(self.texts))
        if self.left > _FEW:
            detail = "free pages and free parts of pages, in which bytes remain that could not be read"
            yield Unread(part_id=source.part_id, why=UnreadReason.HIDDEN, seen=self.left, detail=detail)


def _plain(value: object) -> object:
    return value.decode("utf-8", "backslashreplace") if isinstance(value, bytes) else value


def pages_of(data: bytes) -> Pages:
    """The pages of a database.

    Raises:
        Malformed: its header is damaged.
    """
    size = int.from_bytes(data[16:18], "big")
    size = 65_536 if size == 1 else size
    if size < 512 or size & (size - 1) or len(data) < size:
        raise Malformed("a SQLite header with an impossible page size")
    pages = {number + 1: data[number * size : (number + 1) * size] for number in range(len(data) // size)}
    encoding = _ENCODINGS.get(int.from_bytes(data[56:60], "big"), "utf-8")
    return Pages(pages=pages, size=size, usable=max(480, size - data[20]), encoding=encoding)


def database_remains(
    source: Source, data: bytes, roots: Mapping[int, str], names: Mapping[str, Sequence[str]], reading: Reading
) -> Iterator[Item]:
    """Rows in the free parts of live pages and in pages that belong to no table.

    Args:
        source: The database.
        data: All its bytes.
        roots: For each root page the table that it is of, "" for an index.
        names: Columns of each table.
        reading: What it costs is counted here.
    """
    pages = pages_of(data)
    remains = Remains()
    widths = sorted({len(columns) for columns in names.values()} | {len(columns) + 1 for columns in names.values()})
    try:
        live = _live(pages, roots, names, remains, reading)
        known = {number for number, _ in live} | _maps(data, pages)
        trunks = _trunks(data, pages)
        for number, page in pages.pages.items():
            if number not in known:
                reading.spend()
                listed = trunks.get(number, 0)
                if listed:
                    listed += (-listed) % 2 + without_places(page[listed + listed % 2 :], listed, pages.usable)
                _lost(pages, number, page[listed:].rjust(len(page), b"\0"), widths, remains)
    except LimitReached as error:
        if error.limit_name != "member_bytes":
            raise
        yield gap(source.part_id, error)
        live = []
    if (remains.rows or remains.texts) and live:
        _without_copies(pages, live, remains)
    yield from remains.items(source, "deleted", names)


def _live(
    pages: Pages, roots: Mapping[int, str], names: Mapping[str, Sequence[str]], remains: Remains, reading: Reading
) -> list[tuple[int, bool]]:
    """All pages that tables and indexes use, and whether each is a page of a tree; their free parts are searched."""
    live: list[tuple[int, bool]] = []
    for root, owner in {1: "", **roots}.items():
        columns = (len(names[owner]),) if owner in names else ()
        for number in tree(pages, root):
            reading.spend()
            live.append((number, True))
            free = pages.free(number)
            header = pages.header(number)
            first = int.from_bytes(pages.pages[number][header + 5 : header + 7], "big") or 65_536
            for start, end in free:
                block = start >= first
                begin = start if block else start + without_places(pages.pages[number][start:end], start, pages.usable)
                remains.search(pages.pages[number][begin:end], columns, owner, pages.encoding, block=block)
            if pages.kind(number) != TABLE_INTERIOR:
                for place in pages.cells(number):
                    _, _, further = pages.cell(number, place)
                    live += [(each, False) for each in further]
    for number, (start, end) in pages.slack:
        remains.search(pages.pages[number][start:end], (), "", pages.encoding)
    pages.slack.clear()
    return live


def _maps(data: bytes, pages: Pages) -> set[int]:
    """Pages that point to the parents of others, in databases that shrink by themselves."""
    if not int.from_bytes(data[52:56], "big"):
        return set()
    step = pages.usable // 5 + 1
    return set(range(2, len(pages.pages) + 1, step))


def _trunks(data: bytes, pages: Pages) -> dict[int, int]:
    """The pages that list free pages, and how many of their bytes do."""
    found: dict[int, int] = {}
    number = int.from_bytes(data[32:36], "big")
    while number in pages.pages and number not in found:
        page = pages.pages[number]
        found[number] = min(len(page), 8 + 4 * int.from_bytes(page[4:8], "big"))
        number = int.from_bytes(page[:4], "big")
    return found


def _lost(pages: Pages, number: int, page: bytes, widths: Sequence[int], remains: Remains) -> None:
    """A page that belongs to no table: its cells as they were, then what stands between them."""
    if not page.strip(b"\0"):
        return
    spans: list[Span] = []
    if pages.kind(number) in (TABLE_LEAF, INDEX_LEAF):
        spans.append((pages.header(number), pages.header(number) + 8))
        places = pages.cells(number)
        spans.append((pages.header(number) + 8, pages.header(number) + 8 + 2 * len(places)))
        for place in places:
            row, span, _ = pages.cell(number, place)
            if row is not None:
                remains.add("", [row])
                spans.append(span)
        pages.slack.clear()
    at = 0
    for start, end in [*sorted(spans), (len(page), len(page))]:
        if start > at:
            remains.search(page[at:start], (), "", pages.encoding, widths=widths)
        at = max(at, end)


def _without_copies(pages: Pages, live: Sequence[tuple[int, bool]], remains: Remains) -> None:
    """Drop rows that still stand in a table: pages that were split leave copies behind."""
    current: set[Row] = set()
    shown: set[str] = set()
    for number, of_tree in live:
        if of_tree and pages.kind(number) in (TABLE_LEAF, INDEX_LEAF, INDEX_INTERIOR):
            for place in pages.cells(number):
                row, _, _ = pages.cell(number, place)
                if row is not None:
                    current.add(row)
                    shown.update(value for value in row if isinstance(value, str))
            if len(current) > _LIVE_ROWS:
                return
    whole = "\0".join(shown)
    if len(remains.texts) <= _MOST_PIECES:
        remains.texts = [text for text in remains.texts if text not in whole]
    for key, rows in list(remains.rows.items()):
        fresh = [row for row in rows if row not in current]
        if fresh:
            remains.rows[key] = fresh
        else:
            del remains.rows[key]


def log_pages(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Number and bytes of every page in a write-ahead log or a rollback journal, in the order they were written.

    Raises:
        Malformed: the header is damaged.
    """
    if data.startswith(b"\xd9\xd5\x05\xf9"):
        sector, size = (int.from_bytes(data[at : at + 4], "big") for at in (20, 24))
        start, before, after = sector or 512, 4, 4
    else:
        size, start, before, after = int.from_bytes(data[8:12], "big"), 32, 24, 0
    if not 512 <= size <= 65_536 or size & (size - 1) or not 0 < start <= 65_536:
        raise Malformed("a log of SQLite with an impossible page size")
    at = start
    while at + before + size <= len(data):
        number = int.from_bytes(data[at : at + 4], "big")
        yield number, data[at + before : at + before + size]
        at += before + size + after
    if data[at:].strip(b"\0"):
        yield 0, data[at:]


def log_remains(source: Source, data: bytes, reading: Reading) -> Iterator[Item]:
    """All rows on the pages of a log, whichever state of the database they are of."""
    remains = Remains()
    frames = list(log_pages(data))
    whole = {number: page for number, page in frames if number}
    size = len(frames[0][1]) if frames else 0
    encoding = _ENCODINGS.get(int.from_bytes(whole.get(1, b"")[56:60] or b"\0", "big"), "utf-8")
    pages = Pages(pages=dict(whole), size=size, usable=size, encoding=encoding)
    read: set[bytes] = set()
    try:
        for number, page in sorted(frames, key=lambda frame: frame[1][100 * (frame[0] == 1)] not in _TREES):
            reading.spend()
            if page in read:
                continue
            read.add(page)
            pages.pages[number] = page
            if number and pages.kind(number) in _TREES:
                read |= _logged(pages, number, remains)
            else:
                remains.search(page, (), "", encoding)
            pages.pages[number] = whole.get(number, b"")
    except LimitReached as error:
        if error.limit_name != "member_bytes":
            raise
        yield gap(source.part_id, error)
    for key, rows in remains.rows.items():
        remains.rows[key] = list(dict.fromkeys(rows))
    yield from remains.items(source, "log", {})


def _logged(pages: Pages, number: int, remains: Remains) -> set[bytes]:
    """The rows of a page of a log; the pages on which long ones go on were read with them."""
    page, read = pages.pages[number], set()
    if pages.kind(number) != TABLE_INTERIOR:
        for place in pages.cells(number):
            row, (start, end), further = pages.cell(number, place)
            if row is not None:
                remains.add("", [row])
                read |= {pages.pages[each] for each in further}
            else:
                remains.search(page[start : max(end, start + 4)], (), "", pages.encoding)
    for start, end in pages.free(number):
        begin = start + without_places(page[start:end], start, pages.usable)
        remains.search(page[begin:end], (), "", pages.encoding)
    for each, (start, end) in pages.slack:
        remains.search(pages.pages[each][start:end], (), "", pages.encoding)
    pages.slack.clear()
    return read
