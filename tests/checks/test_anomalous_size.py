"""What the worked examples cannot show of `anomalous_size`: requests, kinds, figures, streamed tables."""

from __future__ import annotations

import base64
import random
import struct
import zlib
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pyarrow as pa
import pytest

from sdc_airlock.checks import RequestSubject, Subject, checks
from sdc_airlock.model.assessment import Assessment
from sdc_airlock.model.content import Column, Content, Figure, Table, TextPart, TextRole
from sdc_airlock.model.filetype import Family, FileType
from sdc_airlock.model.finding import Finding
from sdc_airlock.model.recognised import Kind, Recognised
from sdc_airlock.policy import Profile

TABLE = b"region,cases\nNorth,120\nSouth,95\nEast,210\n"
CHECK = checks()["anomalous_size"]


def table_of(n_rows: int | None, *names: str, cells: list[str] | None = None) -> Table:
    """A table of text columns."""
    values = pa.array(cells if cells is not None else ["North", "South"])
    return Table(
        part_id="t.csv", columns=tuple(Column(index=i, name=name, values=values) for i, name in enumerate(names)), n_rows=n_rows, named=True
    )


def subject_with(
    part: Any, *kinds: Kind, size: int = 100, rows: int | None = None, label: str = "csv", family: Family = Family.DELIMITED
) -> Subject:
    """An output of one part, recognised as some kinds."""
    content = Content(file_id="0", file_type=FileType(label=label, family=family), parts=(part,))
    items = (Recognised(part=part, part_id=part.part_id, kinds=kinds, probability=0.9, rows=rows),) if kinds else ()
    return Subject(claimed_name="t.csv", size_bytes=size, content=content, recognised=items)


@pytest.fixture
def rules(default_profile: Profile) -> Callable[[Subject], list[str]]:
    """Runs the check under the default profile and names the rules that spoke."""
    assert CHECK.on_output is not None
    run = CHECK.on_output
    return lambda subject: [finding.rule for finding in run(subject, default_profile.params(CHECK))]


@pytest.fixture
def of_request(default_profile: Profile) -> Callable[[list[int]], list[Finding]]:
    """Runs the check on a request of outputs of some sizes."""

    def run(sizes: list[int]) -> list[Finding]:
        assert CHECK.on_request is not None
        csv = FileType(label="csv", family=Family.DELIMITED)
        assessments = tuple(
            Assessment(path=f"{i}.csv", claimed_name=f"{i}.csv", file_id="0", size_bytes=size, file_type=csv)
            for i, size in enumerate(sizes)
        )
        return list(CHECK.on_request(RequestSubject(assessments=assessments), default_profile.params(CHECK)))

    return run


def test_requests(of_request: Callable[[list[int]], list[Finding]]) -> None:
    """Too many outputs, and outputs that are too large together, are findings of the request."""
    assert of_request([10, 20]) == []
    assert [finding.rule for finding in of_request([10] * 1001)] == ["max_files"]
    assert [finding.rule for finding in of_request([900_000_000] * 6)] == ["max_request_bytes"]


@pytest.mark.parametrize(
    ("kinds", "rows", "found"),
    [
        ((Kind.FREQUENCY_TABLE,), 2_000_000, ["expected_rows"]),
        ((Kind.FREQUENCY_TABLE,), 500, []),
        ((Kind.GWAS_SUMMARY_STATISTICS,), 12_000_000, []),
        ((Kind.SUMMARY_STATISTICS, Kind.GWAS_SUMMARY_STATISTICS), 12_000_000, []),
        ((Kind.INDIVIDUAL_ROWS,), 2_000_000, []),
    ],
)
def test_rows_of_a_kind(kinds: tuple[Kind, ...], rows: int, found: list[str], rules: Callable[[Subject], list[str]]) -> None:
    """A table is held against what the most demanding of its kinds needs; results by variant are long by nature."""
    assert rules(subject_with(table_of(rows, "region", "cases"), *kinds, rows=rows)) == found


def test_bytes_of_a_kind(rules: Callable[[Subject], list[str]]) -> None:
    """A chart of 40 MB is larger than charts are."""
    figure = Figure(part_id="chart.tiff", format="tiff", width=9000, height=9000)
    assert rules(subject_with(figure, Kind.FIGURE, size=40_000_000, label="tiff", family=Family.FIGURE)) == ["expected_bytes"]
    assert rules(subject_with(figure, Kind.FIGURE, size=4_000_000, label="tiff", family=Family.FIGURE)) == []


