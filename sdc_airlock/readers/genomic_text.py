"""Genomic text: genotypes of people in the shapes of many programs, lists of people, and lists of places on the genome.

Formats that hold genotypes by definition are measured from their first lines; lists are read as tables, so that whatever else
stands in their columns is seen by every check.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sdc_airlock.model.content import GenomicPart, Oddity, OddityKind, TextPart, TextRole
from sdc_airlock.model.filetype import FileType
from sdc_airlock.readers import Item, Reading, reader
from sdc_airlock.readers._genomic import ENOUGH_BYTES, Row, cells, line_blocks, lines_of, of_people, table, text
from sdc_airlock.source import Source

FIRST_LINES = 2000
# among so few a person may have no two alleles alike
FEW_VARIANTS = 8
PED_LEAD, RAW_LEAD, TRAW_LEAD, TPED_LEAD, HAPMAP_LEAD = 6, 6, 6, 4, 11


@dataclass(frozen=True)
class _Sample:
    """The start of a file: its first lines that are not empty, how many there are in all, and whether that is counted."""

    lines: list[bytes]
    count: int
    whole: bool

    @property
    def records(self) -> list[bytes]:
        """Lines that are no comments."""
        return [line for line in self.lines if not line.startswith(b"#")]

    @property
    def width(self) -> int:
        """Most cells of a line."""
        return max((len(cells(line)) for line in self.lines[:50]), default=0)


def _start(source: Source, reading: Reading) -> _Sample:
    lines: list[bytes] = []
    count = seen = 0
    for block in line_blocks(source, reading):
        kept = [line for line in block if line.strip()]
        lines.extend(kept[: FIRST_LINES - len(lines)])
        count += len(kept)
        seen += sum(map(len, block))
        if seen > ENOUGH_BYTES:
            return _Sample(lines, count, whole=False)
    return _Sample(lines, count, whole=True)


Shape = tuple[int | None, int | None]


def _ped(sample: _Sample) -> Shape:
    """People and variants of a PED (people in rows) or TPED (variants in rows: an even number of cells after four, a position fourth)."""
    rows = [cells(line) for line in sample.records[:50]]
    if rows and sample.width % 2 == 0 and all(len(row) > TPED_LEAD and row[3].isdigit() and row[1][:2].lower() == b"rs" for row in rows):
        return (sample.width - TPED_LEAD) // 2, sample.count
    return sample.count, max(sample.width - PED_LEAD, 0) // 2


def _raw(sample: _Sample) -> Shape:
    """People and variants of an additive export, either way round."""
    first = cells(sample.lines[0]) if sample.lines else []
    if first[:1] == [b"CHR"]:
        return max(sample.width - TRAW_LEAD, 0), sample.count - 1
    return sample.count - 1, max(sample.width - RAW_LEAD, 0)


def _dtc(sample: _Sample) -> Shape:
    """One person's calls."""
    return 1, max(len(sample.records) if sample.whole and sample.count <= FIRST_LINES else sample.count, 0)


def _hapmap(sample: _Sample) -> Shape:
    return max(sample.width - HAPMAP_LEAD, 0), sample.count - 1


def _eigenstrat(sample: _Sample) -> Shape:
    """One line a variant, one digit a person."""
    return max((len(line.strip()) for line in sample.lines[:50]), default=None), sample.count


def _genepop(sample: _Sample) -> Shape:
    """A title, names of loci, then one line a person with a comma after the name."""
    people = sum(1 for line in sample.lines if b"," in line and len(cells(line.partition(b",")[2])) > 0)
    loci = max((len(cells(line.partition(b",")[2])) for line in sample.lines if b"," in line), default=None)
    return people or None, loci


def _phylip(sample: _Sample) -> Shape:
    """The first line says how many sequences there are, and how long."""
    first = cells(sample.lines[0]) if sample.lines else []
    numbers = [int(cell) for cell in first[:2] if cell.isdigit() and len(cell) < 12]  # a count of any real file
    return (numbers[0], numbers[1]) if len(numbers) > 1 else (None, None)


