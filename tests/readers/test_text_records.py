"""Records of people written as text: statements, markup tables, sections, settings, messages."""

from __future__ import annotations

import base64
import json
import quopri
from collections.abc import Callable

import pytest

from sdc_airlock.identify import identify
from sdc_airlock.limits import Limits
from sdc_airlock.model.content import Content, Grid, Table
from sdc_airlock.readers import read
from sdc_airlock.source import Source

NAMES = ("participant_id", "sex", "age", "diagnosis")
ROWS = [(str(1234567 + 4321 * row), "MF"[row % 2], str(20 + row * 7 % 60), ("I10", "E11", "C50")[row % 3]) for row in range(40)]
CSV = "\n".join(",".join(row) for row in (NAMES, *ROWS)) + "\n"
WIDTHS = (14, 4, 4, 10)
HEAD = "From: a@example.org\nTo: b@example.org\nSubject: Results\nMIME-Version: 1.0\n"


def aligned(row: tuple[str, ...]) -> str:
    """Cells in columns of fixed width."""
    return " ".join(cell.ljust(width) for cell, width in zip(row, WIDTHS, strict=True))


def settings(row: tuple[str, ...], parting: str = " = ", start: int = 1, quote: str = "") -> str:
    """One setting a line."""
    pairs = list(zip(NAMES, row, strict=True))[start:]
    return "".join(f"{name}{parting}{quote}{value}{quote}\n" for name, value in pairs)


def markup(tag: str, row: tuple[str, ...]) -> str:
    """A row of a page."""
    return "<tr>" + "".join(f"<{tag}>{cell}</{tag}>" for cell in row) + "</tr>"


