"""Companions of genomic files: tabix, CSI, BAI and gzi indexes, and the index that IGV and GATK keep of a VCF.

An index holds no genotypes. What it tells: how many records each sequence has, and by the distance of their places in the
compressed file how they are spread. Of variants and intervals that is a summary over whoever is in them. Of reads it is a coarse
coverage of one person, from which sex and large deletions can be seen: those are left to the checker. Places must rise as they
do in a real index, so that other numbers cannot travel as places.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from sdc_airlock.errors import LimitReached, Malformed
from sdc_airlock.model.content import Column, GenomicPart, Table, TextPart, TextRole
from sdc_airlock.model.filetype import FileType
from sdc_airlock.readers import Item, Reading, reader
from sdc_airlock.readers._genomic import text
from sdc_airlock.readers._packed import GZIP_MAGIC, Packed, leftovers, packed
from sdc_airlock.source import Source

_PRESETS = {0: "places", 1: "reads", 2: "variants"}
_READS = "reads"
_HALF = 0xFFFF
# the bin of a tabix index that stands for none: htslib counts mapped and unmapped records in it
_NONE = 37450
_BLOCK_BYTES = 1 << 16


@dataclass
class _Index:
    """What an index says.

    Attributes:
        of: What it is an index of ("reads", "variants", "places", "records" where it does not say).
        names: Names of the sequences, where it has them.
        records: Records of each sequence, None where it is not told.
        unplaced: Records without a place.
    """

    of: str
    names: list[str] = field(default_factory=list)
    records: list[int | None] = field(default_factory=list)
    unplaced: int = 0


def _chunks(found: Packed, count: int) -> None:
    """Pairs of places in the compressed file, each after the one before.

    Raises:
        Malformed: they do not rise.
    """
    raw = found.take(16 * count)
    places = struct.unpack(f"<{2 * count}Q", raw)
    if any(end < start for start, end in pairwise(places)):
        raise Malformed("places of an index that do not rise")


def _bins(found: Packed, none: int, *, csi: bool) -> int | None:
    """The bins of one sequence; how many records they say it has."""
    records: int | None = None
    seen: set[int] = set()
    for _ in range(found.number()):
        number = found.number()
        if csi:
            found.number("Q")
        count = found.number()
        if number in seen or number > none:
            raise Malformed("a bin that an index does not have, or has twice")
        seen.add(number)
        if number == none:
            if count != 2:  # where the records begin and end, then how many are mapped and unmapped
                raise Malformed("a bin of counts that holds something else")
            _, _, mapped, unmapped = found.unpack("4Q")
            records = mapped + unmapped
            if records > 1 << 48:
                raise Malformed("a bin of counts that holds something else")
        else:
            _chunks(found, count)
    return records


def _windows(found: Packed) -> None:
    """Where the records of each window of 16,384 bases begin."""
    count = found.number()
    places = [place for place in struct.unpack(f"<{count}Q", found.take(8 * count)) if place]
    if any(later < earlier for earlier, later in pairwise(places)):
        raise Malformed("places of an index that do not rise")


def _sequence_names(block: bytes) -> list[str]:
    return [text(name) for name in block.split(b"\0")[:-1]]


def _sequences(found: Packed, index: _Index, count: int, none: int, *, csi: bool) -> None:
    if count > found.reading.limits.members:
        raise LimitReached("members", found.reading.limits.members, count)
    for _ in range(count):
        index.records.append(_bins(found, none, csi=csi))
        if not csi:
            _windows(found)
        found.reading.spend()


def _aux(data: bytes) -> tuple[str, list[str]]:
    """What a tabix index is of, and the names of its sequences."""
    if len(data) < 28:  # seven numbers
        raise Malformed("the settings of a tabix index are cut off")
    preset, _, _, _, _, _, length = struct.unpack_from("<7i", data)
    if length != len(data) - 28 or preset & _HALF not in _PRESETS:
        raise Malformed("the settings of a tabix index are none")
    return _PRESETS[preset & _HALF], _sequence_names(data[28:])


def _read_index(found: Packed) -> _Index:
    magic = found.take(4)
    if magic == b"CSI\1":
        shift, depth, length = found.unpack("iii")
        if not (0 <= shift <= 48 and 0 <= depth <= 12):
            raise Malformed("a CSI index of impossible depth")
        of, names = _aux(found.take(length)) if length > 0 else ("records", [])
        index = _Index(of, names)
        none = ((1 << 3 * (depth + 1)) - 1) // 7 + 1
        _sequences(found, index, found.number(), none, csi=True)
    elif magic in (b"TBI\1", b"BAI\1"):
        count = found.number()
        index = _Index(_READS)
        if magic == b"TBI\1":
            settings = found.take(24)
            block = found.take(found.number())
            index = _Index(*_aux(settings + struct.pack("<I", len(block)) + block))
        _sequences(found, index, count, _NONE, csi=False)
    else:
        raise Malformed("not the first bytes of an index")
    rest = found.some(8)
    index.unplaced = int.from_bytes(rest, "little")
    if index.unplaced > 1 << 48 or (rest and not found.ended()):
        raise Malformed("bytes stand after the index")
    return index


def _counts(source: Source, index: _Index) -> Table:
    """Records by sequence."""
    import pyarrow as pa

    names = [index.names[place] if place < len(index.names) else f"sequence {place + 1}" for place in range(len(index.records))]
    names += index.names[len(index.records) :]
    records = [*index.records, *[None] * (len(names) - len(index.records))]
    columns = (
        Column(index=0, name="CHROM", values=pa.array(names, type=pa.string())),
        Column(index=1, name=f"n_{index.of}", values=pa.array(records, type=pa.int64())),
    )
    return Table(part_id=source.part_id, columns=columns, n_rows=len(names), named=True, title=f"{index.of} by sequence, from an index")


@reader("tabix")
def tabix(source: Source, file_type: FileType, reading: Reading) -> Iterator[Item]:
    """Read a tabix, CSI or BAI index to its last byte: what it is of, and how many records each sequence has.

    Source: "The Tabix index file format" (Li, 2020); CSIv1 specification (2020); SAM format specification, section 5.2 (2024).
    """
    with packed(source, reading) as found:
        index = _read_index(found)
        if not found.ended():
            raise Malformed("bytes stand after the index")
        yield from leftovers(source, found)
    told = [count for count in index.records if count is not None]
    summary = index.of in ("variants", "places")
    why = {
        "variants": "an index of variants: records by sequence, nothing of samples",
        "places": "an index of places on the genome: records by sequence, nothing of samples",
        "reads": "an index of reads: a coarse coverage of the sample they are of",
        "records": "an index of variants or of reads; those of reads show a coarse coverage of one sample",
    }[index.of]
    yield GenomicPart(
        part_id=source.part_id,
        format=file_type.label,
        samples=0 if summary else None,
        variants=sum(told) + index.unplaced,
        individual=False if summary else None,
        counted=len(told) == len(index.records),
        why=(why, f"{len(index.records)} sequence(s)"),
    )
    yield _counts(source, index)


@reader("gzi")
def gzi(source: Source, file_type: FileType, reading: Reading) -> Iterator[Item]:
    """Read the index of a blocked gzip file: sizes of its blocks, each at most 64 KiB, and nothing else.

    Source: htslib, `bgzf.c`, function `bgzf_index_dump` (2024).
    """
    with packed(source, reading) as found:
        count = found.number("Q")
        if source.head.startswith(GZIP_MAGIC) or count * 16 > reading.limits.text_bytes:
            raise Malformed("not an index of blocks")
        places = struct.unpack(f"<{2 * count}Q", found.take(16 * count))
        if not found.ended():
            raise Malformed("bytes stand after the index")
    for column in (places[::2], places[1::2]):
        if any(not 0 < later - earlier <= _BLOCK_BYTES for earlier, later in pairwise((0, *column))):
            raise Malformed("places of an index that do not rise as blocks do")
    yield GenomicPart(
        part_id=source.part_id,
        format=file_type.label,
        samples=0,
        variants=0,
        individual=False,
        why=(f"sizes of {count} compressed block(s), nothing of what is in them",),
    )


def _properties(found: Packed) -> list[str]:
    return [text(found.line()) for _ in range(2 * min(found.number(), found.reading.limits.members))]


@reader("tribble_idx")
def tribble(source: Source, file_type: FileType, reading: Reading) -> Iterator[Item]:
    """Read the header of the index that IGV and GATK keep of a VCF: the path of the file, and its properties.

    Source: htsjdk, `htsjdk.tribble.index.AbstractIndex`, methods `readHeader` and `writeHeader` (2024).
    """
    with packed(source, reading) as found:
        if found.take(4) != b"TIDX":
            raise Malformed("not the first bytes of an index")
        kind, version = found.unpack("ii")
        path = text(found.line())
        found.unpack("QQ")
        words = [path, text(found.line())]
        found.number()
        words += _properties(found)
    yield GenomicPart(
        part_id=source.part_id,
        format=file_type.label,
        samples=None,
        variants=None,
        individual=None,
        counted=False,
        why=(f"an index (kind {kind}, version {version}) of a file of variants, which may be of one sample",),
    )
    yield TextPart(part_id=source.part_id, text="\n".join(words), role=TextRole.METADATA, hidden=True)
