"""Blocks of a BGZF stream by their headers, and an excerpt of a text that is too long to be read whole: its beginning, its end and lines spread between.

What an excerpt shows can hold a file and never release it: a gap stands for everything else. Sizes are claims until a block has been written out, and only
decide how much is read.

Source: Sequence Alignment/Map Format Specification, section 4.1 "The BGZF compression format" (2024).
"""

from __future__ import annotations

import struct
import time
import zlib
from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import BinaryIO, cast

from sdc_airlock.errors import LimitReached
from sdc_airlock.identify import identify
from sdc_airlock.model.content import Container, GenomicPart, Oddity, OddityKind, Unread, UnreadReason
from sdc_airlock.readers import Item, Reading
from sdc_airlock.readers._members import DECIDED
from sdc_airlock.readers._streams import GZIP, Meter, opened
from sdc_airlock.source import Source

# texts whose lines stand for themselves, so that some of them say what the others are like
_OF_LINES = frozenset({"vcf", "pvar", "bim", "map", "bed_intervals", "gff", "csv"})
# a stream of fewer stored bytes is read without a look at its blocks first
_LONG = 16 << 20
_now = time.monotonic
# what writes out no more than this is read whole without being tried first
_SURELY_WHOLE = 512 << 20
_BEGIN, _FIELD = b"\x1f\x8b\x08\x04", b"\x06\0BC\x02\0"
_HEADER, _FOOTER = 18, 8
_LARGEST = 1 << 16
_SPEND_AFTER = 4096
# bytes of the beginning, and how many runs of blocks are spread over the rest
_FIRST_BYTES, _RUNS, _RUN_BLOCKS = 8 << 20, 240, 2


@dataclass(frozen=True, slots=True)
class Blocks:
    """The blocks of a stream.

    Attributes:
        starts: First byte of each, and the byte after the last.
        sizes: Bytes that each says it writes out.
        damage: Why there are bytes after the last one that are no block, "" where there are none.
    """

    starts: array[int]
    sizes: array[int]
    damage: str = ""

    @property
    def written(self) -> int:
        """Bytes that all of them say they write out."""
        return sum(self.sizes)

    def __len__(self) -> int:
        """Number of blocks."""
        return len(self.sizes)


def blocks_of(source: Source, reading: Reading) -> Blocks:
    """Walk from block to block without writing any out.

    Raises:
        LimitReached: the deadline has passed.
    """
    starts, sizes, damage, place = array("q"), array("q"), "", 0
    with source.opener() as stream:
        raw = cast("BinaryIO", getattr(stream, "raw", stream))
        head = raw.read(_HEADER)
        while head:
            if len(head) < _HEADER or head[:4] != _BEGIN or head[10:16] != _FIELD:
                damage = "bytes that are no block"
                break
            end = place + int.from_bytes(head[16:18], "little") + 1
            raw.seek(end - 4)
            tail = raw.read(4 + _HEADER)
            size = int.from_bytes(tail[:4], "little")
            if len(tail) < 4 or end - place < _HEADER + _FOOTER or size > _LARGEST:
                damage = "a block that is cut off, or of a size that there is not"
                break
            starts.append(place)
            sizes.append(size)
            place, head = end, tail[4:]
            if not len(sizes) % _SPEND_AFTER:
                reading.spend()
    starts.append(place)
    return Blocks(starts, sizes, damage)


@dataclass(slots=True)
class Excerpt:
    """Whole lines of a text in blocks.

    Attributes:
        read: Blocks that were written out; `wrong` of them hold anything but what they say.
        texts: The lines, run by run.
    """

    read: int = 0
    wrong: int = 0
    texts: list[bytes] = field(default_factory=list)

    @property
    def data(self) -> bytes:
        """All lines together."""
        return b"".join(self.texts)


def excerpt(source: Source, blocks: Blocks, reading: Reading) -> Excerpt:
    """The beginning with the header, the last lines, and lines from all over between.

    Raises:
        LimitReached: the deadline or `expanded_bytes` is passed.
    """
    found = Excerpt()
    with source.opener() as stream:

        def run(first: int, last: int) -> bytes:
            return b"".join(_written_out(stream, blocks, number, found, reading) for number in range(first, min(last, len(blocks))))

        begin: list[bytes] = []
        number = size = 0
        while number < len(blocks) and (size < _FIRST_BYTES or _in_header(begin)) and size < reading.limits.text_bytes:
            begin.append(run(number, number + 1))
            size, number = size + len(begin[-1]), number + 1
        start = b"".join(begin)
        found.texts.append(start[: start.rfind(b"\n") + 1] if number < len(blocks) else start)
        for place in _spread(number, len(blocks)):
            lines = run(place, place + _RUN_BLOCKS)
            _, _, whole = lines.partition(b"\n")
            at_end = place + _RUN_BLOCKS >= len(blocks)
            found.texts.append(whole if at_end else whole[: whole.rfind(b"\n") + 1])
    return found


