"""Records of binary workbooks (xls, xlsb): how far the cells reach, and what a values-only library passes over."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from sdc_airlock.errors import Encrypted

# records of xls
_BOF, _FILEPASS, _ROW, _COLINFO, _TXO, _CONTINUE = 0x809, 0x2F, 0x208, 0x7D, 0x1B6, 0x3C
_SUPBOOK, _EXTERN_CELLS, _PICTURES, _NOTE, _LABEL = 0x1AE, 0x5A, 0xEB, 0x1C, 0x204
_CHART_NUMBER = 0x203
_CELLS = frozenset({0x06, 0xFD, 0x27E, 0x203, 0x204, 0x205, 0xBD, 0xD6})
_RUN = 0xBD  # several numbers in one record
_SELF = (b"\x01\x04", b"\x01\x3a")
_CHART = 0x20
_WORKBOOK = 5
# records of xlsb
_BINARY_ROW, _BINARY_CELLS = 0, range(1, 12)


@dataclass
class Reach:
    """Cells of one sheet: how many, and the rectangle that holds them."""

    cells: int = 0
    rows: tuple[int, int] = (1 << 30, -1)
    columns: tuple[int, int] = (1 << 30, -1)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)

    def add(self, row: int, first: int, last: int) -> None:
        """Count cells of a row."""
        self.cells += last - first + 1
        self.rows = (min(self.rows[0], row), max(self.rows[1], row))
        self.columns = (min(self.columns[0], first), max(self.columns[1], last))

    @property
    def area(self) -> int:
        """Cells of the rectangle."""
        return max(0, self.rows[1] - self.rows[0] + 1) * max(0, self.columns[1] - self.columns[0] + 1) if self.cells else 0


@dataclass
class Facts:
    """What the records say beside the values.

    Attributes:
        sheets: Reach of each sheet, in the order of the file.
        texts: Texts of comments and text boxes.
        charts: Numbers kept with charts, one list a chart.
        external: Other workbooks or programs referred to; external_cells: rows of them that are kept.
        pictures: Bytes of pictures.
    """

    sheets: list[Reach] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    charts: list[list[str]] = field(default_factory=list)
    external: int = 0
    external_cells: int = 0
    pictures: int = 0


def _records(data: bytes) -> Iterator[tuple[int, bytes]]:
    position = 0
    while position + 4 <= len(data):
        kind, length = struct.unpack_from("<HH", data, position)
        yield kind, data[position + 4 : position + 4 + length]
        position += 4 + length


def xls_facts(data: bytes) -> Facts:
    """Walk the workbook stream of an xls file.

    Raises:
        Encrypted: the workbook asks for a password.
    """
    facts = Facts()
    waiting_text = False
    stack: list[int] = []
    for kind, body in _records(data):
        if kind == _FILEPASS:
            raise Encrypted("the workbook is encrypted")
        if waiting_text and kind == _CONTINUE:
            facts.texts.append(body[1:].decode("utf-16-le" if body[:1] == b"\x01" else "latin-1", "replace"))
            waiting_text = False
        elif kind == _BOF:
            stack.append(int.from_bytes(body[2:4], "little"))
            if stack[-1] == _CHART:
                facts.charts.append([])
            elif stack[-1] != _WORKBOOK:
                facts.sheets.append(Reach())
        elif kind == 0x0A and stack:
            stack.pop()
        elif kind == _TXO:
            waiting_text = int.from_bytes(body[10:12], "little") > 0
        elif kind == _SUPBOOK:
            facts.external += len(body) != 4 or body[2:4] not in _SELF
        elif kind == _EXTERN_CELLS:
            facts.external_cells += 1
        elif kind == _PICTURES:
            facts.pictures += len(body)
        elif stack and stack[-1] == _CHART:
            if kind == _CHART_NUMBER and len(body) >= 14:
                facts.charts[-1].append(repr(struct.unpack_from("<d", body, 6)[0]))
            elif kind == _LABEL and len(body) > 9:
                facts.charts[-1].append(body[9:].decode("utf-16-le" if body[8] & 1 else "latin-1", "replace"))
        elif facts.sheets:
            _sheet_record(kind, body, facts.sheets[-1])
    return facts


def _sheet_record(kind: int, body: bytes, sheet: Reach) -> None:
    if kind in _CELLS and len(body) >= 4:
        row, column = struct.unpack_from("<HH", body)
        last = int.from_bytes(body[-2:], "little") if kind == _RUN else column
        sheet.add(row, column, max(column, last))
    elif kind == _ROW and len(body) >= 14 and body[12] & 0x20:
        sheet.hidden_rows.add(int.from_bytes(body[:2], "little"))
    elif kind == _COLINFO and len(body) >= 10 and body[8] & 1:
        sheet.hidden_columns.append(struct.unpack_from("<HH", body))


def xlsb_reach(data: bytes) -> Reach:
    """How far the cells of one sheet of an xlsb file reach."""
    reach = Reach()
    position, row = 0, 0
    while position < len(data):
        kind, position = _variable(data, position, 2)
        length, position = _variable(data, position, 4)
        body = data[position : position + length]
        position += length
        if kind == _BINARY_ROW and len(body) >= 4:
            row = int.from_bytes(body[:4], "little")
            if len(body) >= 12 and body[11] & 0x10:
                reach.hidden_rows.add(row)
        elif kind in _BINARY_CELLS and len(body) >= 4:
            column = int.from_bytes(body[:4], "little")
            reach.add(row, column, column)
    return reach


def _variable(data: bytes, position: int, most: int) -> tuple[int, int]:
    """A number of seven bits a byte (record kinds keep their high bits, as the format counts them)."""
    value = shift = 0
    for _ in range(most):
        if position >= len(data):
            break
        byte = data[position]
        position += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if not byte & 0x80:
            break
    return value, position
