"""The results by variant of a request and of earlier releases, each with the number of people that its file, another file or the statement tells."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sdc_airlock.checks import RequestSubject, Subject
from sdc_airlock.checks._cohorts.places import frequency_of_bins
from sdc_airlock.checks._cohorts.results import Survey, surveys
from sdc_airlock.checks._cohorts.sizes import Sizes, sizes_in_text
from sdc_airlock.model.assessment import Assessment
from sdc_airlock.model.cohort import CarriedCohort
from sdc_airlock.model.content import TextPart, TextRole
from sdc_airlock.recognise.statement import read_statement

_MOST_BYTES = 1 << 18
_METADATA = ("sample_size", "case_count", "gwas-ssf")
_ROLES = frozenset({TextRole.CONFIG, TextRole.METADATA, TextRole.PROSE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Cohort:
    """One table of results.

    Attributes:
        address: Its part, with the path of its file.
        release: 0 for the request, 1 for anything earlier.
        own: True where its own file says how many people there are.
    """

    cohort: CarriedCohort
    address: str
    release: int
    sizes: Sizes
    own: bool


def carried_cohorts(subject: Subject) -> tuple[CarriedCohort, ...]:
    """What is carried of the results by variant of one output, and of the metadata of others in it."""
    found = tuple(carried_of(survey) for survey in surveys(subject) if survey.variants)
    return found or _described(subject)


def carried_of(survey: Survey) -> CarriedCohort:
    """What is carried of one table."""
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
    )


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
            if sizes.known:
                return (
                    CarriedCohort(
                        part_id=part.part_id,
                        people=sizes.people,
                        cases=sizes.cases,
                        controls=sizes.controls,
                        told=sizes.told,
                        describes=True,
                    ),
                )
    return ()


def cohorts_of(request: RequestSubject) -> Iterator[Cohort]:
    """Every table of results, of the request and of earlier releases; a file released before counts once."""
    again = {each.file_id for each in request.assessments}
    earlier = tuple(each for each in request.earlier if each.file_id not in again)
    for release, assessments in enumerate((request.assessments, earlier)):
        beside = {each.path: sizes for each in assessments for cohort in each.cohorts if cohort.describes and (sizes := _own(cohort)).known}
        for each in assessments:
            for cohort in each.cohorts:
                if not cohort.describes:
                    own = _own(cohort)
                    sizes = own.or_else(_beside(each.path, beside)).or_else(_stated(request, each) if release == 0 else Sizes())
                    folder = each.path.rpartition("/")[0]
                    yield Cohort(
                        cohort=cohort,
                        address=f"{folder}/{cohort.part_id}" if folder else cohort.part_id,
                        release=release,
                        sizes=sizes,
                        own=own.known,
                    )


def _own(cohort: CarriedCohort) -> Sizes:
    return Sizes(people=cohort.people, cases=cohort.cases, controls=cohort.controls, told=cohort.told).completed()


def _beside(path: str, beside: dict[str, Sizes]) -> Sizes:
    """What metadata of the same name say, or the only metadata in the same folder."""
    folder, _, name = path.rpartition("/")
    stem = name.partition(".")[0]
    near = [(other.rpartition("/")[2], sizes) for other, sizes in beside.items() if other.rpartition("/")[0] == folder]
    same = [sizes for other, sizes in near if other.startswith((name, f"{stem}.", f"{stem}-", f"{stem}_"))]
    chosen = same or ([sizes for _, sizes in near] if len(near) == 1 else [])
    return chosen[0] if chosen else Sizes()


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
