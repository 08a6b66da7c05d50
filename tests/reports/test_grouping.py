"""The order in which findings are taken in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sdc_airlock.model.decision import Outcome
from sdc_airlock.model.finding import Finding, Severity
from sdc_airlock.reports import RequestResult
from sdc_airlock.reports.grouping import gravest_first, grouped, look_first

Results = Callable[..., RequestResult]
Findings = Callable[..., Finding]


def test_like_findings_share_a_group(make_finding: Findings) -> None:
    """Findings of one check, rule, severity and remedy are one group, and the largest speaks for it."""
    small, large = make_finding(count=1), make_finding(count=5)
    other = make_finding(rule="implied")
    groups = grouped([small, large, other])
    assert [(group.first, group.places) for group in groups] == [(large, 6), (other, 1)]


def test_the_gravest_group_stands_first(make_finding: Findings) -> None:
    """Severity counts before the number of places."""
    grave = make_finding(severity=Severity.CRITICAL)
    many = make_finding(severity=Severity.MEDIUM, count=900)
    assert [group.first for group in grouped([many, grave])] == [grave, many]


def test_what_to_look_at_first(make_result: Results, case: Any, make_finding: Findings) -> None:
    """Grave findings of sure decisions come first, one group a check and output; mere notes are left out."""
    result = make_result(
        case("a.csv", Outcome.REVIEW, findings=(make_finding(),), confidence=0.6),
        case("b.csv", Outcome.REVIEW, findings=(make_finding(), make_finding(rule="implied")), confidence=0.9),
        case("c.csv", Outcome.REJECT, findings=(make_finding("genotypes", severity=Severity.CRITICAL),)),
        case("d.csv", Outcome.RELEASE, findings=(make_finding(severity=Severity.LOW),)),
    )
    assert [number for number, _ in look_first(result)] == [2, 1, 0]
    assert [number for number, _ in look_first(result, most=1)] == [2]


def test_outputs_are_ordered_by_outcome_and_path(make_result: Results, case: Any, make_finding: Findings) -> None:
    """Rejected, then to be reviewed with the gravest finding first, then released, each by path."""
    result = make_result(
        case("z.csv"),
        case("y.csv", Outcome.REVIEW),
        case("x.csv", Outcome.REVIEW, findings=(make_finding(),)),
        case("w.csv", Outcome.REJECT),
        case("a.csv"),
    )
    assert [item.path for _, item, _ in gravest_first(result)] == ["w.csv", "x.csv", "y.csv", "a.csv", "z.csv"]
