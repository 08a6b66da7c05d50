"""Sample identifiers: ids of participants, samples and families, as the holders of the data write them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from sdc_airlock.checks import Params, Subject, check
from sdc_airlock.checks._identifiers.cells import header_of
from sdc_airlock.checks._identifiers.places import BY_SITE, Cellular, Passage, Where, columns, looked_at, passages, tables
from sdc_airlock.checks._identifiers.samples import (
    LABEL_TRIGGER,
    LIST_TRIGGER,
    PERSON_HEADER,
    SAMPLE_HEADER,
    Pattern,
    labelled,
    listed,
    patterns_of,
    word,
)
from sdc_airlock.checks._identifiers.shown import KEPT, Shown, shown_by
from sdc_airlock.checks._identifiers.windows import windows
from sdc_airlock.model.finding import Finding, Location, Redacted, Severity
from sdc_airlock.model.recognised import Kind, Recognised, Role

_REMEDY = "Take the ids out; where rows have to be told apart, number them anew in an order that says nothing, and keep the key inside."
_REMEDY_NAME = "Give the file or member a name without the id."
_WHY = "the holder, and whoever else has the list, can tell whose data these are, and outputs can be joined by them"
# so many different ids are a list, and lists do not leave
_A_LIST = 10
_HEADERS = 5
_SOME = 3
_MOST = 0.8


@check(
    id="sample_identifiers", version=1, rules=("participant_patterns", "public_samples", "individual_certain"), severity=Severity.CRITICAL
)
def sample_identifiers(subject: Subject, params: Params) -> Iterator[Finding]:
    """Ids of participants, samples or families: a column or list of them, in headers, names, code or prose.

    ## What it flags
    What follows a pattern of the profile: ids that are written in a peculiar way (`LP1234567-DNA_A01`) wherever they stand, in cells, headers, names of samples in variant files,
    code, logs, comments, names of files and members; ids that are digits alone (seven digits, nine digits) in columns and lists of ids, and beside a word for a person. Columns whose
    header says that they hold ids of participants or patients are flagged whatever the ids look like, even where a file holds nothing else. Cell lines, reference samples and
    public accessions (NA12878, HG002, K562, TCGA barcodes, SRA, BioSample) are named as such and hold nothing.

    ## Why it discloses
    An id is the thread by which an output can be tied to the data inside and to other outputs. Holders do not let ids out, pseudonymised or not.

    ## Example flagged
    ```
    platekey
    LP1234567-DNA_A01
    ```

    ## Example passed
    ```
    sample
    NA12878
    HG002
    ```

    ## Blind spots
    Ids of holders whose patterns no profile states, where no header says what they are. Digits alone in prose with no word for a person beside them. A column of positions of seven
    digits under a header that speaks of participants is flagged all the same.

    ## Sources
    - Genomics England, Research Environment documentation: platekeys and delivery ids.
    - UK Biobank, Research Analysis Platform documentation: participant ids of seven digits.
    - Genes & Health, TRE documentation: Oragene numbers, pseudoNHS.
    - Patterns and their sources stand in the profiles, each with whether it could be verified.
    """
    patterns = patterns_of(params)
    public: dict[str, int] = defaultdict(int)
    first = ""
    told: set[str] = set()
    for part in tables(subject):
        for finding in _in_table(part, patterns, public, params["individual_certain"]):
            told.add(finding.location.part_id.partition("#table")[0])
            yield finding
        first = first or (part.part_id if public else "")
    for passage in passages(subject):
        if passage.where is Where.CELLS and passage.part_ids[0] in told:
            continue
        yield from _in_passage(passage, patterns, public)
        first = first or (passage.part_ids[0] if public else "")
    if public:
        yield _public(public, first)


def _in_table(part: Recognised, patterns: tuple[Pattern, ...], public: dict[str, int], certain: float) -> Iterator[Finding]:
    if part.table is None:
        return
    places = list(columns(part))
    seen = [Shown(by_header=part.table.named and bool(PERSON_HEADER.search(header_of(each.column.name)))) for each in places]
    told = [_that_count(cellular, patterns) for cellular in places]

    def of_batch(first: int, arrays: Sequence[Any]) -> list[Shown]:
        return [shown_by(array, first, one, counted) for one, array, counted in zip(seen, arrays, told, strict=False)]

    for batch in looked_at(part, certain, of_batch):
        for one, shown in zip(seen, batch, strict=False):
            one.add(shown)
    for cellular, one in zip(places, seen, strict=True):
        yield from _judge(cellular, one, patterns, public)
    yield from _headers(part, patterns)


def _that_count(cellular: Cellular, patterns: tuple[Pattern, ...]) -> tuple[Pattern, ...]:
    """The patterns that may count in a column: digits alone only where ids may stand."""
    header = header_of(cellular.column.name) if cellular.table.named else ""
    return patterns if _may_be_ids(cellular, header) else tuple(pattern for pattern in patterns if pattern.alone)


def _judge(cellular: Cellular, one: Shown, patterns: tuple[Pattern, ...], public: dict[str, int]) -> Iterator[Finding]:
    """What a column holds: ids by their pattern, or by what its header says."""
    header = header_of(cellular.column.name) if cellular.table.named else ""
    person = bool(PERSON_HEADER.search(header)) and cellular.role is not Role.COUNT
    for pattern in patterns:
        count = one.met.get(pattern.name, 0)
        if not count:
            continue
        if pattern.public:
            public[pattern.name] += len(one.different[pattern.name])
            continue
        different = len(one.different[pattern.name])
        if not pattern.alone and not (count >= _MOST * one.filled and different >= _SOME and _ids_stand_here(cellular, header, one)):
            continue
        severity = Severity.CRITICAL if different >= _A_LIST else Severity.HIGH
        yield _finding(
            severity,
            cellular.location(one.rows[pattern.name]),
            count,
            f"{_ids(count)} in the form of {pattern.name} in the column {cellular.label!a}",
            rule=pattern.name.replace(" ", "_").replace("-", "_"),
            different=different,
        )
        return
    named_public = sum(one.met.get(pattern.name, 0) for pattern in patterns if pattern.public)
    distinct = len(one.all)
    if person and distinct >= _SOME and one.digits >= _MOST * one.filled and named_public < 0.5 * one.filled and not _few_levels(one):
        yield _finding(
            Severity.HIGH,
            cellular.location(range(min(_SOME, cellular.table.sample_rows))),
            one.filled,
            f"{_ids(one.filled)} in the column {cellular.label!a}, by its header ids of people",
            rule="header",
            different=distinct,
        )


def _few_levels(one: Shown) -> bool:
    """True where a handful of values stand again and again, as counts of people have under such a header."""
    return len(one.all) < KEPT and len(one.all) < 0.02 * one.filled


def _may_be_ids(cellular: Cellular, header: str) -> bool:
    if PERSON_HEADER.search(header) or SAMPLE_HEADER.search(header):
        return True
    return cellular.part.kind not in BY_SITE and cellular.role is Role.IDENTIFIER


def _ids_stand_here(cellular: Cellular, header: str, one: Shown) -> bool:
    """Whether digits alone may be ids here: the header says so, or they never repeat in a table that is a list or is of people."""
    if not _may_be_ids(cellular, header):
        return False
    if PERSON_HEADER.search(header) or SAMPLE_HEADER.search(header):
        return True
    unique = len(one.all) >= 0.9 * one.filled or len(one.all) >= KEPT
    alone = len(cellular.table.columns) == 1
    return unique and (alone or cellular.part.kind is Kind.INDIVIDUAL_ROWS)


def _headers(part: Recognised, patterns: tuple[Pattern, ...]) -> Iterator[Finding]:
    """Tables with one column a person."""
    table = part.table
    if table is None or not table.named:
        return
    names = [column.name for column in table.columns]
    for pattern in patterns:
        if pattern.public or (part.kind in BY_SITE and not pattern.alone):
            continue
        ids = [place for place, name in enumerate(names) if word(pattern.pattern).fullmatch(name.strip())]
        if len(ids) >= (1 if pattern.alone else _HEADERS):
            severity = Severity.CRITICAL if len(ids) >= _A_LIST else Severity.HIGH
            place = Location(part_id=part.part_id, columns=tuple(f"column {each + 1}" for each in ids[:_A_LIST]))
            yield _finding(
                severity,
                place,
                len(ids),
                f"{_ids(len(ids))} in the form of {pattern.name} as column headers",
                rule="column_headers",
                different=len(ids),
            )
            return


def _in_passage(passage: Passage, patterns: tuple[Pattern, ...], public: dict[str, int]) -> Iterator[Finding]:
    """Ids in running text: peculiar ones anywhere, digits alone beside a word for a person or in a list of them."""
    named = {pattern.name: pattern for pattern in patterns}
    triggers = {name: pattern.trigger for name, pattern in named.items() if pattern.alone}
    spans = windows(passage.text, {**triggers, " label": LABEL_TRIGGER, " list": LIST_TRIGGER})
    for name, pattern in named.items():
        places, different = [], set()
        for low, high in spans.get(name, []):
            for match in word(pattern.pattern).finditer(passage.text, low, high):
                places.append(match.start())
                different.add(match[0])
        if not places:
            continue
        if pattern.public:
            public[name] += len(different)
        else:
            severity = Severity.CRITICAL if len(different) >= _A_LIST else Severity.HIGH
            message = f"{_ids(len(different))} in the form of {name} in the {passage.where.value}"
            yield _finding(
                severity,
                passage.location(places),
                len(places),
                message,
                rule=name.replace(" ", "_").replace("-", "_"),
                different=len(different),
                named=passage.where is Where.NAME,
            )
    plain = tuple(pattern.pattern for pattern in patterns if not pattern.alone)
    if plain:
        yield from _told(passage, plain, spans)


def _told(passage: Passage, plain: tuple[str, ...], spans: dict[str, list[tuple[int, int]]]) -> Iterator[Finding]:
    beside = [match.start("id") for low, high in spans.get(" label", []) for match in labelled(plain).finditer(passage.text, low, high)]
    if beside:
        message = f"{_ids(len(beside))} of digits beside a word for a person in the {passage.where.value}"
        yield _finding(Severity.HIGH, passage.location(beside), len(beside), message, rule="beside_a_word", different=len(beside))
    lists = [match.start() for low, high in spans.get(" list", []) for match in listed(plain).finditer(passage.text, low, high)]
    if lists:
        message = (
            f"{'a list' if len(lists) == 1 else f'{len(lists):,} lists'} of ids of digits, named after people, in the {passage.where.value}"
        )
        yield _finding(Severity.HIGH, passage.location(lists), len(lists), message, rule="list", different=len(lists))


def _ids(count: int) -> str:
    return "an id" if count == 1 else f"{count:,} ids"


def _finding(severity: Severity, location: Location, count: int, what: str, *, rule: str, different: int, named: bool = False) -> Finding:
    return Finding(
        check_id="sample_identifiers",
        rule=rule,
        severity=severity,
        location=location,
        count=max(count, 1),
        message=f"{what}: {_WHY}",
        remedy=_REMEDY_NAME if named else _REMEDY,
        evidence=(Redacted(shape="an id of the pattern", count=max(different, 1)),),
    )


def _public(public: dict[str, int], part_id: str) -> Finding:
    kinds = ", ".join(f"{name} ({count:,})" for name, count in sorted(public.items()))
    total = sum(public.values())
    return Finding(
        check_id="sample_identifiers",
        rule="public",
        severity=Severity.LOW,
        location=Location(part_id=part_id),
        count=max(total, 1),
        message=f"names of public samples and accessions: {kinds}; they name nobody who is protected here",
        remedy="Nothing.",
        evidence=(Redacted(shape="a public name", count=max(total, 1)),),
    )
