"""What somebody with a person's genotypes can tell from tables of results, one by one and together."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from sdc_airlock.checks._cohorts.columns import CASES, CONTROLS
from sdc_airlock.checks._cohorts.request import Cohort, occupied
from sdc_airlock.checks._cohorts.sizes import Sizes
from sdc_airlock.stats.membership import (
    carried_of,
    case_deviation,
    distance_at,
    from_effects,
    from_frequencies,
    from_unsigned,
    list_power,
    listed_for,
    longest_safe_list,
    power,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attack:
    """One way to ask who is among the people behind a table.

    Attributes:
        rule: "frequencies", "effects", "p_values" or "variant_list".
        words: What is published; members: who is found.
        found: Share of members found at the rate of false positives.
        distance: The same in standard deviations.
        people: People behind it, the smaller group where there are two.
        ratio: Independent variants a person.
        safe: Most independent variants by which no more members are found than is tolerated; of a list, most variants.
    """

    rule: str
    words: str
    members: str
    found: float
    distance: float
    people: float
    ratio: float
    safe: float


def attacks_on(one: Cohort, reference: int, false_positives: float, tolerated: float) -> Iterator[Attack]:
    """Every attack on one table that its columns allow.

    Args:
        one: The table, with the number of people behind it.
        reference: People in the sample from which the frequencies of the population are known; 0 where they are known exactly.
        false_positives: Share of others taken for members.
        tolerated: Share of members that may be found.
    """
    cohort, variants = one.cohort, float(one.cohort.independent)
    told = dict(zip(cohort.frequencies, cohort.group_people, strict=False))
    for group in cohort.frequencies:
        people = told.get(group) or _people(one.sizes, group)
        if people is not None and people > 0:
            distance = from_frequencies(variants, people, reference=reference or math.inf, rounding=cohort.rounding)
            yield Attack(
                rule="frequencies",
                words="allele frequencies",
                members=_MEMBERS.get(group, "the members of a group"),
                found=power(distance, false_positives),
                distance=distance,
                people=people,
                ratio=variants / people,
                safe=safe_variants(variants, distance, false_positives, tolerated),
            )
    people, deviation, members = _smaller(one.sizes)
    if people and (cohort.effects or cohort.unsigned):
        if cohort.effects:
            distance = from_effects(variants, people, deviation=deviation, rounding=cohort.effect_rounding)
        else:
            distance = from_unsigned(variants, people, deviation=deviation)
        small = people / (1 + deviation**2) if deviation > 1 else people
        yield Attack(
            rule="effects" if cohort.effects else "p_values",
            words="estimates by variant" if cohort.effects else "p-values by variant without the sign of the effect",
            members=members,
            found=power(distance, false_positives),
            distance=distance,
            people=small,
            ratio=variants / small,
            safe=safe_variants(variants, distance, false_positives, tolerated),
        )
    if cohort.plain and one.sizes.people and not cohort.doubtful:
        looked_up = carried_of(float(cohort.variants), one.sizes.people)
        found = list_power(looked_up, one.sizes.people, false_positives)
        yield Attack(
            rule="variant_list",
            words="a list of the variants seen",
            members="the members",
            found=found,
            distance=0.0,
            people=one.sizes.people,
            ratio=variants / one.sizes.people,
            safe=listed_for(longest_safe_list(one.sizes.people, false_positives, tolerated), one.sizes.people),
        )


def safe_variants(variants: float, distance: float, false_positives: float, tolerated: float) -> float:
    """As many of these variants as keep the share of members found to what is tolerated: the square of the distance grows with their number."""
    return variants * (distance_at(tolerated, false_positives) / distance) ** 2 if distance > 0 else math.inf


# people of two tables are taken for as many where their numbers differ by a few in a hundred
_ALIKE = 20
_MEMBERS = {"": "the members", CASES: "the cases", CONTROLS: "the controls"}


def _people(sizes: Sizes, group: str) -> float | None:
    if group in (CASES, CONTROLS):
        return sizes.cases if group == CASES else sizes.controls
    if group:
        return None
    return sizes.people if sizes.people is not None else sizes.cases


def _smaller(sizes: Sizes) -> tuple[float | None, float, str]:
    """People behind estimates, |y| of those who are best told by them, and who they are."""
    if sizes.cases and sizes.controls:
        members = "the cases" if sizes.cases <= sizes.controls else "the controls"
        return sizes.cases + sizes.controls, case_deviation(sizes.cases, sizes.controls), members
    return sizes.people if sizes.people is not None else sizes.cases, 1.0, "the members"


def pooled(cohorts: Sequence[Cohort], reference: int, false_positives: float) -> tuple[float, int]:
    """Distance from all tables together, for somebody who is in all of them, and their independent variants.

    Estimates are those of another trait, or of other variants, in each table, and add up. Frequencies of the same variants from as many people are the same
    frequencies, published again: they count once, for all stretches that any of the tables has.
    """
    squares = 0.0
    same: dict[tuple[str, int], list[tuple[Cohort, Attack]]] = {}
    for one in cohorts:
        for attack in attacks_on(one, reference, false_positives, 1.0):
            if attack.rule in ("effects", "p_values"):
                squares += attack.distance**2
            elif attack.rule == "frequencies":
                same.setdefault((attack.members, round(_ALIKE * math.log(attack.people))), []).append((one, attack))
    for together in same.values():
        union = len_of_union([one for one, _ in together])
        squares = max(squares, *(attack.distance**2 * union / max(one.cohort.independent, 1) for one, attack in together))
    return math.sqrt(squares), len_of_union(cohorts)


def len_of_union(cohorts: Iterable[Cohort]) -> int:
    """Stretches of the genome that hold a variant of any of some tables; the most of one table where no positions are given."""
    flags = np.zeros(0, np.bool_)
    fewest = 0
    for one in cohorts:
        its = occupied(one.cohort)
        if not len(its):
            fewest = max(fewest, one.cohort.independent)
        else:
            flags = its if not len(flags) else flags[: len(its)] | its[: len(flags)]
    return max(int(flags.sum()), fewest)


def traits_of(cohorts: Sequence[Cohort]) -> float:
    """Traits for which estimates of the same variants are published: those of each table, weighted by the share of all stretches that it holds."""
    union = len_of_union(cohorts)
    if not union:
        return 0.0
    return sum(one.cohort.traits * min(one.cohort.independent / union, 1.0) for one in cohorts if one.cohort.effects)


__all__ = ["Attack", "attacks_on", "len_of_union", "pooled", "safe_variants", "traits_of"]
