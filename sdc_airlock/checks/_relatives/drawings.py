"""Drawings that show single people or families: pedigrees, reads, one column a sample, chromosomes of one person, components with a mark a person."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from sdc_airlock.model.content import Content, Figure, OddityKind, TextPart
from sdc_airlock.model.filetype import Family
from sdc_airlock.model.finding import Finding, Location, Redacted, Severity

_CHECK = "relatedness_or_scores"
_LONGEST = 200_000
_FEWEST_MEMBERS = 3
_MOSTLY = 0.3
_MEMBER = re.compile(r"(?<![\w:.])(I|II|III|IV|V|VI|VII)[:.\-](\d{1,2})(?![\w:.])")
_LOCUS = re.compile(r"\b(?:chr)?(?:\d{1,2}|[XYM]|MT):\d[\d,]{3,}[-\u2013]\d[\d,]{3,}\b", re.IGNORECASE)
_READS = re.compile(r"\.(?:bam|cram)\b|\b(?:coverage|junctions|refseq genes|alignments?|pile-?up|IGV)\b", re.IGNORECASE)
_SAMPLES = re.compile(
    r"altered in \d[\d,]* \([\d.]+ ?%\) of \d[\d,]* samples|\boncoprint\b|\boncoplot\b|\bwaterfall plot\b|\bmutation matrix\b",
    re.IGNORECASE,
)
# labels of single people along an axis, and of genes along the other
_PEOPLE = re.compile(
    r"(?<![\w-])(?:(?:sample|patient|participant|subject|individual|case|donor|proband|pt|id)[ _-]?0*\d{1,6}|[A-Z]{1,3}[_-]?0\d{1,5})(?![\w.])",
    re.IGNORECASE,
)
_GENE = re.compile(r"(?<![\w-])(?!(?:PC|SD|SE|OR|HR|CI|ID)\d*\b)[A-Z][A-Z0-9]{2,7}(?![\w-])(?=\s|$)")
_FEWEST_PEOPLE, _FEWEST_GENES = 12, 3
_KINSHIP = re.compile(
    r"\b(?:kinship|relationship|relatedness|IBS|IBD|GRM)[ -](?:matrix|heat ?map|coefficients? matrix)\b|\b(?:GRM|kinship|relatedness) (?:of|between|among) (?:\d[\d,]* )?(?:individuals|people|samples|participants|patients)\b",
    re.IGNORECASE,
)
_CHROMOSOMES = re.compile(r"\bkaryogram\b|\bchromosome painting\b|\blocal ancestry\b|\bkaryotype of\b", re.IGNORECASE)
COMPONENTS = re.compile(
    r"\bPC[ _-]?[12]\b|\bprincipal components?\b|\b(?:UMAP|t-?SNE|MDS|NMDS)[ _-]?(?:1|2|dimension)?\b|\bC1\b.{0,200}\bC2\b|\beigenvectors?\b",
    re.IGNORECASE | re.DOTALL,
)
_RULES = {
    "pedigree_drawn": (Severity.HIGH, "a pedigree, by the numbers of its members: families are recognised by their shape, and one member tells of all", "Say in words how many relatives were looked at, or redraw it so that order, sex and number of children cannot be told, with consent of the family."),
    "reads_drawn": (Severity.HIGH, "reads over one place of the genome, as a browser draws them: the genotype of the sample, and its name", "Say in words what was seen; if reads have to be shown, crop the names, and ask whether consent covers it."),
    "samples_drawn": (Severity.MEDIUM, "a drawing with a column a sample: the mutations of each person side by side", "Draw how many samples carry a mutation, by gene and class, where each number is above the threshold."),
    "relationships_drawn": (Severity.MEDIUM, "the kinship of each person with each other, as a map of colours: families and the ancestry of each can be read from it", "Draw how many pairs there are of each degree, where each number is above the threshold."),
    "chromosomes_drawn": (Severity.MEDIUM, "chromosomes of one person, as a karyogram or by local ancestry draws them", "Draw averages of groups that are above the threshold."),
    "components_drawn": (Severity.HIGH, "components of ancestry with a mark a person: each place can be read back from the drawing", "Draw a density, or hulls and means of groups that are each above the threshold."),
}  # fmt: skip


def scatter_goes(content: Content, least: int) -> bool:
    """True for a plot of components with a mark a person, and nothing else that draws people, where the profile lets one of so many people go."""
    if not least or content.file_type.family is not Family.FIGURE or not any(isinstance(part, Figure) for part in content.parts):
        return False
    words, marks = _words_and_marks(content)
    return marks >= least and list(_said(words, marks)) == ["components_drawn"]


def _words_and_marks(content: Content) -> tuple[str, int]:
    words = "\n".join(part.text[:_LONGEST] for part in content.parts if isinstance(part, TextPart))[:_LONGEST]
    return words, sum(one.size or 0 for one in content.oddities if one.kind is OddityKind.POINT_MARKS)


def drawn(content: Content, least: int) -> Iterator[Finding]:
    """What the words on the figures of an output say that they draw, each kind of drawing once.

    Args:
        content: What the readers said.
        least: People from whom on a plot of components goes with a note; 0 where none does.
    """
    figures = [part for part in content.parts if isinstance(part, Figure)]
    if not figures:
        yield from _lettered(content)
        return
    for rule in _said(*_words_and_marks(content)):
        found = _finding(rule, figures[0].part_id, f"words on {len(figures)} figure(s)")
        yield replace(found, severity=Severity.LOW) if scatter_goes(content, least) else found


def _lettered(content: Content) -> Iterator[Finding]:
    """Pages of a vector drawing, of which a reader gives the letters alone: hardly more than the numbers of the members of a family."""
    for part in content.parts:
        if isinstance(part, TextPart) and len(part.text) <= _LONGEST and _of_a_family(part.text):
            words = part.text.split()
            if sum(bool(_MEMBER.fullmatch(word)) for word in words) >= _MOSTLY * len(words):
                yield _finding("pedigree_drawn", part.part_id, f"{len(words)} words on a page")


def _finding(rule: str, part_id: str, shape: str) -> Finding:
    severity, message, remedy = _RULES[rule]
    return Finding(
        check_id=_CHECK,
        rule=rule,
        severity=severity,
        location=Location(part_id=part_id),
        message=message,
        remedy=remedy,
        evidence=(Redacted(shape=shape),),
    )


def _of_a_family(words: str) -> bool:
    """True for the numbers of several members of at least two generations."""
    members = set(_MEMBER.findall(words))
    return len(members) >= _FEWEST_MEMBERS and len({generation for generation, _ in members}) > 1


def _said(words: str, marks: int) -> Iterator[str]:
    if _of_a_family(words):
        yield "pedigree_drawn"
    if _KINSHIP.search(words):
        yield "relationships_drawn"
    if _LOCUS.search(words) and _READS.search(words):
        yield "reads_drawn"
    if _SAMPLES.search(words) or _people_by_genes(words):
        yield "samples_drawn"
    if _CHROMOSOMES.search(words):
        yield "chromosomes_drawn"
    if marks and COMPONENTS.search(words):
        yield "components_drawn"


def _people_by_genes(words: str) -> bool:
    """True where single people are named along one axis and genes along another."""
    people = set(_PEOPLE.findall(words))
    return len(people) >= _FEWEST_PEOPLE and len(set(_GENE.findall(_PEOPLE.sub(" ", words)))) >= _FEWEST_GENES


__all__ = ["drawn", "scatter_goes"]
