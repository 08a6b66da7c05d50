"""One worksheet's XML with some cells saying something else and formulas replaced by their results; every other byte stays as it was."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

from sdc_airlock.protect._tables import Refused
from sdc_airlock.readers._sheet import area, place
from sdc_airlock.readers._xml import local

Cell = tuple[int, int]


@dataclass(slots=True)
class _Found:
    """A cell element: where it begins and ends, its attributes, whether it has a value, and the span of its formula."""

    at: Cell
    tag: str
    start: int
    attributes: dict[str, str]
    end: int = 0
    valued: bool = False
    shared: str = ""
    formula: tuple[int, int] | None = None


@dataclass(slots=True)
class SheetCells:
    """The cells of one worksheet.

    Attributes:
        data: Its bytes.
        cells: By row and column, counted from 1.
        merges: Merged areas: first row, first column, last row, last column.
    """

    data: bytes
    cells: dict[Cell, _Found] = field(default_factory=dict)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)

    @property
    def formulas(self) -> int:
        """How many cells hold a formula."""
        return sum(cell.formula is not None for cell in self.cells.values())

    def holder(self, at: Cell) -> Cell:
        """The cell that holds what is seen at a place: of a merged area, its first."""
        found = self.cells.get(at)
        if found is not None and found.valued:
            return at
        for top, left, bottom, right in self.merges:
            if top <= at[0] <= bottom and left <= at[1] <= right:
                return top, left
        return at

    def strings(self) -> list[int]:
        """Shared strings that cells use, as often as they do."""
        return [int(cell.shared) for cell in self.cells.values() if cell.shared.isdigit()]

    def edited(self, edits: Mapping[Cell, str]) -> bytes:
        """The bytes with some cells saying something else, and no formula left.

        Raises:
            Refused: a cell is not there, or a formula has no result.
        """
        changes: list[tuple[int, int, bytes]] = []
        for at, cell in self.cells.items():
            if at in edits:
                changes.append((cell.start, cell.end, _written(cell, edits[at])))
            elif cell.formula is not None:
                if not cell.valued:
                    raise Refused("a formula in it has no result to take its place")
                changes.append((*cell.formula, b""))
        if edits.keys() - self.cells.keys():
            raise Refused("a cell was not found where its table has it")
        pieces, done = [], 0
        for start, end, words in sorted(changes):
            pieces += [self.data[done:start], words]
            done = end
        return b"".join([*pieces, self.data[done:]])


def _written(cell: _Found, words: str) -> bytes:
    """A cell of the same place and style that holds a number or a text."""
    kept = "".join(f" {name}={quoteattr(value)}" for name, value in cell.attributes.items() if local(name) in ("r", "s"))
    prefix = cell.tag[: -len("c")]
    numeric = cell.attributes.get("t", "n") == "n"
    try:
        if numeric and words.endswith("%"):
            words = repr(round(float(words[:-1]) / 100, 12))
        float(words)
    except ValueError:
        inner = f"<{prefix}is><{prefix}t>{escape(words)}</{prefix}t></{prefix}is>"
        return f'<{cell.tag}{kept} t="inlineStr">{inner}</{cell.tag}>'.encode()
    return f"<{cell.tag}{kept}><{prefix}v>{words}</{prefix}v></{cell.tag}>".encode()


class _Walker:
    """Takes the elements of a worksheet as they come."""

    def __init__(self, data: bytes) -> None:
        self.sheet = SheetCells(data)
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.text
        self.parser.StartDoctypeDeclHandler = self._refuse
        self.parser.EntityDeclHandler = self._refuse
        self.row = self.column = 0
        self.cell: _Found | None = None
        self.inside = ""
        self.formula_start = 0

    def _refuse(self, *_: object) -> None:
        raise Refused("a sheet in it is not plain XML")

    def walk(self) -> SheetCells:
        try:
            self.parser.Parse(self.sheet.data, True)  # noqa: FBT003 - expat's own interface
        except expat.ExpatError as error:
            raise Refused("a sheet in it is not plain XML") from error
        return self.sheet

    def start(self, name: str, attributes: dict[str, str]) -> None:
        short = local(name)
        if short == "row":
            number = attributes.get("r", "")
            self.row = int(number) if number.isdigit() else self.row + 1
            self.column = 0
        elif short == "c":
            at = place(attributes.get("r", ""))
            self.row, self.column = at or (max(self.row, 1), self.column + 1)
            self.cell = _Found((self.row, self.column), name, self.parser.CurrentByteIndex, attributes)
        elif short == "mergeCell" and (found := area(attributes.get("ref", ""))):
            self.sheet.merges.append(found)
        elif self.cell is not None:
            self.inside = short
            if short == "f":
                self.formula_start = self.parser.CurrentByteIndex

    def text(self, text: str) -> None:
        if self.cell is not None and self.inside in ("v", "t") and text:
            self.cell.valued = True
            if self.inside == "v" and self.cell.attributes.get("t") == "s":
                self.cell.shared += text.strip()

    def end(self, name: str) -> None:
        short = local(name)
        if self.cell is None:
            return
        after = self.sheet.data.index(b">", self.parser.CurrentByteIndex) + 1
        if short == "c":
            self.cell.end = after
            if self.cell.at in self.sheet.cells:
                raise Refused("a sheet in it names a cell twice")
            self.sheet.cells[self.cell.at] = self.cell
            self.cell = None
        elif short == "f":
            self.cell.formula = self.formula_start, after
        self.inside = ""


def cells_of(data: bytes) -> SheetCells:
    """The cells of a worksheet with their places in its bytes.

    Raises:
        Refused: it is no plain XML in UTF-8.
    """
    head = data[:200].lower()
    if data[:2] in (b"\xff\xfe", b"\xfe\xff") or (b"encoding=" in head and b"utf-8" not in head):
        raise Refused("a sheet in it is not written in UTF-8")
    return _Walker(data).walk()


__all__ = ["SheetCells", "cells_of"]
