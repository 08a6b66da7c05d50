"""Two fits of the same effects by variant that differ by a few people."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import numpy as np
import numpy.typing as npt

from sdc_airlock.checks import RequestSubject
from sdc_airlock.model.carried import CarriedFit
from sdc_airlock.model.finding import DisclosureKind, Finding, Location, Redacted, Severity
from sdc_airlock.stats.relatedness import people_between

_CHECK = "relatedness_or_scores"
_FEWEST = 20
_MOST_PAIRS = 2_000
# fits of the same people by the same method; other settings or traits agree far less
_NEARLY_SAME = 0.999
_CHANGED = 0.5
_ROUNDED = 1.5


def versions(request: RequestSubject, most: int) -> Iterator[Finding]:
    """Fits of a request that differ by up to so many people from others of it, or of earlier releases.

    Args:
        request: The request.
        most: People.
    """
    own = [(assessment.path, fit) for assessment in request.assessments for fit in assessment.fits]
    earlier = [("", fit) for assessment in request.earlier for fit in assessment.fits]
    pairs = [*combinations(own, 2), *((one, other) for one in own for other in earlier)]
    for (path, first), (other, second) in pairs[:_MOST_PAIRS]:
        found = _between(first, second)
        if found is None:
            continue
        people, sure = found
        if people is None or people <= most:
            yield _finding(path, first, people, sure=sure, earlier=not other)
    if len(pairs) > _MOST_PAIRS:
        yield Finding(
            check_id=_CHECK,
            rule="not_compared",
            severity=Severity.MEDIUM,
            kind=DisclosureKind.SECONDARY,
            location=Location(part_id=own[0][0]),
            count=len(pairs) - _MOST_PAIRS,
            message=f"of {len(pairs):,} pairs of effects by variant {_MOST_PAIRS:,} were compared: whether others differ by a few people was not worked out",
            remedy="Hand the fits in by smaller requests, or say why they are of different people.",
        )


def _between(first: CarriedFit, second: CarriedFit) -> tuple[int | None, bool] | None:
    """People by whom two fits differ and whether that is said outright; None for the people where it cannot be told, and None for fits that have nothing to do with each other."""
    places = {name: place for place, name in enumerate(second.names)}
    shared = [(place, places[name]) for place, name in enumerate(first.names) if name in places]
    if len(shared) < _FEWEST:
        return None
    mine, theirs = (np.array(column) for column in zip(*shared, strict=True))
    one, other = np.array(first.effects)[mine], np.array(second.effects)[theirs]
    known = np.isfinite(one) & np.isfinite(other)
    away = np.abs(one - other)
    changed = known & (away > _ROUNDED * max(first.unit, second.unit))
    if known.sum() < _FEWEST or changed.sum() < _CHANGED * known.sum() or one[known].std() == 0 or other[known].std() == 0:
        return None
    if np.corrcoef(one[known], other[known])[0, 1] < _NEARLY_SAME:
        return None
    if first.people and second.people and first.people != second.people:
        return round(abs(first.people - second.people)), True
    return _told(one, other, np.array(first.errors)[mine] if first.errors else None, first.people), False


def _told(
    one: npt.NDArray[np.float64], other: npt.NDArray[np.float64], errors: npt.NDArray[np.float64] | None, people: float | None
) -> int | None:
    """People as standard errors tell them."""
    if errors is None or not people:
        return None
    between = people_between(one, other, errors, people)
    return None if np.isnan(between) else max(round(between), 1)


def _finding(path: str, fit: CarriedFit, people: int | None, *, sure: bool, earlier: bool) -> Finding:
    where = "one of an earlier release" if earlier else "another of the request"
    by = "hardly" if people is None else f"by {'' if sure else 'about '}{people:,} {'person' if people == 1 else 'people'}"
    return Finding(
        check_id=_CHECK,
        rule="score_versions",
        severity=Severity.MEDIUM if people is None else Severity.HIGH,
        kind=DisclosureKind.SECONDARY,
        location=Location(part_id=fit.part_id or path),
        count=1,
        message=f"effects by variant that differ {by} from {where}: what those few people did to the fit, and with it their genotypes, follows from the difference",
        remedy="Hand in one fit only, or fits of samples that differ by many people; if the two are of the same people by different methods, say so in the request.",
        evidence=(Redacted(shape=f"{len(fit.names)} effects compared"),),
    )


__all__ = ["versions"]
