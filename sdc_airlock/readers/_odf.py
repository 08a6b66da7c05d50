"""Content of an OpenDocument file, streamed: text and tables in their order, notes, deletions and what is not shown."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from sdc_airlock.errors import LimitReached
from sdc_airlock.readers._asides import ordinary_name
from sdc_airlock.readers._attributes import Told
from sdc_airlock.readers._cells import Cells
from sdc_airlock.readers._formulas import calls_out
from sdc_airlock.readers._looks import Looks
from sdc_airlock.readers._numbers import number_text, percent_text
from sdc_airlock.readers._xml import feed, local

_EXTERNAL = re.compile(r"'(?:file|https?|ftp)://[^']*'#", re.IGNORECASE)
_FETCHED = frozenset(
    {
        "image",
        "object",
        "object-ole",
        "table-source",
        "cell-range-source",
        "plugin",
        "applet",
        "floating-frame",
        "section-source",
        "template",
        "dde-source",
        "dde-connection-decl",
    }
)
_SCRIPTED = frozenset({"event-listener", "event", "script", "library-linked", "library-embedded"})
_SPACES = 1000
_MOST_ALIKE = 200  # cells beside each other of one look; an empty row may stand for a million
_ASIDE_ATTRIBUTES = frozenset(
    {"title", "message-type", "condition", "formula", "string-value", "current-value", "label", "value", "expression", "contains-error"}
)
_NAMED = frozenset(
    """
    user-field-decl variable-decl variable-set user-field-get user-defined bookmark bookmark-start reference-mark reference-mark-start frame
    object section table sheet page layer g rect custom-shape line path image-map area-rectangle alphabetical-index-mark toc-mark user-index-mark
    sequence-decl placeholder conditional-text hidden-text database-range data-pilot-table data-pilot-member filter-condition creator
    """.split()
)
_TELLING = (
    "name",
    "string-value",
    "formula",
    "value",
    "title",
    "description",
    "display",
    "condition",
    "target-range-address",
    "string-value-if-true",
)
_FORM = frozenset(
    {
        "text",
        "textarea",
        "checkbox",
        "radio",
        "listbox",
        "combobox",
        "option",
        "item",
        "button",
        "formatted-text",
        "number",
        "date",
        "value-range",
        "property",
        "hidden",
    }
)
# signs that names of styles cannot hold: "Heading_20_1"
_WRITTEN_AS_CODE = re.compile(r"_([0-9a-f]{2})_")


@dataclass
class OdfTable:
    """One table and what is noted of its cells."""

    name: str
    cells: Cells
    before: str
    hidden_sheet: bool = False
    hidden: int = 0
    row: int = 0
    column: int = 0
    row_repeat: int = 1
    row_hidden: bool = False
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)
    columns: int = 0
    header_rows: int = 0
    looks: Looks = field(default_factory=Looks)


@dataclass
class Odf:
    """What was read of one part.

    Attributes:
        lines: Text outside tables, paragraph by paragraph.
        tables: Tables in the order they end.
        deleted, unseen, notes: Texts of tracked deletions, of hidden styles and fields, of comments.
        asides: Texts in attributes and settings.
        told: Values of attributes that may be records.
        external: References that fetch from outside; calling: formulas that do, or that call other programs; scripts: event listeners and macro libraries.
        links: Targets of plain links.
    """

    limit: int
    lines: list[str] = field(default_factory=list)
    tables: list[OdfTable] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)
    unseen: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    asides: list[str] = field(default_factory=list)
    told: Told = field(default_factory=Told)
    links: list[str] = field(default_factory=list)
    external: int = 0
    calling: int = 0
    scripts: int = 0


@dataclass
class _Cell:
    kind: str
    value: str
    repeat: int
    span: int
    lines: list[str] = field(default_factory=list)


class _Walker:
    """State of the walk."""

    def __init__(self, odf: Odf) -> None:
        self.odf = odf
        self.tables: list[OdfTable] = []
        self.cells: list[_Cell] = []
        self.paragraphs: list[list[str]] = []
        self.targets: list[list[str]] = []
        self.unseen_styles: set[str] = set()
        self.unseen_depth: list[int] = []
        self.style = ""
        self.hidden_tables: set[str] = set()
        self.depth = 0
        self.in_body = False
        self.header = False

    def start(self, name: str, raw: dict[str, str]) -> None:
        self.depth += 1
        attributes = {local(key): value for key, value in raw.items()}
        for key, value in attributes.items():
            self.odf.told.add(key, _WRITTEN_AS_CODE.sub(lambda match: chr(int(match.group(1), 16)), value))
        handler = getattr(self, "on_" + name.replace("-", "_"), None)
        if handler is not None:
            handler(attributes)
        if name in _SCRIPTED:
            self.odf.scripts += 1
        href = attributes.get("href", "")
        if "://" in href:
            if name in _FETCHED:
                self.odf.external += 1
            self.odf.links.append(href)
        elif name.startswith("dde-") or "dde-application" in attributes:
            self.odf.external += 1
        if name in _FORM and (
            texts := [attributes[key] for key in ("value", "current-value", "label", "string-value") if key in attributes]
        ):
            self.odf.asides += [text for text in texts if len(text) > 1]
        if name in _NAMED:
            told = [attributes[key] for key in _TELLING if key in attributes and not ordinary_name(attributes[key])]
            self.odf.asides += [", ".join(told)] if told else []
        if name in ("named-range", "named-expression", "content-validation", "help-message", "error-message"):
            self.odf.asides += [value for key, value in attributes.items() if key in ("name", "expression", "condition", "title")]
        if attributes.get("style-name", "") in self.unseen_styles and name in ("p", "h", "span", "section"):
            self.unseen_depth.append(self.depth)

    def end(self, name: str) -> None:
        handler = getattr(self, "off_" + name.replace("-", "_"), None)
        if handler is not None:
            handler()
        if self.unseen_depth and self.unseen_depth[-1] == self.depth:
            self.unseen_depth.pop()
        self.depth -= 1

    def text(self, text: str) -> None:
        if self.paragraphs:
            self.paragraphs[-1].append(text)
            if self.unseen_depth and text.strip():
                self.odf.unseen.append(text)
        elif self.in_body and text.strip():
            self.odf.asides.append(text.strip())

    def comment(self, text: str) -> None:
        if text.strip():
            self.odf.notes.append(text.strip())

    # styles

    def on_style(self, attributes: dict[str, str]) -> None:
        self.style = attributes.get("name", "")

    def on_text_properties(self, attributes: dict[str, str]) -> None:
        if attributes.get("display") in ("none", "true"):
            self.unseen_styles.add(self.style)

    def on_table_properties(self, attributes: dict[str, str]) -> None:
        if attributes.get("display") == "false":
            self.hidden_tables.add(self.style)

    # text

    def on_body(self, _attributes: dict[str, str]) -> None:
        self.in_body = True

    def off_body(self) -> None:
        self.in_body = False

    def on_p(self, _attributes: dict[str, str]) -> None:
        self.paragraphs.append([])

    on_h = on_p

    def off_p(self) -> None:
        text = "".join(self.paragraphs.pop())
        if self.targets:
            self.targets[-1].append(text)
        elif self.cells:
            self.cells[-1].lines.append(text)
        else:
            self.odf.lines.append(text)

    off_h = off_p

    def on_s(self, attributes: dict[str, str]) -> None:
        count = attributes.get("c", "1")
        self.piece(" " * (min(int(count), _SPACES) if count.isdigit() else 1))

    def on_tab(self, _attributes: dict[str, str]) -> None:
        self.piece("\t")

    def on_line_break(self, _attributes: dict[str, str]) -> None:
        self.piece("\n")

    def piece(self, text: str) -> None:
        if self.paragraphs:
            self.paragraphs[-1].append(text)

    def on_hidden_text(self, attributes: dict[str, str]) -> None:
        self.odf.unseen.append(attributes.get("string-value", ""))

    on_hidden_paragraph = on_hidden_text

    def on_section(self, attributes: dict[str, str]) -> None:
        if attributes.get("display") == "none":
            self.unseen_depth.append(self.depth)

    def on_annotation(self, _attributes: dict[str, str]) -> None:
        self.targets.append(self.odf.notes)
        self.paragraphs.append([])

    def off_annotation(self) -> None:
        rest = "".join(self.paragraphs.pop()).strip()
        self.targets.pop()
        if rest:
            self.odf.notes.append(rest)

    def on_tracked_changes(self, _attributes: dict[str, str]) -> None:
        self.targets.append(self.odf.deleted)

    def off_tracked_changes(self) -> None:
        self.targets.pop()

    # tables

    def on_table(self, attributes: dict[str, str]) -> None:
        before = next((line for line in reversed(self.odf.lines) if line.strip()), "") if not self.cells else ""
        hidden = attributes.get("style-name", "") in self.hidden_tables or attributes.get("display") == "false"
        self.tables.append(OdfTable(name=attributes.get("name", ""), cells=Cells(limit=self.odf.limit), before=before, hidden_sheet=hidden))

    def off_table(self) -> None:
        if self.tables:
            self.odf.tables.append(self.tables.pop())

    def on_table_header_rows(self, _attributes: dict[str, str]) -> None:
        self.header = True

    def off_table_header_rows(self) -> None:
        self.header = False

    def on_table_column(self, attributes: dict[str, str]) -> None:
        if self.tables:
            table = self.tables[-1]
            repeat = _count(attributes.get("number-columns-repeated"))
            if attributes.get("visibility") in ("collapse", "filter"):
                table.hidden_columns.append((table.columns + 1, table.columns + repeat))
            table.columns += repeat

    def on_table_row(self, attributes: dict[str, str]) -> None:
        if self.tables:
            table = self.tables[-1]
            table.row += 1
            table.column = 0
            table.row_repeat = _count(attributes.get("number-rows-repeated"))
            table.row_hidden = attributes.get("visibility") in ("collapse", "filter")
            if self.header and table.header_rows == table.row - 1:
                table.header_rows = table.row

    def off_table_row(self) -> None:
        if self.tables:
            self.tables[-1].row += self.tables[-1].row_repeat - 1

    def on_table_cell(self, attributes: dict[str, str]) -> None:
        kind = attributes.get("value-type", "")
        value = attributes.get({"date": "date-value", "boolean": "boolean-value", "string": "string-value"}.get(kind, "value"), "")
        span = _count(attributes.get("number-columns-spanned"))
        if self.tables:
            table = self.tables[-1]
            for _ in range(min(_count(attributes.get("number-columns-repeated")), _MOST_ALIKE)):
                table.looks.add("cell", table.row, {"style": attributes.get("style-name", "")})
        self.cells.append(_Cell(kind, value, _count(attributes.get("number-columns-repeated")), span))
        formula = attributes.get("formula", "")
        if formula and _EXTERNAL.search(formula):
            self.odf.external += 1
        if formula and calls_out(formula):
            self.odf.calling += 1
        if '"' in formula:
            self.odf.asides.append(formula)

    on_covered_table_cell = on_table_cell

    def off_table_cell(self) -> None:
        cell = self.cells.pop()
        if not self.tables:
            return
        table = self.tables[-1]
        text = _cell_text(cell)
        first = table.column + 1
        table.column += cell.repeat
        if not text:
            return
        if cell.repeat * table.row_repeat > self.odf.limit - table.cells.count:
            raise LimitReached("cells", self.odf.limit, cell.repeat * table.row_repeat)
        for row in range(table.row, table.row + table.row_repeat):
            for column in range(first, first + cell.repeat):
                table.cells.put(row, column, text)
                if table.row_hidden or any(low <= column <= high for low, high in table.hidden_columns):
                    table.hidden += 1

    off_covered_table_cell = off_table_cell


def _count(text: str | None) -> int:
    return max(1, int(text)) if text and text.isascii() and text.isdigit() and len(text) < 10 else 1


def _cell_text(cell: _Cell) -> str:
    shown = "\n".join(line for line in cell.lines if line).strip()
    if cell.kind in ("float", "currency") and cell.value:
        return number_text(cell.value)
    if cell.kind == "percentage" and cell.value:
        return percent_text(cell.value)
    if cell.kind == "date" and cell.value:
        return cell.value.removesuffix("T00:00:00").replace("T", " ")
    if cell.kind == "boolean" and cell.value:
        return cell.value.upper()
    return shown or cell.value


def walk_odf(chunks: Iterable[bytes], odf: Odf) -> None:
    """Walk one part and fill `odf`, which keeps what was read when an error breaks the walk off.

    Raises:
        Malformed: not well-formed.
        LimitReached: too many cells.
    """
    walker = _Walker(odf)
    try:
        feed(chunks, start=walker.start, end=walker.end, text=walker.text, comment=walker.comment)
    finally:
        while walker.tables:
            walker.off_table()
