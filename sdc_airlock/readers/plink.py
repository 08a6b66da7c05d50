"""PLINK binary genotypes (bed, pgen): who is in them, from their first bytes."""

from __future__ import annotations

import math
import struct
from collections.abc import Iterator

from sdc_airlock.errors import Malformed
from sdc_airlock.model.content import GenomicPart
from sdc_airlock.model.filetype import FileType
from sdc_airlock.readers import Item, Reading, gap, reader
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


# bytes that a variant takes for each person in the modes whose variants are all of one length, two bits a call besides
_FIXED_WIDTH = {0x02: 0, 0x03: 2, 0x04: 4}
_MODES = {
    0x02: "hard calls",
    0x03: "calls and dosages",
    0x04: "calls and phased dosages",
    0x10: "records of their own length",
    0x11: "records of their own length, with an extension",
    0x20: "records of their own length, with an index beside it",
    0x21: "records of their own length, with an index beside it and an extension",
    0x30: "the index of such records",
    0x31: "the index of such records, with an extension",
}


@reader("plink_bed", "pgen")
def plink_genotypes(source: Source, file_type: FileType, reading: Reading) -> Iterator[Item]:
    """Read the header of PLINK genotypes: PLINK 1 says nothing of people, PLINK 2 counts people and variants.

    Source: PLINK 2 file format specification draft, section on the .pgen header (Chang, 2023).
    """
    del reading  # the header is enough
    head = source.head
    if len(head) < 3 or not head.startswith(BED_MAGIC):  # magic and mode
        raise Malformed("not the first bytes of PLINK genotypes")
    mode = head[2]
    if mode < FIRST_PGEN:
        yield _bed(source, mode)
        return
    if len(head) < PGEN_HEADER - 1 or mode not in _MODES:
        raise Malformed("the file ends inside its header, or is of a mode that there is not")
    count, people = struct.unpack_from("<II", head, 3)
    beside = mode in (0x20, 0x21)  # the numbers stand in the index
    yield GenomicPart(
        part_id=source.part_id,
        format=file_type.label,
        samples=None if beside else people,
        variants=None if beside else count,
        individual=True if beside else bool(people and count) or None,
        fields=("GT", "DS") if mode in (0x03, 0x04) else ("GT",),
        counted=not beside,
        why=(f"PLINK 2 genotypes, {_MODES[mode]}", "people and variants are counted elsewhere" if beside else f"{people} sample(s)"),
    )
    if mode in _FIXED_WIDTH and source.size is not None:
        wanted = PGEN_HEADER + count * ((people + 3) // 4 + _FIXED_WIDTH[mode] * people)
        if wanted not in (source.size, source.size + 1):  # the last byte of the header is left out by some writers
            yield gap(source.part_id, Malformed("it is longer or shorter than its header says"))


@reader("grm_bin")
def relationships(source: Source, file_type: FileType, reading: Reading) -> Iterator[Item]:
    """Read a genetic relationship matrix of GCTA or PLINK: a triangle of numbers, one for each pair of people.

    Source: Yang et al., "GCTA: a tool for genome-wide complex trait analysis", AJHG 88 (2011), manual, option --make-grm-bin.
    """
    del reading  # its size says how many people there are
    people = triangle(source.size or 0)
    if not people:
        raise Malformed("not a triangle of numbers")
    yield GenomicPart(
        part_id=source.part_id,
        format=file_type.label,
        samples=people,
        variants=None,
        individual=True,
        fields=("relationship",),
        why=(f"one number for each pair of {people} people: how closely they are related",),
    )


def triangle(size: int) -> int:
    """People whose pairs, themselves included, fill so many bytes of single precision; 0 where no number does."""
    pairs, rest = divmod(size, 4)
    people = (math.isqrt(8 * pairs + 1) - 1) // 2
    return people if not rest and people * (people + 1) // 2 == pairs else 0