def _spread(first: int, count: int) -> list[int]:
    """First blocks of runs spread evenly from a block on, no two of which overlap; the last run is that of the end."""
    # the empty block that ends a stream takes the place of one
    last = max(count - _RUN_BLOCKS - 1, first)
    if last - first < _RUNS * _RUN_BLOCKS:
        places = [*range(first, last, _RUN_BLOCKS)]
    else:
        places = [first + (last - first) * step // _RUNS for step in range(_RUNS)]
    return [*places, last] if first < count else []


def _in_header(pieces: list[bytes]) -> bool:
    """True where the last whole line begins as those of a header do."""
    text = b"".join(pieces[-2:])
    end = text.rfind(b"\n")
    return end < 0 or text[text.rfind(b"\n", 0, end) + 1 : end].startswith(b"#")


def _written_out(stream: BinaryIO, blocks: Blocks, number: int, found: Excerpt, reading: Reading) -> bytes:
    """One block; what can be read of it where it is not what it says."""
    start, end = blocks.starts[number], blocks.starts[number + 1]
    stream.seek(start)
    stored = stream.read(end - start)
    check, size = struct.unpack("<II", stored[-_FOOTER:])
    decoder = zlib.decompressobj(-15)
    found.read += 1
    try:
        data = decoder.decompress(stored[_HEADER:-_FOOTER], _LARGEST)
    except zlib.error:
        data, size = b"", -1
    reading.spend(expanded=len(data))
    if len(data) != size or zlib.crc32(data) != check or not decoder.eof or decoder.unused_data:
        found.wrong += 1
    return data


def in_part(source: Source, name: str, reading: Reading) -> list[Item] | None:
    """What an excerpt shows of a stream of lines that the limits will not let be read whole, and a gap for the rest; None for any other stream.

    Raises:
        LimitReached: the deadline has passed.
        ReadError: what stands inside cannot be identified.
    """
    blocks = _long_lines(source, name, reading)
    if blocks is None:
        return None
    limits = reading.limits
    apart = Reading(limits=limits, deadline=reading.deadline)
    began = _now()
    found = excerpt(source, blocks, apart)
    items = list(_shown(source, blocks, found, name, apart))
    seconds = (_now() - began) * blocks.written / max(apart.expanded, 1)
    left = reading.deadline - _now()
    if blocks.written > limits.expanded_bytes - reading.expanded:
        limit, seen = LimitReached("expanded_bytes", limits.expanded_bytes, blocks.written), "bytes"
    elif seconds > left:
        limit, seen = LimitReached("file_seconds", limits.file_seconds, round(seconds)), "seconds"
    else:
        return None
    reading.spend(expanded=apart.expanded, members=1)
    individual = any(isinstance(item, GenomicPart) and item.part_id == _address(source, name) and item.individual for item in items)
    detail = f"{_words(found, blocks)}; to read all of it would take {limit.seen:,.0f} {seen}"
    gap = Unread(
        part_id=_address(source, name),
        why=UnreadReason.LIMIT,
        limit_name=None if individual else limit.limit_name,
        limit=None if individual else limit.limit,
        seen=None if individual else limit.seen,
        detail=DECIDED if individual else detail,
    )
    stored = source.size or 0
    return [*items, gap, Container(part_id=source.part_id, format="bgzf", members=1, stored_bytes=stored, expanded_bytes=apart.expanded)]


def _long_lines(source: Source, name: str, reading: Reading) -> Blocks | None:
    """The blocks of a long stream of lines, by what they say they write out; None for any other stream."""
    if (source.size or 0) < _LONG:
        return None
    with source.opener() as stream:
        if not stream.seekable():
            return None
    blocks = blocks_of(source, reading)
    if blocks.written <= min(_SURELY_WHOLE, reading.limits.expanded_bytes - reading.expanded):
        return None
    meter = Meter(Reading(limits=reading.limits, deadline=reading.deadline), stored=source.size or 0)
    inside = Source(part_id=source.part_id, name=name, opener=lambda: opened(source.opener(), GZIP, meter), depth=source.depth + 1)
    return blocks if identify(inside).label in _OF_LINES else None


def _address(source: Source, name: str) -> str:
    return f"{source.part_id}/{name}#excerpt"


def _words(found: Excerpt, blocks: Blocks) -> str:
    return f"read in part: its beginning, its end and lines between, from {found.read:,} of {len(blocks):,} blocks"


def _shown(source: Source, blocks: Blocks, found: Excerpt, name: str, reading: Reading) -> Iterator[Item]:
    """The parts of an excerpt, and what is wrong with the blocks."""
    part_id = _address(source, name)
    for item in reading.descend(Source.of_bytes(found.data, part_id=part_id, name=name, depth=source.depth + 1)):
        if isinstance(item, GenomicPart) and item.part_id == part_id:
            yield replace(item, individual=item.individual or None, counted=False, why=(*item.why, _words(found, blocks)))
        else:
            yield item
    for count, damage in ((found.wrong, "blocks that hold anything but what they say"), (len(blocks.damage), blocks.damage)):
        if count:
            yield Oddity(part_id=source.part_id, kind=OddityKind.DAMAGED, detail=damage)
            yield Unread(part_id=source.part_id, why=UnreadReason.MALFORMED, detail=damage)


__all__ = ["Blocks", "Excerpt", "blocks_of", "excerpt", "in_part"]
