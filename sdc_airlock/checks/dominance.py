"""Dominance: one or two contributors make up nearly all of a total, so that the total tells their values."""

from __future__ import annotations

from collections.abc import Iterator

from sdc_airlock.checks import Params, Subject, check
from sdc_airlock.checks._contributors import Told, contributors
from sdc_airlock.model.content import Table
from sdc_airlock.model.finding import DisclosureKind, Finding, Location, Severity, Statbarn
from sdc_airlock.model.recognised import Recognised
from sdc_airlock.stats.dominance import dominated, too_near

_PLACES = 50
_CELLS = 300
_REMEDY = "Suppress the total and what tells of its largest contributors (maximum, top n, concentration), with one more cell of its row and of its column, or merge the group with another."
_WORDS = {
    "nk": "the largest contributors make up more of it than the profile allows, so that the total is nearly theirs",
    "p_percent": "all but the two largest contributors together are so small beside the largest that the second can work it out nearly",
}


@check(
    id="dominance",
    version=1,
    rules=("dominance_nk", "dominance_p", "dominance_q"),
    severity=Severity.MEDIUM,
    statbarn=Statbarn.LINEAR_AGGREGATIONS,
)
def dominance(subject: Subject, params: Params) -> Iterator[Finding]:
    """Totals and means that one or two contributors make up, as far as the output itself shows it.

    ## What it flags
    Totals X (or means with their n) of which the published figures show that a rule of the profile fails: `nk`, where the n largest contributors have more than the
    share k; `p_percent`, where X - x1 - x2 < (p/q) x1, with q = 1 the p % rule, with q below 1 the (p, q) rule. What is published may be a maximum, a second largest
    value, sums or shares of the top n, concentration ratios (`CR4`), a Herfindahl index H (the largest share lies in [H, sqrt H]) or a Gini coefficient G with n (the
    largest share is at least 1/(n (1 - G))). Only what surely fails is flagged. Negative values count with their size.

    ## Why it discloses
    Where one firm or person makes up nearly all of a total, the total is that one's value; the second largest can take off its own and know the largest nearly.

    ## Example flagged
    ```
    industry,n,total,largest
    mining,14,1200,1150
    retail,310,9800,410
    ```

    ## Example passed
    ```
    industry,n,total,largest
    mining,14,1200,260
    retail,310,9800,410
    ```

    ## Blind spots
    Without microdata, a total printed alone cannot be judged: nothing tells of its contributors. Maxima and totals of different measures in one row, under names that
    do not say so, may be held against each other. Weights are not known.

    ## Sources
    - ACRO at fe729ae, acro/default.yaml: safe_nk_n 2, safe_nk_k 0.90, safe_pratio_p 0.10, 2026.
    - ABS DataLab output clearance: (1, 50) and (2, 67) on absolute values, 2021.
    - ESSNet Handbook on Statistical Disclosure Control v1.2, section 4.2: (n, k), p % and (p, q), 2010.
    """
    for part in subject.recognised:
        if isinstance(part.part, Table):
            yield from _table(part, part.part, params)


def _table(part: Recognised, table: Table, params: Params) -> Iterator[Finding]:
    told = list(contributors(part, table))
    by_rule = {
        "nk": [one for one in told if any(dominated(one.shares, number, share) for number, share in params["dominance_nk"])],
        "p_percent": [one for one in told if too_near(one.shares, params["dominance_p"], params["dominance_q"])],
    }
    for rule, found in by_rule.items():
        if found:
            yield _finding(part, table, found, rule)


def _finding(part: Recognised, table: Table, found: list[Told], rule: str) -> Finding:
    labels = {view.index: view.label for view in part.columns}
    rows = sorted({one.row for one in found})[:_PLACES]
    columns = sorted({one.column for one in found})[:_PLACES]
    return Finding(
        check_id="dominance",
        rule=rule,
        severity=Severity.MEDIUM,
        kind=DisclosureKind.SECONDARY,
        statbarn=Statbarn.LINEAR_AGGREGATIONS,
        location=Location(
            part_id=part.part_id,
            rows=tuple(table.row_number(row) for row in rows),
            columns=tuple(labels.get(column, f"column {column + 1}") for column in columns),
            shape=(part.rows or table.sample_rows, part.n_columns or len(table.columns)),
            cells=tuple((one.row, one.column) for one in found[:_CELLS]),
        ),
        count=len(found),
        message=f"{len(found):,} total{'' if len(found) == 1 else 's'}: {_WORDS[rule]}",
        remedy=_REMEDY,
        labels=tuple(part.row_labels[row] for row in rows) if rows and rows[-1] < len(part.row_labels) else (),
    )
