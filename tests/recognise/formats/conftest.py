"""Files as the programs of genomics write them, made from seeded numbers: one of each standard format."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pytest

from sdc_airlock.identify import identify
from sdc_airlock.limits import Limits
from sdc_airlock.model.recognised import Recognised
from sdc_airlock.readers import read
from sdc_airlock.recognise import recognise
from sdc_airlock.source import Source

Columns = Mapping[str, Sequence[Any]]


def significant(values: Any, digits: int = 6) -> list[str]:
    """Numbers as C and R print them."""
    return [f"{value:.{digits}g}" for value in values]


def printed(columns: Columns, between: str = "\t") -> str:
    """A table with a header, as text."""
    names = list(columns)
    rows = zip(*(columns[name] for name in names), strict=True)
    return "\n".join(between.join(map(str, row)) for row in [names, *rows]) + "\n"


def padded(columns: Columns) -> str:
    """A table as PLINK 1 lays it out, columns flush right."""
    names = list(columns)
    widths = [max(len(name), *(len(str(cell)) for cell in columns[name])) + 2 for name in names]
    rows = zip(*(columns[name] for name in names), strict=True)
    return "\n".join("".join(str(cell).rjust(width) for cell, width in zip(row, widths, strict=True)) for row in [names, *rows]) + "\n"


class Study:
    """Results of an association study of a quantitative trait: what is needed to print them in any format."""

    def __init__(self, seed: int = 7, variants: int = 120, people: int = 48_213) -> None:
        from scipy.stats import norm

        rng = np.random.default_rng(seed)
        self.rng, self.m, self.n = rng, variants, people
        chromosome = np.sort(rng.integers(1, 23, variants))
        position = rng.integers(100_000, 45_000_000, variants) + np.where(chromosome < 13, rng.integers(0, 70_000_000, variants), 0)
        order = np.lexsort((position, chromosome))
        self.chromosome, self.position = chromosome[order], position[order]
        self.rsid = [f"rs{number}" for number in rng.choice(np.arange(1000, 90_000_000), variants, replace=False)]
        pairs = [("A", "G"), ("C", "T"), ("G", "A"), ("T", "C"), ("A", "C"), ("G", "T")]
        chosen = [pairs[place] for place in rng.integers(0, len(pairs), variants)]
        self.a1, self.a2 = [one for one, _ in chosen], [other for _, other in chosen]
        self.frequency = rng.beta(0.8, 1.6, variants) * 0.49 + 0.005
        self.se = 1 / np.sqrt(2 * self.frequency * (1 - self.frequency) * people)
        self.beta = self.se * rng.normal(0, 1.4, variants)
        self.z = self.beta / self.se
        self.p = 2 * norm.sf(np.abs(self.z))
        self.info = 1 - rng.beta(1, 20, variants)


def association_files(study: Study) -> dict[str, str]:
    """Results by variant."""
    s = study
    from scipy.stats import chi2

    chisq, logp = s.z**2, -np.log10(s.p)
    name = [f"{c}:{b}:{r}:{a}" for c, b, r, a in zip(s.chromosome, s.position, s.a2, s.a1, strict=True)]
    maf, mac = significant(s.frequency, 4), np.round(2 * s.n * s.frequency).astype(int)
    cases, missing = 9_120, s.rng.integers(20, 900, s.m)
    return {
        "gwas_ssf": printed(
            {
                "chromosome": s.chromosome,
                "base_pair_location": s.position,
                "effect_allele": s.a1,
                "other_allele": s.a2,
                "beta": significant(s.beta),
                "standard_error": significant(s.se),
                "effect_allele_frequency": maf,
                "p_value": significant(s.p),
                "rsid": s.rsid,
                "n": [s.n] * s.m,
            }
        ),
        "gwas_catalog_harmonised": printed(
            {
                "hm_variant_id": [n.replace(":", "_") for n in name],
                "hm_rsid": s.rsid,
                "hm_chrom": s.chromosome,
                "hm_pos": s.position,
                "hm_other_allele": s.a2,
                "hm_effect_allele": s.a1,
                "hm_beta": significant(s.beta),
                "hm_odds_ratio": ["NA"] * s.m,
                "hm_ci_lower": ["NA"] * s.m,
                "hm_ci_upper": ["NA"] * s.m,
                "hm_effect_allele_frequency": maf,
                "hm_code": [10] * s.m,
                "p_value": significant(s.p),
                "standard_error": significant(s.se),
            }
        ),
        "regenie": printed(
            {
                "CHROM": s.chromosome,
                "GENPOS": s.position,
                "ID": s.rsid,
                "ALLELE0": s.a2,
                "ALLELE1": s.a1,
                "A1FREQ": significant(s.frequency),
                "INFO": significant(s.info),
                "N": [s.n] * s.m,
                "TEST": ["ADD"] * s.m,
                "BETA": significant(s.beta),
                "SE": significant(s.se),
                "CHISQ": significant(chisq),
                "LOG10P": significant(logp),
                "EXTRA": ["NA"] * s.m,
            },
            " ",
        ),
        "saige": printed(
            {
                "CHR": s.chromosome,
                "POS": s.position,
                "MarkerID": name,
                "Allele1": s.a2,
                "Allele2": s.a1,
                "AC_Allele2": mac,
                "AF_Allele2": significant(s.frequency),
                "MissingRate": [0] * s.m,
                "BETA": significant(s.beta),
                "SE": significant(s.se),
                "Tstat": significant(s.beta / s.se**2),
                "var": significant(1 / s.se**2),
                "p.value": significant(s.p),
                "p.value.NA": significant(s.p),
                "Is.SPA": ["FALSE"] * s.m,
                "AF_case": maf,
                "AF_ctrl": maf,
                "N_case": [cases] * s.m,
                "N_ctrl": [s.n - cases] * s.m,
            }
        ),
        "bolt_lmm": printed(
            {
                "SNP": s.rsid,
                "CHR": s.chromosome,
                "BP": s.position,
                "GENPOS": significant(s.position / 1e8),
                "ALLELE1": s.a1,
                "ALLELE0": s.a2,
                "A1FREQ": significant(s.frequency),
                "INFO": significant(s.info),
                "CHISQ_LINREG": significant(chisq * 0.98),
                "P_LINREG": significant(chi2.sf(chisq * 0.98, 1), 2),
                "BETA": significant(s.beta),
                "SE": significant(s.se),
                "CHISQ_BOLT_LMM_INF": significant(chisq),
                "P_BOLT_LMM_INF": significant(s.p, 2),
            }
        ),
        "plink_assoc": padded(
            {
                "CHR": s.chromosome,
                "SNP": s.rsid,
                "BP": s.position,
                "A1": s.a1,
                "F_A": maf,
                "F_U": maf,
                "A2": s.a2,
                "CHISQ": significant(chisq, 4),
                "P": significant(s.p, 4),
                "OR": significant(np.exp(s.beta), 4),
            }
        ),
        "plink_linear": padded(
            {
                "CHR": s.chromosome,
                "SNP": s.rsid,
                "BP": s.position,
                "A1": s.a1,
                "TEST": ["ADD"] * s.m,
                "NMISS": [s.n] * s.m,
                "BETA": significant(s.beta, 4),
                "STAT": significant(s.z, 4),
                "P": significant(s.p, 4),
            }
        ),
        "plink_logistic_ci": padded(
            {
                "CHR": s.chromosome,
                "SNP": s.rsid,
                "BP": s.position,
                "A1": s.a1,
                "TEST": ["ADD"] * s.m,
                "NMISS": [s.n] * s.m,
                "OR": significant(np.exp(s.beta), 4),
                "SE": significant(s.se, 4),
                "L95": significant(np.exp(s.beta - 1.96 * s.se), 4),
                "U95": significant(np.exp(s.beta + 1.96 * s.se), 4),
                "STAT": significant(s.z, 4),
                "P": significant(s.p, 4),
            }
        ),
        "plink2_glm": printed(
            {
                "#CHROM": s.chromosome,
                "POS": s.position,
                "ID": s.rsid,
                "REF": s.a2,
                "ALT": s.a1,
                "A1": s.a1,
                "TEST": ["ADD"] * s.m,
                "OBS_CT": [s.n] * s.m,
                "BETA": significant(s.beta),
                "SE": significant(s.se),
                "T_STAT": significant(s.z),
                "P": significant(s.p),
                "ERRCODE": ["."] * s.m,
            }
        ),
        "plink_adjusted": padded(
            {
                "CHR": s.chromosome,
                "SNP": s.rsid,
                "UNADJ": significant(np.sort(s.p), 4),
                "GC": significant(np.sort(s.p) ** 0.98, 4),
                "BONF": significant(np.minimum(1, np.sort(s.p) * s.m), 4),
                "HOLM": significant(np.minimum(1, np.sort(s.p) * s.m), 4),
                "SIDAK_SS": significant(np.minimum(1, np.sort(s.p) * s.m), 4),
                "SIDAK_SD": significant(np.minimum(1, np.sort(s.p) * s.m), 4),
                "FDR_BH": significant(np.minimum(1, np.sort(s.p) * 1.3), 4),
                "FDR_BY": significant(np.minimum(1, np.sort(s.p) * 4), 4),
            }
        ),
        "plink_frq": padded({"CHR": s.chromosome, "SNP": s.rsid, "A1": s.a1, "A2": s.a2, "MAF": maf, "NCHROBS": [2 * s.n] * s.m}),
        "plink2_afreq": printed(
            {
                "#CHROM": s.chromosome,
                "ID": s.rsid,
                "REF": s.a2,
                "ALT": s.a1,
                "ALT_FREQS": significant(s.frequency),
                "OBS_CT": [2 * s.n] * s.m,
            }
        ),
        "plink_hwe": padded(hardy(s, "CHR")),
        "plink2_hardy": printed(hardy_two(s)),
        "plink_lmiss": padded(
            {"CHR": s.chromosome, "SNP": s.rsid, "N_MISS": missing, "N_GENO": [s.n] * s.m, "F_MISS": significant(missing / s.n, 4)}
        ),
        "plink2_vmiss": printed(
            {"#CHROM": s.chromosome, "ID": s.rsid, "MISSING_CT": missing, "OBS_CT": [s.n] * s.m, "F_MISS": significant(missing / s.n)}
        ),
        "plink_ld": padded(pairs_of_variants(s)),
        "plink_clumped": padded(
            {
                "CHR": s.chromosome[:40],
                "F": [1] * 40,
                "SNP": s.rsid[:40],
                "BP": s.position[:40],
                "P": significant(s.p[:40], 3),
                "TOTAL": s.rng.integers(0, 30, 40),
                "NSIG": s.rng.integers(0, 9, 40),
                "S05": s.rng.integers(0, 9, 40),
                "S01": s.rng.integers(0, 9, 40),
                "S001": s.rng.integers(0, 9, 40),
                "S0001": s.rng.integers(0, 9, 40),
                "SP2": [f"{rs}(1)" for rs in s.rsid[40:80]],
            }
        ),
        "metal": printed(
            {
                "MarkerName": s.rsid,
                "Allele1": [a.lower() for a in s.a1],
                "Allele2": [a.lower() for a in s.a2],
                "Freq1": maf,
                "FreqSE": significant(np.full(s.m, 0.0123), 4),
                "Effect": significant(s.beta, 4),
                "StdErr": significant(s.se, 4),
                "P-value": significant(s.p, 4),
                "Direction": [
                    "".join("+" if b + s.rng.normal(0, e) > 0 else "-" for _ in range(4)) for b, e in zip(s.beta, s.se, strict=True)
                ],
                "HetISq": significant(s.rng.uniform(0, 80, s.m), 3),
                "HetChiSq": significant(s.rng.uniform(0, 8, s.m), 4),
                "HetDf": [2] * s.m,
                "HetPVal": significant(s.rng.uniform(0.01, 1, s.m), 4),
            }
        ),
        "ldsc_sumstats": printed({"SNP": s.rsid, "A1": s.a1, "A2": s.a2, "Z": [f"{z:.3f}" for z in s.z], "N": [f"{s.n:.3f}"] * s.m}),
        "gcta_mlma": printed(
            {
                "Chr": s.chromosome,
                "SNP": s.rsid,
                "bp": s.position,
                "A1": s.a1,
                "A2": s.a2,
                "Freq": significant(s.frequency),
                "b": significant(s.beta),
                "se": significant(s.se),
                "p": significant(s.p),
            }
        ),
        "gcta_cojo": printed(
            {
                "SNP": s.rsid,
                "A1": s.a1,
                "A2": s.a2,
                "freq": maf,
                "b": significant(s.beta),
                "se": significant(s.se),
                "p": significant(s.p),
                "N": [s.n] * s.m,
            },
            " ",
        ),
        "finemap_snp": printed(
            {
                "index": np.arange(1, s.m + 1),
                "rsid": s.rsid,
                "chromosome": [11] * s.m,
                "position": np.sort(s.rng.integers(30_000_000, 31_000_000, s.m)),
                "allele1": s.a1,
                "allele2": s.a2,
                "maf": maf,
                "beta": significant(s.beta),
                "se": significant(s.se),
                "z": significant(s.z),
                "prob": significant(softmax(s.z)),
                "log10bf": significant(np.log10(softmax(s.z) + 1e-12) + 2),
                "mean": significant(s.beta * 0.1),
                "sd": significant(s.se * 0.3),
                "mean_incl": significant(s.beta * 0.9),
                "sd_incl": significant(s.se * 0.9),
            },
            " ",
        ),
        "susie": printed(
            {
                "variant_id": name,
                "variable_prob": significant(softmax(s.z)),
                "cs": [1] * 5 + [-1] * (s.m - 5),
                "cs_specific_prob": significant(softmax(s.z)),
            }
        ),
        "pgs_catalog": "###PGS CATALOG SCORING FILE - see https://www.pgscatalog.org/downloads/#dl_ftp_scoring for additional information\n#format_version=2.0\n##POLYGENIC SCORE (PGS) INFORMATION\n#pgs_id=PGS009999\n#pgs_name=example\n#trait_reported=Height\n#genome_build=GRCh38\n#variants_number=120\n#weight_type=beta\n"
        + printed(
            {
                "rsID": s.rsid,
                "chr_name": s.chromosome,
                "chr_position": s.position,
                "effect_allele": s.a1,
                "other_allele": s.a2,
                "effect_weight": [repr(float(b)) for b in s.beta],
            }
        ),
        "pgs_harmonised": "###PGS CATALOG SCORING FILE\n#format_version=2.0\n#pgs_id=PGS009999\n#HmPOS_build=GRCh37\n"
        + printed(
            {
                "rsID": s.rsid,
                "effect_allele": s.a1,
                "effect_weight": significant(s.beta),
                "hm_source": ["ENSEMBL"] * s.m,
                "hm_rsID": s.rsid,
                "hm_chr": s.chromosome,
                "hm_pos": s.position,
                "hm_inferOtherAllele": s.a2,
            }
        ),
        "prs_weights": printed({"CHR": s.chromosome, "SNP": s.rsid, "BP": s.position, "A1": s.a1, "A2": s.a2, "BETA": significant(s.beta)}),
        "sites_table": printed(
            {
                "CHROM": s.chromosome,
                "POS": s.position,
                "REF": s.a2,
                "ALT": s.a1,
                "AC": mac,
                "AN": [2 * s.n] * s.m,
                "AF": significant(mac / (2 * s.n)),
            }
        ),
    }


def softmax(z: Any) -> Any:
    """Posterior probabilities of one causal variant."""
    weight = np.exp(z**2 / 2)
    return weight / weight.sum()


def genotype_counts(s: Study) -> tuple[Any, Any, Any]:
    """Counts of the three genotypes of each variant, in Hardy-Weinberg proportions."""
    drawn = np.array([s.rng.multinomial(s.n, [f * f, 2 * f * (1 - f), (1 - f) ** 2]) for f in s.frequency])
    return drawn[:, 0], drawn[:, 1], drawn[:, 2]


def hardy(s: Study, chromosome: str) -> dict[str, Any]:
    """PLINK 1 --hardy."""
    rare, het, common = genotype_counts(s)
    share = (2 * rare + het) / (2 * s.n)
    return {
        chromosome: s.chromosome,
        "SNP": s.rsid,
        "TEST": ["ALL(NP)"] * s.m,
        "A1": s.a1,
        "A2": s.a2,
        "GENO": [f"{a}/{b}/{c}" for a, b, c in zip(rare, het, common, strict=True)],
        "O(HET)": significant(het / s.n, 4),
        "E(HET)": significant(2 * share * (1 - share), 4),
        "P": significant(s.rng.uniform(0.001, 1, s.m), 4),
    }


def hardy_two(s: Study) -> dict[str, Any]:
    """PLINK 2 --hardy."""
    rare, het, common = genotype_counts(s)
    share = (2 * rare + het) / (2 * s.n)
    return {
        "#CHROM": s.chromosome,
        "ID": s.rsid,
        "A1": s.a2,
        "AX": s.a1,
        "HOM_A1_CT": common,
        "HET_A1_CT": het,
        "TWO_AX_CT": rare,
        "O(HET_A1)": significant(het / s.n),
        "E(HET_A1)": significant(2 * share * (1 - share)),
        "P": significant(s.rng.uniform(0.001, 1, s.m)),
    }


def pairs_of_variants(s: Study) -> dict[str, Any]:
    """PLINK 1 --r2."""
    one, other = np.arange(s.m - 1), np.arange(1, s.m)
    near = np.sort(s.rng.integers(30_000_000, 31_000_000, s.m))
    return {
        "CHR_A": [6] * (s.m - 1),
        "BP_A": near[one],
        "SNP_A": [s.rsid[k] for k in one],
        "CHR_B": [6] * (s.m - 1),
        "BP_B": near[other],
        "SNP_B": [s.rsid[k] for k in other],
        "R2": significant(s.rng.beta(1, 2, s.m - 1), 6),
    }


GENES = ["BRCA1", "BRCA2", "TP53", "APOE", "LDLR", "PCSK9", "HNF1A", "GCK", "CFTR", "HFE", "MYH7", "MYBPC3", "SCN5A", "KCNQ1", "KCNH2", "RYR1", "RYR2", "DMD", "FBN1", "COL3A1", "MLH1", "MSH2", "MSH6", "PMS2", "APC", "RB1", "VHL", "NF1", "NF2", "TSC1", "TSC2", "PTEN", "STK11", "CDH1", "ATM", "CHEK2", "PALB2", "BRIP1", "RAD51C", "RAD51D", "MUTYH", "POLE", "POLD1", "SMAD4", "BMPR1A", "MEN1", "RET", "SDHB", "SDHD", "ABCA4"]  # fmt: skip


def gene_files(s: Study) -> dict[str, str]:
    """Results by gene, region or sample of the laboratory."""
    m, rng = len(GENES), s.rng
    ensembl = [f"ENSG{number:011d}" for number in rng.choice(300_000, m, replace=False)]
    z, p = s.z[:m], s.p[:m]
    start = rng.integers(1_000_000, 40_000_000, m)
    fold = rng.normal(0, 1.2, m)
    error = np.abs(rng.normal(0.3, 0.05, m))
    from scipy.stats import norm
    from scipy.stats import t as student

    stat = fold / error
    tail = 2 * norm.sf(np.abs(stat))
    moderated = 2 * student.sf(np.abs(stat), 38)
    rg = rng.normal(0, 0.2, 12), rng.uniform(0.02, 0.06, 12)
    return {
        "magma_genes": padded(
            {
                "GENE": rng.integers(100, 90_000, m),
                "CHR": s.chromosome[:m],
                "START": start,
                "STOP": start + 40_000,
                "NSNPS": rng.integers(4, 600, m),
                "NPARAM": rng.integers(2, 90, m),
                "N": [s.n] * m,
                "ZSTAT": significant(-norm.ppf(p), 5),
                "P": significant(p, 5),
            }
        ),
        "fusion": printed(
            {
                "PANEL": ["GTExv8.Liver"] * m,
                "FILE": [f"WEIGHTS/Liver.{e}.wgt.RDat" for e in ensembl],
                "ID": GENES,
                "CHR": s.chromosome[:m],
                "P0": start,
                "P1": start + 40_000,
                "HSQ": significant(rng.uniform(0.02, 0.5, m), 4),
                "BEST.GWAS.ID": s.rsid[:m],
                "BEST.GWAS.Z": [f"{v:.2f}" for v in z * 1.2],
                "EQTL.ID": s.rsid[m : 2 * m],
                "EQTL.R2": significant(rng.uniform(0.01, 0.4, m), 4),
                "EQTL.Z": [f"{v:.2f}" for v in rng.normal(0, 5, m)],
                "EQTL.GWAS.Z": [f"{v:.3f}" for v in z],
                "NSNP": rng.integers(100, 500, m),
                "NWGT": rng.integers(3, 90, m),
                "MODEL": ["enet"] * m,
                "MODELCV.R2": significant(rng.uniform(0.01, 0.4, m), 3),
                "MODELCV.PV": significant(p * 0.01, 3),
                "TWAS.Z": [f"{v:.5f}" for v in z],
                "TWAS.P": significant(p, 3),
            }
        ),
        "spredixcan": printed(
            {
                "gene": ensembl,
                "gene_name": GENES,
                "zscore": [repr(float(v)) for v in z],
                "effect_size": [repr(float(v)) for v in z * 0.04],
                "pvalue": [repr(float(v)) for v in p],
                "var_g": [repr(float(v)) for v in rng.uniform(0.01, 0.4, m)],
                "pred_perf_r2": ["NA"] * m,
                "pred_perf_pval": ["NA"] * m,
                "pred_perf_qval": ["NA"] * m,
                "n_snps_used": rng.integers(3, 90, m),
                "n_snps_in_cov": rng.integers(90, 99, m),
                "n_snps_in_model": rng.integers(90, 99, m),
            },
            ",",
        ),
        "deseq2": printed(
            {
                "": ensembl,
                "baseMean": [repr(float(v)) for v in rng.lognormal(5, 2, m)],
                "log2FoldChange": [repr(float(v)) for v in fold],
                "lfcSE": [repr(float(v)) for v in error],
                "stat": [repr(float(v)) for v in stat],
                "pvalue": [repr(float(v)) for v in tail],
                "padj": [repr(float(v)) for v in np.minimum(1, tail * 1.1)],
            },
            ",",
        ),
        "limma": printed(
            {
                "Gene": GENES,
                "logFC": significant(fold, 7),
                "AveExpr": significant(rng.normal(6, 2, m), 7),
                "t": significant(stat, 7),
                "P.Value": significant(moderated, 7),
                "adj.P.Val": significant(np.minimum(1, moderated * 1.3), 7),
                "B": significant(rng.normal(-2, 3, m), 7),
            },
            ",",
        ),
        "edger": printed(
            {
                "": ensembl,
                "logFC": significant(fold, 7),
                "logCPM": significant(rng.normal(4, 2, m), 7),
                "LR": significant(stat**2, 7),
                "PValue": significant(tail, 7),
                "FDR": significant(np.minimum(1, tail * 1.2), 7),
            },
            ",",
        ),
        "coloc": printed(
            {
                "gene": GENES,
                "nsnps": rng.integers(200, 4000, m),
                **dict(
                    zip(
                        ["PP.H0.abf", "PP.H1.abf", "PP.H2.abf", "PP.H3.abf", "PP.H4.abf"],
                        [significant(c, 6) for c in rng.dirichlet([1, 1, 1, 1, 2], m).T],
                        strict=True,
                    )
                ),
            }
        ),
        "regenie_genes": printed(
            {
                "CHROM": s.chromosome[:m],
                "GENPOS": start,
                "ID": [f"{gene}.M1.0.01" for gene in GENES],
                "ALLELE0": ["ref"] * m,
                "ALLELE1": ["M1.0.01"] * m,
                "A1FREQ": significant(s.frequency[:m]),
                "N": [s.n] * m,
                "TEST": ["ADD"] * m,
                "BETA": significant(s.beta[:m]),
                "SE": significant(s.se[:m]),
                "CHISQ": significant(z**2),
                "LOG10P": significant(-np.log10(p)),
                "EXTRA": ["NA"] * m,
            },
            " ",
        ),
        "saige_gene": printed(
            {
                "Region": GENES,
                "Group": ["lof"] * m,
                "max_MAF": [0.01] * m,
                "Pvalue": significant(p),
                "Pvalue_Burden": significant(p),
                "Pvalue_SKAT": significant(p),
                "BETA_Burden": significant(s.beta[:m]),
                "SE_Burden": significant(s.se[:m]),
                "MAC": rng.integers(20, 900, m),
                "Number_rare": rng.integers(5, 90, m),
                "Number_ultra_rare": rng.integers(20, 90, m),
            }
        ),
        "maf_counts": printed(
            {
                "Hugo_Symbol": GENES,
                "Missense_Mutation": rng.integers(10, 90, m),
                "Nonsense_Mutation": rng.integers(10, 40, m),
                "Frame_Shift_Del": rng.integers(10, 30, m),
                "total": rng.integers(100, 200, m),
            }
        ),
        "ldsc_rg": padded(
            {
                "p1": ["height.sumstats.gz"] * 12,
                "p2": [f"trait{k}.sumstats.gz" for k in range(12)],
                "rg": significant(rg[0], 4),
                "se": significant(rg[1], 4),
                "z": significant(rg[0] / rg[1], 4),
                "p": significant(2 * norm.sf(np.abs(rg[0] / rg[1])), 4),
                "h2_obs": significant(rng.uniform(0.1, 0.4, 12), 4),
                "h2_obs_se": significant(rng.uniform(0.01, 0.04, 12), 4),
                "h2_int": significant(rng.uniform(0.98, 1.05, 12), 4),
                "h2_int_se": significant(rng.uniform(0.005, 0.01, 12), 4),
                "gcov_int": significant(rng.normal(0, 0.01, 12), 4),
                "gcov_int_se": significant(rng.uniform(0.004, 0.006, 12), 4),
            }
        ),
    }


def person_files(seed: int = 11, people: int = 60) -> dict[str, str]:
    """Files with one record a person or a pair of people."""
    rng = np.random.default_rng(seed)
    ids = [f"IND{number:05d}" for number in rng.choice(90_000, people, replace=False)]
    n = people
    scores = np.linalg.qr(rng.normal(0, 1, (n, 10)) - 0.01)[0]
    components = {f"PC{k + 1}": significant(scores[:, k]) for k in range(10)}
    pairs = [(i, j) for i in range(n) for j in range(i)][:200]
    z0 = rng.dirichlet([20, 1, 0.2], len(pairs)).round(4)
    grm = np.cov(rng.normal(0, 1, (n, 400)))
    alleles = rng.binomial(2, 0.3, (n, 2000)).astype(float)
    alleles = (alleles - alleles.mean(axis=0)) / np.sqrt(0.42)
    relation = alleles @ alleles.T / 2000
    king = rng.normal(-0.02, 0.02, (n, n)).clip(-0.2, 0.4)
    king = (king + king.T) / 2
    np.fill_diagonal(king, 0.5)
    missing = rng.integers(5, 900, n)
    count = 482_113
    hom = rng.integers(300_000, 310_000, n)
    return {
        "eigenvec_plink1": "\n".join(" ".join([i, i, *significant(row)]) for i, row in zip(ids, scores, strict=True)) + "\n",
        "eigenvec_plink2": printed({"#FID": ids, "IID": ids, **components}),
        "pca_iid": printed({"#IID": ids, **components}),
        "smartpca_evec": "           #eigvals:    4.512    3.210    2.100    1.900\n"
        + "\n".join("  ".join([f"{i:>20}", *(f"{v:.4f}" for v in row[:4]), "Case"]) for i, row in zip(ids, scores, strict=True))
        + "\n",
        "flashpca": printed({"FID": ids, "IID": ids, "PC1": components["PC1"], "PC2": components["PC2"]}),
        "profile": padded(
            {
                "FID": ids,
                "IID": ids,
                "PHENO": [-9] * n,
                "CNT": [2 * count] * n,
                "CNT2": rng.integers(300_000, 310_000, n),
                "SCORE": significant(rng.normal(0, 1e-5, n)),
            }
        ),
        "sscore": printed(
            {"#IID": ids, "ALLELE_CT": [2 * count] * n, "NAMED_ALLELE_DOSAGE_SUM": hom, "SCORE1_AVG": significant(rng.normal(0, 1e-5, n))}
        ),
        "prsice_best": printed({"FID": ids, "IID": ids, "In_Regression": ["Yes"] * n, "PRS": significant(rng.normal(0, 1e-3, n))}, " "),
        "prsice_all": printed(
            {
                "FID": ids,
                "IID": ids,
                "Pt_5e-08": significant(rng.normal(0, 1e-3, n)),
                "Pt_0.05": significant(rng.normal(0, 1e-3, n)),
                "Pt_1": significant(rng.normal(0, 1e-3, n)),
            },
            " ",
        ),
        "pgsc_calc": printed(
            {
                "sampleset": ["cohort"] * n,
                "IID": ids,
                "PGS": ["PGS000018"] * n,
                "SUM": significant(rng.normal(0, 1, n)),
                "Z_MostSimilarPop": significant(rng.normal(0, 1, n)),
            }
        ),
        "imiss": padded(
            {
                "FID": ids,
                "IID": ids,
                "MISS_PHENO": ["N"] * n,
                "N_MISS": missing,
                "N_GENO": [count] * n,
                "F_MISS": significant(missing / count, 4),
            }
        ),
        "smiss": printed({"#IID": ids, "MISSING_CT": missing, "OBS_CT": [count] * n, "F_MISS": significant(missing / count)}),
        "het": padded(
            {
                "FID": ids,
                "IID": ids,
                "O(HOM)": hom,
                "E(HOM)": significant(rng.uniform(3.04e5, 3.06e5, n), 4),
                "N(NM)": [count] * n,
                "F": significant(rng.normal(0, 0.01, n), 4),
            }
        ),
        "sexcheck": padded(
            {
                "FID": ids,
                "IID": ids,
                "PEDSEX": rng.integers(1, 3, n),
                "SNPSEX": rng.integers(1, 3, n),
                "STATUS": ["OK"] * n,
                "F": significant(rng.normal(0, 0.01, n), 4),
            }
        ),
        "genome": padded(
            {
                "FID1": [ids[i] for i, _ in pairs],
                "IID1": [ids[i] for i, _ in pairs],
                "FID2": [ids[j] for _, j in pairs],
                "IID2": [ids[j] for _, j in pairs],
                "RT": ["UN"] * len(pairs),
                "EZ": ["NA"] * len(pairs),
                "Z0": z0[:, 0],
                "Z1": z0[:, 1],
                "Z2": z0[:, 2],
                "PI_HAT": significant(z0[:, 1] / 2 + z0[:, 2], 4),
                "PHE": [-1] * len(pairs),
                "DST": significant(rng.uniform(0.7, 0.75, len(pairs))),
                "PPC": significant(rng.uniform(0.1, 1, len(pairs)), 4),
                "RATIO": significant(rng.uniform(1.9, 2.1, len(pairs)), 4),
            }
        ),
        "kin0": printed(
            {
                "#FID1": [ids[i] for i, _ in pairs],
                "IID1": [ids[i] for i, _ in pairs],
                "FID2": [ids[j] for _, j in pairs],
                "IID2": [ids[j] for _, j in pairs],
                "NSNP": [count] * len(pairs),
                "HETHET": significant(rng.uniform(0.1, 0.2, len(pairs))),
                "IBS0": significant(rng.uniform(0.01, 0.02, len(pairs))),
                "KINSHIP": significant(rng.normal(0.01, 0.02, len(pairs))),
            }
        ),
        "king_square": "\n".join("\t".join(significant(row)) for row in king) + "\n",
        "grm_square": printed({"": ids, **{i: significant(relation[:, k]) for k, i in enumerate(ids)}}, ","),
        "grm_text": "\n".join(f"{i + 1}\t{j + 1}\t{count}\t{grm[i, j]:.6e}" for i in range(n) for j in range(i + 1)) + "\n",
        "pedigree": printed(
            {
                "family": [f"F{k // 4}" for k in range(n)],
                "individual": ids,
                "father": [ids[k - 2] if k % 4 >= 2 else 0 for k in range(n)],
                "mother": [ids[k - 1] if k % 4 == 2 else ids[k - 2] if k % 4 == 3 else 0 for k in range(n)],
                "sex": [1 + k % 2 for k in range(n)],
                "affected": rng.integers(1, 3, n),
            }
        ),
        "hom_segments": padded(
            {
                "FID": ids,
                "IID": ids,
                "PHE": [-9] * n,
                "CHR": rng.integers(1, 23, n),
                "SNP1": [f"rs{k}" for k in rng.integers(1000, 9_000_000, n)],
                "SNP2": [f"rs{k}" for k in rng.integers(1000, 9_000_000, n)],
                "POS1": np.full(n, 3_000_000),
                "POS2": rng.integers(4_000_000, 9_000_000, n),
                "KB": rng.integers(1000, 6000, n),
                "NSNP": rng.integers(100, 900, n),
                "DENSITY": significant(rng.uniform(5, 9, n), 4),
                "PHOM": significant(rng.uniform(0.98, 1, n), 3),
                "PHET": significant(rng.uniform(0, 0.02, n), 3),
            }
        ),
        "hom_indiv": padded(
            {
                "FID": ids,
                "IID": ids,
                "PHE": [-9] * n,
                "NSEG": rng.integers(0, 20, n),
                "KB": rng.integers(0, 60_000, n),
                "KBAVG": rng.integers(1000, 3000, n),
            }
        ),
        "admixture": "\n".join(" ".join(f"{v:.6f}" for v in row) for row in rng.dirichlet([0.3, 0.4, 0.3], n)) + "\n",
        "maf": "#version 2.4\n"
        + printed(
            {
                "Hugo_Symbol": rng.choice(GENES, n),
                "Entrez_Gene_Id": rng.integers(100, 90_000, n),
                "Center": ["."] * n,
                "NCBI_Build": ["GRCh38"] * n,
                "Chromosome": [f"chr{k}" for k in rng.integers(1, 23, n)],
                "Start_Position": rng.integers(10**6, 10**8, n),
                "End_Position": rng.integers(10**6, 10**8, n),
                "Strand": ["+"] * n,
                "Variant_Classification": rng.choice(["Missense_Mutation", "Silent", "Nonsense_Mutation"], n),
                "Variant_Type": ["SNP"] * n,
                "Reference_Allele": rng.choice(list("ACGT"), n),
                "Tumor_Seq_Allele1": rng.choice(list("ACGT"), n),
                "Tumor_Seq_Allele2": rng.choice(list("ACGT"), n),
                "Tumor_Sample_Barcode": ids,
                "Matched_Norm_Sample_Barcode": ids,
                "HGVSp_Short": ["p.R175H"] * n,
            }
        ),
        "multiqc_samples": printed(
            {
                "Sample": [f"{i}_R1" for i in ids],
                "Filename": [f"{i}_R1.fastq.gz" for i in ids],
                "Total Sequences": rng.integers(10**7, 4 * 10**7, n),
                "%GC": rng.integers(40, 52, n),
                "total_deduplicated_percentage": significant(rng.uniform(60, 90, n)),
                "avg_sequence_length": [151] * n,
            }
        ),
    }


@pytest.fixture(scope="session")
def aggregate_files() -> dict[str, str]:
    """Standard files whose rows are variants or genes, by the name of their format."""
    study = Study()
    return association_files(study) | gene_files(study)


@pytest.fixture(scope="session")
def files_of_people() -> dict[str, str]:
    """Standard files whose rows are people or pairs of people."""
    return person_files()


@pytest.fixture(scope="session")
def recognised_in() -> Callable[[str, str], Recognised]:
    """Recognises the first table of a text that claims a name."""

    def first(text: str, name: str = "results.txt") -> Recognised:
        source = Source.of_bytes(text.encode(), part_id=name, name=name)
        content = read(source, identify(source), file_id="", limits=Limits())
        return next(part for part in recognise(content, Limits()) if part.table is not None)

    return first
