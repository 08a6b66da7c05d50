"""What the lines of a variant list show: who is in it, wherever that is said.

Single samples hide in more places than sample columns: in site fields as lists of genotypes, as one state a sample, as one field a
sample, as counts among two alleles, which are the genotype of one person; and in identifiers and filters.
"""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from sdc_airlock.errors import LimitReached, ReadError
from sdc_airlock.readers import Reading
from sdc_airlock.readers._genomic import ENOUGH_BYTES, SITE_FIELDS, cells, line_blocks, text
from sdc_airlock.readers._infoshapes import Shapes
from sdc_airlock.source import Source

FIXED = len(SITE_FIELDS) + 1  # and FORMAT
INFO = 7
# site fields that count people or alleles, or share them out; the others describe the variant
COUNT_FIELD = re.compile(
    r"^(?:AC|AN|AF|NS|MAC|MAF|GC|GTC|GNO|HET|HOM|HOMALT|HOMREF|N_?SAMPLES?|N_?CALLED|N_?MISS(?:ING)?|NCC|N?_?(?:HOM|HET|HEMI)(?:_?(?:ALT|REF|VAR))?"
    r"|(?:AC|AN|AF|NS|MAF|N?HOM(?:ALT)?|HEMI)_\w+|\w+_(?:AC|AN|AF|MAF|HOM|HET|NHOMALT))$",
    re.IGNORECASE,
)
CARRIER_FIELD = re.compile(
    r"^(?:(?:HET|HOM|HEMI|ALT|MUT)_?)?(?:SAMPLES?|SAMPLE_?(?:IDS?|NAMES?|LIST)|CARRIERS?|INDIVIDUALS|DONORS)$", re.IGNORECASE
)
DECLARED = re.compile(rb"^##(FORMAT|INFO)=<(?:.*?[,<])?ID=([A-Za-z_][A-Za-z0-9_.]{0,63})[,>]")
ABOUT_SAMPLES = (b"##SAMPLE=", b"##PEDIGREE=", b"##META=", b"##pedigreeDB=")
# records whose site fields are taken apart one by one; the later ones are searched for the same shapes a block at a time
CLOSE_RECORDS = 3000
# as RE2 reads them
LATER = {
    "site fields hold lists of genotypes": r"=(?:[0-9]|\.)[/|](?:[0-9]|\.)[,:;\n]",
    "site fields hold one state a sample": r"=0[012.]{5,}[;\n]",
    "site fields hold a list of states": r"=(?:[012.]|-1)(?:[,:|](?:[012.]|-1)){7,}[;\n]",
    "site fields list the samples that carry a variant": r"[;\t](?i:(?:(?:het|hom|hemi|alt|mut)_?)?(?:samples?|sample_?(?:ids?|names?|list)|carriers?|individuals|donors))=",
}
# share of the records of a block from which a shape is no accident
OFTEN = 0.2
_COUNTS = re.compile(rb"(?:^|[;\t])(AN|NS)=(\d{1,9})(?=[;\n\t]|$)")
_TAB, _LINE_END = 9, 10
_now = time.monotonic
_TRIED_SECONDS = 3.0  # of reading, until it is told how long all of it will take
_SITE_CELLS = 5  # CHROM POS ID REF ALT
# the counts of one person: two alleles, one sample
_OF_ONE = {b"AN": 2, b"NS": 1}
_REFERENCE_BLOCK = (b"<NON_REF>", b"<*>")


