"""Long lists of sites in whole columns, and what is not read where the beginning of a file decides."""

from __future__ import annotations

import gzip
import random

import pytest

from sdc_airlock.identify import identify
from sdc_airlock.limits import Limits
from sdc_airlock.model.content import Content, GenomicPart, Table, UnreadReason
from sdc_airlock.readers import _members, read
from sdc_airlock.source import Source

META = "##fileformat=VCFv4.2\n##contig=<ID=1>\n"
SITES = "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n"


def content(data: bytes, name: str = "f.vcf", sample_rows: int = 50) -> Content:
    """What the readers say of a file."""
    source = Source.of_bytes(data, part_id=name, name=name)
    return read(source, identify(source), file_id="", limits=Limits(sample_rows=sample_rows))


def sites(found: Content) -> list[tuple[str, ...]]:
    """All rows of the table of sites, as text."""
    (table,) = [part for part in found.parts if isinstance(part, Table)]
    assert table.batches is not None
    rows = (row for batch in table.batches() for row in zip(*(column.to_pylist() for column in batch.columns), strict=True))
    return [tuple("" if cell is None else str(cell) for cell in row) for row in rows]


@pytest.mark.parametrize(
    "odd", ["", "AC=7;AC=8;AN=2000;DB", "DB;AN=2000;AC=7", "AC=1,2,3;AN=2000;DB"], ids=["alike", "twice", "order", "alleles"]
)
def test_columns_at_once_say_what_lines_say(odd: str) -> None:
    """A field that stands twice, in another place or with more alleles is nowhere lost, however the block is taken apart."""
    lines = [f"1\t{place}\trs{place}\tA\tG\t.\tPASS\tAC={place}{',5' if place % 7 == 0 else ''};AN=2000;DB" for place in range(100, 400)]
    if odd:
        lines[250] = f"1\t350\trs350\tA\tG\t.\tPASS\t{odd}"
    rows = sites(content((META + SITES + "\n".join(lines) + "\n").encode()))
    assert len(rows) == len(lines)
    said = {"": ("350", "5", "2000", "DB"), "A": ("7", "", "2000", "AC=8;DB"), "D": ("7", "", "2000", "DB")}
    expected = ("1", "2,3", "2000", "DB") if odd.startswith("AC=1") else said[odd[:1]]
    assert rows[250][7:] == expected


@pytest.mark.parametrize("hidden", ["GT=0/1,0/0,1/1", "ST=0120120", "CARRIERS=P1,P2"])
def test_later_records_are_searched_as_the_first_are(hidden: str) -> None:
    """Site fields that hold data of single samples from the four thousandth record on make the file individual."""
    lines = [f"1\t{place}\t.\tA\tG\t.\tPASS\tAC=210;AN=2000" + (f";{hidden}" if place > 4000 else "") for place in range(1, 24_000)]
    (part,) = [part for part in content((META + SITES + "\n".join(lines) + "\n").encode()).parts if isinstance(part, GenomicPart)]
    assert part.variants == len(lines)
    assert part.individual is True


def test_samples_decide_a_large_stream_from_its_beginning(monkeypatch: pytest.MonkeyPatch) -> None:
    """Once genotypes are seen the rest of a large stream is not read, and that is said."""
    monkeypatch.setattr(_members, "LONG_REST", 1 << 17)
    chance = random.Random(1)
    header = META + SITES.rstrip("\n") + "\tFORMAT\t" + "\t".join(f"p{place}" for place in range(400)) + "\n"
    calls = ["\t".join(chance.choice(("0/0", "0/1", "1/1")) for _ in range(400)) for _ in range(50)]
    body = "".join(f"1\t{place}\t.\tA\tG\t.\tPASS\t.\tGT\t{calls[place % 50]}\n" for place in range(8000))
    found = content(gzip.compress((header + body).encode(), 1), "f.vcf.gz", 1000)
    (part,) = [part for part in found.parts if isinstance(part, GenomicPart)]
    assert (part.individual, part.samples, part.counted) == (True, 400, False)
    assert [(gap.why, gap.detail) for gap in found.unread] == [(UnreadReason.LIMIT, _members.DECIDED)]
    assert found.expanded_bytes < len(body)


@pytest.mark.parametrize(
    ("names", "tables"), [("AFR AMR ASJ EAS FIN NFE OTH SAS AMI MID", False), ("P1 P2 P3 P4 P5 P6 P7 P8 P9 P10", True)]
)
def test_named_fields_of_a_site_are_no_table(names: str, *, tables: bool) -> None:
    """Counts of genotypes by population, several alleles each, are fields of one site; the same under numbered names are looked at as a table."""
    draw = random.Random(3)
    rows = []
    for place in range(100, 112):
        counts = (",".join(str(draw.randint(0, 4000)) for _ in range(6)) for _ in names.split())
        fields = ";".join(f"GC_{name}={count}" for name, count in zip(names.split(), counts, strict=True))
        rows.append(f"1\t{place}\trs{place}\tA\tG,T\t.\tPASS\t{fields}")
    found = content((META + SITES + "\n".join(rows) + "\n").encode())
    assert any("!table" in part.part_id for part in found.parts) is tables
