"""Sequences: FASTA, FASTQ, 2bit."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from sdc_airlock.errors import LimitReached, Malformed
from sdc_airlock.model.content import GenomicPart, TextPart, TextRole
from sdc_airlock.model.filetype import FileType
from sdc_airlock.readers import Item, Reading, reader
from sdc_airlock.readers._genomic import ENOUGH_BYTES, line_blocks, lines_of, text
from sdc_airlock.readers._packed import Packed, packed
from sdc_airlock.source import Source

ALIGNED_RECORDS = 200
ALIGNED_LETTERS = 20_000
# unrelated bases agree in a quarter of places and a little more by chance; sequences of one locus in many people agree in most
ALIKE = 0.55
ALIKE_OF_FEW = 0.8
MANY = 6
PRIMER_LETTERS = 120
# letters for two bases at one place, which a reference has none of and a person's consensus has at heterozygous places
_AMBIGUOUS = b"RYSWKMryswkm"
_BASES = b"ACGTUNacgtun-"
_UNKNOWN = b"Nn"
# share of places of a person's consensus that were not called; genes and transcripts have next to none
_UNCALLED = 0.01
_FEW_AMBIGUOUS = 2
# names of genes, transcripts and proteins in the public collections
_ACCESSION = re.compile(
    rb"^(?:ENS[A-Z]{0,6}[EGPRT]\d{11}|[NX][MPR]_\d{6,9}|NG_\d{6,9}|LRG_\d+|CCDS\d+|(?:sp|tr)\|[A-Z0-9]{6,10}\||gi\|\d+\||MI(?:MAT)?\d{7}|hsa-)"
)
TWOBIT_MAGICS = {b"\x43\x27\x41\x1a": "<", b"\x1a\x41\x27\x43": ">"}


def _agreement(sequences: list[bytes]) -> float:
    """Mean share, over the places of an alignment, of the letter that is commonest there (0 to 1)."""
    import numpy as np

    length = min(len(sequences[0]), ALIGNED_LETTERS)
    letters = np.frombuffer(b"".join(sequence[:length].upper() for sequence in sequences), dtype=np.uint8).reshape(len(sequences), length)
    best = np.zeros(length)
    for letter in np.unique(letters):
        best = np.maximum(best, (letters == letter).mean(axis=0))
    return float(best.mean())


@dataclass
class _Letters:
    """What the letters of all sequences are.

    Attributes:
        total: Letters; bases: those of nucleic acids; unknown: N; ambiguous: letters for two bases.
    """

    total: int = 0
    bases: int = 0
    unknown: int = 0
    ambiguous: int = 0

    def take(self, letters: bytes) -> None:
        """Count the letters of one line."""
        self.total += len(letters)
        ambiguous = len(letters) - len(letters.translate(None, _AMBIGUOUS))
        self.bases += ambiguous + len(letters) - len(letters.translate(None, _BASES))
        self.ambiguous += ambiguous
        self.unknown += len(letters) - len(letters.translate(None, _UNKNOWN))

    @property
    def protein(self) -> bool:
        """True where they are amino acids."""
        return self.bases < 0.9 * self.total  # amino acids share half of the letters

    @property
    def of_person(self) -> str:
        """What speaks for the consensus of one person, "" where nothing does."""
        if self.protein:
            return ""
        if self.ambiguous > _FEW_AMBIGUOUS:
            return f"{self.ambiguous} letters stand for two bases, as heterozygous places of a consensus do"
        if self.unknown > _UNCALLED * self.total:
            return f"{self.unknown / self.total:.0%} of places are not called, as in a consensus"
        return ""


def _fasta_verdict(names: list[bytes], lengths: list[int], aligned: list[bytes], letters: _Letters) -> tuple[bool | None, tuple[str, ...]]:
    """Whether the sequences look like one locus in several people or isolates, one person's consensus, or public sequences."""
    number = len(lengths)
    if number > 1 and len(set(lengths)) == 1 and len(aligned) > 1 and lengths[0]:
        share = _agreement(aligned)
        if share >= (ALIKE if len(aligned) >= MANY else ALIKE_OF_FEW):
            return True, (f"{number} sequences of one length, alike in {share:.0%} of places: one locus in several people or isolates",)
    if lengths and max(lengths) <= PRIMER_LETTERS:
        return False, (f"{number} short sequence(s), as primers and probes are",)
    if letters.of_person:
        return None, (f"{number} sequence(s): {letters.of_person}",)
    if len(names) == number and all(_ACCESSION.match(name) for name in names):
        return False, (f"{number} sequence(s) with the names of public genes, transcripts or proteins, every place called",)
    if number > 1:
        return None, (f"{number} sequences that may be of people or isolates, or of genes",)
    return None, ("one sequence, which may be a reference or a person's",)


@reader("fasta")
def fasta(source: Source, file_type: FileType, reading: Reading) -> Iterator[Item]:
    """Read FASTA: how many sequences there are, and whether they are one locus in several people, or one person's consensus."""
    lengths: list[int] = []
    aligned: list[bytearray] = []
    names: list[bytes] = []
    found = _Letters()
    kept = 0
    for line in lines_of(source, reading):
        if line.startswith((b">", b";")):
            if line.startswith(b">") or not lengths:
                lengths.append(0)
                if len(aligned) < ALIGNED_RECORDS:
                    aligned.append(bytearray())
            kept += len(line) + 1
            if kept > reading.limits.text_bytes:
                raise LimitReached("text_bytes", reading.limits.text_bytes, kept)
            names.append(line[1:])
            continue
        if not lengths and not line.strip():
            continue
        if not lengths and line.startswith(b"#"):
            names.append(line)
            continue
        letters = line.strip().replace(b" ", b"")
        if not lengths:  # a sequence without a name
            lengths.append(0)
            aligned.append(bytearray())
        lengths[-1] += len(letters)
        found.take(letters)
        if len(lengths) == len(aligned) and len(aligned[-1]) < ALIGNED_LETTERS:
            aligned[-1] += letters
    individual, why = _fasta_verdict(names, lengths, [bytes(sequence) for sequence in aligned], found)
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


def _twobit_names(found: Packed, count: int, reading: Reading) -> tuple[list[bytes], list[int]]:
    """Names of the sequences, and where each begins."""
    names: list[bytes] = []
    places: list[int] = []
    if count > reading.limits.members:
        raise LimitReached("members", reading.limits.members, count)
    for _ in range(count):
        names.append(found.take(found.number("B")))
        places.append(found.number())
    return names, places


@reader("twobit")
def twobit(source: Source, file_type: FileType, reading: Reading) -> Iterator[Item]:
    """Read the index of a 2bit: names and number of its sequences, which may be a reference or a person's.

    Source: UCSC Genome Browser, "twoBit sequence archives" (format description, FAQ).
    """
    order = TWOBIT_MAGICS.get(source.head[:4])
    if order is None:
        raise Malformed("not the first bytes of a 2bit")
    with packed(source, reading, order) as found:
        found.take(4)
        version, count, _reserved = found.unpack("III")
        if version != 0:
            raise Malformed("a 2bit of a version that there is not")
        names, places = _twobit_names(found, count, reading)
    if source.size is not None and any(place >= source.size for place in places):
        raise Malformed("a sequence lies beyond the end")
    yield GenomicPart(
        part_id=source.part_id,
        format=file_type.label,
        samples=None,
        variants=count,
        individual=None,
        fields=("sequence",),
        why=(f"{count} packed sequence(s), which may be of a reference or of a person",),
    )
    yield TextPart(part_id=source.part_id, text=text(b"\n".join(names)), role=TextRole.METADATA)
