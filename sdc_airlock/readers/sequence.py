"""Sequences and reads: FASTA, FASTQ, SAM, BAM, CRAM."""

from __future__ import annotations

import io
from collections.abc import Iterator

from sdc_airlock.errors import Malformed
from sdc_airlock.model.content import GenomicPart, TextPart, TextRole
from sdc_airlock.model.filetype import FileType
from sdc_airlock.readers import Item, Reading, reader
from sdc_airlock.readers._genomic import ENOUGH_BYTES, exactly, line_blocks, lines_of, opened, text
from sdc_airlock.source import Source

ALIGNED_RECORDS = 200
ALIGNED_LETTERS = 20_000
# unrelated bases agree in a quarter of places and a little more by chance; sequences of one locus in many people agree in most
ALIKE = 0.55
ALIKE_OF_FEW = 0.8
MANY = 6
PRIMER_LETTERS = 120
SAM_COLUMNS = 11
CRAM_DEFINITION = 26


def _agreement(sequences: list[bytes]) -> float:
    """Mean share, over the places of an alignment, of the letter that is commonest there (0 to 1)."""
    import numpy as np

    length = min(len(sequences[0]), ALIGNED_LETTERS)
    letters = np.frombuffer(b"".join(sequence[:length].upper() for sequence in sequences), dtype=np.uint8).reshape(len(sequences), length)
    best = np.zeros(length)
    for letter in np.unique(letters):
        best = np.maximum(best, (letters == letter).mean(axis=0))
    return float(best.mean())


def _fasta_verdict(names: int, lengths: list[int], aligned: list[bytes]) -> tuple[bool | None, tuple[str, ...]]:
    """Whether the sequences look like one locus in several people or isolates."""
    if names > 1 and len(set(lengths)) == 1 and len(aligned) > 1 and lengths[0]:
        share = _agreement(aligned)
        if share >= (ALIKE if len(aligned) >= MANY else ALIKE_OF_FEW):
            return True, (f"{names} sequences of one length, alike in {share:.0%} of places: one locus in several people or isolates",)
    if lengths and max(lengths) <= PRIMER_LETTERS:
        return False, (f"{names} short sequence(s), as primers and probes are",)
    if names > 1:
        return None, (f"{names} sequences that may be of people or isolates, or of genes",)
    return None, ("one sequence, which may be a reference or a person's",)


@reader("fasta")
def fasta(source: Source, file_type: FileType, reading: Reading) -> Iterator[Item]:
    """Read FASTA: how many sequences there are, and whether they are one locus in several people."""
    lengths: list[int] = []
    aligned: list[bytearray] = []
    names: list[bytes] = []
    kept = 0
    for line in lines_of(source, reading):
        if line.startswith((b">", b";")):
            if line.startswith(b">") or not lengths:
                lengths.append(0)
                if len(aligned) < ALIGNED_RECORDS:
                    aligned.append(bytearray())
            kept += len(line) + 1
            if kept <= reading.limits.text_bytes:
                names.append(line[1:])
            continue
        letters = line.strip().replace(b" ", b"")
        if not lengths:
            raise Malformed("letters stand before the first name")
        lengths[-1] += len(letters)
        if len(lengths) == len(aligned) and len(aligned[-1]) < ALIGNED_LETTERS:
            aligned[-1] += letters
    individual, why = _fasta_verdict(len(lengths), lengths, [bytes(sequence) for sequence in aligned])
    yield GenomicPart(
        part_id=source.part_id,
        format=file_type.label,
        samples=len(lengths) if individual else None,
        variants=len(lengths),
        individual=individual,
        fields=("sequence",),
        why=why,
    )
    yield TextPart(part_id=source.part_id, text=text(b"\n".join(names)), role=TextRole.METADATA)


@reader("fastq")
def fastq(source: Source, file_type: FileType, reading: Reading) -> Iterator[Item]:
    """Read FASTQ: sequence reads of a sample; the first few megabytes are counted."""
    lines = seen = 0
    whole = True
    for block in line_blocks(source, reading):
        lines += len(block)
        seen += sum(map(len, block))
        if seen > ENOUGH_BYTES:
            whole = False
            break
    why = (f"sequence reads, {'' if whole else 'at least '}{lines // 4} of them",)
    yield GenomicPart(
        part_id=source.part_id,
        format=file_type.label,
        samples=None,
        variants=lines // 4,
        individual=bool(lines) or None,
        counted=whole,
        why=why,
    )


def _read_groups(header: bytes) -> int:
    """Different sample names in the read groups of a SAM header."""
    found = {field for line in header.splitlines() if line.startswith(b"@RG") for field in line.split(b"\t") if field.startswith(b"SM:")}
    return len(found)


def _alignments(source: Source, label: str, header: bytes, records: int, *, counted: bool) -> Iterator[Item]:
    samples = _read_groups(header)
    reads = f"{'' if counted else 'at least '}{records} aligned read(s)"
    yield GenomicPart(
        part_id=source.part_id,
        format=label,
        samples=samples or None,
        variants=records,
        individual=True if records else None,
        counted=counted,
        why=(reads if records else "a header without reads", f"{samples} sample name(s) in the header"),
    )
    if header:
        yield TextPart(part_id=source.part_id, text=text(header), role=TextRole.METADATA)


@reader("sam")
def sam(source: Source, file_type: FileType, reading: Reading) -> Iterator[Item]:
    """Read SAM: header lines, then reads."""
    header: list[bytes] = []
    records = seen = 0
    counted = True
    for block in line_blocks(source, reading):
        for line in block:
            if line.startswith(b"@") and line.count(b"\t") < SAM_COLUMNS - 1:
                header.append(line)
            elif line.strip():
                records += 1
        seen += sum(map(len, block))
        if records and seen > ENOUGH_BYTES:
            counted = False
            break
    yield from _alignments(source, file_type.label, b"\n".join(header), records, counted=counted)


def _skip_references(stream: io.BufferedReader, cap: int) -> None:
    for _ in range(int.from_bytes(exactly(stream, 4, 4), "little")):
        exactly(stream, int.from_bytes(exactly(stream, 4, 4), "little") + 4, cap)


@reader("bam")
def bam(source: Source, file_type: FileType, reading: Reading) -> Iterator[Item]:
    """Read the header of a BAM and see whether a read follows.

    Source: Sequence Alignment/Map Format Specification, section 4.2 "The BAM format" (2024).
    """
    cap = reading.limits.text_bytes
    with opened(source, reading) as stream:
        if exactly(stream, 4, 4) != b"BAM\1":
            raise Malformed("not the first bytes of a BAM")
        header = exactly(stream, int.from_bytes(exactly(stream, 4, 4), "little"), cap).rstrip(b"\0")
        _skip_references(stream, cap)
        follows = bool(stream.read(1))
    yield from _alignments(source, file_type.label, header, int(follows), counted=not follows)


@reader("cram")
def cram(source: Source, file_type: FileType, reading: Reading) -> Iterator[Item]:
    """Read the file definition of a CRAM; containers beyond the header and the end mark hold reads.

    Source: CRAM format specification v3.1, section 6 "File definition" (2024).
    """
    del reading  # the first bytes are enough
    if len(source.head) < CRAM_DEFINITION or not source.head.startswith(b"CRAM"):
        raise Malformed("not the first bytes of a CRAM")
    yield GenomicPart(
        part_id=source.part_id,
        format=file_type.label,
        samples=None,
        variants=None,
        individual=True,
        counted=False,
        why=(f"aligned reads, CRAM version {source.head[4]}.{source.head[5]}",),
    )
