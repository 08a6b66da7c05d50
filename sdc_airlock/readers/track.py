"""Tracks along the genome in binary form: bigBed (intervals) and bigWig (a signal)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from sdc_airlock.model.content import GenomicPart, Oddity, OddityKind, TextPart, TextRole, Unread, UnreadReason
from sdc_airlock.model.filetype import FileType
from sdc_airlock.readers import Item, Reading, reader
from sdc_airlock.readers._bbi import Track, bed_items, unaccounted, walk, wig_items, zoom_problem
from sdc_airlock.readers._genomic import Row, table, text
from sdc_airlock.readers._members import settled
from sdc_airlock.readers.genomic_text import BED_COLUMNS
from sdc_airlock.source import Source

_AUTO_FIELD = re.compile(rb"^[ \t]*+\w[\w\[\](), \t]{0,200}[ \t](\w{1,100}+)[ \t]*+;", re.MULTILINE)
_SIGNAL = ("chrom", "start", "end", "value")


def _column_names(track: Track) -> tuple[str, ...]:
    """Names of the columns of a bigBed: as declared where each is, else those of the format."""
    declared = tuple(text(name) for name in _AUTO_FIELD.findall(track.declared.partition(b"(")[2]))
    return declared if len(declared) == track.fields[0] else BED_COLUMNS[: max(track.fields[0], 3)]


@reader("bigbed", "bigwig")
def tracks(source: Source, file_type: FileType, reading: Reading) -> Iterator[Item]:
    """Read a bigBed or bigWig: its items as a table, its own description as text, and a gap for bytes that belong to nothing."""
    source = settled(source, reading)
    with source.opener() as stream:
        track = walk(stream, source.size or 0, reading)
        problem = zoom_problem(track)
        lost = unaccounted(track)
        signal = track.kind == "bigwig"
        # a signal is left to the checker anyway; of intervals every block has to be what the index says it is
        items = track.items if signal else sum(1 for _ in bed_items(track))
    names = _SIGNAL if signal else _column_names(track)

    def rows() -> Iterator[Row]:
        with source.opener() as again:
            yield from (wig_items if signal else bed_items)(replace(track, stream=again, taken=[]))

    content = table(source.part_id, rows, names, reading)
    extra = len(content.columns) - len(names)
    yield GenomicPart(
        part_id=source.part_id,
        format=file_type.label,
        samples=None if signal or extra > 0 else 0,
        variants=content.n_rows if content.n_rows is not None else items,
        individual=None if signal or extra > 0 else False,
        counted=content.whole,
        why=(_why(track, extra), f"{len(track.chroms)} sequence(s), {len(track.blocks)} block(s) of data"),
    )
    if track.declared:
        yield TextPart(part_id=f"{source.part_id}#columns", text=text(track.declared), role=TextRole.METADATA, hidden=True)
    names_of = "\n".join(name for name, _ in track.chroms.values())
    yield TextPart(part_id=f"{source.part_id}#sequences", text=names_of, role=TextRole.METADATA)
    for words in filter(None, (problem, f"{lost} byte(s) belong to nothing that the format has" if lost else "")):
        yield Oddity(part_id=source.part_id, kind=OddityKind.DAMAGED, detail=words)
        yield Unread(part_id=source.part_id, why=UnreadReason.HIDDEN, detail=words)
    yield content


def _why(track: Track, extra: int) -> str:
    if track.kind == "bigwig":
        return "a signal along the genome: of many samples or of one, which the format does not say"
    return f"{extra} column(s) more than it declares" if extra > 0 else "one item a place on the genome, no samples"
