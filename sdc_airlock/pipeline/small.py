"""The small outputs of a request, read together: a file a person is a table that was cut into its rows."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Any

from sdc_airlock.checks import Check, Subject
from sdc_airlock.limits import Limits
from sdc_airlock.model.assessment import Assessment
from sdc_airlock.model.checkrun import CheckRun
from sdc_airlock.model.content import Container, Content, Grid, GridSource, Part, Table, TextPart, TextRole
from sdc_airlock.model.filetype import Family, FileType
from sdc_airlock.pipeline.runner import run_on_output
from sdc_airlock.readers._strings import told_blocks
from sdc_airlock.readers._tidy import recorded
from sdc_airlock.recognise import recognise

PART = "small outputs together"
_CHECKS = frozenset({"individual_rows", "genotypes", "direct_identifiers", "sample_identifiers"})
_SMALL = 2048
_MOST_LINES = 60
_MOST_ROWS = 5
_FEWEST = 12
_FEWEST_FIELDS = 3
_PAIR = ["name", "value"]
_INNER = re.compile("[!#]")


def told_lines(content: Content, size: int) -> tuple[str, ...]:
    """The lines of an output that is small enough to be one record among others, else nothing.

    Args:
        content: What was read of it.
        size: Its bytes.
    """
    return _lines(content.parts) if size <= _SMALL else ()


def _lines(parts: Iterable[Part]) -> tuple[str, ...]:
    """The lines of texts, or the rows of tables; of settings, whose numbers are told as a table and whose words as a text, both."""
    held = tuple(parts)
    texts = [part for part in held if isinstance(part, TextPart)]
    lines = [line.strip() for part in texts for line in part.text.splitlines()]
    if all(part.role is TextRole.CONFIG for part in texts):
        lines = [*(line for part in held for line in _rows(part)), *lines]
    filled = [line for line in lines if line]
    return tuple(filled) if len(filled) <= _MOST_LINES and sum(map(len, filled)) <= _SMALL else ()


def _rows(part: object) -> Iterator[str]:
    """The rows of a small table as lines."""
    if isinstance(part, Grid):
        yield from (", ".join(row) for row in part.rows)
    elif isinstance(part, Table) and part.sample_rows <= _MOST_ROWS:
        columns = [column.values.to_pylist() for column in part.columns]
        if [column.name for column in part.columns] == _PAIR:
            yield from (f"{name}: {value}" for name, value in zip(*columns, strict=True))
            return
        for row in zip(*columns, strict=True):
            yield from (f"{column.name}: {cell}" for column, cell in zip(part.columns, row, strict=True))


def run_on_small(
    assessments: Sequence[Assessment], checks: Sequence[Check], params: Mapping[str, Mapping[str, Any]], limits: Limits
) -> tuple[CheckRun, ...]:
    """The checks for records and genotypes on the small outputs, one a row; nothing where few are of one build."""
    groups: dict[tuple[str, int], dict[str, tuple[str, ...]]] = {}
    for assessment in assessments:
        if assessment.told:
            alike = groups.setdefault((assessment.file_type.label, len(assessment.told)), {})
            alike[assessment.file_id] = assessment.told
    parts = tuple(_together(tuple(group.values()) for group in groups.values() if len(group) >= _FEWEST))
    if not parts:
        return ()
    content = Content(file_id="", file_type=FileType(label="text", family=Family.TEXT), parts=parts)
    subject = Subject(claimed_name=PART, size_bytes=0, content=content, recognised=recognise(content, limits))
    return run_on_output(subject, [check for check in checks if check.id in _CHECKS], params)


def with_members_together(content: Content) -> Content:
    """The same with a grid for the small members of its containers that are of one build: a member a person is a table that was cut into its rows."""
    containers = [part.part_id for part in content.parts if isinstance(part, Container)]
    if not containers:
        return content
    members: dict[str, list[Part]] = defaultdict(list)
    for part in content.parts:
        holder = max((each for each in containers if part.part_id.startswith(f"{each}/")), key=len, default="")
        if holder:
            members[_INNER.split(part.part_id[len(holder) + 1 :])[0]].append(part)
    groups: dict[tuple[str, int], list[tuple[str, ...]]] = defaultdict(list)
    for name, parts in members.items():
        if lines := _lines(parts):
            groups[PurePosixPath(name).suffix, len(lines)].append(lines)
    together = tuple(_together(tuple(dict.fromkeys(group)) for group in groups.values() if len(group) >= _FEWEST))
    return replace(content, parts=(*content.parts, *together)) if together else content


def _together(groups: Iterator[tuple[tuple[str, ...], ...]]) -> Iterator[Grid]:
    """A grid for each build that the lines of a group share."""
    count = 0
    for group in groups:
        if rows := _named(group):
            count += 1
            yield Grid(part_id=f"{PART}!table{count}", rows=rows, source=GridSource.RECORDS, header_rows=1)
            continue
        for block in told_blocks(["; ".join(lines) for lines in group]):
            if (told := recorded(block, _FEWEST_FIELDS)) is not None:
                count += 1
                yield Grid(part_id=f"{PART}!table{count}", rows=told.rows, source=told.source, header_rows=told.header_rows)


def _named(group: Sequence[tuple[str, ...]]) -> tuple[tuple[str, ...], ...]:
    """The values under their names, where every line names its value and the names are those of all; else nothing."""
    names = tuple(line.partition(": ")[0] for line in group[0])
    if len(set(names)) < max(_FEWEST_FIELDS, len(names)) or not all(": " in line for lines in group for line in lines):
        return ()
    pairs = [{line.partition(": ")[0]: line.partition(": ")[2] for line in lines} for lines in group]
    if any(each.keys() != set(names) for each in pairs):
        return ()
    return (names, *(tuple(each[name] for name in names) for each in pairs))
