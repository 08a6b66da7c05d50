"""Text of a PDF page laid out as it stands on the page, and text that a reader of the page would not see."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

_UPRIGHT = 0.1  # radians
_LINE = 0.5  # of the letter height: letters closer than this stand on one line
_WIDE = 2.0  # of the letter width: a gap that parts columns rather than words
_TINY = 1.0  # points
_INVISIBLE = (3, 7)
_WHITE = 250
_MARGIN = 3.0
_MAX_INDENT = 400
_FULL_TURN = 6.283
_SOFT_HYPHEN = 2  # pdfium's mark for a hyphen at the end of a line


@dataclass(frozen=True, slots=True)
class Letter:
    """One character where it stands, in points; `spaced` where a space goes before it."""

    text: str
    x: float
    y: float
    right: float
    height: float
    spaced: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PageText:
    """A page's text in lines, and how many characters are outside the page, tiny, or have no character code."""

    text: str
    outside: int
    tiny: int
    letters: int
    nameless: int


def page_text(page: Any, box: tuple[float, float, float, float]) -> PageText:
    """Lay out the text of a page."""
    found = _Letters()
    textpage = page.get_textpage()
    try:
        found.collect(textpage.raw, box)
    finally:
        textpage.close()
    width = _letter_width(found.upright)
    left = min((letter.x for letter in found.upright), default=0.0)
    text = "\n".join(_spaced(line, width, left) for line in _lines(found.upright))
    if turned := "".join(found.turned).strip():
        text += "\n\n" + turned
    letters = len(found.upright) + len(found.turned)
    return PageText(text=text, outside=found.outside, tiny=found.tiny, letters=letters, nameless=found.nameless)


class _Letters:
    """Upright letters with their places, and turned text in reading order."""

    def __init__(self) -> None:
        self.upright: list[Letter] = []
        self.turned: list[str] = []
        self.outside = self.tiny = self.nameless = 0

    def collect(self, raw: Any, box: tuple[float, float, float, float]) -> None:
        """Take every character of a page."""
        import pypdfium2.raw as pdfium

        left, bottom, right, top, x, y = (ctypes.c_double() for _ in range(6))
        spaced = False
        for index in range(pdfium.FPDFText_CountChars(raw)):
            char = self._character(pdfium.FPDFText_GetUnicode(raw, index))
            if _UPRIGHT < pdfium.FPDFText_GetCharAngle(raw, index) < _FULL_TURN - _UPRIGHT:
                self.turned.append(char)
                continue
            if char.isspace():
                spaced = True
                if self.turned and char in "\r\n":
                    self.turned.append("\n")
                continue
            pdfium.FPDFText_GetCharBox(raw, index, left, right, bottom, top)
            pdfium.FPDFText_GetCharOrigin(raw, index, x, y)
            seen = top.value - bottom.value
            size = pdfium.FPDFText_GetFontSize(raw, index)
            if not (box[0] - _MARGIN <= x.value <= box[2] + _MARGIN and box[1] - _MARGIN <= y.value <= box[3] + _MARGIN):
                self.outside += 1
            elif char.isalnum() and 0 < seen < _TINY:
                self.tiny += 1
            height = max(seen, min(size, 2 * seen)) if seen > 0 else size
            self.upright.append(Letter(char, x.value, y.value, max(right.value, x.value), height, spaced))
            spaced = False

    def _character(self, code: int) -> str:
        if code == _SOFT_HYPHEN:
            return "-"
        if code in (0x0A, 0x0D, 0x09, 0x20):
            return chr(code)
        if code < 0x20 or 0xD800 <= code <= 0xF8FF or code > 0x10FFFF or code in (0xFFFD, 0xFFFE, 0xFFFF):
            self.nameless += 1
            return "\ufffd"
        return chr(code)


