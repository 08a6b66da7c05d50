"""Tables of genetics with one record a person or a pair of people."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np

from sdc_airlock.model.content import Column, Table
from sdc_airlock.model.finding import Finding, Location, Redacted, Severity, Statbarn
from sdc_airlock.model.recognised import ColumnView, Kind, Recognised, Role
from sdc_airlock.recognise.cells import read_cells
from sdc_airlock.recognise.formats import by_id
from sdc_airlock.recognise.formats.cells import holds_calls

_CHECK = "relatedness_or_scores"
_PLACES = 3
_NAMED = 4
_MOST = 0.5
# from here on the format leaves no doubt
_SURE = 0.9
# what each format of people gives away
RULES = {
    "eigenvec": "components", "components": "components", "admixture": "components",
    "plink_profile": "scores", "plink2_sscore": "scores", "prsice_best": "scores", "prsice_all": "scores", "pgsc_calc": "scores",
    "plink_imiss": "quality", "plink2_smiss": "quality", "plink_het": "quality", "plink2_het": "quality", "plink_sexcheck": "quality", "plink_hom": "quality",
    "plink_hom_indiv": "quality", "multiqc": "quality", "multiqc_modules": "quality", "verifybamid": "quality", "mosdepth": "quality",
    "plink_genome": "pairs", "king_kin0": "pairs", "king_seg": "pairs", "ukb_relatedness": "pairs",
    "gcta_grm": "relationships", "relationship_matrix": "relationships", "relationship_half": "relationships",
    "pedigree": "pedigree", "maf": "samples", "maf_of_one": "samples", "seg": "samples", "samples_on_genome": "samples",
    "exomiser": "samples", "copy_profiles": "copies", "shared_segments": "pairs", "single_cells": "cells",
    "kallisto": "levels", "salmon": "levels", "rsem": "levels", "stringtie_transcripts": "levels", "stringtie_parts": "levels", "stringtie_genes": "levels",
    "cufflinks": "levels", "cufflinks_replicates": "levels", "feature_counts": "levels",
    "allelic_counts": "reads", "allelic_counts_titan": "reads", "allele_counter": "reads", "reads": "reads", "cytosines": "reads",
}  # fmt: skip
_WORDS = {
    "components": "components of ancestry by person: a person's place among all others, the same in every release of the cohort",
    "scores": "genetic scores by person: each is a sum over a person's genotypes, which few variants or long weights let one take apart",
    "quality": "quality measures by person or sample: one record a person, and a list of who is in the cohort",
    "pairs": "kinship by pair of people: who is related to whom, which finds families",
    "relationships": "kinship or genetic likeness of every person with every other, from which families and the ancestry of each follow",
    "pedigree": "a pedigree: families are recognised by their shape, and one member tells of all",
    "calls": "variants with the calls of a sample beside them, as annotation programs pass them on: the genotypes of one person",
    "samples": "mutations by sample: one record a variant and sample, which together single a person out",
    "levels": "levels of genes or transcripts, sample by sample: they find the same person in any other table of genes, and carry genotypes",
    "copies": "copy number along the genome, sample by sample: one record a sample, as its own as its genotypes",
    "cells": "measurements cell by cell: the cells of one donor are alike, and find the donor again",
    "reads": "what was read of a person's genome, by place: it tells genotypes",
}
_REMEDIES = {
    "components": "Leave them inside; hand in a density or the variance explained by component, or means of groups that are each above the threshold.",
    "scores": "Leave them inside; hand in the weights, and the distribution of the score in groups that are each above the threshold, rounded.",
    "quality": "Leave them inside; hand in how many people passed and failed each step, by groups above the threshold.",
    "pairs": "Leave them inside; hand in how many pairs there are of each degree, where each number is above the threshold.",
    "relationships": "Leave it inside; hand in how many pairs there are of each degree, or the variance that it explains.",
    "pedigree": "Leave it inside; hand in how many families and relatives of each degree there are.",
    "calls": "Leave out the columns that come from the record of the sample (Otherinfo, IND, ZYG), and variants that only that sample has.",
    "samples": "Leave it inside; hand in how many samples carry a mutation by gene and class, where each number is above the threshold.",
    "levels": "Leave them inside; hand in means and errors by gene over groups that are each above the threshold, or the results of tests by gene.",
    "copies": "Leave it inside; hand in how many samples gain or lose a stretch, where each number is above the threshold, or means over groups that are.",
    "cells": "Leave them inside; hand in means by type of cell over enough donors, or the results of tests.",
    "reads": "Leave it inside; hand in frequencies or means over groups that are each above the threshold.",
}
# words of headers that speak of the genetics of a person, by rule
_HEADERS = {
    "components": re.compile(r"(?:PC|EV|C|eigenvec|genetic_?pc|anc(?:estry)?_?pc|pc_?anc)[_ .]?0?[1-9]\d?|umap[_ ]?[12]|(?:EUR|AFR|EAS|SAS|AMR)(?:_?(?:prob|prop|ancestry|proportion))", re.IGNORECASE),
    "scores": re.compile(r"(?:\w+[_ .])?(?:prs|pgs|grs|polygenic|gps|ldpred\w*|prscs\w*|prsice\w*|genetic_?risk)(?:[_ .]\w+)?(?:_?score)?(?:_?sum|_?avg|_?z|_?std)?", re.IGNORECASE),
    "pairs": re.compile(r"kinship|pi_?hat|ibd[012]?|ibs[012]?|propibd|(?:genetic_)?relatedness|degree_of_relation\w*|grm", re.IGNORECASE),
    "quality": re.compile(r"f_?miss|(?:sample_)?call_?rate|(?:sample_)?missing(?:ness|_rate)|het(?:erozygosity)?(?:_rate)?|f_?roh|n_?roh|snp_?sex|genetic_?sex|ped_?sex|inbreeding\w*", re.IGNORECASE),
}  # fmt: skip
# what annotation programs write of one sample beside a variant
_ZYGOSITY = frozenset({"het", "hom", "heterozygous", "homozygous", "hom_alt", "hom-alt", "homalt", "hom_ref", "hom-ref", "homref", "hemi", "hemizygous", "het_alt", "het-alt", "unknown", "."})  # fmt: skip
_OF_VARIANTS = frozenset({Role.MARKER, Role.ALLELE, Role.POSITION})
_FEWEST = {"components": 2, "scores": 1, "pairs": 1, "quality": 1}


def score_words(part: Recognised) -> bool:
    """True where a header speaks of the genetics of a person."""
    return part.individual > 0 and any(pattern.fullmatch(view.name.strip()) for pattern in _HEADERS.values() for view in part.columns)


def of_people(part: Recognised, review: float) -> Iterator[Finding]:
    """A finding where the rows (or cells) of a table of genetics are people or pairs of them.

    Args:
        part: A table.
        review: Probability from which rows count as possibly one a person.
    """
    known = by_id(part.format) if part.format else None
    if known is not None and known.of_people:
        yield _finding(part, RULES[part.format], sure=part.individual >= _SURE)
        return
    if part.individual < review and part.kind is not Kind.INDIVIDUAL_ROWS:
        return
    for rule, pattern in _HEADERS.items():
        named = [view.label for view in part.columns if pattern.fullmatch(view.name.strip()) and (rule != "components" or _decimal(view))]
        if len(named) >= _FEWEST[rule]:
            yield _finding(part, rule, sure=part.individual >= _SURE, columns=tuple(named[:_NAMED]))
            return


def _decimal(view: ColumnView) -> bool:
    """True for numbers that are not all whole, as answers to questions are."""
    if view.numbers is None:
        return False
    known = view.numbers[np.isfinite(view.numbers)]
    return bool((known != np.round(known)).any())


def carried_calls(part: Recognised, table: Table) -> Iterator[Finding]:
    """A table of variants with a column of calls of a sample, as annotation programs pass them on."""
    if part.kind is Kind.FIGURE or not any(view.role in _OF_VARIANTS for view in part.columns):
        return
    counted = any(view.role is Role.COUNT and view.of_people for view in part.columns)
    places = [place for place, column in enumerate(table.columns) if _text(column) and _of_a_sample(column, counted=counted)]
    if places:
        yield _made(part, "calls", Severity.HIGH, tuple(part.columns[place].label for place in places[:_NAMED]))


def _of_a_sample(column: Column, *, counted: bool) -> bool:
    """True for a column of calls, or of zygosities where no column counts who has them."""
    cells = read_cells(column.values)
    if holds_calls(cells):
        return True
    words = {word.strip().lower() for word in cells.text if word.strip()}
    return not counted and len(words - {"unknown", "."}) > 0 and words <= _ZYGOSITY and cells.filled > _MOST * len(cells.codes)


def _text(column: Column) -> bool:
    import pyarrow as pa

    return bool(pa.types.is_string(column.values.type) or pa.types.is_large_string(column.values.type))


def _finding(part: Recognised, rule: str, *, sure: bool, columns: tuple[str, ...] = ()) -> Finding:
    return _made(part, rule, Severity.CRITICAL if sure else Severity.HIGH, columns)


def _made(part: Recognised, rule: str, severity: Severity, columns: tuple[str, ...]) -> Finding:
    table = part.table
    rows = part.rows if part.rows is not None else (table.sample_rows if table is not None else 0)
    shown = tuple(table.row_number(row) for row in range(min(_PLACES, table.sample_rows))) if table is not None else ()
    named = columns or tuple(view.label for view in part.columns[:_NAMED])
    return Finding(
        check_id=_CHECK,
        rule=rule,
        severity=severity,
        statbarn=Statbarn.CORRELATION_COEFFICIENTS if rule in ("pairs", "relationships") else None,
        location=Location(
            part_id=part.part_id,
            rows=shown,
            columns=tuple(label for label in named if not label.startswith("column ")),
            shape=(rows, part.n_columns or 0),
        ),
        count=max(rows, 1),
        message=f"{_WORDS[rule]} ({rows:,} row{'' if rows == 1 else 's'})",
        remedy=_REMEDIES[rule],
        evidence=(Redacted(shape=f"{rows:,} rows of {part.n_columns or 0} columns"),),
    )


__all__ = ["RULES", "carried_calls", "of_people", "score_words"]
