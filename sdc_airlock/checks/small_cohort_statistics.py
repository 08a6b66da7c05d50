"""Small cohorts: results by variant, gene or trait behind which so few people stand that one of them can be told."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from sdc_airlock.checks import Params, RequestSubject, Subject, check
from sdc_airlock.checks._cohorts.columns import CASES, CONTROLS, Measure
from sdc_airlock.checks._cohorts.metadata import disagreements
from sdc_airlock.checks._cohorts.odds import rows_with_small_tables
from sdc_airlock.checks._cohorts.places import frequency_of_bins
from sdc_airlock.checks._cohorts.request import cohorts_of
from sdc_airlock.checks._cohorts.results import Survey, Tally, concerns, surveys
from sdc_airlock.model.finding import DisclosureKind, Finding, Location, Redacted, Severity, Statbarn

_ID = "small_cohort_statistics"
_PLACES = 50
_FILTER = "Leave out every variant with so few copies of its rarer allele (a filter on the minor allele count), with all that is said of it: frequency, estimate, error and odds ratio each give the count away."
_REMEDY_OF_GROUPS = "Leave the results of groups this small out, or merge the group with another one and analyse again."
_RULES = {
    "copies": ("allele_counts", "count", "of an allele from"),
    "genotypes": ("genotype_counts", "count", "of people with a genotype from"),
    "carriers": ("carriers", "count", "of carriers from"),
    "frequency": ("implied_by_frequency", "frequency", "that, with the number of people, means an allele counted"),
    "error": ("implied_by_error", "standard error", "that, with the number of people, means an allele counted about"),
}
_OF = {"": "", CASES: " among the cases", CONTROLS: " among the controls"}


def _request(request: RequestSubject, params: Params) -> Iterator[Finding]:
    """Frequencies whose number of people stands in another file of the request, or in its statement."""
    low, high = params["suppressed_counts"]
    for address, what in itertools.groupby(disagreements(request), key=lambda each: each.address):
        found = list(dict.fromkeys(each.what for each in what))
        message = f"metadata and the results they are about do not agree on {', '.join(found)}: they speak of other results, or one of them is wrong"
        yield _made(
            "metadata_disagree",
            Severity.MEDIUM,
            Location(part_id=address),
            len(found),
            message,
            "Write the metadata anew for the file as it is handed in.",
        )
    for one in cohorts_of(request):
        if one.release == 0 and one.belied:
            message = "metadata name this file, and their checksum is that of other bytes: the number of people they give is that of other results"
            remedy = "Write the metadata anew for the file as it is handed in."
            yield _made(
                "metadata_of_others", Severity.LOW if one.own else Severity.MEDIUM, Location(part_id=one.address), 1, message, remedy
            )
        if one.release or one.own:
            continue
        sizes = (one.sizes.people, one.sizes.cases, one.sizes.controls)
        if any(number is not None and low <= round(number) <= high for number in sizes):
            message = f"results of groups of {low} to {high} people, by {one.sizes.told}: all of them describe those few"
            yield _made("group_size", Severity.HIGH, Location(part_id=one.address), 1, message, _REMEDY_OF_GROUPS)
        if params["allele_counts"] == "shown" or not one.sizes.people or not any(one.cohort.spectrum):
            continue
        copies = frequency_of_bins() * 2 * one.sizes.people
        count = sum(times for times, copy in zip(one.cohort.spectrum, copies.tolist(), strict=True) if low - 0.5 <= copy < high + 0.5)
        if count:
            bare = not one.cohort.associated and one.sizes.people >= params["sites_cohort"]
            severity = Severity.LOW if params["allele_counts"] == "noted" or bare else Severity.MEDIUM
            message = f"about {_many(count, 'frequency')} that, with the number of people in {one.sizes.told}, means an allele counted {low} to {high} times: who knows a carrier learns what is estimated for carriers"
            yield _made("implied_by_frequency", severity, Location(part_id=one.address), count, message, _FILTER, second=True)


@check(
    id="small_cohort_statistics",
    version=1,
    rules=("suppressed_counts", "allele_counts", "single_carriers", "large_cohort", "sites_cohort"),
    severity=Severity.HIGH,
    statbarn=Statbarn.FREQUENCIES,
    on_request=_request,
    applies=concerns,
)
def small_cohort_statistics(subject: Subject, params: Params) -> Iterator[Finding]:
    """Results by variant, gene or trait behind which the profile's small numbers of people stand, printed or implied.

    ## What it flags
    In results of association studies (single variants, burden tests, many traits), frequency files and lists of variants: groups of cases, controls or people
    in the suppressed range; counts of an allele or of its rarer partner, counts of genotypes (also `1/12/300`) and of carriers in that range. The same counts
    where they are not printed: worked out from a frequency and the number of people, of the cases too (`AF_cases`, `F_A`, `FRQ_A_312`); from standard
    errors, printed or worked out of an interval, a score or a p-value, where frequencies were left out or rounded away; from an odds ratio and its interval. The number of people is taken from columns, headers, comments, metadata
    (GWAS-SSF), file names, other files of the request and its statement, and, where nobody says it, from the digits of the frequencies: those of 40 people are all
    multiples of 1/80. Metadata whose checksum is that of another file are not believed, and are told, as are metadata that do not agree with the results they are about (name of
    the file, genome assembly, coordinate system, order of the places, number of people, lowest frequency, mandatory columns), and
    counts and frequencies that have nothing to do with each other. A single carrier, and rare alleles listed by trait, weigh more. Every row of a large table is looked at.

    ## Why it discloses
    A rare allele is as good as a name to whoever knows one carrier: a relative, a laboratory, a genealogy service. With an estimate beside it, the result of a
    variant that one person carries is that person's trait. A frequency, an error and an interval say the count as clearly as the count does.

    ## Example flagged
    ```
    CHROM GENPOS ID ALLELE0 ALLELE1 A1FREQ N BETA SE LOG10P
    2 21006288 rs5742904 C T 0.0005 4000 1.94 0.52 3.7
    ```

    ## Example passed
    ```
    CHROM GENPOS ID ALLELE0 ALLELE1 A1FREQ N BETA SE LOG10P
    2 21006288 rs693 G A 0.4805 4000 0.02 0.02 0.4
    ```

    ## Blind spots
    Where nothing says how many people there are, and their number does not show in the digits, frequencies are passed with a note. Counts on the sex chromosomes
    are taken for those of two copies a person. From standard errors a count is known to about a fifth, and only where the variant explains little; where neither
    cases nor the spread of a trait are told, the errors of common variants are the yardstick. Counts beyond 200 are not told apart. Numbers in figures are not read.

    ## Sources
    - FinnGen handbook, minimum N: both groups of a study at least 5, counts by variant may stay; Genes & Health data-out policy v2.5: one carrier goes to the Executive.
    - Cai et al., Deterministic identification of specific individuals from GWAS results, Bioinformatics 2015 (10.1093/bioinformatics/btv018).
    - Scoping review of privacy risks of genomic aggregates, PMC11165293: sample size and allele frequency head its list of risks.
    """
    for survey in surveys(subject):
        yield from _of_survey(survey, params)


def _of_survey(survey: Survey, params: Params) -> Iterator[Finding]:
    low, high = params["suppressed_counts"]
    yield from _groups(survey, low, high)
    if params["allele_counts"] != "shown":
        for tally in survey.tallies:
            if tally.rule in _RULES and (found := tally.between(low, high))[0]:
                yield _rare(survey, tally, found, params)
        yield from _odds(survey, params)
    if params["single_carriers"] == "executive":
        yield from _single(survey)
    yield from _unknown(survey)
    if survey.contradicted:
        message = "counts of alleles, their number and frequencies have nothing to do with each other: one of them is something else, and how few carry an allele is not known"
        remedy = "Hand in the columns as the program wrote them, and call other numbers what they are."
        yield _made("counts_disagree", Severity.MEDIUM, Location(part_id=survey.part.part_id), survey.rows, message, remedy)


def _groups(survey: Survey, low: int, high: int) -> Iterator[Finding]:
    """Groups that are themselves too small."""
    for tally in survey.tallies:
        count, rows = tally.between(low, high)
        if tally.rule == "size" and count:
            message = f"{_many(count, 'result')} of groups of {low} to {high} people: each describes those few"
            yield _made("group_size", Severity.HIGH, _location(survey, tally, rows), count, message, _REMEDY_OF_GROUPS)
    if not survey.has(Measure.PEOPLE):
        for group, number in (("people", survey.sizes.people), ("cases", survey.sizes.cases), ("controls", survey.sizes.controls)):
            if number is not None and low <= round(number) <= high and not survey.doubtful:
                message = f"results of {low} to {high} {group}, by {survey.sizes.told}: all of them describe those few"
                yield _made("group_size", Severity.HIGH, Location(part_id=survey.part.part_id), survey.rows, message, _REMEDY_OF_GROUPS)


def _rare(survey: Survey, tally: Tally, found: tuple[int, tuple[int, ...]], params: Params) -> Finding:
    """Counts in the range, in one column."""
    low, high = params["suppressed_counts"]
    rule, noun, what = _RULES[tally.rule]
    of = _OF.get(tally.group, " in one group")
    by_trait = survey.has(Measure.TRAIT) and survey.traits > 1
    severity = _severity(survey, tally, params)
    if by_trait and severity is Severity.MEDIUM and tally.rule == "carriers":
        severity = Severity.HIGH
    times = " times" if tally.rule in ("frequency", "error") else ""
    counted = f"{_many(found[0], noun)} {what} {low} to {high}{times}"
    told = f" ({survey.sizes.told} give the number)" if tally.rule in ("frequency", "error") and survey.sizes.told else ""
    learns = "learns what is estimated for carriers" if survey.associated or by_trait else "knows that the carrier is in the study"
    large = "; the cohort is large, so this is a note" if severity is Severity.LOW and params["allele_counts"] != "noted" else ""
    message = f"{counted}{of}{told}, of {survey.rows:,} rows: who knows a carrier {learns}{large}"
    second = tally.rule in ("frequency", "error")
    return _made(rule, severity, _location(survey, tally, found[1]), found[0], message, _FILTER, second=second)


def _many(count: int, noun: str) -> str:
    """A number with its noun."""
    several = noun.removesuffix("y") + "ies" if noun.endswith("y") else f"{noun}s"
    return f"{count:,} {noun if count == 1 else several}"


def _severity(survey: Survey, tally: Tally, params: Params) -> Severity:
    """Held, but for a large cohort where only sites are listed, or where the count is known with some doubt."""
    if params["allele_counts"] == "noted":
        return Severity.LOW
    size = _size_of(survey, tally.group) or 0.0
    rough = tally.rule == "error" and size >= params["large_cohort"]
    # to be counted among the cases is to have the disease
    sites = survey.variants and not survey.associated and tally.group not in (CASES, CONTROLS)
    bare = sites and size >= params["sites_cohort"]
    return Severity.LOW if rough or bare else Severity.MEDIUM


def _size_of(survey: Survey, group: str) -> float | None:
    sizes = survey.sizes
    told = {"": sizes.people, CASES: sizes.cases, CONTROLS: sizes.controls}
    return told.get(group) or survey.group_people.get(group)


def _odds(survey: Survey, params: Params) -> Iterator[Finding]:
    """Odds ratios whose interval leaves only tables with a small count."""
    low, high = params["suppressed_counts"]
    rows = rows_with_small_tables(survey, high)
    if rows:
        severity = Severity.LOW if params["allele_counts"] == "noted" else Severity.MEDIUM
        message = f"{_many(len(rows), 'odds ratio')} whose interval, with the numbers of cases and controls, leaves only tables with a count from {low} to {high} in them: who carries the allele can be worked out"
        labels = tuple(one.label for one in survey.columns if one.measure in (Measure.ODDS, Measure.LOW, Measure.HIGH))
        table = survey.part.table
        numbers = tuple(table.row_number(row) for row in rows[:_PLACES]) if table is not None else ()
        location = Location(part_id=survey.part.part_id, rows=numbers, columns=labels)
        remedy = (
            "Print the ratio and its interval with fewer decimals, or leave out variants with so few copies of an allele in either group."
        )
        yield _made("implied_by_odds", severity, location, len(rows), message, remedy, second=True)


def _single(survey: Survey) -> Iterator[Finding]:
    """Variants that one person carries, where the profile asks for an executive's word."""
    for tally in survey.tallies:
        if tally.rule in ("copies", "carriers", "frequency") and tally.group == "":
            count, rows = tally.between(1, 1)
            if count:
                message = f"{_many(count, 'variant')} with a single carrier: the profile asks for the word of an executive first"
                remedy = "Leave variants with one carrier out, or ask for the executive's review and say why they are needed."
                yield _made("single_carrier", Severity.HIGH, _location(survey, tally, rows), count, message, remedy)


