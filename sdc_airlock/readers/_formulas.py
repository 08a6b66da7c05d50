"""Formulas that call out of their file, in workbooks and in cells of delimited text, which spreadsheets take for formulas."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from sdc_airlock.model.content import Oddity, OddityKind

# functions that fetch, send, or start something
_NAMES = (
    "CALL CUBEKPIMEMBER CUBEMEMBER CUBEMEMBERPROPERTY CUBERANKEDMEMBER CUBESET CUBEVALUE DDE EXEC GOOGLEFINANCE IMAGE IMPORTDATA IMPORTFEED IMPORTHTML "
    "IMPORTRANGE IMPORTXML PY REGISTER REGISTER.ID RTD SQL.REQUEST STOCKHISTORY WEBSERVICE"
).split()
_CALL = re.compile(rf"(?<![A-Za-z0-9_])(?:{'|'.join(map(re.escape, _NAMES))})\s{{0,4}}\(", re.IGNORECASE)
# program|'topic'!item
_DDE = re.compile(r"\w'?\|'?[^|!]{1,255}!")
_LINK = re.compile(r"(?<![A-Za-z0-9_.])HYPERLINK\s{0,4}\(([^,;)]{0,2000})", re.IGNORECASE)
_TEXTS = re.compile(r'"[^"]*"')
_PUT_TOGETHER = re.compile(r"&|\b(?:CONCAT\w*|TEXTJOIN)\s{0,4}\(", re.IGNORECASE)
_WITHIN = ('"#', '"mailto:')  # links to places of the workbook itself, and to letters
_BEGINS = re.compile(r"[\t\r ]*([=+\-@])")
_WORKS_OUT = re.compile(r"[\t\r ]*=[-+(]?[A-Z][A-Z0-9.]{1,20}\(")
_GAP = re.compile(r"(?<=\w)\s+\(")
_STARTS = re.compile(rb"(?:^|[,;\t\"' ])[=+@-][^|!]{0,255}\|[^|!]{1,255}!")
_LONGEST = 8_192
# what is looked for in lower case before anything else is done; short names only as calls
_WANTED = (*(name.lower().encode() for name in (*_NAMES, "HYPERLINK") if len(name) > 4), b"dde(", b"rtd(", b"call(", b"exec(", b"py(")


def calls_out(formula: str) -> bool:
    """True for a formula that fetches from an address or another program, or that links to an address made of cells."""
    if "(" not in formula and "|" not in formula:
        return False
    if _CALL.search(formula) or _DDE.search(_TEXTS.sub('""', formula)):
        return True
    return any(
        _PUT_TOGETHER.search(_TEXTS.sub('""', match[1])) and not match[1].lstrip().startswith(_WITHIN) for match in _LINK.finditer(formula)
    )


def formula_oddities(part_id: str, rows: Iterable[Iterable[str]]) -> Iterator[Oddity]:
    """Say how many cells of text a spreadsheet would take for formulas: those that call out, and those that only calculate."""
    calling = working = 0
    for row in rows:
        for cell in row:
            if cell and cell[0] in "=+-@\t\r " and ("(" in cell or "|" in cell):
                calls, works = _cell(cell[:_LONGEST])
                calling += calls
                working += works
    if calling:
        yield Oddity(part_id=part_id, kind=OddityKind.CALLING_FORMULA, detail="cells of text", size=calling)
    if working:
        yield Oddity(part_id=part_id, kind=OddityKind.CELL_FORMULA, detail="cells of text", size=working)


def _cell(cell: str) -> tuple[bool, bool]:
    """Whether a cell calls out, and whether it only calculates."""
    begins = _BEGINS.match(cell)
    if not begins:
        return False, False
    # words with a remark in brackets begin with a sign more often than formulas do
    formula = cell if begins[1] == "=" else _GAP.sub(" : (", cell)
    if calls_out(formula):
        return True, False
    return False, bool(_WORKS_OUT.match(cell))


class FormulaSearch:
    """The same for delimited text too long to hold, a piece at a time, where only calling formulas are looked for.

    Args:
        cut: Makes rows of lines.
    """

    def __init__(self, cut: Callable[[Sequence[str]], Iterable[Sequence[str]]]) -> None:
        self._cut = cut
        self._rest = b""
        self._calling = 0

    def take(self, chunk: bytes) -> None:
        """Look through the next bytes of the text, as UTF-8; none at its end."""
        if chunk and not (_may_call(self._rest) or _may_call(chunk)):
            end = chunk.rfind(b"\n") + 1
            self._rest = chunk[end:] if end else b""
            return
        data = self._rest + chunk if self._rest else chunk
        end = (data.rfind(b"\n") + 1 or len(data)) if chunk else len(data)
        self._calling += _calling_in(data[:end], self._cut)
        self._rest = data[end:]

    def oddities(self, part_id: str) -> Iterator[Oddity]:
        """What was found."""
        if self._calling:
            yield Oddity(part_id=part_id, kind=OddityKind.CALLING_FORMULA, detail="cells of text", size=self._calling)


def _may_call(data: bytes) -> bool:
    """False where no formula in a text calls out: it needs a bracket or a bar for that."""
    return b"(" in data or b"|" in data


def _calling_in(data: bytes, cut: Callable[[Sequence[str]], Iterable[Sequence[str]]]) -> int:
    program = b"|" in data and b"!" in data
    if b"(" not in data and not program:
        return 0
    small = data.lower()
    wanted = [name for name in _WANTED if name in small]
    if not wanted and not program:
        return 0
    lines = [
        line
        for line, plain in zip(data.split(b"\n"), small.split(b"\n"), strict=True)
        if any(name in plain for name in wanted) or (program and b"!" in line and _STARTS.search(line))
    ]
    rows = cut([line.decode("utf-8", "replace") for line in lines])
    return sum(_cell(cell[:_LONGEST])[0] for row in rows for cell in row if cell and ("(" in cell or "|" in cell))
