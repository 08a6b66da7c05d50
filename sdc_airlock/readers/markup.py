"""Markdown and LaTeX: their tables as grids, their code blocks as code, the rest as prose."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from sdc_airlock.errors import LimitReached
from sdc_airlock.identify import TYPES
from sdc_airlock.model.content import Grid, GridSource, TextPart, TextRole
from sdc_airlock.model.filetype import FileType
from sdc_airlock.readers import Item, Reading, reader
from sdc_airlock.readers._blobs import encoded_items
from sdc_airlock.readers._characters import character_oddities
from sdc_airlock.readers._decode import decode
from sdc_airlock.readers._lines import split_lines
from sdc_airlock.readers._tex import TexTable, prose, split_comments, tex_looks, tex_tables
from sdc_airlock.readers.text import tables_in, text_parts
from sdc_airlock.source import Source

_FENCE = re.compile(r" {0,12}(?:> ?)*(`{3,}|~{3,})\s*\{?\s*[.=]?([\w+-]*)")
_RULE_ROW = re.compile(r"\s*+(?:> ?)*+\|?\s*+:?-++:?\s*+(?:\|\s*+:?-++:?\s*+)*(?:\|\s*+)?")
_HTML = re.compile(r"<(table|script|svg|style|iframe|object|embed)\b[^>]{0,2000}>.*?(?:</\1\s*>|\Z)", re.IGNORECASE | re.DOTALL)
_BAR = re.compile(r"(?<!\\)\|")
_MARKS = re.compile(r"^[*_`~]{1,3}|[*_`~]{1,3}$")
_OUTPUT = frozenset({"", "text", "txt", "output", "console", "csv", "tsv", "log", "none", "plain", "stdout", "table"})
_ECHO = re.compile(r"^(?:##|#>) ?")
_VERBATIM = re.compile(r"\\begin\{(verbatim\*?|Verbatim|lstlisting|minted|alltt|Schunk|Soutput|Sinput)\}(.*?)(?:\\end\{\1\}|\Z)", re.DOTALL)


@reader("markdown")
def markdown(source: Source, file_type: FileType, reading: Reading) -> Iterator[Item]:
    """Markdown with pipe tables, fenced code, HTML and settings at its head."""
    del file_type
    decoded = decode(source.read(reading.limits.text_bytes, "text_bytes"))
    yield from decoded.items(source.part_id)
    yield from character_oddities(source.part_id, decoded.text)
    yield from encoded_items(source.part_id, decoded.text, reading, depth=source.depth)
    yield from _markdown_parts(source, split_lines(decoded.text), reading)


def _markdown_parts(source: Source, lines: list[str], reading: Reading) -> Iterator[Item]:
    front = _front_matter(lines)
    if front:
        settings = "\n".join(lines[:front])
        yield TextPart(part_id=f"{source.part_id}!front", text=settings, role=TextRole.CONFIG, language="yaml")
        yield from tables_in(f"{source.part_id}!front", settings, TextRole.PROSE, reading=reading)
    rest = [""] * front + lines[front:]
    yield from _fenced(source, rest, reading)
    yield from _html(source, rest, reading)
    yield from _pipe_tables(source.part_id, rest, reading)
    text = "\n".join(rest)
    yield TextPart(part_id=source.part_id, text=text, role=TextRole.PROSE, language="markdown")
    yield from tables_in(f"{source.part_id}!text", text, TextRole.PROSE, reading=reading)


def _front_matter(lines: Sequence[str]) -> int:
    """How many first lines are settings between `---` or `+++` lines."""
    if not lines or lines[0].strip() not in ("---", "+++"):
        return 0
    closers = {"---": ("---", "..."), "+++": ("+++",)}[lines[0].strip()]
    return next((place + 1 for place, line in enumerate(lines[:1000]) if place and line.strip() in closers), 0)


def _fenced(source: Source, lines: list[str], reading: Reading) -> Iterator[Item]:
    """Fenced blocks as code or output; their lines are blanked."""
    place = count = 0
    while place < len(lines):
        match = _FENCE.match(lines[place])
        if not match:
            place += 1
            continue
        end = place + 1
        while end < len(lines) and not re.match(rf" {{0,12}}(?:> ?)*{re.escape(match[1][0])}{{{len(match[1])},}}\s*$", lines[end]):
            end += 1
        count += 1
        body = [_ECHO.sub("", line) if _ECHO.match(line) else line for line in lines[place + 1 : end]]
        language = match[2].lower()
        role = TextRole.LOG if language in _OUTPUT else TextRole.CODE
        yield from text_parts(
            f"{source.part_id}!code{count}",
            "\n".join(body),
            role,
            reading=reading,
            depth=source.depth,
            language="" if language in _OUTPUT else language,
            first_line=place + 2,
        )
        stop = min(end + 1, len(lines))
        lines[place:stop] = [""] * (stop - place)
        place = stop


def _html(source: Source, lines: list[str], reading: Reading) -> Iterator[Item]:
    """HTML tables and scripts inside the text, read as HTML; they are blanked."""
    text = "\n".join(lines)
    if "<" not in text:
        return
    for count, match in enumerate(_HTML.finditer(text), start=1):
        fragment = Source.of_bytes(
            match.group().encode("utf-8", "replace"), part_id=f"{source.part_id}!html{count}", name="", depth=source.depth + 1
        )
        yield from reading.open(fragment, FileType(label="html", family=TYPES["html"].family))
    lines[:] = _HTML.sub(lambda match: "\n" * match.group().count("\n"), text).split("\n")


def _pipe_tables(part_id: str, lines: list[str], reading: Reading) -> Iterator[Item]:
    """Pipe tables: a header line above a line of dashes; their lines are blanked."""
    place, count = 1, 0
    while place < len(lines):
        header = lines[place - 1]
        if not ("|" in header and "-" in lines[place] and _RULE_ROW.fullmatch(lines[place])):
            place += 1
            continue
        end = place + 1
        while end < len(lines) and "|" in lines[end]:
            end += 1
        count += 1
        rows = tuple(_pipe_cells(line) for line in [header, *lines[place + 1 : end]])
        cells = sum(map(len, rows))
        if cells > reading.limits.cells:
            raise LimitReached("cells", reading.limits.cells, cells)
        before = next((line.strip().lstrip("#").strip() for line in reversed(lines[max(0, place - 4) : place - 1]) if line.strip()), "")
        yield Grid(
            part_id=f"{part_id}!table{count}", rows=rows, source=GridSource.MARKUP, first_row=place + 1, before=before[:2000], header_rows=1
        )
        lines[place - 1 : end] = [""] * (end - place + 1)
        place = end + 1


def _pipe_cells(line: str) -> tuple[str, ...]:
    inner = re.sub(r"^\s*(?:> ?)*\|?|(?<!\\)\|\s*$", "", line)
    return tuple(_MARKS.sub("", cell.strip()).replace("\\|", "|").replace("<br>", " ").strip() for cell in _BAR.split(inner))


@reader("latex")
def latex(source: Source, file_type: FileType, reading: Reading) -> Iterator[Item]:
    """LaTeX: tables, listings, comments, and the words between."""
    del file_type
    decoded = decode(source.read(reading.limits.text_bytes, "text_bytes"))
    yield from decoded.items(source.part_id)
    raw = "\n".join(split_lines(decoded.text))
    yield from character_oddities(source.part_id, raw)
    yield from encoded_items(source.part_id, raw, reading, depth=source.depth)
    for count, match in enumerate(_VERBATIM.finditer(raw), start=1):
        first_line = raw.count("\n", 0, match.start(2)) + 1
        yield from text_parts(
            f"{source.part_id}!listing{count}", match[2], TextRole.LOG, reading=reading, depth=source.depth, first_line=first_line
        )
    text, comments = split_comments(_VERBATIM.sub(lambda match: "\n" * match.group().count("\n"), raw))
    tables = tex_tables(text)
    yield from _tex_grids(source.part_id, text, tables, reading)
    yield from tex_looks(text).items(source.part_id)
    if comments:
        yield TextPart(part_id=f"{source.part_id}!comments", text=comments, role=TextRole.COMMENT)
        yield from _tex_grids(f"{source.part_id}!comments", comments, tex_tables(comments), reading)
        yield from tables_in(f"{source.part_id}!comments!text", comments, TextRole.COMMENT, reading=reading)
    words = "\n".join(prose(text, tables))
    yield TextPart(part_id=source.part_id, text=words, role=TextRole.PROSE, language="latex")
    yield from tables_in(f"{source.part_id}!text", words, TextRole.PROSE, reading=reading)


def _tex_grids(part_id: str, text: str, tables: Sequence[TexTable], reading: Reading) -> Iterator[Grid]:
    line = place = 0
    for count, table in enumerate(tables, start=1):
        reading.spend()
        if count > reading.limits.members:
            raise LimitReached("members", reading.limits.members, len(tables))
        line, place = line + text.count("\n", place, table.start), table.start
        cells = sum(map(len, table.rows))
        if cells > reading.limits.cells:
            raise LimitReached("cells", reading.limits.cells, cells)
        yield Grid(
            part_id=f"{part_id}!table{count}",
            rows=table.rows,
            source=GridSource.MARKUP,
            first_row=line + 1,
            before=table.caption,
            header_rows=table.header_rows,
        )
