"""Withdrawn participants in every kind of place."""

from __future__ import annotations

import io
import random
from collections.abc import Callable
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sdc_airlock.checks import Subject, checks
from sdc_airlock.model.finding import Finding, Severity

CHECK = "withdrawn_participants"
ID = "4120876"


def severities(findings: tuple[Finding, ...]) -> set[Severity]:
    """How much the findings weigh."""
    return {finding.severity for finding in findings}


PLACES = {
    "a.csv": f"eid,x\n1002938,1\n{ID},2\n",
    "a.tsv": f"eid\tx\n1002938\t1\n{ID}\t2\n",
    "a.json": f'{{"rows": [{{"eid": {ID}, "x": 1}}, {{"eid": 1002938, "x": 2}}]}}',
    "a.ndjson": f'{{"eid": {ID}, "x": 1}}\n{{"eid": 1002938, "x": 2}}\n',
    "a.yaml": f"run: 7\nleft_out:\n  - {ID}\n",
    "a.xml": f"<run><id>{ID}</id><x>1</x></run>",
    "a.html": f"<html><body><!-- {ID} --><p>Nothing.</p></body></html>",
    "a.md": f"# Notes\n\nSee P-{ID}.\n",
    "a.py": f"import sys\n\nskip = {{{ID}}}\nprint(sys.argv)\n",
    "a.R": f"# without {ID}\nlibrary(dplyr)\nx <- 1\n",
    "a.log": f"2024-03-01 10:00:00 INFO {ID} done\n2024-03-01 10:00:01 INFO end\n",
    "a.ipynb": f'{{"cells": [{{"cell_type": "markdown", "metadata": {{}}, "source": ["about {ID}"]}}], "metadata": {{}}, "nbformat": 4, "nbformat_minor": 5}}',
    "a.svg": f'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><title>{ID}</title><circle cx="1" cy="1" r="1"/></svg>',
    "a.vcf": f"##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tS_{ID}\n1\t100\t.\tA\tG\t.\t.\t.\tGT\t0/1\n",
}  # fmt: skip


@pytest.mark.parametrize("name", PLACES)
def test_found_wherever_it_stands(name: str, run_check: Callable[..., tuple[Finding, ...]]) -> None:
    """An id is found in any kind of file, and is said by its place alone."""
    findings = run_check(CHECK, PLACES[name].encode(), name, withdrawn=[ID])
    assert severities(findings) == {Severity.CRITICAL}
    assert ID not in repr([(finding.message, finding.remedy, finding.evidence, finding.labels) for finding in findings])


@pytest.mark.parametrize("name", PLACES)
def test_nothing_without_the_id(name: str, run_check: Callable[..., tuple[Finding, ...]]) -> None:
    """The same files pass where somebody else has withdrawn."""
    assert run_check(CHECK, PLACES[name].encode(), name, withdrawn=["4120877", "KX-0041"]) == ()


@pytest.mark.parametrize(
    "kind",
    [pa.int64(), pa.int32(), pa.float64(), pa.string(), pa.large_string(), pa.dictionary(pa.int32(), pa.string()), pa.list_(pa.int64())],
)
def test_typed_columns(kind: Any, run_check: Callable[..., tuple[Finding, ...]]) -> None:
    """Whole numbers, numbers with a point, texts, categories and lists hold ids alike."""
    values: list[Any] = [1002938, int(ID), None, 3310021]
    if "string" in str(kind):
        values = [None if value is None else str(value) for value in values]
    if "list" in str(kind):
        values = [None if value is None else [value, 7] for value in values]
    plain = pa.string() if "dictionary" in str(kind) else kind
    column = pa.array(values, plain)
    buffer = io.BytesIO()
    pq.write_table(pa.table({"eid": column if plain is kind else column.dictionary_encode(), "x": [1, 2, 3, 4]}), buffer)
    findings = run_check(CHECK, buffer.getvalue(), "a.parquet", withdrawn=[ID])
    assert severities(findings) == {Severity.CRITICAL}


def test_rows_far_down_a_streamed_table(run_check: Callable[..., tuple[Finding, ...]]) -> None:
    """Every row of a table that is too large to hold is searched."""
    rows = [f"{number},{number % 7},some words to make the row longer,{number / 3:.9f}" for number in range(5_000_000, 5_060_000)]
    rows[57_000] = f"{ID},1,some words,0.5"
    findings = run_check(CHECK, ("eid,group,note,value\n" + "\n".join(rows)).encode(), "a.csv", withdrawn=[ID])
    (finding,) = findings
    assert finding.location.rows == (57_002,)


