"""Streams of blocks that are too long to be read whole: told from their sizes, read in part, never released by it."""

from __future__ import annotations

import random
import struct
import zlib
from collections.abc import Sequence

import pytest

from sdc_airlock.identify import identify
from sdc_airlock.limits import Limits
from sdc_airlock.model.content import Content, GenomicPart, Table, Unread, UnreadReason
from sdc_airlock.readers import Reading, _bgzf, _members, read
from sdc_airlock.readers._bgzf import blocks_of
from sdc_airlock.source import Source

HEADER = "##fileformat=VCFv4.2\n##contig=<ID=1>\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n"
END = bytes.fromhex("1f8b08040000000000ff0600424302001b0003000000000000000000")


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files of a test are a thousand times smaller than those that are meant."""
    monkeypatch.setattr(_bgzf, "_LONG", 1 << 10)
    monkeypatch.setattr(_bgzf, "_FIRST_BYTES", 1 << 12)
    monkeypatch.setattr(_bgzf, "_RUNS", 10)


def block(data: bytes, size: int | None = None) -> bytes:
    """One block, which says that it writes out `size` bytes where that is given."""
    squeezer = zlib.compressobj(4, zlib.DEFLATED, -15)
    body = squeezer.compress(data) + squeezer.flush()
    tail = struct.pack("<II", zlib.crc32(data), len(data) if size is None else size)
    return b"\x1f\x8b\x08\x04\0\0\0\0\0\xff\x06\0BC\x02\0" + struct.pack("<H", len(body) + 25) + body + tail


def blocks(text: str, width: int = 4000) -> list[bytes]:
    """A text in blocks, cut wherever a block is full."""
    data = text.encode()
    return [block(data[start : start + width]) for start in range(0, len(data), width)]


def sites(count: int, hidden: range = range(0)) -> str:
    """A list of sites, some of which hold genotypes of single samples."""
    chance = random.Random(4)
    lines = [
        f"1\t{1000 + place}\trs{chance.randrange(10**7)}\tA\tG\t50\tPASS\tAC={chance.randint(200, 900)};AN=20000"
        + (";GTS=0/1,1/1,0/0,0/1,0/0" if place in hidden else "")
        for place in range(count)
    ]
    return HEADER + "\n".join(lines) + "\n"


def content(pieces: Sequence[bytes], name: str = "f.vcf.gz", most: int = 300_000) -> Content:
    """What the readers say of a file of these blocks, of which so many bytes may be written out."""
    source = Source.of_bytes(b"".join(pieces), part_id=name, name=name)
    return read(source, identify(source), file_id="", limits=Limits(expanded_bytes=most, sample_rows=100))


def genomic(found: Content) -> GenomicPart:
    """The one part that a format of genomics gives."""
    (part,) = (part for part in found.parts if isinstance(part, GenomicPart))
    return part


def test_a_list_of_sites_too_long_to_be_read_is_told_by_its_beginning_its_end_and_lines_between() -> None:
    """It is no list of people as far as seen, its sites are there to be judged, and a gap stands for the rest."""
    text = sites(12_000)
    found = content([*blocks(text), END])
    part = genomic(found)
    assert (part.individual, part.samples, part.counted) == (None, 0, False)
    (table,) = (part for part in found.parts if isinstance(part, Table))
    (gap,) = found.unread
    assert (gap.why, gap.limit_name, gap.seen) == (UnreadReason.LIMIT, "expanded_bytes", len(text))
    assert "read in part" in gap.detail
    assert found.expanded_bytes < 300_000
    shown = {row for batch in table.batches() for row in batch.column(1).to_pylist()} if table.batches else set()
    assert {1000, 12_999} <= {int(row) for row in shown}
    whole_lines = {line.split("\t")[1] for line in text.splitlines() if not line.startswith("#")}
    assert {str(row) for row in shown} <= whole_lines


def test_a_list_that_would_take_more_time_than_there_is_is_not_begun(monkeypatch: pytest.MonkeyPatch) -> None:
    """By the time that the excerpt took it is told at once that all of it would take too long."""
    monkeypatch.setattr(_bgzf, "_SURELY_WHOLE", 1 << 10)
    source = Source.of_bytes(b"".join([*blocks(sites(12_000)), END]), part_id="f.vcf.gz", name="f.vcf.gz")
    reading = Reading(limits=Limits(sample_rows=100))
    reading.deadline = 100.0 + (began := _bgzf._now())
    monkeypatch.setattr(_bgzf, "_now", iter([began, began + 50, began + 50]).__next__)
    items = _bgzf.in_part(source, "f.vcf", reading)
    assert items is not None
    (gap,) = (item for item in items if isinstance(item, Unread))
    assert (gap.limit_name, gap.why) == ("file_seconds", UnreadReason.LIMIT)
    assert "to read all of it would take" in gap.detail
    monkeypatch.setattr(_bgzf, "_now", iter([began, began + 0.1, began + 0.1]).__next__)
    assert _bgzf.in_part(source, "f.vcf", reading) is None


def test_what_may_be_written_out_is_read_whole() -> None:
    """A shorter stream of the same blocks has no gap."""
    found = content([*blocks(sites(12_000)), END], most=1 << 20)
    assert not found.unread
    assert genomic(found).individual is False


def test_samples_hidden_in_the_middle_are_found_where_lines_are_looked_at() -> None:
    """Genotypes in site fields of a third of the records, far from both ends, make the file individual."""
    found = content([*blocks(sites(12_000, hidden=range(4000, 8000))), END])
    assert genomic(found).individual is True
    assert [gap.detail for gap in found.unread] == [_members.DECIDED]


def test_sample_columns_that_begin_in_the_middle_are_found() -> None:
    """Lines between the ends are as wide as they are."""
    lines = sites(12_000).splitlines()
    wide = [line + "\tGT\t0/1\t1/1" if 4500 < place < 9000 else line for place, line in enumerate(lines)]
    assert genomic(content([*blocks("\n".join(wide) + "\n"), END])).individual is True


@pytest.mark.parametrize("says", [0, 60_000])
def test_sizes_that_lie_release_nothing(says: int) -> None:
    """Blocks that say more or less than they hold are damaged, whatever was read of them."""
    pieces = [block(zlib.decompress(piece[18:-8], -15), says) for piece in blocks(sites(12_000))]
    found = content([*pieces, END])
    assert UnreadReason.MALFORMED in {gap.why for gap in found.unread}


def test_one_block_that_lies_is_told() -> None:
    """The excerpt holds each block against its size and its checksum."""
    pieces = blocks(sites(12_000))
    pieces[-1] = pieces[-1][:-4] + struct.pack("<I", 1)
    found = content([*pieces, END])
    assert {gap.why for gap in found.unread} == {UnreadReason.LIMIT, UnreadReason.MALFORMED}


def test_an_empty_block_in_the_middle_ends_nothing() -> None:
    """What stands behind it is counted and looked at."""
    pieces = blocks(sites(12_000, hidden=range(6600, 12_000)))
    found = content([*pieces[: len(pieces) // 2], END, *pieces[len(pieces) // 2 :], END])
    assert genomic(found).individual is True


@pytest.mark.parametrize("lost", [3, 40])
def test_a_last_block_that_is_cut_off_is_said(lost: int) -> None:
    """Whatever else is said of the file, that it is damaged is said too."""
    found = content([b"".join([*blocks(sites(12_000)), END, block(b"1\t77\t.\tA\tG\t.\t.\tAC=1\n")])[:-lost]])
    assert UnreadReason.MALFORMED in {gap.why for gap in found.unread}


def test_bytes_between_blocks_are_no_block() -> None:
    """The walk stops at them; where the blocks before are too long by themselves, the rest is a gap of its own."""
    pieces = blocks(sites(12_000))
    source = Source.of_bytes(b"".join([*pieces, b"more", *pieces]), part_id="f", name="f")
    walked = blocks_of(source, Reading(limits=Limits()))
    assert (len(walked), walked.damage) == (len(pieces), "bytes that are no block")
    found = content([*pieces, b"more", *pieces])
    assert {gap.why for gap in found.unread} == {UnreadReason.LIMIT, UnreadReason.MALFORMED}


def test_blocks_of_anything_but_lines_are_read_as_far_as_they_go() -> None:
    """Of prose and of archives some pieces do not say what the others are like."""
    prose = " ".join(random.Random(7).choices(["people", "were", "followed", "for", "years", "and", "the", "model"], k=90_000))
    found = content([*blocks(prose), END], "f.txt.gz")
    assert all(part.part_id.count("#excerpt") == 0 for part in found.parts)
    assert {gap.limit_name for gap in found.unread} == {"expanded_bytes"}


def test_a_long_header_comes_whole() -> None:
    """The excerpt goes on until the header is over, however long that is."""
    contigs = "".join(f"##contig=<ID=scaffold{place},length=1000>\n" for place in range(1000))
    found = content([*blocks(sites(12_000).replace("##contig=<ID=1>\n", contigs)), END], most=330_000)
    (table,) = (part for part in found.parts if isinstance(part, Table))
    assert table.columns[0].name == "CHROM"
    assert genomic(found).individual is None
