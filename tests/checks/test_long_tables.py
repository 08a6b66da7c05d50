"""Long tables, whose batches are looked at side by side: the same is found as where all rows stand in memory."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from sdc_airlock.checks import Subject, checks
from sdc_airlock.identify import identify
from sdc_airlock.limits import Limits
from sdc_airlock.model.content import Table
from sdc_airlock.policy import load_profile
from sdc_airlock.readers import _line_blocks, _streamed, read
from sdc_airlock.recognise import recognise
from sdc_airlock.source import Source

if TYPE_CHECKING:
    import pytest

_LONG = Limits(table_bytes=20_000, sample_rows=1000)
_random = random.Random(20261123)
_ROWS = 3000


def _found(data: bytes, limits: Limits, *, streamed: bool) -> set[tuple[str, str, int, tuple[int, ...], str]]:
    source = Source.of_bytes(data, part_id="results.tsv", name="results.tsv")
    content = read(source, identify(source), file_id="", limits=limits)
    assert any(isinstance(part, Table) and part.batches is not None for part in content.parts) is streamed
    subject = Subject(claimed_name="results.tsv", size_bytes=len(data), content=content, recognised=recognise(content, limits))
    profile = load_profile("default")
    return {
        (finding.check_id, finding.rule, finding.count, finding.location.rows, finding.message)
        for name in ("direct_identifiers", "sample_identifiers", "small_cohort_statistics", "membership_inference")
        for finding in checks()[name].on_output(subject, profile.params(checks()[name]))
        if finding.location.columns or name == "membership_inference"
    }


def _results(notes: dict[int, str]) -> bytes:
    lines = [
        f"{place * 22 // _ROWS + 1}\t{1_000_000 + place * 60_000}\trs{_random.randrange(10**8)}\tA\tG"
        f"\t{_random.uniform(0.0005, 0.5):.4f}\t{_random.gauss(0, 0.1):.4f}\t{_random.uniform(0.02, 0.3):.4f}\t{_random.random():.3e}\t200\t{notes.get(place, 'kept')}"
        for place in range(_ROWS)
    ]
    return ("CHR\tPOS\tSNPID\tEA\tNEA\tEAF\tBETA\tSE\tP\tN\tnote\n" + "\n".join(lines) + "\n").encode()


def test_long_and_short_readings_find_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ids and addresses wherever they stand, rare alleles and membership: the counts, the first places and the words are the same."""
    kinds = ("LP{:07}-DNA_A01", "person{}@example.com", "rs{}")
    notes = {place: kinds[place % 3].format(place + 1_000_000) for place in range(5, _ROWS, 7)}
    data = _results(notes)
    monkeypatch.setattr(_streamed, "BLOCK_BYTES", 20_000)
    monkeypatch.setattr(_line_blocks, "BLOCK_BYTES", 20_000)
    found = _found(data, _LONG, streamed=True)
    assert found == _found(data, Limits(), streamed=False)
    assert {check for check, *_ in found} >= {"small_cohort_statistics", "sample_identifiers"}
