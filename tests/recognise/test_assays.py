"""Genes or probes by samples are records of people; genes by statistics are results."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pytest

from sdc_airlock.limits import Limits
from sdc_airlock.model.content import Column, Table
from sdc_airlock.model.recognised import Kind
from sdc_airlock.recognise.kinds import recognise_table

GENES = [f"ENSG{10000 + 7 * number:011d}" for number in range(120)]
SYMBOLS = ["TP53", "BRCA2", "KRAS", "EGFR", "C9orf72", "HLA-DRB1", "IL6", "MT2A", "CDKN1A", "SLC22A1", "H3C2", "RPL13A"] * 1 + [
    f"{stem}{number}" for stem in ("AB", "CDX", "FGFR", "ZNF", "KLHDC") for number in range(1, 9)
]
PROBES = [f"cg{10000000 + 97 * number:08d}" for number in range(120)]


def table_of(ids: Sequence[str], names: Sequence[str], matrix: np.ndarray) -> Table:
    """Ids and a matrix of text cells."""
    columns = [Column(index=0, name="feature", values=pa.array(list(ids)))]
    columns += [Column(index=place + 1, name=name, values=pa.array(matrix[:, place])) for place, name in enumerate(names)]
    return Table(part_id="t.csv", columns=tuple(columns), n_rows=len(ids), named=True)


def reads(rows: int, columns: int) -> np.ndarray:
    """Counts of reads."""
    random = np.random.default_rng(3)
    return random.negative_binomial(5, 5 / (5 + random.lognormal(4, 2, (rows, 1)).repeat(columns, axis=1)))


def levels(rows: int, columns: int) -> np.ndarray:
    """Levels of expression, in logs."""
    return np.log2(reads(rows, columns) + 1).round(3)


SAMPLES = {
    "counts": (GENES, [f"SRR10{number:02d}" for number in range(12)], reads(120, 12)),
    "counts under symbols": (SYMBOLS, [f"{arm}_{number}" for arm in ("ctrl", "treated") for number in range(1, 5)], reads(52, 8)),
    "levels": (GENES, [f"Patient{number}" for number in range(12)], levels(120, 12)),
    "methylation": (PROBES, [f"2042{number:03d}_R01C01" for number in range(12)], levels(120, 12) / 20),
}
STATISTICS = {
    "scores by tissue": (GENES, [f"Z_{tissue}" for tissue in ("Blood", "Brain", "Heart", "Liver", "Lung")], levels(120, 5) - 7),
    "contrasts": (SYMBOLS, ["logFC.A", "logFC.B", "AveExpr", "F", "P.Value"], levels(52, 5) / 15),
    "means": (GENES, ["mean_cases", "mean_controls", "sd_cases", "sd_controls"], levels(120, 4)),
}


@pytest.mark.parametrize("case", SAMPLES.values(), ids=SAMPLES)
def test_samples(case: tuple[list[str], list[str], np.ndarray]) -> None:
    """A column a sample is a record a person, whatever the rows are."""
    found = recognise_table(table_of(*case), Limits())
    assert found.individual > 0.9
    assert found.kind is Kind.INDIVIDUAL_ROWS
    assert Kind.MATRIX in found.kinds


@pytest.mark.parametrize("case", STATISTICS.values(), ids=STATISTICS)
def test_statistics(case: tuple[list[str], list[str], np.ndarray]) -> None:
    """A column a statistic is a result by gene."""
    found = recognise_table(table_of(*case), Limits())
    assert found.individual < 0.1
    assert found.kind is Kind.GENE_RESULTS


def test_numbered_statistics_and_ids_of_people() -> None:
    """Many numbered columns called after a statistic, and ids of one make beside means, are not let off."""
    numbered = recognise_table(table_of(GENES, [f"beta_{number}" for number in range(20)], levels(120, 20)), Limits())
    people = [f"P{number}" for number in range(120)]
    means = recognise_table(table_of(people, ["mean_sbp", "sd_sbp", "max_hr", "min_hr", "mean_bmi"], levels(120, 5)), Limits())
    for found in (numbered, means):
        assert not any("statistics" in words for words in found.why)


def test_samples_told_apart_by_letters() -> None:
    """B, F, P and T among the letters of samples are no statistics."""
    names = [chr(ord("A") + place) for place in range(26)]
    found = recognise_table(table_of(PROBES, names, levels(120, 26)), Limits())
    assert found.individual > 0.9


def test_samples_under_other_names() -> None:
    """Levels under names that say nothing are put to the checker; scores that have nothing to do with each other are not."""
    names = ["Alice", "Bob", "Carol", "Dan", "Eve", "Frank"]
    random = np.random.default_rng(4)
    found = recognise_table(table_of(SYMBOLS, names, levels(52, 6) + random.normal(0, 0.2, (52, 6)).round(3)), Limits())
    assert found.kind is Kind.INDIVIDUAL_ROWS
    apart = recognise_table(
        table_of(SYMBOLS, ["pli", "loeuf", "mis", "syn", "shet", "gerp"], random.normal(0, 1, (52, 6)).round(3)), Limits()
    )
    assert not any("samples" in words for words in apart.why)


def test_classes_with_their_total_are_no_samples() -> None:
    """Mutations by gene and class, with a total, are counts of groups."""
    counts = np.random.default_rng(5).integers(12, 200, (52, 4))
    names = ["Missense", "Nonsense", "Frame_Shift", "Splice_Site", "total"]
    found = recognise_table(table_of(SYMBOLS, names, np.column_stack([counts, counts.sum(axis=1)])), Limits())
    assert found.individual < 0.1


def test_what_is_altered_in_each_tumour() -> None:
    """A matrix of genes by tumours with words for mutations, as an oncoprint is drawn from, is a column a person; words by pathway are none."""
    random = np.random.default_rng(6)
    genes = ["KRAS", "TP53", "EGFR", "BRAF", "NF1", "RB1", "PTEN", "MYC", "ERBB2", "MET"]
    words = random.choice(["", "", "", "MUT;", "AMP;", "HOMDEL;", "MUT;AMP;"], (10, 30))
    tumours = recognise_table(table_of(genes, [f"T{number}" for number in range(30)], words), Limits())
    assert tumours.individual > 0.9
    pathways = recognise_table(table_of(genes, [f"pathway {number}" for number in range(30)], np.where(words == "", "", "yes")), Limits())
    assert not any("altered" in said for said in pathways.why)
