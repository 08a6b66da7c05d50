"""Variant lists: VCF (sites, genotypes, gVCF, headerless), BCF, PLINK 2 pvar, PLINK 1 bim and map.

A file with sample columns is told from its header and first records; one that seems to hold sites only is read to its last line,
since a sample column may begin anywhere. Where the limits will not let it be read so far, that is told early, and what was not read is a gap.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import partial

from sdc_airlock.errors import LimitReached
from sdc_airlock.model.content import Column, GenomicPart, Grid, GridSource, Oddity, OddityKind, Table, TextPart, TextRole
from sdc_airlock.model.filetype import FileType
from sdc_airlock.readers import Item, Reading, gap, reader
from sdc_airlock.readers._bcf import WrittenVcf, written
from sdc_airlock.readers._genomic import SITE_FIELDS, Row, cells, lines_of, table, text
from sdc_airlock.readers._sites import Sites
from sdc_airlock.readers._typed import held_table
from sdc_airlock.readers._vcfscan import ABOUT_SAMPLES, CLOSE_RECORDS, COUNT_FIELD, INFO, Scan, is_site, verdict, walk
from sdc_airlock.source import Source

# a field of more alleles keeps the rest in its last column
MOST_ALLELES = 12
# header lines whose text is free, so that anything may stand in it; the others declare what the format provides for
_PROVIDED = re.compile(
    rb"^##(?:fileformat|fileDate|source|reference|contig|INFO|FORMAT|FILTER|ALT|assembly|phasing|bcftools_\w+|\w*Command\w*|\w*cmd\w*|\w*[Vv]ersion)[=.]"
)
# a list of sequences and their lengths is the same in every file of one assembly, bands of quality in every file of one caller
_SEQUENCE = re.compile(
    rb"^##(?:contig=<(?:(?:ID|length|assembly|md5|species|taxonomy|URL|AC|M5|AS|SP|UR)=[^,<>]{0,200}+(?:,|(?=>)))+>"
    rb"|GVCFBlock\d{1,3}-\d{1,3}=minGQ=\d{1,3}\(\w+\),maxGQ=\d{1,3}\(\w+\))\s*$",
    re.IGNORECASE,
)
_PAIRS = re.compile(rb'([A-Za-z_]\w{0,63})=("(?:[^"\\]|\\.)*"|[^,>]*)')


def _info_values(info: str, wanted: dict[str, list[str]]) -> tuple[list[str], str]:
    """Cells of the wanted site fields of one record, a field of several alleles spread over its columns; and all other fields."""
    found: dict[str, str] = {}
    others: list[str] = []
    for entry in info.split(";"):
        key, _, value = entry.partition("=")
        if key in wanted and key not in found:
            found[key] = value
        else:
            others.append(entry)
    row: list[str] = []
    for key, labels in wanted.items():
        values = found.get(key, "").split(",", len(labels) - 1)
        row.extend([*values, *[""] * (len(labels) - len(values))])
    return row, ";".join(others)


def _spread(source: Source, reading: Reading, keys: list[str], first: int) -> dict[str, list[str]]:
    """Columns that each count field needs, by the most alleles that the first records show."""
    most = dict.fromkeys(keys, 1)
    for index, line in enumerate(lines_of(source, reading)):
        if index > reading.limits.sample_rows:
            break
        row = cells(line) if index + 1 >= first and not line.startswith(b"#") else []
        for entry in text(row[INFO]).split(";") if len(row) > INFO else []:
            key, _, value = entry.partition("=")
            if key in most and "," in value:
                most[key] = min(max(most[key], value.count(",") + 1), MOST_ALLELES)
    return {key: [key, *(f"{key}_{place}" for place in range(2, times + 1))] for key, times in most.items()}


def _sites_table(source: Source, reading: Reading, scan: Scan) -> Table:
    """The sites as a table: the columns of a variant, its counts a column each, and all other site fields in one."""
    met = [key for key, times in scan.info.items() if times]
    keys = [key for key in met if COUNT_FIELD.match(key)]
    spread = _spread(source, reading, keys, scan.first_record)
    plain = min(scan.width, INFO)
    others = len(met) > len(keys) or scan.records > CLOSE_RECORDS
    past = max(scan.width - INFO - 1, 0)
    # cells past FORMAT have no name, and are shown so that nothing can hide there
    last = [*(["INFO"] if others else []), *["FORMAT"][:past], *[""] * max(past - 1, 0)]
    names = [*(scan.header or SITE_FIELDS)[:plain], *(label for labels in spread.values() for label in labels), *last]

    def written(lines: Iterable[bytes]) -> Iterator[Row]:
        for line in lines:
            if line.startswith(b"#") or not line.strip():
                continue
            row = cells(line)
            if not is_site(row):
                continue
            shown = [text(cell) for cell in row[:plain]] + [""] * (plain - len(row))
            info, rest = _info_values(text(row[INFO]) if len(row) > INFO else "", spread)
            yield (*shown, *info, *([rest] if others else []), *(text(cell) for cell in row[INFO + 1 :]))

    content = table(source.part_id, lambda: written(lines_of(source, reading)), names, reading, first_row=max(scan.first_record, 1))
    if content.whole:
        return content
    sites = Sites(width=scan.width, spread=spread, others=others, columns=len(content.columns), written=written)
    return held_table(content, partial(sites.batches, source, reading), reading.limits.held_bytes, rows=scan.records)


def _sample_list(source: Source, scan: Scan) -> Table:
    """The sample names of the header."""
    import pyarrow as pa

    names = pa.array(scan.named_samples, type=pa.string())
    return Table(
        part_id=f"{source.part_id}#samples",
        columns=(Column(index=0, name="sample", values=names),),
        n_rows=len(scan.named_samples),
        named=True,
        title="sample names of the header",
    )


def _described(source: Source, reading: Reading, scan: Scan) -> Iterator[Table]:
    """Header lines about samples (SAMPLE, PEDIGREE, META) as a table: one line a row, one field a column."""
    lines = [line for line in scan.meta if line.startswith(ABOUT_SAMPLES)]
    if not lines:
        return
    fields = [{text(name): text(value).strip('"') for name, value in _PAIRS.findall(line.partition(b"=")[2])} for line in lines]
    names = list(dict.fromkeys(name for row in fields for name in row))

    def rows() -> Iterator[Row]:
        for row, line in zip(fields, lines, strict=True):
            yield tuple(row.get(name, "") for name in names) if row else (text(line),)

    yield table(f"{source.part_id}#header", rows, names or ["line"], reading)


def _asides(source: Source, reading: Reading, scan: Scan) -> Iterator[Item]:
    """What is no record: header lines, and lines that do not follow the format."""
    if scan.meta:
        meta = b"\n".join(scan.meta)
        if len(meta) > reading.limits.text_bytes:
            raise LimitReached("text_bytes", reading.limits.text_bytes, len(meta))
        sequences = [line for line in scan.meta if _SEQUENCE.match(line)]
        declared = [line for line in scan.meta if not _SEQUENCE.match(line)]
        for part_id, lines, role in (
            (source.part_id, declared, TextRole.METADATA),
            (f"{source.part_id}#sequences", sequences, TextRole.CONFIG),
        ):
            if lines:
                yield TextPart(part_id=part_id, text=text(b"\n".join(lines)), role=role)
        yield from _described(source, reading, scan)
        free = [line.lstrip(b"#") for line in declared if not _PROVIDED.match(line) and not line.startswith(ABOUT_SAMPLES)]
        if free:
            yield TextPart(part_id=f"{source.part_id}#notes", text=text(b"\n".join(free)), role=TextRole.COMMENT)
    if scan.bad:
        yield Oddity(part_id=source.part_id, kind=OddityKind.DAMAGED, detail="lines that are no variants", size=len(scan.bad))
        rows = tuple(tuple(text(cell) for cell in cells(line)) for _, line in scan.bad)
        yield Grid(part_id=source.part_id, rows=rows, source=GridSource.TEXT, first_row=scan.bad[0][0])


@reader("vcf", "pvar")
def variants(source: Source, file_type: FileType, reading: Reading) -> Iterator[Item]:
    """Read a VCF or pvar: who is in it, which fields it has, and its sites where it has nothing else."""
    scan = walk(source, reading, source.share if isinstance(source, WrittenVcf) else None)
    individual, why = verdict(scan)
    fields = [name for name, times in scan.formats.items() if times] if individual else []
    fields += [name for name, times in scan.info.items() if times and COUNT_FIELD.match(name)]
    yield GenomicPart(
        part_id=source.part_id,
        format=file_type.label,
        samples=scan.samples if scan.broken is None or scan.samples else None,
        variants=scan.records,
        individual=individual,
        fields=tuple(name for name in fields[:50] if name.replace(".", "_").isidentifier()),
        counted=scan.counted,
        why=why,
    )
    if scan.broken is not None:
        yield gap(source.part_id, scan.broken)
    yield from _asides(source, reading, scan)
    if scan.named_samples:
        yield _sample_list(source, scan)
    if scan.records and not individual and scan.broken is None:
        yield _sites_table(source, reading, scan)


@reader("bcf")
def bcf(source: Source, file_type: FileType, reading: Reading) -> Iterator[Item]:
    """Read a BCF as the VCF that it stands for."""
    yield from variants(written(source, reading), file_type, reading)


PLAIN_COLUMNS: dict[str, tuple[str, ...]] = {
    "bim": ("CHROM", "ID", "CM", "POS", "A1", "A2"),
    "map": ("CHROM", "ID", "CM", "POS"),
}


@reader("bim", "map")
def plink_variants(source: Source, file_type: FileType, reading: Reading) -> Iterator[Item]:
    """Read a PLINK 1 variant list: a table with the columns of the format, and any that it should not have."""
    names = PLAIN_COLUMNS[file_type.label]

    def rows() -> Iterator[Row]:
        for line in lines_of(source, reading):
            if line.strip():
                yield tuple(text(cell) for cell in cells(line))

    content = table(source.part_id, rows, names, reading)
    if len(content.columns) == len(names) - 1 and file_type.label == "map":  # the position in centimorgans may be left out
        content = table(source.part_id, rows, ("CHROM", "ID", "POS"), reading)
    extra = len(content.columns) - len(names)
    if extra > 0:
        yield Oddity(part_id=source.part_id, kind=OddityKind.RAGGED_ROWS, detail="more columns than the format has", size=extra)
    yield GenomicPart(
        part_id=source.part_id,
        format=file_type.label,
        samples=0 if extra <= 0 else None,
        variants=content.n_rows if content.n_rows is not None else content.sample_rows,
        individual=False if extra <= 0 else None,
        counted=content.whole,
        why=("one line a variant, no samples",) if extra <= 0 else (f"{extra} column(s) more than a variant has",),
    )
    yield content
