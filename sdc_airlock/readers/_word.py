"""A Word document: all its stories (text, headers, notes, comments), its tables, and what it hides."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sdc_airlock.errors import ReadError
from sdc_airlock.model.content import Grid, GridSource, Oddity, OddityKind, TextRole, Unread, UnreadReason
from sdc_airlock.readers import Item, gap
from sdc_airlock.readers._asides import free_texts
from sdc_airlock.readers._looks import Looks
from sdc_airlock.readers._ooxml import common_part, first_root
from sdc_airlock.readers._package import Package, shown
from sdc_airlock.readers._wordlooks import coloured, hides, look_of, unseen_styles
from sdc_airlock.readers._xml import attribute, tree
from sdc_airlock.readers.text import text_parts

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_STORIES = {
    "document": "text",
    "hdr": "header",
    "ftr": "footer",
    "footnotes": "footnotes",
    "endnotes": "endnotes",
    "comments": "comments",
    "glossaryDocument": "glossary",
}
_BLOCKS = frozenset(
    {
        "body",
        "sdt",
        "sdtContent",
        "customXml",
        "smartTag",
        "ins",
        "moveTo",
        "footnote",
        "endnote",
        "comment",
        "docParts",
        "docPart",
        "docPartBody",
        "Choice",
        "AlternateContent",
    }
)
_INLINE = frozenset(
    {
        "hyperlink",
        "smartTag",
        "sdt",
        "sdtContent",
        "ins",
        "moveTo",
        "fldSimple",
        "customXml",
        "dir",
        "bdo",
        "ruby",
        "rubyBase",
        "rt",
        "subDoc",
    }
)
_BREAKS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "ptab": "\t"}
_FETCHING = re.compile(r"^\s*(?:DDE|DDEAUTO|INCLUDETEXT|INCLUDEPICTURE|LINK|IMPORT|DATABASE)\b", re.IGNORECASE)
_PLAIN_FIELD = re.compile(
    r"^\s*(?:PAGE|NUMPAGES|SECTIONPAGES|TOC|REF|PAGEREF|NOTEREF|SEQ|HYPERLINK|STYLEREF|DATE|TIME|SAVEDATE|CREATEDATE|PRINTDATE|TITLE|AUTHOR|FILENAME|TC|XE|INDEX|SYMBOL|EQ|=|FORM\w+|MERGEFORMAT|DOCPROPERTY|LISTNUM|BIBLIOGRAPHY|CITATION)\b[^\"]{0,200}\"?[^\"]{0,300}\"?[^\"]{0,100}$",
    re.IGNORECASE,
)
_TEXT_ELSEWHERE = frozenset(
    {"t", "delText", "instrText", "delInstrText", "posOffset", "align", "pctWidth", "pctHeight", "pctPosHOffset", "pctPosVOffset", "f", "v"}
)


@dataclass
class Story:
    """What was read of one story.

    Attributes:
        styles: Names of styles whose text is not shown.
        deleted, hidden: Texts of tracked deletions, and of runs that are not shown.
        fields: Field codes other than page numbers, references and the like; fetching: those that fetch from outside.
        looks: How cells are shaded and letters are set.
    """

    part_id: str
    styles: frozenset[str]
    lines: list[str] = field(default_factory=list)
    grids: list[Grid] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)
    fields: list[str] = field(default_factory=list)
    fetching: int = 0
    looks: Looks = field(default_factory=Looks)


def read_word(package: Package) -> Iterator[Item]:
    """Every part of the package, the main text first."""
    stories: list[tuple[zipfile.ZipInfo, str]] = []
    others: list[tuple[zipfile.ZipInfo, str]] = []
    for info, root in first_root(package):
        if isinstance(root, ReadError):
            yield gap(package.address(shown(info.filename)), root)
        else:
            (stories if root in _STORIES and info.filename.startswith("word") else others).append((info, root))
    if not any(root == "document" for _, root in stories):
        yield Unread(part_id=package.source.part_id, why=UnreadReason.MALFORMED, detail="the package has no main text")
    unseen = unseen_styles(package, others)
    for info, root in sorted(stories, key=lambda item: list(_STORIES).index(item[1])):
        name = _STORIES[root]
        part_id = package.address(name) if root == "document" else package.number(name)
        try:
            data = package.read(info)
            yield from package.asides(data, part_id)
            yield from _story(package, tree(data), Story(part_id=part_id, styles=unseen), root)
        except ReadError as error:
            yield gap(part_id, error)
    for info, root in others:
        yield from common_part(package, info, root)


def _story(package: Package, root: Element, story: Story, kind: str) -> Iterator[Item]:
    _Walk(story).block(root, shaded=False)
    text = "\n".join(story.lines)
    if text.strip():
        if kind == "comments":
            yield from package.texts(story.part_id, text, TextRole.COMMENT, hidden=True)
            yield Oddity(part_id=story.part_id, kind=OddityKind.HIDDEN_TEXT, detail="comments", size=len(text))
        else:
            yield from text_parts(
                story.part_id, text, TextRole.PROSE, reading=package.reading, depth=package.source.depth, hidden=kind == "glossaryDocument"
            )
    yield from story.grids
    yield from story.looks.items(story.part_id)
    for texts, words in ((story.deleted, "tracked deletions"), (story.hidden, "text that is not shown")):
        if joined := "\n".join(text for text in texts if text.strip()):
            part_id = f"{story.part_id}!{words}"
            yield Oddity(part_id=part_id, kind=OddityKind.HIDDEN_TEXT, detail=words, size=len(joined))
            yield from text_parts(part_id, joined, TextRole.PROSE, reading=package.reading, depth=package.source.depth, hidden=True)
    if story.fields:
        yield from package.texts(f"{story.part_id}!fields", "\n".join(story.fields), TextRole.METADATA, hidden=True)
    if story.fetching:
        yield Oddity(
            part_id=story.part_id, kind=OddityKind.EXTERNAL_REFERENCE, detail="fields that fetch from outside", size=story.fetching
        )
    loose = [
        element.text.strip()
        for element in root.iter()
        if element.text and element.text.strip() and element.tag not in _TEXT_ELSEWHERE and element.tag != "fldData"
    ]
    named = free_texts(root)
    if loose or named:
        yield from package.texts(f"{story.part_id}!descriptions", "\n".join(loose + named), TextRole.METADATA, hidden=True)


class _Walk:
    """The walk through one story."""

    def __init__(self, story: Story) -> None:
        self.story = story
        self.code: list[str] = []
        self.paragraphs = 0
        self.rows = 0

    def block(self, element: Element, *, shaded: bool) -> None:
        """Paragraphs and tables below an element, in order."""
        for child in element:
            if child.tag == "p":
                self.story.lines.append(self.paragraph(child, shaded=shaded))
            elif child.tag == "tbl":
                self.table(child, shaded=shaded)
            elif child.tag in ("del", "moveFrom"):
                self.story.deleted.append(_all_text(child))
            elif child.tag in _BLOCKS:
                self.block(child, shaded=shaded)

    def paragraph(self, element: Element, *, shaded: bool) -> str:
        """Text of a paragraph; what is deleted or hidden goes to the story's own lists."""
        style = ""
        for properties in element:
            if properties.tag == "pPr":
                for item in properties:
                    if item.tag == "pStyle":
                        style = attribute(item, "val")
                    elif item.tag == "shd":
                        shaded = shaded or coloured(item)
        pieces: list[str] = []
        self.paragraphs += 1
        self.inline(element, pieces, style, shaded=shaded)
        return "".join(pieces)

    def inline(self, element: Element, pieces: list[str], style: str, *, shaded: bool) -> None:
        """Runs below an element."""
        for child in element:
            tag = child.tag
            if tag == "r":
                self.run(child, pieces, style, shaded=shaded)
            elif tag in ("del", "moveFrom"):
                self.story.deleted.append(_all_text(child))
            elif tag in ("oMath", "oMathPara"):
                pieces.append("".join(item.text or "" for item in child.iter("t")))
            elif tag in _INLINE:
                if code := attribute(child, "instr"):
                    self.field(code)
                self.inline(child, pieces, style, shaded=shaded)
            elif tag == "AlternateContent":
                self.boxes(child)

    def run(self, element: Element, pieces: list[str], style: str, *, shaded: bool) -> None:
        """One run of text."""
        unseen = style in self.story.styles
        text: list[str] = []
        look: dict[str, str] = {}
        for child in element:
            tag = child.tag
            if tag == "rPr":
                look = look_of(child)
                unseen = (
                    unseen
                    or hides(child, shaded=shaded)
                    or any(item.tag == "rStyle" and attribute(item, "val") in self.story.styles for item in child)
                )
            elif tag == "t":
                text.append(child.text or "")
            elif tag in _BREAKS:
                text.append(_BREAKS[tag])
            elif tag == "delText":
                self.story.deleted.append(child.text or "")
            elif tag in ("instrText", "delInstrText"):
                self.code.append(child.text or "")
            elif tag == "fldChar":
                self.field_mark(child)
            elif tag in ("AlternateContent", "pict", "drawing", "object", "ruby"):
                self.boxes(child)
        joined = "".join(text)
        pieces.append(joined)
        for _ in joined:
            self.story.looks.add("letter", self.paragraphs, look)
        if unseen and joined.strip():
            self.story.hidden.append(joined)

    def field_mark(self, mark: Element) -> None:
        """Begin or end of a field; data stored with it counts as part of its code."""
        self.story.fields += [item.text for item in mark.iter("fldData") if item.text and item.text.strip()]
        if attribute(mark, "fldCharType") != "begin" and self.code:
            self.field("".join(self.code))
            self.code = []

    def field(self, code: str) -> None:
        """A field code: kept unless it is a common one."""
        if _FETCHING.match(code):
            self.story.fetching += 1
        if not _PLAIN_FIELD.match(code):
            self.story.fields.append(code)

    def boxes(self, element: Element) -> None:
        """Text boxes inside a drawing; an older copy of the same box is read where it says something else."""
        shown_before: set[str] = set()
        for box in element.iter("txbxContent"):
            if (text := _all_text(box)) not in shown_before:
                shown_before.add(text)
                self.block(box, shaded=True)
        self.story.lines += [text for item in element.iter("textpath") if (text := attribute(item, "string"))]
        for paragraph in element.iter("p"):
            if any(item.tag == "r" and any(inner.tag == "t" for inner in item) for item in paragraph) and not shown_before:
                self.story.lines.append(_all_text(paragraph))

    def table(self, element: Element, *, shaded: bool) -> None:
        """One table; tables inside its cells become grids of their own."""
        story = self.story
        part_id = f"{story.part_id.removesuffix('!text')}!table{len(story.grids) + 1}"
        place = len(story.grids)
        before = next((line for line in reversed(story.lines) if line.strip()), "")
        styled = shaded or any(item.tag == "tblPr" and any(inner.tag == "tblStyle" for inner in item) for item in element)
        story.grids.append(Grid(part_id=part_id, rows=(), source=GridSource.MARKUP))
        rows: list[tuple[str, ...]] = []
        headers = 0
        for row in _rows(element):
            cells = self.row(row, rows[-1] if rows else (), shaded=styled)
            if headers == len(rows) and any(item.tag == "trPr" and any(inner.tag == "tblHeader" for inner in item) for item in row):
                headers += 1
            rows.append(cells)
        story.grids[place] = Grid(part_id=part_id, rows=tuple(rows), source=GridSource.MARKUP, before=before, header_rows=headers or None)

    def row(self, element: Element, above: tuple[str, ...], *, shaded: bool) -> tuple[str, ...]:
        """Cells of a row: a merged cell's text stands in each place it covers, save in a row that it has alone."""
        found: list[tuple[str, int]] = []
        column = 0
        self.rows += 1
        number = self.rows  # tables inside cells count on
        for cell in _below(element, "tc"):
            span, continues, filled = 1, False, shaded
            self.story.looks.add(
                "cell",
                number,
                {key: value for properties in cell if properties.tag == "tcPr" for key, value in look_of(properties).items()},
            )
            for item in (inner for properties in cell if properties.tag == "tcPr" for inner in properties):
                if item.tag == "gridSpan":
                    span = min(int(value), 1000) if (value := attribute(item, "val")).isdigit() else 1
                elif item.tag == "vMerge":
                    continues = attribute(item, "val") != "restart"
                elif item.tag == "shd":
                    filled = filled or coloured(item)
            text = self.cell(cell, shaded=filled)
            if continues and not text and column < len(above):
                text = above[column]
            found.append((text, max(1, span)))
            column += max(1, span)
        if len(found) == 1:
            return (found[0][0], *[""] * (found[0][1] - 1))
        return tuple(text for text, span in found for _ in range(span))

    def cell(self, element: Element, *, shaded: bool) -> str:
        """Text of a cell's own paragraphs."""
        lines = self.story.lines
        own: list[str] = []
        self.story.lines = own
        try:
            self.block(element, shaded=shaded)
        finally:
            self.story.lines = lines
        return "\n".join(line for line in own if line.strip()).strip()


def _rows(table: Element) -> Iterator[Element]:
    return _below(table, "tr")


def _below(element: Element, tag: str) -> Iterator[Element]:
    """Children with a tag, also inside content controls."""
    for child in element:
        if child.tag == tag:
            yield child
        elif child.tag in ("sdt", "sdtContent", "customXml", "ins", "del", "moveTo", "moveFrom"):
            yield from _below(child, tag)


def _all_text(element: Element) -> str:
    return "".join(item.text or "" for item in element.iter() if item.tag in ("t", "delText"))