def _lines(letters: Sequence[Letter]) -> list[list[Letter]]:
    """Letters by line, top to bottom, left to right."""
    lines: list[list[Letter]] = []
    base = 0.0
    for letter in sorted(letters, key=lambda item: -item.y):
        if lines and base - letter.y <= _LINE * max(letter.height, 2.0):
            lines[-1].append(letter)
        else:
            lines.append([letter])
            base = letter.y
    for line in lines:
        line.sort(key=lambda item: item.x)
    return lines


def _letter_width(letters: Sequence[Letter]) -> float:
    widths = sorted(letter.right - letter.x for letter in letters if letter.right > letter.x)
    return max(1.0, widths[len(widths) // 2]) if widths else 5.0


def _spaced(line: Sequence[Letter], width: float, left: float) -> str:
    """A line with as many spaces as the gaps are wide, so that columns stay below each other."""
    out: list[str] = []
    length = 0
    end = left
    for letter in line:
        gap = letter.x - end
        if gap > _WIDE * max(width, letter.height / 3):
            column = min(int((letter.x - left) / width), _MAX_INDENT + length)
            spaces = max(2 if length else 0, column - length)
        else:
            spaces = 1 if length and (letter.spaced or gap > letter.height) and gap > 0 else 0
        out.append(" " * spaces + letter.text)
        length += spaces + 1
        end = max(end, letter.right)
    return "".join(out)


@dataclass(frozen=True, slots=True, kw_only=True)
class PageMarks:
    """What is drawn on a page: pictures with their largest size, paths, and text that leaves no trace."""

    pictures: int
    width: int
    height: int
    paths: int
    unseen: int


def page_marks(page: Any) -> PageMarks:
    """Walk the objects of a page once."""
    import pypdfium2.raw as pdfium

    pictures = paths = unseen = 0
    size = (0, 0)
    white: list[tuple[float, float, float, float]] = []
    backing: list[tuple[float, float, float, float]] = []
    for item in page.get_objects(max_depth=8):
        if item.type == pdfium.FPDF_PAGEOBJ_TEXT:
            if pdfium.FPDFTextObj_GetTextRenderMode(item.raw) in _INVISIBLE:
                unseen += 1
            elif _colour(item) is not None and min(_colour(item) or (0,)) >= _WHITE:
                white.append(_bounds(item))
        elif item.type == pdfium.FPDF_PAGEOBJ_PATH:
            paths += 1
            if min(_colour(item) or (255,)) < _WHITE:
                backing.append(_bounds(item))
        elif item.type == pdfium.FPDF_PAGEOBJ_IMAGE:
            pictures += 1
            size = max(size, _pixels(item))
            backing.append(_bounds(item))
        elif item.type == pdfium.FPDF_PAGEOBJ_SHADING:
            backing.append(_bounds(item))
    unseen += sum(1 for place in white if not any(_covers(other, place) for other in backing))
    return PageMarks(pictures=pictures, width=size[0], height=size[1], paths=paths, unseen=unseen)


def _colour(item: Any) -> tuple[int, int, int] | None:
    import pypdfium2.raw as pdfium

    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    if not pdfium.FPDFPageObj_GetFillColor(item.raw, red, green, blue, alpha):
        return None
    return red.value, green.value, blue.value


def _bounds(item: Any) -> tuple[float, float, float, float]:
    import pypdfium2.raw as pdfium

    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    if not pdfium.FPDFPageObj_GetBounds(item.raw, left, bottom, right, top):
        return (0.0, 0.0, 0.0, 0.0)
    return left.value, bottom.value, right.value, top.value


def _pixels(item: Any) -> tuple[int, int]:
    import pypdfium2.raw as pdfium

    width, height = ctypes.c_uint(), ctypes.c_uint()
    return (width.value, height.value) if pdfium.FPDFImageObj_GetImagePixelSize(item.raw, width, height) else (0, 0)


def _covers(outer: tuple[float, float, float, float], inner: tuple[float, float, float, float]) -> bool:
    x, y = (inner[0] + inner[2]) / 2, (inner[1] + inner[3]) / 2
    return outer[0] <= x <= outer[2] and outer[1] <= y <= outer[3]