def _unknown(survey: Survey) -> Iterator[Finding]:
    """A note where nothing says how many people there are."""
    if survey.sizes.known or survey.group_people or not survey.variants or not (survey.frequencies or survey.has(Measure.ERROR)):
        return
    if survey.has(Measure.COPIES, Measure.GENOTYPES, Measure.TRIPLE):
        return
    message = "nothing says how many people stand behind these results, so whether rare alleles among them are those of a few people was not worked out"
    remedy = "Say the number of people (cases and controls) in a column, in the metadata or in the statement of the request."
    yield _made("unknown_size", Severity.LOW, Location(part_id=survey.part.part_id), survey.rows, message, remedy)


def _location(survey: Survey, tally: Tally, rows: tuple[int, ...]) -> Location:
    part = survey.part
    table = part.table
    numbers = tuple(table.row_number(row) for row in rows[:_PLACES]) if table is not None else ()
    return Location(
        part_id=part.part_id,
        rows=numbers,
        columns=(tally.label,),
        shape=(part.rows or survey.rows, part.n_columns or 0),
        cells=tuple((row, tally.place) for row in rows),
    )


def _made(rule: str, severity: Severity, location: Location, count: int, message: str, remedy: str, *, second: bool = False) -> Finding:
    return Finding(
        check_id=_ID,
        rule=rule,
        severity=severity,
        kind=DisclosureKind.SECONDARY if second else DisclosureKind.PRIMARY,
        statbarn=Statbarn.CALCULATED_RATIOS if rule == "implied_by_odds" else Statbarn.FREQUENCIES,
        location=location,
        count=count,
        message=message,
        remedy=remedy,
        evidence=(Redacted(shape="small count", count=count),) if rule != "unknown_size" else (),
    )
