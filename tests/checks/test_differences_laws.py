"""Laws of tables in one system: with the people known, no interval leaves the truth out, and what elementary algebra finds is found."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations, pairwise

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sdc_airlock.checks import RequestSubject, checks
from sdc_airlock.checks._differences.leaks import Leak, Range, leaks, system_of_groups
from sdc_airlock.model.assessment import Assessment
from sdc_airlock.model.carried import CarriedColumn, CarriedTable
from sdc_airlock.model.filetype import Family, FileType
from sdc_airlock.recognise.crossings import cross
from sdc_airlock.recognise.overlaps import Stack, stack_of
from sdc_airlock.recognise.populations import Condition, Listed, listed
from sdc_airlock.recognise.same_people import facts_of, same_people
from sdc_airlock.recognise.spans import Span
from sdc_airlock.stats.differences import behind_rounding
from sdc_airlock.stats.intervals import attacker_intervals

LOW, HIGH = 1, 9
FIRST, MIDDLE, LAST = 16, 40, 66
REGIONS = ("North", "South", "East", "West")


class People:
    """Some people of whom everything is known."""

    def __init__(self, seed: int, size: int) -> None:
        """Draw them."""
        rng = np.random.default_rng(seed)
        self.region = rng.choice([region.lower() for region in REGIONS], size, p=(0.4, 0.3, 0.2, 0.1))
        self.sex = rng.choice(("women", "men"), size)
        self.age = rng.integers(FIRST, LAST, size)

    def number(self, condition: Condition) -> int:
        """How many of them a condition holds for."""
        held = np.ones(len(self.age), np.bool_)
        for atom in condition:
            if isinstance(atom, Span):
                held &= (self.age >= atom.low) & (self.age < atom.high)
            else:
                held &= (self.region == atom) | (self.sex == atom)
        return int(held.sum())


def table(number: int, stub: Sequence[str], rows: Sequence[tuple[str, ...]], counts: Sequence[int]) -> Listed:
    """A long table of counts of which small ones are hidden behind a sign."""
    hidden = tuple(row for row, count in enumerate(counts) if LOW <= count <= HIGH)
    people = tuple(None if row in hidden else float(count) for row, count in enumerate(counts))
    column = CarriedColumn(index=len(stub), name="n", label="n", people=people, blank=hidden, hidden=hidden)
    made = CarriedTable(part_id=f"t{number}", rows=tuple(rows), places=tuple(range(2, len(rows) + 2)), stub=tuple(stub), columns=(column,))
    found = listed(made, number)
    assert found is not None
    return found


def tables_of(people: People, cuts: Sequence[Sequence[int]]) -> list[Listed]:
    """Regions by sex, and by bands of age cut in several ways, each with its total; and by all three."""
    rows = [(region, sex) for region in REGIONS for sex in ("women", "men", "Total")]
    counts = [people.number(frozenset({label.lower() for label in row if label != "Total"})) for row in rows]
    found = [table(0, ("region", "sex"), rows, counts)]
    for number, bounds in enumerate(cuts, 1):
        ends = [FIRST, *bounds, LAST]
        bands = [(f"{low}-{high - 1}", frozenset({Span("age", low, high)})) for low, high in pairwise(ends)]
        rows = [(region, label) for region in REGIONS for label, _ in [*bands, ("Total", frozenset())]]
        counts = [people.number(frozenset({region.lower()}) | band) for region in REGIONS for _, band in [*bands, ("Total", frozenset())]]
        found.append(table(number, ("region", "age"), rows, counts))
    halves = [(f"{low}-{high - 1}", Span("age", low, high)) for low, high in ((FIRST, MIDDLE), (MIDDLE, LAST))]
    rows = [(region, sex, label) for region in REGIONS for sex in ("women", "men") for label, _ in halves]
    counts = [people.number(frozenset({region.lower(), sex, half})) for region in REGIONS for sex in ("women", "men") for _, half in halves]
    return [*found, table(len(found), ("region", "sex", "age"), rows, counts)]


def together(tables: Sequence[Listed]) -> Stack:
    """All tables as one system."""
    facts = {number: facts_of(each) for number, each in enumerate(tables)}
    groups = same_people(facts, lambda _one, _other: False)
    assert len(groups) == 1
    return stack_of(tables)


CUTS = st.lists(st.lists(st.integers(FIRST + 1, LAST - 1), min_size=1, max_size=3, unique=True).map(sorted), min_size=2, max_size=3)


@settings(max_examples=12)
@given(st.integers(0, 10_000), st.sampled_from([400, 1500, 5000]), CUTS)
def test_no_interval_leaves_the_truth_out(seed: int, size: int, cuts: list[list[int]]) -> None:
    """Whatever is hidden, every group of people is as large as one of the numbers that are left open."""
    people = People(seed, size)
    stack = together(tables_of(people, cuts))
    if not stack.sums:
        return
    answer = attacker_intervals(system_of_groups(stack), np.arange(len(stack.conditions)))
    assert not answer.loosened.any()
    for condition, place in stack.places.items():
        truth = people.number(condition)
        assert answer.low[place] <= truth <= answer.high[place]


def rounded_to(count: int, base: int) -> float:
    """A count as it is published: to the nearest multiple, or to the midpoint of its six."""
    return float(-(-count // 6) * 6 - 3 * (count > 0)) if base < 0 else float(base * int(count / base + 0.5))


@settings(max_examples=8)
@given(st.integers(0, 10_000), st.sampled_from([400, 1500, 5000]), CUTS, st.sampled_from([3, 5, 10, -6]), st.sampled_from([0, 5, -6]))
def test_rounding_leaves_the_truth_possible(seed: int, size: int, cuts: list[list[int]], base: int, second: int) -> None:
    """Tables rounded to one base, beside tables rounded to another or not at all: every group is as large as one of the numbers that are left open."""
    people = People(seed, size)
    stack = stack_of([as_rounded(each, people, (base, second)[number % 2]) for number, each in enumerate(tables_of(people, cuts))])
    assert stack.rounded
    answer = attacker_intervals(system_of_groups(stack), np.arange(len(stack.conditions)))
    assert not answer.loosened.any()
    for condition, place in stack.places.items():
        assert answer.low[place] <= people.number(condition) <= answer.high[place]


def as_rounded(table: Listed, people: People, base: int) -> Listed:
    """The same table, rounded."""
    if not base:
        return table
    cells = {
        condition: cell._replace(number=None, low=low, high=high, rounded=printed, base=base)
        for condition, cell in table.cells.items()
        for printed in [rounded_to(people.number(condition), base)]
        for low, high in [behind_rounding(printed, base)]
    }
    return Listed(cells, table.families, table.axes)


@settings(max_examples=8)
@given(st.integers(0, 10_000), st.sampled_from([12, 60]))
def test_groups_of_three_properties_are_left_possible(seed: int, mean: int) -> None:
    """Three tables of two properties each never leave the true number of a group by all three out."""
    cube = np.random.default_rng(seed).poisson(mean, (4, 2, 3))
    words = REGIONS, ("women", "men"), ("never", "former", "current")
    tables = []
    for number, (one, other) in enumerate(combinations(range(3), 2)):
        counts = cube.sum(axis=3 - one - other)
        rows = [(first, second) for first in words[one] for second in words[other]]
        tables.append(table(number, ("a", "b"), rows, [int(count) for count in counts.ravel()]))
    stack = stack_of(tables)
    cross(stack)
    if not stack.inner:
        return
    answer = attacker_intervals(system_of_groups(stack), np.arange(len(stack.conditions)))
    for place in stack.inner:
        at = tuple(next(row for row, word in enumerate(each) if word.lower() in stack.conditions[place]) for each in words)
        assert answer.low[place] <= cube[at] <= answer.high[place]


@pytest.mark.parametrize("base", [5, -6])
def test_tables_rounded_alike_are_let_alone(base: int) -> None:
    """Tables of the same people, all rounded as a secure environment asks, leave no group known to be a few, but in rare cases."""
    leaking = 0
    for seed in range(20):
        people = People(seed, 1500)
        stack = stack_of([as_rounded(each, people, base) for each in tables_of(people, [[25, 40, 55], [30, 45]])])
        leaking += bool(list(leaks(stack, Range(LOW, HIGH, 0.5), 4.0)))
    assert leaking <= 1


def determined(published: Sequence[tuple[int, int]], wanted: tuple[int, int]) -> bool:
    """True where a band is a combination of published ones."""

    def vectors(bands: Sequence[tuple[int, int]]) -> npt.NDArray[np.float64]:
        return np.array([[float(low <= age < high) for age in range(FIRST, LAST)] for low, high in bands])

    return bool(np.linalg.matrix_rank(vectors(published)) == np.linalg.matrix_rank(vectors([*published, wanted])))


@settings(max_examples=12)
@given(st.integers(0, 10_000), st.sampled_from([1500, 5000]), CUTS)
@example(56, 1500, [[17, 18], [17, 18]])  # two leaks of groups that no table tells of, in two regions
def test_what_elementary_algebra_finds_is_found(seed: int, size: int, cuts: list[list[int]]) -> None:
    """Where published bands add up to, or leave, a band of one to nine people, a group of that region is named; and nobody else is."""
    people = People(seed, size)
    stack = together(tables_of(people, cuts))
    found = [(leak.rule, region_of(stack, leak)) for leak in leaks(stack, Range(LOW, HIGH, 0.5), 4.0)]
    for region in REGIONS:
        ends = [[FIRST, *bounds, LAST] for bounds in cuts]
        halves = [(FIRST, MIDDLE), (MIDDLE, LAST)]
        bands = {band for each in ends for band in pairwise(each)} | {(FIRST, LAST)}

        def number(band: tuple[int, int], region: str = region) -> int:
            return people.number(frozenset({region.lower(), Span("age", *band)}))

        printed = [band for band in bands if not LOW <= number(band) <= HIGH]
        for half in halves:
            by_sex = [people.number(frozenset({region.lower(), sex, Span("age", *half)})) for sex in ("women", "men")]
            printed.extend([half] if not any(LOW <= count <= HIGH for count in by_sex) else [])
        all_ends = sorted({end for each in [*ends, *halves] for end in each})
        small = [band for band in combinations(all_ends, 2) if band not in bands and LOW <= number(band) <= HIGH]
        given_away = [band for band in small if determined(printed, band)]
        if given_away:
            assert region.lower() in {each for _, each in found}
        elif not small:
            assert ("implied", region.lower()) not in found


def region_of(stack: Stack, leak: Leak) -> str:
    """The region that a leak is about."""
    places = (leak.group, *leak.givers) if leak.group >= 0 else leak.givers  # a group that no table tells of has no place
    return next(atom for place in places for atom in stack.conditions[place] if isinstance(atom, str))


WORDS = st.sampled_from(
    "North|South|Total|All||women|F|M|yes|no|16-24|16-34|25+|under 16|[16,25)|2020|2019-2020|2020 Q1|2020-02|E11|E00-E90|E11.3|1|12|n|N|count|Men (N=12)|18+|60-1"
    "|2020-02-31|\u202e18+|<5".split("|")
)
NUMBERS = st.one_of(st.none(), st.integers(0, 12).map(float), st.integers(13, 400).map(float))


@st.composite
def any_table(draw: st.DrawFn) -> CarriedTable:
    """A table of any labels and numbers, sense or not."""
    height, width, stub = draw(st.integers(1, 6)), draw(st.integers(1, 3)), draw(st.integers(0, 3))
    columns = []
    for place in range(width):
        people = tuple(draw(st.lists(NUMBERS, min_size=height, max_size=height)))
        blank = tuple(row for row, number in enumerate(people) if number is None)
        hidden = blank[: draw(st.integers(0, len(blank)))]
        name = draw(WORDS)
        columns.append(CarriedColumn(index=stub + place, name=name, label=name, people=people, blank=blank, hidden=hidden))
    rows = tuple(tuple(draw(WORDS) for _ in range(stub)) for _ in range(height))
    return CarriedTable(
        part_id="t", rows=rows, places=tuple(range(height)), stub=tuple(draw(WORDS) for _ in range(stub)), columns=tuple(columns)
    )


@settings(max_examples=60)
@given(st.lists(any_table(), min_size=1, max_size=5), st.booleans())
def test_whatever_stands_in_tables_is_gone_through(tables: list[CarriedTable], earlier: bool) -> None:  # noqa: FBT001 - drawn
    """No table of whatever labels and numbers breaks the check off."""
    made = [
        Assessment(
            path=f"f{number % 2}/t{number}.csv",
            claimed_name="t.csv",
            file_id=str(number),
            size_bytes=1,
            file_type=FileType(label="csv", family=Family.DELIMITED),
            published=(each,),
        )
        for number, each in enumerate(tables)
    ]
    check = checks()["differencing"].on_request
    assert check is not None
    request = RequestSubject(assessments=tuple(made[:2]) if earlier else tuple(made), earlier=tuple(made[2:]) if earlier else ())
    for finding in check(request, {"suppressed_counts": (LOW, HIGH), "hidden_range_share": 0.5}):
        assert finding.location.part_id or finding.rule == "not_compared"
