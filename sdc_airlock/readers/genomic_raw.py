"""Formats of single samples, or of matrices of them, that are named and held: what they are is plain from their first bytes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from sdc_airlock.errors import LimitReached, Malformed
from sdc_airlock.model.content import GenomicPart, TextPart, TextRole
from sdc_airlock.model.filetype import FileType
from sdc_airlock.readers import Item, Reading, reader
from sdc_airlock.readers._genomic import text
from sdc_airlock.readers._packed import packed
from sdc_airlock.source import Source

_ONE = "of one sample"
# label -> samples, whether single samples are described, what it is
_KNOWN: dict[str, tuple[int | None, bool | None, str]] = {
    "idat": (1, True, f"array intensities {_ONE}, from which genotypes or methylation are called"),
    "abif": (1, True, f"a sequencing trace {_ONE}"),
    "cel": (1, True, f"array intensities {_ONE}, from which genotypes or expression are called"),
    "sff": (None, True, "sequence reads with their flow values"),
    "sra": (None, True, "sequence reads of a run, as the Sequence Read Archive packs them"),
    "nanopore": (None, True, "raw signal of sequence reads"),
    "tskit": (None, True, "a tree sequence, which holds the genotypes of all its samples"),
    "hic": (None, None, "contacts between places on the genome, mostly of one sample"),
}


@reader(*_KNOWN)
def raw(source: Source, file_type: FileType, reading: Reading) -> Iterator[Item]:
    """Say what a format of single samples is; nothing of it is taken apart."""
    del reading  # what it is says enough
    samples, individual, why = _KNOWN[file_type.label]
    yield GenomicPart(
        part_id=source.part_id, format=file_type.label, samples=samples, variants=None, individual=individual, counted=False, why=(why,)
    )


GDS_SEARCHED = 16 << 20
_GDS_NODES = (
    b"genotype", b"sample.id", b"variant.id", b"snp.id", b"snp.position", b"snp.allele", b"phase", b"annotation", b"dosage", b"sample.annot",
)  # fmt: skip


@reader("gds")
def gds(source: Source, file_type: FileType, reading: Reading) -> Iterator[Item]:
    """Find the names of the nodes of a GDS: genotypes and samples, or neither. Nodes are not decoded, so that it is never free of samples.

    Source: Zheng et al., "SeqArray: a storage-efficient high-performance data format for WGS variant calls", Bioinformatics 33(15) (2017).
    """
    if not source.head.startswith(b"COREARRAY"):
        raise Malformed("not the first bytes of a GDS")
    met: set[bytes] = set()
    carry, seen = b"", 0
    with source.opener() as stream:
        while seen < GDS_SEARCHED and (chunk := stream.read(1 << 20)):
            reading.spend()
            seen += len(chunk)
            window = carry + chunk
            # a name stands after its length
            met |= {name for name in _GDS_NODES if bytes([len(name)]) + name in window}
            carry = window[-64:]
    people = {b"genotype", b"sample.id"} <= met or {b"dosage", b"sample.id"} <= met
    yield GenomicPart(
        part_id=source.part_id,
        format=file_type.label,
        samples=None,
        variants=None,
        individual=True if people else None,
        fields=tuple(sorted(name.decode() for name in met)),
        counted=False,
        why=("nodes of samples and of their genotypes" if people else "a tree of arrays that is not decoded",),
    )


_ENTRY = re.compile(r"entry:Struct\{([^{}]*(?:\{[^{}]*\}[^{}]*)*)\}")
_FIELD = re.compile(r"(?:^|,)`?([A-Za-z_]\w{0,40})`?:")


@reader("hail")
def hail(source: Source, file_type: FileType, reading: Reading) -> Iterator[Item]:
    """Read the description of a Hail matrix table or table: which entries each sample has, and how many rows are told.

    Source: Hail 0.2, `is.hail.expr.ir.AbstractMatrixTableSpec` and `AbstractTableSpec` (2024).
    """
    with packed(source, reading) as found:
        raw_text = found.stream.read(reading.limits.text_bytes)
        if not found.ended():
            raise LimitReached("text_bytes", reading.limits.text_bytes, len(raw_text) + 1)
    try:
        told = json.loads(raw_text)
    except RecursionError:
        raise Malformed("a description that is nested too deeply") from None
    if not isinstance(told, dict):
        raise Malformed("not the description of a Hail table")
    kind = str(told.get("matrix_type") or told.get("table_type") or "")
    entry = _ENTRY.search(kind)
    fields = tuple(_FIELD.findall(entry[1])) if entry else ()
    matrix = "matrix_type" in told
    counts = _partition_counts(told)
    yield GenomicPart(
        part_id=source.part_id,
        format=file_type.label,
        samples=None,
        variants=sum(counts) if counts else None,
        individual=True if fields else None,
        fields=fields[:50],
        counted=bool(counts),
        why=(
            f"a Hail matrix table with {len(fields)} field(s) for each sample and variant"
            if matrix
            else "a Hail table, which may be of samples",
        ),
    )
    yield TextPart(part_id=source.part_id, text=text(raw_text), role=TextRole.CONFIG, language="json")


def _partition_counts(told: dict[str, object]) -> list[int]:
    components = told.get("components")
    part = components.get("partition_counts") if isinstance(components, dict) else None
    counts = part.get("counts") if isinstance(part, dict) else None
    return [count for count in counts if isinstance(count, int) and count >= 0] if isinstance(counts, list) else []
