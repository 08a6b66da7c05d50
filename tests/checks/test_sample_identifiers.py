"""Ids of participants and samples, by the patterns of a profile."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sdc_airlock.model.finding import Finding, Severity

CHECK = "sample_identifiers"
Run = Callable[..., tuple[Finding, ...]]
OWN = [{"name": "our own", "pattern": "OWN[0-9]{5}[A-F]", "holder": "Us", "source": "Our page", "verified": True, "alone": True}]


def held(findings: tuple[Finding, ...]) -> set[str]:
    """Rules of what holds."""
    return {finding.rule for finding in findings if finding.severity > Severity.LOW}


@settings(max_examples=30, deadline=None)
@given(
    st.integers(0, 9_999_999),
    st.sampled_from("ABCDEFGH"),
    st.integers(1, 12),
    st.sampled_from(["a.txt", "a.md", "a.py", "a.log", "a.json", "a.html"]),
)
def test_a_planted_id_is_found(run_check: Run, number: int, row: str, column: int, name: str) -> None:
    """A peculiar id is found in any text, and not repeated."""
    planted = f"LP{number:07d}-DNA_{row}{column:02d}"
    text = {"a.json": f'{{"note": "{planted}"}}', "a.html": f"<p>{planted}</p>", "a.py": f"x = '{planted}'\nprint(x)\n"}.get(
        name, f"Seen:\n{planted}.bam\n"
    )
    findings = run_check(CHECK, text.encode(), name)
    assert "genomics_england_platekey" in held(findings)
    assert planted not in repr(findings)


def test_patterns_of_ones_own(run_check: Run) -> None:
    """What a profile states is looked for."""
    assert held(run_check(CHECK, b"Seen OWN12345B twice.\n", "a.txt", {"participant_patterns": OWN})) == {"our_own"}
    assert held(run_check(CHECK, b"Seen OWN12345G twice.\n", "a.txt", {"participant_patterns": OWN})) == set()


@pytest.mark.parametrize(("count", "severity"), [(3, Severity.HIGH), (12, Severity.CRITICAL)])
def test_lists_and_mentions(count: int, severity: Severity, run_check: Run) -> None:
    """A few ids are looked at, a list of them is rejected."""
    text = "platekey,reads\n" + "".join(f"LP30004{place:02d}-DNA_C07,{place}\n" for place in range(count))
    assert {finding.severity for finding in run_check(CHECK, text.encode(), "a.csv")} == {severity}


@pytest.mark.parametrize("header", ["eid", "f.eid", "n_eid", "participant_id", "IID", "Participant ID", "sample_id"])
def test_digits_under_a_telling_header(header: str, run_check: Run) -> None:
    """Seven digits are ids where the header says so."""
    text = f"{header},x\n" + "".join(f"{number},1\n" for number in (1004281, 2817390, 3310021, 4020196))
    assert "uk_biobank_participant" in held(run_check(CHECK, text.encode(), "a.csv"))


@pytest.mark.parametrize("header", ["population", "start", "pos", "bytes", "income", "cases"])
def test_digits_under_other_headers(header: str, run_check: Run) -> None:
    """Seven digits are amounts and positions elsewhere."""
    text = f"name,{header}\n" + "".join(
        f"{name},{number}\n" for name, number in zip("abcd", (1004281, 2817390, 3310021, 4020196), strict=True)
    )
    assert held(run_check(CHECK, text.encode(), "a.csv")) == set()


def test_public_names_are_said_as_such(run_check: Run) -> None:
    """Reference samples and cell lines give one note."""
    (finding,) = run_check(CHECK, b"NA12878 and HG002 were compared with K562 (SRR1234567).\n", "a.txt")
    assert finding.severity is Severity.LOW
    assert "public" in finding.message


def test_samples_of_a_variant_file(run_check: Run) -> None:
    """Public samples of a variant file are public, others are not."""
    text = "##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\t{}\n1\t100\t.\tA\tG\t.\t.\t.\tGT\t0/1\n"
    assert held(run_check(CHECK, text.format("NA12878").encode(), "a.vcf")) == set()
    assert held(run_check(CHECK, text.format("LP3000412-DNA_C07").encode(), "a.vcf")) == {"genomics_england_platekey"}


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10**6))
def test_positions_are_no_ids(run_check: Run, seed: int) -> None:
    """Results by variant hold seven-digit positions and no ids."""
    chance = random.Random(seed)
    rows = "".join(
        f"1\t{position}\tA\tG\t0.21\t0.013\t0.011\t0.24\n" for position in sorted(chance.randrange(1_000_000, 6_999_999) for _ in range(60))
    )
    assert held(run_check(CHECK, f"CHR\tPOS\tEA\tOA\tEAF\tBETA\tSE\tP\n{rows}".encode(), "a.tsv")) == set()
