"""Python pickles of any protocol, and what joblib makes of them. Followed opcode by opcode, never loaded."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from sdc_airlock.errors import ReadError
from sdc_airlock.identify.types import TYPES
from sdc_airlock.model.content import Oddity, OddityKind
from sdc_airlock.model.filetype import FileType
from sdc_airlock.readers import Item, Reading, reader
from sdc_airlock.readers._model_parts import ModelParts
from sdc_airlock.readers._object_parts import ObjectReader, judge_names
from sdc_airlock.readers._pickle_machine import Machine
from sdc_airlock.readers._pickle_numpy import dtype_of
from sdc_airlock.source import Source

_MOST_OBJECTS = 1_000
_BINARY = (b"\x80\x02", b"\x80\x03", b"\x80\x04", b"\x80\x05", b"\x80\x01", b"\x80\x00")
_TEXT_STARTS = b"(cIFSVLldaNptg}])"


@reader("pickle", "joblib")
def pickled(source: Source, file_type: FileType, reading: Reading) -> Iterator[Item]:
    """The objects of a pickle, or of several in a row; joblib may have compressed it."""
    if source.head[:1] == b"\x78":
        yield from reading.open(source, replace(file_type, label="zlib", family=TYPES["zlib"].family))
        return
    data = source.read(reading.limits.member_bytes)
    parts = ModelParts(source, reading, file_type.label)
    yield from read_pickles(data, parts)


def read_pickles(data: bytes, parts: ModelParts) -> Iterator[Item]:
    """Everything in some bytes that begin with a pickle, and what comes after the last one."""
    at, roots, left, named = 0, list[tuple[str, Any]](), list[Any](), list[str]()
    names: dict[tuple[str, str], None] = {}
    damage: ReadError | None = None
    while at < len(data) and len(roots) < _MOST_OBJECTS and (not at or _goes_on(data, at)):
        machine = Machine(data, at, parts.reading, dtype_of)
        try:
            roots.append(("", machine.run()))
        except ReadError as error:
            damage = error
        names |= machine.globals
        left += machine.left
        named += machine.named
        at = machine.at
        if damage is not None:
            break
    judge_names(parts, names)
    walker = ObjectReader(parts, data)
    try:
        walker.read([*roots, *(("", each) for each in left)], named)
    except ReadError as error:
        parts.gap(error)
    if damage is not None:
        parts.gap(damage)
        parts.runs_code = True if parts.runs_code else None
    elif at < len(data):
        yield from _rest(data, at, parts)
    yield from walker.items()


def _goes_on(data: bytes, at: int) -> bool:
    """Whether another pickle follows."""
    return data.startswith(_BINARY, at) or (data[0] in _TEXT_STARTS and data[at] in _TEXT_STARTS)


def _rest(data: bytes, at: int, parts: ModelParts) -> Iterator[Item]:
    source, reading = parts.source, parts.reading
    yield Oddity(part_id=source.part_id, kind=OddityKind.TRAILING_DATA, detail="bytes after the last object", size=len(data) - at)
    reading.spend(members=1)
    yield from reading.descend(Source.of_bytes(data[at:], part_id=f"{source.part_id}!rest", name="", depth=source.depth + 1))
