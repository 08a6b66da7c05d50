"""Tables whose cells a print of Stata stacks or a print of R's tableone sets side by side with single blanks: what each line or column holds is told above them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import product

from sdc_airlock.model.content import GridSource
from sdc_airlock.readers._block import Block
from sdc_airlock.readers._columns import Row, is_ruler, plain_box

_KEY = re.compile(r"\s*\|\s*Key\s*\|\s*")
_STATISTIC = re.compile(r"\s*\|\s*((?:expected |relative )?(?:frequency|(?:row|column|cell) percentage|chi2 contribution))\s*\|\s*")
_MOST_STATISTICS, _HEADER_LINES, _FAR = 6, 4, 6
_STRATIFIED = re.compile(r"\s+Stratified by \S.*")
_PIECE = re.compile(r"\S+(?: \S+)*")
_FEWEST = 2
# what Stata's tabstat prints above the statistics of each group
_SUMMARY = re.compile(r"\s*Summary statistics: (\S.*)")


def keyed_crosstabs(lines: Sequence[str], taken: Sequence[bool]) -> Iterator[Block]:
    """Crosstabs below a boxed key that names the numbers in each cell, and tables of characteristics stratified by a group.

    Args:
        lines: Lines of text.
        taken: Lines that are no candidates.
    """
    place = 0
    while place < len(lines):
        found = None
        if not taken[place]:
            if _KEY.fullmatch(lines[place]):
                found = _keyed(lines, place)
            elif _STRATIFIED.fullmatch(lines[place]):
                found = _stratified(lines, place)
            elif match := _SUMMARY.fullmatch(lines[place]):
                found = _summarised(lines, place, [name.strip() for name in match[1].split(",")])
        if found is not None:
            yield found
            place = found.end
        else:
            place += 1


def _keyed(lines: Sequence[str], key: int) -> Block | None:
    """The crosstab below a key, None where there is none or its lines are not as the key says."""
    names = []
    for line in lines[key + 2 : key + 2 + _MOST_STATISTICS]:
        match = _STATISTIC.fullmatch(line)
        if match is None:
            break
        names.append(match[1])
    start = key + 3 + len(names)
    ruler = next((place for place in range(start, min(start + _FAR, len(lines))) if _parted(lines[place])), None)
    if len(names) < _FEWEST or ruler is None:
        return None
    heads = [_cells(lines[place]) for place in range(max(start, ruler - _HEADER_LINES), ruler) if "|" in lines[place]]
    stacks, end = _stacks(lines, ruler + 1)
    width = max(map(len, heads[-1:]), default=0)
    if width < _FEWEST or not stacks or any(len(stack) > len(names) or len(row) != width for stack in stacks for row in stack):
        return None
    columns = heads[-1][1:]
    header = (heads[-1][0], *(name if at == 0 else f"{names[at]} {name}" for at, name in product(range(len(names)), columns)))
    page: list[Row] = [()] * (end - ruler + 1)
    page[0] = header
    for stack, first in zip(stacks, _firsts(lines, ruler + 1, end), strict=True):
        blank = ("",) * (width - 1)
        cells = [*stack, *([("", *blank)] * (len(names) - len(stack)))]
        page[first - ruler + 1] = (stack[0][0], *(cell for row in cells for cell in row[1:]))
    return Block(ruler - 1, end, tuple(page), GridSource.TEXT, header_rows=1)


def _summarised(lines: Sequence[str], title: int, names: Sequence[str]) -> Block | None:
    """The statistics of each group below each other, as columns of their own; None where a group has more or fewer lines than there are names."""
    ruler = next((place for place in range(title + 1, min(title + _FAR, len(lines))) if _parted(lines[place])), None)
    if len(names) < _FEWEST or ruler is None:
        return None
    head = _cells(lines[ruler - 1])
    stacks, end = _stacks(lines, ruler + 1)
    if not stacks or any(len(stack) != len(names) or not stack[0][0] or any(row[0] for row in stack[1:]) for stack in stacks):
        return None
    if any(len(row) != len(head) for stack in stacks for row in stack):
        return None
    page: list[Row] = [()] * (end - ruler + 1)
    page[0] = (head[0], *(f"{name} {column}" for name, column in product(names, head[1:])))
    for stack, first in zip(stacks, _firsts(lines, ruler + 1, end), strict=True):
        page[first - ruler + 1] = (stack[0][0], *(cell for row in stack for cell in row[1:]))
    return Block(ruler - 1, end, tuple(page), GridSource.TEXT, header_rows=1)


def _parted(line: str) -> bool:
    """True for a ruler with crossings, as between the header and the cells of a crosstab."""
    plain = plain_box(line).strip()
    return is_ruler(plain) and "+" in plain and plain[0] == "-"


def _cells(line: str) -> Row:
    """The label of a line and its words behind the bar."""
    label, _, rest = plain_box(line).partition("|")
    return (label.strip(), *rest.replace("|", " ").split())


def _stacks(lines: Sequence[str], start: int) -> tuple[list[list[Row]], int]:
    """The lines of each row of the crosstab, and where it ends."""
    stacks: list[list[Row]] = []
    place = start
    for place in range(start, len(lines)):
        if _parted(lines[place]):
            continue
        if "|" not in lines[place]:
            return stacks, place
        cells = _cells(lines[place])
        if place == start or _parted(lines[place - 1]):
            stacks.append([])
        stacks[-1].append(cells)
    return stacks, place + 1


def _firsts(lines: Sequence[str], start: int, end: int) -> list[int]:
    """The first line of each row."""
    return [place for place in range(start, end) if not _parted(lines[place]) and (place == start or _parted(lines[place - 1]))]


def _stratified(lines: Sequence[str], title: int) -> Block | None:
    """The table of characteristics below its title: each column begins where its header begins."""
    pieces = [(each.start(), each[0]) for each in _PIECE.finditer(lines[title + 1])] if title + 1 < len(lines) else []
    if len(pieces) < _FEWEST or not lines[title + 1].startswith(" "):
        return None
    starts = [start for start, _ in pieces]
    rows: list[Row] = [("", *(name for _, name in pieces))]
    place = title + 2
    while place < len(lines) and lines[place].strip() and all(lines[place][start - 1 : start].strip() == "" for start in starts):
        line = lines[place]
        rows.append((line[: starts[0]].strip(), *(line[at:to].strip() for at, to in zip(starts, [*starts[1:], None], strict=True))))
        place += 1
    if len(rows) <= _FEWEST or not all(row[0] for row in rows[1:]):
        return None
    return Block(title + 1, place, tuple(rows), GridSource.FIXED_WIDTH, header_rows=1)


__all__ = ["keyed_crosstabs"]
