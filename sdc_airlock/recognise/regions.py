"""Where the tables lie on a page of cells: blocks, headers, captions, footnotes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from sdc_airlock.model.content import Grid, GridSource
from sdc_airlock.recognise._headers import (
    LOOK,
    MAX_HEADER_ROWS,
    NEARLY_ALL,
    NUMBERS,
    TEXT_LENGTH,
    Row,
    filled,
    find_header,
    join_headers,
    number_columns,
    numeric_share,
)
from sdc_airlock.recognise.cells import CellKind, parse
from sdc_airlock.recognise.lexicon import is_total, matches

_AHEAD = 12
_OWN_ROWS = 3
_PREAMBLE = 15
_MOST_TABLES = 200
_HALF = 0.5
_WORDS = frozenset({CellKind.TEXT, CellKind.MISSING})
_LONE_MARKS = frozenset({"", ".", "-", "*", "..", ":", "~", "?"})


@dataclass(frozen=True, slots=True)
class Region:
    """One table on a page.

    Attributes:
        header: Column names, one a column; "" where there is none.
        body: Data rows, padded to one width.
        named: the names come from a header row.
        first_row: Number of the first data row on the page, counted from 1.
        row_numbers: page row of each body row (rows need not be adjacent).
        title, notes: text around it.
    """

    header: tuple[str, ...]
    body: tuple[tuple[str, ...], ...]
    named: bool
    first_row: int
    title: str
    notes: str
    row_numbers: tuple[int, ...] = ()


def _is_ruler(row: Row) -> bool:
    """True for a row of dashes, equals signs or box lines."""
    for cell in row:
        if cell:
            return not cell[0].isalnum() and not _has_word("".join(row)) and "".join(row).strip() not in _LONE_MARKS
    return False


def _has_word(text: str) -> bool:
    return any(character.isalnum() for character in text)


def blocks(grid: Grid) -> Iterator[list[int]]:
    """Runs of rows that belong together, each as the places of its filled rows.

    A run ends at an empty row when what follows starts anew: a row of words that looks like a header or a caption, or another width.
    Empty rows inside one table (Stata and R print them between groups) do not end it. A header that comes again without an empty row
    before it also starts a run.
    """
    rows = grid.rows
    count = len(rows)
    empty = [not filled(row) or _is_ruler(row) for row in rows]
    start = 0
    while start < count:
        if empty[start]:
            start += 1
            continue
        places: list[int] = []
        end = start
        while end < count:
            if not empty[end]:
                places.append(end)
                end += 1
                continue
            following = next((place for place in range(end, count) if not empty[place]), count)
            if following == count or _starts_anew([rows[place] for place in places], _run(rows, empty, following)):
                break
            end = following
        yield from _cut(places, rows) if grid.header_rows is None else [places]
        start = max(end, places[-1] + 1)


def _run(rows: Sequence[Row], empty: Sequence[bool], start: int) -> list[Row]:
    """The first rows from `start` on up to an empty one."""
    end = start
    while end < min(len(rows), start + _AHEAD) and not empty[end]:
        end += 1
    return list(rows[start:end])


def _starts_anew(before: Sequence[Row], after: Sequence[Row]) -> bool:
    """True where what stands after a gap is another table than what stands before it."""
    widths = Counter(len(_trim(row)) for row in before if filled(row) > 1)
    width = widths.most_common(1)[0][0] if widths else 1
    lead = next((place for place, row in enumerate(after) if filled(row) > 1), None)
    if lead is None:
        return False
    if width == 1:
        return True
    table = after[lead:]
    if (
        filled(table[0]) > 1
        and [cell.strip() for cell in table[0]] == [cell.strip() for cell in before[0]]
        and numeric_share(table[0]) == 0
    ):
        return True
    words = next((place for place, row in enumerate(table) if numeric_share(row) > 0), 0)
    if 0 < words <= MAX_HEADER_ROWS and all(filled(row) > 1 for row in table[:words]):
        named = max(len(_trim(row)) for row in table[:words]) >= len(_trim(table[words])) - 1
        return named and any(numeric_share(row) > 0 for row in before)
    others = [len(_trim(row)) for row in table if filled(row) > 1]
    # one or two narrow rows between gaps are rows of the same table with hidden or missing cells
    return len(others) >= _OWN_ROWS and lead == 0 and all(abs(other - width) >= 2 for other in others)


def _cut(places: list[int], rows: Sequence[Row]) -> Iterator[list[int]]:
    """A run of rows cut before every row of words that stands over columns of numbers and under them: the header of another table."""
    page = [rows[place] for place in places]
    numeric = number_columns(page[1:LOOK])
    if len(page) < 2 * _OWN_ROWS or not numeric:
        yield places
        return
    probe = max(numeric)
    header = [cell.strip() for cell in page[0]]
    starts = [0]
    for place in range(2, len(page) - 1):
        row = page[place]
        cell = row[probe] if probe < len(row) else ""
        if (
            cell
            and parse(cell)[0] is CellKind.TEXT
            and place - starts[-1] > 1
            and _is_new_header(row, numeric, header, page[place + 1 : place + 6])
        ):
            starts.append(place)
            if len(starts) > _MOST_TABLES:
                yield places
                return
    for start, end in zip(starts, [*starts[1:], len(page)], strict=True):
        yield places[start:end]


def _is_new_header(row: Row, numeric: Sequence[int], header: Sequence[str], below: Sequence[Row]) -> bool:
    """True for a row of names over columns of numbers, with numbers under it again; rows of one remark ("not done") are none."""
    cells = [row[column].strip() if column < len(row) else "" for column in numeric]
    if any(parse(cell)[0] is not CellKind.TEXT for cell in cells) or len(set(cells)) < len(cells):
        return False
    again = [numeric_share([other[column] if column < len(other) else "" for column in numeric]) > _HALF for other in below]
    if not again or sum(again) < _HALF * len(again):
        return False
    return [cell.strip() for cell in row] == list(header) or len(cells) > 1 or all(matches(cell) for cell in cells)


def _trim(row: Row) -> Row:
    """A row without its empty cells at the end."""
    end = len(row)
    while end and not row[end - 1].strip():
        end -= 1
    return row[:end]


def regions(grid: Grid) -> Iterator[Region]:
    """The tables of a page, from top to bottom. Rows that are no table go out as the title or notes of the nearest one."""
    pending: list[str] = [grid.before] if grid.before else []
    found: list[Region] = []
    for places in blocks(grid):
        block = [grid.rows[place] for place in places]
        marked = grid.header_rows if not found and not pending else None
        start, end = _split_text(block) if marked is None else (0, len(block))
        rows = block[start:end]
        if len(rows) == 1 and filled(rows[0]) == 1 and grid.source is not GridSource.RECORDS:
            pending.extend(_joined(row) for row in block)
            continue
        numbers = [grid.first_row + place for place in places]
        above, below = _said(block[:start], numbers[:start]), _said(block[end:], numbers[end:])
        header_rows = marked if marked is not None and marked < len(rows) else find_header(rows)
        region = _region(rows, header_rows, numbers[start:end])
        found.extend(above[1])
        found.append(replace(region, title=" ".join([*pending, *above[0]]).strip(), notes=" ".join(below[0]).strip()))
        found.extend(below[1])
        pending = []
    if pending and found:
        last = found[-1]
        found[-1] = replace(last, notes=" ".join([last.notes, *pending]).strip())
    elif pending:
        found.append(
            Region(header=("",), body=tuple((text,) for text in pending), named=False, first_row=grid.first_row, title="", notes="")
        )
    yield from found


def _said(rows: Sequence[Row], numbers: Sequence[int]) -> tuple[list[str], list[Region]]:
    """Text around a table; more lines than anyone writes there are a table of their own, so that what they hold is judged."""
    if len(rows) <= _PREAMBLE:
        return [_joined(row) for row in rows], []
    return [], [_region(rows, find_header(rows), numbers)]


def _region(rows: Sequence[Row], header_rows: int, page_rows: Sequence[int]) -> Region:
    """One table of rows, of which the first are header; `page_rows` are their numbers on the page."""
    numbers = page_rows[header_rows:] or page_rows
    width = max(len(_trim(row)) for row in rows)
    header = join_headers(rows[:header_rows], width) if header_rows else ("",) * width
    body = tuple(tuple(row[:width]) if len(row) >= width else (*row, *("",) * (width - len(row))) for row in rows[header_rows:])
    adjacent = numbers[-1] - numbers[0] == len(numbers) - 1
    return Region(
        header=header,
        body=body,
        named=header_rows > 0,
        first_row=numbers[0],
        row_numbers=() if adjacent else tuple(numbers),
        title="",
        notes="",
    )


def _joined(row: Row) -> str:
    return " ".join(cell for cell in row if cell.strip())


def _split_text(block: Sequence[Row]) -> tuple[int, int]:
    """Where the table of a block begins and ends: what lies above is caption, what lies below notes."""
    start, end = 0, len(block)
    typical = Counter(min(filled(row), 3) for row in block).most_common(1)[0][0]
    if typical <= 1 and max(len(_trim(row)) for row in block) <= 1:
        return 0, end
    while start < end - 1 and _is_caption(block[start], block[start + 1 :]):
        start += 1
    start = _after_comments(block, start)
    start = _after_preamble(block, start)
    while end > start + 1 and _is_note(block[end - 1], block[start:end]):
        end -= 1
    numeric = number_columns(block[start + 1 : start + LOOK])
    remarks = next((place for place in range(end - 1, start + _OWN_ROWS - 1, -1) if not _is_remark(block[place], numeric)), end) + 1
    return start, remarks if end - _PREAMBLE < remarks < end else end


def _after_comments(block: Sequence[Row], start: int) -> int:
    """Where the table begins behind lines of comment; the last of them may be its header (`# x y z`)."""
    end = start
    while end < len(block) - 1 and block[end][0].lstrip().startswith(("#", "%", "//")) and numeric_share(block[end]) == 0:
        end += 1
    widths = Counter(len(_trim(row)) for row in block[start:end])
    # rows of one width, several cells each, are records however they begin
    if end == start or (end - start > 2 and any(width > 1 and times > (end - start) / 2 for width, times in widths.items())):
        return start
    names_columns = len(_trim(block[end - 1])) == len(_trim(block[end])) > 1 and find_header(block[end:]) == 0
    return end - 1 if names_columns else end


def _after_preamble(block: Sequence[Row], start: int) -> int:
    """Where the table begins behind rows of remarks that fill some cells only: at the first full row of words over numbers."""
    for place in range(start + 1, min(start + _PREAMBLE, len(block) - 2)):
        row, below = block[place], block[place + 1 : place + 1 + _AHEAD]
        if filled(row) < 3 or numeric_share(row) > 0 or len(set(row)) < len(row):
            continue
        typed = [column for column in range(len(row)) if _typed(row, below, column)]
        above = block[start:place]
        ragged = sum(filled(other) < filled(row) for other in above) > len(above) / 2
        silent = all(parse(other[column])[0] in _WORDS for other in above for column in typed if column < len(other))
        if typed and ragged and silent:
            return place if start + find_header(block[start:]) <= place else start
    return start


def _typed(row: Row, below: Sequence[Row], column: int) -> bool:
    """True where a word stands over numbers or dates."""
    cells = [other[column] for other in below if column < len(other) and other[column].strip()]
    fitting = sum(parse(cell)[0] in NUMBERS or parse(cell)[0] is CellKind.DATE for cell in cells)
    return parse(row[column])[0] is CellKind.TEXT and len(cells) > 1 and fitting >= NEARLY_ALL * len(cells)


def _is_remark(row: Row, numeric: Sequence[int]) -> bool:
    """True for a last row that says words in columns of numbers, and no number."""
    cells = [row[column] for column in numeric if column < len(row) and row[column].strip()]
    return bool(cells) and len(numeric) > 1 and all(parse(cell)[0] is CellKind.TEXT for cell in cells) and numeric_share(row) == 0


def _is_caption(row: Row, following: Sequence[Row]) -> bool:
    """True for a row above a table that is no row of it."""
    if filled(row) != 1:
        return False
    wider = max((filled(other) for other in following[:5]), default=0)
    return wider >= 2 and (bool(row[0].strip()) or wider > 2)


def _is_note(row: Row, rows: Sequence[Row]) -> bool:
    """True for a row below a table that is no row of it."""
    cells = [cell.strip() for cell in row if cell.strip()]
    if len(cells) != 1 or not row[0].strip():
        return False
    text = cells[0]
    if is_total(text) or parse(text)[0] is not CellKind.TEXT:
        return False
    wider = Counter(filled(other) for other in rows[:-1]).most_common(1)[0][0]
    return wider >= 2 and (
        len(text) > TEXT_LENGTH // 2 or len(text.split()) >= 3 or text[0] in "*#[(\u2020" or text.lower().startswith(("note", "source"))
    )


__all__ = ["Region", "blocks", "find_header", "join_headers", "regions"]
