"""The results by variant of a request and of earlier releases, each with the number of people that its file, another file or the statement tells."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from sdc_airlock.checks import RequestSubject, Subject
from sdc_airlock.checks._cohorts.places import frequency_of_bins
from sdc_airlock.checks._cohorts.results import Survey, surveys
from sdc_airlock.checks._cohorts.sizes import Sizes, sizes_in_text
from sdc_airlock.checks._cohorts.ssf_metadata import Metadata, read_metadata
from sdc_airlock.model.assessment import Assessment
from sdc_airlock.model.cohort import CarriedCohort
from sdc_airlock.model.content import TextPart, TextRole
from sdc_airlock.recognise.statement import read_statement
from sdc_airlock.stats.assemblies import assemblies_exceeded, assembly_named

_MOST_BYTES = 1 << 18
_METADATA = ("sample_size", "case_count", "gwas-ssf")
_ROLES = frozenset({TextRole.CONFIG, TextRole.METADATA, TextRole.PROSE})
_ABOUT = re.compile(r"^\s*data_file_name\s*:\s*[\"']?([^\"'\s/]{1,200})[\"']?\s*$", re.MULTILINE)
_DECIMAL = re.compile(r"(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?")
_MANDATORY = (
    ("chromosome",),
    ("base_pair_location",),
    ("effect_allele",),
    ("other_allele",),
    ("beta", "odds_ratio", "hazard_ratio"),
    ("standard_error",),
    ("effect_allele_frequency",),
    ("p_value", "neg_log_10_p_value"),
)
_LOOKED_AT, _TEXTS = 20_000, 20
_CHECKSUM = re.compile(r"^\s*data_file_md5sum\s*:\s*[\"']?([0-9A-Fa-f]{32})[\"']?\s*$", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cohort:
    """One table of results.

    Attributes:
        address: Its part, with the path of its file.
        release: 0 for the request, 1 for anything earlier.
        own: True where its own file says how many people there are.
        belied: True where metadata name its file with the checksum of other bytes.
    """

    cohort: CarriedCohort
    address: str
    release: int
    sizes: Sizes
    own: bool
    belied: bool = False


def carried_cohorts(subject: Subject) -> tuple[CarriedCohort, ...]:
    """What is carried of the results by variant of one output, and of the metadata of others in it."""
    found = tuple(carried_of(survey, subject) for survey in surveys(subject) if survey.variants)
    return found or _described(subject)


def carried_of(survey: Survey, subject: Subject | None = None) -> CarriedCohort:
    """What is carried of one table; the assembly it is named after only where its output is given."""
    flags = np.packbits(survey.stretches).tobytes() if survey.stretches.any() else b""
    return CarriedCohort(
        part_id=survey.part.part_id,
        people=survey.sizes.people,
        cases=survey.sizes.cases,
        controls=survey.sizes.controls,
        told=survey.sizes.told,
        doubtful=survey.doubtful,
        variants=survey.markers,
        independent=survey.independent,
        stretches=zlib.compress(flags, 6).hex() if flags else "",
        spectrum=tuple(survey.spectrum.tolist()) if survey.spectrum.any() else (),
        frequencies=survey.frequencies,
        group_people=tuple(survey.group_people.get(group, 0.0) for group in survey.frequencies),
        rounding=_rounding(survey),
        effects=survey.effects,
        effect_rounding=survey.rounding,
        associated=survey.associated,
        traits=survey.traits,
        plain=survey.plain,
        unsigned=survey.unsigned,
        assembly=_named(subject, survey),
        exceeded=assemblies_exceeded(survey.last),
        from_nought=survey.from_nought,
        ordered=survey.ordered,
        least=survey.least if survey.spectrum.any() else None,
        most_people=survey.most_people,
        standard="GWAS-SSF" if _standard(survey) else "",
    )


def _named(subject: Subject | None, survey: Survey) -> str:
    """The assembly that the lines around a table, the comments of its file or its name tell."""
    if subject is None or survey.part.table is None:
        return ""
    table = survey.part.table
    said = [part.text[:_LOOKED_AT] for part in subject.content.parts if isinstance(part, TextPart) and part.role in _ROLES]
    texts = (f"{table.title}\n{table.notes}", *said[:_TEXTS], subject.claimed_name)
    return next((found for text in texts if (found := assembly_named(text))), "")


def _standard(survey: Survey) -> bool:
    """True where the columns begin with the mandatory ones of GWAS-SSF v1.0, in their order."""
    names = [view.name.strip() for view in survey.part.columns[: len(_MANDATORY)]]
    return len(names) == len(_MANDATORY) and all(name in allowed for name, allowed in zip(names, _MANDATORY, strict=True))


def _rounding(survey: Survey) -> float:
    """Mean of h^2 / (6 p q) over the variants, by their frequencies."""
    if not survey.digits.step or not survey.spectrum.any():
        return 0.0
    middle = frequency_of_bins()
    step = survey.digits.step * (10.0 ** (np.floor(np.log10(middle)) + 1) if survey.digits.relative else 1.0)
    return float(np.average(step**2 / (6 * middle * (1 - middle)), weights=survey.spectrum))


def _described(subject: Subject) -> tuple[CarriedCohort, ...]:
    """Numbers of people in metadata, for the results that another file of the request holds."""
    for part in subject.content.parts:
        if isinstance(part, TextPart) and part.role in _ROLES and any(word in part.text[:20_000].lower() for word in _METADATA):
            sizes = sizes_in_text(part.text, "the metadata beside it")
            metadata = read_metadata(part.text)
            if sizes.known or metadata is not None:
                return (
                    CarriedCohort(
                        part_id=part.part_id,
                        people=sizes.people,
                        cases=sizes.cases,
                        controls=sizes.controls,
                        told=sizes.told,
                        describes=True,
                        about=match[1] if (match := _ABOUT.search(part.text)) else "",
                        md5=match[1].lower() if (match := _CHECKSUM.search(part.text)) else "",
                        **(_claims(metadata) if metadata is not None else {}),
                    ),
                )
    return ()


def _claims(metadata: Metadata) -> dict[str, Any]:
    """What metadata of GWAS-SSF say that the results can be held against."""
    coordinates = metadata.values.get("coordinate_system", "")
    limit = metadata.values.get("minor_allele_freq_lower_limit", "")
    told = float(limit) if _DECIMAL.fullmatch(limit) else None
    return {
        "assembly": metadata.assembly,
        "from_nought": {"0-based": True, "1-based": False}.get(coordinates),
        "ordered": {"true": True, "yes": True}.get(metadata.values.get("is_sorted", "").lower()),
        "least": told,
        "standard": metadata.values.get("file_type", ""),
        "most_people": float(metadata.people or 0),
    }


def cohorts_of(request: RequestSubject) -> Iterator[Cohort]:
    """Every table of results, of the request and of earlier releases; a file released before counts once."""
    again = {each.file_id for each in request.assessments}
    earlier = tuple(each for each in request.earlier if each.file_id not in again)
    for release, assessments in enumerate((request.assessments, earlier)):
        beside = {each.path: cohort for each in assessments for cohort in each.cohorts if cohort.describes and _own(cohort).known}
        for each in assessments:
            for cohort in each.cohorts:
                if not cohort.describes:
                    own = _own(cohort)
                    sizes = own.or_else(_beside(each.path, cohort.md5, beside)).or_else(_stated(request, each) if release == 0 else Sizes())
                    folder = each.path.rpartition("/")[0]
                    yield Cohort(
                        cohort=cohort,
                        address=f"{folder}/{cohort.part_id}" if folder else cohort.part_id,
                        release=release,
                        sizes=sizes,
                        own=own.known,
                        belied=any(_belies(each.path, cohort.md5, path, one) for path, one in beside.items()),
                    )


def _own(cohort: CarriedCohort) -> Sizes:
    return Sizes(people=cohort.people, cases=cohort.cases, controls=cohort.controls, told=cohort.told).completed()


def _beside(path: str, md5: str, beside: dict[str, CarriedCohort]) -> Sizes:
    """What metadata say that give the checksum of a file, or that have its name, or that stand alone in its folder and name no other file."""
    folder, _, name = path.rpartition("/")
    stem = name.partition(".")[0]
    sure = [_own(one) for one in beside.values() if md5 and one.md5 == md5]
    if sure:
        return sure[0]
    near = [
        (other.rpartition("/")[2], _own(one))
        for other, one in beside.items()
        if other.rpartition("/")[0] == folder and not _belies(path, md5, other, one) and one.about.partition(".")[0] in ("", stem)
    ]
    same = [sizes for other, sizes in near if other.startswith((name, f"{stem}.", f"{stem}-", f"{stem}_"))]
    chosen = same or ([sizes for _, sizes in near] if len(near) == 1 else [])
    return chosen[0] if chosen else Sizes()


def _belies(path: str, md5: str, other: str, metadata: CarriedCohort) -> bool:
    """True for metadata in the folder of a file that name it and give the checksum of other bytes."""
    folder, _, name = path.rpartition("/")
    return bool(metadata.about == name and metadata.md5 and md5 and metadata.md5 != md5 and other.rpartition("/")[0] == folder)


def _stated(request: RequestSubject, assessment: Assessment) -> Sizes:
    """What the statement says of a file, or of all where it lists none."""
    if not request.statement:
        return Sizes()
    statement = read_statement(request.statement)
    for declared in statement.outputs:
        if declared.people is not None and declared.covers(assessment.path):
            return Sizes(people=float(declared.people), told="the statement of the request")
    if any(declared.people is not None for declared in statement.outputs):
        return Sizes()
    return sizes_in_text(request.statement, "the statement of the request")


def occupied(cohort: CarriedCohort) -> npt.NDArray[np.bool_]:
    """Flags of the stretches of the genome that hold a variant; empty where no positions were given, or they cannot be read."""
    try:
        packed = zlib.decompressobj().decompress(bytes.fromhex(cohort.stretches), _MOST_BYTES)
    except (ValueError, zlib.error):
        return np.zeros(0, np.bool_)
    return np.unpackbits(np.frombuffer(packed, np.uint8)).astype(np.bool_)


__all__ = ["Cohort", "carried_cohorts", "carried_of", "cohorts_of", "occupied"]
