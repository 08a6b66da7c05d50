"""JSON, NDJSON, YAML, TOML and INI."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Generator, Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

from sdc_airlock.errors import LimitReached, Malformed
from sdc_airlock.model.content import (
    Column,
    Grid,
    Oddity,
    OddityKind,
    Table,
    TextPart,
    TextRole,
)
from sdc_airlock.model.filetype import FileType
from sdc_airlock.readers import Item, Reading, gap, reader
from sdc_airlock.readers._acro import session_of
from sdc_airlock.readers._acrotext import text_of_record
from sdc_airlock.readers._attacks import attacks_of, rest_of_report
from sdc_airlock.readers._build import scalar_text, text_of
from sdc_airlock.readers._jsontext import NESTING, parse_line, parse_several
from sdc_airlock.readers._lines import split_lines
from sdc_airlock.readers._patterned import patterned_blocks
from sdc_airlock.readers._tidy import recorded
from sdc_airlock.readers._values import ValueReader
from sdc_airlock.readers._vectors import vector_blocks
from sdc_airlock.readers._written_models import written_model
from sdc_airlock.readers._yaml import yaml_values
from sdc_airlock.source import Source

if TYPE_CHECKING:
    import pyarrow as pa

LINE_BYTES = 16 << 20
BATCH_ROWS = 10_000
WIDEST = 5_000


@reader("json")
def json_document(source: Source, file_type: FileType, reading: Reading) -> Iterator[Item]:
    """A JSON document, or several one after another."""
    text, odd = text_of(source, reading)
    yield from odd
    values: list[Any] = []
    try:
        values.extend(parse_several(text))
    except Malformed as error:
        yield TextPart(part_id=source.part_id, text=text, role=TextRole.CONFIG, language="json")
        yield gap(source.part_id, error)
        return
    value = values[0] if len(values) == 1 else values
    session = session_of(value, source.part_id)
    if session is not None:
        yield session
        value = yield from _of_record(source, value)
    report = attacks_of(value, source.part_id)
    if report is not None:
        yield report
        value = rest_of_report(value)
    elif (model := written_model(value, source, reading)) is not None:
        yield model
    if session is None or value:
        yield from ValueReader(source.part_id, reading, depth=source.depth).read(value)


def _of_record(source: Source, value: Any) -> Generator[Item, None, Any]:
    """The words of the record of a session as texts; gives what of it is in no known form."""
    found = text_of_record(value)
    words = (("commands", TextRole.CODE, found.code), ("words", TextRole.PROSE, found.prose), ("settings", TextRole.CONFIG, found.settings))
    for name, role, texts in words:
        if texts:
            yield TextPart(part_id=f"{source.part_id}!{name}", text="\n".join(map(scalar_text, texts)), role=role)
    return found.rest


@reader("ndjson")
def ndjson(source: Source, file_type: FileType, reading: Reading) -> Iterator[Item]:
    """One JSON value a line: read whole where it is small, else as a table that is streamed."""
    records: list[Any] = []
    size = 0
    for line in _lines(source):
        size += len(line)
        if size > reading.limits.text_bytes // 2:
            yield from _streamed(source, reading)
            return
        records.append(_parsed(line))
    if not records:
        raise Malformed("no records")
    values = ValueReader(source.part_id, reading, depth=source.depth)
    if all(isinstance(record, dict) for record in records):
        yield from values.records(records)
    else:
        yield from values.read(records)


def _lines(source: Source) -> Iterator[bytes]:
    """Lines that are not blank.

    Raises:
        LimitReached: a line is too long.
    """
    with source.opener() as stream:
        first = True
        while line := stream.readline(LINE_BYTES + 1):
            if len(line) > LINE_BYTES:
                raise LimitReached("text_bytes", LINE_BYTES, len(line))
            line = line.removeprefix(b"\xef\xbb\xbf") if first else line
            first = False
            if line.strip(b" \t\r\n\x1e,"):
                yield line


def _parsed(line: bytes) -> Any:
    return parse_line(line.decode("utf-8", "replace").strip(" \t\r\n\x1e,"))


def _flat_row(value: Any) -> dict[str, str]:
    """A record with dotted names and text cells; lists are written as they would stand in JSON."""
    import json

    row: dict[str, str] = {}
    stack: list[tuple[str, Any]] = [("", value)]
    while stack:
        name, child = stack.pop()
        if isinstance(child, dict):
            stack.extend((f"{name}.{key}" if name else key, inner) for key, inner in reversed(child.items()))
            continue
        unique, count = name or "value", 2
        while unique in row:
            unique, count = f"{name} ({count})", count + 1
        row[unique] = scalar_text(json.dumps(child, ensure_ascii=False)) if isinstance(child, list) else scalar_text(child)
    return row


def _streamed(source: Source, reading: Reading) -> Iterator[Item]:
    import pyarrow as pa

    names: dict[str, None] = {}
    sample: list[dict[str, str]] = []
    rows = 0
    for rows, line in enumerate(_lines(source), 1):
        row = _flat_row(_parsed(line))
        names.update(dict.fromkeys(row))
        if len(names) > WIDEST:
            raise LimitReached("cells", WIDEST, len(names))
        if rows <= reading.limits.sample_rows:
            sample.append(row)
        if rows % BATCH_ROWS == 0:
            reading.spend()
    columns = tuple(
        Column(index=index, name=scalar_text(name), values=pa.array([row.get(name, "") for row in sample], pa.string()))
        for index, name in enumerate(names)
    )
    yield Table(part_id=source.part_id, columns=columns, n_rows=rows, named=True, batches=partial(_batches, source, tuple(names)))


def _batches(source: Source, names: tuple[str, ...]) -> Iterator[pa.RecordBatch]:
    held: list[dict[str, str]] = []
    for line in _lines(source):
        held.append(_flat_row(_parsed(line)))
        if len(held) == BATCH_ROWS:
            yield _batch(held, names)
            held = []
    if held:
        yield _batch(held, names)


def _batch(rows: list[dict[str, str]], names: tuple[str, ...]) -> pa.RecordBatch:
    import pyarrow as pa

    arrays = [pa.array([row.get(name, "") for row in rows], pa.string()) for name in names]
    return pa.RecordBatch.from_arrays(arrays, names=[scalar_text(name) for name in names])


@reader("yaml")
def yaml_document(source: Source, file_type: FileType, reading: Reading) -> Iterator[Item]:
    """YAML: the whole text, and the tables that stand in it. What is no YAML after all is text all the same."""
    text, odd = text_of(source, reading)
    yield from odd
    yield TextPart(part_id=source.part_id, text=text, role=TextRole.CONFIG, language="yaml")
    yield from _told(source, text, reading)
    yield from _repeated(source, text, reading)
    try:
        values = yaml_values(text)
    except Malformed as error:
        yield Oddity(part_id=source.part_id, kind=OddityKind.DAMAGED, detail=str(error))
        return
    for value in values:
        yield from ValueReader(f"{source.part_id}!data", reading, depth=source.depth, text_elsewhere=True).read(value)


@reader("toml")
def toml_document(source: Source, file_type: FileType, reading: Reading) -> Iterator[Item]:
    """TOML: the whole text, and the tables that stand in it."""
    import tomllib

    text, odd = text_of(source, reading)
    yield from odd
    yield TextPart(part_id=source.part_id, text=text, role=TextRole.CONFIG, language="toml")
    yield from _told(source, text, reading)
    try:
        value = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        yield Oddity(part_id=source.part_id, kind=OddityKind.DAMAGED, detail="not TOML")
        return
    except RecursionError:
        raise LimitReached("depth", NESTING, NESTING + 1) from None
    yield from ValueReader(f"{source.part_id}!data", reading, depth=source.depth, text_elsewhere=True).read(value)


def _told(source: Source, text: str, reading: Reading) -> Iterator[Item]:
    """Tables in the comments of a text of settings, and records that its lines tell in one build."""
    from sdc_airlock.readers.text import tables_in

    lines = split_lines(text)
    comments = [match[1] for line in lines if (match := _COMMENT.match(line))]
    if len(comments) >= _FEWEST_COMMENTS:
        yield from tables_in(f"{source.part_id}!comments", "\n".join(comments), TextRole.PROSE, reading=reading)
    for count, block in enumerate(
        (*(recorded(block, _FEWEST_FIELDS) or block for block in patterned_blocks(lines)), *vector_blocks(lines)), 1
    ):
        yield Grid(
            part_id=f"{source.part_id}!told{count}",
            rows=block.rows,
            source=block.source,
            first_row=1 + block.start,
            header_rows=block.header_rows,
        )


_COMMENT = re.compile(r"\s*[#;]++ ?(.*)$")
_FEWEST_COMMENTS = 5
_FEWEST_FIELDS = 3
_SECTION = re.compile(r"\s*\[([^\]\n]{1,200})\]\s*$")
_SETTING = re.compile(r"\s*([^=:#;\s][^=:]{0,200}?)\s*[=:](.*)$")
_NAME = re.compile(r"^([A-Za-z][\w .-]{0,60}?)\s*[:=]", re.MULTILINE)
_FEWEST_SECTIONS = 5
_FEWEST_SETTINGS = 2


@reader("ini")
def ini_document(source: Source, file_type: FileType, reading: Reading) -> Iterator[Item]:
    """Configuration in sections: the whole text."""
    del file_type
    text, odd = text_of(source, reading)
    yield from odd
    yield TextPart(part_id=source.part_id, text=text, role=TextRole.CONFIG, language="ini")
    yield from _told(source, text, reading)
    yield from _repeated(source, text, reading)
    sections = _sections(text)
    names = [set(section) for section in sections.values()]
    if len(names) >= _FEWEST_SECTIONS and len(set.intersection(*names)) >= _FEWEST_SETTINGS:
        yield from ValueReader(f"{source.part_id}!sections", reading, depth=source.depth, text_elsewhere=True).read(sections)


def _repeated(source: Source, text: str, reading: Reading) -> Iterator[Item]:
    """Tables of a text whose settings come again and again: blocks of named values, of which a parser would keep the last."""
    counts = Counter(_NAME.findall(text))
    if sum(count >= _FEWEST_SECTIONS for count in counts.values()) >= _FEWEST_SETTINGS:
        from sdc_airlock.readers.text import tables_in

        yield from tables_in(f"{source.part_id}!text", text, TextRole.PROSE, reading=reading)


def _sections(text: str) -> dict[str, dict[str, str]]:
    """Settings by section; those before the first section are left out."""
    found: dict[str, dict[str, str]] = {}
    current: dict[str, str] | None = None
    for line in text.splitlines():
        if head := _SECTION.match(line):
            current = found.setdefault(head[1], {})
        elif current is not None and (setting := _SETTING.match(line)):
            current[setting[1].strip()] = setting[2].strip()
    return {name: section for name, section in found.items() if section}
