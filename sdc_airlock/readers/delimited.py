"""Delimited and fixed-width text, and Weka's ARFF: one grid of cells for a file of ordinary size, a streamed table for a large one."""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator, Sequence

from sdc_airlock.errors import LimitReached
from sdc_airlock.limits import Limits
from sdc_airlock.model.content import (
    Grid,
    GridSource,
    Oddity,
    OddityKind,
    TextPart,
    TextRole,
    Unread,
    UnreadReason,
)
from sdc_airlock.model.filetype import FileType
from sdc_airlock.readers import Item, Reading, reader
from sdc_airlock.readers._blobs import encoded_items
from sdc_airlock.readers._characters import character_oddities
from sdc_airlock.readers._decode import Decoded, decode
from sdc_airlock.readers._dialect import Dialect, Row, cut
from sdc_airlock.readers._formulas import formula_oddities
from sdc_airlock.readers._layout import rows_of
from sdc_airlock.readers._lines import split_lines
from sdc_airlock.readers._rprints import Sparse, sparse_rows, unboxed
from sdc_airlock.readers._streamed import streamed_table
from sdc_airlock.readers._tabular import aligned_rows
from sdc_airlock.readers._writing import writing_tables
from sdc_airlock.readers.text import literal_grids, text_parts
from sdc_airlock.source import Source

_FENCE = re.compile(r"#?\s*---\s*")
_ATTRIBUTE = re.compile(r"@attribute\s+(?:'((?:[^'\\]|\\.)*)'|\"((?:[^\"\\]|\\.)*)\"|(\S+))\s*(.*)", re.IGNORECASE)
_SPARSE = re.compile(r"(?<!\d)(\d++)\s+('(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"|[^,]*)\s*(?:,|$)")


def small_bytes(source: Source, limits: Limits) -> bytes | None:
    """All bytes of a file small enough to be read as a grid, else None."""
    if source.size is not None and source.size > limits.table_bytes:
        return None
    try:
        return source.read(limits.table_bytes, "table_bytes")
    except LimitReached:
        return None


@reader("csv")
def delimited(source: Source, file_type: FileType, reading: Reading) -> Iterator[Item]:
    """Cells between delimiters."""
    del file_type
    text = yield from _whole(source, reading)
    if text is None:
        return
    lines = split_lines(text)
    if _is_arff(lines):
        yield from _arff_items(source.part_id, lines, reading)
        return
    front = front_matter(lines)
    if front:
        yield TextPart(part_id=source.part_id, text="\n".join(lines[:front]), role=TextRole.CONFIG, language="yaml")
    rows, broken = rows_of(unboxed(lines[front:]))
    yield from _broken(source.part_id, broken)
    yield from formula_oddities(source.part_id, rows)
    yield grid(source.part_id, rows, GridSource.DELIMITED, reading.limits, first_row=front + 1)
    yield from writing_tables(source.part_id, lines[front:])
    yield from literal_grids(source.part_id, text, reading=reading)


@reader("fixed_width")
def fixed_width(source: Source, file_type: FileType, reading: Reading) -> Iterator[Item]:
    """Cells in columns of characters."""
    del file_type
    text = yield from _whole(source, reading)
    if text is None:
        return
    lines = split_lines(text)
    yield grid(source.part_id, aligned_rows(lines), GridSource.FIXED_WIDTH, reading.limits)
    yield from literal_grids(source.part_id, text, reading=reading)


def _whole(source: Source, reading: Reading) -> Generator[Item, None, str | None]:
    """What is odd about a text, and the text; None where it was told in another way: too long, or mostly of cells that are left out."""
    data = small_bytes(source, reading.limits)
    if data is None:
        yield from streamed_table(source, reading)
        return None
    decoded = decode(data)
    yield from text_facts(source, decoded, reading)
    if sparse := sparse_rows(split_lines(decoded.text), reading.limits.cells):
        yield from _sparse_items(source.part_id, sparse, reading)
        return None
    return decoded.text


def _sparse_items(part_id: str, sparse: Sparse, reading: Reading) -> Iterator[Item]:
    yield grid(part_id, sparse.rows, GridSource.DELIMITED, reading.limits, first_row=0, header_rows=1)
    if sparse.aside:
        yield from text_parts(f"{part_id}!aside", sparse.aside, TextRole.COMMENT, reading=reading)
    if sparse.shown < sparse.features:
        yield Unread(
            part_id=part_id,
            why=UnreadReason.LIMIT,
            limit_name="features",
            limit=sparse.shown,
            seen=sparse.features,
            detail="records have more features than are laid out",
        )


