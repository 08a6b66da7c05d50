"""Parts that a PDF holds beside its pages: strings of its objects, streams of no page, and what earlier revisions left behind."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sdc_airlock.model.content import Oddity, OddityKind, TextRole, Unread, UnreadReason
from sdc_airlock.readers import Item, Reading
from sdc_airlock.readers._asides import aside_items
from sdc_airlock.readers._drawn_bars import bar_items, boxes_in
from sdc_airlock.readers._drawn_curves import curve_items, lines_of
from sdc_airlock.readers._drawn_people import outlying, people_items
from sdc_airlock.readers._drawn_words import told_items
from sdc_airlock.readers._pdfobjects import (
    PdfObject,
    all_objects,
    decoded,
    filters,
    is_content,
    is_font,
    is_profile,
    shown_text,
    strings,
)
from sdc_airlock.readers._picturedata import pixel_items
from sdc_airlock.readers._plots import Point, content_marks, plot_items
from sdc_airlock.readers.text import text_parts
from sdc_airlock.source import Source

_ELSEWHERE = re.compile(rb"/Type\s*/(?:Metadata|XRef|ObjStm|EmbeddedFile)\b")
_DRAWN = re.compile(
    rb"/Subtype\s*/(?:Image|Form|Type1C|CIDFontType0C|OpenType)\b|/ShadingType\b|/FunctionType\b|/PatternType\b|/Type\s*/CMap\b"
)
_IMAGE = re.compile(rb"/Subtype\s*/Image\b")
_PICTURE_FILTERS = frozenset({b"DCTDecode", b"DCT"})
_LOSSY_FILTERS = frozenset({b"JPXDecode", b"CCITTFaxDecode", b"CCF", b"JBIG2Decode"})
_FONT = re.compile(rb"/Length1\b|/Subtype\s*/(?:Type1C|CIDFontType0C|OpenType)\b")
_PROGRAM = re.compile(rb"begincmap|/CIDInit|\bdef\b")
_READABLE = 0.9
_IMAGE_USED = re.compile(rb"/(?:I|X)\w*\s+Do\b")
_FEWEST_CELLS = 40  # of a heat map
_SMALL = 256
_LONGEST_DRAWING = 16 << 20
_PAINTS = re.compile(rb"[\s\]](?:Do|[fFSBbs]\*?|Tj)\s")
_MOST = 300
_CHANNELS = {1: "L", 3: "RGB", 4: "CMYK"}


def object_items(source: Source, data: bytes, start: int, reading: Reading, *, sealed: bool, words: str = "") -> Iterator[Item]:
    """Everything that objects hold and pages do not show.

    Args:
        source: The PDF.
        data: Its bytes.
        start: Where it begins in them.
        reading: The budget.
        sealed: True where strings and streams are encrypted.
        words: Text of the pages, which tells what plots show.
    """
    place = source.part_id
    if sealed:
        yield Unread(part_id=f"{place}!objects", why=UnreadReason.ENCRYPTED, detail="objects that no page shows are encrypted")
        return
    found = all_objects(data, start, lambda size: reading.spend(expanded=size))
    texts = dict.fromkeys(text for item in found.objects for text in strings(item.header) if len(text) > 1)
    if texts:
        yield from aside_items(f"{place}!strings", "\n".join(texts), TextRole.METADATA, reading=reading, depth=source.depth)
    if found.comments:
        text = "\n".join(found.comments)
        yield from aside_items(f"{place}!comments", text, TextRole.COMMENT, reading=reading, depth=source.depth)
    number = 0
    marks: dict[object, list[Point]] = {}
    for item in found.objects:
        if item.stream is None or _ELSEWHERE.search(item.header):
            continue
        number += 1
        if number > _MOST and not item.used and len(item.stream) > _SMALL:
            yield Unread(
                part_id=f"{place}!objects", why=UnreadReason.LIMIT, limit_name="streams", limit=_MOST, detail="more unused streams"
            )
            return
        yield from _stream(source, item, number, reading, marks, words)
    yield from plot_items(place, marks, words)


def _stream(source: Source, item: PdfObject, number: int, reading: Reading, marks: dict[object, list[Point]], words: str) -> Iterator[Item]:
    part_id = f"{source.part_id}!{'stream' if item.used else 'unused stream'}{number}"
    names = filters(item)
    if names and names[-1] in _PICTURE_FILTERS:
        inner = item.stream if len(names) == 1 else None
        if inner:
            reading.spend(expanded=len(inner), members=1)
            yield from reading.descend(Source.of_bytes(inner, part_id=part_id, name="", depth=source.depth + 1))
        return
    data = decoded(item, lambda size: reading.spend(expanded=size))
    if data is None:
        if not item.used and not _LOSSY_FILTERS & set(names):
            yield Unread(part_id=part_id, why=UnreadReason.UNSUPPORTED, detail="a stream of no page that could not be decoded")
        return
    if _IMAGE.search(item.header):
        if not item.used:
            yield from _image(source, item, data, part_id, reading)
        return
    if item.used and not _IMAGE.search(item.header) and len(data) < _LONGEST_DRAWING and _PAINTS.search(data[:400_000]):
        drawn, looks = content_marks(data)
        for key, points in drawn.items():
            marks.setdefault(key, []).extend(points)
        yield from looks.items(part_id)
        program = data.decode("latin-1")
        lines, boxes, told = lines_of(program, 2), boxes_in(program), f"{words}\n{shown_text(data)}"
        yield from curve_items(part_id, lines)
        yield from bar_items(part_id, boxes, told)
        yield from people_items(part_id, lines, boxes, told, len(set(told.split())))
        cells = sum(len(points) for points in drawn.values() if len(points) >= _FEWEST_CELLS) + len(_IMAGE_USED.findall(data))
        if beyond := outlying(drawn.values(), [(x, -y - height, width, height) for x, y, width, height in boxes]):
            detail = f"{beyond} points beyond the boxes of a box plot"
            yield Oddity(part_id=part_id, kind=OddityKind.POINT_MARKS, detail=detail, size=beyond)
        yield from told_items(part_id, told, list(drawn.values()), lines, len(boxes), cells)
    if (is_content(data) or _DRAWN.search(item.header)) and (item.used or not is_content(data)):
        if not _is_what_it_says(item, data):
            yield from _unknown(source, data, part_id, reading)
        return
    if is_content(data):
        if text := shown_text(data):
            yield Oddity(part_id=part_id, kind=OddityKind.HIDDEN_TEXT, detail="text of an earlier revision or of no page", size=len(text))
            yield from text_parts(part_id, text, TextRole.PROSE, reading=reading, depth=source.depth, hidden=True)
        return
    if is_font(data) or is_profile(data) or (_PROGRAM.search(data[:2000]) and _FONT.search(item.header)) or b"begincmap" in data[:2000]:
        return
    yield from _unknown(source, data, part_id, reading)


def _is_what_it_says(item: PdfObject, data: bytes) -> bool:
    return not _FONT.search(item.header) or is_font(data)


def _unknown(source: Source, data: bytes, part_id: str, reading: Reading) -> Iterator[Item]:
    """A stream that belongs to no page and is neither font nor profile: text, a file, or graphics instructions without text."""
    body = data.strip()
    if not body:
        return
    plain = sum(32 <= byte < 127 or byte in (9, 10, 13) for byte in body[:20_000])
    if plain >= _READABLE * min(len(body), 20_000):
        if _instructions(body):
            return
        yield Oddity(part_id=part_id, kind=OddityKind.HIDDEN_TEXT, detail="text in a stream of no page", size=len(body))
        reading.spend(expanded=len(body), members=1)
        yield from reading.descend(Source.of_bytes(body, part_id=part_id, name="", depth=source.depth + 1))
    elif len(body) > _SMALL:
        reading.spend(expanded=len(body), members=1)
        yield from reading.descend(Source.of_bytes(body, part_id=part_id, name="", depth=source.depth + 1))


def _instructions(body: bytes) -> bool:
    """True for drawing instructions: numbers and short operators, no words."""
    words = body[:20_000].split()
    drawn = sum(
        len(word) <= 3 or word[:1] == b"/" or word.lstrip(b"-+.").replace(b".", b"").isdigit() or word[:1] in b"[](<" for word in words
    )
    operators = sum(word in _OPERATORS for word in words)
    return drawn >= 0.95 * len(words) and operators * 12 >= len(words)


_OPERATORS = frozenset(
    b"q Q m l c v y h re S s f F f* B B* b b* n W W* cm w J j M d ri i gs Do BI ID EI cs CS sc scn SC SCN g G rg RG k K sh BT ET BMC BDC EMC MP DP".split()
)


def _image(source: Source, item: PdfObject, data: bytes, part_id: str, reading: Reading) -> Iterator[Item]:
    """The pixels of a picture that no page shows, where they are plain."""
    from PIL import Image

    sizes = [re.search(rb"/" + key + rb"\s+(\d{1,6})\b", item.header) for key in (b"Width", b"Height", b"BitsPerComponent")]
    width, height, bits = (int(found.group(1)) if found else 0 for found in sizes)
    channels = len(data) // (width * height) if width and height else 0
    if bits != 8 or channels not in _CHANNELS or width * height * channels != len(data) or width * height > reading.limits.pixels:
        yield Unread(part_id=part_id, why=UnreadReason.UNSUPPORTED, detail="a picture of no page")
        return
    picture = Image.frombytes(_CHANNELS[channels], (width, height), data)
    yield Oddity(part_id=part_id, kind=OddityKind.EMBEDDED_OBJECT, detail="a picture that no page shows", size=len(data))
    yield from pixel_items(part_id, picture, reading, depth=source.depth, lossless=True)
