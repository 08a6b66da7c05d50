"""Content that belies its name, formats the profile does not allow, and bytes that are not what they should be."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace

from sdc_airlock.checks import Params, Subject, check
from sdc_airlock.checks._cohorts.ssf_metadata import read_metadata
from sdc_airlock.checks._format_facts import ACTIVE, HIDDEN, JUDGED
from sdc_airlock.checks._relatives.drawings import scatter_goes
from sdc_airlock.identify.types import TYPES
from sdc_airlock.model.content import Container, Figure, GenomicPart, Oddity, OddityKind, Serialized, TextPart, TextRole, UnreadReason
from sdc_airlock.model.filetype import Family
from sdc_airlock.model.finding import Finding, Location, Severity

_LISTED_PARTS = 20
_BIDIRECTIONAL = frozenset("\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_AS_ODDITY = {UnreadReason.ENCRYPTED: OddityKind.ENCRYPTED, UnreadReason.MALFORMED: OddityKind.DAMAGED}


@check(
    id="anomalous_format",
    version=1,
    rules=("allowed_formats", "figures", "invisible_characters", "component_scatter"),
    severity=Severity.HIGH,
)
def anomalous_format(subject: Subject, params: Params) -> Iterator[Finding]:
    """The format is not what it is said to be, is not allowed, or does not account for all bytes.

    ## What it flags
    Content that belies the extension; a format that is not on the profile's list (`allowed_formats`); bytes that are valid in
    two formats; data before or after the content; encrypted, damaged or unknown content; programs; members of archives with
    equal or unsafe names; characters that cannot be seen or that turn the direction of writing; long runs of encoded bytes in
    text. Figures get a note, or are held where the profile says so (`figures`). Plots that draw a mark, a line or a bar for each person are held (`point_marks`):
    30 or more like marks on no lattice, at no even steps and in no mass (scatter, strip and swarm plots), lines that run beside each other from one place (repeated measures),
    bars without names in the order of their lengths (waterfall and swimmer plots); in vectors, and in pixels of any format, also inside documents. Metadata of results of association studies (GWAS-SSF) are held against the standard, field by field: what is no date, number, checksum,
    assembly, sum of its parts or list of texts where one belongs, and mandatory fields that are not there. What a well-formed file hides is for `hidden_content`, what acts by itself for `active_content`.

    ## Why it discloses
    A checker judges what a viewer shows. Whatever the viewer does not show leaves unseen: records after the end of an image,
    a table of genotypes called `figure.png`. A format nobody can open cannot be judged at all.

    ## Example flagged
    A file called `plot.png` whose bytes are a zip archive.

    ## Example passed
    A comma-separated table called `table1.txt`: the name is not precise, but it hides nothing.

    ## Blind spots
    Data hidden in the lowest bits of an image's pixels, in the order of rows or in the spacing of words are not seen. In pixels, words are not read, so that a mark for a
    hospital or a study is held as one for a person is; fewer than 30 marks, marks at even steps (a dot a row) and those in a plot whose marks cover its foot go with the note. In drawings with vectors
    10 marks are enough where the words name what is measured of a body, and 5 where they say that an axis counts people off; without such words fewer than 30 go.

    ## Sources
    NHS England SDE, output rules on `.git` folders and undeclared data in code (undated); OpenSAFELY documentation, requesting
    file release: allowed types (2026); GWAS-SSF v1.0, Hayhurst et al., bioRxiv 2022.07.15.500230, and the GWAS Catalog's table of metadata (February 2024); Magika's and libmagic's disagreement on genomic formats was measured for this project.
    """
    yield from _name(subject)
    yield from _type(subject, params["allowed_formats"])
    yield from _members(subject, params["allowed_formats"])
    yield from _oddities(subject, params["invisible_characters"], params["component_scatter"])
    yield from _figures(subject, params["figures"])
    yield from _metadata(subject)


def _name(subject: Subject) -> Iterator[Finding]:
    """The name itself, and what it says of the content."""
    file_type = subject.content.file_type
    here = Location(part_id=subject.part_id)
    turning = sum(character in _BIDIRECTIONAL for character in subject.claimed_name)
    if turning:
        yield _finding(
            Severity.HIGH,
            "name",
            here,
            "the name holds marks that turn the direction of writing, so that it reads as another name",
            "give it a plain name",
            count=turning,
        )
    if not file_type.mismatch:
        return
    claimed = [label for label, info in TYPES.items() if file_type.claimed_extension in info.extensions]
    both_text = TYPES[file_type.label].text and any(TYPES[label].text for label in claimed)
    words = f"the name says {_words(claimed)}, the content is {TYPES[file_type.label].words}"
    judged = JUDGED[OddityKind.NAME_MISMATCH]
    yield _finding(Severity.MEDIUM if both_text else judged.severity, "name_mismatch", here, words, judged.remedy)


def _type(subject: Subject, allowed: tuple[str, ...]) -> Iterator[Finding]:
    """The type of the output as a whole."""
    file_type = subject.content.file_type
    here = Location(part_id=subject.part_id)
    words = TYPES[file_type.label].words
    by_family = {Family.EXECUTABLE: OddityKind.EXECUTABLE, Family.ENCRYPTED: OddityKind.ENCRYPTED}.get(file_type.family)
    if by_family is not None:
        judged = JUDGED[by_family]
        yield _finding(judged.severity, by_family.value, here, f"{judged.message} ({words})", judged.remedy)
    elif file_type.family is Family.UNKNOWN:
        yield _finding(
            Severity.HIGH,
            "unknown",
            here,
            "the bytes follow no format that is known here",
            "submit the output in a format that can be opened",
        )
    elif file_type.label not in allowed:
        yield _not_allowed(here, words)
    if file_type.also:
        others = ", ".join(TYPES[label].words if label in TYPES else "another type" for label in file_type.also)
        judged = JUDGED[OddityKind.POLYGLOT]
        yield _finding(
            judged.severity, "polyglot", here, f"{judged.message}: {words}, {others}", judged.remedy, count=len(file_type.also) + 1
        )


def _members(subject: Subject, allowed: tuple[str, ...]) -> Iterator[Finding]:
    """Members of containers whose format is not allowed."""
    seen: dict[str, list[str]] = defaultdict(list)
    for part in subject.content.parts:
        label = part.format if isinstance(part, Container | Figure | GenomicPart | Serialized) else ""
        if label in TYPES.keys() - {*allowed, subject.content.file_type.label}:
            seen[label].append(part.part_id)
    for label, parts in seen.items():
        yield _not_allowed(Location(part_id=parts[0]), TYPES[label].words, len(parts))


def _oddities(subject: Subject, invisible: int, scatter: int) -> Iterator[Finding]:
    """What readers found odd, one finding a kind and part."""
    counts: dict[OddityKind, dict[str, list[Oddity]]] = defaultdict(lambda: defaultdict(list))
    mismatched = subject.content.file_type.mismatch
    for oddity in subject.content.oddities:
        if oddity.kind not in HIDDEN | ACTIVE and not (
            oddity.kind is OddityKind.NAME_MISMATCH and mismatched and oddity.part_id == subject.part_id
        ):
            counts[oddity.kind][oddity.part_id].append(oddity)
    for gap in subject.content.unread:
        kind = _AS_ODDITY.get(gap.why)
        if kind is not None and gap.part_id not in counts[kind]:
            counts[kind][gap.part_id].append(Oddity(part_id=gap.part_id, kind=kind))
    goes = OddityKind.POINT_MARKS in counts and scatter_goes(subject.content, scatter)
    for kind, parts in counts.items():
        if kind is OddityKind.POINT_MARKS and goes:
            yield from (replace(_of_oddities(kind, part_id, found, invisible), severity=Severity.LOW) for part_id, found in parts.items())
            continue
        if kind is OddityKind.ENCRYPTED and subject.content.file_type.family is Family.ENCRYPTED:
            parts.pop(subject.part_id, None)
        for part_id, found in list(parts.items())[:_LISTED_PARTS]:
            yield _of_oddities(kind, part_id, found, invisible)
        rest = list(parts.items())[_LISTED_PARTS:]
        if rest:
            together = [oddity for _, found in rest for oddity in found]
            yield _of_oddities(kind, rest[0][0], together, invisible)


def _of_oddities(kind: OddityKind, part_id: str, found: list[Oddity], invisible: int) -> Finding:
    judged = JUDGED[kind]
    places = sum(oddity.size or 1 for oddity in found)
    ordinary = judged.few_are_ordinary and places <= invisible
    details = next((oddity.detail for oddity in found if oddity.detail), "")
    message = f"{judged.message} ({details})" if details else judged.message
    return _finding(
        Severity.LOW if ordinary else judged.severity, kind.value, Location(part_id=part_id), message, judged.remedy, count=len(found)
    )


def _figures(subject: Subject, policy: str) -> Iterator[Finding]:
    figures = [part for part in subject.content.parts if isinstance(part, Figure)]
    if figures:
        severity = Severity.MEDIUM if policy == "review" else Severity.LOW
        message = "marks that stand for single people cannot be counted in a figure"
        yield _finding(
            severity,
            "figure",
            Location(part_id=figures[0].part_id),
            message,
            "give the counts behind the figure with it",
            count=len(figures),
        )


def _metadata(subject: Subject) -> Iterator[Finding]:
    """Metadata of results (GWAS-SSF) whose fields are not those of the standard."""
    if subject.content.file_type.label != "yaml":
        return
    for part in subject.content.parts:
        metadata = read_metadata(part.text) if isinstance(part, TextPart) and part.role is TextRole.CONFIG else None
        if metadata is None:
            continue
        where = Location(part_id=part.part_id)
        remedy = "write the metadata with the tools of the GWAS Catalog, for the results as they are handed in"
        if metadata.invalid:
            message = (
                f"metadata of GWAS-SSF with {_many(len(metadata.invalid))} that the standard does not allow: {_some(metadata.invalid)}"
            )
            yield _finding(Severity.MEDIUM, "metadata_invalid", where, message, remedy, count=len(metadata.invalid))
        if metadata.missing:
            message = f"metadata of GWAS-SSF without {_many(len(metadata.missing))} that the standard needs: {_some(metadata.missing)}"
            yield _finding(Severity.MEDIUM, "metadata_missing", where, message, remedy, count=len(metadata.missing))
        if metadata.lacking or metadata.unknown:
            words = [f"without {_some(metadata.lacking)}"] if metadata.lacking else []
            words += [f"with {_many(metadata.unknown)} that the standard does not have"] if metadata.unknown else []
            message = f"metadata of GWAS-SSF {', '.join(words)}"
            yield _finding(Severity.LOW, "metadata_noted", where, message, remedy, count=len(metadata.lacking) + metadata.unknown)


def _many(count: int) -> str:
    return "a field" if count == 1 else f"{count} fields"


def _some(names: tuple[str, ...]) -> str:
    return ", ".join(names[:_LISTED_PARTS])


def _not_allowed(where: Location, words: str, count: int = 1) -> Finding:
    message = f"the profile does not allow this format ({words})"
    return _finding(Severity.HIGH, "not_allowed", where, message, "submit the results in a format of the profile's list", count=count)


def _words(labels: list[str]) -> str:
    return TYPES[labels[0]].words if labels else "nothing that is known"


def _finding(severity: Severity, rule: str, where: Location, message: str, remedy: str, *, count: int = 1) -> Finding:
    return Finding(check_id="anomalous_format", severity=severity, location=where, message=message, remedy=remedy, rule=rule, count=count)
