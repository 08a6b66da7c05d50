"""PLINK binary genotypes (bed, pgen): who is in them, from their first bytes."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from sdc_airlock.errors import Malformed
from sdc_airlock.model.content import GenomicPart
from sdc_airlock.model.filetype import FileType
from sdc_airlock.readers import Item, Reading, reader
from sdc_airlock.source import Source

BED_MAGIC = b"\x6c\x1b"
SAMPLE_MAJOR, VARIANT_MAJOR, FIRST_PGEN = 0x00, 0x01, 0x02
PGEN_HEADER = 12


def _bed(source: Source, mode: int) -> GenomicPart:
    """PLINK 1: three bytes, then two bits a genotype; the file itself does not say how many people there are."""
    order = "one block a variant" if mode == VARIANT_MAJOR else "one block a person"
    body = None if source.size is None else max(source.size - 3, 0)
    return GenomicPart(
        part_id=source.part_id,
        format="plink_bed",
        samples=None,
        variants=None,
        individual=None if body == 0 else True,
        fields=("GT",),
        counted=False,
        why=(f"PLINK 1 binary genotypes, {order}", "size unknown" if body is None else f"room for at most {body * 4} genotypes"),
    )


@reader("plink_bed", "pgen")
def plink_genotypes(source: Source, file_type: FileType, reading: Reading) -> Iterator[Item]:
    """Read the header of PLINK genotypes: PLINK 1 says nothing of people, PLINK 2 counts people and variants.

    Source: PLINK 2 file format specification draft, section on the .pgen header (Chang, 2023).
    """
    del reading  # the header is enough
    head = source.head
    if len(head) < 3 or not head.startswith(BED_MAGIC):  # magic and mode
        raise Malformed("not the first bytes of PLINK genotypes")
    if head[2] < FIRST_PGEN:
        yield _bed(source, head[2])
        return
    if len(head) < PGEN_HEADER - 1:
        raise Malformed("the file ends inside its header")
    count, people = struct.unpack_from("<II", head, 3)
    yield GenomicPart(
        part_id=source.part_id,
        format=file_type.label,
        samples=people,
        variants=count,
        individual=bool(people and count) or None,
        fields=("GT",) if head[2] == FIRST_PGEN else ("GT", "DS"),
        why=(f"PLINK 2 genotypes of {people} sample(s)",),
    )