def _triplets(sample: _Sample) -> Shape:
    """One line a variant and person: as many of each as the first lines show."""
    if not sample.whole or sample.count > FIRST_LINES:
        return None, None
    sides = [[row[place] for row in map(cells, sample.lines) if len(row) > place] for place in (0, 1)]
    marked = [sum(name.startswith(b"rs") or b":" in name for name in side) for side in sides]
    variants, people = sides if marked[0] >= marked[1] else reversed(sides)
    return len(set(people)), len(set(variants))


_SHAPES: dict[str, tuple[Callable[[_Sample], Shape], str]] = {
    "ped": (_ped, "two alleles a person and variant"),
    "plink_raw": (_raw, "allele counts a person and variant"),
    "dtc_raw": (_dtc, "one person's genotype calls, one line a variant"),
    "hapmap": (_hapmap, "one line a variant, one genotype a person"),
    "eigenstrat_geno": (_eigenstrat, "one line a variant, one digit a person"),
    "ancestrymap_geno": (_triplets, "one line a variant and person, with the number of alleles"),
    "genepop": (_genepop, "one line a person, the alleles of each locus"),
    "phylip": (_phylip, "one aligned sequence a person or isolate"),
}


# two alleles of one kind, or a call that is missing: what a list of the alleles of variants never has
_LIKE = re.compile(rb"(?:^|[\s,;\"])(?:([ACGTDI])[/|\"]?[\s,;\"]{0,3}\1|--|-/-|-[\s,;]-|00|II|DD)(?=$|[\s,;\"])")


def _like_alleles(line: bytes) -> bool:
    return _LIKE.search(line) is not None


def _allele_list(source: Source, file_type: FileType, reading: Reading) -> Iterator[Item]:
    """Variants with their two alleles, which always differ: a table, and nobody's genotypes."""

    def rows() -> Iterator[Row]:
        for line in _data_lines(source, reading, (b"#",)):
            parts = line.split(b",") if b"\t" not in line and b"," in line else cells(line)
            yield tuple(text(part).strip('"') for part in parts)

    content = table(source.part_id, rows, (), reading, named=False)
    yield GenomicPart(
        part_id=source.part_id,
        format=file_type.label,
        samples=None,
        variants=content.n_rows if content.n_rows is not None else content.sample_rows,
        individual=None if content.sample_rows < FEW_VARIANTS else False,
        counted=content.whole,
        why=("one line a variant with its two alleles, which differ on every line",),
    )
    yield content


# "GENO" or "TGENO", people, variants and two hashes (EIGENSOFT, file CONVERTF/README, "PACKEDANCESTRYMAP")
PACKED = re.compile(rb"T?GENO +(\d{1,10}) +(\d{1,10}) +[0-9a-f]+ +[0-9a-f]+")
_LEAST_RECORD = 48


def _packed_eigenstrat(source: Source, file_type: FileType, header: re.Match[bytes]) -> GenomicPart:
    """Packed genotypes: a header of one record, then two bits a call, a record a variant (or, turned round, a person)."""
    people, variants = int(header[1]), int(header[2])
    turned = source.head.startswith(b"T")
    rows, wide = (people, variants) if turned else (variants, people)
    record = (wide + 3) // 4 if turned else max((wide + 3) // 4, _LEAST_RECORD)
    wanted = record * rows + (_LEAST_RECORD if turned else record)
    fits = source.size is None or source.size == wanted
    return GenomicPart(
        part_id=source.part_id,
        format=file_type.label,
        samples=people,
        variants=variants,
        individual=True,
        fields=("GT",),
        counted=fits,
        why=(
            f"packed genotypes, one record a {'person' if turned else 'variant'}",
            "" if fits else "its length is not what its header says",
        ),
    )


@reader(*_SHAPES)
def genotype_text(source: Source, file_type: FileType, reading: Reading) -> Iterator[Item]:
    """Measure a text format that holds genotypes of single samples."""
    if packed := PACKED.match(source.head):
        yield _packed_eigenstrat(source, file_type, packed)
        return
    shape, why = _SHAPES[file_type.label]
    sample = _start(source, reading)
    if file_type.label == "dtc_raw" and not any(_like_alleles(line) for line in sample.records):
        yield from _allele_list(source, file_type, reading)
        return
    people, variants = shape(sample)
    yield GenomicPart(
        part_id=source.part_id,
        format=file_type.label,
        samples=people,
        variants=variants,
        individual=True if sample.records else None,
        fields=("GT",),
        counted=sample.whole,
        why=(why,),
    )
    comments = [line for line in sample.lines if line.startswith(b"#")]
    if comments and file_type.label != "phylip":
        yield TextPart(part_id=source.part_id, text=text(b"\n".join(comments)), role=TextRole.METADATA)