def test_an_id_among_decimals_far_down(run_check: Callable[..., tuple[Finding, ...]]) -> None:
    """Rows that were kept small are not what is searched: a short id among decimals is found where its column names people."""
    rows = [f"chr{number % 22},{number % 97 + 0.5},some words to make the row longer,{number / 3:.9f}" for number in range(60_000)]
    rows[57_000] = "chr1,517,some words,0.5"
    findings = run_check(CHECK, ("chr,participant_id,note,value\n" + "\n".join(rows)).encode(), "a.csv", withdrawn=["517"])
    assert [finding.location.rows for finding in findings] == [(57_002,)]


def test_positions_that_coincide_by_chance(run_check: Callable[..., tuple[Finding, ...]]) -> None:
    """Hundreds of coincidences among positions are chance where the list is long; in a column of ids one is enough."""
    chance = random.Random(5)
    ids = [str(chance.randrange(1_000_000, 9_999_999)) for _ in range(2_000)]
    positions = sorted(chance.randrange(1_000_000, 9_999_999) for _ in range(9_000))
    table = "CHR\tPOS\tEA\tOA\tEAF\tBETA\tSE\tP\n" + "".join(f"1\t{position}\tA\tG\t0.21\t0.013\t0.011\t0.24\n" for position in positions)
    assert set(ids) & {str(position) for position in positions}
    assert run_check(CHECK, table.encode(), "sumstats.tsv", withdrawn=ids) == ()
    assert severities(run_check(CHECK, f"eid,x\n1000001,1\n{ids[0]},2\n1000002,4\n".encode(), "a.csv", withdrawn=ids)) == {
        Severity.CRITICAL
    }


def test_ids_in_a_column_of_positions(run_check: Callable[..., tuple[Finding, ...]]) -> None:
    """More coincidences than chance explains are ids, whatever the column is called."""
    ids = [str(number) for number in range(4_000_000, 4_000_400, 7)]
    table = "CHR\tPOS\tEA\tOA\tEAF\tBETA\tSE\tP\n" + "".join(f"1\t{position}\tA\tG\t0.21\t0.013\t0.011\t0.24\n" for position in ids)
    assert severities(run_check(CHECK, table.encode(), "sumstats.tsv", withdrawn=ids)) == {Severity.CRITICAL}


def test_short_ids_need_a_column_of_ids(run_check: Callable[..., tuple[Finding, ...]]) -> None:
    """An id of three digits counts in a column of ids and nowhere else."""
    table = "patient_id,age,sex,bmi\n" + "".join(f"{number},{40 + number % 30},F,2{number % 9}.4\n" for number in range(101, 140))
    assert severities(run_check(CHECK, table.encode(), "a.csv", withdrawn=["117"])) == {Severity.CRITICAL}
    assert run_check(CHECK, b"There were 117 visits.\n", "a.txt", withdrawn=["117"]) == ()


def test_not_applicable_without_a_list(subject_of: Callable[[bytes, str], Subject]) -> None:
    """Without a list there is nothing to go by, which the run says."""
    applies = checks()[CHECK].applies
    assert applies is not None
    assert not applies(subject_of(b"eid\n4120876\n", "a.csv"))


@settings(max_examples=25, deadline=None)
@given(st.integers(10_000, 10**12), st.sampled_from(["{}", "P_{}", "'{}'", '"{}"', "{}.0", "sub-{}_ses-1", "({})", "id={}", "{};", "00{}"]), st.sampled_from(["a.txt", "a.md", "a.py", "a.log"]))  # fmt: skip
def test_any_id_in_any_dress(run_check: Callable[..., tuple[Finding, ...]], number: int, dress: str, name: str) -> None:
    """However an id is wrapped, it is found in a text."""
    text = f"# some words before\nvalue = 7\nlook at {dress.format(number)} again\nprint(value)\n"
    assert severities(run_check(CHECK, text.encode(), name, withdrawn=[str(number)])) == {Severity.CRITICAL}


def test_a_word_for_a_person_outweighs_chance(run_check: Callable[..., tuple[Finding, ...]]) -> None:
    """In a dense list any number may coincide, but not one that is called a participant."""
    ids = [str(number) for number in range(1_000_000, 9_999_999, 90)]
    assert severities(run_check(CHECK, f"The participant {ids[7]} was lost.\n".encode(), "a.txt", withdrawn=ids)) == {Severity.CRITICAL}
    assert severities(run_check(CHECK, f"The sum of {ids[7]} was paid.\n".encode(), "a.txt", withdrawn=ids)) == {Severity.MEDIUM}
