"""The walk through a bigWig or bigBed: header, zoom levels, list of sequences, index, blocks of data; and every byte accounted for.

Source: Kent et al., "BigWig and BigBed: enabling browsing of large distributed datasets", Bioinformatics 26(17), supplement (2010).
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from sdc_airlock.errors import LimitReached, Malformed
from sdc_airlock.readers import Reading

MAGICS = {
    b"\x26\xfc\x8f\x88": ("<", "bigwig"),
    b"\x88\x8f\xfc\x26": (">", "bigwig"),
    b"\xeb\xf2\x89\x87": ("<", "bigbed"),
    b"\x87\x89\xf2\xeb": (">", "bigbed"),
}
_TREE, _INDEX = 0x78CA8C91, 0x2468ACE0
_DEEPEST = 12
_MOST_BLOCKS = 2_000_000
_SUMMARY_BYTES = 40
_ZOOM_RECORD = 32
# slots of index nodes and the padding of keys are written as zeros
_GAP_BYTES = 1 << 16


@dataclass
class Track:
    """A bigWig or bigBed that can be sought.

    Attributes:
        stream: Its bytes; size: how many.
        order: "<" or ">"; kind: "bigwig" or "bigbed".
        buffer: Most bytes of a block written out, 0 where blocks are not compressed.
        chroms: Name and length of each sequence, by its number.
        fields: Columns of an item, and how many of them are those of the BED format.
        declared: The autoSql text that names the columns.
        blocks: Place and length of each block of data.
        taken: Places and lengths of all that was looked at.
    """

    stream: BinaryIO
    size: int
    reading: Reading
    order: str = "<"
    kind: str = ""
    buffer: int = 0
    chroms: dict[int, tuple[str, int]] = field(default_factory=dict)
    fields: tuple[int, int] = (0, 0)
    declared: bytes = b""
    blocks: list[tuple[int, int]] = field(default_factory=list)
    zooms: list[tuple[int, int]] = field(default_factory=list)
    items: int = 0
    taken: list[tuple[int, int]] = field(default_factory=list)

    def at(self, place: int, size: int) -> bytes:
        """Some bytes.

        Raises:
            Malformed: they lie beyond the end.
        """
        if place < 0 or size < 0 or place + size > self.size:
            raise Malformed("a part of it lies beyond the end")
        if size > self.reading.limits.text_bytes:
            raise LimitReached("text_bytes", self.reading.limits.text_bytes, size)
        self.stream.seek(place)
        data = self.stream.read(size)
        if len(data) < size:
            raise Malformed("it ends before its end")
        self.taken.append((place, size))
        return data

    def unpack(self, form: str, place: int) -> tuple[int, ...]:
        """Numbers of a `struct` form."""
        form = self.order + form
        return struct.unpack(form, self.at(place, struct.calcsize(form)))

    def block(self, place: int, size: int) -> bytes:
        """A block of data written out."""
        data = self.at(place, size)
        self.taken.pop()
        if not self.buffer:
            return data
        decoder = zlib.decompressobj()
        try:
            out = decoder.decompress(data, self.buffer)
        except zlib.error:
            raise Malformed("a block is damaged") from None
        if not decoder.eof or decoder.unused_data:
            raise Malformed("a block is longer or shorter than the header says")
        self.reading.spend(expanded=len(out))
        return out


def walk(stream: BinaryIO, size: int, reading: Reading) -> Track:
    """Everything but the data.

    Raises:
        Malformed: it does not follow the format.
        LimitReached: there are more sequences or blocks than may be looked at.
    """
    track = Track(stream, size, reading)
    magic = track.at(0, 4)
    if magic not in MAGICS:
        raise Malformed("not the first bytes of a bigWig or bigBed")
    track.order, track.kind = MAGICS[magic]
    (_version, zooms, tree, data, index, fields, known, declared, summary, track.buffer, extension) = track.unpack("HHQQQHHQQIQ", 4)
    if track.buffer > reading.limits.text_bytes:
        raise LimitReached("text_bytes", reading.limits.text_bytes, track.buffer)
    track.fields = fields, known
    if declared:
        track.declared = _line(track, declared)
    if summary:
        track.at(summary, _SUMMARY_BYTES)
    if extension:
        _extension(track, extension)
    _sequences(track, tree)
    track.unpack("Q" if track.kind == "bigbed" else "I", data)
    track.blocks, track.items = _index(track, index)
    for number in range(zooms):
        _level, _, zoom_data, zoom_index = track.unpack("IIQQ", 64 + 24 * number)
        track.unpack("I", zoom_data)
        track.zooms += _index(track, zoom_index)[0]
    if track.size >= 4:  # the magic number stands at the end again
        track.at(track.size - 4, 4)
    return track


def _line(track: Track, place: int) -> bytes:
    """Text up to a NUL."""
    found = b""
    while b"\0" not in found:
        piece = min(4096, track.size - place - len(found))
        if piece <= 0 or len(found) > 1 << 20:
            raise Malformed("a text does not end")
        found += track.at(place + len(found), piece)
        track.taken.pop()
    text = found.partition(b"\0")[0]
    track.taken.append((place, len(text) + 1))
    return text


def _extension(track: Track, place: int) -> None:
    """The extended header, which points to indexes by name: those are not read, so that their bytes stay unaccounted for."""
    size, _indexes, _where = track.unpack("HHQ", place)
    track.at(place, max(size, 12))


def _sequences(track: Track, place: int) -> None:
    magic, _block, key, value, count, _ = track.unpack("IIIIQQ", place)
    if magic != _TREE or value != 8 or key > 1 << 12:
        raise Malformed("the list of sequences is none")
    if count > track.reading.limits.members:
        raise LimitReached("members", track.reading.limits.members, count)
    waiting, seen = [(place + 32, 0)], set()
    while waiting:
        node, depth = waiting.pop()
        if node in seen or depth > _DEEPEST:
            raise Malformed("the list of sequences turns back on itself")
        seen.add(node)
        leaf, _, children = track.unpack("BBH", node)
        raw = track.at(node + 4, children * (key + 8))
        for start in range(0, len(raw), key + 8):
            name, rest = raw[start : start + key], raw[start + key : start + key + 8]
            if leaf:
                number, length = struct.unpack(track.order + "II", rest)
                track.chroms[number] = name.rstrip(b"\0").decode("utf-8", "replace"), length
            else:
                waiting.append((struct.unpack(track.order + "Q", rest)[0], depth + 1))
        if len(track.chroms) > count:
            raise Malformed("more sequences than the header says")


def _index(track: Track, place: int) -> tuple[list[tuple[int, int]], int]:
    """Blocks that an index points to, in the order of their places, and the number of items it tells."""
    magic, _block, items, *_, _slot, _ = track.unpack("IIQIIIIQII", place)
    if magic != _INDEX:
        raise Malformed("an index is none")
    found: list[tuple[int, int]] = []
    waiting, seen = [(place + 48, 0)] if items else [], set()
    while waiting:
        node, depth = waiting.pop()
        if node in seen or depth > _DEEPEST:
            raise Malformed("an index turns back on itself")
        seen.add(node)
        leaf, _, children = track.unpack("BBH", node)
        width = 32 if leaf else 24
        raw = track.at(node + 4, children * width)
        for start in range(0, len(raw), width):
            if leaf:
                found.append(struct.unpack_from(track.order + "QQ", raw, start + 16))
            else:
                waiting.append((struct.unpack_from(track.order + "Q", raw, start + 16)[0], depth + 1))
        track.reading.spend()
        if len(found) > _MOST_BLOCKS:
            raise LimitReached("cells", _MOST_BLOCKS, len(found))
    found.sort()
    track.taken += found
    return found, items


def zoom_problem(track: Track) -> str:
    """What is wrong with the summaries for drawing from afar, "" where they are summaries of places on the sequences."""
    for place, size in track.zooms:
        raw = track.block(place, size)
        if len(raw) % _ZOOM_RECORD:
            return "a block of summaries holds something else"
        for chrom, start, end, valid, *_ in struct.iter_unpack(track.order + "4I4f", raw):
            length = track.chroms.get(chrom, ("", 0))[1]
            if not start < end <= length or valid > end - start:
                return "a summary of places that there are not"
    return ""


def unaccounted(track: Track) -> int:
    """Bytes that belong to nothing and are not zero."""
    lost = reached = 0
    for place, size in [*sorted(track.taken), (track.size, 0)]:
        while reached < place:
            track.stream.seek(reached)
            piece = track.stream.read(min(_GAP_BYTES, place - reached))
            if not piece:
                break
            lost += len(piece.replace(b"\0", b""))
            reached += len(piece)
        reached = max(reached, place + size)
    return lost


def bed_items(track: Track) -> Iterator[tuple[str, ...]]:
    """The items of a bigBed: sequence, start, end, and the columns after them.

    Raises:
        Malformed: an item is cut off, or lies on a sequence that there is not.
    """
    for place, size in track.blocks:
        raw = track.block(place, size)
        at = 0
        while at < len(raw):
            stop = raw.find(b"\0", at + 12)
            if stop < 0:
                raise Malformed("an item is cut off")
            chrom, start, end = struct.unpack_from(track.order + "III", raw, at)
            if chrom not in track.chroms:
                raise Malformed("an item lies on a sequence that there is not")
            rest = raw[at + 12 : stop].decode("utf-8", "replace")
            yield (track.chroms[chrom][0], str(start), str(end), *(rest.split("\t") if rest else ()))
            at = stop + 1


def wig_items(track: Track) -> Iterator[tuple[str, ...]]:
    """The values of a bigWig: sequence, start, end, value.

    Raises:
        Malformed: a section is cut off, or lies on a sequence that there is not.
    """
    for place, size in track.blocks:
        raw = track.block(place, size)
        if len(raw) < 24:  # the header of a section
            raise Malformed("a section is cut off")
        chrom, first, _end, step, span, kind, _, count = struct.unpack_from(track.order + "IIIIIBBH", raw)
        form = {1: "IIf", 2: "If", 3: "f"}.get(kind)
        if form is None or chrom not in track.chroms or len(raw) != 24 + count * struct.calcsize(track.order + form):
            raise Malformed("a section of a kind or length that there is not")
        name = track.chroms[chrom][0]
        for number, item in enumerate(struct.iter_unpack(track.order + form, raw[24:])):
            start = item[0] if kind < 3 else first + number * step
            end = item[1] if kind == 1 else start + span
            yield name, str(start), str(end), f"{item[-1]:.6g}"
