"""Tables printed as one block of `name: value` lines a record, and records that begin with a mark."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from sdc_airlock.model.content import GridSource
from sdc_airlock.readers._block import Block

_PAIR = re.compile(r"\s*(?:[-*] )?[\"']?([A-Za-z_][\w .()/%#-]{0,40}?)[\"']?\s*(?:[:=|](?![\\/])|\.{3,})\s*(\S.*)")
_MARK = re.compile(r">+\s*(\S.{0,200})")
_SYMBOLS = re.compile(r"[0-9A-Za-z?.*|/-]+(?: [0-9A-Za-z?.*|/-]{1,3})*")
_RECORD_BREAK = re.compile(r"\s*(?:[*=\-_#]{3,}.{0,40}|-\[ ?RECORD \d+ ?\][-+]*|\d{1,6}[.:)]?|[{}\[\],]+)\s*")


def named_records(lines: Sequence[str], taken: Sequence[bool]) -> Iterator[Block]:
    """Blocks of `name: value` lines whose names come again and again."""
    run: list[tuple[int, tuple[str, str]]] = []
    for place in range(len(lines) + 1):
        line = lines[place] if place < len(lines) and not taken[place] else None
        if line is not None and (not line.strip() or _RECORD_BREAK.fullmatch(line)):
            continue
        match = _PAIR.fullmatch(line.rstrip(" ,;")) if line is not None and len(line) < 400 else None
        if match:
            run.append((place, (match[1].strip(), match[2].strip().strip("\"'"))))
            continue
        if run:
            yield from _record_block(run)
        run = []


def _record_block(run: Sequence[tuple[int, tuple[str, str]]]) -> Iterator[Block]:
    """A grid of records where the first name comes three times or more, and the names between are mostly the same."""
    names = [pair[0] for _, pair in run]
    first = next((name for name in names[:3] if names.count(name) >= 3), None)
    if first is None:
        return
    header: list[str] = []
    records: list[dict[str, str]] = []
    for _, (name, value) in run:
        if name == first or not records:
            records.append({})
        if name not in header:
            header.append(name)
        record = records[-1]
        record[name] = f"{record[name]} {value}" if name in record else value
    filled = sum(map(len, records)) / (len(records) * len(header))
    if not 2 <= len(header) <= 500 or filled < 0.5:
        return
    rows = [tuple(header), *(tuple(record.get(name, "") for name in header) for record in records)]
    yield Block(run[0][0], run[-1][0] + 1, tuple(rows), GridSource.RECORDS, 1)


def marked(lines: Sequence[str], taken: Sequence[bool]) -> Iterator[Block]:
    """Records of a `> name` line and a line or more of symbols, as sequences are written."""
    start = None
    records: list[tuple[str, str]] = []
    for place in range(len(lines) + 1):
        line = lines[place].strip() if place < len(lines) and not taken[place] else ""
        name = _MARK.fullmatch(line)
        if name:
            start = place if start is None else start
            records.append((name[1], ""))
        elif records and line and _SYMBOLS.fullmatch(line):
            records[-1] = (records[-1][0], f"{records[-1][1]} {line}".strip())
        elif not (records and not line and place < len(lines) and not taken[place]):
            if start is not None and sum(bool(symbols) for _, symbols in records) >= max(3, len(records) - 1):
                yield Block(start, place, tuple(records), GridSource.RECORDS, 0)
            start, records = None, []
