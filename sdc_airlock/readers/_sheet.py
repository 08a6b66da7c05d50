"""One worksheet of an OOXML workbook, streamed: every used cell, whatever the declared range says, and what is hidden."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from sdc_airlock.errors import LimitReached
from sdc_airlock.readers._cells import Cells
from sdc_airlock.readers._formulas import calls_out
from sdc_airlock.readers._looks import Looks
from sdc_airlock.readers._numbers import GENERAL, NumberFormat, date_text, number_text, percent_text
from sdc_airlock.readers._xml import feed

_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_REFERENCE = re.compile(r"^\$?([A-Za-z]{1,3})\$?([0-9]{1,7})$")
_EXTERNAL = re.compile(r"\[[1-9]\d*\][^\[\]!]{0,64}!")
_PLACES = re.compile(r"(?:\$?[A-Z]{1,3}\$?\d{1,7}(?::\$?[A-Z]{1,3}\$?\d{1,7})?[ ,]?)+|\{?[0-9A-Fa-f-]{36}\}?")
_PAGE_CODES = re.compile(r"&(?:[LCRPNDTZFAGSUEXYBIK]|\"[^\"]{0,80}\"|\d{1,3})")
_PAGE_TEXTS = frozenset({"oddHeader", "oddFooter", "evenHeader", "evenFooter", "firstHeader", "firstFooter"})
_ARRAY = re.compile(r'"((?:[^"]|"")*)"|([^,;"]+)|([,;])')
_MERGE_FILL = 100_000
_SETTING = re.compile(r"[A-Za-z]\w{0,40}|-?\d{1,5}(?:\.\d{1,17})?|\d?(?:\.\d{0,3})?")
_SETTING_LENGTH = 41
_ASIDE_BYTES = 16 << 20
_OF_ROWS = frozenset("r spans s customFormat ht hidden customHeight outlineLevel collapsed thickTop thickBot ph x14ac:dyDescent".split())
_OF_CELLS = frozenset({"r", "s", "t", "cm", "vm", "ph"})
_TEXT_OF_CELL = frozenset({"v", "t"})


@dataclass(frozen=True, slots=True)
class Look:
    """How cells of one style look: number format, and text in the colour of the page."""

    number: NumberFormat = GENERAL
    invisible: bool = False


@dataclass
class Book:
    """What a sheet needs of its workbook.

    Attributes:
        strings: The shared strings.
        used: One byte a shared string, 1 where a cell uses it.
        looks: Cell styles by index.
        faces: How the cells of each style look, property by property.
        from_1904: Day numbers count from 1904.
    """

    strings: list[str] = field(default_factory=list)
    used: bytearray = field(default_factory=bytearray)
    looks: list[Look] = field(default_factory=list)
    faces: list[dict[str, str]] = field(default_factory=list)
    from_1904: bool = False


@dataclass
class Sheet:
    """What was read of one worksheet; counts are of used cells.

    Attributes:
        declared: The range the sheet says it has, (last row, last column), or None.
        beyond: Cells outside the declared range.
        hidden: Cells in hidden rows or columns; masked: shown as nothing by format or colour; covered: under a merged cell.
        valueless: Formulas without a stored result, whose text stands in the cell.
        external: Formulas that refer to other workbooks; calling: that fetch from an address, or call other programs.
        literals: Formulas that carry text or arrays of their own.
        asides: Texts and comments outside the cells (validation messages, page headers).
        faces: Looks of the cells, whether they hold a value or not.
    """

    cells: Cells
    declared: tuple[int, int] | None = None
    beyond: int = 0
    hidden: int = 0
    masked: int = 0
    covered: int = 0
    valueless: int = 0
    external: int = 0
    calling: int = 0
    literals: dict[str, None] = field(default_factory=dict)
    asides: list[str] = field(default_factory=list)
    aside_bytes: int = 0
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    has_tables: bool = False
    oddly_numbered: int = 0
    faces: Looks = field(default_factory=Looks)


def place(reference: str) -> tuple[int, int] | None:
    """Row and column of a reference like `B12`, counted from 1; None where it is none."""
    found = _REFERENCE.match(reference)
    if not found:
        return None
    column = 0
    for letter in found.group(1).upper():
        column = column * 26 + ord(letter) - 64
    return int(found.group(2)), column


def area(reference: str) -> tuple[int, int, int, int] | None:
    """First row, first column, last row, last column of a reference like `A1:C3`."""
    first, _, last = reference.partition(":")
    begin, end = place(first), place(last or first)
    return (*begin, *end) if begin and end else None


def unescaped(text: str) -> str:
    """Text with `_x000D_` escapes written out."""
    return _ESCAPED.sub(lambda match: chr(int(match.group(1), 16)), text) if "_x" in text else text


def array_rows(formula: str) -> list[tuple[str, ...]]:
    """Rows of a literal array (`{1,"a";2,"b"}`); none where the formula is something else."""
    body = formula.strip().removeprefix("=")
    if not (body.startswith("{") and body.endswith("}")):
        return []
    rows: list[list[str]] = [[]]
    for quoted, plain, mark in _ARRAY.findall(body[1:-1]):
        if mark == ";":
            rows.append([])
        elif not mark:
            rows[-1].append(plain.strip() or quoted.replace('""', '"'))
    return [tuple(row) for row in rows if row]


_PLAIN = Look()


class _Walker:
    """State of the walk through one sheet."""

    def __init__(self, sheet: Sheet, book: Book) -> None:
        self.sheet, self.book = sheet, book
        self.row, self.column = 0, 0
        self.row_hidden = False
        self.hidden_columns: list[tuple[int, int]] = []
        self.in_data = self.in_cell = self.in_phonetic = False
        self.row_text = ""
        self.columns: dict[str, int] = {}
        self.kind, self.look = "n", _PLAIN
        self.value: list[str] = []
        self.formula: list[str] | None = None
        self.collect: list[str] | None = None
        self.scenario: list[str] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if self.in_cell:
            self._start_inside(name)
        elif name == "c":
            self._start_cell(attributes)
        elif name == "row":
            number = attributes.get("r", "")
            self.row = int(number) if number.isdigit() else self.row + 1
            self.row_text = str(self.row)
            self.column = 0
            self.row_hidden = attributes.get("hidden") in ("1", "true") or attributes.get("ht") == "0"
            self._strange(attributes, _OF_ROWS)
        elif not self.in_data:
            self._start_outside(name, attributes)

    def _start_inside(self, name: str) -> None:
        if name in _TEXT_OF_CELL:
            self.collect = self.value
        elif name == "f":
            self.formula = self.collect = []
        elif name == "rPh":
            self.in_phonetic = True

    def _start_cell(self, attributes: dict[str, str]) -> None:
        reference = attributes.get("r", "")
        letters = reference.rstrip("0123456789")
        column = self.columns.get(letters)
        if column is not None and reference[len(letters) :] == self.row_text:
            self.column = column
        else:
            self._place_cell(reference, letters)
        self._strange(attributes, _OF_CELLS)
        self.kind = attributes.get("t", "n")
        style = attributes.get("s")
        self.look = _PLAIN if style is None else self._look(style)
        if style is not None and len(faces := self.book.faces) > 1 and style.isdigit() and (number := int(style)) < len(faces):
            self.sheet.faces.add("cell", self.row, faces[number], (self.column, self.row))
        self.value, self.formula, self.in_cell = [], None, True

    def _strange(self, attributes: dict[str, str], known: frozenset[str]) -> None:
        """Keep the values of attributes that rows and cells do not have."""
        if strange := attributes.keys() - known:
            for name in strange:
                if not name.startswith("xmlns"):
                    self.aside(attributes[name])

    def _place_cell(self, reference: str, letters: str) -> None:
        at = place(reference)
        if at is None:
            self.column += 1
            self.row = max(self.row, 1)
            return
        if at[0] != self.row:
            self.sheet.oddly_numbered += 1
        self.row, self.column = at
        self.columns[letters] = self.column

    def _look(self, style: str) -> Look:
        looks = self.book.looks
        return looks[number] if style.isdigit() and (number := int(style)) < len(looks) else _PLAIN

    def _start_outside(self, name: str, attributes: dict[str, str]) -> None:
        if name == "sheetData":
            self.in_data = True
            self._strange(attributes, frozenset())
            return
        if name == "dimension":
            found = area(attributes.get("ref", ""))
            # writers that stream leave A1 there, whatever follows
            self.sheet.declared = found[2:] if found and found[2:] != (1, 1) else None
        elif name == "col" and (attributes.get("hidden") in ("1", "true") or attributes.get("width") == "0"):
            self.hidden_columns.append((int(attributes.get("min", "1")), int(attributes.get("max", "1"))))
        elif name == "mergeCell":
            if found := area(attributes.get("ref", "")):
                self.sheet.merges.append(found)
        elif name == "tablePart":
            self.sheet.has_tables = True
        self.collect = []
        if name == "inputCells":
            self.scenario.append(attributes.get("val", ""))
            return
        if name == "scenario":
            self.scenario = [attributes.get("name", ""), attributes.get("comment", ""), attributes.get("user", "")]
            return
        for value in attributes.values():
            if not (_SETTING.fullmatch(value[: _SETTING_LENGTH + 1]) or _PLACES.fullmatch(value) or value.startswith("http://schemas.")):
                self.aside(value)

    def aside(self, text: str) -> None:
        """Keep a text that stands outside the cells."""
        if text := unescaped(text).strip():
            self.sheet.asides.append(text)
            self._count_aside(text)

    def _count_aside(self, text: str) -> None:
        self.sheet.aside_bytes += len(text)
        if self.sheet.aside_bytes > _ASIDE_BYTES:
            raise LimitReached("text_bytes", _ASIDE_BYTES, self.sheet.aside_bytes)

    def text(self, text: str) -> None:
        if self.in_phonetic:
            self.aside(text)
        elif self.collect is not None:
            self.collect.append(text)
        elif not text.isspace():
            self.aside(text)

    def end(self, name: str) -> None:
        if self.in_cell:
            if name == "c":
                self.in_cell = False
                self.collect = None
                self._finish()
            elif name in _TEXT_OF_CELL or name == "f":
                self.collect = None
            elif name == "rPh":
                self.in_phonetic = False
        elif name == "sheetData":
            self.in_data = False
        elif name == "scenario":
            self.aside(", ".join(filter(None, self.scenario)))
        elif not self.in_data and self.collect:
            text = "".join(self.collect)
            self.aside(_PAGE_CODES.sub("\n", text) if name in _PAGE_TEXTS else text)
            self.collect = []

    def _finish(self) -> None:
        raw = "".join(self.value)
        text = self._cell_text(raw)
        if self.formula is not None:
            text = self._after_formula(text, "".join(self.formula))
        if not text:
            return
        sheet, row, column = self.sheet, self.row, self.column
        sheet.cells.put(row, column, text)
        if sheet.declared and (row > sheet.declared[0] or column > sheet.declared[1]):
            sheet.beyond += 1
        if self.row_hidden or (self.hidden_columns and any(low <= column <= high for low, high in self.hidden_columns)):
            sheet.hidden += 1
        elif self.look is not _PLAIN and self._masked(raw):
            sheet.masked += 1

    def _masked(self, raw: str) -> bool:
        if self.look.invisible:
            return True
        if self.kind != "n" or not self.look.number.sections:
            return False
        try:
            return self.look.number.hides(float(raw))
        except ValueError:
            return False

    def _cell_text(self, raw: str) -> str:
        if not raw:
            return ""
        kind = self.kind
        if kind == "s":
            index = int(raw) if raw.strip().isdigit() else -1
            if 0 <= index < len(self.book.strings):
                self.book.used[index] = 1
                return self.book.strings[index]
            return raw
        if kind == "n":
            number = self.look.number
            if number.date:
                return date_text(raw, from_1904=self.book.from_1904)
            return percent_text(raw) if number.percent else number_text(raw)
        if kind == "b":
            return "TRUE" if raw.strip() == "1" else "FALSE"
        return unescaped(raw)

    def _after_formula(self, text: str, formula: str) -> str:
        sheet = self.sheet
        if _EXTERNAL.search(formula):
            sheet.external += 1
        if calls_out(formula):
            sheet.calling += 1
        if ('"' in formula or "{" in formula) and formula not in sheet.literals:
            sheet.literals[formula] = None
            self._count_aside(formula)
        if text or not formula:
            return text
        if self.kind == "str":
            return ""
        sheet.valueless += 1
        return "=" + formula


def read_sheet(chunks: Iterable[bytes], book: Book, sheet: Sheet) -> None:
    """Walk one worksheet and fill `sheet`, which keeps what was read when an error breaks the walk off.

    Raises:
        Malformed: not well-formed.
        LimitReached: too many used cells.
    """
    walker = _Walker(sheet, book)
    feed(chunks, start=walker.start, end=walker.end, text=walker.text, comment=walker.aside)
    _fill_merges(sheet)


def _fill_merges(sheet: Sheet) -> None:
    """Give every cell of a merged range its value, except where it is alone in its row (a title) or the range is vast."""
    budget = _MERGE_FILL
    for top, left, bottom, right in sheet.merges:
        rows = range(top, min(bottom, top + 1000) + 1)
        inside = sum(
            1 for row in rows for column in sheet.cells.rows.get(row, ()) if left <= column <= right and (row, column) != (top, left)
        )
        sheet.covered += inside
        budget -= len(rows)
        size = (bottom - top + 1) * (right - left + 1)
        value = sheet.cells.get(top, left)
        title = top == bottom and all(left <= column <= right for column in sheet.cells.rows.get(top, ()))
        if budget < 0:
            return
        if not value or inside or title or size > budget:
            continue
        budget -= size
        for row in range(top, bottom + 1):
            for column in range(left, right + 1):
                if (row, column) != (top, left):
                    sheet.cells.put(row, column, value)
