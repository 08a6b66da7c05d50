"""The Oxford formats: BGEN, GEN, sample files, phased haplotypes."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from sdc_airlock.errors import LimitReached, Malformed
from sdc_airlock.model.content import Column, GenomicPart, Table, TextPart, TextRole
from sdc_airlock.model.filetype import FileType
from sdc_airlock.readers import Item, Reading, gap, reader
from sdc_airlock.readers._genomic import ENOUGH_BYTES, Row, cells, line_blocks, lines_of, of_people, table, text
from sdc_airlock.readers._packed import packed
from sdc_airlock.source import Source

BGEN_MAGICS = (b"bgen", b"\0\0\0\0")
SAMPLE_IDS = 1 << 31
GEN_LEADS = (5, 6)
HAPS_LEAD = 5


def _sample_ids(source: Source, people: int, reading: Reading) -> Iterator[Item]:
    """The sample identifier block of a BGEN, as a table.

    Raises:
        Malformed: it is cut off, or is not of as many people as the header.
    """
    import pyarrow as pa

    with packed(source, reading) as found:
        found.skip(4)
        found.skip(found.number() - 4)
        _length, count = found.unpack("II")
        if count != people:
            raise Malformed("the header counts other people than the list of names")
        if count > reading.limits.cells:
            raise LimitReached("cells", reading.limits.cells, count)
        names = [text(found.take(found.number("H"))) for _ in range(count)]
    column = Column(index=0, name="sample", values=pa.array(names, type=pa.string()))
    yield Table(part_id=f"{source.part_id}#samples", columns=(column,), n_rows=len(names), named=True, title="sample identifiers")


_COMPRESSIONS = {0: "not compressed", 1: "zlib", 2: "Zstandard"}


@reader("bgen")
def bgen(source: Source, file_type: FileType, reading: Reading) -> Iterator[Item]:
    """Read the header of a BGEN: people, variants, layout and compression, and the names of its people.

    Source: BGEN format specification v1.3, sections "The header block" and "Sample identifier block" (Band and Marchini, 2018).
    """
    head = source.head
    if len(head) < 24:  # offset and the shortest header block
        raise Malformed("the file ends inside its header")
    offset, length, count, people = struct.unpack_from("<IIII", head)
    if head[16:20] not in BGEN_MAGICS or not 20 <= length <= len(head) - 4:  # the least a header block can be
        raise Malformed("not the first bytes of a BGEN")
    flags = int.from_bytes(head[length : length + 4], "little")
    layout, named = (flags >> 2) & 0b1111, bool(flags & SAMPLE_IDS)
    yield GenomicPart(
        part_id=source.part_id,
        format=file_type.label,
        samples=people,
        variants=count,
        individual=bool(people and count) or None,
        fields=("GP",),
        why=(
            f"BGEN layout {layout}, {_COMPRESSIONS.get(flags & 0b11, 'compressed')}: genotype probabilities of {people} sample(s)",
            "sample names inside" if named else "no sample names inside",
        ),
    )
    free = head[20:length]  # between the magic number and the flags anything may stand
    if free.strip(b"\0"):
        yield TextPart(part_id=f"{source.part_id}#header", text=text(free), role=TextRole.METADATA, hidden=True)
    if source.size is not None and offset + 4 > source.size:
        yield gap(source.part_id, Malformed("its variants begin beyond the end"))
    if named:
        yield from _sample_ids(source, people, reading)


def _first_lines(source: Source, reading: Reading) -> tuple[list[list[bytes]], int, bool]:
    """Cells of the first lines, lines seen in all, and whether that was the whole file."""
    first: list[list[bytes]] = []
    lines = seen = 0
    for block in line_blocks(source, reading):
        kept = [line for line in block if line.strip()]
        first.extend(cells(line) for line in kept[: 50 - len(first)])
        lines += len(kept)
        seen += sum(map(len, block))
        if seen > ENOUGH_BYTES:
            return first, lines, False
    return first, lines, True


@reader("gen", "haps")
def oxford_genotypes(source: Source, file_type: FileType, reading: Reading) -> Iterator[Item]:
    """Read GEN (three probabilities a person) or HAPS (two alleles a person): variants in rows."""
    first, lines, whole = _first_lines(source, reading)
    width = max((len(row) for row in first), default=0)
    people: int | None = None
    if file_type.label == "haps":
        people = (width - HAPS_LEAD) // 2
    elif leads := [lead for lead in GEN_LEADS if (width - lead) % 3 == 0]:
        people = (width - leads[-1]) // 3
    what = "three probabilities" if file_type.label == "gen" else "two phased alleles"
    yield GenomicPart(
        part_id=source.part_id,
        format=file_type.label,
        samples=people if people and people > 0 else None,
        variants=lines,
        individual=True if lines else None,
        fields=("GP",) if file_type.label == "gen" else ("GT",),
        counted=whole,
        why=(f"{what} a person and variant",),
    )


@reader("oxford_sample")
def oxford_sample(source: Source, file_type: FileType, reading: Reading) -> Iterator[Item]:
    """Read an Oxford sample file: a line of names, a line of types, then one line a person."""
    header = next((cells(line) for line in lines_of(source, reading) if line.strip()), [])

    def rows() -> Iterator[Row]:
        kept = (line for line in lines_of(source, reading) if line.strip())
        for index, line in enumerate(kept):
            if index > 1:
                yield tuple(text(cell) for cell in cells(line))

    content = table(source.part_id, rows, [text(cell) for cell in header], reading, first_row=3)
    yield of_people(content, file_type.label)
    yield content
