"""What the columns of results by variant or gene say: people, alleles, frequencies, genotypes, effects; and of which group."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

import numpy as np

from sdc_airlock.model.recognised import ColumnView, Kind, Recognised, Role
from sdc_airlock.recognise.lexicon import normalise


class Measure(StrEnum):
    """What a column holds."""

    PEOPLE = "people"
    ALLELES = "alleles"
    COPIES = "copies"
    FREQUENCY = "frequency"
    GENOTYPES = "genotypes"
    TRIPLE = "triple"
    LABELLED = "labelled"
    CARRIERS = "carriers"
    EFFECT = "effect"
    SCORE = "score"
    ODDS = "odds"
    ERROR = "error"
    LOW = "low"
    HIGH = "high"
    CHROMOSOME = "chromosome"
    POSITION = "position"
    MARKER = "marker"
    TRAIT = "trait"
    TEST = "test"
    P = "p"


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """One column.

    Attributes:
        group: "" for everybody, "cases", "controls", or what is left of the header ("eur").
        size: People that the header itself names (FRQ_A_312); None where it names none.
        scale: What its numbers are to be multiplied by (0.01 for percentages).
    """

    place: int
    label: str
    measure: Measure
    group: str = ""
    size: int | None = None
    scale: float = 1.0


CASES, CONTROLS = "cases", "controls"
PUBLISHED = frozenset(
    {Measure.COPIES, Measure.GENOTYPES, Measure.TRIPLE, Measure.CARRIERS, Measure.FREQUENCY, Measure.LABELLED, Measure.ALLELES}
)
TESTED = frozenset({Measure.EFFECT, Measure.ODDS, Measure.ERROR, Measure.SCORE})
OF_VARIANTS = frozenset({Kind.GWAS_SUMMARY_STATISTICS, Kind.VARIANT_SITES})
_OF_RESULTS = OF_VARIANTS | {Kind.GENE_RESULTS}
_NEVER = frozenset({Kind.INDIVIDUAL_ROWS, Kind.GENOTYPE_MATRIX, Kind.GENOTYPE_RECORDS, Kind.SEQUENCE_READS, Kind.SCORE_WEIGHTS})
# names that only genetics uses
_OWN = frozenset(
    {"mac", "maf", "eaf", "nchrobs", "a1freq", "homalt", "nhomalt", "af", "ac", "alt_freqs", "alt_cts", "n_carriers", "n_chr", "caf"}
)
_CASE_WORDS = frozenset({"case", "cases", "aff", "affected", "ca", "cas", "ncases", "ncase", "ncas"})
_CONTROL_WORDS = frozenset({"control", "controls", "ctrl", "ctrls", "unaff", "unaffected", "con", "cntl", "noncases", "ncontrols", "ncontrol", "nctrl", "ncon"})  # fmt: skip
# frequencies of other people than those of the study, and numbers about frequencies
_ELSEWHERE = frozenset({"gnomad", "exac", "1000g", "1kg", "kg", "tgp", "topmed", "hapmap", "dbsnp", "esp", "esp6500", "alfa", "popmax", "reference", "refpanel", "panel", "external", "1000genomes", "gnomade", "gnomadg"})  # fmt: skip
_PERCENT = re.compile(r"%|\bpct\b|percent", re.IGNORECASE)
_PUBLIC = re.compile(r"gnomad|exac|1000g|1kg|topmed|hapmap|thousand_?genomes|esp6500|refmaf|ref_panel", re.IGNORECASE)
# reads of one sample
_READS = frozenset({"t", "tumor", "tumour", "normal", "reads", "read", "depth", "dp", "ad"})
_ABOUT = frozenset({"se", "min", "max", "sd", "diff", "var", "expected", "exp", "hwe", "p", "pvalue", "threshold", "cutoff", "limit", "bin", "filter", "fold", "log", "missing", "miss", "stderr"})  # fmt: skip
_FREQUENCIES = frozenset({"af", "maf", "eaf", "raf", "freq", "freqs", "freq1", "frq", "frequency", "frequencies", "mafs", "a1freq", "af1", "af2", "caf"})  # fmt: skip
_NEUTRAL = frozenset({"allele", "alleles", "allele1", "allele2", "a1", "a2", "a0", "alt", "ref", "effect", "ea", "minor", "other", "risk", "tested", "test", "all", "total", "overall", "combined", "observed", "obs", "1", "2", "pooled", "of", "number", "num", "n", "count", "counts", "ct", "cts", "cohort", "study", "sample", "samples", "raw", "adj", "non", "coded", "%", "pct", "percent"})  # fmt: skip
_TAIL = frozenset({"count", "counts", "ct", "cts"})
# what stands beside "het" where it is of studies that differ
_HETEROGENEITY = frozenset({"df", "isq", "isqt", "isquare", "chi", "chisq", "chisqt", "q", "p", "pval", "pv", "i2", "tau2"})
_GENOTYPES = frozenset({"hom", "het", "homs", "hets", "homref", "homalt", "nhomalt", "nhom", "nhet", "homozygotes", "heterozygotes", "homozygous", "heterozygous", "hemi", "hemizygotes", "gt", "ax"})  # fmt: skip
_TRIPLES = frozenset({"geno", "gtc", "gc", "genotype_counts", "genotypes_count", "gtcounts", "geno_counts", "genotype_count"})
_PEOPLE = frozenset({"n", "n_total", "ntotal", "total_n", "ntot", "n_samples", "n_sample", "nsamples", "samplesize", "sample_size", "total_sample_size", "totalsamplesize", "n_obs", "nobs", "n_complete_samples", "n_people", "n_participants", "n_individuals", "n_indiv", "n_analyzed", "n_analysed", "n_informative", "num_samples", "ns", "n_eff", "neff", "effective_n", "effective_sample_size", "n_effective", "all_total", "n_all", "number_of_samples", "number_of_participants", "participants", "n_subjects"})  # fmt: skip
_ERRORS = frozenset({"se", "stderr", "std_err", "standard_error", "se_beta", "sebeta", "beta_se", "log_or_se", "logor_se", "lnor_se", "se_log_or", "or_se", "effect_se", "se_effect"})  # fmt: skip
_EFFECTS = frozenset({"beta", "b", "effect", "est", "estimate", "log_or", "logor", "lnor", "ln_or", "coef", "effect_size", "log_odds", "beta_fixed"})  # fmt: skip
_SCORES = frozenset({"z", "zscore", "z_score", "z_stat", "tstat", "t_stat", "stat", "z_statistic", "t_statistic"})
_LOW = frozenset({"lower", "ci_low", "ci_lower", "lower_ci", "lci", "l95", "or_lower", "or_95l", "ci_l", "lower_95", "or_l95", "lower_95_ci", "ci95_low"})  # fmt: skip
_HIGH = frozenset({"upper", "ci_high", "ci_upper", "upper_ci", "uci", "u95", "or_upper", "or_95u", "ci_u", "upper_95", "or_u95", "upper_95_ci", "ci95_high"})  # fmt: skip
_TRAITS = frozenset({"phenotype", "pheno", "trait", "phecode", "outcome", "disease", "diagnosis", "icd10", "icd", "phenotype_name", "trait_name", "phenocode", "phenotypes", "trait_id", "condition", "exposure", "metabolite", "protein"})  # fmt: skip
_POSITIONS = frozenset({"pos", "position", "bp", "genpos", "base_pair_location", "basepair", "base_pair", "ps", "loc", "bp_hg19", "bp_hg38", "pos_b37", "pos_b38", "location"})  # fmt: skip
_CHROMOSOMES = frozenset({"chr", "chrom", "chromosome", "chromosome_name", "hm_chrom"})
_OF_HEADER = re.compile(r"^(?:fr?e?q|f|maf|af|frq)_(a|u|cases?|controls?|ctrls?)_(\d{1,9})$")
_NAMED_GROUP = {"a": CASES, "u": CONTROLS}
# counts of both alleles, and of missing genotypes (PLINK 1 --freq counts)
_COUNTED = frozenset({"snp", "c1", "c2", "g0"})


def meanings(part: Recognised) -> tuple[Meaning, ...]:
    """What the columns of a table hold, where its rows are variants, genes or traits of an association study; nothing elsewhere."""
    table = part.table
    if table is None or not table.named or not part.columns or part.kind in _NEVER or not _genetic(part):
        return ()
    names = {normalise(view.name)[0] for view in part.columns}
    found = [one for view in part.columns if (one := _meaning(view, names)) is not None]
    groups = {one.group for one in found if one.measure in (Measure.FREQUENCY, Measure.COPIES, Measure.GENOTYPES)}
    taken = {one.place for one in found}
    found += [
        Meaning(place=view.index, label=view.label, measure=Measure.PEOPLE, group=group)
        for view in part.columns
        if view.index not in taken and view.numbers is not None and (group := _people_of(view.name, groups)) is not None
    ]
    return tuple(sorted(found, key=lambda one: one.place))


def _genetic(part: Recognised) -> bool:
    if part.kind in _OF_RESULTS:
        return True
    roles = {view.role for view in part.columns}
    own = any(normalise(view.name)[0] in _OWN or normalise(view.name)[0].startswith("mac_") for view in part.columns)
    return own or (Role.MARKER in roles and bool(roles & {Role.COUNT, Role.FREQUENCY, Role.P_VALUE, Role.COEFFICIENT}))


def _meaning(view: ColumnView, names: Iterable[str]) -> Meaning | None:
    name, tokens = normalise(view.name)
    if view.numbers is None:
        measure = _of_words(view, name, tokens)
        group = _group(tokens) if measure is Measure.TRIPLE else ""
        return Meaning(place=view.index, label=view.label, measure=measure, group=group) if measure else None
    matched = _OF_HEADER.match(name)
    if matched:
        group = _NAMED_GROUP.get(matched[1]) or _group((matched[1],)) or ""
        return Meaning(place=view.index, label=view.label, measure=Measure.FREQUENCY, group=group, size=int(matched[2]))
    if name in ("nchrobs_a", "nchrobs_u"):
        return Meaning(place=view.index, label=view.label, measure=Measure.ALLELES, group=_NAMED_GROUP[name[-1]])
    if name in ("f_a", "f_u", "maf_a", "maf_u", "frq_a", "frq_u"):
        return Meaning(place=view.index, label=view.label, measure=Measure.FREQUENCY, group=_NAMED_GROUP[name[-1]])
    if name in ("c_a", "c_u") and "snp" in names:
        return Meaning(place=view.index, label=view.label, measure=Measure.COPIES, group=_NAMED_GROUP[name[-1]])
    if name in ("c1", "c2") and set(names) >= _COUNTED:
        return Meaning(place=view.index, label=view.label, measure=Measure.COPIES)
    told = _of_numbers(view, name, tokens, names)
    if told is None:
        return None
    scale = 0.01 if told[0] is Measure.FREQUENCY and _PERCENT.search(view.name) else 1.0
    return Meaning(place=view.index, label=view.label, measure=told[0], group=told[1], scale=scale)


def _of_words(view: ColumnView, name: str, tokens: tuple[str, ...]) -> Measure | None:
    """Columns whose cells are words."""
    if name in _TRIPLES or name in ("aff", "unaff"):
        return Measure.TRIPLE
    if name in ("allele_count", "allele_freq") and "{" in view.name:
        return Measure.LABELLED
    if name in _CHROMOSOMES:
        return Measure.CHROMOSOME
    if name == "test":
        return Measure.TEST
    if name in _TRAITS or (tokens and tokens[-1] in {"phenotype", "trait"}):
        return Measure.TRAIT
    return Measure.MARKER if view.role is Role.MARKER else None


def _of_numbers(view: ColumnView, name: str, tokens: tuple[str, ...], names: Iterable[str]) -> tuple[Measure, str] | None:
    """Columns whose cells are numbers."""
    for known, measure in ((_POSITIONS, Measure.POSITION), (_CHROMOSOMES, Measure.CHROMOSOME), (_ERRORS, Measure.ERROR), (_EFFECTS, Measure.EFFECT), (_SCORES, Measure.SCORE), (_LOW, Measure.LOW), (_HIGH, Measure.HIGH), (_TRAITS, Measure.TRAIT)):  # fmt: skip
        if name in known:
            return measure, ""
    if name in ("or", "odds_ratio"):
        return Measure.ODDS, ""
    if view.role is Role.P_VALUE:
        return Measure.P, ""
    if not tokens:
        return None
    words = frozenset(tokens)
    if words & (_ELSEWHERE | _ABOUT | _READS) or _PUBLIC.search(view.name) or (tokens[0] == "n" and "t_alt_count" in names):
        return None
    measured = _alleles(view, tokens, words, names)
    if measured is not None:
        return measured, _group(tokens)
    if _EFFECTS & {tokens[0], tokens[-1]} and view.role is Role.COEFFICIENT:
        return Measure.EFFECT, _group(tokens)
    return None


def _alleles(view: ColumnView, tokens: tuple[str, ...], words: frozenset[str], names: Iterable[str]) -> Measure | None:
    """Frequencies and counts of alleles, genotypes and carriers."""
    known = np.zeros(0) if view.numbers is None else view.numbers[np.isfinite(view.numbers)]
    whole = len(known) > 0 and bool((known % 1 == 0).all() and known.max() > 1)
    counted = bool(words & _TAIL) or tokens[0] == "n" or "number" in words
    if words & {"carriers", "carrier", "ncarriers"} or tokens == ("ma", "samples"):
        return Measure.CARRIERS if whole else None
    if {"ac", "an"} <= words:
        return Measure.COPIES
    if words & {"an", "nchrobs", "nchr"} or tokens[:2] == ("n", "chr") or ("allele" in words and counted and not words & {"a1", "alt", "minor", "effect", "risk", "ref"} and tokens[-1] in ("ct", "number")):  # fmt: skip
        return Measure.ALLELES
    if tokens == ("obs", "ct"):
        return Measure.PEOPLE if _associated(names) else Measure.ALLELES
    lettered = words & {"aa", "ab", "bb"} and words & (_CASE_WORDS | _CONTROL_WORDS | {"all"})
    if (words & _GENOTYPES or lettered) and whole and not words & ({"o", "e"} | _HETEROGENEITY):
        return Measure.GENOTYPES
    if (
        words & {"ac", "mac"}
        or tokens == ("ma", "count")
        or (words & {"allele", "a1", "alt", "minor"} and counted and not words & {"variants", "alleles"})
    ):
        return Measure.COPIES
    if words & _FREQUENCIES or view.role is Role.FREQUENCY:
        return Measure.FREQUENCY
    return None


def _associated(names: Iterable[str]) -> bool:
    return bool(set(names) & (_EFFECTS | _ERRORS | _SCORES | {"or", "p", "odds_ratio", "p_value"}))


def _group(tokens: Iterable[str]) -> str:
    """Of whom a frequency or count is: what is left of a header without the words for the number itself."""
    words = list(tokens)
    if _CASE_WORDS & set(words):
        return CASES
    if _CONTROL_WORDS & set(words):
        return CONTROLS
    known = _FREQUENCIES | _NEUTRAL | _TAIL | _GENOTYPES | _EFFECTS | {"ac", "mac", "an", "nchrobs", "nchr", "chr", "carriers", "carrier", "ncarriers", "two", "hap", "c", "ma", "geno", "gtc", "gc", "genotype", "genotypes", "gtcounts", "aa", "ab", "bb"}  # fmt: skip
    return "_".join(word for word in words if word not in known)


@lru_cache(maxsize=5000)
def _plain_people(header: str) -> str | None:
    name, tokens = normalise(header)
    if name in _PEOPLE or name in ("nmiss", "weight"):
        return ""
    counting = {"n", "num", "number", "of", "count", "counts", "total", "all", "size", "sample", "samples", "nr", "no"}
    left = [token for token in tokens if token not in counting]
    if len(left) == 1 and left[0] in _CASE_WORDS:
        return CASES
    if len(left) == 1 and left[0] in _CONTROL_WORDS:
        return CONTROLS
    return None


def _people_of(header: str, groups: Iterable[str]) -> str | None:
    """Of whom a header says how many there are; None where it counts nobody."""
    plain = _plain_people(header)
    if plain is not None:
        return plain
    tokens = normalise(header)[1]
    if len(tokens) > 1 and ("n" in (tokens[0], tokens[-1]) or tokens[0] in ("samples", "num")):
        rest = "_".join(token for token in tokens if token not in ("n", "samples", "num"))
        return rest if rest in set(groups) else None
    return None


__all__ = ["CASES", "CONTROLS", "OF_VARIANTS", "PUBLISHED", "TESTED", "Meaning", "Measure", "meanings"]
