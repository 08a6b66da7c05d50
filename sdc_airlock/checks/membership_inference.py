"""Membership inference: aggregate results of so many variants from so few people that a person's genotypes tell whether he or she is among them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from sdc_airlock.checks import Params, RequestSubject, Subject, check
from sdc_airlock.checks._cohorts.power import Attack, attacks_on, pooled, safe_variants, traits_of
from sdc_airlock.checks._cohorts.request import Cohort, carried_of, cohorts_of
from sdc_airlock.checks._cohorts.results import concerns, surveys
from sdc_airlock.checks._cohorts.sizes import Sizes
from sdc_airlock.model.finding import DisclosureKind, Finding, Location, Severity, Statbarn
from sdc_airlock.stats.membership import distance_at, from_unsigned, power

_ID = "membership_inference"
_FEWEST_VARIANTS = 10
# fewer variants than this tell so little, whoever they are of, that it need not be said that nobody knows of how many
_MANY_VARIANTS = 1000
_GIVEN = {"frequencies": "genotypes and the frequencies of the same ancestry", "variant_list": "genotypes"}
_REMEDY = "Publish fewer independent variants (those of a region, or the ones that are significant), results of a larger group, or frequencies and estimates with fewer digits; or offer the full results on application."


def _request(request: RequestSubject, params: Params) -> Iterator[Finding]:
    """All results of a request and of earlier releases together, and those whose number of people stands in another file."""
    cohorts = list(cohorts_of(request))
    here = [one for one in cohorts if one.release == 0]
    for one in here:
        if not one.own and one.sizes.known:
            yield from _of_cohort(one, params)
    if len(cohorts) > 1 and here:
        yield from _together(cohorts, params)


@check(
    id="membership_inference",
    version=1,
    rules=("membership_power", "membership_false_positives", "membership_reference", "phenotypes_per_person"),
    severity=Severity.HIGH,
    statbarn=Statbarn.FREQUENCIES,
    on_request=_request,
    applies=concerns,
)
def membership_inference(subject: Subject, params: Params) -> Iterator[Finding]:
    """Aggregate genetic results from which a person's own genotypes tell whether that person is among the people behind them.

    ## What it flags
    Frequencies and estimates by variant for which the best test of membership finds more members than the profile lets it find, at the rate of false positives
    that the profile names. The number of people comes from where small_cohort_statistics takes it; the number of independent variants from the stretches of the
    genome (50,000 bases) that hold one; what rounding leaves of the frequencies from their digits. Of p-values without estimates the squares of their scores are left,
    which tell members of a few dozen people. Also results for so many traits that together they are
    worth the genotypes (traits by people); lists of the variants seen in a few people, which answer as a beacon does; and what all files of the request and
    of earlier releases (`--earlier`) add up to. Each message says the share of members found, and how many variants would be safe.

    ## Why it discloses
    Every published frequency lies a little closer to the genotype of each person behind it. Over many variants the little adds up: with ten times as many
    independent variants as people, four of five members are found while one in a hundred others is taken for one. To be in a study of a disease is to have it.

    ## Example flagged
    Frequencies of a million variants across the genome, from 500 patients.

    ## Example passed
    Results of ten million variants from 300,000 people: they fall on some 62,000 stretches, a fifth of the number of people.

    ## Blind spots
    What is said holds for somebody who has the person's genotypes without error, and frequencies of the same ancestry from a large reference sample; with less,
    fewer are found. Stretches stand for linkage where it is not published; whoever weighs linked variants against each other by a panel of the same ancestry finds more, as if there
    were several times as many (measured on the page about genomic risk). Signs left out of p-values are taken for unknown, though linkage tells some of them. Traits are taken for
    independent of each other, and releases of one project for releases about the same people. Where
    nobody says how many people there are, and the digits do not show it, nothing can be worked out: that is noted.

    ## Sources
    - Homer et al., PLoS Genetics 2008 (10.1371/journal.pgen.1000167); Braun et al., PLoS Genetics 2009 (10.1371/journal.pgen.1000668): false positives where ancestry differs.
    - Sankararaman et al., Nature Genetics 2009 (10.1038/ng.436): power by number of variants and people.
    - Im et al., American Journal of Human Genetics 2012 (10.1016/j.ajhg.2012.02.008): regression coefficients.
    - Shringarpure and Bustamante, American Journal of Human Genetics 2015 (PMC4667107): lists of variants (beacons).
    - Many-phenotype studies, medRxiv 10.1101/2025.09.09.25335252: identification above 0.16 traits a person, genotypes recovered above 0.85.
    - NIH NOT-OD-19-023 (2018): results open unless sensitive (small samples, isolated populations, rare disease).
    """
    for survey in surveys(subject):
        if survey.variants:
            cohort = carried_of(survey)
            sizes = Sizes(people=cohort.people, cases=cohort.cases, controls=cohort.controls, told=cohort.told).completed()
            one = Cohort(cohort=cohort, address=cohort.part_id, release=0, sizes=sizes, own=sizes.known)
            yield from _of_cohort(one, params)


def _of_cohort(one: Cohort, params: Params) -> Iterator[Finding]:
    """What one table of results gives away."""
    place = Location(part_id=one.address)
    if one.cohort.independent < _FEWEST_VARIANTS:
        yield from _traits(one.sizes, one.cohort.traits, place, params, few=True)
        return
    attacks = list(attacks_on(one, params["membership_reference"], params["membership_false_positives"], params["membership_power"][0]))
    worst = max(attacks, key=lambda attack: (attack.found, attack.distance), default=None)
    if worst is not None:
        yield from _attack(worst, one, place, params)
    elif not one.sizes.known and not any(one.cohort.group_people):
        yield from _unknown(one, place, params)
    yield from _traits(one.sizes, one.cohort.traits, place, params)


def _attack(worst: Attack, one: Cohort, place: Location, params: Params) -> Iterator[Finding]:
    severity = _severity(worst.found, params)
    if severity is None:
        return
    tolerated = params["membership_power"][0]
    whose = f" (people counted by {one.sizes.told}{', up to a factor' if one.cohort.doubtful else ''})" if one.sizes.told else ""
    if one.cohort.doubtful:
        severity = min(severity, Severity.LOW)
    message = (
        f"{worst.words}{whose}: a test of membership finds {_percent(worst.found)} of {worst.members} while {_percent(params['membership_false_positives'])} of other people are taken for "
        f"one, given a person's {_GIVEN.get(worst.rule, 'genotypes and trait')}; {_counted(worst, one)}, and about {_two(worst.safe)} would keep it to {_percent(tolerated)}"
    )
    yield _made(worst.rule, severity, place, message, one.cohort.independent)


def _counted(worst: Attack, one: Cohort) -> str:
    """How many variants, held against the number of people."""
    if worst.rule == "variant_list":
        return f"{one.cohort.variants:,} variants are listed"
    whose = "people" if worst.members == "the members" else worst.members.removeprefix("the ")
    return f"{one.cohort.independent:,} independent variants are {_times(worst.ratio)} the number of {whose}"


def _unknown(one: Cohort, place: Location, params: Params) -> Iterator[Finding]:
    """A note where so many variants are published that it matters how many people there are, and nothing says it."""
    if one.cohort.independent < _MANY_VARIANTS or not (one.cohort.frequencies or one.cohort.effects or one.cohort.unsigned):
        return
    limit = distance_at(params["membership_power"][1], params["membership_false_positives"])
    if one.cohort.frequencies or one.cohort.effects:
        least = one.cohort.independent / limit**2 if limit else math.inf
    else:
        least = from_unsigned(one.cohort.independent, 1.0) / limit if limit else math.inf
    if 1 <= least < math.inf:
        message = f"nothing says how many people stand behind {one.cohort.independent:,} independent variants: fewer than about {_two(least)} could be told by their genotypes"
        remedy = "Say the number of people (cases and controls) in a column, in the metadata or in the statement of the request."
        yield _made("unknown_size", Severity.LOW, place, message, one.cohort.independent, remedy)


def _traits(sizes: Sizes, traits: float, place: Location, params: Params, *, few: bool = False) -> Iterator[Finding]:
    """So many traits that their estimates together are worth the genotypes; of a few variants only where these can be recovered, as nobody is known by a few."""
    people = sizes.people
    amber, red = params["phenotypes_per_person"]
    if people is None or traits < 2 or traits / people <= (red if few else amber):
        return
    severe = traits / people > red
    message = (
        f"results for {traits / people:.2g} traits a person: above {red if severe else amber:g}, who knows the traits of the people behind them "
        f"{'can recover their genotypes' if severe else 'can tell who they are'} from the estimates of the same variants"
    )
    remedy = "Publish fewer traits for the same people, or summary results of the traits that matter (the leading components, the significant ones)."
    yield _made("many_traits", Severity.HIGH if severe else Severity.MEDIUM, place, message, round(traits), remedy)


def _together(cohorts: Sequence[Cohort], params: Params) -> Iterator[Finding]:
    """All files of the request and of earlier releases, where together they tell more than each does."""
    known = [one for one in cohorts if one.sizes.people or one.sizes.cases]
    if len(known) < 2:
        return
    false_positives = params["membership_false_positives"]
    tolerated = params["membership_power"][0]
    alone = [attack.found for one in known for attack in attacks_on(one, params["membership_reference"], false_positives, tolerated)]
    distance, independent = pooled(known, params["membership_reference"], false_positives)
    found = power(distance, false_positives)
    severity, before = _severity(found, params), _severity(max(alone, default=0.0), params)
    where = Location(part_id="")
    earlier = ", earlier releases among them" if any(one.release for one in known) else ""
    if severity is not None and (before is None or severity > before):
        message = (
            f"{len(known):,} files of results together{earlier}, with {independent:,} independent variants: a test of membership finds {_percent(found)} of those who are in all of them while "
            f"{_percent(false_positives)} of other people are taken for one, given a person's genotypes and traits, and if all are about the same people; "
            f"about {_two(safe_variants(independent, distance, false_positives, tolerated))} in all of them would keep it to {_percent(tolerated)}"
        )
        # that all are about the same people, whose traits are known too, is taken for granted: a checker has to say so
        yield _made("together", min(severity, Severity.MEDIUM), where, message, len(known))
    traits = traits_of(known)
    if traits > max(one.cohort.traits for one in known):
        people = float(np.median([one.sizes.people or one.sizes.cases or 0.0 for one in known]))
        yield from _traits(Sizes(people=people), traits, where, params)


def _severity(found: float, params: Params) -> Severity | None:
    """What a share of members found leads to; None up to the tolerated one."""
    levels: Iterable[tuple[float, Severity]] = zip(params["membership_power"], (Severity.LOW, Severity.MEDIUM, Severity.HIGH), strict=True)
    reached = [severity for level, severity in levels if found > level]
    return reached[-1] if reached else None


def _percent(share: float) -> str:
    return f"{100 * share:.2g} %" if share < 0.0995 else f"{min(100 * share, 99.9):.3g} %" if share < 0.9995 else "nearly 100 %"


def _times(ratio: float) -> str:
    return f"{ratio:.2g} times" if ratio < 100 else f"{_two(ratio)} times"


def _two(number: float) -> str:
    """A number with two digits that count."""
    if number < 1:
        return "none"
    scale = 10 ** max(math.floor(math.log10(number)) - 1, 0)
    return f"{round(number / scale) * scale:,}"


def _made(rule: str, severity: Severity, place: Location, message: str, count: int, remedy: str = _REMEDY) -> Finding:
    return Finding(
        check_id=_ID,
        rule=rule,
        severity=severity,
        kind=DisclosureKind.SECONDARY,
        statbarn=Statbarn.FREQUENCIES,
        location=place,
        count=max(count, 1),
        message=message,
        remedy=remedy,
    )
