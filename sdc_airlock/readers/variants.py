"""Variant lists: VCF (sites, genotypes, gVCF, headerless), PLINK 2 pvar, PLINK 1 bim and map.

A file with sample columns is told from its header and first records; one that seems to hold sites only is read to its last line,
since a sample column may begin anywhere.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from sdc_airlock.errors import LimitReached
from sdc_airlock.model.content import (
    Column,
    GenomicPart,
    Grid,
    GridSource,
    Oddity,
    OddityKind,
    Table,
    TextPart,
    TextRole,
    Unread,
    UnreadReason,
)
from sdc_airlock.model.filetype import FileType
from sdc_airlock.readers import Item, Reading, reader
from sdc_airlock.readers._genomic import ENOUGH_BYTES, Row, cells, line_blocks, lines_of, table, text
from sdc_airlock.source import Source

SITE_COLUMNS = ("CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER", "INFO")
FIXED = 9  # the eight columns of a site, and FORMAT
# site fields that count people or alleles, or share them out; the others describe the variant
COUNT_FIELD = re.compile(
    r"^(?:AC|AN|AF|NS|MAC|MAF|GC|GTC|GNO|HET|HOM|HOMALT|HOMREF|N_?SAMPLES?|N_?CALLED|N_?MISS(?:ING)?|NCC|N?_?(?:HOM|HET|HEMI)(?:_?(?:ALT|REF|VAR))?"
    r"|(?:AC|AN|AF|NS|MAF|N?HOM(?:ALT)?|HEMI)_\w+|\w+_(?:AC|AN|AF|MAF|HOM|HET|NHOMALT))$",
    re.IGNORECASE,
)
CARRIER_FIELD = re.compile(
    r"^(?:(?:HET|HOM|HEMI|ALT|MUT)_?)?(?:SAMPLES?|SAMPLE_?(?:IDS?|NAMES?|LIST)|CARRIERS?|INDIVIDUALS|DONORS)$", re.IGNORECASE
)
GENOTYPE_LIST = re.compile(rb"^(?:\d{1,2}|\.)[/|](?:\d{1,2}|\.)(?:[,:](?:\d{1,2}|\.)[/|](?:\d{1,2}|\.))*$")
CARRIER_VECTOR = re.compile(rb"^[012.]{4,}$")
DECLARED = re.compile(rb"^##(FORMAT|INFO)=<(?:.*?[,<])?ID=([A-Za-z_][A-Za-z0-9_.]{0,63})[,>]")
# a field of more alleles keeps the rest in its last column
MOST_ALLELES = 12
# records whose site fields are taken apart one by one; the later ones are searched for the same shapes a block at a time
CLOSE_RECORDS = 3000
LATER = {
    "site fields hold lists of genotypes": re.compile(rb"[=](?:\d|\.)[/|](?:\d|\.)(?=[,:;\n])"),
    "site fields hold one state a sample": re.compile(rb"=0[012.]{5,}(?=[;\n])"),
    "site fields list the samples that carry a variant": re.compile(
        rb"[;\t](?i:(?:(?:het|hom|hemi|alt|mut)_?)?(?:samples?|sample_?(?:ids?|names?|list)|carriers?|individuals|donors))="
    ),
}
# share of the records of a block from which a shape is no accident
OFTEN = 0.2
# a few records say too little of a vector of states, which could be a number
VECTOR_RECORDS = 5


@dataclass
class _Scan:
    """What the lines of a variant file have shown so far.

    Attributes:
        header: Names of the header line, None where there is none.
        width: Most columns of a record; `records` records seen, `bad` lines that are none.
        fields: Declared or met names of per-sample fields; info: of site fields.
        vectors: Length of the state vector that each site field holds on all records so far; padded: fields with a value that
            begins with 0, as a vector may and a number does not.
    """

    header: list[str] | None = None
    meta: list[bytes] = field(default_factory=list)
    width: int = 0
    records: int = 0
    bad: list[tuple[int, bytes]] = field(default_factory=list)
    formats: Counter[str] = field(default_factory=Counter)
    info: Counter[str] = field(default_factory=Counter)
    genotype_lists: Counter[str] = field(default_factory=Counter)
    vectors: dict[str, int] = field(default_factory=dict)
    padded: set[str] = field(default_factory=set)
    described: int = 0
    later: Counter[str] = field(default_factory=Counter)
    counted: bool = True
    first_record: int = 0

    @property
    def named_samples(self) -> list[str]:
        """Sample names of the header line."""
        return (self.header or [])[FIXED:]

    @property
    def samples(self) -> int:
        """Sample columns by the header, or by the records where the header names none."""
        return len(self.named_samples) or max(self.width - FIXED, 0)


def _header_line(scan: _Scan, line: bytes) -> None:
    names = [text(cell).strip() for cell in cells(line)]
    scan.header = [names[0].lstrip("#"), *names[1:]]


def _meta_line(scan: _Scan, line: bytes) -> None:
    scan.meta.append(line)
    if line.startswith((b"##SAMPLE=", b"##PEDIGREE=", b"##META=")):
        scan.described += 1
    if match := DECLARED.match(line):
        (scan.formats if match[1] == b"FORMAT" else scan.info)[match[2].decode("ascii")] += 0


def _info_entries(scan: _Scan, info: bytes) -> None:
    """Look at the shape of each site field: genotypes a sample hide there as lists or as vectors of states."""
    for entry in info.split(b";"):
        name, _, value = entry.partition(b"=")
        key = text(name[:64])
        scan.info[key] += 1
        if not value:
            continue
        if (b"/" in value or b"|" in value) and GENOTYPE_LIST.match(value):
            scan.genotype_lists[key] += 1
        if value.startswith(b"0"):
            scan.padded.add(key)
        if scan.info[key] == 1:
            scan.vectors[key] = len(value) if CARRIER_VECTOR.match(value) and b"." not in value.strip(b".") else 0
        elif scan.vectors.get(key) and (len(value) != scan.vectors[key] or not CARRIER_VECTOR.match(value)):
            scan.vectors[key] = 0


def _record(scan: _Scan, number: int, line: bytes) -> None:
    row = cells(line)
    if len(row) < 5 or not row[1].strip().isdigit():  # a site has at least CHROM POS ID REF ALT
        scan.bad.append((number, line))
        return
    scan.first_record = scan.first_record or number
    scan.records += 1
    scan.width = max(scan.width, len(row))
    if len(row) >= FIXED:
        for name in row[8].split(b":"):
            scan.formats[text(name[:64])] += 1
    if len(row) > 7:  # INFO is the eighth
        _info_entries(scan, row[7])


def _site(scan: _Scan, line: bytes) -> bool:
    """True for a record of a site without FORMAT, which is counted; its site fields are searched with its block."""
    tabs = line.count(b"\t")
    if not 4 <= tabs < FIXED - 1 or not line.split(b"\t", 2)[1].isdigit():  # CHROM POS ID REF ALT at least
        return False
    scan.records += 1
    scan.width = max(scan.width, tabs + 1)
    return True


def _search(scan: _Scan, block: list[bytes], records: int) -> None:
    """Look through the site fields of a block for what the first records were taken apart for."""
    joined = b"\n".join(block) + b"\n"
    for what, pattern in LATER.items():
        found = len(pattern.findall(joined))
        if found > OFTEN * records:
            scan.later[what] += found


def _walk(source: Source, reading: Reading) -> _Scan:
    """Read the lines: all of a file of sites, the first records of one with samples.

    Raises:
        LimitReached: a line is too long, there are too many lines that are no records, or time is up.
    """
    scan = _Scan()
    number = seen = 0
    for block in line_blocks(source, reading):
        before = scan.records
        for line in block:
            number += 1
            if scan.records >= CLOSE_RECORDS and line[:1] != b"#" and _site(scan, line):
                continue
            if line.startswith(b"##"):
                _meta_line(scan, line)
            elif line.startswith(b"#") and scan.header is None and not scan.records:
                _header_line(scan, line)
            elif line.strip():
                _record(scan, number, line)
        seen += sum(map(len, block))
        if scan.records >= CLOSE_RECORDS and scan.width < FIXED:
            _search(scan, block, scan.records - before)
        if len(scan.bad) > reading.limits.sample_rows:
            raise LimitReached("sample_rows", reading.limits.sample_rows, len(scan.bad))
        if scan.width > FIXED and scan.records and seen > ENOUGH_BYTES:
            scan.counted = False
            break
    return scan


def _hidden_genotypes(scan: _Scan) -> list[str]:
    """Reasons to think that site fields hold data of single samples."""
    why = []
    if lists := sum(1 for key, times in scan.genotype_lists.items() if times * 2 > scan.info[key]):
        why.append(f"{lists} site field(s) hold lists of genotypes")
    vectors = [key for key, length in scan.vectors.items() if length and key in scan.padded and scan.info[key] >= VECTOR_RECORDS]
    if vectors:
        why.append(f"{len(vectors)} site field(s) hold one state a sample")
    if carriers := sum(1 for key, times in scan.info.items() if times and CARRIER_FIELD.match(key)):
        why.append(f"{carriers} site field(s) list the samples that carry a variant")
    return why or [f"{what}, in later records" for what in scan.later]


def _verdict(scan: _Scan) -> tuple[bool | None, tuple[str, ...]]:
    """Whether single samples are described, and why."""
    hidden = _hidden_genotypes(scan)
    if scan.records and scan.width > FIXED:
        fields = ", ".join(sorted(name for name, times in scan.formats.items() if times and name.isidentifier())[:8])
        return True, (f"{scan.samples} sample column(s) after FORMAT", f"per-sample fields: {fields or 'not named'}", *hidden)
    if hidden:
        return True, tuple(hidden)
    if scan.named_samples:
        return None, (f"the header names {len(scan.named_samples)} sample(s), and no record holds data of them",)
    if scan.described:
        return None, (f"{scan.described} header line(s) describe samples",)
    if scan.bad:
        return None, ("sites only, but some lines are no variants",)
    return False, ("no sample columns in the header or in any record",)


def _info_values(info: str, wanted: dict[str, list[str]]) -> list[str]:
    """Cells of the wanted site fields of one record; a field of several alleles is spread over its columns."""
    found = dict(entry.partition("=")[::2] for entry in info.split(";"))
    row: list[str] = []
    for key, labels in wanted.items():
        values = found.get(key, "").split(",", len(labels) - 1)
        row.extend([*values, *[""] * (len(labels) - len(values))])
    return row


def _spread(source: Source, reading: Reading, keys: list[str], first: int) -> dict[str, list[str]]:
    """Columns that each count field needs, by the most alleles that the first records show."""
    most = dict.fromkeys(keys, 1)
    for index, line in enumerate(lines_of(source, reading)):
        if index > reading.limits.sample_rows:
            break
        row = cells(line) if index + 1 >= first and not line.startswith(b"#") else []
        for entry in text(row[7]).split(";") if len(row) > 7 else []:  # INFO is the eighth
            key, _, value = entry.partition("=")
            if key in most and "," in value:
                most[key] = min(max(most[key], value.count(",") + 1), MOST_ALLELES)
    return {key: [key, *(f"{key}_{place}" for place in range(2, times + 1))] for key, times in most.items()}


def _sites_table(source: Source, reading: Reading, scan: _Scan) -> Table:
    """The sites as a table: the columns of a variant and its counts, not the annotation."""
    keys = [key for key, times in scan.info.items() if times and COUNT_FIELD.match(key)]
    spread = _spread(source, reading, keys, scan.first_record)
    plain = min(scan.width, 7)
    # cells past FORMAT have no name, and are shown so that nothing can hide there
    extra = max(scan.width - FIXED, 0)
    names = [*(scan.header or SITE_COLUMNS)[:plain], *(label for labels in spread.values() for label in labels), *[""] * extra]

    def rows() -> Iterator[Row]:
        for line in lines_of(source, reading):
            if line.startswith(b"#") or not line.strip():
                continue
            row = cells(line)
            if len(row) < 5 or not row[1].strip().isdigit():  # as in `_record`
                continue
            shown = [text(cell) for cell in row[:plain]] + [""] * (plain - len(row))
            info = _info_values(text(row[7]) if len(row) > 7 else "", spread) if spread else []  # INFO is the eighth
            yield (*shown, *info, *(text(cell) for cell in row[FIXED:]))

    return table(source.part_id, rows, names, reading, first_row=max(scan.first_record, 1))


def _sample_list(source: Source, scan: _Scan) -> Table:
    """The sample names of a header without records."""
    import pyarrow as pa

    names = pa.array(scan.named_samples, type=pa.string())
    return Table(
        part_id=f"{source.part_id}#samples",
        columns=(Column(index=0, name="sample", values=names),),
        n_rows=len(scan.named_samples),
        named=True,
        title="sample names of the header",
    )


def _asides(source: Source, reading: Reading, scan: _Scan) -> Iterator[Item]:
    """What is no record: header lines, and lines that do not follow the format."""
    if scan.meta:
        meta = b"\n".join(scan.meta)
        if len(meta) > reading.limits.text_bytes:
            raise LimitReached("text_bytes", reading.limits.text_bytes, len(meta))
        yield TextPart(part_id=source.part_id, text=text(meta), role=TextRole.METADATA)
    if scan.bad:
        yield Oddity(part_id=source.part_id, kind=OddityKind.DAMAGED, detail="lines that are no variants", size=len(scan.bad))
        rows = tuple(tuple(text(cell) for cell in cells(line)) for _, line in scan.bad)
        yield Grid(part_id=source.part_id, rows=rows, source=GridSource.TEXT, first_row=scan.bad[0][0])


@reader("vcf", "pvar")
def variants(source: Source, file_type: FileType, reading: Reading) -> Iterator[Item]:
    """Read a VCF or pvar: who is in it, which fields it has, and its sites where it has nothing else."""
    try:
        scan = _walk(source, reading)
    except LimitReached as error:
        why: tuple[str, ...] = ("it could not be read to its end",)
        yield GenomicPart(
            part_id=source.part_id, format=file_type.label, samples=None, variants=None, individual=None, counted=False, why=why
        )
        yield Unread(
            part_id=source.part_id,
            why=UnreadReason.LIMIT,
            limit_name=error.limit_name,
            limit=error.limit,
            seen=error.seen,
            detail=str(error),
        )
        return
    individual, why = _verdict(scan)
    fields = [name for name, times in scan.formats.items() if times] if individual else []
    fields += [name for name, times in scan.info.items() if times and COUNT_FIELD.match(name)]
    yield GenomicPart(
        part_id=source.part_id,
        format=file_type.label,
        samples=scan.samples,
        variants=scan.records,
        individual=individual,
        fields=tuple(name for name in fields[:50] if name.replace(".", "_").isidentifier()),
        counted=scan.counted,
        why=why,
    )
    yield from _asides(source, reading, scan)
    if scan.named_samples and not scan.records:
        yield _sample_list(source, scan)
    elif scan.records and not individual:
        yield _sites_table(source, reading, scan)


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
