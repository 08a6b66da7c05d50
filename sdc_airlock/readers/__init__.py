"""Readers: bytes of a known type to parts. One module a format family; readers state facts and never judge.

A reader is a generator that yields parts, gaps (`Unread`) and oddities. It is registered for labels of `identify.types`:

    @reader("csv", "tsv")
    def delimited(source: Source, file_type: FileType, reading: Reading) -> Iterator[Item]: ...

Third-party libraries are imported inside the functions that need them, so that a worker starts fast.
"""

from __future__ import annotations

import hashlib
import importlib
import pkgutil
import time
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from sdc_airlock.errors import Encrypted, LimitReached, Malformed, ReadError, Unsupported
from sdc_airlock.identify import TYPES, disagreement, identify
from sdc_airlock.limits import Limits
from sdc_airlock.model.content import Content, GenomicPart, Oddity, OddityKind, Part, Serialized, Unread, UnreadReason
from sdc_airlock.model.filetype import Family, FileType
from sdc_airlock.model.session import Session
from sdc_airlock.source import Source

Item: TypeAlias = Part | Unread | Oddity
ReaderFunction: TypeAlias = Callable[[Source, FileType, "Reading"], Iterator[Item]]

_READERS: dict[str, ReaderFunction] = {}
_loaded = False
_DIGESTED_BYTES = 8 << 20

# what a library raises on hostile or damaged input; anything else is a fault of ours and is caught by the worker
_LIBRARY_ERRORS = (ValueError, LookupError, TypeError, AttributeError, EOFError, OSError, ArithmeticError, RecursionError, SystemError)


def reader(*labels: str) -> Callable[[ReaderFunction], ReaderFunction]:
    """Register a reader for labels of `identify.types`.

    Raises:
        ValueError: a label has a reader already.
    """

    def register(function: ReaderFunction) -> ReaderFunction:
        for label in labels:
            if label in _READERS:
                raise ValueError(f"two readers for {label}")
            _READERS[label] = function
        return function

    return register


def readers() -> dict[str, ReaderFunction]:
    """All readers by label; their modules are imported on the first call."""
    global _loaded
    if not _loaded:
        for module in pkgutil.iter_modules(__path__):
            if not module.name.startswith("_"):
                importlib.import_module(f"{__name__}.{module.name}")
        _loaded = True
    return _READERS


@dataclass
class Reading:
    """What one output has cost so far, and the way into its members.

    Attributes:
        limits: The caps.
        deadline: Time (of `time.monotonic`) by which reading has to be over.
        expanded: Bytes written out of containers so far.
        members: Members met so far.
        searched: Texts that were searched for encoded data, so that none is searched twice.
        digests: SHA-256 of small members by address, for records that claim checksums of the files beside them.
    """

    limits: Limits
    deadline: float = field(default=float("inf"))
    expanded: int = 0
    members: int = 0
    searched: set[tuple[str, int]] = field(default_factory=set)
    digests: dict[str, str] = field(default_factory=dict)

    def first_time(self, part_id: str, text: Hashable) -> bool:
        """True where this text of this part has not been searched for encoded data yet."""
        key = (part_id, hash(text))
        if key in self.searched:
            return False
        self.searched.add(key)
        return True

    def spend(self, expanded: int = 0, members: int = 0) -> None:
        """Count bytes written out and members met; containers call it while they stream.

        Raises:
            LimitReached: `expanded_bytes`, `members` or the deadline is passed.
        """
        self.expanded += expanded
        self.members += members
        if self.expanded > self.limits.expanded_bytes:
            raise LimitReached("expanded_bytes", self.limits.expanded_bytes, self.expanded)
        if self.members > self.limits.members:
            raise LimitReached("members", self.limits.members, self.members)
        if time.monotonic() > self.deadline:
            raise LimitReached("file_seconds", self.limits.file_seconds, self.limits.file_seconds)

    def descend(self, source: Source) -> Iterator[Item]:
        """Identify and read some bytes; every failure becomes an `Unread` part."""
        if source.depth > self.limits.depth:
            yield Oddity(part_id=source.part_id, kind=OddityKind.DEEP_NESTING, size=source.depth)
            yield Unread(part_id=source.part_id, why=UnreadReason.LIMIT, limit_name="depth", limit=self.limits.depth, seen=source.depth)
            return
        try:
            file_type = identify(source)
        except ReadError as error:
            yield gap(source.part_id, error)
            return
        except _LIBRARY_ERRORS as error:
            yield gap(source.part_id, Malformed(type(error).__name__))
            return
        yield from _odd_type(source.part_id, file_type)
        if source.depth and source.size is not None and source.size <= _DIGESTED_BYTES:
            self.digests[source.part_id] = _digest(source)
        yield from self.open(source, file_type)

    def open(self, source: Source, file_type: FileType) -> Iterator[Item]:
        """Read some bytes whose type is known; every failure becomes an `Unread` part."""
        function = readers().get(file_type.label)
        if function is None:
            if file_type.family is Family.MODEL:
                yield Serialized(part_id=source.part_id, format=file_type.label)
            yield Unread(part_id=source.part_id, why=UnreadReason.UNSUPPORTED, detail=f"no reader for {file_type.label}")
            return
        from sdc_airlock.readers._carried import carried_by, carried_raw

        codes = file_type.family is Family.GENOMIC
        try:
            for item in function(source, file_type, self):
                yield item
                codes = codes or isinstance(item, GenomicPart)
                yield from carried_by(item, self, depth=source.depth, codes=codes)
            yield from carried_raw(source, file_type, self)
        except ReadError as error:
            yield gap(source.part_id, error)
        except _LIBRARY_ERRORS as error:
            yield gap(source.part_id, Malformed(type(error).__name__))