def test_a_figure_holds_no_more_than_its_pixels(rules: Callable[[Subject], list[str]]) -> None:
    """A small picture of many bytes carries something else."""
    figure = Figure(part_id="chart.png", format="png", width=400, height=300)
    assert rules(subject_with(figure, Kind.FIGURE, size=3_000_000, label="png", family=Family.FIGURE)) == ["figure_bytes_per_pixel"]
    assert rules(subject_with(figure, Kind.FIGURE, size=300_000, label="png", family=Family.FIGURE)) == []


def test_a_real_picture_with_a_large_unused_chunk(
    subject_of: Callable[[bytes, str], Subject], rules: Callable[[Subject], list[str]]
) -> None:
    """Bytes packed into an ancillary chunk of a PNG are more than its one pixel can fill."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    image = chunk(b"IDAT", zlib.compress(b"\x00\x80"))
    packed = chunk(b"prVt", random.Random(7).randbytes(400_000))
    data = b"\x89PNG\r\n\x1a\n" + header + packed + image + chunk(b"IEND", b"")
    assert "figure_bytes_per_pixel" in rules(subject_of(data, "chart.png"))


def test_wide_tables(rules: Callable[[Subject], list[str]]) -> None:
    """Thousands of columns are seldom results."""
    assert rules(subject_with(table_of(2, *(f"c{i}" for i in range(5001))))) == ["max_columns"]


def test_a_streamed_table_that_nobody_counted(default_profile: Profile) -> None:
    """Its rows are estimated from the bytes of the sample."""
    assert CHECK.on_output is not None
    streamed = replace(table_of(None, "region", "cases", cells=["North", "South"] * 500), batches=lambda: iter(()))
    params = default_profile.params(CHECK) | {"max_rows": 5_000}
    found = list(CHECK.on_output(subject_with(streamed, size=5_000_000), params))
    assert [finding.rule for finding in found] == ["max_rows"]
    assert list(CHECK.on_output(subject_with(streamed, size=10_000), params)) == []


def encoded(count: int) -> str:
    """Random bytes in base64, as a payload would be."""
    return base64.b64encode(random.Random(3).randbytes(count)).decode()


def test_encoded_text(rules: Callable[[Subject], list[str]]) -> None:
    """A payload in a text is seen wherever it stands; long prose and numbers are not taken for one."""
    prose = "We followed the people of the cohort for ten years, and took deaths from the register. " * 400
    numbers = "\n".join(f"{random.Random(i).random():.6f},{i}" for i in range(4000))
    for text, found in ((prose, []), (numbers, []), (prose + encoded(40_000) + prose, ["dense_text_share"])):
        part = TextPart(part_id="notes.txt", text=text, role=TextRole.PROSE)
        assert rules(subject_with(part, Kind.TEXT, label="text", family=Family.TEXT)) == found


def test_encoded_cells(rules: Callable[[Subject], list[str]]) -> None:
    """A payload cut into cells of a column is seen too."""
    payload = encoded(30_000)
    cells = [payload[i : i + 40] for i in range(0, len(payload), 40)]
    assert rules(subject_with(table_of(len(cells), "note", cells=cells), Kind.OTHER)) == ["dense_text_share"]
    words = ["the quick brown fox jumps over the lazy dog", "a table of long sentences in ordinary words"] * 400
    assert rules(subject_with(table_of(len(words), "note", cells=words), Kind.OTHER)) == []


def test_expanded_size(default_profile: Profile, rules: Callable[[Subject], list[str]]) -> None:
    """What comes out of a container counts as well as what goes in."""
    subject = subject_with(table_of(2, "region"))
    bloated = replace(subject, content=replace(subject.content, expanded_bytes=default_profile.value("max_expanded_bytes") + 1))
    assert rules(bloated) == ["max_expanded_bytes"]


def test_an_ordinary_table(subject_of: Callable[[bytes, str], Subject], rules: Callable[[Subject], list[str]]) -> None:
    """Nothing is said of a small table."""
    assert rules(subject_of(TABLE, "table.csv")) == []