@dataclass
class Scan:
    """What the lines of a variant file have shown so far.

    Attributes:
        header: Names of the header line, None where there is none.
        meta: Lines that begin with `##`.
        width: Most columns of a record; `records` records seen, `bad` lines that are none.
        formats: Declared or met names of per-sample fields; info: of site fields.
        shapes: Shapes of the site fields, identifiers and filters of the first records.
        described: Header lines that describe samples.
        later: Shapes found in later records.
        counted: True where all of it was read.
        most: The largest AN and NS of any record; told: records that have them.
        blocks: Records of reference blocks, as a gVCF has them.
        broken: Why it could not be read to its end.
    """

    header: list[str] | None = None
    meta: list[bytes] = field(default_factory=list)
    width: int = 0
    records: int = 0
    bad: list[tuple[int, bytes]] = field(default_factory=list)
    formats: Counter[str] = field(default_factory=Counter)
    info: Counter[str] = field(default_factory=Counter)
    shapes: Shapes = field(default_factory=Shapes)
    described: int = 0
    later: Counter[str] = field(default_factory=Counter)
    counted: bool = True
    first_record: int = 0
    most: Counter[bytes] = field(default_factory=Counter)
    told: Counter[bytes] = field(default_factory=Counter)
    blocks: int = 0
    broken: ReadError | None = None

    @property
    def named_samples(self) -> list[str]:
        """Sample names of the header line."""
        return (self.header or [])[FIXED:]

    @property
    def samples(self) -> int:
        """Sample columns by the header, or by the records where the header names none."""
        return len(self.named_samples) or max(self.width - FIXED, 0)


def _header_line(scan: Scan, line: bytes) -> None:
    names = [text(cell).strip() for cell in cells(line)]
    scan.header = [names[0].lstrip("#"), *names[1:]]


def _meta_line(scan: Scan, line: bytes) -> None:
    scan.meta.append(line)
    if line.startswith(ABOUT_SAMPLES):
        scan.described += 1
    if match := DECLARED.match(line):
        (scan.formats if match[1] == b"FORMAT" else scan.info)[match[2].decode("ascii")] += 0


def _record(scan: Scan, number: int, line: bytes) -> None:
    row = cells(line)
    if not is_site(row):
        scan.bad.append((number, line))
        return
    scan.first_record = scan.first_record or number
    scan.records += 1
    scan.width = max(scan.width, len(row))
    scan.blocks += any(mark in row[4] for mark in _REFERENCE_BLOCK)
    if len(row) >= FIXED:
        for name in row[8].split(b":"):
            scan.formats[text(name[:64])] += 1
    if len(row) > INFO and scan.records <= CLOSE_RECORDS:
        scan.shapes.record(row, scan.info)
        _of_one(scan, row[INFO])


def _of_one(scan: Scan, where: bytes) -> None:
    for name, number in _COUNTS.findall(where):
        scan.told[name] += 1
        scan.most[name] = max(scan.most[name], int(number))


def is_site(row: list[bytes]) -> bool:
    """True for the cells of a site: CHROM POS ID REF ALT at least."""
    return len(row) >= 5 and row[1].strip().isdigit()


def _site(scan: Scan, line: bytes) -> bool:
    """True for a record of a site without FORMAT, which is counted; its site fields are searched with its block."""
    tabs = line.count(b"\t")
    if not 4 <= tabs < FIXED - 1 or not line.split(b"\t", 2)[1].isdigit():  # CHROM POS ID REF ALT at least
        return False
    scan.records += 1
    scan.width = max(scan.width, tabs + 1)
    return True


def _sites(scan: Scan, joined: bytes, count: int) -> bool:
    """True where all lines of a block are records of sites, as wide as the widest so far, which are counted all at once."""
    import numpy as np

    data = np.frombuffer(joined, np.uint8)
    marks = np.flatnonzero((data == _TAB) | (data == _LINE_END))
    if scan.width < _SITE_CELLS or len(marks) != count * scan.width:
        return False
    ends = marks.reshape(count, scan.width)
    if not ((data[ends[:, :-1]] == _TAB).all() and (data[ends[:, -1]] == _LINE_END).all()):
        return False
    firsts = np.concatenate([[0], ends[:-1, -1] + 1])
    bounds = np.stack([ends[:, 0] + 1, ends[:, 1]], axis=1)
    if (data[firsts] == ord("#")).any() or (bounds[:, 0] >= bounds[:, 1]).any():
        return False
    figures = (data >= ord("0")) & (data <= ord("9"))
    if not np.logical_and.reduceat(figures, bounds.ravel())[::2].all():
        return False
    scan.records += count
    return True


def _search(scan: Scan, joined: bytes, records: int) -> None:
    """Look through the site fields of a block for what the first records were taken apart for."""
    import pyarrow as pa
    import pyarrow.compute as pc

    whole: Any = pa.array([joined], pa.binary())
    for what, pattern in LATER.items():
        found = pc.count_substring_regex(whole, pattern)[0].as_py()
        if found > OFTEN * records:
            scan.later[what] += found
    # counts of more than one person have settled it
    if any(scan.most[name] <= most for name, most in _OF_ONE.items() if scan.told[name]):
        _of_one(scan, joined)


