"""What archives have in common: addresses of members, odd names, gaps between members, and what was left over."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from sdc_airlock.intake import name_oddities, safe_name
from sdc_airlock.model.content import GenomicPart, Oddity, OddityKind, TextPart, TextRole, Unread, UnreadReason
from sdc_airlock.readers import Item, Reading
from sdc_airlock.readers._streams import Meter, drain
from sdc_airlock.readers._windows import window
from sdc_airlock.source import Source

# a member up to this size is held in memory while it is read, a larger one is opened again as often as needed
# stored bytes from which on the rest of a stream is not read where its beginning decides
LONG_REST = 64 << 20
DECIDED = "it was not read to its end: its header and first records hold data of single samples, which is enough to hold it"
HELD_BYTES = 8 << 20
_LONGEST_METADATA = 100_000
_LONGEST_NAME = 255
_NAME_ODDITIES = {
    "bidirectional mark": OddityKind.BIDIRECTIONAL_CONTROLS,
    "zero-width character": OddityKind.ZERO_WIDTH_CHARACTERS,
    "control character": OddityKind.CONTROL_CHARACTERS,
    "line break": OddityKind.CONTROL_CHARACTERS,
}


@dataclass
class Names:
    """Addresses of members, each given once."""

    parent: str
    seen: dict[str, int] = field(default_factory=dict)

    def address(self, raw: str | bytes) -> tuple[str, bool]:
        """The address of a member, and whether a member before it had the same name."""
        name = safe_name(raw)
        times = self.seen[name] = self.seen.get(name, 0) + 1
        return (f"{self.parent}/{name}#{times}", True) if times > 1 else (f"{self.parent}/{name}", False)


def odd_name(part_id: str, raw: str | bytes) -> Iterator[Oddity]:
    """What is odd about the name of a member."""
    text = raw if isinstance(raw, str) else raw.decode("utf-8", "surrogateescape")
    for words in name_oddities(text):
        yield Oddity(part_id=part_id, kind=_NAME_ODDITIES.get(words, OddityKind.UNSAFE_MEMBER_NAME), detail=f"in the name: {words}")
    for words, found in (
        ("an absolute path", text.startswith(("/", "\\")) or bool(re.match(r"[A-Za-z]:[\\/]", text))),
        ("a path that leaves its folder", ".." in re.split(r"[\\/]", text)),
        ("no name", not text.strip("/")),
        ("a name longer than any file may have", max(map(len, re.split(r"[\\/]", text))) > _LONGEST_NAME),
    ):
        if found:
            yield Oddity(part_id=part_id, kind=OddityKind.UNSAFE_MEMBER_NAME, detail=words)


def last_name(raw: str | bytes) -> str:
    """The last part of a member's name, as a claim."""
    return safe_name(raw).rstrip("/").rpartition("/")[2]


def metadata(part_id: str, text: str) -> Iterator[Item]:
    """Text that archives carry beside their members, which few programs show."""
    if not text.strip():
        return
    yield TextPart(part_id=part_id, text=text[:_LONGEST_METADATA], role=TextRole.METADATA, hidden=True)
    if len(text) > _LONGEST_METADATA:
        yield Unread(part_id=part_id, why=UnreadReason.LIMIT, limit_name="metadata", limit=_LONGEST_METADATA, seen=len(text))


