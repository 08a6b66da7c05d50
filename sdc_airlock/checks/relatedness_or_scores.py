"""Relatedness and scores: what stands for a single person, or for two, in results that speak of genetics."""

from __future__ import annotations

from collections.abc import Iterator

from sdc_airlock.checks import Params, RequestSubject, Subject, check
from sdc_airlock.checks._relatives.cases import cases_in_text, rare_rows
from sdc_airlock.checks._relatives.correlations import few_people, pair_counts
from sdc_airlock.checks._relatives.distances import unnamed_distances
from sdc_airlock.checks._relatives.drawings import drawn
from sdc_airlock.checks._relatives.people import carried_calls, of_people, score_words
from sdc_airlock.checks._relatives.versions import versions
from sdc_airlock.checks._relatives.weights import genotypes_as_weights, header_belied, long_weights, measurements_as_weights
from sdc_airlock.model.content import Container, Serialized, Table, TextPart
from sdc_airlock.model.finding import Finding, Severity, Statbarn
from sdc_airlock.model.recognised import Kind, Recognised

_OF_VARIANTS = frozenset({Kind.SCORE_WEIGHTS, Kind.VARIANT_SITES, Kind.GWAS_SUMMARY_STATISTICS})


def _applies(subject: Subject) -> bool:
    return any(not isinstance(part.part, Container | Serialized) for part in subject.recognised)


def _speaks(part: Recognised) -> bool:
    """True for tables of genetics."""
    return bool(part.format) or part.kind in _OF_VARIANTS or Kind.MATRIX in part.kinds or score_words(part)


def _request(request: RequestSubject, params: Params) -> Iterator[Finding]:
    yield from versions(request, params["score_difference"])


@check(
    id="relatedness_or_scores",
    version=1,
    rules=("suppressed_counts", "individual_review", "score_variants", "score_weights", "score_difference", "component_scatter"),
    severity=Severity.HIGH,
    statbarn=Statbarn.CORRELATION_COEFFICIENTS,
    on_request=_request,
    applies=_applies,
)
def relatedness_or_scores(subject: Subject, params: Params) -> Iterator[Finding]:
    """Kinship, ancestry, scores or quality measures of single people, and summaries that give those of single people away.

    ## What it flags
    - One record a person: principal components and projections (`.eigenvec`, `.evec`), ancestry proportions, polygenic scores (`.profile`, `.sscore`, `.best`,
      `.all_score`), missingness, heterozygosity, runs of homozygosity and sex checks (`.imiss`, `.smiss`, `.het`, `.hom`, `.sexcheck`), pedigrees, mutations and
      laboratory quality by sample (MAF, MultiQC), under the headers of the programs or other words for them (`pairs`, `components`, `scores`, `quality`, `pedigree`).
    - Calls of a sample beside annotated variants (`Otherinfo` of ANNOVAR, `IND` and `ZYG` of VEP) (`calls`).
    - Pairs of people (`.genome`, `.kin0`, relatedness tables) and matrices of kinship, relationship or identity by state, with names or without (`relationships`).
    - Squares and triangles of distances whose rows and columns have no names, or numbers for names (`distances`).
    - Matrices of correlation, linkage or covariance whose rank is so low that they come from fewer people than they have variables (`few_people`).
    - Lists of correlations of rare variants from which, with the frequencies printed beside them, the number of people who carry both follows, and is in the
      suppressed range (`pair_counts`).
    - A rare phenotype (HPO, Orphanet, OMIM, MONDO) in a row with a variant, a place or a date, or any diagnosis (ICD-10) with a variant, where the row is one case or
      counts a suppressed number (`rare_phenotype`); a variant in a row with the relatives who carry it, and paragraphs about one person or one family with a variant
      (`case_report`, `family_with_variant`).
    - Figures whose words say that they draw a pedigree, reads, a column a sample, chromosomes of one person, or components with a mark a person, or kinship as a map
      of colours (`pedigree_drawn`, `reads_drawn`, `samples_drawn`, `chromosomes_drawn`, `components_drawn`, `relationships_drawn`). A profile may let plots of
      components of enough people go with a note (`component_scatter`; FinnGen's does from five people on).
    - Score weights that take the values 0, 1 and 2 as genotypes do (`weights_are_genotypes`), or that lie far from nought or as a bell about another value, as measurements of
      people do (`weights_are_measurements`), and weights so few and so long that each score made with them has only
      one genotype (`long_weights`: a note, or a review where the profile says so); scoring files of more variants than their header counts (`score_header`).
    - Two fits of the same effects, in the request or in an earlier release, that differ by a few people (`score_versions`).

    ## Why it discloses
    Kinship finds relatives, and a relative's data find a person. Components and scores are a person's own, the same in every release, and so a key between releases.
    A score of few variants is a sum that can be taken apart into its genotypes. A matrix of p variables from n < p people is, but for a rotation, the data of those people.
    The difference of two fits is what the few people did to it.

    ## Example flagged
    ```
    FID IID PHENO CNT CNT2 SCORE
    F1 IND1 -9 400 212 0.0137
    ```

    ## Example passed
    ```
    rsID effect_allele effect_weight
    rs123 A 0.0213
    ```
    PGS Catalog scoring files, linkage of large panels, and scores summed up by tenth of the cohort pass.

    ## Blind spots
    Correlations printed to two digits show their rank only where they come from half as many people as variables or fewer, to one digit hardly ever, squared ones as a square never. Fits are compared on their first rows only. People under words in place of their names in a square of
    distances or of likeness look like variables. Drawings of pixels are known by their words only where these can be read. Rare diseases named in
    words alone are not known as such, nor which codes of ICD-10 are rare: beside a place or a date they are counted as any other diagnosis is. Measurements of people as weights are told where they add up to nought exactly, are wider than effects are, or
    form a bell about another value than nought; shifted to about nought and scaled down they are not, nor are those that form no bell (age, income).

    ## Sources
    - Nikitin and Gursoy, "Private information leakage from polygenic risk scores", 2024: scores of models of 50 variants or fewer with long weights are decoded.
    - Paige, Bell, Bellet, Gascon, Ezer, "Reconstructing genotypes in private genomic databases from genetic risk scores", Journal of Computational Biology 28, 2021.
    - Wang, Li, Wang, Tang, Zhou, "Learning your identity and disease from research papers", CCS 2009: counts of pairs from published r squared.
    - Manichaikul et al., "Robust relationship inference in genome-wide association studies", Bioinformatics 26, 2010.
    - UK Biobank, Genomics England, All of Us: no individual-level data leave, derived variables among them (profiles of these names).
    """
    yield from drawn(subject.content, params["component_scatter"])
    for part in subject.recognised:
        if isinstance(part.part, TextPart):
            yield from cases_in_text(part.part)
        if part.table is not None:
            yield from rare_rows(part, part.table, params["suppressed_counts"])
            yield from unnamed_distances(part, part.table)
            if _speaks(part):
                yield from _genetics(part, part.table, params)
                yield from header_belied(part, part.table, subject.recognised)


def _genetics(part: Recognised, table: Table, params: Params) -> Iterator[Finding]:
    """What a table of genetics says of single people."""
    found = list(of_people(part, params["individual_review"]))
    yield from found
    if found:
        return
    yield from carried_calls(part, table)
    yield from few_people(part, table)
    yield from pair_counts(part, table, params["suppressed_counts"])
    if part.kind in _OF_VARIANTS:
        yield from genotypes_as_weights(part, table)
        yield from measurements_as_weights(part, table)
        yield from long_weights(part, table, params["score_variants"], params["score_weights"])
