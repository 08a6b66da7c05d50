"""Extreme values: a smallest or largest value, or a percentile with too few people beyond it, is the value of somebody."""

from __future__ import annotations

import math
from collections.abc import Iterator

from sdc_airlock.checks import Params, Subject, check
from sdc_airlock.checks._order_statistics import Order, ends_by_group, order_statistics, outlier_columns
from sdc_airlock.checks._prose_ranges import ranges_in_text
from sdc_airlock.checks._small_samples import few_samples
from sdc_airlock.checks._survival_steps import one_step_a_person
from sdc_airlock.model.content import Table, TextPart, TextRole
from sdc_airlock.model.finding import Finding, Location, Redacted, Severity, Statbarn
from sdc_airlock.model.recognised import ColumnView, Recognised

_PROSE = frozenset({TextRole.PROSE, TextRole.MARKUP})
_PLACES = 50
_CELLS = 300
_QUARTERS = (0.25, 0.5, 0.75)
_REMEDY = "Leave minimum and maximum out, or give percentiles that enough people lie beyond (such as the 5th and 95th of a large group)."
_STATBARNS = {"percentile": Statbarn.POSITION, "few_samples": Statbarn.LINEAR_AGGREGATIONS, "one_step_a_person": Statbarn.SHAPE}
_WORDS = {
    "few": ("order statistics of so few people that fewer than the threshold lie on either side of their median: such a value is that of one person", "Leave the statistic out, or describe a larger group."),
    "endpoint": ("smallest or largest values (or ranges), each the value of one person, who may be known for it", _REMEDY),
    "percentile": ("percentiles with fewer people beyond them than the threshold: so near the end a percentile is the value of one of a few", "Give percentiles nearer the middle, or describe a larger group."),
    "outlier_points": ("columns of outlying points of a box plot, each the value of one person at the end of the distribution", "Draw box plots from the median and the quartiles, without points for outliers and with whiskers at percentiles that enough people lie beyond."),
    "few_samples": ("means whose standard deviation and n fit hardly any sample of whole numbers, so that the values of all are known", "Print mean and deviation with fewer decimals, or describe a larger group."),
    "one_step_a_person": ("curves with one step a person (empirical distribution, ROC, Lorenz, quantiles against quantiles): every point is the value of one person", "Give the curve at a few rounded points, each of which holds enough people."),
    "prose": ("places in the text where a smallest or largest value is told, each the value of one person", _REMEDY),
}  # fmt: skip


@check(
    id="extreme_values",
    version=1,
    rules=("suppressed_counts", "extreme_values"),
    severity=Severity.MEDIUM,
    statbarn=Statbarn.ENDPOINTS,
)
def extreme_values(subject: Subject, params: Params) -> Iterator[Finding]:
    """Smallest and largest values, percentiles too near an end, and outlying points.

    ## What it flags
    Let t be the threshold of the profile (one above its suppressed counts), n the people behind a statistic, as its row, its header (`N = 25`), a row of counts or
    the caption tells, and q the share of a percentile. Held: any minimum, maximum, range, median or percentile where n < 2 t, so that not even the median leaves t people
    on each side (`few`); percentiles other than quartiles where min(q, 1 - q) n < t (`percentile`); points of box plots given as data (`outlier_points`).
    Minima, maxima and ranges of larger groups, or where n is not told, and quartiles with fewer than t people beyond them, follow the rule `extreme_values` of
    the profile: `note` tells and lets go, `groups` holds lists of ends of three groups or more beside each other and lets others go, `review` holds (`endpoint`). So do ranges told in prose (`prose`). Columns (`min`, `p99`), rows (as `describe()` and
    `summary()` print them), cells of `median [min, max]` and whiskers are read. Curves as data are held where each step is one person (`one_step_a_person`), and means of whole
    numbers (ages, scores) whose deviation and n fit fewer samples than the threshold (`few_samples`), as where the deviation is 0 and all have the same value.

    ## Why it discloses
    The largest value of a group is one person's: the oldest patient, the highest income. Who knows the person reads the value, and who reads the value may know the person.

    ## Example flagged
    ```
    ward,n,mean age,min,max
    A,14,61.2,23,97
    B,160,58.4,19,99
    ```

    ## Example passed
    ```
    ward,n,mean age,p10,p90
    A,140,61.2,31,88
    B,160,58.4,29,87
    ```

    ## Blind spots
    Whether an end is that of a scale or of the design (all participants are 40 to 69) is known only for 0, 1 and 100, and in prose for rules of eligibility. Values
    drawn in a picture are not read. Ranges in programs, logs and settings are not looked for.

    ## Sources
    - OpenSAFELY documentation, docs/outputs/sdc.md: minimum and maximum are redacted unless broad limits of the design, 2026.
    - B. Derrick, E. Green, F. Ritchie, P. White, "The risk of disclosure when reporting commonly used univariate statistics", Privacy in Statistical Databases, 2022.
    - Handbook on Statistical Disclosure Control for Outputs, sections on percentiles, maxima and minima, 2019.
    """
    for part in subject.recognised:
        if isinstance(part.part, Table):
            yield from _table(part, part.part, params)
        elif isinstance(part.part, TextPart) and part.part.role in _PROSE:
            yield from _text(part.part, part.part.text, params)