def metadata_bytes(part_id: str, data: bytes) -> Iterator[Item]:
    """The same, where it is not known to be text."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = data.decode("latin-1")
    yield from metadata(part_id, text)


def settled(source: Source, reading: Reading) -> Source:
    """A source that can be sought and whose size is known: itself, or a copy of its bytes in memory.

    Raises:
        LimitReached: the copy would hold more than `member_bytes`.
    """
    if source.size is not None:
        with source.opener() as stream:
            if stream.seekable():
                return source
    return Source.of_bytes(source.read(reading.limits.member_bytes), part_id=source.part_id, name=source.name, depth=source.depth)


def read_member(child: Source, meter: Meter, reading: Reading) -> Iterator[Item]:
    """Read a member, then the rest of it where its reader stopped before its end.

    Where what was read holds data of single samples and much is left, the rest is not read: nothing in it could undo that.
    """
    decided = False
    for item in reading.descend(child):
        decided = decided or (
            isinstance(item, GenomicPart) and item.part_id == child.part_id and bool(item.individual) and not item.counted
        )
        yield item
    if not meter.finished and decided and meter.stored > LONG_REST:
        yield Unread(part_id=child.part_id, why=UnreadReason.LIMIT, detail=DECIDED)
        return
    if not meter.finished:
        drain(child.opener())
    if meter.damage:
        yield Oddity(part_id=child.part_id, kind=OddityKind.DAMAGED, detail=meter.damage)
        yield Unread(part_id=child.part_id, why=UnreadReason.MALFORMED, detail=meter.damage)


def held(child: Source, size: int) -> Source:
    """The same bytes in memory where they are few, so that they can be sought; else the source as it is.

    Args:
        child: A member.
        size: Bytes that it claims to hold.
    """
    if size > HELD_BYTES:
        return child
    with child.opener() as stream:
        data = b""
        while len(data) <= HELD_BYTES and (more := stream.read(HELD_BYTES + 1 - len(data))):
            data += more
        if len(data) > HELD_BYTES or stream.read(1):
            return child
    return Source.of_bytes(data, part_id=child.part_id, name=child.name, depth=child.depth)


def unaccounted(source: Source, start: int, size: int, kind: OddityKind, words: str, reading: Reading) -> Iterator[Item]:
    """Bytes of a container that belong to none of its members: said, and read like a member."""
    part_id = f"{source.part_id}!{words.replace(' ', '-')}@{start}"
    yield Oddity(part_id=source.part_id, kind=kind, detail=f"{words}, from byte {start} on", size=size)
    opener = _opener(source, start, size)
    yield from reading.descend(Source(part_id=part_id, name="", opener=opener, size=size, depth=source.depth + 1))


def _opener(source: Source, start: int, size: int) -> Callable[[], BinaryIO]:
    return lambda: window(source, start, size)


def stored_member(source: Source, names: Names, raw: str | bytes, span: tuple[int, int], reading: Reading) -> Iterator[Item]:
    """A member whose bytes lie in its container as they are, read where they lie.

    Args:
        source: The container, which can be sought.
        names: Addresses given so far.
        raw: The name of the member.
        span: Its first byte and its length.
        reading: For limits.
    """
    start, size = span
    left = max(0, (source.size or 0) - start)
    reading.spend(members=1, expanded=min(size, left))
    part_id, again = names.address(raw)
    yield from odd_name(part_id, raw)
    if again:
        yield Oddity(part_id=part_id, kind=OddityKind.DUPLICATE_MEMBER, detail="another member has the same name")
    opener = _opener(source, start, min(size, left))
    child = Source(part_id=part_id, name=last_name(raw), opener=opener, size=min(size, left), depth=source.depth + 1)
    yield from reading.descend(child)
    if size > left:
        yield Oddity(part_id=part_id, kind=OddityKind.DAMAGED, detail="it ends early")
        yield Unread(part_id=part_id, why=UnreadReason.MALFORMED, detail="it ends early")


def between(source: Source, spans: list[tuple[int, int]], reading: Reading) -> Iterator[Item]:
    """Bytes of a container that no span takes and that are not all zero: said, and read.

    Args:
        source: The container, which can be sought.
        spans: First byte and byte after the last of everything that is accounted for.
        reading: For limits.
    """
    size = source.size or 0
    place = 0
    for start, end in [*sorted(spans), (size, size)]:
        if start > place:
            first, length = _without_padding(source, place, start - place)
            words = "bytes after the end" if start == size else "bytes between members"
            if length:
                yield from unaccounted(source, first, length, OddityKind.TRAILING_DATA, words, reading)
        place = max(place, end)


def _without_padding(source: Source, start: int, size: int) -> tuple[int, int]:
    """First byte and length of what is left when zeros at both ends are taken off; line ends alone are padding too."""
    first = last = -1
    place, blank = start, True
    with window(source, start, size) as stream:
        while chunk := stream.read(1 << 16):
            if chunk.strip(b"\0"):
                blank = blank and not chunk.strip(b"\0\n")
                first = place + len(chunk) - len(chunk.lstrip(b"\0")) if first < 0 else first
                last = place + len(chunk.rstrip(b"\0"))
            place += len(chunk)
    return (start, 0) if first < 0 or blank else (first, last - first)
