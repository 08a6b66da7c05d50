"""Further files as the programs of genomics write them: what is of people is told, what is of variants passes, and comments and lists in cells do no harm."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from scipy.stats import norm

from sdc_airlock.model.recognised import Kind, Recognised

Read = Callable[[str, str], Recognised]
_M = 80
_RNG = np.random.default_rng(8)
_CHROMOSOME = np.sort(_RNG.integers(1, 23, _M))
_PLACE = _RNG.integers(1_000_000, 40_000_000, _M)
_NAMES = [f"rs{int(10**exponent)}" for exponent in _RNG.uniform(3, 8.5, _M)]
_FIRST, _OTHER = _RNG.choice(list("AC"), _M), _RNG.choice(list("GT"), _M)
_FREQUENCY = _RNG.uniform(0.05, 0.5, _M).round(4)
_ERROR = 1 / np.sqrt(2 * _FREQUENCY * (1 - _FREQUENCY) * 48_000)
_Z = _RNG.normal(0, 1.3, _M)
_P = 2 * norm.sf(np.abs(_Z))
_WHO = [f"S{number:04d}" for number in _RNG.integers(1, 60, _M)]


def printed(header: str, *columns: object, between: str = "\t") -> str:
    """A table with a header; numbers as C prints them."""
    cells = [
        [
            f"{cell:.6g}" if isinstance(cell, float) else str(cell)
            for cell in (column if not isinstance(column, str | int | float) else [column] * _M)
        ]  # type: ignore[attr-defined]
        for column in columns
    ]
    return "\n".join([between.join(header.split(",")), *(between.join(row) for row in zip(*cells, strict=True))]) + "\n"


_GENES = [f"{letter}{other}X{number}" for letter in "ABCDEFGH" for other in "KLMNP" for number in (1, 2)]
_MASKS = ["M1.0.01", "M2.0.001"] * 40
_HLA = [f"HLA-{locus}*{group:02d}:{number:02d}" for locus in ("A", "B", "C", "DRB1") for group in range(1, 11) for number in (1, 2)]
OF_VARIANTS = {
    "plink_qassoc": printed("CHR,SNP,BP,NMISS,BETA,SE,R2,T,P", _CHROMOSOME, _NAMES, _PLACE, 48_000, _Z * _ERROR, _ERROR, _Z**2 / 48_000, _Z, _P, between="  "),
    "plink_fisher": printed("CHR,SNP,BP,A1,F_A,F_U,A2,P,OR", _CHROMOSOME, _NAMES, _PLACE, _FIRST, _FREQUENCY, _FREQUENCY, _OTHER, _P, np.exp(_Z * _ERROR), between="  "),
    "plink_assoc_counts": printed("CHR,SNP,BP,A1,C_A,C_U,A2,CHISQ,P,OR", _CHROMOSOME, _NAMES, _PLACE, _FIRST, (_FREQUENCY * 18_000).astype(int), (_FREQUENCY * 70_000).astype(int), _OTHER, _Z**2, _P, np.exp(_Z * _ERROR), between="  "),
    "plink_frq_counts": printed("CHR,SNP,A1,A2,C1,C2,G0", _CHROMOSOME, _NAMES, _FIRST, _OTHER, (_FREQUENCY * 96_000).astype(int), (96_000 - _FREQUENCY * 96_000).astype(int), 0, between="  "),
    "plink2_clumps": printed("#CHROM,POS,ID,P,TOTAL,NONSIG,S0.05,S0.0001,SP2", _CHROMOSOME, _PLACE, _NAMES, np.sort(_P) ** 8, 3, 1, 1, 1, [f"{name},rs9" for name in _NAMES]),
    "regenie_traits": printed("CHROM,GENPOS,ID,ALLELE0,ALLELE1,A1FREQ,N,TEST,BETA.Y1,SE.Y1,CHISQ.Y1,LOG10P.Y1,BETA.Y2,SE.Y2,CHISQ.Y2,LOG10P.Y2", _CHROMOSOME, _PLACE, _NAMES, _OTHER, _FIRST, _FREQUENCY, 48_000, "ADD", _Z * _ERROR, _ERROR, _Z**2, -np.log10(_P), _Z * _ERROR * 0.5, _ERROR, _Z**2 / 4, -np.log10(2 * norm.sf(np.abs(_Z) / 2)), between=" "),
    "gwama": printed("rs_number,reference_allele,other_allele,eaf,beta,se,z,p-value,q_statistic,i2,n_studies,n_samples,effects", _NAMES, _FIRST, _OTHER, _FREQUENCY, _Z * _ERROR, _ERROR, _Z, _P, _Z**2, 0, 4, 48_000, ["++-+" if z > 0 else "-+--" for z in _Z]),
    "gcta_joint": printed("Chr,SNP,bp,refA,freq,b,se,p,n,freq_geno,bJ,bJ_se,pJ,LD_r", _CHROMOSOME, _NAMES, _PLACE, _FIRST, _FREQUENCY, _Z * _ERROR, _ERROR, _P, 48_000, _FREQUENCY, _Z * _ERROR, _ERROR, _P, _Z / 100),
    "mr_harmonised": printed("SNP,effect_allele.exposure,other_allele.exposure,beta.exposure,se.exposure,beta.outcome,se.outcome,mr_keep", _NAMES, _FIRST, _OTHER, _Z * _ERROR, _ERROR, _Z * _ERROR / 3, _ERROR, "TRUE"),
    "hail_linear": printed("locus,alleles,n,sum_x,y_transpose_x,beta,standard_error,t_stat,p_value", [f"chr{c}:{p}" for c, p in zip(_CHROMOSOME, _PLACE, strict=True)], '["A","G"]', 48_000, _FREQUENCY * 96_000, _Z * 30, _Z * _ERROR, _ERROR, _Z, _P),
    "hla_association": printed("HLA_allele,freq_cases,freq_controls,OR,P,N_cases,N_controls", _HLA, _FREQUENCY, _FREQUENCY, np.exp(_Z * _ERROR), _P, 9_000, 39_000),
    "susie_pips": printed("variant,pip,cs,region", _NAMES, _P / _P.sum(), ["L1"] * 5 + ["NA"] * 75, "chr1:1-2000000"),
    "coloc_variants": printed("snp,V.df1,z.df1,r.df1,lABF.df1,SNP.PP.H4", _NAMES, _ERROR**2, _Z, _FREQUENCY, _Z, _P / _P.sum()),
    "phewas": printed("phenotype,snp,adjustment,beta,SE,OR,p,type,n_total,n_cases,n_controls,HWE_p,allele_freq", [f"{k}.1" for k in range(_M)], "rs7412_T", "NA", _Z * _ERROR, _ERROR, np.exp(_Z * _ERROR), _P, "logistic", 48_000, 9_000, 39_000, 0.4, 0.3),
}  # fmt: skip
OF_OTHER_THINGS = {
    "smr": printed("probeID,ProbeChr,Gene,Probe_bp,topSNP,b_SMR,se_SMR,p_SMR,p_HEIDI,nsnp_HEIDI", [f"ENSG{k * 977:011d}" for k in range(1, _M + 1)], _CHROMOSOME, _GENES, _PLACE, _NAMES, _Z * _ERROR, _ERROR, _P, _P, 12),
    "finemap_config": printed("rank,config,prob,log10bf,odds,k,prob_norm_k,h2,h2_0.95CI,mean,sd", range(1, _M + 1), [f"{name},{other}" if k % 3 else name for k, (name, other) in enumerate(zip(_NAMES, _NAMES[::-1], strict=True))], np.sort(_P / _P.sum())[::-1], 12.5 + _Z, 1.0 + _FREQUENCY, 2, _P / _P.sum(), 0.002, [f"{f / 1000:.6g},{f / 100:.6g}" for f in _FREQUENCY], _Z / 10, _ERROR, between=" "),
    "mr": printed("id.exposure,id.outcome,outcome,exposure,method,nsnp,b,se,pval", "ieu-a-2", "ieu-a-7", "Stroke || id:ieu-a-7", "BMI || id:ieu-a-2", ["MR Egger", "Weighted median"] * 40, 79, _Z * _ERROR, _ERROR, _P, between=","),
    "hyprcoloc": printed("iteration,traits,posterior_prob,regional_prob,candidate_snp,posterior_explained_by_snp,dropped_trait", range(1, _M + 1), "T1; T2", 0.9, 0.99, _NAMES, 0.7, "NA"),
    "popcorn": "\tVal (obs)\tSE\tZ\tP (Z)\nh1^2\t0.31\t0.02\t14.7\t5.2e-49\nh2^2\t0.28\t0.03\t9.2\t3.8e-20\npgi\t0.89\t0.05\t-2.1\t0.033\n",
    "gcta_hsq": "Source\tVariance\tSE\nV(G)\t0.41\t0.021\nV(e)\t0.59\t0.020\nVp\t1.00\t0.006\nV(G)/Vp\t0.41\t0.020\nlogL\t-23412.1\nLRT\t980.4\ndf\t1\nn\t48213\n",
    "ldsc_partitioned": "Category\tProp._SNPs\tProp._h2\tProp._h2_std_error\tEnrichment\tEnrichment_std_error\tEnrichment_p\n" + "".join(f"C{k}L2_0\t0.{k}1\t0.{k}2\t0.01\t1.{k}\t0.1\t0.{k}3\n" for k in range(1, 9)),
}  # fmt: skip
OF_PEOPLE = {
    "copy numbers": printed("sample_id,chr,start,end,CN,n_probes", _WHO, _CHROMOSOME, _PLACE, _PLACE + 9_000, 1, 40),
    "new mutations": printed("child,chrom,pos,ref,alt,paternal_age", _WHO, _CHROMOSOME, _PLACE, _FIRST, _OTHER, 33),
    "homozygous stretches": printed("Sample,Chromosome,Start,End,Length_kb", _WHO, _CHROMOSOME, _PLACE, _PLACE + 900_000, 900),
    "structural variants": printed("SVID,CHROM,START,END,SVTYPE,SAMPLES", [f"DEL_{k}" for k in range(_M)], _CHROMOSOME, _PLACE, _PLACE + 9_000, "DEL", [f"{one},S0999" for one in _WHO]),
    "one person's": printed("sample_id,locus,CN", "NA12878", [f"chr{c}:{p}-{p + 9_000}" for c, p in zip(_CHROMOSOME, _PLACE, strict=True)], 1),
    "PennCNV": "".join(f"chr{c}:{p}-{p + 9_000}  numsnp=12  length=9,001  state2,cn=1 {who}.txt startsnp=rs1{c} endsnp=rs2{c}\n" for c, p, who in zip(_CHROMOSOME, _PLACE, _WHO, strict=True)),
    "segments": printed("ID,chrom,loc.start,loc.end,num.mark,seg.mean", _WHO, _CHROMOSOME, _PLACE, _PLACE + 9_000, 40, _Z / 3),
    "verifyBamID": "#SEQ_ID\tRG\tCHIP_ID\t#SNPS\t#READS\tAVG_DP\tFREEMIX\nS1\tALL\tNA\t100\t3200\t32.1\t0.0003\n",
    "depth": printed("chrom,length,bases,mean,min,max", [f"chr{k}" for k in range(_M)], _PLACE, _PLACE * 31, 31.2 + _Z, 0, _PLACE // 9_000),
    "MultiQC": printed("Sample,samtools_stats-error_rate,picard_mark_duplicates-PERCENT_DUPLICATION", [f"NA{k:05d}" for k in range(_M)], _FREQUENCY, _FREQUENCY),
}  # fmt: skip


@pytest.mark.parametrize("name", [*OF_VARIANTS, *OF_OTHER_THINGS])
def test_formats_are_told(name: str, recognised_in: Read) -> None:
    """A file of each format is what it says, nothing of people, and of variants where its rows are some."""
    found = recognised_in({**OF_VARIANTS, **OF_OTHER_THINGS}[name], f"{name}.txt")
    assert found.format == name
    assert found.individual < 0.1
    assert (found.kind in (Kind.GWAS_SUMMARY_STATISTICS, Kind.VARIANT_SITES)) == (name in OF_VARIANTS)


_T = [f"ENST{number * 977:011d}.{number % 9 + 1}" for number in range(1, _M + 1)]
_LENGTHS, _LEVELS = _RNG.integers(300, 9_000, _M), _RNG.lognormal(1, 2, _M).round(3)
_READS = ["".join(_RNG.choice(list("ACGT"), 36)) for _ in range(_M)]
_DEPTHS = _RNG.integers(1, 40, _M)
OF_ONE_SAMPLE = {
    "kallisto": printed("target_id,length,eff_length,est_counts,tpm", _T, _LENGTHS, _LENGTHS - 180.5, _LEVELS * 10, _LEVELS),
    "salmon": printed("Name,Length,EffectiveLength,TPM,NumReads", _T, _LENGTHS, _LENGTHS - 180.5, _LEVELS, _LEVELS * 10),
    "rsem": printed("gene_id,transcript_id(s),length,effective_length,expected_count,TPM,FPKM", _GENES, _T, _LENGTHS, _LENGTHS - 180.5, _LEVELS * 10, _LEVELS, _LEVELS),
    "stringtie_transcripts": printed("t_id,chr,strand,start,end,t_name,num_exons,length,gene_id,gene_name,cov,FPKM", range(1, _M + 1), _CHROMOSOME, "+", _PLACE, _PLACE + 900, _T, 3, _LENGTHS, _GENES, _GENES, _LEVELS, _LEVELS),
    "stringtie_parts": printed("i_id,chr,strand,start,end,rcount,ucount,mrcount", range(1, _M + 1), _CHROMOSOME, "-", _PLACE, _PLACE + 90, _DEPTHS, _DEPTHS, _DEPTHS),
    "stringtie_genes": printed("Gene ID,Gene Name,Reference,Strand,Start,End,Coverage,FPKM,TPM", _T, _GENES, _CHROMOSOME, "+", _PLACE, _PLACE + 900, _LEVELS, _LEVELS, _LEVELS),
    "cufflinks": printed("tracking_id,class_code,nearest_ref_id,gene_id,gene_short_name,tss_id,locus,length,coverage,FPKM,FPKM_conf_lo,FPKM_conf_hi,FPKM_status", _T, "-", "-", _GENES, _GENES, "-", [f"chr{c}:{p}-{p + 900}" for c, p in zip(_CHROMOSOME, _PLACE, strict=True)], "-", "-", _LEVELS, _LEVELS / 2, _LEVELS * 2, "OK"),
    "feature_counts": printed("Geneid,Chr,Start,End,Strand,Length,bams/sorted.bam", _GENES, _CHROMOSOME, _PLACE, _PLACE + 900, "+", 900, _DEPTHS),
    "allelic_counts": printed("CONTIG,POSITION,REF_COUNT,ALT_COUNT,REF_NUCLEOTIDE,ALT_NUCLEOTIDE", _CHROMOSOME, _PLACE, _DEPTHS, _DEPTHS[::-1], _FIRST, _OTHER),
    "allelic_counts_titan": printed("chr,position,ref,refCount,Nref,NrefCount", _CHROMOSOME, _PLACE, _FIRST, _DEPTHS, _OTHER, _DEPTHS[::-1]),
    "allele_counter": printed("#CHR,POS,Count_A,Count_C,Count_G,Count_T,Good_depth", _CHROMOSOME, _PLACE, _DEPTHS, 0, _DEPTHS[::-1], 0, _DEPTHS + _DEPTHS[::-1]),
    "maf_of_one": printed("Hugo_Symbol,Chromosome,Start_position,Variant_Classification,Reference_Allele,Tumor_Seq_Allele1,Tumor_Seq_Allele2", _GENES, _CHROMOSOME, _PLACE, ["Missense", "Silent"] * 40, _FIRST, _FIRST, _OTHER),
    "reads": printed("HWI-1:1:1:1,+,chr5,1513,ACAAACAAATACATTTTTAAAATCACATGAAAACAA,7*777*:::::::::::::::::5::::::::::::,0", [f"HWI-1:1:1:{number}" for number in range(_M)], "-", [f"chr{one}" for one in _CHROMOSOME], _PLACE, _READS, ["7:5*" * 9] * _M, 0),
    "cytosines": printed("chr1,910856,+,1,0,CG,CGG", [f"chr{one}" for one in _CHROMOSOME], _PLACE, ["+", "-"] * 40, _DEPTHS, _DEPTHS[::-1], "CG", ["CGC", "CGA"] * 40),
    "cytosines, coverage": printed("chr1,910856,910856,50.0,1,1", [f"chr{one}" for one in _CHROMOSOME], _PLACE, _PLACE, 100 * _DEPTHS / (_DEPTHS + _DEPTHS[::-1]), _DEPTHS, _DEPTHS[::-1]),
}  # fmt: skip


@pytest.mark.parametrize("name", OF_ONE_SAMPLE)
def test_what_was_measured_of_one_sample_is_of_a_person(name: str, recognised_in: Read) -> None:
    """Levels of transcripts, reads by allele and methylation by site in one sample are the record of a person."""
    found = recognised_in(OF_ONE_SAMPLE[name], "sample.tsv")
    assert found.individual >= 0.9
    assert found.format == name.split(",", maxsplit=1)[0]


@pytest.mark.parametrize("name", OF_PEOPLE)
def test_calls_by_sample_are_of_people(name: str, recognised_in: Read) -> None:
    """What was found in the genomes of single people, or measured of single samples, is of people."""
    assert recognised_in(OF_PEOPLE[name], "calls.txt").individual >= 0.6


@pytest.mark.parametrize(
    "columns",
    [
        ("carriers", ["1to5", "<5", "12", "6-10"] * 20),
        ("samples", list(range(200, 280))),
        ("sample", ["UKB", "FinnGen"] * 40),
    ],
)
def test_numbers_and_studies_beside_places_are_nobody(columns: tuple[str, list[object]], recognised_in: Read) -> None:
    """Suppressed counts of carriers, numbers of samples and names of studies beside places tell of nobody."""
    text = printed(f"chr,start,end,type,{columns[0]},OR,P", _CHROMOSOME, _PLACE, _PLACE + 9_000, "DEL", columns[1], np.exp(_Z / 5), _P)
    assert recognised_in(text, "cnv.tsv").individual < 0.5


def test_masks_and_settings_above_a_table(recognised_in: Read) -> None:
    """Lines of masks above results by gene, and settings above gene sets, are no rows of people."""
    text = '##MASKS=<M1="LoF";M2="LoF,missense">\n' + printed("CHROM,GENPOS,ID,ALLELE0,ALLELE1,A1FREQ,N,TEST,BETA,SE,CHISQ,LOG10P,EXTRA", _CHROMOSOME, _PLACE, [f"{gene}.{mask}" for gene, mask in zip(_GENES, _MASKS, strict=True)], "ref", _MASKS, _FREQUENCY / 20, 48_000, "ADD", _Z * _ERROR, _ERROR, _Z**2, -np.log10(_P), "NA", between=" ")  # fmt: skip
    assert recognised_in(text, "burden.regenie").format == "regenie"


def frequencies_of_repeats() -> dict[str, str]:
    """Allele frequencies of six markers in 1,036 people: a column a marker, and a row a marker and allele."""
    rng = np.random.default_rng(2)
    markers = ["D3S1358", "vWA", "FGA", "TH01", "TPOX", "CSF1PO"]
    ladder = [*range(6, 10), 9.3, *range(10, 31)]
    table = np.zeros((len(ladder), len(markers)))
    for place in range(len(markers)):
        first = rng.integers(0, 14)
        table[first : first + 9, place] = rng.dirichlet(np.full(9, 2.0))
    wide = "\n".join(
        ",".join([str(one), *(f"{share:.4f}" if share else "" for share in row)]) for one, row in zip(ladder, table, strict=True)
    )
    long = [
        "\t".join([marker, str(8 + number), *(f"{share:.4f}" for share in row)])
        for marker in markers
        for number, row in enumerate(rng.dirichlet(np.ones(8), 4).T)
    ]
    return {
        "wide": f"Allele,{','.join(markers)}\n{wide}\nN,{','.join(['1036'] * 6)}\n",
        "long": "Locus\tAllele\tAFR\tEAS\tEUR\tSAS\n" + "\n".join(long) + "\n",
    }


@pytest.mark.parametrize("layout", ["wide", "long"])
def test_frequencies_of_repeats(layout: str, recognised_in: Read) -> None:
    """Tables of STR allele frequencies are of variants; lengths of repeats of people under the same markers are not."""
    text = frequencies_of_repeats()[layout]
    found = recognised_in(text, "str.csv")
    assert (found.format, found.individual < 0.1) == ("repeat_frequencies", True)
    people = text.replace("0.", "1.").replace("Allele", "Repeats")
    assert recognised_in(people, "str.csv").format == ""


def weights(values: np.ndarray, header: str = "rsid,chr,pos,effect_allele,other_allele,effect_weight") -> str:
    """Weights of a score under real-looking variants."""
    chosen = _RNG.permutation(np.resize(values, _M))
    return printed(header, _NAMES, _CHROMOSOME, _PLACE, _FIRST, _OTHER, [f"{value:.5g}" for value in chosen])


@pytest.mark.parametrize("scale", [1.0, 0.01])
def test_measurements_as_weights(scale: float, recognised_in: Read) -> None:
    """Measurements of people less their mean are no weights of variants, whatever the unit; without the mean taken off exactly, where they are wide."""
    values = np.random.default_rng(3).normal(27, 4.5, _M)
    exact = [f"{value:.6f}" for value in (values - values.mean()) * scale]
    text = printed("SNP,CHR,BP,A1,A2,BETA", _NAMES, _CHROMOSOME, _PLACE, _FIRST, _OTHER, exact)
    assert recognised_in(text, "weights.txt").individual >= 0.5
    assert (recognised_in(weights((values - 27.3) * scale), "score.txt").individual >= 0.5) == (scale == 1.0)
    bare = "\n".join("\t".join(map(str, row)) for row in zip(_CHROMOSOME, _NAMES, _PLACE, _FIRST, _OTHER, exact, strict=True)) + "\n"
    assert recognised_in(bare, "score.txt").individual >= 0.5


@pytest.mark.parametrize("kind", ["hits", "shrunken", "unselected", "odds"])
def test_weights_are_weights(kind: str, recognised_in: Read) -> None:
    """Effects of the variants a study found, shrunken effects of all and effects of variants chosen for nothing are weights of a score."""
    rng = np.random.default_rng(6)
    signs = rng.choice([-1, 1], _M)
    values = {
        "hits": signs * (1.2 + rng.exponential(0.8, _M)),
        "shrunken": rng.laplace(0, 1, _M) * rng.exponential(1, _M),
        "unselected": _Z * _ERROR,
        "odds": np.exp(signs * rng.uniform(0.03, 0.3, _M)),
    }[kind]
    assert recognised_in(weights(values), "score.txt").format == "pgs_catalog"
    text = (
        "\n".join("\t".join(map(str, row)) for row in zip(_CHROMOSOME, _NAMES, _PLACE, _FIRST, _OTHER, values.round(7), strict=True)) + "\n"
    )
    assert recognised_in(text, "prscs.txt").kind is Kind.SCORE_WEIGHTS