def _table(part: Recognised, table: Table, params: Params) -> Iterator[Finding]:
    found: dict[tuple[str, Severity], dict[tuple[int, int], None]] = {}
    orders = list(order_statistics(part, table))
    held = params["extreme_values"] == "review" or (params["extreme_values"] == "groups" and ends_by_group(part, orders))
    for one in orders:
        judged = _judged(one, params, Severity.MEDIUM if held else Severity.LOW)
        if judged is not None:
            found.setdefault(judged, {})[one.row, one.column] = None
    for (rule, severity), cells in found.items():
        yield _finding(part, table, list(cells), rule, severity)
    outliers = outlier_columns(part, table)
    if outliers:
        yield _finding(part, table, _points(outliers), "outlier_points", Severity.MEDIUM, count=len(outliers))
    few = [(one.row, one.column) for one in few_samples(part, table, params["suppressed_counts"][1])]
    if few:
        yield _finding(part, table, few, "few_samples", Severity.MEDIUM)
    for steps in one_step_a_person(part, table):
        yield _finding(part, table, [(row, steps.column) for row in steps.rows], "one_step_a_person", Severity.MEDIUM, count=1)
    around = f"{table.title}\n{table.notes}".strip()
    if around:
        yield from _text(TextPart(part_id=part.part_id, text="", role=TextRole.PROSE), around, params, placed=False)


def _points(outliers: list[ColumnView]) -> list[tuple[int, int]]:
    return [
        (row, view.index) for view in outliers for row in range(min(len(view.numbers) if view.numbers is not None else view.filled, _CELLS))
    ]


def _judged(one: Order, params: Params, weighed: Severity) -> tuple[str, Severity] | None:
    """Rule and severity of one order statistic, None where it may go without a word."""
    threshold = params["suppressed_counts"][1] + 1
    told = math.isfinite(one.people)
    if told and one.people <= 0:
        return None
    if told and one.people < 2 * threshold:
        return "few", Severity.MEDIUM
    if one.end:
        return "endpoint", weighed
    if told and min(one.share, 1 - one.share) * one.people < threshold:
        return "percentile", weighed if one.share in _QUARTERS else Severity.MEDIUM
    return None


def _finding(
    part: Recognised, table: Table, cells: list[tuple[int, int]], rule: str, severity: Severity, count: int | None = None
) -> Finding:
    why, remedy = _WORDS[rule]
    labels = {view.index: view.label for view in part.columns}
    rows = sorted({row for row, _ in cells})[:_PLACES]
    columns = sorted({column for _, column in cells})[:_PLACES]
    number = len(cells) if count is None else count
    return Finding(
        check_id="extreme_values",
        rule=rule,
        severity=severity,
        statbarn=_STATBARNS.get(rule, Statbarn.ENDPOINTS),
        location=Location(
            part_id=part.part_id,
            rows=tuple(table.row_number(row) for row in rows),
            columns=tuple(labels.get(column, f"column {column + 1}") for column in columns),
            shape=(part.rows or table.sample_rows, part.n_columns or len(table.columns)),
            cells=tuple(cells[:_CELLS]),
        ),
        count=number,
        message=f"{number:,} {why}",
        remedy=remedy,
        labels=tuple(part.row_labels[row] for row in rows) if rows and rows[-1] < len(part.row_labels) else (),
    )


def _text(part: TextPart, text: str, params: Params, *, placed: bool = True) -> Iterator[Finding]:
    """Ranges in sentences; those of few people are held whatever the profile says of ends."""
    threshold = params["suppressed_counts"][1] + 1
    told = ranges_in_text(text)
    few = [line for line, people in told if people < 2 * threshold]
    others = [line for line, people in told if not people < 2 * threshold]
    weighed = Severity.MEDIUM if params["extreme_values"] == "review" else Severity.LOW
    for lines, severity in ((few, Severity.MEDIUM), (others, weighed)):
        if lines:
            why, remedy = _WORDS["prose"]
            yield Finding(
                check_id="extreme_values",
                rule="prose",
                severity=severity,
                statbarn=Statbarn.ENDPOINTS,
                location=Location(
                    part_id=part.part_id,
                    rows=tuple(part.first_line + line for line in lines[:_PLACES]) if placed else (),
                    lines=(part.first_line + lines[0], part.first_line + lines[-1]) if placed else None,
                ),
                count=len(lines),
                message=f"{len(lines):,} {why}",
                remedy=remedy,
                evidence=(Redacted(shape="smallest and largest value", count=len(lines)),),
            )
