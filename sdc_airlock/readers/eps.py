"""Encapsulated PostScript: read as the program it is, never run; its texts, its comments, its marks, and data packed into it."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator

from sdc_airlock.errors import Malformed
from sdc_airlock.model.content import Figure, Oddity, OddityKind, TextRole, Unread, UnreadReason
from sdc_airlock.model.filetype import FileType
from sdc_airlock.readers import Item, Reading, reader
from sdc_airlock.readers._asides import aside_items
from sdc_airlock.readers._drawn_bars import bar_items, boxes_in
from sdc_airlock.readers._drawn_curves import curve_items, lines_of
from sdc_airlock.readers._drawn_people import people_items
from sdc_airlock.readers._drawn_words import told_items
from sdc_airlock.readers._plots import largest, plot_items, postscript_marks
from sdc_airlock.readers.text import text_parts
from sdc_airlock.source import Source

_PREVIEWED = b"\xc5\xd0\xd3\xc6"
_BOX = re.compile(r"^%%BoundingBox:\s*(-?\d+)\s+(-?\d+)\s+(-?\d+)\s+(-?\d+)", re.MULTILINE)
_FONT = re.compile(
    r"%%BeginFont.*?%%EndFont|%%BeginResource: font.*?%%EndResource|/sfnts\s*\[.*?\]\s*def|%!PS-TrueTypeFont.*?(?:FontName currentdict end definefont pop|currentdict end definefont pop)",
    re.DOTALL,
)
_COMMENT = re.compile(r"^%+(.*)$", re.MULTILINE)
_ORDINARY_COMMENT = re.compile(
    r"!PS|(?:Page|End|Begin|BoundingBox|HiRes|CropBox|LanguageLevel|Orientation|Document|Trailer|EOF|Pages|Doc|Creation|Creator|Copyright|For:|Feature|Include|IncludeFont|PageOrder)\w*"
)
_STRING = re.compile(r"\(((?:[^()\\]|\\.|\((?:[^()\\]|\\.)*\))*)\)", re.DOTALL)
_GLYPHS = re.compile(r"((?:/\w+ glyphshow\s*(?:-?[\d.]+ -?[\d.]+ m\s*)?)+)")
_GLYPH = re.compile(r"/(\w+) glyphshow")
_FEWEST_CELLS = 40  # of a heat map
_OCTAL = re.compile(r"\\([0-7]{3})")
_PACKED = re.compile(r"[0-9A-Fa-f\s]{400,}|<~[!-uz\s]{200,}~>|[!-uz]{60,78}\n(?:[!-uz]{60,78}\n){4,}")
_CHANGES = re.compile(r"\b(?:deletefile|renamefile|filenameforall|run|system|%pipe%)\b|\(%pipe%")
_NAMES = {
    name: letter
    for names, letters in (
        ("zero one two three four five six seven eight nine", "0123456789"),
        ("period comma colon semicolon space hyphen minus parenleft parenright slash percent equal plus underscore", ".,:; --()/%=+_"),
    )
    for name, letter in zip(names.split(), letters, strict=True)
}


@reader("eps")
def postscript_figure(source: Source, _file_type: FileType, reading: Reading) -> Iterator[Item]:
    """One figure."""
    data = source.read(reading.limits.text_bytes, "text_bytes")
    if data.startswith(_PREVIEWED):
        data, previews = _sections(data)
        for number, preview in enumerate(previews, start=1):
            part_id = f"{source.part_id}!preview{number}"
            reading.spend(expanded=len(preview), members=1)
            yield from reading.descend(Source.of_bytes(preview, part_id=part_id, name="", depth=source.depth + 1))
    end = data.rfind(b"%%EOF")
    rest = data[end + 5 :].strip(b"\r\n\t \x04\x00") if end >= 0 else b""
    if rest:
        yield Oddity(part_id=source.part_id, kind=OddityKind.TRAILING_DATA, detail="bytes after the end of the figure", size=len(rest))
        yield from reading.descend(Source.of_bytes(rest, part_id=f"{source.part_id}!trailing", name="trailing", depth=source.depth + 1))
    program = _FONT.sub(" ", (data[:end] if end >= 0 else data).decode("latin-1").replace("\r\n", "\n").replace("\r", "\n"))
    yield from _program(source, program, reading)


def _sections(data: bytes) -> tuple[bytes, list[bytes]]:
    """The program, and the pictures kept beside it for programs that cannot draw it.

    Raises:
        Malformed: its table of sections breaks off.
    """
    try:
        start, length, *others = struct.unpack_from("<6I", data, 4)
    except struct.error:
        raise Malformed("the figure breaks off") from None
    previews = [data[others[place] : others[place] + others[place + 1]] for place in (0, 2)]
    return data[start : start + length], [preview for preview in previews if preview]


def _program(source: Source, program: str, reading: Reading) -> Iterator[Item]:
    place = source.part_id
    box = _BOX.search(program)
    left, bottom, right, top = map(int, box.groups()) if box else (0, 0, 0, 0)
    marks, looks = postscript_marks(program)
    reading.spend(expanded=len(program))
    yield Figure(part_id=place, format="eps", width=max(0, right - left), height=max(0, top - bottom), marks=largest(marks) or None)
    comments = [text.strip() for text in _COMMENT.findall(program) if text.strip() and not _ORDINARY_COMMENT.match(text.strip("% "))]
    shown = [_OCTAL.sub(lambda found: chr(int(found.group(1), 8) & 0xFF), text) for text in _STRING.findall(program)]
    shown += [
        "".join(_NAMES.get(name, name if len(name) == 1 else "?") for name in _GLYPH.findall(run)) for run in _GLYPHS.findall(program)
    ]
    words = "\n".join(text for text in shown if text.strip())
    if words:
        yield from text_parts(f"{place}!text", words, TextRole.PROSE, reading=reading, depth=source.depth)
    if comments:
        yield from aside_items(f"{place}!comments", "\n".join(comments), TextRole.COMMENT, reading=reading, depth=source.depth)
    yield from plot_items(place, marks, words)
    lines, boxes = lines_of(program, 2), boxes_in(program)
    yield from curve_items(place, lines)
    yield from bar_items(place, boxes, words)
    yield from people_items(place, lines, boxes, words, len(set(words.split())))
    cells = sum(len(points) for points in marks.values() if len(points) >= _FEWEST_CELLS)
    yield from told_items(place, words, list(marks.values()), lines, len(boxes), cells)
    yield from looks.items(place)
    if packed := sum(len(match.group()) for match in _PACKED.finditer(program)):
        yield Unread(part_id=f"{place}!data", why=UnreadReason.UNSUPPORTED, detail=f"{packed} characters of packed data in the figure")
    if "\x00" in program or sum(letter > "~" for letter in program) > len(program) // 20:
        yield Unread(part_id=f"{place}!data", why=UnreadReason.UNSUPPORTED, detail="binary data in the figure")
    if _CHANGES.search(program):
        yield Oddity(part_id=place, kind=OddityKind.SCRIPT, detail="operators that reach files or programs")
