"""How cells of a delimited text are written, not what they say: quotes, blanks, decimals, exponents, case of letters.

Programs write all cells of a column in one way. Where the way differs from cell to cell it can spell data under the numbers.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from sdc_airlock.model.content import Table
from sdc_airlock.readers._looks import Looks
from sdc_airlock.recognise.states import run_table

_FEWEST_LINES, _FEWEST_CELLS = 6, 6
_MOST_LINES, _MOST_CELLS, _LONGEST_LINE = 400, 1000, 100_000
_PROBE = 5
_MOST_MARKED = 100_000
_NUMBER = re.compile(r"(?P<sign>[+-]?)(?P<whole>\d+|\d{1,3}(?:,\d{3})+)(?:\.(?P<part>\d*))?(?P<power>[eE][+-]?\d+)?")


def writing_tables(part_id: str, lines: Sequence[str]) -> Iterator[Table]:
    """Tables of codes of how cells are written, where that has the shape of genotypes.

    Args:
        part_id: Address of the text.
        lines: Lines of a delimited text; the first some hundred are looked at, as for genotypes themselves.
    """
    kept = [line for line in lines[: 2 * _MOST_LINES] if line.strip() and len(line) <= _LONGEST_LINE][:_MOST_LINES]
    yield from _lengths(part_id, lines)
    delimiter, width = _cut(kept)
    if len(kept) < _FEWEST_LINES or width < _FEWEST_CELLS:
        return
    rows = [cells for line in kept if len(cells := line.split(delimiter)) == width]
    if not _differs(rows):
        return
    looks = Looks()
    for number, cells in enumerate(rows):
        for cell in cells[:_MOST_CELLS]:
            looks.add("cell", number, _way(cell))
    for item in looks.items(f"{part_id}!writing"):
        if isinstance(item, Table):
            yield item


def _lengths(part_id: str, lines: Sequence[str]) -> Iterator[Table]:
    """Lengths of lines that are nothing but one mark again and again."""
    told = lines[:_MOST_MARKED]
    if len({line.strip()[:1] for line in told[:_PROBE]} - {""}) != 1 or any(len(set(line.strip())) > 1 for line in told):
        return
    if (table := run_table(f"{part_id}!lengths", [len(line) for line in told], title="lengths of lines")) is not None:
        yield table


def _cut(lines: Sequence[str]) -> tuple[str, int]:
    """The delimiter that cuts most lines alike, and into how many cells."""
    probe = lines[len(lines) // 2 :][: 2 * _PROBE]
    found = ("", 0)
    for delimiter in ",\t;|":
        width, times = Counter(line.count(delimiter) + 1 for line in probe).most_common(1)[0] if probe else (0, 0)
        if times * 2 > len(probe) and width > found[1]:
            found = (delimiter, width)
    return found


def _differs(rows: Sequence[Sequence[str]]) -> bool:
    """True where cells of one column are written in several ways, in some lines from the middle."""
    middle = rows[len(rows) // 2 :][: 2 * _PROBE]
    ways = [{tuple(_way(cell).items()) for cell in column} for column in zip(*middle, strict=True)]
    return sum(len(way) > 1 for way in ways) >= _FEWEST_CELLS


def _way(cell: str) -> dict[str, str]:
    """How one cell is written."""
    bare = cell.strip()
    way = {
        "before": str(len(cell) - len(cell.lstrip())),
        "behind": str(len(cell) - len(cell.rstrip())),
        "quoted": bare[:1] if bare[:1] in "\"'" else "",
    }
    inner = bare.strip("\"'")
    if (match := _NUMBER.fullmatch(inner)) is None:
        return way | {"case": "upper" if inner.isupper() else "lower" if inner.islower() else ""}
    part = match["part"] or ""
    return way | {
        "sign": match["sign"] if match["sign"] == "+" else "",
        "noughts": str(len(part) - len(part.rstrip("0"))),
        "form": f"{match['part'] is not None} {match['power'] is not None} {',' in match['whole']}",
    }