def walk(source: Source, reading: Reading, share: Callable[[], float] | None = None) -> Scan:
    """Read the lines: all of a file of sites, the first records of one with samples. What broke it off is noted.

    Args:
        source: The text.
        reading: Whose caps hold.
        share: Says which share of the file was read so far, where somebody knows; 0 where not.
    """
    scan = Scan()
    try:
        _lines(scan, source, reading, share)
    except ReadError as error:
        scan.broken, scan.counted = error, False
    return scan


class _TooSlow(LimitReached):
    """All of a file would take more time than there is."""

    def __str__(self) -> str:
        """What is told of it."""
        return f"read in part: all of it would take about {self.seen:,.0f} seconds"


def _hopeless(began: float, done: float, reading: Reading) -> None:
    """Go no further where the whole will surely take more time than there is.

    Raises:
        LimitReached: it will.
    """
    spent = _now() - began
    if done and spent > _TRIED_SECONDS and began + spent / done > reading.deadline + _TRIED_SECONDS:
        raise _TooSlow("file_seconds", reading.limits.file_seconds, round(spent / done))


def _lines(scan: Scan, source: Source, reading: Reading, share: Callable[[], float] | None) -> None:
    number = seen = 0
    began = _now()
    for block in line_blocks(source, reading):
        before = scan.records
        close = scan.records < CLOSE_RECORDS
        joined = b"" if close or scan.width >= FIXED else b"\n".join(block) + b"\n"
        if share is not None and seen > ENOUGH_BYTES:
            _hopeless(began, share(), reading)
        if joined and _sites(scan, joined, len(block)):
            number += len(block)
            seen += len(joined)
            _search(scan, joined, len(block))
            continue
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
            _search(scan, joined or b"\n".join(block) + b"\n", scan.records - before)
        if len(scan.bad) > reading.limits.sample_rows:
            raise LimitReached("sample_rows", reading.limits.sample_rows, len(scan.bad))
        if scan.width > FIXED and scan.records and seen > ENOUGH_BYTES:
            scan.counted = False
            break


def _hidden_genotypes(scan: Scan) -> list[str]:
    """Reasons to think that site fields hold data of single samples."""
    why = scan.shapes.reasons(scan.info, lambda key: bool(COUNT_FIELD.match(key)))
    if carriers := sum(1 for key, times in scan.info.items() if times and CARRIER_FIELD.match(key)):
        why.append(f"{carriers} site field(s) list the samples that carry a variant")
    why += [
        f"{name.decode()} is at most {most} on every record: its counts are the genotype of one person"
        for name, most in _OF_ONE.items()
        if scan.told[name] and scan.told[name] >= scan.records and scan.most[name] <= most
    ]
    return why or [f"{what}, in later records" for what in scan.later]


def verdict(scan: Scan) -> tuple[bool | None, tuple[str, ...]]:
    """Whether single samples are described, and why."""
    hidden = _hidden_genotypes(scan)
    if scan.records and scan.width > FIXED:
        fields = ", ".join(sorted(name for name, times in scan.formats.items() if times and name.isidentifier())[:8])
        return True, (f"{scan.samples} sample column(s) after FORMAT", f"per-sample fields: {fields or 'not named'}", *hidden)
    if hidden:
        return True, tuple(hidden)
    if doubts := _doubts(scan):
        return None, tuple(doubts)
    return False, ("no sample columns in the header or in any record",)


def _doubts(scan: Scan) -> list[str]:
    """Reasons to leave it to the checker whether samples are described."""
    doubts: Iterable[tuple[object, str]] = (
        (scan.broken, "it could not be read to its end"),
        (scan.named_samples, f"the header names {len(scan.named_samples)} sample(s), and no record holds data of them"),
        (scan.described, f"{scan.described} header line(s) describe samples"),
        (scan.blocks * 2 > scan.records, "most records are reference blocks, as one person's gVCF has them"),
        (scan.bad, "sites only, but some lines are no variants"),
    )
    return [words for found, words in doubts if found]
