"""A PowerPoint presentation: slides in their order, notes, tables, and what stands outside the slide or is hidden."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sdc_airlock.errors import ReadError
from sdc_airlock.model.content import Grid, GridSource, Oddity, OddityKind, TextRole, Unread, UnreadReason
from sdc_airlock.readers import Item, gap
from sdc_airlock.readers._asides import free_texts
from sdc_airlock.readers._ooxml import common_part, first_root, settings_text
from sdc_airlock.readers._package import Package, shown
from sdc_airlock.readers._relationships import targets
from sdc_airlock.readers._xml import attribute, tree
from sdc_airlock.readers.text import text_parts

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_PAGES = {"sld": "slide", "notes": "notes", "sldLayout": "", "sldMaster": "", "notesMaster": "", "handoutMaster": ""}
_COMMENTS = frozenset({"cmLst", "cmAuthorLst", "authorLst"})


@dataclass
class Page:
    """What was read of a slide, its notes or its master."""

    part_id: str
    size: tuple[int, int] | None
    lines: list[str] = field(default_factory=list)
    grids: list[Grid] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)
    named: list[str] = field(default_factory=list)


def read_slides(package: Package) -> Iterator[Item]:
    """Every part of the package, the slides first."""
    pages: dict[str, list[zipfile.ZipInfo]] = {}
    others: list[tuple[zipfile.ZipInfo, str]] = []
    presentation: Element | None = None
    order: list[str] = []
    for info, root in first_root(package):
        if isinstance(root, ReadError):
            yield gap(package.address(shown(info.filename)), root)
        elif root in _PAGES:
            pages.setdefault(root, []).append(info)
        elif root == "presentation" and presentation is None:
            try:
                presentation = tree(package.read(info))
                order = _order(package, info, presentation)
            except ReadError as error:
                yield gap(package.address("presentation"), error)
            else:
                yield from settings_text(package, info, presentation)
        else:
            others.append((info, root))
    if presentation is None:
        yield Unread(part_id=package.source.part_id, why=UnreadReason.MALFORMED, detail="the package has no presentation")
    size = _size(presentation)
    listed = {name: number for number, name in enumerate(order)}
    for root in ("sld", "notes"):
        for info in sorted(pages.get(root, []), key=lambda member: listed.get(member.filename, len(listed))):
            yield from _page(package, info, root, size, listed=info.filename in listed)
    yield from _templates(package, [info for root, members in pages.items() if root not in ("sld", "notes") for info in members])
    for info, root in others:
        if root in _COMMENTS:
            yield from _comments(package, info)
        else:
            yield from common_part(package, info, root)


def _order(package: Package, info: zipfile.ZipInfo, root: Element) -> list[str]:
    links = targets(package, info.filename)
    keys = [value for item in root.iter("sldId") for name, value in item.attrib.items() if name.endswith(":id")]
    return [links[key] for key in keys if key in links]


def _size(presentation: Element | None) -> tuple[int, int] | None:
    if presentation is None:
        return None
    for item in presentation.iter("sldSz"):
        width, height = attribute(item, "cx"), attribute(item, "cy")
        if width.isdigit() and height.isdigit():
            return int(width), int(height)
    return None


def _page(package: Package, info: zipfile.ZipInfo, root: str, size: tuple[int, int] | None, *, listed: bool) -> Iterator[Item]:
    part_id = package.number(_PAGES[root])
    try:
        data = package.read(info)
        yield from package.asides(data, part_id)
        element = tree(data)
    except ReadError as error:
        yield gap(part_id, error)
        return
    page = Page(part_id=part_id, size=size if root == "sld" else None)
    _shapes(element, page)
    page.named += [item.text.strip() for item in element.iter() if item.tag != "t" and item.text and item.text.strip()]
    page.named += free_texts(element)
    unseen = root == "sld" and (attribute(element, "show") in ("0", "false") or not listed)
    if unseen:
        yield Oddity(
            part_id=part_id,
            kind=OddityKind.HIDDEN_TEXT,
            detail="hidden slide" if listed else "slide that the presentation does not list",
            size=len("".join(page.lines)),
        )
    if text := "\n".join(page.lines).strip():
        yield from text_parts(
            part_id, text, TextRole.PROSE, reading=package.reading, depth=package.source.depth, hidden=unseen or root == "notes"
        )
    for grid in page.grids:
        yield (
            grid
            if not unseen
            else Grid(
                part_id=grid.part_id, rows=grid.rows, source=grid.source, before=grid.before, hidden=True, header_rows=grid.header_rows
            )
        )
    if joined := "\n".join(page.hidden):
        yield Oddity(
            part_id=part_id, kind=OddityKind.HIDDEN_TEXT, detail="text in shapes that are hidden or outside the slide", size=len(joined)
        )
    if page.named:
        yield from package.texts(f"{part_id}!descriptions", "\n".join(page.named), TextRole.METADATA, hidden=True)


def _templates(package: Package, members: list[zipfile.ZipInfo]) -> Iterator[Item]:
    """Text and tables of layouts and masters, in one part: it is the same in most presentations."""
    page = Page(part_id=package.address("templates"), size=None)
    for info in members:
        try:
            data = package.read(info)
            yield from package.asides(data, page.part_id)
            root = tree(data)
            _shapes(root, page)
            page.named += free_texts(root)
        except ReadError as error:
            yield gap(package.address(shown(info.filename)), error)
    yield from page.grids
    if text := "\n".join(dict.fromkeys(line for line in [*page.lines, *page.named] if line.strip())):
        yield from package.texts(page.part_id, text, TextRole.METADATA, hidden=True)


def _shapes(element: Element, page: Page) -> None:
    """Text and tables below an element, shape by shape."""
    for child in element:
        if child.tag in ("sp", "cxnSp", "graphicFrame", "pic"):
            before = len(page.lines)
            _shape(child, page)
            if _unseen(child, page.size):
                page.hidden += page.lines[before:]
        elif child.tag == "Fallback":
            # an older copy of the shape before it, shown by older programs only
            unlike = [line for line in _paragraphs(child) if line.strip() and line not in page.lines]
            page.lines += unlike
            page.hidden += unlike
        else:
            _shapes(child, page)


def _shape(shape: Element, page: Page) -> None:
    tables = list(shape.iter("tbl"))
    for table in tables:
        rows: list[tuple[str, ...]] = []
        for row in table.iter("tr"):
            cells: list[str] = []
            for cell in row.iter("tc"):
                text = "\n".join(line for line in _paragraphs(cell) if line.strip())
                if attribute(cell, "hMerge") in ("1", "true") and cells and not text:
                    text = cells[-1]
                elif attribute(cell, "vMerge") in ("1", "true") and rows and not text and len(cells) < len(rows[-1]):
                    text = rows[-1][len(cells)]
                cells.append(text)
            rows.append(tuple(cells))
        before = next((line for line in reversed(page.lines) if line.strip()), "")
        header = 1 if any(item.get("firstRow") in ("1", "true") for item in table.iter("tblPr")) else None
        page.grids.append(
            Grid(
                part_id=f"{page.part_id}!table{len(page.grids) + 1}",
                rows=tuple(rows),
                source=GridSource.MARKUP,
                before=before,
                header_rows=header,
            )
        )
    if not tables:
        page.lines += list(_paragraphs(shape))


def _paragraphs(element: Element) -> Iterator[str]:
    for paragraph in element.iter("p"):
        yield "".join(item.text or "" if item.tag == "t" else "\n" for item in paragraph.iter() if item.tag in ("t", "br"))


def _unseen(shape: Element, size: tuple[int, int] | None) -> bool:
    if any(attribute(item, "hidden") in ("1", "true") for item in shape.iter("cNvPr")):
        return True
    if size is None:
        return False
    for frame in shape.iter("xfrm"):
        place = {item.tag: item for item in frame}
        if "off" in place and "ext" in place:
            left, top = _number(place["off"], "x"), _number(place["off"], "y")
            right, bottom = left + _number(place["ext"], "cx"), top + _number(place["ext"], "cy")
            return left >= size[0] or top >= size[1] or (right <= 0 and left < 0) or (bottom <= 0 and top < 0)
    return False


def _number(element: Element, name: str) -> int:
    try:
        return int(attribute(element, name, "0"))
    except ValueError:
        return 0


def _comments(package: Package, info: zipfile.ZipInfo) -> Iterator[Item]:
    part_id = package.number("comments")
    try:
        root = tree(package.read(info))
    except ReadError as error:
        yield gap(part_id, error)
        return
    lines = [item.text for item in root.iter() if item.text and item.text.strip()]
    lines += [attribute(item, "name") for item in root.iter("cmAuthor")]
    if lines:
        yield from package.texts(part_id, "\n".join(lines), TextRole.COMMENT, hidden=True)
        yield Oddity(part_id=part_id, kind=OddityKind.HIDDEN_TEXT, detail="comments", size=sum(map(len, lines)))
