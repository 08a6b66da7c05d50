"""Which of the first rows of a block are its header, and the names they give."""

from __future__ import annotations

from collections.abc import Sequence

from sdc_airlock.recognise.cells import CellKind, parse
from sdc_airlock.recognise.lexicon import matches

Row = Sequence[str]

NUMBERS = frozenset({CellKind.NUMBER, CellKind.PERCENT, CellKind.PAIR, CellKind.INTERVAL, CellKind.SUPPRESSED})
MAX_HEADER_ROWS = 4
LOOK = 60
TEXT_LENGTH = 60
NEARLY_ALL = 0.8
_FEWEST_LEVELS, _LONGEST_LEVEL, _FEWEST_SPANNED = 2, 2, 4
_STATISTICS, _FEWEST_STATISTICS = frozenset({"count", "mean", "standard_deviation", "quantile", "minimum", "maximum"}), 2


def filled(row: Row) -> int:
    return len(row) - row.count("") if not any(cell.isspace() for cell in row) else sum(1 for cell in row if cell.strip())


def numeric_share(row: Row) -> float:
    cells = [cell for cell in row if cell.strip()]
    if not cells:
        return 0.0
    return sum(parse(cell)[0] in NUMBERS for cell in cells) / len(cells)


def number_columns(rows: Sequence[Row]) -> list[int]:
    """Columns in which nearly all filled cells are numbers."""
    width = max((len(row) for row in rows), default=0)
    found = []
    for column in range(width):
        cells = [row[column] for row in rows if column < len(row) and row[column].strip()]
        if len(cells) > 1 and sum(parse(cell)[0] in NUMBERS for cell in cells) >= NEARLY_ALL * len(cells):
            found.append(column)
    return found