@reader("arff")
def arff(source: Source, file_type: FileType, reading: Reading) -> Iterator[Item]:
    """Attributes as the header, data as rows, comments as text."""
    del file_type
    decoded = decode(source.read(reading.limits.text_bytes, "text_bytes"))
    yield from text_facts(source, decoded, reading)
    yield from _arff_items(source.part_id, split_lines(decoded.text), reading)


def _is_arff(lines: Sequence[str]) -> bool:
    """True for Weka's sections, however long the comment above them is."""
    sections = {line[:12].split()[0].lower() for line in lines if line.startswith("@") and line[1:2].isalpha()}
    return {"@relation", "@attribute", "@data"} <= sections


def _arff_items(part_id: str, lines: Sequence[str], reading: Reading) -> Iterator[Item]:
    start = next((place for place, line in enumerate(lines) if line.strip().lower().startswith("@data")), len(lines))
    matches = [match for line in lines[:start] if (match := _ATTRIBUTE.match(line.strip()))]
    names = tuple(next(filter(None, match.groups()[:3]), "") for match in matches)
    comments = [line for line in lines if line.lstrip().startswith("%")]
    if comments:
        yield TextPart(part_id=part_id, text="\n".join(comments), role=TextRole.COMMENT)
    declared = "\n".join(line for line in lines[: start + 1] if line.strip() and not line.lstrip().startswith("%"))
    if declared:
        yield TextPart(part_id=part_id, text=declared, role=TextRole.CONFIG, language="arff")
    rows, broken = _arff_rows(lines[start + 1 :], names)
    yield from _broken(part_id, broken)
    if names:
        rows.insert(0, names)
    if rows:
        header = 1 if names else None
        yield grid(part_id, rows, GridSource.DELIMITED, reading.limits, first_row=start + 1, header_rows=header)


def _arff_rows(lines: Sequence[str], names: Row) -> tuple[list[Row], int]:
    """Data lines; comments and blank lines give no row of their own, sparse rows are written out."""
    data = [line for line in lines if line.strip() and not line.lstrip().startswith("%")]
    if data and all(line.lstrip().startswith("{") for line in data[:10]):
        return [_sparse(line, len(names)) for line in data], 0
    sample = "\n".join(data[:200])
    quote = "'" if sample.count("'") > sample.count('"') else '"'
    delimiter = "\t" if sample.count("\t") > sample.count(",") else ","
    return cut(data, Dialect(delimiter, quote, "\\" if f"\\{quote}" in sample else ""))


def _sparse(line: str, width: int) -> Row:
    """A sparse row `{place value, ...}`; what is not named is 0."""
    pairs = [(int(match[1][:9]), match[2].strip().strip("'\"")) for match in _SPARSE.finditer(line.strip().strip("{}"))]
    if any(place >= width for place, _ in pairs):
        return (line.strip(),)
    cells = ["0"] * width
    for place, value in pairs:
        cells[place] = value
    return tuple(cells)


def front_matter(lines: Sequence[str]) -> int:
    """How many first lines are a YAML header between `---` lines (CSVY); 0 where there is none."""
    if not lines or not _FENCE.fullmatch(lines[0]):
        return 0
    for place, line in enumerate(lines[1:500], start=1):
        if _FENCE.fullmatch(line):
            return place + 1
    return 0


def text_facts(source: Source, decoded: Decoded, reading: Reading) -> Iterator[Item]:
    """What is odd about the text as a whole: its bytes, its characters, data encoded in it."""
    yield from decoded.items(source.part_id)
    yield from character_oddities(source.part_id, decoded.text)
    yield from encoded_items(source.part_id, decoded.text, reading, depth=source.depth)


def _broken(part_id: str, count: int) -> Iterator[Oddity]:
    if count:
        yield Oddity(part_id=part_id, kind=OddityKind.DAMAGED, detail="quotes that are opened and not closed", size=count)


def grid(
    part_id: str, rows: Sequence[Row], source: GridSource, limits: Limits, *, first_row: int = 1, header_rows: int | None = None
) -> Grid:
    """A grid within the limits.

    Raises:
        LimitReached: there are more cells than `cells`.
    """
    cells = sum(map(len, rows))
    if cells > limits.cells:
        raise LimitReached("cells", limits.cells, cells)
    return Grid(part_id=part_id, rows=tuple(rows), source=source, first_row=first_row, header_rows=header_rows)
