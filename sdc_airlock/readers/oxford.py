"""The Oxford formats: BGEN, GEN, sample files, phased haplotypes."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from sdc_airlock.errors import Malformed
from sdc_airlock.model.content import Column, GenomicPart, Table
from sdc_airlock.model.filetype import FileType
from sdc_airlock.readers import Item, Reading, reader
from sdc_airlock.readers._genomic import ENOUGH_BYTES, Row, cells, line_blocks, lines_of, of_people, table, text
from sdc_airlock.source import Source

BGEN_MAGICS = (b"bgen", b"\0\0\0\0")
SAMPLE_IDS = 1 << 31
GEN_LEADS = (5, 6)
HAPS_LEAD = 5


def _sample_ids(source: Source, start: int, people: int, reading: Reading) -> Iterator[Item]:
    """The sample identifier block of a BGEN, as a table; only as much of it as the head of the file holds."""
    import pyarrow as pa

    names: list[str] = []
    at = start + 8
    while len(names) < min(people, reading.limits.sample_rows) and at + 2 <= len(source.head):
        length = int.from_bytes(source.head[at : at + 2], "little")
        if at + 2 + length > len(source.head):
            break
        names.append(text(source.head[at + 2 : at + 2 + length]))
        at += 2 + length
    if names:
        values = pa.array(names, type=pa.string())
        column = Column(index=0, name="sample", values=values)
        yield Table(part_id=f"{source.part_id}#samples", columns=(column,), n_rows=len(names), named=True, title="sample identifiers")


@reader("bgen")
def bgen(source: Source, file_type: FileType, reading: Reading) -> Iterator[Item]:
    """Read the header of a BGEN: people, variants, and whether it names the people.

    Source: BGEN format specification v1.2, section "The header block" (Band and Marchini, 2018).
    """
    head = source.head
    if len(head) < 24:  # offset and the shortest header block
        raise Malformed("the file ends inside its header")
    _, length, count, people = struct.unpack_from("<IIII", head)
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
            f"BGEN layout {layout}: genotype probabilities of {people} sample(s)",
            "sample names inside" if named else "no sample names inside",
        ),
    )
    if named:
        yield from _sample_ids(source, length + 4, people, reading)


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