def _data_lines(source: Source, reading: Reading, comments: tuple[bytes, ...]) -> Iterator[bytes]:
    for line in lines_of(source, reading):
        if line.strip() and not line.startswith(comments):
            yield line


FAM_COLUMNS = ("FID", "IID", "father", "mother", "sex", "phenotype")


IND_COLUMNS = ("IID", "sex", "population")


@reader("fam", "psam", "eigenstrat_ind")
def people(source: Source, file_type: FileType, reading: Reading) -> Iterator[Item]:
    """Read a list of samples: one line a person, as a table."""
    names: tuple[str, ...] = IND_COLUMNS if file_type.label == "eigenstrat_ind" else FAM_COLUMNS
    first_row = 1
    for number, line in enumerate(lines_of(source, reading), start=1):
        if line.startswith((b"#FID", b"#IID")):
            names, first_row = tuple(text(cell).lstrip("#") for cell in cells(line)), number + 1
        if line.strip() and not line.startswith(b"#"):
            break

    def rows() -> Iterator[Row]:
        for line in _data_lines(source, reading, (b"#",)):
            yield tuple(text(cell) for cell in cells(line))

    content = table(source.part_id, rows, names, reading, first_row=first_row)
    yield of_people(content, file_type.label)
    yield content


BED_COLUMNS = (
    "chrom",
    "start",
    "end",
    "name",
    "score",
    "strand",
    "thick_start",
    "thick_end",
    "item_rgb",
    "block_count",
    "block_sizes",
    "block_starts",
)
GFF_COLUMNS = ("seqid", "source", "type", "start", "end", "score", "strand", "phase", "attributes")
INTERVAL_COLUMNS = ("chrom", "start", "end", "strand", "name")
ASIDES = (b"#", b"@", b"track", b"browser")


def _region(line: bytes) -> Row:
    """Cells of one interval; `1:100-200` is three of them."""
    row = cells(line)
    if len(row) == 1 and b":" in line and b"-" in line:
        chrom, _, places = line.partition(b":")
        start, _, end = places.partition(b"-")
        row = [chrom, start.strip(), end.strip()]
    return tuple(text(cell) for cell in row)


@reader("bed_intervals", "gff")
def intervals(source: Source, file_type: FileType, reading: Reading) -> Iterator[Item]:
    """Read places on the genome: a table with the columns of the format, and a gap for none of it."""
    aside = [line for line in lines_of(source, reading) if line.startswith(ASIDES)]
    first = next(_data_lines(source, reading, ASIDES), b"").split(b"\t")
    picard = any(line.startswith(b"@") for line in aside) or first[3:4] in ([b"+"], [b"-"])
    names = GFF_COLUMNS if file_type.label == "gff" else (INTERVAL_COLUMNS if picard else BED_COLUMNS)

    def rows() -> Iterator[Row]:
        for line in _data_lines(source, reading, ASIDES):
            yield tuple(text(cell) for cell in line.split(b"\t")) if file_type.label == "gff" else _region(line)

    content = table(source.part_id, rows, names, reading)
    extra = len(content.columns) - len(names)
    if extra > 0:
        yield Oddity(part_id=source.part_id, kind=OddityKind.RAGGED_ROWS, detail="more columns than the format has", size=extra)
    yield GenomicPart(
        part_id=source.part_id,
        format=file_type.label,
        samples=0,
        variants=content.n_rows if content.n_rows is not None else content.sample_rows,
        individual=False if extra <= 0 else None,
        counted=content.whole,
        why=("one line a place on the genome, no samples",),
    )
    if aside:
        yield TextPart(part_id=source.part_id, text=text(b"\n".join(aside)), role=TextRole.METADATA)
    yield content
