"""HTML pages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from sdc_airlock.errors import Malformed
from sdc_airlock.model.content import Grid, GridSource, Oddity, OddityKind, TextPart, TextRole, Unread, UnreadReason
from sdc_airlock.model.filetype import FileType
from sdc_airlock.readers import Item, Reading, reader
from sdc_airlock.readers._asides import aside_items
from sdc_airlock.readers._attributes import markup_told, style_told
from sdc_airlock.readers._blobs import encoded_items
from sdc_airlock.readers._build import scalar_text, text_of
from sdc_airlock.readers._embedded import data_uri
from sdc_airlock.readers._fonts import font_of, without_fonts
from sdc_airlock.readers._islands import WITH_VALUES, islands
from sdc_airlock.readers._jsontext import parse
from sdc_airlock.readers._page import Page, PageReader, laid_out
from sdc_airlock.readers._pagedata import LIBRARY_ROWS, TYPED_ARRAY, column_tables, outside_library, with_axis_titles
from sdc_airlock.readers._published import published
from sdc_airlock.readers._values import ValueReader
from sdc_airlock.readers.text import text_parts
from sdc_airlock.source import Source

_CODE_TYPES = re.compile(r"data:(?:text/css|(?:text|application)/(?:x-)?(?:java|ecma)script)", re.IGNORECASE)
_FONT = re.compile(r"data:(?:application/(?:x-)?font|font/|application/vnd\.ms-fontobject)", re.IGNORECASE)
_SOURCE_CODE = re.compile(
    r"\b(?:sourceCode|language-\w+|lang-\w+|highlight)\b|(?:^|\s)(?:r|python|py|sql|bash|sas|stata|julia)(?:\s|$)", re.IGNORECASE
)
_ECHO = re.compile(r"^(?:##|#>) ?", re.MULTILINE)
_PROMPT = re.compile(r"^(?:>|>>>|\+|\.\.\.) ", re.MULTILINE)
_ENTITY = re.compile(r"doctype\b[^>]{0,2000}<!entity\b", re.IGNORECASE)
_BLANK_LINES = re.compile(r"(?<![^\S\n])[^\S\n]*+\n\s*+")
_DRAWING = re.compile(r"<svg\b[^<]*(?:<(?!/?svg\b)[^<]*)*</svg\s*>", re.IGNORECASE)
_MARK = re.compile(r"<(?:text|circle|ellipse|rect|use|line|polyline|polygon|path)\b", re.IGNORECASE)
_MARKS = 12
_LIBRARY = 300_000  # characters; a longer script without data is taken for a library
_BROKEN_SHARE = 0.02
_BROKEN_FLOOR = 3


@reader("html")
def html_page(source: Source, file_type: FileType, reading: Reading) -> Iterator[Item]:
    """A page: its tables, its text shown and hidden, data in its scripts, files in its data URIs."""
    del file_type
    text, odd = text_of(source, reading)
    yield from odd
    yield from page_items(text, source, reading)


def page_items(text: str, source: Source, reading: Reading) -> Iterator[Item]:
    """All items of a page whose text is known; `source` gives the address and the depth."""
    page = PageReader(reading.limits.cells).read(text)
    part_id = source.part_id
    yield from _tables(page, part_id, reading)
    yield from _texts(page, part_id, reading, source.depth)
    for number, (shown, kind, hidden) in enumerate(page.preformatted, 1):
        yield from _preformatted(f"{part_id}!pre{number}", shown, kind, source, reading, hidden=hidden)
    yield from _scripts(page, source, reading)
    for number, sheet in enumerate(page.styles, 1):
        if library := published(sheet):
            yield TextPart(part_id=f"{part_id}!style{number}", text=library, role=TextRole.CODE, language="css")
            continue
        style, names = without_fonts(sheet)
        if names:
            yield TextPart(part_id=f"{part_id}!style{number}!fonts", text=scalar_text(names), role=TextRole.METADATA)
        yield TextPart(part_id=f"{part_id}!style{number}", text=style, role=TextRole.CODE, language="css")
        yield from encoded_items(f"{part_id}!style{number}", style, reading, depth=source.depth)
    for number, inner in enumerate(page.inner, 1):
        reading.spend(members=1)
        yield from reading.descend(
            Source.of_bytes(inner.encode("utf-8", "replace"), part_id=f"{part_id}!page{number}", name="", depth=source.depth + 1)
        )
    for number, drawing in enumerate(_drawings(text), 1):
        reading.spend(members=1)
        yield from reading.descend(
            Source.of_bytes(drawing.encode("utf-8", "replace"), part_id=f"{part_id}!drawing{number}", name="", depth=source.depth + 1)
        )
    for number, uri in enumerate(page.packed, 1):
        yield from _packed(f"{part_id}!data{number}", uri, source, reading)
    if any(_ENTITY.match(comment) for comment in page.comments):
        words = "the page defines entities of its own, which are not expanded"
        yield Unread(part_id=f"{part_id}!declarations", why=UnreadReason.UNSUPPORTED, detail=words)
    # code of a library assigns values to short names, as attributes are written
    libraries = [script for _, script in page.scripts if len(script) > _LIBRARY or published(script)]
    for script in libraries:
        text = text.replace(script, "", 1)
    yield from markup_told(text).grids(part_id, hidden=False)
    yield from markup_told("\n".join(script for script in libraries if not published(script))).grids(
        f"{part_id}!libraries", hidden=False, fewest=LIBRARY_ROWS
    )
    yield from style_told("\n".join(page.styles)).grids(f"{part_id}!styles", hidden=False)
    yield from page.looks.items(part_id)
    yield from _facts(page, part_id)


def _drawings(text: str) -> Iterator[str]:
    """Drawings in a page that are no icons: they say something, or have many marks."""
    for match in _DRAWING.finditer(text):
        if len(_MARK.findall(match.group())) >= _MARKS:
            yield match.group()


def _tables(page: Page, part_id: str, reading: Reading) -> Iterator[Item]:
    for number, table in enumerate(page.tables, 1):
        rows, head = laid_out(table, reading.limits.cells)
        reading.spend()
        kept = tuple(tuple(map(scalar_text, row)) for row in rows if row)
        caption = " ".join("".join(table.caption).split()) or table.before
        if kept:
            yield Grid(
                part_id=f"{part_id}!table{number}",
                rows=kept,
                source=GridSource.MARKUP,
                before=scalar_text(caption),
                hidden=table.hidden,
                header_rows=head,
            )
        if table.hidden:
            yield Oddity(part_id=f"{part_id}!table{number}", kind=OddityKind.HIDDEN_TEXT, detail="a table that the page does not show")


def _texts(page: Page, part_id: str, reading: Reading, depth: int) -> Iterator[Item]:
    shown, hidden = _tidy("".join(page.shown)), _tidy("".join(page.hidden))
    if shown:
        yield from text_parts(f"{part_id}!text", shown, TextRole.PROSE, reading=reading, depth=depth)
    if hidden:
        yield from text_parts(f"{part_id}!hidden", hidden, TextRole.PROSE, reading=reading, depth=depth, hidden=True)
        yield Oddity(part_id=f"{part_id}!hidden", kind=OddityKind.HIDDEN_TEXT, detail="text that the page does not show", size=len(hidden))
    for name, pieces, role in (
        ("noscript", page.noscript, TextRole.PROSE),
        ("comments", list(dict.fromkeys(page.comments)), TextRole.COMMENT),
    ):
        text = _tidy("\n".join(pieces) if name == "comments" else "".join(pieces))
        if text:
            yield from text_parts(f"{part_id}!{name}", text, role, reading=reading, depth=depth, hidden=True)
    attributes = "\n".join(value.strip() for value in page.attributes if value.strip())
    if attributes:
        yield from aside_items(
            f"{part_id}!attributes", scalar_text(attributes), TextRole.METADATA, reading=reading, depth=depth, hidden=False
        )


def _tidy(text: str) -> str:
    return scalar_text(_BLANK_LINES.sub("\n", text).strip())


def _preformatted(part_id: str, text: str, kind: str, source: Source, reading: Reading, *, hidden: bool) -> Iterator[Item]:
    """Preformatted text is code, or output of a program that may hold tables."""
    body = scalar_text(text.strip("\n"))
    if not body.strip():
        return
    if hidden:
        yield Oddity(part_id=part_id, kind=OddityKind.HIDDEN_TEXT, detail="text that the page does not show", size=len(body))
    if _SOURCE_CODE.search(kind) and not _PROMPT.search(body):
        yield from text_parts(part_id, body, TextRole.CODE, reading=reading, depth=source.depth, hidden=hidden)
        return
    yield from text_parts(part_id, _ECHO.sub("", body), TextRole.LOG, reading=reading, depth=source.depth, hidden=hidden)


def _scripts(page: Page, source: Source, reading: Reading) -> Iterator[Item]:
    run = 0
    for number, (kind, text) in enumerate(page.scripts, 1):
        part_id = f"{source.part_id}!script{number}"
        if "json" in kind:
            yield from _json_island(part_id, text, source, reading)
            continue
        if not text.strip():
            continue
        templates = kind not in ("", "module") and "javascript" not in kind and "ecmascript" not in kind
        run += not templates
        language = "" if templates else "javascript"
        if library := published(text):
            yield TextPart(part_id=part_id, text=library, role=TextRole.CODE, language=language)
            continue
        found, rest = islands(text)
        if found or len(text) > _LIBRARY:
            if found and len(text) <= _LIBRARY:
                # its values are read below, with the titles of their axes, and not once more as lines of code
                yield TextPart(part_id=f"{part_id}!code", text=scalar_text(rest), role=TextRole.CODE, language=language)
                language = WITH_VALUES
            yield TextPart(part_id=part_id, text=scalar_text(text), role=TextRole.CODE, language=language)
            yield from encoded_items(part_id, text, reading, depth=source.depth)
        else:
            yield from text_parts(part_id, scalar_text(text), TextRole.CODE, reading=reading, depth=source.depth, language=language)
        if len(text) <= _LIBRARY and TYPED_ARRAY.search(text):
            yield Unread(part_id=part_id, why=UnreadReason.UNSUPPORTED, detail="arrays of numbers packed into a script")
        if len(text) > _LIBRARY:
            found = [value for value in found if outside_library(value)]
        for place, value in enumerate(with_axis_titles(found), 1):
            yield from column_tables(value, f"{part_id}!data{place}", reading)
            yield from ValueReader(f"{part_id}!data{place}", reading, depth=source.depth).read(value)
    if run:
        yield Oddity(part_id=source.part_id, kind=OddityKind.PAGE_SCRIPT, detail="scripts in the page", size=run)


def _json_island(part_id: str, text: str, source: Source, reading: Reading) -> Iterator[Item]:
    if not text.strip():
        return
    value: Any
    try:
        value = parse(text)
    except Malformed:
        yield TextPart(part_id=part_id, text=scalar_text(text), role=TextRole.CODE, language="json")
        yield Oddity(part_id=part_id, kind=OddityKind.DAMAGED, detail="data in the page that are not JSON")
        return
    yield from column_tables(value, part_id, reading)
    yield from ValueReader(part_id, reading, depth=source.depth).read(value)


def _packed(part_id: str, uri: str, source: Source, reading: Reading) -> Iterator[Item]:
    raw = data_uri(uri)
    if raw is None or not raw:
        return
    reading.spend(expanded=len(raw), members=1)
    inner = Source.of_bytes(raw, part_id=part_id, name="", depth=source.depth + 1)
    if _CODE_TYPES.match(uri):
        text, odd = text_of(inner, reading)
        yield from odd
        script = not uri[:40].lower().startswith("data:text/css")
        yield TextPart(part_id=part_id, text=text, role=TextRole.CODE, language="javascript" if script else "css")
        yield from encoded_items(part_id, text, reading, depth=source.depth)
        if script:
            yield Oddity(part_id=part_id, kind=OddityKind.PAGE_SCRIPT, detail="a script in a data URI")
    elif _FONT.match(uri) and (font := font_of(raw)) is not None:
        if font.names:
            yield TextPart(part_id=part_id, text=scalar_text(font.names), role=TextRole.METADATA)
    else:
        yield from reading.descend(inner)


def _facts(page: Page, part_id: str) -> Iterator[Item]:
    words = {
        OddityKind.PAGE_REFERENCE: "things fetched from elsewhere",
        OddityKind.BEACON: "addresses that are called with data, or by what cannot be seen",
        OddityKind.PAGE_SCRIPT: "scripts in attributes",
        OddityKind.AUTOMATIC_ACTION: "the page sends its reader elsewhere",
        OddityKind.DEEP_NESTING: "elements inside elements",
    }
    for kind, count in page.facts.items():
        yield Oddity(part_id=part_id, kind=kind, detail=words[kind], size=count)
    if page.broken > _BROKEN_FLOOR and page.broken > _BROKEN_SHARE * page.tags:
        yield Oddity(part_id=part_id, kind=OddityKind.DAMAGED, detail="tags that do not match", size=page.broken)
