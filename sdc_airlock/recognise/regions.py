"""Where the tables lie on a page of cells: blocks, headers, captions, footnotes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from sdc_airlock.model.content import Grid, GridSource
from sdc_airlock.recognise.cells import CellKind, parse
from sdc_airlock.recognise.lexicon import is_total, matches

Row = Sequence[str]

_NUMBERS = frozenset({CellKind.NUMBER, CellKind.PERCENT, CellKind.PAIR, CellKind.INTERVAL, CellKind.SUPPRESSED})
_MAX_HEADER_ROWS = 4
_LOOK = 60
_TEXT_LENGTH = 60
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


def _filled(row: Row) -> int:
    return len(row) - row.count("") if not any(cell.isspace() for cell in row) else sum(1 for cell in row if cell.strip())


def _numeric_share(row: Row) -> float:
    cells = [cell for cell in row if cell.strip()]
    if not cells:
        return 0.0
    return sum(parse(cell)[0] in _NUMBERS for cell in cells) / len(cells)


def _is_ruler(row: Row) -> bool:
    """True for a row of dashes, equals signs or box lines."""
    for cell in row:
        if cell:
            return not cell[0].isalnum() and not _has_word("".join(row)) and "".join(row).strip() not in _LONE_MARKS
    return False


def _has_word(text: str) -> bool:
    return any(character.isalnum() for character in text)


def _wordy(row: Row) -> bool:
    """True for a row that is a sentence or caption rather than cells."""
    cells = [cell.strip() for cell in row if cell.strip()]
    return len(cells) == 1 and (len(cells[0]) > _TEXT_LENGTH or len(cells[0].split()) >= 5)  # noqa: PLR2004 - five words make a phrase


def blocks(grid: Grid) -> Iterator[tuple[int, list[tuple[str, ...]]]]:
    """Runs of rows that belong together, with the place of the first.

    A run ends at an empty row when what follows starts anew: a row of words that looks like a header or a caption, or another width.
    Empty rows inside one table (Stata and R print them between groups) do not end it.
    """
    rows = grid.rows
    start = 0
    count = len(rows)
    empty = [not _filled(row) or _is_ruler(row) for row in rows]
    while start < count:
        while start < count and empty[start]:
            start += 1
        if start >= count:
            return
        end = start
        last = start
        while end < count:
            if not empty[end]:
                last = end
                end += 1
                continue
            following = end
            while following < count and empty[following]:
                following += 1
            if following >= count or _starts_anew(rows, start, end, following):
                break
            end = following
        yield start, [tuple(row) for row, gone in zip(rows[start : last + 1], empty[start : last + 1], strict=True) if not gone]
        start = max(end, last + 1)


def _starts_anew(rows: Sequence[Row], start: int, gap: int, following: int) -> bool:
    """True where a table that began at `start` is over at the gap, and another begins at `following`."""
    before = [row for row in rows[start:gap] if _filled(row)]
    after = [row for row in rows[following : following + 6] if _filled(row)]
    widths = Counter(len(_trim(row)) for row in before if _filled(row) > 1)
    width_before = widths.most_common(1)[0][0] if widths else 1
    head = after[0]
    if width_before >= 2 and _filled(head) >= 2 and _numeric_share(head) == 0 and len(after) > 1:  # noqa: PLR2004 - a table has two columns
        body = after[1]
        looks_like_header = _numeric_share(body) > 0 and len(_trim(head)) >= len(_trim(body)) - 1
        return looks_like_header and any(_numeric_share(row) > 0 for row in before)
    widths_after = [len(_trim(row)) for row in after if _filled(row) > 1]
    if width_before == 1:
        return bool(widths_after)
    return bool(widths_after) and all(abs(width - width_before) >= 2 for width in widths_after) and _filled(head) > 1  # noqa: PLR2004 - clearly another width


def _trim(row: Row) -> Row:
    """A row without its empty cells at the end."""
    end = len(row)
    while end and not row[end - 1].strip():
        end -= 1
    return row[:end]


def find_header(rows: Sequence[Row]) -> int:
    """How many of the first rows are header: 0 where the data begin at once.

    A header says words where the cells under it say numbers, or names none of the values under it. With text all through, a first row that names known
    measures or attributes, or whose cells never come again below, is one.
    """
    if len(rows) < 2:  # noqa: PLR2004 - one row alone
        if rows and _numeric_share(rows[0]) == 0 and _header_words(rows[0]) >= max(1, _filled(rows[0]) // 2):
            return 1
        return 0
    body = rows[1:_LOOK]
    width = max(len(row) for row in rows[:_LOOK])
    columns = [[row[place].strip() if place < len(row) else "" for row in body] for place in range(width)]
    first = [rows[0][place].strip() if place < len(rows[0]) else "" for place in range(width)]
    score = _header_score(first, columns)
    if score <= 0:
        return 0
    count = 1
    while count < min(_MAX_HEADER_ROWS, len(rows) - 1):
        row = rows[count]
        below = rows[count + 1 : _LOOK]
        if not below or not _second_header(row, rows[count - 1], below):
            break
        count += 1
    return count


def _second_header(row: Row, above: Row, below: Sequence[Row]) -> bool:
    """True where a row goes on with the header above it: words over numbers, and spans (empty or repeated cells) in the row above."""
    if _filled(row) < 2:  # noqa: PLR2004 - a section label, not a header
        return False
    share = _numeric_share(row)
    below_share = max((_numeric_share(other) for other in below[:4]), default=0.0)
    spans = _filled(above) < _filled(row) or len({cell for cell in above if cell.strip()}) < _filled(above)
    stub_empty = not row[0].strip() or not above[0].strip()
    years = all(parse(cell)[0] in (CellKind.PERIOD, CellKind.NUMBER) and len(cell.strip()) == 4 for cell in row[1:] if cell.strip())  # noqa: PLR2004 - a year
    return (share == 0 or (years and below_share > 0)) and below_share >= 0.3 and (spans or stub_empty)  # noqa: PLR2004 - a third of the cells below are numbers


def _header_words(row: Row) -> int:
    return sum(1 for cell in row if cell.strip() and len(cell) <= _TEXT_LENGTH and matches(cell))


def _header_score(first: list[str], columns: list[list[str]]) -> float:
    """Evidence that `first` is a header of the columns under it; positive where it is."""
    score = 0.0
    filled = [cell for cell in first if cell]
    if not filled:
        return 0.0
    for cell, column in zip(first, columns, strict=True):
        if not cell:
            continue
        kind = parse(cell)[0]
        below = [parse(value)[0] for value in column if value]
        numeric = sum(other in _NUMBERS for other in below) / len(below) if below else 0.0
        dated = sum(other in (CellKind.DATE,) for other in below) / len(below) if below else 0.0
        if kind is CellKind.TEXT:
            if numeric > 0.5 or dated > 0.5:  # noqa: PLR2004 - most cells below are numbers
                score += 1.5
            elif matches(cell) and cell not in column:
                score += 1.2
            elif below and cell not in column and len(cell) <= _TEXT_LENGTH:
                lengths = [len(value) for value in column if value]
                constant = len(set(lengths)) == 1 and len(lengths) > 2 and lengths[0] != len(cell)  # noqa: PLR2004 - a pattern
                score += 0.6 if constant else 0.25 if len(set(column)) < len(column) else 0.05
            elif cell in column:
                score -= 1.0
        elif kind in (CellKind.PERIOD, CellKind.BAND):
            other_periods = sum(other in (CellKind.PERIOD, CellKind.BAND) for other in below)
            score += 0.4 if numeric > 0.5 and not other_periods else -0.8  # noqa: PLR2004 - most cells below
        elif kind in _NUMBERS:
            score -= 1.0 if numeric > 0.3 else 0.2  # noqa: PLR2004 - numbers over numbers
            if len(cell) == 4 and cell[:2] in ("18", "19", "20") and cell not in column:  # noqa: PLR2004 - a year as a column name
                score += 1.1
        elif kind is CellKind.DATE:
            score -= 0.8 if dated > 0.3 else -0.3  # noqa: PLR2004 - dates over dates
    if len(set(filled)) < len(filled):
        score -= 0.5 * (len(filled) - len(set(filled))) / len(filled)
    return score


def join_headers(rows: Sequence[Row], width: int) -> tuple[str, ...]:
    """One name a column from several header rows; a cell that spans columns names those to its right until the next filled one."""
    filled_rows = []
    for place, row in enumerate(rows):
        cells = [row[column].strip() if column < len(row) else "" for column in range(width)]
        if place < len(rows) - 1:
            last = ""
            for column in range(width):
                if cells[column]:
                    last = cells[column]
                elif column and last:
                    cells[column] = last
        filled_rows.append(cells)
    names = []
    for column in range(width):
        parts = list(dict.fromkeys(cells[column] for cells in filled_rows if cells[column]))
        names.append(" ".join(parts))
    return tuple(names)


def regions(grid: Grid) -> Iterator[Region]:
    """The tables of a page, from top to bottom. Rows that are no table go out as the title or notes of the nearest one."""
    pending: list[str] = [grid.before] if grid.before else []
    found: list[Region] = []
    for start, block in blocks(grid):
        title, rows, offset, notes = _split_text(block)
        if not rows:
            pending.extend(title)
            continue
        if _filled(rows[0]) == 1 and len(rows) == 1 and grid.source is not GridSource.RECORDS:
            pending.append(" ".join(rows[0]))
            continue
        width = max(len(_trim(row)) for row in rows)
        marked = grid.header_rows if grid.header_rows is not None and start == 0 and not title else None
        header_rows = marked if marked is not None and marked < len(rows) else find_header(rows)
        header = join_headers(rows[:header_rows], width) if header_rows else tuple("" for _ in range(width))
        body = tuple(tuple(row[place] if place < len(row) else "" for place in range(width)) for row in rows[header_rows:])
        numbers = _row_numbers(grid, start, offset + header_rows, len(body))
        found.append(
            Region(
                header=header,
                body=body,
                named=header_rows > 0,
                first_row=numbers[0] if numbers else grid.first_row,
                row_numbers=numbers if numbers and numbers[-1] - numbers[0] != len(numbers) - 1 else (),
                title=" ".join([*pending, *title]).strip(),
                notes=" ".join(notes).strip(),
            )
        )
        pending = []
    if pending and found:
        last = found[-1]
        found[-1] = replace(last, notes=" ".join([last.notes, *pending]).strip())
    elif pending:
        found.append(Region(header=("",), body=tuple((text,) for text in pending), named=False, first_row=grid.first_row, title="", notes=""))
    yield from found


def _row_numbers(grid: Grid, start: int, offset: int, count: int) -> tuple[int, ...]:
    """Page numbers of `count` filled rows, from the one that lies `offset` filled rows below `start`."""
    numbers = []
    for place in range(start, len(grid.rows)):
        if len(numbers) == offset + count:
            break
        row = grid.rows[place]
        if _filled(row) and not _is_ruler(row):
            numbers.append(grid.first_row + place)
    return tuple(numbers[offset:])


def _split_text(block: list[tuple[str, ...]]) -> tuple[list[str], list[tuple[str, ...]], int, list[str]]:
    """Caption rows above, the table, how many rows were above, and notes below."""
    start, end = 0, len(block)
    typical = Counter(min(_filled(row), 3) for row in block).most_common(1)[0][0]
    if typical <= 1 and max(len(_trim(row)) for row in block) <= 1:
        return [], block, 0, []
    while start < end - 1 and _is_caption(block[start], block[start + 1 :]):
        start += 1
    while end > start + 1 and _is_note(block[end - 1], block[start:end]):
        end -= 1
    title = [" ".join(cell for cell in row if cell.strip()) for row in block[:start]]
    notes = [" ".join(cell for cell in row if cell.strip()) for row in block[end:]]
    return title, block[start:end], start, notes


def _is_caption(row: Row, following: Sequence[Row]) -> bool:
    """True for a row above a table that is no row of it."""
    cells = [cell.strip() for cell in row if cell.strip()]
    if len(cells) != 1:
        text = cells[0] if cells else ""
        return text.startswith(("#", "//")) and not text.startswith("##") and _numeric_share(row) == 0 and len(cells) < len(following[0]) // 2
    wider = max((_filled(other) for other in following[:5]), default=0)
    return wider >= 2 and (bool(row[0].strip()) or wider > 2)  # noqa: PLR2004 - a table has two columns


def _is_note(row: Row, rows: Sequence[Row]) -> bool:
    """True for a row below a table that is no row of it."""
    cells = [cell.strip() for cell in row if cell.strip()]
    if len(cells) != 1 or not row[0].strip():
        return False
    text = cells[0]
    if is_total(text) or parse(text)[0] is not CellKind.TEXT:
        return False
    wider = Counter(_filled(other) for other in rows[:-1]).most_common(1)[0][0]
    return wider >= 2 and (len(text) > _TEXT_LENGTH // 2 or len(text.split()) >= 3 or text[0] in "*#[(\u2020" or text.lower().startswith(("note", "source")))  # noqa: PLR2004 - a table has two columns, a note three words


__all__ = ["Region", "blocks", "find_header", "join_headers", "regions"]