def _odd_type(part_id: str, file_type: FileType) -> Iterator[Oddity]:
    """What is odd about the type of a member; of an output as a whole the pipeline says it."""
    words = TYPES[file_type.label].words
    if file_type.mismatch:
        yield Oddity(part_id=part_id, kind=OddityKind.NAME_MISMATCH, detail=f"the content is {words}, which the extension does not say")
    if file_type.also:
        others = ", ".join(TYPES[label].words for label in file_type.also)
        yield Oddity(part_id=part_id, kind=OddityKind.POLYGLOT, detail=f"{words}, and also {others}")
    if opinion := disagreement(file_type):
        yield Oddity(part_id=part_id, kind=OddityKind.SECOND_OPINION, detail=opinion)
    if file_type.family is Family.EXECUTABLE:
        yield Oddity(part_id=part_id, kind=OddityKind.EXECUTABLE, detail=words)


def _digest(source: Source) -> str:
    """SHA-256 of some bytes; "" where they cannot be read, which their reader will say."""
    try:
        with source.opener() as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()  # type: ignore[arg-type]
    except (ReadError, *_LIBRARY_ERRORS):
        return ""


def gap(part_id: str, error: ReadError) -> Unread:
    """The `Unread` part that an error stands for. A `ReadError` message never holds a value of the file."""
    if isinstance(error, LimitReached):
        return Unread(
            part_id=part_id, why=UnreadReason.LIMIT, limit_name=error.limit_name, limit=error.limit, seen=error.seen, detail=str(error)
        )
    if isinstance(error, Encrypted):
        return Unread(part_id=part_id, why=UnreadReason.ENCRYPTED, detail=str(error))
    if isinstance(error, Unsupported):
        return Unread(part_id=part_id, why=UnreadReason.UNSUPPORTED, detail=str(error))
    return Unread(part_id=part_id, why=UnreadReason.MALFORMED, detail=str(error))


def sort_items(items: Iterable[Item]) -> tuple[tuple[Part, ...], tuple[Unread, ...], tuple[Oddity, ...]]:
    """Parts, gaps and oddities apart, each in the order they came."""
    parts: list[Part] = []
    unread: list[Unread] = []
    oddities: list[Oddity] = []
    for item in items:
        if isinstance(item, Unread):
            unread.append(item)
        elif isinstance(item, Oddity):
            oddities.append(item)
        else:
            parts.append(item)
    return tuple(parts), tuple(unread), tuple(oddities)


def read(source: Source, file_type: FileType, *, file_id: str, limits: Limits) -> Content:
    """Read one output whole.

    Returns:
        Its parts, and a gap for everything that was not read. An output that gives neither part nor gap gets a gap: nothing
        understood is not nothing found.
    """
    reading = Reading(limits=limits, deadline=time.monotonic() + limits.file_seconds)
    parts, unread, oddities = sort_items(reading.open(source, file_type))
    if not parts and not unread:
        unread = (Unread(part_id=source.part_id, why=UnreadReason.UNSUPPORTED, detail="the reader gave no part"),)
    claimed = any(isinstance(part, Session) for part in parts)
    return Content(
        file_id=file_id,
        file_type=file_type,
        parts=parts,
        unread=unread,
        oddities=oddities,
        expanded_bytes=reading.expanded,
        digests=tuple(reading.digests.items()) if claimed else (),
    )
