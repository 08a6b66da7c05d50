"""Genomic text formats that say at their beginning what they are."""

from __future__ import annotations

import re

from sdc_airlock.identify._sample import Sample
from sdc_airlock.identify._signature import Guess
from sdc_airlock.source import Source

_integer = re.compile(r"-?\d+").fullmatch
_DECLARATION = re.compile(r"##(?:contig|INFO|FILTER|FORMAT|ALT)=<ID=")
_LONGEST_HEADER = 16 << 20
# columns of PLINK 2 for results by variant, which begin as a variant list does
_RESULTS = frozenset(
    "A1 OMITTED A1_CT ALLELE_CT A1_CASE_CT A1_CTRL_CT CASE_ALLELE_CT CTRL_ALLELE_CT CASE_NON_A1_CT CASE_HET_A1_CT CASE_HOM_A1_CT CTRL_NON_A1_CT CTRL_HET_A1_CT "
    "CTRL_HOM_A1_CT A1_FREQ A1_CASE_FREQ A1_CTRL_FREQ MACH_R2 FIRTH? PROVISIONAL_REF? TEST OBS_CT BETA OR SE LOG(OR)_SE L95 U95 T_STAT Z_STAT T_OR_F_STAT "
    "Z_OR_F_STAT CHISQ P LOG10_P NEG_LOG10_P ERRCODE REF_FREQ ALT_FREQS ALT_CTS REF_CT HOM_REF_CT HET_REF_ALT_CTS TWO_ALT_GENO_CTS HAP_REF_CT HAP_ALT_CTS "
    "MISSING_CT MISSING_DOSAGE_CT F_MISS O(HET_A1) E(HET_A1) MIDP FST".split()
)


def by_header(sample: Sample) -> Guess | None:
    start = sample.start
    if start.startswith("##fileformat=VCF"):
        return Guess("vcf", "##fileformat line of a VCF")
    if start.startswith("##fileformat=PVAR"):
        return Guess("pvar", "##fileformat line of a variant list")
    if start.startswith(("##gff-version", "##gtf-version")):
        return Guess("gff", "##gff-version line")
    if re.match(r"@(?:HD\tVN:|SQ\tSN:|RG\tID:|PG\tID:|CO\t)", start):
        return _under_sam_header(sample)
    if re.match(r"(?:track|browser) (?:type=|name=|position |hide )", start):
        return Guess("bed_intervals", "track line")
    header = next((line for line in sample.lines if not line.startswith("##")), "")
    fields = header.split()
    if fields[:1] == ["#CHROM"] and [field.upper() for field in fields[1:5]] == ["POS", "ID", "REF", "ALT"]:
        if len(fields) >= 8 and fields[5:8] == ["QUAL", "FILTER", "INFO"]:
            return Guess("vcf", "column line of a VCF")
        if not _RESULTS.issuperset(fields[5:]) or len(fields) == 5:
            return Guess("pvar", "column line of a PLINK 2 variant list")
    if fields and fields[0] in ("#FID", "#IID"):
        return Guess("psam", "column line of a PLINK 2 sample list")
    if fields[:6] == ["FID", "IID", "PAT", "MAT", "SEX", "PHENOTYPE"]:
        return Guess("plink_raw", "column line of PLINK additive genotypes")
    if fields[:6] == ["CHR", "SNP", "(C)M", "POS", "COUNTED", "ALT"]:
        return Guess("plink_raw", "column line of transposed PLINK genotypes")
    if fields and re.fullmatch(r"rs#?", fields[0]) and [field.lower() for field in fields[1:5]] == ["alleles", "chrom", "pos", "strand"]:
        return Guess("hapmap", "column line of HapMap genotypes")
    return None


def long_header(sample: Sample, source: Source) -> Guess | None:
    """Declarations of a variant list without ##fileformat: the column line after them tells which it is."""
    if not sample.lines or not _DECLARATION.match(sample.lines[0]):
        return None
    header = next((line for line in sample.lines if not line.startswith("##")), "")
    if not header:
        header = _first_after_declarations(source)
    fields = header.split()
    full = fields[:1] == ["#CHROM"] and fields[5:8] == ["QUAL", "FILTER", "INFO"]
    return Guess("vcf", "declarations and column line of a VCF") if full else Guess("pvar", "declarations of a variant list")


def _first_after_declarations(source: Source) -> str:
    seen = 0
    with source.opener() as stream:
        for line in stream:
            seen += len(line)
            if not line.startswith(b"##") or seen > _LONGEST_HEADER:
                return line[:65536].decode("utf-8", "replace")
    return ""


def _under_sam_header(sample: Sample) -> Guess:
    records = [line.split("\t") for line in sample.lines if not line.startswith("@")]
    if records and all(len(row) == 5 and _integer(row[1]) and _integer(row[2]) and row[3] in "+-." for row in records):
        return Guess("bed_intervals", "intervals under a sequence dictionary")
    return Guess("sam", "SAM header line")


__all__ = ["by_header", "long_header"]