def find_header(rows: Sequence[Row]) -> int:
    """How many of the first rows are header: 0 where the data begin at once.

    A header says words where the cells under it say numbers, or names none of the values under it. With text all through, a first row that names known
    measures or attributes, or whose cells never come again below, is one.
    """
    if len(rows) < 2:
        if rows and numeric_share(rows[0]) == 0 and header_words(rows[0]) >= max(1, filled(rows[0]) // 2):
            return 1
        return 0
    body = rows[1:LOOK]
    width = max(len(row) for row in rows[:LOOK])
    columns = [[row[place].strip() if place < len(row) else "" for row in body] for place in range(width)]
    first = [rows[0][place].strip() if place < len(rows[0]) else "" for place in range(width)]
    score = _header_score(first, columns)
    if score <= 0 and not _years_above(rows):
        return 0
    count = 1
    while count < min(MAX_HEADER_ROWS, len(rows) - 1):
        row = rows[count]
        below = rows[count + 1 : LOOK]
        if not below or not (_second_header(row, rows[count - 1], below) or _coded_header(row, rows[count - 1], below)):
            break
        count += 1
    return count + _named_index(rows, count)


def _years_above(rows: Sequence[Row]) -> bool:
    """True where years stand over several columns each, and under them words over numbers: women and men, year by year."""
    spans = [cell.strip() for cell in rows[0][1:]]
    years = [cell for cell in spans if cell]
    if len(years) < _FEWEST_LEVELS or not all(map(_year, years)) or (len(set(years)) == len(years) and len(years) == len(spans)):
        return False
    return len(rows) > _FEWEST_LEVELS and numeric_share(rows[1]) == 0 and _over_numbers(rows[1], rows[2:LOOK])


def _coded_header(row: Row, above: Row, below: Sequence[Row]) -> bool:
    """True where a row goes on with a header that spans columns: the name of an attribute, and its coded levels again and again under each span."""
    levels = [cell.strip() for cell in row[1:]]
    spans = [cell.strip() for cell in above[1 : len(row)]]
    if not row[0].strip() or not matches(row[0]) or len(levels) < _FEWEST_SPANNED or len(set(spans)) == len(spans):
        return False
    if not all(level.isascii() and level.isdigit() and len(level) <= _LONGEST_LEVEL for level in levels):
        return False
    each = len(set(levels))
    repeated = 1 < each < len(levels) and levels == (levels[:each] * (len(levels) // each + 1))[: len(levels)]
    return repeated and all(parse(other[0])[0] not in NUMBERS for other in below[:LOOK] if other and other[0].strip())


def _named_index(rows: Sequence[Row], count: int) -> int:
    """1 where the row behind a header of several rows, or of levels, names the labels of the rows and says nothing else, as pandas writes it."""
    if not count or count >= len(rows) - 1:
        return 0
    if count < _FEWEST_LEVELS and not all(cell.strip().isdigit() for cell in rows[0][1:]):
        return 0
    return int(
        filled(rows[count]) == 1
        and bool(rows[count][0].strip())
        and len(rows[count]) == len(rows[count - 1])
        and filled(rows[count + 1]) > 1
    )


def _second_header(row: Row, above: Row, below: Sequence[Row]) -> bool:
    """True where a row goes on with the header above it: words over numbers, and spans (empty or repeated cells) in the row above."""
    if filled(row) < 2:
        return False
    if _over_numbers(row, below) or _statistics_below(row, above):
        return True
    share = numeric_share(row)
    below_share = max((numeric_share(other) for other in below[:4]), default=0.0)
    spans = filled(above) < filled(row) or len({cell for cell in above if cell.strip()}) < filled(above)
    stub_empty = not row[0].strip() or not above[0].strip()
    years = all(parse(cell)[0] in (CellKind.PERIOD, CellKind.NUMBER) and _year(cell.strip()) for cell in row[1:] if cell.strip())
    return (share == 0 or (years and below_share > 0)) and below_share >= 0.3 and (spans or stub_empty)


def _statistics_below(row: Row, above: Row) -> bool:
    """True where the names of statistics, and percentages for quantiles, stand under names that come again, as pandas describes several columns by group."""
    said = [cell.strip() for cell in row[1:] if cell.strip()]
    named = [cell for cell in said if _STATISTICS & matches(cell).keys()]
    spans = [cell.strip() for cell in above[1 : len(row)] if cell.strip()]
    rest = [cell for cell in said if cell not in named]
    return (
        len(set(named)) >= _FEWEST_STATISTICS
        and len(set(spans)) < len(spans)
        and all(parse(cell)[0] is CellKind.PERCENT for cell in rest)
        and all(parse(cell)[0] is CellKind.TEXT for cell in spans)
    )


def _year(cell: str) -> bool:
    return len(cell) == 4 and cell.isdigit() and cell[:2] in ("18", "19", "20")


def _over_numbers(row: Row, below: Sequence[Row]) -> bool:
    """True for a row that says words (units, labels) over every column of numbers."""
    numeric = number_columns(below[:20])
    cells = [row[column].strip() if column < len(row) else "" for column in numeric]
    said = sum(bool(cell) and parse(cell)[0] is CellKind.TEXT for cell in cells)
    return said >= 2 and said >= NEARLY_ALL * len(cells) and len(numeric) >= filled(row) - 2


def header_words(row: Row) -> int:
    return sum(1 for cell in row if cell.strip() and len(cell) <= TEXT_LENGTH and matches(cell))


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
        numeric = sum(other in NUMBERS for other in below) / len(below) if below else 0.0
        dated = sum(other == CellKind.DATE for other in below) / len(below) if below else 0.0
        if kind is CellKind.TEXT:
            if numeric > 0.5 or dated > 0.5:
                score += 1.5
            elif matches(cell) and cell not in column:
                score += 0.05 if _says_measures(column) else 1.2
            elif below and cell not in column and len(cell) <= TEXT_LENGTH:
                lengths = [len(value) for value in column if value]
                constant = len(set(lengths)) == 1 and len(lengths) > 2 and lengths[0] != len(cell)
                score += 0.6 if constant else 0.25 if len(set(column)) < len(column) else 0.05
            elif cell in column:
                score -= 1.0
        elif kind in (CellKind.PERIOD, CellKind.BAND):
            other_periods = sum(other in (CellKind.PERIOD, CellKind.BAND) for other in below)
            score += 0.4 if numeric > 0.5 and not other_periods else -0.8
        elif kind is CellKind.PERCENT and numeric > NEARLY_ALL and CellKind.PERCENT not in below:
            score += 0.8  # the ends of intervals, as R names them
        elif kind in NUMBERS:
            score -= 1.0 if numeric > 0.3 else 0.2
            if _year(cell) and cell not in column:
                score += 1.1
        elif kind is CellKind.DATE:
            score -= 0.8 if dated > 0.3 else -0.3
    score += 1.5 * len(filled) if _labels_of_levels(first, columns) else 0.0
    if len(set(filled)) < len(filled):
        score -= 0.5 * (len(filled) - len(set(filled))) / len(filled)
    return score


def _labels_of_levels(first: Sequence[str], columns: Sequence[Sequence[str]]) -> bool:
    """True for the first row of a crosstab of coded levels: the name of an attribute (or nothing) over words, and 1, 2, 3 ... (or 0 and 1) over numbers."""
    stub, levels = columns[0], first[1:]
    if first[0] and (not matches(first[0]) or parse(first[0])[0] is not CellKind.TEXT or first[0] in stub):
        return False
    if not all(stub) or any(parse(cell)[0] in NUMBERS for cell in stub if cell) or len(set(stub)) < len(stub):
        return False
    # a series of pandas has no name for its one column but 0
    fewest = 1 if not first[0] and levels == ["0"] else _FEWEST_LEVELS
    if len(levels) < fewest or not all(cell.isascii() and cell.isdigit() and len(cell) <= _LONGEST_LEVEL for cell in levels):
        return False
    numbers = [int(cell) for cell in levels]
    return numbers[0] in (0, 1) and numbers == list(range(numbers[0], numbers[0] + len(numbers)))


def _says_measures(column: Sequence[str]) -> bool:
    """True for a column of labels such as "n", "mean age": one more such label on top of it is no header."""
    labels = [value for value in column[:20] if value]
    return len(labels) > 1 and sum(bool(matches(label)) for label in labels) > len(labels) / 3


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
