"""PLINK binary genotypes (bed, pgen) and BCF: who is in them, from their first bytes."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator

from sdc_airlock.errors import Malformed
from sdc_airlock.model.content import GenomicPart, Oddity, OddityKind, TextPart, TextRole, Unread, UnreadReason
from sdc_airlock.model.filetype import FileType
from sdc_airlock.readers import Item, Reading, reader
from sdc_airlock.readers._genomic import exactly, opened, text
from sdc_airlock.source import Source

BED_MAGIC = b"\x6c\x1b"
SAMPLE_MAJOR, VARIANT_MAJOR, FIRST_PGEN = 0x00, 0x01, 0x02
PGEN_HEADER = 12
BCF_RECORDS = 1_000_000


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


def _bcf_records(stream: io.BufferedReader, reading: Reading) -> tuple[int, int, bool]:
    """Records met, most samples a record declares, and whether the end was reached; records with samples end the search."""
    records = 0
    cap = reading.limits.text_bytes
    while lengths := stream.read(8):
        if len(lengths) < 8:  # two lengths of four bytes
            raise Malformed("the file ends inside a record")
        shared, single = struct.unpack("<II", lengths)
        fixed = exactly(stream, shared, cap)
        samples = int.from_bytes(fixed[20:23], "little") if len(fixed) > 22 else 0  # n_sample stands at 20
        records += 1
        if single or samples:
            return records, samples, False
        if records % 1000 == 0:
            reading.spend()
        if records > BCF_RECORDS:
            return records, 0, False
    return records, 0, True


@reader("bcf")
def bcf(source: Source, file_type: FileType, reading: Reading) -> Iterator[Item]:
    """Read the header of a BCF, and its records as far as the first with sample data.

    Source: The Variant Call Format Specification v4.3, section 6 "BCF specification" (2024).
    """
    with opened(source, reading) as stream:
        if exactly(stream, 5, 5)[:3] != b"BCF":
            raise Malformed("not the first bytes of a BCF")
        length = int.from_bytes(exactly(stream, 4, 4), "little")
        header = exactly(stream, length, reading.limits.text_bytes).rstrip(b"\0").rstrip()
        columns = header.rpartition(b"\n")[2].split(b"\t")
        named = max(len(columns) - 9, 0)
        records, samples, ended = _bcf_records(stream, reading)
    individual = True if samples or (records and named) else (None if named or not ended else False)
    yield GenomicPart(
        part_id=source.part_id,
        format=file_type.label,
        samples=max(named, samples),
        variants=records,
        individual=individual,
        counted=ended,
        why=(f"{max(named, samples)} sample(s) in the header and the first records",),
    )
    yield TextPart(part_id=source.part_id, text=text(header), role=TextRole.METADATA)
    if individual is False and records:
        yield Oddity(part_id=source.part_id, kind=OddityKind.METADATA, detail="the site fields of a BCF are not read", size=records)
        yield Unread(
            part_id=source.part_id, why=UnreadReason.UNSUPPORTED, detail="the site fields of a BCF are not read: hand it in as VCF"
        )