RULE = " ".join("=" * width for width in WIDTHS)
LINE = "+" + "+".join("-" * (width + 2) for width in WIDTHS) + "+\n"
PAGE = "<html><body><table>" + markup("th", NAMES) + "".join(markup("td", row) for row in ROWS) + "</table></body></html>"
ATTACHED = (
    'Content-Type: multipart/mixed; boundary="xx"\n\n--xx\nContent-Type: text/plain\n\nHello\n\n--xx\nContent-Type: application/octet-stream\n'
    'Content-Transfer-Encoding: base64\nContent-Disposition: attachment; filename="a.bin"\n\n'
    + base64.encodebytes(CSV.encode()).decode()
    + "\n--xx--\n"
)
TEXTS: dict[str, Callable[[], str]] = {
    "rows.sql": lambda: "INSERT INTO p (" + ", ".join(NAMES) + ") VALUES\n" + ",\n".join("('" + "', '".join(row) + "')" for row in ROWS) + ";\n",
    "each.sql": lambda: "".join("INSERT INTO p VALUES ('" + "', '".join(row) + "');\n" for row in ROWS),
    "copy.sql": lambda: "COPY p (" + ", ".join(NAMES) + ") FROM stdin;\n" + "".join("\t".join(row) + "\n" for row in ROWS) + "\\.\n",
    "simple.rst": lambda: f"Title\n=====\n\n{RULE}\n{aligned(NAMES)}\n{RULE}\n" + "".join(aligned(row) + "\n" for row in ROWS) + RULE + "\n",
    "grid.rst": lambda: "Title\n=====\n\n" + LINE + LINE.join("| " + " | ".join(cell.ljust(width) for cell, width in zip(row, WIDTHS, strict=True)) + " |\n" for row in (NAMES, *ROWS)) + LINE,
    "csv-table.rst": lambda: "Title\n=====\n\n.. csv-table:: People\n   :header: " + ",".join(NAMES) + "\n\n" + "".join("   " + ",".join(row) + "\n" for row in ROWS),
    "list-table.rst": lambda: "Title\n=====\n\n.. list-table:: People\n   :header-rows: 1\n\n" + "".join("   * - " + "\n     - ".join(row) + "\n" for row in (NAMES, *ROWS)),
    "a.org": lambda: "* People\n\n| " + " | ".join(NAMES) + " |\n|---+---+---+---|\n" + "".join("| " + " | ".join(row) + " |\n" for row in ROWS),
    "a.tex": lambda: "\\documentclass{article}\\begin{document}\n\\begin{tabular}{llll}\n" + "".join(" & ".join(row) + " \\\\\n" for row in ROWS) + "\\end{tabular}\n\\end{document}\n",
    "list.yaml": lambda: "people:\n" + "".join("  - " + settings(row, ": ", 0).replace("\n", "\n    ").rstrip() + "\n" for row in ROWS),
    "map.yaml": lambda: "people:\n" + "".join(f'  "{row[0]}":\n    ' + settings(row, ": ").replace("\n", "\n    ").rstrip() + "\n" for row in ROWS),
    "list.toml": lambda: "".join("[[people]]\n" + settings(row, " = ", 0, '"') for row in ROWS),
    "map.toml": lambda: "".join(f'[people."{row[0]}"]\n' + settings(row, " = ", 1, '"') for row in ROWS),
    "a.ini": lambda: "".join(f"[{row[0]}]\n" + settings(row) + "\n" for row in ROWS),
    "attributes.xml": lambda: "<people>" + "".join("<p " + " ".join(f'{n}="{v}"' for n, v in zip(NAMES, row, strict=True)) + "/>\n" for row in ROWS) + "</people>",
    "pairs.log": lambda: "".join(f"2024-01-01 10:00:{number:02d} INFO read " + " ".join(f"{n}={v}" for n, v in zip(NAMES, row, strict=True)) + "\n" for number, row in enumerate(ROWS)),
    "objects.log": lambda: "".join(f"2024-01-01 10:00:{number:02d} INFO {json.dumps(dict(zip(NAMES, row, strict=True)))}\n" for number, row in enumerate(ROWS)),
    "blocks.txt": lambda: "\n".join(settings(row, ": ", 0) for row in ROWS),
    "attached.eml": lambda: HEAD + ATTACHED,
    "quoted.eml": lambda: HEAD + "Content-Type: text/plain\nContent-Transfer-Encoding: quoted-printable\n\n" + quopri.encodestring(CSV.encode(), quotetabs=True).decode(),
    "page.eml": lambda: HEAD + "Content-Type: text/html\n\n" + PAGE + "\n",
    "header.eml": lambda: HEAD + "X-Data: " + base64.b64encode(CSV.encode()).decode() + "\nContent-Type: text/plain\n\nHello\n",
    "prologue.eml": lambda: HEAD + 'Content-Type: multipart/mixed; boundary="xx"\n\n' + CSV + "\n--xx\nContent-Type: text/plain\n\nHello\n\n--xx--\n",
    "a.mbox": lambda: ("From a@example.org Mon Jan  1 00:00:00 2024\n" + HEAD + "\nHello\n\n") * 2 + "From a@example.org Mon Jan  1 00:00:00 2024\n" + HEAD + ATTACHED,
}  # fmt: skip


def opened(data: bytes, name: str) -> Content:
    """What the readers say of a text."""
    source = Source.of_bytes(data, part_id=name, name=name)
    return read(source, identify(source), file_id="", limits=Limits())


def cells(content: Content) -> set[str]:
    """Every cell of every table."""
    found: set[str] = set()
    for part in content.parts:
        if isinstance(part, Grid):
            found.update(cell.strip("'\"() ;") for row in part.rows for cell in row)
        elif isinstance(part, Table):
            found.update(str(cell) for column in part.columns for cell in column.values.to_pylist())
    return found


@pytest.mark.parametrize("name", TEXTS)
def test_records_in_text_are_cells(name: str) -> None:
    """However rows are written, the identifier and the diagnosis of each person are cells."""
    found = cells(opened(TEXTS[name]().encode(), name))
    assert {row[0] for row in ROWS[1:]} <= found
    assert {"I10", "E11", "C50"} <= found


def test_sections_of_settings_are_no_records() -> None:
    """A configuration whose sections share nothing is text alone."""
    text = "[paths]\ndata = /data\n[model]\nalpha = 0.1\n[plot]\nwidth = 5\n[log]\nlevel = info\n[seed]\nvalue = 4\n"
    assert not cells(opened(text.encode(), "a.ini"))
