"""Profiles of copy number along a genome are of samples; statistics along a genome are of nobody."""

from __future__ import annotations

import numpy as np
import pytest

CHROMOSOMES = np.sort(np.random.default_rng(1).integers(1, 23, 600))
PLACES = np.sort(np.random.default_rng(2).integers(10**5, 10**8, 600))


def profile(seed: int) -> list[str]:
    """Log ratios with three altered stretches."""
    rng = np.random.default_rng(seed)
    base = rng.normal(0, 0.08, 600)
    for start in rng.integers(0, 520, 3):
        base[start : start + 60] += rng.choice([0.58, -0.9, 0.4])
    return [f"{value:.5f}" for value in base]


def table(header: str, *columns) -> str:
    """Columns behind chromosome and place."""
    rows = zip([f"P{n * 37 % 997}{n}" for n in range(600)], CHROMOSOMES, PLACES, *columns, strict=True)
    return header + "\n" + "\n".join(",".join(map(str, row)) for row in rows) + "\n"


@pytest.mark.parametrize(
    ("header", "columns"),
    [
        ("Clone,Chromosome,Position,GM05296,GM13330", (profile(3), profile(4))),
        ("ProbeName,chr,start,T1,T2,T3", (profile(5), profile(6), profile(7))),
        ("gene,chromosome,start,log2", (profile(8),)),
        ("probe,chrom,maploc,Log R Ratio,B Allele Freq", (profile(9), [f"{abs(float(v)):.3f}" for v in profile(10)])),
    ],
)
def test_profiles_of_samples(recognised, header, columns):
    """Log ratios by probe, under the names of samples or of what is measured, are one record a sample."""
    (part,) = recognised(table(header, *columns))
    assert part.format == "copy_profiles"


@pytest.mark.parametrize(
    ("header", "columns"),
    [
        ("snp,chr,start,iHS", (profile(3),)),
        ("region,chr,start,log2FoldChange,padj", (profile(3), [0.5] * 600)),
        ("region,chr,start,log2_fc", (profile(3),)),
        ("region,chr,start,mean_log2_ratio", (profile(3),)),
        ("snp,chr,pos,PC1,PC2", (profile(3), profile(4))),
        ("snp,chr,pos,beta,se,p", (profile(3), [0.1] * 600, [0.4] * 600)),
        ("window,chr,start,log2_ratio,n_samples", (profile(3), [900] * 600)),
        ("window,chr,start,gain_freq,loss_freq", ([0.11] * 600, [0.13] * 600)),
    ],
)
def test_statistics_along_a_genome(recognised, header, columns):
    """Results of tests, means, loadings and shares of samples are of nobody."""
    assert all(part.format != "copy_profiles" for part in recognised(table(header, *columns)))
