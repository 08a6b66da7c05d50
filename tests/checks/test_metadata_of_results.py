"""Metadata of GWAS-SSF are held against the standard, and against the results they are about."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

import numpy as np
import pytest

from sdc_airlock.checks._cohorts.places import Order
from sdc_airlock.checks._cohorts.ssf_metadata import read_metadata
from sdc_airlock.model.finding import Finding, Severity
from sdc_airlock.stats.assemblies import CHROMOSOMES, assemblies_exceeded, assembly_named

Run = Callable[..., tuple[Finding, ...]]
_HEADER = "chromosome base_pair_location effect_allele other_allele beta standard_error effect_allele_frequency p_value rsid n"
_VALID = """# Study meta-data
gwas_id: GCST90000123
date_metadata_last_modified: 2026-02-09

# Trait Information
trait_description:
  - body height
genome_assembly: GRCh37
coordinate_system: 1-based
genotyping_technology:
  - Genome-wide genotyping array
samples:
  - sample_ancestry_category:
      - European
    sample_ancestry:
      - British
    sample_size: 40000
    ancestry_method:
      - self-reported
    case_control_study: true
    case_count: 10000
    control_count: 30000
  - sample_ancestry:
      - Finnish
    sample_size: 8000
sex: combined
data_file_name: height.tsv
file_type: GWAS-SSF v1.0
data_file_md5sum: 32ce41c3dca4cd9f463a0ce7351966fd
minor_allele_freq_lower_limit: 0.01
is_harmonised: false
is_sorted: true
"""


def results(last: int = 45_000_000) -> str:
    """Results of 48,000 people in the mandatory columns, the last variant at a place on chromosome 22."""
    rng = np.random.default_rng(4)
    places = sorted((int(rng.integers(1, 22)), int(rng.integers(1_000_000, 40_000_000))) for _ in range(39))
    lines = [_HEADER.replace(" ", "\t")]
    for number, (chromosome, place) in enumerate([*places, (22, last)]):
        frequency = round(float(rng.uniform(0.05, 0.5)), 4)
        error = 1 / np.sqrt(2 * frequency * (1 - frequency) * 48_000)
        beta = error * np.sin(number)
        p = max(1 - abs(np.sin(number)) * 0.68, 0.1)
        name = f"rs{int(10 ** rng.uniform(3, 8.5))}"
        cells = (chromosome, place, "A", "G", f"{beta:.6g}", f"{error:.6g}", frequency, f"{p:.4g}", name, 48_000)
        lines.append("\t".join(map(str, cells)))
    return "\n".join(lines) + "\n"


def test_valid_metadata_pass(run_check: Run) -> None:
    """Metadata as the tools of the Catalog write them are found to be valid, and so are those with quotes and in flow style."""
    for text in (_VALID, _VALID.replace("2026-02-09", "'2026-02-09'").replace("\n  - body height", " [body height]")):
        assert run_check("anomalous_format", text.encode(), "height.tsv-meta.yaml") == ()
        found = read_metadata(text)
        assert found is not None
        assert (found.people, found.cases, found.assembly) == (48_000, 10_000, "GRCh37")


@pytest.mark.parametrize(
    ("valid", "invalid", "named"),
    [
        ("2026-02-09", "9 February 2026", "date_metadata_last_modified (not a date"),
        ("2026-02-09", "2026-02-31", "date_metadata_last_modified (not a date"),
        ("GRCh37", "my own build", "genome_assembly (not a genome assembly"),
        ("GRCh37", "Unknown", "genome_assembly (not told"),
        ("1-based", "one", "coordinate_system"),
        ("32ce41c3dca4cd9f463a0ce7351966fd", "32ce", "data_file_md5sum (not an MD5 checksum"),
        ("GWAS-SSF v1.0", "tsv", "file_type"),
        ("sex: combined", "sex: both", "sex"),
        ("0.01", "1 %", "minor_allele_freq_lower_limit"),
        ("is_sorted: true", "is_sorted: perhaps", "is_sorted"),
        ("sample_size: 40000", "sample_size: 41000", "samples.sample_size (not the sum of cases and controls)"),
        ("sample_size: 8000", "sample_size: about 8000", "samples.sample_size (not a whole number above 0)"),
        ("sample_size: 8000", "sample_size: '8000'", "samples.sample_size (text instead of a number)"),
        ("    control_count: 30000\n", "", "samples.case_count (a study of cases without both counts)"),
        ("GCST90000123", "mine", "gwas_id"),
        ("sex: combined", "sex: combined\nsex: M", "sex (given twice)"),
        ("data_file_name: height.tsv", "data_file_name:\n  - height.tsv", "data_file_name (no single value)"),
        ("trait_description:\n  - body height", "trait_description:\n  height: tall", "trait_description (no single value)"),
    ],
)
def test_invalid_fields_are_held(run_check: Run, valid: str, invalid: str, named: str) -> None:
    """A field that holds something else than the standard has there is held, and named without its value."""
    text = _VALID.replace(valid, invalid, 1)
    found = run_check("anomalous_format", text.encode(), "height.tsv-meta.yaml")
    assert [(each.rule, each.severity) for each in found] == [("metadata_invalid", Severity.MEDIUM)]
    assert named in found[0].message
    assert not invalid or invalid not in found[0].message


@pytest.mark.parametrize("line", ["genome_assembly", "data_file_md5sum", "file_type", "date_metadata_last_modified", "data_file_name"])
def test_mandatory_fields(run_check: Run, line: str) -> None:
    """A mandatory field that is left out, or left empty, is held."""
    kept = [each for each in _VALID.splitlines() if not each.startswith(f"{line}:")]
    for text in ("\n".join(kept), "\n".join([*kept, f"{line}:"])):
        found = run_check("anomalous_format", text.encode(), "height.tsv-meta.yaml")
        assert [(each.rule, each.severity) for each in found] == [("metadata_missing", Severity.MEDIUM)]
        assert line in found[0].message


def test_metadata_without_people(run_check: Run) -> None:
    """Metadata that do not say how many people there are are held."""
    text = _VALID[: _VALID.index("samples:")] + _VALID[_VALID.index("sex:") :]
    assert "samples.sample_size" in run_check("anomalous_format", text.encode(), "a-meta.yaml")[0].message


def test_fields_of_ones_own_are_noted(run_check: Run) -> None:
    """Fields that the standard does not have, and what it only asks for, are noted and hold nothing."""
    text = _VALID.replace("is_sorted: true", "project: ours")
    found = run_check("anomalous_format", text.encode(), "a-meta.yaml")
    assert [(each.rule, each.severity, each.count) for each in found] == [("metadata_noted", Severity.LOW, 2)]
    assert "project" not in found[0].message


def test_other_documents_are_no_metadata() -> None:
    """Settings of a program, and metadata that are references to each other, long or several, are not taken for valid ones."""
    assert read_metadata("genome_assembly: GRCh38\nthreads: 4\n") is None
    assert read_metadata("- gwas_id: 1\n- genome_assembly: 2\n") is None
    refused = (_VALID + "---\na: 1\n", _VALID + f"author_notes: {'x' * 70_000}\n", _VALID.replace("  - sample_ancestry:\n      - Finnish\n    sample_size: 8000", "  - *a").replace("samples:\n  - ", "samples:\n  - &a\n    "))  # fmt: skip
    for text in refused:
        found = read_metadata(text)
        assert found is not None
        assert found.invalid


def test_metadata_that_agree(run_request: Run) -> None:
    """Metadata that are about the results beside them are not told of."""
    body = results()
    meta = _VALID.replace("32ce41c3dca4cd9f463a0ce7351966fd", hashlib.md5(body.encode(), usedforsecurity=False).hexdigest())
    assert run_request("small_cohort_statistics", {"height.tsv": body, "height.tsv-meta.yaml": meta}) == ()
    assert run_request("small_cohort_statistics", {"height.tsv": body.replace("n\n", "n\n", 1)}) == ()


@pytest.mark.parametrize(
    ("table", "valid", "other", "what"),
    [
        ("height.tsv", "GRCh37", "GRCh38", "the genome assembly"),
        ("height.GRCh38.tsv", "data_file_name: height.tsv", "data_file_name: height.GRCh38.tsv", "the genome assembly"),
        ("height.tsv", "sample_size: 8000", "sample_size: 800000", "the number of people"),
        ("height.tsv", "sample_size: 40000", "sample_size: 4000", "the number of people"),
        ("height.tsv", "limit: 0.01", "limit: 0.2", "the lowest frequency of an allele"),
        ("height.tsv", "data_file_name: height.tsv", "data_file_name: weight.tsv", "the name of the file"),
    ],
)
def test_metadata_that_do_not_agree(run_request: Run, table: str, valid: str, other: str, what: str) -> None:
    """Metadata are told where the results show another assembly, other numbers of people, rarer alleles or another name."""
    body = results(last=51_200_000)
    meta = _VALID.replace(valid, other, 1).replace(
        "32ce41c3dca4cd9f463a0ce7351966fd", hashlib.md5(body.encode(), usedforsecurity=False).hexdigest()
    )
    found = run_request("small_cohort_statistics", {table: body, f"{table}-meta.yaml": meta})
    assert [(each.rule, each.severity, each.location.part_id) for each in found] == [
        ("metadata_disagree", Severity.MEDIUM, f"{table}-meta.yaml")
    ]
    assert what in found[0].message


def test_standard_and_coordinates(run_request: Run) -> None:
    """Results that lack a mandatory column, or begin at 0 where places are said to begin at 1, do not bear their metadata out."""
    rows = [line.split("\t") for line in results().splitlines()]
    short = "\n".join("\t".join(row[:6] + row[7:]) for row in rows) + "\n"
    rows[1][1] = "0"
    meta = _VALID.replace("32ce41c3dca4cd9f463a0ce7351966fd", "0" * 32)
    for body, what in ((short, "mandatory columns"), ("\n".join(map("\t".join, rows)) + "\n", "coordinate system")):
        told = meta.replace("0" * 32, hashlib.md5(body.encode(), usedforsecurity=False).hexdigest())
        found = run_request("small_cohort_statistics", {"height.tsv": body, "height.tsv-meta.yaml": told})
        assert what in next(each.message for each in found if each.rule == "metadata_disagree")


def test_results_that_are_not_sorted(run_request: Run) -> None:
    """Results said to be sorted stand in order of their places on each chromosome, whichever chromosome comes first; others are told."""
    header, *rows = results().splitlines()
    by_letters = sorted(rows, key=lambda row: (row.split("\t")[0], int(row.split("\t")[1])))
    meta = _VALID.replace("32ce41c3dca4cd9f463a0ce7351966fd", "0" * 32)
    for body, held in ((rows, False), (by_letters, False), (rows[::-1], True), ([*rows[20:], *rows[:25]], True)):
        text = "\n".join([header, *body]) + "\n"
        digest = hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
        for told, disagrees in ((meta, held), (meta.replace("is_sorted: true", "is_sorted: false"), False)):
            found = run_request("small_cohort_statistics", {"height.tsv": text, "height.tsv-meta.yaml": told.replace("0" * 32, digest)})
            assert any("sorted" in each.message for each in found if each.rule == "metadata_disagree") is disagrees


def test_order_over_batches() -> None:
    """Rows in batches are in order where all of them together are."""
    chromosomes, places = np.repeat([1, 2, 3], 4), np.array([5.0, 6, 6, 9, 1, 2, 3, 4, 7, 8, 9, 10])
    for cut in range(13):
        order = Order()
        for part in (slice(None, cut), slice(cut, None)):
            order.add(Order.of(chromosomes[part], places[part]))
        assert order.kept(3) is True
        turned = Order.of(chromosomes[cut:], places[cut:])
        turned.add(Order.of(chromosomes[:cut], places[:cut]))
        assert turned.kept(3) is (cut in {0, 4, 8, 12})
    assert Order().kept(0) is None


def test_assemblies() -> None:
    """Assemblies go by several names, and a place beyond the end of a chromosome tells which it is not."""
    assert {assembly_named(name) for name in ("GRCh38", "hg38", "x_build38.tsv", "b38", "GRCh38.p14")} == {"GRCh38"}
    assert {assembly_named(name) for name in ("hg19", "buildGRCh37", "b37")} == {"GRCh37"}
    assert {assembly_named(name) for name in ("", "38", "GRCh37 lifted to GRCh38", "b3812", "hg20")} == {""}
    last = np.zeros(CHROMOSOMES)
    assert assemblies_exceeded(last) == ()
    last[21] = 51_000_000
    assert assemblies_exceeded(last) == ("NCBI36", "GRCh38")
